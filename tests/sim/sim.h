/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulator (trust.md V4): two providers with three clients each work on virtual disks by a virtual clock, in an order that a seed
 * decides; power fails between and inside what they do. It drives the program by its verbs and by the use cases of app/, and holds after
 * every step what it has been told against what is there. There is no server and no second node yet, so there is no network: what
 * reporters repeat, reorder and send late comes as files.
 */
#ifndef SIM_H
#define SIM_H

#include "sim_disk.h"

#include "app/app.h"
#include "app/workspace.h"
#include "journal/note.h"

/* Begins every private word that a reporter writes here; it must never stand readable in a file. */
#define SECRET "wq7secret"
#define FIRST_NOW INT64_C(1772438400000) /* 2026-03-02T08:00:00Z */

enum {
	PROVIDERS = 2,
	CLIENTS = 3,
	LOGS = CLIENTS + 1,
	INSTALL = CLIENTS,
	MODELS_MAX = 16,
	SAMPLES_MAX = 6,
	RING = 20,
	SHARED = -1
};

/* A fact as its reporter remembers it. */
struct told {
	struct uuid id;
	bool client, ticket; /* whose; is its priority something to correct? */
	struct text line; /* as it stood in the file, to be repeated; empty if it came otherwise */
};

struct sight {
	int64_t size;
	struct hash root;
};

struct stored {
	struct uuid id;
	struct hash leaf;
};

struct witness {
	unsigned char seed[ED25519_SEED];
	struct vkey key;
	struct vkey log_key; /* as given on paper when the log was made */
	struct sight last;   /* size 0: nothing seen yet */
	int64_t accepted;    /* size of the last cosignature that was taken */
};

/* A statement as it was known at some time: it stays that for ever (trust.md J31). */
struct sample {
	char month[8];
	char at[40];
	unsigned char hash[SHA256_BYTES];
};

/* What is known of one log outside of the workspace. Lists only grow, so a copy of this is a state to go back to. */
struct model {
	char contract[16], mark[12],
		client[12]; /* ZQTEN01-2026, ZQTEN01, zqten01; empty for the install log */
	char signer[12], lead[12], billing[12];
	struct uuid log;
	struct told *told; /* acknowledged */
	size_t n_told, told_cap;
	struct sight *seen; /* checkpoints that have left the workspace */
	size_t n_seen, seen_cap;
	struct stored *stored; /* entries at the last look */
	size_t n_stored, stored_cap;
	instant last_recorded_at;
	struct witness witness;
	struct sample sample[SAMPLES_MAX];
	size_t n_samples;
	struct uuid pending; /* a correction or withdrawal that waits for its second person */
	bool has_pending, pending_client;
	char person[40]; /* whom words were last told about, not erased yet */
	bool person_unsure; /* power failed since: an erasure may have been begun, and is then finished */
	unsigned tickets, outages, people;
	bool big; /* enough facts for packs */
};

struct erased {
	unsigned char cipher[32]; /* how its sealed text began */
};

struct snapshot {
	size_t at; /* operations of the disk by then */
	struct model log[LOGS];
	size_t n_erased;
	instant offset_right;
};

struct provider {
	char path[40], name[16];
	struct model log[LOGS];
	struct disk *disk, *base;
	bool recording;
	int steps_left;
	size_t step_began;
	struct snapshot snapshot[MODELS_MAX];
	size_t n_snapshots;
	instant offset, offset_right; /* of this machine's clock, and the one that was accepted */
	bool clock_off;               /* the workspace does not believe it */
	struct erased *erased;
	size_t n_erased, erased_cap;
	struct text backup; /* the last one, and what was known then */
	struct snapshot *backup_state;
	unsigned backups, files;
};

/* An id or a word, and whose it is. */
struct owned {
	unsigned char key[20];
	int owner; /* provider * CLIENTS + client + 1; 0: the place is free; SHARED: the provider's own people, in several contracts */
};

struct sim {
	uint64_t seed, random;
	struct arena *arena, *step_arena; /* of the run; of one step */
	instant now;
	unsigned counter; /* of random bytes given to the program */
	struct provider p[PROVIDERS];
	int at; /* the provider whose machine it is now */
	int step;
	int held; /* files that a step keeps open while it asks */
	struct world world;
	struct hasher *hasher;
	struct owned *owned;
	size_t n_owned, owned_cap;
	/* events */
	char ring[RING][200];
	unsigned events;
	unsigned char log_hash[SHA256_BYTES];
	bool loud;
	/* what happened, over all seeds */
	struct {
		unsigned steps, crashes, torn, undone, answers, statements, bundles, restores,
			erasures, cosigned, clocks, entries, packs, two, refused;
	} * count;
};

struct answer {
	enum rc rc;
	int status;
	struct text out, notes;
	struct err err;
};

/* sim.c */
void event(struct sim *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
_Noreturn void fail(struct sim *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
uint64_t pick(struct sim *s, uint64_t n); /* 0 to n - 1 */
bool one_in(struct sim *s, uint64_t n);

/* sim_model.c: asking the program, and remembering */
/* words end with NULL; log: about which engagement, or -1. */
struct answer ask(struct sim *s, int log, const char *const *words);
/* The same, which must succeed with this status. */
struct answer must(struct sim *s, int log, int status, const char *const *words);
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
struct text answer_text(struct text json,
			const char *key); /* the first value of that key, without quotes */
/* A file of the reporter's machine; its name. */
const char *write_file(struct sim *s, const char *name, struct text bytes);
int64_t answer_number(struct sim *s, struct text json, const char *key);
struct model *model_of(struct sim *s, int log);
/* As it is written in commands and files, 2026-03-02T08:00:00.000Z. */
const char *instant_words(struct sim *s, instant t);
const char *format(struct sim *s, const char *fmt, ...) PRINTF_LIKE(2, 3); /* in the step's arena */
void remember_told(struct sim *s, struct model *m, const struct told *t);
void remember_seen(struct sim *s, struct model *m, int64_t size, const struct hash *root);
/* What was acknowledged up to now would survive a power cut from here on. */
void settle(struct sim *s);
void forget_owned(struct sim *s);
/* false: it is somebody's already, who goes to *owner. */
bool own(struct sim *s, struct text word, int owner, int *whose);
void share(struct sim *s, struct text word);
int owner_of(const struct sim *s, struct text word);
void scan_answer(struct sim *s, int log, struct text words, const char *verb);

/* sim_check.c: what must hold */
void check_provider(struct sim *s);
void check_files(struct sim *s);
void check_after_cut(struct sim *s);
void check_end(struct sim *s);

/* sim_steps.c: what happens */
void set_up(struct sim *s, struct text contract);
void step(struct sim *s);

void accept_clock(struct sim *s);

/* sim_people.c, sim_keep.c: steps */
void tell_of_person(struct sim *s, int log);
void step_import(struct sim *s, int log);
void step_add(struct sim *s, int log);
void step_correct(struct sim *s, int log);
void step_approve(struct sim *s, int log);
void step_dispute(struct sim *s, int log);
void step_foreign(struct sim *s, int log);
void step_two_handles(struct sim *s, int log);
void step_statement(struct sim *s, int log);
void step_issue(struct sim *s, int log);
void step_bundle(struct sim *s, int log);
void step_checkpoint(struct sim *s, int log);
void step_cosign(struct sim *s, int log);
void step_erase(struct sim *s, int log);
void step_clock(struct sim *s, int log);
void step_backup(struct sim *s, int log);
void step_restore(struct sim *s, int log);
void step_rebuild(struct sim *s, int log);

#endif
