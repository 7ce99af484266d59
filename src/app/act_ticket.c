/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor ticket list, ticket show: tickets of a contract from its record. Nothing is written. A list costs the evaluation that the month's
 * statement costs, whatever the page's size; words are opened for the tickets shown alone.
 */
#include "app/answer.h"
#include "app/money.h"
#include "app/own.h"
#include "render/tickets.h"

#include <assert.h>
#include <string.h>

enum { LIMIT_DEFAULT = 50, LIMIT_MAX = 1000 };

struct desk_call {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	struct recalled r;
	struct outcome *outcome;
	struct desk desk;
	const struct language *language;
	enum format format;
	bool words; /* private words may be read */
	struct stored_user *users;
	size_t n_users;
};

static const struct promise *newest(const struct desk_call *c)
{
	return c->r.versions[c->r.n_versions - 1].promise;
}

/* A requester has the tickets on its desk that it opened (trust.md P3). */
static enum rc keep_own(struct desk_call *c, struct err *err)
{
	struct own_tickets own;
	size_t n = 0;
	enum rc rc = own_tickets(&c->ws, R_TICKET_READ, &c->r, &own, err);

	for (size_t i = 0; rc == RC_OK && i < c->desk.n; i++)
		if (own_has(&own, symbol_text(c->outcome->in.facts->symbols, c->desk.v[i].id)))
			c->desk.v[n++] = c->desk.v[i];
	if (rc == RC_OK)
		c->desk.n = n;
	return rc;
}

/* The month of now: statements are not asked for. */
static enum rc work_out(struct desk_call *c, struct err *err)
{
	struct span month = value_month_of(newest(c)->zone, c->ws.now);
	struct evaluation in;
	enum rc rc;

	recall_evaluation(&c->r, c->ws.arena, month, c->ws.now, c->ws.now, &in);
	rc = evaluate(c->ws.arena, &in, &c->outcome, err);
	if (rc == RC_OK)
		desk_make(c->ws.arena, c->outcome, &c->desk);
	return rc == RC_OK ? keep_own(c, err) : rc;
}

static enum rc open_desk(struct app *app, const struct args *args, struct desk_call *c,
			 struct err *err)
{
	struct recall_options options = {-1, INSTANT_MAX, RECALL_NO_WORDS, PACK_IDS_ALL};
	enum rc rc = answer_format(args, &c->format, err);

	c->args = args;
	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &c->ws, err);
	if (rc != RC_OK)
		return rc;
	rc = workspace_log(&c->ws, args_text(args, PARAM_CONTRACT_ID), &c->log, err);
	if (rc == RC_OK)
		rc = recall(&c->ws, &c->log, &options, &c->r, err);
	if (rc == RC_OK)
		rc = answer_language(args, newest(c)->language, &c->language, err);
	if (rc == RC_OK)
		rc = work_out(c, err);
	if (rc != RC_OK)
		workspace_close(&c->ws);
	c->words = rc == RC_OK && c->ws.keys != NULL && workspace_allows(&c->ws, R_PERSONAL_READ);
	return rc;
}

static int64_t index_of_fact(const struct desk_call *c, uint32_t fact)
{
	return c->r.fact_index == NULL ? (int64_t)fact : c->r.fact_index[fact];
}

static struct text id_of(const struct desk_call *c, const struct desk_ticket *t)
{
	return symbol_text(c->outcome->in.facts->symbols, t->id);
}

/* --- which tickets --- */

struct filter {
	enum { STATE_ANY, STATE_OPEN_ONLY, STATE_CLOSED_ONLY } state;
	struct text priority, technician;
	bool late;
	enum desk_order order;
	int64_t limit;
};

static enum rc unknown_word(const char *what, struct text word, const char *right, struct err *err)
{
	err_hint(err, "write %s", right);
	return err_set(err, RC_USAGE, "there is no %s '%.*s'", what, TEXT_ARG(word));
}

static enum rc filter_words(const struct args *args, struct filter *f, struct err *err)
{
	static const char *const states[] = {"all", "open", "closed"};
	static const char *const orders[] = {"due", "logged", "priority", "id"};
	struct text state = args_text(args, PARAM_TICKET_STATE), sort = args_text(args, PARAM_SORT);
	int found = state.n == 0 ? STATE_OPEN_ONLY : -1;

	for (int i = 0; i < (int)ARRAY_SIZE(states); i++)
		if (text_is(state, states[i]))
			found = i;
	if (found < 0)
		return unknown_word("state", state, "open, closed or all", err);
	f->state = found == STATE_OPEN_ONLY     ? STATE_OPEN_ONLY
		   : found == STATE_CLOSED_ONLY ? STATE_CLOSED_ONLY
						: STATE_ANY;
	found = sort.n == 0 ? (int)DESK_BY_DUE : -1;
	for (int i = 0; i < (int)ARRAY_SIZE(orders); i++)
		if (text_is(sort, orders[i]))
			found = i;
	if (found < 0)
		return unknown_word("order", sort, "due, logged, priority or id", err);
	f->order = (enum desk_order)found;
	return RC_OK;
}

static enum rc filter_of(const struct desk_call *c, struct filter *f, struct err *err)
{
	const struct args *args = c->args;
	bool known = !args_has(args, PARAM_PRIORITY);
	enum rc rc = filter_words(args, f, err);

	if (rc != RC_OK)
		return rc;
	f->priority = args_text(args, PARAM_PRIORITY);
	f->technician = args_text(args, PARAM_TECHNICIAN);
	f->late = args_has(args, PARAM_LATE);
	f->limit = LIMIT_DEFAULT;
	for (size_t v = 0; v < c->r.n_versions && !known; v++) {
		const struct promise *p = c->r.versions[v].promise;

		for (size_t i = 0; i < p->n_priorities; i++)
			known = known || text_eq(p->priorities[i].id, f->priority);
	}
	if (!known) {
		err_hint(err, "\"tenor contract show\" has those of the contract");
		return err_set(err, RC_USAGE, "there is no priority '%.*s'", TEXT_ARG(f->priority));
	}
	if (args_has(args, PARAM_LIMIT) && (!text_int(args_text(args, PARAM_LIMIT), &f->limit) ||
					    f->limit < 1 || f->limit > LIMIT_MAX)) {
		err_hint(err, "1 to %d", LIMIT_MAX);
		return err_set(err, RC_USAGE, "'%.*s' tickets cannot be listed at once",
			       TEXT_ARG(args_text(args, PARAM_LIMIT)));
	}
	return RC_OK;
}

static bool fits(const struct desk_call *c, const struct filter *f, const struct desk_ticket *t)
{
	const struct promise *p = outcome_promise(c->outcome, t->version);

	if (f->state == STATE_OPEN_ONLY && !t->open)
		return false;
	if (f->state == STATE_CLOSED_ONLY && t->open)
		return false;
	if (f->priority.n > 0 &&
	    (t->priority < 0 || !text_eq(p->priorities[t->priority].id, f->priority)))
		return false;
	if (f->technician.n > 0 &&
	    (t->technician == 0 ||
	     !text_eq(symbol_text(c->outcome->in.facts->symbols, t->technician), f->technician)))
		return false;
	return !f->late || t->late || t->missed;
}

static void keep(struct desk_call *c, const struct filter *f)
{
	size_t n = 0;

	for (size_t i = 0; i < c->desk.n; i++)
		if (fits(c, f, &c->desk.v[i]))
			c->desk.v[n++] = c->desk.v[i];
	c->desk.n = n;
	desk_sort(c->outcome, &c->desk, f->order);
}

/* The place after the ticket of --after. */
static enum rc first_of(const struct desk_call *c, size_t *out, struct err *err)
{
	struct text after = args_text(c->args, PARAM_AFTER);

	*out = 0;
	if (!args_has(c->args, PARAM_AFTER))
		return RC_OK;
	for (size_t i = 0; i < c->desk.n; i++)
		if (text_eq(id_of(c, &c->desk.v[i]), after)) {
			*out = i + 1;
			return RC_OK;
		}
	err_hint(err, "ask again from the first page");
	return err_set(err, RC_MISSING, "'%.*s' is not in this list", TEXT_ARG(after));
}

static enum rc summary_of(struct desk_call *c, const struct desk_ticket *t, struct text *out,
			  struct err *err)
{
	const struct fact *f = view_fact(c->outcome->view, t->logged_fact);
	struct facts *set = facts_new(c->ws.arena);
	struct fact told;
	struct text actor;
	enum rc rc;

	*out = text_of("");
	if (!c->words || fact_value(f, FIELD_SUMMARY) == NULL)
		return RC_OK;
	rc = recall_fact_at(&c->ws, &c->log, index_of_fact(c, t->logged_fact), set, &told, &actor,
			    err);
	if (rc == RC_OK && fact_value(&told, FIELD_SUMMARY) != NULL)
		*out = symbol_text(set->symbols, fact_word(&told, FIELD_SUMMARY));
	return rc;
}

static enum rc list(struct desk_call *c, struct ticket_list *out, struct err *err)
{
	struct filter f;
	struct ticket_row *rows;
	size_t first = 0;
	enum rc rc = filter_of(c, &f, err);

	if (rc != RC_OK)
		return rc;
	keep(c, &f);
	rc = first_of(c, &first, err);
	if (rc != RC_OK)
		return rc;
	*out = (struct ticket_list){.outcome = c->outcome,
				    .language = c->language,
				    .contract = c->log.contract,
				    .matching = c->desk.n,
				    .n = c->desk.n - first};
	out->more = out->n > (size_t)f.limit;
	if (out->more)
		out->n = (size_t)f.limit;
	rows = arena_array(c->ws.arena, struct ticket_row, out->n);
	for (size_t i = 0; rc == RC_OK && i < out->n; i++) {
		rows[i].t = &c->desk.v[first + i];
		rc = summary_of(c, rows[i].t, &rows[i].summary, err);
	}
	out->v = rows;
	return rc;
}

enum rc action_ticket_list(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct desk_call *c = arena_one(app->arena, struct desk_call);
	struct ticket_list l;
	enum rc rc = open_desk(app, args, c, err);

	if (rc != RC_OK)
		return rc;
	rc = list(c, &l, err);
	workspace_close(&c->ws);
	if (rc != RC_OK)
		return rc;
	if (c->format == FORMAT_JSON)
		tickets_json(app->arena, &l, &reply->out);
	else if (c->format == FORMAT_CSV)
		tickets_csv(&l, &reply->out);
	else {
		struct answer_sender from = {newest(c)->provider, c->ws.now};

		return answer_doc(app, args, c->format, tickets_doc(app->arena, &l), &from,
				  &reply->out, err);
	}
	return RC_OK;
}

/* --- one ticket --- */

/* Notes among the provider's own people are not the client's to read. */
static bool hidden(const struct desk_call *c, const struct fact *f)
{
	symbol v = fact_word(f, FIELD_VISIBILITY);

	return workspace_client(&c->ws) && v != 0 &&
	       text_is(symbol_text(c->outcome->in.facts->symbols, v), "internal");
}

/* A person of one's own side by handle; of the other side opaque, as the entry has it. */
static struct text handle_of(const struct desk_call *c, struct text actor)
{
	for (size_t i = 0; i < c->n_users; i++)
		if (text_eq(c->users[i].id, actor) && c->users[i].client == c->ws.actor.client)
			return c->users[i].handle;
	return actor;
}

static bool has_words(const struct fact *f)
{
	for (size_t i = 0; i < f->n_values; i++)
		if (field_row((enum fact_field)f->values[i].field)->type == FIELD_TEXT)
			return true;
	return false;
}

static enum rc tell_facts(struct desk_call *c, struct ticket_page *p, struct err *err)
{
	struct fact_run run = view_ticket(c->outcome->view, p->t->id);
	struct ticket_fact *v = arena_array(c->ws.arena, struct ticket_fact, run.n);
	struct facts *set = facts_new(c->ws.arena);
	struct fact *told = arena_array(c->ws.arena, struct fact, run.n);
	enum rc rc = record_users(c->ws.store, c->ws.arena, &c->users, &c->n_users, err);

	for (size_t i = 0; rc == RC_OK && i < run.n; i++) {
		const struct fact *f = view_fact(c->outcome->view, run.v[i]);
		struct ticket_fact *x = &v[p->n_facts];
		struct text actor;

		if (hidden(c, f))
			continue;
		rc = recall_fact_at(&c->ws, &c->log, index_of_fact(c, run.v[i]), set,
				    &told[p->n_facts], &actor, err);
		if (rc != RC_OK)
			break;
		*x = (struct ticket_fact){.fact = run.v[i],
					  .entry = index_of_fact(c, run.v[i]),
					  .who = handle_of(c, actor),
					  .told = &told[p->n_facts],
					  .words = set->symbols,
					  .withheld = !c->words && has_words(f)};
		p->n_facts++;
	}
	p->facts = v;
	return rc;
}

static struct text word(const struct desk_call *c, const struct fact *f, enum fact_field field)
{
	symbol y = fact_word(f, field);

	return y == 0 ? text_of("") : symbol_text(c->outcome->in.facts->symbols, y);
}

/* Work that names the ticket; *facts: which they are. */
static void tell_work(struct desk_call *c, struct ticket_page *p, uint32_t **facts)
{
	struct fact_run run = c->outcome->view->kinds[FACT_WORK_RECORDED];
	struct ticket_work *v = arena_array(c->ws.arena, struct ticket_work, run.n);

	*facts = arena_array(c->ws.arena, uint32_t, run.n);
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(c->outcome->view, run.v[i]);

		if (fact_word(f, FIELD_TICKET) != p->t->id)
			continue;
		(*facts)[p->n_work] = run.v[i];
		v[p->n_work++] = (struct ticket_work){.entry = word(c, f, FIELD_ENTRY),
						      .technician = word(c, f, FIELD_TECHNICIAN),
						      .place = word(c, f, FIELD_PLACE),
						      .charge = word(c, f, FIELD_CHARGE),
						      .covered = word(c, f, FIELD_COVERED),
						      .at = f->occurred_at,
						      .minutes = fact_number(f, FIELD_MINUTES, 0)};
	}
	p->work = v;
}

static int64_t of_these(const struct desk_call *c, const struct evidence *e, const uint32_t *facts,
			size_t n)
{
	int64_t found = 0;

	for (size_t i = 0; i < e->n_entries; i++)
		for (size_t k = 0; k < n; k++)
			found += e->entries[i] == index_of_fact(c, facts[k]);
	return found;
}

/* Lines that rest on that work, as the charges come to now (money.md R27 to R33). */
static void tell_lines(const struct desk_call *c, const struct money_state *m,
		       const uint32_t *facts, struct ticket_page *p)
{
	struct ticket_line *v = NULL;
	size_t cap = 0;

	for (size_t i = 0; i < m->charging->n_items; i++) {
		const struct item *item = &m->charging->items[i];

		for (size_t k = 0; k < item->n_lines; k++) {
			const struct invoice_line *l = &item->lines[k];
			int64_t mine = of_these(c, &l->evidence, facts, p->n_work);

			if (mine == 0)
				continue;
			v = arena_grow(c->ws.arena, v, p->n_lines, &cap, sizeof(*v));
			v[p->n_lines++] = (struct ticket_line){.charge = l->charge,
							       .name = l->name,
							       .period = l->period,
							       .net = l->net,
							       .facts = mine,
							       .of = l->evidence.count};
		}
	}
	p->lines = v;
}

static enum rc tell_money(struct desk_call *c, const uint32_t *facts, struct ticket_page *p,
			  struct err *err)
{
	struct money_at at = {.size = c->r.size,
			      .known_as_of = INSTANT_MAX,
			      .on = zone_day(newest(c)->zone, c->ws.now),
			      .no_credits = true};
	struct money_state m;
	enum rc rc;

	p->money = workspace_allows(&c->ws, R_MONEY_READ);
	p->currency = newest(c)->currency;
	if (!p->money || p->n_work == 0)
		return RC_OK;
	rc = money_recall(&c->ws, &c->log, &at, &m, err);
	if (rc == RC_INVALID ||
	    rc == RC_LIMIT) { /* facts that cannot be billed: no line rests on them */
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK)
		tell_lines(c, &m, facts, p);
	return rc;
}

static enum rc find_ticket(const struct desk_call *c, const struct desk_ticket **out,
			   struct err *err)
{
	struct text id = args_text(c->args, PARAM_TICKET), near;
	struct text *all = arena_array(c->ws.arena, struct text, c->desk.n);

	for (size_t i = 0; i < c->desk.n; i++) {
		all[i] = id_of(c, &c->desk.v[i]);
		if (!text_eq(all[i], id))
			continue;
		*out = &c->desk.v[i];
		return RC_OK;
	}
	near = text_nearest(id, all, c->desk.n);
	if (near.n > 0)
		err_hint(err, "did you mean %.*s?", TEXT_ARG(near));
	else
		err_hint(err, "\"tenor ticket list --contract %.*s --state all\" lists them",
			 TEXT_ARG(c->log.contract));
	return err_set(err, RC_MISSING, "there is no ticket '%.*s' in %.*s", TEXT_ARG(id),
		       TEXT_ARG(c->log.contract));
}

static enum rc show(struct desk_call *c, struct ticket_page *p, struct err *err)
{
	uint32_t *facts = NULL;
	enum rc rc;

	*p = (struct ticket_page){
		.outcome = c->outcome, .language = c->language, .contract = c->log.contract};
	rc = find_ticket(c, &p->t, err);
	if (rc != RC_OK)
		return rc;
	assert(p->t != NULL);
	rc = tell_facts(c, p, err);
	if (rc != RC_OK)
		return rc;
	tell_work(c, p, &facts);
	return tell_money(c, facts, p, err);
}

enum rc action_ticket_show(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct desk_call *c = arena_one(app->arena, struct desk_call);
	struct ticket_page p;
	enum rc rc = open_desk(app, args, c, err);

	if (rc != RC_OK)
		return rc;
	if (c->format == FORMAT_CSV) {
		err_hint(err, "write text, html, pdf or json");
		rc = err_set(err, RC_USAGE, "a ticket is not a table: no csv");
	} else
		rc = show(c, &p, err);
	workspace_close(&c->ws);
	if (rc != RC_OK)
		return rc;
	if (c->format == FORMAT_JSON) {
		ticket_json(app->arena, &p, &reply->out);
		return RC_OK;
	}
	struct answer_sender from = {newest(c)->provider, c->ws.now};

	return answer_doc(app, args, c->format, ticket_doc(app->arena, &p), &from, &reply->out,
			  err);
}
