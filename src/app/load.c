/* SPDX-License-Identifier: Apache-2.0 */
#include "app/load.h"

#include "app/findings_out.h"
#include "app/input.h"
#include "app/values.h"

#include <string.h>

enum { CONTRACT_MAX_BYTES = 1 << 20, MAPS_MAX = 16, SNIFF_BYTES = 64 * 1024 };

/* --- the contract --- */

struct beside {
	struct app *app;
	struct text folder; /* of the contract, with its slash; files it names lie beside it */
};

/* terms_context.load: a file that the contract names by an ics key. */
static enum rc load_named(void *context, struct text name, struct text *bytes, struct err *err)
{
	struct beside *b = context;

	if (name.n == 0 || name.p[0] == '/' || text_has(name, text_of(".."))) {
		err_hint(err, "name a file beside the contract or below its folder");
		return err_set(err, RC_INVALID, "\"%.*s\" lies outside the contract's folder",
			       TEXT_ARG(name));
	}
	struct text path =
		text_format(b->app->arena, "%.*s%.*s", TEXT_ARG(b->folder), TEXT_ARG(name));

	return input_whole(b->app, path, INPUT_WHOLE_MAX, bytes, err);
}

static struct text folder_of(struct text path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return text_sub(path, 0, n);
}

struct terms_context load_context(struct app *app, struct text path)
{
	struct beside *b = arena_one(app->arena, struct beside);

	*b = (struct beside){app, folder_of(path)};
	return (struct terms_context){.zones = &app->zones, .load = load_named, .load_context = b};
}

enum rc load_contract(struct app *app, struct text path, struct contract **out, struct err *err)
{
	struct text bytes;
	struct terms_context context = load_context(app, path);
	enum rc rc;

	*out = NULL;
	rc = input_whole(app, path, CONTRACT_MAX_BYTES, &bytes, err);
	if (rc != RC_OK)
		return rc;
	if (text_is(path, "-"))
		path = text_of(app->served != NULL ? "body" : "standard input");
	rc = contract_read(app->arena, path, bytes, &context, out, err);
	if (rc != RC_OK || (*out)->valid)
		return rc;

	const struct finding *f = &(*out)->findings.v[0];

	err_clear(err);
	err_at(err, path, f->line, f->column);
	err_code(err, f->code);
	err_key(err, f->path);
	err_hint(err, "\"tenor check %.*s\" lists all errors", TEXT_ARG(path));
	return err_set(err, RC_INVALID, "%.*s", TEXT_ARG(f->message));
}

enum rc load_promise(struct app *app, const struct contract *c, const struct promise **out,
		     struct err *err)
{
	struct terms_context context = load_context(app, c->file);

	if (c->is_template) {
		err_at(err, c->file, 0, 0);
		err_hint(err, "fill its holes (?name) and remove the template block");
		return err_set(err, RC_INVALID, "is a template, not a contract");
	}
	enum rc rc = promise_build(app->arena, c, &context, out, err);

	if (rc != RC_OK && err->file[0] == '\0')
		err_at(err, c->file, err->line, err->column);
	return rc;
}

/* All errors are told, and then, once, that they end the run. */
enum rc load_noted(struct app *app, const struct args *args, struct text path,
		   struct contract **out, struct reply *reply, struct err *err)
{
	enum rc rc = load_contract(app, path, out, err);

	if (rc == RC_OK || *out == NULL)
		return rc;
	findings_note(app, *out, args, &reply->notes);
	err_clear(err);
	err_at(err, (*out)->file, 0, 0);
	return err_set(err, RC_INVALID, "is not a valid contract, so nothing follows from it");
}

/* --- mappings --- */

struct maps {
	struct mapping *v[MAPS_MAX];
	bool used[MAPS_MAX]; /* some file was read by it */
	size_t n;
};

/* A ready mapping by its name, else a file. */
static enum rc load_map(struct app *app, struct text word, struct mapping **out, struct err *err)
{
	struct err not_ready = {.line = 0}, no_file = {.line = 0};
	struct text bytes;
	enum rc rc = mapping_ready(app->arena, word, out, &not_ready);

	if (rc == RC_OK)
		return RC_OK;
	if (app->served != NULL) { /* no request reaches a file of the machine */
		*err = not_ready;
		err_key(err, text_of("map"));
		return RC_USAGE;
	}
	rc = input_whole(app, word, INPUT_WHOLE_MAX, &bytes, &no_file);
	if (rc == RC_OK)
		return mapping_parse(app->arena, word, bytes, out, err);
	*err = rc == RC_MISSING ? not_ready : no_file;
	if (rc == RC_MISSING)
		return err_set(err, RC_MISSING, "\"%.*s\" is neither a ready mapping nor a file",
			       TEXT_ARG(word));
	return rc;
}

static enum rc load_maps(struct app *app, const struct args *args, struct maps *out,
			 struct err *err)
{
	*out = (struct maps){.n = 0};
	for (size_t i = 0; i < args->values[PARAM_MAP].n; i++) {
		if (out->n == MAPS_MAX)
			return err_set(err, RC_USAGE, "--map is given more than %d times",
				       MAPS_MAX);
		enum rc rc = load_map(app, args->values[PARAM_MAP].v[i], &out->v[out->n], err);

		if (rc != RC_OK)
			return rc;
		out->n++;
	}
	return RC_OK;
}

static bool header_matches(const struct mapping *m, struct text line)
{
	struct text rest = line, field;

	for (size_t i = 0; i < m->n_header; i++) {
		if (i > 0 && rest.p == line.p + line.n + 1)
			return false;
		rest = text_cut(rest, m->delimiter, &field);
		field = text_trim(field);
		if (field.n >= 2 && field.p[0] == '"' && field.p[field.n - 1] == '"')
			field = text_sub(field, 1, field.n - 1);
		if (!text_eq(field, m->header[i]))
			return false;
	}
	return rest.n == 0;
}

/*
 * Of several mappings the one that fits the file: by its kind (status page, calendar, table), and among tables by the header.
 * NULL: the file picks a ready one by itself.
 */
static const struct mapping *choose_map(const struct maps *maps, struct text start)
{
	struct text line;
	const struct mapping *table = NULL;
	size_t tables = 0;

	if (text_starts(start, "\xef\xbb\xbf"))
		start = text_sub(start, 3, start.n);
	(void)text_cut(start, '\n', &line);
	line = text_trim(line);
	for (size_t i = 0; i < maps->n; i++) {
		const struct mapping *m = maps->v[i];
		bool object = start.n > 0 && (start.p[0] == '{' || start.p[0] == '[');
		bool calendar = text_starts(start, "BEGIN:VCALENDAR");

		if (m->json_lines) {
			if (object)
				return m;
			table = m;
			tables++;
			continue;
		}
		if (object || calendar) {
			if (m->rows == (object ? ROWS_STATUSPAGE : ROWS_CALENDAR))
				return m;
			continue;
		}
		if (m->rows == ROWS_STATUSPAGE || m->rows == ROWS_CALENDAR)
			continue;
		if (m->n_header > 0 && header_matches(m, line))
			return m;
		table = m;
		tables++;
	}
	return tables == 1 ? table : NULL;
}

/* --- facts --- */

struct taking {
	struct app *app;
	struct loaded *l;
	struct maps *maps;
	struct import_options options;
	struct importer *importer; /* NULL until the first bytes have told what the file is */
	struct text name;
	char start[SNIFF_BYTES];
	size_t n_start;
};

static enum rc begin(void *context, struct text name, struct err *err)
{
	struct taking *t = context;

	(void)err;
	t->name = name;
	t->importer = NULL;
	t->n_start = 0;
	return RC_OK;
}

/* A line that begins with the key every contract begins with (`tenor: "1"`). */
static bool looks_like_contract(struct text start)
{
	struct text line;

	while (start.n > 0) {
		start = text_cut(start, '\n', &line);
		if (text_starts(line, "tenor:"))
			return true;
		if (text_trim(line).n > 0 && line.p[0] != '#')
			return false;
	}
	return false;
}

static enum rc open_importer(struct taking *t, struct err *err)
{
	struct text start = {t->start, t->n_start};

	if (looks_like_contract(start)) {
		err_at(err, t->name, 0, 0);
		err_hint(err, "the contract is the first argument, files of facts follow");
		return err_set(err, RC_INVALID, "is a contract, not a file of facts");
	}
	t->options.name = t->name;
	t->options.mapping = choose_map(t->maps, start);
	for (size_t i = 0; i < t->maps->n; i++)
		t->maps->used[i] = t->maps->used[i] || t->options.mapping == t->maps->v[i];
	enum rc rc = importer_open(t->app->arena, t->l->facts, &t->options, &t->importer, err);

	return rc == RC_OK ? importer_push(t->importer, start.p, start.n, err) : rc;
}

static enum rc chunk(void *context, const char *bytes, size_t n, struct err *err)
{
	struct taking *t = context;

	if (t->importer != NULL)
		return importer_push(t->importer, bytes, n, err);

	size_t room = SNIFF_BYTES - t->n_start, part = n < room ? n : room;

	memcpy(t->start + t->n_start, bytes, part);
	t->n_start += part;
	if (t->n_start < SNIFF_BYTES)
		return RC_OK;
	enum rc rc = open_importer(t, err);

	return rc == RC_OK && part < n ? importer_push(t->importer, bytes + part, n - part, err)
				       : rc;
}

static enum rc close_importer(struct taking *t, struct err *err)
{
	struct import_report *report = NULL;
	enum rc rc = importer_close(t->importer, &report, err);

	t->importer = NULL;
	if (rc != RC_OK)
		return rc;
	struct loaded *l = t->l;

	l->reports = arena_grow(t->app->arena, l->reports, l->n_reports, &l->reports_cap,
				sizeof(*l->reports));
	l->reports[l->n_reports++] = report;
	return RC_OK;
}

static enum rc end(void *context, struct err *err)
{
	struct taking *t = context;

	if (t->importer == NULL) {
		enum rc rc = open_importer(t, err);

		if (rc != RC_OK)
			return rc;
	}
	return close_importer(t, err);
}

/* After the last chunk, or the first that failed. */
static enum rc settled(struct taking *t, struct text path, enum rc rc, struct err *err)
{
	if (rc != RC_OK && t->importer != NULL) {
		struct import_report *unused;
		struct err second = {.line = 0};

		/* Closing frees what libraries hold; the first error is the one to tell. */
		(void)(importer_close(t->importer, &unused, &second) == RC_OK);
		t->importer = NULL;
	}
	if (rc != RC_OK && err->file[0] == '\0')
		err_at(err, path, err->line, err->column);
	return rc;
}

static enum rc take_file(struct taking *t, struct text path, struct err *err)
{
	struct input_sink sink = {t, begin, chunk, end};

	return settled(t, path, input_stream(t->app, path, &sink, err), err);
}

static void bounds(struct loaded *l)
{
	l->first = l->last = INSTANT_NONE;
	for (size_t i = 0; i < l->facts->n; i++) {
		const struct fact *f = &l->facts->v[i];
		instant late = f->recorded_at > f->occurred_at ? f->recorded_at : f->occurred_at;

		if (l->first == INSTANT_NONE || f->occurred_at < l->first)
			l->first = f->occurred_at;
		if (l->last == INSTANT_NONE || late > l->last)
			l->last = late;
	}
}

static enum rc stdin_once(const struct args *args, struct err *err)
{
	const struct text *files = args->values[PARAM_FACTS].v;
	size_t times = text_is(args_text(args, PARAM_CONTRACT), "-");

	for (size_t i = 0; i < args->values[PARAM_FACTS].n; i++)
		times += text_is(files[i], "-");
	if (times > 1)
		return err_set(err, RC_USAGE,
			       "\"-\" is given twice, and standard input can be read once");
	return RC_OK;
}

static enum rc take_all(struct taking *t, const struct args *args, struct err *err)
{
	for (size_t i = 0; i < args->values[PARAM_FACTS].n; i++) {
		enum rc rc = take_file(t, args->values[PARAM_FACTS].v[i], err);

		if (rc != RC_OK)
			return rc;
	}
	bounds(t->l);
	return RC_OK;
}

/*
 * A mapping that was given and not used is said: what it means to change did not change. A request brings one file, and hears no notes: it
 * is refused.
 */
static enum rc say_unused(const struct app *app, const struct maps *maps, const struct args *args,
			  struct buf *notes, struct err *err)
{
	for (size_t i = 0; i < maps->n; i++) {
		struct text name = args->values[PARAM_MAP].v[i];

		if (maps->used[i])
			continue;
		if (app->served != NULL) {
			err_key(err, text_of("map"));
			return err_set(err, RC_USAGE, "mapping '%.*s' does not fit what was sent",
				       TEXT_ARG(name));
		}
		buf_printf(notes, "--map %.*s fits none of the files and was not used\n",
			   TEXT_ARG(name));
	}
	return RC_OK;
}

static enum rc import_options_of(struct app *app, const struct args *args, const struct promise *p,
				 struct import_options *out, struct err *err)
{
	struct text *assets = arena_array(app->arena, struct text, p->n_assets + p->n_services + 1);
	size_t n = 0;

	/* A service that no asset stands for is a component of its own (promise.h: empty scope). */
	for (size_t i = 0; i < p->n_assets; i++)
		assets[n++] = p->assets[i].id;
	for (size_t i = 0; i < p->n_services; i++)
		assets[n++] = p->services[i].id;
	*out = (struct import_options){
		.zones = &app->zones,
		.zone = args_text(args, PARAM_ZONE),
		.default_zone = zone_name(p->zone),
		.known_assets = assets,
		.n_known_assets = n,
		.charge = args_text(args, PARAM_CHARGE),
		.rate = args_text(args, PARAM_RATE),
		.first_line = app->served == NULL ? 0 : (uint32_t)app->served->first_line,
		.on_told = args_has(args, PARAM_LIST_ON),
	};
	if (out->on_told && !day_parse(args_text(args, PARAM_LIST_ON), &out->on)) {
		err_hint(err, "write YYYY-MM-DD");
		return err_set(err, RC_USAGE, "'%.*s' is no day",
			       TEXT_ARG(args_text(args, PARAM_LIST_ON)));
	}
	if (!args_has(args, PARAM_COVERS))
		return RC_OK;
	return value_span(args_text(args, PARAM_COVERS), p->zone, &out->covers, err);
}

enum rc load_facts(struct app *app, const struct args *args, struct loaded *l, struct reply *reply,
		   struct err *err)
{
	struct maps maps;
	struct taking *t = arena_one(app->arena, struct taking);
	enum rc rc = stdin_once(args, err);

	if (rc == RC_OK)
		rc = load_maps(app, args, &maps, err);
	if (rc != RC_OK)
		return rc;
	*t = (struct taking){.app = app, .l = l, .maps = &maps};
	rc = import_options_of(app, args, l->promise, &t->options, err);
	if (rc == RC_OK)
		rc = take_all(t, args, err);
	return rc == RC_OK ? say_unused(app, &maps, args, &reply->notes, err) : rc;
}

enum rc load_table(struct app *app, const struct args *args, struct text name, struct text bytes,
		   struct facts *facts, const struct import_report **out, struct err *err)
{
	struct loaded l = {.facts = facts};
	struct maps maps;
	struct taking *t = arena_one(app->arena, struct taking);
	enum rc rc = load_maps(app, args, &maps, err);

	if (rc != RC_OK)
		return rc;
	*t = (struct taking){.app = app, .l = &l, .maps = &maps};
	t->options = (struct import_options){.zones = &app->zones, .default_zone = text_of("UTC")};
	rc = begin(t, name, err);
	if (rc == RC_OK)
		rc = chunk(t, bytes.p, bytes.n, err);
	if (rc == RC_OK)
		rc = end(t, err);
	rc = settled(t, name, rc, err);
	if (rc == RC_OK)
		*out = l.reports[0];
	return rc;
}

enum rc load_all(struct app *app, const struct args *args, struct loaded *out, struct reply *reply,
		 struct err *err)
{
	enum rc rc;

	*out = (struct loaded){
		.facts = facts_new(app->arena), .first = INSTANT_NONE, .last = INSTANT_NONE};
	rc = stdin_once(args, err);
	if (rc == RC_OK)
		rc = load_noted(app, args, args_text(args, PARAM_CONTRACT), &out->contract, reply,
				err);
	if (rc == RC_OK)
		rc = load_promise(app, out->contract, &out->promise, err);
	return rc == RC_OK ? load_facts(app, args, out, reply, err) : rc;
}

enum rc load_period(const struct loaded *l, const struct args *args, struct span *out,
		    struct err *err)
{
	bool month = args_has(args, PARAM_MONTH), period = args_has(args, PARAM_PERIOD);
	struct buf b;

	if (month && period)
		return err_set(err, RC_USAGE, "--month and --period are both given");
	if (month || period)
		return value_period(args_text(args, month ? PARAM_MONTH : PARAM_PERIOD),
				    l->promise->zone, out, err);
	if (l->first == INSTANT_NONE) {
		err_hint(err, "write --month YYYY-MM");
		return err_set(err, RC_USAGE, "which month is not said");
	}
	buf_init(&b, 256);
	day_print(&b, zone_day(l->promise->zone, l->first));
	buf_str(&b, " to ");
	day_print(&b, zone_day(l->promise->zone, l->last));
	err_hint(err, "write --month YYYY-MM; the facts run from %.*s", TEXT_ARG(buf_view(&b)));
	buf_free(&b);
	return err_set(err, RC_USAGE, "which month is not said");
}

enum rc load_evaluation(struct app *app, const struct loaded *l, const struct args *args,
			struct span period, instant default_as_of, struct evaluation *out,
			struct err *err)
{
	struct version *v = arena_one(app->arena, struct version);
	const struct zone *zone = l->promise->zone;
	enum rc rc = RC_OK;

	*v = (struct version){l->promise, INSTANT_MIN};
	*out = (struct evaluation){
		.versions = v, .n_versions = 1, .facts = l->facts, .period = period};
	if (l->versions != NULL) {
		out->versions = l->versions;
		out->n_versions = l->n_versions;
	}
	out->as_of = default_as_of;
	if (l->last != INSTANT_NONE && l->last > out->as_of)
		out->as_of = l->last;
	if (args_has(args, PARAM_AS_OF))
		rc = value_instant(args_text(args, PARAM_AS_OF), zone, &out->as_of, err);
	out->known_as_of = out->as_of;
	if (rc == RC_OK && args_has(args, PARAM_KNOWN_AS_OF))
		rc = value_instant(args_text(args, PARAM_KNOWN_AS_OF), zone, &out->known_as_of,
				   err);
	/* What was known then is asked for as it was seen then, not by what has happened since. */
	if (!args_has(args, PARAM_AS_OF) && out->as_of > out->known_as_of)
		out->as_of = out->known_as_of > default_as_of ? out->known_as_of : default_as_of;
	if (rc != RC_OK || !args_has(args, PARAM_BASE))
		return rc;
	rc = money_parse(args_text(args, PARAM_BASE), &out->base, err);
	if (rc != RC_OK)
		return RC_USAGE;
	if (strcmp(out->base.currency.code, l->promise->currency.code) != 0) {
		err_hint(err, "write it in %s", l->promise->currency.code);
		return err_set(err, RC_USAGE, "--base is in %s, the contract in %s",
			       out->base.currency.code, l->promise->currency.code);
	}
	out->base_given = true;
	return RC_OK;
}
