/* SPDX-License-Identifier: Apache-2.0 */
#include "app/zones.h"

#include <stdio.h>
#include <sys/stat.h>

static const char directory[] = "/usr/share/zoneinfo/";

enum { ZONE_FILE_MAX = 1 << 20 };

struct known_zone {
	struct text name;
	const struct zone *zone;
	struct known_zone *next;
};

struct system_zones {
	struct arena *arena;
	struct known_zone *known;
};

/* Names are Area/Place: letters, digits, _ + - and slashes between parts; nothing that could leave the directory. */
static bool plain_name(struct text name)
{
	if (name.n == 0 || name.n > 64 || name.p[0] == '/' || name.p[name.n - 1] == '/')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool letter =
			(c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (!letter && c != '_' && c != '+' && c != '-' && c != '/')
			return false;
	}
	return true;
}

static enum rc no_zone(struct text name, struct err *err)
{
	err_hint(err, "write an IANA name such as Europe/Berlin, America/New_York or UTC");
	return err_set(err, RC_MISSING, "there is no time zone \"%.*s\"", TEXT_ARG(name));
}

static enum rc read_file(struct arena *a, struct text name, struct text *out, struct err *err)
{
	struct text path = text_format(a, "%s%.*s", directory, TEXT_ARG(name));
	struct stat st;

	if (stat(path.p, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
	    st.st_size > ZONE_FILE_MAX)
		return no_zone(name, err);

	FILE *f = fopen(path.p, "rb");

	if (f == NULL)
		return no_zone(name, err);
	char *bytes = arena_alloc(a, (size_t)st.st_size);
	size_t n = fread(bytes, 1, (size_t)st.st_size, f);

	(void)fclose(f);
	if (n != (size_t)st.st_size)
		return err_set(err, RC_IO, "the zone file of \"%.*s\" cannot be read",
			       TEXT_ARG(name));
	if (n < 4 || !text_starts((struct text){bytes, n}, "TZif"))
		return no_zone(name, err);
	*out = (struct text){bytes, n};
	return RC_OK;
}

enum rc zones_system_bytes(struct arena *a, struct text name, struct text *out, struct err *err)
{
	return plain_name(name) ? read_file(a, name, out, err) : no_zone(name, err);
}

static enum rc find(void *context, struct text name, const struct zone **out, struct err *err)
{
	struct system_zones *z = context;

	for (const struct known_zone *k = z->known; k != NULL; k = k->next) {
		if (text_eq(k->name, name)) {
			*out = k->zone;
			return RC_OK;
		}
	}
	if (!plain_name(name))
		return no_zone(name, err);

	const struct zone *zone = NULL;

	if (text_is(name, "UTC")) {
		zone = zone_utc();
	} else {
		struct text bytes;
		enum rc rc = read_file(z->arena, name, &bytes, err);

		if (rc == RC_OK)
			rc = zone_parse(z->arena, name, bytes, &zone, err);

		if (rc != RC_OK)
			return rc;
	}

	struct known_zone *k = arena_one(z->arena, struct known_zone);

	*k = (struct known_zone){text_copy(z->arena, name), zone, z->known};
	z->known = k;
	*out = zone;
	return RC_OK;
}

struct zone_source zones_system(struct arena *a)
{
	struct system_zones *z = arena_one(a, struct system_zones);

	z->arena = a;
	return (struct zone_source){z, find};
}
