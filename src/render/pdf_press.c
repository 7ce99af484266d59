/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept from one document to the next: fonts, and pango's view of them. Only the fonts named here exist for it; no file of
 * fontconfig's is read, so the machine's fonts and a person's settings do not matter.
 */
#include "render/pdf_calls.h"
#include "render/pdf_parts.h"

#include "base/late.h"
#include "base/sha256.h"

static const struct late_library cairo = {"libcairo.so.2", "libcairo2"},
				 fontconfig = {"libfontconfig.so.1", "libfontconfig1"},
				 glib = {"libglib-2.0.so.0", "libglib2.0-0"},
				 gobject = {"libgobject-2.0.so.0", "libglib2.0-0"},
				 pango = {"libpango-1.0.so.0", "libpango-1.0-0"},
				 pangocairo = {"libpangocairo-1.0.so.0", "libpangocairo-1.0-0"},
				 pangoft2 = {"libpangoft2-1.0.so.0", "libpangoft2-1.0-0"},
				 qpdf = {"libqpdf.so.29", "libqpdf29"};

#define LATE(library, name) __typeof__(name) *late_##name;
#include "render/pdf_calls.def"
#undef LATE

#define LATE(library, name) {&library, "" #name, &late_##name},
static const struct late_call calls[] = {
#include "render/pdf_calls.def"
};
#undef LATE

enum rc pdf_load(struct err *err)
{
	return late_load(calls, ARRAY_SIZE(calls), err);
}

#define LIBERATION "/usr/share/fonts/truetype/liberation2/"
#define DEJAVU "/usr/share/fonts/truetype/dejavu/"

/* Texts in Liberation, which is narrow and has figures of one width; letters that it lacks in DejaVu. */
static const struct {
	const char *file, *package;
} fonts[] = {{LIBERATION "LiberationSans-Regular.ttf", "fonts-liberation2"},
	     {LIBERATION "LiberationSans-Bold.ttf", "fonts-liberation2"},
	     {LIBERATION "LiberationMono-Regular.ttf", "fonts-liberation2"},
	     {DEJAVU "DejaVuSans.ttf", "fonts-dejavu-core"},
	     {DEJAVU "DejaVuSans-Bold.ttf", "fonts-dejavu-core"}};

/* Tenths of a point; ascent and descent of Liberation Sans are 0.905 and 0.212 of the size. */
static const struct {
	int size, leading;
	bool bold;
	enum ink ink;
} letters[LETTER_COUNT] = {
	[LETTER_TITLE] = {170, 210, true, INK_TEXT},
	[LETTER_HEADING] = {115, 150, true, INK_MARK},
	[LETTER_SUBHEADING] = {92, 128, true, INK_TEXT},
	[LETTER_TEXT] = {88, 126, false, INK_TEXT},
	[LETTER_STRONG] = {88, 126, true, INK_TEXT},
	[LETTER_QUIET] = {88, 126, false, INK_QUIET},
	[LETTER_FINE] = {76, 108, false, INK_TEXT},
	[LETTER_FINE_STRONG] = {76, 108, true, INK_TEXT},
	[LETTER_FINE_QUIET] = {76, 108, false, INK_QUIET},
	[LETTER_COLUMN] = {74, 104, true, INK_QUIET},
	[LETTER_FIGURE] = {150, 184, true, INK_TEXT},
	[LETTER_NAME] = {135, 168, true, INK_MARK},
	[LETTER_RUNNING] = {72, 98, false, INK_QUIET},
	[LETTER_CHART] = {64, 90, false, INK_QUIET},
	[LETTER_CHART_STRONG] = {64, 90, true, INK_TEXT},
	[LETTER_SMALL] = {70, 96, false, INK_TEXT},
	[LETTER_SMALL_STRONG] = {70, 96, true, INK_TEXT},
	[LETTER_SMALL_COLUMN] = {66, 92, true, INK_QUIET},
};

int letter_leading(enum letter l)
{
	return PT(letters[l].leading) / 10;
}

int letter_baseline(enum letter l)
{
	int size = PT(letters[l].size) / 10, around = letter_leading(l) - size * 1117 / 1000;

	return around / 2 + size * 905 / 1000;
}

enum ink letter_ink(enum letter l)
{
	return letters[l].ink;
}

static enum rc load_fonts(struct pdf_press *press, struct err *err)
{
	const FcFontSet *set;

	/* Of a configuration without folders; made the current one, so that pango does not read the machine's. */
	press->config = FcConfigCreate();
	if (press->config == NULL || !FcConfigSetCurrent(press->config))
		return err_set(err, RC_IO, "fonts cannot be set up");
	for (size_t i = 0; i < ARRAY_SIZE(fonts); i++) {
		if (FcConfigAppFontAddFile(press->config, (const FcChar8 *)fonts[i].file))
			continue;
		err_hint(err, "install the package %s", fonts[i].package);
		return err_set(err, RC_MISSING, "there is no font '%s'", fonts[i].file);
	}
	press->letters = FcCharSetCreate();
	set = FcConfigGetFonts(press->config, FcSetApplication);
	for (int i = 0; i < set->nfont; i++) {
		FcCharSet *has = NULL;

		if (FcPatternGetCharSet(set->fonts[i], FC_CHARSET, 0, &has) == FcResultMatch)
			(void)FcCharSetMerge(press->letters, has, NULL);
	}
	return RC_OK;
}

/* Outlines as they are drawn: no hints for a screen's pixels, which would move letters by the machine's settings. */
static void set_up_type(struct pdf_press *press)
{
	cairo_font_options_t *options = cairo_font_options_create();

	press->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(press->map), press->config);
	pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(press->map), 72);
	press->context = pango_font_map_create_context(press->map);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(press->context, options);
	pango_context_set_round_glyph_positions(press->context, FALSE);
	cairo_font_options_destroy(options);
	for (size_t i = 0; i < LETTER_COUNT; i++) {
		PangoFontDescription *f = pango_font_description_new();

		pango_font_description_set_family_static(f, "Liberation Sans,DejaVu Sans");
		pango_font_description_set_size(f, PT(letters[i].size) / 10);
		pango_font_description_set_weight(f, letters[i].bold ? PANGO_WEIGHT_BOLD
								     : PANGO_WEIGHT_NORMAL);
		press->fonts[i] = f;
	}
}

enum rc pdf_press_open(struct arena *a, const struct pdf_sources *sources, struct pdf_press **out,
		       struct err *err)
{
	struct pdf_press *press = arena_one(a, struct pdf_press);
	enum rc rc;

	press->arena = a;
	press->profile = sources->profile;
	/* ICC.1: the signature stands at byte 36, the colour space at 16 */
	if (sources->profile.n < 128 || memcmp(sources->profile.p + 36, "acsp", 4) != 0 ||
	    memcmp(sources->profile.p + 16, "RGB ", 4) != 0) {
		err_hint(err, "sRGB.icc of the package icc-profiles-free is one");
		return err_set(err, RC_INVALID, "the colour profile is no ICC profile of RGB");
	}
	rc = pdf_load(err);
	if (rc == RC_OK)
		rc = load_fonts(press, err);
	if (rc != RC_OK) {
		pdf_press_close(press);
		return rc;
	}
	set_up_type(press);
	*out = press;
	return RC_OK;
}

void pdf_press_close(struct pdf_press *press)
{
	for (size_t i = 0; i < LETTER_COUNT; i++)
		if (press->fonts[i] != NULL)
			pango_font_description_free(press->fonts[i]);
	if (press->context != NULL)
		g_object_unref(press->context);
	if (press->map != NULL)
		g_object_unref(press->map);
	if (press->letters != NULL)
		FcCharSetDestroy(press->letters);
	if (press->config != NULL) {
		/* fontconfig holds on to the current one; pango 1.50 does not give back all it holds, some kilobytes a press. */
		if (FcConfigGetCurrent() == press->config)
			(void)FcConfigSetCurrent(NULL);
		FcConfigDestroy(press->config);
	}
	*press = (struct pdf_press){.arena = press->arena};
}

size_t pdf_pages(const struct pdf_press *press)
{
	return press->pages;
}
