/* SPDX-License-Identifier: Apache-2.0 */
/* tenor fact add, correct, withdraw, approve: one fact at a time. */
#include "app/answer.h"
#include "app/append.h"
#include "app/fact_fields.h"
#include "app/found.h"
#include "app/money_last.h"
#include "app/money_rules.h"
#include "app/own.h"
#include "app/signing.h"
#include "app/tickets_kept.h"
#include "app/values.h"
#include "base/json.h"

struct one_fact {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	const struct zone *zone;
	struct facts *set;
	struct recalled versions;
	const struct money_rules *rules;
};

static enum rc open_one(struct app *app, const struct args *args, struct one_fact *x,
			struct err *err)
{
	enum rc rc = workspace_open(app, args, STORE_WRITE, &x->ws, err);

	if (rc != RC_OK)
		return rc;
	x->args = args;
	x->set = facts_new(app->arena);
	rc = workspace_log(&x->ws, args_text(args, PARAM_CONTRACT_ID), &x->log, err);
	if (rc == RC_OK)
		rc = recall_versions(&x->ws, &x->log, INSTANT_MAX, &x->versions, err);
	if (rc == RC_OK)
		rc = money_rules_new(app->arena, &x->versions, &x->rules, err);
	if (rc == RC_OK)
		x->zone = x->versions.versions[x->versions.n_versions - 1].promise->zone;
	else
		workspace_close(&x->ws);
	return rc;
}

static enum party own_party(const struct one_fact *x)
{
	return x->ws.actor.client ? PARTY_CLIENT : PARTY_PROVIDER;
}

static void say_recorded(const struct one_fact *x, const struct appended *r, struct reply *reply)
{
	char id[UUID_TEXT + 1];
	struct json j;

	uuid_text(&r->id, id);
	if (args_has(x->args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		json_kv_str(&j, "id", id);
		json_kv_int(&j, "index", r->index);
		json_kv_bool(&j, "again", r->fate == APPEND_AGAIN);
		json_kv_bool(&j, "masked", r->masked);
		json_kv_bool(&j, "pending", r->pending);
		json_end_object(&j);
		buf_char(&reply->out, '\n');
		return;
	}
	buf_printf(&reply->out, "%s as %s, entry %lld\n",
		   r->fate == APPEND_AGAIN ? "was recorded before" : "recorded", id,
		   (long long)r->index);
	if (r->masked)
		buf_str(&reply->out,
			"a payment card number in it was masked: card data must not come here\n");
	if (r->pending)
		buf_printf(&reply->out,
			   "it counts once a second person has approved it: tenor fact approve %s "
			   "--contract %.*s --as PERSON\n",
			   id, TEXT_ARG(x->log.contract));
}

static enum rc record_one(struct one_fact *x, struct reply *reply, struct err *err)
{
	struct append_options options = {.person = args_text(x->args, PARAM_PERSON),
					 .one_transaction = true,
					 .untimed = !args_has(x->args, PARAM_AT),
					 .fits = money_rules_fit,
					 .fits_context = (void *)(uintptr_t)x->rules};
	struct append_count count;
	struct appended result;
	struct money_flags flags = {.closed = 0};
	enum rc rc = append_facts(&x->ws, &x->log, x->set, 0, 1, &options, text_of("fact"), &result,
				  &count, err);

	if (rc == RC_OK)
		rc = sign_log_and_install(&x->ws, &x->log, false, NULL, err);
	if (rc == RC_OK)
		rc = found_fill(&x->ws, &x->log, err);
	if (rc == RC_OK)
		rc = tickets_keep(&x->ws, &x->log, err);
	if (rc == RC_OK)
		rc = money_last_keep(&x->ws, &x->log, err);
	if (rc == RC_OK)
		rc = money_flags_of(&x->ws, &x->log, &x->versions, x->set, &result, &flags, err);
	if (rc != RC_OK)
		return rc;
	say_recorded(x, &result, reply);
	if (!args_has(x->args, PARAM_JSON))
		buf_text(&reply->out, flags.lines);
	return rc;
}

/*
 * Its id was made before it was sent (trust.md J5, S20): sent again without a time it happened when it was said to happen at first. What is
 * recorded between this look and ours is met when ours is (append_options.untimed).
 */
static enum rc take_id(struct one_fact *x, struct fact *f, struct err *err)
{
	struct text given = args_text(x->args, PARAM_REPORT_ID);
	struct fact before;
	struct uuid id;
	enum rc rc;

	if (!uuid_parse(given, &id) || !uuid_is_v7(&id)) {
		err_hint(err, "write a UUIDv7 in lower case");
		return err_set(err, RC_USAGE, "'%.*s' is no id of a fact", TEXT_ARG(given));
	}
	f->id = symbol_add(x->set->symbols, given);
	if (args_has(x->args, PARAM_AT))
		return RC_OK;
	rc = recall_fact(&x->ws, &x->log, given, facts_new(x->ws.arena), &before, &id, err);
	if (rc == RC_OK)
		f->occurred_at = before.occurred_at;
	if (rc != RC_MISSING)
		return rc;
	err_clear(err);
	return RC_OK;
}

enum rc action_fact_add(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	struct one_fact x = {.args = args};
	struct text source =
		args_has(args, PARAM_SOURCE) ? args_text(args, PARAM_SOURCE) : text_of("");
	struct fact f = {.line = 0};
	enum rc rc = open_one(app, args, &x, err);

	if (rc != RC_OK)
		return rc;
	f.occurred_at = x.ws.now;
	if (args_has(args, PARAM_AT))
		rc = value_instant(args_text(args, PARAM_AT), x.zone, &f.occurred_at, err);
	f.recorded_at = x.ws.now;
	f.party = (uint8_t)own_party(&x);
	f.source = facts_add_source(x.set,
				    (struct fact_source){.name = source, .recorded_known = true});
	if (rc == RC_OK && args_has(args, PARAM_REPORT_ID))
		rc = take_id(&x, &f, err);
	if (rc == RC_OK)
		rc = fact_from_fields(x.set, args_text(args, PARAM_KIND),
				      args->values[PARAM_FIELDS].v, args->values[PARAM_FIELDS].n,
				      x.zone, &f, err);
	if (rc == RC_OK)
		rc = record_one(&x, reply, err);
	workspace_close(&x.ws);
	return rc;
}

/* The fact that is named; of one's own where the right to correct is for those alone (trust.md P3). */
static enum rc recall_own(struct one_fact *x, struct facts *set, struct fact *out, struct uuid *id,
			  struct err *err)
{
	struct text name = args_text(x->args, PARAM_FACT);
	enum own_fate fate = OWN_SEEN;
	enum rc rc = recall_fact(&x->ws, &x->log, name, set, out, id, err);

	if (rc != RC_OK || !own_only(&x->ws, R_CORRECT))
		return rc;
	rc = own_fact(&x->ws, &x->log, id, &fate, err);
	if (rc != RC_OK || fate == OWN_MINE)
		return rc;
	if (fate == OWN_UNSEEN)
		return recall_no_fact(&x->log, name, err);
	err_code(err, "right");
	err_hint(err, "who recorded it corrects it, or another person of the side with the right");
	return err_set(err, RC_USAGE, "'%.*s' corrects facts that it recorded itself only",
		       TEXT_ARG(x->ws.actor.handle));
}

enum rc action_fact_correct(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct one_fact x = {.args = args};
	struct fact old;
	struct uuid id;
	enum rc rc = open_one(app, args, &x, err);

	if (rc != RC_OK)
		return rc;
	rc = recall_own(&x, x.set, &old, &id, err);
	if (rc == RC_OK && args_has(args, PARAM_AT))
		rc = value_instant(args_text(args, PARAM_AT), x.zone, &old.occurred_at, err);
	if (rc == RC_OK && args->values[PARAM_FIELDS].n == 0 && !args_has(args, PARAM_AT)) {
		err_hint(err, "write FIELD=VALUE for what was wrong, or --at TIME");
		rc = err_set(err, RC_USAGE, "nothing is corrected");
	}
	if (rc == RC_OK) {
		char text[UUID_TEXT + 1];

		uuid_text(&id, text);
		old.corrects = symbol_add(x.set->symbols, text_of(text));
		old.id = 0;
		old.recorded_at = x.ws.now;
		rc = fact_with_fields(x.set, &old, args->values[PARAM_FIELDS].v,
				      args->values[PARAM_FIELDS].n, x.zone, err);
	}
	if (rc == RC_OK)
		rc = record_one(&x, reply, err);
	workspace_close(&x.ws);
	return rc;
}

/* A fact that only names another. */
static enum rc record_about(struct app *app, const struct args *args, enum fact_kind kind,
			    struct reply *reply, struct err *err)
{
	struct one_fact x = {.args = args};
	struct facts *other = facts_new(app->arena);
	struct fact f = {.kind = (uint8_t)kind}, about;
	struct fact_value v = {.field = FIELD_FACT_ID};
	char text[UUID_TEXT + 1];
	struct uuid id;
	enum rc rc = open_one(app, args, &x, err);

	if (rc != RC_OK)
		return rc;
	rc = recall_own(&x, other, &about, &id, err);
	if (rc == RC_OK) {
		uuid_text(&id, text);
		v.word = symbol_add(x.set->symbols, text_of(text));
		f.occurred_at = f.recorded_at = x.ws.now;
		f.party = (uint8_t)own_party(&x);
		f.subject = v.word;
		f.values = &v;
		f.n_values = 1;
		f.source = facts_add_source(
			x.set, (struct fact_source){.name = text_of(""), .recorded_known = true});
		(void)facts_add(x.set, &f);
		rc = record_one(&x, reply, err);
	}
	workspace_close(&x.ws);
	return rc;
}

enum rc action_fact_withdraw(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	return record_about(app, args, FACT_FACT_WITHDRAWN, reply, err);
}

enum rc action_fact_approve(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	return record_about(app, args, FACT_CORRECTION_APPROVED, reply, err);
}
