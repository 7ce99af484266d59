/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The master (trust.md X1): binds, forks, reaps, replaces. It never accepts a connection and opens no file; what it knows of its workers
 * is their process ids and a few words in shared memory.
 */
#include "http/server.h"

#include "http/clock.h"
#include "http/jail.h"
#include "http/keeper.h"
#include "http/limits.h"
#include "http/linked.h"
#include "http/log.h"
#include "http/policy.h"
#include "http/worker.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Not of POSIX; of the kernel's interface. */
enum { MAP_OF_NOBODY = 0x20 };

enum {
	DEATHS = 5,
	DEATHS_WITHIN_MS = 10 * 1000,
	PAUSE_MS = 1000,
	GROWN_MS = 60 * 1000,
	FILES_BESIDE = 256, /* of a worker: the store, zones, pairs of sockets, the library's own */
	KILL_AFTER_MS = LIMIT_DRAIN_MS + 2000,
	LOOK_MS = 200,
	BACKLOG = 1024
};

/* --- what handlers tell --- */

static const struct server *own_server;

void server_own(const struct server *s)
{
	own_server = s;
}

void server_disk_failed(void)
{
	if (own_server != NULL)
		atomic_store(&own_server->shared->disk_failed, true);
}

bool server_is_broken(const struct server *s)
{
	return atomic_load(&s->shared->disk_failed);
}

void server_outbox(int64_t n, instant oldest)
{
	if (own_server != NULL)
		metrics_outbox(own_server->metrics, n, oldest);
}

void server_facts_recorded(const char *kind, size_t n)
{
	if (own_server != NULL)
		metrics_facts(own_server->metrics, kind, n);
}

static void server_committed(uint64_t us)
{
	if (own_server != NULL)
		metrics_commit(own_server->metrics, us);
}

const struct served_counts server_counts = {steady_us, server_committed, server_facts_recorded};

/* --- addresses --- */

struct address {
	struct sockaddr_storage at;
	socklen_t size;
};

static bool read_port(struct text t, uint16_t *out)
{
	int64_t n = 0;

	if (t.n == 0 || t.n > 5 || !text_digits(t, &n) || n > 65535)
		return false;
	*out = (uint16_t)n;
	return true;
}

static bool read_address(struct text t, struct address *out)
{
	struct text host, port = {NULL, 0};
	char words[64];
	uint16_t number = 0;
	bool six = text_starts(t, "[");

	if (six) {
		port = text_cut(text_sub(t, 1, t.n), ']', &host);
		if (!text_starts(port, ":"))
			return false;
		port = text_sub(port, 1, port.n);
	} else {
		port = text_cut(t, ':', &host);
	}
	if (host.n == 0 || host.n >= sizeof(words) || !read_port(port, &number))
		return false;
	(void)snprintf(words, sizeof(words), "%.*s", TEXT_ARG(host));
	*out = (struct address){.size = 0};
	if (six) {
		struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_port = htons(number)};

		if (inet_pton(AF_INET6, words, &a.sin6_addr) != 1)
			return false;
		memcpy(&out->at, &a, sizeof(a));
		out->size = sizeof(a);
	} else {
		struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(number)};

		if (inet_pton(AF_INET, words, &a.sin_addr) != 1)
			return false;
		memcpy(&out->at, &a, sizeof(a));
		out->size = sizeof(a);
	}
	return true;
}

/* "127.0.0.1:8440" as it came to be. */
static struct text address_of(struct arena *a, int fd)
{
	struct sockaddr_storage at;
	socklen_t size = sizeof(at);
	char words[INET6_ADDRSTRLEN] = "";

	memset(&at, 0, sizeof(at));
	if (getsockname(fd, (struct sockaddr *)&at, &size) != 0)
		return text_of("");
	if (at.ss_family == AF_INET6) {
		struct sockaddr_in6 six;

		memcpy(&six, &at, sizeof(six));
		(void)inet_ntop(AF_INET6, &six.sin6_addr, words, sizeof(words));
		return text_format(a, "[%s]:%d", words, ntohs(six.sin6_port));
	}

	struct sockaddr_in four;

	memcpy(&four, &at, sizeof(four));
	(void)inet_ntop(AF_INET, &four.sin_addr, words, sizeof(words));
	return text_format(a, "%s:%d", words, ntohs(four.sin_port));
}

static enum rc listen_on(struct text where, int *out, struct err *err)
{
	struct address address;
	int fd, on = 1, failed;

	if (!read_address(where, &address)) {
		err_hint(err, "write an address and a port: 127.0.0.1:8440, [::1]:8440");
		return err_set(err, RC_USAGE, "'%.*s' is not an address to listen on",
			       TEXT_ARG(where));
	}
	fd = socket(address.at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(err, RC_IO, "no socket can be opened: %s", strerror(errno));
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address.at.ss_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	failed = bind(fd, (struct sockaddr *)&address.at, address.size) != 0 ||
				 listen(fd, BACKLOG) != 0
			 ? errno
			 : 0;
	if (failed == 0) {
		*out = fd;
		return RC_OK;
	}
	(void)close(fd);
	err_hint(err, failed == EADDRINUSE ? "another program listens there; choose another port"
					   : "choose an address of this machine");
	return err_set(err, RC_USAGE, "'%.*s' cannot be listened on: %s", TEXT_ARG(where),
		       strerror(failed));
}

static bool on_loopback(struct text where)
{
	return text_starts(where, "127.") || text_starts(where, "[::1]");
}

static enum rc open_sockets(struct arena *a, struct server *s, struct err *err)
{
	const struct server_options *o = s->options;
	enum rc rc;

	if (o->ops_listen.n > 0 && !on_loopback(o->ops_listen)) {
		err_hint(err, "health and metrics are for this machine: 127.0.0.1:9440");
		return err_set(err, RC_USAGE, "'%.*s' is not on loopback", TEXT_ARG(o->ops_listen));
	}
	rc = listen_on(o->listen, &s->listener, err);
	if (rc == RC_OK && o->ops_listen.n > 0)
		rc = listen_on(o->ops_listen, &s->ops, err);
	if (rc != RC_OK)
		return rc;
	s->base_url = o->base_url.n > 0
			      ? o->base_url
			      : text_format(a, "http://%.*s", TEXT_ARG(address_of(a, s->listener)));
	if (base_url_host(s->base_url).n > 0)
		return RC_OK;
	err_hint(err, "give --base-url as people reach this server through a proxy with TLS, "
		      "https://..., or listen on loopback");
	return err_set(err, RC_USAGE, "the base URL '%.*s' is neither https nor http on loopback",
		       TEXT_ARG(s->base_url));
}

/* --- shared memory --- */

static void *shared_memory(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_OF_NOBODY, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static enum rc share(struct server *s, struct err *err)
{
	size_t bytes = s->site->shared_bytes;

	s->shared = (struct shared *)shared_memory(sizeof(*s->shared));
	s->metrics = (struct metrics *)shared_memory(metrics_bytes());
	s->site_shared = bytes == 0 ? NULL : shared_memory(bytes);
	if (s->shared != NULL && s->metrics != NULL && (bytes == 0 || s->site_shared != NULL))
		return RC_OK;
	return err_set(err, RC_IO, "no memory to share: %s", strerror(errno));
}

static void unshare_memory(struct server *s)
{
	if (s->shared != NULL)
		(void)munmap(s->shared, sizeof(*s->shared));
	if (s->metrics != NULL)
		(void)munmap(s->metrics, metrics_bytes());
	if (s->site_shared != NULL)
		(void)munmap(s->site_shared, s->site->shared_bytes);
}

/* --- processes --- */

struct process {
	pid_t pid; /* 0: the slot is free */
	size_t index;
	uint64_t order; /* of birth */
	bool leaving;   /* was told to end */
	int64_t told_ms;
};

struct master {
	struct server server;
	struct process slots[SLOTS_MAX];
	size_t workers;
	int64_t deaths[DEATHS], forked_ms, grown_ms;
	size_t n_deaths;
	uint64_t born;
	bool ending, announced, killed;
	int64_t ending_ms;
	bool replace[WORKERS_MAX]; /* by SIGHUP, one by one */
	enum rc rc;
};

static void note(enum log_level level, const char *event, const char *reason, size_t index)
{
	log_event(&(struct log_event){.level = level,
				      .event = event,
				      .reason = reason,
				      .ms = -1,
				      .bytes = -1,
				      .worker = (int64_t)index},
		  wall_now());
}

static bool spawn(struct master *m, size_t index, struct err *err)
{
	size_t slot = 0;
	pid_t pid;

	while (slot < SLOTS_MAX && m->slots[slot].pid != 0)
		slot++;
	if (slot == SLOTS_MAX)
		return false;
	atomic_store(&m->server.shared->slots[slot].state, SLOT_STARTING);
	atomic_store(&m->server.shared->slots[slot].grown, false);
	m->forked_ms = steady_ms();
	pid = fork();
	if (pid == 0) {
		int status = worker_run(&m->server, slot, index);

		/* In the jail nothing of the master's is to be run at the end; outside, leaks are looked for. */
		if (!m->server.options->no_jail)
			_Exit(status);
		exit(status);
	}
	if (pid < 0) {
		(void)err_set(err, RC_IO, "no worker can be forked: %s", strerror(errno));
		return false;
	}
	m->slots[slot] = (struct process){.pid = pid, .index = index, .order = m->born++};
	return true;
}

static int slot_state(const struct master *m, size_t slot)
{
	return atomic_load(&m->server.shared->slots[slot].state);
}

static void tell_to_end(struct process *p)
{
	if (p->pid == 0 || p->leaving)
		return;
	p->leaving = true;
	p->told_ms = steady_ms();
	(void)kill(p->pid, SIGTERM);
}

static void end_all(struct master *m)
{
	if (!m->ending)
		m->ending_ms = steady_ms();
	m->ending = true;
	for (size_t i = 0; i < SLOTS_MAX; i++)
		tell_to_end(&m->slots[i]);
}

void worker_ended(const struct server *s, int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DISK)
		atomic_store(&s->shared->disk_failed, true);
}

const char *worker_why_ended(int status)
{
	if (WIFSIGNALED(status)) {
		switch (WTERMSIG(status)) {
		case SIGSYS:
			return "jail";
		case SIGKILL:
			return "killed";
		case SIGABRT:
			return "abort";
		case SIGSEGV:
		case SIGBUS:
		case SIGILL:
		case SIGFPE:
			return "crash";
		default:
			return "signal";
		}
	}
	switch (WEXITSTATUS(status)) {
	case EXIT_ARENA:
		return "arena";
	case EXIT_START:
		return "start";
	case EXIT_TRAP:
		return "jail";
	case EXIT_DISK:
		return "disk";
	default:
		return "exit";
	}
}

static void died(struct master *m, size_t slot, int status, struct err *err)
{
	struct process *p = &m->slots[slot];
	bool orderly = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_ORDERLY;
	const char *why = worker_why_ended(status);

	if (!orderly && !(p->leaving && m->killed)) {
		note(LOG_ERROR_EVENT, "worker_died", why, p->index);
		metrics_worker_death(m->server.metrics, why);
		m->deaths[m->n_deaths++ % DEATHS] = steady_ms();
	}
	metrics_streams(m->server.metrics, slot, 0);
	places_gone(&m->server.shared->places, slot);
	streams_gone(&m->server.shared->streams, slot);
	worker_ended(&m->server, status);
	/* A start that fails at the very first is the whole server's; later it is tried again. */
	if (slot_state(m, slot) == SLOT_REFUSED && !m->announced && m->rc == RC_OK) {
		m->rc = m->server.shared->slots[slot].rc;
		*err = m->server.shared->slots[slot].err;
		end_all(m);
	}
	atomic_store(&m->server.shared->slots[slot].state, SLOT_FREE);
	*p = (struct process){.pid = 0};
}

static void reap(struct master *m, struct err *err)
{
	int status = 0;
	pid_t pid;

	for (pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG))
		for (size_t i = 0; i < SLOTS_MAX; i++)
			if (m->slots[i].pid == pid) {
				died(m, i, status, err);
				break;
			}
}

/* The worker of an index that is to stay, the youngest or the oldest of them; SLOTS_MAX: there is none. */
static size_t staying(const struct master *m, size_t index, bool youngest)
{
	size_t found = SLOTS_MAX;

	for (size_t i = 0; i < SLOTS_MAX; i++) {
		const struct process *p = &m->slots[i];

		if (p->pid != 0 && !p->leaving && p->index == index &&
		    (found == SLOTS_MAX || (p->order > m->slots[found].order) == youngest))
			found = i;
	}
	return found;
}

static bool may_fork(const struct master *m)
{
	int64_t now = steady_ms();

	if (m->n_deaths < DEATHS || now - m->deaths[m->n_deaths % DEATHS] > DEATHS_WITHIN_MS)
		return true;
	return now - m->forked_ms >= PAUSE_MS;
}

static void fill(struct master *m, struct err *err)
{
	for (size_t i = 0; i < m->workers && may_fork(m); i++)
		if (staying(m, i, true) == SLOTS_MAX)
			(void)spawn(m, i, err);
}

/* One at a time: the new one is ready before the old one is told to end, so that somebody always accepts. */
static void replace(struct master *m, struct err *err)
{
	for (size_t i = 0; i < m->workers; i++) {
		size_t old = staying(m, i, false), fresh = staying(m, i, true);

		if (old != fresh) {
			if (slot_state(m, fresh) == SLOT_READY) {
				m->replace[i] = false;
				tell_to_end(&m->slots[old]);
			}
			return;
		}
		if (m->replace[i] && old != SLOTS_MAX) {
			if (slot_state(m, old) == SLOT_READY && may_fork(m))
				(void)spawn(m, i, err);
			return;
		}
	}
}

static void look_for_grown(struct master *m)
{
	int64_t now = steady_ms();

	if (m->grown_ms != 0 && now - m->grown_ms < GROWN_MS)
		return;
	for (size_t i = 0; i < SLOTS_MAX; i++)
		if (m->slots[i].pid != 0 && !m->slots[i].leaving &&
		    atomic_load(&m->server.shared->slots[i].grown)) {
			m->grown_ms = now;
			m->replace[m->slots[i].index] = true;
			note(LOG_WARN_EVENT, "worker_grown", NULL, m->slots[i].index);
			return;
		}
}

static void kill_late(struct master *m)
{
	int64_t now = steady_ms();

	for (size_t i = 0; i < SLOTS_MAX; i++)
		if (m->slots[i].pid != 0 && m->slots[i].leaving &&
		    now - m->slots[i].told_ms > KILL_AFTER_MS) {
			note(LOG_WARN_EVENT, "worker_killed", "slow", m->slots[i].index);
			m->killed = true;
			(void)kill(m->slots[i].pid, SIGKILL);
			m->slots[i].told_ms = now;
		}
}

static void announce(struct master *m)
{
	const struct server_options *o = m->server.options;

	for (size_t i = 0; i < m->workers; i++) {
		size_t slot = staying(m, i, true);

		if (slot == SLOTS_MAX || slot_state(m, slot) != SLOT_READY)
			return;
	}
	m->announced = true;
	if (o->listening != NULL)
		o->listening(o->listening_context, m->server.base_url);
}

static bool any_left(const struct master *m)
{
	for (size_t i = 0; i < SLOTS_MAX; i++)
		if (m->slots[i].pid != 0)
			return true;
	return false;
}

/* --- the loop --- */

static void look(struct master *m, struct err *err)
{
	reap(m, err);
	if (server_is_broken(&m->server))
		end_all(m);
	kill_late(m);
	if (m->ending)
		return;
	fill(m, err);
	look_for_grown(m);
	replace(m, err);
	if (!m->announced)
		announce(m);
}

static void serve(struct master *m, const sigset_t *set, struct err *err)
{
	const struct timespec wait = {.tv_nsec = LOOK_MS * 1000000L}, soon = {.tv_nsec = 5000000L};

	look(m, err);
	while (!m->ending || any_left(m)) {
		int number = sigtimedwait(set, NULL, m->announced && !m->ending ? &wait : &soon);

		if (number == SIGTERM || number == SIGINT)
			end_all(m);
		if (number == SIGHUP && !m->ending) {
			note(LOG_INFO_EVENT, "replacing", NULL, 0);
			for (size_t i = 0; i < m->workers; i++)
				m->replace[i] = true;
		}
		look(m, err);
	}
}

static void block(sigset_t *set, sigset_t *before)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGTERM);
	(void)sigaddset(set, SIGINT);
	(void)sigaddset(set, SIGHUP);
	(void)sigaddset(set, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, set, before);
}

static enum rc run(struct master *m, struct err *err)
{
	struct sigaction ignore = {.sa_flags = 0};
	sigset_t set, before;

	block(&set, &before);
	serve(m, &set, err);
	/* Told once more while it ends, it ends in order all the same. */
	ignore.sa_handler = SIG_IGN;
	(void)sigaction(SIGTERM, &ignore, NULL);
	(void)sigaction(SIGINT, &ignore, NULL);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	if (m->rc != RC_OK)
		return m->rc;
	if (!server_is_broken(&m->server))
		return RC_OK;
	err_code(err, "store.io");
	err_hint(err, "look at the disk, then start again: what was acknowledged is there");
	return err_set(err, RC_IO, "a write failed: nothing was acknowledged after it");
}

/*
 * X5: a worker may have LIMIT_CONNECTIONS and some files; what a shell or systemd gives by itself is less. Where no more is allowed, fewer
 * connections are taken at a time, and the log says so.
 */
static void allow_files(void)
{
	const rlim_t wanted = LIMIT_CONNECTIONS + FILES_BESIDE;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted)
		return;
	files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur < wanted)
		note(LOG_WARN_EVENT, "few_files", NULL, 0);
}

enum rc server_run(struct arena *a, const struct server_options *o, const struct site *site,
		   struct err *err)
{
	struct master *m = arena_one(a, struct master);
	struct linked linked = {.n = 0}, keeper = {.n = 0};
	enum rc rc = RC_OK;

	assert(site->handle != NULL);
	if (o->workers < 1 || o->workers > WORKERS_MAX) {
		err_hint(err, "give 1 to %d", (int)WORKERS_MAX);
		return err_set(err, RC_USAGE, "%zu is no number of workers", o->workers);
	}
	m->server = (struct server){
		.options = o, .site = site, .listener = -1, .ops = -1, .master = getpid()};
	m->workers = o->workers;
	allow_files();
	rc = open_sockets(a, &m->server, err);
	if (rc == RC_OK && site->bound != NULL)
		site->bound(site->context, m->server.base_url);
	if (rc == RC_OK)
		rc = share(&m->server, err);
	if (rc == RC_OK)
		rc = worker_load(err);
	/* Before the master gives up sockets: what it forks from then on has none to open. */
	if (rc == RC_OK && o->link != NULL) {
		m->server.linked = &linked;
		/* the last pair is the keeper's */
		rc = linked_start(&linked, "tenor-link", 2 * o->workers + 3, o->link,
				  o->link_context, !o->no_jail, err);
	}
	if (rc == RC_OK && !o->no_keeper) {
		m->server.keeper = &keeper;
		rc = linked_start(&keeper, "tenor-keeper", 2 * o->workers + 2, keeper_run,
				  &m->server, !o->no_jail, err);
	}
	if (rc == RC_OK && !o->no_jail)
		rc = jail_master(err);
	if (rc == RC_OK)
		rc = run(m, err);
	linked_stop(&linked);
	linked_stop(&keeper);
	unshare_memory(&m->server);
	if (m->server.listener >= 0)
		(void)close(m->server.listener);
	if (m->server.ops >= 0)
		(void)close(m->server.ops);
	return rc;
}
