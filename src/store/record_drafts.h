/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drafts of terms at rest: who writes one, what it amends, and each saved text, sealed. Who may see it is decided in app/. What changes
 * something is called in a transaction.
 */
#ifndef STORE_RECORD_DRAFTS_H
#define STORE_RECORD_DRAFTS_H

#include "store/record.h"

struct stored_draft {
	struct text id;
	bool client;                     /* the party of its author */
	struct text client_id, contract; /* contract empty: it amends none */
	struct text base;                /* the version that it changes, by hash; empty: none */
	struct text subject;             /* whose key seals its texts */
	int64_t revision;                /* of the last text, from 1 */
	struct text author;              /* of the last text */
	instant made_at, changed_at;
};

/* RC_MISSING without err text where there is none, here and below. */
enum rc record_draft(struct store *s, struct arena *a, struct text id, struct stored_draft *out,
		     struct err *err) MUST_USE;
/* All there are, the last changed first. */
enum rc record_drafts(struct store *s, struct arena *a, struct stored_draft **out, size_t *n,
		      struct err *err) MUST_USE;
enum rc record_draft_add(struct store *s, const struct stored_draft *d, struct err *err) MUST_USE;
/* On to revision + 1, if it stands at `revision`; *moved false: it does not. */
enum rc record_draft_move(struct store *s, const struct stored_draft *d, int64_t revision,
			  bool *moved, struct err *err) MUST_USE;
/* The draft and all its texts. */
enum rc record_draft_drop(struct store *s, struct text id, struct err *err) MUST_USE;

struct stored_draft_text {
	struct text draft;
	int64_t revision;
	struct text author;
	instant saved_at;
	struct text nonce, cipher; /* of keys_seal */
};
enum rc record_draft_text(struct store *s, struct arena *a, struct text draft, int64_t revision,
			  struct stored_draft_text *out, struct err *err) MUST_USE;
enum rc record_draft_text_add(struct store *s, const struct stored_draft_text *t,
			      struct err *err) MUST_USE;
/* Forgets the texts of revisions up to that one. */
enum rc record_draft_texts_over(struct store *s, struct text draft, int64_t revision,
				struct err *err) MUST_USE;

#endif
