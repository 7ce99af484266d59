/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an action runs in and what it answers. An action joins the pure rooms with files; it prints nothing: its bytes go into
 * the reply, and whoever called (the command line, later the server) delivers them.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include "app/actions.h"
#include "app/world.h"
#include "base/buf.h"
#include "time/zone.h"

enum { OUTPUT_MAX_BYTES = 1 << 30 };

struct kept;
struct pdf_letterhead;
struct recall_once;

/* What a server counts of what is recorded (trust.md O4): facts once they are on disk, and how long that took. */
struct served_counts {
	int64_t (*steady_us)(void);
	void (*committed)(uint64_t us);
	void (*facts)(const char *kind, size_t n);
};

/*
 * A call that came over the network. It reads no file: where a verb takes files, "-" is what the request brought; and it writes none.
 * Whoever asks is named by --as, after the door has found out who that is.
 */
struct served {
	struct text body;
	/* The first line of body in the lines that it is a piece of (bulk.c), from 1: a line that is none ends it. 0: body is a file, or several. */
	size_t first_line;
	const struct text *others; /* what came beside it, of a verb that takes several: the second "-" is the first of them */
	size_t n_others;
	const struct served_counts *counts; /* NULL: nobody counts */
	bool in_page; /* an answer in HTML is only what stands inside a page: doc_html_inside */
	/*
	 * Entries of records that were read whole for this request; with more than RECALL_SERVED_MAX (app/recall.h) reading ends with code
	 * "heavy". NULL: as many as there are.
	 */
	int64_t *recalled;
};

struct app;
struct outside_process;
struct mail_settings;
struct mail_way;

/*
 * Asks one server, by a process that has no file and no key (trust.md X1, S21). start: before the command reads a secret; named: an address
 * inside the network that it may connect to. ask: *status 0 where there is no answer; post NULL: GET. All that it can be asked for is below
 * base.
 */
struct outside_ops {
	enum rc (*start)(struct app *app, struct text base, struct text token, struct text named,
			 struct outside_process **out, struct err *err);
	enum rc (*ask)(struct outside_process *p, struct arena *a, struct text path,
		       const struct text *post, size_t most, int *status, struct text *body,
		       struct err *err);
	void (*end)(struct outside_process *p);
	/* Likewise a process that hands mail to the server of the settings, which reads the password itself; *way is good until end. */
	enum rc (*start_mail)(struct app *app, const struct mail_settings *m,
			      struct outside_process **out, struct mail_way *way, struct err *err);
};

struct app {
	struct arena *arena;
	const struct world *world;
	struct zone_source zones; /* over the system's tzdata (app/zones.h) */
	bool colour;              /* the caller's terminal takes it */
	/* Progress of reading: name, bytes so far, bytes in all (0: not known); done at the end. NULL: nobody looks. */
	void (*progress)(void *context, struct text name, uint64_t bytes, uint64_t total,
			 bool done);
	void *progress_context;
	/*
	 * Delivers and empties reply->out while an action still runs (long answers, files larger than memory). What goes to a file
	 * appears there only if the action ends well. NULL: at the end.
	 */
	enum rc (*flush)(void *context, struct buf *out, struct err *err);
	void *flush_context;
	/* A write or a sync failed, if only while a file was closed: nothing is acknowledged (trust.md D3). */
	bool disk_failed;
	/* How the provider's paper looks, where a workspace says (app/provider.h); NULL: plain. */
	const struct pdf_letterhead *letterhead;
	bool letter_paper;
	const struct served *served; /* NULL: the command line */
	struct kept *kept;	     /* connections that stay open between calls (app/kept.h); NULL: none do */
	struct recall_once *
		once; /* records that were recalled (app/recall.h); NULL: who asks again reads again */
	/* What runs a server, given by the command line, which knows the rooms above this one. */
	enum rc (*serve)(struct app *app, const struct args *args, struct reply *reply, struct err *err);
	const struct outside_ops *outside; /* likewise; NULL: nothing connects out */
	/* OpenAPI of what it answers to programs, at that address; empty: without one. */
	void (*openapi)(struct text base_url, struct buf *out);
};

struct reply {
	struct buf out;   /* for standard output or --output */
	struct buf notes; /* for standard error */
	int status;       /* exit status if the action returns RC_OK */
	const char *state; /* of a ticket that is shown, for the page around it; NULL: of none */
	bool late;         /* a clock of it is late */
	bool covered;      /* it has health data that is covered (trust.md P10) */
	int64_t issued;    /* statement: how often that month's was issued */
	bool opened;       /* out has words that are open for a time: nobody keeps it */
	struct text file_name; /* out is a file that somebody sent, of this name (trust.md S23); empty: it is not */
	bool delivered;   /* the action wrote what --output names by itself; out is for standard output */
};

/* Runs args->action; rc and err as the action gives them. */
enum rc app_run(struct app *app, const struct args *args, struct reply *reply,
		struct err *err) MUST_USE;

/* The exit status of a failure: 2 invalid input, 64 usage, 65 limit, 66 missing, 74 reading or writing (sysexits). */
int app_status(enum rc rc);

#define ACTION(name, verb, function, right, group, line, about, examples, takes)                          \
	enum rc function(struct app *app, const struct args *args, struct reply *reply,            \
			 struct err *err) MUST_USE;
#include "app/actions.def"

#endif
