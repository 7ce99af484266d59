/* SPDX-License-Identifier: Apache-2.0 */
/* The table of rights.def as enums and questions (trust.md P1, P3). */
#ifndef APP_ACCESS_H
#define APP_ACCESS_H

#include "base/err.h"
#include "facts/kinds.h"

enum permission {
#define RIGHT(name, roles, marks, help) R_##name,
#include "app/rights.def"
	RIGHT_COUNT
};

enum role_side { SIDE_PROVIDER, SIDE_CLIENT, SIDE_EITHER, SIDE_HOST };

/* A set of rights, one bit each in the order of the table. */
typedef uint64_t rights;
_Static_assert(RIGHT_COUNT <= 64, "a set of rights has 64 places");

/* A set of roles, one bit each in the order of the table. */
typedef uint32_t roles;

const char *right_word(enum permission r);
const char *right_help(enum permission r);
bool roles_have(roles set, enum permission r);
/* P3, the table's `o`: has the set the right, and all of its roles that have it for own objects only? */
bool roles_own_only(roles set, enum permission r);
/* P2: an auditor reads what was granted, and has no other role beside that one. */
bool roles_audit_only(roles set);
bool roles_audit(roles set);
/* S7: a session needs its second factor of the last five minutes; P2: never a token's. */
bool right_steps_up(enum permission r);
bool right_of_tokens(enum permission r);
/* Has somebody of these roles a right that steps up, or a role that signs in with a second factor always (S6)? */
bool roles_need_factor(roles set);
rights rights_of(roles set);
bool rights_have(rights set, enum permission r);
/* "MONEY_READ LOG_READ", as stored. RC_USAGE names the unknown word and the nearest. */
void rights_print(rights set, struct buf *out);
enum rc rights_parse(struct text words, rights *out, struct err *err) MUST_USE;
/* Words apart by blanks, as stored and as written after --role. */
void roles_print(roles set, struct buf *out);
/*
 * RC_USAGE names the unknown word and the nearest; `both_sides` (P1) if roles of provider and client are mixed. *client: the side;
 * an auditor alone is of the side that `client` says before the call.
 */
enum rc roles_parse(struct text words, roles *out, bool *client, struct err *err) MUST_USE;
/* The words of the roles that have a right: "owner, finance". */
void right_holders(enum permission r, struct buf *out);
/* The right that reporting a kind of fact needs, for a person of that side. */
enum permission right_of_kind(enum fact_kind kind, bool client);

#endif
