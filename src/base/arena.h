/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of one command or request. Everything handed out is zeroed, aligned to 16 bytes, never NULL, and freed all at once.
 * An arena has a limit from birth; when a request would pass it the handler set by arena_on_full is called (the command
 * line prints the limit and exits), and without a handler the program aborts. It never returns NULL. Where the system has no memory
 * the program ends by memory_none.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/attr.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

/* A new arena that may hand out at most limit_bytes. */
struct arena *arena_new(size_t limit_bytes);
/* The same, for what mostly needs little and of which there are many at a time: it begins with 8 KiB instead of 64. */
struct arena *arena_small(size_t limit_bytes);
/* Another one of the same limit, which tells of passing it in the same way. */
struct arena *arena_like(const struct arena *a);
void arena_free(struct arena *a);
/*
 * Takes back all that was handed out; what points there is no longer valid. Keeps a block of at most 4 MiB for what follows, so that work
 * that is done a thousand times in a row, each with little memory, neither asks for it nor clears more than it uses.
 */
void arena_clear(struct arena *a);
/* The same, but keeps all of its blocks: what follows needs about as much. */
void arena_rewind(struct arena *a);

/* n bytes, zeroed. n may be 0. */
void *arena_alloc(struct arena *a, size_t n) NEVER_NULL;
/* count x size bytes, zeroed; an overflow counts as passing the limit. */
void *arena_alloc_array(struct arena *a, size_t count, size_t size) NEVER_NULL;
/* Bytes copied, and terminated with a NUL that is not counted. */
char *arena_copy(struct arena *a, const char *p, size_t n) NEVER_NULL;

#define arena_array(a, type, n) ((type *)arena_alloc_array((a), (n), sizeof(type)))
#define arena_one(a, type) ((type *)arena_alloc((a), sizeof(type)))

/*
 * Room for one more element in a growing array of *n elements with capacity *cap: returns the array, moved and doubled if it
 * was full (old copies stay in the arena until it is freed). Usage: v = arena_grow(a, v, n, &cap, sizeof(*v)); v[n++] = x;
 */
void *arena_grow(struct arena *a, const void *v, size_t n, size_t *cap, size_t size) NEVER_NULL;

/* Bytes handed out so far, and the limit. */
size_t arena_used_bytes(const struct arena *a);
size_t arena_limit_bytes(const struct arena *a);

/*
 * The system has no memory: says so on standard error and ends the program with status 65. Nobody above could do more, not even put the
 * words together; what was not committed is undone when the file is opened again (trust.md V3).
 */
_Noreturn void memory_none(void);

/* Called (once) instead of aborting when a limit is passed; must not return. */
void arena_on_full(struct arena *a, void (*handler)(size_t limit_bytes));

#endif
