/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody has to do or to wait for, over one or many contracts: clocks late and at risk, deadlines of both parties (sla.md R68,
 * money.md R75), statements, documents of money, disputes, facts that wait. Who reads it, sees what is most urgent first. Which items
 * there are is decided by who collects them (app/agenda.h); nothing is computed here.
 */
#ifndef RENDER_AGENDA_H
#define RENDER_AGENDA_H

#include "engine/outcome.h"
#include "render/doc.h"

enum agenda_section {
	AGENDA_CLOCKS,
	AGENDA_DEADLINES,
	AGENDA_STATEMENTS,
	AGENDA_INVOICES,
	AGENDA_DISPUTES,
	AGENDA_FACTS,
	AGENDA_PAYMENTS,
	AGENDA_WAITING,
	AGENDA_TOLD, /* what both parties are told of, for AGENDA_TOLD_DAYS */
	AGENDA_SECTIONS
};

enum agenda_kind {
	TASK_CLOCK_LATE,
	TASK_CLOCK_AT_RISK,
	TASK_CLOCK_PAUSED, /* at risk, but stands still */
	TASK_REPORT,       /* deadlines of the outcome */
	TASK_CLAIM,
	TASK_RIGHT_USED,
	TASK_OBLIGATION,
	TASK_NON_RENEWAL,
	TASK_MAINTENANCE, /* announced, and not over */
	TASK_PAYMENT_DUE, /* deadlines of money */
	TASK_DISPUTE_ANSWER,
	TASK_PRICE_NOTICE,
	TASK_LAST_DAY_TO_LEAVE, /* money.md R59 */
	TASK_HOURS_EXPIRE,
	TASK_CONTRACT_ENDS,
	TASK_STATEMENT_TO_ISSUE,
	TASK_STATEMENT_TO_REVIEW,
	TASK_INVOICE_TO_ISSUE,
	TASK_CREDIT_NOTE_TO_ISSUE,
	TASK_PARKED,
	TASK_CANNOT_BE_BILLED,
	TASK_DISPUTE_OPEN,
	TASK_CONTESTED,
	TASK_CONTRADICTED,
	TASK_NOT_ACCEPTED,  /* sla.md R18 */
	TASK_SECOND_PERSON, /* trust.md J31 */
	TASK_UNAPPLIED,
	TASK_DUPLICATE,
	TASK_NOT_APPROVED, /* what a charge waits for */
	TASK_NO_DATA,
	TASK_RESTORED,     /* trust.md D5 */
	TASK_EMERGENCY,    /* P10 */
	TASK_NOTICE_SHORT, /* maintenance announced too late, gone on beyond its time (sla.md R50) */
	TASK_OVERRUN,
	TASK_KINDS
};

enum { AGENDA_TOLD_DAYS = 30 };

/* What the client's yes comes to in one service period. */
struct agenda_change {
	struct text charge; /* its name; its id where it has none */
	struct days service;
	struct money amount;
};

struct agenda_item {
	enum agenda_kind kind;
	struct text contract, client;
	struct text
		about; /* ticket, window, number, id: with kind and contract the same from day to day */
	uint32_t fact;           /* facts that wait: which one of the outcome's */
	struct text what;        /* in the reader's words */
	struct text why;         /* the reason or the clause, in words; may be empty */
	enum party who;          /* whose turn it is; PARTY_UNKNOWN: both */
	const struct zone *zone; /* of the contract */
	instant at;     /* when it is or was due, or since when it waits; INSTANT_NONE: not said */
	bool since;     /* at is when it began to wait */
	bool whole_day; /* at is the end of a day */
	bool late;
	bool counted; /* left_ms is set: of clocks, open time; of deadlines up to `at` */
	int64_t left_ms;
	bool priced;
	struct money amount;
	/* clocks */
	struct text metric, priority, paused_for;
	int64_t used_ms, goal_ms;
	instant if_resumed; /* INSTANT_NONE */
	/* what the client is asked to approve or accept; empty: nothing is */
	struct text asks,
		charge,      /* the kind of fact it is about, "order.placed"; the charge's id */
		service;     /* of work out of scope: whose scope; else empty */
	const struct agenda_change *changes; /* with agenda.about, of what has no amount of its own */
	size_t n_changes;
	bool changes_known;
	int64_t entry;       /* that recorded the fact; where asks is set */
	struct text command; /* that deals with it; empty: nothing of the program does */
};

struct agenda {
	struct arena *arena;
	const struct language *language;
	struct agenda_item *v;
	size_t n, cap;
	instant now;
	int64_t days; /* that deadlines are looked at ahead */
	struct text about; /* only items about that, told in full; empty: all */
	bool money; /* the reader may see money: else those sections say that they are kept back */
	bool provider; /* the reader is of the provider's side */
	bool in_page;  /* of the service, which has links instead of commands */
	size_t n_contracts;
};

/* Not where it is about something else than agenda.about. */
void agenda_add(struct agenda *a, const struct agenda_item *item);
/* Words for what an item is about, made by the agenda's language and that zone: text of a phrase of words.def. */
struct doc *agenda_words(const struct agenda *a, const struct zone *zone);

struct agenda_of {
	struct text contract, client;
	const struct outcome *outcome;
};
/* Clocks that are late, at risk, or paused at risk (sla.md R36). */
void agenda_clocks(struct agenda *a, const struct agenda_of *of);
/* Deadlines of the outcome that are still open up to agenda.days ahead, or owed. */
void agenda_deadlines(struct agenda *a, const struct agenda_of *of);
/* Announced maintenance that begins up to agenda.days ahead and is not over or cancelled; why: what an announcement that is too late lacks. */
void agenda_maintenance(struct agenda *a, const struct agenda_of *of);

/*
 * Facts that wait for a second person, are contested and not settled, excuse and are not accepted (sla.md R18), or contradict another
 * and were recorded in the last 90 days.
 */
void agenda_facts(struct agenda *a, const struct agenda_of *of);

/* Maintenance of the last AGENDA_TOLD_DAYS that was announced too late, or went on beyond its time. */
void agenda_maintenance_told(struct agenda *a, const struct agenda_of *of);

const char *agenda_kind_word(enum agenda_kind k);
enum agenda_section agenda_section_of(enum agenda_kind k);
/* By section, then what is most urgent first. */
void agenda_sort(struct agenda *a);

/* tenor today */
struct doc *today_doc(const struct agenda *a);
/*
 * {"tenor_today": 1, "as_of", "days", "contracts", "sections": [{"section", "withheld", "items": [...]}]}: every section is there, in
 * order; withheld (then without items) names the right that the reader lacks. An item has kind, contract, zone (of the contract), client, about, what, why, who
 * (provider, client, both), due or since, due_day where the contract counts in days, late, left_ms, amount, currency, command, as far as
 * they are known; what the client is asked to approve or accept also asks (the kind of fact it is about), entry and charge, of work out
 * of scope service, and, where one thing is asked about, comes_to: [{"charge", "from", "to", "amount"}], what a yes changes in which
 * service period before discounts and tax; a clock metric, priority, used_ms, goal_ms, paused_for, due_if_resumed.
 */
void today_json(const struct agenda *a, struct buf *out);

/* tenor deadlines: the items in the order of their days */
void agenda_sort_by_day(struct agenda *a);
struct doc *deadlines_doc(const struct agenda *a);
/* {"tenor_deadlines": 1, "as_of", "days", "deadlines": [item]} */
void deadlines_json(const struct agenda *a, struct buf *out);
/* contract,client,kind,about,what,who,due,late,amount,currency,why */
void deadlines_csv(const struct agenda *a, struct buf *out);
/*
 * RFC 5545: an event for each deadline, of a whole day where the contract counts in days. A deadline keeps its UID when its day moves,
 * so that a calendar that reads the file again moves the event. Only \r\n ends lines.
 */
void deadlines_ics(const struct agenda *a, struct buf *out);

#endif
