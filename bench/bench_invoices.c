/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invoices worked out in memory, and the same invoices as a journal for hledger:
 *
 *   bench_invoices compute [CONTRACTS]          charges and billing of one month each, one core; figures
 *   bench_invoices warm [CONTRACTS]             the same with so few contracts compiled that they stay in the caches
 *   bench_invoices journal [CONTRACTS]          their invoices as transactions of plain text accounting, on standard output
 *   bench_invoices contract|facts NUMBER        one of the contracts, or its month as JSON lines, for the program itself
 *   bench_invoices load FROM TO                 those contracts with their months into the workspace of the current folder, by the
 *                                               program's own verbs, in one process; its files lie in the folder, too
 *
 * Measured is what a run does for each account once its facts are in memory: view of the facts, charges, document with lines, discount,
 * credit, taxes, totals and steps, in an arena cleared after each. Making the facts and compiling the contract are not in it. Prices differ by
 * contract; so many are compiled at once as lie in the processor's caches about as badly as all of them would.
 */
#include "invoices.h"

#include "app/app.h"
#include "app/zones.h"
#include "entries.h"
#include "tickets.h"

#include <inttypes.h>
#include <string.h>

enum { CONTRACTS = 100000, COMPILED = 500, WARM = 8, ROUND_OF = 500 };

struct sums {
	uint64_t invoices, lines, facts;
	int64_t payable;
	size_t arena_bytes;
};

static struct earned_credit credit_of(void)
{
	return (struct earned_credit){.rule = text_of("response"),
				      .metric = text_of("response"),
				      .month = text_of("2026-06"),
				      .name = text_of("Response"),
				      .amount = 4500,
				      .base = 90000,
				      .pct = {5, 0},
				      .due = true,
				      .expires = DAY_NONE,
				      .apply_to = CREDIT_ON_INVOICE};
}

static const struct invoice *bill(struct arena *a, const struct pricing *pricing,
				  const struct invoices_month *m)
{
	struct priced_version version = {
		.pricing = pricing, .from = INT32_MIN, .to = INT32_MAX, .hash = text_of("")};
	struct charging c = {.arena = a, .versions = &version, .n_versions = 1};
	struct billing_settings settings = {.issue_delay_days = 0};
	struct earned_credit credit = credit_of();
	struct billing_input in = {.charging = &c,
				   .credits = &credit,
				   .n_credits = 1,
				   .settings = &settings,
				   .date = m->on,
				   .as_of = m->known,
				   .known_as_of = m->known};
	struct billing out;
	struct err err = {.line = 0};

	c.view = view_make(a, m->facts, m->known, m->known);
	c.on = m->on;
	c.stop = INT32_MAX;
	if (charging_begin(&c, &err) != RC_OK || charging_run(&c, &err) != RC_OK ||
	    billing_make(a, &in, &out, &err) != RC_OK)
		bench_stop("billing", &err);
	if (out.invoice == NULL || out.n_parked > 0) {
		fprintf(stderr, "bench_invoices: no invoice, or it is parked\n");
		exit(1);
	}
	return out.invoice;
}

struct compiled {
	struct arena *arena;
	const struct pricing *v[COMPILED];
};

static void compile(struct compiled *c, size_t n)
{
	struct zone_source zones;

	c->arena = arena_new((size_t)8 << 30);
	zones = zones_system(c->arena); /* read once for all, as the program does */
	for (size_t i = 0; i < n; i++)
		c->v[i] = invoices_pricing(c->arena, &zones, i);
}

static void add(struct sums *s, const struct invoice *i, const struct invoices_month *m)
{
	s->invoices++;
	s->lines += i->n_lines;
	s->facts += m->facts->n;
	s->payable += i->payable;
}

static int compute(size_t contracts, size_t compiled_n)
{
	struct compiled compiled;
	struct sums sums = {.invoices = 0};
	double wall = 0, cpu = 0, least = 0;
	struct arena *a = arena_new((size_t)1 << 30); /* of one invoice after the other */

	compile(&compiled, compiled_n);
	for (size_t done = 0; done < contracts; done += ROUND_OF) {
		struct arena *held = arena_new((size_t)8 << 30);
		struct invoices_month months[ROUND_OF];
		size_t n = contracts - done < ROUND_OF ? contracts - done : ROUND_OF;
		struct moment from, to;

		for (size_t i = 0; i < n; i++)
			months[i] = invoices_facts(held, done + i, compiled.v[0]->promise->zone);
		from = moment_now();
		for (size_t i = 0; i < n; i++) {
			add(&sums, bill(a, compiled.v[(done + i) % compiled_n], &months[i]),
			    &months[i]);
			sums.arena_bytes += arena_used_bytes(a);
			arena_clear(a);
		}
		to = moment_now();
		wall += to.wall_ms - from.wall_ms;
		cpu += to.thread_ms - from.thread_ms;
		if (n == ROUND_OF && (least == 0 || to.thread_ms - from.thread_ms < least))
			least = to.thread_ms - from.thread_ms;
		arena_free(held);
	}
	printf("invoices %" PRIu64 "\nlines %" PRIu64 "\nfacts %" PRIu64 "\npayable_minor %" PRId64
	       "\narena_bytes %" PRIu64 "\n",
	       sums.invoices, sums.lines, sums.facts, sums.payable,
	       (uint64_t)sums.arena_bytes / (sums.invoices > 0 ? sums.invoices : 1));
	printf("compute_ms %.1f\ncompute_thread_ms %.1f\n", wall, cpu);
	/* the round that other programs on the machine disturbed least */
	printf("compute_least_us %.2f\n", least * 1000 / ROUND_OF);
	memory_print();
	arena_free(a);
	arena_free(compiled.arena);
	return 0;
}

/* --- the journal --- */

static void posting(struct buf *b, struct text account, int64_t minor)
{
	buf_str(b, "    income:");
	buf_text(b, account);
	buf_str(b, "  ");
	decimal_print_places(b, (struct decimal){-minor, 2}, 2);
	buf_str(b, " USD\n");
}

static void transaction(struct buf *b, size_t number, const struct invoice *i)
{
	buf_printf(b, "2026-07-01 INV-%zu\n    assets:receivable:C%zu  ", number, number);
	decimal_print_places(b, (struct decimal){i->payable, 2}, 2);
	buf_str(b, " USD\n");
	for (size_t l = 0; l < i->n_lines; l++)
		posting(b, i->lines[l].charge, i->lines[l].net);
	for (size_t r = 0; r < i->n_reductions; r++)
		posting(b, i->reductions[r].charge, -i->reductions[r].amount);
	buf_str(b, "    liabilities:tax\n\n");
}

static int journal(size_t contracts)
{
	struct compiled compiled;
	struct buf b;

	compile(&compiled, COMPILED);
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < contracts; i++) {
		struct arena *a = arena_new((size_t)1 << 30);
		struct invoices_month m = invoices_facts(a, i, compiled.v[0]->promise->zone);

		buf_clear(&b);
		transaction(&b, i, bill(a, compiled.v[i % COMPILED], &m));
		(void)fwrite(b.p, 1, b.n, stdout);
		arena_free(a);
	}
	buf_free(&b);
	arena_free(compiled.arena);
	return fflush(stdout) == 0 ? 0 : 1;
}

/* One contract, or its month of facts, as the program takes them. */
static int as_file(bool contract, size_t number)
{
	struct arena *a = arena_new(1 << 20);
	struct buf b;

	buf_init(&b, 1 << 20);
	if (contract)
		buf_text(&b, invoices_contract(a, number));
	else
		invoices_lines(number, &b);
	(void)fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
	arena_free(a);
	return fflush(stdout) == 0 ? 0 : 1;
}

/* --- into a workspace --- */

static void file_put(const char *name, struct text bytes)
{
	FILE *f = fopen(name, "w");

	if (f != NULL && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0)
		return;
	fprintf(stderr, "bench_invoices: '%s' cannot be written\n", name);
	exit(1);
}

/* A verb as the program runs it. */
static void verb(const char *const *words, size_t n)
{
	struct arena *a = arena_new((size_t)1 << 30);
	struct text *given = arena_array(a, struct text, n);
	struct app app = {.arena = a, .zones = zones_system(a)};
	struct world world;
	struct args args;
	struct reply reply;
	struct err err = {.line = 0};
	bool help;

	for (size_t i = 0; i < n; i++)
		given[i] = text_of(words[i]);
	world_system(a, &world);
	app.world = &world;
	if (args_parse(a, given, n, &args, &help, &err) != RC_OK ||
	    app_run(&app, &args, &reply, &err) != RC_OK)
		bench_stop(words[0], &err);
	buf_free(&reply.out);
	buf_free(&reply.notes);
	arena_free(a);
}

static int load(size_t from, size_t to)
{
	static const char contract[] = "contract.yaml", facts[] = "facts.jsonl";

	for (size_t i = from; i < to; i++) {
		struct arena *a = arena_new((size_t)1 << 24);
		const char *add[] = {"contract", "add",      contract,           "--client",
				     "c",        "--agreed", "2026-06-01T04:00Z"};
		const char *import[] = {"import", facts, "--contract",
					text_format(a, "B-%zu", i).p};
		struct buf lines;

		buf_init(&lines, 1 << 20);
		invoices_lines(i, &lines);
		file_put(contract, invoices_contract(a, i));
		file_put(facts, buf_view(&lines));
		verb(add, ARRAY_SIZE(add));
		verb(import, ARRAY_SIZE(import));
		buf_free(&lines);
		arena_free(a);
	}
	return 0;
}

int main(int argc, char **argv)
{
	size_t contracts = bench_number(argc, argv, 2, CONTRACTS);

	if (argc > 1 && strcmp(argv[1], "compute") == 0)
		return compute(contracts, COMPILED);
	if (argc > 1 && strcmp(argv[1], "warm") == 0)
		return compute(contracts, WARM);
	if (argc > 1 && strcmp(argv[1], "journal") == 0)
		return journal(contracts);
	if (argc > 2 && (strcmp(argv[1], "contract") == 0 || strcmp(argv[1], "facts") == 0))
		return as_file(argv[1][0] == 'c', contracts);
	if (argc > 3 && strcmp(argv[1], "load") == 0)
		return load(bench_number(argc, argv, 2, 0), bench_number(argc, argv, 3, 0));
	fprintf(stderr,
		"usage: bench_invoices compute|warm|journal [CONTRACTS] | contract|facts NUMBER | "
		"load FROM TO\n");
	return 64;
}
