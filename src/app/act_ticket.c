/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor ticket list, ticket show: tickets of a contract from its record. Nothing is written. A list costs the evaluation that the month's
 * statement costs, whatever the page's size; words are opened for the tickets shown alone.
 */
#include "app/answer.h"
#include "app/grants.h"
#include "app/money.h"
#include "app/notes.h"
#include "app/own.h"
#include "base/json.h"
#include "render/tickets.h"
#include "store/record_desk.h"

#include <assert.h>
#include <string.h>

enum { LIMIT_DEFAULT = 50, LIMIT_MAX = 1000, SUMMARY_BYTES = 16 << 20 };

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
	struct queued *queues; /* the provider's own; none for a client */
	size_t n_queues;
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
	if (rc == RC_OK)
		rc = record_users(c->ws.store, c->ws.arena, &c->users, &c->n_users, err);
	if (rc == RC_OK)
		rc = notes_queues(&c->ws, &c->log, &c->queues, &c->n_queues, err);
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

/* A person of one's own side by handle; of the other side opaque, as the entry has it. */
static struct text handle_of(const struct desk_call *c, struct text actor)
{
	for (size_t i = 0; i < c->n_users; i++)
		if (text_eq(c->users[i].id, actor) && c->users[i].client == c->ws.actor.client)
			return c->users[i].handle;
	return actor;
}

static struct text technician_of(const struct desk_call *c, const struct desk_ticket *t)
{
	return t->technician == 0
		       ? text_of("")
		       : handle_of(c, symbol_text(c->outcome->in.facts->symbols, t->technician));
}

/* --- which tickets --- */

enum { STATE_ANY = -3, STATE_OPEN_ONLY = -2, STATE_CLOSED_ONLY = -1 };

struct filter {
	int state; /* one of the above, or an enum desk_state */
	struct text priority, technician, service, queue, words;
	bool late, at_risk;
	instant logged_by; /* INSTANT_MAX: any time */
	enum desk_order order;
	int64_t limit;
};

static enum rc unknown_word(const char *what, struct text word, const char *right, struct err *err)
{
	err_hint(err, "write %s", right);
	return err_set(err, RC_USAGE, "there is no %s '%.*s'", what, TEXT_ARG(word));
}

static bool state_of(struct text word, int *out)
{
	static const char *const groups[] = {"all", "open", "closed"};

	if (word.n == 0)
		word = text_of("open");
	for (int i = 0; i < (int)ARRAY_SIZE(groups); i++)
		if (text_is(word, groups[i])) {
			*out = STATE_ANY + i;
			return true;
		}
	for (int i = DESK_WAITING_CLIENT; i <= (int)DESK_MERGED; i++)
		if (i != (int)DESK_CLOSED && text_is(word, desk_state_word((enum desk_state)i))) {
			*out = i;
			return true;
		}
	return false;
}

static enum rc filter_words(const struct args *args, struct filter *f, struct err *err)
{
	static const char *const orders[] = {"due", "logged", "priority", "id"};
	struct text state = args_text(args, PARAM_TICKET_STATE), sort = args_text(args, PARAM_SORT);
	int found;

	if (!state_of(state, &f->state))
		return unknown_word("state", state,
				    "open, closed, all, waiting_client, waiting_vendor, scheduled, "
				    "restored, resolved, cancelled or merged",
				    err);
	found = sort.n == 0 ? (int)DESK_BY_DUE : -1;
	for (int i = 0; i < (int)ARRAY_SIZE(orders); i++)
		if (text_is(sort, orders[i]))
			found = i;
	if (found < 0)
		return unknown_word("order", sort, "due, logged, priority or id", err);
	f->order = (enum desk_order)found;
	return RC_OK;
}

static enum rc limit_of(const struct args *args, int64_t *out, struct err *err)
{
	*out = LIMIT_DEFAULT;
	if (!args_has(args, PARAM_LIMIT) ||
	    (text_int(args_text(args, PARAM_LIMIT), out) && *out >= 1 && *out <= LIMIT_MAX))
		return RC_OK;
	err_hint(err, "1 to %d", LIMIT_MAX);
	return err_set(err, RC_USAGE, "'%.*s' tickets cannot be listed at once",
		       TEXT_ARG(args_text(args, PARAM_LIMIT)));
}

/* Is it an id of any version of the contract? */
static enum rc known_id(const struct desk_call *c, struct text id, bool service, struct err *err)
{
	bool known = id.n == 0;

	for (size_t v = 0; v < c->r.n_versions && !known; v++) {
		const struct promise *p = c->r.versions[v].promise;

		for (size_t i = 0; service && i < p->n_services; i++)
			known = known || text_eq(p->services[i].id, id);
		for (size_t i = 0; !service && i < p->n_priorities; i++)
			known = known || text_eq(p->priorities[i].id, id);
	}
	if (known)
		return RC_OK;
	err_hint(err, "\"tenor contract show\" has those of the contract");
	return err_set(err, RC_USAGE, "there is no %s '%.*s'", service ? "service" : "priority",
		       TEXT_ARG(id));
}

/* Logged so many days ago or earlier. */
static enum rc age_of(const struct desk_call *c, instant *out, struct err *err)
{
	int64_t days = 0;

	*out = INSTANT_MAX;
	if (!args_has(c->args, PARAM_AGE))
		return RC_OK;
	if (!text_digits(args_text(c->args, PARAM_AGE), &days) || days > 36500) {
		err_hint(err, "write a number of days, 0 to 36500");
		return err_set(err, RC_USAGE, "'%.*s' is no age",
			       TEXT_ARG(args_text(c->args, PARAM_AGE)));
	}
	*out = c->ws.now - days * DAY_MS;
	return RC_OK;
}

static enum rc filter_of(struct desk_call *c, struct filter *f, struct err *err)
{
	const struct args *args = c->args;
	enum rc rc = filter_words(args, f, err);

	f->priority = args_text(args, PARAM_PRIORITY);
	f->service = args_text(args, PARAM_SERVICE_ID);
	f->technician = args_text(args, PARAM_TECHNICIAN);
	f->queue = args_text(args, PARAM_QUEUE);
	f->words = args_text(args, PARAM_TEXT_SOUGHT);
	f->late = args_has(args, PARAM_LATE);
	f->at_risk = args_has(args, PARAM_AT_RISK);
	if (rc == RC_OK)
		rc = known_id(c, f->priority, false, err);
	if (rc == RC_OK)
		rc = known_id(c, f->service, true, err);
	if (rc == RC_OK)
		rc = age_of(c, &f->logged_by, err);
	if (rc == RC_OK)
		rc = limit_of(args, &f->limit, err);
	if (rc == RC_OK && f->words.n > 0)
		rc = workspace_may(&c->ws, R_PERSONAL_READ, err);
	return rc;
}

static bool fits_state(const struct filter *f, const struct desk_ticket *t)
{
	if (f->state == STATE_OPEN_ONLY || f->state == STATE_CLOSED_ONLY)
		return t->open == (f->state == STATE_OPEN_ONLY);
	return f->state == STATE_ANY || f->state == (int)t->state;
}

static bool is_at_risk(const struct desk_call *c, const struct desk_ticket *t)
{
	return t->next != UINT32_MAX && c->outcome->clocks[t->next].at_risk;
}

/* By handle, or by the id that the facts have. */
static bool fits_technician(const struct desk_call *c, const struct filter *f,
			    const struct desk_ticket *t)
{
	return f->technician.n == 0 ||
	       (t->technician != 0 &&
		(text_eq(symbol_text(c->outcome->in.facts->symbols, t->technician),
			 f->technician) ||
		 text_eq(technician_of(c, t), f->technician)));
}

static bool fits(const struct desk_call *c, const struct filter *f, const struct desk_ticket *t)
{
	const struct promise *p = outcome_promise(c->outcome, t->version);

	if (!grant_at(&c->ws, t->logged) || !fits_state(f, t) || !fits_technician(c, f, t) || t->logged > f->logged_by)
		return false;
	if (f->priority.n > 0 &&
	    (t->priority < 0 || !text_eq(p->priorities[t->priority].id, f->priority)))
		return false;
	if (f->service.n > 0 &&
	    (t->service < 0 || !text_eq(p->services[t->service].id, f->service)))
		return false;
	if (f->queue.n > 0 && !text_eq(queue_of(c->queues, c->n_queues, id_of(c, t)), f->queue))
		return false;
	if (f->late && !t->late && !t->missed)
		return false;
	return !f->at_risk || t->late || is_at_risk(c, t);
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

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Letters of ASCII in either case; all others as they are. */
static bool has_words_in(struct text t, struct text words)
{
	for (size_t at = 0; at + words.n <= t.n; at++) {
		size_t i = 0;

		while (i < words.n && ascii_lower(t.p[at + i]) == ascii_lower(words.p[i]))
			i++;
		if (i == words.n)
			return true;
	}
	return false;
}

/* Opens the summary of each ticket that fits otherwise: nothing of them stays in memory. */
static enum rc keep_words(struct desk_call *c, struct text words, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < c->desk.n; i++) {
		struct desk_call scratch = *c;
		struct text summary;
		enum rc rc;

		scratch.ws.arena = arena_new(SUMMARY_BYTES);
		rc = summary_of(&scratch, &c->desk.v[i], &summary, err);
		if (rc == RC_OK && has_words_in(summary, words))
			c->desk.v[n++] = c->desk.v[i];
		arena_free(scratch.ws.arena);
		if (rc != RC_OK)
			return rc;
	}
	c->desk.n = n;
	return RC_OK;
}

static enum rc keep(struct desk_call *c, const struct filter *f, struct err *err)
{
	size_t n = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < c->desk.n; i++)
		if (fits(c, f, &c->desk.v[i]))
			c->desk.v[n++] = c->desk.v[i];
	c->desk.n = n;
	if (f->words.n > 0)
		rc = keep_words(c, f->words, err);
	desk_sort(c->outcome, &c->desk, f->order);
	return rc;
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

static enum rc list(struct desk_call *c, struct ticket_list *out, struct err *err)
{
	struct filter f;
	struct ticket_row *rows;
	size_t first = 0;
	enum rc rc = filter_of(c, &f, err);

	if (rc != RC_OK)
		return rc;
	rc = keep(c, &f, err);
	if (rc == RC_OK)
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
		rows[i].technician = technician_of(c, rows[i].t);
		rows[i].queue = queue_of(c->queues, c->n_queues, id_of(c, rows[i].t));
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
	enum rc rc = RC_OK;

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

static enum rc tell_notes(struct desk_call *c, struct ticket_page *p, struct err *err)
{
	struct desk_note *v = NULL;
	struct ticket_note *out;
	enum rc rc = notes_of(&c->ws, &c->log, id_of(c, p->t), &v, &p->n_notes, err);

	if (rc != RC_OK)
		return rc;
	out = arena_array(c->ws.arena, struct ticket_note, p->n_notes);
	for (size_t i = 0; i < p->n_notes; i++)
		out[i] = (struct ticket_note){v[i].at, handle_of(c, v[i].who), v[i].words,
					      v[i].queue};
	p->notes = out;
	return RC_OK;
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
		if (!grant_at(&c->ws, c->desk.v[i].logged))
			all[i] = text_of("");
		if (id.n == 0 || !text_eq(all[i], id))
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
	p->technician = technician_of(c, p->t);
	p->queue = queue_of(c->queues, c->n_queues, id_of(c, p->t));
	rc = tell_facts(c, p, err);
	if (rc == RC_OK)
		rc = tell_notes(c, p, err);
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

/* --- a text to answer with, filled in --- */

static void put_due(const struct desk_call *c, const struct desk_ticket *t, struct buf *out)
{
	const struct zone *zone = newest(c)->zone;
	struct local at;

	if (t->next == UINT32_MAX || c->outcome->clocks[t->next].deadline == INSTANT_NONE) {
		buf_str(out, "-");
		return;
	}
	at = zone_local(zone, c->outcome->clocks[t->next].deadline);
	day_print(out, at.date);
	buf_printf(out, " %02d:%02d %s", at.ms / (int)HOUR_MS, at.ms / (int)MINUTE_MS % 60,
		   at.abbrev);
}

/* {ticket}, {client}, {due}; other braces stay as they are. */
static void fill(const struct desk_call *c, const struct desk_ticket *t, struct text words,
		 struct buf *out)
{
	for (size_t i = 0; i < words.n;) {
		struct text rest = text_sub(words, i, words.n);

		if (text_starts(rest, "{ticket}")) {
			buf_text(out, id_of(c, t));
			i += strlen("{ticket}");
		} else if (text_starts(rest, "{client}")) {
			buf_text(out, newest(c)->client);
			i += strlen("{client}");
		} else if (text_starts(rest, "{due}")) {
			put_due(c, t, out);
			i += strlen("{due}");
		} else {
			buf_char(out, words.p[i++]);
		}
	}
}

static enum rc find_reply(struct desk_call *c, struct text *words, struct err *err)
{
	struct text name = args_text(c->args, PARAM_REPLY_NAME), near;
	struct stored_reply *v = NULL;
	struct text *names;
	size_t n;
	enum rc rc = record_replies(c->ws.store, c->ws.arena, &v, &n, err);

	if (rc != RC_OK)
		return rc;
	names = arena_array(c->ws.arena, struct text, n);
	for (size_t i = 0; i < n; i++) {
		names[i] = v[i].name;
		if (!text_eq(v[i].name, name))
			continue;
		*words = v[i].words;
		return RC_OK;
	}
	near = text_nearest(name, names, n);
	if (near.n > 0)
		err_hint(err, "did you mean %.*s?", TEXT_ARG(near));
	else
		err_hint(err, "\"tenor desk\" lists those there are");
	return err_set(err, RC_MISSING, "there is no text '%.*s'", TEXT_ARG(name));
}

enum rc action_reply_fill(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct desk_call *c = arena_one(app->arena, struct desk_call);
	const struct desk_ticket *t = NULL;
	struct text words = {NULL, 0};
	struct buf filled;
	struct json j;
	enum rc rc = open_desk(app, args, c, err);

	if (rc != RC_OK)
		return rc;
	rc = find_reply(c, &words, err);
	if (rc == RC_OK)
		rc = find_ticket(c, &t, err);
	workspace_close(&c->ws);
	if (rc != RC_OK)
		return rc;
	assert(t != NULL);
	buf_init(&filled, (size_t)1 << 20);
	fill(c, t, words, &filled);
	if (args_has(args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		json_kv_text(&j, "words", buf_view(&filled));
		json_end_object(&j);
		buf_char(&reply->out, '\n');
	} else {
		buf_text(&reply->out, buf_view(&filled));
		buf_char(&reply->out, '\n');
	}
	buf_free(&filled);
	return RC_OK;
}
