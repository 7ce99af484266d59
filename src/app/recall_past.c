/* SPDX-License-Identifier: Apache-2.0 */
#include "app/recall_past.h"

#include "app/tickets_past.h"
#include "facts/first.h"

/* Where fewer facts of a pack are wanted than one in so many, their entries are read one by one. */
enum { ALONE_COSTS = 16 };

struct rest_reading {
	struct workspace *ws;
	struct recalled *out;
	const uint8_t *left_out; /* by entry */
	struct canon_scratch *scratch;
	struct fact_reader *reader;
	int64_t *index; /* of each fact taken */
	int64_t packs;  /* in a row, from the first, that were there */
};

static void take_index(struct rest_reading *c, int64_t index)
{
	c->index[c->out->facts->n - 1] = index;
}

static enum rc take_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct rest_reading *c = context;
	struct canon_doc doc;
	struct entry e;
	enum rc rc;

	if (c->left_out[stored->index] != 0)
		return RC_OK;
	rc = entry_parse(c->ws->arena, c->scratch, stored->bytes, &e, &doc, err);
	if (rc == RC_OK)
		rc = fact_reader_add(c->reader, &e, &doc, err);
	if (rc != RC_OK) {
		if (err->key[0] == '\0')
			err_key(err,
				text_format(c->ws->arena, "entry %lld", (long long)stored->index));
		return rc;
	}
	unpacker_told(c->out->ids, &e.id);
	take_index(c, stored->index);
	return RC_OK;
}

static enum rc take_pack(void *context, int64_t pack, struct text bytes, struct err *err)
{
	struct rest_reading *c = context;
	int64_t from = pack * PACK_FACTS;
	size_t at = c->out->facts->n;
	enum rc rc;

	c->packs = pack + 1;
	rc = facts_unpack_but(c->out->ids, bytes, PACK_FACTS, c->left_out + from, err);
	for (int64_t i = from; rc == RC_OK && i < from + PACK_FACTS; i++)
		if (c->left_out[i] == 0)
			c->index[at++] = i;
	if (rc == RC_OK && at != c->out->facts->n) {
		err_hint(err, "make the derived tables anew: tenor rebuild");
		rc = err_set(err, RC_INVALID, "pack %lld is not whole", (long long)pack);
	}
	return rc;
}

static int64_t wanted(const struct rest_reading *c, int64_t pack)
{
	int64_t n = 0;

	for (int64_t i = pack * PACK_FACTS; i < (pack + 1) * PACK_FACTS; i++)
		n += c->left_out[i] == 0;
	return n;
}

enum how { SKIPPED, ALONE, PACKED };

static enum how how_to_read(const struct rest_reading *c, int64_t pack)
{
	int64_t n = wanted(c, pack);

	return n == 0 ? SKIPPED : n < PACK_FACTS / ALONE_COSTS ? ALONE : PACKED;
}

static enum rc read_alone(struct rest_reading *c, int64_t pack, struct err *err)
{
	enum rc rc = RC_OK;

	for (int64_t i = pack * PACK_FACTS; rc == RC_OK && i < (pack + 1) * PACK_FACTS; i++) {
		struct stored_entry stored;

		if (c->left_out[i] != 0)
			continue;
		rc = record_entry(c->ws->store, c->ws->arena, c->out->log.id, i, &stored, err);
		if (rc == RC_OK)
			rc = take_entry(c, &stored, err);
	}
	return rc;
}

/* Packs that are read the same way, in a row. */
static enum rc read_packs(struct rest_reading *c, int64_t packs, struct err *err)
{
	enum rc rc = RC_OK;

	for (int64_t k = 0; rc == RC_OK && k < packs;) {
		enum how how = how_to_read(c, k);
		int64_t end = k + 1;

		if (how == ALONE)
			rc = read_alone(c, k, err);
		while (how == PACKED && end < packs && how_to_read(c, end) == PACKED)
			end++;
		if (how == PACKED)
			rc = record_packs(c->ws->store, c->out->log.id, k, end, take_pack, c, err);
		if (rc == RC_OK && how == PACKED && c->packs != end) {
			err_hint(err, "make the derived tables anew: tenor rebuild");
			rc = err_set(err, RC_INVALID, "pack %lld is missing", (long long)c->packs);
		}
		k = end;
	}
	return rc;
}

enum rc recall_past_facts(struct workspace *ws, const struct past_asked *asked,
			  struct recalled *out, struct err *err)
{
	struct rest_reading c = {.ws = ws, .out = out};
	struct facts *set = facts_new(ws->arena);
	struct left_out *left = NULL;
	int64_t packs = 0, packed = 0;
	enum rc rc = RC_OK;

	out->left_out = NULL;
	if (asked->as_of >= out->log.last_recorded_at)
		rc = tickets_past(ws, out, set, asked->shown, asked->as_of, &left, err);
	if (rc != RC_OK || left == NULL || left->n == 0)
		return rc;
	rc = recall_within_request(ws, out->size - left->n, err);
	if (rc == RC_OK)
		rc = recall_packed(ws, out->log.id, &packed, err);
	if (rc != RC_OK)
		return rc;
	/* the last one may hold fewer than a whole one, or be of later entries */
	packs = (packed < out->size ? packed : out->size) / PACK_FACTS;
	out->facts = set;
	out->left_out = left;
	out->ids = unpacker_new(ws->arena, set, PACK_IDS_FEW);
	facts_reserve(set, (size_t)(out->size - left->n));
	c.left_out = left->entries;
	c.index = arena_array(ws->arena, int64_t, (size_t)(out->size - left->n));
	c.scratch = canon_scratch_new(ws->arena);
	c.reader = fact_reader_new(ws->arena, set, NULL);
	rc = read_packs(&c, packs, err);
	if (rc == RC_OK)
		rc = record_each(ws->store, out->log.id, packs * PACK_FACTS, out->size, take_entry,
				 &c, err);
	if (rc != RC_OK)
		return rc;
	unpacker_finish(out->ids);
	facts_finish(set);
	out->fact_index = c.index;
	return RC_OK;
}

enum rc recall_past(struct workspace *ws, const struct log_head *log,
		    const struct past_asked *asked, struct recalled *out, struct err *err)
{
	const struct recall_options all = {-1, INSTANT_MAX, PACK_IDS_FEW};
	bool own = !store_in_transaction(ws->store), any = false;
	enum rc rc = own ? store_begin_read(ws->store, err) : RC_OK;

	if (rc != RC_OK)
		return rc;
	out->left_out = NULL;
	rc = tickets_past_any(ws, log, &any, err);
	if (rc == RC_OK && any)
		rc = recall_versions(ws, log, INSTANT_MAX, out, err);
	if (rc == RC_OK && any)
		rc = recall_past_facts(ws, asked, out, err);
	if (rc == RC_OK && out->left_out == NULL) /* the same for all who ask: recall_once */
		rc = recall(ws, log, &all, out, err);
	if (own)
		store_rollback(ws->store);
	return rc;
}
