/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts read from the record (body.h) are whole only together: which sources observe what, which corrections wait, what contradicts
 * what. facts_finish works that out; facts_first does it as it was when there were only the first so many. For facts that come from
 * files, their importer does the same (intake.h).
 */
#ifndef FACTS_FIRST_H
#define FACTS_FIRST_H

#include "facts/fact.h"

/*
 * After the last fact of a record: sources get what their source_read tells of them, corrections and withdrawals that need a second
 * person get FLAG_PENDING (trust.md J31), all get the flags of facts_check. Once a set.
 */
void facts_finish(struct facts *set);

/*
 * The first n facts as a set of their own, finished as if no other had come; the whole set, finished or not, stays as it is. For a
 * statement that is known by how much of the record it saw (sla.md R21). A source is known by its source_read, even if no fact names
 * it: silence is an observation. One whose source_read came later observes nothing; one that has none (fact.h, read_at 0) is at hand,
 * and always known. Words, values and the places of sources are shared.
 */
struct facts *facts_first(struct arena *a, const struct facts *set, size_t n);

#endif
