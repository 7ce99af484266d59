/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/rows.h"

#include <assert.h>
#include <string.h>

bool memo_has(const struct memo *m, struct text t)
{
	return m->set && m->n == t.n && memcmp(m->bytes, t.p, t.n) == 0;
}

void memo_keep(struct memo *m, struct text t)
{
	m->set = t.n > 0 && t.n <= MEMO_MAX;
	if (!m->set)
		return;
	memcpy(m->bytes, t.p, t.n);
	m->n = (uint8_t)t.n;
}

symbol memo_symbol(struct intake *in, struct memo *m, struct text t)
{
	if (t.n == 0)
		return 0;
	if (!memo_has(m, t)) {
		m->word = intake_null(in, t) ? 0 : intake_symbol(in, t);
		memo_keep(m, t);
	}
	return m->word;
}

symbol memo_word(struct intake *in, struct memo *m, const struct mapping_words *words,
		 struct text t)
{
	if (t.n == 0)
		return 0;
	if (!memo_has(m, t)) {
		m->word = intake_null(in, t) ? 0 : intake_word(in, words, t);
		memo_keep(m, t);
	}
	return m->word;
}

symbol memo_priority(struct intake *in, struct memo *m, struct text t, uint32_t line)
{
	if (t.n == 0)
		return 0;
	if (!memo_has(m, t)) {
		m->word = intake_null(in, t) ? 0 : intake_priority(in, t, line);
		memo_keep(m, t);
	}
	return m->word;
}

bool memo_date(struct intake *in, struct memo *m, struct text t, const char *what, uint32_t line,
	       struct stamp *out)
{
	if (!memo_has(m, t)) {
		m->set = false;
		if (!intake_date(in, t, what, line, &m->stamp))
			return false;
		memo_keep(m, t);
	}
	*out = m->stamp;
	return true;
}

void draft_begin(struct draft *d, enum fact_kind kind, struct stamp at, instant recorded_at,
		 enum party party, uint32_t line)
{
	d->fact = (struct fact){
		.occurred_at = at.at,
		.recorded_at = recorded_at,
		.line = line,
		.kind = (uint8_t)kind,
		.flags = at.flags,
		.party = (uint8_t)party,
		.values = d->values,
	};
}

void draft_word(struct draft *d, enum fact_field field, symbol word)
{
	if (word == 0)
		return;
	assert(d->fact.n_values < FACT_FIELDS_MAX);
	d->values[d->fact.n_values++] = (struct fact_value){.field = (uint32_t)field, .word = word};
}

void draft_number(struct draft *d, enum fact_field field, int64_t number)
{
	assert(d->fact.n_values < FACT_FIELDS_MAX);
	d->values[d->fact.n_values++] =
		(struct fact_value){.field = (uint32_t)field, .number = number};
}

enum intake_result draft_add(struct draft *d, struct intake *in, symbol id)
{
	d->fact.id = id;
	return intake_add(in, &d->fact);
}
