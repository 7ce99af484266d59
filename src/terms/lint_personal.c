/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule P-10: people outside `contacts`. Only what stands there can be erased (contract-language.md CL-43); a name in a clause,
 * a heading or an id stays as long as the contract is kept.
 */
#include "terms/lint_values.h"
#include "terms/read.h"

#include <string.h>

enum { NAME_MIN = 3 };

/* What names a person: whole names, mailboxes and telephone numbers for texts, words of names for ids. */
struct people {
	const char **phrases;
	size_t n_phrases, phrases_cap;
	struct text *words;
	size_t n_words, words_cap;
};

static void add_phrase(struct lint *l, struct people *x, const struct node *contact,
		       const char *key)
{
	const struct node *n = lint_value(contact, key);

	if (n == NULL || n->text.n < NAME_MIN)
		return;
	x->phrases =
		arena_grow(l->a, x->phrases, x->n_phrases, &x->phrases_cap, sizeof(*x->phrases));
	x->phrases[x->n_phrases++] = arena_copy(l->a, n->text.p, n->text.n);
}

static void add_words(struct lint *l, struct people *x, const struct node *contact)
{
	const struct node *name = lint_value(contact, "name");
	struct text rest = name == NULL ? lint_nothing : name->text;

	while (rest.n > 0) {
		struct text word;

		rest = text_cut(rest, ' ', &word);
		while (word.n > 0 && strchr(".,;()\"", word.p[word.n - 1]) != NULL)
			word.n--;
		if (word.n < NAME_MIN)
			continue;
		x->words = arena_grow(l->a, x->words, x->n_words, &x->words_cap, sizeof(*x->words));
		x->words[x->n_words++] = word;
	}
}

static struct people contacts(struct lint *l)
{
	static const char *const lists[] = {"parties.provider.contacts", "parties.client.contacts"};
	struct people x = {NULL, 0, 0, NULL, 0, 0};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		for (const struct node *c = lint_items(l->root, lists[i]); c != NULL; c = c->next) {
			add_phrase(l, &x, c, "name");
			add_phrase(l, &x, c, "email");
			add_phrase(l, &x, c, "phone");
			add_words(l, &x, c);
		}
	return x;
}

static bool id_names(const struct people *x, struct text id)
{
	while (id.n > 0) {
		struct text word;

		id = text_cut(id, '_', &word);
		for (size_t i = 0; i < x->n_words; i++)
			if (text_eq_nocase(word, x->words[i]))
				return true;
	}
	return false;
}

static void report_person(struct lint *l, const struct node *n)
{
	lint_report(l, LINT_P10, 'W', n,
		    text_format(l->a, "%.*s names a person", TEXT_ARG(node_path(l->a, n))),
		    lint_nothing);
}

static bool is_contact(const struct node *n)
{
	return n->kind == NODE_MAP && strncmp(n->term->path, "parties.", 8) == 0 &&
	       strcmp(n->term->key, "contacts") == 0;
}

static bool is_words(const struct node *n)
{
	enum term_type t = n->term->type;

	return n->kind == NODE_SCALAR && !n->hole &&
	       (t == TERM_TEXT || t == TERM_PROSE || t == TERM_NAME || t == TERM_EMAIL) &&
	       !(n->parent != NULL && is_contact(n->parent));
}

void lint_personal(struct lint *l)
{
	struct people x = contacts(l);
	struct text hit;

	if (x.n_phrases == 0)
		return;
	for (const struct node *n = l->root; n != NULL; n = node_after(n)) {
		bool item =
			n->kind == NODE_MAP && n->parent != NULL && n->parent->kind == NODE_ITEMS;

		if ((item && id_names(&x, n->key)) ||
		    (is_words(n) && lint_has_words(n->text, x.phrases, x.n_phrases, &hit)))
			report_person(l, n);
	}
}
