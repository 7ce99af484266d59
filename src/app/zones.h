/* SPDX-License-Identifier: Apache-2.0 */
/* Time zones from the system's tzdata. The environment (TZ, TZDIR) is never asked. */
#ifndef APP_ZONES_H
#define APP_ZONES_H

#include "time/zone.h"

/* A source over /usr/share/zoneinfo; zones live in the arena, each is read once. */
struct zone_source zones_system(struct arena *a);

#endif
