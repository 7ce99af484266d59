/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only way to write HTML (STYLE.md): literals, escaped text, quoted attributes, checked addresses. A variable given to
 * html_raw or as the name of an attribute does not compile.
 */
#ifndef RENDER_MARKUP_H
#define RENDER_MARKUP_H

#include "base/buf.h"

#define html_raw(b, literal) buf_add((b), "" literal "", sizeof(literal) - 1)

/* Controls, and the marks with which text could show in another order than it is stored: on a page or a terminal. */
bool character_unsafe(uint32_t c);

/*
 * Escapes & < > " ' . Bytes that are not UTF-8, control characters and marks that turn the direction of writing become
 * U+FFFD, so no text can reach out of its place on the page.
 */
void html_text(struct buf *b, struct text t);

/* A blank, the name, and the escaped value in double quotes. */
#define html_attr(b, name, value) html_quoted((b), " " name "=\"", (value))
void html_quoted(struct buf *b, const char *opening, struct text value);

/* As html_attr, for an address: #fragment, /path, http:, https: or mailto:. Anything else becomes "#". */
#define html_url(b, name, value) html_quoted_url((b), " " name "=\"", (value))
void html_quoted_url(struct buf *b, const char *opening, struct text value);

#endif
