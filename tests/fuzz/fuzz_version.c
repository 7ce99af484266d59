/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the canonical form of a version: reading must end and say what is wrong; what is taken is exactly the form of what
 * it says, has its hash as its identity, builds a promise and may or may not follow itself, but does so in order.
 */
#include "base/sha256.h"
#include "terms/promise.h"
#include "terms/version.h"

#include <assert.h>
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

static enum rc one_day(void *context, struct text name, struct text *bytes, struct err *err)
{
	(void)context;
	if (!text_starts(name, "sha256:"))
		return err_set(err, RC_MISSING, "no file");
	*bytes = text_of("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
			 "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260706\r\nEND:VEVENT\r\n"
			 "END:VCALENDAR\r\n");
	return RC_OK;
}

static void check_version(struct arena *a, const struct contract *c,
			  const struct terms_context *context)
{
	const struct promise *p;
	const struct contract_input *inputs;
	struct version_change change = {.minor = false};
	struct succession first = {.head = NULL}, second = {.head = c};
	struct err err = {.line = 0};
	size_t n;
	enum rc rc = promise_build(a, c, context, &p, &err);

	assert(rc == RC_OK || err.message[0] != '\0');
	rc = contract_inputs(a, c, context, 20000, &inputs, &n, &err);
	assert(rc == RC_OK && n > 0);
	err = (struct err){.line = 0};
	rc = version_may_follow(a, context, &first, c, &change, &err);
	assert(rc == RC_OK || (err.code[0] != '\0' && err.message[0] != '\0'));
	err = (struct err){.line = 0};
	/* Nothing amends itself: its hash would have to be in it. */
	assert(version_may_follow(a, context, &second, c, &change, &err) == RC_INVALID);
	assert(strcmp(err.code, "amend.base") == 0 || strcmp(err.code, "version.draft") == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct text bytes = {(const char *)data, size};
	struct zone_source zones = {NULL, any_zone};
	struct terms_context context = {.zones = &zones, .load = one_day};
	struct arena *a = arena_new((size_t)1 << 30);
	struct contract *c = NULL;
	struct err err = {.line = 0};
	enum rc rc = contract_read_canonical(a, text_of("v.json"), bytes, &context, &c, &err);
	char hex[65];

	if (rc == RC_OK) {
		sha256_hex(bytes, hex);
		assert(c->valid && !c->is_template && text_eq(c->canonical, bytes));
		assert(strcmp(hex, c->hash) == 0);
		check_version(a, c, &context);
	} else {
		assert((rc == RC_INVALID || rc == RC_LIMIT) && c == NULL);
		assert(err.message[0] != '\0' && err.code[0] != '\0');
	}
	arena_free(a);
	return 0;
}
