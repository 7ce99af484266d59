/* SPDX-License-Identifier: Apache-2.0 */
#include "render/words.h"

#include <assert.h>
#include <string.h>

enum { EN, DE, FRENCH, WORD_LANGUAGES };

struct language {
	const char *tag;
	int words;
	const char *decimal, *group;
	size_t group_from; /* digits before the point from which they are grouped */
	const char *percent_gap;
	const char *first_dot, *day_dot; /* after the first day of the month, after any other */
	const char *const *months, *const *months_short, *const *weekdays;
};

static const char *const word_tags[WORD_LANGUAGES] = {"en", "de", "fr"};

static const struct {
	const char *v[FRENCH];
} words[] = {
#define WORD(name, en, de) {{en, de}},
#include "render/words.def"
};

static const char *const french[W_COUNT] = {
#define FR(name, fr) [W_##name] = (fr),
#include "render/words_fr.def"
};

/* A name twice, or one that is no word, does not compile; with as many names as words none is missing. */
enum french_rows {
#define FR(name, fr) FR_##name,
#include "render/words_fr.def"
	FR_COUNT
};
_Static_assert((int)FR_COUNT == (int)W_COUNT, "words_fr.def does not say every word of words.def");

#define NBSP "\xc2\xa0"
#define NARROW "\xe2\x80\xaf"

static const char *const en_months[] = {"January",   "February", "March",    "April",
					"May",       "June",     "July",     "August",
					"September", "October",  "November", "December"};
static const char *const en_short[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
				       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const gb_short[] = {"Jan", "Feb", "Mar",  "Apr", "May", "Jun",
				       "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"};
static const char *const en_days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const de_months[] = {"Januar",    "Februar", "März",     "April",
					"Mai",       "Juni",    "Juli",     "August",
					"September", "Oktober", "November", "Dezember"};
static const char *const de_short[] = {"Jan.", "Feb.", "März",  "Apr.", "Mai",  "Juni",
				       "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."};
static const char *const de_days[] = {"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"};
static const char *const fr_months[] = {"janvier",   "février", "mars",     "avril",
					"mai",       "juin",    "juillet",  "août",
					"septembre", "octobre", "novembre", "décembre"};
static const char *const fr_short[] = {"janv.", "févr.", "mars",  "avr.", "mai",  "juin",
				       "juil.", "août",  "sept.", "oct.", "nov.", "déc."};
static const char *const fr_days[] = {"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."};
static const char *const nl_months[] = {"januari",   "februari", "maart",    "april",
					"mei",       "juni",     "juli",     "augustus",
					"september", "oktober",  "november", "december"};
static const char *const nl_short[] = {"jan", "feb", "mrt", "apr", "mei", "jun",
				       "jul", "aug", "sep", "okt", "nov", "dec"};
static const char *const nl_days[] = {"ma", "di", "wo", "do", "vr", "za", "zo"};
static const char *const es_months[] = {"enero",      "febrero", "marzo",     "abril",
					"mayo",       "junio",   "julio",     "agosto",
					"septiembre", "octubre", "noviembre", "diciembre"};
static const char *const es_short[] = {"ene", "feb", "mar",  "abr", "may", "jun",
				       "jul", "ago", "sept", "oct", "nov", "dic"};
static const char *const es_days[] = {"lun", "mar", "mié", "jue", "vie", "sáb", "dom"};

static const struct language languages[] = {
	{"en", EN, ".", ",", 4, NBSP, "", "", en_months, en_short, en_days},
	{"en-GB", EN, ".", ",", 4, "", "", "", en_months, gb_short, en_days},
	{"de", DE, ",", ".", 4, NBSP, ".", ".", de_months, de_short, de_days},
	{"fr", FRENCH, ",", NARROW, 4, NARROW, "er", "", fr_months, fr_short, fr_days},
	{"nl", EN, ",", ".", 4, "", "", "", nl_months, nl_short, nl_days},
	{"es", EN, ",", ".", 5, NBSP, "", "", es_months, es_short, es_days},
};

/* --- which language --- */

const struct language *language_english(void)
{
	return &languages[0];
}

size_t language_count(void)
{
	return ARRAY_SIZE(languages);
}

const struct language *language_at(size_t i)
{
	assert(i < ARRAY_SIZE(languages));
	return &languages[i];
}

const char *language_tag(const struct language *l)
{
	return l->tag;
}

const char *language_words(const struct language *l)
{
	return word_tags[l->words];
}

/* RFC 4647 lookup: the tag itself, else without its last subtag, and so on. */
enum rc language_find(struct text tag, const struct language **out, struct err *err)
{
	for (struct text t = tag; t.n > 0;) {
		for (size_t i = 0; i < ARRAY_SIZE(languages); i++) {
			if (!text_eq_nocase(t, text_of(languages[i].tag)))
				continue;
			*out = &languages[i];
			return RC_OK;
		}
		while (t.n > 0 && t.p[t.n - 1] != '-')
			t.n--;
		if (t.n > 0)
			t.n--;
	}
	struct text shown = text_sub(tag, 0, 40);

	err_hint(err, "languages are en, en-GB, de, fr, nl, es; words exist in en, de and fr, the "
		      "others take English words "
		      "with their own numbers and dates");
	return err_set(err, RC_USAGE, "unknown language \"%.*s\"", TEXT_ARG(shown));
}

struct text language_notice(const struct language *l)
{
	if (text_eq(text_of(language_words(l)), text_sub(text_of(l->tag), 0, 2)))
		return (struct text){"", 0};
	return text_of("Words exist in English, German and French only; numbers and dates are in "
		       "the language asked for.");
}

/* --- words --- */

struct text word_pattern(const struct language *l, enum wording w)
{
	assert(w < W_COUNT);
	return text_of(l->words == FRENCH ? french[w] : words[w].v[l->words]);
}

size_t word_arguments(struct text pattern)
{
	size_t most = 0;

	for (size_t i = 0; i + 2 < pattern.n; i++) {
		if (pattern.p[i] != '{' || pattern.p[i + 2] != '}')
			continue;
		size_t k = (size_t)(pattern.p[i + 1] - '0');

		if (k >= 1 && k <= 9 && k > most)
			most = k;
	}
	return most;
}

/* --- numbers --- */

void format_number(struct buf *out, const struct language *l, struct text canonical)
{
	size_t i = 0;

	if (canonical.n > 0 && canonical.p[0] == '-') {
		buf_str(out, "\xe2\x88\x92"); /* a minus, not a hyphen at which lines break */
		i = 1;
	}
	size_t point = text_find(canonical, '.', i), digits = point - i;

	for (size_t k = i; k < point; k++) {
		if (k > i && digits >= l->group_from && (point - k) % 3 == 0)
			buf_str(out, l->group);
		buf_char(out, canonical.p[k]);
	}
	if (point < canonical.n) {
		buf_str(out, l->decimal);
		buf_text(out, text_sub(canonical, point + 1, canonical.n));
	}
}

enum { NUMBER_MAX = 96 };

void format_int(struct buf *out, const struct language *l, int64_t v)
{
	struct buf b;

	buf_init(&b, NUMBER_MAX);
	buf_i64(&b, v);
	format_number(out, l, buf_view(&b));
	buf_free(&b);
}

void format_decimal(struct buf *out, const struct language *l, struct decimal d)
{
	struct buf b;

	buf_init(&b, NUMBER_MAX);
	decimal_print(&b, d);
	format_number(out, l, buf_view(&b));
	buf_free(&b);
}

void format_fixed(struct buf *out, const struct language *l, struct decimal d)
{
	struct buf b;

	buf_init(&b, NUMBER_MAX);
	decimal_print_places(&b, d, d.scale);
	format_number(out, l, buf_view(&b));
	buf_free(&b);
}

/* All decimals that a rounding gave are printed: 99.9000 says more than 99.9 does. */
void format_percent(struct buf *out, const struct language *l, struct decimal d)
{
	struct buf b;

	buf_init(&b, NUMBER_MAX);
	decimal_print_places(&b, d, d.scale);
	format_number(out, l, buf_view(&b));
	buf_free(&b);
	buf_str(out, l->percent_gap);
	buf_char(out, '%');
}

void format_money(struct buf *out, const struct language *l, struct money m)
{
	struct buf b;

	buf_init(&b, NUMBER_MAX);
	decimal_print_places(&b, (struct decimal){m.minor, m.currency.decimals},
			     m.currency.decimals);
	format_number(out, l, buf_view(&b));
	buf_free(&b);
	buf_str(out, NBSP);
	buf_str(out, m.currency.code);
}

enum { EXACT_PLACES = 6 };

void format_exact(struct buf *out, const struct language *l, struct fraction f, unsigned min_places)
{
	struct decimal shown = fraction_round(f, EXACT_PLACES, ROUND_DOWN);
	bool more = fraction_cmp(fraction_of_decimal(shown), f) != 0;
	struct buf b;

	while (!more && shown.scale > min_places && shown.units % 10 == 0) {
		shown.units /= 10;
		shown.scale--;
	}
	buf_init(&b, NUMBER_MAX);
	decimal_print_places(&b, shown, shown.scale);
	format_number(out, l, buf_view(&b));
	buf_free(&b);
	if (more)
		buf_str(out, "\xe2\x80\xa6");
}

void format_share(struct buf *out, const struct language *l, struct fraction f)
{
	format_exact(out, l, fraction_mul(f, fraction_of(100, 1)), 0);
	buf_str(out, l->percent_gap);
	buf_char(out, '%');
}

/* --- durations --- */

static void amount(struct buf *out, const struct language *l, int64_t n, const char *unit,
		   bool *first)
{
	if (n == 0)
		return;
	if (!*first)
		buf_str(out, NBSP);
	*first = false;
	format_int(out, l, n);
	buf_str(out, NBSP);
	buf_str(out, unit);
}

void format_span(struct buf *out, const struct language *l, int64_t ms)
{
	bool first = true;
	/* The smallest value has no positive counterpart; nothing lasts that long. */
	int64_t left = ms < 0 ? (ms == INT64_MIN ? INT64_MAX : -ms) : ms;

	if (ms < 0)
		buf_str(out, "\xe2\x88\x92");
	amount(out, l, left / HOUR_MS, "h", &first);
	amount(out, l, left % HOUR_MS / MINUTE_MS, "min", &first);
	if (left % SECOND_MS == 0) {
		amount(out, l, left % MINUTE_MS / SECOND_MS, "s", &first);
	} else {
		if (!first)
			buf_str(out, NBSP);
		first = false;
		struct buf b;

		buf_init(&b, NUMBER_MAX);
		decimal_print_places(&b, (struct decimal){left % MINUTE_MS, 3}, 3);
		format_number(out, l, buf_view(&b));
		buf_free(&b);
		buf_str(out, NBSP "s");
	}
	if (first)
		buf_str(out, "0" NBSP "min");
}

static enum wording unit_word(enum unit u, bool one)
{
	switch (u) {
	case UNIT_MIN:
		return W_UNIT_MIN;
	case UNIT_H:
		return W_UNIT_H;
	case UNIT_D:
		return one ? W_UNIT_D_ONE : W_UNIT_D_MANY;
	case UNIT_BD:
		return one ? W_UNIT_BD_ONE : W_UNIT_BD_MANY;
	case UNIT_W:
		return one ? W_UNIT_W_ONE : W_UNIT_W_MANY;
	case UNIT_MO:
		return one ? W_UNIT_MO_ONE : W_UNIT_MO_MANY;
	case UNIT_Y:
		break;
	}
	return one ? W_UNIT_Y_ONE : W_UNIT_Y_MANY;
}

void format_duration(struct buf *out, const struct language *l, struct duration d)
{
	format_int(out, l, d.n);
	buf_str(out, NBSP);
	buf_text(out, word_pattern(l, unit_word(d.unit, d.n == 1)));
	if (d.calendar.n > 0) {
		buf_char(out, ' ');
		buf_text(out, d.calendar);
	}
}

/* --- dates and times --- */

static void put_day(struct buf *out, const struct language *l, day d, bool year)
{
	struct civil c = civil_of(d);

	buf_i64(out, c.mday);
	buf_str(out, c.mday == 1 ? l->first_dot : l->day_dot);
	buf_str(out, NBSP);
	buf_str(out, l->months_short[c.month - 1]);
	if (year) {
		buf_str(out, NBSP);
		buf_i64(out, c.year);
	}
}

void format_day(struct buf *out, const struct language *l, day d)
{
	put_day(out, l, d, true);
}

void format_minutes(struct buf *out, int32_t minutes)
{
	buf_i64_pad(out, minutes / 60, 2);
	buf_char(out, ':');
	buf_i64_pad(out, minutes % 60, 2);
}

static void put_clock(struct buf *out, int32_t ms)
{
	format_minutes(out, (int32_t)(ms / MINUTE_MS));
	if (ms % MINUTE_MS == 0)
		return;
	buf_char(out, ':');
	buf_i64_pad(out, ms % MINUTE_MS / SECOND_MS, 2);
	if (ms % SECOND_MS == 0)
		return;
	buf_char(out, '.');
	buf_i64_pad(out, ms % SECOND_MS, 3);
}

static void put_month(struct buf *out, const struct language *l, day d)
{
	struct civil c = civil_of(d);

	buf_str(out, l->months[c.month - 1]);
	buf_str(out, NBSP);
	buf_i64(out, c.year);
}

/* 24:00 of the day before is how contracts write the end of a day. */
static void put_end(struct buf *out, const struct language *l, struct local at, bool clock)
{
	bool midnight = at.ms == 0;

	put_day(out, l, midnight ? at.date - 1 : at.date, true);
	if (!clock)
		return;
	buf_str(out, NBSP);
	if (midnight)
		buf_str(out, "24:00");
	else
		put_clock(out, at.ms);
	buf_str(out, NBSP);
	buf_str(out, at.abbrev);
}

static void put_weekday(struct buf *out, const struct language *l, day d)
{
	buf_str(out, l->weekdays[weekday_of(d)]);
}

void format_time(struct buf *out, const struct language *l, const struct zone *z, instant t,
		 enum time_form form)
{
	struct local at = zone_local(z, t);

	switch (form) {
	case TIME_DATE:
		put_day(out, l, at.date, true);
		return;
	case TIME_MOMENT:
		put_weekday(out, l, at.date);
		buf_str(out, NBSP);
		put_day(out, l, at.date, false);
		break;
	case TIME_FULL:
		put_day(out, l, at.date, true);
		break;
	case TIME_CLOCK:
		put_clock(out, at.ms);
		return;
	case TIME_WEEKDAY:
		put_weekday(out, l, at.date);
		return;
	case TIME_DAY:
		put_weekday(out, l, at.date);
		buf_str(out, NBSP);
		put_day(out, l, at.date, false);
		return;
	case TIME_DAY_CLOCK:
		put_weekday(out, l, at.date);
		buf_str(out, NBSP);
		put_clock(out, at.ms);
		return;
	case TIME_DEADLINE:
	case TIME_LAST_DAY:
		put_end(out, l, at, form == TIME_DEADLINE);
		return;
	case TIME_MONTH:
		put_month(out, l, at.date);
		return;
	case TIME_MONTH_SHORT:
		buf_str(out, l->months_short[civil_of(at.date).month - 1]);
		return;
	}
	buf_char(out, ' '); /* a narrow column may break here, nowhere else */
	put_clock(out, at.ms);
	buf_str(out, NBSP);
	buf_str(out, at.abbrev);
}

void format_weekdays(struct buf *out, const struct language *l, unsigned days)
{
	bool first = true;

	for (int from = 0; from < 7; from++) {
		if ((days >> from & 1) == 0)
			continue;
		int to = from;

		while (to < 6 && (days >> (to + 1) & 1) != 0)
			to++;
		if (!first)
			buf_str(out, ", ");
		first = false;
		buf_str(out, l->weekdays[from]);
		if (to > from) {
			buf_char(out, '-');
			buf_str(out, l->weekdays[to]);
		}
		from = to;
	}
}

void format_ranges(struct buf *out, const struct day_range *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_str(out, ", ");
		format_minutes(out, v[i].from_min);
		buf_char(out, '-');
		format_minutes(out, v[i].to_min);
	}
}
