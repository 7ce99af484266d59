/* SPDX-License-Identifier: Apache-2.0 */
/* CSV: the first byte picks a ready mapping (its header is put in front), the second the size of chunks. */
#include "fuzz_facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char states[] = "number,incident_state,active,reassignment_count,reopen_count,sys_mod_"
			     "count,made_sla,caller_id,opened_by,opened_at,"
			     "sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_"
			     "type,location,category,subcategory,u_symptom,"
			     "cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,"
			     "knowledge,u_priority_confirmation,notify,problem_id,"
			     "rfc,vendor,caused_by,closed_code,resolved_by,resolved_at,closed_at\n";
static const char tickets[] =
	"id,subject,status,priority,channel,service,site,assignee,created,assigned,first_response,"
	"resolved,closed,sla_met\n";
static const char checks[] =
	"commit_time,monitor,status,code,response_ms,last_updated,start_time,commit\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 2)
		return 0;

	struct text bytes = {(const char *)data + 2, n - 2};
	size_t chunk = (size_t)data[1] + 1;
	struct arena *a;
	struct buf out;
	struct err err = {.line = 0};

	switch (data[0] % 6) {
	case 0:
		fuzz_import("", text_of(states), bytes, chunk, true);
		break;
	case 1:
		fuzz_import("", text_of(tickets), bytes, chunk, true);
		break;
	case 2:
		fuzz_import("", text_of(checks), bytes, chunk, true);
		break;
	case 3:
		fuzz_import("tenor_csv", text_of(""), bytes, chunk, true);
		break;
	case 4:
		fuzz_import("", text_of(""), bytes, chunk, true);
		break;
	case 5:
		a = arena_new(512u << 20);
		buf_init(&out, 4u << 20);
		if (mapping_propose(a, text_of("fuzz"), bytes, &out, &err) != RC_OK)
			MUST(err.message[0] != '\0');
		buf_free(&out);
		arena_free(a);
		break;
	}
	return 0;
}
