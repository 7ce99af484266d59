/* SPDX-License-Identifier: Apache-2.0 */
#include "render/strips.h"

#include "render/json_parts.h"
#include "render/planned.h"
#include "render/reason.h"
#include "render/table_csv.h"

static const struct {
	enum availability_state state;
	const char *key;
} STATES[AV_STATES] = {
	{AV_UP, "up_ms"},           {AV_DOWN, "down_ms"},       {AV_DEGRADED, "degraded_ms"},
	{AV_EXCUSED, "excused_ms"}, {AV_UNKNOWN, "unknown_ms"}, {AV_UNAGREED, "unagreed_ms"},
	{AV_DROPPED, "dropped_ms"},
};

static struct report *report_of(struct arena *a, const struct strips_page *p)
{
	const struct statement_options options = {.language = p->language, .entries = true};

	return report_new(a, p->outcome, &options);
}

static struct text component_id(const struct promise *p, const struct metric *m, int asset)
{
	if (asset >= 0)
		return p->assets[asset].id;
	return m->service >= 0 ? p->services[m->service].id : m->id;
}

static struct text component_name(const struct promise *p, const struct metric *m, int asset)
{
	if (asset >= 0 && p->assets[asset].name.n > 0)
		return p->assets[asset].name;
	return component_id(p, m, asset);
}

/* --- announced maintenance --- */

/* Those of the month; where it runs, those ahead of it too. */
static size_t planned_of(struct arena *a, const struct strips_page *p, struct planned **out)
{
	instant now = p->outcome->in.as_of;
	bool runs = now >= p->month.from && now < p->month.to;

	return planned_list(a, p->outcome,
			    (struct span){p->month.from, runs ? INSTANT_MAX : p->month.to}, out);
}

static void maintenance_table(struct report *r, const struct strips_page *p)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_WHEN), COLUMN_TEXT},
					       {SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_COMPONENT), COLUMN_TEXT},
					       {SAY0(d, W_ANNOUNCED), COLUMN_TEXT},
					       {SAY0(d, W_EFFECT), COLUMN_TEXT}};
	struct planned *v;
	size_t n = planned_of(d->arena, p, &v);
	struct table *t;

	if (n == 0)
		return;
	doc_section(d, "maintenance", SAY0(d, W_STRIPS_MAINTENANCE));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < n; i++) {
		struct phrase what = symbol_words(r, v[i].f->subject);

		if (v[i].cancelled)
			what = SAY(d, W_IN_BRACKETS, what, SAY0(d, W_STRIPS_CANCELLED));
		ROW(d, t, span_words(r, v[i].span), what,
		    doc_plain(d, planned_assets(d->arena, p->outcome, &v[i])),
		    doc_time(d, v[i].f->recorded_at / MINUTE_MS * MINUTE_MS, TIME_FULL),
		    planned_effect(r, &v[i]));
	}
}

/* --- the document --- */

static int64_t sum_of(const struct strip *s, enum availability_state state)
{
	int64_t ms = 0;

	for (size_t i = 0; i < s->n_days; i++)
		ms += s->days[i].ms[state];
	return ms;
}

static void add_ticks(struct doc *d, const struct strips_page *p, struct chart *c)
{
	enum { WEEK = 7, TICKS_MAX = 8 };
	struct chart_tick *ticks = arena_array(d->arena, struct chart_tick, TICKS_MAX);
	const struct zone *z = d->zone != NULL ? d->zone : zone_utc();
	day first = zone_day(z, p->month.from);

	for (size_t i = 0; i < TICKS_MAX; i++) {
		instant t = zone_midnight(z, first + (day)(WEEK * i));

		if (t >= p->month.to)
			break;
		ticks[c->n_ticks++] =
			(struct chart_tick){t, doc_words(d, doc_time(d, t, TIME_DAY)), false};
	}
	c->ticks = ticks;
}

static void add_strip(struct report *r, const struct strips_page *p, const struct strip *s,
		      struct phrase name)
{
	struct doc *d = r->d;
	struct chart *c = arena_one(d->arena, struct chart);
	struct chart_span *spans = arena_array(d->arena, struct chart_span, s->n_pieces);
	size_t n = 0;

	for (size_t i = 0; i < s->n_pieces; i++)
		if (s->pieces[i].state != AV_UP)
			spans[n++] = (struct chart_span){s->pieces[i].span,
							 report_mark(s->pieces[i].state)};
	*c = (struct chart){.kind = CHART_STRIP,
			    .axis = p->month,
			    .spans = spans,
			    .n_spans = n,
			    .target = INSTANT_NONE};
	c->label = doc_words(d, SAY(d, W_STRIPS_CHART, name, doc_span(d, sum_of(s, AV_DOWN)),
				    doc_span(d, sum_of(s, AV_EXCUSED)),
				    doc_span(d, sum_of(s, AV_UNKNOWN))));
	add_ticks(d, p, c);
	doc_paragraph(d, name);
	doc_chart(d, c);
}

static bool all_up(const struct strip_day *x)
{
	for (int i = 0; i < AV_STATES; i++)
		if (i != AV_UP && i != AV_UNAGREED && x->ms[i] > 0)
			return false;
	return true;
}

static void strip_rows(struct report *r, struct table *t, const struct strip *s, struct phrase name)
{
	struct doc *d = r->d;

	for (size_t i = 0; i < s->n_days; i++) {
		const struct strip_day *x = &s->days[i];

		if (all_up(x))
			continue;
		ROW(d, t, name, doc_day(d, x->day), doc_span(d, x->ms[AV_UP]),
		    doc_span(d, x->ms[AV_DOWN]),
		    doc_span(d, x->ms[AV_DEGRADED] + x->ms[AV_DROPPED]),
		    doc_span(d, x->ms[AV_EXCUSED]), doc_span(d, x->ms[AV_UNKNOWN]));
	}
}

static void days_table(struct report *r, const struct metric_strips *m)
{
	struct doc *d = r->d;
	const struct promise *p = report_promise(r, m->version);
	const struct metric *of = &p->metrics[m->metric];
	const struct table_column columns[] = {{SAY0(d, W_COMPONENT), COLUMN_TEXT},
					       {SAY0(d, W_STRIPS_DAY), COLUMN_TEXT},
					       {SAY0(d, W_STRIPS_UP), COLUMN_NUMBER},
					       {SAY0(d, W_DOWN), COLUMN_NUMBER},
					       {SAY0(d, W_STRIPS_PART), COLUMN_NUMBER},
					       {SAY0(d, W_STRIPS_EXCUSED), COLUMN_NUMBER},
					       {SAY0(d, W_STRIPS_UNKNOWN), COLUMN_NUMBER}};
	struct table *t = doc_table(d, SAY0(d, W_STRIPS_DAYS), columns, ARRAY_SIZE(columns));

	strip_rows(r, t, &m->whole, SAY0(d, W_STRIPS_PROMISE));
	for (size_t i = 0; i < m->n_components; i++)
		strip_rows(r, t, &m->components[i],
			   doc_plain(d, component_name(p, of, m->components[i].asset)));
	if (t->n_rows == 0)
		doc_paragraph(d, SAY0(d, W_STRIPS_ALL_UP));
}

static void metric_part(struct report *r, const struct strips_page *p,
			const struct metric_strips *m)
{
	struct doc *d = r->d;
	const struct promise *of = report_promise(r, m->version);

	if (m->window != UINT32_MAX)
		reason_window(r, 0, m->window);
	else
		doc_paragraph(d, metric_words(r, m->version, m->metric));
	d->medium = ON_PAGE;
	for (size_t i = 0; i < m->n_components; i++)
		add_strip(r, p, &m->components[i],
			  doc_plain(d, component_name(of, &of->metrics[m->metric],
						      m->components[i].asset)));
	d->medium = ON_ANY;
	days_table(r, m);
}

struct doc *strips_doc(struct arena *a, const struct strips_page *p)
{
	struct report *r = report_of(a, p);
	const struct promise *of = statement_promise(r);
	struct doc *d = r->d;

	d->title = SAY(d, W_STRIPS_TITLE, doc_time(d, p->month.from, TIME_MONTH));
	d->aside = doc_plain(d, of->id);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, of->provider), doc_plain(d, of->client));
	d->under = SAY(d, W_AS_OF, doc_time(d, p->outcome->in.as_of, TIME_FULL));
	if (p->n == 0)
		doc_paragraph(d, SAY0(d, W_STRIPS_NONE));
	else
		doc_section(d, "promises", SAY0(d, W_STRIPS_PROMISES));
	for (size_t i = 0; i < p->n; i++)
		metric_part(r, p, &p->v[i]);
	maintenance_table(r, p);
	doc_footer(d, SAY(d, W_TIMES_SHOWN_IN, doc_plain(d, zone_name(statement_zone(r)))));
	return d;
}

/* --- JSON --- */

static struct text day_text(struct arena *a, day v)
{
	struct buf b;
	struct text t;

	buf_init(&b, 16);
	day_print(&b, v);
	t = text_copy(a, buf_view(&b));
	buf_free(&b);
	return t;
}

static void json_days(struct json *j, struct arena *a, const struct strip *s)
{
	json_key(j, "days");
	json_open_array(j);
	for (size_t i = 0; i < s->n_days; i++) {
		json_open_object(j);
		json_kv_text(j, "day", day_text(a, s->days[i].day));
		for (size_t k = 0; k < ARRAY_SIZE(STATES); k++)
			if (s->days[i].ms[STATES[k].state] != 0)
				json_kv_int(j, STATES[k].key, s->days[i].ms[STATES[k].state]);
		json_end_object(j);
	}
	json_end_array(j);
}

static const char *state_key(enum availability_state s)
{
	static const char *const keys[AV_STATES] = {[AV_UP] = "up",
						    [AV_DOWN] = "down",
						    [AV_EXCUSED] = "excused",
						    [AV_UNKNOWN] = "unknown",
						    [AV_UNAGREED] = "unagreed",
						    [AV_DROPPED] = "dropped",
						    [AV_DEGRADED] = "degraded"};

	return keys[s];
}

static void json_pieces(struct json *j, struct report *r, const struct metric *m,
			const struct strip *s)
{
	json_key(j, "pieces");
	json_open_array(j);
	for (size_t i = 0; i < s->n_pieces; i++) {
		const struct availability_piece *p = &s->pieces[i];

		if (p->state == AV_UP)
			continue;
		json_open_object(j);
		json_instant(j, "from", p->span.from);
		json_instant(j, "to", p->span.to);
		json_kv_str(j, "state", state_key(p->state));
		if (p->exclude >= 0)
			json_node(j, r, m->excludes[p->exclude].node);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_strip(struct json *j, struct report *r, const struct metric_strips *m,
		       const struct strip *s)
{
	const struct promise *p = report_promise(r, m->version);
	const struct metric *of = &p->metrics[m->metric];

	json_open_object(j);
	json_kv_text(j, "component", component_id(p, of, s->asset));
	json_kv_text(j, "name", component_name(p, of, s->asset));
	json_kv_bool(j, "judged", s->judged);
	json_days(j, r->d->arena, s);
	json_pieces(j, r, of, s);
	json_end_object(j);
}

static void json_excuses(struct json *j, struct report *r, const struct metric *m,
			 const struct availability *av)
{
	json_key(j, "excuses");
	json_open_array(j);
	for (size_t i = 0; i < av->n_excuses; i++) {
		json_open_object(j);
		json_key(j, "excuse");
		json_excuse(j, r, &av->excuses[i]);
		if (av->excuses[i].exclude >= 0)
			json_node(j, r, m->excludes[av->excuses[i].exclude].node);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_metric(struct json *j, struct report *r, const struct metric_strips *m)
{
	const struct promise *p = report_promise(r, m->version);
	const struct metric *of = &p->metrics[m->metric];

	json_open_object(j);
	json_kv_text(j, "metric", of->id);
	json_node(j, r, of->node);
	if (m->window != UINT32_MAX) {
		const struct window_result *w = &r->o->windows[m->window];
		const struct availability *av = w->availability;

		json_kv_str(j, "window", w->label);
		json_result(j, of, w);
		json_days(j, r->d->arena, &m->whole);
		json_pieces(j, r, of, &m->whole);
		json_key(j, "outages");
		json_open_array(j);
		for (size_t i = 0; i < outage_count(av); i++)
			json_outage(j, r, p, outage_of(av, i));
		json_end_array(j);
		json_excuses(j, r, of, av);
	}
	json_key(j, "components");
	json_open_array(j);
	for (size_t i = 0; i < m->n_components; i++)
		json_strip(j, r, m, &m->components[i]);
	json_end_array(j);
	json_end_object(j);
}

static void json_maintenance(struct json *j, struct report *r, const struct strips_page *p)
{
	struct planned *v;
	size_t n = planned_of(r->d->arena, p, &v);

	json_key(j, "maintenance");
	json_open_array(j);
	for (size_t i = 0; i < n; i++) {
		json_open_object(j);
		json_kv_text(j, "id", symbol_text(p->outcome->in.facts->symbols, v[i].f->subject));
		json_instant(j, "from", v[i].span.from);
		json_instant(j, "to", v[i].span.to);
		json_key(j, "assets");
		json_open_array(j);
		for (size_t k = 0; k < v[i].f->n_values; k++)
			if (v[i].f->values[k].field == FIELD_ASSETS)
				json_text(j, symbol_text(p->outcome->in.facts->symbols,
							 v[i].f->values[k].word));
		json_end_array(j);
		json_instant(j, "announced_at", v[i].f->recorded_at);
		json_kv_bool(j, "cancelled", v[i].cancelled);
		if (v[i].judged.refusal != EXCUSE_VALID)
			json_kv_str(j, "refused", refusal_key(v[i].judged.refusal));
		json_kv_int(j, "notice_ms", v[i].judged.notice_ms);
		json_kv_int(j, "needed_ms", v[i].judged.needed_ms);
		json_end_object(j);
	}
	json_end_array(j);
}

void strips_json(struct arena *a, const struct strips_page *p, struct buf *out)
{
	struct report *r = report_of(a, p);
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_availability", 1);
	json_kv_text(&j, "contract", p->contract);
	json_instant(&j, "as_of", p->outcome->in.as_of);
	json_instant(&j, "from", p->month.from);
	json_instant(&j, "to", p->month.to);
	json_key(&j, "metrics");
	json_open_array(&j);
	for (size_t i = 0; i < p->n; i++)
		json_metric(&j, r, &p->v[i]);
	json_end_array(&j);
	json_maintenance(&j, r, p);
	json_end_object(&j);
	buf_char(out, '\n');
}

/* --- CSV --- */

static void csv_strip(struct table_csv *c, struct arena *a, struct text metric,
		      struct text component, const struct strip *s)
{
	for (size_t i = 0; i < s->n_days; i++) {
		csv_text(c, metric);
		csv_text(c, component);
		csv_word(c, s->judged ? "true" : "false");
		csv_text(c, day_text(a, s->days[i].day));
		for (size_t k = 0; k < ARRAY_SIZE(STATES); k++)
			csv_int(c, s->days[i].ms[STATES[k].state]);
		csv_end(c);
	}
}

void strips_csv(struct arena *a, const struct strips_page *p, struct buf *out)
{
	struct table_csv c = {.out = out};

	buf_str(out, "metric,component,judged,day");
	for (size_t k = 0; k < ARRAY_SIZE(STATES); k++) {
		buf_char(out, ',');
		buf_str(out, STATES[k].key);
	}
	buf_char(out, '\n');
	for (size_t i = 0; i < p->n; i++) {
		const struct metric_strips *m = &p->v[i];
		const struct promise *of = outcome_promise(p->outcome, m->version);
		const struct metric *x = &of->metrics[m->metric];

		csv_strip(&c, a, x->id, text_of(""), &m->whole);
		for (size_t k = 0; k < m->n_components; k++)
			csv_strip(&c, a, x->id, component_id(of, x, m->components[k].asset),
				  &m->components[k]);
	}
}
