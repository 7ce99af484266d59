/* SPDX-License-Identifier: Apache-2.0 */
#include "app/starters.h"

#include "starters.inc"

#include <assert.h>

size_t starter_count(void)
{
	return ARRAY_SIZE(starters);
}

const struct starter *starter_at(size_t i)
{
	assert(i < ARRAY_SIZE(starters));
	return &starters[i];
}

const struct starter *starter_find(struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(starters); i++)
		if (text_is(name, starters[i].name))
			return &starters[i];
	return NULL;
}
