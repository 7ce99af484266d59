/* SPDX-License-Identifier: Apache-2.0 */
#include "app/contacts.h"

#include "app/own_entries.h"

enum rc contacts_of_version(struct workspace *ws, const struct log_head *log, int64_t index,
			    struct kept_contact v[SLOTS_MAX], size_t *n, struct err *err)
{
	struct own_entry version;
	const struct entry *e = &version.entry;
	enum rc rc = own_entry_read(ws, log, index, &version, err);

	*n = 0;
	for (size_t i = 0; rc == RC_OK && i < e->n_slots; i++) {
		struct slot_place place = {e->log, e->id, e->slots[i].name, e->slots[i].commit};
		struct stored_slot slot;

		rc = record_slot(ws->store, ws->arena, log->id, &e->id, e->slots[i].name, &slot,
				 err);
		if (rc == RC_OK)
			rc = keys_open_slot(ws->keys, ws->arena, e->slots[i].subject, &place,
					    slot.nonce, slot.cipher, v[*n].salt, &v[*n].details,
					    err);
		if (rc == RC_MISSING) {
			/* erased */
			err_clear(err);
			rc = RC_OK;
			continue;
		}
		v[*n].name = e->slots[i].name;
		v[(*n)++].commit = e->slots[i].commit;
	}
	return rc;
}
