/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An online copy (trust.md D4): one moment of a workspace, whole, while another connection writes to it all along; and what stands
 * in its way.
 */
#include "store_fixture.h"

#include "journal/recompute.h"

#include <signal.h>
#include <sys/wait.h>

static struct hasher *hasher;

struct progress {
	struct store *writer;
	int64_t calls, last_done, all, next;
	bool backwards, write_failed;
};

/* Between two steps of the copy another connection commits. */
static void write_meanwhile(void *context, int64_t done, int64_t all)
{
	struct progress *p = context;
	struct err err = {.line = 0};

	p->calls++;
	p->backwards = p->backwards || done < p->last_done;
	p->last_done = done;
	p->all = all;
	if (p->writer == NULL)
		return;
	if (append_batch(p->writer, hasher, p->next, 20, 400, &err) != RC_OK) {
		printf("# %s\n", err.message);
		p->write_failed = true;
	}
	p->next += 20;
}

static enum rc add_entry(void *context, const struct stored_entry *e, struct err *err)
{
	(void)err;
	recompute_add(context, e->bytes, NULL);
	return RC_OK;
}

static int64_t size_if_whole(struct arena *a, const char *name)
{
	struct err err = {.line = 0};
	struct store *s = open_as(a, name, STORE_READ);
	struct log_head head = {.id = 0};
	struct recompute tree;
	unsigned char root[RECOMPUTE_HASH];
	struct buf problems;

	buf_init(&problems, 4096);
	must(store_check(s, false, &problems, &err), &err, "check");
	is_i64((int64_t)problems.n, 0, "%s is sound", name);
	must(record_log_of_contract(s, a, text_of("c1"), &head, &err), &err, "head");
	recompute_init(&tree);
	fine(record_each(s, 1, 0, head.edge.size, add_entry, &tree, &err), &err,
	     "every entry is in it");
	recompute_root(&tree, root);
	struct hash edge = edge_root(hasher, &head.edge);

	ok(memcmp(edge.b, root, sizeof(root)) == 0, "and the root is that of its edge");
	buf_free(&problems);
	store_close(s);
	return head.edge.size;
}

static void while_writing(struct arena *a)
{
	struct err err = {.line = 0};
	struct store *writer = open_as(a, "w.tenor", STORE_WRITE),
		     *reader = open_as(a, "w.tenor", STORE_READ);
	struct progress p = {.writer = writer, .next = 10000};
	struct stat st;

	fine(store_copy(reader, scratch_path(a, "copy.tenor"), write_meanwhile, &p, &err), &err,
	     "a copy while another connection writes between its steps");
	ok(!p.write_failed && p.calls > 5, "which was never refused, in %lld steps",
	   (long long)p.calls);
	ok(!p.backwards && p.last_done == p.all, "and never made the copy begin again");
	is_i64(size_if_whole(a, "copy.tenor"), 10000, "the copy is of the moment it began");
	ok(stat(scratch_path(a, "copy.tenor").p, &st) == 0 && (st.st_mode & 077) == 0,
	   "and nobody else may read it");
	store_close(reader);
	store_close(writer);
	is_i64(size_if_whole(a, "w.tenor"), p.next,
	       "what was written meanwhile is in the workspace");
}

/* The other way: the writer is another process that does not stop. */
static void while_a_process_writes(struct arena *a)
{
	struct err err = {.line = 0};
	struct progress p = {.writer = NULL};
	pid_t child;
	int status = 0;

	(void)fflush(stdout);
	child = fork();
	if (child == 0) {
		struct arena *mine = arena_new(64 << 20);
		struct store *s = open_as(mine, "w.tenor", STORE_WRITE);

		for (int64_t from = 100000;; from += 5)
			if (append_batch(s, hasher, from, 5, 300, &err) != RC_OK)
				_exit(1);
	}
	struct store *s = open_as(a, "w.tenor", STORE_WRITE);

	for (int i = 0; i < 5; i++) {
		struct text to = text_format(a, "%s/live-%d.tenor", scratch, i);
		struct text name = text_format(a, "live-%d.tenor", i);

		fine(store_copy(s, to, write_meanwhile, &p, &err), &err,
		     "a copy beside a busy process");
		ok(size_if_whole(a, name.p) >= 10000, "is whole");
	}
	(void)kill(child, SIGKILL);
	(void)waitpid(child, &status, 0);
	ok(WIFSIGNALED(status), "the other process was never refused");
	store_close(s);
	ok(size_if_whole(a, "w.tenor") >= 10000, "killed while writing, the workspace is whole");
}

static void in_the_way(struct arena *a)
{
	struct err err = {.line = 0};
	struct store *s = open_as(a, "w.tenor", STORE_READ), *copy = NULL;

	is_i64(store_copy(s, scratch_path(a, "copy.tenor"), NULL, NULL, &err), RC_INVALID,
	       "a name that is taken");
	is_text(text_of(err.code), "store.exists", "code");
	is_i64(size_if_whole(a, "copy.tenor"), 10000, "what is there stays");
	is_i64(store_copy(s, scratch_path(a, "no/copy.tenor"), NULL, NULL, &err), RC_IO,
	       "no such directory");
	is_i64(store_copy(s, scratch_path(a, "w.tenor"), NULL, NULL, &err), RC_INVALID,
	       "onto itself");
	is_i64(store_copy(s, text_of(""), NULL, NULL, &err), RC_INVALID, "an empty name");
	ok(!store_in_transaction(s), "no transaction is left open");
	fine(store_copy(s, scratch_path(a, "again.tenor"), NULL, NULL, &err), &err,
	     "and a copy still works");
	must(store_open(a, scratch_path(a, "again.tenor"), STORE_WORKSPACE, STORE_WRITE, &copy,
			&err),
	     &err, "open");
	fine(append_batch(copy, hasher, 5000000, 3, 10, &err), &err, "a copy can be written to");
	store_close(copy);
	store_close(s);
}

int main(void)
{
	struct arena *a = arena_new(512 << 20);
	struct err err = {.line = 0};

	scratch_make();
	hasher = hasher_new(a);
	struct store *s = workspace_with_log(a, "w.tenor");

	for (int64_t from = 0; from < 10000; from += 1000)
		must(append_batch(s, hasher, from, 1000, 400, &err), &err, "append");
	store_close(s);
	while_writing(a);
	while_a_process_writes(a);
	in_the_way(a);
	hasher_free(hasher);
	arena_free(a);
	scratch_remove();
	return tap_done();
}
