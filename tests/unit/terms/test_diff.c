/* SPDX-License-Identifier: Apache-2.0 */
/* Differences between contracts, by clause. */
#include "terms/diff.h"
#include "terms_tap.h"

static const char *const kinds[] = {"added", "removed", "changed", "reordered"};

static struct text printed(struct arena *a, const struct changes *c)
{
	struct text all = {"", 0};

	for (size_t i = 0; i < c->n; i++)
		all = text_format(a, "%.*s%s%s %.*s: %.*s -> %.*s (%.*s)", TEXT_ARG(all),
				  i > 0 ? "\n" : "", kinds[c->v[i].kind], TEXT_ARG(c->v[i].path),
				  TEXT_ARG(c->v[i].before), TEXT_ARG(c->v[i].after),
				  TEXT_ARG(c->v[i].label));
	return all;
}

static const struct {
	const char *name;
	const char *swap[3][2];
	const char *minor; /* amendments.minor */
	bool is_minor;
	const char *changes;
} rows[] = {
	{"nothing", {{"due: 30d", "due: 30d"}}, "[sites]", true, ""},
	{"quotes and order of keys", {{"{due: 30d}", "{due: \"30d\"}"}}, "[sites]", true, ""},
	{"a value",
	 {{"due: 30d", "due: 45d"}},
	 "[payment]",
	 true,
	 "changed payment.due: 30d -> 45d ((no clause))"},
	{"a value that is not minor", {{"due: 30d", "due: 45d"}}, "[pay]", false, NULL},
	{"a value under a clause",
	 {{"amount: 450 USD", "amount: 500 USD"}},
	 "[charges]",
	 true,
	 "changed charges.care.amount: 450.00 USD -> 500.00 USD (Order form 2, Fees)"},
	{"a key that is new",
	 {{"{due: 30d}", "{due: 30d, method: ach}"}},
	 "[payment]",
	 true,
	 "added payment.method:  -> ach ((no clause))"},
	{"a block that is new",
	 {{"payment: {due: 30d}", "payment: {due: 30d, dispute: {within: 15d, form: email}}"}},
	 "[payment.dispute]",
	 true,
	 "added payment.dispute:  -> {\"form\":\"email\",\"within\":\"15d\"} ((no clause))"},
	{"an item that is gone",
	 {{"scope: [server, router]", "scope: [server]"}, {", {id: router, name: Router}", ""}},
	 "[assets, sla]",
	 true,
	 "removed assets.router: {\"id\":\"router\",\"name\":\"Router\"} ->  ((no clause))\n"
	 "changed sla.metrics.uptime.scope: [\"router\",\"server\"] -> [\"server\"] ((no clause))"},
	{"a set in another order",
	 {{"scope: [server, router]", "scope: [router, server]"}},
	 "[sites]",
	 true,
	 ""},
	{"a list in another order",
	 {{"{id: P1, name: urgent}, {id: P2, name: normal}",
	   "{id: P2, name: normal}, {id: P1, name: urgent}"}},
	 "[sla.priorities]",
	 true,
	 "reordered sla.priorities: P1, P2 -> P2, P1 ((no clause))"},
	{"an item put in front",
	 {{"{id: P1, name: urgent}", "{id: P0, name: burning}, {id: P1, name: urgent}"}},
	 "[sla.priorities]",
	 true,
	 "added sla.priorities.P0:  -> {\"id\":\"P0\",\"name\":\"burning\"} ((no clause))"},
	{"grouped by clause",
	 {{"name: Help, ", "name: Help desk, "},
	  {"due: 30d", "due: 45d"},
	  {"clause: order.fees, amount: 450 USD", "clause: order.levels, amount: 500 USD"}},
	 "[sites]",
	 false,
	 "changed services.help.name: Help -> Help desk (Order form 1, Levels)\n"
	 "changed charges.care.clause: order.fees -> order.levels (Order form 1, Levels)\n"
	 "changed charges.care.amount: 450.00 USD -> 500.00 USD (Order form 1, Levels)\n"
	 "changed payment.due: 30d -> 45d ((no clause))"},
	{"words",
	 {{"text: Fees", "text: The fees."}},
	 "[documents.order.clauses.fees]",
	 true,
	 "changed documents.order.clauses.fees.text: Fees -> The fees. ((no clause))"},
	{"a path is no beginning of a word",
	 {{"due: 30d", "due: 45d"}},
	 "[payment.du]",
	 false,
	 NULL},
};

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena *a = arena_new((size_t)1 << 26);
		struct text after = text_of(tap_contract);

		for (size_t s = 0; s < 3 && rows[i].swap[s][0] != NULL; s++)
			after = tap_swap(a, after, rows[i].swap[s][0], rows[i].swap[s][1]);
		struct contract *b = tap_read(a, text_of(tap_contract)), *c = tap_read(a, after);

		if (!ok(b->valid && c->valid, "%s: both are valid", rows[i].name)) {
			note("%.*s", TEXT_ARG(tap_findings(a, c)));
			continue;
		}
		struct changes changes = contract_diff(a, b, c);

		if (rows[i].changes != NULL)
			is_text(printed(a, &changes), rows[i].changes, "%s", rows[i].name);

		/* A list of paths as the reader makes it; the paths need not exist here. */
		struct node set = {.kind = NODE_SET}, member[4] = {{.kind = NODE_SCALAR}};
		struct text rest =
			text_sub(text_of(rows[i].minor), 1, text_of(rows[i].minor).n - 1);

		for (size_t m = 0; m < ARRAY_SIZE(member) && rest.n > 0; m++) {
			rest = text_cut(rest, ',', &member[m].text);
			member[m].text = text_trim(member[m].text);
			member[m].next = set.child;
			set.child = &member[m];
		}
		ok(changes_are_minor(&changes, &set) == rows[i].is_minor,
		   "%s: minor under %s (CL-52)", rows[i].name, rows[i].minor);
		ok(changes_are_minor(&changes, NULL) == (changes.n == 0),
		   "%s: nothing is minor without a list", rows[i].name);
		arena_free(a);
	}
	return tap_done();
}
