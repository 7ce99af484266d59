/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a zone: shared by its reader (zone_read.c) and its look-ups (zone.c), by nobody else. */
#ifndef TIME_ZONE_TABLE_H
#define TIME_ZONE_TABLE_H

#include "time/zone.h"
#include "time/zone_rule.h"

struct zone_change {
	instant at;
	uint32_t type; /* from at on */
};

/*
 * changes is ascending, each entry changes offset, abbreviation or dst, and all lie before the end of time. Before the first
 * change first_type holds, from rule_from on the rule (INT64_MAX: there is none, the last type stays).
 */
struct zone {
	struct text name;
	const struct zone_type *types;
	size_t n_types;
	uint32_t first_type;
	const struct zone_change *changes;
	size_t n_changes;
	instant rule_from;
	struct zone_rule rule;
};

#endif
