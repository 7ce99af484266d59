/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docs/import.md names every reason, flag, ready mapping and kind of rows, and its example of a mapping is one. docs/facts.md
 * (tools/facts-doc.py) has every row of the table.
 */
#include "files.h"

static struct text read_page(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b;
	char chunk[4096];
	size_t n;

	buf_init(&b, 1 << 20);
	while (f != NULL && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(&b, chunk, n);
	if (f != NULL)
		(void)fclose(f);

	struct text t = text_copy(a, buf_view(&b));

	buf_free(&b);
	return t;
}

static void names(struct text page, const char *word)
{
	struct buf b;

	buf_init(&b, 256);
	buf_printf(&b, "`%s`", word);
	ok(text_has(page, buf_view(&b)), "it names `%s`", word);
	buf_free(&b);
}

/* The first block between fences. */
static struct text example(struct text page)
{
	for (size_t i = 0; i + 5 < page.n; i++) {
		if (!text_starts(text_sub(page, i, page.n), "\n```\n"))
			continue;
		struct text rest = text_sub(page, i + 5, page.n);

		for (size_t j = 0; j < rest.n; j++)
			if (text_starts(text_sub(rest, j, rest.n), "\n```\n"))
				return text_sub(rest, 0, j + 1);
	}
	return (struct text){"", 0};
}

int main(void)
{
	/* of every body (facts/body.h) */
	static const char *const common[] = {"source", "ref", "seq", "by", "stamp"};
	struct arena *a = arena_new(16u << 20);
	struct text page = read_page(a, "docs/import.md"), table = read_page(a, "docs/facts.md");
	struct mapping *m = NULL;
	struct err err = {.line = 0};

	if (page.n == 0)
		return tap_skip_all("not run from the checkout");
	for (unsigned c = 0; c < IMPORT_CODE_COUNT; c++)
		names(page, import_code_word((enum import_code)c));
	for (unsigned bit = 0; bit < FACT_FLAG_BITS; bit++) {
		enum fact_flag flag = (enum fact_flag)(1u << bit);

		/* These depend on a promise, or on the record: an import never sets them. */
		if (flag != FLAG_RESTATING && flag != FLAG_IMPLIED && flag != FLAG_UNPROVEN &&
		    flag != FLAG_PENDING)
			names(page, flag_word(flag));
	}
	for (size_t i = 0; i < mapping_ready_count(); i++)
		names(page, mapping_ready_name(i).p);
	for (unsigned r = ROWS_TICKET_STATES; r <= ROWS_CALENDAR; r++)
		names(page, mapping_rows_word((enum mapping_rows)r));
	if (!ok(mapping_parse(a, text_of("docs/import.md"), example(page), &m, &err) == RC_OK,
		"its example is a mapping"))
		note("line %u: %s", err.line, err.message);
	for (unsigned k = 0; k < FACT_COUNT; k++) {
		names(table, fact_row((enum fact_kind)k)->kind);
		ok(text_has(table, text_of(fact_row((enum fact_kind)k)->help)), "and what it says");
	}
	for (unsigned f = 0; f < FIELD_COUNT; f++)
		names(table, field_row((enum fact_field)f)->key);
	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		names(table, common[i]);
	for (unsigned e = 0; e < EVENT_COUNT; e++)
		names(table, event_row((enum fact_event)e)->name);
	arena_free(a);
	return tap_done();
}
