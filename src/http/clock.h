/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's clocks, as the server reads them: nothing that the record holds is worked out from these without the workspace's own clock. */
#ifndef HTTP_CLOCK_H
#define HTTP_CLOCK_H

#include "time/instant.h"

/* What the clock on the wall says; it may be set, back too. */
instant wall_now(void);

/* Time that only goes on, from some beginning: milliseconds, microseconds. */
int64_t steady_ms(void);
int64_t steady_us(void);

#endif
