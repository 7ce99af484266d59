/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that hold the state of a ticket after each change, as audit logs do. Events are the differences between a row and the
 * one before it of the same ticket: the state it entered, who has it, its priority, the counter of reopenings. Columns with
 * final values (when it was resolved in the end) are never asked for: they tell on the first row what happened later.
 *
 * Rows of a ticket may lie anywhere in the file and in any order; they are put in order by time, the column `order`, and place
 * in the file (sla.md section 12), so nothing is emitted before the file has ended.
 */
#include "facts/rows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	MEANS_WAITING = MEANS_WAITING_CLIENT | MEANS_WAITING_VENDOR | MEANS_SCHEDULED,
	MEANS_FINAL = MEANS_RESTORED | MEANS_RESOLVED | MEANS_CLOSED | MEANS_CANCELLED,
};

/* What all rows of a ticket usually share. */
struct constants {
	struct stamp logged, logged_recorded; /* INSTANT_NONE: not said */
	symbol channel, service, site;
};

struct state_row {
	struct state_row *next; /* of the same ticket, in file order */
	const struct constants *constants;
	instant occurred_at, recorded_at;
	const struct mapping_word *state;
	uint32_t line;
	uint32_t order, reopenings;
	symbol priority, technician, verdict;
	uint16_t flags;
};

struct ticket {
	symbol id;
	uint32_t n;
	struct state_row *first, *last;
	bool unordered;
};

enum { ROWS_PER_BLOCK = 2048 };

struct states {
	struct intake *in;
	struct ticket *tickets;
	size_t n_tickets, cap_tickets;
	struct symbol_map ticket_of; /* place in tickets + 1 */
	struct state_row *block;
	size_t block_left;
	struct constants *constants; /* of the row before */
	struct memo ticket, state, occurred, recorded, logged, logged_recorded;
	struct memo priority, technician, verdict, channel, service, site;
	bool counts_reopenings, has_recorded, has_logged;
	struct state_row **sorted;
	size_t sorted_cap;
	enum party party, logged_by;
};

static void *open_states(struct intake *in, const int16_t *slot)
{
	struct states *s = arena_one(in->arena, struct states);

	s->in = in;
	s->counts_reopenings = slot[COLUMN_REOPENINGS] >= 0;
	s->has_recorded = slot[COLUMN_RECORDED] >= 0;
	s->has_logged = slot[COLUMN_LOGGED] >= 0;
	s->party = intake_party(in, PARTY_PROVIDER);
	s->logged_by = intake_logged_by(in, PARTY_PROVIDER);
	if (!s->has_recorded)
		in->report->recorded_known = false;
	return s;
}

static struct ticket *ticket_at(struct states *s, symbol id)
{
	uint32_t *place = symbol_map_at(&s->ticket_of, s->in->arena, id);

	if (*place == 0) {
		s->tickets = arena_grow(s->in->arena, s->tickets, s->n_tickets, &s->cap_tickets,
					sizeof(*s->tickets));
		s->tickets[s->n_tickets++] = (struct ticket){.id = id};
		*place = (uint32_t)s->n_tickets;
	}
	return &s->tickets[*place - 1];
}

/* What the state of a row means; NULL and a note if the row says nothing. */
static const struct mapping_word *state_of(struct states *s, struct text t, uint32_t line)
{
	if (!memo_has(&s->state, t)) {
		s->state.meaning =
			intake_null(s->in, t) ? NULL : mapping_word(&s->in->mapping->states, t);
		memo_keep(&s->state, t);
	}

	const struct mapping_word *state = s->state.meaning;

	if (state == NULL)
		intake_note(s->in, IMPORT_STATE_UNKNOWN, line, "state '%.*s' is not in [states]",
			    TEXT_ARG(t));
	else if ((state->means & MEANS_IGNORE) != 0)
		intake_note(s->in, IMPORT_IGNORED, line, "state '%.*s' says nothing", TEXT_ARG(t));
	else
		return state;
	return NULL;
}

/* A date that may be missing but not wrong. */
static bool optional_date(struct intake *in, struct memo *m, struct text t, const char *what,
			  uint32_t line, struct stamp *out)
{
	if (t.n == 0 || intake_null(in, t)) {
		*out = (struct stamp){INSTANT_NONE, 0};
		return true;
	}
	return memo_date(in, m, t, what, line, out);
}

static bool same_constants(const struct constants *x, const struct constants *y)
{
	return x->logged.at == y->logged.at && x->logged_recorded.at == y->logged_recorded.at &&
	       x->channel == y->channel && x->service == y->service && x->site == y->site;
}

/* Shared with the row before where it says the same. */
static bool read_constants(struct states *s, const struct cells *c, const struct constants **out)
{
	struct intake *in = s->in;
	const struct mapping *m = in->mapping;
	struct constants now = {
		.channel = memo_word(in, &s->channel, &m->channels, cell(c, COLUMN_CHANNEL)),
		.service = memo_word(in, &s->service, &m->services, cell(c, COLUMN_SERVICE)),
		.site = memo_symbol(in, &s->site, cell(c, COLUMN_SITE))};

	if (!optional_date(in, &s->logged, cell(c, COLUMN_LOGGED), "logged", c->line,
			   &now.logged) ||
	    !optional_date(in, &s->logged_recorded, cell(c, COLUMN_LOGGED_RECORDED),
			   "logged_recorded", c->line, &now.logged_recorded))
		return false;
	if (s->constants == NULL || !same_constants(s->constants, &now)) {
		s->constants = arena_one(in->arena, struct constants);
		*s->constants = now;
	}
	*out = s->constants;
	return true;
}

static uint32_t number_of(struct text t)
{
	int64_t n = 0;

	return text_digits(t, &n) && n < UINT32_MAX ? (uint32_t)n : 0;
}

static struct state_row *new_row(struct states *s)
{
	if (s->block_left == 0) {
		s->block = arena_array(s->in->arena, struct state_row, ROWS_PER_BLOCK);
		s->block_left = ROWS_PER_BLOCK;
	}
	s->block_left--;
	return s->block++;
}

static int compare_rows(const struct state_row *x, const struct state_row *y)
{
	if (x->occurred_at != y->occurred_at)
		return x->occurred_at < y->occurred_at ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static void append(struct ticket *t, struct state_row *row)
{
	if (t->last == NULL) {
		t->first = row;
	} else {
		t->unordered = t->unordered || compare_rows(t->last, row) > 0;
		t->last->next = row;
	}
	t->last = row;
	t->n++;
}

static bool read_state(void *rows, const struct cells *c)
{
	struct states *s = rows;
	struct intake *in = s->in;
	struct state_row row = {.line = c->line};
	struct stamp occurred, recorded = {INSTANT_NONE, 0};
	symbol id = memo_symbol(in, &s->ticket, cell(c, COLUMN_TICKET));

	if (id == 0) {
		intake_note(in, IMPORT_FIELD_MISSING, c->line, "no ticket");
		return false;
	}
	row.state = state_of(s, cell(c, COLUMN_STATE), c->line);
	if (row.state == NULL ||
	    !memo_date(in, &s->occurred, cell(c, COLUMN_OCCURRED), "occurred", c->line,
		       &occurred) ||
	    !optional_date(in, &s->recorded, cell(c, COLUMN_RECORDED), "recorded", c->line,
			   &recorded) ||
	    !read_constants(s, c, &row.constants))
		return false;
	row.occurred_at = occurred.at;
	row.flags = occurred.flags;
	row.recorded_at = recorded.at != INSTANT_NONE ? recorded.at : occurred.at;
	row.order = number_of(cell(c, COLUMN_ORDER));
	row.reopenings = number_of(cell(c, COLUMN_REOPENINGS));
	row.priority = memo_priority(in, &s->priority, cell(c, COLUMN_PRIORITY), c->line);
	row.technician = memo_symbol(in, &s->technician, cell(c, COLUMN_TECHNICIAN));
	row.verdict = memo_word(in, &s->verdict, &in->mapping->verdicts, cell(c, COLUMN_VERDICT));

	struct state_row *kept = new_row(s);

	*kept = row;
	append(ticket_at(s, id), kept);
	return true;
}

/* One ticket being replayed. */
struct replay {
	struct states *s;
	symbol ticket;
	struct text name;
	const struct state_row *row, *before;
	uint32_t seq;
	uint32_t highest; /* `order` of the rows before */
	unsigned was;     /* meaning of the state it is in */
	uint32_t reopenings;
	symbol priority, technician;
	bool answered, started;
};

/* "INC7:4.closed": the ticket, the source's own count of changes, the event. A count that did not rise says nothing: the row's place is added. */
static symbol event_id(const struct replay *r, const char *event)
{
	char digits[32];
	size_t at = sizeof(digits);
	uint32_t order = r->s->in->mapping->columns[COLUMN_ORDER].n > 0 ? r->row->order : r->seq;

	if (r->before != NULL && r->row->order <= r->highest && order != r->seq) {
		uint32_t nth = r->seq;

		for (; nth > 0; nth /= 10)
			digits[--at] = (char)('0' + nth % 10);
		digits[--at] = '-';
	}
	do {
		digits[--at] = (char)('0' + order % 10);
		order /= 10;
	} while (order > 0);
	return intake_id(r->s->in, r->name, ":", (struct text){digits + at, sizeof(digits) - at},
			 event);
}

/*
 * The place of an event within its instant (sla.md R15). Events of one row go by rank (R16), but for a reopening, which makes
 * the ticket what the rest of its row finds.
 */
static uint32_t seq_of(const struct replay *r, enum fact_kind kind)
{
	if (!r->s->in->mapping->whole_log)
		return 0;
	return 2 * r->seq - (kind == FACT_TICKET_REOPENED);
}

static void begin(struct draft *d, const struct replay *r, enum fact_kind kind)
{
	struct stamp at = {r->row->occurred_at, r->row->flags};

	draft_begin(d, kind, at, r->row->recorded_at, r->s->party, r->row->line);
	d->fact.seq = seq_of(r, kind);
	draft_word(d, FIELD_TICKET, r->ticket);
}

static void emit(const struct replay *r, enum fact_kind kind, const char *event)
{
	struct draft d;

	begin(&d, r, kind);
	(void)draft_add(&d, r->s->in, event_id(r, event));
}

static void emit_word(const struct replay *r, enum fact_kind kind, const char *event,
		      enum fact_field field, symbol word)
{
	struct draft d;

	begin(&d, r, kind);
	draft_word(&d, field, word);
	(void)draft_add(&d, r->s->in, event_id(r, event));
}

static void emit_logged(const struct replay *r)
{
	const struct constants *c = r->row->constants;
	struct stamp at = c->logged;
	instant recorded_at =
		c->logged_recorded.at != INSTANT_NONE ? c->logged_recorded.at : r->row->recorded_at;
	struct draft d;

	if (at.at == INSTANT_NONE)
		at = (struct stamp){r->row->occurred_at, r->row->flags};
	if (!r->s->has_recorded)
		recorded_at = at.at;
	if (at.at > r->row->occurred_at)
		intake_note(r->s->in, IMPORT_ORDER, r->row->line,
			    "ticket '%.*s' changed before it was logged", TEXT_ARG(r->name));
	draft_begin(&d, FACT_TICKET_LOGGED, at, recorded_at, r->s->logged_by, r->row->line);
	d.fact.seq = seq_of(r, FACT_TICKET_LOGGED);
	draft_word(&d, FIELD_TICKET, r->ticket);
	draft_word(&d, FIELD_SERVICE, c->service);
	draft_word(&d, FIELD_SITE, c->site);
	draft_word(&d, FIELD_CHANNEL, c->channel);
	draft_word(&d, FIELD_PRIORITY, r->row->priority);
	(void)draft_add(&d, r->s->in, intake_id(r->s->in, r->name, ":", text_of("logged"), ""));
}

static void emit_answer(const struct replay *r)
{
	struct draft d;

	begin(&d, r, FACT_TICKET_MESSAGE);
	draft_word(&d, FIELD_AUTHOR, r->s->in->words.human);
	draft_word(&d, FIELD_VISIBILITY, r->s->in->words.public_);
	(void)draft_add(&d, r->s->in, event_id(r, ".answered"));
}

/* The verdict of the last row of this run of final rows: some tools change it after closing. */
static symbol last_verdict(const struct replay *r, struct state_row *const *sorted, size_t i,
			   size_t n)
{
	symbol verdict = r->row->verdict;

	for (size_t j = i + 1; j < n && (sorted[j]->state->means & MEANS_CLOSED) != 0; j++)
		verdict = sorted[j]->verdict;
	return verdict;
}

static void emit_final(struct replay *r, unsigned entered, symbol verdict)
{
	unsigned means = r->row->state->means;
	symbol author = (means & MEANS_BY_PERSON) != 0 ? r->s->in->words.human : 0;
	struct draft d;

	if ((entered & MEANS_RESTORED) != 0)
		emit_word(r, FACT_TICKET_RESTORED, ".restored", FIELD_AUTHOR, author);
	if ((entered & MEANS_RESOLVED) != 0)
		emit_word(r, FACT_TICKET_RESOLVED, ".resolved", FIELD_AUTHOR, author);
	if ((entered & MEANS_CANCELLED) != 0)
		emit(r, FACT_TICKET_CANCELLED, ".cancelled");
	if ((entered & MEANS_CLOSED) == 0)
		return;
	begin(&d, r, FACT_TICKET_CLOSED);
	draft_word(&d, FIELD_AUTHOR, author);
	draft_word(&d, FIELD_REPORTED_VERDICT, verdict);
	(void)draft_add(&d, r->s->in, event_id(r, ".closed"));
}

/* Has the ticket been opened again? The source's counter decides where there is one. */
static bool is_reopened(const struct replay *r, unsigned now)
{
	bool was_final = (r->was & MEANS_FINAL) != 0, is_final = (now & MEANS_FINAL) != 0;
	bool counted = r->row->reopenings > r->reopenings;

	if (!was_final)
		return false;
	if (!r->s->counts_reopenings)
		return !is_final;
	if (!counted && !is_final)
		intake_note(r->s->in, IMPORT_REOPEN, r->row->line,
			    "ticket '%.*s' is '%.*s' again, but its counter of reopenings did not "
			    "rise: not taken as reopened",
			    TEXT_ARG(r->name), TEXT_ARG(r->row->state->from));
	return counted;
}

static void emit_waiting(const struct replay *r, unsigned now)
{
	unsigned was = r->was & MEANS_WAITING, is = now & MEANS_WAITING;

	if (was == is)
		return;
	if ((is & MEANS_WAITING_CLIENT) != 0)
		emit(r, FACT_TICKET_WAITING_CLIENT, ".waiting_client");
	if ((is & MEANS_WAITING_VENDOR) != 0)
		emit(r, FACT_TICKET_WAITING_VENDOR, ".waiting_vendor");
	if ((is & MEANS_SCHEDULED) != 0)
		emit(r, FACT_TICKET_SCHEDULED, ".scheduled");
	/* A stop ends a pause by itself (sla.md R27). */
	if (is == 0 && (now & MEANS_FINAL) == 0)
		emit(r, FACT_TICKET_RESUMED, ".resumed");
}

static void replay_row(struct replay *r, symbol verdict)
{
	const struct state_row *row = r->row;
	unsigned now = row->state->means;

	if (r->before == NULL)
		emit_logged(r);
	if (row->technician != 0 && row->technician != r->technician)
		emit_word(r, FACT_TICKET_ASSIGNED, ".assigned", FIELD_TECHNICIAN, row->technician);
	if (r->before != NULL && row->priority != 0 && row->priority != r->priority)
		emit_word(r, FACT_TICKET_PRIORITY_SET, ".priority", FIELD_PRIORITY, row->priority);
	if (r->before != NULL && is_reopened(r, now)) {
		emit(r, FACT_TICKET_REOPENED, ".reopened");
		r->was &= ~(unsigned)MEANS_FINAL;
		r->started = false;
	}
	if ((now & MEANS_ANSWER) != 0 && !r->answered) {
		emit_answer(r);
		r->answered = true;
	}
	if ((now & MEANS_WORK) != 0 && !r->started) {
		emit_word(r, FACT_TICKET_WORK_STARTED, ".started", FIELD_TECHNICIAN,
			  row->technician);
		r->started = true;
	}
	emit_waiting(r, now);
	emit_final(r, now & ~r->was & MEANS_FINAL, verdict);
}

static int by_row(const void *x, const void *y)
{
	return compare_rows(*(struct state_row *const *)x, *(struct state_row *const *)y);
}

static struct state_row **sort_rows(struct states *s, const struct ticket *t)
{
	size_t i = 0;

	if (s->sorted_cap < t->n) {
		s->sorted_cap = 2 * (size_t)t->n;
		s->sorted = arena_array(s->in->arena, struct state_row *, s->sorted_cap);
	}
	for (struct state_row *row = t->first; row != NULL; row = row->next)
		s->sorted[i++] = row;
	assert(i == t->n);
	if (t->unordered) {
		qsort(s->sorted, t->n, sizeof(struct state_row *), by_row);
		intake_note(
			s->in, IMPORT_OUT_OF_FILE, t->first->line,
			"rows of ticket '%.*s' are not in order of time; they were put in order",
			TEXT_ARG(symbol_text(s->in->facts->symbols, t->id)));
	}
	return s->sorted;
}

static void replay_ticket(struct states *s, const struct ticket *t)
{
	struct state_row **sorted = sort_rows(s, t);
	struct replay r = {
		.s = s, .ticket = t->id, .name = symbol_text(s->in->facts->symbols, t->id)};

	for (size_t i = 0; i < t->n; i++) {
		r.row = sorted[i];
		r.seq = (uint32_t)i + 1;
		replay_row(&r, last_verdict(&r, sorted, i, t->n));
		r.before = r.row;
		if (r.row->order > r.highest)
			r.highest = r.row->order;
		r.was = r.row->state->means;
		r.reopenings = r.row->reopenings;
		if (r.row->priority != 0)
			r.priority = r.row->priority;
		if (r.row->technician != 0)
			r.technician = r.row->technician;
	}
}

static void end_states(void *rows)
{
	struct states *s = rows;

	/* A little more than a fact for each row is usual. */
	facts_reserve(s->in->facts, (size_t)s->in->report->taken * 5 / 4);
	for (size_t i = 0; i < s->n_tickets; i++)
		replay_ticket(s, &s->tickets[i]);
}

const struct rows_ops ticket_states_rows = {open_states, read_state, end_states};
