/* SPDX-License-Identifier: Apache-2.0 */
#include "app/agenda.h"

#include "app/act_money.h"
#include "app/documents.h"
#include "app/own.h"
#include "app/own_entries.h"
#include "app/recall_past.h"
#include "engine/suppose.h"
#include "render/invoice.h"

enum { STATEMENT_MONTHS = 12, REVIEW_DAYS = 30 };
enum { CONTESTED = 1 }; /* of view.contested: and not settled */

struct collecting {
	struct workspace *ws;
	struct log_head log;
	const struct zone *zone;
	struct agenda *to;
	enum agenda_what what;
	struct recalled r;
	struct money_state m;
	struct doc *d;
};

void agenda_new(const struct workspace *ws, const struct language *l, int64_t days,
		struct agenda *out)
{
	*out = (struct agenda){.arena = ws->arena,
			       .language = l,
			       .now = ws->now,
			       .days = days,
			       .money = workspace_allows(ws, R_MONEY_READ),
			       .provider = !workspace_client(ws)};
}

static struct agenda_item item_of(const struct collecting *c, enum agenda_kind kind,
				  struct text about)
{
	return (struct agenda_item){.kind = kind,
				    .contract = c->log.contract,
				    .client = c->log.client,
				    .about = about,
				    .zone = c->zone,
				    .at = INSTANT_NONE,
				    .if_resumed = INSTANT_NONE};
}

static void due_by_end_of(struct agenda_item *x, const struct collecting *c, day last)
{
	x->at = zone_midnight(c->zone, last + 1);
	x->whole_day = true;
	x->counted = true;
	x->left_ms = x->at - c->to->now;
	x->late = x->at < c->to->now;
}

static bool ahead(const struct collecting *c, day d)
{
	day today = zone_day(c->zone, c->to->now);

	return d >= today && d <= today + (day)c->to->days;
}

static void price(struct agenda_item *x, const struct collecting *c, int64_t minor)
{
	x->priced = true;
	x->amount = (struct money){minor, c->m.charging->currency};
}

static struct phrase code(const struct collecting *c, struct text t)
{
	return doc_plain(c->d, t);
}

/* --- clocks, deadlines, facts --- */

static bool about_own(const struct own_tickets *own, const struct outcome *o,
		      const struct agenda_item *x)
{
	const struct facts *set = o->in.facts;
	const struct fact *f;

	if (agenda_section_of(x->kind) == AGENDA_CLOCKS)
		return own_has(own, x->about);
	if (agenda_section_of(x->kind) != AGENDA_FACTS)
		return true;
	f = &set->v[x->fact];
	return own_has(own, symbol_text(set->symbols, fact_word(f, FIELD_TICKET)));
}

/* Of items from `first` on a requester keeps those about its own tickets (trust.md P3). */
static enum rc keep_own(struct collecting *c, const struct outcome *o, size_t first,
			struct err *err)
{
	struct own_tickets own;
	size_t kept = first;
	enum rc rc = own_tickets(c->ws, R_TICKET_READ, &c->r, &own, err);

	if (rc != RC_OK || !own.limited)
		return rc;
	for (size_t i = first; i < c->to->n; i++)
		if (about_own(&own, o, &c->to->v[i]))
			c->to->v[kept++] = c->to->v[i];
	c->to->n = kept;
	return RC_OK;
}

static enum rc from_outcome(struct collecting *c, struct err *err)
{
	size_t first = c->to->n;
	struct outcome *o;
	struct agenda_of of = {.contract = c->log.contract, .client = c->log.client};
	enum rc rc = recall_evaluate(&c->r, c->ws->arena, value_month_of(c->zone, c->to->now),
				     c->to->now, &o, err);

	if (rc != RC_OK)
		return rc;
	of.outcome = o;
	agenda_deadlines(c->to, &of);
	agenda_maintenance(c->to, &of);
	if (c->what == AGENDA_DUE_ONLY)
		return RC_OK;
	agenda_maintenance_told(c->to, &of);
	agenda_clocks(c->to, &of);
	agenda_facts(c->to, &of);
	return keep_own(c, o, first, err);
}

/* --- what both parties are told of --- */

/* trust.md D5: checkpoints of what was lost fit no longer, so whoever keeps some looks. */
static void restored(struct collecting *c, const struct own_entry *e)
{
	struct agenda_item x = item_of(c, TASK_RESTORED, text_of(""));

	x.what = doc_words(
		c->d, SAY(c->d, W_TASK_RESTORED, doc_int(c->d, own_entry_number(e, "size", 0))));
	x.at = e->entry.recorded_at;
	x.since = true;
	agenda_add(c->to, &x);
}

/* trust.md P10: for whoever sees all tickets. */
static void opened(struct collecting *c, const struct own_entry *e)
{
	struct agenda_item x = item_of(c, TASK_EMERGENCY, own_entry_text(e, "ticket"));

	if (!workspace_allows(c->ws, R_TICKET_READ) || own_only(c->ws, R_TICKET_READ))
		return;
	x.what = doc_words(c->d, SAY(c->d, W_TASK_EMERGENCY, code(c, x.about)));
	x.at = e->entry.recorded_at;
	x.since = true;
	agenda_add(c->to, &x);
}

static enum rc told(struct collecting *c, struct err *err)
{
	static const struct {
		enum fact_kind kind;
		void (*tell)(struct collecting *c, const struct own_entry *e);
	} kinds[] = {{FACT_LOG_RESTORED, restored}, {FACT_EMERGENCY_ACCESS, opened}};
	instant since = c->to->now - AGENDA_TOLD_DAYS * DAY_MS;
	enum rc rc = RC_OK;

	for (size_t k = 0; rc == RC_OK && k < ARRAY_SIZE(kinds); k++) {
		int64_t *marks = NULL;
		size_t n = 0;

		rc = record_marks(c->ws->store, c->ws->arena, c->log.id, (int)kinds[k].kind, &marks,
				  &n, err);
		while (rc == RC_OK && n > 0) {
			struct own_entry *e = arena_one(c->ws->arena, struct own_entry);

			rc = own_entry_read(c->ws, &c->log, marks[--n], e, err);
			if (rc != RC_OK || e->entry.recorded_at <= since)
				break; /* the times of a log only grow */
			kinds[k].tell(c, e);
		}
	}
	return rc;
}

/* --- statements --- */

static struct text month_text(const struct collecting *c, day first)
{
	struct civil v = civil_of(first);

	return text_format(c->ws->arena, "%04d-%02d", (int)v.year, (int)v.month);
}

static bool was_issued(const struct issued *v, size_t n, struct text window)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq(v[i].window, window))
			return true;
	return false;
}

/* Months of the service that have ended and of which no statement was issued; of the last twelve. */
static void to_issue(struct collecting *c, const struct issued *v, size_t n)
{
	const struct promise *p = c->r.versions[c->r.n_versions - 1].promise;
	day running = zone_day(c->zone, value_month_of(c->zone, c->to->now).from);

	for (int32_t k = STATEMENT_MONTHS; k >= 1; k--) {
		day first = day_add_months(running, -k), end = day_add_months(first, 1);
		struct agenda_item x = item_of(c, TASK_STATEMENT_TO_ISSUE, month_text(c, first));

		if (zone_midnight(c->zone, end) <= p->service_start ||
		    (p->end != INSTANT_NONE && zone_midnight(c->zone, first) >= p->end) ||
		    was_issued(v, n, x.about))
			continue;
		x.what = doc_words(c->d,
				   SAY(c->d, W_TASK_STATEMENT,
				       doc_time(c->d, zone_midnight(c->zone, first), TIME_MONTH)));
		x.who = PARTY_PROVIDER;
		x.at = zone_midnight(c->zone, end);
		x.since = true;
		x.command = text_format(c->ws->arena,
					"tenor statement --contract %.*s --month %.*s --issue",
					TEXT_ARG(c->log.contract), TEXT_ARG(x.about));
		agenda_add(c->to, &x);
	}
}

/* A window as people say it: a month by its name. */
static struct phrase window_words(const struct collecting *c, struct text window)
{
	day first;

	if (!day_parse(text_format(c->ws->arena, "%.*s-01", TEXT_ARG(window)), &first))
		return code(c, window);
	return doc_time(c->d, zone_midnight(c->zone, first), TIME_MONTH);
}

/* Those that were issued lately, for who reads them. */
static void to_review(struct collecting *c, const struct issued *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct agenda_item x = item_of(c, TASK_STATEMENT_TO_REVIEW, v[i].window);

		if (v[i].recorded_at < c->to->now - REVIEW_DAYS * DAY_MS ||
		    was_issued(v + i + 1, n - i - 1, v[i].window))
			continue;
		x.what = doc_words(c->d, SAY(c->d, W_TASK_REVIEW, window_words(c, v[i].window),
					     doc_int(c->d, v[i].revision)));
		x.who = PARTY_CLIENT;
		x.at = v[i].recorded_at;
		x.since = true;
		x.command = text_format(
			c->ws->arena,
			"tenor statement --contract %.*s --period %.*s --revision %lld",
			TEXT_ARG(c->log.contract), TEXT_ARG(v[i].window), (long long)v[i].revision);
		agenda_add(c->to, &x);
	}
}

static enum rc statements(struct collecting *c, struct err *err)
{
	struct issued *v = NULL;
	size_t n = 0;
	enum rc rc = issued_read(c->ws, &c->log, text_of(""), &v, &n, err);

	if (rc != RC_OK)
		return rc;
	if (c->to->provider)
		to_issue(c, v, n);
	else
		to_review(c, v, n);
	return RC_OK;
}

/* --- deadlines of money --- */

static void payments_due(struct collecting *c)
{
	const struct account *a = &c->m.account;

	for (size_t i = 0; i < a->n_documents; i++) {
		const struct account_document *d = &a->documents[i];
		struct agenda_item x = item_of(c, TASK_PAYMENT_DUE, d->invoice->number);

		if (d->open <= 0 || d->due == DAY_NONE || (!ahead(c, d->due) && d->due >= c->m.on))
			continue;
		x.what = doc_words(c->d, SAY(c->d, W_TASK_PAYMENT, code(c, d->invoice->number)));
		x.who = PARTY_CLIENT;
		due_by_end_of(&x, c, d->due);
		price(&x, c, d->open);
		x.command = text_format(c->ws->arena, "tenor invoice show %.*s",
					TEXT_ARG(d->invoice->number));
		agenda_add(c->to, &x);
	}
}

static bool is_open(const struct invoice_dispute *d)
{
	return d->state == DISPUTE_OPEN || d->state == DISPUTE_LATE || d->state == DISPUTE_OVERDUE;
}

static void disputes(struct collecting *c)
{
	const struct account *a = &c->m.account;

	for (size_t i = 0; i < a->n_disputes; i++) {
		const struct invoice_dispute *d = &a->disputes[i];
		struct text number = a->documents[d->document].invoice->number;
		struct agenda_item x = item_of(c, TASK_DISPUTE_OPEN, d->id);

		if (!is_open(d))
			continue;
		x.who = PARTY_PROVIDER;
		price(&x, c, d->net);
		x.command = text_format(
			c->ws->arena,
			"tenor dispute-settle --dispute %.*s --outcome OUTCOME --contract %.*s",
			TEXT_ARG(d->id), TEXT_ARG(c->log.contract));
		if (c->what == AGENDA_ALL) {
			x.what = doc_words(c->d, d->state == DISPUTE_LATE
							 ? SAY(c->d, W_TASK_DISPUTE_LATE,
							       code(c, d->id), code(c, number))
							 : SAY(c->d, W_TASK_DISPUTE_OPEN,
							       code(c, d->id), code(c, number)));
			x.at = zone_midnight(c->zone, d->raised);
			x.since = true;
			agenda_add(c->to, &x);
			x.since = false;
		}
		if (d->resolve_by == DAY_NONE ||
		    (!ahead(c, d->resolve_by) && d->resolve_by >= c->m.on))
			continue;
		x.kind = TASK_DISPUTE_ANSWER;
		x.what = doc_words(
			c->d, SAY(c->d, W_TASK_DISPUTE_ANSWER, code(c, d->id), code(c, number)));
		due_by_end_of(&x, c, d->resolve_by);
		agenda_add(c->to, &x);
	}
}

/* R58: notice not given yet; R59: the client's last day to leave before it. */
static void price_changes(struct collecting *c)
{
	const struct charging *ch = c->m.charging;

	for (size_t i = 0; i < ch->n_adjustments; i++) {
		const struct adjustment *a = &ch->adjustments[i];
		struct text on = money_day_text(c->ws->arena, a->date);
		struct agenda_item x = item_of(c, TASK_PRICE_NOTICE, on);

		if (a->notice_due != INSTANT_NONE && a->entry_notice < 0 &&
		    a->notice_due >= c->to->now &&
		    a->notice_due <= c->to->now + c->to->days * DAY_MS) {
			x.what = doc_words(c->d,
					   SAY(c->d, W_TASK_PRICE_NOTICE, doc_day(c->d, a->date)));
			x.who = PARTY_PROVIDER;
			x.at = a->notice_due;
			x.whole_day = zone_local(c->zone, x.at).ms == 0;
			x.counted = true;
			x.left_ms = x.at - c->to->now;
			x.command = text_format(c->ws->arena,
						"tenor index announce --date %.*s --contract %.*s",
						TEXT_ARG(on), TEXT_ARG(c->log.contract));
			agenda_add(c->to, &x);
		}
		if (a->last_day_to_leave == DAY_NONE || !ahead(c, a->last_day_to_leave))
			continue;
		x = item_of(c, TASK_LAST_DAY_TO_LEAVE, on);
		x.what = doc_words(c->d, SAY(c->d, W_TASK_LEAVE, doc_day(c->d, a->date)));
		x.who = PARTY_CLIENT;
		due_by_end_of(&x, c, a->last_day_to_leave);
		x.command = text_format(c->ws->arena, "tenor quote-exit --on DAY --contract %.*s",
					TEXT_ARG(c->log.contract));
		agenda_add(c->to, &x);
	}
}

static void hours_that_lapse(struct collecting *c)
{
	const struct charging *ch = c->m.charging;

	for (size_t i = 0; i < ch->n_grants; i++) {
		const struct grant *g = &ch->grants[i];
		struct fraction left = fraction_sub(g->bought, g->drawn);
		struct text charge = ch->slots[g->slot].id;
		struct agenda_item x = item_of(
			c, TASK_HOURS_EXPIRE,
			text_format(c->ws->arena, "%.*s %.*s", TEXT_ARG(charge), TEXT_ARG(g->id)));

		if (g->expiry == INT32_MAX || !ahead(c, g->expiry) || left.num <= 0)
			continue;
		x.what = doc_words(c->d, SAY(c->d, W_TASK_HOURS,
					     doc_decimal(c->d, fraction_round(left, 2, ROUND_DOWN)),
					     code(c, charge)));
		x.who = PARTY_CLIENT;
		due_by_end_of(&x, c, g->expiry);
		agenda_add(c->to, &x);
	}
}

static void contract_ends(struct collecting *c)
{
	day stop = c->m.charging->stop;
	struct agenda_item x = item_of(c, TASK_CONTRACT_ENDS, text_of(""));

	if (stop == INT32_MAX || !ahead(c, stop - 1))
		return;
	x.what = doc_words(c->d, SAY0(c->d, W_TASK_ENDS));
	due_by_end_of(&x, c, stop - 1);
	x.command = text_format(c->ws->arena, "tenor quote-exit --on DAY --contract %.*s",
				TEXT_ARG(c->log.contract));
	agenda_add(c->to, &x);
}

/* --- documents to issue, payments, what waits --- */

static void draft_item(struct collecting *c, enum agenda_kind kind, const struct invoice *i)
{
	struct agenda_item x = item_of(c, kind, i->corrected);

	x.what = doc_words(c->d, kind == TASK_INVOICE_TO_ISSUE
					 ? SAY0(c->d, W_TASK_INVOICE)
					 : SAY(c->d, W_TASK_CREDIT_NOTE, code(c, i->corrected)));
	x.who = PARTY_PROVIDER;
	price(&x, c, i->payable);
	x.command = text_format(c->ws->arena, "tenor invoice run --contract %.*s",
				TEXT_ARG(c->log.contract));
	agenda_add(c->to, &x);
}

static void documents_to_issue(struct collecting *c, const struct billing *b)
{
	const struct invoice *shown = b->invoice != NULL      ? b->invoice
				      : b->n_credit_notes > 0 ? b->credit_notes[0]
							      : NULL;
	const struct invoice money = {.currency = c->m.charging->currency};

	for (size_t i = 0; i < b->n_parked; i++) {
		struct agenda_item x =
			item_of(c, TASK_PARKED, text_of(parked_word(b->parked[i].why)));

		x.what = doc_words(c->d, SAY0(c->d, W_TASK_PARKED));
		x.why = doc_words(
			c->d, parked_words(c->d, shown != NULL ? shown : &money, &b->parked[i]));
		x.who = PARTY_PROVIDER;
		if (shown != NULL)
			price(&x, c, shown->payable);
		x.command = text_format(c->ws->arena,
					"tenor invoice release --reason WORD --contract %.*s",
					TEXT_ARG(c->log.contract));
		agenda_add(c->to, &x);
	}
	if (b->n_parked > 0)
		return;
	if (b->invoice != NULL)
		draft_item(c, TASK_INVOICE_TO_ISSUE, b->invoice);
	for (size_t i = 0; i < b->n_credit_notes; i++)
		draft_item(c, TASK_CREDIT_NOTE_TO_ISSUE, b->credit_notes[i]);
}

static void payments_left(struct collecting *c)
{
	const struct account *a = &c->m.account;

	for (size_t i = 0; i < a->n_payments; i++) {
		const struct account_payment *p = &a->payments[i];
		bool twice = p->duplicate;
		struct agenda_item x = item_of(c, twice ? TASK_DUPLICATE : TASK_UNAPPLIED, p->id);

		if (p->returned || p->retainer || p->deposit || p->unapplied <= 0)
			continue;
		x.what = doc_words(c->d, SAY(c->d, W_PAIR_PLAIN,
					     twice ? SAY(c->d, W_TASK_DUPLICATE, code(c, p->id))
						   : SAY(c->d, W_TASK_UNAPPLIED, code(c, p->id)),
					     code(c, p->reference)));
		x.who = PARTY_PROVIDER;
		x.at = zone_midnight(c->zone, p->date);
		x.since = true;
		price(&x, c, p->unapplied);
		if (twice)
			x.command = text_format(
				c->ws->arena,
				"tenor fact add payment.confirmed payment=%.*s --contract %.*s",
				TEXT_ARG(p->id), TEXT_ARG(c->log.contract));
		agenda_add(c->to, &x);
	}
}

/* The words of the charge that hold now; NULL: no charge of that id. */
static const struct priced_charge *charge_named(const struct charging *ch, struct text id)
{
	for (size_t s = 0; s < ch->n_slots; s++)
		if (text_eq(ch->slots[s].id, id))
			return slot_charge(ch, s, slot_version_on(ch, s, ch->on));
	return NULL;
}

/* A delivery by the words of the contract, with its id where that is another: 'Half (half)'. */
static struct text delivered_name(const struct collecting *c, const struct waiting *w)
{
	const struct priced_charge *x = charge_named(c->m.charging, w->charge);
	struct text name = x != NULL && text_eq(x->base->id, w->subject) ? x->name : text_of("");

	for (size_t i = 0; x != NULL && i < x->n_milestones; i++)
		if (text_eq(x->milestones[i].id, w->subject))
			name = x->milestones[i].name;
	if (name.n == 0 || text_eq(name, w->subject))
		return w->subject;
	return text_format(c->ws->arena, "%.*s (%.*s)", TEXT_ARG(name), TEXT_ARG(w->subject));
}

/* Of the one thing that is asked about: what a yes comes to, where it has no amount of its own. */
static enum rc what_it_comes_to(struct collecting *c, const struct waiting *w,
				struct agenda_item *x, struct err *err)
{
	struct supposed *v = NULL;
	struct agenda_change *out;
	size_t n = 0;
	enum rc rc;

	if (c->to->about.n == 0 || w->amount != 0)
		return RC_OK;
	rc = suppose_approved(c->m.charging, w, &v, &n, err);
	if (rc != RC_OK)
		return rc;
	out = arena_array(c->ws->arena, struct agenda_change, n);
	for (size_t i = 0; i < n; i++) {
		const struct priced_charge *charge = charge_named(c->m.charging, v[i].charge);

		out[i] = (struct agenda_change){charge != NULL && charge->name.n > 0 ? charge->name
										     : v[i].charge,
						v[i].service,
						{v[i].amount, c->m.charging->currency}};
	}
	x->changes = out;
	x->n_changes = n;
	x->changes_known = true;
	return RC_OK;
}

/* A client's yes or no (money.md R21, R30, R45, R47): until when, and what silence means; or that it was no. */
static enum rc client_decides(struct collecting *c, const struct waiting *w, struct agenda_item *x,
			      struct err *err)
{
	const struct view *view = c->m.charging->view;
	const struct fact *f = view_fact(view, w->fact);
	enum wording ask = W_TASK_ASKS_ORDER;

	if (f->kind == FACT_MILESTONE_DELIVERED)
		ask = W_TASK_ASKS_DELIVERY;
	else if (f->kind == FACT_WORK_RECORDED)
		ask = W_TASK_ASKS_WORK;
	else if (f->kind == FACT_SUPPLIER_INVOICED)
		ask = W_TASK_ASKS_PURCHASE;
	x->what = doc_words(c->d, SAY(c->d, ask,
				      code(c, ask == W_TASK_ASKS_DELIVERY ? delivered_name(c, w)
									  : w->subject)));
	x->at = w->timed ? w->until : f->occurred_at;
	x->since = !w->timed;
	if (w->timed) {
		x->counted = true;
		x->left_ms = w->until - c->to->now;
		x->late = x->left_ms < 0;
	}
	if (view->contested[w->fact] == CONTESTED) {
		x->why = doc_words(c->d, SAY0(c->d, W_TASK_OBJECTED));
		return RC_OK;
	}
	x->who = PARTY_CLIENT;
	x->why = doc_words(c->d, SAY0(c->d, w->silence_accepts ? W_TASK_SILENCE_ACCEPTS
							       : W_TASK_SILENCE_WAITS));
	x->asks = text_of(fact_row((enum fact_kind)f->kind)->kind);
	x->entry = w->entry;
	x->charge = w->charge;
	x->service = w->service;
	return what_it_comes_to(c, w, x, err);
}

static enum rc what_waits(struct collecting *c, struct err *err)
{
	const struct charging *ch = c->m.charging;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < ch->n_waits && rc == RC_OK; i++) {
		const struct waiting *w = &ch->waits[i];
		bool data = w->kind == NOTE_NO_DATA;
		struct agenda_item x =
			item_of(c, data ? TASK_NO_DATA : TASK_NOT_APPROVED, w->subject);
		struct phrase both[2] = {step_words(c->d, (enum step_what)w->what),
					 code(c, w->subject)};

		x.what = doc_words(c->d, doc_join_all(c->d, " \xc2\xb7 ", both, 2));
		x.who = PARTY_PROVIDER;
		if (w->date != DAY_NONE) {
			x.at = zone_midnight(c->zone, w->date);
			x.since = w->date <= c->m.on;
		}
		if (c->to->about.n > 0 && !text_eq(c->to->about, w->subject))
			continue;
		if (w->asks)
			rc = client_decides(c, w, &x, err);
		if (w->amount != 0)
			price(&x, c, w->amount);
		agenda_add(c->to, &x);
	}
	return rc;
}

/* Facts that cannot be billed as they are keep one contract from its document, and nobody from the list. */
static enum rc not_billed(struct collecting *c, enum rc rc, struct err *err)
{
	struct agenda_item x = item_of(c, TASK_CANNOT_BE_BILLED, text_of(""));

	if (rc != RC_INVALID && rc != RC_LIMIT)
		return rc;
	x.what = doc_words(c->d, SAY0(c->d, W_TASK_CANNOT));
	x.why = text_copy(c->ws->arena, text_of(err->message));
	x.who = PARTY_PROVIDER;
	x.command = text_format(c->ws->arena, "tenor invoice preview --contract %.*s",
				TEXT_ARG(c->log.contract));
	err_clear(err);
	if (c->what == AGENDA_ALL && c->to->provider)
		agenda_add(c->to, &x);
	return RC_OK;
}

static enum rc money(struct collecting *c, struct err *err)
{
	day on = zone_day(c->zone, c->to->now);
	bool draft = c->what == AGENDA_ALL && c->to->provider;
	struct money_at at = {
		.size = c->log.edge.size, .known_as_of = INSTANT_MAX, .on = on, .no_credits = true};
	struct billing bill = {.invoice = NULL};
	enum rc rc = draft ? issue_preview_on(c->ws, &c->r, on, on, &c->m, &bill, err)
			   : money_of(c->ws, &c->r, &at, &c->m, err);

	if (rc != RC_OK)
		return not_billed(c, rc, err);
	payments_due(c);
	disputes(c);
	price_changes(c);
	hours_that_lapse(c);
	contract_ends(c);
	if (c->what == AGENDA_ALL)
		rc = what_waits(c, err);
	if (rc != RC_OK || !draft)
		return rc;
	documents_to_issue(c, &bill);
	payments_left(c);
	return RC_OK;
}

/* Nothing of a ticket that is over is on the agenda, and what is owed counts none of those that may be left out. */
static enum rc recall_agenda(struct collecting *c, const struct log_head *log, struct err *err)
{
	const struct past_asked nothing = {{INSTANT_MAX, INSTANT_MAX}, c->to->now};

	return recall_past(c->ws, log, &nothing, &c->r, err);
}

static enum rc collect(struct workspace *ws, const struct log_head *log, enum agenda_what what,
		       struct agenda *to, struct err *err)
{
	struct collecting c = {.ws = ws, .log = *log, .to = to, .what = what};
	enum rc rc = recall_agenda(&c, log, err);

	if (rc == RC_MISSING) { /* no version in it yet */
		err_clear(err);
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	c.zone = c.r.versions[c.r.n_versions - 1].promise->zone;
	c.d = agenda_words(to, c.zone);
	to->n_contracts++;
	rc = from_outcome(&c, err);
	if (rc == RC_OK && what == AGENDA_ALL)
		rc = told(&c, err);
	if (rc == RC_OK && what == AGENDA_ALL && to->money)
		rc = statements(&c, err);
	return rc == RC_OK && to->money ? money(&c, err) : rc;
}

enum rc agenda_collect(struct workspace *ws, const struct log_head *log, enum agenda_what what,
		       struct agenda *to, struct err *err)
{
	struct recall_once *before = ws->app->once;
	enum rc rc;

	/* What waits, and its money. */
	if (before == NULL)
		ws->app->once = recall_once_new(ws->arena);
	rc = collect(ws, log, what, to, err);
	ws->app->once = before;
	return rc;
}
