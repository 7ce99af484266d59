/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of terms.def as an array. */
#include "terms/table.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

/* clang-format off */
enum {
	ROW_top,
#define MAP(id, parent, prefix, key, need, kinds, help) ROW_##id,
#define ITEMS(id, parent, prefix, key, need, kinds, help) ROW_##id,
#define TERM(parent, prefix, key, type, need, arg, otherwise, kinds, help) CELL_##parent##_##key,
#define SET(parent, prefix, key, type, need, arg, otherwise, kinds, help) CELL_##parent##_##key,
#include "terms/terms.def"
	ROW_COUNT
};

enum { MAY = false, MUST = true };
#define NONE NULL
#define ALL NULL

static const struct term rows[ROW_COUNT] = {
	[ROW_top] = {"", "", TERM_MAP, false, true, "", NULL, NULL, "a contract", ROW_top},
#define MAP(id, parent, prefix, key, need, kinds, help) \
	[ROW_##id] = {prefix #key, #key, TERM_MAP, false, need, "", NULL, kinds, help, ROW_##parent},
#define ITEMS(id, parent, prefix, key, need, kinds, help) \
	[ROW_##id] = {prefix #key, #key, TERM_ITEMS, false, need, "", NULL, kinds, help, ROW_##parent},
#define TERM(parent, prefix, key, type, need, arg, otherwise, kinds, help) \
	[CELL_##parent##_##key] = {prefix #key, #key, TERM_##type, false, need, arg, otherwise, kinds, help, ROW_##parent},
#define SET(parent, prefix, key, type, need, arg, otherwise, kinds, help) \
	[CELL_##parent##_##key] = {prefix #key, #key, TERM_##type, true, need, arg, otherwise, kinds, help, ROW_##parent},
#include "terms/terms.def"
};
/* clang-format on */

/* A contract is read with hundreds of looks for a child, so the children of a row stand in a table. */
#include "terms_index.inc"

_Static_assert((int)INDEXED_ROWS == (int)ROW_COUNT, "every row of terms.def was indexed");

size_t term_count(void)
{
	return ROW_COUNT;
}

const struct term *term_at(size_t i)
{
	assert(i < ROW_COUNT);
	return &rows[i];
}

const struct term *term_clause(void)
{
	return &rows[CELL_top_clause];
}

const struct term *term_id(void)
{
	return &rows[CELL_top_id];
}

bool term_is_shared(const struct term *t)
{
	return t == term_clause() || t == term_id();
}

const struct term *term_child(const struct term *parent, struct text key)
{
	if (key.n == 6 && memcmp(key.p, "clause", 6) == 0)
		return term_clause();
	if (key.n == 2 && memcmp(key.p, "id", 2) == 0)
		return parent->type == TERM_ITEMS ? term_id() : term_own_child(parent, key);
	return term_own_child(parent, key);
}

const struct term *term_own_child(const struct term *parent, struct text key)
{
	size_t at = (size_t)(parent - rows);

	assert(at < ROW_COUNT);
	if (key.n == 0 || key.n > UCHAR_MAX)
		return NULL;

	const unsigned char *k = (const unsigned char *)key.p;
	uint64_t mark = (uint64_t)key.n << 24 | (uint64_t)k[0] << 16 | (uint64_t)k[key.n / 4] << 8 |
			k[key.n / 2];
	/* Each key of the row has a place of its own (tools/terms-index.py). */
	size_t place = (size_t)((mark * (2 * (uint64_t)place_seeds[at] + 1) & UINT32_MAX) >> 16) &
		       place_masks[at];
	size_t row = children[first_place[at] + place];

	return row != NO_ROW && key.n == key_lengths[row] &&
			       memcmp(rows[row].key, key.p, key.n) == 0
		       ? &rows[row]
		       : NULL;
}

const struct term *term_find(struct text path)
{
	const struct term *t = &rows[ROW_top];

	while (path.n > 0 && t != NULL) {
		struct text key;

		path = text_cut(path, '.', &key);
		if (text_ends(key, "[]"))
			key = text_sub(key, 0, key.n - 2);
		t = term_child(t, key);
	}
	return t;
}

const char *type_name(enum term_type type)
{
	static const char *const names[] = {
		[TERM_MAP] = "map",       [TERM_ITEMS] = "list",        [TERM_ID] = "id",
		[TERM_NAME] = "name",     [TERM_TEXT] = "text",         [TERM_PROSE] = "prose",
		[TERM_INT] = "int",       [TERM_DEC] = "dec",           [TERM_PCT] = "pct",
		[TERM_MONEY] = "money",   [TERM_PRICE] = "price",       [TERM_DATE] = "date",
		[TERM_MONTH] = "month",   [TERM_MONTHDAY] = "monthday", [TERM_TIME] = "time",
		[TERM_RANGE] = "range",   [TERM_DAYS] = "days",         [TERM_DUR] = "dur",
		[TERM_BOOL] = "bool",     [TERM_ENUM] = "enum",         [TERM_TZ] = "tz",
		[TERM_CUR] = "cur",       [TERM_LANG] = "lang",         [TERM_REGION] = "region",
		[TERM_EMAIL] = "email",   [TERM_REF] = "ref",           [TERM_ROLE] = "role",
		[TERM_CLAUSE] = "clause", [TERM_PATH] = "path",         [TERM_KEYPATH] = "keypath",
		[TERM_EVENT] = "event",   [TERM_LIB] = "lib",           [TERM_HASH] = "hash",
	};

	assert((size_t)type < ARRAY_SIZE(names));
	return names[type];
}

const char *type_code(enum term_type type)
{
	static const char *const codes[] = {
		[TERM_MAP] = "type.map",     [TERM_ITEMS] = "type.list",
		[TERM_ID] = "type.id",       [TERM_NAME] = "type.name",
		[TERM_TEXT] = "type.text",   [TERM_PROSE] = "type.prose",
		[TERM_INT] = "type.int",     [TERM_DEC] = "type.dec",
		[TERM_PCT] = "type.pct",     [TERM_MONEY] = "type.money",
		[TERM_PRICE] = "type.price", [TERM_DATE] = "type.date",
		[TERM_MONTH] = "type.month", [TERM_MONTHDAY] = "type.monthday",
		[TERM_TIME] = "type.time",   [TERM_RANGE] = "type.range",
		[TERM_DAYS] = "type.days",   [TERM_DUR] = "type.dur",
		[TERM_BOOL] = "type.bool",   [TERM_ENUM] = "type.enum",
		[TERM_TZ] = "type.tz",       [TERM_CUR] = "type.cur",
		[TERM_LANG] = "type.lang",   [TERM_REGION] = "type.region",
		[TERM_EMAIL] = "type.email", [TERM_REF] = "type.ref",
		[TERM_ROLE] = "type.role",   [TERM_CLAUSE] = "type.clause",
		[TERM_PATH] = "type.path",   [TERM_KEYPATH] = "type.keypath",
		[TERM_EVENT] = "type.event", [TERM_LIB] = "type.lib",
		[TERM_HASH] = "type.hash",
	};

	assert((size_t)type < ARRAY_SIZE(codes));
	return codes[type];
}

const char *type_noun(enum term_type type)
{
	static const char *const nouns[] = {
		[TERM_MAP] = "a map",
		[TERM_ITEMS] = "a list of items",
		[TERM_ID] = "an id",
		[TERM_NAME] = "a name",
		[TERM_TEXT] = "a line of text",
		[TERM_PROSE] = "text",
		[TERM_INT] = "a whole number",
		[TERM_DEC] = "a number",
		[TERM_PCT] = "a percentage",
		[TERM_MONEY] = "an amount of money",
		[TERM_PRICE] = "a price",
		[TERM_DATE] = "a date",
		[TERM_MONTH] = "a month",
		[TERM_MONTHDAY] = "a day of the year",
		[TERM_TIME] = "a time of day",
		[TERM_RANGE] = "a range of hours",
		[TERM_DAYS] = "a list of days",
		[TERM_DUR] = "a duration",
		[TERM_BOOL] = "a truth value",
		[TERM_ENUM] = "a word",
		[TERM_TZ] = "a time zone",
		[TERM_CUR] = "a currency",
		[TERM_LANG] = "a language",
		[TERM_REGION] = "a region",
		[TERM_EMAIL] = "a mailbox",
		[TERM_REF] = "an id",
		[TERM_ROLE] = "a role",
		[TERM_CLAUSE] = "a clause",
		[TERM_PATH] = "a path",
		[TERM_KEYPATH] = "a path",
		[TERM_EVENT] = "an event",
		[TERM_LIB] = "a library entry",
		[TERM_HASH] = "a hash",
	};

	assert((size_t)type < ARRAY_SIZE(nouns));
	return nouns[type];
}

struct text words_cut(struct text *words)
{
	struct text word;

	*words = text_cut(*words, '/', &word);
	return word;
}

int word_index(const char *words, struct text word)
{
	struct text rest = text_of(words);

	for (int i = 0; rest.n > 0; i++)
		if (text_eq(words_cut(&rest), word))
			return i;
	return -1;
}

struct text word_at(const char *words, int index)
{
	struct text rest = text_of(words), word = {"", 0};

	for (int i = 0; i <= index; i++)
		word = words_cut(&rest);
	return word;
}
