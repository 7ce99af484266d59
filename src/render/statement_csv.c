/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statement as one flat table. RFC 4180 with LF line ends; every field that holds a comma, a quote or a line break is quoted.
 * Columns; those that do not apply to a kind of row are empty:
 *
 *	kind      window, sample, void, outage, excuse, credit
 *	metric    id of the metric
 *	window    label: 2026-03
 *	about     ticket, outage, maintenance or credit
 *	priority  id
 *	from, to  window, outage, time asked for; sample: start and stop
 *	due       sample: deadline
 *	result    window: met, missed, not_judged; sample: met, missed, ...; void: why; excuse: valid or why not; credit: its fate
 *	value     window: percent or number as compared; credit: percent of the base
 *	target    window: target
 *	samples, in_time
 *	used_ms   sample: open time used; outage: counted downtime; excuse: time granted
 *	goal_ms   sample: open time promised; outage: excused; excuse: what it would excuse
 *	amount    credit: money
 *	clause    where the words stand
 *	source    file and line of the fact
 *
 * Instants are RFC 3339 in UTC.
 */
#include "render/json_parts.h"
#include "render/report.h"
#include "render/table_csv.h"

struct csv {
	const struct report *r;
	struct table_csv t;
};

/* A spreadsheet runs a text that begins with one of these as a formula: a leading ' keeps it text. A plain number is none. */
static bool is_formula(struct text t)
{
	int64_t n = 0;

	if (t.n == 0 || text_find(text_of("=+-@\t\r"), t.p[0], 0) == 6)
		return false;
	return !text_int(t, &n);
}

static void put(struct csv *c, struct text t)
{
	csv_field(&c->t, t, is_formula(t));
}

static void put_str(struct csv *c, const char *s)
{
	put(c, text_of(s));
}

static void put_int(struct csv *c, int64_t v)
{
	put(c, text_format(c->r->d->arena, "%lld", (long long)v));
}

static void put_empty(struct csv *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_str(c, "");
}

static void put_instant(struct csv *c, instant t)
{
	struct buf b;

	buf_init(&b, 64);
	if (t != INSTANT_NONE && t != INSTANT_MIN && t != INSTANT_MAX)
		instant_print(&b, t);
	put(c, buf_view(&b));
	buf_free(&b);
}

static void put_decimal(struct csv *c, bool set, struct decimal d)
{
	struct buf b;

	buf_init(&b, 64);
	if (set)
		decimal_print_places(&b, d, d.scale);
	put(c, buf_view(&b));
	buf_free(&b);
}

static void put_money(struct csv *c, struct money m)
{
	struct buf b;

	buf_init(&b, 64);
	money_print(&b, m);
	put(c, buf_view(&b));
	buf_free(&b);
}

static void put_symbol(struct csv *c, symbol y)
{
	put(c, symbol_text(c->r->o->in.facts->symbols, y));
}

static void put_priority(struct csv *c, uint16_t version, int priority)
{
	if (priority < 0)
		put_str(c, "");
	else
		put(c, report_promise(c->r, version)->priorities[priority].id);
}

/* The last two columns, and the end of the row. */
static void put_tail(struct csv *c, const struct node *n, uint32_t fact)
{
	const struct node *clause = n == NULL ? NULL : node_clause(n);

	put(c, clause == NULL ? text_of("") : clause_label(c->r->d->arena, clause));
	if (fact == NO_FACT) {
		put_str(c, "");
	} else {
		const struct fact *f = view_fact(c->r->o->view, fact);
		struct text name = f->source < c->r->o->in.facts->n_sources
					   ? c->r->o->in.facts->sources[f->source].name
					   : text_of("");

		put(c, f->line > 0 ? text_format(c->r->d->arena, "%.*s:%u", TEXT_ARG(name), f->line)
				   : name);
	}
	csv_end(&c->t);
}

static void put_start(struct csv *c, const char *kind, const struct window_result *w)
{
	put_str(c, kind);
	put(c, report_metric(c->r, w->version, w->metric)->id);
	put_str(c, w->label);
}

static void window_row(struct csv *c, const struct window_result *w)
{
	put_start(c, "window", w);
	put_empty(c, 2);
	put_instant(c, w->window.from);
	put_instant(c, w->window.to);
	put_str(c, "");
	put_str(c, verdict_key(w->verdict));
	put_decimal(c, w->value_set, w->shown);
	put_decimal(c, w->target_set, w->target);
	put_int(c, w->samples);
	put_int(c, w->in_time);
	put_empty(c, 3);
	put_tail(c, report_metric(c->r, w->version, w->metric)->node, NO_FACT);
}

static void clock_row(struct csv *c, const char *kind, const struct window_result *w,
		      const struct clock *x)
{
	const struct metric *m = report_metric(c->r, x->version, x->metric);

	put_str(c, kind);
	put(c, m->id);
	put_str(c, w != NULL ? w->label : "");
	put_symbol(c, x->subject);
	put_priority(c, x->version, x->priority);
	put_instant(c, x->start);
	put_instant(c, x->stop);
	put_instant(c, x->deadline);
	put_str(c, x->state == CLOCK_VOID ? void_key((enum void_reason)x->reason)
					  : clock_state_key((enum clock_state)x->state));
	put_empty(c, 4);
	put_int(c, x->used_ms);
	put_int(c, x->goal_ms);
	put_str(c, "");
	put_tail(c, x->target >= 0 ? m->targets[x->target].node : m->node,
		 x->stop_fact != NO_FACT ? x->stop_fact : x->start_fact);
}

static void outage_row(struct csv *c, const struct window_result *w, const struct raw_outage *x)
{
	put_start(c, "outage", w);
	put_symbol(c,
		   x->began_fact != NO_FACT ? view_fact(c->r->o->view, x->began_fact)->subject : 0);
	put_str(c, "");
	put_instant(c, x->span.from);
	put_instant(c, x->span.to);
	put_str(c, "");
	put_str(c, x->dropped ? "dropped" : (x->open ? "open" : "ended"));
	put_empty(c, 4);
	put_int(c, x->counted_ms);
	put_int(c, x->excused_ms);
	put_str(c, "");
	put_tail(c, report_metric(c->r, w->version, w->metric)->node, x->began_fact);
}

static void excuse_row(struct csv *c, const struct window_result *w, const struct excuse *e)
{
	const struct metric *m = report_metric(c->r, w->version, w->metric);

	put_start(c, "excuse", w);
	put_symbol(c, e->fact != NO_FACT ? view_fact(c->r->o->view, e->fact)->subject : 0);
	put_str(c, "");
	put_instant(c, e->asked.from);
	put_instant(c, e->asked.to);
	put_str(c, "");
	put_str(c, refusal_key(e->refusal));
	put_empty(c, 4);
	put_int(c, e->granted_ms);
	put_int(c, e->would_excuse_ms);
	put_str(c, "");
	put_tail(c, e->exclude >= 0 ? m->excludes[e->exclude].node : m->node, e->fact);
}

static void credit_row(struct csv *c, const struct credit *x)
{
	const struct window_result *w = &c->r->o->windows[x->window];
	const struct promise *p = report_promise(c->r, x->version);

	put_start(c, "credit", w);
	put_str(c, x->id);
	put_empty(c, 1);
	put_instant(c, w->window.from);
	put_instant(c, w->window.to);
	put_str(c, "");
	put_str(c, fate_key(x->fate));
	put_decimal(c, true, x->pct);
	put_empty(c, 5);
	put_money(c, x->amount);
	put_tail(c, x->rule >= 0 ? p->credits.rules[x->rule].node : p->reporting.node, NO_FACT);
}

static void window_rows(struct csv *c, const struct window_result *w)
{
	const struct availability *av = w->availability;

	window_row(c, w);
	for (size_t i = 0; i < w->n_clocks; i++)
		clock_row(c, "sample", w, &c->r->o->clocks[w->clocks[i]]);
	for (size_t i = 0; av != NULL && i < outage_count(av); i++)
		outage_row(c, w, outage_of(av, i));
	for (size_t i = 0; av != NULL && i < av->n_excuses; i++)
		excuse_row(c, w, &av->excuses[i]);
}

void statement_csv(struct arena *a, const struct outcome *o, struct buf *out)
{
	const struct statement_options options = {.language = NULL};
	struct csv c = {.r = report_new(a, o, &options), .t = {.out = out}};

	buf_str(out, "kind,metric,window,about,priority,from,to,due,result,value,target,samples,in_"
		     "time,used_ms,goal_ms,amount,clause,"
		     "source\n");
	for (size_t i = 0; i < c.r->plan.n_windows; i++)
		window_rows(&c, &o->windows[c.r->plan.windows[i]]);
	for (size_t i = 0; i < o->n_clocks; i++)
		if (void_shown(o, &o->clocks[i]))
			clock_row(&c, "void", NULL, &o->clocks[i]);
	for (size_t i = 0; i < o->n_credits; i++)
		if (credit_shown(o, &o->credits[i]))
			credit_row(&c, &o->credits[i]);
}
