/* SPDX-License-Identifier: Apache-2.0 */
#include "sim_disk.h"

/* Its files are taken over as they are; only locks and shared memory, which it has none of, are added here. */
#include "../unit/store/vfs_record.c"

enum { SHARED_MAX = 16, SHM_LOCKS = 8 };

/* What the handles of one file share: its locks, and the memory beside the write-ahead log. Gone with the last handle, as in a power cut. */
struct shared {
	struct disk *disk;
	int file;
	int users;
	unsigned char *region[SHM_REGIONS];
};

struct sim_file {
	struct memory_file memory; /* first: the methods of vfs_record.c work on it */
	struct sim_file *next;
	struct shared *shared;
	int lock;
	unsigned shm_shared, shm_exclusive;
};

static struct shared shared_now[SHARED_MAX];
static struct sim_file *open_now;
static sqlite3_vfs *machine;
static const char prefix[] = "./disk/";

void sim_disk_use(struct disk *d)
{
	disk_now = d;
}

int sim_disk_open_files(void)
{
	int n = 0;

	for (const struct sim_file *f = open_now; f != NULL; f = f->next)
		n++;
	return n;
}

/* --- locks between handles, as SQLite's own VFS has them between processes --- */

static struct sim_file *sim_of(sqlite3_file *file)
{
	return (struct sim_file *)file;
}

/* The highest lock of any other handle of the same file. */
static int highest_other(const struct sim_file *f)
{
	int highest = SQLITE_LOCK_NONE;

	for (const struct sim_file *g = open_now; g != NULL; g = g->next)
		if (g != f && g->shared == f->shared && g->lock > highest)
			highest = g->lock;
	return highest;
}

static int sim_lock(sqlite3_file *file, int level)
{
	struct sim_file *f = sim_of(file);
	int other = highest_other(f);

	if (f->lock >= level)
		return SQLITE_OK;
	if (level == SQLITE_LOCK_SHARED && other >= SQLITE_LOCK_PENDING)
		return SQLITE_BUSY;
	if (level == SQLITE_LOCK_RESERVED && other >= SQLITE_LOCK_RESERVED)
		return SQLITE_BUSY;
	if (level == SQLITE_LOCK_EXCLUSIVE && other >= SQLITE_LOCK_SHARED) {
		f->lock = other < SQLITE_LOCK_PENDING ? SQLITE_LOCK_PENDING : f->lock;
		return SQLITE_BUSY;
	}
	f->lock = level;
	return SQLITE_OK;
}

static int sim_unlock(sqlite3_file *file, int level)
{
	if (sim_of(file)->lock > level)
		sim_of(file)->lock = level;
	return SQLITE_OK;
}

static int sim_reserved(sqlite3_file *file, int *out)
{
	*out = sim_of(file)->lock >= SQLITE_LOCK_RESERVED ||
	       highest_other(sim_of(file)) >= SQLITE_LOCK_RESERVED;
	return SQLITE_OK;
}

static int sim_shm_map(sqlite3_file *file, int region, int n, int extend, void volatile **out)
{
	struct shared *sh = sim_of(file)->shared;

	assert(region < SHM_REGIONS && n == SHM_BYTES);
	if (sh->region[region] == NULL && extend)
		sh->region[region] = calloc(1, SHM_BYTES);
	*out = sh->region[region];
	return sh->region[region] != NULL || !extend ? SQLITE_OK : SQLITE_NOMEM;
}

static int sim_shm_lock(sqlite3_file *file, int at, int n, int flags)
{
	struct sim_file *f = sim_of(file);
	unsigned mask = ((1U << (unsigned)n) - 1U) << (unsigned)at;

	assert(at + n <= SHM_LOCKS);
	if ((flags & SQLITE_SHM_UNLOCK) != 0) {
		f->shm_shared &= ~mask;
		f->shm_exclusive &= ~mask;
		return SQLITE_OK;
	}
	for (const struct sim_file *g = open_now; g != NULL; g = g->next) {
		if (g == f || g->shared != f->shared)
			continue;
		if ((g->shm_exclusive & mask) != 0 ||
		    ((flags & SQLITE_SHM_EXCLUSIVE) != 0 && (g->shm_shared & mask) != 0))
			return SQLITE_BUSY;
	}
	if ((flags & SQLITE_SHM_EXCLUSIVE) != 0)
		f->shm_exclusive |= mask;
	else
		f->shm_shared |= mask;
	return SQLITE_OK;
}

static int sim_shm_unmap(sqlite3_file *file, int delete_it)
{
	(void)delete_it; /* it goes with the last handle */
	sim_of(file)->shm_shared = 0;
	sim_of(file)->shm_exclusive = 0;
	return SQLITE_OK;
}

/* --- files --- */

static struct shared *shared_of(struct disk *d, int file)
{
	struct shared *spare = NULL;

	for (int i = 0; i < SHARED_MAX; i++) {
		if (shared_now[i].users > 0 && shared_now[i].disk == d &&
		    shared_now[i].file == file)
			return &shared_now[i];
		if (shared_now[i].users == 0)
			spare = &shared_now[i];
	}
	assert(spare != NULL);
	*spare = (struct shared){.disk = d, .file = file};
	return spare;
}

static int sim_close(sqlite3_file *file)
{
	struct sim_file *f = sim_of(file), **at = &open_now;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	if (--f->shared->users > 0)
		return SQLITE_OK;
	for (int i = 0; i < SHM_REGIONS; i++) {
		free(f->shared->region[i]);
		f->shared->region[i] = NULL;
	}
	return SQLITE_OK;
}

static sqlite3_io_methods sim_methods;

static bool is_ours(const char *path)
{
	return path != NULL && strncmp(path, prefix, sizeof(prefix) - 1) == 0;
}

static int sim_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
	struct sim_file *f = sim_of(file);
	int code;

	if (path != NULL && !is_ours(path))
		return machine->xOpen(machine, path, file, flags, out);
	*f = (struct sim_file){.next = NULL};
	code = memory_open(vfs, path, file, flags, out);
	if (code != SQLITE_OK)
		return code;
	f->memory.base.pMethods = &sim_methods;
	/* SQLite's own VFS syncs the folder with the first bytes of whoever opens a log, made by another handle or not */
	f->memory.new_journal = (flags & SQLITE_OPEN_CREATE) != 0 &&
				(flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
	f->shared = shared_of(f->memory.disk, f->memory.file);
	f->shared->users++;
	f->next = open_now;
	open_now = f;
	return SQLITE_OK;
}

static int sim_delete(sqlite3_vfs *vfs, const char *path, int sync_directory)
{
	return is_ours(path) ? memory_delete(vfs, path, sync_directory)
			     : machine->xDelete(machine, path, sync_directory);
}

static int sim_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
	return is_ours(path) ? memory_access(vfs, path, flags, out)
			     : machine->xAccess(machine, path, flags, out);
}

static int sim_full_name(sqlite3_vfs *vfs, const char *path, int n, char *out)
{
	return is_ours(path) ? memory_full_name(vfs, path, n, out)
			     : machine->xFullPathname(machine, path, n, out);
}

void sim_disk_register(void)
{
	static sqlite3_vfs vfs;

	disk_register(); /* its settings; the machine's VFS is still there by name */
	machine = sqlite3_vfs_find("unix");
	assert(machine != NULL);
	sim_methods = methods;
	sim_methods.xClose = sim_close;
	sim_methods.xLock = sim_lock;
	sim_methods.xUnlock = sim_unlock;
	sim_methods.xCheckReservedLock = sim_reserved;
	sim_methods.xShmMap = sim_shm_map;
	sim_methods.xShmLock = sim_shm_lock;
	sim_methods.xShmUnmap = sim_shm_unmap;
	vfs = memory_vfs;
	vfs.zName = "sim";
	vfs.pNext = NULL;
	vfs.szOsFile = machine->szOsFile > (int)sizeof(struct sim_file)
			       ? machine->szOsFile
			       : (int)sizeof(struct sim_file);
	vfs.mxPathname = machine->mxPathname;
	vfs.xOpen = sim_open;
	vfs.xDelete = sim_delete;
	vfs.xAccess = sim_access;
	vfs.xFullPathname = sim_full_name;
	int code = sqlite3_vfs_register(&vfs, 1);

	assert(code == SQLITE_OK);
	(void)code;
}

/* --- between steps --- */

void sim_disk_compact(struct disk *d)
{
	struct disk_file old[DISK_FILES];
	bool kept[DISK_FILES] = {false};
	int n = 0;

	assert(!d->recording && sim_disk_open_files() == 0);
	memcpy(old, d->file, sizeof(old));
	for (int i = 0; i < d->names; i++) {
		if (d->name[i].file < 0)
			continue;
		kept[d->name[i].file] = true;
		d->file[n] = old[d->name[i].file];
		d->name[i].file = n++;
	}
	d->files = n;
	/* the bytes of what is gone are used again */
	for (int i = 0; i < DISK_FILES; i++) {
		if (kept[i])
			continue;
		d->file[n] = old[i];
		d->file[n++].n = 0;
	}
}

void sim_disk_put(struct disk *d, const char *name, const void *bytes, size_t n)
{
	int i = name_of(d, name);

	assert(!d->recording && d->files < DISK_FILES);
	if (i < 0) {
		assert(d->names < DISK_NAMES);
		i = d->names++;
		(void)snprintf(d->name[i].text, DISK_NAME, "%s", name);
	}
	d->name[i].file = d->files++;
	d->file[d->name[i].file].n = 0;
	file_write(&d->file[d->name[i].file], 0, bytes, n);
}

static bool occurs(const unsigned char *in, size_t n, const unsigned char *what, size_t k)
{
	const unsigned char *p = in, *end = in + n;

	while ((size_t)(end - p) >= k) {
		p = memchr(p, what[0], (size_t)(end - p) - k + 1);
		if (p == NULL)
			return false;
		if (memcmp(p, what, k) == 0)
			return true;
		p++;
	}
	return false;
}

const char *sim_disk_holds(const struct disk *d, const void *bytes, size_t n)
{
	for (int i = 0; i < d->names; i++) {
		const struct disk_file *f = d->name[i].file >= 0 ? &d->file[d->name[i].file] : NULL;

		if (f != NULL && f->n > 0 && occurs(f->bytes, f->n, bytes, n))
			return d->name[i].text;
	}
	return NULL;
}
