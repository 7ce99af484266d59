/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bundle (trust.md J19): one ustar file with the record of an engagement, so that a holder can check and replay it offline. Pure:
 * whoever has the bytes gives them, whoever wants them takes them. Reading is strict: names sorted, mtime, uid and gid 0, mode 0644,
 * plain files only, no path outside, no unlisted file, nothing after the end.
 */
#ifndef JOURNAL_BUNDLE_H
#define JOURNAL_BUNDLE_H

#include "base/canon.h"
#include "base/uuid.h"
#include "journal/entry.h"
#include "journal/note.h"
#include "time/intervals.h"

#define BUNDLE_MAX_BYTES (INT64_C(4) << 30)
enum { BUNDLE_PATH_MAX = 100, TAR_BLOCK = 512 };

struct bundle_file {
	struct text name; /* "entries/000", "versions/<sha256>.json" */
	struct text bytes;
	struct hash sha256;
};

/* --- writing: names in byte order, asserted; the list (bundle.json) is made first by who writes --- */

/* Header of one file of n bytes; then its bytes; then tar_pad(n) zero bytes; at the end two zero blocks. */
enum rc tar_header(struct text name, int64_t n, unsigned char out[TAR_BLOCK],
		   struct err *err) MUST_USE;
size_t tar_pad(int64_t n);

struct bundle_about {
	struct text origin;
	struct uuid log;
	int64_t size;
	struct hash root;
	struct text engine; /* version of the engine whose numbers are inside */
	struct text period; /* "2026-03" */
	instant as_of, known_as_of;
	bool complete;
};

/* bundle.json: canonical. files without bundle.json itself, sorted by name. */
void bundle_list_print(const struct bundle_about *about, const struct bundle_file *files, size_t n,
		       struct buf *out);

/* --- reading --- */

struct bundle {
	struct bundle_about about;
	const struct bundle_file *files; /* sorted; bundle.json is not among them */
	size_t n;
	struct text list; /* bundle.json */
};

/*
 * Step 1 of J20 (list and hashes). RC_INVALID names the file or the offset: 'entries/003' has another SHA-256 than the list says,
 * 'notes.txt' is not in the list, ... Files are views into bytes.
 */
enum rc bundle_read(struct arena *a, struct hasher *h, struct text bytes, struct bundle *out,
		    struct err *err) MUST_USE;
const struct bundle_file *bundle_find(const struct bundle *b, struct text name);

/* --- J20 steps 2 to 7 --- */

enum check_step {
	CHECK_LIST = 1,
	CHECK_TRUST,
	CHECK_SIGNATURES,
	CHECK_ROOT,
	CHECK_ENTRIES,
	CHECK_COMMITMENTS,
	CHECK_APPROVALS,
	CHECK_NUMBERS,
	CHECK_STEPS = CHECK_NUMBERS
};
enum check_result { CHECK_PASSED, CHECK_FAILED, CHECK_IMPOSSIBLE, CHECK_SKIPPED };

struct step_report {
	enum check_result result;
	struct text
		words; /* one line: what was checked and how much of it, or what failed, named by index or file */
	int64_t index; /* the entry that failed, or -1 */
};

/* An entry as it lies in the bundle, found good by step 5. */
struct bundle_entry {
	struct text bytes;
	int64_t index;
};

struct bundle_checked {
	struct step_report
		steps[CHECK_STEPS +
		      1]; /* by enum check_step; CHECK_NUMBERS is left to who knows the engine */
	const struct bundle_entry *entries; /* all (complete), or those of leaves/ */
	size_t n_entries;
	struct checkpoint checkpoint; /* of the file `checkpoint` */
	size_t n_versions, n_opened;
};

/*
 * Steps 2 to 7. A later step is still tried where it can be; CHECK_IMPOSSIBLE: cannot be checked (no trusted key, not complete).
 * keys: those the verifier trusts (J21), to which keys added under their signature are joined (J14). bundle_keys: trust keys/ as
 * well (--trust-bundle-keys). each: called for every entry of a complete bundle in order after its own checks, so that the caller
 * reads it once; may be NULL; its failure ends the run with that error.
 */
struct bundle_trust {
	const struct vkey *keys;
	size_t n_keys;
	bool bundle_keys;
};

enum rc bundle_check(struct arena *a, struct hasher *h, const struct bundle *b,
		     const struct bundle_trust *trust,
		     enum rc (*each)(void *context, int64_t index, const struct entry *e,
				     const struct canon_doc *doc, struct err *err),
		     void *context, struct bundle_checked *out, struct err *err) MUST_USE;

#endif
