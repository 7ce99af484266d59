/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of e-invoices share: lists of faults, and the arithmetic of R154 said once. */
#ifndef RENDER_EINVOICE_PARTS_H
#define RENDER_EINVOICE_PARTS_H

#include "render/einvoice_xml.h"

#include <stdarg.h>

struct fault_list {
	struct arena *arena;
	const struct text *v;
	size_t n, cap;
};

PRINTF_LIKE(2, 0) void fault_add(struct fault_list *list, const char *fmt, va_list ap);
/* RC_INVALID with all of them, as far as a message holds. */
enum rc faults_report(const struct fault_list *list, struct err *err);

/* A1: round2(price x quantity / base), half up, in minor units. false: it does not fit, or lies between two of them. */
bool einvoice_line_net(const struct einvoice_line *l, unsigned decimals, int64_t *net);
/* A2: round2(base x pct / 100), the same way. */
bool einvoice_share(int64_t base, struct decimal pct, struct currency c, int64_t *out);
/* UN/ECE Rec 20 (R152). */
struct text einvoice_unit(struct text unit);

#endif
