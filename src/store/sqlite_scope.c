/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The read door's views (trust.md P4). A view has the name of the table that it is over, and lies in front of it: the statements are the
 * same with and without them. What a view shows is joined to the scope; the table itself is denied by the authorizer.
 */
#include "store/sqlite_parts.h"

#include <string.h>

/* A row of the scope with log 0 stands for all logs. */
#define ALL "EXISTS (SELECT 1 FROM temp.scope WHERE log = 0) OR "
#define OF_LOG ALL "log IN (SELECT log FROM temp.scope)"
#define OF_PLACE ALL "EXISTS (SELECT 1 FROM temp.scope WHERE place BETWEEN first AND last)"
#define OF_CONTRACT                                                                                \
	ALL "contract IN (SELECT contract FROM main.log WHERE id IN (SELECT log FROM temp.scope) " \
	    "AND kind = 0)"

static const struct {
	const char *table, *condition;
} views[] = {
	{"log", ALL "id IN (SELECT log FROM temp.scope) OR (kind = 1 AND contract = '')"},
	{"entry", OF_LOG},
	{"slot", OF_LOG},
	{"checkpoint", OF_LOG},
	{"mark", OF_LOG},
	{"fact_pack", OF_PLACE},
	{"document", OF_LOG},
	{"document_item", OF_LOG},
	{"document_again", OF_LOG},
	{"note", OF_CONTRACT},
	{"outbox", OF_CONTRACT},
	{"news", OF_LOG},
	{"alert", OF_LOG},
	{"found_size", OF_LOG},
	{"found_word", OF_PLACE},
	{"found_hash", OF_LOG},
	{"ticket_size", OF_LOG},
	{"ticket", OF_LOG},
	{"ticket_count", OF_LOG},
	{"ticket_past", OF_LOG},
};

bool sqlite_is_view(const char *name)
{
	for (size_t i = 0; name != NULL && i < ARRAY_SIZE(views); i++)
		if (strcmp(name, views[i].table) == 0)
			return true;
	return false;
}

static int make_views(struct sqlite *q)
{
	int code = sqlite_exec_own(q, "CREATE TEMP TABLE scope (log INTEGER PRIMARY KEY, first "
				      "INTEGER NOT NULL, last INTEGER NOT NULL) STRICT");

	for (size_t i = 0; code == SQLITE_OK && i < ARRAY_SIZE(views); i++) {
		char sql[512];

		(void)snprintf(sql, sizeof(sql),
			       "CREATE TEMP VIEW %s AS SELECT * FROM main.%s WHERE %s",
			       views[i].table, views[i].table, views[i].condition);
		code = sqlite_exec_own(q, sql);
	}
	/* (id << 40) + i is the place of an entry (record.h). */
	if (code == SQLITE_OK)
		code = sqlite_prepare_own(q, "DELETE FROM temp.scope", &q->scope_none);
	if (code == SQLITE_OK)
		code = sqlite_prepare_own(q, "INSERT INTO temp.scope VALUES (0, 0, 0)",
					  &q->scope_all);
	if (code == SQLITE_OK)
		code = sqlite_prepare_own(q,
					  "INSERT OR IGNORE INTO temp.scope SELECT id, id << 40, "
					  "((id + 1) << 40) - 1 FROM main.log"
					  " WHERE contract = ?1 AND (kind = 0 OR ?1 = '')",
					  &q->scope_add);
	q->scoped = code == SQLITE_OK;
	return code;
}

static int add(struct sqlite *q, struct text contract)
{
	int code = sqlite3_bind_text64(q->scope_add, 1, contract.p, contract.n, SQLITE_STATIC,
				       SQLITE_UTF8);

	if (code == SQLITE_OK)
		code = sqlite_step_once(q, q->scope_add);
	(void)sqlite3_clear_bindings(q->scope_add);
	return code;
}

enum rc sqlite_scope(struct store *s, const struct store_scope *scope, struct err *err)
{
	struct sqlite *q = native_of(s);
	int code = q->scoped ? SQLITE_OK : make_views(q);

	if (code == SQLITE_OK)
		code = sqlite_step_once(q, q->scope_none);
	if (code == SQLITE_OK && scope->all)
		code = sqlite_step_once(q, q->scope_all);
	/* What is no contract's: how the provider's papers look, who did what; rights of their own are on it. */
	if (code == SQLITE_OK && !scope->all && scope->n > 0)
		code = add(q, text_of(""));
	for (size_t i = 0; code == SQLITE_OK && i < scope->n; i++)
		code = add(q, scope->contracts[i]);
	return code == SQLITE_OK ? RC_OK : sqlite_fail(s, code, err);
}

void sqlite_scope_close(struct sqlite *q)
{
	(void)sqlite3_finalize(q->scope_none);
	(void)sqlite3_finalize(q->scope_all);
	(void)sqlite3_finalize(q->scope_add);
}
