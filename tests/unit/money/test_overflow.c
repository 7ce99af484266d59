/* SPDX-License-Identifier: Apache-2.0 */
/* What does not fit stops the program and never wraps (money.md R82). Each case runs in a child that has to abort. */
#include "money/money.h"

#include "tap.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST ((i128)(((u128)1 << 127) - 1))

static const struct currency usd = {"USD", 2};
static const struct currency eur = {"EUR", 2};
static const struct fraction most = {MOST, 1}, least = {1, MOST}, half = {1, 2}, none = {0, 1},
			     below = {-1, 1};

static void multiply(void)
{
	(void)fraction_mul(most, fraction_of(2, 1));
}

static void divide(void)
{
	(void)fraction_div(most, half);
}

static void divide_by_zero(void)
{
	(void)fraction_div(most, none);
}

static void add(void)
{
	(void)fraction_add(most, most);
}

static void add_far_apart(void)
{
	(void)fraction_add(least, half);
}

static void zero_denominator(void)
{
	(void)fraction_of(1, 0);
}

static void round_too_large(void)
{
	(void)fraction_round(fraction_of(INT64_MAX, 1), 1, ROUND_DOWN);
}

static void round_up_too_large(void)
{
	(void)fraction_round(fraction_of((i128)INT64_MAX * 2 + 1, 2), 0, ROUND_HALF_UP);
}

static void sum(void)
{
	(void)money_add((struct money){INT64_MAX, usd}, (struct money){1, usd});
}

static void difference(void)
{
	(void)money_sub((struct money){INT64_MIN, usd}, (struct money){1, usd});
}

static void two_currencies(void)
{
	(void)money_add((struct money){1, usd}, (struct money){1, eur});
}

static void weights_all_zero(void)
{
	struct money part;

	money_allocate((struct money){1, usd}, &none, 1, &part);
}

static void weight_negative(void)
{
	struct money part;

	money_allocate((struct money){1, usd}, &below, 1, &part);
}

static void places_too_few(void)
{
	struct buf out;

	buf_init(&out, 64);
	decimal_print_places(&out, (struct decimal){125, 3}, 2);
	buf_free(&out);
}

/* The same machinery, within its limits: shows that a child does not abort for another reason. */
static void nothing_wrong(void)
{
	(void)fraction_mul(most, least);
	(void)money_add((struct money){INT64_MAX - 1, usd}, (struct money){1, usd});
	(void)fraction_round(fraction_of((i128)INT64_MAX * 2 + 1, 2), 0, ROUND_DOWN);
}

static const struct {
	const char *name;
	void (*act)(void);
	bool aborts;
} cases[] = {
	{"a product beyond 128 bits", multiply, true},
	{"a quotient beyond 128 bits", divide, true},
	{"a division by zero", divide_by_zero, true},
	{"a sum beyond 128 bits", add, true},
	{"a common denominator beyond 128 bits", add_far_apart, true},
	{"a denominator of zero", zero_denominator, true},
	{"a decimal beyond 64 bits", round_too_large, true},
	{"a decimal rounded beyond 64 bits", round_up_too_large, true},
	{"a sum of money beyond 64 bits", sum, true},
	{"a difference of money beyond 64 bits", difference, true},
	{"a sum of two currencies", two_currencies, true},
	{"a split by weights of zero", weights_all_zero, true},
	{"a split by a negative weight", weight_negative, true},
	{"decimals that would be cut off", places_too_few, true},
	{"nothing wrong", nothing_wrong, false},
};

static bool aborts(void (*act)(void))
{
	int status = 0;
	pid_t child;

	(void)fflush(stdout);
	child = fork();
	if (child == 0) {
		(void)close(STDERR_FILENO);
		act();
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child) {
		note("no child process");
		exit(1);
	}
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ok(aborts(cases[i].act) == cases[i].aborts, "%s %s", cases[i].name,
		   cases[i].aborts ? "stops" : "goes on");
	return tap_done();
}
