/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcurl, loaded where it is needed. It brings thirty libraries (LDAP, Kerberos, SSH and what those need) that only the link process has a use
 * for: no command pays for them when it starts, and no process that has the database has them in it.
 */
#ifndef LINK_CURL_CALLS_H
#define LINK_CURL_CALLS_H

#include "base/err.h"

#include <curl/curl.h>

/* The calls that this room makes, by libcurl's own names and types. */
struct curl_calls {
	CURLcode (*global_init)(long flags);
	CURL *(*easy_init)(void);
	void (*easy_cleanup)(CURL *c);
	void (*easy_reset)(CURL *c);
	CURLcode (*easy_setopt)(CURL *c, CURLoption option, ...);
	CURLcode (*easy_perform)(CURL *c);
	CURLcode (*easy_getinfo)(CURL *c, CURLINFO info, ...);
	char *(*easy_escape)(CURL *c, const char *s, int n);
	void (*release)(void *p); /* curl_free */
};

/* Loads it, once more or for the first time; it stays loaded until the process ends. RC_MISSING: it is not installed, or another version. */
enum rc curl_calls_load(struct curl_calls *out, struct err *err) MUST_USE;

#endif
