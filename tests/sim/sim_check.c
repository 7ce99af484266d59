/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold after every step (trust.md V4): what was acknowledged is there, each once; indexes without a gap; the root consistent
 * with every checkpoint ever seen; recorded_at never falling; nothing erased in any file; derived tables what the entries make.
 */
#include "sim.h"

#include "app/append.h"
#include "journal/entry.h"
#include "journal/recompute.h"

#include <assert.h>
#include <string.h>

#define CHECK_MEMORY ((size_t)1 << 30)

static const char secret[] = SECRET;

struct looking {
	struct sim *s;
	struct arena *a;
	struct canon_scratch *scratch;
	int log;
	struct log_head head;
	struct model *m;
	struct recompute tree;
	struct hash *leaf;
	const struct sight *sight; /* what must be seen on the way, any order */
	size_t n_sights;
	instant last;
	int64_t n;
};

static void see_root(struct looking *l)
{
	struct hash root;
	bool wanted = false;

	for (size_t i = 0; i < l->n_sights && !wanted; i++)
		wanted = l->sight[i].size == l->tree.size;
	if (!wanted)
		return;
	recompute_root(&l->tree, root.b);
	for (size_t i = 0; i < l->n_sights; i++)
		if (l->sight[i].size == l->tree.size && !hash_eq(&root, &l->sight[i].root))
			fail(l->s,
			     "%s: the record does not lead to the checkpoint of %lld entries that "
			     "was seen",
			     l->m->contract, (long long)l->sight[i].size);
}

/* The provider's own people stand in the contracts of all its clients; nobody else is known by one id to two of them. */
static void subject_of_two(struct looking *l, struct text subject, enum fact_kind kind)
{
	if (kind != FACT_VERSION_AGREED)
		fail(l->s, "%s: the subject '%.*s' is of another engagement", l->m->contract,
		     TEXT_ARG(subject));
	share(l->s, subject);
}

static void see_new(struct looking *l, const struct stored_entry *e)
{
	struct sim *s = l->s;
	char id[UUID_TEXT + 1];
	struct canon_doc doc;
	struct entry x;
	struct err err = {.line = 0};
	int owner = s->at * CLIENTS + l->log + 1, whose;

	if (entry_parse(l->a, l->scratch, e->bytes, &x, &doc, &err) != RC_OK)
		fail(s, "%s: entry %lld is none: %s", l->m->contract, (long long)e->index,
		     err.message);
	if (uuid_cmp(&x.id, &e->id) != 0 || uuid_cmp(&x.log, &l->head.uuid) != 0)
		fail(s, "%s: entry %lld is stored under another id or log", l->m->contract,
		     (long long)e->index);
	if (x.recorded_at < l->last)
		fail(s, "%s: entry %lld was recorded before the one before it", l->m->contract,
		     (long long)e->index);
	l->last = x.recorded_at;
	uuid_text(&x.id, id);
	if (!own(s, text_of(id), l->log == INSTALL ? PROVIDERS * CLIENTS + 1 + s->at : owner,
		 &whose) &&
	    whose == owner)
		fail(s, "%s: '%s' is there twice", l->m->contract, id);
	for (size_t i = 0; i < x.n_slots; i++)
		if (!own(s, x.slots[i].subject, owner, &whose) && whose != owner && whose != SHARED)
			subject_of_two(l, x.slots[i].subject, x.kind);
	l->m->stored = arena_grow(s->arena, l->m->stored, l->m->n_stored, &l->m->stored_cap,
				  sizeof(*l->m->stored));
	l->m->stored[l->m->n_stored++] = (struct stored){e->id, e->leaf};
	s->count->entries++;
}

static enum rc see_entry(void *context, const struct stored_entry *e, struct err *err)
{
	struct looking *l = context;
	unsigned char leaf[RECOMPUTE_HASH];

	(void)err;
	if (e->index != l->n)
		fail(l->s, "%s: entry %lld comes where %lld belongs", l->m->contract,
		     (long long)e->index, (long long)l->n);
	recompute_add(&l->tree, e->bytes, leaf);
	if (memcmp(leaf, e->leaf.b, sizeof(leaf)) != 0)
		fail(l->s, "%s: entry %lld does not give its leaf", l->m->contract,
		     (long long)e->index);
	l->leaf[l->n] = e->leaf;
	if ((size_t)l->n < l->m->n_stored) {
		const struct stored *was = &l->m->stored[l->n];

		if (!hash_eq(&was->leaf, &e->leaf) || uuid_cmp(&was->id, &e->id) != 0)
			fail(l->s, "%s: entry %lld is another one than before", l->m->contract,
			     (long long)e->index);
	} else {
		see_new(l, e);
	}
	l->n++;
	see_root(l);
	return RC_OK;
}

static void take_checkpoints(struct looking *l, struct store *store)
{
	struct stored_checkpoint *all;
	struct sight *v;
	struct err err = {.line = 0};
	size_t n, k = 0;

	if (record_checkpoints(store, l->a, l->head.id, &all, &n, &err) != RC_OK)
		fail(l->s, "checkpoints: %s", err.message);
	v = arena_array(l->a, struct sight, n + l->m->n_seen);
	for (size_t i = 0; i < n; i++)
		v[k++] = (struct sight){all[i].size, all[i].root};
	for (size_t i = 0; i < l->m->n_seen; i++)
		v[k++] = l->m->seen[i];
	for (size_t i = 0; i < k; i++)
		if (v[i].size > l->head.edge.size)
			fail(l->s, "%s: a checkpoint of %lld entries was seen, and there are %lld",
			     l->m->contract, (long long)v[i].size, (long long)l->head.edge.size);
	l->sight = v;
	l->n_sights = k;
}

static void told_are_there(struct looking *l)
{
	for (size_t i = 0; i < l->m->n_told; i++) {
		char id[UUID_TEXT + 1];

		uuid_text(&l->m->told[i].id, id);
		if (owner_of(l->s, text_of(id)) != l->s->at * CLIENTS + l->log + 1)
			fail(l->s, "%s: '%s' was acknowledged and is not there", l->m->contract,
			     id);
	}
}

static enum rc read_leaves(void *context, int64_t from, size_t n, struct hash *out, struct err *err)
{
	(void)err;
	memcpy(out, (const struct hash *)context + from, n * sizeof(*out));
	return RC_OK;
}

/* The proofs that the other side would ask for, by the code that makes them and the code that checks them. */
static void prove(struct looking *l, const struct hash *root)
{
	struct leaf_source leaves = {l->leaf, read_leaves};
	struct err err = {.line = 0};
	struct proof proof;
	int64_t i = (int64_t)pick(l->s, (uint64_t)l->n);
	const struct sight *older = &l->sight[pick(l->s, l->n_sights)];

	if (merkle_inclusion(l->s->hasher, &leaves, i, l->n, &proof, &err) != RC_OK ||
	    merkle_verify_inclusion(l->s->hasher, i, l->n, &l->leaf[i], proof.v, proof.n, root,
				    &err) != RC_OK)
		fail(l->s, "%s: entry %lld cannot be proven: %s", l->m->contract, (long long)i,
		     err.message);
	if (merkle_consistency(l->s->hasher, &leaves, older->size, l->n, &proof, &err) != RC_OK ||
	    merkle_verify_consistency(l->s->hasher, older->size, l->n, &older->root, root, proof.v,
				      proof.n, &err) != RC_OK)
		fail(l->s, "%s: the checkpoint of %lld entries is no beginning: %s", l->m->contract,
		     (long long)older->size, err.message);
}

static void check_log(struct sim *s, struct arena *a, struct store *store, int log,
		      const struct log_head *head)
{
	struct model *m = &s->p[s->at].log[log];
	struct looking l = {.s = s,
			    .a = a,
			    .scratch = canon_scratch_new(a),
			    .log = log,
			    .head = *head,
			    .m = m,
			    .last = m->last_recorded_at};
	struct err err = {.line = 0};
	struct hash root, edge = edge_root(s->hasher, &head->edge);
	int64_t rows = 0;

	if (head->frozen.n > 0)
		fail(s, "%s is frozen: %.*s", m->contract, TEXT_ARG(head->frozen));
	if ((size_t)head->edge.size < m->n_stored)
		fail(s, "%s: %lld entries, and there were %zu", m->contract,
		     (long long)head->edge.size, m->n_stored);
	l.leaf = arena_array(a, struct hash, (size_t)head->edge.size);
	take_checkpoints(&l, store);
	recompute_init(&l.tree);
	if (record_each(store, head->id, 0, head->edge.size, see_entry, &l, &err) != RC_OK ||
	    record_entry_count(store, head->id, &rows, &err) != RC_OK)
		fail(s, "%s: %s", m->contract, err.message);
	recompute_root(&l.tree, root.b);
	if (rows != l.n || !hash_eq(&root, &edge))
		fail(s, "%s: the right edge is not that of its %lld entries", m->contract,
		     (long long)rows);
	if (head->last_recorded_at != l.last)
		fail(s, "%s: the log's last time is not its last entry's", m->contract);
	m->last_recorded_at = l.last;
	m->log = head->uuid;
	if (l.n > 0 && l.n_sights > 0)
		prove(&l, &root);
	if (log != INSTALL)
		told_are_there(&l);
}

static void own_people(struct sim *s, struct arena *a, struct store *store)
{
	struct stored_user *users;
	struct err err = {.line = 0};
	size_t n;
	int whose;

	if (record_users(store, a, &users, &n, &err) != RC_OK)
		fail(s, "people: %s", err.message);
	for (size_t i = 0; i < n; i++)
		for (int log = 0; log < CLIENTS; log++)
			if (users[i].client &&
			    text_is(users[i].contract, s->p[s->at].log[log].contract))
				(void)own(s, users[i].id, s->at * CLIENTS + log + 1, &whose);
}

void check_files(struct sim *s)
{
	const struct provider *p = &s->p[s->at];
	const char *name = sim_disk_holds(p->disk, secret, sizeof(secret) - 1);

	if (name != NULL)
		fail(s, "private words stand readable in '%s'", name);
	for (size_t i = 0; i < p->n_erased; i++) {
		name = sim_disk_holds(p->disk, p->erased[i].cipher, sizeof(p->erased[i].cipher));
		if (name != NULL)
			fail(s, "what was erased still stands in '%s'", name);
	}
}

static void check_store(struct sim *s, enum store_mode mode, bool whole)
{
	struct provider *p = &s->p[s->at];
	struct arena *a = arena_new(CHECK_MEMORY);
	struct store *store = NULL;
	struct log_head *heads;
	struct buf problems;
	struct err err = {.line = 0};
	size_t n = 0;

	sim_disk_use(p->disk);
	if (store_open(a, text_of(p->path), STORE_WORKSPACE, mode, &store, &err) != RC_OK)
		fail(s, "'%s' cannot be opened: %s", p->path, err.message);
	buf_init(&problems, 1 << 16);
	if (whole && (store_check(store, false, &problems, &err) != RC_OK || problems.n > 0))
		fail(s, "'%s' is not sound: %s%.*s", p->path, err.message,
		     TEXT_ARG(buf_view(&problems)));
	buf_free(&problems);
	if (store_begin_read(store, &err) != RC_OK ||
	    record_logs(store, a, &heads, &n, &err) != RC_OK)
		fail(s, "logs: %s", err.message);
	if (n != LOGS)
		fail(s, "there are %zu logs", n);
	own_people(s, a, store);
	for (size_t i = 0; i < n; i++) {
		int log = INSTALL;

		for (int k = 0; k < CLIENTS && heads[i].kind == LOG_ENGAGEMENT; k++)
			log = text_is(heads[i].contract, p->log[k].contract) ? k : log;
		check_log(s, a, store, log, &heads[i]);
	}
	store_rollback(store);
	store_close(store);
	arena_free(a);
}

void check_provider(struct sim *s)
{
	check_store(s, STORE_READ, false);
	check_files(s);
}

/* The file recovers for a writer; then as ever, and every derived table is what the entries make. */
void check_after_cut(struct sim *s)
{
	check_store(s, STORE_WRITE, true);
	/* an erasure that was interrupted is finished by whoever writes next, and only then is its text gone for sure */
	if (!s->p[s->at].clock_off) {
		(void)must(s, -1, 0, WORDS("log", "checkpoint", "--install"));
		check_store(s, STORE_READ, false);
	}
	(void)must(s, -1, 0, WORDS("rebuild", "--check"));
	check_files(s);
}

void check_end(struct sim *s)
{
	for (s->at = 0; s->at < PROVIDERS; s->at++) {
		if (s->p[s->at].clock_off)
			accept_clock(s);
		s->p[s->at].clock_off = false;
		(void)must(s, -1, 0, WORDS("doctor"));
		check_provider(s);
	}
	s->at = 0;
}
