/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every change of 170 zones from 2014 to 2031 against the table that zdump made from tzdata 2025b. Where this machine's tzdata is
 * another, its own zdump decides; the difference is listed. ZDUMP_ALL=1 asks zdump about every zone.
 */
#include "base/symbols.h"
#include "time/zone.h"

#include "zones.h"

#include <archive.h>
#include <archive_entry.h>

enum { TABLE_MAX = 4 << 20, DUMP_MAX = 256 << 10 };

static struct text read_zst(struct arena *a, const char *path)
{
	struct archive *in = archive_read_new();
	struct archive_entry *entry;
	char *p = arena_alloc(a, TABLE_MAX);
	size_t n = 0;

	archive_read_support_filter_zstd(in);
	archive_read_support_format_raw(in);
	if (archive_read_open_filename(in, path, 1 << 16) == ARCHIVE_OK &&
	    archive_read_next_header(in, &entry) == ARCHIVE_OK) {
		la_ssize_t got;

		while (n < TABLE_MAX && (got = archive_read_data(in, p + n, TABLE_MAX - n)) > 0)
			n += (size_t)got;
	}
	(void)archive_read_free(in);
	return (struct text){p, n};
}

/* The line of the table for the change at t. */
static void print_change(struct buf *out, struct text name, instant t, struct local l)
{
	struct buf shown;

	buf_init(&shown, 64);
	buf_text(out, name);
	buf_char(out, '\t');
	instant_print(out, t);
	buf_char(out, '\t');
	instant_print(&shown, t + l.offset_s * SECOND_MS);
	buf_add(out, shown.p, shown.n - 1);
	buf_printf(out, "\t%s\t%d\t%d\n", l.abbrev, l.dst ? 1 : 0, (int)l.offset_s);
	buf_free(&shown);
}

static void print_zdump_time(struct buf *out, instant t)
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	day d = day_of_instant(t);
	struct civil c = civil_of(d);
	int64_t s = (t - instant_of_day(d)) / SECOND_MS;

	buf_printf(out, "%s %s %2d %02d:%02d:%02d %d", days[weekday_of(d)], months[c.month - 1],
		   (int)c.mday, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60), (int)c.year);
}

/* The line of zdump -v for an instant. */
static void print_zdump(struct buf *out, struct text name, instant t, struct local l)
{
	buf_text(out, name);
	buf_str(out, "  ");
	print_zdump_time(out, t);
	buf_str(out, " UT = ");
	print_zdump_time(out, t + l.offset_s * SECOND_MS);
	buf_printf(out, " %s isdst=%d gmtoff=%d\n", l.abbrev, l.dst ? 1 : 0, (int)l.offset_s);
}

/* What this machine's zdump says, without the lines about the ends of time; empty if there is none. */
static struct text ask_zdump(struct arena *a, struct text name)
{
	char command[256], *p = arena_alloc(a, DUMP_MAX), line[512];
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++)
		if (strchr("'\\\"$`;|&<>() \t", name.p[i]) != NULL)
			return (struct text){p, 0};
	(void)snprintf(command, sizeof(command), "zdump -v -c 2014,2032 '%.*s' 2>/dev/null",
		       TEXT_ARG(name));

	FILE *f = popen(command, "r");

	if (f == NULL)
		return (struct text){p, 0};
	while (fgets(line, sizeof(line), f) != NULL) {
		size_t length = strlen(line);

		if (strstr(line, "NULL") != NULL || n + length > DUMP_MAX)
			continue;
		memcpy(p + n, line, length);
		n += length;
	}
	(void)pclose(f);
	return (struct text){p, n};
}

static void check_zone(struct arena *a, struct text name, struct text want, bool ask)
{
	const struct zone *z = system_zone(a, text_copy(a, name).p);
	instant from = utc("2014-01-01T00:00:00Z"), to = utc("2032-01-01T00:00:00Z");
	struct buf table, dump;

	if (z == NULL) {
		ok(true, "%.*s # SKIP not on this machine", TEXT_ARG(name));
		return;
	}
	buf_init(&table, TABLE_MAX);
	buf_init(&dump, DUMP_MAX);
	for (instant t = zone_next_change(z, from - 1); t < to; t = zone_next_change(z, t)) {
		print_change(&table, name, t, zone_local(z, t));
		print_zdump(&dump, name, t - SECOND_MS, zone_local(z, t - SECOND_MS));
		print_zdump(&dump, name, t, zone_local(z, t));
	}

	bool same = text_eq(buf_view(&table), want);

	if (same && !ask) {
		ok(true, "%.*s as in the table", TEXT_ARG(name));
	} else {
		struct text theirs = ask_zdump(a, name);

		if (!same)
			note("%.*s: this machine's tzdata is not the table's; ours:\n%.*s",
			     TEXT_ARG(name), TEXT_ARG(buf_view(&table)));
		ok(theirs.n > 0 && text_eq(buf_view(&dump), theirs),
		   "%.*s as this machine's zdump says", TEXT_ARG(name));
	}
	buf_free(&table);
	buf_free(&dump);
}

int main(void)
{
	const char *shared = tap_shared();
	char path[512];

	if (shared == NULL)
		return tap_skip_all("no shared data at hand");

	struct arena *a = arena_new((size_t)1 << 30);
	struct symbols *zones = symbols_new(a);

	(void)snprintf(path, sizeof(path),
		       "%s/data/calendars/tz-transitions-2014-2031-zdump.tsv.zst", shared);

	struct text table = read_zst(a, path), head;
	bool ask = getenv("ZDUMP_ALL") != NULL;

	if (system_zone(a, "Europe/Berlin") == NULL)
		return tap_skip_all("no tzdata on this machine");
	table = text_cut(table, '\n', &head);
	if (!ok(text_starts(head, "zone\tutc_instant\t"), "the table can be read"))
		return tap_done();

	/* The table is grouped by zone; a few zones stand in it twice. */
	while (table.n > 0) {
		struct text name = text_sub(table, 0, text_find(table, '\t', 0));
		size_t end = 0;

		while (end < table.n && text_eq(text_sub(table, end, end + name.n), name) &&
		       table.p[end + name.n] == '\t')
			end = text_find(table, '\n', end) + 1;
		check_zone(a, name, text_sub(table, 0, end), ask);
		table = text_sub(table, end, table.n);
		(void)symbol_add(zones, name);
	}
	is_i64(symbols_count(zones) - 1, 170, "zones in the table");
	arena_free(a);
	return tap_done();
}
