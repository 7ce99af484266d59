/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/yaml_out.h"

#include "base/canon.h"
#include "terms/canonical.h"
#include "terms/plain.h"
#include "terms/read.h"

#include <string.h>

enum { LINE_MAX_COLUMNS = 110, STEP = 2 };

struct writer {
	struct arena *a;
	struct buf *out;
	const struct yaml_contact *contacts;
	size_t n_contacts;
};

/* --- one value --- */

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Letters and digits with single signs between them that mean nothing in YAML, in flow style neither. */
static bool plain_fits(struct text t)
{
	if (t.n == 0 || !word_char(t.p[0]))
		return false;
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];
		bool last = i + 1 == t.n;

		if (word_char(c) || c == '_' || c == '.' || c == '-' || c == '/' || c == '+' ||
		    c == '@' || c == '%' || c == '(' || c == ')')
			continue;
		if ((c == ' ' || c == ':') && !last && t.p[i + 1] != ' ' && t.p[i + 1] != ':')
			continue;
		return false;
	}
	return true;
}

void yaml_scalar(struct arena *a, struct buf *out, struct text value)
{
	if (plain_fits(value) && plain_trouble(a, value).n == 0) {
		buf_text(out, value);
		return;
	}
	buf_char(out, '"');
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if (c == '"' || c == '\\')
			buf_char(out, '\\');
		if (c == '\n')
			buf_str(out, "\\n");
		else if (c == '\t')
			buf_str(out, "\\t");
		else if (c < 0x20 || c == 0x7f)
			buf_printf(out, "\\x%02x", c);
		else
			buf_char(out, value.p[i]);
	}
	buf_char(out, '"');
}

bool yaml_block_fits(struct text value)
{
	bool begin = true;

	if (text_find(value, '\n', 0) == value.n || value.p[0] == '\n' ||
	    value.p[value.n - 1] == '\n')
		return false;
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];
		bool ends = i + 1 == value.n || value.p[i + 1] == '\n';

		if ((c < 0x20 && c != '\n') || c == 0x7f || (c == ' ' && ends) ||
		    (begin && c == ' ' && i == 0))
			return false;
		/* characters of which some YAML makes line breaks, and the byte order mark */
		if (c == 0xc2 || c == 0xe2 || c == 0xef)
			if (text_starts(text_sub(value, i, value.n), "\xc2\x85") ||
			    text_starts(text_sub(value, i, value.n), "\xe2\x80\xa8") ||
			    text_starts(text_sub(value, i, value.n), "\xe2\x80\xa9") ||
			    text_starts(text_sub(value, i, value.n), "\xef\xbb\xbf"))
				return false;
		begin = c == '\n';
	}
	return true;
}

void yaml_block(struct buf *out, struct text value, unsigned indent)
{
	struct text line;

	buf_char(out, '|');
	while (value.n > 0) {
		value = text_cut(value, '\n', &line);
		buf_char(out, '\n');
		if (line.n > 0)
			buf_pad(out, ' ', indent);
		buf_text(out, line);
	}
}

/* --- the tree --- */

static bool written(const struct node *n)
{
	return !text_ends(n->key, "_sha256") && !text_is(n->key, "commit");
}

/* What stands for the details is not written, the details are. */
static const struct yaml_contact *contact_of(const struct writer *w, const struct node *map)
{
	char commit[65];

	if (!node_is_contact(map) || !contact_commit(map, commit))
		return NULL;
	for (size_t i = 0; i < w->n_contacts; i++)
		if (strcmp(commit, w->contacts[i].commit) == 0)
			return &w->contacts[i];
	return NULL;
}

struct pair {
	struct text key;
	const struct node *node; /* NULL: value */
	struct text value;
};

/* What a map is written with: its own keys; of a contact the details behind the id. */
static struct pair *pairs_of(struct writer *w, const struct node *map, size_t *n)
{
	static const char *const keys[] = {"name", "title", "email", "phone"};
	struct pair *v = arena_array(w->a, struct pair, map->n + ARRAY_SIZE(keys) + 1);
	const struct yaml_contact *contact = contact_of(w, map);
	struct err none = {.line = 0};
	struct canon_doc doc;
	bool known = contact != NULL && canon_parse(w->a, NULL, contact->details, CANON_STRICT,
						    &CANON_LARGE, &doc, &none) == RC_OK;

	*n = 0;
	for (const struct node *c = map->child; c != NULL; c = c->next) {
		if (written(c))
			v[(*n)++] = (struct pair){c->key, c, {"", 0}};
		for (size_t k = 0; known && text_is(c->key, "id") && k < ARRAY_SIZE(keys); k++) {
			const struct canon_node *d = canon_member(&doc, &doc.v[0], keys[k]);

			if (d != NULL)
				v[(*n)++] = (struct pair){text_of(keys[k]), NULL, d->text};
		}
	}
	return v;
}

/* On one line: {id: x, name: y}, [a, b], a. Recursion is bounded by DEPTH_MAX, here and below. */
static void put_flow(struct writer *w, struct buf *out, const struct node *n)
{
	struct pair *v;
	size_t k;

	if (n->kind == NODE_SCALAR) {
		yaml_scalar(w->a, out, n->text);
		return;
	}
	if (n->kind != NODE_MAP) {
		buf_char(out, '[');
		for (const struct node *c = n->child; c != NULL; c = c->next) {
			put_flow(w, out, c);
			if (c->next != NULL)
				buf_str(out, ", ");
		}
		buf_char(out, ']');
		return;
	}
	v = pairs_of(w, n, &k);
	buf_char(out, '{');
	for (size_t i = 0; i < k; i++) {
		buf_printf(out, "%s%.*s: ", i == 0 ? "" : ", ", TEXT_ARG(v[i].key));
		if (v[i].node != NULL)
			put_flow(w, out, v[i].node);
		else
			yaml_scalar(w->a, out, v[i].value);
	}
	buf_char(out, '}');
}

/* Nothing in it that wants lines of its own. */
static bool flat(const struct node *n)
{
	for (const struct node *c = n->child; c != NULL; c = c->next) {
		if (c->kind == NODE_SCALAR && text_find(c->text, '\n', 0) < c->text.n)
			return false;
		if (c->kind == NODE_ITEMS || (c->kind == NODE_MAP && !flat(c)))
			return false;
	}
	return true;
}

/* On the line that has begun, if it fits there. */
static bool put_short(struct writer *w, const struct node *n, unsigned column, const char *lead)
{
	struct buf line;
	bool fits;

	if (n->kind == NODE_ITEMS || !flat(n))
		return false;
	buf_init(&line, FILE_BYTES_MAX);
	put_flow(w, &line, n);
	fits = !line.full && (line.n + column <= LINE_MAX_COLUMNS || n->kind == NODE_SET);
	if (fits)
		buf_printf(w->out, "%s%.*s\n", lead, TEXT_ARG(buf_view(&line)));
	buf_free(&line);
	return fits;
}

static void put_map(struct writer *w, const struct node *map, unsigned indent, bool first_begun);

static void put_items(struct writer *w, const struct node *items, unsigned indent)
{
	for (const struct node *c = items->child; c != NULL; c = c->next) {
		buf_pad(w->out, ' ', indent);
		buf_str(w->out, "- ");
		if (!put_short(w, c, indent + STEP, ""))
			put_map(w, c, indent + STEP, true);
	}
}

static void put_pair(struct writer *w, const struct pair *v, unsigned indent)
{
	const struct node *n = v->node;

	buf_text(w->out, v->key);
	buf_char(w->out, ':');
	if (n == NULL || n->kind == NODE_SCALAR) {
		struct text value = n == NULL ? v->value : n->text;

		buf_char(w->out, ' ');
		if (yaml_block_fits(value))
			yaml_block(w->out, value, indent + STEP);
		else
			yaml_scalar(w->a, w->out, value);
		buf_char(w->out, '\n');
		return;
	}
	if (n->parent->parent != NULL && put_short(w, n, indent + (unsigned)v->key.n + 2, " "))
		return;
	buf_char(w->out, '\n');
	if (n->kind == NODE_ITEMS)
		put_items(w, n, indent + STEP);
	else
		put_map(w, n, indent + STEP, false);
}

static void put_map(struct writer *w, const struct node *map, unsigned indent, bool first_begun)
{
	size_t n;
	struct pair *v = pairs_of(w, map, &n);

	for (size_t i = 0; i < n; i++) {
		if (i > 0 || !first_begun)
			buf_pad(w->out, ' ', indent);
		put_pair(w, &v[i], indent);
	}
}

static void put_amends(struct writer *w, const struct yaml_amends *amends)
{
	if (amends == NULL || amends->base.n == 0)
		return;
	buf_str(w->out, "\namends:\n  base: ");
	yaml_scalar(w->a, w->out, amends->base);
	buf_str(w->out, "\n  reason: ");
	yaml_scalar(w->a, w->out, amends->reason);
	buf_char(w->out, '\n');
}

void contract_yaml(struct arena *a, struct buf *out, const struct contract *c,
		   const struct yaml_contact *contacts, size_t n, const struct yaml_amends *amends)
{
	struct writer w = {a, out, contacts, n};
	size_t k;
	struct pair *v = pairs_of(&w, c->root, &k);

	for (size_t i = 0; i < k; i++) {
		if (text_is(v[i].key, "amends"))
			continue;
		if (i > 0)
			buf_char(out, '\n');
		put_pair(&w, &v[i], 0);
		if (text_is(v[i].key, "tenor"))
			put_amends(&w, amends);
	}
}
