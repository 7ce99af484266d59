/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers of what a request carries: query, form, multipart body, cookies (trust.md S13, S23). Pure. Values come out decoded, UTF-8,
 * each name once; what is not so is refused with its name (err key).
 */
#ifndef HTTP_FIELDS_H
#define HTTP_FIELDS_H

#include "http/message.h"

/* 0 to 15, or -1. */
int hex_value(char c);
/* %XX decoded, and in a form '+' to a blank; false: a bad escape, a NUL, or not UTF-8. */
bool percent_decode(struct arena *a, struct text t, bool form, struct text *out);

/* name=value&name=value, of a query or a form's body. RC_INVALID names the parameter; more than LIMIT_PARAMETERS: RC_INVALID, too. */
enum rc pairs_parse(struct arena *a, struct text t, struct fields *out, struct err *err) MUST_USE;

/* One part of a multipart/form-data body. */
struct part {
	struct text name, file,
		type;     /* file: a name reduced by attachment_name; file.p NULL: a plain value */
	struct text body; /* a view into the whole body */
};

/*
 * A multipart/form-data body by its content type's boundary. Plain values are UTF-8 and go into *fields, each name once; files into *files.
 * RC_INVALID: no boundary, a part without a name, an end that is missing.
 */
enum rc multipart_parse(struct arena *a, struct text content_type, struct text body,
			struct fields *fields, const struct part **files, size_t *n_files,
			struct err *err) MUST_USE;

/*
 * A form's body by its content type: application/x-www-form-urlencoded or multipart/form-data (files may be NULL: none are taken).
 * RC_INVALID with code "content_type" for any other (415).
 */
enum rc form_parse(const struct request *q, struct fields *fields, const struct part **files,
		   size_t *n_files, struct err *err) MUST_USE;

/*
 * A Cookie header. What is no pair is passed over, since other programs on the host may set what they like; a name that comes with two
 * values has none, so that a planted cookie cannot take the place of ours.
 */
struct fields cookies_parse(struct arena *a, struct text header);

/* "type/subtype" of a content type without its parameters, as it stands. */
struct text media_type(struct text content_type);
/* A parameter of it ("boundary", "charset"), unquoted; empty: there is none. */
struct text media_parameter(struct arena *a, struct text content_type, const char *name);

#endif
