/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/places.h"

/* ISO 3166-1 alpha-2, officially assigned, in order. */
static const char countries[] =
	"ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ"
	"CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFR"
	"GAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJP"
	"KEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMT"
	"MUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW"
	"SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUG"
	"UMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

static bool upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

bool region_is_known(struct text t)
{
	bool known = false;

	if (t.n < 2 || (t.n > 2 && (t.p[2] != '-' || t.n < 4 || t.n > 6)))
		return false;
	for (size_t i = 0; i + 1 < sizeof(countries) && !known; i += 2)
		known = t.p[0] == countries[i] && t.p[1] == countries[i + 1];
	for (size_t i = 3; i < t.n; i++)
		known = known && (upper(t.p[i]) || digit(t.p[i]));
	return known;
}

static bool all(struct text t, bool (*is)(char))
{
	for (size_t i = 0; i < t.n; i++)
		if (!is(t.p[i]))
			return false;
	return true;
}

bool language_is_well_formed(struct text t)
{
	struct text part, rest = text_cut(t, '-', &part);

	if (part.n < 2 || part.n > 3 || !all(part, lower) || (part.n < t.n && rest.n == 0))
		return false;
	if (rest.n == 0)
		return true;
	struct text after = text_cut(rest, '-', &part);

	if (part.n == 4 && upper(part.p[0]) && all(text_sub(part, 1, 4), lower)) {
		if (part.n == rest.n)
			return true;
		rest = after;
		after = text_cut(rest, '-', &part);
	}
	return part.n == rest.n &&
	       ((part.n == 2 && all(part, upper)) || (part.n == 3 && all(part, digit)));
}

static bool local_character(char c)
{
	return lower(c) || upper(c) || digit(c) || (unsigned char)c >= 0x80 ||
	       text_find(text_of("!#$%&'*+/=?^_`{|}~-"), c, 0) < 19;
}

static bool domain_character(char c)
{
	return lower(c) || upper(c) || digit(c) || c == '-' || (unsigned char)c >= 0x80;
}

/* Words of the given characters with a point between any two. */
static bool dotted(struct text t, bool (*is)(char), size_t at_least)
{
	size_t words = 0;

	for (size_t from = 0; from <= t.n;) {
		size_t to = text_find(t, '.', from);
		struct text word = text_sub(t, from, to);

		if (word.n == 0 || word.n > 63 || !all(word, is) || word.p[0] == '-')
			return false;
		words++;
		from = to + 1;
	}
	return words >= at_least;
}

bool mailbox_is_well_formed(struct text t)
{
	struct text local, domain = text_cut(t, '@', &local);

	return t.n <= 254 && local.n <= 64 && local.n < t.n && dotted(local, local_character, 1) &&
	       dotted(domain, domain_character, 2);
}

bool zone_name_is_region(struct text t)
{
	size_t parts = 1;

	if (text_is(t, "UTC"))
		return true;
	if (t.n == 0 || t.n > 60 || !upper(t.p[0]))
		return false;
	for (size_t i = 0; i < t.n; i++) {
		bool sign = t.p[i] == '_' || t.p[i] == '-' || t.p[i] == '+';

		if (t.p[i] == '/') {
			parts++;
			if (i + 1 == t.n || !upper(t.p[i + 1]))
				return false;
		} else if (!lower(t.p[i]) && !upper(t.p[i]) && !digit(t.p[i]) && !sign) {
			return false;
		}
	}
	return parts >= 2;
}
