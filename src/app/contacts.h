/* SPDX-License-Identifier: Apache-2.0 */
/* The details of a version's contacts, which a record keeps apart from it and sealed (contract-language.md CL-43, trust.md J23). */
#ifndef APP_CONTACTS_H
#define APP_CONTACTS_H

#include "app/workspace.h"
#include "journal/entry.h"

struct kept_contact {
	struct text name;    /* of the slot: client_01 */
	struct text details; /* canonical JSON */
	unsigned char salt[SALT_BYTES];
	struct hash commit; /* as the version names it */
};

/* Of the version that stands in that entry; what was erased is left out. The keys must be open. */
enum rc contacts_of_version(struct workspace *ws, const struct log_head *log, int64_t index,
			    struct kept_contact v[SLOTS_MAX], size_t *n, struct err *err) MUST_USE;

#endif
