/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody asked not to count, and whether it is proved (sla.md R50 to R53, R29, R12, R18). Shared by the files of
 * availability and by the ticket clocks through availability.h; allowances and values are not decided here.
 */
#ifndef ENGINE_EXCUSE_H
#define ENGINE_EXCUSE_H

#include "engine/outage.h"
#include "engine/outcome.h"

/* Facts of some kinds by subject, each subject's in R15's order. */
struct subject_runs {
	const symbol *subjects; /* of each fact, ascending */
	const uint32_t *facts;
	size_t n;
};

struct subject_runs subject_runs_make(struct arena *a, const struct view *v,
				      const enum fact_kind *kinds, size_t n_kinds);
struct fact_run subject_run(const struct subject_runs *r, symbol subject);

/* The symbol of a word among the facts, 0 if none uses it; and a test that never takes an absent word for one. */
symbol excuse_symbol(const struct view *v, struct text word);
bool excuse_word_is(const struct fact *f, enum fact_field field, symbol word);

/* What is in both. */
struct spans excuse_common(struct arena *a, struct spans x, struct spans y);
/* Those of `of` clipped to [from, to). */
struct spans excuse_clip(struct arena *a, struct spans of, struct span to);

/* `sign` x a promised duration from an instant (CL-11); false: it cannot be counted. */
bool excuse_shift(const struct promise *p, const struct timing *t, int sign, instant at,
		  instant *out);

/* R12: when an act toward the receiving party happened. */
instant excuse_act(const struct view *v, uint32_t fact, enum party receiver);
/* One announcement of work (R50), with what of it is excused before allowances and R18. */
struct announcement {
	symbol id;
	enum excuse_cause cause; /* scheduled or emergency maintenance */
	enum excuse_refusal refusal;
	struct span asked;
	struct spans
		granted; /* announced, not moved by a later announcement, and worked on; whatever the refusal */
	int64_t notice_ms, needed_ms;
	uint32_t fact, actual_fact;
};

struct announcement *announcements_make(struct arena *a, const struct view *v,
					const struct promise *p, size_t *n);

/* A client's duty that was asked for or breached (R29). */
struct duty {
	int obligation;   /* index into promise.obligations */
	struct span span; /* beyond its allowance, until met; empty: nothing */
	uint32_t fact, met_fact;
};

/* false: the fact names no obligation of the contract. */
bool duty_of(const struct view *v, const struct promise *p, uint32_t fact, struct duty *out);
bool duty_excuses(const struct promise *p, const struct duty *d, int metric);

/*
 * Somebody asks that time of some components should not count, for one cause (R50 to R53): what is asked, and what of it is
 * proved. What is proved may still be beyond an allowance, or taken by a rule listed earlier.
 */
struct claim {
	enum excuse_cause cause;
	enum excuse_refusal refusal; /* why not all of `asked` is proved */
	struct span asked;
	struct spans proved;
	const bool *covers; /* per component; NULL: all of them */
	int64_t notice_ms, needed_ms;
	instant said; /* when its fact occurred */
	uint32_t fact, actual_fact;
};

struct claims {
	struct claim *v; /* by asked.from, then in R15's order of what asks */
	size_t n;
};

/* Everything asked for that touches a component, whether or not the metric's `exclude` lists its cause. Flags what is unproven. */
struct claims claims_make(struct arena *a, const struct view *v, const struct promise *p,
			  int metric, const struct components *c, const struct outages *outages);
bool claim_covers(const struct claim *claim, size_t component);

#endif
