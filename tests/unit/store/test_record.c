/* SPDX-License-Identifier: Apache-2.0 */
/* The record over the store: logs, entries, derived rows, blobs, slots, checkpoints, people, values (trust.md J1, J8, J12, J23, J27). */
#include "store_fixture.h"

#include "journal/recompute.h"

#include <sqlite3.h>

static struct hasher *hasher;

/* --- logs --- */

static void logs(struct arena *a, struct store *s)
{
	struct err err = {.line = 0};
	struct log_head c2 = new_log("c2", LOG_ENGAGEMENT, 1),
			again = new_log("c2", LOG_ENGAGEMENT, 2);
	struct log_head install = new_log("host/log/install", LOG_INSTALL, 3), got, *all = NULL;
	struct log_head other = new_log("host/log/other", LOG_INSTALL, 4);
	struct log_head notes = new_log("host/log/notes", LOG_INTERNAL, 5);
	int64_t id = 0;
	size_t n = 0;

	is_i64(record_log_install(s, a, &got, &err), RC_MISSING, "no install log yet");
	must(store_begin(s, &err), &err, "begin");
	fine(record_log_add(s, &c2, &id, &err), &err, "a second log");
	is_i64(id, 2, "has the next number");
	fine(record_log_add(s, &install, &id, &err), &err, "the install log");
	is_i64(record_log_add(s, &again, &id, &err), RC_INVALID, "one log for a contract");
	is_text(text_of(err.code), "unique", "code");
	is_i64(record_log_add(s, &other, &id, &err), RC_INVALID, "one install log");
	is_i64(record_log_internal(s, a, &got, &err), RC_MISSING, "no internal log yet");
	fine(record_log_add(s, &notes, &id, &err), &err, "the internal log beside it");
	must(store_commit(s, &err), &err, "commit");
	must(record_log_internal(s, a, &got, &err), &err, "internal");
	ok(got.kind == LOG_INTERNAL && got.id == 4 && got.contract.n == 0,
	   "the provider's own, of no contract");

	must(record_logs(s, a, &all, &n, &err), &err, "logs");
	is_i64((int64_t)n, 4, "all logs");
	is_text(all[1].contract, "c2", "in their order");
	must(record_log_install(s, a, &got, &err), &err, "install");
	ok(got.kind == LOG_INSTALL && got.id == 3 && got.edge.size == 0, "the install log, empty");
	ok(got.last_recorded_at == INSTANT_NONE && got.frozen.n == 0, "with no time, not frozen");
	is_text(got.origin, "host/log/install", "its origin");
	must(record_log_of_uuid(s, a, &c2.uuid, &got, &err), &err, "uuid");
	is_text(got.client, "acme", "found by its UUID");
	is_i64(got.created_at, c2.created_at, "when it was made");
	is_i64(record_log_of_contract(s, a, text_of("c9"), &got, &err), RC_MISSING,
	       "no such contract");
	fine(record_log_freeze(s, 2, text_of("root differs at 7"), &err), &err, "freeze");
	must(record_log_of_contract(s, a, text_of("c2"), &got, &err), &err, "frozen");
	is_text(got.frozen, "root differs at 7", "why it is frozen");
	is_i64(record_log_freeze(s, 9, text_of("x"), &err), RC_MISSING, "no such log to freeze");
}

/* --- entries --- */

struct walk {
	struct recompute tree;
	int64_t next, stop;
	bool right;
};

static enum rc walk_entry(void *context, const struct stored_entry *e, struct err *err)
{
	struct walk *w = context;
	unsigned char leaf[RECOMPUTE_HASH];
	struct uuid id = entry_uuid(w->next);

	recompute_add(&w->tree, e->bytes, leaf);
	w->right = w->right && e->index == w->next && uuid_cmp(&e->id, &id) == 0 &&
		   memcmp(leaf, e->leaf.b, sizeof(leaf)) == 0;
	if (w->next++ == w->stop)
		return err_set(err, RC_USAGE, "stopped at %lld", (long long)w->stop);
	return RC_OK;
}

static void entries(struct arena *a, struct store *s)
{
	struct err err = {.line = 0};
	struct log_head head;
	struct stored_entry e;
	struct walk w = {.stop = -1, .right = true};
	unsigned char root[RECOMPUTE_HASH];
	struct uuid id = entry_uuid(1234);
	enum rc rc = RC_OK;

	for (int64_t from = 0; from < 2500; from += 500)
		must(append_batch(s, hasher, from, 500, 400, &err), &err, "append");
	must(record_log_of_contract(s, a, text_of("c1"), &head, &err), &err, "head");
	is_i64(head.edge.size, 2500, "the head's size");
	is_i64(head.last_recorded_at, INT64_C(1772442000000) + 2000, "the head's time");
	recompute_init(&w.tree);
	fine(record_each(s, 1, 0, 2500, walk_entry, &w, &err), &err, "each entry");
	ok(w.right && w.next == 2500, "in order, with its id, its leaf its hash");
	recompute_root(&w.tree, root);
	struct hash edge = edge_root(hasher, &head.edge);

	ok(memcmp(root, edge.b, sizeof(root)) == 0, "the edge's root is the one recomputed");
	w = (struct walk){.next = 100, .stop = -1, .right = true};
	recompute_init(&w.tree);
	fine(record_each(s, 1, 100, 110, walk_entry, &w, &err), &err, "some entries");
	ok(w.right && w.next == 110, "from and to");
	w = (struct walk){.next = 0, .stop = 3, .right = true};
	recompute_init(&w.tree);
	is_i64(record_each(s, 1, 0, 2500, walk_entry, &w, &err), RC_USAGE,
	       "a callback may stop it");
	is_text(text_of(err.message), "stopped at 3", "with its own words");
	is_i64(record_each(s, 1, 2490, 2510, walk_entry, &w, &err), RC_INVALID, "past the end");
	is_text(text_of(err.message), "entry 2500 is missing", "is a missing entry");
	fine(record_each(s, 1, 7, 7, walk_entry, &w, &err), &err, "none asked for, none given");

	must(record_entry(s, a, 1, 1234, &e, &err), &err, "entry");
	ok(uuid_cmp(&e.id, &id) == 0 && e.index == 1234, "an entry by its index");
	must(record_entry_of_id(s, a, 1, &id, &e, &err), &err, "entry of id");
	is_i64(e.index, 1234, "and by its id");
	struct text bytes = entry_text(a, 1234, 400);

	ok(text_eq(e.bytes, bytes), "its bytes as given");
	ok(record_has_id(s, 1, &id, &err, &rc) && rc == RC_OK, "its id is there");
	ok(!record_has_id(s, 2, &id, &err, &rc) && rc == RC_OK, "not in another log");
	is_i64(record_entry(s, a, 1, 2500, &e, &err), RC_MISSING, "no entry beyond the size");
	is_i64(record_entry(s, a, 1, -1, &e, &err), RC_MISSING, "nor before the first");
}

static void proofs(struct arena *a, struct store *s)
{
	struct err err = {.line = 0};
	struct record_leaves leaves = {s, 1};
	struct leaf_source source = record_leaf_source(&leaves);
	struct log_head head;
	struct stored_entry e;
	struct proof p;
	struct hash root;

	must(record_log_of_contract(s, a, text_of("c1"), &head, &err), &err, "head");
	must(merkle_root(hasher, &source, 2500, &root, &err), &err, "root");
	struct hash edge = edge_root(hasher, &head.edge);

	ok(hash_eq(&root, &edge), "the root from stored leaves");
	must(merkle_inclusion(hasher, &source, 1777, 2500, &p, &err), &err, "inclusion");
	must(record_entry(s, a, 1, 1777, &e, &err), &err, "entry");
	fine(merkle_verify_inclusion(hasher, 1777, 2500, &e.leaf, p.v, p.n, &root, &err), &err,
	     "a proof from stored leaves");
	struct hash two[2];

	is_i64(source.read(source.context, 2499, 2, two, &err), RC_INVALID,
	       "a leaf that is not there");
	is_text(text_of(err.message), "entry 2500 is missing", "is named");
}

static void append_refused(struct arena *a, struct store *s)
{
	struct err err = {.line = 0};
	struct log_head head, stale;
	struct stored_entry v[2] = {
		{.id = entry_uuid(90001), .bytes = text_of("{}")},
		{.id = entry_uuid(42), .bytes = text_of("{}")},
	};

	must(store_begin(s, &err), &err, "begin");
	must(record_log_of_contract(s, a, text_of("c1"), &head, &err), &err, "head");
	stale = head;
	is_i64(append_all(s, hasher, &head, v, 2, head.last_recorded_at, &err), RC_INVALID,
	       "an id that is there already");
	is_text(text_of(err.code), "unique", "code");
	ok(strstr(err.message, "has an entry '") != NULL, "message: %s", err.message);
	is_i64(head.edge.size, 2500, "the head given is as it was");
	store_rollback(s);
	struct stored_entry e;

	is_i64(record_entry(s, a, 1, 2500, &e, &err), RC_MISSING, "all or none (J27)");

	must(append_batch(s, hasher, 2500, 1, 10, &err), &err, "append");
	must(store_begin(s, &err), &err, "begin");
	is_i64(append_all(s, hasher, &stale, v, 1, stale.last_recorded_at + 1000, &err), RC_INVALID,
	       "a head that is not the newest");
	is_text(text_of(err.code), "store.damaged", "would write over an entry");
	store_rollback(s);
	must(store_begin(s, &err), &err, "begin");
	stale.edge.size = 2502; /* an edge of some other size than the stored one */
	is_i64(append_all(s, hasher, &stale, v, 0, stale.last_recorded_at + 1000, &err), RC_INVALID,
	       "or a head from elsewhere");
	is_text(text_of(err.code), "store.head", "is refused");
	store_rollback(s);
}

/* --- derived --- */

static enum rc note_pack(void *context, int64_t pack, struct text bytes, struct err *err)
{
	(void)err;
	buf_printf((struct buf *)context, "%lld=%.*s ", (long long)pack, TEXT_ARG(bytes));
	return RC_OK;
}

static void derived(struct arena *a, struct store *s)
{
	struct err err = {.line = 0};
	int64_t *v = NULL, last = -1;
	struct text bytes = {"", 0};
	size_t n = 0;
	struct buf b;

	buf_init(&b, 1000);
	must(store_begin(s, &err), &err, "begin");
	must(record_mark(s, 1, 5, 30, &err), &err, "mark");
	must(record_mark(s, 1, 5, 4, &err), &err, "mark");
	must(record_mark(s, 1, 6, 8, &err), &err, "mark");
	must(record_mark(s, 2, 5, 1, &err), &err, "mark");
	is_i64(record_mark(s, 1, 5, 4, &err), RC_INVALID, "a mark twice");
	must(record_marks(s, a, 1, 5, &v, &n, &err), &err, "marks");
	ok(n == 2 && v[0] == 4 && v[1] == 30, "the marks of a kind of a log, ascending");
	must(record_pack_put(s, 1, 0, text_of("old"), &err), &err, "pack");
	must(record_pack_put(s, 1, 1, text_of("b"), &err), &err, "pack");
	must(record_pack_put(s, 2, 0, text_of("other"), &err), &err, "pack");
	must(record_pack_put(s, 1, 0, text_of("a"), &err), &err, "pack");
	must(record_packs(s, 1, 0, -1, note_pack, &b, &err), &err, "packs");
	is_text(buf_view(&b), "0=a 1=b ", "packs of a log; the newest counts");
	must(record_pack_last(s, a, 1, &last, &bytes, &err), &err, "last");
	ok(last == 1 && text_is(bytes, "b"), "the last of them");
	must(record_pack_last(s, a, 3, &last, &bytes, &err), &err, "last");
	is_i64(last, -1, "none of a log that has none");
	must(record_pack_put(s, 1, 3, text_of("d"), &err), &err, "pack");
	is_i64(record_packs(s, 1, 0, -1, note_pack, &b, &err), RC_INVALID,
	       "a pack that is missing");
	is_text(text_of(err.message), "pack 2 of log 1 is missing", "is named");
	must(store_commit(s, &err), &err, "commit");
	buf_free(&b);
}

/* --- blobs and slots --- */

static enum rc note_slot(void *context, const struct stored_slot *slot, struct err *err)
{
	(void)err;
	buf_printf((struct buf *)context, "%.*s:%.*s ", TEXT_ARG(slot->name),
		   TEXT_ARG(slot->subject));
	return RC_OK;
}

static void blobs_and_slots(struct arena *a, struct store *s)
{
	struct err err = {.line = 0};
	struct hash h = {{7}}, none = {{8}};
	struct text bytes = {NULL, 0};
	char nonce[24];
	struct stored_slot got, slot = {.id = entry_uuid(1),
					.name = text_of("text"),
					.subject = text_of("s_a"),
					.nonce = {nonce, sizeof(nonce)},
					.cipher = {"\0\1\2\0", 4}};
	struct stored_slot second = slot, third = slot;
	int64_t n = 0;
	struct buf b;

	memset(nonce, 0xa5, sizeof(nonce));
	fine(record_blob_put(s, &h, text_of("version"), (struct text){"a\0b", 3}, &err), &err,
	     "a blob");
	fine(record_blob_put(s, &h, text_of("version"), (struct text){"a\0b", 3}, &err), &err,
	     "again");
	must(record_blob(s, a, &h, &bytes, &err), &err, "blob");
	ok(bytes.n == 3 && memcmp(bytes.p, "a\0b", 3) == 0, "its bytes, zeros too");
	is_i64(record_blob(s, a, &none, &bytes, &err), RC_MISSING, "a blob that is not there");
	fine(record_blob_put(s, &none, text_of("input"), text_of(""), &err), &err, "an empty blob");
	must(record_blob(s, a, &none, &bytes, &err), &err, "blob");
	is_i64((int64_t)bytes.n, 0, "is empty");

	second.name = text_of("file");
	third.id = entry_uuid(2);
	third.subject = text_of("s_b");
	must(store_begin(s, &err), &err, "begin");
	must(record_slot_put(s, 1, &slot, &err), &err, "slot");
	must(record_slot_put(s, 1, &second, &err), &err, "slot");
	must(record_slot_put(s, 1, &third, &err), &err, "slot");
	is_i64(record_slot_put(s, 1, &third, &err), RC_INVALID, "a slot twice");
	must(store_commit(s, &err), &err, "commit");
	must(record_slot(s, a, 1, &slot.id, text_of("text"), &got, &err), &err, "slot");
	ok(got.cipher.n == 4 && memcmp(got.cipher.p, "\0\1\2\0", 4) == 0 &&
		   text_eq(got.nonce, slot.nonce),
	   "a slot's cipher and nonce");
	is_text(got.subject, "s_a", "and subject");
	buf_init(&b, 1000);
	must(record_slots_each(s, 1, note_slot, &b, &err), &err, "slots");
	is_text(buf_view(&b), "file:s_a text:s_a text:s_b ", "all slots of a log, in order");
	buf_clear(&b);
	must(record_slots_erase(s, text_of("s_a"), &n, &err), &err, "erase");
	is_i64(n, 2, "a subject's slots erased");
	is_i64(record_slot(s, a, 1, &slot.id, text_of("text"), &got, &err), RC_MISSING, "are gone");
	must(record_slots_each(s, 1, note_slot, &b, &err), &err, "slots");
	is_text(buf_view(&b), "text:s_b ", "the others stay");
	buf_free(&b);
}

/* --- checkpoints --- */

static void checkpoints(struct arena *a, struct store *s)
{
	struct err err = {.line = 0};
	struct stored_checkpoint c = {.size = 10,
				      .root = {{1}},
				      .note = text_of("one"),
				      .state = {"\0s", 2},
				      .made_at = 77};
	struct stored_checkpoint fork = c, later = c, got, *all = NULL;
	size_t n = 0;

	fork.root.b[31] = 1;
	later.size = 20;
	later.note = text_of("two");
	is_i64(record_checkpoint_latest(s, a, 1, &got, &err), RC_MISSING, "no checkpoint yet");
	must(store_begin(s, &err), &err, "begin");
	fine(record_checkpoint_put(s, 1, &c, &err), &err, "a checkpoint");
	fine(record_checkpoint_put(s, 1, &later, &err), &err, "a later one");
	fine(record_checkpoint_put(s, 1, &c, &err), &err, "the same root again");
	is_i64(record_checkpoint_put(s, 1, &fork, &err), RC_INVALID, "another root for a size");
	is_text(text_of(err.code), "fork", "is a fork (J12)");
	fine(record_checkpoint_put(s, 2, &fork, &err), &err, "not in another log");
	must(store_commit(s, &err), &err, "commit");
	must(record_checkpoint_latest(s, a, 1, &got, &err), &err, "latest");
	ok(got.size == 20 && got.made_at == 77 && !got.kept, "the latest is the largest");
	ok(got.state.n == 2 && memcmp(got.state.p, "\0s", 2) == 0, "with the state of its maker");
	must(store_begin(s, &err), &err, "begin");
	fine(record_checkpoint_note(s, 1, 10, text_of("one, cosigned"), true, &err), &err,
	     "a note");
	fine(record_checkpoint_note(s, 1, 10, text_of("one, cosigned twice"), false, &err), &err,
	     "another");
	is_i64(record_checkpoint_note(s, 1, 11, text_of("x"), false, &err), RC_MISSING,
	       "no such size");
	must(store_commit(s, &err), &err, "commit");
	must(record_checkpoint(s, a, 1, 10, &got, &err), &err, "checkpoint");
	is_text(got.note, "one, cosigned twice", "the newest note");
	ok(got.kept, "kept stays kept");
	must(record_checkpoints(s, a, 1, &all, &n, &err), &err, "all");
	ok(n == 2 && all[0].size == 10 && all[1].size == 20, "all, by size");
}

/* --- people, clients, values --- */

static void people(struct arena *a, struct store *s)
{
	struct err err = {.line = 0};
	struct stored_user u = {.id = text_of("u_1"),
				.handle = text_of("ana"),
				.roles = text_of("OW FI"),
				.contract = text_of(""),
				.added_at = 5,
				.ended_at = INSTANT_NONE};
	struct stored_user b = {.id = text_of("u_2"),
				.handle = text_of("ben"),
				.client = true,
				.roles = text_of("SI"),
				.contract = text_of("c1"),
				.added_at = 4,
				.ended_at = INSTANT_NONE};
	struct stored_user c = b, *users = NULL;
	struct stored_client client = {text_of("acme"), text_of("Acme \xc3\x96sterreich"), 3},
			     *clients = NULL;
	struct text value = {NULL, 0};
	instant t = 0;
	size_t n = 0;

	c.id = text_of("u_3");
	fine(record_user_put(s, &u, &err), &err, "a person");
	fine(record_user_put(s, &b, &err), &err, "another");
	is_i64(record_user_put(s, &c, &err), RC_INVALID, "a handle twice");
	is_text(text_of(err.message), "there is a person 'ben' already", "message");
	is_text(text_of(err.code), "unique", "code");
	u.ended_at = 99;
	fine(record_user_put(s, &u, &err), &err, "a person changed");
	must(record_users(s, a, &users, &n, &err), &err, "users");
	ok(n == 2 && text_is(users[0].id, "u_2") && users[0].client &&
		   users[0].ended_at == INSTANT_NONE,
	   "people in the order they came");
	ok(users[1].ended_at == 99 && text_is(users[1].roles, "OW FI") && !users[1].client,
	   "as changed");
	fine(record_client_put(s, &client, &err), &err, "a client");
	is_i64(record_client_put(s, &client, &err), RC_INVALID, "a client twice");
	is_text(text_of(err.message), "there is a client 'acme' already", "message");
	must(record_clients(s, a, &clients, &n, &err), &err, "clients");
	ok(n == 1 && text_eq(clients[0].name, client.name), "with its name");

	is_i64(record_meta(s, a, "provider", &value, &err), RC_MISSING, "no such value");
	must(record_meta_put(s, "provider", text_of("A"), &err), &err, "put");
	must(record_meta_put(s, "provider", text_of("B"), &err), &err, "put");
	must(record_meta(s, a, "provider", &value, &err), &err, "meta");
	is_text(value, "B", "the newest value");
	must(record_clock(s, &t, &err), &err, "clock");
	ok(t == INSTANT_NONE, "no time seen yet");
	must(record_clock_put(s, 1000, &err), &err, "clock");
	must(record_clock_put(s, 2000, &err), &err, "clock");
	must(record_clock(s, &t, &err), &err, "clock");
	is_i64(t, 2000, "the highest time seen");
}

/* --- an entry cut out by somebody with the file in hand --- */

static void entry_cut_out(struct arena *a)
{
	struct err err = {.line = 0};
	struct walk w = {.stop = -1, .right = true};
	sqlite3 *db = NULL;

	if (sqlite3_open(scratch_path(a, "r.tenor").p, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
			 "DROP TRIGGER entry_kept; DELETE FROM entry WHERE place = (1 << 40) + 17",
			 NULL, NULL, NULL) != SQLITE_OK)
		exit(1);
	(void)sqlite3_close(db);

	struct store *s = open_as(a, "r.tenor", STORE_READ);

	recompute_init(&w.tree);
	is_i64(record_each(s, 1, 0, 2500, walk_entry, &w, &err), RC_INVALID,
	       "an entry that was deleted");
	is_text(text_of(err.message), "entry 17 is missing", "is named");
	store_close(s);
}

int main(void)
{
	struct arena *a = arena_new(512 << 20);

	scratch_make();
	hasher = hasher_new(a);
	struct store *s = workspace_with_log(a, "r.tenor");

	logs(a, s);
	entries(a, s);
	proofs(a, s);
	append_refused(a, s);
	derived(a, s);
	blobs_and_slots(a, s);
	checkpoints(a, s);
	people(a, s);
	store_close(s);
	entry_cut_out(a);
	hasher_free(hasher);
	arena_free(a);
	scratch_remove();
	return tap_done();
}
