/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha256.h"

#include <assert.h>
#include <openssl/evp.h>

void sha256(struct text bytes, unsigned char out[SHA256_BYTES])
{
	unsigned n = 0;
	int done = EVP_Digest(bytes.p == NULL ? "" : bytes.p, bytes.n, out, &n, EVP_sha256(), NULL);

	assert(done == 1 && n == SHA256_BYTES);
	(void)done;
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
