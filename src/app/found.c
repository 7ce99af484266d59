/* SPDX-License-Identifier: Apache-2.0 */
#include "app/found.h"

#include "app/fold.h"
#include "app/health.h"
#include "app/recall.h"
#include "base/sha256.h"
#include "facts/attachment.h"
#include "render/contract_page.h"
#include "render/tree_words.h"
#include "store/record_found.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* An id that nobody types: a hash, or a text longer than a line. */
enum { HASH_TEXT = 64, ID_BYTES_MAX = 200, RUNS_PER_TRANSACTION = 16, RUN_ARENA_BYTES = 1 << 28 };

/* --- which entries --- */

/* Of these there are very many, and none is looked for by itself: a ticket is found by how it began. */
static const enum fact_kind many[] = {
	FACT_PROBE_SAMPLE,        FACT_REQUESTS_COUNTED,   FACT_UNITS_LISTED,
	FACT_UNIT_ADDED,          FACT_UNIT_REMOVED,       FACT_USAGE_RECORDED,
	FACT_WORK_RECORDED,       FACT_WORK_APPROVED,      FACT_COST_RECORDED,
	FACT_SURVEY_ANSWERED,     FACT_ALERT_ACKNOWLEDGED, FACT_FACT_ACCEPTED,
	FACT_CHECKPOINT_COSIGNED, FACT_INPUT_PINNED,       FACT_SOURCE_READ,
	FACT_LOG_KEY_ADDED,       FACT_LOG_KEY_RETIRED,    FACT_WITNESS_ADDED,
	FACT_SUBJECT_ERASED,      FACT_LOG_RESTORED,
};

bool found_kind(enum fact_kind kind)
{
	const struct fact_row *row = fact_row(kind);

	if (row->subject == FIELD_TICKET)
		return kind == FACT_TICKET_LOGGED;
	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		if (many[i] == kind)
			return false;
	return true;
}

/* --- words that are nobody's --- */

struct telling {
	void (*each)(void *context, struct text word);
	void *context;
};

static void tell_folded(void *context, const struct folded *f)
{
	const struct telling *t = context;

	t->each(t->context, f->word);
}

static void tell(const struct telling *t, struct text words)
{
	fold_each(words, tell_folded, (void *)(uintptr_t)t);
}

static void tell_value(const struct telling *t, const struct canon_node *v)
{
	instant at;
	bool minutes;
	struct err none = {.line = 0};

	if (v->type != CANON_TEXT || v->text.n == HASH_TEXT || v->text.n > ID_BYTES_MAX)
		return;
	if (v->text.n == 24 && instant_parse(v->text, &at, &minutes, &none) == RC_OK)
		return;
	tell(t, v->text);
}

/* A body is non-personal by schema (trust.md J22). */
static void tell_body(const struct telling *t, const struct entry *e, const struct canon_doc *doc)
{
	const struct canon_node *body = canon_member(doc, &doc->v[0], "body");

	if (body == NULL)
		return;
	for (const struct canon_node *v = canon_first(doc, body); v != NULL;
	     v = canon_next(doc, body, v)) {
		if (v->type != CANON_ARRAY) {
			tell_value(t, v);
			continue;
		}
		for (const struct canon_node *x = canon_first(doc, v); x != NULL;
		     x = canon_next(doc, v, x))
			tell_value(t, x);
	}
	if (e->kind != FACT_TICKET_LOGGED)
		tell(t, text_of(fact_row(e->kind)->kind));
}

/* All that a version says in words; contacts are commitments there (CL-43). Prices are no words. */
static void tell_contract(struct arena *a, const struct telling *t, const struct contract *c)
{
	const struct node *root = c->root, *documents = node_at(root, "documents");

	for (const struct node *x = root; x != NULL; x = tree_next(x, root, false)) {
		if (x->kind == NODE_SCALAR && x->term != NULL &&
		    (x->term->type == TERM_NAME || x->term->type == TERM_TEXT ||
		     x->term->type == TERM_PROSE || x->term->type == TERM_ID))
			tell(t, x->text);
	}
	for (const struct node *d = documents == NULL ? NULL : documents->child; d != NULL;
	     d = d->next) {
		const struct node **clauses;
		size_t n = contract_clauses(a, c, d, &clauses);

		for (size_t i = 0; i < n; i++) {
			tell(t, term_text(clauses[i], "heading"));
			tell(t, contract_clause_words(clauses[i]));
		}
	}
}

static enum rc version_words(struct found_words *w, int64_t index, const struct telling *t,
			     struct err *err)
{
	struct arena *a = w->ws->arena;
	struct recalled *r;
	enum rc rc;

	if (w->versions == NULL || w->versions->size < index + 1) {
		r = arena_one(a, struct recalled);
		rc = recall_versions(w->ws, w->log, INSTANT_MAX, r, err);
		if (rc != RC_OK)
			return rc;
		w->versions = r;
	}
	for (size_t i = 0; i < w->versions->n_versions; i++)
		if (w->versions->versions[i].index == index)
			tell_contract(a, t, w->versions->versions[i].contract);
	tell(t, w->log->contract);
	return RC_OK;
}

enum rc found_words_of(struct found_words *w, int64_t index, const struct entry *e,
		       const struct canon_doc *doc, void (*each)(void *context, struct text word),
		       void *context, struct err *err)
{
	const struct telling t = {each, context};

	if (!found_kind(e->kind))
		return RC_OK;
	if (e->kind == FACT_VERSION_AGREED)
		return version_words(w, index, &t, err);
	tell_body(&t, e, doc);
	return RC_OK;
}

/* --- personal words --- */

enum rc found_slot(struct workspace *ws, const struct log_head *log, const struct entry *e,
		   const struct slot *slot, struct arena *a, struct text *out, struct err *err)
{
	struct slot_place place = {e->log, e->id, slot->name, slot->commit};
	unsigned char salt[SALT_BYTES];
	struct stored_slot stored;
	struct canon_doc doc;
	struct text bytes;
	enum rc rc;

	*out = text_of("");
	/* a file is not looked into; a word of health data that is found would say who has what */
	if (attachment_slot(e->kind, slot->name) || health_slot(slot->name))
		return RC_OK;
	rc = record_slot(ws->store, a, log->id, &e->id, slot->name, &stored, err);
	if (rc == RC_OK)
		rc = keys_open_slot(ws->keys, a, slot->subject, &place, stored.nonce, stored.cipher,
				    salt, &bytes, err);
	if (rc == RC_MISSING) { /* erased */
		err_clear(err);
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	rc = canon_parse(a, NULL, bytes, CANON_STRICT, &CANON_LARGE, &doc, err);
	if (rc != RC_OK)
		return rc;

	const struct canon_node *v = canon_first(&doc, &doc.v[0]);

	if (v != NULL && v->type == CANON_TEXT)
		*out = v->text;
	return RC_OK;
}

static void hash_of(const unsigned char key[16], struct text word,
		    unsigned char out[FOUND_HASH_BYTES])
{
	unsigned char all[crypto_shorthash_BYTES];

	(void)crypto_shorthash(all, (const unsigned char *)word.p, word.n, key);
	memcpy(out, all, FOUND_HASH_BYTES);
}

bool found_hash(const unsigned char key[16], struct text word, unsigned char out[FOUND_HASH_BYTES])
{
	if (fold_letters(word) < FOUND_LETTERS_MIN)
		return false;
	hash_of(key, word, out);
	return true;
}

/* Hashes of the words of one subject in one entry. */
struct hashing {
	struct arena *arena;
	unsigned char key[FINDING_KEY_BYTES];
	unsigned char (*v)[FOUND_HASH_BYTES];
	size_t n, cap;
};

static void add_hash(struct hashing *h, struct text word)
{
	h->v = arena_grow(h->arena, h->v, h->n, &h->cap, sizeof(*h->v));
	hash_of(h->key, word, h->v[h->n++]);
}

static void hash_word(void *context, const struct folded *f)
{
	struct hashing *h = context;
	size_t letters = 0;

	for (size_t i = 1; i <= f->word.n; i++) {
		if (i < f->word.n && ((unsigned char)f->word.p[i] & 0xc0) == 0x80)
			continue;
		letters++;
		if (letters >= FOUND_LETTERS_MIN && letters <= FOUND_LETTERS_MAX)
			add_hash(h, text_sub(f->word, 0, i));
	}
	if (letters > FOUND_LETTERS_MAX)
		add_hash(h, f->word);
}

static int by_bytes(const void *x, const void *y)
{
	return memcmp(x, y, FOUND_HASH_BYTES);
}

static struct text sorted(struct hashing *h)
{
	size_t n = 0;

	if (h->n > 0)
		qsort(h->v, h->n, sizeof(*h->v), by_bytes);
	for (size_t i = 0; i < h->n; i++)
		if (n == 0 || memcmp(h->v[n - 1], h->v[i], FOUND_HASH_BYTES) != 0)
			memcpy(h->v[n++], h->v[i], FOUND_HASH_BYTES);
	return (struct text){(const char *)h->v, n * FOUND_HASH_BYTES};
}

/* The slots of an entry that are of the same subject as slot i make one row. */
static enum rc hashes_of(struct workspace *ws, const struct log_head *log, const struct entry *e,
			 size_t i, struct arena *a, struct text *out, struct err *err)
{
	struct hashing h = {.arena = a};
	struct text words;
	enum rc rc = keys_finding(ws->keys, e->slots[i].subject, h.key, err);

	*out = text_of("");
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	for (size_t k = i; rc == RC_OK && k < e->n_slots; k++) {
		if (!text_eq(e->slots[k].subject, e->slots[i].subject))
			continue;
		rc = found_slot(ws, log, e, &e->slots[k], a, &words, err);
		if (rc == RC_OK)
			fold_each(words, hash_word, &h);
	}
	sodium_memzero(h.key, sizeof(h.key));
	if (rc == RC_OK)
		*out = sorted(&h);
	return rc;
}

static bool first_of_subject(const struct entry *e, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (text_eq(e->slots[k].subject, e->slots[i].subject))
			return false;
	return true;
}

/* --- going through entries --- */

/* What each row goes to: into the file, or into a sum that is compared with the file's. */
struct rows {
	enum rc (*word)(void *context, struct text word, int64_t log, int64_t index,
			struct err *err);
	enum rc (*hashes)(void *context, int64_t log, const struct stored_hashes *h,
			  struct err *err);
	void *context;
};

struct going {
	struct workspace *ws;
	const struct log_head *log;
	struct found_words words;
	struct arena *arena;
	struct canon_scratch *scratch;
	const struct rows *rows;
	int64_t index;
	enum rc rc; /* of rows, which cannot be told through the words */
	struct err *err;
};

static void refresh(struct going *g)
{
	if (g->arena != NULL)
		arena_free(g->arena);
	g->arena = arena_new(RUN_ARENA_BYTES);
	g->scratch = canon_scratch_new(g->arena);
}

static void take_word(void *context, struct text word)
{
	struct going *g = context;

	if (g->rc == RC_OK)
		g->rc = g->rows->word(g->rows->context, word, g->log->id, g->index, g->err);
}

static enum rc take_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct going *g = context;
	struct canon_doc doc;
	struct entry e;
	enum rc rc;

	if (stored->index % PACK_FACTS == 0 || g->arena == NULL)
		refresh(g);
	rc = entry_parse(g->arena, g->scratch, stored->bytes, &e, &doc, err);
	g->index = stored->index;
	g->err = err;
	if (rc == RC_OK)
		rc = found_words_of(&g->words, stored->index, &e, &doc, take_word, g, err);
	if (rc == RC_OK)
		rc = g->rc;
	for (size_t i = 0; rc == RC_OK && g->ws->keys != NULL && i < e.n_slots; i++) {
		struct stored_hashes h = {e.slots[i].subject, stored->index, {NULL, 0}};

		if (!first_of_subject(&e, i))
			continue;
		rc = hashes_of(g->ws, g->log, &e, i, g->arena, &h.hashes, err);
		if (rc == RC_OK && h.hashes.n > 0)
			rc = g->rows->hashes(g->rows->context, g->log->id, &h, err);
	}
	if (rc != RC_OK && err->key[0] == '\0')
		err_key(err, text_format(g->ws->arena, "entry %lld", (long long)stored->index));
	return rc;
}

static enum rc go_through(struct workspace *ws, const struct log_head *log, int64_t from,
			  int64_t to, const struct rows *rows, struct err *err)
{
	struct going g = {.ws = ws, .log = log, .words = {ws, log, NULL}, .rows = rows};
	enum rc rc = record_each(ws->store, log->id, from, to, take_entry, &g, err);

	if (g.arena != NULL)
		arena_free(g.arena);
	return rc;
}

/* --- filling --- */

static enum rc put_word(void *context, struct text word, int64_t log, int64_t index,
			struct err *err)
{
	struct workspace *ws = context;

	return record_word_put(ws->store, word, log, index, err);
}

static enum rc put_hashes(void *context, int64_t log, const struct stored_hashes *h,
			  struct err *err)
{
	struct workspace *ws = context;

	return record_hashes_put(ws->store, log, h, err);
}

static enum rc fill_some(struct workspace *ws, const struct log_head *log, bool *more,
			 struct err *err)
{
	const struct rows rows = {put_word, put_hashes, ws};
	int64_t have = 0, whole, to;
	enum rc rc = store_begin(ws->store, err);

	if (rc != RC_OK)
		return rc;
	rc = record_found_size(ws->store, log->id, &have, err);
	whole = log->edge.size / PACK_FACTS * PACK_FACTS;
	to = have + (int64_t)RUNS_PER_TRANSACTION * PACK_FACTS;
	to = to < whole ? to : whole;
	*more = rc == RC_OK && to < whole;
	if (rc == RC_OK && have < to)
		rc = go_through(ws, log, have, to, &rows, err);
	if (rc == RC_OK && have < to)
		rc = record_found_size_put(ws->store, log->id, to, err);
	if (rc == RC_OK && have < to)
		rc = store_commit(ws->store, err);
	else
		store_rollback(ws->store);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc;
}

enum rc found_fill(struct workspace *ws, const struct log_head *before, struct err *err)
{
	struct log_head log;
	bool more = true;
	int64_t have = 0;
	enum rc rc;

	/* Without keys it would be filled without personal words, and stay so. */
	if (before->kind != LOG_ENGAGEMENT || ws->keys == NULL)
		return RC_OK;
	rc = record_log_of_uuid(ws->store, ws->arena, &before->uuid, &log, err);
	if (rc == RC_OK)
		rc = record_found_size(ws->store, log.id, &have, err);
	if (rc != RC_OK || log.edge.size / PACK_FACTS <= have / PACK_FACTS)
		return rc;
	while (rc == RC_OK && more)
		rc = fill_some(ws, &log, &more, err);
	return rc;
}

/* --- comparing --- */

enum { LANES = 4 };

/* The rows of one log without their order: how many, and the sums of pieces of their hashes. */
struct sum {
	int64_t log, n;
	uint64_t lane[LANES];
};

struct found_rows {
	struct arena *arena;
	struct sum *words;
	size_t n, cap;
};

static void add_row(struct sum *s, struct text row, int64_t index)
{
	unsigned char hash[SHA256_BYTES];
	struct buf b;

	buf_init(&b, 1 << 24);
	buf_printf(&b, "%lld:%zu:", (long long)index, row.n);
	buf_text(&b, row);
	sha256(buf_view(&b), hash);
	buf_free(&b);
	s->n++;
	for (size_t i = 0; i < LANES; i++) {
		uint32_t piece;

		memcpy(&piece, hash + i * sizeof(piece), sizeof(piece));
		s->lane[i] += piece;
	}
}

static struct sum *sum_of(struct found_rows *r, int64_t log)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->words[i].log == log)
			return &r->words[i];
	r->words = arena_grow(r->arena, r->words, r->n, &r->cap, sizeof(*r->words));
	r->words[r->n] = (struct sum){.log = log};
	return &r->words[r->n++];
}

static enum rc sum_stored_word(void *context, struct text word, int64_t log, int64_t index,
			       struct err *err)
{
	(void)err;
	add_row(sum_of(context, log), word, index);
	return RC_OK;
}

static enum rc sum_stored_hashes(void *context, const struct stored_hashes *h, struct err *err)
{
	(void)err;
	add_row(context, h->hashes, h->index);
	return RC_OK;
}

struct summing {
	struct arena *arena;
	struct sum words, hashes;
	int64_t index;     /* of the entry whose words these are */
	struct text *seen; /* the same word again makes no further row */
	size_t n_seen, cap_seen;
};

static enum rc sum_word(void *context, struct text word, int64_t log, int64_t index,
			struct err *err)
{
	struct summing *s = context;

	(void)log;
	(void)err;
	if (index != s->index) {
		arena_clear(s->arena);
		s->seen = NULL;
		s->n_seen = s->cap_seen = 0;
	}
	s->index = index;
	for (size_t i = 0; i < s->n_seen; i++)
		if (text_eq(s->seen[i], word))
			return RC_OK;
	s->seen = arena_grow(s->arena, s->seen, s->n_seen, &s->cap_seen, sizeof(*s->seen));
	s->seen[s->n_seen++] = text_copy(s->arena, word);
	add_row(&s->words, word, index);
	return RC_OK;
}

static enum rc sum_hashes(void *context, int64_t log, const struct stored_hashes *h,
			  struct err *err)
{
	struct summing *s = context;

	(void)log;
	(void)err;
	add_row(&s->hashes, h->hashes, h->index);
	return RC_OK;
}

static bool same(const struct sum *x, const struct sum *y)
{
	return x->n == y->n && memcmp(x->lane, y->lane, sizeof(x->lane)) == 0;
}

static enum rc compare_log(struct workspace *ws, const struct log_head *log, struct found_rows *all,
			   struct checks *checks, struct err *err)
{
	struct summing made = {.arena = arena_new(RUN_ARENA_BYTES), .index = -1};
	const struct rows rows = {sum_word, sum_hashes, &made};
	struct sum hashes = {.log = log->id};
	int64_t have = 0;
	enum rc rc = record_found_size(ws->store, log->id, &have, err);

	if (rc == RC_OK && have > log->edge.size) {
		checks_problem(checks,
			       "there are %lld entries in it where the log has %lld; \"tenor "
			       "rebuild\" makes it again",
			       (long long)have, (long long)log->edge.size);
		have = 0;
	}
	if (rc == RC_OK)
		rc = record_hashes_each(ws->store, log->id, sum_stored_hashes, &hashes, err);
	if (rc == RC_OK)
		rc = go_through(ws, log, 0, have, &rows, err);
	if (rc == RC_OK && !same(&made.words, sum_of(all, log->id)))
		checks_problem(checks, "its words are not what the entries make; \"tenor rebuild\" "
				       "makes it again");
	if (rc == RC_OK && ws->keys != NULL && !same(&made.hashes, &hashes))
		checks_problem(checks, "its personal words are not what entries and keys make; "
				       "\"tenor rebuild\" makes it again");
	arena_free(made.arena);
	return checks_take(checks, rc, err);
}

enum rc found_compare(struct workspace *ws, const struct log_head *logs, size_t n,
		      struct checks *checks, struct err *err)
{
	struct found_rows all = {.arena = ws->arena};
	enum rc rc = record_words_each(ws->store, sum_stored_word, &all, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		if (logs[i].kind != LOG_ENGAGEMENT)
			continue;
		checks_about(checks,
			     text_format(ws->arena, "index of %.*s", TEXT_ARG(logs[i].contract)));
		rc = compare_log(ws, &logs[i], &all, checks, err);
	}
	return rc;
}
