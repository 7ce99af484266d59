/* SPDX-License-Identifier: Apache-2.0 */
/* Which engine a record names (trust.md D8): the last one, by its place in the log; names of other programs are told apart. */
#include "engine/version.h"
#include "tap.h"

static const struct {
	const char *name;
	bool known;
	enum engine_rules rules;
} names[] = {{"1", true, ENGINE_1},   {"2", true, ENGINE_2}, {ENGINE_VERSION, true, ENGINE_NEWEST},
	     {"0", false, ENGINE_1},  {"3", true, ENGINE_3}, {"4", false, ENGINE_1},
	     {"12", false, ENGINE_1}, {"", false, ENGINE_1}};

static void pin(struct facts *f, const char *input, const char *name)
{
	struct fact_value v[] = {
		{.field = FIELD_INPUT, .word = symbol_add(f->symbols, text_of(input))},
		{.field = FIELD_INPUT_NAME, .word = symbol_add(f->symbols, text_of(name))}};

	(void)facts_add(f, &(struct fact){.kind = (uint8_t)FACT_INPUT_PINNED,
					  .subject = v[1].word,
					  .values = v,
					  .n_values = ARRAY_SIZE(v)});
}

/* Engines by name, each a day after the one before it; the day from which the leap day moves, -1: never. */
static const struct {
	const char *names[3];
	size_t n;
	int64_t from;
	const char *what;
} leaps[] = {
	{{NULL}, 0, -1, "a record that names none is of the first"},
	{{"1"}, 1, -1, "the first"},
	{{"1", "2"}, 2, -1, "and the second"},
	{{"3"}, 1, 0, "always, where the third was there from the beginning"},
	{{"9"}, 1, 0, "or a later one"},
	{{"2", "3"}, 2, 2, "since it was named"},
	{{"1", "2", "3"}, 3, 3, "the one before does not matter"},
	{{"2", "9", "3"}, 3, 2, "since a later one was named"},
	{{"3", "2"}, 2, 0, "an older program changes nothing afterwards"},
};

static void check_leap_day(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(leaps); i++) {
		struct engine_named v[3];
		int64_t from = leaps[i].from;

		for (size_t k = 0; k < leaps[i].n; k++)
			v[k] = (struct engine_named){text_of(leaps[i].names[k]),
						     (instant)(k + 1) * 86400000};
		ok(engine_leap_day_from(v, leaps[i].n) ==
			   (from < 0 ? INSTANT_MAX : from * 86400000),
		   "%s", leaps[i].what);
	}
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);
	struct facts *f = facts_new(a);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		enum engine_rules rules = ENGINE_1;

		ok(engine_rules_parse(text_of(names[i].name), &rules) == names[i].known &&
			   rules == names[i].rules,
		   "'%s'", names[i].name);
		if (names[i].known)
			is_text(text_of(engine_rules_name(rules)), names[i].name, "and back");
	}
	is_text(engine_pinned(f), "1", "a record that names none is of the first");
	pin(f, "zone", "America/New_York");
	is_text(engine_pinned(f), "1", "a zone is no engine");
	pin(f, "engine", "2");
	pin(f, "zone", "Europe/Berlin");
	is_text(engine_pinned(f), "2", "the engine that was pinned");
	pin(f, "engine", "7");
	is_text(engine_pinned(f), "7", "the last one, also if it is another program's");
	check_leap_day();
	arena_free(a);
	return tap_done();
}
