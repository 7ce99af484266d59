/* SPDX-License-Identifier: Apache-2.0 */
/* A scratch directory and a workspace in it, with one engagement's log; and what tests of the store say often. */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include "store/record.h"
#include "tap.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIXTURE_PATH = 512 };

static char scratch[FIXTURE_PATH / 2];

UNUSED static void scratch_make(void)
{
	const char *base = getenv("TMPDIR");

	(void)snprintf(scratch, sizeof(scratch), "%s/tenor-store-XXXXXX",
		       base != NULL && *base != '\0' ? base : "/tmp");
	if (mkdtemp(scratch) == NULL) {
		perror(scratch);
		exit(1);
	}
}

UNUSED static struct text scratch_path(struct arena *a, const char *name)
{
	return text_format(a, "%s/%s", scratch, name);
}

UNUSED static void scratch_remove(void)
{
	char path[2 * FIXTURE_PATH];
	DIR *d = opendir(scratch);

	if (d == NULL)
		return;
	for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
		(void)snprintf(path, sizeof(path), "%s/%s", scratch, e->d_name);
		if (e->d_name[0] != '.' && unlink(path) != 0)
			(void)rmdir(path);
	}
	(void)closedir(d);
	(void)rmdir(scratch);
}

UNUSED static bool fine(enum rc rc, const struct err *err, const char *what)
{
	bool pass = ok(rc == RC_OK, "%s", what);

	if (!pass)
		printf("# rc %d: %s: %s; %s\n", (int)rc, err->code, err->message, err->hint);
	return pass;
}

/* Without it nothing else makes sense. */
UNUSED static void must(enum rc rc, const struct err *err, const char *what)
{
	if (rc == RC_OK)
		return;
	printf("Bail out! %s: %s: %s\n", what, err->code, err->message);
	exit(1);
}

UNUSED static struct store *open_as(struct arena *a, const char *name, enum store_mode mode)
{
	struct err err = {.line = 0};
	struct store *s = NULL;

	must(store_open(a, scratch_path(a, name), STORE_WORKSPACE, mode, &s, &err), &err, name);
	return s;
}

/* Deterministic: id and bytes of entry i of whatever log. */
UNUSED static struct uuid entry_uuid(int64_t i)
{
	unsigned char random[10] = {0};

	for (int k = 0; k < 8; k++)
		random[k] = (unsigned char)(((uint64_t)i >> (8 * k)) & 0xff);
	return uuid_v7(INT64_C(1772442000000) + i, random);
}

UNUSED static struct text entry_text(struct arena *a, int64_t i, size_t pad)
{
	struct text head = text_format(a, "{\"entry\":%lld,\"pad\":\"", (long long)i);
	char *p = arena_alloc(a, head.n + pad + 2);

	memcpy(p, head.p, head.n);
	for (size_t k = 0; k < pad; k++)
		p[head.n + k] = (char)('a' + (char)(((uint64_t)i + k) % 26));
	memcpy(p + head.n + pad, "\"}", 2);
	return (struct text){p, head.n + pad + 2};
}

UNUSED static struct log_head new_log(const char *contract, enum log_kind kind, int64_t number)
{
	struct log_head head = {.uuid = entry_uuid(1000000 + number),
				.kind = kind,
				.origin = text_of(contract),
				.contract = kind == LOG_INSTALL ? text_of("") : text_of(contract),
				.client = text_of("acme"),
				.created_at = INT64_C(1772442000000),
				.last_recorded_at = INSTANT_NONE};

	return head;
}

/* Entries given by id and bytes, all of them; an id that is there is an error. */
UNUSED static enum rc append_all(struct store *s, struct hasher *h, struct log_head *head,
				 const struct stored_entry *v, size_t n, instant last,
				 struct err *err)
{
	struct record_appender a;
	enum rc rc = RC_OK;

	record_append_begin(&a, s, h, head);
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		bool there = false;

		rc = record_append_entry(&a, &v[i].id, v[i].bytes, NULL, &there, err);
		if (rc == RC_OK && there)
			rc = record_appended_twice(head, &v[i].id, err);
	}
	return rc == RC_OK ? record_append_end(&a, last, err) : rc;
}

/* One batch in its own transaction. */
UNUSED static enum rc append_batch(struct store *s, struct hasher *h, int64_t from, size_t n,
				   size_t pad, struct err *err)
{
	struct arena *a = arena_new(64 << 20);
	struct stored_entry *v = arena_array(a, struct stored_entry, n);
	struct log_head head = {.id = 0};
	enum rc rc = store_begin(s, err);

	if (rc == RC_OK)
		rc = record_log_of_contract(s, a, text_of("c1"), &head, err);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct stored_entry){.id = entry_uuid(from + (int64_t)i),
					     .bytes = entry_text(a, from + (int64_t)i, pad)};
	if (rc == RC_OK)
		rc = append_all(s, h, &head, v, n, INT64_C(1772442000000) + from, err);
	if (rc == RC_OK)
		rc = store_commit(s, err);
	else
		store_rollback(s);
	arena_free(a);
	return rc;
}

UNUSED static struct store *workspace_with_log(struct arena *a, const char *name)
{
	struct err err = {.line = 0};
	struct log_head head = new_log("c1", LOG_ENGAGEMENT, 0);
	struct store *s = open_as(a, name, STORE_CREATE);
	int64_t id = 0;

	must(store_begin(s, &err), &err, "begin");
	must(record_log_add(s, &head, &id, &err), &err, "log");
	must(store_commit(s, &err), &err, "commit");
	return s;
}

#endif
