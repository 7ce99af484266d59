/* SPDX-License-Identifier: Apache-2.0 */
/* What an import has to say, as text. */
#include "facts/import.h"

#include <assert.h>

static const struct {
	const char *code;
	char severity;
	const char *help;
} codes[IMPORT_CODE_COUNT] = {
#define IMPORT_CODE(name, code, severity, help) [IMPORT_##name] = {code, severity, help},
	IMPORT_CODES(IMPORT_CODE)
#undef IMPORT_CODE
};

const char *import_code_word(enum import_code c)
{
	assert((unsigned)c < IMPORT_CODE_COUNT);
	return codes[c].code;
}

char import_code_severity(enum import_code c)
{
	assert((unsigned)c < IMPORT_CODE_COUNT);
	return codes[c].severity;
}

const char *import_code_help(enum import_code c)
{
	assert((unsigned)c < IMPORT_CODE_COUNT);
	return codes[c].help;
}

static void print_span(const struct import_report *r, struct buf *out)
{
	if (r->covers.from >= r->covers.to) {
		buf_str(out,
			"observes: nothing by itself; outside what facts say, nothing is known\n");
		return;
	}
	buf_str(out, "observes: ");
	instant_print(out, r->covers.from);
	buf_str(out, " to ");
	instant_print(out, r->covers.to);
	buf_str(out, r->covers_told ? ", as told\n" : ", its first to its last record\n");
}

static void print_flags(const struct import_report *r, struct buf *out)
{
	bool any = false;

	for (unsigned bit = 0; bit < FACT_FLAG_BITS; bit++) {
		if (r->flagged[bit] == 0)
			continue;
		buf_printf(out, "%s %s %llu",
			   any ? "," : "flagged:", flag_word((enum fact_flag)(1u << bit)),
			   (unsigned long long)r->flagged[bit]);
		any = true;
	}
	buf_str(out, any ? "\n" : "flagged: none\n");
}

static void print_notes(const struct import_report *r, enum import_code c, struct buf *out)
{
	size_t shown = 0;

	if (r->counts[c] == 0)
		return;
	buf_printf(out, "%s: %s: %llu\n", codes[c].code, codes[c].help,
		   (unsigned long long)r->counts[c]);
	for (size_t i = 0; i < r->n_notes; i++) {
		const struct import_note *n = &r->notes[i];

		if (n->code != c)
			continue;
		if (n->line > 0)
			buf_printf(out, "  line %u: %.*s\n", n->line, TEXT_ARG(n->text));
		else
			buf_printf(out, "  %.*s\n", TEXT_ARG(n->text));
		shown++;
	}
	if (shown < r->counts[c])
		buf_printf(out, "  and %llu more\n", (unsigned long long)(r->counts[c] - shown));
}

static void print_costs(const struct import_report *r, struct buf *out)
{
	for (size_t i = 0; i < r->n_costs; i++) {
		const struct cost_sum *s = &r->costs[i];
		struct civil month = civil_of(s->month);

		buf_printf(out, "costs: %04d-%02d, charge %.*s%s%.*s: %llu, ", (int)month.year,
			   (int)month.month, TEXT_ARG(s->charge), s->supplier.n > 0 ? ", " : "",
			   TEXT_ARG(s->supplier), (unsigned long long)s->costs);
		if (s->too_large)
			buf_str(out, "a sum too large to be told");
		else
			exact_print(out, s->sum);
		buf_printf(out, " %.*s\n", TEXT_ARG(s->currency));
	}
}

void import_report_print(const struct import_report *r, struct buf *out)
{
	buf_printf(out, "%.*s: read as %.*s\n", TEXT_ARG(r->name), TEXT_ARG(r->format));
	buf_printf(out, "rows: %llu read, %llu taken, %llu skipped\n",
		   (unsigned long long)r->rows_read, (unsigned long long)r->taken,
		   (unsigned long long)r->skipped);
	buf_printf(out, "facts: %llu new, %llu already there, %llu in conflict\n",
		   (unsigned long long)r->facts, (unsigned long long)r->duplicates,
		   (unsigned long long)r->conflicts);
	if (r->zone.n > 0)
		buf_printf(out, "dates without an offset: read as %.*s\n", TEXT_ARG(r->zone));
	if (!r->recorded_known)
		buf_str(out,
			"time of recording: not in the file; taken to be the time of occurrence\n");
	print_span(r, out);
	print_flags(r, out);
	for (unsigned c = 0; c < IMPORT_CODE_COUNT; c++)
		print_notes(r, (enum import_code)c, out);
	print_costs(r, out);
	for (size_t i = 0; i < r->n_reported; i++) {
		const struct reported_figure *f = &r->reported[i];

		buf_printf(out, "as reported: %.*s, %.*s: %.*s\n", TEXT_ARG(f->subject),
			   TEXT_ARG(f->period), TEXT_ARG(f->value));
	}
}
