/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading numbers: strictly, as the contract language wants them, and generously, to tell a person what would have been
 * right. What is guessed is only ever printed in a message, never used. Private to src/money.
 */
#ifndef MONEY_NUMBER_H
#define MONEY_NUMBER_H

#include "money/decimal.h"

enum number_fault {
	NUMBER_RIGHT,
	NUMBER_SHAPE,     /* not the grammar of dec */
	NUMBER_TOO_LARGE, /* more than 12 digits before the point */
	NUMBER_TOO_FINE,  /* more than 9 decimals */
	NUMBER_TOO_MANY,  /* more than 18 digits that matter: 64 bits do not hold them */
};

/*
 * The grammar of dec (contract-language.md section 2). The value comes without trailing zeros; *decimals, if not NULL, is how
 * many decimals were written. Both stay as they are if there is a fault.
 */
enum number_fault number_scan(struct text t, struct decimal *out, unsigned *decimals);
/* "write ..." for a fault other than NUMBER_SHAPE. */
const char *number_advice(enum number_fault fault);

/* "+5", "007", "1.", ".5", "1,000.00", "1_000", "85,50": what is most likely meant; false if that cannot be told. */
bool number_guess(struct text t, struct decimal *out);

/* The start of t, with control characters replaced: fit to be quoted in a message. */
struct quotable {
	char p[64];
};
struct quotable number_quotable(struct text t);

#endif
