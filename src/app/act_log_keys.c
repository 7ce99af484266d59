/* SPDX-License-Identifier: Apache-2.0 */
/* tenor log keys, rotate, witness: whose signatures a log carries (trust.md J14, J17). */
#include "app/answer.h"
#include "app/append.h"
#include "app/log_of.h"
#include "app/logs.h"
#include "app/own_entries.h"
#include "app/signing.h"
#include "app/trust.h"
#include "base/json.h"

#include <sodium.h>

/* J14: both keys sign at least so long, so that every holder of the old one can learn the new one. */
#define OVERLAP_MS (30 * DAY_MS)

static struct text vkey_line(struct arena *a, const struct vkey *k)
{
	struct text out;
	struct buf b;

	buf_init(&b, NOTE_MAX_BYTES);
	vkey_print(k, &b);
	out = text_copy(a, text_trim(buf_view(&b)));
	buf_free(&b);
	return out;
}

/* --- keys --- */

struct listed_key {
	struct text line;
	const char *state;
	instant since;
};

static enum rc list_log_keys(struct workspace *ws, const struct log_head *log,
			     struct listed_key **out, size_t *n, struct err *err)
{
	struct own_entry *added, *retired, *witnesses;
	size_t n_added, n_retired, n_witnesses;
	enum rc rc =
		own_entries(ws, log, FACT_LOG_KEY_ADDED, log->edge.size, &added, &n_added, err);

	if (rc == RC_OK)
		rc = own_entries(ws, log, FACT_LOG_KEY_RETIRED, log->edge.size, &retired,
				 &n_retired, err);
	if (rc == RC_OK)
		rc = own_entries(ws, log, FACT_WITNESS_ADDED, log->edge.size, &witnesses,
				 &n_witnesses, err);
	if (rc != RC_OK)
		return rc;
	*out = arena_array(ws->arena, struct listed_key, n_added + n_witnesses + 1);
	*n = 0;
	for (size_t i = 0; i < n_added; i++) {
		struct listed_key k = {own_entry_text(&added[i], "vkey"), "signs",
				       added[i].entry.recorded_at};

		for (size_t r = 0; r < n_retired; r++)
			if (text_eq(own_entry_text(&retired[r], "vkey"), k.line)) {
				k.state = "retired";
				k.since = retired[r].entry.recorded_at;
			}
		(*out)[(*n)++] = k;
	}
	for (size_t i = 0; i < n_witnesses; i++)
		(*out)[(*n)++] = (struct listed_key){own_entry_text(&witnesses[i], "vkey"),
						     "witness", witnesses[i].entry.recorded_at};
	return RC_OK;
}

static void print_keys(const struct listed_key *v, size_t n, bool as_json, struct buf *out)
{
	struct json j;
	struct buf t;

	buf_init(&t, 64);
	json_init(&j, out, true);
	if (as_json)
		json_open_array(&j);
	for (size_t i = 0; i < n; i++) {
		buf_clear(&t);
		instant_print(&t, v[i].since);
		if (as_json) {
			json_open_object(&j);
			json_kv_text(&j, "vkey", v[i].line);
			json_kv_str(&j, "state", v[i].state);
			json_kv_text(&j, "since", buf_view(&t));
			json_end_object(&j);
		} else {
			buf_printf(out, "%-7s since %.*s  %.*s\n", v[i].state,
				   TEXT_ARG(buf_view(&t)), TEXT_ARG(v[i].line));
		}
	}
	if (as_json) {
		json_end_array(&j);
		buf_char(out, '\n');
	}
	buf_free(&t);
}

enum rc action_log_keys(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	struct workspace ws;
	struct log_head log;
	struct listed_key *v;
	size_t n;
	enum rc rc = log_open(app, args, false, &ws, &log, err);

	if (rc != RC_OK)
		return rc;
	rc = list_log_keys(&ws, &log, &v, &n, err);
	if (rc == RC_OK)
		print_keys(v, n, args_has(args, PARAM_JSON), &reply->out);
	workspace_close(&ws);
	return rc;
}

/* --- rotate --- */

struct rotating {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	struct log_keys keys;
	size_t in_force, oldest;
	instant newest_since;
	bool add, retire;
	struct vkey made;
	struct text seed_gone;
};

static enum rc look_at_keys(struct rotating *x, struct err *err)
{
	struct own_entry *added;
	size_t n;
	enum rc rc = log_keys_read(&x->ws, &x->log, &x->keys, err);

	if (rc == RC_OK)
		rc = own_entries(&x->ws, &x->log, FACT_LOG_KEY_ADDED, x->log.edge.size, &added, &n,
				 err);
	if (rc != RC_OK)
		return rc;
	x->in_force = 0;
	for (size_t i = 0; i < x->keys.n; i++) {
		if (x->keys.retired[i])
			continue;
		if (x->in_force++ == 0)
			x->oldest = i;
		x->newest_since = added[i].entry.recorded_at;
	}
	return RC_OK;
}

/* What is to be done, and whether it may be. */
static enum rc decide(struct rotating *x, struct err *err)
{
	bool now = args_has(x->args, PARAM_AT_ONCE);

	x->retire = args_has(x->args, PARAM_RETIRE);
	if (now && !x->retire)
		return err_set(err, RC_USAGE, "--now is for --retire: a key that was stolen");
	/* A stolen key that is the only one is replaced in the same step; the new one then travels outside the system. */
	x->add = !x->retire || (now && x->in_force == 1);
	if (x->add && x->keys.n == LOG_KEYS_MAX)
		return err_set(err, RC_LIMIT, "the log has had %d keys, which is the limit",
			       LOG_KEYS_MAX);
	if (!x->retire && x->in_force > 1) {
		err_hint(err, "--retire ends the older one, 30 days after the newer one came");
		return err_set(err, RC_INVALID, "two keys sign already");
	}
	if (x->retire && !x->add && x->in_force < 2) {
		err_hint(err, "\"tenor log rotate\" adds the next one; --retire --now replaces a "
			      "stolen one at once");
		return err_set(err, RC_INVALID, "the only key in force cannot be retired");
	}
	if (x->retire && !now && x->ws.now < x->newest_since + OVERLAP_MS) {
		struct buf b;

		buf_init(&b, 64);
		instant_print(&b, x->newest_since + OVERLAP_MS);
		err_hint(err, "--now is for a key that was stolen");
		(void)err_set(err, RC_INVALID,
			      "the older key signs until %.*s, 30 days after the newer one came, "
			      "so that its holders learn the newer one",
			      TEXT_ARG(buf_view(&b)));
		buf_free(&b);
		return RC_INVALID;
	}
	return RC_OK;
}

static enum rc add_key(struct rotating *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	unsigned char seed[KEY_BYTES], public_key[ED25519_PUBLIC];
	struct uuid id = workspace_uuid(ws);
	char uuid[UUID_TEXT + 1];
	struct text name;
	enum rc rc;

	uuid_text(&x->log.uuid, uuid);
	/* as log_keys_read names the next one */
	name = text_format(ws->arena, "log/%s/%zu", uuid, x->keys.n + 1);
	/* A seed whose entry was never written, since the machine stopped in between, is taken up. */
	rc = keys_seed(ws->keys, name, seed, err);
	if (rc == RC_MISSING) {
		err_clear(err);
		rc = keys_seed_make(ws->keys, name, seed, err);
	}
	if (rc != RC_OK)
		return rc;
	ed25519_public(seed, public_key);
	sodium_memzero(seed, sizeof(seed));
	rc = vkey_make(x->log.origin, KEY_LOG, public_key, &x->made, err);
	if (rc != RC_OK)
		return rc;
	return append_own(
		ws, &x->log, FACT_LOG_KEY_ADDED,
		body_of(ws->arena, "vkey", vkey_line(ws->arena, &x->made), NULL, text_of(NULL)),
		&id, ws->now, NULL, 0, NULL, err);
}

static enum rc retire_key(struct rotating *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	struct uuid id = workspace_uuid(ws);
	struct text line = vkey_line(ws->arena, &x->keys.v[x->oldest]);

	x->seed_gone = text_of(x->keys.seed_names[x->oldest]);
	return append_own(ws, &x->log, FACT_LOG_KEY_RETIRED,
			  body_of(ws->arena, "vkey", line, NULL, text_of(NULL)), &id, ws->now, NULL,
			  0, NULL, err);
}

static enum rc write_keys(struct rotating *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_keys_begin(ws, err);
	if (rc == RC_OK)
		rc = record_log_of_uuid(ws->store, ws->arena, &x->log.uuid, &x->log, err);
	if (rc == RC_OK && x->add)
		rc = add_key(x, err);
	if (rc == RC_OK && x->retire)
		rc = retire_key(x, err);
	/* the install log is itself a log: its head has moved if it is the one */
	if (rc == RC_OK && x->log.kind == LOG_INSTALL)
		rc = record_log_install(ws->store, ws->arena, &ws->install, err);
	if (rc == RC_OK)
		rc = workspace_audit(
			ws, x->log.contract,
			trust_name(ws->arena, x->add ? &x->made : &x->keys.v[x->oldest]), err);
	return workspace_end(ws, rc, err);
}

/*
 * The checkpoint before a key goes is kept: it carries the signatures of both, so that whoever trusts the old one can learn the new one
 * from a bundle later (J14).
 */
static enum rc rotate(struct rotating *x, struct err *err)
{
	enum rc rc = sign_log(&x->ws, &x->log, true, NULL, err);

	if (rc == RC_OK)
		rc = write_keys(x, err);
	if (rc == RC_OK)
		rc = sign_log_and_install(&x->ws, &x->log, true, NULL, err);
	/* Its signatures stand; nobody shall make another. */
	if (rc == RC_OK && x->seed_gone.n > 0)
		rc = keys_seed_drop(x->ws.keys, x->seed_gone, err);
	return rc;
}

static void say_rotated(const struct rotating *x, struct reply *reply)
{
	struct arena *a = x->ws.arena;
	struct json j;

	if (args_has(x->args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		if (x->add)
			json_kv_text(&j, "added", vkey_line(a, &x->made));
		if (x->retire)
			json_kv_text(&j, "retired", vkey_line(a, &x->keys.v[x->oldest]));
		json_end_object(&j);
		buf_char(&reply->out, '\n');
		return;
	}
	if (x->add)
		buf_printf(&reply->out, "signs from now on: %.*s\n",
			   TEXT_ARG(vkey_line(a, &x->made)));
	if (x->retire)
		buf_printf(&reply->out, "signs no longer:   %.*s\n",
			   TEXT_ARG(vkey_line(a, &x->keys.v[x->oldest])));
	if (x->add && x->retire)
		buf_str(&reply->out, "Give the new key to the other party by a way that does not "
				     "pass through this system.\n");
	else if (x->add)
		buf_str(&reply->out, "Both keys sign until \"tenor log rotate --retire\", in 90 "
				     "days, at the earliest in 30.\n");
}

enum rc action_log_rotate(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct rotating *x = arena_one(app->arena, struct rotating);
	struct keys *keys;
	enum rc rc = log_open(app, args, true, &x->ws, &x->log, err);

	if (rc != RC_OK)
		return rc;
	x->args = args;
	rc = workspace_keys(&x->ws, &keys, err);
	if (rc == RC_OK)
		rc = look_at_keys(x, err);
	if (rc == RC_OK)
		rc = decide(x, err);
	if (rc == RC_OK)
		rc = rotate(x, err);
	if (rc == RC_OK)
		say_rotated(x, reply);
	workspace_close(&x->ws);
	return rc;
}

/* --- witness --- */

static enum rc add_witness(struct workspace *ws, struct log_head *log, const struct vkey *key,
			   struct err *err)
{
	struct uuid id = workspace_uuid(ws);
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	id = workspace_uuid(ws);
	rc = record_log_of_uuid(ws->store, ws->arena, &log->uuid, log, err);
	if (rc == RC_OK)
		rc = append_own(
			ws, log, FACT_WITNESS_ADDED,
			body_of(ws->arena, "vkey", vkey_line(ws->arena, key), NULL, text_of(NULL)),
			&id, ws->now, NULL, 0, NULL, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, log->contract, trust_name(ws->arena, key), err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_log_and_install(ws, log, false, NULL, err) : rc;
}

static enum rc is_witness(struct workspace *ws, const struct log_head *log, const struct vkey *key,
			  bool *known, struct err *err)
{
	struct own_entry *v;
	size_t n;
	enum rc rc = own_entries(ws, log, FACT_WITNESS_ADDED, log->edge.size, &v, &n, err);

	*known = false;
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		*known =
			*known || text_eq(own_entry_text(&v[i], "vkey"), vkey_line(ws->arena, key));
	return rc;
}

enum rc action_log_witness(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct workspace ws;
	struct log_head log;
	struct vkey key;
	bool known;
	enum rc rc = vkey_parse(text_trim(args_text(args, PARAM_WITNESS)), &key, err);

	if (rc != RC_OK)
		return rc;
	if (key.type != KEY_COSIGNER) {
		err_hint(err, "\"tenor cosign key NAME -o FILE\" makes one");
		return err_set(err, RC_INVALID, "the key of '%.*s' is not one of a witness",
			       TEXT_ARG(key.name));
	}
	rc = workspace_open(app, args, STORE_WRITE, &ws, err);
	if (rc != RC_OK)
		return rc;
	rc = workspace_log(&ws, args_text(args, PARAM_CONTRACT_ID), &log, err);
	if (rc == RC_OK)
		rc = is_witness(&ws, &log, &key, &known, err);
	if (rc == RC_OK && !known)
		rc = add_witness(&ws, &log, &key, err);
	if (rc == RC_OK)
		answer_done(args, reply, "witness", trust_name(app->arena, &key), "%s %.*s\n",
			    known ? "was a witness before:" : "cosignatures are taken from",
			    TEXT_ARG(trust_name(app->arena, &key)));
	workspace_close(&ws);
	return rc;
}
