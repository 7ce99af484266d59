/* SPDX-License-Identifier: Apache-2.0 */
/* What issue.c, issue_state.c and issue_number.c have in common. */
#ifndef APP_ISSUE_PARTS_H
#define APP_ISSUE_PARTS_H

#include "app/issue.h"

enum {
	SERIES_MAX = 16,             /* that one transaction may give numbers of */
	INVOICE_BYTES_MAX = 64 << 20 /* of a document as it is printed */
};

/* The last of each series, read once a transaction, which keeps others from giving numbers. */
struct numbers {
	struct last {
		struct text series, number;
		int64_t seq;
		day day;
	} v[SERIES_MAX];
	size_t n;
	bool mail; /* people are told: asked once a transaction */
};

/* Before it has a number: its series, and what stands in the number's place until then. */
void issue_series(struct arena *a, struct invoice *i);
/* The next number of its series, in the transaction under way. A copy of *numbers, put back, takes it back. */
enum rc issue_number(struct workspace *ws, struct numbers *numbers, struct invoice *i, int64_t *seq,
		     struct err *err) MUST_USE;
/* The body of invoice_issued. */
struct text issue_body(struct arena *a, const struct invoice *i, const struct hash *sha,
		       int64_t seq);

/* In the transaction of an invoice: people of the client who may see money are told of it (outbox.h); of other documents nobody is. */
enum rc issue_tell(struct workspace *ws, struct text contract, const struct invoice *i,
		   struct err *err) MUST_USE;
/* In hexadecimal, in the workspace's arena. */
struct text issue_root_hex(struct workspace *ws, const struct hash *root);
/* R73: where an issued document does not come out again nothing more is issued, until a person released exactly these bytes. */
enum rc issue_hold_changed(struct workspace *ws, const struct log_head *log,
			   const struct money_state *m, struct billing *b,
			   struct err *err) MUST_USE;

#endif
