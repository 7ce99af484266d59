/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Billing kinds of tenor calc about sums on a document: splits, tax, discounts, bounds, true-up, what is due, credit notes
 * (money.md R15, R42, R48, R50, R60, R61, R68, R69, R93, R94).
 */
#include "app/calc_kinds.h"
#include "money/tax.h"

enum { PERCENT = 100 };

static bool percent_of(struct money m, struct decimal pct, const struct calc_terms *t,
		       struct money *out)
{
	return tax_on(m, pct, t->rounding, out);
}

static bool sum_of(const struct money *v, size_t n, struct currency c, struct money *out)
{
	*out = (struct money){0, c};
	for (size_t i = 0; i < n; i++)
		if (!money_try_add(*out, v[i], out))
			return false;
	return true;
}

enum rc calc_split(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct fraction *weights = NULL;
	struct money total, *parts;
	size_t n = 0;
	enum rc rc = calc_terms(r, &terms);

	total = (struct money){0, terms.currency};
	if (rc == RC_OK)
		rc = calc_money(r, "total", terms.currency, &total);
	if (rc == RC_OK)
		rc = calc_fractions(r, "weights", true, &weights, &n);
	if (rc != RC_OK)
		return rc;
	parts = arena_array(r->a, struct money, n);
	if (!money_try_allocate(total, weights, n, parts))
		return calc_wrong(r, "weights",
				  "numbers of which one is above 0, with a common denominator");
	put_moneys(j, "parts", parts, n);
	return RC_OK;
}

/* --- tax --- */

static enum rc read_tax_line(const struct calc_reader *r, size_t i, struct currency c,
			     struct tax_line *out)
{
	static const struct text words[] = {{"amount", 6}, {"category", 8}, {"pct", 3}};
	struct text code = {"S", 1};
	struct calc_reader e;
	enum rc rc = calc_element(r, "lines", i, words, ARRAY_SIZE(words), &e);

	if (rc == RC_OK)
		rc = calc_money(&e, "amount", c, &out->amount);
	if (rc == RC_OK && calc_has(&e, "category"))
		rc = calc_text(&e, "category", &code);
	if (rc == RC_OK)
		rc = calc_decimal_if(&e, "pct", &out->pct);
	if (rc != RC_OK)
		return rc;
	if (!tax_category_find(code, &out->category))
		return calc_wrong(&e, "category", "S, Z, E, AE, K, G or O");
	if (out->pct.units < 0 || (out->category != TAX_S && out->pct.units != 0))
		return calc_wrong(&e, "pct", "not negative, and above 0 only in category S");
	return RC_OK;
}

enum rc calc_tax(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct tax_groups groups = {NULL, 0, {0}, {0}, {0}};
	bool included = false;
	size_t n = 0;
	enum rc rc = calc_terms(r, &terms);

	if (rc == RC_OK)
		rc = calc_list(r, "lines", true, &n);
	if (rc == RC_OK)
		rc = calc_bool_if(r, "prices_include_tax", &included);

	struct tax_line *lines = arena_array(r->a, struct tax_line, n);
	struct money *nets = arena_array(r->a, struct money, n);

	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = read_tax_line(r, i, terms.currency, &lines[i]);
	if (rc != RC_OK)
		return rc;
	if (!tax_groups(r->a, lines, n, included, terms.rounding, &groups, nets))
		return calc_too_large(r);
	json_key(j, "groups");
	json_open_array(j);
	for (size_t i = 0; i < groups.n; i++) {
		json_open_object(j);
		json_kv_str(j, "category", tax_category_code(groups.v[i].category));
		put_decimal(j, "pct", groups.v[i].pct);
		put_money(j, "net", groups.v[i].net);
		put_money(j, "tax", groups.v[i].tax);
		json_end_object(j);
	}
	json_end_array(j);
	put_moneys(j, "line_nets", nets, n);
	put_money(j, "net", groups.net);
	put_money(j, "tax", groups.tax);
	put_money(j, "gross", groups.gross);
	return RC_OK;
}

enum rc calc_split_reduction(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct money *nets = NULL, *parts, reduction, left;
	size_t n = 0;
	enum rc rc = calc_terms(r, &terms);

	reduction = left = (struct money){0, terms.currency};
	if (rc == RC_OK)
		rc = calc_money(r, "reduction", terms.currency, &reduction);
	if (rc == RC_OK)
		rc = calc_not_negative(r, "reduction", reduction.minor < 0);
	if (rc == RC_OK)
		rc = calc_moneys(r, "nets", terms.currency, &nets, &n);
	if (rc != RC_OK)
		return rc;
	parts = arena_array(r->a, struct money, n);
	if (!tax_split_reduction(r->a, reduction, nets, n, parts, &left))
		return calc_too_large(r);
	put_moneys(j, "parts", parts, n);
	put_money(j, "left", left);
	return RC_OK;
}

/* --- discounts (R50) --- */

struct discounted {
	struct calc_terms terms;
	struct money *left; /* of each line */
	size_t n;
};

/* The highest `from` that the base reaches gives the rate; below all of them it is 0. */
static enum rc band_of(const struct calc_reader *step, struct currency c, struct decimal *pct)
{
	static const struct text words[] = {{"from", 4}, {"pct", 3}};
	struct money base = {0, c}, from = base, best = {INT64_MIN, c};
	size_t n = 0;
	enum rc rc = calc_money(step, "base", c, &base);

	*pct = (struct decimal){0, 0};
	if (rc == RC_OK)
		rc = calc_list(step, "bands", true, &n);
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		struct calc_reader e;
		struct decimal rate = {0, 0};

		rc = calc_element(step, "bands", i, words, ARRAY_SIZE(words), &e);
		if (rc == RC_OK)
			rc = calc_money(&e, "from", c, &from);
		if (rc == RC_OK)
			rc = calc_decimal(&e, "pct", &rate);
		if (rc == RC_OK && from.minor <= base.minor && from.minor > best.minor) {
			best = from;
			*pct = rate;
		}
	}
	return rc;
}

static enum rc step_amount(const struct calc_reader *step, const struct discounted *d,
			   struct money *out)
{
	struct money sum = {0, d->terms.currency};
	struct decimal pct = {0, 0};
	enum rc rc;

	if (calc_has(step, "amount")) {
		rc = calc_money(step, "amount", d->terms.currency, out);
		return rc == RC_OK ? calc_not_negative(step, "amount", out->minor < 0) : rc;
	}
	rc = calc_has(step, "bands") ? band_of(step, d->terms.currency, &pct)
				     : calc_decimal(step, "pct", &pct);
	if (rc != RC_OK)
		return rc;
	if (pct.units < 0 || decimal_cmp(pct, decimal_of(PERCENT)) > 0)
		return calc_wrong(step, "pct", "a percentage from 0 to 100");
	for (size_t i = 0; i < d->n; i++)
		if (d->left[i].minor > 0 && !money_try_add(sum, d->left[i], &sum))
			return calc_too_large(step);
	return percent_of(sum, pct, &d->terms, out) ? RC_OK : calc_too_large(step);
}

static enum rc one_step(const struct calc_reader *r, size_t i, struct discounted *d, struct json *j)
{
	static const struct text words[] = {{"pct", 3}, {"amount", 6}, {"bands", 5}, {"base", 4}};
	struct money amount = {0, d->terms.currency}, over = amount, *parts;
	struct calc_reader step;
	enum rc rc = calc_element(r, "steps", i, words, ARRAY_SIZE(words), &step);

	if (rc == RC_OK)
		rc = step_amount(&step, d, &amount);
	if (rc != RC_OK)
		return rc;
	parts = arena_array(r->a, struct money, d->n);
	if (!tax_split_reduction(r->a, amount, d->left, d->n, parts, &over))
		return calc_too_large(r);
	for (size_t k = 0; k < d->n; k++)
		d->left[k] = money_sub(d->left[k], parts[k]);
	json_open_object(j);
	put_money(j, "amount", money_sub(amount, over));
	put_moneys(j, "parts", parts, d->n);
	json_end_object(j);
	return RC_OK;
}

enum rc calc_discount(const struct calc_reader *r, struct json *j)
{
	struct discounted d = {.n = 0};
	struct money net;
	size_t n = 0;
	enum rc rc = calc_terms(r, &d.terms);

	if (rc == RC_OK)
		rc = calc_moneys(r, "lines", d.terms.currency, &d.left, &d.n);
	if (rc == RC_OK)
		rc = calc_list(r, "steps", true, &n);
	json_key(j, "steps");
	json_open_array(j);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = one_step(r, i, &d, j);
	json_end_array(j);
	if (rc != RC_OK)
		return rc;
	if (!sum_of(d.left, d.n, d.terms.currency, &net))
		return calc_too_large(r);
	put_moneys(j, "left", d.left, d.n);
	put_money(j, "net", net);
	return RC_OK;
}

/* --- bounds and commitments (R42, R48) --- */

/* amount x days / of, rounded once; the whole amount if no days are given. */
static enum rc bound_of(const struct calc_reader *r, const char *key, const struct calc_terms *t,
			struct money *out)
{
	struct fraction days = {1, 1}, of = {1, 1}, f = {0, 1};
	enum rc rc = calc_money(r, key, t->currency, out);

	if (rc == RC_OK)
		rc = calc_not_negative(r, key, out->minor < 0);
	if (rc == RC_OK && calc_has(r, "days")) {
		rc = calc_fraction(r, "days", &days);
		if (rc == RC_OK)
			rc = calc_fraction(r, "of", &of);
		if (rc == RC_OK && (of.num <= 0 || days.num < 0))
			return calc_wrong(r, "of", "a number above 0, and days not below it");
	}
	if (rc != RC_OK)
		return rc;
	if (!fraction_try_div(days, of, &f) || !fraction_try_mul(money_exact(*out), f, &f) ||
	    !money_try_round(f, t->currency, t->rounding, out))
		return calc_too_large(r);
	return RC_OK;
}

static struct money above_zero(struct money m)
{
	return (struct money){m.minor > 0 ? m.minor : 0, m.currency};
}

enum rc calc_bounds(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct money *lines = NULL, sum, before, least, most, extra, cut;
	size_t n = 0;
	enum rc rc = calc_terms(r, &terms);

	sum = before = least = extra = cut = (struct money){0, terms.currency};
	most = (struct money){INT64_MAX, terms.currency};
	if (rc == RC_OK)
		rc = calc_moneys(r, "lines", terms.currency, &lines, &n);
	if (rc == RC_OK)
		rc = calc_money_if(r, "before", terms.currency, &before);
	if (rc == RC_OK && calc_has(r, "min"))
		rc = bound_of(r, "min", &terms, &least);
	if (rc == RC_OK && calc_has(r, "max"))
		rc = bound_of(r, "max", &terms, &most);
	if (rc != RC_OK)
		return rc;
	if (!sum_of(lines, n, terms.currency, &sum) || !money_try_add(sum, before, &before) ||
	    !money_try_sub(least, before, &extra) || !money_try_sub(before, most, &cut))
		return calc_too_large(r);
	extra = above_zero(extra);
	cut = above_zero(cut);
	/* No more is cut than this document's lines have. */
	if (cut.minor > sum.minor)
		cut = above_zero(sum);
	put_money(j, "extra", extra);
	put_money(j, "cut", cut);
	put_money(j, "net", money_sub(money_add(sum, extra), cut));
	return RC_OK;
}

enum rc calc_true_up(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct money commitment, *counts = NULL, sum, billed, due, line;
	size_t n = 0;
	enum rc rc = calc_terms(r, &terms);

	commitment = sum = billed = due = line = (struct money){0, terms.currency};
	if (rc == RC_OK)
		rc = bound_of(r, "amount", &terms, &commitment);
	if (rc == RC_OK && calc_has(r, "counts"))
		rc = calc_moneys(r, "counts", terms.currency, &counts, &n);
	if (rc == RC_OK)
		rc = calc_money_if(r, "billed", terms.currency, &billed);
	if (rc != RC_OK)
		return rc;
	if (!sum_of(counts, n, terms.currency, &sum) || !money_try_sub(commitment, sum, &due))
		return calc_too_large(r);
	due = above_zero(due);
	if (!money_try_sub(due, billed, &line))
		return calc_too_large(r);
	put_money(j, "commitment", commitment);
	put_money(j, "true_up", due);
	put_money(j, "amount", line);
	return RC_OK;
}

/* --- what is due (R60) --- */

/* Lines may be exact: each is rounded on its own (R14). */
static enum rc rounded_lines(const struct calc_reader *r, const struct calc_terms *t,
			     struct money *sum)
{
	struct fraction *v = NULL;
	struct money line;
	size_t n = 0;
	enum rc rc = calc_fractions(r, "lines", false, &v, &n);

	*sum = (struct money){0, t->currency};
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		if (!money_try_round(v[i], t->currency, t->rounding, &line) ||
		    !money_try_add(*sum, line, sum))
			return calc_too_large(r);
	return rc;
}

/* Takes up to `wanted` from *due, and says how much. */
static struct money deduct(struct money wanted, struct money *due)
{
	struct money used = wanted;

	if (due->minor < used.minor)
		used = above_zero(*due);
	*due = money_sub(*due, used);
	return used;
}

enum rc calc_settle(const struct calc_reader *r, struct json *j)
{
	static const char *const reductions[] = {"discount", "service_credit"};
	static const char *const after_tax[] = {"damages", "credit_notes", "grant"};
	struct calc_terms terms;
	struct decimal pct = {0, 0};
	struct money net, tax, gross, due, left;
	enum rc rc = calc_terms(r, &terms);

	net = tax = gross = due = left = (struct money){0, terms.currency};
	if (rc == RC_OK)
		rc = rounded_lines(r, &terms, &net);
	for (size_t i = 0; i < ARRAY_SIZE(reductions) && rc == RC_OK; i++) {
		struct money m = {0, terms.currency};

		rc = calc_money_if(r, reductions[i], terms.currency, &m);
		if (rc == RC_OK)
			rc = calc_not_negative(r, reductions[i], m.minor < 0);
		if (rc == RC_OK)
			(void)deduct(m, &net);
	}
	if (rc == RC_OK)
		rc = calc_decimal_if(r, "pct", &pct);
	if (rc == RC_OK)
		rc = calc_not_negative(r, "pct", pct.units < 0);
	if (rc != RC_OK)
		return rc;
	if (!tax_on(net, pct, terms.rounding, &tax) || !money_try_add(net, tax, &gross))
		return calc_too_large(r);
	due = gross;
	put_money(j, "net", net);
	put_money(j, "tax", tax);
	put_money(j, "gross", gross);
	for (size_t i = 0; i < ARRAY_SIZE(after_tax) && rc == RC_OK; i++) {
		struct money m = {0, terms.currency};

		rc = calc_money_if(r, after_tax[i], terms.currency, &m);
		if (rc == RC_OK)
			rc = calc_not_negative(r, after_tax[i], m.minor < 0);
		if (rc == RC_OK)
			left = money_sub(m, deduct(m, &due));
	}
	put_money(j, "grant_left", left);
	put_money(j, "due", due);
	return rc;
}

/* Credits pay lines one by one. */
enum rc calc_apply(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct money *lines = NULL, *credits = NULL, due;
	size_t n = 0, n_credits = 0;
	enum rc rc = calc_terms(r, &terms);

	if (rc == RC_OK)
		rc = calc_moneys(r, "lines", terms.currency, &lines, &n);
	if (rc == RC_OK)
		rc = calc_moneys(r, "credits", terms.currency, &credits, &n_credits);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n_credits; i++) {
		rc = calc_not_negative(r, "credits", credits[i].minor < 0);
		if (rc != RC_OK)
			return rc;
		for (size_t k = 0; k < n; k++)
			credits[i] = money_sub(credits[i], deduct(credits[i], &lines[k]));
	}
	if (!sum_of(lines, n, terms.currency, &due))
		return calc_too_large(r);
	put_moneys(j, "lines", lines, n);
	put_moneys(j, "credits_left", credits, n_credits);
	put_money(j, "due", due);
	return RC_OK;
}

/* --- credit notes (R93, R94) --- */

struct credited {
	struct money line, discount, credit, credited_before, back_before, back;
	struct decimal pct;
};

static enum rc read_credited(const struct calc_reader *r, size_t i, struct currency c,
			     struct credited *out)
{
	static const struct text words[] = {{"line", 4},
					    {"discount", 8},
					    {"credit", 6},
					    {"credited_before", 15},
					    {"discount_before", 15},
					    {"pct", 3}};
	struct calc_reader e;
	enum rc rc = calc_element(r, "lines", i, words, ARRAY_SIZE(words), &e);

	*out = (struct credited){.line = {0, c},
				 .discount = {0, c},
				 .credit = {0, c},
				 .credited_before = {0, c},
				 .back_before = {0, c},
				 .back = {0, c}};
	if (rc == RC_OK)
		rc = calc_money(&e, "line", c, &out->line);
	if (rc == RC_OK)
		rc = calc_money_if(&e, "discount", c, &out->discount);
	if (rc == RC_OK)
		rc = calc_money(&e, "credit", c, &out->credit);
	if (rc == RC_OK)
		rc = calc_money_if(&e, "credited_before", c, &out->credited_before);
	if (rc == RC_OK)
		rc = calc_money_if(&e, "discount_before", c, &out->back_before);
	if (rc == RC_OK)
		rc = calc_decimal_if(&e, "pct", &out->pct);
	if (rc != RC_OK)
		return rc;
	if (out->line.minor <= 0 || out->credit.minor < 0 || out->discount.minor < 0 ||
	    out->credited_before.minor < 0 || out->back_before.minor < 0 || out->pct.units < 0)
		return calc_wrong(&e, "line", "above 0, and the rest not negative");
	if (out->credit.minor > out->line.minor - out->credited_before.minor)
		return err_set(r->err, RC_INVALID, "credit exceeds the line: line %zu", i + 1);
	return RC_OK;
}

/* The line's share of discounts; the last credit takes what is left of them to the cent. */
static bool discount_back(struct credited *c, const struct calc_terms *t)
{
	struct fraction f = {0, 1};

	if (c->credit.minor == c->line.minor - c->credited_before.minor)
		return money_try_sub(c->discount, c->back_before, &c->back);
	return fraction_try_mul(money_exact(c->discount),
				fraction_of(c->credit.minor, c->line.minor), &f) &&
	       money_try_round(f, t->currency, t->rounding, &c->back);
}

enum rc calc_credit_note(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct tax_groups groups = {NULL, 0, {0}, {0}, {0}};
	size_t n = 0;
	enum rc rc = calc_terms(r, &terms);

	if (rc == RC_OK)
		rc = calc_list(r, "lines", true, &n);

	struct tax_line *nets = arena_array(r->a, struct tax_line, n);
	struct money *back = arena_array(r->a, struct money, n);

	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		struct credited c;

		rc = read_credited(r, i, terms.currency, &c);
		if (rc != RC_OK)
			break;
		nets[i] = (struct tax_line){.category = TAX_S, .pct = c.pct};
		if (!discount_back(&c, &terms) || !money_try_sub(c.credit, c.back, &nets[i].amount))
			return calc_too_large(r);
		back[i] = c.back;
	}
	if (rc != RC_OK)
		return rc;
	if (!tax_groups(r->a, nets, n, false, terms.rounding, &groups, NULL))
		return calc_too_large(r);
	put_moneys(j, "discount_back", back, n);
	put_money(j, "net", groups.net);
	put_money(j, "tax", groups.tax);
	put_money(j, "total", groups.gross);
	return RC_OK;
}
