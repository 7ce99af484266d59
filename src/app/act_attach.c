/* SPDX-License-Identifier: Apache-2.0 */
/* tenor ticket attach, tenor ticket attachment: files on a ticket, and one of them back (trust.md S23). */
#include "app/act_ticket.h"
#include "app/append.h"
#include "app/attachments.h"
#include "app/filing.h"
#include "app/found.h"
#include "app/health.h"
#include "app/signing.h"
#include "app/tickets_kept.h"
#include "base/json.h"

struct upload {
	struct workspace ws;
	const struct args *args;
	struct log_head log, into; /* into: the same, or the internal one */
	struct text ticket;
	bool internal, health;
	struct new_attachment v[ATTACHMENTS_AT_ONCE];
	struct attaching got[ATTACHMENTS_AT_ONCE];
	size_t n;
};

/* --- the files --- */

/* What a request brought is looked at where it lies: it is held once. */
static enum rc bytes_of(struct app *app, struct text path, size_t k, struct text *out,
			struct err *err)
{
	const struct served *s = app->served;

	if (s == NULL || !text_is(path, "-"))
		return filing_read(app, path, ATTACHMENT_MAX_BYTES, out, err);
	if (k > s->n_others) {
		err_key(err, text_of("file"));
		return err_set(err, RC_USAGE, "a file is missing");
	}
	*out = k == 0 ? s->body : s->others[k - 1];
	return RC_OK;
}

static enum rc read_file(struct app *app, const struct args *args, struct text path,
			 size_t *nameless, struct new_attachment *f, struct err *err)
{
	const struct arg_values *names = &args->values[PARAM_FILE_NAME];
	struct text name = path;
	enum rc rc;

	if (text_is(path, "-")) {
		if (*nameless >= names->n) {
			err_key(err, text_of("name"));
			err_hint(err, "say what the file is called: screen.png");
			return err_set(err, RC_USAGE, "'name' is missing");
		}
		name = names->v[*nameless];
	}
	rc = bytes_of(app, path, *nameless, &f->bytes, err);
	*nameless += text_is(path, "-");
	if (rc == RC_LIMIT)
		err_hint(err, "a file has at most %d MiB", ATTACHMENT_MAX_BYTES >> 20);
	if (rc != RC_OK)
		return rc;
	f->name = attachment_name(app->arena, name);
	f->health = args_has(args, PARAM_HEALTH_DATA);
	return attachment_check(f->name, f->bytes, &f->type, err);
}

static enum rc read_files(struct app *app, const struct args *args, struct upload *u,
			  struct err *err)
{
	const struct arg_values *paths = &args->values[PARAM_ATTACHED];
	size_t nameless = 0, bytes = 0;
	enum rc rc = RC_OK;

	if (paths->n == 0) {
		err_key(err, text_of("file"));
		return err_set(err, RC_USAGE, "no file is named");
	}
	if (paths->n > ATTACHMENTS_AT_ONCE)
		return err_set(err, RC_LIMIT, "%zu files at once; the limit is %d", paths->n,
			       ATTACHMENTS_AT_ONCE);
	for (u->n = 0; rc == RC_OK && u->n < paths->n; u->n++) {
		rc = read_file(app, args, paths->v[u->n], &nameless, &u->v[u->n], err);
		bytes += rc == RC_OK ? u->v[u->n].bytes.n : 0;
		if (rc == RC_OK && bytes > ATTACHMENTS_TICKET_BYTES)
			rc = err_set(err, RC_LIMIT, "more than %d MiB at once",
				     ATTACHMENTS_TICKET_BYTES >> 20);
	}
	return rc;
}

/* The first has the id of the report; those after it have ids that follow from it (S19). */
static enum rc give_ids(struct upload *u, struct err *err)
{
	struct text given = args_text(u->args, PARAM_REPORT_ID);
	struct uuid first;

	if (given.n > 0 && (!uuid_parse(given, &first) || !uuid_is_v7(&first))) {
		err_key(err, text_of("id"));
		err_hint(err, "write a UUIDv7 in lower case");
		return err_set(err, RC_USAGE, "'%.*s' is no id of an attachment", TEXT_ARG(given));
	}
	for (size_t i = 0; i < u->n; i++) {
		u->v[i].given = given.n > 0;
		if (given.n == 0)
			u->v[i].id = workspace_uuid(&u->ws);
		else if (i == 0)
			u->v[i].id = first;
		else
			u->v[i].id = uuid_derived(uuid_v7_ms(&first), given,
						  text_format(u->ws.arena, "file %zu", i + 1));
	}
	return RC_OK;
}

/* --- attaching --- */

/* P10: the client's people read it, so it cannot lie in the internal log; and there is an agreement, or no such file. */
static enum rc may_be_health(struct upload *u, struct err *err)
{
	bool agreed = false;
	enum rc rc;

	if (!u->health)
		return RC_OK;
	if (u->internal)
		return err_set(
			err, RC_USAGE,
			"--health is read by the client's people, and --internal by none of them: "
			"leave one out");
	rc = health_agreed(&u->ws, &u->log, &agreed, err);
	if (rc != RC_OK || agreed)
		return rc;
	err_code(err, "health.baa");
	err_hint(err, "a version with a document of the kind 'baa' lets it be attached");
	return err_set(err, RC_INVALID,
		       "no business associate agreement is in force in %.*s: no health data can be "
		       "attached",
		       TEXT_ARG(u->log.contract));
}

static enum rc may_attach(struct upload *u, struct err *err)
{
	struct text kind = text_of(fact_row(FACT_TICKET_ATTACHED)->kind);

	if (!workspace_kind(&u->ws, kind)) {
		err_code(err, "right");
		return err_set(err, RC_USAGE, "this token is not for facts of the kind '%.*s'",
			       TEXT_ARG(kind));
	}
	/* no client has the right to work, and so none writes into the internal log */
	return u->internal ? workspace_may(&u->ws, R_WORK_WRITE, err) : RC_OK;
}

static enum rc put_files(struct upload *u, struct err *err)
{
	struct workspace *ws = &u->ws;
	struct attach_to to = {.log = &u->log,
			       .into = &u->into,
			       .ticket = u->ticket,
			       .person = args_text(u->args, PARAM_PERSON)};
	struct attached *there = NULL;
	char first[UUID_TEXT + 1];
	struct recalled r;
	size_t n = 0;
	bool news = false;
	enum rc rc = record_log_of_uuid(ws->store, ws->arena, &u->log.uuid, &u->log, err);

	if (rc == RC_OK)
		rc = desk_has_ticket(ws, &u->log, u->ticket, &r, err);
	if (rc == RC_OK)
		rc = attachments_of(ws, &r, u->ticket, &there, &n, err);
	if (rc == RC_OK && u->internal)
		rc = notes_log(ws, &u->into, err);
	else
		u->into = u->log;
	if (rc != RC_OK)
		return rc;
	to.held = attachments_bytes(there, n, u->internal);
	rc = attachments_put(ws, &to, u->v, u->n, u->got, err);
	for (size_t i = 0; i < u->n; i++)
		news = news || !u->got[i].again;
	if (rc != RC_OK || !news)
		return rc;
	uuid_text(&u->v[0].id, first);
	return workspace_audit(ws, u->log.contract, text_copy(ws->arena, text_of(first)), err);
}

/* Rights are asked before a file is looked at. */
static enum rc attach(struct app *app, struct upload *u, struct err *err)
{
	struct workspace *ws = &u->ws;
	enum rc rc = workspace_log(ws, args_text(u->args, PARAM_CONTRACT_ID), &u->log, err);

	if (rc == RC_OK)
		rc = may_attach(u, err);
	if (rc == RC_OK)
		rc = may_be_health(u, err);
	if (rc == RC_OK)
		rc = read_files(app, u->args, u, err);
	if (rc == RC_OK)
		rc = give_ids(u, err);
	if (rc == RC_OK)
		rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	rc = workspace_end(ws, put_files(u, err), err);
	if (rc == RC_OK)
		rc = sign_log_and_install(ws, &u->into, false, NULL, err);
	if (rc == RC_OK && !u->internal)
		rc = found_fill(ws, &u->log, err);
	if (rc == RC_OK && !u->internal)
		rc = tickets_keep(ws, &u->log, err);
	return rc;
}

static void say_json(const struct upload *u, struct buf *out)
{
	char id[UUID_TEXT + 1];
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_text(&j, "ticket", u->ticket);
	json_key(&j, "attached");
	json_open_array(&j);
	for (size_t i = 0; i < u->n; i++) {
		uuid_text(&u->v[i].id, id);
		json_open_object(&j);
		json_kv_str(&j, "attachment", id);
		json_kv_int(&j, "entry", u->got[i].index);
		json_kv_text(&j, "name", u->v[i].name);
		json_kv_str(&j, "type", attachment_word(u->v[i].type));
		json_kv_int(&j, "bytes", (int64_t)u->v[i].bytes.n);
		json_kv_bool(&j, "internal", u->internal);
		if (u->health)
			json_kv_bool(&j, "health", true);
		json_kv_bool(&j, "again", u->got[i].again);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

static void say(const struct upload *u, struct buf *out)
{
	char id[UUID_TEXT + 1];

	for (size_t i = 0; i < u->n; i++) {
		uuid_text(&u->v[i].id, id);
		buf_printf(out, "%.*s %s %.*s as %s, entry %lld%s\n", TEXT_ARG(u->v[i].name),
			   u->got[i].again ? "was attached before to" : "is attached to",
			   TEXT_ARG(u->ticket), id, (long long)u->got[i].index,
			   u->internal ? " of the internal log"
			   : u->health ? ", as health data"
				       : "");
	}
}

enum rc action_ticket_attach(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct upload *u = arena_one(app->arena, struct upload);
	enum rc rc = workspace_open(app, args, STORE_WRITE, &u->ws, err);

	if (rc != RC_OK)
		return rc;
	u->args = args;
	u->ticket = args_text(args, PARAM_TICKET);
	u->internal = args_has(args, PARAM_INTERNAL);
	u->health = args_has(args, PARAM_HEALTH_DATA);
	rc = attach(app, u, err);
	workspace_close(&u->ws);
	if (rc == RC_OK && args_has(args, PARAM_JSON))
		say_json(u, &reply->out);
	else if (rc == RC_OK)
		say(u, &reply->out);
	return rc;
}

/* --- one of them back --- */

enum rc action_ticket_attachment(struct app *app, const struct args *args, struct reply *reply,
				 struct err *err)
{
	struct desk_call *c = arena_one(app->arena, struct desk_call);
	const struct desk_ticket *t = NULL;
	struct text name = {NULL, 0};
	enum rc rc;

	if (!args_has(args, PARAM_OUTPUT)) {
		err_hint(err, "write -o screen.png, or -o - for standard output");
		return err_set(err, RC_USAGE,
			       "an attachment is no text for a terminal, and no file is named");
	}
	rc = desk_begin(app, args, c, err);
	if (rc != RC_OK)
		return rc;
	rc = desk_one(c, err);
	if (rc == RC_OK)
		rc = desk_find(c, &t, err);
	if (rc == RC_OK)
		rc = attachment_open(&c->ws, &c->log, desk_id(c, t),
				     args_text(args, PARAM_ATTACHMENT), &name, &reply->out, err);
	desk_end(c);
	reply->file_name = name;
	return rc;
}
