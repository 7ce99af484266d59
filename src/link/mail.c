/* SPDX-License-Identifier: Apache-2.0 */
#include "link/mail.h"

#include "base/attr.h"
#include "link/curl_calls.h"
#include "link/egress.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { ADDRESS_BYTES = 260, FIELD_BYTES = 2048 };

/* --- the packet: m, from, to, head lines, an empty one, body; apart by NUL --- */

/* S22: one line, which may go on in the next where that begins with a blank. */
static bool line_ok(struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '\r' && i + 2 < t.n && t.p[i + 1] == '\n' && t.p[i + 2] == ' ') {
			i += 2;
			continue;
		}
		if ((unsigned char)t.p[i] < ' ' || t.p[i] == 0x7f)
			return false;
	}
	return t.n > 0 && t.n < FIELD_BYTES;
}

/* Between brackets: nothing that ends one, or a line. */
static bool address_ok(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] <= ' ' || t.p[i] >= 0x7f || t.p[i] == '<' || t.p[i] == '>')
			return false;
	return t.n > 0 && t.n + 2 < ADDRESS_BYTES;
}

static bool letter_ok(const struct link_letter *l)
{
	bool good = address_ok(l->from) && address_ok(l->to) && l->n_head <= LINK_MAIL_HEADS &&
		    l->body.n > 0 && memchr(l->body.p, '\0', l->body.n) == NULL;

	for (size_t i = 0; good && i < l->n_head; i++)
		good = line_ok(l->head[i]);
	return good;
}

bool link_ask_mail(struct buf *out, const struct link_letter *l)
{
	if (!letter_ok(l))
		return false;
	buf_char(out, 'm');
	buf_text(out, l->from);
	buf_char(out, '\0');
	buf_text(out, l->to);
	buf_char(out, '\0');
	for (size_t i = 0; i < l->n_head; i++) {
		buf_text(out, l->head[i]);
		buf_char(out, '\0');
	}
	buf_char(out, '\0');
	buf_text(out, l->body);
	return !out->full && out->n <= LINK_MAIL_BYTES;
}

bool link_letter_read(struct text packet, struct link_letter *out)
{
	struct link_letter l = {.n_head = 0};
	struct text line, rest = text_sub(packet, 1, packet.n);

	rest = text_cut(rest, '\0', &l.from);
	rest = text_cut(rest, '\0', &l.to);
	for (rest = text_cut(rest, '\0', &line); line.n > 0; rest = text_cut(rest, '\0', &line)) {
		if (l.n_head == LINK_MAIL_HEADS)
			return false;
		l.head[l.n_head++] = line;
	}
	l.body = rest;
	if (!letter_ok(&l))
		return false;
	*out = l;
	return true;
}

/* --- sending --- */

struct sending {
	struct outside *o;
	const struct link_mail *m;
	struct outside_way way;
	char url[OUTSIDE_URL_MAX], from[ADDRESS_BYTES], to[ADDRESS_BYTES];
	char user[ADDRESS_BYTES], secret[FIELD_BYTES];
	char fields[LINK_MAIL_HEADS][FIELD_BYTES];
	struct curl_slist heads[LINK_MAIL_HEADS], rcpt;
	struct buf body;
};

static bool put(char *out, size_t room, struct text t)
{
	return snprintf(out, room, "%.*s", TEXT_ARG(t)) < (int)room;
}

static bool fields(struct sending *s, const struct link_letter *l)
{
	bool good = put(s->url, sizeof(s->url), s->m->server) &&
		    put(s->user, sizeof(s->user), s->m->user) &&
		    put(s->secret, sizeof(s->secret), s->m->secret);

	(void)snprintf(s->from, sizeof(s->from), "<%.*s>", TEXT_ARG(l->from));
	(void)snprintf(s->to, sizeof(s->to), "<%.*s>", TEXT_ARG(l->to));
	s->rcpt = (struct curl_slist){s->to, NULL};
	for (size_t i = 0; good && i < l->n_head; i++) {
		good = put(s->fields[i], sizeof(s->fields[i]), l->head[i]);
		s->heads[i] = (struct curl_slist){s->fields[i],
						  i + 1 < l->n_head ? &s->heads[i + 1] : NULL};
	}
	/* what a server must be given: lines end in both */
	for (size_t i = 0; i < l->body.n; i++) {
		if (l->body.p[i] == '\n')
			buf_char(&s->body, '\r');
		buf_char(&s->body, l->body.p[i]);
	}
	return good && !s->body.full;
}

static bool set_out(struct sending *s)
{
	CURL *c = s->o->curl;

	s->way = (struct outside_way){s->url, "smtp,smtps", LINK_MAIL_MS, s->m->named,
				      egress_allows};
	return outside_way(s->o, &s->way) &&
	       curl_easy_setopt(c, CURLOPT_USE_SSL,
				s->m->plain ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL) ==
		       CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK;
}

static bool with_login(struct sending *s)
{
	return s->m->user.n == 0 ||
	       (curl_easy_setopt(s->o->curl, CURLOPT_USERNAME, s->user) == CURLE_OK &&
		curl_easy_setopt(s->o->curl, CURLOPT_PASSWORD, s->secret) == CURLE_OK);
}

static bool with_letter(struct sending *s, curl_mime *mime)
{
	CURL *c = s->o->curl;
	curl_mimepart *part = mime == NULL ? NULL : curl_mime_addpart(mime);

	return part != NULL && curl_mime_data(part, s->body.p, s->body.n) == CURLE_OK &&
	       curl_mime_type(part, "text/plain; charset=utf-8") == CURLE_OK &&
	       curl_mime_encoder(part, "quoted-printable") == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_MIMEPOST, mime) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_HTTPHEADER, s->heads) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_MAIL_FROM, s->from) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_MAIL_RCPT, &s->rcpt) == CURLE_OK;
}

static const char *why_not(CURLcode code, int status)
{
	switch ((int)code) {
	case CURLE_OK:
		return "sent";
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return "connect";
	case CURLE_USE_SSL_FAILED:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return "tls";
	case CURLE_LOGIN_DENIED:
		return "login";
	case CURLE_OPERATION_TIMEDOUT:
		return "time";
	default:
		return status >= 400 ? "answer" : "lost";
	}
}

void link_mail_send(struct outside *o, const struct link_mail *m, const struct link_letter *l,
		    int *status, const char **why)
{
	static struct sending s;
	curl_mime *mime;
	long said = 0;

	*status = 0;
	*why = "letter";
	s = (struct sending){.o = o, .m = m};
	buf_init(&s.body, (size_t)2 * LINK_MAIL_BYTES);
	curl_easy_reset(o->curl);
	mime = curl_mime_init(o->curl);
	if (fields(&s, l) && set_out(&s) && with_login(&s) && with_letter(&s, mime)) {
		CURLcode code = curl_easy_perform(o->curl);

		(void)curl_easy_getinfo(o->curl, CURLINFO_RESPONSE_CODE, &said);
		*status = (int)said;
		*why = why_not(code, *status);
	}
	curl_easy_reset(o->curl);
	curl_mime_free(mime);
	buf_free(&s.body);
}
