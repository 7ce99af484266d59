/* SPDX-License-Identifier: Apache-2.0 */
/* The table of actions.def as enums and rows. */
#ifndef APP_ACTIONS_H
#define APP_ACTIONS_H

#include "app/access.h"

enum param {
#define PARAM(name, word, type, metavar, help) PARAM_##name,
#include "app/actions.def"
	PARAM_COUNT
};

enum action_id {
#define ACTION(name, verb, function, right, group, line, about, examples, takes) ACTION_##name,
#include "app/actions.def"
	ACTION_COUNT
};

enum param_type {
	TYPE_FILE,
	TYPE_FILE_OUT,
	TYPE_WORD,
	TYPE_FLAG,
	TYPE_MONTH,
	TYPE_PERIOD,
	TYPE_INSTANT,
	TYPE_SPAN,
	TYPE_MONEY,
	TYPE_ZONE,
	TYPE_FORMAT,
	TYPE_DURATION,
	TYPE_LANG,
	TYPE_INT,   /* columns of text */
	TYPE_COUNT, /* 0 and up */
	TYPE_DATE,  /* YYYY-MM-DD */
};

/* How an action takes a parameter. */
enum param_use { USE_END, USE_ARG, USE_ARG_OPT, USE_ARGS, USE_OPT, USE_OPTS, USE_MUST };

enum { ACTION_PARAMS_MAX = 28 };

struct param_row {
	const char *name, *metavar, *help;
	enum param_type type;
};

struct app;
struct args;
struct reply;

/* Under what heading help lists it. */
enum action_group {
	GROUP_CONTRACTS,
	GROUP_FILES,
	GROUP_RECORD,
	GROUP_MONEY,
	GROUP_PROOF,
	GROUP_KEEPING,
	GROUP_TOOLS,
	GROUP_COUNT
};

struct action {
	const char *verb, *line, *about, *examples;
	enum action_group group;
	enum permission right; /* what a person needs to do it (trust.md P3) */
	enum rc (*run)(struct app *app, const struct args *args, struct reply *reply,
		       struct err *err);
	struct {
		enum param param;
		enum param_use use;
	} params[ACTION_PARAMS_MAX]; /* the common ones included; up to USE_END */
};

const struct param_row *param_row(enum param p);
const struct action *action_row(enum action_id a);
/* NULL: no such verb. */
const struct action *action_find(struct text verb);
/* Does the action take this parameter as an option, and how? false: it does not. */
bool action_option(const struct action *a, struct text name, enum param *p, enum param_use *use);

/* Values of one call, by parameter, in the order given. */
struct args {
	const struct action *action;
	struct arg_values {
		const struct text *v;
		size_t n;
	} values[PARAM_COUNT];
};

bool args_has(const struct args *a, enum param p);
struct text args_text(const struct args *a, enum param p); /* the first value, or empty */

/*
 * Words after the program's name to a call. Fails with RC_USAGE for an unknown verb or option (naming the nearest), one given
 * twice, one without its value, a missing or superfluous argument; a value that its type refuses is named with what would be
 * right. `--help` anywhere sets *help and checks nothing else but the verb.
 */
enum rc args_parse(struct arena *a, const struct text *words, size_t n, struct args *out,
		   bool *help, struct err *err) MUST_USE;

#endif
