/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters of all workers in memory that they share, printed as Prometheus text (trust.md O4). Labels are words of tables in this program;
 * there is no way to hand in a tenant, a person or free text: what is no word is counted as "other".
 */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include "app/vitals.h"
#include "base/buf.h"
#include "time/instant.h"

struct metrics;

enum { METRICS_SLOTS = 128 }; /* of workers, at a time */

size_t metrics_bytes(void); /* of zeroed memory, shared */

void metrics_request(struct metrics *m, const char *action, int status, uint64_t us);
void metrics_refused(struct metrics *m, const char *reason);
void metrics_facts(struct metrics *m, const char *kind, uint64_t n);
void metrics_commit(struct metrics *m, uint64_t us);
void metrics_worker_death(struct metrics *m, const char *reason);
void metrics_arena_peak(struct metrics *m, uint64_t bytes);
/* So many answers stay open in the worker of this slot (worker.h); a worker that died has none. */
void metrics_streams(struct metrics *m, size_t slot, size_t n);
void metrics_landlock(struct metrics *m, int abi);
/* So many mails wait, the oldest since then (O4). */
void metrics_outbox(struct metrics *m, int64_t n, instant oldest);

void metrics_print(struct metrics *m, struct buf *out);
/* How the workspace is, beside them; where it cannot be looked at, these are not there, which is an alarm, too. */
void metrics_vitals(const struct vitals *h, struct buf *out);

#endif
