/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lets a reader check the record without this server: the signed root, the bundle of a month and how to check it offline, and each
 * entry as it was recorded with its proof (trust.md J19, J21). For both parties; what is in a bundle is the verb's to say.
 */
#include "facts/kinds.h"
#include "render/said.h"
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

static const struct frame of_record = {.tab = TAB_RECORD};

/* The answer of a verb about this contract's log; NULL: the page says why there is none. */
static json_t *ask(struct page *p, struct verb_run *v, enum action_id verb)
{
	json_t *answer;

	verb_begin(v, p, verb);
	verb_put(v, PARAM_CONTRACT_ID, page_contract(p));
	answer = verb_json(v);
	if (answer == NULL)
		page_failed(p, TAB_RECORD, v->rc, &v->err);
	return answer;
}

static void put_words(struct page *p, enum wording w)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<p>");
	html_text(b, page_say(p, w));
	html_raw(b, "</p>\n");
}

static void put_lines(struct page *p, struct text lines)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<pre class=\"lines\"><code>");
	html_text(b, lines);
	html_raw(b, "</code></pre>\n");
}

static void put_heading(struct page *p, const char *anchor, enum wording w)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<h2");
	html_attr(b, "id", text_of(anchor));
	html_raw(b, ">");
	html_text(b, page_say(p, w));
	html_raw(b, "</h2>\n");
}

/* --- the bundle of a month --- */

static struct text month_asked(struct page *p)
{
	struct text month = fields_get(&p->q->query, "month");

	return month.n > 0 ? month : page_month(p, p->q->now, 1);
}

static void put_month_form(struct page *p)
{
	struct buf *b = &p->r->body;

	put_heading(p, "bundle", W_WEB_BUNDLE);
	put_words(p, W_WEB_BUNDLE_WHY);
	html_raw(b, "<form class=\"form months\" method=\"get\"");
	html_attr(b, "action", page_path(p, "/c/{contract}/bundle"));
	html_raw(b, ">\n");
	form_input(p, &(struct shown_input){.name = "month",
					    .type = "month",
					    .label = W_WEB_MONTH,
					    .value = month_asked(p),
					    .required = true});
	if (page_may(p, R_PERSONAL_READ))
		form_input(p, &(struct shown_input){.name = "with-private",
						    .type = "checkbox",
						    .label = W_WEB_WITH_PRIVATE});
	form_close(p, W_WEB_BUNDLE_GET);
}

/* What signs now, and how many entries it has signed. */
static void put_signed(struct page *p, const json_t *checkpoint)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	struct pairs *pairs;

	d->title = SAY0(d, W_WEB_CHECK_IT);
	doc_paragraph(d, SAY0(d, W_WEB_CHECK_WHY));
	doc_section(d, "root", SAY0(d, W_WEB_SIGNED_NOW));
	pairs = doc_pairs(d);
	pair_add(d, pairs, SAY0(d, W_WEB_ENTRIES),
		 doc_int(d, json_integer_value(json_object_get(checkpoint, "size"))));
	pair_add(d, pairs, SAY0(d, W_WEB_ROOT),
		 doc_run(d, RUN_CODE, verb_text(p, json_object_get(checkpoint, "root")),
			 text_of("")));
	pair_add(d, pairs, SAY0(d, W_WEB_RECORD),
		 doc_run(d, RUN_CODE, verb_text(p, json_object_get(checkpoint, "origin")),
			 text_of("")));
	doc_html_inside(d, &p->r->body);
}

/* Step by step: what is typed, and what has to come out. */
static void put_steps(struct page *p, const json_t *checkpoint, const json_t *keys)
{
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	struct arena *a = p->q->arena;
	struct text file = text_format(a, "%.*s-%.*s.tnb", TEXT_ARG(page_contract(p)),
				       TEXT_ARG(month_asked(p)));
	struct buf *b = &p->r->body;

	put_heading(p, "how", W_WEB_CHECK_HOW);
	html_raw(b, "<ol class=\"steps\">\n<li>");
	put_words(p, W_WEB_CHECK_TRUST);
	for (size_t i = 0; i < json_array_size(keys); i++)
		put_lines(p,
			  text_format(a, "tenor trust add %.*s",
				      TEXT_ARG(verb_text(p, json_object_get(json_array_get(keys, i),
									    "vkey")))));
	html_raw(b, "</li>\n<li>");
	put_words(p, W_WEB_CHECK_RUN);
	put_lines(p, text_format(a, "tenor verify %.*s", TEXT_ARG(file)));
	html_raw(b, "</li>\n<li><p>");
	html_text(b, doc_words(d, SAY(d, W_WEB_CHECK_SAYS,
				      doc_int(d, json_integer_value(
							 json_object_get(checkpoint, "size"))))));
	html_raw(b, "</p>\n");
	put_lines(p, verb_text(p, json_object_get(checkpoint, "note")));
	html_raw(b, "<p><a class=\"button\"");
	html_attr(b, "href", page_path(p, "/c/{contract}/checkpoint"));
	html_raw(b, ">");
	html_text(b, page_say(p, W_WEB_CHECKPOINT_GET));
	html_raw(b, "</a></p></li>\n<li>");
	put_words(p, W_WEB_CHECK_COSIGN);
	put_lines(p, text_format(a, "tenor cosign %.*s --cosign-key it.cosign --replay -o line.txt",
				 TEXT_ARG(file)));
	html_raw(b, "</li>\n</ol>\n<p class=\"soft\">");
	html_text(b, page_say(p, W_WEB_CHECK_OTHER));
	html_raw(b, "</p>\n");
}

static void show(struct page *p)
{
	struct frame f = of_record;
	struct verb_run of_keys, of_note;
	json_t *keys = ask(p, &of_keys, ACTION_LOG_KEYS), *note = NULL;

	f.title = page_say(p, W_WEB_CHECK_IT);
	f.back = "/c/{contract}/record";
	if (keys != NULL) {
		note = ask(p, &of_note, ACTION_LOG_CHECKPOINT);
		if (note != NULL) {
			frame_begin(p, &f);
			put_signed(p, note);
			put_month_form(p);
			put_steps(p, note, keys);
			frame_end(p);
		}
		json_decref(note);
		verb_free(&of_note);
	}
	json_decref(keys);
	verb_free(&of_keys);
}

/* --- files --- */

/* What a verb writes, as a file of that name. */
static void give(struct page *p, struct verb_run *v, const char *type, struct text name)
{
	verb_put(v, PARAM_CONTRACT_ID, page_contract(p));
	if (v->rc == RC_OK)
		v->rc = door_export(p->w->o.door, p->q, p->r, &p->who, &v->err);
	if (v->rc == RC_OK)
		v->rc = verb_finish(v);
	if (v->rc != RC_OK) {
		page_failed(p, TAB_RECORD, v->rc, &v->err);
		return;
	}
	p->r->type = text_of(type);
	response_field(p->r, "Content-Disposition",
		       text_format(p->q->arena, "attachment; filename=\"%.*s\"", TEXT_ARG(name)));
	buf_text(&p->r->body, buf_view(&v->reply.out));
}

static void give_bundle(struct page *p)
{
	struct text month = month_asked(p);
	struct verb_run v;

	verb_begin(&v, p, ACTION_EXPORT_BUNDLE);
	verb_put(&v, PARAM_MONTH, month);
	verb_put(&v, PARAM_OUTPUT, text_of("-"));
	if (fields_get(&p->q->query, "with-private").n > 0)
		verb_flag(&v, PARAM_WITH_PRIVATE);
	give(p, &v, "application/x-tar",
	     file_name(p->q->arena,
		       text_format(p->q->arena, "%.*s-%.*s", TEXT_ARG(page_contract(p)),
				   TEXT_ARG(month)),
		       "tnb"));
	verb_free(&v);
}

static void give_checkpoint(struct page *p)
{
	struct verb_run v;

	verb_begin(&v, p, ACTION_LOG_CHECKPOINT);
	give(p, &v, "text/plain; charset=utf-8",
	     file_name(p->q->arena, page_contract(p), "checkpoint.txt"));
	verb_free(&v);
}

static void give_proof(struct page *p)
{
	struct verb_run v;

	verb_begin(&v, p, ACTION_LOG_PROVE);
	verb_put(&v, PARAM_INDEX, page_name(p, "index"));
	give(p, &v, "text/plain; charset=utf-8",
	     file_name(p->q->arena,
		       text_format(p->q->arena, "%.*s-%.*s", TEXT_ARG(page_contract(p)),
				   TEXT_ARG(page_name(p, "index"))),
		       "tlog-proof"));
	verb_free(&v);
}

/* --- an entry --- */

static void add_time(struct page *p, struct doc *d, struct pairs *pairs, enum wording key,
		     const json_t *entry, const char *name)
{
	struct err none = {.line = 0};
	instant t;

	if (instant_parse(verb_text(p, json_object_get(entry, name)), &t, NULL, &none) == RC_OK)
		pair_add(d, pairs, SAY0(d, key), doc_time(d, t, TIME_MOMENT));
}

static void add_code(struct page *p, struct doc *d, struct pairs *pairs, enum wording key,
		     const json_t *value)
{
	struct text t = verb_text(p, value);

	if (t.n > 0)
		pair_add(d, pairs, SAY0(d, key), doc_run(d, RUN_CODE, t, text_of("")));
}

static void put_entry_head(struct page *p, const json_t *line, const json_t *entry)
{
	const struct zone *zone = page_contract_zone(p);
	struct doc *d = doc_new(p->q->arena, p->language, p->zone != NULL ? p->zone : zone);
	struct pairs *pairs;
	struct text party = verb_text(p, json_object_get(entry, "party"));

	d->also = zone;
	d->title = doc_join_all(
		d, " ",
		(const struct phrase[]){SAY0(d, W_WEB_ENTRY), doc_plain(d, page_name(p, "index"))},
		2);
	d->aside =
		doc_plain(d, said_text(d->language, verb_text(p, json_object_get(entry, "kind"))));
	pairs = doc_pairs(d);
	add_time(p, d, pairs, W_WEB_HAPPENED, entry, "occurred_at");
	add_time(p, d, pairs, W_WEB_RECORDED, entry, "recorded_at");
	if (party.n > 0)
		pair_add(d, pairs, SAY0(d, W_WEB_PARTY),
			 text_is(party, "provider") ? SAY0(d, W_PARTY_PROVIDER)
			 : text_is(party, "client") ? SAY0(d, W_PARTY_CLIENT)
						    : doc_plain(d, party));
	add_code(p, d, pairs, W_WEB_BY, json_object_get(entry, "actor"));
	add_code(p, d, pairs, W_WEB_ID, json_object_get(entry, "id"));
	add_code(p, d, pairs, W_WEB_LEAF, json_object_get(line, "leaf"));
	doc_html_inside(d, &p->r->body);
}

static int add_bytes(const char *p, size_t n, void *out)
{
	buf_add(out, p, n);
	return 0;
}

static void put_bytes(struct page *p, const json_t *entry)
{
	struct buf lines;

	buf_init(&lines, 1 << 20);
	put_heading(p, "bytes", W_WEB_ENTRY_BYTES);
	(void)json_dump_callback(entry, add_bytes, &lines, JSON_INDENT(2));
	put_lines(p, buf_view(&lines));
	buf_free(&lines);
}

/* What each side does about a fact: its own is taken back, the other's disputed; work and outages end. */
static size_t fact_links(struct page *p, const json_t *entry, struct action_link *v)
{
	struct text of = verb_text(p, json_object_get(entry, "party"));
	const json_t *body = json_object_get(entry, "body");
	enum fact_kind kind;
	size_t n = 0;

	if (!fact_kind_find(verb_text(p, json_object_get(entry, "kind")), &kind) ||
	    fact_row(kind)->record || kind == FACT_FACT_ACCEPTED || kind == FACT_FACT_CONTESTED ||
	    kind == FACT_DISPUTE_SETTLED)
		return 0;
	p->names[p->n_names++] =
		(struct field){text_of("fact"), verb_text(p, json_object_get(entry, "id"))};
	if (text_is(of, "client") != p->who.client) {
		if (page_may(p, R_DISPUTE))
			v[n++] = (struct action_link){"/c/{contract}/facts/{fact}/contest",
						      W_WEB_CONTEST, false};
		return n;
	}
	if (kind == FACT_MAINTENANCE_ANNOUNCED && page_may(p, R_WORK_WRITE)) {
		p->names[p->n_names++] = (struct field){
			text_of("maintenance"), verb_text(p, json_object_get(body, "maintenance"))};
		v[n++] = (struct action_link){"/c/{contract}/maintenance/{maintenance}/cancel",
					      W_WEB_MAINTENANCE_END, false};
	}
	if (kind == FACT_OUTAGE_BEGAN && page_may(p, R_USAGE_WRITE)) {
		p->names[p->n_names++] = (struct field){
			text_of("outage"), verb_text(p, json_object_get(body, "outage"))};
		v[n++] = (struct action_link){"/c/{contract}/outages/{outage}/ended",
					      W_WEB_OUTAGE_END, false};
	}
	if (page_may(p, R_CORRECT))
		v[n++] = (struct action_link){"/c/{contract}/facts/{fact}/withdraw", W_WEB_WITHDRAW,
					      false};
	return n;
}

enum { ENTRY_LINKS = 6 };

static size_t entry_links(struct page *p, const json_t *entry, struct action_link v[ENTRY_LINKS])
{
	size_t n = fact_links(p, entry, v);

	if (page_name(p, "older").n > 0)
		v[n++] = (struct action_link){"/c/{contract}/record/{older}", W_WEB_OLDER_ONE,
					      false};
	if (page_name(p, "newer").n > 0)
		v[n++] = (struct action_link){"/c/{contract}/record/{newer}", W_WEB_NEWER_ONE,
					      false};
	v[n++] = (struct action_link){"/c/{contract}/record/{index}/proof", W_WEB_PROOF_GET, false};
	return n;
}

static void show_entry(struct page *p, const json_t *line, int64_t index, bool more)
{
	const json_t *entry = json_object_get(line, "entry");
	struct action_link links[ENTRY_LINKS];
	struct frame f = of_record;

	if (more)
		p->names[p->n_names++] = (struct field){
			text_of("newer"), text_format(p->q->arena, "%lld", (long long)index + 1)};
	if (index > 0)
		p->names[p->n_names++] = (struct field){
			text_of("older"), text_format(p->q->arena, "%lld", (long long)index - 1)};
	f.title = text_format(p->q->arena, "%.*s %lld", TEXT_ARG(page_say(p, W_WEB_ENTRY)),
			      (long long)index);
	f.back = "/c/{contract}/record";
	f.links = links;
	f.n_links = entry_links(p, entry, links);
	frame_begin(p, &f);
	put_entry_head(p, line, entry);
	put_bytes(p, entry);
	frame_end(p);
}

static void entry(struct page *p)
{
	struct text asked = page_name(p, "index");
	struct verb_run v;
	json_t *answer;
	int64_t index;

	if (!text_digits(asked, &index)) {
		page_missing(p);
		return;
	}
	verb_begin(&v, p, ACTION_LOG_SHOW);
	verb_put(&v, PARAM_FROM_INDEX, asked);
	verb_put(&v, PARAM_TO_INDEX, text_format(p->q->arena, "%lld", (long long)index + 1));
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	answer = verb_json(&v);
	if (answer == NULL)
		page_failed(p, TAB_RECORD, v.rc, &v.err);
	else if (json_array_size(answer) == 0)
		page_missing(p);
	else
		show_entry(p, json_array_get(answer, 0), index, json_array_size(answer) > 1);
	json_decref(answer);
	verb_free(&v);
}

/* A fact is shown as the entry that recorded it. */
static void fact(struct page *p)
{
	struct verb_run v;
	json_t *answer;

	verb_begin(&v, p, ACTION_LOG_SHOW);
	verb_put(&v, PARAM_FACT_ID, page_name(p, "fact"));
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	answer = verb_json(&v);
	if (json_array_size(answer) == 0 && v.rc != RC_OK && v.rc != RC_MISSING)
		page_failed(p, TAB_RECORD, v.rc, &v.err);
	else if (json_array_size(answer) == 0)
		page_missing(p);
	else
		response_see(
			p->r,
			text_format(p->q->arena, "%.*s/%.*s%s",
				    TEXT_ARG(page_path(p, "/c/{contract}/record")),
				    TEXT_ARG(verb_text(p, json_object_get(json_array_get(answer, 0),
									  "index"))),
				    fields_get(&p->q->query, "done").n > 0 ? "?done=1" : ""));
	json_decref(answer);
	verb_free(&v);
}

static const struct {
	const char *path;
	void (*show)(struct page *p);
} pages[] = {
	{"/c/{contract}/proof", show},
	{"/c/{contract}/bundle", give_bundle},
	{"/c/{contract}/checkpoint", give_checkpoint},
	{"/c/{contract}/record/{index}", entry},
	{"/c/{contract}/record/{index}/proof", give_proof},
	{"/c/{contract}/facts/{fact}", fact},
};

bool proof_page(struct page *p)
{
	for (size_t i = 0; method_safe(p->q->method) && i < ARRAY_SIZE(pages); i++) {
		if (!path_fits(p, pages[i].path))
			continue;
		if (page_may(p, R_LOG_READ))
			pages[i].show(p);
		else
			page_refused(p, TAB_RECORD);
		return true;
	}
	return false;
}
