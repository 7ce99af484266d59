/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small record in memory and the bundle of it: entries, tree, checkpoints, one version, one input, one opened slot. A test changes
 * entries before the tree is made, or files after it, and packs. The keys' seeds are those of trust.md 2.4.
 */
#ifndef TEST_JOURNAL_BUNDLE_FIXTURE_H
#define TEST_JOURNAL_BUNDLE_FIXTURE_H

#include "journal/bundle.h"
#include "journal/tile.h"
#include "tap.h"

#include <string.h>

#define LOG_UUID "019ca6b1-dc00-7000-8000-000000000001"
#define ORIGIN "tenor.example.net/log/" LOG_UUID
#define VERSION_BYTES "{\"schema\":\"tenor/1\",\"title\":\"IT\"}"
#define INPUT_BYTES "TZif2"
#define PRIVATE_BYTES "{\"reason\":\"Printer on floor 2 is dead\"}"
#define SALT "000102030405060708090a0b0c0d0e0f"

enum { FIX_ENTRIES = 600, FIX_FILES = 64 };

struct fix {
	struct arena *a;
	struct hasher *h;
	unsigned char seed[3][ED25519_SEED]; /* the log's, its witness's, the log's next */
	struct vkey key[3];
	struct text entries[FIX_ENTRIES];
	struct hash leaves[FIX_ENTRIES];
	int64_t n;
	struct bundle_about about;
	struct bundle_file files[FIX_FILES];
	size_t n_files;
};

UNUSED static struct text fix_hex(struct fix *f, struct text bytes)
{
	char hex[SHA256_HEX + 1];

	sha256_hex(bytes, hex);
	return text_copy(f->a, text_of(hex));
}

UNUSED static struct text fix_id(struct fix *f, int64_t i)
{
	return text_format(f->a, "019cad8f-ac00-7001-8000-%012llx", (long long)i + 1);
}

/* An entry of any kind and body, well formed. Two in a row are recorded at the same time. priv: its member with the comma after it, or "". */
UNUSED static struct text fix_entry(struct fix *f, int64_t i, const char *kind, struct text body,
				    const char *priv)
{
	struct text id = fix_id(f, i);

	return text_format(
		f->a,
		"{\"actor\":\"u_4m2q9r7x1c8v3k6t\",\"body\":%.*s,\"id\":\"%.*s\",\"kind\":\"%s\","
		"\"log\":\"" LOG_UUID "\",\"occurred_at\":\"2026-03-02T08:00:00.000Z\","
		"\"party\":\"provider\",%s\"recorded_at\":\"2026-03-02T%02lld:%02lld:00.412Z\","
		"\"v\":1}",
		TEXT_ARG(body), TEXT_ARG(id), kind, priv, (long long)(8 + i / 120),
		(long long)(i / 2 % 60));
}

UNUSED static void fix_key_fact(struct fix *f, int64_t i, const char *kind, const struct vkey *key)
{
	struct buf line;

	buf_init(&line, 1000);
	vkey_print(key, &line);
	f->entries[i] =
		fix_entry(f, i, kind,
			  text_format(f->a, "{\"vkey\":\"%.*s\"}", TEXT_ARG(buf_view(&line))), "");
	buf_free(&line);
}

UNUSED static void fix_start(struct fix *f, int64_t n)
{
	struct err err = {.line = 0};
	struct text priv_bytes = text_of("0123456789abcdef" PRIVATE_BYTES);
	char *salted;

	*f = (struct fix){.a = arena_new((size_t)64 << 20), .n = n};
	f->h = hasher_new(f->a);
	for (int k = 0; k < 3; k++) {
		unsigned char public_key[ED25519_PUBLIC];
		struct text name = text_of(k == 1 ? "client.example.org/it" : ORIGIN);

		memset(f->seed[k], k + 1, ED25519_SEED);
		ed25519_public(f->seed[k], public_key);
		if (vkey_make(name, k == 1 ? KEY_COSIGNER : KEY_LOG, public_key, &f->key[k],
			      &err) != RC_OK)
			abort();
	}
	salted = arena_copy(f->a, priv_bytes.p, priv_bytes.n);
	for (int i = 0; i < 16; i++)
		salted[i] = (char)i;
	for (int64_t i = 0; i < n; i++)
		f->entries[i] =
			fix_entry(f, i, "ticket.logged",
				  text_format(f->a, "{\"priority\":\"p2\",\"ticket\":\"T-%lld\"}",
					      (long long)i),
				  "");
	if (n > 0)
		f->entries[0] = fix_entry(f, 0, "version_agreed",
					  text_format(f->a, "{\"number\":1,\"version\":\"%.*s\"}",
						      TEXT_ARG(fix_hex(f, text_of(VERSION_BYTES)))),
					  "");
	if (n > 1)
		f->entries[1] = fix_entry(
			f, 1, "input_pinned",
			text_format(f->a,
				    "{\"input\":\"zone\",\"name\":\"UTC\",\"sha256\":\"%.*s\"}",
				    TEXT_ARG(fix_hex(f, text_of(INPUT_BYTES)))),
			"");
	if (n > 2) {
		struct text commit = fix_hex(f, (struct text){salted, priv_bytes.n});

		f->entries[2] = fix_entry(
			f, 2, "ticket.cancelled", text_of("{\"ticket\":\"T-1\"}"),
			text_format(f->a,
				    "\"priv\":{\"reason\":{\"commit\":\"%.*s\",\"subject\":"
				    "\"s_7h3d0w5n2b9j4f1y\"}},",
				    TEXT_ARG(commit))
				.p);
	}
	f->about = (struct bundle_about){.origin = text_of(ORIGIN),
					 .engine = text_of("1"),
					 .period = text_of("2026-03"),
					 .as_of = INT64_C(1775001600000),
					 .known_as_of = INT64_C(1775001600412),
					 .complete = true};
	if (!uuid_parse(text_of(LOG_UUID), &f->about.log))
		abort();
}

UNUSED static void fix_end(struct fix *f)
{
	hasher_free(f->h);
	arena_free(f->a);
}

/* It is there. */
UNUSED static struct bundle_file *fix_find(struct fix *f, const char *name)
{
	for (size_t i = 0; i < f->n_files; i++)
		if (text_is(f->files[i].name, name))
			return &f->files[i];
	abort();
}

/* Puts a file in its place by name, or other bytes into one that is there. */
UNUSED static void fix_file(struct fix *f, struct text name, struct text bytes)
{
	size_t at = 0;

	while (at < f->n_files && text_cmp(f->files[at].name, name) < 0)
		at++;
	if (at == f->n_files || !text_eq(f->files[at].name, name)) {
		if (f->n_files == FIX_FILES)
			abort();
		memmove(f->files + at + 1, f->files + at, (f->n_files - at) * sizeof(*f->files));
		f->n_files++;
	}
	f->files[at] = (struct bundle_file){text_copy(f->a, name), text_copy(f->a, bytes), {{0}}};
}

UNUSED static void fix_drop(struct fix *f, const char *name)
{
	struct bundle_file *file = fix_find(f, name);

	memmove(file, file + 1, (size_t)(f->files + f->n_files - file - 1) * sizeof(*file));
	f->n_files--;
}

UNUSED static struct hash fix_root(struct fix *f, int64_t size)
{
	struct edge e;

	edge_init(&e);
	for (int64_t i = 0; i < size; i++)
		edge_append(f->h, &e, &f->leaves[i]);
	return edge_root(f->h, &e);
}

/* A checkpoint signed by the keys whose bits are set (1 log, 2 witness, 4 the next log key). */
UNUSED static struct text fix_note(struct fix *f, int64_t size, const struct hash *root,
				   unsigned signers)
{
	struct checkpoint cp = {text_of(ORIGIN), size, *root};
	struct buf out, text;
	struct text note;

	buf_init(&text, 1000);
	buf_init(&out, 4000);
	checkpoint_print(&cp, &text);
	buf_text(&out, buf_view(&text));
	buf_char(&out, '\n');
	if (signers & 1)
		note_sign(&f->key[0], f->seed[0], buf_view(&text), &out);
	if (signers & 2)
		note_cosign(&f->key[1], f->seed[1], 1772442000, buf_view(&text), &out);
	if (signers & 4)
		note_sign(&f->key[2], f->seed[2], buf_view(&text), &out);
	note = text_copy(f->a, buf_view(&out));
	buf_free(&out);
	buf_free(&text);
	return note;
}

UNUSED static void fix_checkpoint(struct fix *f, int64_t size, unsigned signers)
{
	struct hash root = fix_root(f, size);

	fix_file(f, text_format(f->a, "checkpoints/%lld", (long long)size),
		 fix_note(f, size, &root, signers));
}

UNUSED static struct text fix_path(struct fix *f, bool entries, int64_t n)
{
	struct tile_id id = {.entries = entries, .n = n, .width = TILE_HASHES};
	struct text out;
	struct buf path;

	if (f->n - n * TILE_HASHES < TILE_HASHES)
		id.width = (int)(f->n - n * TILE_HASHES);
	buf_init(&path, 200);
	tile_path(&id, &path);
	out = text_copy(f->a, entries ? text_sub(buf_view(&path), 5, path.n) : buf_view(&path));
	buf_free(&path);
	return out;
}

/* The entry bundles and, with tiles, their hashes; as the entries are now, whatever the tree says. */
UNUSED static void fix_tiles(struct fix *f, bool tiles)
{
	for (int64_t n = 0; n * TILE_HASHES < f->n; n++) {
		struct buf entries, hashes;

		buf_init(&entries, 1 << 20);
		buf_init(&hashes, 1 << 20);
		for (int64_t i = n * TILE_HASHES; i < f->n && i < (n + 1) * TILE_HASHES; i++) {
			entry_bundle_add(&entries, f->entries[i]);
			buf_add(&hashes, (const char *)f->leaves[i].b, SHA256_BYTES);
		}
		fix_file(f, fix_path(f, true, n), buf_view(&entries));
		if (tiles)
			fix_file(f, fix_path(f, false, n), buf_view(&hashes));
		buf_free(&entries);
		buf_free(&hashes);
	}
}

UNUSED static void fix_hash(struct fix *f)
{
	for (int64_t i = 0; i < f->n; i++)
		f->leaves[i] = merkle_leaf(f->h, f->entries[i]);
}

/* All files of a complete bundle. signers: of `checkpoint` and of the older ones. */
UNUSED static void fix_files(struct fix *f, unsigned signers, bool tiles)
{
	fix_hash(f);
	f->about.size = f->n;
	f->about.root = fix_root(f, f->n);
	fix_file(f, text_of("checkpoint"), fix_note(f, f->n, &f->about.root, signers));
	for (int64_t size = 10; size < f->n && size <= 30; size += 10)
		fix_checkpoint(f, size, signers & ~2u);
	fix_tiles(f, tiles);
	fix_file(f,
		 text_format(f->a, "versions/%.*s.json",
			     TEXT_ARG(fix_hex(f, text_of(VERSION_BYTES)))),
		 text_of(VERSION_BYTES));
	fix_file(f, text_format(f->a, "inputs/%.*s", TEXT_ARG(fix_hex(f, text_of(INPUT_BYTES)))),
		 text_of(INPUT_BYTES));
	fix_file(f, text_of("expected/statement-2026-03.json"), text_of("{}"));
	if (f->n > 2)
		fix_file(f, text_format(f->a, "private/%.*s.reason.json", TEXT_ARG(fix_id(f, 2))),
			 text_of("{\"bytes\":\"{\\\"reason\\\":\\\"Printer on floor 2 is "
				 "dead\\\"}\",\"salt\":"
				 "\"" SALT "\"}"));
}

/* The files of a bundle of some leaves only. */
UNUSED static void fix_part(struct fix *f, const int64_t *indexes, size_t n);

UNUSED static enum rc fix_read_leaves(void *context, int64_t from, size_t n, struct hash *out,
				      struct err *err)
{
	const struct fix *f = context;

	(void)err;
	memcpy(out, f->leaves + from, n * sizeof(*out));
	return RC_OK;
}

static void fix_part(struct fix *f, const int64_t *indexes, size_t n)
{
	struct leaf_source source = {f, fix_read_leaves};
	struct text note;

	fix_hash(f);
	f->about.size = f->n;
	f->about.root = fix_root(f, f->n);
	f->about.complete = false;
	note = fix_note(f, f->n, &f->about.root, 3);
	fix_file(f, text_of("checkpoint"), note);
	for (size_t i = 0; i < n; i++) {
		struct err err = {.line = 0};
		struct proof p;
		struct buf out;

		if (merkle_inclusion(f->h, &source, indexes[i], f->n, &p, &err) != RC_OK)
			abort();
		buf_init(&out, 8000);
		proof_file_print(indexes[i], &p, note, &out);
		fix_file(f, text_format(f->a, "proofs/%lld.tlog-proof", (long long)indexes[i]),
			 buf_view(&out));
		fix_file(f, text_format(f->a, "leaves/%lld", (long long)indexes[i]),
			 f->entries[indexes[i]]);
		buf_free(&out);
	}
}

UNUSED static void fix_tar_file(struct buf *out, struct text name, struct text bytes)
{
	unsigned char header[TAR_BLOCK];
	struct err err = {.line = 0};

	if (tar_header(name, (int64_t)bytes.n, header, &err) != RC_OK)
		abort();
	buf_add(out, (const char *)header, sizeof(header));
	buf_text(out, bytes);
	buf_pad(out, '\0', tar_pad((int64_t)bytes.n));
}

/* With a list of its own, or the given one (n > 0). */
UNUSED static void fix_pack_list(struct fix *f, struct text list, struct buf *out)
{
	buf_clear(out);
	fix_tar_file(out, text_of("bundle.json"), list);
	for (size_t i = 0; i < f->n_files; i++)
		fix_tar_file(out, f->files[i].name, f->files[i].bytes);
	buf_pad(out, '\0', (size_t)2 * TAR_BLOCK);
}

UNUSED static struct text fix_list(struct fix *f)
{
	struct text out;
	struct buf list;

	for (size_t i = 0; i < f->n_files; i++)
		sha256(f->files[i].bytes, f->files[i].sha256.b);
	buf_init(&list, 1 << 20);
	bundle_list_print(&f->about, f->files, f->n_files, &list);
	out = text_copy(f->a, buf_view(&list));
	buf_free(&list);
	return out;
}

UNUSED static void fix_pack(struct fix *f, struct buf *out)
{
	fix_pack_list(f, fix_list(f), out);
}

#endif
