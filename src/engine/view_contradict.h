/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that contradict each other (sla.md R14, R17). Part of view.h; nobody else needs it. */
#ifndef ENGINE_VIEW_CONTRADICT_H
#define ENGINE_VIEW_CONTRADICT_H

#include "engine/view.h"

/* Flags both of each pair and sets outweighed_by of the one that does not count; returns how many do not count. */
size_t view_find_contradictions(struct view *v, const struct view_rules *rules);

#endif
