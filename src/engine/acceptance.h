/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a delivery accepted (money.md R45)? Delivery starts `reject_within`; a rejection in time stops it until the next delivery; silence
 * decides at the first instant after the deadline. The client accepts and rejects; what the provider says of it counts once the client
 * accepts that fact, but a rejection that the provider reports counts at once.
 */
#ifndef ENGINE_ACCEPTANCE_H
#define ENGINE_ACCEPTANCE_H

#include "engine/charging.h"

struct acceptance_state {
	bool accepted, by_silence;
	bool rejected;        /* the last delivery was, in time */
	bool silence_accepts; /* by the terms of the last delivery */
	instant at;           /* of the acceptance; by silence: the deadline */
	instant deadline; /* of the last delivery; INSTANT_NONE: no delivery, or no reject_within */
	uint32_t delivered, decided; /* facts; NO_FACT */
};

/* Of a slot's milestone; empty: the charge itself, whose facts name it as `milestone` by the charge's id. */
enum rc acceptance_of(const struct charging *c, size_t slot, struct text milestone,
		      struct acceptance_state *out, struct err *err) MUST_USE;

#endif
