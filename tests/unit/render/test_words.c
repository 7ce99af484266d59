/* SPDX-License-Identifier: Apache-2.0 */
#include "render/words.h"

#include "facts/kinds.h"
#include "render/said.h"

#include "fixture.h"

static const struct {
	const char *name, *en, *de;
} all_words[] = {
#define WORD(name, en, de) {#name, en, de},
#include "render/words.def"
};

static const struct {
	const char *name, *fr;
} french_words[] = {
#define FR(name, fr) {#name, fr},
#include "render/words_fr.def"
};

/* Bit k for each {k}. */
static unsigned holes(const char *s)
{
	unsigned set = 0;

	for (; *s != '\0'; s++)
		if (s[0] == '{' && s[1] >= '1' && s[1] <= '9' && s[2] == '}')
			set |= 1u << (s[1] - '0');
	return set;
}

static bool has_stray_brace(const char *s)
{
	for (; *s != '\0'; s++) {
		if (s[0] == '{' && s[1] >= '1' && s[1] <= '9' && s[2] == '}') {
			s += 2;
			continue;
		}
		if (*s == '{' || *s == '}')
			return true;
	}
	return false;
}

/* People read no identifiers: each kind has words, and those are no identifier. */
static void every_kind(void)
{
	struct arena *a = arena_new(1 << 16);
	enum wording w;

	for (int k = 0; k < (int)FACT_COUNT; k++) {
		struct text id = text_of(fact_row((enum fact_kind)k)->kind);

		ok(said_find(id, &w) && memchr(word_pattern(language_english(), w).p, '_',
					       word_pattern(language_english(), w).n) == NULL,
		   "%.*s is said in words", TEXT_ARG(id));
	}
	ok(text_is(said_list(a, language_english(), text_of("owner read-only")),
		   "owner, reads only"),
	   "a list of them is one of words");
	ok(text_is(said_list(a, language_english(), text_of("Help desk")), "Help desk") &&
		   text_is(said_text(language_english(), text_of("NW-1")), "NW-1"),
	   "what is nobody's word stays as it is");
	ok(said_list(a, language_english(), text_of("")).n == 0, "nothing is said of nothing");
	arena_free(a);
}

static void every_word(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(all_words); i++) {
		unsigned en = holes(all_words[i].en), de = holes(all_words[i].de);
		/* the texts of mail are all given the same things, and take of them what they need */
		bool mail = text_starts(text_of(all_words[i].name), "MAIL_");
		bool gap = (en & (en + 2)) != 0 && en != 0 && !mail;
		bool good = en == de && !gap && *all_words[i].en != '\0' &&
			    *all_words[i].de != '\0' && !has_stray_brace(all_words[i].en) &&
			    !has_stray_brace(all_words[i].de) &&
			    text_utf8(text_of(all_words[i].de), NULL);

		ok(good, "%s: the same placeholders in both languages, none left out",
		   all_words[i].name);
	}
}

/* French is a file of its own: every word by its name, with the placeholders of the English, and typeset as French is. */
static void every_french_word(void)
{
	is_i64((int64_t)ARRAY_SIZE(french_words), W_COUNT, "as many French words as words");
	for (size_t i = 0; i < ARRAY_SIZE(all_words); i++) {
		const char *fr = NULL;
		bool good;

		for (size_t k = 0; k < ARRAY_SIZE(french_words); k++)
			if (strcmp(french_words[k].name, all_words[i].name) == 0)
				fr = french_words[k].fr;
		good = fr != NULL && *fr != '\0' && holes(fr) == holes(all_words[i].en) &&
		       !has_stray_brace(fr) && text_utf8(text_of(fr), NULL) &&
		       strstr(fr, " :") == NULL && strstr(fr, " ;") == NULL &&
		       strstr(fr, " ?") == NULL && strchr(fr, '\'') == NULL;
		ok(good, "%s: said in French", all_words[i].name);
		ok(fr != NULL && text_is(word_pattern(language("fr"), (enum wording)i), fr),
		   "%s: and found by its number", all_words[i].name);
	}
}

/* The first of a month is an ordinal in French, and only it. */
static void first_of_month(void)
{
	static const struct {
		const char *tag;
		int32_t mday;
		const char *says;
	} days[] = {{"fr", 1,
		     "1er\xc2\xa0juil.\xc2\xa0"
		     "2026"},
		    {"fr", 2,
		     "2\xc2\xa0juil.\xc2\xa0"
		     "2026"},
		    {"de", 1,
		     "1.\xc2\xa0Juli\xc2\xa0"
		     "2026"},
		    {"en", 1,
		     "1\xc2\xa0Jul\xc2\xa0"
		     "2026"}};

	for (size_t i = 0; i < ARRAY_SIZE(days); i++) {
		struct buf b;

		buf_init(&b, 64);
		format_day(&b, language(days[i].tag), day_of(2026, 7, days[i].mday));
		is_text(buf_view(&b), days[i].says, "%s: day %d of a month", days[i].tag,
			days[i].mday);
		buf_free(&b);
	}
}

/* tag, number, money, percent, span, date, moment, full, month */
static const struct {
	const char *tag, *number, *money, *percent, *date, *moment, *month, *minus;
} formats[] = {
	{"en", "1,234,567.5", "1,230.00\xc2\xa0USD", "99.4384\xc2\xa0%",
	 "2\xc2\xa0"
	 "Apr\xc2\xa0"
	 "2026",
	 "Tue\xc2\xa0"
	 "10\xc2\xa0Mar"
	 " 09:12\xc2\xa0"
	 "EDT",
	 "March\xc2\xa0"
	 "2026",
	 "\xe2\x88\x92"
	 "0.25"},
	{"en-GB", "1,234,567.5", "1,230.00\xc2\xa0USD", "99.4384%",
	 "2\xc2\xa0"
	 "Apr\xc2\xa0"
	 "2026",
	 "Tue\xc2\xa0"
	 "10\xc2\xa0Mar"
	 " 09:12\xc2\xa0"
	 "EDT",
	 "March\xc2\xa0"
	 "2026",
	 "\xe2\x88\x92"
	 "0.25"},
	{"de", "1.234.567,5", "1.230,00\xc2\xa0USD", "99,4384\xc2\xa0%",
	 "2.\xc2\xa0"
	 "Apr.\xc2\xa0"
	 "2026",
	 "Di\xc2\xa0"
	 "10.\xc2\xa0M\xc3\xa4rz"
	 " 09:12\xc2\xa0"
	 "EDT",
	 "M\xc3\xa4rz\xc2\xa0"
	 "2026",
	 "\xe2\x88\x92"
	 "0,25"},
	{"fr",
	 "1\xe2\x80\xaf"
	 "234\xe2\x80\xaf"
	 "567,5",
	 "1\xe2\x80\xaf"
	 "230,00\xc2\xa0USD",
	 "99,4384\xe2\x80\xaf%",
	 "2\xc2\xa0"
	 "avr.\xc2\xa0"
	 "2026",
	 "mar.\xc2\xa0"
	 "10\xc2\xa0mars"
	 " 09:12\xc2\xa0"
	 "EDT",
	 "mars\xc2\xa0"
	 "2026",
	 "\xe2\x88\x92"
	 "0,25"},
	{"nl", "1.234.567,5", "1.230,00\xc2\xa0USD", "99,4384%",
	 "2\xc2\xa0"
	 "apr\xc2\xa0"
	 "2026",
	 "di\xc2\xa0"
	 "10\xc2\xa0mrt"
	 " 09:12\xc2\xa0"
	 "EDT",
	 "maart\xc2\xa0"
	 "2026",
	 "\xe2\x88\x92"
	 "0,25"},
	{"es", "1.234.567,5", "1230,00\xc2\xa0USD", "99,4384\xc2\xa0%",
	 "2\xc2\xa0"
	 "abr\xc2\xa0"
	 "2026",
	 "mar\xc2\xa0"
	 "10\xc2\xa0mar"
	 " 09:12\xc2\xa0"
	 "EDT",
	 "marzo\xc2\xa0"
	 "2026",
	 "\xe2\x88\x92"
	 "0,25"},
};

static void every_format(struct arena *a)
{
	const struct zone *ny = new_york(a);

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		const struct language *l = language(formats[i].tag);
		struct buf b;

		buf_init(&b, 1024);
		format_number(&b, l, text_of("1234567.5"));
		is_text(buf_view(&b), formats[i].number, "%s: a number", formats[i].tag);
		buf_clear(&b);
		format_money(&b, l, (struct money){123000, {"USD", 2}});
		is_text(buf_view(&b), formats[i].money, "%s: money", formats[i].tag);
		buf_clear(&b);
		format_percent(&b, l, (struct decimal){994384, 4});
		is_text(buf_view(&b), formats[i].percent, "%s: a percentage", formats[i].tag);
		buf_clear(&b);
		format_time(&b, l, ny, at("2026-04-02T13:00:00Z"), TIME_DATE);
		is_text(buf_view(&b), formats[i].date, "%s: a date", formats[i].tag);
		buf_clear(&b);
		format_time(&b, l, ny, at("2026-03-10T13:12:00Z"), TIME_MOMENT);
		is_text(buf_view(&b), formats[i].moment, "%s: a moment", formats[i].tag);
		buf_clear(&b);
		format_time(&b, l, ny, at("2026-03-10T13:12:00Z"), TIME_MONTH);
		is_text(buf_view(&b), formats[i].month, "%s: a month", formats[i].tag);
		buf_clear(&b);
		format_decimal(&b, l, (struct decimal){-25, 2});
		is_text(buf_view(&b), formats[i].minus, "%s: less than nothing", formats[i].tag);
		buf_free(&b);
	}
}

static const struct {
	int64_t ms;
	const char *want;
} spans[] = {
	{0, "0\xc2\xa0min"},
	{30780000, "8\xc2\xa0h\xc2\xa0"
		   "33\xc2\xa0min"},
	{3600000, "1\xc2\xa0h"},
	{345600000, "96\xc2\xa0h"},
	{36000, "36\xc2\xa0s"},
	{8115000, "2\xc2\xa0h\xc2\xa0"
		  "15\xc2\xa0min\xc2\xa0"
		  "15\xc2\xa0s"},
	{1, "0.001\xc2\xa0s"},
	{61250, "1\xc2\xa0min\xc2\xa0"
		"1.250\xc2\xa0s"},
	{-1980000, "\xe2\x88\x92"
		   "33\xc2\xa0min"},
	{4500000000, "1,250\xc2\xa0h"},
};

static const struct {
	struct duration d;
	const char *en, *de;
} durations[] = {
	{{4, UNIT_H, {"office", 6}}, "4\xc2\xa0h office", "4\xc2\xa0h office"},
	{{1, UNIT_BD, {"", 0}},
	 "1\xc2\xa0"
	 "business day",
	 "1\xc2\xa0"
	 "Arbeitstag"},
	{{10, UNIT_BD, {"", 0}},
	 "10\xc2\xa0"
	 "business days",
	 "10\xc2\xa0"
	 "Arbeitstage"},
	{{12, UNIT_MO, {"", 0}}, "12\xc2\xa0months", "12\xc2\xa0Monate"},
	{{30, UNIT_MIN, {"", 0}}, "30\xc2\xa0min", "30\xc2\xa0min"},
};

static void every_duration(void)
{
	const struct language *en = language("en"), *de = language("de");
	struct buf b;

	buf_init(&b, 1024);
	for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
		buf_clear(&b);
		format_span(&b, en, spans[i].ms);
		is_text(buf_view(&b), spans[i].want, "%" PRId64 " ms", spans[i].ms);
	}
	for (size_t i = 0; i < ARRAY_SIZE(durations); i++) {
		buf_clear(&b);
		format_duration(&b, en, durations[i].d);
		is_text(buf_view(&b), durations[i].en, "%s", durations[i].en);
		buf_clear(&b);
		format_duration(&b, de, durations[i].d);
		is_text(buf_view(&b), durations[i].de, "%s", durations[i].de);
	}
	buf_free(&b);
}

static void exact(void)
{
	struct buf b;

	buf_init(&b, 1024);
	format_exact(&b, language_english(), fraction_of(123, 2), 2);
	is_text(buf_view(&b), "61.50", "an exact amount has the currency's decimals");
	buf_clear(&b);
	format_exact(&b, language_english(), fraction_of(6750, 7), 2);
	is_text(buf_view(&b), "964.285714\xe2\x80\xa6", "one that never ends is cut and says so");
	buf_clear(&b);
	format_share(&b, language_english(), fraction_of(1, 8));
	is_text(buf_view(&b), "12.5\xc2\xa0%", "a share is printed as a percentage");
	buf_clear(&b);
	format_weekdays(&b, language("de"), 0x5f);
	is_text(buf_view(&b), "Mo-Fr, So", "weekdays are joined");
	buf_free(&b);
}

static const struct {
	const char *asked, *tag; /* tag NULL: an error */
} tags[] = {
	{"en", "en"},    {"EN-us", "en"}, {"en-gb", "en-GB"}, {"de-AT", "de"},   {"de", "de"},
	{"fr-CA", "fr"}, {"pt", NULL},    {"", NULL},         {"deutsch", NULL},
};

static void find(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
		const struct language *l = NULL;
		struct err err = {.line = 0};
		enum rc rc = language_find(text_of(tags[i].asked), &l, &err);

		if (tags[i].tag == NULL)
			ok(rc == RC_USAGE && text_has(text_of(err.hint),
						      text_of("en, en-GB, de, fr, nl, es")),
			   "\"%s\" is an error that names the languages", tags[i].asked);
		else
			is_text(text_of(rc == RC_OK ? language_tag(l) : "none"), tags[i].tag,
				"\"%s\"", tags[i].asked);
	}
	is_text(text_of(language_words(language("nl"))), "en",
		"Dutch has its own formats and English words");
	ok(language_notice(language("nl")).n > 0, "and says so");
	is_text(text_of(language_words(language("fr"))), "fr", "French has French words");
	ok(language_notice(language("de")).n == 0 && language_notice(language("en-GB")).n == 0 &&
		   language_notice(language("fr")).n == 0,
	   "English, German and French need no such notice");
}

int main(void)
{
	struct arena *a = arena_new(8 << 20);
	struct buf b;

	every_word();
	every_kind();
	every_french_word();
	first_of_month();
	every_format(a);
	every_duration();
	exact();
	find();
	buf_init(&b, 256);
	format_time(&b, language_english(), new_york(a), at("2026-05-15T04:00:00Z"), TIME_DEADLINE);
	is_text(buf_view(&b),
		"14\xc2\xa0May\xc2\xa0"
		"2026\xc2\xa0"
		"24:00\xc2\xa0"
		"EDT",
		"midnight is the end of the day before (sla.md R11)");
	buf_free(&b);
	arena_free(a);
	return tap_done();
}
