/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts from files of other tools: CSV by a mapping (mapping.h), JSON lines in our own form, status pages, Upptime, iCalendar.
 * Bytes are pushed in chunks of any size; nothing here opens a file, decompresses, or knows a contract. docs/import.md says
 * for users what is read and how.
 *
 *	rc = importer_open(arena, facts, &options, &importer, err);
 *	while (rc == RC_OK && there is more)
 *		rc = importer_push(importer, bytes, n, err);
 *	done = importer_close(importer, &report, err);     always, also after a failure: it frees what libraries hold
 *
 * What is wrong with the file as a whole (unknown header, UTF-16, no zone told) is an error. What is wrong with a row is a
 * note: the row is skipped, the rest goes on, and the report says so. A skipped row is never silent.
 */
#ifndef FACTS_IMPORT_H
#define FACTS_IMPORT_H

#include "facts/fact.h"
#include "facts/mapping.h"
#include "money/exact.h"
#include "time/zone.h"

struct importer;

/* One word of the file and what the contract calls it. */
struct import_alias {
	struct text from, to;
};

struct import_options {
	struct text name;              /* of the file, for messages and as the name of the source */
	struct text format;            /* a format's name, or empty: found from the first bytes */
	const struct mapping *mapping; /* NULL: picked by the header */
	const struct zone_source *zones;
	struct text
		zone; /* told by the user, for dates that say none; or empty. A name or +HH:MM */
	struct text default_zone; /* the contract's: for iCalendar times that name no zone */
	struct span covers; /* told by the user, or {0, 0}: from the first to the last record */
	enum party
		party; /* who reports where the file does not say; PARTY_UNKNOWN: by the format */
	const struct import_alias *assets;
	size_t n_assets;
	const struct import_alias *priorities;
	size_t n_priorities;
	/* The contract's assets. What is neither among them nor mapped to one is skipped and noted. NULL: every id is taken. */
	const struct text *known_assets;
	size_t n_known_assets;
	/* Recurring maintenance that has no end is followed up to here; 0: two years after its first day. */
	instant expand_until;
	struct text
		charge; /* cost reports: the charge that costs go to where the mapping tells none; or empty */
	struct text
		rate; /* cost reports: what their currency is worth, `1 EUR = 1.0832 USD`; or empty */
	/* The file is JSON lines and nothing else, and this is the number of its first: it may be a piece of more. 0: it may be anything. */
	uint32_t first_line;
	bool on_told; /* lists of units that say no day: it is `on` */
	day on;
};

/*
 * CODE(NAME, "code", severity, "help"): what an import can have to say about a row.
 * 'E' the row, or a part of it, was left out; 'W' taken, but look at it; 'I' for information.
 */
#define IMPORT_CODES(CODE)                                                                         \
	CODE(COLUMNS, "row.columns", 'E', "another number of columns than the header")             \
	CODE(QUOTE, "row.quote", 'E', "a quotation mark in the wrong place, or never closed")      \
	CODE(UTF8, "row.utf8", 'E', "bytes that are not UTF-8")                                    \
	CODE(NUL, "row.nul", 'E', "a NUL byte")                                                    \
	CODE(LONG, "row.long", 'E', "longer than a row may be")                                    \
	CODE(JSON, "row.json", 'E', "not one JSON object in a line")                               \
	CODE(FIELD_UNKNOWN, "field.unknown", 'E',                                                  \
	     "a field that no row of the table of facts names")                                    \
	CODE(FIELD_MISSING, "field.missing", 'E', "a required field is not there")                 \
	CODE(FIELD_TYPE, "field.type", 'E', "a value of another type")                             \
	CODE(VALUE, "field.value", 'E', "a value that cannot be")                                  \
	CODE(KIND_UNKNOWN, "kind.unknown", 'E', "a kind of fact that does not exist")              \
	CODE(DATE_FORMAT, "date.format", 'E', "a date that is not written as the mapping says")    \
	CODE(DATE_MISSING, "date.missing", 'E', "no date where one is needed")                     \
	CODE(DATE_NONE, "date.none", 'E', "a date or time that does not exist")                    \
	CODE(STATE_UNKNOWN, "state.unknown", 'E', "a state that the mapping does not know")        \
	CODE(PARTY_UNKNOWN, "party.unknown", 'E', "a party that does not exist")                   \
	CODE(ASSET_UNKNOWN, "asset.unknown", 'E',                                                  \
	     "a component that is no asset of the contract and is not mapped to one")              \
	CODE(COST_CATEGORY, "cost.category", 'E',                                                  \
	     "a category of cost that the mapping does not know")                                  \
	CODE(COST_CHARGE, "cost.charge", 'E', "a cost that no charge of the contract is told for") \
	CODE(COST_AMOUNT, "cost.amount", 'E', "a cost that is no amount, or has too many digits")  \
	CODE(CONFLICT, "id.conflict", 'E', "the same id twice with other content")                 \
	CODE(SPAN, "span.empty", 'E', "an end that is not after its start")                        \
	CODE(EVENT, "event.invalid", 'E', "a calendar entry that cannot be read")                  \
	CODE(RECURRENCE, "event.recurrence", 'E', "a recurrence that is not followed")             \
	CODE(IGNORED, "row.ignored", 'I', "left out because the mapping says so")                  \
	CODE(DUPLICATE, "id.again", 'I', "the same id and content again: taken once")              \
	CODE(CORRECTED, "id.corrected", 'W',                                                       \
	     "the same id with other content: taken as a correction, as the mapping says")         \
	CODE(ASSET_FOREIGN, "asset.foreign", 'W',                                                  \
	     "an asset that the contract does not have: kept, and counts nowhere")                 \
	CODE(PRIORITY_UNKNOWN, "priority.unknown", 'W',                                            \
	     "a priority that the mapping does not know, kept as it is")                           \
	CODE(ORDER, "order.impossible", 'W',                                                       \
	     "an end before its start, a stop before the ticket was logged")                       \
	CODE(REOPEN, "reopen.uncounted", 'W',                                                      \
	     "left a final state, but the counter of reopenings did not rise")                     \
	CODE(MONTH, "month.missing", 'W', "a month that the series does not have")                 \
	CODE(OPEN_END, "outage.open", 'W', "an outage without an end")                             \
	CODE(ZONE_GAP, "zone.gap", 'W', "a local time that did not exist, moved forward")          \
	CODE(ZONE_TWICE, "zone.twice", 'W', "a local time that occurred twice, the first taken")   \
	CODE(EVENT_ODD, "event.odd", 'W', "breaks RFC 5545 where nothing is read from")            \
	CODE(EXPANSION, "event.endless", 'W',                                                      \
	     "a recurrence without an end, followed up to a limit")                                \
	CODE(OUT_OF_FILE, "file.order", 'I', "not in order of time in the file")                   \
	CODE(COLUMN_TWICE, "column.twice", 'W', "a column name that stands twice and is not used") \
	CODE(ENCODING, "file.encoding", 'I', "a byte-order mark, or old line ends")                \
	CODE(EMPTY, "file.no_rows", 'W', "a header and no rows")

enum import_code {
#define IMPORT_CODE(name, code, severity, help) IMPORT_##name,
	IMPORT_CODES(IMPORT_CODE)
#undef IMPORT_CODE
		IMPORT_CODE_COUNT
};

const char *import_code_word(enum import_code c);
char import_code_severity(enum import_code c);
const char *import_code_help(enum import_code c);

enum { IMPORT_NOTES_PER_CODE = 20, FACT_FLAG_BITS = 13 };

struct import_note {
	enum import_code code;
	uint32_t line; /* 0: the file as a whole */
	struct text text;
};

/* What a cost report comes to for one charge, day's month, supplier and currency: with all decimals. */
struct cost_sum {
	struct text charge, supplier, currency;
	day month; /* its first day */
	uint64_t costs;
	struct exact sum;
	bool too_large; /* the sum does not fit: nothing is said of it */
};

/* A figure of the other tool, shown beside ours "as reported" and never used. */
struct reported_figure {
	struct text subject; /* monitor or component */
	struct text asset;   /* the asset it is mapped to, or empty */
	struct text period;  /* "all", "day", "week", "month", "year", a date */
	struct text value;   /* "99.98%", "69 min" */
};

struct import_report {
	struct text name, format;
	uint64_t rows_read, taken, skipped; /* read = taken + skipped */
	uint64_t facts;                     /* made and new in the set */
	uint64_t duplicates,
		conflicts; /* facts that were already there; refused because they differ */
	uint64_t flagged[FACT_FLAG_BITS];   /* facts of this source per bit of enum fact_flag */
	uint64_t counts[IMPORT_CODE_COUNT]; /* all, also those without a note */
	struct import_note
		*notes; /* in the order met; at most IMPORT_NOTES_PER_CODE of each code */
	size_t n_notes, notes_cap;
	bool recorded_known; /* false: no column of recording; recorded_at was taken to be occurred_at */
	struct span covers; /* what the source observes, {0, 0}: nothing */
	bool covers_told;   /* by the options, not found */
	struct text zone;   /* zone or offset its dates were read in; empty: each says its own */
	struct reported_figure *reported;
	size_t n_reported, reported_cap;
	struct cost_sum *costs;
	size_t n_costs, costs_cap;
	uint16_t source; /* in facts.sources */
};

enum rc importer_open(struct arena *a, struct facts *facts, const struct import_options *options,
		      struct importer **out, struct err *err) MUST_USE;
enum rc importer_push(struct importer *im, const char *bytes, size_t n, struct err *err) MUST_USE;
/* Ends the file, flags its facts (check.h) and frees. After a failed push it fails again with that error. */
enum rc importer_close(struct importer *im, struct import_report **out, struct err *err) MUST_USE;

/* The report as lines of text, all that is in it. */
void import_report_print(const struct import_report *r, struct buf *out);

#endif
