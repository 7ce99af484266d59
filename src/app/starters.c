/* SPDX-License-Identifier: Apache-2.0 */
#include "app/starters.h"

#include "base/arena.h"

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

enum rc starter_named(struct arena *a, struct text name, const struct starter **out,
		      struct err *err)
{
	const struct starter *s = starter_find(name.n > 0 ? name : text_of("helpdesk"));
	struct text *names, near;

	if (s != NULL) {
		*out = s;
		return RC_OK;
	}
	names = arena_array(a, struct text, starter_count());
	for (size_t i = 0; i < starter_count(); i++)
		names[i] = text_of(starter_at(i)->name);
	near = text_nearest(name, names, starter_count());
	if (near.n > 0)
		err_hint(err, "did you mean \"%.*s\"?", TEXT_ARG(near));
	else
		err_hint(err, "\"tenor new --list\" names them");
	return err_set(err, RC_MISSING, "there is no starter contract \"%.*s\"", TEXT_ARG(name));
}
