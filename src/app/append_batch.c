/* SPDX-License-Identifier: Apache-2.0 */
/* Facts judged good, put into the store: a batch is one transaction (trust.md J27), a repeat is answered as the first time (J28). */
#include "app/append_parts.h"

#include "app/append_ahead.h"
#include "app/card.h"

#include <assert.h>
#include <string.h>

struct batch {
	struct appending *x;
	struct record_appender to;
	size_t n, bytes; /* appended */
	instant last;    /* recorded_at of the last entry; INSTANT_NONE: there is none */
	size_t kinds[FACT_COUNT]; /* appended, of each */
};

struct fact *fact_into(struct facts *to, const struct facts *from, const struct fact *f)
{
	struct fact copy = *f;
	struct fact_value values[FACT_VALUES_MAX];

	for (size_t i = 0; i < f->n_values; i++) {
		enum field_type type = field_row((enum fact_field)f->values[i].field)->type;

		values[i] = f->values[i];
		if (type == FIELD_SYMBOL || type == FIELD_TEXT || type == FIELD_SYMBOLS)
			values[i].word = symbol_add(to->symbols,
						    symbol_text(from->symbols, f->values[i].word));
	}
	copy.values = values;
	copy.id = 0;
	copy.corrects = 0;
	copy.subject = symbol_add(to->symbols, symbol_text(from->symbols, f->subject));
	return facts_add(to, &copy);
}

enum rc newest_version(struct workspace *ws, const struct log_head *log, struct text *out,
		       struct err *err)
{
	int64_t *marks;
	size_t n;
	struct stored_entry stored;
	struct canon_doc doc;
	enum rc rc =
		record_marks(ws->store, ws->arena, log->id, FACT_VERSION_AGREED, &marks, &n, err);

	*out = (struct text){NULL, 0};
	if (rc != RC_OK || n == 0)
		return rc;
	rc = record_entry(ws->store, ws->arena, log->id, marks[n - 1], &stored, err);
	if (rc == RC_OK)
		rc = canon_parse(ws->arena, NULL, stored.bytes, CANON_STRICT, &CANON_ENTRY, &doc,
				 err);
	if (rc != RC_OK)
		return rc;

	const struct canon_node *body = canon_member(&doc, &doc.v[0], "body");

	assert(body != NULL);
	*out = text_copy(ws->arena, canon_member(&doc, body, "version")->text);
	return RC_OK;
}

/* --- private words --- */

static struct text private_of(struct arena *a, const struct body_text *t, bool *masked)
{
	struct buf b;
	struct text words = card_masked(a, t->words, masked), out;

	buf_init(&b, PRIVATE_MAX_BYTES);
	buf_str(&b, "{\"");
	buf_str(&b, field_row(t->field)->key);
	buf_str(&b, "\":");
	canon_quote(&b, words);
	buf_char(&b, '}');
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

static enum rc subject_for(struct appending *x, const struct fact *f, char subject[19],
			   struct err *err)
{
	char log[UUID_TEXT + 1];
	struct text label = x->options->person;

	if (label.n == 0) {
		/* Nobody is named: what belongs to one ticket can still be erased together. */
		uuid_text(&x->log->uuid, log);
		label = text_format(x->ws->arena, "%s/%.*s", log,
				    TEXT_ARG(symbol_text(x->set->symbols, f->subject)));
	}
	return keys_subject(x->ws->keys, label, subject, err);
}

/* Words that a fact of the set brings are sealed under its subject's key; the leaf gets their commitment. */
static enum rc seal_words(struct appending *x, const struct fact *f, const struct uuid *id,
			  const struct body_text *texts, size_t n, struct slot *slots,
			  struct stored_slot *stored, bool *masked, struct err *err)
{
	char subject[19];
	enum rc rc = n == 0 ? RC_OK : workspace_keys_begin(x->ws, err);

	if (rc == RC_OK && n > 0)
		rc = subject_for(x, f, subject, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		unsigned char salt[SALT_BYTES], *nonce = arena_alloc(x->ws->arena, NONCE_BYTES);
		struct text bytes = private_of(x->ws->arena, &texts[i], masked);
		struct slot_place place = {
			x->log->uuid, *id, text_of(field_row(texts[i].field)->key), {{0}}};

		x->ws->app->world->random.fill(x->ws->app->world->random.context, salt,
					       sizeof(salt));
		place.commit = slot_commit(salt, bytes);
		slots[i] = (struct slot){place.slot, place.commit,
					 text_copy(x->ws->arena, text_of(subject))};
		stored[i] = (struct stored_slot){*id,
						 place.slot,
						 slots[i].subject,
						 {(const char *)nonce, NONCE_BYTES},
						 {NULL, 0}};
		rc = keys_seal(x->ws->keys, x->ws->arena, slots[i].subject, &place, salt, bytes,
			       nonce, &stored[i].cipher, err);
	}
	return rc;
}

/* --- repeats (J28) --- */

/* The words of a repeat against those kept: equal if their commitment with the kept salt is the leaf's; the erased are skipped. */
static enum rc same_words(struct appending *x, const struct entry *before,
			  const struct body_text *texts, size_t n, bool *same, struct err *err)
{
	*same = before->n_slots == n;
	for (size_t i = 0; *same && i < before->n_slots; i++) {
		const struct slot *s = &before->slots[i];
		struct slot_place place = {x->log->uuid, before->id, s->name, s->commit};
		struct stored_slot stored;
		unsigned char salt[SALT_BYTES];
		struct text kept;
		size_t k = 0;
		bool masked = false;
		enum rc rc = record_slot(x->ws->store, x->ws->arena, x->log->id, &before->id,
					 s->name, &stored, err);

		while (k < n && !text_is(s->name, field_row(texts[k].field)->key))
			k++;
		*same = k < n;
		if (rc == RC_OK)
			rc = keys_open_slot(x->ws->keys, x->ws->arena, s->subject, &place,
					    stored.nonce, stored.cipher, salt, &kept, err);
		if (rc == RC_MISSING) {
			err_clear(err);
			continue;
		}
		if (rc != RC_OK)
			return rc;
		if (*same)
			*same = text_eq(kept, private_of(x->ws->arena, &texts[k], &masked));
	}
	return RC_OK;
}

static enum rc is_repeat(struct appending *x, const struct entry *e, const struct body_text *texts,
			 size_t n, struct appended *out, bool *found, struct err *err)
{
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry before, now = *e;
	bool same;
	enum rc rc =
		record_entry_of_id(x->ws->store, x->ws->arena, x->log->id, &e->id, &stored, err);

	*found = rc == RC_OK;
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = entry_parse(x->ws->arena, NULL, stored.bytes, &before, &doc, err);
	if (rc == RC_OK)
		rc = same_words(x, &before, texts, n, &same, err);
	if (rc != RC_OK)
		return rc;
	if (x->options->untimed)
		now.occurred_at = before.occurred_at;
	out->fate = same && entry_same_report(&before, &now) ? APPEND_AGAIN : APPEND_CONFLICT;
	out->index = stored.index;
	if (out->fate == APPEND_CONFLICT)
		out->why = text_of("this id was recorded with other content or by the other party");
	return RC_OK;
}

/* --- one fact --- */

static enum rc put_slots(struct appending *x, const struct stored_slot *slots, size_t n,
			 struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = record_slot_put(x->ws->store, x->log->id, &slots[i], err);
	return rc;
}

/* Puts an entry at the end of the log. *there: its id is in the log, and nothing was changed. */
static enum rc put_entry(struct batch *b, const struct fact *f, struct text bytes,
			 const struct hash *leaf, instant recorded_at, struct appended *out,
			 bool *there, struct err *err)
{
	struct appending *x = b->x;
	int64_t index = b->to.edge.size;
	enum rc rc = record_append_entry(&b->to, &out->id, bytes, leaf, there, err);

	if (rc != RC_OK || *there)
		return rc;
	out->fate = APPENDED;
	out->index = index;
	b->n++;
	b->bytes += bytes.n;
	b->last = recorded_at;
	return fact_row((enum fact_kind)f->kind)->record
		       ? record_mark(x->ws->store, x->log->id, f->kind, index, err)
		       : RC_OK;
}

static enum rc too_large(struct appending *x, struct appended *out, struct text why)
{
	out->fate = APPEND_REFUSED;
	out->why = text_copy(x->ws->arena, why);
	return RC_OK;
}

static enum rc add_here(struct batch *b, size_t i, struct appended *out, struct err *err)
{
	struct appending *x = b->x;
	struct body_text texts[BODY_TEXTS_MAX];
	struct stored_slot stored[BODY_TEXTS_MAX];
	struct entry e = {.log = x->log->uuid};
	struct fact f;
	size_t n_texts = 0;
	bool good, found = false;
	instant now = x->ahead == NULL ? x->ws->now : ahead_clock(x->ahead, x->ws->now);
	enum rc rc = append_judge(x, i, &f, out, &good, err);

	if (rc != RC_OK || !good)
		return rc;
	buf_clear(&x->bytes);
	buf_clear(&x->body);
	body_print(x->set, &f, x->refs[i - x->from],
		   x->ws->actor.client ? PARTY_CLIENT : PARTY_PROVIDER, &x->body, texts, &n_texts);
	if (x->body.full)
		return too_large(
			x, out,
			text_format(
				x->ws->arena,
				"its fields have more than %d bytes; the limit of an entry is %d",
				BODY_ROOM, ENTRY_MAX_BYTES));
	e.id = x->ids[i - x->from];
	e.occurred_at = f.occurred_at;
	e.recorded_at = b->last == INSTANT_NONE || now > b->last ? now : b->last;
	e.client = x->ws->actor.client;
	e.actor = x->ws->actor.id;
	e.kind = (enum fact_kind)f.kind;
	e.body = buf_view(&x->body);
	e.contract = x->version;
	e.corrected = f.corrects != 0;
	if (e.corrected && !uuid_parse(symbol_text(x->set->symbols, f.corrects), &e.corrects))
		assert(false && "names were resolved");
	rc = is_repeat(x, &e, texts, n_texts, out, &found, err);
	if (rc != RC_OK || found)
		return rc;
	rc = seal_words(x, &f, &e.id, texts, n_texts, e.slots, stored, &out->masked, err);
	e.n_slots = n_texts;
	if (rc == RC_OK)
		rc = entry_print(&e, &x->bytes, err);
	if (rc == RC_LIMIT) {
		rc = too_large(x, out, text_of(err->message));
		err_clear(err);
		return rc;
	}
	if (rc == RC_OK)
		rc = put_slots(x, stored, n_texts, err);
	if (rc == RC_OK)
		rc = put_entry(b, &f, buf_view(&x->bytes), NULL, e.recorded_at, out, &found, err);
	assert(rc != RC_OK || !found);
	return rc;
}

/* Most facts of a file were printed ahead; one whose id is there already is judged like any other. */
static enum rc add_one(struct batch *b, size_t i, struct appended *out, struct err *err)
{
	struct appending *x = b->x;
	struct text bytes;
	struct hash leaf;
	instant recorded_at;
	bool there = true;
	enum rc rc = RC_OK;

	if (x->ahead != NULL && ahead_entry(x->ahead, i, b->last, x->ws->now, x->version, &bytes,
					    &leaf, &recorded_at)) {
		*out = (struct appended){.id = x->ids[i - x->from], .index = -1};
		rc = put_entry(b, &x->set->v[i], bytes, &leaf, recorded_at, out, &there, err);
	}
	return rc == RC_OK && there ? add_here(b, i, out, err) : rc;
}

/* --- a batch --- */

static void tally(struct append_count *count, const struct appended *r)
{
	count->appended += r->fate == APPENDED;
	count->again += r->fate == APPEND_AGAIN;
	count->conflicts += r->fate == APPEND_CONFLICT;
	count->refused += r->fate == APPEND_REFUSED;
	count->pending += r->fate == APPENDED && r->pending;
}

static enum rc not_all(const struct appended *r, struct err *err)
{
	if (r->fate == APPEND_CONFLICT)
		err_code(err, "id_conflict");
	return err_set(err, RC_INVALID, "%.*s", TEXT_ARG(r->why));
}

static enum rc settle_one(struct batch *b, size_t i, bool ahead, struct append_count *count,
			  struct err *err)
{
	struct appending *x = b->x;
	struct appended *r = &x->results[i - x->from];
	enum rc rc = ahead ? add_one(b, i, r, err) : add_here(b, i, r, err);

	if (rc != RC_OK)
		return rc;
	x->judged[i - x->from] = true;
	if (x->options->one_transaction && r->fate != APPENDED && r->fate != APPEND_AGAIN)
		return not_all(r, err);
	tally(count, r);
	b->kinds[x->set->v[i].kind] += r->fate == APPENDED;
	return RC_OK;
}

/* J27: so much may go into one transaction. */
static bool is_full(const struct batch *b)
{
	return b->n >= BATCH_FACTS || b->bytes >= BATCH_BYTES;
}

/*
 * A file may hold its facts in any order. What a fact names comes before it: a correction recorded before what it corrects would
 * correct nothing, and whether an act is about something that is there would be told by chance. Where the batch is full before it is
 * the fact's turn, that comes with the next one: then begun[] does not have it.
 */
static enum rc add_after_named(struct batch *b, size_t i, struct append_count *count,
			       struct err *err)
{
	struct appending *x = b->x;
	size_t n = 0, which;
	enum rc rc = RC_OK;

	x->begun[i - x->from] = true;
	if (!append_waits(x, i, &which))
		return settle_one(b, i, true, count, err);
	if (x->chain == NULL)
		x->chain = arena_array(x->ws->arena, size_t, x->to - x->from);
	x->chain[n++] = i;
	while (rc == RC_OK && n > 0 && !is_full(b)) {
		which = x->chain[n - 1];
		if (append_waits(x, which, &which)) {
			x->begun[which - x->from] = true;
			x->chain[n++] = which;
			continue;
		}
		n--;
		rc = settle_one(b, x->chain[n], x->chain[n] == i, count, err);
	}
	while (rc == RC_OK && n > 0)
		x->begun[x->chain[--n] - x->from] = false;
	return rc;
}

static enum rc fill_batch(struct batch *b, size_t *at, struct append_count *count, struct err *err)
{
	struct appending *x = b->x;
	size_t i = *at;
	enum rc rc = RC_OK;

	while (rc == RC_OK && i < x->to && !is_full(b)) {
		if (!x->begun[i - x->from])
			rc = add_after_named(b, i, count, err);
		if (x->begun[i - x->from])
			i++;
	}
	*at = i;
	return rc;
}

static enum rc put_batch(struct batch *b, size_t *at, struct append_count *count, struct err *err)
{
	struct appending *x = b->x;
	enum rc rc;

	record_append_begin(&b->to, x->ws->store, x->ws->hasher, x->log);
	rc = fill_batch(b, at, count, err);
	if (rc == RC_OK && b->n > 0)
		rc = record_append_end(&b->to, b->last, err);
	return rc == RC_OK && b->n > 0 ? workspace_audit(x->ws, x->log->contract, x->object, err)
				       : rc;
}

static const struct served_counts *counts_of(const struct batch *b)
{
	const struct served *served = b->x->ws->app->served;

	return b->n == 0 || served == NULL ? NULL : served->counts;
}

static enum rc end_batch(struct batch *b, enum rc rc, struct err *err)
{
	const struct served_counts *counts = counts_of(b);
	int64_t began = counts == NULL ? 0 : counts->steady_us();

	rc = workspace_end(b->x->ws, rc, err);
	if (rc != RC_OK || counts == NULL)
		return rc;
	counts->committed((uint64_t)(counts->steady_us() - began));
	for (size_t k = 0; k < FACT_COUNT; k++)
		if (b->kinds[k] > 0)
			counts->facts(fact_row((enum fact_kind)k)->kind, b->kinds[k]);
	return RC_OK;
}

enum rc append_batch(struct appending *x, size_t *at, struct append_count *count, struct err *err)
{
	struct batch b = {.x = x};
	struct append_count counted = *count;
	enum rc rc = workspace_begin(x->ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_log_of_uuid(x->ws->store, x->ws->arena, &x->log->uuid, x->log, err);
	if (rc == RC_OK)
		rc = newest_version(x->ws, x->log, &x->version, err);
	b.last = x->log->last_recorded_at;
	if (rc == RC_OK)
		rc = put_batch(&b, at, &counted, err);
	rc = end_batch(&b, rc, err);
	if (rc != RC_OK)
		return rc;
	*count = counted;
	if (x->options->committed != NULL)
		x->options->committed(x->options->progress_context, *at - x->from);
	if (x->options->progress != NULL)
		x->options->progress(x->options->progress_context, *at - x->from, x->to - x->from);
	return RC_OK;
}
