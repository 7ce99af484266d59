/* SPDX-License-Identifier: Apache-2.0 */
#include "render/tickets_parts.h"

#include "render/table_csv.h"

/* --- words --- */

struct phrase desk_state_words(struct doc *d, enum desk_state s)
{
	static const enum wording words[] = {
		[DESK_OPEN] = W_DEADLINE_OPEN,
		[DESK_WAITING_CLIENT] = W_DESK_WAITING_CLIENT,
		[DESK_WAITING_VENDOR] = W_DESK_WAITING_VENDOR,
		[DESK_SCHEDULED] = W_DESK_SCHEDULED,
		[DESK_RESTORED] = W_EVENT_RESTORED,
		[DESK_RESOLVED] = W_EVENT_RESOLVED,
		[DESK_CLOSED] = W_EVENT_CLOSED,
		[DESK_CANCELLED] = W_DESK_CANCELLED,
		[DESK_MERGED] = W_DESK_MERGED,
	};

	return SAY0(d, words[s]);
}

struct report *ticket_report(struct arena *a, const struct outcome *o, const struct language *l)
{
	const struct statement_options options = {.language = l, .entries = true};

	return report_new(a, o, &options);
}

static struct text word(const struct outcome *o, symbol y)
{
	return y == 0 ? text_of("") : symbol_text(o->in.facts->symbols, y);
}

/* "First response, late by 3 h" of the clock that is due next. */
static struct phrase next_words(struct report *r, const struct desk_ticket *t)
{
	const struct clock *c;

	if (t->next == UINT32_MAX)
		return t->missed ? doc_state_run(r->d, STATE_MISSED, SAY0(r->d, W_DESK_WAS_LATE))
				 : NO_WORDS;
	c = &r->o->clocks[t->next];
	return SAY(r->d, W_PAIR, metric_words(r, c->version, c->metric),
		   doc_state_run(r->d, clock_doc_state(c), clock_verdict_words(r, c)));
}

static struct phrase due_words(struct report *r, const struct desk_ticket *t)
{
	if (t->next == UINT32_MAX)
		return NO_WORDS;
	return doc_time(r->d, r->o->clocks[t->next].deadline, TIME_MOMENT);
}

/* --- the list --- */

static void list_row(struct report *r, struct table *t, const struct ticket_row *x)
{
	struct doc *d = r->d;
	struct text id = symbol_text(r->o->in.facts->symbols, x->t->id);

	ROW(d, t, doc_plain(d, id), doc_plain(d, x->summary),
	    priority_words(r, x->t->version, x->t->priority), desk_state_words(d, x->t->state),
	    doc_plain(d, x->technician), doc_time(d, x->t->logged, TIME_MOMENT),
	    next_words(r, x->t), due_words(r, x->t));
}

struct doc *tickets_doc(struct arena *a, const struct ticket_list *l)
{
	struct report *r = ticket_report(a, l->outcome, l->language);
	const struct promise *p = statement_promise(r);
	struct doc *d = r->d;
	const struct table_column columns[] = {
		{SAY0(d, W_TICKET), COLUMN_TEXT},          {SAY0(d, W_DESK_SUMMARY), COLUMN_TEXT},
		{SAY0(d, W_PRIORITY), COLUMN_TEXT},        {SAY0(d, W_STATE), COLUMN_TEXT},
		{SAY0(d, W_DESK_TECHNICIAN), COLUMN_PAGE}, {SAY0(d, W_EVENT_LOGGED), COLUMN_PAGE},
		{SAY0(d, W_DESK_NEXT), COLUMN_TEXT},       {SAY0(d, W_DUE), COLUMN_TEXT}};

	d->title = SAY0(d, W_DESK_TICKETS);
	d->aside = doc_plain(d, p->id);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, p->provider), doc_plain(d, p->client));
	d->under = SAY(d, W_AS_OF, doc_time(d, l->outcome->in.as_of, TIME_FULL));
	if (l->n == 0) {
		doc_paragraph(d, SAY0(d, W_DESK_NONE));
		return d;
	}
	struct table *t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < l->n; i++)
		list_row(r, t, &l->v[i]);
	doc_paragraph(d, SAY(d, W_DESK_SHOWN, doc_int(d, (int64_t)l->n),
			     doc_int(d, (int64_t)l->matching)));
	if (l->more)
		doc_hint(d,
			 text_format(a,
				     "tenor ticket list --contract %.*s \xE2\x80\xA6 --after %.*s",
				     TEXT_ARG(l->contract),
				     TEXT_ARG(word(l->outcome, l->v[l->n - 1].t->id))),
			 SAY0(d, W_DESK_MORE));
	return d;
}

/* --- JSON --- */

static void kv_some(struct json *j, const char *key, struct text t)
{
	if (t.n > 0)
		json_kv_text(j, key, t);
}

static void json_next(struct json *j, struct report *r, const struct desk_ticket *t)
{
	const struct clock *c;

	if (t->next == UINT32_MAX)
		return;
	c = &r->o->clocks[t->next];
	json_key(j, "next");
	json_open_object(j);
	json_kv_text(j, "metric", report_metric(r, c->version, c->metric)->id);
	json_kv_str(j, "state", clock_state_key((enum clock_state)c->state));
	json_kv_bool(j, "at_risk", c->at_risk);
	json_instant(j, "due", c->deadline);
	json_kv_int(j, "left_ms", c->left_ms);
	json_kv_int(j, "used_ms", c->used_ms);
	json_kv_int(j, "goal_ms", c->goal_ms);
	json_end_object(j);
}

void json_ticket_row(struct json *j, struct report *r, const struct ticket_row *x)
{
	const struct desk_ticket *t = x->t;
	const struct outcome *o = r->o;
	const struct promise *p = report_promise(r, t->version);

	json_open_object(j);
	json_kv_text(j, "ticket", word(o, t->id));
	kv_some(j, "summary", x->summary);
	json_kv_str(j, "state", desk_state_word(t->state));
	json_kv_bool(j, "open", t->open);
	json_instant(j, "since", t->since);
	if (t->priority >= 0)
		json_kv_text(j, "priority", p->priorities[t->priority].id);
	if (t->service >= 0)
		json_kv_text(j, "service", p->services[t->service].id);
	kv_some(j, "site", word(o, t->site));
	kv_some(j, "channel", word(o, t->channel));
	json_instant(j, "logged_at", t->logged);
	kv_some(j, "technician", word(o, t->technician));
	kv_some(j, "assignee", x->technician);
	kv_some(j, "queue", x->queue);
	kv_some(j, "into", word(o, t->into));
	json_kv_bool(j, "in_scope", !t->out_of_scope);
	json_kv_bool(j, "late", t->late);
	json_kv_bool(j, "missed", t->missed);
	json_next(j, r, t);
	json_end_object(j);
}

void tickets_json(struct arena *a, const struct ticket_list *l, struct buf *out)
{
	struct report *r = ticket_report(a, l->outcome, l->language);
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_tickets", 1);
	json_kv_text(&j, "contract", l->contract);
	json_kv_text(&j, "zone", zone_name(r->d->zone));
	json_instant(&j, "as_of", l->outcome->in.as_of);
	json_kv_int(&j, "matching", (int64_t)l->matching);
	json_key(&j, "tickets");
	json_open_array(&j);
	for (size_t i = 0; i < l->n; i++)
		json_ticket_row(&j, r, &l->v[i]);
	json_end_array(&j);
	if (l->more)
		json_kv_text(&j, "after", word(l->outcome, l->v[l->n - 1].t->id));
	json_end_object(&j);
	buf_char(out, '\n');
}

/* --- CSV --- */

static void csv_instant(struct table_csv *c, instant t)
{
	struct buf b;

	buf_init(&b, 64);
	if (t != INSTANT_NONE)
		instant_print(&b, t);
	csv_text(c, buf_view(&b));
	buf_free(&b);
}

static void csv_ticket(struct table_csv *c, const struct ticket_list *l, const struct ticket_row *x,
		       bool queues)
{
	const struct outcome *o = l->outcome;
	const struct desk_ticket *t = x->t;
	const struct promise *p = outcome_promise(o, t->version);

	csv_text(c, word(o, t->id));
	csv_text(c, x->summary);
	csv_word(c, desk_state_word(t->state));
	csv_instant(c, t->since);
	csv_text(c, t->priority < 0 ? text_of("") : p->priorities[t->priority].id);
	csv_text(c, t->service < 0 ? text_of("") : p->services[t->service].id);
	csv_instant(c, t->logged);
	csv_text(c, word(o, t->technician));
	csv_word(c, t->out_of_scope ? "false" : "true");
	csv_word(c, t->late ? "true" : "false");
	csv_word(c, t->missed ? "true" : "false");
	if (t->next == UINT32_MAX)
		csv_empty(c, 4);
	else {
		const struct clock *k = &o->clocks[t->next];

		csv_text(c, outcome_promise(o, k->version)->metrics[k->metric].id);
		csv_word(c, clock_state_key((enum clock_state)k->state));
		csv_instant(c, k->deadline);
		csv_int(c, k->left_ms);
	}
	if (queues)
		csv_text(c, x->queue);
	csv_end(c);
}

void tickets_csv(const struct ticket_list *l, struct buf *out)
{
	struct table_csv c = {.out = out};
	bool queues = false;

	for (size_t i = 0; i < l->n; i++)
		queues = queues || l->v[i].queue.n > 0;
	buf_str(out, "ticket,summary,state,since,priority,service,logged_at,technician,in_scope,"
		     "late,missed,"
		     "next,next_state,due,left_ms");
	buf_str(out, queues ? ",queue\n" : "\n");
	for (size_t i = 0; i < l->n; i++)
		csv_ticket(&c, l, &l->v[i], queues);
}
