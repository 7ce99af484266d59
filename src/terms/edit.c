/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/edit.h"

#include "terms/read.h"
#include "terms/yaml_out.h"

#include <assert.h>
#include <string.h>

enum { STEP = 2 };

struct editing {
	struct arena *a;
	struct text bytes;
	const struct contract *c;
	const struct term_edit *edit;
	struct err *err;
};

static enum rc refused(const struct editing *e, const char *why)
{
	err_key(e->err, e->edit->path);
	err_code(e->err, "edit.place");
	err_hint(e->err, "change it in the text");
	return err_set(e->err, RC_INVALID, "'%.*s' cannot be changed where it stands: %s",
		       TEXT_ARG(e->edit->path), why);
}

/* --- places in the text --- */

/* Marks count characters; a byte that goes on a character counts nothing. */
static size_t offset_at(struct text t, uint32_t line, uint32_t column)
{
	size_t at = text_starts(t, "\xef\xbb\xbf") ? 3 : 0;

	for (; line > 1 && at < t.n; line--)
		at = text_find(t, '\n', at) + 1;
	for (; column > 1 && at < t.n; column--) {
		at++;
		while (at < t.n && ((unsigned char)t.p[at] & 0xc0) == 0x80)
			at++;
	}
	return at < t.n ? at : t.n;
}

static size_t line_start(struct text t, size_t at)
{
	while (at > 0 && t.p[at - 1] != '\n')
		at--;
	return at;
}

/* The line break behind `at`, or the end. */
static size_t line_end(struct text t, size_t at)
{
	return text_find(t, '\n', at < t.n ? at : t.n);
}

static unsigned blanks(struct text t, size_t from)
{
	unsigned n = 0;

	while (from + n < t.n && t.p[from + n] == ' ')
		n++;
	return n;
}

static char char_at(struct text t, size_t at)
{
	return at < t.n ? t.p[at] : '\n';
}

/* Behind the closing quote. */
static size_t quoted_end(struct text t, size_t at)
{
	char q = t.p[at];

	for (at++; at < t.n; at++) {
		if (t.p[at] == '\\' && q == '"')
			at++;
		else if (t.p[at] == q && q == '\'' && char_at(t, at + 1) == q)
			at++;
		else if (t.p[at] == q)
			return at + 1;
	}
	return t.n;
}

/* Behind the bracket that closes the one at `at`; *notes: a comment stands between them. */
static size_t flow_end(struct text t, size_t at, bool *notes)
{
	size_t depth = 0;

	while (at < t.n) {
		char c = t.p[at];
		bool begins = at > 0 && strchr(" \n\t[{,:", t.p[at - 1]) != NULL;

		if ((c == '"' || c == '\'') && begins) {
			at = quoted_end(t, at);
			continue;
		}
		if (c == '#' && begins) {
			*notes = true;
			at = line_end(t, at);
			continue;
		}
		depth += c == '[' || c == '{';
		at++;
		if ((c == ']' || c == '}') && --depth == 0)
			return at;
	}
	return t.n;
}

/* The end of a literal or folded block: before the line break of the last line that is deeper than its key. */
static size_t block_end(struct text t, size_t at, unsigned key_indent)
{
	size_t end = line_end(t, at), next = end + 1;

	while (next < t.n) {
		size_t stop = line_end(t, next);
		unsigned indent = blanks(t, next);

		if (next + indent < stop && indent <= key_indent)
			break;
		if (next + indent < stop)
			end = stop;
		next = stop + 1;
	}
	return end;
}

static size_t start_of(const struct editing *e, const struct node *n)
{
	return offset_at(e->bytes, n->line, n->column);
}

static size_t key_start(const struct editing *e, const struct node *n)
{
	return offset_at(e->bytes, n->key_line, n->key_column);
}

static unsigned key_indent(const struct editing *e, const struct node *n)
{
	size_t at = key_start(e, n);

	return (unsigned)(at - line_start(e->bytes, at));
}

static bool in_flow(const struct editing *e, const struct node *map)
{
	char c = char_at(e->bytes, start_of(e, map));

	return c == '{' || c == '[';
}

/* Behind the value. false: it is not written in a way that is known here. Recursion is bounded by DEPTH_MAX. */
static bool end_of(const struct editing *e, const struct node *n, size_t *end, bool *notes)
{
	struct text t = e->bytes;
	size_t at = start_of(e, n), last = at;
	char c = char_at(t, at);

	if (n->kind != NODE_SCALAR) {
		if (in_flow(e, n)) {
			*end = flow_end(t, at, notes);
			return true;
		}
		for (const struct node *k = n->child; k != NULL; k = k->next) {
			size_t stop = 0;

			if (!end_of(e, k, &stop, notes))
				return false;
			last = stop > last ? stop : last;
		}
		*end = last;
		return n->child != NULL;
	}
	if (c == '"' || c == '\'') {
		*end = quoted_end(t, at);
		return true;
	}
	if (c == '|' || c == '>') {
		*end = block_end(t, at, key_indent(e, n));
		return true;
	}
	*end = at + n->written.n;
	return *end <= t.n && text_eq(text_sub(t, at, *end), n->written);
}

static struct text spliced(const struct editing *e, size_t from, size_t to, struct text by)
{
	struct text t = e->bytes, head = text_sub(t, 0, from), tail = text_sub(t, to, t.n), out;
	struct buf b;

	buf_init(&b, (size_t)4 * FILE_BYTES_MAX);
	buf_text(&b, head);
	buf_text(&b, by);
	buf_text(&b, tail);
	out = text_copy(e->a, buf_view(&b));
	buf_free(&b);
	return out;
}

/* --- a value as it is to stand --- */

static void put_value(const struct editing *e, struct buf *b, const struct term *row, bool flow,
		      unsigned indent)
{
	struct text value = e->edit->value, line;

	if (!row->set) {
		if (!flow && yaml_block_fits(value))
			yaml_block(b, value, indent + STEP);
		else
			yaml_scalar(e->a, b, value);
		return;
	}
	buf_char(b, '[');
	for (bool first = true; value.n > 0;) {
		value = text_cut(value, '\n', &line);
		line = text_trim(line);
		if (line.n == 0)
			continue;
		if (!first)
			buf_str(b, ", ");
		yaml_scalar(e->a, b, line);
		first = false;
	}
	buf_char(b, ']');
}

static struct text taken(struct arena *a, struct buf *b)
{
	struct text out = text_copy(a, buf_view(b));

	buf_free(b);
	return out;
}

/* --- taking away --- */

/* In flow: the value with the comma that leads to it, or else the one behind it. */
static struct text without_flow(const struct editing *e, size_t from, size_t to)
{
	struct text t = e->bytes;
	size_t before = from, after = to;

	while (before > 0 && strchr(" \n\t", t.p[before - 1]) != NULL)
		before--;
	if (before > 0 && t.p[before - 1] == ',')
		return spliced(e, before - 1, to, text_of(""));
	while (after < t.n && strchr(" \n\t", t.p[after]) != NULL)
		after++;
	if (char_at(t, after) != ',')
		return spliced(e, from, to, text_of(""));
	after++;
	while (char_at(t, after) == ' ')
		after++;
	return spliced(e, from, after, text_of(""));
}

/* In block: whole lines; where the first of them leads an item, the next key takes its place. */
static enum rc without_lines(const struct editing *e, const struct node *n, size_t from, size_t to,
			     struct text *out)
{
	struct text t = e->bytes;
	size_t begin = line_start(t, from), end = line_end(t, to);

	if (text_trim(text_sub(t, begin, from)).n == 0) {
		*out = spliced(e, begin, end < t.n ? end + 1 : end, text_of(""));
		return RC_OK;
	}
	if (n->next == NULL || n->key_line == 0)
		return refused(e, "another value stands on its line");
	*out = spliced(e, from, key_start(e, n->next), text_of(""));
	return RC_OK;
}

static enum rc take_away(const struct editing *e, const struct node *n, struct text *out)
{
	bool notes = false, item;
	size_t from, to = 0;

	/* nothing may be empty (CL-4): what holds only this goes with it */
	while (n->parent != NULL && n->parent->parent != NULL && n->parent->n == 1)
		n = n->parent;
	if (n->parent == NULL)
		return refused(e, "it is all there is");
	item = n->parent->kind == NODE_ITEMS;
	from = item ? start_of(e, n) : key_start(e, n);
	if (!end_of(e, n, &to, &notes))
		return refused(e, "its value goes over several lines");
	if (in_flow(e, n->parent)) {
		*out = without_flow(e, from, to);
		return RC_OK;
	}
	if (item) /* the sign that leads it */
		while (from > 0 && e->bytes.p[from] != '-' && e->bytes.p[from - 1] != '\n')
			from--;
	return without_lines(e, n, from, to, out);
}

/* --- changing --- */

static enum rc change(const struct editing *e, const struct node *n, struct text *out)
{
	bool notes = false, flow = in_flow(e, n->parent), list = n->kind == NODE_SET;
	unsigned indent = key_indent(e, n);
	size_t from = start_of(e, n), to = 0;
	struct buf b;

	if (n->kind != NODE_SCALAR && !list)
		return refused(e, "it is a block");
	if (!end_of(e, n, &to, &notes))
		return refused(e, "its value goes over several lines");
	if (list && !in_flow(e, n)) {
		struct text span = text_sub(e->bytes, from, line_end(e->bytes, to));

		for (size_t i = 1; i < span.n; i++)
			notes = notes || (span.p[i] == '#' && span.p[i - 1] == ' ');
		/* from the end of the key's line: the list goes behind the key */
		while (from > 0 && e->bytes.p[from - 1] != ':')
			from--;
	}
	if (notes)
		return refused(e, "there are comments within it");
	buf_init(&b, (size_t)4 * FILE_BYTES_MAX);
	if (list && !in_flow(e, n))
		buf_char(&b, ' ');
	put_value(e, &b, n->term, flow, indent);
	*out = spliced(e, from, to, taken(e->a, &b));
	return RC_OK;
}

/* --- adding --- */

/* "a: {b: {c: value}}", or for a list "a: [{id: x, c: value}]": what is left of the path, on one line. */
static enum rc put_rest(const struct editing *e, struct buf *b, const struct term *in,
			struct text rest, bool flow, unsigned indent)
{
	struct text key;
	const struct term *row;
	size_t closing = 0;
	char close[2 * DEPTH_MAX + 2];

	for (;;) {
		rest = text_cut(rest, '.', &key);
		row = term_child(in, key);
		assert(row != NULL && "the path was found in the table");
		buf_text(b, key);
		buf_str(b, ": ");
		if (row->type != TERM_MAP && row->type != TERM_ITEMS)
			break;
		flow = true;
		if (row->type == TERM_ITEMS) {
			rest = text_cut(rest, '.', &key);
			buf_printf(b, "[{id: %.*s", TEXT_ARG(key));
			close[closing++] = ']';
			close[closing++] = '}';
			if (rest.n == 0 || text_is(rest, "id"))
				break;
			buf_str(b, ", ");
		} else {
			buf_char(b, '{');
			close[closing++] = '}';
		}
		in = row;
		if (closing + 2 > sizeof(close))
			return refused(e, "it is too deep");
	}
	if (row->type != TERM_ITEMS)
		put_value(e, b, row, flow, indent);
	while (closing > 0)
		buf_char(b, close[--closing]);
	return RC_OK;
}

static size_t index_of(const struct term *t)
{
	return term_is_shared(t) ? 0 : (size_t)(t - term_at(0));
}

/* The key after which the new one stands: the last that the table has before it. */
static const struct node *place_in(const struct node *map, const struct term *row)
{
	const struct node *found = NULL;

	for (const struct node *n = map->child; n != NULL; n = n->next)
		if (index_of(n->term) <= index_of(row))
			found = n;
	return found != NULL ? found : map->last;
}

static enum rc add_key(const struct editing *e, const struct node *map, struct text rest,
		       struct text *out)
{
	struct text key, line = {NULL, 0};
	bool notes = false, flow = in_flow(e, map);
	const struct node *after;
	unsigned indent;
	size_t at = 0;
	struct buf b;
	enum rc rc;

	(void)text_cut(rest, '.', &key);
	if (map->child == NULL)
		return refused(e, "the block is empty");
	after = place_in(map, term_child(map->term, key));
	if (!end_of(e, after, &at, &notes))
		return refused(e, "the value before it goes over several lines");
	indent = key_indent(e, map->child);
	buf_init(&b, (size_t)4 * FILE_BYTES_MAX);
	if (flow) {
		buf_str(&b, ", ");
	} else {
		at = line_end(e->bytes, at);
		buf_char(&b, '\n');
		buf_pad(&b, ' ', indent);
	}
	rc = put_rest(e, &b, map->term, rest, flow, indent);
	line = taken(e->a, &b);
	if (rc == RC_OK)
		*out = spliced(e, at, at, line);
	return rc;
}

static enum rc add_item(const struct editing *e, const struct node *items, struct text id,
			struct text *out)
{
	bool notes = false;
	size_t at = 0, sign, begin;
	struct buf b;

	if (!end_of(e, items, &at, &notes))
		return refused(e, "the item before it goes over several lines");
	buf_init(&b, (size_t)4 * FILE_BYTES_MAX);
	if (in_flow(e, items)) {
		if (!end_of(e, items->last, &at, &notes)) {
			buf_free(&b);
			return refused(e, "the item before it goes over several lines");
		}
		buf_printf(&b, ", {id: %.*s}", TEXT_ARG(id));
	} else {
		sign = start_of(e, items);
		begin = line_start(e->bytes, sign);
		at = line_end(e->bytes, at);
		buf_char(&b, '\n');
		buf_pad(&b, ' ', sign - begin);
		buf_printf(&b, "- id: %.*s", TEXT_ARG(id));
	}
	*out = spliced(e, at, at, taken(e->a, &b));
	return RC_OK;
}

/* --- one edit --- */

/* Does the table have the path? *row: of its last key, *item: it ends with the id of an item. */
static bool in_table(struct text path, const struct term **row, bool *item)
{
	const struct term *in = term_at(0);
	struct text key;

	*item = false;
	for (size_t depth = 0; path.n > 0; depth++) {
		path = text_cut(path, '.', &key);
		in = in->type == TERM_MAP || in->type == TERM_ITEMS ? term_child(in, key) : NULL;
		if (in == NULL || depth > DEPTH_MAX)
			return false;
		*item = in->type == TERM_ITEMS && path.n > 0;
		if (*item)
			path = text_cut(path, '.', &key);
	}
	*row = in;
	return true;
}

/* As far down as something is written; *rest: what is not. */
static const struct node *deepest(const struct node *n, struct text path, struct text *rest)
{
	while (path.n > 0) {
		struct text key, tail = text_cut(path, '.', &key);
		const struct node *next = node_at_text(n, key);

		if (next == NULL)
			break;
		n = next;
		path = tail;
	}
	*rest = path;
	return n;
}

static bool id_fits(struct text id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		      (c >= '0' && c <= '9' && i > 0)))
			return false;
	}
	return id.n > 0 && id.n <= 40;
}

static enum rc add(const struct editing *e, const struct node *n, struct text rest,
		   struct text *out)
{
	struct text id, below;
	struct editing next = *e;
	enum rc rc;

	if (n->kind == NODE_MAP)
		return add_key(e, n, rest, out);
	if (n->kind != NODE_ITEMS)
		return refused(e, "the table has nothing below it");
	below = text_cut(rest, '.', &id);
	if (!id_fits(id))
		return refused(e, "an id is letters, digits and _, a letter first, at most 40");
	rc = add_item(e, n, id, out);
	if (rc != RC_OK || below.n == 0 || text_is(below, "id"))
		return rc;
	/* the item is there now; its key is the next step */
	next.bytes = *out;
	return contract_edit(e->a, e->c->file, next.bytes, NULL, e->edit, 1, out, e->err);
}

/* Every written value but those of the edit, in file order: what has to stay. */
static struct text rest_of(struct arena *a, const struct contract *c, struct text path)
{
	struct text prefix = text_format(a, "%.*s.", TEXT_ARG(path)), out;
	const char *pre = prefix.p;
	struct buf b;

	buf_init(&b, (size_t)64 * FILE_BYTES_MAX);
	for (const struct node *n = c->root; n != NULL; n = node_after(n)) {
		struct text at;

		if (n->kind != NODE_SCALAR)
			continue;
		at = node_path(a, n);
		if (text_eq(at, path) || text_starts(at, pre))
			continue;
		buf_printf(&b, "%.*s\t%.*s\n", TEXT_ARG(at), TEXT_ARG(n->written));
	}
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

/*
 * Nothing else may have changed: but below the path, below what had to be begun for it, and where the id of an item, which is part of
 * the paths below it, is another.
 */
static bool rest_stays(struct arena *a, const struct contract *before, const struct contract *after,
		       const struct term_edit *edit, struct text rest, bool renamed)
{
	struct text was = edit->path, is, key;
	size_t up;

	if (rest.n > 0) {
		(void)text_cut(rest, '.', &key);
		was = text_sub(was, 0, was.n - rest.n + key.n);
	}
	is = was;
	if (renamed) {
		was = text_sub(was, 0, was.n - strlen(".id"));
		for (up = was.n; up > 0 && was.p[up - 1] != '.'; up--)
			continue;
		is = text_format(a, "%.*s%.*s", TEXT_ARG(text_sub(was, 0, up)),
				 TEXT_ARG(edit->value));
	}
	return text_eq(rest_of(a, before, was), rest_of(a, after, is));
}

static enum rc read_file(struct arena *a, struct text file, struct text bytes,
			 const struct terms_context *context, const struct term_edit *edit,
			 struct contract **out, struct err *err)
{
	static const struct terms_context none = {.zones = NULL};
	enum rc rc = contract_read(a, file, bytes, context == NULL ? &none : context, out, err);

	if (rc != RC_OK || (*out)->root != NULL)
		return rc;
	err_key(err, edit->path);
	err_code(err, "edit.file");
	err_hint(err, "put it right in the text first");
	return err_set(err, RC_INVALID, "the file cannot be read as it stands");
}

static enum rc one_edit(struct arena *a, struct text file, struct text bytes,
			const struct terms_context *context, const struct term_edit *edit,
			struct text *out, struct err *err)
{
	struct contract *before, *after;
	struct editing e = {.a = a, .bytes = bytes, .edit = edit, .err = err};
	const struct term *row = NULL;
	const struct node *at, *was;
	struct text rest, changed = bytes;
	bool item = false;
	enum rc rc = read_file(a, file, bytes, context, edit, &before, err);

	if (rc != RC_OK)
		return rc;
	if (edit->path.n == 0 || !in_table(edit->path, &row, &item)) {
		err_key(err, edit->path);
		err_code(err, "key.unknown");
		return err_set(err, RC_INVALID, "no contract has '%.*s'", TEXT_ARG(edit->path));
	}
	e.c = before;
	at = deepest(before->root, edit->path, &rest);
	was = rest.n == 0 ? at : NULL;
	if (was == NULL && edit->value.n == 0) {
		*out = bytes;
		return RC_OK;
	}
	if (was == NULL && (row->type == TERM_MAP || (row->type == TERM_ITEMS && !item)))
		return refused(&e, "it is a block");
	rc = was == NULL          ? add(&e, at, rest, &changed)
	     : edit->value.n == 0 ? take_away(&e, was, &changed)
				  : change(&e, was, &changed);
	if (rc == RC_OK)
		rc = read_file(a, file, changed, context, edit, &after, err);
	if (rc != RC_OK)
		return rc;
	if (!rest_stays(a, before, after, edit, rest, was != NULL && row == term_id()))
		return refused(&e, "something else would change with it");
	*out = changed;
	return RC_OK;
}

enum rc contract_edit(struct arena *a, struct text file, struct text bytes,
		      const struct terms_context *context, const struct term_edit *edits, size_t n,
		      struct text *out, struct err *err)
{
	struct text now = bytes;
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = one_edit(a, file, now, context, &edits[i], &now, err);
	if (rc == RC_OK)
		*out = now;
	return rc;
}
