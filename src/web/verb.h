/* SPDX-License-Identifier: Apache-2.0 */
/* One verb run for a page: as the visitor, on the server's workspace, reading what the request brought and nothing else. */
#ifndef WEB_VERB_H
#define WEB_VERB_H

#include "app/app.h"
#include "web/parts.h"

#include <jansson.h>

struct verb_run {
	struct arena *arena; /* its own, beyond the request's: a month of tickets takes more than a page */
	struct app app;
	struct args args;
	struct served served;
	struct reply reply;
	struct err err;
	enum rc rc;
};

void verb_begin(struct verb_run *v, struct page *p, enum action_id verb);
/* One more value; checked by its type when the verb is run. */
void verb_put(struct verb_run *v, enum param name, struct text value);
void verb_flag(struct verb_run *v, enum param name);
/* The parameter of the verb that has this name, files apart. false: none. */
bool verb_param(enum action_id verb, struct text name, enum param *out);
/* rc and err are in v; the answer in v->reply. */
enum rc verb_finish(struct verb_run *v) MUST_USE;
/* verb_finish with --json, read. NULL with rc RC_OK cannot be: what is no JSON is RC_INVALID. Whoever gets it calls json_decref. */
json_t *verb_json(struct verb_run *v);
/* A string, an integer or a truth of an answer, as text of the request: the answer may be given back. Anything else is empty. */
struct text verb_text(const struct page *p, const json_t *v);
/* The same of a member of an object. */
struct text verb_at(const struct page *p, const json_t *object, const char *key);
void verb_free(struct verb_run *v);

#endif
