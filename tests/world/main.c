/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program in a world that a test sets: its clock and its random bytes come from TENOR_TEST_NOW (an instant) and TENOR_TEST_SEED (any
 * word), the folder of settings from TENOR_TEST_SETTINGS. The same three give the same bytes. Not installed; the real program has no
 * way to set its clock.
 */
#include "base/sha256.h"
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test_world {
	instant now;
	char seed[200];
	unsigned counter;
};

static instant now(void *context)
{
	return ((struct test_world *)context)->now;
}

static void fill(void *context, unsigned char *out, size_t n)
{
	struct test_world *w = context;
	unsigned char digest[SHA256_BYTES];
	char text[300];

	while (n > 0) {
		size_t part = n < sizeof(digest) ? n : sizeof(digest);
		int length = snprintf(text, sizeof(text), "%s/%lld/%u", w->seed, (long long)w->now,
				      w->counter++);

		sha256((struct text){text, (size_t)length}, digest);
		memcpy(out, digest, part);
		out += part;
		n -= part;
	}
}

int main(int argc, char **argv)
{
	static struct test_world w;
	const char *at = getenv("TENOR_TEST_NOW"), *seed = getenv("TENOR_TEST_SEED"),
		   *settings = getenv("TENOR_TEST_SETTINGS");
	struct world world = {&w, now, {&w, fill}, text_of(settings), world_threads_asked()};
	struct err err = {.line = 0};
	bool minutes;

	if (at == NULL || seed == NULL || settings == NULL ||
	    instant_parse(text_of(at), &w.now, &minutes, &err) != RC_OK) {
		(void)fprintf(
			stderr,
			"TENOR_TEST_NOW, TENOR_TEST_SEED and TENOR_TEST_SETTINGS must be set\n");
		return 70;
	}
	(void)snprintf(w.seed, sizeof(w.seed), "%s", seed);
	return cli_run(argc, argv, &world);
}
