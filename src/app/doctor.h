/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything of a workspace that can be checked (trust.md D3, J12, J13, J24): the file, every log against its leaves, its head and its
 * checkpoints, what is derived, blobs, private texts, keys, erasures, people, and what the machine has otherwise. Nothing is changed.
 */
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

#include "app/checks.h"
#include "app/workspace.h"

/* What lies in the files only (a backup's trial, a restore), or also clock, place of the key and zone files of this machine. */
enum doctor_scope { DOCTOR_FILES, DOCTOR_MACHINE };

/* A line for each thing looked at, a problem for each that does not fit. Not inside a transaction. */
enum rc doctor_check(struct workspace *ws, enum doctor_scope scope, struct checks *checks,
		     struct err *err) MUST_USE;

#endif
