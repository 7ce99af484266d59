/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keeper (trust.md X1): what is too much for a worker it works out beside them, one after another, each in a process of its own with
 * the memory that a contract of millions of facts takes, so that no page waits behind another one's engine run. A worker hands it a
 * request over a socket pair and parks the connection; what comes back is the answer as the worker's own site would have given it.
 *
 * From worker to keeper a packet is a ticket of 8 bytes and the request (handed.h); back it is the ticket, what the rest is, and the rest.
 */
#ifndef HTTP_KEEPER_H
#define HTTP_KEEPER_H

#include "http/worker.h"

enum {
	KEEPER_TICKET_BYTES = 8,
	KEEPER_PIECE_BYTES = 64 << 10,
	KEEPER_PACKET_BYTES = KEEPER_TICKET_BYTES + 1 +
			      (128 << 10), /* no request that is handed over is longer */
	KEEPER_ANSWER_BYTES =
		RESPONSE_BODY_MAX + (1 << 20), /* of handed_response: its body, and the rest */
};

/* What the rest of a packet is. */
enum keeper_said {
	KEEPER_MORE, /* a piece of the answer, and more comes */
	KEEPER_LAST, /* its last piece */
	KEEPER_BUSY, /* none: too much is asked for already, or this took too long, or went wrong */
	KEEPER_LARGE, /* none: not even the keeper has the memory */
};

/* Its whole life, in its own process: fds are its ends of the workers' socket pairs. context: the server. */
int keeper_run(void *context, const int *fds, size_t n);

#endif
