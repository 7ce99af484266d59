/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk in memory for SQLite that writes down what is done to it (trust.md V2), makes what could be left of it after a power cut,
 * and can fail at a call of choice (R5). One connection at a time; it knows nothing of Tenor. Tests include vfs_record.c.
 */
#ifndef VFS_RECORD_H
#define VFS_RECORD_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DISK_FILES = 64, DISK_NAMES = 6, DISK_NAME = 64, SECTOR = 512 };

/* A file's bytes, whatever its name is by now. */
struct disk_file {
	unsigned char *bytes;
	size_t n, cap;
};

enum disk_op_kind {
	OP_WRITE,
	OP_TRUNCATE,
	OP_SYNC,
	OP_CREATE,
	OP_DELETE,
	OP_SYNC_DIRECTORY,
	OP_MARK /* the test's own: a commit was asked for, or came back */
};

struct disk_op {
	enum disk_op_kind kind;
	int file;
	int name;
	int64_t at; /* offset, new length, or the mark */
	size_t n;
	size_t bytes; /* where in the log's bytes */
};

struct disk {
	struct disk_file file[DISK_FILES];
	int files;
	struct {
		char text[DISK_NAME];
		int file; /* -1: there is no such file now */
	} name[DISK_NAMES];
	int names;
	/* the log */
	bool recording;
	struct disk_op *op;
	size_t ops, ops_cap;
	unsigned char *bytes;
	size_t bytes_n, bytes_cap;
	/* the fault: call number fail_at from now (1 the next) gives fail_code, and so do all after it if fail_ever */
	int64_t calls, fail_at;
	int fail_code; /* 0: SQLITE_IOERR_WRITE, _FSYNC ... as fits the call */
	bool fail_ever, failed, failed_sync;
};

/* Makes the disk in memory SQLite's default VFS; once a test. */
void disk_register(void);
struct disk *disk_new(void);
void disk_free(struct disk *d);
void disk_copy(struct disk *to, const struct disk *from); /* files and names, not the log */
/* The disk that is served from now on. */
void disk_use(struct disk *d);
void disk_record(struct disk *d, bool on); /* on: forgets what was recorded before */
void disk_mark(struct disk *d, int64_t mark);
const struct disk_file *disk_find(const struct disk *d, const char *name);

/*
 * What the platter holds: `base` with everything synced before op `at` of the log. disk_replay moves it forward; disk_image adds a
 * random part of what was not synced yet.
 */
struct disk_replay {
	const struct disk *log;
	struct disk *safe;
	size_t at;
	size_t unsynced[DISK_FILES]; /* first op of each file that is not on the platter for sure */
	size_t unsynced_names;
};

void replay_init(struct disk_replay *r, const struct disk *log, struct disk *base_moved);
void replay_to(struct disk_replay *r, size_t at);
void replay_image(const struct disk_replay *r, uint64_t *seed, struct disk *out);

uint64_t random_next(uint64_t *seed);
uint64_t random_below(uint64_t *seed, uint64_t n);

#endif
