/* SPDX-License-Identifier: Apache-2.0 */
#include "http/log.h"

#include "base/json.h"

#include <unistd.h>

enum { LINE_BYTES = 1024 };

static bool all_of(struct text t, size_t from, const char *set)
{
	for (size_t i = from; i < t.n; i++)
		if (t.p[i] == '\0' || strchr(set, t.p[i]) == NULL)
			return false;
	return true;
}

/* J5: "u_", "t_" or "x_" and 16 characters. */
static bool is_actor(struct text t)
{
	return t.n == 18 && (t.p[0] == 'u' || t.p[0] == 't' || t.p[0] == 'x') && t.p[1] == '_' &&
	       all_of(t, 2, "0123456789abcdefghijklmnopqrstuvwxyz");
}

static bool is_uuid(struct text t)
{
	return t.n == 36 && all_of(t, 0, "0123456789abcdef-");
}

static void put_word(struct json *j, const char *key, const char *value)
{
	if (value != NULL)
		json_kv_str(j, key, value);
}

void log_event(const struct log_event *e, instant now)
{
	static const char *const levels[] = {"info", "warning", "error"};
	struct buf line, t;
	struct json j;

	buf_init(&line, LINE_BYTES);
	buf_init(&t, 64);
	instant_print(&t, now);
	json_init(&j, &line, false);
	json_open_object(&j);
	json_kv_text(&j, "t", buf_view(&t));
	json_kv_str(&j, "level", levels[e->level]);
	json_kv_str(&j, "event", e->event);
	if (e->worker >= 0)
		json_kv_int(&j, "worker", e->worker);
	put_word(&j, "request", e->request);
	put_word(&j, "action", e->action);
	put_word(&j, "reason", e->reason);
	if (e->status > 0)
		json_kv_int(&j, "status", e->status);
	if (e->ms >= 0)
		json_kv_int(&j, "ms", e->ms);
	if (e->bytes >= 0)
		json_kv_int(&j, "bytes", e->bytes);
	if (is_actor(e->actor))
		json_kv_text(&j, "actor", e->actor);
	if (is_uuid(e->log))
		json_kv_text(&j, "log", e->log);
	json_end_object(&j);
	buf_char(&line, '\n');
	/* One write a line, so that lines of several workers do not mix. A log that cannot be written stops nothing. */
	if (!line.full && write(STDERR_FILENO, line.p, line.n) < 0)
		line.n = 0;
	buf_free(&t);
	buf_free(&line);
}
