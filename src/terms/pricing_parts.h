/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of pricing_build share. Private. */
#ifndef TERMS_PRICING_PARTS_H
#define TERMS_PRICING_PARTS_H

#include "terms/pricing.h"
#include "terms/promise_parts.h"

struct pricer {
	struct maker m; /* m.p is a copy of the promise: get_timing looks calendars up in it */
	struct pricing *out;
	struct err *err;
};

struct maybe_money get_maybe_money(const struct node *map, const char *path);
/* DAY_NONE where there is none. */
day get_day(const struct node *map, const char *path);
/* A duration without a calendar; false: neither written nor a default. */
bool get_duration(const struct pricer *p, const struct node *map, const char *path,
		  struct duration *out);
struct index_list get_list(const struct pricer *p, const struct node *map, const char *path);
/* Refuses at a node: the place and a message of money.md section 16. */
enum rc refuse(const struct pricer *p, const struct node *at, const char *code, const char *fmt,
	       ...) PRINTF_LIKE(4, 5);

enum rc price_charges(struct pricer *p);
void price_payment(struct pricer *p);
void price_exit(struct pricer *p);

#endif
