/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When each session and token was last seen (trust.md S3), in memory that all workers share: a request that only reads writes nothing.
 * A table of fixed size without locks; where it is full the entry that was longest not seen gives way, and the store's time holds.
 */
#ifndef APP_SEEN_H
#define APP_SEEN_H

#include "base/sha256.h"
#include "time/instant.h"

/* Zeroed memory of this size, aligned to 8 bytes. */
size_t seen_bytes(void);
void seen_put(void *memory, const struct hash *who, instant at);
/* INSTANT_NONE: not seen, or forgotten. */
instant seen_get(const void *memory, const struct hash *who);
/* true for one caller in every minute: who then writes the times to the store. */
bool seen_flush_due(void *memory, instant now);

#endif
