/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random accounts (money.md R101 to R105, R140): nothing is lost between documents and payments, whatever happens and in whatever order it
 * is recorded. The seed is printed; TENOR_SEED sets it.
 */
#include "engine/ledger.h"

#include "account_fixture.h"

#include <time.h>

enum { ROUNDS = 300, FACTS_MAX = 80, DAYS = 200 };

struct story {
	struct books *k;
	uint64_t state;
	const char *lines[FACTS_MAX];
	size_t n;
	size_t invoices;
};

/* xorshift64: no bit is shifted out unseen, which the integer sanitizer would report. */
static uint64_t next(struct story *s)
{
	s->state ^= (s->state & (UINT64_MAX >> 13)) << 13;
	s->state ^= s->state >> 7;
	s->state ^= (s->state & (UINT64_MAX >> 17)) << 17;
	return s->state >> 11;
}

static int64_t below(struct story *s, int64_t n)
{
	return (int64_t)(next(s) % (uint64_t)n);
}

static const char *date_at(struct story *s, int64_t days)
{
	struct buf b;
	const char *out;

	buf_init(&b, 32);
	day_print(&b, bill_day("2026-01-01") + (day)days);
	out = text_copy(s->k->b->e->arena, buf_view(&b)).p;
	buf_free(&b);
	return text_format(s->k->b->e->arena, "%.10s", out).p;
}

static const char *any_date(struct story *s)
{
	return date_at(s, below(s, DAYS));
}

/* Facts of some kinds name the currency. */
static void tell_with(struct story *s, const char *date, const char *fact, const char *more)
{
	size_t at = s->n;

	if (at == FACTS_MAX)
		return;
	s->lines[at] =
		text_format(s->k->b->e->arena, "%s 12:00 %s%s id=f%zu", date, fact, more, at).p;
	s->n = at + 1;
}

static void tell(struct story *s, const char *date, const char *fact)
{
	tell_with(s, date, fact, " currency=USD");
}

static void tell_plain(struct story *s, const char *date, const char *fact)
{
	tell_with(s, date, fact, "");
}

static void make_documents(struct story *s)
{
	static const char *const rates[] = {"0", "7", "19"};
	static const char *const reasons[] = {"correction", "goodwill", "service_credit",
					      "write_off"};
	struct arena *a = s->k->b->e->arena;

	s->invoices = (size_t)(2 + below(s, 6));
	for (size_t i = 0; i < s->invoices; i++) {
		const char *number = text_format(a, "INV-%zu", i).p;
		int64_t start = below(s, DAYS - 40), net = below(s, 100000) + 1;
		const char *rate = rates[below(s, 3)];

		(void)books_invoice(s->k, number, date_at(s, start), net, rate);
		if (below(s, 3) == 0)
			(void)books_credit(s->k, text_format(a, "CN-%zu", i).p,
					   date_at(s, start + below(s, 40)), number,
					   below(s, net) + 1, rate, reasons[below(s, 4)]);
		if (below(s, 4) == 0)
			(void)books_document(s->k, DOCUMENT_INTEREST,
					     text_format(a, "INT-%zu", i).p, any_date(s),
					     below(s, 2000) + 1, "0");
	}
}

static void make_payments(struct story *s)
{
	static const char *const purposes[] = {"", "", "", " purpose=retainer", " purpose=deposit"};
	struct arena *a = s->k->b->e->arena;
	int64_t n = below(s, 12);

	for (int64_t i = 0; i < n; i++) {
		int64_t start = below(s, DAYS);
		const char *named = below(s, 3) > 0
					    ? ""
					    : text_format(a, " invoice=INV-%d",
							  (int)below(s, (int64_t)s->invoices))
						      .p;

		tell(s, date_at(s, start),
		     text_format(a,
				 "payment.received provider payment=P%d amount=%d.%02d "
				 "reference=r%d%s%s",
				 (int)i, (int)below(s, 1500), (int)below(s, 99) + 1, (int)i, named,
				 purposes[below(s, 5)])
			     .p);
		if (below(s, 5) == 0)
			tell_plain(
				s, date_at(s, start + below(s, 30)),
				text_format(a, "payment.returned provider payment=P%d", (int)i).p);
	}
	for (int64_t i = below(s, 6); i > 0; i--) {
		const char *of = below(s, 2) == 0 ? text_format(a, " invoice=INV-%d",
								(int)below(s, (int64_t)s->invoices))
							    .p
						  : "";

		tell(s, any_date(s),
		     text_format(a, "refund.made provider refund=R%d amount=%d.50%s", (int)i,
				 (int)below(s, 300), below(s, 3) == 0 ? " purpose=deposit" : of)
			     .p);
	}
	for (int64_t i = below(s, 3); i > 0; i--)
		tell_plain(s, any_date(s),
			   text_format(a, "deposit.applied provider statement=S%d amount=%d",
				       (int)i, (int)below(s, 800))
				   .p);
}

static void make_disputes(struct story *s)
{
	static const char *const outcomes[] = {"upheld", "rejected", "partly amount=20", ""};
	struct arena *a = s->k->b->e->arena;

	for (int64_t i = below(s, 4); i > 0; i--) {
		int64_t start = below(s, DAYS);
		const char *outcome = outcomes[below(s, 4)];

		tell_plain(s, date_at(s, start),
			   text_format(a, "invoice.disputed client dispute=D%d invoice=INV-%d%s",
				       (int)i, (int)below(s, (int64_t)s->invoices),
				       below(s, 2) == 0 ? " amount=100" : "")
				   .p);
		if (*outcome != 0)
			tell_plain(s, date_at(s, start + below(s, 40)),
				   text_format(a,
					       "invoice.dispute_settled provider dispute=D%d "
					       "outcome=%s",
					       (int)i, outcome)
					   .p);
	}
}

static void shuffle(struct story *s)
{
	for (size_t i = s->n; i > 1; i--) {
		size_t at = (size_t)below(s, (int64_t)i);
		const char *line = s->lines[i - 1];

		s->lines[i - 1] = s->lines[at];
		s->lines[at] = line;
	}
}

/* The same terms, documents and facts from a seed; `order` says in which order the facts were recorded. */
static struct story *story_of(uint64_t seed, bool shuffled)
{
	static const char *const terms[] = {
		"payment: {due: 30d, dispute: {within: 60d, from: invoice_date, pay_after: 5d}}\n",
		"payment: {due: 10d, allocation: as_stated, set_off: none, dispute: {within: "
		"20d}}\n",
		"payment: {due: 30d, set_off: any, late_fee: {kind: interest, rate: 1%, per: "
		"month, "
		"compound: false}, dispute: {within: 60d, pay_undisputed: false}}\n",
	};
	struct books *k = books_new(terms[seed % 3]);
	struct story *s = arena_one(k->b->e->arena, struct story);

	*s = (struct story){.k = k, .state = seed * 2 + 1};
	for (int warm = 0; warm < 8; warm++)
		(void)next(s);
	make_documents(s);
	make_payments(s);
	make_disputes(s);
	if (shuffled)
		shuffle(s);
	for (size_t i = 0; i < s->n; i++)
		(void)engine_fact(k->b->e, s->lines[i]);
	return s;
}

/* --- what must hold --- */

static bool documents_hold(const struct account *acc)
{
	for (size_t i = 0; i < acc->n_documents; i++) {
		const struct account_document *d = &acc->documents[i];
		int64_t taken = 0;

		for (size_t k = 0; k < acc->n_allocations; k++)
			if (acc->allocations[k].document == i)
				taken += acc->allocations[k].amount;
		if (d->gross != d->paid + d->credited + d->open || taken != d->paid + d->credited ||
		    d->open < 0 || d->disputed < 0 || d->disputed > d->open)
			return false;
	}
	return true;
}

/* R105: what deposits paid is what documents got of them, and none pays more than it is. */
static bool deposits_hold(const struct account *acc)
{
	int64_t used = 0, applied = 0;

	for (size_t i = 0; i < acc->n_allocations; i++)
		used += acc->allocations[i].by == BY_DEPOSIT ? acc->allocations[i].amount : 0;
	for (size_t i = 0; i < acc->n_payments; i++) {
		const struct account_payment *p = &acc->payments[i];

		if (!p->deposit)
			continue;
		applied += p->applied;
		if (p->applied < 0 || p->refunded < 0 || p->applied + p->refunded > p->amount)
			return false;
	}
	return applied == used;
}

static bool payments_hold(const struct account *acc)
{
	for (size_t i = 0; i < acc->n_payments; i++) {
		const struct account_payment *p = &acc->payments[i];
		int64_t taken = 0;

		if (p->deposit)
			continue;
		for (size_t k = 0; k < acc->n_allocations; k++)
			if (acc->allocations[k].by != BY_DEPOSIT &&
			    text_eq(acc->allocations[k].reference, p->id))
				taken += acc->allocations[k].amount;
		if (taken != p->applied || p->unapplied < 0 ||
		    (!p->returned && p->applied + p->unapplied + p->refunded != p->amount))
			return false;
	}
	return deposits_hold(acc);
}

static bool ageing_holds(const struct account *acc)
{
	const struct ageing *g = &acc->ageing;
	int64_t moved = 0, last = 0;

	for (size_t i = 0; i < acc->n_movements; i++) {
		moved += acc->movements[i].amount;
		last = acc->movements[i].balance;
	}
	return g->not_due + g->to_30 + g->to_60 + g->to_90 + g->over_90 + g->disputed -
			       g->unapplied - g->credits ==
		       g->balance &&
	       moved == g->balance && last == g->balance;
}

static int64_t account_sum(const struct ledger *l, enum ledger_account account)
{
	int64_t sum = 0;

	for (size_t i = 0; i < l->n; i++)
		for (size_t p = 0; p < l->v[i].n_postings; p++)
			if (l->v[i].postings[p].account == account)
				sum += l->v[i].postings[p].amount;
	return sum;
}

static bool ledger_holds(struct story *s, const char *on)
{
	struct ledger l = {.n = 0};
	struct ledger_input in = {.charging = s->k->b->c,
				  .issued = s->k->issued,
				  .n_issued = s->k->n_issued,
				  .account = &s->k->account,
				  .on = bill_day(on)};
	const struct account *acc = &s->k->account;
	int64_t bank = 0;

	if (ledger_make_postings(s->k->b->e->arena, &in, &l, &s->k->err) != RC_OK)
		return false;
	for (size_t i = 0; i < acc->n_payments; i++)
		bank += acc->payments[i].returned ? 0 : acc->payments[i].amount;
	for (size_t i = 0; i < acc->n_refunds; i++)
		bank -= acc->refunds[i].amount;
	return account_sum(&l, LEDGER_RECEIVABLE) + account_sum(&l, LEDGER_UNAPPLIED) +
			       account_sum(&l, LEDGER_RETAINER) ==
		       acc->ageing.balance &&
	       account_sum(&l, LEDGER_BANK) == bank &&
	       account_sum(&l, LEDGER_DEPOSIT) == -acc->deposit;
}

/* The same on every day, to the cent and document. */
static bool same(const struct account *x, const struct account *y)
{
	if (x->ageing.balance != y->ageing.balance || x->unapplied != y->unapplied ||
	    x->credits != y->credits || x->retainer != y->retainer || x->deposit != y->deposit ||
	    x->n_allocations != y->n_allocations || x->n_accrued != y->n_accrued)
		return false;
	for (size_t i = 0; i < x->n_documents; i++)
		if (x->documents[i].open != y->documents[i].open ||
		    x->documents[i].disputed != y->documents[i].disputed)
			return false;
	for (size_t i = 0; i < x->n_accrued; i++)
		if (x->accrued[i].interest != y->accrued[i].interest)
			return false;
	return true;
}

int main(void)
{
	const char *given = getenv("TENOR_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	int documents = 0, payments = 0, ageings = 0, ledgers = 0, orders = 0, all = 0;

	note("seed %llu", (unsigned long long)seed);
	for (uint64_t r = 0; r < ROUNDS; r++) {
		uint64_t own = (seed + r) & (UINT64_MAX >> 2);
		struct story *x = story_of(own, false), *y = story_of(own, true);

		for (int on = 50; on <= DAYS + 50; on += 50) {
			const char *date = date_at(x, on);

			books_make(x->k, date);
			books_make(y->k, date);
			documents += documents_hold(&x->k->account);
			payments += payments_hold(&x->k->account);
			ageings += ageing_holds(&x->k->account);
			ledgers += ledger_holds(x, date);
			orders += same(&x->k->account, &y->k->account);
			if (++all != orders || ledgers != all)
				note("round seed %llu on %s", (unsigned long long)own, date);
		}
		books_free(x->k);
		books_free(y->k);
	}
	is_i64(documents, all, "what took a document is what is not open");
	is_i64(payments, all, "allocations sum to payments");
	is_i64(ageings, all, "R104: the columns and the movements sum to the balance");
	is_i64(ledgers, all, "R140: the ledger has the account's balances");
	is_i64(orders, all, "the order in which it was recorded changes nothing");
	return tap_done();
}
