/* SPDX-License-Identifier: Apache-2.0 */
/* One ticket: where it stands, its clocks as they ran, what was said and done, what it costs, what it led to. */
#include "render/said.h"
#include "render/tickets_parts.h"

enum { VALUE_MAX_BYTES = 1 << 16 };

static struct text word(const struct outcome *o, symbol y)
{
	return y == 0 ? text_of("") : symbol_text(o->in.facts->symbols, y);
}

size_t ticket_credits(struct arena *a, const struct outcome *o, const struct desk_ticket *t,
		      uint32_t **out)
{
	bool *mine = arena_array(a, bool, o->n_clocks);
	uint32_t *v = arena_array(a, uint32_t, o->n_credits);
	size_t n = 0;

	for (size_t i = 0; i < t->n_clocks; i++)
		mine[t->clocks[i]] = clock_late(&o->clocks[t->clocks[i]]);
	for (uint32_t i = 0; i < o->n_credits; i++) {
		const struct window_result *w = &o->windows[o->credits[i].window];
		bool led = false;

		for (size_t k = 0; k < w->n_clocks && !led; k++)
			led = mine[w->clocks[k]];
		if (o->credits[i].clock != UINT32_MAX)
			led = mine[o->credits[i].clock];
		if (led)
			v[n++] = i;
	}
	*out = v;
	return n;
}

/* The free words of a field as told, or empty. */
static struct text told(const struct ticket_fact *f, enum fact_field field)
{
	const struct fact_value *v = f->withheld || (f->covered && field == FIELD_HEALTH)
					     ? NULL
					     : fact_value(f->told, field);

	return v == NULL ? text_of("") : symbol_text(f->words, v->word);
}

static struct text summary_of(const struct ticket_page *p)
{
	for (size_t i = 0; i < p->n_facts; i++)
		if (p->facts[i].fact == p->t->logged_fact)
			return told(&p->facts[i], FIELD_SUMMARY);
	return text_of("");
}

/* --- the document --- */

/* Somebody by name; of whom only an opaque id is known, nothing: the side is said, and the entry has the id. */
static struct phrase person_words(struct doc *d, struct text who)
{
	enum { OPAQUE = 18 }; /* "u_" and 16 characters (trust.md J5) */

	return text_starts(who, "u_") && who.n == OPAQUE ? NO_WORDS : doc_plain(d, who);
}

static void head(struct report *r, const struct ticket_page *p)
{
	struct doc *d = r->d;
	const struct desk_ticket *t = p->t;
	const struct promise *of = report_promise(r, t->version);
	struct pairs *v = doc_pairs(d);

	pair_add(d, v, SAY0(d, W_STATE),
		 SAY(d, W_PAIR, desk_state_words(d, t->state),
		     SAY(d, W_SINCE, doc_time(d, t->since, TIME_MOMENT))));
	if (t->into != 0)
		pair_add(d, v, SAY0(d, W_DESK_GOES_ON), doc_plain(d, word(p->outcome, t->into)));
	if (t->priority >= 0)
		pair_add(d, v, SAY0(d, W_PRIORITY), priority_words(r, t->version, t->priority));
	if (t->service >= 0)
		pair_add(d, v, SAY0(d, W_DESK_SERVICE),
			 doc_plain(d, of->services[t->service].name.n > 0
					      ? of->services[t->service].name
					      : of->services[t->service].id));
	if (t->site != 0)
		pair_add(d, v, SAY0(d, W_DESK_SITE), doc_plain(d, word(p->outcome, t->site)));
	pair_add(d, v, SAY0(d, W_EVENT_LOGGED), doc_time(d, t->logged, TIME_MOMENT));
	if (t->technician != 0)
		pair_add(d, v, SAY0(d, W_DESK_TECHNICIAN),
			 person_words(d, p->technician).n > 0 ? person_words(d, p->technician)
							      : SAY0(d, W_PARTY_PROVIDER));
	if (p->queue.n > 0)
		pair_add(d, v, SAY0(d, W_WEB_QUEUE), doc_plain(d, p->queue));
	pair_add(d, v, SAY0(d, W_DESK_SCOPE),
		 SAY0(d, t->out_of_scope ? W_DESK_EXTRA : W_DESK_COVERED));
}

static struct phrase said_words(struct doc *d, const struct ticket_fact *f)
{
	static const enum fact_field fields[] = {FIELD_SUMMARY, FIELD_WORDS, FIELD_REASON};
	struct phrase v[5] = {NO_WORDS, NO_WORDS, NO_WORDS, NO_WORDS, NO_WORDS};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		v[i] = doc_plain(d, told(f, fields[i]));
	if (f->withheld)
		v[3] = SAY0(d, W_DESK_WITHHELD);
	else if (f->covered)
		v[4] = SAY0(d, W_DESK_HEALTH_COVERED);
	else if (told(f, FIELD_HEALTH).n > 0)
		v[4] = SAY(d, W_COLON, SAY0(d, W_DESK_HEALTH), doc_plain(d, told(f, FIELD_HEALTH)));
	return doc_join_all(d, " \xc2\xb7 ", v, ARRAY_SIZE(v));
}

static struct text value_text(struct arena *a, const struct ticket_fact *f,
			      const struct fact_value *v)
{
	struct buf b;
	struct text t;

	buf_init(&b, VALUE_MAX_BYTES);
	switch (field_row((enum fact_field)v->field)->type) {
	case FIELD_SYMBOL:
	case FIELD_SYMBOLS:
	case FIELD_TEXT:
		buf_text(&b, symbol_text(f->words, v->word));
		break;
	case FIELD_INSTANT:
		instant_print(&b, v->number);
		break;
	case FIELD_BOOL:
		buf_str(&b, v->number != 0 ? "true" : "false");
		break;
	case FIELD_INT:
		buf_i64(&b, v->number);
		break;
	case FIELD_DECIMAL:
		decimal_print(&b, (struct decimal){v->number, (uint8_t)v->scale});
		break;
	}
	t = text_copy(a, buf_view(&b));
	buf_free(&b);
	return t;
}

static const struct {
	enum fact_field field;
	enum wording label;
	bool named; /* its value is a word of ours */
} labels[] = {
	{FIELD_SERVICE, W_DESK_SERVICE, false},
	{FIELD_SITE, W_DESK_SITE, false},
	{FIELD_PRIORITY, W_PRIORITY, false},
	{FIELD_TECHNICIAN, W_DESK_TECHNICIAN, false},
	{FIELD_CHANNEL, W_SAID_FIELD_CHANNEL, true},
	{FIELD_VIA, W_SAID_FIELD_VIA, true},
	{FIELD_LIVE, W_SAID_FIELD_LIVE, true},
	{FIELD_AUTHOR, W_SAID_FIELD_AUTHOR, true},
	{FIELD_VISIBILITY, W_SAID_FIELD_VISIBILITY, true},
	{FIELD_ASKS, W_SAID_FIELD_ASKS, true},
	{FIELD_PLACE, W_SAID_FIELD_PLACE, true},
	{FIELD_UNTIL, W_SAID_FIELD_UNTIL, false},
	{FIELD_SUPPLIER, W_SAID_FIELD_SUPPLIER, false},
	{FIELD_SUPPLIER_TICKET, W_SAID_FIELD_SUPPLIER_TICKET, false},
	{FIELD_IN_SCOPE, W_SAID_FIELD_IN_SCOPE, true},
	{FIELD_CLAUSE, W_SAID_FIELD_CLAUSE, false},
	{FIELD_WORKAROUND, W_SAID_FIELD_WORKAROUND, true},
	{FIELD_INTO, W_SAID_FIELD_INTO, false},
	{FIELD_SCORE, W_SAID_FIELD_SCORE, false},
	{FIELD_SUBJECT, W_SAID_FIELD_SUBJECT, false},
	{FIELD_REPORTED_VERDICT, W_SAID_FIELD_VERDICT, false},
};

/* By a person, for both sides: what goes without saying. */
static bool is_plain(enum fact_field field, struct text value)
{
	return (field == FIELD_AUTHOR && text_is(value, "human")) ||
	       (field == FIELD_VIA && text_is(value, "person")) ||
	       (field == FIELD_VISIBILITY && text_is(value, "public"));
}

static struct phrase one_field_words(struct doc *d, const struct ticket_fact *f,
				     const struct fact_value *v)
{
	const struct field_row *row = field_row((enum fact_field)v->field);
	struct text value = value_text(d->arena, f, v);
	struct phrase words = row->type == FIELD_INSTANT ? doc_time(d, v->number, TIME_MOMENT)
							 : doc_plain(d, value);

	if (is_plain((enum fact_field)v->field, value))
		return NO_WORDS;
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++)
		if (labels[i].field == (enum fact_field)v->field)
			return SAY(d, W_COLON, SAY0(d, labels[i].label),
				   labels[i].named ? said_phrase(d, value) : words);
	return SAY(d, W_COLON, doc_run(d, RUN_CODE, text_of(row->key), text_of("")), words);
}

static struct phrase fields_words(struct doc *d, const struct ticket_fact *f)
{
	struct phrase all = NO_WORDS;

	for (size_t i = 0; i < f->told->n_values; i++) {
		const struct fact_value *v = &f->told->values[i];

		if (v->field == FIELD_TICKET ||
		    field_row((enum fact_field)v->field)->type == FIELD_TEXT)
			continue;
		struct phrase both[2] = {all, one_field_words(d, f, v)};

		all = doc_join_all(d, ", ", both, 2);
	}
	return all;
}

/* Whether the health data of the ticket is open to who reads, and up to when (trust.md P10). */
static void health_words(struct doc *d, const struct ticket_page *p)
{
	if (!p->health || p->health_until == INSTANT_MAX)
		return;
	doc_paragraph(
		d, p->health_until == INSTANT_NONE
			   ? SAY0(d, W_DESK_HEALTH_WHY)
			   : SAY(d, W_DESK_HEALTH_OPEN, doc_time(d, p->health_until, TIME_MOMENT)));
}

static void facts_table(struct report *r, const struct ticket_page *p)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {
		{SAY0(d, W_WHEN), COLUMN_TEXT},     {SAY0(d, W_FACT_KIND), COLUMN_TEXT},
		{SAY0(d, W_BY), COLUMN_TEXT},       {SAY0(d, W_DESK_SAID), COLUMN_TEXT},
		{SAY0(d, W_RECORDED), COLUMN_PAGE}, {SAY0(d, W_DESK_ENTRY), COLUMN_NUMBER}};
	struct table *t;

	doc_section(d, "facts", SAY0(d, W_DESK_FACTS));
	health_words(d, p);
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < p->n_facts; i++) {
		const struct ticket_fact *x = &p->facts[i];
		const struct fact *f = view_fact(p->outcome->view, x->fact);
		struct phrase said[2] = {said_words(d, x), fields_words(d, x)};

		ROW(d, t, doc_time(d, f->occurred_at, TIME_MOMENT),
		    said_kind(d, (enum fact_kind)f->kind),
		    doc_join_all(d, " ",
				 (const struct phrase[]){party_words(r, (enum party)f->party),
							 person_words(d, x->who)},
				 2),
		    doc_join_all(d, " \xc2\xb7 ", said, 2),
		    doc_time(d, f->recorded_at / SECOND_MS * SECOND_MS, TIME_MOMENT),
		    doc_int(d, x->entry));
	}
}

static void accesses_table(struct report *r, const struct ticket_page *p)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_WHEN), COLUMN_TEXT},
					       {SAY0(d, W_BY), COLUMN_TEXT},
					       {SAY0(d, W_DESK_HEALTH_REASON), COLUMN_TEXT},
					       {SAY0(d, W_DESK_SAID), COLUMN_TEXT},
					       {SAY0(d, W_DESK_ENTRY), COLUMN_NUMBER}};
	struct table *t;

	if (p->n_accesses == 0)
		return;
	t = doc_table(d, SAY0(d, W_DESK_HEALTH_OPENED), columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < p->n_accesses; i++) {
		const struct ticket_access *x = &p->accesses[i];

		ROW(d, t, doc_time(d, x->at, TIME_MOMENT),
		    doc_join_all(d, " ",
				 (const struct phrase[]){SAY0(d, W_PARTY_PROVIDER),
							 person_words(d, x->who)},
				 2),
		    said_phrase(d, x->code), doc_plain(d, x->why), doc_int(d, x->entry));
	}
}

static struct phrase size_words(struct doc *d, int64_t bytes)
{
	return bytes < 1024 ? SAY(d, W_DESK_FILE_BYTES, doc_int(d, bytes))
			    : SAY(d, W_DESK_FILE_KIB, doc_int(d, (bytes + 1023) / 1024));
}

static struct phrase attachment_words(struct report *r, const struct ticket_attachment *x)
{
	struct doc *d = r->d;
	struct phrase name = doc_plain(d, x->name);

	if (x->erased_at != INSTANT_NONE)
		name = SAY(d, W_DESK_FILE_ERASED,
			   doc_day(d, zone_day(statement_zone(r), x->erased_at)));
	else if (x->covered)
		return SAY0(d, W_DESK_HEALTH_COVERED);
	else if (x->name.n == 0)
		name = SAY0(d, W_DESK_FILE_NAMELESS);
	else if (x->link.n > 0)
		name = doc_link(d, x->link, name);
	if (x->health)
		return SAY(d, W_DESK_FILE_HEALTH, name);
	return x->internal ? SAY(d, W_DESK_FILE_INTERNAL, name) : name;
}

static void attachments_table(struct report *r, const struct ticket_page *p)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {
		{SAY0(d, W_WHEN), COLUMN_TEXT},     {SAY0(d, W_DESK_FILE), COLUMN_TEXT},
		{SAY0(d, W_WEB_KIND), COLUMN_TEXT}, {SAY0(d, W_DESK_FILE_SIZE), COLUMN_NUMBER},
		{SAY0(d, W_BY), COLUMN_TEXT},       {SAY0(d, W_DESK_ENTRY), COLUMN_NUMBER}};
	struct table *t;

	if (p->n_attachments == 0)
		return;
	doc_section(d, "attachments", SAY0(d, W_DESK_FILES));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < p->n_attachments; i++) {
		const struct ticket_attachment *x = &p->attachments[i];

		ROW(d, t, doc_time(d, x->at, TIME_MOMENT), attachment_words(r, x),
		    doc_plain(d, x->type), size_words(d, x->bytes), person_words(d, x->who),
		    doc_int(d, x->entry));
	}
}

/* The provider's own: whoever prints the page sees that it is not for the client. */
static void notes_table(struct report *r, const struct ticket_page *p)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_WHEN), COLUMN_TEXT},
					       {SAY0(d, W_BY), COLUMN_TEXT},
					       {SAY0(d, W_DESK_SAID), COLUMN_TEXT}};
	struct table *t;

	if (p->n_notes == 0)
		return;
	doc_section(d, "notes", SAY0(d, W_WEB_NOTES));
	doc_paragraph(d, SAY0(d, W_WEB_NOTES_WHY));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < p->n_notes; i++) {
		const struct ticket_note *x = &p->notes[i];

		ROW(d, t, doc_time(d, x->at, TIME_MOMENT), doc_plain(d, x->who),
		    x->queue.n > 0 ? SAY(d, W_WEB_PUT_INTO, doc_plain(d, x->queue))
				   : doc_plain(d, x->words));
	}
}

static void work_table(struct report *r, const struct ticket_page *p)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_WHEN), COLUMN_TEXT},
					       {SAY0(d, W_DESK_TECHNICIAN), COLUMN_TEXT},
					       {SAY0(d, W_DESK_TIME), COLUMN_NUMBER},
					       {SAY0(d, W_DESK_SCOPE), COLUMN_TEXT}};
	struct table *t;

	if (p->n_work == 0)
		return;
	doc_section(d, "work", SAY0(d, W_DESK_WORK));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < p->n_work; i++) {
		const struct ticket_work *w = &p->work[i];
		struct phrase scope =
			w->covered.n > 0  ? SAY(d, W_DESK_COVERED_BY, doc_plain(d, w->covered))
			: w->charge.n > 0 ? SAY(d, W_DESK_CHARGED_AS, doc_plain(d, w->charge))
					  : NO_WORDS;

		ROW(d, t, doc_time(d, w->at, TIME_MOMENT), doc_plain(d, w->technician),
		    doc_span(d, w->minutes * MINUTE_MS), scope);
	}
}

static void lines_table(struct report *r, const struct ticket_page *p)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_DESK_PERIOD), COLUMN_TEXT},
					       {SAY0(d, W_DESK_RESTS_ON), COLUMN_TEXT},
					       {SAY0(d, W_AMOUNT), COLUMN_NUMBER}};
	struct table *t;

	if (!p->money || p->n_lines == 0)
		return;
	t = doc_table(d, SAY0(d, W_DESK_LINES), columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < p->n_lines; i++) {
		const struct ticket_line *l = &p->lines[i];

		ROW(d, t, doc_plain(d, l->name.n > 0 ? l->name : l->charge),
		    SAY(d, W_FROM_TO, doc_day(d, l->period.from), doc_day(d, l->period.to - 1)),
		    SAY(d, W_OF, doc_int(d, l->facts), doc_int(d, l->of)),
		    doc_money(d, (struct money){l->net, p->currency}));
	}
}

static void credits_list(struct report *r, const struct ticket_page *p)
{
	struct doc *d = r->d;
	uint32_t *v;
	size_t n = ticket_credits(d->arena, p->outcome, p->t, &v);
	struct pairs *pairs;

	if (n == 0)
		return;
	doc_section(d, "credits", SAY0(d, W_DESK_CREDITS));
	pairs = doc_pairs(d);
	for (size_t i = 0; i < n; i++) {
		const struct credit *c = &p->outcome->credits[v[i]];
		const struct window_result *w = &p->outcome->windows[c->window];
		struct pair *x = pair_add(
			d, pairs, doc_plain(d, text_of(c->id)),
			SAY(d, W_PAIR, metric_words(r, w->version, w->metric), window_words(r, w)));

		if (p->money)
			x->amount = doc_money(d, c->amount);
	}
}

struct doc *ticket_doc(struct arena *a, const struct ticket_page *p)
{
	struct report *r = ticket_report(a, p->outcome, p->language);
	const struct promise *of = statement_promise(r);
	struct doc *d = r->d;
	struct text summary = summary_of(p);

	d->title =
		doc_join_all(d, " \xc2\xb7 ",
			     (const struct phrase[]){SAY(d, W_DESK_TICKET,
							 doc_plain(d, word(p->outcome, p->t->id))),
						     doc_plain(d, summary)},
			     2);
	d->aside = doc_plain(d, of->id);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, of->provider), doc_plain(d, of->client));
	d->under = SAY(d, W_AS_OF, doc_time(d, p->outcome->in.as_of, TIME_FULL));
	head(r, p);
	cover_section(r, p);
	if (p->t->n_clocks > 0)
		doc_section(d, "clocks", SAY0(d, W_DESK_CLOCKS));
	for (size_t i = 0; i < p->t->n_clocks; i++)
		reason_clock(r, 0, p->t->clocks[i]);
	facts_table(r, p);
	accesses_table(r, p);
	attachments_table(r, p);
	notes_table(r, p);
	work_table(r, p);
	lines_table(r, p);
	credits_list(r, p);
	doc_footer(d, SAY(d, W_TIMES_SHOWN_IN, doc_plain(d, zone_name(statement_zone(r)))));
	return d;
}

/* --- JSON --- */

static void json_value(struct json *j, const struct ticket_fact *f, const struct fact_value *v)
{
	switch (field_row((enum fact_field)v->field)->type) {
	case FIELD_BOOL:
		json_bool(j, v->number != 0);
		break;
	case FIELD_INT:
		json_int(j, v->number);
		break;
	case FIELD_SYMBOL:
	case FIELD_SYMBOLS:
	case FIELD_TEXT:
	case FIELD_INSTANT:
	case FIELD_DECIMAL: {
		struct arena *scratch = arena_new((size_t)1 << 20);

		json_text(j, value_text(scratch, f, v));
		arena_free(scratch);
	}
	}
}

/* A list is a field that comes once for each member. */
static void json_fields(struct json *j, const struct ticket_fact *f)
{
	const struct fact *x = f->told;

	for (size_t i = 0; i < x->n_values; i++) {
		const struct fact_value *v = &x->values[i];
		const struct field_row *row = field_row((enum fact_field)v->field);

		if (v->field == FIELD_TICKET || (row->type == FIELD_TEXT && f->withheld) ||
		    (v->field == FIELD_HEALTH && f->covered))
			continue;
		json_key(j, row->key);
		if (row->type != FIELD_SYMBOLS) {
			json_value(j, f, v);
			continue;
		}
		json_open_array(j);
		json_value(j, f, v);
		while (i + 1 < x->n_values && x->values[i + 1].field == v->field)
			json_value(j, f, &x->values[++i]);
		json_end_array(j);
	}
}

static void json_told(struct json *j, const struct ticket_page *p, const struct ticket_fact *x)
{
	const struct fact *f = view_fact(p->outcome->view, x->fact);
	uint16_t flags = p->outcome->view->flags[x->fact];

	json_open_object(j);
	json_kv_int(j, "entry", x->entry);
	json_kv_text(j, "id", word(p->outcome, f->id));
	json_kv_str(j, "fact", fact_row((enum fact_kind)f->kind)->kind);
	json_instant(j, "occurred_at", f->occurred_at);
	json_instant(j, "recorded_at", f->recorded_at);
	if (f->party != PARTY_UNKNOWN)
		json_kv_str(j, "party", party_word((enum party)f->party));
	json_kv_text(j, "who", x->who);
	json_key(j, "fields");
	json_open_object(j);
	json_fields(j, x);
	json_end_object(j);
	if (x->withheld)
		json_kv_str(j, "withheld", "PERSONAL_READ");
	if (x->covered)
		json_kv_bool(j, "covered", true);
	json_key(j, "flags");
	json_open_array(j);
	for (unsigned bit = 0; bit < FACT_FLAG_BITS; bit++)
		if ((flags >> bit & 1) != 0)
			json_str(j, flag_word((enum fact_flag)(1 << bit)));
	json_end_array(j);
	json_end_object(j);
}

static void json_health(struct json *j, const struct ticket_page *p)
{
	if (!p->health)
		return;
	if (p->health_until == INSTANT_NONE || p->health_until == INSTANT_MAX)
		json_kv_str(j, "health", p->health_until == INSTANT_MAX ? "open" : "covered");
	else
		json_instant(j, "health", p->health_until);
	json_key(j, "accesses");
	json_open_array(j);
	for (size_t i = 0; i < p->n_accesses; i++) {
		const struct ticket_access *x = &p->accesses[i];

		json_open_object(j);
		json_kv_int(j, "entry", x->entry);
		json_instant(j, "at", x->at);
		json_kv_text(j, "who", x->who);
		json_kv_text(j, "reason_code", x->code);
		if (x->why.n > 0)
			json_kv_text(j, "reason", x->why);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_attachments(struct json *j, const struct ticket_page *p)
{
	json_key(j, "attachments");
	json_open_array(j);
	for (size_t i = 0; i < p->n_attachments; i++) {
		const struct ticket_attachment *x = &p->attachments[i];

		json_open_object(j);
		json_kv_text(j, "attachment", x->id);
		json_kv_int(j, "entry", x->entry);
		json_instant(j, "at", x->at);
		json_kv_text(j, "who", x->who);
		if (x->name.n > 0)
			json_kv_text(j, "name", x->name);
		json_kv_text(j, "type", x->type);
		json_kv_int(j, "bytes", x->bytes);
		json_kv_bool(j, "internal", x->internal);
		if (x->health)
			json_kv_bool(j, "health", true);
		if (x->covered)
			json_kv_bool(j, "covered", true);
		if (x->erased_at != INSTANT_NONE)
			json_instant(j, "erased_at", x->erased_at);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_notes(struct json *j, const struct ticket_page *p)
{
	if (p->n_notes == 0)
		return;
	json_key(j, "notes");
	json_open_array(j);
	for (size_t i = 0; i < p->n_notes; i++) {
		json_open_object(j);
		json_instant(j, "at", p->notes[i].at);
		json_kv_text(j, "who", p->notes[i].who);
		if (p->notes[i].queue.n > 0)
			json_kv_text(j, "queue", p->notes[i].queue);
		else
			json_kv_text(j, "words", p->notes[i].words);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_work(struct json *j, const struct ticket_page *p)
{
	json_key(j, "work");
	json_open_array(j);
	for (size_t i = 0; i < p->n_work; i++) {
		const struct ticket_work *w = &p->work[i];

		json_open_object(j);
		json_kv_text(j, "entry", w->entry);
		json_instant(j, "at", w->at);
		json_kv_int(j, "minutes", w->minutes);
		json_kv_text(j, "technician", w->technician);
		json_kv_text(j, "place", w->place);
		json_kv_text(j, "charge", w->charge);
		json_kv_text(j, "covered", w->covered);
		json_end_object(j);
	}
	json_end_array(j);
	if (!p->money)
		return;
	json_key(j, "lines");
	json_open_array(j);
	for (size_t i = 0; i < p->n_lines; i++) {
		const struct ticket_line *l = &p->lines[i];

		json_open_object(j);
		json_kv_text(j, "charge", l->charge);
		json_kv_text(j, "name", l->name);
		json_money(j, "net", (struct money){l->net, p->currency});
		json_kv_int(j, "facts", l->facts);
		json_kv_int(j, "of", l->of);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_credits(struct json *j, struct report *r, const struct ticket_page *p)
{
	uint32_t *v;
	size_t n = ticket_credits(r->d->arena, p->outcome, p->t, &v);

	json_key(j, "credits");
	json_open_array(j);
	for (size_t i = 0; i < n; i++) {
		const struct credit *c = &p->outcome->credits[v[i]];

		json_open_object(j);
		json_kv_str(j, "id", c->id);
		json_kv_text(j, "metric",
			     report_metric(r, p->outcome->windows[c->window].version,
					   p->outcome->windows[c->window].metric)
				     ->id);
		json_kv_str(j, "window", p->outcome->windows[c->window].label);
		json_kv_str(j, "fate", fate_key(c->fate));
		if (p->money)
			json_money(j, "amount", c->amount);
		json_end_object(j);
	}
	json_end_array(j);
}

void ticket_json(struct arena *a, const struct ticket_page *p, struct buf *out)
{
	struct report *r = ticket_report(a, p->outcome, p->language);
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_ticket", 1);
	json_kv_text(&j, "contract", p->contract);
	json_instant(&j, "as_of", p->outcome->in.as_of);
	json_key(&j, "ticket");
	json_ticket_row(&j, r,
			&(const struct ticket_row){p->t, summary_of(p), p->technician, p->queue});
	json_key(&j, "clocks");
	json_open_array(&j);
	for (size_t i = 0; i < p->t->n_clocks; i++)
		json_clock(&j, r, p->t->clocks[i], true);
	json_end_array(&j);
	json_key(&j, "facts");
	json_open_array(&j);
	for (size_t i = 0; i < p->n_facts; i++)
		json_told(&j, p, &p->facts[i]);
	json_end_array(&j);
	json_health(&j, p);
	json_attachments(&j, p);
	json_cover(&j, r, p);
	json_notes(&j, p);
	json_work(&j, p);
	json_credits(&j, r, p);
	json_end_object(&j);
	buf_char(out, '\n');
}
