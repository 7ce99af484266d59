/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this room share: a zone made of its rule alone, so that no file of the machine is read. */
#ifndef RENDER_FIXTURE_H
#define RENDER_FIXTURE_H

#include "render/doc.h"
#include "tap.h"

#include <string.h>

/* A TZif file (RFC 8536) without transitions whose footer says everything. */
UNUSED static const struct zone *fixture_zone(struct arena *a, const char *name, const char *rule)
{
	/* header: six counts, only one type and four bytes of its name; block: UTC offset 0, standard, name "UTC" */
	static const unsigned char header[] = {
		'T', 'Z', 'i', 'f', '2', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0,   0,   0,   0,   0,   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4};
	static const unsigned char block[] = {0, 0, 0, 0, 0, 0, 'U', 'T', 'C', 0};
	struct buf b;
	const struct zone *z = NULL;
	struct err err = {.line = 0};

	buf_init(&b, 4096);
	for (int i = 0; i < 2; i++) {
		buf_add(&b, (const char *)header, sizeof(header));
		buf_add(&b, (const char *)block, sizeof(block));
	}
	buf_printf(&b, "\n%s\n", rule);
	if (zone_parse(a, text_of(name), buf_view(&b), &z, &err) != RC_OK)
		note("%s: %s", name, err.message);
	buf_free(&b);
	return z;
}

UNUSED static const struct zone *new_york(struct arena *a)
{
	return fixture_zone(a, "America/New_York", "EST5EDT,M3.2.0,M11.1.0");
}

UNUSED static instant at(const char *rfc3339)
{
	instant t = INSTANT_NONE;
	struct err err = {.line = 0};

	if (instant_parse(text_of(rfc3339), &t, NULL, &err) != RC_OK)
		note("%s: %s", rfc3339, err.message);
	return t;
}

UNUSED static const struct language *language(const char *tag)
{
	const struct language *l = language_english();
	struct err err = {.line = 0};

	if (language_find(text_of(tag), &l, &err) != RC_OK)
		note("%s: %s", tag, err.message);
	return l;
}

UNUSED static struct phrase plain(struct doc *d, const char *s)
{
	return doc_plain(d, text_of(s));
}

#endif
