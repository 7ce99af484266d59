/* SPDX-License-Identifier: Apache-2.0 */
/* Versions: read back from the canonical form, salted, asked for their inputs, held against the head (CL-40 to CL-56). */
#include "terms_tap.h"

#include "base/base64.h"
#include "base/sha256.h"
#include "terms/diff.h"
#include "terms/promise.h"
#include "terms/version.h"

#include <dirent.h>

/* --- reading with files of calendars by hash --- */

static char ics_hex[65];

static enum rc load_by_hash(void *context, struct text name, struct text *bytes, struct err *err)
{
	char asked[80];

	(void)context;
	sha256_hex(text_of(tap_ics), ics_hex);
	(void)snprintf(asked, sizeof(asked), "sha256:%s", ics_hex);
	if (!text_is(name, asked))
		return err_set(err, RC_MISSING, "no such file");
	*bytes = text_of(tap_ics);
	return RC_OK;
}

static enum rc load_other(void *context, struct text name, struct text *bytes, struct err *err)
{
	(void)context;
	(void)name;
	(void)err;
	*bytes = text_of("BEGIN:VCALENDAR\r\n");
	return RC_OK;
}

static struct terms_context *
context_of(struct arena *a, enum rc (*load)(void *, struct text, struct text *, struct err *))
{
	struct zone_source *zones = arena_one(a, struct zone_source);
	struct terms_context *context = arena_one(a, struct terms_context);

	*zones = (struct zone_source){a, tap_zone};
	*context = (struct terms_context){.zones = zones, .load = load};
	return context;
}

static enum rc read_form(struct arena *a, struct text bytes, struct contract **out, struct err *err)
{
	return contract_read_canonical(a, text_of("v.json"), bytes, context_of(a, load_by_hash),
				       out, err);
}

/* The same tree but for the order of keys and what the form leaves out. */
static bool same_promise(struct arena *a, const struct contract *x, const struct contract *y)
{
	const struct promise *p = NULL, *q = NULL;
	struct err err = {.line = 0};

	if (promise_build(a, x, context_of(a, tap_load), &p, &err) != RC_OK ||
	    promise_build(a, y, context_of(a, load_by_hash), &q, &err) != RC_OK) {
		note("%s", err.message);
		return false;
	}
	bool same = p->n_metrics == q->n_metrics && p->n_assets == q->n_assets &&
		    p->n_services == q->n_services && p->n_priorities == q->n_priorities &&
		    text_eq(zone_name(p->zone), zone_name(q->zone));

	for (size_t i = 0; i < p->n_metrics && same; i++)
		same = text_eq(p->metrics[i].id, q->metrics[i].id) &&
		       text_eq(node_path(a, p->metrics[i].node),
			       node_path(a, q->metrics[i].node)) &&
		       p->metrics[i].n_targets == q->metrics[i].n_targets;
	return same;
}

/* What differs between the two trees is what the form leaves out or adds, and nothing else. */
static size_t other_changes(struct arena *a, const struct contract *x, const struct contract *y)
{
	struct changes c = contract_diff(a, x, y);
	size_t n = 0;

	for (size_t i = 0; i < c.n; i++) {
		struct text path = c.v[i].path;

		if ((text_starts(path, "parties.") && text_has(path, text_of(".contacts."))) ||
		    text_ends(path, "_sha256"))
			continue;
		note("%.*s differs", TEXT_ARG(path));
		n++;
	}
	return n;
}

static void round_trip(struct arena *a, const struct contract *c, const char *what)
{
	struct contract *d = NULL;
	struct err err = {.line = 0};
	enum rc rc = read_form(a, c->canonical, &d, &err);

	if (!ok(rc == RC_OK, "%s: the form is read", what)) {
		note("%s: %s: %s", err.code, err.key, err.message);
		return;
	}
	ok(text_eq(d->canonical, c->canonical), "%s: and gives the same bytes", what);
	is_text(text_of(d->hash), c->hash, "%s: and hash", what);
	is_i64((int64_t)other_changes(a, c, d), 0, "%s: the trees say the same", what);
	ok(same_promise(a, c, d), "%s: they promise the same", what);
}

static const char salted[] =
	"{id: p1, name: Dana Reyes, title: CEO, email: dana@harborit.example, salt: "
	"\"000102030405060708090a0b0c0d0e0f\", roles: [signatory, executive], authority: may_bind}";

/* tap_contract with everything in it that the form says in another way. */
static struct text full_text(struct arena *a)
{
	struct text t = tap_swap(a, text_of(tap_contract),
				 "{id: p1, name: Ann, roles: [signatory]}", salted);

	t = tap_swap(a, t, "hours: [",
		     "holidays: [{id: a, ics: days.ics}, {id: b, set: us_federal}],"
		     " hours: [");
	t = tap_swap(a, t, "heading: Levels, text: \"Pay",
		     "heading: Levels, text: \"Quote \\\"this\\\" \\\\ and \xc3\xa9: pay");
	t = tap_swap(a, t, "{id: server, name: Server}", "{id: server, name: \"??x\"}");
	return tap_swap(a, t, "kind: order, ", "kind: order, library: tenor_sow@1, ");
}

static void forms(void)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct contract *c = tap_read(a, full_text(a)), *d = NULL;
	struct err err = {.line = 0};

	round_trip(a, tap_read(a, text_of(tap_contract)), "the plain contract");
	if (!ok(c->valid, "a full contract"))
		note("%.*s", TEXT_ARG(tap_findings(a, c)));
	round_trip(a, c, "the full contract");
	if (read_form(a, c->canonical, &d, &err) != RC_OK)
		ok(false, "%s", err.message);
	else {
		char hex[65] = "";

		is_text(node_at(d->root, "assets.server.name")->text, "?x",
			"a text that begins like a hole is a text");
		is_text(text_sub(node_at(d->root, "parties.provider.contacts.p1.commit")->text, 0,
				 12),
			"88eb6ae95dac", "the printed commitment");
		ok(node_at(d->root, "parties.provider.contacts.p1.name") == NULL, "and no name");
		sha256_hex(text_of(tap_ics), hex);
		is_text(node_at(d->root, "calendars.desk.holidays.a.ics_sha256")->text, hex,
			"the hash of the calendar file");
	}
	arena_free(a);
}

/* --- what is refused --- */

static const struct {
	const char *what, *with, *code, *key, *says;
} bent[] = {
	{"{\"assets\"", "{ \"assets\"", "version.form", "", "not canonical"},
	{"\"id\":\"T-1\"", "\"id\":\"T-1\",\"zzz\":\"1\"", "", "", ""},
	{"\"initial\":\"12mo\"", "\"initial\":\"12mo\",\"xnitial\":\"12mo\"", "key.unknown",
	 "term.xnitial", "unknown key"},
	{"\"amount\":\"450.00 USD\"", "\"amount\":\"450 USD\"", "version.form", "",
	 "is not the canonical form of what it says, from ' USD\""},
	{"99.5%", "99.50%", "version.form", "", "is not the canonical form of what it says"},
	{"99.5%", "199.5%", "value.range", "sla.metrics.uptime.target", ""},
	{"[\"executive\",\"signatory\"]", "[\"signatory\",\"executive\"]", "version.form", "",
	 "is not the canonical form"},
	{"\"authority\":\"may_bind\",\"commit\"", "\"authority\":\"may_bind\",\"commitx\"",
	 "key.unknown", "parties.provider.contacts.p1.commitx", "unknown key"},
	{"88eb6ae95dac", "88EB6ae95dac", "type.hash", "parties.provider.contacts.p1.commit",
	 "64 hex digits"},
	{"\"id\":\"p1\",\"roles\"", "\"id\":\"p1\",\"name\":\"Dana\",\"roles\"", "version.form", "",
	 "is not the canonical form of what it says, from 'name\":\"Dana"},
	{"\"roles\":[\"executive\",\"signatory\"]", "\"title\":\"CEO\"", "key.missing",
	 "parties.provider.contacts.p1.roles", "is required"},
	{",\"ics_sha256\":\"", ",\"icz_sha256\":\"", "key.missing", "calendars.desk.holidays.a.ics",
	 "is not followed by"},
	{"\"ics\":\"days.ics\",", "", "rule.one_of", "calendars.desk.holidays.a", ""},
	{"\"legal_name\":\"P LLC\"", "\"legal_name\":\"\"", "value.empty",
	 "parties.provider.legal_name", "nothing may be empty"},
	{"\"scope\":[\"router\",\"server\"]", "\"scope\":[]", "value.empty",
	 "sla.metrics.uptime.scope", "nothing may be empty"},
	{"\"due\":\"30d\"", "\"due\":30", "type.dur", "payment.due", "is not a duration"},
	{"\"due\":\"30d\"", "\"due\":null", "version.form", "", ""},
	{"\"due\":\"30d\"", "\"due\":{\"a\":1}", "type.dur", "payment.due", "is not a duration"},
	{"\"due\":\"30d\"", "\"due\":\"?d=30d\"", "type.dur", "payment.due", "is not a duration"},
	{"\"calendar\":\"desk\"", "\"calendar\":\"task\"", "ref.unknown", "services.help.calendar",
	 "no calendar \"task\"; did you mean"},
	{"\"payment\":{\"due\":\"30d\"},",
	 "\"payment\":{\"due\":\"30d\"},\"payment\":{\"due\":"
	 "\"30d\"},",
	 "version.form", "", "duplicate"},
	{"\"library_sha256\":\"", "\"library_sha256\":\"0000", "type.hash", "", ""},
	{"\"tenor\":\"1\"",
	 "\"template\":{\"holes\":[{\"id\":\"d\",\"label\":\"D\"}]},\"tenor\":"
	 "\"1\"",
	 "version.draft", "", "is a template"},
	{"\"12mo\"}}", "\"12mo\"}} ", "version.form", "", "not canonical"},
	{"\"12mo\"}}", "\"12mo\"}", "version.form", "", ""},
};

static void refusals(void)
{
	struct arena *a = arena_new((size_t)1 << 30);
	struct text form = tap_read(a, full_text(a))->canonical;

	for (size_t i = 0; i < ARRAY_SIZE(bent); i++) {
		struct contract *c = NULL;
		struct err err = {.line = 0};
		struct text t = tap_swap(a, form, bent[i].what, bent[i].with);
		enum rc rc = read_form(a, t, &c, &err);
		bool as = text_starts(text_of(err.code), bent[i].code) &&
			  (*bent[i].key == '\0' || text_is(text_of(err.key), bent[i].key)) &&
			  text_has(text_of(err.message), text_of(bent[i].says));

		ok(rc == RC_INVALID && c == NULL && as, "refused: %s", bent[i].with);
		if (rc != RC_INVALID || !as)
			note("got %d: %s: %s: %s; %s", (int)rc, err.code, err.key, err.message,
			     err.hint);
	}
	arena_free(a);
}

/* Other bytes than those that were agreed (CL-44). */
static void other_bytes(void)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct text form = tap_read(a, full_text(a))->canonical;
	struct contract *c = NULL;
	struct err err = {.line = 0};
	char hex[65], lib[65];

	ok(contract_read_canonical(a, text_of("v"), form, context_of(a, load_other), &c, &err) ==
			   RC_INVALID &&
		   text_has(text_of(err.message), text_of("is not the one that was agreed")),
	   "another calendar file");
	err = (struct err){.line = 0};
	ok(contract_read_canonical(a, text_of("v"), form, context_of(a, NULL), &c, &err) ==
			   RC_INVALID &&
		   text_is(text_of(err.code), "ref.unknown"),
	   "none at all");
	sha256_hex(text_of(tap_ics), hex);
	(void)snprintf(lib, sizeof(lib), "%s", hex);
	err = (struct err){.line = 0};

	size_t at = 0;
	struct text word = text_of("\"library_sha256\":\"");

	while (at + word.n < form.n && !text_eq(text_sub(form, at, at + word.n), word))
		at++;
	char *p = arena_copy(a, form.p, form.n);

	memcpy(p + at + word.n, lib, 64);
	ok(read_form(a, (struct text){p, form.n}, &c, &err) == RC_INVALID &&
		   text_has(text_of(err.message),
			    text_of("the library entry tenor_sow@1 is not the one")),
	   "other library words");
	ok(c == NULL, "and no contract");
	arena_free(a);
}

/* --- known by its hash --- */

static enum rc read_sealed(struct arena *a, struct text bytes, struct text sha256,
			   struct contract **out, struct err *err)
{
	return contract_read_sealed(a, text_of("v.json"), bytes, sha256,
				    context_of(a, load_by_hash), out, err);
}

static void known_by_hash(void)
{
	struct arena *a = arena_new((size_t)1 << 28);
	const struct contract *made = tap_read(a, full_text(a));
	struct text form = made->canonical, hash = text_of(made->hash), other;
	struct contract *c = NULL;
	struct err err = {.line = 0};

	ok(read_sealed(a, form, hash, &c, &err) == RC_OK && text_eq(c->canonical, form) &&
		   text_is(hash, c->hash),
	   "bytes that give the hash: form and hash are those");
	ok(same_promise(a, made, c), "and it promises what was made");
	other = tap_swap(a, form, "99.5%", "99.50%");
	is_i64(read_sealed(a, other, hash, &c, &err), RC_INVALID, "other bytes are compared");
	is_text(text_of(err.code), "version.form", "and refused where they are no form");
	err = (struct err){.line = 0};
	other = tap_swap(a, form, "99.5%", "98.5%");
	ok(read_sealed(a, other, hash, &c, &err) == RC_OK && !text_is(hash, c->hash),
	   "a form of another hash has that");
	/* The hash says that the bytes were sealed, not that they may promise anything. */
	other = tap_swap(a, form, "99.5%", "199.5%");

	char hash_of_other[65];

	sha256_hex(other, hash_of_other);
	is_i64(read_sealed(a, other, text_of(hash_of_other), &c, &err), RC_INVALID,
	       "values and rules are looked at whatever the hash");
	is_text(text_of(err.code), "value.range", "as ever");
	arena_free(a);
}

/* --- every contract there is --- */

static enum rc load_near(void *context, struct text name, struct text *bytes, struct err *err)
{
	(void)context;
	(void)name;
	(void)bytes;
	return err_set(err, RC_MISSING, "no such file");
}

static size_t folder(const char *path)
{
	struct arena *a = arena_new((size_t)1 << 30);
	DIR *d = opendir(path);
	size_t n = 0;

	for (struct dirent *e = d == NULL ? NULL : readdir(d); e != NULL; e = readdir(d)) {
		struct contract *c = NULL;
		struct err err = {.line = 0};

		if (!text_ends(text_of(e->d_name), ".yaml"))
			continue;
		struct text bytes = tap_file(a, text_format(a, "%s/%s", path, e->d_name).p);
		enum rc rc = contract_read(a, text_of(e->d_name), bytes, context_of(a, load_near),
					   &c, &err);

		n++;
		if (rc != RC_OK || !c->valid)
			ok(false, "%s is a contract", e->d_name);
		else if (!c->is_template)
			round_trip(a, c, e->d_name);
		else
			ok(read_form(a, c->canonical, &c, &err) == RC_INVALID &&
				   text_is(text_of(err.code), "version.draft"),
			   "%s: a template is no version", e->d_name);
	}
	if (d != NULL)
		(void)closedir(d);
	arena_free(a);
	return n;
}

/* --- salts --- */

static void fill_salt(void *context, struct text path, struct text details,
		      unsigned char salt[CONTACT_SALT_BYTES])
{
	unsigned *asked = context;

	ok(text_starts(path, "parties.") && text_starts(details, "{\""), "asked for %.*s",
	   TEXT_ARG(path));
	for (unsigned i = 0; i < CONTACT_SALT_BYTES; i++)
		salt[i] = (unsigned char)(i + 16 * *asked);
	(*asked)++;
}

static void salts(void)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct text t = tap_swap(a, text_of(tap_contract),
				 "{id: p1, name: Ann, roles: [signatory]}",
				 "{id: p1, name: Dana Reyes, title: CEO, email: "
				 "dana@harborit.example, roles: [signatory, executive], authority: "
				 "may_bind}, {id: p2, name: Bo, phone: \"1 2\", salt: "
				 "\"ffeeddccbbaa99887766554433221100\", roles: [legal]}"),
		    before, want;
	struct contract *c = tap_read(a, t), *written, *d = NULL;
	unsigned asked = 0;
	const struct salt_source source = {&asked, fill_salt};
	const struct contact_secret *v = NULL;
	size_t n = 0;
	struct err err = {.line = 0};
	char draft[65];

	before = c->canonical;
	memcpy(draft, c->hash, sizeof(draft));
	ok(contract_salt(a, c, &source, &v, &n, &err) == RC_OK, "salted");
	is_i64((int64_t)n, 2, "two contacts");
	is_i64(asked, 1, "one of them asked for a salt");
	if (n != 2)
		return;
	is_text(v[0].path, "parties.provider.contacts.p1", "the first");
	is_text(v[0].party, "provider", "its party");
	is_text(v[0].id, "p1", "its id");
	is_text(v[0].details,
		"{\"email\":\"dana@harborit.example\",\"name\":\"Dana Reyes\",\"title\":\"CEO\"}",
		"its details");
	is_text(text_sub(text_of(v[0].commit), 0, 12), "88eb6ae95dac", "the printed commitment");
	ok(v[0].made && !v[1].made, "the salt of the second was there");
	ok(v[1].salt[0] == 0xff && v[1].salt[15] == 0, "and is that of the file");
	is_text(v[1].details, "{\"name\":\"Bo\",\"phone\":\"1 2\"}", "details of the second");
	ok(!text_eq(before, c->canonical) && strcmp(draft, c->hash) != 0,
	   "another form than the draft's");
	ok(!text_has(c->canonical, text_of("Dana")) &&
		   !text_has(c->canonical, text_of("0001020304")),
	   "with neither name nor salt");

	written = tap_read(a, tap_swap(a, t, "email: dana@harborit.example,",
				       "email: dana@harborit.example, salt: "
				       "\"000102030405060708090a0b0c0d0e0f\","));
	want = written->canonical;
	ok(text_eq(want, c->canonical), "the form is that of the file with the salt in it");
	is_text(text_of(c->hash), written->hash, "and so is the hash");
	ok(contract_salt(a, c, &source, &v, &n, &err) == RC_OK && n == 2 && asked == 1 &&
		   text_eq(want, c->canonical),
	   "salted again: nothing changes");
	round_trip(a, c, "the salted contract");
	ok(read_form(a, c->canonical, &d, &err) == RC_OK &&
		   contract_salt(a, d, &source, &v, &n, &err) == RC_OK && n == 0 &&
		   text_eq(d->canonical, want),
	   "what was read from the form has no details to keep");
	c = tap_read(a, text_of(tap_contract));
	ok(read_form(a, c->canonical, &d, &err) == RC_OK &&
		   contract_salt(a, d, &source, &v, &n, &err) == RC_INVALID &&
		   text_is(text_of(err.code), "version.draft"),
	   "a form without commitment cannot be salted");
	err = (struct err){.line = 0};
	c = tap_read(a, tap_swap(a, text_of(tap_contract), "due: 30d", "due: \"?due\""));
	ok(c->valid && contract_salt(a, c, &source, &v, &n, &err) == RC_INVALID &&
		   text_is(text_of(err.code), "version.draft") &&
		   text_is(text_of(err.key), "payment.due"),
	   "nor can one with a hole");
	arena_free(a);
}

/* --- inputs --- */

static void inputs(void)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct contract *c = tap_read(a, full_text(a));
	const struct contract_input *v = NULL;
	size_t n = 0;
	struct err err = {.line = 0};
	char hex[65];
	struct text pinned = {"", 0};

	ok(contract_inputs(a, c, context_of(a, tap_load), day_of(2026, 3, 5), &v, &n, &err) ==
		   RC_OK,
	   "inputs");
	static const struct {
		enum input_kind kind;
		const char *name;
	} want[] = {{INPUT_HOLIDAYS, "us_federal"},
		    {INPUT_ICS, "days.ics"},
		    {INPUT_LIBRARY, "tenor_sow@1"},
		    {INPUT_ZONE, "America/New_York"}};

	is_i64((int64_t)n, (int64_t)ARRAY_SIZE(want), "how many");
	for (size_t i = 0; i < n && i < ARRAY_SIZE(want); i++) {
		ok(v[i].kind == want[i].kind && text_is(v[i].name, want[i].name), "%s %s",
		   input_kind_name(want[i].kind), want[i].name);
		sha256_hex(v[i].bytes, hex);
		ok(v[i].kind == INPUT_ZONE ? v[i].sha256[0] == '\0' && v[i].bytes.n == 0
					   : text_is(text_of(hex), v[i].sha256),
		   "its hash");
		if (v[i].kind == INPUT_ICS)
			ok(text_is(v[i].bytes, tap_ics), "the bytes of the file");
		else if (v[i].kind == INPUT_LIBRARY)
			ok(text_has(c->canonical, text_of(v[i].sha256)), "as the form has it");
		else if (v[i].kind == INPUT_HOLIDAYS)
			pinned = v[i].bytes;
	}
	ok(text_starts(pinned, "{\"days\":[{\"date\":\"2026-01-01\",\"name\":\"New Year's Day\"},"),
	   "holidays from the beginning of the year");
	ok(text_ends(pinned, "{\"date\":\"2036-12-25\",\"name\":\"Christmas Day\"}],\"first\":2026,"
			     "\"last\":2036,\"set\":\"us_federal\"}"),
	   "to the end of the tenth after it");
	ok(contract_inputs(a, c, context_of(a, load_other), day_of(2026, 3, 5), &v, &n, &err) ==
			   RC_INVALID &&
		   text_has(text_of(err.message), text_of("changed while")),
	   "a calendar file that is another now");
	ok(contract_inputs(a, c, context_of(a, NULL), day_of(2026, 3, 5), &v, &n, &err) ==
		   RC_MISSING,
	   "one that cannot be read");

	struct contract *d = NULL;

	ok(read_form(a, c->canonical, &d, &err) == RC_OK &&
		   contract_inputs(a, d, context_of(a, load_by_hash), day_of(2026, 12, 31), &v, &n,
				   &err) == RC_OK &&
		   n == 4 && text_eq(v[0].bytes, pinned),
	   "the same from the form");
	ok(holidays_check(a, pinned, &err) == RC_OK, "these are the holidays of this program");
	arena_free(a);
}

static void holidays_bent(void)
{
	static const struct {
		const char *what, *with, *says;
	} cases[] = {
		{"2031-01-01", "2031-01-02", "from 2031-01-01 on"},
		{"Juneteenth", "Juneteen", "from 2026-06-19 on"},
		{"us_federal", "us_feudal", "this program has no holiday set 'us_feudal'"},
		{"\"last\":2036", "\"last\":2037", "from 2037-01-01 on"},
		{"\"last\":2036", "\"last\":2035", "from 2036-01-01 on"},
		{"\"last\":2036", "\"last\":2025", "these are not the days"},
		{"\"last\":2036", "\"last\":20360", "these are not the days"},
		{"\"last\":2036", "\"last\":\"2036\"", "these are not the days"},
		{"{\"days\":", "{\"daze\":", "are not those of this program"},
		{"{\"days\":", "[\"days\",", ""},
	};
	struct arena *a = arena_new((size_t)1 << 28);
	struct text pinned = holidays_bytes(a, holiday_set_find(text_of("us_federal")), 2026, 2036);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct err err = {.line = 0};
		enum rc rc =
			holidays_check(a, tap_swap(a, pinned, cases[i].what, cases[i].with), &err);

		if (!ok(rc == RC_INVALID && text_has(text_of(err.message), text_of(cases[i].says)),
			"%s", cases[i].with))
			note("%d: %s", (int)rc, err.message);
	}
	arena_free(a);
}

/* --- what may follow --- */

static const char with_salt[] = "{id: p1, name: Ann, roles: [signatory], salt: "
				"\"000102030405060708090a0b0c0d0e0f\"}";

static struct text base_text(struct arena *a, const char *amendments)
{
	struct text t = tap_swap(a, text_of(tap_contract),
				 "{id: p1, name: Ann, roles: [signatory]}", with_salt);

	return text_format(a, "%.*samendments: {%s}\n", TEXT_ARG(t), amendments);
}

static struct contract *version(struct arena *a, struct text yaml)
{
	struct contract *c = tap_read(a, yaml), *d = NULL;
	struct err err = {.line = 0};

	if (!c->valid) {
		note("%.*s", TEXT_ARG(tap_findings(a, c)));
		return c;
	}
	if (read_form(a, c->canonical, &d, &err) != RC_OK)
		note("%s", err.message);
	return d;
}

struct follow_case {
	const char *what, *with; /* changed in the amended file */
	const char *base;        /* "head", "earlier", "other", "none" */
	const char *date;        /* amends.effective_date, or "" */
	const char *approved;    /* instant */
	const char *amendments;  /* of the base */
	const char *code, *says; /* "" : it may follow */
	const char *effective;   /* then */
	bool minor, back_test, retroactive;
};

#define RULES "minor: [sla.reviews, payment.due], retroactive: false, back_test: 12mo"
#define DATED "2026-06-01"
#define EARLY "2026-05-20T12:00:00Z"

static const struct follow_case follows[] = {
	{"due: 30d", "due: 45d", "head", DATED, EARLY, RULES, "", "", "2026-06-01T04:00:00Z", true,
	 false, false},
	{"due: 30d", "due: 45d", "head", "", EARLY, RULES, "", "", EARLY, true, false, false},
	{"99.5%", "99.9%", "head", DATED, EARLY, RULES, "", "", "2026-06-01T04:00:00Z", false, true,
	 false},
	{"450 USD", "500 USD", "head", DATED, EARLY, RULES, "", "", "2026-06-01T04:00:00Z", false,
	 true, false},
	{"450 USD", "500 USD", "head", DATED, EARLY, "retroactive: false", "", "",
	 "2026-06-01T04:00:00Z", false, false, false},
	{"title: Test", "title: Rest", "head", DATED, EARLY, RULES, "", "", "2026-06-01T04:00:00Z",
	 false, false, false},
	{"legal_name: C Inc", "legal_name: D Inc", "head", DATED, EARLY, RULES, "", "",
	 "2026-06-01T04:00:00Z", false, false, false},
	/* the same instant is not later (CL-54) */
	{"due: 30d", "due: 45d", "head", DATED, "2026-06-01T04:00:00Z", RULES, "", "",
	 "2026-06-01T04:00:00Z", true, false, false},
	{"due: 30d", "due: 45d", "head", DATED, "2026-06-01T04:00:00.001Z", RULES, "amend.late",
	 "would be approved after that", "", false, false, false},
	{"due: 30d", "due: 45d", "head", DATED, "2026-07-01T00:00:00Z",
	 "minor: [payment.due], retroactive: true", "", "", "2026-06-01T04:00:00Z", true, false,
	 true},
	/* the rules of change are those of the head (CL-51) */
	{"retroactive: false", "retroactive: true", "head", DATED, "2026-07-01T00:00:00Z", RULES,
	 "amend.late", "", "", false, false, false},
	{"retroactive: true", "retroactive: false", "head", DATED, "2026-07-01T00:00:00Z",
	 "minor: [amendments], retroactive: true", "", "", "2026-06-01T04:00:00Z", true, false,
	 true},
	{"minor: [sla.reviews, payment.due]", "minor: [sla.reviews, payment.due, payment]", "head",
	 DATED, EARLY, RULES, "", "", "2026-06-01T04:00:00Z", false, false, false},
	/* the head's day, and the day before */
	{"due: 30d", "due: 45d", "head", "2026-03-01", "2026-01-01T00:00:00Z", RULES, "", "",
	 "2026-03-01T05:00:00Z", true, false, false},
	{"due: 30d", "due: 45d", "head", "2026-02-28", "2026-01-01T00:00:00Z", RULES, "amend.order",
	 "before the version it amends does: 2026-03-01", "", false, false, false},
	{"due: 30d", "due: 45d", "head", "2026-02-28", "2026-04-01T00:00:00Z", "retroactive: true",
	 "amend.order", "takes effect '2026-02-28'", "", false, false, false},
	{"due: 30d", "due: 45d", "earlier", DATED, EARLY, RULES, "amend.stale",
	 "which another version has followed", "", false, false, false},
	{"due: 30d", "due: 45d", "other", DATED, EARLY, RULES, "amend.base",
	 "which is no approved version", "", false, false, false},
	{"due: 30d", "due: 45d", "none", DATED, EARLY, RULES, "amend.base",
	 "does not say which version it amends", "", false, false, false},
	{"id: T-1", "id: T-2", "head", DATED, EARLY, RULES, "amend.base",
	 "'T-2' is another contract than 'T-1'", "", false, false, false},
	{"currency: USD", "currency: EUR", "head", DATED, EARLY, RULES, "rule.currency",
	 "'EUR' is another currency than 'USD'", "", false, false, false},
};

static void follow_one(const struct follow_case *f)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct text base = base_text(a, f->amendments), earlier[1], next, hash;
	struct contract *head = version(a, base), *c;
	struct version_change out = {.minor = false};
	struct err err = {.line = 0};
	struct succession s = {.head = head, .earlier = earlier, .n_earlier = 1};
	struct buf b;

	earlier[0] = text_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	hash = strcmp(f->base, "head") == 0      ? text_of(head->hash)
	       : strcmp(f->base, "earlier") == 0 ? earlier[0]
						 : text_of("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
							   "bbbbbbbbbbbbbbbbbbbbbbbbb");
	next = tap_swap(a, base, f->what, f->with);
	if (strcmp(f->with, "currency: EUR") == 0)
		next = tap_swap(a, next, "450 USD", "450 EUR");
	if (strcmp(f->base, "none") != 0)
		next = text_format(a, "%.*samends: {base: \"%.*s\", reason: r%s%s%s}\n",
				   TEXT_ARG(next), TEXT_ARG(hash),
				   *f->date != '\0' ? ", effective_date: \"" : "", f->date,
				   *f->date != '\0' ? "\"" : "");
	c = version(a, next);
	if (instant_parse(text_of("2026-03-01T05:00:00Z"), &s.head_effective, NULL, &err) !=
		    RC_OK ||
	    instant_parse(text_of(f->approved), &s.approved_at, NULL, &err) != RC_OK)
		ok(false, "%s", err.message);
	enum rc rc = version_may_follow(a, context_of(a, load_by_hash), &s, c, &out, &err);

	buf_init(&b, 64);
	if (rc == RC_OK)
		instant_print(&b, out.effective);
	bool as = *f->code == '\0'
			  ? rc == RC_OK && text_is(buf_view(&b), f->effective) &&
				    out.minor == f->minor && out.needs_back_test == f->back_test &&
				    out.retroactive == f->retroactive &&
				    out.dated == (*f->date != '\0')
			  : rc == RC_INVALID && text_is(text_of(err.code), f->code) &&
				    text_has(text_of(err.message), text_of(f->says)) &&
				    !out.minor && out.effective == 0;

	if (!ok(as, "%s, base %s, from %s, approved %s: %s", f->with, f->base, f->date, f->approved,
		*f->code == '\0' ? "may follow" : f->code))
		note("%d: %s: %s; effective %.*s minor %d back test %d retroactive %d", (int)rc,
		     err.code, err.message, TEXT_ARG(buf_view(&b)), out.minor, out.needs_back_test,
		     out.retroactive);
	if (out.needs_back_test)
		ok(out.back_test.n == 12 && out.back_test.unit == UNIT_MO, "of 12 months");
	buf_free(&b);
	arena_free(a);
}

/* Of one day the later version follows the moment of the earlier one. */
static void same_day(void)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct text base = base_text(a, RULES);
	struct contract *head = version(a, base), *next;
	struct succession s = {.head = head,
			       .head_effective = INT64_C(1772341200000) + 9 * HOUR_MS,
			       .approved_at = INT64_C(1772341200000) - 1};
	struct version_change out = {.minor = false};
	struct err err = {.line = 0};

	next = version(a, text_format(a,
				      "%.*samends: {base: \"%s\", reason: r, effective_date: "
				      "\"2026-03-01\"}\n",
				      TEXT_ARG(base), head->hash));
	ok(version_may_follow(a, context_of(a, load_by_hash), &s, next, &out, &err) == RC_OK,
	   "a version of the day on which the head takes effect");
	is_i64(out.effective, s.head_effective, "follows it");
	arena_free(a);
}

static void first_version(void)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct terms_context *context = context_of(a, load_by_hash);
	struct succession s = {.head = NULL, .approved_at = INT64_C(1790000000000)};
	struct text base = base_text(a, "retroactive: false");
	struct version_change out = {.minor = true};
	struct err err = {.line = 0};

	ok(version_may_follow(a, context, &s, version(a, base), &out, &err) == RC_OK,
	   "a first version");
	is_i64(out.effective, INT64_C(1772341200000),
	       "takes effect on its own date, also a past one");
	ok(!out.minor && out.dated, "and is no change");
	ok(version_may_follow(a, context, &s,
			      version(a, tap_swap(a, base, "effective_date: \"2026-03-01\", ",
						  "service_start: \"2026-03-01\", ")),
			      &out, &err) == RC_OK,
	   "one without a date");
	ok(!out.dated && out.effective == s.approved_at, "takes effect when it is approved");
	ok(version_may_follow(
		   a, context, &s,
		   version(a, text_format(a, "%.*samends: {reason: r, base: \"%064d\"}\n",
					  TEXT_ARG(base), 0)),
		   &out, &err) == RC_INVALID &&
		   text_is(text_of(err.code), "amend.base"),
	   "one that amends something");
	err = (struct err){.line = 0};
	ok(version_may_follow(a, context, &s, tap_read(a, text_of(tap_contract)), &out, &err) ==
			   RC_INVALID &&
		   text_is(text_of(err.code), "version.draft") &&
		   text_is(text_of(err.key), "parties.provider.contacts.p1"),
	   "a contact without salt");
	err = (struct err){.line = 0};
	ok(version_may_follow(a, context, &s,
			      tap_read(a, tap_swap(a, base, "due: 30d", "due: \"?due\"")), &out,
			      &err) == RC_INVALID &&
		   text_is(text_of(err.code), "version.draft"),
	   "a hole");
	arena_free(a);
}

int main(void)
{
	forms();
	refusals();
	other_bytes();
	known_by_hash();
	ok(folder("contracts/examples") >= 4, "the examples");
	ok(folder("contracts/starters") >= 5, "the starters");
	ok(folder("tests/golden/inputs") >= 1, "contracts of the golden statements");
	if (tap_shared() != NULL) {
		char path[512];

		(void)snprintf(path, sizeof(path), "%s/reference", tap_shared());
		ok(folder(path) == 2, "the reference contracts");
	} else {
		note("SKIP the reference contracts: not here");
	}
	salts();
	inputs();
	holidays_bent();
	for (size_t i = 0; i < ARRAY_SIZE(follows); i++)
		follow_one(&follows[i]);
	same_day();
	first_version();
	return tap_done();
}
