/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha256.h"

#include "base/arena.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

void sha256(struct text bytes, unsigned char out[SHA256_BYTES])
{
	unsigned n = 0;

	/* A digest can fail for want of memory only; OpenSSL's own start is asked first, as in journal/merkle.c. */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1 ||
	    EVP_Digest(bytes.p == NULL ? "" : bytes.p, bytes.n, out, &n, EVP_sha256(), NULL) != 1)
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
