/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements as documents (trust.md J11): canonical JSON of the numbers and traces with the checkpoint they were worked out from. The
 * document carries no private word, so an erasure changes no byte of it.
 */
#ifndef APP_DOCUMENTS_H
#define APP_DOCUMENTS_H

#include "app/recall.h"
#include "engine/version.h"
#include "journal/note.h"
#include "render/statement.h"

struct document_about {
	struct checkpoint checkpoint; /* the entries it was worked out from */
	const char *root_hex;
	struct text key_id; /* of the log's key, 8 hex digits */
	struct text window; /* "2026-03" */
	int64_t revision;
	enum engine_rules rules;
};

/* The canonical document of an outcome that was worked out without private words. */
enum rc document_print(struct arena *a, const struct outcome *o, const struct document_about *about,
		       struct buf *out, struct err *err) MUST_USE;

/* One statement that was issued, from its entry. */
struct issued {
	int64_t index;
	struct text window;
	struct hash document;
	int64_t revision, size;
	instant as_of, known_as_of, recorded_at;
};

/* Those of a window (empty: all), in the order they were issued. */
enum rc issued_read(struct workspace *ws, const struct log_head *log, struct text window,
		    struct issued **out, size_t *n, struct err *err) MUST_USE;

/* "2026-03" and the like of the call: --month or --period. */
struct text window_of(const struct args *args);

/* The rules that a statement of those entries was issued by (trust.md D8). RC_INVALID: of an engine that this program does not have. */
enum rc issued_rules(const struct facts *set, enum engine_rules *out, struct err *err) MUST_USE;

/* Worked out again from the same entries and instants, by the same rules. r: recalled to the issued size, without words. */
enum rc issued_again(struct workspace *ws, const struct log_head *log, const struct issued *is,
		     struct recalled *r, enum engine_rules *rules, struct outcome **out,
		     struct err *err) MUST_USE;

#endif
