/* SPDX-License-Identifier: Apache-2.0 */
#include "app/news_parts.h"

#include "app/own_entries.h"
#include "app/tickets_kept.h"

#include <assert.h>

static const char marks_key[] = "news_read";

/* Who is told of an entry. */
enum news_whom {
	TOLD_OTHER_SIDE, /* of a ticket: who opened it or wrote on it; whoever has it, else the desk */
	TOLD_TECHNICIAN, /* whoever it was given to */
	TOLD_BOTH,       /* the desk and the client's IT lead */
	TOLD_BY_STATE,   /* as the facts stand together (news_outage.c) */
};

static const struct {
	enum fact_kind kind;
	enum news_whom whom;
	enum mail_kind mail;
} EVENTS[] = {
	{FACT_TICKET_LOGGED, TOLD_OTHER_SIDE, MAIL_TICKET},
	{FACT_TICKET_MESSAGE, TOLD_OTHER_SIDE, MAIL_TICKET},
	{FACT_TICKET_WAITING_CLIENT, TOLD_OTHER_SIDE, MAIL_TICKET},
	{FACT_TICKET_RESTORED, TOLD_OTHER_SIDE, MAIL_TICKET},
	{FACT_TICKET_RESOLVED, TOLD_OTHER_SIDE, MAIL_TICKET},
	{FACT_TICKET_CLOSED, TOLD_OTHER_SIDE, MAIL_TICKET},
	{FACT_TICKET_CANCELLED, TOLD_OTHER_SIDE, MAIL_TICKET},
	{FACT_TICKET_MERGED, TOLD_OTHER_SIDE, MAIL_TICKET},
	{FACT_TICKET_REOPENED, TOLD_OTHER_SIDE, MAIL_TICKET},
	{FACT_TICKET_ASSIGNED, TOLD_TECHNICIAN, MAIL_TICKET},
	{FACT_OUTAGE_BEGAN, TOLD_BY_STATE, MAIL_OUTAGE},
	{FACT_OUTAGE_ENDED, TOLD_BY_STATE, MAIL_OUTAGE},
	{FACT_MAINTENANCE_ANNOUNCED, TOLD_BOTH, MAIL_MAINTENANCE},
	{FACT_MAINTENANCE_STARTED, TOLD_BOTH, MAIL_MAINTENANCE},
	{FACT_MAINTENANCE_ENDED, TOLD_BOTH, MAIL_MAINTENANCE},
	{FACT_MAINTENANCE_CANCELLED, TOLD_BOTH, MAIL_MAINTENANCE},
};

/* --- whom --- */

bool news_is_person(const struct stored_user *u, struct text who)
{
	return who.n > 0 && (text_eq(u->id, who) || text_eq(u->handle, who));
}

/* --- whose a ticket is --- */

static void add_writer(struct arena *a, struct ticket_people *p, size_t *cap, struct text who)
{
	for (size_t i = 0; i < p->n; i++)
		if (text_eq(p->writers[i], who))
			return;
	p->writers = arena_grow(a, p->writers, p->n, cap, sizeof(*p->writers));
	p->writers[p->n++] = who;
}

/* The entries that may be about it: those that the table names, else all that the table does not know of yet. */
static enum rc entries_of(struct looking *l, const struct log_head *log, struct text ticket,
			  int64_t **out, size_t *n, struct err *err)
{
	struct workspace *ws = &l->there;
	struct stored_tickets table = {.size = 0};
	struct recalled r;
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, &r, err);

	if (rc == RC_OK)
		rc = tickets_kept_one(ws, &r, ticket, out, n, err);
	if (rc != RC_MISSING)
		return rc;
	err_clear(err);
	rc = record_tickets_size(ws->store, ws->arena, log->id, &table, err);
	if (rc != RC_OK)
		return rc;
	*n = log->edge.size > table.size ? (size_t)(log->edge.size - table.size) : 0;
	*out = arena_array(ws->arena, int64_t, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = table.size + (int64_t)i;
	return RC_OK;
}

static enum rc people_of(struct looking *l, const struct log_head *log, struct text ticket,
			 struct ticket_people *out, struct err *err)
{
	struct ticket_people p = {.writers = NULL};
	int64_t *entries = NULL;
	size_t n = 0, cap = 0;
	enum rc rc = entries_of(l, log, ticket, &entries, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct own_entry e;

		rc = own_entry_read(&l->there, log, entries[i], &e, err);
		if (rc != RC_OK || !text_eq(own_entry_text(&e, "ticket"), ticket))
			continue;
		if (e.entry.kind == FACT_TICKET_LOGGED && p.opener.n == 0)
			p.opener = e.entry.actor;
		if (e.entry.kind == FACT_TICKET_ASSIGNED)
			p.technician = own_entry_text(&e, "technician");
		if (e.entry.kind == FACT_TICKET_MESSAGE)
			add_writer(l->there.arena, &p, &cap, e.entry.actor);
	}
	if (rc == RC_OK)
		*out = p;
	return rc;
}

static bool has_to_do(const struct ticket_people *p, struct text person)
{
	if (text_eq(p->opener, person))
		return true;
	for (size_t i = 0; i < p->n; i++)
		if (text_eq(p->writers[i], person))
			return true;
	return false;
}

/* --- what is new in a log --- */

/* A ticket with news, for the one side or the other: all that is new of it in a turn is one mail. */
struct moved {
	struct text ticket;
	bool to_client;
	int64_t index; /* of the first entry */
};

struct reading {
	struct looking *l;
	const struct log_head *log;
	struct arena *scratch;
	struct moved *v;
	size_t n, cap;
	bool rush; /* more tickets than are told singly */
	/* what entries are about, and facts that they say something of */
	struct text *about, *said_of;
	size_t n_about, about_cap, n_said_of, said_of_cap;
};

static struct text cause_of(struct arena *a, const struct log_head *log, int64_t index)
{
	return text_format(a, "%lld.%lld", (long long)log->id, (long long)index);
}

static bool is_told(const struct canon_doc *doc, const struct canon_node *body, const char *key,
		    const char *only)
{
	const struct canon_node *v = canon_member(doc, body, key);

	return v == NULL || v->type != CANON_TEXT || text_is(v->text, only);
}

/* R75 */
static bool is_old(const struct entry *e)
{
	return !e->corrected && e->occurred_at <= e->recorded_at - NEWS_OLD_MS;
}

/* Notes among the provider's people, and what no person wrote, are nothing to tell (R24). */
static bool counts(const struct entry *e, const struct canon_doc *doc,
		   const struct canon_node *body)
{
	return !e->corrected && !is_old(e) && is_told(doc, body, "visibility", "public") &&
	       is_told(doc, body, "author", "human");
}

static void ticket_moved(struct reading *r, struct text ticket, bool to_client, int64_t index)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].to_client == to_client && text_eq(r->v[i].ticket, ticket))
			return;
	if (r->n == NEWS_TICKETS) {
		r->rush = true;
		return;
	}
	r->v = arena_grow(r->l->ws->arena, r->v, r->n, &r->cap, sizeof(*r->v));
	r->v[r->n++] = (struct moved){text_copy(r->l->ws->arena, ticket), to_client, index};
}

static void given_to(struct reading *r, const struct entry *e, struct text ticket,
		     struct text technician, int64_t index)
{
	struct looking *l = r->l;
	struct telling t =
		news_telling(MAIL_TICKET, r->log, ticket, cause_of(l->ws->arena, r->log, index));

	for (size_t i = 0; i < l->n_readers; i++) {
		const struct reader *to = &l->readers[i];

		if (news_is_person(to->user, technician) && !text_eq(to->user->id, e->actor) &&
		    news_may(to, r->log, false))
			news_tell(l, &t, to);
	}
}

static struct text member_text(const struct canon_doc *doc, const struct canon_node *body,
			       const char *key)
{
	const struct canon_node *v = canon_member(doc, body, key);

	return v != NULL && v->type == CANON_TEXT ? v->text : text_of("");
}

static void tell_both(struct looking *l, enum mail_kind kind, const struct log_head *log,
		      struct text cause)
{
	struct telling t = news_telling(kind, log, text_of(""), cause);

	news_tell_both(l, &t);
}

static void note_once(struct arena *a, struct text **v, size_t *n, size_t *cap, struct text x)
{
	if (x.n == 0 || *n == NEWS_ABOUT)
		return;
	for (size_t i = 0; i < *n; i++)
		if (text_eq((*v)[i], x))
			return;
	*v = arena_grow(a, *v, *n, cap, sizeof(**v));
	(*v)[(*n)++] = text_copy(a, x);
}

/* What alerts are about, as bodies name it. */
static const char *const subjects[] = {"ticket", "outage", "maintenance"};

/* What was told of these may hold no longer (R71). */
static void note_about(struct reading *r, const struct canon_doc *doc,
		       const struct canon_node *body)
{
	struct arena *a = r->l->ws->arena;

	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++)
		note_once(a, &r->about, &r->n_about, &r->about_cap,
			  member_text(doc, body, subjects[i]));
	note_once(a, &r->said_of, &r->n_said_of, &r->said_of_cap, member_text(doc, body, "fact"));
}

static enum rc take_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct reading *r = context;
	struct looking *l = r->l;
	const struct canon_node *body;
	struct canon_doc doc;
	struct entry e;
	enum rc rc;

	arena_clear(r->scratch);
	rc = entry_parse(r->scratch, NULL, stored->bytes, &e, &doc, err);
	if (rc != RC_OK)
		return rc;
	body = canon_member(&doc, doc.v, "body");
	if (body != NULL)
		note_about(r, &doc, body);
	for (size_t i = 0; i < ARRAY_SIZE(EVENTS); i++) {
		if (EVENTS[i].kind != e.kind || body == NULL)
			continue;
		l->old += is_old(&e);
		if (!counts(&e, &doc, body))
			continue;

		struct text ticket = member_text(&doc, body, "ticket");

		switch (EVENTS[i].whom) {
		case TOLD_OTHER_SIDE:
			ticket_moved(r, ticket, !e.client, stored->index);
			break;
		case TOLD_TECHNICIAN:
			given_to(r, &e, ticket, member_text(&doc, body, "technician"),
				 stored->index);
			break;
		case TOLD_BOTH:
			tell_both(l, EVENTS[i].mail, r->log,
				  cause_of(l->ws->arena, r->log, stored->index));
			break;
		case TOLD_BY_STATE:
			break;
		}
	}
	return RC_OK;
}

static enum rc tell_moved(struct reading *r, const struct moved *m, struct err *err)
{
	struct looking *l = r->l;
	struct text cause = cause_of(l->ws->arena, r->log, m->index);
	struct telling t = news_telling(MAIL_TICKET, r->log, m->ticket, cause);
	struct ticket_people p = {.writers = NULL};
	enum rc rc;

	arena_clear(l->there.arena);
	rc = people_of(l, r->log, m->ticket, &p, err);
	if (rc != RC_OK)
		return rc;
	if (!m->to_client) {
		news_tell_desk(l, &t, p.technician);
		return RC_OK;
	}
	for (size_t i = 0; i < l->n_readers; i++)
		if (news_may(&l->readers[i], r->log, true) && has_to_do(&p, l->readers[i].user->id))
			news_tell(l, &t, &l->readers[i]);
	return RC_OK;
}

/*
 * What a fact that another entry names was about: a withdrawal says no more, and its approval names the withdrawal (trust.md J31). None of
 * them goes round in a circle: an entry names an earlier one.
 */
static enum rc touch_fact(struct looking *l, const struct log_head *log, struct text fact,
			  struct err *err)
{
	enum { DEEP = 4 };
	struct arena *a = l->there.arena;
	struct uuid id;

	for (int i = 0; i < DEEP && uuid_parse(fact, &id); i++) {
		const struct canon_node *body;
		struct stored_entry stored;
		struct canon_doc doc;
		struct entry e;
		enum rc rc = record_entry_of_id(l->ws->store, a, log->id, &id, &stored, err);

		if (rc == RC_OK)
			rc = entry_parse(a, NULL, stored.bytes, &e, &doc, err);
		if (rc == RC_MISSING) {
			err_clear(err);
			return RC_OK;
		}
		if (rc != RC_OK)
			return rc;
		body = canon_member(&doc, doc.v, "body");
		for (size_t k = 0; k < ARRAY_SIZE(subjects); k++)
			news_touch(l, log, member_text(&doc, body, subjects[k]));
		fact = member_text(&doc, body, "fact");
	}
	return RC_OK;
}

static enum rc touch(struct reading *r, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->n_about; i++)
		news_touch(r->l, r->log, r->about[i]);
	for (size_t i = 0; rc == RC_OK && i < r->n_said_of; i++)
		rc = touch_fact(r->l, r->log, r->said_of[i], err);
	return rc;
}

/* Entries from *seen on, which is moved on. */
static enum rc read_log(struct looking *l, const struct log_head *log, int64_t *seen,
			struct err *err)
{
	struct reading r = {.l = l, .log = log};
	int64_t to = log->edge.size - *seen > NEWS_ENTRIES ? *seen + NEWS_ENTRIES : log->edge.size;
	enum rc rc;

	r.scratch = arena_like(l->ws->arena);
	rc = record_each(l->ws->store, log->id, *seen, to, take_entry, &r, err);
	arena_free(r.scratch);
	for (size_t i = 0; rc == RC_OK && i < r.n; i++)
		rc = tell_moved(&r, &r.v[i], err);
	if (rc == RC_OK)
		rc = touch(&r, err);
	if (rc == RC_OK && r.rush)
		tell_both(l, MAIL_MORE, log, cause_of(l->ws->arena, log, *seen));
	*seen = to;
	return rc;
}

/* --- how far the record was read --- */

/*
 * When mornings were seen to last. Before schema 7 a line "LOG SIZE NEXT" for each log followed; those become rows with the first turn. false:
 * it is not of that form, as if nothing were marked.
 */
static bool morning_read(struct arena *a, struct text t, instant *morning, struct news_mark **old,
			 size_t *n)
{
	struct text line, rest = text_cut(t, '\n', &line), word;
	size_t cap = 0;

	*old = NULL;
	*n = 0;
	if (!text_int(line, morning))
		return false;
	while (rest.n > 0) {
		struct news_mark m = {.whole = 0};
		struct text more;

		rest = text_cut(rest, '\n', &line);
		more = text_cut(line, ' ', &word);
		if (!text_int(word, &m.log))
			return false;
		more = text_cut(more, ' ', &word);
		if (!text_int(word, &m.size) || !text_int(more, &m.next))
			return false;
		*old = arena_grow(a, *old, *n, &cap, sizeof(**old));
		(*old)[(*n)++] = m;
	}
	return true;
}

static struct text morning_text(struct arena *a, instant morning)
{
	return text_format(a, "%lld\n", (long long)morning);
}

static enum rc stored_morning(struct workspace *ws, struct text *out, struct err *err)
{
	enum rc rc = record_meta(ws->store, ws->arena, marks_key, out, err);

	if (rc != RC_MISSING)
		return rc;
	err_clear(err);
	*out = text_of("");
	return RC_OK;
}

enum rc news_start(struct workspace *ws, struct err *err)
{
	enum rc rc = record_news_start(ws->store, ws->now, err);

	return rc == RC_OK ? record_meta_put(ws->store, marks_key, morning_text(ws->arena, ws->now),
					     err)
			   : rc;
}

/* --- the turn --- */

roles news_role(const char *word)
{
	struct err none = {.line = 0};
	bool client = false;
	roles out = 0;
	enum rc rc = roles_parse(text_of(word), &out, &client, &none);

	assert(rc == RC_OK);
	return rc == RC_OK ? out : 0;
}

/* Active people with an address who want such mail. */
static enum rc readers_of(struct looking *l, struct err *err)
{
	struct arena *a = l->ws->arena;
	struct stored_mailbox *boxes = NULL;
	struct stored_user *users = NULL;
	size_t n_boxes = 0, n_users = 0;
	struct reader *v;
	enum rc rc = record_mailboxes(l->ws->store, a, &boxes, &n_boxes, err);

	if (rc == RC_OK && n_boxes > 0)
		rc = record_users(l->ws->store, a, &users, &n_users, err);
	v = arena_array(a, struct reader, n_users + 1);
	for (size_t i = 0; rc == RC_OK && i < n_users; i++) {
		bool wants = false, client = users[i].client;

		for (size_t k = 0; k < n_boxes; k++)
			wants = wants || (text_eq(boxes[k].person, users[i].id) && !boxes[k].quiet);
		if (!wants || users[i].ended_at != INSTANT_NONE)
			continue;
		v[l->n_readers].user = &users[i];
		rc = roles_parse(users[i].roles, &v[l->n_readers].roles, &client, err);
		/* an auditor reads what was granted, and is told of nothing */
		if (!roles_audit_only(v[l->n_readers].roles))
			l->n_readers++;
	}
	l->readers = v;
	return rc;
}

/* Whoever may have been told of what holds no longer. */
static void note_people(struct looking *l)
{
	struct text *people = arena_array(l->ws->arena, struct text, l->n_readers + 1);

	for (size_t i = 0; i < l->n_readers; i++)
		people[i] = l->readers[i].user->id;
	l->out->people = people;
	l->out->n_people = l->n_readers;
}

/* A record that cannot be read or worked out is the doctor's to tell; mail about the others goes out. */
static enum rc unless_damaged(enum rc rc, struct err *err)
{
	if (rc != RC_INVALID && rc != RC_LIMIT && rc != RC_MISSING)
		return rc;
	err_clear(err);
	return RC_OK;
}

static void begin_log(struct looking *l, const struct news_mark *m)
{
	l->first = m->whole <= 0;
	l->since = m->whole < 0 ? -m->whole : l->first ? l->ws->now : INSTANT_MIN;
	l->old = 0;
	l->n_standing = l->n_touched = 0;
}

/* What time and state bring; the whole record less often than what is open. */
static enum rc work_out(struct looking *l, const struct log_head *log, struct news_mark *m,
			struct err *err)
{
	enum rc rc;

	arena_clear(l->there.arena);
	rc = unless_damaged(news_targets(l, log, &m->next, err), err);
	if (rc == RC_OK && m->whole <= l->ws->now) {
		arena_clear(l->there.arena);
		m->whole = INSTANT_MAX;
		rc = unless_damaged(news_whole(l, log, &m->whole, err), err);
	}
	m->next = m->whole < m->next ? m->whole : m->next;
	return rc;
}

/* R75: history that was imported is one mail that says how much of it there is. */
static void tell_old(struct looking *l, const struct log_head *log, int64_t from)
{
	struct text cause =
		text_format(l->ws->arena, "%lld.%lld/old", (long long)log->id, (long long)from);
	struct telling t =
		news_telling(MAIL_OLD, log, text_format(l->ws->arena, "%zu", l->old), cause);

	if (l->old > 0)
		news_tell_both(l, &t);
}

static enum rc look_at_log(struct looking *l, const struct log_head *log, struct news_mark *m,
			   size_t *left, struct err *err)
{
	int64_t from = m->size;
	enum rc rc = RC_OK;

	if (l->n_readers == 0) {
		*m = (struct news_mark){log->id, log->edge.size, INSTANT_MAX, INSTANT_MAX};
		return RC_OK;
	}
	begin_log(l, m);
	if (m->size < log->edge.size) {
		rc = unless_damaged(read_log(l, log, &m->size, err), err);
		if (!l->first && m->whole > l->ws->now + NEWS_WHOLE_MS)
			m->whole = l->ws->now + NEWS_WHOLE_MS;
		m->next = 0;
	}
	if (rc == RC_OK && m->size == log->edge.size && *left > 0) {
		--*left;
		rc = work_out(l, log, m, err);
	}
	if (l->rc != RC_OK) {
		*err = l->err;
		return l->rc;
	}
	tell_old(l, log, from);
	return rc;
}

static enum rc look_at_logs(struct looking *l, struct err *err)
{
	struct workspace *ws = l->ws;
	struct news_mark *from = NULL, *to;
	size_t left = NEWS_LOGS;
	struct log_head log;
	enum rc rc = record_news_behind(ws->store, ws->arena, ws->now, NEWS_READ, &from,
					&l->out->n_marks, err);

	to = arena_array(ws->arena, struct news_mark, l->out->n_marks + 1);
	for (size_t i = 0; rc == RC_OK && i < l->out->n_marks; i++) {
		to[i] = from[i];
		rc = record_log_of_id(ws->store, ws->arena, from[i].log, &log, err);
		if (rc == RC_OK)
			rc = look_at_log(l, &log, &to[i], &left, err);
	}
	l->out->from = from;
	l->out->to = to;
	return rc;
}

static enum rc look(struct looking *l, struct err *err)
{
	struct workspace *ws = l->ws;
	struct news *out = l->out;
	struct news_mark *old = NULL;
	instant morning;
	size_t n = 0;
	bool due = false;
	enum rc rc = stored_morning(ws, &out->before, err);

	if (rc != RC_OK)
		return rc;
	out->start = !morning_read(ws->arena, out->before, &morning, &old, &n);
	out->after = morning_text(ws->arena, out->start ? ws->now : morning);
	if (out->start ||
	    n > 0) { /* set up by an older version: it begins now, or goes on in rows */
		out->any = true;
		out->old = old;
		out->n_old = n;
		return RC_OK;
	}
	rc = readers_of(l, err);
	if (rc == RC_OK)
		rc = look_at_logs(l, err);
	note_people(l);
	if (rc == RC_OK)
		rc = news_mornings(l, morning, &due, err);
	if (due)
		out->after = morning_text(ws->arena, ws->now);
	out->any = due || out->n_marks > 0;
	return rc;
}

enum rc news_look(struct workspace *ws, struct news *out, struct err *err)
{
	struct looking l = {.ws = ws,
			    .there = *ws,
			    .out = out,
			    .desk = news_role("service-desk"),
			    .owner = news_role("owner"),
			    .lead = news_role("it-lead"),
			    .signer = news_role("signer"),
			    .finance = news_role("finance"),
			    .billing = news_role("billing"),
			    .manager = news_role("contract-manager")};
	enum rc rc = store_begin_read(ws->store, err);

	*out = (struct news){.any = false};
	if (rc != RC_OK)
		return rc;
	l.there.arena = arena_like(ws->arena);
	rc = look(&l, err);
	arena_free(l.there.arena);
	store_rollback(ws->store);
	return rc;
}

/* --- in --- */

/* R75: who was told much of late. */
struct rush {
	struct outbox_rush *v;
	size_t n, cap;
};

static int64_t *told_lately(struct arena *a, struct rush *r, struct text person)
{
	for (size_t i = 0; i < r->n; i++)
		if (text_eq(r->v[i].person, person))
			return &r->v[i].n;
	r->v = arena_grow(a, r->v, r->n, &r->cap, sizeof(*r->v));
	r->v[r->n] = (struct outbox_rush){person, 0};
	return &r->v[r->n++].n;
}

/* Whoever gets many is told that there is more, and no more singly for a while. */
static enum rc enter_one(struct workspace *ws, const struct mail_wish *w, struct rush *r,
			 struct err *err)
{
	int64_t *lately = told_lately(ws->arena, r, w->person);
	struct mail_wish wish = *w;
	bool put;
	enum rc rc;

	if (*lately >= NEWS_RUSH && w->kind != MAIL_DIGEST)
		wish = (struct mail_wish){.kind = MAIL_MORE,
					  .person = w->person,
					  .contract = text_of(""),
					  .object = text_of(""),
					  .cause = text_format(ws->arena, "more/%lld/%.*s",
							       (long long)(ws->now / NEWS_RUSH_MS),
							       TEXT_ARG(w->person)),
					  .ends_at = INSTANT_NONE};
	rc = outbox_put(ws, &wish, &put, err);
	*lately += rc == RC_OK && put;
	return rc;
}

/* An import is read in several turns: the mail about it that waits says of all of it (R75). */
static enum rc enter_old(struct workspace *ws, const struct mail_wish *w, struct rush *r,
			 struct err *err)
{
	struct stored_mail m;
	int64_t before = 0, more = 0;
	enum rc rc = record_outbox_counting(ws->store, ws->arena, w->person,
					    text_of(mail_row(w->kind)->kind), w->contract, &m, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		return enter_one(ws, w, r, err);
	}
	if (rc != RC_OK || !text_int(m.object, &before) || !text_int(w->object, &more))
		return rc;
	before += more;
	return record_outbox_object(ws->store, m.id,
				    text_format(ws->arena, "%lld", (long long)before), err);
}

/* What waits is not sent (R73); whoever got it hears that it holds no longer (R71). */
static enum rc take_back(struct workspace *ws, const struct news_gone *g, struct text person,
			 struct rush *r, struct err *err)
{
	struct text cause =
		text_format(ws->arena, "%.*s/%.*s", TEXT_ARG(g->cause), TEXT_ARG(person));
	struct stored_mail m;
	enum mail_kind kind;
	enum rc rc = record_outbox_of_cause(ws->store, ws->arena, cause, &m, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc != RC_OK || m.state == OUTBOX_FAILED || !mail_find(m.kind, &kind))
		return rc;
	if (m.state == OUTBOX_WAITS)
		return record_outbox_done(ws->store, m.id, OUTBOX_FAILED, text_of("gone"), ws->now,
					  err);
	/* what is said of the day as a whole is not taken back by one of it */
	if (mail_row(kind)->about == MAIL_ABOUT_DAILY)
		return RC_OK;
	return enter_one(ws,
			 &(struct mail_wish){
				 .kind = MAIL_WITHDRAWN,
				 .person = person,
				 .contract = g->contract,
				 .object = g->subject,
				 .cause = text_format(ws->arena, "withdrawn/%.*s", TEXT_ARG(cause)),
				 .ends_at = INSTANT_NONE},
			 r, err);
}

static enum rc put_alerts(struct workspace *ws, const struct news *n, struct rush *r,
			  struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n->n_alerts; i++)
		rc = record_alert_put(ws->store, &n->alerts[i], err);
	for (size_t i = 0; rc == RC_OK && i < n->n_gone; i++)
		for (size_t k = 0; rc == RC_OK && k < n->n_people; k++)
			rc = take_back(ws, &n->gone[i], n->people[k], r, err);
	return rc;
}

/* Did nobody else move a mark since? */
static enum rc unmoved(struct workspace *ws, const struct news *n, bool *out, struct err *err)
{
	struct text stored;
	enum rc rc = stored_morning(ws, &stored, err);

	*out = rc == RC_OK && text_eq(stored, n->before);
	for (size_t i = 0; rc == RC_OK && *out && i < n->n_marks; i++) {
		struct news_mark m = {.log = 0};

		rc = record_news_one(ws->store, n->from[i].log, &m, err);
		*out = m.size == n->from[i].size && m.next == n->from[i].next &&
		       m.whole == n->from[i].whole;
	}
	return rc;
}

static enum rc put_marks(struct workspace *ws, const struct news *n, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n->n_marks; i++)
		rc = record_news_put(ws->store, &n->to[i], ws->now, err);
	for (size_t i = 0; rc == RC_OK && i < n->n_old; i++)
		rc = record_news_put(ws->store, &n->old[i], 0, err);
	if (rc == RC_OK && !text_eq(n->before, n->after))
		rc = record_meta_put(ws->store, marks_key, n->after, err);
	return rc;
}

/* What is urgent is among the first ten of a rush (R75). */
static bool is_urgent(const struct mail_wish *w)
{
	return w->pace == MAIL_AS_ITS_KIND ? mail_row(w->kind)->about == MAIL_ABOUT_URGENT
					   : w->pace == MAIL_AT_ONCE;
}

enum rc news_enter(struct workspace *ws, const struct news *n, bool *wrote, struct err *err)
{
	struct rush r = {.v = NULL};
	bool mine = false;
	enum rc rc = n->any ? unmoved(ws, n, &mine, err) : RC_OK;

	*wrote = false;
	if (rc != RC_OK || !mine)
		return rc;
	if (n->start)
		return news_start(ws, err);
	if (n->n > 0 || n->n_gone > 0)
		rc = record_outbox_rush(ws->store, ws->arena, ws->now - NEWS_RUSH_MS, &r.v, &r.n,
					err);
	r.cap = r.n;
	for (int urgent = 1; urgent >= 0; urgent--)
		for (size_t i = 0; rc == RC_OK && i < n->n; i++)
			if (is_urgent(&n->v[i]) == (urgent == 1))
				rc = n->v[i].kind == MAIL_OLD ? enter_old(ws, &n->v[i], &r, err)
							      : enter_one(ws, &n->v[i], &r, err);
	if (rc == RC_OK)
		rc = put_alerts(ws, n, &r, err);
	if (rc == RC_OK)
		rc = news_enter_unseen(ws, n, wrote, err);
	return rc == RC_OK ? put_marks(ws, n, err) : rc;
}
