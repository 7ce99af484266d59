/* SPDX-License-Identifier: Apache-2.0 */
/* tenor credit-note, credit-note approve, dispute-line, dispute-settle (money.md R90 to R96, R112). */
#include "app/act_money.h"

#include "app/append.h"
#include "app/money_again.h"
#include "app/own_entries.h"
#include "app/signing.h"
#include "base/json.h"

#include <assert.h>
#include <string.h>

enum { TRIES_MAX = 50, DEFAULT_LIMIT = 1000 };

/* What is to be given back: a line and how much of it, or all that is left of the invoice (line 0). */
struct wish {
	struct text invoice, reason;
	int64_t line, amount; /* amount 0: what is left of the line */
};

static enum rc open_document(struct app *app, const struct args *args, enum param number,
			     struct selling *s, struct issued_document *d, struct err *err)
{
	enum rc rc = workspace_open(app, args, STORE_WRITE, &s->ws, err);

	if (rc != RC_OK)
		return rc;
	s->args = args;
	rc = money_document(&s->ws, args_text(args, number), &s->log, d, err);
	if (rc == RC_OK)
		rc = money_zone(&s->ws, &s->log, &s->zone, err);
	if (rc == RC_OK)
		rc = money_days(&s->ws, args, s->zone, &s->on, &s->date, err);
	if (rc == RC_OK)
		rc = money_not_ahead(s, s->date, "no document", err);
	if (rc != RC_OK)
		workspace_close(&s->ws);
	return rc;
}

static const struct invoice_line *line_numbered(const struct invoice *i, int64_t number)
{
	for (size_t k = 0; k < i->n_lines; k++)
		if (i->lines[k].number == number)
			return &i->lines[k];
	return NULL;
}

/* --- the note --- */

static int64_t amount_of(const struct invoice *i, const struct invoice_line *l)
{
	return i->tax_included ? l->gross : l->net;
}

/* What earlier notes left of a line (R94). */
static int64_t left_of(const struct money_state *m, const struct invoice *of,
		       const struct invoice_line *l)
{
	int64_t left = amount_of(of, l);

	for (size_t i = 0; i < m->n_issued; i++) {
		const struct invoice *note = m->issued[i].invoice;

		for (size_t k = 0; note->kind == DOCUMENT_CREDIT_NOTE &&
				   text_eq(note->corrected, of->number) && k < note->n_lines;
		     k++)
			if (note->lines[k].of_line == l->number)
				left -= amount_of(note, &note->lines[k]);
	}
	return left;
}

static enum rc note_of(struct selling *s, const struct money_state *m,
		       const struct money_proof *proof, const struct wish *w,
		       const struct invoice **out, struct err *err)
{
	const struct invoice *of = NULL, *made = NULL;
	const struct invoice_line *l;
	struct invoice *note;
	int64_t amount = w->amount;
	enum rc rc;

	for (size_t i = 0; i < m->n_issued; i++)
		if (text_eq(m->issued[i].invoice->number, w->invoice))
			of = m->issued[i].invoice;
	assert(of != NULL && "it was found by its number, and documents are never gone");
	l = line_numbered(of, w->line);
	if (amount == 0 && l != NULL)
		amount = left_of(m, of, l);
	rc = w->line == 0
		     ? billing_void(s->ws.arena, of, m->issued, m->n_issued, s->date, &made, err)
		     : billing_credit(s->ws.arena, of, m->issued, m->n_issued, w->line, amount,
				      w->reason, s->date, &made, err);
	if (rc != RC_OK)
		return rc;
	note = arena_one(s->ws.arena, struct invoice);
	*note = *made;
	money_stamp(m, proof, note);
	*out = note;
	return RC_OK;
}

static int64_t limit_of(const struct money_state *m)
{
	int64_t v = DEFAULT_LIMIT;

	if (m->settings.second_person_above_set)
		return m->settings.second_person_above;
	for (int i = 0; i < m->charging->currency.decimals; i++)
		v *= 10;
	return v;
}

static enum rc grant(struct selling *s, const struct wish *w, const struct invoice *note,
		     const struct issue_first *first, struct err *err)
{
	struct uuid id = workspace_uuid(&s->ws);
	struct buf b;
	struct json j;
	struct text body;
	enum rc rc = workspace_begin(&s->ws, err);

	if (rc != RC_OK)
		return rc;
	buf_init(&b, 4096);
	json_init(&j, &b, false);
	json_open_object(&j);
	json_key(&j, "amount");
	{
		struct buf amount;

		buf_init(&amount, 64);
		decimal_print(&amount, (struct decimal){w->line == 0 ? note->gross : w->amount,
							note->currency.decimals});
		json_text(&j, buf_view(&amount));
		buf_free(&amount);
	}
	json_kv_text(&j, "invoice", w->invoice);
	json_kv_int(&j, "line", w->line);
	json_kv_text(&j, "reason_code", w->reason);
	json_end_object(&j);
	body = text_copy(s->ws.arena, buf_view(&b));
	buf_free(&b);
	rc = record_log_of_uuid(s->ws.store, s->ws.arena, &s->log.uuid, &s->log, err);
	if (rc == RC_OK && first != NULL && s->log.edge.size != s->m.r.size) {
		err_code(err, "moved");
		rc = err_set(err, RC_INVALID, "more was recorded meanwhile");
	}
	if (rc == RC_OK && first != NULL)
		rc = append_own(&s->ws, &s->log, first->kind, first->body, &first->id, first->at,
				NULL, 0, NULL, err);
	if (rc == RC_OK)
		rc = append_own(&s->ws, &s->log, FACT_CREDIT_GRANTED, body, &id, s->ws.now, NULL, 0,
				NULL, err);
	if (rc == RC_OK)
		rc = workspace_audit(&s->ws, s->log.contract, w->invoice, err);
	rc = workspace_end(&s->ws, rc, err);
	return rc == RC_OK ? sign_log_and_install(&s->ws, &s->log, false, NULL, err) : rc;
}

static void say_waits(const struct selling *s, const struct wish *w, const struct invoice *note,
		      struct reply *reply)
{
	struct json j;

	if (args_has(s->args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		json_kv_str(&j, "code", "second_person");
		json_kv_text(&j, "invoice", w->invoice);
		json_kv_text(&j, "total", money_text(s->ws.arena, note->gross, note->currency));
		json_end_object(&j);
		buf_char(&reply->out, '\n');
		return;
	}
	buf_printf(&reply->out, "%.*s: ", TEXT_ARG(w->invoice));
	money_print(&reply->out, (struct money){note->gross, note->currency});
	buf_printf(&reply->out,
		   " is credited once a second person has approved it: tenor credit-note approve "
		   "--invoice %.*s --as PERSON\n",
		   TEXT_ARG(w->invoice));
}

static void say_issued(const struct selling *s, const struct issue_result *r, struct reply *reply)
{
	struct json j;

	if (args_has(s->args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		money_json_result(&j, r);
		buf_char(&reply->out, '\n');
		return;
	}
	for (size_t i = 0; i < r->n_documents; i++) {
		const struct invoice *d = r->documents[i];

		buf_printf(&reply->out, "%.*s: %s %.*s, ", TEXT_ARG(s->log.contract),
			   d->kind == DOCUMENT_CREDIT_NOTE ? "credit note" : "interest note",
			   TEXT_ARG(d->number));
		money_print(&reply->out, (struct money){d->payable, d->currency});
		if (d->corrected.n > 0)
			buf_printf(&reply->out, " of %.*s", TEXT_ARG(d->corrected));
		buf_char(&reply->out, '\n');
	}
}

/* On the signed head. *waits: it is above the limit, and asked of a second person. */
static enum rc credit_once(struct selling *s, struct wish *w, bool approved,
			   const struct issue_first *first, struct issue_result *r, bool *waits,
			   const struct invoice **note, struct err *err)
{
	struct money_proof proof;
	enum rc rc = issue_state(&s->ws, &s->log, s->on, &s->m, &proof, err);

	if (rc == RC_OK)
		rc = note_of(s, &s->m, &proof, w, note, err);
	if (rc != RC_OK)
		return rc;
	assert(*note != NULL);
	*waits = (*note)->gross > limit_of(&s->m) && !approved;
	if (!*waits)
		return issue_after(&s->ws, &s->m, first, note, 1, s->on, r, err);
	if (w->line != 0)
		w->amount = amount_of(*note, &(*note)->lines[0]);
	return grant(s, w, *note, first, err);
}

/* Whoever recorded meanwhile moved the head, and it is made anew. */
static enum rc credit(struct selling *s, struct wish *w, bool approved,
		      const struct issue_first *first, struct reply *reply, struct err *err)
{
	struct issue_result r = {.contract = s->log.contract};
	const struct invoice *note = NULL;
	bool waits = false;
	enum rc rc = RC_INVALID;

	for (int i = 0; i < TRIES_MAX && rc != RC_OK; i++) {
		err_clear(err);
		rc = credit_once(s, w, approved, first, &r, &waits, &note, err);
		if (rc != RC_OK && strcmp(err->code, "moved") != 0)
			return rc;
	}
	if (rc == RC_OK && waits)
		say_waits(s, w, note, reply);
	else if (rc == RC_OK)
		say_issued(s, &r, reply);
	return rc;
}

static enum rc read_wish(const struct selling *s, const struct issued_document *d, struct wish *w,
			 struct err *err)
{
	static const char *const reasons[] = {"goodwill", "correction", "cancellation",
					      "write_off"};
	const struct args *args = s->args;
	bool known = false;
	enum rc rc = RC_OK;

	w->invoice = d->invoice->number;
	if (args_has(args, PARAM_VOID) == args_has(args, PARAM_OF_LINE)) {
		err_hint(err, "--line N and --reason WORD, or --void");
		return err_set(err, RC_USAGE, "what to credit is not said");
	}
	w->reason = text_of("cancellation");
	if (args_has(args, PARAM_VOID))
		return RC_OK;
	w->reason = args_text(args, PARAM_WHY);
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		known = known || text_is(w->reason, reasons[i]);
	if (!known) {
		err_hint(err, "--reason goodwill, correction, cancellation or write_off");
		return err_set(err, RC_USAGE, "a credit needs a reason"); /* R96 */
	}
	if (!text_int(args_text(args, PARAM_OF_LINE), &w->line) || w->line < 1)
		return err_set(err, RC_USAGE, "lines are counted from 1");
	if (args_has(args, PARAM_AMOUNT))
		rc = money_asked(args, PARAM_AMOUNT, d->invoice->currency, &w->amount, err);
	return rc;
}

enum rc action_credit_note(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct selling s = {.args = args};
	struct wish w = {.line = 0};
	struct issued_document d;
	enum rc rc = open_document(app, args, PARAM_INVOICE, &s, &d, err);

	if (rc != RC_OK)
		return rc;
	rc = read_wish(&s, &d, &w, err);
	if (rc == RC_OK)
		rc = credit(&s, &w, false, NULL, reply, err);
	workspace_close(&s.ws);
	return rc;
}

/* --- the second person (trust.md P9) --- */

static bool was_issued(const struct issued_document *v, size_t n, const struct wish *w,
		       int64_t after)
{
	for (size_t i = 0; i < n; i++) {
		const struct invoice *note = v[i].invoice;

		if (v[i].entry < after || note->kind != DOCUMENT_CREDIT_NOTE ||
		    !text_eq(note->corrected, w->invoice) || note->n_lines == 0)
			continue;
		if (w->line == 0 ? note->lines[0].counts
				 : note->lines[0].of_line == w->line &&
					   amount_of(note, &note->lines[0]) == w->amount)
			return true;
	}
	return false;
}

/* The last one granted of the invoice that no note has given yet. */
static enum rc find_granted(struct selling *s, const struct invoice *of, struct wish *w,
			    struct text *by, struct err *err)
{
	struct issued_document *issued;
	struct own_entry *own;
	size_t n, n_issued;
	enum rc rc = money_issued(&s->ws, &s->log, s->log.edge.size, &issued, &n_issued, err);

	if (rc == RC_OK)
		rc = own_entries(&s->ws, &s->log, FACT_CREDIT_GRANTED, s->log.edge.size, &own, &n,
				 err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = n; i > 0; i--) {
		const struct own_entry *e = &own[i - 1];

		if (!text_eq(own_entry_text(e, "invoice"), of->number))
			continue;
		*w = (struct wish){of->number, own_entry_text(e, "reason_code"),
				   own_entry_number(e, "line", 0), 0};
		rc = money_amount(own_entry_text(e, "amount"), of->currency, &w->amount, err);
		if (rc != RC_OK)
			return rc;
		if (was_issued(issued, n_issued, w, e->index))
			break;
		*by = e->entry.actor;
		return RC_OK;
	}
	return err_set(err, RC_MISSING, "no credit of '%.*s' waits for a second person",
		       TEXT_ARG(of->number));
}

enum rc action_credit_note_approve(struct app *app, const struct args *args, struct reply *reply,
				   struct err *err)
{
	struct selling s = {.args = args};
	struct issued_document d;
	struct text by = text_of("");
	struct wish w;
	enum rc rc = open_document(app, args, PARAM_INVOICE, &s, &d, err);

	if (rc != RC_OK)
		return rc;
	rc = find_granted(&s, d.invoice, &w, &by, err);
	if (rc == RC_OK && text_eq(by, s.ws.actor.id)) {
		err_code(err, "second_person");
		err_hint(err, "somebody else with the right says it: --as PERSON");
		rc = err_set(err, RC_INVALID, "whoever asked for a credit cannot approve it");
	}
	if (rc == RC_OK)
		rc = credit(&s, &w, true, NULL, reply, err);
	workspace_close(&s.ws);
	return rc;
}

/* --- disputes (R112) --- */

static void say_fact(const struct selling *s, const struct appended *r, const char *key,
		     struct text id, const char *done, struct reply *reply)
{
	answer_done(s->args, reply, key, id, "%s '%.*s' %s, entry %lld\n", key, TEXT_ARG(id),
		    r->fate == APPEND_AGAIN ? "was recorded before" : done, (long long)r->index);
}

enum rc action_dispute_line(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct selling s = {.args = args};
	struct issued_document d;
	struct appended result;
	struct text fields[5], id;
	struct arena *a;
	int64_t line = 0, minor = 0;
	size_t n = 0;
	enum rc rc = open_document(app, args, PARAM_NUMBER, &s, &d, err);

	if (rc != RC_OK)
		return rc;
	a = s.ws.arena;
	if (d.invoice->kind == DOCUMENT_CREDIT_NOTE)
		rc = err_set(err, RC_INVALID, "'%.*s' is a credit note: it asks for nothing",
			     TEXT_ARG(d.invoice->number));
	if (rc == RC_OK && args_has(args, PARAM_LINE_ARG) &&
	    (!text_int(args_text(args, PARAM_LINE_ARG), &line) ||
	     line_numbered(d.invoice, line) == NULL)) {
		err_key(err, text_of("line"));
		err_hint(err, "it has %zu", d.invoice->n_lines);
		rc = err_set(err, RC_MISSING, "there is no line '%.*s' on %.*s",
			     TEXT_ARG(args_text(args, PARAM_LINE_ARG)),
			     TEXT_ARG(d.invoice->number));
	}
	if (rc == RC_OK && args_has(args, PARAM_AMOUNT))
		rc = money_asked(args, PARAM_AMOUNT, d.invoice->currency, &minor, err);
	if (rc == RC_OK) {
		id = text_format(a, "%.*s-line-%lld", TEXT_ARG(d.invoice->number), (long long)line);
		fields[n++] = text_format(a, "dispute=%.*s", TEXT_ARG(id));
		fields[n++] = text_format(a, "invoice=%.*s", TEXT_ARG(d.invoice->number));
		fields[n++] = text_format(a, "reason=%.*s", TEXT_ARG(args_text(args, PARAM_WHY)));
		if (line > 0)
			fields[n++] = text_format(a, "line=%lld", (long long)line);
		if (minor > 0)
			fields[n++] =
				text_format(a, "amount=%.*s",
					    TEXT_ARG(money_text(a, minor, d.invoice->currency)));
		/* of its day, so that saying it again that day changes nothing */
		rc = money_fact(&s, "invoice.disputed", id, zone_midnight(s.zone, s.date), fields,
				n, &result, err);
	}
	if (rc == RC_OK)
		say_fact(&s, &result, "dispute", id, "recorded", reply);
	workspace_close(&s.ws);
	return rc;
}

static const struct invoice_dispute *dispute_of(const struct account *acc, struct text id)
{
	for (size_t i = 0; i < acc->n_disputes; i++)
		if (text_eq(acc->disputes[i].id, id))
			return &acc->disputes[i];
	return NULL;
}

/* Silence never decides, and nobody decides for himself: who gives way says so. */
static enum rc may_settle(const struct selling *s, struct text outcome, struct err *err)
{
	bool rejected = text_is(outcome, "rejected");

	if (!rejected && !text_is(outcome, "upheld") && !text_is(outcome, "partly"))
		return err_set(err, RC_USAGE,
			       "a dispute is upheld, rejected or partly upheld, not '%.*s'",
			       TEXT_ARG(outcome));
	if (text_is(outcome, "partly") != args_has(s->args, PARAM_AMOUNT)) {
		err_hint(err, "--outcome partly --amount AMOUNT");
		return err_set(err, RC_USAGE, "the amount upheld belongs to the outcome partly");
	}
	if (rejected == s->ws.actor.client)
		return workspace_may(&s->ws, rejected ? R_MONEY_ACCEPT : R_MONEY_WRITE, err);
	return err_set(err, RC_INVALID,
		       rejected
			       ? "that a dispute is rejected is said by the client, who gives way"
			       : "that a dispute is upheld is said by the provider, who gives way");
}

static enum rc settled_fields(struct selling *s, int64_t *minor, struct text *fields, size_t *n,
			      struct err *err)
{
	struct arena *a = s->ws.arena;
	enum rc rc = RC_OK;

	if (args_has(s->args, PARAM_AMOUNT))
		rc = money_asked(s->args, PARAM_AMOUNT, s->m.charging->currency, minor, err);
	fields[0] = text_format(a, "dispute=%.*s", TEXT_ARG(args_text(s->args, PARAM_DISPUTE_ID)));
	fields[1] = text_format(a, "outcome=%.*s", TEXT_ARG(args_text(s->args, PARAM_OUTCOME)));
	*n = 2;
	if (*minor > 0)
		fields[(*n)++] = text_format(
			a, "amount=%.*s", TEXT_ARG(money_text(a, *minor, s->m.charging->currency)));
	return rc;
}

/* What is upheld of a dispute, as a credit: of its line, or of the line that --line names. */
static enum rc wish_of_dispute(const struct selling *s, const struct invoice_dispute *d,
			       int64_t minor, struct wish *w, struct err *err)
{
	const struct invoice *of = s->m.account.documents[d->document].invoice;
	const struct invoice_line *l;
	int64_t line = d->line;

	if (text_is(args_text(s->args, PARAM_OUTCOME), "rejected"))
		return err_set(err, RC_USAGE, "of a rejected dispute nothing is given back");
	if (d->settled != DAY_NONE) {
		err_hint(err, "tenor credit-note gives back what it left");
		return err_set(err, RC_INVALID, "the dispute '%.*s' was settled before",
			       TEXT_ARG(d->id));
	}
	if (args_has(s->args, PARAM_OF_LINE) &&
	    (!text_int(args_text(s->args, PARAM_OF_LINE), &line) || line < 1 ||
	     (d->line > 0 && line != d->line))) {
		if (d->line > 0)
			err_hint(err, "it is about line %lld", (long long)d->line);
		return err_set(err, RC_USAGE, "'%.*s' is not the line of the dispute",
			       TEXT_ARG(args_text(s->args, PARAM_OF_LINE)));
	}
	if (line == 0) {
		err_hint(err, "--line N, or tenor credit-note line by line");
		return err_set(err, RC_USAGE,
			       "the dispute names no line, and a credit is given back from one");
	}
	l = line_numbered(of, line);
	if (l == NULL) {
		err_hint(err, "it has %zu", of->n_lines);
		return err_set(err, RC_MISSING, "there is no line '%lld' on %.*s", (long long)line,
			       TEXT_ARG(of->number));
	}
	/* R93: a credit is of the line as it stands there, tax and all where prices include it */
	if (of->tax_included && (minor > 0 || d->net != l->net)) {
		err_hint(err, "tenor credit-note --amount, as the line has it");
		return err_set(
			err, RC_USAGE,
			"the prices of '%.*s' include tax: how much of the line is given back "
			"is not said by a net amount",
			TEXT_ARG(of->number));
	}
	*w = (struct wish){of->number, text_of("correction"), line,
			   minor > 0          ? minor
			   : d->net == l->net ? 0
					      : d->net};
	return RC_OK;
}

/* The settlement and its credit note, or the question to a second person: both are recorded or neither. */
static enum rc settle_with_note(struct selling *s, const struct invoice_dispute *d, struct text id,
				struct reply *reply, struct err *err)
{
	struct text fields[3];
	struct issue_first first;
	struct wish w;
	int64_t minor = 0;
	size_t n;
	enum rc rc = money_not_ahead(s, s->date, "no document", err);

	if (rc == RC_OK)
		rc = settled_fields(s, &minor, fields, &n, err);
	if (rc == RC_OK)
		rc = wish_of_dispute(s, d, minor, &w, err);
	if (rc == RC_OK)
		rc = money_entry(s, "invoice.dispute_settled", id, zone_midnight(s->zone, s->date),
				 fields, n, &first, err);
	return rc == RC_OK ? credit(s, &w, false, &first, reply, err) : rc;
}

static enum rc settle_alone(struct selling *s, const struct invoice_dispute *d, struct text id,
			    struct reply *reply, struct err *err)
{
	const struct invoice *of = s->m.account.documents[d->document].invoice;
	struct text fields[3];
	struct appended result;
	int64_t minor = 0;
	size_t n;
	enum rc rc = settled_fields(s, &minor, fields, &n, err);

	if (rc == RC_OK)
		rc = money_fact(s, "invoice.dispute_settled", id, zone_midnight(s->zone, s->date),
				fields, n, &result, err);
	if (rc != RC_OK)
		return rc;
	say_fact(s, &result, "dispute", d->id, "settled", reply);
	if (!text_is(args_text(s->args, PARAM_OUTCOME), "rejected") &&
	    !args_has(s->args, PARAM_JSON))
		buf_printf(&reply->out,
			   "what is upheld is given back by a credit note: tenor credit-note "
			   "--invoice %.*s --line N --amount A --reason correction\n",
			   TEXT_ARG(of->number));
	return RC_OK;
}

enum rc action_dispute_settle(struct app *app, const struct args *args, struct reply *reply,
			      struct err *err)
{
	struct selling s = {.args = args};
	struct text id = args_text(args, PARAM_DISPUTE_ID), settled;
	const struct invoice_dispute *d = NULL;
	enum rc rc = selling_open(app, args, STORE_WRITE, &s, err);

	if (rc != RC_OK)
		return rc;
	settled = text_format(s.ws.arena, "%.*s-settled", TEXT_ARG(id));
	rc = may_settle(&s, args_text(args, PARAM_OUTCOME), err);
	if (rc == RC_OK && args_has(args, PARAM_OF_LINE) && !args_has(args, PARAM_WITH_NOTE))
		rc = err_set(err, RC_USAGE, "--line is for --credit-note");
	if (rc == RC_OK)
		rc = money_account(&s, s.on, err);
	if (rc == RC_OK)
		d = dispute_of(&s.m.account, id);
	if (rc == RC_OK && d == NULL)
		rc = err_set(err, RC_MISSING, "there is no dispute '%.*s' of '%.*s'", TEXT_ARG(id),
			     TEXT_ARG(s.log.contract));
	else if (rc == RC_OK)
		rc = args_has(args, PARAM_WITH_NOTE) ? settle_with_note(&s, d, settled, reply, err)
						     : settle_alone(&s, d, settled, reply, err);
	workspace_close(&s.ws);
	return rc;
}
