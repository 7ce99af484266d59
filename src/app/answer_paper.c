/* SPDX-License-Identifier: Apache-2.0 */
/* Answers on paper. The colour profile is a file of the system's, as the fonts are; where one is missing, its package is named. */
#include "app/answer.h"
#include "app/files.h"
#include "render/pdf.h"

enum { PROFILE_MAX_BYTES = 1 << 20 };

#define PROFILE "/usr/share/color/icc/sRGB.icc"

enum rc answer_press(struct app *app, struct pdf_press **out, struct err *err)
{
	struct pdf_sources sources;
	enum rc rc = files_read(app->arena, text_of(PROFILE), PROFILE_MAX_BYTES, &sources.profile, err);

	if (rc == RC_MISSING)
		err_hint(err, "install the package icc-profiles-free");
	return rc == RC_OK ? pdf_press_open(app->arena, &sources, out, err) : rc;
}

enum rc answer_print(struct app *app, const struct args *args, struct pdf_press *press, const struct doc *d,
		     const struct answer_sender *from, const struct pdf_style *given, struct buf *out, struct err *err)
{
	struct pdf_style style = given != NULL ? *given : (struct pdf_style){.dated = INSTANT_NONE};
	struct pdf_letterhead letterhead = {.colour = 0};

	if (app->letterhead != NULL)
		letterhead = *app->letterhead;
	if (letterhead.name.n == 0 && from != NULL)
		letterhead.name = from->provider;
	style.letterhead = &letterhead;
	style.dated = from != NULL ? from->dated : INSTANT_NONE;
	style.paper = app->letter_paper ? PAPER_LETTER : PAPER_A4;
	if (args_has(args, PARAM_PAPER) && !pdf_paper_named(args_text(args, PARAM_PAPER), &style.paper)) {
		err_hint(err, "write a4 or letter");
		return err_set(err, RC_USAGE, "\"%.*s\" is not a paper", TEXT_ARG(args_text(args, PARAM_PAPER)));
	}
	return pdf_print(press, d, &style, out, err);
}

enum rc answer_paper(struct app *app, const struct args *args, const struct doc *d, const struct answer_sender *from,
		     struct buf *out, struct err *err)
{
	struct pdf_press *press = NULL;
	enum rc rc = answer_press(app, &press, err);

	if (rc != RC_OK)
		return rc;
	rc = answer_print(app, args, press, d, from, NULL, out, err);
	pdf_press_close(press);
	return rc;
}
