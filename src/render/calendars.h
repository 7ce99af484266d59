/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calendars of contracts as people ask for them: when is somebody there, which days are off and by whose list, is it open now, what is
 * measured by it. Plain data in, a document or a table out; what it says was found out by app/calendar_cards.c.
 */
#ifndef RENDER_CALENDARS_H
#define RENDER_CALENDARS_H

#include "render/doc.h"
#include "time/calendar.h"

/* One item of `hours`. */
struct calendar_hours {
	unsigned days;       /* bit 0 = Monday */
	struct text written; /* as the contract's form has it: "mon,tue" */
	const struct day_range *v;
	size_t n;
};

/* Where days off come from: an item of `holidays` (contract-language.md section 6). */
enum calendar_from { CALENDAR_SET, CALENDAR_YEARLY, CALENDAR_DATE, CALENDAR_FILE };

struct calendar_source {
	enum calendar_from from;
	struct text id;               /* of the item */
	struct text name;             /* of the set or file; else the date as written */
	const char *title, *category; /* of a set (time/holidays.h); else NULL */
	struct text sha256; /* of the days as pinned, or of the file (CL-44); empty: not pinned */
	instant pinned_at;  /* of a set, when; INSTANT_NONE: not pinned */
};

enum calendar_day_kind {
	CALENDAR_DAY_OFF,
	CALENDAR_DAY_REPLACED,   /* `replace` */
	CALENDAR_DAY_PROCLAIMED, /* a calendar.exception (sla.md R3) */
};

struct calendar_day {
	day date;
	enum calendar_day_kind kind;
	struct text name;          /* of the holiday or the day proclaimed; may be empty */
	size_t source;             /* DAY_OFF: index into the card's sources */
	const struct day_range *v; /* REPLACED: its hours */
	size_t n;
	instant recorded_at; /* PROCLAIMED */
	bool acts;           /* PROCLAIMED: false: recorded on the day or later */
};

struct calendar_card {
	struct text contract, id, zone;
	size_t version; /* of the contract, from 1: the one in force */
	bool business;  /* business days without a calendar count on it */
	const struct calendar_hours *hours;
	size_t n_hours;
	const struct calendar_source *sources;
	size_t n_sources;
	const struct calendar_day *days; /* by date, in the years asked for */
	size_t n_days;
	bool proclaimed; /* facts were looked at: days proclaimed are among the days and in `open` */
	bool open;
	instant changes;        /* when that changes; INSTANT_NONE: not within 400 days */
	struct text changes_at; /* the same as people say it, in the calendar's zone */
	const struct text *metrics, *services;
	size_t n_metrics, n_services;
};

struct calendars_page {
	const struct language *language;
	const struct zone *zone; /* of the one contract; NULL: of several */
	struct text contract;    /* empty: of several */
	const struct calendar_card
		*v; /* as the workspace has the contracts, then in the contract's order */
	size_t n, n_contracts;
	int32_t first_year, last_year;
	instant now;
	bool in_page; /* links instead of commands */
};

/* One contract's calendars in full, or a line for each of several. In the arena. */
struct doc *calendars_doc(struct arena *a, const struct calendars_page *p);
/*
 * {"tenor_calendars": 1, "as_of", "first_year", "last_year", "calendars": [{"contract", "version", "calendar", "timezone", "business",
 * "open", "changes_at", "proclaimed", "hours": [{"days", "open"}], "sources": [{"id", "set" | "yearly" | "date" | "file", "title", "sha256",
 * "pinned_at"}], "days": [{"date", "kind", "name", "source", "open", "recorded_at", "acts"}], "metrics", "services"}]}. What is not known
 * is absent. kind: day_off, other_hours, proclaimed.
 */
void calendars_json(struct arena *a, const struct calendars_page *p, struct buf *out);
/* A row for each line of hours and each day: contract,version,calendar,timezone,kind,days,open,name,source,sha256,recorded_at,acts */
void calendars_csv(struct arena *a, const struct calendars_page *p, struct buf *out);

#endif
