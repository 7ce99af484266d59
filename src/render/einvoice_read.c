/* SPDX-License-Identifier: Apache-2.0 */
/*
 * E-invoices read (money.md R150): bytes of anybody become a tree without network, entities and document types, within limits, and the tree
 * a struct einvoice by the reader of its syntax. What the struct has no place for is counted. Nothing is judged here: einvoice_check is
 * for that.
 */
#include "render/einvoice_read.h"

#include "render/xml_tree.h"

#include <libxml/tree.h>
#include <limits.h>
#include <string.h>

/* --- the tree --- */

static bool named(const struct xml_reader *r, const xmlNode *n, struct text step)
{
	struct text prefix, local = text_cut(step, ':', &prefix);

	if (n->type != XML_ELEMENT_NODE || n->ns == NULL || !text_eq(xml_view(n->name), local))
		return false;
	for (const struct xml_space *s = r->spaces; s->prefix != NULL; s++)
		if (text_is(prefix, s->prefix))
			return text_is(xml_view(n->ns->href), s->uri);
	return false;
}

static xmlNode *next_named(const struct xml_reader *r, xmlNode *from, struct text step)
{
	for (xmlNode *n = from; n != NULL; n = n->next)
		if (named(r, n, step))
			return n;
	return NULL;
}

xmlNode *xml_next(const struct xml_reader *r, xmlNode *at, const xmlNode *last, const char *name)
{
	if (at == NULL)
		return NULL;
	return next_named(r, last == NULL ? at->children : last->next, text_of(name));
}

xmlNode *xml_find(const struct xml_reader *r, xmlNode *at, const char *path)
{
	struct text rest = text_of(path);

	while (at != NULL && rest.n > 0) {
		struct text step;

		rest = text_cut(rest, '/', &step);
		at = next_named(r, at->children, step);
	}
	return at;
}

static enum rc wrong(struct xml_reader *r, enum rc rc)
{
	if (r->rc == RC_OK)
		r->rc = rc;
	return rc;
}

size_t xml_count(struct xml_reader *r, xmlNode *at, const char *name)
{
	size_t n = 0;

	for (xmlNode *c = xml_next(r, at, NULL, name); c != NULL; c = xml_next(r, at, c, name))
		n++;
	if (n <= EINVOICE_LINES_MAX)
		return n;
	if (r->rc == RC_OK)
		(void)wrong(r, err_set(r->err, RC_LIMIT, "too many of '%s': at most %d", name,
				       EINVOICE_LINES_MAX));
	return 0;
}

/* --- texts --- */

static bool is_leaf(const xmlNode *n)
{
	for (const xmlNode *c = n->children; c != NULL; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			return false;
	return true;
}

static struct text content(const struct xml_reader *r, const xmlNode *leaf)
{
	struct buf b;
	struct text t;

	buf_init(&b, EINVOICE_BYTES_MAX);
	for (const xmlNode *c = leaf->children; c != NULL; c = c->next)
		if (c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE)
			buf_text(&b, xml_view(c->content));
	t = text_copy(r->arena, text_trim(buf_view(&b)));
	buf_free(&b);
	return t.n > 0 ? t : text_of(NULL);
}

struct text xml_peek(const struct xml_reader *r, xmlNode *at, const char *path)
{
	const xmlNode *leaf = xml_find(r, at, path);

	return leaf == NULL || !is_leaf(leaf) ? text_of(NULL) : content(r, leaf);
}

static void mark(xmlNode *leaf)
{
	if (leaf != NULL && is_leaf(leaf))
		leaf->_private = leaf;
}

struct text xml_take(const struct xml_reader *r, xmlNode *at, const char *path)
{
	mark(xml_find(r, at, path));
	return xml_peek(r, at, path);
}

struct text xml_attribute_of(const struct xml_reader *r, xmlNode *at, const char *path,
			     const char *name)
{
	const xmlNode *n = xml_find(r, at, path);

	for (const xmlAttr *x = n == NULL ? NULL : n->properties; x != NULL; x = x->next)
		if (x->ns == NULL && text_is(xml_view(x->name), name) && x->children != NULL)
			return text_copy(r->arena, text_trim(xml_view(x->children->content)));
	return text_of(NULL);
}

void xml_expect(const struct xml_reader *r, xmlNode *at, const char *path, const char *word)
{
	if (text_is(xml_peek(r, at, path), word))
		mark(xml_find(r, at, path));
}

/* --- values --- */

static void bad_value(struct xml_reader *r, const char *path, struct text t, const char *want)
{
	if (r->rc != RC_OK)
		return;
	(void)wrong(r, err_set(r->err, RC_INVALID, "wrong value of %s: '%.*s'", path,
			       (int)(t.n < 80 ? t.n : 80), t.p));
	err_hint(r->err, "%s", want);
}

/* xs:decimal, at most 18 digits, without zeros at the end; 9 decimals. */
static bool decimal_of_text(struct text t, struct decimal *out)
{
	i128 units = 0;
	unsigned scale = 0, digits = 0;
	bool minus = t.n > 0 && t.p[0] == '-', point = false, any = false;

	for (size_t k = minus || (t.n > 0 && t.p[0] == '+') ? 1 : 0; k < t.n; k++) {
		char c = t.p[k];

		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		any = true;
		if (digits == 30)
			return false;
		units = units * 10 + (c - '0');
		digits += units != 0;
		scale += point;
		if (scale > 60)
			return false;
	}
	while (scale > 0 && units % 10 == 0) {
		units /= 10;
		scale--;
	}
	if (!any || scale > 9 || units >= (i128)1000000000000000000)
		return false;
	*out = (struct decimal){(int64_t)(minus ? -units : units), (uint8_t)scale};
	return true;
}

struct decimal xml_take_decimal(struct xml_reader *r, xmlNode *at, const char *path,
				struct decimal usual, bool *there)
{
	struct text t = xml_take(r, at, path);

	if (there != NULL)
		*there = t.n > 0;
	if (t.n > 0 && !decimal_of_text(t, &usual))
		bad_value(r, path, t, "a decimal number of at most 18 digits, 9 of them decimals");
	return usual;
}

int64_t xml_take_amount(struct xml_reader *r, xmlNode *at, const char *path, bool *there)
{
	struct text t = xml_take(r, at, path);
	struct text currency = xml_attribute_of(r, at, path, "currencyID");
	struct decimal d = {0, 0};

	if (there != NULL)
		*there = t.n > 0;
	if (t.n == 0)
		return 0;
	if (currency.n > 0 && !text_is(currency, r->currency.code)) {
		bad_value(r, path, currency, "the currency of the document");
		return 0;
	}
	if (!decimal_of_text(t, &d) || d.scale > r->currency.decimals) {
		bad_value(r, path, t, "an amount with no more decimals than its currency has");
		return 0;
	}
	for (; d.scale < r->currency.decimals; d.scale++)
		if (__builtin_mul_overflow(d.units, 10, &d.units)) {
			bad_value(r, path, t, "an amount of at most 18 digits");
			return 0;
		}
	return d.units;
}

day xml_take_day(struct xml_reader *r, xmlNode *at, const char *path)
{
	struct text t = xml_take(r, at, path);
	day d = DAY_NONE;

	if (t.n == 0)
		return d;
	/* xs:date may name a zone, which says nothing about a civil day */
	if (t.n > 10 && (t.p[10] == 'Z' || t.p[10] == '+' || t.p[10] == '-'))
		t.n = 10;
	if (!day_parse(t, &d))
		bad_value(r, path, t, "a date: 2026-03-31");
	return d;
}

day xml_take_day_102(struct xml_reader *r, xmlNode *at, const char *path)
{
	struct text t = xml_take(r, at, path);
	day d = DAY_NONE;

	if (t.n == 0)
		return d;
	if (t.n != 8 || !text_is(xml_attribute_of(r, at, path, "format"), "102") ||
	    !day_parse(text_format(r->arena, "%.*s-%.*s-%.*s", 4, t.p, 2, t.p + 4, 2, t.p + 6), &d))
		bad_value(r, path, t, "a date in format 102: 20260331");
	return d;
}

void xml_take_currency(struct xml_reader *r, xmlNode *at, const char *path)
{
	struct text t = xml_take(r, at, path);

	if (!currency_find(t, &r->currency))
		bad_value(r, path, t, "a code of ISO 4217: EUR");
}

/* --- what was not read --- */

static const xmlNode *after(const xmlNode *n, const xmlNode *root)
{
	if (n->type == XML_ELEMENT_NODE && n->children != NULL)
		return n->children;
	while (n != root && n->next == NULL)
		n = n->parent;
	return n == root ? NULL : n->next;
}

static void count_unread(const struct xml_reader *r, const xmlNode *root, struct einvoice *e)
{
	for (const xmlNode *n = root; n != NULL; n = after(n, root)) {
		if (n->type != XML_ELEMENT_NODE || n->_private != NULL || !is_leaf(n) ||
		    content(r, n).n == 0)
			continue;
		if (e->unread++ == 0)
			e->first_unread = text_copy(r->arena, xml_view(n->name));
	}
}

/* --- the document --- */

static bool is_root(const xmlNode *root, const char *name, const char *uri)
{
	return text_is(xml_view(root->name), name) && root->ns != NULL &&
	       text_is(xml_view(root->ns->href), uri);
}

static enum rc read_root(struct xml_reader *r, xmlNode *root, struct einvoice *e,
			 enum einvoice_syntax *syntax)
{
	if (is_root(root, "CrossIndustryInvoice",
		    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100")) {
		r->spaces = einvoice_cii_spaces;
		*syntax = EINVOICE_CII;
		einvoice_read_cii(r, root, e);
	} else if (is_root(root, "Invoice",
			   "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2") ||
		   is_root(root, "CreditNote",
			   "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2")) {
		r->spaces = einvoice_ubl_spaces;
		*syntax = EINVOICE_UBL;
		einvoice_read_ubl(r, root, e);
	} else {
		(void)err_set(r->err, RC_INVALID, "no e-invoice: its root is '%.*s'",
			      (int)(xml_view(root->name).n < 80 ? xml_view(root->name).n : 80),
			      xml_view(root->name).p);
		err_hint(r->err, "Invoice or CreditNote of UBL 2, or CrossIndustryInvoice of CII");
		return RC_INVALID;
	}
	count_unread(r, root, e);
	return r->rc;
}

enum rc einvoice_read(struct arena *a, struct text bytes, struct einvoice **out,
		      enum einvoice_syntax *syntax, struct err *err)
{
	struct xml_reader r = {.arena = a, .err = err};
	struct einvoice *e = arena_one(a, struct einvoice);
	enum einvoice_syntax which = EINVOICE_UBL;
	const struct xml_limits limits = {EINVOICE_BYTES_MAX, EINVOICE_DEPTH_MAX, "e-invoice"};
	xmlDoc *doc = NULL;
	enum rc rc = xml_tree_read(bytes, &limits, &doc, err);

	if (rc != RC_OK)
		return rc;
	rc = read_root(&r, xmlDocGetRootElement(doc), e, &which);
	xmlFreeDoc(doc);
	if (rc != RC_OK)
		return rc;
	*out = e;
	*syntax = which;
	return RC_OK;
}
