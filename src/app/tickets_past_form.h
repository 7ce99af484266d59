/* SPDX-License-Identifier: Apache-2.0 */
/* A month of tickets of the past as it is kept: what making it and reading it share. Private to tickets_past*.c. */
#ifndef APP_TICKETS_PAST_FORM_H
#define APP_TICKETS_PAST_FORM_H

#include "app/tickets_past.h"
#include "facts/pack_columns.h"

/* --- printing --- */

enum clock_column {
	C_NEW, /* 1: of the next ticket of the list, 0: of the same as before */
	C_VERSION,
	C_METRIC,
	C_PRIORITY,
	C_TARGET,
	C_CYCLE,
	C_STATE,
	C_START,
	C_STOPPED, /* 1: it has a stop */
	C_STOP,
	C_DUE, /* 1: it has a deadline */
	C_DEADLINE,
	C_SETTLED,
	C_COLUMNS
};

struct run_key {
	uint16_t version, metric;
	int16_t priority;
};

/* One sample in time. */
struct in_time {
	struct run_key key;
	instant settled;
};

struct month_clocks {
	struct arena *arena;
	struct in_time *in_time;
	size_t n_in_time, cap_in_time;
	struct column columns[C_COLUMNS];
	struct text_list tickets;
	symbol last;
};

void month_clocks_in_time(struct month_clocks *m, const struct clock *c);
/* Those of one ticket one after the other. */
void month_clocks_other(struct month_clocks *m, const struct symbols *words, const struct clock *c);
/* Each of the two appends. Entries are sorted. */
void month_clocks_print(struct month_clocks *m, struct buf *out);
void month_entries_print(struct arena *a, struct entry_list *entries, struct buf *out);

/* --- reading --- */

enum { PAST_RUN_COLUMNS = 6 };

struct past_reading {
	struct workspace *ws;
	const struct recalled *r;
	struct facts *set;
	struct span shown;
	instant as_of;
	const instant *touched; /* months that something behind the table is about */
	size_t n_touched;
	struct left_out *out;
	struct past_run *runs;
	struct clock *clocks;
	size_t runs_cap, clocks_cap, months_cap;
	/* used again for each month */
	struct column steps, lengths, run_columns[PAST_RUN_COLUMNS], columns[C_COLUMNS];
	struct text_list tickets;
};

/* RC_INVALID: damaged. */
enum rc past_read_entries(struct past_reading *p, struct text bytes, struct err *err) MUST_USE;
enum rc past_read_clocks(struct past_reading *p, struct text bytes, struct err *err) MUST_USE;

/* The first instant of the local month of t, under the newest version. */
instant past_month_of(const struct recalled *r, instant t);

#endif
