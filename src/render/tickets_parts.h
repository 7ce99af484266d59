/* SPDX-License-Identifier: Apache-2.0 */
/* What the list of tickets and one ticket share. Private to tickets.c and ticket_page.c. */
#ifndef RENDER_TICKETS_PARTS_H
#define RENDER_TICKETS_PARTS_H

#include "render/json_parts.h"
#include "render/reason.h"
#include "render/tickets.h"

struct report *ticket_report(struct arena *a, const struct outcome *o, const struct language *l);
struct phrase desk_state_words(struct doc *d, enum desk_state s);
/* What the contract covers, what would cost extra, how much of it is free (ticket_cover.c). */
void cover_section(struct report *r, const struct ticket_page *p);
void json_cover(struct json *j, struct report *r, const struct ticket_page *p);
void json_ticket_row(struct json *j, struct report *r, const struct ticket_row *x);

#endif
