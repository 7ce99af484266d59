/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/calendars.h"

#include "terms/canonical.h"

#include "time/holidays.h"

#include <assert.h>

struct builder {
	struct arena *a;
	const struct terms_context *context;
	struct calendar_spec spec;
	struct day_range *week[7];
	size_t week_cap[7];
	const struct holiday_set **sets;
	size_t sets_cap;
	int32_t *yearly;
	size_t yearly_cap;
	day *dates;
	size_t dates_cap;
	struct date_hours *replace;
	size_t replace_cap;
};

static const struct node *value_at(const struct node *map, const char *key)
{
	const struct node *n = node_at(map, key);

	return n == NULL || n->hole || n->broken ? NULL : n;
}

static void add_hours(struct builder *b, const struct node *item)
{
	const struct node *days = value_at(item, "days"), *open = value_at(item, "open");

	for (const struct node *m = open == NULL ? NULL : open->child; m != NULL; m = m->next)
		for (size_t d = 0; d < 7; d++) {
			if (days == NULL || (days->value.days >> d & 1) == 0 || m->hole)
				continue;
			b->week[d] = arena_grow(b->a, b->week[d], b->spec.week[d].n,
						&b->week_cap[d], sizeof(*b->week[d]));
			b->week[d][b->spec.week[d].n++] = m->value.range;
			b->spec.week[d].v = b->week[d];
		}
}

static void add_date(struct builder *b, day d)
{
	b->dates = arena_grow(b->a, b->dates, b->spec.n_dates, &b->dates_cap, sizeof(*b->dates));
	b->dates[b->spec.n_dates++] = d;
	b->spec.dates = b->dates;
}

static enum rc add_ics(struct builder *b, const struct node *ics, struct err *err)
{
	struct text bytes;
	const day *days;
	size_t n;

	if (b->context == NULL || b->context->load == NULL)
		return err_set(err, RC_MISSING, "no calendar files can be read here: \"%.*s\"",
			       TEXT_ARG(ics->text));
	enum rc rc = b->context->load(b->context->load_context, ics_source(b->a, ics), &bytes, err);

	if (rc == RC_OK)
		rc = ics_days(b->a, bytes, &days, &n, err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		add_date(b, days[i]);
	return RC_OK;
}

static enum rc add_holiday(struct builder *b, const struct node *item, struct err *err)
{
	const struct node *set = value_at(item, "set"), *yearly = value_at(item, "yearly"),
			  *date = value_at(item, "date"), *ics = value_at(item, "ics");

	if (set != NULL) {
		b->sets = arena_grow(b->a, b->sets, b->spec.n_sets, &b->sets_cap, sizeof(*b->sets));
		b->sets[b->spec.n_sets++] = holiday_set_find(set->text);
		b->spec.sets = b->sets;
	} else if (yearly != NULL) {
		b->yearly = arena_grow(b->a, b->yearly, b->spec.n_yearly, &b->yearly_cap,
				       sizeof(*b->yearly));
		b->yearly[b->spec.n_yearly++] = yearly->value.monthday;
		b->spec.yearly = b->yearly;
	} else if (date != NULL) {
		add_date(b, date->value.date);
	} else if (ics != NULL) {
		return add_ics(b, ics, err);
	}
	return RC_OK;
}

static void add_replace(struct builder *b, const struct node *item)
{
	const struct node *date = value_at(item, "date"), *open = value_at(item, "open");
	struct day_range *ranges = arena_array(b->a, struct day_range, open == NULL ? 0 : open->n);
	size_t n = 0;

	if (date == NULL || open == NULL)
		return;
	for (const struct node *m = open->child; m != NULL; m = m->next)
		if (!m->hole)
			ranges[n++] = m->value.range;
	b->replace = arena_grow(b->a, b->replace, b->spec.n_replace, &b->replace_cap,
				sizeof(*b->replace));
	b->replace[b->spec.n_replace++] = (struct date_hours){date->value.date, ranges, n};
	b->spec.replace = b->replace;
}

static const struct node *first_item(const struct node *map, const char *key)
{
	const struct node *n = node_at(map, key);

	return n == NULL ? NULL : n->child;
}

enum rc calendar_build(struct arena *a, const struct node *root, const struct node *item,
		       const struct terms_context *context, const struct calendar **out,
		       struct err *err)
{
	struct builder b = {.a = a, .context = context};
	const struct node *zone = value_at(item, "timezone");
	enum rc rc;

	if (zone == NULL)
		zone = value_at(root, "contract.timezone");
	if (zone == NULL || context == NULL || context->zones == NULL)
		return err_set(err, RC_MISSING, "calendar \"%.*s\" has no time zone",
			       TEXT_ARG(item->key));
	rc = context->zones->find(context->zones->context, zone->text, &b.spec.zone, err);
	if (rc != RC_OK)
		return rc;
	b.spec.id = item->key;
	b.spec.leap_day_moves = context->leap_day_from != INSTANT_MAX;
	if (b.spec.leap_day_moves && context->leap_day_from != 0)
		b.spec.leap_day_from = zone_day(b.spec.zone, context->leap_day_from) + 1;
	for (const struct node *h = first_item(item, "hours"); h != NULL; h = h->next)
		add_hours(&b, h);
	for (const struct node *h = first_item(item, "holidays"); h != NULL; h = h->next) {
		rc = add_holiday(&b, h, err);
		if (rc != RC_OK)
			return rc;
	}
	for (const struct node *h = first_item(item, "replace"); h != NULL; h = h->next)
		add_replace(&b, h);
	return calendar_new(a, &b.spec, out, err);
}
