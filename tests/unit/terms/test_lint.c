/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each rule of lint about service levels and money: the smallest change of lint_base.yaml that trips it and the nearest one
 * that does not. A change is written as in lint.md section 8: {minus: [paths], add: {...}}. The base itself has no finding.
 * test_lint_law.c has the other groups.
 */
#include "lint_tap.h"

static const char base_path[] = "tests/unit/terms/lint_base.yaml";

static const struct {
	const char *rule, *path; /* of the finding */
	const char *trips, *passes;
} rules[] = {
#define METRIC(id, keys) "sla: {metrics: [{id: " id ", " keys "}]}"
#define RULE(id, keys) "sla: {credits: {rules: [{id: " id ", " keys "}]}}"
#define CHARGE(id, keys) "charges: [{id: " id ", " keys "}]"
#define CLAUSE(document, id, text)                                                                 \
	"documents: [{id: " document ", clauses: [{id: " id ", text: \"" text "\"}]}]"

	/* An elapsed metric needs no interval; any other does. */
	{"S-01 E", "sla.metrics.line.measured_by.interval",
	 "{minus: [sla.metrics.line.measured_by.interval]}",
	 "{minus: [sla.metrics.line.measured_by.down_after]}"},
	{"S-01 E", "sla.metrics.happy.measured_by", "{minus: [sla.metrics.happy.measured_by]}",
	 "{add: {" METRIC("answer", "measured_by: {interval: 5min}") "}}"},
	{"S-02 E", "sla.metrics.line.partial_window", "{minus: [sla.metrics.line.partial_window]}",
	 "{minus: [sla.metrics.happy.at_least]}"},
	{"S-02 E", "sla.metrics.line.schedule", "{minus: [sla.metrics.line.schedule]}", ""},
	{"S-02 E", "sla.metrics.happy.value", "{minus: [sla.metrics.happy.value]}", ""},
	{"S-03 E", "sla.credits.caps", "{minus: [sla.credits.caps.month]}",
	 "{add: {sla: {credits: {caps: [{id: month, per: calendar_quarter}, {id: year, per: "
	 "calendar_year}]}}}}"},
	{"S-03 E", "sla.credits.caps", "{minus: [sla.credits.caps]}", ""},
	/* basic 300.00 and 20 seats at 15.00 are both month and base: a cap of 5 % is the smallest credit of line. */
	{"S-04 E", "sla.credits.caps.month.pct",
	 "{add: {sla: {credits: {caps: [{id: month, pct: 4.9%}]}}}}",
	 "{add: {sla: {credits: {caps: [{id: month, pct: 10%}]}}}}"},
	{"S-04 W", "sla.credits.caps.month.pct",
	 "{add: {sla: {credits: {caps: [{id: month, pct: 9.9%}]}}}}", ""},
	{"S-04 E", "sla.credits.rules.line.tiers.t2.below",
	 "{add: {" RULE("line", "tiers: [{id: t2, below: 99.5%}]") "}}",
	 "{add: {" RULE("line", "tiers: [{id: t2, below: 99.49%}]") "}}"},
	{"S-04 E", "sla.credits.rules.line.tiers.t2.credit",
	 "{add: {" RULE("line", "tiers: [{id: t2, credit: 5%}]") "}}",
	 "{add: {" RULE("line", "tiers: [{id: t2, credit: 5.1%}]") "}}"},
	{"S-04 W", "sla.credits.caps.last.per",
	 "{add: {sla: {credits: {caps: [{id: last, per: calendar_month, pct: 90%, of: "
	 "month_charges}]}}}}",
	 "{add: {sla: {credits: {caps: [{id: last, per: calendar_year, pct: 90%, of: "
	 "year_charges}]}}}}"},
	{"S-05 E", "sla.metrics.twin.target",
	 "{add: {sla: {metrics: [{id: twin, target: 99.4%}], credits: {rules: [{id: twin, tiers: "
	 "[{id: t1, below: "
	 "99.4%}]}]}}}}",
	 "{add: {sla: {metrics: [{id: twin, target: 99.5%}], credits: {rules: [{id: twin, tiers: "
	 "[{id: t1, below: "
	 "99.5%}]}]}}}}"},
	/* A metric that mixes both kinds of assets is not redundant. */
	{"S-05 E", "sla.metrics.twin.target", "{add: {" METRIC("twin", "target: 99%") "}}",
	 "{add: {" METRIC("twin", "target: 99%, scope: [pair, gate]") "}}"},
	{"S-06 W", "sla.metrics.line.target", "{add: {" METRIC("line", "target: 99.6%") "}}",
	 "{add: {" METRIC("line", "target: 99.4%") "}}"},
	{"S-06 W", "sla.metrics.answer.comply.at_least",
	 "{add: {" METRIC("answer", "comply: {at_least: 91%}") "}}",
	 "{add: {" METRIC("answer", "comply: {at_least: 91%}, role: goal") "}}"},
	/* Each breach of every priority closes the gap, of one alone it does not. */
	{"S-06 W", "sla.metrics.answer.comply.at_least",
	 "{minus: [sla.credits.rules.answer], add: {" RULE(
		 "a", "metric: answer, priority: A, each_breach: 2%") "}}",
	 "{minus: [sla.credits.rules.answer], add: {" RULE("a",
							   "metric: answer, each_breach: 2%") "}}"},
	{"S-06 W", "sla.metrics.repair.targets.b", "{minus: [sla.credits.rules.repair_b]}",
	 "{minus: [sla.credits.rules.repair_b, sla.credits.rules.repair_a], add: {" RULE(
		 "all", "metric: repair, each_breach: 2%") "}}"},
	{"S-06 I", "sla.metrics.twin", "{minus: [sla.credits.rules.twin]}",
	 "{minus: [sla.credits.rules.twin], add: {" METRIC("twin", "role: goal") "}}"},
	{"S-07 W", "sla.priorities.A.test",
	 "{add: {sla: {priorities: [{id: A, test: Very high impact}]}}}",
	 "{add: {sla: {priorities: [{id: A, test: High impact on payroll}]}}}"},
	{"S-07 W", "sla.priorities.A.test",
	 "{add: {sla: {priorities: [{id: A, test: Nobody works}]}}}",
	 "{add: {sla: {priorities: [{id: A, test: Nobody works here}]}}}"},
	{"S-07 W", "sla.priorities.B.test", "{minus: [sla.priorities.B.test]}", ""},
	{"S-08 W", "sla.metrics.answer.targets.b",
	 "{minus: [sla.credits.rules.repair_b], add: {sla: {metrics: [{id: repair, role: goal}]}}}",
	 "{add: {" METRIC("repair", "stop: ticket.closed") "}}"},
	{"S-08 W", "sla.metrics.answer.targets.a",
	 "{add: {" METRIC("repair", "service: extras") "}}", ""},
	{"S-09 E", "sla.metrics.answer.targets.a.within",
	 "{add: {" METRIC("answer", "targets: [{id: b, within: 29min@shop}]") "}}",
	 "{add: {" METRIC("answer", "targets: [{id: b, within: 30min@shop}]") "}}"},
	/* The answer may be due with the repair, not after it. */
	{"S-09 E", "sla.metrics.answer.targets.b.within",
	 "{add: {" METRIC("answer", "targets: [{id: b, within: 17h@shop}]") "}}",
	 "{add: {" METRIC("answer", "targets: [{id: b, within: 16h@shop}]") "}}"},
	/* Saturday + 1bd is Monday at that time of day; `by` moves it to the evening. */
	{"S-09 E", "sla.metrics.answer.targets.a.within",
	 "{add: {" METRIC("answer", "targets: [{id: b, within: 1bd}]") "}}",
	 "{add: {" METRIC("answer", "targets: [{id: b, within: 1bd, by: \"17:00\"}]") "}}"},
	/* The earlier of two limits counts. */
	{"S-09 E", "sla.metrics.answer.targets.a.within",
	 "{add: {" METRIC("answer", "targets: [{id: b, or_within: 10min@shop}]") "}}",
	 "{add: {" METRIC(
		 "answer",
		 "targets: [{id: a, or_within: 10min@shop}, {id: b, or_within: 10min@shop}]") "}}"},
	{"S-10 W", "documents.measuring.clauses.record.text",
	 "{add: {" CLAUSE("measuring", "record", "We make our Best  Efforts.") "}}",
	 "{add: {" CLAUSE("measuring", "record", "We make our best. Efforts count.") "}}"},
	{"S-10 W", "documents.measuring.clauses.record.text",
	 "{add: {" CLAUSE("measuring", "record", "We aim to be there.") "}}",
	 "{add: {" CLAUSE("offer", "work", "{{table:services}} We aim to be there.") "}}"},
	{"S-11 E", "sla.credits.sole_remedy.applies", "{minus: [sla.chronic]}",
	 "{minus: [sla.chronic], add: {sla: {credits: {sole_remedy: {applies: false}}}}}"},
	{"S-11 E", "sla.credits.sole_remedy.applies", "{minus: [termination.causes.levels]}", ""},
	{"S-11 E", "sla.credits.sole_remedy.applies",
	 "{add: {sla: {credits: {sole_remedy: {except: [data_loss]}}}}}",
	 "{add: {sla: {credits: {sole_remedy: {except: [chronic_failure, data_loss]}}}}}"},
	{"S-12 E", "sla.credits.claim.within",
	 "{add: {sla: {credits: {claim: {mode: claim, within: 10bd, from: window_end}}}}}",
	 "{add: {sla: {credits: {claim: {mode: claim, within: 11bd, from: window_end}}}}}"},
	{"S-12 E", "sla.credits.claim.within",
	 "{add: {sla: {credits: {claim: {mode: claim, within: 1d, from: window_end}}}}}",
	 "{add: {sla: {credits: {claim: {mode: claim, within: 1d, from: report}}}}}"},
	{"S-12 E", "sla.chronic.line.exercise_within",
	 "{add: {sla: {chronic: [{id: line, exercise_within: 10d}]}}}",
	 "{add: {sla: {chronic: [{id: line, exercise_within: 25d}]}}}"},
	{"S-13 W", "sla.metrics.line.exclude.planned.max",
	 "{minus: [sla.metrics.line.exclude.planned.per, sla.metrics.line.exclude.planned.max]}",
	 "{minus: [sla.metrics.line.exclude.planned.per, sla.metrics.line.exclude.planned.max], "
	 "add: {" METRIC(
		 "line",
		 "exclude: [{id: planned, cause: suspension, proof: suspension_notice}]") "}}"},
	{"S-13 W", "sla.metrics.line.exclude.client.proof",
	 "{minus: [sla.metrics.line.exclude.client.proof]}", ""},
	{"S-14 W", "sla.metrics.line.measured_by.verified_by",
	 "{add: {" METRIC("line", "measured_by: {verified_by: provider}") "}}",
	 "{add: {" METRIC("line", "measured_by: {verified_by: third_party}") "}}"},
	{"S-14 W", "sla.metrics.twin.measured_by.verified_by",
	 "{add: {" METRIC("twin", "measured_by: {verified_by: provider}") "}}",
	 "{add: {" METRIC("happy", "measured_by: {verified_by: provider}") "}}"},
	{"S-15 W", "sla.metrics.twin.target", "{minus: [sla.metrics.twin.exclude]}",
	 "{minus: [sla.metrics.line.exclude.client]}"},
	{"S-15 W", "sla.metrics.twin.target", "{add: {" METRIC("twin", "target: 100%") "}}",
	 "{add: {" METRIC("twin", "target: 99.999%") "}}"},
	{"S-16 W", "sla.metrics.answer.comply.min_sample",
	 "{minus: [sla.metrics.answer.comply.min_sample]}",
	 "{minus: [sla.metrics.answer.comply, sla.credits.rules.answer]}"},
	{"S-16 W", "sla.metrics.happy.min_sample", "{minus: [sla.metrics.happy.min_sample]}",
	 "{minus: [sla.metrics.happy.min_sample], add: {" METRIC("happy", "kind: count") "}}"},
	{"S-17 E", "sla.metrics.answer.targets.a.within",
	 "{add: {services: [{id: desk, calendar: late}]}}",
	 "{add: {services: [{id: desk, calendar_for: [{id: none, priority: A, calendar: "
	 "shop}]}]}}"},
	{"S-17 E", "sla.metrics.answer.targets.a.within",
	 "{add: {services: [{id: desk, calendar_for: [{id: a, priority: A, calendar: late}]}]}}",
	 ""},
	{"S-17 W", "sla.metrics.answer.targets.b.within",
	 "{add: {" METRIC("answer", "targets: [{id: b, within: 4h}]") "}}",
	 "{add: {" METRIC("answer", "targets: [{id: b, within: 2d}]") "}}"},
	{"S-17 W", "sla.metrics.answer.targets.a.within",
	 "{add: {" METRIC("answer", "targets: [{id: a, within: 15min}]") "}}",
	 "{add: {" METRIC("answer", "targets: [{id: a, within: 15min}], role: goal") "}}"},
	{"S-18 W", "sla.credits.apply.if_no_invoice",
	 "{add: {sla: {credits: {apply: {if_no_invoice: expire}}}}}",
	 "{add: {sla: {credits: {apply: {to: pay}}}}}"},
	{"S-18 W", "sla.credits.apply.expires", "{add: {sla: {credits: {apply: {expires: 6mo}}}}}",
	 ""},
	/* The clause of prices anchors money, percentages and durations: one of them is 30 days, none is 31. */
	{"S-19 E", "documents.offer.clauses.price.text",
	 "{add: {" CLAUSE("offer", "price",
			  "{{table:charges}} Pay within thirty-one (31) days.") "}}",
	 "{add: {" CLAUSE("measuring", "record", "Records are kept for 31 days.") "}}"},
	{"S-19 I", "documents.offer.clauses.price.text",
	 "{add: {" CLAUSE("offer", "price", "{{table:charges}} Pay within thirty (30) days.") "}}",
	 "{add: {" CLAUSE("offer", "price",
			  "{{table:charges}} Pay within {{payment.due}}, 24x7, by AES-256.") "}}"},
	{"S-19 I", "documents.offer.clauses.price.text",
	 "{add: {" CLAUSE("offer", "price",
			  "{{table:charges}} One year is 12 months, a seat EUR 15.") "}}",
	 ""},
	{"S-19 E", "documents.offer.clauses.price.text",
	 "{add: {" CLAUSE("offer", "price", "{{table:charges}} 30 days, or 1,300.00 EUR.") "}}",
	 ""},
	{"S-19 E", "documents.offer.clauses.levels.text",
	 "{add: {" CLAUSE("offer", "levels", "{{table:sla.metrics}} At least 99.6 %.") "}}", ""},
	{"S-20 I", "sla.reporting", "{minus: [sla.reporting]}",
	 "{add: {sla: {reporting: {if_late: deemed_failure}}}, minus: "
	 "[sla.reporting.late_credit]}"},
	{"S-20 I", "sla.reporting.if_late", "{add: {sla: {reporting: {if_late: none}}}}", ""},
	{"S-21 W", "sla.credits.combine", "{minus: [sla.credits.combine]}",
	 "{minus: [sla.credits.combine, sla.credits.rules.twin, sla.credits.rules.answer, "
	 "sla.credits.rules.repair_a, sla.credits.rules.repair_b]}"},
	{"S-21 W", "sla.credits.same_cause", "{minus: [sla.credits.same_cause]}", ""},
	/* The shortest month has 40,320 min; of these 99.7 % leave 120.96. */
	{"S-22 E", "sla.metrics.twin.target",
	 "{add: {" METRIC("twin", "measured_by: {interval: 121min}") "}}",
	 "{add: {" METRIC("twin", "measured_by: {interval: 120min}") "}}"},
	{"S-22 E", "sla.metrics.line.target",
	 "{add: {" METRIC("line", "measured_by: {down_after: 41}") "}}",
	 "{add: {" METRIC("line", "measured_by: {down_after: 40}") "}}"},
	{"S-22 E", "sla.metrics.twin.target",
	 "{add: {" METRIC("twin", "measured_by: {interval: 121min}") "}}",
	 "{add: {" METRIC("twin",
			  "measured_by: {interval: 121min}, window: calendar_quarter") "}}"},
	{"S-23 W", "sla.metrics.repair.pause.maker",
	 "{minus: [sla.metrics.repair.pause.maker.max]}", ""},
	{"S-23 W", "sla.metrics.repair.pause.maker",
	 "{minus: [sla.metrics.repair.pause.maker.proof]}", ""},
	{"S-23 W", "sla.metrics.answer.pause.client",
	 "{add: {" METRIC("answer", "pause: [{id: client, while: ticket.waiting_client}]") "}}",
	 "{add: {" METRIC("repair", "pause: [{id: again, while: ticket.waiting_client}]") "}}"},
	{"S-24 E", "sla.metrics.line.decimals", "{add: {" METRIC("line", "decimals: 0") "}}",
	 "{add: {" METRIC("line", "decimals: 1") "}}"},
	{"S-24 E", "sla.metrics.line.decimals",
	 "{add: {sla: {metrics: [{id: line, decimals: 1}], credits: {rules: [{id: line, tiers: "
	 "[{id: t2, below: "
	 "98.25%}]}]}}}}",
	 "{add: {sla: {metrics: [{id: line, decimals: 2}], credits: {rules: [{id: line, tiers: "
	 "[{id: t2, below: "
	 "98.25%}]}]}}}}"},
	{"S-25 W", "calendars.late.hours.week.open",
	 "{add: {calendars: [{id: late, hours: [{id: week, open: [\"06:00-23:59\"]}]}]}}",
	 "{add: {calendars: [{id: late, hours: [{id: week, open: [\"06:00-24:00\"]}]}]}}"},
	{"S-25 W", "calendars.shop.replace.eve.open",
	 "{add: {calendars: [{id: shop, replace: [{id: eve, open: [\"08:00-23:59\"]}]}]}}",
	 "{add: {calendars: [{id: shop, replace: [{id: eve, open: [\"08:00-23:58\"]}]}]}}"},

	{"F-01 E", "charges.basic.period", "{minus: [charges.basic.period]}",
	 "{minus: [charges.block.rollover.max]}"},
	{"F-01 E", "charges.disk.price", "{minus: [charges.disk.tiers]}",
	 "{minus: [charges.disk.tiers], add: {" CHARGE("disk", "pct: 5%") "}}"},
	{"F-01 E", "charges.setup.clause", "{minus: [charges.setup.clause]}", ""},
	{"F-01 E", "charges.loyal.pct", "{minus: [charges.loyal.bands, charges.loyal.bands_of]}",
	 "{minus: [charges.loyal.bands, charges.loyal.bands_of], add: {" CHARGE("loyal",
										"pct: 2%") "}}"},
	{"F-02 E", "term.holdover.price",
	 "{add: {term: {holdover: {mode: month_to_month, price: list}}}}",
	 "{add: {term: {holdover: {mode: none, price: list}}}}"},
	{"F-02 E", "term.renewal.price",
	 "{add: {term: {renewal: {mode: mutual, period: 12mo, price: list}}}}",
	 "{add: {term: {renewal: {mode: mutual, period: 12mo, price: indexed}}}}"},
	{"F-02 E", "indexation.mode", "{add: {indexation: {mode: provider_choice}}}",
	 "{add: {indexation: {mode: automatic}}}"},
	{"F-02 E", "charges.parts.evidence", "{minus: [charges.parts.evidence]}", ""},
	{"F-02 E", "documents.measuring.clauses.record.text",
	 "{add: {" CLAUSE("measuring", "record", "More at our standard\\n rates.") "}}",
	 "{add: {" CLAUSE("measuring", "record", "A standard. Rates are above.") "}}"},
	{"F-03 W", "early_termination_fee.steps.y1.pct",
	 "{add: {early_termination_fee: {steps: [{id: y1, pct: 75%}]}}}",
	 "{add: {early_termination_fee: {steps: [{id: y1, pct: 74.9%}]}}}"},
	{"F-03 E", "early_termination_fee.steps.y1.pct",
	 "{add: {early_termination_fee: {steps: [{id: y1, pct: 100%}]}}}", ""},
	{"F-03 E", "early_termination_fee.formula",
	 "{add: {early_termination_fee: {formula: remaining_fees}}}",
	 "{add: {early_termination_fee: {formula: fixed, amount: \"900.00 EUR\"}}}"},
	{"F-04 W", "early_termination_fee.nature",
	 "{add: {early_termination_fee: {nature: liquidated_damages}}}",
	 "{add: {early_termination_fee: {nature: liquidated_damages, triggers: "
	 "[client_default]}}}"},
	{"F-05 E", "early_termination_fee.triggers",
	 "{add: {early_termination_fee: {triggers: [client_convenience, force_majeure]}}}",
	 "{add: {early_termination_fee: {triggers: [client_convenience, client_default]}}}"},
	{"F-05 E", "sla.chronic.line.fee",
	 "{add: {sla: {chronic: [{id: line, fee: early_termination}]}}}",
	 "{add: {sla: {chronic: [{id: line, fee: none}]}}}"},
	/* Unset are previous_adjustment and current_price, which fit each other. */
	{"F-06 E", "indexation.index_from", "{add: {indexation: {index_from: signing}}}",
	 "{add: {indexation: {index_from: signing, multiplicand: original_price}}}"},
	{"F-06 E", "indexation.multiplicand", "{add: {indexation: {multiplicand: original_price}}}",
	 "{add: {indexation: {multiplicand: current_price}}}"},
	{"F-07 W", "indexation.index.if_missing", "{minus: [indexation.index.if_missing]}", ""},
	/* December ends 31 days before the notice of 89 days for 1 May, and 30 before one of 90. */
	{"F-07 W", "indexation.index.lag", "{add: {indexation: {notice: 90d}}}",
	 "{add: {indexation: {notice: 89d}}}"},
	{"F-08 E", "payment.late_fee.compound", "{minus: [payment.late_fee.compound]}",
	 "{minus: [payment.late_fee.compound, payment.late_fee.rate, payment.late_fee.per], add: "
	 "{payment: "
	 "{late_fee: {kind: statutory, scheme: eu_2011_7}}}}"},
	{"F-08 E", "payment.late_fee.rate",
	 "{add: {payment: {late_fee: {rate: 1.1%, per: month}}}}",
	 "{add: {payment: {late_fee: {rate: 1%, per: month}}}}"},
	{"F-09 W", "payment.due", "{add: {payment: {due: 61d, dispute: {within: 61d}}}}",
	 "{add: {payment: {due: 60d, dispute: {within: 60d}}}}"},
	{"F-09 W", "payment.due", "{add: {payment: {due: 61d}}}",
	 "{add: {payment: {due: 61d, expressly_agreed: true}}}"},
	{"F-09 W", "payment.late_fee.kind", "{add: {payment: {late_fee: {kind: none}}}}",
	 "{add: {payment: {late_fee: {kind: none}}, parties: {provider: {jurisdiction: CH}, "
	 "client: {jurisdiction: "
	 "US-NY}}}}"},
	{"F-10 E", "charges.move.milestones",
	 "{add: {" CHARGE("move", "milestones: [{id: done, pct: 59.9%}]") "}}",
	 "{add: {" CHARGE(
		 "move",
		 "milestones: [{id: done, pct: 59.9%}, {id: last, name: Last, pct: 0.1%}]") "}}"},
	{"F-11 E", "charges.disk.tiers.t2.up_to",
	 "{add: {" CHARGE("disk", "tiers: [{id: t2, up_to: 200}]") "}}",
	 "{add: {" CHARGE("disk",
			  "tiers: [{id: t2, up_to: 200}, {id: t3, price: \"0.05 EUR\"}]") "}}"},
	{"F-11 E", "charges.disk.tiers.t2.up_to",
	 "{add: {" CHARGE("disk",
			  "tiers: [{id: t2, up_to: 100}, {id: t3, price: \"0.05 EUR\"}]") "}}",
	 "{add: {" CHARGE("disk",
			  "tiers: [{id: t2, up_to: 101}, {id: t3, price: \"0.05 EUR\"}]") "}}"},
	{"F-11 E", "charges.disk.tiers.t1.up_to", "{minus: [charges.disk.tiers.t1.up_to]}", ""},
	{"F-11 E", "charges.disk.block_rounding", "{add: {" CHARGE("disk", "block: 10") "}}",
	 "{add: {" CHARGE("disk", "block: 10, block_rounding: up") "}}"},
	{"F-11 E", "charges.loyal.bands.none.from",
	 "{add: {" CHARGE("loyal", "bands: [{id: none, from: \"1.00 EUR\"}]") "}}",
	 "{add: {" CHARGE("loyal", "bands: [{id: some, from: \"0.01 EUR\"}]") "}}"},
	{"F-11 E", "charges.loyal.bands.some.from",
	 "{add: {" CHARGE("loyal", "bands: [{id: some, from: \"0.00 EUR\"}]") "}}", ""},
	{"F-12 W", "charges.basic.prorate", "{add: {term: {service_start: \"2026-05-02\"}}}",
	 "{add: {term: {service_start: \"2026-06-01\"}}}"},
	{"F-12 W", "charges.basic.prorate", "{add: {term: {effective_date: \"2026-05-15\"}}}", ""},
	{"F-12 W", "charges.seats.prorate", "{add: {" CHARGE("seats", "from: \"2026-05-15\"") "}}",
	 "{add: {" CHARGE("seats", "from: \"2026-05-15\", anchor: anniversary") "}}"},
	{"F-12 W", "charges.basic.prorate", "{add: {" CHARGE("basic", "from: \"2026-05-15\"") "}}",
	 "{add: {" CHARGE("basic", "from: \"2026-05-15\", prorate: none") "}}"},
	{"F-13 E", "sla.credits.base.charges", "{minus: [sla.credits.base.charges]}", ""},
	{"F-13 E", "sla.credits.base.charges",
	 "{add: {sla: {credits: {base: {charges: [basic, setup]}}}}}",
	 "{add: {sla: {credits: {base: {charges: [basic, disk]}}}}}"},
	{"F-14 W", "contract.rounding.place", "{minus: [contract.rounding.place]}", ""},
	{"F-14 W", "contract.rounding", "{minus: [contract.rounding]}", ""},
	{"F-15 W", "payment.dispute.within", "{add: {payment: {dispute: {within: 29d}}}}",
	 "{add: {payment: {dispute: {within: 31d}}}}"},
	/* A month from 1 May is longer than 30 days. */
	{"F-15 W", "payment.dispute.within", "{add: {payment: {due: 1mo}}}",
	 "{add: {payment: {due: 4w}}}"},
	{"F-16 I", "commitment.amount", "{add: {commitment: {amount: \"600.01 EUR\"}}}",
	 "{add: {commitment: {amount: \"600.00 EUR\"}}}"},
	{"F-16 I", "commitment.amount", "{add: {commitment: {amount: \"1800.03 EUR\", per: 3mo}}}",
	 "{add: {commitment: {amount: \"7200.00 EUR\", per: 1y}}}"},
	{"F-17 W", "payment.suspension.services",
	 "{add: {services: [{id: extras, essential: true}]}}",
	 "{add: {services: [{id: desk, essential: true}]}}"},
	{"F-17 W", "payment.suspension.services",
	 "{add: {services: [{id: extras, objectives: {rto: 4h}}]}}", ""},
	{"F-17 W", "payment.suspension.counts_disputed",
	 "{add: {payment: {suspension: {counts_disputed: true}}}}",
	 "{add: {payment: {suspension: {counts_disputed: false}}}}"},
	{"F-18 W", "charges.block.at_end", "{add: {" CHARGE("block", "at_end: forfeit") "}}", ""},
	{"F-18 W", "charges.block.rollover", "{minus: [charges.block.rollover]}", ""},
	{"F-18 W", "charges.block.alert_at", "{minus: [charges.block.alert_at]}",
	 "{add: {" CHARGE("block", "alert_at: [50%]") "}}"},
	{"F-19 E", "charges.block.draws_for",
	 "{add: {" CHARGE("block", "draws_for: [hours, seats]") "}}", ""},
	{"F-19 E", "services.desk.limits.visits.beyond",
	 "{add: {services: [{id: desk, limits: [{id: visits, beyond: basic}]}]}}", ""},
	{"F-19 E", "services.desk.out_of_scope.charge",
	 "{add: {services: [{id: desk, out_of_scope: {charge: parts}}]}}", ""},
	{"F-19 E", "transition.assistance.charge",
	 "{add: {transition: {assistance: {charge: move}}}}",
	 "{add: {transition: {assistance: {charge: hours}}}}"},
	{"F-20 W", "charges.basic.tax", "{minus: [charges.basic.tax]}",
	 "{minus: [taxes, charges.basic.tax, charges.seats.tax, charges.hours.tax, "
	 "charges.block.tax, charges.disk.tax, "
	 "charges.move.tax, charges.setup.tax, charges.parts.tax], add: {" CLAUSE(
		 "offer", "price", "{{table:charges}}") "}}"},
	/* 100 at 0.20 are 20.00; 101 at 0.19 are 19.19, at 0.1999 20.19. */
	{"F-21 I", "charges.disk.tiers.t1.up_to",
	 "{add: {" CHARGE("disk", "tier_mode: volume, tiers: [{id: t2, price: \"0.19 EUR\"}]") "}}",
	 "{add: {" CHARGE("disk",
			  "tier_mode: volume, tiers: [{id: t2, price: \"0.1999 EUR\"}]") "}}"},
	{"F-21 I", "charges.disk.tiers.t1.up_to",
	 "{add: {" CHARGE("disk", "tier_mode: volume") "}}",
	 "{add: {" CHARGE("disk", "tier_mode: graduated") "}}"},
	{"F-22 W", "taxes.categories.reverse.code", "{minus: [parties.client.vat_id]}", ""},
	{"F-22 W", "taxes.categories.reverse.code",
	 "{add: {parties: {client: {jurisdiction: DE-BY}}}}",
	 "{add: {parties: {client: {jurisdiction: FR}}}}"},
	{"F-22 W", "taxes.categories.reverse.code",
	 "{add: {taxes: {categories: [{id: reverse, code: S, rate: 19%}]}}}",
	 "{minus: [parties.client.vat_id], add: {taxes: {categories: [{id: reverse, code: S, rate: "
	 "19%}]}}}"},
	{"F-22 W", "taxes.categories.reverse.code",
	 "{add: {taxes: {categories: [{id: reverse, code: G}]}}}",
	 "{add: {parties: {client: {jurisdiction: CH}}, taxes: {categories: [{id: reverse, code: "
	 "G}]}}}"},
	{"F-22 W", "taxes.categories.reverse.code",
	 "{add: {parties: {client: {jurisdiction: DE}}, taxes: {categories: [{id: reverse, code: "
	 "O}]}}}",
	 "{add: {parties: {client: {jurisdiction: US-NY}}, taxes: {categories: [{id: reverse, "
	 "code: O}]}}}"},
};

/* What a finding comes to in money, or says; on the base's nominal month of 600.00. */
static const struct {
	const char *rule, *change, *in;
} words[] = {
	{"S-03 E", "{minus: [sla.credits.caps.year]}",
	 "all top tiers in one month 126.00 EUR against 600.00 EUR"},
	{"S-04 E", "{add: {sla: {credits: {caps: [{id: year, pct: 4%}]}}}}",
	 "cap 24.00 EUR, one credit 30.00 EUR"},
	{"S-18 W", "{add: {sla: {credits: {apply: {if_no_invoice: expire}}}}}", "60.00 EUR"},
	{"S-21 W", "{minus: [sla.credits.combine]}",
	 "the sum is 126.00 EUR, the largest 60.00 EUR"},
	{"F-03 E",
	 "{add: {early_termination_fee: {steps: [{id: y1, pct: 100%}], plus: "
	 "[unamortised_setup]}}}",
	 "month 1: 14,900.00 EUR, month 13: 1,690.00 EUR"},
	{"F-05 E",
	 "{add: {early_termination_fee: {triggers: [force_majeure]}}, as_of: \"2027-05-01\"}",
	 "leaving in month 13 costs 1,440.00 EUR"},
	{"F-07 W",
	 "{minus: [indexation.cap], add: {" CLAUSE("offer", "price", "{{table:charges}}") "}}",
	 "one point of the index is 72.00 EUR a year"},
	/* 600.00 x 9 % x 90 / 365 */
	{"F-08 E", "{minus: [payment.late_fee.max_per_year]}", "90 days late cost 13.32 EUR"},
	/* 600.00 x ((1 + 0.09 / 365)^90 - 1) */
	{"F-08 E",
	 "{minus: [payment.late_fee.max_per_year], add: {payment: {late_fee: {compound: true}}}}",
	 "90 days late cost 13.46 EUR"},
	{"F-10 E", "{add: {" CHARGE("move", "milestones: [{id: done, pct: 70%}]") "}}",
	 "200.00 EUR of 2,000.00 EUR is due twice"},
	{"F-11 E", "{add: {" CHARGE("disk", "tiers: [{id: t2, up_to: 200}]") "}}",
	 "200 units cost 30.00 EUR, 201 no price"},
	/* 17 of 31 days from 15 May, 16 of 30 */
	{"F-12 W", "{add: {" CHARGE("basic", "from: \"2026-05-15\"") "}}",
	 "actual_days 164.52 EUR, days_30 160.00 EUR, none 300.00 EUR"},
	{"F-13 E", "{minus: [sla.credits.base.charges]}", "30.00 EUR"},
	{"F-16 I", "{add: {commitment: {amount: \"650.00 EUR\"}}}", "50.00 EUR short"},
	{"F-18 W", "{minus: [charges.block.alert_at]}", "400.00 EUR a period"},
	{"F-20 W",
	 "{minus: [charges.basic.tax], add: {taxes: {categories: [{id: std, code: S, rate: "
	 "19%}]}}}",
	 "std 57.00 EUR"},
	{"F-22 W", "{add: {taxes: {categories: [{id: reverse, code: S, rate: 19%}]}}}",
	 "tax of 114.00 EUR at 19% on 600.00 EUR"},
	{"S-09 E", "{add: {" METRIC("answer", "targets: [{id: b, within: 1bd}]") "}}",
	 "A is due later than B for a ticket logged Sat 2026-05-09 00:00"},
	{"S-12 E", "{add: {sla: {credits: {claim: {mode: claim, within: 1d, from: window_end}}}}}",
	 "claim due 2026-06-01 24:00, before the report of 2026-06-12 24:00 that proves it"},
	{"S-22 E", "{add: {" METRIC("twin", "measured_by: {interval: 121min}") "}}",
	 "an outage is seen after 121 min, 99.7% allows 120.96 min"},
};

static struct text changed(struct arena *a, struct text base, const char *change,
			   struct tree **edit)
{
	if (*change == '\0') {
		*edit = NULL;
		return base;
	}
	*edit = tree_of(a, text_of(change));
	return tree_print(a, tree_bent(a, base, *edit));
}

static struct linted linted_with(struct arena *a, struct text base, const char *change)
{
	struct tree *edit;
	struct text yaml = changed(a, base, change, &edit);
	struct linted r = lint_of(a, yaml, edit, NULL);

	if (!ok(r.contract->valid, "valid: %.70s", *change == '\0' ? base_path : change))
		print_findings(&r);
	return r;
}

static void each_rule(struct text base)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		struct arena *a = arena_new((size_t)1 << 27);
		struct linted trips = linted_with(a, base, rules[i].trips),
			      passes = linted_with(a, base, rules[i].passes);
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
		struct linted r = linted_with(a, base, words[i].change);
		const struct finding *f = finding_of(&r, text_of(words[i].rule));
		struct text in = text_of(words[i].in);

		if (!ok(f != NULL && (text_has(f->effect, in) || text_has(f->message, in)),
			"%s says \"%s\"", words[i].rule, words[i].in))
			print_findings(&r);
		arena_free(a);
	}
}

/* Every rule of a group has a row above that trips it in each of its severities. */
static void each_row_tested(const char *groups)
{
	for (size_t i = 0; i < lint_row_count(); i++) {
		const struct lint_row *row = lint_row_at(i);

		if (strchr(groups, row->id[0]) == NULL)
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
	struct linted r = linted_with(a, base, "");

	if (!is_i64((int64_t)r.found.n, 0, "the base has no finding"))
		print_findings(&r);
	arena_free(a);
}

int main(void)
{
	/* Groups of rules with cases above. */
	static const char groups[] = "SF";
	struct arena *a = arena_new((size_t)1 << 24);
	struct text base = tap_file(a, base_path);

	if (!ok(base.n > 0, "%s is there", base_path))
		return tap_done();
	base_is_clean(base);
	each_rule(base);
	each_word(base);
	each_row_tested(groups);
	arena_free(a);
	return tap_done();
}
