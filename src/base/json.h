/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON out: a writer that keeps track of commas and nesting and never emits a float, a null or a byte that depends on the
 * locale. Reading is done with jansson (strict, duplicate keys rejected) by whoever needs it.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

enum { JSON_DEPTH_MAX = 64 };

struct json {
	struct buf *out;
	unsigned depth;
	bool pretty; /* two blanks a level; else no white space at all */
	bool first[JSON_DEPTH_MAX];
	bool after_key;
};

void json_init(struct json *j, struct buf *out, bool pretty);
void json_open_object(struct json *j);
void json_end_object(struct json *j);
void json_open_array(struct json *j);
void json_end_array(struct json *j);
void json_key(struct json *j, const char *key);
void json_key_text(struct json *j, struct text key);
void json_text(struct json *j, struct text t);
void json_str(struct json *j, const char *s);
void json_int(struct json *j, int64_t v);
void json_bool(struct json *j, bool v);
/* key and value in one call */
void json_kv_text(struct json *j, const char *key, struct text t);
void json_kv_str(struct json *j, const char *key, const char *s);
void json_kv_int(struct json *j, const char *key, int64_t v);
void json_kv_bool(struct json *j, const char *key, bool v);

/*
 * JSON that is printed already, without the white space of its layout: the same values in the same order. Lines of JSON stay lines,
 * since white space outside of objects and arrays is kept. Text that is no JSON comes out as some text.
 */
void json_compact(struct text pretty, struct buf *out);

/* One JSON string, quotes included, escaped as RFC 8785 asks (also for canonical forms). */
void json_quote(struct buf *out, struct text t);

#endif
