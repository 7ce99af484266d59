/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives stored inputs to a fuzz target without a fuzzer: replay CORPUS runs each, one TAP line a file. replay --linear MS CORPUS holds that time is
 * linear (trust.md V6: an input twice as long takes less than three times as long): a piece of an input is repeated where it stands until
 * 64 KiB are there, and 128, for so many milliseconds of pieces drawn by TENOR_SEED (1 where none is told). What looks slower is measured again, and with 256 KiB.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	INPUT_MAX = 1 << 20,
	FILES_MAX = 10000,
	SHORT = 64 << 10,
	PIECE_MAX = 4 << 10,
	TIMES = 3, /* as long is too long for twice the input */
	TURNS = 5, /* of which the quickest counts, where it matters */
};

#define NOTICED_NS INT64_C(2000000) /* less tells nothing of how time grows */

static struct {
	uint8_t *p;
	size_t n;
	const char *name;
} files[FILES_MAX];
static size_t n_files;

static int by_name(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

static void must(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

static void read_file(const char *name)
{
	FILE *f = fopen(name, "rb");
	uint8_t *p = malloc(INPUT_MAX);

	must(f != NULL && p != NULL, name);
	files[n_files].n = fread(p, 1, INPUT_MAX, f);
	files[n_files].p = p;
	files[n_files++].name = name;
	(void)fclose(f);
}

static void read_corpus(const char *folder)
{
	static char *names[FILES_MAX];
	DIR *dir = opendir(folder);
	size_t n = 0;

	must(dir != NULL, folder);
	for (struct dirent *e; (e = readdir(dir)) != NULL && n < FILES_MAX;) {
		size_t length = strlen(folder) + strlen(e->d_name) + 2;

		if (e->d_name[0] == '.')
			continue;
		names[n] = malloc(length);
		must(names[n] != NULL, "malloc");
		(void)snprintf(names[n++], length, "%s/%s", folder, e->d_name);
	}
	(void)closedir(dir);
	qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n; i++)
		read_file(names[i]);
}

/* --- is time linear? --- */

static uint64_t state;

static uint64_t draw(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

static int64_t cpu_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* A piece of a file: from one delimiter to the next one, or one further on. */
struct piece {
	size_t file, from, to;
};

static int ends_piece(uint8_t c)
{
	return c == '\0' || strchr("\n,;&{}[]<> |=:\"", c) != NULL;
}

static struct piece draw_piece(void)
{
	struct piece x = {(size_t)draw(n_files), 0, 0};
	size_t n = files[x.file].n, more = (size_t)draw(4);
	const uint8_t *p = files[x.file].p;

	if (n == 0)
		return x;
	x.from = (size_t)draw(n);
	/* Half of them are whole lines. */
	while (x.from > 0 && (draw(2) == 0 ? p[x.from - 1] != '\n' : !ends_piece(p[x.from - 1])))
		x.from--;
	x.to = x.from;
	do {
		while (x.to < n && !ends_piece(p[x.to]))
			x.to++;
		if (x.to < n)
			x.to++;
	} while (more-- > 0 && x.to < n && x.to - x.from < PIECE_MAX);
	return x;
}

/* The file with its piece so often that about `size` bytes of it are there; its length. */
static size_t repeat(const struct piece *x, size_t size, uint8_t *out)
{
	const uint8_t *p = files[x->file].p;
	size_t n = files[x->file].n, length = x->to - x->from, at = x->to;

	memcpy(out, p, x->to);
	for (; at - x->from + length <= size && at + length + n <= INPUT_MAX; at += length)
		memcpy(out + at, p + x->from, length);
	memcpy(out + at, p + x->to, n - x->to);
	return at + n - x->to;
}

static int64_t quickest(const struct piece *x, size_t size, int turns)
{
	static uint8_t bytes[2 * INPUT_MAX];
	size_t n = repeat(x, size, bytes);
	int64_t best = INT64_MAX;

	for (int i = 0; i < turns; i++) {
		int64_t began = cpu_ns(), took;

		(void)LLVMFuzzerTestOneInput(bytes, n);
		took = cpu_ns() - began;
		best = took < best ? took : best;
	}
	return best;
}

static int grows(const struct piece *x, size_t size, int turns)
{
	int64_t once = quickest(x, size, turns), twice = quickest(x, 2 * size, turns);

	return twice > NOTICED_NS && twice > TIMES * once;
}

static int too_slow(const struct piece *x)
{
	return grows(x, SHORT, 1) && grows(x, SHORT, TURNS) && grows(x, 2 * SHORT, TURNS);
}

static void tell(const struct piece *x)
{
	const uint8_t *p = files[x->file].p;

	printf("#   %s: bytes %zu to %zu, repeated: '", files[x->file].name, x->from, x->to);
	for (size_t i = x->from; i < x->to && i < x->from + 80; i++)
		printf(p[i] >= ' ' && p[i] < 127 ? "%c" : "\\x%02x", p[i]);
	printf("', take %" PRId64 ", %" PRId64 ", %" PRId64 " us for 64, 128, 256 KiB\n",
	       quickest(x, SHORT, TURNS) / 1000, quickest(x, 2 * SHORT, TURNS) / 1000,
	       quickest(x, 4 * SHORT, TURNS) / 1000);
}

static int linear(int64_t most_ms)
{
	const char *seed = getenv("TENOR_SEED");
	int64_t until = cpu_ns() + most_ms * 1000000;
	size_t n = 0;
	int bad = 0;

	state = seed == NULL ? 1 : strtoull(seed, NULL, 10);
	printf("# seed %" PRIu64 "\n", state);
	for (; cpu_ns() < until && bad < 3; n++) {
		struct piece x = draw_piece();

		if (x.to == x.from || !too_slow(&x))
			continue;
		if (bad++ == 0)
			printf("not ok 1 - twice as much takes less than three times as long\n");
		tell(&x);
	}
	if (bad == 0 && n > 0)
		printf("ok 1 - twice as much takes less than three times as long, %zu pieces of "
		       "%zu inputs\n",
		       n, n_files);
	printf("1..1\n");
	return bad > 0 || n == 0;
}

int main(int argc, char **argv)
{
	int timed = argc == 4 && strcmp(argv[1], "--linear") == 0;

	if (argc != 2 && !timed) {
		printf("1..0 # SKIP no corpus\n");
		return 1;
	}
	read_corpus(argv[argc - 1]);
	must(n_files > 0, "an empty corpus");
	if (timed)
		return linear(strtoll(argv[2], NULL, 10));
	for (size_t i = 0; i < n_files; i++) {
		/* A failure ends the program by itself: an assert or a sanitizer. */
		(void)LLVMFuzzerTestOneInput(files[i].p, files[i].n);
		printf("ok %zu - %s\n", i + 1, files[i].name);
	}
	printf("1..%zu\n", n_files);
	return 0;
}
