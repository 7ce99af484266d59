/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document as canonical JSON (money.md R70, trust.md J4): its bytes are what is hashed, signed and kept; what is read back is the
 * same struct, byte for byte when printed again. Money, quantities and days as text, counts as integers. Members at their usual value
 * (empty, none, 0) are left out, and refused if they are written.
 */
#ifndef ENGINE_INVOICE_JSON_H
#define ENGINE_INVOICE_JSON_H

#include "base/canon.h"
#include "engine/invoice.h"

/*
 * INVOICE_SUBSTANCE: without what the day and the record give (number and series, dates, run, checkpoint, as of, notes of what is
 * ahead, the account): the bytes that a release holds for (R74) and that preview and issue share (R70).
 */
enum invoice_scope { INVOICE_WHOLE, INVOICE_SUBSTANCE };
/* Only of what invoice_fits takes. */
void invoice_json(const struct invoice *i, enum invoice_scope scope, struct buf *out);
/*
 * A document that gets its number later: printed whole with some text in its place (`i->number`, which needs no escape); where that begins.
 * Then the same with the number in it, in the arena: byte for byte what invoice_json gives for the document under that number. now: the text
 * that stands there.
 */
size_t invoice_json_unnumbered(const struct invoice *i, struct buf *out);
struct text invoice_json_number(struct arena *a, struct text bytes, size_t at, struct text now,
				struct text number);
/* May it be written? RC_INVALID names the key: a text that restricted JSON does not hold (trust.md J4); RC_LIMIT: a count beyond 2^53 - 1. */
enum rc invoice_fits(const struct invoice *i, struct err *err) MUST_USE;
/* RC_INVALID names the key. Texts of *out lie in bytes, which must live as long. */
enum rc invoice_read(struct arena *a, struct text bytes, struct invoice **out,
		     struct err *err) MUST_USE;

#endif
