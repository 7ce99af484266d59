/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tickets of all contracts that one sees, in one list: what a service desk works through, and where a client with several contracts
 * finds its own. Named lists and the form that filters are desk.c's.
 */
#include "render/said.h"
#include "web/parts.h"
#include "web/verb.h"

#include <stdlib.h>

enum { SHOWN_MAX = 200 };

struct listed {
	const json_t *ticket;
	struct text contract;
	const struct zone *zone;
	instant due; /* INSTANT_MAX: nothing is */
};

struct listing {
	struct listed *v;
	size_t n, cap;
	int64_t matching;
	json_t *kept; /* the answers that v points into */
};

static bool has_no_such(const struct verb_run *v)
{
	struct text code = text_of(v->err.code);

	return text_is(code, "priority.unknown") || text_is(code, "service.unknown");
}

/* Of one contract. false: the page says why not. */
static bool take_contract(struct page *p, struct text contract, struct listing *out)
{
	struct err none = {.line = 0};
	size_t n_asked = 0;
	const enum param *asked = desk_asks(&n_asked);
	struct verb_run v;
	struct text format;
	json_t *answer = NULL;
	const json_t *tickets;
	bool good;

	verb_begin(&v, p, ACTION_TICKET_LIST);
	verb_put(&v, PARAM_CONTRACT_ID, contract);
	if (page_take_query(p, &v, asked, n_asked - DESK_TURNS, &format)) {
		verb_put(&v, PARAM_LIMIT, text_format(p->q->arena, "%d", SHOWN_MAX));
		answer = verb_json(&v);
	}
	tickets = json_object_get(answer, "tickets");
	out->matching += json_integer_value(json_object_get(answer, "matching"));
	for (size_t i = 0; i < json_array_size(tickets); i++) {
		struct listed one = {.ticket = json_array_get(tickets, i),
				     .contract = contract,
				     .zone = page_zone(p, verb_at(p, answer, "zone")),
				     .due = INSTANT_MAX};

		if (instant_parse(verb_at(p, json_object_get(one.ticket, "next"), "due"), &one.due,
				  NULL, &none) != RC_OK)
			one.due = INSTANT_MAX;
		out->v = arena_grow(p->q->arena, out->v, out->n, &out->cap, sizeof(*out->v));
		out->v[out->n++] = one;
	}
	/* a contract without such a priority or service has no ticket of it */
	good = answer != NULL || has_no_such(&v);
	if (!good)
		page_failed(p, NAV_TICKETS, v.rc, &v.err);
	else if (answer != NULL)
		(void)json_array_append_new(out->kept, answer);
	verb_free(&v);
	return good;
}

static int by_due(const void *x, const void *y)
{
	const struct listed *a = x, *b = y;

	return a->due != b->due ? (a->due > b->due) - (a->due < b->due)
				: text_cmp(a->contract, b->contract);
}

static int by_text(const struct listed *a, const struct listed *b, const char *key)
{
	int c = text_cmp(text_of(json_string_value(json_object_get(a->ticket, key))),
			 text_of(json_string_value(json_object_get(b->ticket, key))));

	return c != 0 ? c : by_due(a, b);
}

static int by_priority(const void *x, const void *y)
{
	return by_text(x, y, "priority");
}

static int by_id(const void *x, const void *y)
{
	return by_text(x, y, "ticket");
}

/* The newest first. */
static int by_logged(const void *x, const void *y)
{
	return by_text(y, x, "logged_at");
}

static int (*order_of(const struct page *p))(const void *, const void *)
{
	struct text sort = fields_get(&p->q->query, "sort");

	return text_is(sort, "logged")     ? by_logged
	       : text_is(sort, "priority") ? by_priority
	       : text_is(sort, "id")       ? by_id
					   : by_due;
}

static struct phrase ticket_link(struct page *p, struct doc *d, const struct listed *x)
{
	struct page with = *p;
	struct text id = verb_at(p, x->ticket, "ticket");

	with.names[0] = (struct field){text_of("contract"), x->contract};
	with.names[1] = (struct field){text_of("ticket"), id};
	with.n_names = 2;
	return doc_link(d, page_path(&with, "/c/{contract}/tickets/{ticket}"), doc_plain(d, id));
}

static struct phrase left_words(struct doc *d, const struct listed *x)
{
	int64_t ms =
		json_integer_value(json_object_get(json_object_get(x->ticket, "next"), "left_ms"));

	return x->due == INSTANT_MAX ? NO_WORDS : left_run(d, ms);
}

static struct doc *tickets_doc(struct page *p, const struct listing *all)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	const struct table_column columns[] = {
		{SAY0(d, W_WEB_TICKET), COLUMN_TEXT},  {SAY0(d, W_WEB_CONTRACT), COLUMN_TEXT},
		{SAY0(d, W_WEB_SUMMARY), COLUMN_TEXT}, {SAY0(d, W_WEB_PRIORITY), COLUMN_TEXT},
		{SAY0(d, W_WEB_STATE), COLUMN_TEXT},   {SAY0(d, W_WEB_ASSIGNEE), COLUMN_TEXT},
		{SAY0(d, W_WEB_DUE), COLUMN_TEXT},     {SAY0(d, W_WEB_LEFT), COLUMN_NUMBER}};
	struct table *t;

	if (all->n == 0) {
		doc_paragraph(d, SAY0(d, W_WEB_NO_TICKETS));
		return d;
	}
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < all->n && i < SHOWN_MAX; i++) {
		const struct listed *x = &all->v[i];

		d->also = x->zone;
		d->zone = p->zone != NULL ? p->zone : x->zone;
		ROW(d, t, ticket_link(p, d, x), doc_plain(d, x->contract),
		    doc_plain(d, verb_at(p, x->ticket, "summary")),
		    doc_plain(d, verb_at(p, x->ticket, "priority")),
		    doc_plain(d, said_text(p->language, verb_at(p, x->ticket, "state"))),
		    doc_plain(d, verb_at(p, x->ticket, "assignee")),
		    x->due == INSTANT_MAX
			    ? NO_WORDS
			    : doc_time(d, x->due / MINUTE_MS * MINUTE_MS, TIME_MOMENT),
		    left_words(d, x));
	}
	if (all->matching > (int64_t)SHOWN_MAX)
		doc_paragraph(d, SAY(d, W_WEB_AND_MORE, doc_int(d, all->matching - SHOWN_MAX)));
	return d;
}

/* A new one begins in its contract. */
static void put_new(struct page *p, const json_t *contracts)
{
	enum { CONTRACTS_SHOWN = 40 };
	struct buf *b = &p->r->body;

	if (!page_may(p, R_TICKET_WRITE) || json_array_size(contracts) < 2)
		return;
	html_raw(b, "<details class=\"new\"><summary>");
	html_text(b, page_say(p, W_WEB_NEW_TICKET));
	html_raw(b, "</summary>\n<p class=\"choices\">\n");
	for (size_t i = 0; i < json_array_size(contracts) && i < CONTRACTS_SHOWN; i++) {
		struct page with = *p;
		struct text id = verb_at(p, json_array_get(contracts, i), "contract");

		with.names[0] = (struct field){text_of("contract"), id};
		with.n_names = 1;
		desk_button(p, page_path(&with, "/c/{contract}/tickets/new"), id, false);
	}
	html_raw(b, "</p></details>\n");
}

static void show(struct page *p, const json_t *contracts, const struct listing *all)
{
	static const char *const formats[] = {"csv"};
	static const struct action_link begin = {"/c/{contract}/tickets/new", W_WEB_NEW_TICKET,
						 true};
	struct frame f = {.tab = NAV_TICKETS,
			  .title = page_say(p, W_WEB_TICKETS),
			  .links = &begin,
			  .formats = formats,
			  .n_formats = ARRAY_SIZE(formats),
			  .live = true};
	struct doc *d = tickets_doc(p, all);

	if (page_csv(p, d))
		return;
	if (json_array_size(contracts) == 1 && page_may(p, R_TICKET_WRITE)) {
		p->names[p->n_names++] = (struct field){
			text_of("contract"), verb_at(p, json_array_get(contracts, 0), "contract")};
		f.n_links = 1;
	}
	frame_begin(p, &f);
	p->n_names = 0;
	frame_title(p, f.title);
	desk_list_head(p);
	put_new(p, contracts);
	doc_html_inside(d, &p->r->body);
	desk_list_foot(p, NULL);
	frame_end(p);
}

bool tickets_page(struct page *p)
{
	struct listing all = {.kept = NULL};
	struct verb_run v;
	json_t *contracts;
	bool good = true;

	if (!method_safe(p->q->method) || !path_fits(p, "/tickets"))
		return false;
	if (!page_may(p, R_STATEMENT_READ)) {
		page_refused(p, NAV_TICKETS);
		return true;
	}
	p->plain = true;
	verb_begin(&v, p, ACTION_CONTRACT_LIST);
	contracts = verb_json(&v);
	if (contracts == NULL)
		page_failed(p, NAV_TICKETS, v.rc, &v.err);
	verb_free(&v);
	all.kept = json_array();
	for (size_t i = 0; good && i < json_array_size(contracts); i++)
		good = take_contract(p, verb_at(p, json_array_get(contracts, i), "contract"), &all);
	if (contracts != NULL && good) {
		if (all.n > 0)
			qsort(all.v, all.n, sizeof(*all.v), order_of(p));
		show(p, contracts, &all);
	}
	json_decref(all.kept);
	json_decref(contracts);
	return true;
}
