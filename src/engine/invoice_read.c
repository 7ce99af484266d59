/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document from its canonical JSON. Values are taken as they come; then the document is written again, and the first byte that
 * differs tells which member was not in the form that is written. So nothing can be read that would print to other bytes.
 */
#include "engine/invoice_json.h"

#include "engine/invoice_shape.h"

#include <assert.h>
#include <string.h>

struct reader {
	struct arena *arena;
	const struct canon_doc *doc;
	struct currency currency;
	struct err *err;
};

static enum rc refuse(const struct reader *r, struct text key, const char *why)
{
	err_key(r->err, key);
	return err_set(r->err, RC_INVALID, "'%.*s' of a document %s", TEXT_ARG(key), why);
}

/* --- scalars --- */

static bool read_i128(struct text t, i128 *out)
{
	bool negative = text_starts(t, "-");
	u128 v = 0, most = ((u128)1 << 127) - 1;

	t = text_sub(t, negative ? 1 : 0, t.n);
	if (t.n == 0 || t.n > 39)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] < '0' || t.p[i] > '9')
			return false;

		u128 digit = (u128)(t.p[i] - '0');

		if (v > (most - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*out = negative ? -(i128)v : (i128)v;
	return true;
}

static bool read_fraction(struct text t, struct fraction *out)
{
	struct text num, den = text_cut(t, '/', &num);
	struct fraction f = {0, 1};

	if (!read_i128(num, &f.num) || (num.n < t.n && !read_i128(den, &f.den)) || f.den <= 0)
		return false;
	*out = f;
	return true;
}

static bool read_i64(struct text t, int64_t *out)
{
	i128 v = 0;

	if (!read_i128(t, &v) || v > INT64_MAX || v < -INT64_MAX)
		return false;
	*out = (int64_t)v;
	return true;
}

static bool read_decimal(struct text t, struct decimal *out)
{
	enum { PLACES_MAX = 18 };
	struct text whole, part = text_cut(t, '.', &whole);
	char digits[48];
	struct decimal d = {0, 0};

	if (whole.n == 0 || whole.n + part.n > 30 || part.n > PLACES_MAX || text_is(whole, "-"))
		return false;
	memcpy(digits, whole.p, whole.n);
	if (part.n > 0)
		memcpy(digits + whole.n, part.p, part.n);
	if (!read_i64((struct text){digits, whole.n + part.n}, &d.units))
		return false;
	d.scale = (uint8_t)part.n;
	*out = d;
	return true;
}

static bool read_money(const struct reader *r, struct text t, int64_t *out)
{
	struct decimal d;

	if (!read_decimal(t, &d) || d.scale != r->currency.decimals)
		return false;
	*out = d.units;
	return true;
}

static bool read_days(struct text t, struct days *out)
{
	struct text from, to = text_cut(t, '/', &from);
	struct days d;

	if (!day_parse(from, &d.from) || !day_parse(to, &d.to))
		return false;
	*out = d;
	return true;
}

static bool read_weight(struct text t, struct weight *out)
{
	struct text part, of = text_cut(t, '/', &part);
	struct weight w;

	if (!read_i64(part, &w.days) || !read_i64(of, &w.of))
		return false;
	*out = w;
	return true;
}

static bool hex_digit(char c, unsigned *out)
{
	if (c >= '0' && c <= '9')
		*out = (unsigned)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*out = (unsigned)(c - 'a') + 10;
	else
		return false;
	return true;
}

static bool read_hash(struct text t, struct hash *out)
{
	struct hash h;

	if (t.n != SHA256_HEX)
		return false;
	for (size_t i = 0; i < sizeof(h.b); i++) {
		unsigned high, low;

		if (!hex_digit(t.p[2 * i], &high) || !hex_digit(t.p[2 * i + 1], &low))
			return false;
		h.b[i] = (unsigned char)(high << 4 | low);
	}
	*out = h;
	return true;
}

static bool read_instant(struct text t, instant *out)
{
	struct err ignored = {.line = 0};

	return instant_parse(t, out, NULL, &ignored) == RC_OK;
}

static bool find_word(const struct member *m, struct text t, char *p)
{
	for (unsigned i = 0; i < m->n_words; i++) {
		if (!text_is(t, m->word(i)))
			continue;
		memcpy(p, &i, sizeof(i));
		return true;
	}
	return false;
}

static bool find_step(struct text t, uint16_t *out)
{
	for (unsigned i = 0; i < STEP_COUNT_OF; i++) {
		if (!text_is(t, step_word((enum step_what)i)))
			continue;
		*out = (uint16_t)i;
		return true;
	}
	return false;
}

/* Values that JSON has as text; false: not of this type. */
static bool read_texted(const struct reader *r, const struct member *m, struct text t, char *base)
{
	char *p = base + m->at;
	const bool there = true;
	union {
		int64_t number;
		uint16_t what;
		day date;
		struct days days;
		struct decimal decimal;
		struct fraction fraction;
		struct weight weight;
		struct hash hash;
	} v;
	size_t size = 0;

	memset(&v, 0, sizeof(v));
	if (m->type == MEMBER_TEXT) {
		memcpy(p, &t, sizeof(t));
		return true;
	}
	if (m->type == MEMBER_WORD)
		return find_word(m, t, p);
	if (m->type == MEMBER_MONEY && read_money(r, t, &v.number))
		size = sizeof(v.number);
	else if (m->type == MEMBER_INSTANT && read_instant(t, &v.number))
		size = sizeof(v.number);
	else if (m->type == MEMBER_WHAT && find_step(t, &v.what))
		size = sizeof(v.what);
	else if (m->type == MEMBER_DAY && day_parse(t, &v.date))
		size = sizeof(v.date);
	else if (m->type == MEMBER_DAYS && read_days(t, &v.days))
		size = sizeof(v.days);
	else if ((m->type == MEMBER_DECIMAL || m->type == MEMBER_PRICE) &&
		 read_decimal(t, &v.decimal))
		size = sizeof(v.decimal);
	else if (m->type == MEMBER_FRACTION && read_fraction(t, &v.fraction))
		size = sizeof(v.fraction);
	else if (m->type == MEMBER_WEIGHT && read_weight(t, &v.weight))
		size = sizeof(v.weight);
	else if (m->type == MEMBER_HASH && read_hash(t, &v.hash))
		size = sizeof(v.hash);
	if (size == 0)
		return false;
	memcpy(p, &v, size);
	if (m->type == MEMBER_PRICE)
		memcpy(base + m->n_at, &there, sizeof(there));
	return true;
}

static enum rc read_scalar(const struct reader *r, const struct member *m,
			   const struct canon_node *node, char *base)
{
	char *p = base + m->at;
	bool right = false;

	if (m->type == MEMBER_INT || m->type == MEMBER_ENTRY) {
		right = node->type == CANON_INT;
		memcpy(p, &node->number, sizeof(node->number));
	} else if (m->type == MEMBER_INDEX) {
		int index = node->number >= -1 && node->number < INT32_MAX ? (int)node->number : -1;

		right = node->type == CANON_INT;
		memcpy(p, &index, sizeof(index));
	} else if (m->type == MEMBER_BOOL) {
		bool truth = node->number != 0;

		right = node->type == CANON_BOOL;
		memcpy(p, &truth, sizeof(truth));
	} else if (m->type == MEMBER_CURRENCY) {
		right = true; /* read first of all */
		memcpy(p, &r->currency, sizeof(r->currency));
	} else {
		right = node->type == CANON_TEXT && read_texted(r, m, node->text, base);
	}
	return right ? RC_OK : refuse(r, node->key, "is not of its type");
}

/* --- lists --- */

static void store_list(const struct member *m, char *base, const void *v, size_t n)
{
	memcpy(base + m->at, &v, sizeof(v));
	memcpy(base + m->n_at, &n, sizeof(n));
}

static enum rc read_texts(const struct reader *r, const struct member *m,
			  const struct canon_node *node, char *base)
{
	struct text *v = arena_array(r->arena, struct text, node->n);
	size_t n = 0;

	for (const struct canon_node *c = canon_first(r->doc, node); c != NULL;
	     c = canon_next(r->doc, node, c)) {
		if (c->type != CANON_TEXT)
			return refuse(r, node->key, "is not a list of texts");
		v[n++] = c->text;
	}
	store_list(m, base, v, n);
	return RC_OK;
}

static enum rc read_numbers(const struct reader *r, const struct member *m,
			    const struct canon_node *node, char *base)
{
	int64_t *v = arena_array(r->arena, int64_t, node->n);
	size_t n = 0;

	for (const struct canon_node *c = canon_first(r->doc, node); c != NULL;
	     c = canon_next(r->doc, node, c)) {
		if (c->type != CANON_INT)
			return refuse(r, node->key, "is not a list of numbers");
		v[n++] = c->number;
	}
	store_list(m, base, v, n);
	return RC_OK;
}

static enum rc read_shares(const struct reader *r, const struct member *m,
			   const struct canon_node *node, char *base)
{
	int64_t *lines = arena_array(r->arena, int64_t, node->n);
	int64_t *shares = arena_array(r->arena, int64_t, node->n);
	const int64_t *kept = shares;
	size_t n = 0;

	for (const struct canon_node *c = canon_first(r->doc, node); c != NULL;
	     c = canon_next(r->doc, node, c)) {
		const struct canon_node *amount = canon_member(r->doc, c, "amount");
		const struct canon_node *line = canon_member(r->doc, c, "line");

		if (c->type != CANON_OBJECT || c->n != 2 || amount == NULL || line == NULL ||
		    amount->type != CANON_TEXT || line->type != CANON_INT ||
		    !read_money(r, amount->text, &shares[n]))
			return refuse(r, node->key, "is not a list of shares of lines");
		lines[n++] = line->number;
	}
	store_list(m, base, lines, n);
	memcpy(base + offsetof(struct invoice_reduction, shares), &kept, sizeof(kept));
	return RC_OK;
}

static bool read_step_value(const struct reader *r, const struct canon_node *c, struct step *s)
{
	struct text t = c->text;

	if (s->type == STEP_IS_COUNT) {
		s->value.count = c->number;
		return c->type == CANON_INT;
	}
	if (c->type != CANON_TEXT)
		return false;
	if (s->type == STEP_IS_TEXT) {
		s->value.text = t;
		return true;
	}
	if (s->type == STEP_IS_MONEY)
		return read_money(r, t, &s->value.count);
	if (s->type == STEP_IS_FRACTION)
		return read_fraction(t, &s->value.fraction);
	if (s->type == STEP_IS_DAYS)
		return read_days(t, &s->value.days);
	if (s->type == STEP_IS_WEIGHT)
		return read_weight(t, &s->value.weight);
	return read_decimal(t, &s->value.decimal);
}

static bool step_type_of(struct text key, uint8_t *out)
{
	for (unsigned i = 0; i < STEP_TYPES; i++) {
		if (!text_is(key, step_type_key(i)))
			continue;
		*out = (uint8_t)i;
		return true;
	}
	return false;
}

static bool read_step(const struct reader *r, const struct canon_node *node, struct step *s)
{
	bool valued = false, named = false;

	*s = (struct step){.entry = -1};
	if (node->type != CANON_OBJECT)
		return false;
	for (const struct canon_node *c = canon_first(r->doc, node); c != NULL;
	     c = canon_next(r->doc, node, c)) {
		if (text_is(c->key, "entry")) {
			s->entry = c->number;
			if (c->type != CANON_INT)
				return false;
		} else if (text_is(c->key, "rule")) {
			s->rule = (uint16_t)(c->number & UINT16_MAX);
			if (c->type != CANON_INT)
				return false;
		} else if (text_is(c->key, "what")) {
			named = c->type == CANON_TEXT && find_step(c->text, &s->what);
		} else if (!valued && step_type_of(c->key, &s->type)) {
			valued = read_step_value(r, c, s);
		} else {
			return false;
		}
	}
	return valued && named;
}

static enum rc read_steps(const struct reader *r, const struct member *m,
			  const struct canon_node *node, char *base)
{
	struct step *v = arena_array(r->arena, struct step, node->n);
	size_t n = 0;

	for (const struct canon_node *c = canon_first(r->doc, node); c != NULL;
	     c = canon_next(r->doc, node, c))
		if (!read_step(r, c, &v[n++]))
			return refuse(r, node->key, "is not a list of steps");
	store_list(m, base, v, n);
	return RC_OK;
}

/* --- structs --- */

static enum rc read_struct(const struct reader *r, const struct shape *s,
			   const struct canon_node *node, char *base);

static enum rc read_list(const struct reader *r, const struct member *m,
			 const struct canon_node *node, char *base)
{
	char *v = arena_alloc_array(r->arena, node->n, m->of->size);
	size_t n = 0;

	for (const struct canon_node *c = canon_first(r->doc, node); c != NULL;
	     c = canon_next(r->doc, node, c)) {
		enum rc rc = read_struct(r, m->of, c, v + n++ * m->of->size);

		if (rc != RC_OK)
			return rc;
	}
	store_list(m, base, v, n);
	return RC_OK;
}

static enum rc read_member(const struct reader *r, const struct member *m,
			   const struct canon_node *node, char *base)
{
	if (m->type == MEMBER_OBJECT)
		return read_struct(r, m->of, node, base + m->at);
	if (!member_is_list(m))
		return read_scalar(r, m, node, base);
	if (node->type != CANON_ARRAY)
		return refuse(r, node->key, "is not a list");
	if (m->type == MEMBER_TEXTS)
		return read_texts(r, m, node, base);
	if (m->type == MEMBER_NUMBERS)
		return read_numbers(r, m, node, base);
	if (m->type == MEMBER_SHARES)
		return read_shares(r, m, node, base);
	if (m->type == MEMBER_STEPS)
		return read_steps(r, m, node, base);
	return read_list(r, m, node, base);
}

/* Both members and rows are sorted, so one walk finds what is missing and what nobody knows. */
static enum rc read_struct(const struct reader *r, const struct shape *s,
			   const struct canon_node *node, char *base)
{
	const struct canon_node *c;

	if (node->type != CANON_OBJECT)
		return refuse(r, node->key, "is not an object");
	c = canon_first(r->doc, node);
	for (size_t i = 0; i < s->n; i++) {
		const struct member *m = &s->v[i];

		member_set_usual(m, base);
		if (c == NULL || !text_is(c->key, m->key)) {
			if ((m->flags & MEMBER_ALWAYS) != 0)
				return refuse(r, text_of(m->key), "is missing");
			continue;
		}

		enum rc rc = read_member(r, m, c, base);

		if (rc != RC_OK)
			return rc;
		c = canon_next(r->doc, node, c);
	}
	if (c == NULL)
		return RC_OK;
	return refuse(r, c->key, "is not known here");
}

/* --- the whole --- */

static enum rc check_indexes(const struct reader *r, const struct invoice *in)
{
	for (size_t i = 0; i < in->n_lines; i++)
		if (in->lines[i].tax >= 0 && (size_t)in->lines[i].tax >= in->n_taxes)
			return refuse(r, text_of("tax"), "names none of its taxes");
	for (size_t i = 0; i < in->n_reductions; i++)
		if (in->reductions[i].tax >= 0 && (size_t)in->reductions[i].tax >= in->n_taxes)
			return refuse(r, text_of("tax"), "names none of its taxes");
	return RC_OK;
}

/* The member whose value holds a byte, or whose key does. */
static struct text key_around(const struct canon_doc *doc, size_t at)
{
	struct text key = text_of("document");

	for (size_t i = 0; i < doc->n; i++) {
		const struct canon_node *n = &doc->v[i];

		if (n->key.n > 0)
			key = n->key;
		if (n->n == 0 && (size_t)n->offset + n->length > at)
			break;
	}
	return key;
}

static enum rc check_bytes(const struct reader *r, const struct invoice *in)
{
	struct text bytes = r->doc->bytes;
	struct buf again;
	size_t at = 0;
	enum rc rc = invoice_fits(in, r->err);

	if (rc != RC_OK)
		return rc;
	buf_init(&again, bytes.n * 2 + 4096);
	invoice_json(in, INVOICE_WHOLE, &again);
	while (at < again.n && at < bytes.n && again.p[at] == bytes.p[at])
		at++;
	if (again.full || again.n != bytes.n || at < bytes.n)
		rc = refuse(r, key_around(r->doc, at), "is not in the form that is written");
	buf_free(&again);
	return rc;
}

enum rc invoice_read(struct arena *a, struct text bytes, struct invoice **out, struct err *err)
{
	struct canon_doc doc;
	struct reader r = {.arena = a, .doc = &doc, .err = err};
	struct invoice *in = arena_one(a, struct invoice);
	const struct canon_node *currency;
	enum rc rc = canon_parse(a, NULL, bytes, CANON_STRICT, &CANON_LARGE, &doc, err);

	if (rc != RC_OK)
		return rc;
	currency = canon_member(&doc, doc.v, "currency");
	if (currency == NULL || currency->type != CANON_TEXT ||
	    !currency_find(currency->text, &r.currency))
		return refuse(&r, text_of("currency"), "is no currency");
	/* A struct in bytes: members are found by their place in it. */
	rc = read_struct(&r, &INVOICE_SHAPE, doc.v, (char *)in);
	if (rc == RC_OK)
		rc = check_indexes(&r, in);
	if (rc == RC_OK)
		rc = check_bytes(&r, in);
	if (rc == RC_OK)
		*out = in;
	return rc;
}
