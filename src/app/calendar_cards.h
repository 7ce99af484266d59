/* SPDX-License-Identifier: Apache-2.0 */
/* The calendars of a contract's version that is in force, with their days off, whether they are open, and what is measured by them. */
#ifndef APP_CALENDAR_CARDS_H
#define APP_CALENDAR_CARDS_H

#include "app/recall.h"
#include "render/calendars.h"

struct calendar_cards {
	struct arena *arena; /* of the cards; outlives the workspace's */
	const struct language *language;
	int32_t first_year, last_year;
	instant now;
	struct calendar_card *v;
	size_t n, cap;
};

/*
 * Adds those of r, whose versions were recalled. facts: r has its facts, too, and days proclaimed count; without them the contract's words
 * alone do. Everything is copied into the cards' arena. Fails if the pins of the log cannot be read.
 */
enum rc calendar_cards_add(struct calendar_cards *to, struct workspace *ws,
			   const struct recalled *r, bool facts, struct err *err) MUST_USE;

#endif
