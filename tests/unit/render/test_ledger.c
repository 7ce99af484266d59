/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ledger files (money.md R143): their bytes, a checker of our own that reads them back and adds them up, and hledger and bean-check where
 * they are there.
 */
#include "render/ledger.h"

#include "tap.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define POSTING(path_text, minor)                                                                  \
	{                                                                                          \
		.path = {path_text, sizeof(path_text) - 1}, .amount = (minor)                      \
	}
#define TEXT(s)                                                                                    \
	{                                                                                          \
		(s), sizeof(s) - 1                                                                 \
	}

/* R143's example, its deferred part from two charges; a close; a yen contract whose names need care. */
static const struct posting invoice[] = {
	POSTING("assets:receivable:klinik", 648957),
	POSTING("assets:unbilled:klinik", -311332),
	{.path = TEXT("liabilities:deferred:klinik"), .amount = -240000, .charge = TEXT("bundle")},
	{.path = TEXT("liabilities:deferred:klinik"), .amount = 7200, .charge = TEXT("loyal")},
	POSTING("liabilities:tax:vat", -98825),
	POSTING("revenue:labour", -6000),
};
static const struct posting closing[] = {
	{.path = TEXT("assets:unbilled:klinik"),
	 .amount = 124417,
	 .charge = TEXT("users"),
	 .period = {20605, 20635}},
	{.path = TEXT("revenue:4400"),
	 .code = TEXT("44,00"),
	 .amount = -124417,
	 .charge = TEXT("users"),
	 .period = {20605, 20635}},
};
static const struct posting paid[] = {
	POSTING("assets:bank-clearing", 3226),
	POSTING("assets:receivable:x", -3226),
};
static const struct posting nothing[] = {
	{.path = TEXT("liabilities:unapplied:x"), .amount = 5, .charge = TEXT("a")},
	{.path = TEXT("liabilities:unapplied:x"), .amount = -5, .charge = TEXT("b")},
};

static const struct transaction klinik_transactions[] = {
	{.date = 20634,
	 .document = TEXT("CLOSE-2026-06"),
	 .kind = TRANSACTION_CLOSE,
	 .postings = closing,
	 .n_postings = ARRAY_SIZE(closing)},
	{.date = 20635,
	 .document = TEXT("INV-2026-00042"),
	 .kind = TRANSACTION_INVOICE,
	 .postings = invoice,
	 .n_postings = ARRAY_SIZE(invoice)},
};
static const struct transaction yen_transactions[] = {
	{.date = 20635,
	 .document = TEXT("=P (1)"),
	 .kind = TRANSACTION_PAYMENT,
	 .postings = paid,
	 .n_postings = ARRAY_SIZE(paid)},
	{.date = 20636,
	 .document = TEXT("R"),
	 .kind = TRANSACTION_REFUND,
	 .postings = nothing,
	 .n_postings = ARRAY_SIZE(nothing)},
};
static const struct ledger klinik = {.currency = {"EUR", 2},
				     .contract = TEXT("MSA-2026-014"),
				     .payee = TEXT("Klinik GmbH"),
				     .segment = TEXT("klinik"),
				     .v = klinik_transactions,
				     .n = ARRAY_SIZE(klinik_transactions)};
static const struct ledger yen = {.currency = {"JPY", 0},
				  .contract = TEXT("J-1"),
				  .payee = TEXT("A \"B\"; C | D\nE"),
				  .segment = TEXT("x"),
				  .root = TEXT("ab12"),
				  .v = yen_transactions,
				  .n = ARRAY_SIZE(yen_transactions)};

static const char hledger[] =
	"commodity 1000.00 EUR\n"
	"commodity 1000. JPY\n"
	"account assets:bank-clearing\n"
	"account assets:receivable:klinik\n"
	"account assets:receivable:x\n"
	"account assets:unbilled:klinik\n"
	"account liabilities:deferred:klinik\n"
	"account liabilities:tax:vat\n"
	"account revenue:4400\n"
	"account revenue:labour\n"
	"payee A  B   C   D E\n"
	"payee Klinik GmbH\n"
	"\n"
	"2026-06-30 * (CLOSE-2026-06) Klinik GmbH | month close  ; contract:MSA-2026-014\n"
	"    assets:unbilled:klinik                                 1244.17 EUR\n"
	"    revenue:4400                                          -1244.17 EUR\n"
	"\n"
	"2026-07-01 * (=P  1 ) A  B   C   D E | payment  ; contract:J-1, root:ab12\n"
	"    assets:bank-clearing                                      3226 JPY\n"
	"    assets:receivable:x                                      -3226 JPY\n"
	"\n"
	"2026-07-01 * (INV-2026-00042) Klinik GmbH | invoice  ; contract:MSA-2026-014\n"
	"    assets:receivable:klinik                               6489.57 EUR\n"
	"    assets:unbilled:klinik                                -3113.32 EUR\n"
	"    liabilities:deferred:klinik                           -2328.00 EUR\n"
	"    liabilities:tax:vat                                    -988.25 EUR\n"
	"    revenue:labour                                          -60.00 EUR\n";

static const char beancount[] =
	"2026-06-30 commodity EUR\n"
	"2026-07-01 commodity JPY\n"
	"2026-07-01 open Assets:Bank-clearing\n"
	"2026-07-01 open Assets:Receivable:Klinik\n"
	"2026-07-01 open Assets:Receivable:X\n"
	"2026-06-30 open Assets:Unbilled:Klinik\n"
	"2026-06-30 open Income:4400\n"
	"2026-07-01 open Income:Labour\n"
	"2026-07-01 open Liabilities:Deferred:Klinik\n"
	"2026-07-01 open Liabilities:Tax:Vat\n"
	"\n"
	"2026-06-30 * \"Klinik GmbH\" \"month close\" ^CLOSE-2026-06\n"
	"  contract: \"MSA-2026-014\"\n"
	"  Assets:Unbilled:Klinik                                 1244.17 EUR\n"
	"  Income:4400                                           -1244.17 EUR\n"
	"\n"
	"2026-07-01 * \"A  B ; C | D E\" \"payment\" ^-P--1-\n"
	"  contract: \"J-1\"\n"
	"  root: \"ab12\"\n"
	"  Assets:Bank-clearing                                      3226 JPY\n"
	"  Assets:Receivable:X                                      -3226 JPY\n"
	"\n"
	"2026-07-01 * \"Klinik GmbH\" \"invoice\" ^INV-2026-00042\n"
	"  contract: \"MSA-2026-014\"\n"
	"  Assets:Receivable:Klinik                               6489.57 EUR\n"
	"  Assets:Unbilled:Klinik                                -3113.32 EUR\n"
	"  Liabilities:Deferred:Klinik                           -2328.00 EUR\n"
	"  Liabilities:Tax:Vat                                    -988.25 EUR\n"
	"  Income:Labour                                           -60.00 EUR\n";

static const char csv[] =
	"date,document,account,amount,currency,contract,charge,period\n"
	"2026-06-30,CLOSE-2026-06,assets:unbilled:klinik,1244.17,EUR,MSA-2026-014,users,"
	"2026-06-01/2026-06-30\n"
	"2026-06-30,CLOSE-2026-06,\"44,00\",-1244.17,EUR,MSA-2026-014,users,"
	"2026-06-01/2026-06-30\n"
	"2026-07-01,'=P (1),assets:bank-clearing,3226,JPY,J-1,,\n"
	"2026-07-01,'=P (1),assets:receivable:x,-3226,JPY,J-1,,\n"
	"2026-07-01,INV-2026-00042,assets:receivable:klinik,6489.57,EUR,MSA-2026-014,,\n"
	"2026-07-01,INV-2026-00042,assets:unbilled:klinik,-3113.32,EUR,MSA-2026-014,,\n"
	"2026-07-01,INV-2026-00042,liabilities:deferred:klinik,-2400.00,EUR,MSA-2026-014,bundle,\n"
	"2026-07-01,INV-2026-00042,liabilities:deferred:klinik,72.00,EUR,MSA-2026-014,loyal,\n"
	"2026-07-01,INV-2026-00042,liabilities:tax:vat,-988.25,EUR,MSA-2026-014,,\n"
	"2026-07-01,INV-2026-00042,revenue:labour,-60.00,EUR,MSA-2026-014,,\n"
	"2026-07-02,R,liabilities:unapplied:x,5,JPY,J-1,a,\n"
	"2026-07-02,R,liabilities:unapplied:x,-5,JPY,J-1,b,\n";

static struct text print(struct arena *a, enum ledger_format f, bool reversed)
{
	const struct ledger *const both[] = {&klinik, &yen}, *const back[] = {&yen, &klinik};
	struct buf b;
	struct text t;

	buf_init(&b, 1 << 20);
	ledger_print(a, reversed ? back : both, 2, f, &b);
	t = text_copy(a, buf_view(&b));
	buf_free(&b);
	return t;
}

/* Every transaction of a ledger file adds up to nothing: amounts are the last but one word of an indented line. */
static bool adds_up(struct text file)
{
	struct text rest = file, line;
	int64_t sum = 0;

	while (rest.n > 0) {
		struct text number, digits;
		size_t n = 0;
		char plain[64];
		int64_t value = 0;

		rest = text_cut(rest, '\n', &line);
		if (line.n == 0 || line.p[0] != ' ') {
			if (sum != 0)
				return false;
			continue;
		}
		if (!text_ends(line, " EUR") && !text_ends(line, " JPY"))
			continue; /* metadata */
		number = text_trim(text_sub(line, 0, line.n - 4));
		while (text_find(number, ' ', 0) < number.n)
			number = text_trim(text_sub(number, text_find(number, ' ', 0), number.n));
		for (size_t i = 0; i < number.n && n < sizeof(plain); i++)
			if (number.p[i] != '.')
				plain[n++] = number.p[i];
		digits = (struct text){plain, n};
		if (!text_int(digits, &value))
			return false;
		sum += value;
	}
	return sum == 0;
}

/* Its exit status, its output thrown away; 127: there is no such program. */
static int status_of(char *const argv[])
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		int null = open("/dev/null", O_WRONLY);

		if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0)
			(void)execvp(argv[0], argv);
		_exit(127);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)
		       ? WEXITSTATUS(status)
		       : -1;
}

/* Does the file pass a checker of others? Says SKIP where it is not there. argv[file_at] becomes the file's name after that prefix. */
static void checked(const char *name, char *argv[], size_t file_at, const char *prefix,
		    struct text file)
{
	char path[] = "/tmp/tenor-ledger-XXXXXX", named[64];
	FILE *f;
	int fd = mkstemp(path), status;

	f = fd < 0 ? NULL : fdopen(fd, "wb");
	if (f == NULL) {
		ok(false, "%s: no file", name);
		return;
	}
	(void)fwrite(file.p, 1, file.n, f);
	(void)fclose(f);
	(void)snprintf(named, sizeof(named), "%s%s", prefix, path);
	argv[file_at] = named;
	status = status_of(argv);
	if (status == 127)
		printf("ok %d - %s # SKIP not installed\n", ++tap_count, name);
	else
		ok(status == 0, "%s", name);
	(void)unlink(path);
}

static const struct {
	const char *name;
	enum ledger_format format;
	const char *want;
} forms[] = {{"hledger", LEDGER_HLEDGER, hledger},
	     {"beancount", LEDGER_BEANCOUNT, beancount},
	     {"csv", LEDGER_CSV, csv}};

int main(void)
{
	struct arena *a = arena_new((size_t)1 << 24);
	enum ledger_format f = LEDGER_CSV;

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		is_text(print(a, forms[i].format, false), forms[i].want, "%s", forms[i].name);
		is_text(print(a, forms[i].format, true), forms[i].want,
			"%s: the order of contracts does not matter", forms[i].name);
		ok(ledger_format_find(text_of(forms[i].name), &f) && f == forms[i].format,
		   "%s by name", forms[i].name);
	}
	ok(!ledger_format_find(text_of("ledger"), &f), "no other");
	ok(adds_up(print(a, LEDGER_HLEDGER, false)), "hledger adds up");
	ok(adds_up(print(a, LEDGER_BEANCOUNT, false)), "beancount adds up");
	ok(!adds_up(text_of("x\n    a  1.00 EUR\n    b  -0.99 EUR\ny\n")),
	   "the checker sees what does not");
	char hledger_name[] = "hledger", check[] = "check", strict[] = "--strict",
	     payees[] = "payees", of_file[] = "-f", bean_name[] = "bean-check";
	char *hledger_check[] = {hledger_name, check, strict, payees, of_file, NULL, NULL};
	char *bean_check[] = {bean_name, NULL, NULL};

	checked("hledger check --strict", hledger_check, 5,
		"journal:", print(a, LEDGER_HLEDGER, false));
	checked("bean-check", bean_check, 1, "", print(a, LEDGER_BEANCOUNT, false));
	arena_free(a);
	return tap_done();
}
