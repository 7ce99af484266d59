/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum rc err_set(struct err *e, enum rc rc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(e->message, sizeof(e->message), fmt, ap);
	va_end(ap);
	return rc;
}

void err_hint(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(e->hint, sizeof(e->hint), fmt, ap);
	va_end(ap);
}

static void put(char *to, size_t size, struct text t)
{
	size_t n = t.n < size - 1 ? t.n : size - 1;

	if (n > 0)
		memcpy(to, t.p, n);
	to[n] = '\0';
}

void err_at(struct err *e, struct text file, uint32_t line, uint32_t column)
{
	if (file.n > 0)
		put(e->file, sizeof(e->file), file);
	e->line = line;
	e->column = column;
}

void err_code(struct err *e, const char *code)
{
	put(e->code, sizeof(e->code), text_of(code));
}

void err_key(struct err *e, struct text key)
{
	put(e->key, sizeof(e->key), key);
}

void err_clear(struct err *e)
{
	*e = (struct err){.line = 0};
}

void err_print(const struct err *e, struct buf *out)
{
	if (e->file[0] != '\0') {
		buf_str(out, e->file);
		if (e->line > 0)
			buf_printf(out, ":%u", e->line);
		if (e->line > 0 && e->column > 0)
			buf_printf(out, ":%u", e->column);
		buf_str(out, ": ");
	}
	if (e->code[0] != '\0')
		buf_printf(out, "%s: ", e->code);
	if (e->key[0] != '\0')
		buf_printf(out, "%s: ", e->key);
	buf_str(out, e->message);
	if (e->hint[0] != '\0')
		buf_printf(out, "; %s", e->hint);
}
