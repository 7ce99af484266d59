/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies in. Every member is looked up in the kind's row, judged, and only then made a value; nothing is kept but words. */
#include "facts/body.h"

#include "facts/admit.h"
#include "facts/body_parts.h"
#include "facts/exact.h"
#include "money/exact.h"

#include <assert.h>
#include <string.h>

enum { SHOWN_MAX = 60 };
#define SHOWN(t) (int)((t).n > SHOWN_MAX ? SHOWN_MAX : (t).n), (t).p

struct body_reader {
	struct facts *set;
	struct text last_source; /* the entries of a file follow one another */
	uint16_t last_place;
	bool any_source, checked;
	symbol hidden;
	struct fact_value values[FACT_VALUES_MAX];
};

/* The members of a body by what they are for; NULL: not there. */
struct matched {
	const struct canon_node *fields[FACT_FIELDS_MAX]; /* in the order of the kind's row */
	const struct canon_node *common[BODY_COMMON];
};

struct body_reader *body_reader_new(struct arena *a, struct facts *set)
{
	struct body_reader *r = arena_one(a, struct body_reader);

	r->set = set;
	r->hidden = symbol_add(set->symbols, text_of("-"));
	return r;
}

void body_reader_checked(struct body_reader *r)
{
	r->checked = true;
}

/* --- which member is which --- */

static enum rc unknown_member(enum fact_kind kind, struct text key, struct err *err)
{
	struct text nearest = fact_field_nearest(kind, key);

	err_key(err, key);
	if (nearest.n > 0)
		err_hint(err, "did you mean '%.*s'?", TEXT_ARG(nearest));
	return err_set(err, RC_INVALID, "%s has no field '%.*s'", fact_row(kind)->kind, SHOWN(key));
}

static enum rc match_member(enum fact_kind kind, const struct canon_node *node, struct matched *m,
			    struct err *err)
{
	const struct fact_row *row = fact_row(kind);
	enum fact_field field;
	enum body_common common;

	if (!fact_field_find(kind, node->key, &field)) {
		if (!body_common_find(node->key, &common))
			return unknown_member(kind, node->key, err);
		m->common[common] = node;
		return RC_OK;
	}
	if (field_row(field)->type == FIELD_TEXT) {
		err_key(err, node->key);
		return err_set(err, RC_INVALID,
			       "'%.*s' holds free words: they belong in a private slot, not in the "
			       "body",
			       SHOWN(node->key));
	}
	for (size_t i = 0; i < row->n_fields; i++)
		if (row->fields[i].field == field)
			m->fields[i] = node;
	return RC_OK;
}

static enum rc match(const struct canon_doc *doc, const struct canon_node *body,
		     enum fact_kind kind, struct matched *m, struct err *err)
{
	const struct fact_row *row = fact_row(kind);
	size_t values = 0;

	*m = (struct matched){.fields = {NULL}};
	if (body->type != CANON_OBJECT)
		return err_set(err, RC_INVALID, "the body of %s is no object", row->kind);
	for (const struct canon_node *n = canon_first(doc, body); n != NULL;
	     n = canon_next(doc, body, n)) {
		enum rc rc = match_member(kind, n, m, err);

		if (rc != RC_OK)
			return rc;
	}
	for (size_t i = 0; i < row->n_fields; i++) {
		const struct field_row *field = field_row(row->fields[i].field);

		if (m->fields[i] != NULL)
			values += m->fields[i]->type == CANON_ARRAY ? m->fields[i]->n : 1;
		if (!row->fields[i].required || m->fields[i] != NULL || field->type == FIELD_TEXT)
			continue;
		err_key(err, text_of(field->key));
		return err_set(err, RC_INVALID, "%s needs '%s'", row->kind, field->key);
	}
	if (values > FACT_VALUES_MAX - BODY_TEXTS_MAX)
		return err_set(err, RC_INVALID, "more than %d values in one fact",
			       FACT_VALUES_MAX - BODY_TEXTS_MAX);
	return RC_OK;
}

/* --- values --- */

static enum rc must_be(const char *key, const char *wanted, struct err *err)
{
	err_key(err, text_of(key));
	return err_set(err, RC_INVALID, "'%s' must be %s", key, wanted);
}

static enum rc read_word(enum fact_kind kind, enum fact_field field, const struct canon_node *n,
			 struct err *err)
{
	const char *key = field_row(field)->key;

	if (n->type != CANON_TEXT)
		return must_be(key, "a text", err);
	if (n->text.n == 0)
		return must_be(key, "a text that is not empty", err);
	return admit_word(kind, field, n->text, err);
}

static enum rc read_words(enum fact_kind kind, enum fact_field field, const struct canon_doc *doc,
			  const struct canon_node *list, struct err *err)
{
	if (list->type != CANON_ARRAY || list->n == 0)
		return must_be(field_row(field)->key, "a list of texts, one at least", err);
	for (const struct canon_node *n = canon_first(doc, list); n != NULL;
	     n = canon_next(doc, list, n)) {
		enum rc rc = read_word(kind, field, n, err);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc read_decimal(const char *key, const struct canon_node *n, struct fact_value *v,
			    struct err *err)
{
	struct decimal d;
	struct buf right;

	if (n->type != CANON_TEXT)
		return must_be(key, "a decimal number as text", err);
	if (exact_decimal(n->text, &d)) {
		v->number = d.units;
		v->scale = d.scale;
		return RC_OK;
	}
	if (decimal_parse_long(n->text, &d, err) != RC_OK) {
		err_key(err, text_of(key));
		return RC_INVALID;
	}
	buf_init(&right, 64);
	decimal_print(&right, d);
	err_key(err, text_of(key));
	(void)err_set(err, RC_INVALID, "'%.*s' in '%s' is written '%.*s'", SHOWN(n->text), key,
		      TEXT_ARG(buf_view(&right)));
	buf_free(&right);
	return RC_INVALID;
}

/* Judges the value; number and scale of *v are set where the field has them. */
static enum rc read_value(enum fact_kind kind, enum fact_field field, const struct canon_doc *doc,
			  const struct canon_node *n, struct fact_value *v, struct err *err)
{
	const struct field_row *row = field_row(field);

	switch (row->type) {
	case FIELD_SYMBOL:
		return read_word(kind, field, n, err);
	case FIELD_SYMBOLS:
		return read_words(kind, field, doc, n, err);
	case FIELD_DECIMAL:
		return read_decimal(row->key, n, v, err);
	case FIELD_INSTANT:
		if (n->type != CANON_TEXT)
			return must_be(row->key, "an instant as text", err);
		if (exact_instant(n->text, &v->number))
			return RC_OK;
		err_key(err, text_of(row->key));
		err_hint(err, "write it like 2026-03-29T01:00:00.000Z");
		return err_set(err, RC_INVALID,
			       "'%.*s' in '%s': instant must be UTC with milliseconds",
			       SHOWN(n->text), row->key);
	case FIELD_BOOL:
		if (n->type != CANON_BOOL)
			return must_be(row->key, "true or false", err);
		v->number = n->number;
		return RC_OK;
	case FIELD_INT:
		if (n->type != CANON_INT)
			return must_be(row->key, "a whole number", err);
		v->number = n->number;
		return RC_OK;
	case FIELD_TEXT:
		break;
	}
	assert(false && "free words are not matched");
	return RC_INVALID;
}

/* Planned time that ends before it begins is refused in files; an entry may say no more than a file. */
static enum rc check_span(enum fact_kind kind, const struct fact_value *from,
			  const struct fact_value *to, struct err *err)
{
	if (from == NULL || to == NULL || from->number < to->number || fact_row(kind)->record)
		return RC_OK;
	err_key(err, text_of("to"));
	return err_set(err, RC_INVALID, "%s ends at or before its start", fact_row(kind)->kind);
}

/* --- members of every kind --- */

static enum rc read_stamp(const struct canon_doc *doc, const struct canon_node *list,
			  uint16_t *flags, struct err *err)
{
	size_t next = 0;
	unsigned seen = 0;

	if (list->type != CANON_ARRAY || list->n == 0)
		return must_be("stamp", "a list of minute, gap, twice, one at least", err);
	for (const struct canon_node *n = canon_first(doc, list); n != NULL;
	     n = canon_next(doc, list, n)) {
		while (next < BODY_STAMPS &&
		       (n->type != CANON_TEXT || !text_is(n->text, body_stamps[next].word)))
			next++;
		if (next == BODY_STAMPS)
			return must_be("stamp", "a list of minute, gap, twice, in that order", err);
		seen |= (unsigned)body_stamps[next++].flag;
	}
	*flags = (uint16_t)seen;
	return RC_OK;
}

static enum rc read_by(const struct canon_node *n, enum party *out, struct err *err)
{
	if (n->type == CANON_TEXT && party_find(n->text, out))
		return RC_OK;
	return must_be("by", "provider, client, monitor or supplier", err);
}

/* *f gets seq, party and flags; PARTY_UNKNOWN where nothing is said. */
static enum rc read_common(const struct canon_doc *doc, const struct matched *m, struct fact *f,
			   struct err *err)
{
	static const enum body_common texts[] = {BODY_REF, BODY_SOURCE};
	const struct canon_node *seq = m->common[BODY_SEQ], *by = m->common[BODY_BY];
	const struct canon_node *stamp = m->common[BODY_STAMP];
	enum party party = PARTY_UNKNOWN;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const struct canon_node *n = m->common[texts[i]];

		if (n != NULL && (n->type != CANON_TEXT || n->text.n == 0))
			return must_be(body_common_key(texts[i]), "a text that is not empty", err);
	}
	if (seq != NULL && (seq->type != CANON_INT || seq->number < 1 || seq->number > UINT32_MAX))
		return must_be("seq", "a whole number from 1 to 4294967295", err);
	if (by != NULL)
		rc = read_by(by, &party, err);
	if (rc == RC_OK && stamp != NULL)
		rc = read_stamp(doc, stamp, &f->flags, err);
	f->seq = seq == NULL ? 0 : (uint32_t)seq->number;
	f->party = (uint8_t)party;
	return rc;
}

/* The values of a body together (money.md section 16). They are of the right type, each for itself. */
static enum rc check_together(const struct canon_doc *doc, const struct matched *m,
			      enum fact_kind kind, struct err *err)
{
	const struct fact_row *row = fact_row(kind);
	struct told v[FACT_VALUES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < row->n_fields; i++) {
		const struct canon_node *node = m->fields[i];
		struct told t = {.field = row->fields[i].field};
		struct decimal d = {0, 0};

		if (node == NULL)
			continue;
		if (node->type == CANON_ARRAY) {
			for (const struct canon_node *k = canon_first(doc, node); k != NULL;
			     k = canon_next(doc, node, k)) {
				t.word = k->text;
				v[n++] = t;
			}
			continue;
		}
		if (field_row(t.field)->type == FIELD_DECIMAL && exact_decimal(node->text, &d)) {
			t.number = d.units;
			t.scale = d.scale;
		} else if (node->type == CANON_TEXT) {
			t.word = node->text;
		} else {
			t.number = node->number;
		}
		v[n++] = t;
	}
	return admit_values(kind, v, n, DAY_NONE, err);
}

enum rc body_check(const struct canon_doc *doc, const struct canon_node *body, enum fact_kind kind,
		   struct err *err)
{
	const struct fact_row *row = fact_row(kind);
	struct fact_value v, from = {.number = 0}, to = {.number = 0};
	bool has_from = false, has_to = false;
	struct fact f = {.flags = 0};
	struct matched m;
	enum rc rc = match(doc, body, kind, &m, err);

	for (size_t i = 0; i < row->n_fields && rc == RC_OK; i++) {
		enum fact_field field = row->fields[i].field;

		if (m.fields[i] == NULL)
			continue;
		rc = read_value(kind, field, doc, m.fields[i], &v, err);
		if (field == FIELD_FROM) {
			from = v;
			has_from = true;
		} else if (field == FIELD_TO) {
			to = v;
			has_to = true;
		}
	}
	if (rc == RC_OK)
		rc = check_span(kind, has_from ? &from : NULL, has_to ? &to : NULL, err);
	if (rc == RC_OK)
		rc = check_together(doc, &m, kind, err);
	return rc == RC_OK ? read_common(doc, &m, &f, err) : rc;
}

/* --- making the fact --- */

static void keep(struct body_reader *r, struct fact *f, struct fact_value v)
{
	assert(f->n_values < FACT_VALUES_MAX);
	r->values[f->n_values++] = v;
}

static void keep_words(struct body_reader *r, struct fact *f, enum fact_field field,
		       const struct canon_doc *doc, const struct canon_node *n)
{
	struct fact_value v = {.field = (uint32_t)field};

	if (n->type == CANON_TEXT) {
		v.word = symbol_add(r->set->symbols, n->text);
		keep(r, f, v);
		return;
	}
	for (const struct canon_node *m = canon_first(doc, n); m != NULL;
	     m = canon_next(doc, n, m)) {
		v.word = symbol_add(r->set->symbols, m->text);
		keep(r, f, v);
	}
}

struct slots {
	const struct text *names, *words;
	size_t n;
};

/* The slot that is called like the field says that it has words; which, only if the caller could read them. */
static void keep_private(struct body_reader *r, struct fact *f, enum fact_field field,
			 const struct slots *slots)
{
	for (size_t i = 0; i < slots->n; i++) {
		struct fact_value v = {.field = (uint32_t)field, .word = r->hidden};

		if (!text_is(slots->names[i], field_row(field)->key))
			continue;
		if (slots->words != NULL && slots->words[i].n > 0)
			v.word = symbol_add(r->set->symbols, slots->words[i]);
		keep(r, f, v);
		return;
	}
}

static enum rc keep_source(struct body_reader *r, const struct canon_node *n, uint16_t *out,
			   struct err *err)
{
	struct text name = n == NULL ? (struct text){"", 0} : n->text;

	if (!r->any_source || !text_eq(name, r->last_source)) {
		if (!facts_source_named(r->set, name, &r->last_place))
			return err_set(err, RC_LIMIT, "more than %d sources of facts", UINT16_MAX);
		r->last_source = r->set->sources[r->last_place].name;
		r->any_source = true;
	}
	*out = r->last_place;
	return RC_OK;
}

static enum rc keep_values(struct body_reader *r, const struct canon_doc *doc,
			   const struct matched *m, const struct slots *slots, struct fact *f,
			   struct err *err)
{
	enum fact_kind kind = (enum fact_kind)f->kind;
	const struct fact_row *row = fact_row(kind);

	for (size_t i = 0; i < row->n_fields; i++) {
		enum fact_field field = row->fields[i].field;
		enum field_type type = field_row(field)->type;
		const struct canon_node *n = m->fields[i];
		struct fact_value v = {.field = (uint32_t)field};
		enum rc rc;

		if (type == FIELD_TEXT)
			keep_private(r, f, field, slots);
		if (n == NULL)
			continue;
		rc = read_value(kind, field, doc, n, &v, err);
		if (rc != RC_OK)
			return rc;
		if (type == FIELD_SYMBOL || type == FIELD_SYMBOLS)
			keep_words(r, f, field, doc, n);
		else
			keep(r, f, v);
	}
	return check_span(kind, fact_value(f, FIELD_FROM), fact_value(f, FIELD_TO), err);
}

enum rc body_read(struct body_reader *r, const struct canon_doc *doc, const struct canon_node *body,
		  enum fact_kind kind, enum party recorder, const struct text *slot_names,
		  const struct text *slot_words, size_t n_slots, struct fact *out, struct text *ref,
		  struct err *err)
{
	struct fact f = {.kind = (uint8_t)kind, .values = r->values};
	struct slots slots = {slot_names, slot_words, n_slots};
	struct matched m;
	enum rc rc = match(doc, body, kind, &m, err);

	if (rc == RC_OK)
		rc = keep_values(r, doc, &m, &slots, &f, err);
	if (rc == RC_OK && !r->checked)
		rc = check_together(doc, &m, kind, err);
	if (rc == RC_OK)
		rc = read_common(doc, &m, &f, err);
	if (rc == RC_OK && f.party == (uint8_t)recorder) {
		err_hint(err, "leave it out");
		rc = must_be("by", "another than the party that recorded it", err);
	}
	if (rc == RC_OK)
		rc = keep_source(r, m.common[BODY_SOURCE], &f.source, err);
	if (rc != RC_OK)
		return rc;
	if (f.party == PARTY_UNKNOWN)
		f.party = (uint8_t)recorder;
	f.subject = fact_word(&f, fact_row(kind)->subject);
	*out = f;
	*ref = m.common[BODY_REF] == NULL ? (struct text){"", 0} : m.common[BODY_REF]->text;
	return RC_OK;
}
