/* SPDX-License-Identifier: Apache-2.0 */
/* Service calendars from the terms: the item of `calendars` as time/calendar.h wants it. */
#ifndef TERMS_CALENDARS_H
#define TERMS_CALENDARS_H

#include "terms/tree.h"

/*
 * The calendar of an item of `calendars`. Its zone is its own or the contract's; `ics` is read through the context. Fails if a
 * zone or calendar file cannot be had, or the calendar never opens.
 */
enum rc calendar_build(struct arena *a, const struct node *root, const struct node *item,
		       const struct terms_context *context, const struct calendar **out, struct err *err) MUST_USE;

/*
 * The whole days that an iCalendar file lists (VEVENT with DTSTART as DATE, or at local midnight), years 1970 to 2100.
 * Recurrence by YEARLY, MONTHLY, WEEKLY or DAILY only; anything finer is refused, because it could go on for ever.
 */
enum rc ics_days(struct arena *a, struct text bytes, const day **out, size_t *n, struct err *err) MUST_USE;

#endif
