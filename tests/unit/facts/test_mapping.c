/* SPDX-License-Identifier: Apache-2.0 */
/* Mapping files: the ready ones, what is refused with which words, and proposals for unknown tables. */
#include "files.h"

#define TICKETS                                                                                    \
	"[mapping]\nrows = tickets\n[dates]\nformat = iso\n[columns]\nticket = a\nlogged = b\n"

static const struct {
	const char *name, *text;
	uint32_t line;
	const char *key, *message, *hint;
} wrong[] = {
	{"an unknown section", "[maping]\n", 1, "[maping]", "unknown section 'maping'",
	 "did you mean 'mapping'?"},
	{"an unknown key", "[mapping]\nrowz = tickets\n", 2, "rowz", "unknown key 'rowz'",
	 "did you mean 'rows'?"},
	{"unknown rows", "[mapping]\nrows = ticket\n", 2, "rows", "unknown kind of rows 'ticket'",
	 "did you mean 'tickets'?"},
	{"an unknown column", TICKETS "prioritty = c\n", 8, "prioritty",
	 "unknown column 'prioritty'", "did you mean 'priority'?"},
	{"a column of other rows", TICKETS "kind = c\n", 8, "kind",
	 "rows = tickets have no column 'kind'", ""},
	{"a field of other rows", TICKETS "outage = c\n", 8, "outage",
	 "rows = tickets have no column 'outage'", ""},
	{"an unknown meaning", TICKETS "[states]\nNew = opne\n", 9, "New", "unknown meaning 'opne'",
	 "did you mean 'open'?"},
	{"an unknown party", TICKETS "[file]\nparty = vendor\n", 9, "party",
	 "unknown party 'vendor'", "known are provider, client, monitor, supplier"},
	{"a word twice", TICKETS "[states]\nNew = open\nNew = work\n", 10, "New",
	 "'New' stands on line 9 already", ""},
	{"a key twice", "[mapping]\nrows = tickets\nrows = facts\n", 3, "rows",
	 "'rows' stands on line 2 already", ""},
	{"a column twice", TICKETS "logged = c\n", 8, "logged", "'logged' stands on line 7 already",
	 ""},
	{"no rows", "[dates]\nformat = iso\n", 0, "rows", "'rows' is missing in [mapping]",
	 "write rows = ticket_states, tickets, facts, samples, costs, statuspage or calendar"},
	{"a needed column is missing",
	 "[mapping]\nrows = tickets\n[dates]\nformat = iso\n[columns]\nticket = a\n", 0, "logged",
	 "column 'logged' is missing in [columns]", ""},
	{"no form of date", "[mapping]\nrows = tickets\n[columns]\nticket = a\nlogged = b\n", 0,
	 "format", "no form of date in [dates]", "write format = D/M/YYYY HH:mm, or format = iso"},
	{"a form without a year", "[mapping]\nrows = tickets\n[dates]\nformat = D/M HH:mm\n", 4,
	 "format", "form of date 'D/M HH:mm' has no year",
	 "write the parts as in D/M/YYYY HH:mm, DD.MM.YYYY HH:mm:ss, or iso"},
	{"forms that contradict",
	 "[mapping]\nrows = tickets\n[dates]\nformat = D/M/YYYY\nformat = M/D/YYYY\n", 5, "format",
	 "'D/M/YYYY' and 'M/D/YYYY' read the same text as different dates",
	 "keep the one that the tool writes"},
	{"a half day without AM", "[mapping]\nrows = tickets\n[dates]\nformat = D/M/YYYY h:mm\n", 4,
	 "format", "form of date 'D/M/YYYY h:mm' needs both h and AM", "write h:mm AM or HH:mm"},
	{"a delimiter of two", TICKETS "[file]\ndelimiter = ;;\n", 9, "delimiter",
	 "';;' is no delimiter", "write one character, or comma, semicolon, tab, pipe"},
	{"neither yes nor no", TICKETS "[file]\nwhole_log = maybe\n", 9, "whole_log",
	 "unknown word 'maybe'", "known are yes, no"},
	{"a line that is none", "[mapping]\nrows\n", 2, "", "'rows' is no line of a mapping",
	 "write [section], word = meaning, or # comment"},
	{"a line before all sections", "rows = tickets\n", 1, "rows",
	 "'rows' stands before the first section", "begin with [mapping]"},
	{"not UTF-8", "[mapping]\nname = \xff\n", 2, "", "the mapping is not UTF-8", ""},
};

static void test_wrong(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct mapping *m = NULL;
		struct err err = {.line = 0};

		ok(mapping_parse(a, text_of("my.map"), text_of(wrong[i].text), &m, &err) ==
				   RC_INVALID &&
			   m == NULL,
		   "%s: refused", wrong[i].name);
		is_text(text_of(err.message), wrong[i].message, "%s: message", wrong[i].name);
		is_text(text_of(err.hint), wrong[i].hint, "%s: hint", wrong[i].name);
		is_text(text_of(err.key), wrong[i].key, "%s: key", wrong[i].name);
		is_text(text_of(err.file), "my.map", "%s: file", wrong[i].name);
		is_i64(err.line, wrong[i].line, "%s: line", wrong[i].name);
	}
}

static void test_right(struct arena *a)
{
	struct mapping *m = NULL;
	struct err err = {.line = 0};
	const char *text =
		"\xef\xbb\xbf# a comment\n[mapping]\nname = x\nrows = ticket_states\r\nheader = "
		"a,\n\t\"b,c\",\n\n"
		"[file]\nnull = ?,\"-\"\ndelimiter = tab\n[dates]\nformat = D/M/YYYY HH:mm\nformat "
		"= iso\n"
		"[columns]\nticket = a\nstate = \"b,c\"\noccurred = d\n[states]\n\" New \" = open\n"
		"\"a = b\" = work  answer\n#Old = x\n[priorities]\n1 - High = P1\n";

	if (!ok(mapping_parse(a, text_of("x"), text_of(text), &m, &err) == RC_OK,
		"a mapping with everything is read")) {
		note("%s", err.message);
		return;
	}
	is_i64((int64_t)m->n_header, 2, "a header over two lines");
	is_text(m->header[1], "b,c", "a name with a comma");
	ok(m->delimiter == '\t' && m->n_nulls == 2, "delimiter and marks for nothing");
	is_i64((int64_t)m->n_formats, 2, "two forms of date");
	is_i64((int64_t)m->states.n, 2, "a commented line is none");
	ok(mapping_word(&m->states, text_of(" New ")) != NULL,
	   "blanks at the ends of a quoted word");
	ok(mapping_word(&m->states, text_of("a = b"))->means == (MEANS_WORK | MEANS_ANSWER),
	   "two meanings");
	is_text(mapping_word(&m->priorities, text_of("1 - High"))->to, "P1", "a priority");
}

static void test_logged_by(struct arena *a)
{
	static const char words[] = "[mapping]\nname = x\nrows = tickets\n[file]\nparty = "
				    "provider\nlogged_by = client\n"
				    "[dates]\nformat = iso\n[columns]\nticket = id\nlogged = at\n";
	struct mapping *m = NULL;
	struct err err = {.line = 0};

	if (!ok(mapping_parse(a, text_of("m"), text_of(words), &m, &err) == RC_OK,
		"logged_by is read"))
		return;
	ok(m->party == PARTY_PROVIDER && m->logged_by == PARTY_CLIENT,
	   "who reports, and whose the tickets are");
}

static void test_ready(struct arena *a)
{
	struct mapping *m = NULL;
	struct err err = {.line = 0};

	for (size_t i = 0; i < mapping_ready_count(); i++) {
		struct text name = mapping_ready_name(i);

		if (!ok(mapping_ready(a, name, &m, &err) == RC_OK, "%.*s is read", TEXT_ARG(name)))
			note("%s:%u: %s", err.file, err.line, err.message);
		else
			ok(text_eq(m->name, name) && m->title.n > 0, "%.*s says its own name",
			   TEXT_ARG(name));
	}
	ok(mapping_ready(a, text_of("upptime_check"), &m, &err) == RC_MISSING, "no such mapping");
	is_text(text_of(err.hint), "did you mean 'upptime_checks'?", "with the nearest");
}

/* Proposals: what they must hold, and whether they can be used at once. */
static const struct {
	const char *name, *input;
	bool usable;
	const char *holds[5];
} proposals[] = {
	{"a list with days first",
	 "Issue key;Status;Priority;Created;Resolved\nA-1;Done;High;25/4/2016 10:00;26/4/2016 "
	 "11:00\nA-2;To "
	 "Do;Low;1/4/2016 10:00;-\n",
	 true,
	 {"rows = tickets", "delimiter = ;", "\nformat = D/M/YYYY HH:mm\n", "null = -",
	  "ticket = Issue key"}},
	{"a list whose dates can be read in two ways",
	 "id,created,closed\n1,3/4/2016 10:00,4/5/2016 11:00\n",
	 false,
	 {"# AMBIGUOUS: '4/5/2016 11:00'", "# format = D/M/YYYY HH:mm\n",
	  "# format = M/D/YYYY HH:mm\n", "logged = created", "closed = closed"}},
	{"an audit log",
	 "number,state,updated_at,priority\n1,New,2026-03-01T10:00:00Z,1 - High\n1,On "
	 "Hold,2026-03-01T11:00:00Z,1 - "
	 "High\n1,Closed,2026-03-02T10:00:00Z,1 - High\n",
	 true,
	 {"rows = ticket_states", "On Hold = waiting_client", "Closed = closed", "1 - High = P1",
	  "recorded = updated_at"}},
	{"checks",
	 "monitor\tstatus\ttimestamp\nweb\tup\t2026-03-01 10:00:00\nweb\tfailed\t2026-03-01 "
	 "11:00:00\n",
	 true,
	 {"rows = samples", "delimiter = tab", "up = up", "failed = down", "asset = monitor"}},
	{"a list in German",
	 "Vorgang;Priorit\xc3\xa4t;Erstellt am;Erste Antwort;Behoben am;Status\n"
	 "7;Hoch;25.03.2026 09:05;25.03.2026 09:20;25.03.2026 12:00;Geschlossen\n",
	 true,
	 {"\nformat = D.M.YYYY HH:mm\n", "ticket = Vorgang\nlogged = Erstellt am\n",
	  "answered = Erste Antwort\n", "Hoch = P2\n", "logged_by = client\n"}},
	{"dates under names that are not known",
	 "colour,seen\nred,25/3/2026 10:00\n",
	 false,
	 {"\nformat = D/M/YYYY HH:mm\n", "# not used: colour, seen\n", "", "", ""}},
	{"a list that says how tickets came in",
	 "id,created,channel\n1,2026-03-25T10:00:00Z,email\n",
	 true,
	 {"party = provider\n\n[dates]", "channel = channel\n", "", "", ""}},
	{"a table of something else",
	 "colour,size\nred,3\n",
	 false,
	 {"# NEEDED, and not recognised:\n# ticket = \n", "# not used: colour, size\n",
	  "# No form of date was recognised", "", ""}},
};

static void test_propose(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(proposals); i++) {
		struct buf out;
		struct err err = {.line = 0};
		struct mapping *m = NULL;

		buf_init(&out, 1 << 20);
		ok(mapping_propose(a, text_of("file.csv"), text_of(proposals[i].input), &out,
				   &err) == RC_OK,
		   "%s: proposed", proposals[i].name);
		for (size_t h = 0; h < ARRAY_SIZE(proposals[i].holds); h++)
			if (!ok(text_has(buf_view(&out), text_of(proposals[i].holds[h])),
				"%s: holds '%s'", proposals[i].name, proposals[i].holds[h]))
				note("%.*s", TEXT_ARG(buf_view(&out)));
		ok((mapping_parse(a, text_of("p"), buf_view(&out), &m, &err) == RC_OK) ==
			   proposals[i].usable,
		   "%s: %s", proposals[i].name,
		   proposals[i].usable ? "usable at once" : "not before it is edited");
		buf_free(&out);
	}

	struct buf out;
	struct err err = {.line = 0};

	buf_init(&out, 1 << 20);
	ok(mapping_propose(a, text_of("f"), text_of("one\n1\n"), &out, &err) == RC_INVALID &&
		   out.n == 0,
	   "one column is no table");
	ok(mapping_propose(a, text_of("f"), text_of(""), &out, &err) == RC_MISSING,
	   "nothing is no table");
	buf_free(&out);
}

int main(void)
{
	struct arena *a = arena_new(256u << 20);

	test_wrong(a);
	test_right(a);
	test_logged_by(a);
	test_ready(a);
	test_propose(a);
	arena_free(a);
	return tap_done();
}
