/* SPDX-License-Identifier: Apache-2.0 */
#include "money/tax.h"

#include <assert.h>

enum { PERCENT = 100 };

static const char *const codes[TAX_CATEGORIES] = {"S", "Z", "E", "AE", "K", "G", "O"};

const char *tax_category_code(enum tax_category c)
{
	assert((size_t)c < TAX_CATEGORIES);
	return codes[c];
}

bool tax_category_find(struct text code, enum tax_category *out)
{
	for (size_t i = 0; i < TAX_CATEGORIES; i++)
		if (text_is(code, codes[i])) {
			*out = (enum tax_category)i;
			return true;
		}
	return false;
}

/* amount x part / whole, rounded once. */
static bool share(struct money amount, struct fraction part, struct fraction whole,
		  enum rounding mode, struct money *out)
{
	struct fraction f = {0, 1};

	return fraction_try_mul(money_exact(amount), part, &f) && fraction_try_div(f, whole, &f) &&
	       money_try_round(f, amount.currency, mode, out);
}

bool tax_on(struct money taxable, struct decimal pct, enum rounding mode, struct money *tax)
{
	return share(taxable, fraction_of_decimal(pct), fraction_of(PERCENT, 1), mode, tax);
}

bool tax_within(struct money gross, struct decimal pct, enum rounding mode, struct money *tax)
{
	struct fraction rate = fraction_of_decimal(pct), whole = {PERCENT, 1};

	assert(pct.units >= 0);
	return fraction_try_add(whole, rate, &whole) && share(gross, rate, whole, mode, tax);
}

static bool same_group(const struct tax_group *g, const struct tax_line *l)
{
	return g->category == l->category && decimal_cmp(g->pct, l->pct) == 0;
}

/* The amounts by category and rate, in g, which has room for n. */
static bool gather(const struct tax_line *lines, size_t n, struct tax_group *g, size_t *n_groups)
{
	*n_groups = 0;
	for (size_t i = 0; i < n; i++) {
		const struct tax_line *l = &lines[i];
		struct money none = {0, l->amount.currency};
		size_t k = 0;

		while (k < *n_groups && !same_group(&g[k], l))
			k++;
		if (k == *n_groups)
			g[(*n_groups)++] = (struct tax_group){l->category, l->pct, none, none};
		if (!money_try_add(g[k].net, l->amount, &g[k].net))
			return false;
	}
	return true;
}

/* The nets of one group's lines: their gross amounts share the tax, so that the nets sum to the group's (R69). */
static bool share_nets(struct arena *a, const struct tax_line *lines, size_t n,
		       const struct tax_group *g, struct money *line_nets)
{
	struct fraction *exact = arena_array(a, struct fraction, n);
	struct money *nets = arena_array(a, struct money, n);
	size_t *at = arena_array(a, size_t, n), m = 0;
	struct fraction part = {0, 1};

	if (!fraction_try_add(fraction_of_decimal(g->pct), fraction_of(PERCENT, 1), &part) ||
	    !fraction_try_div(fraction_of(PERCENT, 1), part, &part))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!same_group(g, &lines[i]))
			continue;
		if (!fraction_try_mul(money_exact(lines[i].amount), part, &exact[m]))
			return false;
		at[m++] = i;
	}
	if (!money_round_to(a, g->net, exact, m, nets))
		return false;
	for (size_t i = 0; i < m; i++)
		line_nets[at[i]] = nets[i];
	return true;
}

static bool tax_group(struct tax_group *g, bool included, enum rounding mode)
{
	if (!included)
		return tax_on(g->net, g->pct, mode, &g->tax);
	/* What was gathered is gross. */
	return tax_within(g->net, g->pct, mode, &g->tax) && money_try_sub(g->net, g->tax, &g->net);
}

bool tax_groups(struct arena *a, const struct tax_line *lines, size_t n, bool prices_include_tax,
		enum rounding mode, struct tax_groups *out, struct money *line_nets)
{
	assert(n > 0);
	struct tax_group *g = arena_array(a, struct tax_group, n);
	struct money none = {0, lines[0].amount.currency}, net = none, tax = none, gross = none;
	size_t n_groups = 0;

	if (!gather(lines, n, g, &n_groups))
		return false;
	for (size_t k = 0; k < n_groups; k++) {
		if (!tax_group(&g[k], prices_include_tax, mode) ||
		    !money_try_add(net, g[k].net, &net) || !money_try_add(tax, g[k].tax, &tax))
			return false;
		if (prices_include_tax && line_nets != NULL &&
		    !share_nets(a, lines, n, &g[k], line_nets))
			return false;
	}
	for (size_t i = 0; i < n && line_nets != NULL && !prices_include_tax; i++)
		line_nets[i] = lines[i].amount;
	if (!money_try_add(net, tax, &gross))
		return false;
	*out = (struct tax_groups){g, n_groups, net, tax, gross};
	return true;
}

bool tax_split_reduction(struct arena *a, struct money reduction, const struct money *nets,
			 size_t n, struct money *parts, struct money *left)
{
	struct fraction *weights = arena_array(a, struct fraction, n);
	struct money room = {0, reduction.currency}, taken = reduction;

	assert(reduction.minor >= 0);
	for (size_t i = 0; i < n; i++) {
		struct money above = nets[i].minor > 0 ? nets[i] : (struct money){0, room.currency};

		weights[i] = fraction_of(above.minor, 1);
		parts[i] = (struct money){0, room.currency};
		if (!money_try_add(room, above, &room))
			return false;
	}
	if (taken.minor > room.minor)
		taken = room;
	*left = money_sub(reduction, taken);
	return taken.minor == 0 || money_try_allocate(taken, weights, n, parts);
}
