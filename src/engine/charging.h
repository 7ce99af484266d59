/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each charge comes to (money.md sections 1 to 4): for every charge of a contract and every service period whose due edge has
 * come, the one total T that the facts known now give (R17), in pieces that become lines. What was invoiced before is not looked at
 * here: engine/billing.h subtracts it. Discounts, commitment, credits and tax come later (R60), too.
 *
 * A charge is followed through the versions by its id: a slot. Prices are those in force on the day of the thing priced (R22).
 */
#ifndef ENGINE_CHARGING_H
#define ENGINE_CHARGING_H

#include "engine/invoice.h"
#include "engine/view.h"

/* One version of the contract with its prices. */
struct priced_version {
	const struct pricing *pricing;
	day from,
		to; /* local days on which it is in force (CL-45); first from INT32_MIN, last to INT32_MAX */
	struct text hash; /* 64 hex digits, or empty for a file at hand */
};

struct charge_slot {
	struct text id;
	const int *of_version; /* index of the charge in each version, -1: it has none */
};

/* R22, R52 to R58: one price from a day on. */
enum price_why { PRICE_CONTRACT, PRICE_AMENDED, PRICE_SCHEDULE, PRICE_INDEX };

struct adjustment; /* engine/index.h: an indexation that took effect */

struct price_piece {
	struct days days;
	uint16_t version; /* whose words hold on these days */
	struct decimal
		amount; /* recurring, one_time, prepaid: the amount; else the price; tiered: the card holds the prices */
	unsigned decimals;            /* as written */
	const struct rate_card *card; /* per_unit, usage: with indexed prices */
	enum price_why why;
	const struct adjustment *adjustment; /* PRICE_INDEX */
};

/* A service period of a slot with everything its lines need. */
struct item {
	size_t slot;
	uint16_t version;                 /* in force on its due edge: names, clauses, tax */
	struct text part;                 /* R71; empty mostly */
	struct days service;              /* service period, own days (R5) */
	struct days full;                 /* the full period around it */
	day due;                          /* R6: when it may be invoiced */
	bool provisional;                 /* R7: billed ahead of its count */
	int64_t total;                    /* T, minor units: the sum of the lines' nets */
	const struct invoice_line *lines; /* the pieces, numbered 0: billing numbers them */
	size_t n_lines;
	const struct invoice_annex *annex; /* or NULL */
};

/* Hours bought ahead: a grant and what became of it (R31 to R35). Hours are exact decimals. */
struct grant {
	size_t slot;
	struct text id;    /* purchase's order id, or the period's first day */
	day start, expiry; /* expiry INT32_MAX: never */
	struct fraction bought, drawn, lapsed;
	struct fraction price; /* per hour, exact (R31) */
	int64_t entry;
};

struct draw {
	size_t grant;
	int64_t entry; /* the work */
	instant at;
	struct fraction hours; /* at its factor (R33) */
};

/* What is left of the hours that a charge includes, in the period that `on` is in (R29). */
struct hours_left {
	size_t slot;
	day until; /* first day after the period */
	struct fraction minutes;
};

struct waiting {
	enum invoice_note_kind kind; /* NOTE_WAITS, NOTE_NO_DATA, ... */
	uint16_t what;               /* enum step_what */
	struct text subject;
	day date;
	int64_t amount;
	int64_t entry;
	/* what the client is asked to approve or accept; else false */
	bool asks;
	uint32_t fact; /* the order, the work, the purchase, the delivery */
	struct text charge;
	struct text service; /* of work out of scope: the service whose scope it is; else empty */
	bool timed; /* until is set: a delivery that is rejected in time or not at all (R45) */
	instant until;
	bool silence_accepts;
};

struct charging {
	/* given */
	struct arena *arena;
	const struct priced_version *versions;
	size_t n_versions;
	const struct view
		*view; /* facts known by then, corrected (R13); money facts are in its kinds */
	const int64_t *fact_entries; /* log index of facts->v[i]; NULL: i itself */
	day on;                      /* due edges up to and with this day */
	day stop; /* the contract's end, first day without it; INT32_MAX: open (charges stop: R10) */
	day since; /* items due before it are left out, for runs over settled years; 0: from 1970 */
	bool interim; /* R12: usage of periods that still run is taken as far as it is there */
	/* R133, for what is ahead of `today`: what an adjustment that cannot be known yet is taken to be */
	enum index_unknown { INDEX_AS_KNOWN, INDEX_AT_FLOOR, INDEX_AT_CAP } unknown;
	day today; /* with `unknown`: no fact is later */
	const uint32_t *
		approved; /* this fact counts as approved by the client (engine/suppose.h); NULL: as facts say */

	/* made by charging_begin */
	const struct zone *zone;
	struct currency currency;
	const struct charge_slot *slots;
	size_t n_slots;
	const struct price_piece *const
		*prices; /* of each slot: pieces by rising days, without gaps over its life */
	const size_t *n_prices;
	const struct adjustment
		*adjustments; /* that took effect up to `on`, and those announced ahead */
	size_t n_adjustments;

	struct slot_work *work;      /* private: engine/charging_parts.h */
	struct fact_index **indexes; /* private: by kind, NULL until it is asked for */

	/* made by charging_run, grows */
	struct item *items;
	size_t n_items, items_cap;
	struct grant *grants;
	size_t n_grants, grants_cap;
	struct draw *draws;
	size_t n_draws, draws_cap;
	struct waiting *waits;
	size_t n_waits, waits_cap;
	struct hours_left *left;
	size_t n_left, left_cap;
};

/* Slots, prices, adjustments. */
enum rc charging_begin(struct charging *c, struct err *err) MUST_USE;
/*
 * All items of every type but discount, by rising (due, order in the contract, service period). RC_LIMIT: an amount beyond 64 bits
 * (R82: the caller parks the account); RC_INVALID: what money.md section 16 refuses.
 */
enum rc charging_run(struct charging *c, struct err *err) MUST_USE;

/* --- shared by the charge_*.c of this room --- */

/* The charge of a slot in a version. */
const struct priced_charge *slot_charge(const struct charging *c, size_t slot, size_t version);
/* The last version that has it and is in force not after d, else the first that has it. */
uint16_t slot_version_on(const struct charging *c, size_t slot, day d);
/* Its life: from `from` or the start of service of its first version, to before `until` or `stop` (R10, FK-19); amendments cut it. */
struct days slot_life(const struct charging *c, size_t slot);
/* The grid of its periods; a version that moves the anchor begins a new one (R11). */
struct service_periods slot_periods(struct charging *c, size_t slot, struct days within);
/* The price pieces of a slot that lie in `days`, cut to it. */
size_t slot_prices(const struct charging *c, size_t slot, struct days days,
		   const struct price_piece **out);
/* Days of a slot that a pause agreed by both takes out (R18), inside `days`. */
size_t slot_pauses(struct charging *c, size_t slot, struct days days, const struct days **out);
/* R6 with the slot's `bill`. */
day item_due(const struct charging *c, size_t slot, struct days service);
/* Those service periods whose due edge lies in since .. on; interim: and those that have begun. */
struct service_periods slot_due(struct charging *c, size_t slot, bool interim);
/* How much of a full period the days are, by the slot's proration (R13); own and full as slot_periods gives them. */
struct weight slot_weight(const struct charging *c, size_t slot, struct days own, struct days full);
/*
 * The facts of a kind that count in this view with that word in the field that the kind is grouped by, in R15's order: usage by meter,
 * lists and units by what is counted, index facts by series, approvals by order; what names a charge by charge; all else by its
 * subject. Indexed once.
 */
struct fact_run charging_facts(struct charging *c, enum fact_kind kind, struct text word);
/* Its local day: what is dated by day may be any instant of it. */
day fact_day(const struct charging *c, uint32_t fact);
/* Did the client's side agree to an order (R21): it placed it, `by` says so, or an order.approved does? */
bool order_approved(struct charging *c, uint32_t order);
/* Is it the fact whose approval is only supposed? */
bool charging_supposes(const struct charging *c, uint32_t fact);
int64_t entry_of(const struct charging *c, uint32_t fact);
struct item *item_add(struct charging *c, size_t slot, struct days service, struct days full);
/* A line with the names, clause, category and rule of the slot; appended to the item's own growing list by line_add. */
struct invoice_line line_of(const struct charging *c, const struct item *it, unsigned rule);
void line_add(struct charging *c, struct item *it, const struct invoice_line *line);
void line_step(struct charging *c, struct invoice_line *line, struct step step);
void wait_add(struct charging *c, struct waiting w);
/* round(exact) in the contract's currency and rounding; false: beyond 64 bits. */
bool charge_round(const struct charging *c, struct fraction exact, int64_t *minor) MUST_USE;
/* Evidence of facts in order: count, hash of their ids, the first entries. */
struct evidence evidence_of(struct charging *c, const char *kind, const uint32_t *facts, size_t n);

/* One per type; each adds its items. */
enum rc charge_recurring(struct charging *c, size_t slot, struct err *err) MUST_USE;
enum rc charge_one_time(struct charging *c, size_t slot, struct err *err) MUST_USE;
enum rc charge_per_unit(struct charging *c, size_t slot, struct err *err) MUST_USE;
enum rc charge_usage(struct charging *c, size_t slot, struct err *err) MUST_USE;
enum rc charge_milestone(struct charging *c, size_t slot, struct err *err) MUST_USE;
enum rc charge_pass_through(struct charging *c, size_t slot, struct err *err) MUST_USE;
/* All time and prepaid charges at once: work draws from grants (R27 to R35). */
enum rc charge_work(struct charging *c, struct err *err) MUST_USE;

#endif
