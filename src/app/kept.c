/* SPDX-License-Identifier: Apache-2.0 */
#include "app/kept.h"

#include <assert.h>
#include <sys/stat.h>

enum { PLACES = 2, PLACE_BYTES = 64 << 20 };

struct kept {
	struct arena *arena;
	struct kept_place places[PLACES];
};

struct kept *kept_new(void)
{
	struct arena *a = arena_new(1 << 20);
	struct kept *k = arena_one(a, struct kept);

	k->arena = a;
	k->places[0].mode = STORE_READ;
	k->places[1].mode = STORE_WRITE;
	return k;
}

static bool drop(struct kept_place *p)
{
	bool failed = false;

	if (p->keys != NULL) {
		keys_close(p->keys);
		failed = keys_broken(p->keys);
	}
	if (p->store != NULL) {
		store_close(p->store);
		failed = store_broken(p->store) || failed;
	}
	if (p->hasher != NULL)
		hasher_free(p->hasher);
	arena_free(p->arena);
	*p = (struct kept_place){.mode = p->mode};
	return failed;
}

bool kept_free(struct kept *k)
{
	bool failed = false;

	if (k == NULL)
		return false;
	for (size_t i = 0; i < PLACES; i++) {
		assert(!k->places[i].busy);
		failed = drop(&k->places[i]) || failed;
	}
	arena_free(k->arena);
	return failed;
}

/* Of a name with an end. Zeros where there is none: no file has these numbers. */
static struct kept_file identify(struct text path)
{
	struct stat st;

	if (stat(path.p, &st) != 0)
		return (struct kept_file){0, 0};
	return (struct kept_file){(uint64_t)st.st_dev, (uint64_t)st.st_ino};
}

/* Is what is open still what has the name? A restore, or a person, may have put another file in its place. */
static bool still(const struct kept_place *p, struct text path, struct text keys_path,
		  struct text key)
{
	struct kept_file file, keys;

	if (!text_eq(p->path, path) || !text_eq(p->keys_path, keys_path) || !text_eq(p->key, key))
		return false;
	file = identify(p->path);
	keys = identify(p->keys_path);
	return file.device == p->file.device && file.number == p->file.number &&
	       keys.device == p->keys_file.device && keys.number == p->keys_file.number;
}

struct kept_place *kept_take(struct kept *k, struct text path, struct text keys_path,
			     struct text key, enum store_mode mode)
{
	struct kept_place *p = NULL;

	for (size_t i = 0; k != NULL && i < PLACES; i++)
		if (k->places[i].mode == mode && !k->places[i].busy)
			p = &k->places[i];
	if (p == NULL)
		return NULL;
	/* What failed while an old file was closed was of a file that is no longer there. */
	if (p->arena != NULL && !still(p, path, keys_path, key))
		(void)drop(p);
	if (p->arena == NULL) {
		p->arena = arena_new(PLACE_BYTES);
		p->path = text_copy(p->arena, path);
		p->keys_path = text_copy(p->arena, keys_path);
		p->key = text_copy(p->arena, key);
		p->file = identify(p->path);
		p->keys_file = identify(p->keys_path);
	}
	p->busy = true;
	return p;
}

bool kept_give(struct kept_place *p)
{
	struct err unsaid = {.line = 0};

	assert(p->busy);
	p->busy = false;
	if (p->store == NULL || p->keys == NULL || store_broken(p->store) || keys_broken(p->keys))
		return drop(p);
	store_rollback(p->store);
	store_rollback(keys_store(p->keys));
	/* P4: a scope is one request's. */
	if (p->mode == STORE_READ &&
	    store_scope(p->store, &(struct store_scope){.all = false}, &unsaid) != RC_OK)
		return drop(p);
	return false;
}
