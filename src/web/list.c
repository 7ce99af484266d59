/* SPDX-License-Identifier: Apache-2.0 */
/* What a verb answers as JSON, as a table: the lists of pages.def. */
#include "render/said.h"
#include "render/table_csv.h"
#include "web/parts.h"
#include "web/verb.h"

static const json_t *member(const json_t *row, const char *key)
{
	struct text rest = text_of(key), part;

	while (row != NULL && rest.n > 0) {
		rest = text_cut(rest, '.', &part);
		row = json_object_getn(row, part.p, part.n);
	}
	return row;
}

static struct phrase linked(struct doc *d, struct page *p, const struct list_column *c,
			    struct phrase words, struct text value)
{
	struct page with = *p;

	if (c->link[0] == '\0' || value.n == 0)
		return words;
	/* its own value; of the page's path only what has another name */
	with.names[0] = (struct field){text_of(c->key), value};
	with.n_names = 1;
	for (size_t i = 0; i < p->n_names && with.n_names < PATH_NAMES_MAX; i++)
		if (!text_eq(p->names[i].name, with.names[0].name))
			with.names[with.n_names++] = p->names[i];
	return doc_link(d, page_path(&with, c->link), words);
}

/* A mark where it is over; none else: its dash would read as a minus. */
struct phrase left_run(struct doc *d, int64_t ms)
{
	struct phrase span = doc_span(d, ms / MINUTE_MS * MINUTE_MS);

	return ms < 0 ? doc_state_run(d, STATE_MISSED, span) : span;
}

static struct phrase cell_words(struct doc *d, const struct list_column *c, struct text value)
{
	struct err none = {.line = 0};
	instant t;
	day v;
	int64_t n;

	if (c->how == TIME && instant_parse(value, &t, NULL, &none) == RC_OK)
		return doc_time(d, t / MINUTE_MS * MINUTE_MS, TIME_FULL);
	if (c->how == DAY && day_parse(value, &v))
		return doc_day(d, v);
	if (c->how == NUMBER && text_int(value, &n))
		return doc_int(d, n);
	if (c->how == SPAN && text_int(value, &n))
		return left_run(d, n);
	if (c->how == ACT)
		return SAY0(d, c->heading);
	if (c->how == CODE)
		return doc_run(d, RUN_CODE, value, text_of(""));
	return doc_plain(d, c->how == NAMED ? said_list(d->arena, d->language, value) : value);
}

/* The usual text of mail has no way back to the usual one. */
static bool act_missing(const struct list_column *c, const json_t *row)
{
	return c->how == ACT && text_ends(text_of(c->link), "/reset") &&
	       json_is_false(json_object_get(row, "own"));
}

static struct phrase cell(struct doc *d, struct page *p, const struct list_column *c,
			  const json_t *row)
{
	const json_t *v = member(row, c->key);
	struct phrase all = NO_WORDS;
	struct text value;

	if (json_is_array(v)) {
		for (size_t i = 0; i < json_array_size(v); i++) {
			value = verb_text(p, json_array_get(v, i));
			if (i > 0)
				all = doc_join(d, all, doc_plain(d, text_of(", ")));
			all = doc_join(d, all, linked(d, p, c, cell_words(d, c, value), value));
		}
		return all;
	}
	value = verb_text(p, v);
	if (act_missing(c, row))
		return NO_WORDS;
	if (c->how == MONEY && value.n > 0)
		value = page_amount(p, value, verb_text(p, json_object_get(row, "currency")));
	return linked(d, p, c, cell_words(d, c, value), value);
}

enum { COLUMNS_MAX = 7 };

/* Is there anything in the column? What nobody has, such as an auditor's months where there is no auditor, is no column. */
static bool column_filled(struct page *p, const struct list_column *c, const json_t *rows)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i), *v = member(row, c->key);

		if (act_missing(c, row))
			continue;
		if (json_array_size(v) > 0 || verb_text(p, v).n > 0)
			return true;
	}
	return json_array_size(rows) == 0;
}

static void list_doc(struct page *p, const struct list_column *columns, size_t n,
		     const struct zone *zone, const json_t *rows)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone != NULL ? p->zone : zone);
	struct table_column heads[COLUMNS_MAX];
	const struct list_column *shown[COLUMNS_MAX];
	size_t n_shown = 0;

	d->also = zone;
	for (size_t k = 0; k < n; k++) {
		bool number = columns[k].how == NUMBER || columns[k].how == MONEY ||
			      columns[k].how == SPAN;

		if (!column_filled(p, &columns[k], rows))
			continue;
		/* a link says itself what it does */
		heads[n_shown] = (struct table_column){
			columns[k].how == ACT ? NO_WORDS : SAY0(d, columns[k].heading),
			number ? COLUMN_NUMBER : COLUMN_TEXT};
		shown[n_shown++] = &columns[k];
	}
	if (json_array_size(rows) == 0) {
		doc_paragraph(d, SAY0(d, page_name(p, "contract").n > 0 && p->q->n_segments == 3 &&
							 text_is(p->q->segments[2], "tickets")
						 ? W_WEB_NO_TICKETS
						 : W_WEB_EMPTY));
	} else {
		struct table *t = doc_table(d, NO_WORDS, heads, n_shown);

		for (size_t i = 0; i < json_array_size(rows); i++) {
			struct phrase *cells = arena_array(p->q->arena, struct phrase, n_shown);

			for (size_t k = 0; k < n_shown; k++)
				cells[k] = cell(d, p, shown[k], json_array_get(rows, i));
			(void)table_row(d, t, cells, n_shown);
		}
	}
	doc_html_inside(d, &p->r->body);
}

static size_t columns_of(const struct row_list *row)
{
	size_t n = 0;

	while (n < ARRAY_SIZE(row->columns) && row->columns[n].key != NULL)
		n++;
	return n;
}

static int64_t entries_of(struct page *p)
{
	struct verb_run v;
	int64_t n = 0;
	json_t *answer;

	verb_begin(&v, p, ACTION_CONTRACT_LIST);
	answer = verb_json(&v);
	for (size_t i = 0; i < json_array_size(answer); i++) {
		const json_t *row = json_array_get(answer, i);

		if (text_is(page_contract(p), json_string_value(json_object_get(row, "contract"))))
			n = json_integer_value(json_object_get(row, "entries"));
	}
	json_decref(answer);
	verb_free(&v);
	return n;
}

/* Entries of a record: a hundred at most, from the end back. */
static void take_entries(struct page *p, struct verb_run *v)
{
	struct text to = fields_get(&p->q->query, "to");
	int64_t last = -1;

	if (to.n > 0 && !text_digits(to, &last))
		last = -1;
	if (last < 0)
		last = entries_of(p) - 1;
	if (last < 0)
		return;
	verb_put(v, PARAM_FROM_INDEX,
		 text_format(p->q->arena, "%lld", (long long)(last > 99 ? last - 99 : 0)));
	verb_put(v, PARAM_TO_INDEX, text_format(p->q->arena, "%lld", (long long)last));
}

/* Some verbs answer a list, some an object that has one. */
static const json_t *rows_of(const json_t *answer)
{
	const char *key;
	json_t *v;

	if (json_is_array(answer))
		return answer;
	json_object_foreach((json_t *)(uintptr_t)answer, key, v) if (json_is_array(v)) return v;
	return NULL;
}

void list_rows(struct page *p, enum wording title, const struct list_column *columns, size_t n,
	       const json_t *answer)
{
	if (title != W_NONE)
		frame_title(p, page_say(p, title));
	list_doc(p, columns, n, NULL, rows_of(answer));
}

static void put_newest_first(struct page *p, const struct row_list *row, const json_t *rows)
{
	json_t *turned = json_array();

	for (size_t i = json_array_size(rows); i > 0; i--)
		(void)json_array_append(turned, json_array_get(rows, i - 1));
	list_doc(p, row->columns, columns_of(row),
		 row->verb == ACTION_LOG_SHOW ? page_contract_zone(p) : NULL, turned);
	json_decref(turned);
}

void list_csv(struct page *p, const struct list_column *columns, size_t n, const json_t *answer)
{
	struct table_csv c = {&p->r->body, false};
	const json_t *rows = rows_of(answer);

	for (size_t i = 0; i <= json_array_size(rows); i++) {
		const json_t *one = i > 0 ? json_array_get(rows, i - 1) : NULL;

		for (size_t k = 0; k < n; k++) {
			const json_t *v = member(one, columns[k].key);
			struct text words =
				verb_text(p, json_is_array(v) ? json_array_get(v, 0) : v);

			for (size_t j = 1; j < json_array_size(v); j++)
				words = text_format(p->q->arena, "%.*s %.*s", TEXT_ARG(words),
						    TEXT_ARG(verb_text(p, json_array_get(v, j))));
			csv_text(&c, one == NULL ? text_of(columns[k].key) : words);
			if (columns[k].how == MONEY)
				csv_text(&c,
					 one == NULL
						 ? text_of("currency")
						 : verb_text(p, json_object_get(one, "currency")));
		}
		csv_end(&c);
	}
	p->r->type = text_of(page_type(text_of("csv")));
	response_field(p->r, "Content-Disposition", page_disposition(p, text_of("csv")));
}

static void put_older(struct page *p, const json_t *rows)
{
	struct buf *b = &p->r->body;
	int64_t first = json_integer_value(json_object_get(json_array_get(rows, 0), "index"));

	if (first <= 0)
		return;
	html_raw(b, "<p><a class=\"button\"");
	html_attr(b, "href",
		  text_format(p->q->arena, "%.*s?to=%lld", TEXT_ARG(p->q->path),
			      (long long)(first - 1)));
	html_raw(b, ">");
	html_text(b, page_say(p, W_WEB_OLDER));
	html_raw(b, "</a></p>\n");
}

static size_t list_links(const struct page *p, const struct row_list *row, struct action_link v[3])
{
	size_t n = 0;

	if (row->tab == TAB_TICKETS && page_may(p, R_WORK_WRITE))
		v[n++] = (struct action_link){"/replies", W_WEB_REPLIES, false};

	if (row->tab == TAB_TICKETS && page_may(p, R_TICKET_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/tickets/new", W_WEB_NEW_TICKET, true};
	if (row->tab == TAB_TICKETS && page_may(p, R_MONEY_READ))
		v[n++] = (struct action_link){"/c/{contract}/clocks", W_WEB_CLOCKS, false};
	if (row->tab == TAB_RECORD)
		v[n++] = (struct action_link){"/c/{contract}/proof", W_WEB_CHECK_IT, true};
	if (row->tab == TAB_INVOICES)
		v[n++] =
			(struct action_link){"/c/{contract}/invoices/preview", W_WEB_PREVIEW, true};
	if (row->tab == NAV_CLIENTS && page_may(p, R_SETTINGS))
		v[n++] = (struct action_link){"/clients/new", W_WEB_NEW_CLIENT, true};
	if (row->verb == ACTION_USER_LIST && page_may(p, R_USERS_MANAGE))
		v[n++] = (struct action_link){"/people/new", W_WEB_NEW_PERSON, true};
	if (row->verb == ACTION_AUDIT && page_may(p, R_INSTALL))
		v[n++] = (struct action_link){"/sessions", W_WEB_ALL_SESSIONS, false};
	if ((row->verb == ACTION_AUDIT || row->verb == ACTION_SESSIONS) && page_may(p, R_INSTALL))
		v[n++] = (struct action_link){"/resets", W_WEB_RESETS, false};
	if (row->verb == ACTION_TEMPLATE_LIST)
		v[n++] = (struct action_link){"/templates/new", W_WEB_TEMPLATE_NEW, true};
	if (row->verb == ACTION_TOKEN_LIST && page_may(p, R_TOKENS_MANAGE))
		v[n++] = (struct action_link){"/tokens/new", W_WEB_NEW_TOKEN, true};
	return n;
}

/* What the query of a list may bring. */
static const enum param *list_allows(enum action_id verb, size_t *n)
{
	static const enum param of_entries[] = {PARAM_TO_INDEX};
	static const enum param of_events[] = {PARAM_AUDIT_WHO, PARAM_AUDIT_FROM, PARAM_AUDIT_TO,
					       PARAM_AFTER, PARAM_LIMIT};

	*n = 0;
	if (verb == ACTION_LOG_SHOW) {
		*n = ARRAY_SIZE(of_entries);
		return of_entries;
	}
	if (verb == ACTION_TICKET_LIST)
		return desk_asks(n);
	*n = verb == ACTION_AUDIT ? ARRAY_SIZE(of_events) : 0;
	return of_events;
}

static const char *const audit_names[] = {"who", "from", "to"};

/* By whom and when: a form that asks, and changes nothing. */
static void put_audit_filter(struct page *p)
{
	static const enum wording labels[] = {W_WEB_NAME, W_WEB_FROM, W_WEB_TO};
	struct buf *b = &p->r->body;

	html_raw(b, "<form class=\"filters\" method=\"get\" action=\"/audit\">\n");
	for (size_t i = 0; i < ARRAY_SIZE(audit_names); i++)
		form_input(p, &(struct shown_input){
				      .name = audit_names[i],
				      .type = i == 0 ? "text" : "date",
				      .label = labels[i],
				      .value = fields_get(&p->q->query, audit_names[i])});
	form_close(p, W_WEB_SHOW);
}

static void put_after(struct page *p, const json_t *answer)
{
	const char *after = json_string_value(json_object_get(answer, "after"));
	struct buf *b = &p->r->body;
	struct buf to;

	if (after == NULL)
		return;
	buf_init(&to, 8192);
	buf_str(&to, "/audit?after=");
	buf_path_segment(&to, text_of(after));
	for (size_t i = 0; i < ARRAY_SIZE(audit_names); i++) {
		struct text value = fields_get(&p->q->query, audit_names[i]);

		if (value.n == 0)
			continue;
		buf_printf(&to, "&%s=", audit_names[i]);
		buf_path_segment(&to, value);
	}
	html_raw(b, "<p><a class=\"button\"");
	html_attr(b, "href", buf_view(&to));
	html_raw(b, ">");
	html_text(b, page_say(p, W_WEB_OLDER));
	html_raw(b, "</a></p>\n");
	buf_free(&to);
}

void list_show(struct page *p, const struct row_list *row)
{
	bool entries = row->verb == ACTION_LOG_SHOW, tickets = row->verb == ACTION_TICKET_LIST;
	bool audit = row->verb == ACTION_AUDIT, as_csv = audit || tickets,
	     turned = entries || row->verb == ACTION_INVOICE_LIST;
	size_t n_allow = 0;
	const enum param *allow = list_allows(row->verb, &n_allow);
	static const char *const formats[] = {"csv", "json"};
	struct text format;
	struct action_link links[3];
	struct verb_run v;
	json_t *answer = NULL;

	if (!page_may(p, row->right)) {
		page_refused(p, row->tab);
		return;
	}
	p->plain = true;
	verb_begin(&v, p, row->verb);
	page_take_names(p, &v, row->verb);
	if (entries)
		take_entries(p, &v);
	if (row->verb == ACTION_SESSIONS)
		verb_flag(&v, PARAM_EVERYBODY);
	if (page_take_query(p, &v, allow, n_allow, &format)) {
		if (as_csv && text_is(format, "csv")) {
			verb_put(&v, PARAM_FORMAT, format);
			v.rc = verb_finish(&v);
		} else {
			answer = verb_json(&v);
		}
	}
	if (v.rc == RC_OK && answer == NULL && as_csv) {
		page_file(p, &v, format);
	} else if (answer == NULL) {
		page_failed(p, row->tab, v.rc, &v.err);
	} else if (text_is(format, "json")) {
		page_file(p, &v, format);
	} else if (text_is(format, "csv")) {
		list_csv(p, row->columns, columns_of(row), answer);
	} else {
		const struct frame f = {.tab = row->tab,
					.title = page_say(p, row->title),
					.links = links,
					.n_links = list_links(p, row, links),
					.formats = formats,
					.n_formats = ARRAY_SIZE(formats),
					.live = tickets};

		frame_begin(p, &f);
		frame_title(p, f.title);
		if (audit)
			put_audit_filter(p);
		if (tickets)
			desk_list_head(p);
		if (turned)
			put_newest_first(p, row, rows_of(answer));
		else
			list_doc(p, row->columns, columns_of(row),
				 page_zone(p, verb_text(p, json_object_get(answer, "zone"))),
				 rows_of(answer));
		if (tickets)
			desk_list_foot(p, answer);
		if (audit)
			put_after(p, answer);
		if (entries)
			put_older(p, rows_of(answer));
		frame_end(p);
	}
	if (answer != NULL)
		json_decref(answer);
	verb_free(&v);
}
