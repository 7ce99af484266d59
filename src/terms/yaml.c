/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The subset of YAML that contracts are written in (contract-language.md CL-1, CL-2), read from libyaml's events. What is
 * outside is reported with its place and reading goes on where that makes sense.
 */
#include "terms/layout.h"
#include "terms/plain.h"
#include "terms/read.h"

#include <assert.h>
#include <string.h>
#include <yaml.h>

enum { SKIPPED_DEPTH_MAX = 100 };

struct loader {
	struct reader *r;
	struct raw *root;
	struct raw *open[DEPTH_MAX + 1]; /* maps and lists that have begun */
	size_t depth;
	size_t skipped; /* depth inside something that is not read */
	size_t nodes;
	bool have_key, list_full, stop;
	struct raw key; /* the key read last */
	struct layout *layout;
	char *texts; /* room for the next short texts */
	size_t texts_left;
};

/* A copy, ended by a NUL. Short texts lie together, apart from the nodes: whoever reads them waits for fewer places of memory. */
static struct text keep_text(struct loader *l, struct text t)
{
	enum { ROOM = 2048, LONG = 256 };
	char *p;

	if (t.n >= LONG)
		return text_copy(l->r->a, t);
	if (t.n >= l->texts_left) {
		l->texts = arena_alloc(l->r->a, ROOM);
		l->texts_left = ROOM;
	}
	p = l->texts;
	if (t.n > 0)
		memcpy(p, t.p, t.n);
	p[t.n] = '\0';
	l->texts += t.n + 1;
	l->texts_left -= t.n + 1;
	return (struct text){p, t.n};
}

static struct place place_of(struct loader *l, yaml_mark_t mark)
{
	struct raw *in = l->depth == 0 ? NULL : l->open[l->depth - 1];
	struct text path = in == NULL ? (struct text){"", 0} : raw_path(l->r->a, in);

	if (l->have_key)
		path = text_format(l->r->a, "%.*s%s%.*s", TEXT_ARG(path), path.n > 0 ? "." : "",
				   TEXT_ARG(l->key.key));
	return (struct place){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1, path};
}

void raw_says(struct raw *n, struct text t)
{
	n->text = t;
	if (t.n > 0 && n->parent != NULL && n->parent->kind == RAW_MAP && text_is(n->key, "id"))
		n->parent->id = n;
}

struct text raw_path(struct arena *a, const struct raw *n)
{
	struct text path = {"", 0};

	for (; n != NULL && n->parent != NULL; n = n->parent) {
		struct text part = n->key;

		if (n->parent->kind == RAW_LIST) {
			part = text_format(a, "%zu", n->index + 1);
			if (n->id != NULL)
				part = shown(a, n->id->text);
		}
		path = path.n == 0 ? part
				   : text_format(a, "%.*s.%.*s", TEXT_ARG(part), TEXT_ARG(path));
	}
	return path;
}

/* Where the next node goes; NULL if it is not to be kept. */
static struct raw *raw_add(struct loader *l, enum raw_kind kind, yaml_mark_t mark)
{
	struct raw *in = l->depth == 0 ? NULL : l->open[l->depth - 1];

	if (++l->nodes == NODES_MAX + 1) {
		problem(l->r, "yaml.syntax", place_of(l, mark), "more than %d values in one file",
			NODES_MAX);
		l->stop = true;
	}
	if (in != NULL && in->kind == RAW_LIST && in->n == ITEMS_MAX) {
		if (!l->list_full)
			problem(l->r, "yaml.syntax", place_of(l, mark),
				"more than %d items in one list", ITEMS_MAX);
		l->list_full = true;
		return NULL;
	}
	if (l->stop)
		return NULL;

	struct raw *n = arena_one(l->r->a, struct raw);

	*n = (struct raw){.kind = kind,
			  .parent = in,
			  .line = (uint32_t)mark.line + 1,
			  .column = (uint32_t)mark.column + 1};
	if (in == NULL) {
		l->root = n;
		return n;
	}
	n->index = in->n++;
	if (in->kind == RAW_MAP) {
		n->key = l->key.key;
		n->key_bad = l->key.key_bad;
		n->key_line = l->key.key_line;
		n->key_column = l->key.key_column;
	}
	if (in->last == NULL)
		in->child = n;
	else
		in->last->next = n;
	in->last = n;
	return n;
}

static bool wants_key(const struct loader *l)
{
	return l->depth > 0 && l->open[l->depth - 1]->kind == RAW_MAP && !l->have_key;
}

static void refuse_tag_anchor(struct loader *l, const void *tag, const void *anchor,
			      yaml_mark_t mark)
{
	if (tag != NULL)
		problem(l->r, "yaml.tag", place_of(l, mark),
			"tags are not allowed; the key decides the type");
	if (anchor != NULL)
		problem(l->r, "yaml.anchor", place_of(l, mark),
			"anchors are not allowed; write the value twice");
}

/* A plain scalar that some YAML would not take for text (CL-2). */
static bool refuse_plain(struct loader *l, struct text t, yaml_mark_t mark)
{
	struct text why = plain_trouble(l->r->a, t);

	if (why.n == 0)
		return false;
	problem(l->r, "yaml.plain", place_of(l, mark), "quote this: %.*s", TEXT_ARG(why));
	return true;
}

static void take_key(struct loader *l, struct text t, bool quoted, yaml_mark_t mark)
{
	l->key = (struct raw){.key_line = (uint32_t)mark.line + 1,
			      .key_column = (uint32_t)mark.column + 1,
			      .key = keep_text(l, t)};
	l->have_key = true;
	if (!quoted && text_is(t, "<<")) {
		problem(l->r, "yaml.merge", place_of(l, mark),
			"merging is not allowed; write the keys twice");
		l->key.key_bad = true;
	} else if (t.n == 0) {
		problem(l->r, "value.empty", place_of(l, mark), "a key is empty");
		l->key.key_bad = true;
	} else if (!quoted && (text_is(t, "true") || text_is(t, "false"))) {
		problem(l->r, "yaml.plain", place_of(l, mark),
			"quote this: YAML reads %.*s as a truth value", TEXT_ARG(t));
		l->key.key_bad = true;
	} else if (!quoted) {
		l->key.key_bad = refuse_plain(l, t, mark);
	}
}

static void on_scalar(struct loader *l, const yaml_event_t *e)
{
	struct text t = {(const char *)e->data.scalar.value, e->data.scalar.length};
	bool quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;

	if (l->skipped > 0)
		return;
	refuse_tag_anchor(l, e->data.scalar.tag, e->data.scalar.anchor, e->start_mark);
	if (wants_key(l)) {
		take_key(l, t, quoted, e->start_mark);
		return;
	}

	/* A block scalar ends with line breaks that its style adds: quoting and style never change a value (CL-2, CL-42). */
	while (t.n > 0 && t.p[t.n - 1] == '\n')
		t.n--;

	struct raw *n = raw_add(l, RAW_SCALAR, e->start_mark);

	if (n != NULL) {
		raw_says(n, keep_text(l, t));
		n->quoted = quoted;
		if (t.n == 0) {
			problem(l->r, "value.empty", place_of(l, e->start_mark),
				"nothing may be empty; leave the key out");
			n->bad = true;
		} else if (!quoted) {
			n->bad = refuse_plain(l, t, e->start_mark);
		}
	}
	l->have_key = false;
}

static void on_begin(struct loader *l, enum raw_kind kind, const void *tag, const void *anchor,
		     yaml_mark_t mark)
{
	if (l->skipped > 0) {
		/* libyaml's work grows with the square of the depth: nobody writes a contract like that. */
		if (++l->skipped > SKIPPED_DEPTH_MAX)
			l->stop = true;
		return;
	}
	refuse_tag_anchor(l, tag, anchor, mark);
	if (wants_key(l)) {
		problem(l->r, "yaml.syntax", place_of(l, mark),
			"a key is one word, not a map or list");
		l->key = (struct raw){.key = {"?", 1},
				      .key_bad = true,
				      .key_line = (uint32_t)mark.line + 1,
				      .key_column = (uint32_t)mark.column + 1};
		l->have_key = true;
		l->skipped = 1;
		return;
	}
	if (l->depth == DEPTH_MAX) {
		problem(l->r, "yaml.syntax", place_of(l, mark), "nested deeper than %d levels",
			DEPTH_MAX);
		l->open[l->depth - 1]->bad = true;
		l->skipped = 1;
		l->have_key = false;
		return;
	}

	struct raw *n = raw_add(l, kind, mark);

	l->have_key = false;
	if (n == NULL) {
		l->skipped = 1;
		return;
	}
	l->open[l->depth++] = n;
	l->list_full = false;
}

static void on_end(struct loader *l)
{
	if (l->skipped > 0) {
		l->skipped--;
		return;
	}

	assert(l->depth > 0 && "libyaml ends what it began");

	struct raw *n = l->open[--l->depth];

	if (n->n == 0 && !n->bad) {
		problem(l->r, "value.empty",
			(struct place){n->line, n->column, raw_path(l->r->a, n)},
			"nothing may be empty; leave the key out");
		n->bad = true;
	}
	l->have_key = false;
	l->list_full = false;
}

static void on_document(struct loader *l, const yaml_event_t *e)
{
	bool tags = e->data.document_start.tag_directives.start !=
		    e->data.document_start.tag_directives.end;

	if (e->data.document_start.version_directive != NULL)
		problem(l->r, "yaml.syntax", place_of(l, e->start_mark),
			"directives are not allowed; leave the %%YAML line out");
	if (tags)
		problem(l->r, "yaml.tag", place_of(l, e->start_mark),
			"directives are not allowed; leave the %%TAG line out");
	if (l->root != NULL) {
		problem(l->r, "yaml.documents", place_of(l, e->start_mark),
			"one document a file; put the second into a file of its own");
		l->stop = true;
	}
}

static void on_event(struct loader *l, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		on_document(l, e);
		break;
	case YAML_ALIAS_EVENT:
		if (l->skipped > 0)
			break;
		problem(l->r, "yaml.anchor", place_of(l, e->start_mark),
			"anchors are not allowed; write the value twice");
		if (wants_key(l)) {
			take_key(l, text_of("*"), true, e->start_mark);
			l->key.key_bad = true;
		} else {
			struct raw *n = raw_add(l, RAW_SCALAR, e->start_mark);

			if (n != NULL)
				n->bad = true;
			l->have_key = false;
		}
		break;
	case YAML_SCALAR_EVENT:
		on_scalar(l, e);
		break;
	case YAML_MAPPING_START_EVENT:
		on_begin(l, RAW_MAP, e->data.mapping_start.tag, e->data.mapping_start.anchor,
			 e->start_mark);
		break;
	case YAML_SEQUENCE_START_EVENT:
		on_begin(l, RAW_LIST, e->data.sequence_start.tag, e->data.sequence_start.anchor,
			 e->start_mark);
		break;
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		on_end(l);
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
}

static struct place place_at_byte(struct text bytes, size_t at)
{
	struct place p = {1, 1, {"", 0}};

	for (size_t i = 0; i < at; i++) {
		if (bytes.p[i] == '\n') {
			p.line++;
			p.column = 1;
		} else if (((unsigned char)bytes.p[i] & 0xc0) != 0x80) {
			p.column++;
		}
	}
	return p;
}

/* A control character, or what some YAML takes for a line break; "" if the bytes at i begin something else. */
static const char *odd_character(struct text b, size_t i)
{
	unsigned char c = (unsigned char)b.p[i], d = i + 1 < b.n ? (unsigned char)b.p[i + 1] : 0,
		      e = i + 2 < b.n ? (unsigned char)b.p[i + 2] : 0;

	if (c == '\r' && d != '\n')
		return "a line ends with LF or CRLF, not with CR alone";
	if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f ||
	    (c == 0xc2 && d >= 0x80 && d < 0xa0))
		return "control characters are not allowed";
	if (c == 0xe2 && d == 0x80 && (e == 0xa8 || e == 0xa9))
		return "a line ends with LF or CRLF, not with a Unicode separator";
	if (c == 0xef && ((d == 0xbb && e == 0xbf) || (d == 0xbf && (e == 0xbe || e == 0xbf))))
		return i == 0 ? "no byte order mark; save as UTF-8 without one"
			      : "this is not a character of text";
	return "";
}

static bool bytes_are_fit(struct reader *r, struct text bytes)
{
	size_t at = 0;

	if (bytes.n > FILE_BYTES_MAX) {
		problem(r, "yaml.syntax", (struct place){1, 1, {"", 0}},
			"the file is larger than %d bytes", FILE_BYTES_MAX);
		return false;
	}
	if (!text_utf8(bytes, &at)) {
		problem(r, "yaml.syntax", place_at_byte(bytes, at),
			"not UTF-8; save the file as UTF-8");
		return false;
	}
	for (size_t i = 0; i < bytes.n; i++) {
		const char *odd = odd_character(bytes, i);

		if (*odd == '\0')
			continue;
		problem(r, "yaml.syntax", place_at_byte(bytes, i), "%s", odd);
		return false;
	}
	return true;
}

/* Is a tab among the blanks that the line (from 0) begins with? libyaml says no more than that no token starts there. */
static bool indented_by_tab(struct text bytes, size_t line)
{
	struct text rest = bytes, at = {"", 0};

	for (size_t i = 0; i <= line; i++)
		rest = text_cut(rest, '\n', &at);
	for (size_t i = 0; i < at.n && (at.p[i] == ' ' || at.p[i] == '\t'); i++)
		if (at.p[i] == '\t')
			return true;
	return false;
}

static void syntax_problem(struct loader *l, const yaml_parser_t *y, struct text bytes)
{
	const char *what = y->problem == NULL ? "this is not YAML" : y->problem;

	if (y->error == YAML_SCANNER_ERROR && indented_by_tab(bytes, y->problem_mark.line)) {
		problem(l->r, "yaml.syntax", place_of(l, y->problem_mark),
			"the line begins with a tab; indent with blanks");
		return;
	}
	problem(l->r, "yaml.syntax", place_of(l, y->problem_mark), "%s%s%s",
		y->context == NULL ? "" : y->context, y->context == NULL ? "" : ", ", what);
}

static void check_layout(struct loader *l, const yaml_event_t *e)
{
	struct place at = {0, 0, {"", 0}};
	const char *what = layout_next(l->layout, e, &at.line, &at.column);

	if (what != NULL)
		problem(l->r, "yaml.syntax", at, "%s", what);
}

struct raw *yaml_read(struct reader *r, struct text bytes)
{
	struct loader l = {.r = r, .layout = arena_one(r->a, struct layout)};
	yaml_parser_t y;
	bool done = false, whole = true;

	if (!bytes_are_fit(r, bytes))
		return NULL;
	if (yaml_parser_initialize(&y) == 0)
		memory_none();
	layout_init(l.layout, bytes);
	yaml_parser_set_input_string(&y, (const unsigned char *)bytes.p, bytes.n);
	yaml_parser_set_encoding(&y, YAML_UTF8_ENCODING);
	while (!done && !l.stop) {
		yaml_event_t e;

		if (yaml_parser_parse(&y, &e) == 0) {
			if (y.error == YAML_MEMORY_ERROR)
				memory_none();
			syntax_problem(&l, &y, bytes);
			whole = false;
			break;
		}
		done = e.type == YAML_STREAM_END_EVENT;
		check_layout(&l, &e);
		on_event(&l, &e);
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&y);

	if (!whole || l.stop)
		return NULL;
	if (l.root == NULL)
		problem(r, "value.empty", (struct place){1, 1, {"", 0}},
			"the file holds no contract");
	return l.root;
}
