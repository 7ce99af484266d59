/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that is attached to a ticket (trust.md S23): which kinds are taken, told by their first bytes and their suffix, and what becomes of
 * a name. Pure; a file is never opened, only its bytes are looked at. It is kept as a slot (J22), not here.
 */
#ifndef FACTS_ATTACHMENT_H
#define FACTS_ATTACHMENT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "facts/kinds.h"

enum {
	ATTACHMENT_MAX_BYTES = 25 << 20,      /* of one file */
	ATTACHMENTS_TICKET_BYTES = 100 << 20, /* of all files of a ticket */
	ATTACHMENTS_AT_ONCE = 16,             /* files of one call */
	ATTACHMENT_NAME_MAX = 100
};

enum attachment_type {
	ATTACHMENT_PDF,
	ATTACHMENT_PNG,
	ATTACHMENT_JPEG,
	ATTACHMENT_CSV,
	ATTACHMENT_TXT,
	ATTACHMENT_ICS,
	ATTACHMENT_EML,
	ATTACHMENT_ZIP,
	ATTACHMENT_TYPES
};

/* "pdf", ...: the word in an entry's body. */
const char *attachment_word(enum attachment_type t);

/*
 * The slot that holds the bytes of a file, in an entry of the kind ticket_attached; of one that is marked as health data the other one, whose
 * name then lies in the slot `health` (trust.md P10). All others hold words.
 */
#define ATTACHMENT_SLOT "content"
#define ATTACHMENT_HEALTH_SLOT "health_content"
bool attachment_slot(enum fact_kind kind, struct text slot);

/*
 * A name reduced to letters, digits, '-', '_', '.' and ATTACHMENT_NAME_MAX characters, of which its suffix is kept (S23): what stands after
 * the last slash, no dot at its beginning. Of a name that is all in other letters the suffix is left: "file.pdf"; of none "file".
 */
struct text attachment_name(struct arena *a, struct text name);

/*
 * Which kind the file is: its suffix and its first bytes must say the same. RC_INVALID with code "content_type" (415) tells what it is not
 * and what is taken; RC_LIMIT: more than ATTACHMENT_MAX_BYTES; RC_INVALID: empty. The error's key is the name.
 */
enum rc attachment_check(struct text name, struct text bytes, enum attachment_type *out,
			 struct err *err) MUST_USE;

#endif
