// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_ROUTE_H
#define DECODE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * By which interface the main table of routes leads to @address, "10.0.2.2" or
 * "fd00::1": the longest prefix, then the lowest metric.  @four and @six are
 * the texts of /proc/net/route and /proc/net/ipv6_route.  False where it is no
 * address, or no route leads there.
 *
 * Rules of routing by other tables (ip rule) do not stand there.
 */
bool route_find(const struct buf *four, const struct buf *six,
		const char *address, char *name, size_t room);

#endif
