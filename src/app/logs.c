/* SPDX-License-Identifier: Apache-2.0 */
#include "app/logs.h"

#include "app/append.h"
#include "base/canon.h"
#include "journal/note.h"

#include <sodium.h>

enum { BODY_MAX = 60000 };

struct text body_of(struct arena *a, const char *key, struct text value, const char *key2,
		    struct text value2)
{
	struct text out;
	struct buf b;

	buf_init(&b, BODY_MAX);
	buf_char(&b, '{');
	buf_printf(&b, "\"%s\":", key);
	canon_quote(&b, value);
	if (key2 != NULL) {
		buf_printf(&b, ",\"%s\":", key2);
		canon_quote(&b, value2);
	}
	buf_char(&b, '}');
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

static enum rc first_key(struct workspace *ws, struct log_head *log, struct err *err)
{
	unsigned char seed[KEY_BYTES], public_key[ED25519_PUBLIC];
	char uuid[UUID_TEXT + 1];
	struct uuid id = workspace_uuid(ws);
	struct vkey key;
	struct buf line;
	enum rc rc;

	uuid_text(&log->uuid, uuid);
	rc = keys_seed_make(ws->keys, text_format(ws->arena, "log/%s", uuid), seed, err);
	if (rc != RC_OK)
		return rc;
	ed25519_public(seed, public_key);
	sodium_memzero(seed, sizeof(seed));
	rc = vkey_make(log->origin, KEY_LOG, public_key, &key, err);
	if (rc != RC_OK)
		return rc;
	buf_init(&line, NOTE_MAX_BYTES);
	vkey_print(&key, &line);
	rc = append_own(ws, log, FACT_LOG_KEY_ADDED,
			body_of(ws->arena, "vkey", text_trim(buf_view(&line)), NULL, text_of(NULL)),
			&id, ws->now, NULL, 0, NULL, err);
	buf_free(&line);
	return rc;
}

enum rc log_make(struct workspace *ws, enum log_kind kind, struct text contract, struct text client,
		 struct text host, struct log_head *out, struct err *err)
{
	char uuid[UUID_TEXT + 1];
	enum rc rc;

	*out = (struct log_head){.uuid = workspace_uuid(ws),
				 .kind = kind,
				 .contract = contract,
				 .client = client,
				 .created_at = ws->now,
				 .last_recorded_at = INSTANT_NONE};
	edge_init(&out->edge);
	uuid_text(&out->uuid, uuid);
	out->origin = text_format(ws->arena, "%.*s/log/%s", TEXT_ARG(host), uuid);
	rc = record_log_add(ws->store, out, &out->id, err);
	return rc == RC_OK ? first_key(ws, out, err) : rc;
}
