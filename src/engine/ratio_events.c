/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ratios of events and requests, and counts (contract-language.md NF-3, sla.md R54). A ratio of requests adds requests, whole or
 * by slot; any other is a share of subjects: tickets closed in the window, of which so many were fixed at first contact.
 */
#include "engine/ratio.h"

/* A slot's ratio is kept in 10^-24: thousands of slots with denominators of their own have no common one that fits. */
#define SLOT_UNITS ((i128)1000000000000 * 1000000000000)

struct share {
	int64_t good, all;
};

static bool in_window(const struct window_result *w, instant t)
{
	return t >= w->judged.from && t < w->judged.to;
}

/* --- requests --- */

static bool counts_asset(const struct judging *j, const struct metric *m, const struct promise *p,
			 const struct fact *f)
{
	symbol asset = fact_word(f, FIELD_ASSET);

	if (m->n_scope == 0 || asset == 0)
		return true;
	for (size_t i = 0; i < m->n_scope; i++)
		if (text_eq(symbol_text(j->view->facts->symbols, asset), p->assets[m->scope[i]].id))
			return true;
	return false;
}

/* Adds up requests by slot (one slot if n_slots is 1): what starts in a slot belongs to it. */
static void add_requests(struct judging *j, const struct window_result *w, struct share *slots,
			 size_t n_slots, int64_t slot_ms)
{
	const struct metric *m = judged_metric(j, w);
	const struct promise *p = j->in->versions[w->version].promise;
	struct fact_run run = j->view->kinds[FACT_REQUESTS_COUNTED];

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(j->view, run.v[i]);
		instant at = fact_number(f, FIELD_SLOT, f->occurred_at);

		if (!in_window(w, at) || !counts_asset(j, m, p, f))
			continue;

		size_t slot = n_slots == 1 ? 0 : (size_t)((at - w->window.from) / slot_ms);
		int64_t requests = fact_number(f, FIELD_REQUESTS, 0);
		int64_t errors = fact_number(f, FIELD_ERRORS, 0);

		slots[slot].all += requests;
		slots[slot].good += errors > requests ? 0 : requests - errors;
	}
}

/*
 * R54: the mean of slot ratios, a slot without requests 100 %. Slots are cut from the window's start, so that a partial window
 * has the slots of the whole one; those that lie partly outside the judged part, or have not passed, are left out.
 */
static void judge_slots(struct judging *j, struct window_result *w, int64_t slot_ms)
{
	size_t n = (size_t)((w->window.to - w->window.from + slot_ms - 1) / slot_ms);
	struct share *slots = arena_array(j->arena, struct share, n);
	instant end = w->judged.to < j->in->as_of ? w->judged.to : j->in->as_of;
	i128 sum = 0;
	int64_t counted = 0;

	add_requests(j, w, slots, n, slot_ms);
	for (size_t i = 0; i < n; i++) {
		instant from = w->window.from + (int64_t)i * slot_ms, to = from + slot_ms;

		if (from >= end)
			break;
		to = to < w->window.to ? to : w->window.to;
		if (from < w->judged.from || to > end) {
			w->left_out_slots += from < w->judged.to && to > w->judged.from;
			continue;
		}
		counted++;
		w->empty_slots += slots[i].all == 0;
		sum += slots[i].all == 0
			       ? SLOT_UNITS
			       : SLOT_UNITS / slots[i].all * slots[i].good +
					 SLOT_UNITS % slots[i].all * slots[i].good / slots[i].all;
		w->samples += slots[i].all;
		w->in_time += slots[i].good;
	}
	w->slots = counted;
	if (w->samples > 0) {
		w->value_set = true;
		w->value = fraction_of(sum, counted * SLOT_UNITS);
	}
}

static void judge_requests(struct judging *j, struct window_result *w, int64_t slot_ms)
{
	if (slot_ms > 0) {
		judge_slots(j, w, slot_ms);
		return;
	}

	struct share all = {0, 0};

	add_requests(j, w, &all, 1, 0);
	w->samples = all.all;
	w->in_time = all.good;
	if (all.all > 0) {
		w->value_set = true;
		w->value = fraction_of(all.good, all.all);
	}
}

/* --- subjects --- */

/* The instant of an event of facts of its kind; false: the fact is not that event. */
static bool is_event(const struct judging *j, enum fact_event event, const struct fact *f)
{
	const struct ticket_words *words = &j->engine->reader->words;

	if (event == EVENT_ANSWERED || event == EVENT_PROVIDER_MESSAGE) {
		symbol author = fact_word(f, FIELD_AUTHOR),
		       visibility = fact_word(f, FIELD_VISIBILITY);

		return f->party == PARTY_PROVIDER && (author == 0 || author != words->automatic) &&
		       (visibility == 0 || visibility != words->internal);
	}
	return event != EVENT_CLIENT_MESSAGE || f->party == PARTY_CLIENT;
}

static struct fact_run facts_of(const struct judging *j, int event)
{
	return j->view->kinds[event_row((enum fact_event)event)->kind];
}

/*
 * Subjects with the total event in the window, once each, and how many of them have the good one at all. A first answer is one
 * event a ticket; so is any other here, because a ticket closed twice in a month is one ticket.
 */
static void judge_subjects(struct judging *j, struct window_result *w, const struct metric *m)
{
	uint8_t *seen = arena_array(j->arena, uint8_t, j->view->n_ticket_of);
	struct fact_run good = facts_of(j, m->good), total = facts_of(j, m->total);

	for (size_t i = 0; i < good.n; i++) {
		const struct fact *f = view_fact(j->view, good.v[i]);

		if (is_event(j, (enum fact_event)m->good, f))
			seen[f->subject] |= 1;
	}
	for (size_t i = 0; i < total.n; i++) {
		const struct fact *f = view_fact(j->view, total.v[i]);

		if (!in_window(w, f->occurred_at) || (seen[f->subject] & 2) != 0 ||
		    !is_event(j, (enum fact_event)m->total, f))
			continue;
		seen[f->subject] |= 2;
		w->samples++;
		w->in_time += seen[f->subject] & 1;
	}
	if (w->samples > 0) {
		w->value_set = true;
		w->value = fraction_of(w->in_time, w->samples);
	}
}

void judge_ratio(struct judging *j, struct window_result *w)
{
	const struct metric *m = judged_metric(j, w);

	if (m->good == EVENT_REQUESTS_GOOD || m->total == EVENT_REQUESTS_ALL)
		judge_requests(j, w, m->slot_ms);
	else if (m->good >= 0 && m->total >= 0)
		judge_subjects(j, w, m);
	w->target_set = m->target_set;
	w->target = m->target;
	if (w->value_set)
		w->shown = fraction_percent(w->value, m->decimals, ROUND_HALF_UP);
	if (w->why_not != JUDGED)
		return;
	if (!w->value_set)
		w->why_not = NJ_NO_SAMPLES;
	else if (w->samples < m->min_sample)
		w->why_not = NJ_SMALL_SAMPLE;
	else if (!m->target_set)
		w->why_not = NJ_NO_TARGET;
	else
		judge_by(w, decimal_cmp(w->shown, m->target) >= 0);
}

/* --- counts --- */

static int64_t count_clocks(const struct judging *j, const struct window_result *w)
{
	const struct clock_run *run = &j->stopped[j->keys->of[w->version][w->metric]];

	return (int64_t)(clock_run_from(run, w->judged.to) - clock_run_from(run, w->judged.from));
}

static int64_t count_facts(const struct judging *j, const struct window_result *w, int event)
{
	struct fact_run run = facts_of(j, event);
	int64_t n = 0;

	for (size_t i = 0; i < run.n; i++)
		n += in_window(w, view_fact(j->view, run.v[i])->occurred_at);
	return n;
}

/* How many values there are: tickets answered or restored in the window, surveys answered. None is a number too. */
void judge_count(struct judging *j, struct window_result *w)
{
	const struct metric *m = judged_metric(j, w);

	if (m->value >= 0) {
		w->samples = j->engine->plans[w->version][w->metric].shape != SHAPE_NONE
				     ? count_clocks(j, w)
				     : count_facts(j, w, m->value);
		w->value_set = true;
		w->value = fraction_of(w->samples, 1);
		w->shown = decimal_of(w->samples);
	}
	w->target_set = m->at_least_set || m->at_most_set;
	w->target = m->at_least_set ? m->at_least : m->at_most;
	if (w->why_not != JUDGED)
		return;
	if (!w->value_set || !w->target_set)
		w->why_not = w->target_set ? NJ_NO_SAMPLES : NJ_NO_TARGET;
	else
		judge_by(w, !(m->at_least_set && decimal_cmp(w->shown, m->at_least) < 0) &&
				    !(m->at_most_set && decimal_cmp(w->shown, m->at_most) > 0));
}
