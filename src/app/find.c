/* SPDX-License-Identifier: Apache-2.0 */
#include "app/find.h"

#include "app/find_hashes.h"
#include "app/find_recent.h"
#include "app/fold.h"
#include "app/own.h"
#include "app/recall.h"
#include "base/symbols.h"
#include "render/contract_page.h"
#include "render/tree_words.h"
#include "store/record_found.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Of one word and log the newest entries only: who asks for less than that finds it with a second word. */
enum { PLACES_MAX = 2000, LINE_BYTES = 160, LINE_BEFORE = 40 };

enum rc find_kind_of(struct text word, enum find_kind *out, struct err *err)
{
	for (int k = 0; k < FIND_KINDS; k++)
		if (text_is(word, find_kind_word((enum find_kind)k))) {
			*out = (enum find_kind)k;
			return RC_OK;
		}
	err_hint(err, "write contract, clause, ticket, invoice or fact");
	return err_set(err, RC_USAGE, "nothing of the kind '%.*s' is looked for", TEXT_ARG(word));
}

/* --- what is asked --- */

struct finding_state {
	struct workspace *ws;
	const struct find_question *q;
	struct find_answer *to;
	struct text whole; /* all that was asked, as one id */
	struct text words[FIND_WORDS_MAX];
	size_t n_words;
	unsigned all; /* a bit a word */
	size_t cap;
	struct find_hashes
		*hashes;       /* NULL: personal words are not looked into, or of entries alone */
	struct arena *scratch; /* of one entry */
	/* the log under work */
	const struct log_head *log;
	int64_t indexed; /* so many of its entries are in the index */
	int64_t from; /* personal words from there on are looked for in the entries; not before those that are in no index */
	struct own_tickets own;
	struct hit {
		int64_t index;
		unsigned words,
			personal; /* which words lead here; of those, by personal words alone */
	} * hits;
	size_t n_hits, cap_hits;
};

/* What is typed is apart by blanks: "INV-2026-00012" is one word here, and not its parts too. */
static void split(struct finding_state *f)
{
	struct text rest = f->q->words, one;

	while (rest.n > 0 && f->n_words < FIND_WORDS_MAX) {
		struct text folded;
		size_t from = 0, to;

		rest = text_cut(rest, ' ', &one);
		folded = fold_whole(f->ws->arena, one);
		to = folded.n;
		/* What hangs on a word is no part of it, as in a text. */
		while (from < to && strchr("\"'.,;:!?()[]-/_@", folded.p[from]) != NULL)
			from++;
		while (to > from && strchr("\"'.,;:!?()[]-/_@", folded.p[to - 1]) != NULL)
			to--;
		if (to > from)
			f->words[f->n_words++] = text_sub(folded, from, to);
	}
	f->whole = fold_whole(f->ws->arena, f->q->words);
	f->all = (1u << f->n_words) - 1u;
	f->to->words = f->words;
	f->to->n_words = f->n_words;
}

/* Is the word one of these, or from the third letter on its beginning? */
static unsigned which(const struct finding_state *f, struct text word)
{
	unsigned found = 0;

	for (size_t i = 0; i < f->n_words; i++) {
		struct text w = f->words[i];
		bool begins = word.n >= w.n && memcmp(word.p, w.p, w.n) == 0;

		if (begins && (word.n == w.n || fold_letters(w) >= FOUND_LETTERS_MIN))
			found |= 1u << i;
	}
	return found;
}

struct matching {
	const struct finding_state *f;
	unsigned found;
	size_t at; /* of the first that fits, in the text; SIZE_MAX: none */
};

static void match_folded(void *context, const struct folded *x)
{
	struct matching *m = context;
	unsigned found = which(m->f, x->word);

	if (found != 0 && m->at == SIZE_MAX)
		m->at = x->at;
	m->found |= found;
}

static unsigned match(const struct finding_state *f, struct text t, size_t *at)
{
	struct matching m = {f, 0, SIZE_MAX};

	fold_each(t, match_folded, &m);
	if (at != NULL)
		*at = m.at;
	return m.found;
}

/* The line around a word, cut between characters. */
static struct text line_around(struct arena *a, struct text t, size_t at)
{
	size_t from = at > LINE_BEFORE ? at - LINE_BEFORE : 0, to;
	struct buf b;
	struct text out;

	while (from > 0 && ((unsigned char)t.p[from] & 0xc0) == 0x80)
		from--;
	for (size_t i = from; i < at; i++)
		if (t.p[i] == '\n')
			from = i + 1;
	to = t.n - from > LINE_BYTES ? from + LINE_BYTES : t.n;
	while (to < t.n && ((unsigned char)t.p[to] & 0xc0) == 0x80)
		to++;
	to = text_find(text_sub(t, 0, to), '\n', at);
	buf_init(&b, 1024);
	if (from > 0 && t.p[from - 1] != '\n')
		buf_str(&b, "\xe2\x80\xa6");
	buf_text(&b, text_trim(text_sub(t, from, to)));
	if (to < t.n && t.p[to] != '\n')
		buf_str(&b, "\xe2\x80\xa6");
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

/* --- entries that words lead to --- */

static void hit(struct finding_state *f, int64_t index, unsigned words, bool personal)
{
	if (words == 0)
		return;
	f->hits = arena_grow(f->ws->arena, f->hits, f->n_hits, &f->cap_hits, sizeof(*f->hits));
	f->hits[f->n_hits++] = (struct hit){index, words, personal ? words : 0};
}

static enum rc look_up(struct finding_state *f, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < f->n_words; i++) {
		struct text w = f->words[i], end;
		int64_t *v = NULL;
		size_t n = 0;
		char *p = arena_alloc(f->ws->arena, w.n + 1);

		/* No byte of UTF-8 is 0xff: before it comes every word that begins so. Before 0 comes the word alone. */
		memcpy(p, w.p, w.n);
		p[w.n] = fold_letters(w) >= FOUND_LETTERS_MIN ? (char)-1 : '\0';
		end = (struct text){p, w.n + 1};
		rc = record_words(f->ws->store, f->ws->arena, f->log->id, w, end, PLACES_MAX, &v,
				  &n, err);
		for (size_t k = 0; rc == RC_OK && k < n; k++)
			hit(f, v[k], 1u << i, false);
	}
	return rc;
}

static enum rc look_at_hashes(void *context, const struct stored_hashes *s, struct err *err)
{
	struct finding_state *f = context;
	unsigned found = 0;
	enum rc rc = find_hashes_match(f->hashes, s, &found, err);

	hit(f, s->index, found, true);
	return rc;
}

/* --- what the entries themselves say --- */

/* Keys are asked for in transactions of so many entries: each of its own would lock their file anew. */
enum { ENTRIES_PER_LOCK = 4096 };

struct tail {
	struct finding_state *f;
	struct found_words words;
	struct canon_scratch *scratch;
	unsigned found;
	int64_t looked_at;
};

static void match_word(void *context, struct text word)
{
	struct tail *t = context;

	t->found |= which(t->f, word);
}

static enum rc look_at_slots(struct finding_state *f, const struct entry *e, unsigned *personal,
			     struct err *err)
{
	enum rc rc = RC_OK;

	*personal = 0;
	for (size_t i = 0; rc == RC_OK && f->to->personal && i < e->n_slots; i++) {
		struct text words;

		rc = found_slot(f->ws, f->log, e, &e->slots[i], f->scratch, &words, err);
		if (rc == RC_OK)
			*personal |= match(f, words, NULL);
	}
	return rc;
}

/* In canonical JSON no text has these bytes: its quotes are escaped. */
static bool has_slots(struct text bytes)
{
	return text_has(bytes, text_of("\"priv\":{"));
}

static enum rc look_at_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct tail *t = context;
	struct finding_state *f = t->f;
	bool indexed = stored->index < f->indexed;
	unsigned personal = 0;
	struct canon_doc doc;
	struct entry e;
	enum rc rc = RC_OK;

	if (indexed && !has_slots(stored->bytes))
		return RC_OK;
	if (f->to->personal && t->looked_at++ % ENTRIES_PER_LOCK == 0) {
		store_rollback(keys_store(f->ws->keys));
		rc = store_begin_read(keys_store(f->ws->keys), err);
	}
	arena_clear(f->scratch);
	if (rc == RC_OK)
		rc = entry_parse(f->scratch, t->scratch, stored->bytes, &e, &doc, err);
	t->found = 0;
	if (rc == RC_OK && !indexed)
		rc = found_words_of(&t->words, stored->index, &e, &doc, match_word, t, err);
	if (rc == RC_OK)
		rc = look_at_slots(f, &e, &personal, err);
	hit(f, stored->index, t->found, false);
	hit(f, stored->index, personal, true);
	return rc;
}

static enum rc look_at_entries(struct finding_state *f, struct err *err)
{
	struct tail t = {f, {f->ws, f->log, NULL}, canon_scratch_new(f->ws->arena), 0, 0};
	enum rc rc = record_each(f->ws->store, f->log->id, f->from, f->log->edge.size,
				 look_at_entry, &t, err);

	if (f->to->personal)
		store_rollback(keys_store(f->ws->keys));
	return rc;
}

static int newest_first(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	return (a->index < b->index) - (a->index > b->index);
}

static void merge(struct finding_state *f)
{
	size_t n = 0;

	if (f->n_hits > 0)
		qsort(f->hits, f->n_hits, sizeof(*f->hits), newest_first);
	for (size_t i = 0; i < f->n_hits; i++) {
		if (n > 0 && f->hits[n - 1].index == f->hits[i].index) {
			f->hits[n - 1].words |= f->hits[i].words;
			f->hits[n - 1].personal |= f->hits[i].personal;
		} else {
			f->hits[n++] = f->hits[i];
		}
	}
	f->n_hits = n;
}

/* --- from entries to what they are about --- */

struct thing {
	struct found found;
	unsigned words;
	int64_t index;    /* of the entry that tells of it */
	int64_t personal; /* of the newest entry with personal words that fit; -1: none */
	bool settled;     /* no older entry makes it other than it is */
};

struct things {
	struct thing *v;
	size_t n, cap;
	struct symbols *ids; /* of kind and id: v[symbol - 1] */
	size_t settled;
};

static struct text body_text(const struct canon_doc *doc, const char *key)
{
	const struct canon_node *v = canon_member(doc, canon_member(doc, &doc->v[0], "body"), key);

	return v == NULL || v->type != CANON_TEXT ? text_of("") : v->text;
}

static enum find_kind kind_of(enum fact_kind kind)
{
	if (fact_row(kind)->subject == FIELD_TICKET)
		return FIND_TICKET;
	return kind == FACT_INVOICE_ISSUED   ? FIND_INVOICE
	       : kind == FACT_VERSION_AGREED ? FIND_CONTRACT
					     : FIND_FACT;
}

static struct thing *thing_of(struct finding_state *f, struct things *t, enum find_kind kind,
			      struct text id)
{
	struct arena *a = f->ws->arena;
	symbol y = symbol_add(t->ids, text_format(a, "%d %.*s", (int)kind, TEXT_ARG(id)));

	if (y <= t->n)
		return &t->v[y - 1];
	t->v = arena_grow(a, t->v, t->n, &t->cap, sizeof(*t->v));
	t->v[t->n] = (struct thing){.found = {.kind = kind,
					      .contract = f->log->contract,
					      .client = f->log->client,
					      .id = text_copy(a, id),
					      .at = INSTANT_NONE,
					      .entry = -1},
				    .index = -1,
				    .personal = -1};
	return &t->v[t->n++];
}

/* Notes among the provider's own people are not the client's to find. */
static bool hidden(const struct finding_state *f, const struct canon_doc *doc)
{
	return workspace_client(f->ws) && text_is(body_text(doc, "visibility"), "internal");
}

static bool wanted(const struct finding_state *f, enum find_kind kind)
{
	return f->to->looked[kind];
}

static enum rc take_hit(struct finding_state *f, const struct hit *h, struct things *to,
			struct err *err)
{
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry e;
	struct thing *t;
	char id[UUID_TEXT + 1];
	enum find_kind kind;
	enum rc rc;

	arena_clear(f->scratch);
	rc = record_entry(f->ws->store, f->scratch, f->log->id, h->index, &stored, err);
	if (rc == RC_OK)
		rc = entry_parse(f->scratch, NULL, stored.bytes, &e, &doc, err);
	if (rc != RC_OK)
		return rc;
	kind = kind_of(e.kind);
	/* Contracts and clauses are looked through one by one, of the newest version alone. */
	if (kind == FIND_CONTRACT || !wanted(f, kind) || hidden(f, &doc) ||
	    !workspace_kind(f->ws, text_of(fact_row(e.kind)->kind)))
		return RC_OK;
	if (kind == FIND_TICKET && f->own.limited && !own_has(&f->own, body_text(&doc, "ticket")))
		return RC_OK;
	uuid_text(&e.id, id);
	t = thing_of(f, to, kind,
		     kind == FIND_TICKET    ? body_text(&doc, "ticket")
		     : kind == FIND_INVOICE ? body_text(&doc, "invoice")
					    : text_of(id));
	t->words |= h->words;
	if (h->personal != 0 && t->personal < 0)
		t->personal = h->index;
	if (t->index < 0 || e.kind == FACT_TICKET_LOGGED) {
		t->index = h->index;
		t->found.at = e.occurred_at;
	}
	if (kind == FIND_FACT) {
		t->found.entry = h->index;
		t->found.what = text_of(fact_row(e.kind)->kind);
	}
	if (!t->settled && t->words == f->all &&
	    (kind != FIND_TICKET || (e.kind == FACT_TICKET_LOGGED && t->personal >= 0))) {
		t->settled = true;
		to->settled++;
	}
	return RC_OK;
}

static bool whole_is(const struct finding_state *f, struct text id)
{
	return text_eq(fold_whole(f->ws->arena, id), f->whole);
}

static void add(struct finding_state *f, const struct found *x)
{
	f->to->v = arena_grow(f->ws->arena, f->to->v, f->to->n, &f->cap, sizeof(*f->to->v));
	f->to->v[f->to->n++] = *x;
}

/* The values of a fact that fit, as "supplier=Northtel". */
static void tell_value(struct buf *b, struct text key, struct text value)
{
	if (b->n > 0)
		buf_str(b, ", ");
	buf_text(b, key);
	buf_char(b, '=');
	buf_text(b, value);
}

static enum rc fact_line(struct finding_state *f, struct thing *t, struct err *err)
{
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry e;
	struct buf b;
	enum rc rc = record_entry(f->ws->store, f->ws->arena, f->log->id, t->index, &stored, err);

	if (rc == RC_OK)
		rc = entry_parse(f->ws->arena, NULL, stored.bytes, &e, &doc, err);
	if (rc != RC_OK)
		return rc;

	const struct canon_node *body = canon_member(&doc, &doc.v[0], "body");

	buf_init(&b, 1024);
	for (const struct canon_node *v = body == NULL ? NULL : canon_first(&doc, body); v != NULL;
	     v = canon_next(&doc, body, v)) {
		if (v->type == CANON_TEXT && (match(f, v->text, NULL) != 0 || b.n == 0) &&
		    v->text.n < 64 && b.n < LINE_BYTES)
			tell_value(&b, v->key, v->text);
		for (const struct canon_node *x = v->type == CANON_ARRAY ? canon_first(&doc, v)
									 : NULL;
		     x != NULL; x = canon_next(&doc, v, x))
			if (x->type == CANON_TEXT && match(f, x->text, NULL) != 0 &&
			    b.n < LINE_BYTES)
				tell_value(&b, v->key, x->text);
	}
	if (!b.full)
		t->found.line = text_copy(f->ws->arena, buf_view(&b));
	buf_free(&b);
	return rc;
}

/* The line of an entry's personal words with a word of the question. */
static enum rc personal_line(struct finding_state *f, int64_t index, struct text *line,
			     struct err *err)
{
	struct facts *set = facts_new(f->ws->arena);
	struct fact told;
	struct text actor;
	enum rc rc = recall_fact_at(f->ws, f->log, index, set, &told, &actor, err);

	for (size_t i = 0; rc == RC_OK && i < told.n_values; i++) {
		const struct fact_value *v = &told.values[i];
		struct text words;
		size_t at = SIZE_MAX;

		if (field_row((enum fact_field)v->field)->type != FIELD_TEXT)
			continue;
		words = symbol_text(set->symbols, v->word);
		if (match(f, words, &at) != 0 && line->n == 0)
			*line = line_around(f->ws->arena, words, at);
	}
	return rc;
}

static enum rc summary(struct finding_state *f, const struct thing *t, struct text *out,
		       struct err *err)
{
	struct facts *set = facts_new(f->ws->arena);
	struct fact told;
	struct text actor;
	enum rc rc = recall_fact_at(f->ws, f->log, t->index, set, &told, &actor, err);

	if (rc == RC_OK && told.kind == FACT_TICKET_LOGGED &&
	    fact_value(&told, FIELD_SUMMARY) != NULL)
		*out = symbol_text(set->symbols, fact_word(&told, FIELD_SUMMARY));
	return rc;
}

static enum rc finish_thing(struct finding_state *f, struct thing *t, struct err *err)
{
	enum rc rc = RC_OK;

	t->found.exact = whole_is(f, t->found.id);
	if (t->found.kind == FIND_TICKET && f->to->personal)
		rc = summary(f, t, &t->found.what, err);
	if (rc == RC_OK && t->personal >= 0)
		rc = personal_line(f, t->personal, &t->found.line, err);
	if (rc == RC_OK && t->found.kind == FIND_FACT && t->found.line.n == 0)
		rc = fact_line(f, t, err);
	if (text_eq(t->found.line, t->found.what))
		t->found.line = text_of("");
	if (rc == RC_OK)
		add(f, &t->found);
	return rc;
}

/* --- contracts and their clauses --- */

static void look_at_clause(struct finding_state *f, const struct recalled_version *v,
			   const struct node *document, const struct node *clause)
{
	struct arena *a = f->ws->arena;
	struct text words = contract_clause_words(clause), heading = term_text(clause, "heading");
	size_t at = SIZE_MAX;
	struct found x = {.kind = FIND_CLAUSE,
			  .contract = f->log->contract,
			  .client = f->log->client,
			  .at = v->agreed_at,
			  .entry = -1};

	if ((match(f, words, &at) | match(f, heading, NULL)) != f->all)
		return;
	x.id = text_format(a, "%.*s.%.*s", TEXT_ARG(document->key), TEXT_ARG(clause->key));
	x.what = text_format(a, "%u. %.*s", clause_number(clause), TEXT_ARG(heading));
	x.anchor = contract_clause_anchor(a, document, clause);
	x.exact = whole_is(f, x.id);
	if (at != SIZE_MAX)
		x.line = line_around(a, words, at);
	add(f, &x);
}

static void look_at_clauses(struct finding_state *f, const struct recalled_version *v)
{
	const struct node *documents = node_at(v->contract->root, "documents");

	for (const struct node *d = documents == NULL ? NULL : documents->child; d != NULL;
	     d = d->next) {
		const struct node **clauses;
		size_t n = contract_clauses(f->ws->arena, v->contract, d, &clauses);

		for (size_t i = 0; i < n; i++)
			look_at_clause(f, v, d, clauses[i]);
	}
}

static enum rc look_at_contract(struct finding_state *f, struct err *err)
{
	const struct recalled_version *v;
	const struct node *root;
	struct recalled r;
	unsigned named;
	enum rc rc = recall_versions(f->ws, f->log, INSTANT_MAX, &r, err);

	if (rc == RC_MISSING) { /* no version is agreed yet */
		err_clear(err);
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	v = &r.versions[r.n_versions - 1];
	root = v->contract->root;
	named = match(f, f->log->contract, NULL) | match(f, v->promise->title, NULL) |
		match(f, v->promise->provider, NULL) | match(f, v->promise->client, NULL) |
		match(f, f->log->client, NULL);
	for (const struct node *x = root; x != NULL && named != f->all;
	     x = tree_next(x, root, false))
		if (x->kind == NODE_SCALAR && x->term != NULL && x->term->type == TERM_NAME)
			named |= match(f, x->text, NULL);
	if (named == f->all && wanted(f, FIND_CONTRACT)) {
		struct found x = {.kind = FIND_CONTRACT,
				  .contract = f->log->contract,
				  .client = f->log->client,
				  .id = f->log->contract,
				  .what = v->promise->title,
				  .at = v->agreed_at,
				  .entry = -1,
				  .exact = whole_is(f, f->log->contract)};

		add(f, &x);
	}
	if (wanted(f, FIND_CLAUSE))
		look_at_clauses(f, v);
	return rc;
}

/* Does any version say each of the words? Only then is the newest read. */
static enum rc contract_may_fit(struct finding_state *f, bool *may, struct err *err)
{
	int64_t *marks = NULL;
	size_t n = 0;
	enum rc rc = record_marks(f->ws->store, f->ws->arena, f->log->id, FACT_VERSION_AGREED,
				  &marks, &n, err);

	*may = false;
	for (size_t i = 0; rc == RC_OK && i < f->n_hits; i++)
		if (n > 0 && f->hits[i].index == marks[n - 1])
			*may = f->hits[i].words == f->all;
	/* The client's id is the log's and stands in no version. */
	*may = *may || match(f, f->log->client, NULL) != 0;
	return rc;
}

/* --- a log --- */

/* A fact by its id alone. */
static enum rc look_for_id(struct finding_state *f, struct err *err)
{
	struct stored_entry stored;
	struct uuid id;
	enum rc rc;

	if (f->n_words != 1 || !uuid_parse(f->words[0], &id))
		return RC_OK;
	rc = record_entry_of_id(f->ws->store, f->ws->arena, f->log->id, &id, &stored, err);
	if (rc == RC_OK)
		hit(f, stored.index, f->all, false);
	if (rc == RC_MISSING) {
		err_clear(err);
		rc = RC_OK;
	}
	return rc;
}

/*
 * Newest first: when more things than are shown are there and none can change any more, an older entry adds none that is shown, unless its
 * id is what was asked for; and an id is no personal word.
 */
static bool needless(const struct things *t, const struct hit *h)
{
	return t->n > FIND_MOST && t->settled == t->n && h->words == h->personal;
}

static enum rc take_things(struct finding_state *f, struct err *err)
{
	struct things things = {.ids = symbols_new(f->ws->arena)};
	enum rc rc = RC_OK;
	size_t n = 0;

	for (size_t i = 0; rc == RC_OK && i < f->n_hits && i < (size_t)FIND_WORDS_MAX * PLACES_MAX;
	     i++)
		if (!needless(&things, &f->hits[i]))
			rc = take_hit(f, &f->hits[i], &things, err);
	for (size_t i = 0; rc == RC_OK && i < things.n; i++) {
		if (things.v[i].words != f->all)
			continue;
		/* Newest first: of one log more than are shown are not opened. */
		if (n++ < FIND_MOST || whole_is(f, things.v[i].found.id))
			rc = finish_thing(f, &things.v[i], err);
		else
			f->to->more = true;
	}
	return rc;
}

static enum rc look_at_log(struct finding_state *f, int64_t from, struct err *err)
{
	bool may = false;
	enum rc rc;

	f->n_hits = 0;
	f->own = (struct own_tickets){.limited = false};
	rc = own_tickets_of(f->ws, R_TICKET_READ, f->log, &f->own, err);
	if (rc == RC_MISSING && f->own.limited) { /* no version yet, so no ticket of anybody */
		err_clear(err);
		rc = RC_OK;
	}
	if (rc == RC_OK)
		rc = record_found_size(f->ws->store, f->log->id, &f->indexed, err);
	f->from = from < f->indexed ? from : f->indexed;
	if (rc == RC_OK)
		rc = look_up(f, err);
	if (rc == RC_OK && f->hashes != NULL) {
		rc = record_hashes_each(f->ws->store, f->log->id, look_at_hashes, f, err);
		find_hashes_rest(f->hashes);
	}
	if (rc == RC_OK)
		rc = look_at_entries(f, err);
	if (rc == RC_OK)
		rc = look_for_id(f, err);
	merge(f);
	if (rc == RC_OK && (wanted(f, FIND_CONTRACT) || wanted(f, FIND_CLAUSE)))
		rc = contract_may_fit(f, &may, err);
	if (rc == RC_OK && may)
		rc = look_at_contract(f, err);
	return rc == RC_OK ? take_things(f, err) : rc;
}

static void looked_for(struct finding_state *f)
{
	static const enum permission needs[FIND_KINDS] = {[FIND_CONTRACT] = R_TERMS_READ,
							  [FIND_CLAUSE] = R_TERMS_READ,
							  [FIND_TICKET] = R_TICKET_READ,
							  [FIND_INVOICE] = R_MONEY_READ,
							  [FIND_FACT] = R_LOG_READ};
	bool any = false;

	for (int k = 0; k < FIND_KINDS; k++)
		any = any || f->q->kinds[k];
	for (int k = 0; k < FIND_KINDS; k++)
		f->to->looked[k] = (!any || f->q->kinds[k]) && workspace_allows(f->ws, needs[k]);
	f->to->personal = f->ws->keys != NULL && workspace_allows(f->ws, R_PERSONAL_READ);
}

static int in_order(const void *x, const void *y)
{
	const struct found *a = x, *b = y;

	if (a->exact != b->exact)
		return a->exact ? -1 : 1;
	if (a->at != b->at)
		return a->at > b->at ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return text_cmp(a->contract, b->contract) != 0 ? text_cmp(a->contract, b->contract)
						       : text_cmp(a->id, b->id);
}

/* Each entry with personal words has its own hashes to be looked at, under a key of their own. */
static enum rc prepare_hashes(struct finding_state *f, int64_t entries, struct err *err)
{
	enum rc rc = recall_within_request(f->ws, entries, err);

	if (rc != RC_OK)
		return rc;
	f->hashes = find_hashes_new(f->ws, f->words, f->n_words);
	return find_hashes_read(f->hashes, entries, err);
}

/* From where on are the entries themselves looked at? *from: by log. */
static enum rc prepare(struct finding_state *f, const struct log_head *logs, size_t n,
		       int64_t **from, struct err *err)
{
	int64_t entries = 0;
	enum rc rc = RC_OK;

	*from = arena_array(f->ws->arena, int64_t, n);
	for (size_t i = 0; i < n; i++) {
		entries += logs[i].edge.size;
		(*from)[i] = logs[i].edge.size;
	}
	if (!f->to->personal)
		return RC_OK;
	if (!f->q->recent || entries <= FIND_RECENT_ENTRIES)
		return prepare_hashes(f, entries, err);
	rc = find_recent(f->ws, logs, n, *from, &f->to->older, err);
	return rc == RC_OK ? recall_within_request(f->ws, FIND_RECENT_ENTRIES, err) : rc;
}

/* Those of the client that is asked for, in front. */
static size_t asked_for(const struct find_question *q, struct log_head *logs, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (q->client.n == 0 || text_eq(q->client, logs[i].client))
			logs[kept++] = logs[i];
	return kept;
}

enum rc find(struct workspace *ws, const struct find_question *q, struct find_answer *out,
	     struct err *err)
{
	struct finding_state *f = arena_one(ws->arena, struct finding_state);
	struct log_head *logs;
	int64_t *from;
	size_t n = 0;
	enum rc rc;

	*out = (struct find_answer){.words = NULL, .older = INSTANT_NONE};
	*f = (struct finding_state){.ws = ws, .q = q, .to = out};
	split(f);
	looked_for(f);
	if (f->n_words == 0)
		return RC_OK;
	rc = workspace_logs(ws, &logs, &n, err);
	if (rc != RC_OK)
		return rc;
	n = asked_for(q, logs, n);
	out->n_contracts = n;
	f->scratch = arena_like(ws->arena);
	rc = prepare(f, logs, n, &from, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		f->log = &logs[i];
		rc = look_at_log(f, from[i], err);
	}
	arena_free(f->scratch);
	if (rc != RC_OK)
		return rc;
	if (out->n > 0)
		qsort(out->v, out->n, sizeof(*out->v), in_order);
	out->more = out->more || out->n > FIND_MOST;
	out->n = out->n > FIND_MOST ? FIND_MOST : out->n;
	return RC_OK;
}
