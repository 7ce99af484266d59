/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects of our JSON about facts in dispute.
 *
 * contradiction  fact (does not count), counted_fact (counts instead), tried: false if what it would change was not worked out
 *                (the statement tries the first 20), windows[{metric, window, index (place in the statement's windows), before,
 *                after}] whose verdict or value would change, totals[{month{from, to}, before, after}] of months whose credits
 *                would change; before and after of a window: verdict, why_not, value{exact, shown, unit}, target
 * alternative    of a held window, the result without contested facts: verdict, why_not, value, target, samples, in_time
 * contested      of a held window: [{fact, by}], by: the fact that contests it
 * dispute        of a credit: applied[id], waits[id] of its rule and window
 */
#include "render/json_parts.h"

static void put_place(struct json *j, const struct report *r, uint32_t window)
{
	for (size_t i = 0; i < r->plan.n_windows; i++)
		if (r->plan.windows[i] == window)
			json_kv_int(j, "index", (int64_t)i);
}

static void put_result(struct json *j, const char *key, const struct metric *m,
		       const struct window_result *w)
{
	json_key(j, key);
	json_open_object(j);
	json_result(j, m, w);
	json_end_object(j);
}

static void put_window_changes(struct json *j, const struct report *r,
			       const struct contradiction *x)
{
	json_key(j, "windows");
	json_open_array(j);
	for (size_t i = 0; i < x->n_windows; i++) {
		const struct window_result *w = &r->o->windows[x->windows[i].window];
		const struct metric *m = report_metric(r, w->version, w->metric);

		json_open_object(j);
		json_kv_text(j, "metric", m->id);
		json_kv_str(j, "window", w->label);
		put_place(j, r, x->windows[i].window);
		put_result(j, "before", m, w);
		put_result(j, "after", m, &x->windows[i].after);
		json_end_object(j);
	}
	json_end_array(j);
}

void json_contradiction(struct json *j, const struct report *r, uint32_t index)
{
	const struct contradiction *x = contradiction_at(r, index);

	json_open_object(j);
	json_key(j, "fact");
	json_fact(j, r, x->fact);
	json_key(j, "counted_fact");
	json_fact(j, r, x->counted);
	json_kv_bool(j, "tried", x->tried);
	if (x->tried) {
		put_window_changes(j, r, x);
		json_key(j, "totals");
		json_open_array(j);
		for (size_t i = 0; i < x->n_totals; i++) {
			json_open_object(j);
			json_span(j, "month", x->totals[i].month);
			json_money(j, "before", x->totals[i].before);
			json_money(j, "after", x->totals[i].after);
			json_end_object(j);
		}
		json_end_array(j);
	}
	json_end_object(j);
}

void json_contested(struct json *j, const struct report *r, uint32_t window)
{
	const struct window_result *w = &r->o->windows[window];
	const struct metric *m = report_metric(r, w->version, w->metric);
	uint32_t *facts = NULL;

	if (!w->held || w->alternative == NULL)
		return;
	json_key(j, "alternative");
	json_open_object(j);
	json_result(j, m, w->alternative);
	if (m->kind != METRIC_AVAILABILITY) {
		json_kv_int(j, "samples", w->alternative->samples);
		json_kv_int(j, "in_time", w->alternative->in_time);
	}
	json_end_object(j);

	size_t n = contested_facts(r->d->arena, r->o, window, &facts);

	json_key(j, "contested");
	json_open_array(j);
	for (size_t i = 0; i < n; i++) {
		uint32_t by = contested_by(r->o, facts[i]);

		json_open_object(j);
		json_key(j, "fact");
		json_fact(j, r, facts[i]);
		if (by != NO_FACT) {
			json_key(j, "by");
			json_fact(j, r, by);
		}
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_line(struct json *j, const struct report *r, const char *key,
		     const struct credit *c, enum credit_fate fate)
{
	json_key(j, key);
	json_open_array(j);
	for (size_t i = 0; i < r->o->n_credits; i++)
		if (r->o->credits[i].fate == fate && credit_same_line(&r->o->credits[i], c))
			json_str(j, r->o->credits[i].id);
	json_end_array(j);
}

void json_dispute(struct json *j, const struct report *r, const struct credit *c)
{
	if (!credit_in_dispute(r->o, c))
		return;
	json_key(j, "dispute");
	json_open_object(j);
	put_line(j, r, "applied", c, CREDIT_DUE);
	put_line(j, r, "waits", c, CREDIT_HELD);
	json_end_object(j);
}
