/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps 2 and 3 of trust.md J20: which keys count, for which sizes, and who signed the checkpoints. Keys the verifier gave count from
 * the start; one that a fact adds counts above that fact once a checkpoint that covers it is signed by a key that counts; one that a
 * fact retires counts no more above that fact (J14).
 */
#include "journal/bundle_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- before the entries --- */

static int by_size(const void *x, const void *y)
{
	const struct note_file *f = x, *g = y;

	/* `checkpoint` last, also among those of its own size */
	if (f->main != g->main)
		return f->main ? 1 : -1;
	return f->checkpoint.size < g->checkpoint.size ? -1
						       : f->checkpoint.size > g->checkpoint.size;
}

static void read_note(struct check *c, const struct bundle_file *file, bool is_main,
		      struct note_file *out)
{
	struct bundle_path path = bundle_path_of(file->name);
	struct err why = {.line = 0};

	*out = (struct note_file){.file = file, .main = is_main};
	if (note_parse(file->bytes, &out->note, &why) != RC_OK ||
	    checkpoint_parse(out->note.text, &out->checkpoint, &why) != RC_OK) {
		check_fail(c, CHECK_SIGNATURES, -1, "'%.*s': %s", TEXT_ARG(file->name),
			   why.message);
		return;
	}
	if (!text_eq(out->checkpoint.origin, c->b->about.origin)) {
		check_fail(c, CHECK_SIGNATURES, -1, "'%.*s' is of another log",
			   TEXT_ARG(file->name));
		return;
	}
	if (!is_main && path.number != out->checkpoint.size) {
		check_fail(c, CHECK_SIGNATURES, -1, "'%.*s' is of size %lld", TEXT_ARG(file->name),
			   (long long)out->checkpoint.size);
		return;
	}
	out->readable = true;
}

void check_notes_read(struct check *c)
{
	struct bundle_range older = bundle_range_of(c->b, "checkpoints/");
	const struct bundle_file *file = bundle_find(c->b, text_of("checkpoint"));

	assert(file != NULL);
	c->n_notes = older.n + 1;
	c->notes = arena_array(c->a, struct note_file, c->n_notes);
	for (size_t i = 0; i < older.n; i++)
		read_note(c, &older.v[i], false, &c->notes[i]);
	read_note(c, file, true, &c->notes[older.n]);
	qsort(c->notes, c->n_notes, sizeof(*c->notes), by_size);
	if (c->notes[older.n].readable)
		c->out->checkpoint = c->notes[older.n].checkpoint;
}

static bool is_known(const struct check *c, const struct vkey *key)
{
	for (size_t i = 0; i < c->n_keys; i++)
		if (vkey_eq(&c->keys[i].key, key))
			return true;
	return false;
}

static void add_known(struct check *c, const struct vkey *key, int64_t from)
{
	for (size_t i = 0; i < c->n_keys; i++)
		if (vkey_eq(&c->keys[i].key, key)) {
			if (from < c->keys[i].from)
				c->keys[i].from = from;
			return;
		}
	c->keys[c->n_keys++] = (struct known_key){*key, from, MERKLE_SIZE_MAX};
}

/* keys/: verifier keys, one a line. */
static size_t count_lines(struct bundle_range r)
{
	size_t n = 0;

	for (size_t i = 0; i < r.n; i++)
		n += text_count(r.v[i].bytes, '\n');
	return n;
}

static void read_keys(struct check *c, const struct bundle_file *file)
{
	struct text rest = file->bytes, line;

	while (rest.n > 0) {
		struct err why = {.line = 0};
		struct vkey key;

		if (rest.p[rest.n - 1] != '\n') {
			check_fail(c, CHECK_TRUST, -1, "last line of '%.*s' has no newline",
				   TEXT_ARG(file->name));
			return;
		}
		rest = text_cut(rest, '\n', &line);
		if (vkey_parse(line, &key, &why) != RC_OK) {
			check_fail(c, CHECK_TRUST, -1, "'%.*s': %s", TEXT_ARG(file->name),
				   why.message);
			return;
		}
		if (c->trust->bundle_keys)
			add_known(c, &key, -1);
	}
}

void check_keys_read(struct check *c)
{
	struct bundle_range own = bundle_range_of(c->b, "keys/");
	size_t lines = count_lines(own);

	c->keys = arena_array(c->a, struct known_key, c->trust->n_keys + lines + KEYS_ADDED_MAX);
	for (size_t i = 0; i < c->trust->n_keys; i++)
		add_known(c, &c->trust->keys[i], -1);
	for (size_t i = 0; i < own.n; i++)
		read_keys(c, &own.v[i]);
}

/* --- among the entries --- */

/* A wrong fact of a key fails the step of keys; the entry itself goes on to whoever reads all of them. */
void check_key_fact(struct check *c, int64_t index, const struct entry *e,
		    const struct canon_doc *doc)
{
	const struct canon_node *body, *node;
	struct err why = {.line = 0};
	struct key_fact f = {.index = index, .retired = e->kind == FACT_LOG_KEY_RETIRED};

	if (e->kind != FACT_LOG_KEY_ADDED && e->kind != FACT_LOG_KEY_RETIRED)
		return;
	body = canon_member(doc, doc->v, "body");
	node = body == NULL ? NULL : canon_member(doc, body, "vkey");
	if (node == NULL || node->type != CANON_TEXT) {
		check_fail(c, CHECK_TRUST, index, "entry %lld: 'vkey' is missing",
			   (long long)index);
		return;
	}
	if (vkey_parse(node->text, &f.key, &why) != RC_OK) {
		check_fail(c, CHECK_TRUST, index, "entry %lld: %s", (long long)index, why.message);
		return;
	}
	if (f.key.type != KEY_LOG || !text_eq(f.key.name, c->b->about.origin)) {
		check_fail(c, CHECK_TRUST, index, "entry %lld names a key that is not of this log",
			   (long long)index);
		return;
	}
	if (c->n_added == KEYS_ADDED_MAX) {
		check_fail(c, CHECK_TRUST, index,
			   "entry %lld is about the %dth key; the limit is %d", (long long)index,
			   KEYS_ADDED_MAX + 1, KEYS_ADDED_MAX);
		return;
	}
	/* the parsed text may lie in memory that the next entry uses again */
	f.key.name = c->b->about.origin;
	c->added[c->n_added++] = f;
}

/* --- after the entries --- */

static bool log_key(const struct check *c, const struct known_key *k)
{
	return k->key.type == KEY_LOG && text_eq(k->key.name, c->b->about.origin);
}

static bool counts_for(const struct check *c, const struct known_key *k, int64_t size)
{
	return log_key(c, k) && size > k->from && size <= k->to;
}

/* Signed by a key of the log that counts for its size? */
static bool signed_by_log(const struct check *c, const struct note_file *f)
{
	for (size_t i = 0; i < c->n_keys; i++) {
		const struct known_key *k = &c->keys[i];

		if (counts_for(c, k, f->checkpoint.size) &&
		    note_check(&f->note, &k->key, NULL) == NOTE_SIGNED)
			return true;
	}
	return false;
}

/* Do the entries in the bundle lie under this checkpoint? Without all entries only `checkpoint` has been shown to cover them. */
static bool covers(const struct check *c, const struct note_file *f)
{
	if (!f->readable)
		return false;
	if (!c->b->about.complete)
		return f->main && c->out->steps[CHECK_ROOT].result != CHECK_FAILED;
	return f->root_found && hash_eq(&f->root, &f->checkpoint.root);
}

static void retire(struct check *c, const struct key_fact *fact)
{
	for (size_t i = 0; i < c->n_keys; i++) {
		struct known_key *k = &c->keys[i];

		if (vkey_eq(&k->key, &fact->key) && fact->index < k->to)
			k->to = fact->index;
	}
}

/* The largest size that a key that counts has signed. */
static int64_t trusted_size(const struct check *c)
{
	for (size_t i = c->n_notes; i > 0; i--)
		if (covers(c, &c->notes[i - 1]) && signed_by_log(c, &c->notes[i - 1]))
			return c->notes[i - 1].checkpoint.size;
	return -1;
}

/* J14. Each round joins a key or ends; keys are few (KEYS_ADDED_MAX). */
static void join_keys(struct check *c)
{
	bool joined = true;

	while (joined) {
		int64_t size;

		for (size_t i = 0; i < c->n_added; i++)
			if (c->added[i].retired)
				retire(c, &c->added[i]);
		joined = false;
		size = trusted_size(c);
		for (size_t i = 0; i < c->n_added; i++) {
			struct key_fact *f = &c->added[i];

			if (f->retired || f->joined || f->index >= size)
				continue;
			f->joined = joined = true;
			/* The first key of a log stands in its first entry and is trusted already. */
			c->n_joined += !is_known(c, &f->key);
			add_known(c, &f->key, f->index);
		}
	}
}

static void judge_trust(struct check *c)
{
	size_t given = 0;

	for (size_t i = 0; i < c->n_keys; i++)
		given += log_key(c, &c->keys[i]) && c->keys[i].from < 0;
	if (given == 0)
		check_impossible(c, CHECK_TRUST, "no trusted key of '%.*s'",
				 TEXT_ARG(c->b->about.origin));
	check_words(c, CHECK_TRUST,
		    "%zu trusted %s of the log, %zu added under such a signature%s", given,
		    given == 1 ? "key" : "keys", c->n_joined,
		    c->trust->bundle_keys ? "; keys of the bundle itself are taken as trusted"
					  : "");
}

/* *log: signed by a key of the log that counts; *witnesses: cosigned by so many. false: a known key's signature does not fit. */
static bool judge_note(struct check *c, const struct note_file *f, bool *log, size_t *witnesses)
{
	for (size_t i = 0; i < c->n_keys; i++) {
		const struct known_key *k = &c->keys[i];
		int64_t unix_s;
		enum note_verdict v = note_check(&f->note, &k->key, &unix_s);

		if (v == NOTE_FORGED) {
			check_fail(c, CHECK_SIGNATURES, -1,
				   "signature of '%.*s' does not fit '%.*s'", TEXT_ARG(k->key.name),
				   TEXT_ARG(f->file->name));
			return false;
		}
		if (v == NOTE_SIGNED && k->key.type == KEY_COSIGNER)
			(*witnesses)++;
		if (v == NOTE_SIGNED && counts_for(c, k, f->checkpoint.size))
			*log = true;
	}
	return true;
}

void check_signatures(struct check *c)
{
	size_t notes = 0, witnesses = 0;

	join_keys(c);
	judge_trust(c);
	for (size_t i = 0; i < c->n_notes; i++) {
		const struct note_file *f = &c->notes[i];
		bool log = false;

		if (!f->readable || !judge_note(c, f, &log, &witnesses))
			continue;
		notes += log;
		if (log)
			continue;
		if (c->out->steps[CHECK_TRUST].result == CHECK_IMPOSSIBLE)
			check_impossible(c, CHECK_SIGNATURES,
					 "no trusted key, so no signature counts");
		else if (f->main)
			check_fail(c, CHECK_SIGNATURES, -1,
				   "'checkpoint' is signed by no key that is trusted for size %lld",
				   (long long)f->checkpoint.size);
		else
			/* as of a key older than those the verifier has: its root still follows from the entries */
			check_impossible(c, CHECK_SIGNATURES,
					 "'%.*s' is signed by no key that is trusted for its size",
					 TEXT_ARG(f->file->name));
	}
	check_words(c, CHECK_SIGNATURES,
		    "%zu checkpoints are signed by the log; %zu cosignatures fit", notes,
		    witnesses);
}
