/* SPDX-License-Identifier: Apache-2.0 */
/* The parser of restricted JSON (trust.md J4): one pass without recursion; nodes are written in the order they are met. */
#include "base/canon.h"

#include "base/canon_text.h"
#include "base/json.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Integers that every JSON library reads exactly: up to 2^53 - 1 either way. */
#define NUMBER_MAX ((INT64_C(1) << 53) - 1)

enum { NUMBER_DIGITS = 16, KEY_MAX = 48, QUOTED_MAX = 60, FIRST_NODES = 32 };

const struct canon_limits CANON_ENTRY = {65535, 8, 4096, false, "entry"};
const struct canon_limits CANON_LARGE = {0, 32, 0, true, "document"};

/* A child of an object that has to be moved to its place. */
struct child {
	struct text key;
	uint32_t node;
};

struct canon_scratch {
	struct arena *a;
	struct canon_node *v, *moved;
	struct child *children;
	size_t cap, moved_cap, children_cap;
};

/* A container that is still open. */
struct frame {
	uint32_t node;
	uint32_t last; /* its newest child, once it has one */
	bool object;
	bool sorted; /* keys so far */
};

struct parser {
	const char *start, *p, *end;
	const struct canon_limits *limits;
	struct arena *a;
	struct canon_scratch *s;
	struct canon_node *v;
	size_t n, cap;
	struct text key; /* of the member whose value comes next */
	bool strict, in_key, fresh /* a container was opened just now */;
	unsigned depth;
	struct frame stack[JSON_DEPTH_MAX];
	struct err *err;
};

struct canon_scratch *canon_scratch_new(struct arena *a)
{
	struct canon_scratch *s = arena_one(a, struct canon_scratch);

	s->a = a;
	return s;
}

/* --- saying what is wrong --- */

/* The key that a message names: of the member at hand, or of the nearest one around it. */
static struct text key_here(const struct parser *p)
{
	if (p->key.n > 0)
		return p->key;
	for (unsigned i = p->depth; i > 0; i--)
		if (p->v[p->stack[i - 1].node].key.n > 0)
			return p->v[p->stack[i - 1].node].key;
	return (struct text){"", 0};
}

/* The start of a text, cut between characters, for a message. */
static struct text quoted(struct text t)
{
	size_t n = t.n;

	if (n > QUOTED_MAX)
		for (n = QUOTED_MAX; n > 0 && ((unsigned char)t.p[n] & 0xc0) == 0x80;)
			n--;
	return (struct text){t.p, n};
}

/* Line, column and key are set for what stands at `at`; the caller adds the words. */
static struct err *located(const struct parser *p, const char *at)
{
	uint32_t line = 1, column = 1;

	for (const char *c = p->start; c < at; c++) {
		column++;
		if (*c == '\n') {
			line++;
			column = 1;
		}
	}
	p->err->hint[0] = '\0';
	err_at(p->err, (struct text){"", 0}, line, column);
	err_key(p->err, key_here(p));
	return p->err;
}

/* " in 'x'" after what is wrong with a character. */
static enum rc wrong_text(const struct parser *p, const char *at, const char *what)
{
	struct text key = quoted(key_here(p));
	struct err *err = located(p, at);

	if (p->in_key)
		return err_set(err, RC_INVALID, "%s in a key", what);
	if (key.n == 0)
		return err_set(err, RC_INVALID, "%s", what);
	return err_set(err, RC_INVALID, "%s in '%.*s'", what, TEXT_ARG(key));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whatever stands at p->p may not stand there. */
static enum rc unexpected(const struct parser *p, const char *expected)
{
	struct err *err = located(p, p->p);
	char why[64];
	uint32_t rune = 0;

	if (p->p == p->end) {
		err_hint(err, "expected %s", expected);
		return err_set(err, RC_INVALID, "the text ends too early");
	}
	if (p->strict && is_blank(*p->p))
		return err_set(err, RC_INVALID, "not canonical: white space");
	err_hint(err, "expected %s", expected);

	size_t n = canon_rune(p->p, p->end, &rune);

	if (!canon_text_ok((struct text){p->p, n == 0 ? 1 : n}, why))
		return err_set(err, RC_INVALID, "unexpected %s", why);
	return err_set(err, RC_INVALID, "unexpected '%.*s'", (int)n, p->p);
}

/* --- nodes --- */

static enum rc more_nodes(struct parser *p)
{
	size_t most = p->limits->nodes == 0 ? SIZE_MAX : p->limits->nodes;

	if (p->n == most) {
		struct err *err = located(p, p->p);

		err_hint(err, "the limit is %zu", most);
		return err_set(err, RC_LIMIT, "%s has more than %zu values", p->limits->what, most);
	}
	if (p->s->v == NULL) {
		p->s->v = arena_array(p->s->a, struct canon_node, FIRST_NODES);
		p->s->cap = FIRST_NODES;
	} else if (p->n == p->s->cap) {
		p->s->v = arena_grow(p->s->a, p->s->v, p->n, &p->s->cap, sizeof(*p->s->v));
	}
	p->v = p->s->v;
	p->cap = p->s->cap < most ? p->s->cap : most;
	return RC_OK;
}

/* A node for the value that starts at `from`; a container gets its end and length when it closes. */
static enum rc add_node(struct parser *p, struct canon_node node, const char *from, const char *to)
{
	if (p->n == p->cap) {
		enum rc rc = more_nodes(p);

		if (rc != RC_OK)
			return rc;
	}

	uint32_t at = (uint32_t)p->n;

	node.key = p->key;
	node.end = at + 1;
	node.offset = (uint32_t)(from - p->start);
	node.length = (uint32_t)(to - from);
	p->v[p->n++] = node;
	if (p->depth > 0) {
		struct frame *f = &p->stack[p->depth - 1];

		f->last = at;
		p->v[f->node].n++;
	}
	p->p = to;
	return RC_OK;
}

/* --- strings --- */

static unsigned hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 16;
}

/* "\uXXXX" at p: the 16 bits. */
static bool read_unit(const char *p, const char *end, uint32_t *unit)
{
	uint32_t v = 0;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return false;
	for (int i = 2; i < 6; i++) {
		if (hex_value(p[i]) > 15)
			return false;
		v = v << 4 | hex_value(p[i]);
	}
	*unit = v;
	return true;
}

/* The escape at p: how long it is and what it means; 0: none. A surrogate without its other half means itself. */
static size_t read_escape(const char *p, const char *end, uint32_t *rune)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	uint32_t high, low;

	if (end - p < 2)
		return 0;
	if (p[1] != 'u') {
		const char *hit = p[1] == '\0' ? NULL : strchr(letters, p[1]);

		if (hit == NULL)
			return 0;
		*rune = (unsigned char)meant[hit - letters];
		return 2;
	}
	if (!read_unit(p, end, &high))
		return 0;
	if (high >= 0xd800 && high <= 0xdbff && read_unit(p + 6, end, &low) && low >= 0xdc00 &&
	    low <= 0xdfff) {
		*rune = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
		return 12;
	}
	*rune = high;
	return 6;
}

static struct text unescape(struct arena *a, struct text raw)
{
	char *out = arena_alloc(a, raw.n);
	const char *p = raw.p, *end = raw.p + raw.n;
	size_t n = 0;

	while (p < end) {
		uint32_t rune = 0;

		if (*p != '\\') {
			out[n++] = *p++;
			continue;
		}
		p += read_escape(p, end, &rune);
		n += canon_rune_put(rune, out + n);
	}
	return (struct text){out, n};
}

static enum rc check_escape(const struct parser *p, const char *at, size_t *length)
{
	uint32_t rune = 0;
	size_t n = read_escape(at, p->end, &rune);
	char what[64];

	if (n == 0) {
		struct err *err = located(p, at);
		size_t shown = p->end - at < 2 || (unsigned char)at[1] < 0x20 ||
					       (unsigned char)at[1] > 0x7e
				       ? 1
				       : 2;

		err_hint(err, "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and 4 hex digits");
		return err_set(err, RC_INVALID, "unknown escape '%.*s'", (int)shown, at);
	}
	if (canon_rune_bad(rune) != NULL) {
		(void)snprintf(what, sizeof(what), "%s U+%04X", canon_rune_bad(rune),
			       (unsigned)rune);
		return wrong_text(p, at, what);
	}
	if (p->strict && (n > 2 || at[1] == '/')) {
		struct err *err = located(p, at);

		err_hint(err, "only \\\" \\\\ \\n \\t are escaped");
		return err_set(err, RC_INVALID, "not canonical: escape '%.*s'", (int)n, at);
	}
	*length = n;
	return RC_OK;
}

static enum rc check_literal(const struct parser *p, const char *at, size_t *length)
{
	uint32_t rune = 0;
	size_t n = canon_rune(at, p->end, &rune);
	char what[64];

	if (n == 0) {
		(void)snprintf(what, sizeof(what), "byte 0x%02x is not UTF-8",
			       (unsigned)(unsigned char)*at);
		return wrong_text(p, at, what);
	}
	if (canon_rune_bad(rune) != NULL || rune < 0x20) {
		/* tab and newline stand in a string as \t and \n only */
		(void)snprintf(what, sizeof(what), "%s U+%04X",
			       rune < 0x20 ? "control character" : canon_rune_bad(rune),
			       (unsigned)rune);
		enum rc rc = wrong_text(p, at, what);

		if (rune == '\t' || rune == '\n')
			err_hint(p->err, "write it as '%s'", rune == '\t' ? "\\t" : "\\n");
		return rc;
	}
	*length = n;
	return RC_OK;
}

/* A string from `from` on, of which the bytes up to q are plain. */
static enum rc read_hard_string(struct parser *p, const char *from, const char *q, struct text *out)
{
	bool escaped = false;

	while (q < p->end && *q != '"') {
		size_t n = 0;
		enum rc rc = *q == '\\' ? check_escape(p, q, &n) : check_literal(p, q, &n);

		if (rc != RC_OK)
			return rc;
		escaped |= *q == '\\';
		q = canon_plain(q + n, p->end);
	}
	if (q == p->end) {
		struct err *err = located(p, from - 1);

		err_hint(err, "a '\"' must end it");
		return err_set(err, RC_INVALID, "string does not end");
	}
	*out = (struct text){from, (size_t)(q - from)};
	if (escaped)
		*out = unescape(p->a, *out);
	p->p = q + 1;
	return RC_OK;
}

/* The string whose first quote is at p->p. */
static enum rc read_string(struct parser *p, struct text *out)
{
	const char *from = p->p + 1, *q = canon_plain(from, p->end);

	if (q == p->end || *q != '"')
		return read_hard_string(p, from, q, out);
	*out = (struct text){from, (size_t)(q - from)};
	p->p = q + 1;
	return RC_OK;
}

/* --- objects --- */

static void skip_blank(struct parser *p)
{
	while (p->p < p->end && is_blank(*p->p))
		p->p++;
}

static bool is_name(struct text t)
{
	if (t.n == 0 || t.n > KEY_MAX || t.p[0] < 'a' || t.p[0] > 'z')
		return false;
	for (size_t i = 1; i < t.n; i++)
		if ((t.p[i] < 'a' || t.p[i] > 'z') && (t.p[i] < '0' || t.p[i] > '9') &&
		    t.p[i] != '_')
			return false;
	return true;
}

static enum rc duplicate(struct parser *p, const char *at, struct text key)
{
	p->key = key;
	return err_set(located(p, at), RC_INVALID, "duplicate key '%.*s'", TEXT_ARG(quoted(key)));
}

/* The keys of an object stand in the order of their bytes, each once. In lenient input the order is made when the object ends. */
static enum rc check_order(struct parser *p, struct frame *f, const char *at, struct text key)
{
	struct text before = p->v[f->last].key;

	if (before.n > 0 && key.n > 0 && (unsigned char)before.p[0] < (unsigned char)key.p[0])
		return RC_OK;

	int order = text_cmp(before, key);

	if (order == 0)
		return duplicate(p, at, key);
	if (order < 0)
		return RC_OK;
	f->sorted = false;
	if (!p->strict)
		return RC_OK;
	p->key = key;
	return err_set(located(p, at), RC_INVALID, "not canonical: key '%.*s' after '%.*s'",
		       TEXT_ARG(quoted(key)), TEXT_ARG(quoted(before)));
}

static enum rc read_key(struct parser *p, struct frame *f)
{
	const char *at = p->p;
	struct text key;
	enum rc rc;

	if (p->p == p->end || *p->p != '"')
		return unexpected(p, "a key in '\"'");
	p->in_key = true;
	rc = read_string(p, &key);
	p->in_key = false;
	if (rc != RC_OK)
		return rc;
	if (!p->limits->any_key && !is_name(key)) {
		struct err *err = located(p, at);

		err_hint(err, "a to z, then a to z, 0 to 9 and _, %d characters at most", KEY_MAX);
		return err_set(err, RC_INVALID, "'%.*s' cannot be a key", TEXT_ARG(quoted(key)));
	}
	if (p->v[f->node].n > 0) {
		rc = check_order(p, f, at, key);
		if (rc != RC_OK)
			return rc;
	}
	p->key = key;
	if (!p->strict)
		skip_blank(p);
	if (p->p == p->end || *p->p != ':')
		return unexpected(p, "':'");
	p->p++;
	return RC_OK;
}

/* Where the key of a node begins. Its quotes are the nearest before the value; inside them a quote follows a backslash. */
static const char *key_start(const struct parser *p, uint32_t node)
{
	const char *at = p->start + p->v[node].offset;

	do
		at--;
	while (*at != '"');
	do
		at--;
	while (*at != '"' || at[-1] == '\\');
	return at;
}

static int by_key(const void *x, const void *y)
{
	const struct child *a = x, *b = y;
	int order = text_cmp(a->key, b->key);

	return order != 0 ? order : (a->node > b->node) - (a->node < b->node);
}

/* The children of an object, sorted. A key that is there twice is named where it stands the second time. */
static enum rc sort_children(struct parser *p, uint32_t object)
{
	uint32_t n = 0, twice = 0;
	struct canon_scratch *s = p->s;

	if (s->children_cap < p->v[object].n) {
		s->children_cap = p->v[object].n + s->children_cap;
		s->children = arena_array(s->a, struct child, s->children_cap);
	}
	for (uint32_t i = object + 1; i < p->n; i = p->v[i].end)
		s->children[n++] = (struct child){p->v[i].key, i};
	assert(n == p->v[object].n);
	qsort(s->children, n, sizeof(*s->children), by_key);
	for (uint32_t i = 1; i < n; i++)
		if (text_eq(s->children[i - 1].key, s->children[i].key) &&
		    (twice == 0 || s->children[i].node < twice))
			twice = s->children[i].node;
	return twice == 0 ? RC_OK : duplicate(p, key_start(p, twice), p->v[twice].key);
}

/* Brings the members of the object that ends here into order, each with all that is under it. */
static enum rc arrange(struct parser *p, uint32_t object)
{
	enum rc rc = sort_children(p, object);
	struct canon_scratch *s = p->s;
	size_t first = (size_t)object + 1, used = 0;

	if (rc != RC_OK)
		return rc;
	if (s->moved_cap < p->n - first) {
		s->moved_cap = p->n - first + s->moved_cap;
		s->moved = arena_array(s->a, struct canon_node, s->moved_cap);
	}
	for (uint32_t i = 0; i < p->v[object].n; i++) {
		uint32_t from = s->children[i].node, end = p->v[from].end;
		uint32_t to = (uint32_t)(first + used);

		for (uint32_t k = from; k < end; k++) {
			s->moved[used] = p->v[k];
			s->moved[used].end = p->v[k].end - from + to;
			used++;
		}
	}
	assert(used == p->n - first);
	memcpy(p->v + first, s->moved, used * sizeof(*s->moved));
	return RC_OK;
}

/* --- values --- */

static enum rc open_container(struct parser *p)
{
	bool object = *p->p == '{';
	struct canon_node node = {.type = object ? CANON_OBJECT : CANON_ARRAY};
	enum rc rc;

	if (p->depth == p->limits->depth) {
		struct err *err = located(p, p->p);

		err_hint(err, "the limit is %u levels", p->limits->depth);
		return err_set(err, RC_LIMIT, "%s is nested too deep", p->limits->what);
	}
	rc = add_node(p, node, p->p, p->p + 1);
	if (rc != RC_OK)
		return rc;
	p->stack[p->depth++] = (struct frame){(uint32_t)p->n - 1, 0, object, true};
	p->key.n = 0;
	p->fresh = true;
	return RC_OK;
}

static enum rc close_container(struct parser *p, const struct frame *f)
{
	struct canon_node *node = &p->v[f->node];

	p->p++;
	p->key.n = 0;
	node->end = (uint32_t)p->n;
	node->length = (uint32_t)(p->p - p->start) - node->offset;
	if (!f->sorted) {
		enum rc rc = arrange(p, f->node);

		if (rc != RC_OK)
			return rc;
	}
	p->depth--;
	return RC_OK;
}

/* What is wrong with a number whose first digit is at `digits`; NULL for a good one. */
static const char *number_fault(const char *digits, const char *q, const char *end, bool negative,
				int64_t v)
{
	if (q < end && (*q == '.' || *q == 'e' || *q == 'E'))
		return "is not an integer";
	if (q == digits)
		return "has no digits";
	if (*digits == '0' && q - digits > 1)
		return "has a leading zero";
	if (negative && v == 0)
		return "is written '0'";
	return q - digits > NUMBER_DIGITS || v > NUMBER_MAX ? "is too large" : NULL;
}

static enum rc wrong_number(const struct parser *p, const char *fault)
{
	struct err *err = located(p, p->p);
	struct text token = {p->p, 0};

	while (p->p + token.n < p->end && token.n < QUOTED_MAX && p->p[token.n] != '\0' &&
	       strchr("+-.eE0123456789", p->p[token.n]) != NULL)
		token.n++;
	if (text_is(text_of(fault), "is not an integer"))
		err_hint(err, "write decimals as text");
	if (text_is(text_of(fault), "is too large"))
		err_hint(err, "up to 9007199254740991 either way; write larger ones as text");
	return err_set(err, RC_INVALID, "number '%.*s' %s", TEXT_ARG(token), fault);
}

static enum rc read_number(struct parser *p)
{
	bool negative = *p->p == '-';
	const char *digits = p->p + (negative ? 1 : 0), *q = digits, *fault;
	int64_t v = 0;

	for (; q < p->end && *q >= '0' && *q <= '9'; q++)
		if (q - digits < NUMBER_DIGITS)
			v = v * 10 + (*q - '0');
	fault = number_fault(digits, q, p->end, negative, v);
	if (fault != NULL)
		return wrong_number(p, fault);
	return add_node(p, (struct canon_node){.type = CANON_INT, .number = negative ? -v : v},
			p->p, q);
}

static bool word_here(const struct parser *p, const char *word, size_t n)
{
	return (size_t)(p->end - p->p) >= n && memcmp(p->p, word, n) == 0;
}

static enum rc read_word(struct parser *p)
{
	if (word_here(p, "true", 4))
		return add_node(p, (struct canon_node){.type = CANON_BOOL, .number = 1}, p->p,
				p->p + 4);
	if (word_here(p, "false", 5))
		return add_node(p, (struct canon_node){.type = CANON_BOOL}, p->p, p->p + 5);
	if (word_here(p, "null", 4)) {
		struct text key = quoted(p->key);
		struct err *err = located(p, p->p);

		if (key.n > 0)
			err_hint(err, "leave '%.*s' out", TEXT_ARG(key));
		else
			err_hint(err, "leave it out");
		return err_set(err, RC_INVALID, "null is not allowed");
	}
	return unexpected(p, "a value");
}

static enum rc read_value(struct parser *p)
{
	struct canon_node node = {.type = CANON_TEXT};
	const char *from;
	enum rc rc;

	if (!p->strict)
		skip_blank(p);
	if (p->p == p->end)
		return unexpected(p, "a value");
	from = p->p;
	switch (*from) {
	case '"':
		rc = read_string(p, &node.text);
		return rc != RC_OK ? rc : add_node(p, node, from, p->p);
	case '{':
	case '[':
		return open_container(p);
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return read_number(p);
	default:
		return read_word(p);
	}
}

/* After a value: closes what ends here, and goes to where the next value begins; *more is false at the end of all. */
static enum rc go_on(struct parser *p, bool *more)
{
	bool fresh = p->fresh;

	p->fresh = false;
	for (; p->depth > 0; fresh = false) {
		struct frame *f = &p->stack[p->depth - 1];

		if (!p->strict)
			skip_blank(p);
		if (p->p < p->end && *p->p == (f->object ? '}' : ']')) {
			enum rc rc = close_container(p, f);

			if (rc != RC_OK)
				return rc;
			continue;
		}
		p->key.n = 0;
		if (!fresh) {
			if (p->p == p->end || *p->p != ',')
				return unexpected(p, f->object ? "',' or '}'" : "',' or ']'");
			p->p++;
			if (!p->strict)
				skip_blank(p);
		}
		*more = true;
		return f->object ? read_key(p, f) : RC_OK;
	}
	if (!p->strict)
		skip_blank(p);
	*more = false;
	return p->p == p->end ? RC_OK : unexpected(p, "nothing more");
}

enum rc canon_parse(struct arena *a, struct canon_scratch *reuse, struct text bytes,
		    enum canon_how how, const struct canon_limits *limits, struct canon_doc *out,
		    struct err *err)
{
	struct canon_scratch own = {.a = a};
	struct parser
		p; /* not zeroed: the stack is large, and a frame is written before it is read */
	size_t most = limits->bytes == 0 || limits->bytes > UINT32_MAX ? UINT32_MAX : limits->bytes;
	bool more = true;

	assert(limits->depth <= JSON_DEPTH_MAX);
	p.start = p.p = bytes.n == 0 ? "" : bytes.p;
	p.end = p.start + bytes.n;
	p.limits = limits;
	p.a = a;
	p.s = reuse != NULL ? reuse : &own;
	p.v = p.s->v;
	p.n = 0;
	p.cap = 0;
	p.key = (struct text){"", 0};
	p.strict = how == CANON_STRICT;
	p.in_key = p.fresh = false;
	p.depth = 0;
	p.err = err;
	if (bytes.n > most) {
		err_hint(err, "the limit is %zu", most);
		return err_set(err, RC_LIMIT, "%s is %zu bytes", limits->what, bytes.n);
	}
	while (more) {
		enum rc rc = read_value(&p);

		if (rc == RC_OK)
			rc = go_on(&p, &more);
		if (rc != RC_OK)
			return rc;
	}
	*out = (struct canon_doc){{p.start, bytes.n}, p.v, p.n};
	return RC_OK;
}
