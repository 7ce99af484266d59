/* SPDX-License-Identifier: Apache-2.0 */
/* Words for the engine's things: metrics, targets, windows, spans, facts, states. */
#include "render/reason.h"
#include "render/said.h"
#include "render/tree_words.h"

#include <assert.h>
#include <string.h>

const struct promise *report_promise(const struct report *r, uint16_t version)
{
	assert(version < r->o->in.n_versions);
	return r->o->in.versions[version].promise;
}

const struct metric *report_metric(const struct report *r, uint16_t version, uint16_t metric)
{
	const struct promise *p = report_promise(r, version);

	assert(metric < p->n_metrics);
	return &p->metrics[metric];
}

struct phrase symbol_words(const struct report *r, symbol y)
{
	return doc_plain(r->d, symbol_text(r->o->in.facts->symbols, y));
}

/* --- metrics and targets --- */

static enum wording clock_wording(const struct metric *m)
{
	switch (m->stop) {
	case EVENT_ANSWERED:
		return W_METRIC_RESPONSE;
	case EVENT_PROVIDER_MESSAGE:
		return m->start == EVENT_CLIENT_MESSAGE ? W_METRIC_NEXT_RESPONSE : W_METRIC_UPDATE;
	case EVENT_RESTORED:
	case EVENT_RESOLVED:
	case EVENT_CLOSED:
		return W_METRIC_RESOLUTION;
	case EVENT_ASSIGNED:
		return W_METRIC_DISPATCH;
	case EVENT_WORK_STARTED:
		return W_METRIC_ARRIVAL;
	case EVENT_OUTAGE_ENDED:
		return W_METRIC_RECOVERY;
	case EVENT_PATCH_INSTALLED:
		return W_METRIC_PATCHING;
	default:
		return W_METRIC_OTHER;
	}
}

static enum wording metric_wording(const struct metric *m)
{
	switch (m->kind) {
	case METRIC_ELAPSED:
		return clock_wording(m);
	case METRIC_AVAILABILITY:
		return W_METRIC_UPTIME;
	case METRIC_RATIO:
	case METRIC_MEAN:
	case METRIC_PERCENTILE:
	case METRIC_COUNT:
		break;
	}
	return W_METRIC_OTHER;
}

struct phrase metric_name(struct doc *d, const struct promise *p, size_t metric)
{
	const struct metric *m = &p->metrics[metric];
	enum wording w = metric_wording(m);
	size_t alike = 0;

	if (w == W_METRIC_OTHER)
		return doc_plain(d, m->id);
	for (size_t i = 0; i < p->n_metrics; i++)
		alike += metric_wording(&p->metrics[i]) == w;
	return alike < 2 ? SAY0(d, w) : SAY(d, W_NAMED, SAY0(d, w), doc_plain(d, m->id));
}

struct phrase metric_words(const struct report *r, uint16_t version, uint16_t metric)
{
	return metric_name(r->d, report_promise(r, version), metric);
}

struct phrase priority_words(const struct report *r, uint16_t version, int priority)
{
	if (priority < 0)
		return NO_WORDS;
	return doc_plain(r->d, report_promise(r, version)->priorities[priority].id);
}

static struct phrase timing_words(const struct report *r, const struct timing *t)
{
	struct duration d = t->duration;

	/* A business day without @calendar counts on the contract's: said once, by the contract. */
	return doc_duration(r->d, d);
}

struct phrase target_words(const struct report *r, const struct target *t)
{
	struct phrase p = timing_words(r, &t->within);

	if (t->or_within.set)
		p = SAY(r->d, W_OR, p, timing_words(r, &t->or_within));
	if (t->by_min >= 0) {
		struct buf b;

		buf_init(&b, 16);
		format_minutes(&b, t->by_min);
		p = SAY(r->d, W_BY_TIME, p, doc_plain(r->d, text_copy(r->d->arena, buf_view(&b))));
		buf_free(&b);
	}
	return p;
}

const struct target *target_for(const struct metric *m, int priority)
{
	const struct target *all = NULL;

	for (size_t i = 0; i < m->n_targets; i++) {
		if (m->targets[i].priority == priority)
			return &m->targets[i];
		if (m->targets[i].priority < 0)
			all = &m->targets[i];
	}
	return all;
}

const struct priority_share *share_of(const struct window_result *w, const struct promise *p,
				      int priority)
{
	size_t i = priority < 0 ? p->n_priorities : (size_t)priority;

	assert(i <= p->n_priorities);
	return w->priorities == NULL ? NULL : &w->priorities[i];
}

/* --- windows --- */

struct phrase window_words(const struct report *r, const struct window_result *w)
{
	struct text label = text_of(w->label);
	day month = 0;

	if (month_parse(label, &month))
		return doc_time(r->d, w->window.from, TIME_MONTH);
	if (label.n == 7 && label.p[5] == 'Q')
		return SAY(r->d, W_QUARTER, doc_plain(r->d, text_sub(label, 6, 7)),
			   doc_plain(r->d, text_sub(label, 0, 4)));
	return doc_plain(r->d, label);
}

struct text window_short(const struct report *r, const struct window_result *w)
{
	day month = 0;

	if (month_parse(text_of(w->label), &month))
		return doc_words(r->d, doc_time(r->d, w->window.from, TIME_MONTH_SHORT));
	return text_of(w->label);
}

enum doc_state verdict_state(const struct window_result *w)
{
	switch (w->verdict) {
	case VERDICT_MET:
		return STATE_KEPT;
	case VERDICT_MISSED:
		return STATE_MISSED;
	case VERDICT_NOT_JUDGED:
		break;
	}
	return STATE_OPEN;
}

struct phrase not_judged_words(const struct report *r, const struct window_result *w)
{
	static const enum wording reasons[] = {
		[JUDGED] = W_NJ_NO_TARGET,
		[NJ_NO_SAMPLES] = W_NJ_NO_SAMPLES,
		[NJ_SMALL_SAMPLE] = W_NJ_SMALL_SAMPLE,
		[NJ_CARRIED] = W_NJ_CARRIED,
		[NJ_PARTIAL] = W_NJ_PARTIAL,
		[NJ_BEFORE_APPLIES] = W_NJ_BEFORE_APPLIES,
		[NJ_RUNNING] = W_NJ_RUNNING,
		[NJ_NO_AGREED_TIME] = W_NJ_NO_AGREED_TIME,
		[NJ_OUTSIDE_TERM] = W_NJ_OUTSIDE_TERM,
		[NJ_NO_TARGET] = W_NJ_NO_TARGET,
	};

	assert((size_t)w->why_not < ARRAY_SIZE(reasons));
	/* Agreed time there was, but nobody looked. */
	if (w->why_not == NJ_NO_AGREED_TIME && w->availability != NULL &&
	    w->availability->unknown_ms > 0 &&
	    w->availability->unknown_ms == w->availability->removed_ms)
		return SAY0(r->d, W_NJ_NOT_OBSERVED);
	return SAY0(r->d, reasons[w->why_not]);
}

struct phrase verdict_words(const struct report *r, const struct window_result *w)
{
	struct phrase p;

	if (w->verdict == VERDICT_NOT_JUDGED) {
		if (w->why_not == NJ_NO_SAMPLES)
			return SAY0(r->d, W_NA);
		return SAY(r->d, W_NOT_JUDGED, not_judged_words(r, w));
	}
	if (w->verdict == VERDICT_MET)
		p = SAY0(r->d, W_KEPT);
	else
		p = SAY0(r->d, w->deemed ? W_MISSED_DEEMED : W_MISSED);
	if (w->held)
		p = SAY(r->d, W_IS_HELD, p);
	if (w->running)
		p = SAY(r->d, W_SO_FAR, p);
	return p;
}

/* --- time --- */

static day local_day(const struct report *r, instant t)
{
	return zone_day(r->d->zone != NULL ? r->d->zone : zone_utc(), t);
}

struct phrase span_words(const struct report *r, struct span s)
{
	const struct zone *z = r->d->zone != NULL ? r->d->zone : zone_utc();
	struct local to = zone_local(z, s.to);
	struct phrase abbreviation =
		doc_plain(r->d, text_copy(r->d->arena, text_of(zone_local(z, s.from).abbrev)));
	bool one_day = local_day(r, s.from) == to.date ||
		       (to.ms == 0 && local_day(r, s.from) == to.date - 1);
	struct phrase parts[5] = {doc_time(r->d, s.from, TIME_DAY), doc_plain(r->d, text_of(" ")),
				  doc_time(r->d, s.from, TIME_CLOCK), doc_plain(r->d, text_of("-")),
				  NO_WORDS};

	if (one_day) {
		parts[4] = to.ms == 0 ? doc_plain(r->d, text_of("24:00"))
				      : doc_time(r->d, s.to, TIME_CLOCK);
		struct phrase all = doc_join_all(r->d, "", parts, 5);

		return doc_join(r->d, doc_join(r->d, all, doc_plain(r->d, text_of("\xc2\xa0"))),
				abbreviation);
	}
	return SAY(r->d, W_FROM_TO, doc_time(r->d, s.from, TIME_MOMENT),
		   doc_time(r->d, s.to, TIME_MOMENT));
}

struct phrase quotient_words(const struct report *r, int64_t part_ms, int64_t whole_ms)
{
	if (part_ms % MINUTE_MS == 0 && whole_ms % MINUTE_MS == 0)
		return SAY(r->d, W_MINUTES_OF, doc_int(r->d, part_ms / MINUTE_MS),
			   doc_int(r->d, whole_ms / MINUTE_MS));
	return SAY(r->d, W_OF, doc_span(r->d, part_ms), doc_span(r->d, whole_ms));
}

static const struct named_calendar *named(const struct promise *p, const struct calendar *c)
{
	for (size_t i = 0; i < p->n_calendars; i++)
		if (p->calendars[i].calendar == c)
			return &p->calendars[i];
	return NULL;
}

/* One item of `hours`: its days and ranges as written. */
static struct phrase hours_item(const struct report *r, const struct node *item)
{
	const struct node *days = node_at(item, "days"), *open = node_at(item, "open");
	struct buf b;

	buf_init(&b, 1024);
	if (days != NULL)
		format_weekdays(&b, r->d->language, days->value.days);
	buf_char(&b, ' ');
	for (const struct node *range = open != NULL ? open->child : NULL; range != NULL;
	     range = range->next) {
		if (range != open->child)
			buf_str(&b, ", ");
		format_ranges(&b, &range->value.range, 1);
	}
	struct phrase out = doc_plain(r->d, text_copy(r->d->arena, text_trim(buf_view(&b))));

	buf_free(&b);
	return out;
}

struct phrase hours_words(const struct report *r, const struct promise *p, const struct calendar *c)
{
	const struct named_calendar *n = c == NULL ? NULL : named(p, c);
	const struct node *hours = n == NULL || n->node == NULL ? NULL : node_at(n->node, "hours");
	struct phrase out = NO_WORDS;

	for (const struct node *item = hours != NULL ? hours->child : NULL; item != NULL;
	     item = item->next) {
		struct phrase both[2] = {out, hours_item(r, item)};

		out = doc_join_all(r->d, "; ", both, 2);
	}
	return out;
}

/* --- contract --- */

struct phrase clause_words(const struct report *r, const struct node *n)
{
	const struct node *clause = n == NULL ? NULL : node_clause(n);

	return clause == NULL ? NO_WORDS : tree_clause(r->d, clause_label(r->d->arena, clause));
}

struct phrase cause_words(const struct report *r, enum excuse_cause c)
{
	static const enum wording causes[] = {
		[CAUSE_SCHEDULED_MAINTENANCE] = W_CAUSE_SCHEDULED,
		[CAUSE_EMERGENCY_MAINTENANCE] = W_CAUSE_EMERGENCY,
		[CAUSE_FORCE_MAJEURE] = W_CAUSE_FORCE_MAJEURE,
		[CAUSE_CLIENT_OBLIGATION] = W_CAUSE_OBLIGATION,
		[CAUSE_CLIENT_REQUEST] = W_CAUSE_REQUEST,
		[CAUSE_THIRD_PARTY_NETWORK] = W_CAUSE_NETWORK,
		[CAUSE_THIRD_PARTY_SERVICE] = W_CAUSE_SERVICE,
		[CAUSE_SUSPENSION] = W_CAUSE_SUSPENSION,
	};

	assert((size_t)c < ARRAY_SIZE(causes));
	return SAY0(r->d, causes[c]);
}

struct phrase refusal_words(const struct report *r, const struct excuse *e)
{
	switch (e->refusal) {
	case EXCUSE_VALID:
		return NO_WORDS;
	case EXCUSE_NOTICE_SHORT:
		if (e->notice_ms < 0)
			return SAY(r->d, W_REFUSED_NOTICE_LATE, doc_span(r->d, -e->notice_ms));
		return SAY(r->d, W_REFUSED_NOTICE, doc_span(r->d, e->notice_ms),
			   doc_span(r->d, e->needed_ms));
	case EXCUSE_OUTSIDE_WINDOW:
		return SAY0(r->d, W_REFUSED_WINDOW);
	case EXCUSE_NO_CHANGE_RECORD:
		return SAY0(r->d, W_REFUSED_CHANGE);
	case EXCUSE_CANCELLED:
		return SAY0(r->d, W_REFUSED_CANCELLED);
	case EXCUSE_ALLOWANCE_USED:
		return SAY0(r->d, W_REFUSED_ALLOWANCE);
	case EXCUSE_UNPROVEN:
		return SAY0(r->d, W_REFUSED_UNPROVEN);
	case EXCUSE_NOT_LISTED:
		return SAY0(r->d, W_REFUSED_NOT_LISTED);
	case EXCUSE_SUBCONTRACTOR:
		return SAY0(r->d, W_REFUSED_SUBCONTRACTOR);
	case EXCUSE_AFTER_REPORT:
		return SAY0(r->d, W_REFUSED_AFTER_REPORT);
	case EXCUSE_CONTESTED:
		return SAY0(r->d, W_REFUSED_CONTESTED);
	}
	return NO_WORDS;
}

struct phrase void_words(const struct report *r, enum void_reason reason, int64_t n)
{
	switch (reason) {
	case VOID_CANCELLED:
		return COUNTED(r->d, n, W_VOID_CANCELLED);
	case VOID_MERGED:
		return COUNTED(r->d, n, W_VOID_MERGED);
	case VOID_OUT_OF_SCOPE:
		return COUNTED(r->d, n, W_VOID_SCOPE);
	case VOID_STOP_BEFORE_START:
		return COUNTED(r->d, n, W_VOID_STOP);
	case VOID_END_OF_SERVICE:
		return COUNTED(r->d, n, W_VOID_END);
	case VOID_MONITOR_TICKET:
		return COUNTED(r->d, n, W_VOID_MONITOR);
	case VOID_NO_PRIORITY:
		return COUNTED(r->d, n, W_VOID_PRIORITY);
	case VOID_BEFORE_SERVICE:
		return COUNTED(r->d, n, W_VOID_BEFORE);
	case VOID_NO_TARGET:
	case VOID_NONE:
		break;
	}
	return COUNTED(r->d, n, W_VOID_TARGET);
}

struct phrase event_words(const struct report *r, int event)
{
	switch (event) {
	case EVENT_LOGGED:
		return SAY0(r->d, W_EVENT_LOGGED);
	case EVENT_ANSWERED:
	case EVENT_PROVIDER_MESSAGE:
		return SAY0(r->d, W_EVENT_ANSWERED);
	case EVENT_CLIENT_MESSAGE:
		return SAY0(r->d, W_EVENT_CLIENT_MESSAGE);
	case EVENT_ASSIGNED:
		return SAY0(r->d, W_EVENT_ASSIGNED);
	case EVENT_WORK_STARTED:
		return SAY0(r->d, W_EVENT_WORK_STARTED);
	case EVENT_RESTORED:
		return SAY0(r->d, W_EVENT_RESTORED);
	case EVENT_RESOLVED:
		return SAY0(r->d, W_EVENT_RESOLVED);
	case EVENT_CLOSED:
		return SAY0(r->d, W_EVENT_CLOSED);
	case EVENT_REOPENED:
		return SAY0(r->d, W_EVENT_REOPENED);
	case EVENT_WAITING_CLIENT:
		return SAY0(r->d, W_EVENT_WAITING_CLIENT);
	case EVENT_WAITING_VENDOR:
		return SAY0(r->d, W_EVENT_WAITING_VENDOR);
	case EVENT_SCHEDULED:
		return SAY0(r->d, W_EVENT_SCHEDULED);
	case EVENT_MAINTENANCE_WINDOW:
		return SAY0(r->d, W_EVENT_MAINTENANCE);
	case EVENT_OUTAGE_BEGAN:
		return SAY0(r->d, W_EVENT_BEGAN);
	case EVENT_OUTAGE_ENDED:
		return SAY0(r->d, W_EVENT_ENDED);
	default:
		break;
	}
	if (event < 0 || event >= EVENT_COUNT)
		return NO_WORDS;
	return doc_plain(r->d, text_of(event_row((enum fact_event)event)->name));
}

/* --- facts --- */

struct phrase party_words(const struct report *r, enum party p)
{
	switch (p) {
	case PARTY_PROVIDER:
		return SAY0(r->d, W_PARTY_PROVIDER);
	case PARTY_CLIENT:
		return SAY0(r->d, W_PARTY_CLIENT);
	case PARTY_MONITOR:
		return SAY0(r->d, W_PARTY_MONITOR);
	case PARTY_SUPPLIER:
		return SAY0(r->d, W_PARTY_SUPPLIER);
	case PARTY_UNKNOWN:
		break;
	}
	return SAY0(r->d, W_PARTY_UNKNOWN);
}

struct phrase file_words(const struct report *r, struct text name)
{
	size_t from = 0;

	for (size_t i = 0; i + 1 < name.n; i++)
		if (name.p[i] == '/')
			from = i + 1;
	return doc_plain(r->d, text_sub(name, from, name.n));
}

int64_t report_entry(const struct report *r, const struct fact *f)
{
	return outcome_entry(r->o, f->order);
}

struct phrase fact_source_words(const struct report *r, uint32_t fact)
{
	const struct fact *f = view_fact(r->o->view, fact);
	struct phrase name = NO_WORDS;

	if (f->source < r->o->in.facts->n_sources)
		name = file_words(r, r->o->in.facts->sources[f->source].name);
	if (r->options.entries && name.n == 0) /* by hand */
		return SAY(r->d, W_SOURCE_ENTRY, doc_int(r->d, report_entry(r, f)));
	if (r->options.entries)
		return SAY(r->d, W_FILE_ENTRY, name, doc_int(r->d, report_entry(r, f)));
	if (f->line == 0)
		return name;
	return SAY(r->d, W_FILE_LINE, name,
		   doc_plain(r->d, text_format(r->d->arena, "%u", f->line)));
}

struct phrase fact_words(const struct report *r, uint32_t fact)
{
	const struct fact *f = view_fact(r->o->view, fact);

	return SAY(
		r->d, W_FACT, symbol_words(r, f->subject), said_kind(r->d, (enum fact_kind)f->kind),
		doc_time(r->d, f->occurred_at, TIME_MOMENT), party_words(r, (enum party)f->party));
}

struct phrase flag_words(const struct report *r, enum fact_flag f)
{
	switch (f) {
	case FLAG_LATE:
		return SAY0(r->d, W_FLAG_LATE);
	case FLAG_RESTATING:
		return SAY0(r->d, W_FLAG_RESTATING);
	case FLAG_FUTURE:
		return SAY0(r->d, W_FLAG_FUTURE);
	case FLAG_CONTRADICTING:
		return SAY0(r->d, W_FLAG_CONTRADICTING);
	case FLAG_OUT_OF_ORDER:
		return SAY0(r->d, W_FLAG_OUT_OF_ORDER);
	case FLAG_IMPLIED:
		return SAY0(r->d, W_FLAG_IMPLIED);
	case FLAG_UNPROVEN:
		return SAY0(r->d, W_FLAG_UNPROVEN);
	case FLAG_MINUTE_PRECISION:
		return SAY0(r->d, W_FLAG_MINUTE);
	case FLAG_SAME_TIME:
		return SAY0(r->d, W_FLAG_SAME_TIME);
	case FLAG_OVERLAPPING:
		return SAY0(r->d, W_FLAG_OVERLAPPING);
	case FLAG_ZONE_GAP:
		return SAY0(r->d, W_FLAG_ZONE_GAP);
	case FLAG_ZONE_TWICE:
		return SAY0(r->d, W_FLAG_ZONE_TWICE);
	case FLAG_PENDING:
		return SAY0(r->d, W_FLAG_PENDING);
	}
	return NO_WORDS;
}

struct phrase amount_words(const struct report *r, struct money m)
{
	return doc_exact(r->d, money_exact(m), m.currency.decimals);
}

/* A window of which only the label is known, because it has not begun. */
static struct phrase label_words(const struct report *r, struct text label)
{
	day month = 0;

	if (month_parse(label, &month))
		return doc_time(r->d, zone_midnight(statement_zone(r), month), TIME_MONTH);
	return doc_plain(r->d, label);
}

struct phrase deadline_words(const struct report *r, const struct act_deadline *x)
{
	struct doc *d = r->d;
	struct phrase window = x->window < r->o->n_windows
				       ? window_words(r, &r->o->windows[x->window])
				       : label_words(r, x->subject);

	switch (x->kind) {
	case DEADLINE_REPORT:
		return SAY(d, W_DEADLINE_REPORT, window);
	case DEADLINE_CLAIM:
		return SAY(d, W_DEADLINE_CLAIM,
			   x->item < r->o->n_credits
				   ? doc_plain(d, text_of(r->o->credits[x->item].id))
				   : window);
	case DEADLINE_RIGHT:
		if (x->item < r->o->n_rights) {
			const struct right *right = &r->o->rights[x->item];

			return SAY(d, W_DEADLINE_RIGHT,
				   doc_plain(d, report_promise(r, right->version)
							->chronic[right->chronic]
							.id));
		}
		return SAY(d, W_DEADLINE_RIGHT, window);
	case DEADLINE_OBLIGATION:
		return SAY(d, W_DEADLINE_OBLIGATION, doc_plain(d, x->subject));
	case DEADLINE_NON_RENEWAL:
		break;
	}
	return SAY0(d, W_DEADLINE_NON_RENEWAL);
}

struct phrase import_words(const struct report *r, enum import_code code)
{
	static const enum wording words[IMPORT_CODE_COUNT] = {
		[IMPORT_COLUMNS] = W_IMPORT_COLUMNS,
		[IMPORT_VALUE] = W_IMPORT_VALUE,
		[IMPORT_COST_CATEGORY] = W_IMPORT_COST_CATEGORY,
		[IMPORT_COST_CHARGE] = W_IMPORT_COST_CHARGE,
		[IMPORT_COST_AMOUNT] = W_IMPORT_COST_AMOUNT,
		[IMPORT_MONTH] = W_IMPORT_MONTH,
		[IMPORT_QUOTE] = W_IMPORT_QUOTE,
		[IMPORT_UTF8] = W_IMPORT_UTF8,
		[IMPORT_NUL] = W_IMPORT_NUL,
		[IMPORT_LONG] = W_IMPORT_LONG,
		[IMPORT_JSON] = W_IMPORT_JSON,
		[IMPORT_FIELD_UNKNOWN] = W_IMPORT_FIELD_UNKNOWN,
		[IMPORT_FIELD_MISSING] = W_IMPORT_FIELD_MISSING,
		[IMPORT_FIELD_TYPE] = W_IMPORT_FIELD_TYPE,
		[IMPORT_KIND_UNKNOWN] = W_IMPORT_KIND_UNKNOWN,
		[IMPORT_DATE_FORMAT] = W_IMPORT_DATE_FORMAT,
		[IMPORT_DATE_MISSING] = W_IMPORT_DATE_MISSING,
		[IMPORT_DATE_NONE] = W_IMPORT_DATE_NONE,
		[IMPORT_STATE_UNKNOWN] = W_IMPORT_STATE_UNKNOWN,
		[IMPORT_PARTY_UNKNOWN] = W_IMPORT_PARTY_UNKNOWN,
		[IMPORT_ASSET_UNKNOWN] = W_IMPORT_ASSET_UNKNOWN,
		[IMPORT_ASSET_FOREIGN] = W_IMPORT_ASSET_FOREIGN,
		[IMPORT_CONFLICT] = W_IMPORT_CONFLICT,
		[IMPORT_SPAN] = W_IMPORT_SPAN,
		[IMPORT_EVENT] = W_IMPORT_EVENT,
		[IMPORT_EVENT_ODD] = W_IMPORT_EVENT_ODD,
		[IMPORT_RECURRENCE] = W_IMPORT_RECURRENCE,
		[IMPORT_IGNORED] = W_IMPORT_IGNORED,
		[IMPORT_DUPLICATE] = W_IMPORT_DUPLICATE,
		[IMPORT_CORRECTED] = W_IMPORT_CORRECTED,
		[IMPORT_PRIORITY_UNKNOWN] = W_IMPORT_PRIORITY_UNKNOWN,
		[IMPORT_ORDER] = W_IMPORT_ORDER,
		[IMPORT_REOPEN] = W_IMPORT_REOPEN,
		[IMPORT_OPEN_END] = W_IMPORT_OPEN_END,
		[IMPORT_ZONE_GAP] = W_IMPORT_ZONE_GAP,
		[IMPORT_ZONE_TWICE] = W_IMPORT_ZONE_TWICE,
		[IMPORT_EXPANSION] = W_IMPORT_EXPANSION,
		[IMPORT_OUT_OF_FILE] = W_IMPORT_OUT_OF_FILE,
		[IMPORT_COLUMN_TWICE] = W_IMPORT_COLUMN_TWICE,
		[IMPORT_ENCODING] = W_IMPORT_ENCODING,
		[IMPORT_EMPTY] = W_IMPORT_EMPTY,
	};

	/* 0 is a word of the page: a code without words of its own says its help, and the test of this room fails. */
	return words[code] != 0 ? SAY0(r->d, words[code])
				: doc_plain(r->d, text_of(import_code_help(code)));
}
