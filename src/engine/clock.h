/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ticket clocks and other elapsed times (sla.md section 3): which clocks a ticket or a pair of facts has, when each is due, how
 * much it used, in what state it is. Works ticket by ticket with memory that it uses again. Windows are not known here.
 * Private to the engine.
 */
#ifndef ENGINE_CLOCK_H
#define ENGINE_CLOCK_H

#include "engine/clock_timeline.h"
#include "engine/outcome.h"
#include "engine/ticket.h"

/* One length of time to be kept: a goal of a target. */
struct goal {
	bool set, civil, endless;
	const struct timing *timing;
	const struct calendar *calendar; /* counted on: never NULL (R9) */
	int64_t ms;                      /* unless civil */
	int32_t by_min;                  /* -1: none */
};

struct target_plan {
	struct goal goals[2]; /* within and or_within (R30) */
	int16_t index;        /* into metric.targets; -1: the limit of a mean or percentile */
};

enum clock_shape {
	SHAPE_NONE,     /* not a clock, or not one of tickets or pairs */
	SHAPE_LOGGED,   /* from receipt to a stop */
	SHAPE_EXCHANGE, /* from a client message to the answer (R25) */
	SHAPE_INTERVAL, /* from one provider message to the next */
	SHAPE_REOPENED, /* from reopening to a stop */
	SHAPE_PAIR,     /* from a start fact to the stop fact of the same subject */
};

/* How a metric of a version is clocked, worked out once. */
struct metric_plan {
	const struct promise *promise;
	const struct metric *metric;
	uint16_t version, index;
	enum clock_shape shape;
	int stop;                 /* enum fact_event */
	bool ends;                /* its stop ends the ticket, so a reopening goes on (R33) */
	const int16_t *target_of; /* by priority + 1: index into targets, -1 */
	const struct target_plan *targets;
	const struct pause_rule *pause[EVENT_COUNT]; /* by `while` */
	bool pauses, allowances;                     /* lists pauses of tickets; some with a max */
	bool excused;                                /* some client obligation excuses it */
	struct spans maintenance;                    /* where `while: maintenance.window` pauses */
	const struct piece *excuses; /* of obligations that name no ticket: for other subjects */
	size_t n_excuses;
};

/* A day proclaimed after the version was approved (R3): closed on one calendar. */
struct day_off {
	const struct calendar *calendar;
	struct span day;
	uint32_t fact;
};

/* Where pauses and excuses that are not ticket facts come from; a member that is NULL gives none. */
struct excuse_source {
	/* Excused by client obligations for a metric and a ticket (0: by those that name none), in any order. */
	const struct piece *(*obligation)(struct arena *a, const struct view *v,
					  const struct promise *p, int metric, symbol ticket,
					  size_t *n);
	struct spans (*maintenance)(struct arena *a, const struct view *v, const struct promise *p);
};

/* What one clock's computation tells beyond its result. */
struct recorder {
	struct arena *arena;
	uint16_t metric, cycle; /* the clock that is asked for */
	struct clock clock;
	struct clock_detail *detail; /* NULL: only the clock */
};

struct clock_engine {
	struct arena *arena;
	const struct view *view;
	const struct version *versions;
	size_t n_versions;
	struct ticket_reader *reader;
	struct metric_plan **plans; /* by version, by metric */
	struct excuse_source source;
	uint8_t *named;            /* by ticket: named by an obligation; NULL: none is */
	instant as_of, begin, end; /* the service's; INSTANT_MIN and INSTANT_MAX if open */

	struct day_off *days_off; /* by calendar, then by day */
	size_t n_days_off, cap_days_off;

	struct clock *clocks;
	size_t n_clocks, cap_clocks;
	struct recorder *recorder;
	uint32_t loaded; /* see clock_engine_run; means nothing */

	/* used again for each ticket and clock */
	struct pause_use *uses; /* filled for a recorder alone */
	size_t n_uses, cap_uses;
	struct ticket ticket;
	const struct piece *excuses; /* of the ticket and metric at hand */
	size_t n_excuses;
	struct piece *cuts, *gaps;
	size_t n_cuts, cap_cuts, n_gaps, cap_gaps;
	struct span *gone, *counted; /* counted: gone, with the days off of a goal's calendar */
	size_t n_gone, cap_gone, n_counted, cap_counted;
};

/* One clock to be judged. */
struct life {
	const struct metric_plan *plan;
	const struct ticket *ticket; /* NULL: a pair */
	symbol subject;
	uint16_t cycle;
	instant start, stop; /* stop INSTANT_NONE: none */
	uint32_t start_fact, stop_fact;
	bool cancelled;          /* the stop is the client's cancellation (R35) */
	enum void_reason reason; /* void whatever the times say */
};

struct clock_engine *clock_engine_new(struct arena *a, const struct view *v,
				      const struct version *versions, size_t n_versions,
				      const struct excuse_source *source);
/* All clocks of all tickets and pairs, tickets in order of their first fact, then by metric and cycle. */
void clock_engine_run(struct clock_engine *e);
/* After all others the clocks of tickets that were left out. They cannot be asked again. */
void clock_engine_past(struct clock_engine *e, const struct past *past);
/* The same clock again, at another instant or with its detail. */
void clock_again(struct clock_engine *e, const struct clock *c, struct recorder *r);
/* Used time as of an instant (R42). */
int64_t clock_used_at_ms(struct clock_engine *e, const struct clock *c, instant at);

/* clock_plan.c */
void metric_plan_make(struct clock_engine *e, uint16_t version, uint16_t metric,
		      struct metric_plan *out);
/* Due date of a civil goal without pauses (R10). */
bool goal_date(const struct metric_plan *p, const struct goal *g, instant start, instant *out);

/* clock_life.c: the clocks of the ticket at hand for one metric; of all pairs of one. */
void clock_lives(struct clock_engine *e, const struct metric_plan *p, const struct ticket *t);
void clock_pairs(struct clock_engine *e, const struct metric_plan *p, symbol only);

/* clock_gaps.c: fills gaps, gone and uses. */
void clock_gather(struct clock_engine *e, const struct life *l);
/* clock_days_off.c */
void days_off_find(struct clock_engine *e);
/*
 * The calendar and the day of a calendar.exception (sla.md R3), by its number in the view; the text is the set's. false: its date is
 * malformed, and nothing is set.
 */
bool day_off_read(const struct view *v, uint32_t fact, struct text *calendar, day *date);
/* Does a day proclaimed then act? Only on dates after the one it was recorded on, in the calendar's zone (R3). */
bool day_off_acts(const struct zone *zone, day date, instant recorded_at);
/* What is gone on a calendar: gaps and its days off. Good until the next call. */
struct spans clock_gone(struct clock_engine *e, const struct calendar *calendar);

/* clock_judge.c */
void clock_judge(struct clock_engine *e, const struct life *l);

/* clock_detail.c */
struct course;
void clock_record(struct clock_engine *e, const struct life *l, const struct course *c);

#endif
