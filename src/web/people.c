/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in and what is one's own (trust.md S2 to S8, S11): password, second factor, a link that was sent, sessions, language. What an
 * answer says and how long it takes is the same whether an account exists or not.
 */
#include "http/fields.h"
#include "web/parts.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

static bool path_is(const struct page *p, const char *path)
{
	struct page with = *p;

	return path_fits(&with, path);
}

static bool posted(const struct page *p)
{
	return p->q->method == METHOD_POST;
}

static bool typed(struct page *p, struct fields *out)
{
	const struct part *files;
	size_t n = 0;
	struct err err = {.line = 0};

	if (form_parse(p->q, out, &files, &n, &err) == RC_OK)
		return true;
	page_failed(p, NAV_NONE, RC_INVALID, &err);
	return false;
}

static void begin(struct page *p, enum tab tab, enum wording title, const char *back)
{
	const struct frame f = {.tab = tab, .title = page_say(p, title), .back = back};

	frame_begin(p, &f);
	frame_title(p, f.title);
}

static void put_note(struct page *p, struct text words)
{
	struct buf *b = &p->r->body;

	if (words.n == 0)
		return;
	html_raw(b, "<div class=\"note missed\" role=\"alert\"><p>");
	html_text(b, words);
	html_raw(b, "</p></div>\n");
}

static void put_words(struct page *p, enum wording w)
{
	html_raw(&p->r->body, "<p>");
	html_text(&p->r->body, page_say(p, w));
	html_raw(&p->r->body, "</p>\n");
}

/* Only a path of our own (S9). */
static struct text next_path(const struct text given)
{
	bool good = given.n > 0 && given.p[0] == '/' &&
		    !(given.n > 1 && (given.p[1] == '/' || given.p[1] == '\\'));

	for (size_t i = 0; good && i < given.n; i++)
		good = given.p[i] > ' ' && given.p[i] < 127;
	return good ? given : text_of("/");
}

static void signed_in(struct page *p, const struct sign_in_result *got, struct text next)
{
	door_set_session(p->w->o.door, p->r, got->cookie, got->stays);
	response_see(p->r, next_path(next));
}

bool page_signed_in(struct page *p, const struct sign_in_result *got, struct text next)
{
	if (got->fate == SIGN_IN_SECOND) {
		door_set_session(p->w->o.door, p->r, got->cookie, false);
		response_see(p->r, text_format(p->q->arena, "/sign-in/code?next=%.*s",
					       TEXT_ARG(next_path(next))));
	} else if (got->fate == SIGN_IN_DONE) {
		signed_in(p, got, next);
	}
	return got->fate != SIGN_IN_REFUSED;
}

/* --- /sign-in --- */

static void show_sign_in(struct page *p, struct text handle, struct text next, struct text wrong)
{
	begin(p, NAV_NONE, W_WEB_SIGN_IN, NULL);
	put_note(p, wrong);
	form_open(p, text_of("/sign-in"));
	form_hidden(p, "next", next);
	form_input(p, &(struct shown_input){.name = "handle",
					    .type = "text",
					    .label = W_WEB_NAME,
					    .value = handle,
					    .autocomplete = "username",
					    .required = true});
	form_input(p, &(struct shown_input){.name = "password",
					    .type = "password",
					    .label = W_WEB_PASSWORD,
					    .autocomplete = "current-password",
					    .required = true});
	form_close(p, W_WEB_SIGN_IN);
	identity_button(p);
	frame_end(p);
}

static void sign_in_post(struct page *p)
{
	struct fields f = {NULL, 0};
	struct sign_in_result got = {.fate = SIGN_IN_REFUSED};
	struct err err = {.line = 0};
	struct text handle, next;
	enum rc rc;

	if (!typed(p, &f))
		return;
	handle = fields_get(&f, "handle");
	next = fields_get(&f, "next");
	rc = door_may_try(p->w->o.door, p->q, p->r, handle, &err);
	if (rc == RC_OK && !door_may_hash(p->q, p->r, &rc, &err) && rc == RC_OK)
		return;
	if (rc == RC_OK)
		rc = sign_in_password(p->w->o.sign_in, p->q->arena, handle,
				      fields_get(&f, "password"), p->q->now, &got, &err);
	if (rc != RC_OK) {
		page_failed(p, NAV_NONE, rc, &err);
	} else if (got.fate == SIGN_IN_REFUSED) {
		p->r->status = 422;
		p->r->refused = "password";
		show_sign_in(p, handle, next, page_say(p, W_WEB_SIGN_IN_WRONG));
	} else {
		(void)page_signed_in(p, &got, next);
	}
}

/* --- /sign-in/code, and the same for a step up --- */

static void show_code(struct page *p, const char *action, struct text next, struct text wrong)
{
	begin(p, NAV_NONE, W_WEB_CODE, NULL);
	put_words(p, W_WEB_CODE_WHY);
	put_note(p, wrong);
	form_open(p, text_of(action));
	form_hidden(p, "next", next);
	form_input(p, &(struct shown_input){.name = "code",
					    .type = "text",
					    .label = W_WEB_CODE,
					    .autocomplete = "one-time-code",
					    .required = true});
	form_close(p, W_WEB_GO_ON);
	frame_end(p);
}

static void code_post(struct page *p, bool step_up)
{
	struct fields f = {NULL, 0};
	struct sign_in_result got = {.fate = SIGN_IN_REFUSED};
	struct err err = {.line = 0};
	struct text code, next;
	enum rc rc;

	if (!typed(p, &f))
		return;
	code = fields_get(&f, "code");
	next = fields_get(&f, "next");
	rc = step_up ? sign_in_step_up(p->w->o.sign_in, p->q->arena, &p->who, code, p->q->now, &got,
				       &err)
		     : sign_in_second(p->w->o.sign_in, p->q->arena,
				      door_session(p->w->o.door, p->q), code, p->q->now, &got,
				      &err);
	if (rc == RC_MISSING && !step_up) {
		response_see(p->r, text_of("/sign-in"));
	} else if (rc != RC_OK) {
		page_failed(p, NAV_NONE, rc, &err);
	} else if (got.fate == SIGN_IN_DONE) {
		signed_in(p, &got, next);
	} else {
		p->r->status = 422;
		p->r->refused = "code";
		show_code(p, step_up ? "/me/code" : "/sign-in/code", next,
			  page_say(p, W_WEB_CODE_WRONG));
	}
}

/* --- /join/<link> --- */

static void join(struct page *p)
{
	struct sign_in_result got = {.fate = SIGN_IN_REFUSED};
	struct err err = {.line = 0};
	enum rc rc;

	if (!posted(p)) { /* looking at a link must not use it up: mail programs look */
		begin(p, NAV_NONE, W_WEB_WELCOME, NULL);
		put_words(p, W_WEB_WELCOME_WHY);
		form_open(p, p->q->path);
		form_close(p, W_WEB_GO_ON);
		frame_end(p);
		return;
	}
	rc = door_may_try(p->w->o.door, p->q, p->r, text_of(""), &err);
	if (rc == RC_OK)
		rc = sign_in_link(p->w->o.sign_in, p->q->arena, page_name(p, "link"), p->q->now,
				  &got, &err);
	if (rc == RC_OK && got.fate == SIGN_IN_DONE) {
		signed_in(p, &got, text_of("/"));
		return;
	}
	if (rc == RC_OK && got.fate == SIGN_IN_SECOND) {
		door_set_session(p->w->o.door, p->r, got.cookie, false);
		response_see(p->r, text_of("/sign-in/code"));
		return;
	}
	if (rc != RC_OK && rc != RC_MISSING) {
		page_failed(p, NAV_NONE, rc, &err);
		return;
	}
	p->r->status = 422;
	begin(p, NAV_NONE, W_WEB_LINK_ENDED, "/sign-in");
	put_words(p, W_WEB_LINK_ENDED_WHY);
	frame_end(p);
}

/* --- /me --- */

static void put_password(struct page *p, struct text wrong)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<section class=\"card\"><h2>");
	html_text(b, page_say(p, W_WEB_PASSWORD));
	html_raw(b, "</h2>\n");
	form_open(p, text_of("/me/password"));
	form_input(p, &(struct shown_input){.name = "password",
					    .type = "password",
					    .label = W_WEB_NEW_PASSWORD,
					    .autocomplete = "new-password",
					    .required = true,
					    .hint = page_say(p, W_WEB_PASSWORD_WHY),
					    .error = wrong});
	form_close(p, W_WEB_SAVE);
	html_raw(b, "</section>\n");
}

static void put_factor(struct page *p)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<section class=\"card\"><h2>");
	html_text(b, page_say(p, W_WEB_FACTOR));
	html_raw(b, "</h2>\n");
	put_words(p, p->who.mfa ? W_WEB_FACTOR_SET : W_WEB_FACTOR_WHY);
	html_raw(b, "<p><a class=\"button\" href=\"/me/factor\">");
	html_text(b, page_say(p, p->who.mfa ? W_WEB_FACTOR_OTHER : W_WEB_FACTOR_BEGIN));
	html_raw(b, "</a></p></section>\n");
}

static void put_preferences(struct page *p)
{
	struct buf *b = &p->r->body;
	struct buf tags;

	html_raw(b, "<section class=\"card\"><h2>");
	html_text(b, page_say(p, W_WEB_LANGUAGE_ZONE));
	html_raw(b, "</h2>\n");
	form_open(p, text_of("/me/language"));
	buf_init(&tags, 256);
	for (size_t i = 0; i < language_count(); i++) {
		buf_str(&tags, language_tag(language_at(i)));
		buf_char(&tags, ' ');
	}
	form_choice(p, "language", W_WEB_LANGUAGE, buf_view(&tags), p->who.language, false);
	buf_free(&tags);
	form_input(p, &(struct shown_input){.name = "zone",
					    .type = "text",
					    .label = W_WEB_ZONE,
					    .value = p->who.zone,
					    .hint = page_say(p, W_WEB_ZONE_HINT)});
	form_close(p, W_WEB_SAVE);
	html_raw(b, "</section>\n");
}

/* Only for whom there is an address: whoever manages people keeps it. */
static void put_notices(struct page *p, bool wanted, struct text hours, struct text wrong)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<section class=\"card\"><h2>");
	html_text(b, page_say(p, W_WEB_NOTICES));
	html_raw(b, "</h2>\n");
	put_words(p, W_WEB_NOTICES_WHY);
	form_open(p, text_of("/me/mail"));
	form_input(p, &(struct shown_input){.name = "notices",
					    .type = "checkbox",
					    .label = W_WEB_NOTICES_WANTED,
					    .value = text_of(wanted ? "true" : "")});
	form_input(p, &(struct shown_input){.name = "quiet",
					    .type = "text",
					    .label = W_WEB_QUIET_HOURS,
					    .value = hours,
					    .error = wrong,
					    .hint = page_say(p, W_WEB_QUIET_HOURS_HINT)});
	form_close(p, W_WEB_SAVE);
	html_raw(b, "</section>\n");
}

static void put_sessions(struct page *p, const struct session_row *v, size_t n)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	struct buf *b = &p->r->body;

	html_raw(b, "<section class=\"card\"><h2>");
	html_text(b, page_say(p, W_WEB_SESSIONS));
	html_raw(b, "</h2>\n<ul class=\"plain\">\n");
	for (size_t i = 0; i < n; i++) {
		html_raw(b, "<li><span>");
		html_text(b, v[i].device.n > 0 ? v[i].device : page_say(p, W_WEB_UNKNOWN_DEVICE));
		html_raw(b, ", ");
		html_text(b,
			  doc_words(d, doc_time(d, v[i].seen / MINUTE_MS * MINUTE_MS, TIME_FULL)));
		if (v[i].current) {
			html_raw(b, " <span class=\"state kept\">");
			html_text(b, page_say(p, W_WEB_THIS_ONE));
			html_raw(b, "</span>");
		}
		html_raw(b, "</span>");
		if (!v[i].current) {
			html_raw(b, "<form method=\"post\" action=\"/me/sessions\">");
			form_hidden(p, "form", p->form_token);
			form_hidden(p, "session", v[i].id);
			html_raw(b, "<button class=\"plain\">");
			html_text(b, page_say(p, W_WEB_END));
			html_raw(b, "</button></form>");
		}
		html_raw(b, "</li>\n");
	}
	html_raw(b, "</ul></section>\n");
}

/* What was refused, and what was typed there: it stands in the form again. Empty: nothing was. */
struct me_wrong {
	struct text password, quiet;
	struct text typed_quiet;
	bool typed_notices;
};

static void show_me(struct page *p, const struct me_wrong *wrong)
{
	struct session_row *sessions = NULL;
	struct err err = {.line = 0};
	size_t n = 0;
	struct text hours = {NULL, 0};
	bool has_mail = false, wanted = false;
	enum rc rc =
		sign_in_sessions(p->w->o.sign_in, p->q->arena, p->who.person, &sessions, &n, &err);

	if (rc == RC_OK)
		rc = sign_in_notices(p->w->o.sign_in, p->q->arena, p->who.person, &has_mail,
				     &wanted, &hours, &err);
	if (rc != RC_OK) {
		page_failed(p, NAV_ME, rc, &err);
		return;
	}
	begin(p, NAV_ME, W_WEB_ME, NULL);
	put_password(p, wrong->password);
	put_factor(p);
	identity_card(p);
	put_preferences(p);
	if (has_mail && wrong->quiet.n > 0)
		put_notices(p, wrong->typed_notices, wrong->typed_quiet, wrong->quiet);
	else if (has_mail)
		put_notices(p, wanted, hours, text_of(""));
	put_sessions(p, sessions, n);
	frame_end(p);
}

static void me_password(struct page *p)
{
	struct fields f = {NULL, 0};
	struct err err = {.line = 0};
	enum rc rc;

	if (!typed(p, &f))
		return;
	if (!door_may_hash(p->q, p->r, &rc, &err) && rc == RC_OK)
		return;
	if (rc == RC_OK)
		rc = sign_in_set_password(p->w->o.sign_in, &p->who, fields_get(&f, "password"),
					  p->q->now, &err);
	if (rc == RC_OK) {
		response_see(p->r, text_of(p->who.mfa_required && !p->who.mfa ? "/me/factor"
									      : "/me?done=1"));
	} else if (strcmp(err.code, "step_up") == 0) {
		response_see(p->r, text_of("/me/code?next=/me"));
	} else if (rc == RC_INVALID) {
		p->r->status = 422;
		show_me(p, &(struct me_wrong){.password = text_of(err.message)});
	} else {
		page_failed(p, NAV_ME, rc, &err);
	}
}

/* The code as a picture: squares of one path, so that no library draws for us. */
static void put_qr(struct page *p, struct text uri)
{
	struct buf *b = &p->r->body;
	QRcode *code = QRcode_encodeString(arena_copy(p->q->arena, uri.p, uri.n), 0, QR_ECLEVEL_M,
					   QR_MODE_8, 1);

	if (code == NULL)
		return;
	html_raw(b, "<svg class=\"qr\" role=\"img\"");
	html_attr(b, "aria-label", page_say(p, W_WEB_QR));
	html_attr(b, "viewBox",
		  text_format(p->q->arena, "-2 -2 %d %d", code->width + 4, code->width + 4));
	html_raw(b, "><path d=\"");
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			if (code->data[y * code->width + x] & 1)
				buf_printf(b, "M%d %dh1v1h-1z", x, y);
	html_raw(b, "\"/></svg>\n");
	QRcode_free(code);
}

static void show_factor(struct page *p, struct text wrong)
{
	struct text uri = text_of(""), secret, rest;
	struct err err = {.line = 0};
	enum rc rc = sign_in_totp_begin(p->w->o.sign_in, p->q->arena, &p->who, &uri, &err);
	struct buf *b = &p->r->body;

	if (rc != RC_OK && strcmp(err.code, "step_up") == 0) {
		response_see(p->r, text_of("/me/code?next=/me/factor"));
		return;
	}
	if (rc != RC_OK) {
		page_failed(p, NAV_ME, rc, &err);
		return;
	}
	begin(p, NAV_ME, W_WEB_FACTOR, "/me");
	put_words(p, W_WEB_FACTOR_HOW);
	put_note(p, wrong);
	put_qr(p, uri);
	rest = text_sub(uri, text_find(uri, '?', 0), uri.n);
	rest = text_sub(rest, text_find(rest, '=', 0) + 1, rest.n);
	(void)text_cut(rest, '&', &secret);
	html_raw(b, "<p><code class=\"secret\">");
	html_text(b, secret);
	html_raw(b, "</code></p>\n");
	form_open(p, text_of("/me/factor"));
	form_input(p, &(struct shown_input){.name = "code",
					    .type = "text",
					    .label = W_WEB_CODE,
					    .autocomplete = "one-time-code",
					    .required = true});
	form_close(p, W_WEB_SAVE);
	frame_end(p);
}

static void factor_post(struct page *p)
{
	struct fields f = {NULL, 0};
	struct text codes[10];
	struct err err = {.line = 0};
	struct buf *b = &p->r->body;
	enum rc rc;

	if (!typed(p, &f))
		return;
	rc = sign_in_totp_confirm(p->w->o.sign_in, p->q->arena, &p->who, fields_get(&f, "code"),
				  p->q->now, codes, &err);
	if (rc == RC_INVALID || rc == RC_USAGE) {
		p->r->status = 422;
		show_factor(p, page_say(p, W_WEB_CODE_WRONG));
		return;
	}
	if (rc != RC_OK) {
		page_failed(p, NAV_ME, rc, &err);
		return;
	}
	begin(p, NAV_ME, W_WEB_RECOVERY, "/me");
	put_words(p, W_WEB_RECOVERY_WHY);
	html_raw(b, "<ol class=\"codes\">\n");
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		html_raw(b, "<li><code>");
		html_text(b, codes[i]);
		html_raw(b, "</code></li>\n");
	}
	html_raw(b, "</ol>\n<p><a class=\"button first\" href=\"/\">");
	html_text(b, page_say(p, W_WEB_GO_ON));
	html_raw(b, "</a></p>\n");
	frame_end(p);
}

/* RC_USAGE: the hours are none. Nothing was kept then, not even whether mail is wanted. */
static void me_notices(struct page *p)
{
	struct fields f = {NULL, 0};
	struct err err = {.line = 0};
	struct me_wrong wrong = {.typed_notices = false};
	enum rc rc;

	if (!typed(p, &f))
		return;
	wrong.typed_notices = fields_get(&f, "notices").n > 0;
	wrong.typed_quiet = text_trim(fields_get(&f, "quiet"));
	rc = sign_in_want_notices(p->w->o.sign_in, &p->who, wrong.typed_notices, wrong.typed_quiet,
				  &err);
	if (rc == RC_OK) {
		response_see(p->r, text_of("/me?done=1"));
	} else if (rc == RC_USAGE) {
		wrong.quiet = err.hint[0] == '\0'
				      ? text_of(err.message)
				      : text_format(p->q->arena, "%s; %s", err.message, err.hint);
		p->r->status = 422;
		show_me(p, &wrong);
	} else {
		page_failed(p, NAV_ME, rc, &err);
	}
}

enum me_change { ME_LANGUAGE, ME_SESSION };

static void me_change(struct page *p, enum me_change what)
{
	struct sign_in *s = p->w->o.sign_in;
	struct fields f = {NULL, 0};
	struct err err = {.line = 0};
	enum rc rc;

	if (!typed(p, &f))
		return;
	if (what == ME_LANGUAGE)
		rc = sign_in_prefer(s, &p->who, fields_get(&f, "language"), fields_get(&f, "zone"),
				    &err);
	else
		rc = sign_in_end_session(s, p->who.person, fields_get(&f, "session"), &err);
	if (rc == RC_OK)
		response_see(p->r, text_of("/me?done=1"));
	else
		page_failed(p, NAV_ME, rc, &err);
}

static void keep_factor(struct page *p)
{
	struct err err = {.line = 0};
	enum rc rc = sign_in_keep_factor(p->w->o.sign_in, &p->who, &err);

	if (rc == RC_OK)
		response_see(p->r, text_of("/me?done=1"));
	else
		page_failed(p, NAV_ME, rc, &err);
}

static void sign_out(struct page *p)
{
	struct err err = {.line = 0};
	enum rc rc = p->who.kind == VISITOR_SESSION ? sign_in_end(p->w->o.sign_in, &p->who, &err)
						    : RC_OK;

	if (rc != RC_OK) {
		page_failed(p, NAV_NONE, rc, &err);
		return;
	}
	door_end_session(p->w->o.door, p->r);
	response_see(p->r, text_of("/sign-in"));
}

/* --- which --- */

static bool open_to_all(struct page *p)
{
	struct text next = fields_get(&p->q->query, "next");

	if (path_is(p, "/sign-in")) {
		if (posted(p))
			sign_in_post(p);
		else
			show_sign_in(p, text_of(""), next, text_of(""));
		return true;
	}
	if (path_is(p, "/sign-in/code")) {
		if (posted(p))
			code_post(p, false);
		else
			show_code(p, "/sign-in/code", next, text_of(""));
		return true;
	}
	if (path_fits(p, "/join/{link}")) {
		join(p);
		return true;
	}
	return false;
}

static bool own(struct page *p)
{
	if (path_is(p, "/me"))
		show_me(p, &(struct me_wrong){.typed_notices = false});
	else if (path_is(p, "/me/factor") && posted(p))
		factor_post(p);
	else if (path_is(p, "/me/factor"))
		show_factor(p, text_of(""));
	else if (path_is(p, "/me/code") && posted(p))
		code_post(p, true);
	else if (path_is(p, "/me/code"))
		show_code(p, "/me/code", fields_get(&p->q->query, "next"), text_of(""));
	else if (path_is(p, "/me/password") && posted(p))
		me_password(p);
	else if (path_is(p, "/me/language") && posted(p))
		me_change(p, ME_LANGUAGE);
	else if (path_is(p, "/me/mail") && posted(p))
		me_notices(p);
	else if (path_is(p, "/me/factor/keep") && posted(p))
		keep_factor(p);
	else if (path_is(p, "/me/sessions") && posted(p))
		me_change(p, ME_SESSION);
	else if (path_is(p, "/sign-out") && posted(p))
		sign_out(p);
	else
		return false;
	return true;
}

bool people_page(struct page *p)
{
	if (open_to_all(p) || identity_page(p))
		return true;
	if (p->who.kind != VISITOR_SESSION) {
		if (method_safe(p->q->method)) {
			response_see(p->r, text_format(p->q->arena, "/sign-in?next=%.*s",
						       TEXT_ARG(p->q->path)));
		} else {
			response_see(p->r, text_of("/sign-in"));
		}
		return true;
	}
	if (own(p) || identity_own(p))
		return true;
	/* Without a password of one's own, or the factor that one's roles ask for, nothing else is open (S6). */
	if (!p->who.password && !p->who.identity) {
		response_see(p->r, text_of("/me"));
		return true;
	}
	if (p->who.mfa_required && !p->who.mfa) {
		response_see(p->r, text_of("/me/factor"));
		return true;
	}
	return false;
}
