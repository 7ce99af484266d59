/* SPDX-License-Identifier: Apache-2.0 */
/* What two people made of one text, line by line. */
#include "../money/random.h"
#include "base/merge.h"

static const struct {
	const char *name, *base, *theirs, *mine, *merged;
	int clashes;
} rows[] = {
	{"nobody", "a\nb\n", "a\nb\n", "a\nb\n", "a\nb\n", 0},
	{"only they", "a\nb\nc\n", "a\nB\nc\n", "a\nb\nc\n", "a\nB\nc\n", 0},
	{"only I", "a\nb\nc\n", "a\nb\nc\n", "a\nB\nc\nd\n", "a\nB\nc\nd\n", 0},
	{"each another line", "a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n", 0},
	{"both the same", "a\nb\n", "a\nX\n", "a\nX\n", "a\nX\n", 0},
	{"one line, two ways", "a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n",
	 "a\n<<<<<<< t\nX\n=======\nY\n>>>>>>> m\nc\n", 1},
	{"they take away, I change", "a\nb\nc\n", "a\nc\n", "a\nY\nc\n",
	 "a\n<<<<<<< t\n=======\nY\n>>>>>>> m\nc\n", 1},
	{"lines moved in", "a\nc\n", "a\nb\nc\n", "a\nc\nd\n", "a\nb\nc\nd\n", 0},
	{"from nothing", "", "a\n", "", "a\n", 0},
	{"nothing left", "a\n", "", "a\n", "", 0},
	{"no last line break", "a\nb", "a\nb", "x\nb", "x\nb\n", 0},
	{"two clashes", "a\nb\nc\n", "1\nb\n3\n", "2\nb\n4\n",
	 "<<<<<<< t\n1\n=======\n2\n>>>>>>> m\nb\n<<<<<<< t\n3\n=======\n4\n>>>>>>> m\n", 2},
};

/* Random texts over few words: with nothing changed by one of the two, the other's text comes out; the parts are the texts. */
static void random_texts(struct arena *a)
{
	int wrong = 0;

	for (int round = 0; round < 2000; round++) {
		char p[3][64];
		struct text t[3];
		struct merge_part *v;
		struct buf all[3], merged;
		size_t n;

		for (int k = 0; k < 3; k++) {
			size_t lines = (size_t)random_between(0, 11);

			for (size_t i = 0; i < lines; i++) {
				p[k][2 * i] = (char)('a' + random_between(0, 2));
				p[k][2 * i + 1] = '\n';
			}
			t[k] = text_copy(a, (struct text){p[k], 2 * lines});
			buf_init(&all[k], 1 << 10);
		}
		buf_init(&merged, 1 << 12);
		merge_lines(a, t[0], t[1], t[2], &v, &n);
		for (size_t i = 0; i < n; i++) {
			buf_text(&all[0], v[i].base);
			buf_text(&all[1], v[i].theirs);
			buf_text(&all[2], v[i].mine);
		}
		for (int k = 0; k < 3; k++)
			wrong += !text_eq(buf_view(&all[k]), t[k]);
		merge_lines(a, t[0], t[0], t[2], &v, &n);
		wrong += merge_print(&merged, v, n, "t", "m") != 0 ||
			 !text_eq(buf_view(&merged), t[2]);
		buf_clear(&merged);
		merge_lines(a, t[0], t[1], t[0], &v, &n);
		wrong += merge_print(&merged, v, n, "t", "m") != 0 ||
			 !text_eq(buf_view(&merged), t[1]);
		for (int k = 0; k < 3; k++)
			buf_free(&all[k]);
		buf_free(&merged);
	}
	is_i64(wrong, 0, "2000 random texts lose and invent nothing");
}

/* Too different to compare: one clash, and nothing lost. */
static void large(struct arena *a)
{
	struct buf b[3];
	struct merge_part *v;
	size_t n;

	for (int k = 0; k < 3; k++) {
		buf_init(&b[k], 1 << 20);
		buf_str(&b[k], "first\n");
		for (int i = 0; i < 5000; i++)
			buf_printf(&b[k], "%d %d\n", k, i);
		buf_str(&b[k], "last\n");
	}
	merge_lines(a, buf_view(&b[0]), buf_view(&b[1]), buf_view(&b[2]), &v, &n);
	is_i64((int64_t)n, 3, "what begins and ends alike, and one part between");
	is_i64(v[1].of, MERGE_CLASH, "which is a clash");
	is_i64((int64_t)(v[0].mine.n + v[1].mine.n + v[2].mine.n), (int64_t)b[2].n,
	       "nothing is lost");
	for (int k = 0; k < 3; k++)
		buf_free(&b[k]);
}

int main(void)
{
	struct arena *a = arena_new((size_t)256 << 20);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct merge_part *v;
		struct buf b;
		size_t n;

		buf_init(&b, 1 << 12);
		merge_lines(a, text_of(rows[i].base), text_of(rows[i].theirs),
			    text_of(rows[i].mine), &v, &n);
		is_i64((int64_t)merge_print(&b, v, n, "t", "m"), rows[i].clashes, "%s",
		       rows[i].name);
		is_text(buf_view(&b), rows[i].merged, "%s: the text", rows[i].name);
		buf_free(&b);
	}
	random_start();
	random_texts(a);
	large(a);
	arena_free(a);
	return tap_done();
}
