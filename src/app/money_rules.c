/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money_rules.h"

#include "app/money.h"
#include "money/exchange.h"
#include "terms/pricing.h"

#include <string.h>

struct money_rules {
	struct arena *arena;
	const struct pricing **versions;
	const struct promise **promises;
	size_t n;
	struct currency currency;
	/* all words of all versions, for what was meant */
	struct text *meters, *charges, *services;
	size_t n_meters, n_charges, n_services;
};

/* --- the rules of a contract --- */

static void add_name(struct text *v, size_t *n, struct text name)
{
	for (size_t i = 0; i < *n; i++)
		if (text_eq(v[i], name))
			return;
	if (name.n > 0)
		v[(*n)++] = name;
}

static void add_names(struct money_rules *m, const struct pricing *p, const struct promise *promise)
{
	for (size_t i = 0; i < promise->n_charges; i++) {
		add_name(m->meters, &m->n_meters, p->charges[i].meter);
		add_name(m->charges, &m->n_charges, p->charges[i].base->id);
	}
	for (size_t i = 0; i < promise->n_services; i++)
		add_name(m->services, &m->n_services, promise->services[i].id);
}

enum rc money_rules_new(struct arena *a, const struct recalled *r, const struct money_rules **out,
			struct err *err)
{
	struct money_rules *m = arena_one(a, struct money_rules);
	size_t charges = 0, services = 0;

	m->arena = a;
	m->n = r->n_versions;
	m->versions = arena_array(a, const struct pricing *, m->n);
	m->promises = arena_array(a, const struct promise *, m->n);
	for (size_t i = 0; i < m->n; i++) {
		enum rc rc = pricing_build(a, r->versions[i].promise, &m->versions[i], err);

		if (rc != RC_OK)
			return rc;
		m->promises[i] = r->versions[i].promise;
		charges += m->promises[i]->n_charges;
		services += m->promises[i]->n_services;
	}
	m->currency = m->promises[m->n - 1]->currency;
	m->meters = arena_array(a, struct text, charges + 1);
	m->charges = arena_array(a, struct text, charges + 1);
	m->services = arena_array(a, struct text, services + 1);
	for (size_t i = 0; i < m->n; i++)
		add_names(m, m->versions[i], m->promises[i]);
	*out = m;
	return RC_OK;
}

bool money_rules_name_series(const struct money_rules *m, struct text series)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct indexation *x = &m->versions[i]->indexation;
		const char *rate = account_rate_series(&m->versions[i]->payment);

		if ((x->set && !x->fixed && text_eq(x->series, series)) ||
		    (rate != NULL && text_is(series, rate)))
			return true;
	}
	return false;
}

/* --- one fact --- */

struct judged {
	const struct money_rules *m;
	const struct facts *set;
	const struct fact *f;
	struct err *err;
};

static struct text word(const struct judged *j, enum fact_field field)
{
	return symbol_text(j->set->symbols, fact_word(j->f, field));
}

/* "unknown meter 'backup.strd': the contract has backup.stored" */
static enum rc known_name(const struct judged *j, enum fact_field field, const char *what,
			  const struct text *names, size_t n)
{
	struct text name = word(j, field), nearest;

	if (fact_word(j->f, field) == 0)
		return RC_OK;
	for (size_t i = 0; i < n; i++)
		if (text_eq(names[i], name))
			return RC_OK;
	err_key(j->err, text_of(field_row(field)->key));
	if (n == 0)
		return err_set(j->err, RC_INVALID, "unknown %s '%.*s': the contract has none", what,
			       TEXT_ARG(name));
	nearest = text_nearest(name, names, n);
	if (nearest.n > 0 || n == 1)
		return err_set(j->err, RC_INVALID, "unknown %s '%.*s': the contract has %.*s", what,
			       TEXT_ARG(name), TEXT_ARG(nearest.n > 0 ? nearest : names[0]));

	struct buf all;

	buf_init(&all, ERR_MESSAGE_MAX / 2);
	for (size_t i = 0; i < n && !all.full; i++)
		buf_printf(&all, "%s%.*s", i == 0 ? "" : ", ", TEXT_ARG(names[i]));
	(void)err_set(j->err, RC_INVALID, "unknown %s '%.*s': the contract has %.*s", what,
		      TEXT_ARG(name), TEXT_ARG(buf_view(&all)));
	buf_free(&all);
	return RC_INVALID;
}

/* A meter measures in the unit of its charge; a record that says another is another quantity. */
static enum rc known_measure(const struct judged *j)
{
	struct text meter = word(j, FIELD_METER), measure = word(j, FIELD_MEASURE);
	struct text unit = {"", 0};

	if (j->f->kind != FACT_USAGE_RECORDED || measure.n == 0)
		return RC_OK;
	for (size_t v = 0; v < j->m->n; v++)
		for (size_t i = 0; i < j->m->promises[v]->n_charges; i++) {
			const struct priced_charge *c = &j->m->versions[v]->charges[i];

			if (!text_eq(c->meter, meter))
				continue;
			if (c->unit.n == 0 || text_eq(c->unit, measure))
				return RC_OK;
			unit = c->unit;
		}
	if (unit.n == 0)
		return RC_OK;
	err_key(j->err, text_of(field_row(FIELD_MEASURE)->key));
	return err_set(j->err, RC_INVALID, "unknown unit '%.*s' for '%.*s': the contract has %.*s",
		       TEXT_ARG(measure), TEXT_ARG(meter), TEXT_ARG(unit));
}

static enum rc known_milestone(const struct judged *j)
{
	struct text names[64], charge = word(j, FIELD_CHARGE);
	size_t n = 0;

	if (fact_word(j->f, FIELD_MILESTONE) == 0)
		return RC_OK;
	for (size_t v = 0; v < j->m->n; v++) {
		int at = pricing_charge(j->m->versions[v], charge);

		for (size_t i = 0; at >= 0 && i < j->m->versions[v]->charges[at].n_milestones &&
				   n < ARRAY_SIZE(names);
		     i++)
			add_name(names, &n, j->m->versions[v]->charges[at].milestones[i].id);
	}
	/* A one-time service is handed over under a name of its own. */
	return n == 0 ? RC_OK : known_name(j, FIELD_MILESTONE, "milestone", names, n);
}

/* money.md R80 */
static enum rc own_currency(const struct judged *j)
{
	struct text code = word(j, FIELD_CURRENCY);
	const char *what = j->f->kind == FACT_PAYMENT_RECEIVED ? "payment"
			   : j->f->kind == FACT_REFUND_MADE    ? "refund"
			   : j->f->kind == FACT_USAGE_RECORDED ? "usage"
							       : NULL;

	if (what == NULL || code.n == 0 || text_is(code, j->m->currency.code))
		return RC_OK;
	err_key(j->err, text_of(field_row(FIELD_CURRENCY)->key));
	return err_set(j->err, RC_INVALID, "%s currency is '%.*s', the contract's is %s%s", what,
		       TEXT_ARG(code), j->m->currency.code,
		       j->f->kind == FACT_PAYMENT_RECEIVED ? ": record what the bank credited"
							   : "");
}

/* What has no currency of its own is in the contract's; whole minor units of it. */
static enum rc own_decimals(const struct judged *j)
{
	static const enum fact_kind kinds[] = {FACT_DEPOSIT_APPLIED, FACT_INVOICE_DISPUTED,
					       FACT_INVOICE_SETTLED, FACT_SUPPLIER_COMMITTED,
					       FACT_SAVING_STATED};
	const struct fact_value *v = fact_value(j->f, FIELD_AMOUNT);
	struct buf b;

	for (size_t i = 0; v != NULL && i < ARRAY_SIZE(kinds); i++) {
		if (j->f->kind != kinds[i] || v->scale <= j->m->currency.decimals)
			continue;
		buf_init(&b, 64);
		decimal_print(&b, (struct decimal){v->number, (uint8_t)v->scale});
		err_key(j->err, text_of(field_row(FIELD_AMOUNT)->key));
		(void)err_set(j->err, RC_INVALID, "too many decimals: '%.*s': %s has %d",
			      TEXT_ARG(buf_view(&b)), j->m->currency.code, j->m->currency.decimals);
		buf_free(&b);
		return RC_INVALID;
	}
	return RC_OK;
}

/* money.md R47: a rate tells what the fact's currency is worth in the contract's, whichever of the two it is of. */
static enum rc rate_of_pair(const struct judged *j)
{
	struct text code = word(j, FIELD_CURRENCY);
	struct exchange e;
	struct err unused;

	err_clear(&unused);
	if (fact_word(j->f, FIELD_RATE) == 0 ||
	    exchange_parse(word(j, FIELD_RATE), &e, &unused) != RC_OK ||
	    text_is(code, j->m->currency.code))
		return RC_OK;
	if ((text_is(code, e.of.code) && strcmp(e.in.code, j->m->currency.code) == 0) ||
	    (text_is(code, e.in.code) && strcmp(e.of.code, j->m->currency.code) == 0))
		return RC_OK;
	err_key(j->err, text_of(field_row(FIELD_RATE)->key));
	err_hint(j->err, "write 1 %.*s = ... %s", TEXT_ARG(code), j->m->currency.code);
	return err_set(j->err, RC_INVALID,
		       "exchange rate is between %s and %s, not %.*s and the contract's %s",
		       e.of.code, e.in.code, TEXT_ARG(code), j->m->currency.code);
}

enum rc money_rules_fit(void *context, const struct facts *set, const struct fact *f,
			struct err *err)
{
	const struct money_rules *m = context;
	struct judged j = {m, set, f, err};
	enum rc rc = known_name(&j, FIELD_METER, "meter", m->meters, m->n_meters);

	if (rc == RC_OK)
		rc = known_name(&j, FIELD_CHARGE, "charge", m->charges, m->n_charges);
	if (rc == RC_OK)
		rc = known_name(&j, FIELD_COVERED, "service", m->services, m->n_services);
	if (rc == RC_OK)
		rc = known_measure(&j);
	if (rc == RC_OK)
		rc = known_milestone(&j);
	if (rc == RC_OK)
		rc = own_currency(&j);
	if (rc == RC_OK)
		rc = own_decimals(&j);
	return rc == RC_OK ? rate_of_pair(&j) : rc;
}
