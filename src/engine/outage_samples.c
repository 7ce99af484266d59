/* SPDX-License-Identifier: Apache-2.0 */
/* Probe samples of one component: confirmed failures, and when nothing is known (sla.md R44, W13). */
#include "engine/outage.h"

enum { BLIND_AFTER_INTERVALS = 3 };

struct probe {
	instant at;
	enum seen seen;
	instant blind; /* a sample said "unknown" here; INSTANT_NONE: none did */
	uint32_t fact;
	bool confirmed; /* part of a run of failures long enough to be an outage */
};

bool sample_of_system(const struct view *v, const struct measured_by *by, const struct fact *f)
{
	if (by->system.n == 0 || f->source >= v->facts->n_sources)
		return false;

	const struct fact_source *s = &v->facts->sources[f->source];

	return text_eq(by->system, s->name) || text_eq(by->system, s->format);
}

static enum seen seen_of(const struct view *v, const struct fact *f)
{
	struct text word = symbol_text(v->facts->symbols, fact_word(f, FIELD_STATE));

	if (text_is(word, "up"))
		return SEEN_UP;
	if (text_is(word, "down"))
		return SEEN_DOWN;
	return text_is(word, "degraded") ? SEEN_DEGRADED : SEEN_UNKNOWN;
}

/* R17: two voices give one instant two states: the one recorded first counts. One voice may change its mind. */
static bool outweighed(const struct view *v, const struct probe *before, uint32_t fact)
{
	const struct fact *x = view_fact(v, before->fact), *y = view_fact(v, fact);

	if (x->occurred_at != y->occurred_at || (x->source == y->source && x->party == y->party))
		return false;
	if (fact_word(x, FIELD_STATE) == fact_word(y, FIELD_STATE))
		return false;
	v->flags[before->fact] |= FLAG_CONTRADICTING;
	v->flags[fact] |= FLAG_CONTRADICTING;
	return x->recorded_at <= y->recorded_at;
}

/* Samples that show a state, each with the instant at which a later one admits to know nothing. */
static size_t collect(const struct view *v, struct fact_run run, struct probe *out)
{
	size_t n = 0;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		enum seen seen = seen_of(v, f);

		if (seen == SEEN_UNKNOWN) {
			if (n > 0 && out[n - 1].blind == INSTANT_NONE)
				out[n - 1].blind = f->occurred_at;
			continue;
		}
		if (n > 0 && outweighed(v, &out[n - 1], run.v[i]))
			continue;
		out[n++] = (struct probe){f->occurred_at, seen, INSTANT_NONE, run.v[i], false};
	}
	return n;
}

/* Confirmation filters noise: a run of fewer failures than down_after is no outage at all. */
static void confirm(const struct measured_by *by, struct probe *v, size_t n)
{
	for (size_t from = 0; from < n;) {
		size_t end = from;

		while (end < n && v[end].seen != SEEN_UP)
			end++;
		for (size_t i = from; i < end; i++)
			v[i].confirmed = (int64_t)(end - from) >= by->down_after;
		from = end + 1;
	}
}

/* From when on nothing is known after a sample: one interval after it, if more than three pass. INSTANT_NONE: known on. */
static instant blind_from(const struct measured_by *by, const struct probe *p, instant next)
{
	instant blind = p->blind;

	if (by->interval_ms > 0 && next - p->at > BLIND_AFTER_INTERVALS * by->interval_ms &&
	    (blind == INSTANT_NONE || blind > p->at + by->interval_ms))
		blind = p->at + by->interval_ms;
	return blind;
}

static size_t add(struct change *out, size_t n, struct change c)
{
	if (n > 0 && out[n - 1].at == c.at)
		n--; /* a state of no length */
	if (n > 0 && out[n - 1].seen == c.seen)
		return n;
	out[n] = c;
	return n + 1;
}

size_t samples_read(struct arena *a, const struct view *v, const struct measured_by *by,
		    struct fact_run run, struct change *out)
{
	struct probe *probes = arena_array(a, struct probe, run.n);
	size_t n_probes = collect(v, run, probes), n = 0;

	confirm(by, probes, n_probes);
	n = add(out, n, (struct change){INSTANT_MIN, SEEN_UNKNOWN, NO_FACT});
	for (size_t i = 0; i < n_probes; i++) {
		const struct probe *p = &probes[i];
		bool last = i + 1 == n_probes;
		instant blind = blind_from(by, p, last ? v->as_of : p[1].at);

		n = add(out, n, (struct change){p->at, p->confirmed ? p->seen : SEEN_UP, p->fact});
		/* between two failures of one outage it was down, whoever looked away */
		if (blind != INSTANT_NONE && !(p->confirmed && !last && p[1].confirmed))
			n = add(out, n, (struct change){blind, SEEN_UNKNOWN, p->fact});
	}
	return n;
}
