/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept but shown (F in money.md section 16): told to who records it; what it does to an invoice is the engine's to say. */
#include "app/look_back.h"
#include "app/money.h"
#include "app/money_rules.h"
#include "facts/check.h"
#include "money/exchange.h"

enum { LINES_MAX = 1 << 20 };

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
};

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

/* --- payments (R100) --- */

/* A payment that was appended now, and the first of the record that it equals. */
struct paid {
	const struct fact *fact;
	symbol equals; /* its payment, of names; 0: none */
	size_t next;   /* the next one like it, plus one; 0: none */
};

struct paying {
	const struct flagging *x;
	struct paid *v; /* by their order in the log */
	size_t n;
	/* by symbol: the place in v, plus one, of a payment; of the first that has what equal ones share */
	struct symbols *payments, *alike;
	struct symbols *names;
	size_t *place, *first;
	struct buf key;
};

static struct text word_of(const struct facts *set, const struct fact *f, enum fact_field field)
{
	symbol y = fact_word(f, field);

	return y == 0 ? text_of("") : symbol_text(set->symbols, y);
}

static struct text payment_of(const struct facts *set, const struct fact *f)
{
	return symbol_text(set->symbols, f->subject);
}

/* What equal payments share: amount, day, reference and purpose. Empty: it says no amount. */
static struct text likeness(struct paying *p, const struct facts *set, const struct fact *f)
{
	const struct fact_value *amount = fact_value(f, FIELD_AMOUNT);

	buf_clear(&p->key);
	if (amount != NULL)
		buf_printf(&p->key, "%lld %u %d %.*s\n%.*s", (long long)amount->number,
			   (unsigned)amount->scale,
			   (int)zone_day(p->x->promise->zone, f->occurred_at),
			   TEXT_ARG(word_of(set, f, FIELD_REFERENCE)),
			   TEXT_ARG(word_of(set, f, FIELD_PURPOSE)));
	return buf_view(&p->key);
}

/* look_back.take: one of the record, which may be one of those appended; it is held against those after it. */
static bool earlier_payment(void *context, const struct facts *set, const struct fact *f)
{
	struct paying *p = context;
	struct text id = payment_of(set, f);
	symbol own = symbol_find(p->payments, id);
	symbol y = symbol_find(p->alike, likeness(p, set, f));
	size_t after = own == 0 ? 0 : p->place[own];

	for (size_t i = y == 0 ? 0 : p->first[y]; i != 0; i = p->v[i - 1].next)
		if (i > after)
			p->v[i - 1].equals = symbol_add(p->names, id);
	return true;
}

static void payments_of_call(struct paying *p)
{
	const struct flagging *x = p->x;

	for (size_t i = 0; i < x->set->n; i++)
		if (x->set->v[i].kind == FACT_PAYMENT_RECEIVED && x->results[i].fate == APPENDED)
			p->v[p->n++] = (struct paid){.fact = &x->set->v[i]};
	p->place = arena_array(x->arena, size_t, p->n + 1);
	p->first = arena_array(x->arena, size_t, p->n + 1);
	for (size_t i = p->n; i > 0; i--) {
		struct paid *v = &p->v[i - 1];
		symbol own = symbol_add(p->payments, payment_of(x->set, v->fact));
		symbol y = symbol_add(p->alike, likeness(p, x->set, v->fact));

		p->place[own] = i;
		v->next = p->first[y];
		p->first[y] = y == 0 ? 0 : i;
	}
}

/* Kept, and unapplied until it is confirmed (engine/account.h decides; this tells who imports). */
static enum rc flag_payments(struct flagging *x, struct workspace *ws, const struct log_head *log,
			     struct money_flags *out, struct buf *lines, struct err *err)
{
	struct paying p = {.x = x,
			   .v = arena_array(x->arena, struct paid, x->set->n + 1),
			   .payments = symbols_new(x->arena),
			   .alike = symbols_new(x->arena),
			   .names = symbols_new(x->arena)};
	const struct look_back payments = {
		.kinds = {[FACT_PAYMENT_RECEIVED] = true}, .take = earlier_payment, .context = &p};
	enum rc rc;

	buf_init(&p.key, LINES_MAX);
	payments_of_call(&p);
	rc = p.n > 0 ? look_back(ws, log, &payments, err) : RC_OK;
	for (size_t i = 0; rc == RC_OK && i < p.n; i++) {
		if (p.v[i].equals == 0)
			continue;
		out->duplicates++;
		buf_printf(lines,
			   "payment may be a duplicate: '%.*s' equals %.*s: confirm or refund\n",
			   TEXT_ARG(payment_of(x->set, p.v[i].fact)),
			   TEXT_ARG(symbol_text(p.names, p.v[i].equals)));
	}
	buf_free(&p.key);
	return rc;
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

/* A fact with a rate that was appended now. */
struct rated {
	const struct fact *fact;
	struct exchange rate;
	symbol last; /* the rate known before it, where it is the other way round; 0: it is not */
};

struct rating {
	struct flagging *x;
	struct symbols *ids;   /* in the record, of v: by symbol, from 1 */
	struct symbols *words; /* of rates */
	struct rated *v;
	size_t n, met; /* met: how many of v the record has shown */
	size_t *waiting,
		n_waiting; /* places in v of those met of which nothing older is known: at most one a pair of currencies */
};

/* The rate told last before the fact, of the two currencies. */
static void known_before(struct rating *r, struct rated *v, const struct exchange *e,
			 struct text word)
{
	if (!text_eq(word, word_of(r->x->set, v->fact, FIELD_RATE)) && exchange_turned(e, &v->rate))
		v->last = symbol_add(r->words, word);
}

/* look_back.take */
static bool earlier_rate(void *context, const struct facts *set, const struct fact *f)
{
	struct rating *r = context;
	symbol own = symbol_find(r->ids, symbol_text(set->symbols, f->id));
	struct exchange e;
	size_t left = 0;

	if (!has_rate(set, f, &e))
		return true;
	for (size_t i = 0; i < r->n_waiting; i++) {
		struct rated *v = &r->v[r->waiting[i]];

		if (exchange_same(&e, &v->rate))
			known_before(r, v, &e, word_of(set, f, FIELD_RATE));
		else
			r->waiting[left++] = r->waiting[i];
	}
	r->n_waiting = left;
	if (own != 0) {
		r->waiting[r->n_waiting++] = own - 1;
		r->met++;
	}
	return r->met < r->n || r->n_waiting > 0;
}

static bool kind_has(const struct fact_row *row, enum fact_field field)
{
	for (size_t i = 0; i < row->n_fields; i++)
		if (row->fields[i].field == field)
			return true;
	return false;
}

static void rates_of_call(struct rating *r)
{
	const struct flagging *x = r->x;
	char id[UUID_TEXT + 1];
	struct exchange e;

	for (size_t i = 0; i < x->set->n; i++) {
		if (x->results[i].fate != APPENDED || !has_rate(x->set, &x->set->v[i], &e))
			continue;
		uuid_text(&x->results[i].id, id);
		(void)symbol_add(r->ids, text_of(id));
		r->v[r->n++] = (struct rated){.fact = &x->set->v[i], .rate = e};
	}
}

static enum rc flag_rates(struct flagging *x, struct workspace *ws, const struct log_head *log,
			  struct money_flags *out, struct buf *lines, struct err *err)
{
	struct rating r = {.x = x,
			   .ids = symbols_new(x->arena),
			   .words = symbols_new(x->arena),
			   .v = arena_array(x->arena, struct rated, x->set->n + 1),
			   .waiting = arena_array(x->arena, size_t, x->set->n + 1)};
	struct look_back rates = {.take = earlier_rate, .context = &r};
	enum rc rc;

	rates_of_call(&r);
	if (r.n == 0)
		return RC_OK;
	for (size_t k = 0; k < FACT_COUNT; k++)
		rates.kinds[k] = kind_has(fact_row((enum fact_kind)k), FIELD_RATE);
	rc = look_back(ws, log, &rates, err);
	for (size_t i = 0; rc == RC_OK && i < r.n; i++) {
		if (r.v[i].last == 0)
			continue;
		out->turned++;
		buf_printf(lines,
			   "exchange rate may be the wrong way round: '%.*s' of %.*s; the last "
			   "known is %.*s: correct it if it is\n",
			   TEXT_ARG(word_of(x->set, r.v[i].fact, FIELD_RATE)),
			   TEXT_ARG(payment_of(x->set, r.v[i].fact)),
			   TEXT_ARG(symbol_text(r.words, r.v[i].last)));
	}
	return rc;
}

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
