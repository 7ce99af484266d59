/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where people begin: what is due today over all contracts, and a contract at a glance. Made of what verbs answer as JSON, shown as a
 * document, so that numbers, dates and states look as they do on paper.
 */
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

/* A copy in the request's arena: the answer is given back before the page is written. */
/* A number that a verb writes as text, in the reader's writing; at a glance without the noughts at its end. */
static struct text number_at(const struct page *p, const json_t *row, const char *key)
{
	struct text out, number = verb_at(p, row, key);
	struct buf b;

	if (text_find(number, '.', 0) < number.n) {
		while (number.p[number.n - 1] == '0')
			number.n--;
		if (number.p[number.n - 1] == '.')
			number.n--;
	}
	buf_init(&b, 128);
	format_number(&b, p->language, number);
	out = text_copy(p->q->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

struct text page_month(const struct page *p, instant now, int back)
{
	struct civil c = civil_of(zone_day(zone_utc(), now));
	int months = (int)c.year * 12 + (int)c.month - 1 - back;

	return text_format(p->q->arena, "%04d-%02d", months / 12, months % 12 + 1);
}

struct text page_moment(const struct page *p, struct text month)
{
	struct text out = text_of("");
	struct buf b;

	if (!text_eq(month, page_month(p, p->q->now, 0)))
		return out;
	buf_init(&b, 64);
	instant_print(&b, p->q->now / SECOND_MS * SECOND_MS);
	out = text_copy(p->q->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static enum doc_state state_of(struct text verdict)
{
	if (text_is(verdict, "met"))
		return STATE_KEPT;
	if (text_is(verdict, "missed"))
		return STATE_MISSED;
	return STATE_OPEN;
}

static enum wording verdict_word(struct text verdict)
{
	if (text_is(verdict, "met"))
		return W_WEB_KEPT;
	if (text_is(verdict, "missed"))
		return W_WEB_MISSED;
	return W_WEB_NOT_JUDGED;
}

/* What the contract's metric is called in statements; its id for who may not read the contract, or where a version before had it. */
static struct text metric_called(struct page *p, const json_t *contract, struct text id)
{
	const json_t *all = json_object_get(contract, "metrics");

	for (size_t i = 0; i < json_array_size(all); i++)
		if (text_eq(verb_at(p, json_array_get(all, i), "metric"), id))
			return verb_at(p, json_array_get(all, i), "name");
	return id;
}

static void add_tile(struct page *p, struct doc *d, struct tiles *tiles, const json_t *contract,
		     const json_t *w)
{
	struct text name = metric_called(p, contract, verb_at(p, w, "metric"));
	struct tile *t = tile_add(d, tiles, doc_plain(d, name));
	const json_t *value = json_object_get(w, "value"), *samples = json_object_get(w, "samples");
	struct text shown = verb_at(p, value, "shown");

	if (shown.n > 0) {
		t->figure = doc_plain(d, number_at(p, value, "shown"));
		t->unit =
			text_is(verb_at(p, value, "unit"), "percent")
				? SAY(d, W_WEB_PERCENT_OF, doc_plain(d, number_at(p, w, "target")))
				: doc_plain(d, verb_at(p, value, "unit"));
	} else {
		t->figure = SAY0(d, W_NA);
	}
	t->state = doc_state_run(d, state_of(verb_at(p, w, "verdict")),
				 SAY0(d, verdict_word(verb_at(p, w, "verdict"))));
	if (json_is_integer(samples))
		t->note = SAY(d, W_WEB_IN_TIME,
			      doc_int(d, json_integer_value(json_object_get(w, "in_time"))),
			      doc_int(d, json_integer_value(samples)));
}

/* Which version is in force, and since when; empty: none is. */
static struct phrase in_force(struct page *p, struct doc *d, const json_t *contract)
{
	const json_t *all = json_object_get(contract, "versions");
	struct err none = {.line = 0};
	instant from;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *v = json_array_get(all, i);

		if (text_is(verb_at(p, v, "state"), "in_force") &&
		    instant_parse(verb_at(p, v, "in_force_from"), &from, NULL, &none) == RC_OK)
			return SAY(d, W_PAGE_UNDER,
				   doc_int(d, json_integer_value(json_object_get(v, "version"))),
				   doc_state_run(d, STATE_KEPT, SAY0(d, W_PAGE_IN_FORCE)),
				   doc_time(d, from, TIME_DATE));
	}
	return NO_WORDS;
}

/* Who promises what to whom. Returns the contract as contract show answers, or NULL; whoever gets it calls json_decref. */
static json_t *add_head(struct page *p, struct doc *d)
{
	struct verb_run v;
	json_t *contract = NULL;

	d->title = doc_plain(d, page_contract(p));
	verb_begin(&v, p, ACTION_CONTRACT_SHOW);
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	if (page_may(p, R_TERMS_READ))
		contract = verb_json(&v);
	if (contract != NULL) {
		d->title = doc_plain(d, verb_at(p, contract, "title"));
		d->aside = doc_plain(d, page_contract(p));
		d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, verb_at(p, contract, "provider")),
				 doc_plain(d, verb_at(p, contract, "client")));
	}
	d->under = in_force(p, d, contract);
	verb_free(&v);
	return contract;
}

static struct phrase month_words(struct doc *d, struct text month)
{
	day first;

	if (!day_parse(text_format(d->arena, "%.*s-01", TEXT_ARG(month)), &first))
		return doc_plain(d, month);
	return doc_time(d, zone_instant(zone_utc(), first, 12 * HOUR_MS, NULL), TIME_MONTH);
}

static void add_month(struct page *p, struct doc *d, const json_t *contract, struct text month)
{
	struct verb_run v;
	json_t *answer;
	const json_t *windows;
	struct tiles *tiles;
	struct page with = *p;

	verb_begin(&v, p, ACTION_STATEMENT);
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	verb_put(&v, PARAM_MONTH, month);
	verb_put(&v, PARAM_CASES_LIMIT, text_of("1"));
	if (page_moment(p, month).n > 0)
		verb_put(&v, PARAM_AS_OF, page_moment(p, month));
	answer = verb_json(&v);
	windows = json_object_get(answer, "windows");
	with.names[0] = (struct field){text_of("contract"), page_contract(p)};
	with.names[1] = (struct field){text_of("month"), month};
	with.n_names = 2;
	if (json_array_size(windows) > 0) {
		doc_section(d, text_format(p->q->arena, "month-%.*s", TEXT_ARG(month)).p,
			    doc_link(d, page_path(&with, "/c/{contract}/statement/{month}"),
				     month_words(d, month)));
		tiles = doc_tiles(d);
		for (size_t i = 0; i < json_array_size(windows) && i < 8; i++)
			add_tile(p, d, tiles, contract, json_array_get(windows, i));
	}
	json_decref(answer);
	verb_free(&v);
}

/* --- what waits --- */

static const struct {
	const char *key;
	enum wording heading;
} sections[] = {
	{"clocks", W_TODAY_CLOCKS},
	{"deadlines", W_WEB_DEADLINES},
	{"statements", W_TODAY_STATEMENTS},
	{"invoices", W_TODAY_INVOICES},
	{"disputes", W_TODAY_DISPUTES},
	{"facts", W_TODAY_FACTS},
	{"payments", W_TODAY_PAYMENTS},
	{"waiting", W_TODAY_WAITING},
	{"told", W_TODAY_TOLD},
};

static enum wording section_words(struct text key)
{
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (text_is(key, sections[i].key))
			return sections[i].heading;
	return W_TODAY_WAITING;
}

/* Of a fact that waits: what the reader's side has to do about it, or the fact itself. NULL: not for these eyes. */
static const char *fact_place(const struct page *p, const json_t *item)
{
	struct text kind = verb_at(p, item, "kind"), who = verb_at(p, item, "who");
	bool mine = text_is(who, p->who.client ? "client" : "provider");

	if (text_is(kind, "second_person") && mine && page_may(p, R_CORRECT_APPROVE))
		return "/c/{contract}/facts/{about}/approve";
	if (text_is(kind, "not_accepted") && mine && page_may(p, R_DISPUTE))
		return "/c/{contract}/facts/{about}/accept";
	if (text_is(kind, "contested") && page_may(p, R_DISPUTE))
		return "/c/{contract}/facts/{about}/settle";
	return page_may(p, R_LOG_READ) ? "/c/{contract}/facts/{about}" : NULL;
}

/* Where one deals with it. */
static struct text place_of(struct page *p, struct text section, const json_t *item)
{
	struct page with = *p;
	struct text kind = verb_at(p, item, "kind"), about = verb_at(p, item, "about");
	const char *pattern = "/c/{contract}", *of_fact = fact_place(p, item),
		   *decided = decide_page(p, item);

	with.names[0] = (struct field){text_of("contract"), verb_at(p, item, "contract")};
	with.names[1] = (struct field){text_of("about"), about};
	with.names[2] = (struct field){text_of("charge"), verb_at(p, item, "charge")};
	with.n_names = 3;
	if (decided != NULL)
		pattern = decided;
	else if (text_is(section, "clocks"))
		pattern = "/c/{contract}/tickets/{about}";
	else if (text_is(kind, "report") || text_starts(kind, "statement"))
		pattern = page_may(p, R_MONEY_READ) ? "/c/{contract}/statement/{about}"
						    : "/c/{contract}/deadlines";
	else if (text_is(section, "disputes") &&
		 (page_may(p, R_MONEY_WRITE) || page_may(p, R_MONEY_ACCEPT)))
		pattern = "/c/{contract}/disputes/{about}/settle";
	else if (text_is(kind, "payment_due") || text_starts(about, "INV-"))
		pattern = "/invoices/{about}";
	else if (text_is(section, "invoices"))
		pattern = "/c/{contract}/invoices/preview";
	else if (text_is(section, "facts") && of_fact != NULL)
		pattern = of_fact;
	else if (text_is(kind, "emergency_access"))
		pattern = "/c/{contract}/tickets/{about}";
	else if (text_is(kind, "restored") && page_may(p, R_LOG_READ))
		pattern = "/c/{contract}/proof";
	else if (text_is(kind, "maintenance") || text_is(kind, "overrun") ||
		 text_is(kind, "notice_short"))
		pattern = "/c/{contract}/availability";
	else if (text_is(section, "payments"))
		pattern = "/c/{contract}/account";
	return page_path(&with, pattern);
}

static struct phrase when_words(struct page *p, struct doc *d, const json_t *item)
{
	struct err none = {.line = 0};
	struct text date = verb_at(p, item, "due_day");
	instant t;
	day v;

	if (date.n > 0 && day_parse(date, &v))
		return doc_day(d, v);
	if (instant_parse(verb_at(p, item, "due"), &t, NULL, &none) == RC_OK)
		return doc_time(d, t, TIME_MOMENT);
	err_clear(&none);
	if (instant_parse(verb_at(p, item, "since"), &t, NULL, &none) == RC_OK)
		return SAY(d, W_WEB_WAITS_SINCE, doc_time(d, t, TIME_DATE));
	return NO_WORDS;
}

static struct phrase who_words(struct doc *d, struct text who)
{
	if (text_is(who, "provider"))
		return SAY0(d, W_PARTY_PROVIDER);
	return text_is(who, "client") ? SAY0(d, W_PARTY_CLIENT) : SAY0(d, W_BOTH_PARTIES);
}

static struct phrase left_words(struct doc *d, const json_t *item)
{
	struct phrase left = doc_span(d, json_integer_value(json_object_get(item, "left_ms")) /
						 MINUTE_MS * MINUTE_MS);

	return doc_state_run(
		d, json_is_true(json_object_get(item, "late")) ? STATE_MISSED : STATE_RISK, left);
}

static struct phrase amount_words(struct doc *d, struct page *p, const json_t *item)
{
	struct text amount = verb_at(p, item, "amount");

	return amount.n == 0 ? NO_WORDS
			     : doc_plain(d, page_amount(p, amount, verb_at(p, item, "currency")));
}

/* On a contract's own page its id is no column. */
static size_t within(const struct page *p)
{
	return page_name(p, "contract").n > 0 ? 1 : 0;
}

/* The columns of a section; of those that not every section fills, the ones in which something stands. */
struct item_columns {
	bool when, amount;
};

static struct item_columns columns_of(struct page *p, struct doc *d, struct text section,
				      const json_t *items)
{
	struct item_columns c = {.when = false, .amount = text_is(section, "clocks")};

	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *item = json_array_get(items, i);

		c.when = c.when || when_words(p, d, item).n > 0;
		c.amount = c.amount || verb_at(p, item, "amount").n > 0;
	}
	return c;
}

static void add_item(struct page *p, struct doc *d, struct table *t, struct text section,
		     const struct item_columns *has, const json_t *item)
{
	struct phrase what =
		doc_link(d, place_of(p, section, item), doc_plain(d, verb_at(p, item, "what")));
	bool clock = text_is(section, "clocks");

	if (json_is_true(json_object_get(item, "late")) && !clock)
		what = doc_join_all(
			d, " ",
			(const struct phrase[]){what,
						doc_state_run(d, STATE_MISSED, SAY0(d, W_OVERDUE))},
			2);
	struct phrase cells[5] = {doc_plain(d, verb_at(p, item, "contract")), what,
				  who_words(d, verb_at(p, item, "who"))};
	size_t n = 3;

	if (has->when)
		cells[n++] = when_words(p, d, item);
	if (has->amount)
		cells[n++] = clock ? left_words(d, item) : amount_words(d, p, item);
	(void)table_row(d, t, cells + within(p), n - within(p));
}

static void add_section(struct page *p, struct doc *d, struct text key, const json_t *items,
			size_t most)
{
	struct item_columns has = columns_of(p, d, key, items);
	struct table_column columns[5] = {{SAY0(d, W_CONTRACT), COLUMN_TEXT},
					  {SAY0(d, W_WHAT), COLUMN_TEXT},
					  {SAY0(d, W_WHO), COLUMN_TEXT}};
	struct table *t;
	size_t n = 3;

	if (has.when)
		columns[n++] = (struct table_column){SAY0(d, W_WHEN), COLUMN_TEXT};
	if (has.amount)
		columns[n++] = (struct table_column){
			SAY0(d, text_is(key, "clocks") ? W_LEFT : W_AMOUNT), COLUMN_NUMBER};
	doc_section(d, text_format(p->q->arena, "%.*s", TEXT_ARG(key)).p,
		    SAY0(d, section_words(key)));
	t = doc_table(d, NO_WORDS, columns + within(p), n - within(p));
	for (size_t i = 0; i < json_array_size(items) && i < most; i++)
		add_item(p, d, t, key, &has, json_array_get(items, i));
	if (json_array_size(items) > most)
		doc_paragraph(d, SAY(d, W_WEB_AND_MORE,
				     doc_int(d, (int64_t)(json_array_size(items) - most))));
}

/* The sections of today, each with its most urgent rows. false: nothing waits. */
static bool add_sections(struct page *p, struct doc *d, const json_t *answer, size_t most)
{
	const json_t *all = json_object_get(answer, "sections");
	bool any = false;

	for (size_t s = 0; s < json_array_size(all); s++) {
		const json_t *section = json_array_get(all, s),
			     *items = json_object_get(section, "items");

		if (json_array_size(items) == 0)
			continue;
		any = true;
		add_section(p, d, verb_at(p, section, "section"), items, most);
	}
	return any;
}

/* Times of contracts of one zone stand in that one, as in their documents; where they have several, in UTC. */
static const struct zone *zone_of_items(struct page *p, const json_t *answer)
{
	const json_t *all = json_object_get(answer, "sections");
	struct text name = text_of("");

	for (size_t s = 0; s < json_array_size(all); s++) {
		const json_t *items = json_object_get(json_array_get(all, s), "items");

		for (size_t i = 0; i < json_array_size(items); i++) {
			struct text one = verb_at(p, json_array_get(items, i), "zone");

			if (name.n > 0 && !text_eq(name, one))
				return NULL;
			name = one;
		}
	}
	return page_zone(p, name);
}

/* --- what an auditor may read (trust.md P2) --- */

enum { GRANT_MONTHS_SHOWN = 36 };

/* A row for each month of the grant, the newest first. */
static void add_months(struct page *p, struct doc *d, struct text contract, struct text months)
{
	const struct table_column columns[] = {{SAY0(d, W_MONTH), COLUMN_TEXT},
					       {SAY0(d, W_WEB_STATEMENT), COLUMN_TEXT},
					       {SAY0(d, W_WEB_AVAILABILITY), COLUMN_TEXT}};
	struct table *t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	struct page with = *p;
	day first, last;

	if (!day_parse(text_format(d->arena, "%.*s-01", TEXT_ARG(text_sub(months, 0, 7))),
		       &first) ||
	    !day_parse(text_format(d->arena, "%.*s-01", TEXT_ARG(text_sub(months, 9, 16))), &last))
		return;
	with.n_names = 2;
	for (int k = 0; k < GRANT_MONTHS_SHOWN && last >= first;
	     k++, last = day_add_months(last, -1)) {
		struct civil c = civil_of(last);
		struct text month = text_format(d->arena, "%04d-%02d", (int)c.year, (int)c.month);

		with.names[0] = (struct field){text_of("contract"), contract};
		with.names[1] = (struct field){text_of("month"), month};
		ROW(d, t, month_words(d, month),
		    doc_link(d, page_path(&with, "/c/{contract}/statement/{month}"),
			     SAY0(d, W_WEB_STATEMENT)),
		    doc_link(d, page_path(&with, "/c/{contract}/availability/{month}"),
			     SAY0(d, W_WEB_AVAILABILITY)));
	}
}

/* Each contract of the grant, or that of the page. false: the page's is none of them. */
static bool add_granted(struct page *p, struct doc *d, struct text months)
{
	struct verb_run v;
	json_t *answer;
	bool any = false;

	verb_begin(&v, p, ACTION_CONTRACT_LIST);
	answer = verb_json(&v);
	for (size_t i = 0; i < json_array_size(answer); i++) {
		struct text contract = verb_at(p, json_array_get(answer, i), "contract"),
			    of_page = page_name(p, "contract");

		if (of_page.n > 0 && !text_eq(of_page, contract))
			continue;
		any = true;
		if (of_page.n == 0)
			doc_section(d, text_format(d->arena, "contract-%.*s", TEXT_ARG(contract)).p,
				    doc_plain(d, contract));
		add_months(p, d, contract, months);
	}
	json_decref(answer);
	verb_free(&v);
	return any;
}

/* "2026-01..2026-03", the months that this auditor may read, and until when; empty: no grant is in force. */
static struct text grant_of(struct page *p, instant *until)
{
	struct err none = {.line = 0};
	struct text months = text_of("");
	struct verb_run v;
	json_t *people;

	verb_begin(&v, p, ACTION_USER_LIST);
	people = verb_json(&v);
	for (size_t i = 0; i < json_array_size(people); i++) {
		const json_t *one = json_array_get(people, i);

		if (text_eq(verb_at(p, one, "handle"), p->who.handle) &&
		    instant_parse(verb_at(p, one, "until"), until, NULL, &none) == RC_OK &&
		    *until > p->q->now)
			months = verb_at(p, one, "months");
	}
	json_decref(people);
	verb_free(&v);
	return months;
}

bool home_reads_today(struct page *p)
{
	struct text months, month;
	instant until;

	if (!roles_audit_only(p->who.roles))
		return true;
	months = grant_of(p, &until);
	month = page_month(p, p->q->now, 0);
	return months.n > 0 && text_cmp(text_sub(months, 0, 7), month) <= 0 &&
	       text_cmp(month, text_sub(months, 9, 16)) <= 0;
}

/* Where the grant does not reach to today, an auditor begins with what it does reach to. */
static void granted(struct page *p, enum tab tab)
{
	struct frame f = {.tab = tab, .title = page_say(p, W_WEB_GRANTED)};
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	instant until;
	struct text months = grant_of(p, &until);

	d->title = SAY0(d, W_WEB_GRANTED);
	d->aside = doc_plain(d, page_name(p, "contract"));
	if (months.n > 0)
		d->under = SAY(d, W_WEB_GRANTED_UNTIL,
			       doc_time(d, until / MINUTE_MS * MINUTE_MS, TIME_FULL));
	if (months.n == 0)
		doc_paragraph(d, SAY0(d, W_WEB_GRANTED_NOT));
	else if (!add_granted(p, d, months)) {
		page_missing(p);
		return;
	}
	page_doc(p, &f, d);
}

/* NULL: not for these eyes, and the page says so. */
static json_t *ask_today(struct page *p, enum tab tab)
{
	struct verb_run v;
	json_t *answer;

	verb_begin(&v, p, ACTION_TODAY);
	if (page_contract(p).n > 0)
		verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	answer = verb_json(&v);
	if (answer == NULL && roles_audit_only(p->who.roles))
		granted(p, tab);
	else if (answer == NULL)
		page_failed(p, tab, v.rc, &v.err);
	verb_free(&v);
	return answer;
}

static void add_today(struct page *p, struct doc *d, json_t *answer, size_t most)
{
	if (!add_sections(p, d, answer, most))
		doc_paragraph(d, SAY0(d, W_WEB_NOTHING_WAITS));
	json_decref(answer);
}

static bool as_csv(const struct page *p)
{
	return text_is(fields_get(&p->q->query, "format"), "csv");
}

static void today(struct page *p)
{
	struct frame f = {.tab = NAV_TODAY, .title = page_say(p, W_WEB_TODAY), .live = true};
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	json_t *answer = ask_today(p, NAV_TODAY);

	p->plain = true;
	if (answer == NULL)
		return;
	d->also = zone_of_items(p, answer);
	d->zone = p->zone != NULL ? p->zone : d->also;
	d->title = SAY0(d, W_WEB_TODAY);
	d->aside = doc_time(d, p->q->now, TIME_DATE);
	add_today(p, d, answer, as_csv(p) ? SIZE_MAX : 12);
	drafts_under_way(p, d);
	page_doc(p, &f, d);
}

static void overview(struct page *p)
{
	static const struct action_link links[] = {
		{"/c/{contract}/tickets/new", W_WEB_NEW_TICKET, true},
	};
	struct frame f = {.tab = TAB_OVERVIEW,
			  .title = page_contract(p),
			  .links = links,
			  .n_links = page_may(p, R_TICKET_WRITE) ? 1 : 0,
			  .live = true};
	struct doc *d = doc_new(p->q->arena, p->language, p->zone);
	json_t *contract, *answer = ask_today(p, TAB_OVERVIEW);

	p->plain = true;
	if (answer == NULL)
		return;
	d->also = zone_of_items(p, answer);
	d->zone = p->zone != NULL ? p->zone : d->also;
	contract = add_head(p, d);
	if (page_may(p, R_MONEY_READ)) {
		add_month(p, d, contract, page_month(p, p->q->now, 0));
		add_month(p, d, contract, page_month(p, p->q->now, 1));
	}
	json_decref(contract);
	add_today(p, d, answer, as_csv(p) ? SIZE_MAX : 6);
	drafts_under_way(p, d);
	page_doc(p, &f, d);
}

/* /c/ID/statement and the like: the newest. */
static bool see_newest(struct page *p)
{
	struct text month = page_month(p, p->q->now, 0);

	if (path_fits(p, "/c/{contract}/statement") || path_fits(p, "/c/{contract}/availability")) {
		response_see(p->r,
			     text_format(p->q->arena, "%.*s/%.*s%s", TEXT_ARG(p->q->path),
					 TEXT_ARG(month),
					 fields_get(&p->q->query, "done").n > 0 ? "?done=1" : ""));
		return true;
	}
	return false;
}

bool home_page(struct page *p)
{
	if (!method_safe(p->q->method))
		return false;
	if (p->q->n_segments == 0 && !page_may(p, R_STATEMENT_READ) && page_may(p, R_INSTALL)) {
		response_see(p->r,
			     text_of("/sessions")); /* who runs the installation begins there */
		return true;
	}
	if (p->q->n_segments == 0) {
		p->n_names = 0;
		today(p);
		return true;
	}
	if (path_fits(p, "/c/{contract}")) {
		overview(p);
		return true;
	}
	return see_newest(p);
}
