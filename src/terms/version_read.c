/* SPDX-License-Identifier: Apache-2.0 */
/* A version read back from its canonical form: JSON to raw nodes, then the same steps as for a file that somebody wrote. */
#include "terms/version.h"

#include "base/canon.h"
#include "base/sha256.h"
#include "terms/canonical.h"
#include "terms/read.h"

#include <assert.h>
#include <string.h>

enum { SHOWN_BYTES = 24 };

/* Hashes come on top of the values that a file may have; that the values themselves are few enough is checked below. */
static const struct canon_limits form_limits = {
	.bytes = CANONICAL_BYTES_MAX, .depth = DEPTH_MAX, .nodes = (size_t)2 * NODES_MAX};

static struct place place_of(struct reader *r, const struct raw *n)
{
	return (struct place){n->line, n->column, raw_path(r->a, n)};
}

static void raw_fill(struct reader *r, struct raw *n, const struct canon_node *from)
{
	switch (from->type) {
	case CANON_OBJECT:
		n->kind = RAW_MAP;
		break;
	case CANON_ARRAY:
		n->kind = RAW_LIST;
		break;
	case CANON_TEXT:
		raw_says(n, from->text);
		n->quoted = true;
		break;
	case CANON_INT:
		raw_says(n, text_format(r->a, "%lld", (long long)from->number));
		break;
	case CANON_BOOL:
		raw_says(n, text_of(from->number != 0 ? "true" : "false"));
		break;
	}
	if (from->type == CANON_TEXT ? from->text.n == 0 : n->kind != RAW_SCALAR && from->n == 0) {
		problem(r, "value.empty", place_of(r, n),
			"nothing may be empty; leave the key out");
		n->bad = true;
	}
}

static void raw_link(struct reader *r, struct raw *n, struct raw *parent)
{
	n->parent = parent;
	if (parent == NULL)
		return;
	n->index = parent->n++;
	if (parent->last == NULL)
		parent->child = n;
	else
		parent->last->next = n;
	parent->last = n;
	if (parent->kind == RAW_LIST && n->index == ITEMS_MAX)
		problem(r, "yaml.syntax", place_of(r, n), "more than %d items in one list",
			ITEMS_MAX);
}

/* The nodes lie in preorder, so whatever is open is on the stack. */
static struct raw *raw_of(struct reader *r, const struct canon_doc *doc)
{
	struct raw *v = arena_array(r->a, struct raw, doc->n);
	size_t open[DEPTH_MAX + 1], depth = 0;

	for (size_t i = 0; i < doc->n; i++) {
		const struct canon_node *from = &doc->v[i];

		while (depth > 0 && i >= doc->v[open[depth - 1]].end)
			depth--;
		v[i] = (struct raw){.key = from->key,
				    .line = 1,
				    .column = from->offset + 1,
				    .key_line = 1,
				    .key_column = from->offset + 1};
		raw_link(r, &v[i], depth == 0 ? NULL : &v[open[depth - 1]]);
		raw_fill(r, &v[i], from);
		if (v[i].kind != RAW_SCALAR) {
			assert(depth < ARRAY_SIZE(open) && "canon_parse keeps the depth");
			open[depth++] = i;
		}
	}
	return v;
}

static enum rc refuse(const struct contract *c, struct err *err)
{
	const struct finding *f = &c->findings.v[0];

	err_at(err, c->file, f->line, f->column);
	err_code(err, f->code);
	err_key(err, f->path);
	if (c->findings.errors > 1)
		err_hint(err, "%zu more problem%s", c->findings.errors - 1,
			 c->findings.errors == 2 ? "" : "s");
	return err_set(err, RC_INVALID, "%.*s", TEXT_ARG(f->message));
}

/* The form is the identity: what was read must give these bytes again. */
static enum rc compare(const struct contract *c, struct text bytes, struct err *err)
{
	size_t at = 0;

	if (text_eq(c->canonical, bytes))
		return RC_OK;
	while (at < bytes.n && at < c->canonical.n && bytes.p[at] == c->canonical.p[at])
		at++;

	struct text is = text_sub(bytes, at,
				  at + SHOWN_BYTES < bytes.n ? at + SHOWN_BYTES : bytes.n),
		    would = text_sub(c->canonical, at,
				     at + SHOWN_BYTES < c->canonical.n ? at + SHOWN_BYTES
								       : c->canonical.n);

	err_at(err, c->file, 1, (uint32_t)at + 1);
	err_code(err, "version.form");
	err_hint(err, "it would be '%.*s'", TEXT_ARG(shown(c->arena, would)));
	return err_set(err, RC_INVALID, "is not the canonical form of what it says, from '%.*s' on",
		       TEXT_ARG(shown(c->arena, is)));
}

/* The tree keeps views into the bytes. hash: what they give, if a version was sealed to that; NULL: what was read is to be compared. */
static enum rc read_form(struct arena *a, struct text name, struct text bytes, const char *hash,
			 const struct terms_context *context, struct contract **out,
			 struct err *err)
{
	struct contract *c = arena_one(a, struct contract);
	struct reader r = {
		.a = a, .c = c, .context = context, .form = true, .sealed = hash != NULL};
	struct canon_doc doc;
	enum rc rc = canon_parse(a, NULL, bytes, CANON_STRICT, &form_limits, &doc, err);

	c->arena = a;
	c->file = text_copy(a, name);
	if (rc != RC_OK) {
		err_at(err, c->file, err->line, err->column);
		if (err->code[0] == '\0')
			err_code(err, "version.form");
		return rc;
	}
	if (doc.v->type == CANON_OBJECT && canon_member(&doc, doc.v, "template") != NULL) {
		err_at(err, c->file, 1, 1);
		err_code(err, "version.draft");
		return err_set(err, RC_INVALID, "is a template: it has holes and is no version");
	}
	contract_check(&r, raw_of(&r, &doc));
	if (!c->valid)
		return refuse(c, err);
	if (hash != NULL) {
		c->canonical = bytes;
		memcpy(c->hash, hash, sizeof(c->hash));
	} else {
		rc = compare(c, bytes, err);
	}
	if (rc != RC_OK)
		return rc;
	/* Lines and columns were for the messages: whoever shows the contract has no file to look into. */
	for (struct node *n = r.root; n != NULL; n = node_after_mutable(n))
		n->line = n->column = n->key_line = n->key_column = 0;
	*out = c;
	return RC_OK;
}

enum rc contract_read_canonical(struct arena *a, struct text name, struct text bytes,
				const struct terms_context *context, struct contract **out,
				struct err *err)
{
	return read_form(a, name, text_copy(a, bytes), NULL, context, out, err);
}

enum rc contract_read_sealed(struct arena *a, struct text name, struct text bytes,
			     struct text sha256, const struct terms_context *context,
			     struct contract **out, struct err *err)
{
	char is[SHA256_HEX + 1];

	sha256_hex(bytes, is);
	return read_form(a, name, bytes, text_is(sha256, is) ? is : NULL, context, out, err);
}
