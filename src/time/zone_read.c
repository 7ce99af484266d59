/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading TZif (RFC 8536, RFC 9636): a header with six counts, then transition times, their types, the types, their names, leap
 * seconds, two sets of flags; from version 2 on all of it twice, the second time with 64 bits, and a rule at the end.
 */
#include "time/zone_table.h"

#include <string.h>

enum { HEADER_BYTES = 44, TYPE_BYTES = 6 };

/* A block's counts, in the order of the header. */
struct counts {
	uint32_t isut, isstd, leap, time, type, character;
};

/* A block cut into its parts; time_bytes is 4 or 8. */
struct block {
	struct counts n;
	size_t time_bytes;
	const unsigned char *times, *indexes, *types;
	const char *names;
};

struct reader {
	struct text bytes, name;
	size_t at;
	struct err *err;
};

static enum rc bad(const struct reader *r, const char *why)
{
	return err_set(r->err, RC_INVALID, "zone %.*s is no usable TZif file: %s",
		       TEXT_ARG(r->name), why);
}

/* n bytes from where the reader is, or NULL if there are fewer. */
static const unsigned char *take(struct reader *r, uint64_t n)
{
	if (n > r->bytes.n - r->at)
		return NULL;

	const unsigned char *p = (const unsigned char *)r->bytes.p + r->at;

	r->at += (size_t)n;
	return p;
}

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Two's complement without a conversion that depends on the compiler. */
static int64_t signed_of(uint64_t u, unsigned bits)
{
	uint64_t top = UINT64_C(1) << (bits - 1);

	return u < top ? (int64_t)u : -(int64_t)(top - (u - top) - 1) - 1;
}

static int64_t time_at(const struct block *b, size_t i)
{
	const unsigned char *p = b->times + i * b->time_bytes;

	if (b->time_bytes == 4)
		return signed_of(be32(p), 32);
	return signed_of((uint64_t)be32(p) << 32 | be32(p + 4), 64);
}

static enum rc read_header(struct reader *r, struct counts *n, unsigned char *version)
{
	const unsigned char *p = take(r, HEADER_BYTES);

	if (p == NULL)
		return bad(r, "it ends too early");
	if (memcmp(p, "TZif", 4) != 0)
		return bad(r, "its first bytes are not TZif");
	*version = p[4];
	if (*version != 0 && (*version < '2' || *version > '4'))
		return bad(r, "its version is not 1 to 4");
	*n = (struct counts){be32(p + 20), be32(p + 24), be32(p + 28),
			     be32(p + 32), be32(p + 36), be32(p + 40)};
	return RC_OK;
}

static uint64_t block_bytes(const struct counts *n, size_t time_bytes)
{
	return (uint64_t)n->time * (time_bytes + 1) + (uint64_t)n->type * TYPE_BYTES +
	       n->character + (uint64_t)n->leap * (time_bytes + 4) + n->isstd + n->isut;
}

static enum rc read_block(struct reader *r, size_t time_bytes, const struct counts *n,
			  struct block *out)
{
	const unsigned char *p = take(r, block_bytes(n, time_bytes));

	if (p == NULL)
		return bad(r, "it ends too early");
	if (n->type == 0 || n->type > 256 || n->character == 0 || n->isut > n->type ||
	    n->isstd > n->type)
		return bad(r, "its counts do not fit together");
	if (n->leap != 0)
		return bad(r, "it counts leap seconds, which instants do not");

	out->n = *n;
	out->time_bytes = time_bytes;
	out->times = p;
	out->indexes = p + (size_t)n->time * time_bytes;
	out->types = out->indexes + n->time;
	out->names = (const char *)out->types + (size_t)n->type * TYPE_BYTES;
	return RC_OK;
}

static enum rc read_type(const struct reader *r, const struct block *b, size_t i,
			 struct zone_type *out)
{
	const unsigned char *p = b->types + i * TYPE_BYTES;
	int64_t offset_s = signed_of(be32(p), 32);
	size_t first = p[5];

	if (offset_s < ZONE_OFFSET_MIN_S || offset_s > ZONE_OFFSET_MAX_S)
		return bad(r, "an offset is more than a day");
	if (p[4] > 1)
		return bad(r, "a daylight flag is neither 0 nor 1");
	if (first >= b->n.character)
		return bad(r, "a name lies outside the names");

	const char *end = memchr(b->names + first, '\0', b->n.character - first);

	if (end == NULL || end - (b->names + first) >= ZONE_ABBREV_MAX)
		return bad(r, "a name is too long");
	out->offset_s = (int32_t)offset_s;
	out->dst = p[4] == 1;
	memcpy(out->abbrev, b->names + first, (size_t)(end - (b->names + first)));
	return RC_OK;
}

/* "\n", the rule, "\n": empty if nobody knows what will hold. */
static enum rc read_footer(struct reader *r, struct zone *z, bool *has_rule)
{
	const unsigned char *start = take(r, 1);
	size_t first = r->at, end = text_find(r->bytes, '\n', first);

	if (start == NULL || *start != '\n' || end == r->bytes.n)
		return bad(r, "its last line is missing");
	*has_rule = end > first;
	return *has_rule ? zone_rule_parse(text_sub(r->bytes, first, end), &z->rule, r->err)
			 : RC_OK;
}

static bool same_type(const struct zone_type *a, const struct zone_type *b)
{
	return a->offset_s == b->offset_s && a->dst == b->dst && strcmp(a->abbrev, b->abbrev) == 0;
}

static uint32_t last_type(const struct zone_change *v, size_t n, uint32_t before)
{
	return n == 0 ? before : v[n - 1].type;
}

/*
 * The changes between the first and the last valid instant. Files begin with transitions in the year of the big bang and repeat
 * what is already so; the former only say what holds at first, the latter are left out.
 */
static enum rc read_changes(const struct reader *r, const struct block *b, bool has_rule,
			    struct zone_change *v, struct zone *z)
{
	uint32_t first = 0;
	size_t n = 0;
	int64_t before = INT64_MIN;

	z->rule_from = has_rule ? INSTANT_MIN - 2 * DAY_MS : INT64_MAX;
	for (size_t i = 0; i < b->n.time; i++) {
		int64_t s = time_at(b, i);

		if (b->indexes[i] >= b->n.type)
			return bad(r, "a transition has no type");
		if (i > 0 && s <= before)
			return bad(r, "its transitions are not in order");
		before = s;
		if (s >= INSTANT_MAX / SECOND_MS) {
			z->rule_from = INT64_MAX;
		} else if (s <= (INSTANT_MIN - 2 * DAY_MS) / SECOND_MS) {
			first = b->indexes[i];
		} else {
			uint32_t type = b->indexes[i];

			if (!same_type(&z->types[type], &z->types[last_type(v, n, first)])) {
				v[n].at = s * SECOND_MS;
				v[n++].type = type;
			}
			z->rule_from = has_rule ? s * SECOND_MS : INT64_MAX;
		}
	}

	z->changes = v;
	z->n_changes = n;
	z->first_type = first;
	return RC_OK;
}

/* The rule decides at the last transition itself; in a sound file it says the same. */
static void begin_rule(const struct block *b, struct zone_change *v, struct zone *z)
{
	uint32_t type =
		b->n.type + (zone_rule_at(&z->rule, z->rule_from) == &z->rule.daylight ? 1 : 0);
	size_t n = z->n_changes;

	if (n > 0 && v[n - 1].at == z->rule_from)
		n--;
	if (b->n.time == 0)
		z->first_type = type;
	else if (!same_type(&z->types[type], &z->types[last_type(v, n, z->first_type)]))
		v[n++] = (struct zone_change){z->rule_from, type};
	z->n_changes = n;
}

static enum rc read_zone(struct reader *r, struct arena *a, struct zone *z)
{
	struct counts n;
	struct block b = {0};
	unsigned char version = 0;
	bool has_rule = false;
	enum rc rc = read_header(r, &n, &version);
	size_t time_bytes = version == 0 ? 4 : 8;

	if (rc == RC_OK && version != 0) {
		if (take(r, block_bytes(&n, 4)) == NULL)
			return bad(r, "it ends too early");
		rc = read_header(r, &n, &version);
		if (rc == RC_OK && version == 0)
			return bad(r, "its two headers do not agree");
	}
	if (rc == RC_OK)
		rc = read_block(r, time_bytes, &n, &b);
	if (rc == RC_OK && time_bytes == 8)
		rc = read_footer(r, z, &has_rule);
	if (rc != RC_OK)
		return rc;

	struct zone_type *types = arena_array(a, struct zone_type, (size_t)n.type + 2);

	for (size_t i = 0; i < n.type && rc == RC_OK; i++)
		rc = read_type(r, &b, i, &types[i]);
	if (rc != RC_OK)
		return rc;
	types[n.type] = z->rule.standard;
	types[n.type + 1] = z->rule.daylight;
	z->types = types;
	z->n_types = (size_t)n.type + 2;
	struct zone_change *v = arena_array(a, struct zone_change, (size_t)n.time + 1);

	rc = read_changes(r, &b, has_rule, v, z);
	if (rc == RC_OK && z->rule_from != INT64_MAX)
		begin_rule(&b, v, z);
	return rc;
}

enum rc zone_parse(struct arena *a, struct text name, struct text tzif, const struct zone **out,
		   struct err *err)
{
	struct reader r = {tzif, name, 0, err};
	struct zone *z = arena_one(a, struct zone);
	enum rc rc = read_zone(&r, a, z);

	if (rc != RC_OK)
		return rc;
	z->name = text_copy(a, name);
	*out = z;
	return RC_OK;
}
