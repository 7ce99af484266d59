/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A version of a contract as a document: its papers with their words, values in place of references (contract-language.md CL-22), its terms
 * by block, its versions and what is in force since when. The contract's words stay in its language, and Markdown stays as written.
 * Not the printed paper that is signed.
 */
#ifndef RENDER_CONTRACT_PAGE_H
#define RENDER_CONTRACT_PAGE_H

#include "render/doc.h"
#include "terms/promise.h"

struct contract_version {
	struct text hash;
	instant agreed, from; /* from: in force; INSTANT_MIN: from the beginning */
};

struct contract_page {
	const struct contract *contract;
	const struct promise *promise;
	const struct language *language;
	const struct contract_version *versions; /* in their order, n > 0 */
	size_t n_versions, shown;                /* shown: which of them this is */
	size_t in_force;                         /* at now */
	instant now;
	bool money; /* values of money may be read (trust.md P3) */
	struct text draft; /* not empty: nobody has agreed to it yet; its id */
};

struct doc *contract_doc(struct arena *a, const struct contract_page *p);
/*
 * {"tenor_contract": 1, "contract", "title", "provider", "client", "as_of", "version", "hash", "state", "in_force_from", "versions": [{"version",
 * "hash", "agreed_at", "in_force_from", "state"}], "documents": [{"id", "kind", "title", "clauses": [{"id", "anchor", "number", "heading",
 * "text", "terms": [paths]}]}], "terms": [{"path", "value", "clause", "anchor"}], "metrics": [{"metric", "name"}]}. state: in_force, past, coming.
 * name: what statements call the metric, in the page's language. Without the right to read amounts a value of money is absent and "withheld"
 * is its right.
 */
void contract_json(struct arena *a, const struct contract_page *p, struct buf *out);

/* The clauses of a document that are printed, by their numbers (CL-23). */
size_t contract_clauses(struct arena *a, const struct contract *c, const struct node *document,
			const struct node ***out);
/* A clause's words as they are written, references to values and all; empty: it has none of its own. */
struct text contract_clause_words(const struct node *clause);
/* Where a clause stands on the page: "clause-msa-liability". */
struct text contract_clause_anchor(struct arena *a, const struct node *document,
				   const struct node *clause);

#endif
