/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time zones: the local time of an instant and the instant of a local time. Read from the bytes of a TZif file (RFC 8536,
 * versions 1 to 4), footer rule included, so no year is the last. Nothing here opens a file: whoever has the bytes gives
 * them through a zone_source.
 *
 * A local time that does not exist (a gap) moves forward by the gap; one that occurs twice means the first (DESIGN section 3,
 * sla.md R4).
 */
#ifndef TIME_ZONE_H
#define TIME_ZONE_H

#include "time/instant.h"

struct zone;

/*
 * The zone of a TZif file's bytes; everything needed is copied into the arena. RC_INVALID for what is no TZif file, and for files
 * that count leap seconds (the "right" zones): instants do not.
 */
enum rc zone_parse(struct arena *a, struct text name, struct text tzif, const struct zone **out, struct err *err) MUST_USE;
/* UTC, without any file. */
const struct zone *zone_utc(void);
struct text zone_name(const struct zone *z);

/* Where zones come from. find returns RC_MISSING for a name that is no zone; the same name gives the same pointer. */
struct zone_source {
	void *context;
	enum rc (*find)(void *context, struct text name, const struct zone **out, struct err *err);
};

struct local {
	day date;
	int32_t ms;       /* of the day, 0 to 86,399,999 */
	int32_t offset_s; /* seconds east of UTC */
	bool dst;
	char abbrev[16];  /* "EDT", "+03", terminated */
};

enum local_kind { LOCAL_PLAIN, LOCAL_GAP, LOCAL_TWICE };

struct local zone_local(const struct zone *z, instant t);
int32_t zone_offset_s(const struct zone *z, instant t);
day zone_day(const struct zone *z, instant t);
/* ms may be 86,400,000 (24:00): the next midnight. kind may be NULL. */
instant zone_instant(const struct zone *z, day date, int64_t ms, enum local_kind *kind);
/* 00:00 local of the date. */
instant zone_midnight(const struct zone *z, day date);
/* The first change of offset, abbreviation or dst strictly after t, or INSTANT_MAX. */
instant zone_next_change(const struct zone *z, instant t);

#endif
