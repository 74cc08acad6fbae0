// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what the host does with its network interfaces: the default route,
 * the way this connection came in.  It asks no daemon.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read.h"

static const char *safe(struct reader *reader, const char *text)
{
	return text ? text_safe(reader->arena, text, strlen(text)) : "";
}

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

/* "eth0 00000000 0100A8C0 0003 0 0 0 00000000 …" */
static void take_route4(struct routes *routes, const char *line)
{
	size_t width = strcspn(line, "\t ");
	const char *at = line + width;
	uint64_t destination, gateway, flags, skip, mask;

	if (num_take(&at, 16, &destination) && num_take(&at, 16, &gateway) &&
	    num_take(&at, 16, &flags) && num_take(&at, 10, &skip) &&
	    num_take(&at, 10, &skip) && num_take(&at, 10, &skip) &&
	    num_take(&at, 16, &mask) && !destination && !mask && flags & 1)
		add_route(routes, line, width);
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

static void read_routes(struct reader *reader, struct routes *routes)
{
	struct usage *usage = &reader->system->usage;
	const char *at, *line;
	size_t len;

	usage->routes_known = read_file(reader, "proc/net/route");
	at = buf_str(&reader->text);
	while (usage->routes_known == KNOWN &&
	       text_line(&at, buf_end(&reader->text), &line,
			 &len))
		take_route4(routes, line);
	if (read_file(reader, "proc/net/ipv6_route") == KNOWN) {
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

static void read_network(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	struct routes routes = {0}, session = {0};
	struct arena names = {0};
	struct listing listing;
	size_t room = 0;
	struct interface *interfaces = NULL;

	read_routes(reader, &routes);
	spread(reader, &routes);
	read_session(reader, session.name[0], sizeof session.name[0]);
	session.count = *session.name[0] != '\0';
	spread(reader, &session);
	usage->interfaces_known = root_list(reader->root, NULL,
					    "sys/class/net", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		struct buf path = {0};
		buf_printf(&path, "sys/class/net/%s", listing.names[i]);
		int device = device_behind(reader, buf_str(&path));
		size_t end = path.len;
		if (device != NONE) {
			buf_puts(&path, "/operstate");
			interfaces = arena_grow(reader->arena, interfaces,
						usage->interface_count, &room,
						sizeof *interfaces);
			struct interface *each =
				&interfaces[usage->interface_count++];
			*each = (struct interface){
				.name = safe(reader, listing.names[i]),
				.operstate = read_text(reader, NULL,
						       buf_str(&path)),
				.device = device,
			};
			each->default_route = carries(&routes,
						      listing.names[i]);
			each->session = carries(&session, listing.names[i]);
			path.len = end;
			buf_puts(&path, "/flags");
			each->flags = read_num(reader, NULL, buf_str(&path),
					       16);
		}
		buf_free(&path);
	}
	usage->interfaces = interfaces;
	arena_free(&names);
}
void read_usage(struct reader *reader)
{
	read_storage(reader);
	read_network(reader);
	read_holders(reader);
	read_claims(reader);
}
