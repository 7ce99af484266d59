/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Books of a contract for tests of billing: run, look at the document, issue it (through its JSON, as the record does), run again.
 *
 *     struct books *k = books_new();
 *     bill_version(k->b, NULL, "charges: [...]\n");
 *     books_run(k, "2026-07-01");           k->out is the result
 *     is_lines(k, "840.00", "the first");   nets of the lines of the draft
 *     books_issue(k);
 */
#ifndef TEST_BILLING_FIXTURE_H
#define TEST_BILLING_FIXTURE_H

#include "engine/billing.h"
#include "engine/invoice_json.h"

#include "money_fixture.h"

enum { BOOKS_DOCUMENTS = 400 };

struct books {
	struct bill *b;
	struct issued_document issued[BOOKS_DOCUMENTS];
	size_t n_issued;
	struct billing_settings settings;
	const struct earned_credit *credits;
	size_t n_credits;
	const struct invoice_deduction *open;
	size_t n_open;
	struct hash released;
	bool final;
	struct billing out;
};

UNUSED static struct books *books_new(void)
{
	struct bill *b = bill_new();
	struct books *k = arena_one(b->e->arena, struct books);

	k->b = b;
	k->settings.bounds_off = true;
	return k;
}

UNUSED static void books_free(struct books *k)
{
	bill_free(k->b);
}

UNUSED static enum rc books_try(struct books *k, const char *on)
{
	struct billing_input in = {.issued = k->issued,
				   .n_issued = k->n_issued,
				   .credits = k->credits,
				   .n_credits = k->n_credits,
				   .settings = &k->settings,
				   .date = bill_day(on),
				   .released = k->released,
				   .open = k->open,
				   .n_open = k->n_open,
				   .final = k->final};

	bill_run(k->b, on);
	in.charging = k->b->c;
	in.as_of = k->b->c->view->as_of;
	in.known_as_of = k->b->c->view->known_as_of;
	err_clear(&k->b->err);
	return billing_make(k->b->e->arena, &in, &k->out, &k->b->err);
}

UNUSED static void books_run(struct books *k, const char *on)
{
	if (books_try(k, on) != RC_OK)
		engine_fail("billing", text_of(k->b->err.message));
}

/* As the record keeps it: numbered, written, read back. */
UNUSED static const struct invoice *books_add(struct books *k, const struct invoice *draft,
					      const char *series)
{
	struct arena *a = k->b->e->arena;
	struct invoice *i = arena_one(a, struct invoice), *back = NULL;
	struct err err = {.line = 0};
	struct buf b;

	*i = *draft;
	i->series = text_of(series);
	i->number = text_format(a, "%s-%03zu", series, k->n_issued + 1);
	buf_init(&b, (size_t)1 << 24);
	if (invoice_fits(i, &err) != RC_OK)
		engine_fail("does not fit", text_of(err.message));
	invoice_json(i, INVOICE_WHOLE, &b);
	if (invoice_read(a, text_copy(a, buf_view(&b)), &back, &err) != RC_OK)
		engine_fail(err.message, buf_view(&b));
	buf_free(&b);
	if (k->n_issued == BOOKS_DOCUMENTS)
		engine_fail("too many documents", i->number);
	k->issued[k->n_issued++] =
		(struct issued_document){.invoice = back, .entry = (int64_t)k->n_issued};
	return back;
}

/* Issues what the last run gave; returns the invoice, or NULL. */
UNUSED static const struct invoice *books_issue(struct books *k)
{
	for (size_t i = 0; i < k->out.n_credit_notes; i++)
		(void)books_add(k, k->out.credit_notes[i], "CN");
	return k->out.invoice == NULL ? NULL : books_add(k, k->out.invoice, "INV");
}

UNUSED static const struct invoice *books_month(struct books *k, const char *on)
{
	books_run(k, on);
	return books_issue(k);
}

UNUSED static struct text minor_text(const struct books *k, int64_t minor)
{
	return bill_amount(k->b, minor);
}

UNUSED static bool is_minor(const struct books *k, int64_t got, const char *want, const char *name)
{
	return is_text(minor_text(k, got), want, "%s", name);
}

/* "840.00 -10.00": nets of the lines of a document; "-": there is none. */
UNUSED static struct text nets_of(const struct books *k, const struct invoice *i)
{
	struct text t = {"", 0};

	if (i == NULL)
		return text_of("-");
	for (size_t l = 0; l < i->n_lines; l++)
		t = text_format(k->b->e->arena, "%.*s%s%.*s", TEXT_ARG(t), l > 0 ? " " : "",
				TEXT_ARG(minor_text(k, i->lines[l].net)));
	return t;
}

UNUSED static struct text reductions_of(const struct books *k, const struct invoice *i)
{
	struct text t = {"", 0};

	if (i == NULL)
		return text_of("-");
	for (size_t l = 0; l < i->n_reductions; l++)
		t = text_format(k->b->e->arena, "%.*s%s%.*s", TEXT_ARG(t), l > 0 ? " " : "",
				TEXT_ARG(minor_text(k, i->reductions[l].amount)));
	return t;
}

UNUSED static bool is_lines(const struct books *k, const char *want, const char *name)
{
	return is_text(nets_of(k, k->out.invoice), want, "%s", name);
}

UNUSED static bool is_reductions(const struct books *k, const char *want, const char *name)
{
	return is_text(reductions_of(k, k->out.invoice), want, "%s", name);
}

/* Nets of the lines of all credit notes. */
UNUSED static bool is_notes(const struct books *k, const char *want, const char *name)
{
	struct text t = {"", 0};

	for (size_t i = 0; i < k->out.n_credit_notes; i++)
		t = text_format(k->b->e->arena, "%.*s%s%.*s", TEXT_ARG(t), i > 0 ? " " : "",
				TEXT_ARG(nets_of(k, k->out.credit_notes[i])));
	return is_text(t, want, "%s", name);
}

/* What all documents carry of a charge, credit notes taken off. */
UNUSED static int64_t carried_in(const struct books *k, const char *charge)
{
	int64_t sum = 0;

	for (size_t i = 0; i < k->n_issued; i++) {
		const struct invoice *doc = k->issued[i].invoice;

		for (size_t l = 0; l < doc->n_lines; l++)
			if (charge == NULL || text_is(doc->lines[l].charge, charge))
				sum += doc->kind == DOCUMENT_CREDIT_NOTE ? -doc->lines[l].net
									 : doc->lines[l].net;
	}
	return sum;
}

#endif
