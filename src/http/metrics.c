/* SPDX-License-Identifier: Apache-2.0 */
#include "http/metrics.h"

#include "http/clock.h"

#include <stdatomic.h>
#include <string.h>

/* A worker may be killed while it writes: nothing here waits for another process, and a row that was left half made is passed by. */
enum { ROWS = 2048, TIMES = 512, LABEL_BYTES = 48, BUCKETS = 14, TRIES = 1000 };
enum { ROW_EMPTY, ROW_MAKING, ROW_READY };

static const struct {
	uint32_t us;
	const char *le;
} buckets[BUCKETS] = {
	{1000, "0.001"},  {2500, "0.0025"},     {5000, "0.005"},  {10000, "0.01"},
	{25000, "0.025"}, {50000, "0.05"},      {100000, "0.1"},  {250000, "0.25"},
	{500000, "0.5"},  {1000000, "1"},       {2500000, "2.5"}, {5000000, "5"},
	{10000000, "10"}, {UINT32_MAX, "+Inf"},
};

enum family { F_REQUESTS, F_REFUSED, F_FACTS, F_DEATHS, F_COUNT };

static const struct {
	const char *name, *label, *help;
} families[F_COUNT] = {
	[F_REQUESTS] = {"tenor_requests_total", "action", "Answers by action and status."},
	[F_REFUSED] = {"tenor_refused_total", "reason", "Requests refused, by reason."},
	[F_FACTS] = {"tenor_facts_total", "kind", "Facts recorded, by kind."},
	[F_DEATHS] = {"tenor_worker_deaths_total", "reason", "Workers that died, by reason."},
};

struct row {
	atomic_int state;
	int family, status;
	char label[LABEL_BYTES];
	atomic_uint_fast64_t count;
};

struct timing {
	atomic_int state;
	char label[LABEL_BYTES];
	atomic_uint_fast64_t in[BUCKETS], us;
};

struct metrics {
	struct row rows[ROWS];
	struct timing times[TIMES], commits;
	atomic_uint_fast64_t arena_peak;
	atomic_int landlock;
	_Atomic int64_t outbox, outbox_oldest;
	atomic_uint_fast64_t streams[METRICS_SLOTS];
};

size_t metrics_bytes(void)
{
	return sizeof(struct metrics);
}

/* --- words --- */

static const char *word(const char *s)
{
	size_t n = 0;

	if (s == NULL)
		return "none";
	for (; s[n] != '\0'; n++)
		if (n == LABEL_BYTES - 1 ||
		    !((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') ||
		      (s[n] >= '0' && s[n] <= '9') || s[n] == '_' || s[n] == '-' || s[n] == '.' ||
		      s[n] == ' '))
			return "other";
	return n == 0 ? "none" : s;
}

static size_t hash_of(const char *s, int more)
{
	uint64_t h = 2166136261U;

	for (; *s != '\0'; s++)
		h = ((h ^ (unsigned char)*s) * UINT64_C(16777619)) & UINT32_MAX;
	return (size_t)(((h ^ (uint64_t)(unsigned)more) * UINT64_C(16777619)) & UINT32_MAX);
}

/* Makes an empty place ours (true), or waits a moment for who is making it. */
static bool take(atomic_int *state)
{
	int empty = ROW_EMPTY;

	if (atomic_compare_exchange_strong(state, &empty, ROW_MAKING))
		return true;
	for (int i = 0; i < TRIES && atomic_load(state) == ROW_MAKING; i++)
		;
	return false;
}

static void set_label(char *out, const char *label)
{
	(void)snprintf(out, LABEL_BYTES, "%s", label);
}

static bool same_row(const struct row *r, int family, const char *label, int status)
{
	return r->family == family && r->status == status && strcmp(r->label, label) == 0;
}

static void count(struct metrics *m, enum family family, const char *label, int status, uint64_t n)
{
	size_t at;

	if (m == NULL)
		return;
	label = word(label);
	at = hash_of(label, status * F_COUNT + (int)family) % ROWS;
	for (size_t i = 0; i < ROWS; i++, at = (at + 1) % ROWS) {
		struct row *r = &m->rows[at];

		if (atomic_load(&r->state) != ROW_READY && take(&r->state)) {
			r->family = (int)family;
			r->status = status;
			set_label(r->label, label);
			atomic_store(&r->state, ROW_READY);
		}
		if (atomic_load(&r->state) == ROW_READY &&
		    same_row(r, (int)family, label, status)) {
			(void)atomic_fetch_add(&r->count, n);
			return;
		}
	}
}

static void add_time(struct timing *t, uint64_t us)
{
	size_t b = 0;

	while (b < BUCKETS - 1 && us > buckets[b].us)
		b++;
	(void)atomic_fetch_add(&t->in[b], 1);
	(void)atomic_fetch_add(&t->us, us);
}

static void time_taken(struct metrics *m, const char *label, uint64_t us)
{
	size_t at;

	label = word(label);
	at = hash_of(label, 0) % TIMES;
	for (size_t i = 0; i < TIMES; i++, at = (at + 1) % TIMES) {
		struct timing *t = &m->times[at];

		if (atomic_load(&t->state) != ROW_READY && take(&t->state)) {
			set_label(t->label, label);
			atomic_store(&t->state, ROW_READY);
		}
		if (atomic_load(&t->state) == ROW_READY && strcmp(t->label, label) == 0) {
			add_time(t, us);
			return;
		}
	}
}

/* --- counting --- */

void metrics_request(struct metrics *m, const char *action, int status, uint64_t us)
{
	if (m == NULL)
		return;
	count(m, F_REQUESTS, action, status, 1);
	time_taken(m, action, us);
}

void metrics_refused(struct metrics *m, const char *reason)
{
	count(m, F_REFUSED, reason, 0, 1);
}

void metrics_facts(struct metrics *m, const char *kind, uint64_t n)
{
	count(m, F_FACTS, kind, 0, n);
}

void metrics_worker_death(struct metrics *m, const char *reason)
{
	count(m, F_DEATHS, reason, 0, 1);
}

void metrics_commit(struct metrics *m, uint64_t us)
{
	add_time(&m->commits, us);
}

void metrics_arena_peak(struct metrics *m, uint64_t bytes)
{
	uint_fast64_t seen = atomic_load(&m->arena_peak);

	while (bytes > seen && !atomic_compare_exchange_weak(&m->arena_peak, &seen, bytes))
		;
}

void metrics_streams(struct metrics *m, size_t slot, size_t n)
{
	if (slot < METRICS_SLOTS)
		atomic_store(&m->streams[slot], n);
}

void metrics_landlock(struct metrics *m, int abi)
{
	atomic_store(&m->landlock, abi);
}

void metrics_outbox(struct metrics *m, int64_t n, instant oldest)
{
	atomic_store(&m->outbox, n);
	atomic_store(&m->outbox_oldest, oldest);
}

/* --- printing --- */

static void print_head(struct buf *out, const char *name, const char *help, const char *type)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Two workers may have made the same row where one was killed: it is printed once, with the sum. */
static bool first_of(struct metrics *m, size_t at, uint64_t *sum)
{
	const struct row *r = &m->rows[at];

	*sum = 0;
	for (size_t i = 0; i < ROWS; i++) {
		struct row *o = &m->rows[i];

		if (atomic_load(&o->state) != ROW_READY ||
		    !same_row(o, r->family, r->label, r->status))
			continue;
		if (i < at)
			return false;
		*sum += atomic_load(&o->count);
	}
	return true;
}

static void print_family(struct metrics *m, enum family f, struct buf *out)
{
	print_head(out, families[f].name, families[f].help, "counter");
	for (size_t i = 0; i < ROWS; i++) {
		struct row *r = &m->rows[i];
		uint64_t sum = 0;

		if (atomic_load(&r->state) != ROW_READY || r->family != (int)f ||
		    !first_of(m, i, &sum))
			continue;
		buf_printf(out, "%s{%s=\"%s\"", families[f].name, families[f].label, r->label);
		if (f == F_REQUESTS)
			buf_printf(out, ",status=\"%d\"", r->status);
		buf_printf(out, "} %llu\n", (unsigned long long)sum);
	}
}

static void print_seconds(struct buf *out, uint64_t us)
{
	buf_printf(out, "%llu.%06llu\n", (unsigned long long)(us / 1000000),
		   (unsigned long long)(us % 1000000));
}

/* Its label, where it has one, stands before a further one, or alone. */
static void print_timing(const char *name, struct timing *t, struct buf *out)
{
	char both[LABEL_BYTES + 16] = "", alone[LABEL_BYTES + 16] = "";
	uint64_t sum = 0;

	if (t->label[0] != '\0') {
		(void)snprintf(both, sizeof(both), "action=\"%s\",", t->label);
		(void)snprintf(alone, sizeof(alone), "{action=\"%s\"}", t->label);
	}
	for (size_t b = 0; b < BUCKETS; b++) {
		sum += atomic_load(&t->in[b]);
		buf_printf(out, "%s_bucket{%sle=\"%s\"} %llu\n", name, both, buckets[b].le,
			   (unsigned long long)sum);
	}
	buf_printf(out, "%s_sum%s ", name, alone);
	print_seconds(out, atomic_load(&t->us));
	buf_printf(out, "%s_count%s %llu\n", name, alone, (unsigned long long)sum);
}

static void print_times(struct metrics *m, struct buf *out)
{
	static const char name[] = "tenor_request_seconds";

	print_head(out, name, "Time from the whole request to its answer.", "histogram");
	for (size_t i = 0; i < TIMES; i++)
		if (atomic_load(&m->times[i].state) == ROW_READY)
			print_timing(name, &m->times[i], out);
	print_head(out, "tenor_commit_seconds", "Time that facts take to the disk.", "histogram");
	print_timing("tenor_commit_seconds", &m->commits, out);
}

static void print_streams(struct metrics *m, struct buf *out)
{
	uint64_t n = 0;

	for (size_t i = 0; i < METRICS_SLOTS; i++)
		n += atomic_load(&m->streams[i]);
	print_head(out, "tenor_event_streams", "Pages that are kept up to date at this moment.",
		   "gauge");
	buf_printf(out, "tenor_event_streams %llu\n", (unsigned long long)n);
}

static void print_outbox(struct metrics *m, struct buf *out)
{
	int64_t n = atomic_load(&m->outbox), old = wall_now() - atomic_load(&m->outbox_oldest);

	print_head(out, "tenor_outbox_depth", "Mails that wait to be sent.", "gauge");
	buf_printf(out, "tenor_outbox_depth %lld\n", (long long)n);
	print_head(out, "tenor_outbox_oldest_seconds", "How long the oldest of them has waited.",
		   "gauge");
	buf_printf(out, "tenor_outbox_oldest_seconds %lld\n",
		   (long long)(n == 0 || old < 0 ? 0 : old / SECOND_MS));
}

void metrics_print(struct metrics *m, struct buf *out)
{
	for (int f = 0; f < F_COUNT; f++)
		print_family(m, (enum family)f, out);
	print_times(m, out);
	print_head(out, "tenor_arena_peak_bytes", "The most memory that one request took.",
		   "gauge");
	buf_printf(out, "tenor_arena_peak_bytes %llu\n",
		   (unsigned long long)atomic_load(&m->arena_peak));
	print_streams(m, out);
	print_head(out, "tenor_landlock_abi", "What the kernel's Landlock knows; 0: absent.",
		   "gauge");
	buf_printf(out, "tenor_landlock_abi %d\n", atomic_load(&m->landlock));
	print_outbox(m, out);
}

static void print_gauge(const char *name, const char *help, const char *type, int64_t value,
			struct buf *out)
{
	print_head(out, name, help, type);
	buf_printf(out, "%s %lld\n", name, (long long)value);
}

void metrics_vitals(const struct vitals *h, struct buf *out)
{
	print_gauge("tenor_checkpoint_age_seconds",
		    "How long the oldest entry that no checkpoint covers has waited for one.",
		    "gauge", h->unsigned_s, out);
	print_gauge("tenor_cosign_age_seconds",
		    "Since a client cosigned last, where that is longest ago; 0: nobody ever did.",
		    "gauge", h->cosigned_s, out);
	print_gauge("tenor_verify_failures_total",
		    "Logs that were frozen since what was read before signing did not fit.",
		    "counter", (int64_t)h->frozen, out);
	print_gauge("tenor_backup_age_seconds",
		    "Since the last good backup; where there was none, since the workspace began.",
		    "gauge", h->backed_up_s, out);
	print_gauge("tenor_disk_free_bytes", "What is free where the workspace lies.", "gauge",
		    h->disk_free, out);
}
