/* SPDX-License-Identifier: Apache-2.0 */
/* Values as the record writes them (trust.md J4): one text for each, so that equal facts have equal bytes. Reading takes no other. */
#ifndef FACTS_EXACT_H
#define FACTS_EXACT_H

#include "money/decimal.h"
#include "time/instant.h"

enum { EXACT_INSTANT = 24 };

/* 2026-03-29T01:00:00.000Z: 24 characters, UTC, milliseconds, no second 60. */
bool exact_instant(struct text t, instant *out);
void exact_instant_print(struct buf *out, instant t);
struct text exact_instant_text(struct arena *a, instant t);
/* Without trailing zeros, and no -0. */
bool exact_decimal(struct text t, struct decimal *out);

#endif
