/* SPDX-License-Identifier: Apache-2.0 */
#include "app/backtest_charges.h"

bool backtest_has_charges(const struct evaluation *e)
{
	for (size_t i = 0; i < e->n_versions; i++)
		if (e->versions[i].promise->n_charges > 0)
			return true;
	return false;
}

static bool any_credits(const struct evaluation *e)
{
	for (size_t i = 0; i < e->n_versions; i++)
		if (e->versions[i].promise->credits.set)
			return true;
	return false;
}

static const struct promise *newest(const struct evaluation *e)
{
	return e->versions[e->n_versions - 1].promise;
}

static enum rc priced_versions(struct arena *a, const struct evaluation *e,
			       struct priced_version **out, struct err *err)
{
	struct priced_version *v = arena_array(a, struct priced_version, e->n_versions);

	for (size_t i = 0; i < e->n_versions; i++) {
		const struct promise *p = e->versions[i].promise;
		enum rc rc = pricing_build(a, p, &v[i].pricing, err);

		if (rc != RC_OK)
			return rc;
		v[i].hash = text_of(p->contract->hash);
		v[i].from = i == 0 ? INT32_MIN : zone_day(p->zone, e->versions[i].from);
		v[i].to = INT32_MAX;
		if (i > 0)
			v[i - 1].to = v[i].from;
	}
	*out = v;
	return RC_OK;
}

static enum rc charge(struct arena *a, struct evaluation *e, const int64_t *fact_entries,
		      struct charging *c, struct err *err)
{
	const struct promise *p = newest(e);
	day after = zone_day(p->zone, e->period.to), now = zone_day(p->zone, e->as_of);
	bool ends = p->end != INSTANT_NONE && p->end != INSTANT_MAX;
	struct priced_version *versions;
	enum rc rc = priced_versions(a, e, &versions, err);

	if (rc != RC_OK)
		return rc;
	if (e->view == NULL)
		e->view = evaluation_view(a, e);
	*c = (struct charging){.arena = a,
			       .versions = versions,
			       .n_versions = e->n_versions,
			       .view = e->view,
			       .fact_entries = fact_entries,
			       .on = now > after ? now : after,
			       .stop = ends ? zone_day(p->zone, p->end) : INT32_MAX};
	rc = charging_begin(c, err);
	return rc == RC_OK ? charging_run(c, err) : rc;
}

enum rc backtest_charges(struct arena *a, struct evaluation *e, const int64_t *fact_entries,
			 struct billed_side *out, struct err *err)
{
	static const struct billing_settings settings = {.bounds_off = true};
	struct charging *c = arena_one(a, struct charging);
	struct billed_sum *sums = NULL;
	struct month_net *nets = NULL;
	size_t n = 0, n_nets = 0;
	enum rc rc = charge(a, e, fact_entries, c, err);
	struct billing_input in = {.charging = c,
				   .settings = &settings,
				   .date = c->on,
				   .as_of = e->as_of,
				   .known_as_of = e->known_as_of};

	if (rc == RC_OK)
		rc = billing_sums(a, &in, &sums, &n, err);
	if (rc == RC_OK && !e->base_given && any_credits(e))
		rc = billing_nets(a, &in, &nets, &n_nets, err);
	if (rc != RC_OK)
		return rc;
	if (nets != NULL) {
		e->nets = nets;
		e->n_nets = n_nets;
		e->nets_to = c->on;
	}
	*out = (struct billed_side){c, sums, n};
	return RC_OK;
}
