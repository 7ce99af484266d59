/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fact as the record keeps it (trust.md J5, J6, J22): the body of an entry in canonical JSON, and back. A body holds the fields
 * of the kind's row, and of the fields that every kind may carry: `source` (the file or feed it came from), `ref` (its id there,
 * if that was no UUID), `seq` (the source's order within an instant, R15), `by` (monitor, supplier, provider or client, where the
 * reporter is not the side that recorded it), `stamp` (how its time was written: minute, gap, twice).
 *
 * Fields of type TEXT are free words and may name people: they are never in a body. Each becomes a private slot named like its
 * key, whose private bytes are {"<key>":"<words>"}; the body of the entry says nothing of them, the slot's presence does.
 */
#ifndef FACTS_BODY_H
#define FACTS_BODY_H

#include "base/canon.h"
#include "base/uuid.h"
#include "facts/fact.h"

enum { BODY_TEXTS_MAX = 4 };

/* A free text that goes to a slot. */
struct body_text {
	enum fact_field field;
	struct text words;
};

/* What the flags of a stamp are called in `stamp`. FLAG_MINUTE_PRECISION, FLAG_ZONE_GAP, FLAG_ZONE_TWICE. */
#define BODY_STAMP_FLAGS (FLAG_MINUTE_PRECISION | FLAG_ZONE_GAP | FLAG_ZONE_TWICE)

/*
 * The canonical body of f. ref may be empty. recorder: the side that records it; `by` is written where f->party is another. Ids of
 * other facts that the body names (fields FACT_ID, and EVENTS that name facts) are printed as they stand in the set: the caller
 * has turned them into UUIDs before. Fields of type TEXT go to texts.
 */
void body_print(const struct facts *set, const struct fact *f, struct text ref, enum party recorder,
		struct buf *out, struct body_text texts[BODY_TEXTS_MAX], size_t *n_texts);

/*
 * Can the fact be an entry's body? RC_INVALID names the field: empty, or with what restricted JSON does not hold (trust.md J4): a
 * control or direction mark, an integer beyond 2^53 - 1. To be asked of what came from outside before body_print, which asserts.
 */
enum rc body_fits(const struct facts *set, const struct fact *f, struct text ref,
		  struct err *err) MUST_USE;

/*
 * The body of a parsed entry (node: the body's object) into a fact: kind, values, subject, seq, party, flags of the stamp, source.
 * slots: names of the entry's slots, for TEXT fields: their words are what `words` gives (the erased read as "(erased)"), NULL: the
 * presence alone is kept, as the word "-". A slot that is no TEXT field of the kind (an attachment) tells the engine nothing and is
 * passed over. occurred_at, recorded_at, id, corrects, order are the caller's. Values are put into the
 * set with facts_add by the caller: *out holds values in scratch valid until the next call.
 * RC_INVALID names the field: unknown, missing, wrong type, not in canonical form for its type.
 */
struct body_reader;
struct body_reader *body_reader_new(struct arena *a, struct facts *set);
/* The bodies that come were found right by body_check: what their values say together is not judged again. */
void body_reader_checked(struct body_reader *r);
enum rc body_read(struct body_reader *r, const struct canon_doc *doc, const struct canon_node *body,
		  enum fact_kind kind, enum party recorder, const struct text *slot_names,
		  const struct text *slot_words, size_t n_slots, struct fact *out, struct text *ref,
		  struct err *err) MUST_USE;
/* The same rules without making a fact: for entries that are checked only. */
enum rc body_check(const struct canon_doc *doc, const struct canon_node *body, enum fact_kind kind,
		   struct err *err) MUST_USE;

/* May `recorder` report this kind on behalf of `by`? RC_INVALID with who must report it (an act between the parties only by the side that acts: sla.md R12). */
enum rc body_by_ok(enum fact_kind kind, enum party by, enum party recorder,
		   struct err *err) MUST_USE;

/*
 * trust.md J31: does the correction change a time, priority, pause or quantity, so that a second person must approve it? Also if it
 * makes it another kind or moves it to another subject, and a withdrawal (after NULL). Both of one set. Another text of a private
 * field needs nobody.
 */
bool correction_needs_approval(const struct fact *before, const struct fact *after);

#endif
