/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two ends of the bench of the server:
 *
 *	bench_http bare DB                     the least that libmicrohttpd does: one read of SQLite and a page of 5 kB, in one thread;
 *	                                       prints its port, ends on SIGTERM or after ten minutes
 *	bench_http load PORT TARGET CONNECTIONS SECONDS [FIELD...]
 *	                                       asks on so many connections, each anew as soon as it is answered; prints figures
 */
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PAGE_BYTES = 5000, CONNECTIONS_MAX = 4096, SECONDS_MAX = 120, SAMPLES_MAX = 4000000 };

static int64_t now_us(void)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int fail(const char *what)
{
	perror(what);
	return 1;
}

/* --- the bare server --- */

static volatile sig_atomic_t ended;

static void on_end(int number)
{
	(void)number;
	ended = 1;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *n, void **context)
{
	sqlite3_stmt *read = (sqlite3_stmt *)cls;
	static char page[PAGE_BYTES + 1];
	static int seen;
	struct MHD_Response *r;
	enum MHD_Result said;
	int wrote;

	(void)url;
	(void)method;
	(void)version;
	(void)data;
	(void)n;
	if (*context == NULL) {
		*context = &seen;
		return MHD_YES;
	}
	(void)sqlite3_reset(read);
	if (sqlite3_step(read) != SQLITE_ROW)
		return MHD_NO;
	wrote = snprintf(page, sizeof(page), "<p>%lld</p>",
			 (long long)sqlite3_column_int64(read, 0));
	(void)sqlite3_reset(read);
	memset(page + wrote, 'x', (size_t)(PAGE_BYTES - wrote));
	r = MHD_create_response_from_buffer(PAGE_BYTES, page, MHD_RESPMEM_MUST_COPY);
	if (r == NULL)
		return MHD_NO;
	(void)MHD_add_response_header(r, "Content-Type", "text/html; charset=utf-8");
	said = MHD_queue_response(connection, 200, r);
	MHD_destroy_response(r);
	return said;
}

static int bare(const char *path)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	struct sigaction end = {.sa_flags = 0};
	sqlite3 *db = NULL;
	sqlite3_stmt *read = NULL;
	struct MHD_Daemon *d;
	int64_t until = now_us() + INT64_C(600000000);

	end.sa_handler = on_end;
	(void)sigaction(SIGTERM, &end, NULL);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "SELECT v FROM t WHERE k = 500", -1, &read, NULL) != SQLITE_OK)
		return fail(path);
	d = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_TURBO, 0, NULL, NULL, on_request, read,
			     MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_CONNECTION_LIMIT, 4096U,
			     MHD_OPTION_END);
	if (d == NULL)
		return fail("libmicrohttpd");
	printf("%u\n", (unsigned)MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
	(void)fflush(stdout);
	while (!ended && now_us() < until)
		(void)MHD_run_wait(d, 250);
	MHD_stop_daemon(d);
	(void)sqlite3_finalize(read);
	(void)sqlite3_close(db);
	return 0;
}

/* --- the load --- */

struct client {
	int fd;
	size_t sent, got, wanted; /* wanted 0: the head is not whole yet */
	int64_t began_us;
	char head[16384];
};

struct load {
	struct client *clients;
	size_t n;
	int epoll;
	struct sockaddr_in to;
	char request[8192];
	size_t request_n;
	uint32_t *samples; /* microseconds of each answer */
	size_t n_samples;
	uint64_t answers, wrong, reconnects, bytes;
};

static bool start(struct load *l, struct client *c)
{
	struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (c->fd < 0)
		return false;
	c->sent = c->got = c->wanted = 0;
	c->began_us = now_us();
	if (connect(c->fd, (const struct sockaddr *)&l->to, sizeof(l->to)) != 0 &&
	    errno != EINPROGRESS)
		return false;
	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e) == 0;
}

static bool again(struct load *l, struct client *c)
{
	(void)close(c->fd);
	l->reconnects++;
	return start(l, c);
}

static void send_more(struct load *l, struct client *c)
{
	while (c->sent < l->request_n) {
		ssize_t n = send(c->fd, l->request + c->sent, l->request_n - c->sent, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		c->sent += (size_t)n;
	}
}

/* Where the answer ends, once its head is whole. */
static void read_head(struct load *l, struct client *c, size_t have)
{
	struct text head = {c->head, have}, rest = head, line;
	int64_t length = 0;
	size_t used = 0;

	while (used < have) {
		size_t end = text_find(head, '\n', used);

		if (end == have)
			return;
		line = text_trim(text_sub(head, used, end));
		if (used == 0 && !text_starts(line, "HTTP/1.1 200"))
			l->wrong++;
		used = end + 1;
		if (line.n == 0) {
			c->wanted = used + (size_t)length;
			return;
		}
		rest = text_cut(line, ':', &line);
		if (text_eq_nocase(line, text_of("content-length")))
			(void)text_digits(text_trim(rest), &length);
	}
}

static void answered(struct load *l, struct client *c)
{
	int64_t now = now_us();

	if (l->n_samples < SAMPLES_MAX)
		l->samples[l->n_samples++] = (uint32_t)(now - c->began_us);
	l->answers++;
	l->bytes += c->got;
	c->sent = c->got = c->wanted = 0;
	c->began_us = now;
	send_more(l, c);
}

static bool receive(struct load *l, struct client *c)
{
	static char scrap[262144];

	for (;;) {
		bool in_head = c->wanted == 0;
		size_t room = in_head ? sizeof(c->head) - c->got : sizeof(scrap);
		ssize_t n = recv(c->fd, in_head ? c->head + c->got : scrap, room, 0);

		if (n < 0 && errno == EAGAIN)
			return true;
		if (n <= 0)
			return again(l, c);
		c->got += (size_t)n;
		if (in_head)
			read_head(l, c, c->got);
		if (c->wanted == 0 && c->got == sizeof(c->head))
			return false;
		if (c->wanted > 0 && c->got >= c->wanted)
			answered(l, c);
	}
}

static int by_size(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

static void print_figures(struct load *l, int64_t took_us)
{
	qsort(l->samples, l->n_samples, sizeof(*l->samples), by_size);
	printf("requests_per_s %.0f\n", (double)l->answers * 1e6 / (double)took_us);
	for (size_t i = 0; i < 3 && l->n_samples > 0; i++) {
		static const struct {
			const char *name;
			size_t of_1000;
		} parts[] = {{"p50_us", 500}, {"p99_us", 990}, {"p999_us", 999}};

		printf("%s %u\n", parts[i].name,
		       (unsigned)l->samples[(l->n_samples - 1) * parts[i].of_1000 / 1000]);
	}
	printf("wrong %llu\nreconnects %llu\nmegabytes_per_s %.1f\n", (unsigned long long)l->wrong,
	       (unsigned long long)l->reconnects, (double)l->bytes / (double)took_us);
}

static bool prepare(struct load *l, char **words)
{
	int64_t port = 0, n = 0;

	if (!text_digits(text_of(words[0]), &port) || !text_digits(text_of(words[2]), &n) ||
	    n < 1 || n > CONNECTIONS_MAX)
		return false;
	l->to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	l->to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	l->n = (size_t)n;
	l->request_n =
		(size_t)snprintf(l->request, sizeof(l->request),
				 "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n", words[1], words[0]);
	for (size_t i = 4; words[i] != NULL && l->request_n < 4096; i++)
		l->request_n +=
			(size_t)snprintf(l->request + l->request_n,
					 sizeof(l->request) - l->request_n, "%s\r\n", words[i]);
	l->request_n += (size_t)snprintf(l->request + l->request_n,
					 sizeof(l->request) - l->request_n, "\r\n");
	l->epoll = epoll_create1(0);
	return l->epoll >= 0 && l->request_n < sizeof(l->request);
}

static int load(char **words)
{
	struct arena *a = arena_new((size_t)256 << 20);
	struct load *l = arena_one(a, struct load);
	struct epoll_event events[256];
	int64_t seconds = 0, began, until;

	if (!text_digits(text_of(words[3]), &seconds) || seconds < 1 || seconds > SECONDS_MAX ||
	    !prepare(l, words))
		return 64;
	l->clients = arena_array(a, struct client, l->n);
	l->samples = arena_array(a, uint32_t, SAMPLES_MAX);
	for (size_t i = 0; i < l->n; i++)
		if (!start(l, &l->clients[i]))
			return fail("connect");
	began = now_us();
	until = began + seconds * 1000000;
	while (now_us() < until) {
		int n = epoll_wait(l->epoll, events, (int)ARRAY_SIZE(events), 100);

		for (int i = 0; i < n; i++) {
			struct client *c = (struct client *)events[i].data.ptr;

			send_more(l, c);
			if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 &&
			    !receive(l, c))
				return fail("receive");
		}
	}
	print_figures(l, now_us() - began);

	int status = l->answers > 0 ? 0 : 1;

	arena_free(a);
	return status;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "bare") == 0)
		return bare(argv[2]);
	if (argc >= 6 && strcmp(argv[1], "load") == 0)
		return load(argv + 2);
	(void)fprintf(
		stderr,
		"usage: bench_http bare DB | load PORT TARGET CONNECTIONS SECONDS [FIELD...]\n");
	return 64;
}
