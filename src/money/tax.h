/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tax on a document, per category and rate, and what a reduction takes from each (money.md R61, R62, R64, R68, R69). Never per
 * line, also not for display. Which category a charge has, and which rate is in force, others say.
 */
#ifndef MONEY_TAX_H
#define MONEY_TAX_H

#include "base/arena.h"
#include "money/money.h"

/* R64, the letters of EN 16931. Only S has a rate above zero, and O has none at all. */
enum tax_category { TAX_S, TAX_Z, TAX_E, TAX_AE, TAX_K, TAX_G, TAX_O };
#define TAX_CATEGORIES 7

const char *tax_category_code(enum tax_category c);
bool tax_category_find(struct text code, enum tax_category *out);

/* R68: tax = round(taxable x pct %). */
bool tax_on(struct money taxable, struct decimal pct, enum rounding mode,
	    struct money *tax) MUST_USE;
/* R69: the tax inside a gross amount, round(gross x pct / (100 + pct)); pct not negative. */
bool tax_within(struct money gross, struct decimal pct, enum rounding mode,
		struct money *tax) MUST_USE;

/* A line, or a reduction with a negative amount. net of tax, or gross if prices include it. */
struct tax_line {
	struct money amount;
	enum tax_category category;
	struct decimal pct;
};

struct tax_group {
	enum tax_category category;
	struct decimal pct;
	struct money net, tax;
};

struct tax_groups {
	const struct tax_group *v; /* in order of first appearance */
	size_t n;
	struct money net, tax, gross; /* sums */
};

/*
 * R68 over all lines of one currency, of which there is at least one. prices_include_tax: R69; then line_nets, if not NULL, gets
 * the net of each line, which sum to the net of its group (largest remainder). false: a sum does not fit (R82).
 */
bool tax_groups(struct arena *a, const struct tax_line *lines, size_t n, bool prices_include_tax,
		enum rounding mode, struct tax_groups *out, struct money *line_nets) MUST_USE;

/*
 * R61: a reduction, not negative, over categories (or lines) in proportion to their nets, largest remainder. None falls below
 * zero (R62): those that are not above zero take nothing, and *left is what no net could hold.
 */
bool tax_split_reduction(struct arena *a, struct money reduction, const struct money *nets,
			 size_t n, struct money *parts, struct money *left) MUST_USE;

#endif
