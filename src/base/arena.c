/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ALIGN = 16,
	FIRST_BLOCK = 64 * 1024,
	SMALL_BLOCK = 8 * 1024,
	MAX_BLOCK = 64 * 1024 * 1024,
	KEPT_BLOCK = 4 * 1024 * 1024
};

/* From here on a block asks for large pages, of 2 MiB. */
enum { LARGE_BLOCK = 8 * 1024 * 1024, PAGE = 4096 };
/* So much of a block that was used before is cleared at once, ahead of what is handed out: it is in the caches then. */
enum { CLEARED_AHEAD = 2048 };

#ifdef __linux__
/* Not of POSIX, so <sys/mman.h> does not show it to this program; the number is fixed by the kernel's interface. */
int madvise(void *address, size_t length, int advice);
enum { ADVICE_LARGE_PAGES = 14 };
#endif

/*
 * Sizes are multiples of ALIGN. While a block is the head, how far it is used and zero stands in the arena; all bytes from
 * `dirty` on were never handed out, and so are zero.
 */
struct block {
	struct block *next;
	size_t size, used, zero, dirty;
	_Alignas(16) unsigned char bytes[];
};

struct arena {
	unsigned char *at; /* in the head: what is handed out next */
	size_t left;       /* so many bytes from there on are zero, and within the limit */
	struct block *head;
	struct block *spare; /* empty, smallest first: of before it was rewound */
	size_t before, limit, first_block, next_block; /* before: handed out of the other blocks */
	void (*on_full)(size_t);
};

_Noreturn void memory_none(void)
{
	static const char words[] =
		"tenor: no memory is left; give it less at once, or end other programs\n";

	/* Straight to the descriptor: a stream would ask for memory. */
	_Exit(write(STDERR_FILENO, words, sizeof(words) - 1) < 0 ? 74 : 65);
}

static struct arena *begun(size_t limit_bytes, size_t first_block)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		memory_none();
	a->limit = limit_bytes;
	a->first_block = a->next_block = first_block;
	return a;
}

struct arena *arena_new(size_t limit_bytes)
{
	return begun(limit_bytes, FIRST_BLOCK);
}

struct arena *arena_small(size_t limit_bytes)
{
	return begun(limit_bytes, SMALL_BLOCK);
}

struct arena *arena_like(const struct arena *a)
{
	struct arena *other = begun(a->limit, a->first_block);

	other->on_full = a->on_full;
	return other;
}

static void free_blocks(struct block *b)
{
	while (b != NULL) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	free_blocks(a->head);
	free_blocks(a->spare);
	free(a);
}

static size_t room_of(size_t n)
{
	return n == 0 ? ALIGN : (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

size_t arena_used_bytes(const struct arena *a)
{
	return a->head == NULL ? 0 : a->before + (size_t)(a->at - a->head->bytes);
}

/* The head is not what memory is handed out of any more. */
static void put_back(struct arena *a)
{
	struct block *b = a->head;

	if (b == NULL)
		return;
	a->before = arena_used_bytes(a);
	b->used = (size_t)(a->at - b->bytes);
}

/* b is the head: memory is handed out of it, up to the arena's limit. */
static void take_up(struct arena *a, struct block *b)
{
	size_t end = a->before < a->limit ? a->limit - a->before : 0;

	end = (end < b->zero ? end : b->zero) & ~(size_t)(ALIGN - 1);
	a->at = b->bytes + b->used;
	a->left = end > b->used ? end - b->used : 0;
}

/* What was handed out of it is zeroed before it is handed out again. */
static void empty(struct block *b)
{
	if (b->dirty < b->used)
		b->dirty = b->used;
	b->used = 0;
	b->zero = b->dirty == 0 ? b->size : 0;
}

/* Blocks double, so the newest are the largest. */
void arena_rewind(struct arena *a)
{
	put_back(a);
	for (struct block *b = a->head; b != NULL;) {
		struct block *next = b->next;

		empty(b);
		b->next = a->spare;
		a->spare = b;
		b = next;
	}
	a->head = NULL;
	a->at = NULL;
	a->left = 0;
	a->before = 0;
}

void arena_clear(struct arena *a)
{
	struct block *kept = NULL;

	put_back(a);
	/* Blocks double, so the largest that may be kept is the first met that is small enough. */
	for (struct block *b = a->head; b != NULL;) {
		struct block *next = b->next;

		if (kept == NULL && b->size <= KEPT_BLOCK)
			kept = b;
		else
			free(b);
		b = next;
	}
	free_blocks(a->spare);
	a->spare = NULL;
	a->head = kept;
	a->at = NULL;
	a->left = 0;
	a->before = 0;
	a->next_block = a->first_block;
	if (kept == NULL)
		return;
	empty(kept);
	take_up(a, kept);
	kept->next = NULL;
	a->next_block = 2 * (kept->size > a->first_block ? kept->size : a->first_block);
}

_Noreturn static void full(const struct arena *a)
{
	if (a->on_full != NULL)
		a->on_full(a->limit);
	abort();
}

/*
 * A block that large is filled from front to back by millions of facts, and taking it from the kernel 4 KiB at a time costs more than
 * what is then written there: evaluating a million tickets was three times slower. Only a wish: where the kernel grants none, small
 * pages serve as well. No more than 2 MiB of a block are resident without having been used.
 */
static void ask_for_large_pages(struct block *b, size_t size)
{
#ifdef __linux__
	uintptr_t from = ((uintptr_t)b + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
	uintptr_t to = ((uintptr_t)b + size) & ~(uintptr_t)(PAGE - 1);

	if (size >= LARGE_BLOCK)
		(void)madvise((void *)from, to - from, ADVICE_LARGE_PAGES);
#else
	(void)b;
	(void)size;
#endif
}

/* A block of before that has the room. */
static struct block *take_spare(struct arena *a, size_t n)
{
	for (struct block **at = &a->spare; *at != NULL; at = &(*at)->next) {
		struct block *b = *at;

		if (b->size < n)
			continue;
		*at = b->next;
		return b;
	}
	return NULL;
}

static struct block *new_block(struct arena *a, size_t n)
{
	size_t size = a->next_block > n ? a->next_block : n;
	/* calloc: the kernel hands out zero pages, so zeroing large blocks costs nothing until they are touched. */
	struct block *b = calloc(1, sizeof(*b) + size);

	if (b == NULL)
		memory_none();
	/* before the first byte of it is written, so that no small page is there yet */
	ask_for_large_pages(b, sizeof(*b) + size);
	b->size = b->zero = size;
	if (a->next_block < MAX_BLOCK)
		a->next_block *= 2;
	return b;
}

static struct block *block_with(struct arena *a, size_t room)
{
	struct block *b = a->head;

	put_back(a);
	if (b != NULL && b->size - b->used >= room) {
		a->before -= b->used;
		return b;
	}
	b = take_spare(a, room);
	if (b == NULL)
		b = new_block(a, room);
	b->next = a->head;
	a->head = b;
	return b;
}

/* The bytes before `end` are, or will be, handed out; those not known to be zero are cleared, and some after them. */
static void clear_to(struct block *b, size_t end)
{
	size_t to = b->zero + CLEARED_AHEAD > end ? b->zero + CLEARED_AHEAD : end;

	if (to > b->dirty)
		to = b->dirty;
	if (to > b->zero)
		memset(b->bytes + b->zero, 0, to - b->zero);
	b->zero = to == b->dirty ? b->size : to;
}

/* Where arena_alloc's short way does not do: another block, more of this one to clear, or the limit. */
static void *take(struct arena *a, size_t n, bool cleared)
{
	struct block *b;
	unsigned char *p;
	size_t room;

	assert(a != NULL);
	if (n > a->limit || a->limit - n < arena_used_bytes(a))
		full(a);
	room = room_of(n);
	b = block_with(a, room);
	if (b->zero < b->used + room) {
		if (cleared)
			clear_to(b, b->used + room);
		else
			b->zero = b->used + room < b->dirty ? b->used + room : b->size;
	}
	p = b->bytes + b->used;
	b->used += room;
	take_up(a, b);
	return p;
}

/* n bytes, as most are asked for: of the head, where it is zero already. NULL: not there. */
static inline void *take_zero(struct arena *a, size_t n)
{
	unsigned char *p = a->at;
	size_t room;

	if (n == 0 || n > a->left)
		return NULL;
	room = room_of(n);
	a->at = p + room;
	a->left -= room;
	return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
	void *p = take_zero(a, n);

	return p != NULL ? p : take(a, n, true);
}

void *arena_alloc_array(struct arena *a, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n))
		full(a);
	return arena_alloc(a, n);
}

char *arena_copy(struct arena *a, const char *p, size_t n)
{
	char *copy = take_zero(a, n + 1);

	if (copy == NULL)
		copy = take(a, n + 1, false);
	if (n > 0)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

void *arena_grow(struct arena *a, const void *v, size_t n, size_t *cap, size_t size)
{
	assert(n <= *cap);
	if (n < *cap)
		return (void *)(uintptr_t)v;

	size_t want = *cap == 0 ? 8 : *cap * 2;
	void *bigger = arena_alloc_array(a, want, size);

	if (n > 0)
		memcpy(bigger, v, n * size);
	*cap = want;
	return bigger;
}

size_t arena_limit_bytes(const struct arena *a)
{
	return a->limit;
}

void arena_on_full(struct arena *a, void (*handler)(size_t limit_bytes))
{
	a->on_full = handler;
}
