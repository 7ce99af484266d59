/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of a draft share: the draft itself, read by its verb. */
#ifndef WEB_DRAFT_PARTS_H
#define WEB_DRAFT_PARTS_H

#include "web/parts.h"
#include "web/verb.h"

/* All copied into the request's arena. */
struct draft_shown {
	struct text id, contract, author, changed_at, text;
	int64_t revision, last; /* last: newer where another one was asked for */
	bool valid, holes;
};

/* revision 0: the last. false: the page has been answered. */
bool draft_read(struct page *p, int64_t revision, struct draft_shown *out);
/* Where one goes from each page of a draft; whole: it is the change of a contract, which can be compared. Returns how many. */
enum { DRAFT_LINKS = 4 };
size_t draft_links(struct action_link v[DRAFT_LINKS], bool whole);
/* Frame and links of a page of one draft. */
void draft_frame(struct page *p, const struct draft_shown *d, enum wording title);
/* A revision as a form has it; 0: it is none. */
int64_t draft_revision(const struct fields *f);
/* The form of terms (draft_form.c). */
void draft_form(struct page *p);
/* A notice: what went wrong, as forms have it. */
void draft_wrong(struct page *p, struct text message, struct text hint);
/*
 * A table up to its first row, which on a phone is a list of its rows; number: the column of numbers, or n. The caller closes tbody, table
 * and the div around it.
 */
void draft_table(struct page *p, const enum wording *heads, size_t n, size_t number);
/* Begins a cell that is told by its heading on a phone; the caller closes it. */
void draft_cell(struct page *p, enum wording heading, bool number);

#endif
