/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Refusals for programs: application/problem+json (RFC 9457, trust.md S13). What is about the machine, paths, files, the store's own
 * words, stays in the log of operation. It decides nothing: it only says what was decided.
 */
#include "http/problem.h"

#include "base/json.h"

#include <string.h>

enum { PROBLEM_MAX = 256 << 10 };

static const char json_problem[] = "application/problem+json";

/* The words of a status where a code brings none of its own. */
static const char *title_of(int status)
{
	static const struct {
		int status;
		const char *title;
	} rows[] = {
		{400, "the request is wrong"},
		{401, "who asks is not known"},
		{403, "the right is missing"},
		{404, "there is no such thing here"},
		{405, "that is not done here"},
		{406, "there is no answer of that kind"},
		{409, "it is not as it was thought to be"},
		{413, "it is too large"},
		{415, "that kind of content is not read here"},
		{422, "what was sent does not hold"},
		{429, "too many requests"},
		{503, "not at the moment"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].status == status)
			return rows[i].title;
	return "it failed";
}

/*
 * Codes that decide the status by themselves; a prefix ends with a dot. words: what is said instead of the error's own, which speaks of
 * the machine.
 */
static const struct {
	const char *code;
	int status;
	const char *words;
} known[] = {
	{"right", 403, NULL},
	{"step_up", 403, NULL},
	{"cross_site", 403, NULL},
	{"form_expired", 403, NULL},
	{"token", 401, NULL},
	{"not_found", 404, NULL},
	{"content_type", 415, NULL},
	{"not_acceptable", 406, NULL},
	{"idempotency_key", 422, NULL},
	{"too_many", 429, NULL},
	{"heavy", 503, NULL},
	{"json.syntax", 400, NULL},
	{"second_person", 409, NULL},
	{"other_account", 409, NULL},
	{"both_sides", 409, NULL},
	{"moved", 409, NULL},
	{"held", 409, NULL},
	{"in_progress", 409, NULL},
	{"version_changed", 409, NULL},
	{"amend.order", 409, NULL},
	{"amend.stale", 409, NULL},
	{"amend.late", 409, NULL},
	{"size_below", 409, NULL},
	{"id_conflict", 422, "this id was recorded with other content, or by the other side"},
	{"time_ahead", 422, NULL},
	{"clock", 503, "the clock of the server is in doubt; reading works meanwhile"},
	{"log_frozen", 503,
	 "the record is frozen until it has been looked at; reading works meanwhile"},
	{"fork", 503, "the record is frozen until it has been looked at; reading works meanwhile"},
	{"disk_full", 503, "the disk of the server is full; reading works meanwhile"},
	{"derived.", 503, "the workspace waits for the operator"},
	{"keys.", 503, "the workspace waits for the operator"},
	{"store.", 503, "the store cannot be used at the moment"},
	{"entry.missing", 503, "the store cannot be used at the moment"},
	{"pack.missing", 503, "the store cannot be used at the moment"},
	{"unique", 409, "somebody else was faster; ask again"},
};

enum { UNKNOWN = ARRAY_SIZE(known) };

static size_t known_code(const struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		size_t n = strlen(known[i].code);

		if (known[i].code[n - 1] == '.' ? strncmp(err->code, known[i].code, n) == 0
						: strcmp(err->code, known[i].code) == 0)
			return i;
	}
	return UNKNOWN;
}

int problem_status(enum rc rc, const struct err *err)
{
	size_t k = known_code(err);

	if (k != UNKNOWN)
		return known[k].status;
	switch (rc) {
	case RC_OK:
		return 200;
	case RC_INVALID:
		return 422;
	case RC_USAGE:
		return 400;
	case RC_MISSING:
		return 404;
	case RC_LIMIT:
		return 413;
	case RC_IO:
		return 503;
	}
	return 503;
}

/*
 * Words of the command line are those of parameters here: "--known-as-of" is known_as_of. What remains is on one line without quotation
 * of a path (S13): the caller's own file is "body".
 */
static struct text in_words_of_api(struct arena *a, const char *words)
{
	size_t n = strlen(words), kept = 0;
	char *out = arena_alloc(a, n + 1);
	bool option = false;

	for (size_t i = 0; i < n; i++) {
		bool begins = i == 0 || words[i - 1] == ' ' || words[i - 1] == '"';

		if (begins && words[i] == '-' && words[i + 1] == '-' && words[i + 2] >= 'a' &&
		    words[i + 2] <= 'z') {
			option = true;
			i++;
			continue;
		}
		option = option && ((words[i] >= 'a' && words[i] <= 'z') || words[i] == '-');
		out[kept++] = option && words[i] == '-' ? '_' : words[i];
	}
	return (struct text){out, kept};
}

/* A hint that only whoever sits at the machine can follow is none. */
static bool for_the_machine(struct text hint)
{
	static const char *const words[] = {"\"tenor ", "with --as", "--workspace", "--key ",
					    "-o "};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (text_has(hint, text_of(words[i])))
			return true;
	return text_starts(hint, "tenor ") || text_starts(hint, "`tenor ");
}

struct saying {
	const char *refused; /* a word of a table, for metrics */
	struct text code, title, detail, hint, field, notes;
	uint32_t line, column;
};

static void lines_as_list(struct json *j, const char *key, struct text lines)
{
	struct text line;

	json_key(j, key);
	json_open_array(j);
	while (lines.n > 0) {
		lines = text_cut(lines, '\n', &line);
		line = text_trim(line);
		if (line.n > 0)
			json_text(j, line);
	}
	json_end_array(j);
}

static void say(struct response *r, const struct request *q, int status, const struct saying *s)
{
	struct json j;
	struct buf b;

	buf_init(&b, PROBLEM_MAX);
	json_init(&j, &b, false);
	json_open_object(&j);
	/* RFC 9457 4.2.1: the title is then that of the status or of the code; our codes are told in the page of the API. */
	json_kv_str(&j, "type", "about:blank");
	json_kv_text(&j, "title", s->title);
	json_kv_int(&j, "status", status);
	if (s->detail.n > 0)
		json_kv_text(&j, "detail", s->detail);
	if (s->hint.n > 0)
		json_kv_text(&j, "hint", s->hint);
	json_kv_text(&j, "code", s->code);
	if (s->field.n > 0)
		json_kv_text(&j, "field", s->field);
	if (s->line > 0)
		json_kv_int(&j, "line", (int64_t)s->line);
	if (s->column > 0)
		json_kv_int(&j, "column", (int64_t)s->column);
	if (s->notes.n > 0)
		lines_as_list(&j, "notes", s->notes);
	/* J27: so far it is in the record, and from there it may be sent again. */
	if (q->piece != NULL)
		json_kv_int(&j, "committed_line", (int64_t)q->piece->first_line - 1);
	json_kv_str(&j, "request", q->id);
	json_end_object(&j);
	buf_char(&b, '\n');
	r->status = status;
	r->type = text_of(json_problem);
	r->etag = (struct text){NULL, 0};
	buf_clear(&r->body);
	buf_text(&r->body, buf_view(&b));
	buf_free(&b);
	r->refused = s->refused;
}

void response_problem(struct response *r, const struct request *q, int status, const char *code,
		      const char *title, struct text detail)
{
	say(r, q, status,
	    &(struct saying){.refused = code,
			     .code = text_of(code),
			     .title = text_of(title),
			     .detail = detail});
}

struct text response_bytes(const struct response *r)
{
	return r->lent.n > 0 ? r->lent : buf_view(&r->body);
}

void response_clear(struct response *r)
{
	if (r->lent_back != NULL)
		r->lent_back(r->lent_by);
	r->lent_back = NULL;
	r->lent_by = NULL;
	r->lent = (struct text){NULL, 0};
	buf_clear(&r->body);
}

bool response_too_large(struct response *r, const struct request *q)
{
	if (!r->body.full)
		return false;
	response_clear(r);
	r->again = false;
	response_problem(r, q, 500, "answer.large", "the answer is larger than 64 MiB",
			 text_of("ask for another form of it, or use the command line"));
	return true;
}

static const char *code_of(int status)
{
	switch (status) {
	case 404:
		return "not_found";
	case 413:
		return "too_large";
	case 422:
		return "invalid";
	case 503:
		return "unavailable";
	default:
		return "usage";
	}
}

/* --- of an error --- */

void response_problem_noted(struct response *r, const struct request *q, enum rc rc,
			    const struct err *err, struct text notes)
{
	int status = problem_status(rc, err);
	size_t k = known_code(err);
	const char *word = k != UNKNOWN ? known[k].code : code_of(status);
	struct saying s = {.refused = word,
			   .title = text_of(title_of(status)),
			   .code = text_of(err->code[0] != '\0' ? err->code : word)};

	/* P5: whatever is not to be found is not found in the same words, whether it is somebody else's or nobody's. */
	if (status == 404) {
		s.code = text_of("not_found");
		s.detail = text_of("nothing of that name is here, or not for you");
		say(r, q, status, &s);
		return;
	}
	if (k != UNKNOWN && known[k].words != NULL)
		s.detail = text_of(known[k].words);
	else if (rc == RC_IO)
		s.detail = text_of("the server could not read or write what this needs");
	else
		s.detail = in_words_of_api(r->arena, err->message);
	if (status < 500 && (k == UNKNOWN || known[k].words == NULL) &&
	    !for_the_machine(text_of(err->hint)))
		s.hint = in_words_of_api(r->arena, err->hint);
	if (status < 500) {
		s.field = text_of(err->key);
		s.line = err->line;
		s.column = err->column;
		s.notes = notes;
	}
	say(r, q, status, &s);
}

void response_problem_err(struct response *r, const struct request *q, enum rc rc,
			  const struct err *err)
{
	response_problem_noted(r, q, rc, err, (struct text){NULL, 0});
}
