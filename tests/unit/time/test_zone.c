/* SPDX-License-Identifier: Apache-2.0 */
#include "time/zone.h"

#include "zones.h"

static const char berlin[] = "CET-1CEST,M3.5.0,M10.5.0/3";
static const char new_york[] = "EST5EDT,M3.2.0,M11.1.0";
static const char sydney[] = "AEST-10AEDT,M10.1.0,M4.1.0/3";
static const char lord_howe[] = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";
static const char dublin[] = "IST-1GMT0,M10.5.0,M3.5.0/1";
static const char godthab[] = "<-02>2<-01>,M3.5.0/-1,M10.5.0/0";
static const char jerusalem[] = "IST-2IDT,M3.4.4/26,M10.5.0";
static const char julian[] = "AAA0BBB,J60/0,J300/0";
static const char zero_based[] = "AAA0BBB,59/0,299/0";
static const char all_year[] = "XXX3EDT4,0/0,J365/23";
static const char leap_only[] = "AAA0BBB,J60/0,59/1"; /* in other years the end is the next begin */

/* What a rule says of an instant. */
static const struct {
	const char *rule, *at;
	int32_t offset_s;
	bool dst;
	const char *abbrev;
} rules[] = {
	{berlin, "2026-03-29T00:59:59.999Z", 3600, false, "CET"},
	{berlin, "2026-03-29T01:00:00Z", 7200, true, "CEST"},
	{berlin, "2026-10-25T00:59:59.999Z", 7200, true, "CEST"},
	{berlin, "2026-10-25T01:00:00Z", 3600, false, "CET"},
	{berlin, "9998-07-01T00:00:00Z", 7200, true, "CEST"},
	{new_york, "2026-03-08T07:00:00Z", -14400, true, "EDT"},
	{new_york, "2026-11-01T05:59:59.999Z", -14400, true, "EDT"},
	{new_york, "2026-11-01T06:00:00Z", -18000, false, "EST"},
	{sydney, "2026-01-01T00:00:00Z", 39600, true, "AEDT"},
	{sydney, "2026-04-04T15:59:59.999Z", 39600, true, "AEDT"},
	{sydney, "2026-04-04T16:00:00Z", 36000, false, "AEST"},
	{sydney, "2026-10-03T16:00:00Z", 39600, true, "AEDT"},
	{lord_howe, "2026-01-01T00:00:00Z", 39600, true, "+11"},
	{lord_howe, "2026-07-01T00:00:00Z", 37800, false, "+1030"},
	{dublin, "2026-07-01T00:00:00Z", 3600, false, "IST"},
	{dublin, "2026-12-01T00:00:00Z", 0, true, "GMT"},
	{godthab, "2026-03-29T00:59:59.999Z", -7200, false, "-02"},
	{godthab, "2026-03-29T01:00:00Z", -3600, true, "-01"},
	{jerusalem, "2026-03-26T23:59:59.999Z", 7200, false, "IST"},
	{jerusalem, "2026-03-27T00:00:00Z", 10800, true, "IDT"},
	{julian, "2024-02-29T23:59:59.999Z", 0, false, "AAA"},
	{julian, "2024-03-01T00:00:00Z", 3600, true, "BBB"},
	{julian, "2023-03-01T00:00:00Z", 3600, true, "BBB"},
	{zero_based, "2024-02-29T00:00:00Z", 3600, true, "BBB"},
	{zero_based, "2023-02-28T23:59:59.999Z", 0, false, "AAA"},
	{all_year, "2026-01-01T02:59:59.999Z", -14400, true, "EDT"},
	{all_year, "2026-01-01T03:00:00Z", -14400, true, "EDT"},
	{all_year, "2026-07-01T00:00:00Z", -14400, true, "EDT"},
	{"<+0330>-3:30", "2026-07-01T00:00:00Z", 12600, false, "+0330"},
};

/* Rules that are refused. */
static const char *const bad_rules[] = {
	"E5",
	"EST",
	"EST5EDT",
	"EST5EDT,M3.2.0",
	"EST5EDT,M3.2.0,M11.1.0x",
	"EST5EDT,M13.2.0,M11.1.0",
	"EST5EDT,M3.6.0,M11.1.0",
	"EST5EDT,M3.2.7,M11.1.0",
	"EST5EDT,J0,J10",
	"EST5EDT,J366,J10",
	"EST5EDT,366,10",
	"<EST5",
	"<E>5",
	"EST26",
	"EST-26",
	"EST5EDT,M3.2.0/168,M11.1.0",
	"EST5EDT4:60,M3.2.0,M11.1.0",
	"ABCDEFGHIJKLMNOPQ5",
	":America/New_York",
	"EST 5",
	"EST5\tEDT",
};

/* Local time to instant. */
static const struct {
	const char *rule, *date;
	int32_t minutes;
	const char *at;
	enum local_kind kind;
} locals[] = {
	{new_york, "2026-03-08", 119, "2026-03-08T06:59:00Z", LOCAL_PLAIN},
	{new_york, "2026-03-08", 120, "2026-03-08T07:00:00Z", LOCAL_GAP},
	{new_york, "2026-03-08", 150, "2026-03-08T07:30:00Z",
	 LOCAL_GAP}, /* sla.md R4: 02:30 is 03:30 EDT */
	{new_york, "2026-03-08", 180, "2026-03-08T07:00:00Z", LOCAL_PLAIN},
	{new_york, "2026-11-01", 59, "2026-11-01T04:59:00Z", LOCAL_PLAIN},
	{new_york, "2026-11-01", 60, "2026-11-01T05:00:00Z", LOCAL_TWICE},
	{new_york, "2026-11-01", 119, "2026-11-01T05:59:00Z", LOCAL_TWICE},
	{new_york, "2026-11-01", 120, "2026-11-01T07:00:00Z", LOCAL_PLAIN},
	{new_york, "2026-11-01", 1440, "2026-11-02T05:00:00Z", LOCAL_PLAIN},
	{lord_howe, "2026-10-04", 135, "2026-10-03T15:45:00Z", LOCAL_GAP},
	{lord_howe, "2026-04-05", 105, "2026-04-04T14:45:00Z", LOCAL_TWICE},
	{godthab, "2026-03-28", 1410, "2026-03-29T01:30:00Z", LOCAL_GAP},
	{godthab, "2026-03-28", 1440, "2026-03-29T01:00:00Z", LOCAL_PLAIN},
	{all_year, "2026-01-01", 0, "2026-01-01T04:00:00Z", LOCAL_PLAIN},
	{"UTC0", "2026-01-01", 0, "2026-01-01T00:00:00Z", LOCAL_PLAIN},
};

static void check_rules(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		const struct zone *z = rule_zone(a, "test", rules[i].rule);

		if (!ok(z != NULL, "a rule: %s", rules[i].rule))
			continue;

		struct local l = zone_local(z, utc(rules[i].at));

		ok(l.offset_s == rules[i].offset_s && l.dst == rules[i].dst &&
			   strcmp(l.abbrev, rules[i].abbrev) == 0,
		   "%s at %s: %d %s", rules[i].rule, rules[i].at, (int)l.offset_s, l.abbrev);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad_rules); i++)
		ok(rule_zone(a, "test", bad_rules[i]) == NULL, "no rule: %s", bad_rules[i]);
	for (size_t i = 0; i < ARRAY_SIZE(locals); i++) {
		const struct zone *z = rule_zone(a, "test", locals[i].rule);
		enum local_kind kind = LOCAL_PLAIN;
		instant t =
			zone_instant(z, date(locals[i].date), locals[i].minutes * MINUTE_MS, &kind);

		is_instant(t, locals[i].at, "%s: %s minute %d", locals[i].rule, locals[i].date,
			   (int)locals[i].minutes);
		is_i64(kind, locals[i].kind, "and whether it exists once");
	}
}

static void check_changes(struct arena *a)
{
	const struct zone *z = rule_zone(a, "test", new_york);
	instant t = utc("2026-01-01T00:00:00Z");

	t = zone_next_change(z, t);
	is_instant(t, "2026-03-08T07:00:00Z", "the next change");
	t = zone_next_change(z, t);
	is_instant(t, "2026-11-01T06:00:00Z", "the one after it, not itself");
	is_instant(zone_next_change(z, t - 1), "2026-11-01T06:00:00Z",
		   "a millisecond before is before");
	is_i64(zone_next_change(rule_zone(a, "test", all_year), 0), INSTANT_MAX,
	       "daylight time all year never changes");
	is_i64(zone_next_change(rule_zone(a, "test", "EST5"), 0), INSTANT_MAX,
	       "without daylight time there is no change");
	is_i64(zone_next_change(zone_utc(), 0), INSTANT_MAX, "nor is there in UTC");
	is_instant(zone_next_change(rule_zone(a, "test", leap_only), utc("2097-01-01T00:00:00Z")),
		   "2104-02-29T00:00:00Z",
		   "a change of leap years only is found across a year without leap day");
	is_text(zone_name(z), "test", "a zone knows its name");
}

/* A file with two types and transitions before its rule begins. */
static const struct tzif sample = {.version = '2',
				   .transitions = {{-INT64_C(576460752303423488), 0},
						   {0, 1},
						   {1000000, 2},
						   {2000000, 2},
						   {1700000000, 1}},
				   .n_transitions = 5,
				   .types = {{1172, 0, "LMT"}, {3600, 0, "CET"}, {7200, 1, "CEST"}},
				   .n_types = 3,
				   .footer = "CET-1CEST,M3.5.0,M10.5.0/3"};

static void check_files(struct arena *a)
{
	struct text bytes = tzif_bytes(a, &sample);
	const struct zone *z = NULL;
	struct err err = {0};

	if (!ok(zone_parse(a, text_of("x"), bytes, &z, &err) == RC_OK,
		"a file with transitions and a rule: %s", err.message))
		return;
	is_i64(zone_offset_s(z, utc("0001-01-01T00:00:00Z")), 1172,
	       "local mean time from the beginning");
	is_i64(zone_offset_s(z, -1), 1172, "and up to the first transition");
	is_i64(zone_offset_s(z, 0), 3600, "which acts at its instant");
	is_i64(zone_next_change(z, 0), INT64_C(1000000000), "the next");
	is_i64(zone_next_change(z, INT64_C(1000000000)), INT64_C(1700000000000),
	       "a transition to the same is none");
	is_instant(zone_next_change(z, INT64_C(1700000000000)), "2024-03-31T01:00:00Z",
		   "then the rule");
	is_i64(zone_day(z, utc("2026-07-01T22:00:00Z")), date("2026-07-02"), "a date of the zone");

	/* Version 1 knows 32 bits and no rule; what held last, holds. */
	struct tzif old = sample;

	old.version = 0;
	old.footer = NULL;
	old.transitions[0].at_s = -INT64_C(2147483648);
	ok(zone_parse(a, text_of("x"), tzif_bytes(a, &old), &z, &err) == RC_OK, "version 1: %s",
	   err.message);
	is_i64(zone_offset_s(z, utc("2026-07-01T00:00:00Z")), 3600, "no summer without a rule");
	is_i64(zone_next_change(z, INT64_C(1700000000000)), INSTANT_MAX, "and no change");

	/* Every shorter file is refused, without reading past its end (the sanitizers watch). */
	size_t accepted = 0;

	for (size_t n = 0; n < bytes.n; n++) {
		char *exact = arena_copy(a, bytes.p, n);

		accepted += zone_parse(a, text_of("x"), (struct text){exact, n}, &z, &err) == RC_OK;
	}
	is_i64((int64_t)accepted, 0, "no beginning of the file is a file");
}

/* One change that makes the sample unusable. */
static void spoil_type(struct tzif *t)
{
	t->transitions[1].type = 3;
}
static void spoil_order(struct tzif *t)
{
	t->transitions[2].at_s = 0;
}
static void spoil_flag(struct tzif *t)
{
	t->types[1].dst = 2;
}
static void spoil_offset(struct tzif *t)
{
	t->types[1].offset_s = 100000;
}
static void spoil_name(struct tzif *t)
{
	t->types[1].abbrev = "ABCDEFGHIJKLMNOP";
}
static void spoil_version(struct tzif *t)
{
	t->version = '5';
}
static void spoil_rule(struct tzif *t)
{
	t->footer = "CET-1CEST";
}

static const struct {
	const char *name;
	void (*spoil)(struct tzif *t);
} spoils[] = {
	{"a transition without type", spoil_type}, {"transitions out of order", spoil_order},
	{"a daylight flag of 2", spoil_flag},      {"an offset beyond a day", spoil_offset},
	{"a name too long", spoil_name},           {"version 5", spoil_version},
	{"a malformed rule", spoil_rule},
};

static void check_spoiled(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(spoils); i++) {
		struct tzif t = sample;
		const struct zone *z = NULL;
		struct err err = {0};

		spoils[i].spoil(&t);
		ok(zone_parse(a, text_of("x"), tzif_bytes(a, &t), &z, &err) == RC_INVALID &&
			   z == NULL && err.message[0] != '\0',
		   "refused: %s (%s)", spoils[i].name, err.message);
	}
}

/* Real files, where there are any. */
static const struct {
	const char *zone, *date;
	int32_t minutes;
	const char *at;
} real[] = {
	{"America/New_York", "2026-03-08", 150, "2026-03-08T07:30:00Z"},
	{"America/New_York", "2050-07-04", 0, "2050-07-04T04:00:00Z"},
	{"Europe/Berlin", "1945-05-24", 150,
	 "1945-05-24T00:30:00Z"}, /* double summer time: the gap is 02:00 to 03:00 */
	{"Pacific/Apia", "2011-12-30", 600,
	 "2011-12-30T20:00:00Z"}, /* a date that was left out: a day later */
	{"Australia/Lord_Howe", "2026-10-04", 135, "2026-10-03T15:45:00Z"},
	{"Africa/Casablanca", "2026-03-22", 150, "2026-03-22T02:30:00Z"},
	{"America/Havana", "2026-03-08", 0, "2026-03-08T05:00:00Z"}, /* midnight does not exist */
	{"Asia/Kathmandu", "2026-01-01", 0, "2025-12-31T18:15:00Z"},
};

static void check_real(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(real); i++) {
		const struct zone *z = system_zone(a, real[i].zone);

		if (z == NULL) {
			ok(true, "%s # SKIP not on this machine", real[i].zone);
			continue;
		}
		is_instant(zone_instant(z, date(real[i].date), real[i].minutes * MINUTE_MS, NULL),
			   real[i].at, "%s, %s minute %d", real[i].zone, real[i].date,
			   (int)real[i].minutes);
	}
}

/* Each hour of 60 years: the local time leads back to the instant, or to the first of two that show it. */
static void check_round_trip(struct arena *a, const char *rule)
{
	const struct zone *z = rule_zone(a, "test", rule);
	instant bad = INSTANT_NONE;

	for (instant t = utc("2000-01-01T00:30:00Z");
	     t < utc("2060-01-01T00:00:00Z") && bad == INSTANT_NONE; t += HOUR_MS) {
		struct local l = zone_local(z, t);
		enum local_kind kind;
		instant back = zone_instant(z, l.date, l.ms, &kind);
		struct local again = zone_local(z, back);

		if (kind == LOCAL_GAP || back > t || (kind == LOCAL_PLAIN && back != t) ||
		    again.date != l.date || again.ms != l.ms)
			bad = t;
	}
	is_i64(bad, INSTANT_NONE, "there and back, %s", rule);
}

int main(void)
{
	struct arena *a = arena_new(256 << 20);

	check_rules(a);
	check_changes(a);
	check_files(a);
	check_spoiled(a);
	check_real(a);
	check_round_trip(a, berlin);
	check_round_trip(a, sydney);
	check_round_trip(a, lord_howe);
	check_round_trip(a, all_year);
	arena_free(a);
	return tap_done();
}
