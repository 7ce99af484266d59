/* SPDX-License-Identifier: Apache-2.0 */
/* What advice.c, advice_units.c and break_fix.c share. Private. */
#ifndef ENGINE_ADVICE_PARTS_H
#define ENGINE_ADVICE_PARTS_H

#include "engine/advice.h"

struct advising {
	struct arena *arena;
	const struct advice_input *in;
	struct err *err;
	struct advice *v;
	size_t n, cap;
	const struct month_net *nets; /* as the contract is */
	size_t n_nets;
};

/* What each charge and service period comes to under those versions, and the part of one net that lies in the window. */
enum rc advice_nets(struct arena *a, const struct advice_input *in, struct charging *c,
		    struct month_net **out, size_t *n, struct err *err) MUST_USE;
enum rc advice_share(const struct advice_input *in, const struct month_net *net, int64_t *out,
		     struct err *err) MUST_USE;
struct advice *advice_add(struct advising *x, enum advice_kind kind, struct text charge);
/* verdict from saving and the sum it is held against */
void advice_judge(struct advice *v, int64_t of);

/* advice_units.c */
enum rc advice_units(struct advising *x) MUST_USE;

#endif
