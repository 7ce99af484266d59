/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong, said to whoever looks at a page. */
#include "web/parts.h"

#include <string.h>

static const struct {
	const char *code;
	enum wording words;
} codes[] = {
	{"second_person", W_FAIL_SECOND_PERSON},
	{"timer.running", W_FAIL_TIMER_RUNNING},
	{"timer.forgotten", W_FAIL_TIMER_FORGOTTEN},
	{"id_conflict", W_FAIL_ID_CONFLICT},
	{"version_changed", W_FAIL_VERSION_CHANGED},
	{"form_expired", W_FAIL_FORM_EXPIRED},
	{"frozen", W_FAIL_FROZEN},
	{"log_frozen", W_FAIL_FROZEN},
	{"disk_full", W_FAIL_DISK_FULL},
	{"time_ahead", W_FAIL_TIME_AHEAD},
	{"too_many", W_FAIL_TOO_MANY},
	{"heavy", W_FAIL_HEAVY},
};

bool page_speaks_english(const struct page *p)
{
	return strcmp(language_words(p->language), "en") == 0;
}

/* lead: said before it, or empty. english: marked as such for whoever reads it aloud. */
static void paragraph(struct page *p, const char *lead, struct text words, bool english)
{
	struct buf *b = &p->r->body;

	if (words.n == 0)
		return;
	html_raw(b, "<p");
	if (lead != NULL)
		html_raw(b, " class=\"soft\"");
	html_raw(b, ">");
	if (lead != NULL && *lead != '\0') {
		html_text(b, text_of(lead));
		html_raw(b, " ");
	}
	html_raw(b, "<span");
	if (english)
		html_raw(b, " lang=\"en\"");
	html_raw(b, ">");
	html_text(b, words);
	html_raw(b, "</span></p>\n");
}

static enum wording words_of(const struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (strcmp(err->code, codes[i].code) == 0)
			return codes[i].words;
	return W_FAIL_WRONG;
}

void page_wrong(struct page *p, const struct err *err, bool hint)
{
	struct text message = text_of(err->message);
	const char *exact;

	if (page_speaks_english(p) || text_eq(message, page_say(p, W_WEB_FIELD_MISSING))) {
		paragraph(p, NULL, message, false);
		if (hint)
			paragraph(p, "", text_of(err->hint), false);
		return;
	}
	exact = text_format(p->q->arena, "%.*s", TEXT_ARG(page_say(p, W_FAIL_WRONG_EXACT))).p;
	paragraph(p, NULL, page_say(p, words_of(err)), false);
	paragraph(p, exact, message, true);
	paragraph(p, "", text_of(err->hint), true);
}

/* err: what a verb said, or NULL; why: what is said else. */
static void say_failed(struct page *p, enum tab tab, enum wording title, const struct err *err,
		       struct text why)
{
	struct buf *b = &p->r->body;
	const struct frame f = {.tab = tab,
				.title = page_say(p, title),
				.back = p->who.user.n > 0 ? "/" : "/sign-in"};

	buf_clear(b);
	frame_begin(p, &f);
	frame_title(p, f.title);
	if (err != NULL)
		page_wrong(p, err, true);
	else
		paragraph(p, NULL, why, false);
	html_raw(b, "<p class=\"soft fine\">");
	html_text(b, page_say(p, W_WEB_REQUEST));
	html_raw(b, " <code>");
	html_text(b, text_of(p->q->id));
	html_raw(b, "</code></p>\n");
	frame_end(p);
}

void page_missing(struct page *p)
{
	p->n_names = 0;
	p->r->status = 404;
	say_failed(p, NAV_NONE, W_WEB_NOT_FOUND, NULL, page_say(p, W_WEB_NOT_FOUND_WHY));
}

void page_refused(struct page *p, enum tab tab)
{
	p->r->status = 403;
	p->r->refused = "right";
	say_failed(p, tab, W_WEB_REFUSED, NULL, page_say(p, W_WEB_REFUSED_WHY));
}

/* P5: what is not there and what is not for one's eyes are one answer. */
void page_failed(struct page *p, enum tab tab, enum rc rc, const struct err *err)
{
	if (rc == RC_MISSING) {
		page_missing(p);
		return;
	}
	if (strcmp(err->code, "right") == 0) {
		page_refused(p, tab);
		return;
	}
	p->r->status = problem_status(rc, err);
	say_failed(p, tab, p->r->status >= 500 ? W_WEB_FAILED : W_WEB_NOT_POSSIBLE, err,
		   text_of(""));
}
