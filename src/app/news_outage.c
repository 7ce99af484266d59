/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outages (sla.md section 8): that one began and ended is told to both sides at once, and again where nobody has seen it (R74). What one
 * cause brought down, or one group, is one alert, not one for each component; an outage of a component that was up again for less than
 * NEWS_RUSH_MS goes on in the thread of the one before (R75).
 */
#include "app/news_parts.h"

/* One that began of late. */
struct outage {
	const struct fact *began;
	instant ended; /* INSTANT_NONE: it goes on */
	size_t thread; /* the one whose mails it goes on; its own place: none */
	size_t with;   /* the one that told of it, or its own place */
};

struct outages {
	struct looking *l;
	const struct log_head *log;
	const struct outcome *o;
	struct outage *v;
	size_t n;
};

static instant end_of(const struct outcome *o, const struct fact *began)
{
	struct fact_run run = o->view->kinds[FACT_OUTAGE_ENDED];

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(o->view, run.v[i]);

		if (f->subject == began->subject && f->occurred_at >= began->occurred_at)
			return f->occurred_at;
	}
	return INSTANT_NONE;
}

/* cause.linked names both, or both were recorded with the same cause (R59). */
static bool of_one_cause(const struct outcome *o, const struct fact *a, const struct fact *b)
{
	struct fact_run run = o->view->kinds[FACT_CAUSE_LINKED];
	symbol cause = fact_word(a, FIELD_CAUSE);

	if (cause != 0 && cause == fact_word(b, FIELD_CAUSE))
		return true;
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(o->view, run.v[i]);

		if (fact_has_word(f, FIELD_EVENTS, a->subject) &&
		    fact_has_word(f, FIELD_EVENTS, b->subject))
			return true;
	}
	return false;
}

static bool has_asset_of(const struct outcome *o, const struct fact *f, const struct promise *p,
			 const struct metric *m)
{
	for (size_t i = 0; i < m->n_scope; i++) {
		symbol asset = symbol_find(o->in.facts->symbols, p->assets[m->scope[i]].id);

		if (asset != 0 && fact_has_word(f, FIELD_ASSETS, asset))
			return true;
	}
	return false;
}

/* Components of a group that is down as soon as any of them is. */
static bool of_one_group(const struct outcome *o, const struct fact *a, const struct fact *b)
{
	const struct promise *p = o->in.versions[o->in.n_versions - 1].promise;

	for (size_t i = 0; i < p->n_metrics; i++) {
		const struct metric *m = &p->metrics[i];

		if (m->kind == METRIC_AVAILABILITY && m->group == GROUP_ANY_DOWN &&
		    has_asset_of(o, a, p, m) && has_asset_of(o, b, p, m))
			return true;
	}
	return false;
}

static bool share_asset(const struct fact *a, const struct fact *b)
{
	for (size_t i = 0; i < a->n_values; i++)
		if (a->values[i].field == FIELD_ASSETS &&
		    fact_has_word(b, FIELD_ASSETS, a->values[i].word))
			return true;
	return false;
}

/* To the earlier one that still goes on with it, or that it follows at once. */
static void place(struct outages *all, size_t i)
{
	struct outage *x = &all->v[i];

	x->with = x->thread = i;
	for (size_t k = 0; k < i; k++) {
		const struct outage *y = &all->v[k];
		bool on = y->ended == INSTANT_NONE || y->ended > x->began->occurred_at;

		if (on && (of_one_cause(all->o, y->began, x->began) ||
			   of_one_group(all->o, y->began, x->began))) {
			x->with = y->with;
			x->thread = all->v[y->with].thread;
			return;
		}
		if (!on && share_asset(y->began, x->began) &&
		    x->began->occurred_at <= y->ended + NEWS_RUSH_MS)
			x->thread = y->thread;
	}
}

/* Those of the last two days; what is older was told, or is history. */
static void collect(struct outages *all)
{
	struct fact_run run = all->o->view->kinds[FACT_OUTAGE_BEGAN];
	instant since = all->l->ws->now - 2 * (int64_t)NEWS_OLD_MS;

	all->v = arena_array(all->l->there.arena, struct outage, run.n + 1);
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(all->o->view, run.v[i]);

		if (f->occurred_at <= since)
			continue;
		all->v[all->n] = (struct outage){.began = f, .ended = end_of(all->o, f)};
		place(all, all->n++);
	}
}

/* An id may be used again: the n-th time that it began. */
static struct text name_of(const struct outages *all, const struct fact *f, const char *word)
{
	struct fact_run run = all->o->view->kinds[FACT_OUTAGE_BEGAN];
	size_t n = 0;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *x = view_fact(all->o->view, run.v[i]);

		if (x == f)
			break;
		n += x->subject == f->subject;
	}
	return text_format(all->l->ws->arena, "outage/%s.%zu", word, n);
}

static void tell(struct outages *all, const struct outage *x, const char *word, instant at,
		 instant *next)
{
	struct looking *l = all->l;
	struct text id = symbol_text(all->o->in.facts->symbols, x->began->subject);
	struct text name = name_of(all, x->began, word);
	struct telling t = news_telling(
		MAIL_OUTAGE, all->log,
		symbol_text(all->o->in.facts->symbols, all->v[x->thread].began->subject),
		news_cause(l, all->log, id, name));

	if (at <= l->ws->now - NEWS_OLD_MS)
		news_stands(l, id, name);
	else if (news_due_since(l, all->log, id, name, at))
		news_tell_both(l, &t);
	if (x->ended == INSTANT_NONE && x->began->recorded_at > l->since)
		news_chain(l, all->log, all->o,
			   &(struct urgent){.kind = MAIL_OUTAGE,
					    .subject = id,
					    .object = t.object,
					    .name = name,
					    .raised = x->began->recorded_at,
					    .event = x->began->subject},
			   next);
}

/* When the last of those that one alert is about has ended; INSTANT_NONE: not yet. */
static instant all_ended(const struct outages *all, size_t i)
{
	instant last = INSTANT_MIN;

	for (size_t k = 0; k < all->n; k++) {
		if (all->v[k].with != i)
			continue;
		if (all->v[k].ended == INSTANT_NONE)
			return INSTANT_NONE;
		last = all->v[k].ended > last ? all->v[k].ended : last;
	}
	return last;
}

/* What was told of these was right, and stays so while they are in the record. */
static void look_back(struct outages *all)
{
	struct fact_run run = all->o->view->kinds[FACT_OUTAGE_BEGAN];
	struct looking *l = all->l;

	for (size_t i = 0; l->n_touched > 0 && i < run.n; i++) {
		const struct fact *f = view_fact(all->o->view, run.v[i]);
		struct text id = symbol_text(all->o->in.facts->symbols, f->subject);

		if (!news_touched(l, id))
			continue;
		news_stands(l, id, name_of(all, f, "began"));
		if (end_of(all->o, f) != INSTANT_NONE)
			news_stands(l, id, name_of(all, f, "ended"));
	}
}

void news_outages(struct looking *l, const struct log_head *log, const struct outcome *o,
		  instant *next)
{
	struct outages all = {.l = l, .log = log, .o = o};

	collect(&all);
	look_back(&all);
	for (size_t i = 0; i < all.n; i++) {
		instant ended = all_ended(&all, i);

		if (all.v[i].with != i)
			continue;
		tell(&all, &all.v[i], "began", all.v[i].began->occurred_at, next);
		if (ended != INSTANT_NONE)
			tell(&all, &all.v[i], "ended", ended, next);
	}
}
