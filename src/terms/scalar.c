/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One scalar, by the type of its row: grammar, bounds, canonical text and value (contract-language.md section 2). What a
 * reference leads to is decided later, when the whole tree is there.
 */
#include "base/canon.h"
#include "terms/library.h"
#include "terms/places.h"
#include "terms/plain.h"
#include "terms/read.h"

#include <assert.h>
#include <string.h>
#include <uninorm.h>

enum { TEXT_MAX = 500, PROSE_BYTES_MAX = 64 * 1024, CANONICAL_MAX = 80 };

static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static bool refuse(struct reader *r, const struct node *n, const char *advice)
{
	problem_node(r, type_code(n->term->type), n, "\"%.*s\" is not %s%s%s",
		     TEXT_ARG(shown(r->a, n->text)), type_noun(n->term->type),
		     *advice == '\0' ? "" : ": ", advice);
	return false;
}

static bool refuse_err(struct reader *r, const struct node *n, const struct err *err)
{
	problem_err(r, type_code(n->term->type), n, err);
	return false;
}

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool id_shaped(struct text t)
{
	if (t.n == 0 || t.n > 40 || !letter(t.p[0]))
		return false;
	for (size_t i = 1; i < t.n; i++)
		if (!letter(t.p[i]) && !digit(t.p[i]) && t.p[i] != '_')
			return false;
	return true;
}

static bool read_id(struct reader *r, struct node *n)
{
	const char *as;

	if (plain_word(n->text, &as)) {
		problem_node(r, "id.reserved", n,
			     "\"%.*s\" cannot be an id: some YAML reads it as %s",
			     TEXT_ARG(n->text), as);
		return false;
	}
	if (!id_shaped(n->text))
		return refuse(r, n, "write letters, digits and _, a letter first, at most 40");
	return true;
}

static bool read_name(struct reader *r, struct node *n)
{
	bool fits =
		n->text.n > 0 && n->text.n <= 40 && (letter(n->text.p[0]) || digit(n->text.p[0]));

	for (size_t i = 0; i < n->text.n && fits; i++) {
		char c = n->text.p[i];

		fits = letter(c) || digit(c) || c == '.' || c == '_' || c == '-';
	}
	return fits || refuse(r, n, "write letters, digits, point, _ and -, at most 40");
}

static bool has_control(struct text t, bool lines)
{
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if ((c < 0x20 && !(lines && c == '\n')) || c == 0x7f ||
		    (c == 0xc2 && i + 1 < t.n && (unsigned char)t.p[i + 1] < 0xa0))
			return true;
	}
	return false;
}

/* Spaces at the ends of lines go (section 2). */
static struct text without_line_ends(struct arena *a, struct text t)
{
	char *p = arena_alloc(a, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; i <= t.n; i++) {
		if (i == t.n || t.p[i] == '\n')
			while (n > 0 && p[n - 1] == ' ')
				n--;
		if (i < t.n)
			p[n++] = t.p[i];
	}
	while (n > 0 && p[n - 1] == '\n')
		n--;
	return (struct text){p, n};
}

static struct text composed(struct arena *a, struct text t)
{
	bool ascii = true;

	for (size_t i = 0; i < t.n && ascii; i++)
		ascii = (unsigned char)t.p[i] < 0x80;
	if (ascii)
		return t;

	/* NFC makes UTF-8 at most three times as long, so the library never needs memory of its own for the result. */
	size_t room = t.n * 3 + 16, n = room;
	uint8_t *p = arena_alloc(a, room);
	uint8_t *out = u8_normalize(UNINORM_NFC, (const uint8_t *)t.p, t.n, p, &n);

	/* Only for marks without end over one letter does it ask for some. */
	if (out == NULL)
		memory_none();
	assert(out == p);
	return (struct text){(const char *)out, n};
}

static size_t characters(struct text t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++)
		n += ((unsigned char)t.p[i] & 0xc0) != 0x80;
	return n;
}

static bool hex_digits(struct text t, size_t n)
{
	for (size_t i = 0; i < t.n; i++)
		if (!digit(t.p[i]) && (t.p[i] < 'a' || t.p[i] > 'f'))
			return false;
	return t.n == n;
}

/* What the canonical form cannot hold (trust.md J4): marks that make words read in another direction, or are not seen at all. */
static bool is_seen(struct reader *r, const struct node *n)
{
	char why[64];

	if (canon_text_ok(n->text, why))
		return true;
	problem_node(r, type_code(n->term->type), n, "%s is not allowed: nobody sees it", why);
	return false;
}

static bool read_text(struct reader *r, struct node *n)
{
	bool prose = n->term->type == TERM_PROSE;

	if (!prose && text_find(n->text, '\n', 0) < n->text.n)
		return refuse(r, n, "write it on one line");
	if (has_control(n->text, prose)) {
		problem_node(r, type_code(n->term->type), n,
			     "control characters and tabs are not allowed: write spaces");
		return false;
	}
	if (!is_seen(r, n))
		return false;
	n->text = composed(r->a, without_line_ends(r->a, n->text));
	if (n->text.n == 0) {
		problem_node(r, "value.empty", n, "nothing may be empty; leave the key out");
		return false;
	}
	if (!prose && characters(n->text) > TEXT_MAX) {
		problem_node(r, "type.text", n, "longer than %d characters", TEXT_MAX);
		return false;
	}
	if (prose && n->text.n > PROSE_BYTES_MAX) {
		problem_node(r, "type.prose", n, "longer than %d bytes", PROSE_BYTES_MAX);
		return false;
	}
	if (strcmp(n->term->arg, "hex32") == 0 && !hex_digits(n->text, 32)) {
		problem_node(r, "type.text", n, "\"%.*s\" is not 32 hex digits in lower case",
			     TEXT_ARG(shown(r->a, n->text)));
		return false;
	}
	return true;
}

/* Bounds of the row's arg, "least..most"; false: reported. */
static bool in_bounds(struct reader *r, const struct node *n, struct decimal value, const char *arg,
		      const char *unit)
{
	struct text rest = text_of(arg), part;
	struct decimal least = {0, 0}, most = {0, 0};
	struct err err = {.line = 0};
	size_t at = 0;

	while (at + 1 < rest.n && !(rest.p[at] == '.' && rest.p[at + 1] == '.'))
		at++;
	if (rest.n == 0)
		return true;
	part = text_sub(rest, 0, at);
	rest = text_sub(rest, at + 2, rest.n);
	bool low = part.n > 0 && decimal_parse(part, &least, &err) == RC_OK;
	bool high = rest.n > 0 && decimal_parse(rest, &most, &err) == RC_OK;

	if ((!low || decimal_cmp(value, least) >= 0) && (!high || decimal_cmp(value, most) <= 0))
		return true;
	if (high)
		problem_node(r, "value.range", n, "\"%.*s\" is not from %.*s%s to %.*s%s",
			     TEXT_ARG(n->text), TEXT_ARG(part), unit, TEXT_ARG(rest), unit);
	else
		problem_node(r, "value.range", n, "\"%.*s\" is less than %.*s%s", TEXT_ARG(n->text),
			     TEXT_ARG(part), unit);
	return false;
}

static bool read_int(struct reader *r, struct node *n)
{
	struct text t = n->text;

	if (t.n == 0 || t.n > 9 || (t.p[0] == '0' && t.n > 1) || !text_digits(t, &n->value.integer))
		return refuse(r, n, "write digits without a sign or leading zero, at most 9");
	return in_bounds(r, n, decimal_of(n->value.integer), n->term->arg, "");
}

static struct text printed(struct reader *r, struct buf *b)
{
	assert(!b->full);
	struct text t = text_copy(r->a, buf_view(b));

	buf_free(b);
	return t;
}

static bool read_number(struct reader *r, struct node *n)
{
	bool percent = n->term->type == TERM_PCT;
	struct err err = {.line = 0};
	struct buf b;
	enum rc rc = percent ? percent_parse(n->text, &n->value.decimal, &err)
			     : decimal_parse(n->text, &n->value.decimal, &err);
	const char *arg = percent && *n->term->arg == '\0' ? "0..100" : n->term->arg;

	if (rc != RC_OK)
		return refuse_err(r, n, &err);
	if (!in_bounds(r, n, n->value.decimal, arg, percent ? "%" : ""))
		return false;
	buf_init(&b, CANONICAL_MAX);
	decimal_print(&b, n->value.decimal);
	if (percent)
		buf_char(&b, '%');
	n->text = printed(r, &b);
	return true;
}

static bool read_money(struct reader *r, struct node *n)
{
	bool price = n->term->type == TERM_PRICE;
	struct err err = {.line = 0};
	struct buf b;
	enum rc rc =
		price ? price_parse(n->text, &n->value.price.amount, &n->value.price.currency, &err)
		      : money_parse(n->text, &n->value.money, &err);

	if (rc != RC_OK)
		return refuse_err(r, n, &err);
	buf_init(&b, CANONICAL_MAX);
	if (price)
		price_print(&b, n->value.price.amount, n->value.price.currency);
	else
		money_print(&b, n->value.money);
	n->text = printed(r, &b);
	return true;
}

static bool read_date(struct reader *r, struct node *n)
{
	bool month = n->term->type == TERM_MONTH;
	bool exists =
		month ? month_parse(n->text, &n->value.date) : day_parse(n->text, &n->value.date);

	if (!exists)
		return refuse(r, n,
			      month ? "write 2026-03" : "write a day that exists, 2026-03-31");
	if (civil_of(n->value.date).year < 1970) {
		problem_node(r, "value.range", n, "\"%.*s\" is before 1970", TEXT_ARG(n->text));
		return false;
	}
	return true;
}

static bool read_monthday(struct reader *r, struct node *n)
{
	day d;

	/* 2000 is a leap year: 02-29 exists. */
	if (n->text.n != 5 || !day_parse(text_format(r->a, "2000-%.*s", TEXT_ARG(n->text)), &d))
		return refuse(r, n, "write month and day, 03-31");
	struct civil c = civil_of(d);

	n->value.monthday = c.month * 100 + c.mday;
	return true;
}

static bool read_range(struct reader *r, struct node *n)
{
	struct text from, to = text_cut(n->text, '-', &from);
	struct day_range *range = &n->value.range;

	if (!minutes_parse(from, &range->from_min) || !minutes_parse(to, &range->to_min))
		return refuse(r, n, "write 09:00-17:00");
	if (range->to_min > range->from_min)
		return true;
	if (range->to_min == 0 || range->from_min == range->to_min)
		problem_node(r, "type.range", n,
			     "\"%.*s\" does not end after it starts: midnight is 24:00",
			     TEXT_ARG(n->text));
	else
		problem_node(r, "type.range", n,
			     "\"%.*s\" is not within one day: write two ranges, %.*s-24:00 and "
			     "00:00-%.*s",
			     TEXT_ARG(n->text), TEXT_ARG(from), TEXT_ARG(to));
	return false;
}

static int weekday_named(struct text t)
{
	for (int i = 0; i < 7; i++)
		if (text_is(t, weekdays[i]))
			return i;
	return -1;
}

static struct text days_print(struct arena *a, unsigned days)
{
	char p[32];
	size_t n = 0;

	for (size_t i = 0; i < 7; i++) {
		if ((days >> i & 1) == 0)
			continue;
		if (n > 0)
			p[n++] = ',';
		memcpy(p + n, weekdays[i], 3);
		n += 3;
	}
	return text_copy(a, (struct text){p, n});
}

static bool read_days(struct reader *r, struct node *n)
{
	struct text rest = n->text;
	unsigned days = 0;

	for (bool more = true; more;) {
		struct text part, first;

		more = text_find(rest, ',', 0) < rest.n;
		rest = text_cut(rest, ',', &part);
		struct text last = text_cut(part, '-', &first);
		int from = weekday_named(first),
		    to = first.n == part.n ? from : weekday_named(last);

		if (from < 0 || to < 0)
			return refuse(r, n, "write mon, mon-fri or mon,wed-fri");
		if (from >= to && first.n < part.n) {
			unsigned wrapped = (0x7fu << from & 0x7fu) | ((1u << (to + 1)) - 1u);

			problem_node(r, "type.days", n,
				     "\"%.*s\" runs over the end of the week: write %.*s",
				     TEXT_ARG(part), TEXT_ARG(days_print(r->a, wrapped)));
			return false;
		}
		for (int i = from; i <= to; i++) {
			if ((days >> i & 1) != 0) {
				problem_node(r, "type.days", n, "\"%.*s\" names %s twice",
					     TEXT_ARG(shown(r->a, n->text)), weekdays[i]);
				return false;
			}
			days |= 1u << i;
		}
	}
	n->value.days = days;
	n->text = days_print(r->a, days);
	return true;
}

static bool read_duration(struct reader *r, struct node *n)
{
	struct err err = {.line = 0};

	if (duration_parse(n->text, &n->value.duration, &err) != RC_OK)
		return refuse_err(r, n, &err);
	if (*n->term->arg != '\0' && n->value.duration.n == 0) {
		problem_node(r, "value.range", n,
			     "\"%.*s\" is no time at all: it must be longer than 0",
			     TEXT_ARG(n->text));
		return false;
	}
	n->value.duration.calendar = text_copy(r->a, n->value.duration.calendar);
	return true;
}

static bool read_bool(struct reader *r, struct node *n)
{
	n->value.truth = text_is(n->text, "true");
	return n->value.truth || text_is(n->text, "false") || refuse(r, n, "write true or false");
}

/* "a, b, c" of "a/b/c". */
static struct text with_commas(struct arena *a, const char *words)
{
	struct text rest = text_of(words), list = {"", 0};

	while (rest.n > 0) {
		struct text word = words_cut(&rest);

		list = text_format(a, "%.*s%s%.*s", TEXT_ARG(list), list.n > 0 ? ", " : "",
				   TEXT_ARG(word));
	}
	return list;
}

static bool read_enum(struct reader *r, struct node *n)
{
	n->value.choice = word_index(n->term->arg, n->text);
	if (n->value.choice >= 0)
		return true;
	problem_node(r, "value.enum", n, "\"%.*s\" is not one of: %.*s",
		     TEXT_ARG(shown(r->a, n->text)), TEXT_ARG(with_commas(r->a, n->term->arg)));
	return false;
}

static bool read_zone(struct reader *r, struct node *n)
{
	const struct zone_source *zones = r->context == NULL ? NULL : r->context->zones;
	const struct zone *zone;
	struct err err = {.line = 0};

	if (!zone_name_is_region(n->text)) {
		problem_node(r, "type.tz", n,
			     "\"%.*s\" is not a region: write a name like America/New_York",
			     TEXT_ARG(shown(r->a, n->text)));
		return false;
	}
	if (zones == NULL || zones->find(zones->context, n->text, &zone, &err) == RC_OK)
		return true;
	problem_node(r, "type.tz", n, "no time zone \"%.*s\"", TEXT_ARG(n->text));
	return false;
}

static bool read_currency(struct reader *r, struct node *n)
{
	struct currency c;

	return currency_find(n->text, &c) || refuse(r, n, "write an ISO 4217 code, USD");
}

static bool read_language(struct reader *r, struct node *n)
{
	return language_is_well_formed(n->text) || refuse(r, n, "write en or de-AT");
}

static bool read_region(struct reader *r, struct node *n)
{
	return region_is_known(n->text) || refuse(r, n, "write an ISO 3166 code, US or US-NY");
}

static bool read_email(struct reader *r, struct node *n)
{
	return is_seen(r, n) && (mailbox_is_well_formed(n->text) ||
				 refuse(r, n, "write name@example.com"));
}

static bool read_role(struct reader *r, struct node *n)
{
	static const char roles[] =
		"account_manager/billing/executive/it_lead/legal/privacy_officer/"
		"security_officer/service_desk_manager/signatory/technician";
	struct text party, role = text_cut(n->text, '.', &party);

	if ((text_is(party, "provider") || text_is(party, "client")) &&
	    word_index(roles, role) >= 0)
		return true;
	if (!text_is(party, "provider") && !text_is(party, "client"))
		return refuse(r, n, "write provider.<role> or client.<role>");
	problem_node(r, "value.enum", n, "\"%.*s\" is not one of: %.*s",
		     TEXT_ARG(shown(r->a, role)), TEXT_ARG(with_commas(r->a, roles)));
	return false;
}

static bool read_event(struct reader *r, struct node *n)
{
	static const struct {
		const char *arg;
		unsigned flag;
		const char *use;
	} uses[] = {
		{"START", EVENT_START, "start a clock"}, {"STOP", EVENT_STOP, "stop a clock"},
		{"STATE", EVENT_STATE, "pause a clock"}, {"VALUE", EVENT_VALUE, "be a value"},
		{"TEST", EVENT_TEST, "be counted"},
	};
	struct text words[EVENT_COUNT];

	if (!event_find(n->text, &n->value.event)) {
		for (int i = 0; i < EVENT_COUNT; i++)
			words[i] = text_of(event_row((enum fact_event)i)->name);
		struct text near = text_nearest(n->text, words, EVENT_COUNT);

		problem_node(r, "ref.unknown", n, "no event \"%.*s\"%s%.*s%s",
			     TEXT_ARG(shown(r->a, n->text)), near.n > 0 ? "; did you mean \"" : "",
			     TEXT_ARG(near), near.n > 0 ? "\"?" : "");
		return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(uses); i++) {
		if (strcmp(uses[i].arg, n->term->arg) != 0 ||
		    (event_row(n->value.event)->flags & uses[i].flag) != 0)
			continue;
		problem_node(r, "ref.kind", n, "event \"%.*s\" cannot %s", TEXT_ARG(n->text),
			     uses[i].use);
		return false;
	}
	return true;
}

static bool read_library(struct reader *r, struct node *n)
{
	struct text id, version = text_cut(n->text, '@', &id);
	int64_t number;

	if (!id_shaped(id) || version.n == 0 || version.n > 9 || version.p[0] == '0' ||
	    !text_digits(version, &number))
		return refuse(r, n, "write name and version, tenor_msa@1");
	if (library_find(n->text) != NULL)
		return true;

	struct text words[32];
	size_t count = 0;

	for (; count < library_count() && count < ARRAY_SIZE(words); count++)
		words[count] = text_of(library_at(count)->name);
	struct text near = text_nearest(n->text, words, count);

	problem_node(r, "ref.unknown", n, "no library entry \"%.*s\"%s%.*s%s", TEXT_ARG(n->text),
		     near.n > 0 ? "; did you mean \"" : "", TEXT_ARG(near),
		     near.n > 0 ? "\"?" : "");
	return false;
}

/* Words of an id's letters with a point between any two. */
static bool dotted(struct text t, size_t least, size_t most)
{
	size_t parts = 0;

	for (size_t from = 0; from <= t.n; parts++) {
		size_t to = text_find(t, '.', from);

		if (!id_shaped(text_sub(t, from, to)))
			return false;
		from = to + 1;
	}
	return parts >= least && parts <= most;
}

static bool read_typed(struct reader *r, struct node *n)
{
	switch (n->term->type) {
	case TERM_ID:
		return read_id(r, n);
	case TERM_NAME:
		return read_name(r, n);
	case TERM_TEXT:
	case TERM_PROSE:
		return read_text(r, n);
	case TERM_INT:
		return read_int(r, n);
	case TERM_DEC:
	case TERM_PCT:
		return read_number(r, n);
	case TERM_MONEY:
	case TERM_PRICE:
		return read_money(r, n);
	case TERM_DATE:
	case TERM_MONTH:
		return read_date(r, n);
	case TERM_MONTHDAY:
		return read_monthday(r, n);
	case TERM_TIME:
		return minutes_parse(n->text, &n->value.minutes) || refuse(r, n, "write 17:00");
	case TERM_RANGE:
		return read_range(r, n);
	case TERM_DAYS:
		return read_days(r, n);
	case TERM_DUR:
		return read_duration(r, n);
	case TERM_BOOL:
		return read_bool(r, n);
	case TERM_ENUM:
		return read_enum(r, n);
	case TERM_TZ:
		return read_zone(r, n);
	case TERM_CUR:
		return read_currency(r, n);
	case TERM_LANG:
		return read_language(r, n);
	case TERM_REGION:
		return read_region(r, n);
	case TERM_EMAIL:
		return read_email(r, n);
	case TERM_REF:
		return id_shaped(n->text) || refuse(r, n, "");
	case TERM_ROLE:
		return read_role(r, n);
	case TERM_CLAUSE:
		return dotted(n->text, 2, 2) || refuse(r, n, "write document.clause");
	case TERM_PATH:
	case TERM_KEYPATH:
		return dotted(n->text, 1, DEPTH_MAX) ||
		       refuse(r, n, "write keys and ids joined by points");
	case TERM_EVENT:
		return read_event(r, n);
	case TERM_LIB:
		return read_library(r, n);
	case TERM_HASH:
		return hex_digits(n->text, 64) || refuse(r, n, "write 64 hex digits in lower case");
	case TERM_MAP:
	case TERM_ITEMS:
		break;
	}
	assert(false && "a map is no scalar");
	return false;
}

void hole_split(struct text written, struct text *name, struct text *otherwise)
{
	*otherwise = text_cut(text_sub(written, 1, written.n), '=', name);
}

bool scalar_read(struct reader *r, struct node *n)
{
	struct text name, otherwise;

	/* A form is no template, and what it holds is the text itself. */
	if (r->form || !text_starts(n->text, "?"))
		return read_typed(r, n);
	if (text_starts(n->text, "??")) {
		n->text = text_sub(n->text, 1, n->text.n);
		return read_typed(r, n);
	}

	/* A hole has no value yet; what it offers must be of the type all the same (CL-27). An id cannot be left open. */
	hole_split(n->text, &name, &otherwise);
	if (!id_shaped(name) || n->term->type == TERM_ID)
		return n->term->type == TERM_TEXT || n->term->type == TERM_PROSE
			       ? read_typed(r, n)
			       : refuse(r, n, "a hole is written ?name or ?name=default");
	n->hole = true;
	if (name.n + 1 < n->text.n) {
		struct text whole = n->text;

		n->text = otherwise;
		if (!read_typed(r, n))
			return false;
		n->text = text_format(r->a, "?%.*s=%.*s", TEXT_ARG(name), TEXT_ARG(n->text));
		n->written = whole;
	}
	return true;
}
