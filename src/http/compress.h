/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip of answers. Not everything: a page with a form carries a secret token beside words that a stranger may have chosen, and the length
 * of what is compressed would tell the token bit by bit (BREACH). So of HTML only what is kept by browsers, or has no form, is compressed;
 * answers to programs (JSON, CSV, XML, text) carry no secret of a session, since /api takes no cookie (trust.md S8).
 */
#ifndef HTTP_COMPRESS_H
#define HTTP_COMPRESS_H

#include "http/message.h"

/* Whether the answer is one that is compressed for who takes it: looked at once, and then known of it (r->zip). */
bool compress_may(struct response *r);
/* The bytes compressed, as its body, once; false: they may not be or did not get smaller, and are as they were. */
bool compress_gzip(struct response *r);

#endif
