/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "base/late.h"
#include "tap.h"

#include <string.h>

static const struct late_library libm = {"libm.so.6", "libc6"},
				 none = {"libnowhere.so.7", "nowhere7"};

int main(void)
{
	double (*cosine)(double x) = NULL, (*other)(double x) = NULL;
	struct err err = {.line = 0};

	{
		const struct late_call calls[] = {{&libm, "cos", &cosine}, {&libm, "sin", &other}};

		ok(late_load(calls, ARRAY_SIZE(calls), &err) == RC_OK, "a library is loaded");
		ok(cosine != NULL && other != NULL && cosine(0.0) > 0.999 && other(0.0) < 0.001,
		   "each name is its own function");
		ok(late_load(calls, ARRAY_SIZE(calls), &err) == RC_OK, "and once more");
	}
	{
		const struct late_call calls[] = {{&libm, "cos", &cosine}, {&none, "x", &other}};

		ok(late_load(calls, ARRAY_SIZE(calls), &err) == RC_MISSING &&
			   strstr(err.message, "libnowhere.so.7 cannot be loaded") != NULL &&
			   strstr(err.hint, "nowhere7") != NULL,
		   "one that is not installed is named with its package");
	}
	err_clear(&err);
	{
		const struct late_call calls[] = {{&libm, "cosine_of_another_version", &cosine}};

		ok(late_load(calls, ARRAY_SIZE(calls), &err) == RC_MISSING &&
			   strstr(err.message, "has no cosine_of_another_version") != NULL,
		   "nor is one of another version taken");
	}
	return tap_done();
}
