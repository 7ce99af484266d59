/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What follows from a contract and facts, as of an instant: clocks, windows, credits, rights, deadlines. Every struct carries
 * what explains it: the node of the contract it follows from, the facts it used (indexes into the facts' set, NO_FACT for
 * none), and the steps of the computation. Renderers word these; nothing is computed after the engine.
 */
#ifndef ENGINE_OUTCOME_H
#define ENGINE_OUTCOME_H

#include "engine/view.h"
#include "terms/promise.h"
#include "time/period.h"

/* --- input --- */

struct version {
	const struct promise *promise;
	instant from;                    /* in force from here (CL-45); the first: INSTANT_MIN */
};

/*
 * What the lines of a charge for a service period came to in print, discounts taken off, before credits and tax (sla.md R58):
 * billing_nets of engine/billing.h makes them.
 */
struct month_net {
	struct text charge;
	struct days service;
	int64_t net;                     /* minor units */
};

/*
 * Tickets of the past that are left out of the facts (docs/decisions/0024): all that judging takes of them is the clocks that settled.
 * Of those in time only the instant is known, sorted; the others are clocks as they were judged, without facts (NO_FACT). Who leaves
 * tickets out answers for it that each of them would be judged the same by the versions and at the instants of the evaluation.
 */
struct past_run {
	uint16_t version, metric;
	int16_t priority;                /* as of struct clock */
	const instant *settled;
	size_t n;
};

struct past {
	const struct past_run *in_time;
	size_t n_in_time;
	const struct clock *clocks;      /* those of one ticket and metric side by side, by cycle */
	size_t n_clocks;
	instant first;                   /* of the facts left out that are in view the first; INSTANT_MAX: none is */
};

struct evaluation {
	const struct version *versions;  /* by rising from */
	size_t n_versions;
	const struct facts *facts;
	const int64_t *fact_entries;     /* of a record, some of it: which entry each fact is; NULL: the one of its place */
	instant as_of, known_as_of;
	struct span period;              /* the statement's: whole local months of the contract's zone */
	bool base_given;                 /* --base: the base of each month's credits */
	struct money base;
	const uint32_t *instead;         /* R17: facts to count where they contradict others; NULL: as the rule says */
	size_t n_instead;
	const struct month_net *nets;    /* of all charges; NULL: bases follow from the contract's words alone */
	size_t n_nets;
	day nets_to;                     /* periods that ended by then are all there */
	const struct view *view;         /* of evaluation_view for this evaluation or one that shares it; NULL: evaluate makes it */
	const struct past *past;         /* NULL: nothing is left out */
};

/* --- clocks (sla.md section 3) --- */

enum clock_state { CLOCK_RUNNING, CLOCK_AT_RISK, CLOCK_PAUSED, CLOCK_MET, CLOCK_BREACHED, CLOCK_MISSED, CLOCK_VOID };

enum void_reason {
	VOID_NONE, VOID_CANCELLED, VOID_MERGED, VOID_OUT_OF_SCOPE, VOID_STOP_BEFORE_START, VOID_END_OF_SERVICE,
	VOID_MONITOR_TICKET,             /* logged by the provider or a monitor: no first response clock (R24) */
	VOID_NO_PRIORITY, VOID_NO_TARGET,
	VOID_BEFORE_SERVICE,             /* logged before the service began: nothing was promised yet */
};

struct clock {
	symbol subject;                  /* ticket, outage or other subject id */
	uint16_t version, metric;
	int16_t priority;                /* judged; index into promise.priorities, -1: none */
	int16_t target;                  /* index into metric.targets, -1: none */
	uint16_t cycle;                  /* 0 for the first; for exchanges and intervals the n-th */
	uint8_t state;                   /* enum clock_state at as_of */
	uint8_t reason;                  /* enum void_reason */
	bool at_risk;                    /* 75 % used, also while paused (R36) */
	bool or_within;                  /* the second timeline of the target binds (R30) */
	bool sample;                     /* settled and counted (R35, R39) */
	bool censored;                   /* R42 */
	bool detailed;                   /* has pauses, cuts or excuses */
	instant start, stop;             /* stop INSTANT_NONE: not stopped */
	instant deadline;                /* INSTANT_NONE while paused and not yet due (R28), or void */
	instant settled;                 /* INSTANT_NONE: not settled at as_of */
	int64_t goal_ms;                 /* open time promised, in force at the end */
	int64_t used_ms;                 /* open time used up to stop or as_of */
	int64_t left_ms;                 /* goal - used, may be negative */
	uint32_t start_fact, stop_fact;
};

enum piece_kind {
	PIECE_RAN, PIECE_CLOSED,         /* outside the calendar */
	PIECE_PAUSED, PIECE_EXCUSED,     /* a pause of the contract; a client obligation (R29) */
	PIECE_CUT,                       /* between stop and reopening (R33) */
};

/* A stretch of a clock's life, in order, without gaps from start to stop, deadline or as_of (whichever is last). */
struct piece {
	struct span span;
	enum piece_kind kind;
	const struct node *why;          /* pause rule, obligation or calendar */
	uint32_t from_fact, to_fact;
	enum fact_event event;           /* PIECE_PAUSED: what it waited for */
	bool beyond_max, unproven;       /* PIECE_RAN although a pause was recorded: its allowance was used up; its proof lacked */
};

struct priority_step {
	instant at;
	int from, to;                    /* indexes into promise.priorities, -1: none */
	instant deadline_before, deadline_after;
	int64_t used_ms;                 /* on the old timeline up to the change */
	bool counts;                     /* false: proposed or disputed, does not change the clock (R32) */
	uint32_t fact;
};

struct threshold {
	int percent;                     /* 50, 75, 90, 100 (R37) */
	instant at;                      /* INSTANT_NONE: not reached while paused */
};

/* A step of escalation (R38): an item of sla.alerts that this clock reaches, unless a stop came before. */
struct alert_level {
	int rule;                        /* index into promise.alerts */
	instant at;
};

/* How much is used up of what pauses of a rule may last on the ticket in all (R27), in open time of their own calendar. */
struct pause_use {
	const struct pause_rule *rule;   /* with a max */
	instant half, all;               /* INSTANT_NONE: not by the pauses there are. Later than as_of: if the last goes on. From `all` on the clock runs */
	struct span last;                /* the last of these pauses; to INSTANT_MAX: not known to end */
};

/* How one clock came about: emitted by the same computation that judged it. */
struct clock_detail {
	const struct piece *pieces;
	size_t n_pieces;
	const struct priority_step *steps;
	size_t n_steps;
	struct threshold thresholds[4];
	const struct alert_level *levels; /* by instant */
	size_t n_levels;
	const struct pause_use *pauses;
	size_t n_pauses;
	instant unpaused_deadline;
	int64_t paused_ms;               /* open time not counted before the deadline */
	instant due_if_resumed;          /* R28: while paused, the deadline if resumed at as_of; else INSTANT_NONE */
	struct timing binding;           /* the timing that gave the deadline */
	int32_t by_min;                  /* the target's `by`, if it gave the deadline; else -1 */
	const uint32_t *facts;           /* all facts of the ticket that mattered, in order */
	size_t n_facts;
};

/* --- availability (sla.md section 5) --- */

enum availability_state {
	AV_UP, AV_DOWN,                  /* counted downtime */
	AV_EXCUSED,                      /* down or not, removed or counted as up by an exclude rule */
	AV_UNKNOWN, AV_UNAGREED,         /* outside A */
	AV_DROPPED,                      /* down, but the raw outage was shorter than min_outage */
	AV_DEGRADED,                     /* degraded and not counted as down (up or half) */
};

/* The group's window, in order, without gaps. */
struct availability_piece {
	struct span span;
	enum availability_state state;
	int exclude;                     /* index into metric.excludes, -1: none */
	uint32_t fact;                   /* what opened it: outage, sample, announcement; NO_FACT */
	bool down;                       /* was the group down here before excuses */
};

struct raw_outage {
	struct span span;                /* of the group, before excuses, also beyond the window (R47) */
	int64_t counted_ms;              /* inside this window, after excuses */
	int64_t excused_ms;              /* inside this window */
	bool dropped;                    /* shorter than min_outage */
	bool open;                       /* has not ended at as_of */
	bool degraded;
	uint32_t began_fact, ended_fact;
	const int *assets;               /* indexes into promise.assets */
	size_t n_assets;
};

enum excuse_refusal {
	EXCUSE_VALID, EXCUSE_NOTICE_SHORT, EXCUSE_OUTSIDE_WINDOW, EXCUSE_NO_CHANGE_RECORD, EXCUSE_CANCELLED, EXCUSE_ALLOWANCE_USED,
	EXCUSE_UNPROVEN, EXCUSE_NOT_LISTED,  /* the event or cause is not one the contract lists */
	EXCUSE_SUBCONTRACTOR,            /* R53 */
	EXCUSE_AFTER_REPORT,             /* R18: waits for the other party's acceptance */
	EXCUSE_CONTESTED,
};

/* Time that somebody asked not to count, whether or not it was granted (R50 to R53). */
struct excuse {
	struct span asked, granted;      /* granted: first to last granted instant in this window; {0, 0} if refused */
	int64_t granted_ms;              /* open time taken from this window */
	int exclude;                     /* index into metric.excludes, -1: cause not in `exclude` */
	enum excuse_cause cause;
	enum excuse_refusal refusal;
	int64_t notice_ms;               /* notice given, for maintenance */
	int64_t needed_ms;               /* notice needed */
	bool allowance;                  /* the rule has a max */
	int64_t allowance_left_ms;       /* after this one */
	int64_t would_excuse_ms;         /* counted downtime it would remove if granted */
	uint32_t fact, actual_fact;      /* announcement or declaration; started fact */
};

struct availability {
	int64_t window_ms;               /* the judged part of the window */
	int64_t agreed_ms;               /* A */
	int64_t removed_ms;              /* excused under remove_both, and unknown under exclude */
	int64_t excused_ms, as_up_ms, unknown_ms, dropped_ms;
	int64_t base_ms;                 /* |A'| */
	int64_t down_ms;                 /* |D'|; twice the time under degraded: half is in down_half_ms */
	int64_t down_as_up_ms;           /* degraded: half: |D'| with degraded as up; down_ms has it as down; else equal */
	const struct availability_piece *pieces;
	size_t n_pieces;
	const struct raw_outage *outages;
	size_t n_outages;
	const struct excuse *excuses;
	size_t n_excuses;
	/* error budget (R56) */
	int64_t budget_ms, spent_ms;
	int budget_state;                /* 0 on_track, 1 at_risk, 2 lost */
	/* mean and weighted: each member alone */
	const struct availability *members;
	size_t n_members;
};

/* --- windows --- */

enum verdict { VERDICT_MET, VERDICT_MISSED, VERDICT_NOT_JUDGED };

enum not_judged {
	JUDGED, NJ_NO_SAMPLES, NJ_SMALL_SAMPLE, NJ_CARRIED, NJ_PARTIAL, NJ_BEFORE_APPLIES, NJ_RUNNING, NJ_NO_AGREED_TIME,
	NJ_OUTSIDE_TERM, NJ_NO_TARGET,
};

struct priority_share {
	int64_t samples, in_time;
	struct decimal shown;            /* percent, if samples > 0 */
};

struct window_result {
	uint16_t version, metric;
	enum window_kind kind;
	struct span window;              /* the whole local period */
	struct span judged;              /* the part inside the term (partial_window) */
	char label[24];                  /* "2026-03", "2026-Q1", "2026", "30d to 2026-03-31" */
	enum verdict verdict;
	enum not_judged why_not;
	bool running;                    /* has not ended at as_of: the verdict may still change */
	bool deemed;                     /* missed because the report was late (R67) */
	bool held;                       /* a contested fact decides it (R19): the result without such facts differs */
	const struct window_result *alternative;  /* held: the same window without contested facts (no clocks listed); else NULL */
	bool value_set;
	struct fraction value;           /* exact: a share (0 to 1), or a number for mean, percentile, count */
	struct decimal shown;            /* as compared and printed: percent or number (R55) */
	struct decimal target;           /* percent or number */
	bool target_set;
	int64_t samples, in_time, censored;
	int64_t carried_samples;         /* taken over from earlier windows (below_min: carry) */
	int64_t past_samples;            /* in time, of tickets that were left out (struct past): in samples, and not among the clocks */
	const struct priority_share *priorities;  /* promise.n_priorities + 1; the last: without priority */
	const uint32_t *clocks;          /* samples: indexes into outcome.clocks */
	size_t n_clocks;
	const struct availability *availability;  /* or NULL */
	int64_t slots, empty_slots, left_out_slots;
	instant report_due, report_delivered;     /* INSTANT_NONE: no reporting; not delivered in view */
};

/* --- remedies (sla.md section 6) --- */

struct base_line {
	int charge;                      /* index into promise.charges */
	struct fraction exact;           /* currency units */
	day from, to;                    /* billed days of the month, [from, to) */
	int64_t days, of_days;           /* proration; equal: whole */
	bool known;                      /* false: depends on facts that no invoice has counted yet; adds nothing */
};

struct base {
	struct span month;               /* the month whose charges count */
	bool given;                      /* --base */
	const struct base_line *lines;
	size_t n_lines;
	struct fraction exact;
};

enum credit_fate {
	CREDIT_DUE,                      /* as far as caps left it */
	CREDIT_SAME_CAUSE,               /* a larger credit of the same cause was kept (R59) */
	CREDIT_NOT_COMBINED,             /* combine: largest or first (R60) */
	CREDIT_CLAIM_OPEN, CREDIT_UNCLAIMED,  /* mode: claim (R61): can still be claimed; lapsed */
	CREDIT_CUT,                      /* caps left nothing (R62) */
	CREDIT_HELD,                     /* contested (R19) */
};

struct cap_cut {
	int cap;                         /* index into credits.caps */
	struct fraction cut;             /* currency units taken from this credit */
};

struct credit {
	char id[12];                     /* "c1", "c2", ...: as explain names it */
	uint16_t version;
	int rule;                        /* index into credits.rules; -1: late report (R67) */
	uint32_t window;                 /* index into outcome.windows */
	int tier;                        /* index into rule.tiers, -1 */
	int64_t breaches;                /* each_breach: samples missed */
	uint32_t clock;                  /* each_breach with one cause a credit: the clock; else UINT32_MAX */
	const uint32_t *pattern_windows; /* the windows that made a pattern */
	size_t n_pattern_windows;
	struct decimal pct;              /* percent of the base, for one breach */
	uint32_t base;                   /* index into outcome.bases */
	struct fraction exact;           /* before same cause, combine, claim and caps */
	struct fraction after_caps;
	struct money amount;             /* rounded part of the window month's total */
	bool deemed;
	enum credit_fate fate;
	uint32_t other;                  /* the credit that was kept instead, or UINT32_MAX */
	const symbol *causes;
	size_t n_causes;
	const struct cap_cut *cuts;
	size_t n_cuts;
	instant claim_until;             /* INSTANT_NONE: no claim needed, or no report yet */
	instant claimed;
	uint32_t claim_fact;
	instant month;                   /* first instant of the month of failure, for caps */
};

struct cap_use {
	int cap;
	uint16_t version;
	struct span period;
	struct fraction limit, used_before, used;  /* currency units */
	struct fraction cut;
	struct fraction of;              /* the amount it is a percentage of */
	int64_t months;                  /* average_month_12mo: months in the mean */
};

/* All credits of one settlement month: rounded once, shared by largest remainder (R57). */
struct settlement {
	struct span month;
	struct money total;
	const uint32_t *credits;
	size_t n_credits;
	const struct cap_use *caps;
	size_t n_caps;
	struct money lapsed;             /* cut or unclaimed */
	struct money bonus, earned_back; /* R65 */
	const struct node *applied;      /* credits.apply */
};

struct right {
	uint16_t version;
	int chronic;                     /* index into promise.chronic */
	instant arose, until;            /* until INSTANT_NONE: no limit */
	uint32_t window;                 /* the one that completed the count */
	const uint32_t *windows;         /* the missed ones */
	size_t n_windows;
	instant exercised;               /* INSTANT_NONE: not */
	uint32_t fact;
};

/* --- deadlines of acts, both parties (sla.md R11, R68) --- */

enum deadline_kind { DEADLINE_REPORT, DEADLINE_CLAIM, DEADLINE_RIGHT, DEADLINE_OBLIGATION, DEADLINE_NON_RENEWAL };
enum deadline_state { DEADLINE_OPEN, DEADLINE_MET, DEADLINE_LATE };

struct act_deadline {
	enum deadline_kind kind;
	enum deadline_state state;
	enum party who;
	instant at, done;
	uint32_t window;                 /* or UINT32_MAX */
	uint32_t item;                   /* credit or right index, or UINT32_MAX */
	uint32_t fact;
	const struct node *why;
	struct text subject;             /* obligation event id and the like */
};

struct outcome {
	struct arena *arena;
	struct evaluation in;
	struct view *view;
	struct clock *clocks;
	size_t n_clocks;
	size_t n_own_clocks;             /* those from here on are of tickets that were left out (struct past): nothing tells more of them */
	struct window_result *windows;   /* by metric in contract order, then by window */
	size_t n_windows;
	const struct base *bases;
	size_t n_bases;
	const struct credit *credits;
	size_t n_credits;
	const struct settlement *settlements;  /* by month */
	size_t n_settlements;
	const struct right *rights;
	size_t n_rights;
	const struct act_deadline *deadlines;  /* by instant */
	size_t n_deadlines;
	bool no_facts;                   /* nothing in the period: say so, do not print 100 % */
	struct clock_engine *engine;     /* private to the engine: what outcome_clock_detail needs */
};

/*
 * sla.md R22, every step in order, for all windows from the start of the service (or the first fact, if that is later) to as_of
 * and the period. Pure; same input, same outcome.
 */
enum rc evaluate(struct arena *a, const struct evaluation *in, struct outcome **out, struct err *err) MUST_USE;

/*
 * The view that evaluate would make. Evaluations that share it (a back-test: other versions, the same facts, instants and
 * measuring systems) take it from here, each with marks of its own: making a view costs about as much as judging all clocks.
 */
const struct view *evaluation_view(struct arena *a, const struct evaluation *in);
bool evaluations_share_view(struct arena *a, const struct evaluation *x, const struct evaluation *y);

/* Do the samples of a window come from tickets that were left out, even one? Then its cases cannot be told. */
bool window_of_past(const struct outcome *o, const struct window_result *w);
/*
 * May tickets be left out of evaluations by these versions at all? Not where something else than an elapsed time is judged of them, samples
 * are carried on, a reason may name every sample, or a charge counts tickets.
 */
bool past_allowed(const struct version *versions, size_t n);

/*
 * R17: what would follow if that fact, which another outweighs (view.outweighed_by), counted instead of it. The same evaluation
 * again; compare windows and settlements.
 */
enum rc evaluate_instead(struct arena *a, const struct outcome *o, uint32_t fact, struct outcome **out,
			 struct err *err) MUST_USE;

/* How one clock came about: the same computation again with its steps recorded. */
const struct clock_detail *outcome_clock_detail(struct arena *a, const struct outcome *o, uint32_t clock);

/* The entry of a fact: its place, unless the evaluation was given some of a record (fact_entries). */
static inline int64_t outcome_entry(const struct outcome *o, uint32_t fact)
{
	return o->in.fact_entries == NULL ? (int64_t)fact : o->in.fact_entries[fact];
}
const struct promise *outcome_promise(const struct outcome *o, uint16_t version);
/*
 * Windows of a metric that lie in (calendar windows: begin in) the statement's period, ascending; returns how many. The metric is
 * an index into the last version's; windows of earlier versions belong to it by the metric's id.
 */
size_t outcome_windows(const struct outcome *o, uint16_t metric, const uint32_t **out);

#endif
