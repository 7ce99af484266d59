/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks for which time not to count, and with what proof (sla.md R50 to R53, R29). A claim without proof is kept, says why it
 * is refused, and flags the fact it rests on.
 */
#include "engine/excuse.h"

#include <stdlib.h>

/* The words of sla.metrics[].exclude[].cause and of force_majeure.events, in the order of their enums. */
static const char *const cause_words[] = {
	"scheduled_maintenance", "emergency_maintenance",
	"force_majeure",         "client_obligation",
	"client_request",        "third_party_network",
	"third_party_service",   "suspension",
};
static const char *const event_words[] = {
	"government_act", "natural_disaster", "other", "pandemic",
	"terrorism",      "utility_failure",  "war",
};

struct gathering {
	struct arena *a;
	const struct view *v;
	const struct promise *p;
	int metric;
	const struct components *c;
	const struct outages *outages;
	struct claim *claims;
	size_t n, cap;
};

bool claim_covers(const struct claim *claim, size_t component)
{
	return claim->covers == NULL || claim->covers[component];
}

/* Keeps a claim with the part of `proved` that it asks for. Empty claims ask for nothing. */
static void keep(struct gathering *g, struct claim c, struct span proved)
{
	if (c.asked.from >= c.asked.to)
		return;
	c.said = view_fact(g->v, c.fact)->occurred_at;
	if (c.refusal == EXCUSE_VALID && g->v->waits[c.fact] != 0)
		c.refusal = EXCUSE_AFTER_REPORT;
	if (proved.from < c.asked.from)
		proved.from = c.asked.from;
	if (proved.to > c.asked.to)
		proved.to = c.asked.to;
	if ((c.refusal == EXCUSE_VALID || c.refusal == EXCUSE_NOTICE_SHORT) &&
	    proved.from < proved.to) {
		struct span *one = arena_one(g->a, struct span);

		*one = proved;
		c.proved = (struct spans){one, 1};
	}
	g->claims = arena_grow(g->a, g->claims, g->n, &g->cap, sizeof(*g->claims));
	g->claims[g->n++] = c;
}

/* The components a fact names; *covers NULL: it names no asset, so all. false: it names others only. */
static bool covered(struct gathering *g, const struct fact *f, const bool **covers)
{
	bool *set;

	*covers = NULL;
	if (fact_value(f, FIELD_ASSETS) == NULL)
		return true;
	set = arena_array(g->a, bool, g->c->n);
	*covers = set;
	return components_named(g->c, f, set) > 0;
}

/* A claim for the time of an outage and its components; false: they are not this metric's. */
static bool of_outage(struct gathering *g, const struct outage *o, enum excuse_cause cause,
		      uint32_t fact, struct claim *out)
{
	const bool *covers;

	if (!covered(g, view_fact(g->v, o->began), &covers) || covers == NULL)
		return false;
	*out = (struct claim){.cause = cause,
			      .asked = o->span,
			      .covers = covers,
			      .fact = fact,
			      .actual_fact = NO_FACT};
	return true;
}

/* An outage is put down to an event, a duty or a request by its field event, or by its field cause. */
static bool put_down_to(const struct gathering *g, const struct outage *o, symbol id)
{
	const struct fact *f = view_fact(g->v, o->began);

	return excuse_word_is(f, FIELD_EVENT_ID, id) || excuse_word_is(f, FIELD_CAUSE, id);
}

static void gather_maintenance(struct gathering *g)
{
	size_t n = 0;
	const struct announcement *all = announcements_make(g->a, g->v, g->p, &n);

	for (size_t i = 0; i < n; i++) {
		struct claim c = {.cause = all[i].cause,
				  .refusal = all[i].refusal,
				  .asked = all[i].asked,
				  .notice_ms = all[i].notice_ms,
				  .needed_ms = all[i].needed_ms,
				  .fact = all[i].fact,
				  .actual_fact = all[i].actual_fact};

		if (!covered(g, view_fact(g->v, c.fact), &c.covers))
			continue;
		keep(g, c, (struct span){0, 0});
		/* unlike other proofs, work may have been done in several goes */
		if (c.refusal == EXCUSE_VALID)
			g->claims[g->n - 1].proved = all[i].granted;
	}
}

static bool event_listed(const struct gathering *g, const struct fact *f)
{
	struct text word = symbol_text(g->v->facts->symbols, fact_word(f, FIELD_EVENT_KIND));

	for (unsigned i = 0; i < ARRAY_SIZE(event_words); i++)
		if (text_is(word, event_words[i]))
			return (g->p->force_majeure.events & 1u << i) != 0;
	return false;
}

/* The first fact of that kind and subject not before `from`, or NO_FACT. */
static uint32_t first_after(const struct view *v, enum fact_kind kind, symbol subject, instant from)
{
	struct fact_run run = v->kinds[kind];

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);

		if (f->subject == subject && f->occurred_at >= from)
			return run.v[i];
	}
	return NO_FACT;
}

/* Ends with that fact, or with as_of. */
static instant end_of(const struct view *v, uint32_t fact)
{
	return fact == NO_FACT ? v->as_of : view_fact(v, fact)->occurred_at;
}

/* R52, R11: until when an event must be declared. Days end at 24:00 and do not count the day of the event. */
static instant declare_until(const struct promise *p, instant event)
{
	const struct timing *t = &p->force_majeure.notice;
	struct duration_context context = promise_duration(p, t);
	bool exact = t->duration.unit == UNIT_MIN || t->duration.unit == UNIT_H;
	instant anchor = exact ? event : zone_midnight(p->zone, zone_day(p->zone, event));
	instant until = event;
	struct err ignored = {0};

	if (!t->set)
		return INSTANT_MAX;
	if (duration_add(t->duration, 1, exact ? ANCHOR_MOMENT : ANCHOR_DATE, anchor, &context,
			 &until, &ignored) != RC_OK)
		return event;
	return until;
}

static void gather_force_majeure(struct gathering *g)
{
	const struct promise *p = g->p;
	struct fact_run run = g->v->kinds[FACT_FORCE_MAJEURE_DECLARED];
	int service = p->metrics[g->metric].service;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(g->v, run.v[i]);
		uint32_t ended =
			first_after(g->v, FACT_FORCE_MAJEURE_ENDED, f->subject, f->occurred_at);
		struct span event = {f->occurred_at, end_of(g->v, ended)}, proved = event;
		instant declared = excuse_act(g->v, run.v[i], PARTY_CLIENT), until = 0;
		struct claim c = {.cause = CAUSE_FORCE_MAJEURE,
				  .asked = event,
				  .notice_ms = declared - event.from,
				  .fact = run.v[i],
				  .actual_fact = NO_FACT};

		if (!covered(g, f, &c.covers))
			continue;
		until = declare_until(p, event.from);
		if (until != INSTANT_MAX)
			c.needed_ms = until - event.from;
		if (declared > until) {
			c.refusal = EXCUSE_NOTICE_SHORT; /* from the declaration on */
			proved.from = declared;
		}
		if (!event_listed(g, f))
			c.refusal = EXCUSE_NOT_LISTED;
		if (p->force_majeure.recovery_still_due && service >= 0 &&
		    p->services[service].rto.set) {
			instant recovered = proved.to;

			if (!excuse_shift(p, &p->services[service].rto, 1, event.from, &recovered))
				recovered = event.from;
			proved.to = recovered < proved.to ? recovered : proved.to;
		}
		keep(g, c, proved);
	}
}

/* R29: a duty of the client excuses an outage that names it, from the end of its allowance until it is met. */
static void gather_duties(struct gathering *g)
{
	static const enum fact_kind kinds[] = {FACT_OBLIGATION_REQUESTED, FACT_OBLIGATION_BREACHED};

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct fact_run run = g->v->kinds[kinds[k]];

		for (size_t i = 0; i < run.n; i++) {
			const struct fact *f = view_fact(g->v, run.v[i]);
			symbol word = fact_word(f, FIELD_OBLIGATION);
			struct duty d;

			if (!duty_of(g->v, g->p, run.v[i], &d))
				continue;
			for (size_t o = 0; o < g->outages->n; o++) {
				const struct outage *x = &g->outages->v[o];
				struct claim c;

				if ((put_down_to(g, x, f->subject) || put_down_to(g, x, word)) &&
				    x->span.from < d.span.to && d.span.from < x->span.to &&
				    of_outage(g, x, CAUSE_CLIENT_OBLIGATION, run.v[i], &c)) {
					if (!duty_excuses(g->p, &d, g->metric))
						c.refusal = EXCUSE_NOT_LISTED;
					keep(g, c, d.span);
				}
			}
		}
	}
}

/* R53: the client's own message asking for the downtime: at a time, or for an outage. */
static void gather_requests(struct gathering *g)
{
	struct fact_run run = g->v->kinds[FACT_DOWNTIME_ASKED];

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(g->v, run.v[i]);
		bool by_client = f->party == PARTY_CLIENT || g->v->accepted[run.v[i]] != 0;
		bool timed = fact_value(f, FIELD_FROM) != NULL && fact_value(f, FIELD_TO) != NULL;
		struct span asked = {fact_number(f, FIELD_FROM, 0), fact_number(f, FIELD_TO, 0)};
		symbol outage = fact_word(f, FIELD_OUTAGE);
		struct claim c = {.cause = CAUSE_CLIENT_REQUEST,
				  .refusal = by_client ? EXCUSE_VALID : EXCUSE_UNPROVEN,
				  .asked = asked,
				  .fact = run.v[i],
				  .actual_fact = NO_FACT};

		if (timed && outage == 0 && covered(g, f, &c.covers))
			keep(g, c, asked);
		for (size_t o = 0; o < g->outages->n; o++) {
			const struct outage *x = &g->outages->v[o];
			struct claim of;

			if ((x->id != outage || outage == 0) && !put_down_to(g, x, f->subject))
				continue;
			if (!of_outage(g, x, CAUSE_CLIENT_REQUEST, run.v[i], &of))
				continue;
			of.refusal = c.refusal;
			keep(g, of, timed ? asked : of.asked);
		}
	}
}

/* Is the supplier one for whom the provider answers? Subcontractors are named where personal data is processed. */
static bool subcontractor(const struct gathering *g, struct text supplier)
{
	const struct node *list =
		g->p->contract == NULL || !g->p->subcontractor_liable
			? NULL
			: node_at(g->p->contract->root, "compliance.gdpr.subprocessors.list");

	for (const struct node *n = list == NULL ? NULL : list->child; n != NULL; n = n->next)
		if (text_eq_nocase(n->key, supplier) ||
		    text_eq_nocase(term_text(n, "name"), supplier))
			return true;
	return false;
}

/* Which of the two causes: the outage says so, else the first that the metric lists. */
static enum excuse_cause third_party_cause(const struct gathering *g, const struct fact *began)
{
	struct text word = symbol_text(g->v->facts->symbols, fact_word(began, FIELD_CAUSE));
	const struct metric *m = &g->p->metrics[g->metric];

	if (text_is(word, "third_party_network"))
		return CAUSE_THIRD_PARTY_NETWORK;
	for (size_t i = 0; i < m->n_excludes && !text_is(word, "third_party_service"); i++)
		if (m->excludes[i].cause == CAUSE_THIRD_PARTY_NETWORK ||
		    m->excludes[i].cause == CAUSE_THIRD_PARTY_SERVICE)
			return m->excludes[i].cause;
	return CAUSE_THIRD_PARTY_SERVICE;
}

/* R53: a named supplier and its statement about the outage. */
static void gather_third_parties(struct gathering *g)
{
	struct fact_run run = g->v->kinds[FACT_SUPPLIER_STATED];

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(g->v, run.v[i]);
		symbol supplier = fact_word(f, FIELD_SUPPLIER);
		struct outages named = outages_of(g->outages, fact_word(f, FIELD_OUTAGE));

		for (size_t o = 0; o < named.n; o++) {
			const struct fact *began = view_fact(g->v, named.v[o].began);
			symbol blamed = fact_word(began, FIELD_SUPPLIER);
			struct claim c;

			if (!of_outage(g, &named.v[o], third_party_cause(g, began), run.v[i], &c))
				continue;
			if (supplier == 0 || (blamed != 0 && blamed != supplier))
				c.refusal = EXCUSE_UNPROVEN;
			else if (subcontractor(g, symbol_text(g->v->facts->symbols, supplier)))
				c.refusal = EXCUSE_SUBCONTRACTOR;
			keep(g, c, c.asked);
		}
	}
}

/* When notice of a suspension was given, INSTANT_NONE: never. It names the suspension or its service. */
static instant suspension_notice(const struct gathering *g, const struct fact *began)
{
	struct fact_run run = g->v->kinds[FACT_NOTICE_GIVEN];
	symbol kind = excuse_symbol(g->v, text_of("suspension"));
	instant latest = INSTANT_NONE;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(g->v, run.v[i]);
		instant act = excuse_act(g->v, run.v[i], PARTY_CLIENT);

		if (excuse_word_is(f, FIELD_NOTICE_KIND, kind) &&
		    (f->subject == began->subject ||
		     excuse_word_is(f, FIELD_SERVICE, fact_word(began, FIELD_SERVICE))) &&
		    act <= began->occurred_at && (latest == INSTANT_NONE || act < latest))
			latest = act;
	}
	return latest;
}

/* The last instant at which notice of a suspension is in time: payment.suspension.notice before it. */
static bool suspension_latest(const struct promise *p, instant began, instant *out)
{
	const struct node *n = p->contract == NULL
				       ? NULL
				       : node_at(p->contract->root, "payment.suspension.notice");
	struct timing t = {.set = true, .node = n};

	*out = began;
	if (n == NULL)
		return true;
	t.duration = n->value.duration;
	if (t.duration.calendar.n > 0)
		t.calendar = promise_calendar(p, t.duration.calendar);
	return excuse_shift(p, &t, -1, began, out);
}

static void gather_suspensions(struct gathering *g)
{
	struct fact_run run = g->v->kinds[FACT_SUSPENSION_BEGAN];
	int service = g->p->metrics[g->metric].service;
	symbol id = service < 0 ? 0 : excuse_symbol(g->v, g->p->services[service].id);

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(g->v, run.v[i]);
		uint32_t ended =
			first_after(g->v, FACT_SUSPENSION_ENDED, f->subject, f->occurred_at);
		struct claim c = {.cause = CAUSE_SUSPENSION,
				  .asked = {f->occurred_at, end_of(g->v, ended)},
				  .fact = run.v[i],
				  .actual_fact = NO_FACT};
		instant latest, given = suspension_notice(g, f);

		if (!excuse_word_is(f, FIELD_SERVICE, id))
			continue;
		if (!suspension_latest(g->p, f->occurred_at, &latest) || given == INSTANT_NONE) {
			c.refusal = EXCUSE_UNPROVEN;
		} else {
			c.notice_ms = f->occurred_at - given;
			c.needed_ms = f->occurred_at - latest;
			if (given > latest)
				c.refusal = EXCUSE_NOTICE_SHORT;
		}
		keep(g, c, given == INSTANT_NONE || given > latest ? (struct span){0, 0} : c.asked);
	}
}

static bool claimed(const struct gathering *g, size_t n, const struct claim *c)
{
	for (size_t i = 0; i < n; i++) {
		const struct claim *x = &g->claims[i];

		if (x->cause != c->cause || x->asked.from >= c->asked.to ||
		    c->asked.from >= x->asked.to)
			continue;
		for (size_t k = 0; k < g->c->n; k++)
			if (claim_covers(x, k) && claim_covers(c, k))
				return true;
	}
	return false;
}

/* An outage put down to a cause by its own word only: nothing proves it. */
static void gather_bare_words(struct gathering *g)
{
	size_t proved = g->n;

	for (unsigned cause = 0; cause < ARRAY_SIZE(cause_words); cause++) {
		symbol word = excuse_symbol(g->v, text_of(cause_words[cause]));

		for (size_t o = 0; word != 0 && o < g->outages->n; o++) {
			const struct outage *x = &g->outages->v[o];
			struct claim c;

			if (!excuse_word_is(view_fact(g->v, x->began), FIELD_CAUSE, word) ||
			    !of_outage(g, x, (enum excuse_cause)cause, x->began, &c) ||
			    claimed(g, proved, &c))
				continue;
			c.refusal = EXCUSE_UNPROVEN;
			keep(g, c, (struct span){0, 0});
		}
	}
}

static int by_asked(const void *x, const void *y)
{
	const struct claim *a = x, *b = y;

	if (a->asked.from != b->asked.from)
		return a->asked.from < b->asked.from ? -1 : 1;
	/* R15: the order in which facts came into the journal matters only in a full tie */
	if (a->said != b->said)
		return a->said < b->said ? -1 : 1;
	if (a->fact != b->fact)
		return a->fact < b->fact ? -1 : 1;
	if (a->asked.to != b->asked.to)
		return a->asked.to < b->asked.to ? -1 : 1;
	return (a->cause > b->cause) - (a->cause < b->cause);
}

/* R14: it lacks the proof its clause asks for. Force majeure declared late is proved from then on. */
static bool lacks_proof(const struct metric *m, const struct claim *c)
{
	bool listed = false;

	for (size_t r = 0; r < m->n_excludes; r++)
		listed = listed || m->excludes[r].cause == c->cause;
	if (!listed)
		return false;
	return c->refusal == EXCUSE_UNPROVEN || c->refusal == EXCUSE_OUTSIDE_WINDOW ||
	       c->refusal == EXCUSE_NO_CHANGE_RECORD ||
	       (c->refusal == EXCUSE_NOTICE_SHORT && c->cause != CAUSE_FORCE_MAJEURE);
}

struct claims claims_make(struct arena *a, const struct view *v, const struct promise *p,
			  int metric, const struct components *c, const struct outages *outages)
{
	struct gathering g = {.a = a, .v = v, .p = p, .metric = metric, .c = c, .outages = outages};

	gather_maintenance(&g);
	gather_force_majeure(&g);
	gather_duties(&g);
	gather_requests(&g);
	gather_third_parties(&g);
	gather_suspensions(&g);
	gather_bare_words(&g);
	for (size_t i = 0; i < g.n; i++)
		if (lacks_proof(&p->metrics[metric], &g.claims[i]))
			v->flags[g.claims[i].fact] |= FLAG_UNPROVEN;
	if (g.n > 1)
		qsort(g.claims, g.n, sizeof(*g.claims), by_asked);
	return (struct claims){g.claims, g.n};
}
