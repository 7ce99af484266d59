/* SPDX-License-Identifier: Apache-2.0 */
#include "app/documents.h"

#include "app/money.h"
#include "app/values.h"
#include "base/json.h"

#include <assert.h>

enum { DOCUMENT_MAX_BYTES = 1 << 30 };

enum rc document_print(struct arena *a, const struct outcome *o, const struct document_about *about,
		       struct buf *out, struct err *err)
{
	struct statement_record record = {.origin = about->checkpoint.origin,
					  .size = about->checkpoint.size,
					  .root = text_of(about->root_hex),
					  .revision = about->revision};
	struct statement_options options = {.record = &record};
	struct buf raw;
	struct json j;
	enum rc rc;

	buf_init(&raw, DOCUMENT_MAX_BYTES);
	json_init(&j, &raw, false);
	json_open_object(&j);
	json_key(&j, "checkpoint");
	json_open_object(&j);
	json_kv_text(&j, "key", about->key_id);
	json_kv_text(&j, "origin", about->checkpoint.origin);
	json_kv_str(&j, "root", about->root_hex);
	json_kv_int(&j, "size", about->checkpoint.size);
	json_end_object(&j);
	json_kv_str(&j, "document", "statement");
	json_kv_str(&j, "engine", engine_rules_name(about->rules));
	json_kv_text(&j, "window", about->window);
	json_key(&j, "statement");
	statement_json(a, o, &options, false, &raw);
	buf_char(&raw, '}');
	if (raw.full) {
		buf_free(&raw);
		return err_set(err, RC_LIMIT, "the document is larger than %d MiB",
			       DOCUMENT_MAX_BYTES >> 20);
	}
	rc = canon_rewrite(a, buf_view(&raw), &CANON_LARGE, out, err);
	buf_free(&raw);
	return rc;
}

static enum rc instant_of(const struct own_entry *own, const char *key, instant *out,
			  struct err *err)
{
	bool minutes;

	return instant_parse(own_entry_text(own, key), out, &minutes, err);
}

static enum rc read_issued(struct workspace *ws, const struct log_head *log, int64_t index,
			   struct issued *out, struct err *err)
{
	struct own_entry own;
	enum rc rc = own_entry_read(ws, log, index, &own, err);

	if (rc != RC_OK)
		return rc;

	*out = (struct issued){.index = index, .recorded_at = own.entry.recorded_at};
	out->window = own_entry_text(&own, "window");
	out->revision = own_entry_number(&own, "revision", 0);
	out->size = own_entry_number(&own, "size", 0);
	if (!hash_parse(own_entry_text(&own, "document"), &out->document))
		assert(false && "facts.def types it");
	rc = instant_of(&own, "as_of", &out->as_of, err);
	return rc == RC_OK ? instant_of(&own, "known_as_of", &out->known_as_of, err) : rc;
}

enum rc issued_read(struct workspace *ws, const struct log_head *log, struct text window,
		    struct issued **out, size_t *n, struct err *err)
{
	int64_t *marks;
	size_t n_marks;
	enum rc rc = record_marks(ws->store, ws->arena, log->id, FACT_STATEMENT_ISSUED, &marks,
				  &n_marks, err);

	*n = 0;
	if (rc != RC_OK)
		return rc;
	*out = arena_array(ws->arena, struct issued, n_marks + 1);
	for (size_t i = 0; rc == RC_OK && i < n_marks; i++) {
		rc = read_issued(ws, log, marks[i], &(*out)[*n], err);
		if (rc == RC_OK && (window.n == 0 || text_eq(window, (*out)[*n].window)))
			++*n;
	}
	return rc;
}

struct text window_of(const struct args *args)
{
	return args_text(args, args_has(args, PARAM_MONTH) ? PARAM_MONTH : PARAM_PERIOD);
}

enum rc issued_rules(const struct facts *set, enum engine_rules *out, struct err *err)
{
	struct text name = engine_pinned(set);

	if (engine_rules_parse(name, out))
		return RC_OK;
	return err_set(err, RC_INVALID, "worked out by engine '%.*s'; this program has engine %s",
		       TEXT_ARG(text_sub(name, 0, 40)), ENGINE_VERSION);
}

enum rc issued_again(struct workspace *ws, const struct log_head *log, const struct issued *is,
		     struct recalled *r, enum engine_rules *rules, struct outcome **out,
		     struct err *err)
{
	struct recall_options options = {is->size, INSTANT_MAX, PACK_IDS_ALL};
	struct evaluation in;
	struct span period;
	enum rc rc = recall(ws, log, &options, r, err);

	if (rc == RC_OK)
		rc = value_period(is->window, r->versions[r->n_versions - 1].promise->zone, &period,
				  err);
	if (rc != RC_OK)
		return rc;
	recall_evaluation(r, ws->arena, period, is->as_of, is->known_as_of, &in);
	rc = issued_rules(r->facts, rules, err);
	if (rc == RC_OK && *rules >= ENGINE_2)
		rc = money_bases_of(ws, r, &in, err);
	return rc == RC_OK ? evaluate(ws->arena, &in, out, err) : rc;
}
