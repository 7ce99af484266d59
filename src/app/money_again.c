/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money_again.h"

#include "engine/invoice_json.h"

enum { INVOICE_BYTES_MAX = 64 << 20 };

void money_stamp(const struct money_state *m, const struct money_proof *proof, struct invoice *i)
{
	seller_put(m->settings.seller, i);
	i->run = m->on;
	i->as_of = m->as_of;
	i->known_as_of = m->known_as_of;
	i->log_size = proof->size;
	i->root = proof->root;
	i->origin = proof->origin;
	i->payment_reference = m->log.contract;
}

bool money_same(const struct invoice *x, const struct invoice *y)
{
	struct buf a, b;
	bool same;

	buf_init(&a, INVOICE_BYTES_MAX);
	buf_init(&b, INVOICE_BYTES_MAX);
	invoice_json(x, INVOICE_WHOLE, &a);
	invoice_json(y, INVOICE_WHOLE, &b);
	same = text_eq(buf_view(&a), buf_view(&b));
	buf_free(&a);
	buf_free(&b);
	return same;
}

static const struct invoice *numbered(struct arena *a, const struct invoice *made,
				      const struct invoice *of)
{
	struct invoice *i = arena_one(a, struct invoice);

	*i = *made;
	i->number = of->number;
	i->series = of->series;
	i->run = of->run;
	return i;
}

/* --- by hand --- */

static const struct invoice *issued_as(const struct money_state *m, struct text number)
{
	for (size_t i = 0; i < m->n_issued; i++)
		if (text_eq(m->issued[i].invoice->number, number))
			return m->issued[i].invoice;
	return NULL;
}

/* A credit note over one line, or over all that was left, as a person asked for it (R90, R93). */
static enum rc note_by_hand(struct arena *a, const struct money_state *m, const struct invoice *of,
			    const struct invoice **out, struct err *err)
{
	const struct invoice *corrected = issued_as(m, of->corrected);
	const struct invoice_line *l = of->lines;

	if (corrected == NULL || of->n_lines == 0)
		return RC_OK;
	if (l->counts)
		return billing_void(a, corrected, m->issued, m->n_issued, of->date, out, err);
	return billing_credit(a, corrected, m->issued, m->n_issued, l->of_line,
			      of->tax_included ? l->gross : l->net, of->reason, of->date, out, err);
}

static enum rc by_hand(struct arena *a, const struct money_state *m, const struct invoice *of,
		       const struct invoice **out, struct err *err)
{
	struct money_proof proof = {of->log_size, of->root, of->origin};
	struct account_input account = {m->charging, m->issued, m->n_issued, m->on};
	const struct invoice *made = NULL;
	struct invoice *own;
	enum rc rc = RC_OK;

	if (of->kind == DOCUMENT_CREDIT_NOTE)
		rc = note_by_hand(a, m, of, &made, err);
	for (int i = 0; rc == RC_OK && i < 2; i++) {
		if (made != NULL) {
			own = arena_one(a, struct invoice);
			*own = *made;
			money_stamp(m, &proof, own);
			*out = numbered(a, own, of);
			if (money_same(*out, of))
				return RC_OK;
		}
		/* interest that was charged too much goes back on a credit note too (R103) */
		if (i == 0)
			rc = account_interest(a, &account, &m->account, of->date, &made, err);
	}
	return rc;
}

enum rc money_again(struct arena *a, const struct money_state *m, const struct invoice *of,
		    const struct invoice **again, struct err *err)
{
	struct money_proof proof = {of->log_size, of->root, of->origin};
	struct billing b = {.invoice = NULL};
	enum rc rc;

	*again = NULL;
	if (of->kind == DOCUMENT_INTEREST)
		return by_hand(a, m, of, again, err);
	rc = money_bill(a, m, of->date, &proof, &b, err);
	if (rc != RC_OK)
		return rc;
	if (of->kind == DOCUMENT_INVOICE) {
		*again = b.invoice == NULL ? NULL : numbered(a, b.invoice, of);
		return RC_OK;
	}
	for (size_t i = 0; i < b.n_credit_notes; i++) {
		*again = numbered(a, b.credit_notes[i], of);
		if (money_same(*again, of))
			return RC_OK;
	}
	return by_hand(a, m, of, again, err);
}
