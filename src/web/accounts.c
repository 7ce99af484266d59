/* SPDX-License-Identifier: Apache-2.0 */
/* The account of a client with several contracts: what is open under each, and the way to its account. Of one alone the verb makes the page. */
#include "web/parts.h"
#include "web/verb.h"

/* The contracts that these eyes may see. */
static json_t *ask_contracts(struct page *p)
{
	struct verb_run v;
	json_t *all;

	verb_begin(&v, p, ACTION_CONTRACT_LIST);
	all = page_may(p, R_TERMS_READ) ? verb_json(&v) : NULL;
	verb_free(&v);
	return all;
}

static size_t count_of(struct page *p, const json_t *contracts)
{
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(contracts); i++)
		if (text_eq(verb_at(p, json_array_get(contracts, i), "client"),
			    page_name(p, "client")))
			n++;
	return n;
}

static struct text title_of(struct page *p, const json_t *contracts, struct text id)
{
	for (size_t i = 0; i < json_array_size(contracts); i++)
		if (text_eq(verb_at(p, json_array_get(contracts, i), "contract"), id))
			return verb_at(p, json_array_get(contracts, i), "title");
	return text_of("");
}

static void show(struct page *p, const struct row_page *row, const json_t *contracts,
		 const json_t *accounts)
{
	static const struct action_link links[] = {
		{"/account/{client}/margin", W_WEB_MARGIN, false},
	};
	struct frame f = {.tab = row->tab,
			  .title = page_say(p, row->title),
			  .back = "/clients",
			  .links = links,
			  .n_links = page_may(p, R_COST_READ) ? 1 : 0};
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	const struct table_column columns[] = {{SAY0(d, W_CONTRACT), COLUMN_TEXT},
					       {SAY0(d, W_WEB_SUMMARY), COLUMN_TEXT},
					       {SAY0(d, W_BALANCE), COLUMN_NUMBER},
					       {SAY0(d, W_DISPUTED), COLUMN_NUMBER}};
	struct page with = *p;
	struct table *t;

	d->title = SAY0(d, row->title);
	d->aside = doc_plain(d, page_name(p, "client"));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	with.n_names = 1;
	for (size_t i = 0; i < json_array_size(accounts); i++) {
		const json_t *one = json_array_get(accounts, i),
			     *ageing = json_object_get(one, "ageing");
		struct text contract = verb_at(p, one, "contract"),
			    currency = verb_at(p, one, "currency");

		with.names[0] = (struct field){text_of("contract"), contract};
		ROW(d, t,
		    doc_link(d, page_path(&with, "/c/{contract}/account"), doc_plain(d, contract)),
		    doc_plain(d, title_of(p, contracts, contract)),
		    doc_plain(d, page_amount(p, verb_at(p, ageing, "balance"), currency)),
		    doc_plain(d, page_amount(p, verb_at(p, ageing, "disputed"), currency)));
	}
	page_doc(p, &f, d);
}

bool accounts_show(struct page *p, const struct row_page *row)
{
	struct text format = fields_get(&p->q->query, "format");
	json_t *contracts, *accounts = NULL;
	struct verb_run v;
	bool several;

	if (row->verb != ACTION_STATEMENT_OF_ACCOUNT || page_name(p, "client").n == 0 ||
	    (format.n > 0 && !text_is(format, "csv")))
		return false;
	contracts = ask_contracts(p);
	several = count_of(p, contracts) > 1;
	if (several) {
		verb_begin(&v, p, row->verb);
		page_take_names(p, &v, row->verb);
		if (page_take_query(p, &v, row->allow, ARRAY_SIZE(row->allow), &format))
			accounts = verb_json(&v);
		if (accounts == NULL)
			page_failed(p, row->tab, v.rc, &v.err);
		else
			show(p, row, contracts, accounts);
		json_decref(accounts);
		verb_free(&v);
	}
	json_decref(contracts);
	return several;
}
