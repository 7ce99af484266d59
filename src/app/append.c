/* SPDX-License-Identifier: Apache-2.0 */
/* journal_append: one fact at a time is judged here; append_batch.c puts what was judged good into the store. */
#include "app/append.h"

#include "app/append_ahead.h"
#include "app/append_parts.h"
#include "app/health.h"
#include "app/recall.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

/* --- ids --- */

static bool names_facts(uint32_t field)
{
	return field == FIELD_FACT_ID || field == FIELD_EVENTS;
}

static bool names_any(const struct fact *f)
{
	if (f->corrects != 0)
		return true;
	for (size_t i = 0; i < f->n_values; i++)
		if (names_facts(f->values[i].field))
			return true;
	return false;
}

static struct uuid id_of(struct appending *x, const struct fact *f, struct text *ref)
{
	struct text id = symbol_text(x->set->symbols, f->id);
	struct uuid u;

	*ref = (struct text){NULL, 0};
	if (id.n == 0)
		return workspace_uuid(x->ws);
	if (uuid_parse(id, &u) && uuid_is_v7(&u))
		return u;
	*ref = id;
	return uuid_derived(f->occurred_at > 0 ? f->occurred_at : 0,
			    x->set->sources[f->source].name, id);
}

void append_ids(struct appending *x, size_t from, size_t n)
{
	for (size_t i = from; i < from + n; i++)
		if (x->set->v[i].id != 0)
			x->ids[i - x->from] = id_of(x, &x->set->v[i], &x->refs[i - x->from]);
}

/*
 * The ids that are left to the second thread are asked for by nobody else before it has printed their entries: where a fact names
 * another, all are given here. So are those of facts that bring none, which take random bytes.
 */
static void give_ids(struct appending *x)
{
	size_t n = x->to - x->from;

	x->ids = arena_array(x->ws->arena, struct uuid, n + 1);
	x->refs = arena_array(x->ws->arena, struct text, n + 1);
	x->ids_ahead = n > BATCH_FACTS;
	for (size_t i = x->from; i < x->to; i++) {
		const struct fact *f = &x->set->v[i];

		if (f->id == 0)
			x->ids[i - x->from] = id_of(x, f, &x->refs[i - x->from]);
		x->names_facts = x->names_facts || names_any(f);
	}
	x->ids_ahead = x->ids_ahead && !x->names_facts;
	append_ids(x, x->from, x->ids_ahead ? BATCH_FACTS : n);
}

/* --- ids of other facts --- */

static const struct fact *of_this_call(const struct appending *x, symbol name)
{
	const struct fact *f = facts_find(x->set, name);

	return f != NULL && f->order >= x->from && f->order < x->to ? f : NULL;
}

symbol append_named(struct appending *x, symbol name)
{
	const struct fact *f = of_this_call(x, name);
	char text[UUID_TEXT + 1];
	struct uuid u;

	if (f != NULL) {
		uuid_text(&x->ids[f->order - x->from], text);
		return symbol_add(x->set->symbols, text_of(text));
	}
	if (uuid_parse(symbol_text(x->set->symbols, name), &u))
		return name;
	return name < x->n_known ? x->known[name] : 0;
}

struct looking {
	struct appending *x;
	struct canon_scratch *scratch;
	struct arena *arena;
};

static enum rc look_at(void *context, const struct stored_entry *stored, struct err *err)
{
	struct looking *l = context;
	struct canon_doc doc;
	char text[UUID_TEXT + 1];
	enum rc rc = canon_parse(l->arena, l->scratch, stored->bytes, CANON_STRICT, &CANON_ENTRY,
				 &doc, err);

	if (rc != RC_OK)
		return rc;

	const struct canon_node *body = canon_member(&doc, &doc.v[0], "body");
	const struct canon_node *ref = body == NULL ? NULL : canon_member(&doc, body, "ref");
	symbol y = ref == NULL ? 0 : symbol_find(l->x->set->symbols, ref->text);

	if (y == 0 || y >= l->x->n_known || !l->x->wanted[y])
		return RC_OK;
	uuid_text(&stored->id, text);
	l->x->known[y] = symbol_add(l->x->set->symbols, text_of(text));
	return RC_OK;
}

static bool want(struct appending *x, symbol name)
{
	if (name == 0 || append_named(x, name) != 0)
		return false;
	x->wanted[name] = true;
	return true;
}

/* Names that no fact of this set has are looked for among all entries, once for all of them. */
static enum rc look_up_names(struct appending *x, struct err *err)
{
	struct looking l = {x, canon_scratch_new(x->ws->arena), arena_new((size_t)1 << 28)};
	bool any = false;
	enum rc rc = RC_OK;

	x->n_known = symbols_count(x->set->symbols);
	x->known = arena_array(x->ws->arena, symbol, x->n_known);
	x->wanted = arena_array(x->ws->arena, bool, x->n_known);
	for (size_t i = x->from; i < x->to; i++) {
		const struct fact *f = &x->set->v[i];

		any = want(x, f->corrects) || any;
		for (size_t k = 0; k < f->n_values; k++)
			if (names_facts(f->values[k].field))
				any = want(x, f->values[k].word) || any;
	}
	if (any)
		rc = record_each(x->ws->store, x->log->id, 0, x->log->edge.size, look_at, &l, err);
	arena_free(l.arena);
	return rc;
}

/* --- judging one fact --- */

static bool refuse(struct appending *x, struct appended *out, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

static bool refuse(struct appending *x, struct appended *out, const char *fmt, ...)
{
	char why[ERR_MESSAGE_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	out->fate = APPEND_REFUSED;
	out->why = text_copy(x->ws->arena, text_of(why));
	return false;
}

static bool refuse_by(struct appending *x, struct appended *out, const struct err *err)
{
	return err->hint[0] == '\0' ? refuse(x, out, "%s", err->message)
				    : refuse(x, out, "%s; %s", err->message, err->hint);
}

static enum rc contract_fits(const struct appending *x, size_t i, struct err *err)
{
	return x->options->fits == NULL
		       ? RC_OK
		       : x->options->fits(x->options->fits_context, x->set, &x->set->v[i], err);
}

static bool words_ok(struct appending *x, size_t i, struct appended *out)
{
	struct err err = {.line = 0};

	return (body_fits(x->set, &x->set->v[i], x->refs[i - x->from], &err) == RC_OK &&
		contract_fits(x, i, &err) == RC_OK) ||
	       refuse_by(x, out, &err);
}

static enum rc target_of(struct appending *x, symbol id, struct stored_entry *stored,
			 struct entry *e, struct canon_doc *doc, struct err *err)
{
	struct uuid u;
	enum rc rc;

	if (!uuid_parse(symbol_text(x->set->symbols, id), &u))
		return RC_MISSING;
	rc = record_entry_of_id(x->ws->store, x->ws->arena, x->log->id, &u, stored, err);
	return rc == RC_OK ? entry_parse(x->ws->arena, NULL, stored->bytes, e, doc, err) : rc;
}

/* Is the fact named one of this call, and so of the side that acts? */
static const struct fact *target_here(const struct appending *x, symbol name)
{
	const struct fact *f = of_this_call(x, name);

	/* Under an id that the record has with other content, what is corrected is what the record has. */
	return f != NULL && x->results[f->order - x->from].fate == APPEND_CONFLICT ? NULL : f;
}

/* What a fact names of its own file must have been recorded; facts that name each other in a circle wait for each other for ever. */
static bool was_recorded(struct appending *x, symbol name, bool corrected, struct appended *out)
{
	const struct fact *f = of_this_call(x, name);
	struct text word = symbol_text(x->set->symbols, name);
	const struct appended *r;

	if (f == NULL)
		return true;
	if (!x->judged[f->order - x->from])
		return refuse(x, out, "'%.*s' of the same file names this one in turn",
			      TEXT_ARG(word));
	r = &x->results[f->order - x->from];
	if (r->fate == APPEND_REFUSED || (r->fate == APPEND_CONFLICT && !corrected))
		return refuse(x, out, "'%.*s' of the same file was not recorded: %.*s",
			      TEXT_ARG(word), TEXT_ARG(r->why));
	return true;
}

static bool names_recorded(struct appending *x, const struct fact *f, struct appended *out)
{
	bool good = f->corrects == 0 || was_recorded(x, f->corrects, true, out);

	for (size_t i = 0; good && i < f->n_values; i++)
		if (names_facts(f->values[i].field))
			good = was_recorded(x, f->values[i].word, f->kind == FACT_FACT_WITHDRAWN,
					    out);
	return good;
}

static bool waits_for(const struct appending *x, symbol name, size_t *which)
{
	const struct fact *f = of_this_call(x, name);

	if (f == NULL || x->begun[f->order - x->from])
		return false;
	*which = f->order;
	return true;
}

bool append_waits(const struct appending *x, size_t i, size_t *which)
{
	const struct fact *f = &x->set->v[i];

	if (f->corrects != 0 && waits_for(x, f->corrects, which))
		return true;
	for (size_t k = 0; k < f->n_values; k++)
		if (names_facts(f->values[k].field) && waits_for(x, f->values[k].word, which))
			return true;
	return false;
}

static enum rc is_pending(struct appending *x, const struct entry *e, const struct canon_doc *doc,
			  const struct fact *after, bool *out, struct err *err)
{
	struct facts *before = facts_new(x->ws->arena);
	struct fact_reader *r = fact_reader_new(x->ws->arena, before, NULL);
	enum rc rc = fact_reader_add(r, e, doc, err);

	if (rc != RC_OK)
		return rc;

	/* The two live in sets of their own; what is compared must share one table of symbols. */
	struct facts *both = facts_new(x->ws->arena);
	const struct fact *x1 = fact_into(both, before, &before->v[before->n - 1]);
	struct fact first = *x1;
	const struct fact *x2 = fact_into(both, x->set, after);

	*out = correction_needs_approval(&first, x2);
	return RC_OK;
}

static bool same_kind(struct appending *x, enum fact_kind target, const struct fact *f,
		      struct appended *out)
{
	return target == (enum fact_kind)f->kind ||
	       refuse(x, out, "a '%s' cannot correct a '%s'; withdraw that and add this",
		      fact_row((enum fact_kind)f->kind)->kind, fact_row(target)->kind);
}

/* J31: the same side's fact; the other side contests. */
static enum rc judge_correction(struct appending *x, const struct fact *f, symbol name, symbol uuid,
				struct appended *out, bool *good, struct err *err)
{
	const struct fact *here = target_here(x, name);
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry e;
	bool own = false;
	enum rc rc;

	*good = true;
	if (here != NULL) {
		*good = f->kind == FACT_FACT_WITHDRAWN ||
			same_kind(x, (enum fact_kind)here->kind, f, out);
		out->pending = f->kind != FACT_FACT_WITHDRAWN && correction_needs_approval(here, f);
		return RC_OK;
	}
	rc = uuid == 0 ? RC_MISSING : target_of(x, uuid, &stored, &e, &doc, err);
	if (rc == RC_OK) {
		own = append_own_target(x, &e, &doc, R_CORRECT);
		if (!own && x->own.limited)
			rc = RC_MISSING;
	}
	if (rc == RC_MISSING) {
		err_clear(err);
		*good = refuse(x, out, "there is no fact '%.*s' in this record to correct",
			       TEXT_ARG(symbol_text(x->set->symbols, name)));
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	if (e.client == x->ws->actor.client && !own) {
		*good = refuse(x, out, "'%.*s' corrects facts that it recorded itself only",
			       TEXT_ARG(x->ws->actor.handle));
		return RC_OK;
	}
	if (e.client != x->ws->actor.client) {
		*good = refuse(
			x, out,
			"the fact was reported by the other party; contest it with fact.contested");
		return RC_OK;
	}
	if (f->kind == FACT_FACT_WITHDRAWN) {
		out->pending = true;
		return RC_OK;
	}
	if (!same_kind(x, e.kind, f, out)) {
		*good = false;
		return RC_OK;
	}
	return is_pending(x, &e, &doc, f, &out->pending, err);
}

/* P9: the second person is another one, of the same side. */
static enum rc judge_approval(struct appending *x, symbol name, symbol uuid, struct appended *out,
			      bool *good, struct err *err)
{
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry e;
	enum rc rc = uuid == 0 ? RC_MISSING : target_of(x, uuid, &stored, &e, &doc, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		*good = refuse(x, out, "there is no fact '%.*s' in this record to approve",
			       TEXT_ARG(symbol_text(x->set->symbols, name)));
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	*good = true;
	if (!e.corrected && e.kind != FACT_FACT_WITHDRAWN)
		*good = refuse(x, out, "'%.*s' corrects nothing, so there is nothing to approve",
			       TEXT_ARG(symbol_text(x->set->symbols, name)));
	else if (e.client != x->ws->actor.client)
		*good = refuse(
			x, out,
			"it was reported by the other party, whose own second person approves it");
	else if (text_eq(e.actor, x->ws->actor.id))
		*good = refuse(x, out,
			       "second_person: who reported a correction cannot approve it; act as "
			       "another person with --as");
	return RC_OK;
}

static enum permission right_of(const struct appending *x, const struct fact *f)
{
	return f->corrects != 0 ? R_CORRECT
				: right_of_kind((enum fact_kind)f->kind, x->ws->actor.client);
}

static enum rc right_fits(const struct appending *x, const struct fact *f, struct err *err)
{
	const struct fact_row *row = fact_row((enum fact_kind)f->kind);
	enum party recorder = x->ws->actor.client ? PARTY_CLIENT : PARTY_PROVIDER;
	enum permission right = right_of(x, f);

	if (row->record && f->kind != FACT_FACT_WITHDRAWN && f->kind != FACT_CORRECTION_APPROVED)
		return err_set(err, RC_INVALID, "'%s' is written by Tenor itself", row->kind);
	if (workspace_may(x->ws, right, err) != RC_OK ||
	    append_own_ticket(x, f, right, err) != RC_OK)
		return RC_INVALID;
	if (!workspace_kind(x->ws, text_of(row->kind)))
		return err_set(err, RC_INVALID, "this token is not for facts of the kind '%s'",
			       row->kind);
	return body_by_ok((enum fact_kind)f->kind, (enum party)f->party, recorder, err);
}

/* P10: without a business associate agreement there is no such field. */
static bool judge_health(struct appending *x, const struct fact *f, struct appended *out)
{
	if (x->health_agreed || fact_value(f, FIELD_HEALTH) == NULL)
		return true;
	return refuse(x, out,
		      "'%s' is for contracts with a business associate agreement in force (a "
		      "document of the kind 'baa'), which %.*s has not; write what names no "
		      "health data into '%s'",
		      field_row(FIELD_HEALTH)->key, TEXT_ARG(x->log->contract),
		      field_row(FIELD_WORDS)->key);
}

static bool judge_right(struct appending *x, const struct fact *f, struct appended *out)
{
	struct err err = {.line = 0};

	return right_fits(x, f, &err) == RC_OK || refuse_by(x, out, &err);
}

static enum rc judge_settlement(struct appending *x, const struct fact *f, symbol uuid,
				struct appended *out, bool *good, struct err *err)
{
	struct text outcome = symbol_text(x->set->symbols, fact_word(f, FIELD_OUTCOME));
	const char *refused;
	enum rc rc = append_settlement(x, uuid, outcome, &refused, err);

	if (rc == RC_OK && refused != NULL)
		*good = refuse(x, out, "%s", refused);
	return rc;
}

/* A fact that is not about a requester's own tickets is answered like one that is not there: *seen 0 (P3, P5). */
static enum rc names_own(struct appending *x, symbol name, symbol uuid, enum permission right,
			 symbol *seen, struct err *err)
{
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry e;
	enum rc rc;

	if (of_this_call(x, name) != NULL)
		return RC_OK;
	rc = target_of(x, uuid, &stored, &e, &doc, err);
	if (rc == RC_OK && append_own_target(x, &e, &doc, right))
		return RC_OK;
	*seen = 0;
	if (rc == RC_MISSING)
		err_clear(err);
	return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc judge_names(struct appending *x, const struct fact *f, const struct fact *resolved,
			   struct appended *out, bool *good, struct err *err)
{
	symbol named = fact_word(f, FIELD_FACT_ID), uuid = fact_word(resolved, FIELD_FACT_ID);
	enum rc rc = RC_OK;

	*good = true;
	if (f->corrects != 0)
		return judge_correction(x, f, f->corrects, resolved->corrects, out, good, err);
	if (f->kind == FACT_FACT_WITHDRAWN)
		return judge_correction(x, f, named, uuid, out, good, err);
	if (f->kind == FACT_CORRECTION_APPROVED)
		return judge_approval(x, named, uuid, out, good, err);
	if (named != 0 && uuid != 0 && x->own.limited)
		rc = names_own(x, named, uuid, right_of(x, f), &uuid, err);
	if (rc != RC_OK)
		return rc;
	if (named != 0 && uuid == 0)
		*good = refuse(x, out, "there is no fact '%.*s' in this record",
			       TEXT_ARG(symbol_text(x->set->symbols, named)));
	if (f->kind == FACT_DISPUTE_SETTLED && *good)
		return judge_settlement(x, f, uuid, out, good, err);
	return RC_OK;
}

/* The fact with ids of other facts as the record knows them; values in x->values. */
static struct fact with_names(struct appending *x, const struct fact *f)
{
	struct fact out = *f;

	out.values = x->values;
	out.corrects = f->corrects == 0 ? 0 : append_named(x, f->corrects);
	for (size_t i = 0; i < f->n_values; i++) {
		x->values[i] = f->values[i];
		if (!names_facts(f->values[i].field))
			continue;

		symbol y = append_named(x, f->values[i].word);

		/* An event may also be a ticket or an outage: a name that no fact has stands for itself there. */
		if (y != 0 || f->values[i].field == FIELD_FACT_ID)
			x->values[i].word = y;
	}
	return out;
}

bool append_is_plain(const struct appending *x, size_t i)
{
	const struct fact *f = &x->set->v[i];
	struct err unused = {.line = 0};

	for (size_t k = 0; k < f->n_values; k++)
		if (field_row((enum fact_field)f->values[k].field)->type == FIELD_TEXT)
			return false;
	return !names_any(f) && body_fits(x->set, f, x->refs[i - x->from], &unused) == RC_OK &&
	       contract_fits(x, i, &unused) == RC_OK && right_fits(x, f, &unused) == RC_OK;
}

enum rc append_judge(struct appending *x, size_t i, struct fact *resolved, struct appended *out,
		     bool *good, struct err *err)
{
	const struct fact *f = &x->set->v[i];

	*out = (struct appended){.id = x->ids[i - x->from], .index = -1};
	*good = false;
	*resolved = *f;
	if (!words_ok(x, i, out) || !judge_right(x, f, out) || !judge_health(x, f, out))
		return RC_OK;
	*good = true;
	if (!names_any(f))
		return RC_OK;
	*good = names_recorded(x, f, out);
	if (!*good)
		return RC_OK;
	*resolved = with_names(x, f);
	return judge_names(x, f, resolved, out, good, err);
}

/* --- all of them --- */

static enum rc prepare(struct appending *x, struct err *err)
{
	enum rc rc = record_log_of_uuid(x->ws->store, x->ws->arena, &x->log->uuid, x->log, err);

	if (rc != RC_OK)
		return rc;
	if (x->log->frozen.n > 0) {
		err_code(err, "log_frozen");
		return err_set(err, RC_INVALID, "the log is frozen: %.*s",
			       TEXT_ARG(x->log->frozen));
	}
	give_ids(x);
	rc = own_tickets_of(x->ws, R_TICKET_READ, x->log, &x->own, err);
	if (rc == RC_OK)
		rc = append_sources(x, err);
	for (size_t i = x->from; rc == RC_OK && i < x->to && !x->health_agreed; i++)
		if (fact_value(&x->set->v[i], FIELD_HEALTH) != NULL) {
			rc = health_agreed(x->ws, x->log, &x->health_agreed, err);
			break;
		}
	return rc == RC_OK && x->names_facts ? look_up_names(x, err) : rc;
}

/* The first thing that failed is the one to tell. */
static enum rc end_aside(struct appending *x, enum rc rc, struct err *err)
{
	struct err second = {.line = 0};
	enum rc end = store_aside_end(x->ws->store, &second);

	if (rc == RC_OK && end != RC_OK)
		*err = second;
	return rc == RC_OK ? end : rc;
}

enum rc append_facts(struct workspace *ws, struct log_head *log, const struct facts *set,
		     size_t from, size_t to, const struct append_options *options,
		     struct text object, struct appended *results, struct append_count *count,
		     struct err *err)
{
	static const struct append_options plain = {.one_transaction = false};
	struct appending *x = arena_one(ws->arena, struct appending);
	enum rc rc;

	*x = (struct appending){.ws = ws,
				.log = log,
				.set = set,
				.from = from,
				.to = to,
				.object = object,
				.results = results};
	x->options = options == NULL ? &plain : options;
	*count = (struct append_count){.appended = 0};
	if (x->results == NULL)
		x->results = arena_array(ws->arena, struct appended, to - from + 1);
	x->begun = arena_array(ws->arena, bool, to - from + 1);
	x->judged = arena_array(ws->arena, bool, to - from + 1);
	rc = prepare(x, err);
	buf_init(&x->bytes, BODY_ROOM + ENTRY_MAX_BYTES);
	buf_init(&x->body, BODY_ROOM);
	if (rc == RC_OK && to - from > BATCH_FACTS)
		x->ahead = ahead_new(x);
	if (x->ahead != NULL && rc == RC_OK)
		rc = store_aside_begin(ws->store, ws->arena, err);
	for (size_t at = from; rc == RC_OK && at < to;)
		rc = append_batch(x, &at, count, err);
	if (x->ahead != NULL) {
		rc = end_aside(x, rc, err);
		ahead_free(x->ahead);
	}
	buf_free(&x->bytes);
	buf_free(&x->body);
	return rc;
}
