/* SPDX-License-Identifier: Apache-2.0 */
#include "app/look_back.h"

#include "app/recall.h"

#include <string.h>

enum { PACK_BYTES = 64 << 20 }; /* of one pack's facts, at most */

struct looking {
	struct workspace *ws;
	const struct look_back *b;
	bool kinds[FACT_COUNT]; /* those asked for, and withdrawals */
	struct symbols *gone;   /* ids of facts that were; who goes this way meets that first */
	bool enough;
	/* of the pack at hand */
	struct arena *arena;
	struct facts *set;
	struct unpacker *ids;
	struct canon_scratch *scratch;
	struct fact_reader *reader;
};

static void begin_pack(struct looking *x)
{
	arena_clear(x->arena);
	x->set = facts_new(x->arena);
	x->ids = unpacker_new(x->arena, x->set, PACK_IDS_ALL);
}

static void end_pack(struct looking *x)
{
	const struct facts *set = x->set;

	unpacker_finish(x->ids);
	for (size_t i = set->n; i > 0 && !x->enough; i--) {
		const struct fact *f = &set->v[i - 1];
		symbol back =
			f->kind == FACT_FACT_WITHDRAWN ? fact_word(f, FIELD_FACT_ID) : f->corrects;

		if (back != 0)
			(void)symbol_add(x->gone, symbol_text(set->symbols, back));
		if (x->b->kinds[f->kind] &&
		    symbol_find(x->gone, symbol_text(set->symbols, f->id)) == 0)
			x->enough = !x->b->take(x->b->context, set, f);
	}
}

static enum rc take_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct looking *x = context;
	struct canon_doc doc;
	struct entry e;
	enum rc rc = entry_parse(x->arena, x->scratch, stored->bytes, &e, &doc, err);

	if (rc != RC_OK || (!x->kinds[e.kind] && !e.corrected))
		return rc;
	rc = fact_reader_add(x->reader, &e, &doc, err);
	if (rc == RC_OK)
		unpacker_told(x->ids, &e.id);
	return rc;
}

static enum rc take_pack(void *context, int64_t pack, struct text bytes, struct err *err)
{
	struct looking *x = context;

	(void)pack;
	return facts_unpack_kinds(x->ids, bytes, x->kinds, err);
}

static enum rc look(struct looking *x, const struct log_head *log, struct err *err)
{
	struct store *s = x->ws->store;
	int64_t packed;
	enum rc rc = recall_packed(x->ws, log->id, &packed, err);

	if (rc == RC_OK && packed < log->edge.size) {
		begin_pack(x);
		x->scratch = canon_scratch_new(x->arena);
		x->reader = fact_reader_new(x->arena, x->set, NULL);
		rc = record_each(s, log->id, packed, log->edge.size, take_entry, x, err);
		if (rc == RC_OK)
			end_pack(x);
	}
	for (int64_t k = (packed + PACK_FACTS - 1) / PACK_FACTS; rc == RC_OK && k > 0 && !x->enough;
	     k--) {
		begin_pack(x);
		rc = record_packs(s, log->id, k - 1, k, take_pack, x, err);
		if (rc == RC_OK)
			end_pack(x);
	}
	return rc;
}

enum rc look_back(struct workspace *ws, const struct log_head *log, const struct look_back *b,
		  struct err *err)
{
	struct looking x = {.ws = ws, .b = b, .gone = symbols_new(ws->arena)};
	bool own = !store_in_transaction(ws->store);
	enum rc rc = own ? store_begin_read(ws->store, err) : RC_OK;

	if (rc != RC_OK)
		return rc;
	memcpy(x.kinds, b->kinds, sizeof(x.kinds));
	x.kinds[FACT_FACT_WITHDRAWN] = true;
	x.arena = arena_new(PACK_BYTES);
	rc = look(&x, log, err);
	arena_free(x.arena);
	if (own)
		store_rollback(ws->store);
	return rc;
}
