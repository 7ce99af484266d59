/* SPDX-License-Identifier: Apache-2.0 */
/* The change between two versions done to a third contract: row by row, then with changes made at random to every contract there is. */
#include "terms_tap.h"

#include "base/canon.h"
#include "base/sha256.h"
#include "terms/apply.h"
#include "terms/canonical.h"
#include "terms/read.h"
#include "terms/version.h"

#include <dirent.h>

/* --- contracts by way of their forms, with two calendar files --- */

static const char more_ics[] =
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
	"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260707\r\nEND:VEVENT\r\n"
	"END:VCALENDAR\r\n";

/* "days.ics" has had two editions; "more.ics" is the second under another name. A form asks for the hash of either. */
static enum rc load(void *context, struct text name, struct text *bytes, struct err *err)
{
	static const char *const files[] = {tap_ics, more_ics};
	const bool *second = context;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char asked[80] = "sha256:";

		sha256_hex(text_of(files[i]), asked + strlen(asked));
		if (!text_is(name, asked))
			continue;
		*bytes = text_of(files[i]);
		return RC_OK;
	}
	if (!text_is(name, "days.ics") && !text_is(name, "more.ics"))
		return err_set(err, RC_MISSING, "no such file");
	*bytes = text_of(files[*second || text_is(name, "more.ics") ? 1 : 0]);
	return RC_OK;
}

static bool second_edition;

static struct terms_context *context_of(struct arena *a)
{
	struct zone_source *zones = arena_one(a, struct zone_source);
	struct terms_context *context = arena_one(a, struct terms_context);

	*zones = (struct zone_source){a, tap_zone};
	*context = (struct terms_context){
		.zones = zones, .load = load, .load_context = &second_edition};
	return context;
}

static struct contract *from_form(struct arena *a, struct text bytes)
{
	struct contract *c = NULL;
	struct err err = {.line = 0};

	return contract_read_canonical(a, text_of("v.json"), bytes, context_of(a), &c, &err) ==
			       RC_OK
		       ? c
		       : NULL;
}

static struct contract *from_yaml(struct arena *a, struct text bytes)
{
	struct contract *c = NULL;
	struct err err = {.line = 0};
	enum rc rc = contract_read(a, text_of("t.yaml"), bytes, context_of(a), &c, &err);

	if (rc == RC_OK && c->valid)
		return c;
	printf("# %.*s\nBail out! a text of the test is no contract\n",
	       TEXT_ARG(tap_findings(a, c)));
	exit(1);
}

static struct text left_text(struct arena *a, const struct applied *r)
{
	struct text all = {"", 0};

	for (size_t i = 0; i < r->n_left_out; i++)
		all = text_format(a, "%.*s%s%.*s: %.*s%s", TEXT_ARG(all), i > 0 ? "\n" : "",
				  TEXT_ARG(r->left_out[i].path), TEXT_ARG(r->left_out[i].why),
				  r->left_out[i].identity ? " (identity)" : "");
	return all;
}

/* --- rows --- */

enum { SWAPS = 3 };

/* tap_contract swapped is the old version, that swapped the new one; tap_contract swapped is the target, that swapped what is wanted. */
struct row {
	const char *name;
	const char *x[SWAPS][2], *y[SWAPS][2], *t[SWAPS][2], *want[SWAPS][2];
	size_t applied;
	const char *left;              /* NULL: nothing */
	const char *code, *key, *says; /* refused */
};

#define NO_PLACE ": there is no such place"
#define SITES(items)                                                                               \
	{                                                                                          \
		{                                                                                  \
			"payment:", "sites: [" items "]\npayment:"                                 \
		}                                                                                  \
	}
#define SITE_A "{id: a, name: A}"
#define SITE_B "{id: b, name: B}"
#define SITE_Z "{id: z, name: Z}"
#define ASSETS "{id: server, name: Server}, {id: router, name: Router}"
#define PRIORITIES "{id: P1, name: urgent}, {id: P2, name: normal}"

static const struct row rows[] = {
	{.name = "nothing changed", .t = {{"due: 30d", "due: 60d"}}},
	{.name = "a value is set whatever the target says",
	 .y = {{"due: 30d", "due: 45d"}},
	 .t = {{"due: 30d", "due: 60d"}},
	 .want = {{"due: 60d", "due: 45d"}},
	 .applied = 1},
	{.name = "a value that is so already",
	 .y = {{"due: 30d", "due: 45d"}},
	 .t = {{"due: 30d", "due: 45d"}},
	 .applied = 1},
	{.name = "an item that the target has under another id",
	 .y = {{"450 USD", "500 USD"}, {"due: 30d", "due: 45d"}},
	 .t = {{"id: care", "id: support"}},
	 .want = {{"due: 30d", "due: 45d"}},
	 .applied = 1,
	 .left = "charges.care.amount" NO_PLACE},
	{.name = "a value that the target does not write",
	 .x = {{"initial: 12mo", "initial: 12mo, counts_from: effective_date"}},
	 .y = {{"counts_from: effective_date", "counts_from: service_start"}},
	 .left = "term.counts_from" NO_PLACE},
	{.name = "a key that is new",
	 .y = {{"{due: 30d}", "{due: 30d, method: ach}"}},
	 .want = {{"{due: 30d}", "{due: 30d, method: ach}"}},
	 .applied = 1},
	{.name = "a key that is new, and the target has",
	 .y = {{"{due: 30d}", "{due: 30d, method: ach}"}},
	 .t = {{"{due: 30d}", "{due: 60d, method: card}"}},
	 .want = {{"card", "ach"}},
	 .applied = 1},
	{.name = "a key in a block that the target does not have",
	 .x = {{"{due: 30d}", "{due: 30d, dispute: {within: 15d}}"}},
	 .y = {{"{within: 15d}", "{within: 15d, form: email}"}},
	 .left = "payment.dispute.form" NO_PLACE},
	{.name = "a block that is new takes the place of the target's own",
	 .y = {{"{due: 30d}", "{due: 30d, dispute: {within: 15d}}"}},
	 .t = {{"{due: 30d}", "{due: 30d, dispute: {within: 9d, form: email}}"}},
	 .want = {{"{within: 9d, form: email}", "{within: 15d}"}},
	 .applied = 1},
	{.name = "a value, and a key behind it",
	 .y = {{"{due: 30d}", "{due: 45d, method: ach}"}},
	 .want = {{"{due: 30d}", "{due: 45d, method: ach}"}},
	 .applied = 2},
	{.name = "a key is gone",
	 .x = {{"{due: 30d}", "{due: 30d, method: ach}"}},
	 .y = {{", method: ach", ""}},
	 .t = {{"{due: 30d}", "{due: 60d, method: card}"}},
	 .want = {{", method: card", ""}},
	 .applied = 1},
	{.name = "a key is gone that the target does not have",
	 .x = {{"{due: 30d}", "{due: 30d, method: ach}"}},
	 .y = {{", method: ach", ""}},
	 .left = "payment.method" NO_PLACE},
	{.name = "whole numbers and truth values",
	 .y = {{"target: 99.5%", "target: 99.5%, decimals: 2"},
	       {"name: Help,", "name: Help, essential: true,"}},
	 .t = {{"target: 99.5%", "target: 99.9%, decimals: 3"}},
	 .want = {{"decimals: 3", "decimals: 2"}, {"name: Help,", "name: Help, essential: true,"}},
	 .applied = 2},
	{.name = "words with quotes",
	 .y = {{"text: Fees", "text: \"The \\\"fees\\\" \\\\ of \xc3\xa9t\xc3\xa9.\""}},
	 .t = {{"text: Fees", "text: Other fees"}},
	 .want = {{"text: Other fees", "text: \"The \\\"fees\\\" \\\\ of \xc3\xa9t\xc3\xa9.\""}},
	 .applied = 1},
	{.name = "a text that begins like a hole",
	 .y = {{"name: Server", "name: \"??x\""}},
	 .want = {{"name: Server", "name: \"??x\""}},
	 .applied = 1},
	{.name = "a set is one value",
	 .y = {{"scope: [server, router]", "scope: [server]"}},
	 .t = {{"scope: [server, router]", "scope: [router]"}},
	 .want = {{"scope: [router]", "scope: [server]"}},
	 .applied = 1},
	{.name = "a set stays sorted",
	 .y = {{"scope: [server, router]", "scope: [server, router, alarm]"},
	       {"{id: router,", "{id: alarm, name: Alarm}, {id: router,"}},
	 .want = {{"scope: [server, router]", "scope: [alarm, router, server]"},
		  {"{id: router,", "{id: alarm, name: Alarm}, {id: router,"}},
	 .applied = 2},
	{.name = "an item goes behind the one it follows",
	 .y = {{ASSETS,
		"{id: server, name: Server}, {id: m, name: M}, {id: router, name: Router}"}},
	 .t = {{ASSETS, "{id: server, name: S}, {id: z, name: Z}, {id: router, name: R}"}},
	 .want = {{"{id: z,", "{id: m, name: M}, {id: z,"}},
	 .applied = 1},
	{.name = "behind the nearest that is there",
	 .y = {{ASSETS, ASSETS ", {id: m, name: M}"}},
	 .t = {{ASSETS, "{id: z, name: Z}, {id: server, name: S}, {id: q, name: Q}"},
	       {"scope: [server, router]", "scope: [server]"}},
	 .want = {{"{id: q,", "{id: m, name: M}, {id: q,"}},
	 .applied = 1},
	{.name = "in front of the one that follows",
	 .y = {{PRIORITIES, "{id: P0, name: burning}, " PRIORITIES}},
	 .t = {{PRIORITIES, "{id: PX, name: x}, " PRIORITIES}},
	 .want = {{"{id: P1,", "{id: P0, name: burning}, {id: P1,"}},
	 .applied = 1},
	{.name = "two items, the later one of an earlier clause",
	 .y = {{"name: Help, ", "name: Desk, "},
	       {"charges: [",
		"charges: [{id: n1, type: one_time, clause: order.fees, amount: 1 USD}, {id: n2, "
		"type: one_time, clause: order.levels, amount: 2 USD}, "}},
	 .want = {{"name: Help, ", "name: Desk, "},
		  {"charges: [",
		   "charges: [{id: n1, type: one_time, clause: order.fees, amount: 1 USD}, {id: "
		   "n2, type: one_time, clause: order.levels, amount: 2 USD}, "}},
	 .applied = 3},
	{.name = "at the end where there is no neighbour",
	 .x = SITES(SITE_A),
	 .y = {{SITE_A, SITE_A ", " SITE_B}},
	 .t = SITES(SITE_Z),
	 .want = {{SITE_Z, SITE_Z ", " SITE_B}},
	 .applied = 1},
	{.name = "an item that exists is replaced where it stands",
	 .y = {{ASSETS, ASSETS ", {id: m, name: M}"}},
	 .t = {{ASSETS, "{id: m, name: Old, kind: other}, " ASSETS}},
	 .want = {{"{id: m, name: Old, kind: other}", "{id: m, name: M}"}},
	 .applied = 1},
	{.name = "an item is taken away, the others stay",
	 .y = {{", {id: router, name: Router}", ""}, {"[server, router]", "[server]"}},
	 .t = {{ASSETS, "{id: z, name: Z}, {id: router, name: R}, {id: server, name: S}"}},
	 .want = {{", {id: router, name: R}", ""}, {"[server, router]", "[server]"}},
	 .applied = 2},
	{.name = "with the last item its list goes (CL-4)",
	 .x = SITES(SITE_A ", " SITE_B),
	 .y = {{SITE_A ", ", ""}},
	 .t = SITES(SITE_A),
	 .want = {{"sites: [" SITE_A "]\n", ""}},
	 .applied = 1},
	{.name = "one item for another in a list of one",
	 .x = SITES(SITE_A),
	 .y = {{SITE_A, SITE_B}},
	 .t = SITES(SITE_A),
	 .want = {{SITE_A, SITE_B}},
	 .applied = 2},
	{.name = "a list that is new",
	 .y = SITES(SITE_A ", " SITE_B),
	 .want = SITES(SITE_A ", " SITE_B),
	 .applied = 1},
	{.name = "a list that is new, and the target has its own",
	 .y = SITES(SITE_A ", " SITE_B),
	 .t = SITES("{id: b, name: Other}, " SITE_Z),
	 .want = {{"{id: b, name: Other}, " SITE_Z, SITE_A ", " SITE_B ", " SITE_Z}},
	 .applied = 1},
	{.name = "a list is gone, and the target has its own",
	 .x = SITES(SITE_A ", " SITE_B),
	 .y = {{"sites: [" SITE_A ", " SITE_B "]\n", ""}},
	 .t = SITES(SITE_A ", " SITE_Z),
	 .want = {{SITE_A ", ", ""}},
	 .applied = 1,
	 .left = "sites.b" NO_PLACE},
	{.name = "a list is gone of which the target has nothing",
	 .x = SITES(SITE_A ", " SITE_B),
	 .y = {{"sites: [" SITE_A ", " SITE_B "]\n", ""}},
	 .t = SITES(SITE_Z),
	 .left = "sites" NO_PLACE},
	{.name = "with the last key its map goes (CL-4)",
	 .x = {{"title: Test,", "title: Test, rounding: {mode: down, place: document},"}},
	 .y = {{"mode: down, ", ""}},
	 .t = {{"title: Test,", "title: Test, rounding: {mode: half_even},"}},
	 .want = {{" rounding: {mode: half_even},", ""}},
	 .applied = 1},
	{.name = "one key for another in a map of one",
	 .x = {{"title: Test,", "title: Test, rounding: {mode: down},"}},
	 .y = {{"mode: down", "place: document"}},
	 .t = {{"title: Test,", "title: Test, rounding: {mode: half_even},"}},
	 .want = {{"mode: half_even", "place: document"}},
	 .applied = 2},
	{.name = "another order leaves what neither version names",
	 .y = {{PRIORITIES, "{id: P2, name: normal}, {id: P1, name: urgent}"}},
	 .t = {{PRIORITIES, "{id: P1, name: red}, {id: PX, name: x}, {id: P2, name: green}"}},
	 .want = {{"{id: P1, name: red}, {id: PX, name: x}, {id: P2, name: green}",
		   "{id: P2, name: green}, {id: PX, name: x}, {id: P1, name: red}"}},
	 .applied = 1},
	{.name = "another order, one more and one less",
	 .x = SITES(SITE_A ", " SITE_B ", {id: c, name: C}"),
	 .y = {{SITE_A ", " SITE_B ", {id: c, name: C}",
		"{id: c, name: C}, {id: m, name: M}, " SITE_A}},
	 .t = SITES(SITE_A ", " SITE_B ", {id: c, name: C}, " SITE_Z),
	 .want = {{SITE_A ", " SITE_B ", {id: c, name: C}, ",
		   "{id: c, name: C}, {id: m, name: M}, " SITE_A ", "}},
	 .applied = 3},
	{.name = "another order of items that are not all there",
	 .y = {{PRIORITIES, "{id: P2, name: normal}, {id: P1, name: urgent}"}},
	 .t = {{PRIORITIES, "{id: P1, name: urgent}, {id: P3, name: normal}"}},
	 .left = "sla.priorities: not all of its items are there"},
	{.name = "another order of a list that is not there",
	 .x = SITES(SITE_A ", " SITE_B),
	 .y = {{SITE_A ", " SITE_B, SITE_B ", " SITE_A}},
	 .left = "sites" NO_PLACE},
	{.name = "what a contract is",
	 .y = {{"id: T-1", "id: T-2"},
	       {"legal_name: C Inc", "legal_name: D Inc"},
	       {"payment:", "amends: {base: "
			    "\"3312a6c2a167ef941eb154aafcd7f82d80d22aa416cf14d91ac5e0498c04d132\", "
			    "reason: Because}\npayment:"}},
	 .t = {{"id: T-1", "id: T-7"}},
	 .left = "contract.id: it is what a contract is, and no clause (identity)\n"
		 "parties.client.legal_name: it is what a contract is, and no clause (identity)\n"
		 "amends: it is what a contract is, and no clause (identity)"},
	{.name = "a commitment stays (CL-43)",
	 .y = {{"due: 30d", "due: 45d"}},
	 .t = {{"name: Ann,", "name: Dana Reyes, salt: \"000102030405060708090a0b0c0d0e0f\","}},
	 .want = {{"due: 30d", "due: 45d"}},
	 .applied = 1},
	{.name = "library words are new, with their hash (CL-44)",
	 .y = {{"kind: order,", "kind: order, library: tenor_sow@1,"}},
	 .want = {{"kind: order,", "kind: order, library: tenor_sow@1,"}},
	 .applied = 1},
	{.name = "other library words",
	 .x = {{"kind: order,", "kind: order, library: tenor_sow@1,"}},
	 .y = {{"tenor_sow@1", "tenor_nda@1"}},
	 .t = {{"kind: order,", "kind: order, library: tenor_sow@1,"}},
	 .want = {{"tenor_sow@1", "tenor_nda@1"}},
	 .applied = 1},
	{.name = "library words are gone, and their hash",
	 .x = {{"kind: order,", "kind: order, library: tenor_sow@1,"}},
	 .y = {{" library: tenor_sow@1,", ""}},
	 .t = {{"kind: order,", "kind: order, library: tenor_nda@1,"}},
	 .want = {{" library: tenor_nda@1,", ""}},
	 .applied = 1},
	{.name = "a calendar file, with its hash",
	 .x = {{"hours: [", "holidays: [{id: h, ics: days.ics}], hours: ["}},
	 .y = {{"days.ics", "more.ics"}},
	 .t = {{"hours: [", "holidays: [{id: h, ics: days.ics}], hours: ["}},
	 .want = {{"days.ics", "more.ics"}},
	 .applied = 1},
	{.name = "a calendar file for a set",
	 .x = {{"hours: [", "holidays: [{id: h, set: us_federal}], hours: ["}},
	 .y = {{"set: us_federal", "ics: more.ics"}},
	 .t = {{"hours: [", "holidays: [{id: h, set: us_federal}], hours: ["}},
	 .want = {{"set: us_federal", "ics: more.ics"}},
	 .applied = 2},
	{.name = "a reference that leads nowhere",
	 .x = {{"calendars: [", "calendars: [{id: night, hours: [{id: w, days: mon-fri, open: "
				"[\"00:00-08:00\"]}]}, "}},
	 .y = {{"calendar: desk}]", "calendar: night}]"}},
	 .code = "ref.unknown",
	 .key = "services.help.calendar",
	 .says = "no calendar \"night\""},
	{.name = "a key that is not for this kind",
	 .y = {{"target: 99.5%", "target: 99.5%, min_outage: 5min"}},
	 .t = {{"kind: availability, scope: [server, router], target: 99.5%",
		"kind: mean, value: survey.score, at_least: \"4\""}},
	 .code = "key.excluded",
	 .key = "sla.metrics.uptime.min_outage"},
	{.name = "another currency",
	 .y = {{"450 USD", "500 USD"}},
	 .t = {{"currency: USD", "currency: EUR"}, {"450 USD", "400 EUR"}},
	 .code = "rule.currency",
	 .key = "charges.care.amount"},
	{.name = "a required list of which nothing is left",
	 .x = {{"id: week,", "id: day, days: sat, open: [\"09:00-10:00\"]}, {id: week,"}},
	 .y = {{", {id: week, days: mon-fri, open: [\"09:00-17:00\"]}", ""}},
	 .code = "key.missing",
	 .key = "calendars.desk.hours"},
	{.name = "ids that differ by case",
	 .y = {{ASSETS, ASSETS ", {id: m, name: M}"}},
	 .t = {{ASSETS, ASSETS ", {id: M, name: M}"}},
	 .code = "id.duplicate",
	 .key = "assets.M.id"},
};

static struct text swapped(struct arena *a, struct text t, const char *const swap[SWAPS][2])
{
	for (size_t i = 0; i < SWAPS && swap[i][0] != NULL; i++)
		t = tap_swap(a, t, swap[i][0], swap[i][1]);
	return t;
}

/* The contract of a text, read by way of its form. */
static struct contract *by_form(struct arena *a, struct text yaml)
{
	struct contract *c = from_form(a, from_yaml(a, yaml)->canonical);

	if (c != NULL)
		return c;
	printf("Bail out! a form of the test is not read\n");
	exit(1);
}

static void refused(const struct row *row, enum rc rc, const struct applied *r,
		    const struct err *err)
{
	bool as = text_is(text_of(err->code), row->code) && text_is(text_of(err->key), row->key) &&
		  (row->says == NULL || text_has(text_of(err->message), text_of(row->says)));

	ok(rc == RC_INVALID && as, "%s: refused with the finding", row->name);
	if (rc != RC_INVALID || !as)
		note("got %d: %s: %s: %s", (int)rc, err->code, err->key, err->message);
	ok(r->contract == NULL && err->line == 0 && err->column == 0,
	   "%s: nothing comes out, and no place in bytes that nobody has", row->name);
}

static void one(const struct row *row)
{
	struct arena *a = arena_new((size_t)1 << 26);
	struct text plain = text_of(tap_contract), x_text = swapped(a, plain, row->x),
		    t_text = swapped(a, plain, row->t);
	struct contract *x = by_form(a, x_text), *y = by_form(a, swapped(a, x_text, row->y)),
			*t = by_form(a, t_text), *want;
	struct changes changes = contract_diff(a, x, y);
	struct applied r = {.contract = NULL};
	struct err err = {.line = 0};
	struct text before = text_copy(a, t->canonical);
	enum rc rc = changes_apply(a, t, &changes, context_of(a), &r, &err);
	struct buf b;

	/* The target's own tree is left alone. */
	buf_init(&b, (size_t)1 << 20);
	canonical_print(a, &b, t->root);
	ok(text_eq(buf_view(&b), before), "%s: the target itself is as before", row->name);
	buf_free(&b);
	if (row->code != NULL) {
		refused(row, rc, &r, &err);
		arena_free(a);
		return;
	}
	want = from_yaml(a, swapped(a, t_text, row->want));
	if (!ok(rc == RC_OK && r.contract != NULL, "%s: applied", row->name)) {
		note("%s: %s: %s", err.code, err.key, err.message);
		arena_free(a);
		return;
	}
	is_text(r.contract->canonical, text_copy(a, want->canonical).p, "%s: the form", row->name);
	is_text(text_of(r.contract->hash), want->hash, "%s: the hash", row->name);
	is_i64((int64_t)r.n_applied, (int64_t)row->applied, "%s: changes applied", row->name);
	is_text(left_text(a, &r), row->left == NULL ? "" : row->left, "%s: left out", row->name);
	arena_free(a);
}

/* --- what rows cannot say --- */

/* The diff sees no other bytes under the same name but in forms; the file goes with its name. */
static void editions(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	const char *const with[SWAPS][2] = {
		{"hours: [", "holidays: [{id: h, ics: days.ics}], hours: ["}};
	const char *const other[SWAPS][2] = {
		{"hours: [", "holidays: [{id: h, ics: more.ics}], hours: ["}};
	struct text yaml = swapped(a, text_of(tap_contract), with);
	struct contract *x = by_form(a, yaml), *y, *t;
	struct applied r = {.contract = NULL};
	struct err err = {.line = 0};

	second_edition = true;
	y = by_form(a, yaml);

	struct changes changes = contract_diff(a, x, y);

	is_i64((int64_t)changes.n, 1, "a second edition: one change");
	ok(changes_apply(a, x, &changes, context_of(a), &r, &err) == RC_OK &&
		   text_eq(r.contract->canonical, y->canonical) && r.n_applied == 1,
	   "a second edition, where the first was");
	t = by_form(a, swapped(a, text_of(tap_contract), other));
	ok(changes_apply(a, t, &changes, context_of(a), &r, &err) == RC_OK &&
		   text_eq(r.contract->canonical, y->canonical),
	   "and where another file was: name and hash go together");
	t = by_form(a, text_of(tap_contract));
	ok(changes_apply(a, t, &changes, context_of(a), &r, &err) == RC_OK &&
		   text_eq(r.contract->canonical, t->canonical) && r.n_applied == 0,
	   "and where none was");
	is_text(left_text(a, &r), "calendars.desk.holidays.h.ics_sha256" NO_PLACE, "left out");

	/* A file compared with a form: contacts and hashes differ by the way of writing. */
	changes = contract_diff(a, x, from_yaml(a, yaml));
	ok(changes_apply(a, x, &changes, context_of(a), &r, &err) == RC_OK &&
		   text_eq(r.contract->canonical, x->canonical) && r.n_applied == 0,
	   "a file against a form: nothing is taken for a change");
	ok(text_has(left_text(a, &r),
		    text_of("ics_sha256: whether the file is another one cannot be told")),
	   "and what cannot be told is said");
	second_edition = false;
	arena_free(a);
}

static void holes(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	const char *const name[SWAPS][2] = {{"name: Server", "name: \"?what\""},
					    {"due: 30d", "due: 45d"}};
	struct contract *x = from_yaml(a, text_of(tap_contract)),
			*y = from_yaml(a, swapped(a, text_of(tap_contract), name)),
			*t = by_form(a, text_of(tap_contract));
	struct changes changes = contract_diff(a, x, y);
	struct applied r = {.contract = NULL};
	struct err err = {.line = 0};

	ok(changes_apply(a, t, &changes, context_of(a), &r, &err) == RC_INVALID &&
		   r.contract == NULL && text_is(text_of(err.code), "version.draft") &&
		   text_is(text_of(err.key), "assets.server.name"),
	   "a hole is never set, not even where any text may stand");
	arena_free(a);
}

/* --- changes at random --- */

static uint64_t state;

static uint32_t below(size_t n)
{
	/* xorshift64; what would be shifted out is cut off first. */
	state ^= state >> 12;
	state ^= (state & (UINT64_MAX >> 25)) << 25;
	state ^= state >> 27;
	return n == 0 ? 0 : (uint32_t)((state >> 11) % n);
}

enum op { OP_DIGIT, OP_DROP, OP_TWICE, OP_SWAP, OPS };

struct edit {
	enum op op;
	uint32_t at;
	unsigned fresh; /* number in the id of an item made twice */
};

static void scalar_out(const struct canon_node *n, bool edited, struct buf *out)
{
	if (n->type == CANON_INT)
		buf_i64(out, edited ? n->number + 1 : n->number);
	else if (n->type == CANON_BOOL)
		buf_str(out, (n->number != 0) != edited ? "true" : "false");
	else if (!edited)
		canon_quote(out, n->text);
	else {
		struct buf b;
		size_t digits = 0, pick;

		for (size_t i = 0; i < n->text.n; i++)
			digits += n->text.p[i] >= '0' && n->text.p[i] <= '9' ? 1 : 0;
		pick = below(digits);
		buf_init(&b, (size_t)1 << 20);
		for (size_t i = 0; i < n->text.n; i++) {
			bool digit = n->text.p[i] >= '0' && n->text.p[i] <= '9';

			buf_char(&b,
				 digit && pick == 0 ? (char)('1' + (int)below(9)) : n->text.p[i]);
			pick = digit ? pick - (pick > 0 ? 1 : 0) + (pick == 0 ? digits : 0) : pick;
		}
		if (digits == 0)
			buf_str(&b, "x");
		canon_quote(out, buf_view(&b));
		buf_free(&b);
	}
}

/* Prints the document with one edit. Depth is that of contracts, 12. */
static void edited_out(const struct canon_doc *doc, uint32_t at, const struct edit *e, bool fresh,
		       struct buf *out)
{
	const struct canon_node *n = &doc->v[at];
	uint32_t v[4096], count = 0;

	if (n->type != CANON_OBJECT && n->type != CANON_ARRAY) {
		scalar_out(n, e->op == OP_DIGIT && e->at == at, out);
		return;
	}
	for (uint32_t c = at + 1; c < n->end && count < 4096; c = doc->v[c].end)
		v[count++] = c;
	if (e->op == OP_SWAP && e->at == at && count > 1) {
		uint32_t i = below(count - 1), kept = v[i];

		v[i] = v[i + 1];
		v[i + 1] = kept;
	}
	buf_char(out, n->type == CANON_OBJECT ? '{' : '[');
	for (uint32_t i = 0, shown = 0; i < count; i++) {
		if (e->op == OP_DROP && e->at == v[i])
			continue;
		if (shown++ > 0)
			buf_char(out, ',');
		if (n->type == CANON_OBJECT) {
			canon_quote(out, doc->v[v[i]].key);
			buf_char(out, ':');
		}
		if (fresh && text_is(doc->v[v[i]].key, "id"))
			buf_printf(out, "\"fresh%u\"", e->fresh);
		else
			edited_out(doc, v[i], e, false, out);
		if (e->op == OP_TWICE && e->at == v[i] && n->type == CANON_ARRAY) {
			buf_char(out, ',');
			edited_out(doc, v[i], e, true, out);
		}
	}
	buf_char(out, n->type == CANON_OBJECT ? '}' : ']');
}

/* What changes_apply never touches is not edited. */
static bool may_edit(const struct canon_doc *doc, uint32_t at)
{
	for (uint32_t c = 1; c < doc->n; c = doc->v[c].end) {
		if (at < c || at >= doc->v[c].end)
			continue;
		return !text_is(doc->v[c].key, "parties") && !text_is(doc->v[c].key, "amends") &&
		       !text_is(doc->v[c].key, "tenor") &&
		       (!text_is(doc->v[c].key, "contract") || !text_is(doc->v[at].key, "id"));
	}
	return false;
}

/* The contract after one edit at random, or NULL where that is none. */
static struct contract *edited(struct arena *a, const struct contract *c)
{
	static const struct canon_limits limits = {.bytes = (size_t)1 << 23, .depth = 12};
	static unsigned fresh;
	struct canon_doc doc;
	struct err err = {.line = 0};
	struct contract *made = NULL;
	struct buf b;

	if (canon_parse(a, NULL, c->canonical, CANON_STRICT, &limits, &doc, &err) != RC_OK)
		return NULL;
	struct edit e = {(enum op)below(OPS), below(doc.n), ++fresh};

	/* Lists and their items are few among the nodes: look on to the next that fits. */
	for (; e.at < doc.n && (e.op == OP_SWAP || e.op == OP_TWICE); e.at++)
		if (doc.v[e.at].type == (e.op == OP_SWAP ? CANON_ARRAY : CANON_OBJECT) &&
		    doc.v[e.at].key.n == (e.op == OP_SWAP ? doc.v[e.at].key.n : 0) &&
		    may_edit(&doc, e.at))
			break;
	if (e.at >= doc.n || !may_edit(&doc, e.at))
		return NULL;
	buf_init(&b, (size_t)1 << 23);
	edited_out(&doc, 0, &e, false, &b);
	if (!text_eq(buf_view(&b), c->canonical))
		made = from_form(a, buf_view(&b));
	buf_free(&b);
	return made;
}

static const struct contract *walk(struct arena *a, const struct contract *c, size_t steps,
				   size_t *made)
{
	for (size_t tries = 0; steps > 0 && tries < 60; tries++) {
		const struct contract *next = edited(a, c);

		if (next == NULL)
			continue;
		c = next;
		(*made)++;
		steps--;
	}
	return c;
}

/* Is it one of the changed paths, below one, or a map or list that went with what was taken away (CL-4)? */
static bool covered(const struct changes *changes, const struct change *c)
{
	struct text path = text_ends(c->path, "_sha256")
				   ? text_sub(c->path, 0, c->path.n - strlen("_sha256"))
				   : c->path;

	for (size_t i = 0; i < changes->n; i++) {
		struct text p = changes->v[i].path;
		struct text less = p.n < path.n ? p : path, more = p.n < path.n ? path : p;

		if (!text_eq(less, text_sub(more, 0, less.n)) ||
		    (more.n > less.n && more.p[less.n] != '.'))
			continue;
		if (path.n >= p.n ||
		    (c->kind == CHANGE_REMOVED && changes->v[i].kind == CHANGE_REMOVED))
			return true;
	}
	return false;
}

/* --- every contract there is, starters filled in --- */

/* What stands in a hole: its default, else something of its type. */
static struct text filled(struct arena *a, const struct contract *c, const struct node *hole)
{
	size_t at = text_find(hole->text, '=', 0);

	if (at < hole->text.n)
		return text_sub(hole->text, at + 1, hole->text.n);
	switch ((int)hole->term->type) {
	case TERM_INT:
	case TERM_DEC:
		return text_of("12");
	case TERM_PCT:
		return text_of("5%");
	case TERM_MONEY:
	case TERM_PRICE:
		return text_format(a, "100 %.*s",
				   TEXT_ARG(term_text(node_at(c->root, "contract"), "currency")));
	case TERM_DATE:
		return text_of("2026-03-01");
	case TERM_DUR:
		return text_of("12mo");
	case TERM_REGION:
		return text_of("US-NY");
	case TERM_EMAIL:
		return text_of("desk@example.org");
	case TERM_TZ:
		return text_of("America/New_York");
	default:
		return text_of("Words");
	}
}

static struct text value_of_hole(struct arena *a, const struct contract *c, struct text name)
{
	for (const struct node *n = c->root; n != NULL; n = node_after(n)) {
		struct text rest = n->hole ? text_sub(n->text, 1, n->text.n) : n->text, called;

		(void)text_cut(rest, '=', &called);
		if (n->hole && text_eq(called, name))
			return filled(a, c, n);
	}
	return text_of("Words");
}

/* The text of a starter as somebody would send it: no `template`, no hole. */
static struct text fill(struct arena *a, const struct contract *c, struct text yaml)
{
	struct buf b;
	bool inside = false;

	buf_init(&b, (size_t)1 << 22);
	for (struct text line; yaml.n > 0;) {
		yaml = text_cut(yaml, '\n', &line);
		if (line.n > 0 && line.p[0] != ' ' && line.p[0] != '#')
			inside = text_starts(line, "template:");
		if (inside)
			continue;
		while (line.n > 0) {
			struct text hole, name;

			if (!text_starts(line, "\"?")) {
				buf_char(&b, line.p[0]);
				line = text_sub(line, 1, line.n);
				continue;
			}
			line = text_cut(text_sub(line, 2, line.n), '"', &hole);
			(void)text_cut(hole, '=', &name);
			buf_printf(&b, "\"%.*s\"", TEXT_ARG(value_of_hole(a, c, name)));
		}
		buf_char(&b, '\n');
	}
	struct text t = text_copy(a, buf_view(&b));

	buf_free(&b);
	return t;
}

struct base {
	const char *name;
	struct text form;
};

static struct base bases[40];
static size_t n_bases;

static int by_name(const void *x, const void *y)
{
	return strcmp(((const struct base *)x)->name, ((const struct base *)y)->name);
}

static size_t folder(struct arena *a, const char *path)
{
	DIR *d = opendir(path);
	size_t n = 0;

	for (struct dirent *e = d == NULL ? NULL : readdir(d); e != NULL; e = readdir(d)) {
		if (!text_ends(text_of(e->d_name), ".yaml") || n_bases == ARRAY_SIZE(bases))
			continue;
		struct text bytes = tap_file(a, text_format(a, "%s/%s", path, e->d_name).p);
		struct contract *c = from_yaml(a, bytes);

		if (c->is_template)
			c = from_yaml(a, fill(a, c, bytes));
		bases[n_bases++] = (struct base){text_copy(a, text_of(e->d_name)).p, c->canonical};
		n++;
	}
	if (d != NULL)
		(void)closedir(d);
	return n;
}

static size_t n_exact, n_done, n_refused, n_uncovered, n_twice;

/* The change done to a contract that need not have its places. */
static void to_another(struct arena *a, const struct changes *changes, const struct contract *t,
		       const char *name)
{
	struct applied r = {.contract = NULL}, again = {.contract = NULL};
	struct err err = {.line = 0};

	if (changes_apply(a, t, changes, context_of(a), &r, &err) != RC_OK) {
		n_refused++;
		if (err.code[0] == '\0' || err.key[0] == '\0' || err.message[0] == '\0' ||
		    r.contract != NULL)
			ok(false, "%s: a refusal names the finding", name);
		return;
	}
	n_done++;

	struct changes moved = contract_diff(a, t, r.contract);

	for (size_t i = 0; i < moved.n; i++)
		if (!covered(changes, &moved.v[i])) {
			note("%s: %.*s moved", name, TEXT_ARG(moved.v[i].path));
			n_uncovered++;
		}
	if (changes_apply(a, r.contract, changes, context_of(a), &again, &err) != RC_OK ||
	    !text_eq(again.contract->canonical, r.contract->canonical)) {
		note("%s: done twice is not done once", name);
		n_twice++;
	}
}

static void random_pair(size_t at, size_t *made)
{
	struct arena *a = arena_new((size_t)1 << 30);
	const struct contract *base = from_form(a, bases[at].form),
			      *x = walk(a, base, below(4), made),
			      *y = walk(a, x, 1 + below(8), made);
	struct changes changes = contract_diff(a, x, y);
	struct applied r = {.contract = NULL};
	struct err err = {.line = 0};
	bool exact = changes_apply(a, x, &changes, context_of(a), &r, &err) == RC_OK &&
		     text_eq(r.contract->canonical, y->canonical) && r.n_left_out == 0;

	n_exact += exact ? 1 : 0;
	if (!exact)
		ok(false, "%s: what differs between x and y, done to x, is y (%s: %s)",
		   bases[at].name, err.key, err.message);
	to_another(a, &changes, walk(a, base, 1 + below(8), made), bases[at].name);
	to_another(a, &changes, from_form(a, bases[below(n_bases)].form), bases[at].name);
	arena_free(a);
}

static void at_random(void)
{
	const char *seed = getenv("TENOR_SEED");
	struct arena *a = arena_new((size_t)1 << 28);
	int64_t given = 0;
	size_t pairs = 8;

	state = seed != NULL && text_int(text_of(seed), &given) && given > 0 ? (uint64_t)given
									     : 20260301;
	note("TENOR_SEED=%" PRIu64, state);
	ok(folder(a, "contracts/examples") > 0, "examples under contracts/");
	ok(folder(a, "contracts/starters") > 0, "starters under contracts/");
	if (tap_shared() != NULL)
		(void)folder(a, "../shared/reference");
	else
		note("SKIP ../shared is not here");
	/* A seed means the same everywhere, in whatever order a folder is listed. */
	qsort(bases, n_bases, sizeof(*bases), by_name);
	for (size_t i = 0; i < n_bases; i++) {
		size_t made = 0;

		for (size_t k = 0; k < pairs; k++)
			random_pair(i, &made);
		ok(made >= pairs, "%s: %zu edits made a contract", bases[i].name, made);
	}
	is_i64((int64_t)n_exact, (int64_t)(n_bases * pairs),
	       "what differs between x and y, done to x, is y");
	is_i64((int64_t)(n_done + n_refused), (int64_t)(2 * n_bases * pairs), "and done to others");
	ok(n_done >= n_bases * pairs / 2, "where most of it stands: %zu, refused %zu", n_done,
	   n_refused);
	is_i64((int64_t)n_uncovered, 0, "nothing moves outside the changed paths");
	is_i64((int64_t)n_twice, 0, "done twice is done once");
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		one(&rows[i]);
	editions();
	holes();
	at_random();
	return tap_done();
}
