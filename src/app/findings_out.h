/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of a contract as lines: for check, and for whoever stumbles over an invalid contract. */
#ifndef APP_FINDINGS_OUT_H
#define APP_FINDINGS_OUT_H

#include "app/app.h"
#include "terms/tree.h"

/* The errors of a contract's file as they would stand in the output of check, for standard error. */
void findings_note(struct app *app, const struct contract *c, const struct args *args, struct buf *notes);

#endif
