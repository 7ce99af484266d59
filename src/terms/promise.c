/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/promise.h"

#include "terms/calendars.h"
#include "terms/promise_parts.h"
#include "terms/table.h"

#include <assert.h>
#include <stdlib.h>

/* The node at a path below map, or NULL; *row is its row of the table, which must be there. */
static const struct node *find(const struct node *map, const char *path, const struct term **row)
{
	const struct node *n = node_at_row(map, path, row);

	return n == NULL || n->hole ? NULL : n;
}

const struct node *get(const struct node *map, const char *path)
{
	const struct term *row;

	return find(map, path, &row);
}

int get_choice(const struct node *map, const char *path, int otherwise)
{
	const struct term *row;
	const struct node *n = find(map, path, &row);

	assert(row->type == TERM_ENUM && !row->set);
	if (n != NULL)
		return n->value.choice;
	return row->otherwise == NULL ? otherwise : word_index(row->arg, text_of(row->otherwise));
}

bool get_int(const struct node *map, const char *path, int64_t *out)
{
	const struct term *row;
	const struct node *n = find(map, path, &row);

	assert(row->type == TERM_INT);
	if (n != NULL)
		*out = n->value.integer;
	return n != NULL || (row->otherwise != NULL && text_int(text_of(row->otherwise), out));
}

bool get_truth(const struct node *map, const char *path)
{
	const struct term *row;
	const struct node *n = find(map, path, &row);

	assert(row->type == TERM_BOOL);
	if (n != NULL)
		return n->value.truth;
	return row->otherwise != NULL && text_is(text_of(row->otherwise), "true");
}

bool get_decimal(const struct node *map, const char *path, struct decimal *out)
{
	const struct term *row;
	const struct node *n = find(map, path, &row);
	struct err err = {.line = 0};

	assert(row->type == TERM_DEC || row->type == TERM_PCT);
	if (n != NULL) {
		*out = n->value.decimal;
		return true;
	}
	if (row->otherwise == NULL)
		return false;
	return (row->type == TERM_PCT ? percent_parse(text_of(row->otherwise), out, &err)
				      : decimal_parse(text_of(row->otherwise), out, &err)) == RC_OK;
}

struct timing get_timing(const struct maker *m, const struct node *map, const char *path)
{
	const struct term *row;
	struct timing t = {.node = find(map, path, &row)};
	struct err err = {.line = 0};

	assert(row->type == TERM_DUR);
	if (t.node != NULL) {
		t.set = true;
		t.duration = t.node->value.duration;
	} else if (row->otherwise != NULL) {
		t.set = duration_parse(text_of(row->otherwise), &t.duration, &err) == RC_OK;
		assert(t.set && "the defaults of terms.def are durations");
	}
	if (t.set && t.duration.calendar.n > 0)
		t.calendar = promise_calendar(m->p, t.duration.calendar);
	else if (t.set && t.duration.unit == UNIT_BD)
		t.calendar = m->p->business;
	return t;
}

struct text get_text(const struct node *map, const char *path)
{
	const struct term *row;
	const struct node *n = find(map, path, &row);

	return n != NULL ? n->text : text_of(row->otherwise);
}

int get_event(const struct node *map, const char *path)
{
	const struct term *row;
	const struct node *n = find(map, path, &row);

	assert(row->type == TERM_EVENT);
	return n == NULL ? -1 : (int)n->value.event;
}

int64_t get_ms(const struct node *map, const char *path)
{
	const struct term *row;
	const struct node *n = find(map, path, &row);
	struct duration d;
	int64_t ms = 0;
	struct err err = {.line = 0};

	assert(row->type == TERM_DUR);
	if (n != NULL)
		d = n->value.duration;
	else if (row->otherwise == NULL ||
		 duration_parse(text_of(row->otherwise), &d, &err) != RC_OK)
		return 0;
	if (duration_exact_ms(d, &ms))
		return ms;
	assert((d.unit == UNIT_D || d.unit == UNIT_W) && "checked when it was read (rules_sla.c)");
	return d.n * (d.unit == UNIT_W ? 7 * DAY_MS : DAY_MS);
}

static int place_of(const struct node *item)
{
	int i = 0;

	if (item == NULL)
		return -1;
	for (const struct node *n = item->parent->child; n != item; n = n->next)
		i++;
	return i;
}

int get_place(const struct node *map, const char *path)
{
	const struct node *n = get(map, path);

	return n == NULL ? -1 : place_of(n->value.ref);
}

const int *get_places(struct arena *a, const struct node *map, const char *path, size_t *n)
{
	const struct node *set = get(map, path);
	int *v = arena_array(a, int, set == NULL ? 0 : set->n);

	*n = 0;
	for (const struct node *m = set == NULL ? NULL : set->child; m != NULL; m = m->next)
		if (!m->hole && m->value.ref != NULL)
			v[(*n)++] = place_of(m->value.ref);
	return v;
}

const struct calendar *get_calendar(const struct maker *m, const struct node *map, const char *path)
{
	const struct node *n = get(map, path);

	return n == NULL ? NULL : promise_calendar(m->p, n->text);
}

size_t items_count(const struct node *map, const char *path)
{
	const struct node *n = get(map, path);

	assert(n == NULL || n->kind == NODE_ITEMS);
	return n == NULL ? 0 : n->n;
}

const struct node *items_first(const struct node *map, const char *path)
{
	const struct node *n = get(map, path);

	return n == NULL ? NULL : n->child;
}

static enum rc make_calendars(struct maker *m, struct err *err)
{
	size_t n = items_count(m->root, "calendars"), i = 0;
	struct named_calendar *v = arena_array(m->a, struct named_calendar, n);

	for (const struct node *c = items_first(m->root, "calendars"); c != NULL;
	     c = c->next, i++) {
		enum rc rc = calendar_build(m->a, m->root, c, m->context, &v[i].calendar, err);

		if (rc != RC_OK)
			return rc;
		v[i].id = c->key;
		v[i].node = c;
	}
	m->p->calendars = v;
	m->p->n_calendars = n;
	m->p->business = get_calendar(m, m->root, "contract.business_calendar");
	return RC_OK;
}

static enum rc make_contract(struct maker *m, struct err *err)
{
	struct promise *p = m->p;

	p->id = get_text(m->root, "contract.id");
	p->title = get_text(m->root, "contract.title");
	p->language = get_text(m->root, "contract.language");
	p->provider = get_text(m->root, "parties.provider.legal_name");
	p->client = get_text(m->root, "parties.client.legal_name");
	p->rounding = (enum rounding)get_choice(m->root, "contract.rounding.mode", ROUND_HALF_UP);
	p->round_document = get_choice(m->root, "contract.rounding.place", 0) == 1;
	p->roll = get_choice(m->root, "notices.roll", 0) == 1;
	p->applies_from_first_full_month = get_choice(m->root, "sla.applies_from", 0) == 1;
	p->subcontractor_liable = get_truth(m->root, "subcontractors.provider_liable");
	p->amendments_split = get_choice(m->root, "amendments.windows", 0) == 1;

	struct text currency = get_text(m->root, "contract.currency"),
		    zone = get_text(m->root, "contract.timezone");

	if (!currency_find(currency, &p->currency))
		return err_set(err, RC_INVALID, "the contract has no currency yet");
	if (zone.n == 0 || m->context == NULL || m->context->zones == NULL)
		return err_set(err, RC_INVALID, "the contract has no time zone yet");
	return m->context->zones->find(m->context->zones->context, zone, &p->zone, err);
}

/* FK-3: the end is the edge that lies `initial` after the date the term counts from. */
static enum rc make_term(struct maker *m, struct err *err)
{
	struct promise *p = m->p;
	const struct node *effective = get(m->root, "term.effective_date"),
			  *start = get(m->root, "term.service_start");
	bool from_service = get_choice(m->root, "term.counts_from", 0) == 1;
	struct timing initial = get_timing(m, m->root, "term.initial");

	p->effective_day = effective == NULL ? DAY_NONE : effective->value.date;
	p->service_start_day = start == NULL ? p->effective_day : start->value.date;
	p->effective = effective == NULL ? INSTANT_NONE : zone_midnight(p->zone, p->effective_day);
	p->service_start = p->service_start_day == DAY_NONE
				   ? INSTANT_NONE
				   : zone_midnight(p->zone, p->service_start_day);
	p->end = INSTANT_MAX;

	instant from = from_service ? p->service_start : p->effective;
	struct duration_context c = promise_duration(p, &initial);

	c.roll = false; /* an end of term is an edge, not a deadline */
	if (from == INSTANT_NONE || !initial.set)
		return RC_OK;
	return duration_add(initial.duration, 1, ANCHOR_EDGE, from, &c, &p->end, err);
}

static void make_lists(struct maker *m)
{
	struct promise *p = m->p;
	struct priority *priorities =
		arena_array(m->a, struct priority, items_count(m->root, "sla.priorities"));
	struct asset *assets = arena_array(m->a, struct asset, items_count(m->root, "assets"));
	struct service *services =
		arena_array(m->a, struct service, items_count(m->root, "services"));

	for (const struct node *n = items_first(m->root, "sla.priorities"); n != NULL; n = n->next)
		priorities[p->n_priorities++] = (struct priority){n->key, get_text(n, "name"), n};
	for (const struct node *n = items_first(m->root, "assets"); n != NULL; n = n->next)
		assets[p->n_assets++] = (struct asset){n->key, get_text(n, "name"), n};
	for (const struct node *n = items_first(m->root, "services"); n != NULL; n = n->next)
		services[p->n_services++] =
			(struct service){.id = n->key,
					 .name = get_text(n, "name"),
					 .calendar = get_calendar(m, n, "calendar"),
					 .essential = get_truth(n, "essential"),
					 .rto = get_timing(m, n, "objectives.rto"),
					 .node = n};
	p->priorities = priorities;
	p->assets = assets;
	p->services = services;
	p->priority_final = (enum priority_final)get_choice(m->root, "sla.priority_rules.final", 0);
	p->if_disputed = (enum if_disputed)get_choice(m->root, "sla.priority_rules.if_disputed", 0);
	p->on_change = (enum on_change)get_choice(m->root, "sla.priority_rules.on_change", 0);
}

static void make_obligations(struct maker *m)
{
	struct obligation *v =
		arena_array(m->a, struct obligation, items_count(m->root, "client_obligations"));

	for (const struct node *n = items_first(m->root, "client_obligations"); n != NULL;
	     n = n->next) {
		struct obligation *o = &v[m->p->n_obligations++];

		*o = (struct obligation){.id = n->key,
					 .words = get_text(n, "text"),
					 .within = get_timing(m, n, "within"),
					 .standing = get_truth(n, "standing"),
					 .node = n};
		o->excuses = get_places(m->a, n, "excuses", &o->n_excuses);
	}
	m->p->obligations = v;
}

static enum rc make_window(struct maker *m, const struct node *n, struct maintenance_window *w,
			   struct err *err)
{
	const struct node *days = get(n, "days"), *open = get(n, "open"),
			  *zone = get(n, "timezone");
	struct day_range *ranges = arena_array(m->a, struct day_range, open == NULL ? 0 : open->n);

	*w = (struct maintenance_window){.id = n->key,
					 .days = days == NULL ? 0 : days->value.days,
					 .zone = m->p->zone,
					 .node = n};
	for (const struct node *o = open == NULL ? NULL : open->child; o != NULL; o = o->next)
		if (!o->hole)
			ranges[w->n_open++] = o->value.range;
	w->open = ranges;
	if (zone == NULL)
		return RC_OK;
	return m->context->zones->find(m->context->zones->context, zone->text, &w->zone, err);
}

static enum rc make_maintenance(struct maker *m, struct err *err)
{
	struct maintenance *x = &m->p->maintenance;
	struct maintenance_window *v = arena_array(m->a, struct maintenance_window,
						   items_count(m->root, "maintenance.windows"));

	x->node = get(m->root, "maintenance");
	x->set = x->node != NULL;
	x->notice_routine = get_timing(m, m->root, "maintenance.notice.routine");
	x->notice_planned_outage = get_timing(m, m->root, "maintenance.notice.planned_outage");
	x->notice_emergency = get_timing(m, m->root, "maintenance.notice.emergency");
	x->change_record = get(m->root, "maintenance.change_record") != NULL;
	for (const struct node *n = items_first(m->root, "maintenance.windows"); n != NULL;
	     n = n->next) {
		enum rc rc = make_window(m, n, &v[x->n_windows++], err);

		if (rc != RC_OK)
			return rc;
	}
	x->windows = v;
	return RC_OK;
}

static void make_force_majeure(struct maker *m)
{
	struct force_majeure *x = &m->p->force_majeure;
	const struct node *events = get(m->root, "force_majeure.events");

	x->node = get(m->root, "force_majeure");
	x->set = x->node != NULL;
	for (const struct node *e = events == NULL ? NULL : events->child; e != NULL; e = e->next)
		if (!e->hole)
			x->events |= 1u << (unsigned)e->value.choice;
	x->notice = get_timing(m, m->root, "force_majeure.notice");
	x->recovery_still_due = get_truth(m->root, "force_majeure.recovery_still_due");
}

static int by_from(const void *x, const void *y)
{
	const struct later_amount *a = x, *b = y;

	return (a->from > b->from) - (a->from < b->from);
}

static void make_schedule(struct maker *m, const struct node *n, struct charge *c)
{
	struct later_amount *v = arena_array(m->a, struct later_amount, items_count(n, "schedule"));

	for (const struct node *s = items_first(n, "schedule"); s != NULL; s = s->next) {
		const struct node *from = get(s, "from"), *amount = get(s, "amount");

		if (from != NULL && amount != NULL)
			v[c->n_schedule++] =
				(struct later_amount){from->value.date, amount->value.money};
	}
	if (c->n_schedule > 1)
		qsort(v, c->n_schedule, sizeof(*v), by_from);
	c->schedule = v;
}

static void make_charges(struct maker *m)
{
	struct charge *v = arena_array(m->a, struct charge, items_count(m->root, "charges"));

	for (const struct node *n = items_first(m->root, "charges"); n != NULL; n = n->next) {
		struct charge *c = &v[m->p->n_charges++];
		const struct node *amount = get(n, "amount"), *period = get(n, "period"),
				  *from = get(n, "from"), *until = get(n, "until");

		*c = (struct charge){.id = n->key,
				     .name = get_text(n, "name"),
				     .type = (enum charge_type)get_choice(n, "type", 0),
				     .amount_set = amount != NULL,
				     .period_set = period != NULL,
				     .prorate = (enum prorate)get_choice(n, "prorate", 0),
				     .anchor_anniversary = get_choice(n, "anchor", 0) == 1,
				     .last_day_billed = get_choice(n, "last_day", 0) == 1,
				     .from = from == NULL ? DAY_NONE : from->value.date,
				     .until = until == NULL ? DAY_NONE : until->value.date,
				     .node = n};
		/* What is measured cannot be billed before it exists (money.md R6). */
		bool measured = c->type == CHARGE_PER_UNIT || c->type == CHARGE_USAGE ||
				c->type == CHARGE_TIME || c->type == CHARGE_PASS_THROUGH;

		c->arrears = get_choice(n, "bill", measured ? 1 : 0) == 1;
		if (amount != NULL)
			c->amount = amount->value.money;
		if (period != NULL)
			c->period = period->value.duration;
		make_schedule(m, n, c);
	}
	m->p->charges = v;
}

enum rc promise_build(struct arena *a, const struct contract *c,
		      const struct terms_context *context, const struct promise **out,
		      struct err *err)
{
	struct promise *p = arena_one(a, struct promise);
	struct maker m = {.a = a, .context = context, .root = c->root, .p = p};
	enum rc rc;

	assert(c->valid);
	p->contract = c;
	rc = make_contract(&m, err);
	if (rc == RC_OK)
		rc = make_calendars(&m, err);
	if (rc == RC_OK)
		rc = make_term(&m, err);
	if (rc == RC_OK)
		rc = make_maintenance(&m, err);
	if (rc != RC_OK)
		return rc;
	make_lists(&m);
	make_charges(&m);
	make_metrics(&m);
	make_obligations(&m);
	make_force_majeure(&m);
	make_remedies(&m);
	*out = p;
	return RC_OK;
}

const struct calendar *promise_calendar(const struct promise *p, struct text id)
{
	if (text_is(id, "always"))
		return calendar_always();
	for (size_t i = 0; i < p->n_calendars; i++)
		if (text_eq(p->calendars[i].id, id))
			return p->calendars[i].calendar;
	return NULL;
}

int promise_priority(const struct promise *p, struct text id)
{
	for (size_t i = 0; i < p->n_priorities; i++)
		if (text_eq(p->priorities[i].id, id))
			return (int)i;
	return -1;
}

int promise_asset(const struct promise *p, struct text id)
{
	for (size_t i = 0; i < p->n_assets; i++)
		if (text_eq(p->assets[i].id, id))
			return (int)i;
	return -1;
}

int promise_metric(const struct promise *p, struct text id)
{
	for (size_t i = 0; i < p->n_metrics; i++)
		if (text_eq(p->metrics[i].id, id))
			return (int)i;
	return -1;
}

const struct target *metric_target(const struct metric *m, int priority)
{
	const struct target *rest = NULL;

	for (size_t i = 0; i < m->n_targets; i++) {
		if (m->targets[i].priority < 0)
			rest = &m->targets[i];
		else if (m->targets[i].priority == priority)
			return &m->targets[i];
	}
	return rest;
}

struct duration_context promise_duration(const struct promise *p, const struct timing *t)
{
	return (struct duration_context){
		.zone = p->zone, .calendar = t->calendar, .business = p->business, .roll = p->roll};
}
