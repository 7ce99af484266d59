/* SPDX-License-Identifier: Apache-2.0 */
/* What was found, for people and for programs (app/find.h looks for it). Nothing is looked for here. */
#ifndef RENDER_FOUND_H
#define RENDER_FOUND_H

#include "render/doc.h"

enum find_kind { FIND_CONTRACT, FIND_CLAUSE, FIND_TICKET, FIND_INVOICE, FIND_FACT, FIND_KINDS };
/* As programs name it, and what people are told of several of them. */
const char *find_kind_word(enum find_kind k);
enum wording find_kind_many(enum find_kind k);

struct found {
	enum find_kind kind;
	struct text contract, client;
	struct text
		id; /* of the contract, "msa.liability", the ticket, the number, the fact's UUID */
	struct text what;   /* its title, heading, summary; of a fact its kind; may be empty */
	struct text line;   /* where a word stands; may be empty */
	struct text anchor; /* of a clause, on the contract's page */
	instant at;         /* agreed, logged, issued, happened */
	int64_t entry;      /* of the record, of a fact; -1: not said */
	bool exact;         /* its id is what was asked for */
};

struct find_answer {
	const struct text *words; /* as they were looked for */
	size_t n_words;
	struct found *v; /* exact ones first, then the newest */
	size_t n;
	bool more;
	bool looked[FIND_KINDS]; /* what the reader may see at all, and asked for */
	size_t n_contracts;
	bool personal; /* personal words were looked into */
	instant older; /* but for those recorded until then; INSTANT_NONE: all were */
};

/* A section of d of things of one kind, and its table of five columns: id, contract, what, line, when. The doc's arena has both. */
struct table *found_table(struct doc *d, enum find_kind k);
struct doc *found_doc(struct arena *a, const struct language *l, const struct find_answer *f);
/*
 * {"tenor_find": 1, "words": [...], "looked": [kinds], "personal": true, "contracts": N, "more": false, "found": [{"kind", "contract", "client",
 * "id", "what", "line", "anchor", "entry", "at", "exact"}]}; what is not known is absent. looked: what the reader may see, and asked for.
 * "older": personal words recorded until then were not looked into.
 */
void found_json(const struct find_answer *f, struct buf *out);
/* kind,contract,client,id,what,line,at */
void found_csv(const struct find_answer *f, struct buf *out);

#endif
