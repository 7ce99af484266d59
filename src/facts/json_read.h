/* SPDX-License-Identifier: Apache-2.0 */
/* JSON by jansson, strictly: no duplicate keys, no bytes after the value, depth bounded by jansson. Seen by importers only. */
#ifndef FACTS_JSON_READ_H
#define FACTS_JSON_READ_H

#include "facts/intake.h"

#include <jansson.h>

/*
 * From now on jansson, where it gets no memory, ends the program as base does: it may call a line malformed for which it had no memory,
 * and that line would be skipped. Before any other call of jansson.
 */
void json_memory(void);

/* Any JSON value; the caller gives it back with json_decref. NULL and a message. */
json_t *json_strict(struct text t, struct err *err);

/* A member that is a string; empty if it is absent, null, or of another type. */
struct text json_member(const json_t *object, const char *key);

/* What is done with the lines of a file that are not our own form (json_table.c). */
struct json_line_taker {
	void *context;
	/* The line as it is parsed: with numbers as texts, for instance. Good until the next call. */
	struct text (*prepare)(void *context, struct text line);
	void (*take)(void *context, const json_t *object, struct text line, uint32_t number);
	enum rc (*end)(void *context, struct err *err);
};
struct format_reader json_lines_for(struct intake *in, const struct json_line_taker *taker);

/* One object of a file, by its keys. false: skipped, noted. */
bool json_take_fact(struct intake *in, const json_t *object, uint32_t line);
bool statuspage_take_transition(struct intake *in, const json_t *object, uint32_t line);
bool statuspage_take_incident(struct intake *in, const json_t *object, uint32_t line);
bool statuspage_take_maintenance(struct intake *in, const json_t *object, uint32_t line);
/* Components of a summary, as they are at `seen`. */
bool statuspage_take_component(struct intake *in, const json_t *object, struct text seen);
/* Figures of an Upptime summary, kept beside as reported. */
bool upptime_take_monitor(struct intake *in, const json_t *object);

#endif
