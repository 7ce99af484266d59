/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money.h"

#include "app/grants.h"
#include "engine/exit.h"
#include "engine/invoice_json.h"
#include "engine/windows.h"

#include <assert.h>

/* --- versions with their prices --- */

static enum rc priced_versions(struct arena *a, const struct recalled *r,
			       struct priced_version **out, struct err *err)
{
	struct priced_version *v = arena_array(a, struct priced_version, r->n_versions);

	for (size_t i = 0; i < r->n_versions; i++) {
		const struct promise *p = r->versions[i].promise;
		enum rc rc = pricing_build(a, p, &v[i].pricing, err);
		char hex[SHA256_HEX + 1];

		if (rc != RC_OK)
			return rc;
		hash_hex(&r->versions[i].sha256, hex);
		v[i].hash = text_copy(a, text_of(hex));
		v[i].from = i == 0 ? INT32_MIN : zone_day(p->zone, r->versions[i].from);
		v[i].to = INT32_MAX;
		if (i > 0)
			v[i - 1].to = v[i].from;
	}
	*out = v;
	return RC_OK;
}

static const struct promise *newest(const struct recalled *r)
{
	return r->versions[r->n_versions - 1].promise;
}

/* The first day without the contract (R10): its end, where that is known. */
static day stop_day(const struct recalled *r)
{
	const struct promise *p = newest(r);

	if (p->end == INSTANT_NONE || p->end == INSTANT_MAX)
		return INT32_MAX;
	return zone_day(p->zone, p->end);
}

/* --- service credits --- */

static day month_of(day d)
{
	struct civil at = civil_of(d);

	return day_of(at.year, at.month, 1);
}

/* The months from the start of the service to the last one that has ended on `on`. Empty: none has. */
static struct span closed_months(const struct recalled *r, day on)
{
	const struct promise *p = newest(r);
	day from = r->versions[0].promise->service_start_day, to = month_of(on);

	if (from == DAY_NONE)
		from = r->versions[0].promise->effective_day;
	if (from == DAY_NONE || month_of(from) >= to)
		return (struct span){0, 0};
	return (struct span){zone_midnight(p->zone, month_of(from)), zone_midnight(p->zone, to)};
}

static bool any_credits(const struct recalled *r)
{
	for (size_t i = 0; i < r->n_versions; i++)
		if (r->versions[i].promise->credits.set)
			return true;
	return false;
}

/* What was charged as the bases of an evaluation's credits: shares of what the month's lines came to in print (sla.md R58). */
static enum rc take_nets(struct arena *a, const struct money_state *m, struct evaluation *in,
			 struct err *err)
{
	struct billing_input bill = {.charging = m->charging,
				     .issued = m->issued,
				     .n_issued = m->n_issued,
				     .settings = &m->settings,
				     .date = m->on,
				     .as_of = m->as_of,
				     .known_as_of = m->known_as_of};
	struct month_net *nets = NULL;
	size_t n = 0;
	enum rc rc = billing_nets(a, &bill, &nets, &n, err);

	if (rc != RC_OK)
		return rc;
	in->nets = nets;
	in->n_nets = n;
	in->nets_to = m->on;
	return RC_OK;
}

static enum rc find_credits(struct arena *a, struct money_state *m, struct err *err)
{
	struct span months = closed_months(&m->r, m->on);
	struct evaluation in;
	struct outcome *o;
	enum rc rc;

	if (!any_credits(&m->r) || months.from == months.to)
		return RC_OK;
	recall_evaluation(&m->r, a, months, m->as_of, m->known_as_of, &in);
	rc = take_nets(a, m, &in, err);
	if (rc == RC_OK)
		rc = evaluate(a, &in, &o, err);
	return rc == RC_OK ? credits_earned(a, o, (uint16_t)(m->r.n_versions - 1), &m->credits,
					    &m->n_credits, err)
			   : rc;
}

/* --- all of it --- */

/* The end that a notice or an exercised right gives, where it is before that of the term. */
static enum rc find_leaving(struct arena *a, struct money_state *m, const struct view *view,
			    const struct priced_version *versions, struct err *err)
{
	struct span months = closed_months(&m->r, m->on);
	struct evaluation in;
	struct outcome *o;
	enum rc rc = leaving_by_notice(versions, m->r.n_versions, view, &m->leaving, err);

	if (rc == RC_OK && view->kinds[FACT_RIGHT_EXERCISED].n > 0 && months.from != months.to) {
		recall_evaluation(&m->r, a, months, m->as_of, m->known_as_of, &in);
		rc = evaluate(a, &in, &o, err);
		if (rc == RC_OK)
			rc = leaving_by_right(o, &m->leaving, err);
	}
	if (m->leaving.set && m->leaving.date >= stop_day(&m->r))
		m->leaving.set = false;
	return rc;
}

static enum rc charge(struct arena *a, struct money_state *m, const struct view *view,
		      struct err *err)
{
	struct charging *c = arena_one(a, struct charging);
	struct priced_version *versions;
	enum rc rc = priced_versions(a, &m->r, &versions, err);

	if (rc == RC_OK)
		rc = find_leaving(a, m, view, versions, err);
	if (rc != RC_OK)
		return rc;
	*c = (struct charging){.arena = a,
			       .versions = versions,
			       .n_versions = m->r.n_versions,
			       .view = view,
			       .fact_entries = m->r.fact_index,
			       .on = m->on,
			       .stop = m->leaving.set ? m->leaving.date : stop_day(&m->r)};
	m->charging = c;
	rc = charging_begin(c, err);
	return rc == RC_OK ? charging_run(c, err) : rc;
}

enum rc money_work_out(struct arena *a, const struct recalled *r,
		       const struct issued_document *issued, size_t n_issued,
		       const struct money_at *at, struct money_state *out, struct err *err)
{
	struct issued_document *own = arena_array(a, struct issued_document, n_issued);
	struct account_input account = {.on = at->on, .n_issued = n_issued, .issued = own};
	enum rc rc;

	for (size_t i = 0; i < n_issued; i++)
		own[i] = issued[i];
	out->r = *r;
	out->log = r->log;
	out->on = at->on;
	out->as_of = zone_midnight(newest(r)->zone, at->on + 1);
	out->known_as_of = at->known_as_of == INSTANT_MAX ? r->last_recorded_at : at->known_as_of;
	out->issued = own;
	out->n_issued = n_issued;
	provider_settings_of(r->facts, out->known_as_of, &out->logged);
	out->provider = out->logged;
	rc = charge(a, out, view_make(a, r->facts, out->as_of, out->known_as_of), err);
	if (rc == RC_OK)
		provider_document_numbers(a, &out->provider, out->charging->currency,
					  &out->settings);
	if (rc == RC_OK && !at->no_credits)
		rc = find_credits(a, out, err);
	account.charging = out->charging;
	return rc == RC_OK ? account_make(a, &account, &out->account, err) : rc;
}

/* --- bases of credits --- */

static bool has_charges(const struct recalled *r)
{
	for (size_t i = 0; i < r->n_versions; i++)
		if (r->versions[i].promise->n_charges > 0)
			return true;
	return false;
}

static bool wants_bases(const struct recalled *r, const struct evaluation *e)
{
	return !e->base_given && any_credits(r) && has_charges(r);
}

enum rc money_bases(struct arena *a, const struct recalled *r, struct issued_document *issued,
		    size_t n_issued, struct evaluation *e, struct err *err)
{
	const struct zone *zone = newest(r)->zone;
	day after = zone_day(zone, e->period.to), now = zone_day(zone, e->as_of);
	int64_t known = recall_size_by(r, e->known_as_of);
	struct money_state m = {.log = r->log,
				.r = *r,
				.on = now > after ? now : after,
				.as_of = e->as_of,
				.known_as_of = e->known_as_of,
				.issued = issued};
	enum rc rc;

	if (!wants_bases(r, e))
		return RC_OK;
	while (m.n_issued < n_issued && (known < 0 || issued[m.n_issued].entry < known))
		m.n_issued++;
	provider_settings_of(r->facts, m.known_as_of, &m.logged);
	m.provider = m.logged;
	if (e->view == NULL)
		e->view = evaluation_view(a, e);
	rc = charge(a, &m, e->view, err);
	if (rc != RC_OK)
		return rc;
	provider_document_numbers(a, &m.provider, m.charging->currency, &m.settings);
	return take_nets(a, &m, e, err);
}

enum rc money_bases_of(struct workspace *ws, const struct recalled *r, struct evaluation *e,
		       struct err *err)
{
	struct issued_document *issued = NULL;
	size_t n = 0;
	enum rc rc = RC_OK;

	if (wants_bases(r, e))
		rc = money_issued(ws, &r->log, r->size, &issued, &n, err);
	return rc == RC_OK ? money_bases(ws->arena, r, issued, n, e, err) : rc;
}

/* --- from a workspace --- */

static const struct recall_options *options_of(const struct money_at *at, struct recall_options *o)
{
	*o = (struct recall_options){at->size, at->known_as_of, PACK_IDS_FEW};
	return o;
}

static enum rc from_facts(struct workspace *ws, const struct recalled *r,
			  const struct provider_settings *now, const struct money_at *at,
			  struct money_state *out, struct err *err)
{
	struct issued_document *issued = NULL;
	size_t n = 0;
	enum rc rc = money_issued(ws, &r->log, r->size, &issued, &n, err);

	*out = (struct money_state){.on = at->on};
	if (rc == RC_OK)
		rc = money_work_out(ws->arena, r, issued, n, at, out, err);
	/* Bounds, delay and limit hold for what is to be issued; they enter no document. */
	if (rc == RC_OK)
		provider_house_numbers(now, out->charging->currency, &out->settings);
	return rc;
}

enum rc money_recall_on(struct workspace *ws, struct recalled *versions,
			const struct provider_settings *now, const struct money_at *at,
			struct money_state *out, struct err *err)
{
	struct recall_options options;
	enum rc rc = recall_facts(ws, options_of(at, &options), versions, err);

	return rc == RC_OK ? from_facts(ws, versions, now, at, out, err) : rc;
}

enum rc money_recall(struct workspace *ws, const struct log_head *log, const struct money_at *at,
		     struct money_state *out, struct err *err)
{
	struct recall_options options;
	struct recalled r;
	enum rc rc = recall(ws, log, options_of(at, &options), &r, err);

	return rc == RC_OK ? money_of(ws, &r, at, out, err) : rc;
}

enum rc money_of(struct workspace *ws, const struct recalled *r, const struct money_at *at,
		 struct money_state *out, struct err *err)
{
	struct provider_settings now;
	enum rc rc = provider_settings_at(ws, INSTANT_MAX, &now, err);

	return rc == RC_OK ? from_facts(ws, r, &now, at, out, err) : rc;
}

/* Is the last service period of every charge in it (R62)? */
static bool is_final(const struct money_state *m)
{
	return m->charging->stop != INT32_MAX && m->on >= m->charging->stop;
}

/* R74: what a person released, the last such entry; it holds for exactly those bytes. */
struct hash money_released(const struct money_state *m)
{
	const struct facts *f = m->r.facts;
	struct hash out = {{0}};

	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].kind == FACT_ACCOUNT_RELEASED &&
		    f->v[i].recorded_at <= m->known_as_of &&
		    !hash_parse(symbol_text(f->symbols, f->v[i].subject), &out))
			assert(false && "facts.def types it");
	return out;
}

static struct billing_input bill_input(const struct money_state *m, day date,
				       const struct money_proof *proof)
{
	struct billing_input in = {.charging = m->charging,
				   .issued = m->issued,
				   .n_issued = m->n_issued,
				   .credits = m->credits,
				   .n_credits = m->n_credits,
				   .settings = &m->settings,
				   .date = date,
				   .log_size = proof->size,
				   .root = proof->root,
				   .origin = proof->origin,
				   .payment_reference = m->log.contract,
				   .as_of = m->as_of,
				   .known_as_of = m->known_as_of,
				   .open = m->account.open,
				   .n_open = m->account.n_open,
				   .final = is_final(m)};

	in.released = money_released(m);
	return in;
}

/* R120, once the day has come: the fee as tenor quote-exit gives it for that day. What is not documented yet stands by its preview. */
static enum rc leaving_fee(struct arena *a, const struct money_state *m, struct billing_input *in,
			   struct err *err)
{
	const struct leaving *l = &m->leaving;
	struct charging *c = arena_one(a, struct charging);
	struct issued_document *all = arena_array(a, struct issued_document, m->n_issued + 1);
	struct exit_quote *fee = arena_one(a, struct exit_quote);
	struct billing preview = {.invoice = NULL};
	struct exit_input ask = {.charging = c,
				 .issued = all,
				 .n_issued = m->n_issued,
				 .date = l->date,
				 .cause = l->cause,
				 .notice_on = l->notice_on,
				 .returns = DAY_NONE};
	enum rc rc;

	if (!l->set || !l->fee || m->on < l->date)
		return RC_OK;
	/* as if the contract went on */
	*c = (struct charging){.arena = a,
			       .versions = m->charging->versions,
			       .n_versions = m->charging->n_versions,
			       .view = m->charging->view,
			       .fact_entries = m->charging->fact_entries,
			       .on = l->date,
			       .stop = stop_day(&m->r)};
	ask.end = term_running_end(c->versions, c->n_versions, l->date);
	rc = charging_begin(c, err);
	if (rc == RC_OK)
		rc = charging_run(c, err);
	if (rc == RC_OK)
		rc = billing_make(a, in, &preview, err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < m->n_issued; i++)
		all[i] = m->issued[i];
	if (preview.invoice != NULL)
		all[ask.n_issued++] =
			(struct issued_document){.invoice = preview.invoice, .entry = -1};
	rc = exit_make(a, &ask, fee, err);
	if (rc == RC_OK && fee->due)
		in->exit = fee;
	return rc;
}

enum rc money_bill(struct arena *a, const struct money_state *m, day date,
		   const struct money_proof *proof, struct billing *out, struct err *err)
{
	struct billing_input in = bill_input(m, date, proof);
	enum rc rc = leaving_fee(a, m, &in, err);

	return rc == RC_OK ? billing_make(a, &in, out, err) : rc;
}

enum rc money_past_shown(struct arena *a, const struct money_state *m, day date, struct span *out,
			 struct err *err)
{
	const struct money_proof none = {.size = 0};
	const struct billing_input in = bill_input(m, date, &none);
	enum rc rc = RC_OK;

	*out = (struct span){0, 0};
	for (size_t i = 0; rc == RC_OK && i < m->n_credits; i++) {
		const struct earned_credit *k = &m->credits[i];
		int64_t open = 0;

		if (k->past.from == k->past.to)
			continue;
		rc = billing_credit_open(a, &in, k, &open, err);
		if (rc == RC_OK && open != 0)
			window_hull(out, k->past);
	}
	return rc;
}

enum rc money_restate(struct arena *a, const struct money_state *m, day date,
		      const struct money_proof *proof, struct billing *out, struct restated **rows,
		      size_t *n, struct err *err)
{
	struct billing_input in = bill_input(m, date, proof);
	enum rc rc = leaving_fee(a, m, &in, err);

	return rc == RC_OK ? billing_restate(a, &in, out, rows, n, err) : rc;
}

/* --- documents --- */

enum rc money_document_of(struct workspace *ws, const struct own_entry *e,
			  struct issued_document *out, struct err *err)
{
	struct invoice *invoice;
	struct text bytes;
	enum rc rc;

	out->entry = e->index;
	if (!hash_parse(own_entry_text(e, "document"), &out->sha256))
		assert(false && "facts.def types it");
	rc = record_blob(ws->store, ws->arena, &out->sha256, &bytes, err);
	if (rc == RC_MISSING)
		return err_set(err, RC_INVALID, "the document of entry %lld is missing: %.*s",
			       (long long)e->index, TEXT_ARG(own_entry_text(e, "invoice")));
	if (rc == RC_OK)
		rc = invoice_read(ws->arena, bytes, &invoice, err);
	if (rc == RC_OK)
		out->invoice = invoice;
	return rc;
}

enum rc money_issued(struct workspace *ws, const struct log_head *log, int64_t size,
		     struct issued_document **out, size_t *n, struct err *err)
{
	struct own_entry *own;
	enum rc rc = own_entries(ws, log, FACT_INVOICE_ISSUED, size, &own, n, err);

	if (rc != RC_OK)
		return rc;
	*out = arena_array(ws->arena, struct issued_document, *n);
	for (size_t i = 0; rc == RC_OK && i < *n; i++)
		rc = money_document_of(ws, &own[i], &(*out)[i], err);
	return rc;
}

enum rc money_document(struct workspace *ws, struct text number, struct log_head *log,
		       struct issued_document *out, struct err *err)
{
	struct stored_document where;
	struct own_entry own;
	enum rc rc = record_document(ws->store, ws->arena, number, &where, err);

	if (rc == RC_OK)
		rc = grant_day(ws, where.day) ? workspace_log_of_id(ws, where.log, log, err)
					      : RC_MISSING;
	if (rc == RC_MISSING) {
		err_hint(err, "\"tenor invoice list\" names those there are");
		return err_set(err, RC_MISSING, "there is no document '%.*s'", TEXT_ARG(number));
	}
	if (rc == RC_OK)
		rc = own_entry_read(ws, log, where.index, &own, err);
	return rc == RC_OK ? money_document_of(ws, &own, out, err) : rc;
}

/* --- settings --- */

enum rc money_provider_now(struct workspace *ws, struct money_state *m, struct err *err)
{
	struct provider_settings p;
	enum rc rc = provider_settings_at(ws, INSTANT_MAX, &p, err);

	if (rc == RC_OK)
		money_provider_is(ws->arena, &p, m);
	return rc;
}

void money_provider_is(struct arena *a, const struct provider_settings *now, struct money_state *m)
{
	provider_for_documents(now, m->charging->currency, &m->provider);
	provider_document_numbers(a, &m->provider, m->charging->currency, &m->settings);
}
