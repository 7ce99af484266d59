/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of money share: the days of a call, and how documents are answered. Private to app. */
#ifndef APP_ACT_MONEY_H
#define APP_ACT_MONEY_H

#include "app/answer.h"
#include "app/append.h"
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
	instant letterhead_at; /* the letterhead of then; 0: of now */
};

/* --on (default today in the zone) and --date (default --on). */
enum rc money_days(const struct workspace *ws, const struct args *args, const struct zone *zone,
		   day *on, day *date, struct err *err) MUST_USE;
enum rc money_zone(struct workspace *ws, const struct log_head *log, const struct zone **zone,
		   struct err *err) MUST_USE;

/* The workspace, its log of --contract, zone and days; to be closed by workspace_close(&s->ws) if RC_OK. */
enum rc selling_open(struct app *app, const struct args *args, enum store_mode mode,
		     struct selling *s, struct err *err) MUST_USE;
/* The contracts of --contract, --client, or all that the actor may see. */
enum rc selling_logs(struct selling *s, struct log_head **out, size_t *n, struct err *err) MUST_USE;
/* s is now about this log, with its zone and days; *there false: it has no version yet. */
enum rc selling_turn(struct selling *s, const struct log_head *log, bool *there,
		     struct err *err) MUST_USE;
/* What is owed as of s->on: s->m, after selling_turn. */
enum rc selling_account(struct selling *s, struct err *err) MUST_USE;
/* Who and where, for the words of an account; after money_account. */
struct account_words;
enum rc account_words_of(struct selling *s, struct account_words *out, struct err *err) MUST_USE;
/* "a payment of a day that is still ahead" */
enum rc money_not_ahead(const struct selling *s, day date, const char *what,
			struct err *err) MUST_USE;
/* s->m at the head of s->log, on a day, without the months' service credits. */
enum rc money_account(struct selling *s, day on, struct err *err) MUST_USE;
/* "250.00", also "250.00 USD": minor units above zero; another currency is refused (R80). */
enum rc money_amount(struct text t, struct currency c, int64_t *minor, struct err *err) MUST_USE;
/* The same of a parameter, which the error names: a form tells it beside the field. */
enum rc money_asked(const struct args *args, enum param name, struct currency c, int64_t *minor,
		    struct err *err) MUST_USE;
struct text money_text(struct arena *a, int64_t minor, struct currency c);
struct text money_day_text(struct arena *a, day d);
struct text money_decimal_text(struct arena *a, struct decimal d);
/* One fact of the side that acts, its FIELD=VALUE typed by facts.def; appended and signed. The same id and content again: APPEND_AGAIN. */
enum rc money_fact(struct selling *s, const char *kind, struct text id, instant at,
		   const struct text *fields, size_t n, struct appended *result,
		   struct err *err) MUST_USE;

/* The same as an entry that goes into a transaction with others (issue_after). */
enum rc money_entry(struct selling *s, const char *kind, struct text id, instant at,
		    const struct text *fields, size_t n, struct issue_first *out,
		    struct err *err) MUST_USE;

/* A draft with what is parked or waits; with --explain one of its lines. */
enum rc money_answer_bill(struct selling *s, const struct billing *bill, struct reply *reply,
			  struct err *err) MUST_USE;
/* An issued document; --json gives its own bytes. */
enum rc money_answer_document(struct selling *s, const struct issued_document *d,
			      struct reply *reply, struct err *err) MUST_USE;
/* The letterhead of the day on which it was issued; its page without an answer around it. */
enum rc money_letterhead_of(struct selling *s, const struct issued_document *d,
			    struct err *err) MUST_USE;
enum rc money_page(struct selling *s, const struct issued_document *d, struct arena *a,
		   const struct doc **out, struct err *err) MUST_USE;
void money_json_result(struct json *j, const struct issue_result *r);
void money_say_parked(const struct workspace *ws, struct text contract, const struct billing *b,
		      struct buf *out);
/* One row of a list of documents, from its entry; open: what of it is not paid, NULL where that was not worked out; j NULL: a line of text. */
void money_list_row(const struct own_entry *own, struct text contract, const struct money *open,
		    struct json *j, struct buf *out);

#endif
