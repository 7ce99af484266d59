/* SPDX-License-Identifier: Apache-2.0 */
#include "app/checks.h"

#include "base/json.h"

#include <stdarg.h>

enum { LINE_MAX_BYTES = 8192 };

void checks_init(struct checks *c, struct arena *a)
{
	*c = (struct checks){.arena = a};
}

static void add(struct checks *c, enum check_verdict verdict, struct text says)
{
	c->v = arena_grow(c->arena, c->v, c->n, &c->cap, sizeof(*c->v));
	c->v[c->n++] = (struct check_line){verdict, c->about, says};
}

void checks_end(struct checks *c)
{
	if (c->about_problems > CHECK_PROBLEMS_MAX)
		add(c, CHECK_PROBLEM,
		    text_format(c->arena, "and %zu more of it",
				c->about_problems - CHECK_PROBLEMS_MAX));
	c->about_problems = 0;
}

void checks_about(struct checks *c, struct text about)
{
	checks_end(c);
	c->about = text_copy(c->arena, about);
}

PRINTF_LIKE(2, 0) static struct text words_of(struct arena *a, const char *fmt, va_list args)
{
	char line[LINE_MAX_BYTES];

	(void)vsnprintf(line, sizeof(line), fmt, args);
	return text_copy(a, text_trim(text_of(line)));
}

void checks_problem(struct checks *c, const char *fmt, ...)
{
	va_list args;

	c->problems++;
	if (++c->about_problems > CHECK_PROBLEMS_MAX)
		return;
	va_start(args, fmt);
	add(c, CHECK_PROBLEM, words_of(c->arena, fmt, args));
	va_end(args);
}

void checks_note(struct checks *c, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(c, CHECK_NOTE, words_of(c->arena, fmt, args));
	va_end(args);
}

void checks_ok(struct checks *c, const char *fmt, ...)
{
	va_list args;

	if (c->about_problems > 0)
		return;
	va_start(args, fmt);
	add(c, CHECK_OK, words_of(c->arena, fmt, args));
	va_end(args);
}

enum rc checks_take(struct checks *c, enum rc rc, struct err *err)
{
	if (rc != RC_INVALID && rc != RC_MISSING)
		return rc;
	if (err->key[0] != '\0')
		checks_problem(c, "%s: %s", err->key, err->message);
	else
		checks_problem(c, "%s", err->message);
	err_clear(err);
	return RC_OK;
}

struct text checks_first(const struct checks *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].verdict == CHECK_PROBLEM)
			return text_format(c->arena, "%.*s: %.*s", TEXT_ARG(c->v[i].about),
					   TEXT_ARG(c->v[i].says));
	return (struct text){NULL, 0};
}

static const char *verdict_word(enum check_verdict v)
{
	switch (v) {
	case CHECK_OK:
		return "ok";
	case CHECK_NOTE:
		return "note";
	case CHECK_PROBLEM:
		return "problem";
	}
	return "problem";
}

void checks_text(const struct checks *c, struct buf *out)
{
	for (size_t i = 0; i < c->n; i++)
		buf_printf(out, "%-8s %.*s: %.*s\n", verdict_word(c->v[i].verdict),
			   TEXT_ARG(c->v[i].about), TEXT_ARG(c->v[i].says));
}

void checks_json(const struct checks *c, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "problems", (int64_t)c->problems);
	json_key(&j, "checks");
	json_open_array(&j);
	for (size_t i = 0; i < c->n; i++) {
		json_open_object(&j);
		json_kv_text(&j, "about", c->v[i].about);
		json_kv_str(&j, "verdict", verdict_word(c->v[i].verdict));
		json_kv_text(&j, "says", c->v[i].says);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}
