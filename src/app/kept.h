/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections that a process keeps open between calls on one workspace: the store for reading and for writing, each with its keys, with
 * what was prepared on them. For a server's worker, which would else open the file anew for every request; used by workspace.c alone.
 * One thread, and no handle crosses a fork (trust.md D1): made after it.
 */
#ifndef APP_KEPT_H
#define APP_KEPT_H

#include "app/workspace.h"

/* How long a statement of a request may work (trust.md X5). */
enum { KEPT_SQL_MS = 2000 };

struct kept;

struct kept *kept_new(void);
/* Closes what is open. true: a write failed while it closed (D3). */
bool kept_free(struct kept *k);

/*
 * The place for a connection of this mode to this file, with the key file that was named (empty: none was): with its store if it is open already and still the file of that name, empty if
 * it is to be opened (in the place's arena). NULL: none is kept; k is NULL, the mode is another, or the place is in use by a call that
 * has not ended.
 */
struct kept_place *kept_take(struct kept *k, struct text path, struct text keys_path,
			     struct text key, enum store_mode mode);
/* Back after a call: what is whole stays open, the rest is closed. true: a write failed. */
bool kept_give(struct kept_place *p);

struct kept_file {
	uint64_t device, number;
};

struct kept_place {
	struct arena *arena;
	struct store *store;
	struct keys *keys;
	struct hasher *hasher;
	struct text kek_path, path, keys_path;
	struct text key;         /* as it was named */
	struct text derived_tag; /* workspace_derived_tag, once it was asked for */
	struct kept_file file, keys_file;
	enum store_mode mode;
	bool busy;
};

#endif
