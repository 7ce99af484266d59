/* SPDX-License-Identifier: Apache-2.0 */
/* A small setting of the provider's (texts to answer with, templates of tickets) changed by a verb of its own: one turn, with its entry. */
#ifndef APP_SETTING_H
#define APP_SETTING_H

#include "app/workspace.h"

/* *done false: there was nothing to change, and nothing is written. */
typedef enum rc setting_change(struct workspace *ws, const void *what, bool *done, struct err *err);

enum rc setting_turn(struct app *app, const struct args *args, setting_change *change,
		     const void *what, bool *done, struct err *err) MUST_USE;

#endif
