/* SPDX-License-Identifier: Apache-2.0 */
/* Compiler attributes that every room may use. Not a place for anything that knows a domain word. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define NEVER_NULL __attribute__((returns_nonnull))
/* Called where something failed: the way there is kept out of the way of what goes well. */
#define COLD __attribute__((cold))
#define UNUSED __attribute__((unused))
#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))

__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

#endif
