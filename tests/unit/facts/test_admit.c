/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts about money that can only be wrong (money.md section 16): each is refused in these words, in a file as in an entry's body; and
 * their neighbours that are right are taken.
 */
#include "facts/body.h"
#include "facts/check.h"
#include "facts/import.h"

#include "tap.h"

#include <string.h>

#define AT "\"occurred_at\":\"2026-06-11T08:00:00Z\","
#define USAGE "{\"kind\":\"usage.recorded\"," AT "\"meter\":\"storage\",\"quantity\":"
#define LIST "{\"kind\":\"units.listed\"," AT "\"list\":\"L-1\",\"count\":\"active_users\","
#define PAID "{\"kind\":\"payment.received\"," AT "\"payment\":\"P-1\",\"amount\":"
#define BILL                                                                                       \
	"{\"kind\":\"supplier.invoiced\"," AT                                                      \
	"\"supplier_invoice\":\"S-1\",\"charge\":\"licences\",\"amount\":\"5\",\"currency\":"
#define PAUSE                                                                                      \
	"{\"kind\":\"pause.agreed\"," AT "\"event\":\"E\",\"charge\":\"managed\",\"from_date\":"
#define COST                                                                                       \
	"{\"kind\":\"cost.recorded\"," AT "\"charge\":\"cloud\",\"currency\":\"USD\",\"amount\":"

static const struct {
	const char *line, *note; /* NULL: taken */
} cases[] = {
	{USAGE "\"0.123456789012345\"}", NULL},
	{USAGE "\"0\"}", NULL},
	{USAGE "\"5.64902E-05\"}", NULL},
	{USAGE "\"-3\"}",
	 "negative quantity: '-3' for 'storage': correct the earlier record instead"},
	{USAGE "\"0.1234567890123456\"}", "too many decimals: '0.1234567890123456': at most 15"},
	{USAGE "\"1000000000000000000\"}", "too many digits: '1000000000000000000': at most 18"},
	{USAGE "\"1E-20\"}", "'1E-20' in 'quantity' is no decimal number"},
	{USAGE "\"1,5\"}", "'1,5' in 'quantity' is no decimal number"},
	{USAGE "\"1\",\"currency\":\"EURO\"}",
	 "unknown currency: 'EURO': write an ISO 4217 code, like EUR"},
	{LIST "\"units\":[\"u-1\",\"u-2\"]}", NULL},
	{LIST "\"units\":[\"u-1042\",\"u-2\",\"u-1042\"]}",
	 "unit listed twice: 'u-1042' in list of L-1"},
	{LIST "\"part\":3,\"parts\":2}",
	 "part beyond the last: '3' for 'L-1': a list has parts 1 to `parts`"},
	{LIST "\"part\":0,\"parts\":2}",
	 "no number of a part: '0' for 'L-1': parts are counted from 1"},
	{"{\"kind\":\"unit.added\"," AT "\"unit\":\"u\",\"count\":\"user\"}",
	 "'user' in 'count' is none of "
	 "active_users/devices/servers/mailboxes/sites/licences/orders"},
	{"{\"kind\":\"order.placed\"," AT "\"order\":\"O\",\"charge\":\"firewall\",\"quantity\":0}",
	 "no quantity above zero: '0' for 'firewall': record order.cancelled to give up an order"},
	{"{\"kind\":\"work.recorded\"," AT "\"entry\":\"E\",\"minutes\":0}", NULL},
	{"{\"kind\":\"work.recorded\"," AT "\"entry\":\"E\",\"minutes\":-15}",
	 "negative minutes: '-15' for 'E': correct the earlier entry instead"},
	{PAID "\"12.50\",\"currency\":\"EUR\"}", NULL},
	{PAID "\"1000\",\"currency\":\"JPY\"}", NULL},
	{PAID "\"1.001\",\"currency\":\"BHD\"}", NULL},
	{PAID "\"1.001\",\"currency\":\"USD\"}", "too many decimals: '1.001': USD has 2"},
	{PAID "\"0.5\",\"currency\":\"JPY\"}", "too many decimals: '0.5': JPY has 0"},
	{PAID "\"0\",\"currency\":\"USD\"}", "no amount above zero: '0' for 'P-1': money that went "
					     "back is payment.returned or refund.made"},
	{PAID "\"92233720368547758\",\"currency\":\"USD\"}", NULL},
	{PAID "\"92233720368547759\",\"currency\":\"USD\"}",
	 "amount too large: '9223372036854775900' minor units"},
	{PAID "\"1\",\"currency\":\"USD\",\"purpose\":\"hat\"}",
	 "'hat' in 'purpose' is none of invoice/retainer/deposit/year_ahead"},
	{BILL "\"EUR\",\"rate\":\"1 EUR = 1.0832 USD\"}", NULL},
	{BILL "\"EUR\",\"rate\":\"1.0832\"}",
	 "exchange rate has no direction: '1.0832': write 1 EUR = 1.0832 USD"},
	{BILL "\"EUR\",\"rate\":\"1 EUR = 0.123456789012 USD\"}",
	 "too many decimals: '0.123456789012': at most 9"},
	{BILL "\"GBP\",\"rate\":\"1 EUR = 1.0832 USD\"}",
	 "exchange rate is about other currencies than GBP: '1 EUR = 1.0832 USD': write what 1 GBP "
	 "is worth"},
	{BILL "\"EUR\",\"rate\":\"1 EUR = 0 USD\"}",
	 "'0' is no exchange rate: a number above 0 with at most 9 decimals"},
	{PAUSE "\"2026-06-01\",\"to_date\":\"2026-06-02\"}", NULL},
	{PAUSE "\"2026-06-01\",\"to_date\":\"2026-06-01\"}",
	 "period is empty: 'managed' 2026-06-01 to 2026-06-01: the end must be later"},
	{PAUSE "\"2026-02-29\",\"to_date\":\"2026-06-01\"}",
	 "'2026-02-29' in 'from_date' is no date; write YYYY-MM-DD"},
	{COST "\"-0.00000001234\"}", NULL},
	{COST "\"1.2345E-08\"}", NULL},
	{COST "\"1e-29\"}",
	 "'1e-29' is not an amount: write it like -0.00000001234, without an exponent"},
	{"{\"kind\":\"index.published\"," AT
	 "\"series\":\"us_cpi_u\",\"month\":\"2025-10\",\"value\":\"324.122\"}",
	 NULL},
	{"{\"kind\":\"index.published\"," AT
	 "\"series\":\"us_cpi_u\",\"month\":\"2025-13\",\"value\":\"1\"}",
	 "'2025-13' in 'month' is no month; write YYYY-MM"},
	{"{\"kind\":\"index.published\"," AT
	 "\"series\":\"x\",\"month\":\"2025-12\",\"value\":\"-1\"}",
	 "negative index: '-1' for 'x': write the value as it is published"},
	{"{\"kind\":\"index.published\"," AT
	 "\"series\":\"x\",\"month\":\"2025-12\",\"value\":\"0.1234567891\"}",
	 "too many decimals: '0.1234567891': at most 9"},
	{"{\"kind\":\"invoice.dispute_settled\"," AT "\"dispute\":\"D\",\"outcome\":\"maybe\"}",
	 "'maybe' in 'outcome' is none of upheld/partly/rejected/withdrawn"},
	{"{\"kind\":\"invoice.disputed\"," AT "\"dispute\":\"D\",\"invoice\":\"INV\",\"line\":0}",
	 "no number of a line: '0' for 'D': lines are counted from 1"},
};

static void one(const char *line, const char *note)
{
	struct arena *a = arena_new(64u << 20);
	struct facts *f = facts_new(a);
	struct import_options o = {.name = text_of("file")};
	struct importer *im = NULL;
	struct import_report *r = NULL;
	struct err err;

	err_clear(&err);
	if (!ok(importer_open(a, f, &o, &im, &err) == RC_OK &&
			importer_push(im, line, strlen(line), &err) == RC_OK &&
			importer_close(im, &r, &err) == RC_OK,
		"read: %s", line)) {
		arena_free(a);
		return;
	}
	if (note == NULL)
		ok(f->n == 1 && r->taken == 1 && facts_admit(f, &f->v[0], NULL, &err) == RC_OK,
		   "taken: %s", r->n_notes > 0 ? r->notes[0].text.p : "");
	else if (ok(f->n == 0 && r->n_notes == 1, "left out"))
		is_text(r->notes[0].text, note, "in these words");
	arena_free(a);
}

/* What an importer takes, the record takes; what it refuses, the record refuses. */
static const struct {
	const char *body;
	enum fact_kind kind;
	const char *message; /* NULL: fits */
} bodies[] = {
	{"{\"meter\":\"storage\",\"quantity\":\"0.123456789012345\"}", FACT_USAGE_RECORDED, NULL},
	{"{\"meter\":\"storage\",\"quantity\":\"-3\"}", FACT_USAGE_RECORDED,
	 "negative quantity: '-3' for 'storage'"},
	{"{\"meter\":\"storage\",\"quantity\":\"5E-05\"}", FACT_USAGE_RECORDED,
	 "\"5E-05\" is not a number: write it like 1.5"},
	{"{\"count\":\"devices\",\"list\":\"L\",\"units\":[\"a\",\"b\",\"a\"]}", FACT_UNITS_LISTED,
	 "unit listed twice: 'a' in list of L"},
	{"{\"entry\":\"E\",\"minutes\":-1}", FACT_WORK_RECORDED, "negative minutes: '-1' for 'E'"},
	{"{\"amount\":\"1E-5\",\"charge\":\"c\",\"currency\":\"USD\"}", FACT_COST_RECORDED,
	 "'1E-5' is not an amount"},
	{"{\"amount\":\"1.001\",\"currency\":\"USD\",\"payment\":\"P\"}", FACT_PAYMENT_RECEIVED,
	 "too many decimals: '1.001'"},
};

static void in_bodies(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct arena *a = arena_new(64u << 20);
		struct body_reader *reader = body_reader_new(a, facts_new(a));
		struct canon_doc doc;
		struct text ref = {"", 0};
		struct fact f;
		struct err err, again;
		enum rc rc;

		err_clear(&err);
		err_clear(&again);
		rc = canon_parse(a, NULL, text_of(bodies[i].body), CANON_STRICT, &CANON_ENTRY, &doc,
				 &err);
		if (!ok(rc == RC_OK, "%s is canonical", bodies[i].body)) {
			arena_free(a);
			continue;
		}
		rc = body_check(&doc, doc.v, bodies[i].kind, &err);
		ok((rc == RC_OK) == (bodies[i].message == NULL), "checked: %s", bodies[i].body);
		ok(body_read(reader, &doc, doc.v, bodies[i].kind, PARTY_PROVIDER, NULL, NULL, 0, &f,
			     &ref, &again) == rc,
		   "and read the same");
		if (bodies[i].message != NULL) {
			is_text(text_of(err.message), bodies[i].message, "in these words");
			is_text(text_of(again.message), bodies[i].message, "both times");
		}
		arena_free(a);
	}
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		one(cases[i].line, cases[i].note);
	in_bodies();
	return tap_done();
}
