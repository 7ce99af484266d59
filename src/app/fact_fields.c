/* SPDX-License-Identifier: Apache-2.0 */
#include "app/fact_fields.h"

#include "app/values.h"
#include "facts/check.h"
#include "money/exact.h"


struct fields {
	struct facts *set;
	const struct zone *zone;
	enum fact_kind kind;
	struct fact_value v[FACT_VALUES_MAX];
	size_t n;
};

static enum rc wrong(struct text key, struct text value, const char *right, struct err *err)
{
	err_hint(err, "write %s", right);
	return err_set(err, RC_USAGE, "'%.*s' is no value for %.*s", TEXT_ARG(value),
		       TEXT_ARG(key));
}

static enum rc add_value(struct fields *x, enum fact_field field, struct fact_value v,
			 struct err *err)
{
	if (x->n == FACT_VALUES_MAX)
		return err_set(err, RC_LIMIT, "a fact has at most %d values", FACT_VALUES_MAX);
	v.field = (uint32_t)field;
	x->v[x->n++] = v;
	return RC_OK;
}

static enum rc add_list(struct fields *x, enum fact_field field, struct text value, struct err *err)
{
	struct text one;

	while (value.n > 0) {
		value = text_cut(value, ',', &one);
		one = text_trim(one);
		if (one.n == 0)
			continue;
		enum rc rc = add_value(
			x, field, (struct fact_value){.word = symbol_add(x->set->symbols, one)},
			err);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc add_typed(struct fields *x, enum fact_field field, struct text key,
			 struct text value, struct err *err)
{
	struct fact_value v = {.field = 0};
	struct decimal d;
	instant at;

	switch (field_row(field)->type) {
	case FIELD_SYMBOL:
	case FIELD_TEXT:
		v.word = symbol_add(x->set->symbols, value);
		break;
	case FIELD_SYMBOLS:
		return add_list(x, field, value, err);
	case FIELD_INSTANT:
		if (value_instant(value, x->zone, &at, err) != RC_OK)
			return RC_USAGE;
		v.number = at;
		break;
	case FIELD_BOOL:
		if (!text_is(value, "true") && !text_is(value, "false"))
			return wrong(key, value, "true or false", err);
		v.number = text_is(value, "true");
		break;
	case FIELD_INT:
		if (!text_int(value, &v.number))
			return wrong(key, value, "a whole number", err);
		break;
	case FIELD_DECIMAL:
		if (decimal_parse_long(value, &d, err) != RC_OK)
			return err->hint[0] != '\0' ? RC_USAGE
						    : wrong(key, value, "a number like 4.5", err);
		v.number = (int64_t)d.units;
		v.scale = d.scale;
		break;
	}
	return add_value(x, field, v, err);
}

static enum rc find_field(enum fact_kind kind, struct text key, enum fact_field *field,
			  struct err *err)
{
	struct text near;

	if (fact_field_find(kind, key, field))
		return RC_OK;
	near = fact_field_nearest(kind, key);
	if (near.n > 0)
		err_hint(err, "did you mean %.*s?", TEXT_ARG(near));
	else
		err_hint(err, "docs/facts.md lists the fields of every kind");
	return err_set(err, RC_USAGE, "%s has no field '%.*s'", fact_row(kind)->kind,
		       TEXT_ARG(key));
}

static void drop_field(struct fields *x, enum fact_field field)
{
	size_t kept = 0;

	for (size_t i = 0; i < x->n; i++)
		if (x->v[i].field != (uint32_t)field)
			x->v[kept++] = x->v[i];
	x->n = kept;
}

static enum rc take_fields(struct fields *x, const struct text *fields, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct text key, value = text_cut(fields[i], '=', &key);
		enum fact_field field;
		enum rc rc = RC_OK;

		if (text_find(fields[i], '=', 0) == fields[i].n) {
			err_hint(err, "for example ticket=T-1");
			return err_set(err, RC_USAGE, "'%.*s' is not FIELD=VALUE",
				       TEXT_ARG(fields[i]));
		}
		rc = find_field(x->kind, text_trim(key), &field, err);
		if (rc != RC_OK)
			return rc;
		drop_field(x, field);
		if (value.n > 0)
			rc = add_typed(x, field, key, value, err);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* In the order of the row; every required one there. */
static enum rc complete(struct fields *x, struct fact *f, struct err *err)
{
	const struct fact_row *row = fact_row(x->kind);
	struct fact_value sorted[FACT_VALUES_MAX];
	size_t n = 0;

	for (size_t k = 0; k < row->n_fields; k++) {
		size_t before = n;

		for (size_t i = 0; i < x->n; i++)
			if (x->v[i].field == (uint32_t)row->fields[k].field)
				sorted[n++] = x->v[i];
		if (n == before && row->fields[k].required) {
			err_hint(err, "%s=..., %s", field_row(row->fields[k].field)->key,
				 field_row(row->fields[k].field)->help);
			return err_set(err, RC_USAGE, "%s needs the field %s", row->kind,
				       field_row(row->fields[k].field)->key);
		}
		if (n > before && row->fields[k].field == row->subject)
			f->subject = sorted[before].word;
	}
	struct fact made = *f;

	made.kind = (uint8_t)x->kind;
	made.values = sorted;
	made.n_values = (uint16_t)n;
	if (facts_admit(x->set, &made, x->zone, err) != RC_OK)
		return RC_USAGE;
	*f = *facts_add(x->set, &made);
	return RC_OK;
}

enum rc fact_from_fields(struct facts *set, struct text kind, const struct text *fields, size_t n,
			 const struct zone *zone, struct fact *f, struct err *err)
{
	struct fields x = {.set = set, .zone = zone};
	struct text near;
	enum rc rc;

	if (!fact_kind_find(kind, &x.kind)) {
		near = fact_kind_nearest(kind);
		if (near.n > 0)
			err_hint(err, "did you mean %.*s?", TEXT_ARG(near));
		else
			err_hint(err, "docs/facts.md lists the kinds");
		return err_set(err, RC_USAGE, "there is no kind of fact '%.*s'", TEXT_ARG(kind));
	}
	rc = take_fields(&x, fields, n, err);
	return rc == RC_OK ? complete(&x, f, err) : rc;
}

enum rc fact_with_fields(struct facts *set, const struct fact *old, const struct text *fields,
			 size_t n, const struct zone *zone, struct err *err)
{
	struct fields x = {.set = set, .zone = zone, .kind = (enum fact_kind)old->kind};
	struct fact f = *old;
	enum rc rc;

	for (size_t i = 0; i < old->n_values && i < FACT_VALUES_MAX; i++)
		x.v[x.n++] = old->values[i];
	rc = take_fields(&x, fields, n, err);
	return rc == RC_OK ? complete(&x, &f, err) : rc;
}
