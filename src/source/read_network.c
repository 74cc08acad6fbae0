// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the network: interfaces, their addresses, what stands on them, and
 * which of them lead where.  It sends nothing.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "decode/route.h"
#include "model/storage.h"
#include "source/read.h"

struct routes {
	char name[32][32];	/* interfaces of default routes */
	unsigned count;
};

static void add_route(struct routes *routes, const char *name, size_t len)
{
	if (routes->count == 32 || !len || len >= sizeof routes->name[0])
		return;
	memcpy(routes->name[routes->count], name, len);
	routes->name[routes->count++][len] = '\0';
}

/* A line of proc/net/route; bytes of addresses as the network has them. */
struct route4 {
	uint64_t destination, mask;
	bool up;
};

/* "eth0 00000000 0100A8C0 0003 0 0 0 00000000 …"; false for the headings. */
static bool parse_route4(const char *line, size_t *width, struct route4 *route)
{
	const char *at = line + (*width = strcspn(line, "\t "));
	uint64_t gateway, flags, skip;

	if (!num_take(&at, 16, &route->destination) ||
	    !num_take(&at, 16, &gateway) || !num_take(&at, 16, &flags) ||
	    !num_take(&at, 10, &skip) || !num_take(&at, 10, &skip) ||
	    !num_take(&at, 10, &skip) || !num_take(&at, 16, &route->mask))
		return false;
	route->up = flags & 1;
	return true;
}

static void take_route4(struct routes *routes, const char *line)
{
	struct route4 route;
	size_t width;

	if (parse_route4(line, &width, &route) && !route.destination &&
	    !route.mask && route.up)
		add_route(routes, line, width);
}

static unsigned bits_of(uint64_t mask)
{
	unsigned bits = 0;

	for (; mask; mask &= mask - 1)
		bits++;
	return bits;
}

/* The networks that an interface leads to, out of the text of
 * proc/net/route: "10.0.2.0/24". */
static struct fact_text networks_of(struct reader *reader, const char *name,
				    const struct buf *table)
{
	enum known known = reader->system->usage.routes_known;
	const char *at = buf_str(table), *line;
	struct buf text = {0};
	size_t len;

	while (known == KNOWN && text_line(&at, buf_end(table), &line, &len)) {
		struct route4 route;
		size_t width;
		if (!parse_route4(line, &width, &route) || !route.mask ||
		    width != strlen(name) || memcmp(line, name, width) != 0)
			continue;
		buf_printf(&text, "%s%u.%u.%u.%u/%u", text.len ? " " : "",
			   (unsigned)(route.destination & 0xff),
			   (unsigned)(route.destination >> 8 & 0xff),
			   (unsigned)(route.destination >> 16 & 0xff),
			   (unsigned)(route.destination >> 24 & 0xff),
			   bits_of(route.mask));
	}
	struct fact_text networks = {
		known == KNOWN && !text.len ? ABSENT : known,
		arena_text(reader->arena, buf_str(&text)),
	};
	buf_free(&text);
	return networks;
}

/* Destination and prefix length first, the interface last. */
static void take_route6(struct routes *routes, const char *line, size_t len)
{
	static const char any[] = "00000000000000000000000000000000 00 ";
	const char *name = line + len;

	if (len < sizeof any || memcmp(line, any, sizeof any - 1) != 0)
		return;
	while (name > line && name[-1] != ' ')
		name--;
	size_t width = (size_t)(line + len - name);
	if (width != 2 || memcmp(name, "lo", 2) != 0)
		add_route(routes, name, width);
}

/* @table and @six get the texts of proc/net/route and ipv6_route. */
static void read_routes(struct reader *reader, struct routes *routes,
			struct buf *table, struct buf *six)
{
	struct usage *usage = &reader->system->usage;
	const char *at, *line;
	size_t len;

	usage->routes_known = read_file(reader, "proc/net/route");
	buf_add(table, buf_str(&reader->text), reader->text.len);
	at = buf_str(&reader->text);
	while (usage->routes_known == KNOWN &&
	       text_line(&at, buf_end(&reader->text), &line,
			 &len))
		take_route4(routes, line);
	if (read_file(reader, "proc/net/ipv6_route") == KNOWN) {
		buf_add(six, buf_str(&reader->text), reader->text.len);
		at = buf_str(&reader->text);
		while (text_line(&at, buf_end(&reader->text),
				 &line, &len))
			take_route6(routes, line, len);
	}
}

/* A bridge, bond or VLAN that carries the route rests on what lies below. */
static void spread(struct reader *reader, struct routes *routes)
{
	for (unsigned i = 0; i < routes->count; i++) {
		struct arena names = {0};
		struct listing listing;
		struct buf path = {0};
		buf_printf(&path, "sys/class/net/%s", routes->name[i]);
		root_list(reader->root, NULL, buf_str(&path), &names,
			  &listing);
		for (unsigned n = 0; n < listing.count; n++)
			if (text_starts(listing.names[n], "lower_"))
				add_route(routes, listing.names[n] + 6,
					  strlen(listing.names[n] + 6));
		buf_free(&path);
		arena_free(&names);
	}
}

static bool carries(const struct routes *routes, const char *name)
{
	for (unsigned i = 0; i < routes->count; i++)
		if (strcmp(routes->name[i], name) == 0)
			return true;
	return false;
}

static const char *safe(struct reader *reader, const char *text)
{
	return text_safe(reader->arena, text, strlen(text));
}

/* Bonds, bridges, VLANs on it: links named upper_* in its folder. */
static struct fact_text uppers_of(struct reader *reader, const char *path)
{
	struct arena names = {0};
	struct listing listing;
	struct buf text = {0};

	enum known known = root_list(reader->root, NULL, path, &names,
				     &listing);
	for (unsigned i = 0; i < listing.count; i++)
		if (text_starts(listing.names[i], "upper_"))
			buf_printf(&text, "%s%s", text.len ? " " : "",
				   listing.names[i] + strlen("upper_"));
	struct fact_text uppers = {
		known == KNOWN && !text.len ? ABSENT : known,
		safe(reader, buf_str(&text)),
	};
	buf_free(&text);
	arena_free(&names);
	return uppers;
}

/* What was found out of all interfaces before each is looked at. */
struct network {
	struct routes routes, session;
	struct buf table;	/* proc/net/route */
	struct buf six;		/* proc/net/ipv6_route */
	struct buf addresses;	/* "eth0 10.0.2.15" lines */
	enum known addresses_known;
};

static struct fact_text addresses_of(struct reader *reader, const char *name,
				     const struct network *network)
{
	enum known known = network->addresses_known;
	const char *at = buf_str(&network->addresses), *line;
	struct buf text = {0};
	size_t len, width = strlen(name);

	while (known == KNOWN &&
	       text_line(&at, buf_end(&network->addresses), &line, &len)) {
		if (len <= width + 1 || memcmp(line, name, width) != 0 ||
		    line[width] != ' ')
			continue;
		if (text.len)
			buf_putc(&text, ' ');
		buf_add(&text, line + width + 1, len - width - 1);
	}
	struct fact_text addresses = {
		known == KNOWN && !text.len ? ABSENT : known,
		safe(reader, buf_str(&text)),
	};
	buf_free(&text);
	return addresses;
}

static void read_interface(struct reader *reader, const char *name,
			   const char *path, const struct network *network,
			   struct interface *interface)
{
	struct place at;

	interface->name = safe(reader, name);
	interface->default_route = carries(&network->routes, name);
	interface->session = carries(&network->session, name);
	interface->addresses = addresses_of(reader, name, network);
	interface->routes = networks_of(reader, name, &network->table);
	interface->uppers = uppers_of(reader, path);
	if (root_enter(reader->root, NULL, path, &at) != KNOWN)
		return;
	interface->operstate = read_text(reader, &at, "operstate");
	interface->flags = read_num(reader, &at, "flags", 16);
	root_leave(reader->root, &at);
}

static void read_interfaces(struct reader *reader,
			    const struct network *network)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing listing;
	size_t room = 0;

	usage->interfaces_known = root_list(reader->root, NULL,
					    "sys/class/net", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		struct buf path = {0};
		buf_printf(&path, "sys/class/net/%s", listing.names[i]);
		int device = device_behind(reader, buf_str(&path));
		if (device != NONE) {
			struct interface *all = arena_grow(
				reader->arena,
				(void *)(uintptr_t)usage->interfaces,
				usage->interface_count, &room, sizeof *all);
			struct interface *each = &all[usage->interface_count++];
			usage->interfaces = all;
			*each = (struct interface){ .device = device };
			read_interface(reader, listing.names[i],
				       buf_str(&path), network, each);
		}
		buf_free(&path);
	}
	arena_free(&names);
}

/* --- file systems that come in --- */

/* The interface that has the address; "" for none. */
static const char *interface_with(struct reader *reader,
				  const struct network *network,
				  const char *address)
{
	const char *at = buf_str(&network->addresses), *line;
	size_t len, width = strlen(address);

	while (width && text_line(&at, buf_end(&network->addresses), &line,
				  &len)) {
		size_t name = strcspn(line, " ");
		if (name + 1 + width == len &&
		    memcmp(line + name + 1, address, width) == 0)
			return text_safe(reader->arena, line, name);
	}
	return "";
}

/* By which interface each comes: that which it is bound to, else where the
 * routes lead to its server.  A connection whose own address is another's goes
 * by rules of its own, and nobody can tell. */
static void find_ways(struct reader *reader, const struct network *network)
{
	struct usage *usage = &reader->system->usage;
	struct net_mount *mounts = (void *)(uintptr_t)usage->net_mounts;
	char name[32];

	for (unsigned i = 0; i < usage->net_mount_count; i++) {
		struct net_mount *mount = &mounts[i];
		const char *own = interface_with(reader, network,
						 mount->local);
		if (!*mount->interface &&
		    route_find(&network->table, &network->six, mount->address,
			       name, sizeof name) &&
		    (!*own || strcmp(own, name) == 0)) {
			mount->interface = safe(reader, name);
			mount->way = "/proc/net/route";
		}
	}
}

/* Whether it comes in by the interface or by one that stands on it; UNREAD
 * where its way is not told, or leads by none that a device is behind: a
 * tunnel may go by any. */
static enum known comes_by(struct reader *reader,
			   const struct net_mount *mount, const char *name)
{
	struct usage *usage = &reader->system->usage;
	struct routes way = { .count = 0 };
	enum known hardware = UNREAD;

	add_route(&way, mount->interface, strlen(mount->interface));
	spread(reader, &way);
	for (unsigned i = 0; i < usage->interface_count; i++)
		if (carries(&way, usage->interfaces[i].name))
			hardware = ABSENT;
	return carries(&way, name) ? KNOWN : hardware;
}

/* What is more certain of two ways of one thing. */
static enum known surer(enum known a, enum known b)
{
	return a == KNOWN || b == KNOWN ? KNOWN : a != ABSENT ? a : b;
}

static void tell_interface(struct reader *reader, struct interface *interface)
{
	struct usage *usage = &reader->system->usage;
	enum known known = known_is_settled(usage->storage_known) ?
				   ABSENT : usage->storage_known;
	const char *last = "";
	struct buf text = {0};

	interface->root = usage->network_root.known == KNOWN ?
				  known : usage->network_root.known;
	for (unsigned i = 0; i < usage->net_mount_count; i++) {
		const struct net_mount *mount = &usage->net_mounts[i];
		enum known here = comes_by(reader, mount, interface->name);
		if (storage_is_vital(mount->what))
			interface->root = surer(interface->root, here);
		if (strcmp(mount->what, "swap") == 0)
			continue;
		if (here != KNOWN && here != ABSENT)
			known = UNREAD;
		if (here != KNOWN || strcmp(mount->what, last) == 0)
			continue;
		buf_printf(&text, "%s%s", text.len ? " " : "", mount->what);
		last = mount->what;
	}
	interface->mounts = (struct fact_text){
		text.len ? KNOWN : known, safe(reader, buf_str(&text)),
	};
	buf_free(&text);
}

static void tell_mounts(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	struct interface *all = (void *)(uintptr_t)usage->interfaces;

	for (unsigned i = 0; i < usage->interface_count; i++)
		tell_interface(reader, &all[i]);
}

void read_network(struct reader *reader)
{
	struct network network = {0};

	read_routes(reader, &network.routes, &network.table, &network.six);
	spread(reader, &network.routes);
	read_session(reader, network.session.name[0],
		     sizeof network.session.name[0]);
	network.session.count = *network.session.name[0] != '\0';
	spread(reader, &network.session);
	network.addresses_known = read_addresses(reader, &network.addresses);
	read_interfaces(reader, &network);
	find_ways(reader, &network);
	tell_mounts(reader);
	buf_free(&network.table);
	buf_free(&network.six);
	buf_free(&network.addresses);
}
