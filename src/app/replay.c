/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay.h"

#include "app/documents.h"
#include "app/money_again.h"
#include "app/values.h"
#include "engine/invoice_json.h"
#include "facts/first.h"
#include "terms/version.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What entries say of the record itself, in their order. */
struct version_row {
	int64_t index;
	struct hash sha256;
	instant from;
};

struct pin_row {
	int64_t index;
	struct text input, name;
	struct hash sha256;
	bool has_bytes;
	const struct zone *zone; /* parsed once */
};

struct key_row {
	int64_t index;
	struct vkey key;
	bool retired;
};

struct issued_row {
	int64_t index, size, revision;
	struct text window;
	struct hash document;
	instant as_of, known_as_of;
};

/* invoice_issued */
struct money_row {
	int64_t index;
	struct text number;
	struct hash document;
	const struct bundle_file *file; /* found once */
	const struct invoice *invoice;
};

struct replay {
	struct arena *a;
	const struct bundle *b;
	struct facts *set;
	struct fact_reader *reader;
	struct version_row *versions;
	struct pin_row *pins;
	struct key_row *keys;
	struct issued_row *issued;
	struct money_row *money;
	size_t n_money, cap_money;
	size_t n_versions, cap_versions, n_pins, cap_pins, n_keys, cap_keys, n_issued, cap_issued;
	size_t reported;
	bool broken; /* an entry was no fact that can be read: why */
	int64_t broken_at;
	struct err why;
	int64_t context_size; /* inputs pinned below this count, while a statement is worked out */
	struct hasher *hasher;
	struct bundle_checked *checked;
};

struct replay *replay_new(struct arena *a, const struct bundle *b)
{
	struct replay *r = arena_one(a, struct replay);

	r->a = a;
	r->b = b;
	r->set = facts_new(a);
	r->reader = fact_reader_new(a, r->set, NULL);
	return r;
}

/* --- entries --- */

static struct text member_text(struct replay *r, const struct canon_doc *doc,
			       const struct canon_node *body, const char *key)
{
	const struct canon_node *v = canon_member(doc, body, key);

	/* a copy: what had to be unescaped may lie in memory that the next entry uses */
	return v == NULL ? text_of("") : text_copy(r->a, v->text);
}

static enum rc member_instant(const struct canon_doc *doc, const struct canon_node *body,
			      const char *key, instant *out, struct err *err)
{
	const struct canon_node *v = canon_member(doc, body, key);
	bool minutes;

	return v == NULL ? RC_OK : instant_parse(v->text, out, &minutes, err);
}

static enum rc take_version(struct replay *r, int64_t index, const struct entry *e,
			    const struct canon_doc *doc, const struct canon_node *body,
			    struct err *err)
{
	struct version_row v = {.index = index, .from = e->recorded_at};

	if (!hash_parse(canon_member(doc, body, "version")->text, &v.sha256))
		return err_set(err, RC_INVALID, "'version' is no SHA-256");
	r->versions = arena_grow(r->a, r->versions, r->n_versions, &r->cap_versions, sizeof(v));
	if (member_instant(doc, body, "effective", &v.from, err) != RC_OK)
		return RC_INVALID;
	r->versions[r->n_versions++] = v;
	return RC_OK;
}

static enum rc take_pin(struct replay *r, int64_t index, const struct canon_doc *doc,
			const struct canon_node *body, struct err *err)
{
	const struct canon_node *sha = canon_member(doc, body, "sha256");
	struct pin_row p = {.index = index, .has_bytes = sha != NULL};

	p.input = member_text(r, doc, body, "input");
	p.name = member_text(r, doc, body, "name");
	if (sha != NULL && !hash_parse(sha->text, &p.sha256))
		return err_set(err, RC_INVALID, "'sha256' is no SHA-256");
	r->pins = arena_grow(r->a, r->pins, r->n_pins, &r->cap_pins, sizeof(p));
	r->pins[r->n_pins++] = p;
	return RC_OK;
}

static enum rc take_key(struct replay *r, int64_t index, const struct entry *e,
			const struct canon_doc *doc, const struct canon_node *body, struct err *err)
{
	struct key_row k = {.index = index, .retired = e->kind == FACT_LOG_KEY_RETIRED};
	enum rc rc = vkey_parse(member_text(r, doc, body, "vkey"), &k.key, err);

	if (rc != RC_OK)
		return rc;
	r->keys = arena_grow(r->a, r->keys, r->n_keys, &r->cap_keys, sizeof(k));
	r->keys[r->n_keys++] = k;
	return RC_OK;
}

static enum rc take_issued(struct replay *r, int64_t index, const struct canon_doc *doc,
			   const struct canon_node *body, struct err *err)
{
	struct issued_row is = {.index = index};
	enum rc rc;

	is.window = member_text(r, doc, body, "window");
	is.size = canon_member(doc, body, "size")->number;
	is.revision = canon_member(doc, body, "revision")->number;
	rc = member_instant(doc, body, "as_of", &is.as_of, err);
	if (rc == RC_OK)
		rc = member_instant(doc, body, "known_as_of", &is.known_as_of, err);
	if (rc != RC_OK)
		return rc;
	if (!hash_parse(canon_member(doc, body, "document")->text, &is.document))
		return err_set(err, RC_INVALID, "'document' is no SHA-256");
	if (is.size < 1 || is.size > index)
		return err_set(err, RC_INVALID,
			       "a statement from %lld entries cannot be entry %lld",
			       (long long)is.size, (long long)index);
	r->issued = arena_grow(r->a, r->issued, r->n_issued, &r->cap_issued, sizeof(is));
	r->issued[r->n_issued++] = is;
	return RC_OK;
}

static enum rc take_money(struct replay *r, int64_t index, const struct canon_doc *doc,
			  const struct canon_node *body, struct err *err)
{
	struct money_row m = {.index = index, .number = member_text(r, doc, body, "invoice")};
	int64_t size = canon_member(doc, body, "size")->number;

	if (!hash_parse(canon_member(doc, body, "document")->text, &m.document))
		return err_set(err, RC_INVALID, "'document' is no SHA-256");
	if (size < 1 || size > index)
		return err_set(err, RC_INVALID, "a document from %lld entries cannot be entry %lld",
			       (long long)size, (long long)index);
	r->money = arena_grow(r->a, r->money, r->n_money, &r->cap_money, sizeof(m));
	r->money[r->n_money++] = m;
	return RC_OK;
}

static enum rc take_own(struct replay *r, int64_t index, const struct entry *e,
			const struct canon_doc *doc, struct err *err)
{
	const struct canon_node *body = canon_member(doc, doc->v, "body");

	if (e->kind == FACT_VERSION_AGREED)
		return take_version(r, index, e, doc, body, err);
	if (e->kind == FACT_INPUT_PINNED)
		return take_pin(r, index, doc, body, err);
	if (e->kind == FACT_STATEMENT_ISSUED)
		return take_issued(r, index, doc, body, err);
	if (e->kind == FACT_INVOICE_ISSUED)
		return take_money(r, index, doc, body, err);
	if (e->kind == FACT_LOG_KEY_ADDED || e->kind == FACT_LOG_KEY_RETIRED)
		return take_key(r, index, e, doc, body, err);
	return RC_OK;
}

enum rc replay_entry(void *context, int64_t index, const struct entry *e,
		     const struct canon_doc *doc, struct err *err)
{
	struct replay *r = context;
	bool record = fact_row(e->kind)->record;
	enum rc rc;

	(void)err;
	if (r->broken)
		return RC_OK;
	rc = fact_reader_add(r->reader, e, doc, &r->why);
	if (rc == RC_OK && record)
		rc = take_own(r, index, e, doc, &r->why);
	if (rc != RC_OK) {
		r->broken = true;
		r->broken_at = index;
		return RC_OK;
	}
	r->reported += !record;
	return RC_OK;
}

/* --- inputs: from the bundle alone --- */

static const struct bundle_file *input_file(const struct replay *r, const struct hash *sha)
{
	char hex[SHA256_HEX + 1];

	hash_hex(sha, hex);
	return bundle_find(r->b, text_format(r->a, "inputs/%s", hex));
}

static enum rc find_zone(void *context, struct text name, const struct zone **out, struct err *err)
{
	struct replay *r = context;

	if (text_is(name, "UTC")) {
		*out = zone_utc();
		return RC_OK;
	}
	/* the newest that was pinned among the entries looked at */
	for (size_t i = r->n_pins; i > 0; i--) {
		struct pin_row *p = &r->pins[i - 1];
		const struct bundle_file *file;
		enum rc rc;

		if (p->index >= r->context_size || !text_is(p->input, "zone") ||
		    !text_eq(p->name, name))
			continue;
		if (p->zone == NULL) {
			file = p->has_bytes ? input_file(r, &p->sha256) : NULL;
			if (file == NULL)
				return err_set(
					err, RC_MISSING,
					"the bytes of the time zone '%.*s' are not in the bundle",
					TEXT_ARG(name));
			rc = zone_parse(r->a, name, file->bytes, &p->zone, err);
			if (rc != RC_OK)
				return rc;
		}
		*out = p->zone;
		return RC_OK;
	}
	return err_set(err, RC_MISSING, "the time zone '%.*s' is not among the record's inputs",
		       TEXT_ARG(name));
}

static enum rc find_input(void *context, struct text name, struct text *bytes, struct err *err)
{
	struct replay *r = context;
	const struct bundle_file *file = NULL;
	struct hash sha;

	if (text_starts(name, "sha256:") && hash_parse(text_sub(name, 7, name.n), &sha))
		file = input_file(r, &sha);
	if (file == NULL)
		return err_set(err, RC_MISSING, "'%.*s' is not among the record's inputs",
			       TEXT_ARG(name));
	*bytes = file->bytes;
	return RC_OK;
}

static instant leap_day_from(const struct replay *r, int64_t size)
{
	struct engine_named *v = arena_array(r->a, struct engine_named, r->n_pins);
	size_t n = 0;

	for (size_t i = 0; i < r->n_pins && r->pins[i].index < size; i++)
		if (text_is(r->pins[i].input, "engine"))
			v[n++] = (struct engine_named){r->pins[i].name,
						       r->set->v[r->pins[i].index].recorded_at};
	return engine_leap_day_from(v, n);
}

/* --- one statement --- */

static enum rc build_versions(struct replay *r, int64_t size, struct version **out, size_t *n,
			      struct err *err)
{
	const struct zone_source *zones;
	struct zone_source *own = arena_one(r->a, struct zone_source);
	struct terms_context context;
	struct version *v = arena_array(r->a, struct version, r->n_versions + 1);

	*own = (struct zone_source){r, find_zone};
	zones = own;
	context = (struct terms_context){zones, find_input, r, leap_day_from(r, size)};
	*n = 0;
	for (size_t i = 0; i < r->n_versions && r->versions[i].index < size; i++) {
		char hex[SHA256_HEX + 1];
		const struct bundle_file *file;
		struct contract *c;
		enum rc rc;

		hash_hex(&r->versions[i].sha256, hex);
		file = bundle_find(r->b, text_format(r->a, "versions/%s.json", hex));
		if (file == NULL)
			return err_set(err, RC_MISSING, "'versions/%s.json' is missing", hex);
		rc = contract_read_canonical(r->a, file->name, file->bytes, &context, &c, err);
		if (rc == RC_OK)
			rc = promise_build(r->a, c, &context, &v[*n].promise, err);
		if (rc != RC_OK)
			return rc;
		v[*n].from = *n == 0 ? INSTANT_MIN : r->versions[i].from;
		++*n;
	}
	if (*n == 0)
		return err_set(err, RC_INVALID,
			       "no version had been agreed among the first %lld entries",
			       (long long)size);
	*out = v;
	return RC_OK;
}

/* The key whose id a document prints: the first in force when it was made. */
static struct text key_id_at(const struct replay *r, int64_t size)
{
	struct text out = text_of("");
	struct buf b;

	buf_init(&b, 2 * KEY_ID_BYTES + 1);
	for (size_t i = 0; i < r->n_keys && r->keys[i].index < size && b.n == 0; i++) {
		bool gone = r->keys[i].retired;

		for (size_t k = 0; k < r->n_keys && r->keys[k].index < size; k++)
			gone = gone ||
			       (r->keys[k].retired && vkey_eq(&r->keys[k].key, &r->keys[i].key));
		if (!gone)
			hex_add(&b, r->keys[i].key.id, KEY_ID_BYTES);
	}
	out = text_copy(r->a, buf_view(&b));
	buf_free(&b);
	return out;
}

/* The root of the first `size` entries: of the checkpoint that step 4 found to fit them, or worked out here. */
static struct hash root_at(const struct replay *r, int64_t size)
{
	const struct bundle_file *file =
		bundle_find(r->b, text_format(r->a, "checkpoints/%lld", (long long)size));
	struct err ignored = {.line = 0};
	struct checkpoint c;
	struct edge edge;
	struct note n;

	if (file != NULL && r->checked->steps[CHECK_ROOT].result == CHECK_PASSED &&
	    note_parse(file->bytes, &n, &ignored) == RC_OK &&
	    checkpoint_parse(n.text, &c, &ignored) == RC_OK && c.size == size)
		return c.root;
	edge_init(&edge);
	for (int64_t i = 0; i < size; i++) {
		struct hash leaf = merkle_leaf(r->hasher, r->checked->entries[i].bytes);

		edge_append(r->hasher, &edge, &leaf);
	}
	return edge_root(r->hasher, &edge);
}

/* The first `size` entries as recall would give them, from the bundle alone. */
static enum rc recall_first(struct replay *r, struct arena *a, int64_t size, struct recalled *out,
			    struct err *err)
{
	struct recalled_version *v;
	struct version *versions = NULL;
	size_t n = 0;
	enum rc rc;

	r->context_size = size;
	rc = build_versions(r, size, &versions, &n, err);
	if (rc != RC_OK)
		return rc;
	v = arena_array(a, struct recalled_version, n);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct recalled_version){
			.sha256 = r->versions[i].sha256,
			.promise = versions[i].promise,
			.from = versions[i].from,
			.index = r->versions[i].index,
			.agreed_at = r->set->v[r->versions[i].index].recorded_at};
	*out = (struct recalled){.size = size,
				 .facts = facts_first(a, r->set, (size_t)size),
				 .versions = v,
				 .n_versions = n,
				 .last_recorded_at = r->set->v[size - 1].recorded_at};
	out->log.contract = v[n - 1].promise->id;
	out->log.origin = r->b->about.origin;
	return RC_OK;
}

/* The documents of money among those entries, which find_money has read. */
static struct issued_document *issued_before(const struct replay *r, struct arena *a, int64_t size,
					     size_t *n)
{
	struct issued_document *out = arena_array(a, struct issued_document, r->n_money);

	*n = 0;
	for (size_t i = 0; i < r->n_money && r->money[i].index < size; i++)
		out[(*n)++] = (struct issued_document){r->money[i].invoice, r->money[i].index,
						       r->money[i].document};
	return out;
}

static enum rc outcome_of(struct replay *r, const struct issued_row *is, enum engine_rules rules,
			  struct outcome **out, struct err *err)
{
	struct issued_document *issued;
	struct recalled recalled;
	struct evaluation in;
	struct span period;
	size_t n;
	enum rc rc = recall_first(r, r->a, is->size, &recalled, err);

	if (rc == RC_OK)
		rc = value_period(is->window,
				  recalled.versions[recalled.n_versions - 1].promise->zone, &period,
				  err);
	if (rc != RC_OK)
		return rc;
	recall_evaluation(&recalled, r->a, period, is->as_of, is->known_as_of, &in);
	if (rules >= ENGINE_2) {
		issued = issued_before(r, r->a, is->size, &n);
		rc = money_bases(r->a, &recalled, issued, n, &in, err);
	}
	return rc == RC_OK ? evaluate(r->a, &in, out, err) : rc;
}

static enum rc work_out(struct replay *r, const struct issued_row *is, enum engine_rules rules,
			struct buf *out, struct err *err)
{
	struct document_about about = {
		.window = is->window, .revision = is->revision, .rules = rules};
	struct outcome *outcome;
	char root_hex[SHA256_HEX + 1];
	enum rc rc = outcome_of(r, is, rules, &outcome, err);

	if (rc != RC_OK)
		return rc;
	about.checkpoint = (struct checkpoint){r->b->about.origin, is->size, root_at(r, is->size)};
	hash_hex(&about.checkpoint.root, root_hex);
	about.root_hex = root_hex;
	about.key_id = key_id_at(r, is->size);
	return document_print(r->a, outcome, &about, out, err);
}

/* --- the step --- */

struct judging {
	struct replay *r;
	struct step_report *step;
	struct replay_count count;
};

PRINTF_LIKE(4, 5)
static bool fail(struct judging *j, enum check_result result, int64_t index, const char *fmt, ...)
{
	char line[2 * ERR_MESSAGE_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	assert(n >= 0);
	j->step->result = result;
	j->step->words = text_copy(j->r->a, (struct text){line, strlen(line)});
	j->step->index = index;
	return false;
}

static bool tell_difference(struct judging *j, const struct bundle_file *file, int64_t index,
			    struct text again)
{
	struct replay *r = j->r;
	struct canon_doc ours, theirs;
	struct text path, was, now, clause;
	struct err why = {.line = 0};

	if (canon_parse(r->a, NULL, file->bytes, CANON_STRICT, &CANON_LARGE, &theirs, &why) !=
	    RC_OK)
		return fail(j, CHECK_FAILED, index, "'%.*s': %s", TEXT_ARG(file->name),
			    why.message);
	if (canon_parse(r->a, NULL, again, CANON_STRICT, &CANON_LARGE, &ours, &why) != RC_OK)
		assert(false && "document_print writes canonical JSON");
	if (!document_differs(r->a, &theirs, &ours, &path, &was, &now, &clause))
		assert(false && "other canonical bytes are another document");
	return fail(j, CHECK_FAILED, index,
		    "'%.*s' says %.*s at %.*s; worked out again it is %.*s%s%.*s",
		    TEXT_ARG(file->name), was.n > 0 ? (int)was.n : 7, was.n > 0 ? was.p : "nothing",
		    TEXT_ARG(path), now.n > 0 ? (int)now.n : 7, now.n > 0 ? now.p : "nothing",
		    clause.n > 0 ? ", under " : "", TEXT_ARG(clause));
}

/* "documents/<stem>.<anything>" print the hash of the document and the root it was worked out from (J11). */
static bool check_renderings(struct judging *j, const struct bundle_file *expected,
			     const struct issued_row *is)
{
	struct replay *r = j->r;
	struct text stem =
		text_sub(expected->name, strlen("expected/"), expected->name.n - strlen("json"));
	struct text prefix = text_format(r->a, "documents/%.*s", TEXT_ARG(stem));
	struct hash root = root_at(r, is->size);
	char root_hex[SHA256_HEX + 1], document_hex[SHA256_HEX + 1];

	hash_hex(&root, root_hex);
	hash_hex(&is->document, document_hex);
	for (size_t i = 0; i < r->b->n; i++) {
		const struct bundle_file *f = &r->b->files[i];

		if (!text_starts(f->name, prefix.p))
			continue;
		if (!text_has(f->bytes, text_of(root_hex)))
			return fail(j, CHECK_FAILED, is->index,
				    "'%.*s' does not print the root of the %lld entries it was "
				    "worked out from",
				    TEXT_ARG(f->name), (long long)is->size);
		if (!text_has(f->bytes, text_of(document_hex)))
			return fail(j, CHECK_FAILED, is->index,
				    "'%.*s' does not print the hash of '%.*s'", TEXT_ARG(f->name),
				    TEXT_ARG(expected->name));
	}
	return true;
}

static bool judge_statement(struct judging *j, const struct bundle_file *file,
			    const struct issued_row *is)
{
	struct replay *r = j->r;
	struct err why = {.line = 0};
	struct canon_doc doc;
	enum engine_rules rules = ENGINE_NEWEST;
	struct buf again;
	bool good;

	if (issued_rules(facts_first(r->a, r->set, (size_t)is->size), &rules, &why) != RC_OK)
		return fail(j, CHECK_IMPOSSIBLE, is->index, "%s", why.message);
	buf_init(&again, OUTPUT_MAX_BYTES);
	if (work_out(r, is, rules, &again, &why) != RC_OK) {
		buf_free(&again);
		return fail(j, CHECK_FAILED, is->index, "'%.*s' cannot be worked out again: %s",
			    TEXT_ARG(file->name), why.message);
	}
	good = text_eq(buf_view(&again), file->bytes) ||
	       tell_difference(j, file, is->index, buf_view(&again));
	buf_free(&again);
	if (!good || !check_renderings(j, file, is))
		return false;
	if (canon_parse(r->a, NULL, file->bytes, CANON_STRICT, &CANON_LARGE, &doc, &why) != RC_OK)
		assert(false && "equal to what document_print wrote");
	j->count.numbers += document_numbers(&doc);
	j->count.statements++;
	return true;
}

static const struct issued_row *issued_with(const struct replay *r, const struct hash *document)
{
	for (size_t i = 0; i < r->n_issued; i++)
		if (hash_eq(&r->issued[i].document, document))
			return &r->issued[i];
	return NULL;
}

static bool is_expected(struct text name)
{
	return text_starts(name, "expected/") && text_ends(name, ".json");
}

/* Every statement of the month that an entry tells of must be there: none can be left out. */
static bool judge_presence(struct judging *j)
{
	struct replay *r = j->r;

	for (size_t i = 0; i < r->n_issued; i++) {
		bool there = !text_eq(r->issued[i].window, r->b->about.period);

		for (size_t k = 0; k < r->b->n && !there; k++)
			there = is_expected(r->b->files[k].name) &&
				hash_eq(&r->b->files[k].sha256, &r->issued[i].document);
		if (!there)
			return fail(j, CHECK_FAILED, r->issued[i].index,
				    "entry %lld issued revision %lld of %.*s, and its document is "
				    "not in the bundle",
				    (long long)r->issued[i].index, (long long)r->issued[i].revision,
				    TEXT_ARG(r->issued[i].window));
	}
	return true;
}

/* What bundle.json says of its month is under no signature: it must be what the entries say of it. */
static bool judge_about(struct judging *j)
{
	struct replay *r = j->r;
	const struct bundle_about *about = &r->b->about;
	const struct issued_row *last = NULL;

	for (size_t i = 0; i < r->n_issued; i++)
		if (text_eq(r->issued[i].window, about->period))
			last = &r->issued[i];
	/* Without a statement nothing is worked out as of anything. */
	if (last == NULL ||
	    (about->as_of == last->as_of && about->known_as_of == last->known_as_of))
		return true;
	return fail(j, CHECK_FAILED, last->index,
		    "'bundle.json' is as of other instants than the entries say of %.*s",
		    TEXT_ARG(about->period));
}

/* A document that belongs to nothing in expected/ would be believed without having been checked. */
static bool judge_documents(struct judging *j)
{
	struct replay *r = j->r;

	for (size_t i = 0; i < r->b->n; i++) {
		struct text name = r->b->files[i].name;
		bool known = !text_starts(name, "documents/");

		for (size_t k = 0; k < r->b->n && !known; k++) {
			struct text e = r->b->files[k].name;

			known = is_expected(e) &&
				text_starts(text_sub(name, strlen("documents/"), name.n),
					    text_copy(r->a, text_sub(e, strlen("expected/"),
								     e.n - strlen("json")))
						    .p);
		}
		if (!known)
			return fail(j, CHECK_FAILED, -1,
				    "'%.*s' is a rendering of nothing in expected/",
				    TEXT_ARG(name));
	}
	return true;
}

/* --- documents of money --- */

static bool is_money(struct text name)
{
	return is_expected(name) && text_starts(name, "expected/invoice-");
}

/* Every document that an entry issued must be there: what a later one comes to depends on those before it (money.md R17). */
static bool find_money(struct judging *j)
{
	struct replay *r = j->r;

	for (size_t i = 0; i < r->n_money; i++) {
		struct money_row *m = &r->money[i];
		struct err why = {.line = 0};
		struct invoice *read;

		m->file = bundle_find(
			r->b, text_format(r->a, "expected/invoice-%.*s.json", TEXT_ARG(m->number)));
		if (m->file == NULL)
			return fail(j, CHECK_FAILED, m->index,
				    "entry %lld issued '%.*s', and it is not in the bundle",
				    (long long)m->index, TEXT_ARG(m->number));
		if (invoice_read(r->a, m->file->bytes, &read, &why) != RC_OK)
			return fail(j, CHECK_FAILED, m->index, "'%.*s': %s",
				    TEXT_ARG(m->file->name), why.message);
		m->invoice = read;
	}
	for (size_t i = 0; i < r->b->n; i++) {
		const struct bundle_file *f = &r->b->files[i];
		bool known = !is_money(f->name);

		for (size_t k = 0; k < r->n_money && !known; k++)
			known = r->money[k].file == f;
		if (!known)
			return fail(j, CHECK_FAILED, -1, "'%.*s' was issued by no entry",
				    TEXT_ARG(f->name));
	}
	return true;
}

/* The state that the document was made on, from the bundle alone. */
static enum rc money_state_of(struct replay *r, struct arena *a, const struct invoice *of,
			      int64_t index, struct money_state *out, struct err *err)
{
	struct issued_document *issued = NULL;
	struct money_at at = {of->log_size, INSTANT_MAX, of->run, false};
	struct recalled recalled;
	size_t before = 0;
	enum rc rc;

	if (of->log_size < 1 || of->log_size > index)
		return err_set(err, RC_INVALID, "there are no %lld entries",
			       (long long)of->log_size);
	rc = recall_first(r, a, of->log_size, &recalled, err);
	if (rc != RC_OK)
		return rc;
	issued = issued_before(r, a, of->log_size, &before);
	*out = (struct money_state){.on = of->run};
	return money_work_out(a, &recalled, issued, before, &at, out, err);
}

static bool count_numbers(struct judging *j, const struct bundle_file *file)
{
	struct err why = {.line = 0};
	struct canon_doc doc;

	if (canon_parse(j->r->a, NULL, file->bytes, CANON_STRICT, &CANON_LARGE, &doc, &why) !=
	    RC_OK)
		assert(false && "equal to canonical bytes made here");
	j->count.numbers += document_numbers(&doc);
	j->count.documents++;
	return true;
}

static bool judge_money(struct judging *j, const struct money_row *m, struct arena *a)
{
	struct replay *r = j->r;
	const struct invoice *again = NULL;
	struct hash root;
	char hex[SHA256_HEX + 1];
	struct err why = {.line = 0};
	struct money_state state;
	struct buf bytes;
	bool good;
	enum rc rc = money_state_of(r, a, m->invoice, m->index, &state, &why);

	if (rc == RC_OK)
		rc = money_again(a, &state, m->invoice, &again, &why);
	if (rc != RC_OK || again == NULL)
		return fail(j, CHECK_FAILED, m->index, "'%.*s' cannot be worked out again: %s",
			    TEXT_ARG(m->file->name),
			    rc == RC_OK ? "nothing like it is due" : why.message);
	root = root_at(r, m->invoice->log_size);
	hash_hex(&root, hex);
	if (!text_is(m->invoice->root, hex) || !text_eq(m->invoice->origin, r->b->about.origin) ||
	    !text_eq(m->invoice->number, m->number))
		return fail(j, CHECK_FAILED, m->index,
			    "'%.*s' prints another number, log or root than the record has",
			    TEXT_ARG(m->file->name));
	buf_init(&bytes, OUTPUT_MAX_BYTES);
	invoice_json(again, INVOICE_WHOLE, &bytes);
	good = text_eq(buf_view(&bytes), m->file->bytes) ||
	       tell_difference(j, m->file, m->index, buf_view(&bytes));
	buf_free(&bytes);
	if (good && !hash_eq(&m->file->sha256, &m->document))
		return fail(j, CHECK_FAILED, m->index,
			    "'%.*s' is not the document whose hash entry %lld has",
			    TEXT_ARG(m->file->name), (long long)m->index);
	return good && count_numbers(j, m->file);
}

static bool judge_all_money(struct judging *j)
{
	bool good = find_money(j);

	for (size_t i = 0; good && i < j->r->n_money; i++) {
		struct arena *a = arena_like(j->r->a);

		good = judge_money(j, &j->r->money[i], a);
		arena_free(a);
	}
	return good;
}

static bool judge_all(struct judging *j)
{
	struct replay *r = j->r;

	if (!judge_about(j) || !judge_presence(j) || !judge_documents(j) || !judge_all_money(j))
		return false;
	for (size_t i = 0; i < r->b->n; i++) {
		const struct bundle_file *f = &r->b->files[i];
		const struct issued_row *is;

		if (!is_expected(f->name) || is_money(f->name))
			continue;
		is = issued_with(r, &f->sha256);
		if (is == NULL)
			return fail(j, CHECK_FAILED, -1,
				    "'%.*s' is not the document of any statement that was issued",
				    TEXT_ARG(f->name));
		if (!text_eq(is->window, r->b->about.period))
			return fail(j, CHECK_FAILED, is->index,
				    "'%.*s' is of %.*s, the bundle of %.*s", TEXT_ARG(f->name),
				    TEXT_ARG(is->window), TEXT_ARG(r->b->about.period));
		if (!judge_statement(j, f, is))
			return false;
	}
	return true;
}

void replay_judge(struct replay *r, struct hasher *h, struct bundle_checked *checked,
		  struct replay_count *out)
{
	struct judging j = {.r = r, .step = &checked->steps[CHECK_NUMBERS]};
	const struct bundle_about *about = &r->b->about;
	enum engine_rules rules;

	r->hasher = h;
	r->checked = checked;
	j.count.facts = r->reported;
	*j.step = (struct step_report){CHECK_PASSED, text_of(""), -1};
	if (!about->complete)
		(void)fail(&j, CHECK_IMPOSSIBLE, -1,
			   "numbers follow from all entries, and these are not all");
	else if (checked->steps[CHECK_ENTRIES].result == CHECK_FAILED ||
		 (int64_t)checked->n_entries != about->size)
		(void)fail(&j, CHECK_IMPOSSIBLE, -1, "not all entries could be read");
	else if (!engine_rules_parse(about->engine, &rules))
		(void)fail(&j, CHECK_IMPOSSIBLE, -1,
			   "worked out by engine '%.*s'; this program has engine %s",
			   TEXT_ARG(text_sub(about->engine, 0, 40)), ENGINE_VERSION);
	else if (r->broken)
		(void)fail(&j, CHECK_FAILED, r->broken_at, "entry %lld: %s",
			   (long long)r->broken_at, r->why.message);
	else if (judge_all(&j))
		j.step->words = j.count.documents > 0
					? text_format(r->a,
						      "%zu numbers of %zu statements and %zu "
						      "documents of money come out again, byte for "
						      "byte",
						      j.count.numbers, j.count.statements,
						      j.count.documents)
				: j.count.statements == 0
					? text_format(r->a,
						      "no statement of %.*s was issued, so there "
						      "is no number to compare",
						      TEXT_ARG(about->period))
					: text_format(r->a,
						      "%zu numbers of %zu statements come out "
						      "again, byte for byte",
						      j.count.numbers, j.count.statements);
	*out = j.count;
}
