/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of importers: zones by rule, importing text in chunks, and reading the shared files, packed or not. */
#ifndef TESTS_FACTS_FILES_H
#define TESTS_FACTS_FILES_H

#include "facts/import.h"
#include "facts/write.h"

#include "tap.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "../time/zones.h"

/* Two zones with summer time, the same on every machine. */
UNUSED static enum rc find_rule_zone(void *context, struct text name, const struct zone **out,
				     struct err *err)
{
	static const struct {
		const char *name, *rule;
	} rules[] = {{"America/New_York", "EST5EDT,M3.2.0,M11.1.0"},
		     {"Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"}};
	static const struct zone *known[ARRAY_SIZE(rules)];

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (!text_is(name, rules[i].name))
			continue;
		if (known[i] == NULL)
			known[i] = rule_zone(context, rules[i].name, rules[i].rule);
		*out = known[i];
		return RC_OK;
	}
	return err_set(err, RC_MISSING, "unknown zone '%.*s'", TEXT_ARG(name));
}

/* The arena of zones lives as long as the test. */
UNUSED static const struct zone_source *rule_zones(void)
{
	static struct zone_source source;

	if (source.find == NULL)
		source = (struct zone_source){arena_new(8u << 20), find_rule_zone};
	return &source;
}

/* The system's zones; the two by rule where it has none. */
UNUSED static enum rc find_system_zone(void *context, struct text name, const struct zone **out,
				       struct err *err)
{
	static struct {
		char name[64];
		const struct zone *zone;
	} known[256];
	static size_t n;
	char path[64];

	if (name.n == 0 || name.n >= sizeof(path) || text_has(name, text_of("..")) ||
	    name.p[0] < 'A' || name.p[0] > 'Z')
		return err_set(err, RC_MISSING, "unknown zone '%.*s'", TEXT_ARG(name));
	memcpy(path, name.p, name.n);
	path[name.n] = '\0';
	for (size_t i = 0; i < n; i++)
		if (strcmp(known[i].name, path) == 0) {
			*out = known[i].zone;
			return known[i].zone != NULL ? RC_OK : RC_MISSING;
		}

	const struct zone *z = system_zone(context, path);

	if (z == NULL && find_rule_zone(context, name, &z, err) != RC_OK)
		z = NULL;
	if (n < ARRAY_SIZE(known)) {
		memcpy(known[n].name, path, sizeof(path));
		known[n++].zone = z;
	}
	if (z == NULL)
		return err_set(err, RC_MISSING, "unknown zone '%.*s'", TEXT_ARG(name));
	*out = z;
	return RC_OK;
}

UNUSED static const struct zone_source *system_zones(void)
{
	static struct zone_source source;

	if (source.find == NULL)
		source = (struct zone_source){arena_new(256u << 20), find_system_zone};
	return &source;
}

struct imported {
	struct arena *arena;
	struct facts *facts;
	struct import_report *report; /* NULL if the import failed */
	enum rc rc;
	struct err err;
};

enum { TEST_ARENA = 1 << 30 };

UNUSED static struct import_options plain_options(const char *name)
{
	return (struct import_options){.name = text_of(name), .zones = rule_zones()};
}

/* Imports into a set that may hold facts already; chunk 0: all at once. */
UNUSED static void import_more(struct imported *im, struct text bytes,
			       const struct import_options *options, size_t chunk)
{
	struct importer *importer = NULL;

	err_clear(&im->err);
	im->report = NULL;
	im->rc = importer_open(im->arena, im->facts, options, &importer, &im->err);
	if (im->rc != RC_OK)
		return;
	if (chunk == 0)
		chunk = bytes.n > 0 ? bytes.n : 1;
	for (size_t at = 0; at < bytes.n && im->rc == RC_OK; at += chunk) {
		struct text part = text_sub(bytes, at, at + chunk);

		im->rc = importer_push(importer, part.p, part.n, &im->err);
	}
	im->rc = importer_close(importer, &im->report, &im->err);
}

UNUSED static struct imported import_text(struct text bytes, const struct import_options *options,
					  size_t chunk)
{
	struct imported im = {.arena = arena_new(TEST_ARENA)};

	im.facts = facts_new(im.arena);
	import_more(&im, bytes, options, chunk);
	return im;
}

UNUSED static void imported_free(struct imported *im)
{
	arena_free(im->arena);
}

UNUSED static size_t count_kind(const struct facts *f, enum fact_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->v[i].kind == kind;
	return n;
}

/* All facts as JSON lines: what tests compare. */
UNUSED static struct text facts_text(struct imported *im)
{
	struct buf b;

	buf_init(&b, 256u << 20);
	for (size_t i = 0; i < im->facts->n; i++) {
		fact_print_json(im->facts, &im->facts->v[i], &b);
		buf_char(&b, '\n');
	}

	struct text t = text_copy(im->arena, buf_view(&b));

	buf_free(&b);
	return t;
}

/* The first note of a code, or empty. */
UNUSED static struct text first_note(const struct import_report *r, enum import_code code,
				     uint32_t *line)
{
	for (size_t i = 0; r != NULL && i < r->n_notes; i++)
		if (r->notes[i].code == code) {
			if (line != NULL)
				*line = r->notes[i].line;
			return r->notes[i].text;
		}
	return (struct text){"", 0};
}

/*
 * A file and all that comes of it: facts as JSON lines, exactly, and the whole report, exactly. Where the file as a whole is
 * refused, `facts` is NULL and `report` the error as it is printed.
 */
struct import_case {
	const char *name;
	const char *format;  /* or NULL */
	const char *mapping; /* text of a mapping, or NULL */
	const char *zone;    /* or NULL */
	const char *input;
	size_t n; /* of input; 0: up to its NUL */
	const char *facts, *report;
};

UNUSED static void check_text(struct text got, const char *want, const char *name, const char *what)
{
	bool same = text_is(got, want);

	ok(same, "%s: %s", name, what);
	if (!same)
		note("got:\n%.*s\nwant:\n%s", TEXT_ARG(got), want);
}

UNUSED static void run_case(const struct import_case *c, size_t chunk)
{
	struct import_options o = plain_options("file");
	struct imported im = {.arena = arena_new(TEST_ARENA)};
	struct mapping *m = NULL;
	struct buf b;
	struct text input = c->n > 0 ? (struct text){c->input, c->n} : text_of(c->input);

	buf_init(&b, 1 << 20);
	im.facts = facts_new(im.arena);
	o.format = text_of(c->format);
	o.zone = text_of(c->zone);
	if (c->mapping != NULL) {
		enum rc rc = mapping_parse(im.arena, text_of("test.map"), text_of(c->mapping), &m,
					   &im.err);

		if (!ok(rc == RC_OK, "%s: its mapping is read", c->name))
			note("%s", im.err.message);
	}
	o.mapping = m;
	import_more(&im, input, &o, chunk);
	if (im.rc != RC_OK) {
		err_print(&im.err, &b);
		ok(c->facts == NULL, "%s: refused", c->name);
	} else {
		import_report_print(im.report, &b);
		check_text(facts_text(&im), c->facts == NULL ? "" : c->facts, c->name, "facts");
	}
	check_text(buf_view(&b), c->report, c->name,
		   chunk == 1 ? "report, byte by byte" : "report");
	buf_free(&b);
	imported_free(&im);
}

UNUSED static void run_cases(const struct import_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		run_case(&cases[i], 0);
		run_case(&cases[i], 1);
	}
}

/* A file of the shared data, unpacked if its name ends with .zst; empty: absent. */
UNUSED static struct text shared_file(struct arena *a, const char *name)
{
	char path[600];
	struct archive *ar = archive_read_new();
	struct archive_entry *entry = NULL;
	struct buf b;

	buf_init(&b, 512u << 20);
	(void)snprintf(path, sizeof(path), "%s/data/%s", tap_shared(), name);
	(void)archive_read_support_filter_all(ar);
	(void)archive_read_support_format_raw(ar);
	if (archive_read_open_filename(ar, path, 65536) == ARCHIVE_OK &&
	    archive_read_next_header(ar, &entry) == ARCHIVE_OK) {
		char chunk[65536];
		la_ssize_t n;

		while ((n = archive_read_data(ar, chunk, sizeof(chunk))) > 0)
			buf_add(&b, chunk, (size_t)n);
	}
	(void)archive_read_free(ar);

	struct text t = text_copy(a, buf_view(&b));

	buf_free(&b);
	return t;
}

/* Calls `each` with every regular file of a packed folder; returns how many. */
UNUSED static size_t shared_files(const char *name,
				  void (*each)(const char *path, struct text bytes))
{
	char path[600];
	struct archive *ar = archive_read_new();
	struct archive_entry *entry = NULL;
	size_t files = 0;

	(void)snprintf(path, sizeof(path), "%s/data/%s", tap_shared(), name);
	(void)archive_read_support_filter_all(ar);
	(void)archive_read_support_format_tar(ar);
	if (archive_read_open_filename(ar, path, 65536) == ARCHIVE_OK)
		while (archive_read_next_header(ar, &entry) == ARCHIVE_OK) {
			struct buf b;
			char chunk[65536];
			la_ssize_t n;

			if (archive_entry_filetype(entry) != AE_IFREG)
				continue;
			buf_init(&b, 64u << 20);
			while ((n = archive_read_data(ar, chunk, sizeof(chunk))) > 0)
				buf_add(&b, chunk, (size_t)n);
			each(archive_entry_pathname(entry), buf_view(&b));
			buf_free(&b);
			files++;
		}
	(void)archive_read_free(ar);
	return files;
}

#endif
