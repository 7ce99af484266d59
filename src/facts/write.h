/* SPDX-License-Identifier: Apache-2.0 */
/* Facts out, in our own form: JSON lines and CSV that import reads back to the same facts. */
#ifndef FACTS_WRITE_H
#define FACTS_WRITE_H

#include "base/buf.h"
#include "facts/fact.h"

/* One JSON object without a line end: id, kind, occurred_at, recorded_at, party, seq, corrects, then its fields. */
void fact_print_json(const struct facts *set, const struct fact *f, struct buf *out);
/* The same without the id: equal for equal content. */
void fact_print_content(const struct facts *set, const struct fact *f, struct buf *out);

/* The header of our CSV, all columns, CR LF at the end; and a row. Kinds of the record itself have no place in a file. */
void facts_csv_header(struct buf *out);
void fact_print_csv(const struct facts *set, const struct fact *f, struct buf *out);

#endif
