/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words as small numbers. A symbol is the place of a text in one table, given in order of first sight; 0 is the empty text.
 * Symbols of different tables must not be compared.
 */
#ifndef BASE_SYMBOLS_H
#define BASE_SYMBOLS_H

#include "base/arena.h"
#include "base/text.h"

typedef uint32_t symbol;

struct symbols;

struct symbols *symbols_new(struct arena *a);
/* The symbol of t, added if it is new; the bytes are copied. */
symbol symbol_add(struct symbols *s, struct text t);
/* The symbol of t, or 0 if it was never added. */
symbol symbol_find(const struct symbols *s, struct text t);
struct text symbol_text(const struct symbols *s, symbol y);
/* Number of symbols, the empty one included: valid symbols are 0 to n - 1. */
uint32_t symbols_count(const struct symbols *s);

#endif
