/* SPDX-License-Identifier: Apache-2.0 */
/* tenor usage and units import: facts about money of one kind, by the same reading as tenor import. */
#include "app/answer.h"
#include "app/import_wish.h"

enum rc action_usage_import(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	static const enum fact_kind kinds[] = {FACT_USAGE_RECORDED, FACT_COST_RECORDED};
	const struct import_wish wish = {"usage import", kinds, ARRAY_SIZE(kinds)};

	return import_as(app, args, &wish, reply, err);
}

enum rc action_units_import(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	static const enum fact_kind kinds[] = {FACT_UNITS_LISTED, FACT_UNIT_ADDED,
					       FACT_UNIT_REMOVED};
	const struct import_wish wish = {"units import", kinds, ARRAY_SIZE(kinds)};

	return import_as(app, args, &wish, reply, err);
}
