/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ticket.h"

#include <assert.h>

/* What is known of a ticket between two of its facts. */
struct reading {
	const struct ticket_reader *r;
	const struct promise *promise;
	struct ticket *t;
	int16_t standing, proposed, judged; /* R32; proposed -2: nothing is */
	size_t open_pause;                  /* place in t->pauses plus one; 0: none */
	bool may_resume;                    /* a pause began since the last resumption */
	bool asked;                         /* a question, and no client message since */
	bool restored, ended;
};

uint16_t version_at(const struct version *versions, size_t n, instant t)
{
	size_t v = 0;

	while (v + 1 < n && versions[v + 1].from <= t)
		v++;
	return (uint16_t)v;
}

static int16_t place_of(const symbol *words, size_t n, symbol word)
{
	for (size_t i = 0; word != 0 && i < n; i++)
		if (words[i] == word)
			return (int16_t)i;
	return -1;
}

static void flag(const struct reading *s, uint32_t fact, enum fact_flag f)
{
	s->r->view->flags[fact] |= (uint16_t)f;
}

/* --- priorities (R32) --- */

void ticket_add_priority(const struct ticket_reader *r, struct ticket *t, struct ticket_priority p)
{
	t->priorities = arena_grow(r->arena, t->priorities, t->n_priorities, &t->cap_priorities,
				   sizeof(*t->priorities));
	t->priorities[t->n_priorities++] = p;
}

/* Smaller is more urgent; a ticket without a priority is less urgent than any. */
static bool more_urgent(int x, int y)
{
	return x >= 0 && (y < 0 || x < y);
}

static bool set_by_final_party(const struct promise *p, const struct fact *f)
{
	if (p->priority_final == FINAL_CLIENT)
		return f->party == PARTY_CLIENT;
	return f->party != PARTY_CLIENT;
}

/* Moves what stands and what is proposed; an unknown priority changes nothing. */
static void weigh_priority(struct reading *s, const struct fact *f, int16_t to)
{
	bool stands = true;

	if (f->kind == FACT_TICKET_PRIORITY_SET) {
		if (s->promise->priority_final == FINAL_AGREED)
			stands = to == s->standing || more_urgent(to, s->standing);
		else
			stands = set_by_final_party(s->promise, f);
	}
	if (stands) {
		s->standing = to;
		s->proposed = -2;
	} else {
		s->proposed = to;
	}

	bool lower = s->proposed != -2 && s->promise->priority_final == FINAL_AGREED &&
		     s->promise->if_disputed == DISPUTED_LOWER;

	s->judged = lower ? s->proposed : s->standing;
}

static void read_priority(struct reading *s, const struct fact *f, uint32_t i)
{
	int16_t to = place_of(s->r->priorities[s->t->version], s->promise->n_priorities,
			      fact_word(f, FIELD_PRIORITY));
	int16_t before = s->judged;

	/* R18: a lowering that came after the report waits for the other party. */
	if (to < 0 || (s->r->view->waits[i] != 0 && more_urgent(before, to))) {
		ticket_add_priority(s->r, s->t,
				    (struct ticket_priority){f->occurred_at, i, before, to, false});
		return;
	}
	weigh_priority(s, f, to);
	if (s->judged != before || to != before)
		ticket_add_priority(s->r, s->t,
				    (struct ticket_priority){f->occurred_at, i, before,
							     s->judged == before ? to : s->judged,
							     s->judged != before});
}

int ticket_priority_at(const struct ticket *t, instant at)
{
	int judged = t->priority;

	for (size_t i = 0; i < t->n_priorities && t->priorities[i].at <= at; i++)
		if (t->priorities[i].counts)
			judged = t->priorities[i].to;
	return judged;
}

/* --- pauses (R27) --- */

static void end_pause(struct reading *s, instant at, uint32_t fact)
{
	if (s->open_pause == 0)
		return;

	struct ticket_pause *p = &s->t->pauses[s->open_pause - 1];

	s->open_pause = 0;
	if (p->span.to > at) {
		p->span.to = at;
		p->to_fact = fact;
	}
}

/* R27: only a pause of another kind ends a pause; the same again goes on with the proof it had. */
static bool still_pauses(const struct reading *s, instant at, enum fact_event event)
{
	if (s->open_pause == 0)
		return false;

	const struct ticket_pause *p = &s->t->pauses[s->open_pause - 1];

	return p->event == event && p->span.to >= at;
}

static void begin_pause(struct reading *s, const struct fact *f, uint32_t i, enum fact_event event)
{
	struct ticket *t = s->t;
	instant until = fact_number(f, FIELD_UNTIL, INSTANT_MAX);

	s->may_resume = true;
	if (s->r->view->waits[i] != 0)
		return; /* R18: no effect, so it does not end another pause either */

	struct ticket_pause before = {0};

	if (still_pauses(s, f->occurred_at, event))
		before = t->pauses[s->open_pause - 1];
	end_pause(s, f->occurred_at, i);
	/* A date still ahead leaves the pause open: the client may answer before it (R28). */
	if (until > s->r->view->as_of)
		until = INSTANT_MAX;
	if (until < f->occurred_at)
		until = f->occurred_at;
	t->pauses =
		arena_grow(s->r->arena, t->pauses, t->n_pauses, &t->cap_pauses, sizeof(*t->pauses));
	t->pauses[t->n_pauses++] = (struct ticket_pause){
		.span = {f->occurred_at, until},
		.from_fact = i,
		.to_fact = until == INSTANT_MAX ? NO_FACT : i,
		.event = event,
		.asked = s->asked || before.asked,
		.supplier_ticket =
			fact_word(f, FIELD_SUPPLIER_TICKET) != 0 || before.supplier_ticket,
	};
	s->open_pause = t->n_pauses;
}

static void resume(struct reading *s, const struct fact *f, uint32_t i)
{
	if (!s->may_resume)
		flag(s, i, FLAG_OUT_OF_ORDER);
	s->may_resume = false;
	end_pause(s, f->occurred_at, i);
}

/* R27: any client message ends waiting for the client, whatever a tool still shows. */
static void client_wrote(struct reading *s, const struct fact *f, uint32_t i)
{
	s->asked = false;
	if (s->open_pause != 0 && s->t->pauses[s->open_pause - 1].event == EVENT_WAITING_CLIENT)
		end_pause(s, f->occurred_at, i);
}

/* --- moments --- */

static void add_moment(struct reading *s, const struct fact *f, uint32_t i, enum moment kind,
		       bool answers)
{
	struct ticket *t = s->t;
	struct ticket_moment m = {f->occurred_at, i, (uint8_t)kind, answers,
				  f->party == PARTY_CLIENT};

	t->moments = arena_grow(s->r->arena, t->moments, t->n_moments, &t->cap_moments,
				sizeof(*t->moments));
	t->moments[t->n_moments++] = m;
}

static bool by_a_person(const struct reading *s, const struct fact *f)
{
	symbol author = f->n_values == 0 ? 0 : fact_word(f, FIELD_AUTHOR);

	return f->party != PARTY_MONITOR && (author == 0 || author != s->r->words.automatic);
}

static void read_message(struct reading *s, const struct fact *f, uint32_t i)
{
	symbol visibility = fact_word(f, FIELD_VISIBILITY);
	bool internal = visibility != 0 && visibility == s->r->words.internal;

	if (f->party == PARTY_CLIENT) {
		client_wrote(s, f, i);
		add_moment(s, f, i, MOMENT_CLIENT_MESSAGE, false);
	} else if (f->party == PARTY_PROVIDER && !internal) {
		if (fact_truth(f, FIELD_ASKS, false))
			s->asked = true;
		if (by_a_person(s, f))
			add_moment(s, f, i, MOMENT_PROVIDER_MESSAGE, true);
	}
}

static void read_stop(struct reading *s, const struct fact *f, uint32_t i, enum moment kind)
{
	bool provider = f->party != PARTY_CLIENT;

	/* R14: closing implies that it was restored. */
	if ((kind == MOMENT_RESOLVED || kind == MOMENT_CLOSED) && !s->restored)
		flag(s, i, FLAG_IMPLIED);
	s->restored = true;
	s->ended = true;
	if (kind == MOMENT_CLOSED || kind == MOMENT_CANCELLED)
		end_pause(s, f->occurred_at, i);
	add_moment(s, f, i, kind, provider && by_a_person(s, f));
}

static void reopen(struct reading *s, const struct fact *f, uint32_t i)
{
	if (!s->ended) {
		flag(s, i, FLAG_OUT_OF_ORDER);
		return;
	}
	s->ended = false;
	s->restored = false;
	end_pause(s, f->occurred_at, i);
	add_moment(s, f, i, MOMENT_REOPENED, false);
}

static void read_scope(struct reading *s, const struct fact *f, uint32_t i)
{
	bool out = !fact_truth(f, FIELD_IN_SCOPE, true);

	if (out && s->r->view->waits[i] != 0)
		return;
	s->t->out_of_scope = out;
	s->t->scope_fact = i;
}

/* Before the ticket was received nothing can happen to it; stops are kept to be shown (R35). */
static void read_early(struct reading *s, const struct fact *f, uint32_t i)
{
	static const uint8_t moments[FACT_COUNT] = {
		[FACT_TICKET_ASSIGNED] = 1 + MOMENT_ASSIGNED,
		[FACT_TICKET_WORK_STARTED] = 1 + MOMENT_WORK_STARTED,
		[FACT_TICKET_RESTORED] = 1 + MOMENT_RESTORED,
		[FACT_TICKET_RESOLVED] = 1 + MOMENT_RESOLVED,
		[FACT_TICKET_CLOSED] = 1 + MOMENT_CLOSED,
		[FACT_TICKET_CANCELLED] = 1 + MOMENT_CANCELLED,
	};
	struct ticket *t = s->t;

	flag(s, i, FLAG_OUT_OF_ORDER);

	bool message = f->kind == FACT_TICKET_MESSAGE && f->party == PARTY_PROVIDER;

	if (moments[f->kind] == 0 && !message)
		return;

	unsigned kind = message ? MOMENT_PROVIDER_MESSAGE : moments[f->kind] - 1U;

	t->early = arena_grow(s->r->arena, t->early, t->n_early, &t->cap_early, sizeof(*t->early));
	t->early[t->n_early++] = (struct ticket_moment){
		f->occurred_at, i, (uint8_t)kind, f->party != PARTY_CLIENT && by_a_person(s, f),
		f->party == PARTY_CLIENT};
}

static void read_fact(struct reading *s, uint32_t i)
{
	const struct fact *f = &s->r->view->facts->v[i];

	switch ((int)f->kind) {
	case FACT_TICKET_LOGGED:
		flag(s, i, FLAG_OUT_OF_ORDER); /* the second one */
		break;
	case FACT_TICKET_MESSAGE:
		read_message(s, f, i);
		break;
	case FACT_TICKET_ASSIGNED:
		add_moment(s, f, i, MOMENT_ASSIGNED, false);
		break;
	case FACT_TICKET_WORK_STARTED:
		add_moment(s, f, i, MOMENT_WORK_STARTED, false);
		break;
	case FACT_TICKET_WAITING_CLIENT:
		begin_pause(s, f, i, EVENT_WAITING_CLIENT);
		break;
	case FACT_TICKET_WAITING_VENDOR:
		begin_pause(s, f, i, EVENT_WAITING_VENDOR);
		break;
	case FACT_TICKET_SCHEDULED:
		begin_pause(s, f, i, EVENT_SCHEDULED);
		break;
	case FACT_TICKET_RESUMED:
		resume(s, f, i);
		break;
	case FACT_TICKET_PRIORITY_SET:
	case FACT_TICKET_PRIORITY_AGREED:
		read_priority(s, f, i);
		break;
	case FACT_TICKET_SCOPE_SET:
		read_scope(s, f, i);
		break;
	case FACT_TICKET_RESTORED:
		read_stop(s, f, i, MOMENT_RESTORED);
		break;
	case FACT_TICKET_RESOLVED:
		read_stop(s, f, i, MOMENT_RESOLVED);
		break;
	case FACT_TICKET_CLOSED:
		read_stop(s, f, i, MOMENT_CLOSED);
		break;
	case FACT_TICKET_CANCELLED:
		read_stop(s, f, i, MOMENT_CANCELLED);
		break;
	case FACT_TICKET_REOPENED:
		reopen(s, f, i);
		break;
	default:
		break; /* merged and split: links; first fix: counted elsewhere */
	}
}

/* --- the ticket --- */

static void begin(struct ticket *t, symbol id)
{
	t->id = id;
	t->logged = INSTANT_NONE;
	t->logged_fact = NO_FACT;
	t->scope_fact = NO_FACT;
	t->out_of_scope = false;
	t->monitor = false;
	t->live = false;
	t->merged_at = INSTANT_NONE;
	t->merged_fact = NO_FACT;
	t->n_moments = 0;
	t->n_early = 0;
	t->n_pauses = 0;
	t->n_priorities = 0;
	t->n_members = 0;
}

static void read_logged(const struct ticket_reader *r, struct ticket *t, uint32_t i)
{
	const struct fact *f = &r->view->facts->v[i];
	symbol priority = 0, service = 0, via = 0;
	bool channel = false;

	for (size_t k = 0; k < f->n_values; k++) {
		const struct fact_value *value = &f->values[k];

		switch ((int)value->field) {
		case FIELD_PRIORITY:
			priority = value->word;
			break;
		case FIELD_SERVICE:
			service = value->word;
			break;
		case FIELD_VIA:
			via = value->word;
			break;
		case FIELD_CHANNEL:
			channel = value->word != 0;
			break;
		case FIELD_LIVE:
			t->live = value->number != 0;
			break;
		default:
			break;
		}
	}
	t->logged = f->occurred_at;
	t->logged_fact = i;
	t->version = version_at(r->versions, r->n_versions, f->occurred_at);

	const struct promise *p = r->versions[t->version].promise;

	t->priority = place_of(r->priorities[t->version], p->n_priorities, priority);
	t->service = place_of(r->services[t->version], p->n_services, service);
	/*
	 * R24: the provider's own tickets and alarms. A technician who writes down what a person reported by an agreed channel
	 * has not logged a ticket of the provider's.
	 */
	t->monitor = f->party == PARTY_MONITOR || (via != 0 && via == r->words.monitor) ||
		     (f->party == PARTY_PROVIDER && !channel && !t->live);
}

/* A ticket that only a split made: its own life begins there. */
static void begin_at_split(const struct ticket_reader *r, struct ticket *t, uint32_t i)
{
	t->logged = r->view->facts->v[i].occurred_at;
	t->logged_fact = i;
	t->version = version_at(r->versions, r->n_versions, t->logged);
	t->priority = -1;
	t->service = -1;
}

static void flag_all(const struct ticket_reader *r, struct fact_run run, enum fact_flag f)
{
	for (size_t i = 0; i < run.n; i++)
		r->view->flags[run.v[i]] |= (uint16_t)f;
}

bool ticket_read_run(const struct ticket_reader *r, uint32_t place, struct ticket *t)
{
	struct fact_run run = r->view->tickets[place];
	const struct fact *facts = r->view->facts->v;
	size_t logged = 0;

	begin(t, r->view->ticket_ids[place]);
	while (logged < run.n && facts[run.v[logged]].kind != FACT_TICKET_LOGGED)
		logged++;

	bool split = r->linked && r->split_from[place].fact != NO_FACT;

	if (logged == run.n && !split) {
		flag_all(r, run, FLAG_OUT_OF_ORDER);
		return false;
	}
	if (logged < run.n)
		read_logged(r, t, run.v[logged]);
	else
		begin_at_split(r, t, r->split_from[place].fact);
	if (r->linked && r->merged[place].fact != NO_FACT) {
		t->merged_fact = r->merged[place].fact;
		t->merged_at = facts[t->merged_fact].occurred_at;
	}

	struct reading s = {
		.r = r,
		.promise = r->versions[t->version].promise,
		.t = t,
		.standing = t->priority,
		.proposed = -2,
		.judged = t->priority,
	};
	bool merged = false, made_by_split = logged == run.n;

	for (size_t i = 0; i < run.n; i++) {
		if (i < logged && !made_by_split)
			read_early(&s, &facts[run.v[i]], run.v[i]);
		else if (merged)
			flag(&s, run.v[i], FLAG_OUT_OF_ORDER); /* R34: its life goes on elsewhere */
		else if (i != logged)
			read_fact(&s, run.v[i]);
		merged = merged || run.v[i] == t->merged_fact;
	}
	return true;
}

bool ticket_read(const struct ticket_reader *r, uint32_t place, struct ticket *out)
{
	if (r->linked)
		return ticket_read_linked(r, place, out);
	return ticket_read_run(r, place, out);
}

static symbol *symbols_of(struct arena *a, const struct symbols *table, const struct promise *p,
			  bool services)
{
	size_t n = services ? p->n_services : p->n_priorities;
	symbol *out = arena_array(a, symbol, n);

	for (size_t i = 0; i < n; i++)
		out[i] = symbol_find(table, services ? p->services[i].id : p->priorities[i].id);
	return out;
}

struct ticket_reader *ticket_reader_new(struct arena *a, const struct view *v,
					const struct version *versions, size_t n_versions)
{
	struct ticket_reader *r = arena_one(a, struct ticket_reader);
	const struct symbols *table = v->facts->symbols;

	assert(n_versions > 0);
	r->arena = a;
	r->view = v;
	r->versions = versions;
	r->n_versions = n_versions;
	r->words.monitor = symbol_find(table, text_of("monitor"));
	r->words.automatic = symbol_find(table, text_of("automatic"));
	r->words.internal = symbol_find(table, text_of("internal"));
	r->priorities = arena_array(a, symbol *, n_versions);
	r->services = arena_array(a, symbol *, n_versions);
	for (size_t i = 0; i < n_versions; i++) {
		r->priorities[i] = symbols_of(a, table, versions[i].promise, false);
		r->services[i] = symbols_of(a, table, versions[i].promise, true);
	}
	ticket_links_find(r);
	return r;
}
