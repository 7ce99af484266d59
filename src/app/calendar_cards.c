/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calendar_cards.h"

#include "app/inputs.h"
#include "engine/clock.h"
#include "engine/view.h"
#include "terms/canonical.h"
#include "time/holidays.h"

enum { LOOK_NEAR_DAYS = 14, LOOK_FAR_DAYS = 400, MOMENT_MAX_BYTES = 128 };

/* One contract under work. */
struct card_maker {
	struct calendar_cards *to;
	struct workspace *ws;
	const struct recalled *r;
	const struct promise *promise;
	const struct pinned_set *pins;
	size_t n_pins, version;
	const struct view *view; /* NULL: facts are not looked at */
};

static struct text copy(const struct card_maker *m, struct text t)
{
	return text_copy(m->to->arena, t);
}

static const struct node *first_of(const struct node *map, const char *key)
{
	const struct node *n = node_at(map, key);

	return n == NULL ? NULL : n->child;
}

static size_t count_of(const struct node *map, const char *key)
{
	const struct node *n = node_at(map, key);

	return n == NULL ? 0 : n->n;
}

static const struct day_range *ranges_of(const struct card_maker *m, const struct node *item,
					 size_t *n)
{
	struct day_range *v = arena_array(m->to->arena, struct day_range, count_of(item, "open"));

	*n = 0;
	for (const struct node *x = first_of(item, "open"); x != NULL; x = x->next)
		v[(*n)++] = x->value.range;
	return v;
}

/* --- hours and sources --- */

static void add_hours(const struct card_maker *m, struct calendar_card *c, const struct node *item)
{
	struct calendar_hours *v =
		arena_array(m->to->arena, struct calendar_hours, count_of(item, "hours"));

	c->hours = v;
	for (const struct node *h = first_of(item, "hours"); h != NULL; h = h->next) {
		const struct node *days = node_at(h, "days");
		struct calendar_hours *x = &v[c->n_hours++];

		x->days = days->value.days;
		x->written = copy(m, days->text);
		x->v = ranges_of(m, h, &x->n);
	}
}

static void set_source(const struct card_maker *m, struct calendar_source *x)
{
	const struct holiday_set *s = holiday_set_find(x->name);

	if (s != NULL) {
		x->title = holiday_set_title(s);
		x->category = holiday_set_category(s);
	}
	for (size_t i = 0; i < m->n_pins; i++)
		if (text_eq(m->pins[i].name, x->name)) {
			char hex[SHA256_HEX + 1];

			hash_hex(&m->pins[i].sha256, hex);
			x->sha256 = copy(m, text_of(hex));
			x->pinned_at = m->pins[i].at;
		}
}

static void add_sources(const struct card_maker *m, struct calendar_card *c,
			const struct node *item)
{
	static const struct {
		const char *key;
		enum calendar_from from;
	} keys[] = {{"set", CALENDAR_SET},
		    {"yearly", CALENDAR_YEARLY},
		    {"date", CALENDAR_DATE},
		    {"ics", CALENDAR_FILE}};
	struct calendar_source *v =
		arena_array(m->to->arena, struct calendar_source, count_of(item, "holidays"));

	c->sources = v;
	for (const struct node *h = first_of(item, "holidays"); h != NULL; h = h->next)
		for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
			const struct node *n = node_at(h, keys[k].key);
			struct calendar_source *x = &v[c->n_sources];

			if (n == NULL)
				continue;
			c->n_sources++;
			*x = (struct calendar_source){.from = keys[k].from,
						      .id = copy(m, h->key),
						      .name = copy(m, n->text),
						      .pinned_at = INSTANT_NONE};
			if (x->from == CALENDAR_SET)
				set_source(m, x);
			else if (x->from == CALENDAR_FILE && form_hash(n) != NULL)
				x->sha256 = copy(m, form_hash(n)->text);
		}
}

/* --- days --- */

struct found_days {
	struct calendar_day *v;
	size_t n, cap;
};

static void add_day(const struct card_maker *m, struct found_days *to, const struct calendar_day *x)
{
	to->v = arena_grow(m->to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = *x;
}

/* Is an item's yearly day this one? A 29th that the year has not is the 28th, where the record's engine reads it so. */
static bool yearly_on(const struct node *item, const struct calendar *c, day date)
{
	const struct node *n = node_at(item, "yearly");
	int32_t monthday = n == NULL ? 0 : n->value.monthday;
	struct civil on = civil_of(date);

	return n != NULL && (monthday == on.month * 100 + on.mday ||
			     (monthday == 229 && calendar_is_leap_holiday(c, date)));
}

/* Which item says so: by set, by date; else the file, which is read by the calendar itself. */
static void day_off(const struct card_maker *m, const struct named_calendar *of, day date,
		    struct found_days *to)
{
	struct calendar_day x = {.date = date, .kind = CALENDAR_DAY_OFF};
	size_t i = 0;
	bool found = false;

	for (const struct node *h = first_of(of->node, "holidays"); h != NULL && !found;
	     h = h->next, i++) {
		const struct node *set = node_at(h, "set"), *once = node_at(h, "date");
		const struct holiday_set *s = set == NULL ? NULL : holiday_set_find(set->text);
		const char *name = s == NULL ? NULL : holiday_set_on(s, date);

		found = name != NULL || yearly_on(h, of->calendar, date) ||
			(once != NULL && once->value.date == date);
		if (found || node_at(h, "ics") != NULL)
			x.source = i;
		if (name != NULL)
			x.name = text_of(name);
		else if (found)
			x.name = copy(m, h->key);
	}
	add_day(m, to, &x);
}

static void add_replaced(const struct card_maker *m, const struct node *item, day date,
			 struct found_days *to)
{
	for (const struct node *r = first_of(item, "replace"); r != NULL; r = r->next) {
		const struct node *on = node_at(r, "date");
		struct calendar_day x = {
			.date = date, .kind = CALENDAR_DAY_REPLACED, .name = copy(m, r->key)};

		if (on == NULL || on->value.date != date)
			continue;
		x.v = ranges_of(m, r, &x.n);
		add_day(m, to, &x);
	}
}

/* What the day is called: private words, for who may read such. */
static enum rc proclaimed_name(const struct card_maker *m, uint32_t fact, struct text *out,
			       struct err *err)
{
	int64_t index = m->r->fact_index == NULL ? (int64_t)fact : m->r->fact_index[fact];
	struct facts *set = facts_new(m->ws->arena);
	struct text actor;
	struct fact f;
	enum rc rc = recall_fact_at(m->ws, &m->r->log, index, set, &f, &actor, err);
	struct text words;

	if (rc != RC_OK)
		return rc;
	words = symbol_text(set->symbols, fact_word(&f, FIELD_NAME));
	*out = text_is(words, "-") ? text_of("") : copy(m, words);
	return RC_OK;
}

static enum rc add_proclaimed(const struct card_maker *m, const struct named_calendar *of,
			      struct found_days *to, struct found_days *all, struct err *err)
{
	const struct zone *zone = calendar_zone(of->calendar);
	struct fact_run run = {NULL, 0};
	enum rc rc = RC_OK;

	if (m->view != NULL)
		run = m->view->kinds[FACT_CALENDAR_EXCEPTION];
	for (size_t i = 0; rc == RC_OK && i < run.n; i++) {
		const struct fact *f = view_fact(m->view, run.v[i]);
		struct calendar_day x = {.kind = CALENDAR_DAY_PROCLAIMED,
					 .recorded_at = f->recorded_at};
		struct text id;
		int32_t year;

		if (!day_off_read(m->view, run.v[i], &id, &x.date) || !text_eq(id, of->id))
			continue;
		x.acts = day_off_acts(zone, x.date, f->recorded_at);
		year = civil_of(x.date).year;
		add_day(m, all, &x);
		if (year < m->to->first_year || year > m->to->last_year)
			continue;
		rc = proclaimed_name(m, run.v[i], &x.name, err);
		add_day(m, to, &x);
	}
	return rc;
}

static void sort_days(struct found_days *d)
{
	for (size_t i = 1; i < d->n; i++)
		for (size_t k = i; k > 0 && d->v[k].date < d->v[k - 1].date; k--) {
			struct calendar_day x = d->v[k];

			d->v[k] = d->v[k - 1];
			d->v[k - 1] = x;
		}
}

/* --- open now, and until when --- */

static struct spans open_time(const struct card_maker *m, const struct calendar *c,
			      const struct found_days *off, int64_t ahead_days)
{
	struct arena *a = m->ws->arena;
	const struct zone *zone = calendar_zone(c);
	struct span *gone = arena_array(a, struct span, off->n);
	size_t n = 0;

	for (size_t i = 0; i < off->n; i++)
		if (off->v[i].acts)
			gone[n++] = (struct span){zone_midnight(zone, off->v[i].date),
						  zone_midnight(zone, off->v[i].date + 1)};
	return spans_minus(a, calendar_spans(a, c, m->to->now, m->to->now + ahead_days * DAY_MS),
			   spans_union(a, gone, n));
}

static void look_ahead(const struct card_maker *m, const struct calendar *c,
		       const struct found_days *off, struct calendar_card *card)
{
	static const int64_t ahead[] = {LOOK_NEAR_DAYS, LOOK_FAR_DAYS};
	instant now = m->to->now;

	card->changes = INSTANT_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(ahead) && card->changes == INSTANT_NONE; i++) {
		struct spans s = open_time(m, c, off, ahead[i]);

		card->open = s.n > 0 && s.v[0].from == now;
		if (card->open && s.v[0].to < now + ahead[i] * DAY_MS)
			card->changes = s.v[0].to;
		else if (!card->open && s.n > 0)
			card->changes = s.v[0].from;
	}
	if (card->changes != INSTANT_NONE) {
		struct buf b;

		buf_init(&b, MOMENT_MAX_BYTES);
		format_time(&b, m->to->language, calendar_zone(c), card->changes, TIME_MOMENT);
		card->changes_at = copy(m, buf_view(&b));
		buf_free(&b);
	}
}

/* --- what is measured by it --- */

static bool counts_on(const struct metric *x, const struct calendar *c)
{
	bool is = x->schedule == c;

	for (size_t i = 0; i < x->n_targets; i++)
		is = is || x->targets[i].within.calendar == c ||
		     x->targets[i].or_within.calendar == c;
	for (size_t i = 0; i < x->n_pauses; i++)
		is = is || x->pauses[i].max.calendar == c;
	for (size_t i = 0; i < x->n_excludes; i++)
		is = is || x->excludes[i].max.calendar == c;
	return is;
}

static bool staffed_by(const struct service *s, const struct named_calendar *of)
{
	bool is = s->calendar == of->calendar;

	for (const struct node *x = first_of(s->node, "calendar_for"); x != NULL; x = x->next) {
		const struct node *named = node_at(x, "calendar");

		is = is || (named != NULL && text_eq(named->text, of->id));
	}
	return is;
}

static void add_users(const struct card_maker *m, const struct named_calendar *of,
		      struct calendar_card *c)
{
	const struct promise *p = m->promise;
	struct text *metrics = arena_array(m->to->arena, struct text, p->n_metrics);
	struct text *services = arena_array(m->to->arena, struct text, p->n_services);

	for (size_t i = 0; i < p->n_metrics; i++)
		if (counts_on(&p->metrics[i], of->calendar))
			metrics[c->n_metrics++] = copy(m, p->metrics[i].id);
	for (size_t i = 0; i < p->n_services; i++)
		if (staffed_by(&p->services[i], of))
			services[c->n_services++] = copy(m, p->services[i].id);
	c->metrics = metrics;
	c->services = services;
	c->business = p->business == of->calendar;
}

static enum rc add_card(const struct card_maker *m, const struct named_calendar *of,
			struct err *err)
{
	struct calendar_cards *to = m->to;
	struct calendar_card c = {.contract = copy(m, m->r->log.contract),
				  .id = copy(m, of->id),
				  .zone = copy(m, zone_name(calendar_zone(of->calendar))),
				  .version = m->version + 1,
				  .proclaimed = m->view != NULL};
	struct found_days days = {NULL, 0, 0}, off = {NULL, 0, 0};
	enum rc rc;

	add_hours(m, &c, of->node);
	add_sources(m, &c, of->node);
	for (day d = day_of(to->first_year, 1, 1); d <= day_of(to->last_year, 12, 31); d++) {
		if (calendar_is_holiday(of->calendar, d))
			day_off(m, of, d, &days);
		add_replaced(m, of->node, d, &days);
	}
	rc = add_proclaimed(m, of, &days, &off, err);
	if (rc != RC_OK)
		return rc;
	sort_days(&days);
	c.days = days.v;
	c.n_days = days.n;
	look_ahead(m, of->calendar, &off, &c);
	add_users(m, of, &c);
	to->v = arena_grow(to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = c;
	return RC_OK;
}

enum rc calendar_cards_add(struct calendar_cards *to, struct workspace *ws,
			   const struct recalled *r, bool facts, struct err *err)
{
	struct card_maker m = {.to = to, .ws = ws, .r = r};
	enum rc rc = inputs_holidays(ws, &r->log, &m.pins, &m.n_pins, err);

	m.version = recall_in_force(r, to->now);
	m.promise = r->versions[m.version].promise;
	if (facts) {
		instant moment = recall_moment(r, to->now);

		m.view = view_make(ws->arena, r->facts, moment, moment);
	}
	for (size_t i = 0; rc == RC_OK && i < m.promise->n_calendars; i++)
		rc = add_card(&m, &m.promise->calendars[i], err);
	return rc;
}
