/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verbs over the network: the ROUTE rows of app/actions.def, and which of them a path means. It knows paths and names, no rights.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "app/actions.h"
#include "http/message.h"

enum { ROUTE_NAMES_MAX = 4 };

struct route {
	enum action_id action;
	enum method method;
	const char *path; /* "/api/v1/contracts/{contract}/statement" */
	bool records;     /* answers 201: something was recorded */
	bool brings;      /* the body is a file: */
	enum param file;  /* this one, */
	const char
		*types; /* of one of these content types; other parameters then come in the query */
	const char *gives;      /* content type of the answer; NULL: JSON */
	bool no_table;          /* no form as CSV */
	enum param sets;        /* what the route gives by itself, */
	const char *sets_value; /* NULL: nothing */
	const char *list,
		*list_id; /* answers a list that is cut by limit and after; "" is the answer itself, NULL: no list */
	const char *query, *body; /* an example; NULL: none is needed */
};

size_t route_count(void);
const struct route *route_at(size_t i);
/* Why a verb is not over the network; NULL: it is. */
const char *route_local(enum action_id a);

/* "known-as-of" is known_as_of here. */
struct text route_name(struct arena *a, enum param p);
/*
 * Is this parameter of the route's action one that a request may give? Never files and paths of the machine, who acts, keys, where to
 * write, how a terminal looks, nor what the route sets.
 */
bool route_takes(const struct route *r, enum param p, enum param_use *use);
/* The one of that name, with _ for -. */
bool route_param(const struct route *r, struct text name, enum param *p, enum param_use *use);
/* The parameter that says in which format it answers: a page, a table, on paper, a calendar. false: JSON alone, or what the row says. */
bool route_format(const struct route *r, enum param *p);

struct route_match {
	const struct route *route;           /* NULL: there is none */
	bool allowed[METHOD_COUNT];          /* methods that the path has */
	struct text values[ROUTE_NAMES_MAX]; /* of the names in braces, in their order */
};

/*
 * The route of a path by its decoded segments. Where a path has one route for files and one for JSON, the content type (without its
 * parameters) decides; HEAD is GET.
 */
void route_find(const struct text *segments, size_t n, enum method method, struct text content_type,
		struct route_match *out);
/* The names in braces of a route's path, in their order; at most ROUTE_NAMES_MAX. */
size_t route_names(const struct route *r, struct text names[ROUTE_NAMES_MAX]);
/* Never a token's, whatever its maker may: trust.md P2 and P3. */
bool route_person(const struct route *r);
/* One of several content types apart by blanks. */
bool route_type_is(const char *types, struct text type);

#endif
