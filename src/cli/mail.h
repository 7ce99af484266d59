/* SPDX-License-Identifier: Apache-2.0 */
/* Between the outbox, which knows letters, and the process that connects out, which sends them (link/mail.h): over one end of a pair. */
#ifndef CLI_MAIL_H
#define CLI_MAIL_H

#include "app/mail.h"
#include "link/mail.h"

/* As the link takes it; in a. An address that stands in the server's URL is the operator's, too (S21), and needs no TLS on loopback. */
struct link_mail mail_for_link(struct arena *a, const struct mail_settings *m);

struct mail_pair {
	int fd;
	uint64_t tickets; /* one more each time; begins where no other process does */
};
/* struct mail_way's send; context: a struct mail_pair. */
enum mail_fate mail_over_pair(void *context, const struct mail_letter *l, char why[MAIL_WHY_BYTES]);

#endif
