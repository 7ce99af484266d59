/* SPDX-License-Identifier: Apache-2.0 */
#include "store/record_tickets.h"

#include "store/record_parts.h"

enum rc record_tickets_size(struct store *s, struct arena *a, int64_t log,
			    struct stored_tickets *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_TICKET_SIZE, &BIND_I(log), 1, &c, &row, err);

	if (rc != RC_OK)
		return rc;
	*out = (struct stored_tickets){0, {NULL, 0}};
	if (row)
		*out = (struct stored_tickets){cursor_int(&c, 0), cursor_copy(&c, 1, a)};
	cursor_close(&c);
	return RC_OK;
}

enum rc record_tickets_size_put(struct store *s, int64_t log, const struct stored_tickets *t,
				struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_I(t->size), BIND_B(t->rest)};

	return store_run(s, SQL_TICKET_SIZE_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_tickets_size_drop(struct store *s, int64_t log, struct err *err)
{
	return store_run(s, SQL_TICKET_SIZE_DROP, &BIND_I(log), 1, NULL, err);
}

enum rc record_tickets_drop(struct store *s, int64_t log, struct err *err)
{
	enum rc rc = record_tickets_size_drop(s, log, err);

	if (rc == RC_OK)
		rc = record_pasts_drop(s, log, err);
	if (rc == RC_OK)
		rc = store_run(s, SQL_TICKET_COUNTS_DROP, &BIND_I(log), 1, NULL, err);
	return rc == RC_OK ? store_run(s, SQL_TICKETS_DROP, &BIND_I(log), 1, NULL, err) : rc;
}

enum rc record_ticket_put(struct store *s, int64_t log, const struct stored_ticket *t,
			  struct err *err)
{
	const struct bind binds[] = {BIND_I(log),        BIND_T(t->ticket),     BIND_B(t->entries),
				     BIND_I(t->live),    BIND_I(t->missed),     BIND_I(t->logged),
				     BIND_I(t->state),   BIND_I(t->rank),       BIND_T(t->priority),
				     BIND_T(t->service), BIND_T(t->technician), BIND_T(t->opener)};

	return store_run(s, SQL_TICKET_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

static struct stored_ticket read_row(const struct cursor *c, struct arena *a)
{
	return (struct stored_ticket){.ticket = cursor_copy(c, 0, a),
				      .entries = cursor_copy(c, 1, a),
				      .live = cursor_int(c, 2) != 0,
				      .missed = cursor_int(c, 3) != 0,
				      .logged = cursor_int(c, 4),
				      .state = cursor_int(c, 5),
				      .rank = cursor_int(c, 6),
				      .priority = cursor_copy(c, 7, a),
				      .service = cursor_copy(c, 8, a),
				      .technician = cursor_copy(c, 9, a),
				      .opener = cursor_copy(c, 10, a)};
}

enum rc record_ticket(struct store *s, struct arena *a, int64_t log, struct text ticket,
		      struct stored_ticket *out, struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_T(ticket)};
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_TICKET_ROW, binds, ARRAY_SIZE(binds), &c, &row, err);

	if (rc == RC_OK && row)
		*out = read_row(&c, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

static enum rc rows(struct store *s, struct arena *a, enum statement q, const struct bind *binds,
		    size_t n_binds, struct stored_ticket **out, size_t *n, struct err *err)
{
	struct stored_ticket *v = NULL;
	struct rows r = rows_of(s, a, q, binds, n_binds, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = read_row(&r.c, a);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_tickets(struct store *s, struct arena *a, int64_t log, bool live_only,
		       struct stored_ticket **out, size_t *n, struct err *err)
{
	return rows(s, a, live_only ? SQL_TICKETS_LIVE : SQL_TICKETS, &BIND_I(log), 1, out, n, err);
}

/* What each question about tickets that are over begins with. */
#define SOUGHT(log, w)                                                                             \
	BIND_I(log), BIND_I((w)->logged_from), BIND_I((w)->logged_by), BIND_I((w)->state),         \
		BIND_I((w)->state_to), BIND_T((w)->priority), BIND_T((w)->service),                \
		BIND_T((w)->technician), BIND_T((w)->technician_too), BIND_T((w)->opener),         \
		BIND_I((w)->missed)

enum rc record_tickets_page(struct store *s, struct arena *a, int64_t log,
			    const struct tickets_sought *which, enum tickets_order order,
			    const struct tickets_after *after, int64_t most,
			    struct stored_ticket **out, size_t *n, struct err *err)
{
	const struct bind by_logged[] = {SOUGHT(log, which), BIND_I(after->logged),
					 BIND_T(after->ticket), BIND_I(most)};
	const struct bind by_rank[] = {SOUGHT(log, which), BIND_I(after->rank),
				       BIND_I(after->logged), BIND_T(after->ticket), BIND_I(most)};
	const struct bind by_id[] = {SOUGHT(log, which), BIND_T(after->ticket), BIND_I(most)};
	bool own = which->opener.n > 0;

	if (order == TICKETS_BY_RANK)
		return rows(s, a, own ? SQL_TICKETS_BY_RANK_OF : SQL_TICKETS_BY_RANK, by_rank,
			    ARRAY_SIZE(by_rank), out, n, err);
	if (order == TICKETS_BY_ID)
		return rows(s, a, own ? SQL_TICKETS_BY_ID_OF : SQL_TICKETS_BY_ID, by_id,
			    ARRAY_SIZE(by_id), out, n, err);
	return rows(s, a, own ? SQL_TICKETS_BY_LOGGED_OF : SQL_TICKETS_BY_LOGGED, by_logged,
		    ARRAY_SIZE(by_logged), out, n, err);
}

/* The number that a question answers; 0 where it gives no row. */
static enum rc one_number(struct store *s, enum statement q, const struct bind *binds,
			  size_t n_binds, int64_t *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, q, binds, n_binds, &c, &row, err);

	if (rc != RC_OK)
		return rc;
	*out = row ? cursor_int(&c, 0) : 0;
	cursor_close(&c);
	return RC_OK;
}

enum rc record_tickets_count(struct store *s, int64_t log, const struct tickets_sought *which,
			     int64_t *out, struct err *err)
{
	const struct bind binds[] = {SOUGHT(log, which)};

	return one_number(s, which->opener.n > 0 ? SQL_TICKETS_COUNT_OF : SQL_TICKETS_COUNT, binds,
			  ARRAY_SIZE(binds), out, err);
}

/* --- how many are over --- */

#define COUNTED(log, c)                                                                            \
	BIND_I(log), BIND_I((c)->block), BIND_I((c)->rank), BIND_I((c)->state),                    \
		BIND_I((c)->missed), BIND_T((c)->priority), BIND_T((c)->service),                  \
		BIND_T((c)->technician)

enum rc record_ticket_counts(struct store *s, struct arena *a, int64_t log,
			     struct stored_count **out, size_t *n, struct err *err)
{
	struct stored_count *v = NULL;
	struct rows r = rows_of(s, a, SQL_TICKET_COUNTS, &BIND_I(log), 1, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct stored_count){.block = cursor_int(&r.c, 0),
						 .rank = cursor_int(&r.c, 1),
						 .state = cursor_int(&r.c, 2),
						 .missed = cursor_int(&r.c, 3) != 0,
						 .priority = cursor_copy(&r.c, 4, a),
						 .service = cursor_copy(&r.c, 5, a),
						 .technician = cursor_copy(&r.c, 6, a),
						 .n = cursor_int(&r.c, 7)};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_ticket_count(struct store *s, int64_t log, struct stored_count *c, struct err *err)
{
	const struct bind binds[] = {COUNTED(log, c)};

	return one_number(s, SQL_TICKET_COUNT, binds, ARRAY_SIZE(binds), &c->n, err);
}

enum rc record_ticket_count_put(struct store *s, int64_t log, const struct stored_count *c,
				struct err *err)
{
	const struct bind binds[] = {COUNTED(log, c), BIND_I(c->n)};

	return c->n == 0 ? store_run(s, SQL_TICKET_COUNT_DROP, binds, ARRAY_SIZE(binds) - 1, NULL,
				     err)
			 : store_run(s, SQL_TICKET_COUNT_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_ticket_blocks(struct store *s, struct arena *a, int64_t log,
			     const struct tickets_sought *w, struct stored_block **out, size_t *n,
			     struct err *err)
{
	const struct bind binds[] = {BIND_I(log),
				     BIND_I(w->state),
				     BIND_I(w->state_to),
				     BIND_T(w->priority),
				     BIND_T(w->service),
				     BIND_T(w->technician),
				     BIND_T(w->technician_too),
				     BIND_I(w->missed)};
	struct stored_block *v = NULL;
	struct rows r = rows_of(s, a, SQL_TICKET_BLOCKS, binds, ARRAY_SIZE(binds), err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct stored_block){cursor_int(&r.c, 0), cursor_int(&r.c, 1),
						 cursor_int(&r.c, 2)};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

/* --- tickets of a month that may be left out --- */

enum rc record_past_put(struct store *s, int64_t log, const struct stored_past *p, struct err *err)
{
	const struct bind binds[] = {BIND_I(log),        BIND_I(p->month), BIND_I(p->over),
				     BIND_I(p->first),   BIND_I(p->seen),  BIND_I(p->last),
				     BIND_B(p->entries), BIND_B(p->clocks)};

	return store_run(s, SQL_PAST_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_pasts(struct store *s, int64_t log,
		     enum rc (*each)(void *context, const struct stored_past *p, struct err *err),
		     void *context, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_query(s, SQL_PASTS, &BIND_I(log), 1, &c, err);

	while (rc == RC_OK && (rc = store_next(&c, &row, err)) == RC_OK && row) {
		const struct stored_past p = {.month = cursor_int(&c, 0),
					      .over = cursor_int(&c, 1),
					      .first = cursor_int(&c, 2),
					      .seen = cursor_int(&c, 3),
					      .last = cursor_int(&c, 4),
					      .entries = cursor_text(&c, 5),
					      .clocks = cursor_text(&c, 6)};

		rc = each(context, &p, err);
	}
	cursor_close(&c);
	return rc;
}

enum rc record_past_over(struct store *s, int64_t log, int64_t *out, struct err *err)
{
	return one_number(s, SQL_PAST_OVER, &BIND_I(log), 1, out, err);
}

enum rc record_tickets_over(struct store *s, int64_t log, int64_t *out, struct err *err)
{
	return one_number(s, SQL_TICKETS_OVER, &BIND_I(log), 1, out, err);
}

enum rc record_past_drop(struct store *s, int64_t log, instant month, struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_I(month)};

	return store_run(s, SQL_PAST_DROP, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_pasts_drop(struct store *s, int64_t log, struct err *err)
{
	return store_run(s, SQL_PASTS_DROP, &BIND_I(log), 1, NULL, err);
}
