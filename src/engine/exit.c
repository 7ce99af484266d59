/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fee of an early end (money.md R120 to R124): average, months, steps of the contract; what is added and deducted, each a line; the
 * rebate for coming back. Nets of charges are exit_average.c.
 */
#include "engine/exit_parts.h"
#include "engine/leaving.h"

#include <assert.h>

enum { MONTHS_A_YEAR = 12, DAYS_A_MONTH = 30, DAYS_A_WEEK = 7 };

const char *exit_word(enum exit_trigger t)
{
	static const char *const words[] = {[EXIT_CHRONIC_FAILURE] = "chronic_failure",
					    [EXIT_CLIENT_CONVENIENCE] = "client_convenience",
					    [EXIT_CLIENT_DEFAULT] = "client_default",
					    [EXIT_FORCE_MAJEURE] = "force_majeure",
					    [EXIT_PROVIDER_DEFAULT] = "provider_default"};

	assert((size_t)t < ARRAY_SIZE(words));
	return words[t];
}

static enum rc too_large(const struct exit_work *x)
{
	return err_set(x->err, RC_LIMIT,
		       "amount too large: the early termination fee is beyond 64 bits");
}

/* round(f) in minor units. */
static bool rounded(const struct exit_work *x, struct fraction f, int64_t *out)
{
	struct money m = {0, x->c->currency};

	if (!money_try_round(f, m.currency, x->pricing->promise->rounding, &m))
		return false;
	*out = m.minor;
	return true;
}

/* --- steps and lines --- */

struct steps {
	struct step v[8];
	size_t n;
};

static struct step *step_next(struct steps *s, enum step_what what, unsigned rule,
			      enum step_type type)
{
	assert(s->n < ARRAY_SIZE(s->v));
	s->v[s->n] = (struct step){
		.what = (uint16_t)what, .rule = (uint16_t)rule, .type = (uint8_t)type, .entry = -1};
	return &s->v[s->n++];
}

static void say_count(struct steps *s, enum step_what what, unsigned rule, int64_t count)
{
	step_next(s, what, rule, STEP_IS_COUNT)->value.count = count;
}

static void say_money(struct steps *s, enum step_what what, unsigned rule, int64_t minor)
{
	step_next(s, what, rule, STEP_IS_MONEY)->value.count = minor;
}

static void say_fraction(struct steps *s, enum step_what what, unsigned rule, struct fraction f)
{
	step_next(s, what, rule, STEP_IS_FRACTION)->value.fraction = f;
}

static struct text category_id(const struct exit_work *x, int category)
{
	if (x->out.damages) {
		for (size_t i = 0; i < x->pricing->n_categories; i++)
			if (x->pricing->categories[i].code == TAX_O)
				return x->pricing->categories[i].id;
		return (struct text){"", 0};
	}
	return category < 0 ? (struct text){"", 0} : x->pricing->categories[category].id;
}

/* A line of that part; zero is no line. false: the total does not fit. */
static bool exit_line_add(struct exit_work *x, const char *part, struct text of, unsigned rule,
			  int64_t net, int category, const struct steps *steps)
{
	struct step *copy = arena_array(x->arena, struct step, steps->n);
	struct days on = {x->in->date, x->in->date + 1};
	struct invoice_line *l;

	if (net == 0)
		return true;
	for (size_t i = 0; i < steps->n; i++)
		copy[i] = steps->v[i];
	x->lines = arena_grow(x->arena, x->lines, x->out.n_lines, &x->lines_cap, sizeof(*x->lines));
	l = &x->lines[x->out.n_lines++];
	*l = (struct invoice_line){
		.number = (int64_t)x->out.n_lines,
		.role = LINE_EXIT,
		.charge = text_of("early_termination_fee"),
		.part = of.n > 0 ? text_format(x->arena, "%s %.*s", part, TEXT_ARG(of))
				 : text_of(part),
		.item = on,
		.period = on,
		.name = text_of(part),
		.clause = clause_label(x->arena, node_clause(x->pricing->exit.node)),
		.rule = text_format(x->arena, "money.md R%u", rule),
		.net = net,
		.counts = true,
		.tax = -1,
		.category = category_id(x, category),
		.evidence = {.kind = text_of("contract")},
		.steps = copy,
		.n_steps = steps->n};
	l->item_part = l->part;
	/* a price is never negative (R151) */
	l->quantity = fraction_of(net < 0 ? -1 : 1, 1);
	l->priced = true;
	l->price = (struct decimal){net < 0 ? -net : net, x->c->currency.decimals};
	l->price_base = 1;
	return !__builtin_add_overflow(x->out.total, net, &x->out.total);
}

/* --- the average month (R120) --- */

static bool counts(const struct exit_work *x, size_t slot)
{
	const struct exit_terms *t = &x->pricing->exit;
	int at = x->c->slots[slot].of_version[x->version];
	enum charge_type type;

	if (at < 0)
		return false;
	type = x->pricing->promise->charges[at].type;
	for (size_t i = 0; i < t->of.n; i++)
		if (t->of.v[i] == at)
			return true;
	return t->of.n == 0 && (type == CHARGE_RECURRING || type == CHARGE_PER_UNIT);
}

static int64_t months_of(struct duration d)
{
	switch (d.unit) {
	case UNIT_Y:
		return d.n * MONTHS_A_YEAR;
	case UNIT_MO:
		return d.n;
	case UNIT_W:
		return d.n * DAYS_A_WEEK / DAYS_A_MONTH;
	case UNIT_D:
	case UNIT_BD:
		return d.n / DAYS_A_MONTH;
	case UNIT_H:
	case UNIT_MIN:
		break;
	}
	return 0;
}

static day month_of(day d)
{
	struct civil c = civil_of(d);

	return day_of(c.year, c.month, 1);
}

/* The full months of the charges before the exit, at most average_over. */
static struct days average_window(const struct exit_work *x, int64_t *months)
{
	int64_t most = months_of(x->pricing->exit.average_over);
	struct days w = {INT32_MAX, month_of(x->in->date)};

	for (size_t s = 0; s < x->c->n_slots; s++) {
		struct days life = slot_life(x->c, s);

		if (x->counted[s] && !days_empty(life) && life.from < w.from)
			w.from = life.from;
	}
	if (w.from < w.to && month_of(w.from) != w.from)
		w.from = day_add_months(month_of(w.from), 1);
	if (w.from >= w.to) {
		*months = 0;
		return (struct days){w.to, w.to};
	}
	*months = periods_whole(w.from, w.to, 1, 0);
	if (*months > most && most > 0) {
		*months = most;
		w.from = day_add_months(w.to, (int32_t)-most);
	}
	return w;
}

/* Younger than a month: each first period as it would be if it were whole, a month of it. */
static bool young_average(struct exit_work *x)
{
	for (size_t i = 0; i < x->c->n_items; i++) {
		const struct item *it = &x->c->items[i];
		int64_t own = it->service.to - it->service.from;
		int64_t full = it->full.to - it->full.from;
		int64_t months = periods_whole(it->full.from, it->full.to, 1, 0);
		struct fraction net;

		if (!x->counted[it->slot] || own <= 0 || it->service.from >= x->in->date)
			continue;
		net = money_exact((struct money){it->total, x->c->currency});
		if (!fraction_try_mul(net, fraction_of(full, own), &net) ||
		    !fraction_try_mul(net, fraction_of(1, months > 0 ? months : 1), &net) ||
		    !fraction_try_add(x->by_slot[it->slot], net, &x->by_slot[it->slot]) ||
		    !fraction_try_add(x->out.average, net, &x->out.average))
			return false;
	}
	return true;
}

static bool average(struct exit_work *x)
{
	struct fraction sum = {0, 1};
	struct net_query q = {.slots = x->counted,
			      .window = average_window(x, &x->out.months_counted),
			      .whole = true,
			      .by_slot = x->by_slot};

	if (x->out.months_counted == 0)
		return young_average(x);
	if (!exit_documents(x, &q, &sum) || !exit_items(x, &q, true, &sum) ||
	    !fraction_try_mul(sum, fraction_of(1, x->out.months_counted), &sum))
		return false;
	x->out.average = sum.num > 0 ? sum : (struct fraction){0, 1};
	return true;
}

/* R124: the category that most of the average bears. */
static int main_category(const struct exit_work *x)
{
	struct fraction best = {0, 1};
	int category = -1;

	for (size_t k = 0; k < x->pricing->n_categories; k++) {
		struct fraction sum = {0, 1};

		for (size_t s = 0; s < x->c->n_slots; s++) {
			int at = x->c->slots[s].of_version[x->version];

			if (at < 0 || x->pricing->charges[at].category != (int)k)
				continue;
			if (!fraction_try_add(sum, x->by_slot[s], &sum))
				return category;
		}
		if (fraction_cmp(sum, best) > 0) {
			best = sum;
			category = (int)k;
		}
	}
	return category;
}

/* An amount over the categories of the charges in it, in proportion (R124). */
static bool lines_by_category(struct exit_work *x, const char *part, unsigned rule, int64_t net,
			      const struct steps *steps)
{
	size_t n = x->pricing->n_categories;
	struct fraction *weights = arena_array(x->arena, struct fraction, n);
	struct money *parts = arena_array(x->arena, struct money, n);
	bool any = false;

	for (size_t k = 0; k < n; k++)
		weights[k] = (struct fraction){0, 1};
	for (size_t s = 0; s < x->c->n_slots; s++) {
		int at = x->c->slots[s].of_version[x->version];
		int k = at < 0 ? -1 : x->pricing->charges[at].category;

		if (k < 0 || x->by_slot[s].num <= 0)
			continue;
		if (!fraction_try_add(weights[k], x->by_slot[s], &weights[k]))
			return false;
		any = true;
	}
	if (!any || x->out.damages)
		return exit_line_add(x, part, (struct text){"", 0}, rule, net, -1, steps);
	if (!money_try_allocate((struct money){net, x->c->currency}, weights, n, parts))
		return false;
	for (size_t k = 0; k < n; k++) {
		bool whole = parts[k].minor == net;

		if (!exit_line_add(x, part,
				   whole ? (struct text){"", 0} : x->pricing->categories[k].id,
				   rule, parts[k].minor, (int)k, steps))
			return false;
	}
	return true;
}

/* --- formula --- */

static day term_begin(const struct exit_work *x)
{
	const struct promise *p = x->pricing->promise;

	return x->pricing->counts_from_service_start ? p->service_start_day : p->effective_day;
}

static struct decimal step_pct(const struct exit_work *x)
{
	const struct exit_terms *t = &x->pricing->exit;
	struct decimal pct = {0, 0};

	if (t->formula == EXIT_REMAINING_FEES)
		return (struct decimal){100, 0};
	for (size_t i = 0; i < t->n_steps; i++)
		if (t->steps[i].from_month <= x->out.month)
			pct = t->steps[i].pct;
	return pct;
}

static bool formula(struct exit_work *x)
{
	const struct exit_terms *t = &x->pricing->exit;
	struct fraction fee = x->out.average;
	struct steps s = {.n = 0};

	say_count(&s, STEP_EXIT_MONTH, 120, x->out.month);
	if (t->formula == EXIT_FIXED) {
		x->out.formula = t->amount.set ? t->amount.minor : 0;
		say_money(&s, STEP_AMOUNT, 120, x->out.formula);
		return lines_by_category(x, "formula", 120, x->out.formula, &s);
	}
	x->out.pct = step_pct(x);
	say_count(&s, STEP_MONTHS_COUNTED, 120, x->out.months_counted);
	say_fraction(&s, STEP_AVERAGE, 120, x->out.average);
	step_next(&s, STEP_PERCENT, 120, STEP_IS_PCT)->value.decimal = x->out.pct;
	say_count(&s, STEP_MONTHS_LEFT, 120, x->out.months_left);
	if (!fraction_try_mul(fee, fraction_of(x->out.months_left, 100), &fee) ||
	    !fraction_try_mul(fee, fraction_of_decimal(x->out.pct), &fee))
		return false;
	say_fraction(&s, STEP_EXACT, 120, fee);
	if (!rounded(x, fee, &x->out.formula))
		return false;
	say_money(&s, STEP_ROUNDED, 120, x->out.formula);
	return lines_by_category(x, "formula", 120, x->out.formula, &s);
}

/* --- plus (R121) --- */

static int64_t initial_months(const struct exit_work *x)
{
	int64_t months = months_of(x->pricing->initial_term);

	return months > 0 ? months : 1;
}

/* What one set-up came to, on documents or as an item. */
static bool setup_paid(const struct exit_work *x, size_t slot, int64_t *out)
{
	struct text id = x->c->slots[slot].id;
	bool written = false;

	*out = 0;
	for (size_t i = 0; i < x->in->n_issued; i++) {
		const struct invoice *doc = x->in->issued[i].invoice;

		for (size_t k = 0; k < doc->n_lines; k++)
			if (text_eq(doc->lines[k].charge, id)) {
				written = true;
				if (__builtin_add_overflow(*out, exit_line_net(doc, &doc->lines[k]),
							   out))
					return false;
			}
	}
	for (size_t i = 0; i < x->c->n_items && !written; i++)
		if (x->c->items[i].slot == slot && x->c->items[i].service.from < x->in->date &&
		    __builtin_add_overflow(*out, x->c->items[i].total, out))
			return false;
	return true;
}

static bool plus_setup(struct exit_work *x)
{
	for (size_t s = 0; s < x->c->n_slots; s++) {
		int at = x->c->slots[s].of_version[x->version];
		int64_t paid = 0, left = 0, all = initial_months(x);
		int64_t months = x->out.months_left < all ? x->out.months_left : all;
		struct steps steps = {.n = 0};
		struct fraction f;

		if (at < 0 || x->pricing->promise->charges[at].type != CHARGE_ONE_TIME)
			continue;
		if (!setup_paid(x, s, &paid) ||
		    !fraction_try_mul(money_exact((struct money){paid, x->c->currency}),
				      fraction_of(months, all), &f) ||
		    !rounded(x, f, &left))
			return false;
		say_money(&steps, STEP_AMOUNT, 121, paid);
		say_count(&steps, STEP_MONTHS_LEFT, 121, months);
		say_count(&steps, STEP_INITIAL_MONTHS, 121, all);
		say_money(&steps, STEP_SETUP_LEFT, 121, left);
		if (!exit_line_add(x, "unamortised_setup", x->c->slots[s].id, 121, left,
				   x->pricing->charges[at].category, &steps))
			return false;
	}
	return true;
}

/* What was last said of a statement; earlier facts of the same subject give way. */
static bool is_last(const struct exit_work *x, struct fact_run run, size_t i)
{
	symbol subject = view_fact(x->c->view, run.v[i])->subject;

	for (size_t k = i + 1; k < run.n; k++)
		if (view_fact(x->c->view, run.v[k])->subject == subject)
			return false;
	return true;
}

static bool amount_of(const struct exit_work *x, const struct fact *f, int64_t *out)
{
	const struct fact_value *v = fact_value(f, FIELD_AMOUNT);
	struct decimal d = {0, 0};

	if (v != NULL)
		d = (struct decimal){v->number, (uint8_t)v->scale};
	return rounded(x, fraction_of_decimal(d), out);
}

static bool plus_third_party(struct exit_work *x)
{
	struct fact_run run = x->c->view->kinds[FACT_SUPPLIER_COMMITTED];
	const struct symbols *symbols = x->c->view->facts->symbols;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(x->c->view, run.v[i]);
		struct steps steps = {.n = 0};
		struct step *s;
		int64_t amount = 0;
		day until = 0;

		if (!is_last(x, run, i) ||
		    !day_parse(symbol_text(symbols, fact_word(f, FIELD_TO_DATE)), &until) ||
		    until <= x->in->date)
			continue;
		if (!amount_of(x, f, &amount))
			return false;
		if (amount <= 0)
			continue;
		s = step_next(&steps, STEP_COMMITTED, 121, STEP_IS_MONEY);
		s->value.count = amount;
		s->entry = entry_of(x->c, run.v[i]);
		step_next(&steps, STEP_WEIGHT, 121, STEP_IS_DAYS)->value.days =
			(struct days){x->in->date, until};
		if (!exit_line_add(x, "third_party_commitments", symbol_text(symbols, f->subject),
				   121, amount, main_category(x), &steps))
			return false;
	}
	return true;
}

/* The client's notice of termination: the one asked about, the first on record, else today's. */
static day notice_day(const struct exit_work *x)
{
	struct fact_run run = x->c->view->kinds[FACT_NOTICE_GIVEN];

	if (x->in->notice_on != DAY_NONE)
		return x->in->notice_on;
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(x->c->view, run.v[i]);

		if (f->party != PARTY_PROVIDER && notice_of_termination(x->c->view, run.v[i]))
			return fact_day(x->c, run.v[i]);
	}
	return x->c->on < x->in->date ? x->c->on : x->in->date;
}

/* How many days the exit is too early for the shortest notice that the client may end by. */
static enum rc shortfall_days(struct exit_work *x, int64_t *days)
{
	struct convenience way;
	enum rc rc = convenience_of(x->pricing->promise, PARTY_CLIENT, notice_day(x), &way, x->err);

	*days = 0;
	if (rc == RC_OK && way.any && way.by_notice > x->in->date)
		*days = way.by_notice - x->in->date;
	return rc;
}

static enum rc plus_shortfall(struct exit_work *x)
{
	struct steps steps = {.n = 0};
	int64_t days = 0, fee = 0;
	struct fraction f;
	enum rc rc = shortfall_days(x, &days);

	if (rc != RC_OK)
		return rc;
	say_fraction(&steps, STEP_AVERAGE, 121, x->out.average);
	say_count(&steps, STEP_NOTICE_DAYS, 121, days);
	if (!fraction_try_mul(x->out.average, fraction_of(days, DAYS_A_MONTH), &f) ||
	    !rounded(x, f, &fee))
		return too_large(x);
	say_money(&steps, STEP_ROUNDED, 121, fee);
	return lines_by_category(x, "notice_shortfall", 121, fee, &steps) ? RC_OK : too_large(x);
}

/* --- mitigation (R122) --- */

/* The average for what is left of the term: whole months, and the rest by days of its month. */
static bool staying(struct exit_work *x, day end)
{
	day whole = day_add_months(x->in->date, (int32_t)x->out.months_left);
	day next = day_add_months(x->in->date, (int32_t)x->out.months_left + 1);
	struct fraction months = fraction_of(x->out.months_left, 1), cost;

	if (end <= x->in->date) {
		x->out.stay = 0;
		return true;
	}
	return fraction_try_add(months, fraction_of(end - whole, next - whole), &months) &&
	       fraction_try_mul(x->out.average, months, &cost) && rounded(x, cost, &x->out.stay);
}

/* Takes at most what the fee still is. */
static bool deduct(struct exit_work *x, const char *part, struct text of, int64_t amount,
		   enum step_what what, unsigned rule, int64_t entry)
{
	struct steps steps = {.n = 0};
	struct step *s = step_next(&steps, what, rule, STEP_IS_MONEY);

	s->value.count = amount;
	s->entry = entry;
	if (amount > x->out.total)
		amount = x->out.total;
	return amount <= 0 || exit_line_add(x, part, of, rule, -amount, main_category(x), &steps);
}

static bool mitigate(struct exit_work *x)
{
	struct fact_run run = x->c->view->kinds[FACT_SAVING_STATED];

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(x->c->view, run.v[i]);
		int64_t saved = 0;

		if (!is_last(x, run, i))
			continue;
		if (!amount_of(x, f, &saved) ||
		    !deduct(x, "mitigation", symbol_text(x->c->view->facts->symbols, f->subject),
			    saved, STEP_SAVINGS, 122, entry_of(x->c, run.v[i])))
			return false;
	}
	if (x->out.total <= x->out.stay)
		return true;

	struct steps steps = {.n = 0};

	say_money(&steps, STEP_STAYING, 122, x->out.stay);
	return exit_line_add(x, "cap", (struct text){"", 0}, 122, x->out.stay - x->out.total,
			     main_category(x), &steps);
}

/* --- rebate (R123) --- */

/* For whoever comes back: of the formula part only. */
static bool rebate(struct exit_work *x)
{
	const struct exit_terms *t = &x->pricing->exit;
	int64_t n = months_of(t->rebate_within), k;
	struct fraction back;

	if (!t->rebate_set || x->in->returns == DAY_NONE || x->in->returns < x->in->date || n <= 0)
		return true;
	k = periods_whole(x->in->date, x->in->returns, 1, 0);
	if (k >= n)
		return true;
	if (!fraction_try_mul(money_exact((struct money){x->out.formula, x->c->currency}),
			      t->rebate_full ? fraction_of(1, 1) : fraction_of(n - k, n), &back) ||
	    !rounded(x, back, &x->out.rebate))
		return false;
	if (x->out.rebate > x->out.total)
		x->out.rebate = x->out.total;
	return deduct(x, "rebate", (struct text){"", 0}, x->out.rebate, STEP_REBATE, 123, -1);
}

/* --- the quote --- */

static void begin(struct exit_work *x, day end)
{
	bool *counted = arena_array(x->arena, bool, x->c->n_slots);
	day from = term_begin(x);

	x->by_slot = arena_array(x->arena, struct fraction, x->c->n_slots);
	for (size_t s = 0; s < x->c->n_slots; s++) {
		x->by_slot[s] = (struct fraction){0, 1};
		counted[s] = counts(x, s);
	}
	x->counted = counted;
	x->out.damages = x->pricing->exit.liquidated_damages;
	x->out.average = (struct fraction){0, 1};
	x->out.month = from == DAY_NONE ? 1 : periods_whole(from, x->in->date, 1, 0) + 1;
	x->out.months_left = periods_whole(x->in->date, end, 1, 0);
}

static enum rc quote(struct exit_work *x, day end)
{
	const struct exit_terms *t = &x->pricing->exit;
	enum rc rc = RC_OK;

	if (!average(x) || !staying(x, end) || !formula(x))
		return too_large(x);
	if (t->plus_setup && !plus_setup(x))
		return too_large(x);
	if (t->plus_third_party && !plus_third_party(x))
		return too_large(x);
	if (t->plus_notice_shortfall && x->in->cause == EXIT_CLIENT_CONVENIENCE)
		rc = plus_shortfall(x);
	if (rc != RC_OK)
		return rc;
	if ((t->mitigation && !mitigate(x)) || !rebate(x))
		return too_large(x);
	return RC_OK;
}

enum rc exit_make(struct arena *a, const struct exit_input *in, struct exit_quote *out,
		  struct err *err)
{
	struct exit_work x = {.arena = a, .in = in, .c = in->charging, .err = err};
	size_t v = x.c->n_versions - 1;
	day end = in->end;
	enum rc rc = RC_OK;

	while (v > 0 && x.c->versions[v].from > in->date)
		v--;
	x.version = (uint16_t)v;
	x.pricing = x.c->versions[v].pricing;
	if (end == DAY_NONE)
		end = x.pricing->promise->end >= INSTANT_MAX
			      ? in->date
			      : zone_day(x.c->zone, x.pricing->promise->end);
	x.out.due = x.pricing->exit.set &&
		    (x.pricing->exit.triggers & (1u << (unsigned)in->cause)) && end > in->date;
	if (x.out.due) {
		begin(&x, end);
		rc = quote(&x, end);
	}
	if (rc != RC_OK)
		return rc;
	assert(x.out.total >= 0 && "no exit pays the client");
	x.out.lines = x.lines;
	*out = x.out;
	return RC_OK;
}
