/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document as one of its own: nothing of the copy lies in the memory of the contract, the facts or the document that it was made
 * from, so that these can be let go of while it waits. No other form of it: for that see engine/invoice_json.h.
 */
#ifndef ENGINE_INVOICE_COPY_H
#define ENGINE_INVOICE_COPY_H

#include "engine/invoice.h"

struct invoice *invoice_copy(struct arena *a, const struct invoice *from);

#endif
