/* SPDX-License-Identifier: Apache-2.0 */
#include "render/xml_tree.h"

#include "base/memory.h"

#include <libxml/parser.h>

/* A document type is where entities and the network come from. */
static void no_document_type(void *ctx, const xmlChar *name, const xmlChar *external,
			     const xmlChar *system_id)
{
	xmlParserCtxt *parser = ctx;

	(void)name;
	(void)external;
	(void)system_id;
	parser->_private = parser;
	xmlStopParser(parser);
}

static enum rc failed(const xmlParserCtxt *parser, const struct xml_limits *limits, struct err *err)
{
	const xmlError *e = &parser->lastError;
	const char *what = e->message == NULL ? "nothing in it" : e->message;

	if (e->code == XML_ERR_NO_MEMORY)
		memory_none();
	if (parser->_private != NULL) {
		err_hint(err, "none: neither entities nor other files are read");
		return err_set(err, RC_INVALID, "%s has a document type", limits->what);
	}
	err_at(err, text_of(""), e->line > 0 ? (uint32_t)e->line : 0, 0);
	return err_set(err, RC_INVALID, "no well-formed XML: %.*s",
		       TEXT_ARG(text_trim(text_of(what))));
}

static bool too_deep(const xmlNode *root, size_t most)
{
	size_t depth = 0;

	for (const xmlNode *n = root; n != NULL;) {
		if (n->type == XML_ELEMENT_NODE && n->children != NULL) {
			if (++depth > most)
				return true;
			n = n->children;
			continue;
		}
		while (n != root && n->next == NULL) {
			n = n->parent;
			depth--;
		}
		n = n == root ? NULL : n->next;
	}
	return false;
}

static enum rc parse(xmlParserCtxt *parser, struct text bytes, const struct xml_limits *limits,
		     xmlDoc **out, struct err *err)
{
	enum { OPTIONS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING };
	enum rc rc = RC_OK;
	xmlDoc *doc;

	parser->sax->internalSubset = no_document_type;
	doc = xmlCtxtReadMemory(parser, bytes.p, (int)bytes.n, NULL, NULL, OPTIONS);
	if (doc == NULL || parser->_private != NULL || xmlDocGetRootElement(doc) == NULL)
		rc = failed(parser, limits, err);
	else if (too_deep(xmlDocGetRootElement(doc), limits->depth))
		rc = err_set(err, RC_LIMIT, "%s is nested too deep: at most %zu elements",
			     limits->what, limits->depth);
	if (rc == RC_OK)
		*out = doc;
	else
		xmlFreeDoc(doc);
	return rc;
}

enum rc xml_tree_read(struct text bytes, const struct xml_limits *limits, xmlDoc **out,
		      struct err *err)
{
	xmlParserCtxt *parser;
	enum rc rc = RC_LIMIT;

	if (bytes.n > limits->bytes)
		return err_set(err, RC_LIMIT, "%s is larger than %zu bytes", limits->what,
			       limits->bytes);
	if (bytes.n == 0)
		return err_set(err, RC_INVALID, "no well-formed XML: nothing in it");
	parser = xmlNewParserCtxt();
	if (parser == NULL)
		memory_none();
	else
		rc = parse(parser, bytes, limits, out, err);
	xmlFreeParserCtxt(parser);
	return rc;
}

struct text xml_view(const unsigned char *s)
{
	return text_of((const char *)s);
}
