/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The restatement as a document and as JSON. The JSON:
 *
 * tenor_restatement  1: the number of this form; a field may be added, none changes its meaning within one number
 * restatements[]     contract, period {from, to}, issued and now {as_of, known_as_of}, before and after (tallies: as issued, now),
 *                    difference, recorded (facts since, in all), changed (windows), windows[] (all of the period), items[], n_items,
 *                    rest, facts[{fact, way, about, waits, pending, concerns[{metric, from, to}]}], corrections: next_invoice|
 *                    credit_note, said (whether the contract says so); tallies, windows and items: versus_json.c
 * money              where invoices were issued: restate_money.c
 */
#include "render/restate.h"

#include "render/versus.h"

#include <assert.h>
#include <inttypes.h>

/* --- the answer --- */

static struct phrase answer_words(const struct versus *v, const struct restatement *r)
{
	const struct comparison *c = v->c;
	struct doc *d = v->d;
	struct phrase was = versus_amount(v, c->total[BEFORE].credit),
		      is = versus_amount(v, c->total[AFTER].credit), of = versus_period(v),
		      size = doc_money(d, versus_size(c->difference));

	if (c->difference.minor > 0)
		return SAY(d, W_RESTATED_MORE, size, of, is, was);
	if (c->difference.minor < 0)
		return SAY(d, W_RESTATED_LESS, size, of, is, was);
	if (r->n_changed > 0)
		return SAY(d, W_RESTATED_SAME, of, doc_money(d, c->total[AFTER].credit));
	return SAY(d, W_RESTATED_NOTHING, of);
}

/* Headings name the month: a document may restate several. */
static void add_section(const struct versus *v, const char *what, enum wording heading)
{
	struct doc *d = v->d;
	struct phrase month = versus_period(v);
	struct text anchor = text_format(d->arena, "%s-%" PRId64, what,
					 v->c->of[AFTER]->in.period.from / DAY_MS);

	doc_section(d, anchor.p, SAY(d, W_PAIR, SAY0(d, heading), month));
}

/* --- what changed --- */

static void add_windows(const struct versus *v)
{
	struct doc *d = v->d;
	const struct table_column columns[] = {
		{SAY0(d, W_PROMISE), COLUMN_TEXT},      {SAY0(d, W_WHEN), COLUMN_PAGE},
		{SAY0(d, W_WAS), COLUMN_TEXT},          {SAY0(d, W_IS), COLUMN_TEXT},
		{SAY0(d, W_CREDIT_OLD), COLUMN_NUMBER}, {SAY0(d, W_CREDIT_NEW), COLUMN_NUMBER},
		{SAY0(d, W_DIFFERENCE), COLUMN_NUMBER}};
	struct table *t;

	add_section(v, "changed", W_WHAT_CHANGED_FIGURES);
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < v->c->n_windows; i++) {
		const struct compared_window *w = &v->c->windows[i];

		if (!w->changed)
			continue;
		ROW(d, t, versus_metric(v, w->metric), versus_window(v, w),
		    versus_result(v, w, BEFORE), versus_result(v, w, AFTER),
		    versus_amount(v, w->tally[BEFORE].credit),
		    versus_amount(v, w->tally[AFTER].credit),
		    versus_difference(v,
				      money_sub(w->tally[AFTER].credit, w->tally[BEFORE].credit)));
	}
}

/* --- why --- */

static struct phrase way_words(const struct versus *v, const struct later_fact *x)
{
	static const enum wording words[] = {W_WAY_RECORDED, W_WAY_CORRECTED, W_WAY_WITHDRAWN,
					     W_WAY_APPROVED, W_WAY_ACCEPTED,  W_WAY_CONTESTED,
					     W_WAY_SETTLED};
	const struct facts *facts = v->c->of[AFTER]->in.facts;
	struct phrase of = SAY0(v->d, W_SOMETHING_UNKNOWN);

	assert((size_t)x->way < ARRAY_SIZE(words));
	if (x->way == WAY_RECORDED)
		return SAY0(v->d, W_WAY_RECORDED);
	if (x->about != NO_FACT)
		of = symbol_words(&v->side[AFTER], facts->v[x->about].id);
	return SAY(v->d, words[x->way], of);
}

static struct phrase concerns_words(const struct versus *v, const struct later_fact *x)
{
	struct phrase names = NO_WORDS;

	if (x->waits)
		return SAY0(v->d, W_WAITS_FOR_PARTY);
	if (x->pending)
		return SAY0(v->d, W_WAITS_FOR_PERSON);
	for (size_t i = 0; i < x->n_windows; i++) {
		size_t metric = v->c->windows[x->windows[i]].metric;
		struct phrase both[2] = {names, versus_metric(v, metric)};

		if (i > 0 && v->c->windows[x->windows[i - 1]].metric == metric)
			continue;
		names = doc_join_all(v->d, ", ", both, 2);
	}
	return names;
}

static void add_facts(const struct versus *v, const struct restatement *r)
{
	struct doc *d = v->d;
	const struct table_column columns[] = {{SAY0(d, W_RECORDED), COLUMN_TEXT},
					       {SAY0(d, W_FACT_HEADING), COLUMN_TEXT},
					       {SAY0(d, W_HOW), COLUMN_TEXT},
					       {SAY0(d, W_CONCERNS), COLUMN_TEXT},
					       {SAY0(d, W_SOURCE), COLUMN_PAGE}};
	struct table *t;

	if (r->n_facts == 0) {
		if (r->n_changed > 0)
			doc_paragraph(d, SAY0(d, W_NO_FACT_MADE_IT));
		return;
	}
	add_section(v, "why", W_RECORDED_SINCE);
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < r->n_facts; i++) {
		const struct later_fact *x = &r->facts[i];
		const struct fact *f = &v->c->of[AFTER]->in.facts->v[x->fact];

		ROW(d, t, doc_time(d, f->recorded_at, TIME_MOMENT),
		    fact_words(&v->side[AFTER], x->fact), way_words(v, x), concerns_words(v, x),
		    fact_source_words(&v->side[AFTER], x->fact));
	}
}

/* --- what follows --- */

static struct phrase follows_words(const struct versus *v, const struct restatement *r)
{
	struct doc *d = v->d;
	struct money difference = v->c->difference;
	struct phrase size = doc_money(d, versus_size(difference)), of = versus_period(v), way;

	/* money.md R91: a credit note only ever reduces what was billed, so what was given too much waits for an invoice. */
	if (difference.minor < 0)
		way = SAY(d, W_LESS_ON_NEXT_INVOICE, size, of);
	else
		way = SAY(d, r->by_credit_note ? W_MORE_BY_CREDIT_NOTE : W_MORE_ON_NEXT_INVOICE,
			  size, of);
	if (r->way == NULL)
		return SAY(d, W_BY_DEFAULT, way);
	return SAY(d, W_BY_CLAUSE, way,
		   doc_run(d, RUN_CODE, node_path(d->arena, r->way), text_of("")));
}

static void add_restatement(const struct versus *v, const struct restatement *r)
{
	struct doc *d = v->d;
	const struct evaluation *then = &v->c->of[BEFORE]->in, *now = &v->c->of[AFTER]->in;

	doc_paragraph(d, answer_words(v, r));
	doc_paragraph(d, SAY(d, W_PAIR_PLAIN,
			     SAY(d, W_KNOWN_THEN_NOW, doc_time(d, then->known_as_of, TIME_FULL),
				 doc_time(d, now->known_as_of, TIME_FULL)),
			     NO_WORDS));
	if (r->n_changed > 0)
		add_windows(v);
	add_facts(v, r);
	doc_paragraph(d, COUNTED(d, (int64_t)r->n_recorded, W_RECORDED_SINCE));
	add_section(v, "follows", W_WHAT_FOLLOWS);
	if (r->n_changed > 0)
		doc_paragraph(d, SAY0(d, W_STATEMENT_STANDS));
	doc_paragraph(d, v->c->difference.minor == 0 ? SAY0(d, W_NO_MONEY_MOVES)
						     : follows_words(v, r));
	if (v->c->difference.minor != 0)
		versus_items(v, W_WAS, W_IS);
}

static void add_title(struct doc *d, const struct versus *v, struct phrase months)
{
	const struct promise *p = versus_promise(v);

	d->title = SAY(d, W_RESTATEMENT, months);
	d->aside = doc_plain(d, p->id);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, p->provider), doc_plain(d, p->client));
	d->subject = doc_plain(d, p->title);
	d->under = SAY(d, W_AS_OF, doc_time(d, v->c->of[AFTER]->in.as_of, TIME_FULL));
}

struct doc *restate_doc(struct arena *a, const struct restatement *const *v, size_t n,
			const struct restate_options *options)
{
	struct statement_options words;
	struct doc *d = versus_doc(a, options->language, &words);
	struct phrase months = NO_WORDS;

	for (size_t i = 0; i < n; i++) {
		struct versus one = versus_new(d, v[i]->comparison, &words);
		struct phrase both[2] = {months, versus_period(&one)};

		months = doc_join_all(d, ", ", both, 2);
	}
	if (n == 0) {
		d->title = SAY(d, W_RESTATEMENT,
			       options->money != NULL ? doc_plain(d, options->money->contract)
						      : SAY0(d, W_NONE));
		if (options->statements)
			doc_paragraph(d, SAY0(d, W_RESTATED_NO_CASE));
	}
	for (size_t i = 0; i < n; i++) {
		struct versus one = versus_new(d, v[i]->comparison, &words);

		if (i == 0)
			add_title(d, &one, months);
		if (n > 1)
			doc_section(d, text_format(a, "month-%zu", i + 1).p, versus_period(&one));
		add_restatement(&one, v[i]);
	}
	if (options->money != NULL)
		restate_money_add(d, options->money);
	return d;
}

/* --- JSON --- */

static void put_known(struct json *j, const char *key, const struct evaluation *in)
{
	json_key(j, key);
	json_open_object(j);
	json_instant(j, "as_of", in->as_of);
	json_instant(j, "known_as_of", in->known_as_of);
	json_end_object(j);
}

static void put_later(struct json *j, const struct versus *v, const struct later_fact *x)
{
	static const char *const ways[] = {"recorded", "corrected", "withdrawn", "approved",
					   "accepted", "contested", "settled"};

	assert((size_t)x->way < ARRAY_SIZE(ways));
	json_open_object(j);
	json_key(j, "fact");
	json_fact(j, &v->side[AFTER], x->fact);
	json_kv_str(j, "way", ways[x->way]);
	if (x->about != NO_FACT) {
		json_key(j, "about");
		json_fact(j, &v->side[AFTER], x->about);
	}
	json_kv_bool(j, "waits", x->waits);
	json_kv_bool(j, "pending", x->pending);
	json_key(j, "concerns");
	json_open_array(j);
	for (size_t i = 0; i < x->n_windows; i++) {
		const struct compared_window *w = &v->c->windows[x->windows[i]];

		json_open_object(j);
		json_kv_text(j, "metric", v->c->metrics[w->metric].id);
		json_instant(j, "from", w->window.from);
		json_instant(j, "to", w->window.to);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void put_restatement(struct json *j, const struct versus *v, const struct restatement *r)
{
	json_open_object(j);
	json_kv_text(j, "contract", versus_promise(v)->id);
	json_span(j, "period", v->c->of[AFTER]->in.period);
	put_known(j, "issued", &v->c->of[BEFORE]->in);
	put_known(j, "now", &v->c->of[AFTER]->in);
	versus_json_tallies(j, v->c->total);
	versus_json_difference(j, v->c);
	json_kv_int(j, "recorded", (int64_t)r->n_recorded);
	json_kv_int(j, "changed", (int64_t)r->n_changed);
	json_key(j, "windows");
	versus_json_windows(j, v);
	json_key(j, "items");
	versus_json_items(j, v);
	json_kv_int(j, "n_items", (int64_t)v->c->n_all_items);
	json_money(j, "rest", v->c->rest);
	json_key(j, "facts");
	json_open_array(j);
	for (size_t i = 0; i < r->n_facts; i++)
		put_later(j, v, &r->facts[i]);
	json_end_array(j);
	json_kv_str(j, "corrections", r->by_credit_note ? "credit_note" : "next_invoice");
	json_kv_bool(j, "said", r->way != NULL);
	json_end_object(j);
}

void restate_json(struct arena *a, const struct restatement *const *v, size_t n,
		  const struct restate_options *options, bool pretty, struct buf *out)
{
	struct statement_options words;
	struct doc *d = versus_doc(a, options->language, &words);
	struct json j;

	versus_json_open(&j, out, pretty, "tenor_restatement");
	json_key(&j, "restatements");
	json_open_array(&j);
	for (size_t i = 0; i < n; i++) {
		struct versus one = versus_new(d, v[i]->comparison, &words);

		put_restatement(&j, &one, v[i]);
	}
	json_end_array(&j);
	if (options->money != NULL) {
		json_key(&j, "money");
		restate_money_json(a, options->money, &j);
	}
	json_end_object(&j);
	buf_char(out, '\n');
}
