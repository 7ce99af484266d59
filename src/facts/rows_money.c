/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/rows_money.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* An entry holds 65,535 bytes: a list comes in parts that stay well below it. */
enum { PART_UNITS = 500, PART_BYTES = 32 * 1024, STAMP_MAX = 96, NUMBER_MAX = 96 };

struct unit_list {
	struct own head; /* times, list and count; no units yet */
	symbol name, count;
	struct symbol_map seen;
	struct text *units;
	size_t n, cap;
	bool twice;
};

struct month {
	symbol series;
	int32_t month; /* 12 a year */
};

struct table_money {
	struct intake *in;
	enum fact_kind kind;
	char stamp[STAMP_MAX], number[NUMBER_MAX];
	struct unit_list **lists;
	size_t n_lists, lists_cap;
	struct month *months;
	size_t n_months, months_cap;
};

static struct text told_value(const struct table_money *t, const char *key)
{
	const struct mapping_word *w = mapping_word(&t->in->mapping->values, text_of(key));

	return w == NULL ? (struct text){"", 0} : w->to;
}

struct table_money *table_money_new(struct intake *in, enum fact_kind *kind)
{
	struct table_money *t = arena_one(in->arena, struct table_money);
	bool known;

	t->in = in;
	known = fact_kind_find(told_value(t, "kind"), &t->kind);
	assert(known && "the mapping was checked");
	(void)known;
	*kind = t->kind;
	return t;
}

struct text table_occurred(struct table_money *t, const struct cells *c)
{
	struct text date = cell(c, COLUMN_OCCURRED), time = cell(c, COLUMN_TIME);

	if (c->slot[COLUMN_OCCURRED] < 0)
		date = told_value(t, "occurred");
	if (time.n == 0 || date.n + 1 + time.n > sizeof(t->stamp))
		return date;
	memcpy(t->stamp, date.p, date.n);
	t->stamp[date.n] = ' ';
	memcpy(t->stamp + date.n + 1, time.p, time.n);
	return (struct text){t->stamp, date.n + 1 + time.n};
}

/* --- one cell --- */

static size_t digits_from(struct text n, size_t at)
{
	size_t to = at;

	while (to < n.n && n.p[to] >= '0' && n.p[to] <= '9')
		to++;
	return to - at;
}

/*
 * 1.234,56 where the mapping says `decimal = comma`. Points must part groups of three: what does not fit is left as it is, and refused
 * for what it is.
 */
static struct text with_point(struct table_money *t, struct text n)
{
	size_t at = n.n > 0 && n.p[0] == '-' ? 1 : 0, out = at, run = digits_from(n, at);
	bool grouped = false;

	if (n.n > sizeof(t->number))
		return n;
	memcpy(t->number, n.p, at);
	while (run > 0) {
		if (grouped ? run != 3 : at + run < n.n && n.p[at + run] == '.' && run > 3)
			return n;
		memcpy(t->number + out, n.p + at, run);
		out += run;
		at += run;
		if (at == n.n || n.p[at] != '.')
			break;
		grouped = true;
		run = digits_from(n, ++at);
	}
	if (at == n.n)
		return run == 0 ? n : (struct text){t->number, out};
	if (n.p[at] != ',' || digits_from(n, at + 1) != n.n - at - 1)
		return n;
	t->number[out++] = '.';
	memcpy(t->number + out, n.p + at + 1, n.n - at - 1);
	return (struct text){t->number, out + (n.n - at - 1)};
}

static bool is_number(enum fact_field field)
{
	return field_row(field)->type == FIELD_DECIMAL || field == FIELD_EXACT_AMOUNT;
}

/* The text of a field in this row; empty: it has none. */
static struct text value_of(struct table_money *t, const struct cells *c, enum fact_field field)
{
	struct text v = {"", 0};

	if (c->field_slot[field] >= 0)
		v = c->fields[c->field_slot[field]];
	if (c->field_slot[field] < 0 || intake_null(t->in, v))
		v = told_value(t, field_row(field)->key);
	if (is_number(field) && t->in->mapping->decimal == ',')
		v = with_point(t, v);
	return v;
}

/* The day that o's instant has where dates are read. */
static day day_of_row(const struct table_money *t, const struct own *o)
{
	const struct date_reader *r = &t->in->dates;

	if (r->fixed)
		return day_of_instant(o->fact.occurred_at + r->offset_s * SECOND_MS);
	return r->zone == NULL ? day_of_instant(o->fact.occurred_at)
			       : zone_day(r->zone, o->fact.occurred_at);
}

static bool ignored(struct table_money *t, uint32_t line, struct text word, const char *why)
{
	intake_note(t->in, IMPORT_IGNORED, line, "'%.*s': %s", TEXT_ARG(word), why);
	return false;
}

/* Which series a word of the file stands for. false: it is left out, noted. */
static bool series_of(struct table_money *t, const struct cells *c, struct text *v)
{
	const struct mapping_word *w = mapping_word(&t->in->mapping->series, *v);

	if (c->field_slot[FIELD_SERIES] < 0)
		return true;
	if (w == NULL)
		return ignored(t, c->line, *v, "no series of the mapping");
	*v = w->to;
	return true;
}

static bool take_field(struct table_money *t, const struct cells *c, struct own *o,
		       enum fact_field field)
{
	struct text v = value_of(t, c, field);
	char month[16];

	if (field == FIELD_INDEX_MONTH && v.n == 0) {
		struct civil d = civil_of(day_of_row(t, o));
		struct buf b;

		buf_init(&b, sizeof(month));
		buf_printf(&b, "%04d-%02d", (int)d.year, (int)d.month);
		memcpy(month, buf_view(&b).p, buf_view(&b).n);
		v = (struct text){month, buf_view(&b).n};
		buf_free(&b);
	}
	if (v.n == 0)
		return true;
	if (field == FIELD_SERIES && !series_of(t, c, &v))
		return false;
	if (is_number(field) && t->in->mapping->negative_ignored && v.p[0] == '-')
		return ignored(t, c->line, v, "below zero");
	return own_text(o, t->in, field, v);
}

/* --- ids --- */

/* Kinds that happen once to their subject: the same number with other content is a conflict, never a second one. */
static bool once(enum fact_kind kind)
{
	static const enum fact_kind kinds[] = {
		FACT_ORDER_PLACED,     FACT_ORDER_APPROVED,    FACT_WORK_RECORDED,
		FACT_WORK_APPROVED,    FACT_PREPAID_BOUGHT,    FACT_SUPPLIER_INVOICED,
		FACT_PAYMENT_RECEIVED, FACT_PAYMENT_CONFIRMED, FACT_REFUND_MADE,
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kind == kinds[i])
			return true;
	return false;
}

static struct text id_of(struct table_money *t, const struct own *o, struct text id)
{
	const struct symbols *s = t->in->facts->symbols;
	const struct fact_row *row = fact_row(t->kind);
	struct text subject = symbol_text(s, fact_word(&o->fact, row->subject));
	struct text month = symbol_text(s, fact_word(&o->fact, FIELD_INDEX_MONTH));

	if (!intake_null(t->in, id) || subject.n == 0)
		return intake_null(t->in, id) ? (struct text){"", 0} : id;
	if (once(t->kind))
		return text_format(t->in->arena, "%s:%.*s", row->kind, TEXT_ARG(subject));
	/* money.md R57: the first published value counts; another one for the month conflicts with it. */
	if (t->kind == FACT_INDEX_PUBLISHED && month.n > 0)
		return text_format(t->in->arena, "%s:%.*s:%.*s", row->kind, TEXT_ARG(subject),
				   TEXT_ARG(month));
	return (struct text){"", 0};
}

/* --- months --- */

static void keep_month(struct table_money *t, const struct own *o)
{
	day d = 0;

	if (t->kind != FACT_INDEX_PUBLISHED ||
	    !month_parse(symbol_text(t->in->facts->symbols, fact_word(&o->fact, FIELD_INDEX_MONTH)),
			 &d))
		return;
	struct civil c = civil_of(d);

	t->months = arena_grow(t->in->arena, t->months, t->n_months, &t->months_cap,
			       sizeof(*t->months));
	t->months[t->n_months++] = (struct month){fact_word(&o->fact, FIELD_SERIES),
						  c.year * 12 + (int32_t)c.month - 1};
}

static int by_month(const void *x, const void *y)
{
	const struct month *a = x, *b = y;

	if (a->series != b->series)
		return a->series < b->series ? -1 : 1;
	return (a->month > b->month) - (a->month < b->month);
}

static void name_gaps(struct table_money *t)
{
	if (t->n_months > 0)
		qsort(t->months, t->n_months, sizeof(*t->months), by_month);
	for (size_t i = 1; i < t->n_months; i++) {
		if (t->months[i].series != t->months[i - 1].series)
			continue;
		for (int32_t m = t->months[i - 1].month + 1; m < t->months[i].month; m++)
			intake_note(
				t->in, IMPORT_MONTH, 0, "index month missing: %.*s %04d-%02d",
				TEXT_ARG(symbol_text(t->in->facts->symbols, t->months[i].series)),
				(int)(m / 12), (int)(m % 12) + 1);
	}
}

/* --- lists of units --- */

static struct unit_list *list_of(struct table_money *t, const struct own *o, symbol name,
				 symbol count)
{
	for (size_t i = t->n_lists; i > 0; i--) {
		struct unit_list *l = t->lists[i - 1];

		if (l->name == name && l->count == count &&
		    l->head.fact.occurred_at == o->fact.occurred_at)
			return l;
	}

	struct unit_list *l = arena_one(t->in->arena, struct unit_list);

	l->head = *o;
	l->head.fact.values = l->head.values;
	l->name = name;
	l->count = count;
	t->lists = arena_grow(t->in->arena, t->lists, t->n_lists, &t->lists_cap, sizeof(*t->lists));
	t->lists[t->n_lists++] = l;
	return l;
}

static struct text day_text(struct table_money *t, const struct own *o)
{
	struct text out;
	struct buf b;

	buf_init(&b, 32);
	day_print(&b, day_of_row(t, o));
	out = text_copy(t->in->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

/* money.md R23: the same id twice in one list is refused, and with it the list: nobody knows which row is wrong. */
static bool take_unit(struct table_money *t, const struct cells *c, struct own *o)
{
	struct text unit = value_of(t, c, FIELD_UNITS), count = value_of(t, c, FIELD_COUNT_OF),
		    name = value_of(t, c, FIELD_LIST);
	struct unit_list *l;
	uint32_t *seen;

	if (unit.n == 0 || count.n == 0) {
		intake_note(t->in, IMPORT_FIELD_MISSING, c->line, "units.listed needs '%s'",
			    unit.n == 0 ? "units" : "count");
		return false;
	}
	l = list_of(t, o, name.n == 0 ? 0 : intake_symbol(t->in, name),
		    intake_symbol(t->in, count));
	seen = symbol_map_at(&l->seen, t->in->arena, intake_symbol(t->in, unit));
	if (*seen != 0) {
		l->twice = true;
		intake_note(t->in, IMPORT_VALUE, c->line,
			    "unit listed twice: '%.*s' in list of %.*s", TEXT_ARG(unit),
			    TEXT_ARG(day_text(t, o)));
		return false;
	}
	*seen = 1;
	l->units = arena_grow(t->in->arena, l->units, l->n, &l->cap, sizeof(*l->units));
	l->units[l->n++] = symbol_text(t->in->facts->symbols, intake_symbol(t->in, unit));
	return true;
}

/* So many units from `at` on are one part. */
static size_t part_of(const struct unit_list *l, size_t at)
{
	size_t n = 0, bytes = 0;

	while (at + n < l->n && n < PART_UNITS &&
	       (n == 0 || bytes + l->units[at + n].n < PART_BYTES))
		bytes += l->units[at + n++].n;
	return n;
}

static void take_part(struct table_money *t, const struct unit_list *l, size_t at, size_t n,
		      int64_t part, int64_t parts)
{
	struct intake *in = t->in;
	struct text day_of_list = day_text(t, &l->head),
		    count = symbol_text(in->facts->symbols, l->count);
	struct text name = l->name != 0 ? symbol_text(in->facts->symbols, l->name)
					: text_format(in->arena, "%.*s %.*s", TEXT_ARG(count),
						      TEXT_ARG(day_of_list));
	struct own o = l->head;
	bool good;

	o.fact.values = o.values;
	good = own_text(&o, in, FIELD_LIST, name) && own_text(&o, in, FIELD_COUNT_OF, count);
	for (size_t i = 0; good && i < n; i++)
		good = own_word(&o, in, FIELD_UNITS, l->units[at + i]);
	if (good && parts > 1)
		good = own_number(&o, in, FIELD_PART_NUMBER, part, 0) &&
		       own_number(&o, in, FIELD_PART_COUNT, parts, 0);
	if (good)
		(void)own_take(&o, in,
			       text_format(in->arena, "units.listed:%.*s:%.*s:%lld", TEXT_ARG(name),
					   TEXT_ARG(day_of_list), (long long)part));
}

static void take_list(struct table_money *t, const struct unit_list *l)
{
	int64_t parts = 0, part = 1;

	if (l->twice) {
		intake_note(t->in, IMPORT_VALUE, l->head.fact.line,
			    "the list of %.*s is left out: a unit stands in it twice",
			    TEXT_ARG(day_text(t, &l->head)));
		return;
	}
	for (size_t at = 0; at < l->n; at += part_of(l, at))
		parts++;
	for (size_t at = 0; at < l->n; at += part_of(l, at))
		take_part(t, l, at, part_of(l, at), part++, parts);
}

/* --- rows --- */

bool table_take(struct table_money *t, const struct cells *c, struct own *o, struct text id)
{
	const struct fact_row *row = fact_row(t->kind);

	if (t->kind == FACT_UNITS_LISTED)
		return take_unit(t, c, o);
	for (size_t i = 0; i < row->n_fields; i++)
		if (!take_field(t, c, o, row->fields[i].field))
			return false;
	if (!own_take(o, t->in, id_of(t, o, id)))
		return false;
	keep_month(t, o);
	return true;
}

void table_money_end(struct table_money *t)
{
	for (size_t i = 0; i < t->n_lists; i++)
		take_list(t, t->lists[i]);
	name_gaps(t);
}
