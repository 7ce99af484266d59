/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a calendar: shared by calendar.c, calendar_expand.c and calendar_days.c, by nobody else. */
#ifndef TIME_CALENDAR_TABLE_H
#define TIME_CALENDAR_TABLE_H

#include "time/calendar.h"
#include "time/holidays.h"

/* Open from from to to; before_ms is the open time of the block before it. */
struct open_span {
	instant from, to;
	int64_t before_ms;
};

/*
 * Time is cut into blocks of 2^35 ms (398 days), open spans are cut at their edges. Each block has two indexes of 512 entries:
 * by_time[k] is the number of spans that begin at or before its k-th 2^26 ms, by_sum[k] the last span that begins with at most
 * k << sum_shift ms open before it. Both are first guesses at most a few spans below the answer, so a look-up does not search.
 */
enum { BLOCK_SHIFT = 35, SLICE_SHIFT = 26, SLICES = 1 << (BLOCK_SHIFT - SLICE_SHIFT) };
enum {
	BLOCKS = 9184,
	BLOCKS_PER_PAGE = 64,
	BLOCK_PAGES = (BLOCKS + BLOCKS_PER_PAGE - 1) / BLOCKS_PER_PAGE
};
_Static_assert((INSTANT_MAX - INSTANT_MIN) >> BLOCK_SHIFT == BLOCKS - 1,
	       "blocks cover all instants");

struct open_block {
	const struct open_span *v;
	const uint32_t *by_time, *by_sum;
	int64_t total_ms;
	uint32_t n;
	uint8_t sum_shift;
	bool total_known, expanded;
};

struct block_page {
	struct open_block block[BLOCKS_PER_PAGE];
};

/* Working days, one bit a local date, 512 dates a chunk. */
enum { FIRST_DAY = -719162, LAST_DAY = 2932896, CHUNK_DAYS = 512, CHUNK_WORDS = CHUNK_DAYS / 64 };
enum {
	CHUNKS = (LAST_DAY - FIRST_DAY) / CHUNK_DAYS + 1,
	CHUNKS_PER_PAGE = 64,
	CHUNK_PAGES = (CHUNKS + CHUNKS_PER_PAGE - 1) / CHUNKS_PER_PAGE
};

struct day_bits {
	uint64_t word[CHUNK_WORDS];
};

struct day_chunk {
	struct day_bits open;
	int32_t count;
	bool known;
};

struct chunk_page {
	struct day_chunk chunk[CHUNKS_PER_PAGE];
};

struct span_list {
	struct span *v;
	size_t n, cap;
};

/* What has been worked out so far. Nothing here changes an answer. */
struct calendar_cache {
	struct arena *arena;
	struct block_page *blocks[BLOCK_PAGES];
	struct chunk_page *chunks[CHUNK_PAGES];
	struct span_list scratch;
};

struct hours {
	const struct day_range *v; /* ascending, neither overlapping nor touching */
	size_t n;
};

struct fixed_date {
	day date;
	struct hours hours;
};

struct calendar {
	struct text id;
	const struct zone *zone; /* NULL: always */
	struct hours week[7];
	const struct holiday_set *const *sets;
	size_t n_sets;
	uint32_t yearly[13]; /* bit m of yearly[month]: the m-th is closed */
	bool has_yearly;
	bool leap_day_moves; /* from leap_day_from on */
	day leap_day_from;
	const day *dates; /* ascending */
	size_t n_dates;
	/* Dates with hours of their own, ascending: whatever replace, breaks and holidays_first say about them, worked out. */
	const struct fixed_date *fixed;
	size_t n_fixed;
	day first_date, last_date; /* nothing outside is open */
	uint32_t first_block, last_block;
	struct calendar_cache *cache;
};

/* calendar_expand.c */

/* The first of the calendar's closed dates at or after d, by place. */
size_t calendar_dates_from(const struct calendar *c, day d);
/* The block, expanded. */
const struct open_block *calendar_expand(const struct calendar *c, uint32_t number);
int64_t calendar_block_total_ms(const struct calendar *c, uint32_t number);
/* The hours of a date, if closed_by_holiday is what the holidays say about it. */
struct hours calendar_hours(const struct calendar *c, day d, bool closed_by_holiday);
/* Is a 29 February that is closed each year on this date, a 28th? v: the civil date of d. */
bool calendar_leap_day_moved(const struct calendar *c, day d, const struct civil *v);
/* Bit i: is first + i closed by a holiday? */
void calendar_closed_days(const struct calendar *c, day first, struct day_bits *out);

/* The stretch of constant offset that the last date was in, so that most local times are one subtraction away from UTC. */
struct wall_clock {
	const struct zone *zone;
	instant from, to, next_change;
	int32_t offset_s;
};

void wall_clock_init(struct wall_clock *w, const struct zone *z);
/* Appends the UTC spans of local hours on a date (R4): empty and reversed ones are dropped. */
void wall_clock_spans(struct wall_clock *w, struct arena *a, day d, struct hours h,
		      struct span_list *out);

static inline instant block_from(uint32_t number)
{
	return INSTANT_MIN + ((instant)number << BLOCK_SHIFT);
}

static inline uint32_t block_of(instant t)
{
	return (uint32_t)((uint64_t)(t - INSTANT_MIN) >> BLOCK_SHIFT);
}

static inline bool day_bit(const struct day_bits *b, uint32_t i)
{
	return b->word[i / 64] >> (i % 64) & 1;
}

static inline void day_bit_set(struct day_bits *b, uint32_t i)
{
	b->word[i / 64] |= UINT64_C(1) << (i % 64);
}

#endif
