/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people at the desk keep that is no fact: named lists, a running timer, texts to answer with; and the index of the internal log by
 * ticket. What changes something is called in a transaction.
 */
#ifndef STORE_RECORD_DESK_H
#define STORE_RECORD_DESK_H

#include "store/record.h"

struct stored_view {
	struct text name, query; /* query: of the page, "state=open&late=true" */
};
enum rc record_views(struct store *s, struct arena *a, struct text person, struct stored_view **out,
		     size_t *n, struct err *err) MUST_USE;
enum rc record_view_put(struct store *s, struct text person, const struct stored_view *v,
			struct err *err) MUST_USE;
/* *there: it was. Here and in record_reply_drop. */
enum rc record_view_drop(struct store *s, struct text person, struct text name, bool *there,
			 struct err *err) MUST_USE;

struct stored_timer {
	struct text contract, ticket;
	instant started_at;
};
/* RC_MISSING without words: none runs. */
enum rc record_timer(struct store *s, struct arena *a, struct text person, struct stored_timer *out,
		     struct err *err) MUST_USE;
/* *started false: another runs, and nothing changed. */
enum rc record_timer_start(struct store *s, struct text person, const struct stored_timer *t,
			   bool *started, struct err *err) MUST_USE;
/* *there false: none ran; somebody else stopped it. */
enum rc record_timer_stop(struct store *s, struct text person, bool *there,
			  struct err *err) MUST_USE;

struct stored_reply {
	struct text name, words;
};
/*
 * Texts to answer with. Templates for tickets (app/act_template.c) lie in the same table: their names begin with a character that no name
 * of a text may have. record_replies leaves them out, record_templates gives them alone, under their own names.
 */
enum rc record_templates(struct store *s, struct arena *a, struct stored_reply **out, size_t *n,
			 struct err *err) MUST_USE;
enum rc record_template_put(struct store *s, struct arena *a, const struct stored_reply *r,
			    struct err *err) MUST_USE;
enum rc record_template_drop(struct store *s, struct arena *a, struct text name, bool *there,
			     struct err *err) MUST_USE;
enum rc record_replies(struct store *s, struct arena *a, struct stored_reply **out, size_t *n,
		       struct err *err) MUST_USE;
enum rc record_reply_put(struct store *s, const struct stored_reply *r, struct err *err) MUST_USE;
enum rc record_reply_drop(struct store *s, struct text name, bool *there, struct err *err) MUST_USE;

/* Derived from the internal log (trust.md J1): which of its entries is about which ticket. */
struct stored_note {
	struct text contract, ticket;
	int64_t index;     /* of the entry in the internal log */
	struct text queue; /* where the ticket was put by it; empty: it is a note */
};
enum rc record_note_add(struct store *s, const struct stored_note *n, struct err *err) MUST_USE;
/* Those of a ticket; of a contract (ticket empty) those that name a queue; of all (both empty). By index. */
enum rc record_notes(struct store *s, struct arena *a, struct text contract, struct text ticket,
		     struct stored_note **out, size_t *n, struct err *err) MUST_USE;

/* A person's lists and timer. */
enum rc record_desk_forget(struct store *s, struct text person, struct err *err) MUST_USE;

#endif
