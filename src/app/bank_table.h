/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payments of a table (money.md R100), as entries of a statement: what they pay is bank_match's to say, as of any other. Nothing is recorded
 * here.
 */
#ifndef APP_BANK_TABLE_H
#define APP_BANK_TABLE_H

#include "app/camt.h"
#include "facts/import.h"

struct app;
struct args;

/* Is it XML, or nothing at all, so that camt_read says what is wrong with it? */
bool bank_is_xml(struct text bytes);

/* By --map, else by the ready mapping that fits. RC_INVALID: no mapping knows its header, or it holds something else than payments. */
enum rc bank_table_read(struct app *app, const struct args *args, struct text name,
			struct text bytes, struct camt **out, const struct import_report **report,
			struct err *err) MUST_USE;

#endif
