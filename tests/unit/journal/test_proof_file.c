/* SPDX-License-Identifier: Apache-2.0 */
/* C2SP tlog-proof files: the one of trust.md 2.4 to the byte, and what is refused (J15, J16). */
#include "journal/note.h"

#include "tap.h"

#include <string.h>

#define NOTE                                                                                       \
	"tenor.example.net/log/019ca6b1-dc00-7000-8000-000000000001\n3\n"                          \
	"E3tvF/VIRcCWCrZVwrFhazSwlRkwv0Y6hHWdgHbhAag=\n\n"                                         \
	"\xe2\x80\x94 tenor.example.net/log/019ca6b1-dc00-7000-8000-000000000001 "                 \
	"J54Ogy3/+USQ/O7Cc7LeAoRfYmLQfQcRv0vIOSZr0/qtyVWSQ9P14pgzNYKM8C0gMo/Z+"                    \
	"kKdz33Ym04Usl/48UfJgw8=\n"                                                                \
	"\xe2\x80\x94 client.example.org/it "                                                      \
	"/+DaYQAAAABppVGQ1yPrN3XvD73hHsqLcCXMAbV3AdF6VP+"                                          \
	"vGZRsda1GbgGgjpc+8Tf1SJe+Ql5Yw4A3E7bJ6qxOWkekrJhVfFkaBg==\n"
#define FIRST "c2sp.org/tlog-proof@v1\n"
#define HASH "E3tvF/VIRcCWCrZVwrFhazSwlRkwv0Y6hHWdgHbhAag=\n"

static void example(struct hasher *h)
{
	struct proof p = {.n = 2};
	struct proof_file f = {.index = -1};
	struct err err = {.line = 0};
	struct hash leaf, root;
	struct buf out;

	ok(hash_parse(text_of("c6c2ea91e1b2a9d2785f06245bef970386aaad8a476ebb56da0c04969057971e"),
		      &p.v[0]) &&
		   hash_parse(text_of("824b3695176334cffdf1073885448a961e8907f6bc4be8b1d03383eb1cd6"
				      "34c2"),
			      &p.v[1]) &&
		   hash_parse(text_of("4c900a4434e65a260d7942fd6e5529ab74431694993f90c2b8e923e36327"
				      "a0b1"),
			      &leaf) &&
		   hash_parse(text_of("137b6f17f54845c0960ab655c2b1616b34b0951930bf463a84759d8076e1"
				      "01a8"),
			      &root),
	   "hashes of the example");
	buf_init(&out, 2000);
	proof_file_print(1, &p, text_of(NOTE), &out);
	is_i64((int64_t)out.n, 516, "516 bytes");
	ok(text_starts(buf_view(&out),
		       FIRST "index 1\nxsLqkeGyqdJ4XwYkW++XA4aqrYpHbrtW2gwElpBXlx4=\n"),
	   "its first lines");
	ok(proof_file_parse(buf_view(&out), &f, &err) == RC_OK, "reads: %s", err.message);
	is_i64(f.index, 1, "index");
	is_text(f.note, NOTE, "note");
	ok(f.proof.n == 2 && hash_eq(&f.proof.v[0], &p.v[0]) && hash_eq(&f.proof.v[1], &p.v[1]),
	   "hashes");
	ok(merkle_verify_inclusion(h, f.index, 3, &leaf, f.proof.v, f.proof.n, &root, &err) ==
		   RC_OK,
	   "and proves leaf 1");
	buf_free(&out);
}

static void refused(void)
{
	static const struct {
		const char *bytes, *message;
	} bad[] = {
		{"", "not a proof file"},
		{"c2sp.org/tlog-proof@v1", "not a proof file"},
		{"c2sp.org/tlog-proof@v2\nindex 1\n\n" NOTE, "not a proof file"},
		{FIRST, "proof file ends after its first line"},
		{FIRST "index 01\n\n" NOTE, "line 'index 01' of a proof file is no index"},
		{FIRST "index -1\n\n" NOTE, "is no index"},
		{FIRST "index\n\n" NOTE, "is no index"},
		{FIRST "Index 1\n\n" NOTE, "is no index"},
		{FIRST "index 9007199254740992\n\n" NOTE, "is no index"},
		{FIRST HASH "index 1\n\n" NOTE, "is no index"},
		{FIRST "index 1\n" NOTE, "hash 1 of a proof is not base64"},
		{FIRST "index 1\n" HASH, "no blank line before its checkpoint"},
		{FIRST "index 1\n" HASH "E3tvF/VIRcCWCrZVwrFhazSwlRkwv0Y6hHWdgHbhAah=\n\n" NOTE,
		 "hash 2 of a proof is not base64"},
		{FIRST "index 1\nE3tvF/VIRcCWCrZVwrFhazSwlRkwv0Y6hHWdgHbh\n\n" NOTE,
		 "hash 1 of a proof"},
		{FIRST "index 1\n" HASH "\n", "proof file has no checkpoint"},
		{FIRST "extra !\nindex 1\n\n" NOTE, "'extra' of a proof file is not base64"},
		{FIRST "extra AAAA\n", "proof file ends after 'extra'"},
		{FIRST "extra AAAA\nextra AAAA\nindex 1\n\n" NOTE, "is no index"},
	};
	struct proof_file f;
	struct buf out;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		err_clear(&err);
		ok(proof_file_parse(text_of(bad[i].bytes), &f, &err) == RC_INVALID &&
			   strstr(err.message, bad[i].message) != NULL,
		   "refused: %s", err.message);
	}
	ok(proof_file_parse(text_of(FIRST "extra AAAA\nindex 0\n\n" NOTE), &f, &err) == RC_OK &&
		   f.proof.n == 0 && f.index == 0,
	   "a line of another program's data is skipped; a log of one leaf needs no hash");
	buf_init(&out, 1 << 20);
	buf_str(&out, FIRST "index 5\n");
	for (int i = 0; i < PROOF_HASHES_MAX; i++)
		buf_str(&out, HASH);
	buf_str(&out, "\n" NOTE);
	ok(proof_file_parse(buf_view(&out), &f, &err) == RC_OK && f.proof.n == PROOF_HASHES_MAX,
	   "63 hashes");
	buf_clear(&out);
	buf_str(&out, FIRST "index 5\n");
	for (int i = 0; i <= PROOF_HASHES_MAX; i++)
		buf_str(&out, HASH);
	buf_str(&out, "\n" NOTE);
	err_clear(&err);
	ok(proof_file_parse(buf_view(&out), &f, &err) == RC_INVALID, "64: %s", err.message);
	while (out.n <= (size_t)2 * NOTE_MAX_BYTES)
		buf_str(&out, HASH);
	err_clear(&err);
	ok(proof_file_parse(buf_view(&out), &f, &err) == RC_LIMIT, "too large: %s", err.message);
	buf_free(&out);
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);
	struct hasher *h = hasher_new(a);

	example(h);
	refused();
	hasher_free(h);
	arena_free(a);
	return tap_done();
}
