/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is shown when a form was sent and its verb has more to say than "done": a secret that is shown once, a document, what a bank's
 * statement came to and what of it a person has to decide.
 */
#include "base/base64.h"
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

/* --- shown once --- */

/* Verbs whose answer nobody can ask for again: a link that lets in, a token. */
static const char *shown_once(enum action_id verb)
{
	if (verb == ACTION_USER_INVITE || verb == ACTION_USER_RESET)
		return "link";
	return verb == ACTION_TOKEN_ADD ? "token" : NULL;
}

static void show_once(struct page *p, const struct row_form *row, const json_t *answer,
		      const char *key)
{
	struct buf *b = &p->r->body;
	struct text secret = verb_text(p, json_object_get(answer, key));
	const struct frame frame = {
		.tab = row->tab, .title = page_say(p, row->title), .back = row->after};

	frame_begin(p, &frame);
	frame_title(p, frame.title);
	html_raw(b, "<p role=\"status\">");
	html_text(b, page_say(p, W_WEB_SHOWN_ONCE));
	html_raw(b, "</p>\n<p><code class=\"secret\">");
	if (text_starts(secret, "/"))
		html_text(b, p->w->o.base_url);
	html_text(b, secret);
	html_raw(b, "</code></p>\n<p class=\"soft\">");
	html_text(b, page_say(p, W_WEB_GOOD_UNTIL));
	html_raw(b, " ");
	html_text(b, verb_text(p, json_object_get(answer, "until")));
	html_raw(b, "</p>\n");
	frame_end(p);
}

/* --- a document that nothing is kept of --- */

bool form_answers_page(const struct row_form *row)
{
	return row->verb == ACTION_MARGIN;
}

enum rc form_show_page(struct page *p, const struct row_form *row, struct verb_run *v)
{
	const struct frame frame = {
		.tab = row->tab, .title = page_say(p, row->title), .back = row->after};

	verb_put(v, PARAM_FORMAT, text_of("html"));
	if (verb_finish(v) != RC_OK)
		return v->rc;
	frame_begin(p, &frame);
	buf_text(&p->r->body, buf_view(&v->reply.out));
	frame_end(p);
	return RC_OK;
}

/* --- a bank's statement --- */

/* A larger file is sent again by whoever decides; with each choice come two parts (LIMIT_PARTS). */
enum { KEPT_MAX_BYTES = 4 << 20, DECIDED_MAX = 24 };

struct text form_kept_file(struct page *p, const struct fields *typed)
{
	struct text kept = fields_get(typed, "kept");
	unsigned char *bytes = arena_alloc(p->q->arena, kept.n + 1);
	size_t n = 0;

	if (!base64_read(kept, bytes, kept.n, &n))
		return text_of("");
	return (struct text){(const char *)bytes, n};
}

static const char *numbered(struct page *p, const char *name, size_t i)
{
	return text_format(p->q->arena, "%s-%zu", name, i).p;
}

void form_take_decided(struct verb_run *v, const struct row_form *row, const struct fields *typed)
{
	char entry[32], accept[32];

	for (int i = 0; row->verb == ACTION_BANK_IMPORT && i < DECIDED_MAX; i++) {
		(void)snprintf(entry, sizeof(entry), "entry-%d", i);
		(void)snprintf(accept, sizeof(accept), "accept-%d", i);

		struct text e = fields_get(typed, entry), number = fields_get(typed, accept);

		if (e.n > 0 && number.n > 0)
			verb_put(v, PARAM_ACCEPT,
				 text_format(v->arena, "%.*s=%.*s", TEXT_ARG(e), TEXT_ARG(number)));
	}
}

static bool waits(const struct page *p, const json_t *row)
{
	return text_is(verb_text(p, json_object_get(row, "fate")), "proposed") &&
	       json_array_size(json_object_get(row, "candidates")) > 0;
}

/* "1,598.40 USD, Northwind Clinic PC, 20 Nov 2026": who pays is not in every file. */
static struct text entry_words(struct page *p, const json_t *row)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	struct text payer = verb_at(p, row, "payer"), date = verb_at(p, row, "date"),
		    amount = page_amount(p, verb_at(p, row, "amount"), verb_at(p, row, "currency"));
	day on;

	if (day_parse(date, &on))
		date = doc_words(d, doc_day(d, on));
	return text_format(p->q->arena, "%.*s%s%.*s, %.*s", TEXT_ARG(amount),
			   payer.n > 0 ? ", " : "", TEXT_ARG(payer), TEXT_ARG(date));
}

/* One entry, and the invoices that it may be for. */
static void put_choice(struct page *p, const json_t *row, size_t i)
{
	const json_t *all = json_object_get(row, "candidates");
	struct arena *a = p->q->arena;
	struct text numbers = text_of(""), hint = verb_at(p, row, "why");
	struct shown_input shown = {.name = numbered(p, "accept", i), .type = "select"};

	for (size_t k = 0; k < json_array_size(all); k++) {
		const json_t *c = json_array_get(all, k);
		struct text number = verb_at(p, c, "invoice");

		numbers = text_format(a, "%.*s %.*s", TEXT_ARG(numbers), TEXT_ARG(number));
		hint = text_format(
			a, "%.*s%s%.*s (%.*s): %.*s", TEXT_ARG(hint), hint.n > 0 ? "; " : "",
			TEXT_ARG(number), TEXT_ARG(verb_at(p, c, "contract")),
			TEXT_ARG(page_amount(p, verb_at(p, c, "open"), verb_at(p, row, "currency"))));
	}
	shown.words = entry_words(p, row);
	shown.hint = hint;
	form_hidden(p, numbered(p, "entry", i), verb_at(p, row, "entry"));
	form_select(p, &shown, numbers);
}

/* What a person has to decide, and, after a trial, the way to record it: the file comes along. */
static void put_decisions(struct page *p, const json_t *rows, bool tried, struct text file)
{
	struct buf *b = &p->r->body;
	struct buf kept;
	size_t n = 0, pays = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct text fate = verb_at(p, json_array_get(rows, i), "fate");

		n += waits(p, json_array_get(rows, i));
		pays += text_is(fate, "matched") || text_is(fate, "accepted");
	}
	if (n == 0 && (!tried || pays == 0))
		return;
	html_raw(b, "<h2 id=\"decide\">");
	html_text(b, page_say(p, n > 0 ? W_WEB_BANK_DECIDE : W_WEB_BANK_RECORD));
	html_raw(b, "</h2>\n<p>");
	html_text(b, page_say(p, file.n > KEPT_MAX_BYTES ? W_WEB_BANK_LARGE
				 : n > 0                 ? W_WEB_BANK_DECIDE_WHY
							 : W_WEB_BANK_RECORD_WHY));
	html_raw(b, "</p>\n");
	if (file.n > KEPT_MAX_BYTES)
		return;
	buf_init(&kept, (size_t)2 * KEPT_MAX_BYTES);
	base64_add(&kept, (const unsigned char *)file.p, file.n);
	form_open_files(p, p->q->path);
	form_hidden(p, "kept", buf_view(&kept));
	buf_free(&kept);
	for (size_t i = 0, k = 0; i < json_array_size(rows) && k < DECIDED_MAX; i++)
		if (waits(p, json_array_get(rows, i)))
			put_choice(p, json_array_get(rows, i), k++);
	form_close(p, W_WEB_RECORD_IT);
}

static void show_rows(struct page *p, const struct row_form *row, const json_t *answer, bool tried,
		      struct text file)
{
	static const struct list_column columns[] = {
		{"entry", W_WEB_ENTRY, CODE, ""},
		{"date", W_WEB_DATE, DAY, ""},
		{"amount", W_WEB_AMOUNT, MONEY, ""},
		{"reference", W_WEB_REFERENCE, WORD, ""},
		{"invoice", W_WEB_INVOICE, WORD, "/invoices/{invoice}"},
		{"fate", W_WEB_STATE, NAMED, ""},
		{"why", W_WEB_WHY, WORD, ""}};
	const struct frame frame = {
		.tab = row->tab, .title = page_say(p, row->title), .back = row->after};

	frame_begin(p, &frame);
	list_rows(p, row->title, columns, ARRAY_SIZE(columns), answer);
	put_decisions(p, json_object_get(answer, "entries"), tried, file);
	frame_end(p);
}

bool form_answered(struct page *p, const struct row_form *row, const json_t *answer, bool tried,
		   struct text file)
{
	const char *secret = shown_once(row->verb);

	if (secret != NULL)
		show_once(p, row, answer, secret);
	else if (row->verb == ACTION_BANK_IMPORT)
		show_rows(p, row, answer, tried, file);
	return secret != NULL || row->verb == ACTION_BANK_IMPORT;
}
