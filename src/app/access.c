/* SPDX-License-Identifier: Apache-2.0 */
#include "app/access.h"

#include "base/buf.h"

#include <assert.h>

enum role_place {
#define ROLE(name, word, side, help) PLACE_##name,
#include "app/rights.def"
	ROLE_COUNT
};

enum role_bit {
#define ROLE(name, word, side, help) name = 1 << PLACE_##name,
#include "app/rights.def"
};

static const struct {
	const char *word;
	enum role_side side;
} role_rows[] = {
#define ROLE(name, word, side, help) {word, SIDE_##side},
#include "app/rights.def"
};

enum right_mark { STEP_UP = 1, NO_TOKEN = 2, BREAK_GLASS = 4 };

static const struct {
	const char *word, *help;
	roles holders;
	unsigned marks;
} right_rows[] = {
#define RIGHT(name, roles, marks, help) {#name, help, roles, marks},
#include "app/rights.def"
};

const char *right_word(enum permission r)
{
	return right_rows[r].word;
}

const char *right_help(enum permission r)
{
	return right_rows[r].help;
}

bool roles_have(roles set, enum permission r)
{
	return r == R_NONE || (set & right_rows[r].holders) != 0;
}

/* By right: who has it for own objects only. */
static const roles own_rows[RIGHT_COUNT] = {
#define OWN(name, roles) [R_##name] = (roles),
#include "app/rights.def"
};

bool roles_own_only(roles set, enum permission r)
{
	roles holders = set & right_rows[r].holders;

	return holders != 0 && (holders & ~own_rows[r]) == 0;
}

bool roles_audit(roles set)
{
	return (set & AU) != 0;
}

bool roles_audit_only(roles set)
{
	return set == AU;
}

bool right_steps_up(enum permission r)
{
	return (right_rows[r].marks & (STEP_UP | BREAK_GLASS)) != 0;
}

bool right_of_tokens(enum permission r)
{
	return (right_rows[r].marks & NO_TOKEN) == 0;
}

bool roles_need_factor(roles set)
{
	bool steps_up = (set & (OW | FI | SI | OP)) != 0;

	for (int r = 0; r < RIGHT_COUNT; r++)
		steps_up |=
			(right_rows[r].marks & STEP_UP) != 0 && (set & right_rows[r].holders) != 0;
	return steps_up;
}

/* --- sets of rights --- */

bool rights_have(rights set, enum permission r)
{
	return r == R_NONE || (set >> (unsigned)r & 1) != 0;
}

rights rights_of(roles set)
{
	rights out = 0;

	for (int r = 0; r < RIGHT_COUNT; r++)
		if ((set & right_rows[r].holders) != 0)
			out |= (rights)1 << (unsigned)r;
	return out;
}

void rights_print(rights set, struct buf *out)
{
	bool first = true;

	for (int r = 0; r < RIGHT_COUNT; r++) {
		if ((set >> (unsigned)r & 1) == 0)
			continue;
		if (!first)
			buf_char(out, ' ');
		buf_str(out, right_rows[r].word);
		first = false;
	}
}

enum rc rights_parse(struct text words, rights *out, struct err *err)
{
	struct text known[RIGHT_COUNT], word;
	rights set = 0;

	for (int r = 0; r < RIGHT_COUNT; r++)
		known[r] = text_of(right_rows[r].word);
	while (words.n > 0) {
		int r = 1; /* NONE is no word to write */

		words = text_cut(words, ' ', &word);
		if (word.n == 0)
			continue;
		while (r < RIGHT_COUNT && !text_eq_nocase(word, known[r]))
			r++;
		if (r == RIGHT_COUNT) {
			struct text near = text_nearest(word, known + 1, RIGHT_COUNT - 1);

			if (near.n > 0)
				err_hint(err, "did you mean %.*s?", TEXT_ARG(near));
			return err_set(err, RC_USAGE, "there is no right '%.*s'", TEXT_ARG(word));
		}
		set |= (rights)1 << (unsigned)r;
	}
	*out = set;
	return RC_OK;
}

/* --- sets of roles --- */

static void print_set(roles set, const char *between, struct buf *out)
{
	bool first = true;

	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		if ((set & (1U << i)) == 0)
			continue;
		if (!first)
			buf_str(out, between);
		buf_str(out, role_rows[i].word);
		first = false;
	}
}

void roles_print(roles set, struct buf *out)
{
	print_set(set, " ", out);
}

void right_holders(enum permission r, struct buf *out)
{
	print_set(right_rows[r].holders, ", ", out);
}

static enum rc unknown_role(struct text word, struct err *err)
{
	struct text words[ROLE_COUNT], near;

	for (size_t i = 0; i < ROLE_COUNT; i++)
		words[i] = text_of(role_rows[i].word);
	near = text_nearest(word, words, ROLE_COUNT);
	if (near.n > 0)
		err_hint(err, "did you mean %.*s?", TEXT_ARG(near));
	else
		err_hint(err,
			 "roles are owner, finance, contract-manager, service-desk, technician, "
			 "read-only; signer, it-lead, billing, requester, viewer; auditor; "
			 "operator");
	return err_set(err, RC_USAGE, "there is no role '%.*s'", TEXT_ARG(word));
}

enum rc roles_parse(struct text words, roles *out, bool *client, struct err *err)
{
	roles set = 0;
	bool sides[2] = {false, false};
	struct text word;

	while (words.n > 0) {
		unsigned i = 0;

		words = text_cut(words, ' ', &word);
		if (word.n == 0)
			continue;
		while (i < ROLE_COUNT && !text_is(word, role_rows[i].word))
			i++;
		if (i == ROLE_COUNT)
			return unknown_role(word, err);
		set |= 1U << i;
		sides[SIDE_PROVIDER] |=
			role_rows[i].side == SIDE_PROVIDER || role_rows[i].side == SIDE_HOST;
		sides[SIDE_CLIENT] |= role_rows[i].side == SIDE_CLIENT;
	}
	if (set == 0)
		return err_set(err, RC_USAGE, "no role is given");
	if (sides[SIDE_PROVIDER] && sides[SIDE_CLIENT]) {
		err_code(err, "both_sides");
		err_hint(err, "a person has roles of one side of an engagement");
		return err_set(err, RC_USAGE, "roles of the provider and of the client together");
	}
	if (sides[SIDE_PROVIDER] || sides[SIDE_CLIENT])
		*client = sides[SIDE_CLIENT];
	*out = set;
	return RC_OK;
}

static bool is_of(enum fact_kind kind, const enum fact_kind *kinds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kinds[i] == kind)
			return true;
	return false;
}

/* Money that moved, and what is told about prices: finance records it (P3). */
static bool is_money(enum fact_kind kind)
{
	static const enum fact_kind kinds[] = {FACT_PAYMENT_RECEIVED, FACT_PAYMENT_CONFIRMED,
					       FACT_PAYMENT_RETURNED, FACT_REFUND_MADE,
					       FACT_DEPOSIT_APPLIED,  FACT_PRICE_ANNOUNCED,
					       FACT_INVOICE_DISPUTED, FACT_INVOICE_SETTLED};

	return is_of(kind, kinds, ARRAY_SIZE(kinds));
}

/* What the provider's finance knows and the help desk does not: taxes and what an exit costs (P3, MONEY_WRITE). */
static bool is_money_of_provider(enum fact_kind kind)
{
	static const enum fact_kind kinds[] = {FACT_EXEMPTION_CERTIFIED, FACT_INVOICE_RECEIVED,
					       FACT_SUPPLIER_COMMITTED, FACT_SAVING_STATED};

	return is_of(kind, kinds, ARRAY_SIZE(kinds));
}

/* Samples, outages, quantities (P3): what an invoice counts, whoever measured it. Hours worked are work. */
static bool is_quantity(enum fact_kind kind)
{
	static const enum fact_kind kinds[] = {
		FACT_OUTAGE_BEGAN,     FACT_OUTAGE_ENDED,   FACT_PROBE_SAMPLE,
		FACT_REQUESTS_COUNTED, FACT_UNITS_LISTED,   FACT_UNIT_ADDED,
		FACT_UNIT_REMOVED,     FACT_ORDER_PLACED,   FACT_ORDER_APPROVED,
		FACT_ORDER_CANCELLED,  FACT_PREPAID_BOUGHT, FACT_USAGE_RECORDED,
		FACT_COST_RECORDED,    FACT_INDEX_LINKED,   FACT_INDEX_PUBLISHED,
		FACT_SUPPLIER_INVOICED};

	return is_of(kind, kinds, ARRAY_SIZE(kinds));
}

static bool is_ticket_work(enum fact_kind kind)
{
	return kind != FACT_TICKET_LOGGED && kind != FACT_TICKET_MESSAGE &&
	       kind != FACT_TICKET_REOPENED && kind != FACT_TICKET_CANCELLED &&
	       kind != FACT_TICKET_PRIORITY_SET && kind != FACT_TICKET_PRIORITY_AGREED;
}

/* P3: a client opens, writes and rates; about everything else its word contradicts or claims. */
static enum permission client_right(enum fact_kind kind)
{
	if (kind == FACT_CREDIT_CLAIMED || kind == FACT_RIGHT_EXERCISED ||
	    kind == FACT_NOTICE_GIVEN)
		return R_MONEY_ACCEPT;
	if (text_starts(text_of(fact_row(kind)->kind), "ticket.") && is_ticket_work(kind))
		return R_DISPUTE;
	if (text_starts(text_of(fact_row(kind)->kind), "ticket.") ||
	    text_starts(text_of(fact_row(kind)->kind), "obligation.") ||
	    kind == FACT_SURVEY_ANSWERED || kind == FACT_ALERT_ACKNOWLEDGED ||
	    kind == FACT_DOWNTIME_ASKED)
		return R_TICKET_WRITE;
	return R_DISPUTE;
}

enum permission right_of_kind(enum fact_kind kind, bool client)
{
	if (kind == FACT_FACT_ACCEPTED || kind == FACT_FACT_CONTESTED ||
	    kind == FACT_DISPUTE_SETTLED)
		return R_DISPUTE;
	if (kind == FACT_FACT_WITHDRAWN)
		return R_CORRECT;
	if (kind == FACT_CORRECTION_APPROVED)
		return R_CORRECT_APPROVE;
	if (is_money(kind))
		return client ? R_MONEY_ACCEPT : R_MONEY_WRITE;
	if (client)
		return client_right(kind);
	if (kind == FACT_TICKET_LOGGED || kind == FACT_TICKET_MESSAGE ||
	    kind == FACT_SURVEY_ANSWERED || kind == FACT_ALERT_ACKNOWLEDGED)
		return R_TICKET_WRITE;
	if (is_money_of_provider(kind))
		return R_MONEY_WRITE;
	return is_quantity(kind) ? R_USAGE_WRITE : R_WORK_WRITE;
}
