/* SPDX-License-Identifier: Apache-2.0 */
#include "app/issue.h"

#include "app/append.h"
#include "app/issue_parts.h"
#include "app/mail.h"
#include "app/money_last.h"
#include "app/signing.h"
#include "base/json.h"
#include "engine/invoice_copy.h"
#include "engine/invoice_json.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

enum {
	TRIES_MAX = 50,
	TOGETHER_BYTES = 256 << 20, /* of contracts that are worked out at once */
	JOBS_A_READ = 128           /* contracts that a hand works out in one transaction */
};

/* --- a contract on its way --- */

enum stage {
	STAGE_OPEN,     /* to be worked out, perhaps once more: its log has moved */
	STAGE_UNSIGNED, /* the same, but its log is to be signed first */
	STAGE_READY,    /* its documents wait to be written */
	STAGE_WRITTEN,  /* they are, and wait for their checkpoint */
	STAGE_LEFT,     /* not in this call: the memory is full */
	STAGE_DONE
};

/* A document on its way: printed by who worked it out, all but its number. */
struct numbered {
	struct invoice *invoice;
	struct text printed, none; /* what stands there in the number's place */
	size_t number_at;
	int64_t seq;
	struct hash sha;
	struct text bytes; /* with its number */
};

struct job {
	struct issue_asked *asked;
	enum stage stage;
	bool seen;           /* log and checkpoint are known */
	bool keep;           /* the checkpoint is not among those kept yet (J19) */
	struct log_head log; /* as it was signed; after writing as it is then */
	struct stored_checkpoint checkpoint;
	struct log_known known;
	char version[SHA256_HEX + 1]; /* hash of the newest version agreed; empty: not known */
	struct money_state m;
	day run;
	const struct issue_first *first; /* an entry that goes before the documents, or NULL */
	struct numbered *documents;
	size_t n;
};

struct issue_run {
	struct workspace *ws;
	const struct issue_days *days;
	struct job *v;
	size_t n;
	struct provider_settings now;
	struct crew *crew;
	/* while the crew works out, under the lock */
	pthread_mutex_t lock;
	size_t at, taken;         /* the next job to be taken, and how many were */
	size_t bytes, most_bytes; /* kept of them, and when no other one is taken; 0: no limit */
	bool stop;
	bool out; /* the crew is at it */
};

static void settle(struct job *j, enum rc rc, const struct err *err)
{
	j->stage = STAGE_DONE;
	j->asked->rc = rc;
	if (rc != RC_OK)
		j->asked->err = *err;
}

/* RC_OK: the others go on. Only the disk ends all of it; a log that moved is worked out anew. */
static enum rc told(struct job *j, enum rc rc, struct err *err)
{
	if (rc == RC_OK || rc == RC_IO)
		return rc;
	if (strcmp(err->code, "moved") == 0)
		j->stage = STAGE_OPEN;
	else
		settle(j, rc, err);
	err_clear(err);
	return RC_OK;
}

static size_t count_of(const struct issue_run *r, enum stage stage)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->v[i].stage == stage;
	return n;
}

/* --- writing: numbers, documents, entries --- */

/* Printing takes longer than all else that is left to do, and needs no number: it is done where it was worked out. */
static enum rc print_one(struct workspace *ws, const struct invoice *draft, day run,
			 struct numbered *d, struct err *err)
{
	struct buf b;
	enum rc rc;

	d->invoice = arena_one(ws->arena, struct invoice);
	*d->invoice = *draft;
	d->invoice->run = run;
	issue_series(ws->arena, d->invoice);
	d->none = d->invoice->number;
	rc = invoice_fits(d->invoice, err);
	if (rc != RC_OK)
		return rc;
	buf_init(&b, INVOICE_BYTES_MAX);
	d->number_at = invoice_json_unnumbered(d->invoice, &b);
	if (b.full)
		rc = err_set(err, RC_LIMIT, "the document is larger than %d MiB",
			     INVOICE_BYTES_MAX >> 20);
	else
		d->printed = text_copy(ws->arena, buf_view(&b));
	buf_free(&b);
	return rc;
}

static enum rc print_drafts(struct workspace *ws, const struct invoice *const *drafts, size_t n,
			    struct job *j, struct err *err)
{
	enum rc rc = RC_OK;

	j->n = n;
	j->documents = arena_array(ws->arena, struct numbered, n);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = print_one(ws, drafts[i], j->run, &j->documents[i], err);
	return rc;
}

static enum rc number_one(struct workspace *ws, struct numbers *numbers, struct numbered *d,
			  struct err *err)
{
	enum rc rc = issue_number(ws, numbers, d->invoice, &d->seq, err);

	if (rc != RC_OK)
		return rc;
	d->bytes = invoice_json_number(ws->arena, d->printed, d->number_at, d->none,
				       d->invoice->number);
	sha256(d->bytes, d->sha.b);
	return RC_OK;
}

static enum rc write_one(struct own_run *entries, const struct numbered *d, bool mail,
			 struct err *err)
{
	struct workspace *ws = entries->ws;
	struct uuid id = workspace_uuid(ws);
	int64_t index = 0;
	enum rc rc = record_blob_put(ws->store, &d->sha, text_of("document"), d->bytes, err);

	if (rc == RC_OK && mail)
		rc = issue_tell(ws, entries->to.head->contract, d->invoice, err);
	if (rc == RC_OK)
		rc = own_run_add(entries, FACT_INVOICE_ISSUED,
				 issue_body(ws->arena, d->invoice, &d->sha, d->seq), &id, ws->now,
				 NULL, 0, &index, err);
	if (rc == RC_OK)
		rc = issue_index(ws->store, entries->to.head->id, index, d->invoice, d->seq, err);
	/* Only a run issues invoices. */
	return rc == RC_OK && d->invoice->kind == DOCUMENT_INVOICE
		       ? money_last_issued(ws, entries->to.head->id, index, err)
		       : rc;
}

/* The head as it is now, if it is where the job left it. */
static enum rc unmoved(struct workspace *ws, const struct job *j, struct log_head *out,
		       struct err *err)
{
	bool stands = false;
	enum rc rc = record_log_stands(ws->store, &j->m.log, &stands, err);

	if (rc != RC_OK)
		return rc;
	if (stands) {
		*out = j->m.log;
		return RC_OK;
	}
	rc = record_log_of_uuid(ws->store, ws->arena, &j->m.log.uuid, out, err);
	if (rc == RC_OK && out->edge.size != j->m.log.edge.size) {
		err_code(err, "moved");
		rc = err_set(err, RC_INVALID, "more was recorded while the documents were made");
	}
	if (rc == RC_OK && out->frozen.n > 0) {
		err_code(err, "log_frozen");
		rc = err_set(err, RC_INVALID, "the log is frozen: %.*s", TEXT_ARG(out->frozen));
	}
	return rc;
}

/* Before the first byte of a contract is written all of it is known to be writable; a number that is not used is given to the next. */
static enum rc write_job(struct workspace *ws, struct numbers *numbers, struct job *j,
			 struct err *err)
{
	struct numbers before = *numbers;
	struct own_run entries;
	struct log_head log;
	enum rc rc = unmoved(ws, j, &log, err);

	for (size_t i = 0; rc == RC_OK && i < j->n; i++)
		rc = number_one(ws, numbers, &j->documents[i], err);
	if (rc != RC_OK) {
		*numbers = before;
		return told(j, rc, err);
	}
	own_run_begin(&entries, ws, &log);
	entries.version = text_of(j->version);
	if (j->first != NULL)
		rc = own_run_add(&entries, j->first->kind, j->first->body, &j->first->id,
				 j->first->at, NULL, 0, NULL, err);
	for (size_t i = 0; rc == RC_OK && i < j->n; i++)
		rc = write_one(&entries, &j->documents[i], numbers->mail, err);
	rc = own_run_end(&entries, rc, err);
	if (rc != RC_OK)
		return rc;
	j->log = log;
	j->stage = STAGE_WRITTEN;
	return RC_OK;
}

/* What was made in passing is printed now, so it goes into every bundle (J19). */
static enum rc keep_checkpoints(struct workspace *ws, const struct job *v, size_t n,
				struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (v[i].keep)
			rc = record_checkpoint_keep(ws->store, v[i].log.id, v[i].checkpoint.size,
						    err);
	return rc;
}

static struct text first_number(const struct job *j)
{
	return j->n > 0 ? j->documents[0].invoice->number : text_of(NULL);
}

/* What is known of its log is so with the entries written now: none of them is of a key. */
static void committed(struct job *j)
{
	j->keep = false;
	if (j->stage == STAGE_WRITTEN && j->known.size == j->m.log.edge.size)
		j->known.size = j->log.edge.size;
}

static enum rc write_jobs(struct workspace *ws, struct job *v, size_t n, struct err *err)
{
	struct numbers numbers = {.n = 0};
	bool audited = ws->audited, *ready = arena_array(ws->arena, bool, n);
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		ready[i] = v[i].stage == STAGE_READY;
	rc = keep_checkpoints(ws, v, n, err);
	if (rc == RC_OK)
		rc = mail_goes_out(ws, &numbers.mail, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (ready[i])
			rc = write_job(ws, &numbers, &v[i], err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (v[i].stage == STAGE_WRITTEN)
			rc = workspace_audit(ws, v[i].log.contract, first_number(&v[i]), err);
	rc = workspace_end(ws, rc, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		committed(&v[i]);
	if (rc == RC_OK)
		return RC_OK;
	/* Nothing of it has happened, refusals that looked at its numbers included. */
	ws->audited = audited;
	for (size_t i = 0; i < n; i++)
		if (ready[i])
			v[i].stage = STAGE_READY;
	return rc;
}

static bool to_be_written(const struct job *j)
{
	return j->stage == STAGE_READY || j->keep;
}

/* One whose entry the store refuses takes nobody along: then each has a transaction of its own. */
static enum rc write_ready(struct issue_run *r, struct err *err)
{
	bool any = false;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->n; i++)
		any = any || to_be_written(&r->v[i]);
	if (any)
		rc = write_jobs(r->ws, r->v, r->n, err);
	if (rc == RC_OK || rc == RC_IO)
		return rc;
	for (size_t i = 0; i < r->n; i++) {
		if (!to_be_written(&r->v[i]))
			continue;
		err_clear(err);
		rc = told(&r->v[i], write_jobs(r->ws, &r->v[i], 1, err), err);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/*
 * What a document is made with is in the log before it (trust.md J2): settings that the log does not have yet go there first, and the
 * document is made again on the log that has them.
 */
static enum rc carry_settings(struct issue_run *r, struct err *err)
{
	bool any = false;
	enum rc rc;

	for (size_t i = 0; i < r->n; i++)
		any = any || (r->v[i].stage == STAGE_READY &&
			      !provider_same(&r->v[i].m.provider, &r->v[i].m.logged));
	if (!any)
		return RC_OK;
	rc = workspace_begin(r->ws, err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; rc == RC_OK && i < r->n; i++) {
		struct job *j = &r->v[i];
		struct log_head log;

		if (j->stage != STAGE_READY || provider_same(&j->m.provider, &j->m.logged))
			continue;
		rc = unmoved(r->ws, j, &log, err);
		if (rc == RC_OK) {
			rc = provider_append(r->ws, &log, &j->m.provider, err);
			j->stage = STAGE_OPEN;
		} else
			rc = told(j, rc, err);
	}
	return workspace_end(r->ws, rc, err);
}

/* --- signing (trust.md J11) --- */

static enum rc sign_stage(struct issue_run *r, enum stage stage, struct err *err)
{
	struct log_signing *v = arena_array(r->ws->arena, struct log_signing, r->n);
	size_t n = 0;
	enum rc rc;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].stage == stage) {
			v[n].log = r->v[i].log.uuid;
			v[n++].known = &r->v[i].known;
		}
	if (n == 0)
		return RC_OK;
	rc = sign_logs(r->ws, r->crew, v, n, true, err);
	for (size_t i = 0, k = 0; rc == RC_OK && i < r->n; i++) {
		struct job *j = &r->v[i];

		if (j->stage != stage)
			continue;
		if (v[k].rc != RC_OK)
			settle(j, v[k].rc, &v[k].err);
		else {
			j->log = v[k].head;
			j->checkpoint = v[k].checkpoint;
			j->known.size = -1;
			j->seen = true;
			j->keep = false;
			if (stage == STAGE_UNSIGNED)
				j->stage = STAGE_OPEN;
		}
		k++;
	}
	return rc;
}

/* What is issued is in print once its checkpoint is there. */
static enum rc finish(struct issue_run *r, struct err *err)
{
	bool any = count_of(r, STAGE_WRITTEN) > 0;
	enum rc rc = sign_stage(r, STAGE_WRITTEN, err);

	if (rc == RC_OK && any)
		rc = sign_install(r->ws, err);
	for (size_t i = 0; rc == RC_OK && i < r->n; i++) {
		struct job *j = &r->v[i];
		const struct invoice **issued;

		if (j->stage != STAGE_WRITTEN)
			continue;
		issued = arena_array(r->ws->arena, const struct invoice *, j->n);
		for (size_t k = 0; k < j->n; k++)
			issued[k] = j->documents[k].invoice;
		j->asked->result.fate = ISSUED;
		j->asked->result.documents = issued;
		j->asked->result.n_documents = j->n;
		settle(j, RC_OK, err);
	}
	return rc;
}

enum rc issue_documents(struct workspace *ws, const struct money_state *m,
			const struct invoice *const *documents, size_t n, day run,
			struct issue_result *out, struct err *err)
{
	return issue_after(ws, m, NULL, documents, n, run, out, err);
}

enum rc issue_after(struct workspace *ws, const struct money_state *m,
		    const struct issue_first *first, const struct invoice *const *documents,
		    size_t n, day run, struct issue_result *out, struct err *err)
{
	struct issue_asked asked = {.log = m->log};
	struct job job = {.asked = &asked,
			  .stage = STAGE_READY,
			  .log = m->log,
			  .m = *m,
			  .run = run,
			  .known = {.size = -1},
			  .first = first};
	struct issue_run r = {.ws = ws, .v = &job, .n = 1};
	enum rc rc = print_drafts(ws, documents, n, &job, err);

	if (rc == RC_OK)
		rc = carry_settings(&r, err);
	if (rc == RC_OK)
		rc = write_ready(&r, err);
	if (rc == RC_OK)
		rc = finish(&r, err);
	if (rc != RC_OK)
		return rc;
	if (job.stage == STAGE_OPEN) {
		err_code(err, "moved");
		return err_set(err, RC_INVALID, "more was recorded while the documents were made");
	}
	if (asked.rc != RC_OK) {
		*err = asked.err;
		return asked.rc;
	}
	out->fate = asked.result.fate;
	out->documents = asked.result.documents;
	out->n_documents = asked.result.n_documents;
	return RC_OK;
}

/* --- what is due --- */

/* The documents of what was billed: none where it is parked. */
static enum rc take_drafts(struct workspace *ws, struct job *j, struct err *err)
{
	struct issue_result *out = &j->asked->result;
	struct billing *b = &out->billing;
	const struct invoice **drafts;
	size_t n = 0;
	enum rc rc;

	if (b->n_parked > 0) {
		out->fate = ISSUE_PARKED;
		return RC_OK;
	}
	drafts = arena_array(ws->arena, const struct invoice *, b->n_credit_notes + 1);
	if (b->invoice != NULL)
		drafts[n++] = b->invoice;
	for (size_t i = 0; i < b->n_credit_notes; i++)
		drafts[n++] = b->credit_notes[i];
	rc = print_drafts(ws, drafts, n, j, err);
	if (rc == RC_OK && n > 0)
		j->stage = STAGE_READY;
	return rc;
}

static enum rc bill(const struct issue_run *r, struct workspace *ws, struct job *j,
		    struct recalled *versions, day on, day date, struct err *err)
{
	struct money_proof proof = {j->checkpoint.size, issue_root_hex(ws, &j->checkpoint.root),
				    j->log.origin};
	struct money_at at = {.size = j->checkpoint.size, .known_as_of = INSTANT_MAX, .on = on};
	struct billing *out = &j->asked->result.billing;
	enum rc rc = money_recall_on(ws, versions, &r->now, &at, &j->m, err);

	if (rc != RC_OK)
		return rc;
	money_provider_is(ws->arena, &r->now, &j->m);
	rc = money_bill(ws->arena, &j->m, date, &proof, out, err);
	return rc == RC_OK ? issue_hold_changed(ws, &j->log, &j->m, out, err) : rc;
}

static enum rc work_out_here(const struct issue_run *r, struct workspace *ws, struct job *j,
			     struct err *err)
{
	struct recalled versions;
	day date = DAY_NONE;
	enum rc rc = recall_versions(ws, &j->log, INSTANT_MAX, &versions, err);

	j->asked->there = rc != RC_MISSING;
	j->asked->result =
		(struct issue_result){.fate = ISSUE_NOTHING, .contract = j->asked->log.contract};
	if (rc == RC_OK) {
		hash_hex(&versions.versions[versions.n_versions - 1].sha256, j->version);
		rc = r->days->of(r->days->context, ws, &versions, &j->run, &date, err);
	}
	return rc == RC_OK ? bill(r, ws, j, &versions, j->run, date, err) : rc;
}

static void keep_settings(struct arena *a, struct provider_settings *p)
{
	for (int s = 0; s < SETTING_COUNT; s++)
		for (size_t i = 0; i < p->of[s].n; i++)
			p->of[s].v[i] = text_copy(a, p->of[s].v[i]);
}

/* What writing and telling need of it. The contract and its facts are many times as large. */
static void keep_little(struct arena *a, struct job *j)
{
	struct billing *b = &j->asked->result.billing, little = {.invoice = NULL};
	const struct invoice **notes = arena_array(a, const struct invoice *, b->n_credit_notes);

	if (b->invoice != NULL)
		little.invoice = invoice_copy(a, b->invoice);
	for (size_t i = 0; i < b->n_credit_notes; i++)
		notes[i] = invoice_copy(a, b->credit_notes[i]);
	little.credit_notes = notes;
	little.n_credit_notes = b->n_credit_notes;
	*b = little;
	j->m = (struct money_state){
		.log = j->m.log, .provider = j->m.provider, .logged = j->m.logged};
	keep_settings(a, &j->m.provider);
	keep_settings(a, &j->m.logged);
}

/* Its log as it is now. One that is not signed, or not sound, is left to who may write. */
static enum rc see(struct workspace *ws, struct job *j, struct err *err)
{
	struct log_signing seen = {.log = j->log.uuid};
	bool there = false;
	enum rc rc = sign_seen(ws, &seen, &there, &j->known, err);

	if (rc != RC_OK)
		return rc;
	if (!there) {
		j->stage = STAGE_UNSIGNED;
		return RC_OK;
	}
	j->log = seen.head;
	j->checkpoint = seen.checkpoint;
	j->keep = !seen.checkpoint.kept;
	j->seen = true;
	return RC_OK;
}

/*
 * Contract by contract in the same memory, which so stays in the processor's caches: a thousand of them side by side would be taken
 * from the kernel page by page. One that is parked is told of with all that it was worked out to, so it is done once more beside it.
 */
static enum rc work_out_one(const struct issue_run *r, struct hand *h, struct job *j)
{
	struct workspace *ws = h->ws;
	struct arena *whole = ws->arena;
	struct err *err = &h->err;
	enum rc rc = j->seen ? RC_OK : see(ws, j, err);

	if (rc != RC_OK || j->stage != STAGE_OPEN)
		return rc;
	ws->arena = h->scratch;
	rc = work_out_here(r, ws, j, err);
	ws->arena = whole;
	if (rc == RC_OK && j->asked->result.billing.n_parked > 0)
		rc = work_out_here(r, ws, j, err);
	else if (rc == RC_OK)
		keep_little(whole, j);
	arena_clear(h->scratch);
	if (rc == RC_OK)
		rc = take_drafts(ws, j, err);
	if (rc != RC_OK)
		return told(j, rc, err);
	if (j->stage != STAGE_READY)
		settle(j, RC_OK, err);
	return RC_OK;
}

static void lock(struct issue_run *r)
{
	if (pthread_mutex_lock(&r->lock) != 0)
		assert(false && "a lock of our own is taken once");
}

static void unlock(struct issue_run *r)
{
	if (pthread_mutex_unlock(&r->lock) != 0)
		assert(false && "it was taken");
}

/* The next job in the order of the contracts, so that those that the memory is not for are the last ones; one is taken at least. */
static struct job *take(struct issue_run *r)
{
	struct job *j = NULL;

	lock(r);
	while (r->at < r->n && r->v[r->at].stage != STAGE_OPEN)
		r->at++;
	if (r->taken > 0 && r->most_bytes > 0 && r->bytes > r->most_bytes)
		r->stop = true;
	if (!r->stop && r->at < r->n) {
		j = &r->v[r->at++];
		r->taken++;
	}
	unlock(r);
	return j;
}

static void is_done(struct issue_run *r, size_t bytes, enum rc rc)
{
	lock(r);
	r->bytes += bytes;
	if (rc != RC_OK)
		r->stop = true;
	unlock(r);
}

static enum rc work_out_some(void *context, struct hand *h)
{
	struct issue_run *r = context;
	enum rc rc = RC_OK;
	struct job *j;
	size_t n = 0;

	for (j = take(r); rc == RC_OK && j != NULL; j = rc == RC_OK ? take(r) : NULL) {
		size_t before;

		rc = crew_help(h);
		before = arena_used_bytes(h->ws->arena);
		if (rc == RC_OK && ++n % JOBS_A_READ == 0)
			rc = crew_anew(h);
		if (rc == RC_OK)
			rc = work_out_one(r, h, j);
		is_done(r, arena_used_bytes(h->ws->arena) - before, rc);
	}
	return rc;
}

/* --- a pass: those that are open, once --- */

static enum rc pass_begin(struct issue_run *r, bool first, struct err *err)
{
	enum rc rc = provider_settings_at(r->ws, INSTANT_MAX, &r->now, err);

	if (rc != RC_OK)
		return rc;
	if (pthread_mutex_init(&r->lock, NULL) != 0)
		memory_none();
	r->at = r->taken = r->bytes = 0;
	/* As many as the memory is for, but one at least. */
	r->most_bytes = first ? TOGETHER_BYTES : 0;
	r->stop = false;
	r->out = true;
	return RC_OK;
}

static enum rc pass_end(struct issue_run *r, enum rc rc)
{
	r->out = false;
	(void)pthread_mutex_destroy(&r->lock);
	return rc;
}

static enum rc pass(struct issue_run *r, bool alone, struct err *err)
{
	enum rc rc = pass_begin(r, false, err);

	if (rc != RC_OK)
		return rc;
	rc = alone ? crew_alone(r->crew, work_out_some, r, err)
		   : crew_work(r->crew, work_out_some, r, err);
	return pass_end(r, rc);
}

/* --- a turn --- */

enum rc issue_begin(struct workspace *ws, struct crew *crew, struct issue_asked *v, size_t n,
		    const struct issue_days *days, struct issue_run **out, struct err *err)
{
	struct issue_run *r = arena_one(ws->arena, struct issue_run);
	enum rc rc;

	*r = (struct issue_run){.ws = ws, .days = days, .n = n, .crew = crew};
	r->v = arena_array(ws->arena, struct job, n);
	for (size_t i = 0; i < n; i++) {
		r->v[i].asked = &v[i];
		r->v[i].stage = STAGE_OPEN;
		r->v[i].log = v[i].log;
		r->v[i].known.size = -1;
		v[i].there = true;
	}
	rc = pass_begin(r, true, err);
	if (rc != RC_OK)
		return rc;
	crew_begin(crew, work_out_some, r);
	*out = r;
	return RC_OK;
}

void issue_stop(struct issue_run *r)
{
	struct err unsaid = {.line = 0};

	if (!r->out)
		return;
	lock(r);
	r->stop = true;
	unlock(r);
	/* whatever came of it is not wanted */
	(void)pass_end(r, crew_join(r->crew, &unsaid));
}

/* The first *done are of this turn, the others of the next. */
static void leave(struct issue_run *r, size_t *done)
{
	for (size_t i = r->at; i < r->n; i++)
		if (r->v[i].stage == STAGE_OPEN)
			r->v[i].stage = STAGE_LEFT;
	*done = r->n;
	for (size_t i = r->n; i > 0; i--)
		if (r->v[i - 1].stage == STAGE_LEFT)
			*done = i - 1;
}

/* Logs that have no checkpoint of their head get it, settings go where they are not yet; what that makes anew is worked out. */
static enum rc make_ready(struct issue_run *r, bool alone, struct err *err)
{
	enum rc rc = sign_stage(r, STAGE_UNSIGNED, err);

	if (rc == RC_OK && count_of(r, STAGE_OPEN) > 0)
		rc = pass(r, alone, err);
	if (rc == RC_OK)
		rc = carry_settings(r, err);
	return rc;
}

enum rc issue_prepare(struct issue_run *r, size_t *done, struct err *err)
{
	enum rc rc = pass_end(r, crew_join(r->crew, err));

	if (rc != RC_OK)
		return rc;
	leave(r, done);
	rc = make_ready(r, false, err);
	/* Settings are carried once: a log that moves again waits for what is ready. */
	if (rc == RC_OK && count_of(r, STAGE_OPEN) > 0)
		rc = sign_stage(r, STAGE_OPEN, err);
	return rc == RC_OK && count_of(r, STAGE_OPEN) > 0 ? pass(r, false, err) : rc;
}

/* Whoever recorded meanwhile made the log longer: what is due is worked out anew, so that nothing is issued twice (R71). */
static enum rc again(struct issue_run *r, struct err *err)
{
	enum rc rc = sign_stage(r, STAGE_OPEN, err);

	if (rc == RC_OK)
		rc = make_ready(r, true, err);
	if (rc == RC_OK)
		rc = write_ready(r, err);
	return rc == RC_OK ? finish(r, err) : rc;
}

enum rc issue_end(struct issue_run *r, struct err *err)
{
	enum rc rc = carry_settings(r, err);

	if (rc == RC_OK)
		rc = write_ready(r, err);
	if (rc == RC_OK)
		rc = finish(r, err);
	for (int i = 1; i < TRIES_MAX && rc == RC_OK && count_of(r, STAGE_OPEN) > 0; i++)
		rc = again(r, err);
	for (size_t i = 0; rc == RC_OK && i < r->n; i++)
		if (r->v[i].stage == STAGE_OPEN) {
			err_code(err, "moved");
			(void)err_set(err, RC_INVALID,
				      "more was recorded %d times while the documents were made",
				      TRIES_MAX);
			settle(&r->v[i], RC_INVALID, err);
			err_clear(err);
		}
	return rc;
}

enum rc issue_due(struct workspace *ws, struct crew *crew, struct issue_asked *one,
		  const struct issue_days *days, struct err *err)
{
	struct issue_run *r = NULL;
	size_t done = 0;
	enum rc rc = issue_begin(ws, crew, one, 1, days, &r, err);

	if (rc == RC_OK)
		rc = issue_prepare(r, &done, err);
	return rc == RC_OK ? issue_end(r, err) : rc;
}
