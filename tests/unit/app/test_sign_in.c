/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in (trust.md S2 to S7, S11, S16): each limit at its last instant and one beyond, by a clock of the test's own. */
#include "access_fixture.h"

#include "app/seen.h"

#include <sys/wait.h>

static const char good_password[] = "tidal orchid ferry";

static struct sign_in_result try_password(struct bench *b, struct sign_in *s, const char *handle,
					  const char *password)
{
	struct err err = {.line = 0};
	struct sign_in_result r;

	if (sign_in_password(s, b->arena, text_of(handle), text_of(password), b->now, &r, &err) !=
	    RC_OK)
		bail("sign_in_password", &err);
	return r;
}

static struct sign_in_result try_second(struct bench *b, struct sign_in *s, struct text half,
					struct text code)
{
	struct err err = {.line = 0};
	struct sign_in_result r;

	if (sign_in_second(s, b->arena, half, code, b->now, &r, &err) != RC_OK)
		bail("sign_in_second", &err);
	return r;
}

static struct sign_in_result try_link(struct bench *b, struct sign_in *s, struct text link)
{
	struct err err = {.line = 0};
	struct sign_in_result r;

	if (sign_in_link(s, b->arena, link, b->now, &r, &err) != RC_OK)
		bail("sign_in_link", &err);
	return r;
}

/* --- links --- */

static void links(struct bench *b, struct sign_in *s)
{
	struct text link = bench_link(b, "user invite owner"), older = link;
	struct sign_in_result r;
	struct visitor v;

	is_i64(try_link(b, s, text_of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).fate,
	       SIGN_IN_REFUSED, "a link nobody made");
	is_i64(try_link(b, s, text_of("../etc")).fate, SIGN_IN_REFUSED, "no link at all");
	link = bench_link(b, "user invite owner");
	is_i64(try_link(b, s, older).fate, SIGN_IN_REFUSED,
	       "a newer link takes the place of the older");
	b->now += 7 * DAY_MS;
	is_i64(try_link(b, s, link).fate, SIGN_IN_REFUSED, "an invitation after seven days");
	link = bench_link(b, "user invite owner");
	b->now += 7 * DAY_MS - 1;
	r = try_link(b, s, link);
	is_i64(r.fate, SIGN_IN_DONE, "an invitation in its last millisecond");
	is_i64(try_link(b, s, link).fate, SIGN_IN_REFUSED, "the same a second time");
	v = visitor_of(b, s, r.cookie);
	is_text(v.handle, "owner", "who it is");
	ok(!v.password && !v.mfa && v.mfa_required,
	   "no password, no second factor, and one is needed");
	ok(!is_visitor(b, s, text_of("BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
	   "another cookie is nobody");
	link = bench_link(b, "user link owner");
	b->now += 30 * MINUTE_MS;
	is_i64(try_link(b, s, link).fate, SIGN_IN_REFUSED, "a sign-in link after half an hour");
	link = bench_link(b, "user link owner");
	b->now += 30 * MINUTE_MS - 1;
	is_i64(try_link(b, s, link).fate, SIGN_IN_DONE, "and just before");
}

/* --- passwords --- */

static void password_rules(struct bench *b, struct sign_in *s)
{
	static const struct {
		const char *handle, *password, *hint;
	} bad[] = {
		{"vera", "fourteen chars", "too short"},
		{"owner", "hq7tz4m", "too short"},
		{"owner", "password1", "guessed"},
		{"owner", "P@ssw0rd!", "guessed"},
		{"owner", "Summer2026!", "guessed"},
		{"owner", "qwertyuiop", "guessed"},
		{"owner", "87654321", "guessed"},
		{"owner", "aaaaaaaaaaaa", "guessed"},
		{"owner", "kx7kx7kx7kx7", "guessed"},
		{"owner", "tenor-2026", "guessed"},
		{"owner", "harbor-owner-1", "guessed"},
		{"owner", "Owner1234567", "guessed"},
		{"owner", "iloveyou2024", "guessed"},
		{"owner", "\xff\xfe xx yy zz qq", "no text"},
	};
	static const struct {
		const char *handle, *password;
	} fine[] = {{"vera", "fifteen chars.."},
		    {"owner", "hq7tz4mw"},
		    {"owner", "gr\xc3\xbcne Fl\xc3\xb6te nachts"},
		    {"owner", good_password}};
	struct err err = {.line = 0};
	char long_one[300];

	bench_must(b, "user add vera --role read-only");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct text link =
			bench_link(b, text_format(b->arena, "user invite %s", bad[i].handle).p);
		struct visitor v = visitor_of(b, s, try_link(b, s, link).cookie);

		err_clear(&err);
		is_i64(sign_in_set_password(s, &v, text_of(bad[i].password), b->now, &err),
		       RC_INVALID, "%s", bad[i].password);
		ok(text_has(text_of(err.message), text_of(bad[i].hint)), "%s", err.message);
		is_text(text_of(err.key), "password", "the field");
	}
	for (size_t i = 0; i < sizeof(long_one); i++)
		long_one[i] = (char)('b' + (char)((i * i + i / 7) % 23));
	for (size_t n = 256; n <= 257; n++) {
		struct visitor v =
			visitor_of(b, s, try_link(b, s, bench_link(b, "user invite owner")).cookie);

		is_i64(sign_in_set_password(s, &v, (struct text){long_one, n}, b->now, &err),
		       n == 256 ? RC_OK : RC_INVALID, "%zu bytes", n);
	}
	for (size_t i = 0; i < ARRAY_SIZE(fine); i++) {
		struct text link =
			bench_link(b, text_format(b->arena, "user invite %s", fine[i].handle).p);
		struct visitor v = visitor_of(b, s, try_link(b, s, link).cookie);

		is_i64(sign_in_set_password(s, &v, text_of(fine[i].password), b->now, &err), RC_OK,
		       "%s", fine[i].password);
	}
}

static void passwords(struct bench *b, struct sign_in *s)
{
	struct sign_in_result r = try_password(b, s, "owner", good_password), again;
	struct err err = {.line = 0};
	struct visitor v;

	is_i64(r.fate, SIGN_IN_DONE, "a password alone, where no second factor is set up yet");
	v = visitor_of(b, s, r.cookie);
	ok(v.password && !v.mfa && v.mfa_required, "it says what is still to be done");
	is_i64(visitor_may(&v, R_MONEY_READ, b->now, &err), RC_OK,
	       "reading asks for no second factor");
	is_i64(visitor_may(&v, R_MONEY_WRITE, b->now, &err), RC_USAGE, "issuing does");
	is_text(text_of(err.code), "step_up", "and says so");
	is_i64(try_password(b, s, "owner", "tidal orchid ferrz").fate, SIGN_IN_REFUSED,
	       "another password");
	is_i64(try_password(b, s, "Owner", good_password).fate, SIGN_IN_REFUSED, "another handle");
	is_i64(try_password(b, s, "nobody", good_password).fate, SIGN_IN_REFUSED, "nobody");
	/* NFKC: the same letters, written otherwise */
	is_i64(sign_in_set_password(s, &v, text_of("caf\xc3\xa9 \xef\xac\x81nch obelisk"), b->now,
				    &err),
	       RC_OK, "another password");
	is_i64(try_password(b, s, "owner", "cafe\xcc\x81 finch obelisk").fate, SIGN_IN_DONE,
	       "composed or not is the same");
	again = try_password(b, s, "owner", "cafe\xcc\x81 finch obelisk");
	v = visitor_of(b, s, r.cookie);
	is_i64(sign_in_set_password(s, &v, text_of(good_password), b->now, &err), RC_OK,
	       "back to the first");
	ok(!is_visitor(b, s, again.cookie) && is_visitor(b, s, r.cookie),
	   "another password ends all sessions but this one");
}

static void same_work(struct bench *b, struct sign_in *s)
{
	struct timespec t[3];
	int64_t known, unknown;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t[0]);
	for (int i = 0; i < 8; i++)
		(void)try_password(b, s, "owner", "tidal orchid ferrz");
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t[1]);
	for (int i = 0; i < 8; i++)
		(void)try_password(b, s, "nobody", "tidal orchid ferrz");
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t[2]);
	known = (t[1].tv_sec - t[0].tv_sec) * 1000000 + (t[1].tv_nsec - t[0].tv_nsec) / 1000;
	unknown = (t[2].tv_sec - t[1].tv_sec) * 1000000 + (t[2].tv_nsec - t[1].tv_nsec) / 1000;
	note("8 refusals: known %lld us, unknown %lld us of processor time", (long long)known,
	     (long long)unknown);
	ok(unknown * 2 > known && known * 2 > unknown,
	   "an account that does not exist costs the same work (S11)");
}

/* S16: at 100 failures in a row only a device known before. */
static void many_failures(struct bench *b, struct sign_in *s)
{
	struct err err = {.line = 0};
	struct stored_credential c;
	struct stored_user u;
	struct text mark;

	if (record_user_of_handle(s->ws.store, b->arena, text_of("vera"), &u, &err) != RC_OK ||
	    record_credential(s->ws.store, b->arena, u.id, &c, &err) != RC_OK)
		bail("vera", &err);
	mark = sign_in_mark(s, b->arena, u.id, b->now);
	for (int64_t failures = 99; failures <= 100; failures++) {
		c.failures = failures;
		if (record_credential_put(s->ws.store, &c, &err) != RC_OK)
			bail("failures", &err);
		is_i64(try_password(b, s, "vera", "fifteen chars..").fate,
		       failures < 100 ? SIGN_IN_DONE : SIGN_IN_REFUSED, "after %lld failures",
		       (long long)failures);
	}
	sign_in_from(s, &(struct sign_in_from){.mark = mark});
	is_i64(try_password(b, s, "vera", "fifteen chars..").fate, SIGN_IN_DONE,
	       "from a device known before it works");
	sign_in_from(s, &(struct sign_in_from){.mark = {NULL, 0}});
	ok(sign_in_known(s, u.id, mark, b->now + 180 * DAY_MS - 1) &&
		   !sign_in_known(s, u.id, mark, b->now + 180 * DAY_MS),
	   "for 180 days");
	ok(!sign_in_known(s, text_of("u_0000000000000000"), mark, b->now), "for this person only");
	((char *)(uintptr_t)mark.p)[mark.n - 1] ^= 4;
	ok(!sign_in_known(s, u.id, mark, b->now), "and not with another signature");
}

/* --- second factors --- */

static struct text uri_of_owner;
static struct text codes[10];

static void set_up_factor(struct bench *b, struct sign_in *s)
{
	struct sign_in_result r = try_password(b, s, "owner", good_password),
			      other = try_password(b, s, "owner", good_password);
	struct visitor v = visitor_of(b, s, r.cookie);
	struct err err = {.line = 0};

	is_i64(sign_in_totp_confirm(s, b->arena, &v, text_of("123456"), b->now, codes, &err),
	       RC_INVALID, "nothing waits for a code");
	if (sign_in_totp_begin(s, b->arena, &v, &uri_of_owner, &err) != RC_OK)
		bail("totp_begin", &err);
	ok(text_starts(uri_of_owner, "otpauth://totp/Harbor:owner?secret="),
	   "the address for the QR code");
	is_i64(try_password(b, s, "owner", good_password).fate, SIGN_IN_DONE,
	       "not in force before its first code");
	is_i64(sign_in_totp_confirm(s, b->arena, &v, code_at(b->arena, uri_of_owner, b->now, 3),
				    b->now, codes, &err),
	       RC_INVALID, "a code of later");
	is_i64(sign_in_totp_confirm(s, b->arena, &v, code_at(b->arena, uri_of_owner, b->now, 0),
				    b->now, codes, &err),
	       RC_OK, "the code of now");
	ok(codes[0].n == 19 && codes[9].n == 19 && !text_eq(codes[0], codes[9]),
	   "ten recovery codes");
	ok(!is_visitor(b, s, other.cookie) && is_visitor(b, s, r.cookie),
	   "a new second factor ends the other sessions");
}

static struct text half_of_owner(struct bench *b, struct sign_in *s)
{
	struct sign_in_result r = try_password(b, s, "owner", good_password);

	if (r.fate != SIGN_IN_SECOND)
		printf("Bail out! no second step\n");
	return r.cookie;
}

static void steps(struct bench *b, struct sign_in *s)
{
	static const struct {
		int64_t steps;
		enum sign_in_fate fate;
	} rows[] = {{-2, SIGN_IN_REFUSED}, {2, SIGN_IN_REFUSED}, {-1, SIGN_IN_DONE},
		    {-1, SIGN_IN_REFUSED}, {0, SIGN_IN_DONE},    {0, SIGN_IN_REFUSED},
		    {1, SIGN_IN_DONE},     {1, SIGN_IN_REFUSED}, {0, SIGN_IN_REFUSED}};
	struct sign_in_result r;
	struct text half;

	b->now += 10 * MINUTE_MS;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		half = half_of_owner(b, s);
		ok(!is_visitor(b, s, half), "half a session is nobody");
		r = try_second(b, s, half, code_at(b->arena, uri_of_owner, b->now, rows[i].steps));
		is_i64(r.fate, rows[i].fate, "row %zu: code of step %+lld", i,
		       (long long)rows[i].steps);
	}
	b->now += 10 * MINUTE_MS;
	half = half_of_owner(b, s);
	b->now += 10 * MINUTE_MS;
	is_i64(try_second(b, s, half, code_at(b->arena, uri_of_owner, b->now, 0)).fate,
	       SIGN_IN_REFUSED, "half a session lasts ten minutes");
	half = half_of_owner(b, s);
	r = try_second(b, s, half, code_at(b->arena, uri_of_owner, b->now, 0));
	is_i64(r.fate, SIGN_IN_DONE, "the code that was not used up by it");
	is_i64(try_second(b, s, half, codes[9]).fate, SIGN_IN_REFUSED,
	       "half a session is good once");
	is_i64(try_second(b, s, r.cookie, codes[9]).fate, SIGN_IN_REFUSED,
	       "a whole one is no half one");
}

/* S6: five misses, then 30 s that double to 15 min. */
static void waits(struct bench *b, struct sign_in *s)
{
	static const int64_t want[] = {0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900};
	struct sign_in_result r;

	b->now += 10 * MINUTE_MS;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		r = try_second(b, s, half_of_owner(b, s), text_of("12345"));
		is_i64(r.wait_s, want[i], "miss %zu", i + 1);
		if (want[i] == 0)
			continue;
		b->now += want[i] * SECOND_MS - 1;
		r = try_second(b, s, half_of_owner(b, s),
			       code_at(b->arena, uri_of_owner, b->now, 0));
		ok(r.fate == SIGN_IN_REFUSED && r.wait_s == 1, "not even the right one meanwhile");
		b->now += 1;
	}
	r = try_second(b, s, half_of_owner(b, s), code_at(b->arena, uri_of_owner, b->now, 0));
	is_i64(r.fate, SIGN_IN_DONE, "then the right one");
	is_i64(try_second(b, s, half_of_owner(b, s), text_of("12345")).wait_s, 0,
	       "and counting begins anew");
}

static void recovery(struct bench *b, struct sign_in *s)
{
	struct text typed = text_format(b->arena, " %.*s", TEXT_ARG(codes[3]));
	int64_t left = 0;
	struct err err = {.line = 0};
	struct visitor v;
	struct sign_in_result r = try_second(b, s, half_of_owner(b, s), typed);

	is_i64(r.fate, SIGN_IN_DONE, "a recovery code");
	is_i64(try_second(b, s, half_of_owner(b, s), codes[3]).fate, SIGN_IN_REFUSED,
	       "the same again");
	v = visitor_of(b, s, r.cookie);
	is_i64(record_recovery_count(s->ws.store, v.person, &left, &err), RC_OK, "counted");
	is_i64(left, 9, "nine are left");
}

static void step_up(struct bench *b, struct sign_in *s)
{
	struct err err = {.line = 0};
	struct sign_in_result r, up;
	struct visitor v;

	b->now += 20 * MINUTE_MS;
	r = try_second(b, s, half_of_owner(b, s), code_at(b->arena, uri_of_owner, b->now, 0));
	b->now += 5 * MINUTE_MS;
	v = visitor_of(b, s, r.cookie);
	is_i64(visitor_may(&v, R_MONEY_WRITE, b->now, &err), RC_OK,
	       "five minutes after the second factor");
	b->now += 1;
	is_i64(visitor_may(&v, R_MONEY_WRITE, b->now, &err), RC_USAGE, "a millisecond more");
	is_i64(sign_in_set_password(s, &v, text_of("walnut harp sundial"), b->now, &err), RC_USAGE,
	       "no other password then");
	is_text(text_of(err.code), "step_up", "code");
	if (sign_in_step_up(s, b->arena, &v, text_of("000000"), b->now, &up, &err) != RC_OK ||
	    up.fate != SIGN_IN_REFUSED)
		printf("Bail out! step up\n");
	if (sign_in_step_up(s, b->arena, &v, code_at(b->arena, uri_of_owner, b->now, 0), b->now,
			    &up, &err) != RC_OK)
		bail("step up", &err);
	is_i64(up.fate, SIGN_IN_DONE, "the second factor again");
	ok(!is_visitor(b, s, r.cookie) && is_visitor(b, s, up.cookie),
	   "a new cookie, and the old one is dead");
	v = visitor_of(b, s, up.cookie);
	is_i64(visitor_may(&v, R_MONEY_WRITE, b->now, &err), RC_OK, "now it may");
	is_i64(visitor_may(&v, R_MONEY_ACCEPT, b->now, &err), RC_USAGE,
	       "but not what its roles may not");
	is_text(text_of(err.code), "right", "code");
}

/* --- sessions --- */

static void times(struct bench *b, struct sign_in *s)
{
	struct sign_in_result r;
	instant began;

	b->now += HOUR_MS;
	r = try_password(b, s, "vera", "fifteen chars..");
	b->now += 30 * MINUTE_MS - 1;
	ok(is_visitor(b, s, r.cookie), "idle for half an hour less a millisecond");
	b->now += 30 * MINUTE_MS;
	ok(!is_visitor(b, s, r.cookie), "idle for half an hour");
	r = try_password(b, s, "vera", "fifteen chars..");
	began = b->now;
	while (b->now < began + 12 * HOUR_MS - 20 * MINUTE_MS) {
		b->now += 20 * MINUTE_MS;
		if (!is_visitor(b, s, r.cookie))
			break;
	}
	b->now = began + 12 * HOUR_MS - 1;
	ok(is_visitor(b, s, r.cookie), "twelve hours less a millisecond, always busy");
	b->now += 1;
	ok(!is_visitor(b, s, r.cookie), "twelve hours");
	sign_in_from(s, &(struct sign_in_from){.stay = true});
	r = try_password(b, s, "vera", "fifteen chars..");
	ok(!r.stays, "who is no viewer does not stay");
	sign_in_from(s, &(struct sign_in_from){.stay = false});
}

/* S3: two workers with one memory, and a store that hears of it once a minute. */
static void shared(struct bench *b)
{
	void *memory = arena_alloc(b->arena, sign_in_shared_bytes());
	struct sign_in *one = bench_sign_in(b), *two = bench_sign_in(b);
	struct sign_in_result r;
	struct stored_session x;
	struct hash hash;
	struct err err = {.line = 0};
	instant began;

	sign_in_share(one, memory);
	sign_in_share(two, memory);
	r = try_password(b, one, "vera", "fifteen chars..");
	began = b->now;
	(void)secret_hash(r.cookie, &hash);
	b->now += 20 * MINUTE_MS;
	ok(is_visitor(b, one, r.cookie), "seen by one worker");
	is_i64(record_session(one->ws.store, b->arena, &hash, &x, &err), RC_OK, "the session");
	is_i64(x.seen_at, began, "reading writes nothing");
	b->now += 20 * MINUTE_MS;
	ok(is_visitor(b, two, r.cookie), "the other worker knows of it");
	is_i64(sign_in_flush(two, b->now, &err), RC_OK, "flush");
	is_i64(record_session(one->ws.store, b->arena, &hash, &x, &err), RC_OK, "the session");
	is_i64(x.seen_at, b->now, "the store has heard of it");
	b->now += MINUTE_MS - 1;
	ok(!seen_flush_due(memory, b->now), "not twice in a minute");
	b->now += 1;
	ok(seen_flush_due(memory, b->now) && !seen_flush_due(memory, b->now),
	   "then by one of them");
	sign_in_close(one);
	sign_in_close(two);
}

/* One code, two processes: one of them gets in. */
static void race(struct bench *b, struct sign_in *s)
{
	struct text half[2], code;
	int in = 0;

	b->now += HOUR_MS;
	half[0] = half_of_owner(b, s);
	half[1] = half_of_owner(b, s);
	code = code_at(b->arena, uri_of_owner, b->now, 0);
	sign_in_close(s);
	fflush(stdout);
	for (size_t i = 0; i < 2; i++) {
		pid_t child = fork();

		if (child == 0) {
			struct sign_in *own = bench_sign_in(b);

			_exit(try_second(b, own, half[i], code).fate == SIGN_IN_DONE ? 7 : 8);
		}
	}
	for (size_t i = 0; i < 2; i++) {
		int status = 0;

		(void)wait(&status);
		in += WIFEXITED(status) && WEXITSTATUS(status) == 7 ? 1 : 0;
		ok(WIFEXITED(status) && (WEXITSTATUS(status) == 7 || WEXITSTATUS(status) == 8),
		   "it answered");
	}
	is_i64(in, 1, "of two that race with one code, one is in");
}

/* --- resets, and the end --- */

static void reset(struct bench *b, struct sign_in *s)
{
	struct sign_in_result r, after;
	struct text link;

	b->now += HOUR_MS;
	r = try_second(b, s, half_of_owner(b, s), code_at(b->arena, uri_of_owner, b->now, 0));
	link = bench_link(b, "user reset owner");
	ok(is_visitor(b, s, r.cookie), "a link that nobody used changes nothing");
	after = try_link(b, s, link);
	is_i64(after.fate, SIGN_IN_SECOND, "a reset still asks for the second factor");
	ok(!is_visitor(b, s, r.cookie), "all sessions are over");
	is_i64(try_password(b, s, "owner", good_password).fate, SIGN_IN_REFUSED,
	       "and the password is gone");
	b->now += MINUTE_MS;
	after = try_second(b, s, after.cookie, code_at(b->arena, uri_of_owner, b->now, 0));
	is_i64(after.fate, SIGN_IN_DONE, "then the session in which another is set");
	ok(!visitor_of(b, s, after.cookie).password, "of which there is none");
}

static void ended(struct bench *b, struct sign_in *s)
{
	struct sign_in_result r = try_password(b, s, "vera", "fifteen chars..");
	struct err err = {.line = 0};
	struct stored_credential c;
	struct stored_session *sessions;
	struct visitor v;
	size_t n, left = 0;

	v = visitor_of(b, s, r.cookie);
	bench_must(b, "user role vera --role technician");
	ok(!is_visitor(b, s, r.cookie), "other roles end the sessions");
	r = try_password(b, s, "vera", "fifteen chars..");
	is_i64(r.fate, SIGN_IN_DONE, "and one may sign in again");
	bench_must(b, "user disable vera");
	ok(!is_visitor(b, s, r.cookie), "who may act no longer is signed in no longer");
	is_i64(try_password(b, s, "vera", "fifteen chars..").fate, SIGN_IN_REFUSED,
	       "and comes in no more");
	is_i64(record_credential(s->ws.store, b->arena, v.person, &c, &err), RC_MISSING,
	       "no password is kept");
	is_i64(record_sessions(s->ws.store, b->arena, &sessions, &n, &err), RC_OK, "sessions");
	for (size_t i = 0; i < n; i++)
		left += text_eq(sessions[i].person, v.person);
	is_i64((int64_t)left, 0, "and no session");
	is_i64(bench_run(b, "doctor", &err), RC_OK, "doctor");
	ok(!text_has(b->said, text_of("other rights")) && !text_has(b->said, text_of("problem")),
	   "finds the people as the record says");
}

/* S7: two people take a second factor away after a day, unless the person keeps it. */
static void taken_away(struct bench *b, struct sign_in *s)
{
	struct sign_in_result r;
	struct err err = {.line = 0};
	struct visitor v;

	bench_must(b, "user add boss --role owner");
	bench_must(b, "user add ops --role operator");
	bench_must(b, "factor reset owner --as boss");
	bench_must(b, "factor approve owner --as ops");
	b->now += MINUTE_MS;
	r = try_link(b, s, bench_link(b, "user reset owner"));
	r = try_second(b, s, r.cookie, code_at(b->arena, uri_of_owner, b->now, 0));
	is_i64(r.fate, SIGN_IN_DONE, "until then it is asked for");
	v = visitor_of(b, s, r.cookie);
	is_i64(v.factor_goes_at, b->now - MINUTE_MS + DAY_MS, "each page says when it goes");
	is_i64(sign_in_keep_factor(s, &v, &err), RC_OK, "the person keeps it");
	is_i64(visitor_of(b, s, r.cookie).factor_goes_at, INSTANT_NONE,
	       "and no page says so any more");
	b->now += 25 * HOUR_MS;
	r = try_link(b, s, bench_link(b, "user reset owner"));
	is_i64(r.fate, SIGN_IN_SECOND, "a day later it is still asked for");
	bench_must(b, "factor reset owner --as boss");
	bench_must(b, "factor approve owner --as ops");
	b->now += DAY_MS - 1;
	is_i64(try_link(b, s, bench_link(b, "user reset owner")).fate, SIGN_IN_SECOND,
	       "not kept: asked for until the last millisecond of the day");
	b->now += 1;
	is_i64(try_link(b, s, bench_link(b, "user reset owner")).fate, SIGN_IN_DONE,
	       "then not, and it is gone");
	is_i64(try_link(b, s, bench_link(b, "user reset owner")).fate, SIGN_IN_DONE, "for good");
}

int main(void)
{
	struct bench b;
	struct sign_in *s;

	bench_open(&b);
	s = bench_sign_in(&b);
	links(&b, s);
	password_rules(&b, s);
	passwords(&b, s);
	same_work(&b, s);
	many_failures(&b, s);
	set_up_factor(&b, s);
	steps(&b, s);
	waits(&b, s);
	recovery(&b, s);
	step_up(&b, s);
	times(&b, s);
	shared(&b);
	race(&b, s);
	s = bench_sign_in(&b);
	reset(&b, s);
	ended(&b, s);
	taken_away(&b, s);
	sign_in_close(s);
	bench_close(&b);
	return tap_done();
}
