/* SPDX-License-Identifier: Apache-2.0 */
#include "app/derived.h"

#include "app/derived_documents.h"
#include "app/found.h"
#include "app/kept.h"
#include "app/money_last.h"
#include "app/notes.h"
#include "app/recall.h"
#include "app/tickets_kept.h"

#include <string.h>

enum { PACK_ARENA_BYTES = 1 << 28, PACK_BYTES_MAX = 16 << 20, PROGRESS_EVERY = 8192 };

/* The same as long as the program runs: a connection that stays open works it out once. */
static struct text own_tag(struct workspace *ws)
{
	if (ws->place == NULL)
		return workspace_derived_tag(ws->arena);
	if (ws->place->derived_tag.n == 0)
		ws->place->derived_tag = workspace_derived_tag(ws->place->arena);
	return ws->place->derived_tag;
}

enum rc derived_current(struct workspace *ws, bool *fit, struct err *err)
{
	struct text tag;
	enum rc rc = record_meta(ws->store, ws->arena, "derived", &tag, err);

	*fit = rc == RC_OK && text_eq(tag, own_tag(ws));
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	return rc;
}

/* --- making them again --- */

struct marking {
	struct workspace *ws;
	struct arena *scratch_arena; /* of the entries read since it was made */
	struct canon_scratch *scratch;
	int64_t log, size; /* under work, for progress */
	struct {
		int64_t log;
		struct stored_mark mark;
	} * v;
	size_t n, cap;
};

static void refresh(struct marking *m)
{
	if (m->scratch_arena != NULL)
		arena_free(m->scratch_arena);
	m->scratch_arena = arena_new(PACK_ARENA_BYTES);
	m->scratch = canon_scratch_new(m->scratch_arena);
}

static enum rc mark_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct marking *m = context;
	struct app *app = m->ws->app;
	struct canon_doc doc;
	struct entry e;
	enum rc rc;

	if (stored->index % PACK_FACTS == 0)
		refresh(m);
	rc = entry_parse(m->scratch_arena, m->scratch, stored->bytes, &e, &doc, err);
	if (rc != RC_OK) {
		err_key(err, text_format(m->ws->arena, "log %lld, entry %lld", (long long)m->log,
					 (long long)stored->index));
		return rc;
	}
	if (fact_row(e.kind)->record) {
		m->v = arena_grow(m->ws->arena, m->v, m->n, &m->cap, sizeof(*m->v));
		m->v[m->n].log = m->log;
		m->v[m->n++].mark = (struct stored_mark){(int)e.kind, stored->index};
	}
	if (app->progress != NULL && stored->index % PROGRESS_EVERY == 0)
		app->progress(app->progress_context, text_of("reading entries"),
			      (uint64_t)stored->index, (uint64_t)m->size, false);
	return RC_OK;
}

static enum rc mark_log(struct marking *m, const struct log_head *log, int64_t from,
			struct err *err)
{
	enum rc rc;

	m->log = log->id;
	m->size = log->edge.size;
	refresh(m);
	rc = record_each(m->ws->store, log->id, from, log->edge.size, mark_entry, m, err);
	if (m->ws->app->progress != NULL)
		m->ws->app->progress(m->ws->app->progress_context, text_of("reading entries"),
				     (uint64_t)m->size, (uint64_t)m->size, true);
	return rc;
}

static int64_t size_before(const struct log_head *logs, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (logs[i].id == id)
			return logs[i].edge.size;
	return 0;
}

/* In a transaction: what came since the entries were read, the tables anew, their marks. */
static enum rc replace_marks(struct marking *m, const struct log_head *before, size_t n_before,
			     struct err *err)
{
	struct workspace *ws = m->ws;
	struct log_head *logs;
	size_t n;
	enum rc rc = record_logs(ws->store, ws->arena, &logs, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = mark_log(m, &logs[i], size_before(before, n_before, logs[i].id), err);
	if (rc == RC_OK)
		rc = store_drop_derived(ws->store, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = tickets_dropped(ws, logs[i].id, err);
	for (size_t i = 0; rc == RC_OK && i < m->n; i++)
		rc = record_mark(ws->store, m->v[i].log, m->v[i].mark.kind, m->v[i].mark.index,
				 err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = derived_documents_make(ws, &logs[i], err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (logs[i].kind == LOG_INTERNAL)
			rc = notes_derive(ws, &logs[i], err);
	return rc == RC_OK ? record_meta_put(ws->store, "derived", workspace_derived_tag(ws->arena),
					     err)
			   : rc;
}

enum rc derived_rebuild(struct workspace *ws, struct err *err)
{
	struct marking m = {.ws = ws};
	struct log_head *logs;
	size_t n;
	enum rc rc = record_logs(ws->store, ws->arena, &logs, &n, err);

	/* Entries never change and logs only grow: the long reading needs no lock. */
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = mark_log(&m, &logs[i], 0, err);
	if (rc == RC_OK)
		rc = store_begin(ws->store, err);
	if (rc == RC_OK) {
		rc = replace_marks(&m, logs, n, err);
		if (rc == RC_OK)
			rc = store_commit(ws->store, err);
		if (rc != RC_OK)
			workspace_rollback(ws);
	}
	if (m.scratch_arena != NULL)
		arena_free(m.scratch_arena);
	if (rc == RC_OK)
		rc = record_logs(ws->store, ws->arena, &logs, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (logs[i].kind == LOG_ENGAGEMENT)
			rc = recall_pack(ws, &logs[i], err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = found_fill(ws, &logs[i], err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = tickets_keep(ws, &logs[i], err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = money_last_keep(ws, &logs[i], err);
	return rc;
}

/* --- bringing them on, beside requests --- */

static enum rc tidy_log(struct workspace *ws, const struct log_head *log, struct err *err)
{
	struct workspace scratch = *ws;
	enum rc rc;

	if (log->kind != LOG_ENGAGEMENT || log->edge.size < RECALL_LARGE)
		return RC_OK;
	scratch.arena = arena_like(ws->arena);
	rc = recall_pack(&scratch, log, err);
	if (rc == RC_OK)
		rc = tickets_tidy(&scratch, log, err);
	if (rc == RC_OK)
		rc = money_last_keep(&scratch, log, err);
	if (rc == RC_MISSING) { /* no version was agreed yet */
		err_clear(err);
		rc = RC_OK;
	}
	arena_free(scratch.arena);
	return rc;
}

enum rc derived_tidy(struct app *app, const struct args *args, struct err *err)
{
	const struct served in_steps = {.recalled = NULL}; /* as many entries as there are */
	struct log_head *logs = NULL;
	struct workspace ws;
	size_t n = 0;
	enum rc rc = workspace_open(app, args, STORE_WRITE, &ws, err);

	if (rc != RC_OK)
		return rc;
	app->served = &in_steps;
	rc = record_logs(ws.store, ws.arena, &logs, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = tidy_log(&ws, &logs[i], err);
	app->served = NULL;
	workspace_close(&ws);
	return rc;
}

/* --- comparing --- */

/* A pack as it is kept. */
struct kept_pack {
	struct hash hash;
	size_t n;   /* facts in it */
	bool other; /* than its entries make */
};

struct derived_check {
	struct workspace *ws;
	struct log_head log;
	struct checks *checks;
	struct stored_mark *marks;
	size_t n_marks, at_mark;
	struct kept_pack *packs;
	size_t n_packs, cap_packs;
	struct arena *arena; /* of the pack under work */
	struct canon_scratch *scratch;
	struct facts *set;
	struct fact_reader *reader;
	struct uuid ids[PACK_FACTS];
	struct buf bytes;
	size_t in_pack;
	bool broken; /* an entry of it could not be read */
};

static enum rc keep_hash(void *context, int64_t pack, struct text bytes, struct err *err)
{
	struct derived_check *d = context;
	struct arena *a = arena_new(PACK_ARENA_BYTES);
	struct kept_pack *kept;
	enum rc rc;

	d->packs = arena_grow(d->ws->arena, d->packs, d->n_packs, &d->cap_packs, sizeof(*d->packs));
	kept = &d->packs[d->n_packs++];
	*kept = (struct kept_pack){.n = 0};
	sha256(bytes, kept->hash.b);
	rc = facts_packed(a, bytes, &kept->n, err);
	arena_free(a);
	if (rc == RC_OK && kept->n == 0)
		checks_problem(d->checks,
			       "pack %lld of facts is empty; \"tenor rebuild\" makes it again",
			       (long long)pack);
	if (rc != RC_OK)
		err_key(err, text_format(d->ws->arena, "pack %lld", (long long)pack));
	return checks_take(d->checks, rc, err);
}

/* The entries that the packs hold: the last may hold fewer than a whole one. */
static int64_t packed_entries(const struct derived_check *d)
{
	return d->n_packs == 0
		       ? 0
		       : (int64_t)((d->n_packs - 1) * PACK_FACTS + d->packs[d->n_packs - 1].n);
}

static void count_packs(struct derived_check *d)
{
	for (size_t i = 0; i + 1 < d->n_packs; i++)
		if (d->packs[i].n > 0 && d->packs[i].n != PACK_FACTS)
			checks_problem(d->checks,
				       "pack %zu of facts holds %zu and is not the last; \"tenor "
				       "rebuild\" makes it again",
				       i, d->packs[i].n);
	if (packed_entries(d) > d->log.edge.size)
		checks_problem(d->checks,
			       "the packs of facts hold %lld entries where there are %lld; "
			       "\"tenor rebuild\" makes them again",
			       (long long)packed_entries(d), (long long)d->log.edge.size);
}

static void next_pack(struct derived_check *d)
{
	if (d->arena != NULL)
		arena_free(d->arena);
	d->arena = arena_new(PACK_ARENA_BYTES);
	d->scratch = canon_scratch_new(d->arena);
	d->set = facts_new(d->arena);
	d->reader = fact_reader_new(d->arena, d->set, NULL);
	d->in_pack = 0;
	d->broken = false;
}

enum rc derived_check_begin(struct workspace *ws, const struct log_head *log, struct checks *checks,
			    struct derived_check **out, struct err *err)
{
	struct derived_check *d = arena_one(ws->arena, struct derived_check);
	enum rc rc = record_marks_all(ws->store, ws->arena, log->id, &d->marks, &d->n_marks, err);

	d->ws = ws;
	d->log = *log;
	d->checks = checks;
	if (rc == RC_OK)
		rc = checks_take(checks, record_packs(ws->store, log->id, 0, -1, keep_hash, d, err),
				 err);
	if (rc != RC_OK)
		return rc;
	count_packs(d);
	buf_init(&d->bytes, PACK_BYTES_MAX);
	next_pack(d);
	*out = d;
	return RC_OK;
}

struct arena *derived_check_arena(struct derived_check *d, struct canon_scratch **scratch)
{
	if (d->in_pack == PACK_FACTS)
		next_pack(d);
	*scratch = d->scratch;
	return d->arena;
}

static const char *kind_name(int kind)
{
	return kind >= 0 && kind < FACT_COUNT ? fact_row((enum fact_kind)kind)->kind : "?";
}

/* Marks lie in the order of the entries; what is before this entry belongs to none. */
static void check_mark(struct derived_check *d, int64_t index, const struct entry *e)
{
	bool wanted = e != NULL && fact_row(e->kind)->record;

	while (d->at_mark < d->n_marks && d->marks[d->at_mark].index <= index) {
		const struct stored_mark *m = &d->marks[d->at_mark++];

		if (wanted && m->index == index && m->kind == (int)e->kind)
			wanted = false;
		else if (e != NULL || m->index < index)
			checks_problem(d->checks,
				       "entry %lld is marked as %s and is none; \"tenor rebuild\" "
				       "makes the marks again",
				       (long long)m->index, kind_name(m->kind));
	}
	if (wanted)
		checks_problem(d->checks,
			       "entry %lld (%s) has no mark; \"tenor rebuild\" makes it again",
			       (long long)index, kind_name((int)e->kind));
}

static void check_pack(struct derived_check *d, size_t pack)
{
	struct hash h = {{0}};

	buf_clear(&d->bytes);
	facts_pack(d->set, 0, d->set->n, d->ids, &d->bytes);
	sha256(buf_view(&d->bytes), h.b);
	d->packs[pack].other = !hash_eq(&h, &d->packs[pack].hash);
}

enum rc derived_check_entry(struct derived_check *d, int64_t index, const struct entry *e,
			    const struct canon_doc *doc, struct err *err)
{
	size_t pack = (size_t)index / PACK_FACTS;
	enum rc rc = RC_OK;

	check_mark(d, index, e);
	d->broken = d->broken || e == NULL;
	if (pack < d->n_packs && d->in_pack < d->packs[pack].n && !d->broken) {
		d->ids[d->in_pack] = e->id;
		rc = fact_reader_add(d->reader, e, doc, err);
		d->broken = rc != RC_OK;
		if (rc != RC_OK && err->key[0] == '\0')
			err_key(err, text_format(d->arena, "entry %lld", (long long)index));
		rc = checks_take(d->checks, rc, err);
	}
	d->in_pack++;
	if (rc == RC_OK && pack < d->n_packs && d->in_pack == d->packs[pack].n && !d->broken)
		check_pack(d, pack);
	return rc;
}

void derived_check_end(struct derived_check *d)
{
	for (; d->at_mark < d->n_marks; d->at_mark++)
		checks_problem(d->checks,
			       "entry %lld is marked as %s and is not there; \"tenor rebuild\" "
			       "makes the marks again",
			       (long long)d->marks[d->at_mark].index,
			       kind_name(d->marks[d->at_mark].kind));
	/* after all that is to be said of the entries: where one was altered its pack is another, too */
	for (size_t i = 0; i < d->n_packs; i++)
		if (d->packs[i].other)
			checks_problem(d->checks,
				       "pack %zu of facts (entries %zu to %zu) is not what its "
				       "entries make; \"tenor rebuild\" makes it again",
				       i, i * PACK_FACTS, i * PACK_FACTS + d->packs[i].n - 1);
	arena_free(d->arena);
	d->arena = NULL;
	buf_free(&d->bytes);
}

static enum rc compare_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct derived_check *d = context;
	struct canon_scratch *scratch;
	struct arena *a = derived_check_arena(d, &scratch);
	struct canon_doc doc;
	struct entry e;
	enum rc rc = entry_parse(a, scratch, stored->bytes, &e, &doc, err);
	bool read = rc == RC_OK;

	if (!read)
		err_key(err, text_format(a, "entry %lld", (long long)stored->index));
	rc = checks_take(d->checks, rc, err);
	return rc == RC_OK ? derived_check_entry(d, stored->index, read ? &e : NULL, &doc, err)
			   : rc;
}

enum rc derived_compare(struct workspace *ws, const struct log_head *log, struct checks *checks,
			struct err *err)
{
	struct derived_check *d;
	enum rc rc = derived_check_begin(ws, log, checks, &d, err);

	if (rc != RC_OK)
		return rc;
	rc = checks_take(checks,
			 record_each(ws->store, log->id, 0, log->edge.size, compare_entry, d, err),
			 err);
	derived_check_end(d);
	if (rc == RC_OK)
		rc = derived_documents_compare(ws, log, checks, err);
	return rc == RC_OK && log->kind == LOG_INTERNAL ? notes_compare(ws, log, checks, err) : rc;
}
