/* SPDX-License-Identifier: Apache-2.0 */
/* Rules S about words: what a priority means, soft promises, words that contradict terms (S-07, S-10, S-19). */
#include "terms/lint_rules.h"

#include <string.h>

/* --- S-07 --- */

static bool word_is(struct text word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq_nocase(word, text_of(list[i])))
			return true;
	return false;
}

static bool ends_word(char c)
{
	return strchr(" \t\n\r.,;:!?()\"'/-", c) != NULL;
}

/* Words in all, and those that are more than an adjective of the list or what joins two of them. */
static void count_words(struct text t, size_t *words, size_t *telling)
{
	static const char *const joints[] = {"a",     "an",  "and", "any", "are", "for",
					     "in",    "is",  "not", "of",  "on",  "or",
					     "other", "the", "to",  "with"};

	*words = *telling = 0;
	for (size_t i = 0; i < t.n;) {
		size_t from = i;

		while (i < t.n && !ends_word(t.p[i]))
			i++;
		struct text word = text_sub(t, from, i);

		i += i < t.n ? 1 : 0;
		if (word.n == 0)
			continue;
		(*words)++;
		if (!word_is(word, lint_adjective.v, lint_adjective.n) &&
		    !word_is(word, joints, ARRAY_SIZE(joints)))
			(*telling)++;
	}
}

static void adjectives(struct lint *l, const struct node *priority)
{
	const struct node *test = node_at(priority, "test");
	struct text said = test == NULL ? lint_nothing : test->text;
	size_t words, telling;

	if (test != NULL && test->hole)
		return;
	count_words(said, &words, &telling);
	if (words >= 3 && telling > 0)
		return;

	struct text message = text_format(l->a, "%.*s is defined by \"%.*s\"",
					  TEXT_ARG(priority->key), TEXT_ARG(said));

	if (test == NULL)
		lint_report_missing(l, LINT_S07, 'W', priority, "test", message, lint_nothing);
	else
		lint_report(l, LINT_S07, 'W', test, message, lint_nothing);
}

/* --- S-10 --- */

static void soft_and_closed(struct lint *l)
{
	const struct node *sole = node_at(l->root, "sla.credits.sole_remedy");

	if (sole == NULL || !term_truth(sole, "applies"))
		return;
	for (size_t i = 0; i < l->n_clauses; i++) {
		const struct lint_clause *c = &l->clauses[i];
		struct text kind = term_text(c->document, "kind"), hit;

		if ((!text_is(kind, "sla") && !text_is(kind, "msa")) ||
		    !lint_has_words(c->words, lint_effort.v, lint_effort.n, &hit))
			continue;
		lint_report(l, LINT_S10, 'W', c->at,
			    text_format(l->a, "\"%.*s\" with credits as the only remedy",
					TEXT_ARG(hit)),
			    lint_nothing);
	}
}

/* --- S-19 --- */

/* A figure of a literal against the values of the blocks anchored at its clause (LN-9). */
struct comparison {
	const struct literal *literal;
	bool equal;                  /* a value equals it */
	const struct node *like[3];  /* the first values of its own type, for the message */
	const struct node *other[3]; /* the first of another type */
	size_t n_like, n_other;
	const struct node
		*same_figure; /* a percentage where the words say money, with the same figure */
};

static bool is_price(const struct node *n)
{
	return n->term->type == TERM_MONEY || n->term->type == TERM_PRICE;
}

static struct fraction money_of(const struct node *n)
{
	return n->term->type == TERM_MONEY ? money_exact(n->value.money)
					   : fraction_of_decimal(n->value.price.amount);
}

static const char *code_of(const struct node *n)
{
	return n->term->type == TERM_MONEY ? n->value.money.currency.code
					   : n->value.price.currency.code;
}

static bool holds_figure(const struct node *n)
{
	enum term_type t = n->term->type;

	return t == TERM_INT || t == TERM_DEC || t == TERM_PCT || t == TERM_DUR || is_price(n);
}

static bool same_type(const struct literal *x, const struct node *n)
{
	enum term_type t = n->term->type;

	switch (x->kind) {
	case LITERAL_PERCENT:
		return t == TERM_PCT;
	case LITERAL_MONEY:
		return is_price(n);
	case LITERAL_DURATION:
		return t == TERM_DUR;
	}
	return false;
}

static bool equals(const struct literal *x, const struct node *n)
{
	if (!same_type(x, n)) {
		/* "10 hours" is also `hours: 10` of a prepaid charge. */
		return x->kind == LITERAL_DURATION && x->unit == UNIT_H &&
		       n->term->type == TERM_DEC && decimal_cmp(x->number, n->value.decimal) == 0;
	}
	if (x->kind == LITERAL_PERCENT)
		return decimal_cmp(x->number, n->value.decimal) == 0;
	if (x->kind == LITERAL_MONEY)
		return (x->currency[0] == '\0' || strcmp(x->currency, code_of(n)) == 0) &&
		       fraction_cmp(fraction_of_decimal(x->number), money_of(n)) == 0;

	struct duration said = {x->number.units, x->unit, lint_nothing};

	return x->number.scale == 0 && x->number.units <= 999999999 &&
	       lint_same_length(said, n->value.duration);
}

/* The first three that read differently, and how many there are. */
static void keep(const struct node *v[3], size_t *n, const struct node *x)
{
	for (size_t i = 0; i < *n && i < 3; i++)
		if (text_eq(v[i]->text, x->text))
			return;
	if (*n < 3)
		v[*n] = x;
	(*n)++;
}

static void compare(struct comparison *c, const struct node *n)
{
	c->equal = c->equal || equals(c->literal, n);
	if (same_type(c->literal, n)) {
		keep(c->like, &c->n_like, n);
	} else {
		keep(c->other, &c->n_other, n);
	}
	if (c->literal->kind == LITERAL_MONEY && n->term->type == TERM_PCT &&
	    decimal_cmp(c->literal->number, n->value.decimal) == 0)
		c->same_figure = n;
}

/* The next node in file order inside `top`; below what n holds only if `into`. */
static const struct node *after(const struct node *top, const struct node *n, bool into)
{
	if (into && n->child != NULL)
		return n->child;
	while (n != top && n->next == NULL)
		n = n->parent;
	return n == top ? NULL : n->next;
}

/* What the blocks anchored at a clause hold. */
struct anchored_value {
	const struct node *node;
};

struct anchored {
	struct anchored_value *v;
	size_t n, cap;
};

/* All values of a block, up to the next map with a clause of its own (LN-9). */
static void collect_block(struct lint *l, struct anchored *to, const struct node *block)
{
	struct anchored_value *v = to->v;
	bool into = true;

	for (const struct node *n = after(block, block, true); n != NULL;
	     n = after(block, n, into)) {
		into = !(n->kind == NODE_MAP && lint_has(n, "clause"));
		if (n->kind != NODE_SCALAR || n->hole || !holds_figure(n))
			continue;
		v = arena_grow(l->a, v, to->n, &to->cap, sizeof(*v));
		v[to->n++].node = n;
	}
	to->v = v;
}

static struct anchored collect(struct lint *l, const struct node *clause)
{
	struct anchored values = {NULL, 0, 0};

	for (const struct node *n = l->root; n != NULL; n = after(l->root, n, true)) {
		const struct node *anchor = n->kind == NODE_MAP ? node_at(n, "clause") : NULL;

		if (anchor != NULL && anchor->value.ref == clause)
			collect_block(l, &values, n);
	}
	return values;
}

static struct text values_said(struct lint *l, const struct comparison *c)
{
	const struct node *const *v = c->n_like > 0 ? c->like : c->other;
	size_t n = c->n_like > 0 ? c->n_like : c->n_other;
	struct text list = lint_nothing;

	/* The value behind a figure of the wrong kind says more than the first of many. */
	if (c->n_like == 0 && c->same_figure != NULL)
		return c->same_figure->text;
	for (size_t i = 0; i < n && i < ARRAY_SIZE(c->like); i++)
		list = list.n == 0 ? v[i]->text
				   : text_format(l->a, "%.*s, %.*s", TEXT_ARG(list),
						 TEXT_ARG(v[i]->text));
	return n > ARRAY_SIZE(c->like) ? text_format(l->a, "%.*s, ...", TEXT_ARG(list)) : list;
}

/* Words that say 2.00 USD where the terms say 2 %: what the two come to. */
static struct text figure_effect(struct lint *l, const struct comparison *c)
{
	if (c->same_figure == NULL)
		return lint_nothing;

	bool credit =
		strncmp(c->same_figure->term->path, "sla.credits.", strlen("sla.credits.")) == 0;
	struct fraction base =
		credit ? lint_effect_of(l, "sla.credits.base.charges") : lint_effect_month(l);
	struct fraction share = lint_share(c->same_figure->value.decimal);

	if (base.num == 0)
		return lint_nothing;
	return lint_effect(l, "%.*s against %.*s on %.*s",
			   TEXT_ARG(lint_amount(l, fraction_of_decimal(c->literal->number))),
			   TEXT_ARG(lint_amount(l, fraction_mul(base, share))),
			   TEXT_ARG(lint_amount(l, base)));
}

/* One finding a clause (LN-3): the first literal that no value equals, else the first that one does. */
static void words_and_terms(struct lint *l, const struct lint_clause *clause)
{
	struct literal x;
	size_t from = 0;
	struct anchored values = {NULL, 0, 0};
	char said = 0;

	while (said != 'E' && lint_literal(clause->words, &from, &x)) {
		struct comparison c = {.literal = &x};

		if (said == 0)
			values = collect(l, clause->clause);
		if (values.n == 0)
			return;
		for (size_t i = 0; i < values.n && !c.equal; i++)
			compare(&c, values.v[i].node);
		if (said == 'I' && c.equal)
			continue;
		said = c.equal ? 'I' : 'E';

		struct text words = lint_literal_text(l, &x);

		lint_report(l, LINT_S19, said, clause->at,
			    text_format(l->a, "the words say %.*s, the terms say %.*s",
					TEXT_ARG(words),
					TEXT_ARG(c.equal ? words : values_said(l, &c))),
			    c.equal ? lint_nothing : figure_effect(l, &c));
	}
}

void lint_sla_words(struct lint *l)
{
	for (const struct node *p = lint_items(l->root, "sla.priorities"); p != NULL; p = p->next)
		adjectives(l, p);
	soft_and_closed(l);
	for (size_t i = 0; i < l->n_clauses; i++)
		words_and_terms(l, &l->clauses[i]);
}
