/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of the YAML test suite. A file that is not YAML must never be read as if it were; what is YAML but outside the
 * subset may be refused (contract-language.md CL-1).
 */
#include "terms_tap.h"

#include <archive.h>
#include <archive_entry.h>

static bool has_code(const struct contract *c, const char *code)
{
	for (size_t i = 0; i < c->findings.n; i++)
		if (text_starts(text_of(c->findings.v[i].code), code))
			return true;
	return false;
}

struct counts {
	int refused, read;
};

/* One document of a case: `yaml` as the suite writes it, with its signs for blanks and the like. */
static struct text plain_bytes(struct arena *a, struct text t)
{
	static const struct {
		const char *sign, *is;
	} signs[] = {
		{"\xe2\x90\xa3", " "},  {"\xe2\x80\x94\xc2\xbb", "\t"},
		{"\xe2\x80\x94", ""},   {"\xc2\xbb", "\t"},
		{"\xe2\x86\x90", "\r"}, {"\xe2\x87\x94", "\xef\xbb\xbf"},
		{"\xe2\x86\xb5", ""},   {"\xe2\x88\x8e\n", ""},
		{"\xe2\x88\x8e", ""},
	};
	struct buf b;

	buf_init(&b, (size_t)1 << 20);
	for (size_t i = 0; i < t.n;) {
		size_t s = 0;

		while (s < ARRAY_SIZE(signs) && !text_starts(text_sub(t, i, t.n), signs[s].sign))
			s++;
		if (s < ARRAY_SIZE(signs)) {
			buf_str(&b, signs[s].is);
			i += text_of(signs[s].sign).n;
		} else {
			buf_char(&b, t.p[i++]);
		}
	}
	struct text out = text_copy(a, buf_view(&b));

	buf_free(&b);
	return out;
}

static void one(struct arena *a, const char *name, struct text bytes, bool fails, struct counts *n)
{
	struct contract *c = tap_read(a, bytes);

	n->read++;
	/* None of them is a contract, so `valid` proves nothing: the problem must be one of YAML itself. */
	if (fails) {
		n->refused++;
		/* S98Z is a block scalar without content, which no reader of ours takes either. */
		ok(has_code(c, "yaml.") ||
			   (has_code(c, "value.empty") && text_ends(text_of(name), "S98Z.yaml")),
		   "%s is not YAML and is not read", name);
	}
	if (c->valid)
		ok(false, "%s is no contract", name);
}

/* A case file is a list of maps in block style: `- name:`, `fail: true`, `yaml: |` and lines indented by four. */
static void cases(struct arena *a, const char *name, struct text file, struct counts *n)
{
	struct text rest = file, line, yaml = {NULL, 0};
	bool fails = false, in_yaml = false;
	size_t strip = 4;
	struct buf b;

	buf_init(&b, (size_t)1 << 20);
	for (bool more = true; more;) {
		more = rest.n > 0;
		rest = text_cut(rest, '\n', &line);
		bool inside = text_starts(line, "    ") || line.n == 0;

		if (in_yaml && inside && more) {
			buf_text(&b, text_sub(line, strip, line.n));
			buf_char(&b, '\n');
			continue;
		}
		if (in_yaml) {
			yaml = text_copy(a, buf_view(&b));
			in_yaml = false;
		}
		if ((text_starts(line, "- ") || !more) && yaml.p != NULL) {
			one(a, name, plain_bytes(a, yaml), fails, n);
			yaml = (struct text){NULL, 0};
			fails = false;
		}
		if (text_is(line, "  fail: true"))
			fails = true;
		if (text_starts(line, "  yaml: |") || text_starts(line, "- yaml: |")) {
			buf_clear(&b);
			in_yaml = true;
		}
	}
	buf_free(&b);
}

int main(void)
{
	const char *dir = tap_shared();
	char path[512];
	struct archive *ar = archive_read_new();
	struct archive_entry *entry;
	struct counts n = {0, 0};

	if (dir == NULL) {
		(void)archive_read_free(ar);
		return tap_skip_all("no shared data");
	}
	(void)snprintf(path, sizeof(path), "%s/data/malformed/yaml-test-suite.tar.zst", dir);
	(void)archive_read_support_filter_all(ar);
	(void)archive_read_support_format_all(ar);
	if (archive_read_open_filename(ar, path, 65536) != ARCHIVE_OK) {
		(void)archive_read_free(ar);
		return tap_skip_all("no YAML test suite");
	}
	while (archive_read_next_header(ar, &entry) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);
		int64_t size = archive_entry_size(entry);

		if (!text_ends(text_of(name), ".yaml") || size <= 0 || size > 1 << 20)
			continue;
		struct arena *a = arena_new((size_t)1 << 28);
		char *bytes = arena_alloc(a, (size_t)size);
		la_ssize_t got = archive_read_data(ar, bytes, (size_t)size);

		if (got == size)
			cases(a, name, (struct text){bytes, (size_t)size}, &n);
		arena_free(a);
	}
	(void)archive_read_free(ar);
	ok(n.read > 300 && n.refused > 50, "%d documents tried, %d of them no YAML", n.read,
	   n.refused);
	return tap_done();
}
