/* SPDX-License-Identifier: Apache-2.0 */
/* Ready mappings of facts about money (mappings.c has the table of all). Private to src/facts. */
#ifndef FACTS_MAPPINGS_MONEY_H
#define FACTS_MAPPINGS_MONEY_H

extern const char mapping_usage[];
extern const char mapping_unit_list[];
extern const char mapping_unit_names[];
extern const char mapping_orders[];
extern const char mapping_time_entries[];
extern const char mapping_payments[];
extern const char mapping_supplier_invoices[];
extern const char mapping_us_cpi[];
extern const char mapping_fx_usd[];

#endif
