/* SPDX-License-Identifier: Apache-2.0 */
/* Import under another verb: what its files may hold. Private to app. */
#ifndef APP_IMPORT_WISH_H
#define APP_IMPORT_WISH_H

#include "app/app.h"
#include "facts/kinds.h"

struct import_report;
struct json;
struct loaded;
struct log_head;
struct workspace;

struct import_wish {
	const char *verb;            /* "usage import" */
	const enum fact_kind *kinds; /* what its files may hold; NULL: anything */
	size_t n_kinds;
};

/* tenor import of the call's FACTS. --dry-run: the files are read and told of, nothing is recorded. */
enum rc import_as(struct app *app, const struct args *args, const struct import_wish *wish,
		  struct reply *reply, struct err *err) MUST_USE;

/* "notes": what the report says of rows, with code and line. */
void import_notes_json(const struct import_report *r, struct json *j);

/*
 * May the costs of the files be recorded beside those that the log has? RC_INVALID: the same supplier's month came from another source
 * (amortized and actual costs are the same money), or a report tells other costs of a day that has some already: it is a later
 * report of that day, and both would count. Nothing is asked of files without costs.
 */
enum rc costs_admit(struct workspace *ws, const struct log_head *log, const struct loaded *l,
		    struct err *err) MUST_USE;

#endif
