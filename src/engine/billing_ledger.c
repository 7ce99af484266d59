/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What issued documents carry already, by item and period (money.md R8, R11, R17, R71): the sum of their lines, credit notes that
 * count taken off. Goodwill and other credits that no fact gives do not count: else the next invoice would take them back.
 */
#include "engine/billing_parts.h"

#include <assert.h>
#include <stdlib.h>

struct found {
	enum due_class class;
	const struct invoice *invoice;
	const struct invoice_line *line;
	size_t order;
	bool credit;
};

/* false: the line is no item's: interest, fees. */
static bool class_of(const struct invoice_line *l, enum due_class *out)
{
	switch (l->role) {
	case LINE_CHARGE:
	case LINE_CORRECTION:
	case LINE_COVERED:
		*out = DUE_ITEM;
		return true;
	case LINE_EXIT:
		*out = DUE_EXIT;
		return true;
	case LINE_MINIMUM:
		*out = DUE_MINIMUM;
		return true;
	case LINE_TRUE_UP:
		*out = DUE_TRUE_UP;
		return true;
	case LINE_INTEREST:
	case LINE_FIXED_FEE:
	case LINE_DUNNING_FEE:
		break;
	}
	return false;
}

static int compare_key(enum due_class class, struct text charge, struct text part,
		       enum due_class other, struct text other_charge, struct text other_part)
{
	int order = (class > other) - (class < other);

	if (order == 0)
		order = text_cmp(charge, other_charge);
	return order != 0 ? order : text_cmp(part, other_part);
}

static int by_item(const void *p, const void *q)
{
	const struct found *x = p, *y = q;
	int order = compare_key(x->class, x->line->charge, x->line->item_part, y->class,
				y->line->charge, y->line->item_part);

	if (order != 0)
		return order;
	if (x->line->item.from != y->line->item.from)
		return x->line->item.from < y->line->item.from ? -1 : 1;
	if (x->line->item.to != y->line->item.to)
		return x->line->item.to < y->line->item.to ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static size_t find_lines(struct biller *b, struct found **out)
{
	size_t n = 0, room = 0;
	struct found *v;

	for (size_t i = 0; i < b->in->n_issued; i++)
		room += b->in->issued[i].invoice->n_lines;
	v = arena_array(b->arena, struct found, room);
	for (size_t i = 0; i < b->in->n_issued; i++) {
		const struct invoice *doc = b->in->issued[i].invoice;
		bool credit = doc->kind == DOCUMENT_CREDIT_NOTE;

		for (size_t k = 0; k < doc->n_lines; k++) {
			enum due_class class;

			if ((credit && !doc->lines[k].counts) || !class_of(&doc->lines[k], &class))
				continue;
			v[n] = (struct found){class, doc, &doc->lines[k], n, credit};
			n++;
		}
	}
	/* by its own key alone: the order of what is equal is that of issue */
	qsort(v, n, sizeof(*v), by_item);
	*out = v;
	return n;
}

int64_t line_left(const struct issued_document *issued, size_t n, const struct invoice *i,
		  const struct invoice_line *line)
{
	int64_t left = line_amount(i, line);

	for (size_t k = 0; k < n; k++) {
		const struct invoice *note = issued[k].invoice;

		if (note->kind != DOCUMENT_CREDIT_NOTE || !text_eq(note->corrected, i->number))
			continue;
		for (size_t m = 0; m < note->n_lines; m++)
			if (note->lines[m].of_line == line->number &&
			    !take_from(&left, line_amount(note, &note->lines[m])))
				return 0;
	}
	return left;
}

static bool carry(struct biller *b, struct carried *to, const struct found *f,
		  struct carried_line *line)
{
	int64_t amount = line_amount(f->invoice, f->line);
	struct fraction exact = f->line->exact.den > 0 && !f->credit
					? f->line->exact
					: money_exact((struct money){amount, b->c->currency});

	if (f->credit)
		return take_from(&to->billed, amount) &&
		       fraction_try_sub(to->exact, exact, &to->exact);
	*line = (struct carried_line){
		f->invoice, f->line,
		line_left(b->in->issued, b->in->n_issued, f->invoice, f->line)};
	to->n_lines++;
	to->last = f->invoice;
	to->last_line = f->line;
	return add_to(&to->billed, amount) && fraction_try_add(to->exact, exact, &to->exact);
}

enum rc ledger_make(struct biller *b)
{
	struct found *v = NULL;
	size_t n = find_lines(b, &v);
	struct carried_line *lines = arena_array(b->arena, struct carried_line, n);

	b->carried = arena_array(b->arena, struct carried, n);
	for (size_t i = 0; i < n; i++) {
		struct carried *to = b->n_carried > 0 ? &b->carried[b->n_carried - 1] : NULL;
		const struct invoice_line *l = v[i].line;

		if (to == NULL || to->class != v[i].class || !text_eq(to->charge, l->charge) ||
		    !text_eq(to->part, l->item_part) || !days_same(to->item, l->item)) {
			to = &b->carried[b->n_carried++];
			*to = (struct carried){.class = v[i].class,
					       .charge = l->charge,
					       .part = l->item_part,
					       .item = l->item,
					       .exact = {0, 1},
					       .lines = lines + i};
		}
		/* lines of one item lie together; a credit note leaves its place empty */
		if (!carry(b, to, &v[i], lines + (to->lines - lines) + to->n_lines))
			return billing_too_large(b, l->charge);
	}
	return RC_OK;
}

/* The first carried item that is not before the key. */
static size_t lower_bound(const struct biller *b, enum due_class class, struct text charge,
			  struct text part)
{
	size_t from = 0, to = b->n_carried;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct carried *k = &b->carried[middle];

		if (compare_key(k->class, k->charge, k->part, class, charge, part) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static bool has_key(const struct carried *k, enum due_class class, struct text charge,
		    struct text part)
{
	return k->class == class && text_eq(k->charge, charge) && text_eq(k->part, part);
}

struct carried *ledger_find(struct biller *b, enum due_class class, struct text charge,
			    struct text part, struct days item)
{
	for (size_t i = lower_bound(b, class, charge, part);
	     i < b->n_carried && has_key(&b->carried[i], class, charge, part); i++) {
		struct carried *k = &b->carried[i];

		if (!k->matched && days_same(k->item, item))
			return k;
	}
	return NULL;
}

static bool lies_in(struct days x, struct days y)
{
	return x.from >= y.from && x.to <= y.to;
}

struct carried *ledger_near(struct biller *b, const struct due *d)
{
	for (size_t i = lower_bound(b, d->class, d->charge, d->part);
	     i < b->n_carried && has_key(&b->carried[i], d->class, d->charge, d->part); i++) {
		struct carried *k = &b->carried[i];

		if (!k->matched && lies_in(k->item, d->full))
			return k;
	}
	return NULL;
}

const struct carried *ledger_overlap(const struct biller *b, const struct due *d)
{
	for (size_t i = lower_bound(b, DUE_ITEM, d->charge, d->part);
	     i < b->n_carried && has_key(&b->carried[i], DUE_ITEM, d->charge, d->part); i++) {
		const struct carried *k = &b->carried[i];

		/* pieces of one period that was cut anew are one subtraction (R17), not the same days twice */
		if (k->billed != 0 && k->item.from < d->item.to && d->item.from < k->item.to &&
		    !(k->matched && lies_in(k->item, d->full)))
			return k;
	}
	return NULL;
}
