/* SPDX-License-Identifier: Apache-2.0 */
/* Who does what next, when the power fails, and the workspaces everything begins with. */
#include "scratch.h"
#include "sim.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* --- the beginning --- */

static void add_people(struct sim *s, int log)
{
	struct model *m = model_of(s, log);

	(void)must(s, log, 0,
		   WORDS("user", "add", m->signer, "--role", "signer", "--contract", m->contract));
	(void)must(s, log, 0,
		   WORDS("user", "add", m->lead, "--role", "it-lead", "--role", "signer", "--contract", m->contract,
			 "--as", m->signer));
	(void)must(s, log, 0,
		   WORDS("user", "add", m->billing, "--role", "billing", "--contract", m->contract,
			 "--as", m->signer));
}

/* The key of the client's witness, and the log's own key as it was given on paper. */
static void add_witness(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	struct witness *w = &m->witness;
	struct answer keys =
		must(s, log, 0, WORDS("log", "keys", "--contract", m->contract, "--json"));
	unsigned char public_key[ED25519_PUBLIC];
	struct err err = {.line = 0};
	struct buf b;

	memset(w->seed, 'A' + s->at * CLIENTS + log, sizeof(w->seed));
	ed25519_public(w->seed, public_key);
	if (vkey_make(text_copy(s->arena, text_of(format(s, "client.example/%s", m->client))),
		      KEY_COSIGNER, public_key, &w->key, &err) != RC_OK ||
	    vkey_parse(text_copy(s->arena, answer_text(keys.out, "vkey")), &w->log_key, &err) !=
		    RC_OK)
		fail(s, "keys: %s", err.message);
	buf_init(&b, 1024);
	vkey_print(&w->key, &b);
	(void)must(s, log, 0,
		   WORDS("log", "witness", format(s, "%.*s", TEXT_ARG(buf_view(&b))), "--contract",
			 m->contract, "--as", m->lead));
	buf_free(&b);
}

static void add_client(struct sim *s, int log, struct text contract)
{
	struct model *m = model_of(s, log);

	(void)snprintf(m->mark, sizeof(m->mark), "ZQTEN%d%d", s->at, log);
	(void)snprintf(m->client, sizeof(m->client), "zqten%d%d", s->at, log);
	(void)snprintf(m->contract, sizeof(m->contract), "ZQTEN%d%d-2026", s->at, log);
	(void)snprintf(m->signer, sizeof(m->signer), "zqten%d%ds", s->at, log);
	(void)snprintf(m->lead, sizeof(m->lead), "zqten%d%dl", s->at, log);
	(void)snprintf(m->billing, sizeof(m->billing), "zqten%d%db", s->at, log);
	contract = replaced(s->step_arena, contract, "NW-2026", m->contract);
	contract = replaced(s->step_arena, contract, "Northwind", m->mark);
	contract = replaced(s->step_arena, contract, "northwind", m->client);
	contract =
		replaced(s->step_arena, contract, "Alice Moreau", format(s, "%s Alice", m->mark));
	contract = replaced(s->step_arena, contract, "Joe Park", format(s, "%s Joe", m->mark));
	(void)must(s, log, 0,
		   WORDS("client", "add", m->client, "--name", format(s, "%s Clinic", m->mark)));
	(void)must(s, log, 0,
		   WORDS("contract", "add",
			 write_file(s, format(s, "%s.yaml", m->client), contract), "--client",
			 m->client, "--agreed", "2025-12-18"));
	add_people(s, log);
	add_witness(s, log);
}

void set_up(struct sim *s, struct text contract)
{
	s->step_arena = arena_new((size_t)1 << 30);
	s->now = FIRST_NOW;
	forget_owned(s);
	for (s->at = 0; s->at < PROVIDERS; s->at++) {
		struct provider *p = &s->p[s->at];

		p->disk = disk_new();
		p->base = disk_new();
		(void)snprintf(p->name, sizeof(p->name), "p%d", s->at);
		(void)snprintf(p->path, sizeof(p->path), "disk/p%d.tenor", s->at);
		(void)snprintf(p->log[INSTALL].contract, sizeof(p->log[INSTALL].contract),
			       "install");
		sim_disk_use(p->disk);
		(void)must(s, -1, 0, WORDS("init", p->path, "--provider", p->name));
		(void)must(s, -1, 0, WORDS("user", "add", "desk", "--role", "service-desk"));
		(void)must(s, -1, 0, WORDS("user", "add", "pat", "--role", "contract-manager"));
		(void)must(s, -1, 0, WORDS("user", "add", "fin", "--role", "finance"));
		for (int log = 0; log < CLIENTS; log++) {
			add_client(s, log, contract);
			sim_disk_compact(p->disk);
		}
		check_provider(s);
	}
	s->at = 0;
	arena_free(s->step_arena);
}

/* --- power cuts --- */

enum { FILES_ENOUGH = 30 }; /* on a disk that has room for 64 in all */

static void maybe_record(struct sim *s)
{
	struct provider *p = &s->p[s->at];

	if (!p->recording && p->disk->files > FILES_ENOUGH / 2)
		sim_disk_compact(p->disk);
	if (!p->recording && one_in(s, 4)) {
		disk_copy(p->base, p->disk);
		disk_record(p->disk, true);
		p->recording = true;
		p->steps_left = 1 + (int)pick(s, 3);
	}
	p->n_snapshots = 0;
	p->step_began = p->disk->ops;
	settle(s);
}

/* What was settled by then is what the outside knows; what came later nobody was told. */
static void go_back(struct sim *s, size_t cut)
{
	struct provider *p = &s->p[s->at];
	size_t k = p->n_snapshots;

	while (k > 0 && p->snapshot[k - 1].at > cut)
		k--;
	assert(k > 0);
	s->count->undone += k < p->n_snapshots;
	memcpy(p->log, p->snapshot[k - 1].log, sizeof(p->log));
	p->n_erased = p->snapshot[k - 1].n_erased;
	for (int log = 0; log < CLIENTS; log++)
		p->log[log].person_unsure = true;
	/* what the clock says stays as it is; what was accepted may not */
	p->offset_right = p->snapshot[k - 1].offset_right;
	p->clock_off =
		p->offset > p->offset_right + MINUTE_MS || p->offset < p->offset_right - MINUTE_MS;
}

/* The power fails at some moment of this step, or right after it; what is left is a random part of what was not synced. */
static void cut_power(struct sim *s)
{
	struct provider *p = &s->p[s->at];
	struct disk_replay replay;
	struct disk *left = disk_new();
	size_t cut = p->step_began + (size_t)pick(s, p->disk->ops - p->step_began + 1);

	if (one_in(s, 3))
		cut = p->disk->ops;
	disk_record(p->disk, false);
	p->recording = false;
	replay_init(&replay, p->disk, p->base);
	replay_to(&replay, cut);
	replay_image(&replay, &s->random, left);
	event(s, "%s loses power at operation %zu of %zu", p->name, cut - p->step_began,
	      p->disk->ops - p->step_began);
	go_back(s, cut);
	disk_free(p->disk);
	p->disk = left;
	s->count->crashes++;
	sim_disk_use(p->disk);
	check_after_cut(s);
	if (!p->clock_off)
		return;
	/* whether a clock was accepted just before the cut is not known to whoever comes next, who says it again */
	accept_clock(s);
	p->offset_right = p->offset;
	p->clock_off = false;
}

static void end_of_recording(struct sim *s)
{
	struct provider *p = &s->p[s->at];

	if (!p->recording)
		return;
	if (--p->steps_left <= 0 || p->disk->files > FILES_ENOUGH)
		cut_power(s);
}

/* --- the order of things --- */

static const struct {
	void (*run)(struct sim *s, int log);
	const char *name;
	unsigned weight;
	bool writes;
} kinds[] = {
	{step_import, "import", 24, true},        {step_add, "add", 12, true},
	{step_correct, "correct", 10, true},      {step_approve, "approve", 8, true},
	{step_dispute, "dispute", 8, true},       {step_two_handles, "two handles", 5, true},
	{step_statement, "statement", 10, false}, {step_issue, "issue", 4, true},
	{step_bundle, "bundle", 3, true},         {step_checkpoint, "checkpoint", 5, true},
	{step_cosign, "cosign", 8, true},         {step_erase, "erase", 4, true},
	{step_clock, "clock", 3, false},          {step_backup, "backup", 2, true},
	{step_restore, "restore", 2, true},       {step_rebuild, "rebuild", 2, true},
	{step_foreign, "foreign", 4, true},
};

static size_t choose(struct sim *s)
{
	uint64_t all = 0, at;
	size_t i = 0;

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		all += kinds[k].weight;
	for (at = pick(s, all); at >= kinds[i].weight; i++)
		at -= kinds[i].weight;
	return i;
}

void step(struct sim *s)
{
	size_t kind = choose(s);
	int log = (int)pick(s, CLIENTS);

	s->at = (int)pick(s, PROVIDERS);
	s->now += (instant)pick(s, 30 * MINUTE_MS) + (one_in(s, 8) ? DAY_MS : 0);
	/* a workspace that does not believe its clock takes nothing; that is looked at in the step that set it */
	if (s->p[s->at].clock_off && kinds[kind].writes)
		for (kind = 0; kinds[kind].run != step_clock; kind++)
			;
	event(s, "%s %s: %s", s->p[s->at].name, model_of(s, log)->mark, kinds[kind].name);
	maybe_record(s);
	kinds[kind].run(s, log);
	s->count->steps++;
	end_of_recording(s);
	check_provider(s);
}
