/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading files: plain, gzip, Zstandard or zip (each member a file of its own), as a stream of chunks; "-" is standard input.
 * Limits are named: a file that passes one is refused with it. A truncated or damaged archive is an error, not a short file.
 */
#ifndef APP_INPUT_H
#define APP_INPUT_H

#include "app/app.h"

/* Expanded bytes of one file; a stream of facts may be this long, a text that is read whole much less. */
#define INPUT_STREAM_MAX (UINT64_C(64) << 30)
enum { INPUT_WHOLE_MAX = 16 << 20 };

/* What a stream is handed to. Calls come as begin, chunk ..., end for each member. Any failure stops the reading. */
struct input_sink {
	void *context;
	enum rc (*begin)(void *context, struct text name, struct err *err);
	enum rc (*chunk)(void *context, const char *bytes, size_t n, struct err *err);
	enum rc (*end)(void *context, struct err *err);
};

/* Streams a file into the sink; progress goes to app->progress. */
enum rc input_stream(struct app *app, struct text path, const struct input_sink *sink,
		     struct err *err) MUST_USE;

/* The whole file, at most max_bytes, in the app's arena, NUL after its end. */
enum rc input_whole(struct app *app, struct text path, size_t max_bytes, struct text *out,
		    struct err *err) MUST_USE;

#endif
