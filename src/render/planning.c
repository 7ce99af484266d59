/* SPDX-License-Identifier: Apache-2.0 */
/* What budget and forecast share on paper, and the budget's document. The forecast's is planning_forecast.c. */
#include "render/planning_parts.h"

#include "render/table_csv.h"

enum { AMOUNT_TEXT_MAX = 128, ONE_PPM = 1000000, LABELLED_BARS = 24 };

struct phrase plan_amounts(struct doc *d, struct currency c)
{
	return SAY(d, W_PLAN_AMOUNTS_IN, doc_plain(d, text_copy(d->arena, text_of(c.code))));
}

struct phrase plan_figure(struct doc *d, struct currency c, int64_t minor)
{
	struct buf b;
	struct phrase p;

	buf_init(&b, AMOUNT_TEXT_MAX);
	format_fixed(&b, d->language, (struct decimal){minor, c.decimals});
	p = doc_plain(d, text_copy(d->arena, buf_view(&b)));
	buf_free(&b);
	return p;
}

struct phrase plan_money(struct doc *d, struct currency c, int64_t minor)
{
	return doc_money(d, (struct money){minor, c});
}

struct phrase plan_strong(struct doc *d, struct phrase words)
{
	return doc_run(d, RUN_STRONG, doc_words(d, words), text_of(""));
}

struct phrase plan_charge(struct doc *d, struct text id, struct text name)
{
	return doc_plain(d, name.n > 0 ? name : id);
}

static instant midnight(const struct planning_words *w, day v)
{
	return zone_midnight(w->zone == NULL ? zone_utc() : w->zone, v);
}

static bool is_calendar_month(struct days month)
{
	return civil_of(month.from).mday == 1;
}

struct phrase plan_month(struct doc *d, const struct planning_words *w, struct days month)
{
	if (!is_calendar_month(month))
		return doc_day(d, month.from);
	return doc_time(d, midnight(w, month.from), TIME_MONTH);
}

static struct text short_month(struct doc *d, const struct planning_words *w, struct days month)
{
	if (!is_calendar_month(month))
		return doc_words(d, doc_int(d, civil_of(month.from).month));
	return doc_words(d, doc_time(d, midnight(w, month.from), TIME_MONTH_SHORT));
}

void plan_chart(struct doc *d, const struct planning_words *w, struct currency c,
		const struct days *months, const int64_t *v, const int64_t *high, size_t n)
{
	struct chart *chart = arena_one(d->arena, struct chart);
	struct chart_bar *bars = arena_array(d->arena, struct chart_bar, n);
	struct phrase *said = arena_array(d->arena, struct phrase, n);
	int64_t most = 1;

	for (size_t i = 0; i < n; i++) {
		most = v[i] > most ? v[i] : most;
		most = high[i] > most ? high[i] : most;
	}
	for (size_t i = 0; i < n; i++) {
		i128 ppm = v[i] > 0 ? (i128)v[i] * ONE_PPM / most : 0;

		bars[i] = (struct chart_bar){.set = true, .ppm = (int64_t)ppm};
		bars[i].label = n <= LABELLED_BARS ? short_month(d, w, months[i]) : text_of("");
		said[i] = SAY(d, W_PAIR_PLAIN, plan_month(d, w, months[i]), plan_money(d, c, v[i]));
	}
	*chart = (struct chart){.kind = CHART_SHARES,
				.bars = bars,
				.n_bars = n,
				.target_ppm = -1,
				.target = INSTANT_NONE};
	chart->label = doc_words(d, SAY(d, W_PLAN_CHART, doc_join_all(d, "; ", said, n)));
	doc_chart(d, chart);
}

void plan_head(struct doc *d, const struct planning_words *w, day on)
{
	d->aside = doc_day(d, on);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, w->provider), doc_plain(d, w->client));
	d->subject = doc_plain(d, w->title);
}

/* --- the budget's parts --- */

static struct phrase percent_of_budget(struct doc *d, const struct budget *b)
{
	return doc_percent(d,
			   fraction_percent(fraction_of(b->actual, b->amount), 1, ROUND_HALF_UP));
}

static void add_answer(struct doc *d, const struct budget *b)
{
	struct currency c = b->currency;
	int64_t left = b->amount - b->outlook;

	if (!b->set) {
		doc_paragraph(d, SAY0(d, W_PLAN_NO_BUDGET));
		return;
	}
	if (b->n_over == BUDGET_MONTHS) {
		doc_note(d, left < 0 ? STATE_MISSED : STATE_KEPT,
			 SAY(d, W_PLAN_ENDED, plan_money(d, c, b->actual),
			     plan_money(d, c, b->amount)));
		return;
	}
	if (b->amount > 0)
		doc_paragraph(d, SAY(d, W_PLAN_SPENT, plan_money(d, c, b->actual),
				     plan_money(d, c, b->amount), percent_of_budget(d, b)));
	if (left < 0)
		doc_note(d, STATE_RISK,
			 SAY(d, W_PLAN_WILL_PASS, plan_money(d, c, b->outlook),
			     plan_money(d, c, -left)));
	else
		doc_note(d, STATE_KEPT,
			 SAY(d, W_PLAN_WILL_KEEP, plan_money(d, c, b->outlook),
			     plan_money(d, c, left)));
}

static void add_months(struct doc *d, const struct budget *b, const struct planning_words *w)
{
	const struct table_column columns[] = {{SAY0(d, W_MONTH), COLUMN_TEXT},
					       {SAY0(d, W_PLAN_BUDGET), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_ACTUAL), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_OUTLOOK), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_USED_UP), COLUMN_NUMBER}};
	struct table *t;
	int64_t sum = 0, v[BUDGET_MONTHS], budgets[BUDGET_MONTHS];
	struct days months[BUDGET_MONTHS];

	doc_section(d, "months", SAY0(d, W_PLAN_BY_MONTH));
	for (size_t i = 0; i < BUDGET_MONTHS; i++) {
		v[i] = b->months[i].outlook;
		budgets[i] = b->months[i].budget;
		months[i] = b->months[i].days;
	}
	plan_chart(d, w, b->currency, months, v, budgets, BUDGET_MONTHS);
	t = doc_table(d, plan_amounts(d, b->currency), columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < BUDGET_MONTHS; i++) {
		const struct budget_month *m = &b->months[i];

		sum += m->outlook; /* the year's, which fits */
		ROW(d, t, plan_month(d, w, m->days),
		    b->set ? plan_figure(d, b->currency, m->budget) : NO_WORDS,
		    plan_figure(d, b->currency, m->actual), plan_figure(d, b->currency, m->outlook),
		    plan_figure(d, b->currency, sum));
	}
	ROW(d, t, plan_strong(d, SAY0(d, W_TOTAL)),
	    b->set ? plan_figure(d, b->currency, b->amount) : NO_WORDS,
	    plan_figure(d, b->currency, b->actual), plan_figure(d, b->currency, b->outlook),
	    NO_WORDS);
}

static void variance_row(struct doc *d, struct table *t, const struct budget *b, struct phrase name,
			 const int64_t v[4])
{
	ROW(d, t, name, plan_figure(d, b->currency, v[0]), plan_figure(d, b->currency, v[1]),
	    plan_figure(d, b->currency, v[2]), plan_figure(d, b->currency, v[3]));
}

static void add_variance(struct doc *d, const struct budget *b)
{
	const struct table_column columns[] = {{SAY0(d, W_CHARGE), COLUMN_TEXT},
					       {SAY0(d, W_PLAN_PLANNED), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_ACTUAL), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_BY_PRICE), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_BY_VOLUME), COLUMN_NUMBER}};
	struct table *t;

	doc_section(d, "variance", SAY0(d, W_PLAN_VARIANCE));
	if (b->n_over == 0) {
		doc_paragraph(d, SAY0(d, W_PLAN_NO_MONTH_OVER));
		return;
	}
	if (b->set)
		doc_paragraph(d,
			      SAY(d, W_PLAN_VARIANCE_IS, plan_money(d, b->currency, b->actual_over),
				  plan_money(d, b->currency, b->budget_over),
				  plan_money(d, b->currency, b->variance)));
	t = doc_table(d, plan_amounts(d, b->currency), columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < b->n_rows; i++) {
		const struct budget_row *r = &b->rows[i];
		struct phrase name = plan_charge(d, r->id, r->name);

		variance_row(d, t, b, r->planned ? name : SAY(d, W_PLAN_NOT_PLANNED, name),
			     (const int64_t[]){r->planned_net, r->net, r->price, r->volume});
	}
	if (b->credits != 0)
		variance_row(d, t, b, SAY0(d, W_PLAN_CREDITS),
			     (const int64_t[]){0, -b->credits, -b->credits, 0});
	if (b->set && b->unassigned != 0)
		variance_row(d, t, b, SAY0(d, W_PLAN_UNASSIGNED),
			     (const int64_t[]){b->unassigned, 0, 0, -b->unassigned});
	doc_paragraph(d, SAY0(d, W_PLAN_VOLUME_SAYS));
}

static void add_alerts(struct doc *d, const struct budget *b, const struct planning_words *w)
{
	struct pairs *to;

	if (b->n_alerts == 0)
		return;
	doc_section(d, "thresholds", SAY0(d, W_PLAN_ALERTS));
	to = doc_pairs(d);
	for (size_t i = 0; i < b->n_alerts; i++) {
		const struct budget_alert *a = &b->alerts[i];
		struct phrase key = SAY(d, W_PLAN_ALERT_AT, doc_percent(d, a->pct),
					plan_money(d, b->currency, a->amount));
		struct phrase value = SAY0(d, W_PLAN_ALERT_NOT);

		if (a->reached >= 0)
			value = doc_state_run(d, STATE_MISSED,
					      SAY(d, W_PLAN_ALERT_REACHED,
						  plan_month(d, w, b->months[a->reached].days)));
		else if (a->forecast >= 0)
			value = doc_state_run(d, STATE_RISK,
					      SAY(d, W_PLAN_ALERT_WILL,
						  plan_month(d, w, b->months[a->forecast].days)));
		pair_add(d, to, key, value);
	}
}

struct doc *budget_doc(struct arena *a, const struct budget *b, const struct planning_words *w)
{
	struct doc *d = doc_new(a, w->language == NULL ? language_english() : w->language, w->zone);

	d->title = SAY(d, W_PLAN_BUDGET_TITLE,
		       doc_plain(d, text_format(a, "%d", (int)civil_of(b->year.from).year)),
		       doc_plain(d, w->contract));
	plan_head(d, w, b->on);
	d->under = SAY(d, W_PLAN_YEAR, doc_day(d, b->year.from), doc_day(d, b->year.to - 1));
	add_answer(d, b);
	add_months(d, b, w);
	add_variance(d, b);
	add_alerts(d, b, w);
	return d;
}

/* --- JSON --- */

void json_minor(struct json *j, const char *key, int64_t minor, struct currency c)
{
	struct buf b;

	buf_init(&b, AMOUNT_TEXT_MAX);
	decimal_print_places(&b, (struct decimal){minor, c.decimals}, c.decimals);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

void json_day(struct json *j, const char *key, day d)
{
	struct buf b;

	if (d == DAY_NONE)
		return;
	buf_init(&b, AMOUNT_TEXT_MAX);
	day_print(&b, d);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

void json_percent(struct json *j, const char *key, struct decimal d)
{
	struct buf b;

	buf_init(&b, AMOUNT_TEXT_MAX);
	decimal_print(&b, d);
	buf_char(&b, '%');
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

void json_fraction(struct json *j, const char *key, struct fraction f)
{
	struct buf b;
	struct table_csv c = {.out = &b};

	buf_init(&b, AMOUNT_TEXT_MAX);
	csv_fraction(&c, f);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

static void json_months(struct json *j, const struct budget *b)
{
	json_key(j, "months");
	json_open_array(j);
	for (size_t i = 0; i < BUDGET_MONTHS; i++) {
		const struct budget_month *m = &b->months[i];

		json_open_object(j);
		json_minor(j, "actual", m->actual, b->currency);
		if (b->set)
			json_minor(j, "budget", m->budget, b->currency);
		json_minor(j, "credits", m->credits, b->currency);
		json_day(j, "from", m->days.from);
		json_minor(j, "outlook", m->outlook, b->currency);
		json_kv_bool(j, "over", m->over);
		json_day(j, "to", m->days.to);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_rows(struct json *j, const struct budget *b)
{
	json_key(j, "variance");
	json_open_array(j);
	for (size_t i = 0; i < b->n_rows; i++) {
		const struct budget_row *r = &b->rows[i];

		json_open_object(j);
		json_minor(j, "actual", r->net, b->currency);
		json_kv_text(j, "charge", r->id);
		json_kv_bool(j, "in_plan", r->planned);
		json_minor(j, "planned", r->planned_net, b->currency);
		if (r->planned_quantity.den > 0)
			json_fraction(j, "planned_quantity", r->planned_quantity);
		json_minor(j, "price", r->price, b->currency);
		if (r->quantity.den > 0)
			json_fraction(j, "quantity", r->quantity);
		json_kv_bool(j, "split", r->split);
		json_minor(j, "volume", r->volume, b->currency);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_alerts(struct json *j, const struct budget *b)
{
	json_key(j, "alerts");
	json_open_array(j);
	for (size_t i = 0; i < b->n_alerts; i++) {
		const struct budget_alert *a = &b->alerts[i];

		json_open_object(j);
		json_minor(j, "amount", a->amount, b->currency);
		json_percent(j, "at", a->pct);
		if (a->forecast >= 0)
			json_day(j, "expected_in", b->months[a->forecast].days.from);
		if (a->reached >= 0)
			json_day(j, "reached_in", b->months[a->reached].days.from);
		json_end_object(j);
	}
	json_end_array(j);
}

void budget_json(struct json *j, const struct budget *b, struct text contract)
{
	json_open_object(j);
	json_minor(j, "actual", b->actual, b->currency);
	json_minor(j, "actual_over", b->actual_over, b->currency);
	json_alerts(j, b);
	if (b->set) {
		json_minor(j, "budget", b->amount, b->currency);
		json_minor(j, "budget_over", b->budget_over, b->currency);
	}
	json_kv_text(j, "contract", contract);
	json_minor(j, "credits_over", b->credits, b->currency);
	json_kv_str(j, "currency", b->currency.code);
	json_day(j, "from", b->year.from);
	json_months(j, b);
	json_kv_int(j, "months_over", (int64_t)b->n_over);
	json_day(j, "on", b->on);
	json_minor(j, "outlook", b->outlook, b->currency);
	json_day(j, "to", b->year.to);
	if (b->set)
		json_minor(j, "unassigned", b->unassigned, b->currency);
	json_rows(j, b);
	if (b->set)
		json_minor(j, "variance_over", b->variance, b->currency);
	json_end_object(j);
}

void budget_csv(const struct budget *b, struct text contract, struct buf *out)
{
	struct table_csv c = {.out = out};

	buf_str(out, "contract,currency,from,to,over,budget,actual,credits,outlook\n");
	for (size_t i = 0; i < BUDGET_MONTHS; i++) {
		const struct budget_month *m = &b->months[i];

		csv_text(&c, contract);
		csv_word(&c, b->currency.code);
		csv_day(&c, m->days.from);
		csv_day(&c, m->days.to);
		csv_word(&c, m->over ? "true" : "false");
		if (b->set)
			csv_amount(&c, m->budget, b->currency);
		else
			csv_empty(&c, 1);
		csv_amount(&c, m->actual, b->currency);
		csv_amount(&c, m->credits, b->currency);
		csv_amount(&c, m->outlook, b->currency);
		csv_end(&c);
	}
}
