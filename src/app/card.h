/* SPDX-License-Identifier: Apache-2.0 */
/* Payment card numbers do not belong into free words (trust.md S25). */
#ifndef APP_CARD_H
#define APP_CARD_H

#include "base/text.h"

/* 13 to 19 digits, blanks and hyphens between them ignored, that pass Luhn's check: all but the last four become *. */
struct text card_masked(struct arena *a, struct text words, bool *masked);

#endif
