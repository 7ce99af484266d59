/* SPDX-License-Identifier: Apache-2.0 */
/* Verifier keys, signed notes, checkpoints and cosignatures: the worked example of trust.md 2.4 to the byte, and what J10, J16 refuse. */
#include "journal/note.h"

#include "tap.h"

#include <string.h>

#define ORIGIN "tenor.example.net/log/019ca6b1-dc00-7000-8000-000000000001"
#define LOG_KEY ORIGIN "+279e0e83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
#define WITNESS_KEY "client.example.org/it+ffe0da61+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
#define ROOT "E3tvF/VIRcCWCrZVwrFhazSwlRkwv0Y6hHWdgHbhAag="
#define TEXT ORIGIN "\n3\n" ROOT "\n"
#define DASH "\xe2\x80\x94 "
#define LOG_LINE                                                                                   \
	DASH ORIGIN " J54Ogy3/+USQ/O7Cc7LeAoRfYmLQfQcRv0vIOSZr0/qtyVWSQ9P14pgzNYKM8C0gMo/Z+"       \
		    "kKdz33Ym04Usl/48UfJgw8=\n"
#define WITNESS_LINE                                                                               \
	DASH "client.example.org/it /+DaYQAAAABppVGQ1yPrN3XvD73hHsqLcCXMAbV3AdF6VP+"               \
	     "vGZRsda1GbgGgjpc+8Tf1SJe+Ql5Yw4A3E7bJ6qxOWkekrJhVfFkaBg==\n"
#define NOTE TEXT "\n" LOG_LINE WITNESS_LINE

enum { WITNESSED_S = 1772442000 };

static struct vkey log_key, witness_key;
static unsigned char log_seed[ED25519_SEED], witness_seed[ED25519_SEED];

static void keys(void)
{
	unsigned char public_key[ED25519_PUBLIC];
	struct err err = {.line = 0};
	struct buf out;

	memset(log_seed, 1, sizeof(log_seed));
	memset(witness_seed, 2, sizeof(witness_seed));
	ed25519_public(log_seed, public_key);
	ok(vkey_make(text_of(ORIGIN), KEY_LOG, public_key, &log_key, &err) == RC_OK,
	   "key of the log");
	ed25519_public(witness_seed, public_key);
	ok(vkey_make(text_of("client.example.org/it"), KEY_COSIGNER, public_key, &witness_key,
		     &err) == RC_OK,
	   "key of the witness");
	buf_init(&out, 1000);
	vkey_print(&log_key, &out);
	is_text(buf_view(&out), LOG_KEY, "the log's vkey of the example");
	buf_clear(&out);
	vkey_print(&witness_key, &out);
	is_text(buf_view(&out), WITNESS_KEY, "the witness's vkey of the example");
	buf_free(&out);
}

static void key_lines(void)
{
	static const struct {
		const char *line, *message;
	} bad[] = {
		{"", "'' is not a verifier key"},
		{"a+b", "'a+b' is not a verifier key"},
		{"name+279e0e8+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
		 "'name+279e0e8+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c' is not a verifier "
		 "key"},
		{ORIGIN "+279E0E83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
		 "is not a verifier key"},
		{ORIGIN "+279e0e84+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
		 "key id '279e0e84' does not fit the key of '" ORIGIN "'"},
		{"x" ORIGIN "+279e0e83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
		 "key id '279e0e83' does not fit"},
		/* another point, which is not on the curve */
		{ORIGIN "+279e0e83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29d",
		 "is no valid Ed25519 point"},
		{ORIGIN "+279e0e83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29", "is not base64"},
		{ORIGIN "+279e0e83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29cAA==",
		 "is not base64"},
		{ORIGIN "+279e0e83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D28=",
		 "has 32 bytes instead of 33"},
		{ORIGIN "+279e0e83+AoqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
		 "is of unknown type 02"},
		{ORIGIN "+279e0e83+BoqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
		 "is of unknown type 06"},
		{ORIGIN "+279e0e83+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
		 "key id '279e0e83'"},
		{"a b+279e0e83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
		 "'a b' cannot be the name of a key"},
		{"a\xe2\x80\x83"
		 "b+279e0e83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
		 "cannot be the name of a key"},
		{"+279e0e83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
		 "'' cannot be the name of a key"},
	};
	struct vkey k;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		err = (struct err){.line = 0};
		ok(vkey_parse(text_of(bad[i].line), &k, &err) == RC_INVALID &&
			   strstr(err.message, bad[i].message) != NULL,
		   "refused: %s", err.message);
	}
	ok(vkey_parse(text_of(LOG_KEY), &k, &err) == RC_OK && vkey_eq(&k, &log_key),
	   "the log's vkey reads");
	ok(vkey_parse(text_of(WITNESS_KEY), &k, &err) == RC_OK && vkey_eq(&k, &witness_key) &&
		   !vkey_eq(&k, &log_key),
	   "the witness's vkey reads");
}

/* For who has the seed: the point is not looked at, all else is, and a key that is not the seed's signs nothing. */
static void own_keys(void)
{
	struct vkey k, other;
	struct key_pair pair;
	struct err err = {.line = 0};
	struct buf usual, own;

	memcpy(pair.seed, log_seed, sizeof(pair.seed));
	ed25519_public(log_seed, pair.public_key);

	buf_init(&usual, NOTE_MAX_BYTES);
	buf_init(&own, NOTE_MAX_BYTES);
	ok(vkey_parse_own(text_of(LOG_KEY), &k, &err) == RC_OK && vkey_eq(&k, &log_key),
	   "one's own vkey reads");
	note_sign(&log_key, log_seed, text_of(TEXT), &usual);
	ok(note_sign_own(&k, &pair, text_of(TEXT), &own) &&
		   text_eq(buf_view(&usual), buf_view(&own)),
	   "and signs the same");
	other = k;
	other.key[31] ^= 1;
	buf_clear(&own);
	ok(!note_sign_own(&other, &pair, text_of(TEXT), &own) && own.n == 0,
	   "another point than the seed's signs nothing");
	ok(vkey_parse_own(
		   text_of(ORIGIN "+279e0e84+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"), &k,
		   &err) == RC_INVALID &&
		   strstr(err.message, "key id '279e0e84' does not fit") != NULL,
	   "its id must fit: %s", err.message);
	err_clear(&err);
	ok(vkey_parse_own(
		   text_of(ORIGIN "+279e0e83+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29d"), &k,
		   &err) == RC_INVALID &&
		   strstr(err.message, "key id '279e0e83' does not fit") != NULL,
	   "an altered point does not fit its id: %s", err.message);
	buf_free(&usual);
	buf_free(&own);
}

/* J16. The points of order 1, 2, 4 and 8, and encodings of y not below 2^255-19. */
static void points(void)
{
	static const char *const bad[] = {
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000080",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0100000000000000000000000000000000000000000000000000000000000080",
		/* not on the curve */
		"0200000000000000000000000000000000000000000000000000000000000000",
		/* 9 and 2^255-19+9: not canonical */
		"f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	unsigned char point[ED25519_PUBLIC];
	struct vkey k;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err err = {.line = 0};

		ok(hex_read(text_of(bad[i]), point, sizeof(point)) &&
			   vkey_make(text_of("x"), KEY_LOG, point, &k, &err) == RC_INVALID,
		   "no key: %s", bad[i]);
	}
}

static void example(void)
{
	struct checkpoint cp = {.origin = {NULL, 0}}, again;
	struct err err = {.line = 0};
	struct vkey both[2] = {log_key, witness_key};
	char hex[SHA256_HEX + 1];
	int64_t unix_s = 0;
	struct note n;
	size_t signers = 0, text_n;
	struct buf out;

	ok(checkpoint_open(text_of(NOTE), both, 2, &cp, &signers, &err) == RC_OK, "%s",
	   err.message);
	is_i64((int64_t)signers, 2, "signed by the log and its witness");
	is_i64(cp.size, 3, "size");
	is_text(cp.origin, ORIGIN, "origin");
	hash_hex(&cp.root, hex);
	is_text(text_of(hex), "137b6f17f54845c0960ab655c2b1616b34b0951930bf463a84759d8076e101a8",
		"root");
	buf_init(&out, 2000);
	checkpoint_print(&cp, &out);
	is_text(buf_view(&out), TEXT, "the signed text");
	is_i64((int64_t)out.n, 106, "has 106 bytes");
	sha256_hex(buf_view(&out), hex);
	is_text(text_of(hex), "ca11b6aa1f67f26149314dadee64ba0b3458417d6f036e91199ea38114d0d260",
		"and its SHA-256");
	ok(checkpoint_parse(buf_view(&out), &again, &err) == RC_OK &&
		   hash_eq(&again.root, &cp.root),
	   "it reads as itself");
	text_n = out.n;
	buf_char(&out, '\n');
	note_sign(&log_key, log_seed, (struct text){out.p, text_n}, &out);
	note_cosign(&witness_key, witness_seed, WITNESSED_S, (struct text){out.p, text_n}, &out);
	is_text(buf_view(&out), NOTE, "signed and cosigned to the byte");
	is_i64((int64_t)out.n, 394, "394 bytes");
	ok(note_parse(buf_view(&out), &n, &err) == RC_OK && n.n == 2, "two signatures");
	is_text(n.signatures[1].line, WITNESS_LINE, "a line as it stands");
	ok(note_check(&n, &witness_key, &unix_s) == NOTE_SIGNED && unix_s == WITNESSED_S,
	   "cosigned at 1772442000");
	ok(note_check(&n, &log_key, NULL) == NOTE_SIGNED, "signed by the log");
	buf_free(&out);
}

static void malformed(void)
{
	static const struct {
		const char *bytes, *message;
	} bad[] = {
		{"", "note has no blank line"},
		{TEXT LOG_LINE, "note has no blank line"},
		{TEXT "\n", "note has no signature"},
		{TEXT "\n" LOG_LINE WITNESS_LINE "\n", "note has no signature"},
		{TEXT "\n" DASH "x AAAAAAA=", "last line of a note has no newline"},
		{TEXT "\n" DASH "x AAAAAA==\n", "signature 1 of a note is malformed"},
		{TEXT "\n" DASH "x  AAAAAAA=\n", "signature 1 of a note is malformed"},
		{TEXT "\n" LOG_LINE "- x AAAAAAA=\n", "signature 2 of a note is malformed"},
		{TEXT "\n" DASH "x AAAAAAB=\n", "signature 1 of a note is malformed"},
		{TEXT "\n" DASH "x+y AAAAAAA=\n", "signature 1 of a note is malformed"},
		{TEXT "\n" DASH "x AAAAAAA= \n", "signature 1 of a note is malformed"},
		{TEXT "\n" DASH "xAAAAAAA=\n", "signature 1 of a note is malformed"},
		{TEXT "\n" DASH "\n", "signature 1 of a note is malformed"},
		{TEXT "\n" DASH "x AAAAAAA=\r\n", "control character U+000D"},
		{"a\tb\n\n" DASH "x AAAAAAA=\n", "control character U+0009"},
		{"a\xff"
		 "b\n\n" DASH "x AAAAAAA=\n",
		 "note is not UTF-8 at byte 1"},
	};
	static const char long_line[] = DASH "x AAAAAAA=\n";
	struct buf out;
	struct note n;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		err = (struct err){.line = 0};
		ok(note_parse(text_of(bad[i].bytes), &n, &err) == RC_INVALID &&
			   strstr(err.message, bad[i].message) != NULL,
		   "refused: %s", err.message);
	}
	buf_init(&out, 100000);
	buf_str(&out, TEXT "\n");
	for (size_t i = 0; i < NOTE_SIGNATURES_MAX; i++)
		buf_str(&out, long_line);
	ok(note_parse(buf_view(&out), &n, &err) == RC_OK && n.n == NOTE_SIGNATURES_MAX,
	   "16 signatures");
	buf_str(&out, long_line);
	err_clear(&err);
	ok(note_parse(buf_view(&out), &n, &err) == RC_INVALID, "17: %s", err.message);
	buf_clear(&out);
	while (out.n + strlen("\n\n" DASH "x AAAAAAA=\n") < NOTE_MAX_BYTES)
		buf_char(&out, 'a');
	buf_str(&out, "\n\n" DASH "x AAAAAAA=\n");
	is_i64((int64_t)out.n, NOTE_MAX_BYTES, "a note of 16 KiB");
	ok(note_parse(buf_view(&out), &n, &err) == RC_OK, "reads");
	buf_str(&out, long_line);
	err_clear(&err);
	ok(note_parse(buf_view(&out), &n, &err) == RC_LIMIT, "more: %s", err.message);
	buf_free(&out);
}

static void checkpoints(void)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{"", "origin of a checkpoint"},
		{"\n3\n" ROOT "\n", "origin of a checkpoint"},
		{"a b\n3\n" ROOT "\n", "origin of a checkpoint"},
		{"a\n03\n" ROOT "\n", "size of a checkpoint cannot be '03'"},
		{"a\n\n" ROOT "\n", "size of a checkpoint cannot be ''"},
		{"a\n-1\n" ROOT "\n", "size of a checkpoint cannot be '-1'"},
		{"a\n+1\n" ROOT "\n", "size of a checkpoint cannot be '+1'"},
		{"a\n3 \n" ROOT "\n", "size of a checkpoint cannot be '3 '"},
		{"a\n9007199254740993\n" ROOT "\n", "size of a checkpoint"},
		{"a\n99999999999999999999\n" ROOT "\n", "size of a checkpoint"},
		{"a\n0\n" ROOT "\n", "checkpoint of size 0 has another root"},
		{"a\n3\nE3tvF/VIRcCWCrZVwrFhazSwlRkwv0Y6hHWdgHbhAah=\n", "root of a checkpoint"},
		{"a\n3\nE3tvF/VIRcCWCrZVwrFhazSwlRkwv0Y6hHWdgHbhAag\n", "root of a checkpoint"},
		{"a\n3\nE3tvF/VIRcCWCrZVwrFhazSwlRkwv0Y6hHWdgHbh\n", "root of a checkpoint"},
		{"a\n3\n" ROOT, "does not end with a newline"},
		{"a\n3\n" ROOT "\nmore\n", "checkpoint has the extension line 'more'"},
		{"a\n3\n" ROOT "\n\n", "checkpoint has the extension line ''"},
	};
	struct checkpoint cp;
	struct err err = {.line = 0};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		err_clear(&err);
		ok(checkpoint_parse(text_of(bad[i].text), &cp, &err) == RC_INVALID &&
			   strstr(err.message, bad[i].message) != NULL,
		   "refused: %s", err.message);
	}
	ok(checkpoint_parse(text_of("a\n9007199254740992\n" ROOT "\n"), &cp, &err) == RC_OK &&
		   cp.size == MERKLE_SIZE_MAX,
	   "size 2^53");
	ok(checkpoint_parse(text_of("a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"), &cp,
			    &err) == RC_OK,
	   "size 0 with its own root");
}

/* What counts as signed: J10. */
static void signers(void)
{
	struct vkey other = log_key, both[2] = {log_key, witness_key};
	struct checkpoint cp;
	struct err err = {.line = 0};
	struct buf out;
	size_t signers_n = 0;

	other.key[0] ^= 1;
	ok(checkpoint_open(text_of(NOTE), &log_key, 1, &cp, &signers_n, &err) == RC_OK &&
		   signers_n == 1,
	   "an unknown witness is ignored");
	ok(checkpoint_open(text_of(NOTE), &witness_key, 1, &cp, NULL, &err) == RC_INVALID,
	   "the witness alone: %s", err.message);
	err_clear(&err);
	ok(checkpoint_open(text_of(NOTE), NULL, 0, &cp, NULL, &err) == RC_INVALID, "no key: %s",
	   err.message);
	err_clear(&err);
	ok(checkpoint_open(text_of(NOTE), &other, 1, &cp, NULL, &err) == RC_INVALID,
	   "same name and id, other key: %s", err.message);
	/* unknown lines may be of any length; two signatures of a key must both fit */
	buf_init(&out, NOTE_MAX_BYTES);
	buf_str(&out, NOTE DASH "big.example/w ");
	for (int i = 0; i < 800; i++)
		buf_str(&out, "AAAA");
	buf_str(&out, "\n" LOG_LINE);
	ok(checkpoint_open(buf_view(&out), both, 2, &cp, NULL, &err) == RC_OK,
	   "a long unknown signature");
	out.p[out.n - 4] = out.p[out.n - 4] == 'A' ? 'B' : 'A';
	err_clear(&err);
	ok(checkpoint_open(buf_view(&out), both, 2, &cp, NULL, &err) == RC_INVALID,
	   "the second signature of a key does not fit: %s", err.message);
	/* a cosigner's key that took the log's name does not sign for it */
	buf_clear(&out);
	struct vkey posing;

	ok(vkey_make(text_of(ORIGIN), KEY_COSIGNER, witness_key.key, &posing, &err) == RC_OK,
	   "posing key");
	buf_str(&out, TEXT "\n");
	note_cosign(&posing, witness_seed, 1, text_of(TEXT), &out);
	ok(checkpoint_open(buf_view(&out), &posing, 1, &cp, NULL, &err) == RC_INVALID,
	   "a cosignature in the log's name is no signature of the log");
	/* nor does another log's key */
	struct vkey foreign;

	buf_clear(&out);
	ok(vkey_make(text_of("other.example/log"), KEY_LOG, log_key.key, &foreign, &err) == RC_OK,
	   "another log's key");
	buf_str(&out, TEXT "\n");
	note_sign(&foreign, log_seed, text_of(TEXT), &out);
	ok(checkpoint_open(buf_view(&out), &foreign, 1, &cp, NULL, &err) == RC_INVALID,
	   "another log's signature is none of this log");
	buf_free(&out);
}

/* Every bit of the signed note: refused, unless it lies in the line of a key that is not known. */
static void bits(void)
{
	struct vkey both[2] = {log_key, witness_key};
	char bytes[] = NOTE;
	size_t accepted = 0, n = sizeof(bytes) - 1;
	size_t witness_from = n - (sizeof(WITNESS_LINE) - 1);

	for (size_t bit = 0; bit < n * 8; bit++) {
		struct checkpoint cp;
		struct err err = {.line = 0};
		size_t signers_n = 0;

		bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
		if (checkpoint_open((struct text){bytes, n}, both, 2, &cp, &signers_n, &err) ==
			    RC_OK &&
		    (bit / 8 < witness_from || signers_n == 2))
			accepted++;
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
	}
	is_i64((int64_t)accepted, 0, "no flipped bit passes of %zu", n * 8);
}

/* J16: S plus the order of the group verifies by the equation, and is refused all the same. */
static void malleable(void)
{
	static const unsigned char order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
						0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
						0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
	struct note n;
	struct err err = {.line = 0};
	unsigned carry = 0;

	ok(note_parse(text_of(NOTE), &n, &err) == RC_OK, "note");
	for (size_t i = 0; i < 32; i++) {
		carry += (unsigned)n.signatures[0].bytes[32 + i] + order[i];
		n.signatures[0].bytes[32 + i] = (unsigned char)(carry & 0xff);
		carry >>= 8;
	}
	ok(note_check(&n, &log_key, NULL) == NOTE_FORGED, "S + L is refused");
	ok(note_parse(text_of(NOTE), &n, &err) == RC_OK, "note");
	memset(n.signatures[0].bytes, 0, 32);
	n.signatures[0].bytes[0] = 1;
	ok(note_check(&n, &log_key, NULL) == NOTE_FORGED, "R of small order is refused");
	ok(note_parse(text_of(NOTE), &n, &err) == RC_OK, "note");
	n.signatures[1].bytes[0] = 0x80;
	ok(note_check(&n, &witness_key, NULL) == NOTE_FORGED, "a time beyond 2^63 is refused");
}

int main(void)
{
	keys();
	key_lines();
	own_keys();
	points();
	example();
	malformed();
	checkpoints();
	signers();
	bits();
	malleable();
	return tap_done();
}
