/* SPDX-License-Identifier: Apache-2.0 */
/* The library: the compiled texts are those of contracts/library, their references resolve, clauses are numbered (CL-21, CL-25). */
#include "terms/library.h"
#include "terms/words.h"
#include "terms_tap.h"

#include <string.h>

static void texts(void)
{
	static const char *const names[] = {"tenor_msa@1", "tenor_sow@1",  "tenor_sla@1",
					    "tenor_nda@1", "tenor_mnda@1", "tenor_baa@1",
					    "tenor_dpa@1"};
	struct arena *a = arena_new((size_t)1 << 26);
	struct buf b;

	is_i64((int64_t)library_count(), (int64_t)ARRAY_SIZE(names), "entries of CL-25");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct library_document *d = library_find(text_of(names[i]));
		struct text file =
			tap_file(a, text_format(a, "contracts/library/%s.md", names[i]).p);

		if (!ok(d != NULL && file.p != NULL, "%s is there", names[i]))
			continue;
		buf_init(&b, (size_t)1 << 20);
		library_bytes(d, &b);
		is_text(buf_view(&b), file.p, "%s is what contracts/library says", names[i]);
		buf_free(&b);
		for (size_t k = 0; k < d->n; k++) {
			struct text rest = text_of(d->clauses[k].text),
				    when = text_of(d->clauses[k].when);
			struct word w;

			if (when.n > 0 && path_row(when) == NULL)
				ok(false, "%s %s: when %s is not in the table", names[i],
				   d->clauses[k].id, d->clauses[k].when);
			while (words_next(&rest, &w))
				if (w.kind == WORD_BROKEN ||
				    ((w.kind == WORD_VALUE || w.kind == WORD_TABLE) &&
				     path_row(w.text) == NULL))
					ok(false, "%s %s: {{%.*s}}", names[i], d->clauses[k].id,
					   TEXT_ARG(w.text));
		}
	}
	arena_free(a);
}

static void numbers(void)
{
	/* tenor_nda@1: cover, information, use, exclusions, law, secrets, end (not written), duration (not written), remedies. */
	static const char with[] = "title: Order form, library: tenor_nda@1, ";
	struct arena *a = arena_new((size_t)1 << 26);
	struct contract *c = tap_read(
		a, tap_swap(a, tap_swap(a, text_of(tap_contract), "title: Order form, ", with),
			    "{id: levels, heading: Levels, text: \"Pay in {{payment.due}}.\"}",
			    "{id: levels, heading: Levels, when: payment.method, text: Not yet}, "
			    "{id: use, heading: Use of it, "
			    "text: \"Ours, see {{clause:order.information}}\"}"));

	if (!ok(c->valid, "a document with library words and words of its own"))
		note("%.*s", TEXT_ARG(tap_findings(a, c)));
	static const struct {
		const char *clause, *label;
		unsigned number;
	} rows[] = {
		{"order.cover", "Order form 1, Parties", 1},
		{"order.use", "Order form 3, Use of it", 3},
		{"order.exclusions", "Order form 4, What is not confidential", 4},
		{"order.end", "Order form, Return (not printed)", 0},
		{"order.remedies", "Order form 7, Remedies", 7},
		{"order.levels", "Order form, Levels (not printed)", 0},
		{"order.fees", "Order form 8, Fees", 8},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct node *n = clause_find(c, text_of(rows[i].clause));

		if (!ok(n != NULL, "%s is a clause", rows[i].clause))
			continue;
		is_i64(clause_number(n), rows[i].number, "%s: number", rows[i].clause);
		is_text(clause_label(a, n), rows[i].label, "%s: label", rows[i].clause);
	}
	is_text(clause_label(a, NULL), "(no clause)", "no clause");
	is_text(clause_label(a, node_clause(node_at(c->root, "charges.care.amount"))),
		"Order form 8, Fees", "the nearest clause above a value");

	/* Words of the library that lead nowhere are the file's problem: here a block that lacks what they print. */
	struct contract *d =
		tap_read(a, tap_swap(a,
				     tap_swap(a, text_of(tap_contract), "kind: order, ",
					      "kind: order, library: tenor_sla@1, "),
				     "sla: {", "sla: {reviews: {agenda: [budget]}, "));

	ok(!d->valid && text_has(tap_findings(a, d),
				 text_of("3:47: ref.unknown: documents.order.library: clause "
					 "\"reviews\" of tenor_sla@1: "
					 "\"sla.reviews.every\" is not written in this contract")),
	   "library words that lead nowhere");
	arena_free(a);
}

static void words(void)
{
	static const struct {
		const char *text;
		enum word_kind kind;
		const char *path, *of;
	} rows[] = {
		{"plain", WORD_LITERAL, "plain", ""},
		{"{one}", WORD_LITERAL, "{one}", ""},
		{"{{payment.due}}", WORD_VALUE, "payment.due", ""},
		{"{{table:charges}}", WORD_TABLE, "charges", ""},
		{"{{table:charges:time}}", WORD_TABLE, "charges", "time"},
		{"{{def:restored}}", WORD_DEFINITION, "restored", ""},
		{"{{clause:sla.uptime}}", WORD_CLAUSE, "sla.uptime", ""},
		{"{{}}", WORD_BROKEN, "", ""},
		{"{{ payment.due }}", WORD_BROKEN, " payment.due ", ""},
		{"{{if:x}}", WORD_BROKEN, "if:x", ""},
		{"{{a..b", WORD_BROKEN, "{{a..b", ""},
		{"{{.a}}", WORD_BROKEN, ".a", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct text rest = text_of(rows[i].text);
		struct word w;

		ok(words_next(&rest, &w) && rest.n == 0 && w.kind == rows[i].kind &&
			   text_is(w.text, rows[i].path) && text_is(w.of, rows[i].of),
		   "%s", rows[i].text);
	}
	struct text rest = text_of("a {{b}} c{{d}}");
	struct word w;
	int n = 0;

	while (words_next(&rest, &w))
		n++;
	is_i64(n, 4, "words one after the other");
}

int main(void)
{
	texts();
	numbers();
	words();
	return tap_done();
}
