/* SPDX-License-Identifier: Apache-2.0 */
/* The service level part of a promise: metrics, credits, chronic failure, reports, alerts. */
#include "terms/promise_parts.h"

#include <assert.h>

static void make_targets(struct maker *m, const struct node *n, struct metric *x)
{
	struct target *v = arena_array(m->a, struct target, items_count(n, "targets"));

	for (const struct node *t = items_first(n, "targets"); t != NULL; t = t->next) {
		const struct node *by = get(t, "by");

		v[x->n_targets++] = (struct target){.id = t->key,
						    .priority = get_place(t, "priority"),
						    .within = get_timing(m, t, "within"),
						    .or_within = get_timing(m, t, "or_within"),
						    .by_min = by == NULL ? -1 : by->value.minutes,
						    .node = t};
	}
	x->targets = v;
}

static void make_pauses(struct maker *m, const struct node *n, struct metric *x)
{
	struct pause_rule *v = arena_array(m->a, struct pause_rule, items_count(n, "pause"));

	for (const struct node *p = items_first(n, "pause"); p != NULL; p = p->next) {
		int event = get_event(p, "while");

		if (event < 0)
			continue;
		v[x->n_pauses++] = (struct pause_rule){
			.id = p->key,
			.while_event = (enum fact_event)event,
			.max = get_timing(m, p, "max"),
			.proof = (enum pause_proof)get_choice(p, "proof", PAUSE_PROOF_UNSAID),
			.node = p};
	}
	x->pauses = v;
}

static void make_excludes(struct maker *m, const struct node *n, struct metric *x)
{
	struct exclude_rule *v = arena_array(m->a, struct exclude_rule, items_count(n, "exclude"));

	for (const struct node *e = items_first(n, "exclude"); e != NULL; e = e->next) {
		int cause = get_choice(e, "cause", -1);

		if (cause < 0)
			continue;
		v[x->n_excludes++] = (struct exclude_rule){
			.id = e->key,
			.cause = (enum excuse_cause)cause,
			.max = get_timing(m, e, "max"),
			.per = get_choice(e, "per", -1),
			.proof = (enum exclude_proof)get_choice(e, "proof", PROOF_UNSAID),
			.node = e};
	}
	x->excludes = v;
}

static void make_weights(struct maker *m, const struct node *n, struct metric *x)
{
	struct fraction *v = arena_array(m->a, struct fraction, x->n_scope);

	for (size_t i = 0; i < x->n_scope; i++)
		v[i] = fraction_of(1, 1);
	for (const struct node *w = items_first(n, "weights"); w != NULL; w = w->next) {
		int asset = get_place(w, "asset");
		struct decimal weight;

		for (size_t i = 0; i < x->n_scope; i++)
			if (x->scope[i] == asset && get_decimal(w, "weight", &weight))
				v[i] = fraction_of_decimal(weight);
	}
	x->weights = v;
}

static void make_elapsed(struct maker *m, const struct node *n, struct metric *x)
{
	x->start = get_event(n, "start");
	x->stop = get_event(n, "stop");
	make_targets(m, n, x);
	make_pauses(m, n, x);
	x->comply = get_decimal(n, "comply.at_least", &x->comply_at_least);
	x->below_min = (enum below_min)get_choice(n, "comply.below_min", BELOW_NOT_JUDGED);
	x->at_closing = (enum at_closing)get_choice(n, "at_closing", AT_CLOSING_CLOSE);
	x->reopen = (enum reopen)get_choice(n, "reopen", REOPEN_CONTINUE);
}

static void make_availability(struct maker *m, const struct node *n, struct metric *x)
{
	x->scope = get_places(m->a, n, "scope", &x->n_scope);
	x->group = (enum group)get_choice(n, "group", GROUP_ANY_DOWN);
	(void)get_int(n, "k", &x->k);
	make_weights(m, n, x);
	x->schedule = get_calendar(m, n, "schedule");
	x->target_set = get_decimal(n, "target", &x->target);
	x->min_outage_ms = get_ms(n, "min_outage");
	x->unknown = (enum unknown_time)get_choice(n, "unknown", UNKNOWN_EXCLUDE);
	x->degraded = (enum degraded)get_choice(n, "degraded", DEGRADED_DOWN);
	x->excluded_time = (enum excluded_time)get_choice(n, "excluded_time", EXCLUDED_REMOVE_BOTH);
	make_excludes(m, n, x);
}

static void make_other(const struct node *n, struct metric *x)
{
	x->good = get_event(n, "good");
	x->total = get_event(n, "total");
	x->value = get_event(n, "value");
	x->slot_ms = get_ms(n, "slot");
	(void)get_int(n, "percentile", &x->percentile);
	x->at_least_set = get_decimal(n, "at_least", &x->at_least);
	x->at_most_set = get_decimal(n, "at_most", &x->at_most);
	(void)get_int(n, x->kind == METRIC_ELAPSED ? "comply.min_sample" : "min_sample",
		      &x->min_sample);
}

static struct measured_by make_measured(const struct node *n)
{
	struct measured_by by = {.set = get(n, "measured_by") != NULL,
				 .system = get_text(n, "measured_by.system"),
				 .point = get_text(n, "measured_by.point"),
				 .interval_ms = get_ms(n, "measured_by.interval"),
				 .verified_by = get_choice(n, "measured_by.verified_by", 2)};

	(void)get_int(n, "measured_by.down_after", &by.down_after);
	return by;
}

void make_metrics(struct maker *m)
{
	struct metric *v = arena_array(m->a, struct metric, items_count(m->root, "sla.metrics"));

	for (const struct node *n = items_first(m->root, "sla.metrics"); n != NULL; n = n->next) {
		struct metric *x = &v[m->p->n_metrics++];
		int64_t decimals = 0;

		(void)get_int(n, "decimals", &decimals);
		*x = (struct metric){
			.id = n->key,
			.kind = (enum metric_kind)get_choice(n, "kind", METRIC_ELAPSED),
			.role = (enum metric_role)get_choice(n, "role", ROLE_COMMITMENT),
			.service = get_place(n, "service"),
			.window = (enum window_kind)get_choice(n, "window", WINDOW_UNSAID),
			.partial = (enum partial_window)get_choice(n, "partial_window",
								   PARTIAL_UNSAID),
			.decimals = (unsigned)decimals,
			.measured_by = make_measured(n),
			.node = n};
		make_elapsed(m, n, x);
		make_availability(m, n, x);
		make_other(n, x);
	}
	m->p->metrics = v;
}

static void make_tiers(struct maker *m, const struct node *n, struct credit_rule *x)
{
	struct tier *v = arena_array(m->a, struct tier, items_count(n, "tiers"));

	for (const struct node *t = items_first(n, "tiers"); t != NULL; t = t->next) {
		struct tier tier = {.id = t->key, .node = t};

		if (get_decimal(t, "below", &tier.below) && get_decimal(t, "credit", &tier.credit))
			v[x->n_tiers++] = tier;
	}
	x->tiers = v;
}

static void make_rules(struct maker *m, struct credits *c)
{
	struct credit_rule *v =
		arena_array(m->a, struct credit_rule, items_count(m->root, "sla.credits.rules"));

	for (const struct node *n = items_first(m->root, "sla.credits.rules"); n != NULL;
	     n = n->next) {
		struct credit_rule x = {.id = n->key,
					.metric = get_place(n, "metric"),
					.priority = get_place(n, "priority"),
					.form = RULE_TIERS,
					.edge = (enum tier_edge)get_choice(n, "edge", EDGE_BELOW),
					.node = n};

		if (x.metric < 0)
			continue;
		if (get_decimal(n, "each_breach", &x.each_breach))
			x.form = RULE_EACH_BREACH;
		if (get(n, "pattern") != NULL)
			x.form = RULE_PATTERN;
		make_tiers(m, n, &x);
		(void)get_decimal(n, "pattern.below", &x.pattern_below);
		(void)get_int(n, "pattern.times", &x.pattern_times);
		(void)get_int(n, "pattern.in", &x.pattern_in);
		x.pattern_consecutive = get_truth(n, "pattern.consecutive");
		(void)get_decimal(n, "credit", &x.pattern_credit);
		v[c->n_rules++] = x;
	}
	c->rules = v;
}

static void make_caps(struct maker *m, struct credits *c)
{
	struct cap_rule *v =
		arena_array(m->a, struct cap_rule, items_count(m->root, "sla.credits.caps"));

	for (const struct node *n = items_first(m->root, "sla.credits.caps"); n != NULL;
	     n = n->next) {
		struct cap_rule x = {.id = n->key,
				     .per = (enum cap_per)get_choice(n, "per", 0),
				     .of = (enum cap_of)get_choice(n, "of", 0),
				     .node = n};

		if (get_decimal(n, "pct", &x.pct))
			v[c->n_caps++] = x;
	}
	c->caps = v;
}

static void make_credits(struct maker *m)
{
	struct credits *c = &m->p->credits;
	const struct node *r = m->root;

	c->node = get(r, "sla.credits");
	c->set = c->node != NULL;
	c->base_charges = get_places(m->a, r, "sla.credits.base.charges", &c->n_base_charges);
	c->base_of_month_of_credit = get_choice(r, "sla.credits.base.of", 0) == 1;
	make_rules(m, c);
	c->settle_quarterly = get_choice(r, "sla.credits.settle", 0) == 1;
	c->combine = (enum combine)get_choice(r, "sla.credits.combine", COMBINE_SUM);
	c->same_cause_sum = get_choice(r, "sla.credits.same_cause", 0) == 1;
	make_caps(m, c);
	c->claim = get_choice(r, "sla.credits.claim.mode", 0) == 1;
	c->claim_within = get_timing(m, r, "sla.credits.claim.within");
	c->claim_from_window_end = get_choice(r, "sla.credits.claim.from", 1) == 0;
	c->apply_to = get_choice(r, "sla.credits.apply.to", 0);
	c->if_no_invoice_expire = get_choice(r, "sla.credits.apply.if_no_invoice", 0) == 1;
	c->pay_within = get_timing(m, r, "sla.credits.apply.pay_within");
	c->liquidated_damages = get_choice(r, "sla.credits.nature", 0) == 1;
	c->earn_back = get_int(r, "sla.credits.earn_back.windows", &c->earn_back_windows) &&
		       get_decimal(r, "sla.credits.earn_back.pct", &c->earn_back_pct);
	c->bonus_metric = get_place(r, "sla.credits.bonus.metric");
	c->bonus = c->bonus_metric >= 0 &&
		   get_decimal(r, "sla.credits.bonus.at_or_above", &c->bonus_at_or_above) &&
		   get_decimal(r, "sla.credits.bonus.pct", &c->bonus_pct);
	c->sole_remedy = get_truth(r, "sla.credits.sole_remedy.applies");
}

static void make_chronic(struct maker *m)
{
	struct chronic_rule *v =
		arena_array(m->a, struct chronic_rule, items_count(m->root, "sla.chronic"));

	for (const struct node *n = items_first(m->root, "sla.chronic"); n != NULL; n = n->next) {
		struct chronic_rule x = {.id = n->key,
					 .metric = get_place(n, "metric"),
					 .notice = get_timing(m, n, "notice"),
					 .exercise_within = get_timing(m, n, "exercise_within"),
					 .node = n};

		if (x.metric >= 0 && get_int(n, "misses", &x.misses) &&
		    get_int(n, "out_of", &x.out_of))
			v[m->p->n_chronic++] = x;
	}
	m->p->chronic = v;
}

static void make_reporting(struct maker *m)
{
	struct reporting *x = &m->p->reporting;
	const struct node *every = get(m->root, "sla.reporting.every"),
			  *to = get(m->root, "sla.reporting.to");
	struct text *roles = arena_array(m->a, struct text, to == NULL ? 0 : to->n);

	x->node = get(m->root, "sla.reporting");
	x->set = every != NULL;
	if (every != NULL)
		x->every = every->value.duration;
	x->due = get_timing(m, m->root, "sla.reporting.due");
	x->if_late = (enum if_late)get_choice(m->root, "sla.reporting.if_late", LATE_NONE);
	(void)get_decimal(m->root, "sla.reporting.late_credit", &x->late_credit);
	for (const struct node *r = to == NULL ? NULL : to->child; r != NULL; r = r->next)
		if (!r->hole)
			roles[x->n_to++] = r->text;
	x->to = roles;
}

static void make_alerts(struct maker *m)
{
	struct alert_rule *v =
		arena_array(m->a, struct alert_rule, items_count(m->root, "sla.alerts"));

	for (const struct node *n = items_first(m->root, "sla.alerts"); n != NULL; n = n->next) {
		struct alert_rule x = {.id = n->key,
				       .event = get_choice(n, "event", 0),
				       .after = get_timing(m, n, "after"),
				       .node = n};

		x.at_set = get_decimal(n, "at", &x.at);
		v[m->p->n_alerts++] = x;
	}
	m->p->alerts = v;
}

void make_remedies(struct maker *m)
{
	make_credits(m);
	make_chronic(m);
	make_reporting(m);
	make_alerts(m);
}
