/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mappings: small text files that say how a tool's export is to be read. Strict, with sections and `word = meaning` lines:
 *
 *	# a comment stands on a line of its own
 *	[mapping]
 *	rows = ticket_states
 *	header = number,incident_state,
 *		sys_updated_at             a line that begins with a blank goes on with the one before
 *	[states]
 *	Awaiting User Info = waiting_client
 *	"a = b" = open                     words with an equal sign or blanks at their ends stand in quotation marks
 *
 * Ready mappings lie in mappings.c and are text like any other: `tenor map --show NAME` prints one to be edited.
 */
#ifndef FACTS_MAPPING_H
#define FACTS_MAPPING_H

#include "facts/date_format.h"
#include "facts/fact.h"

/* What a row of the file is. */
enum mapping_rows {
	ROWS_TICKET_STATES, /* the state of a ticket after each change: events are the differences */
	ROWS_TICKETS,       /* one row a ticket, a column for each instant */
	ROWS_FACTS,         /* one row a fact, columns named as in the table of facts */
	ROWS_SAMPLES,       /* one row a check of a component */
	ROWS_COSTS, /* one row a cost of a supplier's report, all decimals kept (money.md R43) */
	ROWS_STATUSPAGE, /* no table: how the objects of a status page are read */
	ROWS_CALENDAR,   /* no table: how iCalendar maintenance is read */
};

/*
 * What a column is for. ROWS_FACTS also knows every field of facts.def by its key, ROWS_COSTS those of cost.recorded; its `charge`
 * is the column that [charges] turns into a charge.
 */
enum column {
	COLUMN_ID,
	COLUMN_KIND,
	COLUMN_TICKET,
	COLUMN_STATE,
	COLUMN_LOGGED,
	COLUMN_LOGGED_RECORDED,
	COLUMN_OCCURRED,
	COLUMN_TIME,
	COLUMN_RECORDED,
	COLUMN_PRIORITY,
	COLUMN_TECHNICIAN,
	COLUMN_REOPENINGS,
	COLUMN_ORDER,
	COLUMN_VERDICT,
	COLUMN_CHANNEL,
	COLUMN_SERVICE,
	COLUMN_SITE,
	COLUMN_PARTY,
	COLUMN_ANSWERED,
	COLUMN_ASSIGNED,
	COLUMN_STARTED,
	COLUMN_RESTORED,
	COLUMN_RESOLVED,
	COLUMN_CLOSED,
	COLUMN_CANCELLED,
	COLUMN_ASSET,
	COLUMN_CODE,
	COLUMN_SEQ,
	COLUMN_CORRECTS,
	COLUMN_CATEGORY,
	COLUMN_COUNT
};

/* What a state of the other tool means; bits, because a state may say several things. */
enum meaning {
	MEANS_OPEN = 1 << 0, /* somebody has to act, nobody is waited for */
	MEANS_WORK = 1 << 1, /* a technician works on it: ticket.work_started */
	MEANS_ANSWER =
		1 << 2, /* a person of the provider answers on entering it: a public message */
	MEANS_WAITING_CLIENT = 1 << 3,
	MEANS_WAITING_VENDOR = 1 << 4,
	MEANS_SCHEDULED = 1 << 5,
	MEANS_RESTORED = 1 << 6,
	MEANS_RESOLVED = 1 << 7,
	MEANS_CLOSED = 1 << 8,
	MEANS_CANCELLED = 1 << 9,
	MEANS_BY_PERSON =
		1 << 10, /* restoring, resolving or closing is done by a person of the provider */
	MEANS_IGNORE = 1 << 11, /* says nothing: as if the row were not there */
	MEANS_UP = 1 << 12,
	MEANS_DOWN = 1 << 13,
	MEANS_DEGRADED = 1 << 14,
	MEANS_UNKNOWN = 1 << 15,
	MEANS_COST = 1 << 16, /* a cost to pass on; ROWS_COSTS */
};

struct mapping_word {
	struct text from, to;
	unsigned means; /* in [states], [severities], [codes] */
	uint32_t line;
};

struct mapping_words {
	struct mapping_word *v;
	size_t n, cap;
};

struct mapping {
	struct text file, name, title;
	enum mapping_rows rows;
	struct text *header; /* exact names, or NULL: columns are found by their names */
	size_t n_header, header_cap;
	char delimiter;
	struct text *nulls; /* words that mean "nothing"; the empty field always does */
	size_t n_nulls, nulls_cap;
	struct text *apart; /* ROWS_COSTS: columns that nothing is made of, not even an id */
	size_t n_apart, apart_cap;
	bool correct; /* duplicates = correct: the same id with other content corrects what an earlier file said */
	bool whole_log; /* the file holds the tickets' whole event log (sla.md R15) */
	/* lines = json: no table, but an object a line; a column is the path of a member, a.b.c */
	bool json_lines;
	struct text columns[COLUMN_COUNT];
	struct mapping_words fields; /* ROWS_FACTS, ROWS_COSTS: key of a field = column */
	/* ROWS_FACTS of another tool: `kind`, `occurred` or the key of a field = what it is in every row */
	struct mapping_words values;
	struct mapping_words series; /* words of the `series` column; any other is left out */
	char decimal;                /* '.', or ',' for 1.234,56 */
	bool negative_ignored; /* negative = ignore: rows with a number below zero say nothing here */
	struct date_format formats[DATE_FORMATS_MAX];
	size_t n_formats;
	struct text zone; /* name or +HH:MM, or empty */
	bool observed; /* ROWS_STATUSPAGE, occurred = observed_at instead of component_updated_at */
	enum party party; /* who reports, or PARTY_UNKNOWN */
	enum party
		logged_by; /* ticket lists and logs: whose the tickets are; PARTY_UNKNOWN: as party */
	struct mapping_words states, priorities, verdicts, channels, assets, parties, severities,
		codes, services, categories, charges;
};

/* Reads a mapping. An error names file, line, key, and the nearest known word. */
enum rc mapping_parse(struct arena *a, struct text file, struct text bytes, struct mapping **out,
		      struct err *err) MUST_USE;

/* The word's line, or NULL. */
const struct mapping_word *mapping_word(const struct mapping_words *w, struct text from);

/* "ticket_states", ... */
const char *mapping_rows_word(enum mapping_rows r);
/* Key of a column in [columns]. */
const char *column_key(enum column c);
/* May rows of this kind have the column, must they? */
bool column_allowed(enum column c, enum mapping_rows rows);
bool column_required(enum column c, enum mapping_rows rows);

/* Ready mappings: text that mapping_parse takes. */
size_t mapping_ready_count(void);
struct text mapping_ready_name(size_t i);
struct text mapping_ready_text(size_t i);
/* By name; RC_MISSING with the nearest name. */
enum rc mapping_ready(struct arena *a, struct text name, struct mapping **out,
		      struct err *err) MUST_USE;

/*
 * A mapping to be edited, proposed from the first bytes of a CSV file of a tool that is not known (`tenor map FILE`): its
 * delimiter, columns, form of dates, marks for nothing, states and priorities seen. What is a guess is said in comments.
 */
enum rc mapping_propose(struct arena *a, struct text name, struct text first_bytes, struct buf *out,
			struct err *err) MUST_USE;

#endif
