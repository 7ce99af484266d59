/* SPDX-License-Identifier: Apache-2.0 */
/* Time zones from the system's tzdata. The environment (TZ, TZDIR) is never asked. */
#ifndef APP_ZONES_H
#define APP_ZONES_H

#include "time/zone.h"

/* A source over /usr/share/zoneinfo; zones live in the arena, each is read once. */
struct zone_source zones_system(struct arena *a);
/* The bytes of a zone's file; RC_MISSING: there is no such zone. */
enum rc zones_system_bytes(struct arena *a, struct text name, struct text *out, struct err *err) MUST_USE;

#endif
