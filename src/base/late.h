/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Libraries that are loaded when they are needed, and not before: most commands print no PDF, serve no requests and connect to nobody, and
 * the libraries for those and what they bring are most of the time that a start takes. A room says in a .def which calls it makes:
 *
 *	LATE(cairo, cairo_arc)
 *
 * and tools/late.py makes a header of it, to be included instead of the library's: each name stands for a pointer there, which late_load fills.
 */
#ifndef BASE_LATE_H
#define BASE_LATE_H

#include "base/err.h"

#include <stddef.h>

struct late_library {
	const char *file, *package; /* "libcairo.so.2", "libcairo2" */
};

struct late_call {
	const struct late_library *library;
	const char *name;
	void *at; /* a pointer to a function, or to data */
};

/*
 * Fills all of them; what is loaded stays until the process ends. To do it again costs a look at each name. RC_MISSING: a library is not
 * installed, or is another version; its package is named.
 */
enum rc late_load(const struct late_call *calls, size_t n, struct err *err) MUST_USE;

#endif
