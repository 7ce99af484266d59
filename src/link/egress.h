/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the link process may connect to (trust.md S21): public addresses, and what the operator named by address and port. Asked of the
 * address that is connected to, after the name was resolved, so that a name that changes its mind leads nowhere.
 */
#ifndef LINK_EGRESS_H
#define LINK_EGRESS_H

#include "base/text.h"

#include <sys/socket.h>

/* named: "127.0.0.1:8700", "[fd00::1]:443"; empty: none. */
bool egress_allows(const struct sockaddr *to, struct text named);
/* The same for what is fetched: of what is not named by ports 443 and 80 alone. */
bool egress_allows_web(const struct sockaddr *to, struct text named);
/* A socket of that type to there, closed on exec; -1: it may not be connected to (allows is one of the above), or there is none. */
int egress_socket(const struct sockaddr *to, int type, int protocol, struct text named,
		  bool (*allows)(const struct sockaddr *to, struct text named));

#endif
