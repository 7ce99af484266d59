/* SPDX-License-Identifier: Apache-2.0 */
/* Ready mappings of suppliers' cost reports, for the table in mappings.c. */
#ifndef FACTS_MAPPINGS_COSTS_H
#define FACTS_MAPPINGS_COSTS_H

extern const char mapping_focus[];
extern const char mapping_azure_ea_actual[];
extern const char mapping_azure_ea_amortized[];
extern const char mapping_azure_ea_usage[];

#endif
