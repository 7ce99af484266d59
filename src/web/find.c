/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /find: what the box at the top of each page leads to. As a page, or for the palette as JSON, with the address of each thing: what is found
 * where is the verb's matter, this room knows where it is shown. Of very many tickets the last are looked through first, and all of them for
 * who asks for that (whole=yes).
 */
#include "base/json.h"
#include "render/found.h"
#include "render/said.h"
#include "web/parts.h"
#include "web/verb.h"

static const char *const paths[FIND_KINDS] = {
	[FIND_CONTRACT] = "/c/{contract}",
	[FIND_CLAUSE] = "/c/{contract}/terms",
	[FIND_TICKET] = "/c/{contract}/tickets/{id}",
	[FIND_INVOICE] = "/invoices/{id}",
	[FIND_FACT] = "/c/{contract}/record",
};

static struct text address_of(struct page *p, const json_t *row, enum find_kind kind)
{
	struct page with = *p;
	struct text path, anchor = verb_at(p, row, "anchor"), entry = verb_at(p, row, "entry");

	with.names[0] = (struct field){text_of("contract"), verb_at(p, row, "contract")};
	with.names[1] = (struct field){text_of("id"), verb_at(p, row, "id")};
	with.n_names = 2;
	path = page_path(&with, paths[kind]);
	if (anchor.n > 0)
		return text_format(p->q->arena, "%.*s#%.*s", TEXT_ARG(path), TEXT_ARG(anchor));
	/* The list of entries ends with it. */
	return entry.n > 0
		       ? text_format(p->q->arena, "%.*s?to=%.*s", TEXT_ARG(path), TEXT_ARG(entry))
		       : path;
}

static bool is_kind(const struct page *p, const json_t *row, enum find_kind kind)
{
	return text_is(verb_at(p, row, "kind"), find_kind_word(kind));
}

/* A fact's own id says nothing to people: what its kind is called does. */
static struct text name_of(const struct page *p, const json_t *row, enum find_kind kind)
{
	return kind == FIND_FACT ? said_text(p->language, verb_at(p, row, "what"))
				 : verb_at(p, row, "id");
}

/* Were older ones left out? Where all are looked through. */
static struct text address_of_whole(const struct page *p, const json_t *answer)
{
	if (json_object_get(answer, "older") == NULL)
		return text_of("");
	return text_format(p->q->arena, "/find?%.*s&whole=yes",
			   TEXT_ARG(page_query(p, "format whole")));
}

/* --- for the palette --- */

static void put_whole_json(const struct page *p, const json_t *answer, struct json *j)
{
	struct text whole = address_of_whole(p, answer);

	if (whole.n == 0)
		return;
	json_key(j, "whole");
	json_open_object(j);
	json_kv_text(j, "name", page_say(p, W_FOUND_WHOLE));
	json_kv_text(j, "href", whole);
	json_end_object(j);
}

static void put_json(struct page *p, const json_t *answer)
{
	const json_t *rows = json_object_get(answer, "found");
	struct json j;

	p->r->type = text_of("application/json");
	json_init(&j, &p->r->body, false);
	json_open_object(&j);
	json_key(&j, "found");
	json_open_array(&j);
	for (enum find_kind k = 0; k < FIND_KINDS; k++)
		for (size_t i = 0; i < json_array_size(rows); i++) {
			const json_t *row = json_array_get(rows, i);

			if (!is_kind(p, row, k))
				continue;
			json_open_object(&j);
			json_kv_text(&j, "kind", page_say(p, find_kind_many(k)));
			json_kv_text(&j, "contract", verb_at(p, row, "contract"));
			json_kv_text(&j, "name", name_of(p, row, k));
			json_kv_text(&j, "what", verb_at(p, row, "what"));
			json_kv_text(&j, "line", verb_at(p, row, "line"));
			json_kv_text(&j, "href", address_of(p, row, k));
			json_end_object(&j);
		}
	json_end_array(&j);
	json_kv_bool(&j, "more", json_is_true(json_object_get(answer, "more")));
	put_whole_json(p, answer, &j);
	json_end_object(&j);
}

/* --- as a page --- */

static void put_row(struct page *p, struct doc *d, struct table *t, const json_t *row,
		    enum find_kind k)
{
	struct err none = {.line = 0};
	struct phrase when = NO_WORDS;
	struct text name = name_of(p, row, k), what = verb_at(p, row, "what");
	instant then;

	if (instant_parse(verb_at(p, row, "at"), &then, NULL, &none) == RC_OK)
		when = doc_time(d, then, TIME_DATE);
	(void)ROW(d, t, doc_link(d, address_of(p, row, k), doc_plain(d, name)),
		  doc_plain(d, verb_at(p, row, "contract")),
		  k == FIND_FACT || text_eq(name, what) ? NO_WORDS : doc_plain(d, what),
		  doc_plain(d, verb_at(p, row, "line")), when);
}

static void put_kind(struct page *p, struct doc *d, const json_t *rows, enum find_kind k)
{
	struct table *t = NULL;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		if (!is_kind(p, row, k))
			continue;
		if (t == NULL)
			t = found_table(d, k);
		put_row(p, d, t, row, k);
	}
}

static void put_nothing(struct page *p, struct doc *d, const json_t *answer)
{
	const json_t *looked = json_object_get(answer, "looked");
	struct phrase v[FIND_KINDS];
	size_t n = 0;

	for (enum find_kind k = 0; k < FIND_KINDS; k++)
		for (size_t i = 0; i < json_array_size(looked); i++)
			if (text_is(verb_text(p, json_array_get(looked, i)), find_kind_word(k)) &&
			    n < ARRAY_SIZE(v))
				v[n++] = SAY0(d, find_kind_many(k));
	doc_paragraph(d, SAY(d, W_FOUND_NOTHING, doc_join_all(d, ", ", v, n)));
}

static void put_older(struct page *p, struct doc *d, const json_t *answer)
{
	struct text whole = address_of_whole(p, answer);
	struct err none = {.line = 0};
	instant older;

	if (whole.n == 0 ||
	    instant_parse(verb_at(p, answer, "older"), &older, NULL, &none) != RC_OK)
		return;
	doc_paragraph(d, SAY(d, W_FOUND_OLDER, doc_time(d, older, TIME_FULL)));
	doc_paragraph(d, doc_link(d, whole, SAY0(d, W_FOUND_WHOLE)));
}

static void put_page(struct page *p, struct text q, const json_t *answer)
{
	struct frame f = {.tab = NAV_NONE, .title = page_say(p, W_FOUND)};
	const json_t *rows = json_object_get(answer, "found");
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);

	d->title = SAY0(d, W_FOUND);
	d->aside = doc_plain(d, q);
	if (answer == NULL) {
		doc_paragraph(d, SAY0(d, W_WEB_FIND_HOW));
	} else {
		for (enum find_kind k = 0; k < FIND_KINDS; k++)
			put_kind(p, d, rows, k);
		if (json_array_size(rows) == 0)
			put_nothing(p, d, answer);
		if (json_is_true(json_object_get(answer, "more")))
			doc_paragraph(d, SAY0(d, W_FOUND_MORE));
		if (!json_is_true(json_object_get(answer, "personal")))
			doc_paragraph(d, SAY0(d, W_FOUND_NOT_PERSONAL));
		put_older(p, d, answer);
	}
	page_doc(p, &f, d);
}

static bool known(struct page *p, struct verb_run *v)
{
	for (size_t i = 0; i < p->q->query.n; i++) {
		const struct field *f = &p->q->query.v[i];

		if (text_is(f->name, "q") || text_is(f->name, "format") ||
		    text_is(f->name, "whole"))
			continue;
		v->rc = err_set(&v->err, RC_USAGE, "this page takes no '%.*s'", TEXT_ARG(f->name));
		return false;
	}
	return true;
}

bool find_page(struct page *p)
{
	struct text q = text_trim(fields_get(&p->q->query, "q"));
	bool as_json = text_is(fields_get(&p->q->query, "format"), "json");
	json_t *answer = NULL;
	struct verb_run v;

	if (!method_safe(p->q->method) || !path_fits(p, "/find"))
		return false;
	if (!page_may(p, R_STATEMENT_READ)) {
		page_refused(p, NAV_NONE);
		return true;
	}
	verb_begin(&v, p, ACTION_FIND);
	if (known(p, &v) && q.n > 0) {
		verb_put(&v, PARAM_QUESTION, q);
		if (!text_is(fields_get(&p->q->query, "whole"), "yes"))
			verb_flag(&v, PARAM_RECENT);
		answer = verb_json(&v);
	}
	if (v.rc != RC_OK)
		page_failed(p, NAV_NONE, v.rc, &v.err);
	else if (as_json)
		put_json(p, answer);
	else
		put_page(p, q, answer);
	if (answer != NULL)
		json_decref(answer);
	verb_free(&v);
	return true;
}
