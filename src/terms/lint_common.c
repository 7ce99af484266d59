/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules of lint share: looking into the tree, the nominal month, lengths of time, amounts in words (LN-6 to LN-9). */
#include "terms/library.h"
#include "terms/lint_rules.h"

#include <assert.h>
#include <stdarg.h>

/* A month's part of one charge above this is no price; the bound keeps every later product within 128 bits. */
static const int64_t amount_max = INT64_C(100000000000);

/* --- the tree --- */

bool lint_has(const struct node *map, const char *key)
{
	return node_at(map, key) != NULL;
}

const struct node *lint_items(const struct node *n, const char *path)
{
	const struct node *list = node_at(n, path);

	return list == NULL || list->kind != NODE_ITEMS ? NULL : list->child;
}

const struct node *lint_member(const struct node *n, const char *path, const char *word)
{
	const struct node *set = node_at(n, path);

	for (const struct node *c = set == NULL ? NULL : set->child; c != NULL; c = c->next)
		if (text_is(c->text, word))
			return c;
	return NULL;
}

void lint_add_word(struct lint *l, struct text *list, const char *word)
{
	*list = list->n == 0 ? text_of(word) : text_format(l->a, "%.*s, %s", TEXT_ARG(*list), word);
}

const char *lint_missing_keys(struct lint *l, const struct node *map, const char *const *keys,
			      size_t n, struct text *list)
{
	const char *first = NULL;

	for (size_t i = 0; i < n; i++) {
		if (lint_has(map, keys[i]))
			continue;
		first = first == NULL ? keys[i] : first;
		lint_add_word(l, list, keys[i]);
	}
	return first;
}

bool lint_is_commitment(const struct node *metric)
{
	return term_choice(metric, "role") == ROLE_COMMITMENT;
}

/* The words of a clause that takes them from the library by itself (`library` instead of `text`). */
static struct text borrowed_words(const struct node *clause)
{
	const struct node *name = node_at(clause, "library");
	const struct library_document *d =
		name == NULL || name->hole ? NULL : library_find(name->text);
	const struct library_words *w = d == NULL ? NULL : library_clause(d, clause->key);

	return w == NULL ? lint_nothing : text_of(w->text);
}

static void add_clause(struct lint *l, struct lint_clause **v, size_t *cap,
		       const struct node *document, const struct node *clause)
{
	const struct node *text = node_at(clause, "text");
	struct lint_clause c = {document, clause, text == NULL ? clause : text,
				text == NULL ? borrowed_words(clause) : text->text};

	if (clause_number(clause) == 0)
		return;
	*v = arena_grow(l->a, *v, l->n_clauses, cap, sizeof(**v));
	(*v)[l->n_clauses++] = c;
}

void lint_find_clauses(struct lint *l)
{
	const struct contract *c = l->in->contract;
	struct lint_clause *v = NULL;
	size_t cap = 0;

	for (const struct node *d = lint_items(l->root, "documents"); d != NULL; d = d->next) {
		for (size_t i = 0; i < c->n_library_clauses; i++)
			if (c->library_clauses[i]->parent == d)
				add_clause(l, &v, &cap, d, c->library_clauses[i]);
		for (const struct node *own = lint_items(d, "clauses"); own != NULL;
		     own = own->next)
			add_clause(l, &v, &cap, d, own);
	}
	l->clauses = v;
}

/* --- amounts --- */

static i128 floor_of(struct fraction f)
{
	return f.num / f.den;
}

/* a x b, where both are not negative; false: too large to be meant. */
static bool times(struct fraction a, struct fraction b, struct fraction *out)
{
	if ((floor_of(a) + 1) * (floor_of(b) + 1) > amount_max)
		return false;
	*out = fraction_mul(a, b);
	return true;
}

/* To the millionth, so that sums of unlike fractions stay within 128 bits. */
static struct fraction settle(struct fraction f)
{
	return fraction_of_decimal(fraction_round(f, 6, ROUND_HALF_UP));
}

bool lint_settled(struct fraction exact, struct fraction *out)
{
	if (floor_of(exact) / 10 >= amount_max)
		return false;
	*out = settle(exact);
	return true;
}

bool lint_months(struct duration d, struct fraction *months)
{
	if (d.n == 0)
		return false;
	switch (d.unit) {
	case UNIT_MO:
		*months = fraction_of(d.n, 1);
		return true;
	case UNIT_Y:
		*months = fraction_of((i128)d.n * 12, 1);
		return true;
	case UNIT_D:
		*months = fraction_of((i128)d.n * 12, 365);
		return true;
	case UNIT_W:
		*months = fraction_of((i128)d.n * 84, 365);
		return true;
	case UNIT_MIN:
	case UNIT_H:
	case UNIT_BD:
		return false;
	}
	return false;
}

static struct fraction lesser(struct fraction a, struct fraction b)
{
	return fraction_cmp(a, b) < 0 ? a : b;
}

static struct fraction greater(struct fraction a, struct fraction b)
{
	return fraction_cmp(a, b) > 0 ? a : b;
}

/* Whole packages for a quantity (FK-23), in units. */
static struct fraction in_blocks(const struct node *charge, struct fraction quantity)
{
	int64_t block = 1;

	(void)term_int(charge, "block", &block);
	if (block <= 1 || text_is(term_text(charge, "block_rounding"), "exact"))
		return quantity;

	struct fraction blocks = fraction_div(quantity, fraction_of(block, 1));
	i128 whole = floor_of(blocks);

	if (fraction_cmp(blocks, fraction_of(whole, 1)) > 0)
		whole++;
	return fraction_of(whole * block, 1);
}

/* The amount of `units` at one tier: its price per package, and `flat` where the tier is entered (money.md R40). */
static bool tier_amount(const struct node *charge, const struct node *tier, struct fraction units,
			bool entered, struct fraction *sum)
{
	const struct node *price = node_at(tier, "price");
	int64_t block = 1;
	struct money flat;
	struct fraction part;

	(void)term_int(charge, "block", &block);
	if (price != NULL && !price->hole && units.num > 0) {
		if (!times(fraction_div(units, fraction_of(block, 1)),
			   fraction_of_decimal(price->value.price.amount), &part))
			return false;
		*sum = fraction_add(*sum, settle(part));
	}
	if (entered && term_money(tier, "flat", &flat)) {
		if (!times(money_exact(flat), fraction_of(1, 1), &part))
			return false;
		*sum = fraction_add(*sum, settle(part));
	}
	return true;
}

/* Units from `below` to `upto`, counted as the tiers count, at their tiers (FK-21, FK-22). */
static bool tiers_amount(const struct node *charge, struct fraction below, struct fraction upto,
			 struct fraction *sum)
{
	bool volume = text_is(term_text(charge, "tier_mode"), "volume"), reached = false;
	struct fraction from = fraction_of(0, 1);

	for (const struct node *t = lint_items(charge, "tiers"); t != NULL && !reached;
	     t = t->next) {
		struct decimal end;
		bool ends = term_decimal(t, "up_to", &end);
		struct fraction to = ends ? fraction_of_decimal(end) : upto;
		bool first = from.num == 0, entered = first || fraction_cmp(upto, from) > 0;
		struct fraction units = fraction_of(0, 1);

		reached = !ends || fraction_cmp(upto, to) <= 0;
		if (volume)
			units = reached ? fraction_sub(upto, below) : units;
		else if (fraction_cmp(lesser(to, upto), greater(from, below)) > 0)
			units = fraction_sub(lesser(to, upto), greater(from, below));
		if (!tier_amount(charge, t, units, entered, sum))
			return false;
		from = to;
	}
	return reached;
}

bool lint_rate(const struct node *charge, struct fraction quantity, struct fraction *amount)
{
	const struct node *included = node_at(charge, "included"),
			  *price = node_at(charge, "price");
	struct decimal free_units = {0, 0};
	struct fraction zero = fraction_of(0, 1), billable, sum = zero;
	bool known;

	if (floor_of(quantity) > amount_max)
		return false;
	if (included != NULL)
		(void)term_decimal(included, "qty", &free_units);
	billable = fraction_sub(quantity, fraction_of_decimal(free_units));
	billable = billable.num < 0 ? zero : in_blocks(charge, billable);
	if (price != NULL && !price->hole) {
		known = tier_amount(charge, charge, billable, false, &sum);
	} else if (lint_has(charge, "tiers")) {
		bool all = text_is(term_text(charge, "tiers_count"), "all");
		struct fraction below =
			all && billable.num > 0 ? fraction_of_decimal(free_units) : zero;

		known = tiers_amount(charge, below, fraction_add(below, billable), &sum);
	} else {
		known = false;
	}
	if (known)
		*amount = sum;
	return known;
}

/* The word of services[].covers[].unit for what charges[].count counts; empty: nothing that is planned. */
static struct text planned_unit(struct text count)
{
	static const char *const pairs[][2] = {
		{"active_users", "user"}, {"devices", "device"}, {"servers", "server"},
		{"mailboxes", "mailbox"}, {"sites", "site"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		if (text_is(count, pairs[i][0]))
			return text_of(pairs[i][1]);
	return lint_nothing;
}

/* services[].covers of the unit that a charge counts; its own service's, if it names one (LN-6). */
static struct fraction planned_quantity(const struct lint *l, const struct node *charge)
{
	struct text unit = planned_unit(term_text(charge, "count"));
	const struct node *only = term_ref(charge, "service");
	int64_t sum = 0;

	for (const struct node *s = lint_items(l->root, "services"); s != NULL; s = s->next) {
		if (only != NULL && s != only)
			continue;
		for (const struct node *c = lint_items(s, "covers"); c != NULL; c = c->next) {
			int64_t n = 0;

			if (unit.n > 0 && text_eq(term_text(c, "unit"), unit) &&
			    term_int(c, "qty", &n))
				sum += n;
		}
	}
	return fraction_of(sum, 1);
}

struct fraction lint_nominal_charge(const struct lint *l, const struct node *charge)
{
	struct fraction zero = fraction_of(0, 1), amount = zero, months;
	int type = term_choice(charge, "type");
	struct duration period;
	struct money m;

	if (type != CHARGE_RECURRING && type != CHARGE_PREPAID && type != CHARGE_PER_UNIT)
		return zero;
	if (!term_duration(charge, "period", &period) || !lint_months(period, &months))
		return zero;
	if (type == CHARGE_PER_UNIT) {
		if (!lint_rate(charge, planned_quantity(l, charge), &amount))
			return zero;
	} else {
		if (!term_money(charge, "amount", &m))
			return zero;
		amount = money_exact(m);
	}
	if (!times(amount, fraction_div(fraction_of(1, 1), months), &amount))
		return zero;
	return settle(amount);
}

struct fraction lint_nominal_month(const struct lint *l, const bool *of)
{
	struct fraction sum = fraction_of(0, 1);
	size_t i = 0;

	for (const struct node *c = lint_items(l->root, "charges"); c != NULL; c = c->next, i++)
		if (of == NULL || of[i])
			sum = fraction_add(sum, lint_nominal_charge(l, c));
	return sum;
}

struct fraction lint_nominal_of(const struct lint *l, const char *path)
{
	const struct node *set = node_at(l->root, path);
	struct fraction sum = fraction_of(0, 1);

	if (set == NULL)
		return lint_nominal_month(l, NULL);
	for (const struct node *c = set->child; c != NULL; c = c->next)
		if (c->value.ref != NULL)
			sum = fraction_add(sum, lint_nominal_charge(l, c->value.ref));
	return sum;
}

struct fraction lint_effect_charge(const struct lint *l, const struct node *charge)
{
	const struct lint_facts *f = l->in->facts;
	struct fraction part = fraction_of(0, 1);
	int type = term_choice(charge, "type");

	if (f == NULL)
		return lint_nominal_charge(l, charge);
	if (type == CHARGE_ONE_TIME || type == CHARGE_MILESTONE)
		return part;
	for (size_t i = 0; i < f->n; i++) {
		struct fraction total = money_exact(f->v[i].total);

		if (!text_eq(f->v[i].charge, charge->key))
			continue;
		if (floor_of(total) >= amount_max || floor_of(total) <= -amount_max)
			return fraction_of(0, 1);
		part = settle(fraction_mul(total, fraction_of(1, f->n_months)));
	}
	return part;
}

struct fraction lint_effect_month(const struct lint *l)
{
	struct fraction sum = fraction_of(0, 1);

	for (const struct node *c = lint_items(l->root, "charges"); c != NULL; c = c->next)
		sum = fraction_add(sum, lint_effect_charge(l, c));
	return sum.num < 0 ? fraction_of(0, 1) : sum;
}

struct fraction lint_effect_of(const struct lint *l, const char *path)
{
	const struct node *set = node_at(l->root, path);
	struct fraction sum = fraction_of(0, 1);

	if (set == NULL)
		return lint_effect_month(l);
	for (const struct node *c = set->child; c != NULL; c = c->next)
		if (c->value.ref != NULL)
			sum = fraction_add(sum, lint_effect_charge(l, c->value.ref));
	return sum.num < 0 ? fraction_of(0, 1) : sum;
}

/* "1234567.80" to "1,234,567.80" */
static struct text grouped(const struct lint *l, struct text plain)
{
	size_t whole = text_find(plain, '.', 0), from = plain.n > 0 && plain.p[0] == '-' ? 1 : 0;
	struct text out = text_sub(plain, 0, from);

	for (size_t i = from; i < whole; i++)
		out = text_format(l->a, "%.*s%s%c", TEXT_ARG(out),
				  i > from && (whole - i) % 3 == 0 ? "," : "", plain.p[i]);
	return text_format(l->a, "%.*s%.*s", TEXT_ARG(out),
			   TEXT_ARG(text_sub(plain, whole, plain.n)));
}

static struct text too_large(void)
{
	return text_of("more than can be meant");
}

struct text lint_number(const struct lint *l, struct fraction f, unsigned places)
{
	i128 room = (i128)1000000000 * 1000000000;
	struct buf b;

	for (unsigned i = 0; i < places; i++)
		room /= 10;
	if (floor_of(f) >= room || floor_of(f) <= -room)
		return too_large();
	buf_init(&b, 64);
	decimal_print(&b, fraction_round(f, places, ROUND_HALF_UP));

	struct text plain = text_copy(l->a, buf_view(&b));

	buf_free(&b);
	return grouped(l, plain);
}

static struct currency contract_currency(const struct lint *l)
{
	struct currency c = {"", 0};
	const struct node *contract = node_at(l->root, "contract");

	(void)currency_find(term_text(contract, "currency"), &c);
	return c;
}

static enum rounding contract_rounding(const struct lint *l)
{
	const struct node *rounding = node_at(l->root, "contract.rounding");
	int mode = rounding == NULL ? ROUND_HALF_UP : term_choice(rounding, "mode");

	return mode == ROUND_DOWN        ? ROUND_DOWN
	       : mode == ROUND_HALF_EVEN ? ROUND_HALF_EVEN
					 : ROUND_HALF_UP;
}

struct text lint_amount(const struct lint *l, struct fraction amount)
{
	struct currency c = contract_currency(l);
	struct buf b;

	if (floor_of(amount) / 1000 > amount_max)
		return too_large();
	buf_init(&b, 64);
	money_print(&b, money_round(amount, c, contract_rounding(l)));

	struct text printed = text_copy(l->a, buf_view(&b)), figure;
	struct text code = text_cut(printed, ' ', &figure);

	buf_free(&b);
	return text_format(l->a, "%.*s %.*s", TEXT_ARG(grouped(l, figure)), TEXT_ARG(code));
}

struct text lint_effect_money(const struct lint *l, const char *words, struct fraction amount)
{
	return lint_effect(l, "%s%s%.*s", words, *words == '\0' ? "" : " ",
			   TEXT_ARG(lint_amount(l, amount)));
}

struct text lint_effect(const struct lint *l, const char *fmt, ...)
{
	enum { EFFECT_MAX = 4096 };
	char line[EFFECT_MAX];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(line, sizeof(line), fmt, ap);

	va_end(ap);
	assert(n >= 0);
	if (l->in->facts != NULL)
		return text_format(l->a, "on %.*s: %s", TEXT_ARG(l->in->facts->months), line);
	return text_format(l->a, "on the nominal month: %s", line);
}

struct fraction lint_share(struct decimal percent)
{
	return fraction_div(fraction_of_decimal(percent), fraction_of(100, 1));
}

/* --- time --- */

struct fraction lint_minutes(struct fraction percent)
{
	return fraction_mul(percent, fraction_of(INT64_C(30) * 24 * 60, 100));
}

/* So late that what is counted from it stays inside the calendar. */
static day bounded(day d)
{
	day last = day_of(9900, 1, 1);

	return d > last ? last : d;
}

day lint_effective_day(const struct lint *l)
{
	if (l->p != NULL && l->p->effective_day != DAY_NONE)
		return bounded(l->p->effective_day);
	if (l->p != NULL && l->in->as_of != INSTANT_NONE)
		return bounded(zone_day(l->p->zone, l->in->as_of));
	return day_of(2026, 1, 1);
}

day lint_service_day(const struct lint *l)
{
	if (l->p != NULL && l->p->service_start_day != DAY_NONE)
		return bounded(l->p->service_start_day);
	return lint_effective_day(l);
}

bool lint_from_edge(const struct lint *l, struct duration d, int sign, day edge, bool roll,
		    instant *out)
{
	const struct promise *p = l->p;
	struct err err = {.line = 0};

	if (p == NULL)
		return false;

	struct duration_context c = {
		.zone = p->zone,
		.calendar = d.calendar.n == 0 ? NULL : promise_calendar(p, d.calendar),
		.business = p->business,
		.roll = roll && p->roll,
	};

	return duration_add(d, sign, ANCHOR_EDGE, zone_midnight(p->zone, edge), &c, out, &err) ==
	       RC_OK;
}

bool lint_longer(const struct lint *l, struct duration a, struct duration b)
{
	day from = lint_effective_day(l);
	instant end_a, end_b;

	return lint_from_edge(l, a, 1, from, false, &end_a) &&
	       lint_from_edge(l, b, 1, from, false, &end_b) && end_a > end_b;
}

struct text lint_when(const struct lint *l, instant t, bool edge)
{
	struct local at = zone_local(l->p->zone, t);
	bool day_end = edge && at.ms == 0;
	struct civil c = civil_of(day_end ? at.date - 1 : at.date);
	int minutes = day_end ? 24 * 60 : (int)(at.ms / MINUTE_MS);

	return text_format(l->a, "%04d-%02d-%02d %02d:%02d", (int)c.year, (int)c.month, (int)c.mday,
			   minutes / 60, minutes % 60);
}

struct text lint_weekday_when(const struct lint *l, instant t)
{
	static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

	return text_format(l->a, "%s %.*s", names[weekday_of(zone_day(l->p->zone, t))],
			   TEXT_ARG(lint_when(l, t, false)));
}

bool lint_same_length(struct duration a, struct duration b)
{
	struct duration *both[] = {&a, &b};

	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		struct duration *d = both[i];

		if (d->unit == UNIT_W)
			*d = (struct duration){d->n * 7, UNIT_D, d->calendar};
		else if (d->unit == UNIT_Y)
			*d = (struct duration){d->n * 12, UNIT_MO, d->calendar};
		else if (d->unit == UNIT_H)
			*d = (struct duration){d->n * 60, UNIT_MIN, d->calendar};
	}
	return a.n == b.n && a.unit == b.unit;
}
