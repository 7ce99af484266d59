/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interpreter of holidays.def: rows in, the days of a year out. No country is known here; what differs between countries is
 * a row, and what a row can say is the list of kinds and observances below. Not a calendar: no hours and no zone.
 */
#include "time/holidays.h"

#include <assert.h>
#include <string.h>

enum { MON, TUE, WED, THU, FRI, SAT, SUN };

/* How the date itself is found. */
enum kind {
	KIND_FIXED,   /* month, mday */
	KIND_NTH,     /* n-th weekday of a month; n = -1: the last; then plus days */
	KIND_AFTER,   /* the first such weekday on or after month, mday; then plus days */
	KIND_BEFORE,  /* the last such weekday on or before month, mday */
	KIND_NEAREST, /* the such weekday nearest to month, mday */
	KIND_EASTER,  /* plus days from Easter Sunday */
	KIND_END,     /* closes the rows of a set; this and the next have no date */
	KIND_WITHOUT  /* the days of that name of the parents do not hold here */
};

/*
 * What becomes of a date by its weekday. AND adds a substitute, which is named "(observed)"; TO moves the day; ONLY drops it.
 * EXTRA is an extra day off even where the date is already the substitute of another day.
 */
enum observance {
	AS_IS,
	AND_NEAREST,         /* Saturday: and Friday; Sunday: and Monday (5 U.S.C. 6103) */
	AND_SUN_MON,         /* Sunday: and Monday */
	AND_MON,             /* weekend: and Monday, be that a holiday or not */
	AND_NEXT_FREE,       /* weekend: and the next weekday that is no holiday (Boxing Day) */
	AND_NEXT_EXTRA,      /* weekend or substitute: and the next weekday that is no holiday */
	AND_PREV_EXTRA,      /* weekend or substitute: and the last weekday that is no holiday */
	TO_SUN_SAT,          /* Sunday: Saturday instead */
	TO_SUN_MON,          /* Sunday: Monday instead */
	TO_WEEKEND_MON,      /* weekend: Monday instead */
	TO_AFTER_HOLY_WEEK,  /* between Palm Sunday and Easter: a week later */
	TO_MON_NOT_FRI,      /* the Monday to come, but a Friday stays (Saint Brigid's Day) */
	TO_TUE_AFTER_EASTER, /* Easter Monday: Tuesday instead (Otago) */
	TO_BESIDE,           /* a working day next to the holiday of that date (Georgia) */
	ONLY_MON,
	ONLY_NOT_SUN,
	ONLY_NOT_TUE_SAT
};

struct rule {
	enum kind kind;
	int32_t month, mday; /* mday: n of KIND_NTH */
	int weekday;
	int32_t plus;
	int32_t from, until;  /* years, both included */
	int32_t every, phase; /* years with year % every == phase */
	enum observance observance;
	const char *name, *name_observed;
};

struct holiday_set {
	const char *name, *title, *category;
	const struct holiday_set *parent; /* whose days are these too, or NULL */
	const struct rule *rules;         /* up to KIND_END */
};

#define FIXED(m, d) KIND_FIXED, (m), (d), 0, 0
#define NTH(n, wd, m) KIND_NTH, (m), (n), (wd), 0
#define NTH_PLUS(n, wd, m, plus) KIND_NTH, (m), (n), (wd), (plus)
#define LAST(wd, m) KIND_NTH, (m), -1, (wd), 0
#define ON_OR_AFTER(wd, m, d) KIND_AFTER, (m), (d), (wd), 0
#define ON_OR_BEFORE(wd, m, d) KIND_BEFORE, (m), (d), (wd), 0
#define AFTER_PLUS(wd, m, d, plus) KIND_AFTER, (m), (d), (wd), (plus)
#define NEAREST(wd, m, d) KIND_NEAREST, (m), (d), (wd), 0
#define EASTER(plus) KIND_EASTER, 0, 0, 0, (plus)

/* FOREVER is a year more than is asked for: 1 January 10000 is a Saturday, so it is observed in 9999. */
enum { ALWAYS = 1970, FOREVER = 10000, YEAR_MAX = 9999 };

/* First reading: the rows of each set. */
#define SET(id, parent, category, title) static const struct rule rules_##id[] = {
#define DAY(rule, from, until, observance, name)                                                   \
	{rule, (from), (until), 1, 0, (observance), name, name " (observed)"},
#define YEARLY(rule, name) {rule, ALWAYS, FOREVER, 1, 0, AS_IS, name, NULL},
#define DAY_EVERY(n, phase, rule, from, until, observance, name)                                   \
	{rule, (from), (until), (n), (phase), (observance), name, name " (observed)"},
#define ONCE(y, m, d, name)                                                                        \
	{KIND_FIXED, (m), (d), 0, 0, (y), (y), 1, 0, AS_IS, name, name " (observed)"},
#define WITHOUT(from, until, name)                                                                 \
	{KIND_WITHOUT, 0, 0, 0, 0, (from), (until), 1, 0, AS_IS, name, NULL},
/* clang-format off */
#define END {KIND_END, 0, 0, 0, 0, 0, 0, 1, 0, AS_IS, NULL, NULL}};
/* clang-format on */
#include "time/holidays.def"
#undef SET
#undef DAY
#undef YEARLY
#undef DAY_EVERY
#undef ONCE
#undef WITHOUT
#undef END

/* Second reading: the sets by number, so that a row can name its parent. */
enum set_number {
#define SET(id, parent, category, title) SET_##id,
#define DAY(rule, from, until, observance, name)
#define YEARLY(rule, name)
#define DAY_EVERY(n, phase, rule, from, until, observance, name)
#define ONCE(y, m, d, name)
#define WITHOUT(from, until, name)
#define END
#include "time/holidays.def"
#undef SET
	SET_COUNT
};

#define PARENT_none NULL
#define PARENT_of(id) &sets[SET_##id]

/* Third reading: the sets. */
static const struct holiday_set sets[SET_COUNT] = {
#define SET(id, parent, category, title) {#id, title, category, PARENT_##parent, rules_##id},
#include "time/holidays.def"
#undef SET
#undef DAY
#undef YEARLY
#undef DAY_EVERY
#undef ONCE
#undef WITHOUT
#undef END
};

/* Substitutes need the dates around them, so a year is worked out with the last and first days of its neighbours. */
enum { CANDIDATES_MAX = 160, SETS_DEEP_MAX = 4 };

struct candidate {
	day date;
	const struct rule *rule; /* NULL: a substitute that has its name already */
	const char *name;
};

struct candidates {
	struct candidate v[CANDIDATES_MAX];
	size_t n;
};

const struct holiday_set *holiday_set_find(struct text name)
{
	size_t low = 0, high = SET_COUNT;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = text_cmp(name, text_of(sets[middle].name));

		if (order == 0)
			return &sets[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

size_t holiday_set_count(void)
{
	return SET_COUNT;
}

const struct holiday_set *holiday_set_at(size_t i)
{
	assert(i < SET_COUNT);
	return &sets[i];
}

const char *holiday_set_name(const struct holiday_set *s)
{
	return s->name;
}

const char *holiday_set_title(const struct holiday_set *s)
{
	return s->title;
}

const char *holiday_set_category(const struct holiday_set *s)
{
	return s->category;
}

/* The anonymous algorithm of Nature (1876), as in Meeus, Astronomical Algorithms, chapter 8. */
day easter_sunday(int32_t year)
{
	int32_t a = year % 19, b = year / 100, c = year % 100;
	int32_t h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
	int32_t l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int32_t m = (a + 11 * h + 22 * l) / 451;
	int32_t x = h + l - 7 * m + 114;

	return day_of(year, x / 31, x % 31 + 1);
}

static bool is_weekend(day d)
{
	return weekday_of(d) >= SAT;
}

/* The first such weekday on or after d. */
static day weekday_from(day d, int weekday)
{
	return d + (weekday - weekday_of(d) + 7) % 7;
}

static day rule_date(const struct rule *r, int32_t year)
{
	switch (r->kind) {
	case KIND_FIXED:
		return day_of(year, r->month, r->mday);
	case KIND_NTH:
		if (r->mday < 0)
			return weekday_from(day_of(year, r->month, days_in_month(year, r->month)) -
						    6,
					    r->weekday) +
			       r->plus;
		return weekday_from(day_of(year, r->month, 1), r->weekday) + 7 * (r->mday - 1) +
		       r->plus;
	case KIND_AFTER:
		return weekday_from(day_of(year, r->month, r->mday), r->weekday) + r->plus;
	case KIND_BEFORE:
		return weekday_from(day_of(year, r->month, r->mday) - 6, r->weekday);
	case KIND_NEAREST:
		return weekday_from(day_of(year, r->month, r->mday) - 3, r->weekday);
	case KIND_EASTER:
		return easter_sunday(year) + r->plus;
	case KIND_END:
	case KIND_WITHOUT:
		break;
	}
	assert(r->kind < KIND_END); /* the others have no date */
	return DAY_NONE;
}

/* Where the observance moves or drops a date: the date, or DAY_NONE. */
static day moved(const struct rule *r, day d, int32_t year)
{
	/* From the holiday of that weekday, Monday first, to the day that makes a long weekend, or the day before. */
	static const int32_t beside[7] = {1, -1, -1, 1, -1, -2, -2};
	int weekday = weekday_of(d);
	day easter;

	switch (r->observance) {
	case TO_SUN_SAT:
		return weekday == SUN ? d - 1 : d;
	case TO_SUN_MON:
		return weekday == SUN ? d + 1 : d;
	case TO_WEEKEND_MON:
		return is_weekend(d) ? weekday_from(d, MON) : d;
	case TO_AFTER_HOLY_WEEK:
		easter = easter_sunday(year);
		return d >= easter - 7 && d < easter ? d + 7 : d;
	case TO_MON_NOT_FRI:
		return weekday == FRI ? d : weekday_from(d, MON);
	case TO_TUE_AFTER_EASTER:
		return d == easter_sunday(year) + 1 ? d + 1 : d;
	case TO_BESIDE:
		return d + beside[weekday];
	case ONLY_MON:
		return weekday == MON ? d : DAY_NONE;
	case ONLY_NOT_SUN:
		return weekday != SUN ? d : DAY_NONE;
	case ONLY_NOT_TUE_SAT:
		return weekday != TUE && weekday != SAT ? d : DAY_NONE;
	case AS_IS:
	case AND_NEAREST:
	case AND_SUN_MON:
	case AND_MON:
	case AND_NEXT_FREE:
	case AND_NEXT_EXTRA:
	case AND_PREV_EXTRA:
		break;
	}
	return d;
}

static bool in_force(const struct rule *r, int32_t year)
{
	return year >= r->from && year <= r->until && year % r->every == r->phase;
}

static void add(struct candidates *c, day date, const struct rule *r, const char *name)
{
	assert(c->n < CANDIDATES_MAX);
	c->v[c->n++] = (struct candidate){date, r, name};
}

static bool has_date(const struct candidates *c, day d)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].date == d)
			return true;
	return false;
}

/* Is a rule of that name taken out by one of the n sets below the one it belongs to? */
static bool is_without(const struct holiday_set *const *below, size_t n, const char *name,
		       int32_t year)
{
	for (size_t i = 0; i < n; i++)
		for (const struct rule *r = below[i]->rules; r->kind != KIND_END; r++)
			if (r->kind == KIND_WITHOUT && in_force(r, year) &&
			    strcmp(r->name, name) == 0)
				return true;
	return false;
}

/* The dates of a year, before substitutes. Of a neighbour of the year wanted only those whose substitutes can reach into it. */
static void collect(struct candidates *c, const struct holiday_set *s, int32_t year, int32_t wanted)
{
	const struct holiday_set *line[SETS_DEEP_MAX];
	size_t deep = 0;

	for (; s != NULL; s = s->parent) {
		assert(deep < SETS_DEEP_MAX);
		line[deep++] = s;
	}
	/* The ancestor first: of two names on one date its name is kept. */
	for (; deep > 0; deep--) {
		for (const struct rule *r = line[deep - 1]->rules; r->kind != KIND_END; r++) {
			day date;

			if (r->kind == KIND_WITHOUT || !in_force(r, year))
				continue;
			if ((wanted > year && r->month != 12) || (wanted < year && r->month != 1))
				continue;
			if (is_without(line, deep - 1, r->name, year))
				continue;
			date = moved(r, rule_date(r, year), year);
			if (date != DAY_NONE)
				add(c, date, r, r->name);
		}
	}
}

/* The substitute of date d, or DAY_NONE. Fixed ones depend on the weekday only. */
static day fixed_substitute(const struct rule *r, day d)
{
	int weekday = weekday_of(d);

	if (r->observance == AND_NEAREST && weekday == SAT)
		return d - 1;
	if ((r->observance == AND_NEAREST || r->observance == AND_SUN_MON) && weekday == SUN)
		return d + 1;
	if (r->observance == AND_MON && is_weekend(d))
		return weekday_from(d, MON);
	return DAY_NONE;
}

/* Is the date the substitute of some day already? */
static bool is_substitute(const struct candidates *c, day d)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].date == d && c->v[i].rule == NULL)
			return true;
	return false;
}

/* Substitutes that avoid other holidays, so these must all be known, the fixed substitutes too. */
static day free_substitute(const struct candidates *c, size_t of)
{
	enum observance observance = c->v[of].rule->observance;
	day d = c->v[of].date;
	bool extra = observance == AND_NEXT_EXTRA || observance == AND_PREV_EXTRA;
	day step = observance == AND_PREV_EXTRA ? -1 : 1;

	if (!extra && observance != AND_NEXT_FREE)
		return DAY_NONE;
	if (!is_weekend(d) && !(extra && is_substitute(c, d)))
		return DAY_NONE;
	while (is_weekend(d) || has_date(c, d))
		d += step;
	return d;
}

/* By date; of equal dates the order of the table stays (insertion sort is stable, and a year is short). */
static void sort_candidates(struct candidates *c)
{
	for (size_t i = 1; i < c->n; i++) {
		struct candidate x = c->v[i];
		size_t j = i;

		for (; j > 0 && c->v[j - 1].date > x.date; j--)
			c->v[j] = c->v[j - 1];
		c->v[j] = x;
	}
}

size_t holiday_set_year(const struct holiday_set *s, int32_t year,
			struct holiday out[HOLIDAYS_PER_YEAR_MAX])
{
	struct candidates c;
	day first = day_of(year, 1, 1), last = day_of(year, 12, 31);
	size_t n = 0, own;

	assert(year >= ALWAYS && year <= YEAR_MAX);
	c.n = 0;
	collect(&c, s, year - 1, year);
	collect(&c, s, year, year);
	collect(&c, s, year + 1, year);
	/* In order of date, so that of Christmas and Boxing Day the first takes the first free day. */
	sort_candidates(&c);
	own = c.n;
	for (size_t i = 0; i < own; i++) {
		day d = fixed_substitute(c.v[i].rule, c.v[i].date);

		if (d != DAY_NONE)
			add(&c, d, NULL, c.v[i].rule->name_observed);
	}
	for (size_t i = 0; i < own; i++) {
		day d = free_substitute(&c, i);

		if (d != DAY_NONE)
			add(&c, d, NULL, c.v[i].rule->name_observed);
	}
	sort_candidates(&c);
	for (size_t i = 0; i < c.n; i++) {
		if (c.v[i].date < first || c.v[i].date > last)
			continue;
		if (n > 0 && out[n - 1].date == c.v[i].date)
			continue;
		assert(n < HOLIDAYS_PER_YEAR_MAX);
		out[n++] = (struct holiday){c.v[i].date, c.v[i].name};
	}
	return n;
}

const char *holiday_set_on(const struct holiday_set *s, day d)
{
	struct holiday days[HOLIDAYS_PER_YEAR_MAX];
	int32_t year = civil_of(d).year;
	size_t n;

	if (year < ALWAYS || year > YEAR_MAX)
		return NULL;
	n = holiday_set_year(s, year, days);
	for (size_t i = 0; i < n; i++)
		if (days[i].date == d)
			return days[i].name;
	return NULL;
}
