/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/fact.h"

#include <assert.h>
#include <string.h>

_Static_assert(FACT_COUNT <= UINT8_MAX + 1, "kind of a fact is of 8 bits");

struct facts *facts_new(struct arena *a)
{
	struct facts *f = arena_one(a, struct facts);

	f->arena = a;
	f->symbols = symbols_new(a);
	return f;
}

uint16_t facts_add_source(struct facts *f, struct fact_source source)
{
	assert(f->n_sources < UINT16_MAX);
	f->sources = arena_grow(f->arena, f->sources, f->n_sources, &f->sources_cap,
				sizeof(*f->sources));
	f->sources[f->n_sources] = source;
	return (uint16_t)f->n_sources++;
}

bool facts_source_named(struct facts *f, struct text name, uint16_t *out)
{
	size_t i = 0;

	while (i < f->n_sources && !text_eq(f->sources[i].name, name))
		i++;
	if (i == UINT16_MAX)
		return false;
	if (i == f->n_sources)
		(void)facts_add_source(f, (struct fact_source){.name = text_copy(f->arena, name),
							       .recorded_known = true});
	*out = (uint16_t)i;
	return true;
}

enum { POOL_VALUES = 4096, SMALL_POOL_VALUES = 256, SMALL_FACTS = 128 };

/* Values lie one after another in blocks: an allocation for each fact would cost more than the values. */
static const struct fact_value *keep_values(struct facts *f, const struct fact_value *values,
					    size_t n)
{
	if (n == 0)
		return NULL;
	if (f->pool_left < n) {
		/* most records are small, and many are read one after another */
		size_t size = f->n < SMALL_FACTS && n <= SMALL_POOL_VALUES ? SMALL_POOL_VALUES
									   : POOL_VALUES;

		f->pool = arena_array(f->arena, struct fact_value, size);
		f->pool_left = size;
	}

	struct fact_value *kept = f->pool;

	memcpy(kept, values, n * sizeof(*values));
	f->pool += n;
	f->pool_left -= n;
	return kept;
}

static void remember_id(struct facts *f, symbol id, uint32_t order)
{
	if (id >= f->by_id_cap) {
		size_t cap = f->by_id_cap == 0 ? 256 : f->by_id_cap;

		while (cap <= id)
			cap *= 2;
		uint32_t *bigger = arena_array(f->arena, uint32_t, cap);

		if (f->by_id_cap > 0)
			memcpy(bigger, f->by_id, f->by_id_cap * sizeof(*bigger));
		f->by_id = bigger;
		f->by_id_cap = cap;
	}
	if (id != 0 && f->by_id[id] == 0)
		f->by_id[id] = order + 1;
}

void facts_reserve(struct facts *f, size_t n)
{
	if (f->cap - f->n >= n)
		return;

	struct fact *bigger = arena_array(f->arena, struct fact, f->n + n);

	if (f->n > 0)
		memcpy(bigger, f->v, f->n * sizeof(*bigger));
	f->v = bigger;
	f->cap = f->n + n;
}

struct fact *facts_add(struct facts *f, const struct fact *fact)
{
	assert(f->n < UINT32_MAX - 1);
	f->v = arena_grow(f->arena, f->v, f->n, &f->cap, sizeof(*f->v));

	struct fact *kept = &f->v[f->n];

	*kept = *fact;
	kept->order = (uint32_t)f->n;
	kept->values = keep_values(f, fact->values, fact->n_values);
	remember_id(f, kept->id, kept->order);
	f->n++;
	return kept;
}

void facts_name(struct facts *f, uint32_t order, symbol id)
{
	assert(order < f->n && f->v[order].id == 0);
	f->v[order].id = id;
	remember_id(f, id, order);
}

const struct fact *facts_find(const struct facts *f, symbol id)
{
	if (id == 0 || id >= f->by_id_cap || f->by_id[id] == 0)
		return NULL;
	return &f->v[f->by_id[id] - 1];
}

const struct fact_value *fact_value(const struct fact *f, enum fact_field field)
{
	for (size_t i = 0; i < f->n_values; i++)
		if (f->values[i].field == (uint32_t)field)
			return &f->values[i];
	return NULL;
}

symbol fact_word(const struct fact *f, enum fact_field field)
{
	const struct fact_value *v = fact_value(f, field);

	return v == NULL ? 0 : v->word;
}

bool fact_has_word(const struct fact *f, enum fact_field field, symbol word)
{
	for (size_t i = 0; i < f->n_values; i++)
		if (f->values[i].field == (uint32_t)field && f->values[i].word == word)
			return true;
	return false;
}

bool fact_truth(const struct fact *f, enum fact_field field, bool otherwise)
{
	const struct fact_value *v = fact_value(f, field);

	return v == NULL ? otherwise : v->number != 0;
}

int64_t fact_number(const struct fact *f, enum fact_field field, int64_t otherwise)
{
	const struct fact_value *v = fact_value(f, field);

	return v == NULL ? otherwise : v->number;
}

int fact_rank(const struct fact *f)
{
	/* sla.md R16: a client's message is no stop; it comes after everything else of its instant. */
	if (f->kind == FACT_TICKET_MESSAGE && f->party == PARTY_CLIENT)
		return 7;
	return fact_row((enum fact_kind)f->kind)->rank;
}

static int compare(int64_t x, int64_t y)
{
	return (x > y) - (x < y);
}

int fact_order(const struct fact *x, const struct fact *y)
{
	int c = compare(x->occurred_at, y->occurred_at);

	if (c == 0)
		c = compare(fact_row((enum fact_kind)x->kind)->birth,
			    fact_row((enum fact_kind)y->kind)->birth);
	if (c == 0)
		c = compare(x->seq, y->seq);
	if (c == 0)
		c = compare(fact_rank(x), fact_rank(y));
	return c != 0 ? c : compare(x->order, y->order);
}

static const char *const party_words[] = {
	[PARTY_UNKNOWN] = "",        [PARTY_PROVIDER] = "provider", [PARTY_CLIENT] = "client",
	[PARTY_MONITOR] = "monitor", [PARTY_SUPPLIER] = "supplier",
};

const char *party_word(enum party p)
{
	assert((unsigned)p < ARRAY_SIZE(party_words));
	return party_words[p];
}

bool party_find(struct text word, enum party *out)
{
	for (unsigned i = 1; i < ARRAY_SIZE(party_words); i++)
		if (text_is(word, party_words[i])) {
			*out = (enum party)i;
			return true;
		}
	return false;
}

const char *flag_word(enum fact_flag flag)
{
	switch (flag) {
	case FLAG_LATE:
		return "late";
	case FLAG_RESTATING:
		return "restating";
	case FLAG_FUTURE:
		return "future";
	case FLAG_CONTRADICTING:
		return "contradicting";
	case FLAG_OUT_OF_ORDER:
		return "out_of_order";
	case FLAG_IMPLIED:
		return "implied";
	case FLAG_UNPROVEN:
		return "unproven";
	case FLAG_MINUTE_PRECISION:
		return "minute_precision";
	case FLAG_SAME_TIME:
		return "same_time";
	case FLAG_OVERLAPPING:
		return "overlapping";
	case FLAG_ZONE_GAP:
		return "zone_gap";
	case FLAG_ZONE_TWICE:
		return "zone_twice";
	case FLAG_PENDING:
		return "pending";
	}
	assert(false);
	return "";
}
