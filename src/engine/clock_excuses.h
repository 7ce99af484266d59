/* SPDX-License-Identifier: Apache-2.0 */
/* Pauses and excuses of clocks that do not come from ticket facts, as clock.h asks for them. Private to the engine. */
#ifndef ENGINE_CLOCK_EXCUSES_H
#define ENGINE_CLOCK_EXCUSES_H

#include "engine/clock.h"

/* Client obligations (R29) and announced maintenance (R27). */
struct excuse_source clock_excuses(void);

#endif
