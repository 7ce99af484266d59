/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider's settings (settings.def): dated entries of the install log, each with all that is set from then on. What enters documents
 * goes into a contract's log too, before the first document that it enters, so that a bundle has what its numbers came from
 * (money.md R65, R84; trust.md J2, P8). Nothing changes what was issued.
 */
#ifndef APP_PROVIDER_H
#define APP_PROVIDER_H

#include "app/workspace.h"
#include "engine/billing.h"
#include "facts/fact.h"
#include "render/words.h"

enum setting {
#define SETTING(name, key, form, values, where) SETTING_##name,
#include "app/settings.def"
	SETTING_COUNT
};

enum { SETTING_VALUES_MAX = 8, LOGO_MAX_BYTES = 100000 };

enum setting_where { SETTING_DOCUMENTS, SETTING_BANK, SETTING_HOUSE, SETTING_WAITING };

struct setting_row {
	const char *key;
	enum wording help;
	size_t values_max;
	enum setting_where where;
};

struct provider_settings {
	struct setting_values {
		struct text v[SETTING_VALUES_MAX];
		size_t n;
	} of[SETTING_COUNT];
	instant from; /* recorded at; INSTANT_NONE: nothing was ever set */
};

const struct setting_row *setting_row(enum setting s);
/* false: there is none. */
bool setting_find(struct text key, enum setting *out);
/* A value as it is kept; RC_USAGE with what would be right. */
enum rc setting_check(struct arena *a, enum setting s, struct text value, struct text *out,
		      struct err *err) MUST_USE;
struct text setting_text(const struct provider_settings *p, enum setting s);

/* In force at an instant; INSTANT_MAX: now. */
enum rc provider_settings_at(struct workspace *ws, instant at, struct provider_settings *out,
			     struct err *err) MUST_USE;
/* The last of a contract's log among its facts known by then. */
void provider_settings_of(const struct facts *f, instant known_as_of,
			  struct provider_settings *out);
/* Those that enter documents in a currency. */
void provider_for_documents(const struct provider_settings *all, struct currency c,
			    struct provider_settings *out);
bool provider_same(const struct provider_settings *x, const struct provider_settings *y);
/* An entry with all of them, in the transaction under way. */
enum rc provider_append(struct workspace *ws, struct log_head *log,
			const struct provider_settings *p, struct err *err) MUST_USE;

/* What they are to the engine: rounding, tax point and seller of documents; bounds, delay and limit of the house. */
void provider_document_numbers(struct arena *a, const struct provider_settings *p,
			       struct currency c, struct billing_settings *out);
void provider_house_numbers(const struct provider_settings *p, struct currency c,
			    struct billing_settings *out);
/* app->letterhead for what is printed, as it was at an instant. */
enum rc provider_letterhead(struct workspace *ws, instant at, struct err *err) MUST_USE;

#endif
