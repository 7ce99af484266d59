/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries printed and hashed ahead, by a second thread, while the first one puts those before them into the store: a durable import is
 * bounded by the store, and printing would wait for every sync otherwise. Pure work only: it reads the set, the ids and who acts, and
 * writes memory of its own and, where no fact names another, the ids of the facts it prints. A fact that names other facts, brings
 * free words or is to be refused is left to the caller, as is one that becomes too large; a call of one batch has no second thread at
 * all.
 */
#ifndef APP_APPEND_AHEAD_H
#define APP_APPEND_AHEAD_H

#include "app/append_parts.h"

struct ahead;

struct ahead *ahead_new(struct appending *x);
/* Waits for the thread and frees. */
void ahead_free(struct ahead *a);

/*
 * The entry of fact i of the set if it was printed ahead, recorded at *recorded_at under the contract version given; false: it was
 * not, or it would be recorded before `since`. Facts are asked for in their order; some may be left out. Those that come later are
 * printed meanwhile, a few runs of them, as of the newest `now` that was said. The bytes are good until a fact of another run is
 * asked for.
 */
bool ahead_entry(struct ahead *a, size_t i, instant since, instant now, struct text version,
		 struct text *bytes, struct hash *leaf, instant *recorded_at);
/*
 * The clock of the run that was asked for last: who stores a fact by himself meanwhile records it as of then, or the rest of the run
 * would lie before it.
 */
instant ahead_clock(const struct ahead *a, instant otherwise);

#endif
