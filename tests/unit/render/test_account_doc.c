/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts, receivables and letters as they read: hand-built figures, held against what must stand on them, and byte for byte. With
 * TENOR_GOLDEN=write the expected files are written anew, to be looked at.
 */
#include "render/account_doc.h"

#include "invoice_fixture.h"

#define FOLDER "tests/unit/render/golden/"

enum { OUT_MAX = 1 << 20, ARENA_MAX = 64 << 20 };

static struct account_words words_of(const char *lang)
{
	return (struct account_words){.language = language(lang),
				      .currency = {"EUR", 2},
				      .contract = T("MSA-2026-014"),
				      .title = T("Managed IT for Lindner Werke"),
				      .provider = nordlicht,
				      .client = lindner,
				      .instructions = T("IBAN DE02 1203 0000 0000 2020 51"),
				      .on = on(2026, 9, 5)};
}

/* X63's invoice, partly paid, partly disputed; a payment that may be a duplicate; interest of a rate that is not out. */
static const struct account *account(struct arena *a)
{
	struct account *x = arena_one(a, struct account);
	struct account_document *document = arena_array(a, struct account_document, 1);
	struct account_payment *payments = arena_array(a, struct account_payment, 2);
	struct invoice_dispute *dispute = arena_array(a, struct invoice_dispute, 1);
	struct movement *moves = arena_array(a, struct movement, 5);
	struct accrued *accrued = arena_array(a, struct accrued, 1);
	struct dunning_due *due = arena_array(a, struct dunning_due, 1);

	document[0] = (struct account_document){.invoice = x63(a),
						.gross = 598957,
						.paid = 100000,
						.credited = 959,
						.open = 497998,
						.disputed = 23800,
						.due = on(2026, 7, 31),
						.settled_on = DAY_NONE,
						.overdue_days = 36};
	payments[0] = (struct account_payment){.id = T("P-8"),
					       .reference = T("INV-2026-00031"),
					       .date = on(2026, 8, 10),
					       .amount = 100000,
					       .applied = 100000};
	payments[1] = (struct account_payment){.id = T("P-9"),
					       .date = on(2026, 8, 10),
					       .amount = 100000,
					       .unapplied = 100000,
					       .duplicate = true};
	dispute[0] = (struct invoice_dispute){.id = T("D-1"),
					      .line = 2,
					      .net = 20000,
					      .held = 23800,
					      .state = DISPUTE_OPEN,
					      .raised = on(2026, 8, 2),
					      .resolve_by = on(2026, 9, 16),
					      .settled = DAY_NONE,
					      .pay_by = DAY_NONE};
	moves[0] = (struct movement){MOVE_INVOICE, on(2026, 7, 1), T("INV-2026-00031"),
				     598957,       598957,         90};
	moves[1] = (struct movement){
		MOVE_CREDIT_NOTE, on(2026, 7, 1), T("CN-2026-00004"), -959, 597998, 91};
	moves[2] = (struct movement){MOVE_PAYMENT, on(2026, 8, 10), T("P-8"), -100000, 497998, 95};
	moves[3] = (struct movement){MOVE_PAYMENT, on(2026, 8, 10), T("P-9"), -90000, 407998, 96};
	moves[4] = (struct movement){MOVE_DEPOSIT, on(2026, 8, 12), T("S-1"), -10000, 397998, 97};
	accrued[0] = (struct accrued){
		.interest = 2113, .fixed = 4000, .dunning = 500, .charged = 1000, .held = true};
	due[0] =
		(struct dunning_due){0, T("second"), T("accounts"), on(2026, 8, 31), false, 474198};
	*x = (struct account){.documents = document,
			      .n_documents = 1,
			      .payments = payments,
			      .n_payments = 2,
			      .disputes = dispute,
			      .n_disputes = 1,
			      .movements = moves,
			      .n_movements = 5,
			      .accrued = accrued,
			      .n_accrued = 1,
			      .dunning = due,
			      .n_dunning = 1,
			      .ageing = {.to_60 = 474198,
					 .disputed = 23800,
					 .unapplied = 100000,
					 .balance = 397998},
			      .suspension_from = on(2026, 9, 5)};
	return x;
}

static struct doc *account_case(struct arena *a, const char *lang)
{
	struct account_words w = words_of(lang);

	return account_doc(a, account(a), &w);
}

static struct doc *reminder_case(struct arena *a, const char *lang)
{
	struct account_words w = words_of(lang);
	const struct account *x = account(a);

	return dunning_doc(a, x, &x->dunning[0], &w);
}

static struct receivable *receivables(struct arena *a)
{
	struct receivable *v = arena_array(a, struct receivable, 3);

	v[0] = (struct receivable){T("MSA-2026-014"),
				   T("Lindner Werke AG"),
				   {"EUR", 2},
				   account(a)->ageing,
				   on(2026, 9, 5)};
	v[1] = (struct receivable){
		T("MSA-2026-020"),
		T("=Hafen GmbH"),
		{"EUR", 2},
		{.not_due = 120000, .over_90 = 5000, .credits = 1000, .balance = 124000},
		DAY_NONE};
	v[2] = (struct receivable){T("NW-HARBOR-3"),
				   T("Harbor Clinic, Inc."),
				   {"USD", 2},
				   {.not_due = 41600, .balance = 41600},
				   DAY_NONE};
	return v;
}

static struct doc *receivables_case(struct arena *a, const char *lang)
{
	return receivables_doc(a, receivables(a), 3, on(2026, 9, 5), false, language(lang));
}

/* us_cpi_u from 319.086 to 327.4: 2.61 %, not capped. */
static struct doc *letter_case(struct arena *a, const char *lang)
{
	struct account_words w = words_of(lang);
	static const int of_version[] = {0};
	static struct priced_charge charge = {.name = T("Managed workplace")};
	static struct pricing pricing = {
		.charges = &charge,
		.indexation = {
			.set = true, .series = T("us_cpi_u"), .cap_set = true, .cap = {4, 0}}};
	static const struct priced_version version = {.pricing = &pricing};
	static const struct charge_slot slot = {T("bundle"), of_version};
	static const struct adjusted_price price = {0, {240000, 2}, {246254, 2}, 75048};
	struct charging c = {.versions = &version, .n_versions = 1, .slots = &slot, .n_slots = 1};
	struct adjustment x = {.date = on(2027, 1, 1),
			       .effective = on(2027, 1, 1),
			       .state = ADJUST_ANNOUNCED,
			       .month_wanted = on(2026, 10, 1),
			       .month_used = on(2026, 9, 1),
			       .base_month = on(2025, 9, 1),
			       .value_now = {327400, 3},
			       .value_base = {319086, 3},
			       .ratio = {1026056, 6},
			       .applied = {1026056, 6},
			       .notice_due = INSTANT_NONE,
			       .last_day_to_leave = on(2026, 12, 1),
			       .entry_now = 77,
			       .entry_base = 12,
			       .entry_notice = -1,
			       .prices = &price,
			       .n_prices = 1};

	return price_letter_doc(a, &c, &x, &w);
}

/* X57 of money.md: month 19, 35 % of 17 months at 8,400.00, and set-up. */
static struct doc *exit_case(struct arena *a, const char *lang)
{
	struct account_words w = words_of(lang);
	struct invoice_line lines[] = {{.number = 1,
					.role = LINE_EXIT,
					.name = T("Early exit"),
					.rule = T("money.md R120"),
					.net = 4998000,
					.tax = -1},
				       {.number = 2,
					.role = LINE_EXIT,
					.name = T("Set-up"),
					.rule = T("money.md R121"),
					.net = 212500,
					.tax = -1}};
	struct exit_quote q = {.due = true,
			       .lines = lines,
			       .n_lines = 2,
			       .total = 5210500,
			       .formula = 4998000,
			       .month = 19,
			       .months_left = 17,
			       .months_counted = 12,
			       .average = fraction_of(8400, 1),
			       .pct = {35, 0},
			       .stay = 14280000};
	struct exit_input in = {.date = on(2027, 8, 15), .cause = EXIT_CLIENT_CONVENIENCE};

	return exit_doc(a, &q, &in, &w);
}

static const struct golden {
	const char *file;
	struct doc *(*make)(struct arena *a, const char *lang);
	const char *lang;
	bool html;
	const char *says[4]; /* what it must say, whatever stands around it */
} cases[] = {
	{"account-en.txt",
	 account_case,
	 "en",
	 false,
	 {"owes 3,979.98 EUR", "possible", "36 days overdue", "238.00"}},
	{"account-fr.txt", account_case, "fr", false, {"Relevé de compte", "en retard"}},
	{"account-de.html", account_case, "de", true, {"4.741,98", "bestritten", "P-9"}},
	{"reminder-en.txt",
	 reminder_case,
	 "en",
	 false,
	 {"4,741.98 EUR", "31 Jul 2026", "disputed, not asked for here", "21.13 EUR"}},
	{"reminder-de.txt", reminder_case, "de", false, {"Zahlungserinnerung", "4.741,98 EUR"}},
	{"receivables-en.txt",
	 receivables_case,
	 "en",
	 false,
	 {"Lindner Werke AG", "5,219.98", "416.00", "61–90 days"}},
	{"receivables-fr.html", receivables_case, "fr", true, {"Créances clients", "1–30 jours"}},
	{"price-en.txt",
	 letter_case,
	 "en",
	 false,
	 {"2,400.00", "2,462.54", "750.48 EUR", "1 Dec 2026"}},
	{"price-fr.txt", letter_case, "fr", false, {"Changement de prix", "327,4", "319,086"}},
	{"exit-en.txt",
	 exit_case,
	 "en",
	 false,
	 {"52,105.00 EUR", "49,980.00 EUR", "2,125.00 EUR", "35 %"}},
	{"exit-de.txt", exit_case, "de", false, {"52.105,00 EUR", "Wunsch des Kunden"}},
};

static struct text read_file(struct arena *a, const char *path)
{
	char *p = arena_array(a, char, OUT_MAX);
	FILE *f = fopen(path, "rb");
	size_t n = 0;

	if (f != NULL) {
		n = fread(p, 1, OUT_MAX, f);
		(void)fclose(f);
	}
	return (struct text){p, n};
}

static void golden_case(const struct golden *g)
{
	const char *mode = getenv("TENOR_GOLDEN");
	struct arena *a = arena_new(ARENA_MAX);
	struct text path = text_format(a, FOLDER "%s", g->file);
	struct buf out;

	buf_init(&out, OUT_MAX);
	if (g->html)
		doc_html(g->make(a, g->lang), &out);
	else
		doc_text(g->make(a, g->lang), &(struct text_style){.width = 80}, &out);
	if (mode != NULL && text_is(text_of(mode), "write")) {
		FILE *f = fopen(path.p, "wb");

		if (f == NULL || fwrite(out.p, 1, out.n, f) != out.n)
			note("%s was not written", path.p);
		if (f != NULL)
			(void)fclose(f);
	}
	ok(text_eq(buf_view(&out), read_file(a, path.p)), "%s", g->file);
	for (size_t i = 0; i < ARRAY_SIZE(g->says) && g->says[i] != NULL; i++)
		ok(text_has(buf_view(&out), text_of(g->says[i])), "%s says \"%s\"", g->file,
		   g->says[i]);
	buf_free(&out);
	arena_free(a);
}

static void table_of_receivables(void)
{
	struct arena *a = arena_new(ARENA_MAX);
	struct buf out;

	buf_init(&out, OUT_MAX);
	receivables_csv(receivables(a), 3, &out);
	is_text(buf_view(&out),
		"contract,client,currency,not_due,to_30,to_60,to_90,over_90,disputed,unapplied,"
		"credits,balance,suspension_from\n"
		"MSA-2026-014,Lindner Werke AG,EUR,0.00,0.00,4741.98,0.00,0.00,238.00,-1000.00,"
		"0.00,3979.98,2026-09-05\n"
		"MSA-2026-020,'=Hafen GmbH,EUR,1200.00,0.00,0.00,0.00,50.00,0.00,0.00,-10.00,"
		"1240.00,\n"
		"NW-HARBOR-3,\"Harbor Clinic, Inc.\",USD,416.00,0.00,0.00,0.00,0.00,0.00,0.00,"
		"0.00,416.00,\n",
		"receivables as a table: rows add up, formulas are texts");
	buf_free(&out);
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		golden_case(&cases[i]);
	table_of_receivables();
	return tap_done();
}
