/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor cosign, cosign key: the client as witness, on its own machine (trust.md J17, J18). What it looks at is a bundle, or a record that a
 * server gives by its tiles (cosign_from.c).
 */
#include "app/answer.h"
#include "app/cosign_from.h"
#include "app/filing.h"
#include "app/trust.h"
#include "app/verify.h"
#include "app/witness.h"
#include "base/json.h"

/* --- key --- */

enum rc action_cosign_key(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct witness_key k;
	struct buf line;
	enum rc rc;

	if (!args_has(args, PARAM_OUTPUT) || text_is(args_text(args, PARAM_OUTPUT), "-")) {
		err_hint(err, "write -o FILE, at a place that only you can read");
		return err_set(err, RC_USAGE, "where the secret key is to lie is not said");
	}
	reply->delivered = true;
	rc = witness_key_make(app, args_text(args, PARAM_WITNESS_NAME),
			      args_text(args, PARAM_OUTPUT), &k, err);
	if (rc != RC_OK)
		return rc;
	buf_init(&line, NOTE_MAX_BYTES);
	vkey_print(&k.key, &line);
	witness_key_clear(&k);
	answer_done(args, reply, "vkey", text_trim(buf_view(&line)), "%.*s\n",
		    TEXT_ARG(text_trim(buf_view(&line))));
	buf_free(&line);
	return RC_OK;
}

/* --- cosign --- */

struct cosigning {
	struct app *app;
	const struct args *args;
	struct reply *reply;
	struct hasher *h;
	struct witness_key key;
	struct verified v;      /* of a bundle */
	struct server_log from; /* of a server */
	struct witness_now now;
	struct witness_state state;
	bool served; /* it is a server's */
	bool lines;  /* the steps have been told */
};

/* The steps on standard error: standard output is for the line. */
static void tell_steps(struct cosigning *x)
{
	if (!x->lines && !x->served)
		verify_print(&x->v, false, &x->reply->notes);
	x->lines = true;
}

static bool root_is_signed(const struct verified *v)
{
	return v->read && v->bundle.about.complete &&
	       v->checked.steps[CHECK_LIST].result == CHECK_PASSED &&
	       v->checked.steps[CHECK_TRUST].result == CHECK_PASSED &&
	       v->checked.steps[CHECK_SIGNATURES].result == CHECK_PASSED &&
	       v->checked.steps[CHECK_ROOT].result == CHECK_PASSED &&
	       (int64_t)v->checked.n_entries == v->bundle.about.size;
}

static enum rc told(struct cosigning *x, int status)
{
	x->reply->status = status;
	return RC_OK;
}

/* It does not cosign again until a leaf other than checkpoint_cosigned has come (J17), or the two would sign each other's signing. */
static enum rc only_cosignatures(struct cosigning *x, bool *only, struct err *err)
{
	struct canon_scratch *scratch = canon_scratch_new(x->app->arena);

	*only = true;
	for (int64_t i = x->state.checkpoint.size; *only && i < x->now.checkpoint.size; i++) {
		struct text bytes = x->served ? text_of("") : x->v.checked.entries[i].bytes;
		struct canon_doc doc;
		struct entry e;
		enum rc rc = x->served ? server_entry(&x->from, x->h, i, &bytes, err) : RC_OK;

		if (rc == RC_OK)
			rc = entry_parse(x->app->arena, scratch, bytes, &e, &doc, err);
		if (rc != RC_OK)
			return rc;
		*only = e.kind == FACT_CHECKPOINT_COSIGNED;
	}
	return RC_OK;
}

/* The line goes to the server; it is printed in any case, to be brought there by another way. */
static enum rc give_back(struct cosigning *x, struct text line, struct err *err)
{
	struct text why = text_of("");
	bool taken = false;
	enum rc rc = server_cosign(&x->from, line, &taken, &why, err);

	/* Signed is signed: what fails from here on must not hide the line. */
	if (rc != RC_OK) {
		why = text_format(x->app->arena, "%s", err->message);
		err_clear(err);
	}
	if (taken) {
		buf_str(&x->reply->notes, "the server has taken it into the record\n");
		return RC_OK;
	}
	buf_printf(&x->reply->notes, "the server has not taken it: %.*s\n", TEXT_ARG(why));
	return told(x, 1);
}

/* State first, durable, then the signature: a witness that forgot what it signed could be shown another history. */
static enum rc sign(struct cosigning *x, struct err *err)
{
	instant now = x->app->world->now(x->app->world->context);
	struct note n;
	struct text signed_line;
	struct buf line;
	enum rc rc = note_parse(x->now.note, &n, err);

	if (rc == RC_OK)
		rc = witness_state_write(x->app, &x->state, x->now.note, err);
	if (rc != RC_OK)
		return rc;
	buf_init(&line, NOTE_MAX_BYTES);
	note_cosign(&x->key.key, x->key.seed, now / SECOND_MS, n.text, &line);
	signed_line = text_copy(x->app->arena, text_trim(buf_view(&line)));
	buf_free(&line);
	answer_done(x->args, x->reply, "cosignature", signed_line, "%.*s\n", TEXT_ARG(signed_line));
	buf_printf(&x->reply->notes, "cosigned %.*s at %lld entries; remembered in %.*s\n",
		   TEXT_ARG(x->now.checkpoint.origin), (long long)x->now.checkpoint.size,
		   TEXT_ARG(x->state.path));
	return x->served ? give_back(x, signed_line, err) : RC_OK;
}

static enum rc refuse_fork(struct cosigning *x, const struct proof *proof, struct err *err)
{
	struct text folder;
	enum rc rc = witness_evidence(x->app, &x->state, &x->now, proof, &folder, err);

	if (rc != RC_OK)
		return rc;
	tell_steps(x);
	buf_printf(&x->reply->notes,
		   "FORK: the log has shown two histories. The checkpoint of %lld entries seen "
		   "before is not the beginning of this one of %lld.\n"
		   "Both signed notes and the proof that fails lie in %.*s: keep them. Nothing was "
		   "signed, and what was remembered stands.\n",
		   (long long)x->state.checkpoint.size, (long long)x->now.checkpoint.size,
		   TEXT_ARG(folder));
	return told(x, 1);
}

static enum rc refuse_rollback(struct cosigning *x)
{
	tell_steps(x);
	buf_printf(&x->reply->notes,
		   "rolled back: this checkpoint has %lld entries, the one seen before had %lld. "
		   "Nothing was signed, and what was remembered stands.\n",
		   (long long)x->now.checkpoint.size, (long long)x->state.checkpoint.size);
	return told(x, 1);
}

static enum rc read_entries(void *context, int64_t from, size_t n, struct hash *out,
			    struct err *err)
{
	const struct cosigning *x = context;

	(void)err;
	for (size_t i = 0; i < n; i++)
		out[i] = merkle_leaf(x->h, x->v.checked.entries[(size_t)from + i].bytes);
	return RC_OK;
}

static enum rc compare(struct cosigning *x, struct err *err)
{
	const struct leaf_source entries = {x, read_entries};
	struct leaf_source leaves = x->served ? server_leaves(&x->from) : entries;
	enum witness_finding finding;
	struct proof proof;
	bool only = false;
	enum rc rc = witness_state_read(x->app, args_text(x->args, PARAM_STATE), &x->now, &x->state,
					err);

	if (rc == RC_OK)
		rc = witness_compare(x->h, &x->state, &x->now, &leaves, &finding, &proof, err);
	if (rc != RC_OK)
		return rc;
	if (finding == WITNESS_FORKED)
		return refuse_fork(x, &proof, err);
	if (finding == WITNESS_ROLLED_BACK)
		return refuse_rollback(x);
	/* Another history is told even where something else is wrong; signed is only what is right in everything. */
	if (!x->served && verify_status(&x->v) != 0) {
		tell_steps(x);
		return told(x, verify_status(&x->v));
	}
	if (finding == WITNESS_GREW)
		rc = only_cosignatures(x, &only, err);
	if (rc == RC_OK && only) {
		buf_str(&x->reply->notes,
			"nothing but cosignatures has come since: nothing to sign\n");
		return told(x, 0);
	}
	return rc == RC_OK ? sign(x, err) : rc;
}

static enum rc check_bundle(struct cosigning *x, const struct trust *t, struct err *err)
{
	const struct bundle_trust trust = {t->keys, t->n, false};
	struct text bytes;
	enum rc rc = filing_read(x->app, args_text(x->args, PARAM_BUNDLE),
				 (uint64_t)BUNDLE_MAX_BYTES, &bytes, err);

	if (rc == RC_OK)
		rc = verify_bundle(x->app->arena, x->h, bytes, &trust,
				   args_has(x->args, PARAM_REPLAY), &x->v, err);
	if (rc != RC_OK)
		return rc;
	if (root_is_signed(&x->v)) {
		x->now = (struct witness_now){
			.note = bundle_find(&x->v.bundle, text_of("checkpoint"))->bytes,
			.checkpoint = x->v.checked.checkpoint,
			.log = x->v.bundle.about.log};
		return compare(x, err);
	}
	tell_steps(x);
	/* Without the signed root nothing can be compared, so nothing is signed, whatever else passed. */
	return told(x, verify_status(&x->v) == 0 ? 2 : verify_status(&x->v));
}

/* A server's checkpoint counts as a bundle's does: signed by a key that is trusted, and its leaves give its root. */
static enum rc check_server(struct cosigning *x, const struct trust *t, struct err *err)
{
	struct err why = {.line = 0};
	int status = 0;
	enum rc rc = server_checkpoint(&x->from, &x->now.note, err);

	if (rc == RC_OK)
		rc = server_check(&x->from, x->h, t, &x->now, &status, &why, err);
	if (rc != RC_OK)
		return rc;
	if (status == 0)
		return compare(x, err);
	buf_printf(&x->reply->notes, "%s: %s\n", status == 1 ? "NOT VERIFIED" : "CANNOT CHECK",
		   why.message);
	if (why.hint[0] != '\0')
		buf_printf(&x->reply->notes, "%s\n", why.hint);
	return told(x, status);
}

static enum rc check(struct cosigning *x, struct err *err)
{
	struct trust t;
	enum rc rc = trust_read(x->app, x->args, true, &t, err);

	if (rc != RC_OK)
		return rc;
	return x->served ? check_server(x, &t, err) : check_bundle(x, &t, err);
}

/* One of the two: a bundle, or a server and which of its records. */
static enum rc which(const struct args *args, bool *served, struct err *err)
{
	bool bundle = args_has(args, PARAM_BUNDLE);

	*served = args_has(args, PARAM_SERVER);
	if (bundle == *served) {
		err_hint(err,
			 "tenor cosign BUNDLE --cosign-key FILE, or tenor cosign --from URL --log "
			 "UUID --cosign-key FILE");
		return err_set(err, RC_USAGE,
			       bundle ? "a bundle and a server are both given"
				      : "what to cosign is not said");
	}
	if (!*served || !args_has(args, PARAM_REPLAY))
		return RC_OK;
	err_hint(err, "numbers come out of a bundle: tenor export bundle");
	return err_set(err, RC_USAGE, "--replay without a bundle");
}

enum rc action_cosign(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	struct cosigning *x = arena_one(app->arena, struct cosigning);
	enum rc rc = which(args, &x->served, err);

	x->app = app;
	x->args = args;
	x->reply = reply;
	/* Before the key is read: the process that connects out has nothing of it. */
	if (rc == RC_OK && x->served)
		rc = server_open(&x->from, app, args, err);
	if (rc != RC_OK)
		return rc;
	rc = witness_key_read(app, args_text(args, PARAM_COSIGN_KEY), &x->key, err);
	if (rc == RC_OK) {
		x->h = hasher_new(app->arena);
		rc = check(x, err);
		/* Nothing was signed: a file of that name would look like a cosignature. */
		if (rc == RC_OK && reply->out.n == 0)
			reply->delivered = true;
		hasher_free(x->h);
		witness_key_clear(&x->key);
	}
	if (x->served)
		server_close(&x->from);
	return rc;
}
