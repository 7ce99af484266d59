/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting of lists that are short nearly always. Keys of millions are sorted by engine/view_order.h. */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>

/*
 * Sorts n elements of `size` bytes by `compare`, as qsort does, in less time where they are few. Elements that compare equal keep their
 * order up to SORT_FEW of at most SORT_SIZE bytes; beyond that only as far as qsort does. v may be NULL if n is 0.
 */
void sort(void *v, size_t n, size_t size, int (*compare)(const void *, const void *));

enum { SORT_FEW = 24, SORT_SIZE = 256 };

#endif
