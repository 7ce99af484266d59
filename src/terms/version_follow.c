/* SPDX-License-Identifier: Apache-2.0 */
/* May a version follow the head of its contract? CL-50 to CL-56 as far as terms say it; facts say who approved. */
#include "terms/version.h"

#include "terms/canonical.h"
#include "terms/diff.h"
#include "terms/read.h"

#include <assert.h>

enum { HASH_SHOWN = 12 }; /* people see the first twelve digits (CL-42) */

struct follow {
	struct arena *a;
	const struct terms_context *context;
	const struct succession *s;
	const struct contract *next;
	struct version_change *out;
	struct err *err;
};

static enum rc refuse(struct follow *f, const char *code, const char *key)
{
	const struct node *n = node_at(f->next->root, key);

	err_at(f->err, f->next->file, n == NULL ? 0 : n->line, n == NULL ? 0 : n->column);
	err_code(f->err, code);
	err_key(f->err, text_of(key));
	return RC_INVALID;
}

/* --- is it a version at all? --- */

static enum rc complete(struct follow *f)
{
	char hex[65];

	for (const struct node *n = f->next->root; n != NULL; n = node_after(n)) {
		struct text path;

		if (!n->hole && !f->next->is_template &&
		    !(node_is_contact(n) && n->parent->kind == NODE_ITEMS &&
		      !contact_commit(n, hex)))
			continue;
		path = node_path(f->a, n);
		(void)refuse(f, "version.draft", path.p);
		if (f->next->is_template)
			return err_set(f->err, RC_INVALID,
				       "a template is no version: fill it first");
		if (n->hole)
			return err_set(f->err, RC_INVALID, "'%.*s' is a hole and no value",
				       TEXT_ARG(n->text));
		return err_set(f->err, RC_INVALID,
			       "contact has no salt, so the version says nothing of who it is");
	}
	return RC_OK;
}

/* --- what it amends (CL-50) --- */

static enum rc check_base(struct follow *f)
{
	const struct node *base = node_at(f->next->root, "amends.base");
	const struct contract *head = f->s->head;

	if (head == NULL) {
		if (base == NULL)
			return RC_OK;
		(void)refuse(f, "amend.base", "amends.base");
		err_hint(f->err, "leave amends out of a first version");
		return err_set(f->err, RC_INVALID, "amends '%.*s', and no version is approved yet",
			       HASH_SHOWN, base->text.p);
	}
	if (base != NULL && text_is(base->text, head->hash))
		return RC_OK;
	err_hint(f->err, "the head is %s", head->hash);
	if (base == NULL) {
		(void)refuse(f, "amend.base", "amends.base");
		return err_set(f->err, RC_INVALID, "does not say which version it amends");
	}
	for (size_t i = 0; i < f->s->n_earlier; i++) {
		if (!text_eq(f->s->earlier[i], base->text))
			continue;
		(void)refuse(f, "amend.stale", "amends.base");
		return err_set(f->err, RC_INVALID,
			       "amends '%.*s', which another version has followed", HASH_SHOWN,
			       base->text.p);
	}
	(void)refuse(f, "amend.base", "amends.base");
	return err_set(f->err, RC_INVALID, "amends '%.*s', which is no approved version",
		       HASH_SHOWN, base->text.p);
}

/* One engagement, one currency (contract-language.md section 4): a change of either is another contract. */
static enum rc check_identity(struct follow *f)
{
	static const struct {
		const char *key, *code, *what;
	} same[] = {
		{"contract.id", "amend.base", "is another contract than"},
		{"contract.currency", "rule.currency", "is another currency than"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
		const struct node *is = node_at(f->next->root, same[i].key),
				  *was = node_at(f->s->head->root, same[i].key);

		assert(is != NULL && was != NULL && "both are required");
		if (is == NULL || was == NULL || text_eq(is->text, was->text))
			continue;
		(void)refuse(f, same[i].code, same[i].key);
		return err_set(f->err, RC_INVALID, "'%.*s' %s '%.*s' of the version it amends",
			       TEXT_ARG(is->text), same[i].what, TEXT_ARG(was->text));
	}
	return RC_OK;
}

/* --- when it takes effect (CL-54) --- */

static const struct node *effective_date(const struct contract *c, bool amends)
{
	return node_at(c->root, amends ? "amends.effective_date" : "term.effective_date");
}

static enum rc find_zone(struct follow *f, const struct zone **zone)
{
	const struct node *n = node_at(f->next->root, "contract.timezone");

	if (f->context == NULL || f->context->zones == NULL)
		return err_set(f->err, RC_MISSING, "no time zones can be read here");
	return f->context->zones->find(f->context->zones->context, n->text, zone, f->err);
}

static enum rc too_early(struct follow *f, const struct node *date, day before)
{
	struct buf b;

	buf_init(&b, 16);
	day_print(&b, before);
	(void)refuse(f, "amend.order", "amends.effective_date");
	(void)err_set(f->err, RC_INVALID,
		      "takes effect '%.*s', before the version it amends does: %.*s",
		      TEXT_ARG(date->text), TEXT_ARG(buf_view(&b)));
	buf_free(&b);
	return RC_INVALID;
}

static enum rc check_effect(struct follow *f)
{
	const struct contract *head = f->s->head;
	const struct node *date = effective_date(f->next, head != NULL);
	const struct zone *zone;
	enum rc rc = find_zone(f, &zone);

	if (rc != RC_OK)
		return rc;
	f->out->dated = date != NULL;
	f->out->effective =
		date == NULL ? f->s->approved_at : zone_midnight(zone, date->value.date);
	if (head == NULL)
		return RC_OK;

	day before = zone_day(zone, f->s->head_effective);

	/* By dates, as people agree on them; of one day the later version follows the moment of the earlier. */
	if (date != NULL && date->value.date < before)
		return too_early(f, date, before);
	if (f->out->effective < f->s->head_effective)
		f->out->effective = f->s->head_effective;
	if (date == NULL || f->s->approved_at <= zone_midnight(zone, date->value.date))
		return RC_OK;

	const struct node *amendments = node_at(head->root, "amendments");

	/* The rules of change are those of the base (CL-51). */
	f->out->retroactive = amendments != NULL && term_truth(amendments, "retroactive");
	if (f->out->retroactive)
		return RC_OK;
	(void)refuse(f, "amend.late", "amends.effective_date");
	err_hint(f->err, "make a new version with a later date");
	return err_set(f->err, RC_INVALID,
		       "takes effect '%.*s' and would be approved after that, which the version it "
		       "amends does not allow",
		       TEXT_ARG(date->text));
}

/* --- what kind of change it is (CL-52, CL-56) --- */

static bool under(struct text path, const char *block)
{
	struct text first;

	(void)text_cut(path, '.', &first);
	return text_is(first, block);
}

static bool moves_money(struct text path)
{
	static const char *const blocks[] = {
		"sla", "charges", "commitment", "indexation", "early_termination_fee", "liability"};

	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++)
		if (under(path, blocks[i]))
			return true;
	return false;
}

static void weigh(struct follow *f)
{
	const struct node *amendments = node_at(f->s->head->root, "amendments"),
			  *minor = amendments == NULL ? NULL : node_at(amendments, "minor");
	struct changes all = contract_diff(f->a, f->s->head, f->next);
	bool money = false;

	f->out->minor = true;
	for (size_t i = 0; i < all.n; i++) {
		struct changes one = {&all.v[i], 1};

		/* What it amends is the header of the change, not a part of it. */
		if (under(all.v[i].path, "amends"))
			continue;
		f->out->minor = f->out->minor && changes_are_minor(&one, minor);
		money = money || moves_money(all.v[i].path);
	}
	/* A change is minor or material as a whole, so all of it counts (CL-56). */
	f->out->needs_back_test = !f->out->minor && money && amendments != NULL &&
				  term_duration(amendments, "back_test", &f->out->back_test);
}

enum rc version_may_follow(struct arena *a, const struct terms_context *context,
			   const struct succession *s, const struct contract *next,
			   struct version_change *out, struct err *err)
{
	struct version_change change = {.minor = false};
	struct follow f = {
		.a = a, .context = context, .s = s, .next = next, .out = &change, .err = err};
	enum rc rc;

	assert(next->valid && (s->head == NULL || s->head->valid));
	rc = complete(&f);
	if (rc == RC_OK)
		rc = check_base(&f);
	if (rc == RC_OK && s->head != NULL)
		rc = check_identity(&f);
	if (rc == RC_OK)
		rc = check_effect(&f);
	if (rc != RC_OK)
		return rc;
	if (s->head != NULL)
		weigh(&f);
	*out = change;
	return RC_OK;
}
