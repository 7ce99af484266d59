/* SPDX-License-Identifier: Apache-2.0 */
/* Rules L about what clauses say: two courts, one-sided rights, precedence, dead references, vague times, blanks. */
#include "terms/lint_values.h"
#include "terms/read.h"
#include "terms/words.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
	return (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool in_name(char c)
{
	return is_capital(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '\'';
}

static size_t past_blanks(struct text t, size_t at)
{
	while (at < t.n && is_blank(t.p[at]))
		at++;
	return at;
}

/* What follows a hit inside t. */
static struct text after_hit(struct text t, struct text hit)
{
	return text_sub(t, (size_t)(hit.p - t.p) + hit.n, t.n);
}

/* --- L-03: courts --- */

static bool joins_names(struct text word)
{
	static const char *const joints[] = {"of", "the", "and", "for", "am",
					     "an", "de",  "la",  "upon"};

	for (size_t i = 0; i < ARRAY_SIZE(joints); i++)
		if (text_is(word, joints[i]))
			return true;
	return false;
}

/* "Albany County, New York" of " Albany County, New York, have jurisdiction": words with capitals and what joins them. */
static struct text court_name(struct text t)
{
	size_t at = past_blanks(t, 0), begin = at, end = at;
	bool named = false;

	while (at < t.n && in_name(t.p[at])) {
		size_t from = at;

		while (at < t.n && in_name(t.p[at]))
			at++;
		struct text word = text_sub(t, from, at);

		if (is_capital(word.p[0])) {
			begin = named ? begin : from;
			named = true;
			end = at;
		} else if (!joins_names(word)) {
			break;
		}
		at += at < t.n && t.p[at] == ',' ? 1 : 0;
		at = past_blanks(t, at);
	}
	return text_sub(t, begin, end);
}

static struct text lower_copy(const struct lint *l, struct text t)
{
	char *p = arena_copy(l->a, t.p, t.n);

	for (size_t i = 0; i < t.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	return (struct text){p, t.n};
}

/* "New York" and "Albany County, New York" can be one court; "Fiji" and "New South Wales" cannot. */
static bool other_court(const struct lint *l, struct text a, struct text b)
{
	struct text x = lower_copy(l, a), y = lower_copy(l, b);

	return !text_has(x, y) && !text_has(y, x);
}

/* The next court that *rest names, which becomes what follows; empty: none. */
static struct text next_court(struct text *rest)
{
	static const char *const names[] = {"courts of", "courts in"};
	struct text court = lint_nothing, hit = lint_nothing;

	while (court.n == 0 && lint_has_words(*rest, names, ARRAY_SIZE(names), &hit)) {
		*rest = after_hit(*rest, hit);
		court = court_name(*rest);
	}
	return court;
}

static void two_courts(struct lint *l)
{
	struct text first = lint_nothing;

	for (size_t i = 0; i < l->n_clauses; i++) {
		struct text rest = l->clauses[i].words, court = next_court(&rest);

		for (; court.n > 0; court = next_court(&rest)) {
			if (first.n > 0 && other_court(l, first, court)) {
				lint_report(l, LINT_L03, 'E', l->clauses[i].at,
					    text_format(l->a, "%.*s or %.*s?", TEXT_ARG(first),
							TEXT_ARG(court)),
					    lint_nothing);
				return;
			}
			first = first.n == 0 ? court : first;
		}
	}
}

/* --- L-07 --- */

static void one_sided_words(struct lint *l, const struct lint_clause *c)
{
	struct text hit;

	if (!lint_has_words(c->words, lint_unilateral.v, lint_unilateral.n, &hit))
		return;

	struct text word = lower_copy(l, hit), what;

	if (text_ends(word, "fees"))
		what = text_of("the fees");
	else if (text_ends(word, "services"))
		what = text_of("the services");
	else
		what = text_format(l->a, "something \"%.*s\"", TEXT_ARG(hit));
	lint_report(l, LINT_L07, 'E', c->at,
		    text_format(l->a, "one side may change %.*s", TEXT_ARG(what)), lint_nothing);
}

/* --- L-09 --- */

/* Only the first document listed may say that it comes first (CL-20). */
static void precedence(struct lint *l)
{
	const struct node *first = lint_items(l->root, "documents"), *claims = NULL;
	struct text hit;

	for (size_t i = 0; i < l->n_clauses; i++) {
		const struct lint_clause *c = &l->clauses[i];

		if (!lint_has_words(c->words, lint_precedence.v, lint_precedence.n, &hit))
			continue;
		claims = claims == NULL ? c->document : claims;
		if (c->document == first)
			continue;

		const struct node *other = claims == c->document ? first : claims;

		lint_report(l, LINT_L09, 'E', c->at,
			    text_format(l->a, "%.*s and %.*s both prevail",
					TEXT_ARG(term_text(other, "title")),
					TEXT_ARG(term_text(c->document, "title"))),
			    lint_nothing);
	}
}

/* --- L-10 --- */

static void nowhere(struct lint *l, char severity, const struct node *at, struct text literal)
{
	lint_report(l, LINT_L10, severity, at,
		    text_format(l->a, "\"%.*s\" points nowhere%s", TEXT_ARG(literal),
				severity == 'I' ? " once a clause is inserted" : ""),
		    lint_nothing);
}

/* Marks the definitions that words use; `own` is the definition whose words they are, or NULL. */
static void mark_used(const struct node *definitions, struct text words, const struct node *own,
		      bool *used)
{
	struct word w;

	while (words_next(&words, &w)) {
		size_t i = 0;

		if (w.kind != WORD_DEFINITION)
			continue;
		for (const struct node *d = definitions->child; d != NULL; d = d->next, i++)
			if (text_eq(d->key, w.text) && d != own)
				used[i] = true;
	}
}

static void definitions(struct lint *l)
{
	const struct node *list = lint_value(l->root, "definitions");
	size_t i = 0;

	if (list == NULL || list->kind != NODE_ITEMS)
		return;

	bool *used = arena_array(l->a, bool, list->n);

	for (const struct node *n = l->root; n != NULL; n = node_after(n))
		if (n->kind == NODE_SCALAR && n->term->type == TERM_PROSE && !n->hole)
			mark_used(list, n->text, n->parent, used);
	for (i = 0; i < l->n_clauses; i++)
		mark_used(list, l->clauses[i].words, NULL, used);
	i = 0;
	for (const struct node *d = list->child; d != NULL; d = d->next, i++) {
		struct text term = term_text(d, "term");

		if (!used[i])
			nowhere(l, 'E', d, term);
		for (const struct node *b = list->child; b != d; b = b->next)
			if (term.n > 0 && text_eq_nocase(term_text(b, "term"), term)) {
				nowhere(l, 'E', node_at(d, "term"), term);
				break;
			}
	}
}

/* "(3) of Regulation (EU) 2016/679", " GDPR": what follows a number of a law, not of this contract. */
static bool is_of_law(struct text t)
{
	static const char *const laws[] = {"gdpr",
					   "of regulation",
					   "of the regulation",
					   "of directive",
					   "of the directive",
					   "cfr",
					   "of the code",
					   "ucc"};
	enum {
		LONGEST = 24
	}; /* more than any of them, so that a long text is not searched for each number */
	struct text hit;
	size_t at = 0;

	while (at < t.n && t.p[at] == '(') {
		at = text_find(t, ')', at);
		at += at < t.n ? 1 : 0;
	}
	at = past_blanks(t, at);
	return lint_has_words(text_sub(t, at, at + LONGEST), laws, ARRAY_SIZE(laws), &hit) &&
	       hit.p == t.p + at;
}

/* "Section 4" at or after the start of *rest, which becomes what follows. */
static bool next_section(struct text *rest, struct text *literal, int64_t *number)
{
	static const char *const names[] = {"section", "clause", "article"};
	struct text hit;

	while (lint_has_words(*rest, names, ARRAY_SIZE(names), &hit)) {
		struct text t = after_hit(*rest, hit);
		size_t from = past_blanks(t, 0), at = from;

		*rest = t;
		while (at < t.n && is_digit(t.p[at]))
			at++;
		if (from == 0 || at == from || !text_digits(text_sub(t, from, at), number))
			continue;
		*literal = (struct text){hit.p, hit.n + at};
		*rest = text_sub(t, at, t.n);
		if (is_of_law(*rest))
			continue;
		return true;
	}
	return false;
}

static size_t clauses_of(const struct lint *l, const struct node *document)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n_clauses; i++)
		n += l->clauses[i].document == document ? 1 : 0;
	return n;
}

/* One finding a clause (LN-3): the first number that no clause has, else the first that one has. */
static void typed_numbers(struct lint *l, const struct lint_clause *c)
{
	struct text words = c->words, literal = lint_nothing, sure = lint_nothing;
	struct word w;

	while (words_next(&words, &w)) {
		int64_t number;

		if (w.kind != WORD_LITERAL)
			continue;
		while (next_section(&w.text, &literal, &number)) {
			if (number == 0 || number > (int64_t)clauses_of(l, c->document)) {
				nowhere(l, 'E', c->at, literal);
				return;
			}
			sure = sure.n == 0 ? literal : sure;
		}
	}
	if (sure.n > 0)
		nowhere(l, 'I', c->at, sure);
}

/* --- L-11, L-14 --- */

static void vague_words(struct lint *l, const struct lint_clause *c)
{
	struct text hit;

	if (lint_has_words(c->words, lint_vague_time.v, lint_vague_time.n, &hit))
		lint_report(l, LINT_L11, 'W', c->at,
			    text_format(l->a, "whoever acts \"%.*s\" must, but by when?",
					TEXT_ARG(hit)),
			    lint_nothing);
}

static void not_filled_in(struct lint *l)
{
	bool template = l->in->contract->is_template;

	for (const struct node *n = l->root; n != NULL; n = node_after(n)) {
		struct text hit = n->written;

		if (n->kind != NODE_SCALAR)
			continue;

		enum term_type t = n->term->type;
		bool blank = n->hole ? !template
				     : (t == TERM_TEXT || t == TERM_PROSE || t == TERM_NAME) &&
					       lint_placeholder(n->text, &hit);

		if (blank)
			lint_report(l, LINT_L14, 'E', n,
				    text_format(l->a, "\"%.*s\" is not filled in", TEXT_ARG(hit)),
				    lint_nothing);
	}
}

void lint_law_words(struct lint *l)
{
	two_courts(l);
	precedence(l);
	definitions(l);
	for (size_t i = 0; i < l->n_clauses; i++) {
		one_sided_words(l, &l->clauses[i]);
		typed_numbers(l, &l->clauses[i]);
		vague_words(l, &l->clauses[i]);
	}
	not_filled_in(l);
}
