/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/layout.h"

static const char comment_close[] = "a comment needs a blank before its #";
static const char not_indented[] =
	"indent this line: inside brackets or quotes it must stand further in than its block";

void layout_init(struct layout *l, struct text bytes)
{
	*l = (struct layout){.bytes = bytes};
}

/* Where the character that libyaml counts as `index` begins. Marks only go forward. */
static size_t byte_at(struct layout *l, size_t index)
{
	while (l->index < index && l->byte < l->bytes.n) {
		l->byte++;
		while (l->byte < l->bytes.n && ((unsigned char)l->bytes.p[l->byte] & 0xc0) == 0x80)
			l->byte++;
		l->index++;
	}
	return l->byte;
}

static void place(const struct layout *l, size_t at, uint32_t *line, uint32_t *column)
{
	*line = 1;
	*column = 1;
	for (size_t i = 0; i < at; i++) {
		if (l->bytes.p[i] == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)l->bytes.p[i] & 0xc0) != 0x80) {
			++*column;
		}
	}
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The first comment between two events that follows something at once, or `to`. */
static size_t close_comment(const struct layout *l, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (l->bytes.p[i] != '#')
			continue;
		if (i > 0 && !blank(l->bytes.p[i - 1]))
			return i;
		i = text_find(l->bytes, '\n', i);
	}
	return to;
}

/* The first line in [from, to] that does not stand further in than `indent`, or l->bytes.n. */
static size_t shallow_line(const struct layout *l, size_t from, size_t to, int indent,
			   bool comments)
{
	/* Only up to `to`: without that bound every event would look through the rest of the file. */
	struct text part = text_sub(l->bytes, 0, to);

	for (size_t i = text_find(part, '\n', from); i < to; i = text_find(part, '\n', i)) {
		size_t start = ++i;
		int column = 0;

		while (i < l->bytes.n && l->bytes.p[i] == ' ') {
			i++;
			column++;
		}
		if (i > to || i == l->bytes.n || blank(l->bytes.p[i]) ||
		    (comments && l->bytes.p[i] == '#'))
			continue;
		/* A bracket that closes may stand under the block's keys, as people write it and most readers take it. */
		bool closes = comments && (l->bytes.p[i] == ']' || l->bytes.p[i] == '}');

		if (column < indent + (closes ? 0 : 1))
			return start + (size_t)column;
	}
	return l->bytes.n;
}

/*
 * A block scalar: its header may have a comment too, and the empty lines before its first line of text must not stand further
 * in than that one, unless the header tells the indentation. The offending place, or l->bytes.n.
 */
static size_t block_trouble(const struct layout *l, size_t start, size_t end, const char **what)
{
	size_t header = text_find(l->bytes, '\n', start), close = close_comment(l, start, header),
	       deepest = 0, deepest_at = l->bytes.n;

	*what = comment_close;
	if (close < header)
		return close;
	*what = "this empty line stands further in than the first line of its text";
	for (size_t i = start; i < header && l->bytes.p[i] != '#'; i++)
		if (l->bytes.p[i] >= '1' && l->bytes.p[i] <= '9')
			return l->bytes.n;
	for (size_t i = header + 1; i < end && i < l->bytes.n;) {
		size_t first = i;

		while (i < l->bytes.n && l->bytes.p[i] == ' ')
			i++;
		if (i < l->bytes.n && l->bytes.p[i] != '\n' && l->bytes.p[i] != '\r')
			return deepest > i - first ? deepest_at : l->bytes.n;
		if (i - first > deepest) {
			deepest = i - first;
			deepest_at = i;
		}
		i = text_find(l->bytes, '\n', i) + 1;
	}
	return l->bytes.n;
}

static void follow(struct layout *l, const yaml_event_t *e)
{
	bool map = e->type == YAML_MAPPING_START_EVENT, list = e->type == YAML_SEQUENCE_START_EVENT;

	if (map || list) {
		bool flow = map ? e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
				: e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;

		if (l->open == LAYOUT_DEPTH_MAX)
			return;
		l->flows[l->open++] = flow;
		if (flow)
			l->flow++;
		else
			l->indent[l->depth++] = (int)e->start_mark.column;
	} else if ((e->type == YAML_MAPPING_END_EVENT || e->type == YAML_SEQUENCE_END_EVENT) &&
		   l->open > 0) {
		if (l->flows[--l->open])
			l->flow--;
		else
			l->depth--;
	}
}

const char *layout_next(struct layout *l, const yaml_event_t *e, uint32_t *line, uint32_t *column)
{
	int indent = l->depth > 0 ? l->indent[l->depth - 1] : -1;
	size_t from = l->seen, start = byte_at(l, e->start_mark.index),
	       end = byte_at(l, e->end_mark.index);
	size_t wrong;
	bool block = e->type == YAML_SCALAR_EVENT &&
		     (e->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
		      e->data.scalar.style == YAML_FOLDED_SCALAR_STYLE);
	const char *what = NULL;

	if (start < from)
		start = from;
	if (end > from)
		l->seen = end;
	wrong = close_comment(l, from, start);
	if (wrong < start)
		what = comment_close;
	if (what == NULL && l->flow > 0) {
		wrong = shallow_line(l, from, start, indent, true);
		if (wrong < l->bytes.n)
			what = not_indented;
	}
	if (what == NULL && block) {
		const char *trouble;

		wrong = block_trouble(l, start, end, &trouble);
		if (wrong < l->bytes.n)
			what = trouble;
	}
	if (what == NULL && e->type == YAML_SCALAR_EVENT && !block && end > start) {
		wrong = shallow_line(l, start, end - 1, indent, false);
		if (wrong < l->bytes.n)
			what = not_indented;
	}
	follow(l, e);
	if (what != NULL)
		place(l, wrong, line, column);
	return what;
}
