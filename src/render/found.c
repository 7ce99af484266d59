/* SPDX-License-Identifier: Apache-2.0 */
#include "render/found.h"

#include "base/json.h"
#include "render/said.h"
#include "render/table_csv.h"

#include <assert.h>

static const struct {
	const char *word;
	enum wording many;
} kinds[FIND_KINDS] = {
	{"contract", W_FOUND_CONTRACTS}, {"clause", W_FOUND_CLAUSES}, {"ticket", W_FOUND_TICKETS},
	{"invoice", W_FOUND_INVOICES},   {"fact", W_FOUND_FACTS},
};

const char *find_kind_word(enum find_kind k)
{
	assert(k < FIND_KINDS);
	return kinds[k].word;
}

enum wording find_kind_many(enum find_kind k)
{
	assert(k < FIND_KINDS);
	return kinds[k].many;
}

struct table *found_table(struct doc *d, enum find_kind k)
{
	const struct table_column columns[] = {{SAY0(d, W_FOUND_ID), COLUMN_TEXT},
					       {SAY0(d, W_CONTRACT), COLUMN_TEXT},
					       {SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_FOUND_LINE), COLUMN_TEXT},
					       {SAY0(d, W_WHEN), COLUMN_TEXT}};

	assert(k < FIND_KINDS);
	doc_section(d, kinds[k].word, SAY0(d, kinds[k].many));
	return doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
}

static struct phrase looked_words(struct doc *d, const struct find_answer *f)
{
	struct phrase v[FIND_KINDS];
	size_t n = 0;

	for (int k = 0; k < FIND_KINDS; k++)
		if (f->looked[k])
			v[n++] = SAY0(d, kinds[k].many);
	return doc_join_all(d, ", ", v, n);
}

static struct phrase asked(struct doc *d, const struct find_answer *f)
{
	struct phrase all = NO_WORDS;

	for (size_t i = 0; i < f->n_words; i++) {
		if (i > 0)
			all = doc_join(d, all, doc_plain(d, text_of(" ")));
		all = doc_join(d, all, doc_plain(d, f->words[i]));
	}
	return all;
}

static void add_kind(struct doc *d, const struct find_answer *f, enum find_kind k)
{
	struct table *t = NULL;

	for (size_t i = 0; i < f->n; i++) {
		const struct found *x = &f->v[i];

		if (x->kind != k)
			continue;
		if (t == NULL)
			t = found_table(d, k);
		ROW(d, t, doc_plain(d, x->id), doc_plain(d, x->contract),
		    k == FIND_FACT ? said_phrase(d, x->what) : doc_plain(d, x->what),
		    doc_plain(d, x->line), doc_time(d, x->at, TIME_DATE));
	}
}

struct doc *found_doc(struct arena *a, const struct language *l, const struct find_answer *f)
{
	struct doc *d = doc_new(a, l, zone_utc());

	d->title = SAY0(d, W_FOUND);
	d->aside = asked(d, f);
	d->under = doc_counted(d, (int64_t)f->n_contracts, W_TODAY_CONTRACTS_ONE,
			       W_TODAY_CONTRACTS_MANY);
	for (int k = 0; k < FIND_KINDS; k++)
		add_kind(d, f, (enum find_kind)k);
	if (f->n == 0)
		doc_paragraph(d, SAY(d, W_FOUND_NOTHING, looked_words(d, f)));
	if (f->more)
		doc_paragraph(d, SAY0(d, W_FOUND_MORE));
	if (!f->personal)
		doc_paragraph(d, SAY0(d, W_FOUND_NOT_PERSONAL));
	if (f->older != INSTANT_NONE)
		doc_paragraph(d, SAY(d, W_FOUND_OLDER, doc_time(d, f->older, TIME_FULL)));
	return d;
}

static void put_kv(struct json *j, const char *key, struct text value)
{
	if (value.n > 0)
		json_kv_text(j, key, value);
}

static void put_instant(struct json *j, const char *key, instant at)
{
	struct buf b;

	buf_init(&b, 64);
	instant_print(&b, at);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

void found_json(const struct find_answer *f, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_find", 1);
	json_key(&j, "words");
	json_open_array(&j);
	for (size_t i = 0; i < f->n_words; i++)
		json_text(&j, f->words[i]);
	json_end_array(&j);
	json_key(&j, "looked");
	json_open_array(&j);
	for (int k = 0; k < FIND_KINDS; k++)
		if (f->looked[k])
			json_str(&j, kinds[k].word);
	json_end_array(&j);
	json_kv_bool(&j, "personal", f->personal);
	if (f->older != INSTANT_NONE)
		put_instant(&j, "older", f->older);
	json_kv_int(&j, "contracts", (int64_t)f->n_contracts);
	json_kv_bool(&j, "more", f->more);
	json_key(&j, "found");
	json_open_array(&j);
	for (size_t i = 0; i < f->n; i++) {
		const struct found *x = &f->v[i];

		json_open_object(&j);
		json_kv_str(&j, "kind", kinds[x->kind].word);
		json_kv_text(&j, "contract", x->contract);
		put_kv(&j, "client", x->client);
		json_kv_text(&j, "id", x->id);
		put_kv(&j, "what", x->what);
		put_kv(&j, "line", x->line);
		put_kv(&j, "anchor", x->anchor);
		if (x->entry >= 0)
			json_kv_int(&j, "entry", x->entry);
		put_instant(&j, "at", x->at);
		json_kv_bool(&j, "exact", x->exact);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

void found_csv(const struct find_answer *f, struct buf *out)
{
	struct table_csv c = {.out = out};
	struct buf b;

	buf_init(&b, 64);
	buf_str(out, "kind,contract,client,id,what,line,at\n");
	for (size_t i = 0; i < f->n; i++) {
		const struct found *x = &f->v[i];

		csv_word(&c, kinds[x->kind].word);
		csv_text(&c, x->contract);
		csv_text(&c, x->client);
		csv_text(&c, x->id);
		csv_text(&c, x->what);
		csv_text(&c, x->line);
		buf_clear(&b);
		instant_print(&b, x->at);
		csv_text(&c, buf_view(&b));
		csv_end(&c);
	}
	buf_free(&b);
}
