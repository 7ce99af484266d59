/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record as a server gives it by the paths of C2SP tlog-tiles (trust.md J9, J17), for a witness: the checkpoint, the hashes of all leaves,
 * single entries, and the way back for a cosignature. Nothing that comes is believed: a key that is trusted has signed the root, the hashes
 * give the root, and an entry gives its hash.
 */
#ifndef APP_COSIGN_FROM_H
#define APP_COSIGN_FROM_H

#include "app/trust.h"
#include "app/witness.h"
#include "journal/tile.h"

enum { SERVER_LEAVES_MAX = 1 << 24 }; /* 512 MiB of hashes */

struct server_log {
	struct app *app;
	struct outside_process *to;
	struct uuid log;
	char uuid[UUID_TEXT + 1];
	struct hash *leaves;
	int64_t size;
	int64_t bundle; /* number of the entry bundle at hand; -1: none */
	struct text entries[TILE_HASHES];
	size_t n_entries;
};

/* --from, --log, --token, --address. RC_USAGE says which of them is wrong; a process that connects out has been started. */
enum rc server_open(struct server_log *s, struct app *app, const struct args *args,
		    struct err *err) MUST_USE;
void server_close(struct server_log *s);

/* Its note as it is now. RC_MISSING: no such record there, or not for this token; RC_USAGE: no token that holds; RC_IO: no answer. */
enum rc server_checkpoint(struct server_log *s, struct text *note, struct err *err) MUST_USE;
/*
 * Fetches the hashes of all leaves and holds them against now->note, whose checkpoint is then in *now. *status as of `tenor verify`: 0; 1 a
 * check failed; 2 it cannot be checked, because no key is trusted or it is too large; *why says what.
 */
enum rc server_check(struct server_log *s, struct hasher *h, const struct trust *t,
		     struct witness_now *now, int *status, struct err *why,
		     struct err *err) MUST_USE;
/* After server_check. */
struct leaf_source server_leaves(struct server_log *s);
/* The entry i; RC_INVALID: it is not the one whose hash stands in the tree. */
enum rc server_entry(struct server_log *s, struct hasher *h, int64_t i, struct text *out,
		     struct err *err) MUST_USE;
/* Posts a witness's line. *taken, or *why not. */
enum rc server_cosign(struct server_log *s, struct text line, bool *taken, struct text *why,
		      struct err *err) MUST_USE;

#endif
