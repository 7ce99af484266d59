/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forms: what is typed goes to a verb, and what the verb has to say about it comes back beside the field, with everything that was typed
 * (trust.md S20: an id made when the form is shown makes a second press the same report).
 */
#include "base/uuid.h"
#include "http/fields.h"
#include "render/said.h"
#include "web/parts.h"
#include "web/verb.h"

#include <string.h>

/* --- a form of the table --- */

struct filling {
	struct page *p;
	const struct row_form *row;
	struct fields typed;
	const struct part *files;
	size_t n_files;
	const struct err *wrong; /* NULL: nothing is */
	struct form_lists lists;
	struct text shown; /* what a field to be carried brings back */
	bool begun;        /* a field is there to type in first */
	struct text
		party; /* of the person that the form is about: only roles of that side; empty: of either */
};

const char *input_name(const struct input *i)
{
	return i->param != PARAM_COUNT ? param_row(i->param)->name : i->key;
}

struct text form_fresh_id(struct page *p)
{
	char text[UUID_TEXT + 1];
	unsigned char random[10];
	const struct entropy *e = &p->w->o.world->random;

	e->fill(e->context, random, sizeof(random));

	struct uuid u = uuid_v7(p->w->o.world->now(p->w->o.world->context), random);

	uuid_text(&u, text);
	return text_copy(p->q->arena, text_of(text));
}

/* A short name for something new: letters that nobody confuses. */
static struct text fresh_name(struct page *p, const char *key)
{
	static const char letters[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
	unsigned char random[6];
	char out[8];
	const struct entropy *e = &p->w->o.world->random;

	e->fill(e->context, random, sizeof(random));
	out[0] = (char)(key[0] - 'a' + 'A');
	out[1] = '-';
	for (size_t i = 0; i < sizeof(random); i++)
		out[i + 2] = letters[random[i] % (sizeof(letters) - 1)];
	return text_copy(p->q->arena, (struct text){out, sizeof(out)});
}

/* What is right there, in a language that the verbs do not speak. */
static enum wording right_in(const struct filling *f, const char *name)
{
	for (size_t k = 0; k < ARRAY_SIZE(f->row->inputs) && f->row->inputs[k].key != NULL; k++) {
		const struct input *i = &f->row->inputs[k];

		if (strcmp(input_name(i), name) != 0)
			continue;
		if (i->how == WHEN ||
		    (i->how == BY_PARAM && param_row(i->param)->type == TYPE_INSTANT))
			return W_HINT_INSTANT;
		if (i->how == WHOLE ||
		    (i->how == BY_PARAM && param_row(i->param)->type == TYPE_COUNT))
			return W_HINT_COUNT;
		if (i->how == CONTRACTS)
			return W_HINT_CONTRACT;
		if (i->how == DOCUMENT_LINES)
			return W_HINT_LINE_OF;
		if (i->how == BY_PARAM && param_row(i->param)->type == TYPE_DATE)
			return W_HINT_DATE;
		if (i->how == BY_PARAM && param_row(i->param)->type == TYPE_MONTH)
			return W_HINT_MONTH;
		if (strcmp(name, "amount") == 0)
			return W_HINT_AMOUNT;
	}
	return W_HINT_ANY;
}

static struct text error_of(const struct filling *f, const char *name)
{
	const struct err *e = f->wrong;

	if (e == NULL || !text_is(text_of(e->key), name))
		return text_of("");
	if (text_eq(text_of(e->message), page_say(f->p, W_WEB_FIELD_MISSING)))
		return text_of(e->message);
	if (page_speaks_english(f->p))
		return text_of(e->hint[0] != '\0' ? e->hint : e->message);
	return page_say(f->p, right_in(f, name));
}

static const char *type_of_param(enum param p)
{
	switch ((int)param_row(p)->type) {
	case TYPE_DATE:
		return "date";
	case TYPE_MONTH:
		return "month";
	case TYPE_COUNT:
		return "number";
	case TYPE_INSTANT:
		return "datetime-local";
	default:
		return "text";
	}
}

/* The name of one box: "role-owner". */
static const char *box_name(const struct filling *f, const struct input *i, struct text word)
{
	return text_format(f->p->q->arena, "%s-%.*s", input_name(i), TEXT_ARG(word)).p;
}

/* An auditor may be of either side. */
static bool is_of_side(struct text role, bool client)
{
	struct err none = {.line = 0};
	bool side = client;
	roles set;

	return roles_parse(role, &set, &side, &none) == RC_OK && side == client;
}

static void put_checks(const struct filling *f, const struct input *i)
{
	struct buf *b = &f->p->r->body;
	struct text words = text_of(i->choices), one, error = error_of(f, input_name(i));

	html_raw(b, "<fieldset class=\"field\">\n<legend>");
	html_text(b, page_say(f->p, i->label));
	html_raw(b, "</legend>\n");
	while (words.n > 0) {
		const char *name;

		words = text_cut(words, ' ', &one);
		if (i->param == PARAM_ROLE && f->party.n > 0 &&
		    !is_of_side(one, text_is(f->party, "client")))
			continue;
		name = box_name(f, i, one);
		html_raw(b, "<label class=\"box\"><input type=\"checkbox\" value=\"true\"");
		html_attr(b, "name", text_of(name));
		if (fields_get(&f->typed, name).n > 0)
			html_raw(b, " checked");
		html_raw(b, "> ");
		html_text(b, said_text(f->p->language, one));
		html_raw(b, "</label>\n");
	}
	form_error(f->p, input_name(i), error);
	html_raw(b, "</fieldset>\n");
}

static void put_upload(const struct filling *f, const struct input *i)
{
	struct buf *b = &f->p->r->body;
	const char *name = input_name(i);
	struct text error = error_of(f, name);
	bool many = i->how == UPLOADS;

	html_raw(b, "<div class=\"field\">\n");
	form_label(f->p, name, page_say(f->p, i->label), i->need == REQUIRED);
	if (many) {
		html_raw(b, "<p class=\"soft fine\"");
		html_attr(b, "id", text_format(f->p->q->arena, "%s-hint", name));
		html_raw(b, ">");
		html_text(b, page_say(f->p, W_WEB_FILES_HINT));
		html_raw(b, "</p>\n");
	}
	html_raw(b, "<input type=\"file\"");
	if (i->need == REQUIRED)
		html_raw(b, " required");
	if (many)
		html_raw(b, " multiple");
	html_attr(b, "id", text_of(name));
	html_attr(b, "name", text_of(name));
	html_attr(b, "accept", text_of(i->choices));
	if (error.n > 0)
		html_raw(b, " aria-invalid=\"true\"");
	if (error.n > 0 || many)
		html_attr(b, "aria-describedby",
			  text_format(f->p->q->arena, error.n > 0 ? "%s-wrong" : "%s-hint", name));
	html_raw(b, ">\n");
	form_error(f->p, name, error);
	html_raw(b, "</div>\n");
}

static void put_input(struct filling *f, const struct input *i)
{
	const char *name = input_name(i);
	struct text value = fields_get(&f->typed, name);
	struct shown_input shown = {.name = name,
				    .type = "text",
				    .label = i->label,
				    .value = value,
				    .error = error_of(f, name),
				    .required = i->need != OPTIONAL};
	struct text words = text_of("");

	switch (i->how) {
	case HIDDEN:
	case FLAG:
	case SELF:
		return;
	case CARRY:
		form_hidden(f->p, name, f->shown);
		return;
	case CHECK:
		if (i->param == PARAM_INTERNAL && !page_may(f->p, R_WORK_WRITE))
			return;
		shown.type = "checkbox";
		break;
	case CHOICES:
		form_choice(f->p, name, i->label, text_of(i->choices), value, i->need != OPTIONAL);
		return;
	case CHECKS:
		put_checks(f, i);
		return;
	case UPLOAD:
	case UPLOADS:
		put_upload(f, i);
		return;
	case PRIORITIES:
		words = f->lists.priorities;
		shown.under = "sla.priorities.";
		break;
	case SERVICES:
		words = f->lists.services;
		shown.under = "services.";
		break;
	case ASSETS:
		words = f->lists.assets;
		shown.under = "assets.";
		break;
	case CHARGES:
		words = f->lists.charges;
		shown.under = "charges.";
		if (f->lists.contract != NULL && words.n == 0)
			return; /* no charge of this contract bills work by time */
		break;
	case COVERED:
	case COVERED_CHECK:
		if (!f->lists.health)
			return;
		shown.type = i->how == COVERED ? "textarea" : "checkbox";
		break;
	case PEOPLE:
		words = f->lists.people;
		break;
	case CONTRACTS:
	case DOCUMENT_LINES:
		if (form_offer(f->p, f->row, &f->lists, i, &shown))
			return;
		shown.type = i->how == DOCUMENT_LINES ? "number" : "text";
		break;
	case WHOLE:
		shown.type = "number";
		break;
	case BY_PARAM:
		shown.type = type_of_param(i->param);
		break;
	case TEXT:
	case LINES:
		shown.type = "textarea";
		break;
	case WHEN:
		shown.type = "datetime-local";
		break;
	case LINE:
		break;
	}
	if (i->need == FRESH && value.n == 0)
		shown.value = fresh_name(f->p, i->key);
	shown.terms = shown.under == NULL ? NULL : json_object_get(f->lists.contract, "terms");
	shown.required = words.n > 0 ? i->need == REQUIRED : shown.required;
	/* Nobody begins with what may be left empty, behind a choice or a file. */
	shown.first = !f->begun && i->need != FRESH && words.n == 0 && shown.required;
	f->begun = f->begun || shown.first;
	if (words.n > 0)
		form_select(f->p, &shown, words);
	else
		form_input(f->p, &shown);
}

static bool names_an_input(const struct filling *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(f->row->inputs) && f->row->inputs[i].key != NULL; i++)
		if (f->row->inputs[i].how < HIDDEN &&
		    error_of(f, input_name(&f->row->inputs[i])).n > 0)
			return true;
	return false;
}

static void put_wrong(const struct filling *f)
{
	struct buf *b = &f->p->r->body;

	if (f->wrong == NULL)
		return;
	html_raw(b, "<div class=\"note missed\" role=\"alert\">");
	page_wrong(f->p, f->wrong, !names_an_input(f));
	html_raw(b, "</div>\n");
}

/* Where the form leads to. Who approves a bank account need not see the settings. */
static const char *after_of(const struct filling *f)
{
	bool hidden = f->row->verb == ACTION_PROVIDER_APPROVE && !page_may(f->p, R_SETTINGS);

	return hidden ? "/receivables" : f->row->after;
}

/* Back to where the form leads to, or, where that is only there once it is sent, to the page above. */
static const char *back_of(const struct filling *f)
{
	struct text to = page_path(f->p, f->row->after), path = f->p->q->path;
	size_t n = path.n;

	if (!text_ends(to, "/"))
		return after_of(f);
	while (n > 1 && path.p[n - 1] != '/')
		n--;
	return text_copy(f->p->q->arena, text_sub(path, 0, n - 1)).p;
}

/* Does the verb take the id of what is reported? */
static bool has_id(const struct row_form *row)
{
	enum param name;

	return verb_param(row->verb, text_of("id"), &name) && name == PARAM_REPORT_ID;
}

enum { FORM_LINKS = 7 };

/* What else one does with a person. */
static size_t links_of(const struct filling *f, struct action_link v[FORM_LINKS])
{
	size_t n = 3;

	if (f->row->verb != ACTION_USER_ROLE)
		return 0;
	v[0] = (struct action_link){"/people/{handle}/invite", W_WEB_INVITE, false};
	v[1] = (struct action_link){"/people/{handle}/reset", W_WEB_RESET, false};
	v[2] = (struct action_link){"/people/{handle}/mail", W_WEB_MAILBOX, false};
	if (fields_get(&f->typed, "role-auditor").n > 0)
		v[n++] = (struct action_link){"/people/{handle}/grant", W_WEB_GRANT, false};
	v[n++] = (struct action_link){"/people/{handle}/factor", W_WEB_LOSE_FACTOR, false};
	v[n++] = (struct action_link){"/people/{handle}/factor/keep", W_WEB_KEEP_FACTOR, false};
	v[n++] = (struct action_link){"/people/{handle}/disable", W_WEB_DISABLE, false};
	return n;
}

static bool brings_file(const struct row_form *row)
{
	for (size_t i = 0; i < ARRAY_SIZE(row->inputs) && row->inputs[i].key != NULL; i++)
		if (row->inputs[i].how == UPLOAD || row->inputs[i].how == UPLOADS)
			return true;
	return false;
}

/* Nothing to fill in: where the ticket stands, and that this is for another time. */
static void put_idle(struct page *p, struct text state)
{
	struct buf *b = &p->r->body;

	html_raw(b, "<p class=\"note\" role=\"status\">");
	html_text(b, page_say(p, W_WEB_STATE));
	html_raw(b, ": ");
	html_text(b, said_text(p->language, state));
	html_raw(b, ". ");
	html_text(b, page_say(p, W_WEB_IDLE));
	html_raw(b, "</p>\n");
}

static void put_fields(struct filling *f)
{
	struct page *p = f->p;
	struct text id = fields_get(&f->typed, "id");

	if (strcmp(f->row->kind, "ticket.message") == 0 && page_may(p, R_WORK_WRITE))
		desk_replies(p);
	if (strcmp(f->row->kind, "ticket.logged") == 0)
		desk_templates(p);
	if (brings_file(f->row))
		form_open_files(p, p->q->path);
	else
		form_open(p, p->q->path);
	if (has_id(f->row))
		form_hidden(p, "id", id.n > 0 ? id : form_fresh_id(p));
	if (strcmp(f->row->kind, "ticket.logged") == 0 && fields_get(&f->typed, "queue").n > 0)
		form_hidden(p, "queue", fields_get(&f->typed, "queue"));
	/* what one has to say comes first, a number that is there already last */
	for (int fresh = 0; fresh < 2; fresh++)
		for (size_t i = 0; i < ARRAY_SIZE(f->row->inputs) && f->row->inputs[i].key != NULL;
		     i++)
			if ((f->row->inputs[i].need == FRESH) == (fresh == 1))
				put_input(f, &f->row->inputs[i]);
	form_close(p, f->row->submit);
}

/* What the client decides: the yes is the form's button, the no a page beside it. Who does not decide, reads. */
static void put_decision(struct filling *f)
{
	struct page *p = f->p;
	struct deciding what;
	struct action_link no;
	struct frame frame = {.tab = f->row->tab,
			      .title = page_say(p, f->row->title),
			      .back = f->row->after,
			      .links = &no};

	decide_find(p, f->row, &what);
	no = (struct action_link){what.no, what.no_words, false};
	frame.n_links = what.no != NULL ? 1 : 0;
	frame_begin(p, &frame);
	frame_title(p, frame.title);
	decide_about(p, &what);
	put_wrong(f);
	if (what.item != NULL && p->who.client)
		put_fields(f);
	frame_end(p);
	decide_free(&what);
}

static void put_form(struct filling *f)
{
	struct page *p = f->p;
	struct text state = {NULL, 0};
	struct action_link links[FORM_LINKS];
	const struct frame frame = {.tab = f->row->tab,
				    .title = page_say(p, f->row->title),
				    .back = back_of(f),
				    .links = links,
				    .n_links = links_of(f, links)};

	if (decide_is(f->row)) {
		put_decision(f);
		return;
	}
	frame_begin(p, &frame);
	frame_title(p, frame.title);
	if (f->wrong == NULL && ticket_idle(p, f->row, &state)) {
		put_idle(p, state);
		frame_end(p);
		return;
	}
	form_lists_find(p, f->row, &f->lists);
	if (form_answers_page(f->row)) {
		html_raw(&p->r->body, "<p>");
		html_text(&p->r->body, page_say(p, W_WEB_MARGIN_WHY));
		html_raw(&p->r->body, "</p>\n");
	}
	if (f->row->verb == ACTION_PROVIDER_SET)
		settings_why(p);
	if (f->row->verb == ACTION_PROVIDER_APPROVE && !settings_waiting(p, &f->shown) &&
	    f->wrong == NULL) {
		frame_end(p);
		return;
	}
	form_about(p, f->row, f->lists.contract);
	put_wrong(f);
	put_fields(f);
	if (f->lists.contract != NULL && f->lists.charges.n > 0)
		desk_costs(p, json_object_get(f->lists.contract, "terms"));
	json_decref(f->lists.contract);
	f->lists.contract = NULL;
	frame_end(p);
}

struct text form_lines(struct arena *a, struct text t)
{
	char *out = arena_alloc(a, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] != '\r' || i + 1 == t.n || t.p[i + 1] != '\n')
			out[n++] = t.p[i];
	return (struct text){out, n};
}

static void put_field(struct verb_run *v, struct page *p, const char *key, struct text value)
{
	value = form_lines(p->q->arena, value);
	if (value.n > 0)
		verb_put(v, PARAM_FIELDS,
			 text_format(p->q->arena, "%s=%.*s", key, TEXT_ARG(value)));
}

/* The files that came in that field. A browser sends a field without a file as one of no name and no bytes. */
static void take_files(struct verb_run *v, const struct filling *f, const char *field)
{
	struct text *bodies = arena_array(v->arena, struct text, f->n_files + 1);
	size_t n = 0;

	for (size_t k = 0; k < f->n_files; k++) {
		const struct part *file = &f->files[k];

		if (!text_is(file->name, field) ||
		    (file->body.n == 0 && text_is(file->file, "file")))
			continue;
		verb_put(v, PARAM_ATTACHED, text_of("-"));
		verb_put(v, PARAM_FILE_NAME, file->file);
		bodies[n++] = file->body;
	}
	v->served.body = bodies[0];
	v->served.others = bodies + 1;
	v->served.n_others = n > 0 ? n - 1 : 0;
}

static void take_input(struct verb_run *v, const struct filling *f, const struct input *i)
{
	struct text value = fields_get(&f->typed, input_name(i));

	if ((i->how == CHECK || i->how == COVERED_CHECK) && i->param != PARAM_COUNT) {
		if (value.n > 0)
			verb_flag(v, i->param);
	} else if (i->how == HIDDEN) {
		put_field(v, f->p, i->key, text_of(i->choices));
	} else if (i->how == FLAG) {
		verb_flag(v, i->param);
	} else if (i->how == CHECKS) {
		struct text words = text_of(i->choices), one;

		while (words.n > 0) {
			words = text_cut(words, ' ', &one);
			if (fields_get(&f->typed, box_name(f, i, one)).n > 0)
				verb_put(v, i->param, one);
		}
	} else if (i->how == LINES) {
		struct text rest = value, one;

		while (rest.n > 0) {
			rest = text_cut(rest, '\n', &one);
			if (text_trim(one).n > 0)
				verb_put(v, i->param, text_trim(one));
		}
	} else if (i->how == UPLOAD) {
		v->served.body =
			f->n_files > 0 ? f->files[0].body : form_kept_file(f->p, &f->typed);
		verb_put(v, i->param, text_of("-"));
	} else if (i->how == UPLOADS) {
		if (f->row->verb == ACTION_TICKET_ATTACH)
			take_files(v, f, input_name(i));
	} else if (i->how == SELF) {
		put_field(v, f->p, i->key, f->p->who.person);
	} else if (i->param != PARAM_COUNT) {
		value = form_lines(f->p->q->arena, value);
		if (value.n > 0)
			verb_put(v, i->param, value);
	} else {
		put_field(v, f->p, i->key, value);
	}
}

static bool missing(const struct filling *f, struct err *err)
{
	for (size_t k = 0; k < ARRAY_SIZE(f->row->inputs) && f->row->inputs[k].key != NULL; k++) {
		const struct input *i = &f->row->inputs[k];

		if (i->need != REQUIRED || i->how >= CHECKS ||
		    text_trim(fields_get(&f->typed, input_name(i))).n > 0)
			continue;
		err_key(err, text_of(input_name(i)));
		(void)err_set(err, RC_INVALID, "%.*s",
			      TEXT_ARG(page_say(f->p, W_WEB_FIELD_MISSING)));
		return true;
	}
	return false;
}

/* Path names that are fields of the fact, such as a ticket's id. */
static void take_path(struct verb_run *v, struct page *p, const struct row_form *row)
{
	for (size_t i = 0; i < p->n_names; i++) {
		enum param name;

		if (verb_param(row->verb, p->names[i].name, &name))
			verb_put(v, name, p->names[i].value);
		else if (row->kind[0] != '\0')
			verb_put(v, PARAM_FIELDS,
				 text_format(p->q->arena, "%.*s=%.*s", TEXT_ARG(p->names[i].name),
					     TEXT_ARG(p->names[i].value)));
	}
}

/* Where the way goes on: names of the path, and of what was typed. */
static void go_on(const struct filling *f)
{
	struct page with = *f->p;
	struct text to;

	for (size_t k = 0; k < ARRAY_SIZE(f->row->inputs) && f->row->inputs[k].key != NULL &&
			   with.n_names < PATH_NAMES_MAX;
	     k++)
		if (f->row->inputs[k].need == FRESH)
			with.names[with.n_names++] =
				(struct field){text_of(f->row->inputs[k].key),
					       fields_get(&f->typed, f->row->inputs[k].key)};
	to = page_path(&with, after_of(f));
	response_see(f->p->r, text_format(f->p->q->arena, "%.*s?done=1", TEXT_ARG(to)));
}

/*
 * Files that go along with an answer, before it: what is wrong with one leaves nothing recorded, and the form comes back with what was
 * typed. Their ids follow from the form's, so that a second press attaches them once.
 */
static enum rc attach_beside(const struct filling *f, struct err *err)
{
	const struct input *i = f->row->inputs;
	struct text id = fields_get(&f->typed, "id");
	char text[UUID_TEXT + 1];
	struct verb_run v;
	struct uuid u;
	enum rc rc = RC_OK;

	while (i->key != NULL && i->how != UPLOADS)
		i++;
	if (i->key == NULL || f->row->verb == ACTION_TICKET_ATTACH)
		return RC_OK;
	verb_begin(&v, f->p, ACTION_TICKET_ATTACH);
	take_files(&v, f, input_name(i));
	if (args_has(&v.args, PARAM_ATTACHED)) {
		verb_put(&v, PARAM_TICKET, page_name(f->p, "ticket"));
		verb_put(&v, PARAM_CONTRACT_ID, page_contract(f->p));
		/* what comes with health data is taken for it, too (docs/decisions/0025) */
		if (fields_get(&f->typed, "health").n > 0)
			verb_flag(&v, PARAM_HEALTH_DATA);
		if (uuid_parse(id, &u) && uuid_is_v7(&u)) {
			u = uuid_derived(uuid_v7_ms(&u), id, text_of("files"));
			uuid_text(&u, text);
			verb_put(&v, PARAM_REPORT_ID, text_of(text));
		}
		rc = verb_finish(&v);
		*err = v.err;
	}
	verb_free(&v);
	return rc;
}

static void run_form(struct filling *f)
{
	struct page *p = f->p;
	struct verb_run v;
	json_t *answer = NULL;

	verb_begin(&v, p, f->row->verb);
	take_path(&v, p, f->row);
	if (f->row->kind[0] != '\0')
		verb_put(&v, PARAM_KIND, text_of(f->row->kind));
	if (has_id(f->row) && fields_get(&f->typed, "id").n > 0)
		verb_put(&v, PARAM_REPORT_ID, fields_get(&f->typed, "id"));
	for (size_t i = 0; i < ARRAY_SIZE(f->row->inputs) && f->row->inputs[i].key != NULL; i++)
		take_input(&v, f, &f->row->inputs[i]);
	form_take_decided(&v, f->row, &f->typed);
	if (missing(f, &v.err))
		v.rc = RC_INVALID;
	else if (f->row->verb == ACTION_USER_RESET)
		v.rc = door_reset(p->w->o.door, p->q, p->r, page_name(p, "handle"), &v.err);
	else if (form_answers_page(f->row))
		v.rc = form_show_page(p, f->row, &v);
	else
		v.rc = attach_beside(f, &v.err);
	if (v.rc == RC_OK && !form_answers_page(f->row))
		answer = verb_json(&v);
	if (answer != NULL && strcmp(f->row->kind, "ticket.logged") == 0) {
		v.rc = desk_queue_new(p, &f->typed, &v.err);
		if (v.rc != RC_OK) { /* the ticket is there: sent again, it is the same one */
			json_decref(answer);
			answer = NULL;
		}
	}
	if (answer != NULL) {
		if (!form_answered(p, f->row, answer, args_has(&v.args, PARAM_DRY_RUN),
				   v.served.body))
			go_on(f);
		json_decref(answer);
	} else if (v.rc == RC_OK) {
		/* its page is written */
	} else if (v.rc == RC_MISSING && !form_blames(p, f->row, &f->typed, &v.err)) {
		page_missing(p);
	} else {
		v.rc = v.rc == RC_MISSING ? RC_INVALID : v.rc; /* the page is there */
		p->r->status = problem_status(v.rc, &v.err);
		f->wrong = &v.err;
		put_form(f);
		f->wrong = NULL;
	}
	verb_free(&v);
}

/* What is saved are all roles of a person: those that the person has are ticked. */
static struct fields roles_had(struct page *p, struct text *party)
{
	enum { ROLES_MAX = 32 };
	struct field *v = arena_array(p->q->arena, struct field, ROLES_MAX);
	struct verb_run run;
	json_t *answer;
	size_t n = 0;

	verb_begin(&run, p, ACTION_USER_LIST);
	answer = verb_json(&run);
	for (size_t i = 0; i < json_array_size(answer); i++) {
		const json_t *row = json_array_get(answer, i);
		struct text words = verb_text(p, json_object_get(row, "roles")), one;

		if (!text_eq(verb_text(p, json_object_get(row, "handle")), page_name(p, "handle")))
			continue;
		*party = verb_text(p, json_object_get(row, "party"));
		while (words.n > 0 && n < ROLES_MAX) {
			words = text_cut(words, ' ', &one);
			v[n++] =
				(struct field){text_format(p->q->arena, "role-%.*s", TEXT_ARG(one)),
					       text_of("true")};
		}
	}
	json_decref(answer);
	verb_free(&run);
	return (struct fields){v, n};
}

void form_show(struct page *p, const struct row_form *row)
{
	struct filling f = {.p = p, .row = row, .typed = {NULL, 0}};
	struct err err = {.line = 0};

	if (!page_may(p, row->right)) {
		page_refused(p, row->tab);
		return;
	}
	if (visitor_may(&p->who, row->right, p->q->now, &err) != RC_OK) {
		if (!method_safe(p->q->method) && p->who.mfa && page_kept(p, row->tab, KEPT_CODE))
			return;
		response_see(p->r, p->who.mfa ? text_format(p->q->arena, "/me/code?next=%.*s",
							    TEXT_ARG(p->q->path))
					      : text_of("/me/factor"));
		return;
	}
	if (decide_is(row) && !p->who.client && !method_safe(p->q->method)) {
		page_refused(p, row->tab);
		return;
	}
	if (row->verb == ACTION_USER_ADD && p->who.client)
		f.party = text_of("client");
	if (method_safe(p->q->method)) {
		struct field *given = arena_one(p->q->arena, struct field);
		struct text name = fields_get(&p->q->query, "reply");

		if (name.n > 0 && strcmp(row->kind, "ticket.message") == 0) {
			*given = (struct field){text_of("words"), desk_reply(p, name)};
			f.typed = (struct fields){given, 1};
		}
		if (row->verb == ACTION_USER_ROLE)
			f.typed = roles_had(p, &f.party);
		if (row->verb == ACTION_PROVIDER_SET) {
			*given = (struct field){text_of(input_name(&row->inputs[0])),
						settings_had(p)};
			f.typed = (struct fields){given, 1};
		}
		if (row->verb == ACTION_MAIL_TEXT_SAVE)
			f.typed = settings_mail_text(p);
		if (strcmp(row->kind, "ticket.logged") == 0)
			f.typed = desk_template(p, fields_get(&p->q->query, "template"));
		put_form(&f);
	} else if (form_parse(p->q, &f.typed, &f.files, &f.n_files, &err) != RC_OK) {
		page_failed(p, row->tab, RC_INVALID, &err);
	} else {
		run_form(&f);
	}
}
