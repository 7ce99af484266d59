/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of a CSV file become; one file for each kind of rows. Seen by importers only. */
#ifndef FACTS_ROWS_H
#define FACTS_ROWS_H

#include "facts/intake.h"

/* The cells of a row, by what the mapping says they are for. */
struct cells {
	const struct text *fields;
	const int16_t *slot;       /* by enum column; -1: the mapping has no such column */
	const int16_t *field_slot; /* ROWS_FACTS, ROWS_COSTS: by enum fact_field; -1 */
	size_t n_fields;
	uint32_t line;
};

static inline struct text cell(const struct cells *c, enum column column)
{
	return c->slot[column] < 0 ? (struct text){"", 0} : c->fields[c->slot[column]];
}

/* A reader of rows. */
struct rows_ops {
	/* The columns are known. */
	void *(*open)(struct intake *in, const int16_t *slot);
	/* false: skipped, and a note says why. */
	bool (*row)(void *rows, const struct cells *c);
	/* The file has ended. */
	void (*end)(void *rows);
};

extern const struct rows_ops ticket_states_rows;
extern const struct rows_ops tickets_rows;
extern const struct rows_ops facts_rows;
extern const struct rows_ops samples_rows;
extern const struct rows_ops costs_rows;

/*
 * A cell's meaning remembered from the row before: most cells of a log repeat. Words longer than MEMO_MAX are not remembered.
 */
enum { MEMO_MAX = 47 };

struct memo {
	char bytes[MEMO_MAX];
	uint8_t n;
	bool set;
	symbol word;
	struct stamp stamp;
	const void *meaning;
};

bool memo_has(const struct memo *m, struct text t);
void memo_keep(struct memo *m, struct text t);

/* The symbol of a cell, 0 if it is empty or a mark for nothing. */
symbol memo_symbol(struct intake *in, struct memo *m, struct text t);
/* The same through a list of the mapping. */
symbol memo_word(struct intake *in, struct memo *m, const struct mapping_words *words,
		 struct text t);
symbol memo_priority(struct intake *in, struct memo *m, struct text t, uint32_t line);
/* false: no date, noted. */
bool memo_date(struct intake *in, struct memo *m, struct text t, const char *what, uint32_t line,
	       struct stamp *out);

/* A fact being put together. */
struct draft {
	struct fact fact;
	struct fact_value values[FACT_FIELDS_MAX];
};

void draft_begin(struct draft *d, enum fact_kind kind, struct stamp at, instant recorded_at,
		 enum party party, uint32_t line);
/* Nothing is added if the word is 0. */
void draft_word(struct draft *d, enum fact_field field, symbol word);
void draft_number(struct draft *d, enum fact_field field, int64_t number);
enum intake_result draft_add(struct draft *d, struct intake *in, symbol id);

#endif
