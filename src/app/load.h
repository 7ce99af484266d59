/* SPDX-License-Identifier: Apache-2.0 */
/* A contract and facts from files: what month, explain and atrisk begin with. */
#ifndef APP_LOAD_H
#define APP_LOAD_H

#include "app/app.h"
#include "engine/outcome.h"
#include "facts/import.h"
#include "terms/promise.h"

/*
 * Reads and checks a contract. An invalid file is RC_INVALID with its first error; all its errors are in the contract's findings
 * (the caller shows them), which is filled also then; *out is NULL only if the file could not be read at all.
 */
enum rc load_contract(struct app *app, struct text path, struct contract **out,
		      struct err *err) MUST_USE;
/* load_contract for a verb that needs a valid one: the errors go to reply->notes, err says that they end the run. */
enum rc load_noted(struct app *app, const struct args *args, struct text path,
		   struct contract **out, struct reply *reply, struct err *err) MUST_USE;
enum rc load_promise(struct app *app, const struct contract *c, const struct promise **out,
		     struct err *err) MUST_USE;

/* The zones of the system and the files beside the contract of that path. */
struct terms_context load_context(struct app *app, struct text path);

struct loaded {
	struct contract *contract;
	const struct promise *promise;
	struct facts *facts;
	const struct import_report **reports; /* one a file, members of archives each */
	size_t n_reports, reports_cap;
	const struct version *versions; /* NULL: the promise alone */
	size_t n_versions;
	instant first, last; /* of occurred_at and recorded_at; INSTANT_NONE without facts */
};

/* The call's CONTRACT and FACTS, read by its --map, --zone and --covers. expand_until: for recurring maintenance. */
enum rc load_all(struct app *app, const struct args *args, struct loaded *out, struct reply *reply,
		 struct err *err) MUST_USE;

/*
 * The call's FACTS, read by its --map, --zone and --covers, for a contract that is known already (l->promise set, l->facts an empty
 * set).
 */
enum rc load_facts(struct app *app, const struct args *args, struct loaded *l, struct reply *reply,
		   struct err *err) MUST_USE;

/*
 * One table that lies in memory, read by --map or a ready mapping, for no contract: days are those that it writes (report->zone says in
 * which zone).
 */
enum rc load_table(struct app *app, const struct args *args, struct text name, struct text bytes,
		   struct facts *facts, const struct import_report **out, struct err *err) MUST_USE;

/* --month or --period in the contract's zone; without either an error that tells what the facts cover. */
enum rc load_period(const struct loaded *l, const struct args *args, struct span *out,
		    struct err *err) MUST_USE;

/* What the engine is asked, from --as-of, --known-as-of and --base; as_of defaults to the later of `from` and the last record. */
enum rc load_evaluation(struct app *app, const struct loaded *l, const struct args *args,
			struct span period, instant default_as_of, struct evaluation *out,
			struct err *err) MUST_USE;

#endif
