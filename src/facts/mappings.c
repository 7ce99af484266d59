/* SPDX-License-Identifier: Apache-2.0 */
/* The ready mappings, as text: what `tenor map --show NAME` prints is a file to be edited. */
#include "facts/mapping.h"
#include "facts/mappings_costs.h"

#include "facts/mappings_money.h"

#include <assert.h>

static const char servicenow_audit_log[] =
	"# ServiceNow: audit log of incidents, one row for each change of an incident.\n"
	"[mapping]\n"
	"name = servicenow_audit_log\n"
	"title = ServiceNow incident audit log\n"
	"rows = ticket_states\n"
	"header = "
	"number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,\n"
	"\tcaller_id,opened_by,opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_"
	"at,\n"
	"\tcontact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,priority,\n"
	"\tassignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,"
	"vendor,\n"
	"\tcaused_by,closed_code,resolved_by,resolved_at,closed_at\n"
	"\n"
	"[file]\n"
	"delimiter = comma\n"
	"null = ?\n"
	"party = provider\n"
	"# The file holds all events of its incidents, so their order within one minute counts.\n"
	"whole_log = yes\n"
	"\n"
	"[dates]\n"
	"# Day first. The second form is what a spreadsheet makes of it.\n"
	"format = D/M/YYYY HH:mm\n"
	"format = DD-MM-YYYY HH:mm\n"
	"# The log says no time zone. Tell it with --zone, or here:\n"
	"# zone = America/New_York\n"
	"\n"
	"[columns]\n"
	"ticket = number\n"
	"state = incident_state\n"
	"occurred = sys_updated_at\n"
	"recorded = sys_updated_at\n"
	"# Rows of one minute go by this counter, then by their place in the file.\n"
	"order = sys_mod_count\n"
	"reopenings = reopen_count\n"
	"logged = opened_at\n"
	"logged_recorded = sys_created_at\n"
	"priority = priority\n"
	"technician = assigned_to\n"
	"channel = contact_type\n"
	"verdict = made_sla\n"
	"# resolved_at and closed_at hold the final value on every row, also on the first: never "
	"used.\n"
	"\n"
	"[states]\n"
	"# The log has no messages. That a technician takes an incident (Active) or resolves it is "
	"taken\n"
	"# to be the answer of a person to the client. Drop `answer` and `by_person` if it is "
	"not.\n"
	"New = open\n"
	"Active = work answer\n"
	"Awaiting User Info = waiting_client\n"
	"# Nothing proves that the client or a supplier is waited for here: the clock runs.\n"
	"Awaiting Problem = open\n"
	"Awaiting Evidence = open\n"
	"Awaiting Vendor = waiting_vendor\n"
	"Resolved = restored resolved by_person\n"
	"Closed = closed by_person\n"
	"# Unknown, as the log itself says.\n"
	"-100 = ignore\n"
	"\n"
	"[priorities]\n"
	"1 - Critical = P1\n"
	"2 - High = P2\n"
	"3 - Moderate = P3\n"
	"4 - Low = P4\n"
	"\n"
	"[channels]\n"
	"Phone = phone\n"
	"Email = email\n"
	"Self service = portal\n"
	"IVR = phone\n"
	"Direct opening = visit\n"
	"\n"
	"[verdicts]\n"
	"# The tool's own verdict, kept for comparison only.\n"
	"true = met\n"
	"TRUE = met\n"
	"false = missed\n"
	"FALSE = missed\n";

static const char ticket_export[] =
	"# A list of tickets, one row each, as Jira, Zendesk and others export it: pick these "
	"columns there,\n"
	"# or write the tool's own column names to the right of the equal signs.\n"
	"[mapping]\n"
	"name = ticket_export\n"
	"title = Ticket list with one row a ticket\n"
	"rows = tickets\n"
	"header = "
	"id,subject,status,priority,channel,service,site,assignee,created,assigned,first_response,"
	"\n"
	"\tresolved,closed,sla_met\n"
	"\n"
	"[file]\n"
	"delimiter = comma\n"
	"null = -,N/A\n"
	"party = provider\n"
	"# A ticket that has changed since the last export corrects what was read then.\n"
	"duplicates = correct\n"
	"\n"
	"[dates]\n"
	"# 2026-03-31T09:15:00-04:00, or without an offset: then the zone must be told.\n"
	"format = iso\n"
	"\n"
	"[columns]\n"
	"ticket = id\n"
	"priority = priority\n"
	"channel = channel\n"
	"service = service\n"
	"site = site\n"
	"technician = assignee\n"
	"logged = created\n"
	"assigned = assigned\n"
	"# The first public reply by a person, as these tools define it.\n"
	"answered = first_response\n"
	"restored = resolved\n"
	"resolved = resolved\n"
	"closed = closed\n"
	"verdict = sla_met\n"
	"\n"
	"[priorities]\n"
	"Highest = P1\n"
	"Urgent = P1\n"
	"High = P2\n"
	"Medium = P3\n"
	"Normal = P3\n"
	"Low = P4\n"
	"Lowest = P4\n"
	"P1 = P1\n"
	"P2 = P2\n"
	"P3 = P3\n"
	"P4 = P4\n"
	"\n"
	"[verdicts]\n"
	"true = met\n"
	"yes = met\n"
	"false = missed\n"
	"no = missed\n";

static const char tenor_csv[] =
	"# Tenor's own CSV: one row a fact. Columns are named as in the table of facts (id, kind,\n"
	"# occurred_at, recorded_at, party, seq, corrects, ticket, ...); those not needed may be "
	"left out,\n"
	"# kind and occurred_at may not. Lists have ; between their members.\n"
	"[mapping]\n"
	"name = tenor_csv\n"
	"title = Tenor facts as CSV\n"
	"rows = facts\n"
	"\n"
	"[file]\n"
	"delimiter = comma\n"
	"whole_log = yes\n"
	"\n"
	"[dates]\n"
	"format = iso\n";

static const char upptime_checks[] =
	"# Upptime: checks taken from the history of its repository. A row is written when the "
	"state changes\n"
	"# and a few times a day, so a state holds until the next row of that monitor.\n"
	"[mapping]\n"
	"name = upptime_checks\n"
	"title = Upptime checks\n"
	"rows = samples\n"
	"header = commit_time,monitor,status,code,response_ms,last_updated,start_time,commit\n"
	"\n"
	"[file]\n"
	"delimiter = comma\n"
	"party = monitor\n"
	"\n"
	"[dates]\n"
	"format = iso\n"
	"\n"
	"[columns]\n"
	"asset = monitor\n"
	"state = status\n"
	"occurred = last_updated\n"
	"recorded = commit_time\n"
	"code = code\n"
	"\n"
	"[states]\n"
	"up = up\n"
	"down = down\n"
	"degraded = degraded\n"
	"\n"
	"[codes]\n"
	"# An HTTP code that decides, whatever `status` says:\n"
	"# 401 = up\n"
	"\n"
	"[assets]\n"
	"# monitor = asset of the contract, where they differ; * = asset takes all others.\n"
	"# honch-website = website\n";

static const char statuspage[] =
	"# Status pages (Statuspage format): transitions of components, incidents, scheduled "
	"maintenance,\n"
	"# summary.json.\n"
	"[mapping]\n"
	"name = statuspage\n"
	"title = Status page\n"
	"rows = statuspage\n"
	"\n"
	"[file]\n"
	"party = provider\n"
	"\n"
	"[statuspage]\n"
	"# When a component changed: by the page (component_updated_at), or when a poll saw it "
	"(observed_at).\n"
	"occurred = component_updated_at\n"
	"\n"
	"[states]\n"
	"operational = up\n"
	"degraded_performance = degraded\n"
	"partial_outage = down\n"
	"major_outage = down\n"
	"# Under maintenance: neither up nor down until an announcement says more.\n"
	"under_maintenance = unknown\n"
	"\n"
	"[severities]\n"
	"# Impact of an incident. `ignore` makes no outage.\n"
	"none = ignore\n"
	"minor = degraded\n"
	"major = down\n"
	"critical = down\n"
	"maintenance = ignore\n"
	"\n"
	"[assets]\n"
	"# component id, or its name = asset of the contract; * = asset takes all others, and "
	"incidents that\n"
	"# name no component.\n"
	"# 8l4ygp009s5s = git\n";

static const char icalendar[] =
	"# iCalendar: each event is announced maintenance.\n"
	"[mapping]\n"
	"name = icalendar\n"
	"title = iCalendar maintenance\n"
	"rows = calendar\n"
	"\n"
	"[file]\n"
	"party = provider\n"
	"# An event that was moved corrects what an earlier export said.\n"
	"duplicates = correct\n"
	"\n"
	"[dates]\n"
	"# For times that name no zone; without it the contract's zone is taken.\n"
	"# zone = America/New_York\n"
	"\n"
	"[assets]\n"
	"# category, or X-TENOR-ASSETS, = asset of the contract\n";

static const struct {
	const char *name, *text;
} ready[] = {
	{"servicenow_audit_log", servicenow_audit_log},
	{"ticket_export", ticket_export},
	{"tenor_csv", tenor_csv},
	{"usage_csv", mapping_usage},
	{"unit_list_csv", mapping_unit_list},
	{"unit_names_csv", mapping_unit_names},
	{"orders_csv", mapping_orders},
	{"time_entries_csv", mapping_time_entries},
	{"payments_csv", mapping_payments},
	{"supplier_invoices_csv", mapping_supplier_invoices},
	{"us_cpi_csv", mapping_us_cpi},
	{"fx_usd_csv", mapping_fx_usd},
	{"upptime_checks", upptime_checks},
	{"statuspage", statuspage},
	{"icalendar", icalendar},
	{"focus", mapping_focus},
	{"azure_ea_actual", mapping_azure_ea_actual},
	{"azure_ea_amortized", mapping_azure_ea_amortized},
	{"azure_ea_usage", mapping_azure_ea_usage},
};

size_t mapping_ready_count(void)
{
	return ARRAY_SIZE(ready);
}

struct text mapping_ready_name(size_t i)
{
	assert(i < ARRAY_SIZE(ready));
	return text_of(ready[i].name);
}

struct text mapping_ready_text(size_t i)
{
	assert(i < ARRAY_SIZE(ready));
	return text_of(ready[i].text);
}

enum rc mapping_ready(struct arena *a, struct text name, struct mapping **out, struct err *err)
{
	struct text known[ARRAY_SIZE(ready)];

	for (size_t i = 0; i < ARRAY_SIZE(ready); i++) {
		known[i] = text_of(ready[i].name);
		if (text_eq(name, known[i]))
			return mapping_parse(a, name, text_of(ready[i].text), out, err);
	}

	struct text nearest = text_nearest(name, known, ARRAY_SIZE(known));

	if (nearest.n > 0)
		err_hint(err, "did you mean '%.*s'?", TEXT_ARG(nearest));
	return err_set(err, RC_MISSING, "no ready mapping '%.*s'", TEXT_ARG(name));
}
