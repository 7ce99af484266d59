/* SPDX-License-Identifier: Apache-2.0 */
/* Leaving early (money.md R120 to R125, NF-9, X57). */
#include "engine/exit.h"

#include "money_fixture.h"

#define TERM "effective_date: \"2026-02-01\", initial: 36mo"
#define CHARGES                                                                                    \
	"charges: [{id: setup, type: one_time, amount: \"4500.00 USD\", due: effective_date, "     \
	"tax: "                                                                                    \
	"std}, {id: managed, type: recurring, amount: \"7200.00 USD\", period: 1mo, tax: std}, "   \
	"{id: users, type: recurring, amount: \"1200.00 USD\", period: 1mo, tax: std}]\n"          \
	"taxes: {categories: [{id: std, code: S, rate: 8%}, {id: out, code: O}]}\n"
#define STEPS                                                                                      \
	"steps: [{id: y1, from_month: 1, pct: 50%}, {id: y2, from_month: 13, pct: 35%}, {id: y3, " \
	"from_month: 25, pct: 20%}]"
#define FEE(more)                                                                                  \
	CHARGES "early_termination_fee: {triggers: [client_convenience, client_default], " more    \
		"}\n"
#define PCT "formula: pct_of_remaining, of: [managed, users], " STEPS

static const struct {
	const char *name, *blocks, *facts;
	const char *date, *returns; /* exit; NULL: stays away */
	int64_t total;
	const char *lines; /* parts and nets */
} cases[] = {
	{"X57", FEE(PCT ", plus: [unamortised_setup]"), NULL, "2027-08-15", NULL, 5210500,
	 "formula 4998000, unamortised_setup setup 212500"},
	{"X57: back after two whole months",
	 FEE(PCT ", plus: [unamortised_setup], rebate: {within: 6mo}"), NULL, "2027-08-15",
	 "2027-10-20", 5210500 - 3332000,
	 "formula 4998000, unamortised_setup setup 212500, rebate -3332000"},
	{"back too late", FEE(PCT ", rebate: {within: 6mo}"), NULL, "2027-08-15", "2028-02-15",
	 4998000, "formula 4998000"},
	{"rebate in full", FEE(PCT ", rebate: {within: 6mo, mode: full}"), NULL, "2027-08-15",
	 "2028-02-14", 0, "formula 4998000, rebate -4998000"},
	{"NF-9: the first of month 19", FEE(PCT ", plus: [unamortised_setup]"), NULL, "2027-08-01",
	 NULL, 5517000, "formula 5292000, unamortised_setup setup 225000"},
	{"month 12 is the first step's last", FEE(PCT), NULL, "2027-01-31", NULL, 420000 * 24,
	 "formula 10080000"},
	{"month 13", FEE(PCT), NULL, "2027-02-01", NULL, 294000 * 24, "formula 7056000"},
	{"younger than a month: a month of it", FEE(PCT), NULL, "2026-02-11", NULL, 420000 * 35,
	 "formula 14700000"},
	{"fixed", FEE("formula: fixed, amount: \"1000.00 USD\""), NULL, "2027-08-15", NULL, 100000,
	 "formula 100000"},
	{"remaining fees", FEE("formula: remaining_fees, of: [managed, users]"), NULL, "2027-08-15",
	 NULL, 840000 * 17, "formula 14280000"},
	{"of: none said is every recurring charge", FEE("formula: remaining_fees"), NULL,
	 "2027-08-15", NULL, 840000 * 17, "formula 14280000"},
	{"suppliers still binding, each a line",
	 FEE("formula: fixed, amount: \"1000.00 USD\", plus: [third_party_commitments]"),
	 "2026-03-01 09:00 supplier.committed provider statement=line amount=900 "
	 "to_date=2028-01-01\n"
	 "2026-03-01 09:00 supplier.committed provider statement=cloud amount=500 "
	 "to_date=2028-01-01\n"
	 "2026-05-01 09:00 supplier.committed provider statement=cloud amount=450 "
	 "to_date=2028-06-01\n"
	 "2026-03-01 09:00 supplier.committed provider statement=over amount=700 "
	 "to_date=2027-08-15\n"
	 "2026-03-01 09:00 supplier.committed provider statement=ended amount=700 "
	 "to_date=2028-01-01\n"
	 "2026-06-01 09:00 supplier.committed provider statement=ended amount=0 "
	 "to_date=2028-01-01\n",
	 "2027-08-15", NULL, 100000 + 90000 + 45000,
	 "formula 100000, third_party_commitments line 90000, third_party_commitments cloud 45000"},
	{"notice too short: 60 days from 1 August, left on the 15th",
	 FEE("formula: fixed, amount: \"1000.00 USD\", of: [managed, users], plus: "
	     "[notice_shortfall]") "termination: {partial: {allowed: false}, convenience: [{id: c, "
				   "by: client, notice: 60d, "
				   "fee: early_termination}]}\n",
	 "2027-08-01 09:00 notice.given client event=N1 notice=termination\n", "2027-08-15", NULL,
	 100000 + 28000 * 47, "formula 100000, notice_shortfall 1316000"},
	{"notice in time",
	 FEE("formula: fixed, amount: \"1000.00 USD\", plus: [notice_shortfall]") "termination: "
										  "{partial: "
										  "{allowed: "
										  "false}, "
										  "convenience: "
										  "[{id: c, by: "
										  "client, notice: "
										  "60d, "
										  "fee: "
										  "early_"
										  "termination}]}"
										  "\n",
	 "2027-06-15 09:00 notice.given client event=N1 notice=termination\n", "2027-08-15", NULL,
	 100000, "formula 100000"},
	{"savings are deducted", FEE(PCT ", mitigation: true"),
	 "2027-07-01 09:00 saving.stated provider statement=staff amount=10000\n"
	 "2027-07-02 09:00 saving.stated provider statement=licences amount=980\n",
	 "2027-08-15", NULL, 3900000,
	 "formula 4998000, mitigation staff -1000000, mitigation licences -98000"},
	{"never below zero", FEE(PCT ", mitigation: true"),
	 "2027-07-01 09:00 saving.stated provider statement=staff amount=100000\n", "2027-08-15",
	 NULL, 0, "formula 4998000, mitigation staff -4998000"},
	{"never more than staying: 17 months and 17 of 31 days",
	 FEE("formula: fixed, amount: \"500000.00 USD\", of: [managed, users], mitigation: true"),
	 NULL, "2027-08-15", NULL, 840000 * 17 + 460645, "formula 50000000, cap -35259355"},
	{"without mitigation a sum is a sum",
	 FEE("formula: fixed, amount: \"500000.00 USD\", of: [managed, users]"), NULL, "2027-08-15",
	 NULL, 50000000, "formula 50000000"},
	{"two categories share the fee",
	 "charges: [{id: managed, type: recurring, amount: \"7200.00 USD\", period: 1mo, tax: "
	 "std}, "
	 "{id: training, type: recurring, amount: \"1200.00 USD\", period: 1mo, tax: exempt}]\n"
	 "taxes: {categories: [{id: std, code: S, rate: 8%}, {id: exempt, code: E, exemption: "
	 "training}]}\n"
	 "early_termination_fee: {triggers: [client_convenience], formula: remaining_fees}\n",
	 NULL, "2027-08-15", NULL, 840000 * 17, "formula std 12240000, formula exempt 2040000"},
	{"discounts are in",
	 "charges: [{id: managed, type: recurring, amount: \"7200.00 USD\", period: 1mo}, {id: "
	 "less, "
	 "type: discount, pct: 10%, applies_to: [managed]}]\n"
	 "early_termination_fee: {triggers: [client_convenience], formula: remaining_fees}\n",
	 NULL, "2027-08-15", NULL, 648000 * 17, "formula 11016000"},
	{"so are bands, by the year before",
	 "charges: [{id: managed, type: recurring, amount: \"7200.00 USD\", period: 1mo}, {id: "
	 "less, "
	 "type: discount, applies_to: [managed], bands_of: net_charges_12mo, bands: [{id: b0, "
	 "from: "
	 "\"0.00 USD\", pct: 0%}, {id: b1, from: \"86400.00 USD\", pct: 10%}]}]\n"
	 "early_termination_fee: {triggers: [client_convenience], formula: remaining_fees, "
	 "average_over: 6mo}\n",
	 NULL, "2027-08-15", NULL, 648000 * 17, "formula 11016000"},
	{"after the end nothing is left", FEE(PCT), NULL, "2029-02-01", NULL, 0, ""},
};

static struct exit_quote quote_of(struct bill *b, const struct issued_document *issued, size_t n,
				  const char *date, const char *returns, enum exit_trigger cause)
{
	struct exit_quote q = {.due = false};
	struct exit_input in = {.charging = b->c,
				.issued = issued,
				.n_issued = n,
				.date = bill_day(date),
				.cause = cause,
				.end = DAY_NONE,
				.notice_on = DAY_NONE,
				.returns = returns != NULL ? bill_day(returns) : DAY_NONE};

	if (exit_make(b->e->arena, &in, &q, &b->err) != RC_OK)
		engine_fail("exit", text_of(b->err.message));
	return q;
}

static struct text lines_of(struct bill *b, const struct exit_quote *q)
{
	struct text t = {"", 0};

	for (size_t i = 0; i < q->n_lines; i++)
		t = text_format(b->e->arena, "%.*s%s%.*s %lld", TEXT_ARG(t), i > 0 ? ", " : "",
				TEXT_ARG(q->lines[i].part), (long long)q->lines[i].net);
	return t;
}

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct bill *b = bill_new();
		struct exit_quote q;

		b->term = TERM;
		bill_version(b, NULL, cases[i].blocks);
		if (cases[i].facts != NULL)
			engine_facts(b->e, cases[i].facts);
		bill_run(b, cases[i].date);
		q = quote_of(b, NULL, 0, cases[i].date, cases[i].returns, EXIT_CLIENT_CONVENIENCE);
		is_i64(q.total, cases[i].total, "%s", cases[i].name);
		is_text(lines_of(b, &q), cases[i].lines, "%s: lines", cases[i].name);
		for (size_t l = 0; l < q.n_lines; l++)
			if (q.lines[l].n_steps == 0)
				ok(false, "%s: a line without steps", cases[i].name);
		bill_free(b);
	}
}

static void test_inputs(void)
{
	struct bill *b = bill_new();
	struct exit_quote q;

	b->term = TERM;
	bill_version(b, NULL, FEE(PCT ", nature: liquidated_damages"));
	bill_run(b, "2027-08-15");
	q = quote_of(b, NULL, 0, "2027-08-15", NULL, EXIT_CLIENT_DEFAULT);
	is_i64(q.month, 19, "X57: month 19");
	is_i64(q.months_left, 17, "X57: 17 months left");
	is_i64(q.months_counted, 12, "X57: of the last 12 full months");
	is_i64((int64_t)(q.average.num / q.average.den), 8400, "X57: at 8,400.00");
	ok(q.damages, "R124: damages");
	is_text(q.lines[0].category, "out", "R124: outside the scope");
	q = quote_of(b, NULL, 0, "2027-08-15", NULL, EXIT_PROVIDER_DEFAULT);
	ok(!q.due && q.n_lines == 0 && q.total == 0, "R120: none if the cause is not a trigger");
	bill_free(b);
}

/* A document's nets count instead of what the facts give, its discount with it, its service credit not; stubs are out. */
static void test_issued(void)
{
	struct bill *b = bill_new();
	struct days july = {bill_day("2027-07-01"), bill_day("2027-08-01")};
	const int64_t one[] = {1}, share[] = {20000}, credit_share[] = {50000};
	struct invoice_line line = {.number = 1,
				    .charge = text_of("managed"),
				    .item = july,
				    .period = july,
				    .quantity = {1, 1},
				    .net = 600000,
				    .tax = -1};
	struct invoice_reduction cut[] = {{.kind = REDUCTION_DISCOUNT,
					   .amount = 20000,
					   .lines = one,
					   .shares = share,
					   .n_lines = 1,
					   .tax = -1},
					  {.kind = REDUCTION_CREDIT,
					   .amount = 50000,
					   .lines = one,
					   .shares = credit_share,
					   .n_lines = 1,
					   .tax = -1}};
	struct invoice doc = {.kind = DOCUMENT_INVOICE,
			      .lines = &line,
			      .n_lines = 1,
			      .reductions = cut,
			      .n_reductions = 2};
	struct issued_document issued = {&doc, 1, {{0}}};
	struct exit_quote q;

	b->term = "effective_date: \"2027-06-15\", initial: 36mo";
	bill_version(b, NULL,
		     "charges: [{id: managed, type: recurring, amount: \"7200.00 USD\", period: "
		     "1mo}]\n"
		     "early_termination_fee: {triggers: [client_convenience], formula: "
		     "remaining_fees}\n");
	bill_run(b, "2027-08-15");
	q = quote_of(b, &issued, 1, "2027-08-15", NULL, EXIT_CLIENT_CONVENIENCE);
	is_i64(q.months_counted, 1, "July is the one full month");
	is_i64(q.formula, 580000 * 34, "6,000.00 less 200.00, 34 months");
	bill_free(b);
}

int main(void)
{
	test_cases();
	test_inputs();
	test_issued();
	return tap_done();
}
