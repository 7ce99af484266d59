/* SPDX-License-Identifier: Apache-2.0 */
/* Private texts and erasures: every slot that an entry declares is there, opens, and is what the leaf is committed to, or was erased. */
#include "app/doctor_parts.h"

#include "facts/attachment.h"

static enum rc missing_slot(struct doctor *d, const struct slot *s, int64_t index, struct err *err)
{
	instant at = INSTANT_NONE;
	enum rc rc;

	if (d->ws->keys == NULL)
		return RC_OK;
	rc = keys_erased_at(d->ws->keys, s->subject, &at, err);
	if (rc == RC_OK && at == INSTANT_NONE)
		checks_problem(d->checks,
			       "entry %lld: its private text '%.*s' is gone, and its subject %.*s "
			       "was not erased",
			       (long long)index, TEXT_ARG(s->name), TEXT_ARG(s->subject));
	return rc;
}

static enum rc open_slot(struct doctor *d, const struct log_head *log, const struct entry *e,
			 const struct slot *s, const struct stored_slot *stored, int64_t index,
			 struct arena *a, struct err *err)
{
	struct slot_place place = {log->uuid, e->id, s->name, s->commit};
	unsigned char salt[SALT_BYTES];
	struct text bytes;
	instant at = INSTANT_NONE;
	enum rc rc;

	if (!text_eq(stored->subject, s->subject))
		checks_problem(d->checks,
			       "entry %lld: its private text '%.*s' is kept under another subject",
			       (long long)index, TEXT_ARG(s->name));
	if (d->ws->keys == NULL) {
		d->unopened = true;
		return RC_OK;
	}
	rc = keys_erased_at(d->ws->keys, s->subject, &at, err);
	if (rc == RC_OK && at != INSTANT_NONE) {
		checks_problem(d->checks,
			       "entry %lld: its private text '%.*s' is still there though %.*s was "
			       "erased; any verb that writes finishes the erasure",
			       (long long)index, TEXT_ARG(s->name), TEXT_ARG(s->subject));
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = keys_open_slot(d->ws->keys, a, s->subject, &place, stored->nonce,
				    stored->cipher, salt, &bytes, err);
	if (rc == RC_INVALID || rc == RC_MISSING)
		err_key(err, text_format(a, "entry %lld", (long long)index));
	return checks_take(d->checks, rc, err);
}

static enum rc look_into(struct doctor *d, const struct log_head *log, const struct entry *e,
			 const struct slot *s, int64_t index, struct arena *a, int64_t *found,
			 struct err *err)
{
	struct stored_slot stored;
	enum rc rc = record_slot(d->ws->store, a, log->id, &e->id, s->name, &stored, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		return missing_slot(d, s, index, err);
	}
	if (rc != RC_OK)
		return rc;
	(*found)++;
	return open_slot(d, log, e, s, &stored, index, a, err);
}

enum rc doctor_entry_slots(struct doctor *d, const struct log_head *log, const struct entry *e,
			   int64_t index, struct arena *a, int64_t *found, struct err *err)
{
	enum rc rc = RC_OK;

	*found = 0;
	for (size_t i = 0; rc == RC_OK && i < e->n_slots; i++) {
		/* Files are large, and there may be many: each is let go of before the next. */
		bool is_file = attachment_slot(e->kind, e->slots[i].name);
		struct arena *of_file =
			is_file ? arena_new((size_t)2 * SLOT_MAX_BYTES + ((size_t)1 << 20)) : a;

		rc = look_into(d, log, e, &e->slots[i], index, of_file, found, err);
		if (is_file)
			arena_free(of_file);
	}
	return rc;
}

/* --- slots that no entry declares --- */

struct orphans {
	struct doctor *d;
	const struct log_head *log;
	int64_t n;
	bool name_them;
};

static enum rc look_at_slot(void *context, const struct stored_slot *slot, struct err *err)
{
	struct orphans *o = context;
	struct stored_entry stored;
	struct entry e = {.n_slots = 0};
	struct canon_doc doc;
	char id[UUID_TEXT + 1];
	struct arena *a;
	bool declared = false;
	enum rc rc;

	o->n++;
	if (!o->name_them)
		return RC_OK;
	a = arena_new((size_t)1 << 24);
	rc = record_entry_of_id(o->d->ws->store, a, o->log->id, &slot->id, &stored, err);
	if (rc == RC_OK)
		rc = entry_parse(a, NULL, stored.bytes, &e, &doc, err);
	for (size_t i = 0; rc == RC_OK && i < e.n_slots; i++)
		declared = declared || text_eq(e.slots[i].name, slot->name);
	arena_free(a);
	if (rc == RC_MISSING || rc == RC_INVALID) {
		err_clear(err);
		rc = RC_OK;
	}
	uuid_text(&slot->id, id);
	if (rc == RC_OK && !declared)
		checks_problem(o->d->checks,
			       "a private text '%.*s' of %s is kept that no entry declares",
			       TEXT_ARG(slot->name), id);
	return rc;
}

enum rc doctor_slots(struct doctor *d, const struct log_head *log, int64_t declared,
		     struct err *err)
{
	struct orphans o = {.d = d, .log = log};
	enum rc rc = record_slots_each(d->ws->store, log->id, look_at_slot, &o, err);

	if (rc != RC_OK || o.n == declared)
		return rc;
	o.name_them = true;
	return record_slots_each(d->ws->store, log->id, look_at_slot, &o, err);
}

/* --- erasures (J24) --- */

static enum rc erased_in_log(struct doctor *d, const struct log_head *log, struct err *err)
{
	int64_t *marks;
	size_t n;
	enum rc rc = record_marks(d->ws->store, d->ws->arena, log->id, FACT_SUBJECT_ERASED, &marks,
				  &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct stored_entry stored;
		struct canon_doc doc;
		struct entry e;
		instant at = INSTANT_NONE;

		rc = record_entry(d->ws->store, d->ws->arena, log->id, marks[i], &stored, err);
		if (rc == RC_OK)
			rc = entry_parse(d->ws->arena, NULL, stored.bytes, &e, &doc, err);
		if (rc == RC_INVALID || rc == RC_MISSING) {
			/* told in the pass over the log */
			err_clear(err);
			rc = RC_OK;
			continue;
		}
		if (rc != RC_OK)
			break;

		struct text subject =
			canon_member(&doc, canon_member(&doc, &doc.v[0], "body"), "subject")->text;

		rc = keys_erased_at(d->ws->keys, subject, &at, err);
		if (rc == RC_OK && at == INSTANT_NONE)
			checks_problem(d->checks,
				       "%.*s was to be erased (%.*s, entry %lld) and is not in the "
				       "register; any verb that writes finishes it",
				       TEXT_ARG(subject),
				       TEXT_ARG(doctor_log_name(d->ws->arena, log)),
				       (long long)marks[i]);
	}
	return rc;
}

enum rc doctor_erasures(struct doctor *d, struct err *err)
{
	struct log_head *logs;
	struct text *erased;
	size_t n_logs, n = 0;
	enum rc rc = record_logs(d->ws->store, d->ws->arena, &logs, &n_logs, err);

	checks_about(d->checks, text_of("erasures"));
	if (rc == RC_OK && d->ws->keys == NULL) {
		checks_note(d->checks, "not looked at: the keys are not open");
		return RC_OK;
	}
	for (size_t i = 0; rc == RC_OK && i < n_logs; i++)
		rc = erased_in_log(d, &logs[i], err);
	if (rc == RC_OK)
		rc = keys_erased(d->ws->keys, d->ws->arena, &erased, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		int64_t slots = 0;

		rc = record_slots_of_subject(d->ws->store, erased[i], &slots, err);
		if (rc == RC_OK && slots > 0)
			checks_problem(d->checks,
				       "%.*s was erased and %lld of its private texts are still "
				       "there; any verb that writes deletes them",
				       TEXT_ARG(erased[i]), (long long)slots);
	}
	if (rc == RC_OK)
		checks_ok(d->checks, "%zu, all complete", n);
	return rc;
}
