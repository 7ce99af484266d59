/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document of interest and fees (money.md R109): what has accrued less what earlier ones charged (R103, R106), by invoice and kind;
 * and the credit note over an earlier one where too much was charged. A line names its invoice in `corrects`.
 */
#include "engine/account_parts.h"

#include <assert.h>

enum { SORTS = 3 };

/* What is left to charge of one sort for one invoice; below zero: too much was charged. */
struct rest {
	const struct accrued *of;
	int64_t amount;
};

struct note {
	struct arena *arena;
	const struct account_input *in;
	const struct account *account;
	const struct priced_version *version;
	day date;
	struct rest *rests; /* SORTS an accrued */
	size_t n_rests;
	struct invoice_line *lines;
	size_t n_lines;
	struct text category;
	struct err *err;
};

static const struct {
	enum line_role role;
	const char *rule;
} sorts[SORTS] = {{LINE_INTEREST, "money.md R106"},
		  {LINE_FIXED_FEE, "money.md R108"},
		  {LINE_DUNNING_FEE, "money.md R111"}};

static int sort_of(enum line_role role)
{
	for (int s = 0; s < SORTS; s++)
		if (sorts[s].role == role)
			return s;
	return -1;
}

static enum rc too_large(const struct note *n)
{
	return err_set(n->err, RC_LIMIT, "amount too large: interest is beyond 64 bits");
}

/* The sum of all rests; held and unknown interest is left as it is (R110). */
static enum rc find_rests(struct note *n, int64_t *sum)
{
	*sum = 0;
	n->rests = arena_array(n->arena, struct rest, SORTS * n->account->n_accrued);
	n->n_rests = SORTS * n->account->n_accrued;
	for (size_t i = 0; i < n->account->n_accrued; i++) {
		const struct accrued *x = &n->account->accrued[i];
		const int64_t now[SORTS] = {x->interest, x->fixed, x->dunning};
		const int64_t was[SORTS] = {x->charged_interest, x->charged_fixed,
					    x->charged_dunning};

		for (size_t s = 0; s < SORTS; s++) {
			struct rest *r = &n->rests[SORTS * i + s];

			r->of = x;
			if ((s == 0 && (x->held || x->too_large)) || now[s] == was[s])
				continue;
			if (__builtin_sub_overflow(now[s], was[s], &r->amount) ||
			    __builtin_add_overflow(*sum, r->amount, sum))
				return too_large(n);
		}
	}
	return RC_OK;
}

/* Outside the scope of VAT. A contract that names no category at all has no taxes to be outside of. */
static void find_tax(struct note *n, struct invoice *i)
{
	const struct pricing *p = n->version->pricing;
	struct invoice_tax *t = arena_one(n->arena, struct invoice_tax);

	if (p->n_categories == 0)
		return;
	*t = (struct invoice_tax){.category = text_of("outside_scope"),
				  .reason = text_of("outside the scope of VAT"),
				  .code = TAX_O};
	for (size_t k = 0; k < p->n_categories; k++)
		if (p->categories[k].code == TAX_O) {
			t->category = p->categories[k].id;
			t->name = p->categories[k].name;
			if (p->categories[k].exemption.n > 0)
				t->reason = p->categories[k].exemption;
			break;
		}
	i->taxes = t;
	i->n_taxes = 1;
	n->category = t->category;
}

/* Does a step of what accrued tell of that sort? */
static bool is_of_sort(const struct step *s, size_t sort)
{
	if (s->what == STEP_ALREADY_BILLED)
		return false;
	if (s->what != STEP_FLAT)
		return sort == 0;
	return sort == (s->rule == 111 ? 2 : 1);
}

/* How its sort accrued, and what of it was charged before (R103). */
static void line_steps(const struct note *n, struct invoice_line *l, const struct accrued *x,
		       size_t sort)
{
	const int64_t now[SORTS] = {x->interest, x->fixed, x->dunning};
	const int64_t was[SORTS] = {x->charged_interest, x->charged_fixed, x->charged_dunning};
	struct step *v = arena_array(n->arena, struct step, x->n_steps + 2);

	for (size_t i = 0; i < x->n_steps; i++)
		if (is_of_sort(&x->steps[i], sort))
			v[l->n_steps++] = x->steps[i];
	v[l->n_steps++] = (struct step){.what = STEP_TOTAL_NOW,
					.rule = 106,
					.type = STEP_IS_MONEY,
					.entry = -1,
					.value.count = now[sort]};
	if (was[sort] != 0)
		v[l->n_steps++] = (struct step){.what = STEP_ALREADY_BILLED,
						.rule = 103,
						.type = STEP_IS_MONEY,
						.entry = -1,
						.value.count = was[sort]};
	l->steps = v;
}

static struct invoice_line *note_line(struct note *n, const struct rest *r, size_t sort,
				      int64_t net)
{
	const struct account_document *d = &n->account->documents[r->of->document];
	const struct pricing *p = n->version->pricing;
	struct invoice_line *l = &n->lines[n->n_lines++];

	*l = (struct invoice_line){.number = (int64_t)n->n_lines,
				   .role = sorts[sort].role,
				   .name = d->invoice->number,
				   .clause = clause_label(n->arena, node_clause(p->payment.node)),
				   .rule = text_of(sorts[sort].rule),
				   .quantity = {1, 1},
				   .net = net,
				   .counts = true,
				   .tax = n->category.n > 0 ? 0 : -1,
				   .category = n->category,
				   .corrects = d->invoice->number};
	line_steps(n, l, r->of, sort);
	if (d->due != DAY_NONE && d->due < n->in->on)
		l->item = l->period = (struct days){d->due + 1, n->in->on + 1};
	return l;
}

/* --- a credit note over what was charged too much --- */

/* What credit notes left of a line of an interest note. */
static int64_t line_left(const struct note *n, const struct invoice *of,
			 const struct invoice_line *l)
{
	int64_t left = l->net;

	for (size_t i = 0; i < n->in->n_issued; i++) {
		const struct invoice *doc = n->in->issued[i].invoice;

		for (size_t k = 0; doc->kind == DOCUMENT_CREDIT_NOTE &&
				   text_eq(doc->corrected, of->number) && k < doc->n_lines;
		     k++)
			if (doc->lines[k].of_line == l->number)
				left -= doc->lines[k].net; /* at most what the line has */
	}
	return left > 0 ? left : 0;
}

static struct rest *rest_of(struct note *n, const struct invoice_line *l, size_t *sort)
{
	int s = sort_of(l->role);

	for (size_t i = 0; s >= 0 && i < n->account->n_accrued; i++) {
		struct rest *r = &n->rests[SORTS * i + (size_t)s];

		*sort = (size_t)s;
		if (text_eq(n->account->documents[r->of->document].invoice->number, l->corrects))
			return r;
	}
	return NULL;
}

static void take_back(struct note *n, const struct invoice *of)
{
	n->lines = arena_array(n->arena, struct invoice_line, of->n_lines);
	for (size_t k = of->n_lines; k > 0; k--) {
		const struct invoice_line *l = &of->lines[k - 1];
		size_t sort = 0;
		struct rest *r = rest_of(n, l, &sort);
		int64_t back = line_left(n, of, l);

		if (r == NULL || r->amount >= 0)
			continue;
		back = back < -r->amount ? back : -r->amount;
		if (back <= 0)
			continue;
		r->amount += back;
		note_line(n, r, sort, back)->of_line = l->number;
	}
}

/* The last interest note that still has some of it. */
static const struct invoice *find_overcharged(struct note *n)
{
	for (size_t i = n->in->n_issued; i > 0; i--) {
		const struct invoice *doc = n->in->issued[i - 1].invoice;

		if (doc->kind != DOCUMENT_INTEREST || doc->date > n->date)
			continue;
		take_back(n, doc);
		if (n->n_lines > 0)
			return doc;
	}
	return NULL;
}

/* --- the document --- */

static void charge_rests(struct note *n)
{
	n->lines = arena_array(n->arena, struct invoice_line, n->n_rests);
	for (size_t i = 0; i < n->n_rests; i++)
		if (n->rests[i].amount != 0)
			(void)note_line(n, &n->rests[i], i % SORTS, n->rests[i].amount);
}

static struct invoice head_of(const struct note *n, enum document_kind kind)
{
	const struct pricing *p = n->version->pricing;
	const struct charging *c = n->in->charging;

	return (struct invoice){.kind = kind,
				.date = n->date,
				.due = DAY_NONE,
				.run = n->in->on,
				.currency = c->currency,
				.language = p->promise->language,
				.contract = p->promise->id,
				.title = p->promise->title,
				.order_reference = p->invoicing.order_reference,
				.provider = p->provider,
				.client = p->client,
				.version = n->version->hash,
				.as_of = c->view->as_of,
				.known_as_of = c->view->known_as_of,
				.dispute_until = DAY_NONE,
				.corrected_date = DAY_NONE,
				.instructions = p->payment.instructions};
}

static enum rc make(struct note *n, struct invoice *i)
{
	const struct pricing *p = n->version->pricing;
	int64_t sum = 0;
	enum rc rc = find_rests(n, &sum);
	const struct invoice *back = NULL;

	if (rc != RC_OK)
		return rc;
	*i = head_of(n, sum < 0 ? DOCUMENT_CREDIT_NOTE : DOCUMENT_INTEREST);
	find_tax(n, i);
	if (sum < 0) {
		back = find_overcharged(n);
		if (back != NULL) {
			i->corrected = back->number;
			i->corrected_date = back->date;
			i->reason = text_of("correction");
		}
	} else {
		charge_rests(n);
		rc = account_due_date(p, n->date, &i->due, n->err);
		if (rc == RC_OK)
			rc = account_dispute_until(p, n->date, &i->dispute_until, n->err);
	}
	i->lines = n->lines;
	i->n_lines = n->n_lines;
	return rc == RC_OK && i->n_lines > 0 ? invoice_total(i, p, n->arena, n->err) : rc;
}

enum rc account_interest(struct arena *a, const struct account_input *in, const struct account *acc,
			 day date, const struct invoice **out, struct err *err)
{
	const struct charging *c = in->charging;
	struct note n = {.arena = a, .in = in, .account = acc, .date = date, .err = err};
	struct invoice *i = arena_one(a, struct invoice);
	size_t v = c->n_versions - 1;
	enum rc rc;

	while (v > 0 && c->versions[v].from > date)
		v--;
	n.version = &c->versions[v];
	rc = make(&n, i);
	if (rc == RC_OK)
		*out = i->n_lines > 0 ? i : NULL;
	return rc;
}
