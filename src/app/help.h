/* SPDX-License-Identifier: Apache-2.0 */
/* Help, the manual page and shell completion, read off the table of actions. */
#ifndef APP_HELP_H
#define APP_HELP_H

#include "app/actions.h"
#include "base/buf.h"

void help_all(struct buf *out);
void help_action(struct buf *out, const struct action *a);
/* The table itself: one action, or NULL for all. */
void help_json(struct buf *out, const struct action *a);
void help_man(struct buf *out);
/* The exit statuses, a line each. */
void help_statuses(struct buf *out, const char *before);
/* false: bash, zsh and fish are known. */
bool help_completion(struct buf *out, struct text shell);

#endif
