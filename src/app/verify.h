/* SPDX-License-Identifier: Apache-2.0 */
/* All eight steps of trust.md J20 over the bytes of a bundle, and the verdict: what `tenor verify` and `tenor cosign` begin with. */
#ifndef APP_VERIFY_H
#define APP_VERIFY_H

#include "app/replay.h"

struct verified {
	struct bundle bundle; /* if read */
	struct bundle_checked
		checked; /* its steps; of a file that is no sound bundle the first one only */
	struct replay_count count;
	bool read;
};

/* replay: step 8 too; else it is CHECK_SKIPPED. What is wrong with the bundle is in the steps, not in rc. */
enum rc verify_bundle(struct arena *a, struct hasher *h, struct text bytes,
		      const struct bundle_trust *trust, bool replay, struct verified *out,
		      struct err *err) MUST_USE;

/* 0: all passed; 1: a check failed; 2: something could not be checked. Skipped steps do not count. */
int verify_status(const struct verified *v);
const char *verify_step_name(enum check_step step);
/* One line a step, then the verdict; or one JSON object. */
void verify_print(const struct verified *v, bool as_json, struct buf *out);

#endif
