/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drafts of terms (contract-language.md, states 1 and 2): text that people of one party write and the other never sees. Not facts: nothing
 * of a draft enters a record. Each save is a revision; who saves says which one was read, and where another was saved meanwhile nothing is
 * written.
 */
#ifndef APP_DRAFTS_H
#define APP_DRAFTS_H

#include "app/workspace.h"
#include "store/record_drafts.h"
#include "terms/tree.h"

/* Texts that are kept of a draft: the last so many. */
enum { DRAFT_TEXT_MAX_BYTES = (1 << 20) - 64, DRAFT_REVISIONS_KEPT = 50 };

/* A draft of the actor's own party; of anybody else's it is as if there were none (P5). RC_MISSING. */
enum rc draft_find(struct workspace *ws, struct text id, struct stored_draft *out,
		   struct err *err) MUST_USE;
/* All drafts of the actor's own party, the last changed first. */
enum rc draft_list(struct workspace *ws, struct stored_draft **out, size_t *n,
		   struct err *err) MUST_USE;

struct draft_saved {
	int64_t revision;
	struct text text, author; /* author: handle */
	instant at;
};
/* A text of it as it was saved. RC_MISSING: older than those that are kept, or not there yet. */
enum rc draft_text(struct workspace *ws, const struct stored_draft *d, int64_t revision,
		   struct draft_saved *out, struct err *err) MUST_USE;

/* RC_LIMIT, RC_INVALID: too long, empty, not UTF-8. */
enum rc draft_text_ok(struct text t, struct err *err) MUST_USE;

/*
 * These two write, each in a transaction of its own, with an entry in the install log that names the draft and nothing of it. keep: d->id,
 * subject, revision, author and times are set here; once, an id of version 7 or NULL: the same text for the same contract that the same
 * person began under it is that draft, as it stands, and nothing is written. save: RC_INVALID with code "version_changed" where *d no longer stands at `read`.
 */
enum rc draft_keep(struct workspace *ws, struct stored_draft *d, struct text text,
		   const struct uuid *once, struct err *err) MUST_USE;
enum rc draft_save(struct workspace *ws, struct stored_draft *d, int64_t read, struct text text,
		   struct err *err) MUST_USE;
/* Its texts go for good: the key that sealed them is destroyed. */
enum rc draft_drop(struct workspace *ws, const struct stored_draft *d, struct err *err) MUST_USE;

/* Handle of a person, for answers. */
enum rc draft_person(struct workspace *ws, struct text id, struct text *out,
		     struct err *err) MUST_USE;

/* The head of its contract: what it changes. RC_MISSING: it changes none. In the workspace's arena. */
struct recalled_version;
enum rc draft_head(struct workspace *ws, const struct stored_draft *d, struct log_head *log,
		   const struct recalled_version **out, size_t *number, struct err *err) MUST_USE;

#endif
