/* SPDX-License-Identifier: Apache-2.0 */
/* Flags that need no promise (sla.md R14): of one fact, of a ticket, of outages, of two who tell the same. */
#include "facts/check.h"

#include "files.h"

#define AT(time) "\"occurred_at\":\"2026-03-02T" time "Z\",\"recorded_at\":\"2026-03-02T" time "Z\""
#define TICKET(kind, time) "{\"kind\":\"ticket." kind "\"," AT(time) ",\"ticket\":\"T1\"}\n"

/* Two files of two parties; the flags of all facts in order of arrival, without those of precision. */
static const struct {
	const char *name, *first, *second;
	const char *flags;
} cases[] = {
	{"a clean life",
	 TICKET("logged", "09:00:00") TICKET("assigned", "09:10:00")
		 TICKET("waiting_client", "10:00:00") TICKET("resumed", "11:00:00")
			 TICKET("restored", "12:00:00") TICKET("closed", "13:00:00"),
	 NULL, "- - - - - -"},
	{"late and future, at the borders",
	 "{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-01T00:00:00Z\",\"recorded_at\":"
	 "\"2026-03-04T00:00:00Z\","
	 "\"ticket\":\"a\"}\n"
	 "{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-01T00:00:00Z\",\"recorded_at\":"
	 "\"2026-03-04T00:00:00.001Z\","
	 "\"ticket\":\"b\"}\n"
	 "{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-01T00:05:00Z\",\"recorded_at\":"
	 "\"2026-03-01T00:00:00Z\","
	 "\"ticket\":\"c\"}\n"
	 "{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-01T00:05:00.001Z\",\"recorded_at\":"
	 "\"2026-03-01T00:00:00Z\","
	 "\"ticket\":\"d\"}\n",
	 NULL, "- late - future"},
	{"the same instant",
	 TICKET("logged", "09:00:00") TICKET("assigned", "09:00:00") TICKET("closed", "10:00:00"),
	 NULL, "same_time same_time -"},
	{"before it was logged", TICKET("restored", "08:00:00") TICKET("logged", "09:00:00"), NULL,
	 "out_of_order -"},
	{"without being logged at all", TICKET("restored", "08:00:00"), NULL, "-"},
	{"resumed without a pause; a stop ends a pause",
	 TICKET("logged", "09:00:00") TICKET("resumed", "09:10:00")
		 TICKET("waiting_vendor", "09:20:00") TICKET("restored", "09:30:00")
			 TICKET("resumed", "09:40:00"),
	 NULL, "- out_of_order - - out_of_order"},
	{"reopened without a stop", TICKET("logged", "09:00:00") TICKET("reopened", "10:00:00"),
	 NULL, "- out_of_order"},
	{"reopened twice",
	 TICKET("logged", "09:00:00") TICKET("closed", "10:00:00") TICKET("reopened", "11:00:00")
		 TICKET("reopened", "12:00:00"),
	 NULL, "- - - out_of_order"},
	{"after it was merged",
	 TICKET("logged", "09:00:00") "{\"kind\":\"ticket.merged\"," AT(
		 "10:00:00") ",\"ticket\":\"T1\",\"into\":\"T2\"}\n" TICKET("message", "11:00:00"),
	 NULL, "- - out_of_order"},
	{"outages of one asset overlap; touching and other assets do not",
	 "{\"kind\":\"outage.began\"," AT(
		 "09:00:00") ",\"outage\":\"o1\",\"assets\":[\"a\"]}\n"
			     "{\"kind\":\"outage.ended\"," AT(
				     "10:00:00") ",\"outage\":\"o1\"}\n"
						 "{\"kind\":\"outage.began\"," AT(
							 "09:59:59") ",\"outage\":\"o2\","
								     "\"assets\":[\"b\",\"a\"]}\n"
								     "{\"kind\":\"outage."
								     "ended\"," AT(
									     "11:00:00") ",\"outage"
											 "\":"
											 "\"o2\"}\n"
											 "{\"kind\""
											 ":\"outage"
											 ".began\""
											 "," AT("11"
												":0"
												"0:"
												"0"
												"0") ",\"outage\":\"o3\",\"assets\":[\"a\"]}\n"
												     "{\"kind\":\"outage.ended\"," AT(
													     "12:00:00") ",\"outage\":\"o3\"}\n"
															 "{\"kind\":\"outage.began\"," AT(
																 "11:30:00") ",\"outage\":\"o4\",\"assets\":[\"c\"]}\n",
	 NULL, "overlapping overlapping overlapping overlapping - - -"},
	{"one without an end overlaps all that follow; one of no length does not",
	 "{\"kind\":\"outage.began\"," AT(
		 "09:00:00") ",\"outage\":\"o1\",\"assets\":[\"a\"]}\n"
			     "{\"kind\":\"outage.began\"," AT(
				     "10:00:00") ",\"outage\":\"o2\",\"assets\":[\"a\"]}\n"
						 "{\"kind\":\"outage.ended\"," AT(
							 "10:00:00") ",\"outage\":\"o2\"}\n"
								     "{\"kind\":\"outage."
								     "began\"," AT(
									     "11:00:00") ",\"outage"
											 "\":"
											 "\"o3\","
											 "\"assets"
											 "\":["
											 "\"a\"]}"
											 "\n",
	 NULL, "overlapping same_time same_time overlapping"},
	{"an end before its start",
	 "{\"kind\":\"outage.began\"," AT("09:00:00") ",\"outage\":\"o1\",\"assets\":[\"a\"]}\n"
						      "{\"kind\":\"outage.ended\"," AT(
							      "08:00:00") ",\"outage\":\"o1\"}\n",
	 NULL, "- out_of_order"},
	{"two tell the same, 60 s apart",
	 TICKET("logged", "09:00:00") TICKET("restored", "10:00:00"),
	 TICKET("restored", "10:01:00"), "- - -"},
	{"two tell the same, more than 60 s apart",
	 TICKET("logged", "09:00:00") TICKET("restored", "10:00:00"),
	 TICKET("restored", "10:01:01"), "- contradicting contradicting"},
	{"two give other content",
	 "{\"kind\":\"ticket.logged\"," AT(
		 "09:00:00") ",\"ticket\":\"T1\",\"priority\":\"P1\",\"channel\":\"email\"}\n",
	 "{\"kind\":\"ticket.logged\"," AT("09:00:10") ",\"ticket\":\"T1\",\"priority\":\"P2\"}\n",
	 "contradicting contradicting"},
	{"what one leaves out is no contradiction",
	 "{\"kind\":\"ticket.logged\"," AT(
		 "09:00:00") ",\"ticket\":\"T1\",\"priority\":\"P1\",\"channel\":\"email\"}\n",
	 "{\"kind\":\"ticket.logged\"," AT("09:00:10") ",\"ticket\":\"T1\",\"priority\":\"P1\"}\n",
	 "- -"},
	{"the second restoring of one is the second of the other",
	 TICKET("logged", "09:00:00") TICKET("restored", "10:00:00") TICKET("reopened", "11:00:00")
		 TICKET("restored", "12:00:00"),
	 TICKET("restored", "10:00:30") TICKET("restored", "12:30:00"),
	 "- - - contradicting - contradicting"},
	{"samples of one instant that differ",
	 "{\"kind\":\"probe.sample\"," AT("09:00:00") ",\"asset\":\"a\",\"state\":\"up\"}\n",
	 "{\"kind\":\"probe.sample\"," AT("09:00:00") ",\"asset\":\"a\",\"state\":\"down\"}\n",
	 "contradicting,same_time contradicting,same_time"},
	{"what was corrected is left out of account",
	 "{\"id\":\"x\",\"kind\":\"ticket.restored\"," AT(
		 "08:00:00") ",\"ticket\":\"T1\"}\n"
			     "{\"id\":\"y\",\"corrects\":\"x\",\"kind\":\"ticket.restored\"," AT(
				     "10:00:00") ",\"ticket\":\"T1\"}\n" TICKET("logged",
										"09:00:00"),
	 NULL, "- - -"},
};

static void print_flags(const struct facts *f, struct buf *out)
{
	for (size_t i = 0; i < f->n; i++) {
		bool any = false;

		if (i > 0)
			buf_char(out, ' ');
		for (unsigned bit = 0; bit < FACT_FLAG_BITS; bit++)
			if ((f->v[i].flags & 1u << bit) != 0) {
				buf_printf(out, "%s%s", any ? "," : "",
					   flag_word((enum fact_flag)(1u << bit)));
				any = true;
			}
		if (!any)
			buf_char(out, '-');
	}
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct import_options o = plain_options("one");
		struct imported im;
		struct buf b;

		o.party = PARTY_PROVIDER;
		im = import_text(text_of(cases[i].first), &o, 0);
		o.party = PARTY_CLIENT;
		if (cases[i].second != NULL)
			import_more(&im, text_of(cases[i].second), &o, 0);
		buf_init(&b, 1 << 16);
		print_flags(im.facts, &b);
		is_text(buf_view(&b), cases[i].flags, "%s", cases[i].name);
		/* Checking again changes nothing. */
		facts_check(im.facts);
		buf_clear(&b);
		print_flags(im.facts, &b);
		is_text(buf_view(&b), cases[i].flags, "%s: once more", cases[i].name);
		buf_free(&b);
		imported_free(&im);
	}
	return tap_done();
}
