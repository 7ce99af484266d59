/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that sleep: for the process that connects out, for a place to hash at, for the keeper. */
#include "http/worker_parts.h"

#include "http/clock.h"
#include "http/handed.h"
#include "http/keeper.h"
#include "http/limits.h"
#include "http/linked.h"
#include "http/mhd_calls.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum { TICKET_BYTES = 8, PACKET_BYTES = 160 << 10 };

_Static_assert((int)TICKET_BYTES == (int)KEEPER_TICKET_BYTES, "both processes are told a ticket");

bool conn_has_left(const struct conn *c)
{
	char one;

	ssize_t n = recv(c->fd, &one, 1, MSG_PEEK | MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static void sleep_for(struct worker *w, struct conn *c, struct MHD_Connection *connection,
		      enum wait what, int64_t most_ms)
{
	c->waits_for = what;
	c->waits = connection;
	c->waits_since_ms = steady_ms();
	c->wait_until_ms = c->waits_since_ms + most_ms;
	w->n_waiting[what]++;
	MHD_suspend_connection(connection);
}

/* The library then calls on_request once more. */
static void wake(struct worker *w, struct conn *c)
{
	struct MHD_Connection *connection = c->waits;

	w->n_waiting[c->waits_for]--;
	c->waits_for = WAIT_NOTHING;
	c->waits = NULL;
	c->since_ms = steady_ms();
	MHD_resume_connection(connection);
}

static bool hand_over(const struct worker *w, int to, uint64_t ticket, struct text what)
{
	struct buf packet;
	ssize_t sent = -1;

	buf_init(&packet, PACKET_BYTES);
	buf_add(&packet, (const char *)&ticket, TICKET_BYTES);
	buf_text(&packet, what);
	if (to >= 0 && !w->draining && !packet.full)
		sent = send(to, packet.p, packet.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	buf_free(&packet);
	return sent >= 0;
}

static struct conn *who_waits(const struct worker *w, enum wait what, struct text packet)
{
	uint64_t ticket;

	if (packet.n < TICKET_BYTES)
		return NULL;
	memcpy(&ticket, packet.p, TICKET_BYTES);
	for (struct conn *c = w->open; c != NULL; c = c->next)
		if (c->waits_for == what && c->ticket == ticket)
			return c;
	return NULL;
}

/* --- for the process that connects out --- */

static void told(struct worker *w, struct conn *c, struct text answer)
{
	call_told(c->call, answer);
	wake(w, c);
}

static void ask(struct worker *w, struct conn *c, struct MHD_Connection *connection)
{
	c->ticket = ++w->tickets;
	sleep_for(w, c, connection, WAIT_LINK, LIMIT_ASK_MS);
	if (!hand_over(w, w->link, c->ticket, c->call->r.ask))
		told(w, c, text_of(""));
}

static void hear_link(struct worker *w)
{
	static char room[PACKET_BYTES];
	ssize_t n;

	while (w->n_waiting[WAIT_LINK] > 0 && w->link >= 0 &&
	       (n = recv(w->link, room, sizeof(room), MSG_DONTWAIT)) > 0) {
		struct text packet = {room, (size_t)n};
		struct conn *c = who_waits(w, WAIT_LINK, packet);

		if (c != NULL)
			told(w, c, text_sub(packet, TICKET_BYTES, packet.n));
	}
}

/* --- for a place to hash a password at (trust.md S5) --- */

static struct places *places_of(const struct worker *w)
{
	return &w->server->shared->places;
}

void waiting_place_back(struct worker *w, struct conn *c)
{
	if (c->placed)
		places_done(places_of(w), w->slot);
	c->placed = false;
}

/* It goes on: with a place, refused, or because the client went. */
static void placed(struct worker *w, struct conn *c, enum hashing how)
{
	places_leave(places_of(w), c->place);
	call_placed(c->call, how);
	wake(w, c);
}

/* One hash in a turn of the loop, so that others are served before the next. false: to be answered at once, with a place or refused. */
static bool park(struct worker *w, struct conn *c, struct MHD_Connection *connection)
{
	if (!w->hashed && places_take(places_of(w), w->slot, 0, steady_ms())) {
		c->placed = true;
		call_placed(c->call, HASHING_NOW);
		return false;
	}
	if (w->draining || !places_wait(places_of(w), w->slot, &c->place, &c->ticket)) {
		call_placed(c->call, HASHING_REFUSED);
		return false;
	}
	sleep_for(w, c, connection, WAIT_PLACE, LIMIT_HASH_WAIT_MS);
	return true;
}

static void look_for_place(struct worker *w, int64_t now)
{
	struct conn *first = NULL;

	for (struct conn *c = w->open; c != NULL; c = c->next)
		if (c->waits_for == WAIT_PLACE && (first == NULL || c->ticket < first->ticket))
			first = c;
	if (first == NULL || !places_take(places_of(w), w->slot, first->ticket, now))
		return;
	first->placed = w->hashed = true;
	placed(w, first, HASHING_NOW);
}

/* --- for the keeper --- */

static void alone(struct worker *w, struct conn *c, enum heavy how)
{
	buf_free(&c->pieces);
	call_alone(c->call, how);
	wake(w, c);
}

/* false: to be answered at once, without it. */
static bool ask_keeper(struct worker *w, struct conn *c, struct MHD_Connection *connection)
{
	struct buf asked;
	bool taken;

	c->ticket = ++w->tickets;
	buf_init(&asked, KEEPER_PACKET_BYTES - KEEPER_TICKET_BYTES);
	handed_request(&c->call->q, &asked);
	taken = !asked.full && hand_over(w, w->keeper, c->ticket, buf_view(&asked));
	buf_free(&asked);
	if (!taken) {
		call_alone(c->call, HEAVY_BUSY);
		return false;
	}
	buf_init(&c->pieces, KEEPER_ANSWER_BYTES);
	sleep_for(w, c, connection, WAIT_KEEPER, LIMIT_HEAVY_MS);
	return true;
}

static void take_piece(struct worker *w, struct conn *c, int said, struct text piece)
{
	buf_text(&c->pieces, piece);
	if (said == KEEPER_MORE && !c->pieces.full)
		return;
	if (said != KEEPER_LAST || c->pieces.full) {
		alone(w, c, said == KEEPER_LARGE ? HEAVY_LARGE : HEAVY_BUSY);
		return;
	}
	call_handed(c->call, buf_view(&c->pieces), steady_ms() - c->waits_since_ms);
	buf_free(&c->pieces);
	wake(w, c);
}

static void hear_keeper(struct worker *w)
{
	static char room[KEEPER_PACKET_BYTES];
	ssize_t n;

	while (w->n_waiting[WAIT_KEEPER] > 0 && w->keeper >= 0 &&
	       (n = recv(w->keeper, room, sizeof(room), MSG_DONTWAIT)) > 0) {
		struct text packet = {room, (size_t)n};
		struct conn *c = who_waits(w, WAIT_KEEPER, packet);

		if (c != NULL && packet.n > TICKET_BYTES)
			take_piece(w, c, packet.p[TICKET_BYTES],
				   text_sub(packet, TICKET_BYTES + 1, packet.n));
	}
}

/* --- all of them --- */

bool waiting_begin(struct worker *w, struct conn *c, struct MHD_Connection *connection, bool *again)
{
	const struct call *call = c->call;

	*again = true;
	if (call_hashes(call))
		return park(w, c, connection);
	if (call_heavy(call))
		return ask_keeper(w, c, connection);
	*again = false;
	if (!call_asks(call))
		return false;
	waiting_place_back(w, c);
	ask(w, c, connection);
	return true;
}

bool waiting_any(const struct worker *w)
{
	size_t n = 0;

	for (size_t i = 0; i < WAIT_KINDS; i++)
		n += w->n_waiting[i];
	return n > 0;
}

static void give_up(struct worker *w, struct conn *c)
{
	if (c->waits_for == WAIT_LINK)
		told(w, c, text_of(""));
	else if (c->waits_for == WAIT_PLACE)
		placed(w, c, HASHING_REFUSED);
	else if (c->waits_for == WAIT_KEEPER)
		alone(w, c, HEAVY_BUSY);
}

void waiting_look(struct worker *w, int64_t now)
{
	hear_link(w);
	hear_keeper(w);
	for (struct conn *c = w->open; c != NULL; c = c->next) {
		if (c->waits_for == WAIT_NOTHING)
			continue;
		c->left = c->waits_for != WAIT_LINK && conn_has_left(c);
		if (c->left || now >= c->wait_until_ms)
			give_up(w, c);
	}
	look_for_place(w, now);
}

void waiting_drain(struct worker *w, struct conn *c, int64_t now, int64_t most_ms)
{
	if (c->waits_for == WAIT_LINK)
		told(w, c, text_of(""));
	else if (c->wait_until_ms > now + most_ms / 2)
		c->wait_until_ms = now + most_ms / 2;
}

void waiting_end(struct worker *w)
{
	for (struct conn *c = w->open; c != NULL; c = c->next)
		give_up(w, c);
}
