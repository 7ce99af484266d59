/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trust.md R11: proofs cannot be forged. True proofs are changed in every way a forger would try, and none may be accepted.
 * TENOR_MUTATIONS=n says how many (default 100,000), TENOR_SEED=n which. A size and its root belong together, as in a checkpoint: where
 * a size is changed, the root becomes that of the new size, so that what is refused is the proof and not an unsigned pair.
 */
#include "journal/merkle.h"

#include "example.h"
#include "tap.h"
#include "unit/money/random.h"

#include <string.h>

enum { LEAVES = 1200, EACH = 200 };

static struct arena *arena;
static struct hasher *hasher;
static struct hash *leaves, roots[LEAVES + 1];
static struct leaf_array array;
static struct leaf_source source = {&array, leaf_array_read};

/* What a verifier is asked to believe. Of inclusion: at = index, start = leaf. Of consistency: at = older size, start = older root. */
struct claim {
	bool consistency;
	int64_t at, size;
	struct hash start, root;
	struct proof proof;
};

static bool accepted(const struct claim *c)
{
	struct err err = {0};
	enum rc rc;

	if (c->consistency)
		rc = merkle_verify_consistency(hasher, c->at, c->size, &c->start, &c->root,
					       c->proof.v, c->proof.n, &err);
	else
		rc = merkle_verify_inclusion(hasher, c->at, c->size, &c->start, c->proof.v,
					     c->proof.n, &c->root, &err);
	if (rc != RC_OK && err.message[0] == '\0')
		ok(false, "a refusal without words");
	return rc == RC_OK;
}

static struct claim true_claim(bool consistency, int64_t at, int64_t size)
{
	struct claim c = {.consistency = consistency, .at = at, .size = size};
	struct err err = {0};
	enum rc rc;

	if (consistency)
		rc = merkle_consistency(hasher, &source, at, size, &c.proof, &err);
	else
		rc = merkle_inclusion(hasher, &source, at, size, &c.proof, &err);
	if (rc != RC_OK)
		ok(false, "no proof was made");
	c.start = consistency ? roots[at] : leaves[at];
	c.root = roots[size];
	return c;
}

static bool same(const struct claim *x, const struct claim *y)
{
	return x->at == y->at && x->size == y->size && hash_eq(&x->start, &y->start) &&
	       hash_eq(&x->root, &y->root) && x->proof.n == y->proof.n &&
	       memcmp(x->proof.v, y->proof.v, x->proof.n * sizeof(x->proof.v[0])) == 0;
}

static void flip(struct hash *h)
{
	size_t bit = (size_t)random_between(0, 255);

	h->b[bit / 8] = (unsigned char)(h->b[bit / 8] ^ (1u << bit % 8));
}

/* A hash that could look right in the place of another. */
static struct hash tempting(const struct claim *c)
{
	struct hash any;

	switch (random_between(0, 5)) {
	case 0:
		return c->start;
	case 1:
		return c->root;
	case 2:
		return leaves[random_between(0, LEAVES - 1)];
	case 3:
		return roots[random_between(0, LEAVES)];
	case 4:
		return c->proof.n > 0 ? c->proof.v[random_between(0, (int64_t)c->proof.n - 1)]
				      : merkle_empty();
	default:
		for (size_t i = 0; i < sizeof(any.b); i++)
			any.b[i] = (unsigned char)(random_bits() & 255);
		return any;
	}
}

static void insert(struct proof *p, size_t at, struct hash h)
{
	if (p->n == PROOF_HASHES_MAX)
		return;
	memmove(p->v + at + 1, p->v + at, (p->n - at) * sizeof(p->v[0]));
	p->v[at] = h;
	p->n++;
}

static void drop(struct proof *p, size_t at)
{
	memmove(p->v + at, p->v + at + 1, (p->n - at - 1) * sizeof(p->v[0]));
	p->n--;
}

/* Another place, near, a bit away, or anywhere; from <= place <= to. */
static int64_t elsewhere(int64_t at, int64_t from, int64_t to)
{
	int64_t to_bit = at ^ (INT64_C(1) << random_between(0, 10));
	int64_t way[] = {at - 1, at + 1, to_bit, random_between(from, to), at / 2, at * 2};
	int64_t moved = way[random_between(0, ARRAY_SIZE(way) - 1)];

	return moved < from || moved > to ? random_between(from, to) : moved;
}

static void mutate_place(struct claim *c)
{
	if (random_between(0, 1) == 0) {
		c->at = elsewhere(c->at, 0, c->consistency ? LEAVES : LEAVES - 1);
		/* the leaf that the forger wants there stays, or the older checkpoint is another true one */
		if (c->consistency)
			c->start = roots[c->at];
	} else {
		c->size = elsewhere(c->size, 0, LEAVES);
		c->root = roots[c->size];
	}
}

static void mutate_list(struct claim *c)
{
	struct proof *p = &c->proof;
	size_t at = (size_t)random_between(0, (int64_t)p->n), other;
	struct hash kept;

	switch (random_between(0, 4)) {
	case 0:
		insert(p, at, tempting(c));
		break;
	case 1:
		if (at < p->n)
			drop(p, at);
		break;
	case 2:
		if (at < p->n)
			p->v[at] = tempting(c);
		break;
	case 3:
		p->n = at;
		break;
	default:
		other = (size_t)random_between(0, (int64_t)p->n);
		if (at < p->n && other < p->n) {
			kept = p->v[at];
			p->v[at] = p->v[other];
			p->v[other] = kept;
		}
	}
}

static void mutate(struct claim *c)
{
	switch (random_between(0, 6)) {
	case 0:
		flip(random_between(0, 1) == 0 ? &c->start : &c->root);
		break;
	case 1:
	case 2:
		if (c->proof.n > 0)
			flip(&c->proof.v[random_between(0, (int64_t)c->proof.n - 1)]);
		break;
	case 3:
		mutate_place(c);
		break;
	case 4:
		c->start = tempting(c);
		break;
	default:
		mutate_list(c);
	}
}

/* Was the claim changed into another one that is true? The generator of proofs decides, where verification said yes. */
static bool true_after_all(const struct claim *c)
{
	if (c->size < 0 || c->size > LEAVES || c->at < 0)
		return false;
	if (c->consistency ? c->at > c->size : c->at >= c->size)
		return false;

	/* One leaf is its own root, and a size is consistent with itself: equal hashes, of whatever tree, say no more than that. */
	if (c->proof.n == 0 && c->size > 0 && c->size == (c->consistency ? c->at : 1))
		return hash_eq(&c->start, &c->root);

	struct claim honest = true_claim(c->consistency, c->at, c->size);

	return same(&honest, c);
}

/* EACH changes of one true claim; returns how many were made. */
static int64_t attack(const struct claim *honest, int64_t *forged, int64_t *became_true)
{
	int64_t made = 0;

	for (int i = 0; i < EACH; i++) {
		struct claim c = *honest;

		for (int64_t n = random_between(1, 3); n > 0; n--)
			mutate(&c);
		if (same(&c, honest))
			continue;
		made++;
		if (!accepted(&c))
			continue;
		if (true_after_all(&c)) {
			(*became_true)++;
			made--;
			continue;
		}
		(*forged)++;
		note("accepted: %s of %" PRId64 " in %" PRId64 ", from %" PRId64 " in %" PRId64,
		     c.consistency ? "consistency" : "inclusion", c.at, c.size, honest->at,
		     honest->size);
	}
	return made;
}

int main(void)
{
	const char *set = getenv("TENOR_MUTATIONS");
	int64_t wanted = 100000, made = 0, forged = 0, became_true = 0, lost = 0, claims = 0;
	struct edge e;

	if (set != NULL && !text_digits(text_of(set), &wanted))
		note("TENOR_MUTATIONS is not a number");
	random_start();
	arena = arena_new(8 << 20);
	hasher = hasher_new(arena);
	leaves = numbered_leaves(arena, hasher, LEAVES);
	array = (struct leaf_array){leaves, LEAVES, 0, 0, -1, 0, NULL};
	edge_init(&e);
	for (int64_t i = 0; i <= LEAVES; i++) {
		roots[i] = edge_root(hasher, &e);
		if (i < LEAVES)
			edge_append(hasher, &e, &leaves[i]);
	}
	for (; made < wanted; claims++) {
		/* small trees have the most edges for their size, so half are small */
		int64_t size = random_between(1, claims % 2 == 0 ? 40 : LEAVES);
		bool consistency = claims % 4 < 2;
		struct claim honest = true_claim(
			consistency, random_between(consistency, size - !consistency), size);

		lost += !accepted(&honest);
		made += attack(&honest, &forged, &became_true);
	}
	is_i64(lost, 0, "%" PRId64 " true proofs are accepted", claims);
	is_i64(forged, 0, "none of %" PRId64 " changed ones is", made);
	note("%" PRId64 " more were changed into another true one", became_true);
	hasher_free(hasher);
	arena_free(arena);
	return tap_done();
}
