/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small files of one's own beside the workspace: trusted keys, a witness's key and state, evidence. What is written is durable when the
 * call returns: synced, moved into place, its folder synced. Not for what --output names (the caller's) and not for facts (input.h).
 */
#ifndef APP_FILING_H
#define APP_FILING_H

#include "app/app.h"

/* Folders on the way to a file: mode 0700, as keys may lie there. */
enum rc filing_folders(struct arena *a, struct text path, struct err *err) MUST_USE;
/* A new file, mode 0600; RC_INVALID if there is one. */
enum rc filing_new(struct arena *a, struct text path, struct text bytes, struct err *err) MUST_USE;
/* In the place of what is there, if anything is; mode 0600. */
enum rc filing_replace(struct arena *a, struct text path, struct text bytes,
		       struct err *err) MUST_USE;
/* The bytes as they lie there, "-" is standard input. RC_MISSING, RC_LIMIT, RC_IO; err names the file. */
enum rc filing_read(struct app *app, struct text path, uint64_t max_bytes, struct text *out,
		    struct err *err) MUST_USE;
#endif
