/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of lint share: a text read, promised and linted, and looking for findings. */
#ifndef LINT_TAP_H
#define LINT_TAP_H

#include "lint_merge.h"
#include "terms/lint.h"
#include "terms_tap.h"

struct linted {
	const struct contract *contract;
	const struct promise *promise;
	struct findings found;
};

static const struct promise *promised(struct arena *a, const struct contract *c)
{
	static struct zone_source zones;
	struct terms_context context = {.zones = &zones, .load = tap_load};
	const struct promise *p = NULL;
	struct err err = {.line = 0};

	zones = (struct zone_source){a, tap_zone};
	if (c->is_template)
		return NULL;
	if (promise_build(a, c, &context, &p, &err) != RC_OK)
		printf("# %s\n", err.message);
	return p;
}

static day day_said(struct tree *edit, const char *key)
{
	struct tree *said = edit == NULL ? NULL : tree_get(edit, key);
	day d = DAY_NONE;

	if (said != NULL && !day_parse(said->text, &d))
		merge_dies("a date of a test is none");
	return d;
}

/* edit may say as_of and invoiced_to; base may be NULL. */
UNUSED static struct linted lint_of(struct arena *a, struct text yaml, struct tree *edit,
				    const struct linted *base)
{
	struct linted r = {tap_read(a, yaml), NULL, {NULL, 0, 0, 0}};
	struct err err = {.line = 0};

	if (!r.contract->valid)
		return r;
	r.promise = promised(a, r.contract);

	day as_of = day_said(edit, "as_of"), invoiced_to = day_said(edit, "invoiced_to");
	struct lint_input in = {
		.contract = r.contract,
		.promise = r.promise,
		.base = base == NULL ? NULL : base->contract,
		.base_promise = base == NULL ? NULL : base->promise,
		.as_of = as_of == DAY_NONE ? INSTANT_NONE : zone_midnight(r.promise->zone, as_of),
		.invoiced_to = invoiced_to == DAY_NONE
				       ? INSTANT_NONE
				       : zone_midnight(r.promise->zone, invoiced_to),
	};

	if (lint(a, &in, &r.found, &err) != RC_OK)
		printf("# %s\n", err.message);
	return r;
}

/* The first finding of a rule ("S-06 W", or "S-06" in any severity), or NULL. */
UNUSED static const struct finding *finding_of(const struct linted *r, struct text rule)
{
	struct text id, severity = text_cut(rule, ' ', &id);

	for (size_t i = 0; i < r->found.n; i++) {
		const struct finding *f = &r->found.v[i];

		if (text_is(id, f->code) && (severity.n == 0 || severity.p[0] == f->severity))
			return f;
	}
	return NULL;
}

UNUSED static void print_findings(const struct linted *r)
{
	for (size_t i = 0; i < r->contract->findings.n; i++) {
		const struct finding *f = &r->contract->findings.v[i];

		printf("#   %u:%u: %s: %.*s: %.*s\n", f->line, f->column, f->code,
		       TEXT_ARG(f->path), TEXT_ARG(f->message));
	}
	for (size_t i = 0; i < r->found.n; i++) {
		const struct finding *f = &r->found.v[i];

		printf("#   %u:%u: %s %c %.*s = \"%.60s\" (%.*s): %.*s [%.*s]\n", f->line,
		       f->column, f->code, f->severity, TEXT_ARG(f->path),
		       f->value.n == 0 ? "" : f->value.p, TEXT_ARG(f->clause), TEXT_ARG(f->message),
		       TEXT_ARG(f->effect));
	}
}

/* The finding of a rule, "S-04 W", at a path; NULL: there is none. */
UNUSED static const struct finding *finding_at(const struct linted *r, const char *rule,
					       const char *path)
{
	struct text id, severity = text_cut(text_of(rule), ' ', &id);

	for (size_t i = 0; i < r->found.n; i++) {
		const struct finding *f = &r->found.v[i];

		if (text_is(id, f->code) && severity.p[0] == f->severity && text_is(f->path, path))
			return f;
	}
	return NULL;
}

#endif
