/* SPDX-License-Identifier: Apache-2.0 */
#include "app/lint_effect.h"

#include "app/backtest_charges.h"
#include "app/money.h"
#include "app/recall.h"

#include <string.h>

enum { MONTHS_LOOKED_AT = 12 };

struct measuring {
	struct workspace *ws;
	struct recalled r;
	const struct promise *promise;
	struct span months;
	instant as_of;
	struct lint_measured *out;
};

static day month_of(day d)
{
	struct civil c = civil_of(d);

	return day_of(c.year, c.month, 1);
}

static struct text month_text(struct arena *a, day d)
{
	struct civil c = civil_of(d);

	return text_format(a, "%04d-%02d", c.year, c.month);
}

/* The same engagement, in the same money (money.md R80). */
static enum rc check_same(const struct measuring *m, const struct log_head *log,
			  const struct contract *c, struct err *err)
{
	const struct promise *was = m->r.versions[m->r.n_versions - 1].promise;
	struct text id = term_text(node_at(c->root, "contract"), "id");

	if (!text_eq(id, log->contract)) {
		err_at(err, c->file, 0, 0);
		err_hint(err, "give a version of '%.*s', or the --contract that it is a version of",
			 TEXT_ARG(log->contract));
		return err_set(err, RC_INVALID, "is the contract '%.*s'", TEXT_ARG(id));
	}
	if (m->promise == NULL || strcmp(was->currency.code, m->promise->currency.code) == 0)
		return RC_OK;
	err_at(err, c->file, 0, 0);
	err_hint(err, "make a new contract");
	return err_set(err, RC_INVALID, "contract currency cannot change: '%s' to '%s'",
		       was->currency.code, m->promise->currency.code);
}

/* G-05: the end of the last service period that a document has. */
static enum rc find_invoiced(const struct measuring *m, const struct log_head *log,
			     struct lint_input *in, struct err *err)
{
	struct issued_document *issued = NULL;
	size_t n = 0;
	day end = DAY_NONE;
	enum rc rc = money_issued(m->ws, log, m->r.size, &issued, &n, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		const struct invoice *d = issued[i].invoice;

		for (size_t k = 0; d->kind == DOCUMENT_INVOICE && k < d->n_lines; k++)
			if (end == DAY_NONE || d->lines[k].item.to > end)
				end = d->lines[k].item.to;
	}
	if (end != DAY_NONE)
		in->invoiced_to = zone_midnight(m->promise->zone, end);
	return RC_OK;
}

/* Whole months that have ended and in which the service ran from their first day to their last, twelve at most. */
static bool find_months(struct measuring *m)
{
	const struct promise *p = m->promise;
	day to = month_of(zone_day(p->zone, m->as_of)), start = p->service_start_day, from;

	if (p->end != INSTANT_NONE && p->end < zone_midnight(p->zone, to))
		to = month_of(zone_day(p->zone, p->end));
	from = day_add_months(to, -MONTHS_LOOKED_AT);
	start = start == DAY_NONE ? p->effective_day : start;
	if (start == DAY_NONE)
		return false;
	if (start > from)
		from = month_of(start) == start ? start : day_add_months(month_of(start), 1);
	if (from >= to)
		return false;
	m->months = (struct span){zone_midnight(p->zone, from), zone_midnight(p->zone, to)};
	m->out->first = month_text(m->ws->arena, from);
	m->out->last = month_text(m->ws->arena, to - 1);
	m->out->facts.months =
		to - from <= 31 ? m->out->first
				: text_format(m->ws->arena, "%.*s to %.*s", TEXT_ARG(m->out->first),
					      TEXT_ARG(m->out->last));
	return true;
}

/* Facts that somebody reported; what the record says of itself is none. */
static size_t count_facts(const struct measuring *m)
{
	const struct facts *f = m->r.facts;
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += !fact_row(f->v[i].kind)->record && f->v[i].occurred_at >= m->months.from &&
		     f->v[i].occurred_at < m->months.to;
	return n;
}

/* All that one version charges on the facts recorded, as a back-test has it. */
static enum rc charge_all(const struct measuring *m, const struct promise *p,
			  struct billed_side *out, struct err *err)
{
	struct arena *a = m->ws->arena;
	struct version *version = arena_one(a, struct version);
	struct evaluation e;

	*version = (struct version){p, INSTANT_MIN};
	recall_evaluation(&m->r, a, m->months, m->as_of, m->r.last_recorded_at, &e);
	e.versions = version;
	e.n_versions = 1;
	e.base_given = true; /* credits are not asked for */
	return backtest_charges(a, &e, m->r.fact_index, out, err);
}

static enum rc sums_of(const struct measuring *m, const struct billed_side *this_one,
		       struct err *err)
{
	struct billed_side side[SIDES] = {[BEFORE] = *this_one, [AFTER] = *this_one};
	struct lint_facts *f = &m->out->facts;
	struct compared_charges *c;
	struct lint_charged *v;
	size_t n;
	const struct days *months = months_of_span(m->ws->arena, m->promise->zone, m->months, &n);
	enum rc rc = compare_charges(m->ws->arena, side, months, n, &c, err);

	if (rc != RC_OK)
		return rc;
	v = arena_array(m->ws->arena, struct lint_charged, c->n);
	f->n_months = (int64_t)n;
	for (size_t i = 0; i < c->n; i++) {
		struct money total = {c->v[i].total.of[AFTER], c->currency};

		if (c->v[i].row == ROW_COMMITMENT) {
			f->minimum_set = true;
			f->minimum = total;
			continue;
		}
		v[f->n++] = (struct lint_charged){c->v[i].id, total};
	}
	f->v = v;
	return RC_OK;
}

/* G-05: from the amendment's first day to the last that is invoiced. */
static enum rc change_of(const struct measuring *m, const struct lint_input *in,
			 const struct billed_side *this_one, struct err *err)
{
	const struct node *effective = node_at(in->contract->root, "amends.effective_date");
	struct billed_side side[SIDES] = {[AFTER] = *this_one};
	struct lint_facts *f = &m->out->facts;
	struct compared_charges *c;
	struct days over;
	enum rc rc;

	if (in->base_promise == NULL || in->invoiced_to == INSTANT_NONE || effective == NULL ||
	    effective->hole)
		return RC_OK;
	over = (struct days){effective->value.date, zone_day(m->promise->zone, in->invoiced_to)};
	if (over.from >= over.to)
		return RC_OK;
	rc = charge_all(m, in->base_promise, &side[BEFORE], err);
	if (rc == RC_OK)
		rc = compare_charges(m->ws->arena, side, &over, 1, &c, err);
	if (rc != RC_OK)
		return rc;
	f->changed_set = true;
	f->changed_base = (struct money){c->sum.of[BEFORE], c->currency};
	f->changed_this = (struct money){c->sum.of[AFTER], c->currency};
	return RC_OK;
}

static enum rc work_out(struct measuring *m, const struct lint_input *in, struct err *err)
{
	struct billed_side side = {.n = 0};
	enum rc rc = charge_all(m, m->promise, &side, err);

	if (rc == RC_OK)
		rc = sums_of(m, &side, err);
	if (rc == RC_OK)
		rc = change_of(m, in, &side, err);
	if (rc == RC_INVALID || rc == RC_LIMIT) {
		/* A finding of lint, like a gap between tiers, can be what stands in the way (LN-11), or an amount too large (R82). */
		m->out->why_not = text_copy(m->ws->arena, text_of(err->message));
		err_clear(err);
		return RC_OK;
	}
	m->out->set = rc == RC_OK;
	return rc;
}

enum rc lint_measure(struct workspace *ws, const struct log_head *log, struct lint_input *in,
		     struct lint_measured *out, struct err *err)
{
	struct recall_options options = {-1, INSTANT_MAX, PACK_IDS_FEW};
	struct measuring m = {.ws = ws, .promise = in->promise, .out = out};
	enum rc rc = recall(ws, log, &options, &m.r, err);

	*out = (struct lint_measured){.set = false};
	/* Nothing of what is still ahead is recorded. */
	m.as_of = in->as_of == INSTANT_NONE || in->as_of > ws->now ? ws->now : in->as_of;
	if (rc == RC_OK)
		rc = check_same(&m, log, in->contract, err);
	if (rc != RC_OK)
		return rc;
	if (m.promise == NULL) {
		out->why_not = text_of("a template has no amounts yet");
		return RC_OK;
	}
	if (in->invoiced_to == INSTANT_NONE)
		rc = find_invoiced(&m, log, in, err);
	if (rc != RC_OK)
		return rc;
	if (!find_months(&m)) {
		out->why_not = text_of("no whole month of the service has ended");
		return RC_OK;
	}
	out->n_facts = count_facts(&m);
	if (out->n_facts == 0) {
		out->why_not = text_format(ws->arena, "no fact is recorded in %.*s",
					   TEXT_ARG(out->facts.months));
		return RC_OK;
	}
	return work_out(&m, in, err);
}
