/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mail to the one server that is configured (trust.md S21, S22): SMTP by libcurl, TLS with a certificate that fits unless the operator
 * took plain, the address looked at that is connected to. Run by the process that connects out; the other side hands it a letter and learns
 * what came of it.
 */
#ifndef LINK_MAIL_H
#define LINK_MAIL_H

#include "link/outside.h"

enum { LINK_MAIL_HEADS = 12, LINK_MAIL_MS = 30 * 1000, LINK_MAIL_BYTES = 48 << 10 };

struct link_mail {
	struct text server; /* smtp://host:587; empty: none is configured */
	struct text user;
	struct text secret; /* what the file holds */
	struct text named;  /* its address inside the network; empty: it is not */
	bool plain;         /* without TLS, too */
};

/* Addresses, head lines ("Subject: x", folded by "\r\n "), the text. */
struct link_letter {
	struct text from, to;
	struct text head[LINK_MAIL_HEADS];
	size_t n_head;
	struct text body;
};
/* As it is asked for, without a ticket (link.h). false: too long, or a field has what would end it. */
bool link_ask_mail(struct buf *out, const struct link_letter *l);
bool link_letter_read(struct text packet, struct link_letter *out);

/*
 * *status: the server's last word (250, 451, 550); 0: there was none. *why: "sent", or where it ended: connect, tls, login, answer, time,
 * lost, letter.
 */
void link_mail_send(struct outside *o, const struct link_mail *m, const struct link_letter *l,
		    int *status, const char **why);

#endif
