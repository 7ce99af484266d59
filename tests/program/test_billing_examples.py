#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The worked examples of money.md that are arithmetic, as cases of `tenor calc`, and what the kinds refuse.

Each row: the example, the kind, what is given, what is expected (only those keys are compared, as text or by value for numbers).
Examples about edges, weights and rating are unit tests too (tests/unit/time/test_period.c, tests/unit/money/test_rating.c).
"""
import json
from fractions import Fraction

import program

S19 = {"category": "S", "pct": 19}
X58 = [1200, 1260, 1180, 1310, 1350, 1290, 1400, 1420, 1380, 1490, 1460, 1520]
X29 = [{"up_to": 20, "price": 0, "flat": "40.00"}, {"price": "1.50", "flat": "10.00"}]
X30 = [{"up_to": 50, "price": "4.00"}, {"up_to": 100, "price": "3.00"}, {"price": "2.50"}]
JUNE = ["2026-06-01", "2026-07-01"]
X33 = [{"on": "2026-06-01", "quantity": 100}, {"on": "2026-06-06", "quantity": 160}, {"on": "2026-06-21", "quantity": 130}]
X21 = {"grants": [{"quantity": 10, "start": "2026-01-01", "expires": "2026-07-01"},
                  {"quantity": 10, "start": "2026-01-02", "expires": "2027-01-01"}],
       "draws": [{"on": "2026-06-20", "quantity": 7}, {"on": "2026-06-29", "quantity": 2}, {"on": "2026-07-10", "quantity": 13}]}
X23 = {"grants": [{"quantity": 20, "expires": "2026-02-01"}, {"quantity": 8, "start": "2026-02-01"}], "until": "2026-02-01"}
# X63: what is taxed at 19 % and at 0 %, by price and base quantity where that is exact (R151).
X63 = {
    "currency": "EUR",
    "lines": [
        {"quantity": 1, "price": "2400.00", "vat_cat": "S", "vat_pct": 19},
        {"quantity": 1493, "price": "25.00", "base_quantity": 30, "net": "1244.17", "vat_cat": "S", "vat_pct": 19},
        {"quantity": 346, "price": "0.12", "net": "41.52", "vat_cat": "S", "vat_pct": 19},
        {"quantity": 40, "price": "120.00", "base_quantity": 60, "net": "80.00", "vat_cat": "S", "vat_pct": 19},
        {"quantity": 20, "price": "180.00", "base_quantity": 60, "net": "60.00", "vat_cat": "S", "vat_pct": 19},
        {"quantity": 30, "price": "120.00", "base_quantity": 60, "net": "60.00", "vat_cat": "S", "vat_pct": 19},
        {"quantity": 1, "price": "1333.32", "vat_cat": "S", "vat_pct": 19},
        {"quantity": 1, "price": "300.00", "vat_cat": "E", "vat_pct": 0},
        {"quantity": 1, "price": "174.31", "vat_cat": "S", "vat_pct": 19},
    ],
    "document_allowances_charges": [
        {"charge": False, "amount": "72.00", "base": "2400.00", "pct": 3, "vat_cat": "S", "vat_pct": 19},
        {"charge": False, "amount": "120.00", "base": "2400.00", "pct": 5, "vat_cat": "S", "vat_pct": 19},
    ],
    "prepaid": "500.00",
}

EXAMPLES = [
    ("X1", "edge", {"start": "2026-08-31", "period": "1mo", "anchor": "anniversary", "count": 6}, {"date": "2027-02-28"}),
    ("X1 comes back", "edge", {"start": "2026-08-31", "period": "1mo", "anchor": "anniversary", "count": 7}, {"date": "2027-03-31"}),
    ("X2", "periods", {"start": "2024-02-29", "period": "1y", "anchor": "anniversary", "from": "2024-02-29", "to": "2028-02-29"},
     {"periods": [{"of": 365}, {"of": 365}, {"of": 365}, {"of": 366}]}),
    ("X3", "period", {"period": "1mo", "at": "2022-03-01T00:00:00Z", "tz": "America/New_York", "offset": -1},
     {"from_at": "2022-01-01T05:00:00Z", "to_exclusive_at": "2022-02-01T05:00:00Z"}),
    ("X4", "prorate", {"price": "465.00", "period": "1mo", "from": "2028-02-27", "to": "2028-03-01"}, {"days": 3, "of": 29, "amount": "48.10"}),
    ("X4 over 28", "prorate", {"price": "465.00", "days": 3, "of": 28}, {"amount": "49.82"}),
    ("X5", "periods", {"start": "2014-06-17", "period": "1mo", "anchor": "anniversary", "from": "2014-06-17", "to": "2014-08-17",
                       "covered": [["2014-06-20", "2014-07-20"]]},
     {"periods": [{"from": "2014-06-17", "to_exclusive": "2014-06-20", "days": 3, "of": 30},
                  {"from": "2014-07-20", "to_exclusive": "2014-08-17", "days": 28, "of": 31}]}),
    ("X5 first", "prorate", {"price": "10.00", "days": 3, "of": 30}, {"amount": "1.00"}),
    ("X5 second", "prorate", {"price": "10.00", "days": 28, "of": 31}, {"amount": "9.03"}),
    ("X6 actual_days", "prorate", {"price": "465.00", "period": "1mo", "from": "2026-05-20", "to": "2026-06-01"}, {"amount": "180.00"}),
    ("X6 days_30", "prorate", {"price": "465.00", "period": "1mo", "from": "2026-05-20", "to": "2026-06-01", "prorate": "days_30"},
     {"days": 11, "of": 30, "amount": "170.50"}),
    ("X6 none", "prorate", {"price": "465.00", "period": "1mo", "from": "2026-05-20", "to": "2026-06-01", "prorate": "none"},
     {"amount": "465.00"}),
    ("X7 free", "prorate", {"price": "640.00", "period": "1mo", "from": "2026-05-01", "to": "2026-05-13"}, {"amount": "247.74"}),
    ("X7 billed", "prorate", {"price": "640.00", "period": "1mo", "from": "2026-05-01", "to": "2026-05-14"}, {"amount": "268.39"}),
    ("X8", "periods", {"start": "2011-02-15", "period": "1mo", "anchor": "anniversary", "from": "2011-03-10", "to": "2011-05-15"},
     {"periods": [{"days": 5, "of": 28}, {"days": 31, "of": 31}, {"days": 30, "of": 30}]}),
    ("X8 stub", "prorate", {"price": "100.00", "days": 5, "of": 28}, {"amount": "17.86"}),
    ("X9 first change", "change", {"pieces": [{"price": "840.00", "days": 9, "of": 31}, {"price": "310.00", "days": 22, "of": 31}],
                                   "billed": "840.00"}, {"total": "463.87", "amount": "-376.13"}),
    ("X9 second change", "change", {"pieces": [{"price": "840.00", "days": 9, "of": 31}, {"price": "310.00", "days": 6, "of": 31},
                                               {"price": "525.00", "days": 16, "of": 31}], "billed": "463.87"},
     {"total": "574.84", "amount": "110.97"}),
    ("X10", "change", {"pieces": [{"price": "840.00"}], "billed": "574.84"}, {"amount": "265.16"}),
    ("X11", "split", {"total": "100.00", "weights": [10, 10, 10]}, {"parts": ["33.34", "33.33", "33.33"]}),
    ("X12", "prorate", {"price": "7200.00", "days": 10, "of": 30}, {"amount": "2400.00"}),
    ("X12 later", "prorate", {"price": "7500.00", "days": 20, "of": 30}, {"amount": "5000.00"}),
    ("X13", "prorate", {"price": "100.00", "period": "1y", "from": "2014-01-14", "to": "2014-02-08"}, {"days": 25, "of": 365, "amount": "6.85"}),
    ("X14 start", "rate", {"price": "85.00", "quantity": 48}, {"amount": "4080.00"}),
    ("X14 end", "rate", {"price": "85.00", "quantity": 50}, {"amount": "4250.00"}),
    ("X14 peak", "rate", {"price": "85.00", "quantity": 51}, {"amount": "4335.00"}),
    ("X14 average_daily", "rate", {"price": "85.00", "quantity": "1493/30"}, {"amount": "4230.17"}),
    ("X14b before", "rate", {"tiers": [{"up_to": 10, "price": 10}, {"price": 8}], "quantity": 12}, {"amount": "116.00"}),
    ("X14b after", "rate", {"tiers": [{"up_to": 10, "price": 11}, {"price": 9}], "before": 12, "quantity": 22}, {"amount": "90.00"}),
    ("X15", "rate", {"tiers": [{"up_to": 12, "price": "85.00"}, {"price": "79.00"}], "included": 48, "quantity": 63},
     {"billed": 15, "amount": "1257.00"}),
    ("FK-22 all", "rate", {"tiers": [{"up_to": 12, "price": "85.00"}, {"price": "79.00"}], "included": 48, "quantity": 65,
                           "tiers_count": "all"}, {"amount": "1343.00"}),
    ("X16", "rate", {"price": "45.00", "quantity": "42/30"}, {"amount": "63.00"}),
    ("X17 entry", "rate", {"price": "140.00", "quantity": "45/60"}, {"amount": "105.00"}),
    ("X17 ticket", "rate", {"price": "140.00", "quantity": "15/60"}, {"amount": "35.00"}),
    ("X18", "rate", {"price": "165.00", "quantity": "90/60"}, {"amount": "247.50"}),
    ("X21", "prepaid", X21, {"grants": [{"balance": 0, "lapsed": 1}, {"balance": 0}], "overage": 3}),
    ("X23 bill", "prepaid", dict(X23, draws=[{"on": "2026-01-10", "quantity": 23}]), {"balance": 8, "overage": 3, "owed": 0}),
    ("X23 carry", "prepaid", dict(X23, overage="carry", draws=[{"on": "2026-01-10", "quantity": 23}]),
     {"balance": 5, "overage": 0, "owed": 0}),
    ("X23 carry beyond", "prepaid", dict(X23, overage="carry", draws=[{"on": "2026-01-10", "quantity": 31}]), {"balance": 0, "owed": 3}),
    ("X23 money", "rate", {"price": "140.00", "quantity": 3}, {"amount": "420.00"}),
    ("X24", "prorate", {"price": "1200.00", "days": 6, "of": 10}, {"amount": "720.00"}),
    ("X25", "settle", {"lines": ["0.004"] * 6 + ["0.01"] * 2, "pct": 40, "grant": "100.00"},
     {"net": "0.02", "tax": "0.01", "due": "0.00", "grant_left": "99.97"}),
    ("X26", "rate", {"price": "0.12", "block": 1, "included": 2000, "quantity": "2345.6"}, {"billed": 346, "amount": "41.52"}),
    ("FK-23 exact", "rate", {"price": "0.12", "block": 1, "block_rounding": "exact", "quantity": "300.4"}, {"amount": "36.05"}),
    ("X27", "rate", {"price": "100.00", "included": 110, "before": 50, "quantity": 125}, {"amount": "1500.00"}),
    ("X27 third", "rate", {"price": "100.00", "included": 110, "before": 125, "quantity": 155}, {"amount": "3000.00"}),
    ("X28", "rate", {"price": "10.00", "block": 1000, "quantity": 1300}, {"amount": "20.00"}),
    ("X28 more", "rate", {"price": "10.00", "block": 1000, "before": 1300, "quantity": 1900}, {"amount": "0.00"}),
    ("X29 none", "rate", {"tiers": X29, "quantity": 0}, {"amount": "40.00"}),
    ("X29 20", "rate", {"tiers": X29, "quantity": 20}, {"amount": "40.00"}),
    ("X29 20.001", "rate", {"tiers": X29, "quantity": "20.001"}, {"amount": "50.00", "exact": "50.0015"}),
    ("X29 30", "rate", {"tiers": X29, "quantity": 30}, {"amount": "65.00"}),
    ("X30 50", "rate", {"tiers": X30, "tier_mode": "volume", "quantity": 50}, {"amount": "200.00"}),
    ("X30 51", "rate", {"tiers": X30, "tier_mode": "volume", "quantity": 51}, {"amount": "153.00"}),
    ("X30 101", "rate", {"tiers": X30, "tier_mode": "volume", "quantity": 101}, {"amount": "252.50"}),
    ("X31", "rate", {"price": "100.00", "block": 10, "included": 10, "quantity": 121}, {"billed": 120, "amount": "1200.00"}),
    ("X32", "rate", {"pct": "2.5", "quantity": "12345.67"}, {"amount": "308.64"}),
    ("X32 events", "rate_events", {"pct": "2.99", "fixed": "2.00", "min": "1.75", "max": "12.00", "bases": [10, 80, 10000]},
     {"exact": "18.691", "amount": "18.69"}),
    ("X33 sum", "aggregate", {"period": JUNE, "readings": X33}, {"quantity": 390, "no_data": False}),
    ("X33 max", "aggregate", {"aggregate": "max", "period": JUNE, "readings": X33}, {"quantity": 160}),
    ("X33 average", "aggregate", {"aggregate": "average", "period": JUNE, "readings": X33}, {"quantity": 130}),
    ("X33 last", "aggregate", {"aggregate": "last", "period": JUNE, "readings": X33}, {"quantity": 130}),
    ("X33 time_weighted", "aggregate", {"aggregate": "time_weighted", "period": JUNE, "readings": X33}, {"quantity": 140}),
    ("R39 before the first", "aggregate", {"aggregate": "time_weighted", "period": JUNE, "previous": 60, "readings": X33[1:]},
     {"quantity": Fraction(4000, 30)}),
    ("R39 no data", "aggregate", {"period": JUNE, "readings": []}, {"quantity": 0, "no_data": True}),
    ("X34 minimum", "bounds", {"lines": ["8.00"], "min": "10.00", "days": 25, "of": 28}, {"extra": "0.93", "net": "8.93"}),
    ("X34 maximum", "bounds", {"lines": ["50.00"], "before": "70.00", "max": "100.00"}, {"cut": "20.00", "net": "30.00"}),
    ("X35 fee", "prorate", {"price": "1000.00", "days": 334, "of": 365}, {"amount": "915.07"}),
    ("X35", "true_up", {"amount": "10000.00", "days": 334, "of": 365, "counts": ["915.07"]},
     {"commitment": "9150.68", "true_up": "8235.61"}),
    ("X35 late", "true_up", {"amount": "10000.00", "days": 334, "of": 365, "counts": ["915.07", "200.00"], "billed": "8235.61"},
     {"amount": "-200.00"}),
    ("X36", "split", {"total": "99.99", "weights": [25, 25, 25, 25]}, {"parts": ["25.00", "25.00", "25.00", "24.99"]}),
    ("X37", "rate", {"pct": 108, "quantity": "1234.56"}, {"amount": "1333.32"}),
    ("X38", "discount", {"lines": ["7200.00"], "steps": [{"pct": 3}, {"pct": 2}]},
     {"steps": [{"amount": "216.00"}, {"amount": "139.68"}], "net": "6844.32"}),
    ("X39", "discount", {"lines": ["100.00", "50.00", "30.00", "20.00"], "steps": [{"amount": "10.00"}]},
     {"steps": [{"parts": ["5.00", "2.50", "1.50", "1.00"]}]}),
    ("X39 tax", "tax", {"lines": [{"amount": "95.00", "pct": 10}, {"amount": "47.50"}, {"amount": "28.50", "pct": 20},
                                  {"amount": "19.00", "pct": 20}]},
     {"groups": [{"tax": "9.50"}, {"tax": "0.00"}, {"tax": "9.50"}], "gross": "209.00"}),
    ("X40", "discount", {"lines": ["1415.00"], "steps": [{"base": "162000.00", "bands": [{"from": 0, "pct": 0}, {"from": 100000, "pct": "2.5"},
                                                                                         {"from": 250000, "pct": 5}]}]},
     {"steps": [{"amount": "35.38"}]}),
    ("X41 first", "index", {"value": 105, "base": 100, "prices": ["7200.00"]}, {"prices": ["7560.00"]}),
    ("X41 third", "index", {"value": 105, "base": 100, "prices": ["7938.00"]}, {"prices": ["8334.90"]}),
    ("X41 fourth", "index", {"value": 105, "base": 100, "prices": ["8334.90"]}, {"prices": ["8751.65"]}),
    ("X41 fifth", "index", {"value": 105, "base": 100, "prices": ["8751.65"]}, {"prices": ["9189.23"]}),
    ("X42 fall", "index", {"value": 95, "base": 100, "floor": 0, "cap": 5, "prices": ["7200.00"]}, {"bound": "floor", "prices": ["7200.00"]}),
    ("X42 moved base", "index", {"value": 100, "base": 95, "floor": 0, "cap": 5, "prices": ["7200.00"]},
     {"bound": "cap", "prices": ["7560.00"]}),
    ("X43", "index", {"value": "324.8", "base": "315.664", "prices": ["7200.00"]}, {"ratio": "1.028942", "prices": ["7408.38"]}),
    ("X43 next_month", "index", {"value": "324.122", "base": "315.664", "prices": ["7200.00"]}, {"ratio": "1.026794", "prices": ["7392.92"]}),
    ("X44", "index", {"value": "324.8", "base": "315.301", "prices": ["7200.00", "165.00"]}, {"prices": ["7416.91", "169.97"]}),
    ("X44 3 decimals", "index", {"value": "324.8", "base": "315.301", "ratio_decimals": 3, "prices": ["7200.00", "165.00"]},
     {"ratio": "1.03", "prices": ["7416.00", "169.95"]}),
    ("X45", "settle", {"lines": [50, 20], "discount": 10, "pct": 10, "credit_notes": 20, "grant": 30},
     {"net": 60, "tax": 6, "gross": 66, "due": "16.00"}),
    ("X46", "tax", {"lines": [{"amount": "10.03", "pct": 7}] * 3}, {"net": "30.09", "tax": "2.11"}),
    ("X47", "prorate", {"price": "1000.04", "quantity": "0.37", "days": 1, "of": 1}, {"amount": "370.01"}),
    ("X47 tax", "tax", {"lines": [{"amount": "370.01", "pct": 21}]}, {"tax": "77.70", "gross": "447.71"}),
    ("X48", "tax", {"lines": [dict(S19, amount="9.99")] * 3, "prices_include_tax": True},
     {"tax": "4.79", "net": "25.18", "line_nets": ["8.40", "8.39", "8.39"]}),
    ("X49", "credit_note", {"lines": [{"line": "200.00", "credit": "193.33", "pct": 25}]},
     {"net": "193.33", "tax": "48.33", "total": "241.66"}),
    ("X50", "credit_note", {"lines": [{"line": "399.00", "discount": "250.00", "credit": "262.60", "pct": 20}]},
     {"discount_back": ["164.54"], "net": "98.06", "tax": "19.61", "total": "117.67"}),
    ("R94 the last credit", "credit_note", {"lines": [{"line": "399.00", "discount": "250.00", "credit": "136.40", "pct": 20,
                                                       "credited_before": "262.60", "discount_before": "164.54"}]},
     {"discount_back": ["85.46"], "net": "50.94"}),
    ("X52 simple", "interest", {"amount": "5000.00", "rate": "12.25", "days": 101}, {"interest": "169.49"}),
    ("X52 compound", "interest", {"amount": "5000.00", "rate": "12.25", "days": 101, "compound": True}, {"interest": "172.36"}),
    ("X52 uk_1998", "interest", {"currency": "GBP", "amount": "5000.00", "rate": "4.25", "days": 101, "scheme": "uk_1998"},
     {"interest": "169.49", "fixed": "70.00"}),
    ("X53", "interest", {"amount": "10000.00", "due": "2026-03-31", "until": "2026-05-15", "rate": 1, "per": "month",
                         "paid": [{"on": "2026-04-20", "amount": "4000.00"}]},
     {"spans": [{"days": 20, "open": "10000.00"}, {"days": 25, "open": "6000.00"}], "interest": "115.07"}),
    ("X54", "interest", {"currency": "EUR", "amount": "10000.00", "due": "2026-05-31", "until": "2026-08-14", "scheme": "eu_2011_7",
                         "rates": [{"from": "2026-01-01", "pct": "2.15"}, {"from": "2026-07-01", "pct": "2.40"}]},
     {"spans": [{"days": 30, "pct": "10.15"}, {"days": 45, "pct": "10.4"}], "interest": "211.64", "fixed": "40.00"}),
    ("NF-8", "interest", {"amount": "8400.00", "rate": 1, "per": "month", "days": 20}, {"interest": "55.23"}),
    ("R107 within grace", "interest", {"amount": "8400.00", "rate": 12, "due": "2026-03-01", "until": "2026-03-08", "grace_days": 7},
     {"interest": "0.00"}),
    ("R107 after grace", "interest", {"amount": "8400.00", "rate": 12, "due": "2026-03-01", "until": "2026-03-21", "grace_days": 7},
     {"interest": "55.23"}),
    ("R107 maximum", "interest", {"amount": "8400.00", "rate": 2, "per": "month", "max_per_year": 12, "days": 20}, {"interest": "55.23"}),
    ("FK-27 actual_360", "interest", {"amount": "3600.00", "rate": 10, "days": 20, "day_count": "actual_360"}, {"interest": "20.00"}),
    ("FK-27 actual_actual", "interest", {"amount": "1000000.00", "rate": 10, "due": "2023-12-30", "until": "2024-01-02",
                                         "day_count": "actual_actual"}, {"exact": Fraction(100000, 365) + Fraction(200000, 366)}),
    ("X57 months left", "whole_periods", {"from": "2027-08-15", "to": "2029-02-01", "period": "1mo"}, {"whole_periods": 17}),
    ("X57 fee", "rate", {"pct": 35, "quantity": 142800}, {"amount": "49980.00"}),
    ("X57 set-up", "prorate", {"price": "4500.00", "days": 17, "of": 36}, {"amount": "2125.00"}),
    ("X57 rebate", "prorate", {"price": "49980.00", "days": 4, "of": 6}, {"amount": "33320.00"}),
    ("X58", "trend", {"months": X58, "ahead": 3}, {"kind": "line", "slope": "28.375", "residual": 20,
                                                   "p50": ["1555.13", "1583.50", "1611.88"], "p50_sum": "4750.51", "p90_sum": "4810.51"}),
    ("X59 12", "prepaid", {"grants": [{"quantity": 12, "expires": "2026-02-01"}, {"quantity": 12, "start": "2026-02-01"}],
                           "draws": [{"on": "2026-01-05", "quantity": 13}, {"on": "2026-02-05", "quantity": 12}]}, {"overage": 1}),
    ("X59 10, as billed", "change", {"pieces": [{"price": "1200.00", "quantity": 6}, {"price": "140.00", "quantity": 17}]}, {"total": "9580.00"}),
    ("X59 12, as billed", "change", {"pieces": [{"price": "1416.00", "quantity": 6}, {"price": "140.00", "quantity": 6}]}, {"total": "9336.00"}),
    ("X59 15, as billed", "change", {"pieces": [{"price": "1740.00", "quantity": 6}]}, {"total": "10440.00"}),
    ("X60", "change", {"pieces": [{"price": "140.00", "quantity": "41.5"}, {"price": "165.00", "quantity": 6},
                                  {"price": "360.00", "quantity": 3}], "billed": "7200.00"}, {"total": "7880.00", "amount": "680.00"}),
    ("X61", "revenue", {"total": "12000.00", "from": "2026-02-15", "to": "2027-02-15"},
     {"months": ["460.27", "1019.18", "986.30", "1019.18", "986.30", "1019.18", "1019.18", "986.30", "1019.18", "986.30", "1019.18",
                 "1019.18", "460.27"]}),
    ("X63", "invoice", X63, {"totals": {"lines": "5693.32", "allowances": "192.00", "net": "5501.32", "vat": "988.25", "gross": "6489.57",
                                        "due": "5989.57"}, "vat_breakdown": [{"cat": "S", "taxable": "5201.32", "vat": "988.25"},
                                                                             {"cat": "E", "taxable": "300.00", "vat": "0.00"}]}),
    ("X63 credit note", "credit_note", {"lines": [{"line": "775.00", "credit": "8.06", "pct": 19}]}, {"tax": "1.53", "total": "9.59"}),
    ("X64 yen", "prorate", {"currency": "JPY", "price": 10000, "days": 10, "of": 31}, {"amount": "3226"}),
    ("X64 dinar", "prorate", {"currency": "BHD", "price": "1.000", "days": 1, "of": 3}, {"amount": "0.333"}),
    ("R83 half_up", "prorate", {"price": "-0.125", "days": 1, "of": 1}, {"amount": "-0.13"}),
    ("R83 half_even", "prorate", {"price": "-0.125", "days": 1, "of": 1, "rounding": "half_even"}, {"amount": "-0.12"}),
    ("R61", "split_reduction", {"reduction": "100.00", "nets": ["200.00", "100.00", "-5.00"]}, {"parts": ["66.67", "33.33", "0.00"], "left": 0}),
    ("R62 what is left waits", "split_reduction", {"reduction": "100.00", "nets": ["30.00", "20.00"]},
     {"parts": ["30.00", "20.00"], "left": "50.00"}),
    ("R14 nine decimals", "prorate", {"price": "100.00", "days": 5, "of": 28, "fraction_scale": 9}, {"exact": "17.8571429"}),
    ("a tie on the compound", "interest", {"amount": "500000.00", "rate": "36.5", "days": 3, "compound": True}, {"interest": "1501.50"}),
    ("ten years of compound", "interest", {"amount": "999999999.99", "rate": "9.875", "days": 3652, "compound": True}, {}),
]

REFUSED = [
    ("R4", "period", {"period": "5mo", "on": "2026-05-01"}, "calendar anchor does not fit period"),
    ("R43", "rate", {"price": 1, "quantity": "-3"}, "not negative"),
    ("R40 a closed card", "rate", {"tiers": [{"up_to": 10, "price": 1}], "quantity": 11}, "beyond the last tier"),
    ("tiers in order", "rate", {"tiers": [{"up_to": 10, "price": 1}, {"up_to": 5, "price": 1}], "quantity": 1}, "rising"),
    ("R82", "rate", {"price": 999999999999, "quantity": 999999999999}, "too large"),
    ("R94", "credit_note", {"lines": [{"line": "399.00", "credit": "500.00"}]}, "credit exceeds the line"),
    ("R154 A1", "invoice", {"lines": [{"quantity": 3, "price": "1.00", "net": "3.01"}]}, "A1"),
    ("R154 A2", "invoice", {"lines": [{"quantity": 1, "price": 9}], "document_allowances_charges": [
        {"charge": False, "amount": "1.01", "base": "10.00", "pct": 10}]}, "A2"),
    ("R64 a rate in E", "tax", {"lines": [{"amount": 1, "category": "E", "pct": 19}]}, "only in category S"),
    ("a date of two months", "prorate", {"price": 1, "period": "1mo", "from": "2026-05-20", "to": "2026-06-20"}, "within one full period"),
    ("a binary fraction", "rate", {"price": 0.1, "quantity": 1}, "price"),
    ("an unknown key", "rate", {"prise": 1, "quantity": 1}, "prise"),
    ("two prices", "rate", {"price": 1, "pct": 1, "quantity": 1}, "exactly one"),
    ("payments out of order", "interest", {"amount": 9, "due": "2026-01-01", "until": "2026-03-01", "rate": 1, "paid": [
        {"on": "2026-02-02", "amount": 1}, {"on": "2026-02-01", "amount": 1}]}, "in order"),
]


def same(got, want):
    if isinstance(want, dict):
        return isinstance(got, dict) and all(k in got and same(got[k], v) for k, v in want.items())
    if isinstance(want, list):
        return isinstance(got, list) and len(got) == len(want) and all(same(g, w) for g, w in zip(got, want))
    if isinstance(want, bool) or not isinstance(got, str):
        return got == want
    if isinstance(want, str) and "-" in want[1:]:
        return got == want  # a date or an instant
    try:
        return Fraction(got) == Fraction(want)
    except ValueError:
        return got == want


def main():
    rows = EXAMPLES + REFUSED
    lines = "".join(json.dumps({"id": str(i), "kind": kind, **given}) + "\n" for i, (_, kind, given, _) in enumerate(rows))
    run = program.tenor("calc", stdin=lines)
    answers = {a["id"]: a for a in map(json.loads, run.out.splitlines())}
    program.ok(len(answers) == len(rows), "every case is answered", run.err)
    program.ok(run.returncode == 2, "cases that are refused show in the exit status", run.returncode)
    for i, (name, kind, _, want) in enumerate(rows):
        got = answers.get(str(i), {})
        if i < len(EXAMPLES):
            program.ok("expect" in got and same(got["expect"], want), "%s by %s" % (name, kind), "got  %s" % got, "want %s" % want)
        else:
            program.ok(want in got.get("error", ""), "%s: %s refuses" % (name, kind), "got  %s" % got, "want %s" % want)
    program.done()


if __name__ == "__main__":
    main()
