/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor invoice pdf: issued documents on paper with their Factur-X inside (money.md R150, trust.md J11). One to where --output says, or
 * many into a folder, printed on one press. The same document under the same letterhead gives the same bytes.
 */
#include "app/act_money.h"

#include "app/files.h"
#include "app/filing.h"
#include "app/values.h"
#include "render/einvoice.h"
#include "render/pdf.h"

enum { PDF_MAX_BYTES = 256 << 20 };

/* The e-invoice, or what keeps it from being one. */
static enum rc attach(struct arena *a, const struct invoice *i, struct pdf_style *style,
		      struct buf *xml, struct buf *notes, struct err *err)
{
	struct einvoice_faults faults = {.n = 0};
	struct einvoice *e = NULL;
	enum rc rc = einvoice_of(a, i, EINVOICE_FACTURX, &e, &faults, err);

	if (rc == RC_OK)
		rc = einvoice_write(a, i, EINVOICE_FACTURX, xml, err);
	if (rc == RC_OK) {
		pdf_attach(a, style, text_of("factur-x.xml"), text_of("text/xml"),
			   text_of("Factur-X"), PDF_ALTERNATIVE, buf_view(xml));
		style->facturx = text_of("EN 16931");
		return RC_OK;
	}
	if (rc != RC_INVALID)
		return rc;
	buf_printf(notes, "%.*s: printed without an e-invoice inside:\n", TEXT_ARG(i->number));
	for (size_t k = 0; k < faults.n; k++)
		buf_printf(notes, "  %.*s\n", TEXT_ARG(faults.v[k]));
	if (faults.n == 0)
		buf_printf(notes, "  %s\n", err->message);
	err_clear(err);
	return RC_OK;
}

static enum rc print(struct selling *s, struct pdf_press *press, const struct issued_document *d,
		     struct arena *a, struct reply *reply, struct buf *out, struct err *err)
{
	struct pdf_style style = {.dated = INSTANT_NONE};
	struct answer_sender from = {.provider = d->invoice->provider.legal_name};
	const struct doc *page = NULL;
	struct buf xml;
	enum rc rc = money_page(s, d, a, &page, err);

	if (rc == RC_OK)
		rc = money_letterhead_of(s, d, err);
	if (rc == RC_OK)
		rc = provider_letterhead(&s->ws, s->letterhead_at, err);
	if (rc != RC_OK)
		return rc;
	from.dated = zone_midnight(s->zone, d->invoice->date);
	buf_init(&xml, EINVOICE_BYTES_MAX);
	rc = attach(a, d->invoice, &style, &xml, &reply->notes, err);
	if (rc == RC_OK)
		rc = answer_print(s->ws.app, s->args, press, page, &from, &style, out, err);
	buf_free(&xml);
	s->ws.app->letterhead = NULL; /* it lies in the arena of this document */
	return rc;
}

/* --- many --- */

static enum rc one_file(struct selling *s, struct pdf_press *press,
			const struct stored_document *at, struct text folder, struct reply *reply,
			struct err *err)
{
	struct arena *whole = s->ws.arena, *a = arena_like(whole);
	struct issued_document d;
	struct own_entry own;
	struct buf out;
	enum rc rc;

	buf_init(&out, PDF_MAX_BYTES);
	s->ws.arena = a;
	rc = own_entry_read(&s->ws, &s->log, at->index, &own, err);
	if (rc == RC_OK)
		rc = money_document_of(&s->ws, &own, &d, err);
	if (rc == RC_OK)
		rc = print(s, press, &d, a, reply, &out, err);
	if (rc == RC_OK)
		rc = filing_replace(
			a, text_format(a, "%.*s/%.*s.pdf", TEXT_ARG(folder), TEXT_ARG(at->number)),
			buf_view(&out), err);
	s->ws.arena = whole;
	buf_free(&out);
	arena_free(a);
	return rc;
}

/* The month's first day and that of the next one; without --month every day. */
static enum rc read_days(const struct args *args, struct days *out, struct err *err)
{
	struct civil c;
	struct buf b;
	day first = 0;
	bool good;

	*out = (struct days){INT32_MIN, INT32_MAX};
	if (!args_has(args, PARAM_MONTH))
		return RC_OK;
	buf_init(&b, 32);
	buf_printf(&b, "%.*s-01", TEXT_ARG(args_text(args, PARAM_MONTH)));
	good = day_parse(buf_view(&b), &first);
	buf_free(&b);
	if (!good)
		return err_set(err, RC_USAGE, "--month is no month");
	c = civil_of(first);
	out->from = first;
	out->to = c.month == 12 ? day_of(c.year + 1, 1, 1) : day_of(c.year, c.month + 1, 1);
	return RC_OK;
}

static enum rc print_all(struct selling *s, struct pdf_press *press, struct reply *reply,
			 struct err *err)
{
	struct text folder = args_text(s->args, PARAM_OUTPUT);
	struct stored_document *v = NULL;
	struct log_head *logs = NULL;
	struct days days;
	size_t n = 0, n_logs = 0, done = 0;
	enum rc rc = read_days(s->args, &days, err);

	if (rc == RC_OK)
		rc = record_documents(s->ws.store, s->ws.arena, &v, &n, err);
	if (rc == RC_OK)
		rc = workspace_logs(&s->ws, &logs, &n_logs, err);
	if (rc == RC_OK)
		rc = filing_folders(s->ws.arena,
				    text_format(s->ws.arena, "%.*s/x", TEXT_ARG(folder)), err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		if (v[i].day < days.from || v[i].day >= days.to)
			continue;
		for (size_t k = 0; rc == RC_OK && k < n_logs; k++) {
			if (logs[k].id != v[i].log)
				continue;
			s->log = logs[k];
			rc = one_file(s, press, &v[i], folder, reply, err);
			done++;
		}
	}
	if (rc == RC_OK && done == 0)
		buf_str(&reply->out, "no document of those days was issued\n");
	else if (rc == RC_OK)
		buf_printf(&reply->out, "%zu documents in %.*s\n", done, TEXT_ARG(folder));
	reply->delivered = true;
	return rc;
}

static enum rc which(const struct args *args, struct err *err)
{
	bool all = args_has(args, PARAM_ALL);

	if (all == args_has(args, PARAM_NUMBER)) {
		err_hint(err, "a number, or --all -o FOLDER");
		return err_set(err, RC_USAGE,
			       all ? "one document or all of them?" : "which document is not said");
	}
	if (!all && args_has(args, PARAM_MONTH))
		return err_set(err, RC_USAGE, "--month goes with --all");
	if (args_has(args, PARAM_JSON))
		return err_set(err, RC_USAGE, "paper is no JSON: \"tenor invoice show\" has it");
	if (!all || (args_has(args, PARAM_OUTPUT) && !text_is(args_text(args, PARAM_OUTPUT), "-")))
		return RC_OK;
	err_hint(err, "-o FOLDER");
	return err_set(err, RC_USAGE, "many documents need a folder");
}

enum rc action_invoice_pdf(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct selling s = {.args = args, .format = FORMAT_PDF};
	struct pdf_press *press = NULL;
	struct issued_document d;
	enum rc rc = which(args, err);

	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &s.ws, err);
	if (rc != RC_OK)
		return rc;
	if (!args_has(args, PARAM_ALL))
		rc = money_document(&s.ws, args_text(args, PARAM_NUMBER), &s.log, &d, err);
	if (rc == RC_OK)
		rc = answer_press(app, &press, err);
	if (rc == RC_OK) {
		rc = args_has(args, PARAM_ALL)
			     ? print_all(&s, press, reply, err)
			     : print(&s, press, &d, s.ws.arena, reply, &reply->out, err);
		pdf_press_close(press);
	}
	workspace_close(&s.ws);
	return rc;
}
