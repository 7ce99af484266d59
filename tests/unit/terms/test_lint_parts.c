/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules of lint share (lint.md LN-1 to LN-10): order, words, literals, the nominal month, lengths of time. */
#include "lint_tap.h"
#include "terms/lint_rules.h"

/* --- words --- */

static const struct {
	const char *text, *hit; /* "": none */
} effort_words[] = {
	{"reasonable efforts", "reasonable efforts"},
	{"with Commercially Reasonable\n  Efforts.", "Reasonable\n  Efforts"},
	{"unreasonable efforts", ""},
	{"reasonable effortsome", ""},
	{"best-efforts", ""},
	{"we aim  to", "aim  to"},
	{"we aim", ""},
	{"\xC3\xA9"
	 "aim to",
	 ""},
	{"", ""},
};

static const struct {
	const char *text, *hit;
} placeholder_words[] = {
	{"Price: tbd.", "tbd"},
	{"The box [ ] is empty", "[ ]"},
	{"Name ____", "____"},
	{"[\xE2\x80\xA2]", "[\xE2\x80\xA2]"},
	{"[x] done", ""},
	{"outbound", ""},
	{"*Intentionally  omitted.*", "Intentionally  omitted"},
};

static void words(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(effort_words); i++) {
		struct text hit = {"", 0};
		bool found = lint_has_words(text_of(effort_words[i].text), lint_effort.v,
					    lint_effort.n, &hit);

		is_text(hit, effort_words[i].hit, "effort in \"%s\"", effort_words[i].text);
		ok(found == (*effort_words[i].hit != '\0'), "found in \"%s\"",
		   effort_words[i].text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(placeholder_words); i++) {
		struct text hit = {"", 0};

		(void)lint_placeholder(text_of(placeholder_words[i].text), &hit);
		is_text(hit, placeholder_words[i].hit, "placeholder in \"%s\"",
			placeholder_words[i].text);
	}
}

/* --- literals: each as "kind number unit", joined by "; " --- */

static const struct {
	const char *text, *literals;
} literal_cases[] = {
	{"within seven (7) days", "7 days"},
	{"14 days, 2 weeks and 1 month", "14 days; 2 weeks; 1 month"},
	{"a 30-day term", "30 day"},
	{"10 business days", "10 business days"},
	{"10 Calendar Months", "10 Calendar Months"},
	{"99.9 % or 5% or 5 percent", "99.9 %; 5%; 5 percent"},
	{"2.00 USD, EUR 1,500.25 and $40", "2.00 USD; EUR 1,500.25; $40"},
	{"40 \xE2\x82\xAC or \xC2\xA3"
	 "5",
	 "40 \xE2\x82\xAC; \xC2\xA3"
	 "5"},
	{"{{payment.due}} or {{table:charges}} 30 days {{x}} 3 days", "30 days; 3 days"},
	{"AES-256 days, 24x7 days, version 3.2", ""},
	{"30 dayshift, 30 all, 1999", ""},
	{"Section 4, 9:00 hours", ""},
	{"1000000000000000000000 days", ""},
	{"0.5 hours", "0.5 hours"},
	{"binnen 14 Tagen, 2 Wochen, 10 Werktage", "14 Tagen; 2 Wochen; 10 Werktage"},
	{"1.480,00 EUR, 99,5 % und 5 Prozent", "1.480,00 EUR; 99,5 %; 5 Prozent"},
	{"", ""},
	{"{{", ""},
};

static void literals(struct arena *a)
{
	struct lint l = {.a = a};

	for (size_t i = 0; i < ARRAY_SIZE(literal_cases); i++) {
		struct text all = {"", 0}, t = text_of(literal_cases[i].text);
		struct literal x;
		size_t from = 0;

		while (lint_literal(t, &from, &x))
			all = text_format(a, "%.*s%s%.*s", TEXT_ARG(all), all.n == 0 ? "" : "; ",
					  TEXT_ARG(lint_literal_text(&l, &x)));
		is_text(all, literal_cases[i].literals, "literals of \"%s\"",
			literal_cases[i].text);
	}

	struct literal x;
	size_t from = 0;

	ok(lint_literal(text_of("1,500.50 EUR"), &from, &x) && x.kind == LITERAL_MONEY &&
		   decimal_cmp(x.number, (struct decimal){15005, 1}) == 0 &&
		   strcmp(x.currency, "EUR") == 0,
	   "1,500.50 EUR is money");
	from = 0;
	ok(lint_literal(text_of("1.480,50 EUR"), &from, &x) && decimal_cmp(x.number, (struct decimal){148050, 2}) == 0,
	   "a decimal comma");
	from = 0;
	ok(lint_literal(text_of("1,480 EUR"), &from, &x) && decimal_cmp(x.number, (struct decimal){1480, 0}) == 0,
	   "a comma before three digits groups them");
	from = 0;
	ok(lint_literal(text_of("10 working days"), &from, &x) && x.unit == UNIT_BD,
	   "working days are bd");
}

static const struct {
	struct duration a, b;
	bool same;
} lengths[] = {
	{{1, UNIT_W, {"", 0}}, {7, UNIT_D, {"", 0}}, true},
	{{1, UNIT_Y, {"", 0}}, {12, UNIT_MO, {"", 0}}, true},
	{{4, UNIT_H, {"desk", 4}}, {240, UNIT_MIN, {"", 0}}, true},
	{{24, UNIT_H, {"", 0}}, {1, UNIT_D, {"", 0}}, false},
	{{1, UNIT_BD, {"", 0}}, {1, UNIT_D, {"", 0}}, false},
	{{30, UNIT_D, {"", 0}}, {1, UNIT_MO, {"", 0}}, false},
};

static void same_lengths(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
		ok(lint_same_length(lengths[i].a, lengths[i].b) == lengths[i].same, "length %zu",
		   i);
}

/* --- the nominal month (LN-6) and prices (NF-6) --- */

static const struct {
	const char *charge; /* the keys of one charge, beside 20 users and 3 servers planned */
	const char *month;
} months[] = {
	{"type: recurring, amount: 450 USD, period: 1mo", "450.00 USD"},
	{"type: recurring, amount: 1000 USD, period: 3mo", "333.33 USD"},
	{"type: recurring, amount: 1200 USD, period: 1y", "100.00 USD"},
	{"type: recurring, amount: 700 USD, period: 1w", "3,041.67 USD"},
	{"type: one_time, amount: 450 USD", "0.00 USD"},
	{"type: prepaid, amount: 90 USD, hours: 2, draws_for: [work]", "0.00 USD"},
	{"type: prepaid, amount: 90 USD, hours: 2, draws_for: [work], period: 1mo", "90.00 USD"},
	{"type: per_unit, unit: u, count: active_users, period: 1mo, price: \"5.50 USD\"",
	 "110.00 USD"},
	{"type: per_unit, unit: u, count: servers, period: 1mo, price: 10 USD, included: {qty: 2}",
	 "10.00 USD"},
	{"type: per_unit, unit: u, count: licences, period: 1mo, price: 10 USD", "0.00 USD"},
	{"type: usage, unit: u, meter: m, period: 1mo, price: 10 USD", "0.00 USD"},
	/* FK-21: 12 x 85 + 5 x 79; all 17 at 79 */
	{"type: per_unit, unit: u, count: active_users, period: 1mo, included: {qty: 3}, tiers: "
	 "[{id: a, up_to: 12, "
	 "price: 85 USD}, {id: b, price: 79 USD}]",
	 "1,415.00 USD"},
	{"type: per_unit, unit: u, count: active_users, period: 1mo, included: {qty: 3}, "
	 "tier_mode: volume, tiers: [{id: "
	 "a, up_to: 12, price: 85 USD}, {id: b, price: 79 USD}]",
	 "1,343.00 USD"},
	/* FK-22: units 4 to 20 of all; 9 x 85 + 8 x 79 */
	{"type: per_unit, unit: u, count: active_users, period: 1mo, included: {qty: 3}, "
	 "tiers_count: all, tiers: [{id: "
	 "a, up_to: 12, price: 85 USD}, {id: b, price: 79 USD}]",
	 "1,397.00 USD"},
	/* 20 users are 3 packages of 8, or 2.5 */
	{"type: per_unit, unit: u, count: active_users, period: 1mo, price: 10 USD, block: 8, "
	 "block_rounding: up",
	 "30.00 USD"},
	{"type: per_unit, unit: u, count: active_users, period: 1mo, price: 10 USD, block: 8, "
	 "block_rounding: exact",
	 "25.00 USD"},
	/* flat once per tier entered, also the first at 0 */
	{"type: per_unit, unit: u, count: active_users, period: 1mo, included: {qty: 20}, tiers: "
	 "[{id: a, up_to: 12, flat: "
	 "7 USD}, {id: b, flat: 9 USD}]",
	 "7.00 USD"},
	{"type: per_unit, unit: u, count: active_users, period: 1mo, tiers: [{id: a, up_to: 12, "
	 "flat: 7 USD, price: 1 USD}, "
	 "{id: b, flat: 9 USD}]",
	 "28.00 USD"},
	/* no price beyond the last tier, and none that anybody means */
	{"type: per_unit, unit: u, count: active_users, period: 1mo, tiers: [{id: a, up_to: 12, "
	 "price: 1 USD}]",
	 "0.00 USD"},
	{"type: recurring, amount: 999999999999 USD, period: 1mo", "0.00 USD"},
	{"type: per_unit, unit: u, count: active_users, period: 1mo, price: \"99999999999.999999 "
	 "USD\"",
	 "0.00 USD"},
	{"type: recurring, amount: 99999999999.99 USD, period: 9999999y, anchor: anniversary",
	 "833.33 USD"},
};

static void nominal_months(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(months); i++) {
		struct arena *a = arena_new((size_t)1 << 26);
		struct tree *t = tree_of(a, text_of(tap_contract));

		tree_add(t, tree_of(a, text_of("services: [{id: help, covers: [{id: u, unit: user, "
					       "qty: 20}, "
					       "{id: s, unit: server, qty: 3}]}]")));
		tree_minus(t, text_of("charges.care"));
		tree_add(t, tree_of(a, text_of("charges: [{id: work, type: time}]")));
		tree_add(t, tree_of(a, text_format(a, "charges: [{id: x, %s}]", months[i].charge)));

		const struct contract *c = tap_read(a, tree_print(a, t));
		struct lint_input in = {
			.contract = c, .as_of = INSTANT_NONE, .invoiced_to = INSTANT_NONE};
		struct lint l = {.a = a, .in = &in, .root = c->root};

		if (!ok(c->valid, "valid: %.60s", months[i].charge))
			printf("# %.*s\n", TEXT_ARG(tap_findings(a, c)));
		else
			is_text(lint_amount(&l, lint_nominal_month(&l, NULL)), months[i].month,
				"month of %.70s", months[i].charge);
		arena_free(a);
	}
}

static void numbers(struct arena *a)
{
	struct lint l = {.a = a};

	is_text(lint_number(&l, fraction_of(1080, 1), 1), "1,080", "thousands");
	is_text(lint_number(&l, fraction_of(-1234567, 1000), 2), "-1,234.57", "a negative number");
	is_text(lint_number(&l, fraction_of(403, 100), 9), "4.03", "decimals");
	is_text(lint_number(&l, fraction_of(INT64_MAX, 1), 9), "more than can be meant",
		"too large");
}

/* --- the whole (LN-1 to LN-4) --- */

static struct text lines(struct arena *a, const struct linted *r)
{
	struct text all = {"", 0};

	for (size_t i = 0; i < r->found.n; i++)
		all = text_format(a, "%.*s%s %c %.*s\n", TEXT_ARG(all), r->found.v[i].code,
				  r->found.v[i].severity, TEXT_ARG(r->found.v[i].path));
	return all;
}

static bool ordered(const struct findings *f)
{
	for (size_t i = 1; i < f->n; i++) {
		const struct finding *x = &f->v[i - 1], *y = &f->v[i];
		int by = (int)(strchr("EWI", x->severity) - strchr("EWI", y->severity));

		if (by > 0 || (by == 0 && x->line > y->line))
			return false;
	}
	return true;
}

static void the_whole(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	struct linted r = lint_of(a, text_of(tap_contract), NULL, NULL), again;
	struct err err = {.line = 0};
	struct findings none = {NULL, 0, 0, 0};
	size_t errors = 0;

	again = lint_of(a, text_of(tap_contract), NULL, NULL);
	ok(r.found.n > 5 && ordered(&r.found), "by severity, then line");
	is_text(lines(a, &r), lines(a, &again).p, "the same again");
	for (size_t i = 0; i < r.found.n; i++) {
		errors += r.found.v[i].severity == 'E' ? 1 : 0;
		for (size_t k = 0; k < i; k++)
			if (strcmp(r.found.v[i].code, r.found.v[k].code) == 0 &&
			    text_eq(r.found.v[i].path, r.found.v[k].path))
				ok(false, "%s twice at %.*s", r.found.v[i].code,
				   TEXT_ARG(r.found.v[i].path));
	}
	is_i64((int64_t)r.found.errors, (int64_t)errors, "errors are counted");
	ok(findings_worst(&r.found) == 'E' && findings_worst(&none) == 0, "the worst severity");

	/* A key that is missing is reported where its map stands, with its clause. */
	const struct finding *f = finding_of(&r, text_of("S-01 E"));

	ok(f != NULL && f->line == 11 && f->value.n == 0 && f->why.n > 0 && f->fix.n > 0,
	   "the place of a map");

	const struct contract *bad = tap_read(a, text_of("tenor: \"1\"\n"));
	struct lint_input in = {
		.contract = bad, .as_of = INSTANT_NONE, .invoiced_to = INSTANT_NONE};
	struct findings out = {NULL, 7, 0, 0};

	ok(lint(a, &in, &out, &err) == RC_INVALID && out.n == 7,
	   "a file with errors is not linted");
	arena_free(a);
}

/* Holes of a template are not missing, and what cannot be computed is not guessed (CL-27). */
static void templates(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	struct tree *t = tree_of(a, text_of(tap_contract));

	tree_add(t, tree_of(a, text_of("template: {holes: [{id: due, label: Due}, {id: price, "
				       "label: Price}, {id: goal, "
				       "label: Goal}]}\n"
				       "contract: {rounding: {mode: half_up, place: line}}\n"
				       "payment: {due: \"?due\"}\n"
				       "charges: [{id: care, amount: \"?price\"}]\n"
				       "sla: {metrics: [{id: uptime, target: \"?goal\"}]}")));

	struct linted r = lint_of(a, tree_print(a, t), NULL, NULL);

	if (!ok(r.contract->valid && r.contract->is_template, "a template"))
		printf("# %.*s\n", TEXT_ARG(tap_findings(a, r.contract)));
	ok(r.found.n > 0 && finding_of(&r, text_of("F-01")) == NULL, "a hole is not a missing key");
	arena_free(a);
}

static void the_table(void)
{
	static const char counts[][2] = {{'S', 25}, {'F', 22}, {'T', 12},
					 {'L', 15}, {'P', 10}, {'G', 6}};

	is_i64((int64_t)lint_row_count(), 90, "rules");
	for (size_t g = 0; g < ARRAY_SIZE(counts); g++) {
		int64_t n = 0;

		for (size_t i = 0; i < lint_row_count(); i++)
			n += lint_row_at(i)->id[0] == counts[g][0] ? 1 : 0;
		is_i64(n, counts[g][1], "rules %c", counts[g][0]);
	}
}

/* lint.md LN-6: 7,200.00 + 1,200.00 */
static void the_example(void)
{
	const char *shared = tap_shared();
	struct arena *a = arena_new((size_t)1 << 26);

	if (shared == NULL) {
		note("the shared reference is not here");
		arena_free(a);
		return;
	}

	struct text path = text_format(a, "%s/reference/terms-example.yaml", shared);
	const struct contract *c = tap_read(a, tap_file(a, path.p));
	struct lint_input in = {.contract = c, .as_of = INSTANT_NONE, .invoiced_to = INSTANT_NONE};
	struct lint l = {.a = a, .in = &in, .root = c->root};

	is_text(lint_amount(&l, lint_nominal_month(&l, NULL)), "8,400.00 USD",
		"nominal month of the example");
	is_text(lint_amount(&l, lint_nominal_of(&l, "sla.credits.base.charges")), "7,200.00 USD",
		"base of its credits");
	arena_free(a);
}

int main(void)
{
	struct arena *a = arena_new((size_t)1 << 24);

	words();
	literals(a);
	same_lengths();
	nominal_months();
	numbers(a);
	the_whole();
	templates();
	the_table();
	the_example();
	arena_free(a);
	return tap_done();
}
