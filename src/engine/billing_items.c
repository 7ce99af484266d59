/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps 1 to 3 of R60: what each item and period comes to, what documents carry of it, what is left to document (money.md R8, R11,
 * R17, R91, R92), and which late increases may no longer be billed (R97).
 */
#include "engine/billing_parts.h"
#include "engine/exit.h"

#include <assert.h>
#include <string.h>

/* --- what the facts give --- */

static struct due *add_due(struct biller *b, struct due d)
{
	b->dues = arena_grow(b->arena, b->dues, b->n_dues, &b->dues_cap, sizeof(*b->dues));
	b->dues[b->n_dues] = d;
	return &b->dues[b->n_dues++];
}

static void item_due_of(struct biller *b, const struct item *it)
{
	const struct priced_charge *x = slot_charge(b->c, it->slot, it->version);

	(void)add_due(b, (struct due){.class = DUE_ITEM,
				      .charge = b->c->slots[it->slot].id,
				      .part = it->part,
				      .item = it->service,
				      .full = it->full,
				      .version = it->version,
				      .slot = (int)it->slot,
				      .from = it,
				      .lines = it->lines,
				      .n_lines = it->n_lines,
				      .total = it->total,
				      .advance = x->advance});
}

static int slot_of(const struct charging *c, struct text charge)
{
	for (size_t s = 0; s < c->n_slots; s++)
		if (text_eq(c->slots[s].id, charge))
			return (int)s;
	return -1;
}

/* When something of that item fell due; what this run does not look at is beyond `on` or before `since`. */
static bool in_run(const struct biller *b, const struct carried *k, int slot)
{
	day due = k->item.to;

	if (k->class == DUE_EXIT)
		return true;
	if (k->class != DUE_TRUE_UP && slot < 0)
		return false;
	if (k->class != DUE_TRUE_UP)
		due = item_due(b->c, (size_t)slot, k->item);
	return due <= b->c->on && due >= b->c->since;
}

/* What was documented and nothing gives any more: its total is nothing (R17, R125). */
static void orphans(struct biller *b, enum due_class class)
{
	for (size_t i = 0; i < b->n_carried; i++) {
		struct carried *k = &b->carried[i];
		int slot = slot_of(b->c, k->charge);

		if (k->matched || k->class != class || k->billed == 0 || k->last_line == NULL ||
		    !in_run(b, k, slot))
			continue;
		k->matched = true;
		(void)add_due(b, (struct due){.class = class,
					      .charge = k->charge,
					      .part = k->part,
					      .item = k->item,
					      .full = k->item,
					      .version = version_on(b->c, k->item.to - 1),
					      .slot = slot,
					      .carried = k});
	}
}

static void match(struct due *d, struct carried *k)
{
	d->carried = k;
	if (k != NULL)
		k->matched = true;
}

/* R11: a day is paid at most once per charge. */
static void check_overlap(struct biller *b)
{
	for (size_t i = 0; i < b->n_dues; i++) {
		const struct due *d = &b->dues[i];
		const struct carried *k;

		if (d->class != DUE_ITEM || d->carried != NULL || d->total == 0)
			continue;
		k = ledger_overlap(b, d);
		if (k == NULL)
			continue;
		park(b, (struct parked){.why = PARKED_OVERLAP,
					.what = d->charge,
					.other = k->last != NULL ? k->last->number : d->charge,
					.days = d->item,
					.value = d->total,
					.bound = k->billed});
	}
}

/* --- R97 --- */

/* The charges as they were known by an instant; made once for each. */
struct earlier {
	instant known;
	struct charging *c;
};

struct earlier_list {
	struct earlier *v;
	size_t n, cap;
};

static enum rc charging_at(struct biller *b, struct earlier_list *l, instant known,
			   const struct charging **out)
{
	const struct charging *now = b->c;
	struct charging *c;
	enum rc rc;

	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].known != known)
			continue;
		*out = l->v[i].c;
		return RC_OK;
	}
	c = arena_one(b->arena, struct charging);
	*c = (struct charging){
		.arena = b->arena,
		.versions = now->versions,
		.n_versions = now->n_versions,
		.view = view_make(b->arena, now->view->facts, now->view->as_of, known),
		.fact_entries = now->fact_entries,
		.on = now->on,
		.stop = now->stop,
		.since = now->since,
		.interim = now->interim};
	rc = charging_begin(c, b->err);
	if (rc == RC_OK)
		rc = charging_run(c, b->err);
	if (rc != RC_OK)
		return rc;
	l->v = arena_grow(b->arena, l->v, l->n, &l->cap, sizeof(*l->v));
	l->v[l->n++] = (struct earlier){known, c};
	*out = c;
	return RC_OK;
}

static const struct item *same_item(const struct charging *c, const struct due *d)
{
	for (size_t i = 0; i < c->n_items; i++) {
		const struct item *it = &c->items[i];

		if (text_eq(c->slots[it->slot].id, d->charge) && text_eq(it->part, d->part) &&
		    days_same(it->service, d->item))
			return it;
	}
	return NULL;
}

/* Was the waiver told on a document before? */
static bool told(const struct biller *b, const struct invoice_note *n)
{
	for (size_t i = 0; i < b->in->n_issued; i++) {
		const struct invoice *doc = b->in->issued[i].invoice;

		for (size_t k = 0; k < doc->n_notes; k++)
			if (doc->notes[k].kind == NOTE_WAIVED && doc->notes[k].date == n->date &&
			    doc->notes[k].amount == n->amount &&
			    text_eq(doc->notes[k].subject, n->subject))
				return true;
	}
	return false;
}

static void waive(struct biller *b, struct due *d, const struct item *old, int64_t allowed)
{
	struct invoice_note n = {.kind = NOTE_WAIVED,
				 .what = STEP_WAIVED,
				 .subject = d->charge,
				 .date = d->item.from,
				 .amount = d->total,
				 .entry = -1};

	if (!take_from(&n.amount, allowed) || n.amount == 0)
		return;
	d->total = allowed;
	d->waived = n.amount;
	d->lines = old != NULL && old->total == allowed ? old->lines : NULL;
	d->n_lines = d->lines != NULL ? old->n_lines : 0;
	if (!told(b, &n))
		note_add(b, n);
}

/* An increase that was recorded more than `late_items` after the end of the service period is waived; reductions never lapse. */
static enum rc waive_late(struct biller *b, struct due *d, struct earlier_list *earlier)
{
	const struct pricing *p = b->c->versions[d->version].pricing;
	const struct timing *late = &p->invoicing.late_items;
	int64_t billed = d->carried != NULL ? d->carried->billed : 0, allowed = billed;
	struct duration_context context = {.zone = b->c->zone,
					   .calendar = late->calendar,
					   .business = p->promise->business,
					   .roll = p->promise->roll};
	const struct charging *then = NULL;
	const struct item *old;
	instant deadline = INSTANT_NONE;
	enum rc rc;

	if (!late->set || d->from == NULL || d->total <= billed)
		return RC_OK;
	rc = duration_add(late->duration, 1, ANCHOR_EDGE, zone_midnight(b->c->zone, d->item.to),
			  &context, &deadline, b->err);
	if (rc != RC_OK || deadline >= b->c->view->known_as_of)
		return rc;
	rc = charging_at(b, earlier, deadline, &then);
	if (rc != RC_OK)
		return rc;
	old = same_item(then, d);
	if (old != NULL && old->total > allowed)
		allowed = old->total;
	if (allowed < d->total)
		waive(b, d, old, allowed);
	return RC_OK;
}

/* --- what is left to document --- */

static struct fraction exact_of(const struct biller *b, const struct invoice_line *l)
{
	struct fraction f;

	if (l->exact.den > 0)
		return l->exact;
	if (l->priced && l->price_base > 0 &&
	    fraction_try_mul(l->quantity, fraction_of_decimal(l->price), &f) &&
	    fraction_try_div(f, fraction_of(l->price_base, 1), &f))
		return f;
	return money_exact((struct money){l->net, b->c->currency});
}

static bool exact_total(const struct biller *b, const struct due *d, struct fraction *out)
{
	struct fraction sum = {0, 1};

	if (d->n_lines == 0) {
		*out = money_exact((struct money){d->total, b->c->currency});
		return true;
	}
	for (size_t i = 0; i < d->n_lines; i++)
		if (!fraction_try_add(sum, exact_of(b, &d->lines[i]), &sum))
			return false;
	*out = sum;
	return true;
}

static bool set_difference(struct biller *b, struct due *d)
{
	d->diff = d->total;
	if (d->carried != NULL && !take_from(&d->diff, d->carried->billed))
		return false;
	if (!b->exact)
		return true;
	if (!exact_total(b, d, &d->exact_diff))
		return false;
	if (d->carried == NULL)
		return true;
	/* R83: what was printed may be a unit off; what counts is exact */
	return fraction_try_sub(d->exact_diff, d->carried->exact, &d->exact_diff) &&
	       charge_round(b->c, d->exact_diff, &d->diff);
}

static void set_way(struct biller *b, struct due *d)
{
	bool note = b->c->versions[b->version].pricing->invoicing.credit_note;

	if (is_refund(d) && d->diff < 0)
		d->goes = GOES_NOTE;
	else if (d->carried == NULL)
		d->goes = d->n_lines > 0  ? GOES_NEW
			  : d->total != 0 ? GOES_CORRECTION
					  : GOES_NOWHERE;
	else if (d->diff == 0)
		d->goes = GOES_NOWHERE;
	else if (d->diff < 0 && (note || tax_is_other_now(b, d)))
		d->goes = GOES_NOTE;
	else
		d->goes = GOES_CORRECTION;
}

static enum rc finish_dues(struct biller *b, size_t from)
{
	for (size_t i = from; i < b->n_dues; i++) {
		struct due *d = &b->dues[i];

		due_tax(b, d);
		if (!set_difference(b, d))
			return billing_too_large(b, d->charge);
		set_way(b, d);
	}
	return RC_OK;
}

/* R120: each part of the fee, as long as it is owed. */
static enum rc exit_dues(struct biller *b)
{
	const struct exit_quote *fee = b->in->exit;
	size_t from = b->n_dues;

	for (size_t i = 0; fee != NULL && i < fee->n_lines; i++) {
		const struct invoice_line *l = &fee->lines[i];
		struct due *d = add_due(b, (struct due){.class = DUE_EXIT,
							.charge = l->charge,
							.part = l->item_part,
							.item = l->item,
							.full = l->item,
							.version = version_on(b->c, l->item.from),
							.slot = -1,
							.lines = l,
							.n_lines = 1,
							.total = l->net});

		match(d, ledger_find(b, d->class, d->charge, d->part, d->item));
	}
	orphans(b, DUE_EXIT);
	return finish_dues(b, from);
}

enum rc dues_make(struct biller *b)
{
	struct earlier_list earlier = {NULL, 0, 0};
	size_t from;
	enum rc rc;

	for (size_t i = 0; i < b->c->n_items; i++)
		item_due_of(b, &b->c->items[i]);
	for (size_t i = 0; i < b->n_dues; i++) {
		struct due *d = &b->dues[i];

		match(d, ledger_find(b, d->class, d->charge, d->part, d->item));
	}
	for (size_t i = 0; i < b->n_dues; i++)
		if (b->dues[i].carried == NULL)
			match(&b->dues[i], ledger_near(b, &b->dues[i]));
	check_overlap(b);
	orphans(b, DUE_ITEM);
	for (size_t i = 0; i < b->n_dues; i++) {
		rc = waive_late(b, &b->dues[i], &earlier);
		if (rc != RC_OK)
			return rc;
	}
	rc = finish_dues(b, 0);
	from = b->n_dues;
	if (rc == RC_OK)
		rc = minimums_make(b);
	if (rc == RC_OK) {
		orphans(b, DUE_MINIMUM);
		rc = finish_dues(b, from);
	}
	from = b->n_dues;
	if (rc == RC_OK)
		rc = true_ups_make(b);
	if (rc == RC_OK)
		orphans(b, DUE_TRUE_UP);
	if (rc == RC_OK)
		rc = finish_dues(b, from);
	return rc == RC_OK ? exit_dues(b) : rc;
}

/* --- lines --- */

static struct invoice_line *add_line(struct biller *b, struct due *d,
				     const struct invoice_line *like)
{
	struct invoice_line *l;

	b->lines = arena_grow(b->arena, b->lines, b->n_lines, &b->lines_cap, sizeof(*b->lines));
	l = &b->lines[b->n_lines++];
	*l = *like;
	l->number = (int64_t)b->n_lines;
	l->charge = d->charge;
	l->item_part = d->part;
	l->item = d->item;
	l->counts = false;
	l->gross = 0;
	l->tax = d->untaxed ? -1 : tax_on_draft(b, &d->tax);
	l->category = d->untaxed ? (struct text){"", 0} : d->tax.category;
	if (d->n_on_paper++ == 0)
		d->first_line = l->number;
	return l;
}

static void new_lines(struct biller *b, struct due *d)
{
	for (size_t i = 0; i < d->n_lines; i++) {
		struct invoice_line *l = add_line(b, d, &d->lines[i]);

		if (b->exact)
			l->exact = exact_of(b, &d->lines[i]);
	}
}

static const struct invoice_line *words_of(const struct due *d)
{
	if (d->n_lines > 0)
		return &d->lines[0];
	if (d->carried != NULL && d->carried->last_line != NULL)
		return d->carried->last_line;
	return d->from != NULL && d->from->n_lines > 0 ? &d->from->lines[0] : NULL;
}

/* T - billed as a line of either sign, priced as so many times one amount: a price is never negative (R151). */
static void correction_line(struct biller *b, struct due *d)
{
	const struct invoice_line *words = words_of(d);
	struct step steps[2] = {
		step_money(STEP_TOTAL_NOW, 17, d->total),
		step_money(STEP_ALREADY_BILLED, 17, d->carried != NULL ? d->carried->billed : 0)};
	struct invoice_line like, *l;
	int64_t size = d->diff < 0 ? -d->diff : d->diff;

	assert(words != NULL);
	like = *words;
	l = add_line(b, d, &like);
	if (d->class == DUE_ITEM)
		l->role = LINE_CORRECTION;
	l->part = (struct text){"", 0};
	l->period = d->item;
	l->rule = billing_rule(b, 17);
	l->weight = (struct weight){0, 0};
	l->quantity = fraction_of(d->diff < 0 ? -1 : 1, 1);
	l->unit = (struct text){"", 0};
	l->priced = true;
	l->price = (struct decimal){size, b->c->currency.decimals};
	l->price_base = 1;
	l->net = d->diff;
	l->exact = b->exact ? d->exact_diff : (struct fraction){0, 0};
	l->corrects = d->carried != NULL && d->carried->last != NULL ? d->carried->last->number
								     : (struct text){"", 0};
	l->of_line = 0;
	l->steps = steps_copy(b, steps, 2, d->n_steps > 0 ? d->steps : words->steps,
			      d->n_steps > 0 ? d->n_steps : words->n_steps, &l->n_steps);
}

static enum rc give_line(struct biller *b, const struct carried_line *of, const struct due *as,
			 int64_t *rest)
{
	int64_t left = left_now(b, of);
	struct credit_line given = {.of = of, .part = {"", 0}, .as = as};
	enum rc rc;

	given.amount = left < *rest ? left : *rest;
	if (given.amount <= 0)
		return RC_OK;
	rc = shares_back(b->arena, b->mode, b->in->issued, b->in->n_issued, of, given.amount,
			 &given.shares, &given.n_shares, b->err);
	if (rc != RC_OK)
		return rc;
	credit_add(b, given);
	*rest -= given.amount;
	return RC_OK;
}

/* Is it the sale of the grant that a refund is about? Its order, or the period that made it. */
static bool is_sale(const struct carried *k, const struct due *refund)
{
	struct text grant = text_sub(refund->part, sizeof("refund.") - 1, refund->part.n);
	struct buf first;
	bool same;

	if (k->class != DUE_ITEM || !text_eq(k->charge, refund->charge))
		return false;
	if (text_eq(k->part, grant))
		return true;
	buf_init(&first, 16);
	day_print(&first, k->item.from);
	same = k->part.n == 0 && text_eq(buf_view(&first), grant);
	buf_free(&first);
	return same;
}

static enum rc give_refund(struct biller *b, const struct due *d)
{
	int64_t rest = -d->diff;

	for (size_t i = 0; i < b->n_carried && rest > 0; i++) {
		const struct carried *k = &b->carried[i];

		if (!is_sale(k, d))
			continue;
		for (size_t m = k->n_lines; m > 0 && rest > 0; m--) {
			enum rc rc = give_line(b, &k->lines[m - 1], d, &rest);

			if (rc != RC_OK)
				return rc;
		}
	}
	return RC_OK;
}

/* R91, R92: the newest lines give back first, none more than credits left of it (R94). */
static enum rc give_back(struct biller *b, const struct due *d)
{
	int64_t rest = -d->diff;

	if (is_refund(d))
		return give_refund(b, d);
	assert(d->carried != NULL);
	for (size_t i = d->carried->n_lines; i > 0 && rest > 0; i--) {
		enum rc rc = give_line(b, &d->carried->lines[i - 1], NULL, &rest);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* R83, place: document: the sum is rounded, printed lines are its split. */
static bool round_document(struct biller *b)
{
	struct fraction *exact = arena_array(b->arena, struct fraction, b->n_lines);
	int64_t *nets = arena_array(b->arena, int64_t, b->n_lines), total = 0;
	struct fraction sum = {0, 1}, hundred;
	struct decimal rounded;
	int64_t one = 1;

	for (uint8_t i = 0; i < b->c->currency.decimals; i++)
		one *= 10;
	hundred = fraction_of(one, 1);
	for (size_t i = 0; i < b->n_lines; i++)
		if (!fraction_try_mul(b->lines[i].exact, hundred, &exact[i]) ||
		    !fraction_try_add(sum, exact[i], &sum))
			return false;
	if (!fraction_try_round(sum, 0, b->mode, &rounded))
		return false;
	total = rounded.units;
	if (!billing_split(b, total, exact, b->n_lines, nets))
		return false;
	for (size_t i = 0; i < b->n_lines; i++) {
		b->lines[i].priced = b->lines[i].priced && b->lines[i].net == nets[i];
		b->lines[i].net = nets[i];
	}
	return true;
}

static enum rc put_due(struct biller *b, struct due *d, bool corrections)
{
	if (d->goes == GOES_NEW && (d->class != DUE_ITEM || !corrections))
		new_lines(b, d);
	else if (d->goes == GOES_CORRECTION && corrections)
		correction_line(b, d);
	else if (d->goes == GOES_NOTE && corrections)
		return give_back(b, d);
	return RC_OK;
}

enum rc lines_make(struct biller *b)
{
	static const struct {
		enum due_class class;
		bool corrections;
	} order[] = {{DUE_ITEM, false},
		     {DUE_ITEM, true},
		     {DUE_MINIMUM, true},
		     {DUE_TRUE_UP, true},
		     {DUE_EXIT, true}};

	for (size_t i = 0; i < b->n_dues; i++)
		b->dues[i].n_on_paper = b->dues[i].first_line = 0;
	for (size_t pass = 0; pass < ARRAY_SIZE(order); pass++)
		for (size_t i = 0; i < b->n_dues; i++) {
			enum rc rc = RC_OK;

			if (b->dues[i].class == order[pass].class)
				rc = put_due(b, &b->dues[i], order[pass].corrections);
			if (rc != RC_OK)
				return rc;
		}
	if (b->exact && b->n_lines > 0 && !round_document(b))
		return billing_too_large(b, text_of("document"));
	return RC_OK;
}
