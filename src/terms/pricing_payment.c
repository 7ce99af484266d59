/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a pricing about paying late, disputing, suspending and leaving early. */
#include "terms/pricing_parts.h"

static void price_late_fee(struct pricer *p, const struct node *payment, struct payment_terms *t)
{
	/* the order of the words in terms.def */
	static const enum late_kind kinds[] = {LATE_FEE_INTEREST, LATE_FEE_FIXED,
					       LATE_FEE_STATUTORY, LATE_FEE_NONE};
	static const enum late_scheme schemes[] = {SCHEME_UK_1998, SCHEME_EU_2011_7};
	enum { PER_MONTH };
	const struct node *n = get(payment, "late_fee");
	int kind, scheme;

	if (n == NULL)
		return;
	kind = get_choice(n, "kind", -1);
	scheme = get_choice(n, "scheme", -1);
	t->late_kind = kind < 0 ? LATE_FEE_NONE : kinds[kind];
	t->scheme = scheme < 0 ? SCHEME_NONE : schemes[scheme];
	(void)get_decimal(n, "rate", &t->late_rate);
	t->late_per_month = get_choice(n, "per", -1) == PER_MONTH;
	t->compound = get_truth(n, "compound");
	t->day_count = get_choice(n, "day_count", 0);
	t->late_amount = get_maybe_money(n, "amount");
	t->grace = get_timing(&p->m, n, "grace");
	t->max_per_year_set = get_decimal(n, "max_per_year", &t->max_per_year);
	t->late_of_all = get_choice(n, "of", 0) == 1;
}

static void price_dunning(struct pricer *p, const struct node *payment, struct payment_terms *t)
{
	struct dunning_step *v =
		arena_array(p->m.a, struct dunning_step, items_count(payment, "dunning"));

	for (const struct node *n = items_first(payment, "dunning"); n != NULL; n = n->next)
		v[t->n_dunning++] = (struct dunning_step){.id = n->key,
							  .to = get_text(n, "to"),
							  .after = get_timing(&p->m, n, "after"),
							  .fee = get_maybe_money(n, "fee"),
							  .node = n};
	t->dunning = v;
}

void price_payment(struct pricer *p)
{
	struct payment_terms *t = &p->out->payment;
	const struct node *n = get(p->m.root, "payment");

	if (n == NULL)
		return;
	t->set = true;
	t->node = n;
	t->instructions = get_text(n, "instructions");
	t->method = get_text(n, "method");
	t->due = get_timing(&p->m, n, "due");
	t->from_receipt = get_choice(n, "from", 0) == 1;
	t->as_stated = get_choice(n, "allocation", 0) == 1;
	t->set_off = (enum set_off)get_choice(n, "set_off", SET_OFF_CREDITS);
	t->deposit = get_maybe_money(n, "deposit");
	price_late_fee(p, n, t);
	price_dunning(p, n, t);
	t->dispute_set = get(n, "dispute") != NULL;
	t->dispute_from_receipt = get_choice(n, "dispute.from", 1) == 1;
	t->pay_undisputed = get_truth(n, "dispute.pay_undisputed");
	t->dispute_within = get_timing(&p->m, n, "dispute.within");
	t->resolve_within = get_timing(&p->m, n, "dispute.resolve_within");
	t->pay_after = get_timing(&p->m, n, "dispute.pay_after");
	t->suspension_set = get(n, "suspension") != NULL;
	t->suspension_counts_disputed = get_truth(n, "suspension.counts_disputed");
	t->after_overdue = get_timing(&p->m, n, "suspension.after_overdue");
	t->suspension_notice = get_timing(&p->m, n, "suspension.notice");
	t->suspension_services = get_list(p, n, "suspension.services");
}

/* Steps by rising month: the last that is not after the month of exit counts. */
static void price_steps(struct pricer *p, const struct node *n, struct exit_terms *t)
{
	struct exit_step *v = arena_array(p->m.a, struct exit_step, items_count(n, "steps"));

	for (const struct node *s = items_first(n, "steps"); s != NULL; s = s->next) {
		struct exit_step step = {.node = s};
		size_t k = t->n_steps++;

		(void)get_int(s, "from_month", &step.from_month);
		(void)get_decimal(s, "pct", &step.pct);
		for (; k > 0 && v[k - 1].from_month > step.from_month; k--)
			v[k] = v[k - 1];
		v[k] = step;
	}
	t->steps = v;
}

static bool has_word(const struct node *map, const char *path, int word)
{
	const struct node *set = get(map, path);

	for (const struct node *m = set == NULL ? NULL : set->child; m != NULL; m = m->next)
		if (!m->hole && m->value.choice == word)
			return true;
	return false;
}

void price_exit(struct pricer *p)
{
	enum {
		PLUS_NOTICE,
		PLUS_THIRD_PARTY,
		PLUS_SETUP
	}; /* the order of the words in terms.def */
	struct exit_terms *t = &p->out->exit;
	const struct node *n = get(p->m.root, "early_termination_fee");

	if (n == NULL)
		return;
	t->set = true;
	t->node = n;
	for (int w = EXIT_CHRONIC_FAILURE; w <= EXIT_PROVIDER_DEFAULT; w++)
		if (has_word(n, "triggers", w))
			t->triggers |= 1u << (unsigned)w;
	t->formula = (enum exit_formula)get_choice(n, "formula", EXIT_PCT_OF_REMAINING);
	t->amount = get_maybe_money(n, "amount");
	(void)get_duration(p, n, "average_over", &t->average_over);
	t->of = get_list(p, n, "of");
	price_steps(p, n, t);
	t->plus_notice_shortfall = has_word(n, "plus", PLUS_NOTICE);
	t->plus_third_party = has_word(n, "plus", PLUS_THIRD_PARTY);
	t->plus_setup = has_word(n, "plus", PLUS_SETUP);
	t->rebate_set = get_duration(p, n, "rebate.within", &t->rebate_within);
	t->rebate_full = get_choice(n, "rebate.mode", 0) == 1;
	t->mitigation = get_truth(n, "mitigation");
	t->liquidated_damages = get_choice(n, "nature", 0) == 1;
}
