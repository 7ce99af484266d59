/* SPDX-License-Identifier: Apache-2.0 */
/* Values at paths, and findings at paths that are not written. */
#include "terms/lint_values.h"

#include <string.h>

const struct node *lint_value(const struct node *n, const char *path)
{
	const struct node *v = n == NULL ? NULL : node_at(n, path);

	return v == NULL || v->hole ? NULL : v;
}

bool lint_duration(const struct node *n, const char *path, struct duration *out)
{
	const struct node *v = lint_value(n, path);

	if (v == NULL || v->term->type != TERM_DUR)
		return false;
	*out = v->value.duration;
	return true;
}

bool lint_says(const struct node *n, const char *path, const char *word)
{
	const struct node *v = lint_value(n, path);

	return v != NULL && v->kind == NODE_SCALAR && text_is(v->text, word);
}

bool lint_means(const struct node *map, const char *key, const char *word)
{
	const struct node *written = node_at(map, key);

	return (written == NULL || !written->hole) && text_is(term_text(map, key), word);
}

void lint_report_path(struct lint *l, enum lint_rule rule, char severity, const char *path,
		      struct text message)
{
	const struct node *at = l->root;
	const char *rest = path;

	for (;;) {
		size_t n = strcspn(rest, ".");
		const struct node *next = node_at_text(at, (struct text){rest, n});

		if (next == NULL)
			break;
		at = next;
		if (rest[n] == '\0') {
			lint_report(l, rule, severity, at, message, lint_nothing);
			return;
		}
		rest += n + 1;
	}
	lint_report_missing(l, rule, severity, at, rest, message, lint_nothing);
}

struct text lint_date(const struct lint *l, day d)
{
	struct civil c = civil_of(d);

	return text_format(l->a, "%04d-%02d-%02d", (int)c.year, (int)c.month, (int)c.mday);
}

bool lint_initial_term(const struct lint *l, struct lint_days *out)
{
	const struct node *term = node_at(l->root, "term");
	struct duration initial;
	instant end;
	day from;

	if (l->p == NULL || !lint_duration(term, "initial", &initial))
		return false;
	from = lint_means(term, "counts_from", "service_start") ? lint_service_day(l)
								: lint_effective_day(l);
	if (!lint_from_edge(l, initial, 1, from, false, &end))
		return false;
	*out = (struct lint_days){from, zone_day(l->p->zone, end)};
	return true;
}
