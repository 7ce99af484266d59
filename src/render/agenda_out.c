/* SPDX-License-Identifier: Apache-2.0 */
/* today and deadlines as a document, JSON and CSV; the calendar is agenda_ics.c. */
#include "render/agenda.h"

#include "render/json_parts.h"
#include "render/table_csv.h"

static const char *who_key(enum party p)
{
	return p == PARTY_UNKNOWN ? "both" : party_word(p);
}

static struct phrase who_words(struct doc *d, enum party p)
{
	switch (p) {
	case PARTY_PROVIDER:
		return SAY0(d, W_PARTY_PROVIDER);
	case PARTY_CLIENT:
		return SAY0(d, W_PARTY_CLIENT);
	case PARTY_MONITOR:
		return SAY0(d, W_PARTY_MONITOR);
	case PARTY_SUPPLIER:
		return SAY0(d, W_PARTY_SUPPLIER);
	case PARTY_UNKNOWN:
		break;
	}
	return SAY0(d, W_BOTH_PARTIES);
}

/* Each contract's times are its own zone's. */
static struct phrase when_words(struct doc *d, const struct agenda_item *x)
{
	const struct zone *before = d->zone;
	struct phrase p;

	if (x->at == INSTANT_NONE)
		return NO_WORDS;
	d->zone = x->zone;
	if (x->since)
		p = SAY(d, W_SINCE, doc_time(d, x->at, TIME_DATE));
	else if (x->whole_day)
		p = doc_time(d, x->at, TIME_LAST_DAY);
	else /* a day is meant, or a moment of it; nobody reads thousandths */
		p = doc_time(d, x->at / SECOND_MS * SECOND_MS, TIME_MOMENT);
	d->zone = before;
	return p;
}

static struct phrase overdue_words(struct doc *d, const struct agenda_item *x, struct phrase words)
{
	if (!x->late)
		return words;
	return doc_join(d, words,
			doc_join(d, doc_plain(d, text_of(" ")),
				 doc_state_run(d, STATE_MISSED, SAY0(d, W_OVERDUE))));
}

static struct phrase what_words(struct doc *d, const struct agenda_item *x)
{
	struct phrase what = doc_plain(d, x->what);

	if (x->why.n > 0 && agenda_section_of(x->kind) != AGENDA_DEADLINES)
		what = SAY(d, W_COLON, what, doc_plain(d, x->why));
	return overdue_words(d, x, what);
}

static struct phrase money_words(struct doc *d, const struct agenda_item *x)
{
	return x->priced ? doc_money(d, x->amount) : NO_WORDS;
}

static struct phrase command_words(struct doc *d, const struct agenda_item *x)
{
	return x->command.n > 0 ? doc_run(d, RUN_CODE, x->command, text_of("")) : NO_WORDS;
}

/* --- today --- */

static struct phrase clock_state_words(struct doc *d, const struct agenda_item *x)
{
	struct phrase p;

	if (x->kind == TASK_CLOCK_LATE)
		return doc_state_run(d, STATE_MISSED, SAY0(d, W_STATE_LATE));
	if (x->kind == TASK_CLOCK_AT_RISK)
		return doc_state_run(d, STATE_RISK, SAY0(d, W_STATE_AT_RISK));
	p = doc_state_run(d, STATE_RISK, SAY0(d, W_STATE_PAUSED_AT_RISK));
	return x->paused_for.n > 0 ? SAY(d, W_COLON, p, doc_plain(d, x->paused_for)) : p;
}

static struct phrase clock_due_words(struct doc *d, const struct agenda_item *x)
{
	struct phrase p = when_words(d, x);

	return x->if_resumed != INSTANT_NONE && p.n > 0 ? SAY(d, W_IF_RESUMED, p) : p;
}

static struct table *section_table(struct doc *d, enum agenda_section s)
{
	const struct table_column clocks[] = {
		{SAY0(d, W_CONTRACT), COLUMN_TEXT}, {SAY0(d, W_TICKET), COLUMN_TEXT},
		{SAY0(d, W_STATE), COLUMN_TEXT},    {SAY0(d, W_LEFT), COLUMN_NUMBER},
		{SAY0(d, W_OF_GOAL), COLUMN_PAGE},  {SAY0(d, W_DUE), COLUMN_TEXT},
		{SAY0(d, W_COMMAND), COLUMN_PAGE}};
	const struct table_column others[] = {
		{SAY0(d, W_CONTRACT), COLUMN_TEXT}, {SAY0(d, W_WHAT), COLUMN_TEXT},
		{SAY0(d, W_WHO), COLUMN_TEXT},      {SAY0(d, W_WHEN), COLUMN_TEXT},
		{SAY0(d, W_AMOUNT), COLUMN_NUMBER}, {SAY0(d, W_COMMAND), COLUMN_PAGE}};

	return s == AGENDA_CLOCKS ? doc_table(d, NO_WORDS, clocks, ARRAY_SIZE(clocks))
				  : doc_table(d, NO_WORDS, others, ARRAY_SIZE(others));
}

static void today_row(struct doc *d, struct table *t, const struct agenda_item *x)
{
	struct phrase contract = doc_plain(d, x->contract);

	if (agenda_section_of(x->kind) == AGENDA_CLOCKS)
		ROW(d, t, contract, doc_plain(d, x->what), clock_state_words(d, x),
		    doc_span(d, x->left_ms), doc_span(d, x->goal_ms), clock_due_words(d, x),
		    command_words(d, x));
	else
		ROW(d, t, contract, what_words(d, x), who_words(d, x->who), when_words(d, x),
		    money_words(d, x), command_words(d, x));
}

static const struct {
	const char *key;
	enum wording heading;
} SECTIONS[] = {
	[AGENDA_CLOCKS] = {"clocks", W_TODAY_CLOCKS},
	[AGENDA_DEADLINES] = {"deadlines", W_TODAY_DEADLINES},
	[AGENDA_STATEMENTS] = {"statements", W_TODAY_STATEMENTS},
	[AGENDA_INVOICES] = {"invoices", W_TODAY_INVOICES},
	[AGENDA_DISPUTES] = {"disputes", W_TODAY_DISPUTES},
	[AGENDA_FACTS] = {"facts", W_TODAY_FACTS},
	[AGENDA_PAYMENTS] = {"payments", W_TODAY_PAYMENTS},
	[AGENDA_WAITING] = {"waiting", W_TODAY_WAITING},
	[AGENDA_TOLD] = {"told", W_TODAY_TOLD},
};
_Static_assert(ARRAY_SIZE(SECTIONS) == AGENDA_SECTIONS, "a heading for every section");

/* Of the provider's side alone, or of those who may read amounts; a statement says what is owed, so it is among them (trust.md P3). */
static bool is_money(enum agenda_section s)
{
	return s == AGENDA_STATEMENTS || s == AGENDA_INVOICES || s == AGENDA_DISPUTES ||
	       s == AGENDA_PAYMENTS || s == AGENDA_WAITING;
}

static void today_section(struct doc *d, const struct agenda *a, enum agenda_section s)
{
	struct table *t = NULL;

	for (size_t i = 0; i < a->n; i++) {
		const struct agenda_item *x = &a->v[i];

		if (agenda_section_of(x->kind) != s)
			continue;
		if (t == NULL) {
			struct phrase heading =
				s == AGENDA_DEADLINES
					? SAY(d, W_TODAY_DEADLINES, doc_int(d, a->days))
					: SAY0(d, SECTIONS[s].heading);

			doc_section(d, SECTIONS[s].key, heading);
			t = section_table(d, s);
			if (x->command.n > 0)
				doc_hint(d, x->command, SAY(d, W_HINT_DEALS, heading));
		}
		today_row(d, t, x);
	}
}

static struct doc *head(const struct agenda *a, enum wording title)
{
	struct doc *d = doc_new(a->arena, a->language, a->n > 0 ? a->v[0].zone : NULL);

	d->title = SAY0(d, title);
	d->aside = COUNTED(d, (int64_t)a->n_contracts, W_TODAY_CONTRACTS);
	d->under = SAY(d, W_AS_OF, doc_time(d, a->now / SECOND_MS * SECOND_MS, TIME_FULL));
	return d;
}

struct doc *today_doc(const struct agenda *a)
{
	struct doc *d = head(a, W_TODAY);

	for (int s = 0; s < AGENDA_SECTIONS; s++)
		today_section(d, a, (enum agenda_section)s);
	if (a->n == 0)
		doc_paragraph(d, SAY(d, W_TODAY_NOTHING, doc_int(d, a->days)));
	if (!a->money)
		doc_footer(d, SAY0(d, W_TODAY_WITHHELD));
	return d;
}

/* --- JSON --- */

static void kv_some(struct json *j, const char *key, struct text t)
{
	if (t.n > 0)
		json_kv_text(j, key, t);
}

static struct text day_words(const struct agenda *a, day d)
{
	struct buf b;
	struct text out;

	buf_init(&b, 16);
	day_print(&b, d);
	out = text_copy(a->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static struct text due_day(const struct agenda *a, const struct agenda_item *x)
{
	return day_words(a, zone_day(x->zone, x->at - 1));
}

static void json_amount(struct json *j, struct money m)
{
	struct buf b;

	buf_init(&b, 64);
	decimal_print_places(&b, (struct decimal){m.minor, m.currency.decimals},
			     m.currency.decimals);
	json_kv_text(j, "amount", buf_view(&b));
	json_kv_str(j, "currency", m.currency.code);
	buf_free(&b);
}

static void json_changes(struct json *j, const struct agenda *a, const struct agenda_item *x)
{
	json_key(j, "comes_to");
	json_open_array(j);
	for (size_t i = 0; i < x->n_changes; i++) {
		const struct agenda_change *c = &x->changes[i];

		json_open_object(j);
		json_kv_text(j, "charge", c->charge);
		json_kv_text(j, "from", day_words(a, c->service.from));
		json_kv_text(j, "to", day_words(a, c->service.to - 1));
		json_amount(j, c->amount);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_item(struct json *j, const struct agenda *a, const struct agenda_item *x)
{
	bool clock = agenda_section_of(x->kind) == AGENDA_CLOCKS;

	json_open_object(j);
	json_kv_str(j, "kind", agenda_kind_word(x->kind));
	json_kv_text(j, "contract", x->contract);
	if (x->zone != NULL)
		kv_some(j, "zone", zone_name(x->zone));
	kv_some(j, "client", x->client);
	kv_some(j, "about", x->about);
	json_kv_text(j, "what", x->what);
	kv_some(j, "why", x->why);
	json_kv_str(j, "who", who_key(x->who));
	if (!clock || x->if_resumed == INSTANT_NONE)
		json_instant(j, x->since ? "since" : "due", x->at);
	if (x->whole_day && x->at != INSTANT_NONE)
		json_kv_text(j, "due_day", due_day(a, x));
	json_kv_bool(j, "late", x->late);
	if (x->counted)
		json_kv_int(j, "left_ms", x->left_ms);
	if (x->priced)
		json_amount(j, x->amount);
	if (clock) {
		json_kv_text(j, "metric", x->metric);
		kv_some(j, "priority", x->priority);
		json_kv_int(j, "used_ms", x->used_ms);
		json_kv_int(j, "goal_ms", x->goal_ms);
		kv_some(j, "paused_for", x->paused_for);
		json_instant(j, "due_if_resumed", x->if_resumed);
	}
	if (x->asks.n > 0) {
		json_kv_text(j, "asks", x->asks);
		json_kv_int(j, "entry", x->entry);
		kv_some(j, "charge", x->charge);
		kv_some(j, "service", x->service);
	}
	if (x->changes_known)
		json_changes(j, a, x);
	kv_some(j, "command", x->command);
	json_end_object(j);
}

static void json_head(struct json *j, const struct agenda *a, const char *name)
{
	json_open_object(j);
	json_kv_int(j, name, 1);
	json_instant(j, "as_of", a->now);
	json_kv_int(j, "days", a->days);
}

void today_json(const struct agenda *a, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_head(&j, a, "tenor_today");
	json_kv_int(&j, "contracts", (int64_t)a->n_contracts);
	json_key(&j, "sections");
	json_open_array(&j);
	for (int s = 0; s < AGENDA_SECTIONS; s++) {
		json_open_object(&j);
		json_kv_str(&j, "section", SECTIONS[s].key);
		if (!a->money && is_money((enum agenda_section)s))
			json_kv_str(&j, "withheld", "MONEY_READ");
		json_key(&j, "items");
		json_open_array(&j);
		for (size_t i = 0; i < a->n; i++)
			if (agenda_section_of(a->v[i].kind) == (enum agenda_section)s)
				json_item(&j, a, &a->v[i]);
		json_end_array(&j);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

/* --- deadlines --- */

struct doc *deadlines_doc(const struct agenda *a)
{
	struct doc *d = head(a, W_DEADLINES_TITLE);
	const struct table_column columns[] = {
		{SAY0(d, W_UNTIL), COLUMN_TEXT},    {SAY0(d, W_WHO), COLUMN_TEXT},
		{SAY0(d, W_WHAT), COLUMN_TEXT},     {SAY0(d, W_CONTRACT), COLUMN_TEXT},
		{SAY0(d, W_AMOUNT), COLUMN_NUMBER}, {SAY0(d, W_CLAUSE), COLUMN_PAGE},
		{SAY0(d, W_COMMAND), COLUMN_PAGE}};
	size_t n = ARRAY_SIZE(columns) - (a->in_page ? 1 : 0);
	struct table *t;

	if (a->n == 0) {
		doc_paragraph(d, SAY(d, W_DEADLINES_NONE, doc_int(d, a->days)));
		return d;
	}
	t = doc_table(d, NO_WORDS, columns, n);
	for (size_t i = 0; i < a->n; i++) {
		const struct agenda_item *x = &a->v[i];
		const struct phrase cells[] = {when_words(d, x),   who_words(d, x->who),
					       what_words(d, x),   doc_plain(d, x->contract),
					       money_words(d, x),  doc_plain(d, x->why),
					       command_words(d, x)};

		(void)table_row(d, t, cells, n);
	}
	doc_hint(d, text_of("tenor deadlines --format ics -o deadlines.ics"),
		 SAY0(d, W_DEADLINES_HINT));
	return d;
}

void deadlines_json(const struct agenda *a, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_head(&j, a, "tenor_deadlines");
	if (!a->money)
		json_kv_str(&j, "withheld", "MONEY_READ");
	json_key(&j, "deadlines");
	json_open_array(&j);
	for (size_t i = 0; i < a->n; i++)
		json_item(&j, a, &a->v[i]);
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

void deadlines_csv(const struct agenda *a, struct buf *out)
{
	struct table_csv c = {.out = out};
	struct buf at;

	buf_str(out, "contract,client,kind,about,what,who,due,late,amount,currency,why\n");
	buf_init(&at, 64);
	for (size_t i = 0; i < a->n; i++) {
		const struct agenda_item *x = &a->v[i];

		buf_clear(&at);
		if (x->at != INSTANT_NONE && x->whole_day)
			buf_text(&at, due_day(a, x));
		else if (x->at != INSTANT_NONE)
			instant_print(&at, x->at);
		csv_text(&c, x->contract);
		csv_text(&c, x->client);
		csv_word(&c, agenda_kind_word(x->kind));
		csv_text(&c, x->about);
		csv_text(&c, x->what);
		csv_word(&c, who_key(x->who));
		csv_text(&c, buf_view(&at));
		csv_word(&c, x->late ? "true" : "false");
		if (x->priced) {
			csv_amount(&c, x->amount.minor, x->amount.currency);
			csv_word(&c, x->amount.currency.code);
		} else
			csv_empty(&c, 2);
		csv_text(&c, x->why);
		csv_end(&c);
	}
	buf_free(&at);
}
