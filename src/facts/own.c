/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/own.h"

#include "base/sha256.h"
#include "facts/admit.h"
#include "facts/check.h"
#include "facts/write.h"
#include "money/exact.h"

#include <assert.h>
#include <string.h>

enum { SHOWN_MAX = 60 };
#define SHOWN(t) (int)((t).n > SHOWN_MAX ? SHOWN_MAX : (t).n), (t).p

void own_begin(struct own *o, enum fact_kind kind, uint32_t line)
{
	o->fact = (struct fact){.kind = (uint8_t)kind, .line = line, .values = o->values};
	o->n = 0;
}

static bool add(struct own *o, struct intake *in, struct fact_value v)
{
	if (o->n == ARRAY_SIZE(o->values)) {
		intake_note(in, IMPORT_FIELD_TYPE, o->fact.line, "more than %zu values in one fact",
			    ARRAY_SIZE(o->values));
		return false;
	}
	o->values[o->n++] = v;
	o->fact.n_values = (uint16_t)o->n;
	return true;
}

static bool type_error(const struct own *o, struct intake *in, enum fact_field field, struct text t,
		       const char *wanted)
{
	intake_note(in, IMPORT_FIELD_TYPE, o->fact.line, "'%.*s' in '%s' is no %s", SHOWN(t),
		    field_row(field)->key, wanted);
	return false;
}

/* Why a value is none: "what was wrong: what would be right". */
static bool refused(const struct own *o, struct intake *in, enum import_code code,
		    const struct err *err)
{
	if (err->hint[0] == '\0')
		intake_note(in, code, o->fact.line, "%s", err->message);
	else
		intake_note(in, code, o->fact.line, "%s: %s", err->message, err->hint);
	return false;
}

/*
 * What other programs write as 5.64902E-05 is the same amount in digits (money.md R43): the log has only those. What is no number stays
 * as it is and is refused.
 */
static struct text plain_amount(struct intake *in, struct text t)
{
	struct exact x = {0, 0};
	struct err unused;
	struct text out = t;
	struct buf b;

	err_clear(&unused);
	if (exact_parse(t, &x, &unused) == RC_OK || exact_parse_written(t, &x, &unused) != RC_OK)
		return t;
	buf_init(&b, 64);
	exact_print(&b, x);
	out = text_copy(in->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

/* Is it one of the words that the field knows? */
static bool known_word(const struct own *o, struct intake *in, enum fact_field field, struct text t)
{
	struct err err;

	err_clear(&err);
	return admit_word((enum fact_kind)o->fact.kind, field, t, &err) == RC_OK ||
	       refused(o, in, IMPORT_FIELD_TYPE, &err);
}

bool own_word(struct own *o, struct intake *in, enum fact_field field, struct text t)
{
	if (t.n == 0)
		return type_error(o, in, field, t, "word: it is empty");
	if (field == FIELD_EXACT_AMOUNT)
		t = plain_amount(in, t);
	if (field == FIELD_ASSET || field == FIELD_ASSETS)
		return add(o, in,
			   (struct fact_value){.field = (uint32_t)field,
					       .word = intake_asset_named(in, t, o->fact.line)});
	return known_word(o, in, field, t) &&
	       add(o, in,
		   (struct fact_value){.field = (uint32_t)field, .word = intake_symbol(in, t)});
}

bool own_number(struct own *o, struct intake *in, enum fact_field field, int64_t number,
		uint32_t scale)
{
	return add(o, in,
		   (struct fact_value){.field = (uint32_t)field, .number = number, .scale = scale});
}

static bool own_truth(struct own *o, struct intake *in, enum fact_field field, struct text t)
{
	if (text_eq_nocase(t, text_of("true")) || text_eq_nocase(t, text_of("yes")))
		return own_number(o, in, field, 1, 0);
	if (text_eq_nocase(t, text_of("false")) || text_eq_nocase(t, text_of("no")))
		return own_number(o, in, field, 0, 0);
	return type_error(o, in, field, t, "truth; write true or false");
}

static bool own_list(struct own *o, struct intake *in, enum fact_field field, struct text t)
{
	struct text member;

	while (t.n > 0) {
		t = text_cut(t, ';', &member);
		if (!own_word(o, in, field, text_trim(member)))
			return false;
	}
	return true;
}

static bool has_exponent(struct text t)
{
	return memchr(t.p, 'e', t.n) != NULL || memchr(t.p, 'E', t.n) != NULL;
}

static bool own_decimal(struct own *o, struct intake *in, enum fact_field field, struct text t)
{
	struct decimal d = {0, 0};
	struct exact x = {0, 0};
	struct err err;

	err_clear(&err);
	if (decimal_parse_long(t, &d, &err) == RC_OK ||
	    (has_exponent(t) && exact_parse_written(t, &x, &err) == RC_OK &&
	     exact_to_decimal(x, &d)))
		return own_number(o, in, field, d.units, d.scale);
	if (err.hint[0] != '\0' && !has_exponent(t))
		return refused(o, in, IMPORT_VALUE, &err);
	return type_error(o, in, field, t, "decimal number");
}

bool own_text(struct own *o, struct intake *in, enum fact_field field, struct text t)
{
	struct stamp at = {0, 0};
	int64_t n = 0;

	switch (field_row(field)->type) {
	case FIELD_SYMBOL:
	case FIELD_TEXT:
		return own_word(o, in, field, t);
	case FIELD_SYMBOLS:
		return own_list(o, in, field, t);
	case FIELD_INSTANT:
		return intake_date(in, t, field_row(field)->key, o->fact.line, &at) &&
		       own_number(o, in, field, at.at, 0);
	case FIELD_BOOL:
		return own_truth(o, in, field, t);
	case FIELD_INT:
		return text_int(t, &n) ? own_number(o, in, field, n, 0)
				       : type_error(o, in, field, t, "whole number");
	case FIELD_DECIMAL:
		return own_decimal(o, in, field, t);
	}
	return false;
}

bool own_kind(struct intake *in, struct text word, uint32_t line, enum fact_kind *out)
{
	if (fact_kind_find(word, out)) {
		/* What the record says of itself counts for more than a fact: a file must not say it. */
		if (!fact_row(*out)->record)
			return true;
		intake_note(in, IMPORT_KIND_UNKNOWN, line,
			    "'%.*s' is written by Tenor, not by files", TEXT_ARG(word));
		return false;
	}

	struct text nearest = fact_kind_nearest(word);

	if (nearest.n > 0)
		intake_note(in, IMPORT_KIND_UNKNOWN, line,
			    "unknown kind '%.*s'; did you mean '%.*s'?", SHOWN(word),
			    TEXT_ARG(nearest));
	else
		intake_note(in, IMPORT_KIND_UNKNOWN, line, "unknown kind '%.*s'", SHOWN(word));
	return false;
}

bool own_party(struct intake *in, struct text word, uint32_t line, enum party *out)
{
	const struct mapping_word *w = mapping_word(&in->mapping->parties, word);

	if (party_find(w == NULL ? word : w->to, out))
		return true;
	intake_note(in, IMPORT_PARTY_UNKNOWN, line,
		    "unknown party '%.*s'; known are provider, client, monitor, supplier",
		    SHOWN(word));
	return false;
}

void own_unknown_field(struct intake *in, enum fact_kind kind, struct text key, uint32_t line)
{
	struct text nearest = fact_field_nearest(kind, key);

	if (nearest.n > 0)
		intake_note(in, IMPORT_FIELD_UNKNOWN, line,
			    "%s has no field '%.*s'; did you mean '%.*s'?", fact_row(kind)->kind,
			    SHOWN(key), TEXT_ARG(nearest));
	else
		intake_note(in, IMPORT_FIELD_UNKNOWN, line, "%s has no field '%.*s'",
			    fact_row(kind)->kind, SHOWN(key));
}

/* Planned spans must have a length: nothing can be made of one that ends before it begins. */
static bool span_is_good(const struct own *o, struct intake *in)
{
	const struct fact_value *from = fact_value(&o->fact, FIELD_FROM),
				*to = fact_value(&o->fact, FIELD_TO);

	if (from == NULL || to == NULL || from->number < to->number)
		return true;
	intake_note(in, IMPORT_SPAN, o->fact.line, "%s ends at or before its start",
		    fact_row((enum fact_kind)o->fact.kind)->kind);
	return false;
}

static bool is_admitted(const struct own *o, struct intake *in)
{
	struct err err;

	err_clear(&err);
	return facts_admit(in->facts, &o->fact, in->dates.zone, &err) == RC_OK ||
	       refused(o, in, IMPORT_VALUE, &err);
}

enum { CONTENT_MAX = 1 << 20 };

/* The first 16 digits of the content's hash. */
static symbol content_id(struct intake *in, const struct fact *f)
{
	char hex[SHA256_HEX + 1];
	struct buf content;

	buf_init(&content, CONTENT_MAX);
	fact_print_content(in->facts, f, &content);
	sha256_hex(buf_view(&content), hex);
	buf_free(&content);
	return intake_symbol(in, (struct text){hex, 16});
}

bool own_take(struct own *o, struct intake *in, struct text id)
{
	const struct fact_row *row = fact_row((enum fact_kind)o->fact.kind);

	for (size_t i = 0; i < row->n_fields; i++)
		if (row->fields[i].required && fact_value(&o->fact, row->fields[i].field) == NULL) {
			intake_note(in, IMPORT_FIELD_MISSING, o->fact.line, "%s needs '%s'",
				    row->kind, field_row(row->fields[i].field)->key);
			return false;
		}
	if (!span_is_good(o, in) || !is_admitted(o, in))
		return false;
	o->fact.id = id.n > 0 ? intake_symbol(in, id) : content_id(in, &o->fact);
	return intake_add(in, &o->fact) != INTAKE_CONFLICT;
}
