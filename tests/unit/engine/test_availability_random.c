/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Availability against an oracle that knows no interval: it asks of each minute, one after another, what every component was.
 * Random histories in all modes; then two properties: a split outage changes nothing, an additional excuse never lowers a value
 * under count_as_up (sla.md section 12).
 */
#include "unit/engine/availability_fixture.h"
#include "unit/money/random.h"

/* Minutes from Monday 2026-03-30T00:00Z; New York is 4 h behind all along, its April begins at minute 3120. */
#define START "2026-03-30T00:00:00Z"
enum { GRID = 6 * 1440, FROM = 1440, TO = 5 * 1440, APRIL_AT = 2 * 1440 + 240, COMPONENTS = 4 };
enum { OUTAGES = 24, SAMPLES = 120, CLAIMS = 8, COVERS = 2, HISTORIES = 400 };

struct down {
	int from, to; /* to < 0: no end */
	bool degraded;
	unsigned assets;
};

struct sample {
	int at, component;
	int seen; /* 0 unknown, 1 up, 2 degraded, 3 down */
};

struct excusing {
	int cause; /* 0 scheduled, 1 emergency, 2 force majeure */
	int from, to;
	unsigned assets; /* 0: all */
};

struct history {
	int n; /* components */
	int as_of;
	struct down outages[2 * OUTAGES];
	int n_outages;
	struct sample samples[SAMPLES];
	int n_samples;
	struct excusing excuses[CLAIMS + 1];
	int n_excuses;
	struct {
		int from, to;
	} covers[COVERS];
	int n_covers;
	int interval, down_after, min_outage, max_h, k;
	enum group group;
	enum unknown_time unknown;
	enum degraded degraded;
	enum excluded_time how;
	bool office;  /* schedule Monday to Friday 09:00 to 17:00 local */
	int order[3]; /* causes in the order of `exclude` */
	int n_rules;
	int weights[COMPONENTS];
};

struct sums {
	int64_t agreed, base_twice, down, as_up, dropped, blind;
};

struct judged_window {
	struct sums all, members[COMPONENTS];
	struct fraction value;
	bool value_set;
};

static int pick(int from, int to)
{
	return (int)random_between(from, to);
}

static unsigned some_assets(int n)
{
	return (unsigned)pick(1, (1 << n) - 1);
}

static void random_facts(struct history *h)
{
	unsigned probed = (unsigned)pick(0, (1 << h->n) - 1);

	h->n_outages = pick(0, OUTAGES);
	for (int i = 0; i < h->n_outages; i++) {
		int from = pick(0, GRID - 2), length = pick(0, 3) == 0 ? pick(0, 900) : pick(0, 15);

		h->outages[i] =
			(struct down){from, from + length, pick(0, 3) == 0, some_assets(h->n)};
		if (pick(0, 12) == 0)
			h->outages[i].to = -1;
	}
	for (int i = 0; i < SAMPLES; i++) {
		struct sample s = {pick(0, GRID - 1), pick(0, h->n - 1), pick(0, 9)};
		bool twice = false;

		for (int k = 0; k < h->n_samples; k++)
			twice = twice || (h->samples[k].at == s.at &&
					  h->samples[k].component == s.component);
		if (twice || (probed >> s.component & 1) == 0)
			continue;
		/* often close together, so that runs and intervals matter */
		s.seen = s.seen < 1 ? 0 : s.seen < 6 ? 1 : s.seen < 7 ? 2 : 3;
		h->samples[h->n_samples++] = s;
	}
	h->n_covers = pick(0, COVERS);
	for (int i = 0; i < h->n_covers; i++) {
		h->covers[i].from = pick(0, GRID / 2);
		h->covers[i].to = h->covers[i].from + pick(1, GRID);
	}
	h->n_excuses = pick(0, CLAIMS);
	for (int i = 0; i < h->n_excuses; i++) {
		int from = pick(0, GRID - 2);

		h->excuses[i] = (struct excusing){pick(0, 2), from, from + pick(1, 700),
						  pick(0, 1) == 0 ? 0 : some_assets(h->n)};
	}
}

static void random_terms(struct history *h)
{
	static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					 {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	int order = pick(0, 5);

	h->interval = pick(0, 1) * pick(1, 200);
	h->down_after = pick(1, 3);
	h->min_outage = pick(0, 1) * pick(1, 20);
	h->max_h = pick(0, 1) * pick(1, 10);
	h->group = (enum group)pick(GROUP_ANY_DOWN, GROUP_WEIGHTED);
	h->k = pick(1, h->n);
	h->unknown = (enum unknown_time)pick(UNKNOWN_EXCLUDE, UNKNOWN_DOWN);
	h->degraded = (enum degraded)pick(DEGRADED_DOWN, DEGRADED_HALF);
	h->how = (enum excluded_time)pick(EXCLUDED_REMOVE_BOTH, EXCLUDED_COUNT_AS_UP);
	h->office = pick(0, 2) == 0;
	h->n_rules = pick(0, 3);
	for (int i = 0; i < 3; i++)
		h->order[i] = orders[order][i];
	for (int i = 0; i < COMPONENTS; i++)
		h->weights[i] = pick(1, 5);
}

static void random_history(struct history *h)
{
	memset(h, 0, sizeof(*h));
	h->n = pick(1, COMPONENTS);
	h->as_of = pick(0, 2) == 0 ? pick(FROM + 1, GRID) : GRID;
	random_facts(h);
	random_terms(h);
}

/* --- the engine's answer --- */

static const char *minute(char out[40], int m)
{
	struct buf b;

	buf_init(&b, 40);
	instant_print(&b, at(START) + m * MINUTE_MS);
	memcpy(out, b.p, b.n);
	out[b.n] = '\0';
	buf_free(&b);
	return out;
}

static const char *assets_of(char out[64], unsigned set)
{
	out[0] = '\0';
	for (int i = 0; i < COMPONENTS; i++)
		if ((set >> i & 1) != 0)
			(void)snprintf(out + strlen(out), 64 - strlen(out), " assets=%c", 'a' + i);
	return out;
}

static void tell_excuse(struct fixture *x, int i, const struct excusing *e)
{
	char words[300], from[40], to[40], assets[64];

	(void)assets_of(assets, e->assets);
	if (e->cause < 2) {
		(void)snprintf(words, sizeof(words),
			       "maintenance.announced maintenance=m%d from=%s to=%s work=%s%s", i,
			       minute(from, e->from), minute(to, e->to),
			       e->cause == 0 ? "routine" : "emergency", assets);
		(void)fact_add(x, "2026-03-01T00:00:00Z", words);
		return;
	}
	(void)snprintf(words, sizeof(words), "force_majeure.declared event=f%d event_kind=war%s", i,
		       assets);
	(void)fact_add(x, minute(from, e->from), words);
	(void)snprintf(words, sizeof(words), "force_majeure.ended event=f%d", i);
	(void)fact_add(x, minute(to, e->to), words);
}

static void tell_facts(struct fixture *x, const struct history *h)
{
	static const char *const states[] = {"unknown", "up", "degraded", "down"};
	char words[200], id[16], from[40], to[40], assets[64];

	for (int i = 0; i < h->n_covers; i++)
		watched(x, minute(from, h->covers[i].from), minute(to, h->covers[i].to));
	for (int i = 0; i < h->n_outages; i++) {
		const struct down *d = &h->outages[i];

		(void)snprintf(id, sizeof(id), "o%d", i);
		(void)snprintf(words, sizeof(words), "severity=%s%s",
			       d->degraded ? "degraded" : "down", assets_of(assets, d->assets));
		outage_add(x, id, words, minute(from, d->from),
			   d->to < 0 ? NULL : minute(to, d->to));
	}
	for (int i = 0; i < h->n_samples; i++) {
		(void)snprintf(words, sizeof(words), "probe.sample asset=%c state=%s",
			       'a' + h->samples[i].component, states[h->samples[i].seen]);
		(void)fact_by(x, PARTY_MONITOR, minute(from, h->samples[i].at), NULL, words);
	}
	for (int i = 0; i < h->n_excuses; i++)
		tell_excuse(x, i, &h->excuses[i]);
}

static const struct calendar *office_hours(struct fixture *x)
{
	static const struct day_range hours_of_day = {540, 1020};
	struct calendar_spec spec = {.id = text_of("office"), .zone = x->p.zone};
	const struct calendar *c = NULL;
	struct err err = {0};

	for (int d = 0; d < 5; d++) {
		spec.week[d].v = &hours_of_day;
		spec.week[d].n = 1;
	}
	if (calendar_new(x->arena, &spec, &c, &err) != RC_OK)
		printf("Bail out! %s\n", err.message);
	return c;
}

static void tell_terms(struct fixture *x, const struct history *h)
{
	static const enum excuse_cause causes[] = {
		CAUSE_SCHEDULED_MAINTENANCE, CAUSE_EMERGENCY_MAINTENANCE, CAUSE_FORCE_MAJEURE};
	struct metric *m = &x->metric;

	x->as_of = at(START) + h->as_of * MINUTE_MS;
	x->p.force_majeure.events = 1u << 6;
	m->n_scope = (size_t)h->n;
	m->group = h->group;
	m->k = h->k;
	m->unknown = h->unknown;
	m->degraded = h->degraded;
	m->excluded_time = h->how;
	m->min_outage_ms = h->min_outage * MINUTE_MS;
	m->measured_by.interval_ms = h->interval * MINUTE_MS;
	m->measured_by.down_after = h->down_after;
	m->schedule = h->office ? office_hours(x) : NULL;
	for (int i = 0; i < h->n_rules; i++) {
		struct exclude_rule *r = rule_add(x, causes[h->order[i]]);

		if (h->order[i] == 0 && h->max_h > 0) {
			r->max = hours(h->max_h);
			r->per = WINDOW_CALENDAR_MONTH;
		}
	}
	for (int i = 0; i < COMPONENTS; i++)
		x->weights[i] = fraction_of(h->weights[i], 1);
}

static struct sums sums_of(const struct availability *v)
{
	return (struct sums){v->agreed_ms,     2 * v->base_ms, v->down_ms,
			     v->down_as_up_ms, v->dropped_ms,  v->unknown_ms};
}

/* The strip must cover the window, and what it shows must be what is told. */
static bool strip_is_sound(const struct history *h, const struct availability *v)
{
	int64_t sum[AV_DEGRADED + 1] = {0}, counted = 0;
	instant t = at(START) + FROM * MINUTE_MS;
	int to = h->as_of < TO ? h->as_of : TO;

	for (size_t i = 0; i < v->n_pieces; i++) {
		if (v->pieces[i].span.from != t)
			return false;
		t = v->pieces[i].span.to;
		sum[v->pieces[i].state] += t - v->pieces[i].span.from;
	}
	for (size_t i = 0; i < v->n_outages; i++)
		counted += v->outages[i].counted_ms;
	return t == at(START) + to * MINUTE_MS && sum[AV_EXCUSED] == v->excused_ms &&
	       sum[AV_DROPPED] == v->dropped_ms && counted == (v->down_ms + v->down_as_up_ms) / 2 &&
	       v->agreed_ms == v->base_ms + v->removed_ms;
}

static struct judged_window answer(const struct history *h, bool *sound)
{
	struct fixture x;
	struct judged_window out;

	memset(&out, 0, sizeof(out));
	fixture_init(&x);
	tell_facts(&x, h);
	tell_terms(&x, h);

	char from[40], to[40];
	struct window_result w = judged(&x, minute(from, FROM), minute(to, TO));

	out.all = sums_of(w.availability);
	*sound = w.availability->n_members > 0 || strip_is_sound(h, w.availability);
	for (size_t i = 0; i < w.availability->n_members; i++) {
		out.members[i] = sums_of(&w.availability->members[i]);
		*sound = *sound && strip_is_sound(h, &w.availability->members[i]);
	}
	out.value = w.value;
	out.value_set = w.value_set;
	fixture_free(&x);
	return out;
}

/* --- the oracle --- */

static int seen_grid[COMPONENTS][GRID]; /* 0 unknown, 1 up, 2 degraded, 3 down */
static bool excused_grid[COMPONENTS][GRID + 1];
static bool agreed_grid[GRID];
static int raw_grid[GRID];
static bool short_grid[GRID];

/* The nearest sample with a state, from index i on in that direction by time; -1: none. */
static int neighbour(const struct history *h, int component, int after, int before, bool last)
{
	int best = -1;

	for (int i = 0; i < h->n_samples; i++) {
		const struct sample *s = &h->samples[i];

		if (s->component != component || s->seen == 0 || s->at > h->as_of ||
		    s->at < after || s->at > before)
			continue;
		if (best < 0 || (last ? s->at > h->samples[best].at : s->at < h->samples[best].at))
			best = i;
	}
	return best;
}

static int failures_around(const struct history *h, int component, int i)
{
	int n = 1;

	for (int k = neighbour(h, component, h->samples[i].at + 1, GRID, false);
	     k >= 0 && h->samples[k].seen != 1;
	     k = neighbour(h, component, h->samples[k].at + 1, GRID, false))
		n++;
	for (int k = neighbour(h, component, 0, h->samples[i].at - 1, true);
	     k >= 0 && h->samples[k].seen != 1;
	     k = neighbour(h, component, 0, h->samples[k].at - 1, true))
		n++;
	return n;
}

static int sampled(const struct history *h, int component, int t)
{
	int i = neighbour(h, component, 0, t, true);

	if (i < 0)
		return 0;

	const struct sample *s = &h->samples[i];
	int k = neighbour(h, component, s->at + 1, GRID, false);
	int next = k < 0 ? h->as_of : h->samples[k].at;
	bool down = s->seen != 1 && failures_around(h, component, i) >= h->down_after;
	bool blind = h->interval > 0 && next - s->at > 3 * h->interval && t >= s->at + h->interval;

	for (int u = 0; u < h->n_samples; u++)
		blind = blind || (h->samples[u].component == component && h->samples[u].seen == 0 &&
				  h->samples[u].at > s->at && h->samples[u].at <= t);
	if (blind && !(down && k >= 0 && h->samples[k].seen != 1))
		return 0;
	return down ? s->seen : 1;
}

static void fill_seen(const struct history *h)
{
	for (int c = 0; c < h->n; c++) {
		bool probed = neighbour(h, c, 0, GRID, false) >= 0;

		for (int i = 0; i < h->n_samples; i++)
			probed = probed ||
				 (h->samples[i].component == c && h->samples[i].at <= h->as_of);
		for (int t = 0; t < GRID; t++) {
			int seen = probed ? sampled(h, c, t) : 0;

			for (int i = 0; i < h->n_covers && !probed; i++)
				if (h->covers[i].from <= t && t < h->covers[i].to)
					seen = 1;
			for (int i = 0; i < h->n_outages; i++) {
				const struct down *d = &h->outages[i];
				int worse = d->degraded ? 2 : 3;

				if ((d->assets >> c & 1) != 0 && d->from <= t &&
				    d->from <= h->as_of && (d->to < 0 || t < d->to) && worse > seen)
					seen = worse;
			}
			seen_grid[c][t] = seen;
		}
	}
}

static bool claims_minute(const struct history *h, int cause, int c, int t)
{
	for (int i = 0; i < h->n_excuses; i++) {
		const struct excusing *e = &h->excuses[i];

		if (e->cause != cause || t < e->from || t >= e->to ||
		    (e->assets != 0 && (e->assets >> c & 1) == 0))
			continue;
		if (cause < 2 || (e->from <= h->as_of && (e->to <= h->as_of || t < h->as_of)))
			return true;
	}
	return false;
}

static void fill_excused(const struct history *h)
{
	memset(excused_grid, 0, sizeof(excused_grid));
	for (int r = 0; r < h->n_rules; r++) {
		int used = 0, max = h->order[r] == 0 && h->max_h > 0 ? h->max_h * 60 : GRID;

		for (int t = 0; t < GRID; t++) {
			bool wanted = false;

			if (t == APRIL_AT)
				used = 0;
			for (int c = 0; c < h->n; c++)
				wanted = wanted || (!excused_grid[c][t] &&
						    claims_minute(h, h->order[r], c, t));
			if (!wanted || (agreed_grid[t] && used == max))
				continue;
			used += agreed_grid[t];
			for (int c = 0; c < h->n; c++)
				excused_grid[c][t] =
					excused_grid[c][t] || claims_minute(h, h->order[r], c, t);
		}
	}
}

static void fill_agreed(const struct history *h)
{
	for (int t = 0; t < GRID; t++) {
		int local = t + 1440 - 240, weekday = (local / 1440 + 6) % 7, of_day = local % 1440;

		agreed_grid[t] = !h->office || (weekday < 5 && of_day >= 540 && of_day < 1020);
	}
}

/* 1 up, 0 out, -1 down */
static int one_value(const struct history *h, int c, int t, bool with_excuses, bool degraded_down,
		     enum unknown_time unknown)
{
	int seen = seen_grid[c][t];

	if (with_excuses && excused_grid[c][t])
		return h->how == EXCLUDED_COUNT_AS_UP ? 1 : 0;
	if (seen == 0)
		return unknown == UNKNOWN_EXCLUDE ? 0 : unknown == UNKNOWN_UP ? 1 : -1;
	if (seen == 2)
		return degraded_down ? -1 : 1;
	return seen == 1 ? 1 : -1;
}

static int together(const struct history *h, int first, int n, int t, bool with_excuses,
		    bool degraded_down, enum unknown_time unknown)
{
	int up = 0, down = 0;

	for (int c = first; c < first + n; c++) {
		int v = one_value(h, c, t, with_excuses, degraded_down, unknown);

		up += v > 0;
		down += v < 0;
	}
	if (h->group == GROUP_ALL_DOWN)
		return up > 0 ? 1 : down == n ? -1 : 0;
	if (h->group == GROUP_K_OF_N)
		return up >= h->k ? 1 : n - down < h->k ? -1 : 0;
	return down > 0 ? -1 : up == n ? 1 : 0;
}

/* Runs of raw downtime shorter than the minimum. What is down from the first minute on was so for ever. */
static void fill_short(const struct history *h, int first, int n)
{
	int end = h->as_of < GRID ? h->as_of : GRID;

	memset(short_grid, 0, sizeof(short_grid));
	for (int t = 0; t < end; t++)
		raw_grid[t] = together(h, first, n, t, false, true, h->unknown);
	for (int t = 0; t < end;) {
		int from = t;

		while (t < end && raw_grid[t] < 0)
			t++;
		if (t == from) {
			t++;
			continue;
		}
		for (int i = from; i < t; i++)
			short_grid[i] = t - from < h->min_outage &&
					!(from == 0 && h->unknown == UNKNOWN_DOWN);
	}
}

static struct sums oracle_of(const struct history *h, int first, int n)
{
	struct sums s = {0};
	int end = h->as_of < TO ? h->as_of : TO;

	fill_short(h, first, n);
	for (int t = FROM; t < end; t++) {
		bool as_down = h->degraded != DEGRADED_UP,
		     as_up_down = h->degraded == DEGRADED_DOWN;
		int worst = together(h, first, n, t, true, as_down, h->unknown);
		int best = together(h, first, n, t, true, as_up_down, h->unknown);

		if (!agreed_grid[t])
			continue;
		s.agreed += MINUTE_MS;
		s.base_twice += (worst != 0 ? MINUTE_MS : 0) + (best != 0 ? MINUTE_MS : 0);
		s.down += worst < 0 && !short_grid[t] ? MINUTE_MS : 0;
		s.as_up += best < 0 && !short_grid[t] ? MINUTE_MS : 0;
		s.dropped += worst < 0 && short_grid[t] ? MINUTE_MS : 0;
	}
	return s;
}

static struct judged_window oracle(const struct history *h)
{
	struct judged_window out;
	bool alone = h->group == GROUP_MEAN || h->group == GROUP_WEIGHTED;
	i128 num = 0, den = 0;

	memset(&out, 0, sizeof(out));
	fill_seen(h);
	fill_agreed(h);
	fill_excused(h);
	for (int i = 0; i < (alone ? h->n : 1); i++) {
		struct sums s = oracle_of(h, i, alone ? 1 : h->n);
		int weight = h->group == GROUP_WEIGHTED ? h->weights[i] : 1;

		out.members[i] = s;
		out.all.agreed += s.agreed;
		out.all.base_twice += s.base_twice;
		out.all.down += s.down;
		out.all.as_up += s.as_up;
		out.all.dropped += s.dropped;
		num += (i128)weight * (s.base_twice - s.down - s.as_up);
		den += (i128)weight * s.base_twice;
	}
	out.value_set = den > 0;
	if (out.value_set)
		out.value = fraction_of(num, den);
	return out;
}

/* --- comparison --- */

static bool equal_sums(const struct sums *x, const struct sums *y)
{
	return x->agreed == y->agreed && x->base_twice == y->base_twice && x->down == y->down &&
	       x->as_up == y->as_up && x->dropped == y->dropped;
}

static bool equal_values(const struct judged_window *x, const struct judged_window *y)
{
	return x->value_set == y->value_set &&
	       (!x->value_set || fraction_cmp(x->value, y->value) == 0);
}

static void show(const char *who, const struct sums *s)
{
	note("%s: A %" PRId64 " A' %" PRId64 " D' %" PRId64 " as up %" PRId64 " dropped %" PRId64
	     " min",
	     who, s->agreed / MINUTE_MS, s->base_twice / MINUTE_MS / 2, s->down / MINUTE_MS,
	     s->as_up / MINUTE_MS, s->dropped / MINUTE_MS);
}

static void test_oracle(void)
{
	int wrong = 0, judged_n = 0, down_n = 0, unsound = 0;

	for (int i = 0; i < HISTORIES; i++) {
		struct history h;
		bool sound = false;

		random_history(&h);

		struct judged_window want = oracle(&h), got = answer(&h, &sound);

		judged_n += want.value_set;
		down_n += want.all.down > 0;
		unsound += !sound;
		if (equal_sums(&want.all, &got.all) && equal_values(&want, &got))
			continue;
		if (wrong++ < 3) {
			note("history %d: %d components, group %d, unknown %d, degraded %d, "
			     "excluded %d",
			     i, h.n, (int)h.group, (int)h.unknown, (int)h.degraded, (int)h.how);
			show("oracle", &want.all);
			show("engine", &got.all);
		}
	}
	is_i64(wrong, 0, "%d random histories agree with the oracle, minute by minute", HISTORIES);
	is_i64(unsound, 0, "every strip covers its window and sums to what is told");
	ok(judged_n > HISTORIES / 2 && down_n > HISTORIES / 3, "%d had a value, %d downtime",
	   judged_n, down_n);
}

/* Each outage told as two that touch. */
static void split_outages(struct history *h)
{
	int n = h->n_outages;

	for (int i = 0; i < n; i++) {
		struct down *d = &h->outages[i];
		int end = d->to < 0 ? GRID : d->to;

		if (end - d->from < 2)
			continue;

		int middle = pick(d->from + 1, end - 1);

		/* a second part that has not begun at as_of would leave a gap that nobody told of */
		if (middle > h->as_of)
			continue;
		h->outages[h->n_outages++] = (struct down){middle, d->to, d->degraded, d->assets};
		d->to = middle;
	}
}

static void test_split(void)
{
	int changed = 0, split = 0;

	for (int i = 0; i < HISTORIES / 2; i++) {
		struct history h;
		bool sound = false;

		random_history(&h);

		struct judged_window before = answer(&h, &sound);
		int n = h.n_outages;

		split_outages(&h);
		split += h.n_outages - n;

		struct judged_window after = answer(&h, &sound);

		changed += !equal_sums(&before.all, &after.all) || !equal_values(&before, &after) ||
			   before.all.blind != after.all.blind;
	}
	is_i64(changed, 0, "splitting %d outages changes nothing", split);
	ok(split > HISTORIES, "there was something to split");
}

static void test_more_excuses(void)
{
	int lower = 0, higher = 0;

	for (int i = 0; i < HISTORIES / 2; i++) {
		struct history h;
		bool sound = false;

		random_history(&h);
		h.how = EXCLUDED_COUNT_AS_UP;
		h.max_h =
			0; /* an allowance may be used up by the new excuse where nothing was down */
		h.n_rules = 3;

		struct judged_window before = answer(&h, &sound);
		int from = pick(FROM, TO - 2);

		h.excuses[h.n_excuses++] =
			(struct excusing){pick(0, 2), from, from + pick(1, 900), some_assets(h.n)};

		struct judged_window after = answer(&h, &sound);

		if (!before.value_set || !after.value_set)
			continue;
		lower += fraction_cmp(after.value, before.value) < 0;
		higher += fraction_cmp(after.value, before.value) > 0;
	}
	is_i64(lower, 0, "one more excuse never lowers a value under count_as_up");
	ok(higher > 10, "and raised %d", higher);
}

int main(void)
{
	random_start();
	test_oracle();
	test_split();
	test_more_excuses();
	return tap_done();
}
