/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a contract promises about service levels, ready to be computed with: the blocks calendars, services, sla, maintenance,
 * client_obligations, force_majeure, term and charges of a valid tree, defaults applied, references turned into pointers or
 * indexes, calendars built. One promise per contract version. Nothing here is decided that the contract leaves open.
 *
 * Every struct keeps the node it was made from: its path and clause explain the numbers that follow from it.
 */
#ifndef TERMS_PROMISE_H
#define TERMS_PROMISE_H

#include "terms/tree.h"

/* A duration with the calendar it counts on: @calendar, else for bd the contract's business calendar, else NULL. */
struct timing {
	bool set;
	struct duration duration;
	const struct calendar *calendar;
	const struct node *node;
};

struct named_calendar {
	struct text id;
	const struct calendar *calendar;
	const struct node *node;
};

struct priority {
	struct text id, name;
	const struct node *node;
};

enum asset_resilience { ASSET_RESILIENCE_UNSAID, ASSET_REDUNDANT, ASSET_SINGLE };

struct asset {
	struct text id, name;
	const struct node *node;
};

struct service {
	struct text id, name;
	const struct calendar *calendar;
	bool essential;
	struct timing rto;                      /* objectives.rto (sla.md R52) */
	const struct node *node;
};

enum metric_kind { METRIC_ELAPSED, METRIC_AVAILABILITY, METRIC_RATIO, METRIC_MEAN, METRIC_PERCENTILE, METRIC_COUNT };
enum metric_role { ROLE_COMMITMENT, ROLE_GOAL };
enum window_kind {
	WINDOW_CALENDAR_MONTH, WINDOW_CALENDAR_QUARTER, WINDOW_CALENDAR_YEAR,
	WINDOW_ROLLING_30D, WINDOW_ROLLING_90D, WINDOW_ROLLING_12MO,
	WINDOW_UNSAID,                          /* judged as calendar_month, and said so */
};
enum partial_window { PARTIAL_PRORATE, PARTIAL_EXCLUDE, PARTIAL_FULL, PARTIAL_UNSAID };
enum below_min { BELOW_NOT_JUDGED, BELOW_ONE_MISS, BELOW_CARRY };
enum reopen { REOPEN_CONTINUE, REOPEN_NEW_CYCLE };
enum group { GROUP_ANY_DOWN, GROUP_ALL_DOWN, GROUP_K_OF_N, GROUP_MEAN, GROUP_WEIGHTED };
enum unknown_time { UNKNOWN_EXCLUDE, UNKNOWN_UP, UNKNOWN_DOWN };
enum degraded { DEGRADED_DOWN, DEGRADED_UP, DEGRADED_HALF };
enum excluded_time { EXCLUDED_REMOVE_BOTH, EXCLUDED_COUNT_AS_UP };
enum excuse_cause {
	CAUSE_SCHEDULED_MAINTENANCE, CAUSE_EMERGENCY_MAINTENANCE, CAUSE_FORCE_MAJEURE, CAUSE_CLIENT_OBLIGATION,
	CAUSE_CLIENT_REQUEST, CAUSE_THIRD_PARTY_NETWORK, CAUSE_THIRD_PARTY_SERVICE, CAUSE_SUSPENSION,
};
enum exclude_proof {
	PROOF_MAINTENANCE_NOTICE, PROOF_FM_DECLARATION, PROOF_OBLIGATION_RECORD, PROOF_CLIENT_MESSAGE,
	PROOF_SUPPLIER_STATEMENT, PROOF_SUSPENSION_NOTICE, PROOF_UNSAID,
};
enum pause_proof { PAUSE_PROOF_SUPPLIER_TICKET, PAUSE_PROOF_CLIENT_MESSAGE, PAUSE_PROOF_UNSAID };

struct target {
	struct text id;
	int priority;                           /* index into promise.priorities; -1: all without one of their own */
	struct timing within, or_within;
	int32_t by_min;                         /* `by`, minutes from midnight; -1: none */
	const struct node *node;
};

struct pause_rule {
	struct text id;
	enum fact_event while_event;
	struct timing max;
	enum pause_proof proof;
	const struct node *node;
};

struct exclude_rule {
	struct text id;
	enum excuse_cause cause;
	struct timing max;                      /* allowance, h or min as a rule */
	int per;                                /* enum window_kind of the allowance; -1: none */
	enum exclude_proof proof;
	const struct node *node;
};

struct measured_by {
	bool set;
	struct text system, point;
	int64_t interval_ms;                    /* 0: not said, states hold (R44) */
	int64_t down_after;
	int verified_by;                        /* 0 provider, 1 client, 2 either, 3 third_party */
};

struct metric {
	struct text id;
	enum metric_kind kind;
	enum metric_role role;
	int service;                            /* index; -1: none */
	enum window_kind window;
	enum partial_window partial;
	unsigned decimals;                      /* 4 */
	struct measured_by measured_by;
	const struct node *node;

	/* elapsed (and other kinds whose value is the used time of the metric's own clock: R42) */
	int start, stop;                        /* enum fact_event; -1: not said */
	const struct target *targets;
	size_t n_targets;
	const struct pause_rule *pauses;
	size_t n_pauses;
	bool comply;
	struct decimal comply_at_least;         /* percent */
	enum below_min below_min;
	enum at_closing at_closing;
	enum reopen reopen;

	/* availability */
	const int *scope;                       /* indexes into promise.assets; empty: the metric's service as one component */
	size_t n_scope;
	enum group group;
	int64_t k;
	const struct fraction *weights;         /* one per scope member, for weighted */
	const struct calendar *schedule;        /* NULL: all time */
	bool target_set;
	struct decimal target;                  /* percent; also ratio */
	int64_t min_outage_ms;
	enum unknown_time unknown;
	enum degraded degraded;
	enum excluded_time excluded_time;
	const struct exclude_rule *excludes;
	size_t n_excludes;

	/* ratio, mean, percentile, count */
	int good, total, value;                 /* enum fact_event; -1: not said */
	int64_t slot_ms;                        /* 0: none */
	int64_t percentile;
	bool at_least_set, at_most_set;
	struct decimal at_least, at_most;
	int64_t min_sample;                     /* comply.min_sample for elapsed; 0: none */
};

enum rule_form { RULE_TIERS, RULE_EACH_BREACH, RULE_PATTERN };
enum tier_edge { EDGE_BELOW, EDGE_AT_OR_BELOW };

struct tier {
	struct text id;
	struct decimal below, credit;           /* percent */
	const struct node *node;
};

struct credit_rule {
	struct text id;
	int metric;                             /* index into promise.metrics */
	int priority;                           /* -1: all */
	enum rule_form form;
	enum tier_edge edge;
	const struct tier *tiers;               /* file order: falling `below` */
	size_t n_tiers;
	struct decimal each_breach;             /* percent */
	struct decimal pattern_below;           /* percent */
	int64_t pattern_times, pattern_in;
	bool pattern_consecutive;
	struct decimal pattern_credit;          /* percent */
	const struct node *node;
};

enum cap_of { CAP_MONTH_CHARGES, CAP_QUARTER_CHARGES, CAP_YEAR_CHARGES, CAP_AVERAGE_MONTH_12MO };
enum cap_per { CAP_CALENDAR_MONTH, CAP_CALENDAR_QUARTER, CAP_CALENDAR_YEAR, CAP_CONTRACT_YEAR };

struct cap_rule {
	struct text id;
	enum cap_per per;
	struct decimal pct;
	enum cap_of of;
	const struct node *node;
};

enum combine { COMBINE_SUM, COMBINE_LARGEST, COMBINE_FIRST };

struct credits {
	bool set;
	const int *base_charges;                /* indexes into promise.charges; none: all recurring money is unsaid (F-13) */
	size_t n_base_charges;
	bool base_of_month_of_credit;           /* FK-16 */
	const struct credit_rule *rules;
	size_t n_rules;
	bool settle_quarterly;
	enum combine combine;
	bool same_cause_sum;                    /* FK-15; unset: largest */
	const struct cap_rule *caps;
	size_t n_caps;
	bool claim;                             /* mode: claim */
	struct timing claim_within;
	bool claim_from_window_end;             /* else from the report */
	int apply_to;                           /* 0 next_invoice, 1 credit_note, 2 pay */
	bool if_no_invoice_expire;
	struct timing pay_within;
	bool liquidated_damages;
	bool earn_back;
	int64_t earn_back_windows;
	struct decimal earn_back_pct;
	bool bonus;
	int bonus_metric;
	struct decimal bonus_at_or_above, bonus_pct;
	bool sole_remedy;
	const struct node *node;
};

struct chronic_rule {
	struct text id;
	int metric;
	int64_t misses, out_of;
	struct timing notice, exercise_within;
	const struct node *node;
};

enum if_late { LATE_NONE, LATE_CREDIT, LATE_DEEMED_FAILURE };

struct reporting {
	bool set;
	struct duration every;
	struct timing due;
	enum if_late if_late;
	struct decimal late_credit;             /* percent */
	const struct text *to;                  /* roles that must be able to read it (R69) */
	size_t n_to;
	const struct node *node;
};

struct obligation {
	struct text id, words;
	struct timing within;
	bool standing;
	const int *excuses;                     /* metric indexes */
	size_t n_excuses;
	const struct node *node;
};

struct maintenance_window {
	struct text id;
	unsigned days;                          /* bit 0 = Monday */
	const struct day_range *open;
	size_t n_open;
	const struct zone *zone;
	const struct node *node;
};

struct maintenance {
	bool set;
	const struct maintenance_window *windows;
	size_t n_windows;
	struct timing notice_routine, notice_planned_outage, notice_emergency;
	bool change_record;                     /* maintenance.change_record exists: an announcement needs `change` */
	const struct node *node;
};

struct force_majeure {
	bool set;
	unsigned events;                        /* bit per word of force_majeure.events, in the order of its enum */
	struct timing notice;
	bool recovery_still_due;
	const struct node *node;
};

enum charge_type {
	CHARGE_ONE_TIME, CHARGE_RECURRING, CHARGE_PER_UNIT, CHARGE_USAGE, CHARGE_TIME, CHARGE_PREPAID, CHARGE_MILESTONE,
	CHARGE_PASS_THROUGH, CHARGE_DISCOUNT,
};
enum prorate { PRORATE_ACTUAL_DAYS, PRORATE_DAYS_30, PRORATE_NONE };

struct later_amount {
	day from;
	struct money amount;
};

/* As much of a charge as a credit's base needs until invoices exist (R58). */
struct charge {
	struct text id, name;
	enum charge_type type;
	bool amount_set;
	struct money amount;
	struct duration period;                 /* recurring, per_unit, usage, prepaid */
	bool period_set;
	enum prorate prorate;
	bool anchor_anniversary, last_day_billed, arrears;
	day from, until;                        /* DAY_NONE: service_start; without end */
	const struct later_amount *schedule;    /* later amounts, in order of date */
	size_t n_schedule;
	const struct node *node;
};

enum priority_final { FINAL_AGREED, FINAL_PROVIDER, FINAL_CLIENT };
enum if_disputed { DISPUTED_ESCALATE, DISPUTED_HIGHER, DISPUTED_LOWER };
enum on_change { CHANGE_FROM_START, CHANGE_FROM_CHANGE, CHANGE_CARRY_ELAPSED };

enum alert_event { ALERT_AT_RISK, ALERT_BREACH, ALERT_PATTERN, ALERT_CAP_REACHED };

struct alert_rule {
	struct text id;
	int event;                              /* enum alert_event */
	bool at_set;
	struct decimal at;
	struct timing after;
	const struct node *node;
};

struct promise {
	const struct contract *contract;
	struct text id, title, language;
	struct text provider, client;           /* legal names */
	struct currency currency;
	const struct zone *zone;                /* contract.timezone */
	const struct calendar *business;        /* contract.business_calendar, or NULL */
	enum rounding rounding;
	bool round_document;
	bool roll;                              /* notices.roll: to_business_day */

	instant effective, service_start, end;  /* 00:00 local; effective_date absent: INSTANT_NONE. end is exclusive, FK-3;
	                                         * INSTANT_MAX while the date it counts from is not known */
	day effective_day, service_start_day;   /* DAY_NONE if absent */
	bool applies_from_first_full_month;

	const struct named_calendar *calendars;
	size_t n_calendars;
	const struct priority *priorities;      /* most urgent first */
	size_t n_priorities;
	enum priority_final priority_final;
	enum if_disputed if_disputed;
	enum on_change on_change;
	const struct asset *assets;
	size_t n_assets;
	const struct service *services;
	size_t n_services;
	const struct metric *metrics;
	size_t n_metrics;
	struct credits credits;
	const struct chronic_rule *chronic;
	size_t n_chronic;
	struct reporting reporting;
	const struct alert_rule *alerts;
	size_t n_alerts;
	const struct obligation *obligations;
	size_t n_obligations;
	struct maintenance maintenance;
	struct force_majeure force_majeure;
	bool subcontractor_liable;              /* subcontractors.provider_liable */
	const struct charge *charges;
	size_t n_charges;
	bool amendments_split;                  /* FK-29 */
};

/* Fails only if a calendar cannot be built (an ics that cannot be read, a calendar that never opens); c must be valid. */
enum rc promise_build(struct arena *a, const struct contract *c, const struct terms_context *context,
		      const struct promise **out, struct err *err) MUST_USE;

/* The calendar of that id, `always` included; NULL if there is none. */
const struct calendar *promise_calendar(const struct promise *p, struct text id);
int promise_priority(const struct promise *p, struct text id);  /* index or -1 */
int promise_asset(const struct promise *p, struct text id);
int promise_metric(const struct promise *p, struct text id);
/* The target of a priority: its own, else the one without priority, else NULL. */
const struct target *metric_target(const struct metric *m, int priority);
/* Context for duration_add with this timing. */
struct duration_context promise_duration(const struct promise *p, const struct timing *t);

#endif
