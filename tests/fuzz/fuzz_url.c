/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an address that a process may ask (trust.md S21): what outside_url takes is, as the library that connects reads it, https, or
 * http where the operator allows it, with a host, and without name and password.
 */
#include "link/outside.h"

#include "fuzz_keys.h"

#include <curl/curl.h>
#include <dlfcn.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As the link does, the library is loaded, not linked. */
static struct {
	__typeof__(&curl_url) make;
	__typeof__(&curl_url_set) set;
	__typeof__(&curl_url_get) get;
	__typeof__(&curl_url_cleanup) end;
	__typeof__(&curl_free) clear;
} reads;

static void load(void)
{
	void *library = dlopen("libcurl.so.4", RTLD_NOW);

	MUST(library != NULL);
	*(void **)&reads.make = dlsym(library, "curl_url");
	*(void **)&reads.set = dlsym(library, "curl_url_set");
	*(void **)&reads.get = dlsym(library, "curl_url_get");
	*(void **)&reads.end = dlsym(library, "curl_url_cleanup");
	*(void **)&reads.clear = dlsym(library, "curl_free");
	MUST(reads.make != NULL && reads.set != NULL && reads.get != NULL && reads.end != NULL &&
	     reads.clear != NULL);
}

static bool part_is(CURLU *url, CURLUPart part, const char *one, const char *other)
{
	char *text = NULL;
	bool is = reads.get(url, part, &text, 0) == CURLUE_OK &&
		  (strcmp(text, one) == 0 || (other != NULL && strcmp(text, other) == 0));

	reads.clear(text);
	return is;
}

static bool has(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool there = reads.get(url, part, &text, 0) == CURLUE_OK && text[0] != '\0';

	reads.clear(text);
	return there;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outside o = {.http = size > 0 && data[0] == '!'};
	char text[OUTSIDE_URL_MAX * 2];
	CURLU *url;

	if (size >= sizeof(text))
		return 0;
	if (reads.make == NULL)
		load();
	memcpy(text, data + o.http, size - o.http);
	text[size - o.http] = '\0';
	if (!outside_url(&o, text))
		return 0;
	MUST(strlen(text) < OUTSIDE_URL_MAX);
	url = reads.make();
	/* what the library refuses altogether is asked of nobody */
	if (url != NULL && reads.set(url, CURLUPART_URL, text, 0) == CURLUE_OK) {
		MUST(part_is(url, CURLUPART_SCHEME, "https", o.http ? "http" : NULL));
		MUST(has(url, CURLUPART_HOST));
		MUST(!has(url, CURLUPART_USER) && !has(url, CURLUPART_PASSWORD));
	}
	reads.end(url);
	return 0;
}
