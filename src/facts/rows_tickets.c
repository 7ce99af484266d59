/* SPDX-License-Identifier: Apache-2.0 */
/* One row a ticket, a column for each instant: what ticket tools export as a list. */
#include "facts/rows.h"

struct tickets {
	struct intake *in;
	bool has_recorded;
	enum party party, logged_by;
	struct memo logged, recorded, logged_recorded, priority, technician, verdict, channel,
		service, site;
	struct memo instants[COLUMN_COUNT];
};

/* Columns that become events; in the order in which they are emitted. */
static const struct {
	enum column column;
	enum fact_kind kind;
	const char *event;
} events[] = {
	{COLUMN_ASSIGNED, FACT_TICKET_ASSIGNED, "assigned"},
	{COLUMN_STARTED, FACT_TICKET_WORK_STARTED, "started"},
	{COLUMN_ANSWERED, FACT_TICKET_MESSAGE, "answered"},
	{COLUMN_RESTORED, FACT_TICKET_RESTORED, "restored"},
	{COLUMN_RESOLVED, FACT_TICKET_RESOLVED, "resolved"},
	{COLUMN_CLOSED, FACT_TICKET_CLOSED, "closed"},
	{COLUMN_CANCELLED, FACT_TICKET_CANCELLED, "cancelled"},
};

/* A row, read before anything is taken from it: one bad date skips the whole of it. */
struct ticket_row {
	symbol ticket, priority, technician, verdict, channel, service, site;
	struct stamp logged, logged_recorded, recorded, at[ARRAY_SIZE(events)];
	uint32_t line;
};

static void *open_tickets(struct intake *in, const int16_t *slot)
{
	struct tickets *t = arena_one(in->arena, struct tickets);

	t->in = in;
	t->has_recorded = slot[COLUMN_RECORDED] >= 0;
	t->party = intake_party(in, PARTY_PROVIDER);
	t->logged_by = intake_logged_by(in, PARTY_PROVIDER);
	in->report->recorded_known = t->has_recorded;
	return t;
}

static bool optional_date(struct intake *in, struct memo *m, const struct cells *c,
			  enum column column, struct stamp *out)
{
	struct text t = cell(c, column);

	*out = (struct stamp){INSTANT_NONE, 0};
	if (intake_null(in, t))
		return true;
	return memo_date(in, m, t, column_key(column), c->line, out);
}

static bool read_ticket(struct tickets *t, const struct cells *c, struct ticket_row *row)
{
	struct intake *in = t->in;
	const struct mapping *m = in->mapping;
	struct text ticket = cell(c, COLUMN_TICKET);

	row->line = c->line;
	row->ticket = intake_null(in, ticket) ? 0 : intake_symbol(in, ticket);
	if (row->ticket == 0) {
		intake_note(in, IMPORT_FIELD_MISSING, c->line, "no ticket");
		return false;
	}
	if (!memo_date(in, &t->logged, cell(c, COLUMN_LOGGED), "logged", c->line, &row->logged) ||
	    !optional_date(in, &t->recorded, c, COLUMN_RECORDED, &row->recorded) ||
	    !optional_date(in, &t->logged_recorded, c, COLUMN_LOGGED_RECORDED,
			   &row->logged_recorded))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		if (!optional_date(in, &t->instants[i], c, events[i].column, &row->at[i]))
			return false;
	row->priority = memo_priority(in, &t->priority, cell(c, COLUMN_PRIORITY), c->line);
	row->technician = memo_symbol(in, &t->technician, cell(c, COLUMN_TECHNICIAN));
	row->verdict = memo_word(in, &t->verdict, &m->verdicts, cell(c, COLUMN_VERDICT));
	row->channel = memo_word(in, &t->channel, &m->channels, cell(c, COLUMN_CHANNEL));
	row->service = memo_word(in, &t->service, &m->services, cell(c, COLUMN_SERVICE));
	row->site = memo_symbol(in, &t->site, cell(c, COLUMN_SITE));
	return true;
}

/* The row's own time of recording cannot be before what it records: a list is exported later than it was begun. */
static instant recorded_of(const struct tickets *t, const struct ticket_row *row,
			   instant occurred_at)
{
	return t->has_recorded && row->recorded.at != INSTANT_NONE ? row->recorded.at : occurred_at;
}

static enum intake_result add_logged(struct tickets *t, const struct ticket_row *row)
{
	struct text name = symbol_text(t->in->facts->symbols, row->ticket);
	instant recorded_at = row->logged_recorded.at != INSTANT_NONE
				      ? row->logged_recorded.at
				      : recorded_of(t, row, row->logged.at);
	struct draft d;

	draft_begin(&d, FACT_TICKET_LOGGED, row->logged, recorded_at, t->logged_by, row->line);
	draft_word(&d, FIELD_TICKET, row->ticket);
	draft_word(&d, FIELD_SERVICE, row->service);
	draft_word(&d, FIELD_SITE, row->site);
	draft_word(&d, FIELD_CHANNEL, row->channel);
	draft_word(&d, FIELD_PRIORITY, row->priority);
	return draft_add(&d, t->in, intake_id(t->in, name, ":", text_of("logged"), ""));
}

static enum intake_result add_event(struct tickets *t, const struct ticket_row *row, size_t i)
{
	struct text name = symbol_text(t->in->facts->symbols, row->ticket);
	struct intake_words *w = &t->in->words;
	struct draft d;

	if (row->at[i].at < row->logged.at)
		intake_note(t->in, IMPORT_ORDER, row->line,
			    "ticket '%.*s' was %s before it was logged", TEXT_ARG(name),
			    events[i].event);
	draft_begin(&d, events[i].kind, row->at[i], recorded_of(t, row, row->at[i].at), t->party,
		    row->line);
	draft_word(&d, FIELD_TICKET, row->ticket);
	if (events[i].kind == FACT_TICKET_MESSAGE) {
		/* The column is the tool's own "first response", which is one by a person to the client. */
		draft_word(&d, FIELD_AUTHOR, w->human);
		draft_word(&d, FIELD_VISIBILITY, w->public_);
	}
	if (events[i].kind == FACT_TICKET_ASSIGNED || events[i].kind == FACT_TICKET_WORK_STARTED)
		draft_word(&d, FIELD_TECHNICIAN, row->technician);
	if (events[i].kind == FACT_TICKET_CLOSED)
		draft_word(&d, FIELD_REPORTED_VERDICT, row->verdict);
	return draft_add(&d, t->in, intake_id(t->in, name, ":", text_of(events[i].event), ""));
}

static bool take_ticket(void *rows, const struct cells *c)
{
	struct tickets *t = rows;
	struct ticket_row row;

	if (!read_ticket(t, c, &row))
		return false;

	bool taken = add_logged(t, &row) != INTAKE_CONFLICT;

	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		if (row.at[i].at != INSTANT_NONE && add_event(t, &row, i) != INTAKE_CONFLICT)
			taken = true;
	return taken;
}

static void end_tickets(void *rows)
{
	(void)rows;
}

const struct rows_ops tickets_rows = {open_tickets, take_ticket, end_tickets};
