/* SPDX-License-Identifier: Apache-2.0 */
/* A rule of recurrence as libical reads it, turned into one that recurrence.h follows. Seen by importers only. */
#ifndef FACTS_CALENDAR_RULE_H
#define FACTS_CALENDAR_RULE_H

#include "facts/recurrence.h"

#include <libical/ical.h>

/*
 * COUNT and UNTIL are left to the caller. false: it recurs by less than days, or has parts that are not followed: times of the
 * day, BYYEARDAY, BYWEEKNO, RSCALE.
 */
bool calendar_rule(const struct icalrecurrencetype *rule, day start, struct recurrence *out);

#endif
