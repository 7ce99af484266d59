/* SPDX-License-Identifier: Apache-2.0 */
/* Asking the program, scanning what it answers (trust.md R12), and what the outside remembers of it. */
#include "sim.h"

#include "app/zones.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ANSWER_MEMORY ((size_t)1 << 30)

struct model *model_of(struct sim *s, int log)
{
	return &s->p[s->at].log[log];
}

const char *format(struct sim *s, const char *fmt, ...)
{
	char line[4096];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(line, sizeof(line), fmt, ap);

	va_end(ap);
	assert(n >= 0 && (size_t)n < sizeof(line));
	return arena_copy(s->step_arena, line, (size_t)n);
}

const char *instant_words(struct sim *s, instant t)
{
	struct buf b;

	buf_init(&b, 64);
	instant_print(&b, t);
	const char *out = arena_copy(s->step_arena, b.p, b.n);

	buf_free(&b);
	return out;
}

const char *write_file(struct sim *s, const char *name, struct text bytes)
{
	FILE *f = fopen(name, "wb");

	if (f == NULL || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
		fail(s, "'%s' cannot be written", name);
	return name;
}

/* --- whose a word is --- */

static size_t place_of(const struct sim *s, const unsigned char key[20])
{
	uint64_t h = 0;

	for (int i = 0; i < 20; i++)
		h = (uint64_t)(((u128)h * 1099511628211U + key[i]) & UINT64_MAX);
	size_t at = (size_t)(h ^ (h >> 29)) & (s->owned_cap - 1);

	while (s->owned[at].owner != 0 && memcmp(s->owned[at].key, key, 20) != 0)
		at = (at + 1) & (s->owned_cap - 1);
	return at;
}

static void key_of(struct text word, unsigned char key[20])
{
	unsigned char hash[SHA256_BYTES];

	sha256(word, hash);
	memcpy(key, hash, 20);
}

void forget_owned(struct sim *s)
{
	s->owned_cap = (size_t)1 << 16;
	s->n_owned = 0;
	if (s->owned == NULL)
		s->owned = arena_array(s->arena, struct owned, s->owned_cap);
	memset(s->owned, 0, s->owned_cap * sizeof(*s->owned));
}

bool own(struct sim *s, struct text word, int owner, int *whose)
{
	unsigned char key[20];

	key_of(word, key);
	size_t at = place_of(s, key);

	*whose = s->owned[at].owner;
	if (*whose != 0)
		return false;
	assert(++s->n_owned * 2 < s->owned_cap);
	memcpy(s->owned[at].key, key, 20);
	s->owned[at].owner = owner;
	return true;
}

void share(struct sim *s, struct text word)
{
	unsigned char key[20];

	key_of(word, key);
	s->owned[place_of(s, key)].owner = SHARED;
}

int owner_of(const struct sim *s, struct text word)
{
	unsigned char key[20];

	key_of(word, key);
	return s->owned[place_of(s, key)].owner;
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '_';
}

/* "ZQTEN01" in any case: the mark that every word of an engagement begins with; long enough that no hash or signature shows it by chance. */
static bool is_mark(struct text t, size_t at, int *owner)
{
	static const char mark[] = "zqten";
	const size_t n = sizeof(mark) - 1;
	int p, c;

	if (at + n + 2 > t.n || !text_eq_nocase(text_sub(t, at, at + n), text_of(mark)))
		return false;
	p = t.p[at + n] - '0';
	c = t.p[at + n + 1] - '0';
	*owner = p * CLIENTS + c + 1;
	return p >= 0 && p < PROVIDERS && c >= 0 && c < CLIENTS;
}

/* No mark, no id of a fact, log, person or subject of another engagement stands in an answer about this one. */
void scan_answer(struct sim *s, int log, struct text words, const char *verb)
{
	int mine = s->at * CLIENTS + log + 1, whose;

	for (size_t i = 0; i < words.n;) {
		size_t from = i;

		if (!is_word(words.p[i])) {
			i++;
			continue;
		}
		for (; i < words.n && is_word(words.p[i]); i++)
			if ((words.p[i] | 0x20) == 'z' && is_mark(words, i, &whose) &&
			    whose != mine)
				fail(s, "an answer of '%s' about %s shows '%.20s'", verb,
				     model_of(s, log)->mark, words.p + i);
		struct text word = text_sub(words, from, i);

		if (word.n != UUID_TEXT && word.n != 18)
			continue;
		whose = owner_of(s, word);
		if (whose != 0 && whose != SHARED && whose != mine)
			fail(s, "an answer of '%s' about %s shows the foreign id '%.*s'", verb,
			     model_of(s, log)->mark, TEXT_ARG(word));
	}
}

/* --- asking --- */

static bool takes_workspace(const struct action *a)
{
	enum param p;
	enum param_use use;

	return action_option(a, text_of("workspace"), &p, &use) && p == PARAM_WORKSPACE;
}

static void run_verb(struct sim *s, struct arena *a, const struct text *words, size_t n,
		     struct answer *out)
{
	struct args args;
	struct reply reply;
	struct app app = {.arena = a, .world = &s->world, .zones = zones_system(a)};
	bool help = false;

	out->rc = args_parse(a, words, n, &args, &help, &out->err);
	if (out->rc != RC_OK)
		return;
	out->rc = app_run(&app, &args, &reply, &out->err);
	out->status = out->rc == RC_OK ? reply.status : app_status(out->rc);
	out->out = text_copy(s->step_arena, buf_view(&reply.out));
	out->notes = text_copy(s->step_arena, buf_view(&reply.notes));
	buf_free(&reply.out);
	buf_free(&reply.notes);
}

struct answer ask(struct sim *s, int log, const char *const *words)
{
	struct arena *a = arena_new(ANSWER_MEMORY);
	struct text v[24];
	size_t n = 0, verb = 1;
	struct answer out = {.rc = RC_OK};

	for (; words[n] != NULL; n++)
		v[n] = text_of(words[n]);
	for (size_t k = 1; k < n && k < 3; k++)
		if (action_find(text_format(a, "%s %s", words[0], words[1])) != NULL)
			verb = 2;
	const struct action *row =
		action_find(verb == 2 ? text_format(a, "%s %s", words[0], words[1]) : v[0]);

	assert(row != NULL && n + 2 < ARRAY_SIZE(v));
	if (takes_workspace(row)) {
		bool given = false;

		for (size_t i = 0; i < n; i++)
			given = given || text_is(v[i], "--workspace");
		if (!given) {
			v[n++] = text_of("--workspace");
			v[n++] = text_of(s->p[s->at].path);
		}
	}
	sim_disk_use(s->p[s->at].disk);
	run_verb(s, a, v, n, &out);
	s->count->answers++;
	if (sim_disk_open_files() != s->held)
		fail(s, "'%s' left a file open", row->verb);
	if (log >= 0 && log < CLIENTS) {
		scan_answer(s, log, out.out, row->verb);
		scan_answer(s, log, out.notes, row->verb);
		scan_answer(s, log, text_of(out.err.message), row->verb);
		scan_answer(s, log, text_of(out.err.hint), row->verb);
	}
	event(s, "%s %s%s: %d %zu%s%s", s->p[s->at].name, row->verb,
	      log >= 0 && log < CLIENTS ? format(s, " %s", model_of(s, log)->mark) : "",
	      out.rc == RC_OK ? out.status : app_status(out.rc), out.out.n,
	      out.rc == RC_OK ? "" : " ", out.err.message);
	arena_free(a);
	return out;
}

struct answer must(struct sim *s, int log, int status, const char *const *words)
{
	struct answer a = ask(s, log, words);

	if (a.rc != RC_OK || a.status != status)
		fail(s, "'%s %s' ends with %d: %s %s; %s\n%.*s%.*s", words[0],
		     words[1] != NULL ? words[1] : "", a.rc == RC_OK ? a.status : app_status(a.rc),
		     a.err.code, a.err.message, a.err.hint, a.out.n < 3000 ? (int)a.out.n : 3000,
		     a.out.p, TEXT_ARG(a.notes));
	return a;
}

struct text answer_text(struct text json, const char *key)
{
	char quoted[64];
	int k = snprintf(quoted, sizeof(quoted), "\"%s\": ", key);
	size_t n = (size_t)k;

	for (size_t i = 0; i + n < json.n; i++) {
		if (memcmp(json.p + i, quoted, n) != 0)
			continue;
		size_t from = i + n, to;

		if (json.p[from] == '"') {
			from++;
			to = text_find(json, '"', from);
		} else {
			for (to = from; to < json.n && is_word(json.p[to]); to++)
				;
		}
		return text_sub(json, from, to);
	}
	return (struct text){"", 0};
}

int64_t answer_number(struct sim *s, struct text json, const char *key)
{
	int64_t n = -1;

	if (!text_digits(answer_text(json, key), &n))
		fail(s, "there is no number '%s' in the answer: %.*s", key,
		     json.n < 300 ? (int)json.n : 300, json.p);
	return n;
}

/* --- remembering --- */

void remember_told(struct sim *s, struct model *m, const struct told *t)
{
	for (size_t i = 0; i < m->n_told; i++)
		if (uuid_cmp(&m->told[i].id, &t->id) == 0)
			return;
	m->told = arena_grow(s->arena, m->told, m->n_told, &m->told_cap, sizeof(*m->told));
	m->told[m->n_told++] = *t;
}

void remember_seen(struct sim *s, struct model *m, int64_t size, const struct hash *root)
{
	for (size_t i = 0; i < m->n_seen; i++) {
		if (m->seen[i].size != size)
			continue;
		if (!hash_eq(&m->seen[i].root, root))
			fail(s, "%s: two roots were shown for %lld entries", m->mark,
			     (long long)size);
		return;
	}
	m->seen = arena_grow(s->arena, m->seen, m->n_seen, &m->seen_cap, sizeof(*m->seen));
	m->seen[m->n_seen++] = (struct sight){size, *root};
}

void settle(struct sim *s)
{
	struct provider *p = &s->p[s->at];

	if (!p->recording)
		return;
	if (p->n_snapshots == MODELS_MAX)
		p->n_snapshots--; /* the last one is moved on */
	struct snapshot *x = &p->snapshot[p->n_snapshots++];

	x->at = p->disk->ops;
	x->n_erased = p->n_erased;
	x->offset_right = p->offset_right;
	memcpy(x->log, p->log, sizeof(x->log));
}
