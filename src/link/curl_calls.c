/* SPDX-License-Identifier: Apache-2.0 */
#include "link/curl_calls.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const char library[] = "libcurl.so.4";

static const struct {
	const char *name;
	size_t at;
} calls[] = {
	{"curl_global_init", offsetof(struct curl_calls, global_init)},
	{"curl_easy_init", offsetof(struct curl_calls, easy_init)},
	{"curl_easy_cleanup", offsetof(struct curl_calls, easy_cleanup)},
	{"curl_easy_reset", offsetof(struct curl_calls, easy_reset)},
	{"curl_easy_setopt", offsetof(struct curl_calls, easy_setopt)},
	{"curl_easy_perform", offsetof(struct curl_calls, easy_perform)},
	{"curl_easy_getinfo", offsetof(struct curl_calls, easy_getinfo)},
	{"curl_easy_escape", offsetof(struct curl_calls, easy_escape)},
	{"curl_free", offsetof(struct curl_calls, release)},
};

_Static_assert(sizeof(struct curl_calls) == sizeof(calls) / sizeof(calls[0]) * sizeof(void *),
	       "each call is looked up");

enum rc curl_calls_load(struct curl_calls *out, struct err *err)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return err_set(err, RC_MISSING,
			       "%s cannot be loaded (%s); it is in the package libcurl4", library,
			       dlerror());
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		void *call = dlsym(handle, calls[i].name);

		if (call == NULL)
			return err_set(err, RC_MISSING, "%s has no %s", library, calls[i].name);
		memcpy((char *)out + calls[i].at, &call, sizeof(call));
	}
	return RC_OK;
}
