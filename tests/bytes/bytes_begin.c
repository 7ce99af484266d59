/* SPDX-License-Identifier: Apache-2.0 */
/* The contracts that histories are about, and the workspaces they begin with. */
#include "bytes.h"

#include "../sim/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const clinic_assets[] = {"records", "firewall"};
static const char *const site_assets[] = {"manual", "forum", "search", "chat"};
static const char *const clinic_turns[] = {"P2, within: 10h@office", "P2, within: 6h@office",
					   "P2, within: 14h@office", "P2, within: 3h"};
static const char *const desk_turns[] = {"P1, within: 30min@office", "P1, within: 20min@office",
					 "P1, within: 2h@office"};
static const char *const site_turns[] = {"target: 99.9%", "target: 99.5%", "target: 99.95%"};

static const struct paper papers[PAPERS] = {
	{.file = "northwind.yaml",
	 .id = "NW-2026",
	 .client = "northwind",
	 .service = "helpdesk",
	 .assets = clinic_assets,
	 .n_priorities = 3,
	 .n_assets = ARRAY_SIZE(clinic_assets),
	 .turns = clinic_turns,
	 .n_turns = ARRAY_SIZE(clinic_turns)},
	{.file = "servicenow.yaml",
	 .id = "SN-2016",
	 .client = "verdi",
	 .service = "desk",
	 .n_priorities = 4,
	 .turns = desk_turns,
	 .n_turns = ARRAY_SIZE(desk_turns)},
	{.file = "upptime.yaml",
	 .id = "UP-2026",
	 .client = "werkstatt",
	 .assets = site_assets,
	 .n_assets = ARRAY_SIZE(site_assets),
	 .turns = site_turns,
	 .n_turns = ARRAY_SIZE(site_turns)},
};

/* The term of the second contract is moved to when the histories are. */
void papers_read(struct arena *a, struct paper out[PAPERS])
{
	enum { PAPER_MAX = 1 << 16 };
	char path[200];

	memcpy(out, papers, sizeof(papers));
	for (size_t i = 0; i < PAPERS; i++) {
		char *p = arena_alloc(a, PAPER_MAX);
		size_t n = 0;

		(void)snprintf(path, sizeof(path), "contracts/examples/%s", papers[i].file);
		FILE *f = fopen(path, "rb");

		if (f != NULL) {
			n = fread(p, 1, PAPER_MAX, f);
			(void)fclose(f);
		}
		if (n == 0 || n == PAPER_MAX) {
			(void)fprintf(
				stderr,
				"'%s' cannot be read; run this in the folder of the sources\n",
				path);
			exit(1);
		}
		out[i].words = replaced(a, (struct text){p, n}, "\"2016-01-01\"", "\"2026-01-01\"");
	}
}

struct text paper_version(struct history *h, const struct engagement *e, uint64_t turn, bool amends)
{
	const struct paper *p = e->paper;
	struct text out = replaced(h->arena, p->words, p->turns[0], p->turns[turn]);

	if (!amends)
		return out;
	return text_format(h->arena, "%.*s\namends: {base: \"%s\", reason: \"talk number %u\"}\n",
			   TEXT_ARG(out), e->hash, (unsigned)pick(h, 1000));
}

static void begin_log(struct history *h, int i, const struct paper *p)
{
	struct engagement *e = &h->log[i];
	struct answer a;

	*e = (struct engagement){.paper = p};
	(void)snprintf(e->signer, sizeof(e->signer), "sig%d", i);
	(void)snprintf(e->lead, sizeof(e->lead), "lead%d", i);
	(void)snprintf(e->billing, sizeof(e->billing), "bill%d", i);
	write_file(h, "paper.yaml", p->words);
	(void)must(h, 0, WORDS("client", "add", p->client, "--name", p->client));
	a = must(h, 0,
		 WORDS("contract", "add", "paper.yaml", "--client", p->client, "--agreed",
		       "2026-01-10", "--json"));
	(void)snprintf(e->hash, sizeof(e->hash), "%.*s", TEXT_ARG(answer_text(a.out, "version")));
	(void)must(h, 0, WORDS("user", "add", e->signer, "--role", "signer", "--contract", p->id));
	(void)must(h, 0,
		   WORDS("user", "add", e->lead, "--role", "it-lead", "--role", "signer", "--contract", p->id, "--as",
			 e->signer));
	(void)must(h, 0,
		   WORDS("user", "add", e->billing, "--role", "billing", "--contract", p->id,
			 "--as", e->signer));
}

/* 0 to 2: one contract each; 3 and 4: two of them under one provider. */
void begin_new(struct history *h, int which)
{
	int first = which < PAPERS ? which : which - PAPERS;

	h->n_logs = which < PAPERS ? 1 : 2;
	(void)must(h, 0,
		   WORDS("init", "disk/w.tenor", "--provider", "Harbor IT", "--host",
			 "tenor.harbor.example"));
	(void)must(h, 0, WORDS("user", "add", "desk", "--role", "service-desk"));
	(void)must(h, 0, WORDS("user", "add", "pat", "--role", "contract-manager"));
	(void)must(h, 0, WORDS("user", "add", "fin", "--role", "finance"));
	for (int i = 0; i < h->n_logs; i++)
		begin_log(h, i, &h->papers[(first + i) % PAPERS]);
	sim_disk_compact(h->disk);
}
