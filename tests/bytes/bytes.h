/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Same inputs, same bytes (trust.md R6), many histories in one process: each is made from its seed, on a disk in memory, by a clock and
 * random bytes of its own, through the verbs of app/. All that comes of it - every answer, statement, checkpoint and bundle, and at
 * the end every byte of the workspace and of its keys, derived tables included - goes into one hash. The program prints a line a history;
 * tests/faults/same_bytes.py holds the lines of several builds, time zones and locales against each other.
 *
 * The compilers differ in which argument of a call they work out first, so no call here, and no list of words, asks for chance twice.
 *
 * It judges nothing by itself but that what should succeed does. What is right is for the other tests to say.
 */
#ifndef BYTES_H
#define BYTES_H

#include "../sim/sim_disk.h"

#include "app/app.h"
#include "app/zones.h"
#include "base/sha256.h"
#include "base/uuid.h"

#define FIRST_NOW INT64_C(1773561600000) /* 2026-03-15T08:00:00Z */

enum { PAPERS = 3, LOGS_MAX = 2, TOLD_MAX = 64, BEGINNINGS = 5, FILES_KEPT = 3 };

/* A contract of contracts/examples, and what facts about it can name. */
struct paper {
	const char *file, *id, *client, *service;
	const char *const *assets;
	size_t n_priorities, n_assets;
	const char *const *
		turns; /* values of one clause, any of which a version may have; the first is the file's */
	size_t n_turns;
	struct text words;
};

/* A fact that was told, as corrections and disputes need it. */
struct told {
	char id[UUID_TEXT + 1];
	bool client, priority;
};

/* What the outside knows of one engagement. */
struct engagement {
	const struct paper *paper;
	char hash[SHA256_HEX + 1]; /* of the version agreed on last */
	char signer[16], lead[16], billing[16];
	struct told told[TOLD_MAX];
	size_t n_told;
	char kept[FILES_KEPT][32]; /* files that were imported, to come again */
	bool kept_client[FILES_KEPT];
	size_t n_kept;
	char pending[UUID_TEXT + 1]; /* a correction that waits for its second person */
	bool pending_client, with_words;
	unsigned tickets, outages, files;
	bool issued;
};

struct beginning {
	struct disk *disk;
	struct engagement log[LOGS_MAX];
	int n_logs;
};

enum counted {
	COUNT_ANSWERS,
	COUNT_REFUSED,
	COUNT_FACTS,
	COUNT_AGAIN,
	COUNT_CORRECTIONS,
	COUNT_DISPUTES,
	COUNT_VERSIONS,
	COUNT_ISSUED,
	COUNT_RESTATED,
	COUNT_ERASED,
	COUNT_PACKED,
	COUNT_BUNDLES,
	COUNT_KINDS
};

struct history {
	uint64_t seed, random;
	uint64_t counter;    /* of blocks of random bytes given to the program */
	struct arena *arena; /* of this history */
	struct arena *zone_arena;
	struct zone_source zones;
	struct world world;
	instant now;
	struct disk *disk;
	struct engagement log[LOGS_MAX];
	int n_logs;
	const struct paper *papers;
	unsigned char chain[SHA256_BYTES];
	unsigned step;
	bool show;
	uint64_t *count; /* by enum counted, over all histories */
};

struct answer {
	enum rc rc;
	int status;
	struct text out, notes;
	struct err err;
};

/* bytes_ask.c: asking the program, and what comes of it */
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
uint64_t pick(struct history *h, uint64_t n); /* 0 to n - 1 */
bool one_in(struct history *h, uint64_t n);
const char *format(struct history *h, const char *fmt, ...) PRINTF_LIKE(2, 3);
const char *instant_words(struct history *h, instant t);
_Noreturn void fail(const struct history *h, const char *fmt, ...) PRINTF_LIKE(2, 3);
void mix(struct history *h, const char *name, struct text bytes);
struct answer ask(struct history *h, const char *const *words);
/* The same, which must end with this status. */
struct answer must(struct history *h, int status, const char *const *words);
struct text answer_text(struct text json,
			const char *key); /* the first value of that key, without quotes */
int64_t answer_number(const struct history *h, struct text json, const char *key);
void write_file(const struct history *h, const char *name, struct text bytes);
void world_of(struct history *h);

/* bytes_begin.c: the workspaces that histories begin with */
void papers_read(struct arena *a, struct paper out[PAPERS]);
/* Makes a workspace with one or two contracts and their people, by the history's own clock and chance. */
void begin_new(struct history *h, int which);
struct text paper_version(struct history *h, const struct engagement *e, uint64_t turn,
			  bool amends);

/* bytes_facts.c, bytes_steps.c: what happens */
/* Imports a file of n new facts, shuffled, some with what was told before. */
void import_new(struct history *h, struct engagement *e, size_t n);
void import_again(struct history *h, struct engagement *e);
void happen(struct history *h);

#endif
