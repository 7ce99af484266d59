/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What would have cost less (money.md R136), and what the same work would have cost without a contract (R137). Each suggestion is the same
 * facts charged again under other terms that somebody already priced: another size of prepaid hours of the contract, its discount for paying
 * ahead, an offer in writing. Only units that nobody uses are counted ahead, at the price in force. It is no forecast (engine/forecast.h).
 */
#ifndef ENGINE_ADVICE_H
#define ENGINE_ADVICE_H

#include "engine/billing.h"

enum { ADVICE_IDLE_DAYS = 60 };

enum advice_kind {
	ADVICE_UNITS,    /* units without any activity for 60 days */
	ADVICE_HOURS,    /* prepaid hours of another size */
	ADVICE_NO_HOURS, /* no prepaid hours: each by its price */
	ADVICE_AHEAD,    /* the discount for a year paid ahead */
	ADVICE_OFFER     /* a version that was offered */
};

/* Why one is not worth showing. */
enum advice_verdict {
	ADVICE_SAVES,      /* 1 % or more */
	ADVICE_TOO_LITTLE, /* less, or dearer */
	ADVICE_COMMITTED   /* what is counted would fall below the commitment */
};

struct advice_row {
	struct text charge;
	int64_t now, then;
};

struct advice {
	enum advice_kind kind;
	enum advice_verdict verdict;
	struct text charge,
		option; /* option: the charge that prices it, the offer's name; or empty */
	struct decimal hours, hours_then; /* ADVICE_HOURS */
	const struct text *units;         /* ADVICE_UNITS: their ids */
	size_t n_units;
	int64_t count, left; /* ADVICE_UNITS: units now, and whole months left */
	int64_t now, then, saving;
	const struct advice_row *rows; /* charges that differ */
	size_t n_rows;
};

/* A version of the contract that somebody offered in writing. */
struct advice_offer {
	struct text name;
	const struct pricing *pricing;
};

struct advice_input {
	struct charging *charging; /* begun and run on window.to */
	const struct billing_settings *settings;
	struct days window; /* which service periods are compared */
	day end;            /* of the running term; DAY_NONE: twelve months are counted ahead */
	instant as_of, known_as_of;
	const struct advice_offer *offers;
	size_t n_offers;
};

struct advices {
	int64_t total; /* net of all charges in the window, discounts off */
	const struct advice
		*v; /* those that save first, by rising saving last; then what was tried */
	size_t n, n_saves;
};

enum rc advice_make(struct arena *a, const struct advice_input *in, struct advices *out,
		    struct err *err) MUST_USE;

const char *advice_word(enum advice_kind k);            /* "unused_units" */
const char *advice_verdict_word(enum advice_verdict v); /* "saves" */

/* --- managed against break-fix (R137) --- */

/* Work that a service covers, as its time charge would rate it: one class at one price. */
struct rated_work {
	struct text charge, name, multiplier; /* multiplier: id, or empty */
	struct decimal factor, price;
	int64_t worked;          /* minutes */
	struct fraction minutes; /* after increment and minimum */
	struct fraction exact;
	int64_t net;
};

struct fixed_fee {
	struct text charge, name;
	int64_t net; /* of the days in the window, discounts off */
};

struct break_fix {
	const struct rated_work *work;
	size_t n_work;
	const struct fixed_fee *fees;
	size_t n_fees;
	int64_t rated, fixed;
	int64_t entries, unrated, unrated_minutes; /* covered entries; those no time charge fits */
	int64_t tickets,
		unworked; /* logged in the window; of them without recorded work, which cost nothing here */
};

/* in->offers are not looked at. */
enum rc break_fix_make(struct arena *a, const struct advice_input *in, struct break_fix *out,
		       struct err *err) MUST_USE;

#endif
