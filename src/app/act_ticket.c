/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor ticket show: a ticket of a contract from its record. Nothing is written. It costs what its own entries cost, where the table of
 * tickets has them and no credit hangs on it; else the evaluation that the month's statement costs.
 */
#include "app/act_ticket.h"

#include "app/attachments.h"
#include "app/grants.h"
#include "app/health.h"
#include "app/money.h"
#include "app/own.h"
#include "app/recall_past.h"
#include "app/tickets_kept.h"
#include "base/json.h"
#include "store/record_desk.h"

#include <assert.h>
#include <string.h>

const struct promise *desk_newest(const struct desk_call *c)
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
	struct span month = value_month_of(desk_newest(c)->zone, c->ws.now);
	instant moment = recall_moment(&c->r, c->ws.now);
	enum rc rc = recall_evaluate(&c->r, c->ws.arena, month, moment, &c->outcome, err);

	if (rc == RC_OK)
		desk_make(c->ws.arena, c->outcome, &c->desk);
	return rc == RC_OK ? keep_own(c, err) : rc;
}

enum rc desk_whole(struct desk_call *c, struct err *err)
{
	const struct recall_options options = {-1, INSTANT_MAX, PACK_IDS_ALL};
	enum rc rc;

	c->r.fact_index = NULL;
	rc = recall_facts(&c->ws, &options, &c->r, err);
	return rc == RC_OK ? work_out(c, err) : rc;
}

enum rc desk_some(struct desk_call *c, const int64_t *indexes, size_t n, struct err *err)
{
	enum rc rc = recall_some(&c->ws, indexes, n, &c->r, err);

	return rc == RC_OK ? work_out(c, err) : rc;
}

enum rc desk_begin(struct app *app, const struct args *args, struct desk_call *c, struct err *err)
{
	enum rc rc = answer_open(app, args, &c->ws, &c->format, err);

	c->args = args;
	if (rc != RC_OK)
		return rc;
	rc = workspace_log(&c->ws, args_text(args, PARAM_CONTRACT_ID), &c->log, err);
	if (rc == RC_OK)
		rc = store_begin_read(c->ws.store, err);
	if (rc == RC_OK)
		rc = recall_versions(&c->ws, &c->log, INSTANT_MAX, &c->r, err);
	if (rc == RC_OK)
		rc = answer_language(args, desk_newest(c)->language, &c->language, err);
	if (rc == RC_OK)
		rc = record_users(c->ws.store, c->ws.arena, &c->users, &c->n_users, err);
	if (rc == RC_OK)
		rc = notes_queues(&c->ws, &c->log, &c->queues, &c->n_queues, err);
	if (rc != RC_OK)
		desk_end(c);
	c->words = rc == RC_OK && c->ws.keys != NULL && workspace_allows(&c->ws, R_PERSONAL_READ);
	return rc;
}

void desk_end(struct desk_call *c)
{
	store_rollback(c->ws.store);
	workspace_close(&c->ws);
}

int64_t desk_index(const struct desk_call *c, uint32_t fact)
{
	return c->r.fact_index == NULL ? (int64_t)fact : c->r.fact_index[fact];
}

struct text desk_id(const struct desk_call *c, const struct desk_ticket *t)
{
	return symbol_text(c->outcome->in.facts->symbols, t->id);
}

/*
 * A person of one's own side by handle, and to the provider one of the client's to whom names may be read (trust.md P3: PERSONAL_READ);
 * else opaque, as the entry has it.
 */
static struct text handle_of(const struct desk_call *c, struct text actor)
{
	for (size_t i = 0; i < c->n_users; i++)
		if (text_eq(c->users[i].id, actor) &&
		    (c->users[i].client == c->ws.actor.client || (!c->ws.actor.client && c->words)))
			return c->users[i].handle;
	return actor;
}

struct text desk_technician(const struct desk_call *c, const struct desk_ticket *t)
{
	return t->technician == 0
		       ? text_of("")
		       : handle_of(c, symbol_text(c->outcome->in.facts->symbols, t->technician));
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

/* Who opened it, when and why. */
static enum rc tell_accesses(struct desk_call *c, struct ticket_page *p, struct err *err)
{
	struct facts *set = facts_new(c->ws.arena);
	struct ticket_access *v;
	int64_t *entries = NULL;
	size_t n = 0;
	enum rc rc = health_accesses(&c->ws, &c->log, desk_id(c, p->t), &entries, &n, err);

	v = arena_array(c->ws.arena, struct ticket_access, n + 1);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct text actor;
		struct fact f;

		rc = recall_fact_at(&c->ws, &c->log, entries[i], set, &f, &actor, err);
		if (rc != RC_OK)
			break;
		v[p->n_accesses++] = (struct ticket_access){
			.entry = entries[i],
			.at = f.occurred_at,
			.who = handle_of(c, actor),
			.code = symbol_text(set->symbols, fact_word(&f, FIELD_REASON_CODE)),
			.why = c->words ? symbol_text(set->symbols, fact_word(&f, FIELD_REASON))
					: text_of("")};
	}
	p->accesses = v;
	return rc;
}

/* Health data among the words that may be read: is it open to who asks, and up to when? */
static enum rc tell_health(struct desk_call *c, struct ticket_page *p, struct ticket_fact *v,
			   struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < p->n_facts; i++)
		p->health = p->health ||
			    (!v[i].withheld && fact_value(v[i].told, FIELD_HEALTH) != NULL);
	for (size_t i = 0; i < p->n_attachments; i++)
		p->health = p->health || (c->words && p->attachments[i].health);
	if (p->health)
		rc = tell_accesses(c, p, err);
	if (rc == RC_OK && p->health)
		rc = health_open(&c->ws, &c->log, desk_id(c, p->t), &p->health_until, err);
	for (size_t i = 0; i < p->n_facts; i++)
		v[i].covered = p->health && p->health_until == INSTANT_NONE &&
			       fact_value(v[i].told, FIELD_HEALTH) != NULL;
	return rc;
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
		rc = recall_fact_at(&c->ws, &c->log, desk_index(c, run.v[i]), set,
				    &told[p->n_facts], &actor, err);
		if (rc != RC_OK)
			break;
		*x = (struct ticket_fact){.fact = run.v[i],
					  .entry = desk_index(c, run.v[i]),
					  .who = handle_of(c, actor),
					  .told = &told[p->n_facts],
					  .words = set->symbols,
					  .withheld = !c->words && has_words(f)};
		p->n_facts++;
	}
	p->facts = v;
	return rc == RC_OK ? tell_health(c, p, v, err) : rc;
}

static enum rc tell_notes(struct desk_call *c, struct ticket_page *p, struct err *err)
{
	struct desk_note *v = NULL;
	struct ticket_note *out;
	enum rc rc = notes_of(&c->ws, &c->log, desk_id(c, p->t), &v, &p->n_notes, err);

	if (rc != RC_OK)
		return rc;
	out = arena_array(c->ws.arena, struct ticket_note, p->n_notes);
	for (size_t i = 0; i < p->n_notes; i++)
		out[i] = (struct ticket_note){v[i].at, handle_of(c, v[i].who), v[i].words,
					      v[i].queue};
	p->notes = out;
	return RC_OK;
}

/* On a page, where the file is; empty where there is no page, or it may not be opened. */
static struct text file_link(struct desk_call *c, const struct ticket_page *p,
			     const struct attached *x, struct text id)
{
	const struct served *served = c->ws.app->served;
	struct text out;
	struct buf b;

	if (served == NULL || !served->in_page || x->name.n == 0)
		return text_of("");
	buf_init(&b, 8192);
	buf_str(&b, "/c/");
	buf_path_segment(&b, p->contract);
	buf_str(&b, "/tickets/");
	buf_path_segment(&b, desk_id(c, p->t));
	buf_str(&b, "/attachments/");
	buf_text(&b, id);
	out = text_copy(c->ws.arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static enum rc tell_attachments(struct desk_call *c, struct ticket_page *p, struct err *err)
{
	struct ticket_attachment *out;
	struct attached *v = NULL;
	char id[UUID_TEXT + 1];
	enum rc rc = attachments_of(&c->ws, &c->r, desk_id(c, p->t), &v, &p->n_attachments, err);

	if (rc != RC_OK)
		return rc;
	out = arena_array(c->ws.arena, struct ticket_attachment, p->n_attachments);
	for (size_t i = 0; i < p->n_attachments; i++) {
		uuid_text(&v[i].id, id);
		out[i] = (struct ticket_attachment){.id = text_copy(c->ws.arena, text_of(id)),
						    .who = handle_of(c, v[i].who),
						    .name = v[i].name,
						    .entry = v[i].index,
						    .type = v[i].type,
						    .bytes = v[i].bytes,
						    .at = v[i].at,
						    .erased_at = v[i].erased_at,
						    .internal = v[i].internal,
						    .health = v[i].health,
						    .covered = v[i].covered};
		out[i].link = file_link(c, p, &v[i], out[i].id);
	}
	p->attachments = out;
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
			found += e->entries[i] == desk_index(c, facts[k]);
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

/* Hours that a charge of that id may still use for nothing more. */
static void tell_hours(struct desk_call *c, const struct charging *g, struct text charge,
		       struct ticket_hours *v, size_t *n)
{
	day on = g->on;

	for (size_t i = 0; i < g->n_left; i++)
		if (text_eq(g->slots[g->left[i].slot].id, charge))
			v[(*n)++] = (struct ticket_hours){charge, text_of(""), g->left[i].until,
							  g->left[i].minutes};
	for (size_t i = 0; i < g->n_grants; i++) {
		const struct grant *x = &g->grants[i];
		struct text bought = g->slots[x->slot].id;
		const struct node *draws = node_at_text(
			desk_newest(c)->contract->root,
			text_format(c->ws.arena, "charges.%.*s.draws_for", TEXT_ARG(bought)));
		struct fraction rest = fraction_sub(fraction_sub(x->bought, x->drawn), x->lapsed);
		bool draws_for = false;

		for (const struct node *d = draws == NULL ? NULL : draws->child; d != NULL;
		     d = d->next)
			draws_for = draws_for || text_eq(d->text, charge);
		if (draws_for && x->start <= on && on < x->expiry && rest.num > 0)
			v[(*n)++] = (struct ticket_hours){charge, bought, x->expiry,
							  fraction_mul(rest, fraction_of(60, 1))};
	}
}

static void tell_cover(struct desk_call *c, const struct charging *g, struct ticket_page *p)
{
	const struct charge **v =
		arena_array(c->ws.arena, const struct charge *, desk_newest(c)->n_charges + 1);
	struct ticket_hours *hours;
	size_t n = 0, max;

	(void)ticket_extra(desk_newest(c), p->t->service, v, &n);
	max = n * (g->n_left + g->n_grants);
	hours = arena_array(c->ws.arena, struct ticket_hours, max + 1);
	for (size_t i = 0; i < n; i++)
		tell_hours(c, g, v[i]->id, hours, &p->n_hours);
	p->hours = hours;
}

static bool has_hours(struct desk_call *c, const struct ticket_page *p)
{
	const struct charge **v =
		arena_array(c->ws.arena, const struct charge *, desk_newest(c)->n_charges + 1);
	size_t n = 0;

	return ticket_extra(desk_newest(c), p->t->service, v, &n);
}

static enum rc tell_money(struct desk_call *c, const uint32_t *facts, struct ticket_page *p,
			  struct err *err)
{
	struct money_at at = {.size = c->r.size,
			      .known_as_of = INSTANT_MAX,
			      .on = zone_day(desk_newest(c)->zone, c->ws.now),
			      .no_credits = true};
	const struct past_asked nothing = {{INSTANT_MAX, INSTANT_MAX}, c->ws.now};
	struct money_state m;
	struct recalled r;
	enum rc rc;

	p->money = workspace_allows(&c->ws, R_MONEY_READ);
	p->currency = desk_newest(c)->currency;
	if (!p->money || (p->n_work == 0 && !has_hours(c, p)))
		return RC_OK;
	rc = recall_past(&c->ws, &c->log, &nothing, &r, err);
	if (rc != RC_OK)
		return rc;
	rc = money_of(&c->ws, &r, &at, &m, err);
	if (rc == RC_INVALID ||
	    rc == RC_LIMIT) { /* facts that cannot be billed: no line rests on them */
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK) {
		tell_lines(c, &m, facts, p);
		tell_cover(c, m.charging, p);
	}
	return rc;
}

/* From its own entries alone: what it did to a month's credits is not in them. false: from the whole record, please. */
static bool stands_alone(const struct desk_call *c, struct text id)
{
	for (size_t i = 0; i < c->desk.n; i++)
		if (text_eq(desk_id(c, &c->desk.v[i]), id))
			return !c->desk.v[i].missed && !c->desk.v[i].late;
	return false;
}

enum rc desk_one(struct desk_call *c, struct err *err)
{
	struct text id = args_text(c->args, PARAM_TICKET);
	int64_t *entries = NULL;
	size_t n = 0;
	enum rc rc = c->ws.grant != NULL ? RC_MISSING
					 : tickets_kept_one(&c->ws, &c->r, id, &entries, &n, err);

	if (rc == RC_OK)
		rc = desk_some(c, entries, n, err);
	if (rc == RC_OK && stands_alone(c, id))
		return RC_OK;
	if (rc == RC_MISSING)
		err_clear(err);
	return rc == RC_OK || rc == RC_MISSING ? desk_whole(c, err) : rc;
}

enum rc desk_find(const struct desk_call *c, const struct desk_ticket **out, struct err *err)
{
	struct text id = args_text(c->args, PARAM_TICKET), near;
	struct text *all = arena_array(c->ws.arena, struct text, c->desk.n);

	for (size_t i = 0; i < c->desk.n; i++) {
		all[i] = desk_id(c, &c->desk.v[i]);
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

	rc = desk_one(c, err);
	if (rc != RC_OK)
		return rc;
	*p = (struct ticket_page){
		.outcome = c->outcome, .language = c->language, .contract = c->log.contract};
	rc = desk_find(c, &p->t, err);
	if (rc != RC_OK)
		return rc;
	assert(p->t != NULL);
	p->technician = desk_technician(c, p->t);
	p->queue = queue_of(c->queues, c->n_queues, desk_id(c, p->t));
	rc = tell_attachments(c, p, err);
	if (rc == RC_OK)
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
	enum rc rc = desk_begin(app, args, c, err);

	if (rc != RC_OK)
		return rc;
	rc = show(c, &p, err);
	desk_end(c);
	if (rc != RC_OK)
		return rc;
	reply->state = desk_state_word(p.t->state);
	reply->late = p.t->late;
	reply->covered = p.health && p.health_until == INSTANT_NONE;
	reply->opened = p.health && p.health_until != INSTANT_NONE && p.health_until != INSTANT_MAX;
	if (c->format == FORMAT_JSON) {
		ticket_json(app->arena, &p, &reply->out);
		return RC_OK;
	}
	struct answer_sender from = {desk_newest(c)->provider, c->ws.now};

	return answer_doc(app, args, c->format, ticket_doc(app->arena, &p), &from, &reply->out,
			  err);
}

/* --- a text to answer with, filled in --- */

static void put_due(const struct desk_call *c, const struct desk_ticket *t, struct buf *out)
{
	const struct zone *zone = desk_newest(c)->zone;
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
			buf_text(out, desk_id(c, t));
			i += strlen("{ticket}");
		} else if (text_starts(rest, "{client}")) {
			buf_text(out, desk_newest(c)->client);
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
	enum rc rc = desk_begin(app, args, c, err);

	if (rc != RC_OK)
		return rc;
	rc = find_reply(c, &words, err);
	if (rc == RC_OK)
		rc = desk_one(c, err);
	if (rc == RC_OK)
		rc = desk_find(c, &t, err);
	desk_end(c);
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
