/* SPDX-License-Identifier: Apache-2.0 */
/* Standard base64 with padding (RFC 4648 section 4), and lower-case hex. Decoding is strict: what does not re-encode to itself is refused (trust.md J16). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

void base64_add(struct buf *out, const unsigned char *p, size_t n);
/* false: not the encoding of anything, or longer than max. */
bool base64_read(struct text t, unsigned char *out, size_t max, size_t *n);
void hex_add(struct buf *out, const unsigned char *p, size_t n);
/* Exactly n bytes, HEX_READ_MAX at most, from 2n lower-case digits. */
enum { HEX_READ_MAX = 64 };
bool hex_read(struct text t, unsigned char *out, size_t n);

#endif
