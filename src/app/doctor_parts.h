/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the doctor share: what the entries of all logs say, gathered in the one pass over each. Private. */
#ifndef APP_DOCTOR_PARTS_H
#define APP_DOCTOR_PARTS_H

#include "app/doctor.h"
#include "journal/entry.h"

/* A blob that an entry names. */
struct named_blob {
	struct hash sha256;
	const char *what;
	struct text contract;
	int64_t index;
};

/* checkpoint_made of the install log (J1). */
struct noted_checkpoint {
	struct uuid log;
	int64_t size;
	struct hash root;
};

/* user_added and user_ended, as the install log has them (P8). */
struct noted_person {
	struct text id, roles, contract;
	bool ended;
};

/* The newest pin of a name (J2). */
struct noted_pin {
	struct text input, name, contract;
	struct hash sha256;
	bool has_bytes;
};

struct doctor {
	struct workspace *ws;
	struct checks *checks;
	struct named_blob *blobs;
	struct noted_checkpoint *made;
	struct noted_person *people;
	struct noted_pin *pins;
	size_t n_blobs, cap_blobs, n_made, cap_made, n_people, cap_people, n_pins, cap_pins;
	bool unopened; /* private texts that nobody could open, for want of keys */
};

/* "log northwind-2026", "install log" */
struct text doctor_log_name(struct arena *a, const struct log_head *log);
/* One log, in one pass. The install log first: it knows the checkpoints of the others. */
enum rc doctor_log(struct doctor *d, const struct log_head *log, struct err *err) MUST_USE;
enum rc doctor_slots(struct doctor *d, const struct log_head *log, int64_t declared,
		     struct err *err) MUST_USE;
/* Of one entry; *found how many of its slots are there. */
enum rc doctor_entry_slots(struct doctor *d, const struct log_head *log, const struct entry *e,
			   int64_t index, struct arena *a, int64_t *found,
			   struct err *err) MUST_USE;
enum rc doctor_erasures(struct doctor *d, struct err *err) MUST_USE;

#endif
