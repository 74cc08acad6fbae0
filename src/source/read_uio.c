// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what UIO gives to programs: /sys/class/uio.  No node is opened.
 *
 * Source: Documentation/driver-api/uio-howto.rst; drivers/uio/uio.c.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read.h"

#define CLASS "sys/class/uio"

enum { PATH_BYTES = 160, NODE_MOST = 31, MAPS_MOST = 5 };

/* Hexadecimal with "0x" before it. */
static struct fact_num read_hex(struct reader *reader, const struct place *at,
				const char *folder, const char *name)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return read_num(reader, at, path, 16);
}

/* map0 to map4: the kernel has no more (MAX_UIO_MAPS). */
static void read_maps(struct reader *reader, const struct place *at,
		      struct uio *uio)
{
	struct uio_map *maps = arena_array(reader->arena, MAPS_MOST,
					   sizeof *maps);

	uio->maps = maps;
	uio->maps_known = read_exists(reader, at, "maps").known;
	for (unsigned i = 0; uio->maps_known == KNOWN && i < MAPS_MOST; i++) {
		char folder[32], name[PATH_BYTES];
		snprintf(folder, sizeof folder, "maps/map%u", i);
		struct fact_num size = read_hex(reader, at, folder, "size");
		if (size.known == ABSENT)
			break;
		snprintf(name, sizeof name, "%s/name", folder);
		maps[uio->map_count++] = (struct uio_map){
			.name = read_text(reader, at, name),
			.address = read_hex(reader, at, folder, "addr"),
			.size = size,
		};
	}
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
	read_maps(reader, &at, uio);
	root_leave(reader->root, &at);
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
