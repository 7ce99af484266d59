/* SPDX-License-Identifier: Apache-2.0 */
/* tenor cosign, cosign key: the client as witness, on its own machine (trust.md J17, J18). */
#include "app/answer.h"
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
	struct verified v;
	struct witness_state state;
	bool lines; /* the steps have been told */
};

/* The steps on standard error: standard output is for the line. */
static void tell_steps(struct cosigning *x)
{
	if (!x->lines)
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
static enum rc only_cosignatures(const struct cosigning *x, bool *only, struct err *err)
{
	struct canon_scratch *scratch = canon_scratch_new(x->app->arena);

	*only = true;
	for (int64_t i = x->state.checkpoint.size; *only && i < x->v.bundle.about.size; i++) {
		struct canon_doc doc;
		struct entry e;
		enum rc rc = entry_parse(x->app->arena, scratch, x->v.checked.entries[i].bytes, &e,
					 &doc, err);

		if (rc != RC_OK)
			return rc;
		*only = e.kind == FACT_CHECKPOINT_COSIGNED;
	}
	return RC_OK;
}

/* State first, durable, then the signature: a witness that forgot what it signed could be shown another history. */
static enum rc sign(struct cosigning *x, struct err *err)
{
	const struct bundle_file *file = bundle_find(&x->v.bundle, text_of("checkpoint"));
	instant now = x->app->world->now(x->app->world->context);
	struct note n;
	struct buf line;
	enum rc rc = note_parse(file->bytes, &n, err);

	if (rc == RC_OK)
		rc = witness_state_write(x->app, &x->state, file->bytes, err);
	if (rc != RC_OK)
		return rc;
	buf_init(&line, NOTE_MAX_BYTES);
	note_cosign(&x->key.key, x->key.seed, now / SECOND_MS, n.text, &line);
	answer_done(x->args, x->reply, "cosignature", text_trim(buf_view(&line)), "%.*s\n",
		    TEXT_ARG(text_trim(buf_view(&line))));
	buf_free(&line);
	buf_printf(&x->reply->notes, "cosigned %.*s at %lld entries; remembered in %.*s\n",
		   TEXT_ARG(x->v.bundle.about.origin), (long long)x->v.bundle.about.size,
		   TEXT_ARG(x->state.path));
	return RC_OK;
}

static enum rc refuse_fork(struct cosigning *x, const struct proof *proof, struct err *err)
{
	struct text folder;
	enum rc rc = witness_evidence(x->app, &x->state, &x->v, proof, &folder, err);

	if (rc != RC_OK)
		return rc;
	tell_steps(x);
	buf_printf(&x->reply->notes,
		   "FORK: the log has shown two histories. The checkpoint of %lld entries seen "
		   "before is not the beginning of this one of %lld.\n"
		   "Both signed notes and the proof that fails lie in %.*s: keep them. Nothing was "
		   "signed, and what was remembered stands.\n",
		   (long long)x->state.checkpoint.size, (long long)x->v.bundle.about.size,
		   TEXT_ARG(folder));
	return told(x, 1);
}

static enum rc refuse_rollback(struct cosigning *x)
{
	tell_steps(x);
	buf_printf(&x->reply->notes,
		   "rolled back: this checkpoint has %lld entries, the one seen before had %lld. "
		   "Nothing was signed, and what was remembered stands.\n",
		   (long long)x->v.bundle.about.size, (long long)x->state.checkpoint.size);
	return told(x, 1);
}

static enum rc compare(struct cosigning *x, struct err *err)
{
	enum witness_finding finding;
	struct proof proof;
	bool only = false;
	enum rc rc = witness_state_read(x->app, args_text(x->args, PARAM_STATE), &x->v.bundle.about,
					&x->state, err);

	if (rc == RC_OK)
		rc = witness_compare(x->h, &x->state, &x->v, &finding, &proof, err);
	if (rc != RC_OK)
		return rc;
	if (finding == WITNESS_FORKED)
		return refuse_fork(x, &proof, err);
	if (finding == WITNESS_ROLLED_BACK)
		return refuse_rollback(x);
	/* Another history is told even where something else is wrong; signed is only what is right in everything. */
	if (verify_status(&x->v) != 0) {
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

static enum rc check(struct cosigning *x, struct err *err)
{
	struct trust t;
	struct text bytes;
	enum rc rc = trust_read(x->app, x->args, true, &t, err);

	if (rc == RC_OK)
		rc = filing_read(x->app, args_text(x->args, PARAM_BUNDLE),
				 (uint64_t)BUNDLE_MAX_BYTES, &bytes, err);
	if (rc == RC_OK) {
		struct bundle_trust trust = {t.keys, t.n, false};

		rc = verify_bundle(x->app->arena, x->h, bytes, &trust,
				   args_has(x->args, PARAM_REPLAY), &x->v, err);
	}
	if (rc != RC_OK)
		return rc;
	if (root_is_signed(&x->v))
		return compare(x, err);
	tell_steps(x);
	/* Without the signed root nothing can be compared, so nothing is signed, whatever else passed. */
	return told(x, verify_status(&x->v) == 0 ? 2 : verify_status(&x->v));
}

enum rc action_cosign(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	struct cosigning *x = arena_one(app->arena, struct cosigning);
	enum rc rc = witness_key_read(app, args_text(args, PARAM_COSIGN_KEY), &x->key, err);

	if (rc != RC_OK)
		return rc;
	x->app = app;
	x->args = args;
	x->reply = reply;
	x->h = hasher_new(app->arena);
	rc = check(x, err);
	/* Nothing was signed: a file of that name would look like a cosignature. */
	if (rc == RC_OK && reply->out.n == 0)
		reply->delivered = true;
	hasher_free(x->h);
	witness_key_clear(&x->key);
	return rc;
}
