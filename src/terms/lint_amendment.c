/* SPDX-License-Identifier: Apache-2.0 */
/* Rules G: signature and amendment (lint.md section 7, contract-language.md CL-50 to CL-56). */
#include "terms/diff.h"
#include "terms/library.h"
#include "terms/lint_values.h"
#include "terms/words.h"

#include <string.h>

enum { HASH_SHOWN = 12 }; /* people see the first twelve digits (CL-42) */

/* --- G-01, G-02 --- */

static void stale_base(struct lint *l)
{
	const struct node *base = node_at(l->root, "amends.base");
	const char *head = l->in->base->hash;

	if (base != NULL && (base->hole || text_is(base->text, head)))
		return;

	struct text amends =
		base == NULL ? text_of("nothing") : text_sub(base->text, 0, HASH_SHOWN);

	lint_report_path(l, LINT_G01, 'E', "amends.base",
			 text_format(l->a, "amends %.*s, the head is %.*s", TEXT_ARG(amends),
				     HASH_SHOWN, head));
}

/* The date from which the base holds: its own if it amends another, else that of the contract. */
static const struct node *base_date(const struct node *base)
{
	return lint_has(base, "amends") ? lint_value(base, "amends.effective_date")
					: lint_value(base, "term.effective_date");
}

static void too_early(struct lint *l)
{
	const struct node *effective = lint_value(l->root, "amends.effective_date"),
			  *before = base_date(l->in->base->root);
	/* The rules of change are those of the base (CL-51). */
	bool retroactive = lint_says(l->in->base->root, "amendments.retroactive", "true"),
	     sent_later = l->p != NULL && l->in->as_of != INSTANT_NONE && effective != NULL &&
			  effective->value.date < zone_day(l->p->zone, l->in->as_of);

	if (effective == NULL)
		return;
	if ((before != NULL && effective->value.date < before->value.date) ||
	    (sent_later && !retroactive))
		lint_report(l, LINT_G02, 'E', effective,
			    text_format(l->a, "takes effect %.*s, before both can approve",
					TEXT_ARG(lint_date(l, effective->value.date))),
			    lint_nothing);
}

/* --- G-03 --- */

/* A signatory with authority (CL-63); what a template leaves open can still become one. */
static bool can_bind(const struct node *contact)
{
	const struct node *roles = node_at(contact, "roles"),
			  *authority = node_at(contact, "authority");
	bool signs = lint_member(contact, "roles", "signatory") != NULL;

	for (const struct node *r = roles == NULL ? NULL : roles->child; r != NULL; r = r->next)
		signs = signs || r->hole;
	if (roles != NULL && roles->hole)
		signs = true;
	return signs && authority != NULL &&
	       (authority->hole || text_is(authority->text, "may_bind"));
}

static void nobody_binds(struct lint *l, const char *party)
{
	struct text name = term_text(node_at(l->root, text_format(l->a, "parties.%s", party).p),
				     "legal_name"),
		    list = text_format(l->a, "parties.%s.contacts", party),
		    named = text_format(l->a, "amendments.approvals.%s", party);
	const struct node *approvers = node_at(l->root, named.p);
	bool found = false;

	for (const struct node *c = lint_items(l->root, list.p); c != NULL; c = c->next)
		found = found || can_bind(c);
	if (!found)
		lint_report_path(l, LINT_G03, 'W', list.p,
				 text_format(l->a, "nobody can bind %.*s", TEXT_ARG(name)));
	for (const struct node *c = approvers == NULL ? NULL : approvers->child; c != NULL;
	     c = c->next) {
		if (c->hole || c->value.ref == NULL || can_bind(c->value.ref))
			continue;
		lint_report(l, LINT_G03, 'W', approvers,
			    text_format(l->a, "nobody can bind %.*s: %.*s is no signatory who may",
					TEXT_ARG(name), TEXT_ARG(c->text)),
			    lint_nothing);
		return;
	}
}

/* --- G-04 --- */

/* Clauses by document and id, which both versions share. */
struct anchors {
	struct {
		struct text document, clause;
	} * v;
	size_t n, cap;
};

static const struct node *document_of(const struct node *clause)
{
	const struct node *n = clause->parent;

	while (n->kind != NODE_MAP)
		n = n->parent;
	return n;
}

static void add_anchor(struct lint *l, struct anchors *to, const struct node *clause)
{
	if (clause == NULL)
		return;
	to->v = arena_grow(l->a, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n].document = document_of(clause)->key;
	to->v[to->n++].clause = clause->key;
}

/* The clause that a changed value stands under, and those of blocks that came or went whole. */
static void add_changed(struct lint *l, struct anchors *to, const struct node *top)
{
	if (top == NULL)
		return;
	add_anchor(l, to, node_clause(top));
	for (const struct node *n = top->child; n != NULL;) {
		if (n->kind == NODE_SCALAR && n->term->type == TERM_CLAUSE && !n->hole)
			add_anchor(l, to, n->value.ref);
		if (n->child != NULL) {
			n = n->child;
			continue;
		}
		while (n != top && n->next == NULL)
			n = n->parent;
		n = n == top ? NULL : n->next;
	}
}

static bool under(struct text path, const char *block)
{
	size_t n = strlen(block);

	return text_starts(path, block) && (path.n == n || path.p[n] == '.');
}

/* Where values changed; the papers themselves are words. */
static struct anchors changed_values(struct lint *l, const struct changes *c)
{
	struct anchors x = {NULL, 0, 0};

	for (size_t i = 0; i < c->n; i++) {
		if (under(c->v[i].path, "documents"))
			continue;
		bool whole = c->v[i].kind == CHANGE_ADDED || c->v[i].kind == CHANGE_REMOVED;

		if (whole) {
			add_changed(l, &x, c->v[i].old_node);
			add_changed(l, &x, c->v[i].new_node);
		} else {
			add_anchor(l, &x, node_clause(c->v[i].old_node));
			add_anchor(l, &x, node_clause(c->v[i].new_node));
		}
	}
	return x;
}

static bool is_anchor(const struct anchors *x, const struct lint_clause *c)
{
	for (size_t i = 0; i < x->n; i++)
		if (text_eq(x->v[i].document, c->document->key) &&
		    text_eq(x->v[i].clause, c->clause->key))
			return true;
	return false;
}

/* A clause's own words, or those it takes from the library. */
static struct text words_of(const struct node *clause)
{
	const struct node *text = node_at(clause, "text"), *name = lint_value(clause, "library");
	const struct library_document *d = name == NULL ? NULL : library_find(name->text);
	const struct library_words *w = d == NULL ? NULL : library_clause(d, clause->key);

	return text != NULL ? text->text : w == NULL ? lint_nothing : text_of(w->text);
}

static bool refers(struct text words)
{
	struct word w;

	while (words_next(&words, &w))
		if (w.kind == WORD_VALUE || w.kind == WORD_TABLE)
			return true;
	return false;
}

static void drift(struct lint *l, const struct changes *c)
{
	struct anchors values = changed_values(l, c);

	for (size_t i = 0; i < l->n_clauses; i++) {
		const struct lint_clause *x = &l->clauses[i];
		struct text name = text_format(l->a, "%.*s.%.*s", TEXT_ARG(x->document->key),
					       TEXT_ARG(x->clause->key));
		const struct node *old = clause_find(l->in->base, name);

		if (old == NULL)
			continue;

		bool words = !text_eq(words_of(old), x->words), terms = is_anchor(&values, x);

		if (words && !terms)
			lint_report(l, LINT_G04, 'W', x->at, text_of("words changed, terms not"),
				    lint_nothing);
		else if (!words && terms && !refers(x->words))
			lint_report(l, LINT_G04, 'W', x->at, text_of("terms changed, words not"),
				    lint_nothing);
	}
}

/* --- G-05 --- */

/* Calendar months that [from, to) touches: one invoice each. */
static int64_t months_touched(day from, day to)
{
	struct civil a = civil_of(from), b = civil_of(to - 1);

	return ((int64_t)b.year - a.year) * 12 + b.month - a.month + 1;
}

/* Net of the lines of those months under the base and under this version. */
static struct text under_both(struct lint *l, int64_t months)
{
	const struct lint_facts *f = l->in->facts;
	struct fraction times = fraction_of(months, 1), old, new;
	struct lint before = *l;

	before.root = l->in->base->root;
	before.p = l->in->base_promise;
	old = fraction_mul(lint_nominal_month(&before, NULL), times);
	new = fraction_mul(lint_nominal_month(l, NULL), times);
	if (f != NULL && f->changed_set) {
		old = money_exact(f->changed_base);
		new = money_exact(f->changed_this);
	}
	if (old.num <= 0 && new.num <= 0)
		return lint_nothing;

	struct text both =
		text_format(l->a, "%.*s under the base, %.*s under this version",
			    TEXT_ARG(lint_amount(l, old)), TEXT_ARG(lint_amount(l, new)));

	/* Those months, not the twelve of the other effects. */
	if (f != NULL && f->changed_set)
		return text_format(l->a, "on the invoiced months: %.*s", TEXT_ARG(both));
	if (f != NULL)
		return text_format(l->a, "on the nominal month: %.*s", TEXT_ARG(both));
	return lint_effect(l, "%.*s", TEXT_ARG(both));
}

static void issued_invoices(struct lint *l)
{
	const struct node *effective = lint_value(l->root, "amends.effective_date");
	struct text effect;
	day end;

	if (l->p == NULL || l->in->invoiced_to == INSTANT_NONE || effective == NULL)
		return;
	end = zone_day(l->p->zone, l->in->invoiced_to);
	if (effective->value.date >= end)
		return;

	int64_t n = months_touched(effective->value.date, end);

	effect = under_both(l, n);
	lint_report(
		l, LINT_G05, 'W', effective,
		text_format(l->a, "%lld invoice%s would change", (long long)n, n == 1 ? "" : "s"),
		effect);
}

/* --- G-06 --- */

static void not_minor(struct lint *l, const struct changes *c)
{
	const struct node *minor = node_at(l->in->base->root, "amendments.minor");
	struct text first = lint_nothing;
	size_t n = 0;

	if (!lint_says(l->root, "amends.change", "minor"))
		return;
	for (size_t i = 0; i < c->n; i++) {
		struct changes one = {&c->v[i], 1};

		/* What it amends is the header of the change, not a part of it. */
		if (under(c->v[i].path, "amends") || changes_are_minor(&one, minor))
			continue;
		first = n == 0 ? c->v[i].path : first;
		n++;
	}
	if (n == 0)
		return;

	struct text more = n == 1 ? lint_nothing : text_format(l->a, ", so are %zu more", n - 1);

	lint_report(l, LINT_G06, 'E', node_at(l->root, "amends.change"),
		    text_format(l->a, "%.*s is material%.*s", TEXT_ARG(first), TEXT_ARG(more)),
		    lint_nothing);
}

void lint_amendment(struct lint *l)
{
	nobody_binds(l, "provider");
	nobody_binds(l, "client");
	if (l->in->base == NULL)
		return;

	struct changes c = contract_diff(l->a, l->in->base, l->in->contract);

	stale_base(l);
	too_early(l);
	drift(l, &c);
	issued_invoices(l);
	not_minor(l, &c);
}
