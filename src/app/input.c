/* SPDX-License-Identifier: Apache-2.0 */
#include "app/input.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024 };

struct reading {
	struct app *app;
	struct text path;
	int fd;
	uint64_t total; /* bytes of the file as it lies there, 0: not known */
	bool zip;       /* begins as one, and can be sought in */
};

static enum rc open_file(struct app *app, struct text path, struct reading *r, struct err *err)
{
	struct stat st;
	char *name = arena_copy(app->arena, path.p, path.n);

	*r = (struct reading){.app = app, .path = path, .fd = 0};
	if (text_is(path, "-"))
		r->path = text_of(app->served != NULL ? "body" : "standard input");
	err_at(err, r->path, 0, 0);
	if (text_is(path, "-"))
		return RC_OK;
	if (app->served != NULL) /* no request reaches a file of the machine */
		return err_set(err, RC_USAGE, "what a verb reads comes with the request");
	r->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0) {
		if (errno == ENOENT)
			return err_set(err, RC_MISSING, "there is no such file");
		return err_set(err, RC_IO, "cannot be opened: %s", strerror(errno));
	}
	if (fstat(r->fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		(void)close(r->fd);
		return err_set(err, RC_IO, "is a directory; name the files in it");
	}
	char start[4];

	r->total = st.st_size > 0 ? (uint64_t)st.st_size : 0;
	r->zip = pread(r->fd, start, sizeof(start), 0) == sizeof(start) &&
		 memcmp(start, "PK\3\4", sizeof(start)) == 0;
	return RC_OK;
}

static void close_file(struct reading *r)
{
	if (r->fd > 0)
		(void)close(r->fd);
}

static enum rc archive_failed(struct archive *ar, struct err *err)
{
	const char *why = archive_error_string(ar);

	err_hint(err, "give the whole file again");
	return err_set(err, RC_INVALID, "is damaged or cut short: %s",
		       why == NULL ? "it cannot be expanded" : why);
}

/* One member's bytes to the sink. */
static enum rc pass_on(struct reading *r, struct archive *ar, const struct input_sink *sink,
		       uint64_t *sum, struct err *err)
{
	char *chunk = arena_alloc(r->app->arena, CHUNK);

	for (;;) {
		la_ssize_t n = archive_read_data(ar, chunk, CHUNK);

		if (n < 0)
			return archive_failed(ar, err);
		if (n == 0)
			return RC_OK;
		*sum += (uint64_t)n;
		if (*sum > INPUT_STREAM_MAX)
			return err_set(err, RC_LIMIT, "expands to more than %d GiB",
				       (int)(INPUT_STREAM_MAX >> 30));
		enum rc rc = sink->chunk(sink->context, chunk, (size_t)n, err);

		if (rc != RC_OK)
			return rc;
		if (r->app->progress != NULL)
			r->app->progress(r->app->progress_context, r->path,
					 (uint64_t)archive_filter_bytes(ar, -1), r->total, false);
	}
}

/* libarchive's "raw" is one nameless member; members of a zip are named file/member. */
static struct text member_name(struct reading *r, struct archive *ar, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	if (archive_format(ar) == ARCHIVE_FORMAT_RAW || name == NULL)
		return r->path;
	return text_format(r->app->arena, "%.*s/%s", TEXT_ARG(r->path), name);
}

static enum rc read_members(struct reading *r, struct archive *ar, const struct input_sink *sink,
			    struct err *err)
{
	uint64_t sum = 0;
	size_t members = 0;

	for (;;) {
		struct archive_entry *entry;
		int got = archive_read_next_header(ar, &entry);

		if (got == ARCHIVE_EOF)
			break;
		if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
			return archive_failed(ar, err);
		if (archive_format(ar) != ARCHIVE_FORMAT_RAW &&
		    archive_entry_filetype(entry) != AE_IFREG)
			continue;
		struct text name = member_name(r, ar, entry);
		enum rc rc = sink->begin(sink->context, name, err);

		if (rc == RC_OK)
			rc = pass_on(r, ar, sink, &sum, err);
		if (rc == RC_OK)
			rc = sink->end(sink->context, err);
		if (rc != RC_OK)
			return rc;
		members++;
	}
	if (members == 0)
		return err_set(err, RC_INVALID, "is empty");
	return RC_OK;
}

/*
 * A zip that can be sought in is read by the list at its end and by nothing else: without that list it was cut short, and reading
 * on from member to member would take the part for the whole.
 */
static void support(struct archive *ar, bool zip)
{
	if (zip) {
		(void)archive_read_support_format_zip_seekable(ar);
		return;
	}
	(void)archive_read_support_filter_gzip(ar);
	(void)archive_read_support_filter_zstd(ar);
	(void)archive_read_support_format_zip_streamable(ar);
	(void)archive_read_support_format_raw(ar);
	(void)archive_read_support_format_empty(ar);
}

static int open_archive(struct reading *r, struct archive *ar)
{
	const struct served *served = r->app->served;

	return served == NULL ? archive_read_open_fd(ar, r->fd, CHUNK)
			      : archive_read_open_memory(ar, served->body.p, served->body.n);
}

enum rc input_stream(struct app *app, struct text path, const struct input_sink *sink,
		     struct err *err)
{
	struct reading r;
	enum rc rc = open_file(app, path, &r, err);

	if (rc != RC_OK)
		return rc;

	struct archive *ar = archive_read_new();

	if (ar == NULL) {
		close_file(&r);
		return err_set(err, RC_IO, "cannot be read: no memory");
	}
	support(ar, r.zip);
	if (open_archive(&r, ar) != ARCHIVE_OK)
		rc = archive_failed(ar, err);
	else
		rc = read_members(&r, ar, sink, err);
	if (app->progress != NULL)
		app->progress(app->progress_context, path, r.total, r.total, true);
	(void)archive_read_free(ar);
	close_file(&r);
	if (rc == RC_OK)
		err_clear(err);
	return rc;
}

enum rc input_whole(struct app *app, struct text path, size_t max_bytes, struct text *out,
		    struct err *err)
{
	struct reading r;
	enum rc rc = open_file(app, path, &r, err);
	size_t cap = r.total > 0 && r.total <= max_bytes ? (size_t)r.total + 1 : 4096, n = 0;

	if (rc != RC_OK)
		return rc;
	if (r.total > max_bytes) {
		close_file(&r);
		return err_set(err, RC_LIMIT, "is larger than %zu KiB", max_bytes >> 10);
	}
	if (app->served != NULL) {
		if (app->served->body.n > max_bytes)
			return err_set(err, RC_LIMIT, "is larger than %zu KiB", max_bytes >> 10);
		err_clear(err);
		*out = text_copy(app->arena, app->served->body);
		return RC_OK;
	}
	char *p = arena_alloc(app->arena, cap + 1);

	for (;;) {
		if (n == cap) {
			char *more = arena_alloc(app->arena, cap * 2 + 1);

			memcpy(more, p, n);
			p = more;
			cap *= 2;
		}
		ssize_t got = read(r.fd, p + n, cap - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			rc = got < 0 ? err_set(err, RC_IO, "cannot be read: %s", strerror(errno))
				     : RC_OK;
			break;
		}
		n += (size_t)got;
		if (n > max_bytes) {
			rc = err_set(err, RC_LIMIT, "is larger than %zu KiB", max_bytes >> 10);
			break;
		}
	}
	close_file(&r);
	if (rc != RC_OK)
		return rc;
	err_clear(err);
	*out = (struct text){p, n};
	return RC_OK;
}
