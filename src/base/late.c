/* SPDX-License-Identifier: Apache-2.0 */
#include "base/late.h"

#include <dlfcn.h>
#include <string.h>

enum rc late_load(const struct late_call *calls, size_t n, struct err *err)
{
	void *handle = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct late_library *library = calls[i].library;
		void *there;

		if (i == 0 || library != calls[i - 1].library)
			handle = dlopen(library->file, RTLD_NOW | RTLD_GLOBAL);
		if (handle == NULL) {
			err_hint(err, "install the package %s", library->package);
			return err_set(err, RC_MISSING, "%s cannot be loaded: %s", library->file,
				       dlerror());
		}
		there = dlsym(handle, calls[i].name);
		if (there == NULL) {
			err_hint(err, "install the package %s", library->package);
			return err_set(err, RC_MISSING, "%s has no %s", library->file,
				       calls[i].name);
		}
		memcpy(calls[i].at, &there, sizeof(there));
	}
	return RC_OK;
}
