/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The version of the rules by which numbers are computed (trust.md D8). A change that alters any number raises it; the log records
 * from when on a version counts, and a document says which one computed it. What earlier ones computed is computed by their rules for
 * ever.
 */
#ifndef ENGINE_VERSION_H
#define ENGINE_VERSION_H

#include "facts/fact.h"

#define ENGINE_VERSION "2"

enum engine_rules {
	ENGINE_1 =
		1, /* a statement's credits are shares of what the contract's words alone charge */
	ENGINE_2,  /* of what was charged, counted quantities included (sla.md R58) */
	ENGINE_NEWEST = ENGINE_2
};

/* "1" and so on; false: another program's. */
bool engine_rules_parse(struct text name, enum engine_rules *out) MUST_USE;
const char *engine_rules_name(enum engine_rules rules);
/* The engine that the record names last, "1" where it names none. */
struct text engine_pinned(const struct facts *set);

/*
 * A hash over all sources that this program was built from, 64 hex digits. Only where it is the same is it certain that the same input
 * gives the same bytes: a change that nobody knew to be one shows, too (money.md R73).
 */
struct text engine_sources(void);

#endif
