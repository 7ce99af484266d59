/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with the record: statements, bundles, checkpoints, witnesses, erasures, backups, clocks. */
#include "sim.h"

#include "app/files.h"
#include "base/base64.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static instant clock_here(const struct sim *s)
{
	return s->now + s->p[s->at].offset;
}

/* What power cuts are made of ends here: the step works on files that are not of the disk. */
static void stop_recording(struct sim *s)
{
	struct provider *p = &s->p[s->at];

	if (p->recording)
		disk_record(p->disk, false);
	p->recording = false;
}

/* --- statements --- */

static const char *month_of(struct sim *s, instant t)
{
	return format(s, "%.7s", instant_words(s, t));
}

/*
 * What a statement says, without the number of the revision, which is of the list of what was issued, and without the flags, which tell
 * what is known of a fact today (trust.md J31 promises the numbers): line by line, as they are printed, commas at their ends left out.
 */
static void hash_statement(struct sim *s, struct text json, unsigned char out[SHA256_BYTES])
{
	char *kept = arena_alloc(s->step_arena, json.n + 1);
	size_t n = 0, until = 0;
	struct text line, rest = json;

	if (answer_text(json, "revision").n == 0)
		fail(s, "no revision in the statement: %.*s", json.n < 300 ? (int)json.n : 300,
		     json.p);
	while (rest.n > 0) {
		rest = text_cut(rest, '\n', &line);
		struct text words = text_trim(line);
		size_t indent = (size_t)(words.p - line.p) + 1;

		if (until > 0) {
			until = words.p[0] == ']' && indent == until ? 0 : until;
			continue;
		}
		if (text_starts(words, "\"flags\": [") || text_starts(words, "\"flagged\": [")) {
			until = text_ends(words, "[") ? indent : 0;
			continue;
		}
		if (text_starts(words, "\"revision\": "))
			continue;
		words.n -= text_ends(words, ",") ? 1 : 0;
		memcpy(kept + n, words.p, words.n);
		n += words.n;
		kept[n++] = '\n';
	}
	sha256((struct text){kept, n}, out);
}

static struct text known(struct sim *s, int log, const char *month, const char *at, const char *who)
{
	struct model *m = model_of(s, log);
	struct answer a = must(s, log, 0,
			       WORDS("statement", "--contract", m->contract, "--month", month,
				     "--as-of", at, "--known-as-of", at, "--json", "--as", who));

	s->count->statements++;
	return a.out;
}

/* Once more on a copy of the disk without the packs: everything then comes from the entries. */
static void without_packs(struct sim *s, int log, const struct sample *x, struct text answer)
{
	struct provider *p = &s->p[s->at];
	struct disk *live = p->disk, *copy = disk_new();
	sqlite3 *db = NULL;
	int changed = 0;

	disk_copy(copy, live);
	p->disk = copy;
	sim_disk_use(copy);
	if (sqlite3_open(format(s, "./%s", p->path), &db) != SQLITE_OK ||
	    sqlite3_exec(db, "DELETE FROM fact_pack", NULL, NULL, NULL) != SQLITE_OK)
		fail(s, "packs cannot be deleted: %s", sqlite3_errmsg(db));
	changed = sqlite3_changes(db);
	if (sqlite3_close(db) != SQLITE_OK)
		fail(s, "the copy cannot be closed");
	if (changed > 0) {
		struct text again = known(s, log, x->month, x->at, "fin");

		s->count->packs++;
		if (!text_eq(again, answer))
			fail(s, "%s: the statement from packs is not that from entries",
			     model_of(s, log)->mark);
	}
	p->disk = live;
	disk_free(copy);
	sim_disk_use(live);
}

void step_statement(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	struct sample x;
	struct text mine, theirs;

	if (m->last_recorded_at <= FIRST_NOW)
		return; /* there is no time between the contract and the last entry yet */
	/* before the last entry's time: what comes later is recorded at that time at the earliest */
	(void)snprintf(x.at, sizeof(x.at), "%.39s", instant_words(s, m->last_recorded_at - 1));
	(void)snprintf(x.month, sizeof(x.month), "%.7s", month_of(s, clock_here(s)));
	mine = known(s, log, x.month, x.at, "fin");
	theirs = known(s, log, x.month, x.at, m->billing);
	if (!text_eq(mine, theirs))
		fail(s, "%s: the two parties get different statements", m->mark);
	hash_statement(s, mine, x.hash);
	if (m->big)
		without_packs(s, log, &x, mine);
	if (m->n_samples > 0) {
		struct sample *old = &m->sample[pick(s, m->n_samples)];
		unsigned char hash[SHA256_BYTES];

		hash_statement(s, known(s, log, old->month, old->at, "fin"), hash);
		if (memcmp(hash, old->hash, sizeof(hash)) != 0)
			fail(s, "%s: the statement of %s as known at %s is another one now",
			     m->mark, old->month, old->at);
	}
	m->sample[m->n_samples < SAMPLES_MAX ? m->n_samples++ : pick(s, SAMPLES_MAX)] = x;
	settle(s);
}

void step_issue(struct sim *s, int log)
{
	struct model *m = model_of(s, log);

	(void)must(s, log, 0,
		   WORDS("statement", "--contract", m->contract, "--month",
			 month_of(s, clock_here(s)), "--issue", "--json", "--as", "fin"));
	settle(s);
	s->count->statements++;
}

/* A bundle leaves the house and is checked and worked out again by what is in it alone. */
void step_bundle(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	const char *month = month_of(s, clock_here(s)), *name = format(s, "%s.tnb", m->client);
	struct answer a;

	if (one_in(s, 2))
		step_issue(s, log);
	a = must(s, log, 0,
		 WORDS("export", "bundle", "--contract", m->contract, "--month", month, "--as",
		       m->lead, "-o", "-"));
	(void)write_file(s, name, a.out);
	(void)must(s, log, 0, WORDS("verify", name, "--trust-bundle-keys", "--json"));
	s->count->bundles++;
	settle(s);
}

/* --- checkpoints and witnesses --- */

static struct text checkpoint_now(struct sim *s, int log, struct checkpoint *out)
{
	struct model *m = model_of(s, log);
	struct answer a = must(
		s, log, 0, WORDS("log", "checkpoint", "--contract", m->contract, "--as", m->lead));
	const struct vkey keys[] = {m->witness.log_key, m->witness.key};
	struct err err = {.line = 0};
	size_t signers;

	if (checkpoint_open(a.out, keys, ARRAY_SIZE(keys), out, &signers, &err) != RC_OK)
		fail(s, "%s: the checkpoint is none: %s", m->mark, err.message);
	remember_seen(s, m, out->size, &out->root);
	settle(s);
	return a.out;
}

void step_checkpoint(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	struct checkpoint c;
	struct proof_file file;
	struct err err = {.line = 0};
	size_t signers;

	(void)checkpoint_now(s, log, &c);
	if (m->n_stored == 0)
		return;
	size_t i = (size_t)pick(s, m->n_stored);
	struct answer a = must(s, log, 0,
			       WORDS("log", "prove", "--contract", m->contract, "--index",
				     format(s, "%zu", i), "--as", m->lead));

	if (proof_file_parse(a.out, &file, &err) != RC_OK ||
	    checkpoint_open(file.note, &m->witness.log_key, 1, &c, &signers, &err) != RC_OK ||
	    merkle_verify_inclusion(s->hasher, file.index, c.size, &m->stored[i].leaf, file.proof.v,
				    file.proof.n, &c.root, &err) != RC_OK)
		fail(s, "%s: the proof of entry %zu is none: %s", m->mark, i, err.message);
}

/* The hashes of "log prove --older", as the witness reads them. */
static void ask_consistency(struct sim *s, int log, const struct sight *last,
			    const struct checkpoint *c)
{
	struct model *m = model_of(s, log);
	struct answer a =
		must(s, log, 0,
		     WORDS("log", "prove", "--contract", m->contract, "--older",
			   format(s, "%lld", (long long)last->size), "--size",
			   format(s, "%lld", (long long)c->size), "--json", "--as", m->lead));
	struct proof proof = {.n = 0};
	struct err err = {.line = 0};
	size_t at = 0;

	while (at + 7 < a.out.n && memcmp(a.out.p + at, "\"proof\"", 7) != 0)
		at++;
	for (at = text_find(a.out, '[', at); at < a.out.n && a.out.p[at] != ']'; at++) {
		size_t n = 0, end;

		if (a.out.p[at] != '"')
			continue;
		end = text_find(a.out, '"', at + 1);
		if (proof.n == PROOF_HASHES_MAX ||
		    !base64_read(text_sub(a.out, at + 1, end), proof.v[proof.n].b, SHA256_BYTES,
				 &n) ||
		    n != SHA256_BYTES)
			fail(s, "%s: no proof: %.*s", m->mark, TEXT_ARG(a.out));
		proof.n++;
		at = end;
	}
	if (merkle_verify_consistency(s->hasher, last->size, c->size, &last->root, &c->root,
				      proof.v, proof.n, &err) != RC_OK)
		fail(s, "%s: the witness sees another history: %s", m->mark, err.message);
}

static struct answer send_cosignature(struct sim *s, int log, const struct checkpoint *c,
				      int64_t unix_s)
{
	struct model *m = model_of(s, log);
	struct buf text, line;

	buf_init(&text, 4096);
	buf_init(&line, 4096);
	checkpoint_print(c, &text);
	note_cosign(&m->witness.key, m->witness.seed, unix_s, buf_view(&text), &line);
	const char *words = format(s, "%.*s", (int)line.n - 1, line.p);

	buf_free(&text);
	buf_free(&line);
	return ask(s, log,
		   WORDS("cosign", "accept", words, "--contract", m->contract, "--as", m->lead,
			 "--json"));
}

static void must_be_refused(struct sim *s, const struct answer *a, const char *code)
{
	if (a->rc == RC_OK || strcmp(a->err.code, code) != 0)
		fail(s, "expected a refusal '%s': %s %s", code, a->err.code, a->err.message);
	s->count->refused++;
}

void step_cosign(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	struct witness *w = &m->witness;
	struct checkpoint c;
	struct answer a;

	(void)checkpoint_now(s, log, &c);
	if (c.size < w->last.size)
		fail(s, "%s: the witness has seen %lld entries and is shown %lld", m->mark,
		     (long long)w->last.size, (long long)c.size);
	if (w->last.size > 0)
		ask_consistency(s, log, &w->last, &c);
	/* it remembers, then it signs (J17) */
	w->last = (struct sight){c.size, c.root};
	settle(s);
	if (one_in(s, 6)) {
		a = send_cosignature(s, log, &c,
				     clock_here(s) / SECOND_MS + 600 + (int64_t)pick(s, 3000));
		must_be_refused(s, &a, w->accepted > c.size ? "size_below" : "time_ahead");
		return;
	}
	a = send_cosignature(s, log, &c, clock_here(s) / SECOND_MS - 3600 + (int64_t)pick(s, 3800));
	if (a.rc != RC_OK)
		fail(s, "%s: the cosignature was not taken: %s %s", m->mark, a.err.code,
		     a.err.message);
	w->accepted = c.size;
	s->count->cosigned++;
	settle(s);
	for (size_t i = 0; i < m->n_seen; i++) {
		struct checkpoint old = {c.origin, m->seen[i].size, m->seen[i].root};

		if (old.size >= w->accepted)
			continue;
		a = send_cosignature(s, log, &old, clock_here(s) / SECOND_MS);
		must_be_refused(s, &a, "size_below");
		break;
	}
}

/* --- erasure --- */

struct slots {
	struct sim *s;
	struct store *store; /* while they are read */
	const struct log_head *head;
	struct erased *v;
	struct uuid *id;
	size_t n, cap, id_cap;
};

static enum rc take_slot(void *context, const struct stored_slot *slot, struct err *err)
{
	struct slots *x = context;
	struct stored_slot whole;
	enum rc rc = record_slot(x->store, x->s->step_arena, x->head->id, &slot->id, slot->name,
				 &whole, err);

	if (rc != RC_OK)
		return rc;
	assert(whole.cipher.n >= sizeof(x->v->cipher));
	x->v = arena_grow(x->s->step_arena, x->v, x->n, &x->cap, sizeof(*x->v));
	memcpy(x->v[x->n++].cipher, whole.cipher.p, sizeof(x->v->cipher));
	return RC_OK;
}

static void read_slots(struct sim *s, const struct model *m, struct slots *out)
{
	struct arena *a = arena_new(64 << 20);
	struct store *store;
	struct log_head head;
	struct err err = {.line = 0};

	*out = (struct slots){.s = s};
	sim_disk_use(s->p[s->at].disk);
	if (store_open(a, text_of(s->p[s->at].path), STORE_WORKSPACE, STORE_READ, &store, &err) !=
	    RC_OK)
		fail(s, "cannot be opened: %s", err.message);
	out->store = store;
	out->head = &head;
	if (record_log_of_contract(store, a, text_of(m->contract), &head, &err) != RC_OK ||
	    record_slots_each(store, head.id, take_slot, out, &err) != RC_OK)
		fail(s, "slots: %s", err.message);
	store_close(store);
	arena_free(a);
}

static struct store *hold(struct sim *s)
{
	struct store *store = NULL;
	struct err err = {.line = 0};

	sim_disk_use(s->p[s->at].disk);
	if (store_open(s->step_arena, text_of(s->p[s->at].path), STORE_WORKSPACE, STORE_WRITE,
		       &store, &err) != RC_OK)
		fail(s, "'%s' cannot be opened: %s", s->p[s->at].path, err.message);
	s->held = sim_disk_open_files();
	return store;
}

static void let_go(struct sim *s, struct store *store)
{
	if (store != NULL)
		store_close(store);
	s->held = 0;
}

void step_erase(struct sim *s, int log)
{
	struct provider *p = &s->p[s->at];
	struct model *m = model_of(s, log);
	struct store *idle = NULL;
	struct slots before, after;
	struct answer a;
	size_t gone = 0;

	if (m->person[0] == '\0') {
		step_add(s, log);
		return;
	}
	/* another one that has the file open keeps its write-ahead log there, and in it what was told since */
	if (one_in(s, 2)) {
		idle = hold(s);
		tell_of_person(s, log);
	}
	read_slots(s, m, &before);
	a = ask(s, log,
		WORDS("erase", "--person", m->person, "--json", "--as",
		      one_in(s, 2) ? m->signer : "owner"));
	if (a.rc == RC_MISSING && m->person_unsure) {
		let_go(s, idle);
		m->person[0] = '\0';
		return;
	}
	if (a.rc != RC_OK)
		fail(s, "%s: '%s' was not erased: %s", m->mark, m->person, a.err.message);
	read_slots(s, m, &after);
	for (size_t i = 0; i < before.n; i++) {
		bool still = false;

		for (size_t k = 0; k < after.n && !still; k++)
			still = memcmp(before.v[i].cipher, after.v[k].cipher,
				       sizeof(before.v[i].cipher)) == 0;
		if (still)
			continue;
		gone++;
		p->erased = arena_grow(s->arena, p->erased, p->n_erased, &p->erased_cap,
				       sizeof(*p->erased));
		p->erased[p->n_erased++] = before.v[i];
	}
	if (gone == 0)
		fail(s, "%s: nothing went with '%s'", m->mark, m->person);
	check_files(s);
	let_go(s, idle);
	m->person[0] = '\0';
	s->count->erasures++;
	settle(s);
}

/* --- clocks (J29) --- */

/* Time goes on: where the clock was only minutes behind there may be nothing left to accept. */
void accept_clock(struct sim *s)
{
	struct answer a = ask(s, -1, WORDS("clock", "accept"));

	if (a.rc != RC_OK &&
	    (a.rc != RC_INVALID || strstr(a.err.message, "nothing to accept") == NULL))
		fail(s, "the clock was not accepted: %s %s", a.err.code, a.err.message);
}

static void clock_put_right(struct sim *s, instant offset)
{
	struct provider *p = &s->p[s->at];

	if (one_in(s, 2)) {
		p->offset = offset; /* somebody set the machine's clock */
		p->clock_off = false;
		return;
	}
	accept_clock(s);
	p->offset_right = p->offset;
	p->clock_off = false;
	settle(s);
}

void step_clock(struct sim *s, int log)
{
	static const instant jumps[] = {-HOUR_MS, -2 * MINUTE_MS - 60 * SECOND_MS, -10 * DAY_MS,
					31 * DAY_MS, 400 * DAY_MS};
	struct provider *p = &s->p[s->at];
	struct model *m = model_of(s, log);
	struct answer a;

	if (p->clock_off) {
		clock_put_right(s, p->offset_right);
		return;
	}
	if (one_in(s, 2)) {
		/* a small step, either way, is nobody's business */
		p->offset = p->offset_right + (instant)pick(s, 20 * SECOND_MS) - 10 * SECOND_MS;
		return;
	}
	/* only what is surely beyond what the workspace has seen counts as a jump: it may have seen nothing for hours */
	(void)must(s, log, 0,
		   WORDS("fact", "add", "ticket.message", format(s, "ticket=%s-T1", m->mark),
			 "--contract", m->contract, "--as", "desk", "--json"));
	settle(s);
	p->offset = p->offset_right + jumps[pick(s, ARRAY_SIZE(jumps))];
	p->clock_off = true;
	s->count->clocks++;
	a = ask(s, log,
		WORDS("fact", "add", "ticket.message", format(s, "ticket=%s-T1", m->mark),
		      "--contract", m->contract, "--as", "desk", "--json"));
	must_be_refused(s, &a, "clock");
	(void)must(s, log, 0,
		   WORDS("log", "show", "--contract", m->contract, "--as", m->lead, "--json"));
	if (one_in(s, 2))
		clock_put_right(s, p->offset_right);
}

/* --- backups --- */

void step_backup(struct sim *s, int log)
{
	struct provider *p = &s->p[s->at];
	struct text old = p->backup;

	(void)log;
	stop_recording(s);
	p->backup = text_copy(s->arena,
			      text_of(format(s, "backup-%llu-%d-%u", (unsigned long long)s->seed,
					     s->at, ++p->backups)));
	(void)must(s, -1, 0, WORDS("backup", p->backup.p, "--no-progress"));
	check_provider(s);
	if (p->backup_state == NULL)
		p->backup_state = arena_one(s->arena, struct snapshot);
	memcpy(p->backup_state->log, p->log, sizeof(p->log));
	p->backup_state->n_erased = p->n_erased;
	if (old.n > 0)
		files_remove_folder(s->step_arena, old);
}

static void load_file(struct sim *s, struct disk *d, const char *from, const char *to)
{
	struct err err = {.line = 0};
	struct text bytes;

	if (files_read(s->step_arena, text_of(from), (size_t)1 << 30, &bytes, &err) != RC_OK)
		fail(s, "'%s': %s", from, err.message);
	sim_disk_put(d, to, bytes.p, bytes.n);
	(void)unlink(from);
}

/* Every entry is read anew: whose ids there are, and that what is there was there before. */
static void look_anew(struct sim *s)
{
	int here = s->at;

	forget_owned(s);
	for (s->at = 0; s->at < PROVIDERS; s->at++) {
		struct stored *was[LOGS];
		size_t n[LOGS];

		for (int log = 0; log < LOGS; log++) {
			struct model *m = model_of(s, log);

			was[log] = m->stored;
			n[log] = m->n_stored;
			m->stored = NULL;
			m->n_stored = m->stored_cap = 0;
			m->last_recorded_at = INSTANT_NONE;
		}
		check_provider(s);
		for (int log = 0; log < LOGS; log++)
			if (model_of(s, log)->n_stored < n[log] ||
			    memcmp(model_of(s, log)->stored, was[log],
				   n[log] * sizeof(*was[log])) != 0)
				fail(s, "%s: the backup does not bring back what was there",
				     model_of(s, log)->contract);
	}
	s->at = here;
}

void step_restore(struct sim *s, int log)
{
	struct provider *p = &s->p[s->at];
	struct model *m = model_of(s, log);
	struct checkpoint c;
	struct disk *fresh;
	struct answer a;

	if (p->backup.n == 0) {
		step_backup(s, log);
		return;
	}
	stop_recording(s);
	const char *note = write_file(s, format(s, "%s.note", m->client),
				      checkpoint_now(s, log, &c)),
		   *keys = format(s, "disk/p%d.keys", s->at);
	bool loss = c.size > (int64_t)p->backup_state->log[log].n_stored;
	/* what the keys know to be erased, and no log of the backup, is lost as well, if the backup has any of it */
	bool unsure = !loss && p->n_erased > p->backup_state->n_erased;

	a = ask(s, -1,
		WORDS("restore", p->backup.p, "--workspace", "r.tenor", "--keys", keys,
		      "--at-least", note, "--no-progress"));
	if (strcmp(a.err.code, "clock") == 0)
		return; /* the backup knows a later time than this machine's clock, which was accepted since */
	if (unsure)
		loss = a.rc != RC_OK && strcmp(a.err.code, "restore.older") == 0;
	if ((a.rc == RC_OK) == loss)
		fail(s, "%s: a backup of %zu entries %s for a checkpoint of %lld: %s", m->mark,
		     p->backup_state->log[log].n_stored, loss ? "was restored" : "was not",
		     (long long)c.size, a.err.message);
	if (loss)
		a = ask(s, -1,
			WORDS("restore", p->backup.p, "--workspace", "r.tenor", "--keys", keys,
			      "--at-least", note, "--accept-loss", "--no-progress"));
	if (strcmp(a.err.code, "clock") == 0)
		return;
	if (a.rc != RC_OK)
		fail(s, "%s: the loss was accepted, and nothing restored: %s", m->mark,
		     a.err.message);
	fresh = disk_new();
	load_file(s, fresh, "r.tenor", format(s, "./%s", p->path));
	load_file(s, fresh, "r.keys", format(s, "./disk/p%d.keys", s->at));
	disk_free(p->disk);
	p->disk = fresh;
	memcpy(p->log, p->backup_state->log, sizeof(p->log));
	for (int i = 0; i < CLIENTS; i++)
		p->log[i].person[0] = '\0'; /* perhaps erased since, and then erased again */
	s->count->restores++;
	event(s, "%s is what it was at its backup", p->name);
	look_anew(s);
	(void)must(s, -1, 0, WORDS("doctor"));
}

void step_rebuild(struct sim *s, int log)
{
	(void)log;
	(void)must(s, -1, 0, WORDS("rebuild", "--no-progress"));
	settle(s);
	(void)must(s, -1, 0, WORDS("rebuild", "--check", "--no-progress"));
}
