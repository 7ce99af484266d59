/* SPDX-License-Identifier: Apache-2.0 */
/* Probe samples of one component: confirmed failures, and when nothing is known (sla.md R44, W13). */
#include "engine/outage.h"

enum { BLIND_AFTER_INTERVALS = 3 };

/* Samples that follow each other without a gap and show the same. */
struct stay {
	instant from, last;
	enum seen seen;
	int64_t samples;
	instant blind;            /* after it a sample said "unknown"; INSTANT_NONE: none did */
	uint32_t fact, last_fact; /* of the first and the last sample */
	bool confirmed;           /* part of a run of failures long enough to be an outage */
};

struct stays {
	struct stay *v;
	size_t n, cap;
};

bool sample_of_system(const struct view *v, const struct measured_by *by, const struct fact *f)
{
	return by->system.n > 0 && view_from_system(v, f, by->system);
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
static bool outweighed(const struct view *v, const struct stay *before, uint32_t fact)
{
	const struct fact *x = view_fact(v, before->last_fact), *y = view_fact(v, fact);

	if (x->occurred_at != y->occurred_at || (x->source == y->source && x->party == y->party))
		return false;
	if (fact_word(x, FIELD_STATE) == fact_word(y, FIELD_STATE))
		return false;
	v->flags[before->last_fact] |= FLAG_CONTRADICTING;
	v->flags[fact] |= FLAG_CONTRADICTING;
	return x->recorded_at <= y->recorded_at;
}

/* More than three intervals without a sample. */
static bool is_gap(const struct measured_by *by, instant last, instant next)
{
	return by->interval_ms > 0 && next - last > BLIND_AFTER_INTERVALS * by->interval_ms;
}

/* A monitor says the same for months: what is kept is when it began to. */
static struct stays collect(struct arena *a, const struct view *v, const struct measured_by *by,
			    struct fact_run run)
{
	struct stays s = {NULL, 0, 0};

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		struct stay *last = s.n > 0 ? &s.v[s.n - 1] : NULL;
		enum seen seen = seen_of(v, f);

		if (seen == SEEN_UNKNOWN) {
			if (last != NULL && last->blind == INSTANT_NONE)
				last->blind = f->occurred_at;
			continue;
		}
		if (last != NULL && outweighed(v, last, run.v[i]))
			continue;
		if (last != NULL && last->seen == seen && last->blind == INSTANT_NONE &&
		    !is_gap(by, last->last, f->occurred_at)) {
			last->last = f->occurred_at;
			last->last_fact = run.v[i];
			last->samples++;
			continue;
		}
		s.v = arena_grow(a, s.v, s.n, &s.cap, sizeof(*s.v));
		s.v[s.n++] = (struct stay){.from = f->occurred_at,
					   .last = f->occurred_at,
					   .seen = seen,
					   .samples = 1,
					   .blind = INSTANT_NONE,
					   .fact = run.v[i],
					   .last_fact = run.v[i]};
	}
	return s;
}

/* Confirmation filters noise: a run of fewer failures than down_after is no outage at all. */
static void confirm(const struct measured_by *by, struct stays *s)
{
	for (size_t from = 0; from < s->n;) {
		size_t end = from;
		int64_t failures = 0;

		for (; end < s->n && s->v[end].seen != SEEN_UP; end++)
			failures += s->v[end].samples;
		for (size_t i = from; i < end; i++)
			s->v[i].confirmed = failures >= by->down_after;
		from = end + 1;
	}
}

/* From when on nothing is known: one interval after the last sample, if more than three pass. INSTANT_NONE: known on. */
static instant blind_from(const struct measured_by *by, const struct stay *s, instant next)
{
	instant blind = s->blind;

	if (is_gap(by, s->last, next) &&
	    (blind == INSTANT_NONE || blind > s->last + by->interval_ms))
		blind = s->last + by->interval_ms;
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

const struct change *samples_read(struct arena *a, const struct view *v,
				  const struct measured_by *by, struct fact_run run, size_t *n)
{
	struct stays s = collect(a, v, by, run);
	struct change *out = arena_array(a, struct change, 2 * s.n + 1);

	confirm(by, &s);
	*n = add(out, 0, (struct change){INSTANT_MIN, SEEN_UNKNOWN, NO_FACT});
	for (size_t i = 0; i < s.n; i++) {
		const struct stay *x = &s.v[i];
		bool last = i + 1 == s.n;
		instant blind = blind_from(by, x, last ? v->as_of : x[1].from);

		*n = add(out, *n,
			 (struct change){x->from, x->confirmed ? x->seen : SEEN_UP, x->fact});
		/* between two failures of one outage it was down, whoever looked away */
		if (blind != INSTANT_NONE && !(x->confirmed && !last && x[1].confirmed))
			*n = add(out, *n, (struct change){blind, SEEN_UNKNOWN, x->last_fact});
	}
	return out;
}
