/* SPDX-License-Identifier: Apache-2.0 */
#include "render/table_csv.h"

enum { FIELD_MAX = 256 };

void csv_field(struct table_csv *c, struct text t, bool apostrophe)
{
	bool quote = false;

	if (c->within)
		buf_char(c->out, ',');
	c->within = true;
	for (size_t i = 0; i < t.n && !quote; i++)
		quote = t.p[i] == ',' || t.p[i] == '"' || t.p[i] == '\n' || t.p[i] == '\r' ||
			t.p[i] == '\0';
	if (quote)
		buf_char(c->out, '"');
	if (apostrophe)
		buf_char(c->out, '\'');
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '"')
			buf_char(c->out, '"');
		buf_add(c->out, t.p[i] == '\0' ? " " : t.p + i, 1);
	}
	if (quote)
		buf_char(c->out, '"');
}

void csv_text(struct table_csv *c, struct text t)
{
	static const char first[] = "=+-@\t\r";

	csv_field(c, t, t.n > 0 && text_find(text_of(first), t.p[0], 0) < sizeof(first) - 1);
}

void csv_word(struct table_csv *c, const char *word)
{
	csv_text(c, text_of(word));
}

void csv_int(struct table_csv *c, int64_t v)
{
	struct buf b;

	buf_init(&b, FIELD_MAX);
	buf_i64(&b, v);
	csv_field(c, buf_view(&b), false);
	buf_free(&b);
}

void csv_empty(struct table_csv *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		csv_field(c, text_of(""), false);
}

void csv_day(struct table_csv *c, day v)
{
	struct buf b;

	buf_init(&b, FIELD_MAX);
	if (v != DAY_NONE)
		day_print(&b, v);
	csv_field(c, buf_view(&b), false);
	buf_free(&b);
}

void csv_decimal(struct table_csv *c, struct decimal v)
{
	struct buf b;

	buf_init(&b, FIELD_MAX);
	decimal_print_places(&b, v, v.scale);
	csv_field(c, buf_view(&b), false);
	buf_free(&b);
}

void csv_amount(struct table_csv *c, int64_t minor, struct currency currency)
{
	csv_decimal(c, (struct decimal){minor, currency.decimals});
}

void csv_fraction(struct table_csv *c, struct fraction f)
{
	struct buf b;
	struct decimal exact;

	if (f.den == 0) {
		csv_empty(c, 1);
		return;
	}
	buf_init(&b, FIELD_MAX);
	if (fraction_try_round(f, 9, ROUND_DOWN, &exact) &&
	    fraction_cmp(fraction_of_decimal(exact), f) == 0) {
		decimal_print(&b, exact);
	} else if (f.num <= INT64_MAX && f.num >= -INT64_MAX && f.den <= INT64_MAX) {
		buf_i64(&b, (int64_t)f.num);
		buf_char(&b, '/');
		buf_i64(&b, (int64_t)f.den);
	}
	csv_field(c, buf_view(&b), false);
	buf_free(&b);
}

void csv_end(struct table_csv *c)
{
	buf_char(c->out, '\n');
	c->within = false;
}
