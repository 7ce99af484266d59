/* SPDX-License-Identifier: Apache-2.0 */
/* What forms are made of: a field with its label, what is right there and what is wrong with it; a choice. */
#include "render/said.h"
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

static void open_as(struct page *p, struct text action, bool files)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<form class=\"form\" method=\"post\"");
	if (files)
		html_raw(b, " enctype=\"multipart/form-data\"");
	html_attr(b, "action", action);
	html_raw(b, ">\n");
	form_hidden(p, "form", p->form_token);
}

void form_open(struct page *p, struct text action)
{
	open_as(p, action, false);
}

void form_open_files(struct page *p, struct text action)
{
	open_as(p, action, true);
}

void form_close(struct page *p, enum wording submit)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<p class=\"send\"><button class=\"button first\">");
	html_text(b, page_say(p, submit));
	html_raw(b, "</button></p>\n</form>\n");
}

void form_hidden(struct page *p, const char *name, struct text value)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<input type=\"hidden\"");
	html_attr(b, "name", text_of(name));
	html_attr(b, "value", value);
	html_raw(b, ">\n");
}

void form_label(struct page *p, const char *name, struct text words, bool required)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<label");
	html_attr(b, "for", text_of(name));
	html_raw(b, ">");
	html_text(b, words);
	if (!required) {
		html_raw(b, " <span class=\"soft\">");
		html_text(b, page_say(p, W_WEB_OPTIONAL));
		html_raw(b, "</span>");
	}
	html_raw(b, "</label>\n");
}

void form_error(struct page *p, const char *name, struct text error)
{
	struct buf *b = &p->r->body;

	if (error.n == 0)
		return;
	html_raw(b, "<p class=\"wrong\"");
	html_attr(b, "id", text_format(p->q->arena, "%s-wrong", name));
	html_raw(b, ">");
	html_text(b, error);
	html_raw(b, "</p>\n");
}

static void put_described(struct page *p, const struct shown_input *i)
{
	struct buf *b = &p->r->body;

	if (i->error.n > 0) {
		html_raw(b, " aria-invalid=\"true\"");
		html_attr(b, "aria-describedby", text_format(p->q->arena, "%s-wrong", i->name));
	} else if (i->hint.n > 0) {
		html_attr(b, "aria-describedby", text_format(p->q->arena, "%s-hint", i->name));
	}
	if (i->required)
		html_raw(b, " required");
	if (i->first)
		html_raw(b, " autofocus");
}

static void put_head(struct page *p, const struct shown_input *i)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<div class=\"field\">\n");
	form_label(p, i->name, i->words.n > 0 ? i->words : page_say(p, i->label),
		   i->required || strcmp(i->type, "checkbox") == 0);
	if (i->hint.n == 0)
		return;
	html_raw(b, "<p class=\"soft fine\"");
	html_attr(b, "id", text_format(p->q->arena, "%s-hint", i->name));
	html_raw(b, ">");
	html_text(b, i->hint);
	html_raw(b, "</p>\n");
}

void form_input(struct page *p, const struct shown_input *i)
{
	struct buf *b = &p->r->body;
	bool area = strcmp(i->type, "textarea") == 0;

	put_head(p, i);
	if (area)
		html_raw(b, "<textarea rows=\"6\"");
	else
		html_raw(b, "<input");
	html_attr(b, "id", text_of(i->name));
	html_attr(b, "name", text_of(i->name));
	if (!area)
		html_attr(b, "type", text_of(i->type));
	if (i->autocomplete != NULL)
		html_attr(b, "autocomplete", text_of(i->autocomplete));
	put_described(p, i);
	if (strcmp(i->type, "checkbox") == 0) {
		html_raw(b, " value=\"true\"");
		if (text_is(i->value, "true"))
			html_raw(b, " checked");
	} else if (!area && i->value.n > 0) {
		html_attr(b, "value", i->value);
	}
	html_raw(b, ">");
	if (area) {
		html_text(b, i->value);
		html_raw(b, "</textarea>");
	}
	html_raw(b, "\n");
	form_error(p, i->name, i->error);
	html_raw(b, "</div>\n");
}

/* The name that the contract's terms have for one of its things, after its id: "P1, critical". */
static struct text name_under(struct page *p, const struct shown_input *i, struct text id)
{
	struct text path = text_format(p->q->arena, "%s%.*s.name", i->under, TEXT_ARG(id));

	for (size_t k = 0; k < json_array_size(i->terms); k++) {
		const json_t *t = json_array_get(i->terms, k);

		if (text_eq(verb_text(p, json_object_get(t, "path")), path))
			return text_format(p->q->arena, "%.*s, %.*s", TEXT_ARG(id),
					   TEXT_ARG(verb_text(p, json_object_get(t, "value"))));
	}
	return id;
}

static struct text option_words(struct page *p, const struct shown_input *i, struct text id)
{
	if (i->named)
		return said_text(p->language, id);
	return i->terms == NULL ? id : name_under(p, i, id);
}

static void put_option(struct page *p, struct text value, struct text words, bool chosen)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<option");
	html_attr(b, "value", value);
	if (chosen)
		html_raw(b, " selected");
	html_raw(b, ">");
	html_text(b, words);
	html_raw(b, "</option>\n");
}

void form_options(struct page *p, const struct shown_input *i, const struct form_option *v,
		  size_t n)
{
	struct buf *b = &p->r->body;
	bool among = i->value.n == 0;

	put_head(p, i);
	html_raw(b, "<select");
	html_attr(b, "id", text_of(i->name));
	html_attr(b, "name", text_of(i->name));
	put_described(p, i);
	html_raw(b, ">\n");
	if (!i->required || i->none.n > 0)
		put_option(p, text_of(""), i->none, false);
	for (size_t k = 0; k < n; k++) {
		bool chosen = text_eq(v[k].value, i->value);

		put_option(p, v[k].value, v[k].words, chosen);
		among = among || chosen;
	}
	if (!among)
		put_option(p, i->value, i->value, true);
	html_raw(b, "</select>\n");
	form_error(p, i->name, i->error);
	html_raw(b, "</div>\n");
}

void form_select(struct page *p, const struct shown_input *i, struct text words)
{
	struct form_option *v = arena_array(p->q->arena, struct form_option, words.n / 2 + 1);
	size_t n = 0;
	struct text one;

	while (words.n > 0) {
		words = text_cut(words, ' ', &one);
		if (one.n > 0)
			v[n++] = (struct form_option){one, option_words(p, i, one)};
	}
	form_options(p, i, v, n);
}

void form_choice(struct page *p, const char *name, enum wording label, struct text words,
		 struct text value, bool required)
{
	const struct shown_input i = {.name = name,
				      .type = "select",
				      .label = label,
				      .value = value,
				      .required = required,
				      .named = true};

	form_select(p, &i, words);
}
