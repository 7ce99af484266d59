/* SPDX-License-Identifier: Apache-2.0 */
/* Why a clock is late, or what it is: promise, where it ran and stood, when it was due, which facts say so. */
#include "render/reason.h"

#include <assert.h>

static struct text join_ranges(struct text a, struct arena *arena, const char *separator,
			       struct text b)
{
	return a.n == 0 ? b : text_format(arena, "%.*s%s%.*s", TEXT_ARG(a), separator, TEXT_ARG(b));
}

/* Where the reader looks for the day: the weekday, or with the date if the clock spans more than a week. */
static enum time_form day_form(const struct clock *c, const struct clock_detail *detail)
{
	instant last =
		detail->n_pieces > 0 ? detail->pieces[detail->n_pieces - 1].span.to : c->start;

	return last - c->start < 6 * DAY_MS ? TIME_WEEKDAY : TIME_DAY;
}

/* "Tue 09:12-13:00, 13:55-17:00 · Wed 09:00-10:40" */
struct ranges {
	struct report *r;
	enum time_form form;
	struct text text;
	day last; /* the day said last */
};

static void add_range(struct ranges *x, struct span s)
{
	struct doc *d = x->r->d;
	const struct zone *z = d->zone != NULL ? d->zone : zone_utc();
	day from = zone_day(z, s.from), to = zone_day(z, s.to);
	bool midnight = zone_local(z, s.to).ms == 0 && to == from + 1;
	struct text begin = doc_words(d, doc_time(d, s.from, TIME_CLOCK));
	struct text end = midnight ? text_of("24:00") : doc_words(d, doc_time(d, s.to, TIME_CLOCK));
	struct text one = text_format(d->arena, "%.*s-%.*s", TEXT_ARG(begin), TEXT_ARG(end));
	bool new_day = x->text.n == 0 || from != x->last;

	if (from != to && !midnight) {
		struct text other = doc_words(d, doc_time(d, s.to, x->form));

		one = text_format(d->arena, "%.*s-%.*s\xc2\xa0%.*s", TEXT_ARG(begin),
				  TEXT_ARG(other), TEXT_ARG(end));
	}
	if (new_day) {
		struct text name = doc_words(d, doc_time(d, s.from, x->form));

		one = text_format(d->arena, "%.*s\xc2\xa0%.*s", TEXT_ARG(name), TEXT_ARG(one));
	}
	x->text = join_ranges(x->text, d->arena, new_day ? " \xc2\xb7 " : ", ", one);
	x->last = from == to || midnight ? from : to;
}

/* Up to where the clock's life is told: its stop, else as-of. */
static instant life_end(const struct report *r, const struct clock *c)
{
	return c->stop != INSTANT_NONE ? c->stop : r->o->in.as_of;
}

static bool clip(struct span *s, instant end)
{
	if (s->to > end)
		s->to = end;
	return s->from < s->to;
}

enum { RAN_MAX = 6 };

/* Stretches in which it ran, in order; pieces that touch are one to the reader: a priority change does not stop the clock. */
static struct span *ran_spans(struct report *r, const struct clock *c,
			      const struct clock_detail *detail, size_t *n)
{
	struct span *v = arena_array(r->d->arena, struct span, detail->n_pieces);

	*n = 0;
	for (size_t i = 0; i < detail->n_pieces; i++) {
		struct span s = detail->pieces[i].span;

		if (detail->pieces[i].kind != PIECE_RAN || !clip(&s, life_end(r, c)))
			continue;
		if (*n > 0 && v[*n - 1].to == s.from)
			v[*n - 1].to = s.to;
		else
			v[(*n)++] = s;
	}
	return v;
}

/* Of a clock that ran for weeks the first and last stretches; explain has them all. */
static struct phrase ran_words(struct report *r, const struct clock *c,
			       const struct clock_detail *detail)
{
	struct ranges x = {.r = r, .form = day_form(c, detail)}, last = x;
	struct doc *d = r->d;
	size_t n = 0;
	struct span *v = ran_spans(r, c, detail, &n);
	bool cut = n > RAN_MAX && !r->full;

	for (size_t i = 0; i < (cut ? 2 : n); i++)
		add_range(&x, v[i]);
	if (!cut)
		return doc_plain(d, x.text);
	add_range(&last, v[n - 1]);
	return SAY(d, W_RAN_CUT, doc_plain(d, x.text), doc_int(d, (int64_t)n - 3),
		   doc_plain(d, last.text));
}

/* Where the pause is longer than the open time that it took, its own ends are told too. */
static struct phrase paused_words(struct report *r, const struct piece *p, struct span s,
				  struct phrase when)
{
	struct doc *d = r->d;
	struct phrase words = SAY(d, W_STOOD, when, event_words(r, (int)p->event));

	if (p->from_fact == NO_FACT || p->to_fact == NO_FACT)
		return words;
	instant from = view_fact(r->o->view, p->from_fact)->occurred_at,
		to = view_fact(r->o->view, p->to_fact)->occurred_at;

	if (from >= s.from && to <= s.to)
		return words;
	return SAY(d, W_STOOD_FACTS, words, doc_time(d, from, TIME_DAY_CLOCK),
		   doc_time(d, to, TIME_DAY_CLOCK));
}

static struct phrase stood_words(struct report *r, const struct piece *p, struct span s,
				 enum time_form form)
{
	struct ranges x = {.r = r, .form = form};
	struct doc *d = r->d;

	add_range(&x, s);
	struct phrase when = doc_plain(d, x.text);

	switch (p->kind) {
	case PIECE_PAUSED:
		return paused_words(r, p, s, when);
	case PIECE_EXCUSED:
		return SAY(d, W_STOOD, when, SAY0(d, W_STOOD_OBLIGATION));
	case PIECE_CUT:
		return SAY(d, W_STOOD, when, SAY0(d, W_STOOD_REOPENED));
	case PIECE_RAN:
	case PIECE_CLOSED:
		break;
	}
	return NO_WORDS;
}

/* All that it stood still for and why, as one; no words: nothing but closed hours. */
static struct phrase all_stood_words(struct report *r, const struct clock *c,
				     const struct clock_detail *detail)
{
	struct phrase *v = arena_array(r->d->arena, struct phrase, detail->n_pieces);
	size_t n = 0;

	for (size_t i = 0; i < detail->n_pieces; i++) {
		struct span s = detail->pieces[i].span;

		if (!clip(&s, life_end(r, c)))
			continue;
		v[n] = stood_words(r, &detail->pieces[i], s, day_form(c, detail));
		n += v[n].n > 0;
	}
	return n == 0 ? NO_WORDS : doc_join_all(r->d, ", ", v, n);
}

static bool was_closed(struct report *r, const struct clock *c, const struct clock_detail *detail)
{
	for (size_t i = 0; i < detail->n_pieces; i++) {
		struct span s = detail->pieces[i].span;

		if (detail->pieces[i].kind == PIECE_CLOSED && clip(&s, life_end(r, c)))
			return true;
	}
	return false;
}

static void add_stood(struct report *r, struct pairs *pairs, const struct clock *c,
		      const struct clock_detail *detail)
{
	struct doc *d = r->d;
	struct phrase key = SAY0(d, W_STOOD_KEY);
	const struct promise *p = report_promise(r, c->version);
	const struct calendar *calendar = detail->binding.calendar;

	for (size_t i = 0; i < detail->n_pieces; i++) {
		struct span s = detail->pieces[i].span;

		if (!clip(&s, life_end(r, c)))
			continue;
		struct phrase words = stood_words(r, &detail->pieces[i], s, day_form(c, detail));

		if (words.n == 0)
			continue;
		pair_add(d, pairs, key, words);
		key = NO_WORDS;
	}
	if (calendar == NULL || calendar_is_always(calendar) || !was_closed(r, c, detail))
		return;
	struct phrase hours = hours_words(r, p, calendar),
		      name = doc_plain(d, calendar_id(calendar));

	pair_add(d, pairs, key,
		 hours.n > 0 ? SAY(d, W_STOOD_CLOSED_HOURS, name, hours)
			     : SAY(d, W_STOOD_CLOSED, name));
}

/* Pauses that did not stop the clock: their allowance was used up, or their proof is missing (sla.md R27). */
static void add_unheard(struct report *r, struct pairs *pairs, const struct clock *c,
			const struct clock_detail *detail)
{
	struct doc *d = r->d;

	for (size_t i = 0; i < detail->n_pieces; i++) {
		const struct piece *p = &detail->pieces[i];
		struct span s = p->span;
		struct ranges x = {.r = r, .form = day_form(c, detail)};

		if ((!p->beyond_max && !p->unproven) || !clip(&s, life_end(r, c)))
			continue;
		add_range(&x, s);
		pair_add(d, pairs, SAY0(d, W_RAN_ALL_THE_SAME),
			 SAY(d, W_STOOD, doc_plain(d, x.text),
			     SAY0(d, p->beyond_max ? W_BEYOND_MAX : W_PAUSE_UNPROVEN)));
	}
}

static void add_steps(struct report *r, struct pairs *pairs, const struct clock *c,
		      const struct clock_detail *detail)
{
	struct doc *d = r->d;
	struct phrase key = SAY0(d, W_PRIORITY);

	for (size_t i = 0; i < detail->n_steps; i++) {
		const struct priority_step *s = &detail->steps[i];
		struct phrase from =
			s->from < 0 ? SAY0(d, W_NONE) : priority_words(r, c->version, s->from);
		struct phrase to =
			s->to < 0 ? SAY0(d, W_NONE) : priority_words(r, c->version, s->to);
		struct phrase what =
			SAY(d, W_PRIORITY_STEP, doc_time(d, s->at, TIME_MOMENT), from, to);

		if (!s->counts)
			what = SAY(d, W_PRIORITY_PROPOSED, what);
		else if (s->deadline_before != INSTANT_NONE && s->deadline_after != INSTANT_NONE)
			what = SAY(d, W_PRIORITY_DUE, what,
				   doc_time(d, s->deadline_before, TIME_MOMENT),
				   doc_time(d, s->deadline_after, TIME_MOMENT));
		pair_add(d, pairs, key, what);
		key = NO_WORDS;
	}
}

static void add_due(struct report *r, struct pairs *pairs, const struct clock *c,
		    const struct clock_detail *detail)
{
	struct doc *d = r->d;

	if (c->deadline != INSTANT_NONE) {
		struct pair *due =
			pair_add(d, pairs, SAY0(d, W_DUE), doc_time(d, c->deadline, TIME_MOMENT));

		due->amount = SAY(d, W_GOAL_OF, doc_span(d, c->goal_ms));
		if (detail->unpaused_deadline != INSTANT_NONE &&
		    detail->unpaused_deadline != c->deadline)
			pair_add(d, pairs, NO_WORDS,
				 SAY(d, W_DUE_UNPAUSED,
				     doc_time(d, detail->unpaused_deadline, TIME_MOMENT),
				     doc_span(d, detail->paused_ms)));
	} else if (detail->due_if_resumed != INSTANT_NONE) {
		pair_add(d, pairs, SAY0(d, W_DUE),
			 SAY(d, W_DUE_IF_RESUMED, doc_span(d, c->left_ms),
			     doc_time(d, detail->due_if_resumed, TIME_MOMENT)));
	}
	if (c->or_within)
		pair_add(d, pairs, NO_WORDS,
			 SAY(d, W_OR_WITHIN_BINDS, doc_duration(d, detail->binding.duration)));
}

/* --- what explain adds --- */

static void add_thresholds(struct report *r, struct pairs *pairs, const struct clock_detail *detail)
{
	struct phrase all[4];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(detail->thresholds); i++) {
		const struct threshold *t = &detail->thresholds[i];

		if (t->percent > 0 && t->at != INSTANT_NONE)
			all[n++] = SAY(r->d, W_THRESHOLD, doc_percent(r->d, decimal_of(t->percent)),
				       doc_time(r->d, t->at, TIME_MOMENT));
	}
	if (n > 0)
		pair_add(r->d, pairs, SAY0(r->d, W_THRESHOLDS), doc_join_all(r->d, ", ", all, n));
}

/* R38: which alerts of the contract this clock reached or will reach. */
static void add_levels(struct report *r, struct pairs *pairs, const struct promise *p,
		       const struct clock_detail *detail)
{
	struct phrase *all = arena_array(r->d->arena, struct phrase, detail->n_levels);

	for (size_t i = 0; i < detail->n_levels; i++)
		all[i] = SAY(r->d, W_PAIR_PLAIN,
			     doc_plain(r->d, p->alerts[detail->levels[i].rule].id),
			     doc_time(r->d, detail->levels[i].at, TIME_MOMENT));
	if (detail->n_levels > 0)
		pair_add(r->d, pairs, SAY0(r->d, W_ALERTS),
			 doc_join_all(r->d, ", ", all, detail->n_levels));
}

struct phrase clock_verdict_words(struct report *r, const struct clock *c)
{
	struct doc *d = r->d;
	int64_t late_ms = c->left_ms < 0 ? (c->left_ms == INT64_MIN ? INT64_MAX : -c->left_ms) : 0;

	switch ((enum clock_state)c->state) {
	case CLOCK_MISSED:
		return SAY(d, W_LATE_BY, doc_span(d, late_ms));
	case CLOCK_BREACHED:
		return SAY(d, W_LATE_OPEN, doc_span(d, late_ms));
	case CLOCK_MET:
		return SAY0(d, W_IN_TIME);
	case CLOCK_RUNNING:
		return SAY0(d, W_STATE_RUNNING);
	case CLOCK_AT_RISK:
		return SAY0(d, W_STATE_AT_RISK);
	case CLOCK_PAUSED:
		return SAY0(d, W_STATE_PAUSED);
	case CLOCK_VOID:
		break;
	}
	return SAY(d, W_STATE_VOID, void_words(r, (enum void_reason)c->reason, 1));
}

struct phrase clock_heading(struct report *r, const struct clock *c)
{
	struct phrase name[3] = {symbol_words(r, c->subject),
				 priority_words(r, c->version, c->priority),
				 metric_words(r, c->version, c->metric)};
	struct phrase first = doc_join_all(r->d, ", ", name, 3);

	if (c->cycle > 0)
		first = SAY(r->d, W_CYCLE, first, doc_int(r->d, c->cycle + 1));
	return SAY(r->d, W_COLON, first, clock_verdict_words(r, c));
}

enum doc_state clock_doc_state(const struct clock *c)
{
	switch ((enum clock_state)c->state) {
	case CLOCK_MISSED:
	case CLOCK_BREACHED:
		return STATE_MISSED;
	case CLOCK_AT_RISK:
		return STATE_RISK;
	case CLOCK_MET:
		return STATE_KEPT;
	case CLOCK_RUNNING:
	case CLOCK_PAUSED:
	case CLOCK_VOID:
		break;
	}
	return STATE_OPEN;
}

static const struct node *clock_node(const struct report *r, const struct clock *c)
{
	const struct metric *m = report_metric(r, c->version, c->metric);

	return c->target >= 0 ? m->targets[c->target].node : m->node;
}

static void add_promise(struct report *r, struct pairs *pairs, const struct clock *c)
{
	struct doc *d = r->d;
	const struct metric *m = report_metric(r, c->version, c->metric);

	if (c->target < 0)
		return;
	pair_add(d, pairs, SAY0(d, W_PROMISE),
		 SAY(d, W_PROMISED_WITHIN, event_words(r, m->stop),
		     target_words(r, &m->targets[c->target])));
}

static void add_facts(struct report *r, const struct clock_detail *detail)
{
	if (detail->n_facts == 0)
		return;
	struct table *t = fact_table(r, SAY0(r->d, W_FACTS));

	for (size_t i = 0; i < detail->n_facts; i++)
		fact_row_add(r, t, detail->facts[i]);
}

/* "tickets.csv, lines 43 and 54": where start and stop are recorded. */
static struct phrase facts_words(struct report *r, const struct clock *c)
{
	struct doc *d = r->d;
	struct phrase sources[2] = {NO_WORDS, NO_WORDS};

	if (c->start_fact != NO_FACT)
		sources[0] = fact_source_words(r, c->start_fact);
	if (c->stop_fact == NO_FACT || c->stop_fact == c->start_fact)
		return sources[0];
	const struct fact *stop = view_fact(r->o->view, c->stop_fact);

	if (c->start_fact != NO_FACT) {
		const struct fact *start = view_fact(r->o->view, c->start_fact);

		if (start->source == stop->source && r->options.entries &&
		    start->source < r->o->in.facts->n_sources)
			return SAY(d, W_FILE_ENTRIES,
				   file_words(r, r->o->in.facts->sources[start->source].name),
				   doc_int(d, report_entry(r, start)),
				   doc_int(d, report_entry(r, stop)));
		if (start->source == stop->source && start->line > 0 && stop->line > 0 &&
		    start->source < r->o->in.facts->n_sources)
			return SAY(d, W_FILE_LINES,
				   file_words(r, r->o->in.facts->sources[start->source].name),
				   doc_plain(d, text_format(d->arena, "%u", start->line)),
				   doc_plain(d, text_format(d->arena, "%u", stop->line)));
	}
	sources[1] = fact_source_words(r, c->stop_fact);
	return doc_join_all(d, " \xc2\xb7 ", sources, 2);
}

void reason_clock(struct report *r, size_t number, uint32_t clock)
{
	const struct clock *c = &r->o->clocks[clock];
	struct doc *d = r->d;
	const struct clock_detail *detail = outcome_clock_detail(d->arena, r->o, clock);
	const struct metric *m = report_metric(r, c->version, c->metric);
	const struct node *node = clock_node(r, c);

	doc_reason(d, number, clock_doc_state(c), clock_heading(r, c), clause_words(r, node))
		->one_of_many = true;
	const struct chart *chart = chart_of_clock(r, clock, detail, ran_words(r, c, detail),
						   all_stood_words(r, c, detail));

	if (chart != NULL)
		doc_chart(d, chart);
	struct pairs *pairs = doc_pairs(d);

	add_promise(r, pairs, c);
	pair_add(d, pairs, event_words(r, m->start), doc_time(d, c->start, TIME_MOMENT));
	if (c->state == CLOCK_VOID)
		return;
	pair_add(d, pairs, SAY0(d, W_RAN), ran_words(r, c, detail))->amount =
		doc_span(d, c->used_ms);
	add_stood(r, pairs, c, detail);
	add_unheard(r, pairs, c, detail);
	add_steps(r, pairs, c, detail);
	add_due(r, pairs, c, detail);
	if (c->stop != INSTANT_NONE)
		pair_add(d, pairs, event_words(r, m->stop), doc_time(d, c->stop, TIME_MOMENT));
	if (c->censored)
		pair_add(d, pairs, NO_WORDS, SAY0(d, W_CENSORED));
	if (r->full) {
		add_thresholds(r, pairs, detail);
		add_levels(r, pairs, report_promise(r, c->version), detail);
		add_rules(r, pairs, "sla.md R6, R26-R33, R35, R37-R39");
		add_terms(r, m->node, node);
		if (!r->facts_later)
			add_facts(r, detail);
	} else {
		struct phrase from = facts_words(r, c);

		if (from.n > 0)
			pair_add(d, pairs, SAY0(d, W_FACTS), from);
	}
}

void add_sample_table(struct report *r, uint32_t window)
{
	const struct window_result *w = &r->o->windows[window];
	struct doc *d = r->d;
	const struct metric *m = report_metric(r, w->version, w->metric);
	const struct table_column columns[] = {
		{SAY0(d, m->start == EVENT_OUTAGE_BEGAN ? W_OUTAGE : W_TICKET), COLUMN_TEXT},
		{SAY0(d, W_PRIORITY), COLUMN_TEXT},
		{event_words(r, m->start), COLUMN_TEXT},
		{SAY0(d, W_DUE), COLUMN_TEXT},
		{event_words(r, m->stop), COLUMN_TEXT},
		{SAY0(d, W_USED), COLUMN_NUMBER},
		{SAY0(d, W_OF_GOAL), COLUMN_NUMBER},
		{SAY0(d, W_RESULT), COLUMN_TEXT}};
	struct phrase name =
		SAY(d, W_PAIR, metric_words(r, w->version, w->metric), window_words(r, w));
	struct table *t = doc_table(d, SAY(d, W_COLON, name, COUNTED(d, w->samples, W_CASES)),
				    columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < w->n_clocks; i++) {
		const struct clock *c = &r->o->clocks[w->clocks[i]];
		size_t why = plan_number(&r->plan, REASON_CLOCK, w->clocks[i]);
		struct phrase result =
			doc_state_run(d, clock_doc_state(c), clock_verdict_words(r, c));

		if (why > 0 && !r->full) {
			struct phrase both[2] = {result, doc_ref(d, why)};

			result = doc_join_all(d, " ", both, 2);
		}

		ROW(d, t, symbol_words(r, c->subject), priority_words(r, c->version, c->priority),
		    doc_time(d, c->start, TIME_MOMENT), doc_time(d, c->deadline, TIME_MOMENT),
		    doc_time(d, c->stop, TIME_MOMENT), doc_span(d, c->used_ms),
		    doc_span(d, c->goal_ms), result);
	}
}
