/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Restricted JSON (trust.md J4): integers, no null, sorted unique keys, few escapes; its canonical bytes are RFC 8785 output. One
 * parser: strict, where bytes must already be canonical (what is stored, hashed and verified), or lenient, where any JSON of the
 * restricted kind is taken and canon_print writes it canonically (what comes from outside). Knows no domain word: the texts of
 * instants, money and ids are checked by who knows the field.
 */
#ifndef BASE_CANON_H
#define BASE_CANON_H

#include "base/buf.h"
#include "base/err.h"

enum canon_type { CANON_OBJECT, CANON_ARRAY, CANON_TEXT, CANON_INT, CANON_BOOL };

/*
 * Nodes lie in preorder in one array: node i's children begin at i + 1; `end` is the index after its last descendant. Members of an
 * object lie in the order of their keys, also where a lenient input had another.
 */
struct canon_node {
	enum canon_type type;
	struct text key; /* in an object; else empty. Decoded, like text */
	struct text
		text; /* TEXT: decoded; a view into the bytes where nothing had to be unescaped, else into the arena */
	int64_t number; /* INT; BOOL: 0 or 1 */
	uint32_t end;
	uint32_t n;      /* children */
	uint32_t offset; /* of the value's first byte in the input, for messages and views */
	uint32_t length; /* bytes of the value */
};

struct canon_doc {
	struct text bytes;
	const struct canon_node *v; /* v[0] is the root */
	size_t n;
};

struct canon_limits {
	size_t bytes;   /* at most so many; 0: no limit of its own */
	unsigned depth; /* the root object has depth 1; at most JSON_DEPTH_MAX */
	size_t nodes;   /* 0: none */
	bool any_key; /* keys may be any text the rules of strings allow (documents hold ids as keys) instead of [a-z][a-z0-9_]{0,47} */
	const char *what; /* how messages of a limit call it: "entry" */
};

extern const struct canon_limits CANON_ENTRY; /* 65,535 bytes, depth 8 (J6), 4,096 nodes */
extern const struct canon_limits
	CANON_LARGE; /* no limit of bytes or nodes, depth 32, any key: documents, versions */

enum canon_how { CANON_STRICT, CANON_LENIENT };

/*
 * Every rule of J4's table: RC_INVALID with err line and column (from 1; columns count bytes), the key where there is one, and the
 * answer of that table ("duplicate key 'a'", "number '1.5' is not an integer; write decimals as text", ...); RC_LIMIT for size and
 * depth. CANON_STRICT fails also where bytes are not canonical (white space, order of keys, another escape): "not canonical: ...".
 * In err_print's words, that is: what "; " joins is message and hint. Any value may be the root: who needs an object asks for its
 * type. A scratch array that grows is kept in *reuse between calls, so that parsing many entries allocates nothing, and the nodes of
 * *out are good until the next call with it; NULL: from the arena.
 */
struct canon_scratch;
struct canon_scratch *canon_scratch_new(struct arena *a);
enum rc canon_parse(struct arena *a, struct canon_scratch *reuse, struct text bytes,
		    enum canon_how how, const struct canon_limits *limits, struct canon_doc *out,
		    struct err *err) MUST_USE;

/* Canonical bytes of the node and what is under it (keys sorted by byte). For any doc that canon_parse accepted. */
void canon_print(const struct canon_doc *doc, uint32_t node, struct buf *out);
/* Lenient parse and print in one: input bytes to canonical bytes, appended to out. */
enum rc canon_rewrite(struct arena *a, struct text bytes, const struct canon_limits *limits,
		      struct buf *out, struct err *err) MUST_USE;

/* The member of an object, or NULL, also where it is no object. Objects are small: a walk. */
const struct canon_node *canon_member(const struct canon_doc *doc, const struct canon_node *object,
				      const char *key);
/* First child and next sibling; NULL at the end. */
const struct canon_node *canon_first(const struct canon_doc *doc, const struct canon_node *parent);
const struct canon_node *canon_next(const struct canon_doc *doc, const struct canon_node *parent,
				    const struct canon_node *child);

/* May the text stand in restricted JSON (valid UTF-8, no control but tab and newline, no bidi control, no U+FEFF)? *why names what is wrong. */
bool canon_text_ok(struct text t, char why[64]);
/* Is every byte ASCII that stands for itself in a string? Then it may; quick, since most texts are. */
bool canon_text_plain(struct text t);
/* One string, quoted, with the escapes of J4 only. The text must be ok. */
void canon_quote(struct buf *out, struct text t);

#endif
