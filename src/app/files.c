/* SPDX-License-Identifier: Apache-2.0 */
#include "app/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 1 << 18, DEPTH_MAX = 4 };

static const char *name_of(struct arena *a, struct text path)
{
	return arena_copy(a, path.p, path.n);
}

static enum rc failed(struct err *err, struct text path, enum rc rc, const char *what, int why)
{
	err_at(err, path, 0, 0);
	if (why == ENOSPC || why == EDQUOT)
		err_code(err, "disk_full");
	return err_set(err, rc, "%s: %s", what, strerror(why));
}

bool files_is_there(struct arena *a, struct text path)
{
	struct stat st;

	return lstat(name_of(a, path), &st) == 0;
}

struct text files_folder(struct arena *a, struct text path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '/')
		n--;
	if (n == 0)
		return text_of(".");
	while (n > 1 && path.p[n - 1] == '/')
		n--;
	return text_copy(a, text_sub(path, 0, n));
}

/* --- reading and writing --- */

static bool write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t part = write(fd, p, n);

		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return false;
		p += part;
		n -= (size_t)part;
	}
	return true;
}

static enum rc open_plain(struct arena *a, struct text path, int *fd, int64_t *size,
			  struct err *err)
{
	struct stat st;

	*fd = open(name_of(a, path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return failed(err, path,
			      errno == ENOENT  ? RC_MISSING
			      : errno == ELOOP ? RC_INVALID
					       : RC_IO,
			      "cannot be opened", errno);
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode)) {
		*size = st.st_size;
		return RC_OK;
	}
	(void)close(*fd);
	err_at(err, path, 0, 0);
	return err_set(err, RC_INVALID, "is not a file");
}

static enum rc create(struct arena *a, struct text path, int *fd, struct err *err)
{
	*fd = open(name_of(a, path), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*fd >= 0)
		return RC_OK;
	if (errno == EEXIST) {
		err_at(err, path, 0, 0);
		err_hint(err, "nothing was changed");
		return err_set(err, RC_INVALID, "is there already");
	}
	return failed(err, path, RC_IO, "cannot be made", errno);
}

/* Through a hash, and into another file if to >= 0. */
static enum rc stream(int from, int to, struct text path, int64_t size,
		      const struct files_progress *progress, EVP_MD_CTX *md, int64_t *bytes,
		      struct arena *a, struct err *err)
{
	char *chunk = arena_alloc(a, CHUNK_BYTES);

	*bytes = 0;
	for (;;) {
		ssize_t n = read(from, chunk, CHUNK_BYTES);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(err, path, RC_IO, "cannot be read", errno);
		if (n == 0)
			return RC_OK;
		if (EVP_DigestUpdate(md, chunk, (size_t)n) != 1)
			return err_set(err, RC_IO, "the hash could not be computed");
		if (to >= 0 && !write_all(to, chunk, (size_t)n))
			return failed(err, path, RC_IO, "its copy cannot be written", errno);
		*bytes += n;
		if (progress != NULL && progress->say != NULL)
			progress->say(progress->context, *bytes, size);
	}
}

static enum rc stream_hashed(struct text path, int from, int to, int64_t size,
			     const struct files_progress *progress, struct hash *sha256,
			     int64_t *bytes, struct err *err)
{
	struct arena *a = arena_new((size_t)2 * CHUNK_BYTES);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct hash h;
	enum rc rc = RC_OK;

	if (md == NULL || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1)
		rc = err_set(err, RC_IO, "the hash could not be computed");
	if (rc == RC_OK)
		rc = stream(from, to, path, size, progress, md, bytes, a, err);
	if (rc == RC_OK && EVP_DigestFinal_ex(md, h.b, NULL) != 1)
		rc = err_set(err, RC_IO, "the hash could not be computed");
	EVP_MD_CTX_free(md);
	arena_free(a);
	if (rc == RC_OK)
		*sha256 = h;
	return rc;
}

enum rc files_hash(struct arena *a, struct text path, struct hash *sha256, int64_t *bytes,
		   struct err *err)
{
	int64_t size;
	int fd;
	enum rc rc = open_plain(a, path, &fd, &size, err);

	if (rc != RC_OK)
		return rc;
	rc = stream_hashed(path, fd, -1, size, NULL, sha256, bytes, err);
	(void)close(fd);
	return rc;
}

static enum rc finish(int fd, struct text path, enum rc rc, struct err *err)
{
	if (rc == RC_OK && fsync(fd) != 0)
		rc = failed(err, path, RC_IO, "could not be synced", errno);
	if (close(fd) != 0 && rc == RC_OK)
		rc = failed(err, path, RC_IO, "could not be closed", errno);
	return rc;
}

enum rc files_copy(struct arena *a, struct text from, struct text to,
		   const struct files_progress *progress, struct hash *sha256, int64_t *bytes,
		   struct err *err)
{
	int64_t size;
	int in, out;
	enum rc rc = open_plain(a, from, &in, &size, err);

	if (rc != RC_OK)
		return rc;
	rc = create(a, to, &out, err);
	if (rc != RC_OK) {
		(void)close(in);
		return rc;
	}
	rc = stream_hashed(from, in, out, size, progress, sha256, bytes, err);
	(void)close(in);
	rc = finish(out, to, rc, err);
	if (rc != RC_OK)
		files_remove(a, to);
	return rc;
}

enum rc files_read(struct arena *a, struct text path, size_t max, struct text *out, struct err *err)
{
	struct buf b;
	char chunk[4096];
	int64_t size;
	int fd;
	ssize_t n;
	enum rc rc = open_plain(a, path, &fd, &size, err);

	if (rc != RC_OK)
		return rc;
	buf_init(&b, max);
	do {
		n = read(fd, chunk, sizeof(chunk));
		if (n > 0)
			buf_add(&b, chunk, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0)
		rc = failed(err, path, RC_IO, "cannot be read", errno);
	(void)close(fd);
	if (rc == RC_OK && b.full) {
		err_at(err, path, 0, 0);
		rc = err_set(err, RC_LIMIT, "is larger than %zu bytes", max);
	}
	if (rc == RC_OK)
		*out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return rc;
}

enum rc files_write(struct arena *a, struct text path, struct text bytes, struct err *err)
{
	int fd;
	enum rc rc = create(a, path, &fd, err);

	if (rc != RC_OK)
		return rc;
	if (!write_all(fd, bytes.p, bytes.n))
		rc = failed(err, path, RC_IO, "cannot be written", errno);
	rc = finish(fd, path, rc, err);
	if (rc != RC_OK)
		files_remove(a, path);
	return rc;
}

/* --- names --- */

enum rc files_make_folder(struct arena *a, struct text path, struct err *err)
{
	if (mkdir(name_of(a, path), 0700) == 0)
		return RC_OK;
	return failed(err, path,
		      errno == EEXIST   ? RC_INVALID
		      : errno == ENOENT ? RC_MISSING
					: RC_IO,
		      "the folder cannot be made", errno);
}

enum rc files_sync_folder(struct arena *a, struct text path, struct err *err)
{
	int fd = open(name_of(a, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC), why = 0;

	if (fd < 0)
		return failed(err, path, RC_IO, "the folder cannot be opened", errno);
	if (fsync(fd) != 0)
		why = errno;
	(void)close(fd);
	return why == 0 ? RC_OK : failed(err, path, RC_IO, "the folder could not be synced", why);
}

/* link() refuses a name that is taken, which rename() would write over; a disk without links is looked at first. */
enum rc files_place(struct arena *a, struct text draft, struct text path, struct err *err)
{
	const char *from = name_of(a, draft), *to = name_of(a, path);
	bool linked = link(from, to) == 0;
	int why = errno;

	if (linked && unlink(from) != 0) {
		why = errno;
		(void)unlink(to);
		return failed(err, draft, RC_IO, "cannot be removed", why);
	}
	if (!linked && why != EEXIST &&
	    (why == EPERM || why == ENOTSUP || why == EMLINK || why == ENOSYS) &&
	    !files_is_there(a, path)) {
		linked = rename(from, to) == 0;
		why = errno;
	}
	if (!linked)
		return failed(err, path, why == EEXIST ? RC_INVALID : RC_IO,
			      "cannot be put in place", why);

	enum rc rc = files_sync_folder(a, files_folder(a, path), err);

	/* A name that may not last is none: whoever asked takes back what belongs to it, too. */
	if (rc != RC_OK)
		(void)unlink(to);
	return rc;
}

enum rc files_rename_folder(struct arena *a, struct text from, struct text to, struct err *err)
{
	if (files_is_there(a, to)) {
		err_at(err, to, 0, 0);
		return err_set(err, RC_INVALID, "is there already");
	}
	if (rename(name_of(a, from), name_of(a, to)) != 0)
		return failed(err, to, RC_IO, "cannot be named", errno);

	enum rc rc = files_sync_folder(a, files_folder(a, to), err);

	/* As in files_place: a name that may not last is taken back, so that what failed never bears it. */
	if (rc != RC_OK)
		(void)rename(name_of(a, to), name_of(a, from));
	return rc;
}

void files_remove(struct arena *a, struct text path)
{
	(void)unlink(name_of(a, path));
}

/* --- folders --- */

struct listing {
	struct arena *a;
	struct text *v;
	size_t n, cap;
};

/* Recursion is bounded by DEPTH_MAX. */
static enum rc list_into(struct listing *l, struct text folder, struct text prefix, int depth,
			 struct err *err)
{
	DIR *d;
	enum rc rc = RC_OK;

	if (depth > DEPTH_MAX) {
		err_at(err, folder, 0, 0);
		return err_set(err, RC_INVALID, "folders lie deeper than in any backup");
	}
	d = opendir(name_of(l->a, folder));
	if (d == NULL)
		return failed(err, folder, errno == ENOENT ? RC_MISSING : RC_IO,
			      "the folder cannot be read", errno);
	for (const struct dirent *e = readdir(d); rc == RC_OK && e != NULL; e = readdir(d)) {
		struct text path, name;
		struct stat st;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		path = text_format(l->a, "%.*s/%s", TEXT_ARG(folder), e->d_name);
		name = text_format(l->a, "%.*s%s", TEXT_ARG(prefix), e->d_name);
		if (lstat(path.p, &st) == 0 && S_ISDIR(st.st_mode)) {
			rc = list_into(l, path, text_format(l->a, "%.*s/", TEXT_ARG(name)),
				       depth + 1, err);
			continue;
		}
		l->v = arena_grow(l->a, l->v, l->n, &l->cap, sizeof(*l->v));
		l->v[l->n++] = name;
	}
	(void)closedir(d);
	return rc;
}

static int by_name(const void *x, const void *y)
{
	return text_cmp(*(const struct text *)x, *(const struct text *)y);
}

enum rc files_list(struct arena *a, struct text folder, struct text **out, size_t *n,
		   struct err *err)
{
	struct listing l = {.a = a};
	enum rc rc = list_into(&l, folder, text_of(""), 1, err);

	if (rc != RC_OK)
		return rc;
	if (l.n > 1)
		qsort(l.v, l.n, sizeof(*l.v), by_name);
	*out = l.v;
	*n = l.n;
	return RC_OK;
}

/* Recursion is bounded by DEPTH_MAX. */
static void remove_into(struct arena *a, struct text folder, int depth)
{
	const char *name = name_of(a, folder);
	DIR *d = depth > DEPTH_MAX ? NULL : opendir(name);

	if (d == NULL)
		return;
	for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
		struct text path;
		struct stat st;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		path = text_format(a, "%s/%s", name, e->d_name);
		if (lstat(path.p, &st) == 0 && S_ISDIR(st.st_mode))
			remove_into(a, path, depth + 1);
		else
			(void)unlink(path.p);
	}
	(void)closedir(d);
	(void)rmdir(name);
}

void files_remove_folder(struct arena *a, struct text folder)
{
	remove_into(a, folder, 1);
}
