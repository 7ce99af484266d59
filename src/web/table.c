/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of pages.def, and which of them a path fits. */
#include "web/parts.h"

#define ALLOW(...) {ALLOWED(__VA_ARGS__, NONE_, NONE_, NONE_, NONE_, NONE_, NONE_)}
#define ALLOWED(a, b, c, d, e, f, ...) PARAM_##a, PARAM_##b, PARAM_##c, PARAM_##d, PARAM_##e, PARAM_##f
#define PARAM_NONE_ PARAM_COUNT

static const struct row_page pages[] = {
#define PAGE(name, path, verb, title, tab, right, allow)                                           \
	{path, ACTION_##verb, title, tab, R_##right, allow},
#include "web/pages.def"
};

#define COLUMNS(...) {__VA_ARGS__}
#define COLUMN(key, heading, how, link) {key, heading, how, link}

static const struct row_list lists[] = {
#define LIST(name, path, verb, title, tab, right, columns)                                         \
	{path, ACTION_##verb, title, tab, R_##right, columns},
#include "web/pages.def"
};

#define INPUTS(...) {__VA_ARGS__}
#define INPUT(p, label, need) {"", label, need, BY_PARAM, PARAM_##p, ""}
#define CHOOSE(p, label, need, how) {"", label, need, how, PARAM_##p, ""}
#define SELF_IN(key) {key, W_NONE, OPTIONAL, SELF, PARAM_COUNT, ""}
#define FIELD_IN(key, label, need, how) {key, label, need, how, PARAM_COUNT, ""}
#define CHOICE(key, label, words) {key, label, REQUIRED, CHOICES, PARAM_COUNT, words}
#define PICK(p, label, need, words) {"", label, need, CHOICES, PARAM_##p, words}
#define PICKS(p, label, need, words) {"", label, need, CHECKS, PARAM_##p, words}
/* one of these words */
#define ONE_OF(p, label, words) {"", label, REQUIRED, CHOICES, PARAM_##p, words}
#define TICKED_COVERED(p, label) {"", label, OPTIONAL, COVERED_CHECK, PARAM_##p, ""}
#define TICKED(p, label) {"", label, OPTIONAL, CHECK, PARAM_##p, ""}
#define ROLE_WORDS                                                                                 \
	"owner finance contract-manager service-desk technician read-only signer it-lead billing " \
	"requester viewer auditor operator"
/* Of these no right is never a program's (trust.md P2). */
#define TOKEN_RIGHT_WORDS                                                                          \
	"TERMS_READ STATEMENT_READ MONEY_READ MONEY_WRITE FACT_WRITE TICKET_READ TICKET_WRITE "    \
	"WORK_WRITE USAGE_WRITE PERSONAL_READ LOG_READ COSIGN"
#define LINES_IN(p, label) {"", label, REQUIRED, LINES, PARAM_##p, ""}
#define FILE_IN(p, label, types) {"", label, REQUIRED, UPLOAD, PARAM_##p, types}
#define FILES_IN(p, label, types) {"", label, REQUIRED, UPLOADS, PARAM_##p, types}
#define FILES_BESIDE(p, label, types) {"", label, OPTIONAL, UPLOADS, PARAM_##p, types}
#define SAME(key, value) {key, W_NONE, OPTIONAL, HIDDEN, PARAM_COUNT, value}
#define GIVEN(p) {"", W_NONE, OPTIONAL, FLAG, PARAM_##p, ""}
#define CARRIED(p) {"", W_NONE, OPTIONAL, CARRY, PARAM_##p, ""}
#define NOTHING {NULL, W_NONE, OPTIONAL, HIDDEN, PARAM_COUNT, ""}

static const struct row_form forms[] = {
#define FORM(name, path, verb, kind, title, submit, tab, right, after, inputs)                     \
	{path, ACTION_##verb, kind, title, submit, tab, R_##right, after, inputs},
#include "web/pages.def"
};

const struct row_page *row_pages(size_t *n)
{
	*n = ARRAY_SIZE(pages);
	return pages;
}

const struct row_list *row_lists(size_t *n)
{
	*n = ARRAY_SIZE(lists);
	return lists;
}

const struct row_form *row_forms(size_t *n)
{
	*n = ARRAY_SIZE(forms);
	return forms;
}

bool path_fits(struct page *p, const char *pattern)
{
	struct text rest = text_of(pattern), part;
	size_t i = 0;

	p->n_names = 0;
	rest = text_sub(rest, 1, rest.n);
	while (rest.n > 0) {
		rest = text_cut(rest, '/', &part);
		if (i == p->q->n_segments)
			return false;
		if (part.p[0] == '{') {
			p->names[p->n_names++] = (struct field){text_sub(part, 1, part.n - 1),
								p->q->segments[i]};
		} else if (!text_eq(part, p->q->segments[i])) {
			return false;
		}
		i++;
	}
	return i == p->q->n_segments;
}
