/* SPDX-License-Identifier: Apache-2.0 */
/* A document to its canonical JSON, by the table of invoice_shape.h; what may not be written is found here too. */
#include "engine/invoice_json.h"

#include "engine/invoice_shape.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define INTEGER_MAX ((INT64_C(1) << 53) - 1) /* trust.md J4 */

struct writer {
	struct buf *out;
	struct currency currency;
	enum invoice_scope scope;
	size_t number_at; /* where the document's number stands in out, once it is written */
};

/* --- scalars --- */

static void put_i128(struct buf *out, i128 v)
{
	char digits[48];
	size_t n = sizeof(digits);
	u128 left = v < 0 ? (u128)-v : (u128)v;

	do {
		digits[--n] = (char)('0' + (int)(left % 10));
		left /= 10;
	} while (left > 0);
	if (v < 0)
		digits[--n] = '-';
	buf_add(out, digits + n, sizeof(digits) - n);
}

static void put_fraction(struct buf *out, struct fraction f)
{
	f = fraction_of(f.num, f.den);
	put_i128(out, f.num);
	if (f.den == 1)
		return;
	buf_char(out, '/');
	put_i128(out, f.den);
}

static void put_days(struct buf *out, struct days d)
{
	day_print(out, d.from);
	buf_char(out, '/');
	day_print(out, d.to);
}

static void put_weight(struct buf *out, struct weight w)
{
	buf_i64(out, w.days);
	buf_char(out, '/');
	buf_i64(out, w.of);
}

static void put_money(const struct writer *w, int64_t minor)
{
	decimal_print_places(w->out, (struct decimal){minor, w->currency.decimals},
			     w->currency.decimals);
}

static void put_key(struct writer *w, bool *first, const char *key)
{
	/* keys of the table, which need no escape */
	struct text t = text_of(key);
	char *p = buf_room(w->out, t.n + (*first ? 3 : 4));

	if (p == NULL)
		return;
	if (!*first)
		*p++ = ',';
	*first = false;
	*p++ = '"';
	memcpy(p, t.p, t.n);
	p[t.n] = '"';
	p[t.n + 1] = ':';
}

/* --- steps: {"entry":7,"money":"12.00","rule":14,"what":"price"} --- */

static void put_step_value(const struct writer *w, const struct step *s)
{
	if (s->type == STEP_IS_COUNT) {
		buf_i64(w->out, s->value.count);
		return;
	}
	if (s->type == STEP_IS_TEXT) {
		canon_quote(w->out, s->value.text);
		return;
	}
	buf_char(w->out, '"');
	if (s->type == STEP_IS_MONEY)
		put_money(w, s->value.count);
	else if (s->type == STEP_IS_FRACTION)
		put_fraction(w->out, s->value.fraction);
	else if (s->type == STEP_IS_DAYS)
		put_days(w->out, s->value.days);
	else if (s->type == STEP_IS_WEIGHT)
		put_weight(w->out, s->value.weight);
	else
		decimal_print(w->out, s->value.decimal);
	buf_char(w->out, '"');
}

static void put_step(struct writer *w, const struct step *s)
{
	const char *key = step_type_key(s->type);
	bool first = true, done = false;

	buf_char(w->out, '{');
	/* the value's key is one of eight, and keys are sorted */
	for (int at = 0; at < 4; at++) {
		static const char *const fixed[] = {"entry", "rule", "what", "~"};

		if (!done && strcmp(key, fixed[at]) < 0) {
			put_key(w, &first, key);
			put_step_value(w, s);
			done = true;
		}
		if (at == 0 && s->entry >= 0) {
			put_key(w, &first, "entry");
			buf_i64(w->out, s->entry);
		} else if (at == 1 && s->rule != 0) {
			put_key(w, &first, "rule");
			buf_i64(w->out, s->rule);
		} else if (at == 2) {
			put_key(w, &first, "what");
			canon_quote(w->out, text_of(step_word((enum step_what)s->what)));
		}
	}
	buf_char(w->out, '}');
}

/* --- members --- */

static void put_struct(struct writer *w, const struct shape *s, const char *base);

static bool is_ahead(const struct member *m, const char *item)
{
	struct invoice_note note;

	if (m->of != &NOTE_SHAPE)
		return false;
	memcpy(&note, item, sizeof(note));
	return note.kind == NOTE_AHEAD;
}

/* An element of a list that this scope leaves out: what lies ahead depends on the day of looking. */
static bool left_out(const struct writer *w, const struct member *m, const char *item)
{
	return w->scope == INVOICE_SUBSTANCE && is_ahead(m, item);
}

static void put_list(struct writer *w, const struct member *m, const char *base)
{
	const char *v;
	size_t n;
	bool first = true;

	memcpy(&v, base + m->at, sizeof(v));
	memcpy(&n, base + m->n_at, sizeof(n));
	buf_char(w->out, '[');
	for (size_t i = 0; i < n; i++) {
		const char *item = v + i * m->of->size;

		if (left_out(w, m, item))
			continue;
		if (!first)
			buf_char(w->out, ',');
		first = false;
		put_struct(w, m->of, item);
	}
	buf_char(w->out, ']');
}

static void put_text_at(struct writer *w, const char *p)
{
	struct text text;

	memcpy(&text, p, sizeof(text));
	canon_quote(w->out, text);
}

static void put_number_at(struct writer *w, const char *p)
{
	int64_t number;

	memcpy(&number, p, sizeof(number));
	buf_i64(w->out, number);
}

static void put_step_at(struct writer *w, const char *p)
{
	struct step step;

	memcpy(&step, p, sizeof(step));
	put_step(w, &step);
}

static void put_items(struct writer *w, const struct member *m, const char *base, size_t size,
		      void (*put)(struct writer *, const char *))
{
	const char *v;
	size_t n;

	memcpy(&v, base + m->at, sizeof(v));
	memcpy(&n, base + m->n_at, sizeof(n));
	buf_char(w->out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(w->out, ',');
		put(w, v + i * size);
	}
	buf_char(w->out, ']');
}

/* Which line is lowered by how much: {"amount":"2.00","line":3}. */
static void put_shares(struct writer *w, const char *base)
{
	struct invoice_reduction r;

	memcpy(&r, base, sizeof(r));
	buf_char(w->out, '[');
	for (size_t i = 0; i < r.n_lines; i++) {
		buf_str(w->out, i > 0 ? ",{\"amount\":\"" : "{\"amount\":\"");
		put_money(w, r.shares[i]);
		buf_str(w->out, "\",\"line\":");
		buf_i64(w->out, r.lines[i]);
		buf_char(w->out, '}');
	}
	buf_char(w->out, ']');
}

static unsigned unsigned_at(const char *p)
{
	unsigned v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static const char *member_word(const struct member *m, const char *p)
{
	uint16_t what;

	if (m->type == MEMBER_WORD)
		return m->word(unsigned_at(p));
	memcpy(&what, p, sizeof(what));
	return step_word((enum step_what)what);
}

/* Scalars that stand without quotes. */
static bool put_bare(const struct writer *w, const struct member *m, const char *p)
{
	int64_t number;
	int index;

	if (m->type == MEMBER_INT || m->type == MEMBER_ENTRY) {
		memcpy(&number, p, sizeof(number));
		buf_i64(w->out, number);
	} else if (m->type == MEMBER_INDEX) {
		memcpy(&index, p, sizeof(index));
		buf_i64(w->out, index);
	} else if (m->type == MEMBER_BOOL) {
		buf_str(w->out, "true");
	} else {
		return false;
	}
	return true;
}

/* Scalars whose text needs no escape. */
static void put_plain(const struct writer *w, const struct member *m, const char *p)
{
	union {
		int64_t number;
		day date;
		struct days days;
		struct decimal decimal;
		struct fraction fraction;
		struct weight weight;
		struct hash hash;
	} v;
	char hex[2];

	if (m->type == MEMBER_MONEY || m->type == MEMBER_INSTANT) {
		memcpy(&v.number, p, sizeof(v.number));
		if (m->type == MEMBER_MONEY)
			put_money(w, v.number);
		else
			instant_print(w->out, v.number);
	} else if (m->type == MEMBER_DAY) {
		memcpy(&v.date, p, sizeof(v.date));
		day_print(w->out, v.date);
	} else if (m->type == MEMBER_DAYS) {
		memcpy(&v.days, p, sizeof(v.days));
		put_days(w->out, v.days);
	} else if (m->type == MEMBER_DECIMAL || m->type == MEMBER_PRICE) {
		memcpy(&v.decimal, p, sizeof(v.decimal));
		decimal_print(w->out, v.decimal);
	} else if (m->type == MEMBER_FRACTION) {
		memcpy(&v.fraction, p, sizeof(v.fraction));
		put_fraction(w->out, v.fraction);
	} else if (m->type == MEMBER_WEIGHT) {
		memcpy(&v.weight, p, sizeof(v.weight));
		put_weight(w->out, v.weight);
	} else if (m->type == MEMBER_CURRENCY) {
		buf_str(w->out, w->currency.code);
	} else {
		assert(m->type == MEMBER_HASH);
		memcpy(&v.hash, p, sizeof(v.hash));
		for (size_t i = 0; i < sizeof(v.hash.b); i++) {
			hex[0] = "0123456789abcdef"[v.hash.b[i] >> 4];
			hex[1] = "0123456789abcdef"[v.hash.b[i] & 15];
			buf_add(w->out, hex, sizeof(hex));
		}
	}
}

static void put_member(struct writer *w, const struct member *m, const char *base)
{
	const char *p = base + m->at;

	if (m->type == MEMBER_OBJECT) {
		put_struct(w, m->of, p);
	} else if (m->type == MEMBER_LIST) {
		put_list(w, m, base);
	} else if (m->type == MEMBER_TEXTS) {
		put_items(w, m, base, sizeof(struct text), put_text_at);
	} else if (m->type == MEMBER_NUMBERS) {
		put_items(w, m, base, sizeof(int64_t), put_number_at);
	} else if (m->type == MEMBER_SHARES) {
		put_shares(w, base);
	} else if (m->type == MEMBER_STEPS) {
		put_items(w, m, base, sizeof(struct step), put_step_at);
	} else if (m->type == MEMBER_TEXT) {
		put_text_at(w, p);
	} else if (m->type == MEMBER_WORD || m->type == MEMBER_WHAT) {
		canon_quote(w->out, text_of(member_word(m, p)));
	} else if (!put_bare(w, m, p)) {
		buf_char(w->out, '"');
		put_plain(w, m, p);
		buf_char(w->out, '"');
	}
}

/* A list of which the scope leaves everything out is left out too. */
static bool list_is_empty(const struct writer *w, const struct member *m, const char *base)
{
	const char *v;
	size_t n;

	if (m->type != MEMBER_LIST)
		return false;
	memcpy(&v, base + m->at, sizeof(v));
	memcpy(&n, base + m->n_at, sizeof(n));
	for (size_t i = 0; i < n; i++)
		if (!left_out(w, m, v + i * m->of->size))
			return false;
	return true;
}

/* Shapes lie three deep at most. */
static void put_struct(struct writer *w, const struct shape *s, const char *base)
{
	bool first = true;

	buf_char(w->out, '{');
	for (size_t i = 0; i < s->n; i++) {
		const struct member *m = &s->v[i];

		if (member_is_usual(m, base) || list_is_empty(w, m, base))
			continue;
		if (w->scope == INVOICE_SUBSTANCE && (m->flags & MEMBER_OF_RECORD) != 0)
			continue;
		put_key(w, &first, m->key);
		if (s == &INVOICE_SHAPE && m->at == offsetof(struct invoice, number))
			w->number_at = w->out->n + 1;
		put_member(w, m, base);
	}
	buf_char(w->out, '}');
}

void invoice_json(const struct invoice *i, enum invoice_scope scope, struct buf *out)
{
	struct writer w = {out, i->currency, scope, 0};

	put_struct(&w, &INVOICE_SHAPE, (const char *)i);
}

size_t invoice_json_unnumbered(const struct invoice *i, struct buf *out)
{
	struct writer w = {out, i->currency, INVOICE_WHOLE, 0};

	assert(i->number.n > 0 && canon_text_plain(i->number));
	put_struct(&w, &INVOICE_SHAPE, (const char *)i);
	return w.number_at;
}

struct text invoice_json_number(struct arena *a, struct text bytes, size_t at, struct text now,
				struct text number)
{
	struct text out = {NULL, bytes.n - now.n + number.n};
	char *p = arena_alloc(a, out.n + 1);

	assert(canon_text_plain(number) && at + now.n < bytes.n);
	assert(text_eq(text_sub(bytes, at, at + now.n), now) && bytes.p[at + now.n] == '"');
	memcpy(p, bytes.p, at);
	memcpy(p + at, number.p, number.n);
	memcpy(p + at + number.n, bytes.p + at + now.n, bytes.n - at - now.n);
	out.p = p;
	return out;
}

/* --- what fits --- */

static enum rc text_is_bad(const struct member *m, struct text t, struct err *err)
{
	char why[64];

	if (canon_text_ok(t, why))
		return RC_OK;
	err_key(err, text_of(m->key));
	return err_set(err, RC_INVALID, "document cannot be written: '%s' has %s", m->key, why);
}

static enum rc text_fits(const struct member *m, struct text t, struct err *err)
{
	return t.n == 0 || canon_text_plain(t) ? RC_OK : text_is_bad(m, t, err);
}

static enum rc number_fits(const struct member *m, int64_t n, struct err *err)
{
	if (n <= INTEGER_MAX && n >= -INTEGER_MAX)
		return RC_OK;
	err_key(err, text_of(m->key));
	return err_set(err, RC_LIMIT, "number too large: '%lld' of '%s'", (long long)n, m->key);
}

static enum rc money_fits(const struct member *m, int64_t n, struct err *err)
{
	if (n > INT64_MIN)
		return RC_OK;
	err_key(err, text_of(m->key));
	return err_set(err, RC_LIMIT, "amount too large: '%lld' minor units", (long long)n);
}

static enum rc fraction_fits(const struct member *m, i128 den, struct err *err)
{
	if (den > 0)
		return RC_OK;
	err_key(err, text_of(m->key));
	return err_set(err, RC_INVALID, "document cannot be written: '%s' has no number", m->key);
}

static enum rc day_fits(const struct member *m, day d, struct err *err)
{
	if (d >= INSTANT_MIN / DAY_MS && d < INSTANT_MAX / DAY_MS)
		return RC_OK;
	err_key(err, text_of(m->key));
	return err_set(err, RC_LIMIT, "day beyond the years 1 to 9999 in '%s'", m->key);
}

static enum rc days_fit(const struct member *m, struct days d, struct err *err)
{
	enum rc rc = day_fits(m, d.from, err);

	return rc == RC_OK ? day_fits(m, d.to, err) : rc;
}

static enum rc step_fits(const struct member *m, const struct step *s, struct err *err)
{
	enum rc rc = number_fits(m, s->entry, err);

	assert(s->type < STEP_TYPES && s->what < STEP_COUNT_OF);
	if (rc != RC_OK)
		return rc;
	switch ((enum step_type)s->type) {
	case STEP_IS_COUNT:
		return number_fits(m, s->value.count, err);
	case STEP_IS_MONEY:
		return money_fits(m, s->value.count, err);
	case STEP_IS_TEXT:
		return text_fits(m, s->value.text, err);
	case STEP_IS_FRACTION:
		return fraction_fits(m, s->value.fraction.den, err);
	case STEP_IS_DAYS:
		return days_fit(m, s->value.days, err);
	case STEP_IS_DECIMAL:
	case STEP_IS_PCT:
		return money_fits(m, s->value.decimal.units, err);
	case STEP_IS_WEIGHT:
		break;
	}
	return RC_OK;
}

static enum rc struct_fits(const struct shape *s, const char *base, struct err *err);

static enum rc texts_fit(const struct member *m, const struct text *v, size_t n, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = text_fits(m, v[i], err);
	return rc;
}

static enum rc steps_fit(const struct member *m, const struct step *v, size_t n, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = step_fits(m, &v[i], err);
	return rc;
}

static enum rc numbers_fit(const struct member *m, const int64_t *v, size_t n, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = number_fits(m, v[i], err);
	return rc;
}

static enum rc list_fits(const struct member *m, const char *base, struct err *err)
{
	const void *v;
	size_t n;
	enum rc rc = RC_OK;

	memcpy(&v, base + m->at, sizeof(v));
	memcpy(&n, base + m->n_at, sizeof(n));
	if (m->type == MEMBER_TEXTS)
		return texts_fit(m, v, n, err);
	if (m->type == MEMBER_STEPS)
		return steps_fit(m, v, n, err);
	if (m->type == MEMBER_NUMBERS)
		return numbers_fit(m, v, n, err);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = struct_fits(m->of, (const char *)v + i * m->of->size, err);
	return rc;
}

static enum rc shares_fit(const struct member *m, const char *base, struct err *err)
{
	struct invoice_reduction r;
	enum rc rc = RC_OK;

	memcpy(&r, base, sizeof(r));
	for (size_t i = 0; i < r.n_lines && rc == RC_OK; i++) {
		rc = number_fits(m, r.lines[i], err);
		if (rc == RC_OK)
			rc = money_fits(m, r.shares[i], err);
	}
	return rc;
}

static enum rc instant_fits(const struct member *m, instant at, struct err *err)
{
	if (at >= INSTANT_MIN && at < INSTANT_MAX)
		return RC_OK;
	return err_set(err, RC_LIMIT, "instant beyond the years 1 to 9999 in '%s'", m->key);
}

static int64_t number_at(const char *p)
{
	int64_t n;

	memcpy(&n, p, sizeof(n));
	return n;
}

static day day_at(const char *p)
{
	day d;

	memcpy(&d, p, sizeof(d));
	return d;
}

/* Members that may be none: what is usual (member_is_usual) stands for none, and is not written. */
static enum rc rare_fits(const struct member *m, const char *base, struct err *err)
{
	const char *p = base + m->at;
	struct fraction f;

	if (member_is_usual(m, base))
		return RC_OK;
	if (m->type == MEMBER_DAY)
		return day_fits(m, day_at(p), err);
	if (m->type == MEMBER_INSTANT)
		return instant_fits(m, number_at(p), err);
	if (m->type == MEMBER_PRICE)
		return money_fits(m, number_at(p + offsetof(struct decimal, units)), err);
	assert(m->type == MEMBER_FRACTION);
	memcpy(&f, p, sizeof(f));
	return fraction_fits(m, f.den, err);
}

/*
 * In one loop, without a call for most members: a document has some four hundred of them. The usual value of those that rare_fits does
 * not look at can be written like any other, so that whether it is left out does not matter.
 */
static enum rc struct_fits(const struct shape *s, const char *base, struct err *err)
{
	enum rc rc = RC_OK;

	for (const struct member *m = s->v; m < s->v + s->n && rc == RC_OK; m++) {
		const char *p = base + m->at;
		struct text text;

		switch (m->type) {
		case MEMBER_TEXT:
			memcpy(&text, p, sizeof(text));
			rc = text_fits(m, text, err);
			break;
		case MEMBER_INT:
		case MEMBER_ENTRY:
			rc = number_fits(m, number_at(p), err);
			break;
		case MEMBER_MONEY:
			rc = money_fits(m, number_at(p), err);
			break;
		case MEMBER_DECIMAL:
			rc = money_fits(m, number_at(p + offsetof(struct decimal, units)), err);
			break;
		case MEMBER_DAYS:
			rc = days_fit(
				m, (struct days){day_at(p), day_at(p + offsetof(struct days, to))},
				err);
			break;
		case MEMBER_DAY:
		case MEMBER_INSTANT:
		case MEMBER_FRACTION:
		case MEMBER_PRICE:
			rc = rare_fits(m, base, err);
			break;
		case MEMBER_OBJECT:
			rc = struct_fits(m->of, p, err);
			break;
		case MEMBER_SHARES:
			rc = shares_fit(m, base, err);
			break;
		case MEMBER_LIST:
		case MEMBER_TEXTS:
		case MEMBER_NUMBERS:
		case MEMBER_STEPS:
			rc = list_fits(m, base, err);
			break;
		case MEMBER_INDEX:
		case MEMBER_BOOL:
		case MEMBER_WEIGHT:
		case MEMBER_HASH:
		case MEMBER_WORD:
		case MEMBER_WHAT:
		case MEMBER_CURRENCY:
			break;
		}
	}
	return rc;
}

enum rc invoice_fits(const struct invoice *i, struct err *err)
{
	return struct_fits(&INVOICE_SHAPE, (const char *)i, err);
}
