/* SPDX-License-Identifier: Apache-2.0 */
#include "render/calendars.h"

#include "base/json.h"
#include "render/json_parts.h"
#include "render/table_csv.h"

enum { WORDS_MAX_BYTES = 1 << 16, HASH_SHOWN = 12 };

static struct text taken(struct arena *a, struct buf *b)
{
	struct text out = text_copy(a, text_trim(buf_view(b)));

	buf_free(b);
	return out;
}

static struct text ranges_text(struct arena *a, const struct day_range *v, size_t n)
{
	struct buf b;

	buf_init(&b, WORDS_MAX_BYTES);
	format_ranges(&b, v, n);
	return taken(a, &b);
}

/* --- words --- */

static struct phrase one_hours(struct doc *d, const struct calendar_hours *h)
{
	struct buf b;

	buf_init(&b, WORDS_MAX_BYTES);
	format_weekdays(&b, d->language, h->days);
	buf_char(&b, ' ');
	format_ranges(&b, h->v, h->n);
	return doc_plain(d, taken(d->arena, &b));
}

static struct phrase all_hours(struct doc *d, const struct calendar_card *c)
{
	struct phrase out = NO_WORDS;

	for (size_t i = 0; i < c->n_hours; i++) {
		const struct phrase both[] = {out, one_hours(d, &c->hours[i])};

		out = doc_join_all(d, "; ", both, ARRAY_SIZE(both));
	}
	return out;
}

/* When it changes, in the calendar's zone, as a program reads it, too. */
static struct phrase changes_words(struct doc *d, const struct calendar_card *c)
{
	struct buf b;

	buf_init(&b, WORDS_MAX_BYTES);
	instant_print(&b, c->changes);
	return doc_run(d, RUN_TIME, c->changes_at, taken(d->arena, &b));
}

static struct phrase now_words(struct doc *d, const struct calendar_card *c)
{
	enum doc_state state = c->open ? STATE_KEPT : STATE_OPEN;

	if (c->changes == INSTANT_NONE)
		return doc_state_run(d, state,
				     SAY0(d, c->open ? W_CALENDAR_OPEN_ON : W_CALENDAR_CLOSED_ON));
	return doc_join(
		d, doc_state_run(d, state, SAY0(d, c->open ? W_CALENDAR_OPEN : W_CALENDAR_CLOSED)),
		doc_join(d, doc_plain(d, text_of(" ")),
			 SAY(d, W_CALENDAR_UNTIL, changes_words(d, c))));
}

static struct phrase source_name(struct doc *d, const struct calendar_source *s)
{
	switch (s->from) {
	case CALENDAR_SET:
	case CALENDAR_FILE:
		return doc_run(d, RUN_CODE, s->name, text_of(""));
	case CALENDAR_YEARLY:
		return SAY(d, W_CALENDAR_YEARLY, doc_plain(d, s->name));
	case CALENDAR_DATE:
		return SAY(d, W_CALENDAR_ONCE, doc_plain(d, s->name));
	}
	return NO_WORDS;
}

static enum wording category_word(const char *category)
{
	if (text_is(text_of(category), "bank"))
		return W_CALENDAR_BANK;
	return text_is(text_of(category), "government") ? W_CALENDAR_GOVERNMENT : W_CALENDAR_PUBLIC;
}

/* "us_federal: United States, federal; government days; as of 1 Jan 2026, 3f2a9c01b2aa" */
static struct phrase source_line(struct doc *d, const struct calendar_source *s)
{
	struct phrase parts[3] = {NO_WORDS, NO_WORDS, NO_WORDS}, name = source_name(d, s), more;
	struct phrase hash = doc_run(d, RUN_CODE, text_sub(s->sha256, 0, HASH_SHOWN), text_of(""));

	if (s->title != NULL) {
		parts[0] = doc_plain(d, text_of(s->title));
		parts[1] = SAY0(d, category_word(s->category));
	}
	if (s->sha256.n > 0 && s->from == CALENDAR_SET)
		parts[2] = SAY(d, W_CALENDAR_PINNED, doc_time(d, s->pinned_at, TIME_DATE), hash);
	else if (s->sha256.n > 0)
		parts[2] = SAY(d, W_CALENDAR_FILE_HASH, hash);
	more = doc_join_all(d, ", ", parts, ARRAY_SIZE(parts));
	if (more.n == 0)
		return name;
	return SAY(d, W_CALENDAR_SOURCE, name, more);
}

static struct phrase ids(struct doc *d, const struct text *v, size_t n)
{
	struct phrase out = NO_WORDS;

	for (size_t i = 0; i < n; i++) {
		const struct phrase both[] = {out, doc_run(d, RUN_CODE, v[i], text_of(""))};

		out = doc_join_all(d, ", ", both, ARRAY_SIZE(both));
	}
	return out;
}

/* --- one contract --- */

static void add_pairs(struct doc *d, const struct calendar_card *c)
{
	struct pairs *p = doc_pairs(d);
	struct phrase used = c->business ? SAY0(d, W_CALENDAR_BUSINESS) : NO_WORDS;

	pair_add(d, p, SAY0(d, W_CALENDAR_NOW), now_words(d, c));
	for (size_t i = 0; i < c->n_hours; i++)
		pair_add(d, p, i == 0 ? SAY0(d, W_CALENDAR_HOURS) : NO_WORDS,
			 one_hours(d, &c->hours[i]));
	pair_add(d, p, SAY0(d, W_CALENDAR_ZONE), doc_plain(d, c->zone));
	for (size_t i = 0; i < c->n_sources; i++)
		pair_add(d, p, i == 0 ? SAY0(d, W_CALENDAR_SOURCES) : NO_WORDS,
			 source_line(d, &c->sources[i]));
	if (c->n_sources == 0)
		pair_add(d, p, SAY0(d, W_CALENDAR_SOURCES), SAY0(d, W_CALENDAR_NO_SOURCE));
	pair_add(d, p, SAY0(d, W_CALENDAR_METRICS),
		 c->n_metrics > 0 ? ids(d, c->metrics, c->n_metrics) : SAY0(d, W_CALENDAR_NOTHING));
	if (c->n_services > 0)
		pair_add(d, p, SAY0(d, W_CALENDAR_SERVICES), ids(d, c->services, c->n_services));
	if (used.n > 0)
		pair_add(d, p, SAY0(d, W_CALENDAR_ALSO), used);
}

static struct phrase day_line(struct doc *d, const struct calendar_day *x)
{
	struct phrase name = doc_plain(d, x->name);

	switch (x->kind) {
	case CALENDAR_DAY_OFF:
		return name;
	case CALENDAR_DAY_REPLACED:
		return SAY(d, W_CALENDAR_DAY_HOURS,
			   doc_plain(d, ranges_text(d->arena, x->v, x->n)));
	case CALENDAR_DAY_PROCLAIMED:
		return name.n > 0 ? name : SAY0(d, W_CALENDAR_DAY_NAMELESS);
	}
	return NO_WORDS;
}

static struct phrase day_source(struct doc *d, const struct calendar_card *c,
				const struct calendar_day *x)
{
	switch (x->kind) {
	case CALENDAR_DAY_OFF:
		return source_name(d, &c->sources[x->source]);
	case CALENDAR_DAY_REPLACED:
		return SAY0(d, W_CALENDAR_REPLACED);
	case CALENDAR_DAY_PROCLAIMED:
		return SAY(d, x->acts ? W_CALENDAR_PROCLAIMED : W_CALENDAR_PROCLAIMED_LATE,
			   doc_time(d, x->recorded_at, TIME_DATE));
	}
	return NO_WORDS;
}

static struct phrase weekday_words(struct doc *d, day v)
{
	struct buf b;

	buf_init(&b, WORDS_MAX_BYTES);
	format_weekdays(&b, d->language, 1U << weekday_of(v));
	return doc_plain(d, taken(d->arena, &b));
}

static void add_days(struct doc *d, const struct calendar_card *c, const struct calendars_page *p)
{
	const struct table_column columns[] = {{SAY0(d, W_CALENDAR_DAY), COLUMN_TEXT},
					       {SAY0(d, W_CALENDAR_WEEKDAY), COLUMN_TEXT},
					       {SAY0(d, W_CALENDAR_DAY_OFF), COLUMN_TEXT},
					       {SAY0(d, W_CALENDAR_FROM), COLUMN_TEXT}};
	struct phrase first = doc_plain(d, text_format(d->arena, "%d", (int)p->first_year)),
		      last = doc_plain(d, text_format(d->arena, "%d", (int)p->last_year));
	bool one = p->first_year == p->last_year;
	struct table *t;

	if (c->n_days == 0) {
		doc_paragraph(d, one ? SAY(d, W_CALENDAR_NO_DAYS, first)
				     : SAY(d, W_CALENDAR_NO_DAYS_BOTH, first, last));
		return;
	}
	t = doc_table(
		d, one ? SAY(d, W_CALENDAR_DAYS, first) : SAY(d, W_CALENDAR_DAYS_BOTH, first, last),
		columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < c->n_days; i++)
		(void)ROW(d, t, doc_day(d, c->days[i].date), weekday_words(d, c->days[i].date),
			  day_line(d, &c->days[i]), day_source(d, c, &c->days[i]));
}

static void one_contract(struct doc *d, const struct calendars_page *p)
{
	d->aside = doc_plain(d, p->contract);
	if (p->n == 0)
		doc_paragraph(d, SAY0(d, W_CALENDAR_NONE_HERE));
	for (size_t i = 0; i < p->n; i++) {
		doc_section(d, text_format(d->arena, "calendar-%.*s", TEXT_ARG(p->v[i].id)).p,
			    doc_run(d, RUN_CODE, p->v[i].id, text_of("")));
		add_pairs(d, &p->v[i]);
		add_days(d, &p->v[i], p);
	}
	doc_paragraph(d, SAY0(d, W_CALENDAR_CHANGE));
	if (p->zone != NULL)
		doc_footer(d, SAY(d, W_TIMES_SHOWN_IN, doc_plain(d, zone_name(p->zone))));
}

/* --- several --- */

static void several(struct doc *d, const struct calendars_page *p)
{
	const struct table_column columns[] = {
		{SAY0(d, W_CONTRACT), COLUMN_TEXT},         {SAY0(d, W_CALENDAR), COLUMN_TEXT},
		{SAY0(d, W_CALENDAR_HOURS), COLUMN_TEXT},   {SAY0(d, W_CALENDAR_ZONE), COLUMN_PAGE},
		{SAY0(d, W_CALENDAR_SOURCES), COLUMN_PAGE}, {SAY0(d, W_CALENDAR_NOW), COLUMN_TEXT},
		{SAY0(d, W_CALENDAR_METRICS), COLUMN_PAGE}};
	struct table *t;

	d->light = true;
	d->under = doc_counted(d, (int64_t)p->n_contracts, W_TODAY_CONTRACTS_ONE,
			       W_TODAY_CONTRACTS_MANY);
	if (p->n == 0) {
		doc_paragraph(d, SAY0(d, W_CALENDAR_NONE));
		return;
	}
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < p->n; i++) {
		const struct calendar_card *c = &p->v[i];
		struct phrase contract = doc_plain(d, c->contract), from = NO_WORDS;

		if (p->in_page)
			contract = doc_link(d,
					    text_format(d->arena, "/c/%.*s/calendars#calendar-%.*s",
							TEXT_ARG(c->contract), TEXT_ARG(c->id)),
					    contract);
		for (size_t k = 0; k < c->n_sources; k++) {
			const struct phrase both[] = {from, source_name(d, &c->sources[k])};

			from = doc_join_all(d, ", ", both, ARRAY_SIZE(both));
		}
		(void)ROW(d, t, contract, doc_run(d, RUN_CODE, c->id, text_of("")), all_hours(d, c),
			  doc_plain(d, c->zone), from, now_words(d, c),
			  ids(d, c->metrics, c->n_metrics));
	}
	doc_paragraph(d, SAY0(d, W_CALENDAR_WORDS_ALONE));
	doc_hint(d, text_of("tenor calendars --contract ID"), SAY0(d, W_CALENDAR_HINT));
}

struct doc *calendars_doc(struct arena *a, const struct calendars_page *p)
{
	struct doc *d = doc_new(a, p->language, p->zone);

	d->title = SAY0(d, W_CALENDAR_TITLE);
	if (p->contract.n > 0)
		one_contract(d, p);
	else
		several(d, p);
	return d;
}

/* --- for programs --- */

static struct text day_text(struct arena *a, day v)
{
	struct buf b;

	buf_init(&b, 16);
	day_print(&b, v);
	return taken(a, &b);
}

static const char *kind_key(enum calendar_day_kind k)
{
	static const char *const keys[] = {[CALENDAR_DAY_OFF] = "day_off",
					   [CALENDAR_DAY_REPLACED] = "other_hours",
					   [CALENDAR_DAY_PROCLAIMED] = "proclaimed"};

	return keys[k];
}

static void json_ranges(struct json *j, struct arena *a, const struct day_range *v, size_t n)
{
	json_key(j, "open");
	json_open_array(j);
	for (size_t i = 0; i < n; i++)
		json_text(j, ranges_text(a, &v[i], 1));
	json_end_array(j);
}

static void json_sources(struct json *j, const struct calendar_card *c)
{
	static const char *const keys[] = {[CALENDAR_SET] = "set",
					   [CALENDAR_YEARLY] = "yearly",
					   [CALENDAR_DATE] = "date",
					   [CALENDAR_FILE] = "file"};

	json_key(j, "sources");
	json_open_array(j);
	for (size_t i = 0; i < c->n_sources; i++) {
		const struct calendar_source *s = &c->sources[i];

		json_open_object(j);
		json_kv_text(j, "id", s->id);
		json_kv_text(j, keys[s->from], s->name);
		if (s->title != NULL)
			json_kv_str(j, "title", s->title);
		if (s->sha256.n > 0)
			json_kv_text(j, "sha256", s->sha256);
		if (s->pinned_at != INSTANT_NONE)
			json_instant(j, "pinned_at", s->pinned_at);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_days(struct json *j, struct arena *a, const struct calendar_card *c)
{
	json_key(j, "days");
	json_open_array(j);
	for (size_t i = 0; i < c->n_days; i++) {
		const struct calendar_day *x = &c->days[i];

		json_open_object(j);
		json_kv_text(j, "date", day_text(a, x->date));
		json_kv_str(j, "kind", kind_key(x->kind));
		if (x->name.n > 0)
			json_kv_text(j, "name", x->name);
		if (x->kind == CALENDAR_DAY_OFF)
			json_kv_text(j, "source", c->sources[x->source].id);
		if (x->kind == CALENDAR_DAY_REPLACED)
			json_ranges(j, a, x->v, x->n);
		if (x->kind == CALENDAR_DAY_PROCLAIMED) {
			json_instant(j, "recorded_at", x->recorded_at);
			json_kv_bool(j, "acts", x->acts);
		}
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_texts(struct json *j, const char *key, const struct text *v, size_t n)
{
	json_key(j, key);
	json_open_array(j);
	for (size_t i = 0; i < n; i++)
		json_text(j, v[i]);
	json_end_array(j);
}

static void json_card(struct json *j, struct arena *a, const struct calendar_card *c)
{
	json_open_object(j);
	json_kv_text(j, "contract", c->contract);
	json_kv_int(j, "version", (int64_t)c->version);
	json_kv_text(j, "calendar", c->id);
	json_kv_text(j, "timezone", c->zone);
	json_kv_bool(j, "business", c->business);
	json_kv_bool(j, "open", c->open);
	if (c->changes != INSTANT_NONE)
		json_instant(j, "changes_at", c->changes);
	json_kv_bool(j, "proclaimed", c->proclaimed);
	json_key(j, "hours");
	json_open_array(j);
	for (size_t i = 0; i < c->n_hours; i++) {
		json_open_object(j);
		json_kv_text(j, "days", c->hours[i].written);
		json_ranges(j, a, c->hours[i].v, c->hours[i].n);
		json_end_object(j);
	}
	json_end_array(j);
	json_sources(j, c);
	json_days(j, a, c);
	json_texts(j, "metrics", c->metrics, c->n_metrics);
	json_texts(j, "services", c->services, c->n_services);
	json_end_object(j);
}

void calendars_json(struct arena *a, const struct calendars_page *p, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_calendars", 1);
	json_instant(&j, "as_of", p->now);
	json_kv_int(&j, "first_year", p->first_year);
	json_kv_int(&j, "last_year", p->last_year);
	json_key(&j, "calendars");
	json_open_array(&j);
	for (size_t i = 0; i < p->n; i++)
		json_card(&j, a, &p->v[i]);
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

static void csv_head(struct table_csv *t, const struct calendar_card *c, const char *kind)
{
	csv_text(t, c->contract);
	csv_int(t, (int64_t)c->version);
	csv_text(t, c->id);
	csv_text(t, c->zone);
	csv_word(t, kind);
}

static void csv_day_row(struct table_csv *t, struct arena *a, const struct calendar_card *c,
			const struct calendar_day *x)
{
	const struct calendar_source *s =
		x->kind == CALENDAR_DAY_OFF ? &c->sources[x->source] : NULL;
	struct buf b;

	csv_head(t, c, kind_key(x->kind));
	csv_day(t, x->date);
	csv_text(t, ranges_text(a, x->v, x->n));
	csv_text(t, x->name);
	csv_text(t, s == NULL ? text_of("") : s->name);
	csv_text(t, s == NULL ? text_of("") : s->sha256);
	if (x->kind == CALENDAR_DAY_PROCLAIMED) {
		buf_init(&b, 64);
		instant_print(&b, x->recorded_at);
		csv_text(t, taken(a, &b));
		csv_word(t, x->acts ? "true" : "false");
	} else {
		csv_empty(t, 2);
	}
	csv_end(t);
}

void calendars_csv(struct arena *a, const struct calendars_page *p, struct buf *out)
{
	struct table_csv t = {.out = out};

	buf_str(out, "contract,version,calendar,timezone,kind,days,open,name,source,sha256,"
		     "recorded_at,acts\n");
	for (size_t i = 0; i < p->n; i++) {
		const struct calendar_card *c = &p->v[i];

		for (size_t k = 0; k < c->n_hours; k++) {
			csv_head(&t, c, "hours");
			csv_text(&t, c->hours[k].written);
			csv_text(&t, ranges_text(a, c->hours[k].v, c->hours[k].n));
			csv_empty(&t, 5);
			csv_end(&t);
		}
		for (size_t k = 0; k < c->n_days; k++)
			csv_day_row(&t, a, c, &c->days[k]);
	}
}
