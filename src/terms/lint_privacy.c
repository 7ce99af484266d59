/* SPDX-License-Identifier: Apache-2.0 */
/* Rules P: privacy and security (lint.md section 6); people in words and ids are in lint_personal.c. */
#include "terms/lint_values.h"

#include <string.h>

static bool has_document(const struct lint *l, const char *kind)
{
	for (const struct node *d = lint_items(l->root, "documents"); d != NULL; d = d->next) {
		const struct node *k = node_at(d, "kind");

		if (k != NULL && (k->hole || text_is(k->text, kind)))
			return true;
	}
	return false;
}

/* --- P-01 --- */

/* A status of the client calls for a block of terms and for the paper that carries it; each that is missing is named. */
static void papers(struct lint *l, struct text status, const char *block, const char *kind)
{
	const char *paper = text_format(l->a, "%s document", kind).p;
	bool terms = lint_has(l->root, block), words = has_document(l, kind);
	struct text missing = lint_nothing;

	if (!terms)
		lint_add_word(l, &missing, block);
	if (!words)
		lint_add_word(l, &missing, paper);
	if (missing.n > 0)
		lint_report_path(l, LINT_P01, 'E', block,
				 text_format(l->a, "%.*s is %.*s, no %.*s",
					     TEXT_ARG(term_text(node_at(l->root, "parties.client"),
								"legal_name")),
					     TEXT_ARG(status), TEXT_ARG(missing)));
}

static void regulated(struct lint *l)
{
	const struct node *set = lint_value(l->root, "parties.client.regulated_as");

	for (const struct node *s = set == NULL ? NULL : set->child; s != NULL; s = s->next) {
		if (text_starts(s->text, "hipaa_"))
			papers(l, s->text, "compliance.hipaa", "baa");
		else if (text_is(s->text, "gdpr_controller"))
			papers(l, s->text, "compliance.gdpr", "dpa");
	}
}

/* --- P-02 --- */

static void drops_out(struct lint *l, struct text clause, struct text path)
{
	/* Reported at the path, so that the clause and the duty behind it are one finding. */
	lint_report_path(l, LINT_P02, 'E', text_format(l->a, "%.*s", TEXT_ARG(path)).p,
			 text_format(l->a, "clause %.*s drops out: %.*s is not set",
				     TEXT_ARG(clause), TEXT_ARG(path)));
}

/* Data that stays needs no ground for leaving: nothing of art. 28(3) is lost with that clause. */
static bool nothing_lost(const struct lint *l, struct text path)
{
	return text_is(path, "compliance.gdpr.transfers.mechanism") &&
	       lint_says(l->root, "compliance.gdpr.transfers.allowed", "false");
}

static void conditional_clause(struct lint *l, const struct node *document,
			       const struct node *clause)
{
	const struct node *when = lint_value(clause, "when");

	if (when == NULL || path_is_written(l->root, when->text) || nothing_lost(l, when->text) ||
	    !(lint_says(document, "kind", "baa") || lint_says(document, "kind", "dpa")))
		return;
	drops_out(l,
		  text_format(l->a, "\"%.*s\" of %.*s", TEXT_ARG(term_text(clause, "heading")),
			      TEXT_ARG(term_text(document, "title"))),
		  when->text);
}

static void dropped_clauses(struct lint *l)
{
	static const char requests[] = "compliance.hipaa.individual_requests.within";
	const struct contract *c = l->in->contract;

	for (size_t i = 0; i < c->n_library_clauses; i++)
		conditional_clause(l, c->library_clauses[i]->parent, c->library_clauses[i]);
	for (const struct node *d = lint_items(l->root, "documents"); d != NULL; d = d->next)
		for (const struct node *own = lint_items(d, "clauses"); own != NULL;
		     own = own->next)
			conditional_clause(l, d, own);
	if (lint_has(l->root, "compliance.hipaa") && !lint_has(l->root, requests))
		drops_out(l, text_of("on requests of individuals"), text_of(requests));
}

/* --- P-03 to P-05 --- */

static void breach_limits(struct lint *l)
{
	static const struct duration sixty = {60, UNIT_D, {"", 0}}, own = {72, UNIT_H, {"", 0}};
	static const char hipaa_path[] = "compliance.hipaa.breach_report.within",
			  gdpr_path[] = "compliance.gdpr.breach.within";
	const struct node *hipaa = node_at(l->root, hipaa_path),
			  *gdpr = node_at(l->root, gdpr_path);
	struct duration d;

	if (lint_has(l->root, "compliance.hipaa") &&
	    (hipaa == NULL || (lint_duration(l->root, hipaa_path, &d) && lint_longer(l, d, sixty))))
		lint_report_path(
			l, LINT_P03, 'E', hipaa_path,
			text_format(l->a, "%.*s, the law allows 60d",
				    TEXT_ARG(hipaa == NULL ? text_of("unset") : hipaa->text)));
	if (lint_has(l->root, "compliance.gdpr") &&
	    (gdpr == NULL ||
	     (l->p != NULL && lint_duration(l->root, gdpr_path, &d) && !lint_longer(l, own, d))))
		lint_report_path(
			l, LINT_P04, 'W', gdpr_path,
			text_format(l->a, "%.*s leaves the controller nothing of its own 72 h",
				    TEXT_ARG(gdpr == NULL ? text_of("no limit") : gdpr->text)));
}

/* "16 days", "5 hours": from one instant to a later one. */
static struct text apart(const struct lint *l, instant from, instant to)
{
	int64_t hours = (to - from + HOUR_MS - 1) / HOUR_MS, days = (hours + 12) / 24;
	int64_t n = hours < 24 ? hours : days;

	return text_format(l->a, "%lld %s%s", (long long)n, hours < 24 ? "hour" : "day",
			   n == 1 ? "" : "s");
}

static void objections(struct lint *l)
{
	static const char path[] = "compliance.gdpr.subprocessors.objection";
	const struct node *notice = node_at(l->root, "compliance.gdpr.subprocessors.notice");
	struct duration objection, ahead = {0, UNIT_D, {"", 0}};
	day from = lint_effective_day(l);
	instant starts, ends;

	if (!lint_duration(l->root, path, &objection) || (notice != NULL && notice->hole))
		return;
	if (notice != NULL)
		ahead = notice->value.duration;
	if (!lint_from_edge(l, ahead, 1, from, false, &starts) ||
	    !lint_from_edge(l, objection, 1, from, false, &ends) || ends <= starts)
		return;
	lint_report_path(l, LINT_P05, 'E', path,
			 text_format(l->a, "the subprocessor starts %.*s before the objection ends",
				     TEXT_ARG(apart(l, starts, ends))));
}

/* --- P-06, P-07 --- */

static void article_28(struct lint *l)
{
	static const struct {
		const char *key,
			*word; /* the word that it must say; NULL: it is enough that it is there */
	} duties[] = {
		{"instructions", "documented"},
		{"staff_confidentiality", "true"},
		{"security_measures", "true"},
		{"subprocessors", NULL},
		{"data_subject_requests", NULL},
		{"assist_controller", "true"},
		{"end", NULL},
		{"audit", NULL},
		{"subject_matter", NULL},
		{"data_categories", NULL},
		{"data_subjects", NULL},
	};
	const struct node *gdpr = node_at(l->root, "compliance.gdpr");
	struct text list = lint_nothing;
	const char *first = NULL;

	if (gdpr == NULL)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(duties); i++) {
		const struct node *n = node_at(gdpr, duties[i].key);

		if (n != NULL &&
		    (n->hole || duties[i].word == NULL || text_is(n->text, duties[i].word)))
			continue;
		first = first == NULL ? duties[i].key : first;
		lint_add_word(l, &list, duties[i].key);
	}
	if (first != NULL)
		lint_report_path(l, LINT_P06, 'E', text_format(l->a, "compliance.gdpr.%s", first).p,
				 text_format(l->a, "art. 28(3) lacks %.*s", TEXT_ARG(list)));
}

static void destroyed_when(struct lint *l)
{
	static const char *const ends[] = {"compliance.hipaa.end", "compliance.gdpr.end"};
	struct text message = text_of("destroyed when?");

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		const struct node *end = node_at(l->root, ends[i]);

		if (end != NULL && !lint_has(end, "within"))
			lint_report_missing(l, LINT_P07, 'W', end, "within", message, lint_nothing);
	}
	if ((lint_has(l->root, "compliance.hipaa") || lint_has(l->root, "compliance.gdpr")) &&
	    lint_has(l->root, "transition.data_return") &&
	    !lint_has(l->root, "transition.data_destroy"))
		lint_report_path(l, LINT_P07, 'W', "transition.data_destroy", message);
}

/* --- P-08, P-09 --- */

static void controls(struct lint *l)
{
	for (const struct node *c = lint_items(l->root, "security.controls"); c != NULL;
	     c = c->next) {
		const char *missing = !lint_has(c, "evidence")                          ? "evidence"
				      : !lint_has(c, "every") && !lint_has(c, "within") ? "every"
											: NULL;

		if (missing != NULL)
			lint_report_missing(
				l, LINT_P08, 'W', c, missing,
				text_format(l->a, "%.*s cannot be checked", TEXT_ARG(c->key)),
				lint_nothing);
	}
}

/* The shorter of the two notices of a breach; NULL: none. */
static const struct node *breach_notice(const struct lint *l)
{
	const struct node *hipaa = lint_value(l->root, "compliance.hipaa.breach_report.within"),
			  *gdpr = lint_value(l->root, "compliance.gdpr.breach.within");

	if (hipaa == NULL || gdpr == NULL)
		return hipaa == NULL ? gdpr : hipaa;
	return lint_longer(l, gdpr->value.duration, hipaa->value.duration) ? hipaa : gdpr;
}

static void late_incidents(struct lint *l)
{
	static const char path[] = "security.incident.notify_within";
	const struct node *breach = breach_notice(l), *incident = node_at(l->root, path);

	if (breach == NULL || (incident != NULL && incident->hole) ||
	    (incident != NULL && !lint_longer(l, incident->value.duration, breach->value.duration)))
		return;
	lint_report_path(
		l, LINT_P09, 'W', incident == NULL ? "security.incident" : path,
		text_format(l->a, "incidents are told after %.*s, breaches due after %.*s",
			    TEXT_ARG(incident == NULL ? text_of("no stated time") : incident->text),
			    TEXT_ARG(breach->text)));
}

void lint_privacy(struct lint *l)
{
	regulated(l);
	dropped_clauses(l);
	breach_limits(l);
	objections(l);
	article_28(l);
	destroyed_when(l);
	controls(l);
	late_incidents(l);
	lint_personal(l);
}
