/* SPDX-License-Identifier: Apache-2.0 */
#include "render/said.h"

static const struct {
	const char *id;
	enum wording words;
} said[] = {
#define SAID(id, word) {id, W_##word},
#include "render/said.def"
};

bool said_find(struct text id, enum wording *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(said); i++)
		if (text_is(id, said[i].id)) {
			*out = said[i].words;
			return true;
		}
	return false;
}

struct text said_text(const struct language *l, struct text id)
{
	enum wording w;

	return said_find(id, &w) ? word_pattern(l, w) : id;
}

struct text said_list(struct arena *a, const struct language *l, struct text ids)
{
	struct text all = said_text(l, ids), one, rest;
	enum wording w;

	if (!text_eq(all, ids))
		return all;
	rest = text_cut(ids, ' ', &one);
	if (rest.n == 0 || !said_find(one, &w))
		return ids;
	all = word_pattern(l, w);
	while (rest.n > 0) {
		rest = text_cut(rest, ' ', &one);
		all = text_format(a, "%.*s, %.*s", TEXT_ARG(all), TEXT_ARG(said_text(l, one)));
	}
	return all;
}

struct phrase said_phrase(struct doc *d, struct text id)
{
	return doc_plain(d, said_text(d->language, id));
}

struct phrase said_kind(struct doc *d, enum fact_kind k)
{
	return said_phrase(d, text_of(fact_row(k)->kind));
}
