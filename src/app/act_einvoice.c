/* SPDX-License-Identifier: Apache-2.0 */
/* tenor invoice xml: an issued document as an e-invoice of EN 16931 (money.md R150 to R155). */
#include "app/act_money.h"

#include "render/einvoice.h"

static enum rc read_syntax(const struct args *args, enum einvoice_syntax *out, struct err *err)
{
	*out = EINVOICE_UBL;
	if (!args_has(args, PARAM_SYNTAX) ||
	    einvoice_syntax_named(args_text(args, PARAM_SYNTAX), out))
		return RC_OK;
	err_hint(err, "ubl, cii or facturx");
	return err_set(err, RC_USAGE, "there is no e-invoice '%.*s'",
		       TEXT_ARG(args_text(args, PARAM_SYNTAX)));
}

enum rc action_invoice_xml(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct selling s = {.args = args};
	struct issued_document d;
	enum einvoice_syntax syntax;
	enum rc rc = read_syntax(args, &syntax, err);

	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &s.ws, err);
	if (rc != RC_OK)
		return rc;
	rc = money_document(&s.ws, args_text(args, PARAM_NUMBER), &s.log, &d, err);
	if (rc == RC_OK)
		rc = einvoice_write(app->arena, d.invoice, syntax, &reply->out, err);
	workspace_close(&s.ws);
	return rc;
}
