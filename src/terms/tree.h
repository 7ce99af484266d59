/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contract as a typed tree: what a file says, each value typed by its row of terms.def, with the place where it stands.
 * Defaults are not in the tree (contract-language.md CL-41); the accessors at the end of this header give them.
 */
#ifndef TERMS_TREE_H
#define TERMS_TREE_H

#include "facts/kinds.h"
#include "money/money.h"
#include "time/calendar.h"
#include "time/duration.h"

/* Types of contract-language.md section 2. */
enum term_type {
	TERM_MAP,      /* a map whose keys are rows of the table */
	TERM_ITEMS,    /* [{}]: a list of maps with ids */
	TERM_ID, TERM_NAME, TERM_TEXT, TERM_PROSE,
	TERM_INT, TERM_DEC, TERM_PCT, TERM_MONEY, TERM_PRICE,
	TERM_DATE, TERM_MONTH, TERM_MONTHDAY, TERM_TIME, TERM_RANGE, TERM_DAYS, TERM_DUR,
	TERM_BOOL, TERM_ENUM, TERM_TZ, TERM_CUR, TERM_LANG, TERM_REGION, TERM_EMAIL,
	TERM_REF, TERM_ROLE, TERM_CLAUSE, TERM_PATH, TERM_KEYPATH, TERM_EVENT, TERM_LIB, TERM_HASH,
};

/* A row of terms.def. */
struct term {
	const char *path;          /* "sla.metrics[].targets[].within" */
	const char *key;           /* its last part: "within" */
	enum term_type type;
	bool set;                  /* [x]: a list of scalars of this type, a set */
	bool required;             /* where its map is present */
	const char *arg;           /* enum words "a/b/c"; list of a ref "charges"; event flag; else "" */
	const char *otherwise;     /* default as canonical text, or NULL */
	const char *kinds;         /* "elapsed/availability": only for these kinds (or types) of the item; NULL: all */
	const char *help;          /* one line for people */
	uint16_t parent;           /* index of the row of the map it is in; the top is 0 */
};

size_t term_count(void);
const struct term *term_at(size_t i);
/* The row of a path like "sla.metrics[].kind", or NULL. */
const struct term *term_find(struct text path);

enum node_kind { NODE_SCALAR, NODE_MAP, NODE_ITEMS, NODE_SET };

struct node {
	enum node_kind kind;
	const struct term *term;
	struct text key;           /* the key it stands under; of a list item its id; of a set's member empty */
	struct node *parent, *child, *next, *last; /* children in file order; sets in the order of the list they refer to, or of texts */
	size_t n;                  /* children */
	uint32_t line, column;     /* of the value, from 1; 0 in a version read back (version.h) */
	uint32_t key_line, key_column;
	struct text text;          /* scalars: canonical text (section 2) */
	struct text written;       /* scalars: as written, without quotes */
	bool quoted;
	bool hole;                 /* ?name: no value (CL-27); the accessors below take it as not written */
	bool broken;               /* reported; no value. Never in a valid contract */
	union {
		int64_t integer;           /* INT */
		bool truth;                /* BOOL */
		int choice;                /* ENUM: index of the word in term->arg */
		struct decimal decimal;    /* DEC, PCT */
		struct money money;        /* MONEY */
		struct {
			struct decimal amount;
			struct currency currency;
		} price;                   /* PRICE */
		day date;                  /* DATE, MONTH (its first day) */
		int32_t monthday;          /* month * 100 + day */
		int32_t minutes;           /* TIME */
		struct day_range range;    /* RANGE */
		unsigned days;             /* DAYS: bit 0 = Monday */
		struct duration duration;  /* DUR */
		const struct node *ref;    /* REF: the item; NULL for the predefined calendar `always`. CLAUSE: the clause */
		enum fact_event event;     /* EVENT */
		struct text sha256;        /* TEXT that names a calendar file: of its bytes, 64 hex digits (CL-44) */
	} value;
};

/* One problem of a file, or one finding of lint. */
struct finding {
	const char *code;          /* CL-6 code or lint rule id */
	char severity;             /* 'E', 'W', 'I'; errors of the file: 'X' */
	uint32_t line, column;
	struct text path;          /* "sla.metrics.uptime.target" */
	struct text value;         /* canonical text, may be empty */
	struct text clause;        /* "Order form 2, Service levels" or empty */
	struct text message;
	struct text why, fix, effect;
};

struct findings {
	struct finding *v;
	size_t n, cap;
	size_t errors;             /* count, also beyond the 100 that are kept (CL-6) */
};

struct contract {
	struct arena *arena;
	struct text file;          /* name as given */
	const struct node *root;   /* NULL if the file could not be read */
	bool valid;                /* no errors: only then may anything but the findings be used */
	bool is_template;
	struct findings findings;  /* errors of the file, in order of line and column */
	/* Clauses that come from `library` of a document and are not replaced; their parent is the document's map. */
	const struct node *const *library_clauses;
	size_t n_library_clauses;
	struct text canonical;     /* CL-41 bytes, if valid */
	char hash[65];             /* CL-42, if valid */
};

/* What reading needs from outside. */
struct terms_context {
	const struct zone_source *zones;
	/* The bytes that an `ics` key names; NULL: none can be read. */
	enum rc (*load)(void *context, struct text name, struct text *bytes, struct err *err);
	void *load_context;
	/*
	 * A calendar's yearly 02-29 is 28 February in other years (contract-language.md 2). Engines before 3 did not read it so
	 * (engine/version.h): after the local date of this instant; 0: always; INSTANT_MAX: never.
	 */
	instant leap_day_from;
};

/*
 * Reads, checks and types a whole file. Always fills *out; fails (RC_LIMIT) only if the file is larger than 1 MiB. Findings
 * carry every error, at most 100.
 */
enum rc contract_read(struct arena *a, struct text file, struct text bytes, const struct terms_context *context,
		      struct contract **out, struct err *err) MUST_USE;

/* The value at a path of keys and item ids relative to n ("targets.p1.within"), or NULL if it is not written. */
const struct node *node_at(const struct node *n, const char *path);
const struct node *node_at_text(const struct node *n, struct text path);
/* The same below a map, and the row of the table at that path, which must be there: it has the default. */
const struct node *node_at_row(const struct node *map, const char *path, const struct term **row);
/* The item of a list with that id (case counts), or NULL. */
const struct node *node_item(const struct node *items, struct text id);
/* "sla.metrics.uptime.target": keys and ids from the root. */
struct text node_path(struct arena *a, const struct node *n);
/* The nearest `clause` on the way up from n, as the clause node, or NULL. */
const struct node *node_clause(const struct node *n);
/* The number printed before a clause, counted from 1 over the clauses of its document that are printed; 0: not printed (CL-23). */
unsigned clause_number(const struct node *clause);
/* Does the path of keys and ids lead to something written? */
bool path_is_written(const struct node *root, struct text path);
/* What a label says of what no clause gives, and at its end of a clause that its document does not print. */
#define CLAUSE_NONE "(no clause)"
#define CLAUSE_UNPRINTED " (not printed)"
/* "Order form 2, Service levels" for a clause node (numbers by position: CL-21, CL-23), or "(no clause)" for NULL. */
struct text clause_label(struct arena *a, const struct node *clause);

/*
 * Values of a map's key, or the row's default where it is not written. The row must exist and have that type (asserted).
 * Those with bool return false where it is not written and has no default.
 */
bool term_duration(const struct node *map, const char *key, struct duration *out);
bool term_decimal(const struct node *map, const char *key, struct decimal *out);
bool term_money(const struct node *map, const char *key, struct money *out);
bool term_int(const struct node *map, const char *key, int64_t *out);
bool term_truth(const struct node *map, const char *key);              /* absent without default: false */
struct text term_text(const struct node *map, const char *key);        /* canonical text; absent: empty */
/* Index of the enum word in the row's list; -1 where it is not written and has no default. */
int term_choice(const struct node *map, const char *key);
const struct node *term_ref(const struct node *map, const char *key);  /* NULL: absent, or `always` */
bool term_is_set(const struct node *map, const char *key);             /* written in the file */

#endif
