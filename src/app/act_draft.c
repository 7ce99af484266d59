/* SPDX-License-Identifier: Apache-2.0 */
/* tenor draft new, list, save, merge, set, drop: terms that are being written, by one party alone. */
#include "app/answer.h"
#include "app/contacts.h"
#include "app/draft_brief.h"
#include "app/drafts.h"
#include "app/input.h"
#include "app/load.h"
#include "app/recall.h"
#include "app/starters.h"
#include "base/json.h"
#include "base/merge.h"
#include "terms/edit.h"
#include "terms/yaml_out.h"

#include <string.h>

struct drafting {
	struct workspace ws;
	const struct args *args;
	struct stored_draft d;
	struct text text;
};

static enum rc begin(struct app *app, const struct args *args, enum store_mode mode,
		     struct drafting *x, struct err *err)
{
	enum rc rc;

	*x = (struct drafting){.args = args};
	rc = workspace_open(app, args, mode, &x->ws, err);
	if (rc != RC_OK || !args_has(args, PARAM_DRAFT))
		return rc;
	rc = draft_find(&x->ws, args_text(args, PARAM_DRAFT), &x->d, err);
	if (rc != RC_OK)
		workspace_close(&x->ws);
	return rc;
}

/* The call's file. */
static enum rc read_text(struct app *app, const struct args *args, struct text *out,
			 struct err *err)
{
	enum rc rc =
		input_whole(app, args_text(args, PARAM_CONTRACT), DRAFT_TEXT_MAX_BYTES, out, err);

	return rc == RC_OK ? draft_text_ok(*out, err) : rc;
}

/* --revision: which one was read. */
static enum rc revision_read(const struct args *args, int64_t *out, struct err *err)
{
	if (text_digits(args_text(args, PARAM_DRAFT_REVISION), out) && *out > 0)
		return RC_OK;
	err_key(err, text_of("revision"));
	return err_set(err, RC_USAGE, "'%.*s' is no revision",
		       TEXT_ARG(args_text(args, PARAM_DRAFT_REVISION)));
}

static void put_draft(struct json *j, const struct stored_draft *d)
{
	json_kv_text(j, "draft", d->id);
	json_kv_int(j, "revision", d->revision);
	if (d->contract.n > 0)
		json_kv_text(j, "contract", d->contract);
	if (d->client_id.n > 0)
		json_kv_text(j, "client", d->client_id);
	if (d->base.n > 0)
		json_kv_text(j, "base", d->base);
}

static void say(struct drafting *x, struct reply *reply, const char *done)
{
	struct json j;

	if (!args_has(x->args, PARAM_JSON)) {
		buf_printf(&reply->out, "%.*s %s, revision %lld\n", TEXT_ARG(x->d.id), done,
			   (long long)x->d.revision);
		return;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	put_draft(&j, &x->d);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
}

/* --- new --- */

/* The head of the contract as a file: the details of its contacts come from where they are kept. */
static enum rc text_of_head(struct drafting *x, const struct log_head *log,
			    const struct recalled_version *head, size_t number, struct err *err)
{
	struct kept_contact kept[SLOTS_MAX];
	struct yaml_contact *contacts = arena_array(x->ws.arena, struct yaml_contact, SLOTS_MAX);
	struct yaml_amends amends = {text_of(head->contract->hash),
				     args_text(x->args, PARAM_CHANGE_WHY)};
	size_t n = 0;
	struct buf b;
	enum rc rc = contacts_of_version(&x->ws, log, head->index, kept, &n, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		hash_hex(&kept[i].commit, contacts[i].commit);
		contacts[i].details = kept[i].details;
	}
	if (amends.reason.n == 0)
		amends.reason = text_of("Change of terms");
	buf_init(&b, (size_t)2 * DRAFT_TEXT_MAX_BYTES);
	buf_printf(&b, "# A change of %.*s, version %zu\n", TEXT_ARG(log->contract), number);
	contract_yaml(x->ws.arena, &b, head->contract, contacts, n, &amends);
	x->text = text_copy(x->ws.arena, buf_view(&b));
	buf_free(&b);
	x->d.base = text_copy(x->ws.arena, text_of(head->contract->hash));
	x->d.client_id = log->client;
	return RC_OK;
}

static enum rc of_contract(struct drafting *x, struct err *err)
{
	const struct recalled_version *head;
	struct log_head log;
	size_t number;
	enum rc rc;

	x->d.contract = args_text(x->args, PARAM_CONTRACT_ID);
	rc = draft_head(&x->ws, &x->d, &log, &head, &number, err);
	if (rc != RC_OK)
		return rc;
	if (args_has(x->args, PARAM_FROM_STARTER))
		return err_set(err, RC_USAGE,
			       "--from begins a new contract, --contract changes one");
	if (!args_has(x->args, PARAM_CONTRACT))
		return text_of_head(x, &log, head, number, err);
	x->d.base = text_copy(x->ws.arena, text_of(head->contract->hash));
	x->d.client_id = log.client;
	return RC_OK;
}

static enum rc of_nothing(struct drafting *x, struct err *err)
{
	struct text client = args_text(x->args, PARAM_CLIENT);
	struct stored_client *clients;
	const struct starter *s;
	bool known = client.n == 0;
	size_t n = 0;
	enum rc rc = record_clients(x->ws.store, x->ws.arena, &clients, &n, err);

	if (rc != RC_OK)
		return rc;
	if (workspace_client(&x->ws)) {
		err_hint(err, "--contract %.*s", TEXT_ARG(x->ws.actor.contract));
		return err_set(err, RC_USAGE, "a client drafts changes of its contract");
	}
	for (size_t i = 0; i < n; i++)
		known = known || text_eq(clients[i].id, client);
	if (!known) {
		err_hint(err, "\"tenor client list\" shows them");
		return err_set(err, RC_MISSING, "there is no client '%.*s'", TEXT_ARG(client));
	}
	x->d.client_id = client;
	if (args_has(x->args, PARAM_CONTRACT))
		return RC_OK;
	rc = starter_named(x->ws.arena, args_text(x->args, PARAM_FROM_STARTER), &s, err);
	if (rc == RC_OK)
		x->text = (struct text){s->bytes, s->size};
	return rc;
}

/* *once: as it was given, in *given; NULL: not at all. */
static enum rc begun_once(const struct args *args, struct uuid *given, const struct uuid **once,
			  struct err *err)
{
	struct text id = args_text(args, PARAM_BEGUN_ID);

	*once = NULL;
	if (id.n == 0)
		return RC_OK;
	if (!uuid_parse(id, given) || !uuid_is_v7(given)) {
		err_key(err, text_of("id"));
		err_hint(err, "write a UUIDv7 in lower case");
		return err_set(err, RC_USAGE, "'%.*s' is no id to begin under", TEXT_ARG(id));
	}
	*once = given;
	return RC_OK;
}

enum rc action_draft_new(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	struct drafting *x = arena_one(app->arena, struct drafting);
	struct text given = {NULL, 0};
	const struct uuid *once;
	struct uuid id;
	enum rc rc = begun_once(args, &id, &once, err);

	if (rc == RC_OK && args_has(args, PARAM_CONTRACT))
		rc = read_text(app, args, &given, err);
	if (rc == RC_OK)
		rc = begin(app, args, STORE_WRITE, x, err);
	if (rc != RC_OK)
		return rc;
	x->text = given;
	rc = args_has(args, PARAM_CONTRACT_ID) ? of_contract(x, err) : of_nothing(x, err);
	if (rc == RC_OK)
		rc = draft_keep(&x->ws, &x->d, x->text, once, err);
	if (rc == RC_OK)
		say(x, reply, "begun");
	workspace_close(&x->ws);
	return rc;
}

/* --- list --- */

static void put_brief(struct json *j, const struct draft_brief *b)
{
	if (b->title.n > 0)
		json_kv_text(j, "title", b->title);
	if (b->reason.n > 0)
		json_kv_text(j, "reason", b->reason);
	if (b->version > 0)
		json_kv_int(j, "version", (int64_t)b->version);
	json_kv_bool(j, "whole", b->whole);
	json_kv_int(j, "changes", (int64_t)b->changes);
	json_key(j, "terms");
	json_open_array(j);
	for (size_t i = 0; i < b->n_terms; i++)
		json_text(j, b->terms[i]);
	json_end_array(j);
}

/* brief: NULL where it is not told. */
static enum rc list_one(struct drafting *x, const struct stored_draft *d,
			const struct draft_brief *brief, struct json *j, struct buf *out,
			struct err *err)
{
	struct text author;
	enum rc rc = draft_person(&x->ws, d->author, &author, err);
	struct text at = answer_time(x->ws.arena, d->changed_at);

	if (rc != RC_OK)
		return rc;
	if (j == NULL) {
		buf_printf(out, "%.*s  revision %lld, %.*s by %.*s", TEXT_ARG(d->id),
			   (long long)d->revision, TEXT_ARG(at), TEXT_ARG(author));
		if (d->contract.n > 0)
			buf_printf(out, ": a change of %.*s", TEXT_ARG(d->contract));
		else if (d->client_id.n > 0)
			buf_printf(out, ": for %.*s", TEXT_ARG(d->client_id));
		if (brief != NULL && brief->reason.n > 0)
			buf_printf(out, ": %.*s", TEXT_ARG(brief->reason));
		buf_char(out, '\n');
		return RC_OK;
	}
	json_open_object(j);
	put_draft(j, d);
	json_kv_text(j, "author", author);
	json_kv_text(j, "changed_at", at);
	if (brief != NULL)
		put_brief(j, brief);
	json_end_object(j);
	return RC_OK;
}

/* The place is that among all drafts, the last changed first. */
static enum rc list_at(struct app *app, struct drafting *x, const struct stored_draft *d,
		       size_t place, struct json *j, struct buf *out, struct err *err)
{
	struct draft_brief brief;
	enum rc rc = RC_OK;

	if (place < DRAFT_BRIEFS)
		rc = draft_brief(app, &x->ws, d, &brief, err);
	if (rc == RC_OK)
		rc = list_one(x, d, place < DRAFT_BRIEFS ? &brief : NULL, j, out, err);
	return rc;
}

enum rc action_draft_list(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct drafting *x = arena_one(app->arena, struct drafting);
	struct stored_draft *all = NULL;
	bool as_json = args_has(args, PARAM_JSON);
	struct json j;
	size_t n = 0;
	enum rc rc = begin(app, args, STORE_READ, x, err);

	if (rc != RC_OK)
		return rc;
	rc = draft_list(&x->ws, &all, &n, err);
	json_init(&j, &reply->out, true);
	if (as_json)
		json_open_array(&j);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = list_at(app, x, &all[i], i, as_json ? &j : NULL, &reply->out, err);
	if (as_json) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	} else if (rc == RC_OK && n == 0) {
		buf_str(&reply->out,
			"There is no draft: tenor draft new --contract ID, or --from STARTER\n");
	}
	workspace_close(&x->ws);
	return rc;
}

/* --- save, set, drop --- */

/* A text that is given, and the revision that it was made from. */
static enum rc begin_given(struct app *app, const struct args *args, enum store_mode mode,
			   struct drafting *x, struct text *given, int64_t *read, struct err *err)
{
	enum rc rc = read_text(app, args, given, err);

	if (rc == RC_OK)
		rc = revision_read(args, read, err);
	return rc == RC_OK ? begin(app, args, mode, x, err) : rc;
}

enum rc action_draft_save(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct drafting *x = arena_one(app->arena, struct drafting);
	struct text given;
	int64_t read = 0;
	enum rc rc = begin_given(app, args, STORE_WRITE, x, &given, &read, err);

	if (rc != RC_OK)
		return rc;
	rc = draft_save(&x->ws, &x->d, read, given, err);
	if (rc == RC_OK)
		say(x, reply, "saved");
	workspace_close(&x->ws);
	return rc;
}

/* path=value; a value may hold any sign. */
static enum rc take_edits(struct drafting *x, struct term_edit **out, size_t *n, struct err *err)
{
	*n = x->args->values[PARAM_TERMS].n;
	*out = arena_array(x->ws.arena, struct term_edit, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		struct text word = x->args->values[PARAM_TERMS].v[i], path;

		if (text_find(word, '=', 0) == word.n) {
			err_hint(err, "write PATH=VALUE, or PATH= to take it out");
			return err_set(err, RC_USAGE, "'%.*s' sets nothing", TEXT_ARG(word));
		}
		word = text_cut(word, '=', &path);
		(*out)[i] = (struct term_edit){text_trim(path), text_trim(word)};
	}
	return RC_OK;
}

static bool has_finding(const struct contract *c, const struct finding *f)
{
	for (size_t i = 0; i < c->findings.n; i++)
		if (text_eq(c->findings.v[i].path, f->path) &&
		    strcmp(c->findings.v[i].code, f->code) == 0)
			return true;
	return false;
}

/* A draft may have errors; a value that is set may not be one that it did not have before. */
static enum rc values_fit(struct drafting *x, const struct term_edit *edits, size_t n,
			  struct text was, struct text is, struct err *err)
{
	struct terms_context context = load_context(x->ws.app, x->d.id);
	struct contract *before, *after;
	enum rc rc = contract_read(x->ws.arena, x->d.id, was, &context, &before, err);

	if (rc == RC_OK)
		rc = contract_read(x->ws.arena, x->d.id, is, &context, &after, err);
	for (size_t i = 0; rc == RC_OK && i < after->findings.n; i++) {
		const struct finding *f = &after->findings.v[i];

		for (size_t k = 0; k < n; k++) {
			if (!text_eq(f->path, edits[k].path) || has_finding(before, f))
				continue;
			err_code(err, f->code);
			err_key(err, f->path);
			return err_set(err, RC_INVALID, "%.*s", TEXT_ARG(f->message));
		}
	}
	return rc;
}

enum rc action_draft_set(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	struct drafting *x = arena_one(app->arena, struct drafting);
	struct term_edit *edits = NULL;
	struct draft_saved saved;
	struct terms_context context;
	struct text changed = {NULL, 0};
	int64_t read = 0;
	size_t n = 0;
	enum rc rc = revision_read(args, &read, err);

	if (rc == RC_OK)
		rc = begin(app, args, STORE_WRITE, x, err);
	if (rc != RC_OK)
		return rc;
	context = load_context(app, x->d.id);
	rc = take_edits(x, &edits, &n, err);
	if (rc == RC_OK)
		rc = draft_text(&x->ws, &x->d, read, &saved, err);
	if (rc == RC_OK)
		rc = contract_edit(app->arena, x->d.id, saved.text, &context, edits, n, &changed,
				   err);
	if (rc == RC_OK)
		rc = values_fit(x, edits, n, saved.text, changed, err);
	if (rc == RC_OK && !text_eq(saved.text, changed))
		rc = draft_save(&x->ws, &x->d, read, changed, err);
	if (rc == RC_OK)
		say(x, reply, "saved");
	workspace_close(&x->ws);
	return rc;
}

enum rc action_draft_drop(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct drafting *x = arena_one(app->arena, struct drafting);
	enum rc rc = begin(app, args, STORE_WRITE, x, err);

	if (rc != RC_OK)
		return rc;
	rc = draft_drop(&x->ws, &x->d, err);
	if (rc == RC_OK)
		answer_done(args, reply, "draft", x->d.id, "%.*s is gone", TEXT_ARG(x->d.id));
	workspace_close(&x->ws);
	return rc;
}

/* --- merge --- */

static const char *part_word(enum merge_of of)
{
	switch (of) {
	case MERGE_SAME:
		return "same";
	case MERGE_THEIRS:
		return "theirs";
	case MERGE_MINE:
		return "mine";
	case MERGE_BOTH:
		return "both";
	case MERGE_CLASH:
		return "clash";
	}
	return "same";
}

static void merge_json(const struct stored_draft *d, int64_t read, const struct draft_saved *theirs,
		       struct text at, const struct merge_part *v, size_t n, struct buf *out)
{
	struct buf merged;
	size_t clashes;
	struct json j;

	buf_init(&merged, (size_t)4 * DRAFT_TEXT_MAX_BYTES);
	clashes = merge_print(&merged, v, n, "theirs", "mine");
	json_init(&j, out, true);
	json_open_object(&j);
	put_draft(&j, d);
	json_kv_int(&j, "read", read);
	json_kv_text(&j, "author", theirs->author);
	json_kv_text(&j, "changed_at", at);
	json_kv_text(&j, "theirs", theirs->text);
	json_kv_text(&j, "merged", buf_view(&merged));
	json_kv_int(&j, "clashes", (int64_t)clashes);
	json_key(&j, "parts");
	json_open_array(&j);
	for (size_t i = 0; i < n; i++) {
		if (v[i].of == MERGE_SAME)
			continue;
		json_open_object(&j);
		json_kv_str(&j, "of", part_word(v[i].of));
		json_kv_text(&j, "base", v[i].base);
		json_kv_text(&j, "theirs", v[i].theirs);
		json_kv_text(&j, "mine", v[i].mine);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
	buf_free(&merged);
}

enum rc action_draft_merge(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct drafting *x = arena_one(app->arena, struct drafting);
	struct draft_saved base, theirs;
	struct merge_part *v = NULL;
	struct text given;
	int64_t read = 0;
	size_t n = 0;
	enum rc rc = begin_given(app, args, STORE_READ, x, &given, &read, err);

	if (rc != RC_OK)
		return rc;
	rc = draft_text(&x->ws, &x->d, read, &base, err);
	if (rc == RC_OK)
		rc = draft_text(&x->ws, &x->d, x->d.revision, &theirs, err);
	if (rc == RC_OK)
		merge_lines(app->arena, base.text, theirs.text, given, &v, &n);
	if (rc == RC_OK && args_has(args, PARAM_JSON))
		merge_json(&x->d, read, &theirs, answer_time(app->arena, theirs.at), v, n,
			   &reply->out);
	else if (rc == RC_OK)
		reply->status = merge_print(&reply->out, v, n, "theirs", "mine") > 0 ? 1 : 0;
	workspace_close(&x->ws);
	return rc;
}
