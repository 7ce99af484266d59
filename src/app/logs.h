/* SPDX-License-Identifier: Apache-2.0 */
/* New logs and their keys (trust.md J1, J10, J14). */
#ifndef APP_LOGS_H
#define APP_LOGS_H

#include "app/workspace.h"

/* A log with a seed of its own, its verifier key as its first entry; in the transaction under way. */
enum rc log_make(struct workspace *ws, enum log_kind kind, struct text contract, struct text client,
		 struct text host, struct log_head *out, struct err *err) MUST_USE;
/* {"key":"value"} of one or two members, canonical, for append_own. Keys in order; the second may be NULL. */
struct text body_of(struct arena *a, const char *key, struct text value, const char *key2,
		    struct text value2);

#endif
