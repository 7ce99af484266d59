/* SPDX-License-Identifier: Apache-2.0 */
/* The statement of account, and the receivables of many contracts. Letters are in account_letter.c. */
#include "render/account_doc.h"

#include "render/invoice_parts.h"
#include "render/table_csv.h"

#include <assert.h>

static struct phrase figure(struct doc *d, struct currency c, int64_t minor)
{
	struct buf b;
	struct phrase p;

	buf_init(&b, 128);
	format_fixed(&b, d->language, (struct decimal){minor, c.decimals});
	p = doc_plain(d, text_copy(d->arena, buf_view(&b)));
	buf_free(&b);
	return p;
}

/* Copied: what says the currency need not live as long as the document. */
static struct phrase code_words(struct doc *d, struct currency c)
{
	return doc_plain(d, text_copy(d->arena, text_of(c.code)));
}

static struct phrase day_or_none(struct doc *d, day v)
{
	return v == DAY_NONE ? NO_WORDS : doc_day(d, v);
}

/* --- head --- */

struct doc *account_paper(struct arena *a, const struct account_words *w)
{
	struct doc *d = doc_new(a, w->language == NULL ? language_english() : w->language, w->zone);

	d->aside = doc_day(d, w->on);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, w->provider.legal_name),
			 doc_plain(d, w->client.legal_name));
	d->subject = doc_plain(d, w->title);
	return d;
}

struct doc *account_letter(struct arena *a, const struct account_words *w)
{
	struct doc *d = account_paper(a, w);

	d->under = SAY(d, W_CONTRACT_ID, doc_plain(d, w->contract));
	return d;
}

struct phrase account_money(struct doc *d, const struct account_words *w, int64_t minor)
{
	return doc_money(d, (struct money){minor, w->currency});
}

static int64_t overdue_of(const struct ageing *a)
{
	return a->to_30 + a->to_60 + a->to_90 + a->over_90;
}

static void tile_of(struct doc *d, struct tiles *t, const struct account_words *w,
		    enum wording heading, int64_t minor)
{
	struct tile *one = tile_add(d, t, SAY0(d, heading));

	one->figure = figure(d, w->currency, minor);
	one->unit = code_words(d, w->currency);
}

static void add_answer(struct doc *d, const struct account *acc, const struct account_words *w)
{
	int64_t balance = acc->ageing.balance, overdue = overdue_of(&acc->ageing);
	struct tiles *t;

	d->medium = ON_PAGE;
	t = doc_tiles(d);
	d->medium = ON_ANY;
	tile_of(d, t, w, W_BALANCE, balance);
	tile_of(d, t, w, W_OVERDUE_SUM, overdue);
	if (acc->ageing.disputed != 0)
		tile_of(d, t, w, W_DISPUTED, acc->ageing.disputed);
	if (balance > 0)
		doc_paragraph(d, SAY(d, W_BALANCE_OWED, doc_plain(d, w->client.legal_name),
				     account_money(d, w, balance), doc_day(d, w->on)));
	else if (balance < 0)
		doc_paragraph(d, SAY(d, W_BALANCE_IN_FAVOUR, doc_plain(d, w->client.legal_name),
				     account_money(d, w, -balance), doc_day(d, w->on)));
	else
		doc_paragraph(d, SAY(d, W_BALANCE_EVEN, doc_day(d, w->on)));
	if (overdue > 0)
		doc_note(d, STATE_MISSED, SAY(d, W_OVERDUE_IS, account_money(d, w, overdue)));
	if (acc->suspension_from != DAY_NONE)
		doc_note(d, STATE_RISK,
			 SAY(d, W_SUSPENSION_FROM, doc_day(d, acc->suspension_from)));
}

static void add_ageing(struct doc *d, const struct account *acc, const struct account_words *w)
{
	const struct ageing *g = &acc->ageing;
	const struct {
		enum wording key;
		int64_t minor;
	} rows[] = {{W_NOT_DUE, g->not_due},      {W_TO_30, g->to_30},
		    {W_TO_60, g->to_60},          {W_TO_90, g->to_90},
		    {W_OVER_90, g->over_90},      {W_DISPUTED, g->disputed},
		    {W_UNAPPLIED, -g->unapplied}, {W_CREDITS_LEFT, -g->credits},
		    {W_BALANCE, g->balance}};
	struct pairs *to;

	doc_section(d, "ageing", SAY0(d, W_AGEING));
	to = doc_pairs(d);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		pair_add(d, to, SAY0(d, rows[i].key), NO_WORDS)->amount =
			account_money(d, w, rows[i].minor);
}

/* --- movements --- */

/* An id that was made of day, amount and reference says nothing beside the reference; one of somebody's own does. */
static bool made_of_reference(const struct account_payment *p)
{
	return p->reference.n > 0 && p->id.n > p->reference.n && text_starts(p->id, "payment-") &&
	       text_eq(text_sub(p->id, p->id.n - p->reference.n, p->id.n), p->reference);
}

static struct phrase payment_name(struct doc *d, const struct account_payment *p)
{
	if (made_of_reference(p))
		return doc_plain(d, p->reference);
	return p->reference.n == 0
		       ? doc_plain(d, p->id)
		       : SAY(d, W_NAMED, doc_plain(d, p->id), doc_plain(d, p->reference));
}

static struct phrase movement_name(struct doc *d, const struct account *acc,
				   const struct movement *m)
{
	for (size_t i = 0; m->kind == MOVE_PAYMENT && i < acc->n_payments; i++)
		if (text_eq(acc->payments[i].id, m->reference) &&
		    made_of_reference(&acc->payments[i]))
			return doc_plain(d, acc->payments[i].reference);
	return doc_plain(d, m->reference);
}

static void add_movements(struct doc *d, const struct account *acc, const struct account_words *w)
{
	static const enum wording kinds[] = {
		[MOVE_INVOICE] = W_INVOICE,           [MOVE_CREDIT_NOTE] = W_CREDIT_NOTE,
		[MOVE_INTEREST] = W_INTEREST_NOTE,    [MOVE_PAYMENT] = W_PAYMENT,
		[MOVE_RETURNED] = W_PAYMENT_RETURNED, [MOVE_REFUND] = W_REFUND,
		[MOVE_DEPOSIT] = W_DEPOSIT_USED};
	struct phrase currency = code_words(d, w->currency);
	const struct table_column columns[] = {{SAY0(d, W_DATE), COLUMN_TEXT},
					       {SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY(d, W_AMOUNT_IN, currency), COLUMN_NUMBER},
					       {SAY0(d, W_BALANCE), COLUMN_NUMBER}};
	struct table *t;

	doc_section(d, "movements", SAY0(d, W_MOVEMENTS));
	if (acc->n_movements == 0) {
		doc_paragraph(d, SAY0(d, W_NO_MOVEMENTS));
		return;
	}
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < acc->n_movements; i++) {
		const struct movement *m = &acc->movements[i];

		assert((size_t)m->kind < ARRAY_SIZE(kinds));
		ROW(d, t, doc_day(d, m->date),
		    SAY(d, W_PAIR_PLAIN, SAY0(d, kinds[m->kind]), movement_name(d, acc, m)),
		    figure(d, w->currency, m->amount), figure(d, w->currency, m->balance));
	}
}

static struct phrase late_words(struct doc *d, const struct account_document *x)
{
	if (x->overdue_days > 0)
		return doc_state_run(d, STATE_MISSED, COUNTED(d, x->overdue_days, W_DAYS_OVERDUE));
	return SAY0(d, x->open == x->disputed ? W_DISPUTED : W_NOT_DUE);
}

static void add_open(struct doc *d, const struct account *acc, const struct account_words *w)
{
	const struct table_column columns[] = {
		{SAY0(d, W_DOCUMENT), COLUMN_TEXT},         {SAY0(d, W_DUE_DATE), COLUMN_TEXT},
		{SAY0(d, W_DOCUMENT_TOTAL), COLUMN_NUMBER}, {SAY0(d, W_STILL_OPEN), COLUMN_NUMBER},
		{SAY0(d, W_DISPUTED), COLUMN_NUMBER},       {SAY0(d, W_STATE), COLUMN_TEXT}};
	struct table *t = NULL;

	for (size_t i = 0; i < acc->n_documents; i++) {
		const struct account_document *x = &acc->documents[i];

		if (x->open == 0)
			continue;
		if (t == NULL) {
			doc_section(d, "open", SAY0(d, W_OPEN_DOCUMENTS));
			t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
		}
		ROW(d, t, doc_plain(d, x->invoice->number), day_or_none(d, x->due),
		    figure(d, w->currency, x->gross), figure(d, w->currency, x->open),
		    x->disputed == 0 ? NO_WORDS : figure(d, w->currency, x->disputed),
		    late_words(d, x));
	}
}

/* --- payments, disputes, interest --- */

static struct phrase payment_state(struct doc *d, const struct account_payment *p)
{
	struct phrase v[4] = {NO_WORDS};

	if (p->returned)
		v[0] = p->returned_on == DAY_NONE
			       ? SAY0(d, W_PAYMENT_RETURNED)
			       : SAY(d, W_RETURNED_ON, doc_day(d, p->returned_on));
	if (p->duplicate)
		v[1] = doc_state_run(d, STATE_RISK, SAY0(d, W_MAYBE_DUPLICATE));
	if (p->deposit)
		v[2] = SAY0(d, W_DEPOSIT);
	if (p->retainer)
		v[3] = SAY0(d, W_RETAINER);
	return doc_join_all(d, ", ", v, ARRAY_SIZE(v));
}

static void add_payments(struct doc *d, const struct account *acc, const struct account_words *w)
{
	const struct table_column columns[] = {
		{SAY0(d, W_PAYMENT), COLUMN_TEXT},     {SAY0(d, W_DATE), COLUMN_TEXT},
		{SAY0(d, W_AMOUNT), COLUMN_NUMBER},    {SAY0(d, W_APPLIED), COLUMN_NUMBER},
		{SAY0(d, W_UNAPPLIED), COLUMN_NUMBER}, {SAY0(d, W_STATE), COLUMN_TEXT}};
	struct table *t;

	if (acc->n_payments == 0)
		return;
	doc_section(d, "payments", SAY0(d, W_PAYMENTS));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < acc->n_payments; i++) {
		const struct account_payment *p = &acc->payments[i];

		ROW(d, t, payment_name(d, p), doc_day(d, p->date),
		    figure(d, w->currency, p->amount), figure(d, w->currency, p->applied),
		    p->unapplied == 0 ? NO_WORDS : figure(d, w->currency, p->unapplied),
		    payment_state(d, p));
	}
}

static struct phrase dispute_state_words(struct doc *d, enum dispute_state s)
{
	static const enum wording words[] = {
		[DISPUTE_OPEN] = W_DISPUTE_IS_OPEN,         [DISPUTE_LATE] = W_DISPUTE_IS_LATE,
		[DISPUTE_OVERDUE] = W_DISPUTE_IS_OVERDUE,   [DISPUTE_UPHELD] = W_DISPUTE_IS_UPHELD,
		[DISPUTE_REJECTED] = W_DISPUTE_IS_REJECTED, [DISPUTE_PARTLY] = W_DISPUTE_IS_PARTLY};

	assert((size_t)s < ARRAY_SIZE(words));
	return SAY0(d, words[s]);
}

static void add_disputes(struct doc *d, const struct account *acc, const struct account_words *w)
{
	const struct table_column columns[] = {
		{SAY0(d, W_DISPUTE), COLUMN_TEXT}, {SAY0(d, W_DOCUMENT), COLUMN_TEXT},
		{SAY0(d, W_RAISED), COLUMN_TEXT},  {SAY0(d, W_HELD_AMOUNT), COLUMN_NUMBER},
		{SAY0(d, W_STATE), COLUMN_TEXT},   {SAY0(d, W_SETTLE_BY), COLUMN_TEXT}};
	struct table *t;

	if (acc->n_disputes == 0)
		return;
	doc_section(d, "disputes", SAY0(d, W_DISPUTES));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < acc->n_disputes; i++) {
		const struct invoice_dispute *x = &acc->disputes[i];
		struct phrase document = doc_plain(d, acc->documents[x->document].invoice->number);

		if (x->line > 0)
			document = SAY(d, W_PAIR, document, SAY(d, W_LINE, doc_int(d, x->line)));
		ROW(d, t, doc_plain(d, x->id), document, day_or_none(d, x->raised),
		    figure(d, w->currency, x->held), dispute_state_words(d, x->state),
		    day_or_none(d, x->settled != DAY_NONE ? x->pay_by : x->resolve_by));
	}
}

static void add_accrued(struct doc *d, const struct account *acc, const struct account_words *w)
{
	const struct table_column columns[] = {{SAY0(d, W_DOCUMENT), COLUMN_TEXT},
					       {SAY0(d, W_INTEREST), COLUMN_NUMBER},
					       {SAY0(d, W_FIXED_SUM), COLUMN_NUMBER},
					       {SAY0(d, W_REMINDER_FEES), COLUMN_NUMBER},
					       {SAY0(d, W_CHARGED_BEFORE), COLUMN_NUMBER},
					       {SAY0(d, W_STATE), COLUMN_TEXT}};
	struct table *t;

	if (acc->n_accrued == 0)
		return;
	doc_section(d, "interest", SAY0(d, W_ACCRUED));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < acc->n_accrued; i++) {
		const struct accrued *x = &acc->accrued[i];
		struct phrase state = NO_WORDS;

		if (x->too_large)
			state = SAY0(d, W_INTEREST_TOO_LARGE);
		else if (x->held)
			state = SAY0(d, W_INTEREST_HELD);
		ROW(d, t, doc_plain(d, acc->documents[x->document].invoice->number),
		    figure(d, w->currency, x->interest), figure(d, w->currency, x->fixed),
		    figure(d, w->currency, x->dunning), figure(d, w->currency, x->charged), state);
	}
}

struct doc *account_doc(struct arena *a, const struct account *acc, const struct account_words *w)
{
	struct doc *d = account_paper(a, w);

	d->title = SAY(d, W_ACCOUNT_STATEMENT, doc_plain(d, w->contract));
	add_answer(d, acc, w);
	add_movements(d, acc, w);
	add_open(d, acc, w);
	add_ageing(d, acc, w);
	add_payments(d, acc, w);
	add_disputes(d, acc, w);
	add_accrued(d, acc, w);
	return d;
}

/* --- receivables --- */

enum { AGEING_COLUMNS = 9 };

/* In the order of the columns; what the client is owed is negative, so that a row adds up to its balance. */
static void ageing_figures(const struct ageing *g, int64_t v[AGEING_COLUMNS])
{
	v[0] = g->not_due;
	v[1] = g->to_30;
	v[2] = g->to_60;
	v[3] = g->to_90;
	v[4] = g->over_90;
	v[5] = g->disputed;
	v[6] = -g->unapplied;
	v[7] = -g->credits;
	v[8] = g->balance;
}

static const enum wording ageing_headings[AGEING_COLUMNS] = {
	W_NOT_DUE,  W_TO_30,     W_TO_60,        W_TO_90,  W_OVER_90,
	W_DISPUTED, W_UNAPPLIED, W_CREDITS_LEFT, W_BALANCE};

/* Sums of one currency; a sum that 64 bits do not hold is shown as an ellipsis, never as a wrong number (R82). */
struct column_sums {
	int64_t v[AGEING_COLUMNS];
	bool beyond[AGEING_COLUMNS];
};

static struct column_sums sums_of(const struct receivable *v, size_t n, struct currency c)
{
	struct column_sums s = {.v = {0}};

	for (size_t i = 0; i < n; i++) {
		int64_t row[AGEING_COLUMNS];

		if (text_cmp(text_of(v[i].currency.code), text_of(c.code)) != 0)
			continue;
		ageing_figures(&v[i].ageing, row);
		for (size_t k = 0; k < AGEING_COLUMNS; k++)
			if (__builtin_add_overflow(s.v[k], row[k], &s.v[k]))
				s.beyond[k] = true;
	}
	return s;
}

static void receivable_row(struct doc *d, struct table *t, struct phrase name, struct currency c,
			   const int64_t *v, const bool *beyond, size_t n)
{
	struct phrase cells[AGEING_COLUMNS + 1];

	cells[0] = name;
	for (size_t k = 0; k < n; k++)
		cells[k + 1] = beyond != NULL && beyond[k] ? doc_plain(d, text_of("\xe2\x80\xa6"))
							   : figure(d, c, v[k]);
	table_row(d, t, cells, n + 1);
}

/* Columns first .. first + n - 1 of all rows of one currency, and their sum. */
static void receivables_table(struct doc *d, const struct receivable *v, size_t n,
			      struct currency c, size_t first, size_t columns)
{
	struct table_column heads[AGEING_COLUMNS + 1];
	struct column_sums sums = sums_of(v, n, c);
	struct table *t;

	heads[0] = (struct table_column){SAY0(d, W_CONTRACT), COLUMN_TEXT};
	for (size_t k = 0; k < columns; k++)
		heads[k + 1] =
			(struct table_column){SAY0(d, ageing_headings[first + k]), COLUMN_NUMBER};
	t = doc_table(d, NO_WORDS, heads, columns + 1);
	for (size_t i = 0; i < n; i++) {
		int64_t row[AGEING_COLUMNS];

		if (text_cmp(text_of(v[i].currency.code), text_of(c.code)) != 0)
			continue;
		ageing_figures(&v[i].ageing, row);
		receivable_row(
			d, t,
			SAY(d, W_PAIR, doc_plain(d, v[i].client), doc_plain(d, v[i].contract)), c,
			row + first, NULL, columns);
	}
	receivable_row(d, t, doc_run(d, RUN_STRONG, doc_words(d, SAY0(d, W_TOTAL)), text_of("")), c,
		       sums.v + first, sums.beyond + first, columns);
}

static bool is_first_of_currency(const struct receivable *v, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (text_cmp(text_of(v[i].currency.code), text_of(v[at].currency.code)) == 0)
			return false;
	return true;
}

struct doc *receivables_doc(struct arena *a, const struct receivable *v, size_t n, day on,
			    bool ageing, const struct language *language)
{
	enum { BY_AGE = 5 };
	struct doc *d = doc_new(a, language == NULL ? language_english() : language, NULL);
	bool suspended = false;

	d->title = SAY0(d, W_RECEIVABLES);
	d->aside = doc_day(d, on);
	if (n == 0)
		doc_paragraph(d, SAY0(d, W_NO_RECEIVABLES));
	for (size_t i = 0; i < n; i++) {
		if (!is_first_of_currency(v, i))
			continue;
		doc_section(d, text_format(a, "in-%s", v[i].currency.code).p,
			    SAY(d, W_PAIR, SAY0(d, W_AGEING), code_words(d, v[i].currency)));
		/* Beside each other they are wider than a page or a terminal: the balance would be cut off. */
		receivables_table(d, v, n, v[i].currency, 0, BY_AGE);
		if (!ageing)
			receivables_table(d, v, n, v[i].currency, BY_AGE, AGEING_COLUMNS - BY_AGE);
	}
	for (size_t i = 0; i < n; i++) {
		if (v[i].suspension_from == DAY_NONE)
			continue;
		if (!suspended)
			doc_section(d, "suspension", SAY0(d, W_SUSPENSION));
		suspended = true;
		doc_paragraph(d, SAY(d, W_COLON,
				     SAY(d, W_PAIR, doc_plain(d, v[i].client),
					 doc_plain(d, v[i].contract)),
				     SAY(d, W_SUSPENSION_FROM, doc_day(d, v[i].suspension_from))));
	}
	return d;
}

void receivables_csv(const struct receivable *v, size_t n, struct buf *out)
{
	struct table_csv c = {.out = out};

	buf_str(out, "contract,client,currency,not_due,to_30,to_60,to_90,over_90,disputed,"
		     "unapplied,credits,balance,suspension_from\n");
	for (size_t i = 0; i < n; i++) {
		int64_t row[AGEING_COLUMNS];

		ageing_figures(&v[i].ageing, row);
		csv_text(&c, v[i].contract);
		csv_text(&c, v[i].client);
		csv_word(&c, v[i].currency.code);
		for (size_t k = 0; k < AGEING_COLUMNS; k++)
			csv_amount(&c, row[k], v[i].currency);
		csv_day(&c, v[i].suspension_from);
		csv_end(&c);
	}
}
