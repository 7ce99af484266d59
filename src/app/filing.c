/* SPDX-License-Identifier: Apache-2.0 */
#include "app/filing.h"

#include "app/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PART_BYTES = 1 << 20 };

enum rc filing_folders(struct arena *a, struct text path, struct err *err)
{
	for (size_t i = 1; i < path.n; i++) {
		const char *folder;

		if (path.p[i] != '/')
			continue;
		folder = arena_copy(a, path.p, i);
		if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
			err_at(err, text_of(folder), 0, 0);
			return err_set(err, RC_IO, "the folder cannot be made: %s",
				       strerror(errno));
		}
	}
	return RC_OK;
}

enum rc filing_new(struct arena *a, struct text path, struct text bytes, struct err *err)
{
	enum rc rc = files_write(a, path, bytes, err);

	return rc == RC_OK ? files_sync_folder(a, files_folder(a, path), err) : rc;
}

enum rc filing_replace(struct arena *a, struct text path, struct text bytes, struct err *err)
{
	const char *name = arena_copy(a, path.p, path.n);
	struct text draft = text_format(a, "%s.tenor-%ld", name, (long)getpid());
	enum rc rc = files_write(a, draft, bytes, err);

	if (rc != RC_OK)
		return rc;
	if (rename(draft.p, name) == 0)
		return files_sync_folder(a, files_folder(a, path), err);
	err_at(err, path, 0, 0);
	rc = err_set(err, RC_IO, "cannot be written: %s", strerror(errno));
	files_remove(a, draft);
	return rc;
}

static enum rc too_large(uint64_t max_bytes, struct err *err)
{
	return err_set(err, RC_LIMIT, "is larger than %llu bytes, which is the limit",
		       (unsigned long long)max_bytes);
}

/* Reads to the end into p, of which there are n bytes; *read: how many there were. One byte more is asked for than is expected. */
static bool read_known(struct app *app, struct text path, int fd, char *p, size_t n, size_t *had)
{
	size_t at = 0;

	while (at < n) {
		size_t part = n - at < PART_BYTES ? n - at : PART_BYTES;
		ssize_t got = read(fd, p + at, part);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		at += (size_t)got;
		if (app->progress != NULL)
			app->progress(app->progress_context, path, at, n, false);
	}
	if (app->progress != NULL)
		app->progress(app->progress_context, path, at, n, true);
	*had = at;
	return true;
}

/* A pipe: how much comes is known at its end. */
static enum rc read_stream(struct app *app, int fd, uint64_t max_bytes, struct text *out,
			   struct err *err)
{
	char *part = arena_alloc(app->arena, PART_BYTES);
	struct buf all;
	ssize_t got = 1;

	buf_init(&all, max_bytes + 1);
	while (got > 0 && all.n <= max_bytes) {
		got = read(fd, part, PART_BYTES);
		if (got < 0 && errno == EINTR) {
			got = 1;
			continue;
		}
		if (got > 0)
			buf_add(&all, part, (size_t)got);
	}
	*out = text_copy(app->arena, buf_view(&all));
	buf_free(&all);
	if (got < 0)
		return err_set(err, RC_IO, "cannot be read: %s", strerror(errno));
	return all.full || out->n > max_bytes ? too_large(max_bytes, err) : RC_OK;
}

static enum rc read_open(struct app *app, struct text path, int fd, uint64_t max_bytes,
			 struct text *out, struct err *err)
{
	struct stat st;
	char *p;
	size_t had;

	if (fstat(fd, &st) != 0)
		return err_set(err, RC_IO, "cannot be read: %s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(err, RC_IO, "is a directory");
	if (!S_ISREG(st.st_mode))
		return read_stream(app, fd, max_bytes, out, err);
	if ((uint64_t)st.st_size > max_bytes)
		return too_large(max_bytes, err);
	p = arena_alloc(app->arena, (size_t)st.st_size + 1);
	if (!read_known(app, path, fd, p, (size_t)st.st_size, &had))
		return err_set(err, RC_IO, "cannot be read: %s", strerror(errno));
	*out = (struct text){p, had};
	return RC_OK;
}

enum rc filing_read(struct app *app, struct text path, uint64_t max_bytes, struct text *out,
		    struct err *err)
{
	bool standard = text_is(path, "-");
	int fd;
	enum rc rc;

	if (app->served != NULL) { /* no request reaches a file of the machine */
		if (!standard)
			return err_set(err, RC_USAGE, "what a verb reads comes with the request");
		err_at(err, text_of("body"), 0, 0);
		if (app->served->body.n > max_bytes)
			return too_large(max_bytes, err);
		*out = text_copy(app->arena, app->served->body);
		err_clear(err);
		return RC_OK;
	}
	fd = standard ? STDIN_FILENO
			  : open(arena_copy(app->arena, path.p, path.n), O_RDONLY | O_CLOEXEC);

	err_at(err, standard ? text_of("standard input") : path, 0, 0);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, RC_MISSING, "there is no such file");
	if (fd < 0)
		return err_set(err, RC_IO, "cannot be opened: %s", strerror(errno));
	rc = read_open(app, path, fd, max_bytes, out, err);
	if (!standard)
		(void)close(fd);
	if (rc == RC_OK)
		err_clear(err);
	return rc;
}
