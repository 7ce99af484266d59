/* SPDX-License-Identifier: Apache-2.0 */
/* Does terms.def agree with itself, and with the blocks of contract-language.md section 4? */
#include "terms/schema.h"
#include "terms/table.h"
#include "terms_tap.h"

static bool default_is_right(const struct term *t)
{
	struct text d = text_of(t->otherwise);
	struct decimal decimal;
	struct duration duration;
	int64_t n;
	struct err err = {.line = 0};

	if (t->type == TERM_ENUM)
		return word_index(t->arg, d) >= 0;
	if (t->type == TERM_BOOL)
		return text_is(d, "true") || text_is(d, "false");
	if (t->type == TERM_INT)
		return text_int(d, &n);
	if (t->type == TERM_DEC)
		return decimal_parse(d, &decimal, &err) == RC_OK;
	if (t->type == TERM_PCT)
		return percent_parse(d, &decimal, &err) == RC_OK;
	if (t->type == TERM_DUR)
		return duration_parse(d, &duration, &err) == RC_OK;
	return t->type == TERM_LANG && text_is(d, "en");
}

static bool arg_is_right(const struct term *t)
{
	struct text arg = text_of(t->arg);

	if (t->type == TERM_ENUM)
		return arg.n > 0;
	if (t->type == TERM_REF)
		return term_find(arg) != NULL && term_find(arg)->type == TERM_ITEMS;
	if (t->type == TERM_EVENT)
		return word_index("START/STOP/STATE/VALUE/TEST", arg) >= 0;
	if (t->type == TERM_INT || t->type == TERM_DEC || t->type == TERM_PCT ||
	    t->type == TERM_DUR)
		return arg.n == 0 || text_has(arg, text_of(".."));
	return arg.n == 0 || (t->type == TERM_TEXT && text_is(arg, "hex32"));
}

/* Every kind named is a word of the item's own kind or type. */
static bool kinds_are_right(const struct term *t)
{
	const struct term *items = term_at(t->parent), *by = term_own_child(items, text_of("type"));

	if (t->kinds == NULL)
		return true;
	if (by == NULL)
		by = term_own_child(items, text_of("kind"));
	for (struct text rest = text_of(t->kinds); rest.n > 0 && by != NULL;)
		if (word_index(by->arg, words_cut(&rest)) < 0)
			return false;
	return by != NULL;
}

/* Some rows of section 4, as it prints them. */
static const struct {
	const char *path;
	enum term_type type;
	bool required, set;
	const char *otherwise;
} rows[] = {
	{"tenor", TERM_ENUM, true, false, NULL},
	{"contract.rounding.mode", TERM_ENUM, false, false, "half_up"},
	{"parties.client.contacts[].roles", TERM_ENUM, true, true, NULL},
	{"parties.provider.address.city", TERM_TEXT, true, false, NULL},
	{"term.initial", TERM_DUR, true, false, NULL},
	{"term.renewal.reminder.form", TERM_ENUM, false, false, "email"},
	{"services[].objectives.rto", TERM_DUR, false, false, NULL},
	{"sla.metrics[].decimals", TERM_INT, false, false, "4"},
	{"sla.metrics[].comply.below_min", TERM_ENUM, false, false, "not_judged"},
	{"sla.metrics[].scope", TERM_REF, false, true, NULL},
	{"sla.metrics[].pause[].while", TERM_EVENT, true, false, NULL},
	{"sla.credits.apply.pay_within", TERM_DUR, false, false, "30d"},
	{"sla.chronic[].notice", TERM_DUR, false, false, "0d"},
	{"charges[].included.rollover_max", TERM_DEC, false, false, "0"},
	{"charges[].tiers[].price", TERM_PRICE, false, false, NULL},
	{"indexation.floor", TERM_PCT, false, false, "0%"},
	{"invoicing.issue_within", TERM_DUR, false, false, "5bd"},
	{"budget.fiscal_year_start", TERM_MONTHDAY, true, false, NULL},
	{"compliance.gdpr.subprocessors.list[].country", TERM_REGION, true, false, NULL},
	{"insurance.certificate.within", TERM_DUR, false, false, "10bd"},
	{"liability.super_cap.multiple", TERM_DEC, true, false, NULL},
	{"dispute.steps[].arbitrators", TERM_INT, false, false, "1"},
	{"amends.base", TERM_HASH, true, false, NULL},
	{"amendments.minor", TERM_PATH, false, true, NULL},
	{"signature.intent", TERM_TEXT, true, false, NULL},
	{"general.provisions", TERM_ENUM, false, true, NULL},
	{"documents[].clauses[].when", TERM_KEYPATH, false, false, NULL},
	{"documents[].library", TERM_LIB, false, false, NULL},
};

/* What is under a row lies right behind it: who looks for a child stops at the first row that is under another. */
static bool lies_behind(size_t i)
{
	size_t parent = term_at(i)->parent;

	for (size_t k = parent + 1; k < i; k++)
		if (term_at(k)->parent < parent)
			return false;
	return parent < i;
}

int main(void)
{
	size_t top = 0;

	for (size_t i = 1; i < term_count(); i++) {
		const struct term *t = term_at(i);

		if (term_at(t->parent) == term_at(0) && !term_is_shared(t))
			top++;
		if (!lies_behind(i))
			ok(false, "%s: not behind what it is under", t->path);
		if (t->otherwise != NULL && !default_is_right(t))
			ok(false, "%s: default %s", t->path, t->otherwise);
		if (!arg_is_right(t))
			ok(false, "%s: arg %s", t->path, t->arg);
		if (!kinds_are_right(t))
			ok(false, "%s: kinds %s", t->path, t->kinds);
		if (t->otherwise != NULL && t->required)
			ok(false, "%s is required and has a default", t->path);
		if (*t->help == '\0' || text_ends(text_of(t->help), "."))
			ok(false, "%s: help", t->path);
		if (!term_is_shared(t) && term_find(text_of(t->path)) != t)
			ok(false, "%s is not found by its path", t->path);
	}
	ok(term_count() > 700, "%zu rows agree with themselves", term_count());
	is_i64((int64_t)top, 45, "keys at the top");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct term *t = term_find(text_of(rows[i].path));

		ok(t != NULL && t->type == rows[i].type && t->required == rows[i].required &&
			   t->set == rows[i].set &&
			   (t->otherwise == NULL) == (rows[i].otherwise == NULL) &&
			   (t->otherwise == NULL ||
			    text_is(text_of(t->otherwise), rows[i].otherwise)),
		   "%s", rows[i].path);
	}
	is_i64((int64_t)fork_count(), 34, "forks");
	for (size_t i = 0; i < fork_count(); i++) {
		const struct term *t = term_find(text_of(fork_at(i)->path));

		ok(fork_at(i)->number == (int)i + 1 && t != NULL &&
			   (t->type == TERM_ENUM || t->type == TERM_INT),
		   "FK-%zu %s", i + 1, fork_at(i)->path);
	}
	ok(term_find(text_of("sla.metric")) == NULL &&
		   term_find(text_of("sla.metrics[].clause")) != NULL &&
		   term_find(text_of("sla.metrics[].id")) != NULL &&
		   term_find(text_of("sla.id")) == NULL,
	   "every map may have clause, every item has id");
	return tap_done();
}
