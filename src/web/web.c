/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web.h"

#include "app/recall.h"
#include "app/zones.h"
#include "render/said.h"
#include "render/table_csv.h"
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

struct web *web_new(struct arena *a, const struct web_options *o)
{
	struct web *w = arena_one(a, struct web);

	w->arena = a;
	w->o = *o;
	w->zones = zones_system(a);
	w->live = live_new(a);
	w->again = again_new(a);
	return w;
}

/* --- what a verb answers, in our frame --- */

/* Path and query become the verb's parameters. What the row does not allow is refused by name (S13). */
static bool take_query(struct page *p, struct verb_run *v, const enum param *allow, size_t n_allow,
		       struct text *format)
{
	*format = text_of("");
	for (size_t i = 0; i < p->q->query.n; i++) {
		const struct field *f = &p->q->query.v[i];
		bool taken = text_is(f->name, "done");

		if (text_is(f->name, "format")) {
			*format = f->value;
			continue;
		}
		for (size_t k = 0; k < n_allow && allow[k] != PARAM_COUNT; k++) {
			if (!text_is(f->name, param_row(allow[k])->name))
				continue;
			if (f->value.n > 0 && v->args.values[allow[k]].n == 0)
				verb_put(v, allow[k], f->value);
			taken = true;
		}
		if (taken)
			continue;
		v->rc = err_set(&v->err, RC_USAGE, "this page takes no '%.*s'", TEXT_ARG(f->name));
		return false;
	}
	return true;
}

static void take_names(struct page *p, struct verb_run *v, enum action_id verb)
{
	enum param name;

	for (size_t i = 0; i < p->n_names; i++)
		if (verb_param(verb, p->names[i].name, &name))
			verb_put(v, name, p->names[i].value);
}

static bool verb_takes(enum action_id verb, enum param name)
{
	const struct action *a = action_row(verb);

	for (size_t i = 0; a->params[i].use != USE_END; i++)
		if (a->params[i].param == name)
			return true;
	return false;
}

static const struct {
	const char *word, *type;
} forms_of_answer[] = {
	{"pdf", "application/pdf"},
	{"csv", "text/csv; charset=utf-8"},
	{"json", "application/json"},
	{"xml", "application/xml"},
	{"ics", "text/calendar; charset=utf-8"},
};

static const char *type_of(struct text format)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms_of_answer); i++)
		if (text_is(format, forms_of_answer[i].word))
			return forms_of_answer[i].type;
	return NULL;
}

struct text file_name(struct arena *a, struct text about, const char *ending)
{
	struct text out;
	struct buf b;

	buf_init(&b, 1024);
	for (size_t k = 0; k < about.n; k++) {
		char c = about.p[k];
		bool good =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		buf_char(&b, good ? c : '-');
	}
	buf_char(&b, '.');
	buf_str(&b, ending);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

/* The file's name: what the page is about. */
static struct text disposition(struct page *p, struct text format)
{
	struct arena *a = p->q->arena;
	struct text about = text_of("");

	for (size_t i = 0; i < p->q->n_segments; i++) {
		struct text s = p->q->segments[i];

		if (!text_is(s, "c"))
			about = text_format(a, "%.*s%s%.*s", TEXT_ARG(about),
					    about.n > 0 ? "-" : "", TEXT_ARG(s));
	}
	return text_format(
		a, "attachment; filename=\"%.*s\"",
		TEXT_ARG(file_name(a, about, text_format(a, "%.*s", TEXT_ARG(format)).p)));
}

static void give_file(struct page *p, struct verb_run *v, struct text format)
{
	p->r->type = text_of(type_of(format));
	if (!text_is(format, "json"))
		response_field(p->r, "Content-Disposition", disposition(p, format));
	buf_text(&p->r->body, buf_view(&v->reply.out));
}

/* An invoice has its own links: the others are the same page in other forms. */
static size_t links_of(struct page *p, const struct row_page *row, const struct verb_run *run,
		       struct action_link v[LINKS_MAX])
{
	size_t n = 0;

	if (row->verb == ACTION_TICKET_SHOW)
		return ticket_links(p, &run->reply, v);
	if (row->verb == ACTION_AVAILABILITY && page_may(p, R_WORK_WRITE))
		v[n++] =
			(struct action_link){"/c/{contract}/maintenance/new", W_WEB_ANNOUNCE, true};
	if (row->verb == ACTION_AVAILABILITY && page_may(p, R_USAGE_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/outages/new", W_WEB_OUTAGE, false};
	if (row->verb == ACTION_CONTRACT_SHOW && page_may(p, R_TERMS_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/change", W_WEB_CHANGE_TERMS, true};
	if (row->tab == NAV_DRAFTS)
		v[n++] = (struct action_link){"/drafts/{draft}", W_WEB_DRAFT_EDIT, true};
	if (row->verb == ACTION_STATEMENT && page_may(p, R_MONEY_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/statement/{month}/issue", W_WEB_ISSUE,
					      true};
	if (row->verb == ACTION_STATEMENT && page_may(p, R_LOG_READ))
		v[n++] = (struct action_link){"/c/{contract}/proof?month={month}", W_WEB_CHECK_IT,
					      false};
	if (row->verb == ACTION_INVOICE_PREVIEW && page_may(p, R_MONEY_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/invoices/issue", W_WEB_ISSUE, true};
	if (row->verb == ACTION_INVOICE_SHOW && page_may(p, R_MONEY_ACCEPT))
		v[n++] = (struct action_link){"/invoices/{number}/dispute", W_WEB_DISPUTE, false};
	if (row->verb == ACTION_STATEMENT_OF_ACCOUNT && page_name(p, "contract").n > 0 &&
	    page_may(p, R_MONEY_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/payments/new", W_WEB_PAYMENT, true};
	if (row->verb == ACTION_STATEMENT_OF_ACCOUNT && page_name(p, "client").n > 0 &&
	    page_may(p, R_COST_READ))
		v[n++] = (struct action_link){"/account/{client}/margin", W_WEB_MARGIN, false};
	if (row->verb == ACTION_RECEIVABLES && page_may(p, R_MONEY_WRITE))
		v[n++] = (struct action_link){"/receivables/bank", W_WEB_BANK, true};
	if (row->verb == ACTION_RECEIVABLES && page_may(p, R_MONEY_WRITE) &&
	    !page_may(p, R_SETTINGS))
		v[n++] = (struct action_link){"/settings/approve", W_WEB_APPROVE_BANK, false};
	if (row->tab == TAB_PLANNING) {
		v[n++] = (struct action_link){"/c/{contract}/forecast", W_WEB_FORECAST, false};
		v[n++] = (struct action_link){"/c/{contract}/budget", W_WEB_BUDGET, false};
		v[n++] =
			(struct action_link){"/c/{contract}/suggestions", W_WEB_SUGGESTIONS, false};
		v[n++] = (struct action_link){"/c/{contract}/break-fix", W_WEB_BREAK_FIX, false};
	}
	return n;
}

/* Where there is no document, a verb says so in a line; what is made of several keeps them. */
static void put_plain(struct page *p, struct text title, struct text words)
{
	struct text said = text_trim(words);
	bool lines = text_find(said, '\n', 0) < said.n;
	struct buf *b = &p->r->body;

	frame_title(p, title);
	if (lines)
		html_raw(b, "<pre class=\"lines\"><code>");
	else
		html_raw(b, "<p>");
	html_text(b, said);
	if (lines)
		html_raw(b, "</code></pre>\n");
	else
		html_raw(b, "</p>\n");
}

/* Of a mail's text the page shows how it arrives; the text itself is in its form. */
static struct text mail_as_it_arrives(struct text both)
{
	static const char between[] = "\n----\n";
	size_t at = 0;

	while (at < both.n && !text_starts(text_sub(both, at, both.n), between))
		at++;
	return at < both.n ? text_sub(both, at + sizeof(between) - 1, both.n) : both;
}

static bool without_table(enum action_id verb)
{
	return verb == ACTION_CONTRACT_SHOW || verb == ACTION_TICKET_SHOW ||
	       verb == ACTION_ATRISK || verb == ACTION_STATEMENT_OF_ACCOUNT ||
	       verb == ACTION_DRAFT_DIFF;
}

/* Which months a back-test is over: asked again by address, as every page. */
static void put_months(struct page *p)
{
	static const enum wording labels[] = {W_WEB_FROM, W_WEB_TO};
	static const char *const names[] = {"from", "to"};
	struct buf *b = &p->r->body;

	html_raw(b, "<form class=\"form months\" method=\"get\">\n");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct shown_input shown = {.name = names[i],
						  .type = "month",
						  .label = labels[i],
						  .value = fields_get(&p->q->query, names[i]),
						  .required = true};

		form_input(p, &shown);
	}
	form_close(p, W_WEB_BACK_TEST);
}

static void framed(struct page *p, const struct row_page *row, struct verb_run *v)
{
	static const char *const formats[] = {"pdf", "csv", "json"};
	static const char *const of_invoice[] = {"pdf", "xml", "csv", "json"};
	static const char *const of_papers[] = {"pdf", "json"};
	static const char *const of_deadlines[] = {"ics", "csv", "json"};
	struct action_link links[LINKS_MAX];
	bool invoice = row->verb == ACTION_INVOICE_SHOW;
	struct frame f = {.tab = row->tab,
			  .title = page_say(p, row->title),
			  .links = links,
			  .n_links = links_of(p, row, v, links),
			  .formats = invoice ? of_invoice : formats,
			  .n_formats = invoice ? ARRAY_SIZE(of_invoice) : ARRAY_SIZE(formats),
			  .live = row->tab == TAB_TICKETS || row->tab == TAB_DEADLINES};

	if (row->verb == ACTION_MAIL_TEXT_SHOW)
		f.back = "/settings/mail";
	if (without_table(row->verb)) {
		f.formats = of_papers;
		f.n_formats = ARRAY_SIZE(of_papers);
	} else if (row->verb == ACTION_DEADLINES) {
		f.formats = of_deadlines;
		f.n_formats = ARRAY_SIZE(of_deadlines);
	} else if (!verb_takes(row->verb, PARAM_FORMAT)) {
		f.n_formats = 0;
	}
	frame_begin(p, &f);
	if (row->verb == ACTION_DRAFT_BACKTEST)
		put_months(p);
	if (text_starts(buf_view(&v->reply.out), "<"))
		buf_text(&p->r->body, buf_view(&v->reply.out));
	else
		put_plain(p, f.title,
			  row->verb == ACTION_MAIL_TEXT_SHOW
				  ? mail_as_it_arrives(buf_view(&v->reply.out))
				  : buf_view(&v->reply.out));
	frame_end(p);
}

/* A statement of the month under way is as of now, unless the address says otherwise. */
static void take_moment(struct page *p, struct verb_run *v, enum action_id verb)
{
	struct text moment = page_moment(p, page_name(p, "month"));

	if (verb == ACTION_STATEMENT && moment.n > 0 && !args_has(&v->args, PARAM_AS_OF) &&
	    !args_has(&v->args, PARAM_KNOWN_AS_OF) && !args_has(&v->args, PARAM_REVISION))
		verb_put(v, PARAM_AS_OF, moment);
}

/* The paper of an invoice and its XML are verbs of their own. */
static enum action_id verb_of(const struct row_page *row, struct text format)
{
	if (row->verb != ACTION_INVOICE_SHOW)
		return row->verb;
	return text_is(format, "pdf")   ? ACTION_INVOICE_PDF
	       : text_is(format, "xml") ? ACTION_INVOICE_XML
					: row->verb;
}

void page_show(struct page *p, const struct row_page *row)
{
	struct text format = fields_get(&p->q->query, "format");
	enum action_id verb = verb_of(row, format);
	struct verb_run v;

	if (!page_may(p, row->right)) {
		page_refused(p, row->tab);
		return;
	}
	verb_begin(&v, p, verb);
	take_names(p, &v, verb);
	if (take_query(p, &v, row->allow, ARRAY_SIZE(row->allow), &format)) {
		take_moment(p, &v, verb);
		if (format.n > 0 && type_of(format) == NULL) {
			err_hint(&v.err, "format is pdf, csv, json, xml or ics");
			v.rc = err_set(&v.err, RC_USAGE, "'%.*s' is no format of this page",
				       TEXT_ARG(format));
		} else if (verb_takes(verb, PARAM_FORMAT)) {
			verb_put(&v, PARAM_FORMAT, format.n > 0 ? format : text_of("html"));
		} else if (verb_takes(verb, PARAM_DEADLINES_FORMAT)) {
			verb_put(&v, PARAM_DEADLINES_FORMAT,
				 format.n > 0 ? format : text_of("html"));
		}
		if (v.rc == RC_OK)
			v.rc = verb_finish(&v);
	}
	if (v.rc != RC_OK)
		page_failed(p, row->tab, v.rc, &v.err);
	else if (format.n > 0)
		give_file(p, &v, format);
	else
		framed(p, row, &v);
	p->plain = !v.reply.opened; /* what is open for a time is made each time */
	verb_free(&v);
}

/* --- what a verb answers as JSON, as a table --- */

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
		return doc_state_run(d, n < 0 ? STATE_MISSED : STATE_OPEN,
				     doc_span(d, n / MINUTE_MS * MINUTE_MS));
	if (c->how == ACT)
		return SAY0(d, c->heading);
	if (c->how == CODE)
		return doc_run(d, RUN_CODE, value, text_of(""));
	return doc_plain(d, c->how == NAMED ? said_list(d->arena, d->language, value) : value);
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
	if (c->how == ACT && text_ends(text_of(c->link), "/reset") &&
	    json_is_false(json_object_get(row, "own")))
		return NO_WORDS; /* it is the usual text */
	if (c->how == MONEY && value.n > 0)
		value = page_amount(p, value, verb_text(p, json_object_get(row, "currency")));
	return linked(d, p, c, cell_words(d, c, value), value);
}

enum { COLUMNS_MAX = 7 };

static void list_doc(struct page *p, const struct list_column *columns, size_t n,
		     const struct zone *zone, const json_t *rows)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone != NULL ? p->zone : zone);
	struct table_column heads[COLUMNS_MAX];

	for (size_t k = 0; k < n; k++)
		heads[k] =
			(struct table_column){SAY0(d, columns[k].heading),
					      columns[k].how == NUMBER || columns[k].how == MONEY ||
							      columns[k].how == SPAN
						      ? COLUMN_NUMBER
						      : COLUMN_TEXT};
	if (json_array_size(rows) == 0) {
		doc_paragraph(d, SAY0(d, page_name(p, "contract").n > 0 && p->q->n_segments == 3 &&
							 text_is(p->q->segments[2], "tickets")
						 ? W_WEB_NO_TICKETS
						 : W_WEB_EMPTY));
	} else {
		struct table *t = doc_table(d, NO_WORDS, heads, n);

		for (size_t i = 0; i < json_array_size(rows); i++) {
			struct phrase *cells = arena_array(p->q->arena, struct phrase, n);

			for (size_t k = 0; k < n; k++)
				cells[k] = cell(d, p, &columns[k], json_array_get(rows, i));
			(void)table_row(d, t, cells, n);
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
	frame_title(p, page_say(p, title));
	list_doc(p, columns, n, NULL, rows_of(answer));
}

static void put_newest_first(struct page *p, const struct row_list *row, const json_t *rows)
{
	json_t *turned = json_array();

	for (size_t i = json_array_size(rows); i > 0; i--)
		(void)json_array_append(turned, json_array_get(rows, i - 1));
	list_doc(p, row->columns, columns_of(row), NULL, turned);
	json_decref(turned);
}

/* The columns of the page, as they come from the verb: an amount, and its currency in a column of its own. */
static void give_csv(struct page *p, const struct row_list *row, const json_t *rows)
{
	struct table_csv c = {&p->r->body, false};
	size_t n = columns_of(row);

	for (size_t i = 0; i <= json_array_size(rows); i++) {
		const json_t *one = i > 0 ? json_array_get(rows, i - 1) : NULL;

		for (size_t k = 0; k < n; k++) {
			const json_t *v = member(one, row->columns[k].key);
			struct text words =
				verb_text(p, json_is_array(v) ? json_array_get(v, 0) : v);

			for (size_t j = 1; j < json_array_size(v); j++)
				words = text_format(p->q->arena, "%.*s %.*s", TEXT_ARG(words),
						    TEXT_ARG(verb_text(p, json_array_get(v, j))));
			csv_text(&c, one == NULL ? text_of(row->columns[k].key) : words);
			if (row->columns[k].how == MONEY)
				csv_text(&c,
					 one == NULL
						 ? text_of("currency")
						 : verb_text(p, json_object_get(one, "currency")));
		}
		csv_end(&c);
	}
	p->r->type = text_of(type_of(text_of("csv")));
	response_field(p->r, "Content-Disposition", disposition(p, text_of("csv")));
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
	static const enum param of_tickets[] = {
		PARAM_TICKET_STATE, PARAM_PRIORITY,    PARAM_LATE,       PARAM_SORT,
		PARAM_AFTER,        PARAM_LIMIT,       PARAM_TECHNICIAN, PARAM_SERVICE_ID,
		PARAM_QUEUE,        PARAM_TEXT_SOUGHT, PARAM_AGE,        PARAM_AT_RISK};
	static const enum param of_events[] = {PARAM_AUDIT_WHO, PARAM_AUDIT_FROM, PARAM_AUDIT_TO,
					       PARAM_AFTER, PARAM_LIMIT};

	*n = 0;
	if (verb == ACTION_LOG_SHOW) {
		*n = ARRAY_SIZE(of_entries);
		return of_entries;
	}
	if (verb == ACTION_TICKET_LIST) {
		*n = ARRAY_SIZE(of_tickets);
		return of_tickets;
	}
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
	take_names(p, &v, row->verb);
	if (entries)
		take_entries(p, &v);
	if (row->verb == ACTION_SESSIONS)
		verb_flag(&v, PARAM_EVERYBODY);
	if (take_query(p, &v, allow, n_allow, &format)) {
		if (as_csv && text_is(format, "csv")) {
			verb_put(&v, PARAM_FORMAT, format);
			v.rc = verb_finish(&v);
		} else {
			answer = verb_json(&v);
		}
	}
	if (v.rc == RC_OK && answer == NULL && as_csv) {
		give_file(p, &v, format);
	} else if (answer == NULL) {
		page_failed(p, row->tab, v.rc, &v.err);
	} else if (text_is(format, "json")) {
		give_file(p, &v, format);
	} else if (text_is(format, "csv")) {
		give_csv(p, row, rows_of(answer));
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

/* --- dispatch --- */

static bool row_page_shown(struct page *p)
{
	size_t n;
	const struct row_page *pages = row_pages(&n);

	if (settings_page(p))
		return true;
	for (size_t i = 0; i < n; i++)
		if (path_fits(p, pages[i].path)) {
			page_show(p, &pages[i]);
			return true;
		}

	const struct row_list *lists = row_lists(&n);

	for (size_t i = 0; i < n; i++)
		if (path_fits(p, lists[i].path)) {
			list_show(p, &lists[i]);
			return true;
		}
	return false;
}

/* Does a list or a page say more of the address by itself than a form that leaves so many parts of it open? /settings/mail is no setting. */
static bool is_named_closer(struct page *p, size_t open)
{
	size_t n_pages, n_lists;
	const struct row_page *pages = row_pages(&n_pages);
	const struct row_list *lists = row_lists(&n_lists);

	for (size_t i = 0; i < n_pages; i++)
		if (path_fits(p, pages[i].path) && p->n_names < open)
			return true;
	for (size_t i = 0; i < n_lists; i++)
		if (path_fits(p, lists[i].path) && p->n_names < open)
			return true;
	return false;
}

static bool row_form_shown(struct page *p)
{
	size_t n;
	const struct row_form *forms = row_forms(&n);

	for (size_t i = 0; i < n; i++)
		if (path_fits(p, forms[i].path)) {
			if (method_safe(p->q->method) && is_named_closer(p, p->n_names))
				return false;
			(void)path_fits(p, forms[i].path);
			form_show(p, &forms[i]);
			return true;
		}
	return false;
}

static bool choose_language(struct page *p)
{
	struct err none = {.line = 0};

	p->language = language_english();
	return p->who.language.n == 0 ||
	       language_find(p->who.language, &p->language, &none) == RC_OK;
}

const struct zone *page_zone(const struct page *p, struct text name)
{
	const struct zone *z = NULL;
	struct err none = {.line = 0};

	if (name.n == 0 || p->w->zones.find(p->w->zones.context, name, &z, &none) != RC_OK)
		return NULL;
	return z;
}

bool page_get_only(struct page *p)
{
	if (method_safe(p->q->method))
		return true;
	p->r->status = 405;
	response_field(p->r, "Allow", text_of("GET, HEAD"));
	return false;
}

static void answer(struct page *p)
{
	if (people_page(p) || live_page(p) || find_page(p) || proof_page(p))
		return;
	if (home_page(p) || desk_page(p) || ticket_page(p) || drafts_page(p) || row_form_shown(p))
		return;
	if (page_get_only(p) && !row_page_shown(p))
		page_missing(p);
}

void web_close(struct web *w)
{
	again_free(w->again);
}

void web_handle(struct web *w, const struct request *q, struct response *r)
{
	struct page p = {.w = w, .q = q, .r = r, .language = language_english()};
	struct err err = {.line = 0};
	enum rc rc;

	r->action = "page";
	w->recalled = 0;
	if (assets_file(q, r) || again_give(w, q, r))
		return;
	rc = door_page(w->o.door, q, r, &p.who, &err);
	(void)choose_language(&p);
	p.zone = page_zone(&p, p.who.zone);
	if (rc == RC_OK || p.who.user.n > 0)
		p.form_token = door_form_token(w->o.door, q, r, &p.who);
	if (rc == RC_OK && (q->heavy == HEAVY_BUSY || q->heavy == HEAVY_LARGE)) {
		response_field(r, "Retry-After", text_of("30"));
		rc = request_heavy(q, &err);
	}
	if (rc != RC_OK) {
		if (strcmp(err.code, "form_expired") != 0 ||
		    !page_kept(&p, NAV_NONE, p.who.user.n > 0 ? KEPT_OLD : KEPT_SIGNED_OUT))
			page_failed(&p, NAV_NONE, rc, &err);
		return;
	}
	answer(&p);
	arena_free(w->once_arena);
	w->once_arena = NULL;
	w->once = NULL;
	r->heavy = q->heavy == HEAVY_UNASKED && w->recalled > RECALL_SERVED_MAX;
	if (r->heavy)
		again_wait(w, q);
	else
		again_keep(&p);
}

void web_given(struct web *w, const struct request *q, const struct response *r, int64_t took_ms)
{
	again_given(w, q, r, took_ms);
}
