/* SPDX-License-Identifier: Apache-2.0 */
/* tenor usage import: meters and suppliers' costs, by the same reading as tenor import. */
#include "app/answer.h"
#include "app/import_wish.h"

enum rc action_usage_import(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	static const enum fact_kind kinds[] = {FACT_USAGE_RECORDED, FACT_COST_RECORDED};
	const struct import_wish wish = {"usage import", kinds, ARRAY_SIZE(kinds)};

	return import_as(app, args, &wish, reply, err);
}
