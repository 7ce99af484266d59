/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results and errors. What can fail for an outside reason returns enum rc and fills a struct err; the impossible is an
 * assert. A message says what was wrong, then 'the thing', then what would be right; lower case, no full stop.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/attr.h"
#include "base/text.h"

enum rc {
	RC_OK = 0,
	RC_INVALID, /* the input is wrong: exit 2 */
	RC_USAGE,   /* the command line is wrong: exit 64 */
	RC_MISSING, /* no such file, zone, item: exit 66 */
	RC_LIMIT,   /* larger than a stated limit: exit 65 */
	RC_IO,      /* reading or writing failed: exit 74 */
};

enum { ERR_MESSAGE_MAX = 600, ERR_NAME_MAX = 200 };

/* Text is stored here, so an err outlives the arena of what failed. Empty strings and line 0 mean "not known". */
struct err {
	char message[ERR_MESSAGE_MAX];
	char hint[ERR_MESSAGE_MAX]; /* what would be right */
	char file[ERR_NAME_MAX];
	char code[64]; /* contract-language.md CL-6, for example "key.unknown" */
	char key[ERR_NAME_MAX];
	uint32_t line, column; /* from 1 */
};

/* Sets message (file, line and the rest are kept if already set) and returns rc, so that `return err_set(...)` works. */
enum rc err_set(struct err *e, enum rc rc, const char *fmt, ...) PRINTF_LIKE(3, 4) COLD;
void err_hint(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
void err_at(struct err *e, struct text file, uint32_t line, uint32_t column);
void err_code(struct err *e, const char *code);
void err_key(struct err *e, struct text key);
void err_clear(struct err *e);

struct buf;
/* "file:line:col: code: key: message; hint" without the parts that are not known. */
void err_print(const struct err *e, struct buf *out);

#endif
