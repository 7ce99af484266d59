/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "tap.h"

#include <sys/wait.h>
#include <unistd.h>

static bool is_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* Bytes taken in pieces of that size, each zeroed when it comes, and dirty afterwards. */
static bool fill(struct arena *a, size_t piece, size_t pieces)
{
	bool zero = true;

	for (size_t i = 0; i < pieces; i++) {
		unsigned char *p = arena_alloc(a, piece);

		zero = zero && is_zero(p, piece) && (uintptr_t)p % 16 == 0;
		memset(p, 0xa5, piece);
	}
	return zero;
}

/* Rounds of one arena: how much each takes; the rounds before and after meet other blocks. */
static const struct {
	const char *name;
	size_t piece, pieces;
} rounds[] = {
	{"a little", 24, 10},
	{"the first block and more", 1000, 100},
	{"a little again", 24, 10},
	{"some megabytes in one piece", 5 << 20, 1},
	{"little after much", 40, 100},
	{"many blocks", 100000, 150},
	{"nothing", 1, 0},
	{"as much as before", 100000, 150},
	{"a block that is kept, to its end", 64 * 1024, 1},
	{"after it", 16, 3},
};

_Noreturn static void tell_full(size_t limit_bytes)
{
	_Exit(limit_bytes == 1000 ? 7 : 8);
}

/* One that is made like another has its limit, and tells of it in the same way: the program ends as it says, not by abort. */
static void like_another(void)
{
	struct arena *a = arena_new(1000), *b;
	int status = 0;
	pid_t child;

	arena_on_full(a, tell_full);
	b = arena_like(a);
	ok(arena_limit_bytes(b) == 1000 && arena_used_bytes(b) == 0, "the same limit, nothing used");
	(void)fflush(stdout);
	child = fork();
	if (child == 0) {
		(void)arena_alloc(b, 1001);
		_Exit(9);
	}
	ok(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
		   WEXITSTATUS(status) == 7,
	   "and the same who is told of passing it");
	arena_free(b);
	arena_free(a);
}

int main(void)
{
	struct arena *a = arena_new(64 << 20);
	char *again;

	arena_clear(a);
	is_i64((int64_t)arena_used_bytes(a), 0, "nothing was handed out");
	for (size_t i = 0; i < ARRAY_SIZE(rounds); i++) {
		bool zero = fill(a, rounds[i].piece, rounds[i].pieces);

		ok(zero, "%s: zeroed and aligned", rounds[i].name);
		ok(arena_used_bytes(a) >= rounds[i].piece * rounds[i].pieces,
		   "%s: counted from nothing", rounds[i].name);
		arena_clear(a);
		is_i64((int64_t)arena_used_bytes(a), 0, "%s: all is given back", rounds[i].name);
	}
	/* Another size each time, so that what is handed out lies across what was dirty before, and beyond. */
	for (size_t round = 0; round < 2 * ARRAY_SIZE(rounds); round++) {
		size_t i = round % ARRAY_SIZE(rounds);
		bool zero = fill(a, rounds[i].piece, rounds[i].pieces);

		ok(zero, "%s: zeroed and aligned in the blocks of before", rounds[i].name);
		if (i % 3 == 2)
			arena_clear(a);
		else
			arena_rewind(a);
		is_i64((int64_t)arena_used_bytes(a), 0, "%s: all of that is given back",
		       rounds[i].name);
	}
	arena_clear(a);
	/* the limit is for what is handed out now, not for what ever was */
	for (size_t i = 0; i < 5; i++) {
		(void)arena_alloc(a, 60 << 20);
		arena_clear(a);
	}
	ok(true, "the limit counts anew");
	(void)fill(a, 100, 3);
	arena_clear(a);
	again = arena_copy(a, "abc", 3);
	ok(memcmp(again, "abc", 4) == 0, "it serves as before");
	like_another();
	arena_free(a);
	return tap_done();
}
