/* SPDX-License-Identifier: Apache-2.0 */
/* What the server bears (trust.md X5), in one place. Each is tested at the limit and one beyond it. */
#ifndef HTTP_LIMITS_H
#define HTTP_LIMITS_H

enum {
	LIMIT_ARENA_BYTES = 32 << 20,   /* of one request; beyond it the worker ends (X2) */
	LIMIT_WORKER_BYTES = 512 << 20, /* resident; beyond it a worker is replaced */
	LIMIT_CONNECTIONS = 4096,       /* of one worker */
	LIMIT_STREAMS =
		2000, /* answers that stay open, of all workers (S16): less than half the connections of one */
	LIMIT_STREAMS_OF_ONE = 4, /* of one session */

	LIMIT_HEAD_BYTES = 16 << 10, /* request line and fields: 431 */
	LIMIT_HEAD_FIELDS = 64,      /* 431 */
	LIMIT_TARGET_BYTES = 8190,   /* 414 */
	LIMIT_PARAMETERS = 256,      /* of a query or a form: 400 */
	LIMIT_SEGMENTS = 16,         /* of a path: 404, no route has as many */
	LIMIT_LENGTH_DIGITS = 15,    /* of Content-Length: 400 */

	LIMIT_BODY_BYTES = 1 << 20, /* 413 */
	/* multipart/form-data, and a file that is a body: one of 25 MiB (S23) and what stands around it; 413 */
	LIMIT_UPLOAD_BYTES = (25 << 20) + (64 << 10),
	LIMIT_PIECE_BYTES =
		4 << 20, /* of lines that are taken in pieces (J27): of one, and of one line; 413 */
	LIMIT_PIECE_LINES = 8000,        /* of one piece */
	LIMIT_STREAM_BYTES = 256 << 20,  /* of all of them: 413 */
	LIMIT_UNSIGNED_BYTES = 64 << 10, /* any body of somebody who is not signed in: 413 */
	/* but a form, which may be of a session that ended while somebody typed; of all larger ones that a worker holds, and their answers: 503 */
	LIMIT_LATE_BYTES = 8 << 20,
	LIMIT_BODIES_BYTES = 128 << 20,  /* all bodies that one worker holds at a time: 503 */
	LIMIT_PARTS = 64,                /* of a multipart body */

	LIMIT_HEAD_MS = 10 * 1000, /* from the first moment of a connection to its whole head */
	LIMIT_KEEP_ALIVE_S = 30,   /* without a byte */
	LIMIT_SLOW_BYTES_S =
		1024, /* a body, or the taking of an answer, at least; after a grace of LIMIT_HEAD_MS */
	LIMIT_DRAIN_MS = 10 * 1000,
	LIMIT_ASK_MS =
		20 * 1000, /* that a connection waits for the process that connects out (X1) */
	LIMIT_HEAVY_MS = 55 * 1000, /* for the keeper, and that it works at one answer */

	LIMIT_HASHES = 2,               /* of passwords, at a time on this host (S5) */
	LIMIT_HASHES_PARKED = 20,       /* sign-ins that wait for it; one more is told 429 */
	LIMIT_HASH_WAIT_MS = 10 * 1000, /* that one waits at most; then 429 */

	LIMIT_ROWS = 1000, /* of a page */

	COMPRESS_FROM_BYTES = 1024
};

#endif
