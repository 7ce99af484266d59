/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a head: method, target, version, then names and values, one a line. What passes has one framing, a sound host and a target
 * whose segments hold no slash; the same head passes again.
 */
#include "http/policy.h"

#include "fuzz_keys.h"
#include "http/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_segments(struct arena *a, struct text path)
{
	const struct text *v = NULL;
	size_t n = 0;

	if (!path_segments(a, path, &v, &n))
		return;
	MUST(n <= LIMIT_SEGMENTS);
	for (size_t i = 0; i < n; i++) {
		MUST(v[i].n > 0 && !text_is(v[i], ".") && !text_is(v[i], "..") &&
		     text_utf8(v[i], NULL));
		MUST(text_find(v[i], '/', 0) == v[i].n && text_find(v[i], '\\', 0) == v[i].n &&
		     text_find(v[i], '\0', 0) == v[i].n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64 << 20);
	struct field fields[LIMIT_HEAD_FIELDS + 2];
	struct text rest = {(const char *)data, size};
	struct policy_head h = {.fields = fields, .bytes = size};
	struct policy_verdict v;

	rest = text_cut(rest, '\n', &h.method);
	rest = text_cut(rest, '\n', &h.target);
	rest = text_cut(rest, '\n', &h.version);
	while (rest.n > 0 && h.n_fields < ARRAY_SIZE(fields)) {
		rest = text_cut(rest, '\n', &fields[h.n_fields].name);
		rest = text_cut(rest, '\n', &fields[h.n_fields].value);
		h.n_fields++;
	}
	v = policy_check(&h);
	if (v.status == 0) {
		MUST(!(v.chunked && v.length > 0) && (v.has_body || v.length == 0));
		MUST(h.n_fields <= LIMIT_HEAD_FIELDS && h.target.n <= LIMIT_TARGET_BYTES &&
		     v.host.n > 0);
		MUST(v.path.n > 0 && v.path.p[0] == '/');
		check_segments(a, v.path);
		MUST(policy_check(&h).status == 0);
	} else {
		MUST(v.status >= 400 && v.status <= 505 && v.reason[0] != '\0' &&
		     v.title[0] != '\0');
	}
	(void)takes_gzip(h.target);
	(void)etag_matches(h.target, text_of("\"a\""));
	(void)host_is(h.target, h.method);
	(void)forwarded_for(h.method, h.target, &h.method, 1);
	arena_free(a);
	return 0;
}
