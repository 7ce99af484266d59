/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every single bit of a small bundle, flipped (R10): refused by a step, named. What bundle.json says of the replay (engine, period,
 * as_of, known_as_of) is under no signature; a flip there must at least show in what was read, where step 8 meets it.
 */
#include "bundle_fixture.h"

/* true: found. *asked: what the replay is asked for has changed instead. */
static bool found(const struct fix *f, struct text bytes, bool *asked)
{
	struct arena *a = arena_new((size_t)4 << 20);
	struct bundle_trust trust = {f->key, 2, false};
	struct bundle_checked checked;
	struct bundle b;
	struct err err = {.line = 0};
	bool bad = bundle_read(a, f->h, bytes, &b, &err) != RC_OK;

	*asked = false;
	if (bad) {
		bad = err.message[0] != '\0';
	} else {
		if (bundle_check(a, f->h, &b, &trust, NULL, NULL, &checked, &err) != RC_OK)
			abort();
		for (int s = CHECK_LIST; s < CHECK_NUMBERS; s++)
			bad = bad || checked.steps[s].result == CHECK_FAILED;
		*asked = !text_eq(b.about.engine, f->about.engine) ||
			 !text_eq(b.about.period, f->about.period) ||
			 b.about.as_of != f->about.as_of ||
			 b.about.known_as_of != f->about.known_as_of;
	}
	arena_free(a);
	return bad;
}

int main(void)
{
	struct fix f;
	struct buf out;
	size_t bits, silent = 0, changed_question = 0;
	bool asked;

	fix_start(&f, 3);
	buf_init(&out, 1 << 20);
	fix_files(&f, 3, false);
	fix_pack(&f, &out);
	ok(!found(&f, buf_view(&out), &asked) && !asked, "as it is, it passes");
	bits = out.n * 8;
	for (size_t i = 0; i < bits; i++) {
		out.p[i / 8] = (char)(out.p[i / 8] ^ (1 << i % 8));
		if (!found(&f, buf_view(&out), &asked)) {
			if (asked)
				changed_question++;
			else
				silent++;
		}
		out.p[i / 8] = (char)(out.p[i / 8] ^ (1 << i % 8));
	}
	is_i64((int64_t)silent, 0, "of %zu flipped bits none passes unseen", bits);
	ok(changed_question > 0 && changed_question < 400,
	   "%zu change what the replay is asked for, and are seen there", changed_question);
	buf_free(&out);
	fix_end(&f);
	return tap_done();
}
