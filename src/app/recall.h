/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the record to what the engine takes: facts, sources, versions, zones. The packs (derived) are read where they are there, the
 * rest from the entries themselves; both give the same.
 */
#ifndef APP_RECALL_H
#define APP_RECALL_H

#include "app/workspace.h"
#include "engine/outcome.h"
#include "facts/pack.h"
#include "journal/entry.h"
#include "terms/promise.h"

struct left_out;

struct recalled_version {
	struct hash sha256;
	const struct contract *contract;
	const struct promise *promise;
	instant from;      /* in force from here (CL-45); the first: INSTANT_MIN */
	int64_t index;     /* of its version_agreed */
	instant agreed_at; /* recorded_at of that */
};

struct recalled {
	struct log_head log;
	int64_t size;        /* entries looked at: the first so many */
	struct facts *facts; /* facts->v[i] is entry fact_index[i] */
	struct unpacker *ids;
	const int64_t
		*fact_index; /* NULL: i itself (entries of the record's own kinds are facts too) */
	const struct recalled_version *versions; /* by number; n > 0 */
	size_t n_versions;
	instant last_recorded_at;
	const struct left_out
		*left_out; /* not among the facts (app/recall_past.h); NULL: all are there */
};

/* Entries that one request of a server may read whole records of (served.recalled): what fits its memory, and takes a worker's time. */
enum { RECALL_SERVED_MAX = 40000 };
/* Entries from which on it is worth keeping what is worked out from all of them. */
enum { RECALL_LARGE = 8 * PACK_FACTS };

struct recall_options {
	int64_t size;        /* as of this many entries; -1: all */
	instant known_as_of; /* versions and inputs known by then; INSTANT_MAX: all */
	enum pack_ids ids;
};

/* Everything of one engagement, as of one moment (the read under way, or one of its own). RC_MISSING where there is no version yet. */
enum rc recall(struct workspace *ws, const struct log_head *log,
	       const struct recall_options *options, struct recalled *out,
	       struct err *err) MUST_USE;
/*
 * What was recalled, for whoever asks the same again (app->once): a page is made of the answers of several verbs, and what a contract owes
 * is asked beside what it waits for. a outlives all of them.
 */
struct recall_once *recall_once_new(struct arena *a);
/* The versions only (import needs the promise, not the facts). */
enum rc recall_versions(struct workspace *ws, const struct log_head *log, instant known_as_of,
			struct recalled *out, struct err *err) MUST_USE;
/* The facts to versions that are at hand: of the same log and size. RC_LIMIT with code "heavy": more than one request may read. */
enum rc recall_facts(struct workspace *ws, const struct recall_options *options,
		     struct recalled *out, struct err *err) MUST_USE;

/* RC_LIMIT with code "heavy": with so many entries more one request would read too many. */
enum rc recall_within_request(const struct workspace *ws, int64_t entries,
			      struct err *err) MUST_USE;

/*
 * Some of the facts to versions that are at hand: those of the entries named, by rising index. out->fact_index names them. Enough for what
 * needs no others.
 */
enum rc recall_some(struct workspace *ws, const int64_t *indexes, size_t n, struct recalled *out,
		    struct err *err) MUST_USE;

/* How many entries of a log lie in packs: the first so many. RC_INVALID: the last pack is damaged. */
enum rc recall_packed(struct workspace *ws, int64_t log, int64_t *n, struct err *err) MUST_USE;
/* Writes the packs that entries are enough for (derived; facts/pack.h). Not inside a transaction. Progress by facts. */
enum rc recall_pack(struct workspace *ws, const struct log_head *log, struct err *err) MUST_USE;

/*
 * Entries into a set, one after another: what recall, verify and rebuild share. words: NULL, or asked for each private text.
 */
struct fact_reader;
struct fact_words {
	void *context;
	/* The words of a slot; "(erased)" and the like are the caller's choice. RC_OK with words. */
	enum rc (*words)(void *context, const struct entry *e, const struct slot *slot,
			 struct text *out, struct err *err);
};
struct fact_reader *fact_reader_new(struct arena *a, struct facts *set,
				    const struct fact_words *words);
/* e and doc as entry_parse gave them. After the last, facts_finish (facts/first.h). */
enum rc fact_reader_add(struct fact_reader *r, const struct entry *e, const struct canon_doc *doc,
			struct err *err) MUST_USE;

/*
 * One fact by its UUID or by its id in its source (then the last with that id). Its values and source are those of the set, into which
 * nothing is added; its words are opened if they can be. RC_MISSING.
 */
enum rc recall_fact(struct workspace *ws, const struct log_head *log, struct text name,
		    struct facts *set, struct fact *out, struct uuid *id, struct err *err) MUST_USE;

/* RC_MISSING in the words of recall_fact: also for what is not to be seen (trust.md P5). */
enum rc recall_no_fact(const struct log_head *log, struct text name, struct err *err);

/*
 * The fact of one entry in the same way, and who recorded it, as the entry has it (opaque). Without the right to read words, or where
 * the keys are not there, each of its free words is "-"; so is health data that is covered (app/health.h).
 */
enum rc recall_fact_at(struct workspace *ws, const struct log_head *log, int64_t index,
		       struct facts *set, struct fact *out, struct text *actor,
		       struct err *err) MUST_USE;

/* How many entries were known by an instant: the times of a log only grow. -1, all: INSTANT_MAX. */
int64_t recall_size_by(const struct recalled *r, instant known_as_of);
/* --known-as-of, or INSTANT_MAX. */
enum rc recall_known_by(struct workspace *ws, const struct log_head *log, const struct args *args,
			instant *out, struct err *err) MUST_USE;
/* What an evaluation of it may take: versions, and the instants its facts span. */
struct loaded;
void recall_as_loaded(const struct recalled *r, struct arena *a, struct loaded *out);

/*
 * The moment that a look at what runs is about: now, to the whole second, so that people read no thousandths of what they see only
 * pass; and to the millisecond where something was recorded within that second, which would be missing before it.
 */
instant recall_moment(const struct recalled *r, instant now);

/* The version that is in force at an instant, by its place in r->versions; before the first that one. */
size_t recall_in_force(const struct recalled *r, instant t);
/* The versions as an evaluation takes them; r->n_versions. */
const struct version *recall_version_list(const struct recalled *r, struct arena *a);
/* Tells an evaluation of its facts which entries they are, and what is not among them. */
void recall_left_out(const struct recalled *r, struct evaluation *in);
/* The evaluation's input from what was recalled. */
void recall_evaluation(const struct recalled *r, struct arena *a, struct span period, instant as_of,
		       instant known_as_of, struct evaluation *out);
/* Of that period, as of an instant and by what was known then. RC_LIMIT and RC_INVALID as evaluate. */
enum rc recall_evaluate(const struct recalled *r, struct arena *a, struct span period, instant as_of,
			struct outcome **out, struct err *err) MUST_USE;

#endif
