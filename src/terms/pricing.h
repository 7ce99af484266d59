/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a contract promises about money, ready to be computed with (money.md): charges with their rate cards, taxes, commitment,
 * indexation, invoicing, payment, budget, early exit. Compiled from a valid tree beside the promise of service levels, one per
 * version; defaults applied, references turned into indexes. Charge i here is charge i of the promise: id, name, type, period,
 * prorate, anchor, from, until and schedule of amounts are read there.
 *
 * -1 is "none" for an index, and `set` says whether a block or an optional value is written.
 */
#ifndef TERMS_PRICING_H
#define TERMS_PRICING_H

#include "money/rating.h"
#include "terms/promise.h"
#include "time/period.h"

enum count_of {
	COUNT_NONE = -1,
	COUNT_ACTIVE_USERS,
	COUNT_DEVICES,
	COUNT_SERVERS,
	COUNT_MAILBOXES,
	COUNT_SITES,
	COUNT_LICENCES,
	COUNT_ORDERS
};
enum count_at { AT_PERIOD_START, AT_PERIOD_END, AT_PEAK, AT_AVERAGE_DAILY };
enum aggregate {
	AGGREGATE_SUM,
	AGGREGATE_MAX,
	AGGREGATE_AVERAGE,
	AGGREGATE_LAST,
	AGGREGATE_UNIQUE,
	AGGREGATE_TIME_WEIGHTED
};
enum increment_per { PER_ENTRY, PER_TICKET, PER_DAY };
enum due_of { DUE_EFFECTIVE_DATE, DUE_SERVICE_START, DUE_ACCEPTANCE };
enum burn { BURN_EARLIEST_EXPIRY, BURN_OLDEST };
enum at_end { END_UNSAID = -1, END_REFUND, END_FORFEIT };
enum discount_when { DISCOUNT_ALWAYS, DISCOUNT_PAID_YEAR_AHEAD };
enum bands_of { BANDS_UNSAID = -1, BANDS_NET_12MO, BANDS_NET_PERIOD };

/* An optional amount. */
struct maybe_money {
	bool set;
	int64_t minor;
};

struct index_list {
	const int *v;
	size_t n;
};

/* A later price; amounts are in promise.charges[].schedule. */
struct later_price {
	day from;
	struct decimal price;
	unsigned decimals; /* as written: an index keeps them (R53) */
};

struct multiplier {
	struct text id;
	struct decimal factor;
	const struct calendar *outside, *holiday_of; /* exactly one */
	const struct node *node;
};

struct milestone {
	struct text id, name;
	struct decimal pct;
	day due; /* DAY_NONE; a plan date (R45) */
	const struct node *node;
};

struct acceptance {
	bool set;
	struct timing reject_within, resubmit_within;
	bool silence_rejects;
};

struct band {
	struct money from;
	struct decimal pct;
};

struct priced_charge {
	const struct charge *base; /* promise.charges[same index] */
	struct text name, clause;  /* as printed: the name or the id; "Order form 2" or empty */
	int service, category;     /* indexes */
	bool advance;              /* R6: `bill`, its default applied */
	enum day_count day_count;
	struct text unit, meter;
	struct rate_card card; /* per_unit, usage: price, tiers, pct, block, included per period */
	const struct text *tier_ids; /* of the card's tiers */
	bool price_set;
	struct decimal price;    /* per_unit, usage, time */
	unsigned price_decimals; /* as written, at least the currency's */
	const struct later_price *prices;
	size_t n_prices;
	struct maybe_money min_amount, max_amount;
	enum due_of due; /* one_time */
	enum count_of count;
	enum count_at count_at;
	enum aggregate aggregate;
	struct decimal included; /* hours for time; else in the card */
	struct duration included_per;
	bool included_per_set;
	struct decimal included_rollover_max;
	int64_t increment_min, minimum_min; /* minutes; increment 0: exact minutes */
	bool increment_nearest;
	enum increment_per increment_per;
	const struct multiplier *multipliers;
	size_t n_multipliers;
	struct decimal hours; /* prepaid */
	struct index_list draws_for;
	enum burn burn;
	bool rollover_set, rollover_max_set, rollover_expires_set;
	struct decimal rollover_max;
	struct duration rollover_expires;
	enum at_end at_end;
	struct money total; /* milestone */
	const struct milestone *milestones;
	size_t n_milestones;
	struct acceptance acceptance;
	struct decimal markup; /* pass_through */
	bool needs_supplier_invoice;
	struct maybe_money approval_above;
	struct decimal pct; /* discount */
	bool pct_set;
	struct index_list applies_to;
	enum discount_when when;
	const struct band *bands;
	size_t n_bands;
	enum bands_of bands_of;
	const struct node *node;
};

struct tax_category {
	struct text id, name, exemption;
	enum tax_code { TAX_S, TAX_Z, TAX_E, TAX_AE, TAX_K, TAX_G, TAX_O } code;
	struct decimal rate; /* percent; 0 where none is written */
	const struct node *node;
};

struct commitment {
	bool set;
	struct money amount;
	struct duration per;
	struct index_list counts;
	bool bill; /* shortfall: bill_difference */
	const struct node *node;
};

enum if_missing { MISSING_PREVIOUS, MISSING_NEXT, MISSING_WAIT };

struct indexation {
	bool set;
	bool fixed;
	struct decimal pct; /* fixed */
	day first;
	struct duration every;
	struct text series; /* word of the enum: us_cpi_u */
	int64_t lag_months;
	unsigned ratio_decimals;
	enum if_missing if_missing;
	bool from_signing, original_price;
	bool cap_set;
	struct decimal cap, floor;
	struct timing notice;
	struct index_list applies_to;
	bool provider_choice;
	const struct node *node;
};

struct invoicing {
	struct text to, order_reference;
	struct timing issue_within, late_items;
	bool credit_note; /* FK-34 */
	const struct node *node;
};

enum late_kind { LATE_FEE_NONE, LATE_FEE_INTEREST, LATE_FEE_FIXED, LATE_FEE_STATUTORY };
enum late_scheme { SCHEME_NONE, SCHEME_UK_1998, SCHEME_EU_2011_7 };

struct dunning_step {
	struct text id, to;
	struct timing after;
	struct maybe_money fee;
	const struct node *node;
};

struct payment_terms {
	bool set;
	struct text instructions, method; /* method: the enum's word */
	struct timing due;
	bool from_receipt, dispute_from_receipt;
	bool as_stated; /* allocation */
	enum set_off { SET_OFF_NONE, SET_OFF_CREDITS, SET_OFF_ANY } set_off;
	struct maybe_money deposit;
	enum late_kind late_kind;
	enum late_scheme scheme;
	struct decimal late_rate; /* percent */
	bool late_per_month, compound;
	int day_count; /* 0 actual_365, 1 actual_360, 2 actual_actual */
	struct maybe_money late_amount;
	struct timing grace;
	bool max_per_year_set;
	struct decimal max_per_year;
	bool late_of_all; /* also of disputed sums */
	bool dispute_set, pay_undisputed;
	struct timing dispute_within, resolve_within, pay_after;
	const struct dunning_step *dunning;
	size_t n_dunning;
	bool suspension_set, suspension_counts_disputed;
	struct timing after_overdue, suspension_notice;
	struct index_list suspension_services;
	const struct node *node;
};

struct budget_terms {
	bool set;
	int32_t fiscal_year_start; /* month * 100 + day */
	struct money amount;
	const struct decimal *alert_at; /* percent, rising */
	size_t n_alert_at;
	bool trend;
	struct duration horizon;
	const struct node *node;
};

enum exit_trigger {
	EXIT_CHRONIC_FAILURE,
	EXIT_CLIENT_CONVENIENCE,
	EXIT_CLIENT_DEFAULT,
	EXIT_FORCE_MAJEURE,
	EXIT_PROVIDER_DEFAULT
};

struct exit_step {
	int64_t from_month;
	struct decimal pct;
	const struct node *node;
};

struct exit_terms {
	bool set;
	unsigned triggers; /* bit per enum exit_trigger */
	enum exit_formula { EXIT_PCT_OF_REMAINING, EXIT_FIXED, EXIT_REMAINING_FEES } formula;
	struct maybe_money amount;
	struct duration average_over;
	struct index_list of; /* none said: every recurring and per_unit charge */
	const struct exit_step *steps;
	size_t n_steps;
	bool plus_notice_shortfall, plus_third_party, plus_setup;
	bool rebate_set, rebate_full;
	struct duration rebate_within;
	bool mitigation, liquidated_damages;
	const struct node *node;
};

/* A party as it stands on an invoice. */
struct party_details {
	struct text legal_name, registration_no, tax_id, vat_id,
		e_address; /* e_address "scheme:value" */
	const struct text *lines;
	size_t n_lines;
	struct text city, postcode, country; /* country: ISO 3166-1 */
	struct text email;                   /* notice.email */
};

struct pricing {
	const struct promise *promise;
	const struct priced_charge *charges; /* n: promise->n_charges */
	const struct tax_category *categories;
	size_t n_categories;
	bool prices_include_tax;
	struct commitment commitment;
	struct indexation indexation;
	struct invoicing invoicing;
	struct payment_terms payment;
	struct budget_terms budget;
	struct exit_terms exit;
	struct party_details provider, client;
	struct duration initial_term;   /* term.initial */
	bool counts_from_service_start; /* FK-3 */
};

/* p must be of a valid contract. Fails (RC_INVALID) with what money.md section 16 refuses about a contract and lint does not stop. */
enum rc pricing_build(struct arena *a, const struct promise *p, const struct pricing **out,
		      struct err *err) MUST_USE;

/* Index of a charge by id, or -1. */
int pricing_charge(const struct pricing *p, struct text id);
/* The word of an enum here as the contract writes it: "active_users", "S". */
const char *count_word(enum count_of c);
const char *tax_word(enum tax_code c);

#endif
