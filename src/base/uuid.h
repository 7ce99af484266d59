/* SPDX-License-Identifier: Apache-2.0 */
/* UUIDs as 16 bytes and as lower-case text; version 7 made from a time and given random bits (RFC 9562). */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include "base/buf.h"

struct uuid {
	unsigned char b[16];
};

enum { UUID_TEXT = 36 };

/* Lower case, the four dashes; version and variant are not looked at. */
bool uuid_parse(struct text t, struct uuid *out);
/* Is it version 7 with the RFC's variant, its time not negative? */
bool uuid_is_v7(const struct uuid *u);
void uuid_print(struct buf *out, const struct uuid *u);
void uuid_text(const struct uuid *u, char out[UUID_TEXT + 1]);
int uuid_cmp(const struct uuid *x, const struct uuid *y);
/* unix_ms in 0 to 2^48-1; random 10 bytes, of which 74 bits are taken. */
struct uuid uuid_v7(int64_t unix_ms, const unsigned char random[10]);
int64_t uuid_v7_ms(const struct uuid *u);
/*
 * trust.md S19: derived from a source and its own key for a record, so that the same record gives the same id again. A time that
 * version 7 cannot hold (before 1970) counts as the nearest one it can.
 */
struct uuid uuid_derived(int64_t unix_ms, struct text source, struct text key);

#endif
