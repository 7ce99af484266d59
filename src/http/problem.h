/* SPDX-License-Identifier: Apache-2.0 */
/* Problems beyond message.h: with the lines that a verb noted before it gave up. */
#ifndef HTTP_PROBLEM_H
#define HTTP_PROBLEM_H

#include "http/message.h"

/* response_problem_err; notes: lines, for example every error of a contract that was sent. They speak of "body" and of no other file. */
void response_problem_noted(struct response *r, const struct request *q, enum rc rc,
			    const struct err *err, struct text notes);

#endif
