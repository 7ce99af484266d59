/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what cairo wrote to PDF/A-3b (ISO 19005-3), by qpdf: our structure, links and bookmarks for cairo's, the colour profile, XMP,
 * files inside, and what PDF/A asks of fonts.
 */
#include "render/pdf_calls.h"
#include "render/pdf_parts.h"

#include "base/base64.h"

#include <assert.h>

enum { ADDED_MAX = 1 << 30 };

static enum rc failed(qpdf_data q, struct err *err)
{
	qpdf_error e = qpdf_get_error(q);

	return err_set(err, RC_IO, "the document cannot be put together: %s",
		       e != NULL ? qpdf_get_error_message_detail(q, e) : "qpdf failed");
}

/* --- fonts --- */

/* A TrueType font that is addressed by glyph must say that numbers are glyphs (ISO 19005-3, 6.2.11.3.2). */
static void fix_font(qpdf_data q, qpdf_oh font)
{
	qpdf_oh kids = qpdf_oh_get_key(q, font, "/DescendantFonts"), kid;

	if (!qpdf_oh_is_array(q, kids) || qpdf_oh_get_array_n_items(q, kids) < 1)
		return;
	kid = qpdf_oh_get_array_item(q, kids, 0);
	if (qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key(q, kid, "/Subtype"), "/CIDFontType2") &&
	    !qpdf_oh_has_key(q, kid, "/CIDToGIDMap"))
		qpdf_oh_replace_key(q, kid, "/CIDToGIDMap", qpdf_oh_new_name(q, "/Identity"));
}

static void fix_fonts(struct printing *p, qpdf_data q, qpdf_oh page)
{
	qpdf_oh fonts = qpdf_oh_get_key(q, qpdf_oh_get_key(q, page, "/Resources"), "/Font");
	const char **names = NULL;
	size_t n = 0, cap = 0;

	if (!qpdf_oh_is_dictionary(q, fonts))
		return;
	for (qpdf_oh_begin_dict_key_iter(q, fonts); qpdf_oh_dict_more_keys(q);) {
		const char *name = qpdf_oh_dict_next_key(q);

		names = arena_grow(p->arena, names, n, &cap, sizeof(const char *));
		names[n++] = arena_copy(p->arena, name, strlen(name));
	}
	for (size_t i = 0; i < n; i++)
		fix_font(q, qpdf_oh_get_key(q, fonts, names[i]));
}

/* --- pages --- */

static enum rc fix_page(struct printing *p, qpdf_data q, size_t i, qpdf_oh page, struct err *err)
{
	unsigned char *bytes = NULL;
	size_t n = 0;
	QPDF_BOOL filtered = QPDF_FALSE;
	qpdf_oh content = qpdf_oh_get_key(q, page, "/Contents");
	struct buf marked;
	bool good;

	if (qpdf_oh_get_stream_data(q, content, qpdf_dl_generalized, &filtered, &bytes, &n) !=
		    QPDF_SUCCESS ||
	    bytes == NULL)
		return failed(q, err);
	buf_init(&marked, 2 * n + 4096);
	good = content_mark(p, i, (struct text){(const char *)bytes, n}, &marked);
	/* qpdf's buffer is malloc's, which g_free gives back to (GLib since 2.46); free itself is for base alone. */
	g_free(bytes);
	/* Cairo's marks are not those that were asked for: a page that would be read wrongly is none. */
	assert(good && "marks of a page in another order than drawn");
	qpdf_oh_replace_stream_data(q, content, (const unsigned char *)marked.p, marked.n,
				    qpdf_oh_new_null(q), qpdf_oh_new_null(q));
	buf_free(&marked);
	qpdf_oh_replace_key(q, page, "/StructParents", qpdf_oh_new_integer(q, (long long)i));
	qpdf_oh_replace_key(q, page, "/Tabs", qpdf_oh_new_name(q, "/S"));
	fix_fonts(p, q, page);
	return qpdf_has_error(q) ? failed(q, err) : RC_OK;
}

/* --- what is added --- */

static size_t put_stream(struct adding *a, const char *dictionary, struct text bytes)
{
	size_t id = object_new(a);

	buf_printf(a->b, ",\n\"obj:%zu 0 R\":{\"stream\":{\"dict\":{%s},\"data\":\"", id,
		   dictionary);
	base64_add(a->b, (const unsigned char *)bytes.p, bytes.n);
	buf_str(a->b, "\"}}");
	return id;
}

static const char *relation_name(enum pdf_relation r)
{
	switch (r) {
	case PDF_DATA:
		return "Data";
	case PDF_SOURCE:
		return "Source";
	case PDF_ALTERNATIVE:
		return "Alternative";
	case PDF_SUPPLEMENT:
		break;
	}
	return "Supplement";
}

static size_t put_attachment(struct adding *a, const struct pdf_attachment *f)
{
	struct buf dictionary;
	size_t stream, id;

	buf_init(&dictionary, 4096 + 8 * f->mime.n);
	buf_str(&dictionary, "\"/Type\":\"/EmbeddedFile\",\"/Subtype\":\"/");
	buf_text(&dictionary, f->mime);
	buf_printf(&dictionary, "\",\"/Params\":{\"/Size\":%zu", f->bytes.n);
	if (a->p->style->dated != INSTANT_NONE) {
		buf_str(&dictionary, ",\"/ModDate\":");
		put_string(&dictionary, pdf_date(a->p, a->p->style->dated));
	}
	buf_str(&dictionary, "}");
	buf_char(&dictionary, '\0');
	stream = put_stream(a, dictionary.p, f->bytes);
	buf_free(&dictionary);
	id = object_new(a);
	object_begin(a, id);
	buf_str(a->b, "{\"/Type\":\"/Filespec\",\"/F\":");
	put_string(a->b, f->name);
	buf_str(a->b, ",\"/UF\":");
	put_string(a->b, f->name);
	if (f->description.n > 0) {
		buf_str(a->b, ",\"/Desc\":");
		put_string(a->b, f->description);
	}
	buf_printf(a->b,
		   ",\"/AFRelationship\":\"/%s\",\"/EF\":{\"/F\":", relation_name(f->relation));
	put_reference(a->b, stream);
	buf_str(a->b, ",\"/UF\":");
	put_reference(a->b, stream);
	buf_str(a->b, "}}}");
	return id;
}

struct filed {
	const struct pdf_attachment *file;
	size_t id;
};

/* In the order of their names, as a name tree asks. */
static size_t file_all(struct adding *a, struct filed **out)
{
	size_t n = 0, i = 0;
	struct filed *v;

	for (const struct pdf_attachment *f = a->p->style->attachments; f != NULL; f = f->next)
		n++;
	v = *out = arena_array(a->p->arena, struct filed, n + 1);
	for (const struct pdf_attachment *f = a->p->style->attachments; f != NULL;
	     f = f->next, i++) {
		size_t at = i;

		for (; at > 0 && text_cmp(v[at - 1].file->name, f->name) > 0; at--)
			v[at] = v[at - 1];
		v[at].file = f;
	}
	for (i = 0; i < n; i++)
		v[i].id = put_attachment(a, v[i].file);
	return n;
}

static void put_files(struct buf *b, const struct filed *v, size_t n)
{
	if (n == 0)
		return;
	buf_str(b, ",\"/Names\":{\"/EmbeddedFiles\":{\"/Names\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(b, i > 0 ? "," : "");
		put_string(b, v[i].file->name);
		buf_char(b, ',');
		put_reference(b, v[i].id);
	}
	buf_str(b, "]}},\"/AF\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(b, i > 0 ? "," : "");
		put_reference(b, v[i].id);
	}
	buf_char(b, ']');
}

static void put_info(struct adding *a, size_t id)
{
	struct printing *p = a->p;
	struct buf *b = a->b;

	object_begin(a, id);
	buf_str(b, "{\"/Title\":");
	put_string(b, pdf_title(p));
	if (pdf_author(p).n > 0) {
		buf_str(b, ",\"/Author\":");
		put_string(b, pdf_author(p));
	}
	if (p->style->dated != INSTANT_NONE) {
		buf_str(b, ",\"/CreationDate\":");
		put_string(b, pdf_date(p, p->style->dated));
		buf_str(b, ",\"/ModDate\":");
		put_string(b, pdf_date(p, p->style->dated));
	}
	buf_str(b, ",\"/Creator\":\"u:Tenor\",\"/Producer\":\"u:Tenor\"}}");
}

static void put_catalog(struct adding *a, size_t id, size_t pages)
{
	struct printing *p = a->p;
	struct buf *b = a->b, xmp;
	size_t metadata, profile, n;
	struct filed *files;

	buf_init(&xmp, 1 << 20);
	xmp_print(p, &xmp);
	metadata = put_stream(a, "\"/Type\":\"/Metadata\",\"/Subtype\":\"/XML\"", buf_view(&xmp));
	buf_free(&xmp);
	profile = put_stream(a, "\"/N\":3,\"/Alternate\":\"/DeviceRGB\"", p->press->profile);
	n = file_all(a, &files);
	object_begin(a, id);
	buf_str(b, "{\"/Type\":\"/Catalog\",\"/Pages\":");
	put_reference(b, pages);
	buf_str(b, ",\"/Lang\":");
	put_string(b, text_of(language_words(p->d->language)));
	buf_str(b, ",\"/MarkInfo\":{\"/Marked\":true},\"/ViewerPreferences\":{\"/"
		   "DisplayDocTitle\":true}"
		   ",\"/StructTreeRoot\":");
	put_reference(b, a->root);
	buf_str(b, ",\"/Metadata\":");
	put_reference(b, metadata);
	buf_str(b, ",\"/OutputIntents\":[{\"/Type\":\"/OutputIntent\",\"/S\":\"/GTS_PDFA1\","
		   "\"/OutputConditionIdentifier\":\"u:sRGB IEC61966-2.1\",\"/Info\":\"u:sRGB "
		   "IEC61966-2.1\",\"/DestOutputProfile\":");
	put_reference(b, profile);
	buf_str(b, "}]");
	if (a->outlines != 0) {
		buf_str(b, ",\"/Outlines\":");
		put_reference(b, a->outlines);
	}
	put_files(b, files, n);
	buf_str(b, "}}");
}

/* Everything new in one JSON text, which qpdf reads streams from until it has written; *info is the number of the Info dictionary. */
static enum rc add_objects(struct adding *a, qpdf_data q, struct buf *all, size_t *info,
			   struct err *err)
{
	qpdf_oh root = qpdf_get_root(q);
	size_t catalog = (size_t)qpdf_oh_get_object_id(q, root),
	       pages = (size_t)qpdf_oh_get_object_id(q, qpdf_oh_get_key(q, root, "/Pages")),
	       last = a->next;
	struct buf *body = a->b;
	enum rc rc = RC_OK;

	tree_print(a);
	*info = object_new(a);
	put_info(a, *info);
	put_catalog(a, catalog, pages);
	buf_printf(all,
		   "{\"qpdf\":[{\"jsonversion\":2,\"pdfversion\":\"1.7\",\"maxobjectid\":%zu,"
		   "\"pushedinheritedpageresources\":false,\"calledgetallpages\":false},{",
		   a->next - 1);
	/* behind the first comma */
	buf_text(all, text_sub(buf_view(body), 1, body->n));
	buf_str(all, "}]}");
	assert(last < a->next);
	if (all->full || body->full)
		rc = err_set(err, RC_LIMIT, "the document is larger than %d bytes", ADDED_MAX);
	else if (qpdf_update_from_json_data(q, all->p, all->n) != QPDF_SUCCESS)
		rc = failed(q, err);
	return rc;
}

/* --- all --- */

static enum rc rework(struct printing *p, qpdf_data q, struct buf *json, struct err *err)
{
	int n = qpdf_get_num_pages(q);
	int *ids = arena_array(p->arena, int, p->pages);
	struct buf body;
	struct adding a = {.p = p, .b = &body, .pages = ids};
	qpdf_oh trailer = qpdf_get_trailer(q);
	size_t info = 0;
	enum rc rc = RC_OK;

	assert(n >= 0 && (size_t)n == p->pages);
	a.next = (size_t)qpdf_oh_get_int_value(q, qpdf_oh_get_key(q, trailer, "/Size"));
	for (size_t i = 0; rc == RC_OK && i < p->pages; i++) {
		qpdf_oh page = qpdf_get_page_n(q, i);

		ids[i] = qpdf_oh_get_object_id(q, page);
		rc = fix_page(p, q, i, page, err);
		qpdf_oh_release_all(q);
	}
	buf_init(&body, ADDED_MAX);
	if (rc == RC_OK)
		rc = add_objects(&a, q, json, &info, err);
	buf_free(&body);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < p->pages; i++)
		if (a.annots[i] != 0)
			qpdf_oh_replace_key(q, qpdf_get_page_n(q, i), "/Annots",
					    qpdf_get_object_by_id(q, (int)a.annots[i], 0));
	qpdf_oh_replace_key(q, qpdf_get_trailer(q), "/Info",
			    qpdf_get_object_by_id(q, (int)info, 0));
	return qpdf_has_error(q) ? failed(q, err) : RC_OK;
}

static enum rc write_out(qpdf_data q, struct buf *out, struct err *err)
{
	if (qpdf_init_write_memory(q) != QPDF_SUCCESS)
		return failed(q, err);
	qpdf_set_deterministic_ID(q, QPDF_TRUE);
	qpdf_set_object_stream_mode(q, qpdf_o_generate);
	qpdf_set_minimum_pdf_version(q, "1.7");
	if (qpdf_write(q) != QPDF_SUCCESS)
		return failed(q, err);
	buf_add(out, (const char *)qpdf_get_buffer(q), qpdf_get_buffer_length(q));
	if (out->full)
		return err_set(err, RC_LIMIT, "the document is larger than %zu bytes", out->max);
	return RC_OK;
}

enum rc pdf_finish(struct printing *p, struct text drawn, struct buf *out, struct err *err)
{
	qpdf_data q = qpdf_init();
	struct buf json;
	enum rc rc;

	buf_init(&json, ADDED_MAX);
	qpdf_silence_errors(q);
	qpdf_set_suppress_warnings(q, QPDF_TRUE);
	if (qpdf_read_memory(q, "pages", drawn.p, drawn.n, NULL) == QPDF_SUCCESS)
		rc = rework(p, q, &json, err);
	else
		rc = failed(q, err);
	if (rc == RC_OK)
		rc = write_out(q, out, err);
	qpdf_cleanup(&q);
	buf_free(&json);
	return rc;
}
