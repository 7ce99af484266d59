/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical form of a contract and its hash: what two parties approve (contract-language.md CL-41 to CL-44). */
#ifndef TERMS_CANONICAL_H
#define TERMS_CANONICAL_H

#include "terms/tree.h"

/* Sets the canonical bytes and the hash of a valid contract. */
void canonical_seal(struct contract *c);
/* Canonical JSON of one node and what is under it (CL-41). */
void canonical_print(struct arena *a, struct buf *out, const struct node *n);
/* CL-43: false without salt. Lower-case hex and a NUL. Of a tree read from a canonical form: what that says. */
bool contact_commit(const struct node *contact, char hex[65]);
bool node_is_contact(const struct node *map);
/* The canonical JSON of name, title, email and phone, as far as they are there: what the commitment is about. */
void contact_details(struct buf *out, const struct node *contact);

/*
 * A canonical form has members that no file may have: `commit` of a contact (CL-43), `library_sha256` and `ics_sha256` behind the
 * key they follow (CL-44). In a tree read from one they are nodes like any other. Their row for a key of that map; NULL: none.
 */
const struct term *form_term(const struct node *map, struct text key);
/* Is it a row of the form alone? */
bool form_only(const struct term *row);
/* The row of the key that a member of the form alone stands behind. */
const struct term *form_follows(const struct node *map, const struct term *row);
/* Does the form carry what that row of the table asks for? Nothing that names a person. */
bool form_has(const struct term *row);
/* The node of the hash that follows a library or ics key in the form; NULL: it is not there. */
const struct node *form_hash(const struct node *named);
/* SHA-256 of the bytes of a library entry, as hex with a NUL. */
void library_hash(struct text name, char hex[65]);
/* The name under which the bytes of an `ics` key are asked for: its own, or in a form "sha256:<hash>" (version.h). */
struct text ics_source(struct arena *a, const struct node *ics);

#endif
