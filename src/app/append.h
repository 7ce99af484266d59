/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_append (trust.md J27, J28, J31, P8): the only writer of facts. Checks right, party, kind, body, what is corrected; gives
 * recorded_at; keeps private words apart; appends in batches, each one transaction.
 */
#ifndef APP_APPEND_H
#define APP_APPEND_H

#include "app/workspace.h"
#include "base/json.h"
#include "facts/import.h"

enum { BATCH_FACTS = 1000, BATCH_BYTES = 4 << 20 };

enum append_fate {
	APPENDED,
	APPEND_AGAIN,    /* the same id and content was there: nothing changes */
	APPEND_CONFLICT, /* the same id with other content: not taken */
	APPEND_REFUSED,  /* may not be reported so: `why` */
};

struct appended {
	enum append_fate fate;
	struct uuid id;
	int64_t index; /* APPENDED, APPEND_AGAIN */
	bool masked;   /* a payment card number in free words was masked (S25) */
	bool pending;  /* waits for a second person (J31) */
	struct text why;
};

struct append_options {
	struct text
		person; /* whom free words are about (label of a subject); empty: a subject of the fact's own subject (its ticket) */
	bool one_transaction; /* all or nothing: RC_INVALID at the first that is not taken */
	bool untimed; /* who reports told no time: what was recorded under the same id meanwhile happened when that says */
	void (*progress)(void *context, size_t done, size_t all);
	void *progress_context;
	/* Called after each committed batch, with the number of facts that are durable now. NULL: nobody waits. */
	void (*committed)(void *context, size_t done);
	/*
	 * Asked of each fact, RC_INVALID refuses it in those words: what only the contract can say (money_rules.h). Called from
	 * another thread, too, so it changes nothing. NULL: nobody is asked.
	 */
	enum rc (*fits)(void *context, const struct facts *set, const struct fact *f,
			struct err *err);
	void *fits_context;
};

struct append_count {
	size_t appended, again, conflicts, refused, pending;
};

/*
 * Facts [from, to) of the set into the log, in order. The set's ids: a UUID of version 7 stands; any other is turned into the derived
 * UUID of (source name, id) at its occurred_at (S19), and kept as `ref`. Ids of other facts (corrects, fact, events) are turned the
 * same way: of this set, else found in the log. results: one a fact, or NULL. Begins and commits by itself; the audit entry goes into
 * the first batch, under the name of `object`.
 */
enum rc append_facts(struct workspace *ws, struct log_head *log, const struct facts *set,
		     size_t from, size_t to, const struct append_options *options,
		     struct text object, struct appended *results, struct append_count *count,
		     struct err *err) MUST_USE;

/* An entry that Tenor itself writes (kinds of the record), in the transaction under way. body: canonical JSON. slots may be NULL. */
struct own_slot {
	const char *name;
	struct text private_bytes; /* canonical JSON, or a file as it is */
	char subject[19];
	unsigned char salt[SALT_BYTES];
	bool salt_given;
};

enum rc append_own(struct workspace *ws, struct log_head *log, enum fact_kind kind,
		   struct text body, const struct uuid *id, instant occurred_at,
		   const struct own_slot *slots, size_t n_slots, int64_t *index,
		   struct err *err) MUST_USE;

/*
 * The same of many entries of a log, whose head is moved once, in the end: begin, any number of entries, end, which is given what became
 * of them. The log given is the stored one, read in this transaction, and stays where it is; it is moved by end alone. After any failure
 * the transaction must be rolled back.
 */
struct own_run {
	struct workspace *ws;
	struct record_appender to;
	struct canon_scratch *scratch;
	struct text
		version; /* hash of the newest version agreed (J5); empty: not looked for yet. Who knows it may set it after begin */
	struct buf bytes; /* of the entry at hand */
	size_t n;         /* entries so far */
};
void own_run_begin(struct own_run *r, struct workspace *ws, struct log_head *log);
/* *index may be NULL. */
enum rc own_run_add(struct own_run *r, enum fact_kind kind, struct text body, const struct uuid *id,
		    instant occurred_at, const struct own_slot *slots, size_t n_slots,
		    int64_t *index, struct err *err) MUST_USE;
enum rc own_run_end(struct own_run *r, enum rc rc, struct err *err) MUST_USE;

/*
 * The same where the body is written member by member, in the order of their names: own_note_begin, the members, own_note_append, which gives it
 * a new id and the time of this turn and lets go of the body. RC_LIMIT beyond OWN_NOTE_BYTES.
 */
enum { OWN_NOTE_BYTES = 64 << 10 };
struct own_note {
	struct buf body;
	struct json j;
};
struct json *own_note_begin(struct own_note *n);
enum rc own_note_append(struct workspace *ws, struct log_head *log, enum fact_kind kind,
			struct own_note *n, struct err *err) MUST_USE;
/* The same in a run of many. */
enum rc own_note_add(struct own_run *r, enum fact_kind kind, struct own_note *n,
		     struct err *err) MUST_USE;
/* A fresh id. */
struct uuid workspace_uuid(struct workspace *ws);
/* A fresh opaque id, "u_..." by its prefix, in the workspace's arena. */
struct text workspace_opaque_id(struct workspace *ws, char prefix);

#endif
