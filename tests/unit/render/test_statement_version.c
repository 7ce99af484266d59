/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A version read back from its canonical form says what its file says: the same statement and the same explanations, to the byte
 * (contract-language.md CL-41: order, quotes and style never change anything).
 */
#include "../terms/terms_tap.h"

#include "render/explain.h"
#include "terms/promise.h"
#include "terms/version.h"

#include <jansson.h>

enum { FILES_MAX = 3, BYTES_MAX = 1 << 28 };

struct case_row {
	const char *contract, *facts[FILES_MAX], *map, *zone, *from, *to;
	bool shared, explain;
};

static const struct case_row cases[] = {
	{"contracts/examples/northwind.yaml",
	 {"contracts/examples/northwind-tickets.csv", "contracts/examples/northwind-outages.jsonl",
	  "contracts/examples/northwind-maintenance.ics"},
	 NULL,
	 NULL,
	 "2026-03-01",
	 "2026-04-01",
	 false,
	 true},
	{"contracts/examples/northwind.yaml",
	 {NULL},
	 NULL,
	 NULL,
	 "2026-03-01",
	 "2026-06-01",
	 false,
	 false},
	{"contracts/examples/servicenow.yaml",
	 {"tests/golden/inputs/servicenow-small.csv"},
	 NULL,
	 "Europe/Rome",
	 "2016-03-01",
	 "2016-04-01",
	 false,
	 true},
	{"contracts/examples/github-status.yaml",
	 {"tests/golden/inputs/statuspage-small.jsonl",
	  "tests/golden/inputs/statuspage-maintenance-small.jsonl"},
	 "contracts/examples/github-status.map",
	 NULL,
	 "2024-01-01",
	 "2024-04-01",
	 false,
	 true},
	{"contracts/examples/upptime.yaml",
	 {"tests/golden/inputs/upptime-small.csv"},
	 "contracts/examples/upptime.map",
	 NULL,
	 "2026-08-01",
	 "2026-09-01",
	 false,
	 true},
	{"tests/golden/inputs/dispute.yaml",
	 {"tests/golden/inputs/dispute-provider.jsonl", "tests/golden/inputs/dispute-client.jsonl"},
	 NULL,
	 NULL,
	 "2026-03-01",
	 "2026-04-01",
	 false,
	 true},
	{"reference/terms-minimal.yaml",
	 {"contracts/examples/northwind-tickets.csv"},
	 NULL,
	 NULL,
	 "2026-03-01",
	 "2026-04-01",
	 true,
	 true},
	{"reference/terms-example.yaml",
	 {"contracts/examples/northwind-tickets.csv"},
	 NULL,
	 NULL,
	 "2026-03-01",
	 "2026-04-01",
	 true,
	 true},
};

static struct terms_context *context_of(struct arena *a)
{
	struct zone_source *zones = arena_one(a, struct zone_source);
	struct terms_context *context = arena_one(a, struct terms_context);

	*zones = (struct zone_source){a, tap_zone};
	*context = (struct terms_context){.zones = zones, .load = tap_load};
	return context;
}

static enum rc take(struct arena *a, const struct case_row *row, const char *name,
		    const struct terms_context *context, const struct promise *p,
		    struct facts *facts, struct err *err)
{
	struct import_options options = {.name = text_of(name),
					 .zones = context->zones,
					 .zone = text_of(row->zone),
					 .default_zone = zone_name(p->zone)};
	struct text bytes = tap_file(a, name);
	struct importer *im = NULL;
	struct import_report *report = NULL;
	struct mapping *map = NULL;
	enum rc rc = RC_OK;

	if (row->map != NULL) {
		rc = mapping_parse(a, text_of(row->map), tap_file(a, row->map), &map, err);
		options.mapping = map;
	}
	if (rc == RC_OK)
		rc = importer_open(a, facts, &options, &im, err);
	if (rc == RC_OK)
		rc = importer_push(im, bytes.p, bytes.n, err);
	return rc == RC_OK ? importer_close(im, &report, err) : rc;
}

/* The outcome of a contract over the row's facts, which are read anew each time. */
static struct outcome *work_out(struct arena *a, const struct case_row *row,
				const struct contract *c)
{
	const struct terms_context *context = context_of(a);
	const struct promise *p = NULL;
	struct version *v = arena_one(a, struct version);
	struct facts *facts = facts_new(a);
	struct outcome *o = NULL;
	struct err err = {.line = 0};
	enum rc rc = promise_build(a, c, context, &p, &err);
	day from = 0, to = 0;

	for (size_t i = 0; i < FILES_MAX && row->facts[i] != NULL && rc == RC_OK; i++)
		rc = take(a, row, row->facts[i], context, p, facts, &err);
	if (rc == RC_OK &&
	    (!day_parse(text_of(row->from), &from) || !day_parse(text_of(row->to), &to)))
		rc = err_set(&err, RC_INVALID, "no days");
	if (rc == RC_OK) {
		*v = (struct version){p, INSTANT_MIN};
		struct evaluation in = {
			.versions = v,
			.n_versions = 1,
			.facts = facts,
			.period = {zone_midnight(p->zone, from), zone_midnight(p->zone, to)}};

		in.as_of = in.known_as_of = in.period.to + 30 * DAY_MS;
		rc = evaluate(a, &in, &o, &err);
	}
	if (!ok(rc == RC_OK, "%s: worked out", row->contract))
		note("%s: %s", err.file, err.message);
	return o;
}

static struct text kept(struct arena *a, struct buf *b)
{
	struct text t = text_copy(a, buf_view(b));

	buf_free(b);
	return t;
}

/* All that a statement is, one after another. */
static struct text said(struct arena *a, const struct outcome *o)
{
	const struct statement_options options = {.explain_command = text_of("tenor explain")};
	struct buf b;

	buf_init(&b, BYTES_MAX);
	statement_json(a, o, &options, true, &b);
	statement_csv(a, o, &b);
	doc_text(statement_doc(a, o, &options), &(struct text_style){.width = 80}, &b);
	doc_text(explain_list(a, o, &options), &(struct text_style){.width = 80}, &b);
	return kept(a, &b);
}

static int by_bytes(const void *x, const void *y)
{
	return text_cmp(*(const struct text *)x, *(const struct text *)y);
}

/*
 * An explanation's lines in one order, without the lines of the file: terms are shown as the file has them, and those of a version
 * read back as the table has them, for its form has neither order nor lines.
 */
static void add_lines(struct arena *a, struct text t, struct buf *out)
{
	struct text *v = NULL;
	size_t n = 0, cap = 0;

	while (t.n > 0) {
		struct text line, word, squeezed = {"", 0};
		size_t words = 0;

		t = text_cut(t, '\n', &line);
		while (line.n > 0) {
			line = text_trim(line);
			struct text rest = text_cut(line, ' ', &word);

			if (text_is(word, "line") && rest.n < 5)
				break;
			squeezed = text_format(a, "%.*s%s%.*s", TEXT_ARG(squeezed),
					       words++ > 0 ? " " : "", TEXT_ARG(word));
			line = rest;
		}
		v = arena_grow(a, v, n, &cap, sizeof(*v));
		v[n++] = squeezed;
	}
	if (n > 1)
		qsort(v, n, sizeof(*v), by_bytes);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%.*s\n", TEXT_ARG(v[i]));
}

static struct text explained(struct arena *a, const struct outcome *o, const char *what)
{
	const struct statement_options options = {.explain_command = text_of("tenor explain")};
	struct doc *d = NULL;
	struct err err = {.line = 0};
	struct buf b, lines;

	buf_init(&b, BYTES_MAX);
	buf_init(&lines, BYTES_MAX);
	enum rc rc = explain_json(a, o, &options, text_of(what), &b, &err);

	if (rc == RC_OK && *what != '\0')
		rc = explain_doc(a, o, &options, text_of(what), &d, &err);
	if (rc == RC_OK && d != NULL) {
		doc_text(d, &(struct text_style){.width = 1000}, &lines);
		add_lines(a, buf_view(&lines), &b);
	}
	if (rc != RC_OK)
		ok(false, "%s: %s", what, err.message);
	buf_free(&lines);
	return kept(a, &b);
}

static bool same(struct text x, struct text y, const char *what)
{
	size_t at = 0;

	if (text_eq(x, y))
		return true;
	while (at < x.n && at < y.n && x.p[at] == y.p[at])
		at++;
	size_t from = at > 60 ? at - 60 : 0;

	note("%s differs at byte %zu:", what, at);
	note("file: %.*s", TEXT_ARG(text_sub(x, from, at + 100 < x.n ? at + 100 : x.n)));
	note("form: %.*s", TEXT_ARG(text_sub(y, from, at + 100 < y.n ? at + 100 : y.n)));
	return false;
}

/* Everything that can be explained of the one, explained of both. */
static void explain_all(struct arena *a, const struct case_row *row, const struct outcome *x,
			const struct outcome *y)
{
	struct text list = explained(a, x, "");
	json_error_t error;
	json_t *json = json_loadb(list.p, list.n, JSON_DISABLE_EOF_CHECK, &error),
	       *items = json_object_get(json, "items");
	size_t n = json_array_size(items), alike = 0, tried = 0;

	for (size_t i = 0; i < n && tried < 200; i++, tried++) {
		struct arena *own = arena_new((size_t)1 << 30);
		const char *what =
			json_string_value(json_object_get(json_array_get(items, i), "what"));

		alike += what != NULL &&
			 same(explained(own, x, what), explained(own, y, what), what);
		arena_free(own);
	}
	ok(tried > 0, "%s: there is something to explain", row->contract);
	is_i64((int64_t)alike, (int64_t)tried, "%s: explained alike", row->contract);
	json_decref(json);
}

static void compare(const struct case_row *row)
{
	struct arena *a = arena_new((size_t)3 << 30);
	struct terms_context *context = context_of(a);
	const char *file = row->shared ? text_format(a, "%s/%s", tap_shared(), row->contract).p
				       : row->contract;
	struct contract *c = NULL, *d = NULL;
	struct outcome *x, *y;
	struct err err = {.line = 0};
	enum rc rc = contract_read(a, text_of(row->contract), tap_file(a, file), context, &c, &err);

	ok(rc == RC_OK && c->valid && !c->is_template, "%s is a contract", row->contract);
	if (rc == RC_OK)
		rc = contract_read_canonical(a, text_of(row->contract), c->canonical, context, &d,
					     &err);
	if (!ok(rc == RC_OK, "%s: read back", row->contract)) {
		note("%s: %s: %s", err.code, err.key, err.message);
		arena_free(a);
		return;
	}
	x = work_out(a, row, c);
	y = work_out(a, row, d);
	if (x != NULL && y != NULL) {
		ok(same(said(a, x), said(a, y), "statement"), "%s: the same statement",
		   row->contract);
		if (row->explain)
			explain_all(a, row, x, y);
	}
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (cases[i].shared && tap_shared() == NULL)
			note("SKIP %s: not here", cases[i].contract);
		else
			compare(&cases[i]);
	return tap_done();
}
