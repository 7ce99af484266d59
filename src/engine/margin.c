/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/margin.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct summing {
	struct margin_month *months;
	size_t n;
	struct technician_cost *technicians;
	struct margin out;
	bool too_large;
};

static void add(struct summing *x, int64_t *to, int64_t amount)
{
	if (__builtin_add_overflow(*to, amount, to))
		x->too_large = true;
}

static struct margin_month *month_of(struct summing *x, day d)
{
	for (size_t i = 0; i < x->n; i++)
		if (d >= x->months[i].month && d < day_add_months(x->months[i].month, 1))
			return &x->months[i];
	return NULL;
}

static void add_revenue(struct summing *x, const struct transaction *t)
{
	struct margin_month *m = month_of(x, t->date);

	for (size_t i = 0; m != NULL && i < t->n_postings; i++)
		if (strcmp(ledger_root(t->postings[i].account), "revenue") == 0)
			add(x, &m->revenue, -t->postings[i].amount);
}

static void add_technician(struct summing *x, const struct own_cost *c)
{
	if (c->technician.n == 0)
		return;
	for (size_t i = 0; i < x->out.n_technicians; i++)
		if (text_eq(x->technicians[i].technician, c->technician)) {
			add(x, &x->technicians[i].amount, c->amount);
			return;
		}
	x->technicians[x->out.n_technicians++] = (struct technician_cost){c->technician, c->amount};
}

static void add_cost(struct summing *x, const struct own_cost *c)
{
	struct margin_month *m = month_of(x, c->date);

	assert(c->kind < COST_KINDS);
	if (m == NULL) {
		x->out.n_outside++;
		return;
	}
	add(x, &m->costs[c->kind], c->amount);
	add_technician(x, c);
}

static void close_month(struct summing *x, struct margin_month *m)
{
	struct margin_month *total = &x->out.total;

	m->left = m->revenue;
	for (size_t k = 0; k < COST_KINDS; k++) {
		if (__builtin_sub_overflow(m->left, m->costs[k], &m->left))
			x->too_large = true;
		add(x, &total->costs[k], m->costs[k]);
	}
	add(x, &total->revenue, m->revenue);
	add(x, &total->left, m->left);
}

static int by_name(const void *p, const void *q)
{
	const struct technician_cost *x = p, *y = q;

	return text_cmp(x->technician, y->technician);
}

enum rc margin_make(struct arena *a, const struct ledger *const *ledgers, size_t n_ledgers,
		    const struct own_cost *costs, size_t n_costs, struct days window,
		    struct margin *out, struct err *err)
{
	struct summing x = {.n = 0};

	x.months = arena_array(a, struct margin_month,
			       (size_t)periods_whole(window.from, window.to, 1, 0));
	x.technicians = arena_array(a, struct technician_cost, n_costs);
	for (day m = window.from; m < window.to; m = day_add_months(m, 1))
		x.months[x.n++] = (struct margin_month){.month = m};
	x.out.total.month = window.from;
	for (size_t i = 0; i < n_ledgers; i++)
		for (size_t k = 0; k < ledgers[i]->n; k++)
			add_revenue(&x, &ledgers[i]->v[k]);
	for (size_t i = 0; i < n_costs; i++)
		add_cost(&x, &costs[i]);
	for (size_t i = 0; i < x.n; i++)
		close_month(&x, &x.months[i]);
	if (x.too_large)
		return err_set(err, RC_LIMIT, "amount too large: a sum of revenue or cost");
	if (x.out.n_technicians > 1)
		qsort(x.technicians, x.out.n_technicians, sizeof(*x.technicians), by_name);
	x.out.months = x.months;
	x.out.n_months = x.n;
	x.out.technicians = x.technicians;
	*out = x.out;
	return RC_OK;
}
