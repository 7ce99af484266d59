/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of bundle.h share: tar headers, kinds of paths, and the state of one check. Nobody outside the room includes it. */
#ifndef JOURNAL_BUNDLE_PARTS_H
#define JOURNAL_BUNDLE_PARTS_H

#include "journal/bundle.h"
#include "journal/note_parts.h"
#include "journal/tile.h"

/* --- tar.c --- */

/* A header's name (a view into it) and size; RC_INVALID names the field that is not as J19 has it. offset: for the message. */
enum rc tar_header_read(const unsigned char block[TAR_BLOCK], size_t offset, struct text *name,
			int64_t *n, struct err *err) MUST_USE;
/* Letters, digits, '-', '_', '.', in segments apart by '/', none of them '.' or '..', at most BUNDLE_PATH_MAX bytes. */
bool bundle_path_ok(struct text name);

/* --- bundle_path.c --- */

enum path_kind {
	PATH_NONE, /* no file that a bundle has */
	PATH_LIST,
	PATH_CHECKPOINT,
	PATH_OLDER, /* checkpoints/<size> */
	PATH_DOCUMENT,
	PATH_ENTRIES,
	PATH_EXPECTED,
	PATH_INPUT,
	PATH_KEYS,
	PATH_LEAF,
	PATH_PRIVATE,
	PATH_PROOF,
	PATH_TILE,
	PATH_VERSION,
};

/* What a name's number, hash or words are. Views into the name. */
struct bundle_path {
	enum path_kind kind;
	int64_t number;   /* OLDER: size; LEAF, PROOF: index */
	struct text stem; /* INPUT, VERSION: 64 hex digits; PRIVATE: the slot */
	struct uuid id;   /* PRIVATE */
	struct tile_id tile;
};

struct bundle_path bundle_path_of(struct text name);
/* "entries/x001/067.p/8" or "tile/0/...": the path in a bundle of the tile n of a log of that size. */
struct text bundle_tile_path(struct arena *a, bool entries, int64_t n, int64_t size);
/* Files of one kind lie together, since names are sorted. */
struct bundle_range {
	const struct bundle_file *v;
	size_t n;
};
struct bundle_range bundle_range_of(const struct bundle *b, const char *prefix);

/* --- the check under way --- */

enum { KEYS_ADDED_MAX = 64 };

/* A checkpoint's file: what it says, and what the entries say of it. */
struct note_file {
	const struct bundle_file *file;
	bool readable; /* note and checkpoint are well formed */
	struct note note;
	struct checkpoint checkpoint;
	bool main;       /* the file `checkpoint` */
	bool root_found; /* the entries give a root for its size */
	struct hash root;
};

/* A key that counts for checkpoints of sizes in (from, to]. */
struct known_key {
	struct vkey key;
	int64_t from, to;
};

/* A fact log_key_added or log_key_retired. */
struct key_fact {
	struct vkey key;
	int64_t index;
	bool retired, joined;
};

/* A file of private/: its slot must be met in an entry. */
struct opened {
	const struct bundle_file *file;
	struct bundle_path path;
	bool met;
};

struct check {
	struct arena *a;
	struct hasher *h;
	const struct bundle *b;
	const struct bundle_trust *trust;
	enum rc (*each)(void *context, int64_t index, const struct entry *e,
			const struct canon_doc *doc, struct err *err);
	void *context;
	struct bundle_checked *out;
	struct canon_scratch *scratch;

	struct note_file *notes; /* ascending by size; `checkpoint` last */
	size_t n_notes;

	struct known_key *keys;
	size_t n_keys;
	struct key_fact added[KEYS_ADDED_MAX];
	size_t n_added, n_joined;

	struct bundle_entry *entries;
	struct uuid *ids;
	size_t n_entries, cap_entries;
	bool ids_ascend;
	instant last_recorded_at;

	struct opened *opened; /* as the files lie: by id and slot */
	size_t n_opened;
	int64_t n_inputs;
};

/* The first failure of a step stays; a failure beats "impossible". index -1: none. */
void check_fail(struct check *c, enum check_step step, int64_t index, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
void check_impossible(struct check *c, enum check_step step, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* Words of a step that passed. */
void check_words(struct check *c, enum check_step step, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool check_passed(const struct check *c, enum check_step step);

/* bundle_signatures.c: notes are read before the entries, signatures judged after them (J14 needs the facts). */
void check_notes_read(struct check *c);
void check_keys_read(struct check *c);
void check_signatures(struct check *c);
void check_key_fact(struct check *c, int64_t index, const struct entry *e,
		    const struct canon_doc *doc);

/* bundle_entries.c: steps 4 and 5 of a complete bundle. Only each's failure is returned. */
enum rc check_entries(struct check *c, struct err *err) MUST_USE;
/* One entry's own checks (5), its opened slots (6), what it names (7), its keys (J14). */
enum rc check_entry(struct check *c, struct text bytes, int64_t index, struct err *err) MUST_USE;
void check_ids(struct check *c);

/* bundle_leaves.c: step 4 where not all entries are there. */
enum rc check_leaves(struct check *c, struct err *err) MUST_USE;

/* bundle_slots.c: steps 6 and 7. */
void check_slots_read(struct check *c);
void check_slots_of(struct check *c, int64_t index, const struct entry *e);
void check_slots_end(struct check *c);
void check_names_files(struct check *c, int64_t index, const struct entry *e,
		       const struct canon_doc *doc);
void check_named_files(struct check *c);

#endif
