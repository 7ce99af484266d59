/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/entry.h"

#include "facts/exact.h"

#include <assert.h>
#include <sodium/crypto_hash_sha256.h>
#include <string.h>

enum { SHOWN_MAX = 60, OPAQUE_BITS = 5, CONTRACT_CHARS = 64 };
#define SHOWN(t) (int)((t).n > SHOWN_MAX ? SHOWN_MAX : (t).n), (t).p

/* --- opaque ids --- */

/* 32 of them: digits and letters that are not taken for digits, nor make words. */
static const char opaque_digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

static bool is_opaque_digit(char c)
{
	return (c >= '0' && c <= '9') ||
	       (c >= 'a' && c <= 'z' && c != 'i' && c != 'l' && c != 'o' && c != 'u');
}

bool opaque_id_ok(struct text t, char prefix)
{
	if (t.n != ACTOR_CHARS || t.p[0] != prefix || t.p[1] != '_')
		return false;
	for (size_t i = 2; i < t.n; i++)
		if (!is_opaque_digit(t.p[i]))
			return false;
	return true;
}

void opaque_id_make(char prefix, const unsigned char random[10], char out[ACTOR_CHARS + 1])
{
	unsigned bits = 0, n_bits = 0;
	size_t at = 2;

	out[0] = prefix;
	out[1] = '_';
	for (size_t i = 0; i < 10; i++) {
		bits = (bits << 8 | random[i]) & 0xfff;
		for (n_bits += 8; n_bits >= OPAQUE_BITS; n_bits -= OPAQUE_BITS)
			out[at++] = opaque_digits[bits >> (n_bits - OPAQUE_BITS) & 31];
	}
	assert(at == ACTOR_CHARS && n_bits == 0);
	out[at] = '\0';
}

static bool is_actor(struct text t)
{
	return opaque_id_ok(t, 'u') || opaque_id_ok(t, 't') || opaque_id_ok(t, 'x');
}

static bool is_slot_name(struct text t)
{
	if (t.n == 0 || t.n > SLOT_NAME_MAX || t.p[0] < 'a' || t.p[0] > 'z')
		return false;
	for (size_t i = 1; i < t.n; i++)
		if ((t.p[i] < 'a' || t.p[i] > 'z') && (t.p[i] < '0' || t.p[i] > '9') &&
		    t.p[i] != '_')
			return false;
	return true;
}

static bool is_contract(struct text t)
{
	struct hash h;

	return t.n == CONTRACT_CHARS && hash_parse(t, &h);
}

/* --- writing --- */

static void put_slots(const struct entry *e, struct buf *out)
{
	char hex[SHA256_HEX + 1];

	buf_str(out, ",\"priv\":{");
	for (size_t i = 0; i < e->n_slots; i++) {
		const struct slot *s = &e->slots[i];

		assert(is_slot_name(s->name) && opaque_id_ok(s->subject, 's'));
		assert(i == 0 || text_cmp(e->slots[i - 1].name, s->name) < 0);
		hash_hex(&s->commit, hex);
		if (i > 0)
			buf_char(out, ',');
		buf_char(out, '"');
		buf_text(out, s->name);
		buf_str(out, "\":{\"commit\":\"");
		buf_str(out, hex);
		buf_str(out, "\",\"subject\":\"");
		buf_text(out, s->subject);
		buf_str(out, "\"}");
	}
	buf_char(out, '}');
}

/* Members in the order of their keys; none needs an escape but those inside the body, which has them already. */
static void put_members(const struct entry *e, struct buf *out)
{
	buf_str(out, "{\"actor\":\"");
	buf_text(out, e->actor);
	buf_str(out, "\",\"body\":");
	buf_text(out, e->body);
	if (e->contract.n > 0) {
		buf_str(out, ",\"contract\":\"");
		buf_text(out, e->contract);
		buf_char(out, '"');
	}
	if (e->corrected) {
		buf_str(out, ",\"corrects\":\"");
		uuid_print(out, &e->corrects);
		buf_char(out, '"');
	}
	buf_str(out, ",\"id\":\"");
	uuid_print(out, &e->id);
	buf_str(out, "\",\"kind\":\"");
	buf_str(out, fact_row(e->kind)->kind);
	buf_str(out, "\",\"log\":\"");
	uuid_print(out, &e->log);
	buf_str(out, "\",\"occurred_at\":\"");
	exact_instant_print(out, e->occurred_at);
	buf_str(out, e->client ? "\",\"party\":\"client\"" : "\",\"party\":\"provider\"");
	if (e->n_slots > 0)
		put_slots(e, out);
	buf_str(out, ",\"recorded_at\":\"");
	exact_instant_print(out, e->recorded_at);
	buf_str(out, "\",\"v\":1}");
}

enum rc entry_print(const struct entry *e, struct buf *out, struct err *err)
{
	size_t start = out->n;

	assert(is_actor(e->actor) && uuid_is_v7(&e->id) && e->n_slots <= SLOTS_MAX);
	assert(e->body.n >= 2 && e->body.p[0] == '{' && e->body.p[e->body.n - 1] == '}');
	assert(e->contract.n == 0 || is_contract(e->contract));
	assert(!e->corrected || uuid_cmp(&e->corrects, &e->id) != 0);
	put_members(e, out);

	size_t n = out->n - start;

	/* A buffer that is full says so itself; who gave it looks once, at the end. */
	if (n <= CANON_ENTRY.bytes)
		return RC_OK;
	out->n = start;
	return err_set(err, RC_LIMIT, "entry is %zu bytes; the limit is %zu", n, CANON_ENTRY.bytes);
}

/* --- reading --- */

enum member {
	M_ACTOR,
	M_BODY,
	M_CONTRACT,
	M_CORRECTS,
	M_ID,
	M_KIND,
	M_LOG,
	M_OCCURRED,
	M_PARTY,
	M_PRIV,
	M_RECORDED,
	M_V,
	M_COUNT
};

/* In the order of their bytes, as they stand in an entry. */
static const struct {
	struct text key;
	enum canon_type type;
	bool required;
} members[M_COUNT] = {
	[M_ACTOR] = {{"actor", 5}, CANON_TEXT, true},
	[M_BODY] = {{"body", 4}, CANON_OBJECT, true},
	[M_CONTRACT] = {{"contract", 8}, CANON_TEXT, false},
	[M_CORRECTS] = {{"corrects", 8}, CANON_TEXT, false},
	[M_ID] = {{"id", 2}, CANON_TEXT, true},
	[M_KIND] = {{"kind", 4}, CANON_TEXT, true},
	[M_LOG] = {{"log", 3}, CANON_TEXT, true},
	[M_OCCURRED] = {{"occurred_at", 11}, CANON_TEXT, true},
	[M_PARTY] = {{"party", 5}, CANON_TEXT, true},
	[M_PRIV] = {{"priv", 4}, CANON_OBJECT, false},
	[M_RECORDED] = {{"recorded_at", 11}, CANON_TEXT, true},
	[M_V] = {{"v", 1}, CANON_INT, true},
};

static enum rc wrong_type(struct text key, enum canon_type type, struct err *err)
{
	const char *wanted = type == CANON_OBJECT ? "an object"
			     : type == CANON_INT  ? "a number"
						  : "a text";

	err_key(err, key);
	return err_set(err, RC_INVALID, "'%.*s' must be %s", SHOWN(key), wanted);
}

static enum rc missing(enum member m, struct err *err)
{
	err_key(err, members[m].key);
	return err_set(err, RC_INVALID, "'%.*s' is missing", TEXT_ARG(members[m].key));
}

/* Both lists are sorted: one walk tells what is missing and what is too much. v is all NULL before. */
static enum rc match(const struct canon_doc *doc, const struct canon_node *v[M_COUNT],
		     struct err *err)
{
	unsigned m = 0;

	if (doc->v->type != CANON_OBJECT)
		return err_set(err, RC_INVALID, "an entry is an object");
	for (const struct canon_node *n = canon_first(doc, doc->v); n != NULL;
	     n = canon_next(doc, doc->v, n)) {
		/* nearly always it is the next one */
		while (m < M_COUNT && !text_eq(members[m].key, n->key) &&
		       text_cmp(members[m].key, n->key) < 0) {
			if (members[m].required)
				return missing((enum member)m, err);
			m++;
		}
		if (m == M_COUNT || !text_eq(members[m].key, n->key)) {
			err_key(err, n->key);
			return err_set(err, RC_INVALID, "an entry has no member '%.*s'",
				       SHOWN(n->key));
		}
		if (n->type != members[m].type)
			return wrong_type(n->key, members[m].type, err);
		v[m++] = n;
	}
	for (; m < M_COUNT; m++)
		if (members[m].required)
			return missing((enum member)m, err);
	return RC_OK;
}

/* What a member must be, where it is not. */
static enum rc not_a(enum member m, const struct canon_node *n, const char *wanted, struct err *err)
{
	err_key(err, members[m].key);
	err_hint(err, "it must be %s", wanted);
	return err_set(err, RC_INVALID, "'%.*s' in '%.*s'", SHOWN(n->text),
		       TEXT_ARG(members[m].key));
}

static enum rc read_ids(const struct canon_node *const v[M_COUNT], struct entry *e, struct err *err)
{
	if (!uuid_parse(v[M_ID]->text, &e->id) || !uuid_is_v7(&e->id))
		return not_a(M_ID, v[M_ID], "a UUID of version 7, lower case", err);
	if (!uuid_parse(v[M_LOG]->text, &e->log))
		return not_a(M_LOG, v[M_LOG], "a UUID, lower case", err);
	if (!is_actor(v[M_ACTOR]->text))
		return not_a(M_ACTOR, v[M_ACTOR],
			     "u_, t_ or x_ and 16 of 0-9 and a-z without i l o u", err);
	e->actor = v[M_ACTOR]->text;
	if (v[M_CONTRACT] != NULL) {
		if (!is_contract(v[M_CONTRACT]->text))
			return not_a(M_CONTRACT, v[M_CONTRACT], "64 hex digits, lower case", err);
		e->contract = v[M_CONTRACT]->text;
	}
	if (v[M_CORRECTS] == NULL)
		return RC_OK;
	e->corrected = true;
	if (!uuid_parse(v[M_CORRECTS]->text, &e->corrects))
		return not_a(M_CORRECTS, v[M_CORRECTS], "a UUID, lower case", err);
	if (uuid_cmp(&e->corrects, &e->id) == 0)
		return not_a(M_CORRECTS, v[M_CORRECTS], "the id of another fact", err);
	return RC_OK;
}

static enum rc read_times(const struct canon_node *const v[M_COUNT], struct entry *e,
			  struct err *err)
{
	static const char wanted[] = "UTC with milliseconds, like 2026-03-29T01:00:00.000Z";

	if (!exact_instant(v[M_OCCURRED]->text, &e->occurred_at))
		return not_a(M_OCCURRED, v[M_OCCURRED], wanted, err);
	if (!exact_instant(v[M_RECORDED]->text, &e->recorded_at))
		return not_a(M_RECORDED, v[M_RECORDED], wanted, err);
	return RC_OK;
}

static enum rc read_kind(const struct canon_doc *doc, const struct canon_node *const v[M_COUNT],
			 struct entry *e, struct err *err)
{
	const struct canon_node *body = v[M_BODY], *by;
	struct text party = v[M_PARTY]->text;
	enum rc rc;

	e->client = text_is(party, "client");
	if (!e->client && !text_is(party, "provider"))
		return not_a(M_PARTY, v[M_PARTY], "provider or client", err);
	if (!fact_kind_find(v[M_KIND]->text, &e->kind)) {
		struct text nearest = fact_kind_nearest(v[M_KIND]->text);

		err_key(err, members[M_KIND].key);
		if (nearest.n > 0)
			err_hint(err, "did you mean '%.*s'?", TEXT_ARG(nearest));
		return err_set(err, RC_INVALID, "unknown kind '%.*s'", SHOWN(v[M_KIND]->text));
	}
	rc = body_check(doc, body, e->kind, err);
	if (rc != RC_OK)
		return rc;
	by = canon_member(doc, body, "by");
	if (by != NULL && text_eq(by->text, party)) {
		err_key(err, text_of("by"));
		err_hint(err, "leave it out");
		return err_set(err, RC_INVALID, "'by' names the party that recorded it");
	}
	e->body = (struct text){doc->bytes.p + body->offset, body->length};
	return RC_OK;
}

static enum rc wrong_slot(const struct canon_node *n, const char *why, struct err *err)
{
	err_key(err, n->key);
	err_hint(err, "it is {\"commit\": 64 hex digits, \"subject\": s_ and 16 characters}");
	return err_set(err, RC_INVALID, "slot '%.*s' %s", SHOWN(n->key), why);
}

static enum rc read_slot(const struct canon_doc *doc, const struct canon_node *n, struct slot *s,
			 struct err *err)
{
	const struct canon_node *commit = canon_member(doc, n, "commit");
	const struct canon_node *subject = canon_member(doc, n, "subject");

	if (n->type != CANON_OBJECT || n->n != 2 || commit == NULL || subject == NULL)
		return wrong_slot(n, "has other members than commit and subject", err);
	if (commit->type != CANON_TEXT || !hash_parse(commit->text, &s->commit))
		return wrong_slot(n, "has a commitment that is no SHA-256", err);
	if (subject->type != CANON_TEXT || !opaque_id_ok(subject->text, 's'))
		return wrong_slot(n, "has a subject that is no opaque id", err);
	s->name = n->key;
	s->subject = subject->text;
	return RC_OK;
}

static enum rc read_slots(const struct canon_doc *doc, const struct canon_node *priv,
			  struct entry *e, struct err *err)
{
	e->n_slots = 0;
	if (priv == NULL)
		return RC_OK;
	if (priv->n == 0) {
		err_key(err, members[M_PRIV].key);
		err_hint(err, "leave it out");
		return err_set(err, RC_INVALID, "'priv' is empty");
	}
	if (priv->n > SLOTS_MAX)
		return err_set(err, RC_LIMIT, "entry has %u private slots; the limit is %d",
			       priv->n, SLOTS_MAX);
	for (const struct canon_node *n = canon_first(doc, priv); n != NULL;
	     n = canon_next(doc, priv, n)) {
		enum rc rc = read_slot(doc, n, &e->slots[e->n_slots++], err);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

enum rc entry_parse(struct arena *a, struct canon_scratch *scratch, struct text bytes,
		    struct entry *out, struct canon_doc *doc, struct err *err)
{
	const struct canon_node *v[M_COUNT] = {NULL};
	enum rc rc = canon_parse(a, scratch, bytes, CANON_STRICT, &CANON_ENTRY, doc, err);

	if (rc == RC_OK)
		rc = match(doc, v, err);
	if (rc == RC_OK && v[M_V]->number != 1) {
		err_key(err, members[M_V].key);
		rc = err_set(err, RC_INVALID, "'v' is %lld; this program knows 1",
			     (long long)v[M_V]->number);
	}
	if (rc != RC_OK)
		return rc;
	/* All but the slots, of which only those read are set: an entry is large for what most hold. */
	out->corrected = false;
	out->contract = (struct text){"", 0};
	rc = read_ids(v, out, err);
	if (rc == RC_OK)
		rc = read_times(v, out, err);
	if (rc == RC_OK)
		rc = read_kind(doc, v, out, err);
	return rc == RC_OK ? read_slots(doc, v[M_PRIV], out, err) : rc;
}

/* --- comparing, committing --- */

bool entry_same_report(const struct entry *x, const struct entry *y)
{
	if (uuid_cmp(&x->id, &y->id) != 0 || x->kind != y->kind || x->client != y->client ||
	    x->occurred_at != y->occurred_at || x->corrected != y->corrected)
		return false;
	if (x->corrected && uuid_cmp(&x->corrects, &y->corrects) != 0)
		return false;
	return text_eq(x->body, y->body);
}

struct hash slot_commit(const unsigned char salt[16], struct text private_bytes)
{
	crypto_hash_sha256_state state;
	struct hash h;

	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, salt, 16);
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)private_bytes.p,
					private_bytes.n);
	(void)crypto_hash_sha256_final(&state, h.b);
	return h;
}
