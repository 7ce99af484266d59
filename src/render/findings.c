/* SPDX-License-Identifier: Apache-2.0 */
#include "render/findings.h"

#include "base/json.h"
#include "render/layout.h"

enum { NOTE_INDENT = 4 };

static enum style severity_style(char severity)
{
	switch (severity) {
	case 'X':
	case 'E':
		return STYLE_MISSED;
	case 'W':
		return STYLE_RISK;
	default:
		return STYLE_SOFT;
	}
}

/* Text of the file, without what could move a terminal's cursor. */
static void put(struct page *p, struct doc *d, struct text t, enum style style)
{
	struct flat f = flatten(p, doc_plain(d, t), style);

	put_flat(p, f, 0, f.n);
}

static void put_place(struct page *p, struct doc *d, struct text file, const struct finding *f)
{
	put(p, d, text_format(d->arena, "%.*s:%u:%u: ", TEXT_ARG(file), f->line, f->column),
	    STYLE_STRONG);
}

static void put_error(struct page *p, struct doc *d, struct text file, const struct finding *f)
{
	put_place(p, d, file, f);
	put(p, d, text_format(d->arena, "%s: ", f->code), STYLE_MISSED);
	if (f->path.n > 0)
		put(p, d, text_format(d->arena, "%.*s: ", TEXT_ARG(f->path)), STYLE_PLAIN);
	put(p, d, f->message, STYLE_PLAIN);
	put_end(p);
}

static void put_note(struct page *p, struct doc *d, enum wording w, struct text words)
{
	struct phrase all[2] = {doc_say(d, w, NULL, 0), doc_plain(d, words)};

	if (words.n > 0)
		put_wrapped(p, NOTE_INDENT, NOTE_INDENT + 2,
			    flatten(p, doc_join_all(d, " ", all, 2), STYLE_SOFT));
}

static void put_finding(struct page *p, struct doc *d, struct text file, const struct finding *f)
{
	put_place(p, d, file, f);
	put(p, d, text_format(d->arena, "%s %c ", f->code, f->severity),
	    severity_style(f->severity));
	put(p, d, f->path, STYLE_PLAIN);
	if (f->value.n > 0)
		put(p, d, text_format(d->arena, " = \"%.*s\"", TEXT_ARG(f->value)), STYLE_PLAIN);
	put(p, d,
	    text_format(d->arena,
			" (%.*s): ", TEXT_ARG(f->clause.n > 0 ? f->clause : text_of("no clause"))),
	    STYLE_SOFT);
	put(p, d, f->message, STYLE_PLAIN);
	put_end(p);
	put_note(p, d, W_LINT_WHY, f->why);
	put_note(p, d, W_LINT_FIX, f->fix);
	put_note(p, d, W_LINT_EFFECT, f->effect);
}

static size_t count(const struct findings *f, char severity)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->v[i].severity == severity;
	return n;
}

/* Errors of the file and of lint; beyond the 100 that are kept there may be more (CL-6). */
static size_t errors_of(const struct findings *f)
{
	size_t shown = count(f, 'E') + count(f, 'X');

	return f->errors > shown ? f->errors : shown;
}

static void put_counts(struct page *p, struct doc *d, const struct findings *f)
{
	struct phrase parts[3] = {COUNTED(d, (int64_t)errors_of(f), W_ERRORS),
				  COUNTED(d, (int64_t)count(f, 'W'), W_WARNINGS),
				  COUNTED(d, (int64_t)count(f, 'I'), W_NOTES)};

	put_wrapped(p, 0, 0, flatten(p, doc_join_all(d, ", ", parts, 3), STYLE_STRONG));
}

void findings_text(struct arena *a, struct text file, const struct findings *f,
		   const struct language *l, const struct findings_style *style, struct buf *out)
{
	struct doc *d = doc_new(a, l, NULL);
	struct page p = {.arena = a,
			 .out = out,
			 .colour = style->colour,
			 .width = style->width > 0 ? style->width : SIZE_MAX / 2};

	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].severity == 'X')
			put_error(&p, d, file, &f->v[i]);
		else
			put_finding(&p, d, file, &f->v[i]);
	}
	if (f->n > 0)
		put_counts(&p, d, f);
}

/* --- JSON --- */

static void kv(struct json *j, const char *key, struct text t)
{
	if (t.n > 0)
		json_kv_text(j, key, t);
}

static void put_json(struct json *j, const struct finding *f)
{
	char severity[2] = {f->severity, '\0'};
	bool error = f->severity == 'X';

	json_open_object(j);
	json_kv_str(j, error ? "code" : "rule", f->code);
	json_kv_str(j, "severity", error ? "error" : severity);
	json_kv_int(j, "line", f->line);
	json_kv_int(j, "column", f->column);
	kv(j, "path", f->path);
	kv(j, "value", f->value);
	kv(j, "clause", f->clause);
	kv(j, "message", f->message);
	kv(j, "why", f->why);
	kv(j, "fix", f->fix);
	kv(j, "effect", f->effect);
	json_end_object(j);
}

static void put_facts(struct json *j, const struct findings_facts *f)
{
	json_key(j, "facts");
	json_open_object(j);
	json_kv_text(j, "contract", f->contract);
	if (f->why_not.n > 0) {
		json_kv_text(j, "none", f->why_not);
	} else {
		json_kv_text(j, "from", f->first);
		json_kv_text(j, "to", f->last);
		json_kv_int(j, "count", (int64_t)f->n);
	}
	json_end_object(j);
}

void findings_json(struct text file, bool valid, const struct findings *errors,
		   const struct findings *lint, const struct findings_facts *facts, struct buf *out)
{
	const struct findings *lists[2] = {errors, lint};
	struct json j;
	size_t n = 0;

	for (size_t k = 0; k < 2; k++)
		if (lists[k] != NULL)
			n += errors_of(lists[k]);
	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_check", 1);
	json_kv_text(&j, "file", file);
	json_kv_bool(&j, "valid", valid);
	json_kv_int(&j, "errors", (int64_t)n);
	if (facts != NULL)
		put_facts(&j, facts);
	json_key(&j, "findings");
	json_open_array(&j);
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; lists[k] != NULL && i < lists[k]->n; i++)
			put_json(&j, &lists[k]->v[i]);
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}
