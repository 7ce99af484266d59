/* SPDX-License-Identifier: Apache-2.0 */
#include "base/symbols.h"

#include <assert.h>
#include <string.h>

struct symbols {
	struct arena *arena;
	struct text *names;
	uint32_t *hashes;
	symbol *slots; /* open addressing; 0 is free */
	size_t n, cap, mask;
};

/* FNV-1a, then a final mix so that the low bits depend on all bytes. Never leaves this file, so it may change. */
static uint32_t hash(struct text t)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < t.n; i++)
		h = (uint32_t)(((uint64_t)(h ^ (unsigned char)t.p[i]) * 16777619u) & 0xffffffffu);
	h ^= h >> 15;
	return h;
}

struct symbols *symbols_new(struct arena *a)
{
	struct symbols *s = arena_one(a, struct symbols);

	s->arena = a;
	s->cap = 64;
	s->mask = 127;
	s->names = arena_array(a, struct text, s->cap);
	s->hashes = arena_array(a, uint32_t, s->cap);
	s->slots = arena_array(a, symbol, s->mask + 1);
	s->names[0] = (struct text){"", 0};
	s->n = 1;
	return s;
}

static size_t slot_of(const struct symbols *s, struct text t, uint32_t h)
{
	size_t i = h & s->mask;

	while (s->slots[i] != 0 &&
	       !(s->hashes[s->slots[i]] == h && text_eq(s->names[s->slots[i]], t)))
		i = (i + 1) & s->mask;
	return i;
}

static void grow(struct symbols *s)
{
	size_t cap = s->cap * 2;
	struct text *names = arena_array(s->arena, struct text, cap);
	uint32_t *hashes = arena_array(s->arena, uint32_t, cap);

	memcpy(names, s->names, s->n * sizeof(*names));
	memcpy(hashes, s->hashes, s->n * sizeof(*hashes));
	s->names = names;
	s->hashes = hashes;
	s->cap = cap;
	s->mask = cap * 2 - 1;
	s->slots = arena_array(s->arena, symbol, s->mask + 1);
	for (size_t y = 1; y < s->n; y++) {
		size_t i = s->hashes[y] & s->mask;

		while (s->slots[i] != 0)
			i = (i + 1) & s->mask;
		s->slots[i] = (symbol)y;
	}
}

symbol symbol_add(struct symbols *s, struct text t)
{
	if (t.n == 0)
		return 0;

	uint32_t h = hash(t);
	size_t i = slot_of(s, t, h);

	if (s->slots[i] != 0)
		return s->slots[i];
	if (s->n == s->cap) {
		assert(s->n < UINT32_MAX / 2);
		grow(s);
		i = slot_of(s, t, h);
	}
	s->names[s->n] = text_copy(s->arena, t);
	s->hashes[s->n] = h;
	s->slots[i] = (symbol)s->n;
	return (symbol)s->n++;
}

symbol symbol_find(const struct symbols *s, struct text t)
{
	return t.n == 0 ? 0 : s->slots[slot_of(s, t, hash(t))];
}

struct text symbol_text(const struct symbols *s, symbol y)
{
	assert(y < s->n);
	return s->names[y];
}

uint32_t symbols_count(const struct symbols *s)
{
	return (uint32_t)s->n;
}
