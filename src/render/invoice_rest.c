/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind the sum of a document of money (money.md R75): the account, hours and commitments, what is ahead, what waits or was
 * waived, the units counted (R26), how to dispute it (R112), and its proof (trust.md J11).
 */
#include "render/invoice_parts.h"

#include <inttypes.h>

static void amount_pair(const struct paper *p, struct pairs *to, enum wording key, int64_t minor)
{
	pair_add(p->d, to, SAY0(p->d, key), NO_WORDS)->amount = paper_money(p, minor);
}

/* --- account --- */

static void add_account(const struct paper *p)
{
	const struct invoice *i = p->i;
	struct pairs *to;

	if (i->opening == 0 && i->payments == 0 && i->credits == 0 && i->refunds == 0 &&
	    i->closing == 0)
		return;
	doc_section(p->d, "account", SAY0(p->d, W_ACCOUNT));
	to = doc_pairs(p->d);
	amount_pair(p, to, W_OPENING_BALANCE, i->opening);
	if (i->payments != 0)
		amount_pair(p, to, W_PAYMENTS_SINCE, -i->payments);
	if (i->credits != 0)
		amount_pair(p, to, W_CREDITS_SINCE, -i->credits);
	if (i->refunds != 0)
		amount_pair(p, to, W_REFUNDS_SINCE, i->refunds);
	amount_pair(p, to, W_THIS_DOCUMENT,
		    i->kind == DOCUMENT_CREDIT_NOTE ? -i->payable : i->payable);
	amount_pair(p, to, W_CLOSING_BALANCE, i->closing);
}

static void add_balances(const struct paper *p)
{
	struct doc *d = p->d;
	const struct table_column columns[] = {
		{SAY0(d, W_CHARGE), COLUMN_TEXT},     {SAY0(d, W_OPENING), COLUMN_NUMBER},
		{SAY0(d, W_BOUGHT), COLUMN_NUMBER},   {SAY0(d, W_DRAWN), COLUMN_NUMBER},
		{SAY0(d, W_EXPIRED), COLUMN_NUMBER},  {SAY0(d, W_CLOSING), COLUMN_NUMBER},
		{SAY0(d, W_NEXT_EXPIRY), COLUMN_TEXT}};
	struct table *t;

	if (p->i->n_balances == 0)
		return;
	doc_section(d, "balances", SAY0(d, W_BALANCES));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t k = 0; k < p->i->n_balances; k++) {
		const struct invoice_balance *b = &p->i->balances[k];
		struct phrase next = SAY0(d, W_NEVER);

		if (b->next_expiry != DAY_NONE)
			next = SAY(d, W_EXPIRES_ON, doc_decimal(d, b->expiring),
				   doc_day(d, b->next_expiry));
		ROW(d, t, doc_plain(d, b->name.n > 0 ? b->name : b->charge),
		    doc_decimal(d, b->opening), doc_decimal(d, b->bought), doc_decimal(d, b->drawn),
		    doc_decimal(d, b->lapsed), doc_decimal(d, b->closing), next);
	}
}

static void add_commitment(const struct paper *p)
{
	const struct invoice *i = p->i;
	struct pairs *to;

	if (i->commitment == 0)
		return;
	doc_section(p->d, "commitment", SAY0(p->d, W_COMMITMENT));
	to = doc_pairs(p->d);
	amount_pair(p, to, W_COMMITTED, i->commitment);
	amount_pair(p, to, W_REACHED, i->commitment_reached);
	if (i->commitment > i->commitment_reached)
		amount_pair(p, to, W_COMMITMENT_LEFT, i->commitment - i->commitment_reached);
}

/* --- notes --- */

static enum wording note_words(enum invoice_note_kind k)
{
	switch (k) {
	case NOTE_AHEAD:
		return W_NOTE_AHEAD;
	case NOTE_WAITS:
		return W_NOTE_WAITS;
	case NOTE_WAIVED:
		return W_NOTE_WAIVED;
	case NOTE_LATE_CREDIT:
		return W_NOTE_LATE_CREDIT;
	case NOTE_NO_DATA:
		return W_NOTE_NO_DATA;
	}
	return W_NOTE_WAITS;
}

static void note_row(const struct paper *p, struct table *t, const struct invoice_note *n)
{
	struct doc *d = p->d;
	struct phrase v[3] = {doc_plain(d, n->subject), NO_WORDS, entry_words(p, n->entry)};
	struct phrase what = step_words(d, (enum step_what)n->what);

	if (n->kind != NOTE_AHEAD)
		what = SAY(d, W_COLON, SAY0(d, note_words(n->kind)), what);
	ROW(d, t, what, doc_join_all(d, " \xc2\xb7 ", v, 3),
	    n->date == DAY_NONE ? NO_WORDS : doc_day(d, n->date),
	    n->amount == 0 ? NO_WORDS : paper_money(p, n->amount));
}

static struct table *notes_table(const struct paper *p, const char *anchor, enum wording heading)
{
	struct doc *d = p->d;
	const struct table_column columns[] = {{SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_ABOUT), COLUMN_TEXT},
					       {SAY0(d, W_DATE), COLUMN_TEXT},
					       {SAY0(d, W_AMOUNT), COLUMN_NUMBER}};

	doc_section(d, anchor, SAY0(d, heading));
	return doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
}

static void waiting_row(const struct paper *p, struct table *t, const struct earned_credit *c)
{
	struct doc *d = p->d;
	struct phrase v[3] = {doc_plain(d, c->name.n > 0 ? c->name : c->rule),
			      doc_plain(d, c->metric), doc_plain(d, c->month)};

	ROW(d, t, SAY0(d, W_CREDIT_WAITS), doc_join_all(d, " \xc2\xb7 ", v, 3),
	    c->expires == DAY_NONE ? NO_WORDS : doc_day(d, c->expires), paper_money(p, c->amount));
}

static void add_notes(const struct paper *p)
{
	const struct invoice *i = p->i;
	struct table *ahead = NULL, *rest = NULL;

	for (size_t k = 0; k < i->n_notes; k++) {
		if (i->notes[k].kind != NOTE_AHEAD)
			continue;
		if (ahead == NULL)
			ahead = notes_table(p, "ahead", W_AHEAD);
		note_row(p, ahead, &i->notes[k]);
	}
	for (size_t k = 0; k < i->n_notes; k++) {
		if (i->notes[k].kind == NOTE_AHEAD)
			continue;
		if (rest == NULL)
			rest = notes_table(p, "not-billed", W_NOT_BILLED);
		note_row(p, rest, &i->notes[k]);
	}
	for (size_t k = 0; k < p->o->n_waiting; k++) {
		if (rest == NULL)
			rest = notes_table(p, "not-billed", W_NOT_BILLED);
		waiting_row(p, rest, &p->o->waiting[k]);
	}
}

/* --- annex --- */

static struct phrase units_words(const struct paper *p, const struct text *v, size_t n)
{
	struct phrase *all = arena_array(p->d->arena, struct phrase, n + 1);

	for (size_t k = 0; k < n; k++)
		all[k] = doc_plain(p->d, v[k]);
	return doc_join_all(p->d, ", ", all, n);
}

static void units_pair(const struct paper *p, struct pairs *to, enum wording key,
		       const struct text *v, size_t n)
{
	if (n > 0)
		pair_add(p->d, to, SAY(p->d, key, doc_int(p->d, (int64_t)n)), units_words(p, v, n));
}

/* Who came and who went, by day; a document of old knows only what was left of it. */
static void annex_changes(const struct paper *p, struct pairs *to, const struct invoice_annex *x)
{
	struct doc *d = p->d;

	if (x->n_changes == 0) {
		units_pair(p, to, W_UNITS_ADDED, x->added, x->n_added);
		units_pair(p, to, W_UNITS_REMOVED, x->removed, x->n_removed);
		return;
	}
	for (size_t k = 0; k < x->n_changes; k++) {
		const struct invoice_unit_change *c = &x->changes[k];

		if (c->n_added > 0)
			pair_add(d, to,
				 SAY(d, W_UNITS_ADDED_ON, doc_day(d, c->on),
				     doc_int(d, (int64_t)c->n_added)),
				 units_words(p, c->added, c->n_added));
		if (c->n_removed > 0)
			pair_add(d, to,
				 SAY(d, W_UNITS_REMOVED_ON, doc_day(d, c->on),
				     doc_int(d, (int64_t)c->n_removed)),
				 units_words(p, c->removed, c->n_removed));
	}
}

static void add_annexes(const struct paper *p)
{
	struct doc *d = p->d;

	for (size_t k = 0; k < p->i->n_annexes; k++) {
		const struct invoice_annex *x = &p->i->annexes[k];
		struct pairs *to;

		if (k == 0)
			doc_section(d, "annex", SAY0(d, W_ANNEX));
		doc_reason(d, 0, STATE_NONE,
			   SAY(d, W_ANNEX_OF, doc_plain(d, x->charge), doc_day(d, x->on)),
			   NO_WORDS);
		to = doc_pairs(d);
		pair_add(d, to, SAY0(d, W_UNITS_COUNTED), doc_int(d, (int64_t)x->n_units));
		units_pair(p, to, W_UNITS_LISTED, x->units, x->n_units);
		annex_changes(p, to, x);
		if (x->other_count >= 0)
			pair_add(d, to, SAY0(d, W_OTHER_COUNT), doc_int(d, x->other_count));
	}
}

/* --- dispute and proof --- */

static void add_dispute(const struct paper *p)
{
	struct doc *d = p->d;
	const struct invoice *i = p->i;
	struct phrase how = SAY(d, W_DISPUTE_TO, doc_plain(d, i->provider.legal_name));

	if (i->kind == DOCUMENT_CREDIT_NOTE)
		return;
	if (i->provider.email.n > 0)
		how = SAY(d, W_DISPUTE_TO_EMAIL, doc_plain(d, i->provider.legal_name),
			  doc_plain(d, i->provider.email));
	doc_section(d, "dispute", SAY0(d, W_DISPUTE));
	if (i->dispute_until == DAY_NONE)
		doc_paragraph(d, SAY0(d, W_DISPUTE_OPEN_END));
	else
		doc_paragraph(d, SAY(d, W_DISPUTE_UNTIL, doc_day(d, i->dispute_until)));
	doc_paragraph(d, how);
	doc_paragraph(d, SAY0(d, W_DISPUTE_REST));
}

static void code_pair(struct doc *d, struct pairs *to, enum wording key, struct text t)
{
	if (t.n > 0)
		pair_add(d, to, SAY0(d, key), paper_code(d, t));
}

static void add_proof(const struct paper *p)
{
	struct doc *d = p->d;
	const struct invoice *i = p->i;
	struct pairs *to;

	doc_section(d, "proof", SAY0(d, W_PROOF));
	to = doc_pairs(d);
	code_pair(d, to, W_PROOF_LOG, i->origin);
	if (i->log_size > 0)
		pair_add(d, to, SAY0(d, W_PROOF_SIZE), doc_int(d, i->log_size));
	code_pair(d, to, W_PROOF_ROOT, i->root);
	code_pair(d, to, W_PROOF_VERSION, i->version);
	code_pair(d, to, W_PROOF_HASH, p->o->sha256);
	if (i->as_of != INSTANT_NONE && i->as_of != INSTANT_MIN)
		pair_add(d, to, SAY0(d, W_PROOF_AS_OF), doc_time(d, i->as_of, TIME_FULL));
	if (i->known_as_of != INSTANT_NONE && i->known_as_of != INSTANT_MIN &&
	    i->known_as_of != INSTANT_MAX)
		pair_add(d, to, SAY0(d, W_PROOF_KNOWN), doc_time(d, i->known_as_of, TIME_FULL));
	if (p->o->sha256.n > 0)
		doc_paragraph(d, SAY0(d, W_PROOF_HOW));
	else
		doc_paragraph(d, SAY0(d, W_PROOF_NOT_YET));
	if (p->o->explain_command.n > 0)
		doc_hint(d, p->o->explain_command, SAY0(d, W_HINT_LINE));
	if (p->o->verify_command.n > 0)
		doc_hint(d, p->o->verify_command, SAY0(d, W_HINT_VERIFY));
}

void invoice_behind(const struct paper *p)
{
	add_account(p);
	add_balances(p);
	add_commitment(p);
	add_notes(p);
	add_annexes(p);
	add_dispute(p);
	add_proof(p);
}
