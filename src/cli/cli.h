/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: words to an action, its answer to the terminal. No logic lives here. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* Runs one command; returns the exit status. */
int cli_run(int argc, char **argv);

#endif
