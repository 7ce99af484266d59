/* SPDX-License-Identifier: Apache-2.0 */
/* tenor log checkpoint, prove, tile: what lets somebody else check the log with other tools (trust.md J9, J10, J15). */
#include "app/grants.h"
#include "app/log_of.h"
#include "app/recall.h"
#include "base/base64.h"
#include "base/json.h"
#include "journal/tile.h"

struct proving {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	struct stored_checkpoint checkpoint;
	struct record_leaves leaves;
	struct leaf_source source;
};

static enum rc open_it(struct app *app, const struct args *args, struct proving *x, struct err *err)
{
	enum rc rc;

	x->args = args;
	rc = log_open(app, args, false, &x->ws, &x->log, err);
	if (rc != RC_OK)
		return rc;
	rc = log_checkpoint(app, args, &x->ws, &x->log, &x->checkpoint, err);
	if (rc != RC_OK) {
		workspace_close(&x->ws);
		return rc;
	}
	x->leaves = (struct record_leaves){x->ws.store, x->log.id};
	x->source = record_leaf_source(&x->leaves);
	return RC_OK;
}

/* --- checkpoint --- */

enum rc action_log_checkpoint(struct app *app, const struct args *args, struct reply *reply,
			      struct err *err)
{
	struct proving x;
	char root[SHA256_HEX + 1];
	struct json j;
	enum rc rc = open_it(app, args, &x, err);

	if (rc != RC_OK)
		return rc;
	if (args_has(args, PARAM_JSON)) {
		hash_hex(&x.checkpoint.root, root);
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		json_kv_text(&j, "origin", x.log.origin);
		json_kv_int(&j, "size", x.checkpoint.size);
		json_kv_str(&j, "root", root);
		json_kv_text(&j, "note", x.checkpoint.note);
		json_end_object(&j);
		buf_char(&reply->out, '\n');
	} else {
		buf_text(&reply->out, x.checkpoint.note);
	}
	workspace_close(&x.ws);
	return RC_OK;
}

/* --- prove --- */

static enum rc index_of_fact(struct proving *x, int64_t *index, struct err *err)
{
	struct text name = args_text(x->args, PARAM_FACT_ID);
	struct stored_entry stored;
	struct uuid id;
	struct fact f;
	enum rc rc = RC_OK;

	if (!uuid_parse(name, &id))
		rc = recall_fact(&x->ws, &x->log, name, facts_new(x->ws.arena), &f, &id, err);
	if (rc == RC_OK)
		rc = record_entry_of_id(x->ws.store, x->ws.arena, x->log.id, &id, &stored, err);
	if (rc == RC_MISSING && err->message[0] == '\0')
		return err_set(err, RC_MISSING, "there is no entry '%.*s' in this log",
			       TEXT_ARG(name));
	if (rc == RC_OK)
		*index = stored.index;
	return rc;
}

static void hashes_json(struct json *j, const struct proof *p)
{
	struct buf b;

	buf_init(&b, 64);
	json_key(j, "proof");
	json_open_array(j);
	for (size_t i = 0; i < p->n; i++) {
		buf_clear(&b);
		base64_add(&b, p->v[i].b, sizeof(p->v[i].b));
		json_text(j, buf_view(&b));
	}
	json_end_array(j);
	buf_free(&b);
}

static enum rc prove_entry(struct proving *x, struct reply *reply, struct err *err)
{
	struct proof proof;
	struct json j;
	int64_t index = 0;
	enum rc rc = args_has(x->args, PARAM_INDEX)
			     ? log_number(x->args, PARAM_INDEX, 0, &index, err)
			     : index_of_fact(x, &index, err);

	if (rc != RC_OK)
		return rc;
	if (index >= x->checkpoint.size)
		return err_set(err, RC_MISSING, "entry %lld is not among the first %lld entries",
			       (long long)index, (long long)x->checkpoint.size);
	rc = merkle_inclusion(x->ws.hasher, &x->source, index, x->checkpoint.size, &proof, err);
	if (rc != RC_OK)
		return rc;
	if (!args_has(x->args, PARAM_JSON)) {
		proof_file_print(index, &proof, x->checkpoint.note, &reply->out);
		return RC_OK;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_int(&j, "index", index);
	json_kv_int(&j, "size", x->checkpoint.size);
	hashes_json(&j, &proof);
	json_kv_text(&j, "note", x->checkpoint.note);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
	return RC_OK;
}

static enum rc prove_older(struct proving *x, struct reply *reply, struct err *err)
{
	struct hash older_root;
	char hex[SHA256_HEX + 1];
	struct proof proof;
	struct json j;
	int64_t older;
	enum rc rc = log_number(x->args, PARAM_OLDER, 1, &older, err);

	if (rc == RC_OK && older > x->checkpoint.size)
		return err_set(err, RC_USAGE,
			       "--older %lld is more than the %lld entries that are there",
			       (long long)older, (long long)x->checkpoint.size);
	if (rc == RC_OK)
		rc = merkle_consistency(x->ws.hasher, &x->source, older, x->checkpoint.size, &proof,
					err);
	if (rc == RC_OK)
		rc = merkle_root(x->ws.hasher, &x->source, older, &older_root, err);
	if (rc != RC_OK)
		return rc;
	if (!args_has(x->args, PARAM_JSON)) {
		for (size_t i = 0; i < proof.n; i++) {
			base64_add(&reply->out, proof.v[i].b, sizeof(proof.v[i].b));
			buf_char(&reply->out, '\n');
		}
		return RC_OK;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_int(&j, "older", older);
	hash_hex(&older_root, hex);
	json_kv_str(&j, "older_root", hex);
	json_kv_int(&j, "size", x->checkpoint.size);
	hash_hex(&x->checkpoint.root, hex);
	json_kv_str(&j, "root", hex);
	hashes_json(&j, &proof);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
	return RC_OK;
}

enum rc action_log_prove(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	struct proving x;
	int asked = args_has(args, PARAM_FACT_ID) + args_has(args, PARAM_INDEX) +
		    args_has(args, PARAM_OLDER);
	enum rc rc;

	if (asked != 1) {
		err_hint(err, "--fact ID or --index N proves an entry, --older N that the log "
			      "begins with what it was then");
		return err_set(err, RC_USAGE,
			       asked == 0 ? "what to prove is not said"
					  : "one thing is proved at a time");
	}
	rc = open_it(app, args, &x, err);
	if (rc != RC_OK)
		return rc;
	rc = args_has(args, PARAM_OLDER) ? prove_older(&x, reply, err)
					 : prove_entry(&x, reply, err);
	workspace_close(&x.ws);
	return rc;
}

/* --- tile --- */

static enum rc add_entry(void *context, const struct stored_entry *e, struct err *err)
{
	(void)err;
	entry_bundle_add(context, e->bytes);
	return RC_OK;
}

static enum rc cut_tile(struct workspace *ws, const struct log_head *log, const struct tile_id *id,
			struct buf *out, struct err *err)
{
	struct record_leaves leaves = {ws->store, log->id};
	struct leaf_source source = record_leaf_source(&leaves);
	int64_t from = id->n * TILE_HASHES;

	if (!tile_exists(id, log->edge.size)) {
		err_hint(err, "the log has %lld entries", (long long)log->edge.size);
		return err_set(err, RC_MISSING, "the log has no such tile");
	}
	if (id->entries)
		return record_each(ws->store, log->id, from, from + id->width, add_entry, out, err);
	return tile_make(ws->hasher, &source, id, out, err);
}

enum rc action_log_tile(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	struct text path = args_text(args, PARAM_TILE);
	struct workspace ws;
	struct log_head log;
	struct tile_id id;
	enum rc rc;

	if (!tile_path_parse(path, &id)) {
		err_hint(err, "for example tile/0/000, tile/1/000.p/3 or tile/entries/x001/067");
		return err_set(err, RC_USAGE, "'%.*s' is no path of a tile", TEXT_ARG(path));
	}
	rc = log_open(app, args, false, &ws, &log, err);
	if (rc != RC_OK)
		return rc;
	rc = grant_whole(&ws, &log, err);
	if (rc == RC_OK)
		rc = cut_tile(&ws, &log, &id, &reply->out, err);
	workspace_close(&ws);
	return rc;
}
