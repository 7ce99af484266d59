/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contract's tree written as a file in the subset that contracts are written in (contract-language.md CL-1, CL-2): what was read comes
 * out again as the same canonical form. For a version that is read back from a record, which has no file of its own. Comments are not
 * in a tree. The other way is yaml.c; changing a file that somebody wrote is edit.h.
 */
#ifndef TERMS_YAML_OUT_H
#define TERMS_YAML_OUT_H

#include "terms/tree.h"

/* The details of a contact, which a record keeps apart from the version: canonical JSON of name, title, email, phone (CL-43). */
struct yaml_contact {
	char commit[65];
	struct text details;
};

struct yaml_amends {
	struct text base, reason; /* base empty: the version amends none */
};

/*
 * The whole contract, keys in the order of the tree. A contact whose details are not among those given (erased) is written without: the
 * file then says what is missing when it is read. What only a canonical form has is left out.
 */
void contract_yaml(struct arena *a, struct buf *out, const struct contract *c,
		   const struct yaml_contact *contacts, size_t n, const struct yaml_amends *amends);

/* One value as it stands behind a key: plain where every YAML reads it as text, else quoted. Never more than one line. */
void yaml_scalar(struct arena *a, struct buf *out, struct text value);
/* Can a literal block show it: several lines, none of which begins with a blank or ends with one, nothing that needs an escape? */
bool yaml_block_fits(struct text value);
/* "|" and the lines, each behind so many blanks; ends without a line break. */
void yaml_block(struct buf *out, struct text value, unsigned indent);

#endif
