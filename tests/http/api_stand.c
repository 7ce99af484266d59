/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The API alone behind the real server and the real door, for its tests: no pages.
 *
 *	api-stand LISTEN WORKSPACE KEY
 *
 * It prints its address when it listens, and ends on SIGTERM.
 */
#include "app/sign_in.h"
#include "base/sha256.h"
#include "facts/json_read.h"
#include "http/api.h"
#include "http/problem.h"
#include "http/server.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct stand {
	struct arena *arena;
	struct text workspace, key, base_url;
	struct world world;
	struct app app;
	struct sign_in *sign_in;
	struct door *door;
	struct api *api;
};

static enum rc start(void *context, void *shared, size_t worker, struct err *err)
{
	struct stand *s = context;
	enum rc rc;

	(void)worker;
	world_system(s->arena, &s->world);
	s->app = (struct app){.arena = s->arena, .world = &s->world};
	rc = sign_in_open(&s->app, s->arena, s->workspace, s->key, &s->sign_in, err);
	if (rc != RC_OK)
		return rc;

	const struct door_options door = {.base_url = s->base_url, .sign_in = s->sign_in};
	const struct api_options api = {
		.workspace = s->workspace, .key = s->key, .world = &s->world};

	s->door = door_new(s->arena, &door, shared);
	s->api = api_new(s->arena, &api);
	return RC_OK;
}

static void handle(void *context, const struct request *q, struct response *r)
{
	struct stand *s = context;

	if (door_is_api(q))
		api_handle(s->api, s->door, q, r);
	else
		response_problem(r, q, 404, "not_found", "there is only the API here", text_of(""));
}

static bool in_pieces(void *context, const struct request *q)
{
	struct stand *s = context;

	return api_in_pieces(q) && door_knows(s->door, q);
}

static enum rc ready(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return RC_OK;
}

static void stop(void *context)
{
	sign_in_close(((struct stand *)context)->sign_in);
}

static void listening(void *context, struct text base_url)
{
	struct stand *s = context;

	s->base_url = text_copy(s->arena, base_url);
	printf("%.*s\n", TEXT_ARG(base_url));
	(void)fflush(stdout);
}

int main(int argc, char **argv)
{
	struct stand s = {.arena = arena_new((size_t)64 << 20)};
	struct server_options o = {
		.workers = 2, .no_jail = true, .listening = listening, .listening_context = &s};
	struct err err = {.line = 0};
	enum rc rc;

	if (argc != 4 || sodium_init() < 0)
		return 64;
	sha256_memory();
	json_memory();
	o.listen = text_of(argv[1]);
	s.workspace = text_of(argv[2]);
	s.key = text_of(argv[3]);

	const struct site site = {.context = &s,
				  .shared_bytes = door_shared_bytes(),
				  .start = start,
				  .handle = handle,
				  .in_pieces = in_pieces,
				  .ready = ready,
				  .stop = stop};

	/* The first opening makes what signing in needs: once, before workers race for it. */
	world_system(s.arena, &s.world);
	s.app = (struct app){.arena = s.arena, .world = &s.world};
	rc = sign_in_open(&s.app, s.arena, s.workspace, s.key, &s.sign_in, &err);
	if (rc == RC_OK) {
		sign_in_close(s.sign_in);
		rc = server_run(s.arena, &o, &site, &err);
	}
	if (rc != RC_OK) {
		struct buf out;

		buf_init(&out, 2000);
		err_print(&err, &out);
		(void)fprintf(stderr, "api-stand: %.*s\n", TEXT_ARG(buf_view(&out)));
		buf_free(&out);
	}
	arena_free(s.arena);
	return rc == RC_OK ? 0 : rc == RC_USAGE ? 64 : 74;
}
