/* SPDX-License-Identifier: Apache-2.0 */
/* The table of facts.def as enums and rows: fields, kinds of facts, and the events that a metric may name. */
#ifndef FACTS_KINDS_H
#define FACTS_KINDS_H

#include "base/text.h"

enum fact_field {
#define FIELD(name, key, type, help) FIELD_##name,
#include "facts/facts.def"
	FIELD_COUNT
};

enum fact_kind {
#define FACT(name, kind, subject, rank, birth, help, ...) FACT_##name,
#include "facts/facts.def"
	FACT_COUNT
};

enum fact_event {
#define EVENT(name, text, flags, kind, help) EVENT_##name,
#include "facts/facts.def"
	EVENT_COUNT
};

enum field_type {
	FIELD_SYMBOL,
	FIELD_TEXT,
	FIELD_INSTANT,
	FIELD_BOOL,
	FIELD_INT,
	FIELD_DECIMAL,
	FIELD_SYMBOLS
};

enum event_flag {
	EVENT_START = 1,
	EVENT_STOP = 2,
	EVENT_STATE = 4,
	EVENT_VALUE = 8,
	EVENT_TEST = 16
};

enum { FACT_FIELDS_MAX = 10 };

struct field_row {
	const char *key;
	enum field_type type;
	const char *help;
	bool record; /* only kinds of the record itself have it: no file does */
};

/* A field of a kind, and whether it must be there. */
struct fact_slot {
	enum fact_field field;
	bool required;
};

struct fact_row {
	const char *kind;
	enum fact_field subject; /* the field that says what the fact is about */
	int rank, birth;         /* sla.md R15, R16 */
	const char *help;
	struct fact_slot fields[FACT_FIELDS_MAX];
	size_t n_fields;
	bool record; /* the record speaks of itself: only Tenor writes it (trust.md section 2) */
};

struct event_row {
	const char *name;
	unsigned flags;
	enum fact_kind kind;
	const char *help;
};

const struct field_row *field_row(enum fact_field f);
const struct fact_row *fact_row(enum fact_kind k);
const struct event_row *event_row(enum fact_event e);

/* false: unknown. Of fields that files may hold; of all kinds; of events. */
bool field_find(struct text key, enum fact_field *out);
bool fact_kind_find(struct text kind, enum fact_kind *out);
bool event_find(struct text name, enum fact_event *out);
/* The field that a kind knows by this key; two fields may share a key ("to"), never in one kind. */
bool fact_field_find(enum fact_kind kind, struct text key, enum fact_field *out);

/* The words that a field of a kind knows, "up/down/degraded/unknown"; NULL: any. Is t one of them? */
const char *field_words(enum fact_kind kind, enum fact_field field);
bool field_knows(enum fact_kind kind, enum fact_field field, struct text t);

/* What was meant by an unknown word: the nearest kind that files may hold, or key of a kind; empty if none is near. */
struct text fact_kind_nearest(struct text kind);
struct text fact_field_nearest(enum fact_kind kind, struct text key);

#endif
