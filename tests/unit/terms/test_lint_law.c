/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about term, law, privacy, signature and amendment: each with the smallest change of lint_law_base.yaml that trips it
 * and the nearest one that does not. A change is written as in lint.md section 8; with `base: own` the contract amends the
 * unchanged one, whose hash stands for HEAD. The base has no finding at all.
 */
#include "lint_tap.h"

static const char base_path[] = "tests/unit/terms/lint_law_base.yaml";

#define CLAUSE(id, text)                                                                           \
	"documents: [{id: order, clauses: [{id: " id ", heading: Free, text: \"" text "\"}]}]"
#define ADD_CLAUSE(text) "{add: {" CLAUSE("free", text) "}}"
#define RENEWAL(keys) "term: {renewal: {" keys "}}"
#define CAUSE(id, keys) "termination: {causes: [{id: " id ", " keys "}]}"
#define STEP(id, keys) "dispute: {steps: [{id: " id ", " keys "}]}"
#define HIPAA(keys) "compliance: {hipaa: {" keys "}}"
#define GDPR(keys) "compliance: {gdpr: {" keys "}}"
#define AMENDS(keys) "amends: {base: HEAD, reason: test, " keys "}"
#define CARE(amount) "charges: [{id: care, amount: \"" amount "\"}]"

static const struct {
	const char *rule, *path; /* of the finding */
	const char *trips, *passes;
} rules[] = {
	/* --- term, renewal, end --- */
	/* 24 months before the end is the first day; one day less leaves that day. */
	{"T-01 E", "term.renewal.non_renewal_notice.at_least",
	 "{add: {" RENEWAL("mode: mutual, period: 24mo, non_renewal_notice: {at_least: 24mo}") "}}",
	 "{add: {" RENEWAL(
		 "mode: mutual, period: 24mo, non_renewal_notice: {at_least: 23mo}") "}}"},
	{"T-01 E", "term.renewal.non_renewal_notice.at_least",
	 "{add: {" RENEWAL("period: 2mo") "}}", "{add: {" RENEWAL("period: 3mo") "}}"},
	/* Of twelve monthly renewals the February of 2029 is the shortest: 28 days before its end it begins. */
	{"T-01 E", "term.renewal.non_renewal_notice.at_least",
	 "{add: {" RENEWAL(
		 "period: 1mo, max_renewals: 12, non_renewal_notice: {at_least: 28d}") "}}",
	 "{add: {" RENEWAL(
		 "period: 1mo, max_renewals: 12, non_renewal_notice: {at_least: 27d}") "}}"},
	{"T-01 E", "term.holdover.notice", "{add: {term: {holdover: {notice: 30d}}}}",
	 "{add: {term: {holdover: {notice: 29d}}}}"},
	{"T-01 E", "termination.convenience.both.notice",
	 "{add: {termination: {convenience: [{id: both, notice: 2y}]}}}",
	 "{add: {termination: {convenience: [{id: both, notice: 23mo}]}}}"},
	{"T-02 W", "term.renewal.max_renewals", "{minus: [term.renewal.max_renewals]}",
	 "{minus: [term.renewal.max_renewals], add: {" RENEWAL("mode: mutual") "}}"},
	{"T-02 W", "term.renewal.non_renewal_notice",
	 "{minus: [term.renewal.non_renewal_notice, term.renewal.max_renewals]}", ""},
	{"T-03 E", "term.renewal.statutory_notice",
	 "{minus: [term.renewal.statutory_notice], add: {governing_law: {law: US-NY}}}",
	 "{add: {governing_law: {law: US-NY}}}"},
	{"T-03 E", "term.renewal.statutory_notice",
	 "{add: {parties: {client: {jurisdiction: US-NY}}, " RENEWAL(
		 "statutory_notice: {form: email}") "}}",
	 "{add: {parties: {client: {jurisdiction: US-NY}}, " RENEWAL(
		 "statutory_notice: {form: personal}") "}}"},
	{"T-03 E", "term.renewal.statutory_notice",
	 "{add: {governing_law: {law: US-NY}, " RENEWAL(
		 "statutory_notice: {not_earlier_than: 31d}") "}}",
	 "{add: {governing_law: {law: US-NY}, " RENEWAL(
		 "statutory_notice: {not_earlier_than: 29d, not_later_than: 16d}") "}}"},
	{"T-03 E", "term.renewal.statutory_notice",
	 "{add: {governing_law: {law: US-NY}, " RENEWAL(
		 "statutory_notice: {not_later_than: 14d}") "}}",
	 "{minus: [term.renewal.statutory_notice], add: {governing_law: {law: US-NY}, " RENEWAL(
		 "period: 1mo, non_renewal_notice: {at_least: 10d}") "}}"},
	{"T-04 W", "notices", "{minus: [notices]}", ""},
	{"T-04 W", "notices.methods", "{minus: [notices.deemed.courier]}",
	 "{minus: [notices.deemed.courier], add: {notices: {methods: [email, portal]}}}"},
	{"T-04 W", "parties.client.notice.postal", "{minus: [parties.client.notice.postal]}",
	 "{minus: [parties.client.notice.postal, notices.deemed.courier], add: {notices: {methods: "
	 "[email]}}}"},
	{"T-04 W", "parties.provider.notice.email", "{minus: [parties.provider.notice]}", ""},
	{"T-05 E", "term.service_start", "{add: {term: {service_start: \"2026-03-31\"}}}",
	 "{add: {term: {service_start: \"2026-04-01\"}}}"},
	{"T-05 E", "term.service_start", "{add: {term: {service_start: \"2028-04-01\"}}}",
	 "{add: {term: {service_start: \"2028-03-31\"}}}"},
	{"T-05 E", "charges.care.until",
	 "{add: {charges: [{id: care, from: \"2026-06-01\", until: \"2026-06-01\"}]}}",
	 "{add: {charges: [{id: care, from: \"2026-06-01\", until: \"2026-06-02\"}]}}"},
	{"T-05 E", "charges.care.until", "{add: {charges: [{id: care, until: \"2026-04-01\"}]}}",
	 "{add: {charges: [{id: care, until: \"2026-04-02\"}]}}"},
	{"T-05 E", "charges.care.from", "{add: {charges: [{id: care, from: \"2028-04-01\"}]}}",
	 "{add: {charges: [{id: care, from: \"2028-03-31\"}]}}"},
	{"T-05 E", "indexation.first", "{add: {indexation: {first: \"2026-03-01\"}}}",
	 "{add: {indexation: {first: \"2026-04-01\"}}}"},
	{"T-06 W", "term.effective_date", "{as_of: \"2026-04-02\"}", "{as_of: \"2026-04-01\"}"},
	{"T-07 W", "termination.causes.breach.cure", "{minus: [termination.causes.breach.cure]}",
	 "{add: {" CAUSE("breach", "cause: insolvency") "}}"},
	{"T-07 W", "termination.causes.unpaid.cure", "{add: {" CAUSE("unpaid", "cure: 29d") "}}",
	 "{add: {" CAUSE("unpaid", "cure: 31d") "}}"},
	{"T-07 W", "termination.causes.mine.cure",
	 "{add: {" CAUSE("mine", "by: client, cause: baa_breach, cure: 10d") "}}",
	 "{add: {" CAUSE("mine", "by: client, cause: insolvency") "}}"},
	{"T-08 W", "transition",
	 "{minus: [transition], add: {documents: [{id: frame, clauses: [{id: end, text: "
	 "\"{{table:termination.causes}}\"}]}]}}",
	 ""},
	{"T-08 W", "transition.credentials.within", "{minus: [transition.credentials]}",
	 "{minus: [transition.data_return.formats]}"},
	{"T-08 W", "transition.data_return.fee",
	 "{add: {transition: {data_return: {fee: hourly}}}}",
	 "{add: {transition: {data_return: {fee: none_if_provider_fault}}}}"},
	{"T-09 W", "termination.convenience.both.notice",
	 "{add: {termination: {convenience: [{id: both, notice: 59d}]}}}",
	 "{add: {termination: {convenience: [{id: both, notice: 60d}]}}}"},
	{"T-09 W", "termination.convenience.both.notice",
	 "{add: {termination: {convenience: [{id: both, by: provider, notice: 1mo}]}}}",
	 "{add: {termination: {convenience: [{id: both, by: client, notice: 1mo}]}}}"},
	{"T-10 E", "client_obligations.leavers.within",
	 "{add: {client_obligations: [{id: leavers, text: \"Report leavers\", within: 3bd}]}}",
	 "{add: {client_obligations: [{id: leavers, text: \"Report leavers\", within: 2bd}]}}"},
	{"T-10 E", "compliance.gdpr.end.within", "{add: {" GDPR("end: {within: 29d}") "}}",
	 "{add: {" GDPR("end: {within: 30d}") "}}"},
	{"T-10 E", "transition.data_destroy.within",
	 "{add: {transition: {data_destroy: {within: 1mo}}}}", ""},
	{"T-10 E", "documents.order.clauses.free.text",
	 ADD_CLAUSE("Tell us within five (5) days, but no later than the end of 2 weeks."),
	 ADD_CLAUSE("Tell us within seven (7) days, but no later than the end of 1 week.")},
	{"T-10 E", "documents.order.clauses.free.text",
	 ADD_CLAUSE("Answer within 2 hours and repair within at most 3 hours."),
	 ADD_CLAUSE("Answer within 2 hours. The visit takes 3 hours.")},
	/* Payment of the invoice of 1 April is due on 1 May, that of 1 May on Sunday 31 May. */
	{"T-11 W", "notices.roll", "{minus: [notices.roll]}",
	 "{minus: [notices.roll], add: {payment: {due: 10bd}}}"},
	/* 59 days before 1 April 2028 end with Tuesday 1 February, 63 days with Friday 28 January, 62 with Saturday. */
	{"T-11 W", "notices.roll",
	 "{minus: [notices.roll], add: {payment: {due: 10bd}, " RENEWAL(
		 "non_renewal_notice: {at_least: 62d}") "}}",
	 "{minus: [notices.roll], add: {payment: {due: 10bd}, " RENEWAL(
		 "non_renewal_notice: {at_least: 63d}") "}}"},
	{"T-12 W", "indexation.notice", "{add: {indexation: {notice: 59d}}}",
	 "{add: {indexation: {notice: 60d}}}"},
	{"T-12 W", "indexation.notice", "{minus: [indexation.notice]}",
	 "{minus: [indexation.notice], add: {" RENEWAL("mode: mutual") "}}"},
	/* The first adjustment after the end is the third: 1 October 2028. */
	{"T-12 W", "indexation.notice",
	 "{add: {indexation: {first: \"2026-10-01\", every: 1y, notice: 7mo}}}",
	 "{add: {indexation: {first: \"2026-10-01\", every: 1y, notice: 8mo}}}"},

	/* --- law and documents --- */
	{"L-01 W", "liability.cap",
	 "{minus: [liability.cap], add: {documents: [{id: frame, clauses: [{id: limits, text: "
	 "\"None.\"}]}]}}",
	 ""},
	{"L-01 W", "liability.cap", "{add: {liability: {cap: {lookback: 11mo}}}}",
	 "{add: {liability: {cap: {lookback: 6mo, multiple: 2}}}}"},
	{"L-01 W", "liability.cap", "{add: {liability: {cap: {multiple: \"0.9\"}}}}",
	 "{add: {liability: {cap: {multiple: \"1.1\"}}}}"},
	{"L-01 W", "liability.cap", "{add: {liability: {cap: {floor: \"1999999.99 USD\"}}}}",
	 "{add: {liability: {cap: {floor: \"2000000.01 USD\"}}}}"},
	/* Twelve months at 900.00 are 10,800.00. */
	{"L-01 W", "liability.cap",
	 "{minus: [insurance, liability.cap.lookback, liability.cap.floor], add: {liability: {cap: "
	 "{amount: \"10799.99 USD\"}}}}",
	 "{minus: [insurance, liability.cap.lookback, liability.cap.floor], add: {liability: {cap: "
	 "{amount: \"10800.00 USD\"}}}}"},
	{"L-02 W", "liability.uncapped", "{minus: [liability.uncapped]}",
	 "{minus: [liability.exclude]}"},
	{"L-02 W", "liability.uncapped", "{add: {liability: {uncapped: [all_breaches, fraud]}}}",
	 ""},
	{"L-02 W", "liability.exclude", "{add: {liability: {exclude: [all]}}}",
	 "{add: {liability: {exclude: [consequential, lost_profits]}}}"},
	{"L-02 W", "sla.credits.counts_toward_liability_cap",
	 "{minus: [sla.credits.counts_toward_liability_cap]}",
	 "{add: {sla: {credits: {counts_toward_liability_cap: true}}}}"},
	{"L-03 E", "governing_law.law",
	 "{minus: [governing_law.law], add: {documents: [{id: frame, clauses: [{id: law, text: "
	 "\"The law of Minnesota.\"}]}]}}",
	 ""},
	{"L-03 W", "governing_law.courts", "{minus: [governing_law.courts, dispute.steps.judge]}",
	 "{minus: [governing_law.courts]}"},
	{"L-03 E", "documents.order.clauses.free.text",
	 ADD_CLAUSE("The courts of Ohio decide. Claims for money go to the courts in Utah."),
	 ADD_CLAUSE(
		 "The courts of Ohio decide. Claims go to the courts in Franklin County, Ohio.")},
	{"L-04 W", "dispute.steps.talk.within", "{minus: [dispute.steps.talk.within]}", ""},
	{"L-04 W", "dispute.steps.judge", "{add: {" STEP("judge", "binding: false") "}}",
	 "{add: {" STEP("judge", "binding: false, kind: court") "}}"},
	{"L-05 E", "governing_law.exclusive", "{minus: [governing_law.courts_for]}",
	 "{minus: [governing_law.courts_for], add: {governing_law: {exclusive: false}}}"},
	{"L-05 E", "governing_law.exclusive", "{add: {governing_law: {courts_for: [all]}}}",
	 "{add: {governing_law: {courts_for: [all]}, " STEP("judge", "kind: expert") "}}"},
	{"L-06 W", "force_majeure.terminate_after", "{minus: [force_majeure.terminate_after]}", ""},
	{"L-06 W", "force_majeure.payment_excused", "{minus: [force_majeure.payment_excused]}", ""},
	{"L-06 W", "force_majeure.recovery_still_due",
	 "{add: {force_majeure: {recovery_still_due: false}}}", ""},
	{"L-06 W", "force_majeure.events", "{add: {force_majeure: {events: [other, war]}}}",
	 "{add: {force_majeure: {events: [pandemic, war]}}}"},
	{"L-07 E", "amendments.unilateral", "{add: {amendments: {unilateral: client}}}", ""},
	{"L-07 E", "indexation.mode", "{add: {indexation: {mode: provider_choice}}}",
	 "{add: {indexation: {mode: automatic}}}"},
	{"L-07 E", "documents.order.clauses.free.text",
	 ADD_CLAUSE("The provider may change the services, in its sole discretion."),
	 ADD_CLAUSE("The provider may change the names of services.")},
	{"L-08 W", "insurance.policies.tech.tail", "{minus: [insurance.policies.tech.tail]}",
	 "{minus: [insurance.policies.tech.tail], add: {insurance: {policies: [{id: tech, basis: "
	 "occurrence}]}}}"},
	{"L-08 W", "insurance.certificate", "{minus: [insurance.certificate]}",
	 "{minus: [insurance]}"},
	{"L-08 W", "insurance.policies",
	 "{minus: [insurance.policies.cyber, insurance.policies.own]}",
	 "{minus: [insurance.policies.cyber]}"},
	{"L-09 E", "documents.frame.clauses.law.text",
	 "{add: {documents: [{id: frame, clauses: [{id: law, text: \"This frame prevails over the "
	 "order. {{governing_law.law}}\"}]}]}}",
	 ADD_CLAUSE("This order prevails over the frame.")},
	{"L-10 E", "definitions.weekday",
	 "{add: {documents: [{id: order, clauses: [{id: told, text: \"To both parties.\"}]}]}}",
	 ""},
	/* A definition that only its own words use is not used. */
	{"L-10 E", "definitions.other",
	 "{add: {definitions: [{id: other, term: Other, text: \"what {{def:other}} says\"}]}}",
	 "{add: {definitions: [{id: other, term: Other, text: \"what is not said\"}], " CLAUSE(
		 "free", "Nothing {{def:other}}.") "}}"},
	{"L-10 E", "definitions.again.term",
	 "{add: {definitions: [{id: again, term: weekday, text: \"a day\"}], " CLAUSE(
		 "free", "On a {{def:again}}.") "}}",
	 "{add: {definitions: [{id: again, term: Week, text: \"seven days\"}], " CLAUSE(
		 "free", "In a {{def:again}}.") "}}"},
	/* The order has three clauses and the one that is added. */
	{"L-10 E", "documents.order.clauses.free.text", ADD_CLAUSE("See Clause 5."),
	 ADD_CLAUSE("See {{clause:order.price}}. A clause of five words, an article in a paper.")},
	{"L-10 E", "documents.order.clauses.free.text",
	 ADD_CLAUSE("See Article 28(3) GDPR and Article 33 of it."),
	 ADD_CLAUSE("See Article 28(3)(a) GDPR and Article 33 of Regulation (EU) 2016/679.")},
	{"L-10 I", "documents.order.clauses.free.text", ADD_CLAUSE("See section 4."),
	 ADD_CLAUSE("See intersection 4.")},
	{"L-11 W", "responsibilities.backups.within", "{minus: [responsibilities.backups.every]}",
	 "{minus: [responsibilities.backups.every], add: {responsibilities: [{id: backups, within: "
	 "1d}]}}"},
	{"L-11 W", "documents.order.clauses.free.text", ADD_CLAUSE("Faults are repaired promptly."),
	 ADD_CLAUSE("Faults are repaired within {{payment.due}}, not impromptly.")},
	{"L-12 W", "client_obligations.access.within",
	 "{minus: [client_obligations.access.within]}",
	 "{minus: [client_obligations.access.within], add: {client_obligations: [{id: access, "
	 "standing: true}]}}"},
	{"L-12 W", "client_obligations.access.within",
	 "{minus: [client_obligations.access.within], add: {client_obligations: [{id: access, "
	 "standing: false}]}}",
	 "{minus: [client_obligations.access.within, client_obligations.access.excuses]}"},
	{"L-13 W", "responsibilities.backups",
	 "{add: {responsibilities: [{id: backups, client: A}]}}",
	 "{add: {responsibilities: [{id: backups, provider: R, client: A}]}}"},
	{"L-13 W", "responsibilities.backups",
	 "{add: {responsibilities: [{id: backups, provider: A, client: C}]}}", ""},
	{"L-13 W", "responsibilities.backups",
	 "{add: {responsibilities: [{id: backups, provider: R}]}}", ""},
	{"L-14 E", "documents.order.clauses.free.text", ADD_CLAUSE("The fee is ____ a month."),
	 ADD_CLAUSE("The fee is a_b a month.")},
	{"L-14 E", "services.desk.included.help.text",
	 "{add: {services: [{id: desk, included: [{id: help, text: tbd}]}]}}",
	 "{add: {services: [{id: desk, included: [{id: help, text: \"Outbdoor work\"}]}]}}"},
	{"L-14 E", "charges.care.amount", "{add: {" CARE("?fee") "}}",
	 "{add: {" CARE("?fee") ", template: {holes: [{id: fee, label: Fee}]}}}"},
	{"L-15 W", "sla.alerts.desk.to", "{minus: [sla.alerts.late]}",
	 "{minus: [sla.alerts.late, sla.alerts.desk]}"},
	{"L-15 W", "sla.reporting.to", "{add: {sla: {reporting: {to: [provider.executive]}}}}",
	 "{add: {sla: {reporting: {to: [client.it_lead, provider.executive]}}}}"},
	{"L-15 W", "sla.reporting.to", "{minus: [sla.reporting.to]}", "{minus: [sla.reporting]}"},

	/* --- privacy, security --- */
	{"P-01 E", "compliance.hipaa", "{minus: [compliance.hipaa]}",
	 "{minus: [compliance.hipaa, documents.baa], add: {parties: {client: {regulated_as: "
	 "[gdpr_controller]}}}}"},
	{"P-01 E", "compliance.hipaa", "{minus: [documents.baa]}", ""},
	{"P-01 E", "compliance.gdpr", "{minus: [compliance.gdpr, documents.dpa]}",
	 "{minus: [compliance.gdpr, documents.dpa], add: {parties: {client: {regulated_as: "
	 "[hipaa_business_associate, pci_merchant]}}}}"},
	{"P-02 E", "compliance.hipaa.individual_requests.within",
	 "{minus: [compliance.hipaa.individual_requests]}", ""},
	{"P-02 E", "compliance.gdpr.subprocessors.notice",
	 "{minus: [compliance.gdpr.subprocessors.notice, compliance.gdpr.subprocessors.objection]}",
	 ""},
	/* Data that may leave needs a ground; data that stays needs none. */
	{"P-02 E", "compliance.gdpr.transfers.mechanism",
	 "{add: {" GDPR("transfers: {allowed: true}") "}}",
	 "{add: {" GDPR("transfers: {allowed: true, mechanism: scc}") "}}"},
	{"P-02 E", "audit.notice",
	 "{add: {documents: [{id: dpa, clauses: [{id: visits, heading: Visits, when: audit.notice, "
	 "text: \"Visits.\"}]}]}}",
	 "{add: {documents: [{id: order, clauses: [{id: visits, heading: Visits, when: "
	 "audit.notice, text: \"Visits.\"}]}]}}"},
	{"P-03 E", "compliance.hipaa.breach_report.within",
	 "{add: {" HIPAA("breach_report: {within: 61d}") "}}",
	 "{add: {" HIPAA("breach_report: {within: 60d}") "}}"},
	{"P-03 E", "compliance.hipaa.breach_report.within",
	 "{minus: [compliance.hipaa.breach_report]}", ""},
	{"P-04 W", "compliance.gdpr.breach.within", "{add: {" GDPR("breach: {within: 3d}") "}}",
	 "{add: {" GDPR("breach: {within: 71h}") "}}"},
	{"P-04 W", "compliance.gdpr.breach.within", "{minus: [compliance.gdpr.breach]}", ""},
	{"P-05 E", "compliance.gdpr.subprocessors.objection",
	 "{add: {" GDPR("subprocessors: {objection: 31d}") "}}",
	 "{minus: [compliance.gdpr.subprocessors.objection]}"},
	{"P-05 E", "compliance.gdpr.subprocessors.objection",
	 "{add: {" GDPR("subprocessors: {notice: 10bd, objection: 15d}") "}}",
	 "{add: {" GDPR("subprocessors: {notice: 10bd, objection: 14d}") "}}"},
	{"P-06 E", "compliance.gdpr.instructions", "{add: {" GDPR("instructions: none") "}}", ""},
	{"P-06 E", "compliance.gdpr.security_measures",
	 "{add: {" GDPR("security_measures: false") "}}", ""},
	{"P-06 E", "compliance.gdpr.audit", "{minus: [compliance.gdpr.audit]}",
	 "{minus: [compliance.gdpr, documents.dpa]}"},
	{"P-07 W", "compliance.hipaa.end.within", "{minus: [compliance.hipaa.end.within]}",
	 "{minus: [compliance.hipaa.end]}"},
	{"P-07 W", "transition.data_destroy", "{minus: [transition.data_destroy]}",
	 "{minus: [transition.data_destroy, transition.data_return]}"},
	{"P-08 W", "security.controls.mfa.evidence", "{minus: [security.controls.mfa.evidence]}",
	 ""},
	{"P-08 W", "security.controls.leavers.every", "{minus: [security.controls.leavers.within]}",
	 "{minus: [security.controls.leavers.within], add: {security: {controls: [{id: leavers, "
	 "every: 1mo}]}}}"},
	{"P-09 W", "security.incident.notify_within",
	 "{add: {security: {incident: {notify_within: 49h}}}}",
	 "{add: {security: {incident: {notify_within: 48h}}}}"},
	{"P-09 W", "security.incident", "{minus: [security.incident]}",
	 "{minus: [security.incident, compliance, documents.baa, documents.dpa]}"},
	{"P-10 W", "documents.order.clauses.free.text", ADD_CLAUSE("Ask wren  dahlgren first."),
	 ADD_CLAUSE("Ask the wren of Dahlgrens first.")},
	{"P-10 W", "documents.order.clauses.free.heading",
	 "{add: {documents: [{id: order, clauses: [{id: free, heading: Calls to Bo Lund, text: "
	 "Calls}]}]}}",
	 "{add: {documents: [{id: order, clauses: [{id: free, heading: Calls to Bo Lundgren, text: "
	 "Calls}]}]}}"},
	{"P-10 W", "parties.client.notice.email",
	 "{add: {parties: {client: {notice: {email: isolde@redriver.example}}}}}", ""},
	{"P-10 W", "services.desk.text",
	 "{add: {services: [{id: desk, text: \"Call +1 218 555 0142.\"}]}}", ""},
	{"P-10 W", "assets.lund_pc", "{add: {assets: [{id: lund_pc, name: A computer}]}}",
	 "{add: {assets: [{id: lundpc, name: A computer}]}}"},
	/* Words of two letters, like Bo, stand in too many ids to mean a person. */
	{"P-10 W", "assets.pc_of_Tove", "{add: {assets: [{id: pc_of_Tove, name: A computer}]}}",
	 "{add: {assets: [{id: bo_pc, name: A computer}]}}"},

	/* --- signature, amendment --- */
	{"G-01 E", "amends.base",
	 "{base: own, add: {amends: {reason: test, base: "
	 "\"1111111111111111111111111111111111111111111111111111111111111111\"}}}",
	 "{base: own, add: {" AMENDS("change: material") "}}"},
	{"G-01 E", "amends.base", "{base: own, add: {" CARE("950.00 USD") "}}", ""},
	{"G-02 E", "amends.effective_date",
	 "{base: own, add: {" AMENDS("effective_date: \"2026-03-31\"") "}}",
	 "{base: own, add: {" AMENDS("effective_date: \"2026-04-01\"") "}}"},
	{"G-02 E", "amends.effective_date",
	 "{base: own, as_of: \"2026-06-02\", add: {" AMENDS("effective_date: \"2026-06-01\"") "}}",
	 "{base: own, as_of: \"2026-06-01\", add: {" AMENDS("effective_date: \"2026-06-01\"") "}}"},
	/* The new file cannot allow itself what the base forbids (CL-51). */
	{"G-02 E", "amends.effective_date",
	 "{base: own, as_of: \"2026-06-02\", add: {amendments: {retroactive: true}, " AMENDS(
		 "effective_date: \"2026-06-01\"") "}}",
	 "{base: own, as_of: \"2026-06-02\", add: {" AMENDS("change: material") "}}"},
	{"G-03 W", "parties.client.contacts",
	 "{minus: [parties.client.contacts.c1.authority], add: {amendments: {approvals: {client: "
	 "[c2]}}}}",
	 ""},
	{"G-03 W", "parties.provider.contacts",
	 "{add: {parties: {provider: {contacts: [{id: p1, roles: [executive]}]}}}}",
	 "{add: {parties: {provider: {contacts: [{id: p1, roles: [signatory]}]}}}}"},
	{"G-03 W", "amendments.approvals.client",
	 "{add: {amendments: {approvals: {client: [c1, c2]}}}}",
	 "{minus: [amendments.approvals.client]}"},
	{"G-04 W", "documents.order.clauses.price.text",
	 "{base: own, add: {" AMENDS("change: material") ", documents: [{id: order, clauses: [{id: "
							 "price, text: \"{{table:charges}} Pay "
							 "after {{payment.due}}.\"}]}]}}",
	 "{base: own, add: {" AMENDS(
		 "change: material") ", payment: {due: 31d}, documents: [{id: "
				     "order, clauses: [{id: price, text: \"{{table:charges}} Pay "
				     "after {{payment.due}}.\"}]}]}}"},
	/* The clause on events prints nothing of force_majeure; the clause on the term prints both its values. */
	{"G-04 W", "documents.frame.clauses.events.text",
	 "{base: own, add: {" AMENDS(
		 "change: material") ", force_majeure: {terminate_after: 60d}}}",
	 "{base: own, add: {" AMENDS("change: material") ", term: {initial: 30mo}}}"},
	{"G-04 W", "documents.frame.clauses.events.text",
	 "{base: own, minus: [force_majeure], add: {" AMENDS("change: material") "}}",
	 "{base: own, add: {" AMENDS("change: material") ", assets: [{id: disk, name: Disk}]}}"},
	{"G-05 W", "amends.effective_date",
	 "{base: own, invoiced_to: \"2026-07-01\", add: {" AMENDS(
		 "effective_date: \"2026-06-30\"") "}}",
	 "{base: own, invoiced_to: \"2026-07-01\", add: {" AMENDS(
		 "effective_date: \"2026-07-01\"") "}}"},
	{"G-06 E", "amends.change",
	 "{base: own, add: {" AMENDS("change: minor") ", " CARE("901.00 USD") "}}",
	 "{base: own, add: {" AMENDS("change: minor") ", assets: [{id: server, name: Big server}, "
						      "{id: disk, name: Disk}]}}"},
	/* The base says what is minor, not the new file. */
	{"G-06 E", "amends.change",
	 "{base: own, add: {" AMENDS("change: minor") ", amendments: {minor: [assets, "
						      "charges]}, " CARE("901.00 USD") "}}",
	 "{base: own, add: {" AMENDS("change: material") ", " CARE("901.00 USD") "}}"},
};

/* What findings say: the names in the message filled, the effect. */
static const struct {
	const char *rule, *change, *in;
} words[] = {
	{"T-01 E", "{add: {" RENEWAL("period: 2mo") "}}",
	 "60d notice cannot be given in a term of 2mo"},
	{"T-02 W", "{minus: [term.renewal.non_renewal_notice, term.renewal.max_renewals]}",
	 "it renews without non_renewal_notice, max_renewals"},
	{"T-03 E", "{minus: [term.renewal.statutory_notice], add: {governing_law: {law: US-NY}}}",
	 "10,800.00 USD of a renewal at risk"},
	{"T-04 W", "{minus: [notices.deemed]}", "when does a notice by courier, email count?"},
	{"T-05 E", "{add: {charges: [{id: care, until: \"2026-04-01\"}]}}",
	 "the start of service 2026-04-01 is after the last day of the charge 2026-03-31"},
	{"T-07 W", "{minus: [termination.causes.breach.cure]}",
	 "cure is unsaid one way and 30d the other"},
	{"T-10 E", ADD_CLAUSE("Tell us within five (5) days, no later than 2 weeks after it."),
	 "two deadlines for one act: 5 days, 2 weeks"},
	{"T-11 W", "{minus: [notices.roll]}",
	 "payment of the invoice of 2026-05-01 falls on Sunday 2026-05-31"},
	{"T-11 W",
	 "{minus: [notices.roll], add: {" RENEWAL("non_renewal_notice: {at_least: 62d}") "}}",
	 "the last day to decline renewal falls on Saturday 2028-01-29"},
	/* 59 days before 1 April 2028 is 00:00 of Wednesday 2 February. */
	{"T-12 W", "{add: {indexation: {notice: 59d}}}",
	 "the client must decide by 2028-01-31 24:00 and learns the price on 2028-02-01 24:00"},
	{"L-01 W", "{add: {liability: {cap: {floor: \"5000.00 USD\"}}}}",
	 "the cap is 10,800.00 USD, the cover 2,000,000.00 USD"},
	{"L-01 W",
	 "{minus: [insurance], add: {liability: {cap: {lookback: 3mo, floor: \"1.00 USD\"}}}}",
	 "2,700.00 USD against 10,800.00 USD a year"},
	{"L-03 E",
	 ADD_CLAUSE(
		 "The courts of the State of Ohio, and only they. The courts in Salt Lake, Utah."),
	 "State of Ohio or Salt Lake, Utah?"},
	{"L-07 E", ADD_CLAUSE("The provider may modify the fees."), "one side may change the fees"},
	{"L-09 E",
	 "{add: {documents: [{id: frame, clauses: [{id: law, text: \"It shall prevail. "
	 "{{governing_law.law}}\"}]}]}}",
	 "Order and Frame both prevail"},
	{"L-10 E", ADD_CLAUSE("See Section  12(a) of it."), "\"Section  12\" points nowhere"},
	{"L-11 W", "{minus: [responsibilities.leavers.within]}", "the client must, but by when?"},
	{"L-13 W", "{add: {responsibilities: [{id: backups, client: RA}]}}",
	 "Check the backups: 2 answer for it"},
	{"L-14 E", "{add: {" CARE("?fee=900 USD") "}}", "\"?fee=900 USD\" is not filled in"},
	{"L-15 W", "{minus: [sla.alerts.late]}", "only the provider is told"},
	{"P-01 E", "{minus: [compliance.hipaa, documents.baa]}",
	 "Red River Surgery PC is hipaa_covered_entity, no compliance.hipaa, baa document"},
	{"P-02 E", "{minus: [compliance.hipaa.cure]}",
	 "clause \"Breach of this agreement\" of Health data drops out: compliance.hipaa.cure is "
	 "not set"},
	{"P-05 E", "{add: {" GDPR("subprocessors: {objection: 31d}") "}}",
	 "the subprocessor starts 1 day before the objection ends"},
	{"P-06 E", "{minus: [compliance.gdpr.end, compliance.gdpr.data_subjects]}",
	 "art. 28(3) lacks end, data_subjects"},
	{"P-09 W", "{add: {security: {incident: {notify_within: 3d}}}}",
	 "incidents are told after 3d, breaches due after 48h"},
	{"G-03 W", "{minus: [parties.client.contacts.c1.authority]}",
	 "nobody can bind Red River Surgery PC"},
	{"G-05 W",
	 "{base: own, invoiced_to: \"2026-08-01\", add: {" AMENDS(
		 "effective_date: \"2026-06-15\"") ", " CARE("1000.00 USD") "}}",
	 "1,800.00 USD under the base, 2,000.00 USD under this version"},
	{"G-05 W",
	 "{base: own, invoiced_to: \"2026-08-01\", add: {" AMENDS(
		 "effective_date: \"2026-06-15\"") "}}",
	 "2 invoices would change"},
	{"G-06 E",
	 "{base: own, add: {" AMENDS("change: minor") ", payment: {due: 31d}, " CARE(
		 "901.00 USD") "}}",
	 "charges.care.amount is material, so are 1 more"},
};

static struct linted linted_with(struct arena *a, struct text base, const struct linted *plain,
				 const char *change)
{
	struct tree *edit, *t;
	struct linted r;

	if (*change == '\0')
		return *plain;
	edit = tree_of(a, text_of(change));
	t = tree_bent(a, base, edit);
	tree_swap(t, "HEAD", plain->contract->hash);
	r = lint_of(a, tree_print(a, t), edit, tree_get(edit, "base") == NULL ? NULL : plain);
	if (!ok(r.contract->valid, "valid: %.70s", change))
		print_findings(&r);
	return r;
}

static void each_rule(struct text base)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		struct arena *a = arena_new((size_t)1 << 27);
		struct linted plain = lint_of(a, base, NULL, NULL),
			      trips = linted_with(a, base, &plain, rules[i].trips),
			      passes = linted_with(a, base, &plain, rules[i].passes);
		struct text id;

		(void)text_cut(text_of(rules[i].rule), ' ', &id);
		if (!ok(finding_at(&trips, rules[i].rule, rules[i].path) != NULL, "%s at %s: %.60s",
			rules[i].rule, rules[i].path, rules[i].trips))
			print_findings(&trips);
		if (!ok(finding_of(&passes, id) == NULL, "%.*s not by: %.60s", TEXT_ARG(id),
			rules[i].passes))
			print_findings(&passes);
		arena_free(a);
	}
}

static void each_word(struct text base)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct arena *a = arena_new((size_t)1 << 27);
		struct linted plain = lint_of(a, base, NULL, NULL),
			      r = linted_with(a, base, &plain, words[i].change);
		const struct finding *f = finding_of(&r, text_of(words[i].rule));
		struct text in = text_of(words[i].in);

		if (!ok(f != NULL && (text_has(f->effect, in) || text_has(f->message, in)),
			"%s says \"%s\"", words[i].rule, words[i].in))
			print_findings(&r);
		arena_free(a);
	}
}

/* Every rule of these groups has a case above that trips it in each of its severities. */
static void each_row_tested(void)
{
	for (size_t i = 0; i < lint_row_count(); i++) {
		const struct lint_row *row = lint_row_at(i);

		if (strchr("TLPG", row->id[0]) == NULL)
			continue;
		for (const char *s = row->severities; *s != '\0'; s++) {
			bool tested = false;

			for (size_t k = 0; k < ARRAY_SIZE(rules) && !tested; k++)
				tested = strncmp(rules[k].rule, row->id, 4) == 0 &&
					 rules[k].rule[5] == *s;
			ok(tested, "%s %c has a case", row->id, *s);
		}
	}
}

static void base_is_clean(struct text base)
{
	struct arena *a = arena_new((size_t)1 << 27);
	struct linted r = lint_of(a, base, NULL, NULL);

	if (!ok(r.contract->valid && r.found.n == 0, "the base has no finding"))
		print_findings(&r);
	arena_free(a);
}

/* A template has no dates to count from; what it leaves open is not missing. */
static void template_is_linted(struct text base)
{
	struct arena *a = arena_new((size_t)1 << 27);
	struct tree *edit = tree_of(
		a,
		text_of("{add: {template: {holes: [{id: start, label: Start}, {id: cap, label: "
			"Cap}, "
			"{id: cure, label: Cure}, {id: name, label: Name}, {id: may, label: "
			"Authority}]}, term: "
			"{effective_date: "
			"\"?start\"}, liability: {cap: {lookback: \"?cap=12mo\"}}, termination: "
			"{causes: [{id: unpaid, cure: \"?cure\"}]}, parties: {client: {contacts: "
			"[{id: c1, name: \"?name\", authority: \"?may\"}]}}}}"));
	struct linted r = lint_of(a, tree_print(a, tree_bent(a, base, edit)), NULL, NULL);

	if (!ok(r.contract->valid && r.contract->is_template && r.promise == NULL && r.found.n == 0,
		"a template with holes has no finding"))
		print_findings(&r);
	arena_free(a);
}

int main(void)
{
	struct arena *a = arena_new((size_t)1 << 24);
	struct text base = tap_file(a, base_path);

	if (!ok(base.n > 0, "%s is there", base_path))
		return tap_done();
	base_is_clean(base);
	each_rule(base);
	each_word(base);
	each_row_tested();
	template_is_linted(base);
	arena_free(a);
	return tap_done();
}
