/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <assert.h>

void json_init(struct json *j, struct buf *out, bool pretty)
{
	*j = (struct json){.out = out, .pretty = pretty};
	j->first[0] = true;
}

static void line(struct json *j)
{
	if (!j->pretty)
		return;
	buf_char(j->out, '\n');
	buf_pad(j->out, ' ', 2 * (size_t)j->depth);
}

/* What stands before a value or key: a comma if it is not the first, and the line break. */
static void before(struct json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (!j->first[j->depth])
		buf_char(j->out, ',');
	j->first[j->depth] = false;
	if (j->depth > 0)
		line(j);
}

static void open(struct json *j, char c)
{
	before(j);
	buf_char(j->out, c);
	assert(j->depth + 1 < JSON_DEPTH_MAX);
	j->first[++j->depth] = true;
}

static void close(struct json *j, char c)
{
	assert(j->depth > 0 && !j->after_key);
	bool empty = j->first[j->depth];

	j->depth--;
	if (!empty)
		line(j);
	buf_char(j->out, c);
}

void json_open_object(struct json *j)
{
	open(j, '{');
}

void json_end_object(struct json *j)
{
	close(j, '}');
}

void json_open_array(struct json *j)
{
	open(j, '[');
}

void json_end_array(struct json *j)
{
	close(j, ']');
}

void json_quote(struct buf *out, struct text t)
{
	static const char hex[] = "0123456789abcdef";
	size_t plain = 0;

	buf_char(out, '"');
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c >= 0x20 && c != '"' && c != '\\') {
			plain++;
			continue;
		}
		buf_add(out, t.p + i - plain, plain);
		plain = 0;
		switch (c) {
		case '"':
			buf_str(out, "\\\"");
			break;
		case '\\':
			buf_str(out, "\\\\");
			break;
		case '\n':
			buf_str(out, "\\n");
			break;
		case '\r':
			buf_str(out, "\\r");
			break;
		case '\t':
			buf_str(out, "\\t");
			break;
		case '\b':
			buf_str(out, "\\b");
			break;
		case '\f':
			buf_str(out, "\\f");
			break;
		default:
			buf_str(out, "\\u00");
			buf_char(out, hex[c >> 4]);
			buf_char(out, hex[c & 15]);
		}
	}
	if (plain > 0)
		buf_add(out, t.p + t.n - plain, plain);
	buf_char(out, '"');
}

void json_key_text(struct json *j, struct text key)
{
	assert(!j->after_key);
	before(j);
	json_quote(j->out, key);
	buf_str(j->out, j->pretty ? ": " : ":");
	j->after_key = true;
}

void json_key(struct json *j, const char *key)
{
	json_key_text(j, text_of(key));
}

void json_text(struct json *j, struct text t)
{
	before(j);
	json_quote(j->out, t);
}

void json_str(struct json *j, const char *s)
{
	json_text(j, text_of(s));
}

void json_int(struct json *j, int64_t v)
{
	before(j);
	buf_i64(j->out, v);
}

void json_bool(struct json *j, bool v)
{
	before(j);
	buf_str(j->out, v ? "true" : "false");
}

void json_kv_text(struct json *j, const char *key, struct text t)
{
	json_key(j, key);
	json_text(j, t);
}

void json_kv_str(struct json *j, const char *key, const char *s)
{
	json_key(j, key);
	json_str(j, s);
}

void json_kv_int(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	json_int(j, v);
}

void json_kv_bool(struct json *j, const char *key, bool v)
{
	json_key(j, key);
	json_bool(j, v);
}

/* The first byte after the string that begins at i. */
static size_t string_end(struct text t, size_t i)
{
	for (i++; i < t.n && t.p[i] != '"'; i++)
		if (t.p[i] == '\\')
			i++;
	return i < t.n ? i + 1 : t.n;
}

void json_compact(struct text pretty, struct buf *out)
{
	size_t from = 0, i = 0, depth = 0;

	while (i < pretty.n) {
		char c = pretty.p[i];

		if (c == '"') {
			i = string_end(pretty, i);
			continue;
		}
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth == 0 || (c != ' ' && c != '\n' && c != '\t' && c != '\r')) {
			i++;
			continue;
		}
		buf_add(out, pretty.p + from, i - from);
		while (i < pretty.n && (pretty.p[i] == ' ' || pretty.p[i] == '\n' ||
					pretty.p[i] == '\t' || pretty.p[i] == '\r'))
			i++;
		from = i;
	}
	buf_add(out, pretty.p + from, pretty.n - from);
}
