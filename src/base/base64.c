/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

#include <assert.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char hex_digits[] = "0123456789abcdef";

void base64_add(struct buf *out, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i += 3) {
		size_t here = n - i < 3 ? n - i : 3;
		uint32_t three = (uint32_t)p[i] << 16;

		if (here > 1)
			three |= (uint32_t)p[i + 1] << 8;
		if (here > 2)
			three |= p[i + 2];

		char four[4] = {alphabet[three >> 18], alphabet[three >> 12 & 63],
				here > 1 ? alphabet[three >> 6 & 63] : '=',
				here > 2 ? alphabet[three & 63] : '='};

		buf_add(out, four, sizeof(four));
	}
}

/* The 6 bits that a character stands for; 64: none. */
static uint32_t six_bits(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0') + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : 64;
}

/* All but the padding are of the alphabet, and the bits that the padding leaves over are 0 (else two texts would mean the same). */
static bool base64_ok(struct text t, size_t padding)
{
	for (size_t i = 0; i < t.n - padding; i++)
		if (six_bits(t.p[i]) > 63)
			return false;
	if (padding == 0)
		return true;
	return (six_bits(t.p[t.n - padding - 1]) & (padding == 2 ? 15u : 3u)) == 0;
}

bool base64_read(struct text t, unsigned char *out, size_t max, size_t *n)
{
	size_t padding = 0, used = 0;

	if (t.n % 4 != 0)
		return false;
	while (padding < 2 && padding < t.n && t.p[t.n - padding - 1] == '=')
		padding++;
	if (t.n / 4 * 3 - padding > max || (t.n > 0 && !base64_ok(t, padding)))
		return false;
	for (size_t i = 0; i < t.n; i += 4) {
		size_t cut = i + 4 == t.n ? padding : 0;
		uint32_t three = six_bits(t.p[i]) << 18 | six_bits(t.p[i + 1]) << 12;

		if (cut < 2)
			three |= six_bits(t.p[i + 2]) << 6;
		if (cut < 1)
			three |= six_bits(t.p[i + 3]);
		out[used++] = (unsigned char)(three >> 16);
		if (cut < 2)
			out[used++] = (unsigned char)(three >> 8 & 255);
		if (cut < 1)
			out[used++] = (unsigned char)(three & 255);
	}
	*n = used;
	return true;
}

void hex_add(struct buf *out, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char two[2] = {hex_digits[p[i] >> 4], hex_digits[p[i] & 15]};

		buf_add(out, two, sizeof(two));
	}
}

/* One more than the value; 0: no digit. */
static const unsigned char hex_values[256] = {
	['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
	['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

static unsigned hex_value(char c)
{
	return hex_values[(unsigned char)c];
}

bool hex_read(struct text t, unsigned char *out, size_t n)
{
	unsigned char read[HEX_READ_MAX];

	assert(n <= sizeof(read));
	if (t.n % 2 != 0 || t.n / 2 != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned high = hex_value(t.p[2 * i]), low = hex_value(t.p[2 * i + 1]);

		if (high == 0 || low == 0)
			return false;
		read[i] = (unsigned char)((high - 1) << 4 | (low - 1));
	}
	memcpy(out, read, n);
	return true;
}
