/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/mail.h"

#include "link/link.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { WAIT_MS = LINK_MAIL_MS + 5000, AUTH_FIRST = 530, AUTH_LAST = 538 };

/* "127.0.0.1", "[::1]", "mail.example.com" of smtp://HOST:PORT; *port as it is, or that of the scheme. */
static struct text host_of(struct arena *a, struct text url, struct text *port)
{
	struct text rest = text_sub(url, text_find(url, ':', 0) + 3, url.n), host;
	size_t end = text_starts(rest, "[") ? text_find(rest, ']', 0) + 1 : text_find(rest, ':', 0);

	host = text_sub(rest, 0, end < rest.n ? end : rest.n);
	*port = end + 1 < rest.n ? text_sub(rest, end + 1, rest.n)
				 : text_of(text_starts(url, "smtps:") ? "465" : "25");
	return text_copy(a, host);
}

static bool is_address(struct text host)
{
	for (size_t i = 0; i < host.n; i++)
		if (!((host.p[i] >= '0' && host.p[i] <= '9') || host.p[i] == '.'))
			return text_starts(host, "[");
	return host.n > 0;
}

struct link_mail mail_for_link(struct arena *a, const struct mail_settings *m)
{
	struct link_mail out = {.server = text_copy(a, m->server),
				.user = text_copy(a, m->user),
				.secret = text_copy(a, m->secret),
				.named = text_copy(a, m->address),
				.plain = m->plain};
	struct text host, port;

	if (m->server.n == 0)
		return out;
	host = host_of(a, m->server, &port);
	if (out.named.n == 0 && is_address(host))
		out.named = text_format(a, "%.*s:%.*s", TEXT_ARG(host), TEXT_ARG(port));
	if (text_starts(host, "127.") || text_is(host, "[::1]"))
		out.plain = true;
	return out;
}

static enum mail_fate fail(enum mail_fate fate, const char *word, char why[MAIL_WHY_BYTES])
{
	(void)snprintf(why, MAIL_WHY_BYTES, "%s", word);
	return fate;
}

/* A refusal for good is the server's own 5xx; but not for whoever it does not know, which the operator can mend. */
static enum mail_fate said(struct text packet, char why[MAIL_WHY_BYTES])
{
	struct text word, number;
	bool sent = link_answer(packet, &word, &number);
	int64_t status = 0;

	if (sent)
		return fail(MAIL_SENT, "", why);
	if (!text_digits(number, &status))
		status = 0;
	(void)snprintf(why, MAIL_WHY_BYTES, status >= 400 ? "%.*s %lld" : "%.*s",
		       (int)(word.n < 12 ? word.n : 12), word.p, (long long)status);
	if (text_is(word, "letter"))
		return MAIL_NEVER;
	return text_is(word, "answer") && status >= 500 &&
			       (status < AUTH_FIRST || status > AUTH_LAST)
		       ? MAIL_NEVER
		       : MAIL_LATER;
}

/* An answer to an earlier question, whose asker is gone, is passed over. */
static enum mail_fate hear(const struct mail_pair *p, const char ticket[LINK_TICKET_BYTES],
			   char why[MAIL_WHY_BYTES])
{
	char packet[LINK_TICKET_BYTES + 256];
	struct pollfd v = {.fd = p->fd, .events = POLLIN};

	for (;;) {
		int ready = poll(&v, 1, WAIT_MS);
		ssize_t n;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return fail(MAIL_LATER, "link", why);
		n = recv(p->fd, packet, sizeof(packet), 0);
		if (n <= 0)
			return fail(MAIL_LATER, "link", why);
		if (n > LINK_TICKET_BYTES && memcmp(packet, ticket, LINK_TICKET_BYTES) == 0)
			return said((struct text){packet + LINK_TICKET_BYTES,
						  (size_t)n - LINK_TICKET_BYTES},
				    why);
	}
}

enum mail_fate mail_over_pair(void *context, const struct mail_letter *l, char why[MAIL_WHY_BYTES])
{
	struct mail_pair *p = context;
	struct link_letter letter = {
		.from = l->from, .to = l->to, .n_head = l->n_head, .body = l->body};
	char ticket[LINK_TICKET_BYTES];
	enum mail_fate fate = MAIL_NEVER;
	struct buf packet;

	if (l->n_head > LINK_MAIL_HEADS)
		return fail(MAIL_NEVER, "letter", why);
	memcpy(letter.head, l->head, l->n_head * sizeof(*l->head));
	p->tickets++;
	memcpy(ticket, &p->tickets, sizeof(ticket));
	buf_init(&packet, (size_t)2 * LINK_MAIL_BYTES);
	buf_add(&packet, ticket, sizeof(ticket));
	if (!link_ask_mail(&packet, &letter))
		fate = fail(MAIL_NEVER, "letter", why);
	else if (send(p->fd, packet.p, packet.n, MSG_NOSIGNAL) != (ssize_t)packet.n)
		fate = fail(MAIL_LATER, "link", why);
	else
		fate = hear(p, ticket, why);
	buf_free(&packet);
	return fate;
}
