/* SPDX-License-Identifier: Apache-2.0 */
/* The worked example of trust.md 2.4, byte by byte, and a source of leaves in memory. */
#ifndef TEST_JOURNAL_EXAMPLE_H
#define TEST_JOURNAL_EXAMPLE_H

#include "journal/merkle.h"
#include "tap.h"

#include <string.h>

/* clang-format off */
UNUSED static const char *const example_entries[3] = {
	"{\"actor\":\"u_4m2q9r7x1c8v3k6t\",\"body\":{\"version\":\"73fa1ee242af065471a628ac4ccda8842d338d888"
	"a3d276a5500777ed3526e4c\"},\"id\":\"019cad8f-ac00-7001-8000-000000000001\",\"kind\":\"version_agre"
	"ed\",\"log\":\"019ca6b1-dc00-7000-8000-000000000001\",\"occurred_at\":\"2026-03-02T08:00:00.000Z\","
	"\"party\":\"provider\",\"recorded_at\":\"2026-03-02T08:00:00.412Z\",\"v\":1}",
	"{\"actor\":\"u_8c1v5z2k9p7d3h0w\",\"body\":{\"priority\":\"p2\",\"service\":\"printing\",\"ticket\":\"T-1\"}"
	",\"contract\":\"73fa1ee242af065471a628ac4ccda8842d338d888a3d276a5500777ed3526e4c\",\"id\":\"019ca"
	"dab-2340-7002-8000-000000000002\",\"kind\":\"ticket_opened\",\"log\":\"019ca6b1-dc00-7000-8000-000"
	"000000001\",\"occurred_at\":\"2026-03-02T08:30:00.000Z\",\"party\":\"client\",\"priv\":{\"text\":{\"comm"
	"it\":\"31030ff95459174927323a886e872c853ef51237005e3f3e238a4abd4f645062\",\"subject\":\"s_7h3d0w"
	"5n2b9j4f1y\"}},\"recorded_at\":\"2026-03-02T08:30:02.007Z\",\"v\":1}",
	"{\"actor\":\"u_4m2q9r7x1c8v3k6t\",\"body\":{\"ticket\":\"T-1\"},\"contract\":\"73fa1ee242af065471a628ac"
	"4ccda8842d338d888a3d276a5500777ed3526e4c\",\"id\":\"019cadb5-aa90-7003-8000-000000000003\",\"kin"
	"d\":\"ticket_responded\",\"log\":\"019ca6b1-dc00-7000-8000-000000000001\",\"occurred_at\":\"2026-03-"
	"02T08:41:30.000Z\",\"party\":\"provider\",\"recorded_at\":\"2026-03-02T08:41:30.950Z\",\"v\":1}",
};
/* clang-format on */

#define EXAMPLE_LEAF_0 "c6c2ea91e1b2a9d2785f06245bef970386aaad8a476ebb56da0c04969057971e"
#define EXAMPLE_LEAF_1 "4c900a4434e65a260d7942fd6e5529ab74431694993f90c2b8e923e36327a0b1"
#define EXAMPLE_LEAF_2 "824b3695176334cffdf1073885448a961e8907f6bc4be8b1d03383eb1cd634c2"
#define EXAMPLE_ROOT_2 "7eb8429326b1eea78828e7710c9a2f013ec594930d3f060b70fc31b0449f932d"
#define EXAMPLE_ROOT_3 "137b6f17f54845c0960ab655c2b1616b34b0951930bf463a84759d8076e101a8"
#define EXAMPLE_FLIPPED "6a33f39eae9c4331698bb4b2aedf46c3d40f07c094da4a950b1db7151126e7f5"

/* Hashes of leaves in an array. Counts what is read, and fails at a leaf if told to. */
struct leaf_array {
	const struct hash *v;
	int64_t n;
	int64_t read, calls, fail_at; /* fail_at < 0: never */
	size_t largest;
	unsigned char *seen; /* how often each was read; may be NULL */
};

UNUSED static enum rc leaf_array_read(void *context, int64_t from, size_t n, struct hash *out,
				      struct err *err)
{
	struct leaf_array *a = context;

	if (from < 0 || n == 0 || from + (int64_t)n > a->n)
		return err_set(err, RC_IO, "read of leaves beyond the end");
	if (a->fail_at >= from && a->fail_at < from + (int64_t)n)
		return err_set(err, RC_IO, "leaf unreadable");
	memcpy(out, a->v + from, n * sizeof(*out));
	a->read += (int64_t)n;
	a->calls++;
	if (n > a->largest)
		a->largest = n;
	for (size_t i = 0; a->seen != NULL && i < n; i++)
		a->seen[from + (int64_t)i]++;
	return RC_OK;
}

/* Leaves of n entries "entry 0", "entry 1", ... */
UNUSED static struct hash *numbered_leaves(struct arena *a, struct hasher *h, int64_t n)
{
	struct hash *v = arena_array(a, struct hash, (size_t)n);

	for (int64_t i = 0; i < n; i++) {
		char text[40];
		int length = snprintf(text, sizeof(text), "entry %" PRId64, i);

		v[i] = merkle_leaf(h, (struct text){text, (size_t)length});
	}
	return v;
}

UNUSED static bool hash_is(const struct hash *got, const char *want, const char *name)
{
	char hex[SHA256_HEX + 1];

	hash_hex(got, hex);
	return is_text(text_of(hex), want, "%s", name);
}

#endif
