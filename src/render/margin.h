/* SPDX-License-Identifier: Apache-2.0 */
/* How revenue against own cost reads: for the provider alone. Document, JSON, table. */
#ifndef RENDER_MARGIN_H
#define RENDER_MARGIN_H

#include "engine/margin.h"
#include "render/doc.h"

struct margin_words {
	const struct language *language;
	struct currency currency;
	struct text subject; /* client or contract */
	struct days window;
};

struct doc *margin_doc(struct arena *a, const struct margin *m, const struct margin_words *w);
void margin_json(struct arena *a, const struct margin *m, const struct margin_words *w,
		 struct buf *out);
void margin_csv(const struct margin *m, const struct margin_words *w, struct buf *out);

#endif
