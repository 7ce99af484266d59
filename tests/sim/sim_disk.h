/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulator's disk: the one in memory of tests/unit/store (trust.md V2), with locks between handles, for names under "disk/". Every
 * other name is the machine's, where backups lie. It knows nothing of Tenor.
 */
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include "../unit/store/vfs_record.h"

void sim_disk_register(void);
/* The disk behind "disk/" from now on; what its handles share in memory stays. */
void sim_disk_use(struct disk *d);
/* How many files are open on any disk. */
int sim_disk_open_files(void);
/* Gives the places of deleted files free. Nothing may be open, nor be recorded. */
void sim_disk_compact(struct disk *d);
/* A file's bytes under a name, new or in the place of what was there. Not recorded. */
void sim_disk_put(struct disk *d, const char *name, const void *bytes, size_t n);
/* Do these bytes occur in any file that has a name? The name, or NULL. */
const char *sim_disk_holds(const struct disk *d, const void *bytes, size_t n);

#endif
