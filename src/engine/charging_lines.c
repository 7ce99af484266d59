/* SPDX-License-Identifier: Apache-2.0 */
/* Lines: pieces of a period, how they are rounded, the steps that explain them, the facts they rest on. */
#include "engine/charging_parts.h"
#include "engine/index.h"
#include "facts/pack.h"

#include <assert.h>
#include <string.h>

/* --- steps --- */

struct step step_count(enum step_what what, unsigned rule, int64_t count)
{
	return (struct step){(uint16_t)what, (uint16_t)rule, STEP_IS_COUNT, -1, {.count = count}};
}

struct step step_decimal(enum step_what what, unsigned rule, struct decimal d)
{
	return (struct step){(uint16_t)what, (uint16_t)rule, STEP_IS_DECIMAL, -1, {.decimal = d}};
}

struct step step_fraction(enum step_what what, unsigned rule, struct fraction f)
{
	return (struct step){(uint16_t)what, (uint16_t)rule, STEP_IS_FRACTION, -1, {.fraction = f}};
}

struct step step_money(enum step_what what, unsigned rule, int64_t minor)
{
	return (struct step){(uint16_t)what, (uint16_t)rule, STEP_IS_MONEY, -1, {.count = minor}};
}

struct step step_days(enum step_what what, unsigned rule, struct days d)
{
	return (struct step){(uint16_t)what, (uint16_t)rule, STEP_IS_DAYS, -1, {.days = d}};
}

struct step step_weight(enum step_what what, unsigned rule, struct weight w)
{
	return (struct step){(uint16_t)what, (uint16_t)rule, STEP_IS_WEIGHT, -1, {.weight = w}};
}

struct step step_pct(enum step_what what, unsigned rule, struct decimal d)
{
	return (struct step){(uint16_t)what, (uint16_t)rule, STEP_IS_PCT, -1, {.decimal = d}};
}

struct step step_from(struct step s, int64_t entry)
{
	s.entry = entry;
	return s;
}

/* Arrays of lines and steps double at powers of two: no capacity is kept in what becomes a document. */
static bool is_full(size_t n, size_t first)
{
	return n == 0 || (n >= first && (n & (n - 1)) == 0);
}

void line_step(struct charging *c, struct invoice_line *line, struct step step)
{
	enum { FIRST = 8 };
	size_t n = line->n_steps;

	struct step *v;

	if (is_full(n, FIRST)) {
		v = arena_array(c->arena, struct step, n == 0 ? FIRST : 2 * n);
		if (n > 0)
			memcpy(v, line->steps, n * sizeof(*v));
		v[n] = step;
		line->steps = v;
	} else {
		/* the array is this module's own: only the document sees it as const */
		memcpy(&v, &line->steps, sizeof(v));
		v[n] = step;
	}
	line->n_steps = n + 1;
}

void line_add(struct charging *c, struct item *it, const struct invoice_line *line)
{
	enum { FIRST = 1 };
	size_t n = it->n_lines;

	struct invoice_line *v;

	if (is_full(n, FIRST)) {
		v = arena_array(c->arena, struct invoice_line, n == 0 ? FIRST : 2 * n);
		if (n > 0)
			memcpy(v, it->lines, n * sizeof(*v));
		v[n] = *line;
		it->lines = v;
	} else {
		memcpy(&v, &it->lines, sizeof(v));
		v[n] = *line;
	}
	it->n_lines = n + 1;
}

struct text rule_text(struct arena *a, unsigned rule)
{
	static const char name[] = "money.md R";
	enum { NAME = sizeof(name) - 1, DIGITS = 3 };
	char *p = arena_alloc(a, NAME + DIGITS);
	size_t n = NAME;

	assert(rule < 1000);
	memcpy(p, name, NAME);
	if (rule >= 100)
		p[n++] = (char)('0' + rule / 100);
	if (rule >= 10)
		p[n++] = (char)('0' + rule / 10 % 10);
	p[n++] = (char)('0' + rule % 10);
	return (struct text){p, n};
}

static struct text type_word(enum charge_type t)
{
	static const char *const words[] = {
		[CHARGE_ONE_TIME] = "one_time",   [CHARGE_RECURRING] = "recurring",
		[CHARGE_PER_UNIT] = "per_unit",   [CHARGE_USAGE] = "usage",
		[CHARGE_TIME] = "time",           [CHARGE_PREPAID] = "prepaid",
		[CHARGE_MILESTONE] = "milestone", [CHARGE_PASS_THROUGH] = "pass_through",
		[CHARGE_DISCOUNT] = "discount",
	};

	return text_of(words[t]);
}

struct invoice_line line_of(const struct charging *c, const struct item *it, unsigned rule)
{
	const struct priced_charge *x = slot_charge(c, it->slot, it->version);
	const struct pricing *p = c->versions[it->version].pricing;
	struct invoice_line line = {.role = LINE_CHARGE,
				    .charge = c->slots[it->slot].id,
				    .item_part = it->part,
				    .item = it->service,
				    .period = it->service,
				    .quantity = {1, 1},
				    .price_base = 1,
				    .tax = -1};

	line.name = x->name;
	line.clause = x->clause;
	line.type = type_word(x->base->type);
	line.rule = rule_text(c->arena, rule);
	line.unit = x->unit;
	line.counts = true;
	if (x->category >= 0)
		line.category = p->categories[x->category].id;
	line.evidence.kind = text_of("contract");
	return line;
}

bool charge_round(const struct charging *c, struct fraction exact, int64_t *minor)
{
	enum rounding mode = c->versions[c->n_versions - 1].pricing->promise->rounding;
	struct money m = {0, c->currency};

	if (!money_try_round(exact, c->currency, mode, &m))
		return false;
	*minor = m.minor;
	return true;
}

/*
 * Some ids of facts, of `left` that follow. Facts, and the bytes of ids, lie far apart where there are millions: those of the next facts
 * are asked for while these are copied.
 */
enum { IDS_BLOCK = 32 };

static void add_ids(const struct charging *c, const uint32_t *facts, size_t left, struct buf *out)
{
	struct text ids[IDS_BLOCK];
	char room[IDS_BLOCK][UUID_TEXT + 1];
	size_t n = left < IDS_BLOCK ? left : IDS_BLOCK;

	for (size_t i = 0; i < n; i++) {
		if (i + IDS_BLOCK < left)
			__builtin_prefetch(&c->view->facts->v[facts[i + IDS_BLOCK]]);
		ids[i] = facts_id(c->view->facts, view_fact(c->view, facts[i]), room[i]);
		__builtin_prefetch(ids[i].p);
	}
	for (size_t i = 0; i < n; i++) {
		buf_text(out, ids[i]);
		buf_char(out, '\n');
	}
}

/* The hash of a few short ids: what most lines have, and no memory to ask for. False: too long. */
static bool hash_few(const struct charging *c, const uint32_t *facts, size_t n, unsigned char *out)
{
	char bytes[1024];
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		char room[UUID_TEXT + 1];
		struct text id = facts_id(c->view->facts, view_fact(c->view, facts[i]), room);

		if (id.n >= sizeof(bytes) - used)
			return false;
		if (id.n > 0)
			memcpy(bytes + used, id.p, id.n);
		used += id.n;
		bytes[used++] = '\n';
	}
	sha256((struct text){bytes, used}, out);
	return true;
}

static void hash_ids(const struct charging *c, const uint32_t *facts, size_t n, unsigned char *out)
{
	struct buf ids;

	if (n <= IDS_BLOCK && hash_few(c, facts, n, out))
		return;
	buf_init(&ids, SIZE_MAX / 2);
	for (size_t i = 0; i < n; i += IDS_BLOCK)
		add_ids(c, facts + i, n - i, &ids);
	assert(!ids.full);
	sha256(buf_view(&ids), out);
	buf_free(&ids);
}

/* Their ids in order, a line each, as whoever has the log can hash them again. */
struct evidence evidence_of(struct charging *c, const char *kind, const uint32_t *facts, size_t n)
{
	struct evidence e = {.kind = text_of(kind), .count = (int64_t)n};
	size_t listed = n < EVIDENCE_LISTED ? n : EVIDENCE_LISTED;

	if (n == 0)
		return e;
	hash_ids(c, facts, n, e.hash.b);

	int64_t *entries = arena_array(c->arena, int64_t, listed);

	for (size_t i = 0; i < listed; i++)
		entries[i] = entry_of(c, facts[i]);
	e.entries = entries;
	e.n_entries = listed;
	return e;
}

/* --- pieces of a period --- */

struct share_list {
	struct share *v;
	size_t n;
};

/* A piece without the days that a pause takes out. */
static void add_unpaused(struct charging *c, size_t slot, const struct service_period *p,
			 const struct price_piece *price, const struct days *pauses,
			 size_t n_pauses, struct share_list *to)
{
	struct days left = price->days;

	for (size_t i = 0; i <= n_pauses; i++) {
		struct days own = left;

		if (i < n_pauses) {
			if (pauses[i].to <= left.from || pauses[i].from >= left.to)
				continue;
			own.to = pauses[i].from;
			left.from = pauses[i].to;
		}
		if (days_empty(own))
			continue;
		to->v[to->n++] = (struct share){.days = own,
						.price = price,
						.weight = slot_weight(c, slot, own, p->full),
						.exact = {0, 1}};
	}
}

size_t shares_cut(struct charging *c, size_t slot, const struct service_period *p,
		  struct share **out)
{
	const struct price_piece *pieces = NULL;
	const struct days *pauses = NULL;
	size_t n = slot_prices(c, slot, p->own, &pieces), n_pauses = 0;
	struct share_list list = {NULL, 0};

	if (c->view->kinds[FACT_PAUSE_AGREED].n > 0)
		n_pauses = slot_pauses(c, slot, p->own, &pauses);
	list.v = arena_array(c->arena, struct share, n + n_pauses);
	for (size_t i = 0; i < n; i++)
		add_unpaused(c, slot, p, &pieces[i], pauses, n_pauses, &list);
	*out = list.v;
	return list.n;
}

size_t shares_of(struct charging *c, size_t slot, const struct service_period *p,
		 struct share **out)
{
	size_t n = shares_cut(c, slot, p, out);

	/* `none`: the first day of the period has the price of all of it (R13). */
	if (n < 2 || slot_charge(c, slot, (*out)[0].price->version)->day_count != DAY_COUNT_NONE)
		return n;
	(*out)[0].days = p->own;
	return 1;
}

bool card_same_prices(const struct rate_card *x, const struct rate_card *y)
{
	if (x->n_tiers != y->n_tiers || decimal_cmp(x->price, y->price) != 0)
		return false;
	for (size_t i = 0; i < x->n_tiers; i++)
		if (x->tiers[i].open != y->tiers[i].open ||
		    decimal_cmp(x->tiers[i].up_to, y->tiers[i].up_to) != 0 ||
		    decimal_cmp(x->tiers[i].price, y->tiers[i].price) != 0 ||
		    decimal_cmp(x->tiers[i].flat, y->tiers[i].flat) != 0)
			return false;
	return true;
}

bool card_same(const struct rate_card *x, const struct rate_card *y)
{
	return x == y ||
	       (x->volume == y->volume && x->count_all == y->count_all && x->pct == y->pct &&
		x->block_exact == y->block_exact && decimal_cmp(x->block, y->block) == 0 &&
		x->included.num == y->included.num && x->included.den == y->included.den &&
		card_same_prices(x, y));
}

static bool one_price(const struct share *x, const struct share *y)
{
	return decimal_cmp(x->price->amount, y->price->amount) == 0 &&
	       card_same(x->price->card, y->price->card);
}

/* Neighbours v[0 .. n) of one price: one amount, rounded once and split (R15, X11). */
static bool round_split(struct charging *c, struct share *v, size_t n)
{
	struct fraction sum = {0, 1}, *weights;
	struct money total = {0, c->currency}, *parts;
	i128 days = 0;

	if (n == 1)
		return charge_round(c, v[0].exact, &v[0].net);
	weights = arena_array(c->arena, struct fraction, n);
	parts = arena_array(c->arena, struct money, n);
	for (size_t i = 0; i < n; i++) {
		weights[i] = (struct fraction){
			v[i].exact.num < 0 ? -v[i].exact.num : v[i].exact.num, v[i].exact.den};
		days += v[i].exact.num != 0 ? 1 : 0;
		if (!fraction_try_add(sum, v[i].exact, &sum))
			return false;
	}
	if (days == 0) {
		for (size_t i = 0; i < n; i++)
			v[i].net = 0;
		return true;
	}
	if (!charge_round(c, sum, &total.minor) || !money_try_allocate(total, weights, n, parts))
		return false;
	for (size_t i = 0; i < n; i++)
		v[i].net = parts[i].minor;
	return true;
}

bool shares_round(struct charging *c, struct share *v, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t end = i + 1;

		while (end < n && one_price(&v[i], &v[end]))
			end++;
		if (!round_split(c, v + i, end - i))
			return false;
		i = end;
	}
	return true;
}

/* --- lines of a rate card --- */

const struct rate_card *card_at_total(struct charging *c, const struct rate_card *card,
				      struct fraction total)
{
	struct rate_card *one;
	struct rate_tier *tier;
	struct fraction reached = {0, 1};
	size_t i = 0;

	if (!card->volume || card->n_tiers < 2 || !rate_billed(card, total, &reached))
		return card;
	if (card->count_all && card->included.den > 0)
		reached = total;
	while (i + 1 < card->n_tiers &&
	       fraction_cmp(reached, fraction_of_decimal(card->tiers[i].up_to)) > 0)
		i++;
	tier = arena_one(c->arena, struct rate_tier);
	one = arena_one(c->arena, struct rate_card);
	*one = *card;
	*tier = card->tiers[i];
	tier->open = true;
	one->tiers = tier;
	one->n_tiers = 1;
	return one;
}

const struct rate_card *card_including(struct charging *c, const struct rate_card *card,
				       struct fraction included)
{
	struct rate_card *copy = arena_one(c->arena, struct rate_card);

	*copy = *card;
	copy->included = included.num > 0 ? included : (struct fraction){0, 0};
	return copy;
}

/* net == round(quantity x price / base): then the line says so (R151). */
static bool is_priced(const struct charging *c, const struct invoice_line *line)
{
	struct fraction f = {0, 1};
	int64_t minor = 0;

	return fraction_try_mul(line->quantity, fraction_of_decimal(line->price), &f) &&
	       fraction_try_mul(f, fraction_of(1, line->price_base), &f) &&
	       charge_round(c, f, &minor) && minor == line->net;
}

/*
 * The units of a part as they are printed, and for how many of them the price is: whole units for a whole period; else units x days of the
 * piece, priced for the days of the period (R151: 1,493 user-days at 85.00 per 30).
 */
static void part_quantity(struct invoice_line *line, const struct card_lines *l,
			  const struct rate_part *part)
{
	int64_t days = l->unit_days > 0 ? l->unit_days : l->weight.days, base = l->weight.of;
	struct fraction q = part->quantity, all = {0, 1};

	if (l->unit_days > 0 && l->weight.days > 0) {
		/* unit-days of the piece per days of its weight; whole days only */
		i128 of = (i128)l->unit_days * l->weight.of;

		base = of % l->weight.days == 0 && of / l->weight.days <= INT64_MAX
			       ? (int64_t)(of / l->weight.days)
			       : 0;
	}
	line->quantity = q;
	line->price_base = 1;
	if ((l->weight.days != l->weight.of || q.den != 1) && base > 0 &&
	    fraction_try_mul(q, fraction_of(days, 1), &all) && all.den == 1) {
		line->quantity = all;
		line->price_base = base;
		line->unit = text_of("day");
	}
	if (!part->flat && l->card->block.units > 0 && l->card->block.scale == 0 &&
	    __builtin_mul_overflow(line->price_base, l->card->block.units, &line->price_base))
		line->price_base = 1;
}

static struct text part_name(struct charging *c, const struct card_lines *l,
			     const struct rate_part *part)
{
	struct text id;

	if (l->card->n_tiers == 0)
		return l->like->part;
	assert(part->tier < l->charge->card.n_tiers);
	id = l->charge->tier_ids[part->tier];
	return part->flat ? text_format(c->arena, "%.*s.flat", TEXT_ARG(id)) : id;
}

/* `last` of those that are like l->like: it takes over the steps, all others have copies of their own. */
static void add_part(struct charging *c, struct item *it, const struct card_lines *l,
		     const struct rate_part *part, int64_t net, struct fraction exact, bool last)
{
	struct invoice_line line = *l->like;
	bool pct = l->card->pct;

	if (!last) {
		line.steps = NULL;
		line.n_steps = 0;
		for (size_t i = 0; i < l->like->n_steps; i++)
			line_step(c, &line, l->like->steps[i]);
	}
	line.part = part_name(c, l, part);
	line.net = net;
	line.exact = exact;
	line.price = part->rate;
	part_quantity(&line, l, part);
	/* a percentage is no price per unit, and an open fraction of units cannot be printed */
	line.priced = !pct && is_priced(c, &line);
	if (l->card->n_tiers > 0)
		line_step(c, &line, step_count(STEP_TIER, 40, (int64_t)part->tier + 1));
	if (part->flat)
		line_step(c, &line, step_decimal(STEP_FLAT, 40, part->rate));
	else
		line_step(c, &line, step_fraction(STEP_BILLABLE, 37, part->quantity));
	if (pct)
		line_step(c, &line, step_pct(STEP_PERCENT, 41, part->rate));
	line_step(c, &line, step_fraction(STEP_EXACT, 14, exact));
	line_step(c, &line, step_money(STEP_ROUNDED, 83, net));
	line_add(c, it, &line);
}

/* A quantity of nothing still says so: one line at 0.00. */
static void add_nothing(struct charging *c, struct item *it, const struct card_lines *l)
{
	struct rate_part part = {.quantity = {0, 1}, .amount = {0, 1}};

	part.rate = l->card->n_tiers > 0 ? l->card->tiers[0].price : l->card->price;
	add_part(c, it, l, &part, l->net, l->exact, true);
}

bool card_lines_add(struct charging *c, struct item *it, const struct card_lines *l)
{
	struct rate_parts parts = {.amount = {0, 1}};
	struct fraction *weights, w = fraction_of(l->weight.days, l->weight.of);
	struct money *nets;

	if (!rate_parts(c->arena, l->card, l->before, l->total, &parts))
		return false;
	if (parts.n == 0) {
		add_nothing(c, it, l);
		return true;
	}
	if (parts.n == 1) {
		add_part(c, it, l, &parts.v[0], l->net, l->exact, true);
		return true;
	}
	weights = arena_array(c->arena, struct fraction, parts.n);
	nets = arena_array(c->arena, struct money, parts.n);

	bool signs = false;

	for (size_t i = 0; i < parts.n; i++) {
		if (!fraction_try_mul(parts.v[i].amount, w, &weights[i]))
			return false;
		signs = signs || weights[i].num < 0;
	}
	if (signs || parts.amount.num <= 0) {
		/* volume: the tier left behind gives its units back; each rounds on its own, the last takes the rest */
		int64_t rest = l->net;

		for (size_t i = 0; i + 1 < parts.n; i++) {
			if (!charge_round(c, weights[i], &nets[i].minor) ||
			    __builtin_sub_overflow(rest, nets[i].minor, &rest))
				return false;
		}
		nets[parts.n - 1].minor = rest;
	} else if (!money_try_allocate((struct money){l->net, c->currency}, weights, parts.n,
				       nets)) {
		return false;
	}
	for (size_t i = 0; i < parts.n; i++)
		add_part(c, it, l, &parts.v[i], nets[i].minor, weights[i], i + 1 == parts.n);
	return true;
}

/* --- why a price holds --- */

void price_steps_add(struct charging *c, struct invoice_line *line, const struct price_piece *p,
		     enum step_what what)
{
	const struct adjustment *a = p->adjustment;

	if (p->why == PRICE_SCHEDULE)
		line_step(c, line, step_days(STEP_SCHEDULE, 52, p->days));
	if (p->why == PRICE_INDEX && a != NULL) {
		line_step(c, line,
			  step_from(step_decimal(STEP_INDEX_NOW, 54, a->value_now), a->entry_now));
		line_step(
			c, line,
			step_from(step_decimal(STEP_INDEX_BASE, 54, a->value_base), a->entry_base));
		line_step(c, line,
			  step_from(step_decimal(STEP_RATIO, 53, a->applied), a->entry_notice));
	}
	line_step(c, line, step_decimal(what, p->why == PRICE_CONTRACT ? 22 : 15, p->amount));
}
