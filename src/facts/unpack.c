/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unpacking: a pack is read and judged as a whole before its first fact is added. The memory for reading is kept from pack to pack;
 * UUIDs are kept in blocks of their own, 16 bytes a fact.
 */
#include "facts/pack.h"

#include "facts/body.h"
#include "facts/pack_columns.h"
#include "money/exact.h"

#include <assert.h>
#include <string.h>

/* trust.md J4; 18 digits of contract-language.md section 2 */
#define INT_BOUND (INT64_C(1) << 53)
#define DECIMAL_BOUND INT64_C(1000000000000000000)

enum { BLOCK_BITS = 10, BLOCK_IDS = 1 << BLOCK_BITS, NAMES_MAX = PACK_FACTS * FACT_VALUES_MAX };

/* A field of a shape as this program knows it. */
struct shape_slot {
	enum fact_field field;
	enum field_type type;
};

struct known_shape {
	enum fact_kind kind;
	uint16_t n;
	bool many; /* a record has a great many of the kind, and nothing asks for their ids (PACK_IDS_FEW) */
	const struct shape_slot *slots;
	size_t needs[FIELD_SYMBOLS + 1]; /* values of each stream */
};

struct unpacker {
	struct arena *arena;
	struct facts *set;
	enum pack_ids ids;
	size_t base, n_ids; /* facts of the set before the first; ids known */
	struct uuid **blocks;
	size_t n_blocks, blocks_cap;
	struct uuid *named; /* by facts unpacked */
	size_t n_named, named_cap;
	size_t told_from; /* from the first fact that was told, not unpacked; SIZE_MAX: none */
	symbol hidden;    /* the word for a private text that is there */

	/* of the pack being read */
	struct text_list names, words;
	struct column lengths, shape_kinds, shape_counts, shape_fields, source_names;
	struct column shape, source, party, flags, seq, occurred, recorded, corrects_at;
	struct column streams[FIELD_SYMBOLS + 1], scales;
	const unsigned char *id_bytes, *corrects;
	struct known_shape *shapes;
	struct shape_slot *slots;
	size_t shapes_cap, slots_cap;
	uint16_t *sources;
	symbol *symbols;
	size_t sources_cap, symbols_cap;
};

struct unpacker *unpacker_new(struct arena *a, struct facts *set, enum pack_ids ids)
{
	struct unpacker *u = arena_one(a, struct unpacker);

	u->arena = a;
	u->set = set;
	u->ids = ids;
	u->base = set->n;
	u->told_from = SIZE_MAX;
	u->hidden = symbol_add(set->symbols, text_of("-"));
	return u;
}

static void keep_id(struct unpacker *u, const struct uuid *id)
{
	if (u->n_ids >> BLOCK_BITS == u->n_blocks) {
		u->blocks = arena_grow(u->arena, u->blocks, u->n_blocks, &u->blocks_cap,
				       sizeof(*u->blocks));
		u->blocks[u->n_blocks++] = arena_array(u->arena, struct uuid, BLOCK_IDS);
	}
	u->blocks[u->n_ids >> BLOCK_BITS][u->n_ids & (BLOCK_IDS - 1)] = *id;
	u->n_ids++;
}

static void name_fact(struct unpacker *u, const struct uuid *id)
{
	u->named = arena_grow(u->arena, u->named, u->n_named, &u->named_cap, sizeof(*u->named));
	u->named[u->n_named++] = *id;
}

static bool names_facts(enum fact_field field)
{
	return field == FIELD_FACT_ID || field == FIELD_EVENTS;
}

/* --- reading --- */

static void read_columns(struct unpacker *u, struct pack_reader *r)
{
	const struct {
		struct column *column;
		size_t max;
	} columns[] = {
		{&u->shape_kinds, PACK_FACTS},
		{&u->shape_counts, PACK_FACTS},
		{&u->shape_fields, PACK_VALUES_MAX},
		{&u->source_names, PACK_FACTS},
		{&u->shape, PACK_FACTS},
		{&u->source, PACK_FACTS},
		{&u->party, PACK_FACTS},
		{&u->flags, PACK_FACTS},
		{&u->seq, PACK_FACTS},
		{&u->occurred, PACK_FACTS},
		{&u->recorded, PACK_FACTS},
		{&u->corrects_at, PACK_FACTS},
		{&u->streams[FIELD_SYMBOL], PACK_VALUES_MAX},
		{&u->streams[FIELD_INSTANT], PACK_VALUES_MAX},
		{&u->streams[FIELD_BOOL], PACK_VALUES_MAX},
		{&u->streams[FIELD_INT], PACK_VALUES_MAX},
		{&u->streams[FIELD_DECIMAL], PACK_VALUES_MAX},
		{&u->scales, PACK_VALUES_MAX},
	};

	texts_get(r, u->arena, &u->lengths, &u->names, NAMES_MAX);
	texts_get(r, u->arena, &u->lengths, &u->words, PACK_VALUES_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		column_get(r, u->arena, columns[i].column, columns[i].max);
	u->id_bytes = pack_take(r, u->shape.n * sizeof(struct uuid));
	u->corrects = pack_take(r, u->corrects_at.n * sizeof(struct uuid));
}

static bool within(const struct column *c, int64_t from, int64_t to)
{
	bool good = true;

	for (size_t i = 0; i < c->n; i++)
		good = good && c->v[i] >= from && c->v[i] < to;
	return good;
}

static void *room(struct arena *a, void *v, size_t *cap, size_t n, size_t size)
{
	if (n <= *cap)
		return v;
	*cap = n * 2;
	return arena_alloc_array(a, *cap, size);
}

static bool read_shape(struct unpacker *u, struct known_shape *s, size_t i, size_t *at)
{
	struct text kind = u->names.v[u->shape_kinds.v[i]];

	*s = (struct known_shape){.n = (uint16_t)u->shape_counts.v[i], .slots = u->slots + *at};
	if (s->n > u->shape_fields.n - *at || !fact_kind_find(kind, &s->kind))
		return false;
	s->many = fact_row(s->kind)->subject == FIELD_TICKET || s->kind == FACT_USAGE_RECORDED;
	for (size_t k = 0; k < s->n; k++, ++*at) {
		struct shape_slot *slot = &u->slots[*at];

		if (!fact_field_find(s->kind, u->names.v[u->shape_fields.v[*at]], &slot->field))
			return false;
		slot->type = field_row(slot->field)->type;
		s->needs[slot->type == FIELD_SYMBOLS ? FIELD_SYMBOL : slot->type]++;
	}
	return true;
}

static bool read_shapes(struct unpacker *u)
{
	size_t n = u->shape_kinds.n, at = 0;

	if (u->shape_counts.n != n || !within(&u->shape_kinds, 0, (int64_t)u->names.n) ||
	    !within(&u->shape_fields, 0, (int64_t)u->names.n) ||
	    !within(&u->shape_counts, 0, FACT_VALUES_MAX + 1))
		return false;
	u->shapes = room(u->arena, u->shapes, &u->shapes_cap, n, sizeof(*u->shapes));
	u->slots = room(u->arena, u->slots, &u->slots_cap, u->shape_fields.n, sizeof(*u->slots));
	for (size_t i = 0; i < n; i++)
		if (!read_shape(u, &u->shapes[i], i, &at))
			return false;
	return at == u->shape_fields.n;
}

/* Are there as many values as the shapes of all facts want? */
static bool streams_fit(const struct unpacker *u)
{
	size_t needs[FIELD_SYMBOLS + 1] = {0};

	for (size_t i = 0; i < u->shape.n; i++) {
		const struct known_shape *s = &u->shapes[u->shape.v[i]];

		for (size_t t = 0; t < ARRAY_SIZE(needs); t++)
			needs[t] += s->needs[t];
	}
	for (size_t t = 0; t < ARRAY_SIZE(needs); t++)
		if (t != FIELD_TEXT && needs[t] != u->streams[t].n)
			return false;
	return u->scales.n == needs[FIELD_DECIMAL] &&
	       within(&u->scales, 0, LONG_DECIMALS_MAX + 1) &&
	       within(&u->streams[FIELD_SYMBOL], 0, (int64_t)u->words.n) &&
	       within(&u->streams[FIELD_BOOL], 0, 2) &&
	       within(&u->streams[FIELD_INT], 1 - INT_BOUND, INT_BOUND) &&
	       within(&u->streams[FIELD_DECIMAL], 1 - DECIMAL_BOUND, DECIMAL_BOUND) &&
	       within(&u->streams[FIELD_INSTANT], INSTANT_MIN, INSTANT_MAX);
}

static bool facts_fit(const struct unpacker *u)
{
	const struct column *const each[] = {&u->source, &u->party,    &u->flags,
					     &u->seq,    &u->occurred, &u->recorded};
	size_t n = u->shape.n;

	for (size_t i = 0; i < ARRAY_SIZE(each); i++)
		if (each[i]->n != n)
			return false;
	for (size_t i = 0; i < n; i++)
		if ((u->flags.v[i] & ~(int64_t)(BODY_STAMP_FLAGS | FLAG_PENDING)) != 0)
			return false;
	for (size_t i = 1; i < u->corrects_at.n; i++)
		if (u->corrects_at.v[i - 1] >= u->corrects_at.v[i])
			return false;
	return within(&u->shape, 0, (int64_t)u->shape_kinds.n) &&
	       within(&u->source, 0, (int64_t)u->source_names.n) &&
	       within(&u->source_names, -1, (int64_t)u->names.n) &&
	       within(&u->party, 0, PARTY_SUPPLIER + 1) &&
	       within(&u->seq, 0, (int64_t)UINT32_MAX + 1) &&
	       within(&u->occurred, INSTANT_MIN, INSTANT_MAX) &&
	       within(&u->recorded, INSTANT_MIN, INSTANT_MAX) &&
	       within(&u->corrects_at, 0, (int64_t)n);
}

static enum rc damaged(struct err *err, const char *what)
{
	err_hint(err, "packs are derived: run 'tenor rebuild'");
	return err_set(err, RC_INVALID, "the packed facts are damaged: %s", what);
}

static enum rc read_pack(struct unpacker *u, struct text bytes, struct err *err)
{
	size_t head = PACK_MAGIC + PACK_SUM;
	uint64_t sum = 0;

	if (bytes.n < head || !text_starts(bytes, "TFP1"))
		return damaged(err, "they do not begin as packed facts do");

	struct text body = {bytes.p + head, bytes.n - head};
	struct pack_reader r = {(const unsigned char *)body.p, body.n, false};

	for (unsigned i = 0; i < PACK_SUM; i++)
		sum |= (uint64_t)(unsigned char)bytes.p[PACK_MAGIC + i] << (8 * i);
	if (sum != pack_sum(body))
		return damaged(err, "their check sum is another");
	read_columns(u, &r);
	if (r.bad || r.left > 0)
		return damaged(err, "their length does not fit");
	if (!read_shapes(u))
		return damaged(err, "a kind or a field is unknown");
	if (!facts_fit(u) || !streams_fit(u))
		return damaged(err, "a number is out of its bounds");
	return RC_OK;
}

/* --- adding --- */

static bool find_sources(struct unpacker *u)
{
	u->sources =
		room(u->arena, u->sources, &u->sources_cap, u->source_names.n, sizeof(*u->sources));
	for (size_t i = 0; i < u->source_names.n; i++) {
		struct text name = {"", 0};

		if (u->source_names.v[i] >= 0)
			name = u->names.v[u->source_names.v[i]];
		if (!facts_source_named(u->set, name, &u->sources[i]))
			return false;
	}
	return true;
}

static void find_words(struct unpacker *u)
{
	u->symbols = room(u->arena, u->symbols, &u->symbols_cap, u->words.n, sizeof(*u->symbols));
	for (size_t i = 0; i < u->words.n; i++)
		u->symbols[i] = symbol_add(u->set->symbols, u->words.v[i]);
}

/* Where each stream is read next. */
struct places {
	size_t at[FIELD_SYMBOLS + 1];
	size_t corrects;
};

static void next_value(struct unpacker *u, const struct shape_slot *slot, struct places *p,
		       struct fact_value *v)
{
	struct uuid id;

	*v = (struct fact_value){.field = (uint32_t)slot->field};
	switch (slot->type) {
	case FIELD_SYMBOL:
	case FIELD_SYMBOLS:
		v->word = u->symbols[u->streams[FIELD_SYMBOL].v[p->at[FIELD_SYMBOL]++]];
		if (names_facts(slot->field) &&
		    uuid_parse(symbol_text(u->set->symbols, v->word), &id))
			name_fact(u, &id);
		return;
	case FIELD_TEXT:
		v->word = u->hidden;
		return;
	case FIELD_DECIMAL:
		v->scale = (uint32_t)u->scales.v[p->at[FIELD_DECIMAL]];
		break;
	case FIELD_INSTANT:
	case FIELD_BOOL:
	case FIELD_INT:
		break;
	}
	v->number = u->streams[slot->type].v[p->at[slot->type]++];
}

static symbol id_symbol(struct unpacker *u, const struct uuid *id)
{
	char text[UUID_TEXT + 1];

	uuid_text(id, text);
	return symbol_add(u->set->symbols, (struct text){text, UUID_TEXT});
}

static void add_fact(struct unpacker *u, size_t i, struct places *p, bool left_out)
{
	const struct known_shape *s = &u->shapes[u->shape.v[i]];
	enum fact_field subject = fact_row(s->kind)->subject;
	struct fact_value values[FACT_VALUES_MAX];
	struct fact f = {
		.occurred_at = u->occurred.v[i],
		.recorded_at = u->recorded.v[i],
		.seq = (uint32_t)u->seq.v[i],
		.kind = (uint8_t)s->kind,
		.source = u->sources[u->source.v[i]],
		.flags = (uint16_t)u->flags.v[i],
		.party = (uint8_t)u->party.v[i],
		.n_values = s->n,
		.values = values,
	};
	struct uuid id;

	for (size_t k = 0; k < s->n; k++) {
		next_value(u, &s->slots[k], p, &values[k]);
		if (s->slots[k].field == subject && f.subject == 0)
			f.subject = values[k].word;
	}
	if (p->corrects < u->corrects_at.n && u->corrects_at.v[p->corrects] == (int64_t)i) {
		memcpy(id.b, u->corrects + p->corrects++ * sizeof(id.b), sizeof(id.b));
		if (!left_out) {
			f.corrects = id_symbol(u, &id);
			name_fact(u, &id);
		}
	}
	if (left_out)
		return;
	memcpy(id.b, u->id_bytes + i * sizeof(id.b), sizeof(id.b));
	if (u->ids == PACK_IDS_ALL || !s->many)
		f.id = id_symbol(u, &id);
	keep_id(u, &id);
	(void)facts_add(u->set, &f);
}

enum rc facts_unpack(struct unpacker *u, struct text bytes, size_t most, struct err *err)
{
	return facts_unpack_but(u, bytes, most, NULL, err);
}

/* All facts of the pack that was read, but those left out. */
static enum rc add_facts(struct unpacker *u, const uint8_t *left_out, struct err *err)
{
	struct places p = {.corrects = 0};

	assert(u->base + u->n_ids == u->set->n);
	if (!find_sources(u))
		return err_set(err, RC_LIMIT, "more than %d sources of facts", UINT16_MAX);
	find_words(u);
	for (size_t i = 0; i < u->shape.n; i++)
		add_fact(u, i, &p, left_out != NULL && left_out[i] != 0);
	return RC_OK;
}

enum rc facts_unpack_but(struct unpacker *u, struct text bytes, size_t most,
			 const uint8_t *left_out, struct err *err)
{
	enum rc rc = read_pack(u, bytes, err);

	return rc != RC_OK || u->shape.n > most ? rc : add_facts(u, left_out, err);
}

enum rc facts_unpack_kinds(struct unpacker *u, struct text bytes, const bool *kinds,
			   struct err *err)
{
	uint8_t left_out[PACK_FACTS];
	enum rc rc = read_pack(u, bytes, err);
	size_t n = u->shape.n, wanted = 0, next = 0;

	if (rc != RC_OK)
		return rc;
	assert(n <= PACK_FACTS); /* read_columns */
	for (size_t i = 0; i < n; i++) {
		bool corrects = next < u->corrects_at.n && u->corrects_at.v[next] == (int64_t)i;

		next += corrects;
		left_out[i] = !corrects && !kinds[u->shapes[u->shape.v[i]].kind];
		wanted += left_out[i] == 0;
	}
	return wanted == 0 ? RC_OK : add_facts(u, left_out, err);
}

enum rc facts_packed(struct arena *a, struct text bytes, size_t *n, struct err *err)
{
	struct unpacker *u = unpacker_new(a, facts_new(a), PACK_IDS_FEW);
	enum rc rc = read_pack(u, bytes, err);

	*n = rc == RC_OK ? u->shape.n : 0;
	return rc;
}

/* --- ids --- */

void unpacker_told(struct unpacker *u, const struct uuid *id)
{
	if (u->told_from == SIZE_MAX)
		u->told_from = u->base + u->n_ids;
	keep_id(u, id);
}

const struct uuid *unpacker_id(const struct unpacker *u, uint32_t order)
{
	assert(order >= u->base && order - u->base < u->n_ids);
	size_t i = order - u->base;

	return &u->blocks[i >> BLOCK_BITS][i & (BLOCK_IDS - 1)];
}

struct text facts_id(const struct facts *set, const struct fact *f, char room[UUID_TEXT + 1])
{
	const struct unpacker *u = set->unpacked;

	if (f->id != 0 || u == NULL || f->order < u->base || f->order - u->base >= u->n_ids)
		return symbol_text(set->symbols, f->id);
	uuid_text(unpacker_id(u, f->order), room);
	return (struct text){room, UUID_TEXT};
}

static void name_by_told(struct unpacker *u)
{
	struct uuid id;

	for (size_t i = u->told_from; i < u->set->n; i++) {
		const struct fact *f = &u->set->v[i];

		if (f->corrects != 0 && uuid_parse(symbol_text(u->set->symbols, f->corrects), &id))
			name_fact(u, &id);
		for (size_t k = 0; k < f->n_values; k++)
			if (names_facts((enum fact_field)f->values[k].field) &&
			    uuid_parse(symbol_text(u->set->symbols, f->values[k].word), &id))
				name_fact(u, &id);
	}
}

/* Places in `named` plus one, with open addressing. */
struct named_table {
	const struct uuid *named;
	uint32_t *slots;
	size_t mask;
};

static size_t hash_id(const struct uuid *id)
{
	uint64_t half[2];

	memcpy(half, id->b, sizeof(half));
	/* 64 bits times 64 bits in 128, folded. */
	u128 wide = (u128)(half[0] ^ 0x9e3779b97f4a7c15u) * (half[1] | 1);

	return (size_t)((uint64_t)(wide >> 64) ^ (uint64_t)(wide & UINT64_MAX));
}

static size_t named_slot(const struct named_table *t, const struct uuid *id)
{
	size_t i = hash_id(id) & t->mask;

	while (t->slots[i] != 0 && memcmp(t->named[t->slots[i] - 1].b, id->b, sizeof(id->b)) != 0)
		i = (i + 1) & t->mask;
	return i;
}

void unpacker_finish(struct unpacker *u)
{
	struct named_table t = {.mask = 255};

	assert(u->base + u->n_ids == u->set->n);
	u->set->unpacked = u;
	name_by_told(u);
	if (u->n_named == 0)
		return;
	assert(u->n_named < UINT32_MAX);
	while (t.mask < u->n_named * 2)
		t.mask = t.mask * 2 + 1;
	t.named = u->named;
	t.slots = arena_array(u->arena, uint32_t, t.mask + 1);
	for (size_t i = 0; i < u->n_named; i++)
		t.slots[named_slot(&t, &u->named[i])] = (uint32_t)i + 1;
	for (size_t i = u->base; i < u->set->n; i++) {
		const struct uuid *id = unpacker_id(u, (uint32_t)i);

		if (u->set->v[i].id == 0 && t.slots[named_slot(&t, id)] != 0)
			facts_name(u->set, (uint32_t)i, id_symbol(u, id));
	}
}
