/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which member of a document is called what in its JSON, of which type, and when it is left out: one table for writing, checking and
 * reading (engine/invoice_json.h). Rows are in the order of their keys, as canonical JSON wants them. Private to invoice_*.c.
 */
#ifndef ENGINE_INVOICE_SHAPE_H
#define ENGINE_INVOICE_SHAPE_H

#include "engine/invoice.h"

enum member_type {
	MEMBER_TEXT,
	MEMBER_INT,   /* int64_t; left out at 0 */
	MEMBER_ENTRY, /* int64_t; left out at -1 */
	MEMBER_INDEX, /* int; left out at -1 */
	MEMBER_MONEY, /* int64_t of minor units, "12.34" */
	MEMBER_BOOL,
	MEMBER_DAY,
	MEMBER_DAYS, /* "2026-06-01/2026-07-01" */
	MEMBER_INSTANT,
	MEMBER_DECIMAL,
	MEMBER_PRICE,    /* a decimal that is there if the bool at `n_at` is set */
	MEMBER_FRACTION, /* "1493/30", "12" */
	MEMBER_WEIGHT,   /* "14/28" */
	MEMBER_HASH,     /* 64 hex digits */
	MEMBER_WORD,     /* unsigned: an enum, by `word`; left out at 0 */
	MEMBER_WHAT,     /* uint16_t: enum step_what */
	MEMBER_CURRENCY,
	MEMBER_OBJECT,  /* a struct in place */
	MEMBER_LIST,    /* pointer to structs of shape `of`, count at `n_at` */
	MEMBER_TEXTS,   /* pointer to texts */
	MEMBER_NUMBERS, /* pointer to int64_t */
	MEMBER_SHARES,  /* `lines` and `shares` of a reduction */
	MEMBER_STEPS,
};

enum {
	MEMBER_ALWAYS = 1,    /* written whatever its value */
	MEMBER_OF_RECORD = 2, /* not of the substance (INVOICE_SUBSTANCE) */
};

struct shape;
struct member {
	const char *key;
	enum member_type type;
	unsigned flags;
	size_t at, n_at;
	const struct shape *of;
	const char *(*word)(unsigned);
	unsigned n_words;
};

struct shape {
	const char *name; /* for messages: "a line" */
	const struct member *v;
	size_t n, size;
};

extern const struct shape INVOICE_SHAPE;
extern const struct shape NOTE_SHAPE;

/* The key of a step's value by enum step_type, and how many types there are. */
enum { STEP_TYPES = STEP_IS_PCT + 1 };
const char *step_type_key(unsigned type);

/* A pointer to items, with their number at `n_at`; left out where there are none. */
static inline bool member_is_list(const struct member *m)
{
	return m->type == MEMBER_LIST || m->type == MEMBER_TEXTS || m->type == MEMBER_NUMBERS ||
	       m->type == MEMBER_SHARES || m->type == MEMBER_STEPS;
}
/* Is the member left out at its value? base: the struct that it is a member of. */
bool member_is_usual(const struct member *m, const char *base);
bool shape_is_usual(const struct shape *s, const char *base);
/* The value that a member has where it is left out. */
void member_set_usual(const struct member *m, char *base);

#endif
