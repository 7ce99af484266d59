/* SPDX-License-Identifier: Apache-2.0 */
/* What charging.c, index.c and the charges that are counted share. Private. */
#ifndef ENGINE_CHARGING_PARTS_H
#define ENGINE_CHARGING_PARTS_H

#include "engine/charging.h"

/* Days on which a slot lives by the words of one version; of a slot they do not overlap and rise. */
struct slot_segment {
	struct days days;
	uint16_t version;
};

struct slot_work {
	const struct slot_segment *segments;
	size_t n_segments;
	struct days life;          /* from the first to the last of them */
	const struct days *pauses; /* by rising days, merged */
	size_t n_pauses;
	bool pauses_known;
};

static inline day later_day(day x, day y)
{
	return x > y ? x : y;
}

static inline day earlier_day(day x, day y)
{
	return x < y ? x : y;
}

static inline bool days_same(struct days x, struct days y)
{
	return x.from == y.from && x.to == y.to;
}

/* "money.md R37" (charging_lines.c) */
struct text rule_text(struct arena *a, unsigned rule);

/* charging_slots.c */
enum rc slots_make(struct charging *c, struct err *err) MUST_USE;
/* Do two versions say the same of the slot's charge? Then nothing changes between them (R15). */
bool slot_same_words(const struct charging *c, size_t slot, size_t version, size_t other);

/* --- prices (charging_prices.c) --- */

/* From that day a price is multiplied: an adjustment as it reaches one slot (R53). */
struct price_change {
	day from;
	struct fraction applied;
	bool original; /* of the price as last written, not of the indexed one */
	const struct adjustment *why;
};

/* What the words of a version say a slot costs on a day: its amount or single price, schedule included. */
struct written_price {
	struct decimal amount;
	unsigned decimals;
	bool scheduled;
};
struct written_price price_written(const struct priced_charge *x, day d);
/*
 * Makes the pieces of a slot from its segments, schedules and the changes given, by rising days. RC_INVALID: two changes on one date
 * (R52); RC_LIMIT: an indexed price too large.
 */
enum rc prices_make(struct charging *c, size_t slot, const struct price_change *changes, size_t n,
		    const struct price_piece **out, size_t *n_out, struct err *err) MUST_USE;

/* --- one amount over pieces of a period (R13 to R15, R18) --- */

struct share {
	struct days days;
	const struct price_piece *price;
	struct weight weight;
	struct fraction exact; /* currency units, set by whoever prices it */
	int64_t net;
};

/*
 * The days of a service period that are billed, cut where the price or the words change and where a pause takes days out. Without
 * proration the first piece weighs all and is all there is.
 */
size_t shares_of(struct charging *c, size_t slot, const struct service_period *p,
		 struct share **out);
/* The same without that: each piece at its own price. */
size_t shares_cut(struct charging *c, size_t slot, const struct service_period *p,
		  struct share **out);
/* Rounds: neighbours of one price are a split of one amount, others round on their own (R15). false: beyond 64 bits. */
bool shares_round(struct charging *c, struct share *v, size_t n) MUST_USE;

enum rc too_large(struct charging *c, size_t slot, struct err *err);

/* --- lines of a rate card --- */

/* What the parts of one amount, already rounded, become: a line for each tier and flat sum (R151). */
struct card_lines {
	const struct invoice_line *like; /* what the lines share */
	const struct rate_card *card;
	const struct priced_charge *charge;
	struct fraction before, total; /* rate_more's */
	struct weight weight;          /* of the whole amount; {1, 1}: all of it */
	int64_t unit_days; /* average_daily: quantities are unit-days / this; 0: units */
	int64_t net;       /* their sum */
	struct fraction exact;
};
/* Do two cards charge the same, or at least at the same prices? */
bool card_same(const struct rate_card *x, const struct rate_card *y);
bool card_same_prices(const struct rate_card *x, const struct rate_card *y);
/* R22, volume: all units at the tier that the whole period's quantity reaches, whatever a piece itself has. */
const struct rate_card *card_at_total(struct charging *c, const struct rate_card *card,
				      struct fraction total);
/* The card with so many free units. */
const struct rate_card *card_including(struct charging *c, const struct rate_card *card,
				       struct fraction included);
bool card_lines_add(struct charging *c, struct item *it, const struct card_lines *l) MUST_USE;

struct step step_count(enum step_what what, unsigned rule, int64_t count);
struct step step_decimal(enum step_what what, unsigned rule, struct decimal d);
struct step step_fraction(enum step_what what, unsigned rule, struct fraction f);
struct step step_money(enum step_what what, unsigned rule, int64_t minor);
struct step step_days(enum step_what what, unsigned rule, struct days d);
struct step step_weight(enum step_what what, unsigned rule, struct weight w);
struct step step_pct(enum step_what what, unsigned rule, struct decimal d);
/* The same step, resting on a fact. */
struct step step_from(struct step s, int64_t entry);
/* The price of a piece and why it holds: a schedule, an amendment, an index (R22, R52, R53). */
void price_steps_add(struct charging *c, struct invoice_line *line, const struct price_piece *p,
		     enum step_what what);

#endif
