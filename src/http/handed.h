/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request and its answer as bytes, from one process of a server to another (keeper.h). Both come from this program; they are read with
 * care all the same, since a process that was broken into is one of the two. Numbers are little-endian; each text has its length in front.
 */
#ifndef HTTP_HANDED_H
#define HTTP_HANDED_H

#include "http/message.h"

/* Bytes at the front of a request that say when and under which name it was asked; two requests that differ in these alone ask the same. */
enum { HANDED_OWN_BYTES = REQUEST_ID_TEXT + 8 };

void handed_request(const struct request *q, struct buf *out);
/* Into memory of a; the segments are those of the path. false: these are not such bytes. */
bool handed_request_read(struct arena *a, struct text bytes, struct request *out) MUST_USE;

void handed_response(const struct response *r, struct buf *out);
/* Into r->arena, the body into r->body; r as it was made for the request. false: these are not such bytes, and r is not to be used. */
bool handed_response_read(struct text bytes, struct response *r) MUST_USE;

#endif
