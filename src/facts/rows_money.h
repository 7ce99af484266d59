/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of other tools whose rows are facts of one kind: usage, lists of units, orders, hours, payments, suppliers' invoices, indexes.
 * What is in no column is told by the mapping's [values]. Private to src/facts; rows_facts.c calls it.
 */
#ifndef FACTS_ROWS_MONEY_H
#define FACTS_ROWS_MONEY_H

#include "facts/own.h"
#include "facts/rows.h"

struct table_money;

/* The mapping has values; *kind is theirs. */
struct table_money *table_money_new(struct intake *in, enum fact_kind *kind);
/* Date, or date and clock time; good until the next call. */
struct text table_occurred(struct table_money *t, const struct cells *c);
/* The row's other fields; o has its times. A unit waits for its list. id: of its column, or empty. false: skipped, noted. */
bool table_take(struct table_money *t, const struct cells *c, struct own *o, struct text id);
/* The file has ended: lists are taken, months that are missing named. */
void table_money_end(struct table_money *t);

#endif
