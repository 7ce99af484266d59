/* SPDX-License-Identifier: Apache-2.0 */
#include "app/camt.h"

#include "base/buf.h"
#include "base/sha256.h"
#include "money/exact.h"
#include "render/xml_tree.h"

#include <libxml/tree.h>
#include <string.h>

#define SPACE "urn:iso:std:iso:20022:tech:xsd:camt.053.001."

enum { REFERENCE_MAX = 140, ID_MAX = 64, REMITTANCE_MAX = 2000 };

struct reading {
	struct arena *arena;
	const xmlNs *ns;
	struct camt *camt;
	struct err *err;
	enum rc rc;
};

/* --- the tree --- */

static bool named(const struct reading *r, const xmlNode *n, struct text name)
{
	return n->type == XML_ELEMENT_NODE && n->ns != NULL && text_eq(xml_view(n->name), name) &&
	       xmlStrEqual(n->ns->href, r->ns->href) == 1;
}

static const xmlNode *next(const struct reading *r, const xmlNode *from, struct text name)
{
	for (const xmlNode *n = from; n != NULL; n = n->next)
		if (named(r, n, name))
			return n;
	return NULL;
}

static const xmlNode *first(const struct reading *r, const xmlNode *at, const char *name)
{
	return at == NULL ? NULL : next(r, at->children, text_of(name));
}

static const xmlNode *after(const struct reading *r, const xmlNode *at, const char *name)
{
	return next(r, at->next, text_of(name));
}

/* "Refs/EndToEndId": the first of each step; NULL. */
static const xmlNode *find(const struct reading *r, const xmlNode *at, const char *path)
{
	struct text rest = text_of(path), step;

	while (at != NULL && rest.n > 0) {
		rest = text_cut(rest, '/', &step);
		at = next(r, at->children, step);
	}
	return at;
}

static void add_words(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c > ' ' && c != 0x7f)
			buf_char(b, t.p[i]);
		else if (b->n > 0 && b->p[b->n - 1] != ' ')
			buf_char(b, ' ');
	}
}

/* A text that was cut off at its limit ends with a whole character. */
static struct text whole_characters(struct text t)
{
	size_t at = t.n;

	return text_utf8(t, &at) ? t : text_sub(t, 0, at);
}

/* Blanks of all kinds joined to one; empty where there is none. */
static struct text words_at(const struct reading *r, const xmlNode *leaf)
{
	struct text t = {"", 0};
	struct buf b;

	if (leaf == NULL)
		return t;
	buf_init(&b, REMITTANCE_MAX);
	for (const xmlNode *c = leaf->children; c != NULL; c = c->next)
		if (c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE)
			add_words(&b, xml_view(c->content));
	t = text_copy(r->arena, text_trim(whole_characters(buf_view(&b))));
	buf_free(&b);
	return t;
}

static struct text words(const struct reading *r, const xmlNode *at, const char *path)
{
	return words_at(r, find(r, at, path));
}

static struct text currency_at(const struct reading *r, const xmlNode *amount)
{
	for (const xmlAttr *x = amount == NULL ? NULL : amount->properties; x != NULL; x = x->next)
		if (text_is(xml_view(x->name), "Ccy") && x->children != NULL)
			return text_copy(r->arena, text_trim(xml_view(x->children->content)));
	return text_of("");
}

static day date_at(const struct reading *r, const xmlNode *at, const char *path)
{
	struct text t = words(r, find(r, at, path), "Dt");
	day d = DAY_NONE;

	if (t.n == 0)
		t = words(r, find(r, at, path), "DtTm");
	return t.n >= 10 && day_parse(text_sub(t, 0, 10), &d) ? d : DAY_NONE;
}

/* --- an entry --- */

bool camt_plain_reference(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (!((t.p[i] >= '0' && t.p[i] <= '9') || (t.p[i] >= 'A' && t.p[i] <= 'Z') ||
		      (t.p[i] >= 'a' && t.p[i] <= 'z') || t.p[i] == '-' || t.p[i] == '/' ||
		      t.p[i] == '.'))
			return false;
	return t.n > 0 && t.n <= REFERENCE_MAX;
}

/* What a bank writes where nobody gave a reference. */
static struct text reference(struct text t)
{
	return text_is(t, "NOTPROVIDED") || text_is(t, "NONREF") ? text_of("") : t;
}

static struct text remittance(const struct reading *r, const xmlNode *tx)
{
	const xmlNode *info = find(r, tx, "RmtInf");
	struct text t;
	struct buf b;

	buf_init(&b, REMITTANCE_MAX);
	for (const xmlNode *u = first(r, info, "Ustrd"); u != NULL; u = after(r, u, "Ustrd")) {
		if (b.n > 0)
			buf_char(&b, ' ');
		buf_text(&b, words_at(r, u));
	}
	t = text_copy(r->arena, text_trim(whole_characters(buf_view(&b))));
	buf_free(&b);
	return t;
}

static struct text payer(const struct reading *r, const xmlNode *tx)
{
	struct text t = words(r, tx, "RltdPties/Dbtr/Nm");

	return t.n > 0 ? t : words(r, tx, "RltdPties/Dbtr/Pty/Nm");
}

static void add_entry(struct reading *r, const struct camt_entry *e)
{
	struct camt *c = r->camt;

	if (c->n == CAMT_ENTRIES_MAX) {
		r->rc = err_set(r->err, RC_LIMIT, "the statement has more than %d entries",
				CAMT_ENTRIES_MAX);
		return;
	}
	c->entries = arena_grow(r->arena, c->entries, c->n, &c->cap, sizeof(*c->entries));
	c->entries[c->n++] = *e;
}

static void about_payment(struct reading *r, const xmlNode *tx, struct camt_entry *e)
{
	e->end_to_end = reference(words(r, tx, "Refs/EndToEndId"));
	e->structured = words(r, tx, "RmtInf/Strd/CdtrRefInf/Ref");
	e->remittance = remittance(r, tx);
	e->payer = payer(r, tx);
}

/* Its own amount: TxAmt of what was sent, or Amt of newer versions. */
static const xmlNode *own_amount(const struct reading *r, const xmlNode *tx)
{
	const xmlNode *n = find(r, tx, "Amt");

	return n != NULL ? n : find(r, tx, "AmtDtls/TxAmt/Amt");
}

/* Do the payments say their amounts, and are they what the entry is? */
static bool says_apart(struct reading *r, const xmlNode *details, const struct camt_entry *e)
{
	struct exact sum = {0, 0}, whole, part;
	struct err ignored = {.line = 0};

	for (const xmlNode *tx = first(r, details, "TxDtls"); tx != NULL;
	     tx = after(r, tx, "TxDtls")) {
		const xmlNode *amount = own_amount(r, tx);

		if (amount == NULL || !text_eq(currency_at(r, amount), e->currency) ||
		    exact_parse_written(words_at(r, amount), &part, &ignored) != RC_OK ||
		    !exact_add(&sum, part))
			return false;
	}
	return exact_parse_written(e->amount, &whole, &ignored) == RC_OK &&
	       whole.scale == sum.scale && whole.units == sum.units;
}

static struct text own_id(const struct reading *r, struct text bank, struct text transaction,
			  size_t k)
{
	if (transaction.n > 0 && !text_eq(transaction, bank))
		return transaction;
	return bank.n == 0 ? bank : text_format(r->arena, "%.*s/%zu", TEXT_ARG(bank), k);
}

static void read_entry(struct reading *r, const xmlNode *n)
{
	const xmlNode *details = find(r, n, "NtryDtls"), *tx = first(r, details, "TxDtls");
	struct text status = words(r, n, "Sts"), bank = words(r, n, "AcctSvcrRef");
	struct camt_entry e = {.id = bank,
			       .amount = words(r, n, "Amt"),
			       .currency = currency_at(r, find(r, n, "Amt")),
			       .date = date_at(r, n, "ValDt"),
			       .credit = text_is(words(r, n, "CdtDbtInd"), "CRDT"),
			       .reversal = text_is(words(r, n, "RvslInd"), "true") ||
					   text_is(words(r, n, "RvslInd"), "1")};
	size_t k = 0;

	e.line = n->line;
	e.booked = text_is(status.n > 0 ? status : words(r, n, "Sts/Cd"), "BOOK");
	if (e.date == DAY_NONE)
		e.date = date_at(r, n, "BookgDt");
	if (tx == NULL || after(r, tx, "TxDtls") == NULL) {
		about_payment(r, tx, &e);
		if (e.id.n == 0)
			e.id = words(r, tx, "Refs/AcctSvcrRef");
		add_entry(r, &e);
		return;
	}
	if (!says_apart(r, details, &e)) {
		e.lumped = true;
		add_entry(r, &e);
		return;
	}
	for (; tx != NULL && r->rc == RC_OK; tx = after(r, tx, "TxDtls")) {
		struct camt_entry one = e;

		one.amount = words_at(r, own_amount(r, tx));
		one.id = own_id(r, bank, words(r, tx, "Refs/AcctSvcrRef"), ++k);
		about_payment(r, tx, &one);
		add_entry(r, &one);
	}
}

/* --- ids --- */

static int by_id(const void *x, const void *y)
{
	const struct camt_entry *const *a = x, *const *b = y;
	int order = text_cmp((*a)->id, (*b)->id);

	return order != 0 ? order : (*a < *b ? -1 : *a > *b);
}

/* Of what the bank says, but for free words, which may be personal. */
static struct text made_id(struct arena *a, const struct camt_entry *e)
{
	char hex[SHA256_HEX + 1];
	struct buf b;

	buf_init(&b, 4096);
	buf_printf(&b, "%d|%.*s|%.*s|%.*s|%.*s|%.*s|%d", (int)e->date, TEXT_ARG(e->amount),
		   TEXT_ARG(e->currency), TEXT_ARG(e->id), TEXT_ARG(e->end_to_end),
		   TEXT_ARG(e->structured), e->credit);
	sha256_hex(buf_view(&b), hex);
	buf_free(&b);
	return text_format(a, "e-%.16s", hex);
}

static size_t run_of(struct camt_entry **v, size_t from, size_t n)
{
	size_t to = from + 1;

	while (to < n && text_eq(v[to]->id, v[from]->id))
		to++;
	return to - from;
}

/*
 * The bank's reference is the id. Where there is none, where it has other signs, or where several entries share it, one is made; entries
 * that are equal in all of that are counted in the order of the statement.
 */
void camt_give_ids(struct arena *a, struct camt *c)
{
	struct camt_entry **v = arena_array(a, struct camt_entry *, c->n + 1);

	for (size_t i = 0; i < c->n; i++)
		v[i] = &c->entries[i];
	qsort(v, c->n, sizeof(struct camt_entry *), by_id);
	for (size_t i = 0, run; i < c->n; i += run) {
		run = run_of(v, i, c->n);
		if (run == 1 && v[i]->id.n <= ID_MAX && camt_plain_reference(v[i]->id))
			continue;
		if (run == 1)
			v[i]->as_given = v[i]->id;
		for (size_t k = i; k < i + run; k++)
			v[k]->id = made_id(a, v[k]);
	}
	qsort(v, c->n, sizeof(struct camt_entry *), by_id);
	for (size_t i = 0, run; i < c->n; i += run) {
		run = run_of(v, i, c->n);
		for (size_t k = 1; k < run; k++)
			v[i + k]->id = text_format(a, "%.*s/%zu", TEXT_ARG(v[i]->id), k + 1);
	}
}

/* --- the document --- */

static enum rc read_root(struct reading *r, const xmlNode *root)
{
	const xmlNode *statements;

	if (!text_is(xml_view(root->name), "Document") || root->ns == NULL ||
	    !text_starts(xml_view(root->ns->href), SPACE)) {
		err_hint(r->err, "CAMT.053: its root is Document of " SPACE "…");
		return err_set(r->err, RC_INVALID, "no bank statement: the root is '%.*s'",
			       (int)(xml_view(root->name).n < 80 ? xml_view(root->name).n : 80),
			       xml_view(root->name).p);
	}
	r->ns = root->ns;
	statements = find(r, root, "BkToCstmrStmt");
	if (statements == NULL)
		return err_set(r->err, RC_INVALID, "no 'BkToCstmrStmt' in the document");
	for (const xmlNode *s = first(r, statements, "Stmt"); s != NULL; s = after(r, s, "Stmt"))
		for (const xmlNode *n = first(r, s, "Ntry"); n != NULL && r->rc == RC_OK;
		     n = after(r, n, "Ntry"))
			read_entry(r, n);
	if (r->rc == RC_OK)
		camt_give_ids(r->arena, r->camt);
	return r->rc;
}

enum rc camt_read(struct arena *a, struct text bytes, struct camt **out, struct err *err)
{
	struct reading r = {.arena = a, .err = err, .camt = arena_one(a, struct camt)};
	const struct xml_limits limits = {CAMT_BYTES_MAX, CAMT_DEPTH_MAX, "the statement"};
	xmlDoc *doc = NULL;
	enum rc rc = xml_tree_read(bytes, &limits, &doc, err);

	if (rc != RC_OK)
		return rc;
	rc = read_root(&r, xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
	if (rc == RC_OK)
		*out = r.camt;
	return rc;
}
