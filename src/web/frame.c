/* SPDX-License-Identifier: Apache-2.0 */
/* The frame around every page: where one is, where one can go, who one is. Works without script; the script only adds. */
#include "web/parts.h"

#include <string.h>

static struct text named(const struct page *p, struct text name)
{
	for (size_t i = 0; i < p->n_names; i++)
		if (text_eq(p->names[i].name, name))
			return p->names[i].value;
	return (struct text){NULL, 0};
}

struct text page_name(const struct page *p, const char *name)
{
	return named(p, text_of(name));
}

struct text page_say(const struct page *p, enum wording w)
{
	return word_pattern(p->language, w);
}

struct text page_contract(const struct page *p)
{
	struct text of_path = page_name(p, "contract");

	return of_path.n > 0 ? of_path : p->who.contract;
}

struct text page_amount(const struct page *p, struct text value, struct text currency)
{
	struct err none = {.line = 0};
	struct decimal exact;
	struct currency known;
	struct text out;
	struct buf b, canonical;

	buf_init(&b, 128);
	buf_init(&canonical, 128);
	if (currency_find(currency, &known) && decimal_parse(value, &exact, &none) == RC_OK)
		decimal_print_places(&canonical, exact, known.decimals);
	else
		buf_text(&canonical, value);
	format_number(&b, p->language, buf_view(&canonical));
	out = text_format(p->q->arena, "%.*s %.*s", TEXT_ARG(buf_view(&b)), TEXT_ARG(currency));
	buf_free(&canonical);
	buf_free(&b);
	return out;
}

bool page_may(const struct page *p, enum permission right)
{
	return right == R_NONE || roles_have(p->who.roles, right);
}

struct text page_path(const struct page *p, const char *pattern)
{
	struct text rest = text_of(pattern), out;
	struct buf b;

	buf_init(&b, 8192);
	while (rest.n > 0) {
		size_t open = text_find(rest, '{', 0), shut = text_find(rest, '}', 0);
		buf_text(&b, text_sub(rest, 0, open));
		if (open == rest.n)
			break;
		buf_path_segment(&b, named(p, text_sub(rest, open + 1, shut)));
		rest = text_sub(rest, shut + 1, rest.n);
	}
	out = text_copy(p->q->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

/* --- where one can go --- */

struct place {
	enum tab tab;
	enum wording words;
	const char *path;
	enum permission right;
	bool provider; /* not for a client */
	bool today;    /* about the day under way, which a grant to read may not reach */
};

static const struct place whole[] = {
	{NAV_TODAY, W_WEB_TODAY, "/", R_STATEMENT_READ, false, false},
	{NAV_TICKETS, W_WEB_TICKETS, "/tickets", R_STATEMENT_READ, false, false},
	{NAV_CONTRACTS, W_WEB_CONTRACTS, "/contracts", R_TERMS_READ, false, false},
	{NAV_CLIENTS, W_WEB_CLIENTS, "/clients", R_TERMS_READ, true, false},
	{NAV_INVOICES, W_WEB_INVOICES, "/invoices", R_MONEY_READ, false, false},
	{NAV_RECEIVABLES, W_WEB_RECEIVABLES, "/receivables", R_MONEY_WRITE, true, false},
	{NAV_DRAFTS, W_WEB_DRAFTS, "/drafts", R_TERMS_WRITE, false, false},
	{NAV_PEOPLE, W_WEB_PEOPLE, "/people", R_AUDIT_READ, false, false},
	{NAV_SETTINGS, W_WEB_SETTINGS, "/settings", R_SETTINGS, true, false},
	{NAV_TOKENS, W_WEB_TOKENS, "/tokens", R_TOKENS_MANAGE, false, false},
	{NAV_AUDIT, W_WEB_AUDIT, "/audit", R_AUDIT_READ, false, false},
	/* of one tab the first that one may go to: who runs the installation reads no audit */
	{NAV_AUDIT, W_WEB_ALL_SESSIONS, "/sessions", R_INSTALL, false, false},
	{NAV_ME, W_WEB_ME, "/me", R_NONE, false, false},
};

static const struct place of_contract[] = {
	{TAB_OVERVIEW, W_WEB_OVERVIEW, "/c/{contract}", R_STATEMENT_READ, false, false},
	{TAB_TERMS, W_WEB_TERMS, "/c/{contract}/terms", R_TERMS_READ, false, false},
	{TAB_STATEMENT, W_WEB_STATEMENT, "/c/{contract}/statement", R_MONEY_READ, false, true},
	{TAB_TICKETS, W_WEB_TICKETS, "/c/{contract}/tickets", R_STATEMENT_READ, false, false},
	{TAB_AVAILABILITY, W_WEB_AVAILABILITY, "/c/{contract}/availability", R_STATEMENT_READ,
	 false, true},
	{TAB_INVOICES, W_WEB_INVOICES, "/c/{contract}/invoices", R_MONEY_READ, false, false},
	{TAB_ACCOUNT, W_WEB_ACCOUNT, "/c/{contract}/account", R_MONEY_READ, false, true},
	{TAB_PLANNING, W_WEB_FORECAST, "/c/{contract}/forecast", R_MONEY_READ, false, true},
	{TAB_DEADLINES, W_WEB_DEADLINES, "/c/{contract}/deadlines", R_STATEMENT_READ, false, true},
	{TAB_RECORD, W_WEB_RECORD, "/c/{contract}/record", R_LOG_READ, false, false},
};

static bool may_go(const struct page *p, const struct place *x, bool reads_today)
{
	return page_may(p, x->right) && !(x->provider && p->who.client) &&
	       (!x->today || reads_today);
}

/* reads_today: those about the day under way are among them. */
static void put_places(struct page *p, const struct place *v, size_t n, enum tab here,
		       bool reads_today)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<ul>\n");
	for (size_t i = 0; i < n; i++) {
		if (!may_go(p, &v[i], reads_today) ||
		    (i > 0 && v[i].tab == v[i - 1].tab && may_go(p, &v[i - 1], reads_today)))
			continue;
		html_raw(b, "<li><a");
		html_attr(b, "href", page_path(p, v[i].path));
		if (v[i].tab == here)
			html_raw(b, " aria-current=\"page\"");
		html_raw(b, ">");
		html_text(b, page_say(p, v[i].words));
		html_raw(b, "</a></li>\n");
	}
	html_raw(b, "</ul>\n");
}

static void put_find_box(struct page *p)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<form class=\"find\" role=\"search\" action=\"/find\"><input id=\"find\" "
		    "type=\"search\" name=\"q\" "
		    "maxlength=\"200\" autocomplete=\"off\" aria-keyshortcuts=\"/\"");
	html_attr(b, "aria-label", page_say(p, W_WEB_FIND));
	html_attr(b, "placeholder", page_say(p, W_WEB_FIND));
	html_attr(b, "value",
		  text_is(p->q->path, "/find") ? fields_get(&p->q->query, "q") : text_of(""));
	html_raw(b, "></form>\n");
}

/* What keys open, where a script runs: a box that leads to pages and things, and a sheet of the keys. */
static void put_dialogs(struct page *p)
{
	static const struct {
		const char *keys;
		enum wording words;
	} keys[] = {
		{"/", W_WEB_FIND},
		{"k", W_WEB_KEY_PALETTE},
		{"g 1\xe2\x80\xa6"
		 "9",
		 W_WEB_KEY_GO},
		{"n", W_WEB_KEY_FIRST},
		{"1\xe2\x80\xa6"
		 "9",
		 W_WEB_KEY_NTH},
		{"j k", W_WEB_KEY_ALONG},
		{"?", W_WEB_KEYS},
		{"Esc", W_WEB_CLOSE},
	};
	struct buf *b = &p->r->body;

	html_raw(b, "<dialog id=\"palette\" class=\"palette\"");
	html_attr(b, "aria-label", page_say(p, W_WEB_KEY_PALETTE));
	html_raw(b, "><input type=\"text\" role=\"combobox\" aria-expanded=\"true\" "
		    "aria-controls=\"palette-list\" "
		    "aria-autocomplete=\"list\" autocomplete=\"off\" maxlength=\"200\"");
	html_attr(b, "aria-label", page_say(p, W_WEB_KEY_PALETTE));
	html_attr(b, "placeholder", page_say(p, W_WEB_KEY_PALETTE));
	html_raw(b, "><ul id=\"palette-list\" role=\"listbox\"");
	html_attr(b, "aria-label", page_say(p, W_FOUND));
	html_raw(b, "></ul><p class=\"soft fine\" role=\"status\"");
	html_attr(b, "data-none", page_say(p, W_WEB_FIND_NONE));
	html_raw(b, "></p></dialog>\n<dialog id=\"keys\" class=\"palette\" "
		    "aria-labelledby=\"keys-title\"><h2 id=\"keys-title\">");
	html_text(b, page_say(p, W_WEB_KEYS));
	html_raw(b, "</h2><dl>\n");
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		html_raw(b, "<dt><kbd>");
		html_text(b, text_of(keys[i].keys));
		html_raw(b, "</kbd></dt><dd>");
		html_text(b, page_say(p, keys[i].words));
		html_raw(b, "</dd>\n");
	}
	html_raw(b, "</dl><form method=\"dialog\"><button class=\"button\">");
	html_text(b, page_say(p, W_WEB_CLOSE));
	html_raw(b, "</button></form></dialog>\n");
}

static void put_rail(struct page *p, enum tab here)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<nav class=\"rail\"");
	html_attr(b, "aria-label", page_say(p, W_WEB_MAIN));
	html_raw(b, ">\n<a class=\"mark\" href=\"/\">Tenor</a>\n");
	put_find_box(p);
	put_places(p, whole, ARRAY_SIZE(whole), here, true);
	html_raw(b, "<div class=\"who\"><p>");
	html_text(b, p->w->o.provider);
	html_raw(b, "</p><p>");
	html_text(b, p->who.handle);
	html_raw(b, "</p><form method=\"post\" action=\"/sign-out\">");
	form_hidden(p, "form", p->form_token);
	html_raw(b, "<button class=\"plain\">");
	html_text(b, page_say(p, W_WEB_SIGN_OUT));
	html_raw(b, "</button></form></div>\n</nav>\n");
}

static void put_tabs(struct page *p, enum tab here)
{
	struct buf *b = &p->r->body;

	if (here < TAB_OVERVIEW || page_name(p, "contract").n == 0)
		return;
	html_raw(b, "<nav class=\"tabs\"");
	html_attr(b, "aria-label", page_say(p, W_WEB_CONTRACT));
	html_raw(b, ">\n");
	put_places(p, of_contract, ARRAY_SIZE(of_contract), here, home_reads_today(p));
	html_raw(b, "</nav>\n");
}

struct text page_query(const struct page *p, const char *leave)
{
	struct text out;
	struct buf b;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < p->q->query.n; i++) {
		const struct field *f = &p->q->query.v[i];
		struct text rest = text_of(leave), one;
		bool left = f->value.n == 0;

		while (rest.n > 0 && !left) {
			rest = text_cut(rest, ' ', &one);
			left = text_eq(one, f->name);
		}
		if (left)
			continue;
		if (b.n > 0)
			buf_char(&b, '&');
		buf_path_segment(&b, f->name);
		buf_char(&b, '=');
		buf_path_segment(&b, f->value);
	}
	out = text_copy(p->q->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static void put_links(struct page *p, const struct frame *f)
{
	struct text query = page_query(p, "format done after reply");
	struct buf *b = &p->r->body;

	if (f->n_links == 0 && f->n_formats == 0 && f->back == NULL)
		return;
	html_raw(b, "<header class=\"deck\">\n");
	if (f->back != NULL) {
		html_raw(b, "<a class=\"up\"");
		html_attr(b, "href", page_path(p, f->back));
		html_raw(b, ">");
		html_text(b, page_say(p, W_WEB_BACK));
		html_raw(b, "</a>\n");
	}
	html_raw(b, "<div class=\"actions\">\n");
	if (f->n_formats > 0)
		html_raw(b, "<span class=\"formats\">\n");
	for (size_t i = 0; i < f->n_formats; i++) {
		html_raw(b, "<a");
		html_attr(b, "href",
			  text_format(p->q->arena, "%.*s?%.*s%s%sformat=%s", TEXT_ARG(p->q->path),
				      TEXT_ARG(query), query.n > 0 ? "&" : "",
				      f->in_parts && strcmp(f->formats[i], "json") == 0
					      ? "limit=1000&"
					      : "",
				      f->formats[i]));
		html_raw(b, ">");
		html_text(b, text_format(p->q->arena, "%s", f->formats[i]));
		html_raw(b, "</a>\n");
	}
	if (f->n_formats > 0)
		html_raw(b, "</span>\n");
	for (size_t i = 0; i < f->n_links; i++) {
		html_raw(b, "<a");
		html_attr(b, "class", text_of(f->links[i].first ? "button first" : "button"));
		html_attr(b, "href", page_path(p, f->links[i].pattern));
		html_raw(b, ">");
		html_text(b, page_say(p, f->links[i].words));
		html_raw(b, "</a>\n");
	}
	html_raw(b, "</div>\n</header>\n");
}

/* What the page is about, as its path names it: a contract and its ticket, a person. */
static struct text names_words(struct page *p, struct text title, const char *between)
{
	struct text out = text_of("");

	for (size_t i = 0; i < p->n_names; i++) {
		struct text v = p->names[i].value;
		bool of_path = false;

		for (size_t k = 0; k < p->q->n_segments; k++)
			of_path = of_path || text_eq(p->q->segments[k], v);
		if (of_path && !text_ends(title, text_format(p->q->arena, "%.*s", TEXT_ARG(v)).p))
			out = text_format(p->q->arena, "%.*s%s%.*s", TEXT_ARG(out),
					  out.n > 0 ? between : "", TEXT_ARG(v));
	}
	return out;
}

static void put_head(struct page *p, const struct frame *f)
{
	struct text about = names_words(p, f->title, ", ");
	struct buf *b = &p->r->body;

	html_raw(b, "<!doctype html>\n<html");
	html_attr(b, "lang", text_of(language_words(p->language)));
	html_raw(b, ">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
		    "content=\"width=device-width, initial-scale=1\">\n<title>");
	html_text(b, f->title);
	if (about.n > 0)
		html_raw(b, ", ");
	html_text(b, about);
	html_raw(b, " - Tenor</title>\n<link rel=\"stylesheet\" href=\"/assets/tenor.css\">\n<link "
		    "rel=\"icon\" href=\"/assets/icon.svg\">\n<script src=\"/assets/tenor.js\" "
		    "defer></script>\n</head>\n");
}

/* S7: told on every page, with a way to end it. */
static void put_factor_goes(struct page *p)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	struct buf *b = &p->r->body;
	bool due = p->who.factor_goes_at != INSTANT_NONE;

	html_raw(b, "<aside class=\"banner\"");
	html_attr(b, "aria-label", page_say(p, W_WEB_LOSE_FACTOR));
	html_raw(b, "><form method=\"post\" action=\"/me/factor/keep\">");
	form_hidden(p, "form", p->form_token);
	html_text(b, page_say(p, due ? W_WEB_FACTOR_GOES_AT : W_WEB_FACTOR_GOES));
	html_raw(b, " ");
	if (due)
		html_text(b, doc_words(d, doc_time(d, p->who.factor_goes_at, TIME_MOMENT)));
	html_raw(b, " <button>");
	html_text(b, page_say(p, W_WEB_KEEP_FACTOR));
	html_raw(b, "</button></form></aside>\n");
}

void frame_begin(struct page *p, const struct frame *f)
{
	struct buf *b = &p->r->body;
	bool signed_in = p->who.kind == VISITOR_SESSION;

	p->r->type = text_of("text/html; charset=utf-8");
	put_head(p, f);
	html_raw(b, "<body");
	html_attr(b, "class",
		  text_of(!signed_in            ? "site alone"
			  : f->tab == NAV_TODAY ? "site today"
			  : f->broad            ? "site broad"
						: "site"));
	html_raw(b, ">\n<a class=\"skip\" href=\"#content\">");
	html_text(b, page_say(p, W_SKIP));
	html_raw(b, "</a>\n");
	if (signed_in)
		put_rail(p, f->tab);
	html_raw(b, "<div class=\"body\">\n");
	if (p->w->o.unsafe) {
		html_raw(b, "<aside class=\"banner\"");
		html_attr(b, "aria-label", page_say(p, W_WEB_NOTICE));
		html_raw(b, ">");
		html_text(b, page_say(p, W_WEB_UNSAFE));
		html_raw(b, "</aside>\n");
	}
	if (signed_in && p->who.factor_goes)
		put_factor_goes(p);
	if (signed_in)
		put_tabs(p, f->tab);
	put_links(p, f);
	html_raw(b, "<main id=\"content\"");
	if (signed_in && f->live)
		html_attr(b, "data-live", live_source(p));
	html_raw(b, ">\n");
	if (fields_get(&p->q->query, "done").p != NULL) {
		html_raw(b, "<p class=\"done\" role=\"status\">");
		html_text(b, page_say(p, W_WEB_DONE));
		html_raw(b, "</p>\n");
	}
}

void frame_title(struct page *p, struct text title)
{
	struct text about = names_words(p, title, " \xc2\xb7 ");
	struct buf *b = &p->r->body;

	html_raw(b, "<header class=\"title\">");
	if (about.n > 0) {
		html_raw(b, "<p class=\"soft fine\">");
		html_text(b, about);
		html_raw(b, "</p>");
	}
	html_raw(b, "<h1>");
	html_text(b, title);
	html_raw(b, "</h1></header>\n");
}

/* Where the script says that the page changed under the reader's eyes. */
static void put_news(struct page *p)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<p id=\"news\" class=\"soft fine news\" role=\"status\"");
	html_attr(b, "data-new", page_say(p, W_WEB_LIVE_NEW));
	html_attr(b, "data-ended", page_say(p, W_WEB_LIVE_ENDED));
	html_raw(b, "></p>\n");
}

void frame_end(struct page *p)
{
	html_raw(&p->r->body, "</main>\n");
	if (p->who.kind == VISITOR_SESSION)
		put_news(p);
	html_raw(&p->r->body, "</div>\n");
	if (p->who.kind == VISITOR_SESSION)
		put_dialogs(p);
	html_raw(&p->r->body, "</body>\n</html>\n");
}
