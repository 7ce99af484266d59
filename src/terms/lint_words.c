/* SPDX-License-Identifier: Apache-2.0 */
/* Words in clauses: the English lists of lint.md section 1, whole-word search, and literals (LN-10). */
#include "terms/lint_rules.h"

#include <string.h>

/* Each list has the English words of lint.md and, after them, those of the other language that Tenor speaks, German. */
static const char *const effort[] = {
	"reasonable efforts",
	"reasonable endeavours",
	"best efforts",
	"endeavour to",
	"aim to",
	"strive to",
	"bem\xC3\xBCht sich",
	"bestm\xC3\xB6glich",
	"nach besten Kr\xC3\xA4\x66ten",
	"zumutbare Anstrengungen",
};
static const char *const open_price[] = {
	"then-current",
	"standard rates",
	"standard prices",
	"list price",
	"standard list pricing",
	"prevailing rate",
	"fees that may be agreed",
	"jeweils g\xC3\xBCltige Preisliste",
	"jeweils g\xC3\xBCltigen Preisliste",
	"Listenpreis",
	"\xC3\xBC\x62liche S\xC3\xA4tze",
};
static const char *const vague_time[] = {
	"timely",
	"promptly",
	"as soon as practicable",
	"as soon as commercially reasonable",
	"within a reasonable time",
	"zeitnah",
	"baldm\xC3\xB6glichst",
	"in angemessener Frist",
	"innerhalb angemessener Zeit",
};
static const char *const unilateral[] = {
	"may modify the fees",           "may change the fees",
	"may modify the services",       "may change the services",
	"in its sole discretion",        "kann die Preise \xC3\xA4ndern",
	"darf die Preise \xC3\xA4ndern", "kann die Leistungen \xC3\xA4ndern",
	"nach eigenem Ermessen",
};
static const char *const precedence[] = {
	"shall prevail", "prevails over", "takes precedence", "shall control",
	"hat Vorrang",   "geht vor",      "gehen vor",
};
static const char *const placeholder[] = {"TBD", "XXX", "intentionally omitted", "noch offen",
					  "absichtlich freigelassen"};
static const char *const blanks[] = {"[ ]", "[\xE2\x80\xA2]", "____"};
static const char *const adjective[] = {
	"critical",       "urgent",     "major",   "minor",     "high",      "low",
	"medium",         "normal",     "severe",  "serious",   "important", "significant",
	"emergency",      "very",       "issue",   "problem",   "impact",    "incident",
	"kritisch",       "dringend",   "hoch",    "niedrig",   "mittel",    "normal",
	"schwer",         "ernst",      "wichtig", "erheblich", "Notfall",   "sehr",
	"St\xC3\xB6rung", "Auswirkung", "Vorfall",
};

const struct lint_words lint_effort = {effort, ARRAY_SIZE(effort)};
const struct lint_words lint_open_price = {open_price, ARRAY_SIZE(open_price)};
const struct lint_words lint_vague_time = {vague_time, ARRAY_SIZE(vague_time)};
const struct lint_words lint_unilateral = {unilateral, ARRAY_SIZE(unilateral)};
const struct lint_words lint_precedence = {precedence, ARRAY_SIZE(precedence)};
const struct lint_words lint_adjective = {adjective, ARRAY_SIZE(adjective)};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Part of a word: letters, digits, and all of what UTF-8 writes with more than one byte. */
static bool in_word(char c)
{
	return is_letter(c) || is_digit(c) || (unsigned char)c >= 0x80;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Does the phrase stand at `at`? A blank in it is any run of blanks, line ends too. Its length there, or 0. */
static size_t phrase_at(struct text t, size_t at, const char *phrase)
{
	size_t i = at;

	for (const char *p = phrase; *p != '\0'; p++) {
		if (i >= t.n)
			return 0;
		if (*p == ' ') {
			if (!is_blank(t.p[i]))
				return 0;
			while (i < t.n && is_blank(t.p[i]))
				i++;
		} else if (lower(t.p[i]) == lower(*p)) {
			i++;
		} else {
			return 0;
		}
	}
	return i - at;
}

bool lint_has_words(struct text t, const char *const *phrases, size_t n, struct text *hit)
{
	for (size_t at = 0; at < t.n; at++) {
		if (at > 0 && in_word(t.p[at - 1]))
			continue;
		for (size_t i = 0; i < n; i++) {
			size_t length = phrase_at(t, at, phrases[i]);

			if (length == 0 || (at + length < t.n && in_word(t.p[at + length])))
				continue;
			*hit = text_sub(t, at, at + length);
			return true;
		}
	}
	return false;
}

bool lint_placeholder(struct text t, struct text *hit)
{
	if (lint_has_words(t, placeholder, ARRAY_SIZE(placeholder), hit))
		return true;
	for (size_t at = 0; at < t.n; at++)
		for (size_t i = 0; i < ARRAY_SIZE(blanks); i++) {
			size_t n = strlen(blanks[i]);

			if (t.n - at < n || memcmp(t.p + at, blanks[i], n) != 0)
				continue;
			*hit = text_sub(t, at, at + n);
			return true;
		}
	return false;
}

/* --- literals --- */

/*
 * A number with a decimal comma: 2,5 or 1.480,00. Its end, or `at`: three digits after the only comma are a group of thousands.
 */
static size_t comma_number_at(struct text t, size_t at, struct decimal *out)
{
	struct decimal d = {0, 0};
	size_t i = at, digits = 0;

	while (i < t.n && (is_digit(t.p[i]) ||
			   (t.p[i] == '.' && i > at && i + 1 < t.n && is_digit(t.p[i + 1])))) {
		if (t.p[i] != '.') {
			d.units = d.units * 10 + (t.p[i] - '0');
			if (++digits > 12)
				return at;
		}
		i++;
	}
	if (i == at || i + 1 >= t.n || t.p[i] != ',' || !is_digit(t.p[i + 1]))
		return at;
	for (i++; i < t.n && is_digit(t.p[i]); i++) {
		if (d.scale == 3)
			return at;
		d.units = d.units * 10 + (t.p[i] - '0');
		d.scale++;
	}
	if (d.scale == 3)
		return at;
	*out = d;
	return i;
}

/*
 * A number as people write it: 14, 1,000, 2.50. Its end, or `at` if there is none here or it is longer than a decimal holds.
 */
static size_t number_at(struct text t, size_t at, struct decimal *out)
{
	struct decimal d = {0, 0};
	size_t i = comma_number_at(t, at, &d), digits = 0;
	bool fine = false, comma = i > at;

	for (; !comma && i < t.n; i++) {
		bool group = !fine && t.p[i] == ',' && i + 3 < t.n && is_digit(t.p[i + 1]) &&
			     is_digit(t.p[i + 2]) && is_digit(t.p[i + 3]) &&
			     (i + 4 == t.n || !is_digit(t.p[i + 4]));

		if (group)
			continue;
		if (!fine && t.p[i] == '.' && i + 1 < t.n && is_digit(t.p[i + 1])) {
			fine = true;
			continue;
		}
		if (!is_digit(t.p[i]))
			break;
		if (++digits > 15 || (fine && d.scale == 9))
			return at;
		d.units = d.units * 10 + (t.p[i] - '0');
		d.scale = (uint8_t)(d.scale + (fine ? 1 : 0));
	}
	while (d.scale > 0 && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	*out = d;
	return i;
}

/* Past what may stand between a number and its unit: the bracket of "seven (7)", blanks, a hyphen. */
static size_t past_gap(struct text t, size_t at)
{
	if (at < t.n && t.p[at] == ')')
		at++;
	while (at < t.n && (is_blank(t.p[at]) || t.p[at] == '-'))
		at++;
	return at;
}

static size_t word_end(struct text t, size_t at)
{
	while (at < t.n && is_letter(t.p[at]))
		at++;
	return at;
}

static bool unit_named(struct text word, enum unit *unit)
{
	static const struct {
		const char *one, *many;
		enum unit unit;
	} units[] = {
		{"minute", "minutes", UNIT_MIN},
		{"hour", "hours", UNIT_H},
		{"day", "days", UNIT_D},
		{"week", "weeks", UNIT_W},
		{"month", "months", UNIT_MO},
		{"year", "years", UNIT_Y},
		{"Minute", "Minuten", UNIT_MIN},
		{"Stunde", "Stunden", UNIT_H},
		{"Tag", "Tage", UNIT_D},
		{"Tages", "Tagen", UNIT_D},
		{"Woche", "Wochen", UNIT_W},
		{"Monat", "Monate", UNIT_MO},
		{"Monats", "Monaten", UNIT_MO},
		{"Jahr", "Jahre", UNIT_Y},
		{"Jahres", "Jahren", UNIT_Y},
		{"Werktag", "Werktage", UNIT_BD},
		{"Werktags", "Werktagen", UNIT_BD},
		{"Arbeitstag", "Arbeitstage", UNIT_BD},
		{"Arbeitstags", "Arbeitstagen", UNIT_BD},
	};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (!text_eq_nocase(word, text_of(units[i].one)) &&
		    !text_eq_nocase(word, text_of(units[i].many)))
			continue;
		*unit = units[i].unit;
		return true;
	}
	return false;
}

/* "business days", "calendar months", "hours" at `at`: the end of it, or `at`. */
static size_t unit_at(struct text t, size_t at, enum unit *unit)
{
	size_t end = word_end(t, at);
	struct text word = text_sub(t, at, end);
	bool business = text_eq_nocase(word, text_of("business")) ||
			text_eq_nocase(word, text_of("working"));

	if (business || text_eq_nocase(word, text_of("calendar"))) {
		size_t next = past_gap(t, end);

		end = word_end(t, next);
		word = text_sub(t, next, end);
	}
	if (!unit_named(word, unit))
		return at;
	if (business && *unit == UNIT_D)
		*unit = UNIT_BD;
	return end;
}

static bool code_at(struct text t, size_t at, size_t end, char code[4])
{
	struct currency c;
	struct text word = text_sub(t, at, end);

	/* In capitals only: "all" is a word, ALL the lek. */
	if (word.n != 3 || !currency_find(word, &c))
		return false;
	memcpy(code, c.code, sizeof(c.code));
	return true;
}

/* A sign of a currency that ends at `end` or begins at `at`; its length, or 0. */
static size_t sign_at(struct text t, size_t at, bool before)
{
	static const char *const signs[] = {"$", "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5"};

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		size_t n = strlen(signs[i]);

		if (before ? at < n : t.n - at < n)
			continue;
		if (memcmp(t.p + (before ? at - n : at), signs[i], n) == 0)
			return n;
	}
	return 0;
}

/* A currency right before the number that begins at `at`: where it begins, or `at`. */
static size_t currency_before(struct text t, size_t at, char code[4])
{
	size_t end = at, sign;

	if (end > 0 && t.p[end - 1] == ' ')
		end--;
	sign = sign_at(t, end, true);
	if (sign > 0)
		return end - sign;
	if (end >= 3 && (end == 3 || !in_word(t.p[end - 4])) && code_at(t, end - 3, end, code))
		return end - 3;
	return at;
}

static bool money_at(struct text t, struct literal *x, size_t end)
{
	size_t next = past_gap(t, end), stop = word_end(t, next), begin = x->at, sign;

	x->currency[0] = '\0';
	if (code_at(t, next, stop, x->currency)) {
		x->end = stop;
		return true;
	}
	sign = sign_at(t, next, false);
	if (sign > 0) {
		x->end = next + sign;
		return true;
	}
	begin = currency_before(t, x->at, x->currency);
	x->end = end;
	if (begin == x->at)
		return false;
	x->at = begin;
	return true;
}

static bool percent_at(struct text t, struct literal *x, size_t end)
{
	static const char *const names[] = {"percent", "per cent", "Prozent"};
	size_t next = past_gap(t, end);

	if (next < t.n && t.p[next] == '%') {
		x->end = next + 1;
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t n = phrase_at(t, next, names[i]);

		if (n == 0 || (next + n < t.n && in_word(t.p[next + n])))
			continue;
		x->end = next + n;
		return true;
	}
	return false;
}

static bool duration_at(struct text t, struct literal *x, size_t end)
{
	size_t next = past_gap(t, end);

	x->end = unit_at(t, next, &x->unit);
	x->unit_word = text_sub(t, next, x->end);
	return x->end > next && next > end;
}

/* Does a number begin at i, not inside a word like AES-256, a section number 3.2, or another number? */
static bool begins_number(struct text t, size_t i)
{
	char before;

	if (i == 0)
		return is_digit(t.p[i]);
	before = t.p[i - 1];
	if (!is_digit(t.p[i]) || is_letter(before) || is_digit(before) || before == '_')
		return false;
	if ((before == '.' || before == ',' || before == ':') && i >= 2 && is_digit(t.p[i - 2]))
		return false;
	return !(before == '-' && i >= 2 && in_word(t.p[i - 2]));
}

bool lint_literal(struct text words, size_t *from, struct literal *out)
{
	for (size_t i = *from; i < words.n; i++) {
		if (words.p[i] == '{' && i + 1 < words.n && words.p[i + 1] == '{') {
			while (i + 1 < words.n && (words.p[i] != '}' || words.p[i + 1] != '}'))
				i++;
			i++;
			continue;
		}
		if (!begins_number(words, i))
			continue;
		struct literal x = {.kind = LITERAL_PERCENT, .at = i};
		size_t end = number_at(words, i, &x.number);
		bool found = percent_at(words, &x, end);

		if (!found && duration_at(words, &x, end)) {
			x.kind = LITERAL_DURATION;
			found = true;
		}
		if (!found && money_at(words, &x, end)) {
			x.kind = LITERAL_MONEY;
			found = true;
		}
		if (!found)
			continue;
		x.figure = text_sub(words, i, end);
		x.text = text_sub(words, x.at, x.end);
		*from = x.end;
		*out = x;
		return true;
	}
	return false;
}

struct text lint_literal_text(const struct lint *l, const struct literal *x)
{
	if (x->kind != LITERAL_DURATION)
		return x->text;
	return text_format(l->a, "%.*s %.*s", TEXT_ARG(x->figure), TEXT_ARG(x->unit_word));
}
