/* SPDX-License-Identifier: Apache-2.0 */
#include "http/message.h"

#include <assert.h>
#include <string.h>

static const char *const words[METHOD_COUNT] = {
	[METHOD_GET] = "GET", [METHOD_HEAD] = "HEAD",   [METHOD_POST] = "POST",
	[METHOD_PUT] = "PUT", [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
};

const char *method_word(enum method m)
{
	assert((size_t)m < METHOD_COUNT);
	return words[m];
}

bool method_safe(enum method m)
{
	return m == METHOD_GET || m == METHOD_HEAD;
}

bool request_again(const struct request *q)
{
	return q->told.p != NULL || q->hashing != HASHING_UNASKED || q->heavy != HEAVY_UNASKED ||
	       (q->piece != NULL && q->piece->first_line > 1);
}

enum rc request_heavy(const struct request *q, struct err *err)
{
	err_code(err, "heavy");
	if (q->heavy == HEAVY_LARGE) {
		err_hint(err, "use the command line on a machine with more memory");
		return err_set(err, RC_IO,
			       "this takes more memory than the server gives to one answer");
	}
	err_hint(err, "ask again in a minute");
	return err_set(err, RC_IO,
		       "this is worked out from a large record, and others are before it");
}

struct text fields_get(const struct fields *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (text_is(f->v[i].name, name))
			return f->v[i].value;
	return (struct text){NULL, 0};
}

/* A value that an attacker could cut short or go on with a field of his own is no value. */
static bool one_line(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (((unsigned char)t.p[i] < ' ' && t.p[i] != '\t') || t.p[i] == 0x7f)
			return false;
	return true;
}

void response_field(struct response *r, const char *name, struct text value)
{
	assert(r->n_fields < RESPONSE_FIELDS_MAX);
	assert(one_line(value) && one_line(text_of(name)));
	r->fields[r->n_fields++] =
		(struct field){text_copy(r->arena, text_of(name)), text_copy(r->arena, value)};
}

void response_file(struct response *r, struct text name)
{
	assert(text_find(name, '"', 0) == name.n && text_find(name, '\\', 0) == name.n);
	response_field(r, "Content-Disposition",
		       text_format(r->arena, "attachment; filename=\"%.*s\"", TEXT_ARG(name)));
	response_field(r, "Content-Security-Policy", text_of("default-src 'none'; sandbox"));
}

void response_see(struct response *r, struct text path)
{
	/* "//host" and, in browsers, "/\host" are other places (S9). */
	assert(path.n > 0 && path.p[0] == '/');
	assert(path.n == 1 || (path.p[1] != '/' && path.p[1] != '\\'));
	r->status = 303;
	response_field(r, "Location", path);
}
