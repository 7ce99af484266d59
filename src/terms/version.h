/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contracts as the record keeps them: a version is its canonical form (contract-language.md CL-41, CL-42) and nothing else. Here
 * it is read back, given the salts that make a draft a version (CL-43), asked for the tables it depends on (CL-44, trust.md J2),
 * and held against the version it would follow (CL-50 to CL-56) as far as terms alone decide that. Who has approved what, and
 * what was recorded, is not known here.
 */
#ifndef TERMS_VERSION_H
#define TERMS_VERSION_H

#include "terms/tree.h"
#include "time/holidays.h"

/*
 * Reads the canonical form of a version into the same tree that its YAML gives, but for what the form leaves out: of a contact
 * there is `commit` instead of name, title, email, phone and salt, and `library_sha256` and `ics_sha256` stand as nodes beside what
 * they follow. context->load is asked for "sha256:<64 hex digits>" instead of the name of a calendar file; other bytes than those
 * are refused. What was read must seal to the same bytes, or it is refused: the form is the identity. Keys come in the order of the
 * table. Lines and columns are 0: there is no file to look into; those of an error are of the bytes (a form is one line).
 *
 * RC_INVALID (code of the finding, or "version.form"), RC_LIMIT. *out is set on success only; it is valid and no template.
 */
enum rc contract_read_canonical(struct arena *a, struct text name, struct text bytes,
				const struct terms_context *context, struct contract **out,
				struct err *err) MUST_USE;

/*
 * The same of a version that is kept under its hash, 64 hex digits: bytes that give it were sealed to it when it was made, and printing them
 * again to compare would take a third of the time of reading. Other bytes are read as above. The tree keeps views into the bytes, which
 * live as long as the arena.
 */
enum rc contract_read_sealed(struct arena *a, struct text name, struct text bytes,
			     struct text sha256, const struct terms_context *context,
			     struct contract **out, struct err *err) MUST_USE;

enum { CONTACT_SALT_BYTES = 16 };

/*
 * Asked once for each contact without salt: 16 bytes that nobody can guess. A caller that keeps the details of an earlier version
 * gives their salt again where path and details are the same, so that an amendment does not seem to change who the contacts are.
 */
struct salt_source {
	void *context;
	void (*fill)(void *context, struct text path, struct text details,
		     unsigned char salt[CONTACT_SALT_BYTES]);
};

/* What the caller keeps privately of a contact: commit = SHA-256(salt, details) is all that the version says of it. */
struct contact_secret {
	struct text path;      /* "parties.client.contacts.c1" */
	struct text party, id; /* "client", "c1" */
	struct text details;   /* canonical JSON of name, title, email, phone as present */
	unsigned char salt[CONTACT_SALT_BYTES];
	char commit[65];
	bool made; /* the salt came from the source, not from the file */
};

/*
 * Gives every contact of a valid contract a salt and seals it again, in place: canonical and hash change, the file it was read from
 * does not. *out: every contact that has details, in order of the file; of a contract read from its form there are none. RC_INVALID:
 * a template, or a hole: those are not sent (contract-language.md ST-3).
 */
enum rc contract_salt(struct arena *a, struct contract *c, const struct salt_source *salts,
		      const struct contact_secret **out, size_t *n, struct err *err) MUST_USE;

/* Tables that the engine uses and that are no terms (J2, CL-44). */
enum input_kind { INPUT_HOLIDAYS, INPUT_ICS, INPUT_LIBRARY, INPUT_ZONE };

struct contract_input {
	enum input_kind kind;
	struct text name;
	struct text bytes; /* empty for a zone: whoever has the file pins it */
	char sha256[65];   /* of the bytes; empty for a zone */
};

enum { HOLIDAY_YEARS = 10 };

/* "holidays", "ics", "library", "zone" */
const char *input_kind_name(enum input_kind kind);
/*
 * What the contract uses, by kind and name, each once. Holiday sets with their days from the beginning of the year of `from` to the
 * end of the tenth year after it. RC_MISSING: a calendar file cannot be read.
 */
enum rc contract_inputs(struct arena *a, const struct contract *c,
			const struct terms_context *context, day from,
			const struct contract_input **out, size_t *n, struct err *err) MUST_USE;
/*
 * The bytes by which a holiday set is pinned, canonical JSON of its days in the years [first, last]:
 * {"days":[{"date":"2026-01-01","name":"New Year's Day"},...],"first":2026,"last":2036,"set":"us_federal"}
 */
struct text holidays_bytes(struct arena *a, const struct holiday_set *s, int32_t first,
			   int32_t last);
/* Do pinned bytes say what this program would compute? RC_INVALID names the first day that differs. */
enum rc holidays_check(struct arena *a, struct text bytes, struct err *err) MUST_USE;

/* What goes before a version, and when it is approved. */
struct succession {
	const struct contract *
		head; /* the last version approved by both (CL-50); NULL: the first is asked about */
	instant head_effective;     /* the moment it takes or took effect */
	const struct text *earlier; /* hashes of the versions approved before the head */
	size_t n_earlier;
	instant approved_at; /* of the last approval, or now while it is not complete */
};

struct version_change {
	instant effective; /* of the version (CL-54), never before head_effective */
	bool dated; /* the version says so itself; else it takes effect when it is approved */
	bool minor; /* CL-52, computed; false for the first version */
	bool needs_back_test; /* CL-56 */
	struct duration back_test;
	bool retroactive; /* takes effect before the approval, which the head allows (CL-55) */
};

/*
 * May `next` be approved after the head? Both valid. Compare what was read from canonical forms: a contact's details and its
 * commitment are two things to a diff. RC_INVALID with the code:
 *   version.draft  a template, a hole, or a contact without salt (CL-43): it has no identity that can be approved
 *   amend.base     no amends.base, or one that is none of the approved versions; a first version that amends something; another
 *                  contract.id
 *   amend.stale    it amends a version that another has followed
 *   rule.currency  another currency than the head: one contract has one
 *   amend.order    takes effect before the head's date
 *   amend.late     approved after its effective date, and the head's rules are not retroactive (CL-51, CL-54)
 */
enum rc version_may_follow(struct arena *a, const struct terms_context *context,
			   const struct succession *s, const struct contract *next,
			   struct version_change *out, struct err *err) MUST_USE;

#endif
