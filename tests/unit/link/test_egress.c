/* SPDX-License-Identifier: Apache-2.0 */
/* Where the link may connect to (trust.md S21), at the edges of each range; what it takes for an answer and for a secret. */
#include "link/egress.h"
#include "link/link.h"
#include "tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static bool asked(const char *address, int port, const char *named,
		  bool (*by)(const struct sockaddr *to, struct text named))
{
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
	struct sockaddr_storage at;

	memset(&at, 0, sizeof(at));
	if (inet_pton(AF_INET, address, &four.sin_addr) == 1)
		memcpy(&at, &four, sizeof(four));
	else if (inet_pton(AF_INET6, address, &six.sin6_addr) == 1)
		memcpy(&at, &six, sizeof(six));
	return by((const struct sockaddr *)&at, text_of(named));
}

static bool allows(const char *address, int port, const char *named)
{
	return asked(address, port, named, egress_allows);
}

static bool fetches(const char *address, int port, const char *named)
{
	return asked(address, port, named, egress_allows_web);
}

static const struct {
	const char *address;
	bool open;
} cases[] = {{"0.255.255.255", false},
	     {"1.0.0.0", true},
	     {"9.255.255.255", true},
	     {"10.0.0.0", false},
	     {"10.255.255.255", false},
	     {"11.0.0.0", true},
	     {"100.63.255.255", true},
	     {"100.64.0.0", false},
	     {"100.127.255.255", false},
	     {"100.128.0.0", true},
	     {"127.0.0.1", false},
	     {"169.253.255.255", true},
	     {"169.254.169.254", false},
	     {"172.15.255.255", true},
	     {"172.16.0.0", false},
	     {"172.31.255.255", false},
	     {"172.32.0.0", true},
	     {"192.0.0.1", false},
	     {"192.0.2.1", false},
	     {"192.88.99.1", false},
	     {"192.168.1.1", false},
	     {"192.169.0.0", true},
	     {"198.18.0.0", false},
	     {"198.19.255.255", false},
	     {"198.20.0.0", true},
	     {"198.51.100.7", false},
	     {"203.0.113.7", false},
	     {"223.255.255.255", true},
	     {"224.0.0.1", false},
	     {"255.255.255.255", false},
	     {"2606:4700::1111", true},
	     {"2000::1", true},
	     {"::1", false},
	     {"::", false},
	     {"::ffff:127.0.0.1", false},
	     {"64:ff9b::7f00:1", false},
	     {"fe80::1", false},
	     {"fd00::1", false},
	     {"ff02::1", false},
	     {"2001::1", false},
	     {"2001:1ff::1", false},
	     {"2001:200::1", true},
	     {"2001:db8::1", false},
	     {"2002:7f00:1::1", false},
	     {"3fff:0fff::1", false},
	     {"3fff:1000::1", true},
	     {"4000::1", false}};

static void addresses(void)
{
	struct sockaddr other = {.sa_family = AF_UNIX};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		is_i64(allows(cases[i].address, 443, ""), cases[i].open, "%s", cases[i].address);
	is_i64(allows("127.0.0.1", 8700, "127.0.0.1:8700"), true, "what the operator names");
	is_i64(allows("127.0.0.1", 8701, "127.0.0.1:8700"), false, "by its port");
	is_i64(allows("127.0.0.2", 8700, "127.0.0.1:8700"), false, "and address");
	is_i64(allows("fd00::1", 443, "[fd00::1]:443"), true, "of either family");
	is_i64(allows("1.0.0.0", 587, ""), true, "mail goes to any port");
	is_i64(fetches("1.0.0.0", 443, ""), true, "what is fetched is by 443");
	is_i64(fetches("2000::1", 80, ""), true, "or 80");
	is_i64(fetches("1.0.0.0", 22, ""), false, "and no other port");
	is_i64(fetches("2000::1", 8443, ""), false, "of either family");
	is_i64(fetches("1.0.0.0", 8443, "1.0.0.0:8443"), true, "unless it is named");
	is_i64(fetches("10.0.0.1", 443, ""), false, "nor inside the network");
	is_i64(egress_allows_web(&other, text_of("")), false, "nor otherwise");
	is_i64(egress_allows(&other, text_of("")), false, "no other family");
}

static void packets(void)
{
	struct text first, second;
	struct buf b;

	buf_init(&b, 256);
	link_ask_token(&b, text_of("code"), text_of("verifier"));
	ok(text_eq(buf_view(&b), (struct text){"tcode\0verifier", 14}), "a question");
	buf_free(&b);
	is_i64(link_answer((struct text){"+token\0{keys}", 13}, &first, &second), true,
	       "an answer");
	is_text(first, "token", "its first part");
	is_text(second, "{keys}", "and its second");
	is_i64(link_answer(text_of("-token"), &first, &second), false, "one that it failed");
	is_text(first, "token", "says where");
	is_i64(link_answer(text_of(""), &first, &second), false, "none at all");
	is_text(first, "link", "is the link's");
}

int main(void)
{
	addresses();
	packets();
	return tap_done();
}
