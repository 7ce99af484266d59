/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/version.h"

#include <assert.h>

/* One literal with what the build prints; where that is not there yet, for analysers, the empty one. */
static const char sources[] = ""
#include "engine_sources.inc"
	;

static const char *const names[] = {
	[ENGINE_1] = "1", [ENGINE_2] = "2", [ENGINE_3] = ENGINE_VERSION};

bool engine_rules_parse(struct text name, enum engine_rules *out)
{
	for (int i = ENGINE_1; i <= ENGINE_NEWEST; i++) {
		if (!text_is(name, names[i]))
			continue;
		*out = (enum engine_rules)i;
		return true;
	}
	return false;
}

const char *engine_rules_name(enum engine_rules rules)
{
	assert(rules >= ENGINE_1 && rules <= ENGINE_NEWEST);
	return names[rules];
}

struct text engine_pinned(const struct facts *set)
{
	struct text last = text_of(names[ENGINE_1]);

	for (size_t i = 0; i < set->n; i++) {
		const struct fact *f = &set->v[i];

		if (f->kind == FACT_INPUT_PINNED &&
		    text_is(symbol_text(set->symbols, fact_word(f, FIELD_INPUT)), "engine"))
			last = symbol_text(set->symbols, f->subject);
	}
	return last;
}

instant engine_leap_day_from(const struct engine_named *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum engine_rules rules = ENGINE_NEWEST; /* another program's is a later one */

		if (!engine_rules_parse(v[i].name, &rules) || rules >= ENGINE_3)
			return i == 0 ? 0 : v[i].at;
	}
	return INSTANT_MAX;
}

struct text engine_sources(void)
{
	return text_of(sources);
}
