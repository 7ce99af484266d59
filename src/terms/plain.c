/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/plain.h"

#include <inttypes.h>

bool plain_word(struct text t, const char **as)
{
	static const struct {
		const char *word, *as;
	} words[] = {
		{"y", "true"},    {"yes", "true"},  {"on", "true"},   {"n", "false"},
		{"no", "false"},  {"off", "false"}, {"true", "true"}, {"false", "false"},
		{"null", "null"}, {"~", "null"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!text_eq_nocase(t, text_of(words[i].word)))
			continue;
		*as = words[i].as;
		return true;
	}
	return false;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits(struct text t, size_t from)
{
	size_t at = from;

	while (at < t.n && (digit(t.p[at]) || t.p[at] == '_'))
		at++;
	return at - from;
}

static size_t sign(struct text t)
{
	return t.n > 0 && (t.p[0] == '-' || t.p[0] == '+') ? 1 : 0;
}

/* -?(0|[1-9][0-9]*) */
static bool plain_integer(struct text t)
{
	size_t at = t.n > 0 && t.p[0] == '-' ? 1 : 0;

	if (at == t.n || (t.p[at] == '0' && t.n > at + 1))
		return false;
	for (; at < t.n; at++)
		if (!digit(t.p[at]))
			return false;
	return true;
}

/* [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+ with an optional fraction: base 60 in YAML 1.1. *value has it in the last place. */
static bool sexagesimal(struct text t, int64_t *value)
{
	size_t at = sign(t), n = digits(t, at);
	int64_t v = 0;

	if (n == 0 || n > 6 || at + n == t.n || t.p[at + n] != ':')
		return false;
	for (size_t i = at; i < at + n; i++)
		v = t.p[i] == '_' ? v : v * 10 + (t.p[i] - '0');
	at += n;
	for (int groups = 0; at < t.n && t.p[at] == ':'; groups++) {
		n = digits(t, at + 1);
		if (n == 0 || n > 2 || groups == 6)
			return false;
		int64_t part = 0;

		for (size_t i = at + 1; i < at + 1 + n; i++)
			part = t.p[i] == '_' ? part : part * 10 + (t.p[i] - '0');
		v = v * 60 + part;
		at += 1 + n;
	}
	if (at < t.n && t.p[at] == '.')
		at += 1 + digits(t, at + 1);
	*value = t.p[0] == '-' ? -v : v;
	return at == t.n;
}

/* Digits of a base after its prefix 0x, 0o, 0b. */
static bool prefixed(struct text t)
{
	size_t at = sign(t);

	if (t.n < at + 3 || t.p[at] != '0')
		return false;
	char base = t.p[at + 1];

	if (base != 'x' && base != 'X' && base != 'o' && base != 'O' && base != 'b' && base != 'B')
		return false;
	for (at += 2; at < t.n; at++) {
		char c = t.p[at];
		bool hex = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');

		if (!digit(c) && c != '_' && !(hex && (base == 'x' || base == 'X')))
			return false;
	}
	return true;
}

/* Everything that a number may look like: signs, underscores, a point, an exponent, .inf, .nan. */
static bool number(struct text t)
{
	size_t at = sign(t), whole = digits(t, at), fine = 0;
	struct text rest = text_sub(t, at, t.n);

	if (text_eq_nocase(rest, text_of(".inf")) || text_eq_nocase(rest, text_of(".nan")))
		return true;
	if (whole > 0 && t.p[at] == '_')
		return false;
	at += whole;
	if (at < t.n && t.p[at] == '.') {
		fine = digits(t, at + 1);
		at += 1 + fine;
	}
	if (whole + fine == 0)
		return false;
	if (at < t.n && (t.p[at] == 'e' || t.p[at] == 'E')) {
		at++;
		if (at < t.n && (t.p[at] == '+' || t.p[at] == '-'))
			at++;
		size_t n = digits(t, at);

		if (n == 0)
			return false;
		at += n;
	}
	return at == t.n;
}

/* YYYY-M-D, alone or with a time behind it. */
static bool date(struct text t)
{
	size_t at = digits(t, 0);

	if (at != 4)
		return false;
	for (int part = 0; part < 2; part++) {
		if (at == t.n || t.p[at] != '-')
			return false;
		size_t n = digits(t, at + 1);

		if (n == 0 || n > 2)
			return false;
		at += 1 + n;
	}
	if (at == t.n)
		return true;
	if (t.p[at] != 'T' && t.p[at] != 't' && t.p[at] != ' ' && t.p[at] != '\t')
		return false;
	for (; at < t.n && !digit(t.p[at]);)
		at++;
	size_t hour = digits(t, at);

	return hour > 0 && hour <= 2 && at + hour < t.n && t.p[at + hour] == ':';
}

struct text plain_trouble(struct arena *a, struct text t)
{
	const char *as;
	int64_t value;

	if (text_is(t, "true") || text_is(t, "false") || plain_integer(t))
		return (struct text){"", 0};
	if (plain_word(t, &as))
		return text_format(a, "%s reads %.*s as %s", as[0] == 'n' ? "YAML" : "YAML 1.1",
				   TEXT_ARG(t), as);
	if (sexagesimal(t, &value))
		return text_format(a, "YAML 1.1 reads %.*s as %" PRId64, TEXT_ARG(t), value);
	if (date(t))
		return text_format(a, "YAML 1.1 reads %.*s as a date", TEXT_ARG(t));
	if (prefixed(t) || number(t))
		return text_format(a, "YAML reads %.*s as a number", TEXT_ARG(t));
	if (text_is(t, "-") || text_is(t, "?") || text_is(t, ":"))
		return text_format(a, "alone, YAML takes %.*s for a sign", TEXT_ARG(t));
	if (text_is(t, "="))
		return text_format(a, "YAML 1.1 gives = a meaning of its own");
	return (struct text){"", 0};
}
