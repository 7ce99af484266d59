/* SPDX-License-Identifier: Apache-2.0 */
/* Which plain scalars does some version of YAML take for something other than text? (contract-language.md CL-2) */
#ifndef TERMS_PLAIN_H
#define TERMS_PLAIN_H

#include "base/text.h"

/* Why it must be quoted, "YAML 1.1 reads 22:30 as 1350", or empty. Plain integers and true and false need no quotes. */
struct text plain_trouble(struct arena *a, struct text t);
/* Words that YAML takes for a truth value or for nothing, in any case: y n yes no on off true false null ~ */
bool plain_word(struct text t, const char **as);

#endif
