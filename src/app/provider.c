/* SPDX-License-Identifier: Apache-2.0 */
#include "app/provider.h"

#include "app/append.h"
#include "app/own_entries.h"
#include "base/json.h"
#include "render/pdf.h"

#include <assert.h>

enum setting_form {
	FORM_LINE,
	FORM_AMOUNT,
	FORM_RATIO,
	FORM_COUNT,
	FORM_MONEY,
	FORM_COLOUR,
	FORM_COUNTRY,
	FORM_E_ADDRESS,
	FORM_EMAIL,
	FORM_IBAN,
	FORM_BIC,
	FORM_DAYS,
	FORM_HASH,
	FORM_PAPER,
	FORM_TAX_POINT,
	FORM_VAT_ID
};

static const struct setting_row rows[SETTING_COUNT] = {
#define SETTING(name, key, form, values, where) {key, W_SETTING_##name, values, SETTING_##where},
#include "app/settings.def"
};
static const enum setting_form forms[SETTING_COUNT] = {
#define SETTING(name, key, form, values, where) FORM_##form,
#include "app/settings.def"
};

const struct setting_row *setting_row(enum setting s)
{
	assert(s < SETTING_COUNT);
	return &rows[s];
}

bool setting_find(struct text key, enum setting *out)
{
	for (int s = 0; s < SETTING_COUNT; s++)
		if (text_is(key, rows[s].key)) {
			*out = (enum setting)s;
			return true;
		}
	return false;
}

struct text setting_text(const struct provider_settings *p, enum setting s)
{
	return p->of[s].n > 0 ? p->of[s].v[0] : text_of("");
}

/* --- forms of values --- */

static bool upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool hex(char c)
{
	return digit(c) || (c >= 'a' && c <= 'f');
}

/* Without blanks, in capitals. */
static struct text packed(struct arena *a, struct text t)
{
	char *p = arena_alloc(a, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] != ' ')
			p[n++] = (char)(t.p[i] >= 'a' && t.p[i] <= 'z' ? t.p[i] - 'a' + 'A'
								       : t.p[i]);
	return (struct text){p, n};
}

static bool all(struct text t, bool (*is)(char c), size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (i >= t.n || !is(t.p[i]))
			return false;
	return true;
}

static bool capital_or_digit(char c)
{
	return upper(c) || digit(c);
}

/* ISO 13616: moved by four, letters as 10 to 35, the remainder by 97 is 1. */
static bool iban(struct text t)
{
	unsigned rest = 0;

	if (t.n < 15 || t.n > 34 || !all(t, upper, 0, 2) || !all(t, digit, 2, 4) ||
	    !all(t, capital_or_digit, 4, t.n))
		return false;
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[(i + 4) % t.n];
		unsigned v = (unsigned)(digit(c) ? c - '0' : c - 'A' + 10);

		rest = (rest * (v > 9 ? 100 : 10) + v) % 97;
	}
	return rest == 1;
}

/* ISO 9362. */
static bool bic(struct text t)
{
	return (t.n == 8 || t.n == 11) && all(t, upper, 0, 6) && all(t, capital_or_digit, 6, t.n);
}

static bool decimal_between(struct text t, int64_t least, int64_t most, unsigned scale)
{
	struct decimal d = {0, 0};
	struct err none = {.line = 0};

	return decimal_parse(t, &d, &none) == RC_OK && d.scale <= scale &&
	       decimal_cmp(d, decimal_of(least)) >= 0 && decimal_cmp(d, decimal_of(most)) <= 0;
}

static bool one_of(struct text t, const char *x, const char *y, const char *z)
{
	return text_is(t, x) || text_is(t, y) || text_is(t, z);
}

static bool count_between(struct text t, int64_t least, int64_t most)
{
	int64_t n = 0;

	return text_digits(t, &n) && n >= least && n <= most;
}

static bool money_above_zero(struct text t)
{
	struct money m = {0};
	struct err none = {.line = 0};

	return money_parse(t, &m, &none) == RC_OK && m.minor > 0;
}

static bool e_address(struct text t)
{
	struct text scheme, value = text_cut(t, ':', &scheme);

	return scheme.n == 4 && all(scheme, digit, 0, 4) && value.n > 0;
}

static bool email(struct text t)
{
	size_t at = text_find(t, '@', 0);

	return at > 0 && at + 1 < t.n && text_find(t, ' ', 0) >= t.n;
}

static bool has_form(enum setting_form form, struct text t, const char **right)
{
	switch (form) {
	case FORM_LINE:
		*right = "one line of at most 200 bytes";
		return t.n <= 200;
	case FORM_AMOUNT:
		*right = "an amount in the contract's currency, for example 1000.00";
		return decimal_between(t, 0, 1000000000, 3);
	case FORM_RATIO:
		*right = "a number from 1 to 1000, for example 2.5";
		return decimal_between(t, 1, 1000, 2);
	case FORM_COUNT:
		*right = "a whole number from 1 to 10000";
		return count_between(t, 1, 10000);
	case FORM_MONEY:
		*right = "an amount and its currency, for example \"0.05 CHF\"";
		return money_above_zero(t);
	case FORM_COLOUR:
		*right = "red, green and blue, for example #0e5a61";
		return t.n == 7 && t.p[0] == '#' && all(t, hex, 1, 7);
	case FORM_COUNTRY:
		*right = "two letters of ISO 3166-1, for example DE";
		return t.n == 2 && all(t, upper, 0, 2);
	case FORM_E_ADDRESS:
		*right = "a scheme of four digits and the value, for example 0088:7300010000001";
		return e_address(t);
	case FORM_EMAIL:
		*right = "for example billing@harbor.example";
		return email(t);
	case FORM_IBAN:
		*right = "an IBAN with right check digits, for example DE89 3704 0044 0532 0130 00";
		return iban(t);
	case FORM_BIC:
		*right = "8 or 11 letters and digits, for example COBADEFFXXX";
		return bic(t);
	case FORM_DAYS:
		*right = "days from 0d to 90d";
		return t.n > 1 && t.p[t.n - 1] == 'd' &&
		       count_between(text_sub(t, 0, t.n - 1), 0, 90);
	case FORM_HASH:
		*right = "\"tenor provider logo FILE.png\"";
		return t.n == SHA256_HEX && all(t, hex, 0, t.n);
	case FORM_PAPER:
		*right = "a4 or letter";
		return one_of(t, "a4", "letter", "letter");
	case FORM_TAX_POINT:
		*right = "by_charge, service_end, invoice_date or payment";
		return one_of(t, "by_charge", "service_end", "invoice_date") ||
		       text_is(t, "payment");
	case FORM_VAT_ID:
		*right = "the country's two letters and the number, for example DE123456789";
		return t.n >= 4 && all(t, upper, 0, 2) && all(t, capital_or_digit, 2, t.n);
	}
	assert(false && "a form without a rule");
	return false;
}

enum rc setting_check(struct arena *a, enum setting s, struct text value, struct text *out,
		      struct err *err)
{
	enum setting_form form = forms[s];
	struct text t = text_trim(value);
	const char *right;
	char why[64];

	if (form == FORM_IBAN || form == FORM_BIC || form == FORM_VAT_ID)
		t = packed(a, t);
	if (t.n == 0 || text_find(t, '\n', 0) < t.n || text_find(t, '\t', 0) < t.n ||
	    !canon_text_ok(t, why) || !has_form(form, t, &right)) {
		(void)has_form(form, text_of("-"), &right);
		err_hint(err, "write %s", right);
		return err_set(err, RC_USAGE, "'%.*s' does not fit '%s'",
			       (int)(value.n > 80 ? 80 : value.n), value.p, rows[s].key);
	}
	*out = text_copy(a, t);
	return RC_OK;
}

/* --- from and to entries --- */

/* key=value; what this program does not know, a later one wrote, and it is left alone. */
static void take(struct provider_settings *p, struct text pair)
{
	struct text key, value = text_cut(pair, '=', &key);
	enum setting s;

	if (setting_find(key, &s) && p->of[s].n < rows[s].values_max)
		p->of[s].v[p->of[s].n++] = value;
}

enum rc provider_settings_at(struct workspace *ws, instant at, struct provider_settings *out,
			     struct err *err)
{
	struct own_entry *own = NULL;
	size_t n = 0, last;
	enum rc rc = own_entries(ws, &ws->install, FACT_PROVIDER_SETTINGS, ws->install.edge.size,
				 &own, &n, err);

	*out = (struct provider_settings){.from = INSTANT_NONE};
	if (rc != RC_OK)
		return rc;
	last = n;
	while (last > 0 && own[last - 1].entry.recorded_at > at)
		last--;
	if (last > 0) {
		const struct own_entry *e = &own[last - 1];
		const struct canon_node *list = canon_member(&e->doc, e->body, "settings");

		out->from = e->entry.recorded_at;
		for (const struct canon_node *v = canon_first(&e->doc, list); v != NULL;
		     v = canon_next(&e->doc, list, v))
			take(out, v->text);
	}
	return RC_OK;
}

void provider_settings_of(const struct facts *f, instant known_as_of, struct provider_settings *out)
{
	const struct fact *last = NULL;

	*out = (struct provider_settings){.from = INSTANT_NONE};
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].kind == FACT_PROVIDER_SETTINGS && f->v[i].recorded_at <= known_as_of)
			last = &f->v[i];
	if (last == NULL)
		return;
	out->from = last->recorded_at;
	for (size_t i = 0; i < last->n_values; i++)
		if (last->values[i].field == FIELD_SETTINGS)
			take(out, symbol_text(f->symbols, last->values[i].word));
}

static bool of_currency(struct text t, struct currency c)
{
	return text_ends(t, c.code);
}

void provider_for_documents(const struct provider_settings *from, struct currency c,
			    struct provider_settings *out)
{
	*out = (struct provider_settings){.from = from->from};
	for (int s = 0; s < SETTING_COUNT; s++) {
		if (rows[s].where != SETTING_DOCUMENTS && rows[s].where != SETTING_BANK)
			continue;
		for (size_t i = 0; i < from->of[s].n; i++)
			if (s != SETTING_CASH_ROUNDING || of_currency(from->of[s].v[i], c))
				out->of[s].v[out->of[s].n++] = from->of[s].v[i];
	}
}

bool provider_same(const struct provider_settings *x, const struct provider_settings *y)
{
	for (int s = 0; s < SETTING_COUNT; s++) {
		if (x->of[s].n != y->of[s].n)
			return false;
		for (size_t i = 0; i < x->of[s].n; i++)
			if (!text_eq(x->of[s].v[i], y->of[s].v[i]))
				return false;
	}
	return true;
}

/* A list may not be empty, and nothing set is an entry too: the default tax point says so. */
static void print_settings(const struct provider_settings *p, struct json *j)
{
	bool any = false;

	for (int s = 0; s < SETTING_COUNT; s++)
		for (size_t i = 0; i < p->of[s].n; i++) {
			struct buf b;

			buf_init(&b, 1024);
			buf_printf(&b, "%s=%.*s", rows[s].key, TEXT_ARG(p->of[s].v[i]));
			json_text(j, buf_view(&b));
			buf_free(&b);
			any = true;
		}
	if (!any)
		json_str(j, "none=");
}

enum rc provider_append(struct workspace *ws, struct log_head *log,
			const struct provider_settings *p, struct err *err)
{
	int64_t today = ws->now / DAY_MS;
	struct buf date;
	struct own_note note;
	struct json *j;

	buf_init(&date, 32);
	day_print(&date, (day)today);
	j = own_note_begin(&note);
	json_kv_text(j, "from_date", buf_view(&date));
	json_key(j, "settings");
	json_open_array(j);
	print_settings(p, j);
	json_end_array(j);
	buf_free(&date);
	return own_note_append(ws, log, FACT_PROVIDER_SETTINGS, &note, err);
}

/* --- what they are to the engine --- */

/* In units of 10^-places; 0 where it is not set. What is kept was checked. */
static int64_t number_of(struct text t, unsigned places)
{
	struct decimal d = {0, 0};
	struct err none = {.line = 0};

	if (t.n == 0 || decimal_parse(t, &d, &none) != RC_OK)
		return 0;
	return fraction_round(fraction_of_decimal(d), places, ROUND_HALF_UP).units;
}

static const struct seller *provider_seller(struct arena *a, const struct provider_settings *p)
{
	struct seller *s = arena_one(a, struct seller);
	struct text *lines = arena_array(a, struct text, SETTING_VALUES_MAX);

	for (size_t k = 0; k < p->of[SETTING_ADDRESS].n; k++)
		lines[k] = p->of[SETTING_ADDRESS].v[k];
	*s = (struct seller){
		.details = {.legal_name = setting_text(p, SETTING_LEGAL_NAME),
			    .registration_no = setting_text(p, SETTING_REGISTRATION_NO),
			    .tax_id = setting_text(p, SETTING_TAX_ID),
			    .vat_id = setting_text(p, SETTING_VAT_ID),
			    .e_address = setting_text(p, SETTING_E_ADDRESS),
			    .lines = lines,
			    .n_lines = p->of[SETTING_ADDRESS].n,
			    .city = setting_text(p, SETTING_CITY),
			    .postcode = setting_text(p, SETTING_POSTCODE),
			    .country = setting_text(p, SETTING_COUNTRY),
			    .email = setting_text(p, SETTING_EMAIL)},
		.iban = setting_text(p, SETTING_IBAN),
		.bic = setting_text(p, SETTING_BIC)};
	return s;
}

void provider_document_numbers(struct arena *a, const struct provider_settings *p,
			       struct currency c, struct billing_settings *out)
{
	struct text point = setting_text(p, SETTING_TAX_POINT);

	out->seller = p->from == INSTANT_NONE ? NULL : provider_seller(a, p);
	out->cash_rounding = 0;
	for (size_t i = 0; i < p->of[SETTING_CASH_ROUNDING].n; i++) {
		struct money m = {0};
		struct err none = {.line = 0};

		if (of_currency(p->of[SETTING_CASH_ROUNDING].v[i], c) &&
		    money_parse(p->of[SETTING_CASH_ROUNDING].v[i], &m, &none) == RC_OK)
			out->cash_rounding = m.minor;
	}
	out->tax_point = text_is(point, "service_end")    ? TAX_POINT_SERVICE_END
			 : text_is(point, "invoice_date") ? TAX_POINT_INVOICE_DATE
			 : text_is(point, "payment")      ? TAX_POINT_PAYMENT
							  : TAX_POINT_BY_CHARGE;
}

void provider_house_numbers(const struct provider_settings *p, struct currency c,
			    struct billing_settings *out)
{
	struct text delay = setting_text(p, SETTING_ISSUE_DELAY);

	out->issue_delay_days =
		delay.n > 1 ? (int32_t)number_of(text_sub(delay, 0, delay.n - 1), 0) : 0;
	out->bound_ratio_percent = number_of(setting_text(p, SETTING_BOUND_RATIO), 2);
	out->bound_count_percent = number_of(setting_text(p, SETTING_BOUND_COUNT), 2);
	out->bound_floor = number_of(setting_text(p, SETTING_BOUND_FLOOR), c.decimals);
	out->bound_periods = (int32_t)number_of(setting_text(p, SETTING_BOUND_PERIODS), 0);
	out->bound_lines = (int32_t)number_of(setting_text(p, SETTING_BOUND_LINES), 0);
	out->second_person_above_set = p->of[SETTING_CREDIT_LIMIT].n > 0;
	out->second_person_above = number_of(setting_text(p, SETTING_CREDIT_LIMIT), c.decimals);
}

/* --- the letterhead --- */

static uint32_t colour_of(struct text t)
{
	uint32_t v = 0;

	for (size_t i = 1; i < t.n; i++)
		v = v * 16 + (uint32_t)(digit(t.p[i]) ? t.p[i] - '0' : t.p[i] - 'a' + 10);
	return v;
}

static void head_lines(struct arena *a, const struct provider_settings *p,
		       struct pdf_letterhead *to)
{
	const struct setting_values *own = &p->of[SETTING_LETTERHEAD];
	const struct setting_values *from = own->n > 0 ? own : &p->of[SETTING_ADDRESS];
	struct text *v = arena_array(a, struct text, PDF_LETTERHEAD_LINES_MAX);
	struct text code = setting_text(p, SETTING_POSTCODE), city = setting_text(p, SETTING_CITY);
	size_t n = 0;

	static_assert((int)SETTING_VALUES_MAX <= (int)PDF_LETTERHEAD_LINES_MAX, "all of them fit");
	for (size_t i = 0; i < from->n; i++)
		v[n++] = from->v[i];
	if (own->n == 0 && city.n > 0)
		v[n++] = text_format(a, "%.*s%s%.*s", TEXT_ARG(code), code.n > 0 ? " " : "",
				     TEXT_ARG(city));
	to->lines = v;
	to->n_lines = n;
}

/* The numbers that a payer and an auditor look for. */
static struct text foot_of(struct arena *a, const struct provider_settings *p)
{
	static const struct {
		enum setting s;
		const char *before;
	} parts[] = {{SETTING_IBAN, "IBAN "}, {SETTING_BIC, "BIC "},         {SETTING_VAT_ID, ""},
		     {SETTING_TAX_ID, ""},    {SETTING_REGISTRATION_NO, ""}, {SETTING_EMAIL, ""}};
	struct text t = setting_text(p, SETTING_FOOT);

	if (t.n > 0)
		return t;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		struct text v = setting_text(p, parts[i].s);

		if (v.n > 0)
			t = text_format(a, "%.*s%s%s%.*s", TEXT_ARG(t), t.n > 0 ? " \xC2\xB7 " : "",
					parts[i].before, TEXT_ARG(v));
	}
	return t;
}

enum rc provider_letterhead(struct workspace *ws, instant at, struct err *err)
{
	struct provider_settings p;
	struct pdf_letterhead *to;
	struct hash sha;
	enum rc rc = provider_settings_at(ws, at, &p, err);

	if (rc != RC_OK || p.from == INSTANT_NONE)
		return rc;
	to = arena_one(ws->arena, struct pdf_letterhead);
	to->name = setting_text(&p, SETTING_LEGAL_NAME);
	to->foot = foot_of(ws->arena, &p);
	to->colour = colour_of(setting_text(&p, SETTING_COLOUR));
	head_lines(ws->arena, &p, to);
	if (p.of[SETTING_LOGO].n > 0 && hash_parse(p.of[SETTING_LOGO].v[0], &sha))
		rc = record_blob(ws->store, ws->arena, &sha, &to->logo, err);
	if (rc == RC_MISSING)
		rc = err_set(err, RC_INVALID, "the logo is not in the workspace: %.*s",
			     TEXT_ARG(p.of[SETTING_LOGO].v[0]));
	if (rc != RC_OK)
		return rc;
	ws->app->letterhead = to;
	ws->app->letter_paper = text_is(setting_text(&p, SETTING_PAPER), "letter");
	return RC_OK;
}
