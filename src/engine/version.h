/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The version of the rules by which numbers are computed (trust.md D8). A change that alters any number raises it; the log records
 * from when on a version counts, and a document says which one computed it.
 */
#ifndef ENGINE_VERSION_H
#define ENGINE_VERSION_H

#define ENGINE_VERSION "1"

#endif
