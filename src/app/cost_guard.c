/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cost counts once (money.md R43, R47). The same report again is known by its ids; what is not: another way of counting the same money
 * (actual and amortized costs), and a later report of a day, whose rows were changed by the supplier. Both are refused before anything
 * is recorded; --add says that they are other costs. A cost that came with an id of its own is known by that, and its day may have others
 * already: it may be one of many that come in parts.
 */
#include "app/import_wish.h"
#include "app/load.h"
#include "app/look_back.h"

/* What the files say of one charge and supplier, in a month from one source, or on a day of a report. */
struct cost_group {
	struct text charge, source;
	instant at; /* of the first */
	size_t fresh;
	struct cost_group *next; /* of the same month, from another source */
};

/* Groups by their charge, supplier and number (of the month, or the instant of the day). */
struct cost_groups {
	struct symbols *keys;
	struct cost_group **v; /* by symbol of the key */
	size_t n, cap;
};

struct guard {
	struct workspace *ws;
	const struct log_head *log;
	const struct loaded *loaded;
	const struct zone *zone; /* of the newest version: its days */
	struct cost_groups months, days;
	struct buf key;
	struct err *err; /* what is told of the first cost that does not go with the record */
	enum rc rc;
};

static struct text word_of(const struct facts *f, const struct fact *x, enum fact_field field)
{
	symbol y = fact_word(x, field);

	return y == 0 ? text_of("") : symbol_text(f->symbols, y);
}

static struct text source_of(const struct facts *set, const struct fact *f)
{
	return set->sources[f->source].name;
}

static struct civil date_of(const struct guard *g, instant at)
{
	return civil_of(zone_day(g->zone, at));
}

static struct text key_of(struct guard *g, const struct facts *set, const struct fact *f,
			  int64_t number)
{
	buf_clear(&g->key);
	buf_printf(&g->key, "%lld ", (long long)number);
	buf_text(&g->key, word_of(set, f, FIELD_CHARGE));
	buf_char(&g->key, '\n');
	buf_text(&g->key, word_of(set, f, FIELD_SUPPLIER));
	return buf_view(&g->key);
}

static int64_t month_number(const struct guard *g, instant at)
{
	struct civil c = date_of(g, at);

	return (int64_t)c.year * 12 + (int64_t)c.month;
}

static struct cost_group *group_find(const struct cost_groups *groups, struct text key)
{
	symbol y = symbol_find(groups->keys, key);

	return y == 0 ? NULL : groups->v[y];
}

/* The group of the key from the fact's source, made if it is not there. */
static struct cost_group *group_of(struct guard *g, struct cost_groups *groups, struct text key,
				   const struct facts *set, const struct fact *f)
{
	struct arena *a = g->ws->arena;
	symbol y = symbol_add(groups->keys, key);
	struct cost_group *x;

	while (groups->n <= y) {
		groups->v = arena_grow(a, groups->v, groups->n, &groups->cap,
				       sizeof(struct cost_group *));
		groups->v[groups->n++] = NULL;
	}
	for (x = groups->v[y]; x != NULL; x = x->next)
		if (text_eq(x->source, source_of(set, f)))
			return x;
	x = arena_one(a, struct cost_group);
	*x = (struct cost_group){word_of(set, f, FIELD_CHARGE), source_of(set, f), f->occurred_at,
				 0, groups->v[y]};
	groups->v[y] = x;
	return x;
}

/* Rows of a report have no ids but those that are made of what they say (rows_costs.c). */
static bool of_report(const struct guard *g, const struct fact *f)
{
	for (size_t i = 0; i < g->loaded->n_reports; i++)
		if (g->loaded->reports[i]->source == f->source)
			return g->loaded->reports[i]->n_costs > 0;
	return false;
}

static enum rc count_cost(struct guard *g, const struct facts *set, const struct fact *f,
			  struct err *err)
{
	struct uuid id = uuid_derived(f->occurred_at > 0 ? f->occurred_at : 0, source_of(set, f),
				      symbol_text(set->symbols, f->id));
	enum rc rc = RC_OK;

	if (record_has_id(g->ws->store, g->log->id, &id, err, &rc) || rc != RC_OK)
		return rc;
	group_of(g, &g->months, key_of(g, set, f, month_number(g, f->occurred_at)), set, f)
		->fresh++;
	if (of_report(g, f))
		group_of(g, &g->days, key_of(g, set, f, f->occurred_at), set, f)->fresh++;
	return RC_OK;
}

static void other_source(struct guard *g, const struct cost_group *x, struct text theirs)
{
	struct civil c = date_of(g, x->at);

	err_code(g->err, "cost.other_source");
	err_hint(g->err,
		 "two reports of one supplier's month are the same money: keep one; --add records "
		 "both");
	g->rc = err_set(g->err, RC_INVALID,
			"costs of '%.*s' of %04d-%02d are recorded from '%.*s', these are from "
			"'%.*s'",
			TEXT_ARG(x->charge), (int)c.year, (int)c.month, TEXT_ARG(theirs),
			TEXT_ARG(x->source));
}

static void later_report(struct guard *g, const struct cost_group *x)
{
	struct civil c = date_of(g, x->at);

	err_code(g->err, "cost.later_report");
	err_hint(g->err,
		 "withdraw those of an earlier report first; --add records these beside them");
	g->rc = err_set(g->err, RC_INVALID,
			"'%.*s' has costs of %04d-%02d-%02d already, and %zu of the report are "
			"others",
			TEXT_ARG(x->charge), (int)c.year, (int)c.month, (int)c.mday, x->fresh);
}

/* look_back.take: one cost of the record beside those of the files. */
static bool against(void *context, const struct facts *set, const struct fact *f)
{
	struct guard *g = context;
	struct text source = source_of(set, f);
	const struct cost_group *x =
		group_find(&g->months, key_of(g, set, f, month_number(g, f->occurred_at)));

	for (; x != NULL && g->rc == RC_OK; x = x->next)
		if (!text_eq(x->source, source))
			other_source(g, x, source);
	if (g->rc != RC_OK)
		return false;
	x = group_find(&g->days, key_of(g, set, f, f->occurred_at));
	for (; x != NULL && g->rc == RC_OK; x = x->next)
		if (text_eq(x->source, source))
			later_report(g, x);
	return g->rc == RC_OK;
}

enum rc costs_admit(struct workspace *ws, const struct log_head *log, const struct loaded *l,
		    struct err *err)
{
	struct guard g = {.ws = ws, .log = log, .loaded = l, .zone = l->promise->zone, .err = err};
	const struct look_back costs = {
		.kinds = {[FACT_COST_RECORDED] = true}, .take = against, .context = &g};
	const struct facts *set = l->facts;
	enum rc rc = RC_OK;

	g.months.keys = symbols_new(ws->arena);
	g.days.keys = symbols_new(ws->arena);
	buf_init(&g.key, 2 << 20);
	for (size_t i = 0; rc == RC_OK && i < set->n; i++)
		if (set->v[i].kind == FACT_COST_RECORDED)
			rc = count_cost(&g, set, &set->v[i], err);
	if (rc == RC_OK && g.months.n > 0)
		rc = look_back(ws, log, &costs, err);
	buf_free(&g.key);
	return rc == RC_OK ? g.rc : rc;
}
