/* SPDX-License-Identifier: Apache-2.0 */
#include "vfs_record.h"

#include "base/attr.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHM_REGIONS = 16, SHM_BYTES = 32768 };

static struct disk *disk_now;
static unsigned char
	*shm[SHM_REGIONS]; /* the memory that connections share is lost in a power cut */

struct memory_file {
	sqlite3_file base;
	struct disk *disk;
	int file;
	bool new_journal; /* its name is synced together with its first bytes, as SQLite's own VFS does */
};

/* --- random numbers that repeat --- */

/* splitmix64; what wraps is wanted, and said so by the wider type */
uint64_t random_next(uint64_t *seed)
{
	uint64_t x = *seed = (uint64_t)((u128)*seed + UINT64_C(0x9E3779B97F4A7C15));

	x = (uint64_t)((u128)(x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9));
	x = (uint64_t)((u128)(x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB));
	return x ^ (x >> 31);
}

uint64_t random_below(uint64_t *seed, uint64_t n)
{
	return random_next(seed) % n;
}

/* --- memory --- */

static void *grown(void *p, size_t n)
{
	void *q = realloc(p, n);

	if (q == NULL)
		abort();
	return q;
}

static void file_reserve(struct disk_file *f, size_t n)
{
	if (n <= f->cap)
		return;
	f->cap = n > 2 * f->cap ? n : 2 * f->cap;
	f->bytes = grown(f->bytes, f->cap);
}

static void file_resize(struct disk_file *f, size_t n)
{
	file_reserve(f, n);
	if (n > f->n)
		memset(f->bytes + f->n, 0, n - f->n);
	f->n = n;
}

static void file_write(struct disk_file *f, size_t at, const unsigned char *p, size_t n)
{
	if (n == 0)
		return;
	if (at + n > f->n)
		file_resize(f, at + n);
	memcpy(f->bytes + at, p, n);
}

struct disk *disk_new(void)
{
	struct disk *d = calloc(1, sizeof(*d));

	if (d == NULL)
		abort();
	return d;
}

void disk_free(struct disk *d)
{
	for (int i = 0; i < DISK_FILES; i++)
		free(d->file[i].bytes);
	free(d->op);
	free(d->bytes);
	free(d);
}

void disk_copy(struct disk *to, const struct disk *from)
{
	for (int i = 0; i < from->files; i++) {
		to->file[i].n = 0;
		file_write(&to->file[i], 0, from->file[i].bytes, from->file[i].n);
	}
	to->files = from->files;
	memcpy(to->name, from->name, sizeof(to->name));
	to->names = from->names;
}

void disk_use(struct disk *d)
{
	for (int i = 0; i < SHM_REGIONS; i++)
		if (shm[i] != NULL)
			memset(shm[i], 0, SHM_BYTES);
	disk_now = d;
}

/* --- the log --- */

static void log_op(struct disk *d, struct disk_op op, const void *bytes)
{
	if (!d->recording)
		return;
	if (d->ops == d->ops_cap) {
		d->ops_cap = d->ops_cap == 0 ? 1024 : 2 * d->ops_cap;
		d->op = grown(d->op, d->ops_cap * sizeof(*d->op));
	}
	if (op.kind == OP_WRITE && op.n > 0) {
		while (d->bytes_n + op.n > d->bytes_cap) {
			d->bytes_cap = d->bytes_cap == 0 ? 1 << 20 : 2 * d->bytes_cap;
			d->bytes = grown(d->bytes, d->bytes_cap);
		}
		memcpy(d->bytes + d->bytes_n, bytes, op.n);
		op.bytes = d->bytes_n;
		d->bytes_n += op.n;
	}
	d->op[d->ops++] = op;
}

void disk_record(struct disk *d, bool on)
{
	d->recording = on;
	if (on) {
		d->ops = 0;
		d->bytes_n = 0;
	}
}

void disk_mark(struct disk *d, int64_t mark)
{
	log_op(d, (struct disk_op){.kind = OP_MARK, .file = -1, .at = mark}, NULL);
}

static int name_of(const struct disk *d, const char *text)
{
	for (int i = 0; i < d->names; i++)
		if (strcmp(d->name[i].text, text) == 0)
			return i;
	return -1;
}

const struct disk_file *disk_find(const struct disk *d, const char *name)
{
	int i = name_of(d, name);

	return i >= 0 && d->name[i].file >= 0 ? &d->file[d->name[i].file] : NULL;
}

/* --- faults --- */

static int fault(struct disk *d, int code, bool sync)
{
	if (d->fail_at == 0)
		return SQLITE_OK;
	d->calls++;
	if (d->calls != d->fail_at && !(d->fail_ever && d->calls > d->fail_at))
		return SQLITE_OK;
	d->failed = true;
	d->failed_sync = d->failed_sync || sync;
	return d->fail_code != 0 && !sync ? d->fail_code : code;
}

/* --- files --- */

static struct disk_file *bytes_of(const struct memory_file *f)
{
	return &f->disk->file[f->file];
}

static int memory_close(sqlite3_file *file)
{
	(void)file;
	return SQLITE_OK;
}

static int memory_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
	const struct memory_file *f = (const struct memory_file *)file;
	const struct disk_file *b = bytes_of(f);
	size_t from = (size_t)at, want = (size_t)n, have = 0;

	if (from < b->n)
		have = b->n - from < want ? b->n - from : want;
	if (have > 0)
		memcpy(out, b->bytes + from, have);
	memset((char *)out + have, 0, want - have);
	return have == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int memory_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
	const struct memory_file *f = (const struct memory_file *)file;
	int code = fault(f->disk, SQLITE_IOERR_WRITE, false);

	if (code != SQLITE_OK)
		return code;
	log_op(f->disk,
	       (struct disk_op){.kind = OP_WRITE, .file = f->file, .at = at, .n = (size_t)n}, p);
	file_write(bytes_of(f), (size_t)at, p, (size_t)n);
	return SQLITE_OK;
}

static int memory_truncate(sqlite3_file *file, sqlite3_int64 n)
{
	const struct memory_file *f = (const struct memory_file *)file;
	int code = fault(f->disk, SQLITE_IOERR_TRUNCATE, false);

	if (code != SQLITE_OK)
		return code;
	log_op(f->disk, (struct disk_op){.kind = OP_TRUNCATE, .file = f->file, .at = n}, NULL);
	file_resize(bytes_of(f), (size_t)n);
	return SQLITE_OK;
}

static int memory_sync(sqlite3_file *file, int flags)
{
	struct memory_file *f = (struct memory_file *)file;
	int code = fault(f->disk, SQLITE_IOERR_FSYNC, true);

	(void)flags;
	if (code != SQLITE_OK)
		return code;
	log_op(f->disk, (struct disk_op){.kind = OP_SYNC, .file = f->file}, NULL);
	if (f->new_journal)
		log_op(f->disk, (struct disk_op){.kind = OP_SYNC_DIRECTORY, .file = -1}, NULL);
	f->new_journal = false;
	return SQLITE_OK;
}

static int memory_size(sqlite3_file *file, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)bytes_of((const struct memory_file *)file)->n;
	return SQLITE_OK;
}

static int memory_lock(sqlite3_file *file, int kind)
{
	(void)file;
	(void)kind;
	return SQLITE_OK;
}

static int memory_reserved(sqlite3_file *file, int *out)
{
	(void)file;
	*out = 0;
	return SQLITE_OK;
}

static int memory_control(sqlite3_file *file, int op, void *arg)
{
	(void)file;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int memory_sector(sqlite3_file *file)
{
	(void)file;
	return 4096;
}

/* As SQLite's own VFS: a write does not harm the bytes beside it. */
static int memory_device(sqlite3_file *file)
{
	(void)file;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int memory_shm_map(sqlite3_file *file, int region, int n, int extend, void volatile **out)
{
	(void)file;
	(void)extend;
	assert(region < SHM_REGIONS && n == SHM_BYTES);
	if (shm[region] == NULL)
		shm[region] = calloc(1, SHM_BYTES);
	*out = shm[region];
	return shm[region] != NULL ? SQLITE_OK : SQLITE_NOMEM;
}

static int memory_shm_lock(sqlite3_file *file, int at, int n, int flags)
{
	(void)file;
	(void)at;
	(void)n;
	(void)flags;
	return SQLITE_OK;
}

static void memory_shm_barrier(sqlite3_file *file)
{
	(void)file;
}

static int memory_shm_unmap(sqlite3_file *file, int delete_it)
{
	(void)file;
	for (int i = 0; delete_it && i < SHM_REGIONS; i++)
		if (shm[i] != NULL)
			memset(shm[i], 0, SHM_BYTES);
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = memory_close,
	.xRead = memory_read,
	.xWrite = memory_write,
	.xTruncate = memory_truncate,
	.xSync = memory_sync,
	.xFileSize = memory_size,
	.xLock = memory_lock,
	.xUnlock = memory_lock,
	.xCheckReservedLock = memory_reserved,
	.xFileControl = memory_control,
	.xSectorSize = memory_sector,
	.xDeviceCharacteristics = memory_device,
	.xShmMap = memory_shm_map,
	.xShmLock = memory_shm_lock,
	.xShmBarrier = memory_shm_barrier,
	.xShmUnmap = memory_shm_unmap,
};

/* --- the VFS --- */

static int memory_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
	struct memory_file *f = (struct memory_file *)file;
	struct disk *d = disk_now;
	int name = path != NULL ? name_of(d, path) : -1;
	bool made = false;

	(void)vfs;
	*f = (struct memory_file){.disk = d};
	if (path == NULL)
		return SQLITE_CANTOPEN; /* temporary files are in memory (temp_store) */
	if (name < 0 || d->name[name].file < 0) {
		int code = SQLITE_CANTOPEN;

		if ((flags & SQLITE_OPEN_CREATE) == 0 || d->files == DISK_FILES)
			return code;
		code = fault(d, SQLITE_CANTOPEN, false);
		if (code != SQLITE_OK)
			return code;
		if (name < 0) {
			assert(d->names < DISK_NAMES && strlen(path) < DISK_NAME);
			name = d->names++;
			(void)snprintf(d->name[name].text, DISK_NAME, "%s", path);
		}
		d->name[name].file = d->files++;
		d->file[d->name[name].file].n = 0;
		made = true;
		log_op(d,
		       (struct disk_op){
			       .kind = OP_CREATE, .file = d->name[name].file, .name = name},
		       NULL);
	}
	f->file = d->name[name].file;
	f->new_journal = made && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
	f->base.pMethods = &methods;
	if (out != NULL)
		*out = flags;
	return SQLITE_OK;
}

static int memory_delete(sqlite3_vfs *vfs, const char *path, int sync_directory)
{
	struct disk *d = disk_now;
	int name = name_of(d, path);
	int code;

	(void)vfs;
	if (name < 0 || d->name[name].file < 0)
		return SQLITE_IOERR_DELETE_NOENT;
	code = fault(d, SQLITE_IOERR_DELETE, false);
	if (code != SQLITE_OK)
		return code;
	log_op(d, (struct disk_op){.kind = OP_DELETE, .file = d->name[name].file, .name = name},
	       NULL);
	if (sync_directory)
		log_op(d, (struct disk_op){.kind = OP_SYNC_DIRECTORY, .file = -1}, NULL);
	d->name[name].file = -1;
	return SQLITE_OK;
}

static int memory_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
	const struct disk_file *f = disk_find(disk_now, path);

	(void)vfs;
	*out = f != NULL && (flags != SQLITE_ACCESS_EXISTS || f->n > 0);
	return SQLITE_OK;
}

static int memory_full_name(sqlite3_vfs *vfs, const char *path, int n, char *out)
{
	(void)vfs;
	(void)snprintf(out, (size_t)n, "%s", path);
	return SQLITE_OK;
}

/* The same bytes in every run, so that an image can be made again. */
static int memory_random(sqlite3_vfs *vfs, int n, char *out)
{
	uint64_t seed = 20260302;

	(void)vfs;
	for (int i = 0; i < n; i++)
		out[i] = (char)(signed char)((int)(random_next(&seed) & 0xff) - 128);
	return n;
}

static int memory_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

static int memory_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
	(void)vfs;
	*out = INT64_C(212639536800000);
	return SQLITE_OK;
}

static sqlite3_vfs memory_vfs = {
	.iVersion = 2,
	.szOsFile = (int)sizeof(struct memory_file),
	.mxPathname = DISK_NAME,
	.zName = "record",
	.xOpen = memory_open,
	.xDelete = memory_delete,
	.xAccess = memory_access,
	.xFullPathname = memory_full_name,
	.xRandomness = memory_random,
	.xSleep = memory_sleep,
	.xCurrentTimeInt64 = memory_time,
};

void disk_register(void)
{
	/* one thread, and nobody asks how much memory is used: faster over many short lives */
	int code = sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);

	if (code == SQLITE_OK)
		code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	/* refused where SQLite is at work already, which is no harm */
	assert(code == SQLITE_OK || code == SQLITE_MISUSE);
	code = sqlite3_vfs_register(&memory_vfs, 1);
	assert(code == SQLITE_OK);
	(void)code;
}

/* --- what a power cut leaves --- */

void replay_init(struct disk_replay *r, const struct disk *log, struct disk *base_moved)
{
	*r = (struct disk_replay){.log = log, .safe = base_moved};
}

static void apply(struct disk *d, const struct disk_op *op, const unsigned char *bytes)
{
	if (op->kind == OP_WRITE)
		file_write(&d->file[op->file], (size_t)op->at, bytes + op->bytes, op->n);
	else if (op->kind == OP_TRUNCATE)
		file_resize(&d->file[op->file], (size_t)op->at);
}

static void apply_name(struct disk *d, const struct disk *log, const struct disk_op *op)
{
	if (op->kind != OP_CREATE && op->kind != OP_DELETE)
		return;
	while (d->names <= op->name) {
		(void)snprintf(d->name[d->names].text, DISK_NAME, "%s", log->name[d->names].text);
		d->name[d->names++].file = -1;
	}
	d->name[op->name].file = op->kind == OP_CREATE ? op->file : -1;
}

/* A file made since has no bytes on the platter yet. */
static void make_room(struct disk *d, int file)
{
	while (d->files <= file)
		d->file[d->files++].n = 0;
}

void replay_to(struct disk_replay *r, size_t at)
{
	const struct disk *log = r->log;

	for (; r->at < at; r->at++) {
		const struct disk_op *op = &log->op[r->at];

		if (op->kind == OP_CREATE)
			make_room(r->safe, op->file);
		if (op->kind == OP_SYNC) {
			for (size_t i = r->unsynced[op->file]; i < r->at; i++)
				if (log->op[i].file == op->file)
					apply(r->safe, &log->op[i], log->bytes);
			r->unsynced[op->file] = r->at + 1;
		}
		if (op->kind == OP_SYNC_DIRECTORY) {
			for (size_t i = r->unsynced_names; i < r->at; i++)
				apply_name(r->safe, log, &log->op[i]);
			r->unsynced_names = r->at + 1;
		}
	}
}

/* A write that the cut fell into: some sectors are new, the others as they were, or noise. */
static void apply_torn(struct disk *d, const struct disk_op *op, const unsigned char *bytes,
		       uint64_t *seed)
{
	struct disk_file *f = &d->file[op->file];
	unsigned char noise[SECTOR];
	bool noisy = random_below(seed, 2) == 0;

	for (size_t from = 0; from < op->n;) {
		size_t at = (size_t)op->at + from;
		size_t n = SECTOR - at % SECTOR;

		n = n < op->n - from ? n : op->n - from;
		if (random_below(seed, 2) == 0) {
			file_write(f, at, bytes + op->bytes + from, n);
		} else if (noisy) {
			for (size_t i = 0; i < n; i++)
				noise[i] = (unsigned char)(random_next(seed) & 0xff);
			file_write(f, at, noise, n);
		}
		from += n;
	}
}

void replay_image(const struct disk_replay *r, uint64_t *seed, struct disk *out)
{
	const struct disk *log = r->log;
	uint64_t keep = random_below(seed, 5), torn = random_below(seed, 3);
	size_t from = r->at;

	disk_copy(out, r->safe);
	for (int i = 0; i < out->files; i++)
		from = r->unsynced[i] < from ? r->unsynced[i] : from;
	for (size_t i = from; i < r->at; i++) {
		const struct disk_op *op = &log->op[i];

		if (op->file < 0 || i < r->unsynced[op->file])
			continue;
		/* from nothing to all of what was not synced, in images of every mixture */
		if (random_below(seed, 4) >= keep)
			continue;
		if (op->kind == OP_WRITE && random_below(seed, 4) < torn)
			apply_torn(out, op, log->bytes, seed);
		else
			apply(out, op, log->bytes);
	}
	size_t names =
		r->unsynced_names + random_below(seed, (uint64_t)(r->at - r->unsynced_names) + 1);

	for (size_t i = r->unsynced_names; i < names; i++)
		apply_name(out, log, &log->op[i]);
}
