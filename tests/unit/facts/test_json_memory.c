/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Without memory a line of JSON is not malformed: the program ends (trust.md V3). An import once skipped a sound row, said that it was no
 * JSON, and ended with status 0, because jansson had got no memory for its text.
 */
#include "base/memory.h"
#include "facts/json_read.h"
#include "tap.h"

#include <sys/wait.h>
#include <unistd.h>

static void test_library_asks_here(void)
{
	json_malloc_t get = NULL;
	json_free_t give_back = NULL;
	struct err err = {.line = 0};

	json_memory();
	json_get_alloc_funcs(&get, &give_back);
	ok(get == memory_get && give_back == memory_give_back, "jansson takes its memory here");

	json_t *v = json_strict(text_of("{\"kind\": \"outage.began\"}"), &err);

	ok(v != NULL && text_is(json_member(v, "kind"), "outage.began"), "and reads as before");
	json_decref(v);
	ok(json_strict(text_of("{\"kind\": "), &err) == NULL, "what is malformed is refused");
}

/* In a process of its own, since it ends it: what it exits with, and its words. */
static int run_out(bool again, char *words, size_t n)
{
	int ends[2], status = 0;
	/* More than any machine has; volatile, or the compiler says so. */
	volatile size_t much = (size_t)1 << 62;
	size_t got = 0;

	if (pipe(ends) != 0)
		return -1;

	pid_t child = fork();

	if (child == 0) {
		(void)dup2(ends[1], STDERR_FILENO);
		if (again)
			memory_give_back(memory_get_again(NULL, much));
		else
			memory_give_back(memory_get(much));
		_exit(0);
	}
	(void)close(ends[1]);
	for (ssize_t k = 1; k > 0 && got + 1 < n; got += k > 0 ? (size_t)k : 0)
		k = read(ends[0], words + got, n - 1 - got);
	words[got] = '\0';
	(void)close(ends[0]);
	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_none_left(void)
{
	char words[4096];

	for (int again = 0; again < 2; again++) {
		int status = run_out(again == 1, words, sizeof(words));

		/* A sanitizer's own allocator ends the program by itself, in its own words. */
		const char *wanted = status == 65 ? "no memory is left" : "Sanitizer";

		ok(status > 0 && text_has(text_of(words), text_of(wanted)),
		   "memory_get%s: none is left, the program says so and ends (%d)",
		   again == 1 ? "_again" : "", status);
	}
}

int main(void)
{
	test_library_asks_here();
	test_none_left();
	return tap_done();
}
