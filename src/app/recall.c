/* SPDX-License-Identifier: Apache-2.0 */
#include "app/recall.h"

#include "app/append_parts.h"
#include "app/health.h"
#include "app/inputs.h"
#include "app/load.h"
#include "app/notes.h"
#include "app/own_entries.h"
#include "app/tickets_past.h"
#include "app/values.h"
#include "facts/attachment.h"
#include "facts/first.h"
#include "terms/version.h"

#include <assert.h>

/* --- entries to facts --- */

struct fact_reader {
	struct arena *arena;
	struct facts *set;
	struct body_reader *body;
	struct fact_words words;
};

struct fact_reader *fact_reader_new(struct arena *a, struct facts *set,
				    const struct fact_words *words)
{
	struct fact_reader *r = arena_one(a, struct fact_reader);

	r->arena = a;
	r->set = set;
	r->body = body_reader_new(a, set);
	body_reader_checked(r->body); /* by entry_parse */
	if (words != NULL)
		r->words = *words;
	return r;
}

static symbol uuid_symbol(struct facts *set, const struct uuid *u)
{
	char text[UUID_TEXT + 1];

	uuid_text(u, text);
	return symbol_add(set->symbols, (struct text){text, UUID_TEXT});
}

enum rc fact_reader_add(struct fact_reader *r, const struct entry *e, const struct canon_doc *doc,
			struct err *err)
{
	const struct canon_node *body = canon_member(doc, &doc->v[0], "body");
	struct text names[SLOTS_MAX], words[SLOTS_MAX], ref;
	struct fact f;
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < e->n_slots; i++) {
		names[i] = e->slots[i].name;
		words[i] = (struct text){NULL, 0};
		if (r->words.words != NULL && !attachment_slot(e->kind, names[i]))
			rc = r->words.words(r->words.context, e, &e->slots[i], &words[i], err);
	}
	if (rc == RC_OK)
		rc = body_read(r->body, doc, body, e->kind,
			       e->client ? PARTY_CLIENT : PARTY_PROVIDER, names,
			       r->words.words == NULL ? NULL : words, e->n_slots, &f, &ref, err);
	if (rc != RC_OK)
		return rc;
	f.occurred_at = e->occurred_at;
	f.recorded_at = e->recorded_at;
	f.id = uuid_symbol(r->set, &e->id);
	f.corrects = e->corrected ? uuid_symbol(r->set, &e->corrects) : 0;
	(void)facts_add(r->set, &f);
	return RC_OK;
}

/* --- private words --- */

struct opening {
	struct workspace *ws;
	const struct log_head *log;
	struct text erased;
	bool covered; /* health data is not to be read by who acts */
};

/* J25: the slot reads when it was erased. */
static enum rc erased_words(const struct opening *o, struct text subject, struct text *out,
			    struct err *err)
{
	instant at = INSTANT_NONE;
	struct buf b;
	enum rc rc = keys_erased_at(o->ws->keys, subject, &at, err);

	if (rc != RC_OK)
		return rc;
	*out = o->erased;
	if (at == INSTANT_NONE)
		return RC_OK;
	buf_init(&b, 64);
	buf_str(&b, "(erased on ");
	day_print(&b, zone_day(zone_utc(), at));
	buf_char(&b, ')');
	*out = text_copy(o->ws->arena, buf_view(&b));
	buf_free(&b);
	return RC_OK;
}

static enum rc open_words(void *context, const struct entry *e, const struct slot *slot,
			  struct text *out, struct err *err)
{
	struct opening *o = context;
	struct slot_place place = {e->log, e->id, slot->name, slot->commit};
	struct arena *a = o->ws->arena;
	unsigned char salt[SALT_BYTES];
	struct stored_slot stored;
	struct canon_doc doc;
	struct text bytes;
	enum rc rc;

	if (o->covered && health_slot(slot->name)) {
		*out = text_of("-");
		return RC_OK;
	}
	rc = record_slot(o->ws->store, a, o->log->id, &e->id, slot->name, &stored, err);

	if (rc == RC_OK)
		rc = keys_open_slot(o->ws->keys, a, slot->subject, &place, stored.nonce,
				    stored.cipher, salt, &bytes, err);
	if (rc == RC_MISSING) {
		err_clear(err);
		return erased_words(o, slot->subject, out, err);
	}
	if (rc == RC_OK)
		rc = canon_parse(a, NULL, bytes, CANON_STRICT, &CANON_LARGE, &doc, err);
	if (rc != RC_OK)
		return rc;

	const struct canon_node *v = canon_first(&doc, &doc.v[0]);

	*out = v != NULL && v->type == CANON_TEXT ? text_copy(a, v->text) : text_of("");
	return RC_OK;
}

/* --- versions --- */

static enum rc read_version(struct workspace *ws, const struct log_head *log, int64_t index,
			    const struct terms_context *context, instant known_as_of,
			    struct recalled_version *out, struct err *err)
{
	struct own_entry own;
	struct text bytes;
	struct contract *c = NULL;
	bool minutes;
	enum rc rc = own_entry_read(ws, log, index, &own, err);

	if (rc != RC_OK)
		return rc;
	struct text effective = own_entry_text(&own, "effective");

	if (!hash_parse(own_entry_text(&own, "version"), &out->sha256))
		assert(false && "facts.def types it");
	out->index = index;
	out->agreed_at = own.entry.recorded_at;
	/* Agreed later than what is asked about: its inputs need not have been known either. */
	if (out->agreed_at > known_as_of)
		return RC_OK;
	out->from = own.entry.recorded_at;
	if (effective.n > 0 && instant_parse(effective, &out->from, &minutes, err) != RC_OK)
		return RC_INVALID;
	rc = record_blob(ws->store, ws->arena, &out->sha256, &bytes, err);
	if (rc == RC_OK)
		rc = contract_read_sealed(ws->arena, log->contract, bytes,
					  own_entry_text(&own, "version"), context, &c, err);
	if (rc == RC_OK)
		rc = promise_build(ws->arena, c, context, &out->promise, err);
	out->contract = c;
	return rc;
}

enum rc recall_versions(struct workspace *ws, const struct log_head *log, instant known_as_of,
			struct recalled *out, struct err *err)
{
	struct terms_context context;
	struct recalled_version *v;
	int64_t *marks;
	size_t n;
	enum rc rc =
		record_marks(ws->store, ws->arena, log->id, FACT_VERSION_AGREED, &marks, &n, err);

	*out = (struct recalled){
		.log = *log, .size = log->edge.size, .last_recorded_at = log->last_recorded_at};
	if (rc == RC_OK)
		rc = inputs_context(ws, log, log->edge.size, known_as_of, &context, err);
	if (rc != RC_OK)
		return rc;
	v = arena_array(ws->arena, struct recalled_version, n + 1);
	for (size_t i = 0; i < n && marks[i] < log->edge.size; i++) {
		rc = read_version(ws, log, marks[i], &context, known_as_of, &v[out->n_versions],
				  err);
		if (rc != RC_OK)
			return rc;
		if (v[out->n_versions].agreed_at <= known_as_of)
			out->n_versions++;
	}
	if (out->n_versions == 0) {
		err_hint(err, "\"tenor contract add FILE\" brings one in");
		return err_set(err, RC_MISSING, "no version of '%.*s' had been agreed by then",
			       TEXT_ARG(log->contract));
	}
	v[0].from = INSTANT_MIN;
	out->versions = v;
	return RC_OK;
}

/* --- facts --- */

struct recalling {
	struct workspace *ws;
	struct recalled *out;
	struct canon_scratch *scratch;
	struct fact_reader *reader;
};

static enum rc take_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct recalling *c = context;
	struct canon_doc doc;
	struct entry e;
	enum rc rc = entry_parse(c->ws->arena, c->scratch, stored->bytes, &e, &doc, err);

	if (rc == RC_OK)
		rc = fact_reader_add(c->reader, &e, &doc, err);
	if (rc == RC_OK)
		unpacker_told(c->out->ids, &e.id);
	if (rc != RC_OK && err->key[0] == '\0')
		err_key(err, text_format(c->ws->arena, "entry %lld", (long long)stored->index));
	return rc;
}

static enum rc take_pack(void *context, int64_t pack, struct text bytes, struct err *err)
{
	struct recalling *c = context;

	const int64_t have = (int64_t)c->out->facts->n;

	/* As of a time when there was less: what came later is not looked at, and none of it is missing. */
	if (pack * PACK_FACTS >= c->out->size)
		return RC_OK;
	/* Only the last may hold fewer than a whole one. */
	if (pack * PACK_FACTS != have)
		return err_set(err, RC_INVALID,
			       "the pack before pack %lld is not whole; \"tenor rebuild\" makes it "
			       "again",
			       (long long)pack);
	return facts_unpack(c->out->ids, bytes, (size_t)(c->out->size - have), err);
}

/* A worker has other pages to answer, too. */
enum rc recall_within_request(const struct workspace *ws, int64_t entries, struct err *err)
{
	const struct served *served = ws->app->served;

	if (served == NULL || served->recalled == NULL)
		return RC_OK;
	*served->recalled += entries;
	if (*served->recalled <= RECALL_SERVED_MAX)
		return RC_OK;
	err_code(err, "heavy");
	err_hint(err, "ask again in a minute, or use the command line");
	return err_set(err, RC_LIMIT, "this is worked out from more than %d entries",
		       RECALL_SERVED_MAX);
}

enum rc recall_facts(struct workspace *ws, const struct recall_options *options,
		     struct recalled *out, struct err *err)
{
	struct recalling c = {.ws = ws, .out = out};
	enum rc rc = recall_within_request(ws, out->size, err);

	if (rc != RC_OK)
		return rc;
	out->left_out = NULL; /* of these facts; who gave the versions may have had fewer */
	out->fact_index = NULL;
	out->facts = facts_new(ws->arena);
	out->ids = unpacker_new(ws->arena, out->facts, options->ids);
	facts_reserve(out->facts, (size_t)out->size);
	c.scratch = canon_scratch_new(ws->arena);
	c.reader = fact_reader_new(ws->arena, out->facts, NULL);
	rc = record_packs(ws->store, out->log.id, 0, -1, take_pack, &c, err);
	if (rc == RC_OK)
		rc = record_each(ws->store, out->log.id, (int64_t)out->facts->n, out->size,
				 take_entry, &c, err);
	if (rc != RC_OK)
		return rc;
	unpacker_finish(out->ids);
	facts_finish(out->facts);
	if (out->facts->n > 0)
		out->last_recorded_at = out->facts->v[out->facts->n - 1].recorded_at;
	return RC_OK;
}

enum rc recall_some(struct workspace *ws, const int64_t *indexes, size_t n, struct recalled *out,
		    struct err *err)
{
	struct recalling c = {.ws = ws, .out = out, .scratch = canon_scratch_new(ws->arena)};
	int64_t *index = arena_array(ws->arena, int64_t, n);
	struct stored_entry stored;
	enum rc rc = RC_OK;

	out->left_out = NULL;
	out->facts = facts_new(ws->arena);
	out->ids = unpacker_new(ws->arena, out->facts, PACK_IDS_ALL);
	facts_reserve(out->facts, n);
	c.reader = fact_reader_new(ws->arena, out->facts, NULL);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		index[i] = indexes[i];
		rc = record_entry(ws->store, ws->arena, out->log.id, indexes[i], &stored, err);
		if (rc == RC_OK)
			rc = take_entry(&c, &stored, err);
	}
	if (rc != RC_OK)
		return rc;
	unpacker_finish(out->ids);
	facts_finish(out->facts);
	out->fact_index = index;
	return RC_OK;
}

/* --- once for several who ask --- */

enum { ONCE_KEPT = 4 };

struct recall_once {
	struct arena *arena;
	struct {
		instant known_as_of;
		enum pack_ids ids;
		struct recalled r;
	} v[ONCE_KEPT]; /* the oldest makes room */
	size_t n;
};

struct recall_once *recall_once_new(struct arena *a)
{
	struct recall_once *o = arena_one(a, struct recall_once);

	o->arena = a;
	return o;
}

/* An entry never changes, so the first so many of a log are the same for all who ask. */
static bool recalled_already(const struct recall_once *o, const struct log_head *then,
			     const struct recall_options *options, struct recalled *out)
{
	for (size_t i = 0; o != NULL && i < o->n && i < ONCE_KEPT; i++) {
		const struct recalled *r = &o->v[i].r;

		if (r->log.id != then->id || r->size != then->edge.size ||
		    o->v[i].known_as_of != options->known_as_of || o->v[i].ids != options->ids)
			continue;
		*out = *r;
		out->log = *then;
		return true;
	}
	return false;
}

/* The same workspace, reading into memory that lasts. */
static struct workspace *lasting(struct workspace *ws, struct log_head *then)
{
	struct recall_once *o = ws->app->once;
	struct workspace *with;

	if (o == NULL)
		return ws;
	with = arena_one(o->arena, struct workspace);
	*with = *ws;
	with->arena = o->arena;
	then->origin = text_copy(o->arena, then->origin);
	then->contract = text_copy(o->arena, then->contract);
	then->client = text_copy(o->arena, then->client);
	then->frozen = text_copy(o->arena, then->frozen);
	return with;
}

static void keep_recalled(struct recall_once *o, const struct recall_options *options,
			  const struct recalled *r)
{
	size_t i;

	if (o == NULL)
		return;
	i = o->n++ % ONCE_KEPT;
	o->v[i].known_as_of = options->known_as_of;
	o->v[i].ids = options->ids;
	o->v[i].r = *r;
}

enum rc recall(struct workspace *ws, const struct log_head *log,
	       const struct recall_options *options, struct recalled *out, struct err *err)
{
	struct log_head then = *log;
	bool own = !store_in_transaction(ws->store);
	struct workspace *with;
	enum rc rc;

	if (options->size >= 0 && options->size < log->edge.size)
		then.edge.size = options->size;
	if (recalled_already(ws->app->once, &then, options, out))
		return RC_OK;
	with = lasting(ws, &then);
	rc = own ? store_begin_read(ws->store, err) : RC_OK;
	if (rc != RC_OK)
		return rc;
	rc = recall_versions(with, &then, options->known_as_of, out, err);
	if (rc == RC_OK)
		rc = recall_facts(with, options, out, err);
	if (own)
		store_rollback(ws->store);
	if (rc == RC_OK)
		keep_recalled(ws->app->once, options, out);
	return rc;
}

/* --- packs --- */

struct packing {
	struct workspace *ws;
	struct arena *arena;
	struct facts *set;
	struct fact_reader *reader;
	struct canon_scratch *scratch;
	struct uuid ids[PACK_FACTS];
};

static enum rc pack_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct packing *p = context;
	struct canon_doc doc;
	struct entry e;
	enum rc rc = entry_parse(p->arena, p->scratch, stored->bytes, &e, &doc, err);

	if (rc != RC_OK)
		return rc;
	p->ids[p->set->n] = e.id;
	return fact_reader_add(p->reader, &e, &doc, err);
}

/* One pack, from its entries: PACK_FACTS of them, or as many as there are. */
static enum rc pack_one(struct workspace *ws, const struct log_head *log, int64_t pack,
			struct buf *out, struct err *err)
{
	struct packing *p = arena_one(ws->arena, struct packing);
	int64_t from = pack * PACK_FACTS, to = from + PACK_FACTS;
	enum rc rc;

	p->ws = ws;
	p->arena = arena_new((size_t)1 << 28);
	p->set = facts_new(p->arena);
	p->scratch = canon_scratch_new(p->arena);
	p->reader = fact_reader_new(p->arena, p->set, NULL);
	rc = record_each(ws->store, log->id, from, to < log->edge.size ? to : log->edge.size,
			 pack_entry, p, err);
	if (rc == RC_OK)
		facts_pack(p->set, 0, p->set->n, p->ids, out);
	arena_free(p->arena);
	return rc;
}

/*
 * Entries behind the last whole pack make one of their own, which grows with them: an import of so many makes it anew, so that a month of a
 * small contract is not parsed entry by entry each time.
 */
enum { PACKS_PER_TRANSACTION = 64, PACKS_SERVED = 4, PACK_MAX_BYTES = 16 << 20, PACK_LEAST = 16 };

enum rc recall_packed(struct workspace *ws, int64_t log, int64_t *n, struct err *err)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct text bytes;
	int64_t last;
	size_t in_last = 0;
	enum rc rc = record_pack_last(ws->store, a, log, &last, &bytes, err);

	*n = 0;
	if (rc == RC_OK && last >= 0) {
		rc = facts_packed(a, bytes, &in_last, err);
		*n = last * PACK_FACTS + (int64_t)in_last;
	}
	arena_free(a);
	return rc;
}

/* The packs that are to be written, [*next, *end), as the file is now. */
static enum rc packs_due(struct workspace *ws, const struct log_head *log, int64_t *next,
			 int64_t *end, struct err *err)
{
	int64_t packed = 0, size = log->edge.size;
	enum rc rc = recall_packed(ws, log->id, &packed, err);

	*next = packed / PACK_FACTS;
	*end = size / PACK_FACTS;
	if (size - *end * PACK_FACTS >= PACK_LEAST && size - packed >= PACK_LEAST)
		++*end;
	return rc;
}

static enum rc put_packs(struct workspace *ws, const struct log_head *log, int64_t from, int64_t to,
			 struct err *err)
{
	struct buf b;
	enum rc rc = RC_OK;

	buf_init(&b, PACK_MAX_BYTES);
	for (int64_t k = from; rc == RC_OK && k < to; k++) {
		buf_clear(&b);
		rc = pack_one(ws, log, k, &b, err);
		if (rc == RC_OK)
			rc = record_pack_put(ws->store, log->id, k, buf_view(&b), err);
	}
	buf_free(&b);
	return rc;
}

/*
 * A turn, in a transaction. What is due is asked in it: others write packs of the same log meanwhile, from more entries than were there
 * before, and a rebuild drops them all.
 */
static enum rc pack_some(struct workspace *ws, const struct uuid *of, bool *more, struct err *err)
{
	/* Others of a server wait to write meanwhile. */
	const int64_t most = ws->app->served == NULL ? PACKS_PER_TRANSACTION : PACKS_SERVED;
	struct log_head log;
	int64_t next = 0, end = 0;
	enum rc rc = store_begin(ws->store, err);

	if (rc != RC_OK)
		return rc;
	rc = record_log_of_uuid(ws->store, ws->arena, of, &log, err);
	if (rc == RC_OK)
		rc = packs_due(ws, &log, &next, &end, err);
	*more = end - next > most;
	if (rc == RC_OK)
		rc = put_packs(ws, &log, next, *more ? next + most : end, err);
	if (rc == RC_OK)
		rc = store_commit(ws->store, err);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc;
}

enum rc recall_pack(struct workspace *ws, const struct log_head *before, struct err *err)
{
	struct log_head log;
	int64_t next = 0, end = 0;
	bool more;
	enum rc rc = record_log_of_uuid(ws->store, ws->arena, &before->uuid, &log, err);

	if (rc == RC_OK)
		rc = packs_due(ws, &log, &next, &end, err);
	more = next < end; /* otherwise nobody is kept from writing */
	while (rc == RC_OK && more)
		rc = pack_some(ws, &before->uuid, &more, err);
	return rc;
}

/* --- the engine's question --- */

size_t recall_in_force(const struct recalled *r, instant t)
{
	size_t v = 0;

	while (v + 1 < r->n_versions && r->versions[v + 1].from <= t)
		v++;
	return v;
}

const struct version *recall_version_list(const struct recalled *r, struct arena *a)
{
	struct version *v = arena_array(a, struct version, r->n_versions);

	for (size_t i = 0; i < r->n_versions; i++)
		v[i] = (struct version){r->versions[i].promise, r->versions[i].from};
	return v;
}

void recall_as_loaded(const struct recalled *r, struct arena *a, struct loaded *out)
{
	*out = (struct loaded){.promise = r->versions[r->n_versions - 1].promise,
			       .facts = r->facts,
			       .first = INSTANT_NONE,
			       .last = INSTANT_NONE};
	out->versions = recall_version_list(r, a);
	out->n_versions = r->n_versions;
	for (size_t i = 0; i < r->facts->n; i++) {
		const struct fact *f = &r->facts->v[i];
		/* What speaks of the record itself tells when it was written, not what the facts are about. */
		if (!fact_row((enum fact_kind)f->kind)->record &&
		    (out->first == INSTANT_NONE || f->occurred_at < out->first))
			out->first = f->occurred_at;
		/* The record tells what was known when: a fact told ahead of its time is not waited for. */
		if (out->last == INSTANT_NONE || f->recorded_at > out->last)
			out->last = f->recorded_at;
	}
	if (r->left_out == NULL || r->left_out->n == 0)
		return;
	if (out->first == INSTANT_NONE || r->left_out->first < out->first)
		out->first = r->left_out->first;
	out->last = r->log.last_recorded_at; /* the times of a log only grow */
}

static int64_t fact_entry(const struct recalled *r, size_t i)
{
	return r->fact_index != NULL ? r->fact_index[i] : (int64_t)i;
}

int64_t recall_size_by(const struct recalled *r, instant known_as_of)
{
	int64_t size = 0;

	if (known_as_of == INSTANT_MAX)
		return -1;
	if (r->left_out != NULL && known_as_of >= r->log.last_recorded_at)
		return r->size;
	for (size_t i = 0; i < r->n_versions; i++)
		if (r->versions[i].agreed_at <= known_as_of && r->versions[i].index >= size)
			size = r->versions[i].index + 1;
	for (size_t i = 0; i < r->facts->n; i++)
		if (r->facts->v[i].recorded_at <= known_as_of && fact_entry(r, i) >= size)
			size = fact_entry(r, i) + 1;
	return size;
}

/* Its local time is of the contract's zone, which the newest version tells. */
enum rc recall_known_by(struct workspace *ws, const struct log_head *log, const struct args *args,
			instant *out, struct err *err)
{
	struct recalled all;
	enum rc rc;

	*out = INSTANT_MAX;
	if (!args_has(args, PARAM_KNOWN_AS_OF))
		return RC_OK;
	rc = recall_versions(ws, log, INSTANT_MAX, &all, err);
	return rc == RC_OK ? value_instant(args_text(args, PARAM_KNOWN_AS_OF),
					   all.versions[all.n_versions - 1].promise->zone, out, err)
			   : rc;
}

instant recall_moment(const struct recalled *r, instant now)
{
	instant second = now - (now % SECOND_MS + SECOND_MS) % SECOND_MS;

	return r->log.last_recorded_at == INSTANT_NONE || r->log.last_recorded_at <= second ? second
											    : now;
}

void recall_left_out(const struct recalled *r, struct evaluation *in)
{
	in->fact_entries = r->fact_index;
	in->past = r->left_out == NULL ? NULL : &r->left_out->past;
}

void recall_evaluation(const struct recalled *r, struct arena *a, struct span period, instant as_of,
		       instant known_as_of, struct evaluation *out)
{
	*out = (struct evaluation){.versions = recall_version_list(r, a),
				   .n_versions = r->n_versions,
				   .facts = r->facts,
				   .period = period,
				   .as_of = as_of,
				   .known_as_of = known_as_of};
	recall_left_out(r, out);
}

enum rc recall_evaluate(const struct recalled *r, struct arena *a, struct span period,
			instant as_of, struct outcome **out, struct err *err)
{
	struct evaluation in;

	recall_evaluation(r, a, period, as_of, as_of, &in);
	return evaluate(a, &in, out, err);
}

/* --- one fact --- */

struct seeking {
	struct workspace *ws;
	struct text ref;
	struct canon_scratch *scratch;
	struct arena *arena;
	int64_t found;
};

static enum rc seek_ref(void *context, const struct stored_entry *stored, struct err *err)
{
	struct seeking *s = context;
	struct canon_doc doc;
	enum rc rc = canon_parse(s->arena, s->scratch, stored->bytes, CANON_STRICT, &CANON_ENTRY,
				 &doc, err);

	if (rc != RC_OK)
		return rc;

	const struct canon_node *body = canon_member(&doc, &doc.v[0], "body");
	const struct canon_node *ref = body == NULL ? NULL : canon_member(&doc, body, "ref");

	if (ref != NULL && text_eq(ref->text, s->ref))
		s->found = stored->index;
	return RC_OK;
}

enum rc recall_no_fact(const struct log_head *log, struct text name, struct err *err)
{
	err_hint(err, "\"tenor log show --contract %.*s\" lists what is recorded",
		 TEXT_ARG(log->contract));
	return err_set(err, RC_MISSING, "there is no fact '%.*s' in the record of %.*s",
		       TEXT_ARG(name), TEXT_ARG(log->contract));
}

static enum rc find_fact(struct workspace *ws, const struct log_head *log, struct text name,
			 struct stored_entry *out, struct err *err)
{
	struct seeking s = {ws, name, NULL, NULL, -1};
	struct uuid u;
	enum rc rc;

	if (uuid_parse(name, &u)) {
		rc = record_entry_of_id(ws->store, ws->arena, log->id, &u, out, err);
	} else {
		s.arena = arena_new((size_t)1 << 28);
		s.scratch = canon_scratch_new(s.arena);
		rc = record_each(ws->store, log->id, 0, log->edge.size, seek_ref, &s, err);
		arena_free(s.arena);
		if (rc == RC_OK)
			rc = s.found < 0 ? RC_MISSING
					 : record_entry(ws->store, ws->arena, log->id, s.found, out,
							err);
	}
	return rc == RC_MISSING ? recall_no_fact(log, name, err) : rc;
}

/* Into the caller's symbols, and out of its list again: it is a model, not a fact of the set. */
static void fact_alone(struct facts *set, const struct facts *alone, struct fact *out)
{
	*out = *fact_into(set, alone, &alone->v[0]);
	set->n--;
	out->source = facts_add_source(
		set, (struct fact_source){.name = alone->n_sources > 0 ? alone->sources[0].name
								       : text_of(""),
					  .recorded_known = true});
}

enum rc recall_fact(struct workspace *ws, const struct log_head *log, struct text name,
		    struct facts *set, struct fact *out, struct uuid *id, struct err *err)
{
	struct opening opening = {ws, log, text_of("(erased)"), false};
	struct fact_words words = {&opening, open_words};
	struct facts *alone = facts_new(ws->arena);
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry e;
	enum rc rc = find_fact(ws, log, name, &stored, err);

	if (rc == RC_OK)
		rc = entry_parse(ws->arena, NULL, stored.bytes, &e, &doc, err);
	if (rc == RC_OK)
		rc = fact_reader_add(
			fact_reader_new(ws->arena, alone, ws->keys == NULL ? NULL : &words), &e,
			&doc, err);
	if (rc != RC_OK)
		return rc;
	*id = e.id;
	fact_alone(set, alone, out);
	return RC_OK;
}

enum rc recall_fact_at(struct workspace *ws, const struct log_head *log, int64_t index,
		       struct facts *set, struct fact *out, struct text *actor, struct err *err)
{
	struct opening opening = {ws, log, text_of("(erased)"), false};
	struct fact_words words = {&opening, open_words};
	bool open = ws->keys != NULL && workspace_allows(ws, R_PERSONAL_READ);
	struct facts *alone = facts_new(ws->arena);
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry e;
	enum rc rc = record_entry(ws->store, ws->arena, log->id, index, &stored, err);

	if (rc == RC_OK)
		rc = entry_parse(ws->arena, NULL, stored.bytes, &e, &doc, err);
	open = open && !(workspace_client(ws) && rc == RC_OK && entry_is_internal(stored.bytes));
	if (rc == RC_OK && open)
		rc = health_covers(ws, log, &e, &doc, &opening.covered, err);
	if (rc == RC_OK)
		rc = fact_reader_add(fact_reader_new(ws->arena, alone, open ? &words : NULL), &e,
				     &doc, err);
	if (rc != RC_OK)
		return rc;
	*actor = e.actor;
	fact_alone(set, alone, out);
	return RC_OK;
}
