/* SPDX-License-Identifier: Apache-2.0 */
/* tenor calc of a whole invoice: the sums of EN 16931 as money.md R154 A1 to A5 assert them, to the cent. */
#include "app/calc_kinds.h"
#include "money/tax.h"

struct sums {
	struct calc_terms terms;
	struct tax_line *taxed; /* lines, then allowances (negative) and charges */
	size_t n;
	struct money lines, allowances, charges;
};

static enum rc disagrees(const struct calc_reader *r, const char *rule, const char *what, size_t i)
{
	err_code(r->err, "calc.sum");
	return err_set(r->err, RC_INVALID,
		       "%s %zu does not agree with its parts (money.md R154 %s)", what, i + 1,
		       rule);
}

/* An allowance or charge: its amount, which a percentage must agree with (A2). */
static enum rc read_change(const struct calc_reader *r, const char *key, size_t i,
			   const struct calc_terms *t, bool *charge, struct tax_line *out)
{
	static const struct text words[] = {{"charge", 6}, {"amount", 6},  {"base", 4},
					    {"pct", 3},    {"vat_cat", 7}, {"vat_pct", 7}};
	struct calc_reader e;
	struct money base = {0, t->currency}, share = base;
	struct decimal pct = {0, 0};
	struct text code = {"S", 1};
	enum rc rc = calc_element(r, key, i, words, ARRAY_SIZE(words), &e);

	if (rc == RC_OK)
		rc = calc_bool_if(&e, "charge", charge);
	if (rc == RC_OK)
		rc = calc_money(&e, "amount", t->currency, &out->amount);
	if (rc == RC_OK && calc_has(&e, "base") && calc_has(&e, "pct")) {
		rc = calc_money(&e, "base", t->currency, &base);
		if (rc == RC_OK)
			rc = calc_decimal(&e, "pct", &pct);
		if (rc == RC_OK && !tax_on(base, pct, ROUND_HALF_UP, &share))
			return calc_too_large(r);
		if (rc == RC_OK && share.minor != out->amount.minor)
			return disagrees(r, "A2", key, i);
	}
	if (rc == RC_OK && json_is_string(json_object_get(e.item, "vat_cat")))
		rc = calc_text(&e, "vat_cat", &code);
	if (rc == RC_OK && !json_is_null(json_object_get(e.item, "vat_pct")))
		rc = calc_decimal_if(&e, "vat_pct", &out->pct);
	if (rc == RC_OK && !tax_category_find(code, &out->category))
		return calc_wrong(&e, "vat_cat", "S, Z, E, AE, K, G or O");
	return rc;
}

/* price x quantity / base quantity, rounded, with the line's own charges and allowances (A1). */
static enum rc line_sum(const struct calc_reader *e, const struct calc_terms *t, struct money *out)
{
	struct fraction price = {0, 1}, quantity = {1, 1}, base = {1, 1};
	size_t n = 0;
	enum rc rc = calc_fraction(e, "price", &price);

	if (rc == RC_OK)
		rc = calc_fraction(e, "quantity", &quantity);
	if (rc == RC_OK)
		rc = calc_fraction_if(e, "base_quantity", &base);
	if (rc == RC_OK && base.num <= 0)
		return calc_wrong(e, "base_quantity", "a number above 0");
	if (rc == RC_OK)
		rc = calc_list(e, "allowances_charges", false, &n);
	if (rc != RC_OK)
		return rc;
	if (!fraction_try_mul(price, quantity, &price) || !fraction_try_div(price, base, &price) ||
	    !money_try_round(price, t->currency, t->rounding, out))
		return calc_too_large(e);
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		struct tax_line change = {.category = TAX_S};
		bool charge = false;

		rc = read_change(e, "allowances_charges", i, t, &charge, &change);
		if (rc == RC_OK && !(charge ? money_try_add(*out, change.amount, out)
					    : money_try_sub(*out, change.amount, out)))
			return calc_too_large(e);
	}
	return rc;
}

static enum rc read_line(const struct calc_reader *r, size_t i, struct sums *s)
{
	static const struct text words[] = {{"quantity", 8},
					    {"price", 5},
					    {"base_quantity", 13},
					    {"net", 3},
					    {"vat_cat", 7},
					    {"vat_pct", 7},
					    {"allowances_charges", 18},
					    {"line_formula_exact", 18}};
	struct tax_line *line = &s->taxed[s->n++];
	struct text code = {"S", 1};
	struct calc_reader e;
	struct money stated;
	bool formula = true;
	enum rc rc = calc_element(r, "lines", i, words, ARRAY_SIZE(words), &e);

	if (rc == RC_OK)
		rc = calc_bool_if(&e, "line_formula_exact", &formula);
	if (rc == RC_OK)
		rc = formula ? line_sum(&e, &s->terms, &line->amount)
			     : calc_money(&e, "net", s->terms.currency, &line->amount);
	stated = line->amount;
	if (rc == RC_OK)
		rc = calc_money_if(&e, "net", s->terms.currency, &stated);
	if (rc == RC_OK && stated.minor != line->amount.minor)
		return disagrees(r, "A1", "line", i);
	if (rc == RC_OK && calc_has(&e, "vat_cat"))
		rc = calc_text(&e, "vat_cat", &code);
	if (rc == RC_OK && !json_is_null(json_object_get(e.item, "vat_pct")))
		rc = calc_decimal_if(&e, "vat_pct", &line->pct);
	if (rc != RC_OK)
		return rc;
	if (!tax_category_find(code, &line->category))
		return calc_wrong(&e, "vat_cat", "S, Z, E, AE, K, G or O");
	return money_try_add(s->lines, line->amount, &s->lines) ? RC_OK : calc_too_large(r);
}

static enum rc read_sums(const struct calc_reader *r, struct sums *s)
{
	static const char changes[] = "document_allowances_charges";
	size_t n = 0, n_changes = 0;
	enum rc rc = calc_terms(r, &s->terms);

	s->lines = s->allowances = s->charges = (struct money){0, s->terms.currency};
	if (rc == RC_OK)
		rc = calc_list(r, "lines", true, &n);
	if (rc == RC_OK)
		rc = calc_list(r, changes, false, &n_changes);
	s->taxed = arena_array(r->a, struct tax_line, n + n_changes);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = read_line(r, i, s);
	for (size_t i = 0; i < n_changes && rc == RC_OK; i++) {
		struct tax_line *line = &s->taxed[s->n++];
		struct money *sum = &s->allowances;
		bool charge = false;

		rc = read_change(r, changes, i, &s->terms, &charge, line);
		if (rc != RC_OK)
			break;
		if (charge)
			sum = &s->charges;
		if (!money_try_add(*sum, line->amount, sum))
			return calc_too_large(r);
		if (!charge)
			line->amount.minor = -line->amount.minor;
	}
	return rc;
}

static void put_breakdown(struct json *j, const struct tax_groups *g)
{
	json_key(j, "vat_breakdown");
	json_open_array(j);
	for (size_t i = 0; i < g->n; i++) {
		json_open_object(j);
		json_kv_str(j, "cat", tax_category_code(g->v[i].category));
		put_decimal(j, "pct", g->v[i].pct);
		put_money(j, "taxable", g->v[i].net);
		put_money(j, "vat", g->v[i].tax);
		json_end_object(j);
	}
	json_end_array(j);
}

enum rc calc_invoice(const struct calc_reader *r, struct json *j)
{
	struct sums s = {.n = 0};
	struct tax_groups groups = {NULL, 0, {0}, {0}, {0}};
	struct money prepaid, rounding, due;
	enum rc rc = read_sums(r, &s);

	prepaid = rounding = due = (struct money){0, s.terms.currency};
	if (rc == RC_OK)
		rc = calc_money_if(r, "prepaid", s.terms.currency, &prepaid);
	if (rc == RC_OK)
		rc = calc_money_if(r, "rounding_amount", s.terms.currency, &rounding);
	if (rc != RC_OK)
		return rc;
	/* A3 and A5: the net is the sum of what is taxed, by its signs. */
	if (!tax_groups(r->a, s.taxed, s.n, false, s.terms.rounding, &groups, NULL) ||
	    !money_try_sub(groups.gross, prepaid, &due) || !money_try_add(due, rounding, &due))
		return calc_too_large(r);
	put_breakdown(j, &groups);
	json_key(j, "totals");
	json_open_object(j);
	put_money(j, "lines", s.lines);
	put_money(j, "allowances", s.allowances);
	put_money(j, "charges", s.charges);
	put_money(j, "net", groups.net);
	put_money(j, "vat", groups.tax);
	put_money(j, "gross", groups.gross);
	put_money(j, "prepaid", prepaid);
	put_money(j, "rounding", rounding);
	put_money(j, "due", due);
	json_end_object(j);
	return RC_OK;
}
