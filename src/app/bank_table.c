/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bank_table.h"

#include "app/load.h"
#include "facts/kinds.h"
#include "money/money.h"

#include <assert.h>

struct table {
	struct arena *arena;
	const struct facts *facts;
	struct date_reader days; /* the zone that the table's days were read in */
	struct camt *camt;
};

bool bank_is_xml(struct text bytes)
{
	if (text_starts(bytes, "\xff\xfe") || text_starts(bytes, "\xfe\xff"))
		return true;
	if (text_starts(bytes, "\xef\xbb\xbf"))
		bytes = text_sub(bytes, 3, bytes.n);
	bytes = text_trim(bytes);
	return bytes.n == 0 || bytes.p[0] == '<';
}

static struct text word_of(const struct table *t, const struct fact *f, enum fact_field field)
{
	symbol s = fact_word(f, field);

	return s == 0 ? text_of("") : symbol_text(t->facts->symbols, s);
}

static day written_day(const struct table *t, instant at)
{
	if (t->days.fixed)
		return day_of_instant(at + t->days.offset_s * SECOND_MS);
	return t->days.zone == NULL ? day_of_instant(at) : zone_day(t->days.zone, at);
}

/* As the currency is written: 90.00, whatever the table's own zeros. Too many decimals stay, to be refused for what they are. */
static struct text amount_of(const struct table *t, const struct fact *f)
{
	const struct fact_value *v = fact_value(f, FIELD_AMOUNT);
	struct currency c;
	struct decimal d;
	struct text out;
	struct buf b;

	assert(v != NULL && v->scale <= UINT8_MAX && "facts.def: a payment has an amount");
	d = (struct decimal){v->number, (uint8_t)v->scale};
	buf_init(&b, 64);
	if (currency_find(word_of(t, f, FIELD_CURRENCY), &c) && d.scale <= c.decimals)
		decimal_print_places(&b, d, c.decimals);
	else
		decimal_print(&b, d);
	out = text_copy(t->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static void add_entry(struct table *t, const struct fact *f)
{
	struct camt *c = t->camt;
	struct text reference = word_of(t, f, FIELD_REFERENCE),
		    purpose = word_of(t, f, FIELD_PURPOSE);
	struct camt_entry e = {
		.id = symbol_text(t->facts->symbols, f->subject),
		.amount = amount_of(t, f),
		.currency = word_of(t, f, FIELD_CURRENCY),
		.date = written_day(t, f->occurred_at),
		.credit = true,
		.booked = true,
		.end_to_end = word_of(t, f, FIELD_INVOICE),
		.line = f->line,
	};

	/* Free words may name people: looked at for a number, never recorded. */
	if (camt_plain_reference(reference))
		e.structured = reference;
	else
		e.remittance = reference;
	if (purpose.n > 0 && !text_is(purpose, "invoice"))
		e.aside = text_format(t->arena,
				      "its purpose is %.*s: \"tenor pay --purpose\" records it",
				      TEXT_ARG(purpose));
	c->entries = arena_grow(t->arena, c->entries, c->n, &c->cap, sizeof(*c->entries));
	c->entries[c->n++] = e;
}

static enum rc add_entries(struct table *t, struct text name, struct err *err)
{
	for (size_t i = 0; i < t->facts->n; i++) {
		const struct fact *f = &t->facts->v[i];

		if (f->kind != FACT_PAYMENT_RECEIVED) {
			err_at(err, name, f->line, 0);
			err_hint(err, "\"tenor import\" takes facts of every kind");
			return err_set(err, RC_INVALID, "holds %s, which bank import does not take",
				       fact_row((enum fact_kind)f->kind)->kind);
		}
		if (t->camt->n == CAMT_ENTRIES_MAX)
			return err_set(err, RC_LIMIT, "more than %d payments", CAMT_ENTRIES_MAX);
		add_entry(t, f);
	}
	return RC_OK;
}

enum rc bank_table_read(struct app *app, const struct args *args, struct text name,
			struct text bytes, struct camt **out, const struct import_report **report,
			struct err *err)
{
	struct facts *facts = facts_new(app->arena);
	struct table t = {
		.arena = app->arena, .facts = facts, .camt = arena_one(app->arena, struct camt)};
	const struct import_report *read = NULL;
	enum rc rc = load_table(app, args, name, bytes, facts, &read, err);

	if (rc == RC_OK)
		rc = date_reader_init(&t.days, NULL, 0, read->zone, &app->zones, err);
	if (rc == RC_OK)
		rc = add_entries(&t, name, err);
	if (rc != RC_OK)
		return rc;
	camt_give_ids(app->arena, t.camt);
	*out = t.camt;
	*report = read;
	return RC_OK;
}
