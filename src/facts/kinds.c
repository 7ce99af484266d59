/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of facts.def, and the search for a word among them. */
#include "facts/kinds.h"

#include <assert.h>
#include <string.h>

static const struct field_row fields[FIELD_COUNT] = {
#define FIELD(name, key, type, help) [FIELD_##name] = {key, FIELD_##type, help, false},
#define RECORD_FIELD(name, key, type, help) [FIELD_##name] = {key, FIELD_##type, help, true},
#include "facts/facts.def"
};

/* Lengths of the words above: most words differ in it, so a search compares few. */
static const uint8_t field_lengths[FIELD_COUNT] = {
#define FIELD(name, key, type, help) [FIELD_##name] = sizeof(key) - 1,
#include "facts/facts.def"
};

#define F_REQ(name)                                                                                \
	{                                                                                          \
		FIELD_##name, true                                                                 \
	}
#define F_OPT(name)                                                                                \
	{                                                                                          \
		FIELD_##name, false                                                                \
	}

#define ROW(name, kind, subject, rank, birth, help, record, ...)                                   \
	[FACT_##name] = {kind,                                                                     \
			 FIELD_##subject,                                                          \
			 rank,                                                                     \
			 birth,                                                                    \
			 help,                                                                     \
			 {__VA_ARGS__},                                                            \
			 ARRAY_SIZE(((const struct fact_slot[]){__VA_ARGS__})),                    \
			 record},

static const struct fact_row facts[FACT_COUNT] = {
#define FACT(name, kind, subject, rank, birth, help, ...)                                          \
	ROW(name, kind, subject, rank, birth, help, false, __VA_ARGS__)
#define RECORD(name, kind, subject, rank, birth, help, ...)                                        \
	ROW(name, kind, subject, rank, birth, help, true, __VA_ARGS__)
#include "facts/facts.def"
};

static const uint8_t kind_lengths[FACT_COUNT] = {
#define FACT(name, kind, subject, rank, birth, help, ...) [FACT_##name] = sizeof(kind) - 1,
#include "facts/facts.def"
};

enum { START = EVENT_START, STOP = EVENT_STOP, STATE = EVENT_STATE, VALUE = EVENT_VALUE };
enum { TEST = EVENT_TEST };

static const struct event_row events[EVENT_COUNT] = {
#define EVENT(name, text, flags, kind, help) [EVENT_##name] = {text, flags, FACT_##kind, help},
#include "facts/facts.def"
};

const struct field_row *field_row(enum fact_field f)
{
	assert((unsigned)f < FIELD_COUNT);
	return &fields[f];
}

const struct fact_row *fact_row(enum fact_kind k)
{
	assert((unsigned)k < FACT_COUNT);
	return &facts[k];
}

const struct event_row *event_row(enum fact_event e)
{
	assert((unsigned)e < EVENT_COUNT);
	return &events[e];
}

bool field_find(struct text key, enum fact_field *out)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (!fields[i].record && text_is(key, fields[i].key)) {
			*out = (enum fact_field)i;
			return true;
		}
	return false;
}

bool fact_kind_find(struct text kind, enum fact_kind *out)
{
	const uint8_t *at = kind_lengths, *end = kind_lengths + FACT_COUNT;

	if (kind.n == 0 || kind.n > UINT8_MAX)
		return false;
	while ((at = memchr(at, (int)kind.n, (size_t)(end - at))) != NULL) {
		if (memcmp(facts[at - kind_lengths].kind, kind.p, kind.n) == 0) {
			*out = (enum fact_kind)(at - kind_lengths);
			return true;
		}
		at++;
	}
	return false;
}

bool event_find(struct text name, enum fact_event *out)
{
	for (unsigned i = 0; i < EVENT_COUNT; i++)
		if (text_is(name, events[i].name)) {
			*out = (enum fact_event)i;
			return true;
		}
	return false;
}

bool fact_field_find(enum fact_kind kind, struct text key, enum fact_field *out)
{
	const struct fact_row *row = fact_row(kind);

	for (size_t i = 0; i < row->n_fields; i++) {
		enum fact_field field = row->fields[i].field;

		if (field_lengths[field] == key.n && memcmp(fields[field].key, key.p, key.n) == 0) {
			*out = field;
			return true;
		}
	}
	return false;
}

static const char *const closed[FIELD_COUNT] = {
	[FIELD_VIA] = "person/monitor",
	[FIELD_AUTHOR] = "human/automatic",
	[FIELD_VISIBILITY] = "public/internal",
	[FIELD_PLACE] = "on_site/remote",
	[FIELD_SEVERITY] = "down/degraded",
	[FIELD_STATE] = "up/down/degraded/unknown",
	[FIELD_WORK] = "routine/planned_outage/emergency",
	[FIELD_NOTICE_KIND] = "suspension/non_renewal/termination/other",
	[FIELD_COUNT_OF] = "active_users/devices/servers/mailboxes/sites/licences/orders",
	[FIELD_PURPOSE] = "invoice/retainer/deposit/year_ahead",
	[FIELD_OUTCOME] = "upheld/partly/rejected/withdrawn",
	[FIELD_INPUT] = "zone/holidays/library/engine/ics",
};

const char *field_words(enum fact_kind kind, enum fact_field field)
{
	/* A patch has the severity that its maker gives it. */
	if (field == FIELD_SEVERITY && kind != FACT_OUTAGE_BEGAN)
		return NULL;
	/* What settles a contested fact is agreed between the parties; what settles a disputed invoice decides money. */
	if (field == FIELD_OUTCOME && kind != FACT_INVOICE_SETTLED)
		return NULL;
	return closed[field];
}

bool field_knows(enum fact_kind kind, enum fact_field field, struct text t)
{
	const char *words = field_words(kind, field);
	struct text rest = text_of(words), word;

	while (rest.n > 0) {
		rest = text_cut(rest, '/', &word);
		if (text_eq(word, t))
			return true;
	}
	return words == NULL;
}

struct text fact_kind_nearest(struct text kind)
{
	struct text words[FACT_COUNT];
	size_t n = 0;

	for (size_t i = 0; i < FACT_COUNT; i++)
		if (!facts[i].record)
			words[n++] = text_of(facts[i].kind);
	return text_nearest(kind, words, n);
}

struct text fact_field_nearest(enum fact_kind kind, struct text key)
{
	const struct fact_row *row = fact_row(kind);
	struct text words[FACT_FIELDS_MAX];

	for (size_t i = 0; i < row->n_fields; i++)
		words[i] = text_of(fields[row->fields[i].field].key);
	return text_nearest(key, words, row->n_fields);
}
