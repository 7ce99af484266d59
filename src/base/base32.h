/* SPDX-License-Identifier: Apache-2.0 */
/* Base32 in small letters a-z2-7 without padding (RFC 4648 section 6), for tokens and codes that people copy. Decoding is strict. */
#ifndef BASE_BASE32_H
#define BASE_BASE32_H

#include "base/buf.h"

/* Characters of n bytes. */
#define BASE32_TEXT(n) (((n)*8 + 4) / 5)

void base32_add(struct buf *out, const unsigned char *p, size_t n);
/* Exactly n bytes from BASE32_TEXT(n) characters; false for anything that base32_add does not write. */
bool base32_read(struct text t, unsigned char *out, size_t n);

/* The same with 64 characters A-Z a-z 0-9 - _ (RFC 4648 section 5), for cookies and links. */
#define BASE64URL_TEXT(n) (((n)*8 + 5) / 6)
void base64url_add(struct buf *out, const unsigned char *p, size_t n);
bool base64url_read(struct text t, unsigned char *out, size_t n);

#endif
