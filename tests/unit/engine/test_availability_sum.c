/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From agreed time to A' (sla.md R43, R45, R48): a statement says "less so much without observation; less so much excused" and
 * then the time counted. Here: whatever the contract chooses, those parts make that sum, and no time is in two of them.
 */
#include "engine_fixture.h"

/* A day of maintenance, half of it unseen; an outage that began before it; a component seen on some days only. */
static const char *const facts =
	"2026-03-01 00:00 probe.sample monitor asset=server state=up\n"
	"2026-03-01 00:00 probe.sample monitor asset=router state=up\n"
	"2026-03-03 12:00 maintenance.announced provider maintenance=m1 "
	"from=2026-03-10T12:00:00Z to=2026-03-11T12:00:00Z assets=server\n"
	"2026-03-09 20:00 outage.began monitor outage=o1 assets=server\n"
	"2026-03-10 12:00 outage.ended monitor outage=o1\n"
	"2026-03-12 09:00 outage.began monitor outage=o2 assets=router severity=degraded\n"
	"2026-03-12 15:00 outage.ended monitor outage=o2\n"
	"2026-03-10 22:00 probe.sample monitor asset=router state=unknown\n"
	"2026-03-14 08:00 probe.sample monitor asset=router state=up\n"
	"2026-03-20 08:00 probe.sample monitor asset=server state=unknown\n"
	"2026-03-21 08:00 probe.sample monitor asset=server state=up\n";

static const char *const groups[] = {"any_down", "all_down", "mean"};
static const char *const unknowns[] = {"exclude", "up", "down"};
static const char *const removals[] = {"remove_both", "count_as_up"};
static const char *const calendars[] = {"always", "desk"};

static struct text sla(struct engine *e, const size_t *choice)
{
	return text_format(
		e->arena,
		"  priorities: [{id: P1, name: one, test: t}]\n"
		"  metrics: [{id: up, kind: availability, scope: [server, router], group: %s, "
		"schedule: %s, unknown: %s, excluded_time: %s, target: 99.9%%, exclude: [{id: m, "
		"cause: scheduled_maintenance}], window: calendar_month}]\n",
		groups[choice[0]], calendars[choice[3]], unknowns[choice[1]], removals[choice[2]]);
}

static int64_t length_of(const struct availability *av, enum availability_state state)
{
	int64_t ms = 0;

	for (size_t i = 0; i < av->n_pieces; i++)
		if (av->pieces[i].state == state)
			ms += av->pieces[i].span.to - av->pieces[i].span.from;
	return ms;
}

static void one_choice(const size_t *choice, int64_t *seen)
{
	struct engine *e = engine_new();
	struct text terms = sla(e, choice);
	const char *name;

	e->versions[0] = (struct version){
		engine_promise(e, "2026-01-01", terms.p,
			       "maintenance: {windows: [{id: w, days: mon-sun, open: "
			       "[\"00:00-24:00\"]}], notice: {routine: 24h}}\n"),
		INSTANT_MIN};
	e->n_versions = 1;
	engine_facts(e, facts);
	name = text_format(e->arena, "%s, %s, unknown %s, %s", groups[choice[0]],
			   calendars[choice[3]], unknowns[choice[1]], removals[choice[2]])
		       .p;

	struct outcome *o =
		engine_outcome(e, "2026-04-01 00:00", "2026-03-01 00:00", "2026-04-01 00:00");
	const struct window_result *w = engine_window(o, "up", "2026-03");

	if (w == NULL || w->availability == NULL)
		engine_fail("no window", text_of(name));

	const struct availability *av = w->availability;
	int64_t unknown_ms = choice[1] == 0 ? av->unknown_ms : 0;
	int64_t excused_ms = choice[2] == 0 ? av->excused_ms : 0;

	(void)is_i64(av->agreed_ms - unknown_ms - excused_ms, av->base_ms, "%s: the sum", name);
	(void)is_i64(av->removed_ms, unknown_ms + excused_ms, "%s: what is removed", name);
	if (choice[0] != 2 && choice[1] == 0)
		(void)is_i64(length_of(av, AV_UNKNOWN), av->unknown_ms, "%s: unseen, drawn", name);
	if (choice[0] != 2)
		(void)is_i64(length_of(av, AV_EXCUSED), av->excused_ms, "%s: excused, drawn", name);
	seen[0] += unknown_ms;
	seen[1] += excused_ms;
	engine_free(e);
}

int main(void)
{
	int64_t seen[2] = {0, 0};

	for (size_t i = 0; i < 3 * 3 * 2 * 2; i++)
		one_choice((const size_t[]){i % 3, i / 3 % 3, i / 9 % 2, i / 18}, seen);
	(void)ok(seen[0] > 0 && seen[1] > 0, "there was something to take away of both");
	return tap_done();
}
