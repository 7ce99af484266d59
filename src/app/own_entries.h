/* SPDX-License-Identifier: Apache-2.0 */
/* Entries that the record wrote about itself (keys, versions, inputs, witnesses, statements), found by their marks. */
#ifndef APP_OWN_ENTRIES_H
#define APP_OWN_ENTRIES_H

#include "app/workspace.h"
#include "journal/entry.h"

struct own_entry {
	int64_t index;
	struct entry entry;
	struct canon_doc doc;
	const struct canon_node *body;
};

enum rc own_entry_read(struct workspace *ws, const struct log_head *log, int64_t index,
		       struct own_entry *out, struct err *err) MUST_USE;
/* Those of a kind with index < size, ascending. */
enum rc own_entries(struct workspace *ws, const struct log_head *log, enum fact_kind kind,
		    int64_t size, struct own_entry **out, size_t *n, struct err *err) MUST_USE;
/* A member of the body: its text, or empty; its number, or otherwise. */
struct text own_entry_text(const struct own_entry *e, const char *key);
int64_t own_entry_number(const struct own_entry *e, const char *key, int64_t otherwise);

#endif
