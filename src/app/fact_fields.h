/* SPDX-License-Identifier: Apache-2.0 */
/* A fact from words: a kind and FIELD=VALUE, typed by the row of facts.def. */
#ifndef APP_FACT_FIELDS_H
#define APP_FACT_FIELDS_H

#include "facts/fact.h"
#include "time/zone.h"

/*
 * Adds the fact to the set: *f has times, party and source already. RC_USAGE names an unknown kind or field and the nearest, a value that
 * its type refuses and what would be right, a required field that is missing. Lists are written with commas.
 */
enum rc fact_from_fields(struct facts *set, struct text kind, const struct text *fields, size_t n,
			 const struct zone *zone, struct fact *f, struct err *err) MUST_USE;
/* The same on top of what a fact says: a field given takes the place of its old value; FIELD= takes it away. */
enum rc fact_with_fields(struct facts *set, const struct fact *old, const struct text *fields,
			 size_t n, const struct zone *zone, struct err *err) MUST_USE;

#endif
