/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include "base/arena.h"

#include <stdlib.h>

void *memory_get(size_t n)
{
	void *p = malloc(n);

	if (p == NULL && n > 0)
		memory_none();
	return p;
}

void *memory_get_again(void *old, size_t n)
{
	void *p = realloc(old, n);

	if (p == NULL && n > 0)
		memory_none();
	return p;
}

void memory_give_back(void *p)
{
	free(p);
}
