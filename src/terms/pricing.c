/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/pricing.h"

#include "terms/pricing_parts.h"
#include "terms/table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum { MONTHS_A_YEAR = 12 };

struct maybe_money get_maybe_money(const struct node *map, const char *path)
{
	const struct node *n = get(map, path);

	assert(n == NULL || n->term->type == TERM_MONEY);
	return n == NULL ? (struct maybe_money){false, 0}
			 : (struct maybe_money){true, n->value.money.minor};
}

day get_day(const struct node *map, const char *path)
{
	const struct node *n = get(map, path);

	assert(n == NULL || n->term->type == TERM_DATE);
	return n == NULL ? DAY_NONE : n->value.date;
}

bool get_duration(const struct pricer *p, const struct node *map, const char *path,
		  struct duration *out)
{
	struct timing t = get_timing(&p->m, map, path);

	if (t.set)
		*out = t.duration;
	return t.set;
}

struct index_list get_list(const struct pricer *p, const struct node *map, const char *path)
{
	struct index_list list = {NULL, 0};

	list.v = get_places(p->m.a, map, path, &list.n);
	return list;
}

enum rc refuse(const struct pricer *p, const struct node *at, const char *code, const char *fmt,
	       ...)
{
	char message[ERR_MESSAGE_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	err_code(p->err, code);
	err_key(p->err, node_path(p->m.a, at));
	err_at(p->err, p->m.p->contract->file, at->line, at->column);
	return err_set(p->err, RC_INVALID, "%s", message);
}

static void price_taxes(struct pricer *p)
{
	struct tax_category *v = arena_array(p->m.a, struct tax_category,
					     items_count(p->m.root, "taxes.categories"));

	for (const struct node *n = items_first(p->m.root, "taxes.categories"); n != NULL;
	     n = n->next) {
		struct tax_category *c = &v[p->out->n_categories++];

		*c = (struct tax_category){.id = n->key,
					   .name = get_text(n, "name"),
					   .exemption = get_text(n, "exemption"),
					   .code = (enum tax_code)get_choice(n, "code", TAX_S),
					   .node = n};
		(void)get_decimal(n, "rate", &c->rate);
	}
	p->out->categories = v;
	p->out->prices_include_tax = get_truth(p->m.root, "taxes.prices_include_tax");
}

static void price_commitment(struct pricer *p)
{
	struct commitment *c = &p->out->commitment;
	const struct node *n = get(p->m.root, "commitment");
	const struct node *amount = n == NULL ? NULL : get(n, "amount");

	if (n == NULL || amount == NULL)
		return;
	*c = (struct commitment){.amount = amount->value.money,
				 .counts = get_list(p, n, "counts"),
				 .bill = get_choice(n, "shortfall", 0) == 0,
				 .node = n};
	c->set = get_duration(p, n, "per", &c->per);
}

/* R54: the lag is counted in months, as indexes are published. */
static enum rc price_lag(struct pricer *p, const struct node *n, struct indexation *x)
{
	const struct node *lag = get(n, "index.lag");

	if (lag == NULL)
		return RC_OK;

	struct duration d = lag->value.duration;

	if (d.unit == UNIT_MO)
		x->lag_months = d.n;
	else if (d.unit == UNIT_Y)
		x->lag_months = d.n * MONTHS_A_YEAR;
	else
		return refuse(p, lag, "rule.lag",
			      "index lag is not in months: '%.*s': indexes are published by month",
			      TEXT_ARG(lag->text));
	return RC_OK;
}

static enum rc price_indexation(struct pricer *p)
{
	enum { FORMULA_INDEX, FORMULA_FIXED };
	struct indexation *x = &p->out->indexation;
	const struct node *n = get(p->m.root, "indexation");
	int64_t decimals = 6;

	if (n == NULL)
		return RC_OK;
	x->set = true;
	x->node = n;
	x->fixed = get_choice(n, "formula", FORMULA_INDEX) == FORMULA_FIXED;
	(void)get_decimal(n, "pct", &x->pct);
	x->first = get_day(n, "first");
	(void)get_duration(p, n, "every", &x->every);
	x->series = get_text(n, "index.series");
	(void)get_int(n, "index.ratio_decimals", &decimals);
	x->ratio_decimals = (unsigned)decimals;
	x->if_missing = (enum if_missing)get_choice(n, "index.if_missing", MISSING_PREVIOUS);
	x->from_signing = get_choice(n, "index_from", 0) == 1;
	x->original_price = get_choice(n, "multiplicand", 0) == 1;
	x->cap_set = get_decimal(n, "cap", &x->cap);
	(void)get_decimal(n, "floor", &x->floor);
	x->notice = get_timing(&p->m, n, "notice");
	x->applies_to = get_list(p, n, "applies_to");
	x->provider_choice = get_choice(n, "mode", 0) == 1;
	return price_lag(p, n, x);
}

static void price_invoicing(struct pricer *p)
{
	struct invoicing *i = &p->out->invoicing;
	const struct node *root = p->m.root;

	i->node = get(root, "invoicing");
	i->to = get_text(root, "invoicing.to");
	i->order_reference = get_text(root, "invoicing.order_reference");
	i->issue_within = get_timing(&p->m, root, "invoicing.issue_within");
	i->late_items = get_timing(&p->m, root, "invoicing.late_items");
	i->credit_note = get_choice(root, "invoicing.corrections", 0) == 1;
}

/* A set is kept by its text; alerts are looked at from the lowest up. */
static void sort_shares(struct decimal *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct decimal d = v[i];
		size_t k = i;

		for (; k > 0 && decimal_cmp(v[k - 1], d) > 0; k--)
			v[k] = v[k - 1];
		v[k] = d;
	}
}

static void price_budget(struct pricer *p)
{
	struct budget_terms *b = &p->out->budget;
	const struct node *n = get(p->m.root, "budget"), *at, *amount, *start;

	if (n == NULL)
		return;
	amount = get(n, "amount");
	start = get(n, "fiscal_year_start");
	if (amount == NULL || start == NULL)
		return;
	b->set = true;
	b->node = n;
	b->amount = amount->value.money;
	b->fiscal_year_start = start->value.monthday;
	b->trend = get_choice(n, "forecast", 0) == 1;
	(void)get_duration(p, n, "horizon", &b->horizon);
	at = get(n, "alert_at");

	struct decimal *v = arena_array(p->m.a, struct decimal, at == NULL ? 0 : at->n);

	for (const struct node *s = at == NULL ? NULL : at->child; s != NULL; s = s->next)
		if (!s->hole)
			v[b->n_alert_at++] = s->value.decimal;
	sort_shares(v, b->n_alert_at);
	b->alert_at = v;
}

static struct party_details party_of(struct pricer *p, const char *path)
{
	const struct node *n = get(p->m.root, path);
	struct party_details d = {.n_lines = 0};

	if (n == NULL)
		return d;
	d.legal_name = get_text(n, "legal_name");
	d.registration_no = get_text(n, "registration_no");
	d.tax_id = get_text(n, "tax_id");
	d.vat_id = get_text(n, "vat_id");
	d.e_address = get_text(n, "e_address");
	d.city = get_text(n, "address.city");
	d.postcode = get_text(n, "address.postcode");
	d.country = get_text(n, "address.country");
	d.email = get_text(n, "notice.email");

	struct text street = get_text(n, "address.lines");

	if (street.n > 0) {
		struct text *lines = arena_one(p->m.a, struct text);

		*lines = street;
		d.lines = lines;
		d.n_lines = 1;
	}
	return d;
}

enum rc pricing_build(struct arena *a, const struct promise *p, const struct pricing **out,
		      struct err *err)
{
	struct promise *copy = arena_one(a, struct promise);
	struct pricing *made = arena_one(a, struct pricing);
	struct pricer x = {.out = made, .err = err};
	enum rc rc;

	assert(p->contract->valid);
	*copy = *p;
	x.m = (struct maker){.a = a, .root = p->contract->root, .p = copy};
	made->promise = p;
	price_taxes(&x);
	rc = price_charges(&x);
	if (rc != RC_OK)
		return rc;
	price_commitment(&x);
	rc = price_indexation(&x);
	if (rc != RC_OK)
		return rc;
	price_invoicing(&x);
	price_payment(&x);
	price_budget(&x);
	price_exit(&x);
	made->provider = party_of(&x, "parties.provider");
	made->client = party_of(&x, "parties.client");
	(void)get_duration(&x, x.m.root, "term.initial", &made->initial_term);
	made->counts_from_service_start = get_choice(x.m.root, "term.counts_from", 0) == 1;
	*out = made;
	return RC_OK;
}

int pricing_charge(const struct pricing *p, struct text id)
{
	for (size_t i = 0; i < p->promise->n_charges; i++)
		if (text_eq(p->promise->charges[i].id, id))
			return (int)i;
	return -1;
}

const char *count_word(enum count_of c)
{
	static const char *const words[] = {
		[COUNT_ACTIVE_USERS] = "active_users",
		[COUNT_DEVICES] = "devices",
		[COUNT_SERVERS] = "servers",
		[COUNT_MAILBOXES] = "mailboxes",
		[COUNT_SITES] = "sites",
		[COUNT_LICENCES] = "licences",
		[COUNT_ORDERS] = "orders",
	};

	return c == COUNT_NONE ? "" : words[c];
}

const char *tax_word(enum tax_code c)
{
	static const char *const words[] = {
		[TAX_S] = "S", [TAX_Z] = "Z", [TAX_E] = "E", [TAX_AE] = "AE",
		[TAX_K] = "K", [TAX_G] = "G", [TAX_O] = "O"};

	return words[c];
}
