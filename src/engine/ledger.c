/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame of the ledger: accounts, postings as they come, their order, and transactions that balance. What is posted is decided in
 * ledger_documents.c and ledger_cash.c.
 */
#include "engine/ledger_parts.h"

#include <assert.h>
#include <stdlib.h>

/* --- words --- */

enum of { OF_CLIENT, OF_PART, OF_NONE };

static const struct {
	const char *root, *name;
	enum of of;
} accounts[LEDGER_ACCOUNTS] = {
#define LEDGER(account, root, name, of) [LEDGER_##account] = {root, name, OF_##of},
	LEDGER_ACCOUNTS_OF(LEDGER)
#undef LEDGER
};

const char *ledger_root(enum ledger_account a)
{
	assert((size_t)a < LEDGER_ACCOUNTS);
	return accounts[a].root;
}

const char *ledger_name(enum ledger_account a)
{
	assert((size_t)a < LEDGER_ACCOUNTS);
	return accounts[a].name;
}

bool ledger_account_find(struct text name, enum ledger_account *out)
{
	for (int i = 0; i < LEDGER_ACCOUNTS; i++)
		if (text_is(name, accounts[i].name[0] != 0 ? accounts[i].name : accounts[i].root)) {
			*out = (enum ledger_account)i;
			return true;
		}
	return false;
}

const char *transaction_word(enum transaction_kind k)
{
	static const char *const words[] = {
		[TRANSACTION_INVOICE] = "invoice",   [TRANSACTION_CREDIT_NOTE] = "credit_note",
		[TRANSACTION_INTEREST] = "interest", [TRANSACTION_PAYMENT] = "payment",
		[TRANSACTION_APPLIED] = "applied",   [TRANSACTION_RETURNED] = "returned",
		[TRANSACTION_REFUND] = "refund",     [TRANSACTION_CLOSE] = "month_close"};

	assert((size_t)k < ARRAY_SIZE(words));
	return words[k];
}

/* --- accounts --- */

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* R143: letters, digits, -; what else there is becomes one - between them. */
static struct text segment_of(struct arena *a, struct text id)
{
	char *p = arena_alloc(a, id.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < id.n; i++)
		if (is_plain(id.p[i]))
			p[n++] = id.p[i];
		else if (n > 0 && p[n - 1] != '-')
			p[n++] = '-';
	while (n > 0 && p[n - 1] == '-')
		n--;
	return n > 0 ? (struct text){p, n} : text_of("other");
}

static struct text code_of(const struct booking *b, enum ledger_account account, struct text part)
{
	struct text any = {"", 0};

	for (size_t i = 0; i < b->in->n_codes; i++) {
		const struct ledger_code *c = &b->in->codes[i];

		if (c->account != account)
			continue;
		if (c->part.n > 0 && text_eq(c->part, part))
			return c->code;
		if (c->part.n == 0)
			any = c->code;
	}
	return any;
}

static struct text path_of(const struct booking *b, enum ledger_account account, struct text part,
			   struct text code)
{
	const char *root = accounts[account].root, *name = accounts[account].name;
	struct text last = {"", 0};

	if (code.n > 0)
		return text_format(b->arena, "%s:%.*s", root, TEXT_ARG(segment_of(b->arena, code)));
	if (accounts[account].of == OF_CLIENT)
		last = b->segment;
	else if (accounts[account].of == OF_PART)
		last = segment_of(b->arena, part);
	return text_format(b->arena, "%s%s%s%s%.*s", root, name[0] != 0 ? ":" : "", name,
			   last.n > 0 ? ":" : "", TEXT_ARG(last));
}

void book(struct booking *b, const struct place *at, enum ledger_account account, struct text part,
	  int64_t amount)
{
	struct text code;

	if (amount == 0)
		return;
	code = code_of(b, account, part);
	b->v = arena_grow(b->arena, b->v, b->n, &b->cap, sizeof(*b->v));
	b->v[b->n++] = (struct loose){at->date,
				      at->document,
				      at->kind,
				      {.account = account,
				       .path = path_of(b, account, part, code),
				       .code = code,
				       .amount = amount,
				       .charge = at->charge,
				       .period = at->period}};
}

void book_pair(struct booking *b, const struct place *at, enum ledger_account debit,
	       enum ledger_account credit, struct text part, int64_t amount)
{
	book(b, at, debit, part, amount);
	book(b, at, credit, part, -amount);
}

day month_end(day d)
{
	struct civil c = civil_of(d);

	return day_of(c.year, c.month, days_in_month(c.year, c.month));
}

struct text close_name(struct booking *b, day end)
{
	struct civil c = civil_of(end);

	return text_format(b->arena, "CLOSE-%04d-%02d", (int)c.year, (int)c.month);
}

bool ledger_earned(int64_t total, struct days over, day before, enum rounding mode, int64_t *out)
{
	int64_t of = (int64_t)over.to - over.from, done = (int64_t)before - over.from;
	struct fraction exact = {0, 1};
	struct decimal d = {0, 0};

	assert(of > 0);
	if (done <= 0) {
		*out = 0;
		return true;
	}
	if (done >= of) {
		*out = total;
		return true;
	}
	if (!fraction_try_mul(fraction_of(total, 1), fraction_of(done, of), &exact) ||
	    !fraction_try_round(exact, 0, mode, &d))
		return false;
	*out = d.units;
	return true;
}

/* --- transactions --- */

static int compare_place(const struct loose *x, const struct loose *y)
{
	int order = (x->date > y->date) - (x->date < y->date);

	if (order == 0)
		order = text_cmp(x->document, y->document);
	return order != 0 ? order : (x->kind > y->kind) - (x->kind < y->kind);
}

static int compare_posting(const struct posting *x, const struct posting *y)
{
	int order = text_cmp(x->path, y->path);

	if (order == 0)
		order = text_cmp(x->charge, y->charge);
	if (order == 0)
		order = (x->period.from > y->period.from) - (x->period.from < y->period.from);
	return order != 0 ? order : (x->period.to > y->period.to) - (x->period.to < y->period.to);
}

/* What compares equal is one posting in the end, so its order does not matter. */
static int by_place(const void *p, const void *q)
{
	const struct loose *x = p, *y = q;
	int order = compare_place(x, y);

	return order != 0 ? order : compare_posting(&x->p, &y->p);
}

/* The postings from `first` that belong together, equal ones added up; sums of zero are none. */
static size_t gather(struct booking *b, size_t first, struct posting *to, struct transaction *out)
{
	size_t at = first, n = 0;
	i128 sum = 0;

	while (at < b->n && compare_place(&b->v[first], &b->v[at]) == 0) {
		struct posting p = b->v[at++].p;

		for (; at < b->n && by_place(&b->v[at - 1], &b->v[at]) == 0; at++)
			if (__builtin_add_overflow(p.amount, b->v[at].p.amount, &p.amount))
				b->too_large = true;
		if (p.amount != 0)
			to[n++] = p;
		sum += p.amount;
	}
	assert((b->too_large || sum == 0) && "a transaction balances");
	*out = (struct transaction){b->v[first].date, b->v[first].document, b->v[first].kind, to,
				    n};
	return at;
}

static void transactions(struct booking *b, struct ledger *out)
{
	struct transaction *v = arena_array(b->arena, struct transaction, b->n);
	struct posting *postings = arena_array(b->arena, struct posting, b->n);
	size_t n = 0;

	if (b->n > 1)
		qsort(b->v, b->n, sizeof(*b->v), by_place);
	for (size_t i = 0; i < b->n;) {
		i = gather(b, i, postings, &v[n]);
		postings += v[n].n_postings;
		if (v[n].n_postings > 0)
			n++;
	}
	out->v = v;
	out->n = n;
}

enum rc ledger_make_postings(struct arena *a, const struct ledger_input *in, struct ledger *out,
			     struct err *err)
{
	const struct charging *c = in->charging;
	size_t v = c->n_versions - 1;
	const struct pricing *p;
	struct booking b = {.arena = a, .in = in, .err = err};

	while (v > 0 && c->versions[v].from > in->on)
		v--;
	p = c->versions[v].pricing;
	b.mode = p->promise->rounding;
	b.segment = in->client.n > 0 ? segment_of(a, in->client)
				     : text_lower(a, segment_of(a, p->client.legal_name));
	book_documents(&b);
	book_cash(&b);
	*out = (struct ledger){.currency = c->currency,
			       .contract = p->promise->id,
			       .payee = p->client.legal_name,
			       .segment = b.segment,
			       .root = in->root};
	transactions(&b, out);
	if (b.too_large)
		return err_set(err, RC_LIMIT,
			       "amount too large: a posting of the ledger is beyond 64 bits");
	return RC_OK;
}
