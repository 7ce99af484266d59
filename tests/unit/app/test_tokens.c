/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of programs (trust.md S14, P2): their text, their scope, their end; and rights by roles (P3, S6). */
#include "access_fixture.h"

#include "base/json.h"

static struct text shown(struct bench *b)
{
	size_t at = 0;

	while (at < b->said.n && !text_starts(text_sub(b->said, at, b->said.n), "tnr_"))
		at++;
	return text_copy(b->arena, text_sub(b->said, at, at + TOKEN_TEXT));
}

/* --- the text --- */

static void texts(void)
{
	static const char *const bad[] = {
		"",
		"tnr_",
		"tnr_aaaaaaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"tnr_aaaaaaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"TNR_aaaaaaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"tnr_Aaaaaaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"tnr_aaaaaaaaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"tnr_aaaaaaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
		"tnr_aaaaaaaaaaaaaaa1_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	struct token_bytes t, back;
	char text[TOKEN_TEXT + 1];

	for (size_t i = 0; i < sizeof(t.look); i++)
		t.look[i] = (unsigned char)(7 * i + 1);
	for (size_t i = 0; i < sizeof(t.secret); i++)
		t.secret[i] = (unsigned char)(255 - 5 * i);
	token_print(&t, text);
	is_i64((int64_t)strlen(text), 73, "73 characters");
	ok(token_parse(text_of(text), &back) && memcmp(&t, &back, sizeof(t)) == 0,
	   "print, parse: %s", text);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(!token_parse(text_of(bad[i]), &back), "no token: '%s'", bad[i]);
	ok(token_parse(text_of("tnr_aaaaaaaaaaaaaaaa_"
			       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		       &back),
	   "all zero is one");
	for (int i = 0; i < TOKEN_TEXT; i++) {
		char was = text[i];

		text[i] = '\0';
		if (token_parse((struct text){text, TOKEN_TEXT}, &back))
			ok(false, "a NUL at %d", i);
		text[i] = was;
	}
}

/* --- verbs and scope --- */

static void refused(struct bench *b)
{
	static const struct {
		const char *line, *why;
	} rows[] = {
		{"token add probes", "not said"},
		{"token add probes --right USAGE_WRTE", "no right 'USAGE_WRTE'"},
		{"token add probes --right USERS_MANAGE", "never a program's"},
		{"token add probes --right INSTALL", "never a program's"},
		{"token add probes --right MONEY_ACCEPT", "never a program's"},
		{"token add probes --right USAGE_WRITE --kind probe.smple", "no kind of fact"},
		{"token add probes --right USAGE_WRITE --kind user_added", "no kind of fact"},
		{"token add probes --right USAGE_WRITE --contract nowhere", "no contract"},
		{"token add probes --right USAGE_WRITE --days 367", "1 to 366 days"},
		{"token add probes --right USAGE_WRITE --days 0", "1 to 366 days"},
		{"token add t_1 --right USAGE_WRITE", "no name of a token"},
		{"token add Probes --right USAGE_WRITE", "no name of a token"},
		{"token revoke t_0000000000000000", "there is no token"},
		{"token list --as desk", "has not the right"},
		{"user link desk --as desk", "has not the right"},
		{"sessions --everybody --as desk", "has not the right"},
		{"user role owner --role read-only", "only operator"},
		{"user role desk --role signer", "of the provider"},
		{"user disable owner", "only operator"},
		{"user reset nobody", "nobody active"},
	};
	struct err err = {.line = 0};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ok(bench_run(b, rows[i].line, &err) != RC_OK, "%s", rows[i].line);
		ok(text_has(text_of(err.message), text_of(rows[i].why)), "%s", err.message);
	}
	is_i64(bench_run(b, "token list", &err), RC_OK, "nothing was made");
	ok(text_has(b->said, text_of("there is no token")), "and it says so");
}

static enum rc as_program(struct bench *b, struct text token, const char *line, struct err *err)
{
	struct served served = {.body = {"", 0}};
	enum rc rc;

	b->app.served = &served;
	rc = bench_run(b, text_format(b->arena, "%s --as %.*s", line, TEXT_ARG(token)).p, err);
	b->app.served = NULL;
	return rc;
}

static void scope(struct bench *b, struct sign_in *s)
{
	struct err err = {.line = 0};
	struct text token, changed;
	struct visitor v;

	bench_must(b, "token add reports --right STATEMENT_READ --right TERMS_READ --days 30");
	token = shown(b);
	is_i64(sign_in_token(s, b->arena, token, b->now, &v, &err), RC_OK, "the token");
	ok(v.kind == VISITOR_TOKEN && text_starts(v.user, "t_") && text_starts(v.person, "u_"),
	   "it acts as itself, and who made it is known");
	is_i64(visitor_may(&v, R_STATEMENT_READ, b->now, &err), RC_OK, "what it may");
	is_i64(visitor_may(&v, R_MONEY_READ, b->now, &err), RC_USAGE,
	       "what its maker may and it may not");
	is_i64(as_program(b, v.user, "client list", &err), RC_OK, "a verb it may");
	is_i64(as_program(b, v.user, "user list", &err), RC_USAGE, "one it may not");
	is_text(text_of(err.code), "right", "code");
	is_i64(bench_run(b, text_format(b->arena, "client list --as %.*s", TEXT_ARG(v.user)).p,
			 &err),
	       RC_MISSING, "no word of a command line is a token");
	changed = text_copy(b->arena, token);
	((char *)(uintptr_t)changed.p)[30] = changed.p[30] == 'b' ? 'c' : 'b';
	is_i64(sign_in_token(s, b->arena, changed, b->now, &v, &err), RC_MISSING, "another secret");
	is_i64(sign_in_token(s, b->arena, token, b->now + 30 * DAY_MS - 1, &v, &err), RC_OK,
	       "its last millisecond");
	is_i64(sign_in_token(s, b->arena, token, b->now + 30 * DAY_MS, &v, &err), RC_MISSING,
	       "and over");
	bench_must(b, "token list --json");
	ok(text_has(b->said, text_of("used_at")) && !text_has(b->said, text_sub(token, 21, 73)),
	   "listed with its last use, without its secret");
	bench_must(b, text_format(b->arena, "token revoke %.*s", TEXT_ARG(v.user)).p);
	is_i64(sign_in_token(s, b->arena, token, b->now, &v, &err), RC_MISSING, "revoked");
	is_i64(bench_run(b, text_format(b->arena, "token revoke %.*s", TEXT_ARG(v.user)).p, &err),
	       RC_MISSING, "once");
}

static void maker(struct bench *b, struct sign_in *s)
{
	struct err err = {.line = 0};
	struct text token;
	struct visitor v;

	bench_must(b, "user add zoe --role owner");
	bench_must(b, "token add feeds --right USAGE_WRITE --kind probe.sample --kind outage.began "
		      "--as zoe");
	token = shown(b);
	is_i64(sign_in_token(s, b->arena, token, b->now, &v, &err), RC_OK, "a token for facts");
	ok(rights_have(v.rights, R_FACT_WRITE) && rights_have(v.rights, R_USAGE_WRITE) &&
		   !rights_have(v.rights, R_WORK_WRITE),
	   "it has the verbs that record facts, and no other right");
	is_i64((int64_t)v.n_kinds, 2, "two kinds");
	bench_must(b, "user role zoe --role read-only");
	is_i64(sign_in_token(s, b->arena, token, b->now, &v, &err), RC_OK,
	       "its maker has other roles");
	ok(!rights_have(v.rights, R_USAGE_WRITE),
	   "and what the maker may no longer, it may no longer");
	is_i64(as_program(b, v.user, "fact add outage.began outage=o1 --contract c1", &err),
	       RC_USAGE, "in verbs, too");
	bench_must(b, "user disable zoe");
	is_i64(sign_in_token(s, b->arena, token, b->now, &v, &err), RC_MISSING,
	       "its maker may act no longer");
}

/* --- rights and roles --- */

static void roles_and_rights(void)
{
	static const struct {
		const char *roles;
		bool factor;
	} rows[] = {{"owner", true},         {"finance", true},     {"contract-manager", true},
		    {"service-desk", false}, {"technician", false}, {"read-only", false},
		    {"signer", true},        {"it-lead", false},    {"billing", true},
		    {"requester", false},    {"viewer", false},     {"auditor", false},
		    {"operator", true}};
	struct err err = {.line = 0};
	struct buf b;
	rights set = 0, back = 0;
	roles who;
	bool client;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		client = false;
		is_i64(roles_parse(text_of(rows[i].roles), &who, &client, &err), RC_OK, "%s",
		       rows[i].roles);
		ok(roles_need_factor(who) == rows[i].factor, "%s signs in with %s", rows[i].roles,
		   rows[i].factor ? "a second factor" : "a password at least");
	}
	is_i64(rights_parse(text_of("money_read LOG_READ"), &set, &err), RC_OK,
	       "small letters, too");
	ok(rights_have(set, R_MONEY_READ) && rights_have(set, R_LOG_READ) &&
		   !rights_have(set, R_MONEY_WRITE),
	   "two rights");
	buf_init(&b, 4096);
	rights_print(rights_of((roles)0xffffffff), &b);
	is_i64(rights_parse(buf_view(&b), &back, &err), RC_OK, "all of them");
	ok(back == rights_of((roles)0xffffffff), "print, parse");
	buf_free(&b);
	is_i64(rights_parse(text_of("NONE"), &set, &err), RC_USAGE, "NONE is no right to give");
	for (int r = 1; r < RIGHT_COUNT; r++)
		if (right_steps_up((enum permission)r) && right_of_tokens((enum permission)r))
			ok(r == R_MONEY_WRITE,
			   "%s steps up, and a token may have it: P3",
			   right_word((enum permission)r));
}

int main(void)
{
	struct bench b;
	struct sign_in *s;

	texts();
	roles_and_rights();
	bench_open(&b);
	bench_must(&b, "user add desk --role service-desk");
	s = bench_sign_in(&b);
	refused(&b);
	scope(&b, s);
	maker(&b, s);
	sign_in_close(s);
	bench_close(&b);
	return tap_done();
}
