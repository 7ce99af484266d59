/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the billing kinds of tenor calc. What a kind does is in the file named in calc_kinds.h. */
#include "app/calc_kinds.h"

#define TERMS "currency rounding "
#define GRID "start period anchor "

static const struct calc_kind kinds[] = {
	{"rate",
	 TERMS
	 "price pct tiers tier_mode tiers_count included block block_rounding quantity before",
	 calc_rate},
	{"rate_events", TERMS "pct fixed min max bases", calc_rate_events},
	{"rate_running", TERMS "tiers changes", calc_rate_running},
	{"aggregate", "aggregate period readings previous", calc_aggregate},
	{"prepaid", "grants draws burn overage until", calc_prepaid},
	{"period", GRID "on at tz offset", calc_period_of},
	{"edge", GRID "count", calc_edge},
	{"whole_periods", "from to period", calc_whole_periods},
	{"periods", GRID "from to covered prorate", calc_periods},
	{"prorate",
	 TERMS GRID "price quantity days of from to full prorate fixed_month_days fraction_scale",
	 calc_prorate},
	{"change", TERMS "pieces billed", calc_change},
	{"revenue", TERMS "total from to", calc_revenue},
	{"split", TERMS "total weights", calc_split},
	{"tax", TERMS "lines prices_include_tax", calc_tax},
	{"split_reduction", TERMS "reduction nets", calc_split_reduction},
	{"discount", TERMS "lines steps", calc_discount},
	{"bounds", TERMS "lines before min max days of", calc_bounds},
	{"true_up", TERMS "amount days of counts billed", calc_true_up},
	{"settle", TERMS "lines discount service_credit pct damages credit_notes grant",
	 calc_settle},
	{"apply", TERMS "lines credits", calc_apply},
	{"credit_note", TERMS "lines", calc_credit_note},
	{"invoice", TERMS "lines document_allowances_charges prepaid rounding_amount",
	 calc_invoice},
	{"interest",
	 TERMS
	 "amount due until days rate per max_per_year compound day_count grace_days paid rates "
	 "scheme",
	 calc_interest},
	{"index", TERMS "value base ratio_decimals floor cap prices", calc_index},
	{"trend", TERMS "months ahead", calc_trend},
};

const struct calc_kind *calc_money_kind(struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (text_is(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

size_t calc_money_names(struct text *names, size_t max)
{
	size_t n = ARRAY_SIZE(kinds) < max ? ARRAY_SIZE(kinds) : max;

	for (size_t i = 0; i < n; i++)
		names[i] = text_of(kinds[i].name);
	return n;
}
