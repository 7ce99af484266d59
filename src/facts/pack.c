/* SPDX-License-Identifier: Apache-2.0 */
/* Packing. What a reading fact from its entry does not give (line, flags of a check) is left out, so both ways pack alike. */
#include "facts/pack.h"

#include "facts/body.h"
#include "facts/pack_columns.h"

#include <assert.h>
#include <string.h>

enum { SCRATCH_MAX = 1 << 28, KEPT_FLAGS = BODY_STAMP_FLAGS | FLAG_PENDING };

/* Words of this pack, numbered in the order met; a table of symbols with open addressing. */
struct dictionary {
	struct text_list list;
	struct {
		symbol word;
		uint32_t place;
	} * slots;
	size_t mask;
};

/* What facts look like: a kind and fields in order. */
struct shape {
	const struct fact *like;
};

struct packer {
	struct arena *arena;
	const struct facts *set;
	struct text_list names; /* kinds, keys and sources */
	struct dictionary words;
	struct shape shapes[PACK_FACTS];
	size_t n_shapes;
	uint32_t kind_names[FACT_COUNT], field_names[FIELD_COUNT]; /* place plus one */
	uint16_t sources[PACK_FACTS];
	size_t n_sources;
	struct column shape_kinds, shape_counts, shape_fields, source_names;
	struct column shape, source, party, flags, seq, occurred, recorded;
	struct column corrects_at;
	struct buf corrects;
	struct column streams[FIELD_SYMBOLS + 1], scales;
};

static uint32_t add_name(struct packer *p, struct text name)
{
	p->names.v =
		arena_grow(p->arena, p->names.v, p->names.n, &p->names.cap, sizeof(*p->names.v));
	p->names.v[p->names.n] = name;
	return (uint32_t)p->names.n++;
}

static uint32_t name_once(struct packer *p, uint32_t *place, const char *name)
{
	if (*place == 0)
		*place = add_name(p, text_of(name)) + 1;
	return *place - 1;
}

static size_t slot_of(const struct dictionary *d, symbol word)
{
	/* 32 bits times 32 bits: the product needs no more than 64. */
	size_t i = (size_t)(((uint64_t)word * 2654435761u) >> 7) & d->mask;

	while (d->slots[i].word != 0 && d->slots[i].word != word)
		i = (i + 1) & d->mask;
	return i;
}

static void grow_dictionary(struct packer *p)
{
	struct dictionary bigger = p->words, *d = &p->words;

	bigger.mask = d->mask == 0 ? 1023 : d->mask * 2 + 1;
	bigger.slots = arena_alloc_array(p->arena, bigger.mask + 1, sizeof(*bigger.slots));
	for (size_t i = 0; d->slots != NULL && i <= d->mask; i++)
		if (d->slots[i].word != 0)
			bigger.slots[slot_of(&bigger, d->slots[i].word)] = d->slots[i];
	*d = bigger;
}

static uint32_t word_place(struct packer *p, symbol word)
{
	struct dictionary *d = &p->words;

	assert(word != 0);
	if (d->slots == NULL || d->list.n * 2 > d->mask)
		grow_dictionary(p);

	size_t i = slot_of(d, word);

	if (d->slots[i].word == 0) {
		d->list.v = arena_grow(p->arena, d->list.v, d->list.n, &d->list.cap,
				       sizeof(*d->list.v));
		d->list.v[d->list.n] = symbol_text(p->set->symbols, word);
		d->slots[i].word = word;
		d->slots[i].place = (uint32_t)d->list.n++;
	}
	return d->slots[i].place;
}

static bool same_shape(const struct fact *x, const struct fact *y)
{
	if (x->kind != y->kind || x->n_values != y->n_values)
		return false;
	for (size_t i = 0; i < x->n_values; i++)
		if (x->values[i].field != y->values[i].field)
			return false;
	return true;
}

static size_t shape_of(struct packer *p, const struct fact *f)
{
	for (size_t i = 0; i < p->n_shapes; i++)
		if (same_shape(p->shapes[i].like, f))
			return i;
	column_add(p->arena, &p->shape_kinds,
		   name_once(p, &p->kind_names[f->kind], fact_row((enum fact_kind)f->kind)->kind));
	column_add(p->arena, &p->shape_counts, f->n_values);
	for (size_t i = 0; i < f->n_values; i++) {
		enum fact_field field = (enum fact_field)f->values[i].field;

		column_add(p->arena, &p->shape_fields,
			   name_once(p, &p->field_names[field], field_row(field)->key));
	}
	p->shapes[p->n_shapes].like = f;
	return p->n_shapes++;
}

static size_t source_of(struct packer *p, const struct fact *f)
{
	assert(f->source < p->set->n_sources);
	struct text name = p->set->sources[f->source].name;

	for (size_t i = 0; i < p->n_sources; i++)
		if (text_eq(p->set->sources[p->sources[i]].name, name))
			return i;
	/* One without a name is what was given by hand. */
	column_add(p->arena, &p->source_names, name.n == 0 ? -1 : (int64_t)add_name(p, name));
	p->sources[p->n_sources] = f->source;
	return p->n_sources++;
}

static void add_values(struct packer *p, const struct fact *f)
{
	for (size_t i = 0; i < f->n_values; i++) {
		const struct fact_value *v = &f->values[i];
		enum field_type type = field_row((enum fact_field)v->field)->type;

		switch (type) {
		case FIELD_SYMBOL:
		case FIELD_SYMBOLS:
			column_add(p->arena, &p->streams[FIELD_SYMBOL], word_place(p, v->word));
			break;
		case FIELD_TEXT:
			break; /* may name people: that it is there is in the shape */
		case FIELD_DECIMAL:
			column_add(p->arena, &p->scales, v->scale);
			column_add(p->arena, &p->streams[type], v->number);
			break;
		case FIELD_INSTANT:
		case FIELD_BOOL:
		case FIELD_INT:
			column_add(p->arena, &p->streams[type], v->number);
			break;
		}
	}
}

static void add_fact(struct packer *p, const struct fact *f, size_t place)
{
	column_add(p->arena, &p->shape, (int64_t)shape_of(p, f));
	column_add(p->arena, &p->source, (int64_t)source_of(p, f));
	column_add(p->arena, &p->party, f->party);
	column_add(p->arena, &p->flags, f->flags & KEPT_FLAGS);
	column_add(p->arena, &p->seq, f->seq);
	column_add(p->arena, &p->occurred, f->occurred_at);
	column_add(p->arena, &p->recorded, f->recorded_at);
	if (f->corrects != 0) {
		struct uuid id;
		bool is_uuid = uuid_parse(symbol_text(p->set->symbols, f->corrects), &id);

		assert(is_uuid);
		column_add(p->arena, &p->corrects_at, (int64_t)place);
		buf_add(&p->corrects, (const char *)id.b, sizeof(id.b));
	}
	add_values(p, f);
}

static void put_all(struct packer *p, const struct uuid *ids, size_t n, struct buf *out)
{
	const struct column *const columns[] = {
		&p->shape_kinds,
		&p->shape_counts,
		&p->shape_fields,
		&p->source_names,
		&p->shape,
		&p->source,
		&p->party,
		&p->flags,
		&p->seq,
		&p->occurred,
		&p->recorded,
		&p->corrects_at,
		&p->streams[FIELD_SYMBOL],
		&p->streams[FIELD_INSTANT],
		&p->streams[FIELD_BOOL],
		&p->streams[FIELD_INT],
		&p->streams[FIELD_DECIMAL],
		&p->scales,
	};

	texts_put(p->arena, out, &p->names);
	texts_put(p->arena, out, &p->words.list);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		column_put(out, columns[i]);
	for (size_t i = 0; i < n; i++)
		buf_add(out, (const char *)ids[i].b, sizeof(ids[i].b));
	buf_text(out, buf_view(&p->corrects));
}

void facts_pack(const struct facts *set, size_t from, size_t n, const struct uuid *ids,
		struct buf *out)
{
	assert(n <= PACK_FACTS && from <= set->n && n <= set->n - from);
	/* Given back before returning, as a buffer is. */
	struct arena *a = arena_new(SCRATCH_MAX);
	struct packer *p = arena_one(a, struct packer);
	size_t start = out->n;

	p->arena = a;
	p->set = set;
	buf_init(&p->corrects, PACK_FACTS * sizeof(struct uuid));
	for (size_t i = 0; i < n; i++)
		add_fact(p, &set->v[from + i], i);
	buf_str(out, "TFP1");
	buf_pad(out, 0, PACK_SUM);
	put_all(p, ids, n, out);
	if (!out->full) {
		size_t body = start + PACK_MAGIC + PACK_SUM;
		uint64_t sum = pack_sum((struct text){out->p + body, out->n - body});

		for (unsigned i = 0; i < PACK_SUM; i++)
			out->p[start + PACK_MAGIC + i] =
				(char)(unsigned char)((sum >> (8 * i)) & 0xff);
	}
	buf_free(&p->corrects);
	arena_free(a);
}
