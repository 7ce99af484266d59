/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What numbers depend on beside contract and facts (trust.md J2): zone files, holiday sets, calendars' files, the engine's version.
 * Each enters the log as input_pinned with its SHA-256, and its bytes are kept; an evaluation takes them from there, never from the
 * machine it runs on.
 */
#ifndef APP_INPUTS_H
#define APP_INPUTS_H

#include "app/workspace.h"
#include "terms/tree.h"

/* Zones, files and the reading of a leap day (ENGINE_3) as pinned among the first `size` entries and known by then: for contract_read_canonical and promise_build. */
enum rc inputs_context(struct workspace *ws, const struct log_head *log, int64_t size,
		       instant known_as_of, struct terms_context *out, struct err *err) MUST_USE;

/* A holiday set as a log has it: its name, and the hash of its days (terms/version.h) as they were when it was pinned. */
struct pinned_set {
	struct text name;
	struct hash sha256;
	instant at;
};

/* The sets that a log has pinned, the first first, each once, in the workspace's arena. Fails if an entry cannot be read. */
enum rc inputs_holidays(struct workspace *ws, const struct log_head *log,
			const struct pinned_set **out, size_t *n, struct err *err) MUST_USE;

/* From here on a zone file that is the same bytes is read once, into the arena, for as long as that lives: for who does many contracts. */
void inputs_keep(struct workspace *ws, struct arena *a);

/*
 * Pins what the contract needs and what has changed since (a zone file that the system updated), as entries of the log, in the
 * transaction under way. context: the one the contract was read with (system zones, files beside it).
 */
enum rc inputs_pin(struct workspace *ws, struct log_head *log, const struct contract *c,
		   const struct terms_context *context, size_t *pinned, struct err *err) MUST_USE;
/* The engine alone, in a transaction of its own, where the log names another one last: what is issued from here on is worked out by it (D8). */
enum rc inputs_pin_engine(struct workspace *ws, struct log_head *log, struct err *err) MUST_USE;

#endif
