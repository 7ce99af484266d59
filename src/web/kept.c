/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A form that came too late (trust.md S7, S8): of a session that is over, of an older page, or longer after the second factor than what it
 * does allows. Nothing was done, and what was typed is given back, to be looked at and sent again; but for passwords, codes and files.
 */
#include "http/fields.h"
#include "http/limits.h"
#include "web/parts.h"

static bool any_secret(const struct fields *typed)
{
	static const char *const secrets[] = {"password", "code"};

	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++)
		if (fields_get(typed, secrets[i]).p != NULL)
			return true;
	return false;
}

/* The address that the form went to, with its query. */
static struct text address(const struct page *p)
{
	const struct fields *query = &p->q->query;
	struct text out;
	struct buf b;

	buf_init(&b, (size_t)LIMIT_TARGET_BYTES * 4);
	buf_text(&b, p->q->path);
	for (size_t i = 0; i < query->n; i++) {
		buf_char(&b, i == 0 ? '?' : '&');
		buf_path_segment(&b, query->v[i].name);
		buf_char(&b, '=');
		buf_path_segment(&b, query->v[i].value);
	}
	out = text_copy(p->q->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static void say(struct page *p, enum wording words)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<p>");
	html_text(b, page_say(p, words));
	html_raw(b, "</p>\n");
}

/* What makes the form good again, in a page beside this one: this one is still needed. */
static void put_way(struct page *p, enum why_kept why)
{
	struct buf *b = &p->r->body;

	if (why == KEPT_OLD)
		return;
	html_raw(b, "<p><a target=\"_blank\" rel=\"noopener\"");
	html_attr(b, "href",
		  text_format(p->q->arena, "%s?next=%.*s",
			      why == KEPT_SIGNED_OUT ? "/sign-in" : "/me/code",
			      TEXT_ARG(p->q->path)));
	html_raw(b, ">");
	html_text(b, page_say(p, why == KEPT_SIGNED_OUT ? W_WEB_SIGN_IN : W_WEB_CODE));
	html_raw(b, "</a> <span class=\"soft\">");
	html_text(b, page_say(p, W_WEB_OTHER_TAB));
	html_raw(b, "</span></p>\n");
}

/* The form's own token and ids that a page made are nobody's words. */
static bool is_typed(const struct field *f)
{
	return f->value.n > 0 && !text_is(f->name, "form") && !text_is(f->name, "id");
}

/* The label that the field had on its form; its name where the form is of no table. */
static struct text label_of(const struct page *p, struct text name)
{
	size_t n = 0;
	const struct row_form *forms = row_forms(&n);
	struct page with = *p;

	for (size_t i = 0; i < n; i++) {
		if (!path_fits(&with, forms[i].path))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(forms[i].inputs); k++) {
			const struct input *in = &forms[i].inputs[k];

			if (in->key == NULL)
				break;
			if (in->label != W_NONE && text_is(name, input_name(in)))
				return page_say(p, in->label);
		}
	}
	return name;
}

static void put_typed(struct page *p, const struct fields *typed)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<h2>");
	html_text(b, page_say(p, W_WEB_KEPT_WORDS));
	html_raw(b, "</h2>\n<dl>\n");
	for (size_t i = 0; i < typed->n; i++) {
		if (!is_typed(&typed->v[i]))
			continue;
		html_raw(b, "<dt>");
		html_text(b, label_of(p, typed->v[i].name));
		html_raw(b, "</dt><dd><pre class=\"lines\">");
		html_text(b, form_lines(p->q->arena, typed->v[i].value));
		html_raw(b, "</pre></dd>\n");
	}
	html_raw(b, "</dl>\n");
}

static void put_form(struct page *p, const struct fields *typed)
{
	form_open(p, address(p));
	for (size_t i = 0; i < typed->n; i++)
		if (!text_is(typed->v[i].name, "form"))
			form_hidden(p,
				    text_format(p->q->arena, "%.*s", TEXT_ARG(typed->v[i].name)).p,
				    form_lines(p->q->arena, typed->v[i].value));
	form_close(p, W_WEB_SEND_AGAIN);
}

bool page_kept(struct page *p, enum tab tab, enum why_kept why)
{
	static const enum wording words[] = {[KEPT_OLD] = W_WEB_KEPT_OLD,
					     [KEPT_SIGNED_OUT] = W_WEB_KEPT_SIGNED_OUT,
					     [KEPT_CODE] = W_WEB_KEPT_CODE};
	const struct frame f = {.tab = tab, .title = page_say(p, W_WEB_NOT_POSSIBLE)};
	struct err unused = {.line = 0};
	const struct part *files = NULL;
	struct fields typed;
	size_t n_files = 0, n = 0;

	if (form_parse(p->q, &typed, &files, &n_files, &unused) != RC_OK || any_secret(&typed))
		return false;
	for (size_t i = 0; i < typed.n; i++)
		n += is_typed(&typed.v[i]);
	if (n == 0)
		return false;
	p->r->status = 403;
	p->r->refused = why == KEPT_CODE ? "step_up" : "form";
	buf_clear(&p->r->body);
	frame_begin(p, &f);
	frame_title(p, f.title);
	say(p, words[why]);
	put_way(p, why);
	if (n_files > 0)
		say(p, W_WEB_KEPT_FILES);
	else
		put_form(p, &typed);
	put_typed(p, &typed);
	frame_end(p);
	return true;
}
