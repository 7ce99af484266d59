/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/remedy_work.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

static void name_credit(struct credit *c, uint32_t i)
{
	(void)snprintf(c->id, sizeof(c->id), "c%" PRIu32, i + 1);
}

static const symbol *words_of(struct arena *a, struct causes causes)
{
	symbol *words = arena_array(a, symbol, causes.n);

	for (size_t i = 0; i < causes.n; i++)
		words[i] = causes.v[i].word;
	return words;
}

static void publish(struct remedy *r)
{
	struct credit *credits = arena_array(r->arena, struct credit, r->n_drafts);

	assert(r->n_drafts < UINT32_MAX);
	for (uint32_t i = 0; i < r->n_drafts; i++) {
		credits[i] = r->drafts[i].c;
		name_credit(&credits[i], i);
		credits[i].causes = words_of(r->arena, r->drafts[i].causes);
		credits[i].n_causes = r->drafts[i].causes.n;
	}
	r->o->credits = credits;
	r->o->n_credits = r->n_drafts;
	r->o->bases = r->bases;
	r->o->n_bases = r->n_bases;
	r->o->settlements = r->settlements;
	r->o->n_settlements = r->n_settlements;
}

enum rc remedy_evaluate(struct arena *a, struct outcome *o, struct err *err)
{
	struct remedy r = {.arena = a, .o = o, .index = cause_index_make(a, o)};
	enum rc rc = credits_make(&r, err);

	if (rc != RC_OK)
		return rc;
	credits_settle(&r);
	rc = credits_hold(&r, err);
	if (rc != RC_OK)
		return rc;
	publish(&r);

	rc = rights_make(a, o, err);
	return rc == RC_OK ? deadlines_make(a, o, err) : rc;
}
