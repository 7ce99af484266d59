/* SPDX-License-Identifier: Apache-2.0 */
#include "app/grants.h"

#include "app/append.h"
#include "app/signing.h"
#include "app/tokens.h"
#include "app/values.h"

#include <assert.h>
#include <string.h>

enum { OBJECT_MAX = 60 };

/*
 * Verbs whose answer is of no day, or which look at the day of each thing by themselves. All others are about the days that the call
 * names, or about today.
 */
static const char *const of_no_day[] = {
	"contract list", "contract show", "client list",  "log keys",     "log checkpoint",
	"log witness",   "log show",      "log prove",    "log tile",     "cosign accept",
	"user list",     "audit",         "invoice list", "invoice show", "invoice xml",
	"invoice pdf",   "ticket list",   "ticket show",  "desk",         "view save",
	"view remove"};

static bool is_of_no_day(const char *verb)
{
	for (size_t i = 0; i < ARRAY_SIZE(of_no_day); i++)
		if (strcmp(verb, of_no_day[i]) == 0)
			return true;
	return false;
}

/* What a call is about, if that is an id and no words: the entry must name nobody. */
static struct text object_of(const struct args *args)
{
	static const enum param names[] = {PARAM_NUMBER, PARAM_TICKET, PARAM_MONTH, PARAM_PERIOD};
	struct text t = {NULL, 0};

	for (size_t i = 0; t.n == 0 && i < ARRAY_SIZE(names); i++)
		t = args_text(args, names[i]);
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];
		bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';

		if (!good || t.n > OBJECT_MAX)
			return text_of("");
	}
	return t;
}

enum rc grant_find(struct workspace *ws, const struct args *args, struct err *err)
{
	struct audit_grant *g;
	enum rc rc;

	ws->grant = NULL;
	if (!roles_audit_only(ws->roles))
		return RC_OK;
	g = arena_one(ws->arena, struct audit_grant);
	rc = record_grant(ws->store, ws->arena, ws->actor.id, &g->row, err);
	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	g->holds = rc == RC_OK && ws->now < g->row.ends_at;
	if (rc == RC_OK)
		g->contracts = words_list(ws->arena, g->row.contracts, &g->n_contracts);
	g->object = object_of(args);
	ws->grant = g;
	return RC_OK;
}

bool grant_sees(const struct workspace *ws, struct text contract)
{
	const struct audit_grant *g = ws->grant;

	if (g == NULL)
		return true;
	for (size_t i = 0; g->holds && i < g->n_contracts; i++)
		if (text_eq(g->contracts[i], contract))
			return true;
	return false;
}

bool grant_day(const struct workspace *ws, int64_t d)
{
	const struct audit_grant *g = ws->grant;

	return g == NULL || (g->holds && d >= g->row.first && d < g->row.end);
}

bool grant_at(const struct workspace *ws, instant t)
{
	return ws->grant == NULL || grant_day(ws, zone_day(zone_utc(), t));
}

struct text grant_months(struct arena *a, const struct stored_grant *g)
{
	struct civil first = civil_of(g->first), last = civil_of(g->end - 1);

	return text_format(a, "%04d-%02d..%04d-%02d", (int)first.year, (int)first.month,
			   (int)last.year, (int)last.month);
}

static enum rc outside(const struct workspace *ws, const char *what, struct err *err)
{
	err_code(err, "right");
	err_hint(err, "whoever manages the people of your side can give another grant");
	return err_set(err, RC_USAGE, "this grant to read is for %.*s, and %s",
		       TEXT_ARG(grant_months(ws->arena, &ws->grant->row)), what);
}

enum rc grant_whole(const struct workspace *ws, const struct log_head *log, struct err *err)
{
	return grant_at(ws, log->created_at) && grant_at(ws, ws->now)
		       ? RC_OK
		       : outside(ws, "this is all of the record", err);
}

/* The days that a value names; false: it names none. */
static bool days_of(const struct param_row *row, struct text value, day *first, day *last)
{
	struct err none = {.line = 0};
	struct span span;

	if (row->type == TYPE_DATE && day_parse(value, first)) {
		*last = *first;
		return true;
	}
	if ((row->type != TYPE_MONTH && row->type != TYPE_PERIOD) ||
	    value_period(value, zone_utc(), &span, &none) != RC_OK)
		return false;
	*first = zone_day(zone_utc(), span.from);
	*last = zone_day(zone_utc(), span.to - 1);
	return true;
}

enum rc grant_covers(const struct workspace *ws, const struct args *args, struct err *err)
{
	bool named = false;

	/* One's own sessions are nobody else's. */
	if (ws->grant == NULL || text_starts(text_of(args->action->verb), "sessions"))
		return RC_OK;
	if (!ws->grant->holds) {
		err_hint(err,
			 "whoever manages the people of your side gives one: tenor user grant");
		return err_set(err, RC_MISSING, "no grant to read is in force for '%.*s'",
			       TEXT_ARG(ws->actor.handle));
	}
	for (int p = 0; p < PARAM_COUNT; p++)
		for (size_t i = 0; i < args->values[p].n; i++) {
			day first, last;

			if (!days_of(param_row((enum param)p), args->values[p].v[i], &first, &last))
				continue;
			named = true;
			if (!grant_day(ws, first) || !grant_day(ws, last))
				return outside(ws, "this is about other days", err);
		}
	if (named || is_of_no_day(args->action->verb) || grant_at(ws, ws->now))
		return RC_OK;
	return outside(ws, "this is about today", err);
}

/* --- the entry --- */

static bool noted(struct audit_grant *g, struct text contract)
{
	for (size_t i = 0; i < g->n_read; i++)
		if (text_eq(g->read[i], contract))
			return true;
	return false;
}

enum rc grant_read(struct workspace *ws, struct text contract, struct err *err)
{
	struct audit_grant *g = ws->grant;
	struct text *list;
	bool within;
	enum rc rc = RC_OK;

	if (g == NULL || noted(g, contract))
		return RC_OK;
	within = store_in_transaction(ws->store);
	if (!within)
		rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	rc = workspace_note(ws, contract, g->object, err);
	if (!within)
		rc = workspace_end(ws, rc, err);
	if (!within && rc == RC_OK)
		rc = sign_install(ws, err);
	if (rc != RC_OK)
		return rc;
	list = arena_array(ws->arena, struct text, g->n_read + 1);
	for (size_t i = 0; i < g->n_read; i++)
		list[i] = g->read[i];
	list[g->n_read++] = text_copy(ws->arena, contract);
	g->read = list;
	return RC_OK;
}
