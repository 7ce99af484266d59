/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program without paper, for campaigns that start it many thousand times: the libraries that draw PDF are two thirds of those that a
 * start has to load. Everything else is the program's own. Linked in front of the rooms, so that theirs is not taken.
 */
#include "app/answer.h"

enum rc answer_paper(struct app *app, const struct args *args, const struct doc *d,
		     const struct answer_sender *from, struct buf *out, struct err *err)
{
	(void)app;
	(void)args;
	(void)d;
	(void)from;
	(void)out;
	return err_set(err, RC_USAGE, "this build prints no pdf");
}
