/* SPDX-License-Identifier: Apache-2.0 */
#include "base/canon.h"

#include "base/sha256.h"
#include "tap.h"
#include "unit/money/random.h"

#include <string.h>

static struct arena *arena;

/* trust.md J4: input, and its canonical bytes. */
static const struct {
	const char *name, *in, *out;
} rewritten[] = {
	{"empty object", " { } ", "{}"},
	{"empty array", "[ ]", "[]"},
	{"keys are sorted", "{\"b\":1,\"a\":2,\"c\":3}", "{\"a\":2,\"b\":1,\"c\":3}"},
	{"a shorter key first", "{\"ab\":1,\"a\":2,\"a_\":3,\"a0\":4}",
	 "{\"a\":2,\"a0\":4,\"a_\":3,\"ab\":1}"},
	{"nested, inside and outside",
	 "{\"z\":{\"y\":[{\"q\":1,\"p\":2}],\"x\":0},\"a\":{\"d\":1,\"c\":{}}}",
	 "{\"a\":{\"c\":{},\"d\":1},\"z\":{\"x\":0,\"y\":[{\"p\":2,\"q\":1}]}}"},
	{"the order of an array stays", "[3,1,2,\"b\",\"a\",true,false]",
	 "[3,1,2,\"b\",\"a\",true,false]"},
	{"white space", "\t{\r\n\"a\" :\t[ 1 , 2\n] , \"b\" : \"c d\" }\n",
	 "{\"a\":[1,2],\"b\":\"c d\"}"},
	{"escapes that stay", "\"\\\" \\\\ \\n \\t\"", "\"\\\" \\\\ \\n \\t\""},
	{"escapes that go",
	 "\"\\/ \\u0041 \\u00fc \\u20ac \\ud83d\\ude00 \\u0022 \\u005c \\u000a \\u0009 \\uFFfd\"",
	 "\"/ A \xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80 \\\" \\\\ \\n \\t \xef\xbf\xbd\""},
	{"the first and the last pair", "\"\\ud800\\udc00\\uDBFF\\uDFFF\"",
	 "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""},
	{"escapes in keys", "{\"\\u0062\":1,\"\\u0061\":2}", "{\"a\":2,\"b\":1}"},
	{"the largest numbers", "[9007199254740991,-9007199254740991,0,-1,10]",
	 "[9007199254740991,-9007199254740991,0,-1,10]"},
	{"a text alone", " \"x\" ", "\"x\""},
	{"a number alone", "7", "7"},
	{"characters of every length",
	 "\"\x7e \xc2\xa0 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xf0\x90\x80\x80 "
	 "\xf4\x8f\xbf\xbf\"",
	 "\"\x7e \xc2\xa0 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xf0\x90\x80\x80 "
	 "\xf4\x8f\xbf\xbf\""},
	{"beside what is refused",
	 "\"\xe2\x80\xa9 \xe2\x80\xaf \xe2\x81\xa5 \xe2\x81\xaa \xef\xbb\xbe\"",
	 "\"\xe2\x80\xa9 \xe2\x80\xaf \xe2\x81\xa5 \xe2\x81\xaa \xef\xbb\xbe\""},
	{"a key of 48 characters", "{\"a23456789_123456789_123456789_123456789_12345678\":1}",
	 "{\"a23456789_123456789_123456789_123456789_12345678\":1}"},
};

/* What nobody accepts: the message as err_print joins it, and where. */
static const struct {
	const char *name, *in, *message, *key;
	uint32_t line, column;
} refused[] = {
	{"a key twice", "{\"a\":1,\"a\":1}", "duplicate key 'a'", "a", 1, 8},
	{"a fraction", "{\"x\":1.5}", "number '1.5' is not an integer; write decimals as text", "x",
	 1, 6},
	{"an exponent", "{\"x\":1e3}", "number '1e3' is not an integer; write decimals as text",
	 "x", 1, 6},
	{"a whole fraction", "[1.0]", "number '1.0' is not an integer; write decimals as text", "",
	 1, 2},
	{"a large exponent", "[-1E+30,2]",
	 "number '-1E+30' is not an integer; write decimals as text", "", 1, 2},
	{"minus zero", "{\"x\":-0}", "number '-0' is written '0'", "x", 1, 6},
	{"a leading zero", "[01]", "number '01' has a leading zero", "", 1, 2},
	{"two zeros", "[-00]", "number '-00' has a leading zero", "", 1, 2},
	{"minus alone", "[-]", "number '-' has no digits", "", 1, 2},
	{"a plus", "[+1]", "unexpected '+'; expected a value", "", 1, 2},
	{"2^53", "[9007199254740992]",
	 "number '9007199254740992' is too large; up to 9007199254740991 either way; write larger "
	 "ones as text",
	 "", 1, 2},
	{"-2^53", "[-9007199254740992]",
	 "number '-9007199254740992' is too large; up to 9007199254740991 either way; write larger "
	 "ones as text",
	 "", 1, 2},
	{"17 digits", "[10000000000000000]",
	 "number '10000000000000000' is too large; up to 9007199254740991 either way; write larger "
	 "ones as text",
	 "", 1, 2},
	{"null", "{\"x\":null}", "null is not allowed; leave 'x' out", "x", 1, 6},
	{"null in a list", "{\"x\":[1,null]}", "null is not allowed; leave it out", "x", 1, 9},
	{"null alone", "null", "null is not allowed; leave it out", "", 1, 1},
	{"NUL escaped", "{\"x\":\"\\u0000\"}", "control character U+0000 in 'x'", "x", 1, 7},
	{"carriage return escaped", "{\"x\":\"\\r\"}", "control character U+000D in 'x'", "x", 1,
	 7},
	{"backspace escaped", "\"\\b\"", "control character U+0008", "", 1, 2},
	{"NUL", "{\"x\":\"a\x01\"}", "control character U+0001 in 'x'", "x", 1, 8},
	{"a newline", "{\"x\":\n\"a\n\"}", "control character U+000A in 'x'; write it as '\\n'",
	 "x", 2, 3},
	{"a tab", "{\"x\":\"\t\"}", "control character U+0009 in 'x'; write it as '\\t'", "x", 1,
	 7},
	{"delete", "\"\x7f\"", "control character U+007F", "", 1, 2},
	{"U+0080", "\"\xc2\x80\"", "control character U+0080", "", 1, 2},
	{"U+009F escaped", "\"\\u009f\"", "control character U+009F", "", 1, 2},
	{"U+202A", "\"\xe2\x80\xaa\"", "direction mark U+202A", "", 1, 2},
	{"U+202E", "{\"x\":\"abc\xe2\x80\xae\"}", "direction mark U+202E in 'x'", "x", 1, 10},
	{"U+2066", "\"\xe2\x81\xa6\"", "direction mark U+2066", "", 1, 2},
	{"U+2069 escaped", "\"\\u2069\"", "direction mark U+2069", "", 1, 2},
	{"U+FEFF", "\"\xef\xbb\xbf\"", "byte order mark U+FEFF", "", 1, 2},
	{"a byte order mark in front", "\xef\xbb\xbf{}",
	 "unexpected byte order mark U+FEFF; expected a value", "", 1, 1},
	{"a high surrogate alone", "\"\\ud800\"", "lone surrogate U+D800", "", 1, 2},
	{"a low surrogate alone", "\"\\udc00\"", "lone surrogate U+DC00", "", 1, 2},
	{"a high surrogate and a letter", "\"\\ud83dx\"", "lone surrogate U+D83D", "", 1, 2},
	{"two high surrogates", "\"\\ud83d\\ud83d\"", "lone surrogate U+D83D", "", 1, 2},
	{"the wrong way round", "\"\\ude00\\ud83d\"", "lone surrogate U+DE00", "", 1, 2},
	{"a surrogate in UTF-8", "\"\xed\xa0\x80\"", "byte 0xed is not UTF-8", "", 1, 2},
	{"a bare byte", "{\"x\":\"\x80\"}", "byte 0x80 is not UTF-8 in 'x'", "x", 1, 7},
	{"too long a form", "\"\xc0\x80\"", "byte 0xc0 is not UTF-8", "", 1, 2},
	{"too long a form of three", "\"\xe0\x9f\xbf\"", "byte 0xe0 is not UTF-8", "", 1, 2},
	{"too long a form of four", "\"\xf0\x8f\xbf\xbf\"", "byte 0xf0 is not UTF-8", "", 1, 2},
	{"beyond U+10FFFF", "\"\xf4\x90\x80\x80\"", "byte 0xf4 is not UTF-8", "", 1, 2},
	{"half a character", "\"\xe2\x82\"", "byte 0xe2 is not UTF-8", "", 1, 2},
	{"an unknown escape", "\"\\x\"",
	 "unknown escape '\\x'; one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and 4 hex digits",
	 "", 1, 2},
	{"half an escape", "\"\\u12g4\"",
	 "unknown escape '\\u'; one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and 4 hex digits",
	 "", 1, 2},
	{"no end of a string", "{\"x\":\"abc", "string does not end; a '\"' must end it", "x", 1,
	 6},
	{"no end after a backslash", "\"abc\\\"", "string does not end; a '\"' must end it", "", 1,
	 1},
	{"an upper-case key", "{\"Name\":1}",
	 "'Name' cannot be a key; a to z, then a to z, 0 to 9 and _, 48 characters at most", "", 1,
	 2},
	{"an empty key", "{\"\":1}",
	 "'' cannot be a key; a to z, then a to z, 0 to 9 and _, 48 characters at most", "", 1, 2},
	{"a key with a digit in front", "{\"a\":{\"1a\":1}}",
	 "'1a' cannot be a key; a to z, then a to z, 0 to 9 and _, 48 characters at most", "a", 1,
	 7},
	{"a key of 49 characters", "{\"a23456789_123456789_123456789_123456789_123456789\":1}",
	 "'a23456789_123456789_123456789_123456789_123456789' cannot be a key; a to z, then a to "
	 "z, 0 to 9 and _, 48 characters at most",
	 "", 1, 2},
	{"a control character in a key", "{\"a\\u0001\":1}", "control character U+0001 in a key",
	 "", 1, 4},
	{"nothing", "", "the text ends too early; expected a value", "", 1, 1},
	{"an open object", "{\"a\":1", "the text ends too early; expected ',' or '}'", "", 1, 7},
	{"an open array", "[1", "the text ends too early; expected ',' or ']'", "", 1, 3},
	{"the wrong bracket", "{\"a\":[1}", "unexpected '}'; expected ',' or ']'", "a", 1, 8},
	{"a comma before the end", "[1,]", "unexpected ']'; expected a value", "", 1, 4},
	{"a comma before the end of an object", "{\"a\":1,}",
	 "unexpected '}'; expected a key in '\"'", "", 1, 8},
	{"a comma in front", "[,1]", "unexpected ','; expected a value", "", 1, 2},
	{"no colon", "{\"a\"1}", "unexpected '1'; expected ':'", "a", 1, 5},
	{"no value", "{\"a\":}", "unexpected '}'; expected a value", "a", 1, 6},
	{"no comma", "[\"a\"\"b\"]", "unexpected '\"'; expected ',' or ']'", "", 1, 5},
	{"a key without quotes", "{a:1}", "unexpected 'a'; expected a key in '\"'", "", 1, 2},
	{"more after the end", "{}{}", "unexpected '{'; expected nothing more", "", 1, 3},
	{"a word", "[nul]", "unexpected 'n'; expected a value", "", 1, 2},
	{"a word in upper case", "[True]", "unexpected 'T'; expected a value", "", 1, 2},
	{"a longer word", "[truest]", "unexpected 's'; expected ',' or ']'", "", 1, 6},
	{"not a number", "[NaN]", "unexpected 'N'; expected a value", "", 1, 2},
	{"a letter of two bytes", "[\xc3\xbc]", "unexpected '\xc3\xbc'; expected a value", "", 1,
	 2},
};

/* Lenient input in which a key is there twice, not side by side; strict reading ends at the order before. */
static const struct {
	const char *name, *in, *key;
	uint32_t line, column;
} duplicates[] = {
	{"apart", "{\"a\":1,\"b\":2,\n \"a\":3}", "a", 2, 2},
	{"thrice, twice side by side", "{\"b\":1,\"a\":1,\"b\":2,\"b\":3}", "b", 1, 20},
	{"two of them", "{\"c\":1,\"b\":1,\"c\":2,\"b\":3}", "c", 1, 14},
	{"in an escape", "{\"b\":1,\"a\":2,\"\\u0062\" : 3}", "b", 1, 14},
	{"within", "{\"z\":{\"b\":1,\"a\":[],\"b\":{}},\"y\":1}", "b", 1, 20},
	{"after a moved one", "{\"z\":1,\"a\":{\"c\":1,\"b\":{}},\"z\":2}", "z", 1, 27},
};

/* Good JSON that is not canonical bytes. */
static const struct {
	const char *name, *in, *message;
	uint32_t column;
} not_canonical[] = {
	{"a blank in front", " {}", "not canonical: white space", 1},
	{"a newline at the end", "{}\n", "not canonical: white space", 3},
	{"a blank after a comma", "[1, 2]", "not canonical: white space", 4},
	{"a blank before a comma", "[1 ,2]", "not canonical: white space", 3},
	{"a blank before a colon", "{\"a\" :1}", "not canonical: white space", 5},
	{"a blank after a colon", "{\"a\": 1}", "not canonical: white space", 6},
	{"a blank in an empty object", "{ }", "not canonical: white space", 2},
	{"a blank in an empty array", "[ ]", "not canonical: white space", 2},
	{"the order of keys", "{\"b\":1,\"a\":1}", "not canonical: key 'a' after 'b'", 8},
	{"the order of keys that begin alike", "{\"ab\":1,\"a\":1}",
	 "not canonical: key 'a' after 'ab'", 9},
	{"the order of keys within", "[{\"a\":{\"c\":1,\"b\":1}}]",
	 "not canonical: key 'b' after 'c'", 14},
	{"a slash escaped", "\"\\/\"",
	 "not canonical: escape '\\/'; only \\\" \\\\ \\n \\t are escaped", 2},
	{"a letter escaped", "\"\\u0061\"",
	 "not canonical: escape '\\u0061'; only \\\" \\\\ \\n \\t are escaped", 2},
	{"a newline as \\u", "\"\\u000a\"",
	 "not canonical: escape '\\u000a'; only \\\" \\\\ \\n \\t are escaped", 2},
	{"a pair of surrogates", "\"\\ud83d\\ude00\"",
	 "not canonical: escape '\\ud83d\\ude00'; only \\\" \\\\ \\n \\t are escaped", 2},
	{"a key with an escape", "{\"\\u0061\":1}",
	 "not canonical: escape '\\u0061'; only \\\" \\\\ \\n \\t are escaped", 3},
};

static struct text joined(const struct err *err)
{
	if (err->hint[0] == '\0')
		return text_of(err->message);
	return text_format(arena, "%s; %s", err->message, err->hint);
}

static enum rc parse(const char *in, enum canon_how how, const struct canon_limits *limits,
		     struct canon_doc *doc, struct err *err)
{
	err_clear(err);
	return canon_parse(arena, NULL, text_of(in), how, limits, doc, err);
}

static void test_rewritten(void)
{
	struct canon_doc doc;
	struct err err;
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < ARRAY_SIZE(rewritten); i++) {
		const char *in = rewritten[i].in, *out = rewritten[i].out;
		bool same = strcmp(in, out) == 0;

		buf_clear(&b);
		err_clear(&err);
		ok(canon_rewrite(arena, text_of(in), &CANON_ENTRY, &b, &err) == RC_OK, "%s",
		   rewritten[i].name);
		is_text(buf_view(&b), out, "as canonical bytes");
		ok((parse(in, CANON_STRICT, &CANON_ENTRY, &doc, &err) == RC_OK) == same,
		   "as it stands, strict %s", same ? "takes it" : "refuses it");
		ok(parse(out, CANON_STRICT, &CANON_ENTRY, &doc, &err) == RC_OK,
		   "strict takes the bytes");
		buf_clear(&b);
		canon_print(&doc, 0, &b);
		is_text(buf_view(&b), out, "and prints them again");
	}
	buf_free(&b);
}

static void test_refused(void)
{
	struct canon_doc doc = {.n = 77};
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		for (int how = CANON_STRICT; how <= CANON_LENIENT; how++) {
			if (how == CANON_STRICT && refused[i].line > 1)
				continue;
			ok(parse(refused[i].in, (enum canon_how)how, &CANON_ENTRY, &doc, &err) ==
				   RC_INVALID,
			   "refused: %s", refused[i].name);
			is_text(joined(&err), refused[i].message, "in words");
			is_i64(err.line, refused[i].line, "line");
			is_i64(err.column, refused[i].column, "column");
			is_text(text_of(err.key), refused[i].key, "key");
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(duplicates); i++) {
		ok(parse(duplicates[i].in, CANON_LENIENT, &CANON_ENTRY, &doc, &err) == RC_INVALID,
		   "a key twice: %s", duplicates[i].name);
		is_text(text_of(err.message),
			text_format(arena, "duplicate key '%s'", duplicates[i].key).p, "in words");
		is_i64(err.line, duplicates[i].line, "line");
		is_i64(err.column, duplicates[i].column, "column");
		ok(parse(duplicates[i].in, CANON_STRICT, &CANON_ENTRY, &doc, &err) == RC_INVALID,
		   "and strict refuses it");
	}
	for (size_t i = 0; i < ARRAY_SIZE(not_canonical); i++) {
		ok(parse(not_canonical[i].in, CANON_LENIENT, &CANON_ENTRY, &doc, &err) == RC_OK,
		   "lenient: %s", not_canonical[i].name);
		doc.n = 77;
		ok(parse(not_canonical[i].in, CANON_STRICT, &CANON_ENTRY, &doc, &err) == RC_INVALID,
		   "strict: %s", not_canonical[i].name);
		is_text(joined(&err), not_canonical[i].message, "in words");
		is_i64(err.column, not_canonical[i].column, "column");
	}
	is_i64((int64_t)doc.n, 77, "nothing is written on failure");
}

static void test_example(void)
{
	static const char in[] =
		"{\"price\":\"12.50 EUR\", \"count\":3, \"name\":\"Z\\u00fcrich \xe2\x80\x93 "
		"\\\"A\\\"\\/B\", \"active\":true, \"tags\":[\"b\",\"a\"]}";
	char hex[SHA256_HEX + 1];
	struct err err = {0};
	struct buf b;

	buf_init(&b, 1 << 20);
	ok(canon_rewrite(arena, text_of(in), &CANON_ENTRY, &b, &err) == RC_OK, "the example of J4");
	is_i64((int64_t)b.n, 91, "has 91 bytes");
	is_text(buf_view(&b),
		"{\"active\":true,\"count\":3,\"name\":\"Z\xc3\xbcrich \xe2\x80\x93 "
		"\\\"A\\\"/B\",\"price\":\"12.50 "
		"EUR\",\"tags\":[\"b\",\"a\"]}",
		"as printed there");
	sha256_hex(buf_view(&b), hex);
	is_text(text_of(hex), "73fa1ee242af065471a628ac4ccda8842d338d888a3d276a5500777ed3526e4c",
		"its SHA-256");
	buf_free(&b);
}

static void test_nodes(void)
{
	static const char in[] = "{\"a\":[1,{\"x\":\"t\\n\"}],\"b\":true,\"c\":\"plain\",\"d\":-5}";
	const struct canon_node *root, *list, *member;
	struct canon_doc doc;
	struct err err;

	ok(parse(in, CANON_STRICT, &CANON_ENTRY, &doc, &err) == RC_OK, "a document");
	root = &doc.v[0];
	ok(root->type == CANON_OBJECT && root->n == 4 && root->end == doc.n && doc.n == 8,
	   "its root");
	ok(root->offset == 0 && root->length == strlen(in), "is all of it");
	list = canon_member(&doc, root, "a");
	ok(list != NULL && list == canon_first(&doc, root) && list->type == CANON_ARRAY &&
		   list->n == 2,
	   "a list");
	if (list == NULL)
		return;
	is_text((struct text){in + list->offset, list->length}, "[1,{\"x\":\"t\\n\"}]",
		"its bytes");
	member = canon_next(&doc, root, list);
	ok(member != NULL && text_is(member->key, "b") && member->type == CANON_BOOL &&
		   member->number == 1,
	   "the member after it");
	member = canon_first(&doc, list);
	ok(member != NULL && member->type == CANON_INT && member->number == 1 && member->key.n == 0,
	   "its first element has no key");
	member = member == NULL ? NULL : canon_next(&doc, list, member);
	ok(member != NULL && canon_next(&doc, list, member) == NULL, "and there are two");
	member = member == NULL ? NULL : canon_member(&doc, member, "x");
	ok(member != NULL && text_is(member->text, "t\n"), "a text is decoded");
	member = canon_member(&doc, root, "c");
	ok(member != NULL && text_is(member->text, "plain") && member->text.p > in &&
		   member->text.p < in + sizeof(in),
	   "or a view where it can be");
	member = canon_member(&doc, root, "d");
	ok(member != NULL && member->number == -5 && canon_next(&doc, root, member) == NULL,
	   "the last one");
	ok(canon_member(&doc, root, "e") == NULL && canon_member(&doc, root, "") == NULL &&
		   canon_member(&doc, list, "a") == NULL,
	   "members that are not there");
	ok(parse("{}", CANON_STRICT, &CANON_ENTRY, &doc, &err) == RC_OK &&
		   canon_first(&doc, doc.v) == NULL && canon_member(&doc, doc.v, "a") == NULL,
	   "an empty object has none");
}

static void test_limits(void)
{
	static char large[70000];
	const struct canon_limits few = {0, 8, 5, false, "row"}, one = {0, 1, 0, false, "row"};
	struct canon_doc doc;
	struct err err;

	memset(large, 'x', sizeof(large));
	large[0] = '"';
	large[65534] = '"';
	err_clear(&err);
	ok(canon_parse(arena, NULL, (struct text){large, 65535}, CANON_STRICT, &CANON_ENTRY, &doc,
		       &err) == RC_OK,
	   "65,535 bytes");
	large[65534] = 'x';
	large[65535] = '"';
	ok(canon_parse(arena, NULL, (struct text){large, 65536}, CANON_STRICT, &CANON_ENTRY, &doc,
		       &err) == RC_LIMIT,
	   "65,536 bytes");
	is_text(joined(&err), "entry is 65536 bytes; the limit is 65535", "in words");
	err_clear(&err);
	ok(canon_parse(arena, NULL, (struct text){large, 65536}, CANON_STRICT, &CANON_LARGE, &doc,
		       &err) == RC_OK,
	   "a document may be larger");
	ok(parse("[[[[[[[[]]]]]]]]", CANON_STRICT, &CANON_ENTRY, &doc, &err) == RC_OK, "8 levels");
	ok(parse("[[[[[[[[[]]]]]]]]]", CANON_STRICT, &CANON_ENTRY, &doc, &err) == RC_LIMIT,
	   "9 levels");
	is_text(joined(&err), "entry is nested too deep; the limit is 8 levels", "in words");
	is_i64(err.column, 9, "where");
	ok(parse("7", CANON_STRICT, &one, &doc, &err) == RC_OK &&
		   parse("[7,8]", CANON_STRICT, &one, &doc, &err) == RC_OK &&
		   parse("[[]]", CANON_STRICT, &one, &doc, &err) == RC_LIMIT,
	   "one level");
	ok(parse("[1,2,3,4]", CANON_STRICT, &few, &doc, &err) == RC_OK, "5 values");
	ok(parse("[1,2,3,4,5]", CANON_STRICT, &few, &doc, &err) == RC_LIMIT, "6 values");
	is_text(joined(&err), "row has more than 5 values; the limit is 5", "in words");
	memset(large, '[', 100);
	err_clear(&err);
	ok(canon_parse(arena, NULL, (struct text){large, 100}, CANON_LENIENT, &CANON_LARGE, &doc,
		       &err) == RC_LIMIT,
	   "a hundred levels");
}

static void test_any_key(void)
{
	struct canon_doc doc;
	struct err err = {0};
	struct buf b;

	buf_init(&b, 1 << 20);
	ok(canon_rewrite(arena, text_of("{\"\xc3\xbc\":1,\"a b\":2,\"A\":3,\"\":4,\"\\\"\\n\":5}"),
			 &CANON_LARGE, &b, &err) == RC_OK,
	   "any key");
	is_text(buf_view(&b), "{\"\":4,\"\\\"\\n\":5,\"A\":3,\"a b\":2,\"\xc3\xbc\":1}",
		"by its bytes");
	ok(canon_parse(arena, NULL, buf_view(&b), CANON_STRICT, &CANON_LARGE, &doc, &err) == RC_OK,
	   "strict takes that");
	ok(canon_member(&doc, doc.v, "\"\n") != NULL, "keys are decoded");
	ok(parse("{\"\":1,\"\":2}", CANON_STRICT, &CANON_LARGE, &doc, &err) == RC_INVALID &&
		   text_is(text_of(err.message), "duplicate key ''"),
	   "an empty key twice");
	ok(parse("{\"!\":1,\"\":2}", CANON_STRICT, &CANON_LARGE, &doc, &err) == RC_INVALID &&
		   parse("{\"\":1,\"!\":2}", CANON_STRICT, &CANON_LARGE, &doc, &err) == RC_OK,
	   "an empty key comes first");
	ok(parse("{\"a\\\\\":1,\"Z\":1,\"a\\\\\":2}", CANON_LENIENT, &CANON_LARGE, &doc, &err) ==
			   RC_INVALID &&
		   err.column == 16,
	   "a key twice that ends in a backslash");
	ok(parse("{\"\\\"\\\"\":1,\"Z\":1,\"\":1,\"\\\"\\\"\":2}", CANON_LENIENT, &CANON_LARGE,
		 &doc, &err) == RC_INVALID &&
		   err.column == 22,
	   "or that is quotes");
	ok(parse("{\"\xe2\x80\xae\":1}", CANON_LENIENT, &CANON_LARGE, &doc, &err) == RC_INVALID,
	   "the rules of strings hold for keys");
	/* a long key is cut between two characters in messages */
	ok(parse("{\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\xc3\xbcy\":null}",
		 CANON_LENIENT, &CANON_LARGE, &doc, &err) == RC_INVALID &&
		   text_utf8(text_of(err.hint), NULL),
	   "a long key in a message");
	buf_free(&b);
}

static void test_scratch(void)
{
	struct arena *a = arena_new(1 << 20);
	struct canon_scratch *s = canon_scratch_new(a);
	struct err err = {0};
	struct canon_doc doc;
	size_t used = 0;
	bool good = true;
	struct buf b;

	buf_init(&b, 1 << 20);
	for (int round = 0; round < 1000; round++) {
		int n = round % 200;

		buf_clear(&b);
		buf_str(&b, "[0");
		for (int i = 1; i < n; i++)
			buf_printf(&b, ",%d", i);
		buf_str(&b, "]");
		good &= canon_parse(a, s, buf_view(&b), CANON_STRICT, &CANON_ENTRY, &doc, &err) ==
			RC_OK;
		good &= doc.n == (n < 2 ? 2 : (size_t)n + 1) &&
			doc.v[doc.n - 1].number == (n < 2 ? 0 : n - 1);
		if (round == 200)
			used = arena_used_bytes(a);
	}
	ok(good, "a scratch serves many documents");
	is_i64((int64_t)arena_used_bytes(a), (int64_t)used,
	       "and allocates no more once it is large enough");
	buf_free(&b);
	arena_free(a);
}

/* Every ASCII character at every place of a longer string: the scan by eight bytes and the one by one agree. */
static void test_every_place(void)
{
	int wrong = 0;

	for (int c = 0; c < 128; c++) {
		for (size_t at = 1; at < 20; at++) {
			char in[] = "\"ABCDEFGHIJKLMNOPQRS\"", *end = in + sizeof(in) - 1;
			bool good = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
			struct err err = {.line = 0};
			struct canon_doc doc;
			enum rc rc;

			in[at] = (char)c;
			rc = canon_parse(arena, NULL, (struct text){in, (size_t)(end - in)},
					 CANON_STRICT, &CANON_ENTRY, &doc, &err);
			wrong += (rc == RC_OK) != good;
			/* what stands after a quote or a backslash decides how that is named, and where */
			if (!good && c != '"' && c != '\\')
				wrong += err.column != at + 1 ||
					 !text_starts(text_of(err.message), "control character");
			if (good)
				wrong += doc.v[0].text.n != 19 || doc.v[0].text.p != in + 1;
		}
	}
	is_i64(wrong, 0, "every character at every place");
}

static void test_text_ok(void)
{
	char why[64] = "";

	ok(canon_text_ok(text_of("Z\xc3\xbcrich\n\t\"\\/"), why), "a good text");
	ok(canon_text_ok((struct text){NULL, 0}, why), "no text");
	ok(!canon_text_ok(text_of("12345678\r"), why), "a carriage return");
	is_text(text_of(why), "control character U+000D", "in words");
	ok(!canon_text_ok((struct text){"1234567\0", 8}, why), "a NUL");
	is_text(text_of(why), "control character U+0000", "in words");
	ok(!canon_text_ok(text_of("123456789\xe2\x81\xa8"), why), "a direction mark");
	is_text(text_of(why), "direction mark U+2068", "in words");
	ok(!canon_text_ok(text_of("\xff"), why), "no UTF-8");
	is_text(text_of(why), "byte 0xff is not UTF-8", "in words");
}

/* Any byte at any place of texts of any length: plain are ' ' to '~' but for '"' and backslash. */
static void test_plain(void)
{
	enum { MOST = 26 };
	char bytes[MOST];
	size_t wrong = 0;

	for (size_t n = 0; n <= MOST; n++)
		for (size_t at = 0; at < n; at++)
			for (unsigned c = 0; c < 256; c++) {
				bool plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';

				for (size_t i = 0; i < n; i++)
					bytes[i] = (char)('a' + (int)i);
				memcpy(&bytes[at], &(unsigned char){(unsigned char)c}, 1);
				if (canon_text_plain((struct text){bytes, n}) != plain)
					wrong++;
			}
	is_i64((int64_t)wrong, 0, "plain texts are told from all others");
	ok(canon_text_plain((struct text){NULL, 0}), "no text is plain");
}

/* --- random documents, written with as many liberties as lenient input has --- */

static void random_blank(struct buf *b)
{
	static const char blanks[] = " \t\r\n";

	while (random_between(0, 3) == 0)
		buf_char(b, blanks[random_between(0, 3)]);
}

static void random_string(struct buf *b)
{
	static const char *const parts[] = {"a",
					    "Zz",
					    "0",
					    " ",
					    "\\\"",
					    "\\\\",
					    "\\n",
					    "\\t",
					    "\\/",
					    "/",
					    "\\u0041",
					    "\\u00fc",
					    "\xc3\xbc",
					    "\xe2\x82\xac",
					    "\\uD83D\\uDE00",
					    "\xf0\x9f\x98\x80",
					    "\\u000A",
					    "longer text"};

	buf_char(b, '"');
	while (random_between(0, 4) > 0)
		buf_str(b, parts[random_between(0, ARRAY_SIZE(parts) - 1)]);
	buf_char(b, '"');
}

/* Unique keys: the number goes in front in two digits of the alphabet, mixed so that they come in no order. */
static void random_key(struct buf *b, int64_t number)
{
	buf_char(b, '"');
	buf_char(b, (char)('a' + number * 7 % 26));
	if (random_between(0, 3) == 0)
		buf_str(b, "\\u005f");
	else
		buf_char(b, '_');
	buf_i64(b, number);
	buf_char(b, '"');
}

/* Recursion of the test only: depth is at most 8. */
static void random_value(struct buf *b, int depth)
{
	int64_t kind = random_between(0, depth > 0 ? 6 : 3);

	random_blank(b);
	if (kind == 0) {
		buf_i64(b, random_long(15) * (random_between(0, 1) == 0 ? 1 : -1));
	} else if (kind == 1) {
		buf_str(b, random_between(0, 1) == 0 ? "true" : "false");
	} else if (kind < 4) {
		random_string(b);
	} else {
		bool object = kind > 4;
		int64_t n = random_between(0, 6);

		buf_char(b, object ? '{' : '[');
		for (int64_t i = 0; i < n; i++) {
			if (i > 0)
				buf_char(b, ',');
			random_blank(b);
			if (object) {
				random_key(b, i);
				random_blank(b);
				buf_char(b, ':');
			}
			random_value(b, depth - 1);
		}
		random_blank(b);
		buf_char(b, object ? '}' : ']');
	}
	random_blank(b);
}

static bool sorted(const struct canon_doc *doc)
{
	for (uint32_t i = 0; i < doc->n; i++) {
		const struct canon_node *node = &doc->v[i], *before = NULL;
		uint32_t n = 0;

		for (const struct canon_node *m = canon_first(doc, node); m != NULL;
		     m = canon_next(doc, node, m), n++) {
			if (node->type == CANON_OBJECT && before != NULL &&
			    text_cmp(before->key, m->key) >= 0)
				return false;
			before = m;
		}
		if (n != node->n || node->end > doc->n || node->end <= i)
			return false;
	}
	return true;
}

static void test_random(void)
{
	enum { ROUNDS = 20000 };
	struct arena *a = arena_new(64 << 20);
	struct canon_scratch *s = canon_scratch_new(a);
	int wrong = 0, changed = 0;
	struct buf in, once, twice;

	buf_init(&in, 1 << 20);
	buf_init(&once, 1 << 20);
	buf_init(&twice, 1 << 20);
	random_start();
	for (int i = 0; i < ROUNDS; i++) {
		struct canon_doc doc, again;
		struct err err = {0};
		bool fixed;

		buf_clear(&in);
		buf_clear(&once);
		buf_clear(&twice);
		random_value(&in, (int)random_between(0, 7));
		if (in.n > CANON_ENTRY.bytes)
			continue;
		if (canon_parse(a, s, buf_view(&in), CANON_LENIENT, &CANON_ENTRY, &doc, &err) !=
		    RC_OK) {
			wrong++;
			note("%s: %.*s", err.message, TEXT_ARG(buf_view(&in)));
			continue;
		}
		wrong += !sorted(&doc);
		canon_print(&doc, 0, &once);
		fixed = text_eq(buf_view(&in), buf_view(&once));
		changed += !fixed;
		wrong += fixed != (canon_parse(a, s, buf_view(&in), CANON_STRICT, &CANON_ENTRY,
					       &again, &err) == RC_OK);
		if (canon_parse(a, s, buf_view(&once), CANON_STRICT, &CANON_ENTRY, &again, &err) !=
		    RC_OK) {
			wrong++;
			note("%s: %.*s", err.message, TEXT_ARG(buf_view(&once)));
			continue;
		}
		canon_print(&again, 0, &twice);
		wrong += !text_eq(buf_view(&once), buf_view(&twice)) || !sorted(&again);
		/* a part prints as its bytes stand */
		uint32_t part = (uint32_t)random_between(0, (int64_t)again.n - 1);

		buf_clear(&twice);
		canon_print(&again, part, &twice);
		wrong += !text_eq(buf_view(&twice),
				  text_sub(buf_view(&once), again.v[part].offset,
					   again.v[part].offset + again.v[part].length));
	}
	is_i64(wrong, 0, "canon(parse(canon(x))) == canon(x) for %d documents", ROUNDS);
	ok(changed > ROUNDS / 2, "most were not canonical before");
	buf_free(&in);
	buf_free(&once);
	buf_free(&twice);
	arena_free(a);
}

int main(void)
{
	arena = arena_new(64 << 20);
	test_rewritten();
	test_refused();
	test_example();
	test_nodes();
	test_limits();
	test_any_key();
	test_scratch();
	test_every_place();
	test_text_ok();
	test_plain();
	test_random();
	arena_free(arena);
	return tap_done();
}
