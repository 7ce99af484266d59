/* SPDX-License-Identifier: Apache-2.0 */
/* What a command asks of a server outside (struct outside_ops, app/app.h), done by a process of its own that has no file and no key. */
#ifndef CLI_OUTSIDE_H
#define CLI_OUTSIDE_H

#include "app/app.h"

extern const struct outside_ops cli_outside;

#endif
