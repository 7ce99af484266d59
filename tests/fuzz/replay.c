/* SPDX-License-Identifier: Apache-2.0 */
/* Replays stored inputs through a fuzz target, one TAP line a file: the fuzz corpus is part of the normal test run. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1 << 20, FILES_MAX = 10000 };

static int by_name(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

int main(int argc, char **argv)
{
	static char *names[FILES_MAX];
	static uint8_t bytes[INPUT_MAX];
	size_t n = 0;
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;

	if (dir == NULL) {
		printf("1..0 # SKIP no corpus\n");
		return 1;
	}
	for (struct dirent *e; (e = readdir(dir)) != NULL && n < FILES_MAX;) {
		size_t length = strlen(argv[1]) + strlen(e->d_name) + 2;

		if (e->d_name[0] == '.')
			continue;
		names[n] = malloc(length);
		if (names[n] == NULL)
			return 1;
		(void)snprintf(names[n++], length, "%s/%s", argv[1], e->d_name);
	}
	(void)closedir(dir);
	qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n; i++) {
		FILE *f = fopen(names[i], "rb");
		size_t size = f == NULL ? 0 : fread(bytes, 1, sizeof(bytes), f);

		if (f != NULL)
			(void)fclose(f);
		/* A failure ends the program by itself: an assert or a sanitizer. */
		(void)LLVMFuzzerTestOneInput(bytes, size);
		printf("ok %zu - %s\n", i + 1, names[i]);
		free(names[i]);
	}
	printf("1..%zu\n", n);
	return n == 0;
}
