/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Double entry, derived (money.md R140 to R143): what documents, payments, refunds and the closes of months post, balanced in minor units.
 * Nothing is stored: the same documents and facts give the same postings. How they read as a file is render/ledger.h.
 *
 * The balance of receivable, unapplied and retainer together is the balance of the account (engine/account.h).
 */
#ifndef ENGINE_LEDGER_H
#define ENGINE_LEDGER_H

#include "engine/account.h"

/* LEDGER(NAME, "root", "name", of): of: what else its path says: CLIENT, PART (a charge or tax category), NONE. */
#define LEDGER_ACCOUNTS_OF(LEDGER)                                                                 \
	LEDGER(RECEIVABLE, "assets", "receivable", CLIENT)                                         \
	LEDGER(UNBILLED, "assets", "unbilled", CLIENT)                                             \
	LEDGER(BANK, "assets", "bank-clearing", NONE)                                              \
	LEDGER(DEFERRED, "liabilities", "deferred", CLIENT)                                        \
	LEDGER(PREPAID, "liabilities", "prepaid", CLIENT)                                          \
	LEDGER(RETAINER, "liabilities", "retainer", CLIENT)                                        \
	LEDGER(UNAPPLIED, "liabilities", "unapplied", CLIENT)                                      \
	LEDGER(DEPOSIT, "liabilities", "deposit", CLIENT)                                          \
	LEDGER(TAX, "liabilities", "tax", PART)                                                    \
	LEDGER(REVENUE, "revenue", "", PART)                                                       \
	LEDGER(SERVICE_CREDITS, "revenue", "service-credits", NONE)                                \
	LEDGER(BREAKAGE, "revenue", "breakage", NONE)                                              \
	LEDGER(INTEREST, "revenue", "interest", NONE)                                              \
	LEDGER(DAMAGES, "expenses", "damages", NONE)                                               \
	LEDGER(ROUNDING, "expenses", "rounding", NONE)                                             \
	LEDGER(BAD_DEBT, "expenses", "bad-debt", NONE)

enum ledger_account {
#define LEDGER(account, root, name, of) LEDGER_##account,
	LEDGER_ACCOUNTS_OF(LEDGER)
#undef LEDGER
		LEDGER_ACCOUNTS
};

/* The provider's own code: it stands after the root, "revenue:4400". */
struct ledger_code {
	enum ledger_account account;
	struct text
		part; /* id of the charge or tax category it is for; empty: all that have no other */
	struct text code;
};

struct posting {
	enum ledger_account account;
	struct text path;   /* "assets:receivable:klinik": letters, digits, -, : */
	struct text code;   /* own; or empty */
	int64_t amount;     /* debit above zero */
	struct text charge; /* or empty */
	struct days period; /* {0, 0}: none */
};

enum transaction_kind {
	TRANSACTION_INVOICE,
	TRANSACTION_CREDIT_NOTE,
	TRANSACTION_INTEREST,
	TRANSACTION_PAYMENT,
	TRANSACTION_APPLIED, /* unapplied cash, a money grant or a deposit pays */
	TRANSACTION_RETURNED,
	TRANSACTION_REFUND,
	TRANSACTION_CLOSE /* of a month; its document is "CLOSE-2026-06" */
};

struct transaction {
	day date;
	struct text document;
	enum transaction_kind kind;
	const struct posting *postings; /* by path, charge, period; they sum to zero */
	size_t n_postings;
};

struct ledger {
	struct currency currency;
	struct text contract, payee,
		segment;             /* payee: the client's legal name; segment: of its accounts */
	struct text root;            /* of the log, 64 hex digits, or empty */
	const struct transaction *v; /* by date, document, kind */
	size_t n;
};

struct ledger_input {
	/* run far enough that what is earned by `on` is due; its grants and draws are those of prepaid hours (R142) */
	const struct charging *charging;
	const struct issued_document *issued;
	size_t n_issued;
	const struct account *account;       /* made for `on` */
	const struct earned_credit *credits; /* those on no document yet accrue, too */
	size_t n_credits;
	const struct ledger_code *codes;
	size_t n_codes;
	struct text client; /* segment; empty: made from the legal name */
	struct text root;
	day on; /* months that end by then are closed */
};

/* RC_LIMIT: a sum beyond 64 bits. */
enum rc ledger_make_postings(struct arena *a, const struct ledger_input *in, struct ledger *out,
			     struct err *err) MUST_USE;

/* R141: of a total over days, what is earned before a day, rounded once from the beginning. false: it does not fit. */
bool ledger_earned(int64_t total, struct days over, day before, enum rounding mode,
		   int64_t *out) MUST_USE;

const char *transaction_word(enum transaction_kind k); /* "invoice", "month_close" */
/* The account's root and name as they stand in paths: "assets", "receivable". */
const char *ledger_root(enum ledger_account a);
const char *ledger_name(enum ledger_account a);
/* false: no account of that name; "revenue" is that of charges. */
bool ledger_account_find(struct text name, enum ledger_account *out);

#endif
