/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record at rest: logs, entries, blobs, slots, checkpoints, people, marks and packs, as functions over store.h. No rule is
 * decided here: who may append, what an entry must look like and what it means is said above (app/) and before (journal/).
 * Everything returned is copied into the arena given, unless said otherwise.
 */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "base/uuid.h"
#include "journal/merkle.h"
#include "journal/recompute.h"
#include "store/store.h"
#include "time/instant.h"

/* --- logs (J1): the engagement's, and the install log --- */

enum log_kind { LOG_ENGAGEMENT, LOG_INSTALL, LOG_INTERNAL };

struct log_head {
	int64_t id; /* small, from 1: the place of entry i is (id << 40) + i */
	struct uuid uuid;
	enum log_kind kind;
	struct text origin; /* fixed for life (J10) */
	struct text
		contract;   /* id of the engagement's contract; empty for the provider's own logs */
	struct text client; /* id of the client; empty for the install log */
	instant created_at;
	struct edge edge;         /* its size is the log's */
	instant last_recorded_at; /* INSTANT_NONE: no entry */
	struct text frozen;       /* why it is frozen (J12, J13), or empty */
};

enum rc record_log_add(struct store *s, const struct log_head *head, int64_t *id,
		       struct err *err) MUST_USE;
enum rc record_logs(struct store *s, struct arena *a, struct log_head **out, size_t *n,
		    struct err *err) MUST_USE;
/* At most `most` of those with a number above `after`, by number. */
enum rc record_logs_after(struct store *s, struct arena *a, int64_t after, size_t most,
			  struct log_head **out, size_t *n, struct err *err) MUST_USE;
/* The largest number that a log has; 0: there is none. */
enum rc record_log_last(struct store *s, int64_t *id, struct err *err) MUST_USE;
/* RC_MISSING without err text: the caller words it. */
enum rc record_log_of_id(struct store *s, struct arena *a, int64_t id, struct log_head *out,
			 struct err *err) MUST_USE;
enum rc record_log_of_contract(struct store *s, struct arena *a, struct text contract,
			       struct log_head *out, struct err *err) MUST_USE;
enum rc record_log_of_uuid(struct store *s, struct arena *a, const struct uuid *uuid,
			   struct log_head *out, struct err *err) MUST_USE;
/*
 * *stands: the log is as this head of it was read (what names it is the same for life, and it only grows), and it is not frozen. Quicker
 * than reading the head again.
 */
enum rc record_log_stands(struct store *s, const struct log_head *head, bool *stands,
			  struct err *err) MUST_USE;
enum rc record_log_install(struct store *s, struct arena *a, struct log_head *out,
			   struct err *err) MUST_USE;
/* RC_MISSING without words: the first note makes it. */
enum rc record_log_internal(struct store *s, struct arena *a, struct log_head *out,
			    struct err *err) MUST_USE;
enum rc record_log_freeze(struct store *s, int64_t log, struct text why, struct err *err) MUST_USE;

/* --- entries --- */

struct stored_entry {
	int64_t index;
	struct uuid id;
	struct hash leaf;
	struct text bytes;
};

/*
 * Appends entries at the head and moves the head's edge, size and last_recorded_at, in the transaction under way: begin, any number of
 * entries, end. The head given must be the stored one (read in this transaction; else RC_INVALID, code "store.head", at the end, or
 * "store.damaged" where an entry lies in the next place); it is moved too, at the end. The leaf given to an entry must be that of its
 * bytes, or NULL: hashed here. *there: its id is in the log already, and nothing was changed; the next entry may follow. After any failure
 * the transaction must be rolled back.
 */
struct record_appender {
	struct store *store;
	struct hasher *hasher;
	struct log_head *head;
	struct edge edge; /* its size is the index of the next entry */
};
void record_append_begin(struct record_appender *a, struct store *s, struct hasher *h,
			 struct log_head *head);
enum rc record_append_entry(struct record_appender *a, const struct uuid *id, struct text bytes,
			    const struct hash *leaf, bool *there, struct err *err) MUST_USE;
enum rc record_append_end(struct record_appender *a, instant last_recorded_at,
			  struct err *err) MUST_USE;
/* For whom an id that is there is an error: says so, with the code "unique". */
enum rc record_appended_twice(const struct log_head *head, const struct uuid *id, struct err *err);
/* RC_MISSING: no such index, or id. */
enum rc record_entry(struct store *s, struct arena *a, int64_t log, int64_t index,
		     struct stored_entry *out, struct err *err) MUST_USE;
enum rc record_entry_of_id(struct store *s, struct arena *a, int64_t log, const struct uuid *id,
			   struct stored_entry *out, struct err *err) MUST_USE;
bool record_has_id(struct store *s, int64_t log, const struct uuid *id, struct err *err,
		   enum rc *rc);
/* Entries [from, to) in order; the callback's views are good during the call only. Fails where an index is missing: 'entry 17 is missing'. */
enum rc record_each(struct store *s, int64_t log, int64_t from, int64_t to,
		    enum rc (*each)(void *context, const struct stored_entry *e, struct err *err),
		    void *context, struct err *err) MUST_USE;
/* How many rows the log has: more than its size if some lie beyond its end. */
enum rc record_entry_count(struct store *s, int64_t log, int64_t *n, struct err *err) MUST_USE;
/* For merkle.h: leaves as stored. */
struct record_leaves {
	struct store *store;
	int64_t log;
};
struct leaf_source record_leaf_source(const struct record_leaves *l);

/* --- marks: where the entries of the record's own kinds lie (derived) --- */

enum rc record_mark(struct store *s, int64_t log, int kind, int64_t index,
		    struct err *err) MUST_USE;
/* Indexes of the entries of a kind, ascending. */
enum rc record_marks(struct store *s, struct arena *a, int64_t log, int kind, int64_t **out,
		     size_t *n, struct err *err) MUST_USE;

/* The numbers of the logs that have any, ascending. */
enum rc record_marked_logs(struct store *s, struct arena *a, int kind, int64_t **out, size_t *n,
			   struct err *err) MUST_USE;

/* All of a log, in the order of its entries. */
struct stored_mark {
	int kind;
	int64_t index;
};
enum rc record_marks_all(struct store *s, struct arena *a, int64_t log, struct stored_mark **out,
			 size_t *n, struct err *err) MUST_USE;

/* --- packs (facts/pack.h; derived) --- */

enum rc record_pack_put(struct store *s, int64_t log, int64_t pack, struct text bytes,
			struct err *err) MUST_USE;
/* The last pack of a log, and what it holds, into the arena. -1: there is none. */
enum rc record_pack_last(struct store *s, struct arena *a, int64_t log, int64_t *pack,
			 struct text *bytes, struct err *err) MUST_USE;
/* Packs [from, to); to -1: to the last. */
enum rc record_packs(struct store *s, int64_t log, int64_t from, int64_t to,
		     enum rc (*each)(void *context, int64_t pack, struct text bytes,
				     struct err *err),
		     void *context, struct err *err) MUST_USE;

/* --- blobs by SHA-256 (J6): versions, inputs, documents --- */

enum rc record_blob_put(struct store *s, const struct hash *sha256, struct text kind,
			struct text bytes, struct err *err) MUST_USE;
enum rc record_blob(struct store *s, struct arena *a, const struct hash *sha256, struct text *bytes,
		    struct err *err) MUST_USE;

/* All blobs, by hash; the views are good during the call only. */
enum rc record_blobs_each(struct store *s,
			  enum rc (*each)(void *context, const struct hash *sha256,
					  struct text kind, struct text bytes, struct err *err),
			  void *context, struct err *err) MUST_USE;

/* --- slots: private bytes, encrypted (J23); the caller has sealed them --- */

struct stored_slot {
	struct uuid id; /* of the entry */
	struct text name;
	struct text subject;
	struct text nonce; /* 24 bytes */
	struct text cipher;
};

enum rc record_slot_put(struct store *s, int64_t log, const struct stored_slot *slot,
			struct err *err) MUST_USE;
enum rc record_slot(struct store *s, struct arena *a, int64_t log, const struct uuid *id,
		    struct text name, struct stored_slot *out,
		    struct err *err) MUST_USE; /* RC_MISSING: never there, or erased */
enum rc record_slots_each(struct store *s, int64_t log,
			  enum rc (*each)(void *context, const struct stored_slot *slot,
					  struct err *err),
			  void *context, struct err *err) MUST_USE;
/* How many slots are sealed for a subject. */
enum rc record_slots_of_subject(struct store *s, struct text subject, int64_t *n,
				struct err *err) MUST_USE;
/* In which logs, and how many in each, by log. */
struct slot_log {
	int64_t log, n;
};
enum rc record_slot_logs(struct store *s, struct arena *a, struct text subject,
			 struct slot_log **out, size_t *n, struct err *err) MUST_USE;
/* Deletes all of a subject's; *n how many. */
enum rc record_slots_erase(struct store *s, struct text subject, int64_t *n,
			   struct err *err) MUST_USE;

/* --- checkpoints (J12): (log, size) is unique with its root --- */

struct stored_checkpoint {
	int64_t size;
	struct hash root;
	struct text note;  /* with all signatures known */
	struct text state; /* of the signer's recompute, empty for a restored one */
	instant made_at;
	bool kept; /* was printed on a document or cosigned: goes into every bundle (J19) */
};

/* RC_INVALID with code "fork": another root is there for that size. The same root again changes nothing. In a transaction. */
enum rc record_checkpoint_put(struct store *s, int64_t log, const struct stored_checkpoint *c,
			      struct err *err) MUST_USE;
/* The same, and whether it was there before. */
enum rc record_checkpoint_add(struct store *s, int64_t log, const struct stored_checkpoint *c,
			      bool *already, struct err *err) MUST_USE;
enum rc record_checkpoint_latest(struct store *s, struct arena *a, int64_t log,
				 struct stored_checkpoint *out, struct err *err) MUST_USE;
enum rc record_checkpoint(struct store *s, struct arena *a, int64_t log, int64_t size,
			  struct stored_checkpoint *out, struct err *err) MUST_USE;
enum rc record_checkpoints(struct store *s, struct arena *a, int64_t log,
			   struct stored_checkpoint **out, size_t *n, struct err *err) MUST_USE;
/* Another signature on one that is there; or kept, which it then stays. In a transaction. */
enum rc record_checkpoint_note(struct store *s, int64_t log, int64_t size, struct text note,
			       bool kept, struct err *err) MUST_USE;

/* Kept from now on, with the signatures that it has by now. In a transaction. */
enum rc record_checkpoint_keep(struct store *s, int64_t log, int64_t size,
			       struct err *err) MUST_USE;

/* --- documents of money by number (derived; money.md R71, R72) --- */

struct stored_document {
	struct text number, series;
	int64_t seq, log, index; /* index of its invoice_issued in that log */
	int64_t day;
};

/* In a transaction. RC_INVALID with code "unique": the number, or its place in the series, is taken. */
enum rc record_document_put(struct store *s, const struct stored_document *d,
			    struct err *err) MUST_USE;
/* RC_MISSING. */
enum rc record_document(struct store *s, struct arena *a, struct text number,
			struct stored_document *out, struct err *err) MUST_USE;
/* The last of a series; RC_MISSING: it has none yet. */
enum rc record_document_last(struct store *s, struct arena *a, struct text series,
			     struct stored_document *out, struct err *err) MUST_USE;
/* By series and number. */
enum rc record_documents(struct store *s, struct arena *a, struct stored_document **out, size_t *n,
			 struct err *err) MUST_USE;
/* Those of a log, in the order of their entries. */
enum rc record_documents_of(struct store *s, struct arena *a, int64_t log,
			    struct stored_document **out, size_t *n, struct err *err) MUST_USE;

/* Did a document of a log come out again (money.md R73), as the program with these sources found? */
struct stored_again {
	int64_t index; /* of its invoice_issued in that log */
	struct hash sources;
	bool same;
};
/* In a transaction; in place of what was there of that log. */
enum rc record_again_put(struct store *s, int64_t log, const struct stored_again *g,
			 struct err *err) MUST_USE;
/* RC_MISSING without words: none is known. */
enum rc record_again(struct store *s, int64_t log, struct stored_again *out,
		     struct err *err) MUST_USE;

/* A service period of a charge on a document: the ordinal-th that says something of it. */
struct stored_item {
	int64_t log;
	struct text charge, part;
	int64_t first_day, end_day, ordinal;
	struct text number;
};

/* In a transaction, the next ordinal. */
enum rc record_item_put(struct store *s, const struct stored_item *i, struct err *err) MUST_USE;
/* Those of a log, by charge, part and period. */
enum rc record_items_of(struct store *s, struct arena *a, int64_t log, struct stored_item **out,
			size_t *n, struct err *err) MUST_USE;

/* --- people and clients --- */

struct stored_user {
	struct text id;             /* u_... */
	struct text handle;         /* a short word to name the person by at the command line */
	bool client;                /* side */
	struct text roles;          /* words apart by blanks, of app/roles.def */
	struct text contract;       /* a client's person: the engagement; provider's: empty, all */
	instant added_at, ended_at; /* ended_at INSTANT_NONE: active */
};

enum rc record_user_put(struct store *s, const struct stored_user *u, struct err *err) MUST_USE;
enum rc record_users(struct store *s, struct arena *a, struct stored_user **out, size_t *n,
		     struct err *err) MUST_USE;

struct stored_client {
	struct text id, name;
	instant added_at;
};

enum rc record_client_put(struct store *s, const struct stored_client *c,
			  struct err *err) MUST_USE; /* code "unique": there is one */
enum rc record_clients(struct store *s, struct arena *a, struct stored_client **out, size_t *n,
		       struct err *err) MUST_USE;

/* --- the workspace --- */

/* Values by name: "workspace" (UUID), "provider", "host", "created_at". RC_MISSING. */
enum rc record_meta(struct store *s, struct arena *a, const char *key, struct text *out,
		    struct err *err) MUST_USE;
enum rc record_meta_put(struct store *s, const char *key, struct text value,
			struct err *err) MUST_USE;
/* The highest time seen (J29); INSTANT_NONE: none yet. */
enum rc record_clock(struct store *s, instant *highest, struct err *err) MUST_USE;
enum rc record_clock_put(struct store *s, instant highest, struct err *err) MUST_USE;

#endif
