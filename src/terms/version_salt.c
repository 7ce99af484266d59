/* SPDX-License-Identifier: Apache-2.0 */
/* Salts for the contacts of a draft, so that every one has a commitment and the version an identity (CL-43). */
#include "terms/version.h"

#include "base/base64.h"
#include "terms/canonical.h"
#include "terms/read.h"

#include <assert.h>

enum { DETAILS_BYTES_MAX = 1 << 16 };

struct salting {
	struct arena *a; /* of the answer */
	struct contract *c;
	const struct salt_source *salts;
	struct contact_secret *v;
	size_t n, cap;
};

static struct node *child_at(const struct node *map, const char *key)
{
	for (struct node *n = map == NULL ? NULL : map->child; n != NULL; n = n->next)
		if (text_is(n->key, key))
			return n;
	return NULL;
}

static struct text details_of(struct arena *a, const struct node *contact)
{
	struct buf b;

	buf_init(&b, DETAILS_BYTES_MAX);
	contact_details(&b, contact);
	assert(!b.full && "four lines of text at most");
	struct text t = text_copy(a, buf_view(&b));

	buf_free(&b);
	return t;
}

static void salt_add(struct contract *c, struct node *contact,
		     const unsigned char salt[CONTACT_SALT_BYTES])
{
	struct node *n = arena_one(c->arena, struct node);
	struct buf b;

	buf_init(&b, (size_t)CONTACT_SALT_BYTES * 2);
	hex_add(&b, salt, CONTACT_SALT_BYTES);
	n->kind = NODE_SCALAR;
	n->term = term_child(contact->term, text_of("salt"));
	n->key = text_of("salt");
	n->parent = contact;
	n->line = n->key_line = contact->line;
	n->column = n->key_column = contact->column;
	n->text = n->written = text_copy(c->arena, buf_view(&b));
	n->quoted = true;
	buf_free(&b);
	if (contact->last == NULL)
		contact->child = n;
	else
		contact->last->next = n;
	contact->last = n;
	contact->n++;
}

static enum rc contact_salt(struct salting *s, const char *party, struct node *contact,
			    struct err *err)
{
	struct contact_secret x = {
		.path = node_path(s->a, contact), .party = text_of(party), .id = contact->key};
	const struct node *salt = node_at(contact, "salt");

	/* Read from a form: there is a commitment, or nothing that one could be made of. */
	if (node_at(contact, "commit") != NULL)
		return RC_OK;
	if (node_at(contact, "name") == NULL) {
		err_at(err, s->c->file, contact->line, contact->column);
		err_code(err, "version.draft");
		err_key(err, x.path);
		return err_set(err, RC_INVALID, "contact has neither details nor a commitment");
	}
	x.details = details_of(s->a, contact);
	x.made = salt == NULL;
	if (x.made) {
		s->salts->fill(s->salts->context, x.path, x.details, x.salt);
		salt_add(s->c, contact, x.salt);
	} else if (!hex_read(salt->text, x.salt, sizeof(x.salt))) {
		assert(false && "checked when it was read");
	}

	bool committed = contact_commit(contact, x.commit);

	assert(committed);
	if (committed) {
		s->v = arena_grow(s->a, s->v, s->n, &s->cap, sizeof(*s->v));
		s->v[s->n++] = x;
	}
	return RC_OK;
}

/* A value left open: such a file is a template, or should be. */
static enum rc no_holes(const struct contract *c, struct err *err)
{
	for (const struct node *n = c->root; n != NULL; n = node_after(n)) {
		if (!n->hole && !c->is_template)
			continue;
		err_at(err, c->file, n->line, n->column);
		err_code(err, "version.draft");
		err_key(err, node_path(c->arena, n));
		return c->is_template
			       ? err_set(err, RC_INVALID, "a template is no version: fill it first")
			       : err_set(err, RC_INVALID, "'%.*s' is a hole and no value",
					 TEXT_ARG(n->text));
	}
	return RC_OK;
}

enum rc contract_salt(struct arena *a, struct contract *c, const struct salt_source *salts,
		      const struct contact_secret **out, size_t *n, struct err *err)
{
	static const char *const parties[] = {"provider", "client"};
	struct salting s = {.a = a, .c = c, .salts = salts};
	enum rc rc;

	assert(c->valid);
	rc = no_holes(c, err);
	for (size_t i = 0; rc == RC_OK && i < ARRAY_SIZE(parties); i++) {
		const struct node *list =
			child_at(child_at(child_at(c->root, "parties"), parties[i]), "contacts");

		for (struct node *m = list == NULL ? NULL : list->child; m != NULL && rc == RC_OK;
		     m = m->next)
			rc = contact_salt(&s, parties[i], m, err);
	}
	if (rc != RC_OK)
		return rc;
	canonical_seal(c);
	*out = s.v;
	*n = s.n;
	return RC_OK;
}
