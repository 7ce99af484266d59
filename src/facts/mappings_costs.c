/* SPDX-License-Identifier: Apache-2.0 */
/* Ready mappings of suppliers' cost reports, as text: `tenor map --show NAME` prints one to be edited. */
#include "facts/mappings_costs.h"

#define CHARGES                                                                                    \
	"\n"                                                                                       \
	"[charges]\n"                                                                              \
	"# Which pass-through charge of the contract a cost goes to. With `charge = COLUMN` in "   \
	"[columns], a line for\n"                                                                  \
	"# each word of that column: word = charge, or word = ignore; * = charge takes all "       \
	"others. Without any, all go to\n"                                                         \
	"# what --charge tells.\n"                                                                 \
	"# 51738928782 = cloud\n"

const char mapping_focus[] =
	"# FOCUS: cost and usage of cloud suppliers, one row a charge.\n"
	"[mapping]\n"
	"name = focus\n"
	"title = FOCUS 1.0 cost and usage\n"
	"rows = costs\n"
	"\n"
	"[file]\n"
	"delimiter = comma\n"
	"null = NULL\n"
	"# Nothing is made of these, not even the id of a row.\n"
	"apart = Tags\n"
	"\n"
	"[dates]\n"
	"# FOCUS writes UTC. A cost belongs to the day written here, in whatever zone the contract "
	"is.\n"
	"format = YYYY-MM-DD HH:mm:ss\n"
	"format = iso\n"
	"zone = UTC\n"
	"\n"
	"[columns]\n"
	"occurred = ChargePeriodStart\n"
	"# What the supplier bills. EffectiveCost spreads what was paid in advance: take one or "
	"the other, never both.\n"
	"amount = BilledCost\n"
	"currency = BillingCurrency\n"
	"category = ChargeCategory\n"
	"supplier = ProviderName\n"
	"subject = ServiceName\n"
	"# charge = SubAccountId\n"
	"\n"
	"[categories]\n"
	"Usage = cost\n"
	"Purchase = cost\n"
	"Credit = cost\n"
	"Adjustment = cost\n"
	"# The supplier's tax is not passed on: the invoice has the provider's own.\n"
	"Tax = ignore\n" CHARGES;

#define AZURE_HEAD(name, title, about)                                                             \
	about "[mapping]\n"                                                                        \
	      "name = " name "\n"                                                                  \
	      "title = " title "\n"                                                                \
	      "rows = costs\n"                                                                     \
	      "\n"                                                                                 \
	      "[file]\n"                                                                           \
	      "delimiter = comma\n"                                                                \
	      "# Nothing is made of these, not even the id of a row.\n"                            \
	      "apart = Tags,AccountOwnerId,AccountName\n"                                          \
	      "\n"                                                                                 \
	      "[dates]\n"

#define AZURE_CATEGORIES                                                                           \
	"category = ChargeType\n"                                                                  \
	"subject = MeterCategory\n"                                                                \
	"# charge = SubscriptionId\n"                                                              \
	"\n"                                                                                       \
	"[categories]\n"                                                                           \
	"Usage = cost\n"                                                                           \
	"Purchase = cost\n"                                                                        \
	"Refund = cost\n"                                                                          \
	"Adjustment = cost\n"                                                                      \
	"RoundingAdjustment = cost\n"                                                              \
	"UnusedReservation = cost\n"                                                               \
	"UnusedSavingsPlan = cost\n"                                                               \
	"# The supplier's tax is not passed on: the invoice has the provider's own.\n"             \
	"Tax = ignore\n" CHARGES

const char mapping_azure_ea_actual[] =
	AZURE_HEAD("azure_ea_actual", "Azure EA actual costs",
		   "# Azure EA, actual costs: what is billed, purchases of reservations among it. "
		   "The columns are those of amortized costs,\n"
		   "# so say which it is: --map azure_ea_actual. Take the one or the other, never "
		   "both: a purchase and its share of each\n"
		   "# day are the same money.\n") "format = MM/DD/YYYY\n"
						  "\n"
						  "[columns]\n"
						  "occurred = Date\n"
						  "amount = Cost\n"
						  "currency = BillingCurrency\n" AZURE_CATEGORIES;

const char mapping_azure_ea_amortized[] = AZURE_HEAD(
	"azure_ea_amortized", "Azure EA amortized costs",
	"# Azure EA, amortized costs: purchases of reservations spread over the days they are for. "
	"The columns are those of\n"
	"# actual costs, so say which it is: --map azure_ea_amortized. Take the one or the other, "
	"never both: a purchase and\n"
	"# its share of each day are the same money.\n") "format = MM/DD/YYYY\n"
							 "\n"
							 "[columns]\n"
							 "occurred = Date\n"
							 "amount = Cost\n"
							 "currency = "
							 "BillingCurrency\n" AZURE_CATEGORIES;

const char mapping_azure_ea_usage[] =
	AZURE_HEAD("azure_ea_usage", "Azure EA usage details",
		   "# Azure EA, usage details: costs in the billing currency, dates without "
		   "leading zeros, small costs written with an\n"
		   "# exponent.\n") "format = M/D/YYYY\n"
				    "\n"
				    "[columns]\n"
				    "occurred = Date\n"
				    "amount = CostInBillingCurrency\n"
				    "currency = BillingCurrencyCode\n" AZURE_CATEGORIES;
