/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps 2 to 7 of trust.md J20: one pass over the entries, then what only the whole can tell. Step 8, the numbers, belongs to who
 * knows the engine. A later step is tried even where an earlier one failed, so that a report names all that is wrong.
 */
#include "journal/bundle_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

PRINTF_LIKE(2, 0) static struct text words(struct arena *a, const char *fmt, va_list ap)
{
	char line[2 * ERR_MESSAGE_MAX];
	int n = vsnprintf(line, sizeof(line), fmt, ap);

	assert(n >= 0);
	return text_copy(
		a, (struct text){line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1});
}

void check_fail(struct check *c, enum check_step step, int64_t index, const char *fmt, ...)
{
	struct step_report *s = &c->out->steps[step];
	va_list ap;

	if (s->result == CHECK_FAILED)
		return;
	va_start(ap, fmt);
	*s = (struct step_report){CHECK_FAILED, words(c->a, fmt, ap), index};
	va_end(ap);
}

void check_impossible(struct check *c, enum check_step step, const char *fmt, ...)
{
	struct step_report *s = &c->out->steps[step];
	va_list ap;

	if (s->result == CHECK_FAILED || s->result == CHECK_IMPOSSIBLE)
		return;
	va_start(ap, fmt);
	*s = (struct step_report){CHECK_IMPOSSIBLE, words(c->a, fmt, ap), -1};
	va_end(ap);
}

void check_words(struct check *c, enum check_step step, const char *fmt, ...)
{
	struct step_report *s = &c->out->steps[step];
	va_list ap;

	if (s->result != CHECK_PASSED)
		return;
	va_start(ap, fmt);
	s->words = words(c->a, fmt, ap);
	va_end(ap);
}

bool check_passed(const struct check *c, enum check_step step)
{
	return c->out->steps[step].result == CHECK_PASSED;
}

/* An entry's own checks. What fails is told once: after the first entry that is not good, the rest is hashed only. */
enum rc check_entry(struct check *c, struct text bytes, int64_t index, struct err *err)
{
	struct entry e;
	struct canon_doc doc;
	struct err why = {.line = 0};
	size_t i = c->n_entries;

	if (!check_passed(c, CHECK_ENTRIES))
		return RC_OK;
	if (entry_parse(c->a, c->scratch, bytes, &e, &doc, &why) != RC_OK) {
		check_fail(c, CHECK_ENTRIES, index, "entry %lld: %s", (long long)index,
			   why.message);
		return RC_OK;
	}
	if (uuid_cmp(&e.log, &c->b->about.log) != 0) {
		check_fail(c, CHECK_ENTRIES, index, "entry %lld belongs to another log",
			   (long long)index);
		return RC_OK;
	}
	if (e.recorded_at < c->last_recorded_at) {
		check_fail(c, CHECK_ENTRIES, index,
			   "entry %lld was recorded before the entry that stands before it",
			   (long long)index);
		return RC_OK;
	}
	assert(i < c->cap_entries);
	c->last_recorded_at = e.recorded_at;
	c->entries[i] = (struct bundle_entry){bytes, index};
	c->ids[i] = e.id;
	if (i > 0 && uuid_cmp(&c->ids[i - 1], &e.id) >= 0)
		c->ids_ascend = false;
	c->n_entries++;
	check_key_fact(c, index, &e, &doc);
	check_slots_of(c, index, &e);
	check_names_files(c, index, &e, &doc);
	return c->each == NULL ? RC_OK : c->each(c->context, index, &e, &doc, err);
}

struct id_place {
	struct uuid id;
	size_t i;
};

static int by_id(const void *x, const void *y)
{
	const struct id_place *p = x, *q = y;
	int order = uuid_cmp(&p->id, &q->id);

	return order != 0 ? order : p->i < q->i ? -1 : p->i > q->i;
}

/* Ids made while recording ascend by themselves and need no sorting; imported ones do. */
void check_ids(struct check *c)
{
	struct id_place *v;
	size_t again = SIZE_MAX, first = 0;

	if (c->ids_ascend)
		return;
	v = arena_array(c->a, struct id_place, c->n_entries);
	for (size_t i = 0; i < c->n_entries; i++)
		v[i] = (struct id_place){c->ids[i], i};
	qsort(v, c->n_entries, sizeof(*v), by_id);
	for (size_t i = 1; i < c->n_entries; i++)
		if (uuid_cmp(&v[i - 1].id, &v[i].id) == 0 && v[i].i < again) {
			again = v[i].i;
			first = v[i - 1].i;
		}
	if (again != SIZE_MAX)
		check_fail(c, CHECK_ENTRIES, c->entries[again].index,
			   "entry %lld has the id of entry %lld",
			   (long long)c->entries[again].index, (long long)c->entries[first].index);
}

/* No valid entry is shorter than its fixed members; so many bytes hold at most so many of them. */
static void make_room(struct check *c)
{
	enum { ENTRY_MIN_BYTES = 150 };
	struct bundle_range r =
		bundle_range_of(c->b, c->b->about.complete ? "entries/" : "leaves/");
	size_t bytes = 0;

	for (size_t i = 0; i < r.n; i++)
		bytes += r.v[i].bytes.n;
	c->cap_entries = bytes / ENTRY_MIN_BYTES + 1;
	c->entries = arena_array(c->a, struct bundle_entry, c->cap_entries);
	c->ids = arena_array(c->a, struct uuid, c->cap_entries);
	c->ids_ascend = true;
	c->last_recorded_at = INSTANT_MIN;
	c->scratch = canon_scratch_new(c->a);
}

static void finish(struct check *c)
{
	struct bundle_checked *out = c->out;

	check_words(c, CHECK_ENTRIES, "%zu entries are canonical, in order, each with its own id",
		    c->n_entries);
	if (c->out->steps[CHECK_ENTRIES].result == CHECK_FAILED)
		check_impossible(c, CHECK_APPROVALS, "not all entries could be read");
	check_words(c, CHECK_APPROVALS,
		    "%zu versions and %" PRId64 " inputs are those that entries name",
		    out->n_versions, c->n_inputs);
	if (!c->b->about.complete)
		check_impossible(c, CHECK_ENTRIES, "inclusion shown, completeness not shown");
	out->entries = c->entries;
	out->n_entries = c->n_entries;
	out->n_opened = c->n_opened;
}

enum rc bundle_check(struct arena *a, struct hasher *h, const struct bundle *b,
		     const struct bundle_trust *trust,
		     enum rc (*each)(void *context, int64_t index, const struct entry *e,
				     const struct canon_doc *doc, struct err *err),
		     void *context, struct bundle_checked *out, struct err *err)
{
	struct check *c = arena_one(a, struct check);
	enum rc rc;

	*c = (struct check){.a = a, .h = h, .b = b, .trust = trust, .context = context, .out = out};
	c->each = b->about.complete ? each : NULL;
	*out = (struct bundle_checked){.n_entries = 0};
	for (int step = CHECK_LIST; step <= CHECK_STEPS; step++)
		out->steps[step] = (struct step_report){CHECK_PASSED, text_of(""), -1};
	out->steps[CHECK_NUMBERS].result = CHECK_SKIPPED;
	check_words(c, CHECK_LIST, "%zu files are those of the list", b->n);
	make_room(c);
	check_notes_read(c);
	check_keys_read(c);
	check_slots_read(c);
	check_named_files(c);
	rc = b->about.complete ? check_entries(c, err) : check_leaves(c, err);
	if (rc != RC_OK)
		return rc;
	check_ids(c);
	check_signatures(c);
	check_slots_end(c);
	finish(c);
	return RC_OK;
}
