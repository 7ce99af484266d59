/* SPDX-License-Identifier: Apache-2.0 */
#include "app/backup.h"

#include "base/canon.h"
#include "base/sha256.h"
#include "facts/exact.h"

#include <string.h>

enum { MANIFEST_VERSION = 1, MANIFEST_MAX_BYTES = 16 << 20 };

/* --- writing: keys in order, values that restricted JSON takes --- */

static void print_text(struct buf *out, const char *key, struct text value)
{
	buf_printf(out, "\"%s\":", key);
	canon_quote(out, value);
}

static void print_hash(struct buf *out, const char *key, const struct hash *h)
{
	char hex[SHA256_HEX + 1];

	hash_hex(h, hex);
	print_text(out, key, text_of(hex));
}

/*
 * The manifest holds itself, too: its member "self" is the SHA-256 of its bytes with zeros there. Otherwise a flipped bit in what nothing
 * else is held against, when it was made and by which Tenor, would be taken for true.
 */
static const char self_key[] = "\"self\":\"";

/* Where the digits of "self" begin; the text's length where there are none. In a text of JSON the quotes of the key are escaped. */
static size_t self_at(struct text bytes)
{
	struct text key = text_of(self_key);

	for (size_t i = 0; i + key.n + SHA256_HEX <= bytes.n; i++)
		if (memcmp(bytes.p + i, key.p, key.n) == 0)
			return i + key.n;
	return bytes.n;
}

static bool holds_itself(struct arena *a, struct text bytes)
{
	char hex[SHA256_HEX + 1];
	size_t at = self_at(bytes);

	if (at == bytes.n)
		return false;
	char *copy = arena_copy(a, bytes.p, bytes.n);

	memset(copy + at, '0', SHA256_HEX);
	sha256_hex((struct text){copy, bytes.n}, hex);
	return memcmp(hex, bytes.p + at, SHA256_HEX) == 0;
}

static void hold_itself(struct buf *out)
{
	char hex[SHA256_HEX + 1];
	size_t at = self_at(buf_view(out));

	/* a full buffer is the caller's to see */
	if (at == out->n)
		return;
	sha256_hex(buf_view(out), hex);
	memcpy(out->p + at, hex, SHA256_HEX);
}

void backup_manifest_print(struct arena *a, const struct backup_manifest *m, struct buf *out)
{
	buf_str(out, "{\"files\":[");
	for (size_t i = 0; i < m->n_files; i++) {
		buf_printf(out, "%s{\"bytes\":%lld,", i > 0 ? "," : "",
			   (long long)m->files[i].bytes);
		print_text(out, "name", m->files[i].name);
		buf_char(out, ',');
		print_hash(out, "sha256", &m->files[i].sha256);
		buf_char(out, '}');
	}
	buf_str(out, "],\"logs\":[");
	for (size_t i = 0; i < m->n_logs; i++) {
		buf_str(out, i > 0 ? ",{" : "{");
		print_text(out, "log", m->logs[i].log);
		buf_char(out, ',');
		print_text(out, "origin", m->logs[i].origin);
		buf_char(out, ',');
		print_hash(out, "root", &m->logs[i].root);
		buf_printf(out, ",\"size\":%lld}", (long long)m->logs[i].size);
	}
	buf_str(out, "],");
	print_text(out, "made_at", exact_instant_text(a, m->made_at));
	buf_printf(out, ",\"schema\":%lld,%s%0*d\",", (long long)m->schema, self_key,
		   (int)SHA256_HEX, 0);
	print_text(out, "tenor", m->tenor);
	buf_printf(out, ",\"v\":%d,", MANIFEST_VERSION);
	print_text(out, "workspace", m->workspace);
	buf_char(out, '}');
	hold_itself(out);
}

/* --- reading --- */

static enum rc not_a_manifest(struct err *err, const char *what)
{
	err_hint(err, "every backup has a %s that Tenor wrote", BACKUP_MANIFEST);
	return err_set(err, RC_INVALID, "is not the manifest of a backup: %s", what);
}

static bool text_member(const struct canon_doc *doc, const struct canon_node *object,
			const char *key, struct text *out)
{
	const struct canon_node *v = canon_member(doc, object, key);

	*out = v != NULL && v->type == CANON_TEXT ? v->text : text_of("");
	return out->n > 0;
}

static bool int_member(const struct canon_doc *doc, const struct canon_node *object,
		       const char *key, int64_t *out)
{
	const struct canon_node *v = canon_member(doc, object, key);

	*out = v != NULL && v->type == CANON_INT ? v->number : -1;
	return *out >= 0;
}

/* A name stays inside the folder. */
static bool name_ok(struct text name)
{
	return name.n > 0 && name.p[0] != '/' && !text_has(name, text_of("..")) &&
	       !text_has(name, text_of("//")) && text_find(name, '\0', 0) == name.n;
}

static bool read_file_row(const struct canon_doc *doc, const struct canon_node *v,
			  struct backup_file *f)
{
	struct text hex;

	return text_member(doc, v, "name", &f->name) && name_ok(f->name) &&
	       int_member(doc, v, "bytes", &f->bytes) && text_member(doc, v, "sha256", &hex) &&
	       hash_parse(hex, &f->sha256);
}

static bool read_log_row(const struct canon_doc *doc, const struct canon_node *v,
			 struct backup_log *l)
{
	struct text hex;

	return text_member(doc, v, "log", &l->log) && text_member(doc, v, "origin", &l->origin) &&
	       int_member(doc, v, "size", &l->size) && text_member(doc, v, "root", &hex) &&
	       hash_parse(hex, &l->root);
}

static bool read_rows(struct arena *a, const struct canon_doc *doc, struct backup_manifest *m)
{
	const struct canon_node *root = &doc->v[0], *files = canon_member(doc, root, "files"),
				*logs = canon_member(doc, root, "logs");
	bool good = files != NULL && files->type == CANON_ARRAY && logs != NULL &&
		    logs->type == CANON_ARRAY;

	if (!good)
		return false;
	m->files = arena_array(a, struct backup_file, files->n + 1);
	m->logs = arena_array(a, struct backup_log, logs->n + 1);
	for (const struct canon_node *v = canon_first(doc, files); good && v != NULL;
	     v = canon_next(doc, files, v))
		good = read_file_row(doc, v, &m->files[m->n_files++]);
	for (const struct canon_node *v = canon_first(doc, logs); good && v != NULL;
	     v = canon_next(doc, logs, v))
		good = read_log_row(doc, v, &m->logs[m->n_logs++]);
	return good;
}

static enum rc parse_manifest(struct arena *a, struct text bytes, struct backup_manifest *m,
			      struct err *err)
{
	struct canon_doc doc;
	struct text made_at;
	int64_t version;
	bool minutes;

	*m = (struct backup_manifest){.schema = 0};
	if (canon_parse(a, NULL, bytes, CANON_STRICT, &CANON_LARGE, &doc, err) != RC_OK) {
		struct text why = text_copy(a, text_of(err->message));

		return not_a_manifest(err, why.p);
	}
	if (!int_member(&doc, &doc.v[0], "v", &version))
		return not_a_manifest(err, "it has no version");
	if (version > MANIFEST_VERSION) {
		err_code(err, "backup.newer");
		err_hint(err, "update Tenor");
		return err_set(err, RC_INVALID,
			       "the backup was made by a newer Tenor: its form is %lld, this "
			       "program knows %d",
			       (long long)version, MANIFEST_VERSION);
	}
	if (!text_member(&doc, &doc.v[0], "workspace", &m->workspace) ||
	    !text_member(&doc, &doc.v[0], "tenor", &m->tenor) ||
	    !int_member(&doc, &doc.v[0], "schema", &m->schema) ||
	    !text_member(&doc, &doc.v[0], "made_at", &made_at) ||
	    instant_parse(made_at, &m->made_at, &minutes, err) != RC_OK || !read_rows(a, &doc, m)) {
		err_clear(err);
		return not_a_manifest(err, "a member is missing or malformed");
	}
	if (!holds_itself(a, bytes)) {
		err_code(err, "backup.altered");
		return err_set(err, RC_INVALID,
			       "was altered after the backup was made: its SHA-256 is another");
	}
	if (m->schema <= store_schema_version())
		return RC_OK;
	err_code(err, "backup.newer");
	err_hint(err, "update Tenor");
	return err_set(err, RC_INVALID,
		       "the backup was made by a newer Tenor: schema %lld, this program knows %d",
		       (long long)m->schema, store_schema_version());
}

const struct backup_file *backup_file_of(const struct backup_manifest *m, const char *name)
{
	for (size_t i = 0; i < m->n_files; i++)
		if (text_is(m->files[i].name, name))
			return &m->files[i];
	return NULL;
}

static enum rc check_one(struct arena *a, struct text dir, const struct backup_file *f,
			 const struct hash *sha256, int64_t bytes, struct err *err)
{
	err_at(err, text_format(a, "%.*s/%.*s", TEXT_ARG(dir), TEXT_ARG(f->name)), 0, 0);
	if (bytes < f->bytes) {
		err_code(err, "backup.truncated");
		return err_set(err, RC_INVALID, "is cut short: %lld bytes of %lld",
			       (long long)bytes, (long long)f->bytes);
	}
	if (bytes > f->bytes || !hash_eq(sha256, &f->sha256)) {
		err_code(err, "backup.altered");
		return err_set(err, RC_INVALID,
			       "was altered after the backup was made: its SHA-256 is another");
	}
	err_clear(err);
	return RC_OK;
}

static enum rc check_file(struct arena *a, struct text dir, const struct backup_file *f,
			  struct err *err)
{
	struct hash sha256;
	int64_t bytes;
	struct text path = text_format(a, "%.*s/%.*s", TEXT_ARG(dir), TEXT_ARG(f->name));
	enum rc rc = files_hash(a, path, &sha256, &bytes, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		err_at(err, path, 0, 0);
		err_code(err, "backup.missing");
		return err_set(err, RC_INVALID, "is missing from the backup");
	}
	return rc == RC_OK ? check_one(a, dir, f, &sha256, bytes, err) : rc;
}

/* What the manifest does not list does not belong there. */
static enum rc check_listing(struct arena *a, struct text dir, const struct backup_manifest *m,
			     struct err *err)
{
	struct text *names;
	size_t n;
	enum rc rc = files_list(a, dir, &names, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		bool listed = text_is(names[i], BACKUP_MANIFEST);

		for (size_t k = 0; !listed && k < m->n_files; k++)
			listed = text_eq(names[i], m->files[k].name);
		if (listed)
			continue;
		err_at(err, text_format(a, "%.*s/%.*s", TEXT_ARG(dir), TEXT_ARG(names[i])), 0, 0);
		err_code(err, "backup.unlisted");
		return err_set(err, RC_INVALID, "is not in the manifest of the backup");
	}
	return rc;
}

static enum rc read_manifest(struct arena *a, struct text path, struct text *bytes, struct err *err)
{
	struct hash sha256;
	int64_t n;
	enum rc rc = files_hash(a, path, &sha256, &n, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		err_at(err, path, 0, 0);
		return not_a_manifest(err, "there is none");
	}
	if (rc == RC_OK && n > MANIFEST_MAX_BYTES)
		return err_set(err, RC_INVALID, "is no manifest: it has %lld bytes", (long long)n);
	return rc == RC_OK ? files_read(a, path, MANIFEST_MAX_BYTES, bytes, err) : rc;
}

enum rc backup_read(struct arena *a, struct text dir, bool keys_given, struct backup_manifest *out,
		    struct err *err)
{
	struct text path = text_format(a, "%.*s/%s", TEXT_ARG(dir), BACKUP_MANIFEST), bytes;
	enum rc rc;

	if (!files_is_there(a, dir)) {
		err_at(err, dir, 0, 0);
		return err_set(err, RC_MISSING, "there is no such backup");
	}
	rc = read_manifest(a, path, &bytes, err);
	if (rc == RC_OK) {
		err_at(err, path, 0, 0);
		rc = parse_manifest(a, bytes, out, err);
	}
	if (rc == RC_OK &&
	    (backup_file_of(out, BACKUP_DATA) == NULL || backup_file_of(out, BACKUP_KEYS) == NULL))
		rc = not_a_manifest(err, "it lists no workspace or no keys");
	if (rc != RC_OK)
		return rc;
	err_clear(err);
	for (size_t i = 0; rc == RC_OK && i < out->n_files; i++) {
		struct text file =
			text_format(a, "%.*s/%.*s", TEXT_ARG(dir), TEXT_ARG(out->files[i].name));

		if (keys_given && text_is(out->files[i].name, BACKUP_KEYS) &&
		    !files_is_there(a, file))
			continue;
		rc = check_file(a, dir, &out->files[i], err);
	}
	return rc == RC_OK ? check_listing(a, dir, out, err) : rc;
}

struct taking {
	struct app *app;
	struct text name;
};

static void show_copy(void *context, int64_t done, int64_t all)
{
	const struct taking *t = context;

	t->app->progress(t->app->progress_context, t->name, (uint64_t)done, (uint64_t)all,
			 done == all);
}

enum rc backup_take(struct app *app, struct text dir, const struct backup_manifest *m,
		    const char *name, struct text to, struct err *err)
{
	struct taking t = {app, text_of(name)};
	struct files_progress progress = {&t, app->progress == NULL ? NULL : show_copy};
	const struct backup_file *f = backup_file_of(m, name);
	struct hash sha256;
	int64_t bytes;
	enum rc rc;

	if (f == NULL) {
		err_code(err, "backup.missing");
		return err_set(err, RC_INVALID, "the list of the backup does not have '%s'", name);
	}
	rc = files_copy(app->arena, text_format(app->arena, "%.*s/%s", TEXT_ARG(dir), name), to,
			&progress, &sha256, &bytes, err);
	if (rc != RC_OK)
		return rc;
	return check_one(app->arena, dir, f, &sha256, bytes, err);
}

enum rc backup_reaches(struct workspace *ws, const struct backup_manifest *m, struct checks *checks,
		       struct err *err)
{
	struct text id;
	enum rc rc = record_meta(ws->store, ws->arena, "workspace", &id, err);

	checks_about(checks, text_of("backup"));
	if (rc == RC_OK && !text_eq(id, m->workspace))
		checks_problem(checks, "it holds another workspace than its manifest says");
	for (size_t i = 0; rc == RC_OK && i < m->n_logs; i++) {
		struct stored_checkpoint c;
		struct log_head log;
		struct uuid uuid;
		struct hash root;
		struct record_leaves leaves = {.store = ws->store};

		rc = uuid_parse(m->logs[i].log, &uuid)
			     ? record_log_of_uuid(ws->store, ws->arena, &uuid, &log, err)
			     : RC_MISSING;
		if (rc == RC_OK)
			rc = record_checkpoint(ws->store, ws->arena, log.id, m->logs[i].size, &c,
					       err);
		if (rc == RC_MISSING) {
			err_clear(err);
			checks_problem(checks,
				       "it does not reach the checkpoint of %lld entries of %.*s",
				       (long long)m->logs[i].size, TEXT_ARG(m->logs[i].origin));
			rc = RC_OK;
			continue;
		}
		leaves.log = log.id;

		struct leaf_source source = record_leaf_source(&leaves);

		if (rc == RC_OK)
			rc = merkle_root(ws->hasher, &source, m->logs[i].size, &root, err);
		if (rc == RC_OK && (!hash_eq(&root, &m->logs[i].root) || !hash_eq(&root, &c.root)))
			checks_problem(checks,
				       "its entries do not give the root of the checkpoint of %lld "
				       "entries of %.*s",
				       (long long)m->logs[i].size, TEXT_ARG(m->logs[i].origin));
	}
	if (rc == RC_OK)
		checks_ok(checks, "it reaches its %zu checkpoints", m->n_logs);
	checks_end(checks);
	return checks_take(checks, rc, err);
}
