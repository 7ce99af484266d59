/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"

#include <string.h>

enum { SCHEMA_VERSION = 8, KEYS_SCHEMA_VERSION = 1 };

/* One list a file and kind of row: the macros let pass what is of the file asked for. */
#define ONLY_WORKSPACE_WORKSPACE(...) __VA_ARGS__
#define ONLY_WORKSPACE_KEYS(...)
#define ONLY_KEYS_WORKSPACE(...)
#define ONLY_KEYS_KEYS(...) __VA_ARGS__

static const struct schema_step workspace_steps[] = {
#define STEP(kind, version, sql) ONLY_WORKSPACE_##kind({version, sql}, )
#include "store/schema.def"
};

static const struct schema_step keys_steps[] = {
#define STEP(kind, version, sql) ONLY_KEYS_##kind({version, sql}, )
#include "store/schema.def"
};

static const char *const workspace_kept[] = {
#define KEPT(kind, name) ONLY_WORKSPACE_##kind(#name, )
#include "store/schema.def"
};

static const char *const keys_kept[] = {
#define KEPT(kind, name) ONLY_KEYS_##kind(#name, )
#include "store/schema.def"
};

static const struct derived_table workspace_derived[] = {
#define DERIVED(kind, name, sql) ONLY_WORKSPACE_##kind({#name, sql}, )
#include "store/schema.def"
};

static const char *const workspace_derived_names[] = {
#define DERIVED(kind, name, sql) ONLY_WORKSPACE_##kind(#name, )
#include "store/schema.def"
};

static const struct schema schemas[] = {
	[STORE_WORKSPACE] = {SCHEMA_VERSION, STORE_APPLICATION_ID, "a Tenor workspace",
			     workspace_steps, ARRAY_SIZE(workspace_steps), workspace_kept,
			     ARRAY_SIZE(workspace_kept), workspace_derived, workspace_derived_names,
			     ARRAY_SIZE(workspace_derived)},
	[STORE_KEYS] = {KEYS_SCHEMA_VERSION, STORE_KEYS_APPLICATION_ID, "Tenor's file of keys",
			keys_steps, ARRAY_SIZE(keys_steps), keys_kept, ARRAY_SIZE(keys_kept), NULL,
			NULL, 0},
};

const struct schema *schema_of(enum store_kind kind)
{
	return &schemas[kind];
}

bool schema_has_table(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->kept_n; i++)
		if (strcmp(schema->kept[i], name) == 0)
			return true;
	for (size_t i = 0; i < schema->derived_n; i++)
		if (strcmp(schema->derived[i].name, name) == 0)
			return true;
	return false;
}

int store_schema_version(void)
{
	return SCHEMA_VERSION;
}

const char *const *store_tables(enum store_kind kind, bool derived, size_t *n)
{
	const struct schema *schema = schema_of(kind);

	*n = derived ? schema->derived_n : schema->kept_n;
	return derived ? schema->derived_names : schema->kept;
}
