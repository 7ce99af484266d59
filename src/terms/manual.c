/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/schema.h"

#include "terms/table.h"

#include <string.h>

static const struct fork forks[] = {
#define FORK(number, path, example) {number, path, example},
#include "terms/forks.def"
#undef FORK
};

size_t fork_count(void)
{
	return ARRAY_SIZE(forks);
}

const struct fork *fork_at(size_t i)
{
	return &forks[i];
}

/* Text inside a table of Markdown. */
static void cell(struct buf *out, struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '|')
			buf_char(out, '\\');
		buf_char(out, t.p[i]);
	}
}

static void bounds(struct buf *out, const struct term *t)
{
	struct text low, rest = text_of(t->arg);
	size_t at = 0;

	while (at + 1 < rest.n && !(rest.p[at] == '.' && rest.p[at + 1] == '.'))
		at++;
	low = text_sub(rest, 0, at);
	rest = text_sub(rest, at + 2, rest.n);
	if (t->type == TERM_DUR)
		buf_str(out, ", longer than 0");
	else if (rest.n > 0)
		buf_printf(out, ", %.*s to %.*s", TEXT_ARG(low), TEXT_ARG(rest));
	else if (!text_is(low, "0"))
		buf_printf(out, ", at least %.*s", TEXT_ARG(low));
}

/* The anchor that renderers of Markdown make of a heading: without points and brackets. */
static void link_to(struct buf *out, const char *path)
{
	buf_printf(out, "[%s](#", path);
	for (const char *p = path; *p != '\0'; p++)
		if (*p != '.' && *p != '[' && *p != ']')
			buf_char(out, *p);
	buf_char(out, ')');
}

static void type_words(struct buf *out, const struct term *t)
{
	if (t->set)
		buf_str(out, "list of ");
	switch (t->type) {
	case TERM_ENUM:
		for (struct text rest = text_of(t->arg); rest.n > 0;) {
			struct text word = words_cut(&rest);

			buf_printf(out, "`%.*s`%s", TEXT_ARG(word), rest.n > 0 ? ", " : "");
		}
		break;
	case TERM_REF:
		buf_printf(out, "id in `%s`", t->arg);
		break;
	case TERM_EVENT:
		buf_str(out, "event");
		break;
	case TERM_MAP:
		buf_str(out, "see ");
		link_to(out, t->path);
		break;
	case TERM_ITEMS:
		buf_str(out, "list, see ");
		link_to(out, t->path);
		break;
	case TERM_INT:
	case TERM_DEC:
	case TERM_PCT:
	case TERM_DUR:
		buf_str(out, type_name(t->type));
		if (*t->arg != '\0')
			bounds(out, t);
		break;
	case TERM_ID:
	case TERM_NAME:
	case TERM_TEXT:
	case TERM_PROSE:
	case TERM_MONEY:
	case TERM_PRICE:
	case TERM_DATE:
	case TERM_MONTH:
	case TERM_MONTHDAY:
	case TERM_TIME:
	case TERM_RANGE:
	case TERM_DAYS:
	case TERM_BOOL:
	case TERM_TZ:
	case TERM_CUR:
	case TERM_LANG:
	case TERM_REGION:
	case TERM_EMAIL:
	case TERM_ROLE:
	case TERM_CLAUSE:
	case TERM_PATH:
	case TERM_KEYPATH:
	case TERM_LIB:
	case TERM_HASH:
		buf_str(out, type_name(t->type));
		break;
	}
}

static const struct fork *fork_of(const struct term *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(forks); i++)
		if (term_find(text_of(forks[i].path)) == t)
			return &forks[i];
	return NULL;
}

static void key_row(struct buf *out, const struct term *t)
{
	const struct fork *fork = fork_of(t);

	buf_printf(out, "| `%s`%s | ", t->key, t->required ? " (required)" : "");
	type_words(out, t);
	buf_str(out, " | ");
	if (t->otherwise != NULL)
		buf_printf(out, "`%s`", t->otherwise);
	buf_str(out, " | ");
	cell(out, text_of(t->help));
	if (t->kinds != NULL) {
		buf_str(out, "; only for ");
		for (struct text rest = text_of(t->kinds); rest.n > 0;) {
			struct text word = words_cut(&rest);

			buf_printf(out, "`%.*s`%s", TEXT_ARG(word), rest.n > 0 ? ", " : "");
		}
	}
	if (fork != NULL)
		buf_printf(out, " (FK-%d)", fork->number);
	buf_str(out, " |\n");
}

static void block(struct buf *out, const struct term *map)
{
	buf_printf(out, "\n## %s\n\n", *map->path == '\0' ? "The contract" : map->path);
	buf_printf(out, "%s: %s.\n\n", map->type == TERM_ITEMS ? "List" : "Map", map->help);
	buf_str(out, "| key | type | default | meaning |\n|---|---|---|---|\n");
	for (size_t i = 1; i < term_count(); i++)
		if (term_at(term_at(i)->parent) == map && !term_is_shared(term_at(i)))
			key_row(out, term_at(i));
}

static void types(struct buf *out)
{
	static const struct {
		const char *type, *form;
	} rows[] = {
		{"id", "letters, digits and `_`, a letter first, at most 40"},
		{"name", "letters, digits, `.`, `_`, `-`, at most 40"},
		{"text, prose", "one line of at most 500 characters; Markdown of at most 64 KiB "
				"with `{{references}}`"},
		{"int, dec, pct", "`12`; `\"1.5\"` quoted; `99.9%`"},
		{"money, price", "`85.00 USD`; up to nine decimals: `0.125 USD`"},
		{"date, month, monthday", "`\"2026-03-31\"`, `\"2026-03\"`, `\"12-25\"`, quoted"},
		{"time, range, days",
		 "`\"17:00\"`, `\"09:00-17:00\"` quoted, to `24:00`; `mon-fri`, `mon,wed-fri`"},
		{"dur", "`15min`, `4h`, `2d`, `3bd`, `1w`, `6mo`, `3y`; open hours and working "
			"days of a calendar: `4h@support`, `2bd@support`"},
		{"bool", "`true`, `false`"},
		{"tz, cur, lang, region, email",
		 "`America/New_York`, `USD`, `en`, `US-NY`, a mailbox"},
		{"role, clause, path, keypath",
		 "`client.it_lead`, `order.fees`, keys and ids joined by points"},
		{"event", "a name of the table of facts"},
		{"lib, hash", "`tenor_msa@1`; 64 hex digits"},
	};

	buf_str(out, "\n## Types\n\n| type | written |\n|---|---|\n");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		buf_printf(out, "| %s | %s |\n", rows[i].type, rows[i].form);
}

static void fork_table(struct buf *out)
{
	buf_str(out, "\n## Forks\n\nWhere products disagree the parties choose. The first word is "
		     "the default unless the "
		     "key's table says otherwise.\n\n| FK | key | choice | what it does "
		     "|\n|---|---|---|---|\n");
	for (size_t i = 0; i < ARRAY_SIZE(forks); i++) {
		buf_printf(out, "| %d | `%s` | ", forks[i].number, forks[i].path);
		type_words(out, term_find(text_of(forks[i].path)));
		buf_str(out, " | ");
		cell(out, text_of(forks[i].example));
		buf_str(out, " |\n");
	}
}

void terms_manual(struct buf *out)
{
	buf_str(out, "# Contract language\n\n"
		     "Every key of a contract file. Every map may carry `clause`, the place where "
		     "its words stand "
		     "(`document.clause`); every item of a list has an `id`, unique in its list. "
		     "Nothing may be empty: a "
		     "key that is left out has its default or does not exist. What some YAML would "
		     "not read as text is "
		     "quoted.\n");
	types(out);
	for (size_t i = 0; i < term_count(); i++)
		if (term_at(i)->type == TERM_MAP || term_at(i)->type == TERM_ITEMS)
			block(out, term_at(i));
	fork_table(out);
}
