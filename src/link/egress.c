/* SPDX-License-Identifier: Apache-2.0 */
#include "link/egress.h"

#include "base/attr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct range4 {
	uint32_t from;
	unsigned bits;
};

/* Not of the public internet: private, shared, loopback, link-local, documentation, tests, multicast and above. */
static const struct range4 closed4[] = {
	{0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},  {0xA9FE0000, 16},
	{0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24}, {0xC0586300, 24}, {0xC0A80000, 16},
	{0xC6120000, 15}, {0xC6336400, 24}, {0xCB007100, 24}, {0xE0000000, 3}};

struct range6 {
	unsigned char from[16];
	unsigned bits;
};

static const struct range6 open6 = {{0x20}, 3};
static const struct range6 closed6[] = {
	{{0x20, 0x01}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x20, 0x02}, 16}, {{0x3f, 0xff}, 20}};

static bool in_range6(const unsigned char a[16], const struct range6 *r)
{
	for (unsigned i = 0; i < r->bits; i++) {
		unsigned mask = 0x80U >> (i % 8);

		if ((a[i / 8] & mask) != (r->from[i / 8] & mask))
			return false;
	}
	return true;
}

static bool open_ip4(uint32_t a)
{
	for (size_t i = 0; i < ARRAY_SIZE(closed4); i++)
		if (((a ^ closed4[i].from) >> (32 - closed4[i].bits)) == 0)
			return false;
	return true;
}

static bool open_ip6(const unsigned char a[16])
{
	for (size_t i = 0; i < ARRAY_SIZE(closed6); i++)
		if (in_range6(a, &closed6[i]))
			return false;
	return in_range6(a, &open6);
}

struct place {
	char words[INET6_ADDRSTRLEN + 16]; /* "10.0.0.7:443", "[fd00::1]:443" */
	int port;
	bool open;
};

/* false: of no family that is known. */
static bool place_of(const struct sockaddr *to, struct place *out)
{
	char words[INET6_ADDRSTRLEN] = "";
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (to->sa_family == AF_INET) {
		memcpy(&four, to, sizeof(four));
		(void)inet_ntop(AF_INET, &four.sin_addr, words, sizeof(words));
		out->port = ntohs(four.sin_port);
		out->open = open_ip4(ntohl(four.sin_addr.s_addr));
		(void)snprintf(out->words, sizeof(out->words), "%s:%d", words, out->port);
		return true;
	}
	if (to->sa_family != AF_INET6)
		return false;
	memcpy(&six, to, sizeof(six));
	(void)inet_ntop(AF_INET6, &six.sin6_addr, words, sizeof(words));
	out->port = ntohs(six.sin6_port);
	out->open = open_ip6(six.sin6_addr.s6_addr);
	(void)snprintf(out->words, sizeof(out->words), "[%s]:%d", words, out->port);
	return true;
}

bool egress_allows(const struct sockaddr *to, struct text named)
{
	struct place p;

	return place_of(to, &p) && (text_is(named, p.words) || p.open);
}

bool egress_allows_web(const struct sockaddr *to, struct text named)
{
	struct place p;

	return place_of(to, &p) &&
	       (text_is(named, p.words) || (p.open && (p.port == 443 || p.port == 80)));
}

int egress_socket(const struct sockaddr *to, int type, int protocol, struct text named,
		  bool (*allows)(const struct sockaddr *to, struct text named))
{
	return allows(to, named) ? socket(to->sa_family, type | SOCK_CLOEXEC, protocol) : -1;
}
