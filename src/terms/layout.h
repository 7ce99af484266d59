/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What YAML asks of the layout of a file and libyaml lets pass: a blank before a comment, and lines inside brackets or quotes
 * that stand further in than the block they belong to. Two readers must never disagree about what a contract is.
 */
#ifndef TERMS_LAYOUT_H
#define TERMS_LAYOUT_H

#include "base/text.h"

#include <yaml.h>

enum { LAYOUT_DEPTH_MAX = 1024 }; /* libyaml itself stops at 1000 */

struct layout {
	struct text bytes;
	size_t byte,
		index; /* how far the events have come: bytes, and libyaml's count of characters */
	size_t seen;   /* bytes that were looked at */
	int indent[LAYOUT_DEPTH_MAX];
	size_t depth; /* of block maps and lists */
	size_t flow;  /* of brackets */
	bool flows[LAYOUT_DEPTH_MAX];
	size_t open;
};

void layout_init(struct layout *l, struct text bytes);
/* Looks at an event and what stands before it; what is wrong, or NULL; *line and *column say where, from 1. */
const char *layout_next(struct layout *l, const yaml_event_t *e, uint32_t *line, uint32_t *column);

#endif
