/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same change of clauses for another contract: what differs between two versions of one is done to a third, where the third has
 * the same places. For back-tests over a portfolio; what comes out is a contract like any other, read and checked. It is no merge:
 * the third has its own values, and a change takes the place of what it says.
 */
#ifndef TERMS_APPLY_H
#define TERMS_APPLY_H

#include "terms/diff.h"

struct left_out {
	struct text path;
	struct text why; /* "there is no such place", ... */
	bool identity;   /* what a contract is, not what it says: left out of every target */
};

struct applied {
	const struct contract *contract;
	size_t n_applied; /* of the changes; also one of which some items were left out */
	const struct left_out *left_out;
	size_t n_left_out;
};

/*
 * A value changed is set where the target has that value, whatever it says there; one added is added where its map or list is there
 * (an item that exists is replaced); one removed is taken away; another order is put in order where all the items are there. What a
 * contract is (contract.id, parties, amends, template) is never touched. The target is a contract read from its canonical form; what
 * comes out is read again from its own (context as for contract_read_canonical), so a change that would make it invalid is RC_INVALID
 * with the finding.
 *
 * An item added stands behind the one it follows in the new version, as far as the target has that; items of the target that neither
 * version names stay where they are, also where others change their order. A list that is new as a whole, or gone as a whole, is so
 * many items added or taken away: the target keeps its own. Where the last key or item goes, its map or list goes too (CL-4).
 *
 * Compare versions read from their canonical forms: only there does the diff see that a calendar file of the same name has other
 * bytes. The hash behind a library or calendar key (CL-44) goes with that key and is no change of its own.
 *
 * RC_INVALID: the code of the finding, with its path; "version.draft" where a change sets a hole. RC_LIMIT: larger than a contract may
 * be. Lines and columns are 0. *out is set on success only.
 */
enum rc changes_apply(struct arena *a, const struct contract *target, const struct changes *changes,
		      const struct terms_context *context, struct applied *out,
		      struct err *err) MUST_USE;

#endif
