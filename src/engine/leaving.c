/* SPDX-License-Identifier: Apache-2.0 */
/* Ends before their time; see leaving.h. */
#include "engine/leaving.h"

bool notice_of_termination(const struct view *view, uint32_t fact)
{
	const struct fact *f = view_fact(view, fact);

	return text_is(symbol_text(view->facts->symbols, fact_word(f, FIELD_NOTICE_KIND)),
		       "termination");
}

const struct promise *promise_on(const struct priced_version *versions, size_t n, day on)
{
	size_t v = n - 1;

	while (v > 0 && versions[v].from > on)
		v--;
	return versions[v].pricing->promise;
}

day term_running_end(const struct priced_version *versions, size_t n, day on)
{
	const struct promise *p = promise_on(versions, n, on);
	const struct node *renewal = node_at(p->contract->root, "term.renewal");
	struct duration period = {.n = 0};
	int64_t left = INT64_MAX;
	day end;

	if (p->end == INSTANT_NONE || p->end == INSTANT_MAX)
		return DAY_NONE;
	end = zone_day(p->zone, p->end);
	if (renewal == NULL || !text_is(term_text(renewal, "mode"), "automatic") ||
	    !term_duration(renewal, "period", &period) || period.n <= 0 ||
	    (period.unit != UNIT_MO && period.unit != UNIT_Y))
		return end;
	if (!term_int(renewal, "max_renewals", &left))
		left = INT64_MAX;
	while (end <= on && left > 0) {
		end = day_add_months(end,
				     (int32_t)(period.unit == UNIT_Y ? 12 * period.n : period.n));
		left--;
	}
	return end;
}

/* The day a duration from midnight of `from` ends on. */
static enum rc day_after(const struct promise *p, const struct timing *t, day from, day *out,
			 struct err *err)
{
	struct duration_context context = promise_duration(p, t);
	instant at = INSTANT_NONE;
	enum rc rc = duration_add(t->duration, 1, ANCHOR_DATE, zone_midnight(p->zone, from),
				  &context, &at, err);

	if (rc == RC_OK)
		*out = zone_day(p->zone, at);
	return rc;
}

enum rc convenience_of(const struct promise *p, enum party by, day notice, struct convenience *out,
		       struct err *err)
{
	static const char *const other[] = {
		[PARTY_PROVIDER] = "client", [PARTY_CLIENT] = "provider"};
	const struct node *list = node_at(p->contract->root, "termination.convenience");

	*out = (struct convenience){.any = false};
	for (const struct node *n = list != NULL ? list->child : NULL; n != NULL; n = n->next) {
		struct timing t = {.set = true, .node = n};
		day end = DAY_NONE, least = DAY_NONE, date;
		enum rc rc;

		if (text_is(term_text(n, "by"), other[by]) ||
		    !term_duration(n, "notice", &t.duration))
			continue;
		if (t.duration.calendar.n > 0)
			t.calendar = promise_calendar(p, t.duration.calendar);
		rc = day_after(p, &t, notice, &end, err);
		if (rc != RC_OK)
			return rc;
		date = day_parse(term_text(n, "not_before"), &least) && least > end ? least : end;
		if (out->any && date >= out->date)
			continue;
		*out = (struct convenience){true, end, date,
					    text_is(term_text(n, "fee"), "early_termination")};
	}
	return RC_OK;
}

enum rc leaving_by_notice(const struct priced_version *versions, size_t n, const struct view *view,
			  struct leaving *out, struct err *err)
{
	struct fact_run run = view->kinds[FACT_NOTICE_GIVEN];
	const struct symbols *symbols = view->facts->symbols;

	*out = (struct leaving){.set = false};
	for (size_t i = 0; i < run.n && !out->set; i++) {
		const struct fact *f = view_fact(view, run.v[i]);
		enum party by = f->party == PARTY_PROVIDER ? PARTY_PROVIDER : PARTY_CLIENT;
		day on = zone_day(versions[0].pricing->promise->zone, f->occurred_at);
		struct convenience way;
		day said = DAY_NONE;
		bool named;
		enum rc rc;

		if (!view_counts(view, run.v[i]) || !notice_of_termination(view, run.v[i]))
			continue;
		rc = convenience_of(promise_on(versions, n, on), by, on, &way, err);
		if (rc != RC_OK)
			return rc;
		named = day_parse(symbol_text(symbols, fact_word(f, FIELD_DATE)), &said) &&
			said >= on;
		if (!named && !way.any)
			continue;
		*out = (struct leaving){
			.set = true,
			.date = named ? said : way.date,
			.notice_on = on,
			.cause = EXIT_CLIENT_CONVENIENCE,
			/* who leaves without a clause that lets it pays what its leaving costs, too */
			.fee = by == PARTY_CLIENT && (!way.any || way.fee),
			.fact = run.v[i]};
	}
	return RC_OK;
}

enum rc leaving_by_right(const struct outcome *o, struct leaving *out, struct err *err)
{
	for (size_t i = 0; i < o->n_rights; i++) {
		const struct right *r = &o->rights[i];
		const struct promise *p = o->in.versions[r->version].promise;
		const struct chronic_rule *rule = &p->chronic[r->chronic];
		day on, date;
		enum rc rc = RC_OK;

		if (r->exercised == INSTANT_NONE)
			continue;
		on = date = zone_day(p->zone, r->exercised);
		if (rule->notice.set)
			rc = day_after(p, &rule->notice, on, &date, err);
		if (rc != RC_OK)
			return rc;
		if (out->set && out->date <= date)
			continue;
		*out = (struct leaving){
			.set = true,
			.date = date,
			.notice_on = on,
			.cause = EXIT_CHRONIC_FAILURE,
			.fee = text_is(term_text(rule->node, "fee"), "early_termination"),
			.fact = r->fact};
	}
	return RC_OK;
}
