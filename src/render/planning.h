/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a budget and a forecast read (money.md R130 to R135): as a document, as JSON, as a table. Nothing is computed here but sums of
 * what stands above them and the scale of a picture.
 */
#ifndef RENDER_PLANNING_H
#define RENDER_PLANNING_H

#include "base/json.h"
#include "engine/budget.h"
#include "render/doc.h"

struct planning_words {
	const struct language *language; /* NULL: English */
	const struct zone *zone;
	struct text contract, title, provider, client;
};

struct doc *budget_doc(struct arena *a, const struct budget *b, const struct planning_words *w);
void budget_json(struct json *j, const struct budget *b, struct text contract);
/* A row a month. */
void budget_csv(const struct budget *b, struct text contract, struct buf *out);

struct doc *forecast_doc(struct arena *a, const struct forecast *f, const struct planning_words *w);
void forecast_json(struct json *j, const struct forecast *f, struct text contract);
/* A row for each charge and month, and for each month's credits and commitment. */
void forecast_csv(const struct forecast *f, struct text contract, struct buf *out);

#endif
