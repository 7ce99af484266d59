/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts: what happened, when, when it was recorded, and who says so (DESIGN section 6, sla.md section 2). A fact knows no
 * promise and decides nothing. Words and ids are symbols of the set's one table.
 */
#ifndef FACTS_FACT_H
#define FACTS_FACT_H

#include "base/symbols.h"
#include "facts/kinds.h"
#include "money/decimal.h"
#include "time/intervals.h"

enum party { PARTY_UNKNOWN, PARTY_PROVIDER, PARTY_CLIENT, PARTY_MONITOR, PARTY_SUPPLIER };

/* sla.md R14, trust.md J30; a set of bits, kept with the fact and listed in every report it touches */
enum fact_flag {
	FLAG_LATE = 1 << 0,
	FLAG_RESTATING = 1 << 1,
	FLAG_FUTURE = 1 << 2,
	FLAG_CONTRADICTING = 1 << 3,
	FLAG_OUT_OF_ORDER = 1 << 4,
	FLAG_IMPLIED = 1 << 5,
	FLAG_UNPROVEN = 1 << 6,
	FLAG_MINUTE_PRECISION = 1 << 7, /* R1 */
	FLAG_SAME_TIME =
		1 << 8, /* shares its instant with another fact of its subject; order by R15 */
	FLAG_OVERLAPPING = 1 << 9, /* an outage that overlaps another of the same asset */
	FLAG_ZONE_GAP = 1 << 10,   /* local time that did not exist, moved forward */
	FLAG_ZONE_TWICE = 1 << 11, /* local time that occurred twice, the first taken */
	FLAG_PENDING = 1 << 12, /* J31: waits for a second person; until then it does not count */
};

/* Of one fact: 500 units of a list and what else stands with them. */
enum { FACT_VALUES_MAX = 512 };

/* One field of a fact. A field of type SYMBOLS appears once for each member. */
struct fact_value {
	uint32_t field; /* enum fact_field */
	symbol word;    /* SYMBOL, TEXT, SYMBOLS */
	union {
		int64_t number; /* INSTANT, BOOL, INT, and the units of DECIMAL */
	};
	uint32_t scale; /* DECIMAL */
};

struct fact {
	instant occurred_at, recorded_at;
	symbol id;       /* unique in the set */
	symbol subject;  /* the value of the kind's subject field: ticket, outage, asset, ... */
	symbol corrects; /* id of the fact it replaces, or 0 */
	uint32_t seq;    /* the source's own order within one instant; 0 if absent (R15) */
	uint32_t line;   /* in its source, from 1; 0 if there is none */
	uint32_t order;  /* journal index: order of arrival in the set */
	uint16_t source; /* index into facts.sources */
	uint16_t flags;  /* enum fact_flag */
	uint16_t n_values;
	uint8_t kind;    /* enum fact_kind */
	uint8_t party;   /* enum party: who reports it */
	const struct fact_value *values; /* in the order of the kind's row */
};

/* One file or feed. It observes from its first to its last record, or as `covers` says; outside that nothing is known. */
struct fact_source {
	struct text name;      /* file name as given */
	struct text format;    /* "servicenow", "tenor", "statuspage_transitions", ... */
	bool whole_log;        /* holds the tickets' whole event log, so its seq counts (R15) */
	bool observes_outages; /* inside `covers`, without an outage, an asset was up */
	bool recorded_known; /* false: no column of recording, recorded_at was taken to be occurred_at */
	struct span covers; /* {0, 0} if it observes nothing */
	instant read_at; /* from when that is known: recorded_at of its source_read; 0 for a file at hand */
};

struct unpacker;

struct facts {
	struct arena *arena;
	struct symbols *symbols;
	struct fact *v;
	size_t n, cap;
	struct fact_source *sources;
	size_t n_sources, sources_cap;
	uint32_t *by_id; /* place of symbol y as an id in v, plus one; 0: no fact has it */
	size_t by_id_cap;
	struct fact_value *pool; /* room for values, cut off from the front */
	size_t pool_left;
	const struct unpacker *
		unpacked; /* has the UUIDs of those without an id (facts/pack.h, facts_id); NULL: of none */
};

struct facts *facts_new(struct arena *a);
/* Returns the index of a new source. */
uint16_t facts_add_source(struct facts *f, struct fact_source source);
/*
 * The source of that name, or a new one of which no more is known yet (the record tells in source_read). false: there are as many
 * sources as can be. Without a name: what was given by hand.
 */
bool facts_source_named(struct facts *f, struct text name, uint16_t *out);
/*
 * Appends a copy; sets order. The values are copied too. Nothing is checked here: whoever reads facts from outside asks
 * facts_admit (check.h). The result is good until the next fact is added.
 */
struct fact *facts_add(struct facts *f, const struct fact *fact);
/* Room for n more facts without moving: a file of known size then costs no second copy. */
void facts_reserve(struct facts *f, size_t n);
/* Gives an id to a fact that was added without one. */
void facts_name(struct facts *f, uint32_t order, symbol id);
/* The first fact with this id, or NULL. */
const struct fact *facts_find(const struct facts *f, symbol id);

/* The first value of a field, or NULL. */
const struct fact_value *fact_value(const struct fact *f, enum fact_field field);
/* Its word, or 0. */
symbol fact_word(const struct fact *f, enum fact_field field);
bool fact_has_word(const struct fact *f, enum fact_field field, symbol word); /* also for SYMBOLS */
/* Its truth; absent is `otherwise`. */
bool fact_truth(const struct fact *f, enum fact_field field, bool otherwise);
int64_t fact_number(const struct fact *f, enum fact_field field, int64_t otherwise);

/*
 * sla.md R15: (occurred_at, birth, seq, rank, journal index). A client's message has rank 7, a provider's 3 (R16).
 * Facts of one set only.
 */
int fact_order(const struct fact *x, const struct fact *y);
int fact_rank(const struct fact *f);

/* "provider", "client", "monitor", "supplier"; PARTY_UNKNOWN is the empty word. */
const char *party_word(enum party p);
bool party_find(struct text word, enum party *out);
/* "late", "future", ... of one flag. */
const char *flag_word(enum fact_flag flag);

#endif
