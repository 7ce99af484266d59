/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two outcomes side by side for machines. Everything in pairs is an object {before, after}; amounts are text.
 *
 * tallies   {before, after} of: windows, missed, samples, late, breaches, exact, credit
 * window    metric, from, to, changed, tallies, and before and after: window as in a statement, without its cases
 * item      kind: case|outage|window, about, since, share, verdict_differs, change_ms, parts[{metric, from, to (of the window),
 *           share, before, after}]; a side: counts: no|in_time|late|value, case (as in a statement) or outage (as in a statement)
 * difference  credit after less before
 */
#include "render/versus.h"

#include <assert.h>

static const char *const side_keys[SIDES] = {"before", "after"};

void versus_json_open(struct json *j, struct buf *out, bool pretty, const char *key)
{
	json_init(j, out, pretty);
	json_open_object(j);
	json_kv_int(j, key, 1);
}

static void put_tally(struct json *j, const struct tally *t)
{
	json_open_object(j);
	json_kv_int(j, "windows", t->windows);
	json_kv_int(j, "missed", t->missed);
	json_kv_int(j, "samples", t->samples);
	json_kv_int(j, "late", t->late);
	json_kv_int(j, "breaches", t->breaches);
	json_exact(j, "exact", t->exact);
	json_money(j, "credit", t->credit);
	json_end_object(j);
}

void versus_json_tallies(struct json *j, const struct tally tally[SIDES])
{
	for (size_t s = BEFORE; s < SIDES; s++) {
		json_key(j, side_keys[s]);
		put_tally(j, &tally[s]);
	}
}

void versus_json_difference(struct json *j, const struct comparison *c)
{
	json_money(j, "difference", c->difference);
}

static void put_window_of(struct json *j, const struct versus *v, const struct compared_window *w)
{
	json_kv_text(j, "metric", v->c->metrics[w->metric].id);
	json_instant(j, "from", w->window.from);
	json_instant(j, "to", w->window.to);
}

void versus_json_windows(struct json *j, const struct versus *v)
{
	json_open_array(j);
	for (size_t i = 0; i < v->c->n_windows; i++) {
		const struct compared_window *w = &v->c->windows[i];

		json_open_object(j);
		put_window_of(j, v, w);
		json_kv_bool(j, "changed", w->changed);
		json_key(j, "tallies");
		json_open_object(j);
		versus_json_tallies(j, w->tally);
		json_end_object(j);
		for (size_t s = BEFORE; s < SIDES; s++) {
			if (w->of[s] == NO_INDEX)
				continue;
			json_key(j, side_keys[s]);
			json_window(j, &v->side[s], w->of[s], false);
		}
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_part_side(struct json *j, const struct versus *v, const struct compared_part *p,
			  enum side s)
{
	static const char *const states[] = {"no", "in_time", "late", "value"};

	json_open_object(j);
	if (p->clock[s] != NO_INDEX) {
		assert((size_t)p->state[s] < ARRAY_SIZE(states));
		json_kv_str(j, "counts", states[p->state[s]]);
		json_key(j, "case");
		json_clock(j, &v->side[s], p->clock[s], false);
	}
	if (p->outage[s] != NULL) {
		const struct compared_window *w = &v->c->windows[p->window];
		uint16_t version = v->c->of[s]->windows[w->of[s]].version;

		json_key(j, "outage");
		json_outage(j, &v->side[s], report_promise(&v->side[s], version), p->outage[s]);
	}
	json_end_object(j);
}

static void put_item(struct json *j, const struct versus *v, const struct compared_item *x)
{
	static const char *const kinds[] = {"case", "outage", "window"};

	assert((size_t)x->kind < ARRAY_SIZE(kinds));
	json_open_object(j);
	json_kv_str(j, "kind", kinds[x->kind]);
	if (x->subject != 0)
		json_kv_text(j, "about",
			     symbol_text(v->c->of[AFTER]->in.facts->symbols, x->subject));
	json_instant(j, "since", x->start);
	json_money(j, "share", x->share);
	json_kv_bool(j, "verdict_differs", x->verdict);
	json_kv_int(j, "change_ms", x->change_ms);
	json_key(j, "parts");
	json_open_array(j);
	for (size_t i = 0; i < x->n_parts; i++) {
		const struct compared_part *p = &x->parts[i];

		json_open_object(j);
		put_window_of(j, v, &v->c->windows[p->window]);
		json_money(j, "share", p->share);
		for (size_t s = BEFORE; s < SIDES; s++) {
			json_key(j, side_keys[s]);
			put_part_side(j, v, p, (enum side)s);
		}
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

void versus_json_items(struct json *j, const struct versus *v)
{
	json_open_array(j);
	for (size_t i = 0; i < v->c->n_items; i++)
		put_item(j, v, &v->c->items[i]);
	json_end_array(j);
}
