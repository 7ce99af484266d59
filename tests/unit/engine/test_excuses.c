/* SPDX-License-Identifier: Apache-2.0 */
/* Announced work, client duties, and what proves them (sla.md R12, R27, R29, R50). */
#include "unit/engine/availability_fixture.h"

/* The work is announced for Sunday 2026-04-19 02:00 to 06:00 EDT (06:00Z to 10:00Z) unless a case says otherwise. */
#define WORK                                                                                       \
	"maintenance.announced maintenance=m1 from=2026-04-19T06:00:00Z to=2026-04-19T10:00:00Z"

static const struct {
	const char *name;
	const char *announced, *recorded;
	enum party party;
	const char *words;
	struct {
		const char *when, *words;
	} later[4];
	bool windows, change_record;
	int64_t minutes; /* excused in all */
} announcements[] = {
	{"exactly enough notice", "2026-04-18T06:00:00Z", NULL, PARTY_PROVIDER, WORK,
	 .minutes = 240},
	{"one millisecond too late", "2026-04-18T06:00:00.001Z", NULL, PARTY_PROVIDER, WORK,
	 .minutes = 0},
	{"back-dated by the provider", "2026-04-10T06:00:00Z", "2026-04-18T07:00:00Z",
	 PARTY_PROVIDER, WORK, .minutes = 0},
	{"an earlier time that the client itself reports", "2026-04-10T06:00:00Z",
	 "2026-04-18T07:00:00Z", PARTY_CLIENT, WORK, .minutes = 240},
	{"inside a listed window", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER, WORK,
	 .windows = true, .minutes = 240},
	{"across two windows that touch at midnight", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER,
	 "maintenance.announced maintenance=m1 from=2026-04-19T03:00:00Z to=2026-04-19T10:00:00Z",
	 .windows = true, .minutes = 420},
	{"a minute beyond the window: nothing of it", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER,
	 "maintenance.announced maintenance=m1 from=2026-04-19T06:00:00Z to=2026-04-19T12:01:00Z",
	 .windows = true, .minutes = 0},
	{"the same hours on a day without a window", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER,
	 "maintenance.announced maintenance=m1 from=2026-04-20T06:00:00Z to=2026-04-20T10:00:00Z",
	 .windows = true, .minutes = 0},
	{"an emergency needs no window, and 4 h of notice", "2026-04-20T02:00:00Z", NULL,
	 PARTY_PROVIDER,
	 "maintenance.announced maintenance=m1 from=2026-04-20T06:00:00Z to=2026-04-20T07:00:00Z "
	 "work=emergency",
	 .windows = true, .minutes = 60},
	{"no change record where one is asked for", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER,
	 WORK, .change_record = true, .minutes = 0},
	{"with its change record", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER,
	 WORK " change=CHG-7", .change_record = true, .minutes = 240},
	{"cancelled", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER, WORK,
	 .later = {{"2026-04-19T05:00:00Z", "maintenance.cancelled maintenance=m1"}}, .minutes = 0},
	{"only while worked on", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER, WORK,
	 .later = {{"2026-04-19T06:30:00Z", "maintenance.started maintenance=m1"},
		   {"2026-04-19T08:00:00Z", "maintenance.ended maintenance=m1"}},
	 .minutes = 90},
	{"an overrun is not announced", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER, WORK,
	 .later = {{"2026-04-19T05:30:00Z", "maintenance.started maintenance=m1"},
		   {"2026-04-19T10:40:00Z", "maintenance.ended maintenance=m1"}},
	 .minutes = 240},
	{"an end alone: begun as announced", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER, WORK,
	 .later = {{"2026-04-19T07:00:00Z", "maintenance.ended maintenance=m1"}}, .minutes = 60},
	{"a start alone: to the announced end", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER, WORK,
	 .later = {{"2026-04-19T07:00:00Z", "maintenance.started maintenance=m1"}}, .minutes = 180},
	{"moved in time: the new hours", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER, WORK,
	 .later = {{"2026-04-11T06:00:00Z", "maintenance.announced maintenance=m1 "
					    "from=2026-04-19T07:00:00Z to=2026-04-19T12:00:00Z"}},
	 .minutes = 300},
	{"moved too late: what both announced", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER, WORK,
	 .later = {{"2026-04-19T05:00:00Z", "maintenance.announced maintenance=m1 "
					    "from=2026-04-19T07:00:00Z to=2026-04-19T12:00:00Z"}},
	 .minutes = 180},
	{"the id used again a week later", "2026-04-10T06:00:00Z", NULL, PARTY_PROVIDER, WORK,
	 .later = {{"2026-04-20T06:00:00Z", "maintenance.announced maintenance=m1 "
					    "from=2026-04-26T06:00:00Z to=2026-04-26T10:00:00Z"},
		   {"2026-04-26T06:00:00Z", "maintenance.started maintenance=m1"},
		   {"2026-04-26T09:00:00Z", "maintenance.ended maintenance=m1"}},
	 .minutes = 240 + 180},
};

static void test_announcements(void)
{
	static const struct day_range night = {0, 480}, evening = {1320, 1440};

	for (size_t i = 0; i < ARRAY_SIZE(announcements); i++) {
		struct fixture x;

		fixture_init(&x);

		struct maintenance_window windows[] = {
			{.id = text_of("sat"), .days = 1u << 5, .open = &evening, .n_open = 1},
			{.id = text_of("sun"),
			 .days = 1u << 6,
			 .open = &night,
			 .n_open = 1,
			 .zone = x.p.zone}};

		x.p.maintenance =
			(struct maintenance){.set = true,
					     .windows = windows,
					     .n_windows = announcements[i].windows ? 2 : 0,
					     .notice_routine = hours(24),
					     .notice_emergency = hours(4),
					     .change_record = announcements[i].change_record};
		(void)fact_by(&x, announcements[i].party, announcements[i].announced,
			      announcements[i].recorded, announcements[i].words);
		for (size_t k = 0; k < 4 && announcements[i].later[k].when != NULL; k++)
			(void)fact_add(&x, announcements[i].later[k].when,
				       announcements[i].later[k].words);

		struct spans s = maintenance_spans(x.arena, fixture_view(&x), &x.p);

		is_i64(spans_length_ms(s), announcements[i].minutes * MINUTE_MS, "%s",
		       announcements[i].name);
		fixture_free(&x);
	}
}

/* Notice accepted afterwards by the client happened when the provider says (R12). */
static void test_accepted_notice(void)
{
	struct fixture x;

	fixture_init(&x);
	x.p.maintenance = (struct maintenance){.set = true, .notice_routine = hours(24)};

	uint32_t f =
		fact_by(&x, PARTY_PROVIDER, "2026-04-10T06:00:00Z", "2026-04-20T00:00:00Z", WORK);
	char words[64];

	is_i64(spans_length_ms(maintenance_spans(x.arena, fixture_view(&x), &x.p)), 0,
	       "announced after the work, whatever it says");
	(void)snprintf(words, sizeof(words), "fact.accepted fact=fact-%u", f);
	(void)fact_by(&x, PARTY_CLIENT, "2026-04-21T00:00:00Z", NULL, words);
	is_i64(spans_length_ms(maintenance_spans(x.arena, fixture_view(&x), &x.p)), 4 * HOUR_MS,
	       "accepted by the client, it is announced in time");
	fixture_free(&x);
}

#define ASKED "obligation.requested event=q1 obligation=access"
#define BROKEN "obligation.breached event=q2 obligation=channel"

/* access: within 4 h; channel: standing; vague: neither. All excuse metric 0 but other. */
static const struct {
	const char *name;
	const char *asked, *recorded;
	const char *words;
	const char *met, *met_words;
	const char *ticket;
	int metric;
	const char *from, *to; /* NULL: nothing excused */
} duties[] = {
	{"W22 in plain hours: beyond the allowance until met", "2026-02-03T16:00:00Z", NULL,
	 ASKED " tickets=T1", "2026-02-04T15:15:00Z", "obligation.met event=q1", "T1", 0,
	 "2026-02-03T20:00:00Z", "2026-02-04T15:15:00Z"},
	{"another ticket", "2026-02-03T16:00:00Z", NULL, ASKED " tickets=T1",
	 "2026-02-04T15:15:00Z", "obligation.met event=q1", "T2", 0, NULL, NULL},
	{"two tickets named, the second", "2026-02-03T16:00:00Z", NULL,
	 ASKED " tickets=T1 tickets=T2", "2026-02-04T15:15:00Z", "obligation.met event=q1", "T2", 0,
	 "2026-02-03T20:00:00Z", "2026-02-04T15:15:00Z"},
	{"no ticket named, asked without a ticket", "2026-02-03T16:00:00Z", NULL, ASKED,
	 "2026-02-04T15:15:00Z", "obligation.met event=q1", NULL, 0, "2026-02-03T20:00:00Z",
	 "2026-02-04T15:15:00Z"},
	{"no ticket named excuses no ticket", "2026-02-03T16:00:00Z", NULL, ASKED,
	 "2026-02-04T15:15:00Z", "obligation.met event=q1", "T1", 0, NULL, NULL},
	{"met inside the allowance", "2026-02-03T16:00:00Z", NULL, ASKED " tickets=T1",
	 "2026-02-03T20:00:00Z", "obligation.met event=q1", "T1", 0, NULL, NULL},
	{"met is of another request", "2026-02-03T16:00:00Z", NULL, ASKED " tickets=T1",
	 "2026-02-04T15:15:00Z", "obligation.met event=q9", "T1", 0, "2026-02-03T20:00:00Z",
	 "2026-03-01T00:00:00Z"},
	{"asked on paper later than it says", "2026-02-03T16:00:00Z", "2026-02-03T18:00:00Z",
	 ASKED " tickets=T1", "2026-02-04T15:15:00Z", "obligation.met event=q1", "T1", 0,
	 "2026-02-03T22:00:00Z", "2026-02-04T15:15:00Z"},
	{"a standing duty: from the breach", "2026-02-03T16:00:00Z", "2026-02-03T18:00:00Z",
	 BROKEN " tickets=T1", "2026-02-04T15:15:00Z", "obligation.met event=q2", "T1", 0,
	 "2026-02-03T16:00:00Z", "2026-02-04T15:15:00Z"},
	{"a metric that it does not excuse", "2026-02-03T16:00:00Z", NULL, ASKED " tickets=T1",
	 "2026-02-04T15:15:00Z", "obligation.met event=q1", "T1", 1, NULL, NULL},
	{"a breach of a duty that stands not", "2026-02-03T16:00:00Z", NULL,
	 "obligation.breached event=q1 obligation=access tickets=T1", "2026-02-04T15:15:00Z",
	 "obligation.met event=q1", "T1", 0, NULL, NULL},
	{"a duty without a date", "2026-02-03T16:00:00Z", NULL,
	 "obligation.requested event=q1 obligation=vague tickets=T1", "2026-02-04T15:15:00Z",
	 "obligation.met event=q1", "T1", 0, NULL, NULL},
	{"a duty that the contract does not know", "2026-02-03T16:00:00Z", NULL,
	 "obligation.requested event=q1 obligation=coffee tickets=T1", "2026-02-04T15:15:00Z",
	 "obligation.met event=q1", "T1", 0, NULL, NULL},
};

static void test_duties(void)
{
	static const int metrics[] = {0};
	const struct obligation obligations[] = {
		{.id = text_of("access"), .within = hours(4), .excuses = metrics, .n_excuses = 1},
		{.id = text_of("channel"), .standing = true, .excuses = metrics, .n_excuses = 1},
		{.id = text_of("vague"), .excuses = metrics, .n_excuses = 1}};

	for (size_t i = 0; i < ARRAY_SIZE(duties); i++) {
		struct fixture x;
		symbol ticket = 0;

		fixture_init(&x);
		x.as_of = at("2026-03-01T00:00:00Z");
		x.p.obligations = obligations;
		x.p.n_obligations = ARRAY_SIZE(obligations);
		(void)fact_by(&x, PARTY_PROVIDER, duties[i].asked, duties[i].recorded,
			      duties[i].words);
		(void)fact_by(&x, PARTY_CLIENT, duties[i].met, NULL, duties[i].met_words);
		if (duties[i].ticket != NULL)
			ticket = symbol_add(x.facts->symbols, text_of(duties[i].ticket));

		struct spans s =
			obligation_spans(x.arena, fixture_view(&x), &x.p, duties[i].metric, ticket);

		if (duties[i].from == NULL)
			is_i64((int64_t)s.n, 0, "%s", duties[i].name);
		else
			ok(s.n == 1 && s.v[0].from == at(duties[i].from) &&
				   s.v[0].to == at(duties[i].to),
			   "%s", duties[i].name);
		fixture_free(&x);
	}
}

int main(void)
{
	test_announcements();
	test_accepted_notice();
	test_duties();
	return tap_done();
}
