/* SPDX-License-Identifier: Apache-2.0 */
/* The words of what stands on a document of money: quantities, prices, periods, steps, reasons. Nothing is computed here. */
#include "render/invoice_parts.h"

#include <assert.h>

static const struct invoice_options no_options;

struct paper paper_new(struct arena *a, const struct invoice *i, const struct invoice_options *o)
{
	const struct language *l = o == NULL ? NULL : o->language;
	struct err err = {.line = 0};

	/* R70 does not keep a document from being read: a language that nobody knows is English, as the contract check says. */
	if (l == NULL && (i->language.n == 0 || language_find(i->language, &l, &err) != RC_OK))
		l = language_english();
	return (struct paper){doc_new(a, l, o == NULL ? NULL : o->zone), i,
			      o == NULL ? &no_options : o};
}

struct phrase paper_details(struct doc *d, const struct phrase *v, size_t n)
{
	struct text all = doc_words(d, doc_join_all(d, " \xc2\xb7 ", v, n));

	return all.n == 0 ? NO_WORDS : doc_run(d, RUN_SOFT, all, text_of(""));
}

struct phrase paper_money(const struct paper *p, int64_t minor)
{
	return doc_money(p->d, (struct money){minor, p->i->currency});
}

struct phrase paper_code(struct doc *d, struct text t)
{
	return t.n == 0 ? NO_WORDS : doc_run(d, RUN_CODE, t, text_of(""));
}

struct phrase days_words(struct doc *d, struct days v)
{
	if (v.from >= v.to)
		return NO_WORDS;
	if (v.to - v.from == 1)
		return doc_day(d, v.from);
	return SAY(d, W_PERIOD, doc_day(d, v.from), doc_day(d, v.to - 1));
}

struct phrase weight_words(struct doc *d, struct weight w)
{
	if (w.of == 0 || w.days == w.of)
		return NO_WORDS;
	return SAY(d, W_DAYS_OF, doc_int(d, w.days), doc_int(d, w.of));
}

enum { FRACTION_PLACES = 6 };

struct phrase fraction_words(struct doc *d, struct fraction f)
{
	struct decimal shown;

	if (f.den == 0)
		return NO_WORDS;
	if (!fraction_try_round(f, FRACTION_PLACES, ROUND_DOWN, &shown))
		return doc_plain(d, text_of("\xe2\x80\xa6"));
	if (fraction_cmp(fraction_of_decimal(shown), f) == 0 || f.num > INT64_MAX ||
	    f.num < -INT64_MAX || f.den > INT64_MAX)
		return doc_exact(d, f, 0);
	return doc_join(d, doc_join(d, doc_int(d, (int64_t)f.num), doc_plain(d, text_of("/"))),
			doc_int(d, (int64_t)f.den));
}

struct phrase price_words(struct doc *d, struct decimal price, unsigned decimals)
{
	return doc_exact(d, fraction_of_decimal(price), decimals);
}

struct phrase unit_words(struct doc *d, struct text unit, bool one)
{
	if (text_is(unit, "minute"))
		return SAY0(d, W_UNIT_MIN);
	if (text_is(unit, "hour"))
		return SAY0(d, W_UNIT_H);
	if (text_is(unit, "day"))
		return SAY0(d, one ? W_UNIT_D_ONE : W_UNIT_D_MANY);
	if (text_is(unit, "week"))
		return SAY0(d, one ? W_UNIT_W_ONE : W_UNIT_W_MANY);
	if (text_is(unit, "month"))
		return SAY0(d, one ? W_UNIT_MO_ONE : W_UNIT_MO_MANY);
	if (text_is(unit, "year"))
		return SAY0(d, one ? W_UNIT_Y_ONE : W_UNIT_Y_MANY);
	return doc_plain(d, unit);
}

struct phrase entry_words(const struct paper *p, int64_t entry)
{
	struct doc *d = p->d;
	struct phrase both[2] = {NO_WORDS};

	if (entry < 0)
		return NO_WORDS;
	if (p->o->fact != NULL)
		both[0] = p->o->fact(d, p->o->fact_from, entry);
	both[1] = SAY(d, W_ENTRY_N, doc_int(d, entry));
	return doc_join_all(d, ", ", both, 2);
}

/* --- steps --- */

/* A row of steps.def without its words does not compile. */
struct phrase step_words(struct doc *d, enum step_what what)
{
	static const enum wording words[] = {
#define STEP(name, key) [STEP_##name] = W_STEP_##name,
#include "engine/steps.def"
	};

	assert((size_t)what < ARRAY_SIZE(words));
	return SAY0(d, words[what]);
}

struct phrase step_value(const struct paper *p, const struct step *s)
{
	struct doc *d = p->d;

	switch ((enum step_type)s->type) {
	case STEP_IS_COUNT:
		return doc_int(d, s->value.count);
	case STEP_IS_DECIMAL:
		if (s->what == STEP_PRICE || s->what == STEP_OLD_PRICE || s->what == STEP_NEW_PRICE)
			return price_words(d, s->value.decimal, p->i->currency.decimals);
		return doc_decimal(d, s->value.decimal);
	case STEP_IS_FRACTION:
		if (s->what == STEP_EXACT && s->value.fraction.den != 0)
			return doc_exact(d, s->value.fraction, p->i->currency.decimals);
		return fraction_words(d, s->value.fraction);
	case STEP_IS_MONEY:
		return paper_money(p, s->value.count);
	case STEP_IS_DAYS:
		return days_words(d, s->value.days);
	case STEP_IS_WEIGHT:
		return SAY(d, W_DAYS_OF, doc_int(d, s->value.weight.days),
			   doc_int(d, s->value.weight.of));
	case STEP_IS_TEXT:
		return doc_plain(d, s->value.text);
	case STEP_IS_PCT:
		return doc_percent(d, s->value.decimal);
	}
	assert(false && "a step of unknown type");
	return NO_WORDS;
}

/* --- what stands on a document --- */

struct phrase kind_words(struct doc *d, enum document_kind k)
{
	static const enum wording words[] = {[DOCUMENT_INVOICE] = W_INVOICE,
					     [DOCUMENT_CREDIT_NOTE] = W_CREDIT_NOTE,
					     [DOCUMENT_INTEREST] = W_INTEREST_NOTE};

	assert((size_t)k < ARRAY_SIZE(words));
	return SAY0(d, words[k]);
}

struct phrase tax_words(const struct paper *p, size_t tax)
{
	struct doc *d = p->d;
	const struct invoice_tax *t = &p->i->taxes[tax];
	struct phrase name = t->name.n > 0 ? doc_plain(d, t->name) : SAY0(d, W_TAX);

	return SAY(d, W_PAIR_PLAIN, name, doc_percent(d, t->rate));
}

/* What the engine calls a part of a fee for leaving, in words; those of the contract's own stand as they are. */
struct phrase exit_part_words(struct doc *d, struct text part)
{
	static const struct {
		const char *code;
		enum wording words;
	} parts[] = {{"formula", W_PART_FORMULA},
		     {"unamortised_setup", W_PART_SETUP},
		     {"third_party_commitments", W_PART_THIRD_PARTY},
		     {"notice_shortfall", W_PART_NOTICE},
		     {"mitigation", W_PART_MITIGATION},
		     {"cap", W_PART_CAP},
		     {"rebate", W_PART_REBATE}};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (text_is(part, parts[i].code))
			return SAY0(d, parts[i].words);
	return doc_plain(d, part);
}

/*
 * Hours that were paid ahead or are included, of which month or order; what a part of a fee for leaving is about; and what the contract
 * calls its parts.
 */
static struct phrase part_words(struct doc *d, const struct invoice_line *l)
{
	static const char drawn[] = "drawn.";

	if (l->role == LINE_COVERED && text_is(l->part, "included"))
		return SAY0(d, W_PART_INCLUDED);
	if (l->role == LINE_COVERED && text_starts(l->part, drawn))
		return SAY(d, W_PART_DRAWN, doc_plain(d, text_sub(l->part, sizeof(drawn) - 1, l->part.n)));
	if (l->role == LINE_EXIT) /* its name, a blank, and whom it is about */
		return doc_plain(d, text_sub(l->part, l->name.n + 1, l->part.n));
	return doc_plain(d, l->part);
}

struct phrase line_title(const struct paper *p, const struct invoice_line *l)
{
	struct doc *d = p->d;
	struct text of = l->name.n > 0 ? l->name : l->charge;
	struct phrase name = l->role == LINE_EXIT ? exit_part_words(d, of) : doc_plain(d, of);

	if (l->part.n > 0 && !(l->role == LINE_EXIT && text_eq(l->part, l->name)))
		name = SAY(d, W_PAIR, name, part_words(d, l));
	return SAY(d, W_NUMBERED, doc_int(d, l->number), name);
}

struct phrase reduction_title(const struct paper *p, const struct invoice_reduction *r)
{
	static const enum wording words[] = {[REDUCTION_DISCOUNT] = W_REDUCTION_DISCOUNT,
					     [REDUCTION_MAXIMUM] = W_REDUCTION_MAXIMUM,
					     [REDUCTION_CREDIT] = W_REDUCTION_CREDIT};
	struct doc *d = p->d;
	struct text name = r->name.n > 0 ? r->name : r->charge;

	assert((size_t)r->kind < ARRAY_SIZE(words));
	if (name.n == 0)
		return SAY0(d, words[r->kind]);
	/* what the contract's own rules do not name: a credit of no promise, for a report that was late (sla.md R67) */
	bool late = r->kind == REDUCTION_CREDIT && r->metric.n == 0 && text_is(name, "late_report");

	return SAY(d, W_COLON, SAY0(d, words[r->kind]), late ? SAY0(d, W_RULE_LATE_REPORT) : doc_plain(d, name));
}

struct phrase deduction_title(const struct paper *p, const struct invoice_deduction *x)
{
	static const enum wording words[] = {[DEDUCTION_DAMAGES] = W_DEDUCTION_DAMAGES,
					     [DEDUCTION_CREDIT_NOTE] = W_DEDUCTION_CREDIT_NOTE,
					     [DEDUCTION_UNAPPLIED] = W_DEDUCTION_UNAPPLIED,
					     [DEDUCTION_GRANT] = W_DEDUCTION_GRANT};
	struct doc *d = p->d;

	assert((size_t)x->kind < ARRAY_SIZE(words));
	if (x->reference.n == 0)
		return SAY0(d, words[x->kind]);
	return SAY(d, W_PAIR_PLAIN, SAY0(d, words[x->kind]), doc_plain(d, x->reference));
}

/* The postcode stands after the town where English is written, before it elsewhere. */
static struct phrase town_words(struct doc *d, const struct party_details *v)
{
	static const char *const after[] = {"US", "GB", "CA", "AU", "IE", "NZ", "IN"};
	struct phrase postcode = doc_plain(d, v->postcode), city = doc_plain(d, v->city);

	if (v->postcode.n == 0 || v->city.n == 0)
		return v->city.n == 0 ? postcode : city;
	for (size_t i = 0; i < ARRAY_SIZE(after); i++)
		if (text_is(v->country, after[i]))
			return SAY(d, W_PAIR_PLAIN, city, postcode);
	return SAY(d, W_PAIR_PLAIN, postcode, city);
}

void party_pairs(struct doc *d, struct pairs *to, enum wording key, const struct party_details *v)
{
	struct phrase *where = arena_array(d->arena, struct phrase, v->n_lines + 3);
	struct phrase ids[4] = {NO_WORDS};
	size_t n = 0;

	pair_add(d, to, SAY0(d, key), doc_run(d, RUN_STRONG, v->legal_name, text_of("")));
	for (size_t i = 0; i < v->n_lines; i++)
		where[n++] = doc_plain(d, v->lines[i]);
	where[n++] = town_words(d, v);
	where[n++] = doc_plain(d, v->country);
	where[n] = doc_join_all(d, ", ", where, n);
	if (where[n].n > 0)
		pair_add(d, to, NO_WORDS, where[n]);
	if (v->vat_id.n > 0)
		ids[0] = SAY(d, W_VAT_ID, doc_plain(d, v->vat_id));
	if (v->tax_id.n > 0)
		ids[1] = SAY(d, W_TAX_ID, doc_plain(d, v->tax_id));
	if (v->registration_no.n > 0)
		ids[2] = SAY(d, W_REGISTRATION, doc_plain(d, v->registration_no));
	if (v->e_address.n > 0)
		ids[3] = SAY(d, W_E_ADDRESS, doc_plain(d, v->e_address));
	ids[0] = doc_join_all(d, " \xc2\xb7 ", ids, ARRAY_SIZE(ids));
	if (ids[0].n > 0)
		pair_add(d, to, NO_WORDS, ids[0]);
}

/* --- what keeps a document from being issued (R74) --- */

static struct phrase parked_numbers(struct doc *d, enum wording w, const struct parked *p)
{
	return SAY(d, w, paper_code(d, p->what), doc_int(d, p->value), doc_int(d, p->bound));
}

struct phrase parked_words(struct doc *d, const struct invoice *i, const struct parked *p)
{
	struct money value = {p->value, i->currency}, bound = {p->bound, i->currency};
	struct phrase what = p->what.n > 0 ? paper_code(d, p->what) : SAY0(d, W_PARKED_DOCUMENT);

	switch (p->why) {
	case PARKED_TOTAL:
		return SAY(d, W_PARKED_TOTAL, doc_money(d, value), doc_money(d, bound));
	case PARKED_COUNT:
		if (p->bound == 0) /* the rule knows no exception for it, so say what to do */
			return SAY(d, W_PARKED_FIRST_USE, paper_code(d, p->what),
				   doc_int(d, p->value));
		return parked_numbers(d, W_PARKED_COUNT, p);
	case PARKED_PERIODS:
		return parked_numbers(d, W_PARKED_PERIODS, p);
	case PARKED_LINES:
		return SAY(d, W_PARKED_LINES, what, doc_int(d, p->value), doc_int(d, p->bound),
			   days_words(d, p->days));
	case PARKED_NEGATIVE:
		return SAY(d, W_PARKED_NEGATIVE, what, doc_money(d, value));
	case PARKED_OVERFLOW:
		return SAY(d, W_PARKED_OVERFLOW, what);
	case PARKED_OVERLAP:
		return SAY(d, W_PARKED_OVERLAP, what, days_words(d, p->days),
			   doc_plain(d, p->other));
	case PARKED_REVERSE_CHARGE:
		return SAY(d, W_PARKED_REVERSE_CHARGE, what);
	case PARKED_CHANGED:
		return SAY(d, W_PARKED_CHANGED, p->other.n > 0 ? doc_plain(d, p->other) : what);
	}
	assert(false && "an unknown reason to hold a document");
	return NO_WORDS;
}
