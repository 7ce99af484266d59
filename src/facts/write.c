/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/write.h"

#include "base/json.h"

static void print_instant_text(struct json *j, instant t)
{
	struct buf b;

	buf_init(&b, 64);
	instant_print(&b, t);
	json_text(j, buf_view(&b));
	buf_free(&b);
}

static void print_value(const struct facts *set, struct json *j, const struct fact_value *v)
{
	struct buf b;

	switch (field_row((enum fact_field)v->field)->type) {
	case FIELD_SYMBOL:
	case FIELD_TEXT:
	case FIELD_SYMBOLS:
		json_text(j, symbol_text(set->symbols, v->word));
		break;
	case FIELD_INSTANT:
		print_instant_text(j, v->number);
		break;
	case FIELD_BOOL:
		json_bool(j, v->number != 0);
		break;
	case FIELD_INT:
		json_int(j, v->number);
		break;
	case FIELD_DECIMAL:
		buf_init(&b, 64);
		decimal_print(&b, (struct decimal){v->number, (uint8_t)v->scale});
		json_text(j, buf_view(&b));
		buf_free(&b);
		break;
	}
}

static void print_fields(const struct facts *set, struct json *j, const struct fact *f)
{
	for (size_t i = 0; i < f->n_values; i++) {
		enum fact_field field = (enum fact_field)f->values[i].field;
		bool list = field_row(field)->type == FIELD_SYMBOLS;

		json_key(j, field_row(field)->key);
		if (!list) {
			print_value(set, j, &f->values[i]);
			continue;
		}
		json_open_array(j);
		print_value(set, j, &f->values[i]);
		while (i + 1 < f->n_values && f->values[i + 1].field == (uint32_t)field)
			print_value(set, j, &f->values[++i]);
		json_end_array(j);
	}
}

static void print_fact(const struct facts *set, const struct fact *f, bool with_id, struct buf *out)
{
	struct json j;

	json_init(&j, out, false);
	json_open_object(&j);
	if (with_id && f->id != 0)
		json_kv_text(&j, "id", symbol_text(set->symbols, f->id));
	json_kv_str(&j, "kind", fact_row((enum fact_kind)f->kind)->kind);
	json_key(&j, "occurred_at");
	print_instant_text(&j, f->occurred_at);
	json_key(&j, "recorded_at");
	print_instant_text(&j, f->recorded_at);
	if (f->party != PARTY_UNKNOWN)
		json_kv_str(&j, "party", party_word((enum party)f->party));
	if (f->seq != 0)
		json_kv_int(&j, "seq", f->seq);
	if (f->corrects != 0)
		json_kv_text(&j, "corrects", symbol_text(set->symbols, f->corrects));
	print_fields(set, &j, f);
	json_end_object(&j);
}

void fact_print_json(const struct facts *set, const struct fact *f, struct buf *out)
{
	print_fact(set, f, true, out);
}

void fact_print_content(const struct facts *set, const struct fact *f, struct buf *out)
{
	print_fact(set, f, false, out);
}

/* RFC 4180; a field with blanks at its ends is quoted too, because readers drop them. */
static void print_cell(struct buf *out, struct text t)
{
	bool quote = t.n != text_trim(t).n;

	for (size_t i = 0; i < t.n && !quote; i++)
		quote = t.p[i] == ',' || t.p[i] == '"' || t.p[i] == '\n' || t.p[i] == '\r';
	if (!quote) {
		buf_text(out, t);
		return;
	}
	buf_char(out, '"');
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '"')
			buf_char(out, '"');
		buf_char(out, t.p[i]);
	}
	buf_char(out, '"');
}

/* Does an earlier field have the same key? It is one column then. Fields of the record itself are in no file. */
static bool has_no_column(unsigned field)
{
	if (field_row((enum fact_field)field)->record)
		return true;
	for (unsigned f = 0; f < field; f++)
		if (text_is(text_of(field_row((enum fact_field)f)->key),
			    field_row((enum fact_field)field)->key))
			return true;
	return false;
}

void facts_csv_header(struct buf *out)
{
	buf_str(out, "id,kind,occurred_at,recorded_at,party,seq,corrects");
	for (unsigned f = 0; f < FIELD_COUNT; f++)
		if (!has_no_column(f))
			buf_printf(out, ",%s", field_row((enum fact_field)f)->key);
	buf_str(out, "\r\n");
}

/* The value as a cell: a list with `;` between its members. */
static void value_text(const struct facts *set, const struct fact *f, enum fact_field field,
		       struct buf *b)
{
	bool first = true;

	for (size_t i = 0; i < f->n_values; i++) {
		const struct fact_value *v = &f->values[i];

		if (v->field != (uint32_t)field)
			continue;
		if (!first)
			buf_char(b, ';');
		first = false;
		switch (field_row(field)->type) {
		case FIELD_SYMBOL:
		case FIELD_TEXT:
		case FIELD_SYMBOLS:
			buf_text(b, symbol_text(set->symbols, v->word));
			break;
		case FIELD_INSTANT:
			instant_print(b, v->number);
			break;
		case FIELD_BOOL:
			buf_str(b, v->number != 0 ? "true" : "false");
			break;
		case FIELD_INT:
			buf_i64(b, v->number);
			break;
		case FIELD_DECIMAL:
			decimal_print(b, (struct decimal){v->number, (uint8_t)v->scale});
			break;
		}
	}
}

void fact_print_csv(const struct facts *set, const struct fact *f, struct buf *out)
{
	struct buf b;

	print_cell(out, symbol_text(set->symbols, f->id));
	buf_printf(out, ",%s,", fact_row((enum fact_kind)f->kind)->kind);
	instant_print(out, f->occurred_at);
	buf_char(out, ',');
	instant_print(out, f->recorded_at);
	buf_printf(out, ",%s,", party_word((enum party)f->party));
	if (f->seq != 0)
		buf_i64(out, f->seq);
	buf_char(out, ',');
	print_cell(out, symbol_text(set->symbols, f->corrects));
	buf_init(&b, 1 << 20);
	for (unsigned field = 0; field < FIELD_COUNT; field++) {
		enum fact_field shown = (enum fact_field)field, known;

		if (has_no_column(field))
			continue;
		/* Of fields with one key the kind knows at most one. */
		if (fact_field_find((enum fact_kind)f->kind, text_of(field_row(shown)->key),
				    &known))
			shown = known;
		buf_char(out, ',');
		buf_clear(&b);
		value_text(set, f, shown, &b);
		print_cell(out, buf_view(&b));
	}
	buf_free(&b);
	buf_str(out, "\r\n");
}
