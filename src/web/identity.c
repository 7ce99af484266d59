/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in by a provider of identities (trust.md S10): the way there, back, and linking it to one's account. What is fetched is fetched
 * by the link process; the request waits for it (response.ask). People are told that it failed, and no more; why is for the operator.
 */
#include "http/fields.h"
#include "link/link.h"
#include "web/parts.h"

#include <sodium.h>
#include <string.h>

static const char begin_path[] = "/sign-in/identity", return_path[] = "/sign-in/identity/return";

static bool configured(const struct page *p)
{
	return p->w->o.identity.issuer.n > 0;
}

static bool is_path(const struct page *p, const char *path)
{
	return text_is(p->q->path, path);
}

static void put_paragraph(struct page *p, enum wording w)
{
	html_raw(&p->r->body, "<p>");
	html_text(&p->r->body, page_say(p, w));
	html_raw(&p->r->body, "</p>\n");
}

static void put_button(struct page *p, enum wording w)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<p><a class=\"button\" href=\"/sign-in/identity\">");
	html_text(b, page_say(p, w));
	html_raw(b, " ");
	html_text(b, p->w->o.identity.name);
	html_raw(b, "</a></p>\n");
}

void identity_button(struct page *p)
{
	if (configured(p))
		put_button(p, W_WEB_IDENTITY_BY);
}

static void begin(struct page *p, enum tab tab, enum wording title, const char *back)
{
	const struct frame f = {.tab = tab, .title = page_say(p, title), .back = back};

	frame_begin(p, &f);
	frame_title(p, f.title);
}

static void it_failed(struct page *p, const char *why)
{
	bool known = p->who.kind == VISITOR_SESSION;

	p->r->status = 422;
	p->r->refused = why;
	begin(p, known ? NAV_ME : NAV_NONE, W_WEB_IDENTITY_FAILED, known ? "/me" : "/sign-in");
	put_paragraph(p, W_WEB_IDENTITY_FAILED_WHY);
	html_raw(&p->r->body, "<p><a class=\"button\"");
	html_attr(&p->r->body, "href", text_of(known ? "/me" : "/sign-in"));
	html_raw(&p->r->body, ">");
	html_text(&p->r->body, page_say(p, W_WEB_GO_ON));
	html_raw(&p->r->body, "</a></p>\n");
	frame_end(p);
}

/* --- the way there --- */

static void add_query(struct buf *b, const char *name, struct text value)
{
	buf_printf(b, "&%s=", name);
	buf_path_segment(b, value);
}

static struct text redirect_of(const struct page *p)
{
	return text_format(p->q->arena, "%.*s%s", TEXT_ARG(p->w->o.base_url), return_path);
}

/* The one address that is not our own, and which only the operator sets. */
static void go_there(struct page *p, struct text way_there)
{
	const struct identity_provider *o = &p->w->o.identity;
	struct text cookie = identity_leave(p->w->o.sign_in, p->q->arena, p->q->now);
	struct identity_way way;
	struct buf b;

	if (!identity_way(cookie, p->q->now, &way)) {
		it_failed(p, "identity_way");
		return;
	}
	buf_init(&b, 8192);
	buf_text(&b, way_there);
	buf_str(&b, text_has(way_there, text_of("?")) ? "&" : "?");
	buf_str(&b, "response_type=code&scope=openid&code_challenge_method=S256");
	add_query(&b, "client_id", o->client);
	add_query(&b, "redirect_uri", redirect_of(p));
	add_query(&b, "state", text_of(way.state));
	add_query(&b, "nonce", text_of(way.nonce));
	add_query(&b, "code_challenge", text_of(way.challenge));
	if (o->n_strong > 0)
		add_query(&b, "acr_values", o->strong[0]);
	door_keep(p->w->o.door, p->r, DOOR_WAY, cookie, IDENTITY_WAY_MS / 1000);
	p->r->status = 303;
	response_field(p->r, "Location", buf_view(&b));
	buf_free(&b);
}

static void leave(struct page *p)
{
	struct text way_there, nothing;
	struct err err = {.line = 0};
	struct buf ask;
	enum rc rc;

	if (p->q->told.p != NULL) {
		if (link_answer(p->q->told, &way_there, &nothing))
			go_there(p, way_there);
		else
			it_failed(p, "identity_link");
		return;
	}
	rc = door_may_try(p->w->o.door, p->q, p->r, text_of(""), &err);
	if (rc != RC_OK) {
		page_failed(p, NAV_NONE, rc, &err);
		return;
	}
	buf_init(&ask, 64);
	link_ask_way(&ask);
	p->r->ask = text_copy(p->q->arena, buf_view(&ask));
	buf_free(&ask);
}

/* --- and back --- */

static void ask_token(struct page *p, struct text code, const struct identity_way *way)
{
	struct buf ask;

	buf_init(&ask, 8192);
	link_ask_token(&ask, code, text_of(way->verifier));
	p->r->ask = text_copy(p->q->arena, buf_view(&ask));
	buf_free(&ask);
}

/* The first time: is it this browser's way, and did nobody come back by it yet? */
static void came_back(struct page *p)
{
	struct text state = fields_get(&p->q->query, "state"),
		    code = fields_get(&p->q->query, "code");
	struct identity_way way;
	struct err err = {.line = 0};
	enum rc rc = door_may_try(p->w->o.door, p->q, p->r, text_of(""), &err);

	if (rc != RC_OK) {
		page_failed(p, NAV_NONE, rc, &err);
		return;
	}
	if (!identity_way(door_kept(p->w->o.door, p->q, DOOR_WAY), p->q->now, &way) ||
	    state.n != strlen(way.state) || sodium_memcmp(state.p, way.state, state.n) != 0) {
		it_failed(p, "identity_state");
		return;
	}
	rc = identity_once(p->w->o.sign_in, &way, p->q->now, &err);
	if (rc == RC_INVALID)
		it_failed(p, "identity_again");
	else if (rc != RC_OK)
		page_failed(p, NAV_NONE, rc, &err);
	else if (code.n == 0)
		it_failed(p, "identity_refused");
	else
		ask_token(p, code, &way);
}

static void let_in(struct page *p, const struct identity *i)
{
	struct sign_in_result got = {.fate = SIGN_IN_REFUSED};
	struct err err = {.line = 0};
	enum rc rc;

	if (p->who.kind == VISITOR_SESSION) {
		door_keep(p->w->o.door, p->r, DOOR_OFFER,
			  identity_offer(p->w->o.sign_in, p->q->arena, &p->who, i, p->q->now),
			  IDENTITY_OFFER_MS / 1000);
		response_see(p->r, text_of("/me/identity"));
		return;
	}
	rc = identity_sign_in(p->w->o.sign_in, p->q->arena, i, p->q->now, &got, &err);
	if (rc != RC_OK)
		page_failed(p, NAV_NONE, rc, &err);
	else if (!page_signed_in(p, &got, text_of("/")))
		it_failed(p, "identity_unknown");
}

static void told(struct page *p)
{
	struct identity_way way;
	struct identity i;
	struct text token, keys;
	struct err err = {.line = 0};
	bool good = identity_way(door_kept(p->w->o.door, p->q, DOOR_WAY), p->q->now, &way);

	door_keep(p->w->o.door, p->r, DOOR_WAY, text_of(""), 0);
	/* Others were served while this one waited: which device it is, is said again. */
	if (door_may_try(p->w->o.door, p->q, p->r, text_of(""), &err) != RC_OK) {
		it_failed(p, "identity_link");
		return;
	}
	if (!link_answer(p->q->told, &token, &keys)) {
		it_failed(p, "identity_link");
	} else if (!good || identity_read(p->w->o.sign_in, &p->w->o.identity, token, keys, &way,
					  p->q->now, &i, &err) != RC_OK) {
		it_failed(p, "identity_token");
	} else {
		let_in(p, &i);
	}
}

bool identity_page(struct page *p)
{
	if (!configured(p) || !method_safe(p->q->method))
		return false;
	if (is_path(p, begin_path))
		leave(p);
	else if (!is_path(p, return_path))
		return false;
	else if (p->q->told.p != NULL)
		told(p);
	else
		came_back(p);
	return true;
}

/* --- one's own account --- */

void identity_card(struct page *p)
{
	struct buf *b = &p->r->body;
	struct err none = {.line = 0};
	bool linked = false;

	if (!configured(p) ||
	    identity_has(p->w->o.sign_in, p->who.person, &linked, &none) != RC_OK)
		return;
	html_raw(b, "<section class=\"card\"><h2>");
	html_text(b, p->w->o.identity.name);
	html_raw(b, "</h2>\n");
	put_paragraph(p, linked ? W_WEB_IDENTITY_SET : W_WEB_IDENTITY_NONE);
	if (p->who.password)
		put_button(p, W_WEB_IDENTITY_LINK);
	if (linked && p->who.password) {
		form_open(p, text_of("/me/identity/remove"));
		form_close(p, W_WEB_IDENTITY_REMOVE);
	}
	html_raw(b, "</section>\n");
}

static void show_link(struct page *p, struct text wrong)
{
	begin(p, NAV_ME, W_WEB_IDENTITY_LINK, "/me");
	put_paragraph(p, W_WEB_IDENTITY_LINK_WHY);
	form_open(p, text_of("/me/identity"));
	form_input(p, &(struct shown_input){.name = "password",
					    .type = "password",
					    .label = W_WEB_PASSWORD,
					    .autocomplete = "current-password",
					    .required = true,
					    .error = wrong});
	form_close(p, W_WEB_IDENTITY_LINK);
	frame_end(p);
}

static void link_post(struct page *p)
{
	struct fields f = {NULL, 0};
	const struct part *files;
	struct err err = {.line = 0};
	size_t n;
	enum rc rc = form_parse(p->q, &f, &files, &n, &err);

	if (rc == RC_OK)
		rc = door_may_try(p->w->o.door, p->q, p->r, p->who.handle, &err);
	if (rc == RC_OK && !door_may_hash(p->q, p->r, &rc, &err) && rc == RC_OK)
		return;
	if (rc == RC_OK)
		rc = identity_link(p->w->o.sign_in, &p->who,
				   door_kept(p->w->o.door, p->q, DOOR_OFFER),
				   fields_get(&f, "password"), p->q->now, &err);
	if (rc == RC_OK) {
		door_keep(p->w->o.door, p->r, DOOR_OFFER, text_of(""), 0);
		response_see(p->r, text_of("/me?done=1"));
	} else if (rc == RC_INVALID) {
		p->r->status = 422;
		show_link(p, text_of(err.message));
	} else {
		page_failed(p, NAV_ME, rc, &err);
	}
}

static void remove_post(struct page *p)
{
	struct err err = {.line = 0};
	enum rc rc = identity_unlink(p->w->o.sign_in, &p->who, p->q->now, &err);

	if (rc == RC_OK)
		response_see(p->r, text_of("/me?done=1"));
	else
		page_failed(p, NAV_ME, rc, &err);
}

bool identity_own(struct page *p)
{
	bool post = p->q->method == METHOD_POST;

	if (!configured(p))
		return false;
	if (is_path(p, "/me/identity") && post)
		link_post(p);
	else if (is_path(p, "/me/identity"))
		show_link(p, text_of(""));
	else if (is_path(p, "/me/identity/remove") && post && p->who.password)
		remove_post(p);
	else
		return false;
	return true;
}
