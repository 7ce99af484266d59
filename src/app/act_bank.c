/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor bank import: payments from a bank's statement or a table (money.md R100). The payer's name is shown and never recorded; a reference is
 * recorded if it is one (letters, digits, - / .), free words are not.
 */
#include "app/act_money.h"
#include "app/bank_match.h"
#include "app/bank_table.h"
#include "app/import_wish.h"
#include "app/input.h"
#include "base/json.h"
#include "render/table_csv.h"

struct banking {
	struct selling s;
	struct log_head *logs;
	size_t n_logs;
	struct camt *statement;
	const struct import_report *table; /* NULL: it was XML */
	struct bank_books books;
	struct bank_result *results;
	size_t recorded;
	bool dry;
};

static void add_known(struct banking *x, const struct facts *f)
{
	struct bank_books *b = &x->books;

	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].kind != FACT_PAYMENT_RECEIVED)
			continue;
		b->known = arena_grow(x->s.ws.arena, b->known, b->n_known, &b->known_cap,
				      sizeof(*b->known));
		b->known[b->n_known++] = (struct bank_known){
			x->s.log.contract, symbol_text(f->symbols, f->v[i].subject)};
	}
}

/* What is open of a contract today, and the payments that its record has. */
static enum rc look_at(struct banking *x, const struct log_head *log, struct err *err)
{
	struct bank_books *b = &x->books;
	bool there;
	enum rc rc = selling_turn(&x->s, log, &there, err);

	if (rc != RC_OK || !there)
		return rc;
	rc = money_account(&x->s, zone_day(x->s.zone, x->s.ws.now), err);
	if (rc != RC_OK)
		return rc;
	add_known(x, x->s.m.r.facts);
	for (size_t i = 0; i < x->s.m.account.n_documents; i++) {
		const struct account_document *d = &x->s.m.account.documents[i];

		b->open = arena_grow(x->s.ws.arena, b->open, b->n_open, &b->open_cap,
				     sizeof(*b->open));
		b->open[b->n_open++] =
			(struct bank_open){log->contract, d->invoice->number,
					   x->s.m.charging->currency, d->open > 0 ? d->open : 0};
	}
	return RC_OK;
}

static enum rc read_accepts(struct banking *x, struct bank_accept **out, size_t *n, struct err *err)
{
	const struct args *args = x->s.args;
	struct bank_accept *v;

	*n = args->values[PARAM_ACCEPT].n;
	v = arena_array(x->s.ws.arena, struct bank_accept, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		struct text word = args->values[PARAM_ACCEPT].v[i];

		v[i].number = text_trim(text_cut(word, '=', &v[i].entry));
		v[i].entry = text_trim(v[i].entry);
		if (v[i].entry.n > 0 && v[i].number.n > 0)
			continue;
		err_hint(err, "write --accept ENTRY=NUMBER, both as --dry-run shows them");
		return err_set(err, RC_USAGE, "'%.*s' names no entry and invoice", TEXT_ARG(word));
	}
	*out = v;
	return RC_OK;
}

static enum rc read_statement(struct banking *x, struct err *err)
{
	struct text path = args_text(x->s.args, PARAM_BANK_FILE), bytes;
	enum rc rc = input_whole(x->s.ws.app, path, CAMT_BYTES_MAX, &bytes, err);

	if (rc == RC_OK && !bank_is_xml(bytes))
		return bank_table_read(x->s.ws.app, x->s.args, path, bytes, &x->statement,
				       &x->table, err);
	if (rc == RC_OK && args_has(x->s.args, PARAM_MAP)) {
		err_hint(err, "leave --map out: CAMT.053 is read as it is");
		return err_set(err, RC_USAGE, "--map is for tables");
	}
	if (rc == RC_OK)
		rc = camt_read(x->s.ws.arena, bytes, &x->statement, err);
	if (rc != RC_OK && err->file[0] == '\0')
		err_at(err, path, err->line, err->column);
	return rc;
}

/* --- recording --- */

/* The payer's reference, if it is one and no free words. */
static struct text reference_of(const struct camt_entry *e)
{
	if (camt_plain_reference(e->structured))
		return e->structured;
	if (camt_plain_reference(e->end_to_end))
		return e->end_to_end;
	return camt_plain_reference(e->remittance) ? e->remittance : text_of("");
}

static enum rc record(struct banking *x, const struct bank_result *r, struct err *err)
{
	struct arena *a = x->s.ws.arena;
	struct currency c = x->s.m.charging->currency;
	struct text fields[5], reference = reference_of(r->entry);
	struct appended result;
	size_t n = 0;
	enum rc rc = money_not_ahead(&x->s, r->entry->date, "a payment", err);

	if (rc != RC_OK)
		return rc;
	fields[n++] = text_format(a, "payment=%.*s", TEXT_ARG(r->entry->id));
	fields[n++] = text_format(a, "amount=%.*s", TEXT_ARG(money_text(a, r->minor, c)));
	fields[n++] = text_format(a, "currency=%s", c.code);
	if (reference.n > 0)
		fields[n++] = text_format(a, "reference=%.*s", TEXT_ARG(reference));
	fields[n++] = text_format(a, "invoice=%.*s", TEXT_ARG(r->invoice));
	rc = money_fact(&x->s, "payment.received", r->entry->id,
			zone_midnight(x->s.zone, r->entry->date), fields, n, &result, err);
	x->recorded += rc == RC_OK && result.fate == APPENDED;
	return rc;
}

static bool pays(const struct bank_result *r)
{
	return r->fate == BANK_MATCHED || r->fate == BANK_ACCEPTED;
}

static enum rc record_all(struct banking *x, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t l = 0; l < x->n_logs && rc == RC_OK; l++) {
		bool turned = false, there = true;

		for (size_t i = 0; i < x->statement->n && rc == RC_OK; i++) {
			const struct bank_result *r = &x->results[i];

			if (!pays(r) || !text_eq(r->contract, x->logs[l].contract))
				continue;
			if (!turned) {
				rc = selling_turn(&x->s, &x->logs[l], &there, err);
				if (rc == RC_OK)
					rc = money_account(&x->s, zone_day(x->s.zone, x->s.ws.now),
							   err);
			}
			turned = true;
			if (rc == RC_OK)
				rc = record(x, r, err);
		}
	}
	return rc;
}

/* --- the answer --- */

static const char *fate_word(const struct banking *x, const struct bank_result *r)
{
	return pays(r) && !x->dry ? "recorded" : bank_fate_word(r->fate);
}

static struct text why_of(const struct bank_result *r)
{
	return r->why.n > 0 ? r->why : text_of("");
}

static struct text shown_reference(const struct camt_entry *e)
{
	if (e->structured.n > 0)
		return e->structured;
	return e->end_to_end.n > 0 ? e->end_to_end : e->remittance;
}

static void json_entry(const struct banking *x, const struct bank_result *r, struct json *j)
{
	json_open_object(j);
	json_kv_text(j, "amount", r->entry->amount);
	json_key(j, "candidates");
	json_open_array(j);
	for (size_t i = 0; i < r->n_candidates; i++) {
		const struct bank_open *o = r->candidates[i];

		json_open_object(j);
		json_kv_text(j, "contract", o->contract);
		json_kv_text(j, "invoice", o->number);
		json_kv_text(j, "open", money_text(x->s.ws.arena, o->open, o->currency));
		json_end_object(j);
	}
	json_end_array(j);
	if (r->contract.n > 0)
		json_kv_text(j, "contract", r->contract);
	json_kv_text(j, "currency", r->entry->currency);
	if (r->entry->date != DAY_NONE)
		json_kv_text(j, "date", money_day_text(x->s.ws.arena, r->entry->date));
	json_kv_text(j, "entry", r->entry->id);
	json_kv_str(j, "fate", fate_word(x, r));
	if (r->invoice.n > 0)
		json_kv_text(j, "invoice", r->invoice);
	json_kv_text(j, "payer", r->entry->payer);
	json_kv_text(j, "reference", shown_reference(r->entry));
	if (r->why.n > 0)
		json_kv_text(j, "why", r->why);
	json_end_object(j);
}

static void say_json(const struct banking *x, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_key(&j, "entries");
	json_open_array(&j);
	for (size_t i = 0; i < x->statement->n; i++)
		json_entry(x, &x->results[i], &j);
	json_end_array(&j);
	if (x->table != NULL) {
		json_kv_text(&j, "format", x->table->format);
		import_notes_json(x->table, &j);
	}
	json_kv_int(&j, "recorded", (int64_t)x->recorded);
	if (x->table != NULL)
		json_kv_int(&j, "skipped", (int64_t)x->table->skipped);
	json_end_object(&j);
	buf_char(out, '\n');
}

static void say_csv(const struct banking *x, struct buf *out)
{
	static const char *const names[] = {"entry", "date", "amount",   "currency", "reference",
					    "payer", "fate", "contract", "invoice",  "why"};
	struct table_csv c = {out, false};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		csv_word(&c, names[i]);
	csv_end(&c);
	for (size_t i = 0; i < x->statement->n; i++) {
		const struct bank_result *r = &x->results[i];

		csv_text(&c, r->entry->id);
		csv_day(&c, r->entry->date);
		csv_text(&c, r->entry->amount);
		csv_text(&c, r->entry->currency);
		csv_text(&c, shown_reference(r->entry));
		csv_text(&c, r->entry->payer);
		csv_word(&c, fate_word(x, r));
		csv_text(&c, r->contract);
		csv_text(&c, r->invoice);
		csv_text(&c, why_of(r));
		csv_end(&c);
	}
}

static void say_entry(const struct banking *x, const struct bank_result *r, struct buf *out)
{
	const struct camt_entry *e = r->entry;

	buf_printf(out, "%.*s  %.*s  %.*s %.*s", TEXT_ARG(e->id),
		   TEXT_ARG(e->date == DAY_NONE ? text_of("?")
						: money_day_text(x->s.ws.arena, e->date)),
		   TEXT_ARG(e->amount), TEXT_ARG(e->currency));
	if (shown_reference(e).n > 0)
		buf_printf(out, "  '%.*s'", TEXT_ARG(shown_reference(e)));
	if (pays(r))
		buf_printf(out, ": %s %.*s of %.*s\n", x->dry ? "would pay" : "recorded, pays",
			   TEXT_ARG(r->invoice), TEXT_ARG(r->contract));
	else if (r->fate == BANK_AGAIN)
		buf_printf(out, ": was recorded before, in %.*s\n", TEXT_ARG(r->contract));
	else
		buf_printf(out, ": %s: %.*s\n",
			   r->fate == BANK_LEFT_OUT ? "left out" : "not recorded",
			   TEXT_ARG(r->why));
	for (size_t i = 0; r->fate == BANK_PROPOSED && i < r->n_candidates; i++) {
		const struct bank_open *o = r->candidates[i];

		buf_printf(out, "  --accept %.*s=%.*s   (%.*s, %.*s %s open)\n", TEXT_ARG(e->id),
			   TEXT_ARG(o->number), TEXT_ARG(o->contract),
			   TEXT_ARG(money_text(x->s.ws.arena, o->open, o->currency)),
			   o->currency.code);
	}
}

/* Rows of a table that are no entries. */
static void say_rows_left(const struct banking *x, struct buf *out)
{
	uint64_t shown = 0;

	if (x->table == NULL)
		return;
	for (size_t i = 0; i < x->table->n_notes; i++) {
		const struct import_note *n = &x->table->notes[i];

		if (n->line == 0)
			continue;
		buf_printf(out, "line %u: %s: %.*s\n", n->line, import_code_word(n->code),
			   TEXT_ARG(n->text));
		shown++;
	}
	if (x->table->skipped > shown)
		buf_printf(out, "and %llu more rows are left out\n",
			   (unsigned long long)(x->table->skipped - shown));
}

static void say_text(const struct banking *x, struct buf *out)
{
	size_t count[BANK_LEFT_OUT + 1] = {0};

	for (size_t i = 0; i < x->statement->n; i++) {
		say_entry(x, &x->results[i], out);
		count[x->results[i].fate]++;
	}
	say_rows_left(x, out);
	if (x->table != NULL)
		count[BANK_LEFT_OUT] += x->table->skipped;
	if (x->statement->n == 0)
		buf_str(out, "the statement has no entries\n");
	buf_printf(out, "%zu %s, %zu recorded before, %zu to be decided, %zu left out\n",
		   count[BANK_MATCHED] + count[BANK_ACCEPTED],
		   x->dry ? "would be recorded" : "recorded", count[BANK_AGAIN],
		   count[BANK_PROPOSED], count[BANK_LEFT_OUT]);
}

static enum rc bank(struct banking *x, struct err *err)
{
	struct bank_accept *accepts = NULL;
	size_t n_accepts = 0;
	enum rc rc = read_accepts(x, &accepts, &n_accepts, err);

	if (rc == RC_OK)
		rc = read_statement(x, err);
	if (rc == RC_OK)
		rc = selling_logs(&x->s, &x->logs, &x->n_logs, err);
	for (size_t i = 0; rc == RC_OK && i < x->n_logs; i++)
		rc = look_at(x, &x->logs[i], err);
	if (rc == RC_OK)
		rc = bank_match(x->s.ws.arena, x->statement, &x->books, accepts, n_accepts,
				&x->results, err);
	return rc == RC_OK && !x->dry ? record_all(x, err) : rc;
}

enum rc action_bank_import(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct banking x = {.s = {.args = args}, .dry = args_has(args, PARAM_DRY_RUN)};
	enum rc rc = answer_format(args, &x.s.format, err);

	if (rc == RC_OK && (x.s.format == FORMAT_HTML || x.s.format == FORMAT_PDF)) {
		err_hint(err, "text, json or csv");
		return err_set(err, RC_USAGE, "bank import has no such format");
	}
	if (rc == RC_OK)
		rc = workspace_open(app, args, x.dry ? STORE_READ : STORE_WRITE, &x.s.ws, err);
	if (rc != RC_OK)
		return rc;
	rc = bank(&x, err);
	if (rc == RC_OK && x.s.format == FORMAT_JSON)
		say_json(&x, &reply->out);
	else if (rc == RC_OK && x.s.format == FORMAT_CSV) {
		say_csv(&x, &reply->out);
		say_rows_left(&x, &reply->notes);
	} else if (rc == RC_OK)
		say_text(&x, &reply->out);
	workspace_close(&x.s.ws);
	return rc;
}
