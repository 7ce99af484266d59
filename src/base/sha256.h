/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 of bytes, by OpenSSL. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/text.h"

enum { SHA256_BYTES = 32, SHA256_HEX = 64 };

/* A SHA-256 as a value. */
struct hash {
	unsigned char b[SHA256_BYTES];
};

void sha256(struct text bytes, unsigned char out[SHA256_BYTES]);
/* Lower-case hex digits and a NUL. */
void sha256_hex(struct text bytes, char out[SHA256_HEX + 1]);

/*
 * From now on OpenSSL, where it gets no memory, ends the program as base does (memory_none): 3.0 follows NULL pointers when its own start
 * runs out. Before any other call of OpenSSL; later it changes nothing.
 */
void sha256_memory(void);

#endif
