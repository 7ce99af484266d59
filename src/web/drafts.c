/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Terms that are being written: the list, the text beside its findings and the document it makes, and what happens when two people
 * edit one draft. Everything works by buttons; the script only presses "Check" by itself. What a draft may be and who may see it is the
 * verbs' to say.
 */
#include "app/starters.h"
#include "http/fields.h"
#include "web/draft_parts.h"

#include <string.h>

static bool posted(const struct page *p)
{
	return !method_safe(p->q->method);
}

void draft_wrong(struct page *p, struct text message, struct text hint)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<div class=\"note missed\" role=\"alert\"><p>");
	html_text(b, message);
	html_raw(b, "</p>");
	if (hint.n > 0) {
		html_raw(b, "<p class=\"soft\">");
		html_text(b, hint);
		html_raw(b, "</p>");
	}
	html_raw(b, "</div>\n");
}

int64_t draft_revision(const struct fields *f)
{
	int64_t n = 0;

	return text_digits(fields_get(f, "revision"), &n) ? n : 0;
}

static void put_words(struct page *p, enum wording w)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<p>");
	html_text(b, page_say(p, w));
	html_raw(b, "</p>\n");
}

/* --- one draft --- */

bool draft_read(struct page *p, int64_t revision, struct draft_shown *out)
{
	struct verb_run v;
	json_t *answer;
	bool read;

	verb_begin(&v, p, ACTION_DRAFT_SHOW);
	verb_put(&v, PARAM_DRAFT, page_name(p, "draft"));
	if (revision > 0)
		verb_put(&v, PARAM_DRAFT_REVISION,
			 text_format(p->q->arena, "%lld", (long long)revision));
	answer = verb_json(&v);
	read = answer != NULL;
	if (read)
		*out = (struct draft_shown){
			.id = verb_text(p, json_object_get(answer, "draft")),
			.contract = verb_text(p, json_object_get(answer, "contract")),
			.author = verb_text(p, json_object_get(answer, "author")),
			.changed_at = verb_text(p, json_object_get(answer, "changed_at")),
			.text = verb_text(p, json_object_get(answer, "text")),
			.revision = json_integer_value(json_object_get(answer, "revision")),
			.last = json_integer_value(json_object_get(answer, "last_revision")),
			.valid = json_is_true(json_object_get(answer, "valid")),
			.holes = json_is_true(json_object_get(answer, "template"))};
	else
		page_failed(p, NAV_DRAFTS, v.rc, &v.err);
	json_decref(answer);
	verb_free(&v);
	return read;
}

size_t draft_links(struct action_link v[DRAFT_LINKS], bool whole)
{
	static const struct action_link all[DRAFT_LINKS] = {
		{"/drafts/{draft}", W_WEB_DRAFT_EDIT, false},
		{"/drafts/{draft}/form", W_WEB_DRAFT_FORM, false},
		{"/drafts/{draft}/diff", W_WEB_DRAFT_DIFF, false},
		{"/drafts/{draft}/backtest", W_WEB_BACK_TEST, false},
	};
	size_t n = whole ? DRAFT_LINKS : 2;

	for (size_t i = 0; i < n; i++)
		v[i] = all[i];
	return n;
}

void draft_frame(struct page *p, const struct draft_shown *d, enum wording title)
{
	struct action_link links[DRAFT_LINKS];
	struct frame f = {.tab = NAV_DRAFTS,
			  .title = page_say(p, title),
			  .back = "/drafts",
			  .links = links,
			  .broad = title == W_WEB_DRAFT || title == W_WEB_CONFLICT};

	f.n_links = draft_links(links, d->contract.n > 0 && d->valid && !d->holes);
	frame_begin(p, &f);
	if (fields_get(&p->q->query, "saved").p != NULL) {
		html_raw(&p->r->body, "<p class=\"done\" role=\"status\">");
		html_text(&p->r->body, page_say(p, W_WEB_DRAFT_SAVED));
		html_raw(&p->r->body, "</p>\n");
	}
}

/* --- findings --- */

static enum wording weight_of(struct text severity)
{
	return text_is(severity, "W")   ? W_WEB_WARNING
	       : text_is(severity, "I") ? W_WEB_NOTE
					: W_WEB_ERROR;
}

static void put_paragraph(struct page *p, const json_t *f, const char *key)
{
	struct text words = verb_text(p, json_object_get(f, key));
	struct buf *b = &p->r->body;

	if (words.n == 0)
		return;
	html_raw(b, "<p class=\"soft fine\">");
	html_text(b, words);
	html_raw(b, "</p>");
}

/* "error, line 12, payment.due": each leads to where it stands, in the text and in the form. */
static void put_finding(struct page *p, const json_t *f)
{
	struct buf *b = &p->r->body;
	struct text severity = verb_text(p, json_object_get(f, "severity")),
		    path = verb_text(p, json_object_get(f, "path")),
		    pattern = page_say(p, W_WEB_LINE_NO);
	int64_t line = json_integer_value(json_object_get(f, "line"));
	size_t hole = text_find(pattern, '{', 0);
	enum wording weight = weight_of(severity);

	if (weight == W_WEB_ERROR)
		html_raw(b, "<li class=\"missed\"><p><strong>");
	else
		html_raw(b, "<li><p><strong>");
	html_text(b, page_say(p, weight));
	html_raw(b, "</strong>");
	if (line > 0) {
		html_raw(b, ", <a href=\"#text\"");
		html_attr(b, "data-line", text_format(p->q->arena, "%lld", (long long)line));
		html_raw(b, ">");
		html_text(b, text_sub(pattern, 0, hole));
		buf_i64(b, line);
		html_text(b, text_sub(pattern, hole + 3, pattern.n));
		html_raw(b, "</a>");
	}
	if (path.n > 0) {
		struct page with = *p;
		struct buf at;

		buf_init(&at, 4096);
		buf_text(&at, page_path(&with, "/drafts/{draft}/form?at="));
		buf_path_segment(&at, path);
		html_raw(b, ", <a");
		html_attr(b, "href", buf_view(&at));
		html_raw(b, "><code>");
		html_text(b, path);
		html_raw(b, "</code></a>");
		buf_free(&at);
	}
	html_raw(b, "</p><p>");
	html_text(b, verb_text(p, json_object_get(f, "message")));
	html_raw(b, "</p>");
	put_paragraph(p, f, "effect");
	put_paragraph(p, f, "fix");
	html_raw(b, "</li>\n");
}

/* What check says of the text; *whole: it is a contract that a document can be made of. */
static void put_findings(struct page *p, struct text text, bool *whole)
{
	struct buf *b = &p->r->body;
	struct verb_run v;
	json_t *answer;
	const json_t *findings;

	*whole = false;
	verb_begin(&v, p, ACTION_DRAFT_CHECK);
	v.served.body = text;
	verb_put(&v, PARAM_DRAFT, page_name(p, "draft"));
	verb_put(&v, PARAM_CONTRACT, text_of("-"));
	answer = verb_json(&v);
	html_raw(b, "<section id=\"findings\" class=\"findings\" tabindex=\"-1\"");
	html_attr(b, "aria-label", page_say(p, W_WEB_FINDINGS));
	html_raw(b, ">\n");
	if (answer == NULL) {
		draft_wrong(p, text_of(v.err.message), text_of(v.err.hint));
	} else {
		*whole = json_is_true(json_object_get(answer, "valid"));
		findings = json_object_get(answer, "findings");
		if (json_array_size(findings) == 0) {
			put_words(p, W_WEB_FINDINGS_NONE);
		} else {
			html_raw(b, "<ul>\n");
			for (size_t i = 0; i < json_array_size(findings); i++)
				put_finding(p, json_array_get(findings, i));
			html_raw(b, "</ul>\n");
		}
	}
	html_raw(b, "</section>\n");
	json_decref(answer);
	verb_free(&v);
}

/* The document that the text makes, as contract show has it; or why there is none. */
static void put_document(struct page *p, struct text text, bool whole)
{
	struct buf *b = &p->r->body;
	struct verb_run v;

	html_raw(b, "<div id=\"paper\" class=\"paper\" tabindex=\"0\" role=\"region\"");
	html_attr(b, "aria-label", page_say(p, W_WEB_DRAFT));
	html_raw(b, ">\n");
	verb_begin(&v, p, ACTION_DRAFT_SHOW);
	v.served.body = text;
	verb_put(&v, PARAM_DRAFT, page_name(p, "draft"));
	verb_put(&v, PARAM_CONTRACT, text_of("-"));
	verb_put(&v, PARAM_FORMAT, text_of("html"));
	if (whole && verb_finish(&v) == RC_OK) {
		buf_text(b, buf_view(&v.reply.out));
	} else {
		frame_title(p, page_say(p, W_WEB_DRAFT));
		put_words(p, W_WEB_DRAFT_UNREADY);
	}
	verb_free(&v);
	html_raw(b, "</div>\n");
}

/* --- the editor --- */

static void put_area(struct page *p, const char *id, enum wording label, struct text text)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<div class=\"field\"><label");
	html_attr(b, "for", text_of(id));
	html_raw(b, ">");
	html_text(b, page_say(p, label));
	html_raw(b, "</label>\n<textarea class=\"code\" name=\"text\" rows=\"34\" wrap=\"off\" "
		    "spellcheck=\"false\" "
		    "autocomplete=\"off\" data-live");
	html_attr(b, "id", text_of(id));
	/* the first line break behind the tag is not part of the value */
	html_raw(b, ">\n");
	html_text(b, text);
	html_raw(b, "</textarea></div>\n");
}

static void put_do(struct page *p, const char *what, enum wording words, bool first)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<button name=\"do\"");
	html_attr(b, "value", text_of(what));
	html_attr(b, "class", text_of(first ? "button first" : "button"));
	html_raw(b, ">");
	html_text(b, page_say(p, words));
	html_raw(b, "</button>\n");
}

static void put_revision(struct page *p, int64_t revision)
{
	form_hidden(p, "revision", text_format(p->q->arena, "%lld", (long long)revision));
}

static void editor(struct page *p, const struct draft_shown *d, struct text text,
		   const struct err *wrong)
{
	struct buf *b = &p->r->body;
	struct draft_shown now = *d;
	bool whole = false;

	draft_frame(p, &now, W_WEB_DRAFT);
	if (wrong != NULL)
		draft_wrong(p, text_of(wrong->message), text_of(wrong->hint));
	html_raw(b, "<div class=\"editor\">\n<div>\n");
	form_open(p, page_path(p, "/drafts/{draft}"));
	put_revision(p, d->revision);
	put_area(p, "text", W_WEB_DRAFT_TEXT, text);
	html_raw(b, "<p class=\"send\">");
	put_do(p, "save", W_WEB_SAVE, true);
	put_do(p, "check", W_WEB_CHECK, false);
	put_do(p, "drop", W_WEB_DRAFT_DROP, false);
	html_raw(b, "</p>\n</form>\n");
	put_findings(p, text, &whole);
	html_raw(b, "</div>\n");
	put_document(p, text, whole);
	html_raw(b, "</div>\n");
	frame_end(p);
}

/* --- two people, one draft --- */

/* A verb that takes a text, and the revision that it was made from. */
static void with_text(struct verb_run *v, struct page *p, enum action_id verb, struct text text,
		      int64_t read)
{
	verb_begin(v, p, verb);
	v->served.body = text;
	verb_put(v, PARAM_DRAFT, page_name(p, "draft"));
	verb_put(v, PARAM_CONTRACT, text_of("-"));
	verb_put(v, PARAM_DRAFT_REVISION, text_format(p->q->arena, "%lld", (long long)read));
}

static void put_side(struct page *p, enum wording who, struct text lines)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<div><p class=\"soft fine\">");
	html_text(b, page_say(p, who));
	html_raw(b, "</p><pre class=\"lines\"><code>");
	html_text(b, lines);
	html_raw(b, "</code></pre></div>\n");
}

static void put_pattern(struct page *p, enum wording w, const struct text *values)
{
	struct buf *b = &p->r->body;
	struct text rest = page_say(p, w);

	while (rest.n > 0) {
		size_t open = text_find(rest, '{', 0);

		html_text(b, text_sub(rest, 0, open));
		if (open + 2 >= rest.n)
			return;
		html_text(b, values[rest.p[open + 1] - '1']);
		rest = text_sub(rest, open + 3, rest.n);
	}
}

static void put_parts(struct page *p, const json_t *parts)
{
	struct buf *b = &p->r->body;

	for (size_t i = 0; i < json_array_size(parts); i++) {
		const json_t *part = json_array_get(parts, i);

		html_raw(b, "<section class=\"sides\">\n");
		put_side(p, W_WEB_BEFORE, verb_text(p, json_object_get(part, "base")));
		put_side(p, W_WEB_THEIRS, verb_text(p, json_object_get(part, "theirs")));
		put_side(p, W_WEB_MINE, verb_text(p, json_object_get(part, "mine")));
		html_raw(b, "</section>\n");
	}
}

/* Mine over theirs: the same text, saved on top of the revision that is there now. */
static void put_keep(struct page *p, struct text mine, int64_t revision)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<div class=\"choices\"><a class=\"button\"");
	html_attr(b, "href", page_path(p, "/drafts/{draft}"));
	html_raw(b, ">");
	html_text(b, page_say(p, W_WEB_TAKE_THEIRS));
	html_raw(b, "</a>\n");
	form_open(p, page_path(p, "/drafts/{draft}"));
	put_revision(p, revision);
	html_raw(b, "<textarea name=\"text\" hidden");
	html_attr(b, "aria-label", page_say(p, W_WEB_MINE));
	html_raw(b, ">\n");
	html_text(b, mine);
	html_raw(b, "</textarea>\n");
	put_do(p, "save", W_WEB_KEEP_MINE, false);
	html_raw(b, "</form></div>\n");
}

static void conflict(struct page *p, struct draft_shown *d, struct text mine, int64_t read)
{
	struct buf *b = &p->r->body;
	struct verb_run v;
	struct text values[3];
	json_t *answer;
	int64_t revision;

	with_text(&v, p, ACTION_DRAFT_MERGE, mine, read);
	answer = verb_json(&v);
	if (answer == NULL) {
		/* the revision that was read is kept no longer: only one of the two texts can stay */
		editor(p, d, mine, &v.err);
	} else {
		revision = json_integer_value(json_object_get(answer, "revision"));
		values[0] = verb_text(p, json_object_get(answer, "author"));
		values[1] = text_format(p->q->arena, "%lld", (long long)revision);
		values[2] = text_format(p->q->arena, "%lld", (long long)read);
		draft_frame(p, d, W_WEB_CONFLICT);
		frame_title(p, page_say(p, W_WEB_CONFLICT));
		html_raw(b, "<p role=\"alert\">");
		put_pattern(p, W_WEB_CONFLICT_WHY, values);
		html_raw(b, "</p>\n");
		put_parts(p, json_object_get(answer, "parts"));
		put_keep(p, mine, revision);
		html_raw(b, "<h2>");
		html_text(b, page_say(p, W_WEB_MERGED));
		html_raw(b, "</h2>\n");
		if (json_integer_value(json_object_get(answer, "clashes")) > 0)
			put_words(p, W_WEB_MERGED_WHY);
		html_raw(b, "<div class=\"editor one\">\n");
		form_open(p, page_path(p, "/drafts/{draft}"));
		put_revision(p, revision);
		put_area(p, "text", W_WEB_DRAFT_TEXT,
			 verb_text(p, json_object_get(answer, "merged")));
		html_raw(b, "<p class=\"send\">");
		put_do(p, "save", W_WEB_SAVE, true);
		html_raw(b, "</p>\n</form>\n</div>\n");
		frame_end(p);
	}
	json_decref(answer);
	verb_free(&v);
}

/* --- what the buttons do --- */

static void save(struct page *p, struct draft_shown *d, const struct fields *f, struct text text)
{
	int64_t read = draft_revision(f);
	struct verb_run v;
	json_t *answer;

	with_text(&v, p, ACTION_DRAFT_SAVE, text, read);
	answer = verb_json(&v);
	if (answer != NULL) {
		struct text to = page_path(p, "/drafts/{draft}");

		response_see(p->r, text_format(p->q->arena, "%.*s?saved=1", TEXT_ARG(to)));
	} else if (v.rc == RC_MISSING) {
		page_missing(p);
	} else {
		p->r->status = problem_status(v.rc, &v.err);
		if (strcmp(v.err.code, "version_changed") == 0) {
			conflict(p, d, text, read);
		} else {
			d->revision = read;
			editor(p, d, text, &v.err);
		}
	}
	json_decref(answer);
	verb_free(&v);
}

static void drop(struct page *p)
{
	struct verb_run v;
	json_t *answer;

	verb_begin(&v, p, ACTION_DRAFT_DROP);
	verb_put(&v, PARAM_DRAFT, page_name(p, "draft"));
	answer = verb_json(&v);
	if (answer != NULL)
		response_see(p->r, text_of("/drafts"));
	else
		page_failed(p, NAV_DRAFTS, v.rc, &v.err);
	json_decref(answer);
	verb_free(&v);
}

static void edit(struct page *p)
{
	struct draft_shown d;
	struct fields f = {NULL, 0};
	const struct part *files;
	struct err err = {.line = 0};
	struct text text, what;
	size_t n = 0;

	if (posted(p) && form_parse(p->q, &f, &files, &n, &err) != RC_OK) {
		page_failed(p, NAV_DRAFTS, RC_INVALID, &err);
		return;
	}
	if (!draft_read(p, 0, &d))
		return;
	if (!posted(p)) {
		editor(p, &d, d.text, NULL);
		return;
	}
	text = form_lines(p->q->arena, fields_get(&f, "text"));
	what = fields_get(&f, "do");
	if (text_is(what, "drop")) {
		drop(p);
	} else if (text_is(what, "check")) {
		if (draft_revision(&f) > 0)
			d.revision = draft_revision(&f);
		editor(p, &d, text, NULL);
	} else {
		save(p, &d, &f, text);
	}
}

/* --- the list, and a new one --- */

void draft_table(struct page *p, const enum wording *heads, size_t n, size_t number)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<div class=\"scroll stack\" tabindex=\"0\" role=\"group\"");
	html_attr(b, "aria-label", page_say(p, heads[0]));
	html_raw(b, "><table><thead><tr>");
	for (size_t i = 0; i < n; i++) {
		if (i == number)
			html_raw(b, "<th scope=\"col\" class=\"num\">");
		else
			html_raw(b, "<th scope=\"col\">");
		html_text(b, page_say(p, heads[i]));
		html_raw(b, "</th>");
	}
	html_raw(b, "</tr></thead><tbody>\n");
}

void draft_cell(struct page *p, enum wording heading, bool number)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<td");
	if (number)
		html_raw(b, " class=\"num\"");
	html_attr(b, "data-label", page_say(p, heading));
	html_raw(b, ">");
}

/* By why it is there, else by the contract that it makes; by its id where neither can be read. */
static struct phrase brief_name(struct page *p, struct doc *d, const json_t *row)
{
	struct text id = verb_at(p, row, "draft"), name = verb_at(p, row, "reason");

	if (name.n == 0)
		name = verb_at(p, row, "title");
	return doc_link(d, page_path(p, "/drafts/{draft}"),
			name.n > 0 ? doc_plain(d, name) : doc_run(d, RUN_CODE, id, text_of("")));
}

static struct phrase brief_base(struct page *p, struct doc *d, const json_t *row)
{
	struct text contract = verb_at(p, row, "contract"), client = verb_at(p, row, "client");
	int64_t version = json_integer_value(json_object_get(row, "version"));
	struct phrase link;

	if (contract.n == 0)
		return client.n == 0 ? SAY0(d, W_WEB_DRAFT_NEW_TERMS)
				     : SAY(d, W_PAIR, SAY0(d, W_WEB_DRAFT_NEW_TERMS),
					   doc_plain(d, client));
	link = doc_link(d, page_path(p, "/c/{contract}/terms"), doc_plain(d, contract));
	return version == 0 ? link : SAY(d, W_PAIR, link, SAY(d, W_VERSION, doc_int(d, version)));
}

/* "2 terms: sla.metrics.uptime.target, payment.due" */
static struct phrase brief_changes(struct page *p, struct doc *d, const json_t *row)
{
	const json_t *terms = json_object_get(row, "terms"), *whole = json_object_get(row, "whole");
	int64_t n = json_integer_value(json_object_get(row, "changes"));
	struct phrase all = NO_WORDS;

	if (whole == NULL)
		return NO_WORDS;
	if (!json_is_true(whole))
		return SAY0(d, W_WEB_DRAFT_NOT_WHOLE);
	if (verb_at(p, row, "contract").n == 0)
		return NO_WORDS;
	if (n == 0)
		return SAY0(d, W_WEB_DRAFT_NO_CHANGE);
	for (size_t i = 0; i < json_array_size(terms); i++) {
		struct phrase both[] = {
			all,
			doc_run(d, RUN_CODE, verb_text(p, json_array_get(terms, i)), text_of(""))};

		all = doc_join_all(d, ", ", both, 2);
	}
	if (n > (int64_t)json_array_size(terms))
		all = doc_join(d, all, doc_plain(d, text_of(", \xe2\x80\xa6")));
	return SAY(d, W_COLON, COUNTED(d, n, W_WEB_DRAFT_TERMS), all);
}

static struct phrase brief_links(struct page *p, struct doc *d, const json_t *row)
{
	bool changes = json_integer_value(json_object_get(row, "changes")) > 0;
	const struct phrase v[] = {
		changes ? doc_link(d, page_path(p, "/drafts/{draft}/diff"),
				   SAY0(d, W_WEB_DRAFT_DIFF))
			: NO_WORDS,
		doc_link(d, page_path(p, "/drafts/{draft}/drop"), SAY0(d, W_WEB_DRAFT_DROP))};

	return doc_join_all(d, " \xc2\xb7 ", v, ARRAY_SIZE(v));
}

static void brief_row(struct page *p, struct doc *d, struct table *t, const json_t *row)
{
	struct page with = *p;
	struct err none = {.line = 0};
	struct phrase when = NO_WORDS;
	instant then;

	with.names[0] = (struct field){text_of("draft"), verb_at(p, row, "draft")};
	with.names[1] = (struct field){text_of("contract"), verb_at(p, row, "contract")};
	with.n_names = 2;
	if (instant_parse(verb_at(p, row, "changed_at"), &then, NULL, &none) == RC_OK)
		when = doc_time(d, then / MINUTE_MS * MINUTE_MS, TIME_MOMENT);
	ROW(d, t, brief_name(&with, d, row), brief_base(&with, d, row),
	    brief_changes(&with, d, row),
	    SAY(d, W_PAIR, when, doc_plain(d, verb_at(p, row, "author"))),
	    brief_links(&with, d, row));
}

/* Is the draft of a contract, or that empty? */
static bool is_of(struct page *p, const json_t *row, struct text contract)
{
	return contract.n == 0 || text_eq(verb_at(p, row, "contract"), contract);
}

/* Those of a contract, or of all where it is empty, the last changed first and at most so many. */
static void add_briefs(struct page *p, struct doc *d, const json_t *answer, struct text contract,
		       size_t most)
{
	const struct table_column heads[] = {{SAY0(d, W_WEB_DRAFT), COLUMN_TEXT},
					     {SAY0(d, W_WEB_CONTRACT), COLUMN_TEXT},
					     {SAY0(d, W_WEB_DRAFT_DIFF), COLUMN_TEXT},
					     {SAY0(d, W_WEB_CHANGED), COLUMN_TEXT},
					     {NO_WORDS, COLUMN_TEXT}};
	struct table *t = doc_table(d, NO_WORDS, heads, ARRAY_SIZE(heads));

	if (d->zone == NULL)
		d->zone = zone_utc();
	for (size_t i = 0; i < json_array_size(answer) && most > 0; i++) {
		const json_t *row = json_array_get(answer, i);

		if (!is_of(p, row, contract))
			continue;
		brief_row(p, d, t, row);
		most--;
	}
}

void drafts_under_way(struct page *p, struct doc *d)
{
	enum { SHOWN = 6 };
	struct text contract = page_contract(p);
	struct verb_run v;
	json_t *answer;
	size_t n = 0;

	if (!page_may(p, R_TERMS_WRITE))
		return;
	verb_begin(&v, p, ACTION_DRAFT_LIST);
	answer = verb_json(&v);
	for (size_t i = 0; i < json_array_size(answer); i++)
		n += is_of(p, json_array_get(answer, i), contract);
	if (n > 0) {
		doc_section(d, "drafts", SAY0(d, W_WEB_DRAFTS));
		add_briefs(p, d, answer, contract, SHOWN);
	}
	if (n > SHOWN)
		doc_paragraph(d,
			      doc_link(d, text_of("/drafts"),
				       SAY(d, W_WEB_AND_MORE, doc_int(d, (int64_t)(n - SHOWN)))));
	json_decref(answer);
	verb_free(&v);
}

static void list(struct page *p)
{
	static const struct action_link links[] = {{"/drafts/new", W_WEB_DRAFT_NEW, true}};
	static const struct list_column columns[] = {
		{"draft", W_WEB_DRAFT, CODE, "/drafts/{draft}"},
		{"contract", W_WEB_CONTRACT, WORD, "/c/{contract}"},
		{"client", W_WEB_CLIENT, WORD, ""},
		{"revision", W_PAGE_VERSION, NUMBER, ""},
		{"reason", W_WEB_WHY, WORD, ""},
		{"author", W_WEB_CHANGED_BY, WORD, ""},
		{"changed_at", W_WEB_CHANGED, TIME, ""},
	};
	static const char *const formats[] = {"csv"};
	const struct frame f = {.tab = NAV_DRAFTS,
				.title = page_say(p, W_WEB_DRAFTS),
				.links = links,
				.n_links = 1,
				.formats = formats,
				.n_formats = ARRAY_SIZE(formats)};
	struct verb_run v;
	json_t *answer;

	verb_begin(&v, p, ACTION_DRAFT_LIST);
	answer = verb_json(&v);
	if (answer == NULL) {
		page_failed(p, NAV_DRAFTS, v.rc, &v.err);
	} else if (text_is(fields_get(&p->q->query, "format"), "csv")) {
		list_csv(p, columns, ARRAY_SIZE(columns), answer);
	} else {
		frame_begin(p, &f);
		frame_title(p, f.title);
		put_words(p, json_array_size(answer) > 0 ? W_WEB_DRAFT_WHY : W_WEB_DRAFT_NONE);
		if (json_array_size(answer) > 0) {
			struct doc *d = doc_new(p->q->arena, p->language, p->zone);

			add_briefs(p, d, answer, text_of(""), SIZE_MAX);
			html_raw(&p->r->body, "<div class=\"drafts\">");
			doc_html_inside(d, &p->r->body);
			html_raw(&p->r->body, "</div>\n");
		}
		frame_end(p);
	}
	json_decref(answer);
	verb_free(&v);
}

/* Ids of the contracts that the visitor sees, apart by blanks. */
static struct text contracts(struct page *p)
{
	struct text out = text_of("");
	struct verb_run v;
	json_t *answer;

	verb_begin(&v, p, ACTION_CONTRACT_LIST);
	answer = verb_json(&v);
	for (size_t i = 0; i < json_array_size(answer); i++) {
		struct text id =
			verb_text(p, json_object_get(json_array_get(answer, i), "contract"));

		out = text_format(p->q->arena, "%.*s%s%.*s", TEXT_ARG(out), i > 0 ? " " : "",
				  TEXT_ARG(id));
	}
	json_decref(answer);
	verb_free(&v);
	return out;
}

static struct text starters(struct page *p)
{
	struct text out = text_of("");

	for (size_t i = 0; i < starter_count(); i++)
		out = text_format(p->q->arena, "%.*s%s%s", TEXT_ARG(out), i > 0 ? " " : "",
				  starter_at(i)->name);
	return out;
}

static void put_new(struct page *p, struct text contract, const struct fields *f,
		    const struct err *wrong)
{
	const struct frame frame = {
		.tab = NAV_DRAFTS, .title = page_say(p, W_WEB_DRAFT_NEW), .back = "/drafts"};
	const struct shown_input why = {.name = "reason",
					.type = "text",
					.label = W_WEB_WHY,
					.value = fields_get(f, "reason")};
	/* the block that somebody comes for, by its path: the form begins there */
	struct text at = fields_get(posted(p) ? f : &p->q->query, "at");

	frame_begin(p, &frame);
	frame_title(p, frame.title);
	if (wrong != NULL)
		draft_wrong(p, text_of(wrong->message), text_of(wrong->hint));
	put_words(p, W_WEB_DRAFT_WHY);
	html_raw(&p->r->body, "<div class=\"halves\">\n");
	form_open(p, text_of("/drafts/new"));
	form_hidden(p, "id", form_fresh_id(p));
	if (at.n > 0)
		form_hidden(p, "at", at);
	form_choice(p, "contract", W_WEB_CONTRACT, contracts(p), contract, true);
	form_input(p, &why);
	form_close(p, W_WEB_CHANGE_TERMS);
	if (!p->who.client) {
		form_open(p, text_of("/drafts/new"));
		form_hidden(p, "id", form_fresh_id(p));
		form_choice(p, "from", W_WEB_STARTER, starters(p), fields_get(f, "from"), true);
		form_close(p, W_WEB_DRAFT_BEGIN);
	}
	html_raw(&p->r->body, "</div>\n");
	frame_end(p);
}

/* Where a new draft is written on: in the form at the block it was begun for, else in its text. */
static struct text begins_at(const struct page *p, struct text id, struct text block)
{
	struct text out;
	struct buf b;

	if (block.n == 0)
		return text_format(p->q->arena, "/drafts/%.*s", TEXT_ARG(id));
	buf_init(&b, 1 << 12);
	buf_printf(&b, "/drafts/%.*s/form?at=", TEXT_ARG(id));
	buf_path_segment(&b, block);
	out = text_copy(p->q->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static void begin_draft(struct page *p)
{
	static const enum param take[] = {PARAM_CONTRACT_ID, PARAM_FROM_STARTER, PARAM_CHANGE_WHY,
					  PARAM_BEGUN_ID};
	struct fields f = {NULL, 0};
	const struct part *files;
	struct err err = {.line = 0};
	struct verb_run v;
	struct text id;
	json_t *answer;
	size_t n = 0;

	if (form_parse(p->q, &f, &files, &n, &err) != RC_OK) {
		page_failed(p, NAV_DRAFTS, RC_INVALID, &err);
		return;
	}
	verb_begin(&v, p, ACTION_DRAFT_NEW);
	for (size_t i = 0; i < ARRAY_SIZE(take); i++)
		if (fields_get(&f, param_row(take[i])->name).n > 0)
			verb_put(&v, take[i], fields_get(&f, param_row(take[i])->name));
	answer = verb_json(&v);
	if (answer != NULL) {
		id = verb_text(p, json_object_get(answer, "draft"));
		response_see(p->r, begins_at(p, id, fields_get(&f, "at")));
	} else if (v.rc == RC_MISSING) {
		page_missing(p);
	} else {
		p->r->status = problem_status(v.rc, &v.err);
		put_new(p, fields_get(&f, "contract"), &f, &v.err);
	}
	json_decref(answer);
	verb_free(&v);
}

/* --- which --- */

bool drafts_page(struct page *p)
{
	const struct fields none = {NULL, 0};
	bool begins = false, one = false, form = false, all = path_fits(p, "/drafts");
	struct text contract = {NULL, 0};

	if (!all && path_fits(p, "/c/{contract}/change")) {
		begins = true;
		contract = page_name(p, "contract");
	} else if (!all) {
		begins = path_fits(p, "/drafts/new");
		form = !begins && path_fits(p, "/drafts/{draft}/form");
		one = !begins && !form && path_fits(p, "/drafts/{draft}");
	}
	if (!all && !begins && !one && !form)
		return false;
	if (!page_may(p, R_TERMS_WRITE))
		page_refused(p, NAV_DRAFTS);
	else if (begins && posted(p))
		begin_draft(p);
	else if (begins)
		put_new(p, contract, &none, NULL);
	else if (one)
		edit(p);
	else if (form)
		draft_form(p);
	else if (posted(p))
		p->r->status = 405;
	else
		list(p);
	return true;
}
