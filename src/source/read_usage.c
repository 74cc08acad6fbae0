// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what the host does with its devices: mounted file systems and swap,
 * network interfaces and the default route.  It stops nothing and asks no
 * daemon.
 */
#include <libmount.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read.h"

enum { MOST_OWNERS = 64, MOST_DEPTH = 8 };

/* The PCI devices that a block device or interface rests on. */
struct owners {
	int device[MOST_OWNERS];
	unsigned count;
};

static void add_owner(struct owners *owners, int device)
{
	for (unsigned i = 0; i < owners->count; i++)
		if (owners->device[i] == device)
			return;
	if (owners->count < MOST_OWNERS)
		owners->device[owners->count++] = device;
}

static void find_block_owners(struct reader *reader, const char *path,
			      unsigned depth, struct owners *owners);

/* dm, md, bcache and loop name what they stand on in slaves/. */
static void find_below(struct reader *reader, const char *real,
		       const char *folder, unsigned depth,
		       struct owners *owners)
{
	struct arena names = {0};
	struct listing listing;
	struct buf path = {0};

	buf_printf(&path, "%s/%s", real, folder);
	root_list(reader->root, NULL, buf_str(&path), &names, &listing);
	for (unsigned i = 0; i < listing.count && i < MOST_OWNERS; i++) {
		buf_reset(&path);
		buf_printf(&path, "sys/class/block/%s", listing.names[i]);
		find_block_owners(reader, buf_str(&path), depth + 1, owners);
	}
	buf_free(&path);
	arena_free(&names);
}

/* With NVMe multipath the disk hangs under a subsystem, whose links name the
 * controllers. */
static void find_controllers(struct reader *reader, const char *real,
			     struct owners *owners)
{
	const char *subsystem = strstr(real, "/nvme-subsys");
	const char *slash = subsystem ? strchr(subsystem + 1, '/') : NULL;
	struct arena names = {0};
	struct listing listing;
	struct buf folder = {0}, path = {0};

	if (!slash)
		return;
	/* …/nvme-subsystem/nvme-subsys0/nvme0n1 */
	if (text_starts(subsystem, "/nvme-subsystem/"))
		slash = strchr(slash + 1, '/');
	if (!slash)
		return;
	buf_add(&folder, real, (size_t)(slash - real));
	root_list(reader->root, NULL, buf_str(&folder), &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		if (!text_starts(listing.names[i], "nvme"))
			continue;
		buf_reset(&path);
		buf_printf(&path, "%s/%s", buf_str(&folder),
			   listing.names[i]);
		int device = device_behind(reader, buf_str(&path));
		if (device != NONE)
			add_owner(owners, device);
	}
	buf_free(&folder);
	buf_free(&path);
	arena_free(&names);
}

static void find_block_owners(struct reader *reader, const char *path,
			      unsigned depth, struct owners *owners)
{
	struct buf real = {0};

	if (depth > MOST_DEPTH ||
	    root_real(reader->root, NULL, path, &real) != KNOWN)
		goto out;
	int device = device_in_path(reader->system, buf_str(&real));
	if (device != NONE) {
		add_owner(owners, device);
		goto out;
	}
	find_controllers(reader, buf_str(&real), owners);
	find_below(reader, buf_str(&real), "slaves", depth, owners);
out:
	buf_free(&real);
}

static void add_storage(struct reader *reader, size_t *room,
			const struct storage_use *use,
			const struct owners *owners)
{
	struct usage *usage = &reader->system->usage;

	for (unsigned i = 0; i < owners->count; i++) {
		struct storage_use *uses = arena_grow(
			reader->arena, (void *)(uintptr_t)usage->storage,
			usage->storage_count, room, sizeof *uses);
		usage->storage = uses;
		uses[usage->storage_count] = *use;
		uses[usage->storage_count++].device = owners->device[i];
	}
}

static const char *safe(struct reader *reader, const char *text)
{
	return text ? text_safe(reader->arena, text, strlen(text)) : "";
}

/* By number; where the file system has a number of its own (btrfs), by the
 * name of its source. */
static void find_mount_owners(struct reader *reader, struct libmnt_fs *fs,
			      struct owners *owners)
{
	const char *source = mnt_fs_get_source(fs);
	dev_t number = mnt_fs_get_devno(fs);
	struct buf path = {0};

	if (number >> 8) {
		buf_printf(&path, "sys/dev/block/%u:%u",
			   (unsigned)(number >> 8 & 0xfff),
			   (unsigned)((number & 0xff) |
				      (number >> 12 & 0xfff00)));
		find_block_owners(reader, buf_str(&path), 0, owners);
	}
	if (!owners->count && source && text_starts(source, "/dev/")) {
		const char *slash = strrchr(source, '/');
		buf_reset(&path);
		buf_printf(&path, "sys/class/block/%s", slash + 1);
		find_block_owners(reader, buf_str(&path), 0, owners);
	}
	buf_free(&path);
}

/* Parse a table that libmount knows out of reader->text. */
static struct libmnt_table *parse_table(struct reader *reader,
					const char *name)
{
	struct libmnt_table *table = mnt_new_table();
	FILE *file = reader->text.len ?
			     fmemopen(reader->text.data, reader->text.len,
				      "r") : NULL;

	if (table && file && mnt_table_parse_stream(table, file, name)) {
		mnt_unref_table(table);
		table = NULL;
	}
	if (file)
		fclose(file);
	return table;
}

static void read_mounts(struct reader *reader, size_t *room)
{
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct usage *usage = &reader->system->usage;
	const char *path = "proc/self/mountinfo";
	struct libmnt_fs *fs;

	usage->storage_known = read_file(reader, path);
	if (usage->storage_known != KNOWN) {
		path = "proc/self/mounts";
		usage->storage_known = read_file(reader, path);
	}
	struct libmnt_table *table = usage->storage_known == KNOWN ?
					     parse_table(reader, path) : NULL;
	usage->network_root.known = usage->storage_known;
	usage->network_root.value = "";
	while (table && iter && mnt_table_next_fs(table, iter, &fs) == 0) {
		struct owners owners = {0};
		const char *target = mnt_fs_get_target(fs);
		/* The last one mounted on / is the one seen there. */
		if (target && strcmp(target, "/") == 0)
			usage->network_root = (struct fact_text){
				mnt_fs_is_netfs(fs) ? KNOWN : ABSENT,
				mnt_fs_is_netfs(fs) ?
					safe(reader, mnt_fs_get_fstype(fs)) :
					"",
			};
		find_mount_owners(reader, fs, &owners);
		if (!owners.count)
			continue;
		const char *source = mnt_fs_get_source(fs);
		const char *slash = source ? strrchr(source, '/') : NULL;
		const struct storage_use use = {
			.block = safe(reader, slash ? slash + 1 : source),
			.what = safe(reader, mnt_fs_get_target(fs)),
			.type = safe(reader, mnt_fs_get_fstype(fs)),
			.source = arena_printf(reader->arena, "/%s", path),
		};
		add_storage(reader, room, &use, &owners);
	}
	mnt_unref_table(table);
	mnt_free_iter(iter);
}

/* "/dev/sda2  partition  …": the first word, behind a line of headings. */
static void read_swaps(struct reader *reader, size_t *room)
{
	enum known known = read_file(reader, "proc/swaps");
	struct buf text = {0}, path = {0};
	const char *at, *line;
	size_t len;

	if (!known_is_settled(known))
		reader->system->usage.storage_known = known;
	buf_add(&text, buf_str(&reader->text), reader->text.len);
	at = buf_str(&text);
	while (text_line(&at, buf_end(&text), &line, &len)) {
		struct owners owners = {0};
		size_t width = strcspn(line, " \t\n");
		const char *name = line + width;
		if (!text_starts(line, "/dev/") || width > len)
			continue;
		while (name > line && name[-1] != '/')
			name--;
		buf_reset(&path);
		buf_puts(&path, "sys/class/block/");
		buf_add(&path, name, width - (size_t)(name - line));
		find_block_owners(reader, buf_str(&path), 0, &owners);
		const struct storage_use use = {
			.block = text_safe(reader->arena, name,
					   width - (size_t)(name - line)),
			.what = "swap", .type = "swap",
			.source = "/proc/swaps",
		};
		add_storage(reader, room, &use, &owners);
	}
	buf_free(&text);
	buf_free(&path);
}

/* What stands on each block device: dm, md, bcache. */
static void read_stacks(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing blocks, holders;
	struct buf path = {0};
	size_t room = 0;

	usage->stacks_known = root_list(reader->root, NULL, "sys/class/block",
					&names, &blocks);
	for (unsigned i = 0; i < blocks.count; i++) {
		struct owners owners = {0};
		buf_reset(&path);
		buf_printf(&path, "sys/class/block/%s/holders",
			   blocks.names[i]);
		if (root_list(reader->root, NULL, buf_str(&path), &names,
			      &holders) != KNOWN || !holders.count)
			continue;
		buf_reset(&path);
		buf_printf(&path, "sys/class/block/%s", blocks.names[i]);
		find_block_owners(reader, buf_str(&path), 0, &owners);
		for (unsigned h = 0; h < holders.count * owners.count; h++) {
			const char *holder =
				holders.names[h / owners.count];
			struct stack_use *stacks = arena_grow(
				reader->arena,
				(void *)(uintptr_t)usage->stacks,
				usage->stack_count, &room, sizeof *stacks);
			usage->stacks = stacks;
			buf_reset(&path);
			buf_printf(&path, "sys/class/block/%s/dm/name",
				   holder);
			struct fact_text what =
				read_text(reader, NULL, buf_str(&path));
			stacks[usage->stack_count++] = (struct stack_use){
				safe(reader, blocks.names[i]),
				safe(reader, holder), what.value,
				owners.device[h % owners.count],
			};
		}
	}
	buf_free(&path);
	arena_free(&names);
}

/* --- network --- */

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
	size_t room = 0;

	read_mounts(reader, &room);
	read_swaps(reader, &room);
	read_stacks(reader);
	read_network(reader);
	read_holders(reader);
}
