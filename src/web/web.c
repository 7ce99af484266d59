/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web.h"

#include "app/recall.h"
#include "app/zones.h"
#include "base/json.h"
#include "web/draft_parts.h"
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

struct web *web_new(struct arena *a, const struct web_options *o)
{
	struct web *w = arena_one(a, struct web);

	w->arena = a;
	w->o = *o;
	w->zones = zones_system(a);
	w->live = live_new(a);
	w->again = again_new(a);
	return w;
}

/* --- what a verb answers, in our frame --- */

/* Path and query become the verb's parameters. What the row does not allow is refused by name (S13). */
bool page_take_query(struct page *p, struct verb_run *v, const enum param *allow, size_t n_allow,
		     struct text *format)
{
	*format = text_of("");
	for (size_t i = 0; i < p->q->query.n; i++) {
		const struct field *f = &p->q->query.v[i];
		bool taken = text_is(f->name, "done");

		if (text_is(f->name, "format")) {
			*format = f->value;
			continue;
		}
		for (size_t k = 0; k < n_allow && allow[k] != PARAM_COUNT; k++) {
			if (!text_is(f->name, param_row(allow[k])->name))
				continue;
			if (f->value.n > 0 && v->args.values[allow[k]].n == 0)
				verb_put(v, allow[k], f->value);
			taken = true;
		}
		if (taken)
			continue;
		v->rc = err_set(&v->err, RC_USAGE, "this page takes no '%.*s'", TEXT_ARG(f->name));
		return false;
	}
	return true;
}

void page_take_names(struct page *p, struct verb_run *v, enum action_id verb)
{
	enum param name;

	for (size_t i = 0; i < p->n_names; i++)
		if (verb_param(verb, p->names[i].name, &name))
			verb_put(v, name, p->names[i].value);
}

static bool verb_takes(enum action_id verb, enum param name)
{
	const struct action *a = action_row(verb);

	for (size_t i = 0; a->params[i].use != USE_END; i++)
		if (a->params[i].param == name)
			return true;
	return false;
}

static const struct {
	const char *word, *type;
} forms_of_answer[] = {
	{"pdf", "application/pdf"},
	{"csv", "text/csv; charset=utf-8"},
	{"json", "application/json"},
	{"xml", "application/xml"},
	{"ics", "text/calendar; charset=utf-8"},
};

const char *page_type(struct text format)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms_of_answer); i++)
		if (text_is(format, forms_of_answer[i].word))
			return forms_of_answer[i].type;
	return NULL;
}

struct text file_name(struct arena *a, struct text about, const char *ending)
{
	struct text out;
	struct buf b;

	buf_init(&b, 1024);
	for (size_t k = 0; k < about.n; k++) {
		char c = about.p[k];
		bool good =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		buf_char(&b, good ? c : '-');
	}
	buf_char(&b, '.');
	buf_str(&b, ending);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

/* The file's name: what the page is about. */
struct text page_disposition(struct page *p, struct text format)
{
	struct arena *a = p->q->arena;
	struct text about = text_of("");

	for (size_t i = 0; i < p->q->n_segments; i++) {
		struct text s = p->q->segments[i];

		if (!text_is(s, "c"))
			about = text_format(a, "%.*s%s%.*s", TEXT_ARG(about),
					    about.n > 0 ? "-" : "", TEXT_ARG(s));
	}
	if (about.n == 0)
		about = text_of("today");
	return text_format(
		a, "attachment; filename=\"%.*s\"",
		TEXT_ARG(file_name(a, about, text_format(a, "%.*s", TEXT_ARG(format)).p)));
}

void page_file(struct page *p, struct verb_run *v, struct text format)
{
	p->r->type = text_of(page_type(format));
	if (text_is(format, "json")) {
		json_compact(buf_view(&v->reply.out), &p->r->body);
		return;
	}
	response_field(p->r, "Content-Disposition", page_disposition(p, format));
	buf_text(&p->r->body, buf_view(&v->reply.out));
}

bool page_csv(struct page *p, const struct doc *d)
{
	if (!text_is(fields_get(&p->q->query, "format"), "csv"))
		return false;
	doc_csv(d, &p->r->body);
	p->r->type = text_of(page_type(text_of("csv")));
	response_field(p->r, "Content-Disposition", page_disposition(p, text_of("csv")));
	return true;
}

void page_doc(struct page *p, struct frame *f, const struct doc *d)
{
	static const char *const formats[] = {"csv"};

	if (page_csv(p, d))
		return;
	f->formats = formats;
	f->n_formats = ARRAY_SIZE(formats);
	frame_begin(p, f);
	doc_html_inside(d, &p->r->body);
	frame_end(p);
}

/* An invoice has its own links: the others are the same page in other forms. */
static size_t links_of(struct page *p, const struct row_page *row, const struct verb_run *run,
		       struct action_link v[LINKS_MAX])
{
	size_t n = 0;

	if (row->verb == ACTION_TICKET_SHOW)
		return ticket_links(p, &run->reply, v);
	if (row->verb == ACTION_AVAILABILITY && page_may(p, R_WORK_WRITE))
		v[n++] =
			(struct action_link){"/c/{contract}/maintenance/new", W_WEB_ANNOUNCE, true};
	if (row->verb == ACTION_AVAILABILITY && page_may(p, R_USAGE_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/outages/new", W_WEB_OUTAGE, false};
	if (row->verb == ACTION_CONTRACT_SHOW && page_may(p, R_TERMS_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/change", W_WEB_CHANGE_TERMS, true};
	if (row->verb == ACTION_CONTRACT_SHOW)
		v[n++] = (struct action_link){"/c/{contract}/calendars", W_CALENDAR_TITLE, false};
	if (row->verb == ACTION_CALENDARS && row->tab == TAB_TERMS && page_may(p, R_TERMS_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/change?at=calendars",
					      W_WEB_CHANGE_TERMS, true};
	if (row->tab == NAV_DRAFTS)
		n += draft_links(v + n, true);
	if (row->verb == ACTION_STATEMENT && page_may(p, R_MONEY_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/statement/{month}/issue", W_WEB_ISSUE,
					      true};
	if (row->verb == ACTION_STATEMENT && page_may(p, R_LOG_READ))
		v[n++] = (struct action_link){"/c/{contract}/proof?month={month}", W_WEB_CHECK_IT,
					      false};
	if (row->verb == ACTION_INVOICE_PREVIEW && page_may(p, R_MONEY_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/invoices/issue", W_WEB_ISSUE, true};
	if (row->verb == ACTION_INVOICE_SHOW && page_may(p, R_MONEY_ACCEPT))
		v[n++] = (struct action_link){"/invoices/{number}/dispute", W_WEB_DISPUTE, false};
	if (row->verb == ACTION_STATEMENT_OF_ACCOUNT && page_name(p, "contract").n > 0 &&
	    page_may(p, R_MONEY_WRITE))
		v[n++] = (struct action_link){"/c/{contract}/payments/new", W_WEB_PAYMENT, true};
	if (row->verb == ACTION_STATEMENT_OF_ACCOUNT && page_name(p, "client").n > 0 &&
	    page_may(p, R_COST_READ))
		v[n++] = (struct action_link){"/account/{client}/margin", W_WEB_MARGIN, false};
	if (row->verb == ACTION_RECEIVABLES && page_may(p, R_MONEY_WRITE))
		v[n++] = (struct action_link){"/receivables/bank", W_WEB_BANK, true};
	if (row->verb == ACTION_RECEIVABLES && page_may(p, R_MONEY_WRITE) &&
	    !page_may(p, R_SETTINGS))
		v[n++] = (struct action_link){"/settings/approve", W_WEB_APPROVE_BANK, false};
	if (row->tab == TAB_PLANNING) {
		v[n++] = (struct action_link){"/c/{contract}/forecast", W_WEB_FORECAST, false};
		v[n++] = (struct action_link){"/c/{contract}/budget", W_WEB_BUDGET, false};
		v[n++] =
			(struct action_link){"/c/{contract}/suggestions", W_WEB_SUGGESTIONS, false};
		v[n++] = (struct action_link){"/c/{contract}/break-fix", W_WEB_BREAK_FIX, false};
	}
	return n;
}

/* Where there is no document, a verb says so in a line; what is made of several keeps them. */
static void put_plain(struct page *p, struct text title, struct text words)
{
	struct text said = text_trim(words);
	bool lines = text_find(said, '\n', 0) < said.n;
	struct buf *b = &p->r->body;

	frame_title(p, title);
	if (lines)
		html_raw(b, "<pre class=\"lines\"><code>");
	else
		html_raw(b, "<p>");
	html_text(b, said);
	if (lines)
		html_raw(b, "</code></pre>\n");
	else
		html_raw(b, "</p>\n");
}

/* Of a mail's text the page shows how it arrives; the text itself is in its form. */
static struct text mail_as_it_arrives(struct text both)
{
	static const char between[] = "\n----\n";
	size_t at = 0;

	while (at < both.n && !text_starts(text_sub(both, at, both.n), between))
		at++;
	return at < both.n ? text_sub(both, at + sizeof(between) - 1, both.n) : both;
}

/* Which months a back-test is over: asked again by address, as every page. */
static void put_months(struct page *p)
{
	static const enum wording labels[] = {W_WEB_FROM, W_WEB_TO};
	static const char *const names[] = {"from", "to"};
	struct text from = fields_get(&p->q->query, "from"), to = fields_get(&p->q->query, "to");
	/* where none is said, the verb takes the last three that are over */
	const struct text months[] = {from.n > 0 ? from : page_month(p, p->q->now, 3),
				      to.n > 0 ? to : page_month(p, p->q->now, 1)};
	struct buf *b = &p->r->body;

	html_raw(b, "<form class=\"form months\" method=\"get\">\n");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct shown_input shown = {.name = names[i],
						  .type = "month",
						  .label = labels[i],
						  .value = months[i],
						  .required = true};

		form_input(p, &shown);
	}
	form_close(p, W_WEB_BACK_TEST);
}

static void put_link(struct page *p, struct text to, struct text words)
{
	struct buf *b = &p->r->body;

	html_raw(b, " <a");
	html_attr(b, "href", to);
	html_raw(b, ">");
	html_text(b, words);
	html_raw(b, "</a>");
}

/* What a statement is that is looked at: as it was issued, or what is known now beside it; the way from one to the other. */
static void put_issued(struct page *p, const struct verb_run *v)
{
	bool one = args_has(&v->args, PARAM_REVISION);
	int64_t n = v->reply.issued;
	struct buf *b = &p->r->body;

	if (args_has(&v->args, PARAM_KNOWN_AS_OF) || fields_get(&p->q->query, "as-of").n > 0)
		return;
	html_raw(b, "<p class=\"deck soft\"><span>");
	html_text(b, page_say(p, one     ? W_WEB_AS_ISSUED
				 : n > 0 ? W_WEB_KNOWN_NOW
					 : W_WEB_NOT_ISSUED));
	html_raw(b, "</span>");
	if (one)
		put_link(p, p->q->path, page_say(p, W_WEB_SEE_KNOWN_NOW));
	for (int64_t i = n; !one && i > 0 && i > n - 6; i--)
		put_link(p,
			 text_format(p->q->arena, "%.*s?revision=%lld", TEXT_ARG(p->q->path),
				     (long long)i),
			 text_format(p->q->arena, "%.*s %lld",
				     TEXT_ARG(page_say(p, W_WEB_REVISION)), (long long)i));
	if (!one && n > 0 && home_reads_today(p))
		put_link(p, page_path(p, "/c/{contract}/restated"),
			 page_say(p, W_WEB_SEE_RESTATED));
	html_raw(b, "</p>\n");
}

/* The page above; NULL: the menus lead there. */
static const char *back_of(const struct page *p, const struct row_page *row)
{
	switch ((int)row->verb) {
	case ACTION_MAIL_TEXT_SHOW:
		return "/settings/mail";
	case ACTION_CALENDARS:
		return row->tab == TAB_TERMS ? "/c/{contract}/terms" : "/settings";
	case ACTION_INVOICE_SHOW:
		return "/invoices";
	case ACTION_TICKET_SHOW:
	case ACTION_ATRISK:
		return "/c/{contract}/tickets";
	case ACTION_INVOICE_PREVIEW:
		return "/c/{contract}/invoices";
	case ACTION_RESTATE:
		return "/c/{contract}/statement";
	case ACTION_QUOTE_EXIT:
		return "/c/{contract}/forecast";
	case ACTION_DRAFT_DIFF:
	case ACTION_DRAFT_BACKTEST:
		return "/drafts";
	case ACTION_STATEMENT_OF_ACCOUNT:
		return page_name(p, "contract").n > 0 ? NULL : "/clients";
	default:
		return NULL;
	}
}

static void framed(struct page *p, const struct row_page *row, struct verb_run *v)
{
	static const char *const formats[] = {"pdf", "csv", "json"};
	static const char *const of_invoice[] = {"pdf", "xml", "csv", "json"};
	static const char *const of_deadlines[] = {"ics", "csv", "json"};
	struct action_link links[LINKS_MAX];
	bool invoice = row->verb == ACTION_INVOICE_SHOW;
	struct frame f = {.tab = row->tab,
			  .title = page_say(p, row->title),
			  .links = links,
			  .n_links = links_of(p, row, v, links),
			  .formats = invoice ? of_invoice : formats,
			  .n_formats = invoice ? ARRAY_SIZE(of_invoice) : ARRAY_SIZE(formats),
			  .live = row->tab == TAB_TICKETS || row->tab == TAB_DEADLINES};

	f.back = back_of(p, row);
	if (row->verb == ACTION_DEADLINES) {
		f.formats = of_deadlines;
		f.n_formats = ARRAY_SIZE(of_deadlines);
	} else if (row->verb == ACTION_STATEMENT) {
		f.in_parts = true;
	} else if (!verb_takes(row->verb, PARAM_FORMAT)) {
		f.n_formats = 0;
	}
	frame_begin(p, &f);
	if (row->verb == ACTION_DRAFT_BACKTEST)
		put_months(p);
	if (row->verb == ACTION_STATEMENT)
		put_issued(p, v);
	if (text_starts(buf_view(&v->reply.out), "<"))
		buf_text(&p->r->body, buf_view(&v->reply.out));
	else
		put_plain(p, f.title,
			  row->verb == ACTION_MAIL_TEXT_SHOW
				  ? mail_as_it_arrives(buf_view(&v->reply.out))
				  : buf_view(&v->reply.out));
	frame_end(p);
}

/* A statement of the month under way is as of now, unless the address says otherwise. */
static void take_moment(struct page *p, struct verb_run *v, enum action_id verb)
{
	struct text moment = page_moment(p, verb == ACTION_ATRISK ? page_month(p, p->q->now, 0)
								  : page_name(p, "month"));

	if ((verb == ACTION_STATEMENT || verb == ACTION_ATRISK) && moment.n > 0 &&
	    !args_has(&v->args, PARAM_AS_OF) && !args_has(&v->args, PARAM_KNOWN_AS_OF) &&
	    !args_has(&v->args, PARAM_REVISION))
		verb_put(v, PARAM_AS_OF, moment);
}

/* The paper of an invoice and its XML are verbs of their own. */
static enum action_id verb_of(const struct row_page *row, struct text format)
{
	if (row->verb != ACTION_INVOICE_SHOW)
		return row->verb;
	return text_is(format, "pdf")   ? ACTION_INVOICE_PDF
	       : text_is(format, "xml") ? ACTION_INVOICE_XML
					: row->verb;
}

void page_show(struct page *p, const struct row_page *row)
{
	struct text format = fields_get(&p->q->query, "format");
	enum action_id verb = verb_of(row, format);
	struct verb_run v;

	if (!page_may(p, row->right)) {
		page_refused(p, row->tab);
		return;
	}
	if (accounts_show(p, row))
		return;
	verb_begin(&v, p, verb);
	page_take_names(p, &v, verb);
	if (page_take_query(p, &v, row->allow, ARRAY_SIZE(row->allow), &format)) {
		take_moment(p, &v, verb);
		if (format.n > 0 && page_type(format) == NULL) {
			err_hint(&v.err, "format is pdf, csv, json, xml or ics");
			v.rc = err_set(&v.err, RC_USAGE, "'%.*s' is no format of this page",
				       TEXT_ARG(format));
		} else if (verb_takes(verb, PARAM_FORMAT)) {
			verb_put(&v, PARAM_FORMAT, format.n > 0 ? format : text_of("html"));
		} else if (verb_takes(verb, PARAM_DEADLINES_FORMAT)) {
			verb_put(&v, PARAM_DEADLINES_FORMAT,
				 format.n > 0 ? format : text_of("html"));
		}
		if (v.rc == RC_OK)
			v.rc = verb_finish(&v);
	}
	if (v.rc != RC_OK)
		page_failed(p, row->tab, v.rc, &v.err);
	else if (format.n > 0)
		page_file(p, &v, format);
	else
		framed(p, row, &v);
	p->plain = !v.reply.opened; /* what is open for a time is made each time */
	verb_free(&v);
}

/* --- dispatch --- */

static bool row_page_shown(struct page *p)
{
	size_t n;
	const struct row_page *pages = row_pages(&n);

	if (settings_page(p))
		return true;
	for (size_t i = 0; i < n; i++)
		if (path_fits(p, pages[i].path)) {
			page_show(p, &pages[i]);
			return true;
		}

	const struct row_list *lists = row_lists(&n);

	for (size_t i = 0; i < n; i++)
		if (path_fits(p, lists[i].path)) {
			list_show(p, &lists[i]);
			return true;
		}
	return false;
}

/* Does a list or a page say more of the address by itself than a form that leaves so many parts of it open? /settings/mail is no setting. */
static bool is_named_closer(struct page *p, size_t open)
{
	size_t n_pages, n_lists;
	const struct row_page *pages = row_pages(&n_pages);
	const struct row_list *lists = row_lists(&n_lists);

	for (size_t i = 0; i < n_pages; i++)
		if (path_fits(p, pages[i].path) && p->n_names < open)
			return true;
	for (size_t i = 0; i < n_lists; i++)
		if (path_fits(p, lists[i].path) && p->n_names < open)
			return true;
	return false;
}

static bool row_form_shown(struct page *p)
{
	size_t n;
	const struct row_form *forms = row_forms(&n);

	for (size_t i = 0; i < n; i++)
		if (path_fits(p, forms[i].path)) {
			if (method_safe(p->q->method) && is_named_closer(p, p->n_names))
				return false;
			(void)path_fits(p, forms[i].path);
			form_show(p, &forms[i]);
			return true;
		}
	return false;
}

static bool choose_language(struct page *p)
{
	struct err none = {.line = 0};

	p->language = language_english();
	return p->who.language.n == 0 ||
	       language_find(p->who.language, &p->language, &none) == RC_OK;
}

const struct zone *page_zone(const struct page *p, struct text name)
{
	const struct zone *z = NULL;
	struct err none = {.line = 0};

	if (name.n == 0 || p->w->zones.find(p->w->zones.context, name, &z, &none) != RC_OK)
		return NULL;
	return z;
}

const struct zone *page_contract_zone(struct page *p)
{
	const struct zone *found = NULL;
	struct verb_run v;
	json_t *answer;
	const json_t *terms;

	if (page_contract(p).n == 0 || !page_may(p, R_TERMS_READ))
		return NULL;
	verb_begin(&v, p, ACTION_CONTRACT_SHOW);
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	answer = verb_json(&v);
	terms = json_object_get(answer, "terms");
	for (size_t i = 0; i < json_array_size(terms) && found == NULL; i++)
		if (text_is(verb_at(p, json_array_get(terms, i), "path"), "contract.timezone"))
			found = page_zone(p, verb_at(p, json_array_get(terms, i), "value"));
	json_decref(answer);
	verb_free(&v);
	return found;
}

bool page_get_only(struct page *p)
{
	if (method_safe(p->q->method))
		return true;
	p->r->status = 405;
	response_field(p->r, "Allow", text_of("GET, HEAD"));
	return false;
}

static void answer(struct page *p)
{
	if (people_page(p) || live_page(p) || find_page(p) || proof_page(p))
		return;
	if (home_page(p) || desk_page(p) || ticket_page(p) || tickets_page(p) || drafts_page(p) ||
	    row_form_shown(p))
		return;
	if (page_get_only(p) && !row_page_shown(p))
		page_missing(p);
}

void web_close(struct web *w)
{
	again_free(w->again);
}

/* What leaves as a file of its own (trust.md S16). JSON is for the program that shows the page. */
static bool wants_file(const struct request *q)
{
	struct text format = fields_get(&q->query, "format");

	return page_type(format) != NULL && !text_is(format, "json");
}

void web_handle(struct web *w, const struct request *q, struct response *r)
{
	struct page p = {.w = w, .q = q, .r = r, .language = language_english()};
	struct err err = {.line = 0};
	enum rc rc;

	r->action = "page";
	w->recalled = 0;
	if (assets_file(q, r) || again_give(w, q, r))
		return;
	rc = door_page(w->o.door, q, r, &p.who, &err);
	(void)choose_language(&p);
	p.zone = page_zone(&p, p.who.zone);
	if (rc == RC_OK || p.who.user.n > 0)
		p.form_token = door_form_token(w->o.door, q, r, &p.who);
	if (rc == RC_OK && p.who.kind == VISITOR_SESSION && wants_file(q))
		rc = door_export(w->o.door, q, r, &p.who, &err);
	if (rc == RC_OK && (q->heavy == HEAVY_BUSY || q->heavy == HEAVY_LARGE)) {
		response_field(r, "Retry-After", text_of("30"));
		rc = request_heavy(q, &err);
	}
	if (rc != RC_OK) {
		if (strcmp(err.code, "form_expired") != 0 ||
		    !page_kept(&p, NAV_NONE, p.who.user.n > 0 ? KEPT_OLD : KEPT_SIGNED_OUT))
			page_failed(&p, NAV_NONE, rc, &err);
		return;
	}
	answer(&p);
	arena_free(w->once_arena);
	w->once_arena = NULL;
	w->once = NULL;
	r->heavy = q->heavy == HEAVY_UNASKED && w->recalled > RECALL_SERVED_MAX;
	if (r->heavy)
		again_wait(w, q);
	else
		again_keep(&p);
}

void web_given(struct web *w, const struct request *q, const struct response *r, int64_t took_ms)
{
	again_given(w, q, r, took_ms);
}
