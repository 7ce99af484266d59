/* SPDX-License-Identifier: Apache-2.0 */
#include "app/restate_money.h"

static const struct invoice *last_invoice(const struct money_state *m)
{
	for (size_t i = m->n_issued; i > 0; i--)
		if (m->issued[i - 1].invoice->kind == DOCUMENT_INVOICE)
			return m->issued[i - 1].invoice;
	return NULL;
}

/* A credit that was the same when the last invoice was made, and only found no room there (R62): no fact changed it. */
static bool was_known(const struct money_state *then, const struct money_state *now,
		      const struct restated *r)
{
	const struct earned_credit *is = NULL;

	if (r->what != RESTATED_CREDIT)
		return false;
	for (size_t i = 0; i < now->n_credits; i++)
		if (text_eq(now->credits[i].rule, r->charge) &&
		    text_eq(now->credits[i].month, r->month))
			is = &now->credits[i];
	for (size_t i = 0; i < then->n_credits && is != NULL; i++) {
		const struct earned_credit *was = &then->credits[i];

		if (text_eq(was->rule, is->rule) && text_eq(was->month, is->month))
			return was->amount == is->amount && was->due == is->due;
	}
	return false;
}

static bool in_month(const struct restated *r, struct text month)
{
	struct days of = {0, 0};

	if (month.n == 0 || !month_parse(month, &of.from))
		return true;
	of.to = day_add_months(of.from, 1);
	return r->item.from < of.to &&
	       of.from < (r->item.to > r->item.from ? r->item.to : r->item.from + 1);
}

static enum rc make_rows(struct workspace *ws, const struct log_head *log,
			 const struct money_state *m, const struct invoice *last,
			 const struct restate_money_at *at, struct restate_money *out,
			 struct err *err)
{
	struct money_at before = {
		.size = last->log_size, .known_as_of = INSTANT_MAX, .on = last->run};
	struct money_proof proof = {.size = m->r.size};
	struct money_state then;
	struct restated *rows = NULL;
	struct billing bill;
	size_t n = 0, kept = 0;
	enum rc rc = money_restate(ws->arena, m, at->on, &proof, &bill, &rows, &n, err);

	if (rc == RC_OK)
		rc = money_recall(ws, log, &before, &then, err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (in_month(&rows[i], at->month) && !was_known(&then, m, &rows[i]))
			rows[kept++] = rows[i];
	out->rows = rows;
	out->n = kept;
	out->parked = bill.n_parked > 0;
	return RC_OK;
}

enum rc restate_money_make(struct workspace *ws, const struct log_head *log,
			   const struct recalled *all, const struct restate_money_at *at,
			   const struct restate_money **out, struct err *err)
{
	struct money_at now = {recall_size_by(all, at->known_as_of), INSTANT_MAX, at->on, false};
	struct restate_money *made = arena_one(ws->arena, struct restate_money);
	struct issued_document *issued = NULL;
	const struct invoice *last;
	const struct pricing *p;
	struct money_state m;
	size_t n = 0;
	enum rc rc = money_issued(ws, log, now.size < 0 ? all->size : now.size, &issued, &n, err);

	*out = NULL;
	if (rc != RC_OK || n == 0)
		return rc;
	rc = money_recall(ws, log, &now, &m, err);
	if (rc == RC_OK)
		rc = money_provider_now(ws, &m, err);
	if (rc != RC_OK)
		return rc;
	last = last_invoice(&m);
	if (last == NULL)
		return RC_OK;
	p = m.charging->versions[m.charging->n_versions - 1].pricing;
	*made = (struct restate_money){.contract = m.log.contract,
				       .title = p->promise->title,
				       .currency = m.charging->currency,
				       .on = at->on,
				       .by_credit_note = p->invoicing.credit_note,
				       .tax_included = p->prices_include_tax};
	rc = make_rows(ws, log, &m, last, at, made, err);
	if (rc == RC_OK)
		*out = made;
	return rc;
}
