/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an ID token, and as the issuer's keys before it (trust.md S10). With the keys below, whose private halves nobody has, a token
 * is taken only if what was signed is one of the three that were signed with them; with keys of the input's own no other algorithm is taken.
 */
#include "app/identity.h"

#include "app/sign_in_parts.h"
#include "fuzz_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW_S = 1767225700 };

static const char keys[] =
	"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\",\"use\":\"sig\",\"n\":\"649biyj8NjQF-iup5"
	"dLg-E6A3w_NbRLFLfb7WKcyA3B2qdZ0sw3Pg9ysrif6WdwN1LJTdbLuYO8YGQJD6ur"
	"BaF6pWAS8u5uEkJtvLETgeJR-EVpMlTCZ0j9dRrrcVI9y6VGszCwfNGWrV5--z_ReG"
	"NnXW5VowJW7td-NOTIdtiJpdJo1RYiGzpDTlkH1LK0dPvHaTqjiKlsemwSn30Shfn8"
	"_Bbn4dFvevP13cv4kTlZTs3rL7vacqF6yIaVRVUHO-i_1Oa-28-FIuae7FLCHzak88"
	"NJINKz-2h7QoAiwkgMNayameKbwdizTqrHIrKvPwfYwObNYgJWV47hXRUOFXw\",\"e\""
	":\"AQAB\"},{\"kty\":\"EC\",\"kid\":\"e\",\"crv\":\"P-256\",\"x\":\"r9ToAT0y2fKlpm75"
	"emTEeOmUV75BFFNg4ynzIlVGP2M\",\"y\":\"KbYLhqmHBV9uANDemFCzKxY2qa5pzyjL"
	"c9PnpBpPK9o\"}]}";

/* By RS256, PS256 and ES256. */
static const char *const signed_once[] = {
	"eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lkLmV4YW1"
	"wbGUiLCJhdWQiOiJ0ZW5vciIsInN1YiI6ImFsaWNlIiwibm9uY2UiOiJOTk5OTk5OT"
	"k5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OIiwiaWF0IjoxNzY3MjI"
	"1NjAwLCJleHAiOjE3NjcyMjYyMDAsImFtciI6WyJtZmEiXX0.DcxOAlqQCLzt9Es1V"
	"3vMG0g0GwmVQvYk8yx52mz0IyARaWVFA8vAdS97hVAku3lHBsizKhfeiDtiasC2DcU"
	"QJY7Z_Zx9PVA0qhEbp2dCPu5AHbMn4b6HZSXj2yI-jfoIXJjn3dsT6WxZHy0UBLQYj"
	"VcIeVesRxfXYyFYRxPCbLX3twf7JlxXYZMv9PmWoca4HGhc4afTXH1QqoMOHDRXsM7"
	"wIVbigyPiNfyYm-C9IpNfKFDPR1biaeg-mPaxy5HK4noPQ8W_OEH4jd9hxINDpCfwO"
	"tyneo6Q07bnTl2qHhXG7mokGUbeLc63hG4Xuh0ep2hvMQ1t8c-VOupEK57nug",
	"eyJhbGciOiJQUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lkLmV4YW1"
	"wbGUiLCJhdWQiOiJ0ZW5vciIsInN1YiI6ImFsaWNlIiwibm9uY2UiOiJOTk5OTk5OT"
	"k5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OIiwiaWF0IjoxNzY3MjI"
	"1NjAwLCJleHAiOjE3NjcyMjYyMDAsImFtciI6WyJtZmEiXX0.qgdMSLFZNEImR2Sye"
	"FmdQQJehHUfkIFVWEfDupFfvzD__zhcPI1XOsDBAba4d4amUX3f56RGWPP-s5VKsdv"
	"JyQuZyQ2pZz6RTE49kl3zPh06cKt4VZW8o63ktBadJKQ2FZSvCkzV_Cim39lwhO4Mh"
	"q14vcCoJgjfPFqNeLpgIhUW-5sItYtvIVezT1RXJ3-MXp-yVV5dVoUyQAQX1joGoBg"
	"74boxfTRCCWxPtqcJmt57mRiNIzpCbEuy-SLnZerGAzYKI90C3q9wJ1KiIOiFDfSm-"
	"FAB7N5GZOt1No11tojiqrBWLyq1NksLZwteP_uL7D2PJ30pb6psMArTMEvrgA",
	"eyJhbGciOiJFUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJodHRwczovL2lkLmV4YW1"
	"wbGUiLCJhdWQiOiJ0ZW5vciIsInN1YiI6ImFsaWNlIiwibm9uY2UiOiJOTk5OTk5OT"
	"k5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OIiwiaWF0IjoxNzY3MjI"
	"1NjAwLCJleHAiOjE3NjcyMjYyMDAsImFtciI6WyJtZmEiXX0.RNSBaZTnzo7adl02K"
	"RQndhZyjTmwPX3kjPcYenyFLYsG03nlD6__s5iPvjYV_dC_O8xQSrSJFVzs7ldupKG"
	"0bA"};

/* Up to the signature. */
static struct text what_is_signed(struct text token)
{
	size_t dot = token.n;

	while (dot > 0 && token.p[dot - 1] != '.')
		dot--;
	return text_sub(token, 0, dot);
}

static bool was_signed(struct text token)
{
	for (size_t i = 0; i < ARRAY_SIZE(signed_once); i++)
		if (text_eq(what_is_signed(token), what_is_signed(text_of(signed_once[i]))))
			return true;
	return false;
}

static enum rc read_token(struct text token, struct text by, struct identity *out, struct err *err)
{
	static const struct text strong[] = {{"mfa", 3}};
	static struct sign_in s;
	const struct identity_provider p = {.issuer = text_of("https://id.example"),
					    .client = text_of("tenor"),
					    .strong = strong,
					    .n_strong = 1};
	struct identity_way way = {.state = ""};

	memset(way.nonce, 'N', IDENTITY_TEXT - 1);
	return identity_read(&s, &p, token, by, &way, (instant)NOW_S * SECOND_MS, out, err);
}

static void reads_what_was_signed(void)
{
	static bool asked;
	struct identity who = {.strong = false};
	struct err err = {.line = 0};

	for (size_t i = 0; i < ARRAY_SIZE(signed_once) && !asked; i++)
		MUST(read_token(text_of(signed_once[i]), text_of(keys), &who, &err) == RC_OK &&
		     who.strong);
	asked = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text t = {(const char *)data, size}, by = text_of(keys);
	bool ours = size > 0 && data[0] == 't';
	struct identity who = {.strong = false};
	struct err err = {.line = 0};
	enum rc rc;

	reads_what_was_signed();
	if (size == 0 || size > 16384 || (!ours && data[0] != 'k'))
		return 0;
	t = text_sub(t, 1, t.n);
	if (!ours)
		t = text_cut(t, '\0', &by);
	rc = read_token(t, by, &who, &err);
	MUST(rc == RC_OK || (rc == RC_INVALID && err.message[0] != '\0'));
	MUST(rc != RC_OK || !ours || was_signed(t));
	return 0;
}
