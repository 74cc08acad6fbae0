// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what UIO gives to programs: /sys/class/uio.  No node is opened.
 *
 * Source: Documentation/driver-api/uio-howto.rst; drivers/uio/uio.c.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "source/read.h"

#define CLASS "sys/class/uio"

enum { PATH_BYTES = 160, NODE_MOST = 31, MAPS_MOST = 5 };

/* map0, map1 … in order; the kernel has five at most (MAX_UIO_MAPS). */
static void read_maps(struct reader *reader, const char *node,
		      struct uio *uio)
{
	struct uio_map *maps = arena_array(reader->arena, MAPS_MOST,
					   sizeof *maps);
	struct arena names = {0};
	struct listing listing;
	struct place at;
	char path[PATH_BYTES];

	uio->maps = maps;
	snprintf(path, sizeof path, CLASS "/%s/maps", node);
	uio->maps_known = root_list(reader->root, NULL, path, &names,
				    &listing);
	for (unsigned i = 0; i < listing.count && uio->map_count < MAPS_MOST;
	     i++) {
		snprintf(path, sizeof path, CLASS "/%s/maps/%.16s", node,
			 listing.names[i]);
		if (root_enter(reader->root, NULL, path, &at) != KNOWN)
			continue;
		maps[uio->map_count++] = (struct uio_map){
			.name = read_text(reader, &at, "name"),
			.address = read_num(reader, &at, "addr", 16),
			.size = read_num(reader, &at, "size", 16),
		};
		root_leave(reader->root, &at);
	}
	arena_free(&names);
}

static void read_uio(struct reader *reader, const char *node, struct uio *uio)
{
	char path[PATH_BYTES];
	struct place at;

	snprintf(path, sizeof path, CLASS "/%s", node);
	*uio = (struct uio){
		.node = text_safe(reader->arena, node, strlen(node)),
		.device = device_behind(reader, path),
		.name = { UNREAD, "" }, .version = { UNREAD, "" },
	};
	enum known known = root_enter(reader->root, NULL, path, &at);
	uio->event.known = uio->maps_known = known;
	if (known != KNOWN)
		return;
	uio->name = read_text(reader, &at, "name");
	uio->version = read_text(reader, &at, "version");
	uio->event = read_num(reader, &at, "event", 10);
	root_leave(reader->root, &at);
	read_maps(reader, node, uio);
}

void read_uios(struct reader *reader)
{
	struct system *system = reader->system;
	struct arena names = {0};
	struct listing listing;

	system->uios_known = root_list(reader->root, NULL, CLASS, &names,
				       &listing);
	struct uio *uios = arena_array(reader->arena, listing.count + 1u,
				       sizeof *uios);
	system->uios = uios;
	for (unsigned i = 0; i < listing.count; i++)
		if (strlen(listing.names[i]) <= NODE_MOST)
			read_uio(reader, listing.names[i],
				 &uios[system->uio_count++]);
	arena_free(&names);
}
