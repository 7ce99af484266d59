/* SPDX-License-Identifier: Apache-2.0 */
#include "app/drafts.h"

#include "app/append.h"
#include "app/recall.h"
#include "app/signing.h"
#include "base/sha256.h"
#include "store/record_access.h"

#include <stdio.h>
#include <string.h>

/* --- whose --- */

static bool own(const struct workspace *ws, const struct stored_draft *d)
{
	return d->client == workspace_client(ws) &&
	       (!d->client || text_eq(d->contract, ws->actor.contract));
}

enum rc draft_find(struct workspace *ws, struct text id, struct stored_draft *out, struct err *err)
{
	struct stored_draft d;
	enum rc rc = record_draft(ws->store, ws->arena, id, &d, err);

	if (rc == RC_OK && own(ws, &d)) {
		*out = d;
		return RC_OK;
	}
	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	err_hint(err, "\"tenor draft list\" shows them");
	return err_set(err, RC_MISSING, "there is no draft '%.*s'", TEXT_ARG(id));
}

enum rc draft_list(struct workspace *ws, struct stored_draft **out, size_t *n, struct err *err)
{
	struct stored_draft *all;
	size_t n_all = 0, k = 0;
	enum rc rc = record_drafts(ws->store, ws->arena, &all, &n_all, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n_all; i++)
		if (own(ws, &all[i]))
			all[k++] = all[i];
	*out = all;
	*n = k;
	return RC_OK;
}

enum rc draft_person(struct workspace *ws, struct text id, struct text *out, struct err *err)
{
	struct stored_user u;
	enum rc rc = record_user_of_id(ws->store, ws->arena, id, &u, err);

	if (rc == RC_OK)
		*out = u.handle;
	if (rc == RC_MISSING)
		return err_set(err, RC_INVALID, "nobody has the id '%.*s'", TEXT_ARG(id));
	return rc;
}

enum rc draft_head(struct workspace *ws, const struct stored_draft *d, struct log_head *log,
		   const struct recalled_version **out, size_t *number, struct err *err)
{
	const struct recalled_version *v;
	struct recalled r;
	enum rc rc;

	if (d->contract.n == 0) {
		err_hint(err, "begin one with \"tenor draft new --contract ID\"");
		return err_set(err, RC_INVALID, "'%.*s' changes no contract of the record",
			       TEXT_ARG(d->id));
	}
	rc = workspace_log(ws, d->contract, log, err);
	if (rc == RC_OK)
		rc = recall_versions(ws, log, INSTANT_MAX, &r, err);
	if (rc != RC_OK)
		return rc;
	v = r.versions; /* in the workspace's arena */
	*out = v + (r.n_versions - 1);
	*number = r.n_versions;
	return RC_OK;
}

/* --- sealed texts --- */

/* A text is sealed for its draft and its revision: no other can be put in its place. */
static struct slot_place place_of(const struct stored_draft *d, int64_t revision, char name[32])
{
	struct slot_place p = {.slot = {name, 0}};
	unsigned char digest[sizeof(struct hash)];
	int n = snprintf(name, 32, "draft_%lld", (long long)revision);

	sha256(d->id, digest);
	memcpy(p.entry.b, digest, sizeof(p.entry.b));
	p.slot.n = (size_t)n;
	return p;
}

enum rc draft_text_ok(struct text t, struct err *err)
{
	size_t at = 0;

	if (t.n > DRAFT_TEXT_MAX_BYTES)
		return err_set(err, RC_LIMIT, "a contract is at most %d bytes long",
			       DRAFT_TEXT_MAX_BYTES);
	if (text_trim(t).n == 0)
		return err_set(err, RC_INVALID, "the text is empty");
	if (!text_utf8(t, &at) || memchr(t.p, '\0', t.n) != NULL)
		return err_set(err, RC_INVALID, "the text is not UTF-8 (byte %zu)", at);
	return RC_OK;
}

/* What opens a text: the hash of salt and text, kept in front of the cipher. */
static enum rc seal(struct workspace *ws, const struct stored_draft *d, int64_t revision,
		    struct text text, struct stored_draft_text *out, struct err *err)
{
	unsigned char salt[SALT_BYTES], nonce[NONCE_BYTES] = {0};
	char name[32];
	struct slot_place place = place_of(d, revision, name);
	struct text cipher;
	struct buf b;
	enum rc rc;

	ws->app->world->random.fill(ws->app->world->random.context, salt, sizeof(salt));
	buf_init(&b, (size_t)2 * PRIVATE_MAX_BYTES);
	buf_add(&b, (const char *)salt, sizeof(salt));
	buf_text(&b, text);
	sha256(buf_view(&b), place.commit.b);
	buf_clear(&b);
	rc = keys_seal(ws->keys, ws->arena, d->subject, &place, salt, text, nonce, &cipher, err);
	if (rc == RC_OK) {
		buf_add(&b, (const char *)place.commit.b, sizeof(place.commit.b));
		buf_text(&b, cipher);
		*out = (struct stored_draft_text){
			.draft = d->id,
			.revision = revision,
			.author = ws->actor.id,
			.saved_at = ws->now,
			.nonce = text_copy(ws->arena,
					   (struct text){(const char *)nonce, NONCE_BYTES}),
			.cipher = text_copy(ws->arena, buf_view(&b))};
	}
	buf_free(&b);
	return rc;
}

enum rc draft_text(struct workspace *ws, const struct stored_draft *d, int64_t revision,
		   struct draft_saved *out, struct err *err)
{
	unsigned char salt[SALT_BYTES];
	char name[32];
	struct slot_place place = place_of(d, revision, name);
	struct stored_draft_text t;
	struct keys *keys;
	struct text text = {NULL, 0}, author = {NULL, 0};
	enum rc rc = record_draft_text(ws->store, ws->arena, d->id, revision, &t, err);

	if (rc == RC_MISSING) {
		err_hint(err, "it is at revision %lld; the last %d texts are kept",
			 (long long)d->revision, DRAFT_REVISIONS_KEPT);
		return err_set(err, RC_MISSING, "'%.*s' has no revision %lld", TEXT_ARG(d->id),
			       (long long)revision);
	}
	if (rc == RC_OK)
		rc = workspace_keys(ws, &keys, err);
	if (rc == RC_OK && t.cipher.n < sizeof(place.commit.b))
		return err_set(err, RC_INVALID, "the draft '%.*s' is damaged", TEXT_ARG(d->id));
	if (rc != RC_OK)
		return rc;
	memcpy(place.commit.b, t.cipher.p, sizeof(place.commit.b));
	rc = keys_open_slot(keys, ws->arena, d->subject, &place, t.nonce,
			    text_sub(t.cipher, sizeof(place.commit.b), t.cipher.n), salt, &text,
			    err);
	if (rc == RC_OK)
		rc = draft_person(ws, t.author, &author, err);
	if (rc == RC_OK)
		*out = (struct draft_saved){revision, text, author, t.saved_at};
	return rc;
}

/* --- writing --- */

static enum rc finish(struct workspace *ws, const struct stored_draft *d, enum rc rc,
		      struct err *err)
{
	if (rc == RC_OK)
		rc = workspace_audit(ws, text_of(""), d->id, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

/* What somebody begins under an id of their own has an id that follows from all of it, so that it is begun once. */
static struct text id_of(struct workspace *ws, const struct stored_draft *d, struct text text,
			 const struct uuid *once)
{
	char given[UUID_TEXT + 1], id[ACTOR_CHARS + 1];
	struct text what;
	struct uuid u;

	if (once == NULL)
		return workspace_opaque_id(ws, 'd');
	uuid_text(once, given);
	what = text_format(ws->arena, "%s\n%.*s\n%.*s\n%.*s", given, TEXT_ARG(d->contract),
			   TEXT_ARG(d->client_id), TEXT_ARG(text));
	u = uuid_derived(uuid_v7_ms(once), ws->actor.id, what);
	opaque_id_make('d', u.b + sizeof(u.b) - 10, id);
	return text_copy(ws->arena, text_of(id));
}

static enum rc add(struct workspace *ws, struct stored_draft *d, struct text text, struct err *err)
{
	char subject[SUBJECT_CHARS + 1];
	struct stored_draft_text sealed;
	enum rc rc = keys_subject(ws->keys, text_of(""), subject, err);

	d->subject = text_copy(ws->arena, text_of(subject));
	d->client = workspace_client(ws);
	d->revision = 1;
	d->author = ws->actor.id;
	d->made_at = d->changed_at = ws->now;
	if (rc == RC_OK)
		rc = record_draft_add(ws->store, d, err);
	if (rc == RC_OK)
		rc = seal(ws, d, 1, text, &sealed, err);
	return rc == RC_OK ? record_draft_text_add(ws->store, &sealed, err) : rc;
}

enum rc draft_keep(struct workspace *ws, struct stored_draft *d, struct text text,
		   const struct uuid *once, struct err *err)
{
	struct stored_draft was;
	enum rc rc = draft_text_ok(text, err);

	if (rc == RC_OK)
		rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	d->id = id_of(ws, d, text, once);
	rc = once == NULL ? RC_MISSING : record_draft(ws->store, ws->arena, d->id, &was, err);
	if (rc == RC_OK) {
		*d = was;
		workspace_rollback(ws);
		return RC_OK;
	}
	return finish(ws, d, rc == RC_MISSING ? add(ws, d, text, err) : rc, err);
}

static enum rc changed_meanwhile(struct workspace *ws, const struct stored_draft *d, int64_t read,
				 struct err *err)
{
	struct stored_draft now = *d;
	struct text who = text_of("somebody");
	enum rc rc = record_draft(ws->store, ws->arena, d->id, &now, err);

	if (rc == RC_MISSING)
		return err_set(err, RC_MISSING, "there is no draft '%.*s'", TEXT_ARG(d->id));
	if (rc == RC_OK)
		rc = draft_person(ws, now.author, &who, err);
	if (rc != RC_OK)
		return rc;
	err_code(err, "version_changed");
	err_hint(err, "\"tenor draft merge\" puts both together; nothing was saved");
	return err_set(err, RC_INVALID,
		       "%.*s saved revision %lld of '%.*s' while revision %lld was edited",
		       TEXT_ARG(who), (long long)now.revision, TEXT_ARG(d->id), (long long)read);
}

enum rc draft_save(struct workspace *ws, struct stored_draft *d, int64_t read, struct text text,
		   struct err *err)
{
	struct stored_draft_text sealed;
	bool moved = false;
	enum rc rc = draft_text_ok(text, err);

	if (rc == RC_OK)
		rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	d->author = ws->actor.id;
	d->changed_at = ws->now;
	rc = record_draft_move(ws->store, d, read, &moved, err);
	if (rc == RC_OK && !moved)
		rc = changed_meanwhile(ws, d, read, err);
	if (rc == RC_OK)
		rc = seal(ws, d, read + 1, text, &sealed, err);
	if (rc == RC_OK)
		rc = record_draft_text_add(ws->store, &sealed, err);
	if (rc == RC_OK)
		rc = record_draft_texts_over(ws->store, d->id, read + 1 - DRAFT_REVISIONS_KEPT,
					     err);
	if (rc == RC_OK)
		d->revision = read + 1;
	return finish(ws, d, rc, err);
}

enum rc draft_drop(struct workspace *ws, const struct stored_draft *d, struct err *err)
{
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = finish(ws, d, record_draft_drop(ws->store, d->id, err), err);
	return rc == RC_OK ? keys_erase(ws->keys, d->subject, ws->now, err) : rc;
}
