/* SPDX-License-Identifier: Apache-2.0 */
/* What append.c and append_batch.c share: a call of append_facts under way. */
#ifndef APP_APPEND_PARTS_H
#define APP_APPEND_PARTS_H

#include "app/append.h"
#include "app/own.h"
#include "journal/tile.h"

/* A body may become far larger than an entry before its size is judged: a line of JSON may have 4 MiB. */
enum { BODY_ROOM = 16 << 20 };

struct ahead; /* append_ahead.h */

struct appending {
	struct workspace *ws;
	struct log_head *log;
	const struct facts *set;
	size_t from, to;
	const struct append_options *options;
	struct text object;
	struct appended *results; /* by fact */
	bool *begun;              /* by fact: it is this one's turn, or was */
	bool *judged;             /* by fact: its result stands */
	size_t *chain;     /* room for all: facts that wait, each for the next; NULL: none did */
	struct uuid *ids;  /* of the facts [from, to) */
	struct text *refs; /* their names in their source, where those are no UUIDs */
	symbol *known;     /* by symbol: the UUID's symbol of a name found in the log */
	bool *wanted;
	size_t n_known;
	bool names_facts;       /* some fact does */
	bool health_agreed;     /* asked where some fact has health data (app/health.h) */
	struct own_tickets own; /* of a requester; else not limited */
	bool ids_ahead; /* only the first batch has ids; those of a run come with its entries */
	struct fact_value values[FACT_VALUES_MAX];
	struct buf bytes, body;
	struct text version; /* hash of the newest version agreed (J5) */
	struct ahead *
		ahead; /* of calls of several batches; while it is there nothing is added to the symbols of the set */
};

/* Gives ids to facts [from, from + n); those that bring none have theirs already. */
void append_ids(struct appending *x, size_t from, size_t n);
/* Right, words, names, correction: *good false and out->why tells, or true. */
enum rc append_judge(struct appending *x, size_t i, struct fact *resolved, struct appended *out,
		     bool *good, struct err *err) MUST_USE;
/* It may be reported, and names no other fact and brings no words: neither store nor arena is needed to print it. */
bool append_is_plain(const struct appending *x, size_t i);
/* The symbol of the UUID that a name of a fact stands for; 0: not known here. */
symbol append_named(struct appending *x, symbol name);
/* Does fact i name another of this call whose turn has not come? Then *which. */
bool append_waits(const struct appending *x, size_t i, size_t *which);
/* R19: *refused tells why this side may not settle it so; NULL: it may. uuid: symbol of the contested fact's id. */
enum rc append_settlement(struct appending *x, symbol uuid, struct text outcome,
			  const char **refused, struct err *err) MUST_USE;
/*
 * P3, own objects only. Of a fact's own ticket: RC_INVALID, with code "right" where it is not about tickets at all. Of the fact that another
 * names: *own tells. x->own must be set; nothing is changed.
 */
enum rc append_own_ticket(const struct appending *x, const struct fact *f, enum permission right,
			  struct err *err) MUST_USE;
bool append_own_target(const struct appending *x, const struct entry *e,
		       const struct canon_doc *doc, enum permission right);
/* A source that the other party was the first to read here is not ours: RC_INVALID, code "source.other_party". */
enum rc append_sources(struct appending *x, struct err *err) MUST_USE;
/* One transaction, from fact *at on; moves *at. */
enum rc append_batch(struct appending *x, size_t *at, struct append_count *count,
		     struct err *err) MUST_USE;
/* The newest version agreed by both when this is recorded; empty before the first. */
enum rc newest_version(struct workspace *ws, const struct log_head *log, struct text *out,
		       struct err *err) MUST_USE;
/* A copy of a fact of one set in another, symbols and all. */
struct fact *fact_into(struct facts *to, const struct facts *from, const struct fact *f);

#endif
