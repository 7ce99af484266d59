/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The least that issuing invoices durably can take with this store: for each contract of a workspace that is ready to be invoiced its
 * entries are read, a document of the usual size and two entries are hashed, one signature is made, and the rows that an issued invoice
 * has are put where they belong, so many contracts a commit as `tenor invoice run` takes. Nothing is parsed, checked or worked out, and
 * what is written is filler: the file is good for nothing afterwards.
 *
 *   bench_floor FILE [TOGETHER]
 */
#include "base/arena.h"
#include "base/text.h"
#include "entries.h"

#include <inttypes.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TOGETHER = 256,
	DOCUMENT_BYTES = 7000, /* as those of bench_invoices are, like the rest */
	ISSUED_BYTES = 577,
	NOTED_BYTES = 389,
	NOTE_BYTES = 254,
	STATE_BYTES = 72,
	ITEMS = 6,
	KIND_ISSUED = 88,
	PLACE_SHIFT = 40
};

static sqlite3 *db;

static void must(int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
		return;
	fprintf(stderr, "bench_floor: sqlite: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void run(const char *sql)
{
	must(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

enum query { READ, BLOB, ENTRY, MARK, HEAD, DOCUMENT, ITEM, CHECKPOINT, QUERIES };
static sqlite3_stmt *queries[QUERIES];

static void prepare(void)
{
	static const char *const words[QUERIES] = {
		[READ] = "SELECT id, leaf, bytes FROM entry WHERE place >= ?1 AND place < ?2 ORDER "
			 "BY place",
		[BLOB] = "INSERT INTO blob (sha256, kind, bytes) VALUES (?1, 'document', ?2)",
		[ENTRY] = "INSERT INTO entry (place, log, id, leaf, bytes) VALUES (?1, ?2, ?3, ?4, "
			  "?5)",
		[MARK] = "INSERT INTO mark (log, kind, place) VALUES (?1, ?2, ?3)",
		[HEAD] = "UPDATE log SET size = ?2, edge = ?3 WHERE id = ?1",
		[DOCUMENT] = "INSERT INTO document (number, series, seq, log, place, day) VALUES "
			     "(?1, 'INV-2026', ?2, ?3, ?4, 20635)",
		[ITEM] = "INSERT INTO document_item (log, charge, part, first_day, end_day, "
			 "ordinal, number)"
			 " VALUES (?1, ?2, '', 20605, 20635, 1, ?3)",
		[CHECKPOINT] = "INSERT INTO checkpoint (log, size, root, note, state, made_at, "
			       "kept) VALUES (?1, ?2, ?3, ?4, ?5, 0, 1)",
	};

	for (size_t i = 0; i < QUERIES; i++)
		must(sqlite3_prepare_v3(db, words[i], -1, SQLITE_PREPARE_PERSISTENT, &queries[i],
					NULL));
}

static void step(enum query q)
{
	must(sqlite3_step(queries[q]));
	must(sqlite3_reset(queries[q]));
}

static void bytes_at(enum query q, int at, const void *p, size_t n)
{
	must(sqlite3_bind_blob64(queries[q], at, p, n, SQLITE_STATIC));
}

static void number_at(enum query q, int at, int64_t v)
{
	must(sqlite3_bind_int64(queries[q], at, v));
}

static void text_at(enum query q, int at, const char *p, size_t n)
{
	must(sqlite3_bind_text64(queries[q], at, p, n, SQLITE_STATIC, SQLITE_UTF8));
}

struct log {
	int64_t id, size;
};

struct filler {
	char document[DOCUMENT_BYTES], issued[ISSUED_BYTES], noted[NOTED_BYTES], note[NOTE_BYTES],
		state[STATE_BYTES];
	char edge[6 * SHA256_BYTES];
	unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
};

/* What a signature takes. Each log has its own key, but the pair lies sealed: nothing is made of a seed. */
static void sign(struct filler *f, int64_t number)
{
	unsigned char signature[crypto_sign_BYTES];

	memcpy(f->note, &number, sizeof(number));
	if (crypto_sign_detached(signature, NULL, (const unsigned char *)f->note, 100, f->secret) !=
	    0)
		exit(1);
}

static void put_entry(struct log *log, char *bytes, size_t n, int64_t number)
{
	unsigned char id[16], leaf[SHA256_BYTES];

	memcpy(bytes, &number, sizeof(number));
	randombytes_buf(id, sizeof(id));
	(void)SHA256((const unsigned char *)bytes, n, leaf);
	number_at(ENTRY, 1, (log->id << PLACE_SHIFT) + log->size);
	number_at(ENTRY, 2, log->id);
	bytes_at(ENTRY, 3, id, sizeof(id));
	bytes_at(ENTRY, 4, leaf, sizeof(leaf));
	bytes_at(ENTRY, 5, bytes, n);
	step(ENTRY);
	log->size++;
}

static void move_head(const struct filler *f, const struct log *log)
{
	number_at(HEAD, 1, log->id);
	number_at(HEAD, 2, log->size);
	bytes_at(HEAD, 3, f->edge, sizeof(f->edge));
	step(HEAD);
}

static size_t read_entries(const struct log *log)
{
	size_t n = 0;

	number_at(READ, 1, log->id << PLACE_SHIFT);
	number_at(READ, 2, (log->id << PLACE_SHIFT) + log->size);
	while (sqlite3_step(queries[READ]) == SQLITE_ROW)
		n += (size_t)sqlite3_column_bytes(queries[READ], 2);
	must(sqlite3_reset(queries[READ]));
	return n;
}

static void put_document(struct filler *f, struct log *log, int64_t number)
{
	static const char *const charges[ITEMS] = {"calls", "care",    "hours",
						   "users", "storage", "licences"};
	unsigned char sha[SHA256_BYTES];
	char name[32];
	int n = snprintf(name, sizeof(name), "INV-2026-%05" PRId64, number);

	memcpy(f->document, &number, sizeof(number));
	(void)SHA256((const unsigned char *)f->document, sizeof(f->document), sha);
	bytes_at(BLOB, 1, sha, sizeof(sha));
	bytes_at(BLOB, 2, f->document, sizeof(f->document));
	step(BLOB);
	number_at(MARK, 1, log->id);
	number_at(MARK, 2, KIND_ISSUED);
	number_at(MARK, 3, (log->id << PLACE_SHIFT) + log->size);
	step(MARK);
	text_at(DOCUMENT, 1, name, (size_t)n);
	number_at(DOCUMENT, 2, number);
	number_at(DOCUMENT, 3, log->id);
	number_at(DOCUMENT, 4, (log->id << PLACE_SHIFT) + log->size);
	step(DOCUMENT);
	for (size_t i = 0; i < ITEMS; i++) {
		number_at(ITEM, 1, log->id);
		text_at(ITEM, 2, charges[i], strlen(charges[i]));
		text_at(ITEM, 3, name, (size_t)n);
		step(ITEM);
	}
	put_entry(log, f->issued, sizeof(f->issued), number);
	move_head(f, log);
}

static void put_checkpoint(struct filler *f, const struct log *log, struct log *install,
			   int64_t number)
{
	unsigned char root[SHA256_BYTES] = {0};

	number_at(CHECKPOINT, 1, log->id);
	number_at(CHECKPOINT, 2, log->size);
	bytes_at(CHECKPOINT, 3, root, sizeof(root));
	text_at(CHECKPOINT, 4, f->note, sizeof(f->note));
	bytes_at(CHECKPOINT, 5, f->state, sizeof(f->state));
	step(CHECKPOINT);
	put_entry(install, f->noted, sizeof(f->noted), number);
}

/* The install log, which is the first, and those of contracts. */
static size_t read_logs(struct log *v, size_t most)
{
	sqlite3_stmt *q;
	size_t n = 0;

	must(sqlite3_prepare_v2(db, "SELECT id, size FROM log ORDER BY kind DESC, id", -1, &q,
				NULL));
	while (sqlite3_step(q) == SQLITE_ROW && n < most)
		v[n++] = (struct log){sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1)};
	must(sqlite3_finalize(q));
	return n;
}

static size_t issue(struct log *v, size_t n, size_t together, struct filler *f)
{
	size_t bytes = 0;
	int64_t number = 0;

	for (size_t done = 1; done < n; done += together) {
		size_t to = done + together < n ? done + together : n;

		run("BEGIN");
		for (size_t i = done; i < to; i++)
			bytes += read_entries(&v[i]);
		run("COMMIT; BEGIN IMMEDIATE");
		for (size_t i = done; i < to; i++)
			put_document(f, &v[i], ++number);
		run("COMMIT");
		for (size_t i = done; i < to; i++)
			sign(f, (int64_t)i);
		run("BEGIN IMMEDIATE");
		for (size_t i = done; i < to; i++)
			put_checkpoint(f, &v[i], &v[0], (int64_t)i);
		move_head(f, &v[0]);
		run("COMMIT");
	}
	return bytes;
}

int main(int argc, char **argv)
{
	size_t together = TOGETHER, n, bytes;
	int64_t asked = 0;
	struct arena *a = arena_new((size_t)1 << 30);
	enum { LOGS_MAX = 1 << 20 };
	struct log *v = arena_array(a, struct log, LOGS_MAX);
	struct filler *f = arena_one(a, struct filler);
	struct moment from, to;

	if (argc > 2 && text_digits(text_of(argv[2]), &asked))
		together = (size_t)asked;
	if (argc < 2 || together == 0 || sodium_init() < 0) {
		fprintf(stderr, "usage: bench_floor FILE [TOGETHER]\n");
		return 64;
	}
	memset(f->document, 'x', sizeof(f->document));
	memset(f->note, 'x', sizeof(f->note));
	if (crypto_sign_keypair(f->public_key, f->secret) != 0)
		return 1;
	must(sqlite3_open(argv[1], &db));
	run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
	    " PRAGMA cache_size = -32768");
	prepare();
	from = moment_now();
	n = read_logs(v, LOGS_MAX);
	bytes = n > 1 ? issue(v, n, together, f) : 0;
	to = moment_now();
	printf("floor_invoices %zu\nfloor_bytes_read %zu\n", n > 1 ? n - 1 : 0, bytes);
	span_print("floor", from, to);
	memory_print();
	for (size_t i = 0; i < QUERIES; i++)
		must(sqlite3_finalize(queries[i]));
	must(sqlite3_close(db));
	arena_free(a);
	return 0;
}
