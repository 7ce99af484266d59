/* SPDX-License-Identifier: Apache-2.0 */
/* The baseline of the month bench: a bare libcsv pass over a file, every field handed to a callback that counts. */
#include <csv.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct count {
	uint64_t fields, rows, bytes;
};

static void field(void *p, size_t n, void *context)
{
	struct count *c = context;

	(void)p;
	c->fields++;
	c->bytes += n;
}

static void row(int end, void *context)
{
	struct count *c = context;

	(void)end;
	c->rows++;
}

int main(int argc, char **argv)
{
	static char chunk[256 * 1024];
	struct csv_parser parser;
	struct count c = {0, 0, 0};
	struct timespec from, to;
	FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
	size_t n;

	if (f == NULL || csv_init(&parser, CSV_STRICT) != 0)
		return 1;
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		if (csv_parse(&parser, chunk, n, field, row, &c) != n)
			return 1;
	(void)csv_fini(&parser, field, row, &c);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	csv_free(&parser);
	(void)fclose(f);
	printf("csv_rows %" PRIu64 "\ncsv_fields %" PRIu64 "\ncsv_ms %.3f\n", c.rows, c.fields,
	       (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6);
	return 0;
}
