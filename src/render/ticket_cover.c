/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the contract covers of a ticket's service and what would cost extra: its clause, what is in scope and what is not, the charges
 * that bill work by time, and the hours that cost nothing more.
 */
#include "render/tickets_parts.h"

static struct text at_text(const struct node *n, const char *key)
{
	return n == NULL ? text_of("") : term_text(n, key);
}

/* By time, and for this service or for any. A ticket of no service may be of each. */
static bool may_bill(const struct charge *c, const struct service *s)
{
	const struct node *of = c->type == CHARGE_TIME ? term_ref(c->node, "service") : NULL;

	return c->type == CHARGE_TIME && (s == NULL || of == NULL || of == s->node);
}

static bool draws_for(const struct promise *p, struct text charge)
{
	for (size_t i = 0; i < p->n_charges; i++) {
		const struct node *v = p->charges[i].type == CHARGE_PREPAID
					       ? node_at(p->charges[i].node, "draws_for")
					       : NULL;

		for (const struct node *d = v == NULL ? NULL : v->child; d != NULL; d = d->next)
			if (text_eq(d->text, charge))
				return true;
	}
	return false;
}

bool ticket_extra(const struct promise *p, int service, const struct charge **v, size_t *n)
{
	const struct service *s = service < 0 ? NULL : &p->services[service];
	bool hours = false;

	*n = 0;
	for (size_t i = 0; i < p->n_charges; i++) {
		const struct charge *c = &p->charges[i];

		if (!may_bill(c, s))
			continue;
		v[(*n)++] = c;
		hours = hours || node_at(c->node, "included") != NULL || draws_for(p, c->id);
	}
	return hours;
}

static const struct service *service_of(const struct report *r, const struct ticket_page *p)
{
	const struct promise *of = report_promise(r, p->t->version);

	return p->t->service < 0 ? NULL : &of->services[p->t->service];
}

/* The texts of a list of the service, a line each. */
static void add_texts(struct doc *d, struct pairs *v, const struct node *service, const char *list,
		      enum wording label)
{
	const struct node *items = service == NULL ? NULL : node_at(service, list);
	bool first = true;

	for (const struct node *i = items == NULL ? NULL : items->child; i != NULL; i = i->next) {
		pair_add(d, v, first ? SAY0(d, label) : NO_WORDS, doc_plain(d, at_text(i, "text")));
		first = false;
	}
}

static struct phrase left_hours_words(struct doc *d, const struct ticket_hours *h)
{
	int64_t minutes = h->minutes.den == 0 ? 0 : (int64_t)(h->minutes.num / h->minutes.den);
	struct phrase left = doc_span(d, minutes * MINUTE_MS);
	enum wording w = h->bought.n > 0 ? W_COVER_BOUGHT : W_COVER_LEFT;

	if (h->until == INT32_MAX)
		return SAY(d, W_COVER_EVER, left);
	return SAY(d, w, left, doc_day(d, h->until - 1));
}

static struct phrase charge_words(struct report *r, const struct ticket_page *p,
				  const struct charge *c)
{
	struct doc *d = r->d;
	struct phrase v[4] = {doc_plain(d, c->name.n > 0 ? c->name : c->id), NO_WORDS, NO_WORDS,
			      clause_words(r, c->node)};
	const struct node *price = node_at(c->node, "price");

	if (p->money && price != NULL)
		v[1] = SAY(d, W_COVER_PRICE, doc_plain(d, price->text),
			   at_text(c->node, "unit").n > 0 ? doc_plain(d, at_text(c->node, "unit"))
							  : SAY0(d, W_UNIT_H));
	if (node_at(c->node, "included.qty") != NULL)
		v[2] = SAY(d, W_COVER_INCLUDED,
			   doc_plain(d, node_at(c->node, "included.qty")->text));
	return doc_join_all(d, " \xc2\xb7 ", v, ARRAY_SIZE(v));
}

void cover_section(struct report *r, const struct ticket_page *p)
{
	struct doc *d = r->d;
	const struct promise *of = report_promise(r, p->t->version);
	const struct service *s = service_of(r, p);
	const struct charge **v = arena_array(d->arena, const struct charge *, of->n_charges + 1);
	struct pairs *pairs;
	size_t n = 0;

	(void)ticket_extra(of, p->t->service, v, &n);
	if (s == NULL && n == 0)
		return;
	doc_section(d, "cover", SAY0(d, W_COVER_TITLE));
	pairs = doc_pairs(d);
	if (s != NULL)
		pair_add(d, pairs, SAY0(d, W_SAID_FIELD_CLAUSE), clause_words(r, s->node));
	add_texts(d, pairs, s == NULL ? NULL : s->node, "included", W_COVER_IN);
	add_texts(d, pairs, s == NULL ? NULL : s->node, "excluded", W_COVER_OUT);
	for (size_t i = 0; i < n; i++) {
		pair_add(d, pairs, SAY0(d, W_COVER_EXTRA), charge_words(r, p, v[i]));
		for (size_t k = 0; k < p->n_hours; k++)
			if (text_eq(p->hours[k].charge, v[i]->id))
				pair_add(d, pairs, NO_WORDS, left_hours_words(d, &p->hours[k]));
	}
	if (n == 0)
		pair_add(d, pairs, SAY0(d, W_COVER_EXTRA), SAY0(d, W_COVER_NOTHING));
}

static void json_texts(struct json *j, const struct node *service, const char *list)
{
	const struct node *items = node_at(service, list);

	json_key(j, list);
	json_open_array(j);
	for (const struct node *i = items == NULL ? NULL : items->child; i != NULL; i = i->next)
		json_text(j, at_text(i, "text"));
	json_end_array(j);
}

static void json_hours(struct json *j, const struct ticket_page *p, struct text charge)
{
	json_key(j, "left");
	json_open_array(j);
	for (size_t k = 0; k < p->n_hours; k++) {
		const struct ticket_hours *h = &p->hours[k];

		if (!text_eq(h->charge, charge))
			continue;
		json_open_object(j);
		json_kv_int(j, "minutes",
			    h->minutes.den == 0 ? 0 : (int64_t)(h->minutes.num / h->minutes.den));
		if (h->bought.n > 0)
			json_kv_text(j, "bought_by", h->bought);
		json_end_object(j);
	}
	json_end_array(j);
}

/* "cover": {"clause", "included": [], "excluded": [], "extra": [{"charge", "price", "left": [{"minutes", "bought_by"}]}]} */
void json_cover(struct json *j, struct report *r, const struct ticket_page *p)
{
	const struct promise *of = report_promise(r, p->t->version);
	const struct service *s = service_of(r, p);
	const struct charge **v =
		arena_array(r->d->arena, const struct charge *, of->n_charges + 1);
	size_t n = 0;

	(void)ticket_extra(of, p->t->service, v, &n);
	json_key(j, "cover");
	json_open_object(j);
	if (s != NULL) {
		json_kv_text(j, "clause", clause_label(r->d->arena, node_clause(s->node)));
		json_texts(j, s->node, "included");
		json_texts(j, s->node, "excluded");
	}
	json_key(j, "extra");
	json_open_array(j);
	for (size_t i = 0; i < n; i++) {
		json_open_object(j);
		json_kv_text(j, "charge", v[i]->id);
		if (p->money && node_at(v[i]->node, "price") != NULL)
			json_kv_text(j, "price", node_at(v[i]->node, "price")->text);
		if (p->money)
			json_hours(j, p, v[i]->id);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}
