/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Properties of documents over random contracts, facts and days of running (money.md R8, R17, R70, R76): lines sum to the document;
 * running again gives nothing; how the year was cut into runs, and in which order facts came, does not matter; a change and its undo
 * cancel; preview and issue are the same in substance.
 */
#include "billing_fixture.h"
#include "random_invoice.h"

#include <assert.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 60, FACTS = 24, RUNS = 9 };

struct world {
	struct random_source r;
	bool document; /* rounding.place */
	char terms[4000];
	char contract[200];
	char facts[FACTS][200];
	size_t order[FACTS];
};

static int64_t pick(struct world *w, int64_t n)
{
	return (int64_t)random_below(&w->r, (uint64_t)n);
}

static const char *word(struct world *w, const char *const *words, int64_t n)
{
	return words[pick(w, n)];
}

static void random_terms(struct world *w)
{
	static const char *const periods[] = {"1mo", "3mo", "12mo", "2w"};
	static const char *const anchors[] = {"calendar", "anniversary"};
	static const char *const bills[] = {"advance", "arrears"};
	static const char *const prorates[] = {"actual_days", "days_30", "none"};
	struct buf b;

	buf_init(&b, sizeof(w->terms) - 1);
	buf_str(&b, "charges:\n");
	for (int i = 0; i < 4; i++) {
		bool weeks;
		const char *period = word(w, periods, 4);

		weeks = strcmp(period, "2w") == 0;
		buf_printf(&b,
			   "  - {id: fee%d, type: recurring, amount: \"%d.%02d USD\", period: %s, "
			   "anchor: %s, bill: %s, prorate: %s, tax: %s}\n",
			   i, (int)pick(w, 3000), (int)pick(w, 100), period,
			   weeks ? "anniversary" : word(w, anchors, 2), word(w, bills, 2),
			   weeks ? "actual_days" : word(w, prorates, 3), i % 2 == 0 ? "s" : "z");
	}
	buf_printf(&b,
		   "  - {id: data, type: usage, meter: m, price: \"%d.%03d USD\", period: 1mo, "
		   "tax: s%s%s}\n",
		   (int)pick(w, 5), (int)pick(w, 1000),
		   pick(w, 2) == 0 ? ", min_amount: \"20.00 USD\"" : "",
		   pick(w, 2) == 0 ? ", max_amount: \"90.00 USD\"" : "");
	buf_printf(
		&b,
		"  - {id: rebate, type: discount, pct: %d.%d%%, applies_to: [fee0, fee1, data]}\n",
		(int)pick(w, 40), 1 + (int)pick(w, 8));
	if (pick(w, 2) == 0)
		buf_printf(
			&b,
			"  - {id: vol, type: discount, bands_of: net_charges_12mo, applies_to: "
			"[fee2], bands: [{id: low, from: \"500.00 USD\", pct: 1.5%%}, {id: high, "
			"from: \"5000.00 USD\", pct: 7%%}]}\n");
	if (pick(w, 2) == 0)
		buf_printf(&b,
			   "commitment: {amount: \"%d.00 USD\", per: 3mo, counts: [fee0, fee2, "
			   "data]}\n",
			   (int)pick(w, 9000));
	buf_printf(&b,
		   "taxes: {%scategories: [{id: s, code: S, rate: %d.%d%%}, {id: z, code: Z}]}\n",
		   pick(w, 3) == 0 ? "prices_include_tax: true, " : "", 1 + (int)pick(w, 24),
		   1 + (int)pick(w, 8));
	if (pick(w, 2) == 0)
		buf_str(&b, "invoicing: {corrections: credit_note}\n");
	memcpy(w->terms, b.p, b.n);
	w->terms[b.n] = '\0';
	buf_free(&b);
	w->document = pick(w, 4) == 0;
	(void)snprintf(w->contract, sizeof(w->contract),
		       "currency: USD, timezone: America/New_York, business_calendar: business%s",
		       w->document ? ", rounding: {place: document}" : "");
}

/* Use of the first nine months, some of it recorded long after. */
static void random_facts(struct world *w)
{
	for (size_t i = 0; i < FACTS; i++) {
		int month = 1 + (int)pick(w, 9), late = (int)pick(w, 3);
		int known = month + late > 11 ? 11 : month + late;

		w->order[i] = i;
		(void)snprintf(
			w->facts[i], sizeof(w->facts[i]),
			"2026-%02d-%02d 12:00 usage.recorded provider meter=m quantity=%d.%d "
			"id=f%zu recorded=2026-%02d-28T12:00:00Z\n",
			month, 1 + (int)pick(w, 27), (int)pick(w, 60), 1 + (int)pick(w, 8), i,
			known);
	}
}

static struct books *open_books(const struct world *w, bool backwards)
{
	struct books *k = books_new();

	k->b->contract = w->contract;
	bill_version(k->b, NULL, w->terms);
	for (size_t i = 0; i < FACTS; i++)
		engine_facts(k->b->e, w->facts[backwards ? FACTS - 1 - i : i]);
	return k;
}

static bool sums_hold(const struct invoice *i)
{
	int64_t sum = i->rounding;

	for (size_t l = 0; l < i->n_lines; l++)
		sum += i->lines[l].net;
	for (size_t r = 0; r < i->n_reductions; r++)
		sum -= i->reductions[r].amount;
	for (size_t t = 0; t < i->n_taxes; t++)
		sum += i->taxes[t].tax;
	return sum == i->payable + i->sum_deductions;
}

static bool nothing_left(struct books *k, const char *on)
{
	books_run(k, on);
	return k->out.invoice == NULL && k->out.n_credit_notes == 0;
}

/* Runs on some days of the year and at its end; false: something did not hold. */
static bool run_year(struct books *k, struct random_source *r, int64_t runs)
{
	day first = bill_day("2026-01-01");
	bool good = true;

	for (int64_t i = 0; i <= runs; i++) {
		day d = i == runs ? bill_day("2027-01-01") : first + (day)(360 * i / runs);
		struct buf b;
		struct text on;

		if (i < runs)
			d += (day)random_below(r, 25);
		buf_init(&b, 16);
		day_print(&b, d);
		on = text_copy(k->b->e->arena, buf_view(&b));
		buf_free(&b);
		books_run(k, on.p);
		for (size_t n = 0; n < k->out.n_parked; n++) {
			note("%s: parked: %s '%.*s' %lld", on.p, parked_word(k->out.parked[n].why),
			     TEXT_ARG(k->out.parked[n].what), (long long)k->out.parked[n].value);
			good = false;
		}
		if (k->out.invoice != NULL)
			good = good && sums_hold(k->out.invoice);
		for (size_t n = 0; n < k->out.n_credit_notes; n++)
			good = good && sums_hold(k->out.credit_notes[n]);
		books_issue(k);
		if (!nothing_left(k, on.p)) {
			note("%s: again: %.*s; %zu notes", on.p,
			     TEXT_ARG(nets_of(k, k->out.invoice)), k->out.n_credit_notes);
			good = false;
		}
	}
	return good;
}

/* In the terms of prices: what tax-inclusive nets are split to depends on the document. */
static int64_t amount_in(const struct invoice *doc, int64_t net, int64_t gross)
{
	int64_t amount = doc->tax_included ? gross : net;

	return doc->kind == DOCUMENT_CREDIT_NOTE ? -amount : amount;
}

static int64_t charged(const struct books *k, const char *charge, bool reductions)
{
	int64_t sum = 0;

	for (size_t i = 0; i < k->n_issued; i++) {
		const struct invoice *doc = k->issued[i].invoice;

		for (size_t l = 0; l < doc->n_lines && !reductions; l++)
			if (text_is(doc->lines[l].charge, charge))
				sum += amount_in(doc, doc->lines[l].net, doc->lines[l].gross);
		for (size_t l = 0; l < doc->n_reductions && reductions; l++)
			if (text_is(doc->reductions[l].charge, charge))
				sum += amount_in(doc, doc->reductions[l].amount,
						 doc->reductions[l].gross);
	}
	return sum;
}

static bool same_money(const struct books *x, const struct books *y)
{
	static const struct {
		const char *charge;
		bool reductions;
	} what[] = {{"fee0", false},  {"fee1", false}, {"fee2", false},
		    {"fee3", false},  {"data", false}, {"commitment", false},
		    {"rebate", true}, {"vol", true},   {"data", true}};
	bool same = true;

	for (size_t i = 0; i < ARRAY_SIZE(what); i++) {
		int64_t a = charged(x, what[i].charge, what[i].reductions),
			b = charged(y, what[i].charge, what[i].reductions);

		if (a != b) {
			note("%s%s: %lld and %lld", what[i].charge,
			     what[i].reductions ? " reductions" : "", (long long)a, (long long)b);
			same = false;
		}
	}
	return same;
}

static struct text substance(struct books *k)
{
	struct buf b;
	struct text t;

	if (k->out.invoice == NULL)
		return text_of("");
	buf_init(&b, 1 << 24);
	invoice_json(k->out.invoice, INVOICE_SUBSTANCE, &b);
	t = text_copy(k->b->e->arena, buf_view(&b));
	buf_free(&b);
	return t;
}

static bool preview_is_issue(struct books *k, const char *on)
{
	struct text first, again;

	books_run(k, on);
	first = substance(k);
	books_run(k, on);
	again = substance(k);
	return text_eq(first, again);
}

/* A change in the middle of the year and its undo leave what would have been without. */
static bool undo_cancels(const struct world *w, struct random_source *r)
{
	struct books *k = open_books(w, false), *plain = open_books(w, false);
	char changed[4000];
	char *at;
	bool same;

	(void)snprintf(changed, sizeof(changed), "%s", w->terms);
	at = strstr(changed, "amount: \"");
	assert(at != NULL);
	at[9] = at[9] == '1' ? '2' : '1';
	run_year(plain, r, 2);
	books_month(k, "2026-03-01");
	bill_version(k->b, "2026-04-10", changed);
	books_month(k, "2026-05-03");
	books_month(k, "2026-06-01");
	k->b->n_versions = 1;
	k->b->versions[0].to = INT32_MAX;
	run_year(k, r, 2);
	same = w->document || same_money(k, plain);
	books_free(k);
	books_free(plain);
	return same;
}

static void one_world(uint64_t seed, int good[6])
{
	struct world w = {.r = {NULL, seed | 1, {{0}, 0}}};
	struct books *x, *y, *z;

	for (int warm = 0; warm < 8; warm++)
		(void)random_next(&w.r);
	random_terms(&w);
	random_facts(&w);
	x = open_books(&w, false);
	y = open_books(&w, false);
	z = open_books(&w, true);
	good[0] += preview_is_issue(x, "2026-02-01");
	good[1] += run_year(x, &w.r, 1);
	good[2] += run_year(y, &w.r, RUNS);
	good[3] += w.document || same_money(x, y);
	run_year(z, &w.r, RUNS);
	good[4] += w.document || same_money(x, z);
	good[5] += undo_cancels(&w, &w.r);
	books_free(x);
	books_free(y);
	books_free(z);
}

int main(void)
{
	const char *given = getenv("TENOR_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	int good[6] = {0};

	note("seed %llu", (unsigned long long)seed);
	for (uint64_t i = 0; i < ROUNDS; i++)
		one_world(seed ^ (i << 32), good);
	is_i64(good[0], ROUNDS, "R70: preview and issue are the same in substance");
	is_i64(good[1], ROUNDS, "R8, R76: few runs: sums hold, nothing twice");
	is_i64(good[2], ROUNDS, "R8, R76: many runs: sums hold, nothing twice");
	is_i64(good[3], ROUNDS, "R17: any split into runs gives the same");
	is_i64(good[4], ROUNDS, "R17: the order of facts does not matter");
	is_i64(good[5], ROUNDS, "R17: a change and its undo cancel");
	return tap_done();
}
