/* SPDX-License-Identifier: Apache-2.0 */
#include "app/verify.h"

#include "base/json.h"

#include <assert.h>

static const char *const step_names[] = {
	[CHECK_LIST] = "list",
	[CHECK_TRUST] = "trust",
	[CHECK_SIGNATURES] = "signatures",
	[CHECK_ROOT] = "root",
	[CHECK_ENTRIES] = "entries",
	[CHECK_COMMITMENTS] = "commitments",
	[CHECK_APPROVALS] = "approvals",
	[CHECK_NUMBERS] = "numbers",
};

static const char *const result_words[] = {
	[CHECK_PASSED] = "passed",
	[CHECK_FAILED] = "failed",
	[CHECK_IMPOSSIBLE] = "cannot check",
	[CHECK_SKIPPED] = "skipped",
};

const char *verify_step_name(enum check_step step)
{
	assert(step >= CHECK_LIST && step <= CHECK_STEPS);
	return step_names[step];
}

/* Not a sound bundle: its first step failed, and nothing else can be tried. */
static void not_read(struct arena *a, struct verified *v, const struct err *why)
{
	struct buf b;

	buf_init(&b, (size_t)2 * ERR_MESSAGE_MAX);
	err_print(why, &b);
	v->checked.steps[CHECK_LIST] =
		(struct step_report){CHECK_FAILED, text_copy(a, buf_view(&b)), -1};
	for (int s = CHECK_TRUST; s <= CHECK_STEPS; s++)
		v->checked.steps[s] = (struct step_report){CHECK_SKIPPED, text_of(""), -1};
	buf_free(&b);
}

enum rc verify_bundle(struct arena *a, struct hasher *h, struct text bytes,
		      const struct bundle_trust *trust, bool replay, struct verified *out,
		      struct err *err)
{
	struct verified v = {.read = false};
	struct err why = {.line = 0};
	struct replay *r = NULL;
	enum rc rc = bundle_read(a, h, bytes, &v.bundle, &why);

	if (rc != RC_OK) {
		not_read(a, &v, &why);
		*out = v;
		return RC_OK;
	}
	v.read = true;
	if (replay)
		r = replay_new(a, &v.bundle);
	rc = bundle_check(a, h, &v.bundle, trust, replay ? replay_entry : NULL, r, &v.checked, err);
	if (rc != RC_OK)
		return rc;
	if (replay)
		replay_judge(r, h, &v.checked, &v.count);
	*out = v;
	return RC_OK;
}

int verify_status(const struct verified *v)
{
	int status = 0;

	for (int s = CHECK_LIST; s <= CHECK_STEPS; s++) {
		enum check_result r = v->checked.steps[s].result;

		if (r == CHECK_FAILED)
			return 1;
		if (r == CHECK_IMPOSSIBLE)
			status = 2;
	}
	return status;
}

static void verdict_words(const struct verified *v, struct buf *out)
{
	switch (verify_status(v)) {
	case 0:
		if (v->checked.steps[CHECK_NUMBERS].result == CHECK_SKIPPED) {
			buf_str(out, "steps 1 to 7 passed; no number was recomputed");
			break;
		}
		buf_printf(out, "verified: %zu facts, %zu numbers recomputed", v->count.facts,
			   v->count.numbers);
		break;
	case 1:
		for (int s = CHECK_LIST; s <= CHECK_STEPS; s++)
			if (v->checked.steps[s].result == CHECK_FAILED) {
				buf_printf(out, "NOT VERIFIED: %s", step_names[s]);
				if (v->checked.steps[s].index >= 0)
					buf_printf(out, ", entry %lld",
						   (long long)v->checked.steps[s].index);
				break;
			}
		break;
	default:
		buf_str(out, "CANNOT CHECK: ");
		if (v->read && !v->bundle.about.complete)
			buf_str(out, "inclusion shown, completeness not shown");
		else
			buf_str(out, "not everything could be checked");
	}
}

static void print_json(const struct verified *v, struct buf *out)
{
	static const char *const verdicts[] = {"verified", "failed", "cannot_check"};
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_str(&j, "verdict", verdicts[verify_status(v)]);
	if (v->read) {
		char root[SHA256_HEX + 1];

		hash_hex(&v->bundle.about.root, root);
		json_kv_text(&j, "origin", v->bundle.about.origin);
		json_kv_text(&j, "period", v->bundle.about.period);
		json_kv_int(&j, "size", v->bundle.about.size);
		json_kv_str(&j, "root", root);
		json_kv_bool(&j, "complete", v->bundle.about.complete);
	}
	json_kv_int(&j, "documents", (int64_t)v->count.documents);
	json_kv_int(&j, "facts", (int64_t)v->count.facts);
	json_kv_int(&j, "numbers", (int64_t)v->count.numbers);
	json_kv_int(&j, "statements", (int64_t)v->count.statements);
	json_key(&j, "steps");
	json_open_array(&j);
	for (int s = CHECK_LIST; s <= CHECK_STEPS; s++) {
		const struct step_report *step = &v->checked.steps[s];

		json_open_object(&j);
		json_kv_int(&j, "step", s);
		json_kv_str(&j, "name", step_names[s]);
		json_kv_str(&j, "result", result_words[step->result]);
		if (step->words.n > 0)
			json_kv_text(&j, "words", step->words);
		if (step->index >= 0)
			json_kv_int(&j, "entry", step->index);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

void verify_print(const struct verified *v, bool as_json, struct buf *out)
{
	if (as_json) {
		print_json(v, out);
		return;
	}
	for (int s = CHECK_LIST; s <= CHECK_STEPS; s++) {
		const struct step_report *step = &v->checked.steps[s];

		buf_printf(out, "%d %s: %s", s, step_names[s], result_words[step->result]);
		if (step->words.n > 0)
			buf_printf(out, ": %.*s", TEXT_ARG(step->words));
		buf_char(out, '\n');
	}
	verdict_words(v, out);
	buf_char(out, '\n');
}
