/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share: a page under way, the frame around it, the tables of pages.def. */
#ifndef WEB_PARTS_H
#define WEB_PARTS_H

#include "render/doc.h"
#include "render/markup.h"
#include "web/web.h"

#include <jansson.h>

struct web {
	struct arena *arena;
	struct web_options o;
	struct zone_source zones;
	struct live *live;
	struct again *again;
	/* of the request under way */
	int64_t recalled;         /* struct served */
	struct recall_once *once; /* what its verbs recalled; NULL: nothing yet */
	struct arena *once_arena;
};

/* Where a page stands: of the whole, or of a contract. */
enum tab {
	NAV_TODAY,
	NAV_TICKETS,
	NAV_CLIENTS,
	NAV_CONTRACTS,
	NAV_INVOICES,
	NAV_RECEIVABLES,
	NAV_DRAFTS,
	NAV_PEOPLE,
	NAV_SETTINGS,
	NAV_TOKENS,
	NAV_AUDIT,
	NAV_ME,
	NAV_NONE,
	TAB_OVERVIEW,
	TAB_TERMS,
	TAB_STATEMENT,
	TAB_TICKETS,
	TAB_AVAILABILITY,
	TAB_INVOICES,
	TAB_ACCOUNT,
	TAB_PLANNING,
	TAB_DEADLINES,
	TAB_RECORD,
};

/* A parameter of a path: {"contract", "NW-2026"}. */
enum { PATH_NAMES_MAX = 6 };

struct page {
	struct web *w;
	const struct request *q;
	struct response *r;
	struct visitor who;
	const struct language *language;
	const struct zone *zone; /* the viewer's own; NULL: times show in UTC */
	struct field names[PATH_NAMES_MAX];
	size_t n_names;
	struct text form_token;
	bool plain; /* without a form that has an id of its own: may be given again as it is */
};

struct text page_name(const struct page *p, const char *name); /* of the path; empty: not there */
struct text page_say(const struct page *p, enum wording w);
/* A canonical amount with the decimals of its currency, in the reader's writing: "1,465.20 USD". */
struct text page_amount(const struct page *p, struct text value, struct text currency);
struct text page_contract(const struct page *p);
/* By its name; NULL: there is none of that name here, and times show in UTC. */
const struct zone *page_zone(const struct page *p, struct text name);
/* That of the contract that the page is about; NULL: of none, or it may not be read. */
const struct zone *page_contract_zone(struct page *p);
/* The month so many before the one under way, in UTC: near enough for a first page; a statement itself is in the contract's zone. */
struct text page_month(const struct page *p, instant now, int back);
/* Now to the whole second, if that is the month under way; else empty: a month that runs is looked at as of now, not as of its end. */
struct text page_moment(const struct page *p, struct text month);
/* "NW-1-2026-10.tnb": what the file is about, in letters a file system takes. */
struct text file_name(struct arena *a, struct text about, const char *ending);
bool page_may(const struct page *p, enum permission right);
/* A pattern with its {names} put in, each escaped for a path: "/c/{contract}/account". */
struct text page_path(const struct page *p, const char *pattern);

struct action_link {
	const char *pattern;
	enum wording words;
	bool first; /* the one that is meant to be pressed */
};

struct frame {
	enum tab tab;
	struct text title; /* of the window */
	const char *back;  /* pattern of the page above, or NULL */
	const struct action_link *links;
	size_t n_links;
	const char *const *formats; /* "pdf", "csv", ...: the same page in another form */
	size_t n_formats;
	bool in_parts; /* its JSON comes in parts: the link asks for as much as one may have */
	bool live;  /* kept up to date while it is looked at */
	bool broad; /* as wide as the window: a text beside its document */
};

void frame_begin(struct page *p, const struct frame *f);
void frame_end(struct page *p);
/* ?format=csv: the document's tables as a file. false: it is not asked for. */
bool page_csv(struct page *p, const struct doc *d);
/* A page that is that document, or its tables as CSV; sets the frame's formats. */
void page_doc(struct page *p, struct frame *f, const struct doc *d);
/* The title on the page itself, where no document brings one. */
void frame_title(struct page *p, struct text title);

bool page_speaks_english(const struct page *p);
/*
 * What went wrong, as paragraphs. Verbs speak English; in another language it is said in general, or by its code where that has words,
 * and the exact message stands below, marked as English. hint: with what would be right.
 */
void page_wrong(struct page *p, const struct err *err, bool hint);
/* A whole page that says what went wrong, with the status that fits. */
void page_failed(struct page *p, enum tab tab, enum rc rc, const struct err *err);
void page_missing(struct page *p);
/*
 * Of kept.c: a form that was posted and could not be taken as it came, given back with what was typed, to be sent again (trust.md S8).
 * false: there is nothing to be kept, or a secret is in it; nothing is answered then. KEPT_CODE: a code is asked for again (S7).
 */
enum why_kept { KEPT_OLD, KEPT_SIGNED_OUT, KEPT_CODE };
bool page_kept(struct page *p, enum tab tab, enum why_kept why);
/* GET or HEAD; else false, and answered with 405. */
bool page_get_only(struct page *p);
/* 403: seen, but not to be done by this person. */
void page_refused(struct page *p, enum tab tab);

struct row_page {
	const char *path;
	enum action_id verb;
	enum wording title;
	enum tab tab;
	enum permission right;
	enum param allow[6]; /* up to PARAM_COUNT */
};

/* NAMED: an identifier of ours, in words (render/said.h). ACT: the value is where the link leads, its heading what is done there. */
enum column_how { WORD, NAMED, CODE, TIME, DAY, NUMBER, MONEY, SPAN, ACT };

struct list_column {
	const char *key;
	enum wording heading;
	enum column_how how;
	const char *link;
};

struct row_list {
	const char *path;
	enum action_id verb;
	enum wording title;
	enum tab tab;
	enum permission right;
	struct list_column columns[7]; /* up to one without a key */
};

enum need { REQUIRED, OPTIONAL, FRESH };
/*
 * LINES: each line is a value; CHECKS: a box for each word, any number of them; UPLOAD: a file, which becomes the body that the verb reads;
 * UPLOADS: files with their names, of ticket attach, whose form it is or whose files it brings beside what else it is about.
 */
enum input_how {
	BY_PARAM,
	LINE,
	TEXT,
	CHECK,
	WHEN,
	WHOLE, /* a number */
	PRIORITIES,
	SERVICES,
	ASSETS,
	CHARGES, /* those that bill time */
	COVERED_CHECK, /* that files are health data; as COVERED */
	COVERED, /* health data: asked for only under a business associate agreement (trust.md P10) */
	PEOPLE,  /* who can have a ticket */
	CONTRACTS,      /* those that the visitor sees */
	DOCUMENT_LINES, /* of the document that the path names */
	CHOICES,
	LINES,
	CHECKS,
	UPLOAD,
	UPLOADS,
	HIDDEN,
	FLAG,
	SELF,  /* who fills it in, by opaque id */
	CARRY, /* what the page showed, to come back as it was */
};

struct input {
	const char *key; /* of the fact's field, or of the parameter */
	enum wording label;
	enum need need;
	enum input_how how;
	enum param param;    /* BY_PARAM, FLAG, UPLOAD, UPLOADS, and of choices and checks that are no field of a fact; else PARAM_COUNT */
	const char *choices; /* CHOICES, CHECKS: words apart by blanks; HIDDEN: the value; UPLOAD, UPLOADS: the types of file */
};

struct row_form {
	const char *path;
	enum action_id verb;
	const char *kind;
	enum wording title, submit;
	enum tab tab;
	enum permission right;
	const char *after; /* where the way goes on; of a verb whose answer is shown once, where it goes back to */
	struct input inputs[8]; /* up to one without a key */
};

const struct row_page *row_pages(size_t *n);
const struct row_list *row_lists(size_t *n);
const struct row_form *row_forms(size_t *n);
/* Does the path fit the pattern? Fills the page's names. */
bool path_fits(struct page *p, const char *pattern);

/* The time that is left, to the minute, marked where it is over. */
struct phrase left_run(struct doc *d, int64_t ms);
/* A table of the members of a list, under its title (W_NONE: that stands there). columns: n. */
void list_rows(struct page *p, enum wording title, const struct list_column *columns, size_t n, const json_t *answer);
/* The same as a file: the columns as they come from the verb, of an amount its currency in a column of its own. */
void list_csv(struct page *p, const struct list_column *columns, size_t n, const json_t *answer);
void page_show(struct page *p, const struct row_page *row);
void list_show(struct page *p, const struct row_list *row);
/* What the field is called where it is sent. */
const char *input_name(const struct input *i);
/* GET shows it, POST does it. */
void form_show(struct page *p, const struct row_form *row);

/*
 * Path and query become parameters of the verb. What is not among `allow` (up to PARAM_COUNT) is refused by name (S13): false, with the
 * run's error. *format: of the query, or empty.
 */
struct verb_run;
bool page_take_query(struct page *p, struct verb_run *v, const enum param *allow, size_t n_allow, struct text *format);
void page_take_names(struct page *p, struct verb_run *v, enum action_id verb);
/* The type of a form of an answer, "pdf", "csv" and so on; NULL: there is none of that name. */
const char *page_type(struct text format);
/* The field that makes the answer a file, named by what the page is about. */
struct text page_disposition(struct page *p, struct text format);
/* What the verb wrote, in that form, as a file. */
void page_file(struct page *p, struct verb_run *v, struct text format);

/* Pages with a shape of their own. false: not theirs. */
/* What the setting of the path is for, as a paragraph; and its value as it stands, each of several on a line of its own, or empty. */
void settings_why(struct page *p);
struct text settings_had(struct page *p);
/* The bank account that waits for a second person, and that to bring back with the yes. false: none does, and the page says so. */
bool settings_waiting(struct page *p, struct text *account);
/* Subject and body of the text of mail that the path names, as they are. */
struct fields settings_mail_text(struct page *p);
bool settings_page(struct page *p);   /* what the provider sets for itself */
bool people_page(struct page *p);     /* signing in, one's own settings */
bool identity_page(struct page *p);   /* signing in by a provider of identities */
bool identity_own(struct page *p);    /* linking one to one's account */
void identity_button(struct page *p); /* on the page to sign in */
void identity_card(struct page *p);   /* on one's own page */
/* On after signing in, or to the second factor; false: refused. */
bool page_signed_in(struct page *p, const struct sign_in_result *got, struct text next);
bool home_page(struct page *p);       /* today, a contract's overview */
/* false: an auditor whose grant to read does not reach to the day under way (trust.md P2). */
bool home_reads_today(struct page *p);
bool drafts_page(struct page *p);     /* terms that are being written */
/* Those of the visitor's side, of the page's contract or of all, as a section; nothing where there is none, or for who writes no terms. */
void drafts_under_way(struct page *p, struct doc *d);
bool proof_page(struct page *p);     /* how to check the record without us */
bool find_page(struct page *p);      /* what the box at the top of each page leads to */
bool desk_page(struct page *p);       /* texts to answer with */
bool ticket_page(struct page *p);     /* a file that is attached */
bool tickets_page(struct page *p);    /* of all contracts */
bool live_page(struct page *p);       /* what tells pages that something is new */
bool assets_file(const struct request *q, struct response *r);

/* Of one ticket (ticket.c): what one does with it where it stands. Returns how many. */
enum { LINKS_MAX = 18 };
/* of: what ticket show answered. */
size_t ticket_links(struct page *p, const struct reply *of, struct action_link v[LINKS_MAX]);
/* Is there nothing to do by this form where the ticket stands? *state: where that is. */
bool ticket_idle(struct page *p, const struct row_form *row, struct text *state);
/* Of the help desk (desk.c): what there is to choose from, NULL if it cannot be asked; whoever gets it calls json_decref. */
json_t *desk_ask(struct page *p);
/* What the query of a list of tickets may bring; the last two turn its pages. */
const enum param *desk_asks(size_t *n);
enum { DESK_TURNS = 2 };
/* Of one contract, or of all of them where the path names none. Above the list of tickets: named lists and a form that filters; below it: the rest, and a name for this one. */
void desk_list_head(struct page *p);
void desk_list_foot(struct page *p, const json_t *answer);
/* A list to choose, as a button; and which keys go along a list. */
void desk_button(struct page *p, struct text to, struct text words, bool current);
void desk_keys(struct page *p);
/* What of the contract bills work by time: rates, least times, factors, each with its clause. */
void desk_costs(struct page *p, const json_t *terms);
/* Does this term of a contract say that a charge bills work by time? *id: which. */
bool desk_bills_time(const json_t *term, struct text *id);
/* A form of its own that fills the answer in; what a text says for this ticket, or empty. */
void desk_replies(struct page *p);
struct text desk_reply(struct page *p, struct text name);
bool desk_timer_runs(struct page *p);
/* The same for a new ticket, by a template; what that says, as what was typed. */
void desk_templates(struct page *p);
struct fields desk_template(struct page *p, struct text name);
/* Into the queue that the template of a new ticket named; RC_OK where it named none. */
enum rc desk_queue_new(struct page *p, const struct fields *typed, struct err *err) MUST_USE;
/* The query of this page as it was asked, without the words of `leave` (apart by blanks): "state=open&late=true". */
struct text page_query(const struct page *p, const char *leave);

/* Pages that were made within this second (again.c), of one worker. */
struct again *again_new(struct arena *a);
void again_free(struct again *g);
/* true: answered. */
bool again_give(struct web *w, const struct request *q, struct response *r);
void again_keep(struct page *p);
/* The keeper is asked for it; and it has come, and took so long. */
void again_wait(struct web *w, const struct request *q);
void again_given(struct web *w, const struct request *q, const struct response *r, int64_t took_ms);

/* Which logs grew, of one worker. */
struct live *live_new(struct arena *a);
/* Where this page hears that something is new; empty: nowhere, it asks each minute. */
struct text live_source(const struct page *p);

/* A form's parts: the token, the id of what it reports, one row with its label. */
void form_open(struct page *p, struct text action);
/* One with files has another encoding. */
void form_open_files(struct page *p, struct text action);
void form_close(struct page *p, enum wording submit);
struct shown_input {
	const char *name, *type; /* "text", "password", "date", "datetime-local", "textarea", "checkbox", "number" */
	enum wording label;
	struct text value, error;
	const char *autocomplete; /* or NULL */
	bool required, first; /* first: where one begins to type */
	struct text hint;  /* or empty */
	struct text words; /* not empty: the label, where it is no wording */
	bool named;        /* of a choice: what it offers are identifiers of ours, shown in words */
	struct text none;  /* of a choice: what it says to choose nothing; empty: nothing */
	/* of a choice among things of the contract: its terms and where their names stand, "services."; or NULL */
	const json_t *terms;
	const char *under;
};
void form_input(struct page *p, const struct shown_input *i);
/* A choice of words, apart by blanks; the type is not looked at. */
void form_select(struct page *p, const struct shown_input *i, struct text words);
/* The same of values with words of their own. A value that is not among them stays chosen: it is what was typed. */
struct form_option {
	struct text value, words;
};
void form_options(struct page *p, const struct shown_input *i, const struct form_option *v, size_t n);
/* Of form_choices.c: what a form offers to choose from. */
struct form_lists {
	struct text priorities, services, assets, charges; /* the contract's ids, apart by blanks; empty: not known */
	struct text people;                                /* handles */
	bool health;      /* the contract has a business associate agreement */
	json_t *contract; /* as contract show answers, for what costs extra; NULL: not asked. Whoever gets it calls json_decref. */
	struct form_option *options; /* of the one input that is CONTRACTS or DOCUMENT_LINES */
	size_t n_options;
};
void form_lists_find(struct page *p, const struct row_form *row, struct form_lists *out);
/* Writes the choice; false: there is nothing to choose from, or too much, and it is a field to type in. */
bool form_offer(struct page *p, const struct row_form *row, const struct form_lists *lists, const struct input *i, struct shown_input *shown);
/* Is what was typed there the thing that the verb found missing? Then the error names that field and says what would be right. */
bool form_blames(struct page *p, const struct row_form *row, const struct fields *typed, struct err *err);
/* Of form_answer.c. What a verb answered, where it is more than "done"; false: it is not. tried: nothing was recorded; file: what was sent. */
bool form_answered(struct page *p, const struct row_form *row, const json_t *answer, bool tried, struct text file);
/* The verb answers a document, and the page is that. */
bool form_answers_page(const struct row_form *row);
enum rc form_show_page(struct page *p, const struct row_form *row, struct verb_run *v) MUST_USE;
/* What was decided about entries of a bank's statement; the file that came along with it, or empty. */
void form_take_decided(struct verb_run *v, const struct row_form *row, const struct fields *typed);
struct text form_kept_file(struct page *p, const struct fields *typed);
/* Browsers end the lines of a text by two characters; everybody else knows one. */
struct text form_lines(struct arena *a, struct text t);
/*
 * Of about.c: the fact or the dispute that a form decides about, in words, and what the contract asks of what is announced; nothing of
 * other forms. contract: as contract show answers, or NULL.
 */
void form_about(struct page *p, const struct row_form *row, const json_t *contract);
/* Of accounts.c: true: the page was of a client with several contracts, and is answered. */
bool accounts_show(struct page *p, const struct row_page *row);

/* --- decide.c: a client's yes or no --- */

struct deciding {
	json_t *answer, *lines; /* today, and the entry asked about; or NULL */
	const json_t *item;     /* of today; NULL: nothing waits under that name */
	const char *no;         /* the page that says no, with {fact} among the page's names; NULL: none */
	enum wording no_words;
};
/* Does that form record what the client approves, accepts or rejects? */
bool decide_is(const struct row_form *row);
/* The pattern of the page where an item of today is decided, of {contract}, {about} and {charge}; NULL: it asks for nothing, or is not for these eyes. */
const char *decide_page(const struct page *p, const json_t *item);
/* What the path names, as it waits; adds {fact} to the page's names. The caller gives it back by decide_free. */
void decide_find(struct page *p, const struct row_form *row, struct deciding *out);
void decide_free(struct deciding *d);
/* What is asked, in words; that nothing is, where nothing waits. */
void decide_about(struct page *p, const struct deciding *x);

/* Identifiers of ours to choose from, apart by blanks, shown in words. */
void form_choice(struct page *p, const char *name, enum wording label, struct text words, struct text value, bool required);
void form_hidden(struct page *p, const char *name, struct text value);
/* An id for what is begun with a form, so that two presses of it begin one (a UUIDv7). */
struct text form_fresh_id(struct page *p);
void form_label(struct page *p, const char *name, struct text words, bool required);
void form_error(struct page *p, const char *name, struct text error);

#endif
