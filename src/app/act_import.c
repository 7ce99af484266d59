/* SPDX-License-Identifier: Apache-2.0 */
/* tenor import: facts of files into the record. */
#include "app/answer.h"
#include "app/found.h"
#include "app/import_parts.h"
#include "app/inputs.h"
#include "app/money_last.h"
#include "app/signing.h"
#include "app/tickets_kept.h"
#include "base/json.h"
#include "facts/exact.h"

#include <string.h>

enum { NOT_RECORDED_MAX = 1000 };

/*
 * A source is named by the tool it comes from: the same file under another name is the same source. Both parties may have a tool of one
 * kind, and each a source of its own.
 */
static struct text source_name(const struct importing *x, struct text format)
{
	if (args_has(x->args, PARAM_SOURCE))
		return args_text(x->args, PARAM_SOURCE);
	return x->ws.actor.client ? text_format(x->ws.arena, "client/%.*s", TEXT_ARG(format))
				  : format;
}

static void name_sources(struct importing *x)
{
	struct facts *f = x->loaded.facts;

	for (size_t i = 0; i < f->n_sources; i++)
		f->sources[i].name = source_name(x, f->sources[i].format);
}

/* Only tickets' life is told by the provider's tool for both sides; what has no reporter comes from whoever imports. */
static void name_parties(struct importing *x)
{
	struct facts *f = x->loaded.facts;

	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].party == PARTY_UNKNOWN)
			f->v[i].party = x->ws.actor.client ? PARTY_CLIENT : PARTY_PROVIDER;
}

/* --- what a file observed is a fact of its own --- */

static instant last_of_source(const struct facts *f, size_t source)
{
	instant last = INSTANT_NONE;

	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].source == source &&
		    (last == INSTANT_NONE || f->v[i].occurred_at > last))
			last = f->v[i].occurred_at;
	return last;
}

static struct text source_body(struct arena *a, const struct fact_source *s)
{
	bool covers = s->covers.from < s->covers.to;
	struct text out;
	struct buf b, t;
	struct json j;

	buf_init(&b, 60000);
	buf_init(&t, 64);
	json_init(&j, &b, false);
	json_open_object(&j);
	json_kv_text(&j, "format", s->format);
	if (covers) {
		exact_instant_print(&t, s->covers.from);
		json_kv_text(&j, "from", buf_view(&t));
	}
	json_kv_bool(&j, "observes_outages", s->observes_outages);
	json_kv_bool(&j, "recorded_known", s->recorded_known);
	json_kv_text(&j, "source", s->name);
	if (covers) {
		buf_clear(&t);
		exact_instant_print(&t, s->covers.to);
		json_kv_text(&j, "to", buf_view(&t));
	}
	json_kv_bool(&j, "whole_log", s->whole_log);
	json_end_object(&j);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	buf_free(&t);
	return out;
}

/* It brought facts and none was taken: the record knows nothing of what it watched, and it is nobody's source for that. */
static bool all_refused(const struct importing *x, size_t source)
{
	const struct facts *f = x->loaded.facts;
	bool any = false;

	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].source != source)
			continue;
		if (x->results[i].fate == APPENDED || x->results[i].fate == APPEND_AGAIN)
			return false;
		any = true;
	}
	return any;
}

static enum rc put_source(struct importing *x, size_t i, struct err *err)
{
	struct workspace *ws = &x->ws;
	const struct fact_source *s = &x->loaded.facts->sources[i];
	struct text body = source_body(ws->arena, s);
	instant at =
		s->covers.from < s->covers.to ? s->covers.to : last_of_source(x->loaded.facts, i);
	struct uuid id = uuid_derived(at > 0 ? at : 0, text_of("source_read"), body);
	enum rc rc = RC_OK;

	if (at == INSTANT_NONE || all_refused(x, i) ||
	    record_has_id(ws->store, x->log.id, &id, err, &rc) || rc != RC_OK)
		return rc;
	x->sources_new++;
	return append_own(ws, &x->log, FACT_SOURCE_READ, body, &id, at, NULL, 0, NULL, err);
}

/* J2: a zone file that the system has renewed since is a fact of its own, noted when something new comes in. */
static enum rc renew_inputs(struct importing *x, struct err *err)
{
	struct terms_context context;
	enum rc rc;

	if (x->count.appended == 0 && x->sources_new == 0)
		return RC_OK;
	rc = inputs_context(&x->ws, &x->log, x->log.edge.size, INSTANT_MAX, &context, err);
	return rc == RC_OK ? inputs_pin(&x->ws, &x->log, x->contract, &context, &x->pinned, err)
			   : rc;
}

static enum rc put_sources(struct importing *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_log_of_uuid(ws->store, ws->arena, &x->log.uuid, &x->log, err);
	for (size_t i = 0; rc == RC_OK && i < x->loaded.facts->n_sources; i++)
		rc = put_source(x, i, err);
	if (rc == RC_OK)
		rc = renew_inputs(x, err);
	if (rc == RC_OK && x->sources_new + x->pinned > 0)
		rc = workspace_audit(ws, x->log.contract, text_of("source_read"), err);
	return workspace_end(ws, rc, err);
}

/* --- the answer --- */

/* money.md R43 has its own words for usage. */
static struct text why_not(const struct importing *x, const struct appended *r,
			   const struct fact *f)
{
	if (r->fate != APPEND_CONFLICT || f->kind != FACT_USAGE_RECORDED)
		return r->why;
	return text_format(x->ws.arena,
			   "usage id seen with other content: '%.*s': first kept, this one flagged",
			   TEXT_ARG(symbol_text(x->loaded.facts->symbols, f->id)));
}

static void refused_lines(const struct importing *x, struct buf *out)
{
	size_t shown = 0, all = x->count.conflicts + x->count.refused;

	for (size_t i = 0; i < x->loaded.facts->n && shown < IMPORT_NOTES_PER_CODE; i++) {
		const struct appended *r = &x->results[i];
		const struct fact *f = &x->loaded.facts->v[i];

		if (r->fate != APPEND_CONFLICT && r->fate != APPEND_REFUSED)
			continue;
		buf_printf(out, "  not recorded: %.*s, line %u, '%.*s': %.*s\n",
			   TEXT_ARG(x->loaded.facts->sources[f->source].name), f->line,
			   TEXT_ARG(symbol_text(x->loaded.facts->symbols, f->id)),
			   TEXT_ARG(why_not(x, r, f)));
		shown++;
	}
	if (all > shown)
		buf_printf(out, "  and %zu more\n", all - shown);
}

void import_say(const struct importing *x, struct buf *out)
{
	buf_printf(out, "%.*s: %zu %s recorded", TEXT_ARG(x->log.contract), x->count.appended,
		   x->count.appended == 1 ? "fact" : "facts");
	if (x->count.again > 0)
		buf_printf(out, ", %zu were there already", x->count.again);
	if (x->count.appended == 0 && x->count.conflicts + x->count.refused == 0)
		buf_str(out, "; nothing changes");
	if (x->count.pending > 0)
		buf_printf(out, ", %zu corrections wait for a second person", x->count.pending);
	if (x->count.conflicts + x->count.refused > 0)
		buf_printf(out, ", %zu not recorded", x->count.conflicts + x->count.refused);
	buf_char(out, '\n');
	refused_lines(x, out);
	buf_text(out, x->flags.lines);
	if (x->pinned > 0)
		buf_printf(out, "renewed: %zu tables that the contract uses (time zones)\n",
			   x->pinned);
}

static void say_imported(const struct importing *x, const struct stored_checkpoint *c,
			 struct reply *reply)
{
	for (size_t i = 0; i < x->loaded.n_reports; i++)
		import_report_print(x->loaded.reports[i], &reply->out);
	buf_char(&reply->out, '\n');
	import_say(x, &reply->out);
	buf_printf(&reply->out, "checkpoint: %lld entries\n", (long long)c->size);
}

static void json_costs(const struct importing *x, struct json *j)
{
	struct buf sum;

	buf_init(&sum, 64);
	json_key(j, "costs");
	json_open_array(j);
	for (size_t i = 0; i < x->loaded.n_reports; i++) {
		const struct import_report *r = x->loaded.reports[i];

		for (size_t k = 0; k < r->n_costs; k++) {
			const struct cost_sum *s = &r->costs[k];
			struct civil month = civil_of(s->month);

			buf_clear(&sum);
			exact_print(&sum, s->sum);
			json_open_object(j);
			json_kv_text(j, "charge", s->charge);
			json_kv_int(j, "costs", (int64_t)s->costs);
			json_kv_text(j, "currency", s->currency);
			json_kv_text(j, "month",
				     text_format(x->ws.arena, "%04d-%02d", (int)month.year,
						 (int)month.month));
			if (!s->too_large)
				json_kv_text(j, "sum", buf_view(&sum));
			json_kv_text(j, "supplier", s->supplier);
			json_end_object(j);
		}
	}
	json_end_array(j);
	buf_free(&sum);
}

void import_notes_json(const struct import_report *r, struct json *j)
{
	json_key(j, "notes");
	json_open_array(j);
	for (size_t i = 0; i < r->n_notes; i++) {
		json_open_object(j);
		json_kv_str(j, "code", import_code_word(r->notes[i].code));
		if (r->notes[i].line > 0)
			json_kv_int(j, "line", (int64_t)r->notes[i].line);
		json_kv_text(j, "text", r->notes[i].text);
		json_end_object(j);
	}
	json_end_array(j);
}

void import_files_json(const struct loaded *l, struct json *j)
{
	json_key(j, "files");
	json_open_array(j);
	for (size_t i = 0; i < l->n_reports; i++) {
		const struct import_report *r = l->reports[i];

		json_open_object(j);
		json_kv_int(j, "facts", (int64_t)r->facts);
		json_kv_text(j, "format", r->format);
		json_kv_text(j, "name", r->name);
		import_notes_json(r, j);
		json_kv_int(j, "skipped", (int64_t)r->skipped);
		json_kv_int(j, "taken", (int64_t)r->taken);
		json_end_object(j);
	}
	json_end_array(j);
}

void import_counts_json(const struct importing *x, const struct stored_checkpoint *c,
			struct json *j)
{
	char root[SHA256_HEX + 1];

	hash_hex(&c->root, root);
	json_kv_text(j, "contract", x->log.contract);
	json_kv_int(j, "recorded", (int64_t)x->count.appended);
	json_kv_int(j, "again", (int64_t)x->count.again);
	json_kv_int(j, "conflicts", (int64_t)x->count.conflicts);
	json_kv_int(j, "refused", (int64_t)x->count.refused);
	json_kv_int(j, "pending", (int64_t)x->count.pending);
	json_kv_int(j, "closed_period", (int64_t)x->flags.closed);
	json_kv_int(j, "duplicate_payments", (int64_t)x->flags.duplicates);
	json_kv_int(j, "future", (int64_t)x->flags.ahead);
	json_kv_int(j, "turned_rates", (int64_t)x->flags.turned);
	json_kv_int(j, "size", c->size);
	json_kv_str(j, "root", root);
}

/* J27: each line that was not taken, and why; where there are very many, the first. */
static void json_not_recorded(const struct importing *x, struct json *j)
{
	size_t shown = 0;

	json_key(j, "not_recorded");
	json_open_array(j);
	for (size_t i = 0; i < x->loaded.facts->n && shown < NOT_RECORDED_MAX; i++) {
		const struct appended *r = &x->results[i];
		const struct fact *f = &x->loaded.facts->v[i];

		if (r->fate != APPEND_CONFLICT && r->fate != APPEND_REFUSED)
			continue;
		json_open_object(j);
		json_kv_text(j, "id", symbol_text(x->loaded.facts->symbols, f->id));
		json_kv_int(j, "line", (int64_t)f->line);
		json_kv_text(j, "source", x->loaded.facts->sources[f->source].name);
		json_kv_text(j, "why", why_not(x, r, f));
		json_end_object(j);
		shown++;
	}
	json_end_array(j);
}

static void say_json(const struct importing *x, const struct stored_checkpoint *c, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	import_counts_json(x, c, &j);
	json_not_recorded(x, &j);
	if (x->wish->n_kinds > 0)
		json_costs(x, &j);
	import_files_json(&x->loaded, &j);
	json_end_object(&j);
	buf_char(out, '\n');
}

/* --- under another verb --- */

static bool wished(const struct import_wish *w, unsigned kind)
{
	for (size_t i = 0; i < w->n_kinds; i++)
		if (kind == (unsigned)w->kinds[i])
			return true;
	return w->n_kinds == 0;
}

static enum rc only_wished(const struct importing *x, struct err *err)
{
	const struct facts *f = x->loaded.facts;

	for (size_t i = 0; i < f->n; i++) {
		if (wished(x->wish, f->v[i].kind))
			continue;
		err_at(err, f->sources[f->v[i].source].name, f->v[i].line, 0);
		err_hint(err, "tenor import takes facts of every kind");
		return err_set(err, RC_INVALID, "holds %s, which %s does not take",
			       fact_row((enum fact_kind)f->v[i].kind)->kind, x->wish->verb);
	}
	return RC_OK;
}

static enum rc charge_passes_on(const struct importing *x, struct err *err)
{
	struct text id = args_text(x->args, PARAM_CHARGE);
	const struct promise *p = x->loaded.promise;
	struct text *known = arena_array(x->ws.arena, struct text, p->n_charges + 1);
	size_t n = 0;

	for (size_t i = 0; i < p->n_charges; i++) {
		if (p->charges[i].type != CHARGE_PASS_THROUGH)
			continue;
		if (id.n == 0 || text_eq(p->charges[i].id, id))
			return RC_OK;
		known[n++] = p->charges[i].id;
	}
	if (id.n == 0)
		return RC_OK;
	if (n == 0)
		err_hint(err,
			 "the contract has none: a charge of type pass_through passes costs on");
	else if (text_nearest(id, known, n).n > 0)
		err_hint(err, "did you mean '%.*s'?", TEXT_ARG(text_nearest(id, known, n)));
	else
		err_hint(err, "the contract has '%.*s'", TEXT_ARG(known[0]));
	return err_set(err, RC_INVALID, "'%.*s' is no pass-through charge of the contract",
		       TEXT_ARG(id));
}

/* What the files hold; nothing was recorded. */
static enum rc say_dry(const struct importing *x, struct reply *reply)
{
	struct json j;

	if (!args_has(x->args, PARAM_JSON)) {
		for (size_t i = 0; i < x->loaded.n_reports; i++)
			import_report_print(x->loaded.reports[i], &reply->out);
		buf_str(&reply->out, "\nnothing was recorded: --dry-run\n");
		return RC_OK;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, "contract", x->log.contract);
	json_costs(x, &j);
	import_files_json(&x->loaded, &j);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
	return RC_OK;
}

static void show_progress(void *context, size_t done, size_t all)
{
	struct importing *x = context;
	struct app *app = x->ws.app;

	if (app->progress != NULL)
		app->progress(app->progress_context, text_of("recording"), done, all, done == all);
}

enum rc import_begin(struct importing *x, const struct log_head *log, struct err *err)
{
	struct workspace *ws = &x->ws;
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, &x->versions, err);

	if (rc == RC_OK)
		rc = money_rules_new(ws->arena, &x->versions, &x->rules, err);
	if (rc != RC_OK)
		return rc;
	x->log = *log;
	x->loaded = (struct loaded){
		.promise = x->versions.versions[x->versions.n_versions - 1].promise};
	x->contract = x->versions.versions[x->versions.n_versions - 1].contract;
	return RC_OK;
}

enum rc import_read(struct importing *x, struct reply *reply, struct err *err)
{
	enum rc rc;

	x->loaded.facts = facts_new(x->ws.arena);
	rc = load_facts(x->ws.app, x->args, &x->loaded, reply, err);
	if (rc != RC_OK)
		return rc;
	name_sources(x);
	name_parties(x);
	return only_wished(x, err);
}

enum rc import_take(struct importing *x, struct stored_checkpoint *c, struct err *err)
{
	struct append_options options = {.person = args_text(x->args, PARAM_PERSON),
					 .progress = show_progress,
					 .progress_context = x,
					 .fits = money_rules_fit,
					 .fits_context = (void *)(uintptr_t)x->rules};
	struct workspace *ws = &x->ws;
	enum rc rc;

	x->results = arena_array(ws->arena, struct appended, x->loaded.facts->n + 1);
	x->sources_new = x->pinned = 0;
	rc = append_facts(ws, &x->log, x->loaded.facts, 0, x->loaded.facts->n, &options,
			  text_of("facts"), x->results, &x->count, err);
	if (rc == RC_OK)
		rc = put_sources(x, err);
	if (rc == RC_OK)
		rc = sign_log_and_install(ws, &x->log, false, c, err);
	if (rc == RC_OK)
		rc = recall_pack(ws, &x->log, err);
	if (rc == RC_OK)
		rc = found_fill(ws, &x->log, err);
	if (rc == RC_OK)
		rc = tickets_keep(ws, &x->log, err);
	if (rc == RC_OK)
		rc = money_last_keep(ws, &x->log, err);
	return rc == RC_OK ? money_flags_of(ws, &x->log, &x->versions, x->loaded.facts, x->results,
					    &x->flags, err)
			   : rc;
}

/* Who sends over the network looks at the answer's status first: 201 says that all of it is in the record. */
static bool lines_left_out(const struct importing *x)
{
	for (size_t i = 0; i < x->loaded.n_reports; i++)
		for (size_t k = 0; k < IMPORT_CODE_COUNT; k++)
			if (x->loaded.reports[i]->counts[k] > 0 &&
			    import_code_severity((enum import_code)k) == 'E')
				return true;
	return false;
}

/*
 * J27: of lines that come over the network none is passed over that is no JSON, or too long: who sent it thinks it is recorded. What such a
 * line's piece holds is then not taken, and it can be sent again whole.
 */
static enum rc all_lines(const struct importing *x, struct err *err)
{
	const struct served *served = x->ws.app->served;

	for (size_t i = 0; served != NULL && served->first_line > 0 && i < x->loaded.n_reports;
	     i++) {
		const struct import_report *r = x->loaded.reports[i];

		for (size_t k = 0; k < r->n_notes; k++) {
			const struct import_note *n = &r->notes[k];

			if (n->code != IMPORT_JSON && n->code != IMPORT_UTF8 &&
			    n->code != IMPORT_LONG)
				continue;
			err_at(err, text_of("body"), n->line, 0);
			err_hint(err, "each line is one JSON object");
			return err_set(err, RC_INVALID, "line %u is no fact: %.*s", n->line,
				       TEXT_ARG(n->text));
		}
	}
	return RC_OK;
}

static enum rc import(struct importing *x, struct reply *reply, struct err *err)
{
	struct stored_checkpoint c;
	struct log_head log;
	enum rc rc = workspace_log(&x->ws, args_text(x->args, PARAM_CONTRACT_ID), &log, err);

	if (rc == RC_OK)
		rc = import_begin(x, &log, err);
	if (rc != RC_OK)
		return rc;
	rc = import_read(x, reply, err);
	if (rc == RC_OK)
		rc = all_lines(x, err);
	if (rc == RC_OK)
		rc = charge_passes_on(x, err);
	if (rc == RC_OK && !args_has(x->args, PARAM_ADD))
		rc = costs_admit(&x->ws, &x->log, &x->loaded, err);
	if (rc == RC_OK && args_has(x->args, PARAM_DRY_RUN))
		return say_dry(x, reply);
	if (rc == RC_OK)
		rc = import_take(x, &c, err);
	if (rc != RC_OK)
		return rc;
	reply->status = x->count.conflicts + x->count.refused > 0 ||
					(x->ws.app->served != NULL && lines_left_out(x))
				? 1
				: 0;
	if (args_has(x->args, PARAM_JSON))
		say_json(x, &c, &reply->out);
	else
		say_imported(x, &c, reply);
	return RC_OK;
}

enum rc import_open(struct app *app, const struct args *args, const struct import_wish *wish,
		    struct importing **out, struct err *err)
{
	struct importing *x = arena_one(app->arena, struct importing);

	x->args = args;
	x->wish = wish;
	*out = x;
	if (args->values[PARAM_FACTS].n == 0) {
		err_hint(err, "tenor %s --contract ID FILE...", wish->verb);
		return err_set(err, RC_USAGE, "no file of facts is given");
	}
	return workspace_open(app, args, args_has(args, PARAM_DRY_RUN) ? STORE_READ : STORE_WRITE,
			      &x->ws, err);
}

enum rc import_as(struct app *app, const struct args *args, const struct import_wish *wish,
		  struct reply *reply, struct err *err)
{
	struct importing *x;
	enum rc rc = import_open(app, args, wish, &x, err);

	if (rc != RC_OK)
		return rc;
	rc = import(x, reply, err);
	workspace_close(&x->ws);
	return rc;
}

enum rc action_import(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	const struct import_wish wish = {.verb = "import"};

	return import_as(app, args, &wish, reply, err);
}
