/* SPDX-License-Identifier: Apache-2.0 */
/* What the provider has set for itself, and what it could set: each leads to the form that sets it. */
#include "app/provider.h"
#include "web/parts.h"
#include "web/verb.h"

static struct text value_of(const struct page *p, const json_t *v, const char *between)
{
	struct text out;
	struct buf b;

	if (!json_is_array(v))
		return verb_text(p, v);
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < json_array_size(v); i++) {
		if (i > 0)
			buf_str(&b, between);
		buf_text(&b, verb_text(p, json_array_get(v, i)));
	}
	out = text_copy(p->q->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

void settings_why(struct page *p)
{
	enum setting s;

	if (!setting_find(page_name(p, "setting"), &s))
		return;
	html_raw(&p->r->body, "<p>");
	html_text(&p->r->body, page_say(p, setting_row(s)->help));
	html_raw(&p->r->body, "</p>\n");
}

struct text settings_had(struct page *p)
{
	struct text out = text_of("");
	enum setting s;
	struct verb_run v;
	json_t *answer;

	if (!setting_find(page_name(p, "setting"), &s))
		return out;
	verb_begin(&v, p, ACTION_PROVIDER_SHOW);
	answer = verb_json(&v);
	if (answer != NULL)
		out = value_of(
			p,
			json_object_get(json_object_get(answer, "settings"), setting_row(s)->key),
			"\n");
	json_decref(answer);
	verb_free(&v);
	return out;
}

struct fields settings_mail_text(struct page *p)
{
	struct field *had = arena_array(p->q->arena, struct field, 2);
	struct fields out = {NULL, 0};
	struct verb_run v;
	json_t *answer;

	verb_begin(&v, p, ACTION_MAIL_TEXT_SHOW);
	verb_put(&v, PARAM_MAIL_TEXT, page_name(p, "text"));
	answer = verb_json(&v);
	if (answer != NULL) {
		had[0] = (struct field){text_of("subject"),
					verb_text(p, json_object_get(answer, "subject"))};
		had[1] = (struct field){text_of("body"),
					verb_text(p, json_object_get(answer, "body"))};
		out = (struct fields){had, 2};
	}
	json_decref(answer);
	verb_free(&v);
	return out;
}

bool settings_waiting(struct page *p, struct text *account)
{
	struct verb_run v;
	json_t *answer;
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	struct text iban, bic;
	bool any;

	verb_begin(&v, p, ACTION_PROVIDER_APPROVE);
	verb_flag(&v, PARAM_DRY_RUN);
	answer = verb_json(&v);
	any = answer != NULL;
	iban = verb_text(p, json_object_get(answer, "pending_iban"));
	bic = verb_text(p, json_object_get(answer, "pending_bic"));
	*account = text_copy(p->q->arena, verb_text(p, json_object_get(answer, "account")));
	if (any) {
		struct pairs *t = doc_pairs(d);

		if (iban.n > 0)
			pair_add(d, t, SAY0(d, W_IBAN), doc_plain(d, iban));
		if (bic.n > 0)
			pair_add(d, t, SAY0(d, W_BIC), doc_plain(d, bic));
		doc_paragraph(d, SAY0(d, W_WEB_APPROVE_WHY));
	} else {
		doc_paragraph(d, SAY0(d, W_WEB_APPROVE_NONE));
	}
	doc_html_inside(d, &p->r->body);
	json_decref(answer);
	verb_free(&v);
	return any;
}

static void add_row(struct page *p, struct doc *d, struct table *t, const struct setting_row *row,
		    const json_t *set)
{
	struct page with = *p;
	struct text key = text_of(row->key);

	with.names[0] = (struct field){text_of("setting"), key};
	with.n_names = 1;
	(void)ROW(d, t,
		  doc_link(d, page_path(&with, "/settings/{setting}"),
			   doc_run(d, RUN_CODE, key, text_of(""))),
		  doc_plain(d, value_of(p, json_object_get(set, row->key), " / ")),
		  SAY0(d, row->help));
}

static struct doc *settings_doc(struct page *p, const json_t *set)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	const struct table_column columns[] = {{SAY0(d, W_WEB_SETTING), COLUMN_TEXT},
					       {SAY0(d, W_WEB_VALUE), COLUMN_TEXT},
					       {SAY0(d, W_WEB_SETTING_WHY), COLUMN_TEXT}};
	struct text waits = verb_text(p, json_object_get(set, "pending_iban"));
	struct table *t;

	d->title = SAY0(d, W_WEB_SETTINGS);
	if (waits.n > 0) {
		const struct phrase parts[] = {SAY0(d, W_WEB_WAITS_SECOND), doc_plain(d, waits)};

		doc_paragraph(d, doc_join_all(d, ": ", parts, ARRAY_SIZE(parts)));
	}
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (int s = 0; s < SETTING_COUNT; s++)
		if (setting_row((enum setting)s)->where != SETTING_WAITING)
			add_row(p, d, t, setting_row((enum setting)s), set);
	return d;
}

static void show(struct page *p)
{
	static const struct action_link links[] = {
		{"/templates", W_WEB_TEMPLATES, false},
		{"/settings/calendars", W_CALENDAR_TITLE, false},
		{"/settings/mail", W_WEB_MAIL_TEXTS, false},
		{"/settings/logo", W_WEB_LOGO, false},
		{"/settings/approve", W_WEB_APPROVE_BANK, false}};
	struct frame f = {.tab = NAV_SETTINGS,
			  .title = page_say(p, W_WEB_SETTINGS),
			  .links = links,
			  .n_links = ARRAY_SIZE(links) - (page_may(p, R_MONEY_WRITE) ? 0 : 1)};
	struct verb_run v;
	json_t *answer;

	verb_begin(&v, p, ACTION_PROVIDER_SHOW);
	answer = verb_json(&v);
	if (answer == NULL) {
		page_failed(p, NAV_SETTINGS, v.rc, &v.err);
	} else {
		page_doc(p, &f, settings_doc(p, json_object_get(answer, "settings")));
	}
	json_decref(answer);
	verb_free(&v);
}

bool settings_page(struct page *p)
{
	if (!method_safe(p->q->method) || !path_fits(p, "/settings"))
		return false;
	if (page_may(p, R_SETTINGS))
		show(p);
	else
		page_refused(p, NAV_SETTINGS);
	return true;
}
