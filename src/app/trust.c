/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trust.h"

#include "app/filing.h"

enum { TRUST_MAX_BYTES = 1 << 20 };

static enum rc find_path(struct app *app, const struct args *args, struct text *out,
			 struct err *err)
{
	if (args_has(args, PARAM_TRUST)) {
		*out = args_text(args, PARAM_TRUST);
		return RC_OK;
	}
	if (app->world->settings.n == 0) {
		err_hint(err, "name the file of trusted keys with --trust FILE");
		return err_set(err, RC_USAGE, "no folder for a person's settings is known");
	}
	*out = text_format(app->arena, "%.*s/trust", TEXT_ARG(app->world->settings));
	return RC_OK;
}

static enum rc read_keys(struct app *app, struct trust *t, struct err *err)
{
	struct text rest = t->bytes, line;

	t->keys = arena_array(app->arena, struct vkey, text_count(t->bytes, '\n') + 1);
	for (uint32_t number = 1; rest.n > 0; number++) {
		rest = text_cut(rest, '\n', &line);
		line = text_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (vkey_parse(line, &t->keys[t->n], err) != RC_OK) {
			err_at(err, t->path, number, 0);
			return RC_INVALID;
		}
		t->n++;
	}
	return RC_OK;
}

enum rc trust_read(struct app *app, const struct args *args, bool must_be_there, struct trust *out,
		   struct err *err)
{
	struct trust t = {.n = 0};
	enum rc rc = find_path(app, args, &t.path, err);

	if (rc == RC_OK)
		rc = filing_read(app, t.path, TRUST_MAX_BYTES, &t.bytes, err);
	if (rc == RC_MISSING && !(must_be_there && args_has(args, PARAM_TRUST))) {
		err_clear(err);
		rc = RC_OK;
	}
	if (rc == RC_OK)
		rc = read_keys(app, &t, err);
	if (rc == RC_OK)
		*out = t;
	return rc;
}

struct text trust_name(struct arena *a, const struct vkey *k)
{
	struct text out;
	struct buf b;

	buf_init(&b, KEY_NAME_MAX + 2 * KEY_ID_BYTES + 8);
	buf_text(&b, k->name);
	buf_char(&b, '+');
	hex_add(&b, k->id, KEY_ID_BYTES);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}
