/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of documents of money (store/schema.def: document, document_item), made from the entries that issued them and from the
 * documents' own bytes, and held against these (money.md R71, R72).
 */
#ifndef APP_DERIVED_DOCUMENTS_H
#define APP_DERIVED_DOCUMENTS_H

#include "app/checks.h"
#include "app/workspace.h"

/* In the transaction that dropped them, after the marks of the log. A document whose bytes are gone keeps its number and loses its periods. */
enum rc derived_documents_make(struct workspace *ws, const struct log_head *log,
			       struct err *err) MUST_USE;
/* In a read transaction: a problem for each document, and one for the periods, that is not what the entries make. */
enum rc derived_documents_compare(struct workspace *ws, const struct log_head *log,
				  struct checks *checks, struct err *err) MUST_USE;

#endif
