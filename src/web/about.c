/* SPDX-License-Identifier: Apache-2.0 */
/* What a form does, and what it decides about where its path names it by an id alone: nobody contests a fact or settles a dispute unseen. */
#include "render/said.h"
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

static struct phrase party_words(struct doc *d, struct text party)
{
	if (text_is(party, "provider"))
		return SAY0(d, W_PARTY_PROVIDER);
	return text_is(party, "client") ? SAY0(d, W_PARTY_CLIENT) : doc_plain(d, party);
}

/* The kind of fact, by whom and when. */
static void add_fact(struct page *p, struct doc *d, const json_t *entry)
{
	struct err none = {.line = 0};
	struct pairs *pairs = doc_pairs(d);
	instant t;

	pair_add(d, pairs, SAY0(d, W_WEB_KIND),
		 doc_plain(d, said_text(d->language, verb_at(p, entry, "kind"))));
	if (verb_at(p, json_object_get(entry, "body"), "ticket").n > 0)
		pair_add(d, pairs, SAY0(d, W_WEB_TICKET),
			 doc_plain(d, verb_at(p, json_object_get(entry, "body"), "ticket")));
	pair_add(d, pairs, SAY0(d, W_WEB_PARTY), party_words(d, verb_at(p, entry, "party")));
	if (instant_parse(verb_at(p, entry, "occurred_at"), &t, NULL, &none) == RC_OK)
		pair_add(d, pairs, SAY0(d, W_WEB_HAPPENED),
			 doc_time(d, t / SECOND_MS * SECOND_MS, TIME_MOMENT));
	if (instant_parse(verb_at(p, entry, "recorded_at"), &t, NULL, &none) == RC_OK)
		pair_add(d, pairs, SAY0(d, W_WEB_RECORDED),
			 doc_time(d, t / SECOND_MS * SECOND_MS, TIME_MOMENT));
}

/* A page is answered a list of entries: here of one. */
static void about_fact(struct page *p, struct doc *d)
{
	struct verb_run v;
	json_t *lines;

	verb_begin(&v, p, ACTION_LOG_SHOW);
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	verb_put(&v, PARAM_FACT_ID, page_name(p, "fact"));
	lines = page_may(p, R_LOG_READ) ? verb_json(&v) : NULL;
	if (json_array_size(lines) > 0)
		add_fact(p, d, json_object_get(json_array_get(lines, 0), "entry"));
	json_decref(lines);
	verb_free(&v);
}

/* What the contract asks of whoever announces maintenance. */
static void about_maintenance(struct page *p, struct doc *d, const json_t *terms)
{
	const struct table_column columns[] = {{SAY0(d, W_TERM), COLUMN_TEXT},
					       {SAY0(d, W_VALUE), COLUMN_TEXT},
					       {SAY0(d, W_CLAUSE), COLUMN_TEXT}};
	struct table *t = NULL;

	for (size_t i = 0; i < json_array_size(terms); i++) {
		const json_t *term = json_array_get(terms, i);
		struct text path = verb_at(p, term, "path");

		if (!text_starts(path, "maintenance.notice.") &&
		    !text_starts(path, "maintenance.windows."))
			continue;
		if (t == NULL) {
			doc_paragraph(d, SAY0(d, W_WEB_MAINTENANCE_WHY));
			t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
		}
		ROW(d, t, doc_run(d, RUN_CODE, path, text_of("")),
		    doc_plain(d, verb_at(p, term, "value")),
		    doc_plain(d, verb_at(p, term, "clause")));
	}
}

static void add_dispute(struct page *p, struct doc *d, const json_t *account, const json_t *row)
{
	struct pairs *pairs = doc_pairs(d);
	struct page with = *p;
	struct text invoice = verb_at(p, row, "invoice"),
		    currency = verb_at(p, account, "currency");
	struct phrase document;

	with.names[0] = (struct field){text_of("number"), invoice};
	with.n_names = 1;
	document = doc_link(d, page_path(&with, "/invoices/{number}"), doc_plain(d, invoice));
	if (json_integer_value(json_object_get(row, "line")) > 0)
		document = SAY(d, W_PAIR, document,
			       SAY(d, W_LINE,
				   doc_int(d, json_integer_value(json_object_get(row, "line")))));
	pair_add(d, pairs, SAY0(d, W_DOCUMENT), document);
	pair_add(d, pairs, SAY0(d, W_DISPUTED),
		 doc_plain(d, page_amount(p, verb_at(p, row, "net"), currency)));
	pair_add(d, pairs, SAY0(d, W_HELD_AMOUNT),
		 doc_plain(d, page_amount(p, verb_at(p, row, "held"), currency)));
	pair_add(d, pairs, SAY0(d, W_STATE),
		 doc_plain(d, said_text(d->language, verb_at(p, row, "state"))));
}

/* statement-of-account answers an account for each contract: here one. */
static void about_dispute(struct page *p, struct doc *d)
{
	struct verb_run v;
	json_t *answer;
	const json_t *account, *all;

	verb_begin(&v, p, ACTION_STATEMENT_OF_ACCOUNT);
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	answer = verb_json(&v);
	account = json_array_get(answer, 0);
	all = json_object_get(account, "disputes");
	for (size_t i = 0; i < json_array_size(all); i++)
		if (text_eq(verb_at(p, json_array_get(all, i), "dispute"), page_name(p, "dispute")))
			add_dispute(p, d, account, json_array_get(all, i));
	json_decref(answer);
	verb_free(&v);
}

/* What an address is for, and which one is there. */
static void about_mail(struct page *p, struct doc *d)
{
	struct verb_run v;
	json_t *answer;
	struct text kept;

	verb_begin(&v, p, ACTION_USER_MAIL);
	verb_put(&v, PARAM_HANDLE, page_name(p, "handle"));
	answer = verb_json(&v);
	kept = verb_at(p, answer, "address");
	doc_paragraph(d, SAY0(d, W_WEB_MAILBOX_WHY));
	pair_add(d, doc_pairs(d), SAY0(d, W_WEB_MAIL_NOW),
		 kept.n > 0 ? doc_plain(d, kept) : SAY0(d, W_WEB_MAIL_NONE));
	json_decref(answer);
	verb_free(&v);
}

/* What a form does that asks for little or nothing: by the kind of fact, else by the verb. */
static enum wording why_words(const struct row_form *row)
{
	static const struct {
		const char *kind;
		enum wording words;
	} kinds[] = {
		{"alert.acknowledged", W_WEB_WHY_SEEN}, {"ticket.resumed", W_WEB_WHY_RESUME},
		{"fact.accepted", W_WEB_WHY_ACCEPT},    {"outage.began", W_WEB_WHY_NOW},
		{"outage.ended", W_WEB_WHY_NOW},        {"work.recorded", W_WEB_WHY_NOW},
	};
	static const struct {
		enum action_id verb;
		enum wording words;
	} verbs[] = {
		{ACTION_USER_INVITE, W_WEB_WHY_INVITE},
		{ACTION_USER_RESET, W_WEB_WHY_RESET},
		{ACTION_USER_END, W_WEB_WHY_DISABLE},
		{ACTION_FACTOR_RESET, W_WEB_WHY_LOSE_FACTOR},
		{ACTION_FACTOR_KEEP, W_WEB_WHY_KEEP_FACTOR},
		{ACTION_FACTOR_APPROVE, W_WEB_WHY_APPROVE_FACTOR},
		{ACTION_TOKEN_REVOKE, W_WEB_WHY_REVOKE},
		{ACTION_SESSIONS_END, W_WEB_WHY_END_SESSION},
		{ACTION_STATEMENT, W_WEB_WHY_ISSUE_STATEMENT},
		{ACTION_INVOICE_RUN, W_WEB_WHY_ISSUE_INVOICE},
		{ACTION_TIMER_START, W_WEB_WHY_TIMER},
		{ACTION_DRAFT_DROP, W_WEB_WHY_DROP},
		{ACTION_VIEW_REMOVE, W_WEB_WHY_FORGET},
		{ACTION_REPLY_REMOVE, W_WEB_WHY_FORGET},
		{ACTION_TEMPLATE_REMOVE, W_WEB_WHY_FORGET},
		{ACTION_MAIL_TEXT_RESET, W_WEB_WHY_USUAL},
		{ACTION_PROVIDER_CLEAR, W_WEB_WHY_CLEAR},
		{ACTION_FACT_WITHDRAW, W_WEB_WHY_WITHDRAW},
		{ACTION_FACT_APPROVE, W_WEB_WHY_APPROVE_FACT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(row->kind, kinds[i].kind) == 0)
			return kinds[i].words;
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (row->verb == verbs[i].verb)
			return verbs[i].words;
	return W_NONE;
}

static void put_why(struct page *p, enum wording why)
{
	struct buf *b = &p->r->body;

	if (why == W_NONE)
		return;
	html_raw(b, "<p>");
	html_text(b, page_say(p, why));
	html_raw(b, "</p>\n");
}

void form_about(struct page *p, const struct row_form *row, const json_t *contract)
{
	const struct zone *zone = page_name(p, "fact").n > 0 ? page_contract_zone(p) : NULL;
	struct doc *d = doc_new(p->q->arena, p->language, p->zone != NULL ? p->zone : zone);

	d->also = zone;
	if (row->verb == ACTION_DISPUTE_SETTLE)
		about_dispute(p, d);
	else if (row->verb == ACTION_USER_MAIL)
		about_mail(p, d);
	else if (page_name(p, "fact").n > 0)
		about_fact(p, d);
	else if (strcmp(row->kind, "maintenance.announced") == 0)
		about_maintenance(p, d, json_object_get(contract, "terms"));
	if (d->first != NULL)
		doc_html_inside(d, &p->r->body);
	put_why(p, why_words(row));
}
