/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document as canonical JSON (money.md R70, trust.md J4): its bytes are what is hashed, signed and kept; what is read back is the
 * same struct, byte for byte when printed again. Money, quantities and days as text, counts as integers.
 */
#ifndef ENGINE_INVOICE_JSON_H
#define ENGINE_INVOICE_JSON_H

#include "base/canon.h"
#include "engine/invoice.h"

/* For a draft without its proof members (number, date of issue, checkpoint): the bytes that a release holds for (R74) and that
 * preview and issue share (R70). */
enum invoice_scope { INVOICE_WHOLE, INVOICE_SUBSTANCE };
void invoice_json(const struct invoice *i, enum invoice_scope scope, struct buf *out);
/* RC_INVALID names the key. */
enum rc invoice_read(struct arena *a, struct text bytes, struct invoice **out,
		     struct err *err) MUST_USE;

#endif
