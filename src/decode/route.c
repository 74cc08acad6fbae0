// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's tables of routes, as text.  Which of them is asked for what is
 * the caller's.
 *
 * net/ipv4/fib_trie.c, fib_route_seq_show(); net/ipv6/ip6_fib.c,
 * ipv6_route_seq_show().
 */
#include "decode/route.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum { FLAG_UP = 1, FLAG_REJECT = 0x200, SIX_BYTES = 16 };

/* The best so far. */
struct best {
	const char *name;
	size_t len;		/* 0: it leads nowhere, by order */
	int prefix;		/* -1: none */
	uint64_t metric;
};

static void offer(struct best *best, const char *name, size_t len, int prefix,
		  uint64_t metric)
{
	if (prefix < best->prefix ||
	    (prefix == best->prefix && metric >= best->metric))
		return;
	*best = (struct best){ name, len, prefix, metric };
}

static int bits_of(uint64_t mask)
{
	int bits = 0;

	for (; mask; mask &= mask - 1)
		bits++;
	return bits;
}

/* "eth0 0002000A 00000000 0001 0 0 100 00FFFFFF …": the bytes of addresses
 * stand from the last to the first. */
static void try_four(struct best *best, const char *line, size_t len,
		     uint32_t address)
{
	size_t width = strcspn(line, "\t ");
	const char *at = line + width;
	uint64_t destination, gateway, flags, count, uses, metric, mask;

	if (width < len && num_take(&at, 16, &destination) && num_take(&at, 16, &gateway) &&
	    num_take(&at, 16, &flags) && num_take(&at, 10, &count) &&
	    num_take(&at, 10, &uses) && num_take(&at, 10, &metric) &&
	    num_take(&at, 16, &mask) && at <= line + len && flags & FLAG_UP &&
	    (address & mask) == destination)
		offer(best, line, flags & FLAG_REJECT ? 0 : width,
		      bits_of(mask), metric);
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Whether the first @prefix bits of 32 hexadecimal digits are the address's. */
static bool covers(const char *hex, uint64_t prefix, const uint8_t *address)
{
	for (unsigned i = 0; i < SIX_BYTES && prefix > i * 8u; i++) {
		int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
		unsigned rest = (unsigned)prefix - i * 8;
		unsigned mask = rest >= 8 ? 0xff : 0xff << (8 - rest) & 0xff;
		if (high < 0 || low < 0 ||
		    (((unsigned)high << 4 | (unsigned)low) ^ address[i]) & mask)
			return false;
	}
	return true;
}

/* Destination, prefix, source, prefix, next hop, metric, two counts, flags,
 * interface; all hexadecimal, and blanks before the name. */
static void try_six(struct best *best, const char *line, size_t len,
		    const uint8_t *address)
{
	enum { DESTINATION = 32, METRIC_AT = 32 + 1 + 2 + 1 + 32 + 1 + 2 + 1 + 32 };
	const char *at = line + DESTINATION, *name = line + len;
	uint64_t prefix, metric, count, uses, flags;

	if (len <= METRIC_AT || !num_take(&at, 16, &prefix) || prefix > 128 ||
	    !covers(line, prefix, address))
		return;
	at = line + METRIC_AT;
	while (name > line && name[-1] != ' ')
		name--;
	if (num_take(&at, 16, &metric) && num_take(&at, 16, &count) &&
	    num_take(&at, 16, &uses) && num_take(&at, 16, &flags) &&
	    flags & FLAG_UP)
		offer(best, name, flags & FLAG_REJECT ? 0 :
						 (size_t)(line + len - name),
		      (int)prefix, metric);
}

bool route_find(const struct buf *four, const struct buf *six,
		const char *address, char *name, size_t room)
{
	struct best best = { .prefix = -1 };
	const char *at, *line;
	uint8_t bytes[SIX_BYTES];
	size_t len;

	if (inet_pton(AF_INET, address, bytes) == 1) {
		uint32_t number = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
				  (uint32_t)bytes[2] << 16 |
				  (uint32_t)bytes[3] << 24;
		at = buf_str(four);
		while (text_line(&at, buf_end(four), &line, &len))
			try_four(&best, line, len, number);
	} else if (inet_pton(AF_INET6, address, bytes) == 1) {
		at = buf_str(six);
		while (text_line(&at, buf_end(six), &line, &len))
			try_six(&best, line, len, bytes);
	}
	if (best.prefix < 0 || !best.len || best.len >= room)
		return false;
	memcpy(name, best.name, best.len);
	name[best.len] = '\0';
	return true;
}
