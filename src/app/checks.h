/* SPDX-License-Identifier: Apache-2.0 */
/* What was looked at and what was found, one line each: doctor, rebuild --check, the trial of a backup. Decides nothing. */
#ifndef APP_CHECKS_H
#define APP_CHECKS_H

#include "app/app.h"

enum check_verdict { CHECK_OK, CHECK_NOTE, CHECK_PROBLEM };

struct check_line {
	enum check_verdict verdict;
	struct text about,
		says; /* "log northwind-2026", "entry 17: its bytes do not give its leaf hash" */
};

/* Of one thing at most so many problems are told; the rest is counted. */
enum { CHECK_PROBLEMS_MAX = 20 };

struct checks {
	struct arena *arena;
	struct check_line *v;
	size_t n, cap;
	size_t problems;       /* in all */
	struct text about;     /* what is being looked at */
	size_t about_problems; /* of it */
};

void checks_init(struct checks *c, struct arena *a);
/* What follows is about this; what was begun before is ended. */
void checks_about(struct checks *c, struct text about);
void checks_problem(struct checks *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
void checks_note(struct checks *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Said only if nothing was wrong with it. */
void checks_ok(struct checks *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* RC_INVALID and RC_MISSING become a problem, and RC_OK is given back; other failures stay what they are. */
enum rc checks_take(struct checks *c, enum rc rc, struct err *err) MUST_USE;
/* The last thing looked at is done. */
void checks_end(struct checks *c);
/* The first problem, as one line; empty if there is none. */
struct text checks_first(const struct checks *c);

void checks_text(const struct checks *c, struct buf *out);
void checks_json(const struct checks *c, struct buf *out);

#endif
