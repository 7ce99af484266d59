/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/windows.h"

#include "base/buf.h"

#include <assert.h>
#include <string.h>

static day month_of(const struct promise *p, instant t)
{
	struct civil c = civil_of(zone_day(p->zone, t));

	return day_of(c.year, c.month, 1);
}

instant window_month(const struct promise *p, instant t, int32_t months)
{
	return zone_midnight(p->zone, day_add_months(month_of(p, t), months));
}

static struct span months_from(const struct promise *p, day first, int32_t months)
{
	return (struct span){zone_midnight(p->zone, first),
			     zone_midnight(p->zone, day_add_months(first, months))};
}

struct span window_at(const struct promise *p, enum window_kind kind, instant t)
{
	day month = month_of(p, t), next = day_add_months(month, 1);
	struct civil c = civil_of(month);

	switch (kind) {
	case WINDOW_CALENDAR_QUARTER:
		return months_from(p, day_of(c.year, c.month - (c.month - 1) % 3, 1), 3);
	case WINDOW_CALENDAR_YEAR:
		return months_from(p, day_of(c.year, 1, 1), 12);
	case WINDOW_ROLLING_30D:
		return (struct span){zone_midnight(p->zone, next - 30),
				     zone_midnight(p->zone, next)};
	case WINDOW_ROLLING_90D:
		return (struct span){zone_midnight(p->zone, next - 90),
				     zone_midnight(p->zone, next)};
	case WINDOW_ROLLING_12MO:
		return months_from(p, day_add_months(next, -12), 12);
	case WINDOW_CALENDAR_MONTH:
	case WINDOW_UNSAID:
		break;
	}
	return months_from(p, month, 1);
}

static bool rolling(enum window_kind kind)
{
	return kind == WINDOW_ROLLING_30D || kind == WINDOW_ROLLING_90D ||
	       kind == WINDOW_ROLLING_12MO;
}

void window_label(const struct promise *p, enum window_kind kind, struct span window, char out[24])
{
	struct civil c = civil_of(zone_day(p->zone, window.from));
	struct buf b;

	buf_init(&b, 23);
	switch (kind) {
	case WINDOW_CALENDAR_QUARTER:
		buf_i64_pad(&b, c.year, 4);
		buf_str(&b, "-Q");
		buf_i64(&b, (c.month - 1) / 3 + 1);
		break;
	case WINDOW_CALENDAR_YEAR:
		buf_i64_pad(&b, c.year, 4);
		break;
	case WINDOW_ROLLING_30D:
	case WINDOW_ROLLING_90D:
	case WINDOW_ROLLING_12MO:
		buf_str(&b, kind == WINDOW_ROLLING_30D   ? "30d to "
			    : kind == WINDOW_ROLLING_90D ? "90d to "
							 : "12mo to ");
		day_print(&b, zone_day(p->zone, window.to) - 1);
		break;
	case WINDOW_CALENDAR_MONTH:
	case WINDOW_UNSAID:
		buf_i64_pad(&b, c.year, 4);
		buf_char(&b, '-');
		buf_i64_pad(&b, c.month, 2);
		break;
	}
	memset(out, 0, 24);
	memcpy(out, b.p, b.n);
	buf_free(&b);
}

bool window_of_label(const struct promise *p, struct text label, struct span *out)
{
	struct text year = text_sub(label, 0, label.n < 4 ? label.n : 4);
	int64_t y;
	day month;

	if (month_parse(label, &month)) {
		*out = months_from(p, month, 1);
		return true;
	}
	if (year.n != 4 || !text_digits(year, &y) || y < 1970)
		return false;
	if (label.n == 4) {
		*out = months_from(p, day_of((int32_t)y, 1, 1), 12);
		return true;
	}
	if (label.n != 7 || label.p[4] != '-' || label.p[5] != 'Q' || label.p[6] < '1' ||
	    label.p[6] > '4')
		return false;
	*out = months_from(p, day_of((int32_t)y, (label.p[6] - '1') * 3 + 1, 1), 3);
	return true;
}

instant window_applies_from(const struct promise *p)
{
	if (p->service_start == INSTANT_NONE)
		return INSTANT_MIN;
	if (!p->applies_from_first_full_month)
		return p->service_start;

	instant month = window_month(p, p->service_start, 0);

	return month == p->service_start ? month : window_month(p, p->service_start, 1);
}

/* --- reports --- */

/* R12: a delivery happens when it is recorded; earlier only if the receiving party says or accepts so. */
static instant delivered_at(const struct view *v, uint32_t i)
{
	const struct fact *f = view_fact(v, i);

	return f->party == PARTY_CLIENT || v->accepted[i] != 0 ? f->occurred_at : f->recorded_at;
}

/* The first delivery to a role, or to all; NO_FACT: none. */
static uint32_t delivery_to(const struct view *v, symbol window, const struct text *role)
{
	struct fact_run run = v->kinds[FACT_REPORT_DELIVERED];
	symbol word = role == NULL ? 0 : symbol_find(v->facts->symbols, *role);
	uint32_t best = NO_FACT;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		symbol to = fact_word(f, FIELD_TO_ROLE);

		if (f->subject != window || (to != 0 && role != NULL && to != word))
			continue;
		if (best == NO_FACT || delivered_at(v, run.v[i]) < delivered_at(v, best))
			best = run.v[i];
	}
	return best;
}

instant report_delivered(const struct view *v, const struct promise *p, struct text label,
			 uint32_t *fact)
{
	symbol window = symbol_find(v->facts->symbols, label);
	instant last = INSTANT_NONE;

	*fact = NO_FACT;
	if (window == 0)
		return INSTANT_NONE;

	size_t n = p->reporting.n_to == 0 ? 1 : p->reporting.n_to;

	for (size_t i = 0; i < n; i++) {
		const struct text *role = p->reporting.n_to == 0 ? NULL : &p->reporting.to[i];
		uint32_t delivery = delivery_to(v, window, role);

		if (delivery == NO_FACT)
			return INSTANT_NONE;
		if (*fact == NO_FACT || delivered_at(v, delivery) > last) {
			last = delivered_at(v, delivery);
			*fact = delivery;
		}
	}
	return last;
}

struct report {
	struct span window;
	symbol label;
	instant delivered;
};

static struct report *reports_of(const struct view *v, const struct promise *p, size_t *n)
{
	struct fact_run run = v->kinds[FACT_REPORT_DELIVERED];
	struct report *out = arena_array(v->arena, struct report, run.n);

	*n = 0;
	for (size_t i = 0; i < run.n; i++) {
		struct report r = {.label = view_fact(v, run.v[i])->subject};
		struct text label = symbol_text(v->facts->symbols, r.label);
		bool seen = false;
		uint32_t fact;

		for (size_t k = 0; k < *n; k++)
			seen = seen || out[k].label == r.label;
		if (seen || !window_of_label(p, label, &r.window))
			continue;
		r.delivered = report_delivered(v, p, label, &fact);
		if (r.delivered != INSTANT_NONE)
			out[(*n)++] = r;
	}
	return out;
}

/* R18. The end of a maintenance or of a duty takes nothing away that the announcement had not asked for. */
static bool excusing(const struct fact *f)
{
	switch ((int)f->kind) {
	case FACT_TICKET_WAITING_CLIENT:
	case FACT_TICKET_WAITING_VENDOR:
	case FACT_TICKET_SCHEDULED:
	case FACT_TICKET_PRIORITY_SET:
	case FACT_MAINTENANCE_ANNOUNCED:
	case FACT_FORCE_MAJEURE_DECLARED:
	case FACT_OBLIGATION_REQUESTED:
	case FACT_OBLIGATION_BREACHED:
	case FACT_SUPPLIER_STATED:
	case FACT_DOWNTIME_ASKED:
	case FACT_SUSPENSION_BEGAN:
		return true;
	case FACT_TICKET_SCOPE_SET:
		return !fact_truth(f, FIELD_IN_SCOPE, true);
	default:
		return false;
	}
}

/* Facts about reports, claims and other facts restate nothing. */
static bool measures(const struct fact *f)
{
	return f->kind < FACT_CAUSE_LINKED || f->kind > FACT_DISPUTE_SETTLED;
}

void view_reports(struct view *v, const struct promise *p)
{
	size_t n;
	const struct report *reports = reports_of(v, p, &n);

	for (size_t i = 0; i < v->all.n && n > 0; i++) {
		const struct fact *f = view_fact(v, v->all.v[i]);

		if (!measures(f))
			continue;
		for (size_t k = 0; k < n; k++) {
			if (f->recorded_at <= reports[k].delivered ||
			    f->occurred_at < reports[k].window.from ||
			    f->occurred_at >= reports[k].window.to)
				continue;
			v->flags[v->all.v[i]] |= FLAG_RESTATING;
			if (f->party != PARTY_CLIENT && v->accepted[v->all.v[i]] == 0 &&
			    excusing(f))
				v->waits[v->all.v[i]] = 1;
		}
	}
}

/* --- which windows --- */

struct metric_keys metric_keys_make(struct arena *a, const struct version *versions, size_t n)
{
	struct metric_keys keys = {0, arena_array(a, uint16_t *, n)};
	struct text *ids = NULL;
	size_t cap = 0;

	for (size_t i = 0; i < n; i++) {
		size_t v = n - 1 - i;
		const struct promise *p = versions[v].promise;

		keys.of[v] = arena_array(a, uint16_t, p->n_metrics);
		for (size_t m = 0; m < p->n_metrics; m++) {
			size_t k = 0;

			while (k < keys.n && !text_eq(ids[k], p->metrics[m].id))
				k++;
			if (k == keys.n) {
				ids = arena_grow(a, ids, keys.n, &cap, sizeof(*ids));
				ids[keys.n++] = p->metrics[m].id;
			}
			keys.of[v][m] = (uint16_t)k;
		}
	}
	return keys;
}

struct making {
	struct arena *arena;
	const struct evaluation *in;
	const struct metric_keys *keys;
	struct span range;  /* windows that touch it are made */
	instant begin, end; /* the service's */
	struct window_result *v;
	size_t n, cap;
};

static int metric_of_key(const struct making *m, size_t version, size_t key)
{
	for (size_t i = 0; i < m->in->versions[version].promise->n_metrics; i++)
		if (m->keys->of[version][i] == key)
			return (int)i;
	return -1;
}

static instant version_end(const struct making *m, size_t version)
{
	return version + 1 < m->in->n_versions ? m->in->versions[version + 1].from : INSTANT_MAX;
}

/* R20: the version in force at the first instant; a metric that was not there yet follows the first version that has it. */
static bool owns(const struct making *m, size_t version, size_t key, struct span window, bool roll)
{
	size_t first = 0;

	while (first + 1 < m->in->n_versions && m->in->versions[first + 1].from <= window.from)
		first++;
	if (!roll || metric_of_key(m, first, key) >= 0)
		return first == version;
	while (first < version && metric_of_key(m, first, key) < 0)
		first++;
	return first == version && m->in->versions[version].from < window.to;
}

/* FK-29: with `split` a change of terms cuts the window; the rule is that of the version that is changed (CL-51). */
static bool split_part(const struct making *m, size_t version, size_t key, struct span window,
		       bool roll, struct span *part)
{
	const struct version *all = m->in->versions;

	*part = window;
	if (roll)
		return owns(m, version, key, window, roll);
	if (version > 0 && all[version].from > window.from) {
		if (all[version].from >= window.to || !all[version - 1].promise->amendments_split)
			return false;
		part->from = all[version].from;
	}
	if (version_end(m, version) <= part->from)
		return false;
	if (version_end(m, version) < window.to && all[version].promise->amendments_split)
		part->to = version_end(m, version);
	return true;
}

/* R43, FK-10: the part inside the term, and why the calendar alone leaves a window unjudged. */
static void place_window(const struct making *m, const struct metric *metric,
			 struct window_result *w)
{
	struct span inside = w->judged;

	if (inside.from < m->begin)
		inside.from = m->begin;
	if (inside.to > m->end)
		inside.to = m->end;
	if (inside.from >= inside.to) {
		w->judged = (struct span){w->judged.from, w->judged.from};
		w->why_not = NJ_OUTSIDE_TERM;
		return;
	}

	bool partial = inside.from != w->judged.from || inside.to != w->judged.to;

	if (metric->partial != PARTIAL_FULL)
		w->judged = inside;
	if (partial && metric->partial == PARTIAL_EXCLUDE)
		w->why_not = NJ_PARTIAL;
	else if (w->window.from < window_applies_from(m->in->versions[w->version].promise) &&
		 m->in->versions[w->version].promise->applies_from_first_full_month)
		w->why_not = NJ_BEFORE_APPLIES;
	else if (w->judged.from > m->in->as_of)
		w->why_not = NJ_RUNNING;
}

static void add_windows(struct making *m, size_t version, int index)
{
	const struct promise *p = m->in->versions[version].promise;
	const struct metric *metric = &p->metrics[index];
	size_t key = m->keys->of[version][index];
	bool roll = rolling(metric->window);
	instant at = m->range.from;

	while (at < m->range.to) {
		struct span window = window_at(p, metric->window, at), part;

		at = roll ? window_month(p, at, 1) : window.to;
		if (!split_part(m, version, key, window, roll, &part))
			continue;
		m->v = arena_grow(m->arena, m->v, m->n, &m->cap, sizeof(*m->v));

		struct window_result *w = &m->v[m->n++];

		*w = (struct window_result){
			.version = (uint16_t)version,
			.metric = (uint16_t)index,
			.kind = metric->window,
			.window = window,
			.judged = part,
			.verdict = VERDICT_NOT_JUDGED,
			.running = part.to > m->in->as_of,
			.report_due = INSTANT_NONE,
			.report_delivered = INSTANT_NONE,
		};
		window_label(p, metric->window, window, w->label);
		place_window(m, metric, w);
	}
}

static bool before(const struct window_result *x, const struct window_result *y)
{
	if (x->window.to != y->window.to)
		return x->window.to < y->window.to;
	return x->judged.from < y->judged.from;
}

/* Versions come in order, so little is out of place: only where kinds of windows changed. */
static void sort_windows(struct window_result *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct window_result w = v[i];
		size_t at = i;

		for (; at > 0 && before(&w, &v[at - 1]); at--)
			v[at] = v[at - 1];
		v[at] = w;
	}
}

/* The first instant that counts: the start of the service, or the first fact if that is later; the period in any case. */
static struct span range_of(const struct evaluation *in, const struct view *v, instant begin)
{
	struct span range = in->period;
	instant first = begin;

	if (v->all.n > 0 && view_fact(v, v->all.v[0])->occurred_at > first)
		first = view_fact(v, v->all.v[0])->occurred_at;
	if (v->all.n == 0)
		first = in->period.from;
	if (in->past != NULL && in->past->first != INSTANT_MAX &&
	    (v->all.n == 0 || in->past->first < view_fact(v, v->all.v[0])->occurred_at))
		first = in->past->first > begin ? in->past->first : begin;
	if (first != INSTANT_MIN && first < range.from)
		range.from = first;
	if (in->as_of > range.to)
		range.to = in->as_of;
	return range;
}

size_t windows_make(struct arena *a, const struct evaluation *in, const struct view *v,
		    const struct metric_keys *keys, struct window_result **out)
{
	const struct promise *last = in->versions[in->n_versions - 1].promise;
	instant begin = in->versions[0].promise->service_start;
	struct making m = {
		.arena = a,
		.in = in,
		.keys = keys,
		.begin = begin == INSTANT_NONE ? INSTANT_MIN : begin,
		.end = last->end == INSTANT_NONE ? INSTANT_MAX : last->end,
	};

	m.range = range_of(in, v, m.begin);
	/* Nothing is promised after the end; the period is shown all the same. */
	if (m.range.to > m.end)
		m.range.to = m.end > in->period.to ? m.end : in->period.to;
	for (size_t k = 0; k < keys->n; k++) {
		size_t from = m.n;

		for (size_t version = 0; version < in->n_versions; version++) {
			int metric = metric_of_key(&m, version, k);

			if (metric >= 0)
				add_windows(&m, version, metric);
		}
		sort_windows(m.v + from, m.n - from);
	}
	*out = m.v;
	return m.n;
}

void window_hull(struct span *hull, struct span window)
{
	if (hull->from == hull->to)
		*hull = window;
	hull->from = window.from < hull->from ? window.from : hull->from;
	hull->to = window.to > hull->to ? window.to : hull->to;
}

const struct window_result *window_counterpart(const struct outcome *o,
					       const struct window_result *of)
{
	for (size_t i = 0; i < o->n_windows; i++) {
		const struct window_result *w = &o->windows[i];

		if (w->version == of->version && w->metric == of->metric &&
		    w->window.from == of->window.from && w->judged.from == of->judged.from)
			return w;
	}
	return NULL;
}
