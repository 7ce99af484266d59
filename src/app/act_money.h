/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of money share: the days of a call, and how documents are answered. Private to app. */
#ifndef APP_ACT_MONEY_H
#define APP_ACT_MONEY_H

#include "app/answer.h"
#include "app/issue.h"
#include "app/own_entries.h"

struct json;

struct selling {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	const struct zone *zone;
	day on, date;
	enum format format;
	struct money_state m;
};

/* --on (default today in the zone) and --date (default --on). */
enum rc money_days(const struct workspace *ws, const struct args *args, const struct zone *zone,
		   day *on, day *date, struct err *err) MUST_USE;
enum rc money_zone(struct workspace *ws, const struct log_head *log, const struct zone **zone,
		   struct err *err) MUST_USE;

/* A draft with what is parked or waits; with --explain one of its lines. */
enum rc money_answer_bill(struct selling *s, const struct billing *bill, struct reply *reply,
			  struct err *err) MUST_USE;
/* An issued document; --json gives its own bytes. */
enum rc money_answer_document(struct selling *s, const struct issued_document *d,
			      struct reply *reply, struct err *err) MUST_USE;
void money_json_result(struct json *j, const struct issue_result *r);
void money_say_parked(const struct workspace *ws, struct text contract, const struct billing *b,
		      struct buf *out);
/* One row of a list of documents, from its entry; j NULL: a line of text. */
void money_list_row(const struct own_entry *own, struct text contract, struct json *j,
		    struct buf *out);

#endif
