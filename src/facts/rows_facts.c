/* SPDX-License-Identifier: Apache-2.0 */
/* One row a fact, columns named as in the table of facts: our own export, and small files written by hand. */
#include "facts/own.h"
#include "facts/rows.h"
#include "facts/rows_money.h"

struct facts_file {
	struct intake *in;
	bool has_recorded;
	enum party party;
	struct memo occurred, recorded;
	/* Another tool's table, all of one kind (mapping.h, values). */
	bool told;
	enum fact_kind kind;
	struct table_money *money;
};

static void *open_facts(struct intake *in, const int16_t *slot)
{
	struct facts_file *f = arena_one(in->arena, struct facts_file);

	f->in = in;
	f->has_recorded = slot[COLUMN_RECORDED] >= 0;
	f->party = intake_party(in, PARTY_UNKNOWN);
	in->report->recorded_known = f->has_recorded;
	f->told = in->mapping->values.n > 0;
	if (f->told)
		f->money = table_money_new(in, &f->kind);
	return f;
}

static bool read_times(struct facts_file *file, const struct cells *c, struct own *o)
{
	struct intake *in = file->in;
	struct stamp occurred = {.flags = 0}, recorded;

	struct text at = file->told ? table_occurred(file->money, c) : cell(c, COLUMN_OCCURRED);

	if (file->told && in->options.on_told) {
		/* Only of a list that says no day itself (intake.c). */
		if (date_local(&in->dates, in->options.on, 0, &occurred) != DATE_OK) {
			intake_note(in, IMPORT_DATE_NONE, c->line,
				    "no time zone says when the day of the list begins");
			return false;
		}
	} else if (!memo_date(in, &file->occurred, at, file->told ? "occurred" : "occurred_at",
			      c->line, &occurred))
		return false;
	o->fact.occurred_at = o->fact.recorded_at = occurred.at;
	o->fact.flags = occurred.flags;
	if (intake_null(in, cell(c, COLUMN_RECORDED)))
		return true;
	if (!memo_date(in, &file->recorded, cell(c, COLUMN_RECORDED), "recorded_at", c->line,
		       &recorded))
		return false;
	o->fact.recorded_at = recorded.at;
	return true;
}

static bool read_about(struct facts_file *file, const struct cells *c, struct own *o)
{
	struct intake *in = file->in;
	struct text party = cell(c, COLUMN_PARTY), seq = cell(c, COLUMN_SEQ),
		    corrects = cell(c, COLUMN_CORRECTS);
	enum party who = file->party;
	int64_t n = 0;

	if (!intake_null(in, party) && !own_party(in, party, c->line, &who))
		return false;
	o->fact.party = (uint8_t)who;
	if (!intake_null(in, corrects))
		o->fact.corrects = intake_symbol(in, corrects);
	if (intake_null(in, seq))
		return true;
	if (!text_digits(seq, &n) || n > UINT32_MAX) {
		intake_note(in, IMPORT_FIELD_TYPE, c->line, "'%.*s' in 'seq' is no whole number",
			    TEXT_ARG(seq));
		return false;
	}
	o->fact.seq = (uint32_t)n;
	return true;
}

/* A cell that the kind has no use for is an error: it was meant to say something. */
static bool no_other_fields(struct intake *in, const struct cells *c, enum fact_kind kind)
{
	for (unsigned f = 0; f < FIELD_COUNT; f++) {
		enum fact_field known;
		struct text key;

		/* Most fields are no column of a file: their keys are not even measured. */
		if (c->field_slot[f] < 0 || intake_null(in, c->fields[c->field_slot[f]]))
			continue;
		key = text_of(field_row((enum fact_field)f)->key);
		if (fact_field_find(kind, key, &known))
			continue;
		own_unknown_field(in, kind, key, c->line);
		return false;
	}
	return true;
}

static bool take_fact(void *rows, const struct cells *c)
{
	struct facts_file *file = rows;
	struct intake *in = file->in;
	struct text id = cell(c, COLUMN_ID);
	enum fact_kind kind;
	struct own o;

	if (file->told)
		kind = file->kind;
	else if (!own_kind(in, cell(c, COLUMN_KIND), c->line, &kind))
		return false;
	own_begin(&o, kind, c->line);
	if (!read_times(file, c, &o) || !read_about(file, c, &o) || !no_other_fields(in, c, kind))
		return false;

	if (file->told)
		return table_take(file->money, c, &o, id);

	const struct fact_row *row = fact_row(kind);

	for (size_t i = 0; i < row->n_fields; i++) {
		enum fact_field field = row->fields[i].field;

		if (c->field_slot[field] < 0 || intake_null(in, c->fields[c->field_slot[field]]))
			continue;
		if (!own_text(&o, in, field, c->fields[c->field_slot[field]]))
			return false;
	}
	return own_take(&o, in, intake_null(in, id) ? (struct text){"", 0} : id);
}

static void end_facts(void *rows)
{
	struct facts_file *file = rows;

	if (file->told)
		table_money_end(file->money);
}

const struct rows_ops facts_rows = {open_facts, take_fact, end_facts};
