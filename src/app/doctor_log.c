/* SPDX-License-Identifier: Apache-2.0 */
/* One log: each entry is read and parsed once; tree, order, checkpoints, derived tables are held against it as it goes by. */
#include "app/doctor_parts.h"

#include "app/derived.h"
#include "app/derived_documents.h"
#include "app/money_last.h"
#include "app/notes.h"
#include "journal/note.h"

#include <stdlib.h>
#include <string.h>

enum { PROGRESS_EVERY = 8192 };

struct pass {
	struct doctor *d;
	const struct log_head *log;
	struct checks *checks;
	struct derived_check *derived;
	struct recompute other; /* by other code (J13) */
	struct edge edge;
	struct stored_checkpoint *points;
	size_t n_points, at_point;
	int64_t fitting; /* the largest checkpoint so far that the entries lead to */
	bool lost;       /* one did not fit: later ones cannot either */
	struct vkey *keys;
	size_t n_keys, cap_keys;
	instant last;
	int64_t slots; /* found */
};

struct text doctor_log_name(struct arena *a, const struct log_head *log)
{
	if (log->kind == LOG_ENGAGEMENT)
		return text_format(a, "log %.*s", TEXT_ARG(log->contract));
	return text_of(log->kind == LOG_INSTALL ? "install log" : "internal log");
}

/* --- the tree --- */

static void check_point(struct pass *p, int64_t size)
{
	const struct stored_checkpoint *c = &p->points[p->at_point];
	unsigned char root[RECOMPUTE_HASH];
	struct hash mine = edge_root(p->d->ws->hasher, &p->edge);

	p->at_point++;
	recompute_root(&p->other, root);
	if (memcmp(root, mine.b, sizeof(root)) != 0)
		checks_problem(p->checks,
			       "at size %lld the two programs that compute roots disagree: the "
			       "machine is not to be trusted",
			       (long long)size);
	if (hash_eq(&mine, &c->root)) {
		p->fitting = size;
		return;
	}
	if (!p->lost)
		checks_problem(p->checks,
			       "the entries do not lead to the checkpoint of size %lld: something "
			       "in entries %lld to %lld was changed, moved or put in",
			       (long long)size, (long long)p->fitting, (long long)size - 1);
	p->lost = true;
}

static void check_leaf(struct pass *p, const struct stored_entry *stored)
{
	unsigned char second[RECOMPUTE_HASH];
	struct hash leaf = merkle_leaf(p->d->ws->hasher, stored->bytes);

	recompute_add(&p->other, stored->bytes, second);
	edge_append(p->d->ws->hasher, &p->edge, &leaf);
	if (memcmp(second, leaf.b, sizeof(second)) != 0)
		checks_problem(p->checks,
			       "entry %lld: the two programs that compute hashes disagree: the "
			       "machine is not to be trusted",
			       (long long)stored->index);
	if (!hash_eq(&leaf, &stored->leaf))
		checks_problem(p->checks,
			       "entry %lld: its bytes do not give its leaf hash: they were changed "
			       "after they were recorded",
			       (long long)stored->index);
}

/* --- what an entry says that others depend on --- */

static const struct canon_node *member(const struct canon_doc *doc, const char *key)
{
	return canon_member(doc, canon_member(doc, &doc->v[0], "body"), key);
}

static struct text member_text(const struct pass *p, const struct canon_doc *doc, const char *key)
{
	const struct canon_node *v = member(doc, key);

	return v == NULL ? text_of("") : text_copy(p->d->ws->arena, v->text);
}

static void name_blob(struct pass *p, const char *what, struct text hex, int64_t index)
{
	struct doctor *d = p->d;
	struct named_blob b = {.what = what, .contract = p->log->contract, .index = index};

	if (!hash_parse(hex, &b.sha256))
		return; /* typed by facts.def; told when it was parsed */
	d->blobs = arena_grow(d->ws->arena, d->blobs, d->n_blobs, &d->cap_blobs, sizeof(*d->blobs));
	d->blobs[d->n_blobs++] = b;
}

static void take_key(struct pass *p, const struct canon_doc *doc, int64_t index)
{
	struct err why = {.line = 0};
	struct vkey key;

	if (vkey_parse(member_text(p, doc, "vkey"), &key, &why) != RC_OK) {
		checks_problem(p->checks, "entry %lld: %s", (long long)index, why.message);
		return;
	}
	p->keys = arena_grow(p->d->ws->arena, p->keys, p->n_keys, &p->cap_keys, sizeof(*p->keys));
	p->keys[p->n_keys++] = key;
}

static void take_pin(struct pass *p, const struct canon_doc *doc, int64_t index)
{
	struct doctor *d = p->d;
	struct noted_pin pin = {member_text(p, doc, "input"),
				member_text(p, doc, "name"),
				p->log->contract,
				{{0}},
				false};
	struct text hex = member_text(p, doc, "sha256");

	pin.has_bytes = hex.n > 0 && hash_parse(hex, &pin.sha256);
	if (pin.has_bytes)
		name_blob(p, "the input it pins", hex, index);
	for (size_t i = 0; i < d->n_pins; i++) {
		if (!text_eq(d->pins[i].input, pin.input) || !text_eq(d->pins[i].name, pin.name) ||
		    !text_eq(d->pins[i].contract, pin.contract))
			continue;
		d->pins[i] = pin;
		return;
	}
	d->pins = arena_grow(d->ws->arena, d->pins, d->n_pins, &d->cap_pins, sizeof(*d->pins));
	d->pins[d->n_pins++] = pin;
}

static void take_made(struct pass *p, const struct canon_doc *doc)
{
	struct doctor *d = p->d;
	struct noted_checkpoint m = {.size = -1};
	const struct canon_node *size = member(doc, "size");

	if (size == NULL || !uuid_parse(member_text(p, doc, "log"), &m.log) ||
	    !hash_parse(member_text(p, doc, "root"), &m.root))
		return;
	m.size = size->number;
	d->made = arena_grow(d->ws->arena, d->made, d->n_made, &d->cap_made, sizeof(*d->made));
	d->made[d->n_made++] = m;
}

static void take_person(struct pass *p, const struct canon_doc *doc, bool ended)
{
	struct doctor *d = p->d;
	struct noted_person n = {.id = member_text(p, doc, "user"),
				 .contract = member_text(p, doc, "contract"),
				 .ended = ended};
	const struct canon_node *list = member(doc, "roles");
	struct buf words;

	for (size_t i = 0; ended && i < d->n_people; i++)
		if (text_eq(d->people[i].id, n.id))
			d->people[i].ended = true;
	if (ended || list == NULL)
		return;
	buf_init(&words, 4096);
	for (const struct canon_node *r = canon_first(doc, list); r != NULL;
	     r = canon_next(doc, list, r)) {
		if (words.n > 0)
			buf_char(&words, ' ');
		buf_text(&words, r->text);
	}
	n.roles = text_copy(d->ws->arena, buf_view(&words));
	buf_free(&words);
	d->people = arena_grow(d->ws->arena, d->people, d->n_people, &d->cap_people,
			       sizeof(*d->people));
	d->people[d->n_people++] = n;
}

static void take_record(struct pass *p, const struct entry *e, const struct canon_doc *doc,
			int64_t index)
{
	if (e->kind == FACT_LOG_KEY_ADDED || e->kind == FACT_WITNESS_ADDED)
		take_key(p, doc, index);
	else if (e->kind == FACT_VERSION_AGREED)
		name_blob(p, "the version it names", member_text(p, doc, "version"), index);
	else if (e->kind == FACT_STATEMENT_ISSUED || e->kind == FACT_INVOICE_ISSUED)
		name_blob(p, "the document it names", member_text(p, doc, "document"), index);
	else if (e->kind == FACT_INPUT_PINNED)
		take_pin(p, doc, index);
	else if (e->kind == FACT_CHECKPOINT_MADE)
		take_made(p, doc);
	else if (e->kind == FACT_USER_ADDED || e->kind == FACT_USER_CHANGED ||
		 e->kind == FACT_USER_ENDED)
		take_person(p, doc, e->kind == FACT_USER_ENDED);
}

/* --- one entry --- */

static enum rc check_entry(struct pass *p, const struct stored_entry *stored, const struct entry *e,
			   const struct canon_doc *doc, struct arena *a, struct err *err)
{
	long long index = (long long)stored->index;
	int64_t found = 0;
	enum rc rc = RC_OK;

	if (uuid_cmp(&e->log, &p->log->uuid) != 0)
		checks_problem(p->checks, "entry %lld: it says it belongs to another log", index);
	if (uuid_cmp(&e->id, &stored->id) != 0)
		checks_problem(p->checks, "entry %lld: it is filed under another id than its own",
			       index);
	if (p->last != INSTANT_NONE && e->recorded_at < p->last)
		checks_problem(p->checks,
			       "entry %lld: recorded before entry %lld, which it follows", index,
			       index - 1);
	p->last = e->recorded_at;
	if (fact_row(e->kind)->record)
		take_record(p, e, doc, stored->index);
	if (e->n_slots > 0)
		rc = doctor_entry_slots(p->d, p->log, e, stored->index, a, &found, err);
	p->slots += found;
	return rc;
}

static enum rc pass_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct pass *p = context;
	struct app *app = p->d->ws->app;
	struct canon_scratch *scratch;
	struct arena *a = derived_check_arena(p->derived, &scratch);
	struct canon_doc doc;
	struct entry e;
	bool read;
	enum rc rc;

	check_leaf(p, stored);
	rc = entry_parse(a, scratch, stored->bytes, &e, &doc, err);
	read = rc == RC_OK;
	if (!read)
		err_key(err, text_format(a, "entry %lld", (long long)stored->index));
	rc = checks_take(p->checks, rc, err);
	if (rc == RC_OK && read)
		rc = check_entry(p, stored, &e, &doc, a, err);
	if (rc == RC_OK)
		rc = derived_check_entry(p->derived, stored->index, read ? &e : NULL, &doc, err);
	while (p->at_point < p->n_points && p->points[p->at_point].size == stored->index + 1)
		check_point(p, stored->index + 1);
	if (app->progress != NULL && stored->index % PROGRESS_EVERY == 0)
		app->progress(app->progress_context, p->checks->about, (uint64_t)stored->index,
			      (uint64_t)p->log->edge.size, false);
	return rc;
}

/* --- after the last --- */

static void check_notes(struct pass *p)
{
	for (size_t i = 0; i < p->n_points; i++) {
		const struct stored_checkpoint *c = &p->points[i];
		struct err why = {.line = 0};
		struct checkpoint read;
		size_t signers;

		if (c->size > p->log->edge.size) {
			checks_problem(p->checks,
				       "a checkpoint of %lld entries was signed and only %lld are "
				       "there: an older copy, or the end was cut off",
				       (long long)c->size, (long long)p->log->edge.size);
			continue;
		}
		if (checkpoint_open(c->note, p->keys, p->n_keys, &read, &signers, &why) != RC_OK)
			checks_problem(p->checks, "the note of the checkpoint of %lld entries: %s",
				       (long long)c->size, why.message);
		else if (!text_eq(read.origin, p->log->origin) || read.size != c->size ||
			 !hash_eq(&read.root, &c->root))
			checks_problem(p->checks,
				       "the note of the checkpoint of %lld entries says something "
				       "else than the table",
				       (long long)c->size);
	}
}

static const struct noted_checkpoint *next_made(const struct doctor *d, const struct uuid *log,
						size_t *at)
{
	while (*at < d->n_made && uuid_cmp(&d->made[*at].log, log) != 0)
		(*at)++;
	return *at < d->n_made ? &d->made[*at] : NULL;
}

static int by_log_and_size(const void *a, const void *b)
{
	const struct noted_checkpoint *x = a, *y = b;
	int order = uuid_cmp(&x->log, &y->log);

	return order != 0 ? order : (x->size > y->size) - (x->size < y->size);
}

/* The checkpoints of a log are leaves of the install log (J1): neither may know one that the other does not. */
static void check_made(struct pass *p)
{
	size_t at = 0;
	const struct noted_checkpoint *m;

	/* Of two processes the one that read the shorter log may come to sign it last. */
	if (p->d->n_made > 1)
		qsort(p->d->made, p->d->n_made, sizeof(*p->d->made), by_log_and_size);
	m = next_made(p->d, &p->log->uuid, &at);
	for (size_t i = 0; p->log->kind == LOG_ENGAGEMENT && i < p->n_points; i++) {
		const struct stored_checkpoint *c = &p->points[i];

		for (; m != NULL && m->size < c->size;
		     at++, m = next_made(p->d, &p->log->uuid, &at))
			checks_problem(p->checks,
				       "the checkpoint of %lld entries, noted in the install log, "
				       "is not there",
				       (long long)m->size);
		if (m == NULL || m->size != c->size) {
			checks_problem(
				p->checks,
				"the checkpoint of %lld entries is not noted in the install log",
				(long long)c->size);
			continue;
		}
		/* two processes may have signed the same size */
		for (; m != NULL && m->size == c->size;
		     at++, m = next_made(p->d, &p->log->uuid, &at))
			if (!hash_eq(&m->root, &c->root))
				checks_problem(p->checks,
					       "the checkpoint of %lld entries has another root "
					       "than the install log notes",
					       (long long)c->size);
	}
	for (; p->log->kind == LOG_ENGAGEMENT && m != NULL;
	     at++, m = next_made(p->d, &p->log->uuid, &at))
		checks_problem(
			p->checks,
			"the checkpoint of %lld entries, noted in the install log, is not there",
			(long long)m->size);
}

static enum rc check_head(struct pass *p, struct err *err)
{
	const struct log_head *log = p->log;
	unsigned char root[RECOMPUTE_HASH];
	struct hash mine = edge_root(p->d->ws->hasher, &p->edge),
		    kept = edge_root(p->d->ws->hasher, &log->edge);
	int64_t rows = 0;
	enum rc rc = record_entry_count(p->d->ws->store, log->id, &rows, err);

	if (rc != RC_OK)
		return rc;
	if (rows > log->edge.size)
		checks_problem(p->checks, "%lld entries lie beyond its end, at %lld",
			       (long long)(rows - log->edge.size), (long long)log->edge.size);
	/* Where an entry is missing that has been told; the rest cannot fit then. */
	if (p->edge.size < log->edge.size)
		return RC_OK;
	recompute_root(&p->other, root);
	if (memcmp(root, mine.b, sizeof(root)) != 0)
		checks_problem(p->checks, "the two programs that compute roots disagree: the "
					  "machine is not to be trusted");
	if (!hash_eq(&mine, &kept) && !p->lost)
		checks_problem(p->checks,
			       "the entries do not give the right edge that was kept: something in "
			       "entries %lld to %lld, which no checkpoint covers, was changed",
			       (long long)p->fitting, (long long)log->edge.size - 1);
	if (p->last != log->last_recorded_at)
		checks_problem(p->checks,
			       "its head says another time of recording than its last entry");
	return RC_OK;
}

static void say_sound(struct pass *p)
{
	const struct log_head *log = p->log;
	char root[SHA256_HEX + 1];
	struct hash mine = edge_root(p->d->ws->hasher, &p->edge);

	hash_hex(&mine, root);
	if (log->frozen.n > 0)
		checks_problem(p->checks, "it is frozen: %.*s", TEXT_ARG(log->frozen));
	if (p->fitting < log->edge.size)
		checks_note(p->checks, "%lld entries since the checkpoint signed last",
			    (long long)(log->edge.size - p->fitting));
	checks_ok(p->checks, "%lld entries, %zu checkpoints, root %.16s...",
		  (long long)log->edge.size, p->n_points, root);
}

enum rc doctor_log(struct doctor *d, const struct log_head *log, struct err *err)
{
	struct pass *p = arena_one(d->ws->arena, struct pass);
	enum rc rc;

	*p = (struct pass){.d = d, .log = log, .checks = d->checks, .last = INSTANT_NONE};
	checks_about(d->checks, doctor_log_name(d->ws->arena, log));
	recompute_init(&p->other);
	edge_init(&p->edge);
	rc = record_checkpoints(d->ws->store, d->ws->arena, log->id, &p->points, &p->n_points, err);
	if (rc == RC_OK)
		rc = derived_check_begin(d->ws, log, d->checks, &p->derived, err);
	if (rc != RC_OK)
		return rc;
	while (p->at_point < p->n_points && p->points[p->at_point].size == 0)
		check_point(p, 0);
	rc = checks_take(d->checks,
			 record_each(d->ws->store, log->id, 0, log->edge.size, pass_entry, p, err),
			 err);
	derived_check_end(p->derived);
	if (rc == RC_OK)
		rc = derived_documents_compare(d->ws, log, d->checks, err);
	if (rc == RC_OK)
		rc = money_last_compare(d->ws, log, d->checks, err);
	if (rc == RC_OK && log->kind == LOG_INTERNAL)
		rc = notes_compare(d->ws, log, d->checks, err);
	if (d->ws->app->progress != NULL)
		d->ws->app->progress(d->ws->app->progress_context, d->checks->about,
				     (uint64_t)log->edge.size, (uint64_t)log->edge.size, true);
	if (rc == RC_OK)
		rc = check_head(p, err);
	if (rc != RC_OK)
		return rc;
	check_notes(p);
	check_made(p);
	rc = doctor_slots(d, log, p->slots, err);
	if (rc == RC_OK)
		say_sound(p);
	return rc;
}
