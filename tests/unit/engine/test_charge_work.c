/* SPDX-License-Identifier: Apache-2.0 */
/* Work and prepaid hours (money.md R27 to R35, X17 to X24). The fixture's support calendar: Monday to Friday 07:30 to 18:00. */
#include "money_fixture.h"

#include "tap.h"

#define REMOTE(more)                                                                               \
	"charges: [{id: remote, type: time, unit: hour, price: \"140.00 USD\", increment: 15min, " \
	"minimum: 15min" more "}]\n"
#define EMERGENCY                                                                                  \
	"charges: [{id: night, type: time, unit: hour, price: \"240.00 USD\", increment: 30min, "  \
	"minimum: 1h, multipliers: "                                                               \
	"[{id: late, outside: support, factor: \"1.5\"}, {id: holiday, holiday_of: support, "      \
	"factor: 2}]}]\n"
#define THREE_FIVES                                                                                \
	"2026-06-03 10:00 work.recorded provider entry=e1 minutes=5 ticket=T-1\n"                  \
	"2026-06-03 11:00 work.recorded provider entry=e2 minutes=5 ticket=T-1\n"                  \
	"2026-06-04 10:00 work.recorded provider entry=e3 minutes=5 ticket=T-1\n"

static const struct {
	const char *name, *blocks, *facts, *charge;
	const char *total, *nets; /* of June 2026 */
} cases[] = {
	{"X17: three entries of five minutes, each for itself", REMOTE(""), THREE_FIVES, "remote",
	 "105.00", "105.00"},
	{"X17: per ticket", REMOTE(", increment_per: ticket"), THREE_FIVES, "remote", "35.00",
	 "35.00"},
	{"X17: per day and ticket", REMOTE(", increment_per: day"), THREE_FIVES, "remote", "70.00",
	 "70.00"},
	{"two tickets are not one", REMOTE(", increment_per: ticket"),
	 "2026-06-03 10:00 work.recorded provider entry=e1 minutes=5 ticket=T-1\n"
	 "2026-06-03 10:10 work.recorded provider entry=e2 minutes=5 ticket=T-2\n",
	 "remote", "70.00", "70.00"},
	{"without a ticket each stands alone", REMOTE(", increment_per: ticket"),
	 "2026-06-03 10:00 work.recorded provider entry=e1 minutes=5\n"
	 "2026-06-03 10:10 work.recorded provider entry=e2 minutes=5\n",
	 "remote", "70.00", "70.00"},
	{"nearest rounds down, too", REMOTE(", increment_rounding: nearest"),
	 "2026-06-03 10:00 work.recorded provider entry=e1 minutes=22\n", "remote", "35.00",
	 "35.00"},
	{"nearest at the middle rounds up", REMOTE(", increment_rounding: nearest"),
	 "2026-06-03 10:00 work.recorded provider entry=e1 minutes=38\n", "remote", "105.00",
	 "105.00"},
	{"X18: on site, 20 minutes",
	 "charges: [{id: onsite, type: time, price: \"165.00 USD\", increment: 30min, minimum: "
	 "1h}]\n",
	 "2026-06-03 10:00 work.recorded provider entry=e1 minutes=20\n", "onsite", "165.00",
	 "165.00"},
	{"X18: 65 minutes",
	 "charges: [{id: onsite, type: time, price: \"165.00 USD\", increment: 30min, minimum: "
	 "1h}]\n",
	 "2026-06-03 10:00 work.recorded provider entry=e1 minutes=65\n", "onsite", "247.50",
	 "247.50"},
	{"X18: nothing billable stays nothing",
	 "charges: [{id: onsite, type: time, price: \"165.00 USD\", increment: 30min, minimum: "
	 "1h}]\n",
	 "2026-06-03 10:00 work.recorded provider entry=e1 minutes=0\n", "onsite", "0.00", ""},
	{"X19: 17:20 to 18:10 on a Wednesday", EMERGENCY,
	 "2026-06-03 17:20 work.recorded provider entry=e1 minutes=50\n", "night", "280.00",
	 "160.00 120.00"},
	{"X20: a holiday evening, the largest factor", EMERGENCY,
	 "2026-06-19 19:00 work.recorded provider entry=e1 minutes=120\n", "night", "960.00",
	 "960.00"},
	{"over midnight into a holiday", EMERGENCY,
	 "2026-06-18 23:00 work.recorded provider entry=e1 minutes=120\n", "night", "840.00",
	 "360.00 480.00"},
	{"included hours go first, in the order of work", REMOTE(", included: {qty: 1, per: 1mo}"),
	 "2026-06-10 10:00 work.recorded provider entry=e2 minutes=60\n"
	 "2026-06-03 10:00 work.recorded provider entry=e1 minutes=30\n",
	 "remote", "70.00", "70.00 0.00"},
	{"covered work is shown at nothing", REMOTE(""),
	 "2026-06-03 10:00 work.recorded provider entry=e1 minutes=30\n"
	 "2026-06-03 12:00 work.recorded provider entry=e2 minutes=90 covered=help\n",
	 "remote", "70.00", "70.00"},
	{"work of May is not June's", REMOTE(""),
	 "2026-05-31 23:59 work.recorded provider entry=e1 minutes=30\n", "remote", "0.00", ""},
};

static void test_time(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct bill *b = bill_new();
		const struct item *it;

		bill_version(b, NULL, cases[i].blocks);
		engine_facts(b->e, cases[i].facts);
		bill_run(b, "2026-07-01");
		is_bill(b, cases[i].charge, "2026-06-01", cases[i].total, cases[i].name);
		it = bill_item(b, cases[i].charge, "2026-06-01", 0);
		is_text(bill_nets(b, it), cases[i].nets, "and its lines");
		bill_free(b);
	}
}

/* --- which charge, and is it approved (R30) --- */

static void test_coverage(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: a, type: time, price: \"100.00 USD\", service: help}, {id: b, "
		     "type: time, price: \"200.00 USD\"}]\n");
	engine_facts(
		b->e,
		"2026-06-01 09:00 ticket.logged client ticket=T-1 service=help\n"
		"2026-06-03 10:00 work.recorded provider entry=e1 minutes=60 ticket=T-1\n"
		"2026-06-03 12:00 work.recorded provider entry=e2 minutes=60\n"
		"2026-06-03 14:00 work.recorded provider entry=e3 minutes=60 charge=b\n"
		"2026-06-03 16:00 work.recorded provider entry=e4 minutes=60 charge=nothing\n");
	bill_run(b, "2026-07-01");
	is_bill(b, "a", "2026-06-01", "100.00", "the charge of the ticket's service");
	is_bill(b, "b", "2026-06-01", "200.00", "the charge that is named");
	is_i64((int64_t)b->c->n_waits, 2, "what fits two charges or none waits");
	bill_free(b);

	b = bill_new();
	bill_version(b, NULL, "charges: [{id: a, type: time, price: \"100.00 USD\"}]\n");
	engine_facts(b->e, "2026-06-03 12:00 work.recorded provider entry=e2 minutes=60\n");
	bill_run(b, "2026-06-30");
	is_i64((int64_t)bill_count(b, "a"), 5, "the current month is not due yet");
	bill_free(b);
}

/* --- prepaid --- */

#define BLOCK(more)                                                                                \
	"charges: [{id: remote, type: time, unit: hour, price: \"140.00 USD\"}, {id: block, "      \
	"type: prepaid, amount: \"1200.00 "                                                        \
	"USD\", hours: 10, draws_for: [remote]" more "}]\n"

static struct text hours(struct bill *b, struct fraction f)
{
	struct buf out;
	struct text t;

	buf_init(&out, 64);
	decimal_print(&out, fraction_round(f, 4, ROUND_HALF_UP));
	t = text_copy(b->e->arena, buf_view(&out));
	buf_free(&out);
	return t;
}

/* "10/7/3": bought, drawn, lapsed of each grant. */
static struct text grants(struct bill *b)
{
	struct text t = {"", 0};

	for (size_t i = 0; i < b->c->n_grants; i++) {
		const struct grant *g = &b->c->grants[i];

		t = text_format(b->e->arena, "%.*s%s%.*s/%.*s/%.*s", TEXT_ARG(t), i > 0 ? " " : "",
				TEXT_ARG(hours(b, g->bought)), TEXT_ARG(hours(b, g->drawn)),
				TEXT_ARG(hours(b, g->lapsed)));
	}
	return t;
}

static void test_rollover(void)
{
	struct bill *b = bill_new();

	/* X22: 10 h a month, at most 20 roll over, they live three months; used 4, 2, 0, 0, 35 */
	bill_version(b, NULL,
		     BLOCK(", period: 1mo, bill: advance, prorate: none, rollover: {max: 20, "
			   "expires: 3mo}, at_end: refund"));
	engine_facts(b->e, "2026-01-12 09:00 work.recorded provider entry=e1 minutes=240\n"
			   "2026-02-12 09:00 work.recorded provider entry=e2 minutes=120\n"
			   "2026-05-12 09:00 work.recorded provider entry=e3 minutes=2100\n");
	bill_run(b, "2026-06-01");
	is_text(grants(b), "10/6/4 10/0/10 10/10/0 10/10/0 10/10/0 10/0/0",
		"X22: what became of the grants");
	is_bill(b, "remote", "2026-05-01", "700.00", "X22: five hours of overage");
	is_bill(b, "remote", "2026-01-01", "0.00", "X22: January is drawn");
	is_bill(b, "block", "2026-06-01", "1200.00", "each month buys ten hours");
	bill_free(b);

	b = bill_new();
	bill_version(b, NULL, BLOCK(", period: 1mo, bill: advance, prorate: none"));
	engine_facts(b->e, "2026-01-12 09:00 work.recorded provider entry=e1 minutes=240\n"
			   "2026-02-12 09:00 work.recorded provider entry=e2 minutes=660\n");
	bill_run(b, "2026-03-01");
	is_text(grants(b), "10/4/6 10/10/0 10/0/0", "without a roll-over nothing carries");
	is_bill(b, "remote", "2026-02-01", "140.00", "an hour too many");
	bill_free(b);
}

static void test_purchases(void)
{
	struct bill *b = bill_new();

	/* X23: 20 h, 23 used; then 8 h more: the overage is billed, the new hours are whole */
	bill_version(b, NULL, BLOCK(""));
	engine_facts(
		b->e,
		"2026-01-05 09:00 prepaid.bought provider order=o1 charge=block quantity=2\n"
		"2026-01-12 09:00 work.recorded provider entry=e1 minutes=1380\n"
		"2026-02-05 09:00 prepaid.bought provider order=o2 charge=block quantity=0.8\n");
	bill_run(b, "2026-03-01");
	is_bill(b, "remote", "2026-01-01", "420.00", "X23: three hours of overage");
	is_text(grants(b), "20/20/0 8/0/0", "X23: eight hours are left");
	is_bill(b, "block", "2026-01-05", "2400.00", "two blocks");
	is_bill(b, "block", "2026-02-05", "960.00", "most of one");
	bill_free(b);

	/* X24: 6 of 10 hours for 1,200.00 are left at the end */
	for (int refund = 0; refund < 2; refund++) {
		b = bill_new();
		bill_version(b, NULL,
			     refund != 0 ? BLOCK(", at_end: refund") : BLOCK(", at_end: forfeit"));
		engine_facts(b->e,
			     "2026-01-05 09:00 prepaid.bought provider order=o1 charge=block\n"
			     "2026-01-12 09:00 work.recorded provider entry=e1 minutes=240\n");
		b->stop = bill_day("2026-03-01");
		bill_run(b, "2026-03-01");
		is_text(grants(b), "10/4/6", "X24: six hours are left");
		if (refund != 0)
			is_bill(b, "block", "2026-02-28", "-720.00",
				"X24: paid back at the price paid");
		else
			is_bill(b, "block", "2026-03-01", "0.00", "X24: forfeited, and shown");
		bill_free(b);
	}
}

static void test_order(void)
{
	struct bill *b = bill_new();

	/* X21: A to 1 July, B to 1 January; the late entry for June burns June's hours */
	bill_version(b, NULL,
		     "charges: [{id: remote, type: time, price: \"140.00 USD\"}, {id: a, type: "
		     "prepaid, amount: \"1400.00 USD\", hours: 10, "
		     "draws_for: [remote], rollover: {max: 100, expires: 1mo}}, {id: b, type: "
		     "prepaid, amount: \"1400.00 USD\", hours: 10, "
		     "draws_for: [remote], rollover: {max: 100, expires: 7mo}}]\n");
	engine_facts(b->e, "2026-06-01 00:00 prepaid.bought provider order=oa charge=a\n"
			   "2026-06-01 00:00 prepaid.bought provider order=ob charge=b\n"
			   "2026-06-20 09:00 work.recorded provider entry=e1 minutes=420\n"
			   "2026-07-10 09:00 work.recorded provider entry=e3 minutes=780\n"
			   "2026-06-29 09:00 work.recorded provider entry=e2 minutes=120\n");
	bill_run(b, "2026-08-01");
	is_text(grants(b), "10/9/1 10/10/0", "X21: one hour of A lapses");
	is_bill(b, "remote", "2026-07-01", "420.00", "X21: three hours of overage");
	bill_free(b);

	/* FK-30: the older grant has the later expiry */
	for (int oldest = 0; oldest < 2; oldest++) {
		b = bill_new();
		bill_version(b, NULL,
			     text_format(b->e->arena,
					 "charges: [{id: remote, type: time, price: \"140.00 "
					 "USD\"}, {id: a, type: prepaid, amount: \"1400.00 "
					 "USD\", hours: 10, draws_for: [remote], burn: %s, "
					 "rollover: {max: 100, expires: 12mo}}, {id: b, type: "
					 "prepaid, amount: \"1400.00 USD\", hours: 10, draws_for: "
					 "[remote], burn: %s, rollover: {max: 100, "
					 "expires: 1mo}}]\n",
					 oldest != 0 ? "oldest" : "earliest_expiry",
					 oldest != 0 ? "oldest" : "earliest_expiry")
				     .p);
		engine_facts(b->e,
			     "2026-01-01 00:00 prepaid.bought provider order=oa charge=a\n"
			     "2026-06-01 00:00 prepaid.bought provider order=ob charge=b\n"
			     "2026-06-20 09:00 work.recorded provider entry=e1 minutes=240\n");
		bill_run(b, "2026-06-30");
		is_text(grants(b), oldest != 0 ? "10/4/0 10/0/0" : "10/0/0 10/4/0", "FK-30: %s",
			oldest != 0 ? "oldest" : "earliest_expiry");
		bill_free(b);
	}
}

static void test_factor_draws(void)
{
	struct bill *b = bill_new();

	/* R33: an hour at factor 1.5 draws an hour and a half, and what is not covered is billed at its factor */
	bill_version(b, NULL,
		     "charges: [{id: night, type: time, price: \"100.00 USD\", multipliers: [{id: "
		     "late, outside: support, factor: \"1.5\"}]}, "
		     "{id: block, type: prepaid, amount: \"300.00 USD\", hours: 3, draws_for: "
		     "[night]}]\n");
	engine_facts(b->e, "2026-06-01 00:00 prepaid.bought provider order=o charge=block\n"
			   "2026-06-03 20:00 work.recorded provider entry=e1 minutes=180\n");
	bill_run(b, "2026-07-01");
	is_text(grants(b), "3/3/0", "three hours are drawn");
	is_bill(b, "night", "2026-06-01", "150.00",
		"by two of the three hours worked; one is billed");
	is_text(bill_nets(b, bill_item(b, "night", "2026-06-01", 0)), "150.00 0.00",
		"and the drawn ones are a line at nothing");
	bill_free(b);
}

/* --- fair use (services[].limits, docs/decisions/0013) --- */

#define LIMITED(what, max, per)                                                                    \
	", limits: [{id: fair, what: " what ", max: " max ", per: " per ", beyond: extra}]"
#define EXTRA                                                                                      \
	"sla: {priorities: [{id: P1, name: high}, {id: P2, name: low}]}\n"                         \
	"charges: [{id: extra, type: time, price: \"100.00 USD\"}, {id: other, type: time, "       \
	"price: "                                                                                  \
	"\"10.00 USD\", service: help}]\n"
#define TICKET(day, ticket, more)                                                                  \
	"2026-06-" day " 09:00 ticket.logged client ticket=" ticket " service=help" more "\n"
#define COVERED(day, entry, more)                                                                  \
	"2026-06-" day " 10:00 work.recorded provider entry=" entry                                \
	" minutes=60 covered=help" more "\n"

static const struct {
	const char *name, *limit, *facts;
	const char *extra, *other; /* of June */
	int64_t covered;           /* minutes shown at nothing in June */
} limits[] = {
	{"within the limit all is covered", LIMITED("ticket", "2", "1mo"),
	 TICKET("01", "A", "") TICKET("02", "B", "") COVERED("03", "1", " ticket=A")
		 COVERED("03", "2", " ticket=B"),
	 "0.00", "0.00", 120},
	{"the third ticket is beyond it", LIMITED("ticket", "2", "1mo"),
	 TICKET("01", "A", "") TICKET("02", "B", "") TICKET("03", "C", "")
		 COVERED("03", "1", " ticket=A") COVERED("04", "2", " ticket=C")
			 COVERED("05", "3", " ticket=C"),
	 "200.00", "0.00", 60},
	{"in the order of the tickets, not of the work", LIMITED("ticket", "1", "1mo"),
	 TICKET("02", "B", "") TICKET("01", "A", "") COVERED("03", "1", " ticket=B")
		 COVERED("04", "2", " ticket=A"),
	 "100.00", "0.00", 60},
	{"each period counts anew", LIMITED("ticket", "1", "1w"),
	 TICKET("03", "A", "") TICKET("08", "B", "") TICKET("14", "C", "")
		 COVERED("15", "1", " ticket=A") COVERED("15", "2", " ticket=B")
			 COVERED("15", "3", " ticket=C"),
	 "100.00", "0.00", 120},
	{"hours are counted from the beginning of service", LIMITED("ticket", "1", "24h"),
	 TICKET("01", "A",
		"") "2026-06-01 23:30 ticket.logged client ticket=B service=help\n"
		    "2026-06-02 00:30 ticket.logged client ticket=C service=help\n"
		    "2026-06-02 01:30 ticket.logged client ticket=D service=help\n" COVERED(
			    "03", "1", " ticket=B") COVERED("04", "2", " ticket=C")
			    COVERED("05", "3", " ticket=D"),
	 "200.00", "0.00", 60},
	{"withdrawn and merged tickets do not count", LIMITED("ticket", "1", "1mo"),
	 TICKET("01", "A", "") TICKET("02", "B", "") TICKET(
		 "03", "C", "") "2026-06-02 09:30 ticket.cancelled client ticket=A\n"
				"2026-06-03 09:30 ticket.merged provider ticket=C into=B\n" COVERED(
					"04", "1", " ticket=B") COVERED("05", "2", " ticket=C"),
	 "0.00", "0.00", 120},
	{"what is merged into a ticket beyond it is beyond, too", LIMITED("ticket", "1", "1mo"),
	 TICKET("01", "A", "") TICKET("02", "B", "")
		 TICKET("03", "C", "") "2026-06-03 09:30 ticket.merged provider ticket=C "
				       "into=B\n" COVERED("04", "1", " ticket=A")
					       COVERED("05", "2", " ticket=C"),
	 "100.00", "0.00", 60},
	{"an emergency is a ticket of the first priority", LIMITED("emergency_request", "1", "1mo"),
	 TICKET("01", "A", " priority=P1") TICKET("02", "B", " priority=P2")
		 TICKET("03", "C", " priority=P1") COVERED("03", "1", " ticket=A")
			 COVERED("04", "2", " ticket=B") COVERED("05", "3", " ticket=C"),
	 "100.00", "0.00", 120},
	{"by the priority agreed later", LIMITED("emergency_request", "1", "1mo"),
	 TICKET("01", "A", " priority=P1")
		 TICKET("03", "C",
			" priority=P1") "2026-06-04 09:00 ticket.priority_agreed provider ticket=C "
					"priority=P2\n" COVERED("05", "3", " ticket=C"),
	 "0.00", "0.00", 60},
	{"a visit is a ticket on a day", LIMITED("visit", "1", "1mo"),
	 TICKET("01", "A", "") COVERED(
		 "03", "1",
		 " ticket=A place=on_site") "2026-06-03 14:00 work.recorded provider entry=2 "
					    "minutes=30 covered=help ticket=A "
					    "place=on_site\n" COVERED("04", "3",
								      " ticket=A place=on_site")
						    COVERED("05", "4", " ticket=A place=remote"),
	 "100.00", "0.00", 150},
	{"without a ticket each visit is one", LIMITED("visit", "1", "1mo"),
	 COVERED("03", "1", " place=on_site") COVERED("04", "2", " place=on_site")
		 COVERED("04", "3", " place=on_site"),
	 "200.00", "0.00", 60},
	{"a restore is a ticket that was restored", LIMITED("restore", "1", "1mo"),
	 TICKET("01", "A", "") TICKET("02", "B", "") TICKET(
		 "03", "C", "") "2026-06-04 12:00 ticket.restored provider ticket=A\n"
				"2026-06-05 12:00 ticket.restored provider ticket=C\n" COVERED(
					"03", "1", " ticket=A") COVERED("04", "2", " ticket=B")
					COVERED("05", "3", " ticket=C"),
	 "100.00", "0.00", 120},
	{"other work on a ticket beyond it is under that charge", LIMITED("ticket", "0", "1mo"),
	 TICKET("01", "A", "") "2026-06-03 10:00 work.recorded provider entry=1 minutes=60 "
			       "ticket=A\n",
	 "100.00", "0.00", 0},
	{"but what names a charge is under the one it names", LIMITED("ticket", "0", "1mo"),
	 TICKET("01", "A", "") "2026-06-03 10:00 work.recorded provider entry=1 minutes=60 "
			       "ticket=A charge=other\n",
	 "0.00", "10.00", 0},
	{"work that another service covers is not beyond this one", LIMITED("ticket", "0", "1mo"),
	 TICKET("01", "A", "") "2026-06-03 10:00 work.recorded provider entry=1 minutes=60 "
			       "ticket=A covered=net\n",
	 "0.00", "0.00", 60},
};

static int64_t covered_minutes(const struct bill *b)
{
	int64_t sum = 0;

	for (size_t i = 0; i < b->c->n_items; i++) {
		const struct item *it = &b->c->items[i];

		if (it->service.from == bill_day("2026-06-01") && it->n_lines > 0 &&
		    it->lines[0].role == LINE_COVERED && text_starts(it->part, "covered."))
			sum += (int64_t)it->lines[0].quantity.num;
	}
	return sum;
}

static void test_limits(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct bill *b = bill_new();

		b->help = limits[i].limit;
		bill_version(b, NULL, EXTRA);
		engine_facts(b->e, limits[i].facts);
		bill_run(b, "2026-07-01");
		is_bill(b, "extra", "2026-06-01", limits[i].extra, limits[i].name);
		is_bill(b, "other", "2026-06-01", limits[i].other, "and the service's own charge");
		is_i64(covered_minutes(b), limits[i].covered, "and what is covered");
		bill_free(b);
	}
}

/* A line beyond a limit names it, says how many it gives and how many there were; covered work says so, too. */
static void test_limit_steps(void)
{
	struct bill *b = bill_new();
	const struct invoice_line *l;
	const struct item *it;

	b->help = LIMITED("ticket", "1", "1mo");
	bill_version(b, NULL, EXTRA);
	engine_facts(b->e, TICKET("01", "A", "") TICKET("02", "B", "") TICKET("03", "C", "")
				   COVERED("03", "1", " ticket=B") COVERED("04", "2", " ticket=C")
					   COVERED("05", "3", " ticket=A"));
	bill_run(b, "2026-07-01");
	it = bill_item(b, "extra", "2026-06-01", 0);
	is_i64((int64_t)it->n_lines, 1, "one line");
	l = &it->lines[0];
	is_text(l->part, "beyond.fair", "its part names the limit");
	is_i64(l->steps[0].what, STEP_FAIR_USE, "the first step, too");
	is_text(l->steps[0].value.text, "help.fair", "with its service");
	is_i64(l->steps[1].value.count, 1, "one is free");
	is_i64(l->steps[2].value.count, 3, "three there were");
	is_i64((int64_t)l->evidence.n_entries, 2, "on two time entries");
	it = bill_item(b, "extra", "2026-06-01", 1);
	if (!ok(it != NULL, "some work is covered"))
		return;
	l = &it->lines[0];
	is_text(l->part, "covered.help", "what is covered");
	is_i64(l->steps[1].what, STEP_FAIR_USE, "says how the limit stands");
	is_i64(l->steps[3].value.count, 3, "and how many there were");
	bill_free(b);
}

int main(void)
{
	test_limits();
	test_limit_steps();
	test_time();
	test_coverage();
	test_rollover();
	test_purchases();
	test_order();
	test_factor_draws();
	return tap_done();
}
