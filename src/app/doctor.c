/* SPDX-License-Identifier: Apache-2.0 */
#include "app/doctor_parts.h"

#include "app/derived.h"
#include "app/found.h"
#include "app/tickets_kept.h"
#include "app/zones.h"
#include "engine/version.h"
#include "terms/version.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PROBLEMS_MAX_BYTES = 1 << 20 };

/* --- the file and its keys --- */

static void lines_to_problems(struct checks *c, struct text lines)
{
	while (lines.n > 0) {
		struct text line;

		lines = text_cut(lines, '\n', &line);
		if (line.n > 0)
			checks_problem(c, "%.*s", TEXT_ARG(line));
	}
}

static enum rc check_file(struct doctor *d, struct store *s, struct err *err)
{
	struct buf lines;
	enum rc rc;

	checks_about(d->checks, store_path(s));
	buf_init(&lines, PROBLEMS_MAX_BYTES);
	rc = store_check(s, false, &lines, err);
	if (rc == RC_OK) {
		lines_to_problems(d->checks, buf_view(&lines));
		checks_ok(d->checks, "sound inside, schema %d", store_schema(s));
	}
	buf_free(&lines);
	return rc;
}

struct subjects {
	struct arena *a;
	struct text *v;
	size_t n, cap;
};

static int by_text(const void *x, const void *y)
{
	return text_cmp(*(const struct text *)x, *(const struct text *)y);
}

static enum rc note_subject(void *context, const struct stored_slot *slot, struct err *err)
{
	struct subjects *s = context;

	(void)err;
	if (s->n > 0 && text_eq(s->v[s->n - 1], slot->subject))
		return RC_OK;
	s->v = arena_grow(s->a, s->v, s->n, &s->cap, sizeof(*s->v));
	s->v[s->n++] = text_copy(s->a, slot->subject);
	return RC_OK;
}

/* Those of the slots, each once. */
static enum rc slot_subjects(struct doctor *d, const struct log_head *logs, size_t n,
			     struct subjects *out, struct err *err)
{
	size_t kept = 0;
	enum rc rc = RC_OK;

	*out = (struct subjects){.a = d->ws->arena};
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = record_slots_each(d->ws->store, logs[i].id, note_subject, out, err);
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(*out->v), by_text);
	for (size_t i = 0; i < out->n; i++)
		if (kept == 0 || !text_eq(out->v[kept - 1], out->v[i]))
			out->v[kept++] = out->v[i];
	out->n = kept;
	return rc;
}

/* A seed for every log (J14): keys of another workspace have none. */
static enum rc check_seeds(struct doctor *d, const struct log_head *logs, size_t n, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		char uuid[UUID_TEXT + 1];
		unsigned char seed[KEY_BYTES];

		uuid_text(&logs[i].uuid, uuid);
		rc = checks_take(d->checks,
				 keys_seed(d->ws->keys, text_format(d->ws->arena, "log/%s", uuid),
					   seed, err),
				 err);
		memset(seed, 0, sizeof(seed));
	}
	return rc;
}

static enum rc check_keys(struct doctor *d, const struct log_head *logs, size_t n, struct err *err)
{
	struct subjects subjects;
	struct buf lines;
	enum rc rc;

	if (d->ws->keys == NULL) {
		checks_about(d->checks, d->ws->keys_path);
		checks_problem(d->checks, "the keys cannot be opened: %s%s%s", d->ws->keys_why.file,
			       d->ws->keys_why.file[0] == '\0' ? "" : " ", d->ws->keys_why.message);
		return RC_OK;
	}
	rc = check_file(d, keys_store(d->ws->keys), err);
	checks_about(d->checks,
		     text_format(d->ws->arena, "keys in %.*s", TEXT_ARG(d->ws->keys_path)));
	buf_init(&lines, PROBLEMS_MAX_BYTES);
	if (rc == RC_OK)
		rc = keys_check(d->ws->keys, &lines, err);
	if (rc == RC_OK)
		rc = slot_subjects(d, logs, n, &subjects, err);
	if (rc == RC_OK)
		rc = keys_check_subjects(d->ws->keys, subjects.v, subjects.n, &lines, err);
	if (rc == RC_OK) {
		lines_to_problems(d->checks, buf_view(&lines));
		rc = check_seeds(d, logs, n, err);
	}
	if (rc == RC_OK)
		checks_ok(d->checks, "every key opens, %zu subjects have private texts",
			  subjects.n);
	buf_free(&lines);
	return rc;
}

/* --- blobs --- */

struct blobs {
	struct doctor *d;
	struct hash *v; /* ascending, as they come */
	size_t n, cap;
};

static enum rc check_blob(void *context, const struct hash *sha, struct text kind,
			  struct text bytes, struct err *err)
{
	struct blobs *b = context;
	char hex[SHA256_HEX + 1];
	struct hash mine = {{0}};

	(void)err;
	sha256(bytes, mine.b);
	hash_hex(sha, hex);
	if (!hash_eq(&mine, sha))
		checks_problem(b->d->checks, "the %.*s %s: its bytes have another hash",
			       TEXT_ARG(kind), hex);
	b->v = arena_grow(b->d->ws->arena, b->v, b->n, &b->cap, sizeof(*b->v));
	b->v[b->n++] = *sha;
	return RC_OK;
}

static int by_hash(const void *x, const void *y)
{
	return memcmp(((const struct hash *)x)->b, ((const struct hash *)y)->b, SHA256_BYTES);
}

static enum rc check_blobs(struct doctor *d, struct err *err)
{
	struct blobs b = {.d = d};
	enum rc rc;

	checks_about(d->checks, text_of("versions, inputs and documents"));
	rc = record_blobs_each(d->ws->store, check_blob, &b, err);
	for (size_t i = 0; rc == RC_OK && i < d->n_blobs; i++) {
		const struct named_blob *named = &d->blobs[i];
		char hex[SHA256_HEX + 1];

		if (b.n > 0 && bsearch(&named->sha256, b.v, b.n, sizeof(*b.v), by_hash) != NULL)
			continue;
		hash_hex(&named->sha256, hex);
		checks_problem(d->checks, "log %.*s, entry %lld: %s is not there (%s)",
			       TEXT_ARG(named->contract), (long long)named->index, named->what,
			       hex);
	}
	if (rc == RC_OK)
		checks_ok(d->checks, "%zu, each with its hash", b.n);
	return rc;
}

/* --- people (P8): the table says what the install log says --- */

static const struct noted_person *noted(const struct doctor *d, struct text id)
{
	for (size_t i = d->n_people; i > 0; i--)
		if (text_eq(d->people[i - 1].id, id))
			return &d->people[i - 1];
	return NULL;
}

static enum rc check_people(struct doctor *d, struct err *err)
{
	struct stored_user *users;
	size_t n;
	enum rc rc = record_users(d->ws->store, d->ws->arena, &users, &n, err);

	checks_about(d->checks, text_of("people"));
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		const struct stored_user *u = &users[i];
		const struct noted_person *p = noted(d, u->id);

		if (p == NULL)
			checks_problem(d->checks,
				       "'%.*s' (%.*s) may act and the install log does not say who "
				       "let them",
				       TEXT_ARG(u->handle), TEXT_ARG(u->id));
		else if (!text_eq(p->roles, u->roles) || !text_eq(p->contract, u->contract) ||
			 p->ended != (u->ended_at != INSTANT_NONE))
			checks_problem(d->checks,
				       "'%.*s' (%.*s) has other rights than the install log gave",
				       TEXT_ARG(u->handle), TEXT_ARG(u->id));
	}
	for (size_t i = 0; rc == RC_OK && i < d->n_people; i++) {
		bool there = false;

		for (size_t k = 0; k < n; k++)
			there = there || text_eq(users[k].id, d->people[i].id);
		if (!there)
			checks_problem(d->checks, "%.*s was added and is not there",
				       TEXT_ARG(d->people[i].id));
	}
	if (rc == RC_OK)
		checks_ok(d->checks, "%zu, as the install log says", n);
	return rc;
}

/* --- inputs (J2, D8) --- */

static enum rc check_pin(struct doctor *d, const struct noted_pin *p, bool machine, struct err *err)
{
	enum engine_rules rules;
	struct text bytes;
	struct hash system;
	enum rc rc;

	if (text_is(p->input, "engine")) {
		if (!machine && !engine_rules_parse(p->name, &rules))
			checks_note(d->checks,
				    "%.*s: engine '%.*s' is pinned, this program has '%s'",
				    TEXT_ARG(p->contract), TEXT_ARG(p->name), ENGINE_VERSION);
		return RC_OK;
	}
	if (machine && text_is(p->input, "zone")) {
		rc = zones_system_bytes(d->ws->arena, p->name, &bytes, err);
		if (rc != RC_OK) {
			err_clear(err);
			checks_note(d->checks,
				    "this machine has no time zone '%.*s'; the record has its own",
				    TEXT_ARG(p->name));
			return RC_OK;
		}
		sha256(bytes, system.b);
		if (!hash_eq(&system, &p->sha256))
			checks_note(d->checks,
				    "%.*s: the time zone '%.*s' of this machine is another than "
				    "the one pinned; the next version brings it in",
				    TEXT_ARG(p->contract), TEXT_ARG(p->name));
		return RC_OK;
	}
	if (machine || !text_is(p->input, "holidays") || !p->has_bytes)
		return RC_OK;
	rc = record_blob(d->ws->store, d->ws->arena, &p->sha256, &bytes, err);
	if (rc == RC_OK)
		rc = holidays_check(d->ws->arena, bytes, err);
	if (rc == RC_INVALID)
		err_key(err, text_format(d->ws->arena, "holidays '%.*s' of %.*s", TEXT_ARG(p->name),
					 TEXT_ARG(p->contract)));
	if (rc == RC_MISSING) {
		/* told among the blobs */
		err_clear(err);
		rc = RC_OK;
	}
	return checks_take(d->checks, rc, err);
}

static enum rc check_pins(struct doctor *d, bool machine, struct err *err)
{
	enum rc rc = RC_OK;

	checks_about(d->checks, machine ? text_of("this machine") : text_of("inputs"));
	for (size_t i = 0; rc == RC_OK && i < d->n_pins; i++)
		rc = check_pin(d, &d->pins[i], machine, err);
	if (rc == RC_OK && !machine)
		checks_ok(d->checks, "%zu pinned, as this program has them", d->n_pins);
	return rc;
}

/* --- the machine --- */

static bool same_folder(struct arena *a, struct text x, struct text y)
{
	struct stat sx, sy;
	size_t nx = x.n, ny = y.n;

	while (nx > 0 && x.p[nx - 1] != '/')
		nx--;
	while (ny > 0 && y.p[ny - 1] != '/')
		ny--;
	return stat(nx == 0 ? "." : arena_copy(a, x.p, nx), &sx) == 0 &&
	       stat(ny == 0 ? "." : arena_copy(a, y.p, ny), &sy) == 0 && sx.st_dev == sy.st_dev &&
	       sx.st_ino == sy.st_ino;
}

static enum rc check_machine(struct doctor *d, struct err *err)
{
	struct workspace *ws = d->ws;
	enum rc rc = check_pins(d, true, err);

	if (rc != RC_OK)
		return rc;
	checks_about(d->checks, text_of("clock"));
	rc = workspace_clock(ws, err);
	if (rc == RC_IO && strcmp(err->code, "clock") == 0) {
		checks_problem(d->checks, "%s", err->message);
		err_clear(err);
		rc = RC_OK;
	}
	checks_ok(d->checks, "fits the times recorded");
	checks_about(d->checks, text_of("key"));
	if (ws->keys != NULL && same_folder(ws->arena, ws->path, ws->kek_path))
		checks_note(d->checks,
			    "'%.*s' lies beside the workspace: whoever copies the folder can read "
			    "the personal text (trust.md J23)",
			    TEXT_ARG(ws->kek_path));
	else if (ws->keys != NULL)
		checks_ok(d->checks,
			  "lies apart from the workspace and only its owner can read it");
	return rc;
}

/* --- everything --- */

static enum rc check_logs(struct doctor *d, const struct log_head *logs, size_t n, struct err *err)
{
	enum rc rc = RC_OK;

	for (int kind = 0; kind < 2; kind++)
		for (size_t i = 0; rc == RC_OK && i < n; i++)
			if ((logs[i].kind == LOG_INSTALL) == (kind == 0))
				rc = doctor_log(d, &logs[i], err);
	return rc;
}

static enum rc check_derived(struct doctor *d, struct err *err)
{
	bool fit = false;
	enum rc rc = derived_current(d->ws, &fit, err);

	checks_about(d->checks, text_of("derived tables"));
	if (rc == RC_OK && !fit)
		checks_problem(d->checks, "they were made by another version of Tenor; \"tenor "
					  "rebuild\" makes them again");
	if (rc == RC_OK)
		checks_ok(d->checks, "as the entries make them");
	return rc;
}

static enum rc check_all(struct doctor *d, struct err *err)
{
	struct log_head *logs;
	size_t n;
	enum rc rc = check_file(d, d->ws->store, err);

	if (rc == RC_OK)
		rc = record_logs(d->ws->store, d->ws->arena, &logs, &n, err);
	if (rc == RC_OK)
		rc = check_logs(d, logs, n, err);
	if (rc == RC_OK)
		rc = check_derived(d, err);
	if (rc == RC_OK)
		rc = found_compare(d->ws, logs, n, d->checks, err);
	if (rc == RC_OK)
		rc = tickets_compare(d->ws, logs, n, d->checks, err);
	if (rc == RC_OK)
		rc = check_blobs(d, err);
	if (rc == RC_OK)
		rc = check_pins(d, false, err);
	if (rc == RC_OK)
		rc = check_people(d, err);
	if (rc == RC_OK)
		rc = check_keys(d, logs, n, err);
	if (rc == RC_OK)
		rc = doctor_erasures(d, err);
	return rc;
}

enum rc doctor_check(struct workspace *ws, enum doctor_scope scope, struct checks *checks,
		     struct err *err)
{
	struct doctor d = {.ws = ws, .checks = checks};
	enum rc rc = store_begin_read(ws->store, err);

	if (rc != RC_OK)
		return rc;
	rc = check_all(&d, err);
	if (rc == RC_OK && scope == DOCTOR_MACHINE)
		rc = check_machine(&d, err);
	store_rollback(ws->store);
	/* A page that cannot be read stops the reading, and is itself what is the matter. */
	rc = checks_take(checks, rc, err);
	checks_end(checks);
	return rc;
}
