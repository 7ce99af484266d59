/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/library.h"

#include "terms/table.h"

/* clang-format off */
#include "terms/library.def"
/* clang-format on */

size_t library_count(void)
{
	return ARRAY_SIZE(documents);
}

const struct library_document *library_at(size_t i)
{
	return &documents[i];
}

const struct library_document *library_find(struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++)
		if (text_is(name, documents[i].name))
			return &documents[i];
	return NULL;
}

const struct library_words *library_clause(const struct library_document *d, struct text id)
{
	for (size_t i = 0; i < d->n; i++)
		if (text_is(id, d->clauses[i].id))
			return &d->clauses[i];
	return NULL;
}

bool library_clause_printed(const struct library_words *w, const struct node *root)
{
	return *w->when == '\0' || path_is_written(root, text_of(w->when));
}

void library_bytes(const struct library_document *d, struct buf *out)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct library_words *w = &d->clauses[i];

		buf_printf(out, "%s# %s: %s\n", i == 0 ? "" : "\n", w->id, w->heading);
		if (*w->when != '\0')
			buf_printf(out, "when: %s\n", w->when);
		buf_printf(out, "\n%s\n", w->text);
	}
}
