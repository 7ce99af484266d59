/* SPDX-License-Identifier: Apache-2.0 */
/* The tables that a contract depends on without holding them: zones, holiday sets, calendar files, library words (CL-44, J2). */
#include "terms/version.h"

#include "base/canon.h"
#include "base/json.h"
#include "base/sha256.h"
#include "terms/canonical.h"
#include "terms/library.h"
#include "terms/read.h"

#include <assert.h>
#include <stdlib.h>

enum { INPUT_BYTES_MAX = 1 << 22, YEAR_FIRST = 1970, YEAR_LAST = 9999, YEARS_MAX = 200 };

struct inputs {
	struct arena *a;
	const struct terms_context *context;
	int32_t first, last; /* years of holidays */
	struct contract_input *v;
	size_t n, cap;
};

const char *input_kind_name(enum input_kind kind)
{
	static const char *const names[] = {[INPUT_HOLIDAYS] = "holidays",
					    [INPUT_ICS] = "ics",
					    [INPUT_LIBRARY] = "library",
					    [INPUT_ZONE] = "zone"};

	assert((size_t)kind < ARRAY_SIZE(names));
	return names[kind];
}

/* --- holidays --- */

static void year_print(struct json *j, const struct holiday_set *s, int32_t year)
{
	struct holiday days[HOLIDAYS_PER_YEAR_MAX];
	size_t n = holiday_set_year(s, year, days);
	struct buf date;

	buf_init(&date, 16);
	for (size_t i = 0; i < n; i++) {
		buf_clear(&date);
		day_print(&date, days[i].date);
		json_open_object(j);
		json_kv_text(j, "date", buf_view(&date));
		json_kv_str(j, "name", days[i].name);
		json_end_object(j);
	}
	buf_free(&date);
}

struct text holidays_bytes(struct arena *a, const struct holiday_set *s, int32_t first,
			   int32_t last)
{
	struct buf b;
	struct json j;

	buf_init(&b, INPUT_BYTES_MAX);
	json_init(&j, &b, false);
	json_open_object(&j);
	json_key(&j, "days");
	json_open_array(&j);
	for (int32_t year = first; year <= last; year++)
		year_print(&j, s, year);
	json_end_array(&j);
	json_kv_int(&j, "first", first);
	json_kv_int(&j, "last", last);
	json_kv_str(&j, "set", holiday_set_name(s));
	json_end_object(&j);
	assert(!b.full && "at most 64 days in each of 200 years");
	struct text t = text_copy(a, buf_view(&b));

	buf_free(&b);
	return t;
}

static const struct canon_node *member(const struct canon_doc *doc, const struct canon_node *in,
				       const char *key, enum canon_type type)
{
	const struct canon_node *n = canon_member(doc, in, key);

	return n == NULL || n->type != type ? NULL : n;
}

/* The date of the first day in which two lists of days differ, or empty. */
static struct text first_difference(const struct canon_doc *x, const struct canon_doc *y)
{
	const struct canon_node *in[2], *at[2], *date[2];
	const struct canon_doc *doc[2] = {x, y};

	for (int i = 0; i < 2; i++) {
		in[i] = member(doc[i], doc[i]->v, "days", CANON_ARRAY);
		at[i] = in[i] == NULL ? NULL : canon_first(doc[i], in[i]);
	}
	while (at[0] != NULL && at[1] != NULL) {
		struct text bytes[2];

		for (int i = 0; i < 2; i++)
			bytes[i] = text_sub(doc[i]->bytes, at[i]->offset,
					    at[i]->offset + at[i]->length);
		if (!text_eq(bytes[0], bytes[1]))
			break;
		for (int i = 0; i < 2; i++)
			at[i] = canon_next(doc[i], in[i], at[i]);
	}

	struct text found = {"", 0};

	for (int i = 0; i < 2; i++) {
		date[i] = at[i] == NULL || at[i]->type != CANON_OBJECT
				  ? NULL
				  : member(doc[i], at[i], "date", CANON_TEXT);
		if (date[i] != NULL && (found.n == 0 || text_cmp(date[i]->text, found) < 0))
			found = date[i]->text;
	}
	return found;
}

enum rc holidays_check(struct arena *a, struct text bytes, struct err *err)
{
	struct canon_doc pinned, now;
	enum rc rc = canon_parse(a, NULL, bytes, CANON_STRICT, &CANON_LARGE, &pinned, err);

	if (rc != RC_OK)
		return rc;

	const struct canon_node *top = pinned.v,
				*set = top->type != CANON_OBJECT
					       ? NULL
					       : member(&pinned, top, "set", CANON_TEXT),
				*first = set == NULL ? NULL
						     : member(&pinned, top, "first", CANON_INT),
				*last = set == NULL ? NULL
						    : member(&pinned, top, "last", CANON_INT);

	if (first == NULL || last == NULL || first->number < YEAR_FIRST ||
	    last->number > YEAR_LAST || last->number < first->number ||
	    last->number - first->number >= YEARS_MAX)
		return err_set(err, RC_INVALID, "these are not the days of a holiday set");

	const struct holiday_set *s = holiday_set_find(set->text);

	if (s == NULL)
		return err_set(err, RC_INVALID, "this program has no holiday set '%.*s'",
			       TEXT_ARG(shown(a, set->text)));
	struct text would = holidays_bytes(a, s, (int32_t)first->number, (int32_t)last->number);

	if (text_eq(would, bytes))
		return RC_OK;
	rc = canon_parse(a, NULL, would, CANON_STRICT, &CANON_LARGE, &now, err);
	if (rc != RC_OK)
		return rc;
	return err_set(err, RC_INVALID,
		       "the holidays of '%.*s' that were recorded are not those of this program, "
		       "from %.*s on",
		       TEXT_ARG(set->text), TEXT_ARG(shown(a, first_difference(&pinned, &now))));
}

/* --- what a contract names --- */

static enum rc add_bytes(struct inputs *in, const struct node *n, struct contract_input *x,
			 struct err *err)
{
	struct buf b;

	switch (x->kind) {
	case INPUT_ZONE:
		return RC_OK;
	case INPUT_HOLIDAYS:
		x->bytes = holidays_bytes(in->a, holiday_set_find(n->text), in->first, in->last);
		break;
	case INPUT_LIBRARY:
		buf_init(&b, INPUT_BYTES_MAX);
		library_bytes(library_find(n->text), &b);
		assert(!b.full);
		x->bytes = text_copy(in->a, buf_view(&b));
		buf_free(&b);
		break;
	case INPUT_ICS: {
		if (in->context == NULL || in->context->load == NULL)
			return err_set(err, RC_MISSING,
				       "no calendar files can be read here: '%.*s'",
				       TEXT_ARG(shown(in->a, n->text)));
		enum rc rc = in->context->load(in->context->load_context, ics_source(in->a, n),
					       &x->bytes, err);

		if (rc != RC_OK)
			return rc;
		break;
	}
	}
	sha256_hex(x->bytes, x->sha256);
	return RC_OK;
}

static enum rc add(struct inputs *in, enum input_kind kind, const struct node *n, struct err *err)
{
	struct contract_input x = {.kind = kind, .name = n->text};
	enum rc rc;

	for (size_t i = 0; i < in->n; i++)
		if (in->v[i].kind == kind && text_eq(in->v[i].name, n->text))
			return RC_OK;
	rc = add_bytes(in, n, &x, err);
	if (rc != RC_OK)
		return rc;
	/* The file may have changed since the contract was read. */
	if (kind == INPUT_ICS && !text_is(n->value.sha256, x.sha256))
		return err_set(err, RC_INVALID,
			       "the calendar '%.*s' changed while the contract was read",
			       TEXT_ARG(shown(in->a, n->text)));
	in->v = arena_grow(in->a, in->v, in->n, &in->cap, sizeof(*in->v));
	in->v[in->n++] = x;
	return RC_OK;
}

static enum rc take(struct inputs *in, const struct node *n, struct err *err)
{
	if (n->kind != NODE_SCALAR || n->hole)
		return RC_OK;
	if (n->term->type == TERM_TZ)
		return add(in, INPUT_ZONE, n, err);
	if (n->term->type == TERM_LIB)
		return add(in, INPUT_LIBRARY, n, err);
	if (text_is(text_of(n->term->path), "calendars[].holidays[].set"))
		return add(in, INPUT_HOLIDAYS, n, err);
	if (text_is(text_of(n->term->path), "calendars[].holidays[].ics"))
		return add(in, INPUT_ICS, n, err);
	return RC_OK;
}

static int by_kind_and_name(const void *x, const void *y)
{
	const struct contract_input *a = x, *b = y;

	return a->kind != b->kind ? (a->kind > b->kind) - (a->kind < b->kind)
				  : text_cmp(a->name, b->name);
}

enum rc contract_inputs(struct arena *a, const struct contract *c,
			const struct terms_context *context, day from,
			const struct contract_input **out, size_t *n, struct err *err)
{
	int32_t year = civil_of(from).year;
	struct inputs in = {.a = a,
			    .context = context,
			    .first = year < YEAR_FIRST ? YEAR_FIRST : year,
			    .last = year > YEAR_LAST - HOLIDAY_YEARS ? YEAR_LAST
								     : year + HOLIDAY_YEARS};

	assert(c->valid);
	for (const struct node *m = c->root; m != NULL; m = node_after(m)) {
		enum rc rc = take(&in, m, err);

		if (rc != RC_OK)
			return rc;
	}
	if (in.n > 0)
		qsort(in.v, in.n, sizeof(*in.v), by_kind_and_name);
	*out = in.v;
	*n = in.n;
	return RC_OK;
}
