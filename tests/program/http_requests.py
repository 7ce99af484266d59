# SPDX-License-Identifier: Apache-2.0
"""The list of requests of trust.md H2: asked of the server alone and behind a proxy."""

# name, the bytes (HOST stands for our own), statuses that are right
REFUSED = [
    ("Content-Length with Transfer-Encoding", "POST /echo HTTP/1.1|Host: HOST|Content-Length: 5|Transfer-Encoding: chunked||0||", {400}),
    ("two Content-Length, equal", "POST /echo HTTP/1.1|Host: HOST|Content-Length: 1|Content-Length: 1||x", {400}),
    ("two Content-Length, different", "POST /echo HTTP/1.1|Host: HOST|Content-Length: 1|Content-Length: 2||xx", {400}),
    ("Transfer-Encoding twice", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||", {400}),
    ("Transfer-Encoding in HTTP/1.0", "POST /echo HTTP/1.0|Host: HOST|Transfer-Encoding: chunked||0||", {400}),
    ("Transfer-Encoding gzip, chunked", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: gzip, chunked||0||", {400}),
    ("Transfer-Encoding identity", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: identity||", {400}),
    ("Transfer-Encoding xchunked", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: xchunked||0||", {400}),
    ("Content-Length empty", "POST /echo HTTP/1.1|Host: HOST|Content-Length: ||", {400}),
    ("Content-Length +1", "POST /echo HTTP/1.1|Host: HOST|Content-Length: +1||x", {400}),
    ("Content-Length -1", "POST /echo HTTP/1.1|Host: HOST|Content-Length: -1||x", {400}),
    ("Content-Length 0x1", "POST /echo HTTP/1.1|Host: HOST|Content-Length: 0x1||x", {400}),
    ("Content-Length 1, 1", "POST /echo HTTP/1.1|Host: HOST|Content-Length: 1, 1||x", {400}),
    ("Content-Length of 16 digits", "POST /echo HTTP/1.1|Host: HOST|Content-Length: 0000000000000001||x", {400}),
    ("Content-Length of 23 digits", "POST /echo HTTP/1.1|Host: HOST|Content-Length: 99999999999999999999999||x", {400, 413}),
    ("two Host", "GET /echo HTTP/1.1|Host: HOST|Host: HOST||", {400}),
    ("Host empty", "GET /echo HTTP/1.1|Host: ||", {400}),
    ("Host with @", "GET /echo HTTP/1.1|Host: a@HOST||", {400}),
    ("Host with comma", "GET /echo HTTP/1.1|Host: HOST,b||", {400}),
    ("Host with space", "GET /echo HTTP/1.1|Host: a HOST||", {400}),
    ("no Host", "GET /echo HTTP/1.1|Accept: x||", {400}),
    ("no Host in HTTP/1.0", "GET /echo HTTP/1.0||", {400}),
    ("Host :", "GET /echo HTTP/1.1|Host : HOST||", {400}),
    ("Content-Length :", "POST /echo HTTP/1.1|Host: HOST|Content-Length : 5||xxxxx", {400}),
    ("Transfer-Encoding :", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding : chunked||0||", {400}),
    ("control byte in a value", "GET /echo HTTP/1.1|Host: HOST|X: a\x01b||", {400}),
    ("CR in a value", "GET /echo HTTP/1.1|Host: HOST|X: a\rb||", {400}),
    ("0x7F in a value", "GET /echo HTTP/1.1|Host: HOST|X: a\x7fb||", {400}),
    ("target without /", "GET echo HTTP/1.1|Host: HOST||", {400}),
    ("absolute target", "GET http://HOST/echo HTTP/1.1|Host: HOST||", {400}),
    ("target *", "OPTIONS * HTTP/1.1|Host: HOST||", {400, 405}),
    # The library, in strict mode, hangs up on these two without a word.
    ("two spaces after the target", "GET /echo  HTTP/1.1|Host: HOST||", {0, 400}),
    ("space in the target", "GET /ec ho HTTP/1.1|Host: HOST||", {0, 400}),
    ("# in the target", "GET /echo#x HTTP/1.1|Host: HOST||", {400}),
    ("non-ASCII in the target", "GET /\xe9 HTTP/1.1|Host: HOST||", {400}),
    ("%zz", "GET /%zz HTTP/1.1|Host: HOST||", {400}),
    ("% at the end", "GET /echo% HTTP/1.1|Host: HOST||", {400}),
    ("%00", "GET /a%00b HTTP/1.1|Host: HOST||", {400}),
    ("%zz in the query", "GET /echo?x=%zz HTTP/1.1|Host: HOST||", {400}),
    ("method TRACE", "TRACE /echo HTTP/1.1|Host: HOST||", {400, 405}),
    ("method CONNECT", "CONNECT HOST HTTP/1.1|Host: HOST||", {400, 405}),
    ("method get", "get /echo HTTP/1.1|Host: HOST||", {400, 405}),
    ("method of 300 letters", "G" * 300 + " /echo HTTP/1.1|Host: HOST||", {400, 405}),
    ("line without colon", "GET /echo HTTP/1.1|Host: HOST|nonsense||", {400}),
    ("space before the first field", "GET /echo HTTP/1.1| Host: HOST||", {400}),
    ("chunk size xyz", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: chunked||xyz|x|0||", {400}),
    ("chunk size -1", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: chunked||-1|x|0||", {400}),
    ("chunk size 0x1", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: chunked||0x1|x|0||", {400}),
    ("chunk size empty", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: chunked|||x|0||", {400}),
    ("HTTP/0.9", "GET /echo HTTP/0.9|Host: HOST||", {400, 505}),
    ("no version", "GET /echo|Host: HOST||", {400, 505}),
    ("HTTP/1.10", "GET /echo HTTP/1.10|Host: HOST||", {400, 505}),
    ("HTTP/2.0", "GET /echo HTTP/2.0|Host: HOST||", {400, 505}),
    ("a field's name with a slash", "GET /echo HTTP/1.1|Host: HOST|a/b: c||", {400}),
    ("two Authorization", "GET /echo HTTP/1.1|Host: HOST|Authorization: a|Authorization: b||", {400}),
    ("a body compressed", "POST /echo HTTP/1.1|Host: HOST|Content-Encoding: gzip|Content-Length: 1||x", {415}),
    ("body on GET", "GET /echo HTTP/1.1|Host: HOST|Content-Length: 1||x", {400}),
    ("body on HEAD", "HEAD /echo HTTP/1.1|Host: HOST|Content-Length: 1||x", {400}),
    ("body on DELETE", "DELETE /echo HTTP/1.1|Host: HOST|Content-Length: 1||x", {400}),
    ("chunks on GET", "GET /echo HTTP/1.1|Host: HOST|Transfer-Encoding: chunked||0||", {400}),
    ("Expect: 200-ok", "POST /echo HTTP/1.1|Host: HOST|Expect: 200-ok|Content-Length: 1||x", {417}),
]
# What the library hides: answered as the shortened request.
HIDDEN = [
    ("NUL in a value", "GET /echo HTTP/1.1|Host: HOST|X: a\0b||"),
    ("an empty field name", "GET /echo HTTP/1.1|Host: HOST|: b||"),
    ("a folded line", "GET /echo HTTP/1.1|Host: HOST|X: a| b||"),
    ("a chunk extension", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: chunked||1;a=b|x|0||"),
    ("a trailer", "POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: chunked||1|x|0|X: y||"),
]
# What nginx takes and writes anew as one plain request, so that the server behind it has nothing to mistake: a length without its zeros, its own name
# for a Host that HTTP/1.0 may leave out, a target without scheme or spaces, a field with an empty value, a body that has none; Expect it
# answers itself.
MADE_PLAIN_BY_PROXY = {
    "Content-Length of 16 digits", "no Host in HTTP/1.0", "absolute target", "two spaces after the target", "line without colon", "a folded line",
    "an empty field name", "a chunk extension", "a trailer", "chunks on GET", "Expect: 200-ok",
}
# What Caddy does so: of a length and chunks, or two equal lengths, it writes one anew; what is no character of a path it encodes; OPTIONS * it answers.
MADE_PLAIN_BY_CADDY = {
    "Content-Length with Transfer-Encoding", "two Content-Length, equal", "Transfer-Encoding in HTTP/1.0", "Content-Length empty", "Content-Length of 16 digits",
    "absolute target", "target *", "# in the target", "non-ASCII in the target", "a folded line", "an empty field name", "a chunk extension", "a trailer",
    "chunks on GET", "Expect: 200-ok",
}


def bytes_of(text, host):
    return text.replace("|", "\r\n").replace("HOST", host).encode("latin-1")
