/* SPDX-License-Identifier: Apache-2.0 */
#include "http/fields.h"

#include "facts/attachment.h"

#include "http/limits.h"

#include <string.h>

int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool percent_decode(struct arena *a, struct text t, bool form, struct text *out)
{
	char *p = (char *)arena_alloc(a, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (c == '%') {
			int high = t.n - i < 3 ? -1 : hex_value(t.p[i + 1]);
			int low = high < 0 ? -1 : hex_value(t.p[i + 2]);

			if (low < 0)
				return false;
			c = (char)(unsigned char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && form) {
			c = ' ';
		}
		if (c == '\0')
			return false;
		p[n++] = c;
	}
	*out = (struct text){p, n};
	return text_utf8(*out, NULL);
}

/* --- lists of fields --- */

struct list {
	struct field *v;
	size_t n, cap;
};

static bool list_has(const struct list *l, struct text name)
{
	for (size_t i = 0; i < l->n; i++)
		if (text_eq(l->v[i].name, name))
			return true;
	return false;
}

static void list_add(struct arena *a, struct list *l, struct text name, struct text value)
{
	l->v = (struct field *)arena_grow(a, l->v, l->n, &l->cap, sizeof(*l->v));
	l->v[l->n++] = (struct field){name, value};
}

/* Control bytes but those of a text area have no business in a value. */
static bool value_sound(struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
			return false;
	}
	return true;
}

static enum rc add_once(struct arena *a, struct list *l, struct text name, struct text value,
			struct err *err)
{
	err_key(err, name);
	if (name.n == 0)
		return err_set(err, RC_INVALID, "a parameter has no name");
	if (!value_sound(name) || !value_sound(value))
		return err_set(err, RC_INVALID, "the parameter has a control character");
	if (l->n == LIMIT_PARAMETERS)
		return err_set(err, RC_INVALID, "more than %d parameters", (int)LIMIT_PARAMETERS);
	if (list_has(l, name)) {
		err_hint(err, "give each parameter once");
		return err_set(err, RC_INVALID, "the parameter '%.*s' came twice", TEXT_ARG(name));
	}
	list_add(a, l, name, value);
	err_key(err, (struct text){NULL, 0});
	return RC_OK;
}

enum rc pairs_parse(struct arena *a, struct text t, struct fields *out, struct err *err)
{
	struct list l = {.v = NULL};
	struct text rest = t;

	while (rest.n > 0) {
		struct text pair, raw, name = {NULL, 0}, value = {NULL, 0};
		bool more = text_find(rest, '&', 0) < rest.n;
		enum rc rc;

		rest = text_cut(rest, '&', &pair);
		value = text_cut(pair, '=', &raw);
		if (!percent_decode(a, raw, true, &name))
			return err_set(err, RC_INVALID,
				       "a parameter's name is not UTF-8 or has a bad %%-escape");
		err_key(err, name);
		if (!percent_decode(a, value, true, &value))
			return err_set(err, RC_INVALID,
				       "the parameter '%.*s' is not UTF-8 or has a bad %%-escape",
				       TEXT_ARG(name));
		rc = add_once(a, &l, name, value, err);
		if (rc != RC_OK)
			return rc;
		if (more && rest.n == 0)
			return err_set(err, RC_INVALID, "a parameter has no name");
	}
	*out = (struct fields){l.v, l.n};
	return RC_OK;
}

/* --- content types --- */

struct text media_type(struct text content_type)
{
	struct text head;

	(void)text_cut(content_type, ';', &head);
	return text_trim(head);
}

/* Where a parameter ends: at the next ';' outside quotes. */
static size_t parameter_end(struct text t, size_t from)
{
	bool quoted = false;
	size_t i = from;

	for (; i < t.n && (quoted || t.p[i] != ';'); i++) {
		if (t.p[i] == '\\' && quoted && i + 1 < t.n)
			i++;
		else if (t.p[i] == '"')
			quoted = !quoted;
	}
	return i;
}

/* Without its quotes and what escapes them. */
static struct text unquoted(struct arena *a, struct text t)
{
	char *p;
	size_t n = 0;

	if (t.n < 2 || t.p[0] != '"' || t.p[t.n - 1] != '"')
		return t;
	p = (char *)arena_alloc(a, t.n);
	for (size_t i = 1; i + 1 < t.n; i++) {
		if (t.p[i] == '\\' && i + 2 < t.n)
			i++;
		p[n++] = t.p[i];
	}
	return (struct text){p, n};
}

/* p is not NULL where the parameter is there. */
struct text media_parameter(struct arena *a, struct text content_type, const char *name)
{
	size_t at = parameter_end(content_type, 0);

	while (at < content_type.n) {
		size_t end = parameter_end(content_type, at + 1);
		struct text word, value;

		value = text_cut(text_sub(content_type, at + 1, end), '=', &word);
		if (text_eq_nocase(text_trim(word), text_of(name)))
			return unquoted(a, text_trim(value));
		at = end;
	}
	return (struct text){NULL, 0};
}

/* --- multipart --- */

static bool boundary_sound(struct text b)
{
	if (b.n == 0 || b.n > 70)
		return false;
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] < ' ' || b.p[i] == 0x7f)
			return false;
	return b.p[b.n - 1] != ' ';
}

/* Where needle begins in t at or after from; t.n if nowhere. memchr jumps to its first byte, a line feed or dash. */
static size_t find_bytes(struct text t, struct text needle, size_t from)
{
	while (from < t.n && t.n - from >= needle.n) {
		const char *at =
			(const char *)memchr(t.p + from, needle.p[0], t.n - from - needle.n + 1);

		if (at == NULL)
			break;
		from = (size_t)(at - t.p);
		if (memcmp(at, needle.p, needle.n) == 0)
			return from;
		from++;
	}
	return t.n;
}

enum { PART_HEAD_MAX = 4096 };

static enum rc bad_part(struct err *err, const char *why)
{
	err_code(err, "multipart");
	return err_set(err, RC_INVALID, "the multipart body is malformed: %s", why);
}

/* Content-Disposition and Content-Type of one part's head; other fields are passed over. */
static enum rc read_part_head(struct arena *a, struct text head, struct part *out, struct err *err)
{
	struct text rest = head;

	while (rest.n > 0) {
		struct text line, name, value, file;

		rest = text_cut(rest, '\n', &line);
		value = text_trim(text_cut(text_trim(line), ':', &name));
		if (text_eq_nocase(name, text_of("content-type")))
			out->type = value;
		if (!text_eq_nocase(name, text_of("content-disposition")))
			continue;
		if (out->name.p != NULL || !text_eq_nocase(media_type(value), text_of("form-data")))
			return bad_part(err, "a part is not form-data, or twice");
		out->name = media_parameter(a, value, "name");
		file = media_parameter(a, value, "filename");
		if (file.p != NULL)
			out->file = attachment_name(a, file);
	}
	if (out->name.n == 0 || !text_utf8(out->name, NULL))
		return bad_part(err, "a part has no name");
	return RC_OK;
}

struct multipart {
	struct arena *a;
	struct text body, delimiter; /* "\r\n--boundary" */
	struct list values, names;
	struct part *files;
	size_t n_files, cap, parts;
};

static enum rc keep_part(struct multipart *m, const struct part *p, struct err *err)
{
	if (m->parts++ == LIMIT_PARTS)
		return bad_part(err, "more than 64 parts");
	if (p->file.p == NULL) {
		if (!text_utf8(p->body, NULL)) {
			err_key(err, p->name);
			return err_set(err, RC_INVALID, "the parameter '%.*s' is not UTF-8",
				       TEXT_ARG(p->name));
		}
		return add_once(m->a, &m->values, p->name, p->body, err);
	}
	m->files =
		(struct part *)arena_grow(m->a, m->files, m->n_files, &m->cap, sizeof(*m->files));
	m->files[m->n_files++] = *p;
	return RC_OK;
}

/* The part whose head begins at *at; *at moves past the delimiter behind it. */
static enum rc read_part(struct multipart *m, size_t *at, struct err *err)
{
	static const struct text blank = {"\r\n\r\n", 4};
	struct text window = text_sub(
		m->body, 0, *at + PART_HEAD_MAX < m->body.n ? *at + PART_HEAD_MAX : m->body.n);
	size_t head = find_bytes(window, blank, *at), end;
	struct part p = {.name = {NULL, 0}};
	enum rc rc;

	if (head == window.n)
		return bad_part(err, "a part's head does not end");
	end = find_bytes(m->body, m->delimiter, head + 2);
	if (end == m->body.n)
		return bad_part(err, "its end is missing");
	rc = read_part_head(m->a, text_sub(m->body, *at, head), &p, err);
	if (rc != RC_OK)
		return rc;
	/* The blank line's end may be the delimiter's beginning: an empty part. */
	p.body = text_sub(m->body, head + 4, end < head + 4 ? head + 4 : end);
	*at = end + m->delimiter.n;
	return keep_part(m, &p, err);
}

enum rc multipart_parse(struct arena *a, struct text content_type, struct text body,
			struct fields *fields, const struct part **files, size_t *n_files,
			struct err *err)
{
	struct text boundary = media_parameter(a, content_type, "boundary");
	struct multipart m = {.a = a, .body = body};
	size_t at;

	if (!boundary_sound(boundary))
		return bad_part(err, "its content type has no boundary of 1 to 70 characters");
	m.delimiter = text_format(a, "\r\n--%.*s", TEXT_ARG(boundary));
	/* No preamble: the body begins with the delimiter, whose line break is the head's. */
	if (body.n < m.delimiter.n - 2 || memcmp(body.p, m.delimiter.p + 2, m.delimiter.n - 2) != 0)
		return bad_part(err, "it does not begin with its boundary");
	at = m.delimiter.n - 2;
	for (;;) {
		struct text next = text_sub(body, at, body.n);
		enum rc rc;

		if (text_is(next, "--") || text_is(next, "--\r\n"))
			break;
		if (!text_starts(next, "\r\n"))
			return bad_part(
				err, "what follows a boundary is neither a line break nor the end");
		at += 2;
		rc = read_part(&m, &at, err);
		if (rc != RC_OK)
			return rc;
	}
	*fields = (struct fields){m.values.v, m.values.n};
	*files = m.files;
	*n_files = m.n_files;
	return RC_OK;
}

enum rc form_parse(const struct request *q, struct fields *fields, const struct part **files,
		   size_t *n_files, struct err *err)
{
	struct text type = fields_get(&q->headers, "content-type"), media = media_type(type);
	struct text charset = media_parameter(q->arena, type, "charset");
	const struct part *found = NULL;
	size_t n = 0;
	enum rc rc;

	if (charset.p == NULL || text_eq_nocase(charset, text_of("utf-8"))) {
		if (text_eq_nocase(media, text_of("application/x-www-form-urlencoded")))
			return pairs_parse(q->arena, q->body, fields, err);
		if (text_eq_nocase(media, text_of("multipart/form-data"))) {
			rc = multipart_parse(q->arena, type, q->body, fields, &found, &n, err);
			if (rc == RC_OK && files == NULL && n > 0)
				return bad_part(err, "no file is taken here");
			if (rc == RC_OK && files != NULL) {
				*files = found;
				*n_files = n;
			}
			return rc;
		}
	}
	err_code(err, "content_type");
	err_hint(err, "send application/x-www-form-urlencoded or multipart/form-data in UTF-8");
	return err_set(err, RC_INVALID, "a form cannot be of this content type");
}

/* --- cookies --- */

struct fields cookies_parse(struct arena *a, struct text header)
{
	struct list l = {.v = NULL};
	struct text rest = header;
	size_t kept = 0;

	while (rest.n > 0 && l.n < LIMIT_PARAMETERS) {
		struct text pair, name, value;

		rest = text_cut(rest, ';', &pair);
		value = text_trim(text_cut(pair, '=', &name));
		name = text_trim(name);
		if (name.n == 0 || text_find(pair, '=', 0) == pair.n)
			continue;
		/* The same twice says nothing new; another value of it makes both void: NULL. */
		for (size_t i = 0; i < l.n; i++)
			if (text_eq(l.v[i].name, name)) {
				if (l.v[i].value.p != NULL && !text_eq(l.v[i].value, value))
					l.v[i].value = (struct text){NULL, 0};
				name.n = 0;
			}
		if (name.n > 0)
			list_add(a, &l, name, value);
	}
	for (size_t i = 0; i < l.n; i++)
		if (l.v[i].value.p != NULL)
			l.v[kept++] = l.v[i];
	return (struct fields){l.v, kept};
}
