/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of every kind from a seed, as an entry of the record could hold them, for tests of packs and bodies. */
#ifndef TEST_RANDOM_FACTS_H
#define TEST_RANDOM_FACTS_H

#include "base/uuid.h"
#include "facts/check.h"
#include "facts/fact.h"

#include "tap.h"

#include <string.h>

struct dice {
	uint64_t state;
};

UNUSED static uint64_t roll(struct dice *d, uint64_t sides)
{
	/* Park and Miller's: never wraps in 64 bits. */
	d->state = d->state * 48271 % 2147483647;
	return d->state % sides;
}

/* $TENOR_SEED, or the one given; printed. */
UNUSED static struct dice dice_new(uint64_t seed)
{
	const char *set = getenv("TENOR_SEED");
	int64_t n = 0;

	if (set != NULL && text_digits(text_of(set), &n) && n % 2147483647 != 0)
		seed = (uint64_t)n % 2147483647;
	note("seed %" PRIu64 " (TENOR_SEED)", seed);
	return (struct dice){seed};
}

UNUSED static struct uuid random_id(struct dice *d)
{
	unsigned char random[10];

	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (unsigned char)roll(d, 256);
	return uuid_v7(INT64_C(1700000000000) + (int64_t)roll(d, 1000000000), random);
}

UNUSED static symbol id_word(struct facts *set, const struct uuid *id)
{
	char text[UUID_TEXT + 1];

	uuid_text(id, text);
	return symbol_add(set->symbols, text_of(text));
}

/* Words that only some fields have (facts_admit). */
static const struct {
	enum fact_field field;
	const char *words[2];
} exacting[] = {
	{FIELD_DATE, {"2026-02-28", "2028-02-29"}},
	{FIELD_FROM_DATE, {"2025-01-01", "2026-06-30"}},
	{FIELD_TO_DATE, {"2026-07-01", "2027-01-01"}},
	{FIELD_INDEX_MONTH, {"2026-02", "2025-12"}},
	{FIELD_CURRENCY, {"EUR", "USD"}},
	{FIELD_RATE, {"1 EUR = 1.0832 USD", "1 USD = 0.9232 EUR"}},
	{FIELD_EXACT_AMOUNT, {"-0.00000001234", "17.5"}},
};

static symbol random_word(struct facts *set, struct dice *d, enum fact_field field)
{
	static const char *const odd[] = {"Z\xc3\xbcrich", "a \"quoted\" word", "back\\slash", "x",
					  "tab\there"};

	for (size_t i = 0; i < ARRAY_SIZE(exacting); i++)
		if (field == exacting[i].field)
			return symbol_add(set->symbols, text_of(exacting[i].words[roll(d, 2)]));
	if (roll(d, 10) == 0)
		return symbol_add(set->symbols, text_of(odd[roll(d, ARRAY_SIZE(odd))]));
	return symbol_add(set->symbols, text_format(set->arena, "w-%u", (unsigned)roll(d, 300)));
}

static struct fact_value random_value(struct facts *set, struct dice *d, enum fact_field field,
				      const struct uuid *ids, size_t n_ids)
{
	struct fact_value v = {.field = (uint32_t)field};

	switch (field_row(field)->type) {
	case FIELD_SYMBOL:
	case FIELD_SYMBOLS:
		v.word = (field == FIELD_FACT_ID || field == FIELD_EVENTS) && n_ids > 0
				 ? id_word(set, &ids[roll(d, n_ids)])
				 : random_word(set, d, field);
		break;
	case FIELD_TEXT:
		v.word = symbol_add(set->symbols, text_of("-"));
		break;
	case FIELD_INSTANT:
		v.number = INT64_C(1760000000000) + (int64_t)roll(d, 2000000000);
		break;
	case FIELD_BOOL:
		v.number = (int64_t)roll(d, 2);
		break;
	case FIELD_INT:
		v.number = (int64_t)roll(d, 2000000) * 1000003 - 1000000000000;
		break;
	case FIELD_DECIMAL:
		v.number = (int64_t)roll(d, 100000) * 10 - 50000 + 1;
		v.scale = (uint32_t)roll(d, 16);
		break;
	}
	return v;
}

static void random_values(struct facts *set, struct dice *d, struct fact *f,
			  struct fact_value *values, const struct uuid *ids, size_t n_ids)
{
	const struct fact_row *row = fact_row((enum fact_kind)f->kind);

	f->n_values = 0;
	f->values = values;
	for (size_t i = 0; i < row->n_fields; i++) {
		enum fact_field field = row->fields[i].field;
		uint64_t n = row->fields[i].required || roll(d, 2) == 0 ? 1 : 0;
		const char *words = field_words((enum fact_kind)f->kind, field);
		struct text first = {"", 0};

		if (n == 1 && field_row(field)->type == FIELD_SYMBOLS)
			n = 1 + roll(d, 4);
		if (words != NULL)
			(void)text_cut(text_of(words), '/', &first);
		for (; n > 0; n--) {
			values[f->n_values] = random_value(set, d, field, ids, n_ids);
			if (words != NULL)
				values[f->n_values].word = symbol_add(set->symbols, first);
			f->n_values++;
		}
	}
}

/* A fact of any kind; ids are those of facts it may name. */
UNUSED static void random_fact(struct facts *set, struct dice *d, const struct uuid *id,
			       const struct uuid *ids, size_t n_ids)
{
	static const uint16_t stamps[] = {0, FLAG_MINUTE_PRECISION, FLAG_ZONE_GAP,
					  FLAG_MINUTE_PRECISION | FLAG_ZONE_TWICE};
	struct fact_value values[64];
	struct fact f = {.kind = (uint8_t)roll(d, FACT_COUNT)};
	struct err unused = {.line = 0};

	/* Half of the amounts are below zero, where some may not be. */
	do
		random_values(set, d, &f, values, ids, n_ids);
	while (facts_admit(set, &f, NULL, &unused) != RC_OK);
	f.id = id_word(set, id);
	f.subject = fact_word(&f, fact_row((enum fact_kind)f.kind)->subject);
	f.corrects = n_ids > 0 && roll(d, 8) == 0 ? id_word(set, &ids[roll(d, n_ids)]) : 0;
	f.occurred_at = INT64_C(1760000000000) + (int64_t)roll(d, 2000000000);
	f.recorded_at = f.occurred_at + (int64_t)roll(d, 100000) - 1000;
	f.seq = roll(d, 3) == 0 ? (uint32_t)roll(d, 100000) : 0;
	f.flags = stamps[roll(d, ARRAY_SIZE(stamps))];
	f.party = (uint8_t)(PARTY_PROVIDER + roll(d, 4));
	f.source = (uint16_t)roll(d, set->n_sources);
	(void)facts_add(set, &f);
}

/* Does x of one set say the same as y of another? */
UNUSED static bool says_the_same(const struct facts *xs, const struct fact *x,
				 const struct facts *ys, const struct fact *y)
{
	bool same = x->occurred_at == y->occurred_at && x->recorded_at == y->recorded_at &&
		    x->seq == y->seq && x->kind == y->kind && x->flags == y->flags &&
		    x->party == y->party && x->n_values == y->n_values &&
		    text_eq(symbol_text(xs->symbols, x->subject),
			    symbol_text(ys->symbols, y->subject)) &&
		    text_eq(symbol_text(xs->symbols, x->corrects),
			    symbol_text(ys->symbols, y->corrects)) &&
		    text_eq(xs->sources[x->source].name, ys->sources[y->source].name);

	for (size_t i = 0; same && i < x->n_values; i++)
		same = x->values[i].field == y->values[i].field &&
		       x->values[i].number == y->values[i].number &&
		       x->values[i].scale == y->values[i].scale &&
		       text_eq(symbol_text(xs->symbols, x->values[i].word),
			       symbol_text(ys->symbols, y->values[i].word));
	return same;
}

#endif
