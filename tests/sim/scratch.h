/* SPDX-License-Identifier: Apache-2.0 */
/* The folder that a campaign runs in, and words changed in a contract: what the simulator and the campaign of bytes share. */
#ifndef SIM_SCRATCH_H
#define SIM_SCRATCH_H

#include "base/arena.h"
#include "base/text.h"

/*
 * Into a new folder with "disk" and "settings" in it, in memory where the machine has such a place, since backups are synced for real.
 * Exits with 1 where there is none.
 */
void scratch_enter(const char *name);
/* Gone, with all that is in it. Nothing where none was entered. */
void scratch_leave(void);
/* Up to six folders deep, as no campaign goes deeper. */
void scratch_remove(const char *folder);

/* In memory of the arena. */
struct text replaced(struct arena *a, struct text in, const char *what, const char *by);

#endif
