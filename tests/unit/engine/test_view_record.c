/* SPDX-License-Identifier: Apache-2.0 */
/* What the record says about facts: withdrawn, waiting for a second person, approved; chains of corrections (trust.md J30, J31). */
#include "engine_fixture.h"

#define A "2026-03-02T09:00Z ticket.logged client ticket=T1 id=A\n"
#define B                                                                                          \
	"2026-03-02 09:10 ticket.logged client ticket=T1 id=B corrects=A "                         \
	"recorded=2026-03-02T12:00Z\n"
#define C                                                                                          \
	"2026-03-02 09:20 ticket.logged client ticket=T1 id=C corrects=B "                         \
	"recorded=2026-03-02T13:00Z\n"
#define TAKE(id, fact, hour)                                                                       \
	"2026-03-02T" hour ":00Z fact_withdrawn client id=" id " fact=" fact "\n"
#define APPROVE(id, fact, hour)                                                                    \
	"2026-03-02T" hour ":00Z correction_approved client id=" id " fact=" fact "\n"

/* Ids apart by blanks. */
static const struct {
	const char *name, *facts;
	const char *flagged; /* FLAG_PENDING as the reader of the record sets it */
	const char *known;   /* known_as_of */
	const char *all, *pending;
} cases[] = {
	{"pending", A B, "B", "2026-03-09T00:00Z", "A", "B"},
	{"approved", A B APPROVE("p", "B", "15"), "B", "2026-03-09T00:00Z", "B", ""},
	{"not approved yet", A B APPROVE("p", "B", "15"), "B", "2026-03-02T14:59Z", "A", "B"},
	{"approved before it was there", A APPROVE("p", "B", "11") B, "B", "2026-03-09T00:00Z", "A",
	 "B"},
	{"the approval is taken back", A B APPROVE("p", "B", "15") TAKE("w", "p", "16"), "B",
	 "2026-03-09T00:00Z", "A", "B"},
	{"a correction of one that waits, waits too", A B C, "B", "2026-03-09T00:00Z", "A", "B C"},
	{"unless it was approved itself: it takes the place of both", A B C APPROVE("p", "C", "15"),
	 "B", "2026-03-09T00:00Z", "C", ""},
	{"approving the first later does not bring it back",
	 A B C APPROVE("p", "C", "15") APPROVE("q", "B", "16"), "B C", "2026-03-09T00:00Z", "C",
	 ""},
	{"the last approved link counts", A B C, "C", "2026-03-09T00:00Z", "B", "C"},
	{"withdrawn", A TAKE("w", "A", "15"), "", "2026-03-09T00:00Z", "", ""},
	{"not withdrawn yet", A TAKE("w", "A", "15"), "", "2026-03-02T14:59Z", "A", ""},
	{"known from the instant on", A TAKE("w", "A", "15"), "", "2026-03-02T15:00Z", "", ""},
	{"nobody withdraws what the other party reported",
	 "2026-03-02T09:00Z ticket.logged provider ticket=T1 id=A\n" TAKE("w", "A", "15"), "",
	 "2026-03-09T00:00Z", "A", ""},
	{"a withdrawal that waits", A TAKE("w", "A", "15"), "w", "2026-03-09T00:00Z", "A", "w"},
	{"a withdrawal that was approved", A TAKE("w", "A", "15") APPROVE("p", "w", "16"), "w",
	 "2026-03-09T00:00Z", "", ""},
	{"a withdrawal withdrawn", A TAKE("w", "A", "15") TAKE("x", "w", "16"), "",
	 "2026-03-09T00:00Z", "A", ""},
	{"and that one withdrawn again",
	 A TAKE("w", "A", "15") TAKE("x", "w", "16") TAKE("y", "x", "17"), "", "2026-03-09T00:00Z",
	 "", ""},
	{"a withdrawal recorded before what it names", TAKE("w", "A", "08") A, "",
	 "2026-03-09T00:00Z", "A", ""},
	{"a correction withdrawn: what it corrected counts again", A B TAKE("w", "B", "15"), "",
	 "2026-03-09T00:00Z", "A", ""},
	{"the link between withdrawn: the last one stands for all", A B C TAKE("w", "B", "15"), "",
	 "2026-03-09T00:00Z", "C", ""},
	{"the fact withdrawn, its correction stands", A B TAKE("w", "A", "15"), "",
	 "2026-03-09T00:00Z", "B", ""},
	{"two corrections of one fact, the first corrected: one counts",
	 A B C "2026-03-02 09:30 ticket.logged client ticket=T1 id=D corrects=A "
	       "recorded=2026-03-02T14:00Z\n",
	 "", "2026-03-09T00:00Z", "D", ""},
	{"in the order of recording, whatever the order of arrival", C B A, "", "2026-03-09T00:00Z",
	 "C", ""},
	{"the record's own kinds are in no run",
	 "2026-03-02T09:00Z version_agreed provider version=00 number=1\n"
	 "2026-03-02T09:00Z emergency_access provider ticket=T1 reason_code=outage\n" A,
	 "", "2026-03-09T00:00Z", "A", ""},
	{"a contest taken back leaves the fact alone",
	 "2026-03-02T09:00Z ticket.logged provider ticket=T1 id=A\n"
	 "2026-03-02T15:00Z fact.contested client fact=A id=c\n"
	 "2026-03-02T16:00Z dispute.settled client fact=A outcome=withdrawn id=d\n" TAKE("w", "d",
											 "17"),
	 "", "2026-03-09T00:00Z", "A c", ""},
};

static symbol word(const struct engine *e, struct text id)
{
	return symbol_find(e->facts->symbols, id);
}

static void ids(const struct engine *e, struct fact_run run, struct buf *out)
{
	for (size_t i = 0; i < run.n; i++) {
		struct text id = symbol_text(e->facts->symbols, e->facts->v[run.v[i]].id);

		if (out->n > 0)
			buf_char(out, ' ');
		buf_text(out, id);
	}
}

static void flag(struct engine *e, const char *flagged)
{
	struct text rest = text_of(flagged), id;

	while (rest.n > 0) {
		rest = text_cut(rest, ' ', &id);
		for (size_t i = 0; i < e->facts->n; i++)
			if (e->facts->v[i].id == word(e, id))
				e->facts->v[i].flags |= FLAG_PENDING;
	}
}

static void what_the_record_says(void)
{
	struct buf all, pending;

	buf_init(&all, 1000);
	buf_init(&pending, 1000);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct engine *e = engine_new();

		engine_facts(e, cases[i].facts);
		flag(e, cases[i].flagged);

		struct view *v = view_make(e->arena, e->facts, engine_time(e, "2026-03-09T00:00Z"),
					   engine_time(e, cases[i].known));
		bool counted = true, flags = true;

		buf_clear(&all);
		buf_clear(&pending);
		ids(e, v->all, &all);
		ids(e, v->pending, &pending);
		(void)is_text(buf_view(&all), cases[i].all, "%s: in view", cases[i].name);
		(void)is_text(buf_view(&pending), cases[i].pending, "%s: waiting", cases[i].name);
		for (size_t k = 0; k < v->all.n; k++) {
			counted = counted && view_counts(v, v->all.v[k]);
			flags = flags && (v->flags[v->all.v[k]] & FLAG_PENDING) == 0;
		}
		for (size_t k = 0; k < v->pending.n; k++) {
			counted = counted && !view_counts(v, v->pending.v[k]);
			flags = flags && (v->flags[v->pending.v[k]] & FLAG_PENDING) != 0;
		}
		(void)ok(counted, "%s: what is in view counts, what waits does not", cases[i].name);
		(void)ok(flags, "%s: flagged while it waits", cases[i].name);
		engine_free(e);
	}
	buf_free(&all);
	buf_free(&pending);
}

static void acts_taken_back(void)
{
	struct engine *e = engine_new();

	engine_facts(e,
		     "2026-03-02T09:00Z ticket.logged provider ticket=T1 id=A\n"
		     "2026-03-02T15:00Z fact.contested client fact=A id=c\n" TAKE("w", "c", "17"));

	struct view *before = view_make(e->arena, e->facts, engine_time(e, "2026-03-09T00:00Z"),
					engine_time(e, "2026-03-02T16:59Z"));
	struct view *after = view_make(e->arena, e->facts, engine_time(e, "2026-03-09T00:00Z"),
				       engine_time(e, "2026-03-02T17:00Z"));

	(void)is_i64(before->contested[0], 1, "contested");
	(void)is_i64(after->contested[0], 0, "no longer, once the contest was taken back");
	(void)is_i64(after->contested[1], 4, "the contest itself was taken back");
	engine_free(e);
}

/* One chain of many links, half of them withdrawn: one counts, and the time is not that of all pairs. */
static void a_long_chain(void)
{
	enum { LINKS = 100000 };
	struct engine *e = engine_new();
	uint32_t n = 0;
	symbol before = 0;

	for (uint32_t i = 0; i < LINKS; i++) {
		struct fact f = {.kind = FACT_TICKET_LOGGED, .party = PARTY_CLIENT};

		f.occurred_at = f.recorded_at = engine_time(e, "2026-03-02T09:00Z") + n++;
		f.id = symbol_add(e->facts->symbols, text_format(e->arena, "link-%u", i));
		f.corrects = before;
		before = f.id;
		(void)facts_add(e->facts, &f);
		if (i % 2 == 0)
			continue;

		struct fact_value about = {.field = FIELD_FACT_ID, .word = f.id};
		struct fact w = {.kind = FACT_FACT_WITHDRAWN, .party = PARTY_CLIENT};

		w.occurred_at = w.recorded_at = f.recorded_at + LINKS;
		w.values = &about;
		w.n_values = 1;
		(void)facts_add(e->facts, &w);
	}

	struct view *v = view_make(e->arena, e->facts, engine_time(e, "2026-03-09T00:00Z"),
				   engine_time(e, "2026-03-09T00:00Z"));

	(void)is_i64((int64_t)v->all.n, 1, "one link of a long chain counts");
	(void)is_text(symbol_text(e->facts->symbols, view_fact(v, v->all.v[0])->id), "link-99998",
		      "the last that was not withdrawn");
	engine_free(e);
}

int main(void)
{
	what_the_record_says();
	acts_taken_back();
	a_long_chain();
	return tap_done();
}
