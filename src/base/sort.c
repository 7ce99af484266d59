/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

void sort(void *v, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	char *p = v, taken[SORT_SIZE];

	if (n > SORT_FEW || size > SORT_SIZE) {
		qsort(v, n, size, compare);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		size_t k = i;

		while (k > 0 && compare(p + (k - 1) * size, p + i * size) > 0)
			k--;
		if (k == i)
			continue;
		memcpy(taken, p + i * size, size);
		memmove(p + (k + 1) * size, p + k * size, (i - k) * size);
		memcpy(p + k * size, taken, size);
	}
}
