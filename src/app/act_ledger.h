/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger of one contract, for the verbs that read it. Private to app. */
#ifndef APP_ACT_LEDGER_H
#define APP_ACT_LEDGER_H

#include "app/act_money.h"
#include "engine/ledger.h"

/* Of s->log, from its beginning to a day; months that end by then are closed. */
enum rc money_ledger(struct selling *s, day to, const struct ledger_code *codes, size_t n_codes,
		     struct ledger **out, struct err *err) MUST_USE;

#endif
