/* SPDX-License-Identifier: Apache-2.0 */
/* Why a credit has its amount, and what became of it: tier, base, caps, rounding, same cause, combination, claim. */
#include "render/reason.h"

#include <assert.h>

static const struct credit_rule *rule_of(const struct report *r, const struct credit *c)
{
	const struct credits *credits = &report_promise(r, c->version)->credits;

	if (c->rule < 0)
		return NULL;
	assert((size_t)c->rule < credits->n_rules);
	return &credits->rules[c->rule];
}

static unsigned places(const struct report *r, const struct credit *c)
{
	return report_promise(r, c->version)->currency.decimals;
}

static struct phrase fate_words(const struct report *r, const struct credit *c)
{
	struct doc *d = r->d;

	switch (c->fate) {
	case CREDIT_DUE:
		return SAY0(d, W_FATE_DUE);
	case CREDIT_SAME_CAUSE:
	case CREDIT_NOT_COMBINED: {
		struct phrase other = c->other < r->o->n_credits
					      ? doc_plain(d, text_of(r->o->credits[c->other].id))
					      : NO_WORDS;

		return SAY(d,
			   c->fate == CREDIT_SAME_CAUSE ? W_FATE_SAME_CAUSE : W_FATE_NOT_COMBINED,
			   other);
	}
	case CREDIT_CLAIM_OPEN:
		if (c->claim_until == INSTANT_NONE)
			return SAY0(d, W_FATE_CLAIM_OPEN);
		return SAY(d, W_FATE_CLAIM_UNTIL, doc_time(d, c->claim_until, TIME_DEADLINE));
	case CREDIT_UNCLAIMED:
		return SAY(d, W_FATE_UNCLAIMED, doc_time(d, c->claim_until, TIME_DEADLINE));
	case CREDIT_CUT:
		return SAY0(d, W_FATE_CUT);
	case CREDIT_HELD:
		return SAY0(d, W_FATE_HELD);
	}
	return NO_WORDS;
}

struct phrase credit_fate_words(const struct report *r, const struct credit *c)
{
	return fate_words(r, c);
}

/* For headings: what became of it in two words. */
static struct phrase short_fate(const struct report *r, const struct credit *c)
{
	static const enum wording words[] = {
		[CREDIT_DUE] = W_FATE_DUE,
		[CREDIT_SAME_CAUSE] = W_SHORT_NOT_DUE,
		[CREDIT_NOT_COMBINED] = W_SHORT_NOT_DUE,
		[CREDIT_CLAIM_OPEN] = W_FATE_CLAIM_OPEN,
		[CREDIT_UNCLAIMED] = W_SHORT_LAPSED,
		[CREDIT_CUT] = W_SHORT_LAPSED,
		[CREDIT_HELD] = W_SHORT_HELD,
	};

	assert((size_t)c->fate < ARRAY_SIZE(words));
	return SAY0(r->d, words[c->fate]);
}

struct phrase credit_heading(struct report *r, uint32_t credit)
{
	const struct credit *c = &r->o->credits[credit];
	struct doc *d = r->d;
	struct phrase id = doc_plain(d, text_of(c->id));
	bool plain = c->fate == CREDIT_DUE && c->breaches <= 1 && c->base < r->o->n_bases &&
		     fraction_cmp(c->exact, c->after_caps) == 0 &&
		     fraction_cmp(money_exact(c->amount), c->exact) == 0;

	if (!plain && c->fate == CREDIT_DUE)
		return SAY(d, W_CREDIT_IS, id, doc_money(d, c->amount));
	if (c->fate == CREDIT_HELD)
		return SAY(d, W_CREDIT_NOT_DUE, id, doc_money(d, c->amount), short_fate(r, c));
	if (!plain)
		return SAY(d, W_CREDIT_NOT_DUE, id, doc_exact(d, c->exact, places(r, c)),
			   short_fate(r, c));
	return SAY(d, W_CREDIT_PRODUCT, id, doc_money(d, c->amount), doc_percent(d, c->pct),
		   doc_exact(d, r->o->bases[c->base].exact, places(r, c)));
}

/* --- tier --- */

/* What the tiers are compared with: the rule's priority, else the whole window. false: there is no value. */
static bool judged_value(const struct report *r, const struct credit *c,
			 const struct credit_rule *rule, const struct window_result *w,
			 struct decimal *out)
{
	if (rule->priority >= 0) {
		const struct priority_share *s =
			share_of(w, report_promise(r, c->version), rule->priority);

		if (s != NULL && s->samples > 0) {
			*out = s->shown;
			return true;
		}
	}
	if (w->value_set)
		*out = w->shown;
	return w->value_set;
}

static bool reaches(const struct credit_rule *rule, const struct tier *t, struct decimal value)
{
	int order = decimal_cmp(value, t->below);

	return rule->edge == EDGE_AT_OR_BELOW ? order <= 0 : order < 0;
}

/* A credit that waits may follow from the other result of its window (sla.md R19): then that is the value of its tier. */
static struct phrase tier_value(const struct report *r, const struct credit *c,
				const struct credit_rule *rule)
{
	const struct window_result *w = &r->o->windows[c->window];
	struct decimal value = {0, 0}, other = {0, 0};
	bool set = judged_value(r, c, rule, w, &value);

	if (c->fate == CREDIT_HELD && w->alternative != NULL &&
	    !(set && reaches(rule, &rule->tiers[c->tier], value)) &&
	    judged_value(r, c, rule, w->alternative, &other))
		return doc_percent(r->d, other);
	return set ? doc_percent(r->d, value) : SAY0(r->d, W_NA);
}

static struct phrase tier_words(const struct report *r, const struct credit *c,
				const struct credit_rule *rule)
{
	struct doc *d = r->d;
	const struct tier *t = &rule->tiers[c->tier];
	bool at = rule->edge == EDGE_AT_OR_BELOW;
	struct phrase value = tier_value(r, c, rule);
	struct phrase words =
		SAY(d, at ? W_TIER_AT : W_TIER_BELOW, value, doc_percent(d, t->below));

	if ((size_t)c->tier + 1 < rule->n_tiers)
		words = SAY(d, at ? W_TIER_NOT_AT : W_TIER_NOT_BELOW, words,
			    doc_percent(d, rule->tiers[c->tier + 1].below));
	return words;
}

static struct phrase pattern_words(const struct report *r, const struct credit *c,
				   const struct credit_rule *rule)
{
	struct phrase windows = NO_WORDS;
	struct doc *d = r->d;

	for (size_t i = 0; i < c->n_pattern_windows; i++) {
		struct phrase both[2] = {windows,
					 window_words(r, &r->o->windows[c->pattern_windows[i]])};

		windows = doc_join_all(d, ", ", both, 2);
	}
	return SAY(d, rule->pattern_consecutive ? W_PATTERN_RUN : W_PATTERN,
		   doc_int(d, rule->pattern_times), doc_int(d, rule->pattern_in),
		   doc_percent(d, rule->pattern_below), windows);
}

static void add_tier(struct report *r, struct pairs *pairs, const struct credit *c)
{
	const struct credit_rule *rule = rule_of(r, c);
	struct doc *d = r->d;

	if (rule == NULL) {
		pair_add(d, pairs, SAY0(d, W_RULE), SAY0(d, W_RULE_LATE_REPORT))->amount =
			doc_percent(d, c->pct);
		return;
	}
	switch (rule->form) {
	case RULE_TIERS:
		if (c->deemed && c->tier >= 0)
			pair_add(d, pairs, SAY0(d, W_TIER),
				 SAY(d, W_TIER_DEEMED, doc_percent(d, rule->tiers[c->tier].below)))
				->amount = doc_percent(d, c->pct);
		else if (c->tier >= 0)
			pair_add(d, pairs, SAY0(d, W_TIER), tier_words(r, c, rule))->amount =
				doc_percent(d, c->pct);
		return;
	case RULE_EACH_BREACH:
		pair_add(d, pairs, SAY0(d, W_RULE), COUNTED(d, c->breaches, W_BREACHES))->amount =
			doc_percent(d, c->pct);
		return;
	case RULE_PATTERN:
		pair_add(d, pairs, SAY0(d, W_RULE), pattern_words(r, c, rule))->amount =
			doc_percent(d, c->pct);
		return;
	}
}

/* --- base --- */

static struct phrase base_line_words(const struct report *r, const struct credit *c,
				     const struct base_line *l)
{
	const struct promise *p = report_promise(r, c->version);
	struct doc *d = r->d;
	struct phrase name = doc_plain(d, p->charges[l->charge].id);

	if (!l->known)
		return name;
	struct phrase line =
		SAY(d, W_BASE_LINE, name, doc_exact(d, l->exact, p->currency.decimals));

	if (l->days != l->of_days)
		line = SAY(d, W_BASE_PRORATED, line, doc_int(d, l->days), doc_int(d, l->of_days));
	return line;
}

static void add_base(struct report *r, struct pairs *pairs, const struct credit *c)
{
	struct doc *d = r->d;
	const struct promise *p = report_promise(r, c->version);

	if (c->base >= r->o->n_bases)
		return;
	const struct base *b = &r->o->bases[c->base];
	struct phrase lines = NO_WORDS, open = NO_WORDS;

	for (size_t i = 0; i < b->n_lines; i++) {
		const struct base_line *l = &b->lines[i];
		struct phrase *into = l->known ? &lines : &open;
		struct phrase both[2] = {*into, base_line_words(r, c, l)};

		*into = doc_join_all(d, l->known ? " + " : ", ", both, 2);
	}
	if (open.n > 0)
		open = SAY(d, W_BASE_UNKNOWN, open);
	struct phrase month = doc_time(d, b->month.from, TIME_MONTH);
	struct phrase which =
		SAY(d, p->credits.base_of_month_of_credit ? W_BASE_OF_CREDIT : W_BASE_OF_FAILURE,
		    month);
	struct phrase words[3] = {b->given ? SAY0(d, W_BASE_GIVEN) : lines,
				  b->given ? NO_WORDS : open, which};

	pair_add(d, pairs, SAY0(d, W_BASE), doc_join_all(d, ", ", words, 3))->amount =
		doc_exact(d, b->exact, places(r, c));
}

/* --- caps --- */

const struct settlement *settlement_of(const struct outcome *o, uint32_t credit)
{
	for (size_t i = 0; i < o->n_settlements; i++)
		for (size_t k = 0; k < o->settlements[i].n_credits; k++)
			if (o->settlements[i].credits[k] == credit)
				return &o->settlements[i];
	return NULL;
}

static enum wording cap_of_wording(const struct cap_rule *cap)
{
	switch (cap->of) {
	case CAP_MONTH_CHARGES:
		return W_OF_MONTH;
	case CAP_QUARTER_CHARGES:
		return W_OF_QUARTER;
	case CAP_YEAR_CHARGES:
		return W_OF_YEAR;
	case CAP_AVERAGE_MONTH_12MO:
		break;
	}
	return W_OF_AVERAGE;
}

struct phrase cap_words(const struct report *r, const struct cap_use *u)
{
	const struct promise *p = report_promise(r, u->version);
	const struct cap_rule *cap = &p->credits.caps[u->cap];
	unsigned n = p->currency.decimals;
	struct doc *d = r->d;
	struct phrase words = SAY(d, W_CAP_IS, doc_percent(d, cap->pct), doc_exact(d, u->of, n),
				  SAY0(d, cap_of_wording(cap)), doc_exact(d, u->limit, n));

	if (cap->of == CAP_AVERAGE_MONTH_12MO && u->months > 0)
		words = SAY(d, W_CAP_MONTHS, words, COUNTED(d, u->months, W_MONTHS));
	if (u->cut.num > 0)
		return SAY(d, W_CAP_CUTS, words, doc_exact(d, u->used_before, n),
			   doc_exact(d, u->cut, n));
	return SAY(d, W_CAP_USED, words, doc_exact(d, u->used_before, n), doc_exact(d, u->used, n));
}

static void add_caps(struct report *r, struct pairs *pairs, uint32_t credit)
{
	const struct credit *c = &r->o->credits[credit];
	const struct settlement *s = settlement_of(r->o, credit);
	const struct promise *p = report_promise(r, c->version);
	struct doc *d = r->d;
	struct phrase key = SAY0(d, W_CAPS);

	for (size_t i = 0; s != NULL && i < s->n_caps; i++) {
		const struct cap_use *u = &s->caps[i];
		const struct cap_rule *cap = &report_promise(r, u->version)->credits.caps[u->cap];

		pair_add(d, pairs, key, SAY(d, W_COLON, doc_plain(d, cap->id), cap_words(r, u)));
		key = NO_WORDS;
	}
	for (size_t i = 0; i < c->n_cuts; i++)
		pair_add(d, pairs, key,
			 SAY(d, W_CAP_CUT_HERE, doc_plain(d, p->credits.caps[c->cuts[i].cap].id),
			     doc_exact(d, c->cuts[i].cut, places(r, c))));
}

/* --- the rest --- */

static void add_amount(struct report *r, struct pairs *pairs, uint32_t credit)
{
	const struct credit *c = &r->o->credits[credit];
	const struct settlement *s = settlement_of(r->o, credit);
	const struct promise *p = report_promise(r, c->version);
	static const enum wording modes[] = {[ROUND_HALF_UP] = W_HALF_UP,
					     [ROUND_HALF_EVEN] = W_HALF_EVEN,
					     [ROUND_DOWN] = W_ROUND_DOWN};
	struct doc *d = r->d;

	if (c->breaches > 1 || fraction_cmp(c->exact, c->after_caps) != 0 || r->full)
		pair_add(d, pairs, SAY0(d, W_EXACT),
			 SAY(d, W_EXACT_CAPS, doc_exact(d, c->exact, places(r, c)),
			     doc_exact(d, c->after_caps, places(r, c))));
	if (s != NULL && (r->full || s->n_credits > 1 ||
			  fraction_cmp(money_exact(c->amount), c->after_caps) != 0))
		pair_add(d, pairs, SAY0(d, W_ROUNDING),
			 SAY(d, s->n_credits > 1 ? W_ROUNDED_SHARED : W_ROUNDED_TOTAL,
			     SAY0(d, modes[p->rounding]), doc_money(d, s->total)));
}

/* The outage that a sample began, if probes found it. */
static const struct raw_outage *outage_begun(const struct report *r, const struct credit *c,
					     uint32_t fact)
{
	const struct availability *av = r->o->windows[c->window].availability;

	for (size_t i = 0; av != NULL && i < outage_count(av); i++)
		if (outage_of(av, i)->began_fact == fact)
			return outage_of(av, i);
	return NULL;
}

/* A cause that somebody linked has its own name; a ticket and an outage theirs; a sample's id would say nothing to a reader. */
static struct phrase one_cause(const struct report *r, const struct credit *c, symbol cause)
{
	struct doc *d = r->d;
	const struct fact *f = facts_find(r->o->in.facts, cause);
	const struct raw_outage *outage;

	if (f == NULL || f->kind != FACT_PROBE_SAMPLE)
		return symbol_words(r, cause);
	outage = outage_begun(r, c, f->order);
	return SAY(d, W_OUTAGE_OF, symbol_words(r, f->subject),
		   doc_time(d, outage != NULL ? outage->span.from : f->occurred_at, TIME_MOMENT));
}

static void add_causes(struct report *r, struct pairs *pairs, const struct credit *c)
{
	struct doc *d = r->d;
	struct phrase causes = NO_WORDS;

	for (size_t i = 0; i < c->n_causes && i < r->options.rows; i++) {
		struct phrase both[2] = {causes, one_cause(r, c, c->causes[i])};

		causes = doc_join_all(d, ", ", both, 2);
	}
	if (c->n_causes > r->options.rows) {
		struct phrase both[2] = {
			causes, COUNTED(d, (int64_t)(c->n_causes - r->options.rows), W_MORE)};

		causes = doc_join_all(d, ", ", both, 2);
	}
	if (c->n_causes > 0)
		pair_add(d, pairs, SAY0(d, W_CAUSE), causes);
}

static void add_claim(struct report *r, struct pairs *pairs, const struct credit *c)
{
	struct doc *d = r->d;

	if (c->claimed != INSTANT_NONE)
		pair_add(d, pairs, SAY0(d, W_CLAIM),
			 SAY(d, W_CLAIMED, doc_time(d, c->claimed, TIME_FULL)));
	if (c->claim_until != INSTANT_NONE)
		pair_add(d, pairs, c->claimed != INSTANT_NONE ? NO_WORDS : SAY0(d, W_CLAIM),
			 SAY(d, W_CLAIM_UNTIL, doc_time(d, c->claim_until, TIME_DEADLINE)));
}

void reason_credit(struct report *r, size_t number, uint32_t credit)
{
	const struct credit *c = &r->o->credits[credit];
	const struct credit_rule *rule = rule_of(r, c);
	const struct promise *p = report_promise(r, c->version);
	const struct node *node = rule != NULL ? rule->node : p->reporting.node;
	const struct window_result *w = &r->o->windows[c->window];
	struct doc *d = r->d;

	(void)doc_reason(d, number, c->fate == CREDIT_DUE ? STATE_RISK : STATE_OPEN,
			 credit_heading(r, credit), clause_words(r, node));
	struct pairs *pairs = doc_pairs(d);
	struct phrase window =
		SAY(d, W_PAIR, metric_words(r, w->version, w->metric), window_words(r, w));
	size_t why = plan_number(&r->plan, REASON_WINDOW, c->window);

	if (why > 0 && !r->full)
		window = doc_join(d, doc_join(d, window, doc_plain(d, text_of(" "))),
				  doc_ref(d, why));
	pair_add(d, pairs, SAY0(d, W_FOR), window);
	add_tier(r, pairs, c);
	add_base(r, pairs, c);
	add_caps(r, pairs, credit);
	add_amount(r, pairs, credit);
	add_causes(r, pairs, c);
	add_claim(r, pairs, c);
	add_held(r, pairs, c);
	if (c->fate != CREDIT_DUE || r->full)
		pair_add(d, pairs, SAY0(d, W_RESULT), fate_words(r, c));
	if (r->full) {
		add_rules(r, pairs, "sla.md R57-R63, R67");
		add_terms(r, rule != NULL ? p->credits.node : node, node);
		if (c->claim_fact != NO_FACT && c->claimed != INSTANT_NONE)
			fact_row_add(r, fact_table(r, SAY0(d, W_FACTS)), c->claim_fact);
	}
}

/* --- rights --- */

struct phrase right_heading(struct report *r, uint32_t right)
{
	const struct right *x = &r->o->rights[right];
	const struct chronic_rule *rule = &report_promise(r, x->version)->chronic[x->chronic];
	struct doc *d = r->d;

	return SAY(d, W_RIGHT_HEAD, doc_plain(d, rule->id), doc_time(d, x->arose, TIME_LAST_DAY));
}

void reason_right(struct report *r, size_t number, uint32_t right)
{
	const struct right *x = &r->o->rights[right];
	const struct promise *p = report_promise(r, x->version);
	const struct chronic_rule *rule = &p->chronic[x->chronic];
	struct doc *d = r->d;
	struct phrase windows = NO_WORDS;

	(void)doc_reason(d, number, STATE_RISK, right_heading(r, right),
			 clause_words(r, rule->node));
	struct pairs *pairs = doc_pairs(d);

	for (size_t i = 0; i < x->n_windows; i++) {
		struct phrase both[2] = {windows, window_words(r, &r->o->windows[x->windows[i]])};

		windows = doc_join_all(d, "; ", both, 2);
	}
	pair_add(d, pairs, SAY0(d, W_BECAUSE),
		 SAY(d, W_RIGHT_BECAUSE, metric_words(r, x->version, (uint16_t)rule->metric),
		     doc_int(d, rule->misses), doc_int(d, rule->out_of), windows));
	pair_add(d, pairs, SAY0(d, W_UNTIL),
		 x->until == INSTANT_NONE ? SAY0(d, W_NO_LIMIT)
					  : doc_time(d, x->until, TIME_DEADLINE));
	if (x->exercised != INSTANT_NONE)
		pair_add(d, pairs, SAY0(d, W_EXERCISED), doc_time(d, x->exercised, TIME_FULL));
	if (r->full) {
		add_rules(r, pairs, "sla.md R11, R66");
		add_terms(r, rule->node, NULL);
		if (x->exercised != INSTANT_NONE && x->fact != NO_FACT)
			fact_row_add(r, fact_table(r, SAY0(d, W_FACTS)), x->fact);
	}
}
