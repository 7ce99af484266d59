/* SPDX-License-Identifier: Apache-2.0 */
/* Test Anything Protocol for unit tests; prove runs them. tap_done prints the plan and gives main's status. */
#ifndef TAP_H
#define TAP_H

#include "base/attr.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int tap_count, tap_failed;

PRINTF_LIKE(2, 0) UNUSED static void tap_line(bool pass, const char *fmt, va_list ap)
{
	printf("%sok %d - ", pass ? "" : "not ", ++tap_count);
	vprintf(fmt, ap);
	printf("\n");
	if (!pass)
		tap_failed++;
}

PRINTF_LIKE(2, 3) UNUSED static bool ok(bool pass, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_line(pass, fmt, ap);
	va_end(ap);
	return pass;
}

PRINTF_LIKE(3, 4) UNUSED static bool is_i64(int64_t got, int64_t want, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_line(got == want, fmt, ap);
	va_end(ap);
	if (got != want)
		printf("#   got %" PRId64 "\n#  want %" PRId64 "\n", got, want);
	return got == want;
}

PRINTF_LIKE(3, 4) UNUSED static bool is_text(struct text got, const char *want, const char *fmt, ...)
{
	va_list ap;
	bool same = text_is(got, want);

	va_start(ap, fmt);
	tap_line(same, fmt, ap);
	va_end(ap);
	if (!same)
		printf("#   got \"%.*s\"\n#  want \"%s\"\n", TEXT_ARG(got), want);
	return same;
}

PRINTF_LIKE(1, 2) UNUSED static void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("# ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
}

/* Where shared reference data and vectors lie ($TENOR_SHARED, else ../shared beside the checkout), or NULL if absent. */
UNUSED static const char *tap_shared(void)
{
	static const char *dir;
	const char *set = getenv("TENOR_SHARED");

	if (dir == NULL)
		dir = set != NULL && *set != '\0' ? set : "../shared";
	char probe[512];

	(void)snprintf(probe, sizeof(probe), "%s/vectors/README.md", dir);
	FILE *f = fopen(probe, "rb");

	if (f == NULL)
		return NULL;
	(void)fclose(f);
	return dir;
}

UNUSED static int tap_skip_all(const char *why)
{
	printf("1..0 # SKIP %s\n", why);
	return 0;
}

UNUSED static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	if (tap_failed > 0)
		printf("# %d of %d failed\n", tap_failed, tap_count);
	return tap_failed == 0 ? 0 : 1;
}

#endif
