/* SPDX-License-Identifier: Apache-2.0 */
/* tenor contract add, contract list: versions enter the record. */
#include "app/answer.h"
#include "app/append.h"
#include "app/contacts.h"
#include "app/inputs.h"
#include "app/load.h"
#include "app/logs.h"
#include "app/recall.h"
#include "app/signing.h"
#include "base/json.h"
#include "facts/exact.h"
#include "terms/lint.h"
#include "terms/version.h"

#include <string.h>

struct adding {
	struct workspace ws;
	const struct args *args;
	struct contract *contract;    /* as written, salted */
	struct terms_context context; /* system zones, files beside it */
	struct text id;               /* contract.id */
	struct log_head log;
	bool first;
	struct recalled before; /* its versions so far, if not first */
	const struct contact_secret *secrets;
	size_t n_secrets;
	struct own_slot slots[SLOTS_MAX];
	size_t n_slots;
	struct version_change change;
	instant agreed, effective;
	struct hash sha256;
	size_t pinned;
};

/* --- salts (CL-43): the same details keep their salt from version to version --- */

struct salting {
	struct workspace *ws;
	struct kept_contact v[SLOTS_MAX];
	size_t n;
};

static void fill_salt(void *context, struct text path, struct text details,
		      unsigned char salt[CONTACT_SALT_BYTES])
{
	struct salting *s = context;
	const char *party = text_starts(path, "parties.client.") ? "client" : "provider";

	for (size_t i = 0; i < s->n; i++) {
		if (!text_starts(s->v[i].name, party) || !text_eq(s->v[i].details, details))
			continue;
		memcpy(salt, s->v[i].salt, CONTACT_SALT_BYTES);
		return;
	}
	s->ws->app->world->random.fill(s->ws->app->world->random.context, salt, CONTACT_SALT_BYTES);
}

static enum rc earlier_secrets(struct adding *x, struct salting *s, struct err *err)
{
	s->ws = &x->ws;
	s->n = 0;
	if (x->first)
		return RC_OK;
	return contacts_of_version(&x->ws, &x->log,
				   x->before.versions[x->before.n_versions - 1].index, s->v, &s->n,
				   err);
}

/* A contact is found again by the address or else the name that stands in its details. */
static struct text label_of(struct arena *a, struct text details)
{
	struct canon_doc doc;
	struct err err = {.line = 0};
	const struct canon_node *v;

	if (canon_parse(a, NULL, details, CANON_STRICT, &CANON_LARGE, &doc, &err) != RC_OK)
		return details;
	v = canon_member(&doc, &doc.v[0], "email");
	if (v == NULL)
		v = canon_member(&doc, &doc.v[0], "name");
	return v == NULL ? details : v->text;
}

static enum rc make_slots(struct adding *x, struct err *err)
{
	size_t count[2] = {0, 0};

	if (x->n_secrets > SLOTS_MAX)
		return err_set(err, RC_LIMIT,
			       "%zu contacts; a version keeps the details of at most %d",
			       x->n_secrets, SLOTS_MAX);
	/* Slots stand sorted by name: client_01, client_02, provider_01 */
	for (int party = 0; party < 2; party++) {
		for (size_t i = 0; i < x->n_secrets; i++) {
			struct own_slot *s = &x->slots[x->n_slots];
			enum rc rc;

			if (text_is(x->secrets[i].party, "client") != (party == 0))
				continue;
			s->name = text_format(x->ws.arena, "%s_%02zu",
					      party == 0 ? "client" : "provider", ++count[party])
					  .p;
			s->private_bytes = x->secrets[i].details;
			memcpy(s->salt, x->secrets[i].salt, SALT_BYTES);
			rc = keys_subject(x->ws.keys, label_of(x->ws.arena, s->private_bytes),
					  s->subject, err);
			if (rc != RC_OK)
				return rc;
			x->n_slots++;
		}
	}
	return RC_OK;
}

/* --- what it follows --- */

static enum rc find_engagement(struct adding *x, struct err *err)
{
	enum rc rc = record_log_of_contract(x->ws.store, x->ws.arena, x->id, &x->log, err);

	x->first = rc == RC_MISSING;
	if (x->first) {
		err_clear(err);
		return RC_OK;
	}
	return rc == RC_OK ? recall_versions(&x->ws, &x->log, INSTANT_MAX, &x->before, err) : rc;
}

/* Calendar files by the hash that the canonical form has of them (CL-44): those beside the contract, else those on record. */
struct sealed_files {
	struct workspace *ws;
	const struct contract_input *v;
	size_t n;
};

static enum rc load_sealed(void *context, struct text name, struct text *bytes, struct err *err)
{
	static const char by_hash[] = "sha256:";
	const struct sealed_files *f = context;
	struct text hex = text_sub(name, sizeof(by_hash) - 1, name.n);
	struct hash sha;

	if (!text_starts(name, by_hash) || !hash_parse(hex, &sha))
		return err_set(err, RC_MISSING, "'%.*s' is no hash of a calendar file",
			       TEXT_ARG(name));
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].kind == INPUT_ICS && text_is(hex, f->v[i].sha256)) {
			*bytes = f->v[i].bytes;
			return RC_OK;
		}
	return record_blob(f->ws->store, f->ws->arena, &sha, bytes, err);
}

static enum rc follow(struct adding *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	struct sealed_files files = {ws, NULL, 0};
	struct terms_context sealed = {
		.zones = x->context.zones, .load = load_sealed, .load_context = &files};
	struct contract *canonical;
	struct succession s = {.approved_at = x->agreed};
	struct text *earlier;
	enum rc rc = contract_inputs(ws->arena, x->contract, &x->context, day_of_instant(x->agreed),
				     &files.v, &files.n, err);

	if (rc == RC_OK)
		rc = contract_read_canonical(ws->arena, x->contract->file, x->contract->canonical,
					     &sealed, &canonical, err);
	if (rc == RC_OK && !x->first) {
		size_t n = x->before.n_versions;

		earlier = arena_array(ws->arena, struct text, n);
		for (size_t i = 0; i + 1 < n; i++)
			earlier[i] = text_of(x->before.versions[i].contract->hash);
		s.head = x->before.versions[n - 1].contract;
		s.head_effective = x->before.versions[n - 1].from;
		s.earlier = earlier;
		s.n_earlier = n - 1;
	}
	if (rc == RC_OK)
		rc = version_may_follow(ws->arena, &sealed, &s, canonical, &x->change, err);
	if (rc != RC_OK && err->file[0] == '\0')
		err_at(err, x->contract->file, err->line, err->column);
	return rc;
}

static enum rc dates(struct adding *x, const struct zone *zone, struct err *err)
{
	enum rc rc = RC_OK;

	x->agreed = x->ws.now;
	if (args_has(x->args, PARAM_AGREED))
		rc = value_instant(args_text(x->args, PARAM_AGREED), zone, &x->agreed, err);
	if (rc == RC_OK && x->agreed > x->ws.now)
		return err_set(err, RC_USAGE,
			       "--agreed lies ahead: a version enters once both have agreed to it");
	return rc;
}

static enum rc effective_date(struct adding *x, const struct zone *zone, struct err *err)
{
	instant given = x->change.effective;
	enum rc rc = RC_OK;

	if (args_has(x->args, PARAM_EFFECTIVE))
		rc = value_instant(args_text(x->args, PARAM_EFFECTIVE), zone, &given, err);
	if (rc == RC_OK && x->change.dated && given != x->change.effective) {
		err_hint(err, "leave --effective out, or change the file");
		return err_set(err, RC_USAGE,
			       "the file itself says from when it is in force, and --effective "
			       "another date");
	}
	if (rc == RC_OK && !x->first && given < x->before.versions[x->before.n_versions - 1].from) {
		err_code(err, "amend.order");
		return err_set(err, RC_INVALID,
			       "it would take effect before the version it amends");
	}
	x->effective = given;
	return rc;
}

/* --- writing --- */

static enum rc client_of(struct adding *x, struct text *out, struct err *err)
{
	struct stored_client *clients;
	struct text wanted = args_text(x->args, PARAM_CLIENT);
	struct text *ids;
	size_t n;
	enum rc rc = record_clients(x->ws.store, x->ws.arena, &clients, &n, err);

	if (rc != RC_OK)
		return rc;
	ids = arena_array(x->ws.arena, struct text, n + 1);
	for (size_t i = 0; i < n; i++) {
		ids[i] = clients[i].id;
		if (text_eq(ids[i], wanted) || (wanted.n == 0 && n == 1)) {
			*out = ids[i];
			return RC_OK;
		}
	}

	struct text near = text_nearest(wanted, ids, n);

	if (near.n > 0)
		err_hint(err, "did you mean %.*s?", TEXT_ARG(near));
	else
		err_hint(err, n == 0 ? "add it first: tenor client add ID --name NAME"
				     : "\"tenor client list\" shows them");
	if (wanted.n == 0)
		return err_set(err, RC_USAGE,
			       n == 0 ? "there is no client yet"
				      : "whose contract it is, is not said: --client ID");
	return err_set(err, RC_MISSING, "there is no client '%.*s'", TEXT_ARG(wanted));
}

static struct text version_body(struct adding *x)
{
	struct text out;
	struct buf b, t;
	struct json j;

	buf_init(&b, 4096);
	buf_init(&t, 64);
	json_init(&j, &b, false);
	json_open_object(&j);
	if (!x->first)
		json_kv_str(&j, "base",
			    x->before.versions[x->before.n_versions - 1].contract->hash);
	exact_instant_print(&t, x->effective);
	json_kv_text(&j, "effective", buf_view(&t));
	json_kv_int(&j, "number", x->first ? 1 : (int64_t)x->before.n_versions + 1);
	json_kv_str(&j, "version", x->contract->hash);
	json_end_object(&j);
	out = text_copy(x->ws.arena, buf_view(&b));
	buf_free(&b);
	buf_free(&t);
	return out;
}

static enum rc write_version(struct adding *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	struct uuid id = workspace_uuid(ws);
	enum rc rc = record_blob_put(ws->store, &x->sha256, text_of("version"),
				     x->contract->canonical, err);

	if (rc == RC_OK)
		rc = inputs_pin(ws, &x->log, x->contract, &x->context, &x->pinned, err);
	if (rc == RC_OK)
		rc = append_own(ws, &x->log, FACT_VERSION_AGREED, version_body(x), &id, x->agreed,
				x->slots, x->n_slots, NULL, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, x->id, text_of(x->contract->hash), err);
	return rc;
}

static enum rc write_all(struct adding *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	struct text client, host;
	enum rc rc = x->first ? client_of(x, &client, err) : RC_OK;

	if (rc == RC_OK)
		rc = record_meta(ws->store, ws->arena, "host", &host, err);
	if (rc == RC_OK)
		rc = make_slots(x, err);
	if (rc == RC_OK)
		rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	rc = x->first ? log_make(ws, LOG_ENGAGEMENT, x->id, client, host, &x->log, err)
		      : record_log_of_uuid(ws->store, ws->arena, &x->log.uuid, &x->log, err);
	if (rc == RC_OK)
		rc = write_version(x, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_log_and_install(ws, &x->log, false, NULL, err) : rc;
}

static void say_added(const struct adding *x, struct reply *reply)
{
	struct buf from;
	struct json j;

	buf_init(&from, 64);
	instant_print(&from, x->effective);
	if (args_has(x->args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		json_kv_text(&j, "contract", x->id);
		json_kv_int(&j, "number", x->first ? 1 : (int64_t)x->before.n_versions + 1);
		json_kv_str(&j, "version", x->contract->hash);
		json_kv_text(&j, "effective", buf_view(&from));
		json_kv_bool(&j, "minor", x->change.minor);
		json_kv_text(&j, "log", x->log.origin);
		json_end_object(&j);
		buf_char(&reply->out, '\n');
	} else {
		buf_printf(&reply->out, "%.*s, version %zu: %s\n", TEXT_ARG(x->id),
			   x->first ? 1 : x->before.n_versions + 1, x->contract->hash);
		buf_printf(&reply->out, "  in force from %.*s", TEXT_ARG(buf_view(&from)));
		if (!x->first)
			buf_printf(&reply->out, ", amends %.12s, a %s change",
				   x->before.versions[x->before.n_versions - 1].contract->hash,
				   x->change.minor ? "minor" : "material");
		buf_printf(&reply->out, "\n  %zu contacts kept apart from it, %zu tables pinned\n",
			   x->n_secrets, x->pinned);
	}
	buf_free(&from);
}

static enum rc add(struct adding *x, struct err *err)
{
	const struct promise *promise;
	struct salting salting;
	enum rc rc = find_engagement(x, err);

	if (rc == RC_OK)
		rc = load_promise(x->ws.app, x->contract, &promise, err);
	if (rc == RC_OK)
		rc = earlier_secrets(x, &salting, err);
	if (rc == RC_OK) {
		struct salt_source salts = {&salting, fill_salt};

		rc = contract_salt(x->ws.arena, x->contract, &salts, &x->secrets, &x->n_secrets,
				   err);
	}
	if (rc == RC_OK)
		rc = dates(x, promise->zone, err);
	if (rc == RC_OK)
		rc = follow(x, err);
	if (rc == RC_OK)
		rc = effective_date(x, promise->zone, err);
	if (rc != RC_OK)
		return rc;
	if (!x->first &&
	    text_eq(text_of(x->contract->hash),
		    text_of(x->before.versions[x->before.n_versions - 1].contract->hash)))
		return err_set(err, RC_INVALID, "this is the version in force already");
	sha256(x->contract->canonical, x->sha256.b);
	return write_all(x, err);
}

/* A contract on paper is what it is; that lint finds errors in it is said, not forbidden. */
static void note_lint(const struct contract *c, struct reply *reply)
{
	size_t errors = 0;

	for (size_t i = 0; i < c->findings.n; i++)
		errors += c->findings.v[i].severity == 'E';
	if (errors > 0)
		buf_printf(&reply->notes,
			   "%.*s: lint finds %zu errors; \"tenor check\" lists them\n",
			   TEXT_ARG(c->file), errors);
}

enum rc action_contract_add(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct adding *x = arena_one(app->arena, struct adding);
	enum rc rc;

	x->args = args;
	rc = load_noted(app, args, args_text(args, PARAM_CONTRACT), &x->contract, reply, err);
	if (rc != RC_OK)
		return rc;
	note_lint(x->contract, reply);
	x->context = load_context(app, x->contract->file);
	x->id = term_text(node_at(x->contract->root, "contract"), "id");
	rc = workspace_open(app, args, STORE_WRITE, &x->ws, err);
	if (rc != RC_OK)
		return rc;
	rc = add(x, err);
	if (rc == RC_OK)
		say_added(x, reply);
	workspace_close(&x->ws);
	return rc;
}

/* --- contract list --- */

static void version_json(struct json *j, const struct recalled_version *v, size_t number,
			 struct buf *t)
{
	json_open_object(j);
	json_kv_int(j, "number", (int64_t)number);
	json_kv_str(j, "version", v->contract->hash);
	buf_clear(t);
	if (v->from != INSTANT_MIN) {
		instant_print(t, v->from);
		json_kv_text(j, "from", buf_view(t));
	}
	json_end_object(j);
}

static enum rc list_one(struct workspace *ws, const struct log_head *log, struct json *j,
			struct buf *out, struct err *err)
{
	struct recalled r;
	struct buf t;
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, &r, err);

	if (rc != RC_OK)
		return rc;
	buf_init(&t, 64);
	if (j != NULL) {
		json_open_object(j);
		json_kv_text(j, "contract", log->contract);
		if (r.n_versions > 0)
			json_kv_text(j, "title", r.versions[r.n_versions - 1].promise->title);
		json_kv_text(j, "client", log->client);
		json_kv_text(j, "log", log->origin);
		json_kv_int(j, "entries", log->edge.size);
		json_key(j, "versions");
		json_open_array(j);
		for (size_t i = 0; i < r.n_versions; i++)
			version_json(j, &r.versions[i], i + 1, &t);
		json_end_array(j);
		json_end_object(j);
	} else {
		buf_printf(out, "%.*s (%.*s): %lld entries in %.*s\n", TEXT_ARG(log->contract),
			   TEXT_ARG(log->client), (long long)log->edge.size, TEXT_ARG(log->origin));
		for (size_t i = 0; i < r.n_versions; i++) {
			buf_printf(out, "  version %zu  %.12s", i + 1,
				   r.versions[i].contract->hash);
			if (i > 0) {
				buf_str(out, "  from ");
				day_print(out, zone_day(r.versions[i].promise->zone,
							r.versions[i].from));
			}
			buf_char(out, '\n');
		}
	}
	buf_free(&t);
	return RC_OK;
}

enum rc action_contract_list(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct workspace ws;
	struct log_head *logs;
	struct json j;
	bool as_json = args_has(args, PARAM_JSON);
	size_t n;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_logs(&ws, &logs, &n, err);
	json_init(&j, &reply->out, true);
	if (rc == RC_OK && as_json)
		json_open_array(&j);
	if (rc == RC_OK && !as_json && n == 0)
		buf_str(&reply->out,
			"There is no contract yet: tenor contract add contract.yaml --client ID\n");
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = list_one(&ws, &logs[i], as_json ? &j : NULL, &reply->out, err);
	if (rc == RC_OK && as_json) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	}
	workspace_close(&ws);
	return rc;
}
