/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The back end over SQLite (trust.md D1): what store.c asks of it. sqlite.c has transactions and statements, sqlite_open.c opening
 * and naming what is wrong with a file, sqlite_file.c what concerns the file as a whole. No domain rule.
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/store.h"

struct store_backend;

const struct store_backend *sqlite_backend(void);
/* The back end's state of one open file, closed by nobody but store_close. */
void *sqlite_native_new(struct arena *a);

/* After how many pages in the write-ahead log a commit carries them over; 1,000 at first (D1). */
void sqlite_checkpoint_after(struct store *s, int pages);
/* Prepares a statement against the file's schema: false and SQLite's words if it does not fit. For the test of statements.def. */
bool sqlite_prepares(struct store *s, enum statement q, struct buf *why);
bool sqlite_statement_is_of(enum statement q, enum store_kind kind);

#endif
