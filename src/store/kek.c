/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of the key-encryption key (trust.md J23): one line, readable by its owner only. It lies outside the data directory and
 * in no backup of it; without it the file of keys is noise.
 */
#include "store/keys_parts.h"

#include "base/base64.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEK_WORD "tenor-kek/1 "

enum { KEK_LINE_BYTES = sizeof(KEK_WORD) - 1 + (size_t)2 * KEY_BYTES + 1, PATH_BYTES_MAX = 4096 };

static enum rc path_of(struct text path, char out[PATH_BYTES_MAX], struct err *err)
{
	if (path.n == 0 || path.n >= PATH_BYTES_MAX || text_find(path, '\0', 0) < path.n)
		return err_set(err, RC_USAGE, "'%.*s' is no path of a file", TEXT_ARG(path));
	memcpy(out, path.p, path.n);
	out[path.n] = '\0';
	return RC_OK;
}

/* The directory must be durable too, or the name is lost with the power. */
static bool sync_directory(const char *path)
{
	char dir[PATH_BYTES_MAX];
	const char *slash = strrchr(path, '/');
	size_t n = slash == NULL ? 0 : (size_t)(slash - path);
	int fd;
	bool done;

	if (slash == NULL)
		(void)memcpy(dir, ".", 2);
	else {
		n = n == 0 ? 1 : n;
		memcpy(dir, path, n);
		dir[n] = '\0';
	}
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	done = fsync(fd) == 0;
	return close(fd) == 0 && done;
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t part = write(fd, p, n);

		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0)
			return false;
		p += part;
		n -= (size_t)part;
	}
	return true;
}

/* The line is wiped before it is given back; bounded, so that it never moves and leaves a copy. */
static void line_of(const unsigned char kek[KEY_BYTES], char line[KEK_LINE_BYTES + 1])
{
	size_t n = sizeof(KEK_WORD) - 1;

	memcpy(line, KEK_WORD, n);
	(void)sodium_bin2hex(line + n, 2 * KEY_BYTES + 1, kek, KEY_BYTES);
	line[KEK_LINE_BYTES - 1] = '\n';
	line[KEK_LINE_BYTES] = '\0';
}

enum rc kek_make(struct text path, const struct entropy *random, struct err *err)
{
	unsigned char kek[KEY_BYTES];
	char name[PATH_BYTES_MAX], line[KEK_LINE_BYTES + 1];
	enum rc rc = path_of(path, name, err);
	int fd;

	if (rc != RC_OK)
		return rc;
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		int why = errno;

		err_at(err, path, 0, 0);
		if (why == EEXIST)
			return err_set(err, RC_INVALID,
				       "is there already: a key is never written over");
		return err_set(err, RC_IO, "cannot be made: %s", strerror(why));
	}
	random->fill(random->context, kek, sizeof(kek));
	line_of(kek, line);

	/* The mode again: a umask takes rights away, and never gives any, but an odd file system may. */
	bool done = fchmod(fd, 0600) == 0 && write_all(fd, line, KEK_LINE_BYTES) && fsync(fd) == 0;
	int why = errno;

	sodium_memzero(kek, sizeof(kek));
	sodium_memzero(line, sizeof(line));
	done = close(fd) == 0 && done;
	if (done && sync_directory(name))
		return RC_OK;
	why = done ? errno : why;
	(void)unlink(name);
	err_at(err, path, 0, 0);
	return err_set(err, RC_IO, "cannot be written: %s", strerror(why));
}

static enum rc open_guarded(struct text path, int *fd, struct err *err)
{
	char name[PATH_BYTES_MAX];
	struct stat st;
	enum rc rc = path_of(path, name, err);

	if (rc != RC_OK)
		return rc;
	*fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	err_at(err, path, 0, 0);
	if (*fd < 0 && errno == ENOENT) {
		err_hint(err,
			 "it was made with the workspace and lies outside of it; without it no "
			 "personal text can be read and nothing signed");
		return err_set(err, RC_MISSING, "there is no such file of the key-encryption key");
	}
	if (*fd < 0)
		return err_set(err, RC_IO, "cannot be opened: %s", strerror(errno));
	if (fstat(*fd, &st) != 0)
		rc = err_set(err, RC_IO, "cannot be looked at: %s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		rc = err_set(err, RC_INVALID, "is no file of a key-encryption key");
	else if ((st.st_mode & 077) != 0) {
		err_hint(err, "chmod 600 '%.*s'", TEXT_ARG(path));
		rc = err_set(err, RC_INVALID, "can be read by others than its owner (mode %03o)",
			     (unsigned)(st.st_mode & 0777));
	}
	if (rc != RC_OK)
		(void)close(*fd);
	return rc;
}

enum rc kek_read(struct text path, unsigned char kek[KEY_BYTES], struct err *err)
{
	char line[KEK_LINE_BYTES + 1];
	size_t n = 0;
	int fd, why = 0;
	enum rc rc = open_guarded(path, &fd, err);

	if (rc != RC_OK)
		return rc;
	while (n < sizeof(line) && why == 0) {
		ssize_t part = read(fd, line + n, sizeof(line) - n);

		if (part == 0)
			break;
		if (part > 0)
			n += (size_t)part;
		else if (errno != EINTR)
			why = errno;
	}
	(void)close(fd);

	struct text t = {line, n};
	size_t word = sizeof(KEK_WORD) - 1;
	bool fits = why == 0 && n == KEK_LINE_BYTES && text_starts(t, KEK_WORD) &&
		    line[n - 1] == '\n' && hex_read(text_sub(t, word, n - 1), kek, KEY_BYTES);

	sodium_memzero(line, sizeof(line));
	if (fits) {
		err_clear(err);
		return RC_OK;
	}
	if (why != 0)
		return err_set(err, RC_IO, "cannot be read: %s", strerror(why));
	err_hint(err, "it has one line: tenor-kek/1 and 64 hex digits");
	return err_set(err, RC_INVALID, "is no file of a key-encryption key");
}
