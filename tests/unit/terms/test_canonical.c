/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical text of scalars (contract-language.md section 2), canonical form and hash (CL-41 to CL-44). */
#include "base/sha256.h"
#include "terms/canonical.h"
#include "terms/library.h"
#include "terms_tap.h"

/* Bends of tap_contract that are right, and what the canonical form then has. */
static const struct {
	const char *name, *what, *with, *has;
} rows[] = {
	{"dec without trailing zeros", "target: 99.5%", "at_closing: close, target: 99.90%", NULL},
	{"pct", "target: 99.5%", "target: 99.90%", "\"target\":\"99.9%\""},
	{"pct of a whole number", "target: 99.5%", "target: 100.0%", "\"target\":\"100%\""},
	{"money padded", "amount: 450 USD", "amount: 450.5 USD", "\"amount\":\"450.50 USD\""},
	{"money of a currency without decimals", "currency: USD", "currency: USD",
	 "\"amount\":\"450.00 USD\""},
	{"price", "type: recurring, clause: order.fees, amount: 450 USD",
	 "type: time, price: 0.1250 USD, bill: arrears", "\"price\":\"0.125 USD\""},
	{"price padded", "type: recurring, clause: order.fees, amount: 450 USD",
	 "type: time, price: 1.5 USD", "\"price\":\"1.50 USD\""},
	{"days expanded and sorted", "days: mon-fri", "days: \"sun,wed-fri\"",
	 "\"days\":\"wed,thu,fri,sun\""},
	{"one day", "days: mon-fri", "days: sat", "\"days\":\"sat\""},
	{"dur as written", "{due: 30d}", "{due: 4h@desk}", "\"due\":\"4h@desk\""},
	{"int as a number", "target: 99.5%", "decimals: 3", "\"decimals\":3"},
	{"int in quotes is the same", "target: 99.5%", "decimals: \"3\"", "\"decimals\":3"},
	{"bool", "{due: 30d}", "{due: 30d, expressly_agreed: \"true\"}",
	 "\"expressly_agreed\":true"},
	{"sets sorted", "[server, router]", "[server, router]",
	 "\"scope\":[\"router\",\"server\"]"},
	{"text composed", "title: Test", "title: \"Cafe\xcc\x81\"", "\"title\":\"Caf\xc3\xa9\""},
	{"text without spaces at its end", "title: Test", "title: \"Test  \"",
	 "\"title\":\"Test\""},
	{"prose without spaces at line ends", "text: Fees", "text: \"one  \\ntwo \\n\"",
	 "\"text\":\"one\\ntwo\""},
	{"escapes", "title: Test", "title: 'a \"b\" \\ /'", "\"title\":\"a \\\"b\\\" \\\\ /\""},
	{"a literal question mark", "title: Test", "title: \"??why\"", "\"title\":\"?why\""},
	{"a hole", "title: Test", "title: \"?title\"", "\"title\":\"?title\""},
	{"a leap day", "hours: [", "holidays: [{id: a, yearly: \"02-29\"}], hours: [",
	 "\"yearly\":\"02-29\""},
	{"two ranges that touch", "\"09:00-17:00\"", "\"12:00-17:00\", \"09:00-12:00\"",
	 "\"open\":[\"09:00-12:00\",\"12:00-17:00\"]"},
	{"to midnight", "\"09:00-17:00\"", "\"00:00-24:00\"", "\"open\":[\"00:00-24:00\"]"},
	{"the hash of a calendar file", "hours: [", "holidays: [{id: a, ics: days.ics}], hours: [",
	 "\"ics\":\"days.ics\",\"ics_sha256\":\""},
	{"the hash of library words", "kind: order, ", "kind: order, library: tenor_sow@1, ",
	 "\"library\":\"tenor_sow@1\",\"library_sha256\":\""},
	{"negative floor", "payment: {due: 30d}",
	 "indexation: {formula: fixed, pct: 3%, floor: -2.50%, first: \"2027-03-01\", every: 12mo, "
	 "applies_to: [care]}\npayment: {due: 30d}",
	 "\"floor\":\"-2.5%\""},
	{"a language and a region", "title: Test", "title: Test, language: zh-Hant-TW",
	 "\"language\":\"zh-Hant-TW\""},
	{"a subdivision", "jurisdiction: US-NY", "jurisdiction: GB-ENG",
	 "\"jurisdiction\":\"GB-ENG\""},
	{"UTC", "timezone: America/New_York", "timezone: UTC", "\"timezone\":\"UTC\""},
	{"three parts of a zone", "timezone: America/New_York",
	 "timezone: America/Argentina/Buenos_Aires", "Buenos_Aires"},
	{"a mailbox", "jurisdiction: US-NY",
	 "notice: {email: a.b+c@mail.example.org}, jurisdiction: US-NY", "a.b+c@mail.example.org"},
	{"always", "within: 4h@desk", "within: 4h@always", "4h@always"},
	{"a target of 100 %", "target: 99.5%", "target: 100%", "\"100%\""},
	{"a default in words", "{{payment.due}}", "{{payment.from}}", "{{payment.from}}"},
	{"the number of a clause", "{{payment.due}}", "{{clause:order.fees}}",
	 "{{clause:order.fees}}"},
	{"charges of a type", "{{payment.due}}", "{{table:charges:recurring}}",
	 "{{table:charges:recurring}}"},
	{"a clause that is not printed prints no value", "id: levels, ",
	 "id: levels, when: payment.late_fee.rate, ", "\"when\""},
	{"a keypath of no item", "heading: Fees", "when: sla.metrics.csat.target, heading: Fees",
	 "csat"},
	{"a path of a block that is not there", "payment: {due: 30d}",
	 "amendments: {minor: [sites]}\npayment: {due: 30d}", "\"minor\":[\"sites\"]"},
	{"anniversary of any period", "period: 1mo", "period: 5mo, anchor: anniversary", "\"5mo\""},
	{"a bracket that closes under the keys", "payment: {due: 30d}", "payment: {\n  due: 30d\n}",
	 "\"due\":\"30d\""},
	{"k of n", "target: 99.5%", "group: k_of_n, k: 2", "\"k\":2"},
	{"weights", "target: 99.5%",
	 "group: weighted, weights: [{id: a, asset: server, weight: 3}, {id: b, asset: router, "
	 "weight: \"0.50\"}]",
	 "\"weight\":\"0.5\""},
};

static void scalars(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena *a = arena_new((size_t)1 << 26);
		struct contract *c =
			tap_read(a, tap_swap(a, text_of(tap_contract), rows[i].what, rows[i].with));

		if (rows[i].has == NULL)
			ok(!c->valid, "%s: a key of another kind is refused", rows[i].name);
		else if (!ok(c->valid && text_has(c->canonical, text_of(rows[i].has)), "%s",
			     rows[i].name))
			note("%.*s\n%.*s", TEXT_ARG(tap_findings(a, c)), TEXT_ARG(c->canonical));
		arena_free(a);
	}
}

/* Order of keys, comments, quotes, flow style, line ends never change the hash (CL-42). */
static void same_hash(void)
{
	static const char other[] =
		"# the same contract\r\n"
		"sla:\r\n  metrics:\r\n    - kind: elapsed\r\n      id: 'response'\r\n      "
		"targets: [{within: 4h@desk, id: all}]\r\n"
		"      stop: ticket.answered\r\n      start: ticket.logged\r\n    - target: "
		"99.50%\r\n      scope:\r\n      - router\r\n"
		"      - server\r\n      kind: availability\r\n      id: uptime\r\n"
		"  priorities:\r\n    - {id: P1, name: \"urgent\"}\r\n    - {name: normal, id: "
		"P2}\r\n"
		"charges: [{period: 1mo, id: care, type: recurring, amount: \"450.00 USD\", "
		"clause: order.fees}]\r\n"
		"payment:\r\n  due: 30d  # net\r\n"
		"services: [{calendar: desk, id: help, clause: order.levels, name: >\r\n  Help\r\n "
		" }]\r\n"
		"term: {initial: \"12mo\", effective_date: '2026-03-01'}\r\n"
		"assets: [{name: Server, id: server}, {id: router, name: Router}]\r\n"
		"calendars: [{id: desk, hours: [{open: [\"09:00-17:00\"], id: week, days: "
		"\"tue-fri,mon\"}]}]\r\n"
		"parties:\r\n  client: {jurisdiction: US-NY, legal_name: C Inc}\r\n  provider:\r\n "
		"   legal_name: P LLC\r\n"
		"    jurisdiction: US-DE\r\n    contacts:\r\n    - {name: Bob, id: p1, roles: "
		"[signatory]}\r\n"
		"documents: [{title: Order form, id: order, kind: order, clauses: [{id: levels, "
		"heading: Levels, text: 'Pay in "
		"{{payment.due}}.'}, {id: fees, text: Fees, heading: Fees}]}]\r\n"
		"contract: {currency: USD, id: T-1, title: Test, business_calendar: desk, "
		"timezone: America/New_York}\r\n"
		"tenor: 1\r\n";
	struct arena *a = arena_new((size_t)1 << 26);
	/* A folded scalar cannot stand in flow style: written as a plain word here. */
	struct contract *c = tap_read(a, text_of(tap_contract)),
			*d = tap_read(a, tap_swap(a, text_of(other), ">\r\n  Help\r\n  ", "Help"));

	ok(c->valid, "the contract of these tests is right");
	if (!ok(d->valid, "so is the same in other clothes"))
		note("%.*s", TEXT_ARG(tap_findings(a, d)));
	is_text(d->canonical, text_copy(a, c->canonical).p,
		"the same canonical form; a contact's name is not in it (CL-43)");
	is_text(text_of(d->hash), c->hash, "the same hash");

	char hex[SHA256_HEX + 1];

	sha256_hex(c->canonical, hex);
	is_text(text_of(c->hash), hex, "the hash is SHA-256 of the form");

	struct contract *e =
		tap_read(a, tap_swap(a, text_of(tap_contract), "due: 30d", "due: 31d"));

	ok(e->valid && !text_is(text_of(e->hash), c->hash), "another term, another hash");
	struct contract *f = tap_read(a, tap_swap(a, text_of(tap_contract), "{due: 30d}",
						  "{due: 30d, from: invoice_date}"));

	ok(f->valid && !text_is(text_of(f->hash), c->hash),
	   "a default that is written stays (CL-41)");
	arena_free(a);
}

/* CL-42: the printed fragment. It is no contract, but its form and hash are given. */
static void fragment(void)
{
	static const char text[] = "payment: {due: 30d, late_fee: {rate: \"1.50%\", per: month, "
				   "kind: interest}}\ntenor: \"1\"\n";
	struct arena *a = arena_new((size_t)1 << 26);
	struct contract *c = tap_read(a, text_of(text));
	struct buf b;
	char hex[SHA256_HEX + 1];

	/* `kind` is required by the table; the fragment of the language's document leaves it out. */
	struct text form = {"", 0};

	buf_init(&b, 4096);
	canonical_print(a, &b, c->root);
	form = text_copy(a, buf_view(&b));
	buf_free(&b);
	is_text(form,
		"{\"payment\":{\"due\":\"30d\",\"late_fee\":{\"kind\":\"interest\",\"per\":"
		"\"month\",\"rate\":\"1.5%\"}},\"tenor\":\"1\"}",
		"form of a fragment");

	c = tap_read(a, tap_swap(a, text_of(text), ", kind: interest", ""));
	buf_init(&b, 4096);
	canonical_print(a, &b, c->root);
	is_text(buf_view(&b),
		"{\"payment\":{\"due\":\"30d\",\"late_fee\":{\"per\":\"month\",\"rate\":\"1.5%\"}},"
		"\"tenor\":\"1\"}",
		"form of the printed fragment");
	sha256_hex(buf_view(&b), hex);
	is_text(text_of(hex), "3312a6c2a167ef941eb154aafcd7f82d80d22aa416cf14d91ac5e0498c04d132",
		"its printed hash");
	buf_free(&b);
	arena_free(a);
}

/* CL-43: the printed commitment. */
static void commitment(void)
{
	static const char contact[] =
		"{id: p1, name: Dana Reyes, title: CEO, email: dana@harborit.example, salt: "
		"\"000102030405060708090a0b0c0d0e0f\", roles: [signatory, executive], authority: "
		"may_bind}";
	struct arena *a = arena_new((size_t)1 << 26);
	struct contract *c =
		tap_read(a, tap_swap(a, text_of(tap_contract),
				     "{id: p1, name: Ann, roles: [signatory]}", contact));
	char hex[SHA256_HEX + 1] = "";

	ok(c->valid, "a contact with salt");
	ok(contact_commit(node_at(c->root, "parties.provider.contacts.p1"), hex),
	   "has a commitment");
	ok(text_starts(text_of(hex), "88eb6ae95dac"), "which is the printed one");
	struct text want = text_format(a,
				       "\"contacts\":[{\"authority\":\"may_bind\",\"commit\":\"%"
				       "s\",\"id\":\"p1\",\"roles\":["
				       "\"executive\",\"signatory\"]}]",
				       hex);

	ok(text_has(c->canonical, want), "the form has that, and nothing that names anybody");
	ok(!text_has(c->canonical, text_of("Dana")) &&
		   !text_has(c->canonical, text_of("0001020304")),
	   "no name, no salt");

	struct contract *d = tap_read(a, text_of(tap_contract));

	ok(!contact_commit(node_at(d->root, "parties.provider.contacts.p1"), hex),
	   "no salt, no commitment: a draft");
	arena_free(a);
}

/* CL-44: the hashes of what is named. */
static void named_bytes(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	struct contract *c = tap_read(a, tap_swap(a, text_of(tap_contract), "hours: [",
						  "holidays: [{id: a, ics: days.ics}], hours: ["));
	char hex[SHA256_HEX + 1];
	struct buf b;

	sha256_hex(text_of(tap_ics), hex);
	ok(text_has(c->canonical, text_format(a, "\"ics_sha256\":\"%s\"", hex)),
	   "SHA-256 of the calendar file");

	c = tap_read(a, tap_swap(a, text_of(tap_contract), "kind: order, ",
				 "kind: order, library: tenor_sow@1, "));
	buf_init(&b, (size_t)1 << 20);
	library_bytes(library_find(text_of("tenor_sow@1")), &b);
	sha256_hex(buf_view(&b), hex);
	buf_free(&b);
	ok(text_has(c->canonical, text_format(a, "\"library_sha256\":\"%s\"", hex)),
	   "SHA-256 of the library words");
	arena_free(a);
}

static void references(const char *dir)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct text minimal = tap_file(a, text_format(a, "%s/reference/terms-minimal.yaml", dir).p),
		    example = tap_file(a, text_format(a, "%s/reference/terms-example.yaml", dir).p);
	struct contract *c = tap_read(a, minimal), *d = tap_read(a, example);

	if (!ok(c->valid, "terms-minimal.yaml is valid"))
		note("%.*s", TEXT_ARG(tap_findings(a, c)));
	is_i64((int64_t)c->canonical.n, 4022, "its form has 4,022 bytes");
	is_text(text_of(c->hash),
		"22d67ccf8e8435936e84f0768b0cea982ec4eaf9d531db9027a2ad40fcd9023b",
		"its printed hash");
	if (!ok(d->valid, "terms-example.yaml is valid"))
		note("%.*s", TEXT_ARG(tap_findings(a, d)));
	arena_free(a);
}

int main(void)
{
	scalars();
	same_hash();
	fragment();
	commitment();
	named_bytes();
	if (tap_shared() != NULL)
		references(tap_shared());
	else
		note("SKIP the reference contracts: not here");
	return tap_done();
}
