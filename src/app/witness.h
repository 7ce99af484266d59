/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A witness's own things on its own machine (trust.md J17, J18): its key, and the last checkpoint it has seen of each log. Nothing here
 * knows a workspace: a witness does not trust the disk of whoever hosts one.
 */
#ifndef APP_WITNESS_H
#define APP_WITNESS_H

#include "app/app.h"
#include "base/uuid.h"
#include "journal/note.h"

struct witness_key {
	struct vkey key;
	unsigned char seed[ED25519_SEED]; /* wiped by witness_key_clear */
};

/* "tenor-cosign/1 <name> <64 hex digits>", mode 0600. witness_key_make refuses to write over a file. */
enum rc witness_key_make(struct app *app, struct text name, struct text path,
			 struct witness_key *out, struct err *err) MUST_USE;
enum rc witness_key_read(struct app *app, struct text path, struct witness_key *out,
			 struct err *err) MUST_USE;
void witness_key_clear(struct witness_key *k);

struct witness_state {
	struct text path;
	bool there;
	struct text note; /* as it was when it was cosigned */
	struct checkpoint checkpoint;
};

/* What is looked at now: a checkpoint that the log has signed, and its note. */
struct witness_now {
	struct text note;
	struct checkpoint checkpoint;
	struct uuid log;
};

/* path empty: cosign/<uuid of the log> in the folder of settings. RC_INVALID: no checkpoint, or one of another log. */
enum rc witness_state_read(struct app *app, struct text path, const struct witness_now *now,
			   struct witness_state *out, struct err *err) MUST_USE;
/* Durable when it returns. */
enum rc witness_state_write(struct app *app, const struct witness_state *state, struct text note,
			    struct err *err) MUST_USE;

enum witness_finding {
	WITNESS_FIRST,       /* nothing was seen of this log before */
	WITNESS_SAME,        /* the very checkpoint */
	WITNESS_GREW,        /* begins with what was seen */
	WITNESS_ROLLED_BACK, /* smaller than what was seen */
	WITNESS_FORKED,      /* another history: J18 */
};

/* leaves: all of them, found to give the root of now. proof: of consistency, as these leaves give it. */
enum rc witness_compare(struct hasher *h, const struct witness_state *state,
			const struct witness_now *now, const struct leaf_source *leaves,
			enum witness_finding *out, struct proof *proof, struct err *err) MUST_USE;
/* fork-evidence/ beside the state: both notes and the proof that fails. *folder: where. */
enum rc witness_evidence(struct app *app, const struct witness_state *state,
			 const struct witness_now *now, const struct proof *proof,
			 struct text *folder, struct err *err) MUST_USE;

#endif
