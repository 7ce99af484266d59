/* SPDX-License-Identifier: Apache-2.0 */
/* From a document to the bytes that were asked for: --format, --json, --lang, --width, --paper, colour. */
#ifndef APP_ANSWER_H
#define APP_ANSWER_H

#include "app/app.h"
#include "app/values.h"
#include "render/doc.h"

/* --format, --json, or the ending of --output (.html, .pdf, .json, .csv); text otherwise. --paper without pdf is refused. */
enum rc answer_format(const struct args *args, enum format *out, struct err *err) MUST_USE;

/*
 * How a verb that shows something begins: its format, and the workspace open for reading, to be closed by workspace_close. On failure nothing
 * is open.
 */
struct workspace;
enum rc answer_open(struct app *app, const struct args *args, struct workspace *ws, enum format *format, struct err *err) MUST_USE;
/* The same where `look` finds all that is shown, in the memory of the call: the workspace is closed after it. */
enum rc answer_look(struct app *app, const struct args *args, struct workspace *ws, enum format *format,
		    enum rc (*look)(void *x, struct err *err), void *x, struct err *err) MUST_USE;

/*
 * --lang, else the contract's language (may be empty). A language of a contract for which there are no words is answered in
 * English; one asked for by --lang is an error that names those that exist.
 */
enum rc answer_language(const struct args *args, struct text contract, const struct language **out, struct err *err) MUST_USE;

/* Who a document is from and of when, for its letterhead and its file. */
struct answer_sender {
	struct text provider;
	instant dated; /* INSTANT_NONE: not said */
};

/* As text (width, colour), as a page or on paper (--paper); from may be NULL. */
enum rc answer_doc(struct app *app, const struct args *args, enum format format, const struct doc *d, const struct answer_sender *from,
		   struct buf *out, struct err *err) MUST_USE;
/* answer_doc for paper alone: PDF/A-3 (render/pdf.h). */
enum rc answer_paper(struct app *app, const struct args *args, const struct doc *d, const struct answer_sender *from, struct buf *out,
		     struct err *err) MUST_USE;

/*
 * Many on one press: opened once, closed by pdf_press_close. style may be NULL, or hold what is attached; paper, letterhead and day are
 * the call's.
 */
struct pdf_press;
struct pdf_style;
enum rc answer_press(struct app *app, struct pdf_press **out, struct err *err) MUST_USE;
enum rc answer_print(struct app *app, const struct args *args, struct pdf_press *press, const struct doc *d,
		     const struct answer_sender *from, const struct pdf_style *style, struct buf *out, struct err *err) MUST_USE;

/* One line for people, or with --json {"<key>": "<value>"}: what a verb that changes something answers. */
void answer_done(const struct args *args, struct reply *reply, const char *key, struct text value, const char *fmt, ...) PRINTF_LIKE(5, 6);

/* A moment as answers have it (instant_print), in the arena. */
struct text answer_time(struct arena *a, instant t);

/* --- tenor time --- */

enum answer_kind { ANSWER_DUE, ANSWER_OPENS };

enum rc answer_instant(struct app *app, const struct args *args, struct reply *reply, enum answer_kind kind, instant start,
		       instant at, const struct zone *zone, struct err *err) MUST_USE;
enum rc answer_elapsed(struct app *app, const struct args *args, struct reply *reply, instant start, instant end, int64_t ms,
		       const struct zone *zone, struct err *err) MUST_USE;

#endif
