/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical form of a contract and its hash: what two parties approve (contract-language.md CL-41 to CL-44). */
#ifndef TERMS_CANONICAL_H
#define TERMS_CANONICAL_H

#include "terms/tree.h"

struct reader;

/* Sets the canonical bytes and the hash of a valid contract. */
void canonical_seal(struct reader *r);
/* Canonical JSON of one node and what is under it (CL-41). */
void canonical_print(struct arena *a, struct buf *out, const struct node *n,
		     const struct terms_context *context);
/* CL-43: false without salt. Lower-case hex and a NUL. */
bool contact_commit(const struct node *contact, char hex[65]);

#endif
