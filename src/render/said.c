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
