/* SPDX-License-Identifier: Apache-2.0 */
/* Changing single values of a file, comments and layout kept (terms/edit.h), and writing a tree as a file (terms/yaml_out.h). */
#include "terms/edit.h"
#include "terms/read.h"
#include "terms/version.h"
#include "terms/yaml_out.h"
#include "terms_tap.h"

#include <stdlib.h>

static const char file[] = "tenor: \"1\"\n"
			   "# the engagement\n"
			   "contract:\n"
			   "  id: X-1      # its number\n"
			   "  title: \"IT: support\"\n"
			   "  currency: EUR\n"
			   "\n"
			   "payment: {due: 30d, method: ach}   # as agreed\n"
			   "assets:\n"
			   "  - {id: web, name: Web}\n"
			   "  # the old one\n"
			   "  - {id: mail, name: Mail}\n"
			   "services:\n"
			   "  - id: help\n"
			   "    name: Hülfe   # am Telefon\n"
			   "    text: |\n"
			   "      One.\n"
			   "\n"
			   "      Two.\n"
			   "    calendar: always\n"
			   "    channels:\n"
			   "      - phone\n"
			   "      - email\n"
			   "  - kind: other\n"
			   "    id: rest\n"
			   "    channels:\n"
			   "      - phone\n"
			   "      # for emergencies\n"
			   "      - email\n";

static const struct {
	const char *path, *value;
	const char *old,
		*now; /* this part of the file becomes that; now NULL: refused with the code `old` */
} rows[] = {
	{"contract.id", "X-2", "  id: X-1      # its number", "  id: X-2      # its number"},
	{"contract.title", "IT", "  title: \"IT: support\"", "  title: IT"},
	{"contract.title", "a # b", "\"IT: support\"", "\"a # b\""},
	{"contract.title", "12:30", "\"IT: support\"", "\"12:30\""},
	{"payment.due", "45d", "{due: 30d, method: ach}   # as agreed",
	 "{due: 45d, method: ach}   # as agreed"},
	{"payment.due", "", "{due: 30d, method: ach}", "{method: ach}"},
	{"payment.method", "", "{due: 30d, method: ach}", "{due: 30d}"},
	{"payment", "", "payment: {due: 30d, method: ach}   # as agreed\n", ""},
	{"payment.dispute.within", "15d", "{due: 30d, method: ach}",
	 "{due: 30d, method: ach, dispute: {within: 15d}}"},
	{"contract.rounding.mode", "down", "  currency: EUR\n",
	 "  currency: EUR\n  rounding: {mode: down}\n"},
	{"contract.language", "de", "  title: \"IT: support\"\n",
	 "  title: \"IT: support\"\n  language: de\n"},
	{"assets.web.name", "", "{id: web, name: Web}", "{id: web}"},
	{"assets.web", "", "  - {id: web, name: Web}\n", ""},
	{"assets.mail", "", "  - {id: mail, name: Mail}\n", ""},
	{"assets.web.id", "www", "{id: web, name: Web}", "{id: www, name: Web}"},
	{"assets.dns.name", "Names", "name: Mail}\n",
	 "name: Mail}\n  - id: dns\n    name: Names\n"},
	{"assets.dns.id", "dns", "name: Mail}\n", "name: Mail}\n  - id: dns\n"},
	{"services.help.name", "Help: all day", "name: Hülfe   #", "name: \"Help: all day\"   #"},
	{"services.help.text", "Three.\n\nFour.", "      One.\n\n      Two.\n",
	 "      Three.\n\n      Four.\n"},
	{"services.help.text", "Three.", "text: |\n      One.\n\n      Two.\n", "text: Three.\n"},
	{"services.help.channels", "chat\n phone \n",
	 "channels:\n      - phone\n      - email\n  - kind", "channels: [chat, phone]\n  - kind"},
	{"services.help.channels", "", "    channels:\n      - phone\n      - email\n  - kind",
	 "  - kind"},
	{"services.rest.kind", "", "  - kind: other\n    id: rest\n", "  - id: rest\n"},
	{"services.rest.channels", "chat", "edit.place", NULL},
	{"services.rest.calendar", "always", "    id: rest\n",
	 "    id: rest\n    calendar: always\n"},
	{"services.help.objectives.rpo", "4h", "      - email\n  - kind",
	 "      - email\n    objectives: {rpo: 4h}\n  - kind"},
	{"services.new one.name", "x", "edit.place", NULL},
	{"payment.dew", "45d", "key.unknown", NULL},
	{"payment", "x", "edit.place", NULL},
	{"contract.id.more", "x", "key.unknown", NULL},
	{"payment.early.x.y", "", "key.unknown", NULL},
	{"liability.cap.lookback", "", "", ""}, /* not written: stays so */
};

static struct text swapped(struct arena *a, const char *from, const char *to)
{
	const char *at = strstr(file, from);

	if (at == NULL)
		return text_of("(no such part)");
	return text_format(a, "%.*s%s%s", (int)(at - file), file, to, at + strlen(from));
}

static void edits(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct term_edit edit = {text_of(rows[i].path), text_of(rows[i].value)};
		struct err err = {.line = 0};
		struct text out = {NULL, 0};
		enum rc rc;

		rc = contract_edit(a, text_of("t.yaml"), text_of(file), NULL, &edit, 1, &out, &err);
		if (rows[i].now == NULL) {
			is_i64(rc, RC_INVALID, "%s is refused", rows[i].path);
			is_text(text_of(err.code), rows[i].old, "as");
			is_text(text_of(err.key), rows[i].path, "by name");
			continue;
		}
		is_i64(rc, RC_OK, "%s = '%s' (%s)", rows[i].path, rows[i].value, err.message);
		if (rc == RC_OK) {
			struct text want = swapped(a, rows[i].old, rows[i].now);

			is_text(out, text_format(a, "%.*s", TEXT_ARG(want)).p, "only that");
		}
	}
}

/* A list that is not there yet, and several edits one after another. */
static void several(struct arena *a)
{
	static const struct term_edit all[] = {
		{{"sites.main.name", 15}, {"Main street", 11}},
		{{"payment.due", 11}, {"10d", 3}},
		{{"assets.web", 10}, {"", 0}},
		{{"assets.mail", 11}, {"", 0}},
	};
	struct err err = {.line = 0};
	struct text out = {NULL, 0};

	if (!ok(contract_edit(a, text_of("t"), text_of(file), NULL, all, ARRAY_SIZE(all), &out,
			      &err) == RC_OK,
		"several edits: %s", err.message))
		return;
	ok(text_has(out, text_of("sites: [{id: main, name: Main street}]\n")), "a list is begun");
	ok(text_has(out, text_of("due: 10d")), "a value is changed");
	ok(!text_has(out, text_of("assets")), "a list that would be empty goes");
	ok(text_has(out, text_of("# its number")) && text_has(out, text_of("# am Telefon")) &&
		   text_has(out, text_of("# the engagement")),
	   "comments stay");
}

static void bad_file(struct arena *a)
{
	struct term_edit edit = {text_of("payment.due"), text_of("1d")};
	struct err err = {.line = 0};
	struct text out = text_of("as it was");

	is_i64(contract_edit(a, text_of("t"), text_of("a: [\n"), NULL, &edit, 1, &out, &err),
	       RC_INVALID, "a file that is none");
	is_text(text_of(err.code), "edit.file", "says so");
	is_text(out, "as it was", "and gives nothing");
}

/* --- every scalar of real contracts: written anew it is the same contract; each value set to what it is changes nothing but its looks --- */

static const char *const contracts[] = {
	"contracts/examples/northwind.yaml",
	"contracts/starters/helpdesk.yaml",
	"../shared/reference/terms-example.yaml",
	"../shared/reference/terms-minimal.yaml",
};

static void again(struct arena *a, const char *path)
{
	const struct zone_source zones = {a, tap_zone};
	const struct terms_context context = {.zones = &zones, .load = tap_load};
	struct text bytes = tap_file(a, path), out;
	struct contract *c, *d;
	struct err err = {.line = 0};
	struct buf b;
	size_t wrong = 0, n = 0;

	if (bytes.p == NULL) {
		ok(true, "%s # SKIP not here", path);
		return;
	}
	if (!ok(contract_read(a, text_of(path), bytes, &context, &c, &err) == RC_OK, "%s is read",
		path))
		return;
	buf_init(&b, 1 << 22);
	contract_yaml(a, &b, c, NULL, 0, NULL);
	if (!ok(contract_read(a, text_of("again"), buf_view(&b), &context, &d, &err) == RC_OK,
		"again"))
		return;
	for (size_t i = 0; i < d->findings.n && i < 3 && c->valid; i++)
		note("%u: %.*s %.*s", d->findings.v[i].line, TEXT_ARG(d->findings.v[i].path),
		     TEXT_ARG(d->findings.v[i].message));
	is_i64(d->valid, c->valid, "%s: written from its tree it is as valid", path);
	if (c->valid)
		is_text(text_of(d->hash), c->hash, "and the same contract");
	buf_free(&b);
	for (const struct node *k = c->root; k != NULL; k = node_after(k)) {
		struct term_edit edit;

		if (k->kind != NODE_SCALAR || k->key.n == 0 || ++n % 7 != 0)
			continue;
		edit = (struct term_edit){node_path(a, k), k->hole ? k->written : k->text};
		if (contract_edit(a, text_of(path), bytes, &context, &edit, 1, &out, &err) ==
			    RC_OK &&
		    contract_read(a, text_of(path), out, &context, &d, &err) == RC_OK &&
		    d->valid == c->valid && strcmp(d->hash, c->hash) == 0)
			continue;
		if (wrong++ < 5)
			note("%.*s: %s", TEXT_ARG(edit.path), err.message);
	}
	is_i64((int64_t)wrong, 0, "%zu values of it, set to what they are", n / 7);
}

int main(void)
{
	struct arena *a = arena_new((size_t)1 << 30);

	edits(a);
	several(a);
	bad_file(a);
	for (size_t i = 0; i < ARRAY_SIZE(contracts); i++)
		again(a, contracts[i]);
	arena_free(a);
	return tap_done();
}
