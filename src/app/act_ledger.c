/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor ledger export: the double entry that documents, payments and closes of months give, for hledger, Beancount or as a table, with the
 * provider's own account codes (money.md R140 to R143). Nothing is kept: the same record gives the same bytes.
 */
#include "app/act_ledger.h"

#include "app/input.h"
#include "render/ledger.h"

#include <string.h>

enum { ACCOUNTS_MAX_BYTES = 1 << 20 };

struct exporting {
	struct selling s;
	enum ledger_format format;
	struct ledger_code *codes;
	size_t n_codes;
	day from, to; /* first day, and the last; DAY_NONE: from the beginning */
	const struct ledger **v;
	size_t n;
};

/* --- the provider's own codes --- */

static void hint_names(struct err *err, struct arena *a)
{
	struct text all = text_of("");

	for (int i = 0; i < LEDGER_ACCOUNTS; i++) {
		const char *name = ledger_name((enum ledger_account)i);

		all = text_format(a, "%.*s%s%s", TEXT_ARG(all), all.n > 0 ? ", " : "",
				  name[0] != 0 ? name : "revenue");
	}
	err_hint(err, "the accounts are %.*s; also revenue:CHARGE and tax:CATEGORY", TEXT_ARG(all));
}

static bool is_code(struct text t)
{
	bool any = false;

	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];
		bool plain =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!plain && c != '-')
			return false;
		any = any || plain;
	}
	return any;
}

static enum rc add_code(struct exporting *x, struct text name, struct text code, struct err *err)
{
	struct ledger_code c = {.code = code};
	struct text word = {"", 0};

	c.part = text_cut(name, ':', &word);
	if (!ledger_account_find(word, &c.account)) {
		hint_names(err, x->s.ws.arena);
		return err_set(err, RC_INVALID, "there is no account '%.*s'", TEXT_ARG(word));
	}
	if (c.part.n > 0 && c.account != LEDGER_REVENUE && c.account != LEDGER_TAX) {
		err_hint(err, "write %.*s", TEXT_ARG(word));
		return err_set(err, RC_INVALID, "the account '%.*s' has no parts", TEXT_ARG(word));
	}
	if (!is_code(code)) {
		err_hint(err, "letters, digits and -, as in %.*s = 1400", TEXT_ARG(name));
		return err_set(err, RC_INVALID, "the code '%.*s' is no account code",
			       TEXT_ARG(code));
	}
	for (size_t i = 0; i < x->n_codes; i++)
		if (x->codes[i].account == c.account && text_eq(x->codes[i].part, c.part))
			return err_set(err, RC_INVALID, "the account '%.*s' is given twice",
				       TEXT_ARG(name));
	x->codes[x->n_codes++] = c;
	return RC_OK;
}

/* A line "receivable = 1400", "revenue:care = 4400", or "# ...". */
static enum rc read_codes(struct exporting *x, struct err *err)
{
	struct text path = args_text(x->s.args, PARAM_ACCOUNTS), rest, line;
	size_t lines = 1;
	unsigned at = 0;
	enum rc rc;

	if (!args_has(x->s.args, PARAM_ACCOUNTS))
		return RC_OK;
	rc = input_whole(x->s.ws.app, path, ACCOUNTS_MAX_BYTES, &rest, err);
	if (rc != RC_OK)
		return rc;
	lines += text_count(rest, '\n');
	x->codes = arena_array(x->s.ws.arena, struct ledger_code, lines);
	while (rc == RC_OK && rest.n > 0) {
		struct text name = {"", 0}, code;

		rest = text_cut(rest, '\n', &line);
		line = text_trim(line);
		at++;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		code = text_trim(text_cut(line, '=', &name));
		rc = add_code(x, text_trim(name), code, err);
		if (rc != RC_OK)
			err_at(err, path, at, 1);
	}
	return rc;
}

/* --- which days --- */

static enum rc days_asked(struct exporting *x, struct err *err)
{
	const struct args *args = x->s.args;
	struct text from = args_text(args, PARAM_FROM_MONTH), to = args_text(args, PARAM_TO_MONTH);
	day first = 0;

	x->from = DAY_NONE;
	x->to = zone_day(zone_utc(), x->s.ws.now);
	if (args_has(args, PARAM_FROM_MONTH) && !month_parse(from, &x->from))
		return err_set(err, RC_USAGE, "--from is no month");
	if (args_has(args, PARAM_TO_MONTH)) {
		if (!month_parse(to, &first))
			return err_set(err, RC_USAGE, "--to is no month");
		x->to = day_add_months(first, 1) - 1;
	}
	if (x->from != DAY_NONE && x->from > x->to) {
		err_hint(err, "a month up to the last one");
		return err_set(err, RC_USAGE, "--from is after the last month of the export");
	}
	return RC_OK;
}

static bool one_of_three(const struct args *args)
{
	return args_has(args, PARAM_CONTRACT_ID) + args_has(args, PARAM_CLIENT) +
		       args_has(args, PARAM_ALL) ==
	       1;
}

/* --- one contract --- */

static enum rc newest_root(struct selling *s, struct text *out, struct err *err)
{
	struct stored_checkpoint c = {.size = 0};
	char hex[SHA256_HEX + 1];
	enum rc rc = record_checkpoint_latest(s->ws.store, s->ws.arena, s->log.id, &c, err);

	*out = text_of("");
	if (rc == RC_MISSING) { /* nothing was signed yet */
		err_clear(err);
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	hash_hex(&c.root, hex);
	*out = text_copy(s->ws.arena, text_of(hex));
	return RC_OK;
}

enum rc money_ledger(struct selling *s, day to, const struct ledger_code *codes, size_t n_codes,
		     struct ledger **out, struct err *err)
{
	struct arena *a = s->ws.arena;
	struct money_at at = {.size = -1, .known_as_of = INSTANT_MAX, .on = to + 1};
	struct money_state far = {.on = 0};
	struct account_input account = {.on = to};
	struct account acc;
	struct ledger_input in = {.codes = codes, .n_codes = n_codes, .on = to};
	struct ledger *l = arena_one(a, struct ledger);
	enum rc rc = money_recall(&s->ws, &s->log, &at, &s->m, err);

	/* a fee in arrears is due after the days in which it is earned, at most a year */
	at.on = day_add_months(to, 12) + 1;
	at.no_credits = true;
	if (rc == RC_OK)
		rc = money_work_out(a, &s->m.r, s->m.issued, s->m.n_issued, &at, &far, err);
	if (rc != RC_OK)
		return rc;
	account.charging = s->m.charging;
	account.issued = s->m.issued;
	account.n_issued = s->m.n_issued;
	rc = account_make(a, &account, &acc, err);
	if (rc == RC_OK)
		rc = newest_root(s, &in.root, err);
	in.charging = far.charging;
	in.issued = s->m.issued;
	in.n_issued = s->m.n_issued;
	in.account = &acc;
	in.credits = s->m.credits;
	in.n_credits = s->m.n_credits;
	in.client = s->log.client;
	if (rc == RC_OK)
		rc = ledger_make_postings(a, &in, l, err);
	if (rc == RC_OK)
		*out = l;
	return rc;
}

/* Only what lies in the days asked for; what the postings rest on is worked out from the beginning. */
static void cut(const struct exporting *x, struct ledger *l)
{
	struct transaction *kept = arena_array(x->s.ws.arena, struct transaction, l->n);
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if ((x->from == DAY_NONE || l->v[i].date >= x->from) && l->v[i].date <= x->to)
			kept[n++] = l->v[i];
	l->v = kept;
	l->n = n;
}

static enum rc make(struct exporting *x, struct err *err)
{
	struct ledger *l = NULL;
	enum rc rc = money_ledger(&x->s, x->to, x->codes, x->n_codes, &l, err);

	if (rc != RC_OK)
		return rc;
	cut(x, l);
	x->v[x->n++] = l;
	return RC_OK;
}

static enum rc export_all(struct exporting *x, struct reply *reply, struct err *err)
{
	struct log_head *logs;
	size_t n;
	enum rc rc = selling_logs(&x->s, &logs, &n, err);

	if (rc == RC_OK)
		rc = read_codes(x, err);
	if (rc == RC_OK)
		rc = days_asked(x, err);
	if (rc != RC_OK)
		return rc;
	x->v = arena_array(x->s.ws.arena, const struct ledger *, n);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		bool there;

		rc = selling_turn(&x->s, &logs[i], &there, err);
		if (rc == RC_OK && there)
			rc = make(x, err);
	}
	if (rc != RC_OK)
		return rc;
	ledger_print(x->s.ws.arena, x->v, x->n, x->format, &reply->out);
	if (reply->out.full)
		return err_set(err, RC_LIMIT, "the export is larger than %d bytes",
			       OUTPUT_MAX_BYTES);
	return RC_OK;
}

enum rc action_ledger_export(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct exporting *x = arena_one(app->arena, struct exporting);
	struct text word = args_text(args, PARAM_LEDGER_FORMAT);
	enum rc rc;

	x->s.args = args;
	if (args_has(args, PARAM_JSON))
		return err_set(err, RC_USAGE, "a ledger is hledger, beancount or csv: no json");
	if (!ledger_format_find(word, &x->format)) {
		err_hint(err, "hledger, beancount or csv");
		return err_set(err, RC_USAGE, "there is no format '%.*s' of ledgers",
			       TEXT_ARG(word));
	}
	if (!one_of_three(args)) {
		err_hint(err, "one of --contract ID, --client ID and --all");
		return err_set(err, RC_USAGE, "whose ledger is not said");
	}
	rc = workspace_open(app, args, STORE_READ, &x->s.ws, err);
	if (rc != RC_OK)
		return rc;
	if (workspace_client(&x->s.ws))
		rc = err_set(err, RC_USAGE, "the ledger is the provider's own");
	else
		rc = export_all(x, reply, err);
	workspace_close(&x->s.ws);
	return rc;
}
