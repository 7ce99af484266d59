/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How suggestions and the comparison with break-fix read (money.md R136, R137): document, JSON, table. Nothing is computed here but
 * differences of two sums that are shown.
 */
#ifndef RENDER_ADVICE_H
#define RENDER_ADVICE_H

#include "engine/advice.h"
#include "render/account_doc.h"

struct doc *advice_doc(struct arena *a, const struct advices *v, struct days window,
		       const struct account_words *w);
void advice_json(struct arena *a, const struct advices *v, struct days window,
		 const struct account_words *w, struct buf *out);
void advice_csv(const struct advices *v, const struct account_words *w, struct buf *out);

struct doc *break_fix_doc(struct arena *a, const struct break_fix *f, struct days window,
			  const struct account_words *w);
void break_fix_json(struct arena *a, const struct break_fix *f, struct days window,
		    const struct account_words *w, struct buf *out);
void break_fix_csv(const struct break_fix *f, const struct account_words *w, struct buf *out);

#endif
