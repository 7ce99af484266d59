/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: words to an action, its answer to the terminal. No logic lives here. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "app/world.h"

/* Runs one command; returns the exit status. world: NULL is the machine's own clock and random bytes; tests give theirs. */
int cli_run(int argc, char **argv, const struct world *world);

#endif
