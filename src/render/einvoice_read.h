/* SPDX-License-Identifier: Apache-2.0 */
/* Values of an XML tree by path, for the two readers of e-invoices. Every leaf that is taken is marked, so that what nobody took shows. */
#ifndef RENDER_EINVOICE_READ_H
#define RENDER_EINVOICE_READ_H

#include "render/einvoice_parts.h"

/* libxml2's, whose header is for those who look into one */
typedef struct _xmlNode xmlNode;

struct xml_space {
	const char *prefix, *uri;
};

struct xml_reader {
	struct arena *arena;
	const struct xml_space *spaces; /* prefixes of paths; the last has no prefix */
	struct currency currency;
	enum rc rc; /* the first thing that was wrong */
	struct err *err;
};

/* Paths are "cac:Party/cbc:ID": the first child of that name each time. NULL, or the empty value, if there is none. */
xmlNode *xml_find(const struct xml_reader *r, xmlNode *at, const char *path);
/* The next child of at with the name, after `last` (NULL: the first). */
xmlNode *xml_next(const struct xml_reader *r, xmlNode *at, const xmlNode *last, const char *name);
size_t xml_count(struct xml_reader *r, xmlNode *at, const char *name);
struct text xml_take(const struct xml_reader *r, xmlNode *at, const char *path);
struct text xml_peek(const struct xml_reader *r, xmlNode *at, const char *path);
struct text xml_attribute_of(const struct xml_reader *r, xmlNode *at, const char *path,
			     const char *name);
/* Marked if it is the word; else it stays as something that was not read. */
void xml_expect(const struct xml_reader *r, xmlNode *at, const char *path, const char *word);
/* *there, if not NULL: was there one? An amount in another currency than the document's is refused (money.md R154 A6). */
int64_t xml_take_amount(struct xml_reader *r, xmlNode *at, const char *path, bool *there);
struct decimal xml_take_decimal(struct xml_reader *r, xmlNode *at, const char *path,
				struct decimal usual, bool *there);
day xml_take_day(struct xml_reader *r, xmlNode *at, const char *path);     /* 2026-03-31 */
day xml_take_day_102(struct xml_reader *r, xmlNode *at, const char *path); /* 20260331 */
void xml_take_currency(struct xml_reader *r, xmlNode *at, const char *path);

void einvoice_read_ubl(struct xml_reader *r, xmlNode *root, struct einvoice *e);
void einvoice_read_cii(struct xml_reader *r, xmlNode *root, struct einvoice *e);
extern const struct xml_space einvoice_ubl_spaces[], einvoice_cii_spaces[];

#endif
