/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts packed for reading fast: a run of facts of one log in columns, with its own dictionary of words. Derived from entries and
 * dropped at will (DESIGN section 8); the same facts give the same bytes, on every machine (little end first).
 */
#ifndef FACTS_PACK_H
#define FACTS_PACK_H

#include "base/uuid.h"
#include "facts/fact.h"

enum { PACK_FACTS = 1024 };

/*
 * Facts v[from, from + n) of the set, n <= PACK_FACTS. ids[i]: the UUID of each; corrects is found among `known` (the symbol's text
 * is a UUID). Sources are packed by name. Texts of private fields are never packed, only their presence.
 */
void facts_pack(const struct facts *set, size_t from, size_t n, const struct uuid *ids,
		struct buf *out);

/*
 * What to read. Ids as symbols cost memory and time, and a million tickets need none of them: with PACK_IDS_FEW facts of tickets and usage
 * have none (id 0), but for those that others name (corrects, and fields that hold ids of facts), which get theirs in unpacker_finish.
 * facts_id knows the others'.
 */
enum pack_ids { PACK_IDS_ALL, PACK_IDS_FEW };

struct unpacker *unpacker_new(struct arena *a, struct facts *set, enum pack_ids ids);
/*
 * Appends the facts of one pack to the set, in order; none where it holds more than `most`. RC_INVALID: not a pack (damaged: it can be
 * rebuilt).
 */
enum rc facts_unpack(struct unpacker *u, struct text bytes, size_t most, struct err *err) MUST_USE;
/* How many facts a pack holds. RC_INVALID as above. */
enum rc facts_packed(struct arena *a, struct text bytes, size_t *n, struct err *err) MUST_USE;
/* The same but for those facts of the pack, by their places, where left_out is not 0. */
enum rc facts_unpack_but(struct unpacker *u, struct text bytes, size_t most,
			 const uint8_t *left_out, struct err *err) MUST_USE;
/* Of the pack only facts of the kinds wanted (one flag a kind), and those of any kind that correct others. */
enum rc facts_unpack_kinds(struct unpacker *u, struct text bytes, const bool *kinds,
			   struct err *err) MUST_USE;
/* After the last pack, and for facts added otherwise, between packs, too (their ids told by unpacker_told, in order). */
void unpacker_told(struct unpacker *u, const struct uuid *id);
void unpacker_finish(struct unpacker *u);
/* The UUID of the fact with that order in the set. */
const struct uuid *unpacker_id(const struct unpacker *u, uint32_t order);
/* The id of a fact of the set: its symbol's text, or that of the UUID that it was read with, in room. Empty: it has none. */
struct text facts_id(const struct facts *set, const struct fact *f, char room[UUID_TEXT + 1]);

#endif
