/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The three forms of render/ledger.h. In hledger and Beancount the postings of one account in a transaction are one line; CSV keeps them
 * apart by charge and service period, whose last day it prints:
 *
 *	date,document,account,amount,currency,contract,charge,period
 *
 * The account of the CSV is the provider's own code where there is one. Debits are above zero.
 */
#include "render/ledger.h"

#include <assert.h>
#include <stdlib.h>

struct row {
	const struct ledger *ledger;
	const struct transaction *t;
};

struct printer {
	struct arena *arena;
	struct buf *out;
	struct row *rows;
	size_t n_rows;
};

bool ledger_format_find(struct text word, enum ledger_format *out)
{
	static const char *const words[] = {[LEDGER_HLEDGER] = "hledger",
					    [LEDGER_BEANCOUNT] = "beancount",
					    [LEDGER_CSV] = "csv"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (text_is(word, words[i])) {
			*out = (enum ledger_format)i;
			return true;
		}
	return false;
}

/* --- order --- */

static int by_date(const void *p, const void *q)
{
	const struct row *x = p, *y = q;
	int order = (x->t->date > y->t->date) - (x->t->date < y->t->date);

	if (order == 0)
		order = text_cmp(x->t->document, y->t->document);
	if (order == 0)
		order = text_cmp(x->ledger->contract, y->ledger->contract);
	return order != 0 ? order : (x->t->kind > y->t->kind) - (x->t->kind < y->t->kind);
}

static void make_rows(struct printer *p, const struct ledger *const *ledgers, size_t n)
{
	size_t room = 0;

	for (size_t i = 0; i < n; i++)
		room += ledgers[i]->n;
	p->rows = arena_array(p->arena, struct row, room);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ledgers[i]->n; k++)
			p->rows[p->n_rows++] = (struct row){ledgers[i], &ledgers[i]->v[k]};
	if (p->n_rows > 1)
		qsort(p->rows, p->n_rows, sizeof(*p->rows), by_date);
}

/* An account or a word with what belongs to it: sorted, each once, with the first day it is used. */
struct used {
	struct text word;
	struct currency currency;
	day first;
};

struct used_list {
	struct used *v;
	size_t n;
};

static int by_word(const void *p, const void *q)
{
	const struct used *x = p, *y = q;
	int order = text_cmp(x->word, y->word);

	if (order == 0)
		order = text_cmp(text_of(x->currency.code), text_of(y->currency.code));
	return order != 0 ? order : (x->first > y->first) - (x->first < y->first);
}

static void only_once(struct used_list *l, bool by_currency)
{
	size_t n = 0;

	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_word);
	for (size_t i = 0; i < l->n; i++) {
		bool same = n > 0 && text_eq(l->v[n - 1].word, l->v[i].word) &&
			    (!by_currency || text_eq(text_of(l->v[n - 1].currency.code),
						     text_of(l->v[i].currency.code)));

		if (!same)
			l->v[n++] = l->v[i];
		else if (l->v[i].first < l->v[n - 1].first)
			l->v[n - 1].first = l->v[i].first;
	}
	l->n = n;
}

/* The postings of one account in a transaction, from *i on, which moves on. */
static int64_t account_sum(const struct transaction *t, size_t *i)
{
	struct text path = t->postings[*i].path;
	int64_t sum = 0;

	for (; *i < t->n_postings && text_eq(t->postings[*i].path, path); (*i)++)
		if (__builtin_add_overflow(sum, t->postings[*i].amount, &sum))
			assert(false && "the postings of one account fit as their transaction did");
	return sum;
}

/* Is anything of it printed where the postings of an account are one? */
static bool moves(const struct transaction *t)
{
	for (size_t i = 0; i < t->n_postings;)
		if (account_sum(t, &i) != 0)
			return true;
	return false;
}

static struct used_list accounts_used(struct printer *p)
{
	struct used_list l = {NULL, 0};
	size_t room = 0;

	for (size_t i = 0; i < p->n_rows; i++)
		room += p->rows[i].t->n_postings;
	l.v = arena_array(p->arena, struct used, room);
	for (size_t i = 0; i < p->n_rows; i++)
		for (size_t k = 0; k < p->rows[i].t->n_postings;) {
			struct used u = {p->rows[i].t->postings[k].path,
					 p->rows[i].ledger->currency, p->rows[i].t->date};

			if (account_sum(p->rows[i].t, &k) != 0)
				l.v[l.n++] = u;
		}
	only_once(&l, false);
	return l;
}

static struct used_list words_used(struct printer *p, bool payees)
{
	struct used_list l = {arena_array(p->arena, struct used, p->n_rows), 0};

	for (size_t i = 0; i < p->n_rows; i++)
		l.v[l.n++] = (struct used){payees ? p->rows[i].ledger->payee
						  : text_of(p->rows[i].ledger->currency.code),
					   p->rows[i].ledger->currency, p->rows[i].t->date};
	if (payees)
		for (size_t i = 0; i < l.n; i++)
			l.v[i].currency = (struct currency){"", 0};
	only_once(&l, false);
	return l;
}

/* --- parts that both ledgers share --- */

static void amount(struct printer *p, int64_t minor, struct currency c)
{
	decimal_print_places(p->out, (struct decimal){minor, c.decimals}, c.decimals);
}

/* Words in a line: no line breaks or other controls, nor what the format takes for its own. */
static void words(struct printer *p, struct text t, const char *own)
{
	for (size_t i = 0; i < t.n; i++) {
		bool bad = (unsigned char)t.p[i] < ' ' || t.p[i] == 0x7f ||
			   text_find(text_of(own), t.p[i], 0) < text_of(own).n;

		buf_char(p->out, bad ? ' ' : t.p[i]);
	}
}

/* An amount in a column, so that a page of them can be read. */
static void posting_line(struct printer *p, const char *indent, struct text account, int64_t minor,
			 struct currency c)
{
	enum { ACCOUNT_WIDTH = 44, AMOUNT_WIDTH = 16 };
	struct buf number;

	buf_init(&number, 64);
	decimal_print_places(&number, (struct decimal){minor, c.decimals}, c.decimals);
	buf_str(p->out, indent);
	buf_text(p->out, account);
	if (account.n < ACCOUNT_WIDTH)
		buf_pad(p->out, ' ', ACCOUNT_WIDTH - account.n);
	buf_str(p->out, "  ");
	if (number.n < AMOUNT_WIDTH)
		buf_pad(p->out, ' ', AMOUNT_WIDTH - number.n);
	buf_text(p->out, buf_view(&number));
	buf_printf(p->out, " %s\n", c.code);
	buf_free(&number);
}

static struct text kind_words(struct printer *p, enum transaction_kind k)
{
	const char *word = transaction_word(k);
	char *copy = arena_copy(p->arena, word, text_of(word).n);

	for (char *c = copy; *c != 0; c++)
		if (*c == '_')
			*c = ' ';
	return text_of(copy);
}

/* --- hledger --- */

static void hledger_head(struct printer *p)
{
	struct used_list currencies = words_used(p, false), payees = words_used(p, true);
	struct used_list accounts = accounts_used(p);

	for (size_t i = 0; i < currencies.n; i++) {
		unsigned decimals = currencies.v[i].currency.decimals;

		/* hledger wants the mark of a currency without decimals, too */
		buf_str(p->out, "commodity 1000.");
		buf_pad(p->out, '0', decimals);
		buf_printf(p->out, " %s\n", currencies.v[i].currency.code);
	}
	for (size_t i = 0; i < accounts.n; i++)
		buf_printf(p->out, "account %.*s\n", TEXT_ARG(accounts.v[i].word));
	for (size_t i = 0; i < payees.n; i++) {
		buf_str(p->out, "payee ");
		words(p, payees.v[i].word, "|;\"");
		buf_char(p->out, '\n');
	}
}

static void hledger_row(struct printer *p, const struct row *r)
{
	buf_char(p->out, '\n');
	day_print(p->out, r->t->date);
	buf_str(p->out, " * (");
	words(p, r->t->document, "();|");
	buf_str(p->out, ") ");
	words(p, r->ledger->payee, "|;\"");
	buf_printf(p->out, " | %.*s  ; contract:", TEXT_ARG(kind_words(p, r->t->kind)));
	words(p, r->ledger->contract, ",:");
	if (r->ledger->root.n > 0)
		buf_printf(p->out, ", root:%.*s", TEXT_ARG(r->ledger->root));
	buf_char(p->out, '\n');
	for (size_t i = 0; i < r->t->n_postings;) {
		struct text path = r->t->postings[i].path;
		int64_t sum = account_sum(r->t, &i);

		if (sum != 0)
			posting_line(p, "    ", path, sum, r->ledger->currency);
	}
}

static void hledger(struct printer *p)
{
	hledger_head(p);
	for (size_t i = 0; i < p->n_rows; i++)
		if (moves(p->rows[i].t))
			hledger_row(p, &p->rows[i]);
}

/* --- Beancount --- */

/* assets:receivable:klinik is Assets:Receivable:Klinik; its revenue is Income. */
static struct text beancount_account(struct printer *p, struct text path)
{
	struct text rest = path, head;
	char *copy;
	bool first = true;

	rest = text_cut(path, ':', &head);
	if (text_is(head, "revenue"))
		path = text_format(p->arena, "income:%.*s", TEXT_ARG(rest));
	copy = arena_copy(p->arena, path.p, path.n);
	for (size_t i = 0; i < path.n; i++) {
		if (first && copy[i] >= 'a' && copy[i] <= 'z')
			copy[i] = (char)(copy[i] - 'a' + 'A');
		first = copy[i] == ':';
	}
	return (struct text){copy, path.n};
}

static void beancount_text(struct printer *p, struct text t)
{
	buf_char(p->out, '"');
	words(p, t, "\"\\");
	buf_char(p->out, '"');
}

/* Links and tags: letters, digits, - _ / . */
static void beancount_link(struct printer *p, struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '_' || c == '/' || c == '.';

		buf_char(p->out, plain ? c : '-');
	}
}

static void beancount_head(struct printer *p)
{
	struct used_list currencies = words_used(p, false), accounts = accounts_used(p);

	for (size_t i = 0; i < currencies.n; i++) {
		day_print(p->out, currencies.v[i].first);
		buf_printf(p->out, " commodity %s\n", currencies.v[i].currency.code);
	}
	for (size_t i = 0; i < accounts.n; i++) {
		accounts.v[i].word = beancount_account(p, accounts.v[i].word);
		accounts.v[i].currency = (struct currency){"", 0};
	}
	/* two paths may be one account once they begin with capitals */
	only_once(&accounts, false);
	for (size_t i = 0; i < accounts.n; i++) {
		day_print(p->out, accounts.v[i].first);
		buf_printf(p->out, " open %.*s\n", TEXT_ARG(accounts.v[i].word));
	}
}

static void beancount_row(struct printer *p, const struct row *r)
{
	buf_char(p->out, '\n');
	day_print(p->out, r->t->date);
	buf_str(p->out, " * ");
	beancount_text(p, r->ledger->payee);
	buf_char(p->out, ' ');
	beancount_text(p, kind_words(p, r->t->kind));
	buf_str(p->out, " ^");
	beancount_link(p, r->t->document);
	buf_str(p->out, "\n  contract: ");
	beancount_text(p, r->ledger->contract);
	if (r->ledger->root.n > 0) {
		buf_str(p->out, "\n  root: ");
		beancount_text(p, r->ledger->root);
	}
	buf_char(p->out, '\n');
	for (size_t i = 0; i < r->t->n_postings;) {
		struct text path = r->t->postings[i].path;
		int64_t sum = account_sum(r->t, &i);

		if (sum != 0)
			posting_line(p, "  ", beancount_account(p, path), sum, r->ledger->currency);
	}
}

static void beancount(struct printer *p)
{
	beancount_head(p);
	for (size_t i = 0; i < p->n_rows; i++)
		if (moves(p->rows[i].t))
			beancount_row(p, &p->rows[i]);
}

/* --- CSV --- */

static void field(struct printer *p, struct text t)
{
	bool quote = false;

	for (size_t i = 0; i < t.n; i++)
		quote |= t.p[i] == ',' || t.p[i] == '"' || t.p[i] == '\n' || t.p[i] == '\r';
	if (quote)
		buf_char(p->out, '"');
	/* a spreadsheet would run it as a formula */
	if (t.n > 0 && text_find(text_of("=+-@\t\r"), t.p[0], 0) < 6)
		buf_char(p->out, '\'');
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '"')
			buf_char(p->out, '"');
		buf_char(p->out, t.p[i]);
	}
	if (quote)
		buf_char(p->out, '"');
}

static void csv_row(struct printer *p, const struct row *r, const struct posting *x)
{
	struct currency c = r->ledger->currency;

	day_print(p->out, r->t->date);
	buf_char(p->out, ',');
	field(p, r->t->document);
	buf_char(p->out, ',');
	field(p, x->code.n > 0 ? x->code : x->path);
	buf_char(p->out, ',');
	amount(p, x->amount, c);
	buf_printf(p->out, ",%s,", c.code);
	field(p, r->ledger->contract);
	buf_char(p->out, ',');
	field(p, x->charge);
	buf_char(p->out, ',');
	if (!days_empty(x->period)) {
		day_print(p->out, x->period.from);
		buf_char(p->out, '/');
		day_print(p->out, x->period.to - 1);
	}
	buf_char(p->out, '\n');
}

static void csv(struct printer *p)
{
	buf_str(p->out, "date,document,account,amount,currency,contract,charge,period\n");
	for (size_t i = 0; i < p->n_rows; i++)
		for (size_t k = 0; k < p->rows[i].t->n_postings; k++)
			csv_row(p, &p->rows[i], &p->rows[i].t->postings[k]);
}

void ledger_print(struct arena *a, const struct ledger *const *ledgers, size_t n,
		  enum ledger_format format, struct buf *out)
{
	struct printer p = {.arena = a, .out = out};

	make_rows(&p, ledgers, n);
	switch (format) {
	case LEDGER_HLEDGER:
		hledger(&p);
		break;
	case LEDGER_BEANCOUNT:
		beancount(&p);
		break;
	case LEDGER_CSV:
		csv(&p);
		break;
	}
}
