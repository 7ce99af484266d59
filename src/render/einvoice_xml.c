/* SPDX-License-Identifier: Apache-2.0 */
#include "render/einvoice_xml.h"

#include <assert.h>

static void indent(const struct xml *x)
{
	buf_pad(x->out, ' ', (size_t)2 * x->depth);
}

static void escape(struct buf *out, struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		switch (t.p[i]) {
		case '&':
			buf_str(out, "&amp;");
			break;
		case '<':
			buf_str(out, "&lt;");
			break;
		case '>':
			buf_str(out, "&gt;");
			break;
		case '"':
			buf_str(out, "&quot;");
			break;
		case '\r': /* a reader would make it a line feed */
			buf_str(out, "&#13;");
			break;
		case '\n': /* a reader would make them blanks in an attribute */
			buf_str(out, "&#10;");
			break;
		case '\t':
			buf_str(out, "&#9;");
			break;
		default:
			buf_char(out, t.p[i]);
		}
	}
}

static void begin(struct xml *x, const char *name, const char *attribute, struct text value)
{
	indent(x);
	buf_char(x->out, '<');
	buf_str(x->out, name);
	if (attribute != NULL && value.n > 0) {
		buf_char(x->out, ' ');
		buf_str(x->out, attribute);
		buf_str(x->out, "=\"");
		escape(x->out, value);
		buf_char(x->out, '"');
	}
	buf_char(x->out, '>');
}

static void end(struct xml *x, const char *name)
{
	buf_str(x->out, "</");
	buf_str(x->out, name);
	buf_str(x->out, ">\n");
}

void xml_open(struct xml *x, const char *name)
{
	begin(x, name, NULL, text_of(NULL));
	buf_char(x->out, '\n');
	x->depth++;
}

void xml_close(struct xml *x, const char *name)
{
	assert(x->depth > 0);
	x->depth--;
	indent(x);
	end(x, name);
}

void xml_leaf_with(struct xml *x, const char *name, struct xml_attribute at, struct text t)
{
	if (t.n == 0)
		return;
	begin(x, name, at.name, at.value);
	escape(x->out, t);
	end(x, name);
}

void xml_leaf(struct xml *x, const char *name, struct text t)
{
	xml_leaf_with(x, name, (struct xml_attribute){NULL, text_of(NULL)}, t);
}

void xml_word(struct xml *x, const char *name, const char *word)
{
	xml_leaf(x, name, text_of(word));
}

void xml_amount_of(struct xml *x, const char *name, int64_t minor, const char *attribute)
{
	begin(x, name, attribute, text_of(x->currency.code));
	decimal_print_places(x->out, (struct decimal){minor, x->currency.decimals},
			     x->currency.decimals);
	end(x, name);
}

void xml_amount(struct xml *x, const char *name, int64_t minor)
{
	xml_amount_of(x, name, minor, x->amount_attribute);
}

void xml_decimal_with(struct xml *x, const char *name, struct xml_attribute at, struct decimal d)
{
	begin(x, name, at.name, at.value);
	decimal_print(x->out, d);
	end(x, name);
}

void xml_decimal(struct xml *x, const char *name, struct decimal d)
{
	xml_decimal_with(x, name, (struct xml_attribute){NULL, text_of(NULL)}, d);
}

void xml_day(struct xml *x, const char *name, day d)
{
	if (d == DAY_NONE)
		return;
	begin(x, name, NULL, text_of(NULL));
	day_print(x->out, d);
	end(x, name);
}

bool xml_holds(struct text t)
{
	if (!text_utf8(t, NULL))
		return false;
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			return false;
		/* U+FFFE and U+FFFF are EF BF BE and EF BF BF */
		if (c == 0xef && i + 2 < t.n && (unsigned char)t.p[i + 1] == 0xbf &&
		    (unsigned char)t.p[i + 2] >= 0xbe)
			return false;
	}
	return true;
}

bool einvoice_rated(struct text category)
{
	return category.n > 0 && !text_is(category, "O");
}
