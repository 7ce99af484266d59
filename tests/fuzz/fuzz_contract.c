/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a contract: reading must end, say what is wrong at a place inside the file, and give the same twice. What is
 * valid must have a canonical form that reads back to the same, build a promise, and differ from itself in nothing.
 *
 * Bytes after a NUL are the calendar file that an `ics` key names.
 */
#include "terms/diff.h"
#include "terms/promise.h"
#include "terms/version.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Every name is UTC, so that no file is needed. */
static enum rc any_zone(void *context, struct text name, const struct zone **out, struct err *err)
{
	(void)context;
	if (text_ends(name, "Nowhere"))
		return err_set(err, RC_MISSING, "no such zone");
	*out = zone_utc();
	return RC_OK;
}

static enum rc rest_of_input(void *context, struct text name, struct text *bytes, struct err *err)
{
	const struct text *rest = context;

	(void)name;
	if (rest->n == 0)
		return err_set(err, RC_MISSING, "no file");
	*bytes = *rest;
	return RC_OK;
}

static void check_findings(const struct contract *c)
{
	assert(c->findings.n <= 100 && c->findings.n <= c->findings.errors);
	assert(c->valid == (c->findings.errors == 0));
	for (size_t i = 0; i < c->findings.n; i++) {
		const struct finding *f = &c->findings.v[i];

		assert(f->line >= 1 && f->column >= 1 && f->message.n > 0 &&
		       strchr(f->code, '.') != NULL);
		assert(text_utf8(f->message, NULL) && text_utf8(f->path, NULL));
		assert(i == 0 || f->line >= c->findings.v[i - 1].line);
	}
}

/* A form says nothing of a value that is left open, so what has holes need not read back. */
static bool has_hole(const struct node *top)
{
	for (const struct node *n = top; n != NULL;) {
		if (n->hole)
			return true;
		if (n->child != NULL) {
			n = n->child;
			continue;
		}
		while (n != NULL && n->next == NULL)
			n = n->parent;
		n = n == NULL ? NULL : n->next;
	}
	return false;
}

/* The changes that the form makes: contacts without details, hashes behind names. */
static void check_form(struct arena *a, const struct contract *c,
		       const struct terms_context *context)
{
	struct contract *back = NULL;
	struct err err = {.line = 0};
	enum rc rc = contract_read_canonical(a, c->file, c->canonical, context, &back, &err);

	if (c->is_template || has_hole(c->root)) {
		assert(!c->is_template || rc == RC_INVALID);
		return;
	}
	if (rc != RC_OK)
		(void)fprintf(stderr, "%s: %s: %s\n", err.code, err.key, err.message);
	assert(rc == RC_OK && text_eq(back->canonical, c->canonical));

	struct changes x = contract_diff(a, c, back);

	for (size_t i = 0; i < x.n; i++)
		assert(text_starts(x.v[i].path, "parties.") || text_ends(x.v[i].path, "_sha256"));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct text all = {(const char *)data, size}, file, rest = text_cut(all, '\0', &file);
	struct zone_source zones = {NULL, any_zone};
	struct terms_context context = {
		.zones = &zones, .load = rest_of_input, .load_context = &rest};
	struct arena *a = arena_new((size_t)1 << 30);
	struct contract *c, *again;
	struct err err = {.line = 0};
	enum rc rc = contract_read(a, text_of("f.yaml"), file, &context, &c, &err);

	check_findings(c);
	if (rc == RC_OK && c->valid) {
		const struct promise *p;

		assert(contract_read(a, text_of("g.yaml"), file, &context, &again, &err) == RC_OK);
		assert(again->valid && text_eq(c->canonical, again->canonical));
		assert(contract_diff(a, c, again).n == 0);
		assert(text_utf8(c->canonical, NULL) && strlen(c->hash) == 64);
		check_form(a, c, &context);
		rc = promise_build(a, c, &context, &p, &err);
		assert(rc == RC_OK || err.message[0] != '\0');
	}
	arena_free(a);
	return 0;
}
