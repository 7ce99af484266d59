/* SPDX-License-Identifier: Apache-2.0 */
#include "app/draft_brief.h"

#include "app/load.h"
#include "app/recall.h"
#include "terms/diff.h"

/* RC_MISSING is no failure: there is nothing to tell. */
static enum rc forgive(enum rc rc, struct err *err)
{
	if (rc != RC_MISSING)
		return rc;
	err_clear(err);
	return RC_OK;
}

static struct text text_at(const struct node *root, const char *block, const char *key)
{
	const struct node *map = node_at(root, block);

	return map == NULL ? text_of("") : term_text(map, key);
}

static void changes_of(struct workspace *ws, const struct contract *head,
		       const struct contract *draft, struct draft_brief *out)
{
	struct changes all =
		changes_without_names(ws->arena, contract_diff(ws->arena, head, draft));

	out->changes = all.n;
	while (out->n_terms < DRAFT_BRIEF_TERMS && out->n_terms < all.n) {
		out->terms[out->n_terms] = all.v[out->n_terms].path;
		out->n_terms++;
	}
}

static enum rc against_record(struct workspace *ws, const struct stored_draft *d,
			      const struct contract *draft, struct draft_brief *out,
			      struct err *err)
{
	struct recalled r;
	struct log_head log;
	enum rc rc;

	if (d->contract.n == 0)
		return RC_OK;
	rc = workspace_log(ws, d->contract, &log, err);
	if (rc == RC_OK)
		rc = recall_versions(ws, &log, INSTANT_MAX, &r, err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < r.n_versions; i++)
		if (text_is(d->base, r.versions[i].contract->hash))
			out->version = i + 1;
	if (out->whole)
		changes_of(ws, r.versions[r.n_versions - 1].contract, draft, out);
	return RC_OK;
}

/* In the memory of ws, which has all that was read. */
static enum rc brief_of(struct app *app, struct workspace *ws, const struct stored_draft *d,
			struct draft_brief *out, struct err *err)
{
	struct terms_context context = load_context(app, d->id);
	struct contract *c = NULL;
	struct draft_saved saved;
	enum rc rc = draft_text(ws, d, d->revision, &saved, err);

	if (rc != RC_OK)
		return forgive(rc, err);
	/* What is no file of terms at all is a draft all the same. */
	if (contract_read(ws->arena, d->id, saved.text, &context, &c, err) != RC_OK) {
		err_clear(err);
		return RC_OK;
	}
	out->whole = c->valid && !c->is_template;
	if (c->valid) { /* of others nothing but the findings may be used */
		out->title = text_at(c->root, "contract", "title");
		out->reason = text_at(c->root, "amends", "reason");
	}
	return forgive(against_record(ws, d, c, out, err), err);
}

enum rc draft_brief(struct app *app, struct workspace *ws, const struct stored_draft *d,
		    struct draft_brief *out, struct err *err)
{
	struct workspace scratch = *ws; /* a file of terms takes far more memory than its line */
	enum rc rc;

	*out = (struct draft_brief){.version = 0};
	scratch.arena = arena_like(ws->arena);
	rc = brief_of(app, &scratch, d, out, err);
	out->title = text_copy(ws->arena, out->title);
	out->reason = text_copy(ws->arena, out->reason);
	for (size_t i = 0; i < out->n_terms; i++)
		out->terms[i] = text_copy(ws->arena, out->terms[i]);
	arena_free(scratch.arena);
	return rc;
}
