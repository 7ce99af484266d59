/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a form offers to choose from: ids of its contract, people of the desk, contracts by id and client, lines of a document. What is not among
 * them can still be sent, and is then told beside its field.
 */
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

/* Of more a form is no list but a field to type in: a page stays under 100 kB. */
enum { OFFERED_MAX = 300 };

static const struct input *input_of(const struct row_form *row, enum input_how how)
{
	for (size_t i = 0; i < ARRAY_SIZE(row->inputs) && row->inputs[i].key != NULL; i++)
		if (row->inputs[i].how == how)
			return &row->inputs[i];
	return NULL;
}

/* --- of the contract that the path names --- */

/* The ids under a term, from paths such as "sla.priorities.P1.name": each once. */
static struct text ids_under(struct arena *a, const json_t *terms, const char *prefix)
{
	struct text last = {NULL, 0}, out;
	size_t skip = strlen(prefix);
	struct buf words;

	buf_init(&words, 1 << 16);

	for (size_t i = 0; i < json_array_size(terms); i++) {
		const char *path =
			json_string_value(json_object_get(json_array_get(terms, i), "path"));
		struct text id;

		if (path == NULL || strncmp(path, prefix, skip) != 0)
			continue;
		(void)text_cut(text_of(path + skip), '.', &id);
		if (text_eq(id, last))
			continue;
		last = id;
		buf_text(&words, id);
		buf_char(&words, ' ');
	}
	out = text_copy(a, buf_view(&words));
	buf_free(&words);
	return out;
}

/* Charges whose type is time: they alone bill work by the hour. */
static struct text time_charges(struct arena *a, const json_t *terms)
{
	struct buf words;
	struct text out;

	buf_init(&words, 1 << 16);
	for (size_t i = 0; i < json_array_size(terms); i++) {
		struct text id;

		if (!desk_bills_time(json_array_get(terms, i), &id))
			continue;
		buf_text(&words, id);
		buf_char(&words, ' ');
	}
	out = text_copy(a, buf_view(&words));
	buf_free(&words);
	return out;
}

/* Of the papers of a contract, as contract show lists them. */
static bool has_agreement(const json_t *papers)
{
	for (size_t i = 0; i < json_array_size(papers); i++) {
		const char *kind =
			json_string_value(json_object_get(json_array_get(papers, i), "kind"));

		if (kind != NULL && strcmp(kind, "baa") == 0)
			return true;
	}
	return false;
}

static bool chooses(const struct row_form *row)
{
	for (size_t i = 0; i < ARRAY_SIZE(row->inputs) && row->inputs[i].key != NULL; i++)
		if (row->inputs[i].how >= PRIORITIES && row->inputs[i].how <= COVERED)
			return true;
	return false;
}

/* Ids of the contract, for lists to choose from. Without them a field is for typing. */
static void contract_choices(struct page *p, const struct row_form *row, struct form_lists *f)
{
	static const char *const prefixes[] = {"sla.priorities.", "services.", "assets."};
	struct text *const lists[] = {&f->priorities, &f->services, &f->assets};
	struct verb_run v;
	json_t *answer;

	if (!chooses(row))
		return;
	verb_begin(&v, p, ACTION_CONTRACT_SHOW);
	verb_put(&v, PARAM_CONTRACT_ID, page_name(p, "contract"));
	answer = verb_json(&v);
	for (size_t i = 0; answer != NULL && i < ARRAY_SIZE(prefixes); i++)
		*lists[i] = ids_under(p->q->arena, json_object_get(answer, "terms"), prefixes[i]);
	f->health = answer != NULL && has_agreement(json_object_get(answer, "documents"));
	if (answer != NULL)
		f->charges = time_charges(p->q->arena, json_object_get(answer, "terms"));
	f->contract = answer;
	verb_free(&v);
}

static void desk_choices(struct page *p, const struct row_form *row, struct form_lists *f)
{
	struct buf words;
	json_t *desk;

	if (input_of(row, PEOPLE) == NULL)
		return;
	desk = desk_ask(p);
	buf_init(&words, 1 << 16);
	for (size_t i = 0; i < json_array_size(json_object_get(desk, "people")); i++) {
		buf_str(&words,
			json_string_value(json_array_get(json_object_get(desk, "people"), i)));
		buf_char(&words, ' ');
	}
	f->people = text_copy(p->q->arena, buf_view(&words));
	buf_free(&words);
	json_decref(desk);
}

/* --- contracts, and lines of a document --- */

/* A contract by its id and whose it is: "NW-2026, Northwind Clinic PC". */
static void contract_options(struct page *p, struct form_lists *out)
{
	struct verb_run v;
	json_t *answer;
	size_t n = 0;

	verb_begin(&v, p, ACTION_CLIENT_LIST);
	answer = verb_json(&v);
	for (size_t i = 0; i < json_array_size(answer); i++)
		n += json_array_size(json_object_get(json_array_get(answer, i), "contracts"));
	out->options = arena_array(p->q->arena, struct form_option, n + 1);
	for (size_t i = 0; i < json_array_size(answer); i++) {
		const json_t *client = json_array_get(answer, i),
			     *ids = json_object_get(client, "contracts");

		for (size_t k = 0; k < json_array_size(ids); k++) {
			struct text id = verb_text(p, json_array_get(ids, k));

			out->options[out->n_options++] = (struct form_option){
				id, text_format(p->q->arena, "%.*s, %.*s", TEXT_ARG(id),
						TEXT_ARG(verb_at(p, client, "name")))};
		}
	}
	json_decref(answer);
	verb_free(&v);
}

/* "2026-03-01/2026-04-01", both days in it; empty: a line of no period. */
static struct phrase period_words(struct doc *d, struct text t)
{
	struct text from, to = text_cut(t, '/', &from);
	day first, end;

	if (!day_parse(from, &first) || !day_parse(to, &end) || end <= first)
		return NO_WORDS;
	return end - first == 1 ? doc_day(d, first)
				: SAY(d, W_PERIOD, doc_day(d, first), doc_day(d, end - 1));
}

/* A line by its number, what it bills, when, and how much: "2 · Users · 1 to 31 Mar 2026 · 1,000.00 USD". */
static struct text line_words(struct page *p, struct doc *d, const json_t *line,
			      struct text currency)
{
	struct text name = verb_at(p, line, "name");
	const struct phrase v[] = {doc_plain(d, verb_at(p, line, "number")),
				   doc_plain(d, name.n > 0 ? name : verb_at(p, line, "charge")),
				   period_words(d, verb_at(p, line, "period")),
				   doc_plain(d, page_amount(p, verb_at(p, line, "net"), currency))};

	return doc_words(d, doc_join_all(d, " \xc2\xb7 ", v, ARRAY_SIZE(v)));
}

static void line_options(struct page *p, struct form_lists *out)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	const json_t *lines;
	struct verb_run v;
	json_t *answer;

	verb_begin(&v, p, ACTION_INVOICE_SHOW);
	verb_put(&v, PARAM_NUMBER, page_name(p, "number"));
	answer = verb_json(&v);
	lines = json_object_get(answer, "lines");
	out->options = arena_array(p->q->arena, struct form_option, json_array_size(lines) + 1);
	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);

		out->options[out->n_options++] = (struct form_option){
			verb_at(p, line, "number"),
			line_words(p, d, line, verb_at(p, answer, "currency"))};
	}
	json_decref(answer);
	verb_free(&v);
}

static const struct input *options_find(struct page *p, const struct row_form *row,
					struct form_lists *out)
{
	const struct input *i = input_of(row, CONTRACTS);

	if (i != NULL) {
		contract_options(p, out);
		return i;
	}
	i = input_of(row, DOCUMENT_LINES);
	if (i != NULL)
		line_options(p, out);
	return i;
}

void form_lists_find(struct page *p, const struct row_form *row, struct form_lists *out)
{
	*out = (struct form_lists){.n_options = 0};
	contract_choices(p, row, out);
	desk_choices(p, row, out);
	(void)options_find(p, row, out);
}

/* What choosing nothing means. One contract that must be chosen is chosen. */
static struct text none_words(struct page *p, const struct row_form *row, const struct input *i,
			      size_t n)
{
	if (i->how == DOCUMENT_LINES)
		return page_say(p, W_WEB_WHOLE_DOCUMENT);
	if (i->need == REQUIRED)
		return n > 1 ? page_say(p, W_WEB_CHOOSE) : text_of("");
	if (row->verb == ACTION_TOKEN_ADD)
		return page_say(p, W_WEB_OF_ALL_CONTRACTS);
	return p->who.client ? text_of("") : page_say(p, W_WEB_OF_NO_CONTRACT);
}

bool form_offer(struct page *p, const struct row_form *row, const struct form_lists *lists,
		const struct input *i, struct shown_input *shown)
{
	if (lists->n_options == 0 || lists->n_options > OFFERED_MAX)
		return false;
	shown->none = none_words(p, row, i, lists->n_options);
	form_options(p, shown, lists->options, lists->n_options);
	return true;
}

bool form_blames(struct page *p, const struct row_form *row, const struct fields *typed,
		 struct err *err)
{
	struct form_lists lists = {.n_options = 0};
	const struct input *i = options_find(p, row, &lists);
	struct text value = i == NULL ? text_of("") : text_trim(fields_get(typed, input_name(i)));

	if (value.n == 0)
		return false;
	for (size_t k = 0; k < lists.n_options; k++)
		if (text_eq(lists.options[k].value, value))
			return false;
	err_key(err, text_of(input_name(i)));
	if (i->how == CONTRACTS) /* a path of the server's is in the verb's words */
		(void)err_set(err, RC_INVALID, "there is no contract '%.*s'", TEXT_ARG(value));
	err_hint(err, "%.*s",
		 TEXT_ARG(page_say(p, i->how == CONTRACTS ? W_HINT_CONTRACT : W_HINT_LINE_OF)));
	return true;
}
