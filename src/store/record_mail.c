/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of mail: binding and reading. */
#include "store/record_mail.h"

#include "store/record_parts.h"

/* --- addresses --- */

static struct stored_mailbox read_mailbox(const struct cursor *c, struct arena *a)
{
	return (struct stored_mailbox){.person = cursor_copy(c, 0, a),
				       .subject = cursor_copy(c, 1, a),
				       .nonce = cursor_copy(c, 2, a),
				       .cipher = cursor_copy(c, 3, a),
				       .quiet = cursor_int(c, 4) != 0,
				       .set_at = cursor_int(c, 5)};
}

enum rc record_mailbox(struct store *s, struct arena *a, struct text person,
		       struct stored_mailbox *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_MAILBOX, &BIND_T(person), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*out = read_mailbox(&c, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_mailboxes(struct store *s, struct arena *a, struct stored_mailbox **out, size_t *n,
			 struct err *err)
{
	struct stored_mailbox *v = NULL;
	struct rows r = rows_of(s, a, SQL_MAILBOXES, NULL, 0, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = read_mailbox(&r.c, a);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_mailbox_put(struct store *s, const struct stored_mailbox *m, struct err *err)
{
	const struct bind binds[] = {BIND_T(m->person), BIND_T(m->subject), BIND_B(m->nonce),
				     BIND_B(m->cipher), BIND_I(m->quiet),   BIND_I(m->set_at)};

	return store_run(s, SQL_MAILBOX_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_mailbox_quiet(struct store *s, struct text person, bool quiet, bool *there,
			     struct err *err)
{
	const struct bind binds[] = {BIND_I(quiet), BIND_T(person)};
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_MAILBOX_QUIET, binds, ARRAY_SIZE(binds), &changed, err);

	*there = rc == RC_OK && changed > 0;
	return rc;
}

enum rc record_mailbox_drop(struct store *s, struct text person, struct err *err)
{
	return store_run(s, SQL_MAILBOX_DROP, &BIND_T(person), 1, NULL, err);
}

enum rc record_quiet_hours(struct store *s, struct arena *a, struct text person, struct text *hours,
			   struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_QUIET_HOURS, &BIND_T(person), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*hours = cursor_copy(&c, 0, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_quiet_hours_put(struct store *s, struct text person, struct text hours,
			       struct err *err)
{
	const struct bind binds[] = {BIND_T(person), BIND_T(hours)};

	return hours.n == 0
		       ? store_run(s, SQL_QUIET_HOURS_DROP, binds, 1, NULL, err)
		       : store_run(s, SQL_QUIET_HOURS_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_mailbox_erase(struct store *s, struct text subject, struct err *err)
{
	return store_run(s, SQL_MAILBOX_ERASE, &BIND_T(subject), 1, NULL, err);
}

/* --- what is to be sent --- */

static struct stored_mail read_mail(const struct cursor *c, struct arena *a)
{
	return (struct stored_mail){.id = cursor_copy(c, 0, a),
				    .cause = cursor_copy(c, 1, a),
				    .kind = cursor_copy(c, 2, a),
				    .person = cursor_copy(c, 3, a),
				    .contract = cursor_copy(c, 4, a),
				    .object = cursor_copy(c, 5, a),
				    .message = cursor_copy(c, 6, a),
				    .made_at = cursor_int(c, 7),
				    .ends_at = cursor_int(c, 8),
				    .state = (enum outbox_state)cursor_int(c, 9),
				    .tries = cursor_int(c, 10),
				    .due_at = cursor_int(c, 11),
				    .changed_at = cursor_int(c, 12),
				    .reason = cursor_copy(c, 13, a),
				    .nonce = cursor_copy(c, 14, a),
				    .cipher = cursor_copy(c, 15, a)};
}

static enum rc one_of(struct store *s, struct arena *a, enum statement q, const struct bind *binds,
		      size_t n, struct stored_mail *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, q, binds, n, &c, &row, err);

	if (rc == RC_OK && row)
		*out = read_mail(&c, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

static enum rc one_mail(struct store *s, struct arena *a, enum statement q, struct bind bind,
			struct stored_mail *out, struct err *err)
{
	return one_of(s, a, q, &bind, 1, out, err);
}

enum rc record_outbox_one(struct store *s, struct arena *a, struct text id, struct stored_mail *out,
			  struct err *err)
{
	return one_mail(s, a, SQL_OUTBOX_ONE, BIND_T(id), out, err);
}

enum rc record_outbox_of_cause(struct store *s, struct arena *a, struct text cause,
			       struct stored_mail *out, struct err *err)
{
	return one_mail(s, a, SQL_OUTBOX_OF_CAUSE, BIND_T(cause), out, err);
}

enum rc record_outbox_joined(struct store *s, const struct stored_mail *m, struct text reason,
			     instant now, struct err *err)
{
	const struct bind binds[] = {BIND_I(now), BIND_T(reason), BIND_T(m->person),
				     BIND_T(m->kind), BIND_T(m->contract)};

	return store_run(s, SQL_OUTBOX_JOINED, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_outbox_counting(struct store *s, struct arena *a, struct text person,
			       struct text kind, struct text contract, struct stored_mail *out,
			       struct err *err)
{
	const struct bind binds[] = {BIND_T(person), BIND_T(kind), BIND_T(contract)};

	return one_of(s, a, SQL_OUTBOX_COUNTING, binds, ARRAY_SIZE(binds), out, err);
}

enum rc record_outbox_object(struct store *s, struct text id, struct text object, struct err *err)
{
	const struct bind binds[] = {BIND_T(object), BIND_T(id)};

	return store_run(s, SQL_OUTBOX_OBJECT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_outbox_release(struct store *s, struct text person, instant now, struct err *err)
{
	const struct bind binds[] = {BIND_I(now), BIND_T(person)};

	return store_run(s, SQL_OUTBOX_RELEASE, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_outbox_next(struct store *s, struct arena *a, instant now, struct stored_mail *out,
			   struct err *err)
{
	return one_mail(s, a, SQL_OUTBOX_NEXT, BIND_I(now), out, err);
}

enum rc record_outbox(struct store *s, struct arena *a, struct stored_mail **out, size_t *n,
		      struct err *err)
{
	struct stored_mail *v = NULL;
	struct rows r = rows_of(s, a, SQL_OUTBOX, NULL, 0, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = read_mail(&r.c, a);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

static struct bind bytes_or_none(struct text t)
{
	return t.n == 0 ? BIND_NOTHING : BIND_B(t);
}

enum rc record_outbox_add(struct store *s, const struct stored_mail *m, struct err *err)
{
	const struct bind binds[] = {
		BIND_T(m->id),      BIND_T(m->cause),        BIND_T(m->kind),
		BIND_T(m->person),  BIND_T(m->contract),     BIND_T(m->object),
		BIND_T(m->message), BIND_I(m->made_at),      BIND_I(m->ends_at),
		BIND_I(m->due_at),  bytes_or_none(m->nonce), bytes_or_none(m->cipher)};

	return store_run(s, SQL_OUTBOX_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_outbox_caused(struct store *s, struct text cause, bool *out, struct err *err)
{
	struct cursor c;
	enum rc rc = store_one(s, SQL_OUTBOX_CAUSED, &BIND_T(cause), 1, &c, out, err);

	cursor_close(&c);
	return rc;
}

enum rc record_outbox_waits(struct store *s, const struct stored_mail *m, bool *out,
			    struct err *err)
{
	const struct bind binds[] = {BIND_T(m->person), BIND_T(m->kind), BIND_T(m->contract),
				     BIND_T(m->object)};
	struct cursor c;
	enum rc rc = store_one(s, SQL_OUTBOX_SAME, binds, ARRAY_SIZE(binds), &c, out, err);

	cursor_close(&c);
	return rc;
}

enum rc record_outbox_rush(struct store *s, struct arena *a, instant since,
			   struct outbox_rush **out, size_t *n, struct err *err)
{
	struct outbox_rush *v = NULL;
	struct rows r = rows_of(s, a, SQL_OUTBOX_RUSH, &BIND_I(since), 1, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct outbox_rush){cursor_copy(&r.c, 0, a), cursor_int(&r.c, 1)};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_outbox_claim(struct store *s, struct stored_mail *m, instant until, instant now,
			    bool *taken, struct err *err)
{
	const struct bind binds[] = {BIND_I(m->tries + 1), BIND_I(until),    BIND_I(now),
				     BIND_T(m->id),        BIND_I(m->tries), BIND_I(m->due_at)};
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_OUTBOX_CLAIM, binds, ARRAY_SIZE(binds), &changed, err);

	*taken = rc == RC_OK && changed == 1;
	if (*taken)
		m->tries++;
	return rc;
}

enum rc record_outbox_done(struct store *s, struct text id, enum outbox_state state,
			   struct text reason, instant now, struct err *err)
{
	const struct bind binds[] = {BIND_I(state), BIND_I(now), BIND_T(reason), BIND_T(id)};

	return store_run(s, SQL_OUTBOX_DONE, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_outbox_put_off(struct store *s, const struct stored_mail *m, instant due,
			      struct text reason, instant now, struct err *err)
{
	const struct bind binds[] = {BIND_I(due), BIND_I(now), BIND_T(reason), BIND_T(m->id),
				     BIND_I(m->tries)};

	return store_run(s, SQL_OUTBOX_PUT_OFF, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_outbox_again(struct store *s, struct text id, instant now, instant ends,
			    struct err *err)
{
	const struct bind binds[] = {BIND_I(now), BIND_I(ends), BIND_T(id)};

	return store_run(s, SQL_OUTBOX_AGAIN, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_outbox_sweep(struct store *s, instant now, instant old, struct err *err)
{
	enum rc rc = store_run(s, SQL_OUTBOX_OVER, &BIND_I(now), 1, NULL, err);

	return rc == RC_OK ? store_run(s, SQL_OUTBOX_SWEEP, &BIND_I(old), 1, NULL, err) : rc;
}

enum rc record_outbox_stop(struct store *s, instant now, struct text reason, int64_t *n,
			   struct err *err)
{
	const struct bind binds[] = {BIND_I(now), BIND_T(reason)};

	return store_run(s, SQL_OUTBOX_STOP, binds, ARRAY_SIZE(binds), n, err);
}

enum rc record_outbox_drop(struct store *s, struct text id, bool *there, struct err *err)
{
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_OUTBOX_DROP, &BIND_T(id), 1, &changed, err);

	*there = rc == RC_OK && changed > 0;
	return rc;
}

enum rc record_outbox_links_drop(struct store *s, struct text person, struct err *err)
{
	return store_run(s, SQL_OUTBOX_LINKS_DROP, &BIND_T(person), 1, NULL, err);
}

enum rc record_outbox_depth(struct store *s, struct outbox_depth *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_OUTBOX_DEPTH, NULL, 0, &c, &row, err);

	if (rc == RC_OK && row)
		*out = (struct outbox_depth){.n = cursor_int(&c, 0),
					     .oldest = read_instant(&c, 1),
					     .due = read_instant(&c, 2)};
	cursor_close(&c);
	return rc;
}

/* --- what was looked at --- */

enum rc record_news_behind(struct store *s, struct arena *a, instant now, size_t most,
			   struct news_mark **out, size_t *n, struct err *err)
{
	const struct bind binds[] = {BIND_I(now), BIND_I((int64_t)most)};
	struct news_mark *v = NULL;
	struct rows r = rows_of(s, a, SQL_NEWS_BEHIND, binds, ARRAY_SIZE(binds), err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct news_mark){cursor_int(&r.c, 0), cursor_int(&r.c, 1),
					      cursor_int(&r.c, 2), cursor_int(&r.c, 3)};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_news_one(struct store *s, int64_t log, struct news_mark *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_NEWS_ONE, &BIND_I(log), 1, &c, &row, err);

	if (rc == RC_OK)
		*out = row ? (struct news_mark){log, cursor_int(&c, 0), cursor_int(&c, 1),
						cursor_int(&c, 2)}
			   : (struct news_mark){.log = log, .whole = 1};
	cursor_close(&c);
	return rc;
}

enum rc record_news_put(struct store *s, const struct news_mark *m, instant now, struct err *err)
{
	const struct bind binds[] = {BIND_I(m->log), BIND_I(m->size), BIND_I(m->next),
				     BIND_I(m->whole), BIND_I(now)};

	return store_run(s, SQL_NEWS_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_news_start(struct store *s, instant now, struct err *err)
{
	const struct bind binds[] = {BIND_I(-now), BIND_I(now)};

	return store_run(s, SQL_NEWS_START, binds, ARRAY_SIZE(binds), NULL, err);
}

/* --- what was told --- */

enum rc record_alert(struct store *s, int64_t log, struct text subject, struct text name,
		     enum alert_state *out, struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_T(subject), BIND_T(name)};
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_ALERT, binds, ARRAY_SIZE(binds), &c, &row, err);

	if (rc == RC_OK && row)
		*out = (enum alert_state)cursor_int(&c, 0);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_alerts_told(struct store *s, struct arena *a, int64_t log, struct text subject,
			   struct stored_alert **out, size_t *n, struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_T(subject)};
	struct stored_alert *v = NULL;
	struct rows r = rows_of(s, a, SQL_ALERTS_TOLD, binds, ARRAY_SIZE(binds), err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct stored_alert){log, subject, cursor_copy(&r.c, 0, a),
						 cursor_int(&r.c, 1), ALERT_TOLD};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_alert_put(struct store *s, const struct stored_alert *x, struct err *err)
{
	const struct bind binds[] = {BIND_I(x->log), BIND_T(x->subject), BIND_T(x->name),
				     BIND_I(x->known_at), BIND_I(x->state)};

	return store_run(s, SQL_ALERT_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

/* --- texts --- */

enum rc record_mail_text(struct store *s, struct arena *a, struct text kind, struct text language,
			 struct text *subject, struct text *body, struct err *err)
{
	const struct bind binds[] = {BIND_T(kind), BIND_T(language)};
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_MAIL_TEXT, binds, ARRAY_SIZE(binds), &c, &row, err);

	if (rc == RC_OK && row) {
		*subject = cursor_copy(&c, 0, a);
		*body = cursor_copy(&c, 1, a);
	}
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_mail_text_put(struct store *s, struct text kind, struct text language,
			     struct text subject, struct text body, struct err *err)
{
	const struct bind binds[] = {BIND_T(kind), BIND_T(language), BIND_T(subject), BIND_T(body)};

	return store_run(s, SQL_MAIL_TEXT_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_mail_text_drop(struct store *s, struct text kind, struct text language, bool *there,
			      struct err *err)
{
	const struct bind binds[] = {BIND_T(kind), BIND_T(language)};
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_MAIL_TEXT_DROP, binds, ARRAY_SIZE(binds), &changed, err);

	*there = rc == RC_OK && changed > 0;
	return rc;
}

enum rc record_mail_forget(struct store *s, struct text person, struct err *err)
{
	enum rc rc = store_run(s, SQL_OUTBOX_FORGET, &BIND_T(person), 1, NULL, err);

	if (rc == RC_OK)
		rc = record_quiet_hours_put(s, person, text_of(""), err);
	return rc == RC_OK ? record_mailbox_drop(s, person, err) : rc;
}
