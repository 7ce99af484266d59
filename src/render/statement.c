/* SPDX-License-Identifier: Apache-2.0 */
/* The statement as a document: verdict, what follows, why. What did not count, trend and import are in statement_rest.c. */
#include "render/statement_parts.h"

#include <assert.h>

/* --- title --- */

static struct phrase period_words(const struct report *r)
{
	struct doc *d = r->d;
	struct span p = r->o->in.period;
	struct phrase from = doc_time(d, p.from, TIME_MONTH),
		      last = doc_time(d, p.to - 1, TIME_MONTH);

	if (text_eq(doc_words(d, from), doc_words(d, last)))
		return from;
	return SAY(d, W_PERIOD, from, last);
}

static void add_title(struct report *r)
{
	struct doc *d = r->d;
	const struct outcome *o = r->o;
	const struct promise *p = statement_promise(r);
	struct text hash = text_sub(text_of(p->contract->hash), 0, 12);
	struct phrase under[4] = {SAY(d, W_VERSION, doc_run(d, RUN_CODE, hash, text_of(""))),
				  SAY(d, W_AS_OF, doc_time(d, o->in.as_of, TIME_FULL)),
				  SAY(d, W_KNOWN_TO, doc_time(d, o->in.known_as_of, TIME_FULL)),
				  SAY(d, W_REVISION, doc_int(d, statement_revision(r)))};

	if (o->in.as_of == o->in.known_as_of)
		under[1] = NO_WORDS;
	d->title = SAY(d, W_STATEMENT, period_words(r));
	d->aside = doc_plain(d, p->id);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, p->provider), doc_plain(d, p->client));
	d->subject = doc_plain(d, p->title);
	d->under = doc_join_all(d, " \xc2\xb7 ", under, 4);
}

/* One line above all: how many promises were missed. */
static void add_verdict(struct report *r)
{
	struct doc *d = r->d;
	int64_t missed = 0, judged = 0;

	for (size_t i = 0; i < r->plan.n_windows; i++) {
		const struct window_result *w = &r->o->windows[r->plan.windows[i]];

		missed += w->verdict == VERDICT_MISSED;
		judged += w->verdict != VERDICT_NOT_JUDGED;
	}
	if (judged == 0)
		d->verdict = doc_state_run(d, STATE_OPEN, SAY0(d, W_NOTHING_JUDGED));
	else if (missed == 0)
		d->verdict = doc_state_run(d, STATE_KEPT, SAY0(d, W_ALL_KEPT));
	else
		d->verdict = doc_state_run(d, STATE_MISSED, COUNTED(d, missed, W_PROMISES_MISSED));
}

/* --- were the words kept? --- */

/* Is the metric shown with more than one window? Then each says which. */
static bool many_windows(const struct report *r, const struct window_result *w)
{
	size_t n = 0;

	for (size_t i = 0; i < r->plan.n_windows; i++) {
		const struct window_result *x = &r->o->windows[r->plan.windows[i]];

		n += text_eq(report_metric(r, x->version, x->metric)->id,
			     report_metric(r, w->version, w->metric)->id);
	}
	return n > 1 || (w->kind != WINDOW_CALENDAR_MONTH && w->kind != WINDOW_UNSAID);
}

static struct phrase row_name(const struct report *r, const struct window_result *w)
{
	const struct metric *m = report_metric(r, w->version, w->metric);
	struct phrase name = metric_words(r, w->version, w->metric);

	if (many_windows(r, w))
		name = SAY(r->d, W_PAIR, name, window_words(r, w));
	return m->role == ROLE_GOAL ? SAY(r->d, W_IS_GOAL, name) : name;
}

/* References to the late clocks of a row: up to three, else the first and the last. */
static struct phrase clock_refs(struct report *r, uint32_t window, int priority)
{
	struct doc *d = r->d;
	struct phrase refs[3] = {NO_WORDS};
	size_t n = 0;

	for (size_t i = 0; i < r->plan.n; i++) {
		const struct reason *x = &r->plan.v[i];

		if (x->kind != REASON_CLOCK || x->window != window ||
		    r->o->clocks[x->index].priority != priority)
			continue;
		refs[n < 2 ? n : 2] = doc_ref(d, i + 1);
		n++;
	}
	if (n > 3)
		refs[1] = doc_plain(d, text_of("\xe2\x80\xa6"));
	return doc_join_all(d, "", refs, 3);
}

struct verdict_table {
	struct report *r;
	struct table *t;
	bool first; /* the next row is the first of its window */
};

static void verdict_row(struct verdict_table *v, const struct window_result *w,
			struct phrase priority, struct phrase target, struct phrase measured,
			enum doc_state state, struct phrase result, struct phrase why)
{
	struct doc *d = v->r->d;
	struct phrase name = v->first ? row_name(v->r, w) : doc_same(d);

	ROW(d, v->t, name, priority, target, measured, doc_state_run(d, state, result), why);
	v->first = false;
}

static struct phrase samples_link(struct report *r, const struct window_result *w,
				  struct phrase words)
{
	const struct metric *m = report_metric(r, w->version, w->metric);

	return doc_link(r->d, text_format(r->d->arena, "#cases-%.*s-%s", TEXT_ARG(m->id), w->label),
			words);
}

/* In the table the word alone: why it was not judged stands at its reason and under what was not counted. */
static struct phrase short_verdict(const struct report *r, const struct window_result *w)
{
	if (w->verdict == VERDICT_NOT_JUDGED && w->why_not != NJ_NO_SAMPLES)
		return SAY0(r->d, W_NOT_JUDGED_SHORT);
	return verdict_words(r, w);
}

static void priority_row(struct verdict_table *v, uint32_t window, int priority)
{
	struct report *r = v->r;
	struct doc *d = r->d;
	const struct window_result *w = &r->o->windows[window];
	const struct metric *m = report_metric(r, w->version, w->metric);
	const struct target *t = target_for(m, priority);
	const struct priority_share *s = share_of(w, report_promise(r, w->version), priority);
	struct phrase name = priority >= 0 ? priority_words(r, w->version, priority) : NO_WORDS;

	if (t == NULL || s == NULL)
		return;
	if (s->samples == 0 && priority < 0 && (t->priority >= 0 || w->samples > 0))
		return;
	if (s->samples == 0 && priority >= 0 && t->priority < 0)
		return;
	if (s->samples == 0) {
		verdict_row(v, w, name, target_words(r, t), SAY0(d, W_NO_CASES), STATE_OPEN,
			    SAY0(d, W_NA), NO_WORDS);
		return;
	}
	int64_t late = s->samples - s->in_time;
	struct phrase result = late == 0 ? SAY0(d, W_KEPT) : COUNTED(d, late, W_LATE_N);

	if (w->why_not == NJ_BEFORE_APPLIES || w->why_not == NJ_OUTSIDE_TERM ||
	    w->why_not == NJ_PARTIAL)
		result = short_verdict(r, w);
	verdict_row(
		v, w, name, target_words(r, t),
		samples_link(r, w,
			     SAY(d, W_IN_TIME_OF, doc_int(d, s->in_time), doc_int(d, s->samples))),
		late == 0 ? STATE_KEPT : STATE_MISSED, result, clock_refs(r, window, priority));
}

static void whole_row(struct verdict_table *v, uint32_t window)
{
	struct report *r = v->r;
	struct doc *d = r->d;
	const struct window_result *w = &r->o->windows[window];
	const struct metric *m = report_metric(r, w->version, w->metric);
	size_t why = plan_number(&r->plan, REASON_WINDOW, window);
	struct phrase measured = value_words(r, w),
		      all = m->kind == METRIC_ELAPSED ? SAY0(d, W_ALL) : NO_WORDS;

	if (w->value_set && why > 0)
		measured = doc_link(d, text_format(d->arena, "#why-%zu", why), measured);
	verdict_row(v, w, all, window_target_words(r, w), measured, verdict_state(w),
		    short_verdict(r, w), why > 0 ? doc_ref(d, why) : NO_WORDS);
}

static void window_rows(struct verdict_table *v, uint32_t window)
{
	struct report *r = v->r;
	struct doc *d = r->d;
	const struct window_result *w = &r->o->windows[window];
	const struct promise *p = report_promise(r, w->version);
	const struct metric *m = report_metric(r, w->version, w->metric);

	size_t why = plan_number(&r->plan, REASON_WINDOW, window);

	v->first = true;
	if (m->kind == METRIC_ELAPSED)
		for (size_t i = 0; i <= p->n_priorities; i++)
			priority_row(v, window, i < p->n_priorities ? (int)i : -1);
	if (m->kind != METRIC_ELAPSED || m->comply)
		whole_row(v, window);
	else if (w->deemed || w->held || v->first)
		verdict_row(v, w, SAY0(d, W_ALL), NO_WORDS, NO_WORDS, verdict_state(w),
			    short_verdict(r, w), why > 0 ? doc_ref(d, why) : NO_WORDS);
}

static void add_verdicts(struct report *r)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {
		{SAY0(d, W_PROMISE), COLUMN_TEXT}, {NO_WORDS, COLUMN_TEXT},
		{SAY0(d, W_TARGET), COLUMN_TEXT},  {SAY0(d, W_MEASURED), COLUMN_TEXT},
		{SAY0(d, W_RESULT), COLUMN_TEXT},  {SAY0(d, W_WHY), COLUMN_TEXT}};

	doc_section(d, "verdict", SAY0(d, W_WERE_WORDS_KEPT));
	if (r->o->no_facts)
		doc_note(d, STATE_RISK, SAY0(d, W_NO_FACTS));
	if (r->plan.n_windows == 0) {
		doc_paragraph(d, SAY0(d, W_NO_WINDOWS));
		return;
	}
	statement_tiles(r);
	struct verdict_table v = {.r = r,
				  .t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns))};

	for (size_t i = 0; i < r->plan.n_windows; i++)
		window_rows(&v, r->plan.windows[i]);
	for (size_t i = 0; i < r->plan.n_windows; i++)
		unseen_note(r, &r->o->windows[r->plan.windows[i]], true,
			    plan_number(&r->plan, REASON_WINDOW, r->plan.windows[i]));
}

/* --- what follows --- */

static struct phrase apply_words(const struct report *r, const struct promise *p)
{
	static const enum wording words[] = {W_ON_NEXT_INVOICE, W_BY_CREDIT_NOTE, W_PAID};

	assert(p->credits.apply_to >= 0 && (size_t)p->credits.apply_to < ARRAY_SIZE(words));
	return SAY0(r->d, words[p->credits.apply_to]);
}

static struct phrase credit_refs(struct report *r, const struct settlement *s)
{
	struct doc *d = r->d;
	struct phrase refs = NO_WORDS;

	for (size_t i = 0; i < s->n_credits; i++) {
		size_t n = plan_number(&r->plan, REASON_CREDIT, s->credits[i]);

		if (n > 0 &&
		    (r->o->credits[s->credits[i]].fate == CREDIT_DUE || s->total.minor == 0))
			refs = doc_join(d, refs, doc_ref(d, n));
	}
	return refs;
}

static bool settlement_shown(const struct outcome *o, const struct settlement *s)
{
	return s->month.from >= o->in.period.from && s->month.from < o->in.period.to;
}

static void settlement_rows(struct report *r, struct table *t, const struct settlement *s)
{
	struct doc *d = r->d;
	const struct promise *p = statement_promise(r);
	bool one_month = r->o->in.period.to == s->month.to && r->o->in.period.from == s->month.from;
	struct phrase name = apply_words(r, p);

	if (!one_month)
		name = SAY(d, W_PAIR, name, doc_time(d, s->month.from, TIME_MONTH));
	if (s->total.minor != 0)
		ROW(d, t, name, doc_money(d, s->total), credit_refs(r, s));
	if (s->bonus.minor != 0)
		ROW(d, t, SAY0(d, W_BONUS), doc_money(d, s->bonus), NO_WORDS);
	if (s->earned_back.minor != 0)
		ROW(d, t, SAY0(d, W_EARNED_BACK), doc_money(d, s->earned_back), NO_WORDS);
	if (s->lapsed.minor != 0)
		ROW(d, t, SAY0(d, W_LAPSED), doc_money(d, s->lapsed),
		    s->total.minor != 0 ? NO_WORDS : credit_refs(r, s));
}

/* Credits that are not due, each with what became of it: nothing is left out silently. */
static int64_t other_credit_rows(struct report *r, struct table *t)
{
	struct doc *d = r->d;
	int64_t n = 0;

	for (uint32_t i = 0; i < r->o->n_credits; i++) {
		const struct credit *c = &r->o->credits[i];
		unsigned places = report_promise(r, c->version)->currency.decimals;

		if (c->fate == CREDIT_DUE || !credit_shown(r->o, c))
			continue;
		n++;
		ROW(d, t,
		    SAY(d, W_CREDIT_WITH_FATE, doc_plain(d, text_of(c->id)),
			credit_fate_words(r, c)),
		    c->fate == CREDIT_HELD ? doc_money(d, c->amount)
					   : doc_exact(d, c->exact, places),
		    doc_ref(d, plan_number(&r->plan, REASON_CREDIT, i)));
	}
	return n;
}

static void right_rows(struct report *r, struct table *t)
{
	struct doc *d = r->d;

	for (uint32_t i = 0; i < r->o->n_rights; i++) {
		const struct right *x = &r->o->rights[i];
		const struct chronic_rule *rule =
			&report_promise(r, x->version)->chronic[x->chronic];
		struct phrase until = x->until == INSTANT_NONE
					      ? SAY0(d, W_NO_LIMIT)
					      : doc_time(d, x->until, TIME_LAST_DAY);

		if (x->exercised == INSTANT_NONE &&
		    (x->until == INSTANT_NONE || x->until >= r->o->in.as_of))
			ROW(d, t, SAY(d, W_RIGHT_OPEN, doc_plain(d, rule->id)),
			    SAY(d, W_UNTIL_DATE, until),
			    doc_ref(d, plan_number(&r->plan, REASON_RIGHT, i)));
	}
}

/* "Nothing is owed" is only as good as what was judged. */
static enum wording nothing_more(const struct report *r, bool any)
{
	size_t open = 0;

	if (r->o->no_facts)
		return W_NOTHING_KNOWN;
	for (size_t i = 0; i < r->plan.n_windows; i++)
		open += r->o->windows[r->plan.windows[i]].verdict == VERDICT_NOT_JUDGED;
	if (open > 0 && open == r->plan.n_windows)
		return W_NOTHING_WITHOUT_VERDICT;
	if (any)
		return W_NOTHING_ELSE;
	return open > 0 ? W_NOTHING_OWED_JUDGED : W_NOTHING_OWED;
}

static enum wording exception_wording(struct text word)
{
	if (text_is(word, "chronic_failure"))
		return W_EXCEPT_CHRONIC;
	if (text_is(word, "data_breach"))
		return W_EXCEPT_BREACH;
	if (text_is(word, "data_loss"))
		return W_EXCEPT_LOSS;
	return W_EXCEPT_NEGLIGENCE;
}

/* Where credits are the only remedy, the ways that stay open are named (sla.md R64). */
static void add_sole_remedy(struct report *r)
{
	struct doc *d = r->d;
	const struct credits *credits = &statement_promise(r)->credits;
	const struct node *except =
		credits->node == NULL ? NULL : node_at(credits->node, "sole_remedy.except");
	struct phrase names = NO_WORDS;

	if (!credits->sole_remedy)
		return;
	for (const struct node *x = except != NULL ? except->child : NULL; x != NULL; x = x->next) {
		struct phrase both[2] = {names, SAY0(d, exception_wording(x->text))};

		names = doc_join_all(d, ", ", both, 2);
	}
	doc_paragraph(d, names.n > 0 ? SAY(d, W_SOLE_EXCEPT, names) : SAY0(d, W_SOLE_REMEDY));
}

static void add_follows(struct report *r)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_AMOUNT), COLUMN_NUMBER},
					       {SAY0(d, W_WHY), COLUMN_TEXT}};
	bool any = false;

	doc_section(d, "follows", SAY0(d, W_WHAT_FOLLOWS));
	for (size_t i = 0; i < r->o->n_credits && !any; i++)
		any = credit_shown(r->o, &r->o->credits[i]);
	for (size_t i = 0; i < r->o->n_settlements && !any; i++)
		any = settlement_shown(r->o, &r->o->settlements[i]) &&
		      (r->o->settlements[i].total.minor | r->o->settlements[i].bonus.minor |
		       r->o->settlements[i].earned_back.minor) != 0;
	if (any || r->o->n_rights > 0) {
		struct table *t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));

		t->headless = true;
		for (size_t i = 0; i < r->o->n_settlements; i++)
			if (settlement_shown(r->o, &r->o->settlements[i]))
				settlement_rows(r, t, &r->o->settlements[i]);
		(void)other_credit_rows(r, t);
		right_rows(r, t);
		limit_table(r, t, text_of(""));
		add_sole_remedy(r);
	}
	statement_unknown_base(r);
	doc_paragraph(d, SAY0(d, nothing_more(r, any)));
	statement_deadlines(r);
	statement_maintenance(r);
	statement_alerts(r);
}

/* --- why --- */

static struct phrase explain_hint(struct report *r, const char *what)
{
	struct doc *d = r->d;

	if (r->options.explain_command.n == 0)
		return SAY0(d, W_IN_OTHER_FORMATS);
	return doc_run(
		d, RUN_CODE,
		text_format(d->arena, "%.*s --what %s", TEXT_ARG(r->options.explain_command), what),
		text_of(""));
}

/* Late clocks beyond the limit of text: the page has them all. */
static void add_clock_reasons(struct report *r, size_t from, size_t to)
{
	struct doc *d = r->d;
	size_t shown = 0;

	for (size_t i = from; i < to; i++) {
		d->medium = shown++ < r->options.rows ? ON_ANY : ON_PAGE;
		if (d->medium == ON_ANY || !r->options.text_only)
			reason_add(r, i + 1, &r->plan.v[i]);
	}
	d->medium = ON_ANY;
	if (shown <= r->options.rows)
		return;
	d->medium = ON_TEXT;
	(void)doc_reason(
		d, 0, STATE_OPEN,
		SAY(d, W_LATE_MORE, COUNTED(d, (int64_t)(shown - r->options.rows), W_MORE_LATE),
		    doc_plain(d, text_format(d->arena, "[%zu]", from + r->options.rows + 1)),
		    doc_plain(d, text_format(d->arena, "[%zu]", to))),
		NO_WORDS);
	doc_paragraph(d,
		      explain_hint(r, text_format(d->arena, "%zu", from + r->options.rows + 1).p));
	d->medium = ON_ANY;
}

static void add_why(struct report *r)
{
	struct doc *d = r->d;
	const struct plan *p = &r->plan;
	bool any = false;

	for (size_t i = 0; i < p->n; i++)
		any = any || p->v[i].kind <= REASON_RIGHT;
	if (!any)
		return;
	doc_section(d, "why", SAY0(d, W_WHY_HEADING));
	for (size_t i = 0; i < p->n;) {
		size_t to = i;

		while (to < p->n && p->v[to].kind == REASON_CLOCK &&
		       p->v[to].window == p->v[i].window)
			to++;
		if (to > i) {
			add_clock_reasons(r, i, to);
			i = to;
			continue;
		}
		if (p->v[i].kind <= REASON_RIGHT)
			reason_add(r, i + 1, &p->v[i]);
		i++;
	}
}

static void add_cases(struct report *r)
{
	struct doc *d = r->d;
	bool any = false;

	for (size_t i = 0; i < r->plan.n_windows; i++)
		any = any || r->o->windows[r->plan.windows[i]].n_clocks > 0;
	if (!any || r->options.text_only)
		return;
	d->medium = ON_PAGE;
	doc_section(d, "cases", SAY0(d, W_CASES_HEADING));
	d->medium = ON_ANY;
	for (size_t i = 0; i < r->plan.n_windows; i++) {
		const struct window_result *w = &r->o->windows[r->plan.windows[i]];
		const struct metric *m = report_metric(r, w->version, w->metric);

		if (w->n_clocks == 0)
			continue;
		d->medium = ON_PAGE;
		struct block *b = doc_reason(
			d, 0, STATE_NONE,
			SAY(d, W_PAIR, metric_words(r, w->version, w->metric), window_words(r, w)),
			clause_words(r, m->node));

		b->anchor = text_format(d->arena, "cases-%.*s-%s", TEXT_ARG(m->id), w->label);
		const struct chart *times = chart_of_times(r, w, false);

		if (times != NULL)
			doc_chart(d, times);
		add_sample_table(r, r->plan.windows[i]);
		d->medium = ON_ANY;
	}
}

struct doc *statement_doc(struct arena *a, const struct outcome *o,
			  const struct statement_options *options)
{
	struct report *r = report_new(a, o, options);
	struct doc *d = r->d;

	d->light = true;
	add_title(r);
	add_verdict(r);
	add_verdicts(r);
	add_follows(r);
	add_why(r);
	add_cases(r);
	statement_uncounted(r);
	statement_trend(r);
	statement_import(r);
	statement_footer(r);
	return d;
}
