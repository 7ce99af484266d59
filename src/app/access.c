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

static const struct {
	const char *word, *help;
	roles holders;
} right_rows[] = {
#define RIGHT(name, roles, help) {#name, help, roles},
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

/* Money that moved, and what is told about prices: finance records it (P3). */
static bool is_money(enum fact_kind kind)
{
	return kind == FACT_PAYMENT_RECEIVED || kind == FACT_PAYMENT_CONFIRMED ||
	       kind == FACT_PAYMENT_RETURNED || kind == FACT_REFUND_MADE ||
	       kind == FACT_DEPOSIT_APPLIED || kind == FACT_PRICE_ANNOUNCED ||
	       kind == FACT_INVOICE_DISPUTED || kind == FACT_INVOICE_SETTLED;
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
	if (kind == FACT_OUTAGE_BEGAN || kind == FACT_OUTAGE_ENDED || kind == FACT_PROBE_SAMPLE ||
	    kind == FACT_REQUESTS_COUNTED)
		return R_USAGE_WRITE;
	return R_WORK_WRITE;
}
