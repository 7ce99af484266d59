/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for libraries that can be given an allocator: where there is none, the program ends (memory_none in base/arena.h). A parser that
 * tells "no memory" and "malformed" apart by a text alone would have its caller skip a row that is sound (trust.md V3, R1).
 * Not for code of this house: that has arenas.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* Of n bytes, uninitialised; never NULL, but where n is 0 it may be. */
void *memory_get(size_t n);
void *memory_get_again(void *old, size_t n);
void memory_give_back(void *p);

#endif
