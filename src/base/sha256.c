/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha256.h"

#include "base/arena.h"
#include "base/memory.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

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
	unsigned n = 0;

	/* A digest can fail for want of memory only. */
	if (EVP_Digest(bytes.p == NULL ? "" : bytes.p, bytes.n, out, &n, EVP_sha256(), NULL) != 1)
		memory_none();
	assert(n == SHA256_BYTES);
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
