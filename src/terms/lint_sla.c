/* SPDX-License-Identifier: Apache-2.0 */
/* Rules S: service levels (lint.md section 2). Here those about how a metric is measured and what is left out of it. */
#include "terms/lint_rules.h"

static void how_measured(struct lint *l, const struct node *metric)
{
	static const char *const keys[] = {"system", "point", "evidence", "interval"};
	const struct node *by = node_at(metric, "measured_by");
	bool elapsed = term_choice(metric, "kind") == METRIC_ELAPSED;
	struct text missing = lint_nothing;
	const char *first = "measured_by";

	if (by == NULL)
		lint_add_word(l, &missing, first);
	else
		first = lint_missing_keys(l, by, keys, elapsed ? 3 : 4, &missing);
	if (missing.n == 0)
		return;
	lint_report_missing(l, LINT_S01, 'E', by == NULL ? metric : by, first,
			    text_format(l->a, "%.*s does not say how it is measured: %.*s missing",
					TEXT_ARG(metric->key), TEXT_ARG(missing)),
			    lint_nothing);
}

static void how_computed(struct lint *l, const struct node *metric)
{
	static const char *const windows[] = {"window", "partial_window"};
	static const struct {
		const char *keys[3];
		size_t n;
	} kinds[] = {
		[METRIC_ELAPSED] = {{"start", "stop", "targets"}, 3},
		[METRIC_AVAILABILITY] = {{"schedule", "scope", "target"}, 3},
		[METRIC_RATIO] = {{"good", "total", "target"}, 3},
		[METRIC_MEAN] = {{"value"}, 1},
		[METRIC_PERCENTILE] = {{"value", "percentile"}, 2},
		[METRIC_COUNT] = {{"value"}, 1},
	};
	int kind = term_choice(metric, "kind");
	struct text missing = lint_nothing;
	const char *first = lint_missing_keys(l, metric, windows, ARRAY_SIZE(windows), &missing);

	if (kind >= 0) {
		const char *own =
			lint_missing_keys(l, metric, kinds[kind].keys, kinds[kind].n, &missing);

		first = first == NULL ? own : first;
	}
	if (first == NULL)
		return;
	lint_report_missing(l, LINT_S02, 'E', metric, first,
			    text_format(l->a, "%.*s cannot be computed: %.*s missing",
					TEXT_ARG(metric->key), TEXT_ARG(missing)),
			    lint_nothing);
}

static bool availability_promised(const struct node *metric, struct decimal *target)
{
	return lint_is_commitment(metric) && term_choice(metric, "kind") == METRIC_AVAILABILITY &&
	       term_decimal(metric, "target", target);
}

/* How many assets of a metric's scope are, and are not, redundant. */
static void count_scope(const struct node *metric, size_t *redundant, size_t *single)
{
	const struct node *scope = node_at(metric, "scope");

	*redundant = *single = 0;
	for (const struct node *s = scope == NULL ? NULL : scope->child; s != NULL; s = s->next) {
		if (s->value.ref == NULL)
			continue;
		if (text_is(term_text(s->value.ref, "resilience"), "redundant"))
			(*redundant)++;
		else
			(*single)++;
	}
}

static struct text allowed_text(const struct lint *l, struct decimal a, struct decimal b)
{
	struct fraction all = fraction_of(100, 1),
			of_a = lint_minutes(fraction_sub(all, fraction_of_decimal(a))),
			of_b = lint_minutes(fraction_sub(all, fraction_of_decimal(b)));

	return text_format(l->a,
			   "%.*s min down per 30 days are allowed against %.*s min, %.*s min more",
			   TEXT_ARG(lint_number(l, of_a, 1)), TEXT_ARG(lint_number(l, of_b, 1)),
			   TEXT_ARG(lint_number(l, fraction_sub(of_a, of_b), 1)));
}

static void redundant_but_less(struct lint *l, const struct node *a)
{
	struct decimal promised, other;
	size_t redundant, single;

	count_scope(a, &redundant, &single);
	if (!availability_promised(a, &promised) || redundant == 0 || single > 0)
		return;
	for (const struct node *b = lint_items(l->root, "sla.metrics"); b != NULL; b = b->next) {
		count_scope(b, &redundant, &single);
		if (b == a || single == 0 || !availability_promised(b, &other) ||
		    decimal_cmp(promised, other) >= 0)
			continue;
		lint_report(
			l, LINT_S05, 'E', node_at(a, "target"),
			text_format(l->a,
				    "%.*s is redundant but promised %.*s, less than %.*s for %.*s",
				    TEXT_ARG(a->key), TEXT_ARG(term_text(a, "target")),
				    TEXT_ARG(term_text(b, "target")), TEXT_ARG(b->key)),
			allowed_text(l, promised, other));
		return;
	}
}

static void open_exclusions(struct lint *l, const struct node *metric)
{
	static const char *const keys[] = {"proof", "max", "per"};

	for (const struct node *e = lint_items(metric, "exclude"); e != NULL; e = e->next) {
		int cause = term_choice(e, "cause");
		bool maintenance = cause == CAUSE_SCHEDULED_MAINTENANCE ||
				   cause == CAUSE_EMERGENCY_MAINTENANCE;
		struct text missing = lint_nothing;
		const char *first = lint_missing_keys(l, e, keys, maintenance ? 3 : 1, &missing);

		if (first != NULL)
			lint_report_missing(l, LINT_S13, 'W', e, first,
					    text_format(l->a,
							"exclusion %.*s is open: %.*s missing",
							TEXT_ARG(e->key), TEXT_ARG(missing)),
					    lint_nothing);
	}
}

static void provider_alone(struct lint *l, const struct node *metric)
{
	const struct node *by = node_at(metric, "measured_by");

	if (by == NULL || !lint_is_commitment(metric) ||
	    !text_is(term_text(by, "verified_by"), "provider"))
		return;
	lint_report(l, LINT_S14, 'W', node_at(by, "verified_by"),
		    text_format(l->a, "only the provider can establish a miss of %.*s",
				TEXT_ARG(metric->key)),
		    lint_nothing);
}

static void nobody_keeps(struct lint *l, const struct node *metric)
{
	struct decimal target;

	if (!availability_promised(metric, &target))
		return;
	if (decimal_cmp(target, decimal_of(100)) != 0 && lint_has(metric, "exclude"))
		return;
	lint_report(l, LINT_S15, 'W', node_at(metric, "target"),
		    text_format(l->a, "%.*s: %.*s without exclusions is a promise nobody keeps",
				TEXT_ARG(metric->key), TEXT_ARG(term_text(metric, "target"))),
		    lint_nothing);
}

static void small_samples(struct lint *l, const struct node *metric)
{
	const struct node *comply = node_at(metric, "comply"), *in = comply;
	int kind = term_choice(metric, "kind");

	if (kind == METRIC_RATIO || kind == METRIC_MEAN || kind == METRIC_PERCENTILE)
		in = metric;
	if (in == NULL || lint_has(in, "min_sample"))
		return;
	lint_report_missing(l, LINT_S16, 'W', in, "min_sample",
			    text_format(l->a, "%.*s: one case of three decides the month",
					TEXT_ARG(metric->key)),
			    lint_nothing);
}

static bool is_event(const struct node *map, const char *key, enum fact_event event)
{
	const struct node *n = node_at(map, key);

	return n != NULL && !n->hole && n->value.event == event;
}

static void open_pauses(struct lint *l, const struct node *metric)
{
	bool response = is_event(metric, "stop", EVENT_ANSWERED);

	for (const struct node *p = lint_items(metric, "pause"); p != NULL; p = p->next) {
		bool bound = is_event(p, "while", EVENT_WAITING_CLIENT) ||
			     (lint_has(p, "max") && lint_has(p, "proof"));

		if (bound && !response)
			continue;
		lint_report(
			l, LINT_S23, 'W', p,
			text_format(l->a, "pause %.*s is in the provider's hand", TEXT_ARG(p->key)),
			lint_nothing);
	}
}

/* Decimals that a percentage is written with; what is read has no trailing zeros. */
static const struct node *too_fine(const struct node *n, int64_t decimals)
{
	return n != NULL && !n->hole && n->value.decimal.scale > decimals ? n : NULL;
}

static void too_few_decimals(struct lint *l, const struct node *metric)
{
	int64_t decimals = 0;
	const struct node *value;

	if (!term_int(metric, "decimals", &decimals))
		return;
	value = too_fine(node_at(metric, "target"), decimals);
	for (const struct node *r = lint_items(l->root, "sla.credits.rules"); r != NULL;
	     r = r->next) {
		if (term_ref(r, "metric") != metric)
			continue;
		for (const struct node *t = lint_items(r, "tiers"); t != NULL; t = t->next)
			value = value != NULL ? value : too_fine(node_at(t, "below"), decimals);
	}
	if (value == NULL)
		return;

	struct text message =
		text_format(l->a, "rounded to %lld decimals, %.*s cannot be told apart",
			    (long long)decimals, TEXT_ARG(value->text));

	if (lint_has(metric, "decimals"))
		lint_report(l, LINT_S24, 'E', node_at(metric, "decimals"), message, lint_nothing);
	else
		lint_report_missing(l, LINT_S24, 'E', metric, "decimals", message, lint_nothing);
}

static void lost_minute(struct lint *l, const struct node *hours)
{
	for (const struct node *h = hours; h != NULL; h = h->next) {
		const struct node *open = node_at(h, "open");

		for (const struct node *r = open == NULL ? NULL : open->child; r != NULL;
		     r = r->next)
			if (!r->hole && r->value.range.to_min == 24 * 60 - 1)
				lint_report(l, LINT_S25, 'W', r,
					    text_format(l->a, "%.*s loses a minute every night",
							TEXT_ARG(r->text)),
					    lint_nothing);
	}
}

void lint_service_levels(struct lint *l)
{
	for (const struct node *m = lint_items(l->root, "sla.metrics"); m != NULL; m = m->next) {
		how_measured(l, m);
		how_computed(l, m);
		redundant_but_less(l, m);
		open_exclusions(l, m);
		provider_alone(l, m);
		nobody_keeps(l, m);
		small_samples(l, m);
		open_pauses(l, m);
		too_few_decimals(l, m);
	}
	for (const struct node *c = lint_items(l->root, "calendars"); c != NULL; c = c->next) {
		lost_minute(l, lint_items(c, "hours"));
		lost_minute(l, lint_items(c, "replace"));
	}
	lint_sla_credits(l);
	lint_sla_time(l);
	lint_sla_words(l);
}
