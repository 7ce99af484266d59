/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step 4 of reading: what several keys say together (contract-language.md section 4). This file has the rules about keys that
 * exclude or need each other, calendars, currency and holes; rules_sla.c and rules_money.c have those of their documents.
 */
#include "terms/calendars.h"
#include "terms/read.h"

#include <assert.h>

/* An item's or map's key is there with a value. */
static bool has(const struct node *map, const char *key)
{
	return node_at(map, key) != NULL;
}

static bool is_word(const struct node *map, const char *key, const char *word)
{
	const struct node *n = node_at(map, key);

	return n != NULL && !n->broken && !n->hole && text_is(n->text, word);
}

/* Rows of "of these keys ...": all maps and items of one row of the table. */
struct key_rule {
	struct text path; /* of the row */
	const char *keys; /* "text/library" */
	enum { EXACTLY_ONE, AT_MOST_ONE } how_many;
	const char *what; /* "clause" */
};

static const struct key_rule key_rules[] = {
	{TEXT_LITERAL("documents[].clauses"), "text/library", EXACTLY_ONE, "clause"},
	{TEXT_LITERAL("calendars[].holidays"), "set/yearly/date/ics", EXACTLY_ONE, "holiday entry"},
	{TEXT_LITERAL("sla.credits.rules"), "tiers/each_breach/pattern", EXACTLY_ONE,
	 "credit rule"},
	{TEXT_LITERAL("charges"), "price/tiers/pct", AT_MOST_ONE, "charge"},
	{TEXT_LITERAL("charges"), "pct/bands", AT_MOST_ONE, "charge"},
	{TEXT_LITERAL("charges[].multipliers"), "outside/holiday_of", EXACTLY_ONE, "multiplier"},
	{TEXT_LITERAL("charges[].schedule"), "amount/price", EXACTLY_ONE, "schedule entry"},
};

/* A word of a key that makes another key necessary. */
struct need_rule {
	struct text path;
	const char *key, *word, *needs;
};

static const struct need_rule need_rules[] = {
	{TEXT_LITERAL("sla.credits.rules"), "pattern", "", "credit"},
	{TEXT_LITERAL("sla.reporting"), "if_late", "credit", "late_credit"},
	{TEXT_LITERAL("charges"), "bands", "", "bands_of"},
	{TEXT_LITERAL("taxes.categories"), "code", "S", "rate"},
	{TEXT_LITERAL("indexation"), "formula", "index", "index"},
	{TEXT_LITERAL("indexation"), "formula", "fixed", "pct"},
	{TEXT_LITERAL("payment.late_fee"), "kind", "fixed", "amount"},
	{TEXT_LITERAL("payment.late_fee"), "kind", "statutory", "scheme"},
	{TEXT_LITERAL("early_termination_fee"), "formula", "fixed", "amount"},
	{TEXT_LITERAL("early_termination_fee"), "formula", "pct_of_remaining", "steps"},
	{TEXT_LITERAL("notices.deemed"), "rule", "after", "after"},
};

static struct text label_of(struct reader *r, const struct node *map)
{
	/* Clauses are known as document.clause, everything else by its own id. */
	if (text_is(text_of(map->term->path), "documents[].clauses"))
		return text_format(r->a, "%.*s.%.*s", TEXT_ARG(map->parent->parent->key),
				   TEXT_ARG(map->key));
	return map->key;
}

/* "a, b and c"; of two words "a nor b". */
static struct text listed(struct arena *a, const char *words)
{
	struct text rest = text_of(words), out = {"", 0};
	size_t n = 0;

	while (rest.n > 0) {
		struct text word = words_cut(&rest);
		const char *mark = n == 0 ? "" : rest.n > 0 ? ", " : n == 1 ? " nor " : " and ";

		out = text_format(a, "%.*s%s%.*s", TEXT_ARG(out), mark, TEXT_ARG(word));
		n++;
	}
	return n == 2 ? text_format(a, "neither %.*s", TEXT_ARG(out))
		      : text_format(a, "none of %.*s", TEXT_ARG(out));
}

static void check_one_of(struct reader *r, const struct node *map, const struct key_rule *rule)
{
	struct text rest = text_of(rule->keys), first = {"", 0}, second = {"", 0},
		    label = label_of(r, map);
	size_t n = 0;

	while (rest.n > 0) {
		struct text word = words_cut(&rest);

		if (node_at_text(map, word) == NULL)
			continue;
		n++;
		if (n == 1)
			first = word;
		else if (n == 2)
			second = word;
	}
	if (n >= 2)
		problem_node(r, "rule.one_of", map, "%s %.*s has both %.*s and %.*s", rule->what,
			     TEXT_ARG(label), TEXT_ARG(first), TEXT_ARG(second));
	else if (n == 0 && rule->how_many == EXACTLY_ONE)
		problem_node(r, "rule.one_of", map, "%s %.*s has %.*s", rule->what, TEXT_ARG(label),
			     TEXT_ARG(listed(r->a, rule->keys)));
}

static void check_needs(struct reader *r, const struct node *map, const struct need_rule *rule)
{
	const struct node *n = node_at(map, rule->key);

	if (n == NULL || (*rule->word != '\0' && !is_word(map, rule->key, rule->word)) ||
	    has(map, rule->needs))
		return;
	problem_missing(r, "rule.needs", map, rule->needs, "\"%s%s%s\" needs \"%s\"", rule->key,
			*rule->word != '\0' ? ": " : "", rule->word, rule->needs);
}

static void check_map(struct reader *r, const struct node *map)
{
	struct text path = text_of(map->term->path);

	for (size_t i = 0; i < ARRAY_SIZE(key_rules); i++)
		if (text_eq(path, key_rules[i].path))
			check_one_of(r, map, &key_rules[i]);
	for (size_t i = 0; i < ARRAY_SIZE(need_rules); i++)
		if (text_eq(path, need_rules[i].path))
			check_needs(r, map, &need_rules[i]);
}

/* A credit stands beside a pattern only: tiers have their own. */
static void check_credit_key(struct reader *r, const struct node *map)
{
	const struct node *credit = node_at(map, "credit");

	if (text_is(text_of(map->term->path), "sla.credits.rules") && credit != NULL &&
	    !has(map, "pattern"))
		problem_node(r, "rule.needs", credit, "\"credit\" needs \"pattern\"");
}

static void check_currency(struct reader *r, struct node *n, const struct node *contract)
{
	struct text code = n->term->type == TERM_MONEY ? text_of(n->value.money.currency.code)
						       : text_of(n->value.price.currency.code);

	if (contract == NULL || contract->broken || contract->hole || text_eq(code, contract->text))
		return;
	problem_node(r, "rule.currency", n, "\"%.*s\" is not in %.*s, the currency of the contract",
		     TEXT_ARG(n->text), TEXT_ARG(contract->text));
}

/* contract.business_calendar is needed where a bare bd or a roll occurs, also by a default of a block that is there. */
static void check_business_calendar(struct reader *r)
{
	const struct node *contract = node_at(r->root, "contract");

	if (contract == NULL || contract->kind != NODE_MAP || has(contract, "business_calendar"))
		return;
	for (const struct node *n = r->root; n != NULL; n = node_after(n)) {
		if (n->kind == NODE_SCALAR && n->term->type == TERM_DUR && !n->broken && !n->hole &&
		    n->value.duration.unit == UNIT_BD && n->value.duration.calendar.n == 0) {
			problem_node(r, "rule.needs", n,
				     "\"%.*s\" needs contract.business_calendar, or a calendar: "
				     "%.*s@<calendar>",
				     TEXT_ARG(n->text), TEXT_ARG(n->text));
			return;
		}
		if (n->kind == NODE_MAP && is_word(n, "roll", "to_business_day")) {
			problem_node(r, "rule.needs", node_at(n, "roll"),
				     "\"to_business_day\" needs contract.business_calendar");
			return;
		}
		for (size_t i = 1; n->kind == NODE_MAP && i < term_count(); i++) {
			const struct term *t = term_at(i);

			if (t->type != TERM_DUR || term_at(t->parent) != n->term ||
			    t->otherwise == NULL || has(n, t->key) ||
			    !text_ends(text_of(t->otherwise), "bd"))
				continue;
			problem_missing(r, "rule.needs", n, t->key,
					"the default \"%s\" needs contract.business_calendar",
					t->otherwise);
			return;
		}
	}
}

/* sla.md section 10: ranges of one day may touch, not overlap. */
static void check_overlap(struct reader *r, const struct node *hours, unsigned days,
			  const char *where, struct day_range *seen, unsigned *on, size_t *n)
{
	const struct node *open = node_at(hours, "open");

	for (const struct node *m = open == NULL ? NULL : open->child; m != NULL; m = m->next) {
		if (m->broken || m->hole || m->kind != NODE_SCALAR)
			continue;
		struct day_range range = m->value.range;

		for (size_t i = 0; i < *n; i++) {
			if ((on[i] & days) == 0 || seen[i].from_min >= range.to_min ||
			    range.from_min >= seen[i].to_min)
				continue;
			problem_node(r, "rule.hours", m,
				     "\"%.*s\" overlaps %02d:%02d-%02d:%02d of %s",
				     TEXT_ARG(m->text), (int)seen[i].from_min / 60,
				     (int)seen[i].from_min % 60, (int)seen[i].to_min / 60,
				     (int)seen[i].to_min % 60, where);
			break;
		}
		if (*n < ITEMS_MAX) {
			on[*n] = days;
			seen[(*n)++] = range;
		}
	}
}

/* So many ranges of hours are written under a list of items; more than ITEMS_MAX are not compared. */
static size_t ranges_under(const struct node *items)
{
	size_t n = 0;

	for (const struct node *i = items == NULL ? NULL : items->child; i != NULL; i = i->next) {
		const struct node *open = node_at(i, "open");

		n += open == NULL ? 0 : open->n;
	}
	return n < ITEMS_MAX ? n : ITEMS_MAX;
}

static void check_hours(struct reader *r, const struct node *calendar)
{
	const struct node *hours = node_at(calendar, "hours"),
			  *replace = node_at(calendar, "replace");
	size_t most = ranges_under(hours) + ranges_under(replace), n = 0;
	struct day_range *seen = arena_array(r->a, struct day_range, most);
	unsigned *on = arena_array(r->a, unsigned, most);

	for (const struct node *h = hours == NULL ? NULL : hours->child; h != NULL; h = h->next) {
		const struct node *days = h->kind == NODE_MAP ? node_at(h, "days") : NULL;

		if (days != NULL && !days->broken && !days->hole)
			check_overlap(r, h, days->value.days, "the same day", seen, on, &n);
	}
	for (const struct node *h = replace == NULL ? NULL : replace->child; h != NULL;
	     h = h->next) {
		const struct node *date = node_at(h, "date");

		n = 0;
		if (date == NULL)
			continue;
		check_overlap(r, h, 1, "the same date", seen, on, &n);
		for (const struct node *o = replace->child; o != h; o = o->next) {
			const struct node *other = node_at(o, "date");

			if (other != NULL && text_eq(other->text, date->text))
				problem_node(r, "rule.hours", date, "\"%.*s\" has hours twice",
					     TEXT_ARG(date->text));
		}
	}
}

/* Is there anything under n that was reported, or left open? */
static bool unsound(const struct node *top)
{
	const struct node *end = top;

	while (end != NULL && end->next == NULL)
		end = end->parent;
	end = end == NULL ? NULL : end->next;
	for (const struct node *n = top; n != end; n = node_after(n))
		if (n->broken || n->hole)
			return true;
	return false;
}

/* A calendar that is right in itself is built, as the engine will: does it ever open? */
static void check_calendar(struct reader *r, const struct node *calendar)
{
	const struct node *zone = node_at(r->root, "contract.timezone");
	const struct calendar *built;
	struct err err = {.line = 0};
	size_t errors = r->c->findings.errors;

	if (calendar->kind != NODE_MAP || unsound(calendar) || zone == NULL || unsound(zone))
		return;
	check_hours(r, calendar);
	if (r->c->findings.errors != errors || node_at(calendar, "hours") == NULL ||
	    r->context == NULL || r->context->zones == NULL)
		return;
	if (calendar_build(r->a, r->root, calendar, r->context, &built, &err) == RC_OK)
		return;
	problem_err(r, err.code[0] == '\0' ? "ref.unknown" : text_copy(r->a, text_of(err.code)).p,
		    calendar, &err);
}

struct hole_seen {
	struct text name, otherwise;
	const struct node *first;
};

void holes_check(struct reader *r)
{
	const struct node *declared = node_at(r->root, "template.holes");
	struct hole_seen *seen = NULL;
	size_t n = 0, cap = 0;

	for (const struct node *h = r->root; h != NULL && r->c->is_template; h = node_after(h)) {
		struct hole_seen now = {.first = h};
		size_t i = 0;

		if (!h->hole || h->broken)
			continue;
		hole_split(h->text, &now.name, &now.otherwise);
		if (declared != NULL && declared->kind == NODE_ITEMS &&
		    node_item(declared, now.name) == NULL)
			problem_node(r, "ref.unknown", h, "no hole \"%.*s\" in template.holes",
				     TEXT_ARG(now.name));
		while (i < n && !text_eq(seen[i].name, now.name))
			i++;
		if (i == n) {
			seen = arena_grow(r->a, seen, n, &cap, sizeof(*seen));
			seen[n++] = now;
			continue;
		}
		if (seen[i].first->term->type != h->term->type)
			problem_node(r, "rule.hole", h,
				     "hole \"%.*s\" is %s here and %s in line %u",
				     TEXT_ARG(now.name), type_noun(h->term->type),
				     type_noun(seen[i].first->term->type), seen[i].first->line);
		else if (!text_eq(seen[i].otherwise, now.otherwise))
			problem_node(r, "rule.hole", h,
				     "hole \"%.*s\" has another default in line %u",
				     TEXT_ARG(now.name), seen[i].first->line);
	}
}

void rules_check(struct reader *r)
{
	const struct node *currency = node_at(r->root, "contract.currency"),
			  *calendars = node_at(r->root, "calendars"),
			  *patching = node_at(r->root, "security.patching");
	for (struct node *n = r->root; n != NULL; n = node_after_mutable(n)) {
		if (n->kind == NODE_MAP && !n->broken) {
			check_map(r, n);
			check_credit_key(r, n);
		}
		if (n->kind == NODE_SCALAR && !n->broken && !n->hole &&
		    (n->term->type == TERM_MONEY || n->term->type == TERM_PRICE))
			check_currency(r, n, currency);
	}
	for (const struct node *n = patching == NULL ? NULL : patching->child; n != NULL;
	     n = n->next)
		if (word_index("critical/high/other", n->key) < 0)
			problem_node(r, "value.enum", n,
				     "\"%.*s\" is not one of: critical, high, other",
				     TEXT_ARG(shown(r->a, n->key)));
	check_business_calendar(r);
	rules_sla(r);
	rules_money(r);
	for (const struct node *n = calendars == NULL ? NULL : calendars->child; n != NULL;
	     n = n->next)
		check_calendar(r, n);
}
