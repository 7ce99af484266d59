/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of invoice_shape.h, and what a member is that nobody wrote. */
#include "engine/invoice_shape.h"

#include <assert.h>
#include <string.h>

#define AT(type, member) .at = offsetof(struct type, member)
#define COUNTED(type, member, count)                                                               \
	.at = offsetof(struct type, member), .n_at = offsetof(struct type, count)
#define SHAPE(of, what)                                                                            \
	{                                                                                          \
		.name = (what), .v = of##_members, .n = ARRAY_SIZE(of##_members),                  \
		.size = sizeof(struct of)                                                          \
	}

static const char *word_document(unsigned k)
{
	return document_word((enum document_kind)k);
}

static const char *word_line(unsigned r)
{
	return line_word((enum line_role)r);
}

static const char *word_reduction(unsigned k)
{
	return reduction_word((enum reduction_kind)k);
}

static const char *word_deduction(unsigned k)
{
	return deduction_word((enum deduction_kind)k);
}

static const char *word_note(unsigned k)
{
	return note_word((enum invoice_note_kind)k);
}

static const char *word_tax(unsigned c)
{
	return tax_word((enum tax_code)c);
}

static const char *word_rounding(unsigned m)
{
	static const char *const words[] = {[ROUND_HALF_UP] = "half_up",
					    [ROUND_HALF_EVEN] = "half_even",
					    [ROUND_DOWN] = "down"};

	assert(m < ARRAY_SIZE(words));
	return words[m];
}

static const struct member evidence_members[] = {
	{"count", MEMBER_INT, AT(evidence, count)},
	{"entries", MEMBER_NUMBERS, COUNTED(evidence, entries, n_entries)},
	{"hash", MEMBER_HASH, AT(evidence, hash)},
	{"kind", MEMBER_TEXT, AT(evidence, kind)},
};
static const struct shape evidence_shape = SHAPE(evidence, "the evidence of a line");

static const struct member invoice_line_members[] = {
	{"category", MEMBER_TEXT, AT(invoice_line, category)},
	{"charge", MEMBER_TEXT, AT(invoice_line, charge)},
	{"clause", MEMBER_TEXT, AT(invoice_line, clause)},
	{"corrects", MEMBER_TEXT, AT(invoice_line, corrects)},
	{"counts", MEMBER_BOOL, AT(invoice_line, counts)},
	{"evidence", MEMBER_OBJECT, AT(invoice_line, evidence), .of = &evidence_shape},
	{"exact", MEMBER_FRACTION, AT(invoice_line, exact)},
	{"gross", MEMBER_MONEY, AT(invoice_line, gross)},
	{"item", MEMBER_DAYS, AT(invoice_line, item)},
	{"item_part", MEMBER_TEXT, AT(invoice_line, item_part)},
	{"name", MEMBER_TEXT, AT(invoice_line, name)},
	{"net", MEMBER_MONEY, MEMBER_ALWAYS, AT(invoice_line, net)},
	{"number", MEMBER_INT, AT(invoice_line, number)},
	{"of_line", MEMBER_INT, AT(invoice_line, of_line)},
	{"part", MEMBER_TEXT, AT(invoice_line, part)},
	{"period", MEMBER_DAYS, AT(invoice_line, period)},
	{"price", MEMBER_PRICE, COUNTED(invoice_line, price, priced)},
	{"price_base", MEMBER_INT, AT(invoice_line, price_base)},
	{"quantity", MEMBER_FRACTION, AT(invoice_line, quantity)},
	{"role", MEMBER_WORD, MEMBER_ALWAYS, AT(invoice_line, role), .word = word_line,
	 .n_words = LINE_DUNNING_FEE + 1},
	{"rule", MEMBER_TEXT, AT(invoice_line, rule)},
	{"steps", MEMBER_STEPS, COUNTED(invoice_line, steps, n_steps)},
	{"tax", MEMBER_INDEX, AT(invoice_line, tax)},
	{"type", MEMBER_TEXT, AT(invoice_line, type)},
	{"unit", MEMBER_TEXT, AT(invoice_line, unit)},
	{"weight", MEMBER_WEIGHT, AT(invoice_line, weight)},
};
static const struct shape line_shape = SHAPE(invoice_line, "a line");

static const struct member invoice_reduction_members[] = {
	{"amount", MEMBER_MONEY, MEMBER_ALWAYS, AT(invoice_reduction, amount)},
	{"base", MEMBER_MONEY, AT(invoice_reduction, base)},
	{"category", MEMBER_TEXT, AT(invoice_reduction, category)},
	{"charge", MEMBER_TEXT, AT(invoice_reduction, charge)},
	{"clause", MEMBER_TEXT, AT(invoice_reduction, clause)},
	{"gross", MEMBER_MONEY, AT(invoice_reduction, gross)},
	{"item", MEMBER_DAYS, AT(invoice_reduction, item)},
	{"kind", MEMBER_WORD, MEMBER_ALWAYS, AT(invoice_reduction, kind), .word = word_reduction,
	 .n_words = REDUCTION_CREDIT + 1},
	{"metric", MEMBER_TEXT, AT(invoice_reduction, metric)},
	{"month", MEMBER_TEXT, AT(invoice_reduction, month)},
	{"name", MEMBER_TEXT, AT(invoice_reduction, name)},
	{"pct", MEMBER_DECIMAL, AT(invoice_reduction, pct)},
	{"rule", MEMBER_TEXT, AT(invoice_reduction, rule)},
	{"shares", MEMBER_SHARES, COUNTED(invoice_reduction, lines, n_lines)},
	{"steps", MEMBER_STEPS, COUNTED(invoice_reduction, steps, n_steps)},
	{"tax", MEMBER_INDEX, AT(invoice_reduction, tax)},
};
static const struct shape reduction_shape = SHAPE(invoice_reduction, "a reduction");

static const struct member invoice_tax_members[] = {
	{"base", MEMBER_MONEY, MEMBER_ALWAYS, AT(invoice_tax, base)},
	{"category", MEMBER_TEXT, AT(invoice_tax, category)},
	{"code", MEMBER_WORD, MEMBER_ALWAYS, AT(invoice_tax, code), .word = word_tax,
	 .n_words = TAX_O + 1},
	{"name", MEMBER_TEXT, AT(invoice_tax, name)},
	{"rate", MEMBER_DECIMAL, MEMBER_ALWAYS, AT(invoice_tax, rate)},
	{"reason", MEMBER_TEXT, AT(invoice_tax, reason)},
	{"tax", MEMBER_MONEY, MEMBER_ALWAYS, AT(invoice_tax, tax)},
};
static const struct shape tax_shape = SHAPE(invoice_tax, "a tax");

static const struct member invoice_deduction_members[] = {
	{"amount", MEMBER_MONEY, MEMBER_ALWAYS, AT(invoice_deduction, amount)},
	{"kind", MEMBER_WORD, MEMBER_ALWAYS, AT(invoice_deduction, kind), .word = word_deduction,
	 .n_words = DEDUCTION_GRANT + 1},
	{"reference", MEMBER_TEXT, AT(invoice_deduction, reference)},
	{"steps", MEMBER_STEPS, COUNTED(invoice_deduction, steps, n_steps)},
};
static const struct shape deduction_shape = SHAPE(invoice_deduction, "a deduction");

static const struct member invoice_balance_members[] = {
	{"bought", MEMBER_DECIMAL, AT(invoice_balance, bought)},
	{"charge", MEMBER_TEXT, AT(invoice_balance, charge)},
	{"closing", MEMBER_DECIMAL, AT(invoice_balance, closing)},
	{"drawn", MEMBER_DECIMAL, AT(invoice_balance, drawn)},
	{"expiring", MEMBER_DECIMAL, AT(invoice_balance, expiring)},
	{"lapsed", MEMBER_DECIMAL, AT(invoice_balance, lapsed)},
	{"name", MEMBER_TEXT, AT(invoice_balance, name)},
	{"next_expiry", MEMBER_DAY, AT(invoice_balance, next_expiry)},
	{"opening", MEMBER_DECIMAL, AT(invoice_balance, opening)},
};
static const struct shape balance_shape = SHAPE(invoice_balance, "a balance");

static const struct member invoice_unit_change_members[] = {
	{"added", MEMBER_TEXTS, COUNTED(invoice_unit_change, added, n_added)},
	{"on", MEMBER_DAY, AT(invoice_unit_change, on)},
	{"removed", MEMBER_TEXTS, COUNTED(invoice_unit_change, removed, n_removed)},
};
static const struct shape unit_change_shape = SHAPE(invoice_unit_change, "a change of units");

static const struct member invoice_annex_members[] = {
	{"added", MEMBER_TEXTS, COUNTED(invoice_annex, added, n_added)},
	{"changes", MEMBER_LIST, COUNTED(invoice_annex, changes, n_changes),
	 .of = &unit_change_shape},
	{"charge", MEMBER_TEXT, AT(invoice_annex, charge)},
	{"on", MEMBER_DAY, AT(invoice_annex, on)},
	{"other_count", MEMBER_ENTRY, AT(invoice_annex, other_count)},
	{"removed", MEMBER_TEXTS, COUNTED(invoice_annex, removed, n_removed)},
	{"units", MEMBER_TEXTS, COUNTED(invoice_annex, units, n_units)},
};
static const struct shape annex_shape = SHAPE(invoice_annex, "an annex");

static const struct member invoice_note_members[] = {
	{"amount", MEMBER_MONEY, AT(invoice_note, amount)},
	{"date", MEMBER_DAY, AT(invoice_note, date)},
	{"entry", MEMBER_ENTRY, AT(invoice_note, entry)},
	{"kind", MEMBER_WORD, MEMBER_ALWAYS, AT(invoice_note, kind), .word = word_note,
	 .n_words = NOTE_NO_DATA + 1},
	{"subject", MEMBER_TEXT, AT(invoice_note, subject)},
	{"what", MEMBER_WHAT, MEMBER_ALWAYS, AT(invoice_note, what)},
};
const struct shape NOTE_SHAPE = SHAPE(invoice_note, "a note");

static const struct member party_details_members[] = {
	{"city", MEMBER_TEXT, AT(party_details, city)},
	{"country", MEMBER_TEXT, AT(party_details, country)},
	{"e_address", MEMBER_TEXT, AT(party_details, e_address)},
	{"email", MEMBER_TEXT, AT(party_details, email)},
	{"legal_name", MEMBER_TEXT, AT(party_details, legal_name)},
	{"lines", MEMBER_TEXTS, COUNTED(party_details, lines, n_lines)},
	{"postcode", MEMBER_TEXT, AT(party_details, postcode)},
	{"registration_no", MEMBER_TEXT, AT(party_details, registration_no)},
	{"tax_id", MEMBER_TEXT, AT(party_details, tax_id)},
	{"vat_id", MEMBER_TEXT, AT(party_details, vat_id)},
};
static const struct shape party_shape = SHAPE(party_details, "a party");

static const struct member invoice_members[] = {
	{"annexes", MEMBER_LIST, COUNTED(invoice, annexes, n_annexes), .of = &annex_shape},
	{"as_of", MEMBER_INSTANT, MEMBER_OF_RECORD, AT(invoice, as_of)},
	{"balances", MEMBER_LIST, COUNTED(invoice, balances, n_balances), .of = &balance_shape},
	{"bic", MEMBER_TEXT, AT(invoice, bic)},
	{"client", MEMBER_OBJECT, AT(invoice, client), .of = &party_shape},
	{"closing", MEMBER_MONEY, MEMBER_OF_RECORD, AT(invoice, closing)},
	{"commitment", MEMBER_MONEY, AT(invoice, commitment)},
	{"commitment_reached", MEMBER_MONEY, AT(invoice, commitment_reached)},
	{"contract", MEMBER_TEXT, AT(invoice, contract)},
	{"corrected", MEMBER_TEXT, AT(invoice, corrected)},
	{"corrected_date", MEMBER_DAY, AT(invoice, corrected_date)},
	{"credits", MEMBER_MONEY, MEMBER_OF_RECORD, AT(invoice, credits)},
	{"currency", MEMBER_CURRENCY, MEMBER_ALWAYS, AT(invoice, currency)},
	{"date", MEMBER_DAY, MEMBER_OF_RECORD, AT(invoice, date)},
	{"deductions", MEMBER_LIST, COUNTED(invoice, deductions, n_deductions),
	 .of = &deduction_shape},
	{"dispute_until", MEMBER_DAY, MEMBER_OF_RECORD, AT(invoice, dispute_until)},
	{"due", MEMBER_DAY, MEMBER_OF_RECORD, AT(invoice, due)},
	{"gross", MEMBER_MONEY, MEMBER_ALWAYS, AT(invoice, gross)},
	{"iban", MEMBER_TEXT, AT(invoice, iban)},
	{"instructions", MEMBER_TEXT, AT(invoice, instructions)},
	{"kind", MEMBER_WORD, MEMBER_ALWAYS, AT(invoice, kind), .word = word_document,
	 .n_words = DOCUMENT_INTEREST + 1},
	{"known_as_of", MEMBER_INSTANT, MEMBER_OF_RECORD, AT(invoice, known_as_of)},
	{"language", MEMBER_TEXT, AT(invoice, language)},
	{"lines", MEMBER_LIST, COUNTED(invoice, lines, n_lines), .of = &line_shape},
	{"log_size", MEMBER_INT, MEMBER_OF_RECORD, AT(invoice, log_size)},
	{"net", MEMBER_MONEY, MEMBER_ALWAYS, AT(invoice, net)},
	{"notes", MEMBER_LIST, COUNTED(invoice, notes, n_notes), .of = &NOTE_SHAPE},
	{"number", MEMBER_TEXT, MEMBER_OF_RECORD, AT(invoice, number)},
	{"opening", MEMBER_MONEY, MEMBER_OF_RECORD, AT(invoice, opening)},
	{"order_reference", MEMBER_TEXT, AT(invoice, order_reference)},
	{"origin", MEMBER_TEXT, MEMBER_OF_RECORD, AT(invoice, origin)},
	{"payable", MEMBER_MONEY, MEMBER_ALWAYS, AT(invoice, payable)},
	{"payment_reference", MEMBER_TEXT, MEMBER_OF_RECORD, AT(invoice, payment_reference)},
	{"payments", MEMBER_MONEY, MEMBER_OF_RECORD, AT(invoice, payments)},
	{"provider", MEMBER_OBJECT, AT(invoice, provider), .of = &party_shape},
	{"reason", MEMBER_TEXT, AT(invoice, reason)},
	{"reductions", MEMBER_LIST, COUNTED(invoice, reductions, n_reductions),
	 .of = &reduction_shape},
	{"refunds", MEMBER_MONEY, MEMBER_OF_RECORD, AT(invoice, refunds)},
	{"root", MEMBER_TEXT, MEMBER_OF_RECORD, AT(invoice, root)},
	{"rounding", MEMBER_MONEY, AT(invoice, rounding)},
	{"rounding_mode", MEMBER_WORD, AT(invoice, mode), .word = word_rounding,
	 .n_words = ROUND_DOWN + 1},
	{"run", MEMBER_DAY, MEMBER_OF_RECORD, AT(invoice, run)},
	{"series", MEMBER_TEXT, MEMBER_OF_RECORD, AT(invoice, series)},
	{"sum_deductions", MEMBER_MONEY, AT(invoice, sum_deductions)},
	{"sum_lines", MEMBER_MONEY, MEMBER_ALWAYS, AT(invoice, sum_lines)},
	{"sum_reductions", MEMBER_MONEY, AT(invoice, sum_reductions)},
	{"tax", MEMBER_MONEY, MEMBER_ALWAYS, AT(invoice, tax)},
	{"tax_included", MEMBER_BOOL, AT(invoice, tax_included)},
	{"taxes", MEMBER_LIST, COUNTED(invoice, taxes, n_taxes), .of = &tax_shape},
	{"title", MEMBER_TEXT, AT(invoice, title)},
	{"version", MEMBER_TEXT, AT(invoice, version)},
};
const struct shape INVOICE_SHAPE = SHAPE(invoice, "a document");

const char *step_type_key(unsigned type)
{
	static const char *const keys[] = {
		[STEP_IS_COUNT] = "count",       [STEP_IS_DECIMAL] = "decimal",
		[STEP_IS_FRACTION] = "fraction", [STEP_IS_MONEY] = "money",
		[STEP_IS_DAYS] = "days",         [STEP_IS_WEIGHT] = "weight",
		[STEP_IS_TEXT] = "text",         [STEP_IS_PCT] = "pct"};

	assert(type < STEP_TYPES && ARRAY_SIZE(keys) == STEP_TYPES);
	return keys[type];
}

static bool all_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

static int64_t number_at(const char *p)
{
	int64_t n;

	memcpy(&n, p, sizeof(n));
	return n;
}

static size_t count_at(const struct member *m, const char *base)
{
	size_t n;

	memcpy(&n, base + m->n_at, sizeof(n));
	return n;
}

static bool scalar_is_usual(const struct member *m, const char *p)
{
	struct text text;
	struct decimal decimal;
	struct fraction fraction;
	struct days days;
	int index;
	day date;
	bool truth;

	switch (m->type) {
	case MEMBER_TEXT:
		memcpy(&text, p, sizeof(text));
		return text.n == 0;
	case MEMBER_ENTRY:
		return number_at(p) == -1;
	case MEMBER_INDEX:
		memcpy(&index, p, sizeof(index));
		return index == -1;
	case MEMBER_DAY:
		memcpy(&date, p, sizeof(date));
		return date == DAY_NONE;
	case MEMBER_INSTANT:
		return number_at(p) == INSTANT_NONE;
	case MEMBER_DECIMAL:
		memcpy(&decimal, p, sizeof(decimal));
		return decimal.units == 0;
	case MEMBER_FRACTION:
		memcpy(&fraction, p, sizeof(fraction));
		return fraction.den == 0;
	case MEMBER_DAYS:
		memcpy(&days, p, sizeof(days));
		return days.from == 0 && days.to == 0;
	case MEMBER_BOOL:
		memcpy(&truth, p, sizeof(truth));
		return !truth;
	case MEMBER_WEIGHT:
		return all_zero(p, sizeof(struct weight));
	case MEMBER_HASH:
		return all_zero(p, sizeof(struct hash));
	case MEMBER_INT:
	case MEMBER_MONEY:
		return number_at(p) == 0;
	case MEMBER_WORD:
		return all_zero(p, sizeof(unsigned));
	case MEMBER_PRICE:
	case MEMBER_WHAT:
	case MEMBER_CURRENCY:
	case MEMBER_OBJECT:
	case MEMBER_LIST:
	case MEMBER_TEXTS:
	case MEMBER_NUMBERS:
	case MEMBER_SHARES:
	case MEMBER_STEPS:
		break;
	}
	assert(false && "no scalar that may be left out");
	return false;
}

bool member_is_usual(const struct member *m, const char *base)
{
	bool there;

	if ((m->flags & MEMBER_ALWAYS) != 0)
		return false;
	if (m->type == MEMBER_OBJECT)
		return shape_is_usual(m->of, base + m->at);
	if (m->type == MEMBER_PRICE) {
		memcpy(&there, base + m->n_at, sizeof(there));
		return !there;
	}
	if (member_is_list(m))
		return count_at(m, base) == 0;
	return scalar_is_usual(m, base + m->at);
}

bool shape_is_usual(const struct shape *s, const char *base)
{
	for (size_t i = 0; i < s->n; i++)
		if (!member_is_usual(&s->v[i], base))
			return false;
	return true;
}

/* The struct is all zeros but for members whose usual value is another. */
void member_set_usual(const struct member *m, char *base)
{
	int64_t none = -1;
	int no_index = -1;
	day no_day = DAY_NONE;
	instant never = INSTANT_NONE;

	if (m->type == MEMBER_ENTRY)
		memcpy(base + m->at, &none, sizeof(none));
	else if (m->type == MEMBER_INDEX)
		memcpy(base + m->at, &no_index, sizeof(no_index));
	else if (m->type == MEMBER_DAY)
		memcpy(base + m->at, &no_day, sizeof(no_day));
	else if (m->type == MEMBER_INSTANT)
		memcpy(base + m->at, &never, sizeof(never));
	else if (m->type == MEMBER_OBJECT)
		for (size_t i = 0; i < m->of->n; i++)
			member_set_usual(&m->of->v[i], base + m->at);
}
