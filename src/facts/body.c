/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies out. Which members there are is decided by the kind's row; keys are sorted by byte, as canonical JSON wants them. */
#include "facts/body.h"

#include "facts/body_parts.h"
#include "facts/exact.h"

#include <assert.h>
#include <string.h>

static const char *const common_keys[BODY_COMMON] = {
	[BODY_SOURCE] = "source", [BODY_REF] = "ref",     [BODY_SEQ] = "seq",
	[BODY_BY] = "by",         [BODY_STAMP] = "stamp",
};

const char *body_common_key(enum body_common c)
{
	return common_keys[c];
}

bool body_common_find(struct text key, enum body_common *out)
{
	for (unsigned c = 0; c < BODY_COMMON; c++)
		if (text_is(key, common_keys[c])) {
			*out = (enum body_common)c;
			return true;
		}
	return false;
}

const struct stamp_word body_stamps[BODY_STAMPS] = {
	{FLAG_MINUTE_PRECISION, "minute"},
	{FLAG_ZONE_GAP, "gap"},
	{FLAG_ZONE_TWICE, "twice"},
};

/* A member to be written: a field of the kind from its first value on, or one that every kind may have. */
struct member {
	const char *key;
	size_t value; /* index of the first; n_values + enum body_common for the others */
};

enum { MEMBERS_MAX = FACT_FIELDS_MAX + BODY_COMMON };

struct members {
	struct member v[MEMBERS_MAX];
	size_t n;
};

static void add_member(struct members *m, const char *key, size_t value)
{
	size_t i = m->n;

	assert(m->n < MEMBERS_MAX);
	for (; i > 0 && strcmp(m->v[i - 1].key, key) > 0; i--)
		m->v[i] = m->v[i - 1];
	m->v[i] = (struct member){key, value};
	m->n++;
}

static struct text source_name(const struct facts *set, const struct fact *f)
{
	enum fact_field own;

	/* source_read speaks of a source itself. */
	if (f->source >= set->n_sources ||
	    fact_field_find((enum fact_kind)f->kind, text_of(common_keys[BODY_SOURCE]), &own))
		return (struct text){"", 0};
	return set->sources[f->source].name;
}

static void list_members(const struct facts *set, const struct fact *f, struct text ref,
			 enum party recorder, struct members *m)
{
	for (size_t i = 0; i < f->n_values; i++) {
		const struct field_row *row = field_row((enum fact_field)f->values[i].field);

		if (row->type != FIELD_TEXT &&
		    (i == 0 || f->values[i - 1].field != f->values[i].field))
			add_member(m, row->key, i);
	}

	const bool there[BODY_COMMON] = {
		[BODY_SOURCE] = source_name(set, f).n > 0,
		[BODY_REF] = ref.n > 0,
		[BODY_SEQ] = f->seq != 0,
		[BODY_BY] = f->party != PARTY_UNKNOWN && f->party != recorder,
		[BODY_STAMP] = (f->flags & BODY_STAMP_FLAGS) != 0,
	};

	for (unsigned c = 0; c < BODY_COMMON; c++)
		if (there[c])
			add_member(m, common_keys[c], (size_t)f->n_values + c);
}

static void print_value(const struct facts *set, const struct fact_value *v, struct buf *out)
{
	switch (field_row((enum fact_field)v->field)->type) {
	case FIELD_SYMBOL:
	case FIELD_SYMBOLS:
		canon_quote(out, symbol_text(set->symbols, v->word));
		return;
	case FIELD_INSTANT:
		buf_char(out, '"');
		exact_instant_print(out, v->number);
		buf_char(out, '"');
		return;
	case FIELD_BOOL:
		buf_str(out, v->number != 0 ? "true" : "false");
		return;
	case FIELD_INT:
		buf_i64(out, v->number);
		return;
	case FIELD_DECIMAL:
		buf_char(out, '"');
		decimal_print(out, (struct decimal){v->number, (uint8_t)v->scale});
		buf_char(out, '"');
		return;
	case FIELD_TEXT:
		break;
	}
	assert(false && "free words are never in a body");
}

static void print_field(const struct facts *set, const struct fact *f, size_t i, struct buf *out)
{
	uint32_t field = f->values[i].field;

	if (field_row((enum fact_field)field)->type != FIELD_SYMBOLS) {
		print_value(set, &f->values[i], out);
		return;
	}
	buf_char(out, '[');
	for (size_t k = i; k < f->n_values && f->values[k].field == field; k++) {
		if (k > i)
			buf_char(out, ',');
		print_value(set, &f->values[k], out);
	}
	buf_char(out, ']');
}

static void print_stamp(const struct fact *f, struct buf *out)
{
	bool any = false;

	buf_char(out, '[');
	for (size_t i = 0; i < BODY_STAMPS; i++) {
		if ((f->flags & body_stamps[i].flag) == 0)
			continue;
		buf_printf(out, "%s\"%s\"", any ? "," : "", body_stamps[i].word);
		any = true;
	}
	buf_char(out, ']');
}

static void print_common(const struct facts *set, const struct fact *f, struct text ref,
			 enum body_common c, struct buf *out)
{
	switch (c) {
	case BODY_SOURCE:
		canon_quote(out, source_name(set, f));
		return;
	case BODY_REF:
		canon_quote(out, ref);
		return;
	case BODY_SEQ:
		buf_i64(out, f->seq);
		return;
	case BODY_BY:
		canon_quote(out, text_of(party_word((enum party)f->party)));
		return;
	case BODY_STAMP:
		print_stamp(f, out);
		return;
	case BODY_COMMON:
		break;
	}
	assert(false && "no such member");
}

void body_print(const struct facts *set, const struct fact *f, struct text ref, enum party recorder,
		struct buf *out, struct body_text texts[BODY_TEXTS_MAX], size_t *n_texts)
{
	struct members m = {.n = 0};
	size_t n = 0;

	assert(recorder == PARTY_PROVIDER || recorder == PARTY_CLIENT);
	list_members(set, f, ref, recorder, &m);
	buf_char(out, '{');
	for (size_t i = 0; i < m.n; i++) {
		buf_printf(out, "%s\"%s\":", i > 0 ? "," : "", m.v[i].key);
		if (m.v[i].value < f->n_values)
			print_field(set, f, m.v[i].value, out);
		else
			print_common(set, f, ref, (enum body_common)(m.v[i].value - f->n_values),
				     out);
	}
	buf_char(out, '}');
	for (size_t i = 0; i < f->n_values; i++) {
		enum fact_field field = (enum fact_field)f->values[i].field;

		if (field_row(field)->type != FIELD_TEXT)
			continue;
		assert(n < BODY_TEXTS_MAX);
		texts[n++] =
			(struct body_text){field, symbol_text(set->symbols, f->values[i].word)};
	}
	*n_texts = n;
}

/* --- what may be printed --- */

static enum rc text_fits(struct text t, const char *key, struct err *err)
{
	char why[64];

	if (t.n > 0 && canon_text_ok(t, why))
		return RC_OK;
	err_key(err, text_of(key));
	if (t.n == 0)
		return err_set(err, RC_INVALID, "'%s' is empty", key);
	return err_set(err, RC_INVALID, "%s in '%s'", why, key);
}

static enum rc value_fits(const struct facts *set, const struct fact_value *v, struct err *err)
{
	const struct field_row *row = field_row((enum fact_field)v->field);

	switch (row->type) {
	case FIELD_SYMBOL:
	case FIELD_SYMBOLS:
	case FIELD_TEXT:
		return text_fits(symbol_text(set->symbols, v->word), row->key, err);
	case FIELD_INT:
		if (v->number >= -BODY_INT_MAX && v->number <= BODY_INT_MAX)
			return RC_OK;
		err_key(err, text_of(row->key));
		return err_set(err, RC_INVALID, "number '%" PRId64 "' in '%s' is too large",
			       v->number, row->key);
	case FIELD_INSTANT:
	case FIELD_BOOL:
	case FIELD_DECIMAL:
		break;
	}
	return RC_OK;
}

enum rc body_fits(const struct facts *set, const struct fact *f, struct text ref, struct err *err)
{
	struct text source = source_name(set, f);
	size_t texts = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < f->n_values && rc == RC_OK; i++) {
		texts += field_row((enum fact_field)f->values[i].field)->type == FIELD_TEXT;
		rc = value_fits(set, &f->values[i], err);
	}
	assert(texts <= BODY_TEXTS_MAX);
	if (rc == RC_OK && ref.n > 0)
		rc = text_fits(ref, common_keys[BODY_REF], err);
	if (rc == RC_OK && source.n > 0)
		rc = text_fits(source, common_keys[BODY_SOURCE], err);
	return rc;
}

/* --- who may say what, and whether alone --- */

/* sla.md R12: acts between the parties happen when the one who acts records them; nobody acts for another. */
static bool is_act(enum fact_kind kind)
{
	static const enum fact_kind acts[] = {
		FACT_TICKET_PRIORITY_AGREED, FACT_TICKET_SCOPE_SET,
		FACT_MAINTENANCE_ANNOUNCED,  FACT_MAINTENANCE_CANCELLED,
		FACT_FORCE_MAJEURE_DECLARED, FACT_OBLIGATION_REQUESTED,
		FACT_OBLIGATION_BREACHED,    FACT_DOWNTIME_ASKED,
		FACT_SUSPENSION_BEGAN,       FACT_SUSPENSION_ENDED,
		FACT_NOTICE_GIVEN,           FACT_REPORT_DELIVERED,
		FACT_CREDIT_CLAIMED,         FACT_RIGHT_EXERCISED,
		FACT_FACT_ACCEPTED,          FACT_FACT_CONTESTED,
		FACT_DISPUTE_SETTLED,        FACT_CALENDAR_EXCEPTION,
	};

	for (size_t i = 0; i < ARRAY_SIZE(acts); i++)
		if (kind == acts[i])
			return true;
	return fact_row(kind)->record;
}

enum rc body_by_ok(enum fact_kind kind, enum party by, enum party recorder, struct err *err)
{
	/* What a side recorded for its monitor or supplier it takes back in their name. */
	bool other_side = by == PARTY_PROVIDER || by == PARTY_CLIENT;

	if (by == PARTY_UNKNOWN || by == recorder || !is_act(kind) ||
	    (kind == FACT_FACT_WITHDRAWN && !other_side))
		return RC_OK;
	err_key(err, text_of(common_keys[BODY_BY]));
	err_hint(err, "who acts must record it");
	return err_set(err, RC_INVALID, "the %s cannot record '%s' for the %s",
		       party_word(recorder), fact_row(kind)->kind, party_word(by));
}

static bool is_pause(unsigned kind)
{
	return kind == FACT_TICKET_WAITING_CLIENT || kind == FACT_TICKET_WAITING_VENDOR ||
	       kind == FACT_TICKET_SCHEDULED || kind == FACT_TICKET_RESUMED;
}

/* Is it one of a time, a priority or a quantity; in a pause, anything but its free words? */
static bool weighs(const struct fact *f, enum fact_field field)
{
	switch (field_row(field)->type) {
	case FIELD_INSTANT:
	case FIELD_INT:
	case FIELD_DECIMAL:
		return true;
	case FIELD_TEXT:
		return false;
	case FIELD_SYMBOL:
	case FIELD_SYMBOLS:
	case FIELD_BOOL:
		break;
	}
	return field == FIELD_PRIORITY || field == FIELD_DATE || is_pause(f->kind);
}

static bool same_value(const struct fact_value *x, const struct fact_value *y)
{
	return y != NULL && x->word == y->word && x->number == y->number && x->scale == y->scale;
}

static bool lacks_weight(const struct fact *x, const struct fact *y)
{
	for (size_t i = 0; i < x->n_values; i++) {
		enum fact_field field = (enum fact_field)x->values[i].field;

		if (weighs(x, field) && !same_value(&x->values[i], fact_value(y, field)))
			return true;
	}
	return false;
}

bool correction_needs_approval(const struct fact *before, const struct fact *after)
{
	/* Taken back altogether, moved to another ticket, or made another kind: its time counts elsewhere or not at all. */
	if (after == NULL || before->kind != after->kind || before->subject != after->subject ||
	    before->occurred_at != after->occurred_at)
		return true;
	return lacks_weight(before, after) || lacks_weight(after, before);
}
