/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files as a whole: copied with their hash, synced, put in place so that there is never half of one. Never a file that SQLite has open
 * (trust.md D1): those are copied by the store.
 */
#ifndef APP_FILES_H
#define APP_FILES_H

#include "base/buf.h"
#include "base/err.h"
#include "base/sha256.h"
#include "journal/merkle.h"

/* Anything of that name, a dangling link too. */
bool files_is_there(struct arena *a, struct text path);
/* "a/b/c" -> "a/b"; "c" -> "." */
struct text files_folder(struct arena *a, struct text path);

struct files_progress {
	void *context;
	void (*say)(void *context, int64_t done, int64_t all); /* NULL: nobody looks */
};

/* Reads it through. RC_MISSING: there is none; RC_INVALID: it is no file. */
enum rc files_hash(struct arena *a, struct text path, struct hash *sha256, int64_t *bytes,
		   struct err *err) MUST_USE;
/* Into a new file of mode 0600, synced; the hash is of what was copied. */
enum rc files_copy(struct arena *a, struct text from, struct text to,
		   const struct files_progress *progress, struct hash *sha256, int64_t *bytes,
		   struct err *err) MUST_USE;
/* The whole of a file of at most max bytes. */
enum rc files_read(struct arena *a, struct text path, size_t max, struct text *out,
		   struct err *err) MUST_USE;
/* A new file of mode 0600, synced. */
enum rc files_write(struct arena *a, struct text path, struct text bytes, struct err *err) MUST_USE;
enum rc
files_make_folder(struct arena *a, struct text path,
		  struct err *err) MUST_USE; /* mode 0700; its parent is synced by who is done */
enum rc files_sync_folder(struct arena *a, struct text path, struct err *err) MUST_USE;
/* The draft gets its name, which must be free: RC_INVALID where it is not. Both in one folder, which is synced. */
enum rc files_place(struct arena *a, struct text draft, struct text path, struct err *err) MUST_USE;
/* As files_place, of a folder. What fails leaves it under its old name. */
enum rc files_rename_folder(struct arena *a, struct text from, struct text to,
			    struct err *err) MUST_USE;

/* Names of what lies in a folder and in folders in it ("data/checkpoints/x"), files only, sorted; depth at most 4. */
enum rc files_list(struct arena *a, struct text folder, struct text **out, size_t *n,
		   struct err *err) MUST_USE;
/* The folder and all in it, depth at most 4; what cannot be removed stays. */
void files_remove_folder(struct arena *a, struct text folder);
void files_remove(struct arena *a, struct text path);

#endif
