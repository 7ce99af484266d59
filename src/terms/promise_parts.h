/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of promise_build share. Private. */
#ifndef TERMS_PROMISE_PARTS_H
#define TERMS_PROMISE_PARTS_H

#include "terms/promise.h"

struct maker {
	struct arena *a;
	const struct terms_context *context;
	const struct node *root;
	struct promise *p;
};

/*
 * Values at a path of keys below a map, or the defaults of their rows, also where the maps between are not written. The bool
 * and -1 tell that there is neither. A hole has no value.
 */
const struct node *get(const struct node *map, const char *path);
int get_choice(const struct node *map, const char *path, int otherwise);
bool get_int(const struct node *map, const char *path, int64_t *out);
bool get_truth(const struct node *map, const char *path);
bool get_decimal(const struct node *map, const char *path, struct decimal *out);
struct timing get_timing(const struct maker *m, const struct node *map, const char *path);
struct text get_text(const struct node *map, const char *path);
int get_event(const struct node *map, const char *path);
/* Exact length of a duration in min, h, d or w (d is 24 hours here); 0 if there is none. */
int64_t get_ms(const struct node *map, const char *path);
/* Place of the item that a reference names in its list; -1. */
int get_place(const struct node *map, const char *path);
const int *get_places(struct arena *a, const struct node *map, const char *path, size_t *n);
const struct calendar *get_calendar(const struct maker *m, const struct node *map, const char *path);

/* The items of a list: count, and one after the other. */
size_t items_count(const struct node *map, const char *path);
const struct node *items_first(const struct node *map, const char *path);

void make_metrics(struct maker *m);
void make_remedies(struct maker *m);

#endif
