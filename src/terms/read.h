/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of reading a contract share: the reader, how a problem is reported, and the steps themselves. Private. */
#ifndef TERMS_READ_H
#define TERMS_READ_H

#include "terms/table.h"

/* contract-language.md CL-1, CL-6 */
enum {
	FILE_BYTES_MAX = 1 << 20,
	DEPTH_MAX = 12,
	NODES_MAX = 20000,
	ITEMS_MAX = 1000,
	FINDINGS_MAX = 100,
	/* Of a canonical form: escaping makes a byte at most six; keys and hashes come on top. */
	CANONICAL_BYTES_MAX = 8 * FILE_BYTES_MAX,
};

/* A node as YAML has it, before the table gives it a type. */
enum raw_kind { RAW_SCALAR, RAW_MAP, RAW_LIST };

struct raw {
	enum raw_kind kind;
	struct raw *parent, *child, *next, *last;
	size_t n, index;  /* children; place among its brothers */
	struct text key;  /* under a map */
	struct text text; /* of a scalar */
	const struct raw *
		id; /* of a map: what its key id says, the last where there are several; NULL: nothing */
	const struct raw
		*first; /* under a map: the one that has the same key before this one, or NULL */
	bool quoted, bad, key_bad; /* bad: a problem was reported, do not look at the value */
	uint32_t line, column, key_line, key_column;
};

struct place {
	uint32_t line, column;
	struct text path;
};

struct reader {
	struct arena *a;
	struct contract *c;
	const struct terms_context *context;
	struct node *root;
	bool form;   /* reads a canonical form (version.h), not a file that somebody wrote */
	bool sealed; /* the caller has the form and its hash, and sets them */
};

void problem(struct reader *r, const char *code, struct place at, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* At the value of a node. */
void problem_node(struct reader *r, const char *code, const struct node *n, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* What err says, under its own code or `code`. */
void problem_err(struct reader *r, const char *code, const struct node *n, const struct err *err);
/* At a map that lacks a key. */
void problem_missing(struct reader *r, const char *code, const struct node *map, const char *key,
		     const char *fmt, ...) PRINTF_LIKE(5, 6);
/* The start of a text, without control characters: fit for a message. */
struct text shown(struct arena *a, struct text t);

/* Step 1: bytes to raw nodes, with the checks of the YAML subset (CL-1, CL-2). NULL: nothing to go on with. */
struct raw *yaml_read(struct reader *r, struct text bytes);
struct text raw_path(struct arena *a, const struct raw *n);
/* The text of a scalar that has its key and stands under its parent, which learns of an id. */
void raw_says(struct raw *n, struct text t);

/* Step 2: raw nodes to typed nodes by the table. */
struct node *tree_read(struct reader *r, const struct raw *raw);
/* One scalar, by the type of its row; false: reported. */
bool scalar_read(struct reader *r, struct node *n);
/* "?name=default": the parts (CL-27). */
void hole_split(struct text written, struct text *name, struct text *otherwise);

/* Step 3: references, clauses, paths, words. */
void tree_resolve(struct reader *r);
/* Step 4: what several keys say together (rule.*). */
void rules_check(struct reader *r);
void rules_sla(struct reader *r);
void rules_money(struct reader *r);
/* CL-27: holes of one name have one type and one value. */
void holes_check(struct reader *r);

/* Steps 2 to 4 and the seal, for raw nodes from wherever; NULL: nothing to go on with, reported. */
void contract_check(struct reader *r, const struct raw *raw);

/* Every node of the tree in file order: the first is root, then what follows n, or NULL. */
const struct node *node_after(const struct node *n);
struct node *node_after_mutable(struct node *n);

#endif
