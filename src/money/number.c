/* SPDX-License-Identifier: Apache-2.0 */
#include "money/number.h"

#include "money/wide.h"

#include <assert.h>
#include <string.h>

enum { WHOLE_MAX = 12, DECIMALS_MAX = 9, DIGITS_MAX = 18 };

static size_t digits_at(struct text t, size_t from)
{
	size_t at = from;

	while (at < t.n && t.p[at] >= '0' && t.p[at] <= '9')
		at++;
	return at - from;
}

enum number_fault number_scan(struct text t, struct decimal *out, unsigned *decimals)
{
	bool negative = t.n > 0 && t.p[0] == '-';
	size_t start = negative ? 1 : 0, whole = digits_at(t, start), point = start + whole;
	size_t fine = point < t.n && t.p[point] == '.' ? digits_at(t, point + 1) : 0;
	bool pointed = point < t.n;

	if (whole == 0 || (whole > 1 && t.p[start] == '0') || (pointed && fine == 0) ||
	    point + (pointed ? 1 : 0) + fine != t.n)
		return NUMBER_SHAPE;
	if (whole > WHOLE_MAX)
		return NUMBER_TOO_LARGE;
	if (fine > DECIMALS_MAX)
		return NUMBER_TOO_FINE;

	size_t kept = fine;

	while (kept > 0 && t.p[point + kept] == '0')
		kept--;
	u128 units = 0;

	for (size_t i = start; i <= point + kept && i < t.n; i++)
		if (t.p[i] != '.')
			units = units * 10 + (unsigned)(t.p[i] - '0');
	if (units >= power_of_ten(DIGITS_MAX))
		return NUMBER_TOO_MANY;

	int64_t value = (int64_t)units;

	*out = (struct decimal){negative ? -value : value, (uint8_t)kept};
	if (decimals != NULL)
		*decimals = (unsigned)fine;
	return NUMBER_RIGHT;
}

const char *number_advice(enum number_fault fault)
{
	switch (fault) {
	case NUMBER_TOO_LARGE:
		return "write at most 12 digits before the point";
	case NUMBER_TOO_FINE:
		return "write at most 9 decimals";
	case NUMBER_TOO_MANY:
		return "write at most 18 digits in all";
	case NUMBER_RIGHT:
	case NUMBER_SHAPE:
		break;
	}
	assert(false && "advice for a fault that has none");
	return "";
}

/* Do the digits before `end` come in groups of three, parted by `mark`? A first group of one to three comes before them. */
static bool grouped(struct text t, char mark, size_t end)
{
	size_t at = digits_at(t, 0);

	if (at < 1 || at > 3 || at == end || t.p[0] == '0')
		return false;
	for (; at < end; at += 4)
		if (t.p[at] != mark || digits_at(t, at + 1) != 3)
			return false;
	return at == end;
}

/* Which character parts the decimals in t, and which parts groups ('\0': none does)? */
static void habits(struct text t, char *point, char *mark)
{
	static const struct {
		char point, mark;
	} known[] = {{'.', ','},  {',', '.'}, {'.', '_'}, {'.', '\''},
		     {',', '\''}, {'.', ' '}, {',', ' '}};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		size_t end = text_find(t, known[i].point, 0);

		/* 1.234 alone is a number with three decimals, not a thousand. */
		if ((known[i].point == ',' && end == t.n) || !grouped(t, known[i].mark, end))
			continue;
		*point = known[i].point;
		*mark = known[i].mark;
		return;
	}
	*point = text_find(t, '.', 0) < t.n ? '.' : ',';
	*mark = '\0';
}

bool number_guess(struct text t, struct decimal *out)
{
	char plain[64];
	size_t n = 0;

	t = text_trim(t);
	if (t.n == 0 || t.n >= sizeof(plain) - 2)
		return false;
	if (t.p[0] == '-')
		plain[n++] = '-';
	if (t.p[0] == '-' || t.p[0] == '+')
		t = text_sub(t, 1, t.n);
	t = text_trim(t);
	while (t.n > 1 && t.p[0] == '0' && digits_at(t, 1) > 0)
		t = text_sub(t, 1, t.n);

	char point, mark;

	habits(t, &point, &mark);
	if (t.n > 0 && t.p[0] == point) {
		if (digits_at(t, 1) == 0)
			return false;
		plain[n++] = '0';
	}
	for (size_t i = 0; i < t.n; i++) {
		if (mark != '\0' && t.p[i] == mark)
			continue;
		if (t.p[i] == point && i + 1 == t.n)
			break;
		plain[n++] = t.p[i] == point ? '.' : t.p[i];
	}
	return number_scan((struct text){plain, n}, out, NULL) == NUMBER_RIGHT;
}

struct quotable number_quotable(struct text t)
{
	struct quotable q;
	size_t n = t.n;

	if (n >= sizeof(q.p)) {
		n = sizeof(q.p) - 4;
		/* Not in the middle of a character. */
		while (n > 0 && ((unsigned char)t.p[n] & 0xc0) == 0x80)
			n--;
	}
	for (size_t i = 0; i < n; i++)
		q.p[i] = (unsigned char)t.p[i] < 0x20 || t.p[i] == 0x7f ? '?' : t.p[i];
	if (n < t.n) {
		memcpy(q.p + n, "...", 3);
		n += 3;
	}
	q.p[n] = '\0';
	return q;
}
