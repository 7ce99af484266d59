/* SPDX-License-Identifier: Apache-2.0 */
/* What body.c, which writes, and body_read.c, which reads, both know. Private to them. */
#ifndef FACTS_BODY_PARTS_H
#define FACTS_BODY_PARTS_H

#include "facts/fact.h"

#include <inttypes.h>

/* trust.md J4 */
#define BODY_INT_MAX ((INT64_C(1) << 53) - 1)

/* Members that every kind may have. */
enum body_common { BODY_BY, BODY_REF, BODY_SEQ, BODY_SOURCE, BODY_STAMP, BODY_COMMON };

const char *body_common_key(enum body_common c);
bool body_common_find(struct text key, enum body_common *out);

struct stamp_word {
	enum fact_flag flag;
	const char *word;
};

enum { BODY_STAMPS = 3 };
/* In the order in which they are written. */
extern const struct stamp_word body_stamps[BODY_STAMPS];

#endif
