/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/serve.h"

#include "app/derived.h"
#include "app/kept.h"
#include "app/outbox.h"
#include "app/vitals.h"
#include "app/workspace.h"
#include "cli/mail.h"
#include "http/api.h"
#include "http/clock.h"
#include "http/door.h"
#include "http/fields.h"
#include "http/jail.h"
#include "http/limits.h"
#include "http/log.h"
#include "http/server.h"
#include "link/link.h"
#include "render/pdf.h"
#include "web/web.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WORKERS_DEFAULT = 2, WORKERS_MOST = 64 };

static const char listen_default[] = "127.0.0.1:8440";

/* What lives as long as a worker: sessions, stores that stay open, zones read. */
#define WORKER_BYTES ((size_t)256 << 20)
/* Reading a record of millions whole, where nothing of it may be left out. Only what is touched is taken from the system. */
#define TIDY_BYTES ((size_t)8 << 30)

struct serving {
	struct app *app; /* of the master, before the fork */
	const struct args *args;
	struct text workspace, key, base_url, provider;
	struct arena *arena; /* of this worker */
	struct app own;
	struct sign_in *sign_in;
	struct kept *kept; /* what requests find open */
	struct door *door;
	struct web *web;
	struct api *api;
	struct identity_provider identity; /* issuer empty: none */
	struct link_options link;
	struct mail_settings mail; /* server empty: none is sent */
};

static void tick(void *context, struct arena *a, instant now)
{
	struct serving *s = context;

	web_tick(s->web, a, now);
	if (sign_in_broken(s->sign_in))
		server_disk_failed();
}

static bool more(void *context, struct arena *a, const struct request *q, void *stream, instant now,
		 struct buf *out)
{
	struct serving *s = context;

	return web_more(s->web, a, q, stream, now, out);
}

static enum rc start(void *context, void *shared, size_t worker, struct err *err)
{
	struct serving *s = context;
	enum rc rc;

	(void)worker;
	s->arena = arena_new(WORKER_BYTES);
	s->own = *s->app;
	s->own.arena = s->arena;
	s->own.progress = NULL;
	s->own.flush = NULL;
	rc = sign_in_open(&s->own, s->arena, s->workspace, s->key, &s->sign_in, err);
	if (rc != RC_OK)
		return rc;

	/* After the door's own connection, which would take the place of every request's. */
	s->kept = s->own.kept = kept_new();

	const struct door_options door = {s->base_url, s->sign_in};

	s->door = door_new(s->arena, &door, shared);

	const struct web_options web = {.world = s->own.world,
					.workspace = s->workspace,
					.key = s->key,
					.provider = s->provider,
					.base_url = s->base_url,
					.unsafe = text_starts(s->base_url, "http:"),
					.door = s->door,
					.kept = s->kept,
					.sign_in = s->sign_in,
					.identity = s->identity};
	const struct api_options api = {s->workspace, s->key, s->own.world, s->kept};

	s->web = web_new(s->arena, &web);
	s->api = api_new(s->arena, &api);
	tick(s, s->arena, sign_in_now(s->sign_in));
	return RC_OK;
}

static void stop(void *context)
{
	struct serving *s = context;

	if (s->sign_in != NULL)
		sign_in_close(s->sign_in);
	s->sign_in = NULL;
	if (s->web != NULL)
		web_close(s->web);
	if (kept_free(s->kept))
		server_disk_failed();
	arena_free(s->arena);
}

static void handle(void *context, const struct request *q, struct response *r)
{
	struct serving *s = context;

	if (door_is_api(q))
		api_handle(s->api, s->door, q, r);
	else
		web_handle(s->web, q, r);
	if (sign_in_broken(s->sign_in))
		server_disk_failed();
}

static void given(void *context, const struct request *q, const struct response *r, int64_t took_ms)
{
	struct serving *s = context;

	if (!door_is_api(q))
		web_given(s->web, q, r, took_ms);
}

/*
 * Who is not signed in sends names, passwords and codes: nothing larger is taken, and held, for them. But what was typed into a form, until the
 * session was over, is given back (web/kept.c): as much as such a form may have.
 */
static size_t body_max(void *context, const struct request *q, bool *late)
{
	const struct serving *s = context;
	size_t usual = door_is_api(q) ? api_body_max(q) : server_body_max(q);
	bool known = door_knows(s->door, q);

	*late = !known && !door_is_api(q) &&
		text_eq_nocase(media_type(fields_get(&q->headers, "content-type")),
			       text_of("application/x-www-form-urlencoded"));
	return known || *late ? usual : LIMIT_UNSIGNED_BYTES;
}

/* For whoever is not known they are held whole, and body_max bounds them. */
static bool in_pieces(void *context, const struct request *q)
{
	const struct serving *s = context;

	return door_is_api(q) && api_in_pieces(q) && door_knows(s->door, q);
}

/* Opens the workspace to look at it, as the server itself. */
static enum rc look(struct serving *s, struct app *app, struct workspace *ws, struct err *err)
{
	struct args args = *s->args;
	enum rc rc;

	*app = s->own;
	app->arena = arena_new(WORKER_BYTES);
	rc = workspace_open(app, &args, STORE_READ, ws, err);
	if (rc != RC_OK)
		arena_free(app->arena);
	return rc;
}

/* O3: the store answers, the clock is right, no log is frozen. */
static enum rc ready(void *context, struct err *err)
{
	struct workspace ws;
	struct app app;
	struct log_head *logs;
	size_t n;
	enum rc rc = look(context, &app, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_clock(&ws, err);
	if (rc == RC_OK)
		rc = record_logs(ws.store, ws.arena, &logs, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (logs[i].frozen.n > 0) {
			err_code(err, "frozen");
			rc = err_set(err, RC_INVALID, "a log is frozen");
		}
	workspace_close(&ws);
	arena_free(app.arena);
	return rc;
}

static bool vitals(void *context, struct vitals *out)
{
	const struct serving *s = context;
	struct err err = {.line = 0};
	struct workspace ws;
	struct app app;
	enum rc rc = look(context, &app, &ws, &err);

	if (rc != RC_OK)
		return false;
	rc = vitals_read(&ws, args_text(s->args, PARAM_WORKSPACE), out, &err);
	workspace_close(&ws);
	arena_free(app.arena);
	return rc == RC_OK;
}

static void said_mail(void *context, enum mail_fate fate, const char *why)
{
	static const char *const events[] = {[MAIL_SENT] = "mail_sent",
					     [MAIL_LATER] = "mail_put_off",
					     [MAIL_NEVER] = "mail_given_up"};

	(void)context;
	log_event(&(struct log_event){.level = fate == MAIL_SENT ? LOG_INFO_EVENT : LOG_WARN_EVENT,
				      .event = events[fate],
				      .reason = why[0] == '\0' ? NULL : why,
				      .ms = -1,
				      .bytes = -1,
				      .worker = -1},
		  wall_now());
}

static void waits(const struct outbox_depth *d)
{
	server_outbox(d->n, d->oldest);
}

static void say_failed(const char *event, const struct err *err)
{
	log_event(&(struct log_event){.level = LOG_WARN_EVENT,
				      .event = event,
				      .reason = err->code[0] == '\0' ? "failed" : err->code,
				      .ms = -1,
				      .bytes = -1,
				      .worker = -1},
		  wall_now());
}

/* What the outbox holds, by a process of the keeper's. */
static void due(void *context, int link)
{
	struct serving *s = context;
	struct mail_pair pair = {link, (uint64_t)getpid() << 32};
	const struct mail_way way = {&pair, mail_over_pair};
	struct outbox_turn turn = {
		.way = &way, .base_url = s->base_url, .said = said_mail, .waits = waits};
	struct app app = *s->app;
	struct args args = *s->args;
	struct err err = {.line = 0};
	enum rc rc;

	app.arena = arena_new(WORKER_BYTES);
	app.progress = NULL;
	app.flush = NULL;
	rc = outbox_turn(&app, &args, &turn, &err);
	if (app.disk_failed)
		server_disk_failed();
	if (rc != RC_OK)
		say_failed("outbox", &err);
	arena_free(app.arena);
}

/* What requests leave behind of large records, by a process of the keeper's. */
static void tidy(void *context)
{
	struct serving *s = context;
	struct app app = *s->app;
	struct args args = *s->args;
	struct err err = {.line = 0};
	enum rc rc;

	app.arena = arena_new(TIDY_BYTES);
	app.progress = NULL;
	app.flush = NULL;
	rc = derived_tidy(&app, &args, &err);
	if (app.disk_failed)
		server_disk_failed();
	if (rc != RC_OK)
		say_failed("tidy", &err);
	arena_free(app.arena);
}

static void bound(void *context, struct text base_url)
{
	struct serving *s = context;

	s->base_url = base_url;
}

static void listening(void *context, struct text base_url)
{
	const struct serving *s = context;

	(void)printf("%.*s serves %.*s at %.*s\nEnd with Ctrl-C.\n", TEXT_ARG(s->provider),
		     TEXT_ARG(s->workspace), TEXT_ARG(base_url));
	(void)fflush(stdout);
}

/* Opened once before anything is forked: what is wrong with it is said here, not by every worker. */
static enum rc look_at_workspace(struct serving *s, struct err *err)
{
	struct workspace ws;
	struct text name;
	enum rc rc = workspace_open(s->app, s->args, STORE_WRITE, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_meta(ws.store, ws.arena, "provider", &name, err);
	if (rc == RC_OK) {
		s->provider = text_copy(s->app->arena, name);
		s->workspace = text_copy(s->app->arena, ws.path);
		s->key = text_copy(s->app->arena, ws.kek_path);
		rc = mail_settings_read(&ws, &s->mail, err);
	}
	workspace_close(&ws);
	return rc;
}

static struct text folder_of(struct arena *a, struct text path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return n == 0 ? text_of(".") : text_copy(a, text_sub(path, 0, n));
}

static enum rc number(const struct args *args, enum param p, size_t or_else, size_t most,
		      size_t *out, struct err *err)
{
	int64_t n = (int64_t)or_else;

	if (args_has(args, p) && !text_digits(args_text(args, p), &n))
		n = 0;
	if (n < 1 || n > (int64_t)most)
		return err_set(err, RC_USAGE, "--%s is 1 to %zu", param_row(p)->name, most);
	*out = (size_t)n;
	return RC_OK;
}

/* Of the process that connects out. */
static int run_link(void *context, const int *fds, size_t n)
{
	struct serving *s = context;
	const char *refused;
	int status;

	s->link.redirect =
		text_format(s->app->arena, "%.*s/sign-in/identity/return", TEXT_ARG(s->base_url));
	status = link_run(&s->link, fds, n, jail_link, &refused);
	if (refused != NULL)
		log_event(&(struct log_event){.level = LOG_ERROR_EVENT,
					      .event = "link_refused",
					      .reason = refused,
					      .ms = -1,
					      .bytes = -1,
					      .worker = -1},
			  wall_now());
	return status;
}

static struct text host_of(struct text url)
{
	struct text rest = text_sub(url, text_find(url, ':', 0) + 3, url.n), host;

	(void)text_cut(rest, '/', &host);
	return host;
}

/* A provider of identities, where one is named. */
static enum rc identity_of(struct serving *s, const struct args *args, struct err *err)
{
	struct text issuer = args_text(args, PARAM_IDENTITY_ISSUER);
	struct text named = args_text(args, PARAM_IDENTITY_ADDRESS);

	if (issuer.n == 0)
		return RC_OK;
	if (!text_starts(issuer, "https://") && !(named.n > 0 && text_starts(issuer, "http://"))) {
		err_hint(err, "write https://..., as the issuer stands in its tokens");
		return err_set(err, RC_USAGE, "'%.*s' is no issuer", TEXT_ARG(issuer));
	}
	if (!args_has(args, PARAM_IDENTITY_CLIENT))
		return err_set(err, RC_USAGE, "--identity-issuer without --identity-client");
	s->identity = (struct identity_provider){
		.issuer = issuer,
		.client = args_text(args, PARAM_IDENTITY_CLIENT),
		.name = args_has(args, PARAM_IDENTITY_NAME) ? args_text(args, PARAM_IDENTITY_NAME)
							    : host_of(issuer),
		.strong = args->values[PARAM_IDENTITY_STRONG].v,
		.n_strong = args->values[PARAM_IDENTITY_STRONG].n};
	s->link = (struct link_options){
		.issuer = issuer, .client = s->identity.client, .named = named};
	if (!args_has(args, PARAM_IDENTITY_SECRET))
		return RC_OK;
	s->link.secret = args_text(args, PARAM_IDENTITY_SECRET);
	return link_secret_there(s->app->arena, s->link.secret, err);
}

/* Where the operator set a server for mail. */
static enum rc mail_of(struct serving *s, struct site *site, struct err *err)
{
	s->link.mail = mail_for_link(s->app->arena, &s->mail);
	site->due = due;
	return s->link.mail.secret.n == 0
		       ? RC_OK
		       : link_secret_there(s->app->arena, s->link.mail.secret, err);
}

enum rc serve(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct serving s = {.app = app, .args = args};
	struct text writable[1], readable[4];
	struct site site = {.context = &s,
			    .tidy = tidy,
			    .shared_bytes = door_shared_bytes(),
			    .bound = bound,
			    .start = start,
			    .handle = handle,
			    .given = given,
			    .body_max = body_max,
			    .in_pieces = in_pieces,
			    .ready = ready,
			    .vitals = vitals,
			    .tick = tick,
			    .more = more,
			    .stop = stop,
			    .writable = writable,
			    .readable = readable,
			    .n_writable = 1,
			    .n_readable = ARRAY_SIZE(readable)};
	struct server_options o = {
		.listen = args_has(args, PARAM_LISTEN) ? args_text(args, PARAM_LISTEN)
						       : text_of(listen_default),
		.ops_listen = args_text(args, PARAM_OPS_LISTEN),
		.base_url = args_text(args, PARAM_BASE_URL),
		.aliases = args->values[PARAM_HOST_ALIAS].v,
		.n_aliases = args->values[PARAM_HOST_ALIAS].n,
		.proxies = args->values[PARAM_PROXY].v,
		.n_proxies = args->values[PARAM_PROXY].n,
		.listening = listening,
		.listening_context = &s,
	};
	enum rc rc = number(args, PARAM_WORKERS, WORKERS_DEFAULT, WORKERS_MOST, &o.workers, err);

	(void)reply;
	if (rc == RC_OK && args_has(args, PARAM_REQUIRE_LANDLOCK) && jail_landlock() == 0)
		rc = err_set(err, RC_IO,
			     "this kernel has no Landlock, which --require-landlock asks for: boot "
			     "with lsm=landlock among the others, or leave the option out");
	if (rc == RC_OK)
		rc = identity_of(&s, args, err);
	if (rc == RC_OK)
		rc = look_at_workspace(&s, err);
	if (rc == RC_OK && s.mail.server.n > 0)
		rc = mail_of(&s, &site, err);
	if (rc == RC_OK && (s.identity.issuer.n > 0 || s.mail.server.n > 0)) {
		o.link = run_link;
		o.link_context = &s;
	}
	/* locked in, a worker can load nothing */
	if (rc == RC_OK)
		rc = pdf_load(err);
	if (rc != RC_OK)
		return rc;
	writable[0] = folder_of(app->arena, s.workspace);
	readable[0] = folder_of(app->arena, s.key);
	readable[1] = text_of("/usr/share/zoneinfo");
	readable[2] = text_of("/usr/share/fonts");
	readable[3] = text_of("/usr/share/color");
	return server_run(app->arena, &o, &site, err);
}
