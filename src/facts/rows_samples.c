/* SPDX-License-Identifier: Apache-2.0 */
/* One row a check of a component: probe.sample. Without a steady beat a state holds until the next row (sla.md R44). */
#include "facts/rows.h"

struct samples {
	struct intake *in;
	bool has_recorded;
	enum party party;
	struct memo occurred, recorded;
};

static void *open_samples(struct intake *in, const int16_t *slot)
{
	struct samples *s = arena_one(in->arena, struct samples);

	s->in = in;
	s->has_recorded = slot[COLUMN_RECORDED] >= 0;
	s->party = intake_party(in, PARTY_MONITOR);
	in->report->recorded_known = s->has_recorded;
	return s;
}

/* A code that the mapping lists decides; else the state does. */
static unsigned state_means(struct samples *s, const struct cells *c)
{
	const struct mapping *m = s->in->mapping;
	const struct mapping_word *code = mapping_word(&m->codes, cell(c, COLUMN_CODE));
	const struct mapping_word *state =
		code != NULL ? code : mapping_word(&m->states, cell(c, COLUMN_STATE));

	return state == NULL ? 0 : state->means;
}

static symbol state_word(struct samples *s, const struct cells *c)
{
	unsigned means = state_means(s, c);
	struct text state = cell(c, COLUMN_STATE);

	if ((means & MEANS_UP) != 0)
		return s->in->words.up;
	if ((means & MEANS_DOWN) != 0)
		return s->in->words.down;
	if ((means & MEANS_DEGRADED) != 0)
		return s->in->words.degraded;
	if ((means & MEANS_UNKNOWN) != 0)
		return s->in->words.unknown;
	if ((means & MEANS_IGNORE) != 0)
		intake_note(s->in, IMPORT_IGNORED, c->line, "state '%.*s' says nothing",
			    TEXT_ARG(state));
	else
		intake_note(s->in, IMPORT_STATE_UNKNOWN, c->line,
			    "state '%.*s' is not in [states] as up, down, degraded or unknown",
			    TEXT_ARG(state));
	return 0;
}

static bool take_sample(void *rows, const struct cells *c)
{
	struct samples *s = rows;
	struct intake *in = s->in;
	struct text component = cell(c, COLUMN_ASSET), occurred = cell(c, COLUMN_OCCURRED);
	struct stamp at, recorded = {INSTANT_NONE, 0};
	symbol state = state_word(s, c), asset = 0;

	if (state == 0 || !memo_date(in, &s->occurred, occurred, "occurred", c->line, &at))
		return false;
	if (!intake_null(in, cell(c, COLUMN_RECORDED)) &&
	    !memo_date(in, &s->recorded, cell(c, COLUMN_RECORDED), "recorded", c->line, &recorded))
		return false;
	if (intake_null(in, component)) {
		intake_note(in, IMPORT_FIELD_MISSING, c->line, "no component");
		return false;
	}
	asset = intake_asset(in, component, (struct text){"", 0}, c->line);
	if (asset == 0)
		return false;

	struct draft d;

	draft_begin(&d, FACT_PROBE_SAMPLE, at, recorded.at != INSTANT_NONE ? recorded.at : at.at,
		    s->party, c->line);
	draft_word(&d, FIELD_ASSET, asset);
	draft_word(&d, FIELD_STATE, state);
	return draft_add(&d, in, intake_id(in, component, "@", occurred, "")) != INTAKE_CONFLICT;
}

static void end_samples(void *rows)
{
	(void)rows;
}

const struct rows_ops samples_rows = {open_samples, take_sample, end_samples};
