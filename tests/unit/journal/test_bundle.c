/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: a good one passes every step, and each damage of trust.md J19 and J20 is refused by name. */
#include "bundle_fixture.h"

struct run {
	struct bundle b;
	struct bundle_checked checked;
	struct err err;
	enum rc read, check;
	int64_t seen; /* entries that each was called for */
	int64_t stop; /* each fails here; -1: nowhere */
};

static enum rc see(void *context, int64_t index, const struct entry *e, const struct canon_doc *doc,
		   struct err *err)
{
	struct run *r = context;

	(void)e;
	(void)doc;
	if (index == r->stop)
		return err_set(err, RC_LIMIT, "stopped at %lld", (long long)index);
	if (index == r->seen)
		r->seen++;
	return RC_OK;
}

/* Reads and checks what lies in out with the keys whose bits are set in trust. */
static void run(struct fix *f, struct text bytes, unsigned trust, bool bundle_keys, struct run *r)
{
	struct vkey keys[3];
	struct bundle_trust t = {keys, 0, bundle_keys};
	int64_t stop = r->stop;

	*r = (struct run){.stop = stop};
	for (unsigned k = 0; k < 3; k++)
		if (trust >> k & 1)
			keys[t.n_keys++] = f->key[k];
	r->read = bundle_read(f->a, f->h, bytes, &r->b, &r->err);
	if (r->read == RC_OK)
		r->check = bundle_check(f->a, f->h, &r->b, &t, see, r, &r->checked, &r->err);
}

static bool all_passed(const struct run *r)
{
	for (int s = CHECK_LIST; s < CHECK_NUMBERS; s++)
		if (r->checked.steps[s].result != CHECK_PASSED) {
			note("step %d: %.*s", s, TEXT_ARG(r->checked.steps[s].words));
			return false;
		}
	return r->read == RC_OK && r->check == RC_OK;
}

static void good(void)
{
	static const int64_t sizes[] = {0, 1, 2, 3, 40, 256, 257, 600};

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct run r = {.stop = -1};
		struct fix f;
		struct buf out;

		fix_start(&f, sizes[i]);
		buf_init(&out, 1 << 20);
		fix_files(&f, 3, i % 2 == 0);
		fix_pack(&f, &out);
		run(&f, buf_view(&out), 3, false, &r);
		ok(all_passed(&r), "a bundle of %lld entries passes: %s", (long long)sizes[i],
		   r.err.message);
		is_i64((int64_t)r.checked.n_entries, sizes[i], "its entries are found");
		is_i64(r.seen, sizes[i], "each is shown once, in order");
		is_i64(r.checked.checkpoint.size, sizes[i], "size");
		ok(r.checked.steps[CHECK_NUMBERS].result == CHECK_SKIPPED,
		   "numbers are left to others");
		if (sizes[i] == 40) {
			is_text(r.checked.steps[CHECK_LIST].words, "10 files are those of the list",
				"list");
			is_text(r.checked.steps[CHECK_TRUST].words,
				"1 trusted key of the log, 0 added under such a signature",
				"trust");
			is_text(r.checked.steps[CHECK_SIGNATURES].words,
				"4 checkpoints are signed by the log; 1 cosignatures fit",
				"signatures");
			is_text(r.checked.steps[CHECK_ROOT].words,
				"40 entries give the root, and those of 3 earlier checkpoints",
				"root");
			is_text(r.checked.steps[CHECK_ENTRIES].words,
				"40 entries are canonical, in order, each with its own id",
				"entries");
			is_text(r.checked.steps[CHECK_COMMITMENTS].words,
				"1 slots are opened, each as committed", "commitments");
			is_text(r.checked.steps[CHECK_APPROVALS].words,
				"1 versions and 1 inputs are those that entries name", "approvals");
			ok(r.b.about.as_of == f.about.as_of &&
				   r.b.about.known_as_of == f.about.known_as_of &&
				   uuid_cmp(&r.b.about.log, &f.about.log) == 0,
			   "what it is about");
			ok(bundle_find(&r.b, text_of("expected/statement-2026-03.json")) != NULL &&
				   bundle_find(&r.b, text_of("bundle.json")) == NULL &&
				   bundle_find(&r.b, text_of("zzz")) == NULL,
			   "files are found by name");
		}
		buf_free(&out);
		fix_end(&f);
	}
}

/* --- damage that the list does not know of: refused by reading --- */

struct raw {
	const char *what;
	void (*damage)(struct buf *out);
	const char *message;
};

/* The first header is bundle.json's, the second checkpoint's. */
static size_t second(const struct buf *out)
{
	int64_t n = 0;

	for (size_t i = 124; i < 135; i++)
		n = n * 8 + (out->p[i] - '0');
	return (size_t)TAR_BLOCK + (size_t)n + tar_pad(n);
}

static void sum(struct buf *out, size_t at)
{
	unsigned total = 0;

	memset(out->p + at + 148, ' ', 8);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		total += (unsigned char)out->p[at + i];
	(void)snprintf(out->p + at + 148, 8, "%06o", total);
}

static void cut_end(struct buf *out)
{
	out->n -= 1;
}
static void cut_block(struct buf *out)
{
	out->n -= TAR_BLOCK;
}
static void cut_inside(struct buf *out)
{
	out->n = second(out) + TAR_BLOCK + 10;
}
static void more_end(struct buf *out)
{
	buf_char(out, '\0');
}
static void more_blocks(struct buf *out)
{
	buf_pad(out, '\0', TAR_BLOCK);
}
static void set_type(struct buf *out)
{
	out->p[second(out) + 156] = '2';
	sum(out, second(out));
}
static void set_mode(struct buf *out)
{
	out->p[second(out) + 104] = '7';
	sum(out, second(out));
}
static void set_uid(struct buf *out)
{
	out->p[second(out) + 114] = '1';
	sum(out, second(out));
}
static void set_gid(struct buf *out)
{
	out->p[second(out) + 122] = '1';
	sum(out, second(out));
}
static void set_time(struct buf *out)
{
	out->p[second(out) + 146] = '1';
	sum(out, second(out));
}
static void set_link(struct buf *out)
{
	out->p[second(out) + 157] = 'x';
	sum(out, second(out));
}
static void set_prefix(struct buf *out)
{
	out->p[second(out) + 345] = 'x';
	sum(out, second(out));
}
static void set_sum(struct buf *out)
{
	out->p[second(out) + 150] ^= 1;
}
static void set_magic(struct buf *out)
{
	out->p[second(out) + 262] = ' ';
	sum(out, second(out));
}
static void set_size(struct buf *out)
{
	out->p[second(out) + 124] = '7';
	sum(out, second(out));
}
static void set_up(struct buf *out)
{
	memcpy(out->p + second(out), "../eckpoint", 11);
	sum(out, second(out));
}
static void set_root(struct buf *out)
{
	out->p[second(out)] = '/';
	sum(out, second(out));
}
static void set_folder(struct buf *out)
{
	out->p[second(out) + 9] = '/';
	sum(out, second(out));
}
static void set_case(struct buf *out)
{
	/* before bundle.json by byte */
	out->p[second(out)] = 'C';
	sum(out, second(out));
}
static void set_same(struct buf *out)
{
	memset(out->p + second(out), 0, 100);
	memcpy(out->p + second(out), "bundle.json", 11);
	sum(out, second(out));
}
static void set_pad(struct buf *out)
{
	out->p[second(out) - 1] = 'x';
}
static void set_byte(struct buf *out)
{
	out->p[second(out) + TAR_BLOCK] ^= 1;
}
static void all_zero(struct buf *out)
{
	memset(out->p, 0, out->n);
}

static const struct raw raws[] = {
	{"a byte less", cut_end, "bundle does not end at byte"},
	{"a block less", cut_block, "bundle does not end at byte"},
	{"an end inside a file", cut_inside, "bundle ends inside 'checkpoint'"},
	{"a byte more", more_end, "bundle does not end at byte"},
	{"a block more", more_blocks, "bundle does not end at byte"},
	{"a symbolic link", set_type, "type in the header of 'checkpoint'"},
	{"another mode", set_mode, "mode in the header of 'checkpoint'"},
	{"an owner", set_uid, "uid in the header of 'checkpoint'"},
	{"a group", set_gid, "gid in the header of 'checkpoint'"},
	{"a time", set_time, "mtime in the header of 'checkpoint'"},
	{"a link's target", set_link, "link in the header of 'checkpoint'"},
	{"a prefix", set_prefix, "prefix in the header of 'checkpoint'"},
	{"another sum", set_sum, "checksum in the header of 'checkpoint'"},
	{"another magic", set_magic, "magic in the header of 'checkpoint'"},
	{"a size over the limit", set_size, "size in the header of 'checkpoint'"},
	{"a path upwards", set_up, "has no name that a bundle allows"},
	{"a path from the root", set_root, "has no name that a bundle allows"},
	{"a folder", set_folder, "has no name that a bundle allows"},
	{"names not in order", set_case, "'Checkpoint' comes after 'bundle.json'"},
	{"a name twice", set_same, "'bundle.json' comes after 'bundle.json'"},
	{"bytes after a file", set_pad, "'bundle.json' is not followed by zero bytes"},
	{"another byte", set_byte, "'checkpoint' has another SHA-256 than the list says"},
	{"nothing", all_zero, "bundle does not end at byte 0"},
};

static void raw_damage(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(raws); i++) {
		struct run r = {.stop = -1};
		struct fix f;
		struct buf out;

		fix_start(&f, 3);
		buf_init(&out, 1 << 20);
		fix_files(&f, 1, false);
		fix_pack(&f, &out);
		raws[i].damage(&out);
		run(&f, buf_view(&out), 1, false, &r);
		ok(r.read == RC_INVALID && strstr(r.err.message, raws[i].message) != NULL, "%s: %s",
		   raws[i].what, r.err.message);
		buf_free(&out);
		fix_end(&f);
	}
}

/* --- the list --- */

static void lists(void)
{
	static const struct {
		const char *from, *to, *message;
	} edits[] = {
		{"\"v\":1", "\"v\":2", "bundle is of version 2; this program reads version 1"},
		{"\"v\":1", "\"v\":\"1\"", "'v' of bundle.json is of another type"},
		{"\"v\":1", "\"v\":1 ", "not canonical"},
		{"\"v\":1", "\"v\":1,\"w\":1", "a member that a list has not"},
		{",\"v\":1", "", "'v' of bundle.json is missing"},
		{"\"complete\":true", "\"complete\":1",
		 "'complete' of bundle.json is of another type"},
		{"\"period\":\"2026-03\"", "\"period\":\"2026-13\"",
		 "period of bundle.json is not a month"},
		{"\"as_of\":\"2026-04-01T00:00:00.000Z\"", "\"as_of\":\"2026-04-01T00:00:00Z\"",
		 "'as_of' of bundle.json is no instant"},
		{"\"known_as_of\":\"2026-04-01T00:00:00.412Z\"", "\"known_as_of\":\"\"",
		 "'known_as_of' of bundle.json is no instant"},
		{"/log/019ca6b1", "/lag/019ca6b1", "origin of bundle.json does not end in /log/"},
		{"\"size\":3", "\"size\":-3", "size of bundle.json is not one of a log"},
		{"\"size\":3", "\"size\":9007199254740991", NULL},
		{"\"root\":\"", "\"root\":\"0", "root of bundle.json is not 64 hex digits"},
		{"\"length\":2,", "\"length\":3,", "has 2 bytes; the list says 3"},
		{"\"length\":2,", "\"length\":-2,",
		 "length or sha256 of 'expected/statement-2026-03.json'"},
		{"\"length\":2,", "", "not all length, name, sha256"},
		{"expected/statement-2026-03.json", "expected/statement-2026-02.json",
		 "'expected/statement-2026-02.json' of the list is missing"},
		{"expected/statement-2026-03.json", "expected/statement-2026-04.json",
		 "'expected/statement-2026-03.json' is not in the list"},
		{"expected/statement-2026-03.json", "zexpected",
		 "'expected/statement-2026-03.json' is not in the list"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		struct run r = {.stop = -1};
		struct fix f;
		struct buf out;
		struct text list;
		const char *hit;

		fix_start(&f, 3);
		buf_init(&out, 1 << 20);
		fix_files(&f, 1, false);
		list = fix_list(&f);
		hit = strstr(list.p, edits[i].from);
		if (hit == NULL) {
			ok(false, "'%s' is in the list", edits[i].from);
		} else {
			list = text_format(f.a, "%.*s%s%s", (int)(hit - list.p), list.p,
					   edits[i].to, hit + strlen(edits[i].from));
			fix_pack_list(&f, list, &out);
			run(&f, buf_view(&out), 1, false, &r);
			if (edits[i].message == NULL)
				ok(r.read == RC_OK &&
					   r.checked.steps[CHECK_ROOT].result == CHECK_FAILED,
				   "%s: %.*s", edits[i].to,
				   TEXT_ARG(r.checked.steps[CHECK_ROOT].words));
			else
				ok(r.read == RC_INVALID &&
					   strstr(r.err.message, edits[i].message) != NULL,
				   "%s: %s", edits[i].to, r.err.message);
		}
		buf_free(&out);
		fix_end(&f);
	}
}

/* Names that no bundle has, listed all the same. */
static void names(void)
{
	static const char *const bad[] = {
		"notes.txt",         "checkpoints/03",      "checkpoints/x", "entries/0",
		"entries/000.p/256", "versions/1.json",     "inputs/ab",     "keys/a/b",
		"private/x.y.json",  "expected/a.txt",      "tile/1/000",    "tile/0/0",
		"leaves/0",          "proofs/0.tlog-proof",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct run r = {.stop = -1};
		struct fix f;
		struct buf out;

		fix_start(&f, 3);
		buf_init(&out, 1 << 20);
		fix_files(&f, 1, false);
		fix_file(&f, text_of(bad[i]), text_of("x"));
		fix_pack(&f, &out);
		run(&f, buf_view(&out), 1, false, &r);
		ok(r.read == RC_INVALID && strstr(r.err.message, bad[i]) != NULL, "%s",
		   r.err.message);
		buf_free(&out);
		fix_end(&f);
	}
}

static void no_checkpoint(void)
{
	struct run r = {.stop = -1};
	struct fix f;
	struct buf out;

	fix_start(&f, 3);
	buf_init(&out, 1 << 20);
	fix_files(&f, 1, false);
	fix_drop(&f, "checkpoint");
	fix_pack(&f, &out);
	run(&f, buf_view(&out), 1, false, &r);
	ok(r.read == RC_INVALID && text_is(text_of(r.err.message), "'checkpoint' is missing"), "%s",
	   r.err.message);
	buf_free(&out);
	fix_end(&f);
}

/* --- damage under a list that fits: each fails at its step, by index or name --- */

static void change(struct fix *f, int64_t i, const char *from, const char *to)
{
	const char *hit = strstr(f->entries[i].p, from);

	if (hit == NULL)
		abort();
	f->entries[i] = text_format(f->a, "%.*s%s%s", (int)(hit - f->entries[i].p), f->entries[i].p,
				    to, hit + strlen(from));
}

static void flip_17(struct fix *f)
{
	change(f, 17, "T-17", "T-18");
	fix_tiles(f, false);
}
static void swap(struct fix *f)
{
	struct text t = f->entries[5];

	f->entries[5] = f->entries[6];
	f->entries[6] = t;
	fix_tiles(f, false);
}
static void drop_entry(struct fix *f)
{
	memmove(f->entries + 12, f->entries + 13, (size_t)(f->n - 13) * sizeof(*f->entries));
	f->entries[f->n - 1] =
		fix_entry(f, f->n - 1, "ticket.closed", text_of("{\"ticket\":\"T-1\"}"), "");
	fix_tiles(f, false);
}
static void tile_hash(struct fix *f)
{
	f->leaves[9].b[0] ^= 1;
	fix_tiles(f, true);
}
static void short_tile(struct fix *f)
{
	f->n--;
	fix_drop(f, "entries/000.p/40");
	fix_drop(f, "tile/0/000.p/40");
	fix_tiles(f, true);
}
static void long_tile(struct fix *f)
{
	struct bundle_file *file = fix_find(f, "entries/000.p/40");
	struct buf out;

	buf_init(&out, 1 << 20);
	buf_text(&out, file->bytes);
	entry_bundle_add(&out, f->entries[0]);
	fix_file(f, file->name, buf_view(&out));
	buf_free(&out);
}
static void broken_tile(struct fix *f)
{
	struct bundle_file *file = fix_find(f, "entries/000.p/40");

	fix_file(f, file->name, text_sub(file->bytes, 0, file->bytes.n - 1));
}
static void second_tile(struct fix *f)
{
	fix_file(f, text_of("entries/001.p/5"), text_of("x"));
}
static void third_tile(struct fix *f)
{
	fix_file(f, text_of("tile/0/001.p/5"), text_of("x"));
}
static void long_hashes(struct fix *f)
{
	struct bundle_file *file = fix_find(f, "tile/0/000.p/40");

	fix_file(f, file->name,
		 (struct text){arena_copy(f->a, (const char *)f->leaves, (size_t)41 * SHA256_BYTES),
			       (size_t)41 * SHA256_BYTES});
}
static void no_note_no_root(struct fix *f)
{
	fix_file(f, text_of("checkpoint"), text_of("40\n"));
	f->about.root.b[5] ^= 4;
}
static void more_private(struct fix *f)
{
	fix_file(f, text_format(f->a, "private/%.*s.reason.json", TEXT_ARG(fix_id(f, 2))),
		 text_of("{\"bytes\":\"{\\\"reason\\\":\\\"Printer on floor 2 is "
			 "dead\\\"}\",\"more\":1,"
			 "\"salt\":\"" SALT "\"}"));
}
static void about_size(struct fix *f)
{
	f->about.size = 39;
}
static void about_root(struct fix *f)
{
	f->about.root.b[5] ^= 4;
}
static void fork_20(struct fix *f)
{
	struct hash root = fix_root(f, 20);

	root.b[0] ^= 1;
	fix_file(f, text_of("checkpoints/20"), fix_note(f, 20, &root, 1));
}
static void rolled_back(struct fix *f)
{
	/* a checkpoint of a longer log: the one that the holder was shown later */
	struct hash root = fix_root(f, 30);

	fix_file(f, text_of("checkpoints/50"), fix_note(f, 50, &root, 1));
}
static void bad_signature(struct fix *f)
{
	struct bundle_file *file = fix_find(f, "checkpoint");
	char *p = arena_copy(f->a, file->bytes.p, file->bytes.n);

	p[file->bytes.n - 20] = p[file->bytes.n - 20] == 'A' ? 'B' : 'A';
	fix_file(f, file->name, (struct text){p, file->bytes.n});
}
static void unsigned_note(struct fix *f)
{
	fix_file(f, text_of("checkpoint"), fix_note(f, 40, &f->about.root, 2));
}
static void unknown_key(struct fix *f)
{
	fix_file(f, text_of("checkpoint"), fix_note(f, 40, &f->about.root, 4));
}
static void older_unsigned(struct fix *f)
{
	fix_checkpoint(f, 20, 4);
}
static void other_size(struct fix *f)
{
	fix_file(f, text_of("checkpoints/19"), fix_find(f, "checkpoints/20")->bytes);
}
static void no_note(struct fix *f)
{
	fix_file(f, text_of("checkpoints/20"), text_of("20\n"));
}
static void other_origin(struct fix *f)
{
	struct text t = fix_find(f, "checkpoints/20")->bytes;
	char *p = arena_copy(f->a, t.p, t.n);

	p[0] = 'T';
	fix_file(f, text_of("checkpoints/20"), (struct text){p, t.n});
}
static void bad_keys(struct fix *f)
{
	fix_file(f, text_of("keys/log"), text_of("x+y+z\n"));
}
static void other_salt(struct fix *f)
{
	fix_file(f, text_format(f->a, "private/%.*s.reason.json", TEXT_ARG(fix_id(f, 2))),
		 text_of("{\"bytes\":\"{\\\"reason\\\":\\\"Printer on floor 2 is "
			 "dead\\\"}\",\"salt\":"
			 "\"010102030405060708090a0b0c0d0e0f\"}"));
}
static void other_words(struct fix *f)
{
	fix_file(f, text_format(f->a, "private/%.*s.reason.json", TEXT_ARG(fix_id(f, 2))),
		 text_of("{\"bytes\":\"{\\\"reason\\\":\\\"Printer on floor 3 is "
			 "dead\\\"}\",\"salt\":"
			 "\"" SALT "\"}"));
}
static void no_salt(struct fix *f)
{
	fix_file(f, text_format(f->a, "private/%.*s.reason.json", TEXT_ARG(fix_id(f, 2))),
		 text_of("{\"bytes\":\"\",\"pepper\":\"\"}"));
}
static void no_slot(struct fix *f)
{
	fix_file(f, text_format(f->a, "private/%.*s.reason.json", TEXT_ARG(fix_id(f, 3))),
		 text_of("{\"bytes\":\"\",\"salt\":\"" SALT "\"}"));
}
static void no_such_entry(struct fix *f)
{
	fix_file(f, text_format(f->a, "private/%.*s.reason.json", TEXT_ARG(fix_id(f, 99))),
		 text_of("{\"bytes\":\"\",\"salt\":\"" SALT "\"}"));
}
static void no_version(struct fix *f)
{
	fix_drop(f, text_format(f->a, "versions/%.*s.json",
				TEXT_ARG(fix_hex(f, text_of(VERSION_BYTES))))
			    .p);
}
static void no_input(struct fix *f)
{
	fix_drop(f, text_format(f->a, "inputs/%.*s", TEXT_ARG(fix_hex(f, text_of(INPUT_BYTES)))).p);
}
static void other_version(struct fix *f)
{
	fix_file(f,
		 text_format(f->a, "versions/%.*s.json",
			     TEXT_ARG(fix_hex(f, text_of(VERSION_BYTES)))),
		 text_of("{}"));
}

static const struct {
	const char *what;
	void (*damage)(struct fix *f);
	enum check_step step;
	enum check_result result;
	int64_t index;
	const char *words;
} damages[] = {
	{"nothing", NULL, CHECK_ROOT, CHECK_PASSED, -1, "40 entries give the root"},
	{"a changed entry", flip_17, CHECK_ROOT, CHECK_FAILED, 17,
	 "entry 17 has another hash than 'tile/0/000.p/40' says"},
	{"two entries changed places", swap, CHECK_ROOT, CHECK_FAILED, 5,
	 "entry 5 has another hash"},
	{"an entry taken out", drop_entry, CHECK_ROOT, CHECK_FAILED, 12,
	 "entry 12 has another hash"},
	{"a changed hash", tile_hash, CHECK_ROOT, CHECK_FAILED, 9, "entry 9 has another hash"},
	{"a tile of another width", short_tile, CHECK_ROOT, CHECK_FAILED, 0,
	 "'entries/000.p/40' with entry 0 is missing"},
	{"an entry too many", long_tile, CHECK_ROOT, CHECK_FAILED, -1,
	 "has more than its 40 entries"},
	{"an entry cut short", broken_tile, CHECK_ROOT, CHECK_FAILED, 39, "entry 39 is missing"},
	{"a tile too many", second_tile, CHECK_ROOT, CHECK_FAILED, -1,
	 "'entries/001.p/5' is no part of a log of size 40"},
	{"a tile of hashes too many", third_tile, CHECK_ROOT, CHECK_FAILED, -1,
	 "'tile/0/001.p/5' is no part of a log of size 40"},
	{"a hash too many", long_hashes, CHECK_ROOT, CHECK_FAILED, -1,
	 "'tile/0/000.p/40' has not 40 hashes"},
	{"another root in the list and no checkpoint", no_note_no_root, CHECK_ROOT, CHECK_FAILED,
	 -1, "the 40 entries do not give the root of 'bundle.json'"},
	{"more than a salt", more_private, CHECK_COMMITMENTS, CHECK_FAILED, 2,
	 "not the bytes and the 16-byte salt"},
	{"another size in the list", about_size, CHECK_ROOT, CHECK_FAILED, -1,
	 "'bundle.json' says size 39, 'checkpoint' says 40"},
	{"another root in the list", about_root, CHECK_ROOT, CHECK_FAILED, -1,
	 "'bundle.json' and 'checkpoint' have different roots"},
	{"a signed fork", fork_20, CHECK_ROOT, CHECK_FAILED, -1,
	 "entries 10 to 19 do not give the root of 'checkpoints/20'"},
	{"a rolled-back log", rolled_back, CHECK_ROOT, CHECK_FAILED, -1,
	 "'checkpoints/50' is of size 50; the log ends at 40"},
	{"a signature that fails", bad_signature, CHECK_SIGNATURES, CHECK_FAILED, -1,
	 "does not fit 'checkpoint'"},
	{"no signature of the log", unsigned_note, CHECK_SIGNATURES, CHECK_FAILED, -1,
	 "'checkpoint' is signed by no key that is trusted for size 40"},
	{"an unknown key", unknown_key, CHECK_SIGNATURES, CHECK_FAILED, -1,
	 "'checkpoint' is signed by no key that is trusted for size 40"},
	{"an older key", older_unsigned, CHECK_SIGNATURES, CHECK_IMPOSSIBLE, -1,
	 "'checkpoints/20' is signed by no key that is trusted for its size"},
	{"a checkpoint under another size", other_size, CHECK_SIGNATURES, CHECK_FAILED, -1,
	 "'checkpoints/19' is of size 20"},
	{"no checkpoint", no_note, CHECK_SIGNATURES, CHECK_FAILED, -1,
	 "'checkpoints/20': note has no blank line"},
	{"another log's checkpoint", other_origin, CHECK_SIGNATURES, CHECK_FAILED, -1,
	 "'checkpoints/20' is of another log"},
	{"keys that are none", bad_keys, CHECK_TRUST, CHECK_FAILED, -1,
	 "'keys/log': 'x+y+z' is not"},
	{"another salt", other_salt, CHECK_COMMITMENTS, CHECK_FAILED, 2,
	 "is not what entry 2 committed to in 'reason'"},
	{"other words", other_words, CHECK_COMMITMENTS, CHECK_FAILED, 2,
	 "is not what entry 2 committed"},
	{"no salt", no_salt, CHECK_COMMITMENTS, CHECK_FAILED, 2,
	 "not the bytes and the 16-byte salt"},
	{"a slot that the entry has not", no_slot, CHECK_COMMITMENTS, CHECK_FAILED, -1,
	 "belongs to no slot of an entry"},
	{"a slot of no entry", no_such_entry, CHECK_COMMITMENTS, CHECK_FAILED, -1,
	 "belongs to no slot of an entry"},
	{"a version left out", no_version, CHECK_APPROVALS, CHECK_FAILED, 0,
	 "entry 0 names 'versions/"},
	{"an input left out", no_input, CHECK_APPROVALS, CHECK_FAILED, 1, "entry 1 names 'inputs/"},
	{"another version", other_version, CHECK_APPROVALS, CHECK_FAILED, -1, "has the SHA-256"},
};

static void step_damage(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		struct run r = {.stop = -1};
		const struct step_report *s;
		struct fix f;
		struct buf out;

		fix_start(&f, 40);
		buf_init(&out, 1 << 20);
		fix_files(&f, 1, true);
		if (damages[i].damage != NULL)
			damages[i].damage(&f);
		fix_pack(&f, &out);
		run(&f, buf_view(&out), 1, false, &r);
		s = &r.checked.steps[damages[i].step];
		ok(r.read == RC_OK && r.check == RC_OK && s->result == damages[i].result &&
			   s->index == damages[i].index &&
			   text_has(s->words, text_of(damages[i].words)),
		   "%s: %.*s %s", damages[i].what, TEXT_ARG(s->words), r.err.message);
		buf_free(&out);
		fix_end(&f);
	}
}

/* --- entries that are wrong in a tree that is right: whoever signs can do that --- */

static void entry_other_log(struct fix *f)
{
	change(f, 7, LOG_UUID, "019ca6b1-dc00-7000-8000-000000000002");
}
static void entry_earlier(struct fix *f)
{
	change(f, 7, "T08:03:00", "T08:02:59");
}
static void entry_twice(struct fix *f)
{
	change(f, 7, fix_id(f, 7).p, fix_id(f, 4).p);
}
static void entry_again(struct fix *f)
{
	change(f, 7, fix_id(f, 7).p, fix_id(f, 6).p);
}
static void entry_posing_key(struct fix *f)
{
	struct vkey posing;
	struct err err = {.line = 0};

	if (vkey_make(text_of(ORIGIN), KEY_COSIGNER, f->key[1].key, &posing, &err) != RC_OK)
		abort();
	fix_key_fact(f, 7, "log_key_added", &posing);
}
static void entry_blank(struct fix *f)
{
	change(f, 7, "\"v\":1", "\"v\": 1");
}
static void entry_kind(struct fix *f)
{
	change(f, 7, "ticket.logged", "ticket.lagged");
}
static void entry_member(struct fix *f)
{
	change(f, 7, "\"v\":1", "\"v\":1,\"w\":1");
}
static void entry_no_json(struct fix *f)
{
	f->entries[7] = text_of("");
}
static void entry_key(struct fix *f)
{
	fix_key_fact(f, 7, "log_key_added", &f->key[1]);
}

static const struct {
	const char *what;
	void (*damage)(struct fix *f);
	enum check_step step;
	const char *words;
} wrongs[] = {
	{"another log", entry_other_log, CHECK_ENTRIES, "entry 7 belongs to another log"},
	{"recorded earlier", entry_earlier, CHECK_ENTRIES,
	 "entry 7 was recorded before the entry that stands before it"},
	{"an id twice", entry_twice, CHECK_ENTRIES, "entry 7 has the id of entry 4"},
	{"an id twice in a row", entry_again, CHECK_ENTRIES, "entry 7 has the id of entry 6"},
	{"a witness's key in the log's name", entry_posing_key, CHECK_TRUST,
	 "entry 7 names a key that is not of this log"},
	{"white space", entry_blank, CHECK_ENTRIES, "entry 7: not canonical"},
	{"an unknown kind", entry_kind, CHECK_ENTRIES, "entry 7: "},
	{"another member", entry_member, CHECK_ENTRIES, "entry 7: "},
	{"no bytes", entry_no_json, CHECK_ENTRIES, "entry 7: "},
	{"a key of another name", entry_key, CHECK_TRUST,
	 "entry 7 names a key that is not of this log"},
};

static void wrong_entries(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrongs); i++) {
		struct run r = {.stop = -1};
		const struct step_report *s;
		struct fix f;
		struct buf out;

		fix_start(&f, 40);
		buf_init(&out, 1 << 20);
		wrongs[i].damage(&f);
		fix_files(&f, 1, true);
		fix_pack(&f, &out);
		run(&f, buf_view(&out), 1, false, &r);
		s = &r.checked.steps[wrongs[i].step];
		ok(r.check == RC_OK && s->result == CHECK_FAILED && s->index == 7 &&
			   text_has(s->words, text_of(wrongs[i].words)) &&
			   r.checked.steps[CHECK_ROOT].result == CHECK_PASSED,
		   "%s: %.*s %s", wrongs[i].what, TEXT_ARG(s->words), r.err.message);
		if (wrongs[i].step == CHECK_TRUST)
			is_i64(r.seen, 40, "a key that is wrong leaves out no entry");
		buf_free(&out);
		fix_end(&f);
	}
}

/* Without a tile of hashes the change is named by the checkpoints around it; with one, even the list's failure names the entry. */
static void naming(void)
{
	struct run r = {.stop = -1};
	struct fix f;
	struct buf out;

	fix_start(&f, 40);
	buf_init(&out, 1 << 20);
	fix_files(&f, 1, false);
	flip_17(&f);
	fix_pack(&f, &out);
	run(&f, buf_view(&out), 1, false, &r);
	is_text(r.checked.steps[CHECK_ROOT].words,
		"entries 10 to 19 do not give the root of 'checkpoints/20'",
		"named by checkpoints");
	fix_end(&f);
	fix_start(&f, 40);
	fix_files(&f, 1, true);
	struct text list = fix_list(&f);

	flip_17(&f);
	fix_pack_list(&f, list, &out);
	run(&f, buf_view(&out), 1, false, &r);
	ok(r.read == RC_INVALID &&
		   strstr(r.err.message, "entry 17 in 'entries/000.p/40' has another hash") != NULL,
	   "%s", r.err.message);
	buf_free(&out);
	fix_end(&f);
}

/* --- J14, J21 --- */

enum { OLD = 1, NEXT = 4 };

static const struct {
	const char *what;
	unsigned trust, at_20, at_40; /* who signed the checkpoints of 20 and of all */
	int64_t added, retired;       /* indexes of the facts; -1: none */
	enum check_result trust_result, signatures;
} rotations[] = {
	{"the old key alone", OLD, OLD, OLD, -1, -1, CHECK_PASSED, CHECK_PASSED},
	{"both keys sign", OLD, OLD, OLD | NEXT, 15, -1, CHECK_PASSED, CHECK_PASSED},
	{"the next key signs, its fact covered by the old one", OLD, OLD, NEXT, 15, -1,
	 CHECK_PASSED, CHECK_PASSED},
	{"the next key signs, its fact after what the old one signed", OLD, OLD, NEXT, 25, -1,
	 CHECK_PASSED, CHECK_FAILED},
	{"a fact at the very end of what the old one signed", OLD, OLD, NEXT, 19, -1, CHECK_PASSED,
	 CHECK_PASSED},
	{"a fact right after what the old one signed", OLD, OLD, NEXT, 20, -1, CHECK_PASSED,
	 CHECK_FAILED},
	{"a key counts above its fact", OLD, NEXT, OLD, 19, -1, CHECK_PASSED, CHECK_PASSED},
	{"and not below", OLD, NEXT, OLD, 20, -1, CHECK_PASSED, CHECK_IMPOSSIBLE},
	{"a key counts up to the fact that retires it", OLD, OLD, NEXT, 15, 20, CHECK_PASSED,
	 CHECK_PASSED},
	{"and not above", OLD, OLD, NEXT, 15, 19, CHECK_PASSED, CHECK_FAILED},
	{"the next key signs without a fact", OLD, OLD, NEXT, -1, -1, CHECK_PASSED, CHECK_FAILED},
	{"retired after both signed", OLD, OLD, OLD | NEXT, 15, 35, CHECK_PASSED, CHECK_PASSED},
	{"a retired key alone", OLD, OLD, OLD, 15, 35, CHECK_PASSED, CHECK_FAILED},
	{"a key does not bring itself", OLD, OLD | NEXT, NEXT, 25, -1, CHECK_PASSED, CHECK_FAILED},
	{"a retired key brings no other", OLD, OLD, OLD | NEXT, 25, 22, CHECK_PASSED, CHECK_FAILED},
	{"the next key was given", NEXT, NEXT, NEXT, -1, -1, CHECK_PASSED, CHECK_PASSED},
	{"the next key was given and is added as well", NEXT, NEXT, NEXT, 25, -1, CHECK_PASSED,
	 CHECK_PASSED},
	{"no key", 0, OLD, OLD, -1, -1, CHECK_IMPOSSIBLE, CHECK_IMPOSSIBLE},
	{"the witness alone", 2, OLD, OLD, -1, -1, CHECK_IMPOSSIBLE, CHECK_IMPOSSIBLE},
};

static void rotate(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rotations); i++) {
		struct run r = {.stop = -1};
		struct fix f;
		struct buf out;

		fix_start(&f, 40);
		buf_init(&out, 1 << 20);
		if (rotations[i].added >= 0)
			fix_key_fact(&f, rotations[i].added, "log_key_added", &f.key[2]);
		if (rotations[i].retired >= 0)
			fix_key_fact(&f, rotations[i].retired, "log_key_retired", &f.key[0]);
		fix_files(&f, rotations[i].at_40, false);
		fix_drop(&f, "checkpoints/10");
		fix_drop(&f, "checkpoints/30");
		fix_checkpoint(&f, 20, rotations[i].at_20);
		fix_pack(&f, &out);
		run(&f, buf_view(&out), rotations[i].trust, false, &r);
		ok(r.check == RC_OK &&
			   r.checked.steps[CHECK_TRUST].result == rotations[i].trust_result &&
			   r.checked.steps[CHECK_SIGNATURES].result == rotations[i].signatures,
		   "%s: %.*s; %.*s", rotations[i].what,
		   TEXT_ARG(r.checked.steps[CHECK_TRUST].words),
		   TEXT_ARG(r.checked.steps[CHECK_SIGNATURES].words));
		buf_free(&out);
		fix_end(&f);
	}
}

static void own_keys(void)
{
	struct run r = {.stop = -1};
	struct fix f;
	struct buf out, line;

	fix_start(&f, 5);
	buf_init(&out, 1 << 20);
	buf_init(&line, 1000);
	vkey_print(&f.key[0], &line);
	buf_char(&line, '\n');
	fix_files(&f, 1, false);
	fix_file(&f, text_of("keys/log"), buf_view(&line));
	fix_pack(&f, &out);
	run(&f, buf_view(&out), 0, false, &r);
	ok(r.checked.steps[CHECK_TRUST].result == CHECK_IMPOSSIBLE,
	   "keys/ are not trusted by themselves");
	run(&f, buf_view(&out), 0, true, &r);
	ok(all_passed(&r), "unless it is asked for");
	is_text(r.checked.steps[CHECK_TRUST].words,
		"1 trusted key of the log, 0 added under such a signature; keys of the bundle "
		"itself are "
		"taken as trusted",
		"and then it is said");
	buf_free(&line);
	buf_free(&out);
	fix_end(&f);
}

/* --- not complete --- */

static void part_good(struct fix *f)
{
	(void)f;
}
static void part_leaf(struct fix *f)
{
	fix_file(f, text_of("leaves/17"), f->entries[18]);
}
static void part_proof(struct fix *f)
{
	fix_file(f, text_of("proofs/17.tlog-proof"), fix_find(f, "proofs/3.tlog-proof")->bytes);
}
static void part_no_proof(struct fix *f)
{
	fix_drop(f, "proofs/17.tlog-proof");
}
static void part_no_leaf(struct fix *f)
{
	fix_drop(f, "leaves/17");
}
static void part_older(struct fix *f)
{
	fix_checkpoint(f, 20, 1);
}
static void part_same_size(struct fix *f)
{
	struct hash root = f->about.root;

	root.b[0] ^= 1;
	fix_file(f, text_of("checkpoints/40"), fix_note(f, 40, &root, 1));
}
static void part_same_root(struct fix *f)
{
	struct proof_file p = {.index = 0};
	struct err err = {.line = 0};
	struct buf out;

	if (proof_file_parse(fix_find(f, "proofs/17.tlog-proof")->bytes, &p, &err) != RC_OK)
		abort();
	buf_init(&out, 8000);
	proof_file_print(17, &p.proof, fix_note(f, 39, &f->about.root, 1), &out);
	fix_file(f, text_of("proofs/17.tlog-proof"), buf_view(&out));
	buf_free(&out);
}
static void part_next_key(struct fix *f)
{
	/* the fact lies under the old key's checkpoint in truth, but nothing in the bundle shows it */
	fix_file(f, text_of("checkpoint"), fix_note(f, 40, &f->about.root, 4));
	fix_checkpoint(f, 20, 1);
}
static void part_other_note(struct fix *f)
{
	struct proof_file p = {.index = 0};
	struct err err = {.line = 0};
	struct hash root = fix_root(f, 39);
	struct buf out;

	if (proof_file_parse(fix_find(f, "proofs/17.tlog-proof")->bytes, &p, &err) != RC_OK)
		abort();
	buf_init(&out, 8000);
	proof_file_print(17, &p.proof, fix_note(f, 39, &root, 1), &out);
	fix_file(f, text_of("proofs/17.tlog-proof"), buf_view(&out));
	buf_free(&out);
}

static const struct {
	const char *what;
	void (*damage)(struct fix *f);
	enum check_step step;
	enum check_result result;
	int64_t index;
	const char *words;
} parts[] = {
	{"a part", part_good, CHECK_ENTRIES, CHECK_IMPOSSIBLE, -1,
	 "inclusion shown, completeness not shown"},
	{"a part", part_good, CHECK_ROOT, CHECK_PASSED, -1,
	 "5 entries lie under the root of size 40"},
	{"another leaf", part_leaf, CHECK_ROOT, CHECK_FAILED, 17, "entry 17: "},
	{"another proof", part_proof, CHECK_ROOT, CHECK_FAILED, 17,
	 "'proofs/17.tlog-proof' proves entry 3"},
	{"no proof", part_no_proof, CHECK_ROOT, CHECK_FAILED, 17,
	 "'proofs/17.tlog-proof' of entry 17 is missing"},
	{"no leaf", part_no_leaf, CHECK_ROOT, CHECK_FAILED, 17,
	 "'proofs/17.tlog-proof' proves an entry that is missing"},
	{"an older checkpoint", part_older, CHECK_ROOT, CHECK_IMPOSSIBLE, -1,
	 "whether 'checkpoints/20' is consistent needs all entries"},
	{"a second root", part_same_size, CHECK_ROOT, CHECK_FAILED, -1,
	 "'checkpoints/40' has another root for the same size"},
	{"another checkpoint in a proof", part_other_note, CHECK_ROOT, CHECK_FAILED, -1,
	 "'proofs/17.tlog-proof' is for another checkpoint"},
	{"a checkpoint of another size in a proof", part_same_root, CHECK_ROOT, CHECK_FAILED, -1,
	 "'proofs/17.tlog-proof' is for another checkpoint"},
	{"a next key whose fact is not shown to be covered", part_next_key, CHECK_SIGNATURES,
	 CHECK_FAILED, -1, "'checkpoint' is signed by no key that is trusted for size 40"},
	{"a version left out", part_good, CHECK_APPROVALS, CHECK_IMPOSSIBLE, -1,
	 "entry 0 names 'versions/"},
};

static void incomplete(void)
{
	static const int64_t indexes[] = {0, 3, 9, 17, 39};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		struct run r = {.stop = -1};
		const struct step_report *s;
		struct fix f;
		struct buf out;

		fix_start(&f, 40);
		buf_init(&out, 1 << 20);
		fix_key_fact(&f, 9, "log_key_added", &f.key[2]);
		fix_part(&f, indexes, ARRAY_SIZE(indexes));
		parts[i].damage(&f);
		fix_pack(&f, &out);
		run(&f, buf_view(&out), 1, false, &r);
		s = &r.checked.steps[parts[i].step];
		ok(r.check == RC_OK && s->result == parts[i].result && s->index == parts[i].index &&
			   text_has(s->words, text_of(parts[i].words)) && r.seen == 0,
		   "%s: %.*s %s", parts[i].what, TEXT_ARG(s->words), r.err.message);
		buf_free(&out);
		fix_end(&f);
	}
}

static void stopping(void)
{
	struct run r = {.stop = 11};
	struct fix f;
	struct buf out;

	fix_start(&f, 40);
	buf_init(&out, 1 << 20);
	fix_files(&f, 1, false);
	fix_pack(&f, &out);
	run(&f, buf_view(&out), 1, false, &r);
	ok(r.check == RC_LIMIT && r.seen == 11, "the caller's failure ends the check: %s",
	   r.err.message);
	buf_free(&out);
	fix_end(&f);
}

int main(void)
{
	good();
	raw_damage();
	lists();
	names();
	no_checkpoint();
	step_damage();
	wrong_entries();
	naming();
	rotate();
	own_keys();
	incomplete();
	stopping();
	return tap_done();
}
