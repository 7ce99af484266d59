/* SPDX-License-Identifier: Apache-2.0 */
/* Zones for tests: TZif bytes made here, and the system's own where there are any. */
#ifndef TESTS_ZONES_H
#define TESTS_ZONES_H

#include "time/zone.h"

#include "tap.h"

#include <string.h>

enum { TZIF_MAX = 64 * 1024 };

/* One block of a TZif file to be made. */
struct tzif {
	char version; /* 0, '2', '3', '4' */
	struct {
		int64_t at_s;
		uint8_t type;
	} transitions[8];
	size_t n_transitions;
	struct {
		int32_t offset_s;
		uint8_t dst;
		const char *abbrev;
	} types[4];
	size_t n_types;
	const char *footer; /* without the line ends; NULL: no footer at all */
};

UNUSED static void put_be(struct buf *b, uint64_t v, unsigned bytes)
{
	for (unsigned i = bytes; i > 0; i--)
		buf_char(b, (char)(unsigned char)(v >> (8 * (i - 1)) & 0xff));
}

UNUSED static void put_header(struct buf *b, const struct tzif *t, bool empty)
{
	size_t names = 0;

	for (size_t i = 0; i < t->n_types; i++)
		names += strlen(t->types[i].abbrev) + 1;
	buf_str(b, "TZif");
	buf_char(b, t->version);
	buf_pad(b, '\0', 15);
	put_be(b, 0, 4);
	put_be(b, 0, 4);
	put_be(b, 0, 4);
	put_be(b, empty ? 0 : t->n_transitions, 4);
	put_be(b, empty ? 1 : t->n_types, 4);
	put_be(b, empty ? 1 : names, 4);
}

UNUSED static struct text tzif_bytes(struct arena *a, const struct tzif *t)
{
	struct buf b;
	unsigned time_bytes = t->version == 0 ? 4 : 8;
	uint8_t at = 0;

	buf_init(&b, TZIF_MAX);
	if (t->version != 0) {
		/* The 32-bit block nobody reads: one type, one empty name. */
		put_header(&b, t, true);
		buf_pad(&b, '\0', 7);
	}
	put_header(&b, t, false);
	for (size_t i = 0; i < t->n_transitions; i++)
		put_be(&b, (uint64_t)t->transitions[i].at_s, time_bytes);
	for (size_t i = 0; i < t->n_transitions; i++)
		put_be(&b, t->transitions[i].type, 1);
	for (size_t i = 0; i < t->n_types; i++) {
		put_be(&b, (uint32_t)t->types[i].offset_s, 4);
		put_be(&b, t->types[i].dst, 1);
		put_be(&b, at, 1);
		at = (uint8_t)(at + strlen(t->types[i].abbrev) + 1);
	}
	for (size_t i = 0; i < t->n_types; i++)
		buf_add(&b, t->types[i].abbrev, strlen(t->types[i].abbrev) + 1);
	if (t->footer != NULL) {
		buf_char(&b, '\n');
		buf_str(&b, t->footer);
		buf_char(&b, '\n');
	}

	struct text bytes = text_copy(a, buf_view(&b));

	buf_free(&b);
	return bytes;
}

/* A zone that follows one rule for ever, or NULL if the rule is refused. */
UNUSED static const struct zone *rule_zone(struct arena *a, const char *name, const char *rule)
{
	const struct tzif t = {
		.version = '3', .types = {{0, 0, "UTC"}}, .n_types = 1, .footer = rule};
	const struct zone *z = NULL;
	struct err err = {0};

	if (zone_parse(a, text_of(name), tzif_bytes(a, &t), &z, &err) != RC_OK)
		return NULL;
	return z;
}

/* The system's zone of that name, or NULL if the machine has none. */
UNUSED static const struct zone *system_zone(struct arena *a, const char *name)
{
	char path[256], *bytes = arena_alloc(a, TZIF_MAX);
	const struct zone *z = NULL;
	struct err err = {0};

	(void)snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);

	FILE *f = fopen(path, "rb");

	if (f == NULL)
		return NULL;

	size_t n = fread(bytes, 1, TZIF_MAX, f);

	(void)fclose(f);
	if (zone_parse(a, text_of(name), (struct text){bytes, n}, &z, &err) != RC_OK)
		note("%s: %s", path, err.message);
	return z;
}

/* An instant written in a test must be right. */
UNUSED static instant utc(const char *s)
{
	struct err err = {0};
	instant t = INSTANT_NONE;

	if (instant_parse(text_of(s), &t, NULL, &err) != RC_OK) {
		printf("Bail out! bad instant in the test: %s\n", s);
		exit(1);
	}
	return t;
}

UNUSED static day date(const char *s)
{
	day d = DAY_NONE;

	if (!day_parse(text_of(s), &d)) {
		printf("Bail out! bad date in the test: %s\n", s);
		exit(1);
	}
	return d;
}

/* Compares instants and shows both as text. */
UNUSED PRINTF_LIKE(3, 4) static bool is_instant(instant got, const char *want, const char *fmt, ...)
{
	struct buf b;
	va_list ap;

	buf_init(&b, 64);
	if (got < INSTANT_MIN || got > INSTANT_MAX)
		buf_str(&b, "none");
	else
		instant_print(&b, got);

	bool same = text_is(buf_view(&b), want);

	va_start(ap, fmt);
	tap_line(same, fmt, ap);
	va_end(ap);
	if (!same)
		printf("#   got %.*s\n#  want %s\n", TEXT_ARG(buf_view(&b)), want);
	buf_free(&b);
	return same;
}

#endif
