/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The help desk's own parts of pages: the form above the list of tickets, named lists, texts to answer with, what work by time costs.
 * Everything works by links and forms; what may be seen is the verbs' to say.
 */
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

json_t *desk_ask(struct page *p)
{
	struct verb_run v;
	json_t *answer;

	verb_begin(&v, p, ACTION_DESK);
	if (page_contract(p).n > 0)
		verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	answer = verb_json(&v);
	verb_free(&v);
	return answer;
}

bool desk_timer_runs(struct page *p)
{
	json_t *desk = desk_ask(p);
	const json_t *timer = json_object_get(desk, "timer");
	bool here =
		timer != NULL &&
		text_eq(verb_text(p, json_object_get(timer, "ticket")), page_name(p, "ticket")) &&
		text_eq(verb_text(p, json_object_get(timer, "contract")), page_contract(p));

	json_decref(desk);
	return here;
}

/* --- the list --- */

const enum param *desk_asks(size_t *n)
{
	static const enum param all[] = {PARAM_TICKET_STATE, PARAM_PRIORITY,    PARAM_LATE,
					 PARAM_SORT,         PARAM_TECHNICIAN,  PARAM_SERVICE_ID,
					 PARAM_QUEUE,        PARAM_TEXT_SOUGHT, PARAM_AGE,
					 PARAM_AT_RISK,      PARAM_AFTER,       PARAM_LIMIT};

	*n = ARRAY_SIZE(all);
	return all;
}

static struct text asked(const struct page *p, const char *name)
{
	return fields_get(&p->q->query, name);
}

static void put_label(struct page *p, const char *name, enum wording label)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<div class=\"field\"><label");
	html_attr(b, "for", text_of(name));
	html_raw(b, ">");
	html_text(b, page_say(p, label));
	html_raw(b, "</label>");
}

static void put_option(struct page *p, struct text value, struct text words, struct text chosen)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<option");
	html_attr(b, "value", value);
	if (text_eq(value, chosen))
		html_raw(b, " selected");
	html_raw(b, ">");
	html_text(b, words);
	html_raw(b, "</option>");
}

/* Words of the answer's list, after "all", each with its name where there are names. Nothing where it has none. */
static void put_choice(struct page *p, const char *name, enum wording label, const json_t *words,
		       const json_t *names)
{
	struct buf *b = &p->r->body;

	if (json_array_size(words) == 0)
		return;
	put_label(p, name, label);
	html_raw(b, "<select");
	html_attr(b, "id", text_of(name));
	html_attr(b, "name", text_of(name));
	html_raw(b, ">");
	put_option(p, text_of(""), page_say(p, W_WEB_ALL), asked(p, name));
	for (size_t i = 0; i < json_array_size(words); i++) {
		struct text one = verb_text(p, json_array_get(words, i)),
			    called = verb_text(p, json_array_get(names, i));

		if (called.n > 0 && !text_eq(called, one))
			called = text_format(p->q->arena, "%.*s, %.*s", TEXT_ARG(one),
					     TEXT_ARG(called));
		put_option(p, one, called.n > 0 ? called : one, asked(p, name));
	}
	html_raw(b, "</select></div>\n");
}

static const struct {
	const char *word;
	enum wording words;
} states[] =
	{
		{"", W_WEB_OPEN_ONES},
		{"closed", W_WEB_CLOSED_ONES},
		{"all", W_WEB_ALL},
		{"waiting_client", W_DESK_WAITING_CLIENT},
		{"waiting_vendor", W_DESK_WAITING_VENDOR},
		{"scheduled", W_DESK_SCHEDULED},
		{"restored", W_EVENT_RESTORED},
		{"resolved", W_EVENT_RESOLVED},
		{"cancelled", W_DESK_CANCELLED},
		{"merged", W_DESK_MERGED},
},
  orders[] = {
	  {"", W_WEB_DUE},
	  {"logged", W_EVENT_LOGGED},
	  {"priority", W_PRIORITY},
	  {"id", W_TICKET},
};

static void put_state_and_order(struct page *p, bool order)
{
	struct buf *b = &p->r->body;
	const char *name = order ? "sort" : "state";
	size_t n = order ? ARRAY_SIZE(orders) : ARRAY_SIZE(states);

	put_label(p, name, order ? W_WEB_ORDER : W_WEB_STATE);
	html_raw(b, "<select");
	html_attr(b, "id", text_of(name));
	html_attr(b, "name", text_of(name));
	html_raw(b, ">");
	for (size_t i = 0; i < n; i++)
		put_option(p, text_of(order ? orders[i].word : states[i].word),
			   page_say(p, order ? orders[i].words : states[i].words), asked(p, name));
	html_raw(b, "</select></div>\n");
}

static void put_typed(struct page *p, const char *name, enum wording label, const char *type)
{
	struct buf *b = &p->r->body;
	bool check = strcmp(type, "checkbox") == 0;

	put_label(p, name, label);
	html_raw(b, "<input");
	html_attr(b, "id", text_of(name));
	html_attr(b, "name", text_of(name));
	html_attr(b, "type", text_of(type));
	if (check)
		html_raw(b, " value=\"true\"");
	if (check && asked(p, name).n > 0)
		html_raw(b, " checked");
	else if (asked(p, name).n > 0)
		html_attr(b, "value", asked(p, name));
	if (strcmp(type, "number") == 0)
		html_raw(b, " min=\"0\"");
	html_raw(b, "></div>\n");
}

/* Of one contract a choice of what it has; of all of them what is typed. */
static void put_term(struct page *p, const char *name, enum wording label, const json_t *words,
		     const json_t *names)
{
	if (page_contract(p).n > 0)
		put_choice(p, name, label, words, names);
	else
		put_typed(p, name, label, "text");
}

void desk_button(struct page *p, struct text to, struct text words, bool current)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<a class=\"button\"");
	html_attr(b, "href", to);
	if (current)
		html_raw(b, " aria-current=\"true\"");
	html_raw(b, ">");
	html_text(b, words);
	html_raw(b, "</a>\n");
}

static void put_view(struct page *p, struct text name, struct text query, struct text here)
{
	desk_button(p,
		    text_format(p->q->arena, "%.*s%s%.*s", TEXT_ARG(p->q->path),
				query.n > 0 ? "?" : "", TEXT_ARG(query)),
		    name, text_eq(query, here));
}

/* "Open", "Late", "At risk", "Mine" and one's own: each an address of its own. */
static void put_views(struct page *p, const json_t *views)
{
	static const struct {
		enum wording words;
		bool everywhere;
		const char *of_one, *of_all; /* of one contract, of all of them */
	} usual[] = {{W_WEB_OPEN_ONES, true, "", ""},
		     {W_WEB_LATE_ONES, true, "late=true&state=all", "late=true"},
		     {W_WEB_AT_RISK_ONLY, false, "", "at-risk=true"}};
	bool of_one = page_contract(p).n > 0;
	struct text here = page_query(p, "after format done");
	struct buf *b = &p->r->body;

	html_raw(b, "<nav class=\"actions\"");
	html_attr(b, "aria-label", page_say(p, W_WEB_FILTER));
	html_raw(b, ">\n");
	for (size_t i = 0; i < ARRAY_SIZE(usual); i++)
		if (usual[i].everywhere || !of_one)
			put_view(p, page_say(p, usual[i].words),
				 text_of(of_one ? usual[i].of_one : usual[i].of_all), here);
	if (!of_one && page_may(p, R_WORK_WRITE))
		put_view(p, page_say(p, W_WEB_MY_TICKETS),
			 text_format(p->q->arena, "technician=%.*s", TEXT_ARG(p->who.handle)),
			 here);
	for (size_t i = 0; i < json_array_size(views); i++) {
		const json_t *v = json_array_get(views, i);

		put_view(p, verb_text(p, json_object_get(v, "name")),
			 verb_text(p, json_object_get(v, "query")), here);
	}
	html_raw(b, "</nav>\n");
}

void desk_list_head(struct page *p)
{
	struct buf *b = &p->r->body;
	json_t *desk = desk_ask(p);

	put_views(p, json_object_get(desk, "views"));
	html_raw(b, "<details");
	if (page_query(p, "after format done").n > 0)
		html_raw(b, " open");
	html_raw(b, "><summary>");
	html_text(b, page_say(p, W_WEB_CHOOSE_TICKETS));
	html_raw(b, "</summary>\n<form class=\"filters\" method=\"get\"");
	html_attr(b, "action", p->q->path);
	html_raw(b, ">\n");
	put_state_and_order(p, false);
	put_term(p, "priority", W_WEB_PRIORITY, json_object_get(desk, "priorities"),
		 json_object_get(desk, "priority_names"));
	put_term(p, "service", W_WEB_SERVICE, json_object_get(desk, "services"),
		 json_object_get(desk, "service_names"));
	put_choice(p, "technician", W_WEB_ASSIGNEE, json_object_get(desk, "people"), NULL);
	put_choice(p, "queue", W_WEB_QUEUE, json_object_get(desk, "queues"), NULL);
	put_typed(p, "text", W_WEB_TEXT_IN, "text");
	put_typed(p, "age", W_WEB_AGE_DAYS, "number");
	put_typed(p, "at-risk", W_WEB_AT_RISK_ONLY, "checkbox");
	put_typed(p, "late", W_WEB_LATE_ONLY, "checkbox");
	put_state_and_order(p, true);
	html_raw(b, "<p class=\"send\"><button class=\"button\">");
	html_text(b, page_say(p, W_WEB_SHOW_IT));
	html_raw(b, "</button></p>\n</form></details>\n");
	json_decref(desk);
}

/* The view of that filter, by its name; empty: it has none. */
static struct text name_of_view(struct page *p, struct text query)
{
	json_t *desk = desk_ask(p);
	const json_t *views = json_object_get(desk, "views");
	struct text name = {NULL, 0};

	for (size_t i = 0; i < json_array_size(views); i++)
		if (text_eq(verb_text(p, json_object_get(json_array_get(views, i), "query")),
			    query))
			name = verb_text(p, json_object_get(json_array_get(views, i), "name"));
	json_decref(desk);
	return name;
}

static void put_name_form(struct page *p, struct text query)
{
	bool of_one = page_contract(p).n > 0;
	struct page with = *p;
	struct text name = name_of_view(p, query);
	struct shown_input shown = {
		.name = "name", .type = "text", .label = W_WEB_NAME, .required = true};

	if (name.n > 0) {
		with.names[0] = (struct field){text_of("name"), name};
		with.names[1] = (struct field){text_of("contract"), page_contract(p)};
		with.n_names = of_one ? 2 : 1;
		html_raw(&p->r->body, "<p>");
		desk_button(p,
			    page_path(&with, of_one ? "/c/{contract}/views/{name}/remove"
						    : "/tickets/views/{name}/remove"),
			    page_say(p, W_WEB_FORGET_VIEW), false);
		html_raw(&p->r->body, "</p>\n");
		return;
	}
	html_raw(&p->r->body, "<details><summary>");
	html_text(&p->r->body, page_say(p, W_WEB_SAVE_VIEW));
	html_raw(&p->r->body, "</summary>\n");
	form_open(p, page_path(p, of_one ? "/c/{contract}/views/new" : "/tickets/views/new"));
	form_hidden(p, "query", query);
	form_input(p, &shown);
	form_close(p, W_WEB_SAVE_VIEW);
	html_raw(&p->r->body, "</details>\n");
}

void desk_keys(struct page *p)
{
	html_raw(&p->r->body, "<p class=\"soft fine\">");
	html_text(&p->r->body, page_say(p, W_WEB_KEYS_LIST));
	html_raw(&p->r->body, "</p>\n");
}

void desk_list_foot(struct page *p, const json_t *answer)
{
	struct text query = page_query(p, "after format done"),
		    after = verb_text(p, json_object_get(answer, "after"));
	struct buf *b = &p->r->body;
	struct buf to;

	if (after.n > 0) {
		buf_init(&to, 1 << 16);
		buf_text(&to, p->q->path);
		buf_char(&to, '?');
		buf_text(&to, query);
		buf_str(&to, query.n > 0 ? "&after=" : "after=");
		buf_path_segment(&to, after);
		html_raw(b, "<p>");
		desk_button(p, buf_view(&to), page_say(p, W_WEB_MORE), false);
		html_raw(b, "</p>\n");
		buf_free(&to);
	}
	if (query.n > 0)
		put_name_form(p, query);
	desk_keys(p);
}

/* --- what work by time costs --- */

bool desk_bills_time(const json_t *term, struct text *id)
{
	const char *path = json_string_value(json_object_get(term, "path"));
	const char *value = json_string_value(json_object_get(term, "value"));

	if (path == NULL || value == NULL || strcmp(value, "time") != 0 ||
	    !text_starts(text_of(path), "charges."))
		return false;
	return text_is(text_cut(text_of(path + strlen("charges.")), '.', id), "type");
}

static bool is_time(const json_t *terms, struct text charge)
{
	struct text id;

	for (size_t i = 0; i < json_array_size(terms); i++)
		if (desk_bills_time(json_array_get(terms, i), &id) && text_eq(id, charge))
			return true;
	return false;
}

void desk_costs(struct page *p, const json_t *terms)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	const struct table_column columns[] = {{SAY0(d, W_WEB_TERM), COLUMN_TEXT},
					       {SAY0(d, W_AMOUNT), COLUMN_TEXT},
					       {SAY0(d, W_WEB_CLAUSE), COLUMN_TEXT}};
	struct table *t;

	doc_section(d, "extra", SAY0(d, W_WEB_COSTS_EXTRA));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < json_array_size(terms); i++) {
		const json_t *term = json_array_get(terms, i);
		struct text path = verb_text(p, json_object_get(term, "path")), id;

		if (!text_starts(path, "charges."))
			continue;
		path = text_sub(path, strlen("charges."), path.n);
		(void)text_cut(path, '.', &id);
		if (is_time(terms, id))
			ROW(d, t, doc_run(d, RUN_CODE, path, text_of("")),
			    doc_plain(d, verb_text(p, json_object_get(term, "value"))),
			    doc_plain(d, verb_text(p, json_object_get(term, "clause"))));
	}
	doc_html_inside(d, &p->r->body);
}

/* --- texts to answer with --- */

/* A form of its own that asks for the same page again, with what was chosen; nothing where there is nothing to choose. */
static void put_begin_with(struct page *p, const char *key, const json_t *all)
{
	struct buf *b = &p->r->body;

	if (json_array_size(all) == 0)
		return;
	html_raw(b, "<form class=\"filters\" method=\"get\"");
	html_attr(b, "action", p->q->path);
	html_raw(b, ">\n");
	put_label(p, key, W_WEB_REPLY_USE);
	html_raw(b, "<select");
	html_attr(b, "id", text_of(key));
	html_attr(b, "name", text_of(key));
	html_raw(b, ">");
	for (size_t i = 0; i < json_array_size(all); i++) {
		struct text name = verb_text(p, json_object_get(json_array_get(all, i), key));

		put_option(p, name, name, asked(p, key));
	}
	html_raw(b, "</select></div>\n<p class=\"send\"><button class=\"button\">");
	html_text(b, page_say(p, W_WEB_FILL_IN));
	html_raw(b, "</button></p>\n</form>\n");
}

void desk_replies(struct page *p)
{
	json_t *desk = desk_ask(p);

	put_begin_with(p, "reply", json_object_get(desk, "replies"));
	json_decref(desk);
}

/* The templates that this person may begin with; NULL: not to be asked. */
static json_t *templates_ask(struct page *p)
{
	struct verb_run v;
	json_t *answer;

	verb_begin(&v, p, ACTION_TEMPLATE_LIST);
	answer = verb_json(&v);
	verb_free(&v);
	return answer;
}

void desk_templates(struct page *p)
{
	json_t *answer = templates_ask(p);

	put_begin_with(p, "template", json_object_get(answer, "templates"));
	json_decref(answer);
}

struct fields desk_template(struct page *p, struct text name)
{
	static const char *const of[][2] = {{"title", "summary"},
					    {"words", "words"},
					    {"priority", "priority"},
					    {"service", "service"},
					    {"queue", "queue"}};
	struct field *v = arena_array(p->q->arena, struct field, ARRAY_SIZE(of));
	json_t *answer = name.n > 0 ? templates_ask(p) : NULL;
	const json_t *all = json_object_get(answer, "templates");
	struct fields out = {v, 0};

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *t = json_array_get(all, i);

		if (!text_eq(verb_text(p, json_object_get(t, "template")), name))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(of); k++)
			v[out.n++] = (struct field){text_of(of[k][1]),
						    verb_text(p, json_object_get(t, of[k][0]))};
	}
	json_decref(answer);
	return out;
}

enum rc desk_queue_new(struct page *p, const struct fields *typed, struct err *err)
{
	struct text queue = fields_get(typed, "queue");
	struct verb_run v;
	enum rc rc;

	if (queue.n == 0 || !page_may(p, R_WORK_WRITE))
		return RC_OK;
	verb_begin(&v, p, ACTION_TICKET_QUEUE);
	verb_put(&v, PARAM_TICKET, fields_get(typed, "ticket"));
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	verb_put(&v, PARAM_QUEUE, queue);
	rc = verb_finish(&v);
	if (rc != RC_OK)
		*err = v.err;
	verb_free(&v);
	return rc;
}

struct text desk_reply(struct page *p, struct text name)
{
	struct verb_run v;
	struct text out = {NULL, 0};
	json_t *answer;

	verb_begin(&v, p, ACTION_REPLY_FILL);
	verb_put(&v, PARAM_REPLY_NAME, name);
	verb_put(&v, PARAM_TICKET, page_name(p, "ticket"));
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	answer = verb_json(&v);
	out = verb_text(p, json_object_get(answer, "words"));
	json_decref(answer);
	verb_free(&v);
	return out;
}

static struct doc *reply_doc(struct page *p, const json_t *all)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	const struct table_column columns[] = {{SAY0(d, W_WEB_NAME), COLUMN_TEXT},
					       {SAY0(d, W_WEB_WORDS), COLUMN_TEXT},
					       {NO_WORDS, COLUMN_TEXT}};
	bool may = page_may(p, R_SETTINGS);
	struct table *t;

	d->title = SAY0(d, W_WEB_REPLIES);
	doc_paragraph(d, SAY0(d, W_WEB_REPLY_WHY));
	if (json_array_size(all) == 0)
		doc_paragraph(d, SAY0(d, W_WEB_EMPTY));
	else {
		t = doc_table(d, NO_WORDS, columns, may ? 3 : 2);
		for (size_t i = 0; i < json_array_size(all); i++) {
			const json_t *x = json_array_get(all, i);
			struct text name = verb_text(p, json_object_get(x, "reply"));
			struct page with = *p;
			struct phrase cells[3];

			with.names[0] = (struct field){text_of("reply"), name};
			with.n_names = 1;
			cells[0] = doc_plain(d, name);
			cells[1] = doc_plain(d, verb_text(p, json_object_get(x, "words")));
			cells[2] = doc_link(d, page_path(&with, "/replies/{reply}/remove"),
					    SAY0(d, W_WEB_FORGET));
			(void)table_row(d, t, cells, may ? 3 : 2);
		}
	}
	return d;
}

bool desk_page(struct page *p)
{
	static const struct action_link add = {"/replies/new", W_WEB_REPLY_NEW, true};
	json_t *desk;

	if (!method_safe(p->q->method) || !path_fits(p, "/replies"))
		return false;
	if (!page_may(p, R_WORK_WRITE)) {
		page_refused(p, NAV_ME);
		return true;
	}
	struct frame f = {.tab = NAV_ME,
			  .title = page_say(p, W_WEB_REPLIES),
			  .links = &add,
			  .n_links = page_may(p, R_SETTINGS) ? 1 : 0};

	desk = desk_ask(p);
	page_doc(p, &f, reply_doc(p, json_object_get(desk, "replies")));
	json_decref(desk);
	return true;
}
