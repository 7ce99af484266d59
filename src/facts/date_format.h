/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates as other tools write them, read by a stated form: never guessed (sla.md section 12). A form is made of
 *
 *	YYYY YY   year; YY is 2000 to 2099          hh h     hour 1 to 12, with AM
 *	MM M MMM  month; MMM is Jan to Dec          mm       minute; MM after an hour means the same
 *	DD D      day                               ss SSS   second; fraction of a second, 1 to 9 digits
 *	HH H      hour 0 to 24                      AM Z     AM or PM; Z, +HH:MM or +HHMM
 *
 * and any other characters, which must stand as they are. The short form of a part (M, D, H, h) takes one or two digits, the
 * long one exactly two. `iso` is RFC 3339 with or without seconds and offset.
 */
#ifndef FACTS_DATE_FORMAT_H
#define FACTS_DATE_FORMAT_H

#include "time/zone.h"

enum { DATE_FORMATS_MAX = 6, DATE_PARTS_MAX = 32 };

struct date_format {
	struct text text;
	struct {
		uint8_t part;
		char literal;
	} parts[DATE_PARTS_MAX];
	size_t n;
	bool iso;        /* offset and seconds as found */
	bool has_offset; /* every date says its own */
	bool has_seconds, date_only;
};

enum rc date_format_parse(struct text t, struct date_format *out, struct err *err) MUST_USE;
/* Two forms that would read one text as two dates (D/M/YYYY and M/D/YYYY). */
bool date_formats_clash(const struct date_format *x, const struct date_format *y);

enum date_result { DATE_OK, DATE_MALFORMED, DATE_IMPOSSIBLE, DATE_NO_ZONE };

/* An instant and what was to be said about it: bits of enum fact_flag (minute_precision, zone_gap, zone_twice). */
struct stamp {
	instant at;
	uint16_t flags;
};

enum { DATE_DAYS = 256, DATE_LAST_MAX = 40 };

/* Reads dates in up to DATE_FORMATS_MAX forms and one zone; remembers days, so that a column of dates costs little. */
struct date_reader {
	const struct date_format *formats;
	size_t n_formats;
	const struct zone *zone; /* or NULL: a fixed offset, or none told */
	bool fixed;
	int32_t offset_s;
	struct date_day {
		day date;
		bool plain; /* no change of offset from midnight to midnight */
		instant midnight;
	} days[DATE_DAYS];
};

/* zone: a name, "UTC", "+HH:MM", or empty for none. formats must outlive the reader. */
enum rc date_reader_init(struct date_reader *r, const struct date_format *formats, size_t n,
			 struct text zone, const struct zone_source *zones,
			 struct err *err) MUST_USE;
enum date_result date_read(struct date_reader *r, struct text t, struct stamp *out);
/* The local time of a day, ms after midnight, in the reader's zone. */
enum date_result date_local(struct date_reader *r, day date, int64_t ms, struct stamp *out);

#endif
