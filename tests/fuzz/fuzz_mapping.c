/* SPDX-License-Identifier: Apache-2.0 */
/* Mapping files, and dates read by the forms in them. */
#include "fuzz_facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct text bytes = {(const char *)data, n};
	struct arena *a = arena_new(256u << 20);
	struct mapping *m = NULL;
	struct err err = {.line = 0};

	if (mapping_parse(a, text_of("fuzz.map"), bytes, &m, &err) != RC_OK) {
		MUST(err.message[0] != '\0' && err.file[0] != '\0');
	} else {
		struct date_reader r;
		struct stamp at;

		MUST(date_reader_init(&r, m->formats, m->n_formats, text_of("UTC"), NULL, &err) ==
		     RC_OK);
		/* The words of the file serve as dates, too. */
		for (size_t i = 0; i < m->states.n; i++)
			if (date_read(&r, m->states.v[i].from, &at) == DATE_OK)
				MUST(at.at >= INSTANT_MIN && at.at < INSTANT_MAX);
	}
	arena_free(a);
	return 0;
}
