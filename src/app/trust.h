/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys that a person trusts (trust.md J21): a file of verifier keys, one a line, filled from paper. Blank lines and lines that begin with
 * # are a person's own notes and stay where they are.
 */
#ifndef APP_TRUST_H
#define APP_TRUST_H

#include "app/app.h"
#include "journal/note.h"

struct trust {
	struct text path;
	struct text bytes; /* as they lie there; empty if there is no such file */
	struct vkey *keys;
	size_t n;
};

/*
 * --trust FILE, else "trust" in the folder of settings. RC_INVALID names the line that is no key. A file that is not there holds no keys;
 * RC_MISSING where --trust names one that is not there and must_be_there.
 */
enum rc trust_read(struct app *app, const struct args *args, bool must_be_there, struct trust *out,
		   struct err *err) MUST_USE;
/* "name+keyid" of a key. */
struct text trust_name(struct arena *a, const struct vkey *k);

#endif
