/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of a file: steps that make the kept tables, version by version, and the derived tables as they are now (schema.def).
 * A table passed in, so that a test can try steps that no release has. Which statements run over it is not decided here.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/store.h"

struct schema_step {
	int version; /* carries version - 1 to this one; ascending */
	const char *sql;
};

struct derived_table {
	const char *name;
	const char *sql;
};

struct schema {
	int version; /* the one this program writes */
	int application_id;
	const char *what; /* "a Tenor workspace" */
	const struct schema_step *steps;
	size_t steps_n;
	const char *const *kept; /* names in the order they are made */
	size_t kept_n;
	const struct derived_table *derived;
	const char *const *derived_names;
	size_t derived_n;
};

const struct schema *schema_of(enum store_kind kind);
/* Is it the name of a table of this schema? Nothing else can be read through the read door (trust.md P4). */
bool schema_has_table(const struct schema *schema, const char *name);

/* store_open with another schema than the kind's own. */
enum rc store_open_schema(struct arena *a, struct text path, enum store_kind kind,
			  const struct schema *schema, enum store_mode mode, struct store **out,
			  struct err *err) MUST_USE;

#endif
