/* SPDX-License-Identifier: Apache-2.0 */
/* Erasure of a subject's personal data (trust.md J24 to J26). */
#ifndef APP_ERASE_H
#define APP_ERASE_H

#include "app/workspace.h"

/* Destroys the key, enters the register, deletes what was sealed (J24, steps 2 to 5). *slots: how many. Again: nothing to do. */
enum rc erase_subject(struct workspace *ws, struct text subject, instant at, int64_t *slots,
		      struct err *err) MUST_USE;

/*
 * Does again what an interrupted erasure left undone: for every subject_erased of every log, and for every subject in the register of
 * the keys, key, slots and register (J24, steps 2 to 5). Called whenever a workspace is opened for writing, and by restore.
 */
enum rc erase_resume(struct workspace *ws, struct err *err) MUST_USE;

#endif
