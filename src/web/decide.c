/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the client decides: orders, work out of scope, purchases above the limit, deliveries (money.md R21, R30, R45, R47). The form says
 * what is asked, for how much, by which terms, until when and what silence means; the provider sees the same and has no button. What
 * waits, and what a yes comes to, is what `today` says of that one thing.
 */
#include "render/said.h"
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

static const struct {
	const char *kind;  /* that the form records */
	const char *asked; /* the fact that it answers */
	const char *name;  /* of the path: which one */
	const char *no;    /* where the client says no; NULL: that is this form */
	enum wording no_words;
} decisions[] = {
	{"order.approved", "order.placed", "order", "/c/{contract}/facts/{fact}/contest",
	 W_WEB_OBJECT},
	{"work.approved", "work.recorded", "entry", "/c/{contract}/facts/{fact}/contest",
	 W_WEB_OBJECT},
	{"purchase.approved", "supplier.invoiced", "supplier_invoice",
	 "/c/{contract}/facts/{fact}/contest", W_WEB_OBJECT},
	{"milestone.accepted", "milestone.delivered", "milestone",
	 "/c/{contract}/deliveries/{charge}/{milestone}/reject", W_WEB_REJECT},
	{"milestone.rejected", "milestone.delivered", "milestone", NULL, W_WEB_REJECT},
};

static size_t place_of(const struct row_form *row)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(decisions) && strcmp(decisions[i].kind, row->kind) != 0)
		i++;
	return i;
}

bool decide_is(const struct row_form *row)
{
	return place_of(row) < ARRAY_SIZE(decisions);
}

const char *decide_page(const struct page *p, const json_t *item)
{
	static const struct {
		const char *asked, *path;
	} paths[] = {
		{"order.placed", "/c/{contract}/orders/{about}/approve"},
		{"work.recorded", "/c/{contract}/hours/{about}/approve"},
		{"supplier.invoiced", "/c/{contract}/purchases/{about}/approve"},
		{"milestone.delivered", "/c/{contract}/deliveries/{charge}/{about}/accept"},
	};
	struct text asks = verb_at(p, item, "asks");

	for (size_t i = 0; i < ARRAY_SIZE(paths) && page_may(p, R_DISPUTE); i++)
		if (text_is(asks, paths[i].asked))
			return paths[i].path;
	return NULL;
}

/* The item of today that the path names, in an answer that the caller gives back; NULL: nothing of that name waits for these eyes. */
static const json_t *item_in(struct page *p, const struct row_form *row, const json_t *answer)
{
	const json_t *sections = json_object_get(answer, "sections");
	size_t k = place_of(row);

	for (size_t s = 0; s < json_array_size(sections); s++) {
		const json_t *items = json_object_get(json_array_get(sections, s), "items");

		for (size_t i = 0; i < json_array_size(items); i++) {
			const json_t *item = json_array_get(items, i);
			struct text charge = page_name(p, "charge");

			if (text_is(verb_at(p, item, "asks"), decisions[k].asked) &&
			    text_eq(verb_at(p, item, "about"), page_name(p, decisions[k].name)) &&
			    (charge.n == 0 || text_eq(verb_at(p, item, "charge"), charge)))
				return item;
		}
	}
	return NULL;
}

static const json_t *entry_in(const json_t *lines)
{
	return json_object_get(json_array_get(lines, 0), "entry");
}

/* The line of the record with the fact that is asked about. NULL: not for these eyes. */
static json_t *ask_entry(struct page *p, const json_t *item)
{
	long long index = (long long)json_integer_value(json_object_get(item, "entry"));
	struct verb_run v;
	json_t *lines;

	if (!page_may(p, R_LOG_READ))
		return NULL;
	verb_begin(&v, p, ACTION_LOG_SHOW);
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	verb_put(&v, PARAM_FROM_INDEX, text_format(p->q->arena, "%lld", index));
	verb_put(&v, PARAM_TO_INDEX, text_format(p->q->arena, "%lld", index));
	lines = verb_json(&v);
	verb_free(&v);
	return lines;
}

void decide_find(struct page *p, const struct row_form *row, struct deciding *out)
{
	struct verb_run v;

	verb_begin(&v, p, ACTION_TODAY);
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	verb_put(&v, PARAM_ITEM_ABOUT, page_name(p, decisions[place_of(row)].name));
	out->answer = verb_json(&v);
	verb_free(&v);
	out->item = item_in(p, row, out->answer);
	out->lines = out->item != NULL ? ask_entry(p, out->item) : NULL;
	out->no = NULL;
	if (out->item == NULL || !p->who.client)
		return;
	if (p->n_names < PATH_NAMES_MAX)
		p->names[p->n_names++] =
			(struct field){text_of("fact"), verb_at(p, entry_in(out->lines), "id")};
	if (page_name(p, "fact").n > 0)
		out->no = decisions[place_of(row)].no;
	out->no_words = decisions[place_of(row)].no_words;
}

void decide_free(struct deciding *d)
{
	json_decref(d->answer);
	json_decref(d->lines);
}

/* How many, how long, and what was said of it. */
static void add_fact(struct page *p, struct doc *d, struct pairs *pairs, const json_t *entry)
{
	static const struct {
		const char *key;
		enum wording words;
	} fields[] = {{"quantity", W_WEB_QUANTITY}, {"ticket", W_WEB_TICKET}};
	const json_t *body = json_object_get(entry, "body"),
		     *minutes = json_object_get(body, "minutes");
	struct err none = {.line = 0};
	instant t;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (verb_at(p, body, fields[i].key).n > 0)
			pair_add(d, pairs, SAY0(d, fields[i].words),
				 doc_plain(d, verb_at(p, body, fields[i].key)));
	if (json_is_integer(minutes))
		pair_add(d, pairs, SAY0(d, W_WEB_MINUTES), doc_int(d, json_integer_value(minutes)));
	if (instant_parse(verb_at(p, entry, "occurred_at"), &t, NULL, &none) == RC_OK)
		pair_add(d, pairs, SAY0(d, W_WEB_HAPPENED),
			 doc_time(d, t / MINUTE_MS * MINUTE_MS, TIME_MOMENT));
}

/* What a yes comes to, where it has no one amount: by service period (engine/suppose.h). */
static void add_changes(struct page *p, struct doc *d, const json_t *item)
{
	const struct table_column columns[] = {{SAY0(d, W_WEB_PERIOD), COLUMN_TEXT},
					       {SAY0(d, W_WEB_FOR_CHARGE), COLUMN_TEXT},
					       {SAY0(d, W_WEB_AMOUNT), COLUMN_NUMBER}};
	const json_t *changes = json_object_get(item, "comes_to");
	struct table *t = NULL;

	if (changes == NULL)
		return;
	doc_section(d, "comes-to", SAY0(d, W_WEB_COMES_TO));
	if (json_array_size(changes) == 0) {
		doc_paragraph(d, SAY0(d, W_WEB_COMES_TO_NOTHING));
		return;
	}
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < json_array_size(changes); i++) {
		const json_t *c = json_array_get(changes, i);
		day from = 0, to = 0;

		if (!day_parse(verb_at(p, c, "from"), &from) ||
		    !day_parse(verb_at(p, c, "to"), &to))
			continue;
		ROW(d, t, SAY(d, W_PERIOD, doc_day(d, from), doc_day(d, to)),
		    doc_plain(d, verb_at(p, c, "charge")),
		    doc_plain(d,
			      page_amount(p, verb_at(p, c, "amount"), verb_at(p, c, "currency"))));
	}
	doc_paragraph(d, SAY0(d, W_WEB_COMES_TO_WHY));
}

/* Of the charge, and of work what makes it out of scope. Where the words stand is a column of its own. */
static bool is_asked(struct page *p, struct text path, const json_t *item)
{
	struct text charge = verb_at(p, item, "charge"), service = verb_at(p, item, "service");
	const char *under = text_format(p->q->arena, "charges.%.*s.", TEXT_ARG(charge)).p,
		   *scope = text_format(p->q->arena, "services.%.*s.out_of_scope.",
					TEXT_ARG(service))
				    .p;

	if (text_ends(path, ".clause"))
		return false;
	return (charge.n > 0 && text_starts(path, under)) ||
	       (service.n > 0 && text_starts(path, scope));
}

/* The contract's words on it, each with its clause. */
static void add_terms(struct page *p, struct doc *d, const json_t *item)
{
	const struct table_column columns[] = {{SAY0(d, W_TERM), COLUMN_TEXT},
					       {SAY0(d, W_VALUE), COLUMN_TEXT},
					       {SAY0(d, W_CLAUSE), COLUMN_TEXT}};
	struct table *t = NULL;
	struct verb_run v;
	const json_t *terms;
	json_t *contract = NULL;

	verb_begin(&v, p, ACTION_CONTRACT_SHOW);
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	if (verb_at(p, item, "charge").n > 0 && page_may(p, R_TERMS_READ))
		contract = verb_json(&v);
	terms = json_object_get(contract, "terms");
	for (size_t i = 0; i < json_array_size(terms); i++) {
		const json_t *term = json_array_get(terms, i);
		struct text path = verb_at(p, term, "path");

		if (!is_asked(p, path, item))
			continue;
		if (t == NULL) {
			doc_section(d, "terms", SAY0(d, W_WEB_DECIDE_TERMS));
			t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
		}
		ROW(d, t, doc_run(d, RUN_CODE, path, text_of("")),
		    doc_plain(d, verb_at(p, term, "value")),
		    doc_plain(d, verb_at(p, term, "clause")));
	}
	json_decref(contract);
	verb_free(&v);
}

void decide_about(struct page *p, const struct deciding *x)
{
	const struct zone *zone = page_contract_zone(p);
	struct doc *d = doc_new(p->q->arena, p->language, p->zone != NULL ? p->zone : zone);
	struct text amount = verb_at(p, x->item, "amount");
	struct err none = {.line = 0};
	struct pairs *pairs;
	instant until;

	d->also = zone;
	if (x->item == NULL) {
		doc_paragraph(d, SAY0(d, W_WEB_DECIDE_NOTHING));
		doc_html_inside(d, &p->r->body);
		return;
	}
	doc_paragraph(d, doc_plain(d, verb_at(p, x->item, "what")));
	pairs = doc_pairs(d);
	add_fact(p, d, pairs, entry_in(x->lines));
	if (amount.n > 0)
		pair_add(d, pairs, SAY0(d, W_WEB_AMOUNT),
			 doc_plain(d, page_amount(p, amount, verb_at(p, x->item, "currency"))));
	if (instant_parse(verb_at(p, x->item, "due"), &until, NULL, &none) == RC_OK)
		pair_add(d, pairs, SAY0(d, W_WEB_UNTIL),
			 doc_time(d, until / MINUTE_MS * MINUTE_MS, TIME_MOMENT));
	pair_add(d, pairs, SAY0(d, W_WEB_SILENCE), doc_plain(d, verb_at(p, x->item, "why")));
	if (!p->who.client)
		doc_paragraph(d, SAY0(d, W_WEB_DECIDE_CLIENT));
	add_changes(p, d, x->item);
	add_terms(p, d, x->item);
	doc_html_inside(d, &p->r->body);
}
