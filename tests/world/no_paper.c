/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program without paper, for campaigns that start it many thousand times: the libraries that draw PDF are two thirds of those that a
 * start has to load. Everything else is the program's own. Linked in front of the rooms, so that theirs is not taken.
 */
#include "app/answer.h"
#include "render/pdf.h"

#include <assert.h>

static enum rc no_paper(struct err *err)
{
	return err_set(err, RC_USAGE, "this build prints no pdf");
}

enum rc answer_paper(struct app *app, const struct args *args, const struct doc *d,
		     const struct answer_sender *from, struct buf *out, struct err *err)
{
	(void)app;
	(void)args;
	(void)d;
	(void)from;
	(void)out;
	return no_paper(err);
}

enum rc answer_press(struct app *app, struct pdf_press **out, struct err *err)
{
	(void)app;
	*out = NULL;
	return no_paper(err);
}

enum rc answer_print(struct app *app, const struct args *args, struct pdf_press *press,
		     const struct doc *d, const struct answer_sender *from,
		     const struct pdf_style *style, struct buf *out, struct err *err)
{
	(void)app;
	(void)args;
	(void)press;
	(void)d;
	(void)from;
	(void)style;
	(void)out;
	return no_paper(err);
}

void pdf_press_close(struct pdf_press *press)
{
	assert(press == NULL && "none is opened");
}

void pdf_attach(struct arena *a, struct pdf_style *style, struct text name, struct text mime,
		struct text description, enum pdf_relation relation, struct text bytes)
{
	(void)a;
	(void)style;
	(void)name;
	(void)mime;
	(void)description;
	(void)relation;
	(void)bytes;
}
