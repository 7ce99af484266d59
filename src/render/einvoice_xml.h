/* SPDX-License-Identifier: Apache-2.0 */
/* XML of e-invoices, written: names are literals, everything else is escaped. No reader, and not for einvoice.h's callers. */
#ifndef RENDER_EINVOICE_XML_H
#define RENDER_EINVOICE_XML_H

#include "render/einvoice.h"

struct xml {
	struct buf *out;
	unsigned depth;
	struct currency currency;
	const char *amount_attribute; /* of every amount: "currencyID", or NULL */
};

struct xml_attribute {
	const char *name;
	struct text value;
};

/* Opens with white space after it; close wants the same name. */
void xml_open(struct xml *x, const char *name);
void xml_close(struct xml *x, const char *name);
/* One element with a text; nothing at all if the text is empty. */
void xml_leaf(struct xml *x, const char *name, struct text t);
void xml_leaf_with(struct xml *x, const char *name, struct xml_attribute at, struct text t);
/* Always there, a literal. */
void xml_word(struct xml *x, const char *name, const char *word);
/* With the decimals of the currency. */
void xml_amount(struct xml *x, const char *name, int64_t minor);
void xml_amount_of(struct xml *x, const char *name, int64_t minor, const char *attribute);
void xml_decimal(struct xml *x, const char *name, struct decimal d);
void xml_decimal_with(struct xml *x, const char *name, struct xml_attribute at, struct decimal d);
/* 2026-03-31; nothing for DAY_NONE. */
void xml_day(struct xml *x, const char *name, day d);

/* May it stand in XML 1.0? Valid UTF-8 without the characters that XML has no way to write. */
bool xml_holds(struct text t);
/* Category O has no rate. */
bool einvoice_rated(struct text category);

#endif
