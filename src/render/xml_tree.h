/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML of anybody as a tree (money.md R150): no network, no entities, no document type, not deeper than the caller reads. What is made of
 * the tree is the business of who asks: e-invoices here, bank statements in app/camt.c.
 */
#ifndef RENDER_XML_TREE_H
#define RENDER_XML_TREE_H

#include "base/err.h"

/* of libxml2 */
typedef struct _xmlDoc xmlDoc;

struct xml_limits {
	size_t bytes, depth; /* depth of elements under the root */
	const char *what;    /* "the statement": the subject of what is said against it */
};

/* The caller gives it back with xmlFreeDoc. RC_LIMIT: larger or deeper; RC_INVALID: not well-formed, with the line, or with a document type. */
enum rc xml_tree_read(struct text bytes, const struct xml_limits *limits, xmlDoc **out,
		      struct err *err) MUST_USE;

/* A name or the text of a node, xmlChar of libxml2. */
struct text xml_view(const unsigned char *s);

#endif
