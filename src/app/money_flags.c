/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept but shown (F in money.md section 16): told to who records it; what it does to an invoice is the engine's to say. */
#include "app/import_wish.h"
#include "app/money.h"
#include "app/money_rules.h"
#include "facts/check.h"
#include "money/exchange.h"

/* A service period of a meter's charge that an issued invoice has a line for. */
struct closed {
	struct text meter;
	struct days period;
	size_t records;
};

struct flagging {
	struct arena *arena;
	const struct facts *set;
	const struct appended *results;
	const struct promise *promise;
	const struct pricing *pricing;
	struct closed *closed;
	size_t n_closed, closed_cap;
	struct recalled *all; /* the record with what was appended; NULL: nothing has asked for it yet */
};

static enum rc recall_once(struct flagging *x, struct workspace *ws, const struct log_head *log,
			   struct err *err)
{
	struct recall_options options = {
		.size = -1, .known_as_of = INSTANT_MAX, .ids = PACK_IDS_ALL};
	struct recalled *all;
	enum rc rc;

	if (x->all != NULL)
		return RC_OK;
	all = arena_one(x->arena, struct recalled);
	rc = recall(ws, log, &options, all, err);
	if (rc == RC_OK)
		x->all = all;
	return rc;
}

static void add_closed(struct flagging *x, const struct invoice_line *line)
{
	int at = pricing_charge(x->pricing, line->charge);
	struct text meter = at < 0 ? (struct text){"", 0} : x->pricing->charges[at].meter;

	if (meter.n == 0)
		return;
	for (size_t i = 0; i < x->n_closed; i++)
		if (text_eq(x->closed[i].meter, meter) &&
		    x->closed[i].period.from == line->item.from &&
		    x->closed[i].period.to == line->item.to)
			return;
	x->closed =
		arena_grow(x->arena, x->closed, x->n_closed, &x->closed_cap, sizeof(*x->closed));
	x->closed[x->n_closed++] = (struct closed){meter, line->item, 0};
}

static void find_closed(struct flagging *x, const struct issued_document *issued, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < issued[i].invoice->n_lines; k++)
			if (issued[i].invoice->kind == DOCUMENT_INVOICE)
				add_closed(x, &issued[i].invoice->lines[k]);
}

static void count_closed(struct flagging *x, const struct fact *f)
{
	struct text meter = symbol_text(x->set->symbols, f->subject);
	day on = zone_day(x->promise->zone, f->occurred_at);

	for (size_t i = 0; i < x->n_closed; i++) {
		struct closed *c = &x->closed[i];

		if (on < c->period.from || on >= c->period.to || !text_eq(c->meter, meter))
			continue;
		c->records++;
		return;
	}
}

/* 2026-04, or 2026-04-10 to 2026-05-09. */
static void print_period(struct buf *out, struct days d)
{
	struct civil from = civil_of(d.from), to = civil_of(d.to);

	if (from.mday == 1 && to.mday == 1 &&
	    (to.year - from.year) * 12 + (int32_t)to.month - (int32_t)from.month == 1) {
		buf_printf(out, "%04d-%02d", (int)from.year, (int)from.month);
		return;
	}
	day_print(out, d.from);
	buf_str(out, " to ");
	day_print(out, d.to - 1);
}

static bool is_new(const struct flagging *x, enum fact_kind kind)
{
	for (size_t i = 0; i < x->set->n; i++)
		if (x->set->v[i].kind == kind && x->results[i].fate == APPENDED)
			return true;
	return false;
}

static enum rc flag_usage(struct flagging *x, struct workspace *ws, const struct log_head *log,
			  struct money_flags *out, struct buf *lines, struct err *err)
{
	struct issued_document *issued = NULL;
	size_t n = 0;
	enum rc rc = RC_OK;

	if (!is_new(x, FACT_USAGE_RECORDED))
		return RC_OK;
	rc = money_issued(ws, log, log->edge.size, &issued, &n, err);
	if (rc != RC_OK)
		return rc;
	find_closed(x, issued, n);
	for (size_t i = 0; i < x->set->n; i++)
		if (x->set->v[i].kind == FACT_USAGE_RECORDED && x->results[i].fate == APPENDED)
			count_closed(x, &x->set->v[i]);
	for (size_t i = 0; i < x->n_closed; i++) {
		const struct closed *c = &x->closed[i];

		if (c->records == 0)
			continue;
		out->closed += c->records;
		buf_str(lines, "usage for a closed period: ");
		print_period(lines, c->period);
		buf_printf(lines, ": goes to the next invoice as a correction (%zu %s of %.*s)\n",
			   c->records, c->records == 1 ? "record" : "records", TEXT_ARG(c->meter));
	}
	return RC_OK;
}

static bool same_payment(const struct facts *set, const struct fact *x, const struct fact *y,
			 const struct zone *zone)
{
	const struct fact_value *a = fact_value(x, FIELD_AMOUNT), *b = fact_value(y, FIELD_AMOUNT);

	(void)set;
	return x->kind == y->kind && x->subject != y->subject && a != NULL && b != NULL &&
	       a->number == b->number && a->scale == b->scale &&
	       fact_word(x, FIELD_REFERENCE) == fact_word(y, FIELD_REFERENCE) &&
	       fact_word(x, FIELD_PURPOSE) == fact_word(y, FIELD_PURPOSE) &&
	       zone_day(zone, x->occurred_at) == zone_day(zone, y->occurred_at);
}

/* Was a payment of that id recorded by this call? */
static bool is_of_call(const struct flagging *x, struct text payment)
{
	for (size_t i = 0; i < x->set->n; i++)
		if (x->set->v[i].kind == FACT_PAYMENT_RECEIVED && x->results[i].fate == APPENDED &&
		    text_eq(symbol_text(x->set->symbols, x->set->v[i].subject), payment))
			return true;
	return false;
}

/* money.md R100: kept, and unapplied until it is confirmed (engine/account.h decides; this tells who imports). */
static enum rc flag_payments(struct flagging *x, struct workspace *ws, const struct log_head *log,
			     struct money_flags *out, struct buf *lines, struct err *err)
{
	const struct facts *all;
	enum rc rc = RC_OK;

	if (!is_new(x, FACT_PAYMENT_RECEIVED))
		return RC_OK;
	rc = recall_once(x, ws, log, err);
	if (rc != RC_OK)
		return rc;
	all = x->all->facts;
	for (size_t i = 0; i < all->n; i++) {
		const struct fact *f = &all->v[i];
		struct text id = symbol_text(all->symbols, f->subject);

		if (f->kind != FACT_PAYMENT_RECEIVED || !is_of_call(x, id))
			continue;
		for (size_t k = 0; k < i; k++) {
			if (!same_payment(all, &all->v[k], f, x->promise->zone))
				continue;
			out->duplicates++;
			buf_printf(
				lines,
				"payment may be a duplicate: '%.*s' equals %.*s: confirm or "
				"refund\n",
				TEXT_ARG(id),
				TEXT_ARG(symbol_text(all->symbols, all->v[k].subject)));
			break;
		}
	}
	return RC_OK;
}

/* --- facts dated ahead (sla.md R14) --- */

/* Kept: an order takes effect on its date, a bank announces a payment. What is only meant to be so is corrected by who sees it. */
static void flag_ahead(struct flagging *x, instant now, struct money_flags *out, struct buf *lines)
{
	struct {
		size_t n;
		instant last;
	} ahead[FACT_COUNT] = {{.n = 0}};

	for (size_t i = 0; i < x->set->n; i++) {
		const struct fact *f = &x->set->v[i];

		if (x->results[i].fate != APPENDED || f->occurred_at - now <= FUTURE_AFTER_MS)
			continue;
		if (ahead[f->kind].n++ == 0 || f->occurred_at > ahead[f->kind].last)
			ahead[f->kind].last = f->occurred_at;
		out->ahead++;
	}
	for (size_t k = 0; k < FACT_COUNT; k++) {
		if (ahead[k].n == 0)
			continue;
		buf_printf(lines, "dated in the future: %zu of %s, the last on ", ahead[k].n,
			   fact_row((enum fact_kind)k)->kind);
		day_print(lines, zone_day(x->promise->zone, ahead[k].last));
		buf_str(lines, ": kept and flagged; correct the date if it is none\n");
	}
}

/* --- exchange rates (R47) --- */

static bool has_rate(const struct facts *set, const struct fact *f, struct exchange *out)
{
	symbol word = fact_word(f, FIELD_RATE);
	struct err unused;

	err_clear(&unused);
	return word != 0 && exchange_parse(symbol_text(set->symbols, word), out, &unused) == RC_OK;
}

/* The rate told last, before the fact at `before`, of the two currencies. NULL: none was. */
static const struct fact *last_rate(const struct facts *all, const bool *gone, size_t before,
				    const struct exchange *e, struct exchange *out)
{
	for (size_t k = before; k > 0; k--)
		if (!gone[k - 1] && has_rate(all, &all->v[k - 1], out) && exchange_same(out, e))
			return &all->v[k - 1];
	return NULL;
}

static void flag_rate(const struct facts *all, const bool *gone, size_t at, struct money_flags *out,
		      struct buf *lines)
{
	const struct fact *f = &all->v[at], *before;
	struct exchange e, known;

	if (!has_rate(all, f, &e))
		return;
	before = last_rate(all, gone, at, &e, &known);
	if (before == NULL || fact_word(before, FIELD_RATE) == fact_word(f, FIELD_RATE) ||
	    !exchange_turned(&known, &e))
		return;
	out->turned++;
	buf_printf(lines,
		   "exchange rate may be the wrong way round: '%.*s' of %.*s; the last known is "
		   "%.*s: correct it if it is\n",
		   TEXT_ARG(symbol_text(all->symbols, fact_word(f, FIELD_RATE))),
		   TEXT_ARG(symbol_text(all->symbols, f->subject)),
		   TEXT_ARG(symbol_text(all->symbols, fact_word(before, FIELD_RATE))));
}

static bool any_rate(const struct flagging *x)
{
	for (size_t i = 0; i < x->set->n; i++)
		if (x->results[i].fate == APPENDED && fact_word(&x->set->v[i], FIELD_RATE) != 0)
			return true;
	return false;
}

static enum rc flag_rates(struct flagging *x, struct workspace *ws, const struct log_head *log,
			  struct money_flags *out, struct buf *lines, struct err *err)
{
	const struct facts *all;
	const bool *gone;
	enum rc rc;

	if (!any_rate(x))
		return RC_OK;
	rc = recall_once(x, ws, log, err);
	if (rc != RC_OK)
		return rc;
	all = x->all->facts;
	gone = facts_gone(ws->arena, all);
	for (size_t i = 0; i < x->set->n; i++) {
		char id[UUID_TEXT + 1];
		const struct fact *f;

		if (x->results[i].fate != APPENDED || fact_word(&x->set->v[i], FIELD_RATE) == 0)
			continue;
		uuid_text(&x->results[i].id, id);
		f = facts_find(all, symbol_find(all->symbols, text_of(id)));
		if (f != NULL)
			flag_rate(all, gone, (size_t)(f - all->v), out, lines);
	}
	return RC_OK;
}

enum { LINES_MAX = 1 << 20 };

enum rc money_flags_of(struct workspace *ws, const struct log_head *log, const struct recalled *r,
		       const struct facts *set, const struct appended *results,
		       struct money_flags *out, struct err *err)
{
	struct flagging x = {.arena = ws->arena,
			     .set = set,
			     .results = results,
			     .promise = r->versions[r->n_versions - 1].promise};
	struct money_flags flags = {.closed = 0};
	struct buf lines;
	enum rc rc = pricing_build(ws->arena, x.promise, &x.pricing, err);

	buf_init(&lines, LINES_MAX);
	if (rc == RC_OK)
		rc = flag_usage(&x, ws, log, &flags, &lines, err);
	if (rc == RC_OK)
		rc = flag_payments(&x, ws, log, &flags, &lines, err);
	if (rc == RC_OK)
		rc = flag_rates(&x, ws, log, &flags, &lines, err);
	if (rc == RC_OK) {
		flag_ahead(&x, ws->now, &flags, &lines);
		flags.lines = text_copy(ws->arena, buf_view(&lines));
		*out = flags;
	}
	buf_free(&lines);
	return rc;
}
