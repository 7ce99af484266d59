/* SPDX-License-Identifier: Apache-2.0 */
/* How a workspace is, in numbers that name nobody: what a server's alarms are made of (trust.md O4). */
#ifndef APP_VITALS_H
#define APP_VITALS_H

#include "app/workspace.h"

/* In the file's meta: when a backup of it was good, in milliseconds of an instant. A file restored from one has that of the backup before. */
#define META_BACKED_UP "backed_up_at"

struct vitals {
	int64_t unsigned_s; /* how long the oldest entry that no checkpoint covers has been there; 0: all are covered */
	int64_t cosigned_s; /* since a client's last cosignature, of the contract where that is longest ago; 0: none has ever been cosigned */
	int64_t backed_up_s; /* since the last backup that was good; where there was none, since the workspace began */
	int64_t disk_free; /* bytes that the file of the workspace may still grow by */
	size_t frozen; /* logs where what was read before signing did not fit what was signed (J13) */
};

/* Of a workspace that is open, to the instant of its clock. path: of its file. RC_IO: the disk does not tell. */
enum rc vitals_read(struct workspace *ws, struct text path, struct vitals *out,
		    struct err *err) MUST_USE;

#endif
