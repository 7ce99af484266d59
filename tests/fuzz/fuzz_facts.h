/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For fuzz targets of importers: bytes in, and what must hold whatever they are. A target is built with
 * clang -fsanitize=fuzzer,address,undefined; its corpus is replayed by replay.c in the normal run.
 */
#ifndef TESTS_FUZZ_FACTS_H
#define TESTS_FUZZ_FACTS_H

#include "facts/check.h"
#include "facts/import.h"
#include "facts/write.h"

#include <stdlib.h>

#define MUST(x)                                                                                    \
	do {                                                                                       \
		if (!(x))                                                                          \
			abort();                                                                   \
	} while (0)

/* Only UTC: zones are another room's matter. */
UNUSED static enum rc fuzz_zone(void *context, struct text name, const struct zone **out,
				struct err *err)
{
	(void)context;
	if (!text_is(name, "Etc/Test"))
		return err_set(err, RC_MISSING, "unknown zone '%.*s'", TEXT_ARG(name));
	*out = zone_utc();
	return RC_OK;
}

/* Every row is taken or skipped, every fact has its subject and required fields, flags are counted. */
UNUSED static void must_hold(const struct facts *f, const struct import_report *r)
{
	MUST(r->rows_read == r->taken + r->skipped);
	MUST(r->facts == f->n);
	for (size_t i = 0; i < f->n; i++) {
		const struct fact_row *row = fact_row((enum fact_kind)f->v[i].kind);

		MUST(f->v[i].id != 0 && f->v[i].subject == fact_word(&f->v[i], row->subject));
		MUST(f->v[i].occurred_at >= INSTANT_MIN && f->v[i].occurred_at < INSTANT_MAX);
		for (size_t s = 0; s < row->n_fields; s++)
			MUST(!row->fields[s].required ||
			     fact_value(&f->v[i], row->fields[s].field) != NULL);
	}
}

/* Facts written as JSON lines and read again are the same. */
UNUSED static void must_round_trip(const struct facts *f)
{
	struct arena *a = arena_new(256u << 20);
	struct facts *again = facts_new(a);
	struct import_options o = {.name = text_of("again"), .format = text_of("tenor_jsonl")};
	struct importer *im = NULL;
	struct import_report *r = NULL;
	struct err err = {.line = 0};
	struct buf lines, x, y;

	buf_init(&lines, 64u << 20);
	buf_init(&x, 4u << 20);
	buf_init(&y, 4u << 20);
	for (size_t i = 0; i < f->n; i++) {
		fact_print_json(f, &f->v[i], &lines);
		buf_char(&lines, '\n');
	}
	MUST(importer_open(a, again, &o, &im, &err) == RC_OK);
	MUST(importer_push(im, buf_view(&lines).p, lines.n, &err) == RC_OK);
	MUST(importer_close(im, &r, &err) == RC_OK || f->n == 0);
	MUST(again->n == f->n);
	for (size_t i = 0; i < f->n; i++) {
		buf_clear(&x);
		buf_clear(&y);
		fact_print_json(f, &f->v[i], &x);
		fact_print_json(again, &again->v[i], &y);
		MUST(text_eq(buf_view(&x), buf_view(&y)));
	}
	buf_free(&lines);
	buf_free(&x);
	buf_free(&y);
	arena_free(a);
}

UNUSED static void fuzz_import(const char *format, struct text prefix, struct text bytes,
			       size_t chunk, bool round_trip)
{
	static const struct zone_source zones = {NULL, fuzz_zone};
	struct arena *a = arena_new(512u << 20);
	struct facts *f = facts_new(a);
	struct import_options o = {.name = text_of("fuzz"),
				   .format = text_of(format),
				   .zones = &zones,
				   .zone = text_of("Etc/Test"),
				   .default_zone = text_of("Etc/Test")};
	struct importer *im = NULL;
	struct import_report *r = NULL;
	struct err err = {.line = 0};
	enum rc rc = importer_open(a, f, &o, &im, &err);

	MUST(rc == RC_OK);
	if (prefix.n > 0)
		rc = importer_push(im, prefix.p, prefix.n, &err);
	for (size_t at = 0; at < bytes.n && rc == RC_OK; at += chunk) {
		struct text part = text_sub(bytes, at, at + chunk);

		rc = importer_push(im, part.p, part.n, &err);
	}
	rc = importer_close(im, &r, &err);
	MUST(rc == RC_OK || err.message[0] != '\0');
	if (rc == RC_OK) {
		struct buf text;

		must_hold(f, r);
		if (round_trip)
			must_round_trip(f);
		buf_init(&text, 4u << 20);
		import_report_print(r, &text);
		buf_free(&text);
	}
	arena_free(a);
}

#endif
