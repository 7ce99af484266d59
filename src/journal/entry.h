/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An entry of a log (trust.md J5): its members, how they become canonical bytes, and how stored bytes are read back and judged.
 * The body's fields belong to facts/body.h; slots of private text are named here and kept elsewhere (J22).
 */
#ifndef JOURNAL_ENTRY_H
#define JOURNAL_ENTRY_H

#include "base/canon.h"
#include "base/uuid.h"
#include "facts/body.h"
#include "journal/merkle.h"
#include "time/instant.h"

enum { ACTOR_CHARS = 18, SUBJECT_CHARS = 18, SLOTS_MAX = 24, SLOT_NAME_MAX = 48 };

/* A slot of private bytes: what the leaf says of it. */
struct slot {
	struct text name;    /* [a-z][a-z0-9_]{0,47} */
	struct hash commit;  /* SHA-256(16 salt bytes || private bytes) */
	struct text subject; /* s_ and 16 characters of 0-9a-z without i l o u */
};

struct entry {
	struct uuid log, id;
	instant occurred_at, recorded_at;
	bool client;       /* party: client; else provider */
	struct text actor; /* u_, t_ or x_ and 16 characters */
	enum fact_kind kind;
	struct text body;     /* canonical JSON of the kind's fields (facts/body.h) */
	struct text contract; /* 64 hex digits, or empty before the first version */
	bool corrected;
	struct uuid corrects;
	struct slot slots[SLOTS_MAX]; /* by name */
	size_t n_slots;
};

/* "u_4m2q9r7x1c8v3k6t": a prefix of `u t x s` and 16 characters. */
bool opaque_id_ok(struct text t, char prefix);
/* From 10 random bytes. */
void opaque_id_make(char prefix, const unsigned char random[10], char out[ACTOR_CHARS + 1]);

/*
 * Appends the canonical bytes. RC_LIMIT beyond 65,535 bytes: "entry is N bytes; the limit is 65535". The rest is asserted: what the
 * user gave was checked before (facts/body.h).
 */
enum rc entry_print(const struct entry *e, struct buf *out, struct err *err) MUST_USE;

/*
 * Reads stored bytes. RC_INVALID, naming what is wrong, for anything that is not exactly what entry_print would have written: not
 * canonical, another member, missing member, v not 1, a kind or field that facts.def does not name, an instant that is not of 24
 * characters, ... Views into bytes, or into the arena where escapes had to be undone. *out is changed also where it fails; of its
 * slots only n_slots are set.
 */
enum rc entry_parse(struct arena *a, struct canon_scratch *scratch, struct text bytes,
		    struct entry *out, struct canon_doc *doc, struct err *err) MUST_USE;

/*
 * J28: the same reporter's members (id, kind, occurred_at, body, corrects) and party? Slots are compared by the caller, who has the
 * salts.
 */
bool entry_same_report(const struct entry *x, const struct entry *y);

/* J22: SHA-256(salt || private bytes). */
struct hash slot_commit(const unsigned char salt[16], struct text private_bytes);

#endif
