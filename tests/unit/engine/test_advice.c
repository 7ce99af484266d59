/* SPDX-License-Identifier: Apache-2.0 */
/* Suggestions and break-fix (money.md R136, R137, X59, X60). */
#include "engine/advice.h"

#include "money_fixture.h"

static const struct billing_settings settings = {.bounds_off = true};

static struct advice_input input_of(struct bill *b, const char *from, const char *to)
{
	return (struct advice_input){.charging = b->c,
				     .settings = &settings,
				     .window = {bill_day(from), bill_day(to)},
				     .end = bill_day("2027-01-01"),
				     .as_of = b->c->view->as_of,
				     .known_as_of = b->c->view->known_as_of};
}

static struct advices advices_of(struct bill *b, struct advice_input *in)
{
	struct advices out = {.n = 0};

	if (advice_make(b->e->arena, in, &out, &b->err) != RC_OK)
		engine_fail("advice", text_of(b->err.message));
	return out;
}

static const struct advice *option(const struct advices *all, enum advice_kind kind,
				   const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].kind == kind && text_is(all->v[i].option, name))
			return &all->v[i];
	engine_fail("no such advice", text_of(name));
	return NULL;
}

/* --- X59 --- */

#define LABOUR                                                                                     \
	"{id: labour, type: time, price: \"140.00 USD\", increment: 15min, period: 1mo, service: " \
	"help}"
#define POOL(id, hours, amount, more)                                                              \
	"{id: " id ", type: prepaid, hours: " hours ", amount: \"" amount " USD\", draws_for: "    \
	"[labour], at_end: forfeit" more "}"
#define SIZES                                                                                      \
	"charges: [" LABOUR ", " POOL("pool", "10", "1200.00", ", period: 1mo") ", " POOL(         \
		"twelve", "12", "1416.00", "") ", " POOL("fifteen", "15", "1740.00", "") "]\n"

static void work_months(struct bill *b)
{
	static const int hours[] = {13, 12, 15, 11, 14, 12};

	for (int m = 0; m < 6; m++)
		engine_facts(b->e,
			     text_format(b->e->arena,
					 "2026-%02d-12 09:00 work.recorded provider entry=E%d "
					 "minutes=%d charge=labour\n",
					 m + 1, m, hours[m] * 60)
				     .p);
}

static void test_sizes(void)
{
	struct bill *b = bill_new();
	struct advice_input in;
	struct advices all;

	bill_version(b, NULL, SIZES);
	work_months(b);
	bill_run(b, "2026-07-01");
	in = input_of(b, "2026-01-01", "2026-07-01");
	all = advices_of(b, &in);
	is_i64(all.total, 958000, "X59: 10 h at 1,200.00");
	is_i64(option(&all, ADVICE_HOURS, "twelve")->then, 933600, "X59: 12 h at 1,416.00");
	is_i64(option(&all, ADVICE_HOURS, "fifteen")->then, 1044000, "X59: 15 h at 1,740.00");
	is_i64(option(&all, ADVICE_NO_HOURS, "")->then, 77 * 14000, "none: 77 h at 140.00");
	is_i64((int64_t)all.n_saves, 1, "one saves");
	is_text(all.v[0].option, "twelve", "X59: suggest 12");
	is_i64(all.v[0].saving, 24400, "X59: saving 244.00");
	is_i64((int64_t)all.v[0].n_rows, 2, "two charges change");
	is_text(all.v[0].rows[0].charge, "labour", "overage");
	is_i64(all.v[0].rows[0].now, 17 * 14000, "17 h over");
	is_i64(all.v[0].rows[0].then, 6 * 14000, "6 h over");
	is_i64(all.v[0].rows[1].then - all.v[0].rows[1].now, 6 * 21600, "the dearer blocks");
	bill_free(b);
}

/* What is saved must not be billed as a shortfall. */
static void test_commitment(void)
{
	struct bill *b = bill_new();
	struct advice_input in;
	struct advices all;

	bill_version(b, NULL,
		     SIZES
		     "commitment: {amount: \"18800.00 USD\", per: 1y, counts: [labour, pool], "
		     "shortfall: bill_difference}\n");
	work_months(b);
	bill_run(b, "2026-07-01");
	in = input_of(b, "2026-01-01", "2026-07-01");
	all = advices_of(b, &in);
	is_i64((int64_t)all.n_saves, 0, "9,336.00 is less than half of 18,800.00");
	is_i64(option(&all, ADVICE_HOURS, "twelve")->verdict, ADVICE_COMMITTED, "and says why");
	bill_free(b);
}

/* --- paying ahead --- */

static void test_ahead(void)
{
	struct bill *b = bill_new();
	struct advice_input in;
	struct advices all;

	bill_version(b, NULL,
		     "charges: [{id: care, type: recurring, amount: \"1000.00 USD\", period: 1mo}, "
		     "{id: early, type: discount, pct: 5%, applies_to: [care], when: "
		     "paid_year_ahead}]\n");
	bill_run(b, "2026-07-01");
	in = input_of(b, "2026-01-01", "2026-07-01");
	all = advices_of(b, &in);
	is_i64((int64_t)all.n_saves, 1, "one saves");
	is_i64(all.v[0].kind, ADVICE_AHEAD, "paying ahead");
	is_i64(all.v[0].saving, 30000, "5 %% of 6,000.00");
	bill_free(b);
}

/* --- idle units --- */

#define USERS                                                                                      \
	"charges: [{id: users, type: per_unit, unit: user, price: \"25.00 USD\", count: "          \
	"active_users, period: 1mo}]\n"
#define LIST "2026-01-01 00:00 units.listed provider list=L1 count=active_users units=u1,u2,u3\n"

static const struct {
	const char *name, *facts;
	int64_t idle, saving; /* for 6 months left; 0: no suggestion */
} idle_cases[] = {
	{"u2 was used lately, u1 and u3 were not",
	 LIST "2026-06-10 09:00 outage.began provider outage=O1 assets=u2 severity=down\n", 2,
	 30000},
	{"60 days ago is used: 2 May is, 1 May is not",
	 LIST "2026-05-02 09:00 outage.began provider outage=O1 assets=u2 severity=down\n"
	      "2026-05-01 09:00 outage.began provider outage=O2 assets=u1 severity=down\n"
	      "2026-06-01 09:00 outage.began provider outage=O3 assets=u3 severity=down\n",
	 1, 15000},
	{"nothing is known of any: silence says nothing", LIST, 0, 0},
	{"one that came lately is not idle",
	 LIST "2026-06-10 09:00 outage.began provider outage=O1 assets=u1,u2,u3 severity=down\n"
	      "2026-06-20 00:00 unit.added provider unit=u4 count=active_users\n",
	 0, 0},
};

static void test_idle(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(idle_cases); i++) {
		struct bill *b = bill_new();
		struct advice_input in;
		struct advices all;

		bill_version(b, NULL, USERS);
		engine_facts(b->e, idle_cases[i].facts);
		bill_run(b, "2026-07-01");
		in = input_of(b, "2026-01-01", "2026-07-01");
		all = advices_of(b, &in);
		is_i64(all.n == 0 ? 0 : (int64_t)all.v[0].n_units, idle_cases[i].idle, "%s",
		       idle_cases[i].name);
		is_i64(all.n == 0 ? 0 : all.v[0].saving, idle_cases[i].saving, "saving");
		bill_free(b);
	}
}

/* --- offers --- */

static void test_offer(void)
{
	struct bill *b = bill_new();
	struct advice_offer offers[2] = {{.name = text_of("peak")}, {.name = text_of("start")}};
	struct advice_input in;
	struct advices all;

	bill_version(b, NULL, USERS);
	engine_facts(b->e,
		     LIST "2026-06-20 00:00 unit.added provider unit=u4 count=active_users\n");
	bill_run(b, "2026-07-01");
	offers[0].pricing = bill_pricing(
		b, bill_file(b, "charges: [{id: users, type: per_unit, unit: user, price: \"25.00 "
				"USD\", count: active_users, count_at: peak, period: 1mo}]\n"));
	offers[1].pricing = bill_pricing(
		b, bill_file(b, "charges: [{id: users, type: per_unit, unit: user, price: \"25.00 "
				"USD\", count: active_users, count_at: period_start, period: "
				"1mo}]\n"));
	in = input_of(b, "2026-06-01", "2026-07-01");
	in.offers = offers;
	in.n_offers = ARRAY_SIZE(offers);
	all = advices_of(b, &in);
	is_i64(all.total, 10000, "4 at the end of June");
	is_i64(option(&all, ADVICE_OFFER, "start")->saving, 2500, "3 at its start");
	is_i64(option(&all, ADVICE_OFFER, "peak")->verdict, ADVICE_TOO_LITTLE, "peak is no less");
	is_i64(option(&all, ADVICE_OFFER, "start")->verdict, ADVICE_SAVES, "which is worth it");
	bill_free(b);
}

/* --- X60 --- */

#define RATES                                                                                      \
	"charges: [{id: bundle, type: recurring, amount: \"7200.00 USD\", period: 1mo, service: "  \
	"help}, {id: line, type: recurring, amount: \"99.00 USD\", period: 1mo, service: net}, "   \
	"{id: remote, type: time, price: \"140.00 USD\", increment: 15min, period: 1mo, service: " \
	"help}, {id: onsite, type: time, price: \"165.00 USD\", increment: 30min, minimum: 1h, "   \
	"period: 1mo}, {id: emergency, type: time, price: \"240.00 USD\", increment: 30min, "      \
	"minimum: 1h, period: 1mo, multipliers: [{id: late, factor: \"1.5\", outside: "            \
	"support}]}]\n"

static struct break_fix fixes_of(struct bill *b, struct advice_input *in)
{
	struct break_fix out = {.n_work = 0};

	if (break_fix_make(b->e->arena, in, &out, &b->err) != RC_OK)
		engine_fail("break-fix", text_of(b->err.message));
	return out;
}

static void test_break_fix(void)
{
	struct bill *b = bill_new();
	struct advice_input in;
	struct break_fix f;

	bill_version(b, NULL, RATES);
	engine_facts(b->e,
		     "2026-06-03 09:00 work.recorded provider entry=A minutes=2490 covered=help\n"
		     "2026-06-04 09:00 work.recorded provider entry=B minutes=360 covered=help "
		     "charge=onsite\n"
		     "2026-06-05 19:00 work.recorded provider entry=C minutes=180 covered=help "
		     "charge=emergency\n"
		     "2026-06-09 09:00 work.recorded provider entry=D minutes=60 charge=remote\n"
		     "2026-05-09 09:00 work.recorded provider entry=E minutes=60 covered=help\n"
		     "2026-06-10 09:00 ticket.logged client ticket=T1 service=help\n");
	bill_run(b, "2026-07-01");
	in = input_of(b, "2026-06-01", "2026-07-01");
	f = fixes_of(b, &in);
	is_i64((int64_t)f.n_work, 3, "three rates");
	is_i64(f.rated, 581000 + 99000 + 108000, "X60: 5,810.00 + 990.00 + 1,080.00");
	is_i64(f.fixed, 720000, "X60: the bundle, not the fee of another service");
	is_i64(f.rated - f.fixed, 68000, "X60: break-fix 680.00 dearer");
	is_i64(f.entries, 3, "covered work of June only");
	is_i64(f.unrated, 0, "all of it has a rate");
	is_i64(f.tickets, 1, "a ticket");
	is_i64(f.unworked, 1, "without work on record");
	bill_free(b);
}

/* R27: each entry pays the minimum; R137: what no charge fits is told, not guessed. */
static void test_minimum(void)
{
	struct bill *b = bill_new();
	struct advice_input in;
	struct break_fix f;

	bill_version(b, NULL, RATES);
	engine_facts(b->e,
		     "2026-06-03 09:00 work.recorded provider entry=A minutes=10 covered=help "
		     "charge=emergency\n"
		     "2026-06-04 09:00 work.recorded provider entry=B minutes=10 covered=help "
		     "charge=emergency\n"
		     "2026-06-05 09:00 work.recorded provider entry=C minutes=25 covered=net\n");
	bill_run(b, "2026-07-01");
	in = input_of(b, "2026-06-01", "2026-07-01");
	f = fixes_of(b, &in);
	is_i64(f.rated, 48000, "two emergencies, each an hour");
	is_i64(f.unrated, 1, "three charges may fit");
	is_i64(f.unrated_minutes, 25, "of 25 minutes");
	is_i64(f.fixed, 720000 + 9900, "the fees of both services");
	bill_free(b);
}

int main(void)
{
	test_sizes();
	test_commitment();
	test_ahead();
	test_idle();
	test_offer();
	test_break_fix();
	test_minimum();
	return tap_done();
}
