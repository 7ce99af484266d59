/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that connects out (trust.md X1): it fetches from the one provider of identities that is configured, hands mail to the one
 * server that is, and goes nowhere else. It has no database; it holds the secrets for both. Workers and the keeper ask it over socket pairs,
 * a packet a question, a packet an answer; each begins with a ticket that the answer repeats. What it fetched is text to the worker, which
 * looks at every signature and claim.
 */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "link/mail.h"

#include <stddef.h>

enum { LINK_PACKET_BYTES = 2 * OUTSIDE_ANSWER_BYTES, LINK_TICKET_BYTES = 8 };

struct link_options {
	struct text issuer, client, redirect;
	struct text
		secret; /* what the file holds; empty: a public client, which PKCE alone protects */
	struct text
		named; /* an address inside the network that it may reach, "127.0.0.1:8700"; with it http is allowed, too */
	struct link_mail mail; /* its secret is the name of the file; server empty: no mail */
};

/* What is asked, without its ticket: where people sign in; an ID token for a code. */
void link_ask_way(struct buf *out);
void link_ask_token(struct buf *out, struct text code, struct text verifier);
/*
 * An answer to these: the address, or the token and the issuer's keys; to a letter (link_ask_mail) "sent". false: it failed, *first is a
 * word that says where, of a letter *second what the server said last (0: nothing).
 */
bool link_answer(struct text packet, struct text *first, struct text *second);

/* Is there such a file, and can it be one? RC_MISSING, RC_INVALID. It is not read. */
enum rc link_secret_there(struct arena *a, struct text path, struct err *err) MUST_USE;

/*
 * The process: answers on fds until it is told to end. ready: called once, before the first packet, to lock it in. Where it cannot begin,
 * *refused is the word of why (library, secret, jail) and its status is not 0.
 */
int link_run(const struct link_options *o, const int *fds, size_t n,
	     enum rc (*ready)(struct err *err), const char **refused);

#endif
