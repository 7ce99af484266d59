/* SPDX-License-Identifier: Apache-2.0 */
#include "link/link.h"

#include "base/arena.h"
#include "base/attr.h"
#include "time/instant.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	FDS_MAX = 256,
	FETCH_MS = 8 * 1000,
	KEPT_S = 600, /* what the issuer says of itself */
	SECRET_MAX = 1024,
	PATH_BYTES = 4096,
	URL_MAX = OUTSIDE_URL_MAX
};

/* --- packets --- */

void link_ask_way(struct buf *out)
{
	buf_char(out, 'w');
}

void link_ask_token(struct buf *out, struct text code, struct text verifier)
{
	buf_char(out, 't');
	buf_text(out, code);
	buf_char(out, '\0');
	buf_text(out, verifier);
}

static struct text until_nul(struct text t, struct text *rest)
{
	size_t n = 0;

	while (n < t.n && t.p[n] != '\0')
		n++;
	*rest = n < t.n ? text_sub(t, n + 1, t.n) : text_of("");
	return text_sub(t, 0, n);
}

bool link_answer(struct text packet, struct text *first, struct text *second)
{
	bool good = packet.n > 0 && packet.p[0] == '+';

	*first = until_nul(packet.n > 0 ? text_sub(packet, 1, packet.n) : text_of("link"), second);
	return good;
}

enum rc link_secret_there(struct arena *a, struct text path, struct err *err)
{
	struct stat st;

	if (stat(arena_copy(a, path.p, path.n), &st) != 0)
		return err_set(err, RC_MISSING, "'%.*s' cannot be read: %s", TEXT_ARG(path),
			       strerror(errno));
	if (S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= SECRET_MAX)
		return RC_OK;
	return err_set(err, RC_INVALID, "'%.*s' does not hold one secret of 1 to %d bytes",
		       TEXT_ARG(path), SECRET_MAX);
}

static bool read_secret(struct text path, char room[SECRET_MAX + 1], struct text *out)
{
	char name[PATH_BYTES];
	int fd, n;

	if (path.n == 0)
		return true;
	if (path.n >= sizeof(name))
		return false;
	(void)snprintf(name, sizeof(name), "%.*s", TEXT_ARG(path));
	fd = open(name, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : (int)read(fd, room, SECRET_MAX);
	if (fd >= 0)
		(void)close(fd);
	*out = text_trim((struct text){room, n < 0 ? 0 : (size_t)n});
	return out->n > 0;
}

/* --- fetching --- */

struct link {
	const struct link_options *o;
	struct outside outside;
	struct text secret;
	struct link_mail mail;
	char way[URL_MAX], token[URL_MAX], keys[URL_MAX]; /* what the issuer says of itself */
	time_t kept_at;                                   /* 0: nothing yet */
};

static bool http_allowed(const struct link_options *o)
{
	return o->named.n > 0 && text_starts(o->issuer, "http://");
}

/* form NULL: GET. The body lies in l->outside.body. */
static bool fetch(struct link *l, const char *url, const struct text *form, bool with_secret)
{
	struct outside_ask ask = {
		.url = url, .post = form, .most = OUTSIDE_ANSWER_BYTES, .within_ms = FETCH_MS};
	int status = 0;

	if (with_secret) {
		ask.user = l->o->client;
		ask.secret = l->secret;
	}
	return outside_fetch(&l->outside, &ask, &status) && status == 200;
}

static json_t *body_json(const struct link *l)
{
	json_error_t where;

	return json_loadb(l->outside.body.p, l->outside.body.n, JSON_REJECT_DUPLICATES, &where);
}

static bool keep_url(const struct link *l, const json_t *said, const char *key, char out[URL_MAX])
{
	const char *url = json_string_value(json_object_get(said, key));

	if (url == NULL || !outside_url(&l->outside, url))
		return false;
	(void)snprintf(out, URL_MAX, "%s", url);
	return true;
}

/* The issuer's own words, which must name it as it is configured. */
static bool discover(struct link *l)
{
	static const char path[] = ".well-known/openid-configuration";
	char url[URL_MAX];
	time_t now = time(NULL);
	json_t *said;
	bool good;

	if (l->kept_at != 0 && now - l->kept_at < KEPT_S && now >= l->kept_at)
		return true;
	(void)snprintf(url, sizeof(url), "%.*s%s%s", TEXT_ARG(l->o->issuer),
		       text_ends(l->o->issuer, "/") ? "" : "/", path);
	if (!outside_url(&l->outside, url) || !fetch(l, url, NULL, false))
		return false;
	said = body_json(l);
	good = said != NULL && json_is_string(json_object_get(said, "issuer")) &&
	       text_is(l->o->issuer, json_string_value(json_object_get(said, "issuer"))) &&
	       keep_url(l, said, "authorization_endpoint", l->way) &&
	       keep_url(l, said, "token_endpoint", l->token) &&
	       keep_url(l, said, "jwks_uri", l->keys);
	json_decref(said);
	l->kept_at = good ? now : 0;
	return good;
}

static void add_form(struct link *l, struct buf *out, const char *name, struct text value)
{
	buf_printf(out, "%s%s=", out->n > 0 ? "&" : "", name);
	outside_escape(&l->outside, value, out);
}

static bool get_token(struct link *l, struct text code, struct text verifier, struct buf *out)
{
	struct buf form;
	struct text whole;
	const char *token;
	json_t *said = NULL;
	bool good, secret = l->secret.n > 0;

	buf_init(&form, (size_t)16 << 10);
	add_form(l, &form, "grant_type", text_of("authorization_code"));
	add_form(l, &form, "code", code);
	add_form(l, &form, "redirect_uri", l->o->redirect);
	add_form(l, &form, "code_verifier", verifier);
	if (!secret)
		add_form(l, &form, "client_id", l->o->client);
	whole = buf_view(&form);
	good = !form.full && fetch(l, l->token, &whole, secret);
	buf_free(&form);
	if (good)
		said = body_json(l);
	token = json_string_value(json_object_get(said, "id_token"));
	if (token != NULL)
		buf_str(out, token);
	json_decref(said);
	return token != NULL;
}

static void failed(struct buf *out, const char *where)
{
	buf_clear(out);
	buf_char(out, '-');
	buf_str(out, where);
}

static void answer_mail(struct link *l, struct text asked, struct buf *out)
{
	struct link_letter letter;
	const char *why = "letter";
	int status = 0;

	if (l->mail.server.n > 0 && link_letter_read(asked, &letter))
		link_mail_send(&l->outside, &l->mail, &letter, &status, &why);
	buf_char(out, strcmp(why, "sent") == 0 ? '+' : '-');
	buf_str(out, why);
	buf_char(out, '\0');
	buf_i64(out, status);
}

static void answer(struct link *l, struct text asked, struct buf *out)
{
	struct text verifier, code = until_nul(text_sub(asked, 1, asked.n), &verifier);

	if (asked.p[0] == 'm') {
		answer_mail(l, asked, out);
		return;
	}
	buf_char(out, '+');
	if (!discover(l)) {
		failed(out, "discovery");
	} else if (asked.p[0] == 'w') {
		buf_str(out, l->way);
	} else if (asked.p[0] != 't' || !get_token(l, code, verifier, out)) {
		failed(out, "token");
	} else if (!fetch(l, l->keys, NULL, false)) {
		failed(out, "keys");
	} else {
		buf_char(out, '\0');
		buf_text(out, buf_view(&l->outside.body));
	}
}

/* --- the loop --- */

static void serve_one(struct link *l, int fd)
{
	char packet[LINK_TICKET_BYTES + LINK_MAIL_BYTES];
	ssize_t n = recv(fd, packet, sizeof(packet), MSG_DONTWAIT);
	struct buf out, whole;

	if (n <= LINK_TICKET_BYTES)
		return;
	buf_init(&out, LINK_PACKET_BYTES);
	buf_init(&whole, LINK_PACKET_BYTES + LINK_TICKET_BYTES);
	answer(l, (struct text){packet + LINK_TICKET_BYTES, (size_t)n - LINK_TICKET_BYTES}, &out);
	if (out.full)
		failed(&out, "large");
	buf_add(&whole, packet, LINK_TICKET_BYTES);
	buf_text(&whole, buf_view(&out));
	/* A worker that is gone, or whose pair is full, waits for nothing. */
	(void)send(fd, whole.p, whole.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	buf_free(&whole);
	buf_free(&out);
}

static void loop(struct link *l, struct pollfd *polled, size_t n)
{
	for (;;) {
		if (poll(polled, n, -1) < 0 && errno != EINTR)
			return;
		for (size_t i = 0; i < n; i++)
			if ((polled[i].revents & POLLIN) != 0)
				serve_one(l, polled[i].fd);
		/* Whoever started it has all of the other ends: it is gone, and so is who asks. */
		if ((polled[0].revents & POLLHUP) != 0)
			return;
	}
}

int link_run(const struct link_options *o, const int *fds, size_t n,
	     enum rc (*ready)(struct err *err), const char **refused)
{
	struct pollfd polled[FDS_MAX];
	struct link l = {.o = o, .mail = o->mail};
	struct err err = {.line = 0};
	char room[SECRET_MAX + 1], mail_room[SECRET_MAX + 1];

	*refused = "library";
	if (n > FDS_MAX || outside_load(&err) != RC_OK ||
	    !outside_init(&l.outside, o->named, http_allowed(o)))
		return 70;
	*refused = "secret";
	if (!read_secret(o->secret, room, &l.secret) ||
	    !read_secret(o->mail.secret, mail_room, &l.mail.secret))
		return 70;
	*refused = "jail";
	if (ready(&err) != RC_OK)
		return 70;
	*refused = NULL;
	for (size_t i = 0; i < n; i++)
		polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	loop(&l, polled, n);
	outside_clear(&l.outside);
	return 0;
}
