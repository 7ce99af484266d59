/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords that are guessed first (trust.md S5): what is left of one when the words, rows of keys, runs, repetitions and years that lists
 * of breached passwords are made of are taken out, and the product's, the provider's, the host's and the person's own names. No copy of
 * such a list: the rules that make its commonest part.
 */
#include "app/sign_in_parts.h"

#include <string.h>

enum { LEFT_LEAST = 5, FOLD_MAX = 300, OWN_LEAST = 3, RUN_LEAST = 3 };

static const char *const words[] = {
	"password",   "passwort", "passwd",    "pass",      "kennwort",
	"motdepasse", "secret",   "geheim",    "admin",     "administrator",
	"root",       "user",     "login",     "signin",    "welcome",
	"willkommen", "bonjour",  "bienvenue", "hello",     "hallo",
	"letmein",    "changeme", "change",    "default",   "guest",
	"test",       "demo",     "temp",      "master",    "access",
	"iloveyou",   "loveyou",  "love",      "liebe",     "jetaime",
	"princess",   "sunshine", "dragon",    "monkey",    "shadow",
	"superman",   "batman",   "starwars",  "pokemon",   "football",
	"fussball",   "baseball", "soccer",    "hockey",    "basketball",
	"michael",    "jordan",   "charlie",   "daniel",    "thomas",
	"andrea",     "jessica",  "ashley",    "nicole",    "jennifer",
	"summer",     "sommer",   "winter",    "spring",    "autumn",
	"herbst",     "monday",   "montag",    "friday",    "freitag",
	"january",    "januar",   "march",     "april",     "june",
	"juli",       "july",     "august",    "october",   "oktober",
	"flower",     "blume",    "freedom",   "computer",  "internet",
	"google",     "facebook", "whatever",  "trustno",   "hunter",
	"cheese",     "cookie",   "coffee",    "chocolate", "schatz",
	"killer",     "money",    "business",  "company",   "server",
	"tenor",      "contract", "vertrag",   "support",   "service",
	"helpdesk",   "qwerty",   "qwertz",    "azerty",    "asdf",
	"zxcv",       "yxcv",     "qazwsx",    "abc",       "xyz",
	"and",        "the",      "my",
};

static const char *const rows[] = {"abcdefghijklmnopqrstuvwxyz",
				   "01234567890",
				   "qwertyuiop",
				   "qwertzuiop",
				   "azertyuiop",
				   "asdfghjkl",
				   "zxcvbnm",
				   "yxcvbnm",
				   "1qaz2wsx3edc4rfv",
				   "1q2w3e4r5t6z",
				   "1q2w3e4r5t6y"};

/* Small letters, and digits and signs that stand for letters back to those, unless among digits. */
static char folded(char c)
{
	static const char from[] = "@$!|", to[] = "asii";
	const char *at = c == '\0' ? NULL : strchr(from, c);

	if (at != NULL)
		return to[at - from];
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* p4ssw0rd: a digit between letters. */
static char unmasked(const char *p, size_t n, size_t i)
{
	static const char from[] = "013457", to[] = "oieast";
	bool before = i > 0 && !digit(p[i - 1]), after = i + 1 < n && !digit(p[i + 1]);
	const char *at = p[i] == '\0' ? NULL : strchr(from, p[i]);

	return at != NULL && before && after ? to[at - from] : p[i];
}

static size_t cut_out(char *p, size_t n, size_t from, size_t count)
{
	memmove(p + from, p + from + count, n - from - count);
	return n - count;
}

static size_t without(char *p, size_t n, struct text word)
{
	for (size_t i = 0; word.n > 0 && i + word.n <= n;) {
		if (memcmp(p + i, word.p, word.n) == 0)
			n = cut_out(p, n, i, word.n);
		else
			i++;
	}
	return n;
}

/* How much from there on runs along a row, either way. */
static size_t along(const char *p, size_t n, const char *row, int step)
{
	const char *at = p[0] == '\0' ? NULL : strchr(row, p[0]);
	size_t i = 1;

	while (at != NULL && i < n && (step > 0 || at > row) && at[step] != '\0' &&
	       at[step] == p[i]) {
		at += step;
		i++;
	}
	return i;
}

static size_t run_at(const char *p, size_t n)
{
	size_t best = 1, same = 1;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t up = along(p, n, rows[i], 1), down = along(p, n, rows[i], -1);

		best = up > best ? up : best;
		best = down > best ? down : best;
	}
	while (same < n && p[same] == p[0])
		same++;
	return same > best ? same : best;
}

static size_t without_runs(char *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t run = run_at(p + i, n - i);

		if (run >= RUN_LEAST)
			n = cut_out(p, n, i, run);
		else
			i++;
	}
	return n;
}

static size_t without_years(char *p, size_t n)
{
	for (size_t i = 0; i + 4 <= n;) {
		bool year = (memcmp(p + i, "19", 2) == 0 || memcmp(p + i, "20", 2) == 0) &&
			    digit(p[i + 2]) && digit(p[i + 3]);

		if (year)
			n = cut_out(p, n, i, 4);
		else
			i++;
	}
	return n;
}

/* "abcabcabc" is "abc". */
static size_t without_repeats(const char *p, size_t n)
{
	for (size_t period = 1; period * 2 <= n; period++)
		if (memcmp(p, p + period, n - period) == 0)
			return period;
	return n;
}

/* Each word of a name, and the name as a whole. */
static size_t without_name(char *p, size_t n, struct text name)
{
	char low[FOLD_MAX] = {0};
	size_t from = 0, len = name.n < sizeof(low) ? name.n : sizeof(low);

	for (size_t i = 0; i < len; i++)
		low[i] = folded(name.p[i]);
	if (len >= OWN_LEAST)
		n = without(p, n, (struct text){low, len});
	for (size_t i = 0; i <= len; i++) {
		bool letter = i < len && ((low[i] >= 'a' && low[i] <= 'z') || digit(low[i]) ||
					  (low[i] & 0x80) != 0);

		if (letter)
			continue;
		if (i - from >= OWN_LEAST)
			n = without(p, n, (struct text){low + from, i - from});
		from = i + 1;
	}
	return n;
}

/* Blanks between words that are guessed first make none that is not. */
static size_t without_blanks(const char *p, size_t n)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++)
		left += p[i] != ' ';
	return left;
}

enum rc password_common(struct text password, const struct text *own, size_t n_own, struct err *err)
{
	char low[FOLD_MAX] = {0}, p[FOLD_MAX] = {0};
	size_t n = password.n < sizeof(p) ? password.n : sizeof(p);

	for (size_t i = 0; i < n; i++)
		low[i] = folded(password.p[i]);
	n = without_repeats(low, n);
	for (size_t i = 0; i < n; i++)
		p[i] = unmasked(low, n, i);
	for (size_t i = 0; i < n_own; i++)
		n = without_name(p, n, own[i]);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		n = without(p, n, text_of(words[i]));
	n = without_years(p, n);
	n = without_blanks(p, without_runs(p, n));
	sodium_memzero(low, sizeof(low));
	sodium_memzero(p, sizeof(p));
	if (n >= LEFT_LEAST)
		return RC_OK;
	err_key(err, text_of("password"));
	err_hint(
		err,
		"take words that belong to nothing here: a few that do not follow from each other");
	return err_set(err, RC_INVALID, "the password is one of those that are guessed first");
}
