/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statement for machines. The objects inside are described in json_parts.c and json_money.c.
 *
 * tenor_statement  1: the number of this form; a field may be added, none changes its meaning within one number
 * contract         id, title, version (SHA-256), provider, client, currency, zone, language
 * period           from, to
 * as_of, known_as_of, revision
 * no_facts         true: nothing is known of the period
 * windows[]        those that the statement shows, each with its cases
 * trend[]          {metric, windows[{label, verdict, value}]}: the last 13 windows, oldest first
 * credits[] settlements[] rights[] deadlines[]
 * alerts_unseen[]  {event, metric, part, from, fact}: urgent alerts that a side acknowledged at none of three levels (sla.md R74); metric: of
 *                  a ticket's target; from: when it was told first; absent if there is none
 * not_counted      clocks[] (void, with reason), skipped rows are in imports[]
 * contradictions[] records that others outweigh, and what they would change (json_dispute.c)
 * flagged[]        {flag, facts[]}
 * imports[]        file, format, rows, taken, skipped, facts, duplicates, conflicts, zone, covers, recorded_known,
 *                  notes[{code, line, text}], counts[{code, rows}], reported[{about, asset, period, value}]
 */
#include "render/json_parts.h"
#include "render/statement_parts.h"

enum { TREND = 13 };

static void put_head(struct json *j, const struct report *r)
{
	const struct promise *p = statement_promise(r);
	const struct evaluation *in = &r->o->in;

	json_kv_int(j, "tenor_statement", 1);
	json_key(j, "contract");
	json_open_object(j);
	json_kv_text(j, "id", p->id);
	json_kv_text(j, "title", p->title);
	json_kv_str(j, "version", p->contract->hash);
	json_kv_text(j, "provider", p->provider);
	json_kv_text(j, "client", p->client);
	json_kv_str(j, "currency", p->currency.code);
	json_kv_text(j, "zone", zone_name(p->zone));
	if (p->language.n > 0)
		json_kv_text(j, "language", p->language);
	json_end_object(j);
	json_span(j, "period", in->period);
	json_instant(j, "as_of", in->as_of);
	json_instant(j, "known_as_of", in->known_as_of);
	json_kv_int(j, "revision", statement_revision(r));
	json_kv_bool(j, "no_facts", r->o->no_facts);
}

static void put_windows(struct json *j, const struct report *r)
{
	json_key(j, "windows");
	json_open_array(j);
	for (size_t i = 0; i < r->plan.n_windows; i++)
		json_window(j, r, r->plan.windows[i], true);
	json_end_array(j);
}

static void put_trend(struct json *j, const struct report *r)
{
	json_key(j, "trend");
	json_open_array(j);
	for (size_t i = 0; i < r->plan.n_windows; i++) {
		const struct window_result *w = &r->o->windows[r->plan.windows[i]];
		uint32_t last[TREND];
		size_t n = last_windows(r->o, r->plan.windows[i], TREND, last);
		bool more = i + 1 < r->plan.n_windows &&
			    r->o->windows[r->plan.windows[i + 1]].metric == w->metric;

		if (more)
			continue;
		json_open_object(j);
		json_kv_text(j, "metric", report_metric(r, w->version, w->metric)->id);
		json_key(j, "windows");
		json_open_array(j);
		for (size_t k = 0; k < n; k++) {
			const struct window_result *x = &r->o->windows[last[k]];

			json_open_object(j);
			json_kv_str(j, "label", x->label);
			json_kv_str(j, "verdict", verdict_key(x->verdict));
			if (x->value_set)
				json_decimal(j, "shown", x->shown);
			json_end_object(j);
		}
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_remedies(struct json *j, const struct report *r)
{
	const struct outcome *o = r->o;

	json_key(j, "credits");
	json_open_array(j);
	for (uint32_t i = 0; i < o->n_credits; i++)
		if (credit_shown(o, &o->credits[i]))
			json_credit(j, r, i);
	json_end_array(j);
	json_key(j, "settlements");
	json_open_array(j);
	for (size_t i = 0; i < o->n_settlements; i++)
		if (o->settlements[i].month.from >= o->in.period.from &&
		    o->settlements[i].month.from < o->in.period.to)
			json_settlement(j, r, &o->settlements[i]);
	json_end_array(j);
	json_key(j, "rights");
	json_open_array(j);
	for (uint32_t i = 0; i < o->n_rights; i++)
		json_right(j, r, i);
	json_end_array(j);
	json_key(j, "deadlines");
	json_open_array(j);
	for (size_t i = 0; i < o->n_deadlines; i++)
		json_deadline(j, r, &o->deadlines[i]);
	json_end_array(j);
}

static void put_alerts(struct json *j, const struct report *r)
{
	const struct symbols *symbols = r->o->in.facts->symbols;
	uint32_t *facts;
	size_t n = alerts_unseen(r->d->arena, r->o, &facts);

	if (n == 0)
		return;
	json_key(j, "alerts_unseen");
	json_open_array(j);
	for (size_t i = 0; i < n; i++) {
		const struct fact *f = &r->o->in.facts->v[facts[i]];
		symbol metric = fact_word(f, FIELD_METRIC);

		json_open_object(j);
		json_kv_text(j, "event", symbol_text(symbols, f->subject));
		if (metric != 0)
			json_kv_text(j, "metric", symbol_text(symbols, metric));
		json_kv_text(j, "part", symbol_text(symbols, fact_word(f, FIELD_PART)));
		json_instant(j, "from", fact_number(f, FIELD_FROM, 0));
		json_key(j, "fact");
		json_fact(j, r, facts[i]);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_not_counted(struct json *j, const struct report *r)
{
	json_key(j, "not_counted");
	json_open_object(j);
	json_key(j, "clocks");
	json_open_array(j);
	for (uint32_t i = 0; i < r->o->n_clocks; i++)
		if (void_shown(r->o, &r->o->clocks[i]) && case_in_part(r))
			json_clock(j, r, i, false);
	json_end_array(j);
	json_end_object(j);
	json_key(j, "contradictions");
	json_open_array(j);
	for (uint32_t i = 0; i < r->n_contradictions; i++)
		json_contradiction(j, r, i);
	json_end_array(j);
	json_key(j, "flagged");
	json_open_array(j);
	for (unsigned bit = 0; bit < FACT_FLAG_BITS; bit++) {
		uint32_t *facts = NULL;
		size_t n = flagged_facts(r->d->arena, r->o, (uint16_t)(1u << bit), &facts);

		if (n == 0)
			continue;
		json_open_object(j);
		json_kv_str(j, "flag", flag_word((enum fact_flag)(1 << bit)));
		json_kv_int(j, "count", (int64_t)n);
		/* Flags of precision and order touch every second fact of some tools: counted here, and with each fact above. */
		if (bit != 7 && bit != 8) {
			json_key(j, "facts");
			json_open_array(j);
			for (size_t i = 0; i < n; i++)
				if (case_in_part(r))
					json_fact(j, r, facts[i]);
			json_end_array(j);
		}
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_import_notes(struct json *j, const struct import_report *x)
{
	json_key(j, "counts");
	json_open_array(j);
	for (int code = 0; code < IMPORT_CODE_COUNT; code++) {
		if (x->counts[code] == 0)
			continue;
		json_open_object(j);
		json_kv_str(j, "code", import_code_word((enum import_code)code));
		json_kv_int(j, "rows", (int64_t)x->counts[code]);
		json_end_object(j);
	}
	json_end_array(j);
	json_key(j, "notes");
	json_open_array(j);
	for (size_t i = 0; i < x->n_notes; i++) {
		json_open_object(j);
		json_kv_str(j, "code", import_code_word(x->notes[i].code));
		if (x->notes[i].line > 0)
			json_kv_int(j, "line", x->notes[i].line);
		json_kv_text(j, "text", x->notes[i].text);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_reported(struct json *j, const struct import_report *x)
{
	if (x->n_reported == 0)
		return;
	json_key(j, "reported");
	json_open_array(j);
	for (size_t i = 0; i < x->n_reported; i++) {
		json_open_object(j);
		json_kv_text(j, "about", x->reported[i].subject);
		if (x->reported[i].asset.n > 0)
			json_kv_text(j, "asset", x->reported[i].asset);
		json_kv_text(j, "period", x->reported[i].period);
		json_kv_text(j, "value", x->reported[i].value);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_imports(struct json *j, const struct report *r)
{
	json_key(j, "imports");
	json_open_array(j);
	for (size_t i = 0; i < r->options.n_imports; i++) {
		const struct import_report *x = r->options.imports[i];

		json_open_object(j);
		json_kv_text(j, "file", x->name);
		json_kv_text(j, "format", x->format);
		json_kv_int(j, "rows", (int64_t)x->rows_read);
		json_kv_int(j, "taken", (int64_t)x->taken);
		json_kv_int(j, "skipped", (int64_t)x->skipped);
		json_kv_int(j, "facts", (int64_t)x->facts);
		json_kv_int(j, "duplicates", (int64_t)x->duplicates);
		json_kv_int(j, "conflicts", (int64_t)x->conflicts);
		if (x->zone.n > 0)
			json_kv_text(j, "zone", x->zone);
		if (x->covers.from < x->covers.to)
			json_span(j, "covers", x->covers);
		json_kv_bool(j, "recorded_known", x->recorded_known);
		put_import_notes(j, x);
		put_reported(j, x);
		json_end_object(j);
	}
	json_end_array(j);
}

/* next: the part of cases and flagged facts that is here is not the last one; from where the next begins. */
void statement_json(struct arena *a, const struct outcome *o,
		    const struct statement_options *options, bool pretty, struct buf *out)
{
	struct report *r = report_new(a, o, options);
	struct cases_part part = {options->cases_from, options->cases_most, 0};
	struct json j;

	if (part.most > 0 || part.from > 0)
		r->cases = &part;
	json_init(&j, out, pretty);
	json_open_object(&j);
	put_head(&j, r);
	put_windows(&j, r);
	put_trend(&j, r);
	put_remedies(&j, r);
	put_alerts(&j, r);
	put_not_counted(&j, r);
	put_imports(&j, r);
	if (r->cases != NULL && part.seen > part.from && part.seen - part.from > part.most)
		json_kv_text(&j, "next", text_format(a, "%zu", part.from + part.most));
	json_end_object(&j);
	buf_char(out, '\n');
}
