/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server (trust.md X1, X2, H1, O3): a master that binds and forks, workers that each run libmicrohttpd on the inherited socket in one
 * thread and lock themselves in before the first request, a listener for operation (live, ready, metrics). It knows requests, not pages:
 * a site answers them.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/message.h"

struct served_counts;
struct vitals;

struct site {
	void *context;
	size_t shared_bytes; /* zeroed memory that all workers share, given to start */
	/* In the master before any worker is forked: the address that people use, which start may need. NULL: not asked for. */
	void (*bound)(void *context, struct text base_url);
	/* In each worker before it is locked in, and for each answer of the keeper: opens what stays open. worker counts from 0. */
	enum rc (*start)(void *context, void *shared, size_t worker, struct err *err);
	/* Answers; what a worker that is to end must know, it is told by server_disk_failed. */
	void (*handle)(void *context, const struct request *q, struct response *r);
	/* A request that handle found heavy was answered by the keeper, which took so long. NULL: nobody wants to know. */
	void (*given)(void *context, const struct request *q, const struct response *r,
		      int64_t took_ms);
	/*
	 * Once the head is there, before the body: how many bytes it may have. The path is decoded, query and cookies are read; the body is
	 * empty. *late: more than LIMIT_UNSIGNED_BYTES come of somebody unknown, and all such bodies share LIMIT_LATE_BYTES. NULL:
	 * server_body_max.
	 */
	size_t (*body_max)(void *context, const struct request *q, bool *late);
	/* Does it take the lines of this request in pieces (message.h), and so LIMIT_STREAM_BYTES of them? NULL: of none. */
	bool (*in_pieces)(void *context, const struct request *q);
	/* O3: RC_OK, or why not: "clock", "frozen", "store". */
	enum rc (*ready)(void *context, struct err *err);
	/* O4: how the workspace is, when somebody asks; false: it cannot be looked at. NULL: there is none. */
	bool (*vitals)(void *context, struct vitals *out);
	/*
	 * Once a second while answers stay open (response.stream): tick for what they have in common, then more for each, which adds what is
	 * new to out, in an arena for this call alone. false: the answer ends. Neither is called where no answer stays open.
	 */
	void (*tick)(void *context, struct arena *a, instant now);
	bool (*more)(void *context, struct arena *a, const struct request *q, void *stream,
		     instant now, struct buf *out);
	/*
	 * Every few seconds in a process of its own, locked in like a worker, where something connects out: does what is due, over a pair of
	 * sockets to the process that connects out. NULL: nothing ever is.
	 */
	void (*due)(void *context, int link);
	/* The same less often and whether or not something connects out, the first time at once: brings on what requests leave behind. */
	void (*tidy)(void *context);
	void (*stop)(void *context);
	/* Folders and files a worker may reach once it is locked in (X4). */
	const struct text *writable, *readable;
	size_t n_writable, n_readable;
};

struct server_options {
	struct text listen;         /* "127.0.0.1:8440", "[::1]:8440"; port 0: the system chooses */
	struct text ops_listen;     /* the same on loopback, or empty: none */
	struct text base_url;       /* empty: http:// and the address listened on; S1 */
	const struct text *aliases; /* further hosts it answers to */
	size_t n_aliases;
	const struct text *proxies; /* addresses whose X-Forwarded-For counts */
	size_t n_proxies;
	size_t workers; /* 1 and up */
	bool no_jail;   /* dev builds only */
	bool no_keeper; /* nothing is too much for a worker (response.heavy) */
	/* What runs in the process that connects out, with its ends of socket pairs; NULL: nothing connects out, and there is none. */
	int (*link)(void *context, const int *fds, size_t n);
	void *link_context;
	/* Called in the master once the socket listens, with the address that it has. */
	void (*listening)(void *context, struct text base_url);
	void *listening_context;
};

/*
 * Serves until SIGTERM or SIGINT (drains: at most 10 s), SIGHUP replaces the workers one by one. A worker that dies is forked again (at
 * most once a second after 5 deaths in 10 s). Returns RC_OK after an orderly end; RC_USAGE for a base_url that is not allowed or an
 * address that cannot be listened on. RC_IO: a write failed in a worker (D3), the process is to exit 74.
 */
enum rc server_run(struct arena *a, const struct server_options *o, const struct site *site,
		   struct err *err) MUST_USE;

/* LIMIT_BODY_BYTES; of multipart/form-data LIMIT_UPLOAD_BYTES. */
size_t server_body_max(const struct request *q);

/* Told by handlers for metrics and log. A failed sync or SQLITE_IOERR: nothing is acknowledged any more, all processes end (D3). */
void server_disk_failed(void);
/* What waits in the outbox: how many, and since when (n 0: not looked at): tenor_outbox_depth, tenor_outbox_oldest_seconds. */
void server_outbox(int64_t n, instant oldest);
/* n facts of this kind (a word of facts.def) were recorded: tenor_facts_total. */
void server_facts_recorded(const char *kind, size_t n);
/* Both for the calls of a site (app.h). */
extern const struct served_counts server_counts;

#endif
