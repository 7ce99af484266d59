/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contracts with values at the edge of what their types allow: whatever the reader takes, lint answers, in order, once, with
 * rules and severities of its table, and the same each time.
 */
#include "../money/random.h"
#include "lint_tap.h"

enum { ROUNDS = 100, CHANGES_MAX = 4, NODES_KEPT = 4000 };

static size_t below(size_t n)
{
	return (size_t)random_between(0, (int64_t)n - 1);
}

static const char *const percentages[] = {"0%", "100%", "0.000000001%", "99.999999999%", "75%"};
static const char *const amounts[] = {"999999999999.99 EUR", "0.00 EUR", "0.01 EUR", "1000.00 EUR"};
static const char *const numbers[] = {"0", "1", "2", "999999999", "17"};
static const char *const dates[] = {"9999-12-31", "1970-01-01", "2028-02-29", "2500-06-30"};
static const char *const durations[] = {
	"1mo",          "999999999mo", "999999999y", "999999999d", "0d",      "1min",
	"999999999min", "999999999h",  "1bd",        "400bd",      "5h@shop", "12mo",
	"9999h@late",   "1w",          "90d",        "36mo",
};

/* Another value of the same type, or NULL for words. */
static const char *another(struct text old)
{
	struct duration duration;
	struct err err = {.line = 0};
	int64_t number;
	day date;

	if (text_ends(old, "%"))
		return percentages[below(ARRAY_SIZE(percentages))];
	if (text_ends(old, " EUR"))
		return amounts[below(ARRAY_SIZE(amounts))];
	if (day_parse(old, &date))
		return dates[below(ARRAY_SIZE(dates))];
	if (text_int(old, &number))
		return numbers[below(ARRAY_SIZE(numbers))];
	if (duration_parse(old, &duration, &err) == RC_OK)
		return durations[below(ARRAY_SIZE(durations))];
	return NULL;
}

static void change_some(struct tree *t)
{
	static struct tree *all[NODES_KEPT];
	size_t n = 1, changes = 1 + below(CHANGES_MAX);

	all[0] = t;
	for (size_t i = 0; i < n; i++)
		for (struct tree *c = all[i]->child; c != NULL && n < NODES_KEPT; c = c->next)
			all[n++] = c;
	for (size_t tries = 0; changes > 0 && tries < 1000; tries++) {
		struct tree *x = all[below(n)];
		const char *with = x->kind == TREE_SCALAR ? another(x->text) : NULL;

		if (with == NULL || text_is(x->key, "id"))
			continue;
		x->text = text_of(with);
		x->quoted = true;
		changes--;
	}
}

static bool in_table(const struct finding *f)
{
	for (size_t i = 0; i < lint_row_count(); i++)
		if (strcmp(lint_row_at(i)->id, f->code) == 0)
			return strchr(lint_row_at(i)->severities, f->severity) != NULL;
	return false;
}

static bool right(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *x = &f->v[i], *y = &f->v[i == 0 ? 0 : i - 1];
		int by = (int)(strchr("EWI", y->severity) - strchr("EWI", x->severity));

		if (!in_table(x) || x->message.n == 0 || x->line == 0 || by > 0 ||
		    (by == 0 && y->line > x->line))
			return false;
		for (size_t k = 0; k < i; k++)
			if (strcmp(f->v[k].code, x->code) == 0 && text_eq(f->v[k].path, x->path))
				return false;
	}
	return true;
}

static bool same(const struct findings *a, const struct findings *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i].code, b->v[i].code) != 0 ||
		    !text_eq(a->v[i].message, b->v[i].message) ||
		    !text_eq(a->v[i].effect, b->v[i].effect))
			return false;
	return true;
}

int main(void)
{
	struct arena *whole = arena_new((size_t)1 << 24);
	struct text base = tap_file(whole, "tests/unit/terms/lint_base.yaml");
	int64_t valid = 0;
	bool all_right = true, all_same = true;

	random_start();
	for (int i = 0; i < ROUNDS; i++) {
		struct arena *a = arena_new((size_t)1 << 28);
		struct tree *t = tree_of(a, base);

		change_some(t);

		struct text yaml = tree_print(a, t);
		struct linted r = lint_of(a, yaml, NULL, NULL);

		if (r.contract->valid) {
			struct linted again = lint_of(a, yaml, NULL, NULL);

			valid++;
			all_right = all_right && right(&r.found);
			all_same = all_same && same(&r.found, &again.found);
		}
		arena_free(a);
	}
	ok(all_right, "every finding is of the table, in order and once");
	ok(all_same, "the same findings again");
	ok(valid * 4 > ROUNDS, "enough of the contracts were valid: %" PRId64 " of %d", valid,
	   ROUNDS);
	arena_free(whole);
	return tap_done();
}
