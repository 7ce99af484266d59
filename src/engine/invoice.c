/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a document's enums, and its sums: taxes by category and rate, net, gross, what is payable (money.md R60, R68, R69,
 * R76). What stands on the document is decided in billing*.c.
 */
#include "engine/invoice.h"

#include <assert.h>

#define WORD_OF(words, k)                                                                          \
	(assert((size_t)(k) < ARRAY_SIZE(words) && (words)[k] != NULL), (words)[k])

const char *document_word(enum document_kind k)
{
	static const char *const words[] = {[DOCUMENT_INVOICE] = "invoice",
					    [DOCUMENT_CREDIT_NOTE] = "credit_note",
					    [DOCUMENT_INTEREST] = "interest"};

	return WORD_OF(words, k);
}

const char *line_word(enum line_role r)
{
	static const char *const words[] = {
		[LINE_CHARGE] = "charge",          [LINE_CORRECTION] = "correction",
		[LINE_MINIMUM] = "minimum",        [LINE_TRUE_UP] = "true_up",
		[LINE_COVERED] = "covered",        [LINE_EXIT] = "exit",
		[LINE_INTEREST] = "interest",      [LINE_FIXED_FEE] = "fixed_fee",
		[LINE_DUNNING_FEE] = "dunning_fee"};

	return WORD_OF(words, r);
}

const char *reduction_word(enum reduction_kind k)
{
	static const char *const words[] = {[REDUCTION_DISCOUNT] = "discount",
					    [REDUCTION_MAXIMUM] = "maximum",
					    [REDUCTION_CREDIT] = "credit"};

	return WORD_OF(words, k);
}

const char *deduction_word(enum deduction_kind k)
{
	static const char *const words[] = {[DEDUCTION_DAMAGES] = "damages",
					    [DEDUCTION_CREDIT_NOTE] = "credit_note",
					    [DEDUCTION_UNAPPLIED] = "unapplied",
					    [DEDUCTION_GRANT] = "grant"};

	return WORD_OF(words, k);
}

const char *note_word(enum invoice_note_kind k)
{
	static const char *const words[] = {[NOTE_AHEAD] = "ahead",
					    [NOTE_WAITS] = "waits",
					    [NOTE_WAIVED] = "waived",
					    [NOTE_LATE_CREDIT] = "late_credit",
					    [NOTE_NO_DATA] = "no_data"};

	return WORD_OF(words, k);
}

const char *step_word(enum step_what w)
{
	static const char *const words[] = {
#define STEP(name, key) [STEP_##name] = (key),
#include "engine/steps.def"
	};

	return WORD_OF(words, w);
}

/* --- sums --- */

struct total {
	struct arena *arena;
	struct invoice *i;
	struct invoice_line *lines;
	struct invoice_reduction *reductions;
	struct invoice_tax *taxes;
	size_t taxes_cap;
	enum rounding mode;
	struct err *err;
};

static enum rc too_large(struct err *err)
{
	return err_set(err, RC_LIMIT, "amount too large: a sum of the document is beyond 64 bits");
}

static bool add(int64_t *sum, int64_t more)
{
	return !__builtin_add_overflow(*sum, more, sum);
}

static bool take(int64_t *sum, int64_t less)
{
	return !__builtin_sub_overflow(*sum, less, sum);
}

static int find_tax(const struct invoice *i, struct text category, enum tax_code code,
		    struct decimal rate)
{
	for (size_t k = 0; k < i->n_taxes; k++)
		if (text_eq(i->taxes[k].category, category) && i->taxes[k].code == code &&
		    decimal_cmp(i->taxes[k].rate, rate) == 0)
			return (int)k;
	return -1;
}

static int add_tax(struct total *t, const struct invoice_tax *tax)
{
	t->taxes = arena_grow(t->arena, t->taxes, t->i->n_taxes, &t->taxes_cap, sizeof(*t->taxes));
	t->taxes[t->i->n_taxes] = *tax;
	t->i->taxes = t->taxes;
	return (int)t->i->n_taxes++;
}

static const struct tax_category *category_of(const struct pricing *p, struct text id)
{
	for (size_t k = 0; p != NULL && k < p->n_categories; k++)
		if (text_eq(p->categories[k].id, id))
			return &p->categories[k];
	return NULL;
}

static enum rc place(struct total *t, const struct pricing *pricing, struct text category, int *tax)
{
	const struct tax_category *c;

	assert(*tax < 0 || (size_t)*tax < t->i->n_taxes);
	if (*tax >= 0 || category.n == 0)
		return RC_OK;
	c = category_of(pricing, category);
	if (c == NULL)
		return err_set(t->err, RC_INVALID, "no tax category '%.*s' in the contract",
			       TEXT_ARG(category));
	*tax = find_tax(t->i, category, c->code, c->rate);
	if (*tax < 0)
		*tax = add_tax(t, &(struct invoice_tax){.category = c->id,
							.name = c->name,
							.reason = c->exemption,
							.code = c->code,
							.rate = c->rate});
	return RC_OK;
}

/* Every line and reduction finds its tax, in order of first use. */
static enum rc place_all(struct total *t, const struct pricing *pricing)
{
	enum rc rc = RC_OK;

	for (size_t k = 0; k < t->i->n_lines && rc == RC_OK; k++)
		rc = place(t, pricing, t->lines[k].category, &t->lines[k].tax);
	for (size_t k = 0; k < t->i->n_reductions && rc == RC_OK; k++)
		rc = place(t, pricing, t->reductions[k].category, &t->reductions[k].tax);
	return rc;
}

static bool rounded(const struct total *t, struct fraction exact, int64_t *out)
{
	struct decimal d;

	if (!fraction_try_round(exact, 0, t->mode, &d))
		return false;
	*out = d.units;
	return true;
}

/* amount x num / den, exact, of minor units. */
static bool share_of(int64_t amount, struct fraction num, struct fraction den, struct fraction *out)
{
	struct fraction f;

	return fraction_try_mul(fraction_of(amount, 1), num, &f) && fraction_try_div(f, den, out);
}

static bool tax_outside(const struct total *t, int64_t base, struct decimal rate, int64_t *out)
{
	struct fraction exact;

	return share_of(base, fraction_of_decimal(rate), fraction_of(100, 1), &exact) &&
	       rounded(t, exact, out);
}

/* R69: round(gross x rate / (100 + rate)). */
static bool tax_inside(const struct total *t, int64_t gross, struct decimal rate, int64_t *out)
{
	struct fraction r = fraction_of_decimal(rate), hundred, exact;

	return fraction_try_add(r, fraction_of(100, 1), &hundred) &&
	       share_of(gross, r, hundred, &exact) && rounded(t, exact, out);
}

/* What of an amount that holds its tax is left without it. */
static bool exact_net(const struct invoice *i, int tax, int64_t gross, struct fraction *out)
{
	struct fraction r = fraction_of_decimal(i->taxes[tax].rate), hundred;

	return fraction_try_add(r, fraction_of(100, 1), &hundred) &&
	       share_of(gross, fraction_of(100, 1), hundred, out);
}

/* Members of one tax, lines or reductions, whose grosses become nets that sum to `net`: each one's own, R69's largest remainder. */
struct split {
	struct fraction *exact;
	struct money *parts;
	size_t *index;
	size_t n;
};

static struct split split_new(struct arena *a, size_t room)
{
	return (struct split){arena_array(a, struct fraction, room),
			      arena_array(a, struct money, room), arena_array(a, size_t, room), 0};
}

static bool split_net(struct total *t, struct split *s, int64_t net)
{
	struct currency c = t->i->currency;
	struct fraction unit = money_exact((struct money){1, c});

	for (size_t k = 0; k < s->n; k++)
		if (!fraction_try_mul(s->exact[k], unit, &s->exact[k]))
			return false;
	return money_round_to(t->arena, (struct money){net, c}, s->exact, s->n, s->parts);
}

static bool net_lines(struct total *t, int tax, int64_t gross, int64_t *net)
{
	struct split s = split_new(t->arena, t->i->n_lines);
	int64_t inside;

	*net = gross;
	if (!tax_inside(t, gross, t->taxes[tax].rate, &inside) || !take(net, inside))
		return false;
	for (size_t k = 0; k < t->i->n_lines; k++) {
		if (t->lines[k].tax != tax)
			continue;
		if (!exact_net(t->i, tax, t->lines[k].gross, &s.exact[s.n]))
			return false;
		s.index[s.n++] = k;
	}
	if (!split_net(t, &s, *net))
		return false;
	for (size_t k = 0; k < s.n; k++)
		t->lines[s.index[k]].net = s.parts[k].minor;
	return true;
}

static bool net_reductions(struct total *t, int tax, int64_t net)
{
	struct split s = split_new(t->arena, t->i->n_reductions);

	for (size_t k = 0; k < t->i->n_reductions; k++) {
		if (t->reductions[k].tax != tax)
			continue;
		if (!exact_net(t->i, tax, t->reductions[k].gross, &s.exact[s.n]))
			return false;
		s.index[s.n++] = k;
	}
	if (s.n == 0)
		return net == 0;
	/* lines and category round on their own, so the rest may be a unit off the sum of the exact ones */
	if (!split_net(t, &s, net)) {
		int64_t given = 0;

		for (size_t k = 0; k < s.n; k++) {
			if (!money_try_round(s.exact[k], t->i->currency, t->mode, &s.parts[k]) ||
			    !add(&given, s.parts[k].minor))
				return false;
		}
		if (!take(&net, given) || !add(&s.parts[0].minor, net))
			return false;
	}
	for (size_t k = 0; k < s.n; k++)
		t->reductions[s.index[k]].amount = s.parts[k].minor;
	return true;
}

/*
 * R69: what came is gross. Per tax the document's tax is inside of lines - reductions; the lines' nets are those of the lines alone,
 * the reductions take the rest.
 */
static bool take_tax_out(struct total *t)
{
	struct invoice *i = t->i;

	for (size_t k = 0; k < i->n_lines; k++) {
		struct invoice_line *l = &t->lines[k];

		l->gross = l->net;
		l->priced = l->priced && (l->tax < 0 || i->taxes[l->tax].rate.units == 0);
	}
	for (size_t k = 0; k < i->n_reductions; k++)
		t->reductions[k].gross = t->reductions[k].amount;
	for (size_t tax = 0; tax < i->n_taxes; tax++) {
		struct invoice_tax *x = &t->taxes[tax];
		int64_t lines = 0, reductions = 0, gross, net_of_lines, net_of_reductions;

		for (size_t k = 0; k < i->n_lines; k++)
			if (t->lines[k].tax == (int)tax && !add(&lines, t->lines[k].gross))
				return false;
		for (size_t k = 0; k < i->n_reductions; k++)
			if (t->reductions[k].tax == (int)tax &&
			    !add(&reductions, t->reductions[k].gross))
				return false;
		gross = lines;
		if (!take(&gross, reductions) || !tax_inside(t, gross, x->rate, &x->tax))
			return false;
		x->base = gross;
		if (!take(&x->base, x->tax) || !net_lines(t, (int)tax, lines, &net_of_lines))
			return false;
		net_of_reductions = net_of_lines;
		if (!take(&net_of_reductions, x->base))
			return false;
		if (!net_reductions(t, (int)tax, net_of_reductions))
			return false;
	}
	return true;
}

/* R68: once per category and rate. */
static bool put_tax_on(struct total *t)
{
	struct invoice *i = t->i;

	for (size_t tax = 0; tax < i->n_taxes; tax++)
		t->taxes[tax].base = 0;
	for (size_t k = 0; k < i->n_lines; k++)
		if (t->lines[k].tax >= 0 && !add(&t->taxes[t->lines[k].tax].base, t->lines[k].net))
			return false;
	for (size_t k = 0; k < i->n_reductions; k++)
		if (t->reductions[k].tax >= 0 &&
		    !take(&t->taxes[t->reductions[k].tax].base, t->reductions[k].amount))
			return false;
	for (size_t tax = 0; tax < i->n_taxes; tax++)
		if (!tax_outside(t, t->taxes[tax].base, t->taxes[tax].rate, &t->taxes[tax].tax))
			return false;
	return true;
}

static bool sum_up(struct total *t)
{
	struct invoice *i = t->i;

	i->sum_lines = i->sum_reductions = i->tax = i->sum_deductions = 0;
	for (size_t k = 0; k < i->n_lines; k++)
		if (!add(&i->sum_lines, t->lines[k].net))
			return false;
	for (size_t k = 0; k < i->n_reductions; k++)
		if (!add(&i->sum_reductions, t->reductions[k].amount))
			return false;
	for (size_t k = 0; k < i->n_taxes; k++)
		if (!add(&i->tax, t->taxes[k].tax))
			return false;
	for (size_t k = 0; k < i->n_deductions; k++)
		if (!add(&i->sum_deductions, i->deductions[k].amount))
			return false;
	i->net = i->sum_lines;
	if (!take(&i->net, i->sum_reductions))
		return false;
	i->gross = i->net;
	if (!add(&i->gross, i->tax))
		return false;
	i->payable = i->gross;
	return take(&i->payable, i->sum_deductions) && add(&i->payable, i->rounding);
}

/* R76, from the parts once more, in 128 bits. */
static void check(const struct invoice *i)
{
	i128 due = i->rounding, base = 0;

	for (size_t k = 0; k < i->n_lines; k++) {
		due += i->lines[k].net;
		base += i->lines[k].tax >= 0 ? i->lines[k].net : 0;
	}
	for (size_t k = 0; k < i->n_reductions; k++) {
		due -= i->reductions[k].amount;
		base -= i->reductions[k].tax >= 0 ? i->reductions[k].amount : 0;
	}
	for (size_t k = 0; k < i->n_taxes; k++) {
		due += i->taxes[k].tax;
		base -= i->taxes[k].base;
	}
	for (size_t k = 0; k < i->n_deductions; k++)
		due -= i->deductions[k].amount;
	assert(due == i->payable && base == 0 && "R76");
}

enum rc invoice_total(struct invoice *i, const struct pricing *pricing, struct arena *a,
		      struct err *err)
{
	struct total t = {.arena = a,
			  .i = i,
			  .lines = arena_array(a, struct invoice_line, i->n_lines),
			  .reductions = arena_array(a, struct invoice_reduction, i->n_reductions),
			  .taxes = arena_array(a, struct invoice_tax, i->n_taxes),
			  .taxes_cap = i->n_taxes,
			  .mode = i->mode,
			  .err = err};
	enum rc rc;

	for (size_t k = 0; k < i->n_lines; k++)
		t.lines[k] = i->lines[k];
	for (size_t k = 0; k < i->n_reductions; k++)
		t.reductions[k] = i->reductions[k];
	for (size_t k = 0; k < i->n_taxes; k++)
		t.taxes[k] = i->taxes[k];
	i->lines = t.lines;
	i->reductions = t.reductions;
	i->taxes = t.taxes;
	rc = place_all(&t, pricing);
	if (rc != RC_OK)
		return rc;
	if (i->tax_included ? !take_tax_out(&t) : !put_tax_on(&t))
		return too_large(err);
	if (!sum_up(&t))
		return too_large(err);
	check(i);
	return RC_OK;
}
