/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row a cost of a supplier's report (FOCUS, Azure EA, others by mapping): each becomes a cost.recorded with all its decimals
 * (money.md R43). The day is the one that the report writes, whatever its zone: it is recorded as the start of that day in the contract's
 * zone, so that the supplier's month is the month of the line. A row without an id of its own gets one from all that it says, and equal
 * rows are counted: the same report again is the same facts, and two equal costs stay two. Nothing but charge, amount, currency, subject,
 * supplier and rate goes into the fact: tags and names of people stay in the report.
 */
#include "base/sha256.h"
#include "facts/own.h"
#include "facts/rows.h"
#include "money/exact.h"
#include "money/exchange.h"

#include <assert.h>

enum { ROW_BYTES = 2 << 20, ID_DIGITS = 32 };

struct costs_file {
	struct intake *in;
	const struct zone *zone; /* of the contract; NULL: UTC */
	bool zone_bad;
	enum party party;
	struct memo occurred;
	struct symbol_map times; /* how often a made id was met in this file */
};

static void *open_costs(struct intake *in, const int16_t *slot)
{
	struct costs_file *f = arena_one(in->arena, struct costs_file);
	struct err err = {.line = 0};
	const struct zone_source *zones = in->options.zones;

	(void)slot;
	f->in = in;
	f->party = intake_party(in, PARTY_UNKNOWN);
	in->report->recorded_known = false;
	if (in->options.default_zone.n > 0)
		f->zone_bad = zones == NULL || zones->find(zones->context, in->options.default_zone,
							   &f->zone, &err) != RC_OK;
	return f;
}

/* --- the day --- */

static day written_day(const struct intake *in, instant at)
{
	const struct date_reader *r = &in->dates;

	if (r->zone != NULL)
		return zone_day(r->zone, at);
	return day_of_instant(at + (r->fixed ? (int64_t)r->offset_s * SECOND_MS : 0));
}

static bool read_day(struct costs_file *f, const struct cells *c, struct own *o, day *out)
{
	struct intake *in = f->in;
	struct stamp at;

	if (!memo_date(in, &f->occurred, cell(c, COLUMN_OCCURRED), "occurred", c->line, &at))
		return false;
	if (f->zone_bad) {
		intake_note(in, IMPORT_DATE_NONE, c->line, "the contract's zone '%.*s' is unknown",
			    TEXT_ARG(in->options.default_zone));
		return false;
	}
	*out = written_day(in, at.at);
	o->fact.occurred_at =
		f->zone == NULL ? (instant)*out * DAY_MS : zone_midnight(f->zone, *out);
	o->fact.recorded_at = o->fact.occurred_at;
	return true;
}

/* --- the amount --- */

/* The record has one way of writing each amount; no digit of it is lost. */
static bool read_amount(struct intake *in, const struct cells *c, struct own *o, struct exact *out)
{
	struct text t = c->fields[c->field_slot[FIELD_EXACT_AMOUNT]];
	struct err err = {.line = 0};
	struct buf plain;
	bool fine;

	if (intake_null(in, t)) {
		intake_note(in, IMPORT_FIELD_MISSING, c->line, "the row says no amount");
		return false;
	}
	if (exact_parse_written(t, out, &err) != RC_OK) {
		intake_note(in, IMPORT_COST_AMOUNT, c->line, "%s", err.message);
		return false;
	}
	buf_init(&plain, 64);
	exact_print(&plain, *out);
	fine = own_word(o, in, FIELD_EXACT_AMOUNT, buf_view(&plain));
	buf_free(&plain);
	return fine;
}

/* --- charge and the rest --- */

/* false: left out, or not known, and noted. */
static bool is_cost(struct intake *in, const struct cells *c)
{
	struct text word = cell(c, COLUMN_CATEGORY);
	const struct mapping_word *w;

	if (c->slot[COLUMN_CATEGORY] < 0)
		return true;
	w = mapping_word(&in->mapping->categories, word);
	if (w == NULL)
		w = mapping_word(&in->mapping->categories, text_of("*"));
	if (w == NULL)
		intake_note(in, IMPORT_COST_CATEGORY, c->line,
			    "category '%.*s'; say in [categories] whether it is a cost",
			    (int)(word.n < 60 ? word.n : 60), word.p);
	else if (w->means == MEANS_IGNORE)
		intake_note(in, IMPORT_IGNORED, c->line, "category '%.*s'", TEXT_ARG(w->from));
	return w != NULL && w->means == MEANS_COST;
}

static bool read_charge(struct intake *in, const struct cells *c, struct own *o, struct text *out)
{
	const struct mapping_words *charges = &in->mapping->charges;
	struct text word = {"", 0};
	const struct mapping_word *w;

	if (c->field_slot[FIELD_CHARGE] >= 0)
		word = c->fields[c->field_slot[FIELD_CHARGE]];
	w = word.n == 0 ? NULL : mapping_word(charges, word);
	if (w == NULL)
		w = mapping_word(charges, text_of("*"));
	if (w != NULL && text_is(w->to, "ignore")) {
		intake_note(in, IMPORT_IGNORED, c->line, "'%.*s' goes to no charge",
			    TEXT_ARG(word));
		return false;
	}
	*out = w != NULL ? w->to : in->options.charge;
	if (out->n > 0)
		return own_word(o, in, FIELD_CHARGE, *out);
	if (word.n > 0)
		intake_note(in, IMPORT_COST_CHARGE, c->line,
			    "[charges] of the mapping does not name '%.*s'",
			    (int)(word.n < 60 ? word.n : 60), word.p);
	else
		intake_note(in, IMPORT_COST_CHARGE, c->line,
			    "no charge was told: --charge ID, or [charges] of a mapping");
	return false;
}

static struct text field_of(const struct intake *in, const struct cells *c, enum fact_field field)
{
	int16_t slot = c->field_slot[field];

	return slot < 0 || intake_null(in, c->fields[slot]) ? (struct text){"", 0}
							    : c->fields[slot];
}

static bool read_currency(struct intake *in, const struct cells *c, struct own *o, struct text *out)
{
	struct currency currency;

	*out = field_of(in, c, FIELD_CURRENCY);
	if (out->n == 0) {
		intake_note(in, IMPORT_FIELD_MISSING, c->line, "the row says no currency");
		return false;
	}
	if (!currency_find(*out, &currency)) {
		intake_note(in, IMPORT_FIELD_TYPE, c->line,
			    "'%.*s' in 'currency' is no code of ISO 4217",
			    (int)(out->n < 60 ? out->n : 60), out->p);
		return false;
	}
	return own_word(o, in, FIELD_CURRENCY, *out);
}

static bool read_rate(struct intake *in, const struct cells *c, struct own *o)
{
	struct text t = field_of(in, c, FIELD_RATE);
	struct err err = {.line = 0};
	struct exchange rate;

	if (t.n == 0)
		t = in->options.rate;
	if (t.n == 0)
		return true;
	if (exchange_parse(t, &rate, &err) == RC_OK)
		return own_word(o, in, FIELD_RATE, t);
	intake_note(in, IMPORT_FIELD_TYPE, c->line, "%s: %s", err.message, err.hint);
	return false;
}

/* --- the id --- */

static struct text made_id(struct costs_file *f, const struct cells *c)
{
	struct intake *in = f->in;
	char hex[SHA256_HEX + 1];
	uint32_t *times;
	struct buf row;
	struct text id;

	buf_init(&row, ROW_BYTES);
	for (size_t i = 0; i < c->n_fields; i++) {
		buf_text(&row, c->fields[i]);
		buf_char(&row, '\x1f');
	}
	sha256_hex(buf_view(&row), hex);
	buf_free(&row);
	id = (struct text){hex, ID_DIGITS};
	times = symbol_map_at(&f->times, in->arena, symbol_add(in->facts->symbols, id));
	++*times;
	return *times == 1 ? text_copy(in->arena, id)
			   : text_format(in->arena, "%.*s-%u", TEXT_ARG(id), *times);
}

/* --- the sums --- */

struct costed {
	struct text charge, supplier, currency;
	day date;
	struct exact amount;
};

static void add_sum(struct intake *in, const struct costed *x)
{
	struct import_report *r = in->report;
	struct civil at = civil_of(x->date);
	day month = day_of(at.year, at.month, 1);
	struct cost_sum *s = NULL;

	for (size_t i = r->n_costs; i > 0 && s == NULL; i--) {
		struct cost_sum *old = &r->costs[i - 1];

		if (old->month == month && text_eq(old->charge, x->charge) &&
		    text_eq(old->supplier, x->supplier) && text_eq(old->currency, x->currency))
			s = old;
	}
	if (s == NULL) {
		r->costs = arena_grow(in->arena, r->costs, r->n_costs, &r->costs_cap,
				      sizeof(*r->costs));
		s = &r->costs[r->n_costs++];
		*s = (struct cost_sum){.charge = text_copy(in->arena, x->charge),
				       .supplier = text_copy(in->arena, x->supplier),
				       .currency = text_copy(in->arena, x->currency),
				       .month = month};
	}
	s->costs++;
	s->too_large = s->too_large || !exact_add(&s->sum, x->amount);
}

static bool take_cost(void *rows, const struct cells *c)
{
	struct costs_file *f = rows;
	struct intake *in = f->in;
	struct text id = cell(c, COLUMN_ID), subject = field_of(in, c, FIELD_SUBJECT);
	struct costed x = {.supplier = field_of(in, c, FIELD_SUPPLIER)};
	struct own o;

	if (!is_cost(in, c))
		return false;
	own_begin(&o, FACT_COST_RECORDED, c->line);
	o.fact.party = (uint8_t)f->party;
	if (!read_day(f, c, &o, &x.date) || !read_charge(in, c, &o, &x.charge) ||
	    !read_amount(in, c, &o, &x.amount) || !read_currency(in, c, &o, &x.currency) ||
	    (subject.n > 0 && !own_word(&o, in, FIELD_SUBJECT, subject)) ||
	    (x.supplier.n > 0 && !own_word(&o, in, FIELD_SUPPLIER, x.supplier)) ||
	    !read_rate(in, c, &o))
		return false;

	uint64_t before = in->report->facts;

	if (!own_take(&o, in, intake_null(in, id) ? made_id(f, c) : id))
		return false;
	if (in->report->facts > before)
		add_sum(in, &x);
	return true;
}

static void end_costs(void *rows)
{
	(void)rows;
}

const struct rows_ops costs_rows = {open_costs, take_cost, end_costs};
