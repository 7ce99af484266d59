/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of operation (trust.md O1): one line of JSON an event on standard error. Its fields are the members of struct log_event and no
 * other: no function takes free text, names, addresses, queries, bodies or tokens.
 */
#ifndef HTTP_LOG_H
#define HTTP_LOG_H

#include "base/text.h"
#include "time/instant.h"

enum log_level { LOG_INFO_EVENT, LOG_WARN_EVENT, LOG_ERROR_EVENT };

struct log_event {
	enum log_level level;
	const char *event;   /* "request", "worker_started": a word of this program */
	const char *request; /* its id; NULL */
	const char *action;  /* a word of a table; NULL */
	const char *reason;  /* a word; NULL */
	struct text actor;   /* opaque: left out unless it has that form */
	struct text log;     /* a UUID: left out unless it has that form */
	int status;          /* 0: none */
	int64_t ms, bytes;   /* below 0: none */
	int64_t worker;      /* below 0: the master */
};

void log_event(const struct log_event *e, instant now);

#endif
