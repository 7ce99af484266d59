/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Languages: the words of every sentence (words.def, English and German; words_fr.def, French) and the formats of numbers, money, dates, times and
 * durations (en, en-GB, de, fr, nl, es). A language is chosen by its tag and never taken from the environment. A language
 * without words of its own speaks English in its own formats and says so (language_notice).
 *
 * Formats only: nothing here rounds, adds or converts one quantity into another.
 */
#ifndef RENDER_WORDS_H
#define RENDER_WORDS_H

#include "base/buf.h"
#include "base/err.h"
#include "money/money.h"
#include "time/duration.h"
#include "time/zone.h"

enum wording {
#define WORD(name, en, de) W_##name,
#include "render/words.def"
	W_COUNT
};

struct language;

/* "de", "de-AT" (the nearest known tag is taken: de), "en-GB". RC_USAGE for any other, naming those that exist. */
enum rc language_find(struct text tag, const struct language **out, struct err *err) MUST_USE;
const struct language *language_english(void);
size_t language_count(void);
const struct language *language_at(size_t i);
const char *language_tag(const struct language *l);   /* of the formats: "fr" */
const char *language_words(const struct language *l); /* of the words: "en", "de", "fr" */

/* The pattern of a word, with {1}, {2}, ... where its arguments go. */
struct text word_pattern(const struct language *l, enum wording w);
/* Highest placeholder of a pattern. */
size_t word_arguments(struct text pattern);

/* A canonical number ("-1230.50") in the language's writing: "-1.230,50". */
void format_number(struct buf *out, const struct language *l, struct text canonical);
void format_int(struct buf *out, const struct language *l, int64_t v);
void format_decimal(struct buf *out, const struct language *l, struct decimal d);
/* With all its decimals: an amount of minor units without its currency, "1,230.00". */
void format_fixed(struct buf *out, const struct language *l, struct decimal d);
/* With the sign, and the language's gap before it: "99.5 %". */
void format_percent(struct buf *out, const struct language *l, struct decimal d);
/* "1,230.00 USD" */
void format_money(struct buf *out, const struct language *l, struct money m);
/*
 * An exact amount in currency units, never rounded: at least the currency's decimals, at most 6, cut there and marked with an
 * ellipsis if more would follow: "964.285714…".
 */
void format_exact(struct buf *out, const struct language *l, struct fraction f,
		  unsigned min_places);
/* The same as a percentage of a share: 0.994384 is "99.4384 %". */
void format_share(struct buf *out, const struct language *l, struct fraction f);

/* "8 h 33 min", "2 h 15 min 5 s", "0 min", "1.250 s"; hours are not carried into days. Negative: with a minus. */
void format_span(struct buf *out, const struct language *l, int64_t ms);
/* A duration as promised: "4 h office", "2 business days", "1 month". */
void format_duration(struct buf *out, const struct language *l, struct duration d);

enum time_form {
	TIME_DATE,      /* 14 May 2026 */
	TIME_MOMENT,    /* Tue 10 Mar 09:12 EDT */
	TIME_FULL,      /* 2 Apr 2026 09:00 EDT */
	TIME_CLOCK,     /* 09:12 */
	TIME_WEEKDAY,   /* Tue */
	TIME_DAY,       /* Tue 10 Mar */
	TIME_DAY_CLOCK, /* Tue 09:12 */
	TIME_DEADLINE, /* 14 May 2026 24:00 EDT: midnight is the end of the day before (sla.md R11) */
	TIME_LAST_DAY,    /* 14 May 2026: the day whose end or part the instant is */
	TIME_MONTH,       /* March 2026 */
	TIME_MONTH_SHORT, /* Mar */
};
/* Seconds and milliseconds appear where they are not zero. */
void format_time(struct buf *out, const struct language *l, const struct zone *z, instant t,
		 enum time_form form);
void format_day(struct buf *out, const struct language *l, day d);
/* Minutes from midnight: "17:00". */
void format_minutes(struct buf *out, int32_t minutes);
/* "mon-fri" of a set of weekdays, bit 0 = Monday. */
void format_weekdays(struct buf *out, const struct language *l, unsigned days);
/* "09:00-12:00, 13:00-17:00"; nothing for no range. */
void format_ranges(struct buf *out, const struct day_range *v, size_t n);

/* What the reader must know about a language without words of its own, or the empty text. */
struct text language_notice(const struct language *l);

#endif
