/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one does with a ticket, by where it stands; and the files on it, to be saved. A form that does not fit says so when it is asked for; what is sent is the verb's to
 * judge: a second press of the same button finds the state that the first one made.
 */
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

/* Which states an action fits: bits of the places in `states`. */
enum {
	RUNS = 1 << 0,   /* open, being worked on */
	WAITS = 1 << 1,  /* a pause is open */
	USABLE = 1 << 2, /* restored by a workaround */
	SOLVED = 1 << 3,
	ENDED = 1 << 4, /* closed */
	TAKEN = 1 << 5, /* withdrawn by the client */
	MERGED = 1 << 6,
	ALIVE = RUNS | WAITS | USABLE,
	NOT_MERGED = ALIVE | SOLVED | ENDED | TAKEN,
	ANY = NOT_MERGED | MERGED,
};

static const struct {
	const char *word;
	unsigned bit;
} states[] = {
	{"open", RUNS},       {"waiting_client", WAITS}, {"waiting_vendor", WAITS},
	{"scheduled", WAITS}, {"restored", USABLE},      {"resolved", SOLVED},
	{"closed", ENDED},    {"cancelled", TAKEN},      {"merged", MERGED},
};

enum side { EITHER, PROVIDER, CLIENT };

/* In the order of the page. */
static const struct {
	const char *last; /* part of the path */
	enum wording words;
	enum permission right;
	enum side side;
	unsigned fits;
} actions[] = {
	{"answer", W_WEB_ANSWER, R_TICKET_WRITE, EITHER, ALIVE | SOLVED},
	{"attach", W_WEB_ATTACH, R_TICKET_WRITE, EITHER, NOT_MERGED},
	{"rate", W_WEB_RATE, R_TICKET_WRITE, CLIENT, SOLVED | ENDED},
	{"resolve", W_WEB_RESOLVE, R_WORK_WRITE, PROVIDER, ALIVE},
	{"resume", W_WEB_RESUME, R_WORK_WRITE, PROVIDER, WAITS},
	{"wait", W_WEB_WAIT, R_WORK_WRITE, PROVIDER, RUNS | USABLE},
	{"reopen", W_WEB_REOPEN, R_TICKET_WRITE, EITHER, SOLVED | ENDED | TAKEN},
	{"timer", W_WEB_TIMER_START, R_WORK_WRITE, PROVIDER, ALIVE | SOLVED},
	{"work", W_WEB_LOG_WORK, R_WORK_WRITE, PROVIDER, NOT_MERGED},
	{"note", W_WEB_NOTE_IT, R_WORK_WRITE, PROVIDER, ANY},
	{"assign", W_WEB_ASSIGN, R_WORK_WRITE, PROVIDER, ALIVE},
	{"queue", W_WEB_PUT_QUEUE, R_WORK_WRITE, PROVIDER, ALIVE},
	{"priority", W_WEB_SET_PRIORITY, R_TICKET_WRITE, EITHER, ALIVE},
	{"merge", W_WEB_MERGE, R_WORK_WRITE, PROVIDER, ALIVE},
	{"seen", W_WEB_SEEN, R_TICKET_WRITE, EITHER, ALIVE},
	{"emergency", W_WEB_EMERGENCY, R_EMERGENCY_ACCESS, PROVIDER, ANY},
};

static unsigned bit_of(struct text state)
{
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (text_is(state, states[i].word))
			return states[i].bit;
	return ANY;
}

static bool of_side(const struct page *p, enum side side)
{
	return side == EITHER || (side == CLIENT) == p->who.client;
}

size_t ticket_links(struct page *p, const struct reply *of, struct action_link v[LINKS_MAX])
{
	static const char *const prefix = "/c/{contract}/tickets/{ticket}/";
	unsigned bit = of->state == NULL ? ANY : bit_of(text_of(of->state));
	bool runs = page_may(p, R_WORK_WRITE) && desk_timer_runs(p);
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		bool timer = strcmp(actions[i].last, "timer") == 0;

		if ((!of->covered && actions[i].right == R_EMERGENCY_ACCESS) ||
		    (!of->late && strcmp(actions[i].last, "seen") == 0))
			continue;
		if (!page_may(p, actions[i].right) || !of_side(p, actions[i].side) ||
		    ((actions[i].fits & bit) == 0 && !(timer && runs)))
			continue;
		v[n] = (struct action_link){
			text_format(p->q->arena, "%s%s%s", prefix, actions[i].last,
				    timer && runs ? "/stop" : "")
				.p,
			timer && runs ? W_WEB_TIMER_STOP : actions[i].words, n == 0};
		n++;
	}
	return n;
}

bool ticket_idle(struct page *p, const struct row_form *row, struct text *state)
{
	const char *last = strrchr(row->path, '/');
	struct verb_run v;
	json_t *answer;
	size_t i = 0;

	while (i < ARRAY_SIZE(actions) && strcmp(last + 1, actions[i].last) != 0)
		i++;
	if (i == ARRAY_SIZE(actions) || actions[i].fits == ANY || page_name(p, "ticket").n == 0)
		return false;
	verb_begin(&v, p, ACTION_TICKET_SHOW);
	verb_put(&v, PARAM_TICKET, page_name(p, "ticket"));
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	answer = verb_json(&v);
	*state = verb_text(p, json_object_get(json_object_get(answer, "ticket"), "state"));
	json_decref(answer);
	verb_free(&v);
	return state->n > 0 && (actions[i].fits & bit_of(*state)) == 0;
}

/* --- a file --- */

static void give_attachment(struct page *p)
{
	struct verb_run v;

	verb_begin(&v, p, ACTION_TICKET_ATTACHMENT);
	verb_put(&v, PARAM_CONTRACT_ID, page_contract(p));
	verb_put(&v, PARAM_TICKET, page_name(p, "ticket"));
	verb_put(&v, PARAM_ATTACHMENT, page_name(p, "attachment"));
	verb_put(&v, PARAM_OUTPUT, text_of("-"));
	if (verb_finish(&v) != RC_OK) {
		page_failed(p, TAB_TICKETS, v.rc, &v.err);
	} else {
		p->r->type = text_of("application/octet-stream");
		response_file(p->r, v.reply.file_name);
		buf_text(&p->r->body, buf_view(&v.reply.out));
	}
	verb_free(&v);
}

bool ticket_page(struct page *p)
{
	if (!path_fits(p, "/c/{contract}/tickets/{ticket}/attachments/{attachment}"))
		return false;
	if (!page_may(p, R_PERSONAL_READ))
		page_refused(p, TAB_TICKETS);
	else if (page_get_only(p))
		give_attachment(p);
	return true;
}
