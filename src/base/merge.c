/* SPDX-License-Identifier: Apache-2.0 */
#include "base/merge.h"

/* The table of common lines has at most so many cells. */
enum { CELLS_MAX = 1 << 22 };
#define NOWHERE SIZE_MAX

struct lines {
	struct text *v;
	size_t n;
};

static struct lines lines_of(struct arena *a, struct text t)
{
	struct lines l = {NULL, 0};

	l.v = arena_array(a, struct text, text_count(t, '\n') + 1);
	while (t.n > 0) {
		size_t end = text_find(t, '\n', 0);

		end += end < t.n;
		l.v[l.n++] = text_sub(t, 0, end);
		t = text_sub(t, end, t.n);
	}
	return l;
}

/* The middles that are left between a common beginning and a common end: the longest common subsequence. */
static void match_middle(struct arena *a, const struct lines *x, const struct lines *y, size_t from,
			 size_t x_end, size_t y_end, size_t *match)
{
	size_t nx = x_end - from, ny = y_end - from, wide = ny + 1;
	uint32_t *best;

	if (nx == 0 || ny == 0 || nx + 1 > CELLS_MAX / wide)
		return;
	best = arena_array(a, uint32_t, (nx + 1) * wide);
	for (size_t i = nx; i > 0; i--)
		for (size_t k = ny; k > 0; k--) {
			uint32_t down = best[i * wide + k - 1], right = best[(i - 1) * wide + k];

			if (text_eq(x->v[from + i - 1], y->v[from + k - 1]))
				best[(i - 1) * wide + k - 1] = best[i * wide + k] + 1;
			else
				best[(i - 1) * wide + k - 1] = down > right ? down : right;
		}
	for (size_t i = 0, k = 0; i < nx && k < ny;) {
		if (text_eq(x->v[from + i], y->v[from + k]))
			match[from + i++] = from + k++;
		else if (best[(i + 1) * wide + k] >= best[i * wide + k + 1])
			i++;
		else
			k++;
	}
}

/* For each line of x the line of y that it is, or NOWHERE. */
static size_t *match_lines(struct arena *a, const struct lines *x, const struct lines *y)
{
	size_t *match = arena_array(a, size_t, x->n + 1);
	size_t from = 0, x_end = x->n, y_end = y->n;

	for (size_t i = 0; i <= x->n; i++)
		match[i] = NOWHERE;
	while (from < x_end && from < y_end && text_eq(x->v[from], y->v[from])) {
		match[from] = from;
		from++;
	}
	while (x_end > from && y_end > from && text_eq(x->v[x_end - 1], y->v[y_end - 1]))
		match[--x_end] = --y_end;
	match_middle(a, x, y, from, x_end, y_end, match);
	return match;
}

/* Lines [from, to) as one text: they lie one after another. */
static struct text joined(const struct lines *l, size_t from, size_t to)
{
	if (from == to)
		return (struct text){"", 0};
	return (struct text){l->v[from].p,
			     (size_t)(l->v[to - 1].p + l->v[to - 1].n - l->v[from].p)};
}

static enum merge_of kind_of(struct text base, struct text theirs, struct text mine)
{
	bool they = !text_eq(base, theirs), me = !text_eq(base, mine);

	return !they && !me            ? MERGE_SAME
	       : they && !me           ? MERGE_THEIRS
	       : me && !they           ? MERGE_MINE
	       : text_eq(theirs, mine) ? MERGE_BOTH
				       : MERGE_CLASH;
}

void merge_lines(struct arena *a, struct text base, struct text theirs, struct text mine,
		 struct merge_part **out, size_t *n)
{
	struct lines b = lines_of(a, base), t = lines_of(a, theirs), m = lines_of(a, mine);
	size_t *in_t = match_lines(a, &b, &t), *in_m = match_lines(a, &b, &m);
	size_t i = 0, k = 0, l = 0;
	struct merge_part *v = arena_array(a, struct merge_part, 2 * b.n + 2);

	*n = 0;
	while (i < b.n || k < t.n || l < m.n) {
		size_t next = i, run;
		struct merge_part p;

		while (next < b.n && (in_t[next] == NOWHERE || in_m[next] == NOWHERE))
			next++;
		size_t k_end = next < b.n ? in_t[next] : t.n, l_end = next < b.n ? in_m[next] : m.n;

		if (next > i || k_end > k || l_end > l) {
			p = (struct merge_part){MERGE_SAME, joined(&b, i, next),
						joined(&t, k, k_end), joined(&m, l, l_end)};
			p.of = kind_of(p.base, p.theirs, p.mine);
			v[(*n)++] = p;
		}
		for (run = 0; next + run < b.n && in_t[next + run] == k_end + run &&
			      in_m[next + run] == l_end + run;
		     run++)
			continue;
		if (run > 0) {
			p.base = p.theirs = p.mine = joined(&b, next, next + run);
			p.of = MERGE_SAME;
			v[(*n)++] = p;
		}
		i = next + run;
		k = k_end + run;
		l = l_end + run;
	}
	*out = v;
}

static void put(struct buf *out, struct text t)
{
	buf_text(out, t);
	if (t.n > 0 && t.p[t.n - 1] != '\n')
		buf_char(out, '\n');
}

size_t merge_print(struct buf *out, const struct merge_part *v, size_t n, const char *theirs,
		   const char *mine)
{
	size_t clashes = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i].of != MERGE_CLASH) {
			put(out, v[i].of == MERGE_MINE ? v[i].mine : v[i].theirs);
			continue;
		}
		clashes++;
		buf_printf(out, "<<<<<<< %s\n", theirs);
		put(out, v[i].theirs);
		buf_str(out, "=======\n");
		put(out, v[i].mine);
		buf_printf(out, ">>>>>>> %s\n", mine);
	}
	return clashes;
}
