/* SPDX-License-Identifier: Apache-2.0 */
/*
 * iCalendar, streaming: content lines unfolded, components of the first level below VCALENDAR handed out as the text of each,
 * so that one that cannot be read costs only itself. What a component says is for calendar.c and libical.
 */
#ifndef FACTS_ICS_READ_H
#define FACTS_ICS_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

enum {
	ICS_COMPONENT_MAX = 1 << 20,
	ICS_LINE_MAX = 256 * 1024,
	ICS_LINES_MAX =
		4096 /* of a component: what reads one takes time by the square of its lines */
};

struct ics_handler {
	void *context;
	/* A whole component, its lines ended with CR LF; line: of its BEGIN. Good during the call. */
	void (*component)(void *context, uint32_t line, struct text name, struct text text);
	/* One that is broken: `why` says how. */
	void (*bad)(void *context, uint32_t line, const char *why);
	/* Against RFC 5545, but harmless; told once a file. */
	void (*odd)(void *context, uint32_t line, const char *why);
};

struct ics_reader;

struct ics_reader *ics_open(struct arena *a, const struct ics_handler *handler);
enum rc ics_push(struct ics_reader *r, const char *p, size_t n, struct err *err) MUST_USE;
/* RC_INVALID if the file has no calendar, or ends inside it. */
enum rc ics_close(struct ics_reader *r, struct err *err) MUST_USE;

#endif
