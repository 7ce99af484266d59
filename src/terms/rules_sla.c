/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors of the service level blocks (sla.md section 10). Thresholds of tiers and sizes of caps are lint (lint.md LN-11); what
 * a metric lacks is lint as well (S-01, S-02).
 */
#include "terms/read.h"

#include <assert.h>

/* A child of a map that has a value to work with, or NULL. */
static const struct node *sound(const struct node *map, const char *key)
{
	const struct node *n = node_at(map, key);

	return n == NULL || n->broken || n->hole ? NULL : n;
}

static const struct node *first_item(const struct node *root, const char *path)
{
	const struct node *n = node_at(root, path);

	return n == NULL || n->kind != NODE_ITEMS ? NULL : n->child;
}

static enum fact_field subject(enum fact_event e)
{
	return fact_row(event_row(e)->kind)->subject;
}

/*
 * R24: an answer is the first one, so only the ticket's beginning can be measured to it. Elsewhere start and stop must be
 * about one thing: a ticket, an outage, a patch, a request.
 */
static void check_clock_pair(struct reader *r, const struct node *metric)
{
	const struct node *start = sound(metric, "start"), *stop = sound(metric, "stop");

	if (start == NULL || stop == NULL)
		return;
	if (subject(start->value.event) != subject(stop->value.event))
		problem_node(r, "rule.clock_pair", stop, "nothing links \"%.*s\" to \"%.*s\"",
			     TEXT_ARG(start->text), TEXT_ARG(stop->text));
	else if (stop->value.event == EVENT_ANSWERED && start->value.event != EVENT_LOGGED)
		problem_node(r, "rule.clock_pair", stop,
			     "\"ticket.answered\" is the first answer to a ticket: start at "
			     "ticket.logged, or stop "
			     "at ticket.provider_message");
}

static bool covers(const struct node *targets, struct text priority)
{
	for (const struct node *t = targets->child; t != NULL; t = t->next) {
		const struct node *p = node_at(t, "priority");

		if (t->kind != NODE_MAP || p == NULL || text_eq(p->text, priority))
			return true;
	}
	return false;
}

static void check_targets(struct reader *r, const struct node *metric)
{
	const struct node *targets = node_at(metric, "targets");

	if (targets == NULL || targets->kind != NODE_ITEMS || targets->broken)
		return;
	for (const struct node *p = first_item(r->root, "sla.priorities"); p != NULL; p = p->next)
		if (!covers(targets, p->key))
			problem_node(r, "rule.target_missing", targets,
				     "no target for priority \"%.*s\" and none for the rest",
				     TEXT_ARG(p->key));
	for (const struct node *t = targets->child; t != NULL; t = t->next) {
		const struct node *mine = sound(t, "priority");

		for (const struct node *o = targets->child; o != t; o = o->next) {
			const struct node *other = sound(o, "priority");
			bool both =
				mine != NULL && other != NULL && text_eq(mine->text, other->text);
			bool rest =
				node_at(t, "priority") == NULL && node_at(o, "priority") == NULL;

			if (!both && !rest)
				continue;
			/* Of many that are alike each is told once. */
			problem_node(r, "rule.one_of", t,
				     "targets %.*s and %.*s are for the same priority",
				     TEXT_ARG(o->key), TEXT_ARG(t->key));
			break;
		}
	}
}

static size_t members(const struct node *set)
{
	return set == NULL || set->kind != NODE_SET ? 0 : set->n;
}

static bool weighs(const struct node *weights, struct text asset)
{
	for (const struct node *w = weights->child; w != NULL; w = w->next) {
		const struct node *a = node_at(w, "asset");

		if (a != NULL && text_eq(a->text, asset))
			return true;
	}
	return false;
}

static void check_weights(struct reader *r, const struct node *metric, const struct node *scope)
{
	const struct node *weights = node_at(metric, "weights");
	bool any = false;

	if (weights == NULL) {
		problem_missing(r, "rule.group", metric, "weights",
				"\"group: weighted\" needs weights");
		return;
	}
	if (weights->kind != NODE_ITEMS || scope == NULL || scope->kind != NODE_SET)
		return;
	for (const struct node *m = scope->child; m != NULL; m = m->next)
		if (!weighs(weights, m->text))
			problem_node(r, "rule.group", weights, "asset \"%.*s\" has no weight",
				     TEXT_ARG(m->text));
	for (const struct node *w = weights->child; w != NULL; w = w->next) {
		const struct node *asset = sound(w, "asset"), *weight = sound(w, "weight");
		bool listed = false;

		any = any || weight == NULL || weight->value.decimal.units > 0;
		for (const struct node *m = scope->child; m != NULL && asset != NULL; m = m->next)
			listed = listed || text_eq(m->text, asset->text);
		if (asset != NULL && !listed)
			problem_node(r, "rule.group", asset,
				     "\"%.*s\" is not in the scope of the metric",
				     TEXT_ARG(asset->text));
		for (const struct node *o = weights->child; o != w && asset != NULL; o = o->next) {
			const struct node *other = sound(o, "asset");

			if (other != NULL && text_eq(other->text, asset->text))
				problem_node(r, "rule.group", asset, "\"%.*s\" is weighed twice",
					     TEXT_ARG(asset->text));
		}
	}
	if (!any)
		problem_node(r, "rule.group", weights, "every weight is 0");
}

static void check_group(struct reader *r, const struct node *metric)
{
	const struct node *group = sound(metric, "group"), *k = sound(metric, "k"),
			  *scope = node_at(metric, "scope");
	bool k_of_n = group != NULL && text_is(group->text, "k_of_n");

	if (k_of_n && node_at(metric, "k") == NULL)
		problem_missing(r, "rule.group", metric, "k", "\"group: k_of_n\" needs k");
	if (k_of_n && k != NULL && scope != NULL && (size_t)k->value.integer > members(scope))
		problem_node(r, "rule.group", k, "%.*s of %zu assets can never be up",
			     TEXT_ARG(k->text), members(scope));
	if (group != NULL && text_is(group->text, "weighted"))
		check_weights(r, metric, scope);
}

/* R54: slots cut the half hour. */
static void check_slot(struct reader *r, const struct node *metric)
{
	const struct node *slot = sound(metric, "slot");
	int64_t ms;

	if (slot == NULL || (duration_exact_ms(slot->value.duration, &ms) &&
			     slot->value.duration.calendar.n == 0 && 30 * MINUTE_MS % ms == 0))
		return;
	problem_node(r, "rule.slot", slot,
		     "\"%.*s\" does not divide 30 minutes: write 1min, 5min, 10min, 15min or 30min",
		     TEXT_ARG(slot->text));
}

/* What is compared with seconds of a measurement must have a length that no date changes. */
static void check_length(struct reader *r, const struct node *map, const char *key)
{
	const struct node *n = sound(map, key);

	if (n == NULL || n->value.duration.unit == UNIT_MIN || n->value.duration.unit == UNIT_H ||
	    n->value.duration.unit == UNIT_D || n->value.duration.unit == UNIT_W) {
		if (n == NULL || n->value.duration.calendar.n == 0)
			return;
	}
	problem_node(r, "value.range", n,
		     "\"%.*s\" has no fixed length: write min, h or d without a calendar",
		     TEXT_ARG(n->text));
}

static void check_metric(struct reader *r, const struct node *metric)
{
	const struct node *measured = node_at(metric, "measured_by");

	check_length(r, metric, "min_outage");
	if (measured != NULL)
		check_length(r, measured, "interval");
	check_clock_pair(r, metric);
	check_targets(r, metric);
	check_group(r, metric);
	check_slot(r, metric);
	for (const struct node *e = first_item(metric, "exclude"); e != NULL; e = e->next)
		if (node_at(e, "max") != NULL && node_at(e, "per") == NULL)
			problem_missing(r, "rule.allowance", e, "per",
					"exclusion %.*s has max but not the period it is for",
					TEXT_ARG(e->key));
}

static void check_more(struct reader *r, const struct node *map, const char *few, const char *many)
{
	const struct node *x = sound(map, few), *y = sound(map, many);

	if (x != NULL && y != NULL && x->value.integer > y->value.integer)
		problem_node(r, "rule.misses", x, "%s %.*s is more than %s %.*s", few,
			     TEXT_ARG(x->text), many, TEXT_ARG(y->text));
}

void rules_sla(struct reader *r)
{
	const struct node *claim = node_at(r->root, "sla.credits.claim");

	for (const struct node *m = first_item(r->root, "sla.metrics"); m != NULL; m = m->next)
		if (m->kind == NODE_MAP)
			check_metric(r, m);
	for (const struct node *c = first_item(r->root, "sla.chronic"); c != NULL; c = c->next)
		check_more(r, c, "misses", "out_of");
	for (const struct node *c = first_item(r->root, "sla.credits.rules"); c != NULL;
	     c = c->next) {
		const struct node *pattern = node_at(c, "pattern");

		if (pattern != NULL)
			check_more(r, pattern, "times", "in");
	}
	const struct node *mode =
		claim != NULL && claim->kind == NODE_MAP ? sound(claim, "mode") : NULL;

	if (mode != NULL && text_is(mode->text, "claim") && node_at(claim, "within") == NULL)
		problem_missing(r, "rule.claim", claim, "within", "\"mode: claim\" needs within");
}
