/* SPDX-License-Identifier: Apache-2.0 */
#include "render/statement_parts.h"

#include "engine/ticket.h"

#include <assert.h>

enum { TILES_MAX = 8, TREND_WINDOWS = 13, TREND_COLUMNS = 5, DEADLINES_TEXT = 6 };

/* --- tiles --- */

static void elapsed_tile(struct report *r, struct tile *t, const struct window_result *w)
{
	struct doc *d = r->d;
	const struct metric *m = report_metric(r, w->version, w->metric);
	int64_t late = w->samples - w->in_time;

	if (w->samples == 0) {
		t->figure = SAY0(d, W_NA);
		t->note = SAY0(d, W_NO_CASES);
		t->state = doc_state_run(d, STATE_OPEN, SAY0(d, W_NA));
		return;
	}
	t->figure = doc_link(d, text_format(d->arena, "#cases-%.*s-%s", TEXT_ARG(m->id), w->label),
			     doc_int(d, w->in_time));
	t->unit = SAY(d, W_OF_IN_TIME, doc_int(d, w->samples));
	if (w->verdict == VERDICT_MISSED && !w->deemed && !m->comply)
		t->state = doc_state_run(d, STATE_MISSED, COUNTED(d, late, W_LATE_N));
	else
		t->state = doc_state_run(d, verdict_state(w), verdict_words(r, w));
	t->chart = chart_of_trend(r, w, true);
	if (t->chart == NULL)
		t->chart = chart_of_times(r, w, true);
}

static void value_tile(struct report *r, struct tile *t, uint32_t window)
{
	struct doc *d = r->d;
	const struct window_result *w = &r->o->windows[window];
	size_t why = plan_number(&r->plan, REASON_WINDOW, window);
	struct phrase value = value_words(r, w), target = window_target_words(r, w);

	t->figure = why > 0 && w->value_set
			    ? doc_link(d, text_format(d->arena, "#why-%zu", why), value)
			    : value;
	if (target.n > 0 && w->value_set)
		t->unit = SAY(d, W_OF_TARGET, target);
	t->state = doc_state_run(d, verdict_state(w),
				 w->verdict == VERDICT_NOT_JUDGED && w->why_not != NJ_NO_SAMPLES
					 ? SAY0(d, W_NOT_JUDGED_SHORT)
					 : verdict_words(r, w));
	if (w->availability != NULL && w->target_set && w->value_set)
		t->note = SAY(d, W_BUDGET_SPENT, doc_span(d, w->availability->budget_ms),
			      doc_span(d, w->availability->spent_ms));
	t->chart = chart_of_window(r, w, true);
	if (t->chart == NULL)
		t->chart = chart_of_trend(r, w, true);
}

static void credit_tile(struct report *r, struct tiles *tiles)
{
	struct doc *d = r->d;

	for (size_t i = 0; i < r->o->n_settlements; i++) {
		const struct settlement *s = &r->o->settlements[i];

		if (s->month.from < r->o->in.period.from || s->month.from >= r->o->in.period.to ||
		    s->n_credits == 0)
			continue;
		struct tile *t = tile_add(d, tiles, SAY0(d, W_CREDIT));
		size_t why = plan_number(&r->plan, REASON_CREDIT, s->credits[0]);
		struct phrase amount = amount_words(r, s->total);

		t->figure = why > 0 ? doc_link(d, text_format(d->arena, "#why-%zu", why), amount)
				    : amount;
		t->unit = doc_plain(d, text_copy(d->arena, text_of(s->total.currency.code)));
		t->note = doc_time(d, s->month.from, TIME_MONTH);
	}
}

void statement_tiles(struct report *r)
{
	struct doc *d = r->d;

	d->medium = ON_PAGE;
	struct tiles *tiles = doc_tiles(d);

	d->medium = ON_ANY;
	for (size_t i = 0; i < r->plan.n_windows && i < TILES_MAX; i++) {
		uint32_t window = r->plan.windows[i];
		const struct window_result *w = &r->o->windows[window];
		const struct metric *m = report_metric(r, w->version, w->metric);
		struct tile *t = tile_add(d, tiles, metric_words(r, w->version, w->metric));

		if (m->kind == METRIC_ELAPSED)
			elapsed_tile(r, t, w);
		else
			value_tile(r, t, window);
	}
	credit_tile(r, tiles);
}

/* --- deadlines --- */

/* Until this instant deadlines are told: 90 days on (sla.md R68). */
static bool deadline_shown(const struct outcome *o, const struct act_deadline *x)
{
	if (x->state ==
	    DEADLINE_LATE) /* what was done late is no deadline any more; what followed from it stands elsewhere */
		return x->done == INSTANT_NONE && x->at >= o->in.period.from;
	return x->state == DEADLINE_OPEN && x->at <= o->in.as_of + 90 * DAY_MS;
}

void statement_deadlines(struct report *r)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_UNTIL), COLUMN_TEXT},
					       {SAY0(d, W_WHO), COLUMN_TEXT},
					       {SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_CLAUSE), COLUMN_TEXT}};
	struct table *t = NULL;

	for (size_t i = 0; i < r->o->n_deadlines; i++) {
		const struct act_deadline *x = &r->o->deadlines[i];

		if (!deadline_shown(r->o, x))
			continue;
		if (t == NULL)
			t = doc_table(d, SAY0(d, W_NEXT_DEADLINES), columns, ARRAY_SIZE(columns));
		struct phrase what = deadline_words(r, x);

		if (x->state == DEADLINE_LATE)
			what = doc_join(
				d, what,
				doc_join(d, doc_plain(d, text_of(" ")),
					 doc_state_run(d, STATE_MISSED, SAY0(d, W_OVERDUE))));
		ROW(d, t, doc_time(d, x->at, TIME_LAST_DAY), party_words(r, x->who), what,
		    clause_words(r, x->why));
	}
	if (t != NULL && t->n_rows > DEADLINES_TEXT)
		limit_table(r, t, text_of(""));
}

static bool is_cancelled(const struct view *v, symbol maintenance)
{
	struct fact_run run = v->kinds[FACT_MAINTENANCE_CANCELLED];

	for (size_t i = 0; i < run.n; i++)
		if (view_fact(v, run.v[i])->subject == maintenance)
			return true;
	return false;
}

/* Work announced for the time after the period, with the notice given (sla.md R68). */
void statement_maintenance(struct report *r)
{
	struct doc *d = r->d;
	const struct view *v = r->o->view;
	struct fact_run run = v->kinds[FACT_MAINTENANCE_ANNOUNCED];
	const struct table_column columns[] = {{SAY0(d, W_WHEN), COLUMN_TEXT},
					       {SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_ANNOUNCED), COLUMN_TEXT},
					       {SAY0(d, W_SOURCE), COLUMN_PAGE}};
	struct table *t = NULL;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		struct span s = {fact_number(f, FIELD_FROM, 0), fact_number(f, FIELD_TO, 0)};

		if (s.from < r->o->in.period.to || s.to <= r->o->in.as_of || s.from >= s.to ||
		    is_cancelled(v, f->subject))
			continue;
		if (t == NULL)
			t = doc_table(d, SAY0(d, W_MAINTENANCE_AHEAD), columns,
				      ARRAY_SIZE(columns));
		ROW(d, t, span_words(r, s), symbol_words(r, f->subject),
		    doc_time(d, f->recorded_at, TIME_FULL), fact_source_words(r, run.v[i]));
	}
	if (t != NULL)
		limit_table(r, t, text_of(""));
}

static bool alert_shown(const struct outcome *o, const struct fact *f)
{
	instant told = fact_number(f, FIELD_FROM, 0);

	return f->kind == FACT_ALERT_UNSEEN && f->recorded_at <= o->in.known_as_of &&
	       f->occurred_at <= o->in.as_of && told >= o->in.period.from && told < o->in.period.to;
}

/* What the record says of itself is in no view. */
size_t alerts_unseen(struct arena *a, const struct outcome *o, uint32_t **out)
{
	const struct facts *facts = o->in.facts;
	size_t n = 0, cap = 0;

	*out = NULL;
	for (uint32_t i = 0; i < facts->n; i++) {
		if (!alert_shown(o, &facts->v[i]))
			continue;
		*out = arena_grow(a, *out, n, &cap, sizeof(**out));
		(*out)[n++] = i;
	}
	return n;
}

static enum party side_told(const struct outcome *o, const struct fact *f)
{
	enum party side = PARTY_UNKNOWN;

	(void)party_find(symbol_text(o->in.facts->symbols, fact_word(f, FIELD_PART)), &side);
	return side;
}

/* A metric by its id, in the words of the version in force then. */
static struct phrase named_metric(const struct report *r, symbol id, instant then)
{
	const struct evaluation *in = &r->o->in;
	int version = version_at(in->versions, in->n_versions, then);
	struct text name = symbol_text(in->facts->symbols, id);

	for (size_t i = 0; version >= 0 && i < in->versions[version].promise->n_metrics; i++)
		if (text_eq(in->versions[version].promise->metrics[i].id, name))
			return metric_words(r, (uint16_t)version, (uint16_t)i);
	return symbol_words(r, id);
}

/* The target of a ticket by what it measures, or an outage. */
static struct phrase alert_words(const struct report *r, const struct fact *f)
{
	struct doc *d = r->d;
	struct phrase event = symbol_words(r, f->subject);
	symbol metric = fact_word(f, FIELD_METRIC);

	if (metric == 0)
		return SAY(d, W_OUTAGE_ID, event);
	return SAY(d, W_ALERT_TARGET, event,
		   named_metric(r, metric, fact_number(f, FIELD_FROM, 0)));
}

void statement_alerts(struct report *r)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_TOLD_FIRST), COLUMN_TEXT},
					       {SAY0(d, W_WHO), COLUMN_TEXT},
					       {SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_SOURCE), COLUMN_PAGE}};
	uint32_t *facts;
	size_t n = alerts_unseen(d->arena, r->o, &facts);
	struct table *t =
		n == 0 ? NULL
		       : doc_table(d, SAY0(d, W_ALERTS_UNSEEN), columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < n; i++) {
		const struct fact *f = &r->o->in.facts->v[facts[i]];

		ROW(d, t,
		    doc_time(d, fact_number(f, FIELD_FROM, 0) / SECOND_MS * SECOND_MS, TIME_FULL),
		    party_words(r, side_told(r->o, f)), alert_words(r, f),
		    fact_source_words(r, facts[i]));
	}
	if (t != NULL)
		limit_table(r, t, text_of(""));
}

void statement_unknown_base(struct report *r)
{
	struct doc *d = r->d;
	struct phrase names = NO_WORDS;
	bool said = false;

	for (size_t i = 0; i < r->o->n_credits; i++) {
		const struct credit *c = &r->o->credits[i];

		if (said || !credit_shown(r->o, c) || c->base >= r->o->n_bases ||
		    r->o->bases[c->base].given)
			continue;
		const struct base *b = &r->o->bases[c->base];

		for (size_t k = 0; k < b->n_lines; k++) {
			if (b->lines[k].known)
				continue;
			struct phrase both[2] = {names,
						 doc_plain(d, report_promise(r, c->version)
								      ->charges[b->lines[k].charge]
								      .id)};

			names = doc_join_all(d, ", ", both, 2);
			said = true;
		}
	}
	if (said)
		doc_note(d, STATE_RISK, SAY(d, W_BASE_INCOMPLETE, names));
}

/* --- not counted, and why --- */

struct uncounted {
	struct report *r;
	struct list *list; /* NULL until there is something to say */
};

static void say_uncounted(struct uncounted *u, struct phrase words, size_t why)
{
	struct doc *d = u->r->d;

	if (u->list == NULL) {
		doc_section(d, "uncounted", SAY0(d, W_NOT_COUNTED));
		u->list = doc_list(d);
	}
	if (why > 0)
		words = doc_join(d, doc_join(d, words, doc_plain(d, text_of(" "))),
				 doc_ref(d, why));
	list_add(d, u->list, words);
}

/* Windows that were not judged, together by reason. */
static void uncounted_not_judged(struct uncounted *u)
{
	struct report *r = u->r;
	struct doc *d = r->d;

	for (int why = JUDGED; why <= NJ_NO_TARGET; why++) {
		struct phrase names = NO_WORDS, reason = NO_WORDS;

		for (size_t i = 0; i < r->plan.n_windows; i++) {
			uint32_t index = r->plan.windows[i];
			const struct window_result *w = &r->o->windows[index];
			size_t number = plan_number(&r->plan, REASON_WINDOW, index);

			if (w->verdict != VERDICT_NOT_JUDGED || (int)w->why_not != why)
				continue;
			struct phrase name = SAY(d, W_PAIR, metric_words(r, w->version, w->metric),
						 window_words(r, w));

			if (number > 0)
				name = doc_join(d, doc_join(d, name, doc_plain(d, text_of(" "))),
						doc_ref(d, number));
			struct phrase both[2] = {names, name};

			names = doc_join_all(d, "; ", both, 2);
			reason = not_judged_words(r, w);
		}
		if (names.n > 0)
			say_uncounted(u, SAY(d, W_COLON, SAY(d, W_NOT_JUDGED, reason), names), 0);
	}
}

static struct phrase held_words(const struct report *r, const struct window_result *w)
{
	struct phrase both[2] = {SAY0(r->d, W_HELD_WHY),
				 w->alternative != NULL ? alternative_words(r, w) : NO_WORDS};

	return doc_join_all(r->d, "; ", both, 2);
}

static void uncounted_windows(struct uncounted *u)
{
	struct report *r = u->r;
	struct doc *d = r->d;

	for (size_t i = 0; i < r->plan.n_windows; i++) {
		uint32_t index = r->plan.windows[i];
		const struct window_result *w = &r->o->windows[index];
		struct phrase name =
			SAY(d, W_PAIR, metric_words(r, w->version, w->metric), window_words(r, w));
		size_t why = plan_number(&r->plan, REASON_WINDOW, index);

		if (w->kind == WINDOW_UNSAID)
			say_uncounted(u, SAY(d, W_COLON, name, SAY0(d, W_WINDOW_UNSAID)), 0);
		if (w->deemed)
			say_uncounted(u, SAY(d, W_COLON, name, SAY0(d, W_DEEMED_WHY)), why);
		if (w->held)
			say_uncounted(u, SAY(d, W_COLON, name, held_words(r, w)), why);
		if (w->carried_samples > 0)
			say_uncounted(u,
				      SAY(d, W_COLON, name,
					  COUNTED(d, w->carried_samples, W_CARRIED_OVER)),
				      why);
		if (w->censored > 0)
			say_uncounted(u,
				      SAY(d, W_COLON, name, COUNTED(d, w->censored, W_CENSORED_N)),
				      why);
	}
}

static void uncounted_excuses(struct uncounted *u)
{
	struct report *r = u->r;
	struct doc *d = r->d;

	for (size_t i = 0; i < r->plan.n_windows; i++) {
		uint32_t index = r->plan.windows[i];
		const struct availability *av = r->o->windows[index].availability;

		for (size_t k = 0; av != NULL && k < av->n_excuses; k++) {
			const struct excuse *e = &av->excuses[k];

			if (e->refusal == EXCUSE_VALID)
				continue;
			struct phrase words = SAY(d, W_EXCUSE_REFUSED_AT, cause_words(r, e->cause),
						  span_words(r, e->asked), refusal_words(r, e));

			if (e->would_excuse_ms > 0) {
				struct phrase both[2] = {
					words,
					SAY(d, W_WOULD_EXCUSE, doc_span(d, e->would_excuse_ms))};

				words = doc_join_all(d, "; ", both, 2);
			}
			say_uncounted(u, words, plan_number(&r->plan, REASON_WINDOW, index));
		}
	}
}

static void uncounted_rows(struct uncounted *u)
{
	struct report *r = u->r;
	struct doc *d = r->d;

	for (size_t i = 0; i < r->options.n_imports; i++) {
		const struct import_report *x = r->options.imports[i];

		if (x->skipped == 0)
			continue;
		const struct import_note *first = NULL;

		for (size_t k = 0; k < x->n_notes && first == NULL; k++)
			if (import_code_severity(x->notes[k].code) == 'E')
				first = &x->notes[k];
		struct phrase words =
			SAY(d, W_ROWS_SKIPPED, COUNTED(d, (int64_t)x->skipped, W_ROWS),
			    file_words(r, x->name));

		if (first != NULL && first->line > 0)
			words = SAY(d, x->skipped == 1 ? W_SKIPPED_LINE : W_SKIPPED_FIRST, words,
				    doc_plain(d, text_format(d->arena, "%u", first->line)),
				    doc_plain(d, first->text));
		say_uncounted(u, words, 0);
	}
}

/* Records that others outweigh: the first with what they would change, the rest counted (sla.md R17). */
static void uncounted_contradictions(struct uncounted *u)
{
	struct report *r = u->r;
	size_t n = r->n_contradictions;

	for (size_t i = 0; i < r->plan.n; i++)
		if (r->plan.v[i].kind == REASON_CONTRADICTION)
			say_uncounted(u, contradiction_heading(r, r->plan.v[i].index), i + 1);
	if (n > CONTRADICTIONS_TRIED_MAX)
		say_uncounted(
			u,
			COUNTED(r->d, (int64_t)(n - CONTRADICTIONS_TRIED_MAX), W_OUTWEIGHED_MORE),
			0);
}

static void add_uncounted_reasons(struct report *r)
{
	for (size_t i = 0; i < r->plan.n; i++) {
		if (r->plan.v[i].kind <= REASON_RIGHT)
			continue;
		r->d->medium = ON_PAGE;
		reason_add(r, i + 1, &r->plan.v[i]);
	}
	r->d->medium = ON_ANY;
}

void statement_uncounted(struct report *r)
{
	struct uncounted u = {.r = r};

	for (size_t i = 0; i < r->plan.n; i++)
		if (r->plan.v[i].kind == REASON_VOID)
			say_uncounted(&u, void_heading(r, (enum void_reason)r->plan.v[i].index),
				      i + 1);
	uncounted_not_judged(&u);
	uncounted_windows(&u);
	uncounted_excuses(&u);
	uncounted_contradictions(&u);
	uncounted_rows(&u);
	for (size_t i = 0; i < r->plan.n; i++)
		if (r->plan.v[i].kind == REASON_FLAG)
			say_uncounted(&u, flag_heading(r, r->plan.v[i].index), i + 1);
	if (u.list == NULL)
		return;
	u.list->limit = 3 * r->options.rows;
	if (u.list->n > u.list->limit)
		u.list->more = SAY(r->d, W_MORE_IN_PAGE,
				   COUNTED(r->d, (int64_t)(u.list->n - u.list->limit), W_MORE));
	add_uncounted_reasons(r);
}

/* --- the last windows --- */

/* Compared, not computed: did each of the last three fall, or rise? */
static struct phrase trend_words(const struct report *r, const uint32_t *last, size_t n)
{
	struct doc *d = r->d;
	const struct window_result *w[3];

	if (n < 3)
		return NO_WORDS;
	for (size_t i = 0; i < 3; i++) {
		w[i] = &r->o->windows[last[n - 3 + i]];
		if (!w[i]->value_set)
			return NO_WORDS;
	}
	int first = fraction_cmp(w[0]->value, w[1]->value),
	    second = fraction_cmp(w[1]->value, w[2]->value);

	if (first > 0 && second > 0)
		return SAY0(d, W_TREND_FALLING);
	if (first < 0 && second < 0)
		return SAY0(d, W_TREND_RISING);
	return NO_WORDS;
}

static struct phrase trend_cell(const struct report *r, const struct window_result *w)
{
	struct doc *d = r->d;

	if (!w->value_set)
		return w->verdict == VERDICT_MISSED ? verdict_words(r, w) : SAY0(d, W_NA);
	struct phrase both[2] = {value_words(r, w),
				 w->verdict == VERDICT_MISSED ? SAY0(d, W_MISSED) : NO_WORDS};

	return doc_join_all(d, " ", both, 2);
}

/* One table for up to five metrics that share their windows: rows are windows, the last first. */
static void trend_table(struct report *r, const uint32_t *metrics, size_t n)
{
	struct doc *d = r->d;
	struct table_column columns[TREND_COLUMNS + 1] = {{SAY0(d, W_WINDOW), COLUMN_TEXT}};
	uint32_t last[TREND_COLUMNS][TREND_WINDOWS];
	size_t count[TREND_COLUMNS], rows = 0;
	struct phrase trends[TREND_COLUMNS];
	size_t n_trends = 0;

	for (size_t i = 0; i < n; i++) {
		const struct window_result *w = &r->o->windows[metrics[i]];

		columns[i + 1] =
			(struct table_column){metric_words(r, w->version, w->metric), COLUMN_TEXT};
		count[i] = last_windows(r->o, metrics[i], TREND_WINDOWS, last[i]);
		rows = count[i] > rows ? count[i] : rows;
		struct phrase trend = trend_words(r, last[i], count[i]);

		if (trend.n > 0)
			trends[n_trends++] = SAY(d, W_COLON, columns[i + 1].heading, trend);
	}
	struct table *t = doc_table(d, NO_WORDS, columns, n + 1);

	for (size_t k = 0; k < rows; k++) {
		struct phrase cells[TREND_COLUMNS + 1] = {NO_WORDS};

		for (size_t i = 0; i < n; i++) {
			if (k >= count[i])
				continue;
			const struct window_result *w = &r->o->windows[last[i][count[i] - 1 - k]];

			cells[i + 1] = trend_cell(r, w);
			if (cells[0].n == 0)
				cells[0] = window_words(r, w);
		}
		table_row(d, t, cells, n + 1);
	}
	if (n_trends > 0)
		doc_paragraph(d, doc_join_all(d, " \xc2\xb7 ", trends, n_trends));
}

void statement_trend(struct report *r)
{
	struct doc *d = r->d;
	uint32_t metrics[TREND_COLUMNS], scratch[TREND_WINDOWS];
	size_t n = 0;
	bool begun = false;

	for (size_t i = 0; i < r->plan.n_windows; i++) {
		uint32_t index = r->plan.windows[i];
		const struct window_result *w = &r->o->windows[index];
		bool last = i + 1 == r->plan.n_windows ||
			    r->o->windows[r->plan.windows[i + 1]].metric != w->metric;

		/* Of several windows of a metric the last one carries the others. */
		if (last && last_windows(r->o, index, TREND_WINDOWS, scratch) > 1) {
			if (n > 0 &&
			    (r->o->windows[metrics[0]].kind != w->kind || n == TREND_COLUMNS)) {
				trend_table(r, metrics, n);
				n = 0;
			}
			if (!begun)
				doc_section(d, "trend", SAY0(d, W_TREND));
			begun = true;
			metrics[n++] = index;
		}
	}
	if (n > 0)
		trend_table(r, metrics, n);
}

/* --- the import --- */

static void import_notes(struct report *r, const struct import_report *x)
{
	struct doc *d = r->d;
	struct list *l = NULL;

	for (int code = 0; code < IMPORT_CODE_COUNT; code++) {
		if (x->counts[code] == 0)
			continue;
		if (l == NULL)
			l = doc_list(d);
		struct phrase words = SAY(d, W_IMPORT_CODE, file_words(r, x->name),
					  COUNTED(d, (int64_t)x->counts[code], W_ROWS),
					  import_words(r, (enum import_code)code));

		for (size_t i = 0; i < x->n_notes; i++) {
			if ((int)x->notes[i].code != code)
				continue;
			words = x->notes[i].line == 0
					? SAY(d, W_COLON, words, doc_plain(d, x->notes[i].text))
					: SAY(d, W_IMPORT_FIRST, words,
					      doc_plain(d, text_format(d->arena, "%u",
								       x->notes[i].line)),
					      doc_plain(d, x->notes[i].text));
			break;
		}
		list_add(d, l, words);
	}
}

void statement_import(struct report *r)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {
		{SAY0(d, W_FILE), COLUMN_TEXT},        {SAY0(d, W_FORMAT), COLUMN_TEXT},
		{SAY0(d, W_ROWS_READ), COLUMN_NUMBER}, {SAY0(d, W_ROWS_TAKEN), COLUMN_NUMBER},
		{SAY0(d, W_ROWS_LEFT), COLUMN_NUMBER}, {SAY0(d, W_NEW_FACTS), COLUMN_NUMBER},
		{SAY0(d, W_TIMES_IN), COLUMN_TEXT}};

	if (r->options.n_imports == 0)
		return;
	doc_section(d, "import", SAY0(d, W_IMPORT));
	struct table *t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < r->options.n_imports; i++) {
		const struct import_report *x = r->options.imports[i];

		ROW(d, t, file_words(r, x->name), doc_plain(d, x->format),
		    doc_int(d, (int64_t)x->rows_read), doc_int(d, (int64_t)x->taken),
		    doc_int(d, (int64_t)x->skipped), doc_int(d, (int64_t)x->facts),
		    x->zone.n > 0 ? doc_plain(d, x->zone) : SAY0(d, W_ZONE_TOLD));
	}
	for (size_t i = 0; i < r->options.n_imports; i++)
		import_notes(r, r->options.imports[i]);
}

/* --- foot --- */

static void add_hints(struct report *r)
{
	struct doc *d = r->d;
	struct text command = r->options.explain_command;
	const struct metric *counted = NULL;

	for (size_t i = 0; i < r->plan.n_windows && counted == NULL; i++) {
		const struct window_result *w = &r->o->windows[r->plan.windows[i]];

		if (w->n_clocks > 0)
			counted = report_metric(r, w->version, w->metric);
	}
	if (command.n == 0)
		return;
	if (r->plan.n > 0)
		doc_hint(d, text_format(d->arena, "%.*s --what 1", TEXT_ARG(command)),
			 SAY0(d, W_HINT_EXPLAIN));
	if (counted != NULL)
		doc_hint(d,
			 text_format(d->arena, "%.*s --what 'metric %.*s'", TEXT_ARG(command),
				     TEXT_ARG(counted->id)),
			 SAY0(d, W_HINT_CASES));
	doc_hint(d, text_format(d->arena, "%.*s --list", TEXT_ARG(command)), SAY0(d, W_HINT_LIST));
}

int64_t statement_revision(const struct report *r)
{
	return r->options.record == NULL ? 1 : r->options.record->revision;
}

/* Where it can be checked: an anchor that needs no software (trust.md J11). */
static void add_record(struct report *r)
{
	struct doc *d = r->d;
	const struct statement_record *rec = r->options.record;

	if (rec == NULL)
		return;
	doc_footer(d, SAY(d, W_FOOT_RECORD, doc_run(d, RUN_CODE, rec->origin, text_of("")),
			  doc_int(d, rec->size)));
	doc_footer(d, SAY(d, W_FOOT_ROOT, doc_run(d, RUN_CODE, rec->root, text_of(""))));
	if (rec->document.n > 0)
		doc_footer(d, SAY(d, W_FOOT_DOCUMENT,
				  doc_run(d, RUN_CODE, rec->document, text_of(""))));
	else
		doc_footer(d, SAY0(d, W_FOOT_NOT_ISSUED));
}

void statement_footer(struct report *r)
{
	struct doc *d = r->d;
	const struct outcome *o = r->o;
	const struct promise *p = statement_promise(r);
	struct text notice = language_notice(d->language);

	d->medium = ON_PAGE;
	doc_footer(d, SAY(d, W_VERSION,
			  doc_run(d, RUN_CODE, text_of(p->contract->hash), text_of(""))));
	doc_footer(d, SAY(d, W_AS_OF, doc_time(d, o->in.as_of, TIME_FULL)));
	doc_footer(d, SAY(d, W_KNOWN_TO, doc_time(d, o->in.known_as_of, TIME_FULL)));
	doc_footer(d, SAY(d, W_REVISION, doc_int(d, statement_revision(r))));
	d->medium = ON_ANY;
	doc_footer(d, SAY(d, W_TIMES_SHOWN_IN,
			  doc_plain(d, d->zone != NULL ? zone_name(d->zone) : text_of("UTC"))));
	if (notice.n > 0)
		doc_footer(d, doc_plain(d, notice));
	add_record(r);
	add_hints(r);
}
