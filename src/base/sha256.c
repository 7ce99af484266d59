/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By the functions of libcrypto that keep their state where the caller says. They are out of favour since 3.0, but EVP looks its algorithm up
 * and asks for memory at every call, which takes four times as long as hashing the few ids of an invoice's line.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/sha256.h"

#include "base/arena.h"
#include "base/memory.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

static void *get(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return memory_get(n);
}

static void *get_again(void *old, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return memory_get_again(old, n);
}

static void give_back(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	memory_give_back(p);
}

void sha256_memory(void)
{
	(void)CRYPTO_set_mem_functions(get, get_again, give_back);
}

void sha256(struct text bytes, unsigned char out[SHA256_BYTES])
{
	SHA256_CTX state;
	/* None of them can fail: there is nothing to be had from outside. */
	bool done = SHA256_Init(&state) == 1 &&
		    SHA256_Update(&state, bytes.p == NULL ? "" : bytes.p, bytes.n) == 1 &&
		    SHA256_Final(out, &state) == 1;

	assert(done);
}

void sha256_hex(struct text bytes, char out[SHA256_HEX + 1])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[SHA256_BYTES];

	sha256(bytes, digest);
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		out[2 * i] = hex[digest[i] >> 4];
		out[2 * i + 1] = hex[digest[i] & 15];
	}
	out[SHA256_HEX] = '\0';
}
