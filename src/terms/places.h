/* SPDX-License-Identifier: Apache-2.0 */
/* Codes of countries and languages (ISO 3166-1 and -2, BCP 47) as far as a contract needs them. */
#ifndef TERMS_PLACES_H
#define TERMS_PLACES_H

#include "base/text.h"

/* An officially assigned alpha-2 code of ISO 3166-1, alone or with a subdivision: US, US-NY, DE-BY. */
bool region_is_known(struct text t);
/* en, de-AT, zh-Hant-TW: language, script, region in the recommended case. */
bool language_is_well_formed(struct text t);
bool mailbox_is_well_formed(struct text t);
/* A name of the form Area/Place, or UTC; not EST, not posix/.... */
bool zone_name_is_region(struct text t);

#endif
