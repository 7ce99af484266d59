/* SPDX-License-Identifier: Apache-2.0 */
/* Objects of the statement's JSON, shared by statement, explain and atrisk. Fields are described in json_parts.c. */
#ifndef RENDER_JSON_PARTS_H
#define RENDER_JSON_PARTS_H

#include "base/json.h"
#include "render/report.h"

/* key and value; nothing at all for INSTANT_NONE */
void json_instant(struct json *j, const char *key, instant t);
void json_span(struct json *j, const char *key, struct span s);
/* An exact number as text: "61.5", or "6750/7" if it has no decimal end. */
void json_exact(struct json *j, const char *key, struct fraction f);
void json_decimal(struct json *j, const char *key, struct decimal d);
void json_money(struct json *j, const char *key, struct money m);
/* "clause" and "term": where the words stand and the path of the term. Nothing for NULL. */
void json_node(struct json *j, const struct report *r, const struct node *n);
/* Objects: after a key or inside a list. */
void json_fact(struct json *j, const struct report *r, uint32_t fact);
void json_clock(struct json *j, const struct report *r, uint32_t clock, bool pieces);
/* The next one of the cases and flagged facts of a statement: is it in this part? */
bool case_in_part(const struct report *r);
void json_window(struct json *j, const struct report *r, uint32_t window, bool cases);
void json_outage(struct json *j, const struct report *r, const struct promise *p,
		 const struct raw_outage *x);
void json_excuse(struct json *j, const struct report *r, const struct excuse *e);
/* Fields, not an object: verdict, why it was not judged, value, target. */
void json_result(struct json *j, const struct metric *m, const struct window_result *w);
/* Facts in dispute: described in json_dispute.c. The last two are fields of a window and of a credit. */
void json_contradiction(struct json *j, const struct report *r, uint32_t index);
void json_contested(struct json *j, const struct report *r, uint32_t window);
void json_dispute(struct json *j, const struct report *r, const struct credit *c);
void json_credit(struct json *j, const struct report *r, uint32_t credit);
void json_base(struct json *j, const struct report *r, uint32_t base, const struct promise *p);
void json_settlement(struct json *j, const struct report *r, const struct settlement *s);
void json_cap(struct json *j, const struct report *r, const struct cap_use *u);
void json_right(struct json *j, const struct report *r, uint32_t right);
void json_deadline(struct json *j, const struct report *r, const struct act_deadline *x);

/* Words of the JSON: stable, English, independent of the language. */
const char *verdict_key(enum verdict v);
const char *not_judged_key(enum not_judged n);
const char *clock_state_key(enum clock_state s);
const char *void_key(enum void_reason v);
const char *cause_key(enum excuse_cause c);
const char *refusal_key(enum excuse_refusal x);
const char *fate_key(enum credit_fate f);
const char *window_kind_key(enum window_kind k);
const char *deadline_key(enum deadline_kind k);

#endif
