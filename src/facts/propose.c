/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mapping proposed for a CSV file that no ready mapping knows. It looks at the first rows only, says in comments what is a
 * guess, and leaves open what cannot be known: 3/4/2016 is a day in March or in April, and only who made the file can tell.
 */
#include "facts/csv_read.h"
#include "facts/mapping.h"

#include <string.h>

enum { ROWS_LOOKED_AT = 2000, WORDS_KEPT = 40, COLUMNS_KEPT = 200, WORD_MAX = 60 };

/* What was seen in one column. */
struct seen {
	struct text name;
	struct text words[WORDS_KEPT]; /* distinct values, in order of first sight */
	size_t n_words;
	bool more_words;
	size_t filled; /* cells that are not empty and no mark for nothing */
	unsigned
		formats; /* candidates that read every filled cell so far; bit = place in candidates */
	enum column role; /* COLUMN_COUNT: none */
};

struct look {
	struct arena *arena;
	struct csv_reader *csv;
	struct seen *columns;
	size_t n_columns, rows, bad;
	unsigned nulls; /* marks met; bit = place in null_marks */
};

static const char *const null_marks[] = {"?",    "-",    "N/A", "n/a",  "NULL",
					 "null", "None", "NaN", "#N/A", "(empty)"};

/* Day-first and month-first forms stand side by side. */
static const char *const candidates[] = {
	"iso",
	"D/M/YYYY HH:mm",
	"M/D/YYYY HH:mm",
	"D/M/YYYY HH:mm:ss",
	"M/D/YYYY HH:mm:ss",
	"D-M-YYYY HH:mm",
	"M-D-YYYY HH:mm",
	"D-M-YYYY HH:mm:ss",
	"M-D-YYYY HH:mm:ss",
	"D.M.YYYY HH:mm",
	"D.M.YYYY HH:mm:ss",
	"D/M/YYYY h:mm AM",
	"M/D/YYYY h:mm AM",
	"D/M/YYYY h:mm:ss AM",
	"M/D/YYYY h:mm:ss AM",
	"YYYY/MM/DD HH:mm",
	"YYYY/MM/DD HH:mm:ss",
	"D/MMM/YY h:mm AM",
	"D MMM YYYY HH:mm",
	"MMM D, YYYY HH:mm",
	"D/M/YY HH:mm",
	"M/D/YY HH:mm",
	"D/M/YYYY",
	"M/D/YYYY",
	"D.M.YYYY",
};

/* Names that tools use, without case and without anything but letters and digits. */
static const struct {
	const char *name;
	enum column role;
} names[] = {
	{"number", COLUMN_TICKET},
	{"ticket", COLUMN_TICKET},
	{"ticketid", COLUMN_TICKET},
	{"ticketnumber", COLUMN_TICKET},
	{"id", COLUMN_TICKET},
	{"key", COLUMN_TICKET},
	{"issuekey", COLUMN_TICKET},
	{"incident", COLUMN_TICKET},
	{"incidentid", COLUMN_TICKET},
	{"case", COLUMN_TICKET},
	{"caseid", COLUMN_TICKET},
	{"state", COLUMN_STATE},
	{"status", COLUMN_STATE},
	{"incidentstate", COLUMN_STATE},
	{"ticketstatus", COLUMN_STATE},
	{"created", COLUMN_LOGGED},
	{"createdat", COLUMN_LOGGED},
	{"createddate", COLUMN_LOGGED},
	{"opened", COLUMN_LOGGED},
	{"openedat", COLUMN_LOGGED},
	{"reported", COLUMN_LOGGED},
	{"dateopened", COLUMN_LOGGED},
	{"logged", COLUMN_LOGGED},
	{"updated", COLUMN_OCCURRED},
	{"updatedat", COLUMN_OCCURRED},
	{"sysupdatedat", COLUMN_OCCURRED},
	{"sysupdatedon", COLUMN_OCCURRED},
	{"timestamp", COLUMN_OCCURRED},
	{"changedat", COLUMN_OCCURRED},
	{"checkedat", COLUMN_OCCURRED},
	{"lastupdated", COLUMN_OCCURRED},
	{"committime", COLUMN_RECORDED},
	{"recordedat", COLUMN_RECORDED},
	{"time", COLUMN_OCCURRED},
	{"date", COLUMN_OCCURRED},
	{"priority", COLUMN_PRIORITY},
	{"assignedto", COLUMN_TECHNICIAN},
	{"assignee", COLUMN_TECHNICIAN},
	{"technician", COLUMN_TECHNICIAN},
	{"reopencount", COLUMN_REOPENINGS},
	{"reopens", COLUMN_REOPENINGS},
	{"sysmodcount", COLUMN_ORDER},
	{"madesla", COLUMN_VERDICT},
	{"slamet", COLUMN_VERDICT},
	{"channel", COLUMN_CHANNEL},
	{"contacttype", COLUMN_CHANNEL},
	{"source", COLUMN_CHANNEL},
	{"service", COLUMN_SERVICE},
	{"site", COLUMN_SITE},
	{"location", COLUMN_SITE},
	{"firstresponse", COLUMN_ANSWERED},
	{"firstresponseat", COLUMN_ANSWERED},
	{"firstreply", COLUMN_ANSWERED},
	{"firstreplyat", COLUMN_ANSWERED},
	{"respondedat", COLUMN_ANSWERED},
	{"assigned", COLUMN_ASSIGNED},
	{"assignedat", COLUMN_ASSIGNED},
	{"started", COLUMN_STARTED},
	{"startedat", COLUMN_STARTED},
	{"resolved", COLUMN_RESOLVED},
	{"resolvedat", COLUMN_RESOLVED},
	{"solvedat", COLUMN_RESOLVED},
	{"resolutiondate", COLUMN_RESOLVED},
	{"closed", COLUMN_CLOSED},
	{"closedat", COLUMN_CLOSED},
	{"dateclosed", COLUMN_CLOSED},
	{"cancelledat", COLUMN_CANCELLED},
	{"monitor", COLUMN_ASSET},
	{"component", COLUMN_ASSET},
	{"host", COLUMN_ASSET},
	{"asset", COLUMN_ASSET},
	{"code", COLUMN_CODE},
	/* German, without the letters that are not ASCII. */
	{"vorgang", COLUMN_TICKET},
	{"vorgangsnummer", COLUMN_TICKET},
	{"ticketnummer", COLUMN_TICKET},
	{"ticketnr", COLUMN_TICKET},
	{"nummer", COLUMN_TICKET},
	{"zustand", COLUMN_STATE},
	{"erstellt", COLUMN_LOGGED},
	{"erstelltam", COLUMN_LOGGED},
	{"erffnet", COLUMN_LOGGED},
	{"erffnetam", COLUMN_LOGGED},
	{"gemeldet", COLUMN_LOGGED},
	{"gemeldetam", COLUMN_LOGGED},
	{"gendert", COLUMN_OCCURRED},
	{"gendertam", COLUMN_OCCURRED},
	{"aktualisiert", COLUMN_OCCURRED},
	{"aktualisiertam", COLUMN_OCCURRED},
	{"zeitpunkt", COLUMN_OCCURRED},
	{"prioritt", COLUMN_PRIORITY},
	{"bearbeiter", COLUMN_TECHNICIAN},
	{"kanal", COLUMN_CHANNEL},
	{"standort", COLUMN_SITE},
	{"ersteantwort", COLUMN_ANSWERED},
	{"ersteantwortam", COLUMN_ANSWERED},
	{"erstereaktion", COLUMN_ANSWERED},
	{"behoben", COLUMN_RESTORED},
	{"behobenam", COLUMN_RESTORED},
	{"gelst", COLUMN_RESOLVED},
	{"gelstam", COLUMN_RESOLVED},
	{"geschlossen", COLUMN_CLOSED},
	{"geschlossenam", COLUMN_CLOSED},
};

/* Parts of a state's name, and what it is taken to mean; the first that fits. */
static const struct {
	const char *part, *means;
} state_words[] = {
	{"vendor", "waiting_vendor"},
	{"supplier", "waiting_vendor"},
	{"third", "waiting_vendor"},
	{"wait", "waiting_client"},
	{"await", "waiting_client"},
	{"pending", "waiting_client"},
	{"customer", "waiting_client"},
	{"hold", "waiting_client"},
	{"schedul", "scheduled"},
	{"cancel", "cancelled"},
	{"reject", "cancelled"},
	{"resolv", "restored resolved"},
	{"solved", "restored resolved"},
	{"done", "restored resolved"},
	{"clos", "closed"},
	{"progress", "work"},
	{"active", "work"},
	{"working", "work"},
	{"wart", "waiting_client"},
	{"storn", "cancelled"},
	{"behoben", "restored resolved"},
	{"gel\xc3\xb6st", "restored resolved"},
	{"erledigt", "restored resolved"},
	{"geschlossen", "closed"},
	{"arbeit", "work"},
};

static const struct {
	const char *part, *means;
} check_words[] = {{"degrad", "degraded"}, {"down", "down"},       {"fail", "down"},
		   {"crit", "down"},       {"unknown", "unknown"}, {"up", "up"},
		   {"ok", "up"},           {"operational", "up"}};

static const struct {
	const char *part, *priority;
} priority_words[] = {{"1", "P1"},      {"2", "P2"},      {"3", "P3"},      {"4", "P4"},
		      {"5", "P5"},      {"crit", "P1"},   {"urgent", "P1"}, {"highest", "P1"},
		      {"high", "P2"},   {"medium", "P3"}, {"moder", "P3"},  {"normal", "P3"},
		      {"lowest", "P5"}, {"low", "P4"},    {"krit", "P1"},   {"dringend", "P1"},
		      {"hoch", "P2"},   {"mittel", "P3"}, {"niedrig", "P4"}};

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

/* Does t hold the part, without case? */
static bool has_part(struct text t, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= t.n; i++)
		if (text_eq_nocase(text_sub(t, i, i + n), (struct text){part, n}))
			return true;
	return false;
}

static bool same_name(struct text column, const char *name)
{
	size_t at = 0, n = strlen(name);

	for (size_t i = 0; i < column.n; i++) {
		char c = lower(column.p[i]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			continue;
		if (at == n || name[at] != c)
			return false;
		at++;
	}
	return at == n && n > 0;
}

static enum rc keep_header(void *context, uint32_t line, const struct text *header, size_t n,
			   struct err *err)
{
	struct look *l = context;
	int16_t *slots = arena_array(l->arena, int16_t, n);

	(void)line;
	(void)err;
	l->n_columns = n < COLUMNS_KEPT ? n : COLUMNS_KEPT;
	l->columns = arena_array(l->arena, struct seen, l->n_columns);
	for (size_t i = 0; i < n; i++) {
		slots[i] = -1;
		if (i < l->n_columns)
			slots[i] = (int16_t)i;
	}
	for (size_t i = 0; i < l->n_columns; i++) {
		l->columns[i].name = text_copy(l->arena, header[i]);
		l->columns[i].formats = (1u << ARRAY_SIZE(candidates)) - 1;
		l->columns[i].role = COLUMN_COUNT;
	}
	csv_want(l->csv, slots, n, l->n_columns);
	return RC_OK;
}

static bool note_null(struct look *l, struct text t)
{
	for (unsigned i = 0; i < ARRAY_SIZE(null_marks); i++)
		if (text_is(t, null_marks[i])) {
			l->nulls |= 1u << i;
			return true;
		}
	return t.n == 0;
}

static void keep_word(struct look *l, struct seen *s, struct text t)
{
	for (size_t i = 0; i < s->n_words; i++)
		if (text_eq(s->words[i], t))
			return;
	if (s->n_words == WORDS_KEPT || t.n > WORD_MAX)
		s->more_words = true;
	else
		s->words[s->n_words++] = text_copy(l->arena, t);
}

/* Which forms can this cell not have? */
static void drop_formats(struct seen *s, struct text t)
{
	for (unsigned i = 0; i < ARRAY_SIZE(candidates); i++) {
		struct date_format f;
		struct date_reader r;
		struct stamp at;
		struct err ignored = {.line = 0};

		if ((s->formats & 1u << i) == 0)
			continue;
		if (date_format_parse(text_of(candidates[i]), &f, &ignored) != RC_OK ||
		    date_reader_init(&r, &f, 1, text_of("UTC"), NULL, &ignored) != RC_OK ||
		    date_read(&r, t, &at) != DATE_OK)
			s->formats &= ~(1u << i);
	}
}

static void look_at_row(void *context, uint32_t line, const struct text *fields)
{
	struct look *l = context;

	(void)line;
	if (l->rows++ >= ROWS_LOOKED_AT)
		return;
	for (size_t i = 0; i < l->n_columns; i++) {
		struct seen *s = &l->columns[i];

		if (note_null(l, fields[i]))
			continue;
		s->filled++;
		keep_word(l, s, fields[i]);
		if (s->formats != 0)
			drop_formats(s, fields[i]);
	}
}

static void count_bad(void *context, uint32_t line, enum csv_fault fault, size_t detail)
{
	struct look *l = context;

	(void)line;
	(void)fault;
	(void)detail;
	l->bad++;
}

static struct look *look_with(struct arena *a, const struct csv_start *start, struct text bytes,
			      char delimiter)
{
	struct look *l = arena_one(a, struct look);
	struct csv_handler handler = {l, keep_header, look_at_row, count_bad};
	struct err ignored = {.line = 0};

	l->arena = a;
	l->csv = csv_open(a, delimiter, start->line, &handler);
	if (csv_push(l->csv, bytes.p, bytes.n, &ignored) != RC_OK)
		l->bad++;
	/* The first bytes end in the middle of a row: what closing says of it is no matter. */
	if (csv_close(l->csv, &ignored) != RC_OK)
		l->bad++;
	return l;
}

/* The delimiter that gives most columns in rows of one length. */
static struct look *best_look(struct arena *a, const struct csv_start *start, struct text bytes,
			      char *delimiter)
{
	static const char delimiters[] = {',', ';', '\t', '|'};
	struct look *best = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(delimiters); i++) {
		struct look *l;

		if (start->delimiter != 0 && start->delimiter != delimiters[i])
			continue;
		if (text_find(start->header, delimiters[i], 0) == start->header.n && best != NULL)
			continue;
		l = look_with(a, start, bytes, delimiters[i]);
		if (best == NULL || (l->n_columns > best->n_columns && l->bad <= l->rows)) {
			best = l;
			*delimiter = delimiters[i];
		}
	}
	if (best == NULL) {
		best = look_with(a, start, bytes, start->delimiter);
		*delimiter = start->delimiter;
	}
	return best;
}

static bool is_date(const struct seen *s)
{
	return s->filled > 0 && s->formats != 0;
}

static struct seen *with_role(struct look *l, enum column role)
{
	for (size_t i = 0; i < l->n_columns; i++)
		if (l->columns[i].role == role)
			return &l->columns[i];
	return NULL;
}

static bool role_is_date(enum column role)
{
	switch (role) {
	case COLUMN_LOGGED:
	case COLUMN_LOGGED_RECORDED:
	case COLUMN_OCCURRED:
	case COLUMN_RECORDED:
	case COLUMN_ANSWERED:
	case COLUMN_ASSIGNED:
	case COLUMN_STARTED:
	case COLUMN_RESTORED:
	case COLUMN_RESOLVED:
	case COLUMN_CLOSED:
	case COLUMN_CANCELLED:
		return true;
	case COLUMN_ID:
	case COLUMN_KIND:
	case COLUMN_TICKET:
	case COLUMN_STATE:
	case COLUMN_PRIORITY:
	case COLUMN_TECHNICIAN:
	case COLUMN_REOPENINGS:
	case COLUMN_ORDER:
	case COLUMN_VERDICT:
	case COLUMN_CHANNEL:
	case COLUMN_SERVICE:
	case COLUMN_SITE:
	case COLUMN_PARTY:
	case COLUMN_ASSET:
	case COLUMN_CODE:
	case COLUMN_SEQ:
	case COLUMN_CORRECTS:
	case COLUMN_CATEGORY:
	case COLUMN_TIME:
	case COLUMN_COUNT:
		break;
	}
	return false;
}

static void give_roles(struct look *l)
{
	for (size_t n = 0; n < ARRAY_SIZE(names); n++)
		for (size_t i = 0; i < l->n_columns; i++) {
			struct seen *s = &l->columns[i];

			if (s->role == COLUMN_COUNT && same_name(s->name, names[n].name) &&
			    with_role(l, names[n].role) == NULL &&
			    (!role_is_date(names[n].role) || is_date(s) || s->filled == 0))
				s->role = names[n].role;
		}
}

/* The rows a file with these columns can hold. */
static enum mapping_rows guess_rows(struct look *l)
{
	const struct seen *ticket = with_role(l, COLUMN_TICKET);

	if (ticket == NULL && with_role(l, COLUMN_ASSET) != NULL &&
	    with_role(l, COLUMN_STATE) != NULL && with_role(l, COLUMN_OCCURRED) != NULL)
		return ROWS_SAMPLES;
	/* A ticket that comes again has a row for each change. */
	if (ticket != NULL && with_role(l, COLUMN_STATE) != NULL &&
	    with_role(l, COLUMN_OCCURRED) != NULL && !ticket->more_words &&
	    ticket->n_words < ticket->filled)
		return ROWS_TICKET_STATES;
	if (with_role(l, COLUMN_LOGGED) == NULL && with_role(l, COLUMN_OCCURRED) != NULL &&
	    with_role(l, COLUMN_STATE) != NULL)
		return ROWS_TICKET_STATES;
	if (ticket != NULL && ticket->more_words && with_role(l, COLUMN_ORDER) != NULL)
		return ROWS_TICKET_STATES;
	return ROWS_TICKETS;
}

static void put_word(struct buf *out, struct text t)
{
	bool quote = t.n != text_trim(t).n || text_find(t, '=', 0) < t.n || t.n == 0 ||
		     t.p[0] == '#' || t.p[0] == '[';

	buf_printf(out, quote ? "\"%.*s\"" : "%.*s", TEXT_ARG(t));
}

static void put_header(struct buf *out, const struct look *l)
{
	size_t width = 0;

	buf_str(out, "header = ");
	for (size_t i = 0; i < l->n_columns; i++) {
		struct text t = l->columns[i].name;

		if (width > 70) {
			buf_str(out, "\n\t");
			width = 0;
		}
		if (text_find(t, ',', 0) < t.n || t.n == 0)
			buf_printf(out, "\"%.*s\"", TEXT_ARG(t));
		else
			buf_text(out, t);
		buf_str(out, i + 1 < l->n_columns ? "," : "\n");
		width += t.n + 1;
	}
}

/* Forms that every date column can have; any: columns that no role was found for. */
static unsigned common_formats(struct look *l, bool any, const struct seen **example)
{
	unsigned formats = 0;

	for (size_t i = 0; i < l->n_columns; i++) {
		const struct seen *s = &l->columns[i];

		if (!is_date(s) || (any ? s->role != COLUMN_COUNT : !role_is_date(s->role)))
			continue;
		formats = *example == NULL ? s->formats : formats & s->formats;
		*example = s;
	}
	return formats;
}

static void put_dates(struct buf *out, struct look *l)
{
	const struct seen *example = NULL;
	unsigned formats = common_formats(l, false, &example);

	if (example == NULL)
		formats = common_formats(l, true, &example);

	unsigned n = (unsigned)__builtin_popcount(formats);

	buf_str(out, "\n[dates]\n");
	if (example == NULL || n == 0) {
		buf_str(out, "# No form of date was recognised. Write one, as in D/M/YYYY HH:mm or "
			     "YYYY-MM-DD HH:mm:ss:\n"
			     "# format = \n");
	} else if (n > 1) {
		buf_printf(out,
			   "# AMBIGUOUS: '%.*s' can be read in more than one way. Keep the right "
			   "line, without its #.\n",
			   TEXT_ARG(example->words[0]));
	}
	for (unsigned i = 0; i < ARRAY_SIZE(candidates) && example != NULL; i++)
		if ((formats & 1u << i) != 0)
			buf_printf(out, "%sformat = %s\n", n > 1 ? "# " : "", candidates[i]);
	buf_str(out, "# Dates without an offset: whose time is it? Tell it with --zone, or here.\n"
		     "# zone = America/New_York\n");
}

static void put_columns(struct buf *out, struct look *l, enum mapping_rows rows)
{
	const struct seen *resolved = with_role(l, COLUMN_RESOLVED);

	buf_str(out, "\n[columns]\n# meaning = column of the file\n");
	for (unsigned c = 0; c < COLUMN_COUNT; c++) {
		const struct seen *s = with_role(l, (enum column)c);

		if (s == NULL || !column_allowed((enum column)c, rows))
			continue;
		buf_printf(out, "%s = %.*s\n", column_key((enum column)c), TEXT_ARG(s->name));
		if (c == COLUMN_OCCURRED && rows == ROWS_TICKET_STATES)
			buf_printf(out, "# An audit log records as it happens.\nrecorded = %.*s\n",
				   TEXT_ARG(s->name));
	}
	if (rows == ROWS_TICKETS && resolved != NULL && with_role(l, COLUMN_RESTORED) == NULL)
		buf_printf(out, "# Resolved is usable again, too.\nrestored = %.*s\n",
			   TEXT_ARG(resolved->name));
	for (unsigned c = 0; c < COLUMN_COUNT; c++)
		if (column_required((enum column)c, rows) && with_role(l, (enum column)c) == NULL)
			buf_printf(out, "# NEEDED, and not recognised:\n# %s = \n",
				   column_key((enum column)c));
	const char *before = "# not used: ";

	for (size_t i = 0; i < l->n_columns; i++) {
		enum column role = l->columns[i].role;

		if (role != COLUMN_COUNT && column_allowed(role, rows))
			continue;
		buf_printf(out, "%s%.*s", before, TEXT_ARG(l->columns[i].name));
		before = ", ";
	}
	if (*before == ',')
		buf_char(out, '\n');
}

static const char *state_guess(struct text t, enum mapping_rows rows)
{
	if (rows == ROWS_SAMPLES) {
		for (size_t i = 0; i < ARRAY_SIZE(check_words); i++)
			if (has_part(t, check_words[i].part))
				return check_words[i].means;
		return "unknown";
	}
	for (size_t i = 0; i < ARRAY_SIZE(state_words); i++)
		if (has_part(t, state_words[i].part))
			return state_words[i].means;
	return "open";
}

static void put_states(struct buf *out, struct look *l, enum mapping_rows rows)
{
	const struct seen *s = with_role(l, COLUMN_STATE);

	if (s == NULL || !column_allowed(COLUMN_STATE, rows))
		return;
	buf_str(out, "\n[states]\n# Seen in the first rows; the meanings are guesses. ");
	buf_str(out, rows == ROWS_SAMPLES
			     ? "Known are up, down, degraded, unknown, ignore.\n"
			     : "Known are open, work, answer, waiting_client,\n# waiting_vendor, "
			       "scheduled, "
			       "restored, resolved, closed, cancelled, by_person, ignore.\n");
	for (size_t i = 0; i < s->n_words; i++) {
		put_word(out, s->words[i]);
		buf_printf(out, " = %s\n", state_guess(s->words[i], rows));
	}
	if (s->more_words)
		buf_str(out, "# There are more: complete the list.\n");
}

static void put_priorities(struct buf *out, struct look *l, enum mapping_rows rows)
{
	const struct seen *s = with_role(l, COLUMN_PRIORITY);

	if (s == NULL || !column_allowed(COLUMN_PRIORITY, rows))
		return;
	buf_str(out, "\n[priorities]\n# word of the tool = id of a priority of the contract\n");
	for (size_t i = 0; i < s->n_words; i++) {
		const char *guess = NULL;

		for (size_t p = 0; p < ARRAY_SIZE(priority_words) && guess == NULL; p++)
			if (has_part(s->words[i], priority_words[p].part))
				guess = priority_words[p].priority;
		put_word(out, s->words[i]);
		buf_str(out, " = ");
		if (guess != NULL)
			buf_str(out, guess);
		else
			put_word(out, s->words[i]);
		buf_char(out, '\n');
	}
}

static void put_file(struct buf *out, struct look *l, char delimiter, enum mapping_rows rows)
{
	bool first = true;

	buf_str(out, "\n[file]\n");
	if (delimiter == '\t')
		buf_str(out, "delimiter = tab\n");
	else
		buf_printf(out, "delimiter = %c\n", delimiter);
	for (unsigned i = 0; i < ARRAY_SIZE(null_marks); i++) {
		if ((l->nulls & 1u << i) == 0)
			continue;
		buf_printf(out, "%s%s", first ? "# Cells that seem to mean nothing:\nnull = " : ",",
			   null_marks[i]);
		first = false;
	}
	buf_str(out, first ? "# null = ?\n" : "\n");
	buf_str(out, "party = provider\n");
	/* sla.md R24: a ticket of the provider's own has no first response to be late with. */
	if (rows != ROWS_SAMPLES && with_role(l, COLUMN_CHANNEL) == NULL)
		buf_str(out, "# No column says how a ticket came in, so whose it is is a guess: "
			     "the client's, or "
			     "the provider's\n# own (then it has no first response).\n"
			     "logged_by = client\n");
}

enum rc mapping_propose(struct arena *a, struct text name, struct text first_bytes, struct buf *out,
			struct err *err)
{
	struct csv_start start;
	char delimiter = ',';
	enum rc rc = csv_begin(first_bytes, &start, err);

	if (rc != RC_OK)
		return rc;

	struct look *l =
		best_look(a, &start, text_sub(first_bytes, start.skip, first_bytes.n), &delimiter);

	if (l->columns == NULL || l->n_columns < 2) {
		err_at(err, name, start.line, 0);
		return err_set(err, RC_INVALID,
			       "no table is recognised: the header has one column with , ; tab and "
			       "| alike");
	}
	give_roles(l);

	enum mapping_rows rows = guess_rows(l);

	buf_printf(out,
		   "# A mapping proposed for %.*s from its first %zu rows. Read it through: what "
		   "is a guess says so.\n"
		   "[mapping]\nname = my_export\nrows = %s\n",
		   TEXT_ARG(name), l->rows, mapping_rows_word(rows));
	put_header(out, l);
	put_file(out, l, delimiter, rows);
	put_dates(out, l);
	put_columns(out, l, rows);
	put_states(out, l, rows);
	put_priorities(out, l, rows);
	return RC_OK;
}
