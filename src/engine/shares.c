/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/shares.h"

#include <assert.h>

struct money equal_share(struct money total, size_t n, size_t i)
{
	int64_t parts = (int64_t)n, place = (int64_t)i;

	assert(n > 0 && n <= UINT32_MAX && i < n);

	/* C rounds a quotient toward zero, so the rest has the sign of the total. */
	int64_t whole = total.minor / parts, rest = total.minor % parts;

	if (rest > 0 && place < rest)
		whole++;
	if (rest < 0 && place < -rest)
		whole--;
	return (struct money){whole, total.currency};
}
