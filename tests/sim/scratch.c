/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include "base/buf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 300, DEEPEST = 5 };

static char scratch[PATH_BYTES / 2];

static void remove_folder(const char *folder, int depth)
{
	char path[2 * PATH_BYTES];
	DIR *d = opendir(folder);

	for (const struct dirent *e = d != NULL ? readdir(d) : NULL; e != NULL; e = readdir(d)) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		(void)snprintf(path, sizeof(path), "%.250s/%.250s", folder, e->d_name);
		if (unlink(path) != 0 && depth < DEEPEST)
			remove_folder(path, depth + 1);
	}
	if (d != NULL)
		(void)closedir(d);
	(void)rmdir(folder);
}

void scratch_remove(const char *folder)
{
	remove_folder(folder, 0);
}

void scratch_leave(void)
{
	if (scratch[0] != '\0')
		remove_folder(scratch, 0);
}

void scratch_enter(const char *name)
{
	const char *base = getenv("TMPDIR");

	if (base == NULL || *base == '\0')
		base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	(void)snprintf(scratch, sizeof(scratch), "%.100s/tenor-%.20s-XXXXXX", base, name);
	if (mkdtemp(scratch) == NULL || chdir(scratch) != 0 || mkdir("disk", 0700) != 0 ||
	    mkdir("settings", 0700) != 0) {
		perror(scratch);
		exit(1);
	}
}

struct text replaced(struct arena *a, struct text in, const char *what, const char *by)
{
	struct text w = text_of(what);
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < in.n;) {
		if (i + w.n <= in.n && memcmp(in.p + i, w.p, w.n) == 0) {
			buf_str(&b, by);
			i += w.n;
		} else {
			buf_char(&b, in.p[i++]);
		}
	}
	struct text out = text_copy(a, buf_view(&b));

	buf_free(&b);
	return out;
}
