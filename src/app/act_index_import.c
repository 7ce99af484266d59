/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor index import: values of a series are published once, for all contracts. Without --contract the file is read once and each contract
 * takes the series that it names, in a transaction of its own; one that names none of them is left alone.
 */
#include "app/answer.h"
#include "app/import_parts.h"
#include "base/json.h"

enum { TURN_MAX_BYTES = 1 << 30 };

/* The files as they read in one zone: a month begins at midnight there. */
struct reading {
	struct text zone;
	struct loaded loaded;
};

struct everywhere {
	struct importing *x;
	struct reply *reply;
	struct json json;
	bool to_program;
	struct reading *readings;
	size_t n_readings, readings_cap;
	size_t took;          /* contracts */
	struct buf contracts; /* what is said of them, after the files */
};

static struct text series_of(const struct facts *set, const struct fact *f)
{
	return symbol_text(set->symbols, fact_word(f, FIELD_SERIES));
}

/* What was read stays for the contracts to come; it lies in the arena of the whole call. */
static enum rc read_for(struct everywhere *e, struct arena *whole, const struct loaded **out,
			struct err *err)
{
	struct importing *x = e->x;
	struct text zone = zone_name(x->loaded.promise->zone);
	struct arena *turn = x->ws.arena;
	enum rc rc;

	for (size_t i = 0; i < e->n_readings; i++)
		if (text_eq(e->readings[i].zone, zone)) {
			*out = &e->readings[i].loaded;
			return RC_OK;
		}
	x->ws.arena = whole;
	rc = import_read(x, e->reply, err);
	x->ws.arena = turn;
	if (rc != RC_OK)
		return rc;
	e->readings = arena_grow(whole, e->readings, e->n_readings, &e->readings_cap,
				 sizeof(*e->readings));
	e->readings[e->n_readings] = (struct reading){text_copy(whole, zone), x->loaded};
	*out = &e->readings[e->n_readings++].loaded;
	return RC_OK;
}

/* The facts of the series that the contract names, in a set of their own with the same words. */
static struct facts *named_facts(struct importing *x, const struct facts *all)
{
	struct facts *out = facts_new(x->ws.arena);

	out->symbols = all->symbols;
	for (size_t i = 0; i < all->n_sources; i++)
		(void)facts_add_source(out, all->sources[i]);
	for (size_t i = 0; i < all->n; i++)
		if (money_rules_name_series(x->rules, series_of(all, &all->v[i])))
			(void)facts_add(out, &all->v[i]);
	return out;
}

static void say_series(const struct facts *set, struct buf *out)
{
	for (size_t i = 0; i < set->n; i++) {
		bool again = false;

		for (size_t k = 0; k < i && !again; k++)
			again = fact_word(&set->v[k], FIELD_SERIES) ==
				fact_word(&set->v[i], FIELD_SERIES);
		if (!again)
			buf_printf(out, "%s%.*s", i == 0 ? "" : ", ",
				   TEXT_ARG(series_of(set, &set->v[i])));
	}
}

static void say_dry(struct everywhere *e)
{
	struct importing *x = e->x;

	if (e->to_program) {
		json_open_object(&e->json);
		json_kv_text(&e->json, "contract", x->log.contract);
		json_kv_int(&e->json, "facts", (int64_t)x->loaded.facts->n);
		json_end_object(&e->json);
		return;
	}
	buf_printf(&e->contracts, "%.*s names ", TEXT_ARG(x->log.contract));
	say_series(x->loaded.facts, &e->contracts);
	buf_printf(&e->contracts, ": %zu %s of the file\n", x->loaded.facts->n,
		   x->loaded.facts->n == 1 ? "value" : "values");
}

static enum rc take_named(struct everywhere *e, struct err *err)
{
	struct importing *x = e->x;
	struct stored_checkpoint c;
	enum rc rc;

	e->took++;
	if (args_has(x->args, PARAM_DRY_RUN)) {
		say_dry(e);
		return RC_OK;
	}
	rc = import_take(x, &c, err);
	if (rc != RC_OK)
		return rc;
	if (x->count.conflicts + x->count.refused > 0)
		e->reply->status = 1;
	if (e->to_program) {
		json_open_object(&e->json);
		import_counts_json(x, &c, &e->json);
		json_end_object(&e->json);
	} else
		import_say(x, &e->contracts);
	return RC_OK;
}

static enum rc one_contract(struct everywhere *e, struct arena *whole, const struct log_head *log,
			    struct err *err)
{
	struct importing *x = e->x;
	const struct loaded *read;
	enum rc rc = import_begin(x, log, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = read_for(e, whole, &read, err);
	if (rc != RC_OK)
		return rc;
	x->loaded.facts = named_facts(x, read->facts);
	return x->loaded.facts->n == 0 ? RC_OK : take_named(e, err);
}

static void say_all(struct everywhere *e)
{
	static const struct loaded nothing = {.n_reports = 0};
	const struct loaded *l = e->n_readings > 0 ? &e->readings[0].loaded : &nothing;
	struct buf *out = &e->reply->out;

	if (e->to_program) {
		json_end_array(&e->json);
		import_files_json(l, &e->json);
		json_end_object(&e->json);
		buf_char(out, '\n');
		return;
	}
	for (size_t i = 0; i < l->n_reports; i++)
		import_report_print(l->reports[i], out);
	if (l->n_reports > 0)
		buf_char(out, '\n');
	buf_text(out, buf_view(&e->contracts));
	if (e->took == 0)
		buf_str(out, "no contract names a series of these files: nothing changes\n");
	else if (args_has(e->x->args, PARAM_DRY_RUN))
		buf_str(out, "nothing was recorded: --dry-run\n");
}

static enum rc every_contract(struct everywhere *e, struct err *err)
{
	struct importing *x = e->x;
	struct arena *whole = x->ws.arena;
	struct log_head *logs;
	size_t n;
	enum rc rc = workspace_logs(&x->ws, &logs, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		x->ws.arena = arena_new(TURN_MAX_BYTES);
		rc = one_contract(e, whole, &logs[i], err);
		arena_free(x->ws.arena);
		x->ws.arena = whole;
	}
	return rc;
}

/* Standard input is there once, and contracts of several zones read it each in their own. */
static enum rc no_stdin(const struct args *args, struct err *err)
{
	for (size_t i = 0; i < args->values[PARAM_FACTS].n; i++) {
		if (!text_is(args->values[PARAM_FACTS].v[i], "-"))
			continue;
		err_hint(err, "name a file, or the contract with --contract");
		return err_set(err, RC_USAGE, "standard input is not read for every contract");
	}
	return RC_OK;
}

static enum rc import_everywhere(struct app *app, const struct args *args,
				 const struct import_wish *wish, struct reply *reply,
				 struct err *err)
{
	struct everywhere e = {.reply = reply, .to_program = args_has(args, PARAM_JSON)};
	enum rc rc = no_stdin(args, err);

	if (rc == RC_OK)
		rc = import_open(app, args, wish, &e.x, err);
	if (rc != RC_OK)
		return rc;
	buf_init(&e.contracts, reply->out.max);
	json_init(&e.json, &reply->out, true);
	if (e.to_program) {
		json_open_object(&e.json);
		json_key(&e.json, "contracts");
		json_open_array(&e.json);
	}
	rc = every_contract(&e, err);
	if (rc == RC_OK)
		say_all(&e);
	buf_free(&e.contracts);
	workspace_close(&e.x->ws);
	return rc;
}

enum rc action_index_import(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	static const enum fact_kind kinds[] = {FACT_INDEX_PUBLISHED, FACT_INDEX_LINKED};
	const struct import_wish wish = {"index import", kinds, ARRAY_SIZE(kinds)};

	return args_has(args, PARAM_CONTRACT_ID) ? import_as(app, args, &wish, reply, err)
						 : import_everywhere(app, args, &wish, reply, err);
}
