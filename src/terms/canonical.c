/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/canonical.h"

#include "base/json.h"
#include "base/sha256.h"
#include "terms/library.h"
#include "terms/read.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	LIBRARY_BYTES_MAX = 1 << 20,
	SALT_BYTES = 16,
};

/* One member of an object: a node, or a hash that the form adds (CL-43, CL-44). */
struct member {
	struct text key;
	const struct node *node;
	struct text hash;
};

static int by_key(const void *x, const void *y)
{
	return text_cmp(((const struct member *)x)->key, ((const struct member *)y)->key);
}

static int by_text(const void *x, const void *y)
{
	return text_cmp((*(const struct node *const *)x)->text,
			(*(const struct node *const *)y)->text);
}

bool node_is_contact(const struct node *map)
{
	return map->kind == NODE_MAP && strcmp(map->term->key, "contacts") == 0;
}

/* --- members of the form alone --- */

static const struct term form_rows[] = {
	{"parties.*.contacts[].commit", "commit", TERM_HASH, false, false, "", NULL, NULL,
	 "what stands for the details of a contact", 0},
	{"documents[].library_sha256", "library_sha256", TERM_HASH, false, false, "", NULL, NULL,
	 "SHA-256 of the library entry", 0},
	{"calendars[].holidays[].ics_sha256", "ics_sha256", TERM_HASH, false, false, "", NULL, NULL,
	 "SHA-256 of the calendar file", 0},
};

const struct term *form_term(const struct node *map, struct text key)
{
	if (text_is(key, "commit") && node_is_contact(map))
		return &form_rows[0];
	if (text_is(key, "library_sha256") &&
	    term_own_child(map->term, text_of("library")) != NULL)
		return &form_rows[1];
	if (text_is(key, "ics_sha256") && term_own_child(map->term, text_of("ics")) != NULL)
		return &form_rows[2];
	return NULL;
}

const struct term *form_follows(const struct node *map, const struct term *row)
{
	static const char *const behind[] = {"id", "library", "ics"};
	const struct term *found = term_child(map->term, text_of(behind[row - form_rows]));

	assert(found != NULL);
	return found;
}

bool form_has(const struct term *row)
{
	const struct term *map = term_at(row->parent);

	return strcmp(map->key, "contacts") != 0 || strcmp(row->key, "id") == 0 ||
	       strcmp(row->key, "roles") == 0 || strcmp(row->key, "authority") == 0;
}

bool form_only(const struct term *row)
{
	for (size_t i = 0; i < ARRAY_SIZE(form_rows); i++)
		if (row == &form_rows[i])
			return true;
	return false;
}

const struct node *form_hash(const struct node *named)
{
	for (const struct node *n = named->parent->child; n != NULL; n = n->next)
		if (n->key.n == named->key.n + 7 && text_starts(n->key, named->term->key) &&
		    text_ends(n->key, "_sha256"))
			return n;
	return NULL;
}

struct text ics_source(struct arena *a, const struct node *ics)
{
	const struct node *hash = form_hash(ics);

	return hash == NULL ? ics->text : text_format(a, "sha256:%.*s", TEXT_ARG(hash->text));
}

void library_hash(struct text name, char hex[SHA256_HEX + 1])
{
	struct buf b;

	buf_init(&b, LIBRARY_BYTES_MAX);
	library_bytes(library_find(name), &b);
	assert(!b.full);
	sha256_hex(buf_view(&b), hex);
	buf_free(&b);
}

/* --- contacts --- */

void contact_details(struct buf *out, const struct node *contact)
{
	static const char *const keys[] = {"email", "name", "phone", "title"};
	bool first = true;

	buf_char(out, '{');
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct node *n = node_at(contact, keys[i]);

		if (n == NULL)
			continue;
		buf_printf(out, "%s\"%s\":", first ? "" : ",", keys[i]);
		json_quote(out, n->text);
		first = false;
	}
	buf_char(out, '}');
}

static unsigned hex_value(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

bool contact_commit(const struct node *contact, char hex[SHA256_HEX + 1])
{
	const struct node *salt = node_at(contact, "salt"), *commit = node_at(contact, "commit");
	struct buf b;

	if (commit != NULL && !commit->broken) {
		memcpy(hex, commit->text.p, SHA256_HEX);
		hex[SHA256_HEX] = '\0';
		return true;
	}
	if (salt == NULL || salt->hole || salt->broken)
		return false;
	assert(salt->text.n == (size_t)SALT_BYTES * 2 && "checked when it was read");
	buf_init(&b, LIBRARY_BYTES_MAX);
	for (size_t i = 0; i < SALT_BYTES; i++)
		buf_char(&b, (char)(unsigned char)(hex_value(salt->text.p[2 * i]) << 4 |
						   hex_value(salt->text.p[2 * i + 1])));
	contact_details(&b, contact);
	assert(!b.full);
	sha256_hex(buf_view(&b), hex);
	buf_free(&b);
	return true;
}

/* The hash of the bytes that a library or ics key names; empty where it is left open. */
static struct text hash_named(struct arena *a, const struct node *n)
{
	char hex[SHA256_HEX + 1];

	if (n->hole || n->broken)
		return (struct text){"", 0};
	if (n->term->type != TERM_LIB)
		return n->value.sha256;
	library_hash(n->text, hex);
	return text_copy(a, text_of(hex));
}

static bool names_bytes(const struct node *n)
{
	return n->term->type == TERM_LIB ||
	       strcmp(n->term->path, "calendars[].holidays[].ics") == 0;
}

/* What an object shows: all keys of a map; of a contact only what names nobody (CL-43). */
static struct member *members_of(struct arena *a, const struct node *map, size_t *n)
{
	struct member *v = arena_array(a, struct member, map->n * 2 + 1);
	char hex[SHA256_HEX + 1];

	*n = 0;
	for (const struct node *c = map->child; c != NULL; c = c->next) {
		if (node_is_contact(map) && !text_is(c->key, "id") && !text_is(c->key, "roles") &&
		    !text_is(c->key, "authority"))
			continue;
		v[(*n)++] = (struct member){.key = c->key, .node = c};
		/* In a tree read from a form the hash is a node of its own, compared when it was read. */
		if (names_bytes(c) && form_hash(c) == NULL)
			v[(*n)++] = (struct member){
				.key = text_format(a, "%.*s_sha256", TEXT_ARG(c->key)),
				.hash = hash_named(a, c)};
	}
	if (node_is_contact(map) && contact_commit(map, hex))
		v[(*n)++] = (struct member){.key = text_of("commit"),
					    .hash = text_copy(a, text_of(hex))};
	qsort(v, *n, sizeof(*v), by_key);
	return v;
}

/* Recursion is bounded by the depth of a contract, DEPTH_MAX. */
static void node_print(struct arena *a, struct buf *out, const struct node *n);

static void map_print(struct arena *a, struct buf *out, const struct node *map)
{
	size_t n;
	struct member *v = members_of(a, map, &n);

	buf_char(out, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(out, ',');
		json_quote(out, v[i].key);
		buf_char(out, ':');
		if (v[i].node != NULL)
			node_print(a, out, v[i].node);
		else
			json_quote(out, v[i].hash);
	}
	buf_char(out, '}');
}

static void set_print(struct arena *a, struct buf *out, const struct node *set)
{
	const struct node **v = arena_array(a, const struct node *, set->n);
	size_t n = 0;

	for (const struct node *c = set->child; c != NULL; c = c->next)
		v[n++] = c;
	if (n > 0)
		qsort(v, n, sizeof(*v), by_text);
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(out, ',');
		node_print(a, out, v[i]);
	}
	buf_char(out, ']');
}

static void node_print(struct arena *a, struct buf *out, const struct node *n)
{
	switch (n->kind) {
	case NODE_MAP:
		map_print(a, out, n);
		break;
	case NODE_SET:
		set_print(a, out, n);
		break;
	case NODE_ITEMS:
		buf_char(out, '[');
		for (const struct node *c = n->child; c != NULL; c = c->next) {
			map_print(a, out, c);
			if (c->next != NULL)
				buf_char(out, ',');
		}
		buf_char(out, ']');
		break;
	case NODE_SCALAR:
		if (!n->hole && (n->term->type == TERM_INT || n->term->type == TERM_BOOL))
			buf_text(out, n->text);
		else
			json_quote(out, n->text);
		break;
	}
}

void canonical_print(struct arena *a, struct buf *out, const struct node *n)
{
	node_print(a, out, n);
}

void canonical_seal(struct contract *c)
{
	struct buf b;

	buf_init(&b, CANONICAL_BYTES_MAX);
	node_print(c->arena, &b, c->root);
	assert(!b.full);
	c->canonical = text_copy(c->arena, buf_view(&b));
	sha256_hex(c->canonical, c->hash);
	buf_free(&b);
}
