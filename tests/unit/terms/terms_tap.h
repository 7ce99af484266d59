/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of terms share: zones of the system, files, a contract that is right and can be bent. */
#ifndef TERMS_TAP_H
#define TERMS_TAP_H

#include "tap.h"
#include "terms/tree.h"

#include <string.h>

UNUSED static struct text tap_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b;

	if (f == NULL)
		return (struct text){NULL, 0};
	buf_init(&b, (size_t)1 << 24);
	for (;;) {
		char part[65536];
		size_t n = fread(part, 1, sizeof(part), f);

		if (n == 0)
			break;
		buf_add(&b, part, n);
	}
	(void)fclose(f);
	struct text t = text_copy(a, buf_view(&b));

	buf_free(&b);
	return t;
}

/* The context is the arena. */
UNUSED static enum rc tap_zone(void *context, struct text name, const struct zone **out,
			       struct err *err)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "/usr/share/zoneinfo/%.*s", TEXT_ARG(name));
	struct text bytes = tap_file(context, path);

	if (bytes.p == NULL)
		return err_set(err, RC_MISSING, "no zone");
	return zone_parse(context, name, bytes, out, err);
}

/* One calendar file, "days.ics". */
static const char tap_ics[] =
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
	"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260706\r\nEND:VEVENT\r\n"
	"BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261226\r\n"
	"RRULE:FREQ=YEARLY;COUNT=2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

UNUSED static enum rc tap_load(void *context, struct text name, struct text *bytes, struct err *err)
{
	(void)context;
	if (!text_is(name, "days.ics"))
		return err_set(err, RC_MISSING, "no such file");
	*bytes = text_of(tap_ics);
	return RC_OK;
}

UNUSED static struct contract *tap_read(struct arena *a, struct text bytes)
{
	struct zone_source *zones = arena_one(a, struct zone_source);
	struct terms_context *context = arena_one(a, struct terms_context);
	struct contract *c = NULL;
	struct err err = {.line = 0};

	*zones = (struct zone_source){a, tap_zone};
	*context = (struct terms_context){.zones = zones, .load = tap_load};
	enum rc rc = contract_read(a, text_of("t.yaml"), bytes, context, &c, &err);

	(void)rc;
	return c;
}

/* "line:column: code: path: message" of each finding, one a line. */
UNUSED static struct text tap_findings(struct arena *a, const struct contract *c)
{
	struct text all = {"", 0};

	for (size_t i = 0; i < c->findings.n; i++) {
		const struct finding *f = &c->findings.v[i];

		all = text_format(a, "%.*s%s%u:%u: %s: %.*s: %.*s", TEXT_ARG(all),
				  i > 0 ? "\n" : "", f->line, f->column, f->code, TEXT_ARG(f->path),
				  TEXT_ARG(f->message));
	}
	return all;
}

/* t with the first `what` replaced; dies if it is not there, so that no row tests nothing. */
UNUSED static struct text tap_swap(struct arena *a, struct text t, const char *what,
				   const char *with)
{
	struct text w = text_of(what);

	for (size_t i = 0; i + w.n <= t.n; i++)
		if (memcmp(t.p + i, w.p, w.n) == 0)
			return text_format(a, "%.*s%s%.*s", (int)i, t.p, with,
					   TEXT_ARG(text_sub(t, i + w.n, t.n)));
	printf("Bail out! the test text has no \"%s\"\n", what);
	exit(1);
}

/* A valid contract, one block a line. */
static const char tap_contract[] =
	"tenor: \"1\"\n"
	"contract: {id: T-1, title: Test, currency: USD, timezone: America/New_York, "
	"business_calendar: desk}\n"
	"documents: [{id: order, kind: order, title: Order form, clauses: [{id: levels, heading: "
	"Levels, text: \"Pay in "
	"{{payment.due}}.\"}, {id: fees, heading: Fees, text: Fees}]}]\n"
	"parties: {provider: {legal_name: P LLC, jurisdiction: US-DE, contacts: [{id: p1, name: "
	"Ann, roles: [signatory]}]}, "
	"client: {legal_name: C Inc, jurisdiction: US-NY}}\n"
	"calendars: [{id: desk, hours: [{id: week, days: mon-fri, open: [\"09:00-17:00\"]}]}]\n"
	"assets: [{id: server, name: Server}, {id: router, name: Router}]\n"
	"term: {effective_date: \"2026-03-01\", initial: 12mo}\n"
	"services: [{id: help, clause: order.levels, name: Help, calendar: desk}]\n"
	"payment: {due: 30d}\n"
	"charges: [{id: care, type: recurring, clause: order.fees, amount: 450 USD, period: 1mo}]\n"
	"sla: {priorities: [{id: P1, name: urgent}, {id: P2, name: normal}], metrics: [{id: "
	"response, kind: elapsed, start: "
	"ticket.logged, stop: ticket.answered, targets: [{id: all, within: 4h@desk}]}, {id: "
	"uptime, kind: availability, scope: "
	"[server, router], target: 99.5%}]}\n";

#endif
