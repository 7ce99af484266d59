/* SPDX-License-Identifier: Apache-2.0 */
#include "render/charts.h"

#include "fixture.h"

static const struct chart_bar shares[] = {{{"Jan", 3}, true, false, 1000000},
					  {{"Feb", 3}, false, false, 0},
					  {{"Mar", 3}, true, true, 500000}};
/* Each has room for four letters and a half on a phone. */
static const struct chart_bar months[] = {{{"a quarter", 9}, true, false, 1000000},
					  {{"a quarter", 9}, true, false, 1000000},
					  {{"a quarter", 9}, true, false, 1000000}};
/* Used over goal: half, all of it, one millionth too much, three times as much. */
static const struct chart_bar used[] = {{{"", 0}, true, false, 500000},
					{{"", 0}, true, false, 1000000},
					{{"", 0}, true, true, 1000001},
					{{"", 0}, true, true, 3000000}};
/* A day of open hours, a night, an hour of the next day; ten hours of month in a strip. */
static const struct chart_span clock_spans[] = {{{0, 8 * HOUR_MS}, MARK_OPEN},
						{{24 * HOUR_MS, 26 * HOUR_MS}, MARK_OPEN},
						{{0, 4 * HOUR_MS}, MARK_RAN},
						{{4 * HOUR_MS, 5 * HOUR_MS}, MARK_WAITED},
						{{24 * HOUR_MS, 25 * HOUR_MS}, MARK_OVER}};
static const struct chart_span strip_spans[] = {{{10 * HOUR_MS, 10 * HOUR_MS + 1}, MARK_DOWN},
						{{20 * HOUR_MS, 60 * HOUR_MS}, MARK_EXCUSED},
						{{-5, 5 * HOUR_MS}, MARK_UNKNOWN}};
static const struct chart_tick ticks[] = {
	{0, {"start", 5}, false},
	{24 * HOUR_MS, {"due <b>", 7}, true},
	{26 * HOUR_MS, {"a label too long for what is left of the line", 45}, false}};

static const struct {
	const char *name;
	struct chart chart;
	const char *has, *has_not;
} cases[] = {
	{"a label is read aloud and escaped",
	 {.kind = CHART_SHARES,
	  .label = {"<x> & \"y\"", 9},
	  .small = true,
	  .bars = shares,
	  .n_bars = 3,
	  .target_ppm = -1},
	 "role=\"img\" aria-label=\"&lt;x&gt; &amp; &quot;y&quot;\"><title>&lt;x&gt; &amp; "
	 "&quot;y&quot;</title>",
	 "<x>"},
	{"a bar for each window that has a value",
	 {.kind = CHART_SHARES, .small = true, .bars = shares, .n_bars = 3, .target_ppm = -1},
	 "<rect x=\"2.5%\" y=\"4\" width=\"11.69%\" height=\"39.5\" class=\"bar\"/><rect "
	 "x=\"35.81%\" "
	 "y=\"23.8\" width=\"11.69%\" height=\"19.8\" class=\"bar out\"/>",
	 "class=\"target\""},
	{"the target is a line",
	 {.kind = CHART_SHARES, .small = true, .bars = shares, .n_bars = 3, .target_ppm = 500000},
	 "<line class=\"target\" x1=\"0%\" y1=\"23.8\"",
	 "nan"},
	{"a large one names its windows",
	 {.kind = CHART_SHARES, .bars = shares, .n_bars = 3, .target_ppm = -1},
	 ">Feb</text>",
	 "nan"},
	{"no windows, no bars",
	 {.kind = CHART_SHARES, .small = true, .target_ppm = -1},
	 "</svg>",
	 "rect"},
	{"exactly the goal is in time",
	 {.kind = CHART_TIMES, .small = true, .bars = used, .n_bars = 2, .target_ppm = -1},
	 "class=\"bar\"/>",
	 "class=\"bar out\""},
	{"a hair more is late",
	 {.kind = CHART_TIMES, .small = true, .bars = used, .n_bars = 4, .target_ppm = -1},
	 "<rect x=\"67.31%\" y=\"6\" width=\"7.06%\" height=\"37.5\" class=\"bar out\"/>",
	 "nan"},
	{"an instant of a month can still be seen",
	 {.kind = CHART_STRIP,
	  .small = true,
	  .axis = {0, 744 * HOUR_MS},
	  .spans = strip_spans,
	  .n_spans = 3},
	 "<rect x=\"1.38%\" y=\"8\" width=\"1.25%\" height=\"28\" class=\"over\"/>",
	 "\"-"},
	{"what was excused is an outline",
	 {.kind = CHART_STRIP,
	  .small = true,
	  .axis = {0, 744 * HOUR_MS},
	  .spans = strip_spans,
	  .n_spans = 3},
	 "height=\"26\" class=\"wait\"/>",
	 "nan"},
	{"a night is a narrow gap",
	 {.kind = CHART_CLOCK,
	  .spans = clock_spans,
	  .n_spans = 5,
	  .ticks = ticks,
	  .n_ticks = 3,
	  .target = 24 * HOUR_MS},
	 "<rect x=\"80.6%\" y=\"24\" width=\"19.4%\" height=\"36\" class=\"open\" rx=\"3\"/>",
	 "nan"},
	{"labels that would touch on a phone are left out there",
	 {.kind = CHART_SHARES, .bars = months, .n_bars = 3, .target_ppm = -1},
	 "<text class=\"roomy\" x=\"25%\" y=\"92\" text-anchor=\"middle\">a quarter</text>",
	 "class=\"roomy\" x=\"41.67%\""},
	{"the deadline is told at its line, on a phone too",
	 {.kind = CHART_CLOCK,
	  .spans = clock_spans,
	  .n_spans = 5,
	  .ticks = ticks,
	  .n_ticks = 3,
	  .target = 24 * HOUR_MS},
	 "<text class=\"strong\" x=\"80.6%\" y=\"12\" text-anchor=\"middle\">due",
	 "class=\"strong\" x=\"0%\""},
	{"a label that a phone has no room for stands on a page alone",
	 {.kind = CHART_CLOCK,
	  .spans = clock_spans,
	  .n_spans = 5,
	  .ticks = ticks,
	  .n_ticks = 3,
	  .target = INSTANT_NONE},
	 "<text class=\"roomy\" x=\"100%\"",
	 "class=\"roomy\" x=\"0%\""},
	{"the deadline is a line",
	 {.kind = CHART_CLOCK,
	  .spans = clock_spans,
	  .n_spans = 5,
	  .ticks = ticks,
	  .n_ticks = 3,
	  .target = 24 * HOUR_MS},
	 "<line class=\"target\" x1=\"80.6%\"",
	 "<b>"},
	{"a label at the edge ends there",
	 {.kind = CHART_CLOCK,
	  .spans = clock_spans,
	  .n_spans = 5,
	  .ticks = ticks,
	  .n_ticks = 3,
	  .target = INSTANT_NONE},
	 "x=\"100%\" y=\"76\" text-anchor=\"end\">a label too long",
	 "class=\"target\""},
};

int main(void)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		buf_clear(&b);
		chart_svg(&b, &cases[i].chart);
		bool good = text_has(buf_view(&b), text_of(cases[i].has)) &&
			    !text_has(buf_view(&b), text_of(cases[i].has_not)) &&
			    text_starts(buf_view(&b), "<svg width=\"100%\" height=\"") &&
			    text_ends(buf_view(&b), "</svg>");

		if (!ok(good, "%s", cases[i].name))
			note("%.*s", TEXT_ARG(buf_view(&b)));
	}
	buf_free(&b);
	return tap_done();
}
