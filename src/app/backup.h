/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A backup is a folder (trust.md D4):
 *	manifest.json              canonical JSON: what is in it, each with its SHA-256, and its own; the checkpoints it reaches
 *	data/workspace.tenor       the workspace, an online copy
 *	data/checkpoints/<log>     the latest signed note of each log
 *	keys/workspace.keys        the keys: a folder of its own, since it is kept apart and at most 30 days (J24)
 * The key that opens the keys is never in it.
 */
#ifndef APP_BACKUP_H
#define APP_BACKUP_H

#include "app/checks.h"
#include "app/files.h"
#include "app/workspace.h"

#define BACKUP_MANIFEST "manifest.json"
#define BACKUP_DATA "data/workspace.tenor"
#define BACKUP_CHECKPOINTS "data/checkpoints/"
#define BACKUP_KEYS "keys/workspace.keys"

struct backup_file {
	struct text name;
	int64_t bytes;
	struct hash sha256;
};

struct backup_log {
	struct text log, origin; /* UUID */
	int64_t size;
	struct hash root;
};

struct backup_manifest {
	struct text workspace, tenor; /* UUID; the version that made it */
	instant made_at;
	int64_t schema;
	struct backup_file *files; /* by name */
	size_t n_files;
	struct backup_log *logs;
	size_t n_logs;
};

/* Canonical bytes. */
void backup_manifest_print(struct arena *a, const struct backup_manifest *m, struct buf *out);
/*
 * Reads the manifest and holds every file against it. RC_MISSING: no such folder; RC_INVALID, with the name of the file: no backup of
 * Tenor, made by a newer one, a file missing, cut short, altered or not listed. The keys may be missing where others are given.
 */
enum rc backup_read(struct arena *a, struct text dir, bool keys_given, struct backup_manifest *out,
		    struct err *err) MUST_USE;
const struct backup_file *backup_file_of(const struct backup_manifest *m, const char *name);

/* One file of it, into a new one; what was copied is what the manifest says. */
enum rc backup_take(struct app *app, struct text dir, const struct backup_manifest *m,
		    const char *name, struct text to, struct err *err) MUST_USE;

/* Does the opened copy hold every checkpoint that the manifest promises, with its root? One problem for each that it does not. */
enum rc backup_reaches(struct workspace *ws, const struct backup_manifest *m, struct checks *checks,
		       struct err *err) MUST_USE;

#endif
