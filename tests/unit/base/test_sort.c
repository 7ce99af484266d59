/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"

#include "base/attr.h"
#include "tap.h"

#include <stdint.h>
#include <string.h>

/* An element of any size: what it is sorted by, and where it stood. */
struct element {
	uint32_t key, place;
};

static int by_key(const void *p, const void *q)
{
	struct element x, y;

	memcpy(&x, p, sizeof(x));
	memcpy(&y, q, sizeof(y));
	return (x.key > y.key) - (x.key < y.key);
}

static int by_key_and_place(const void *p, const void *q)
{
	struct element x, y;
	int order = by_key(p, q);

	memcpy(&x, p, sizeof(x));
	memcpy(&y, q, sizeof(y));
	return order != 0 ? order : (x.place > y.place) - (x.place < y.place);
}

enum { MOST = 100, LARGEST = 300 };

static const struct {
	const char *name;
	size_t n, size;
	uint32_t keys; /* how many different ones */
	int (*compare)(const void *, const void *);
} cases[] = {
	{"one", 1, 8, 10, by_key},
	{"two", 2, 8, 2, by_key},
	{"as many as are few, of few keys", SORT_FEW, 8, 5, by_key},
	{"the largest of which are put in their place", SORT_FEW, SORT_SIZE, 7, by_key},
	{"one more", SORT_FEW + 1, 8, 1000, by_key_and_place},
	{"larger ones", 10, LARGEST, 1000, by_key_and_place},
	{"many", MOST, 24, 20, by_key_and_place},
};

static struct element element_at(const char *v, size_t i, size_t size)
{
	struct element e;

	memcpy(&e, v + i * size, sizeof(e));
	return e;
}

/* In order, those of one key as they stood, and each with the rest of its bytes. */
static bool is_sorted(const char *v, size_t n, size_t size)
{
	uint64_t places = 0;

	for (size_t i = 0; i < n; i++) {
		struct element e = element_at(v, i, size), before;

		places += (uint64_t)e.place * e.place + 1;
		for (size_t k = sizeof(e); k < size; k++)
			if (v[i * size + k] != (char)(e.place % 100))
				return false;
		if (i == 0)
			continue;
		before = element_at(v, i - 1, size);
		if (before.key > e.key || (before.key == e.key && before.place >= e.place))
			return false;
	}
	for (uint64_t i = 0; i < n; i++)
		places -= i * i + 1;
	return places == 0;
}

int main(void)
{
	static char v[MOST * LARGEST];

	for (size_t c = 0; c < ARRAY_SIZE(cases); c++) {
		size_t n = cases[c].n, size = cases[c].size;
		uint64_t state = 20261127;
		bool good = true;

		for (unsigned round = 0; round < 50; round++) {
			for (size_t i = 0; i < n; i++) {
				struct element e = {0, (uint32_t)i};

				state = state * 48271 % 2147483647;
				e.key = (uint32_t)(state % cases[c].keys);
				memset(v + i * size, (int)(i % 100), size);
				memcpy(v + i * size, &e, sizeof(e));
			}
			sort(v, n, size, cases[c].compare);
			good = good && is_sorted(v, n, size);
		}
		ok(good, "%s", cases[c].name);
	}
	sort(NULL, 0, 8, by_key);
	ok(true, "none");
	return tap_done();
}
