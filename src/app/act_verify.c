/* SPDX-License-Identifier: Apache-2.0 */
/* tenor verify: a bundle checked and replayed, without network and without a workspace (trust.md J20, J21). */
#include "app/filing.h"
#include "app/trust.h"
#include "app/verify.h"

/* J20: what cannot be read cannot be checked, which is exit 2 here. */
static enum rc cannot_check(enum rc rc)
{
	return rc == RC_OK ? RC_OK : RC_INVALID;
}

static void warn(const struct args *args, const struct verified *v, const struct trust *t,
		 struct reply *reply)
{
	if (args_has(args, PARAM_TRUST_BUNDLE_KEYS))
		buf_str(&reply->notes, "warning: keys that the bundle itself brings are trusted; "
				       "whoever made the bundle chose them\n");
	else if (v->read && v->checked.steps[CHECK_TRUST].result == CHECK_IMPOSSIBLE)
		buf_printf(&reply->notes,
			   "no key of this log in %.*s: take it from paper and run \"tenor trust "
			   "add KEY\"\n",
			   TEXT_ARG(t->path));
}

enum rc action_verify(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	struct hasher *h;
	struct trust t;
	struct text bytes;
	struct verified v;
	enum rc rc = trust_read(app, args, true, &t, err);

	if (rc == RC_OK)
		rc = filing_read(app, args_text(args, PARAM_BUNDLE), (uint64_t)BUNDLE_MAX_BYTES,
				 &bytes, err);
	if (rc != RC_OK)
		return cannot_check(rc);

	struct bundle_trust trust = {t.keys, t.n, args_has(args, PARAM_TRUST_BUNDLE_KEYS)};

	h = hasher_new(app->arena);
	rc = verify_bundle(app->arena, h, bytes, &trust, true, &v, err);
	hasher_free(h);
	if (rc != RC_OK)
		return cannot_check(rc);
	verify_print(&v, args_has(args, PARAM_JSON), &reply->out);
	warn(args, &v, &t, reply);
	reply->status = verify_status(&v);
	return RC_OK;
}
