/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing a bundle (trust.md J19) without holding it in memory: every file is made twice, once for its length and hash, which the list
 * at the front needs, and once to be written. Both within one view of the store.
 */
#ifndef APP_BUNDLING_H
#define APP_BUNDLING_H

#include "app/workspace.h"
#include "journal/bundle.h"

/* A file to be: its bytes, or how they are made. */
enum bundled_kind { BUNDLED_BYTES, BUNDLED_ENTRIES, BUNDLED_TILE, BUNDLED_PRIVATE };

struct bundled {
	struct text name;
	enum bundled_kind kind;
	struct text bytes; /* BYTES */
	int64_t from, to;  /* ENTRIES, TILE: leaves [from, to) */
	struct uuid id;    /* PRIVATE: of the entry */
	struct text slot;
	struct hash sha256; /* after the first pass */
	int64_t length;
};

struct bundling {
	struct workspace *ws;
	struct log_head log;
	struct bundled *v;
	size_t n, cap;
};

void bundling_add(struct bundling *b, struct text name, struct text bytes);
void bundling_add_made(struct bundling *b, const struct bundled *made);
/* Sorts, measures, and writes bundle.json and the files to reply->out, flushing as it goes. about: all but what the files tell. */
enum rc bundling_write(struct bundling *b, const struct bundle_about *about, struct reply *reply,
		       struct err *err) MUST_USE;

#endif
