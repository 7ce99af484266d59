/* SPDX-License-Identifier: Apache-2.0 */
/* Every block of lint.md sections 8 and 9: the named rule fires on its smallest contract and not without it. */
#include "lint_tap.h"

/* What a case comes to, as the reference says it under "Effect". */
static const struct {
	const char *name, *rule, *in;
} effects[] = {
	{"C-01", "F-06",
	 "1.537305 times the fee instead of 1.276282: 691.79 USD instead of 574.33 USD"},
	{"C-02", "S-05", "against 216 min, 648 min more"},
	{"C-03", "S-06 W", "1,080 min per 30 days between 96.5% and 99%"},
	{"C-04", "S-06 W", "172.8 min per 30 days"},
	{"C-10", "S-19", "2.00 USD against 9.00 USD on 450.00 USD"},
	{"C-11", "S-04", "cap 9.00 USD, one credit 31.50 USD"},
	{"C-13", "S-12", "claim due 2026-04-07 24:00, before the report of 2026-04-14 24:00"},
	{"C-18", "T-03", "5,400.00 USD"},
	{"C-24", "F-02", "5,400.00 USD a year stay fixed, the rest is open"},
	{"C-25", "L-01", "1,350.00 USD"},
};

struct bases {
	struct text minimal, example;
};

static struct text base_of(const struct bases *b, struct tree *edit)
{
	struct tree *over = tree_get(edit, "over");

	return over != NULL && text_is(over->text, "example") ? b->example : b->minimal;
}

/* The rest of a text after a line that begins with `line`. */
static struct text after_line(struct text t, const char *line)
{
	while (t.n > 0 && !text_starts(t, line)) {
		struct text skipped;

		t = text_cut(t, '\n', &skipped);
	}
	return t;
}

/* Cuts the next ```yaml block off; false: none before the next section. */
static bool next_block(struct text *rest, struct text *block)
{
	struct text t = *rest, line;

	for (;;) {
		if (t.n == 0 || text_starts(t, "## "))
			return false;
		t = text_cut(t, '\n', &line);
		if (text_is(line, "```yaml"))
			break;
	}
	const char *begin = t.p;

	for (;;) {
		const char *end = t.p;

		if (t.n == 0)
			return false;
		t = text_cut(t, '\n', &line);
		if (text_is(line, "```")) {
			*block = (struct text){begin, (size_t)(end - begin)};
			*rest = t;
			return true;
		}
	}
}

/* A piece laid over its base, and the finding of it that is wanted. */
struct bent {
	struct linted plain, bent;
};

static struct bent bend(struct arena *a, const struct bases *b, struct tree *edit)
{
	struct text base = base_of(b, edit);
	struct linted minimal = lint_of(a, b->minimal, NULL, NULL);
	struct tree *t = tree_bent(a, base, edit);
	bool amends = tree_get(edit, "base") != NULL;

	tree_swap(t, "HEAD", minimal.contract->hash);
	return (struct bent){lint_of(a, base, NULL, NULL),
			     lint_of(a, tree_print(a, t), edit, amends ? &minimal : NULL)};
}

/* Does the base have the same finding at the same path? */
static bool stood_before(const struct linted *plain, const struct finding *f)
{
	for (size_t i = 0; i < plain->found.n; i++) {
		const struct finding *old = &plain->found.v[i];

		if (strcmp(old->code, f->code) == 0 && old->severity == f->severity &&
		    text_eq(old->path, f->path))
			return true;
	}
	return false;
}

static void expect(const struct bent *x, struct text rule, struct text name)
{
	const struct finding *f = finding_of(&x->bent, rule);

	if (!ok(f != NULL, "%.*s: %.*s", TEXT_ARG(name), TEXT_ARG(rule))) {
		print_findings(&x->bent);
		return;
	}
	printf("#   %.*s = \"%.*s\" (%.*s): %.*s\n#   effect: %.*s\n", TEXT_ARG(f->path),
	       TEXT_ARG(f->value), TEXT_ARG(f->clause), TEXT_ARG(f->message), TEXT_ARG(f->effect));
	/* The minimal contract has L-01 as it stands. */
	if (!text_is(rule, "L-01 W"))
		ok(!stood_before(&x->plain, f), "%.*s: not %.*s without it", TEXT_ARG(name),
		   TEXT_ARG(rule));
}

static void expect_effect(const struct bent *x, struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(effects); i++) {
		const struct finding *f = finding_of(&x->bent, text_of(effects[i].rule));

		if (!text_is(name, effects[i].name) || f == NULL)
			continue;
		ok(text_has(f->effect, text_of(effects[i].in)) ||
			   text_has(f->message, text_of(effects[i].in)),
		   "%s: %s", effects[i].name, effects[i].in);
	}
}

/* Section 8: a list of {rule, minus, add, ...}. */
static void smallest_contracts(const struct bases *b, struct text reference)
{
	struct text rest = after_line(reference, "## 8."), block = {"", 0}, section;
	struct arena *list = arena_new((size_t)1 << 24);

	(void)text_cut(rest, '\n', &section);
	rest = text_sub(rest, section.n + 1, rest.n);
	if (!ok(next_block(&rest, &block), "section 8 has a block"))
		return;
	for (struct tree *e = tree_of(list, block)->child; e != NULL; e = e->next) {
		struct arena *a = arena_new((size_t)1 << 27);
		struct text rule = tree_get(e, "rule")->text;
		struct bent x = bend(a, b, e);

		expect(&x, rule, text_of("smallest"));
		arena_free(a);
	}
	arena_free(list);
}

/* A case whose text goes through the reader as it is: its block replaces the one of that name. */
static void expect_error(struct arena *a, const struct bases *b, struct tree *e, struct text code)
{
	struct text added = tree_get(e, "add_text")->text, key;
	struct tree *t = tree_of(a, b->minimal);
	struct text name = tree_get(e, "case")->text;

	(void)text_cut(added, ':', &key);
	tree_minus(t, key);

	const struct contract *c = tap_read(
		a, text_format(a, "%.*s%.*s", TEXT_ARG(tree_print(a, t)), TEXT_ARG(added)));
	bool found = false;

	for (size_t i = 0; i < c->findings.n; i++)
		found = found || text_is(code, c->findings.v[i].code);
	ok(found && !c->valid, "%.*s: %.*s", TEXT_ARG(name), TEXT_ARG(code));
}

/* Section 9: one block a case. */
static void real_contracts(const struct bases *b, struct text reference)
{
	struct text rest = after_line(reference, "## 9."), block, section;
	size_t n = 0;

	(void)text_cut(rest, '\n', &section);
	rest = text_sub(rest, section.n + 1, rest.n);
	for (; next_block(&rest, &block); n++) {
		struct arena *a = arena_new((size_t)1 << 27);
		struct tree *e = tree_of(a, block), *wanted = tree_get(e, "expect");
		struct text name = tree_get(e, "case")->text;

		if (tree_get(e, "add_text") != NULL) {
			expect_error(a, b, e, wanted->child->text);
		} else {
			struct bent x = bend(a, b, e);

			for (struct tree *w = wanted->child; w != NULL; w = w->next)
				expect(&x, w->text, name);
			expect_effect(&x, name);
		}
		arena_free(a);
	}
	is_i64((int64_t)n, 36, "cases of section 9");
}

static size_t count_of(const struct linted *r, const char *rule)
{
	struct text id, severity = text_cut(text_of(rule), ' ', &id);
	size_t n = 0;

	for (size_t i = 0; i < r->found.n; i++)
		n += text_is(id, r->found.v[i].code) && severity.p[0] == r->found.v[i].severity ? 1
												: 0;
	return n;
}

/* The files of the reference have what their first lines say, and nothing else. */
static void given_files(const struct bases *b)
{
	struct arena *a = arena_new((size_t)1 << 27);
	struct linted example = lint_of(a, b->example, NULL, NULL),
		      minimal = lint_of(a, b->minimal, NULL, NULL);

	if (!ok(example.contract->valid && example.found.n == 1 &&
			count_of(&example, "L-01 W") == 1,
		"the example has L-01 and nothing else"))
		print_findings(&example);
	if (!ok(minimal.contract->valid && minimal.found.n == 4 &&
			count_of(&minimal, "L-01 W") == 1 && count_of(&minimal, "S-06 I") == 2 &&
			count_of(&minimal, "S-20 I") == 1,
		"the minimal contract has L-01, S-06 twice and S-20"))
		print_findings(&minimal);
	arena_free(a);
}

int main(void)
{
	const char *shared = tap_shared();

	if (shared == NULL)
		return tap_skip_all("the shared reference is not here");

	struct arena *a = arena_new((size_t)1 << 24);
	struct text dir = text_of(shared);
	struct bases b = {
		tap_file(a, text_format(a, "%.*s/reference/terms-minimal.yaml", TEXT_ARG(dir)).p),
		tap_file(a, text_format(a, "%.*s/reference/terms-example.yaml", TEXT_ARG(dir)).p)};
	struct text reference =
		tap_file(a, text_format(a, "%.*s/reference/lint.md", TEXT_ARG(dir)).p);

	given_files(&b);
	smallest_contracts(&b, reference);
	real_contracts(&b, reference);
	arena_free(a);
	return tap_done();
}
