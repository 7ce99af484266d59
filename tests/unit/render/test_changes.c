/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of a contract (CL-6, LN-4) and changes between two. */
#include "render/changes.h"

#include "outcome.h"
#include "render/findings.h"

#include <jansson.h>

/* --- findings --- */

static struct finding findings_list[] = {
	{"key.unknown",
	 'X',
	 3,
	 5,
	 {"sla.metrics.respose", 19},
	 {"", 0},
	 {"", 0},
	 {"unknown key \"respose\"; did you mean \"response\"?", 47},
	 {"", 0},
	 {"", 0},
	 {"", 0}},
	{"S-14",
	 'W',
	 7,
	 2,
	 {"sla.metrics.uptime.measured_by.verified_by", 42},
	 {"provider", 8},
	 {"Order form 2, Levels", 20},
	 {"only the provider can establish a miss", 38},
	 {"self-reported numbers are distrusted", 36},
	 {"either, or third_party", 22},
	 {"", 0}},
	{"S-03",
	 'E',
	 9,
	 1,
	 {"sla.credits.caps", 16},
	 {"", 0},
	 {"", 0},
	 {"credits have no year cap", 24},
	 {"one bad month", 13},
	 {"add both", 8},
	 {"on the nominal month: 100.00 USD", 32}},
	{"S-20",
	 'I',
	 1,
	 1,
	 {"sla.reporting", 13},
	 {"a\x1b[2J", 5},
	 {"", 0},
	 {"nothing follows", 15},
	 {"", 0},
	 {"", 0},
	 {"", 0}},
};

static const char findings_en[] =
	"c.yaml:3:5: key.unknown: sla.metrics.respose: unknown key \"respose\"; did you mean "
	"\"response\"?\n"
	"c.yaml:7:2: S-14 W sla.metrics.uptime.measured_by.verified_by = \"provider\" (Order form "
	"2, Levels): only the provider can "
	"establish a miss\n"
	"    why: self-reported numbers are distrusted\n"
	"    fix: either, or third_party\n"
	"c.yaml:9:1: S-03 E sla.credits.caps (no clause): credits have no year cap\n"
	"    why: one bad month\n"
	"    fix: add both\n"
	"    effect: on the nominal month: 100.00 USD\n"
	"c.yaml:1:1: S-20 I sla.reporting = \"a\xef\xbf\xbd[2J\" (no clause): nothing follows\n"
	"2 errors, 1 warning, 1 note\n";

static void findings(struct arena *a, struct buf *b)
{
	struct findings f = {findings_list, ARRAY_SIZE(findings_list), ARRAY_SIZE(findings_list),
			     1};
	struct findings none = {NULL, 0, 0, 0};
	json_error_t error;

	buf_clear(b);
	findings_text(a, text_of("c.yaml"), &f, language("en"),
		      &(struct findings_style){.width = 0}, b);
	is_text(buf_view(b), findings_en, "findings in the shapes of CL-6 and LN-4");
	buf_clear(b);
	findings_text(a, text_of("c.yaml"), &f, language("de"),
		      &(struct findings_style){.width = 0}, b);
	ok(text_has(buf_view(b), text_of("    Abhilfe: add both\n")) &&
		   text_ends(buf_view(b), "2 Fehler, 1 Warnung, 1 Hinweis\n"),
	   "labels in German");
	buf_clear(b);
	findings_text(a, text_of("c.yaml"), &f, language("en"),
		      &(struct findings_style){.colour = true}, b);
	ok(text_has(buf_view(b), text_of("\x1b[0;31mS-03 E")) &&
		   !text_has(buf_view(b), text_of("\x1b[2J")),
	   "colour is ours, never the file's");
	buf_clear(b);
	findings_text(a, text_of("c.yaml"), &none, language("en"),
		      &(struct findings_style){.width = 0}, b);
	is_text(buf_view(b), "", "nothing found, nothing said");
	buf_clear(b);
	findings_json(text_of("c.yaml"), false, &f, &none, NULL, b);
	json_t *root = json_loadb(b->p, b->n, JSON_REJECT_DUPLICATES, &error);

	is_i64((int64_t)json_array_size(json_object_get(root, "findings")), 4, "all as JSON");
	is_i64(json_integer_value(json_object_get(root, "errors")), 2, "with the number of errors");
	json_decref(root);
}

/* --- changes --- */

static const struct {
	const char *from, *to;
} edits[] = {
	{"target: 99.5%", "target: 99.9%"},
	{"within: 8h@office", "within: 6h@office"},
	{", caps: ", ", caps: "},
	{"pause: [{id: client, while: ticket.waiting_client}], ", ""},
	{"caps: [{id: month, per: calendar_month",
	 "caps: [{id: quarter, per: calendar_quarter, pct: 12%, of: quarter_charges}, {id: month, "
	 "per: calendar_month"},
};

static struct text edited(struct arena *a)
{
	struct text t = text_of(fixture_contract);

	for (size_t k = 0; k < ARRAY_SIZE(edits); k++) {
		struct text from = text_of(edits[k].from);

		for (size_t i = 0; i + from.n <= t.n; i++) {
			if (!text_eq(text_sub(t, i, i + from.n), from))
				continue;
			struct text left = text_sub(t, 0, i), right = text_sub(t, i + from.n, t.n);

			t = text_format(a, "%.*s%s%.*s", TEXT_ARG(left), edits[k].to,
					TEXT_ARG(right));
			break;
		}
	}
	return t;
}

static const char changes_text[] = "  4 changes under 1 clause, material\n";

static const char *const rows[] = {
	"  SERVICE SCHEDULE 2, LEVELS\n",
	"  sla.metrics.resolution.targets.p1.within   8h@office              6h@office\n",
	"  sla.metrics.resolution.pause.client.while  ticket.waiting_client  not there\n",
	"  sla.metrics.uptime.target                  99.5%                  99.9%\n",
	"  sla.credits.caps.quarter.pct               not there              12%\n",
};

static void changes(struct arena *a, struct buf *b)
{
	const struct promise *before = fixture_promise(a, fixture_contract);
	const struct promise *after = fixture_promise(a, edited(a).p);
	json_error_t error;

	if (!ok(before != NULL && after != NULL, "both contracts are valid"))
		return;
	struct changes c = contract_diff(a, before->contract, after->contract);

	buf_clear(b);
	doc_text(changes_doc(a, before->contract, after->contract, &c, language("en")),
		 &(struct text_style){.width = 100}, b);
	ok(text_has(buf_view(b), text_of(changes_text + 2)), "how many, under how many clauses");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!ok(text_has(buf_view(b), text_of(rows[i])), "%s", rows[i]))
			note("%.*s", TEXT_ARG(buf_view(b)));
	buf_clear(b);
	changes_json(before->contract, after->contract, &c, b);
	json_t *root = json_loadb(b->p, b->n, JSON_REJECT_DUPLICATES, &error);

	is_i64((int64_t)json_array_size(json_object_get(root, "changes")), 4, "the same as JSON");
	json_decref(root);
	c = contract_diff(a, before->contract, before->contract);
	buf_clear(b);
	doc_text(changes_doc(a, before->contract, before->contract, &c, language("de")),
		 &(struct text_style){.width = 80}, b);
	ok(text_has(buf_view(b), text_of("Nichts: beide besagen dasselbe.")), "no change is said");
}

int main(void)
{
	struct arena *a = arena_new((size_t)256 << 20);
	struct buf b;

	buf_init(&b, (size_t)4 << 20);
	findings(a, &b);
	changes(a, &b);
	buf_free(&b);
	arena_free(a);
	return tap_done();
}
