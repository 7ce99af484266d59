/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holiday sets: whole years checked by hand, Easter by a second method, properties of the table, agreement with the public
 * table of 2014 to 2031 (every difference is listed here with its reason) and with docs/holidays.md.
 */
#include "time/holidays.h"

#include "tap.h"

#include <archive.h>
#include <archive_entry.h>
#include <ctype.h>
#include <string.h>

/* All days of a year, "MM-DD" with a blank between. */
static const struct {
	const char *set;
	int32_t year;
	const char *days;
} years[] = {
	/* Veterans Day was a Monday in October then; Washington's Birthday the 22nd until 1970. */
	{"us_federal", 1970, "01-01 02-22 02-23 05-29 05-30 07-03 07-04 09-07 11-11 11-26 12-25"},
	{"us_federal", 1975, "01-01 02-17 05-26 07-04 09-01 10-13 10-27 11-27 12-25"},
	{"us_federal", 1999,
	 "01-01 01-18 02-15 05-31 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31"},
	{"us_federal", 2018,
	 "01-01 01-15 02-19 05-28 07-04 09-03 10-08 11-11 11-12 11-22 12-05 12-24 12-25"},
	{"us_federal", 2020,
	 "01-01 01-20 02-17 05-25 07-03 07-04 09-07 10-12 11-11 11-26 12-24 12-25"},
	{"us_federal", 2021,
	 "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 "
	 "12-31"},
	{"us_federal", 2026,
	 "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"},
	{"us_federal", 2027,
	 "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 "
	 "12-31"},
	/* 9999 is laid out like 1999; 1 January 10000 is a Saturday. */
	{"us_federal", 9999,
	 "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 "
	 "12-31"},
	{"us_ca", 2026,
	 "01-01 01-19 02-16 03-31 05-25 06-19 07-03 07-04 09-07 11-11 11-26 11-27 12-25"},
	{"us_dc", 2013, "01-01 01-20 01-21 02-18 04-16 05-27 07-04 09-02 10-14 11-11 11-28 12-25"},
	{"us_ga", 2026,
	 "01-01 01-19 04-03 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 11-27 12-24 12-25"},
	{"us_nc", 2021,
	 "01-01 01-18 02-15 04-02 05-31 06-18 06-19 07-04 07-05 09-06 11-11 11-25 11-26 12-23 "
	 "12-24 12-25 12-26 12-27 12-31"},
	{"us_tx", 2026,
	 "01-01 01-19 02-16 03-02 04-21 05-25 06-19 07-04 08-27 09-07 11-11 11-26 11-27 12-24 "
	 "12-25 12-26"},
	{"ca", 2026, "01-01 04-03 07-01 09-07 12-25"},
	{"ca_federal", 2022,
	 "01-01 01-03 04-15 05-23 07-01 09-05 09-30 10-10 11-11 12-25 12-26 12-27"},
	{"ca_on", 2026, "01-01 02-16 04-03 05-18 07-01 09-07 10-12 12-25 12-26 12-28"},
	{"ca_qc", 2029, "01-01 03-30 05-21 06-24 06-25 07-01 07-02 09-03 10-08 12-25"},
	/* The Silver Jubilee, with Spring Bank Holiday moved to the day before it. */
	{"gb_eng", 1977, "01-01 01-03 04-08 04-11 06-06 06-07 08-29 12-25 12-26 12-27"},
	{"gb_eng", 2011, "01-01 01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-25 12-26 12-27"},
	/* The early May holiday moved to VE Day. */
	{"gb_eng", 2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-26 12-28"},
	{"gb_eng", 2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-25 12-26 12-27 12-28"},
	/* The Platinum Jubilee and the state funeral; no late May holiday. */
	{"gb_eng", 2022, "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27"},
	/* The coronation. */
	{"gb_eng", 2023, "01-01 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"},
	{"gb_wls", 2012, "01-01 01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"},
	{"gb_sct", 2022,
	 "01-01 01-02 01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-25 12-26 12-27"},
	{"gb_nir", 2026, "01-01 03-17 04-03 04-06 05-04 05-25 07-12 07-13 08-31 12-25 12-26 12-28"},
	/* Saint Brigid's Day is 1 February where that is a Friday, else the first Monday. */
	{"ie", 2026, "01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25 12-26"},
	{"ie", 2030, "01-01 02-01 03-17 04-22 05-06 06-03 08-05 10-28 12-25 12-26"},
	{"au_nsw", 2027,
	 "01-01 01-26 03-26 03-27 03-28 03-29 04-25 04-26 06-14 10-04 12-25 12-26 12-27 12-28"},
	{"au_vic", 2024,
	 "01-01 01-26 03-11 03-29 03-30 03-31 04-01 04-25 06-10 09-27 11-05 12-25 12-26"},
	{"au_qld", 2022,
	 "01-01 01-03 01-26 04-15 04-16 04-17 04-18 04-25 05-02 08-10 09-22 10-03 12-25 12-26 "
	 "12-27"},
	{"nz", 2022,
	 "01-01 01-02 01-03 01-04 02-06 02-07 04-15 04-18 04-25 06-06 06-24 09-26 10-24 12-25 "
	 "12-26 12-27"},
	/* Before 2014 Waitangi Day and Anzac Day stayed on the weekend. */
	{"nz", 2010,
	 "01-01 01-02 01-04 02-06 04-02 04-05 04-25 06-07 10-25 12-25 12-26 12-27 12-28"},
	{"nz_auk", 2026,
	 "01-01 01-02 01-26 02-06 04-03 04-06 04-25 04-27 06-01 07-10 10-26 12-25 12-26 12-28"},
	/* The Monday nearest 23 March is Easter Monday. */
	{"nz_ota", 2035, "01-01 01-02 02-06 03-23 03-26 03-27 04-25 06-04 06-29 10-22 12-25 12-26"},
	{"de", 2017, "01-01 04-14 04-17 05-01 05-25 06-05 10-03 10-31 12-25 12-26"},
	{"de", 1990, "01-01 04-13 04-16 05-01 05-24 06-04 06-17 10-03 11-21 12-25 12-26"},
	{"de_be", 2025, "01-01 03-08 04-18 04-21 05-01 05-08 05-29 06-09 10-03 12-25 12-26"},
	{"de_by", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 10-03 11-01 12-25 12-26"},
	{"de_by_catholic", 2026,
	 "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 08-15 10-03 11-01 12-25 12-26"},
	{"de_by_augsburg", 2026,
	 "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 08-08 08-15 10-03 11-01 12-25 12-26"},
	{"de_sn", 2023, "01-01 04-07 04-10 05-01 05-18 05-29 10-03 10-31 11-22 12-25 12-26"},
	{"at", 2026,
	 "01-01 01-06 04-06 05-01 05-14 05-25 06-04 08-15 10-26 11-01 12-08 12-25 12-26"},
	{"at_2", 2026,
	 "01-01 01-06 03-19 04-03 04-06 05-01 05-14 05-25 06-04 08-15 10-10 10-26 11-01 12-08 "
	 "12-24 12-25 12-26 12-31"},
	{"ch_zh", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 08-01 12-25 12-26"},
	/* The first Thursday of April is Maundy Thursday, so the Naefels day is a week later. */
	{"ch_gl", 2026, "01-01 04-03 04-06 04-09 05-14 05-25 08-01 11-01 12-25 12-26"},
	/* 26 December is a Saturday, after a Friday: no day off in Appenzell. */
	{"ch_ar", 2026, "01-01 04-03 04-06 05-14 05-25 08-01 12-25"},
	{"fr", 2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25"},
	/* Ascension Day fell on 1 May: one entry. */
	{"fr", 2008, "01-01 03-24 05-01 05-08 05-12 07-14 08-15 11-01 11-11 12-25"},
	{"fr_57", 2026,
	 "01-01 04-03 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25 12-26"},
	{"nl", 1975, "01-01 03-28 03-30 03-31 04-30 05-08 05-18 05-19 12-25 12-26"},
	/* Liberation Day every five years; the King's birthday on a Sunday is kept the day before. */
	{"nl", 2025, "01-01 04-18 04-20 04-21 04-26 05-05 05-29 06-08 06-09 12-25 12-26"},
	{"nl", 2026, "01-01 04-03 04-05 04-06 04-27 05-14 05-24 05-25 12-25 12-26"},
	/* 1 November and 6 December are Sundays, which the regions replace. */
	{"es", 2026, "01-01 01-06 04-03 05-01 08-15 10-12 12-08 12-25"},
};

static const struct {
	const char *set, *date, *name;
} names[] = {
	{"us_federal", "2026-07-03", "Independence Day (observed)"},
	{"us_federal", "2026-07-04", "Independence Day"},
	{"us_federal", "2026-07-05", NULL},
	{"us_federal", "2021-12-31", "New Year's Day (observed)"},
	{"us_federal", "2020-06-19", NULL},
	{"us_federal", "2021-06-18", "Juneteenth National Independence Day (observed)"},
	{"us_federal", "2025-01-20", "Birthday of Martin Luther King, Jr."},
	{"us_federal", "2029-01-20", NULL},
	{"us_dc", "2029-01-20", "Inauguration Day"},
	{"us_ca", "2008-10-13", "Columbus Day"},
	{"us_ca", "2026-10-12", NULL},
	{"us_ak", "2026-10-12", "Indigenous Peoples' Day"},
	{"gb_eng", "2020-05-08", "May Day (75 years of VE Day)"},
	{"gb_eng", "2022-12-27", "Christmas Day (observed)"},
	{"gb_sct", "2022-12-26", "Boxing Day"},
	{"au_sa", "2021-12-28", "Proclamation Day (observed)"},
	{"nz", "2052-06-21", "Matariki"},
	{"nz", "2053-06-20", NULL},
	{"nz", "2023-06-05", "King's Birthday"},
	{"nz", "2022-06-06", "Queen's Birthday"},
	{"fr", "2008-05-01", "Labour Day"},
	{"us_federal", "1969-12-25", NULL},
	{"us_federal", "0001-01-01", NULL},
};

static const char *const easters[] = {
	"1818-03-22", "1943-04-25", "1954-04-18", "1970-03-29", "1981-04-19", "1999-04-04",
	"2000-04-23", "2008-03-23", "2011-04-24", "2016-03-27", "2019-04-21", "2024-03-31",
	"2025-04-20", "2026-04-05", "2027-03-28", "2035-03-25", "2038-04-25", "2049-04-18",
	"2076-04-19", "2160-03-23", "2285-03-22",
};

/* Why a day of the public table is no day of ours. docs/holidays.md has the same words. */
#define NOT_KEPT                                                                                   \
	"not kept by the state, or on another date; the table lists what a state adds to the "     \
	"national list and cannot show what it leaves out"
#define OBSERVANCE "an observance: offices and courts stay open"
#define OPTIONAL "optional: an employee may take it in exchange for another day; offices stay open"
#define NOT_MOVED "Texas moves no holiday off a weekend"
#define HALF_DAY "closed for half a day only; a half day is not a closed day"
#define ELECTIVE                                                                                   \
	"by the lunar calendar, listed to 2031 only; offices stay open, an employee may take it "  \
	"in exchange for another day"

static const struct difference {
	const char *set, *name; /* as in the public table */
	int days;
	const char *reason;
} differences[] = {
	{"us_ar", "Columbus Day", 18, NOT_KEPT},
	{"us_ca", "Columbus Day", 18, NOT_KEPT},
	{"us_co", "Columbus Day", 12, NOT_KEPT},
	{"us_de", "Columbus Day", 18, NOT_KEPT},
	{"us_fl", "Columbus Day", 18, NOT_KEPT},
	{"us_hi", "Columbus Day", 18, NOT_KEPT},
	{"us_ia", "Columbus Day", 18, NOT_KEPT},
	{"us_ks", "Columbus Day", 18, NOT_KEPT},
	{"us_ky", "Columbus Day", 18, NOT_KEPT},
	{"us_la", "Columbus Day", 18, NOT_KEPT},
	{"us_mi", "Columbus Day", 18, NOT_KEPT},
	{"us_mn", "Columbus Day", 18, NOT_KEPT},
	{"us_ms", "Columbus Day", 18, NOT_KEPT},
	{"us_nc", "Columbus Day", 18, NOT_KEPT},
	{"us_nd", "Columbus Day", 18, NOT_KEPT},
	{"us_nh", "Columbus Day", 18, NOT_KEPT},
	{"us_nv", "Columbus Day", 18, NOT_KEPT},
	{"us_ok", "Columbus Day", 18, NOT_KEPT},
	{"us_or", "Columbus Day", 18, NOT_KEPT},
	{"us_sc", "Columbus Day", 18, NOT_KEPT},
	{"us_tn", "Columbus Day", 18, NOT_KEPT},
	{"us_tx", "Columbus Day", 18, NOT_KEPT},
	{"us_vt", "Columbus Day", 18, NOT_KEPT},
	{"us_wa", "Columbus Day", 18, NOT_KEPT},
	{"us_wi", "Columbus Day", 18, NOT_KEPT},
	{"us_wy", "Columbus Day", 18, NOT_KEPT},
	{"us_de", "Washington's Birthday", 18, NOT_KEPT},
	{"us_fl", "Washington's Birthday", 18, NOT_KEPT},
	{"us_ga", "Washington's Birthday", 18, NOT_KEPT},
	{"us_in", "Washington's Birthday", 18, NOT_KEPT},
	{"us_nm", "Washington's Birthday", 18, NOT_KEPT},
	{"us_ca", "Susan B. Anthony Day", 15, OBSERVANCE},
	{"us_fl", "Susan B. Anthony Day", 15, OBSERVANCE},
	{"us_ny", "Susan B. Anthony Day", 15, OBSERVANCE},
	{"us_wi", "Susan B. Anthony Day", 15, OBSERVANCE},
	{"us_ca", "Diwali", 6, ELECTIVE},
	{"us_tx", "Cesar Chavez Day", 18, OPTIONAL},
	{"us_tx", "Good Friday", 18, OPTIONAL},
	{"us_tx", "Christmas Eve (observed)", 7, NOT_MOVED},
	{"us_tx", "Independence Day (observed)", 5, NOT_MOVED},
	{"us_tx", "Juneteenth National Independence Day (observed)", 3, NOT_MOVED},
	{"us_tx", "New Year's Day (observed)", 4, NOT_MOVED},
	{"us_tx", "Veterans Day (observed)", 5, NOT_MOVED},
	{"us_federal", "Christmas Eve (half-day closing)", 1, HALF_DAY},
};

static const struct holiday_set *set_of(const char *name)
{
	const struct holiday_set *s = holiday_set_find(text_of(name));

	if (!ok(s != NULL, "there is a set %s", name))
		exit(tap_done());
	return s;
}

static day date_of(const char *s)
{
	day d = DAY_NONE;

	if (!day_parse(text_of(s), &d)) {
		ok(false, "a date in this test: %s", s);
		exit(tap_done());
	}
	return d;
}

static void test_years(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(years); i++) {
		struct holiday days[HOLIDAYS_PER_YEAR_MAX];
		size_t n = holiday_set_year(set_of(years[i].set), years[i].year, days);
		char got[HOLIDAYS_PER_YEAR_MAX * 8] = "";
		size_t used = 0;

		for (size_t k = 0; k < n; k++) {
			struct civil c = civil_of(days[k].date);

			used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%02d-%02d",
						 k == 0 ? "" : " ", (int)c.month, (int)c.mday);
		}
		is_text(text_of(got), years[i].days, "%s in %d", years[i].set, (int)years[i].year);
	}
}

static void test_names(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *name = holiday_set_on(set_of(names[i].set), date_of(names[i].date));

		is_text(text_of(name == NULL ? "none" : name),
			names[i].name == NULL ? "none" : names[i].name, "%s on %s", names[i].set,
			names[i].date);
	}
}

/* Easter by golden number and epact: Knuth, The Art of Computer Programming, 1.3.2, exercise 14. */
static day easter_by_epact(int32_t year)
{
	int32_t century = year / 100 + 1, golden = year % 19 + 1;
	int32_t solar = 3 * century / 4 - 12, lunar = (8 * century + 5) / 25 - 5;
	int32_t epact = ((11 * golden + 20 + lunar - solar) % 30 + 30) % 30;
	day moon;

	if (epact == 24 || (epact == 25 && golden > 11))
		epact++;
	moon = day_of(year, 3, 1) + (44 - epact < 21 ? 74 - epact : 44 - epact) - 1;
	return moon + 7 - (weekday_of(moon) + 1) % 7;
}

static void test_easter(void)
{
	int32_t differs = 0;

	for (size_t i = 0; i < ARRAY_SIZE(easters); i++) {
		day d = date_of(easters[i]);

		is_i64(easter_sunday(civil_of(d).year), d, "Easter on %s", easters[i]);
	}
	for (int32_t y = 1970; y <= 9999 && differs == 0; y++)
		if (easter_sunday(y) != easter_by_epact(y) || weekday_of(easter_sunday(y)) != 6)
			differs = y;
	is_i64(differs, 0, "the first year in which two ways to Easter differ");
}

/* What every set owes in every year: ascending dates of that year with names, and the same answer date by date. */
static bool year_is_sound(const struct holiday_set *s, int32_t year)
{
	struct holiday days[HOLIDAYS_PER_YEAR_MAX];
	size_t n = holiday_set_year(s, year, days), k = 0;

	if (n == 0)
		return false;
	for (day d = day_of(year, 1, 1); d <= day_of(year, 12, 31); d++) {
		const char *name = holiday_set_on(s, d);
		bool here = k < n && days[k].date == d;

		if (here != (name != NULL) || (here && (name != days[k].name || *name == '\0')))
			return false;
		k += here ? 1 : 0;
	}
	return k == n;
}

static void test_table(void)
{
	static const int32_t sample[] = {1970, 1971, 1999, 2000, 2011, 2024, 2038, 2100, 9999};
	static const char *const unknown[] = {"",           "u",  "us_", "us_federal_",
					      "US_FEDERAL", "zz", "aa"};

	for (size_t i = 0; i < holiday_set_count(); i++) {
		const struct holiday_set *s = holiday_set_at(i);
		const char *name = holiday_set_name(s), *category = holiday_set_category(s);
		int32_t bad = 0;

		ok(holiday_set_find(text_of(name)) == s, "%s is found", name);
		if (i > 0)
			ok(strcmp(holiday_set_name(holiday_set_at(i - 1)), name) < 0,
			   "%s comes after its neighbour", name);
		ok(*holiday_set_title(s) != '\0' &&
			   (strcmp(category, "public") == 0 ||
			    strcmp(category, "government") == 0 || strcmp(category, "bank") == 0),
		   "%s has a title and a category", name);
		for (size_t k = 0; k < ARRAY_SIZE(sample) && bad == 0; k++)
			if (!year_is_sound(s, sample[k]))
				bad = sample[k];
		is_i64(bad, 0, "%s: the first unsound year", name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++)
		ok(holiday_set_find(text_of(unknown[i])) == NULL, "no set '%s'", unknown[i]);
}

/* The public table, 2014 to 2031 */

enum { FIRST_YEAR = 2014, LAST_YEAR = 2031, TABLE_DAYS = 18 * 366, ROWS_MAX = 100000 };

struct row {
	struct text country, subdivision, date, category, name;
};

static struct row rows[ROWS_MAX];
static size_t n_rows;

/* The whole of a compressed file, in memory that lives as long as the test. */
static struct text read_compressed(const char *path)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	static char bytes[1 << 24];
	size_t n = 0;
	la_ssize_t got = 0;

	archive_read_support_filter_all(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_filename(a, path, 1 << 16) != ARCHIVE_OK ||
	    archive_read_next_header(a, &entry) != ARCHIVE_OK) {
		ok(false, "read %s: %s", path, archive_error_string(a));
		archive_read_free(a);
		return (struct text){NULL, 0};
	}
	while ((got = archive_read_data(a, bytes + n, sizeof(bytes) - n)) > 0)
		n += (size_t)got;
	ok(got == 0 && n < sizeof(bytes), "the table is read to its end");
	archive_read_free(a);
	return (struct text){bytes, n};
}

static void split_rows(struct text all)
{
	struct text line, field;

	while (all.n > 0 && n_rows < ROWS_MAX) {
		struct row *r = &rows[n_rows];

		all = text_cut(all, '\n', &line);
		field = text_cut(line, '\t', &r->country);
		field = text_cut(field, '\t', &r->subdivision);
		field = text_cut(field, '\t', &r->date);
		r->name = text_cut(field, '\t', &r->category);
		if (r->country.n == 2)
			n_rows++;
	}
}

/* The rows that make up a set: the national ones and a subdivision's, of the category (and public days below bank days). */
struct selection {
	char country[4], subdivision[32];
	bool public_too;
	const char *category;
};

static struct selection selection_of(const struct holiday_set *s)
{
	const char *name = holiday_set_name(s), *rest = name[2] == '_' ? name + 3 : "";
	struct selection x = {"", "", false, holiday_set_category(s)};

	for (size_t i = 0; i < 2; i++)
		x.country[i] = (char)toupper((unsigned char)name[i]);
	x.public_too = strcmp(x.category, "bank") == 0;
	if (strcmp(rest, "by_augsburg") == 0)
		(void)snprintf(x.subdivision, sizeof(x.subdivision), "Augsburg");
	else if (strcmp(rest, "south_canterbury") == 0)
		(void)snprintf(x.subdivision, sizeof(x.subdivision), "South Canterbury");
	else if (strcmp(rest, "federal") != 0 && strcmp(rest, "bank") != 0)
		for (size_t i = 0; rest[i] != '\0' && i + 1 < sizeof(x.subdivision); i++)
			x.subdivision[i] = (char)toupper((unsigned char)rest[i]);
	return x;
}

static bool selects(const struct selection *x, const struct row *r)
{
	if (!text_is(r->country, x->country))
		return false;
	if (r->subdivision.n > 0 && !text_is(r->subdivision, x->subdivision))
		return false;
	return text_is(r->category, x->category) ||
	       (x->public_too && text_is(r->category, "public"));
}

/* Is a listed difference; counted in found. */
static bool is_listed(const char *set, struct text name, int found[])
{
	for (size_t i = 0; i < ARRAY_SIZE(differences); i++) {
		if (strcmp(differences[i].set, set) == 0 && text_is(name, differences[i].name)) {
			found[i]++;
			return true;
		}
	}
	return false;
}

/* The days of the rows of a set: the name of each from FIRST_YEAR on, empty for none. The national list comes first. */
static size_t wanted_days(const struct holiday_set *s, struct text want[TABLE_DAYS])
{
	struct selection x = selection_of(s);
	size_t days = 0;

	memset(want, 0, TABLE_DAYS * sizeof(*want));
	for (size_t i = 0; i < n_rows; i++) {
		day d;

		if (!selects(&x, &rows[i]) || !day_parse(rows[i].date, &d))
			continue;
		d -= day_of(FIRST_YEAR, 1, 1);
		if (d >= 0 && d < TABLE_DAYS && want[d].n == 0) {
			want[d] = rows[i].name;
			days++;
		}
	}
	return days;
}

static void compare_set(const struct holiday_set *s, int found[])
{
	static struct text want[TABLE_DAYS];
	const char *set = holiday_set_name(s);
	size_t days = wanted_days(s, want), wrong = 0;

	for (int32_t y = FIRST_YEAR; y <= LAST_YEAR; y++) {
		struct holiday ours[HOLIDAYS_PER_YEAR_MAX];
		size_t n = holiday_set_year(s, y, ours), k = 0;

		for (day d = day_of(y, 1, 1); d <= day_of(y, 12, 31); d++) {
			struct text name = want[d - day_of(FIRST_YEAR, 1, 1)];
			bool here = k < n && ours[k].date == d;
			struct civil c = civil_of(d);

			if (here && name.n == 0) {
				note("%d-%02d-%02d %s is not in the table", (int)c.year,
				     (int)c.month, (int)c.mday, ours[k].name);
				wrong++;
			} else if (!here && name.n > 0 && !is_listed(set, name, found)) {
				note("%d-%02d-%02d %.*s is missing", (int)c.year, (int)c.month,
				     (int)c.mday, TEXT_ARG(name));
				wrong++;
			}
			k += here ? 1 : 0;
		}
	}
	ok(wrong == 0 && days > 18, "%s: %zu days as in the table", set, days);
}

static void test_public_table(void)
{
	const char *shared = tap_shared();
	int found[ARRAY_SIZE(differences)] = {0};
	char path[1024];

	if (shared == NULL) {
		ok(true, "the public table # SKIP no shared data");
		return;
	}
	(void)snprintf(path, sizeof(path), "%s/data/calendars/public-holidays-2014-2031.tsv.zst",
		       shared);
	split_rows(read_compressed(path));
	for (size_t i = 0; i < holiday_set_count(); i++)
		/* The table has the days of Catholic municipalities for Augsburg only. */
		if (strcmp(holiday_set_name(holiday_set_at(i)), "de_by_catholic") != 0)
			compare_set(holiday_set_at(i), found);
	for (size_t i = 0; i < ARRAY_SIZE(differences); i++)
		is_i64(found[i], differences[i].days, "%s without %s", differences[i].set,
		       differences[i].name);
}

/* docs/holidays.md */

static struct text read_doc(void)
{
	static char bytes[1 << 18];
	FILE *f = fopen("docs/holidays.md", "rb");
	size_t n;

	if (f == NULL) {
		ok(false, "docs/holidays.md is there (run from the top folder)");
		return (struct text){NULL, 0};
	}
	n = fread(bytes, 1, sizeof(bytes), f);
	(void)fclose(f);
	ok(n < sizeof(bytes), "docs/holidays.md is read to its end");
	return (struct text){bytes, n};
}

static size_t count_lines(struct text doc, const char *start, const char *part, const char *end)
{
	struct text line;
	size_t n = 0;

	while (doc.n > 0) {
		doc = text_cut(doc, '\n', &line);
		n += text_starts(line, start) && text_has(line, text_of(part)) &&
				     text_ends(line, end)
			     ? 1
			     : 0;
	}
	return n;
}

static void test_doc(void)
{
	struct text doc = read_doc();
	char start[512], part[64], end[512];
	size_t listed = 0;

	for (size_t i = 0; i < holiday_set_count(); i++) {
		const struct holiday_set *s = holiday_set_at(i);

		(void)snprintf(start, sizeof(start), "| `%s` | %s | %s |", holiday_set_name(s),
			       holiday_set_title(s), holiday_set_category(s));
		is_i64((int64_t)count_lines(doc, start, "", "|"), 1, "%s is documented",
		       holiday_set_name(s));
	}
	is_i64((int64_t)count_lines(doc, "| `", "", "|"), (int64_t)holiday_set_count(),
	       "no other set is documented");
	for (size_t i = 0; i < ARRAY_SIZE(differences); i++) {
		(void)snprintf(start, sizeof(start), "| %s | ", differences[i].name);
		(void)snprintf(part, sizeof(part), "`%s`", differences[i].set);
		(void)snprintf(end, sizeof(end), " | %s |", differences[i].reason);
		is_i64((int64_t)count_lines(doc, start, part, end), 1,
		       "the doc says why %s is without %s", differences[i].set,
		       differences[i].name);
	}
	for (struct text line; doc.n > 0;) {
		doc = text_cut(doc, '\n', &line);
		if (text_starts(line, "| ") && !text_starts(line, "| `"))
			for (size_t i = 0; i < line.n; i++)
				listed += line.p[i] == '`' ? 1 : 0;
	}
	is_i64((int64_t)listed / 2, ARRAY_SIZE(differences), "no other difference is documented");
}

int main(void)
{
	test_years();
	test_names();
	test_easter();
	test_table();
	test_public_table();
	test_doc();
	return tap_done();
}
