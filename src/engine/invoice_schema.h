/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON schema of a document of money; what is written and read is engine/invoice_json.h. */
#ifndef ENGINE_INVOICE_SCHEMA_H
#define ENGINE_INVOICE_SCHEMA_H

#include "base/json.h"

/*
 * As a value of j: draft 2020-12, from the table that documents are printed by, so it is never behind. Amounts and quantities are text
 * (money.md R70, trust.md J4); what stands at its usual value is left out, so only what is always written is required. Cannot fail.
 */
void invoice_schema(struct json *j);

#endif
