/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The version of the rules by which numbers are computed (trust.md D8). A change that alters any number raises it; the log records
 * from when on a version counts, and a document says which one computed it. What earlier ones computed is computed by their rules for
 * ever.
 */
#ifndef ENGINE_VERSION_H
#define ENGINE_VERSION_H

#include "facts/fact.h"

#define ENGINE_VERSION "3"

enum engine_rules {
	ENGINE_1 =
		1, /* a statement's credits are shares of what the contract's words alone charge */
	ENGINE_2,  /* of what was charged, counted quantities included (sla.md R58) */
	ENGINE_3, /* a calendar's yearly 02-29 is 28 February in other years (contract-language.md 2) */
	ENGINE_NEWEST = ENGINE_3
};

/* "1" and so on; false: another program's. */
bool engine_rules_parse(struct text name, enum engine_rules *out) MUST_USE;
const char *engine_rules_name(enum engine_rules rules);
/*
 * From when on a yearly 02-29 is read as ENGINE_3 reads it, by the engines that a record names, the first first (terms_context.leap_day_from):
 * 0, always, where none older was named before it, else when it was named, so that no past day becomes another one. INSTANT_MAX: never.
 */
struct engine_named {
	struct text name;
	instant at;
};
instant engine_leap_day_from(const struct engine_named *v, size_t n);
/* The engine that the record names last, "1" where it names none. */
struct text engine_pinned(const struct facts *set);

/*
 * A hash over all sources that this program was built from, 64 hex digits. Only where it is the same is it certain that the same input
 * gives the same bytes: a change that nobody knew to be one shows, too (money.md R73).
 */
struct text engine_sources(void);

#endif
