/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of note.h share: rules of names, of decimal numbers and of Ed25519 points. Nobody outside the room includes it. */
#ifndef JOURNAL_NOTE_PARTS_H
#define JOURNAL_NOTE_PARTS_H

#include "journal/note.h"

/* A key name of a signed note: 1 to KEY_NAME_MAX bytes of UTF-8 without space, control character or '+'. */
bool key_name_ok(struct text t);

/* A size or an index: digits without leading zero, at most 2^53 (J16). */
bool decimal_read(struct text t, int64_t *out);

/* base64 of exactly one hash, which re-encodes to itself. */
bool hash_read_base64(struct text t, struct hash *out);

/* J16: canonical encoding of a point of the main subgroup, hence not of small order. */
bool ed25519_point_ok(const unsigned char point[ED25519_PUBLIC]);

#endif
