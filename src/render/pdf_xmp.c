/* SPDX-License-Identifier: Apache-2.0 */
/* What a file says of itself: XMP (ISO 16684), the same as its Info dictionary, PDF/A-3b, and what Factur-X adds. */
#include "render/pdf_parts.h"

#include "render/markup.h"

struct text pdf_title(const struct printing *p)
{
	struct doc scratch = *p->d;
	struct text words;

	if (p->style->title.n > 0)
		return p->style->title;
	words = doc_words(&scratch, p->d->title);
	return words.n > 0 ? words : text_of("Tenor");
}

struct text pdf_author(const struct printing *p)
{
	if (p->style->author.n > 0 || p->style->letterhead == NULL)
		return p->style->author;
	return p->style->letterhead->name;
}

/* "2026-04-02T13:00:00" */
static struct text seconds(const struct printing *p, instant t)
{
	struct buf b;

	buf_init(&b, 64);
	instant_print(&b, t);
	struct text out = text_copy(p->arena, text_sub(buf_view(&b), 0, 19));

	buf_free(&b);
	return out;
}

struct text pdf_date(const struct printing *p, instant t)
{
	struct text s = seconds(p, t);

	return text_format(p->arena, "D:%.4s%.2s%.2s%.2s%.2s%.2sZ", s.p, s.p + 5, s.p + 8, s.p + 11,
			   s.p + 14, s.p + 17);
}

/* The schema that Factur-X and ZUGFeRD ask to be described in the file, since PDF/A does not know it. */
static void put_facturx_schema(struct buf *b)
{
	static const struct {
		const char *name, *about;
	} rows[] = {{"DocumentFileName", "name of the embedded XML invoice file"},
		    {"DocumentType", "INVOICE"},
		    {"Version", "version of the XML schema of the invoice"},
		    {"ConformanceLevel", "profile of the XML invoice"}};

	html_raw(b, "<rdf:Description rdf:about=\"\" "
		    "xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" "
		    "xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" "
		    "xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n"
		    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\n"
		    "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>\n"
		    "<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
		    "</pdfaSchema:namespaceURI>\n<pdfaSchema:prefix>fx</pdfaSchema:prefix>\n"
		    "<pdfaSchema:property><rdf:Seq>\n");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		html_raw(b, "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>");
		html_text(b, text_of(rows[i].name));
		html_raw(b,
			 "</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
			 "<pdfaProperty:category>external</pdfaProperty:category>"
			 "<pdfaProperty:description>");
		html_text(b, text_of(rows[i].about));
		html_raw(b, "</pdfaProperty:description></rdf:li>\n");
	}
	html_raw(b, "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\n"
		    "</rdf:Description>\n");
}

static void put_facturx(const struct printing *p, struct buf *b)
{
	html_raw(b, "<rdf:Description rdf:about=\"\" "
		    "xmlns:fx=\"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#\">\n"
		    "<fx:DocumentType>INVOICE</fx:DocumentType>\n"
		    "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>\n"
		    "<fx:Version>1.0</fx:Version>\n<fx:ConformanceLevel>");
	html_text(b, p->style->facturx);
	html_raw(b, "</fx:ConformanceLevel>\n</rdf:Description>\n");
	put_facturx_schema(b);
}

void xmp_print(const struct printing *p, struct buf *b)
{
	struct text author = pdf_author(p);

	html_raw(b, "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
		    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
		    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
		    "<rdf:Description rdf:about=\"\" "
		    "xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
		    "<pdfaid:part>3</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n"
		    "</rdf:Description>\n"
		    "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
		    "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" "
		    "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n"
		    "<dc:format>application/pdf</dc:format>\n"
		    "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
	html_text(b, pdf_title(p));
	html_raw(b, "</rdf:li></rdf:Alt></dc:title>\n<dc:language><rdf:Bag><rdf:li>");
	html_text(b, text_of(language_words(p->d->language)));
	html_raw(b, "</rdf:li></rdf:Bag></dc:language>\n");
	if (author.n > 0) {
		html_raw(b, "<dc:creator><rdf:Seq><rdf:li>");
		html_text(b, author);
		html_raw(b, "</rdf:li></rdf:Seq></dc:creator>\n");
	}
	if (p->style->dated != INSTANT_NONE) {
		struct text t = seconds(p, p->style->dated);

		html_raw(b, "<xmp:CreateDate>");
		html_text(b, t);
		html_raw(b, "Z</xmp:CreateDate>\n<xmp:ModifyDate>");
		html_text(b, t);
		html_raw(b, "Z</xmp:ModifyDate>\n");
	}
	html_raw(b, "<xmp:CreatorTool>Tenor</xmp:CreatorTool>\n<pdf:Producer>Tenor</pdf:Producer>\n"
		    "</rdf:Description>\n");
	if (p->style->facturx.n > 0)
		put_facturx(p, b);
	html_raw(b, "</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>");
}
